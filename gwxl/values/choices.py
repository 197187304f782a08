"""Yes and no, one of several, one of many: what was chosen, in every usual spelling."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from gwxl.characters import APOSTROPHES, fold_width, without_spaces
from gwxl.form.parts import Choice
from gwxl.records.submission import Scalar, Unread
from gwxl.spreadsheets.book import CellKind
from gwxl.values import numerals, ticks
from gwxl.values.cell_in_progress import Work, fold, format_logged, tidy
from gwxl.values.numbers import double, whole


def read_yes_no(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read yes or no."""
    _take_number(work, kind)
    tidy(work)
    plain = work.text
    fold(work)
    answer = ticks.yes_or_no(work.text)
    if answer is None:
        line = ticks.line_of(work.text, ticks.WRITTEN_OUT)
        if line is None or len(line.ticked) != 1:
            return _no_answer(work, line)
        answer = line.ticked[0] == ticks.WRITTEN_OUT[0]
    if kind is not CellKind.TEXT or plain not in ticks.WRITTEN_OUT:
        work.log("boolean_spelling")
    return answer


def _no_answer(work: Work, line: ticks.Line | None) -> Unread:
    if line is None:
        return work.give_up("not_yes_no", ticks.MAYBE.get(without_spaces(work.text).casefold()))
    supposed = None if line.supposed is None else line.supposed == ticks.WRITTEN_OUT[0]
    return work.give_up("not_yes_no" if line.clear else "unclear_mark", supposed)


def _take_number(work: Work, kind: CellKind) -> None:
    """Take a stored number as a cell shows it: 1.0 is 1."""
    number = double(work.text) if kind is CellKind.NUMBER else None
    if number is not None and number.adjusted() <= numerals.LONGEST:
        work.text = format_logged(whole(number))


def read_choice(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read one of several answers as its key: written out, by its key, or ticked in a list."""
    if kind is CellKind.NUMBER and (work.cell.date or work.cell.percent):
        return work.give_up("not_a_choice")
    _take_number(work, kind)
    tidy(work)
    offered = _choices_by_label(work)
    bare = _bare(work.text)
    written_out = next((one for one in _choices(work) if one.label == work.text), offered.get(bare))
    if written_out is not None:
        work.take_text("label", written_out.label)
        return written_out.key
    line = ticks.line_of(fold_width(work.text), tuple(offered))
    keys = [choice.key for choice in _choices(work) if choice.key == bare]
    keys += [offered[label].key for label in line.ticked] if line else []
    if len(keys) == 1:
        work.log("label")
        return keys[0]
    return _no_choice(work, bare, {label: choice.key for label, choice in offered.items()}, line)


def _choices(work: Work) -> tuple[Choice, ...]:
    return work.asked.choices


def _choices_by_label(work: Work) -> Mapping[str, Choice]:
    """Return each choice by its label as texts are compared with it, none of those that are alike then."""
    choices = _choices(work)
    alike = Counter(_bare(choice.label) for choice in choices)
    return {bare: choice for choice in choices if alike[bare := _bare(choice.label)] == 1}


def _bare(text: str) -> str:
    """Return a text as answers are compared: whatever its blanks, the width and the case of its characters."""
    bare = without_spaces(fold_width(text)).casefold()
    quoted = len(bare) > 1 and bare[-1] in APOSTROPHES
    return bare[1:] if bare[:1] in set(APOSTROPHES) and not quoted else bare


def _no_choice(work: Work, bare: str, labels: Mapping[str, str], line: ticks.Line | None) -> Unread:
    named = [key for label, key in labels.items() if label in bare]
    if line is not None and line.supposed is not None:
        return work.give_up("not_a_choice", labels[line.supposed])
    if (line is not None and not line.clear) or (line is None and len(named) > 1 and ticks.has_mark(bare)):
        return work.give_up("unclear_mark")
    if len(line.ticked if line else named) > 1:
        return work.give_up("several_choices")
    number = numerals.plain(bare)
    if number is not None:
        near = [key for label, key in labels.items() if label.isdecimal() and Decimal(label) == number[0]]
    else:
        near = [key for label, key in labels.items() if len(bare) > 1 and bare in label and not named]
    return work.give_up("not_a_choice", near[0] if len(near) == 1 else None)


def read_tick(work: Work, kind: CellKind) -> Scalar | Unread | None:
    """Read the box of one answer of many: True where ticked, None where not."""
    _take_number(work, kind)
    tidy(work)
    plain = work.text
    fold(work)
    label = next(choice.label for choice in _choices(work) if choice.key == work.path.part)
    answer = ticks.is_ticked(work.text, fold_width(label))
    if answer is None:
        return work.give_up("not_a_tick", ticks.suppose(work.text))
    if not answer:
        work.log("unticked")
        return None
    if kind is not CellKind.TEXT or plain != "√":
        work.log("boolean_spelling")
    return True
