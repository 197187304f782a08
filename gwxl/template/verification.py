"""Look at a written workbook with other eyes: openpyxl must find what was meant to be written."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gwxl.errors import WorkbookError
from gwxl.form.identity import identity_properties
from gwxl.form.layout import LIVE_SHEET, MAP_SHEET, Col
from gwxl.records.cell import column_letters
from gwxl.rules.conditions.words import print_clause
from gwxl.template.issue import Issue
from gwxl.template.sheets.map_sheet import map_rows
from gwxl.template.validation import Validation
from gwxl.writer.locking import STYLES_PART, explicit_locks

_MOST_SHOWN = 5


def verify(path: Path, issue: Issue) -> None:
    """Check every lock, validation, name, key and identity of a workbook.

    Raises:
        WorkbookError: something is not as planned, with the first cells that differ.
    """
    book = load_workbook(path)
    try:
        faults = [*_sheets(book, issue), *_locks(book, issue), *_style_locks(path), *_texts(book, issue)]
        faults += [*_validations(book, issue), *_names(book, issue), *_identity(book, issue)]
    finally:
        book.close()
    if faults:
        more = f" and {len(faults) - _MOST_SHOWN} more" if len(faults) > _MOST_SHOWN else ""
        message = f"the workbook is not as planned: {'; '.join(faults[:_MOST_SHOWN])}{more}; it was not kept"
        raise WorkbookError(message)


def _sheets(book: Workbook, issue: Issue) -> Iterator[str]:
    layout = issue.layout
    front = [layout.review_sheet] if issue.review is not None else []
    inputs = [layout.sheet, *(area.sheet for area in layout.areas)]
    expected = [*front, *(reversed(inputs) if layout.form.is_list else inputs), layout.instructions_sheet]
    expected += [MAP_SHEET, LIVE_SHEET]
    if book.sheetnames != expected:
        yield f"sheets are {book.sheetnames}, expected {expected}"
    for sheet in book.worksheets:
        state = "veryHidden" if sheet.title in {MAP_SHEET, LIVE_SHEET} else "visible"
        if sheet.sheet_state != state:
            yield f"{sheet.title} is {sheet.sheet_state}, expected {state}"
        if not sheet.protection.sheet:
            yield f"{sheet.title} is not protected"
        if sheet.merged_cells.ranges and sheet.title not in {area.sheet for area in layout.matrices}:
            yield f"{sheet.title} has merged cells"


def _locks(book: Workbook, issue: Issue) -> Iterator[str]:
    locked = issue.fixed | {item.path for item in issue.inputs if item.calculated}
    inputs = [
        cell
        for path, cell in issue.layout.cells.items()
        if path not in locked and (path.row is None or path.in_row(1) not in locked)
    ]
    places = [*inputs, *issue.layout.explanations.values()]
    open_cells = {(cell.sheet, cell.row, cell.column) for cell in places}
    for sheet in book.worksheets:
        for cell in _cells(sheet):
            key = (sheet.title, cell.row, cell.column)
            if bool(cell.protection.locked) is (key in open_cells):
                yield f"{sheet.title}!{cell.coordinate} is {'locked' if cell.protection.locked else 'open'}"
            open_cells.discard(key)
    for title, row, column in sorted(open_cells):
        yield f"{title}!{column_letters(column)}{row} is not there"


def _cells(sheet: Worksheet) -> Iterator[Cell]:
    # iter_rows would first make every cell that the file leaves out.
    for cell in sheet._cells.values():  # noqa: SLF001 - openpyxl gives what is there in no other way
        if isinstance(cell, Cell) and cell.has_style:
            yield cell


def _style_locks(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as package:
        stated = explicit_locks(package.read(STYLES_PART).decode("utf-8"))
    if not stated or None in stated:
        yield f"{stated.count(None)} of {len(stated)} cell formats do not say whether they are locked"


def _texts(book: Workbook, issue: Issue) -> Iterator[str]:
    for (sheet, row, column), text in _collect_expected(issue):
        found = book[sheet].cell(row, column).value or "" if sheet in book.sheetnames else None
        if found != text:
            yield f"{sheet}!{column_letters(column)}{row} says {found!r}, expected {text!r}"


def _collect_expected(issue: Issue) -> Iterator[tuple[tuple[str, int, int], str]]:
    layout = issue.layout
    for row in layout.rows:
        yield (layout.sheet, row.number, Col.KEY), row.key
        if row.field is not None:
            yield (layout.sheet, row.number, Col.NUMBER), row.label_number
            yield (layout.sheet, row.number, Col.LABEL), row.label
        if row.field is not None and row.section is not None:
            yield (layout.sheet, row.number, Col.UNIT), row.field.unit
            yield (layout.sheet, row.number, Col.INSTRUCTION), print_clause(issue.form, row)
    for table in layout.tables:
        for key, column in table.columns.items():
            yield (table.sheet, table.key_row, column), key
            yield (table.sheet, table.head_row, column), table.field.column(key).label
    for area in layout.matrices:
        for line in area.matrix.rows:
            yield (area.sheet, area.rows[line.key], 1), area.key_of(line)
        for line in area.matrix.columns:
            yield (area.sheet, area.key_row, area.columns[line.key]), line.key
        for caption in (*area.row_captions, *area.column_captions):
            yield (area.sheet, caption.first_row, caption.first_column), caption.words


def _validations(book: Workbook, issue: Issue) -> Iterator[str]:
    found = {sheet.title: _by_cell(sheet) for sheet in book.worksheets}
    for item in issue.inputs:
        expected = _facts(issue.validations[item.path])
        for row in range(item.cell.row, item.last_row + 1):
            place = (row, item.cell.column)
            facts = found.get(item.cell.sheet, {}).get(place)
            if facts != expected:
                yield f"{item.cell.sheet}!{column_letters(place[1])}{row} takes {facts}, expected {expected}"


def _by_cell(sheet: Worksheet) -> dict[tuple[int, int], tuple[str, ...]]:
    facts = {}
    for rule in sheet.data_validations.dataValidation:
        kind = rule.type or "none"
        operator = "" if kind in {"none", "list", "custom"} else rule.operator or "between"
        words = (rule.promptTitle, rule.prompt, rule.errorTitle, rule.error)
        parts = (kind, operator, rule.formula1, rule.formula2, rule.errorStyle or "stop", *words)
        value = tuple(str(part) if part is not None else "" for part in parts)
        for area in rule.sqref.ranges:
            for row, column in area.cells:
                facts[row, column] = value
    return facts


def _facts(rule: Validation) -> tuple[str, ...]:
    words = (rule.title, rule.prompt, rule.error_title, rule.error)
    return (rule.type, rule.operator, rule.first, rule.second, "stop" if rule.stop else "warning", *words)


def _names(book: Workbook, issue: Issue) -> Iterator[str]:
    for name, cell in issue.layout.names.items():
        sheet = cell.sheet.replace("'", "''")
        expected = f"'{sheet}'!${column_letters(cell.column)}${cell.row}"
        defined = book.defined_names.get(name)
        found = defined.attr_text if defined is not None else None
        if found is None or _unquote(found) != _unquote(expected):
            yield f"name {name} means {found}, expected {expected}"


def _unquote(reference: str) -> str:
    return reference.replace("'", "")


def _identity(book: Workbook, issue: Issue) -> Iterator[str]:
    custom = {prop.name: prop.value for prop in book.custom_doc_props.props}  # type: ignore[attr-defined]  # the stubs do not know it
    if custom != dict(identity_properties(issue.identity)):
        yield f"custom properties are {custom}"
    marker = issue.layout.marker
    if marker.sheet in book.sheetnames and book[marker.sheet].cell(marker.row, marker.column).value != issue.marker:
        yield f"{marker} is not the marker line"
    if MAP_SHEET not in book.sheetnames:
        return
    rows = list(map_rows(issue))
    for number, expected in enumerate(rows, 1):
        found = tuple(cell.value or "" for cell in book[MAP_SHEET][number][: len(expected)])
        if found != expected:
            yield f"{MAP_SHEET} row {number} says {found}, expected {expected}"
