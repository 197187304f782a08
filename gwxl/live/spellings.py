"""The answers a formula recognises: each spelling with what it means, as the reader takes them."""

from gwxl.characters import without_spaces
from gwxl.live.inputs import Input
from gwxl.values.ticks import CROSSES, FULL_BOXES, NO, NOT_TICKED, TICKS, YES

Answers = tuple[tuple[str, str | bool | None], ...]

_TICKED = TICKS - {"☒"}  # yes in Word's boxes and no elsewhere: never taken


def answers_of(item: Input) -> Answers:
    """Return spelling → value of an input to be answered by yes, no, a tick or a choice; others have none.

    Yes, no and ticks in lower case; a box left empty means None.
    """
    if item.kind.is_yes_no:
        return (*_give_all(YES | _TICKED, value=True), *_give_all(NO | CROSSES, value=False))
    if item.kind.is_choices:
        label = without_spaces(item.choice_label).casefold()
        ticked = YES | _TICKED | FULL_BOXES | {label}
        return (*_give_all(ticked, value=True), *_give_all(NOT_TICKED - {label}, value=None))
    if item.kind.is_choice:
        labels = tuple((without_spaces(choice.label), choice.key) for choice in item.choices)
        return (*labels, *((choice.key, choice.key) for choice in item.choices))
    return ()


def _give_all(spellings: frozenset[str] | set[str], *, value: bool | None) -> Answers:
    return tuple((spelling, value) for spelling in sorted(spellings))
