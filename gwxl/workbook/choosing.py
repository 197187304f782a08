"""Yes and no, one of several, one of many: what was chosen, in every usual spelling."""

from collections.abc import Mapping

from gwxl.form.definition import Choice, Field
from gwxl.submission import Scalar, Unread
from gwxl.workbook import ticks
from gwxl.workbook.cells import CellKind
from gwxl.workbook.text import fold_width, without_spaces
from gwxl.workbook.work import Work, fold, tidy


def read_yes_no(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read yes or no."""
    tidy(work)
    plain = work.text
    fold(work)
    answer = ticks.yes_or_no(work.text)
    if answer is None:
        return work.unread("not_yes_no", ticks.MAYBE.get(without_spaces(work.text).casefold()))
    if kind is not CellKind.TEXT or plain not in ticks.WRITTEN_OUT:
        work.log("boolean_spelling")
    return answer


def read_choice(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read one of several answers as its key: written out, by its key, or ticked in a list."""
    tidy(work)
    offered = {without_spaces(fold_width(choice.label)): choice for choice in _choices(work)}
    bare = without_spaces(fold_width(work.text))
    if kind is CellKind.TEXT and bare in offered:
        work.logged("label", offered[bare].label)
        return offered[bare].key
    marked = ticks.ticked(bare, tuple(offered)) or []
    keys = [choice.key for choice in offered.values() if choice.key == bare] + [offered[label].key for label in marked]
    if len(keys) == 1:
        work.log("label")
        return keys[0]
    return _no_choice(work, bare, {label: choice.key for label, choice in offered.items()}, ticked=len(marked))


def _choices(work: Work) -> tuple[Choice, ...]:
    return work.asked.choices if isinstance(work.asked, Field) else ()


def _no_choice(work: Work, bare: str, labels: Mapping[str, str], *, ticked: int) -> Unread:
    named = [key for label, key in labels.items() if label in bare]
    if ticked > 1 or (not ticked and len(named) > 1):
        return work.unread("several_choices")
    near = [key for label, key in labels.items() if len(bare) > 1 and bare in label]
    return work.unread("not_a_choice", near[0] if len(near) == 1 and not named else None)


def read_tick(work: Work, kind: CellKind) -> Scalar | Unread | None:
    """Read the box of one answer of many: True where ticked, None where not."""
    tidy(work)
    plain = work.text
    fold(work)
    key = work.path.partition(".")[2]
    label = next(choice.label for choice in _choices(work) if choice.key == key)
    answer = ticks.is_ticked(work.text, fold_width(label))
    if answer is None:
        return work.unread("not_a_tick", True if without_spaces(work.text).casefold() in {"v", "x"} else None)
    if not answer:
        work.log("unticked")
        return None
    if kind is not CellKind.TEXT or plain != "√":
        work.log("boolean_spelling")
    return True
