"""Write the very hidden sheet of the live checks: locked, its cells as they were planned."""

from gwxl.form.layout import LIVE_SHEET
from gwxl.live.sheet import LiveCell, LiveSheet
from gwxl.template.writing import Book, Page

_WIDTH = 10.0


def write_live_sheet(book: Book, live: LiveSheet) -> None:
    """Add the sheet."""
    page = book.page(LIVE_SHEET)
    page.widths({1: _WIDTH})
    for cell in live.cells:
        _write(page, cell)
    page.sheet.protect("")
    page.sheet.very_hidden()


def _write(page: Page, cell: LiveCell) -> None:
    if cell.formula:
        page.formula(cell.row, cell.column, f"={cell.formula}", "outside", value=cell.value, about=cell.about)
    elif isinstance(cell.value, str):
        page.text(cell.row, cell.column, cell.value, "outside")
    else:
        page.number(cell.row, cell.column, cell.value, "outside")
