"""Write the sheet of a table field: heads, rows to fill in, a locked row that ends it, keys for row and column."""

from collections.abc import Mapping

from gwxl.form.headings import heading_key
from gwxl.form.layout import TableArea, end_of
from gwxl.live import LiveChecks
from gwxl.live.inputs import Input
from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.template.calculated import write_calculated
from gwxl.template.colouring import colour_rows, mark_inputs
from gwxl.template.issue import Issue
from gwxl.template.sheets.live_sheet import write_check
from gwxl.template.values import write_value
from gwxl.wording import text
from gwxl.writer.book import Book, Page
from gwxl.writer.locked_page import LockedPage
from gwxl.writer.look import BODY_SIZE, SMALL_SIZE
from gwxl.writer.measuring import display_width, fold_text, row_height
from gwxl.writer.printing import set_up_print

_KEY, _NUMBER = 1, 2
_TITLE_ROW, _CLAUSE_ROW = 1, 2
_ROW, _HEAD, _TITLE = 23.0, 24.0, 36.0
_REVIEW = 34.0
_INDENT = 2.0
_SCREEN = 156.0  # characters of columns that are seen side by side on a screen 1,366 pixels wide


def write_table_sheet(book: Book, issue: Issue, table: TableArea, live: LiveChecks) -> None:
    """Add the sheet of a table field."""
    page = LockedPage(book, table.sheet)
    widths = _widths(table, reviewed=issue.reviewed is not None)
    page.widths(widths, (_KEY,))
    page.sheet.set_default_row(_ROW)
    _title(page, issue, table, sum(widths.values()) - widths[_KEY])
    _heads(page, issue, table, widths)
    columns = [item for item in issue.inputs if item.cell.sheet == table.sheet]
    for number in range(1, table.field.rows + 1):
        _row(page, issue, table, number, columns)
        write_check(page, live, table.head_row + number, table.check_column, "check")
    for item in columns:
        page.validation(item.cell.row, item.cell.column, item.last_row, issue.validations[item.path].options())
    _end(page, issue, table)
    offered = range(table.first_row, table.last_row + 1)
    places = tuple(table.columns.values())
    colour_rows(page, list(offered), (_NUMBER, table.check_column), issue.form.language, places)
    mark_inputs(page, issue, _cells(issue, table), (table.check_column,))
    _finish(page, issue, table, max(widths))


def _cells(issue: Issue, table: TableArea) -> Mapping[Path, CellRef]:
    return {path: cell for path, cell in issue.layout.cells.items() if cell.sheet == table.sheet}


def _widths(table: TableArea, *, reviewed: bool) -> Mapping[int, float]:
    inputs = {place: table.field.column(key).kind.width for key, place in table.columns.items()}
    beside = {table.check_column: 24.0} | ({table.review_column: _REVIEW} if reviewed else {})
    share = min(1.0, max(0.5, (_SCREEN - 6.0 - sum(beside.values())) / sum(inputs.values())))
    return {_KEY: 8.0, _NUMBER: 6.0, **{place: width * share for place, width in inputs.items()}, **beside}


def _title(page: Page, issue: Issue, table: TableArea, width: float) -> None:
    language = issue.form.language
    page.text(_TITLE_ROW, _KEY, heading_key(table.field.key), "key")
    page.text(_TITLE_ROW, _NUMBER, issue.period.entitle(table.sheet, language), "title_left")
    page.text(_TITLE_ROW, table.check_column, _units(table, language), "guide_right")
    page.text(_CLAUSE_ROW, _NUMBER, _fit(table.field.instruction, width * BODY_SIZE / SMALL_SIZE), "guide")
    page.height(_TITLE_ROW, _TITLE)
    page.height(_CLAUSE_ROW, _ROW)


def _units(table: TableArea, language: str) -> str:
    parts = [
        text("template.unit_of", language, label=column.label, unit=column.unit)
        for column in table.field.columns
        if column.unit
    ]
    joined = text("template.units_joined", language).join(parts)
    return text("template.table_units", language, units=joined) if parts else ""


def _fit(clause: str, width: float) -> str:
    # One line that runs over the empty cells beside it; the whole clause stands in the form and its instructions.
    fitted = clause
    while display_width(fitted) > width * 0.93:
        fitted = fitted.removesuffix("……")[:-1] + "……"
    return fitted


def _heads(page: Page, issue: Issue, table: TableArea, widths: Mapping[int, float]) -> None:
    page.text(table.head_row, _NUMBER, issue.form.say("column.number"), "head")
    for key, place in table.columns.items():
        page.text(table.key_row, place, key, "key")
        page.text(table.head_row, place, table.field.column(key).label, "head")
    page.text(table.head_row, table.check_column, issue.form.say("column.check"), "head")
    if issue.reviewed is not None:
        page.text(table.head_row, table.review_column, issue.form.say("column.review"), "head")
    page.height(table.key_row, _ROW, hidden=True)
    heads = ((table.field.column(key).label, widths[place], BODY_SIZE) for key, place in table.columns.items())
    page.height(table.head_row, row_height(heads, _HEAD))


def _row(page: Page, issue: Issue, table: TableArea, number: int, columns: list[Input]) -> None:
    row = table.head_row + number
    page.text(row, _KEY, table.path(number), "key")
    page.number(row, _NUMBER, number, "number")
    for item in columns:
        if item.calculated:
            write_calculated(page, issue, item, number)
            continue
        cell = CellRef(page.title, row, item.cell.column)
        write_value(page, cell, item, issue.form, issue.answers.get(item.path.in_row(number)))
    if words := _write_found(page, issue, table, number):
        page.height(row, row_height([(words, _REVIEW - _INDENT, SMALL_SIZE)], _ROW))


def _write_found(page: Page, issue: Issue, table: TableArea, number: int) -> str:
    """Write what was found in a row beside it, and return it."""
    if issue.reviewed is None:
        return ""
    beside = issue.reviewed.beside
    paths = [path.in_row(number) for path in table.field.inner]
    joined = "\n".join(beside[path] for path in paths if path in beside)
    words = fold_text(joined, _REVIEW - _INDENT, SMALL_SIZE)
    page.text(table.head_row + number, table.review_column, words, "review_beside")
    return words


def _end(page: Page, issue: Issue, table: TableArea) -> None:
    for column in range(_NUMBER, table.check_column + 1):
        page.blank(table.end_row, column, "table_end")
    page.text(table.end_row, _KEY, heading_key(end_of(table.field)), "key")
    page.text(table.end_row, 3, issue.form.say("table.end"), "table_end")
    page.height(table.end_row, _ROW)
    for key, column in table.columns.items():
        page.text(table.foot_row, column, table.foot_key(key), "key")
    page.height(table.foot_row, _ROW, hidden=True)


def _finish(page: Page, issue: Issue, table: TableArea, last_column: int) -> None:
    first, last = CellRef(page.title, table.first_row, 3), CellRef(page.title, table.last_row, table.check_column - 1)
    page.sheet.ignore_errors({"number_stored_as_text": f"{first.address}:{last.address}"})
    page.sheet.set_selection(first.row - 1, 2, first.row - 1, 2)
    page.sheet.freeze_panes(table.head_row, 0)
    if issue.review is None and issue.form.is_list:
        page.sheet.activate()
    page.sheet.protect("", {"insert_rows": True, "format_columns": True, "format_rows": True})
    set_up_print(page, issue.form.language, (_NUMBER, last_column), table.end_row, table.head_row)
