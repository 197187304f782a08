"""A sheet for each table field: a row an entry, with the site it belongs to."""

from collections.abc import Iterator

from gwxl.form.definition import Column, Field
from gwxl.form.kinds import Aggregate
from gwxl.records.cell import column_letters
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.summary.columns import figure_put, found, plain
from gwxl.summary.page import A4, Formula, Page, Put, fits
from gwxl.summary.sheets.origin import note_of, place
from gwxl.summary.sites import Sites
from gwxl.totals.adding import Total, row_count
from gwxl.totals.arithmetic import Number
from gwxl.totals.figure import Why, countable
from gwxl.wording import text

LEAD = ("code", "name", "passed", "file", "path", "id")
_LEAD_WIDTHS = (13, 26, 6, 28, 5, 5)
KEY_ROW, HEAD_ROW, TOTAL_ROW, OF_ROW, FIRST_ROW = range(2, 7)


def write_table_field(page: Page, sites: Sites, field: Field) -> None:
    """Write the sheet of one table field: heads, totals, then the entries by site."""
    _heads(page, sites, field)
    rows = [(receipt, row) for receipt in sites.batch.accepted for row in range(1, row_count(receipt, field.key) + 1)]
    _totals(page, sites, field, FIRST_ROW + max(len(rows), 1) - 1)
    for receipt, row in rows:
        page.line(*_lead(page, sites, receipt, Path(field.key, row=row)), *_cells(page, sites, field, receipt, row))
    if not rows:
        page.line(Put(page.say("empty.rows"), "note"))
    page.offer_filter(OF_ROW, OF_ROW + max(len(rows), 1), len(LEAD) + 2 * len(field.columns), frozen=2, paper=A4)
    page.sheet.print_area(0, 0, page.next_row - 2, len(LEAD) + len(field.columns) - 1)
    page.sheet.fit_to_pages(1, 0)
    page.sheet.repeat_rows(HEAD_ROW - 1)


def _heads(page: Page, sites: Sites, field: Field) -> None:
    page.widths(*_LEAD_WIDTHS, *(30 if column.note else 20 for column in field.columns), *(16 for _ in field.columns))
    page.hide(LEAD.index("path") + 1)
    page.hide(LEAD.index("id") + 1)
    title = page.say("rows.title", heading=sites.heading, label=field.sheet or field.label)
    page.line(Put(title, "title"), height=26)
    keys = field.inner
    page.line(
        *(Put(key, "key") for key in (*(f"#{name}" for name in LEAD), *keys, *(f"@{key}" for key in keys))), hidden=True
    )
    heads = [_head(page, column) for column in field.columns]
    heads += [page.say("rows.cell", label=column.label) for column in field.columns]
    names = [page.say(f"head.{name}") for name in LEAD]
    page.line(*(Put(head, "head") for head in (*names, *heads)))


def _head(page: Page, column: Column) -> str:
    words = column.label + (page.say("unit", unit=column.unit) if column.unit else "")
    return f"{words}\n{page.say('note', note=column.note)}" if column.note else words


def _totals(page: Page, sites: Sites, field: Field, last: int) -> None:
    cells = [
        _total(page, column, sites.totals[Path(field.key, column.key)], number, last)
        for number, column in enumerate(field.columns, len(LEAD) + 1)
    ]
    label = Put(page.say("rows.all"), "total_label")
    page.line(label, *(Put(None, "total_label") for _ in LEAD[1:]), *cells, *(Put(None, "total_label") for _ in cells))
    counts = [sites.totals[path] for path in field.inner]
    words = [Put(f"{total.n} / {total.of}", "of") for total in counts]
    page.line(
        Put(page.say("rows.of"), "of"), *(Put(None, "of") for _ in LEAD[1:]), *words, *(Put(None, "of") for _ in words)
    )


def _total(page: Page, column: Column, total: Total, number: int, last: int) -> Put:
    if not isinstance(total.value, Number):
        return Put(None, "total")
    numbers = [total.value, *(addend.value for addend in total.addends)]
    if not all(fits(one) for one in numbers if isinstance(one, Number)):
        return Put(page.say("long_number", value=plain(total.value)), "total_exact")
    letters = column_letters(number)
    style = "total_measure" if column.kind.has_fractions else "total"
    return Put(Formula(f"=SUM({letters}${FIRST_ROW}:{letters}${last})", total.value), style)


def _lead(page: Page, sites: Sites, receipt: Receipt, path: Path) -> list[Put]:
    passed = text("answer.yes" if receipt.passed else "answer.no", page.language)
    words = (sites.batch.site(receipt), sites.name(receipt), passed, receipt.source.name, path, sites.id(receipt))
    return [
        Put(one, style) for one, style in zip(words, ("code", "line", "centre", "small", "key", "key"), strict=True)
    ]


def _cells(page: Page, sites: Sites, field: Field, receipt: Receipt, row: int) -> Iterator[Put]:
    notes: list[Put] = []
    for column in field.columns:
        put, note = _cell(page, sites, column, receipt, Path(field.key, column.key, row))
        notes.append(Put(note, "small"))
        yield put
    yield from notes


def _cell(page: Page, sites: Sites, column: Column, receipt: Receipt, path: Path) -> tuple[Put, str]:
    figure = countable(sites.batch.form, receipt, path)
    added = column.aggregate is not Aggregate.NONE
    note = note_of(sites, figure, found(column, figure, page.language), place(figure.cell, receipt))
    blank = figure.why is Why.BLANK and not figure.raw
    return figure_put(column, figure, page.language, added=added), note.address if blank else note.words(page.language)
