"""The rows that are exported: one a return and field, choice or table cell, blanks too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gwxl.batch.batch import ACCEPTED, site_code
from gwxl.form.definition import Field, Form
from gwxl.inert import inert
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Submission
from gwxl.summary.columns import answer_words
from gwxl.summary.page import fits
from gwxl.totals.adding import row_count
from gwxl.totals.arithmetic import as_number
from gwxl.totals.figure import Figure, Why, countable
from gwxl.wording import text


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one return says at one path.

    Attributes:
        submission: the number of the return, counted from 1 by site and file; with ``key`` it names the row.
        site, name, unit: code, name and reporting unit of the return, empty where the form asks for none.
        key, field: the path, and the path without the number of a table's row.
        label, kind, measure: of what is asked; the measure is its unit.
        value: in words, every digit of a number; empty for a blank and for what cannot be read.
        number: the figure that takes part in totals, 1 and 0 for yes and no, a tick and none; None for anything else,
            for what does not count, and for a number of more than 15 digits.
        counts, why: whether it counts, and a key of :class:`gwxl.totals.figure.Why` where it does not.
        raw: the text as the filler wrote it.
        file, member, sheet, cell, sha256: where it stands; in front of the file the summaries it came by.
        status: ``passed``, ``errors`` or ``verify``, of the return.
    """

    submission: int
    site: str
    name: str
    unit: str
    key: str
    field: str
    label: str
    kind: str
    value: str
    number: int | float | None
    measure: str
    counts: bool
    why: str
    raw: str
    file: str
    member: str
    sheet: str
    cell: str
    sha256: str
    status: str


def find_accepted(form: Form, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Return the receipts that count, by site and file."""
    counted = [receipt for receipt in receipts if receipt.status in ACCEPTED and receipt.submission]
    return sorted(counted, key=lambda one: (site_code(form, one), one.source.name))


def rows_of(form: Form, receipts: Sequence[Receipt]) -> Iterator[Row]:
    """Yield the rows of receipts, those around the form last."""
    for number, receipt in enumerate(receipts, 1):
        for field in form.fields.values():
            for path in _paths(field, receipt):
                yield _row(form, receipt, number, path, countable(form, receipt, path))
        for key in form.surround:
            yield _row(form, receipt, number, Path(key), _read_around(receipt, Path(key)))


def _paths(field: Field, receipt: Receipt) -> Iterator[Path]:
    if not field.kind.is_table:
        yield from field.paths
    for row in range(1, row_count(receipt, field.key) + 1):
        yield from (Path(field.key, column.key, row) for column in field.columns)


def _read_around(receipt: Receipt, path: Path) -> Figure:
    """Return what stands in a field around the form, which is not judged."""
    submission = receipt.submission
    value = submission.surround.get(path.field) if submission else None
    unread = {one.key: one.raw for one in submission.unread} if submission else {}
    cell = submission.cells.get(path) if submission else None
    if value is not None:
        return Figure(value=value, raw=str(value), cell=cell)
    return Figure(value=None, raw=unread.get(path, ""), cell=cell, why=Why.UNREAD if path in unread else Why.BLANK)


def _row(form: Form, receipt: Receipt, submission: int, path: Path, figure: Figure) -> Row:
    source, asked = receipt.source, form.question_at(path)
    return Row(
        submission=submission,
        site=inert(site_code(form, receipt)),
        name=_read_text(receipt.submission, form.roles.name),
        unit=_read_text(receipt.submission, form.roles.unit),
        key=str(path),
        field=str(path.of_every_row),
        label=form.label(path),
        kind=asked.kind.name,
        value=_words(form, path, figure),
        number=_number(figure),
        measure=asked.unit,
        counts=figure.counts,
        why=figure.why.value if figure.why else "",
        raw=inert(figure.raw),
        file=inert("｜".join((*source.by, source.file))),
        member=inert(source.member or ""),
        sheet=inert(figure.cell.sheet if figure.cell else source.sheet or ""),
        cell=figure.cell.address if figure.cell else "",
        sha256=source.sha256,
        status=receipt.state,
    )


def _read_text(submission: Submission | None, key: str) -> str:
    return inert(submission.text_of(key)) if submission and key else ""


def _words(form: Form, path: Path, figure: Figure) -> str:
    if figure.value is None:
        return ""
    if isinstance(figure.value, bool):
        return text("answer.yes" if figure.value else "answer.no", form.language)
    return inert(answer_words(form.question_at(path), figure.value, form.language))


def _number(figure: Figure) -> int | float | None:
    if not figure.counts or figure.value is None:
        return None
    if isinstance(figure.value, bool):
        return int(figure.value)
    number = as_number(figure.value)
    if number is None or not fits(number):
        return None
    whole = not isinstance(number, Decimal) or number == number.to_integral_value()
    return int(number) if whole else float(number)
