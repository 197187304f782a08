"""The totals of matrices as they came back: added up anew, and what differs from what stands there told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from gwxl.form.definition import Field, Form
from gwxl.live.matrix_totals import total_of
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import signal
from gwxl.records.submission import Answer, Unread
from gwxl.rules.computed.reading import computed_of
from gwxl.rules.document import number_text

HasFormula = Callable[[CellRef | None], bool]


def add_up(
    form: Form, answers: Mapping[Path, Answer], required: frozenset[Path], has_formula: HasFormula
) -> tuple[dict[Path, Answer], list[Finding]]:
    """Return the answers with every calculated total as its cells come to, and what is to be said of totals.

    Args:
        form: the form.
        answers: as they were read, of a total what stands in its cell.
        required: the paths whose blank leaves a total unknown.
        has_formula: tells whether a formula stands in a cell.
    """
    values = {path: answer.value for path, answer in answers.items() if not form.field_of(path).is_calculated}
    worked_out: dict[Path, int | Decimal | None] = {}
    for path in answers:
        if (asked := form.field_of(path)).sums:
            worked_out[path] = total_of(asked, values, required)
    for one in computed_of(form):
        worked_out[one.path] = one.value({**values, **worked_out})
    found: dict[Path, Answer] = {}
    told: list[Finding] = []
    for path, answer in answers.items():
        if path not in worked_out:
            found[path] = answer
            continue
        asked, total = form.field_of(path), worked_out[path]
        told += _compare(form, asked, answer, total, calculated=has_formula(answer.cell))
        shown = "" if total is None else number_text(total)
        found[path] = answer if asked.typed else replace(answer, raw=shown, value=total, changes=())
    return found, told


def _compare(form: Form, asked: Field, answer: Answer, total: object, *, calculated: bool) -> Iterator[Finding]:
    """Yield what is to be said where what stands in the cell of a total is not what its cells come to."""
    stands = answer.value
    if stands is None or stands == total or (asked.typed and (total is None or isinstance(stands, Unread))):
        return
    if calculated and not asked.typed:
        return  # its program has not calculated since; nobody typed that
    id_ = "W11" if asked.formula else "W10" if asked.typed else "W09"
    shown = "—" if total is None else number_text(total)  # type: ignore[arg-type]  # a total is a number
    label = form.label(asked.path)
    yield signal(
        id_, form.language, key=asked.path, cell=answer.cell, raw=answer.raw, label=label, total=shown, found=answer.raw
    )
