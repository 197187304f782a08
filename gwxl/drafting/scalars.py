"""Inputs that stand one by one: each with the label on its left, or above it."""

from collections.abc import Iterator

from gwxl.drafting.blocks import find_left
from gwxl.drafting.draft import Doubt, Question
from gwxl.drafting.grid import Bound, Grid, Spot
from gwxl.drafting.inputs import BOXES, find_boxes
from gwxl.drafting.words import find_role, guess_kind, is_sequence, is_unit, is_yes_no, read_label

_FARTHEST = 30  # rows between a label and the input below it
_ENDLESS = {"greaterThan", "greaterThanOrEqual"}
_BELOW = {"lessThan", "lessThanOrEqual"}


def draft_scalar(grid: Grid, spot: Spot, after: int, unit: str) -> Question:
    """Return the question of one input.

    Args:
        grid: its sheet.
        spot: the input.
        after: the last column of the input before it in its row; what stands left of that is not its label.
        unit: what the sheet says of all its numbers.
    """
    lefts = list(find_left(grid, spot.row, spot.column, after))
    named = [one for one in lefts if not is_sequence(one.text) and not (is_unit(one.text) and len(lefts) > 1)]
    label_spot = named[0] if named else _find_right(grid, spot) or find_above(grid, spot)
    printed = read_label(label_spot.text) if label_spot else None
    number = (printed.number if printed else "") or next((one.text for one in lefts if is_sequence(one.text)), "")
    own = find_unit(grid, spot) or next((one.text for one in lefts if is_unit(one.text)), "")
    question = make_question(
        grid, spot, printed.words if printed else "", own or (printed.unit if printed else ""), unit
    )
    question.number = number
    if label_spot is None:
        question.label = spot.address
        question.doubts.append(Doubt(place=question.place, key="drafting.no_label", said=spot.address))
    elif label_spot.row < spot.row:
        question.doubts.append(Doubt(place=question.place, key="drafting.label_above", said=question.label))
    question.group = next(
        (one.text for one in find_left(grid, spot.row, spot.column) if one.bottom > one.row and one is not label_spot),
        "",
    )
    return question


def make_question(grid: Grid, spot: Spot, label: str, unit: str, of_sheet: str = "") -> Question:
    """Return the question of an input whose label is known: kind, choices and limits are what its cell says."""
    place = f"{grid.title}!{spot.address}"
    boxes = find_boxes(spot.text)
    kind, is_sure = ("yes_no" if is_yes_no(boxes) else "choice", False) if boxes else guess_kind(spot, label, unit)
    entries = boxes or (spot.bound.entries if spot.bound else ())
    if kind == "choice" and not set(entries[1:]) - set(entries[:1]):
        kind, is_sure = "yes_no" if entries else "text", False  # one entry is a box to tick
    unit = unit or (of_sheet if kind == "decimal" else "")
    question = Question(label=label, kind=kind, place=place, unit=unit, cells=((spot.address, "", None),))
    question.choices = tuple(dict.fromkeys(entries)) if kind == "choice" else ()
    question.role = find_role(label)
    if not is_sure and kind != "text":
        question.doubts.append(Doubt(place=place, key="drafting.kind_guessed", said=label))
    if spot.bound:
        question.instruction = spot.bound.prompt
        _limit(question, spot.bound)
    return question


def _limit(question: Question, bound: Bound) -> None:
    least, most = bound.first, bound.second
    if bound.operator in _ENDLESS | _BELOW:
        least, most = ("", bound.first) if bound.operator in _BELOW else (bound.first, "")
    elif bound.operator != "between":
        least = most = ""
    if bound.kind == "textLength" and most.isdigit():
        question.longest = most
    if bound.kind in {"whole", "decimal"} and question.kind in {"count", "decimal"}:
        question.least, question.most = _number(least), _number(most)


def _number(text: str) -> str:
    """Return a limit that is a plain number; empty for one that is worked out."""
    plain = text.strip()
    return plain if plain.removeprefix("-").replace(".", "", 1).isdigit() else ""


def find_unit(grid: Grid, spot: Spot) -> str:
    """Return the unit that stands right of an input."""
    beside = grid.at(spot.row, spot.right + 1)
    return beside.text if beside and is_unit(beside.text) else ""


def _find_right(grid: Grid, spot: Spot) -> Spot | None:
    """Return the text right of a box to tick."""
    beside = grid.at(spot.row, spot.right + 1)
    ticked = bool(spot.bound and len(spot.bound.entries) == 1) or spot.text in BOXES
    return beside if ticked and beside and beside.is_written else None


def find_above(grid: Grid, spot: Spot) -> Spot | None:
    """Return the nearest text above an input."""
    return next(_walk_up(grid, spot), None)


def _walk_up(grid: Grid, spot: Spot) -> Iterator[Spot]:
    for row in range(spot.row - 1, max(0, spot.row - _FARTHEST), -1):
        above = grid.at(row, spot.column)
        if above and above.is_written and not is_sequence(above.text):
            yield above
