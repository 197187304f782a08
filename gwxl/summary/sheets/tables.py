"""A sheet for each table field: a row an entry, with the site it belongs to."""

from collections.abc import Sequence
from itertools import count

from gwxl.form.definition import Field
from gwxl.form.kinds import Aggregate
from gwxl.form.parts import Column
from gwxl.records.cell import column_letters
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.summary.columns import figure_put, figure_words, plain
from gwxl.summary.page import A4, Formula, Page, Put, fits, width_for
from gwxl.summary.sheets.notes import Note, note_of, place
from gwxl.summary.sheets.remembering import Facts, fact
from gwxl.summary.sites import Sites
from gwxl.totals.adding import row_count
from gwxl.totals.arithmetic import Number
from gwxl.totals.figure import Why, countable
from gwxl.wording import text

LEAD = ("code", "name", "passed", "file", "path", "id")
_LEAD_WIDTHS = (13, 26, 8, 30, 5, 5)
KEY_ROW, TOTAL_ROW, OF_ROW, HEAD_ROW, FIRST_ROW = range(2, 7)
_MARKS = {TOTAL_ROW: "#total", OF_ROW: "#of", HEAD_ROW: "#head"}  # as in 汇总表
_LEAST, _MOST = 16, 40


def _around(sites: Sites) -> tuple[Field, ...]:
    """Return what stands around a list and in each of its rows: whose it is, and what else was asked once."""
    form = sites.batch.form
    named = {form.roles.code, form.roles.name}
    return tuple(one for one in form.surround.values() if form.is_list and one.key not in named)


def write_table_field(page: Page, sites: Sites, *, field: Field, facts: Facts) -> None:
    """Write the sheet of one table field: heads, totals, then the entries by site; note what is remembered."""
    rows = [(receipt, row) for receipt in sites.batch.accepted for row in range(1, row_count(receipt, field.key) + 1)]
    _keys(page, sites, field, rows)
    _totals(page, sites, field, FIRST_ROW + max(len(rows), 1) - 1)
    heads = [_head(page, column) for column in field.columns]
    heads += [page.say("rows.cell", label=column.label) for column in field.columns]
    lead = [_MARKS[HEAD_ROW] if name == "id" else page.say(f"head.{name}") for name in LEAD]
    page.heads(*lead, *(one.label for one in _around(sites)), *heads)
    for receipt, row in rows:
        paths = [Path(field.key, column.key, row) for column in field.columns]
        cells = [_cell(sites, column, receipt, path) for column, path in zip(field.columns, paths, strict=True)]
        notes = [Put(note.words(page.language), "small") for _, note in cells]
        beside = _lead(page, sites, receipt, Path(field.key, row=row))
        page.line(*beside, *(put for put, _ in cells), *notes)
        remembered = (fact(*cell, page.language) for cell in cells)
        facts.setdefault(sites.id(receipt), {}).update(zip(paths, remembered, strict=True))
    if not rows:
        page.line(Put(page.say("empty.rows"), "note"))
    wide = len(LEAD) + len(_around(sites)) + 2 * len(field.columns)
    page.offer_filter(HEAD_ROW, HEAD_ROW + max(len(rows), 1), wide, frozen=2, paper=A4)


def _keys(page: Page, sites: Sites, field: Field, rows: Sequence[tuple[Receipt, int]]) -> None:
    widths = [_width(sites, field, column, rows) for column in field.columns]
    around = _around(sites)
    page.widths(*_LEAD_WIDTHS, *(_LEAST for _ in around), *widths, *(18 for _ in widths))
    page.hide(LEAD.index("path") + 1)
    page.hide(LEAD.index("id") + 1)
    title = page.say("rows.title", heading=sites.heading, label=field.sheet or field.label)
    page.title_line(title, page.say("no_print"))
    keys = field.inner
    lead = (*(f"#{name}" for name in LEAD), *(f"#{one.key}" for one in around))
    page.line(*(Put(key, "key") for key in (*lead, *keys, *(f"@{key}" for key in keys))), hidden=True)


def _width(sites: Sites, field: Field, column: Column, rows: Sequence[tuple[Receipt, int]]) -> float:
    figures = (countable(sites.batch.form, one, Path(field.key, column.key, row)) for one, row in rows)
    words = (figure_words(column, figure, sites.language) for figure in figures)
    return width_for(words, 24 if column.note else _LEAST, _MOST)


def _head(page: Page, column: Column) -> str:
    words = column.label + (page.say("unit", unit=column.unit) if column.unit else "")
    return f"{words}\n{page.say('note', note=column.note)}" if column.note else words


def _totals(page: Page, sites: Sites, field: Field, last: int) -> None:
    around = _around(sites)
    places = map(column_letters, count(len(LEAD) + len(around) + 1))
    ranges = (f"{letters}${FIRST_ROW}:{letters}${last}" for letters in places)
    cells = [_total(page, sites, path, cells) for path, cells in zip(field.inner, ranges, strict=False)]
    label = Put(page.say("rows.all"), "total_label")
    blank = [Put(None, "total_label") for _ in LEAD[1:-1]]
    beside = [Put(None, "total_label") for _ in around]
    page.line(label, *blank, Put(_MARKS[TOTAL_ROW], "key"), *beside, *cells, *(Put(None, "total_label") for _ in cells))
    counts = [sites.totals[path] for path in field.inner]
    words = [Put(f"{total.n} / {total.of}", "of") for total in counts]
    lead = [Put(page.say("rows.of"), "of"), *(Put(None, "of") for _ in LEAD[1:-1]), Put(_MARKS[OF_ROW], "key")]
    lead += [Put(None, "of") for _ in around]
    page.line(*lead, *words, *(Put(None, "of") for _ in words))


def _total(page: Page, sites: Sites, path: Path, cells: str) -> Put:
    total = sites.totals[path]
    if not isinstance(total.value, Number):
        return Put(None, "total")
    numbers = [addend.value for addend in total.addends]
    numbers += [] if sites.batch.form.question_at(path).aggregate is Aggregate.MEAN else [total.value]
    if not all(fits(one) for one in numbers if isinstance(one, Number)):
        return Put(page.say("long_number", value=plain(total.value)), "total_exact")
    if sites.batch.form.question_at(path).aggregate is Aggregate.MEAN:
        return Put(Formula(f"=AVERAGE({cells})", total.value), "total_mean")
    return Put(Formula(f"=SUM({cells})", total.value), "total", sites.number_format(path))


def _lead(page: Page, sites: Sites, receipt: Receipt, path: Path) -> list[Put]:
    passed = text("answer.yes" if receipt.passed else "answer.no", page.language)
    words = (sites.batch.site(receipt), sites.name(receipt), passed, receipt.source.name, path, sites.id(receipt))
    styles = ("code", "text", "centre", "small", "key", "key")
    lead = [Put(one, style) for one, style in zip(words, styles, strict=True)]
    values = receipt.submission.surround if receipt.submission else {}
    return lead + [Put(str(values[one.key]) if one.key in values else None, "text") for one in _around(sites)]


def _cell(sites: Sites, column: Column, receipt: Receipt, path: Path) -> tuple[Put, Note]:
    figure = countable(sites.batch.form, receipt, path)
    put = figure_put(column, figure, sites.language, added=column.aggregate is not Aggregate.NONE)
    if put.style == "measure":
        put = Put(put.value, put.style, sites.number_format(path.of_every_row))
    address = place(figure.cell, receipt)
    if figure.why is Why.BLANK and not figure.raw:
        return put, Note(address=address)
    return put, note_of(sites, figure, figure_words(column, figure, sites.language), address)
