"""Write the sheet of a matrix field: merged heads, cells, totals, keys for rows and columns."""

from collections.abc import Mapping

from gwxl.form.headings import heading_key
from gwxl.form.matrices.area import MatrixArea
from gwxl.form.matrix import Line
from gwxl.live import LiveChecks
from gwxl.live.inputs import Input
from gwxl.records.cell import column_letters
from gwxl.template.calculated import write_calculated
from gwxl.template.colouring import colour_rows, mark_inputs
from gwxl.template.issue import Issue
from gwxl.template.sheets.live_sheet import write_check
from gwxl.template.values import write_value
from gwxl.wording import text
from gwxl.writer.book import Book, Page
from gwxl.writer.locked_page import LockedPage
from gwxl.writer.look import BODY_SIZE, SMALL_SIZE
from gwxl.writer.measuring import fold_text, row_height
from gwxl.writer.printing import set_up_print

_KEY, _TITLE_ROW, _CLAUSE_ROW = 1, 1, 2
_ROW, _HEAD, _TITLE = 23.0, 24.0, 36.0
_LABEL, _LAST_LABEL, _CELL, _CHECK, _REVIEW = 16.0, 30.0, 11.0, 34.0, 34.0
_INDENT = 2.0


def write_matrix_sheet(book: Book, issue: Issue, area: MatrixArea, live: LiveChecks) -> None:
    """Add the sheet of a matrix field; it prints on one page."""
    page = LockedPage(book, area.sheet)
    widths = _widths(area, reviewed=issue.reviewed is not None)
    page.widths(widths, (_KEY,))
    _title(page, issue, area, widths)
    _captions(page, issue, area, widths)
    for place in area.closed:
        page.blank(*place, "closed")
    inputs = {item.path: item for item in issue.inputs if item.path in area.cells}
    for item in inputs.values():
        _cell(page, issue, item)
        page.validation(item.cell.row, item.cell.column, item.last_row, issue.validations[item.path].options())
    for row in area.matrix.rows:
        _beside(page, issue, area, row, live)
    rows = list(area.rows.values())
    colour_rows(page, rows, (area.check_column, area.check_column), issue.form.language)
    _colour_cells(page, issue, area)
    mark_inputs(page, issue, area.cells, (area.check_column,))
    _finish(page, issue, area)


def _widths(area: MatrixArea, *, reviewed: bool) -> Mapping[int, float]:
    labels = range(_KEY + 1, area.first_column)
    widths = {_KEY: 8.0, **dict.fromkeys(labels, _LABEL), area.first_column - 1: _LAST_LABEL}
    widths |= {area.columns[line.key]: max(_CELL, area.matrix.kind.width / 2) for line in area.matrix.columns}
    return {**widths, area.check_column: _CHECK} | ({area.review_column: _REVIEW} if reviewed else {})


def _title(page: Page, issue: Issue, area: MatrixArea, widths: Mapping[int, float]) -> None:
    language, first = issue.form.language, _KEY + 1
    page.text(_TITLE_ROW, _KEY, heading_key(area.field.key), "key")
    page.text(_TITLE_ROW, first, issue.period.entitle(area.field.label, language), "title_left")
    unit = text("template.matrix_unit", language, unit=area.matrix.unit) if area.matrix.unit else ""
    page.text(_TITLE_ROW, area.last_column, unit, "guide_right")
    across = sum(widths[column] for column in range(first, area.check_column)) * BODY_SIZE / SMALL_SIZE
    page.merge((_CLAUSE_ROW, first, _CLAUSE_ROW, area.last_column), area.field.instruction, "guide_wrapped")
    page.height(_TITLE_ROW, _TITLE)
    page.height(_CLAUSE_ROW, row_height([(area.field.instruction, across - _INDENT, SMALL_SIZE)], _ROW))


def _captions(page: Page, issue: Issue, area: MatrixArea, widths: Mapping[int, float]) -> None:
    corner = (area.key_row + 1, _KEY + 1, area.head_row, area.first_column - 1)
    page.merge(corner, issue.form.say("column.label"), "head")
    for one in area.column_captions:
        page.merge((one.first_row, one.first_column, one.last_row, one.last_column), one.words, "head")
    for one in area.row_captions:
        page.merge((one.first_row, one.first_column, one.last_row, one.last_column), one.words, "head_row")
    beside = [(area.check_column, "column.check"), (area.review_column, "column.review")]
    for column, key in beside if issue.reviewed is not None else beside[:1]:
        page.merge((area.key_row + 1, column, area.head_row, column), issue.form.say(key), "head")
    for line in area.matrix.columns:
        page.text(area.key_row, area.columns[line.key], line.key, "key")
    page.height(area.key_row, _ROW, hidden=True)
    for row in range(area.key_row + 1, area.head_row + 1):
        heads = [one for one in area.column_captions if one.last_row == row]
        spans = [(one, sum(widths[n] for n in range(one.first_column, one.last_column + 1))) for one in heads]
        page.height(row, row_height([(one.words, width, BODY_SIZE) for one, width in spans], _HEAD))


def _cell(page: Page, issue: Issue, item: Input) -> None:
    if item.calculated:
        write_calculated(page, issue, item)
        return
    style = f"{item.kind.style}_fixed" if item.path in issue.fixed else ""
    write_value(page, item.cell, item, issue.form, issue.answers.get(item.path), style=style)


def _beside(page: Page, issue: Issue, area: MatrixArea, line: Line, live: LiveChecks) -> None:
    """Write key, check and findings of a row, and make it as high as they need."""
    row = area.rows[line.key]
    page.text(row, _KEY, area.key_of(line), "key")
    if any(cell.row == row for cell in area.cells.values()):
        write_check(page, live, row, area.check_column, "check")
    own = next(one for one in area.row_captions if one.first_row == row and one.last_column == area.first_column - 1)
    width = _LAST_LABEL + _LABEL * (own.last_column - own.first_column)
    found = _find_words(issue, area, row)
    if issue.reviewed is not None:
        page.text(row, area.review_column, found, "review_beside")
    measured = [(own.words, width - 2 * _INDENT, BODY_SIZE), (found, _REVIEW - _INDENT, SMALL_SIZE)]
    page.height(row, row_height(measured, _ROW))


def _find_words(issue: Issue, area: MatrixArea, row: int) -> str:
    if issue.reviewed is None:
        return ""
    beside = issue.reviewed.beside
    joined = "\n".join(beside[path] for path, cell in area.cells.items() if cell.row == row and path in beside)
    return fold_text(joined, _REVIEW - _INDENT, SMALL_SIZE)


def _colour_cells(page: Page, issue: Issue, area: MatrixArea) -> None:
    """Colour the cell of a row that its check names by its column."""
    first, last = area.head_row + 1, area.last_row
    check = f"${column_letters(area.check_column)}{first}"
    for line in area.matrix.columns:
        label = text("live.of_column", issue.form.language, label=area.matrix.column_label(line)).replace('"', '""')
        for key, style in (("live.error", "row_error"), ("live.verify", "row_verify")):
            sign = text(key, issue.form.language, id="", title="")[0]
            holds = f'=AND(LEFT({check},1)="{sign}",ISNUMBER(FIND("{label}",{check})))'
            page.colour(first, last, (area.columns[line.key],), holds, style)


def _finish(page: Page, issue: Issue, area: MatrixArea) -> None:
    open_cells = [item.cell for item in issue.inputs if item.path in area.cells and not item.calculated]
    if open_cells:
        row, column = open_cells[0].row - 1, open_cells[0].column - 1
        page.sheet.set_selection(row, column, row, column)
    page.sheet.freeze_panes(area.head_row, area.first_column - 1)
    options = {"select_locked_cells": False, "format_columns": True, "format_rows": True}
    page.sheet.protect("", options)
    last = area.last_column if issue.reviewed is None else area.review_column
    across = sum(_widths(area, reviewed=issue.reviewed is not None).values())
    set_up_print(page, issue.form.language, (_KEY + 1, last), area.last_row, landscape=across > _PORTRAIT)
    page.sheet.fit_to_pages(1, 1)


_PORTRAIT = 150.0
"""Characters of columns beyond which a page lies on its long side."""
