"""Write the very hidden sheet of the live checks: locked, its cells as they were planned."""

from gwxl.form.layout import LIVE_SHEET
from gwxl.live import LiveChecks
from gwxl.live.sheet import LiveCell, LiveSheet
from gwxl.records.cell import CellRef
from gwxl.writer.book import Book, Page
from gwxl.writer.locked_page import LockedPage


def write_live_sheet(book: Book, live: LiveSheet) -> None:
    """Add the sheet; its columns have no style: LibreOffice may write a styled one out in full, cell by cell."""
    page = LockedPage(book, LIVE_SHEET)
    for cell in live.cells:
        _write(page, cell)
    page.sheet.protect("")
    page.sheet.very_hidden()


def write_check(page: Page, live: LiveChecks, row: int, column: int, style: str) -> None:
    """Write a check that is seen, on whatever sheet it stands."""
    check = live.cells[CellRef(page.title, row, column)]
    page.formula(row, column, f"={check.formula}", style, value=check.value)


def _write(page: Page, cell: LiveCell) -> None:
    if cell.formula:
        page.formula(cell.row, cell.column, f"={cell.formula}", "outside", value=cell.value, about=cell.about)
    elif isinstance(cell.value, str):
        page.text(cell.row, cell.column, cell.value, "outside")
    else:
        page.number(cell.row, cell.column, cell.value, "outside")
