"""How many pages each sheet of a written workbook takes, so that an author knows before anybody prints it."""

from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from gwxl.spreadsheets.address import read_area
from gwxl.writer.printing import page_breaks

_HEIGHT = 15.0  # points of a row that says nothing
_WIDTH = 8.43  # characters of a column that says nothing


def count_pages(path: Path) -> Mapping[str, int]:
    """Return the title of each visible sheet that is printed → its pages."""
    book = load_workbook(path)
    return {sheet.title: _count(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"}


def _count(sheet: Worksheet) -> int:
    if sheet.page_setup.fitToHeight in {None, 1}:
        return 1
    if breaks := len(sheet.row_breaks.brk):
        return breaks + 1
    area = read_area((sheet.print_area or sheet.dimensions).rpartition("!")[2])
    if area is None:
        return 1
    first, left, last, right = area
    usual = sheet.sheet_format.defaultRowHeight or _HEIGHT
    heights = {row: sheet.row_dimensions[row].height or usual for row in range(first, last + 1)}
    widths = [width for column in range(left, right + 1) if (width := _width(sheet, column)) is not None]
    landscape = sheet.page_setup.orientation == "landscape"
    return 1 + sum(1 for _ in page_breaks(heights, (), widths, repeated=usual, landscape=landscape))


def _width(sheet: Worksheet, column: int) -> float | None:
    """Return the width of a column in characters, None where it is hidden."""
    for one in sheet.column_dimensions.values():
        if (one.min or 0) <= column <= (one.max or 0):
            return None if one.hidden else one.width
    return _WIDTH
