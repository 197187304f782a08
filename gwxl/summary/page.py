"""Write one sheet of a summary from the top, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from gwxl.errors import WorkbookError
from gwxl.files import excel_limits as limits
from gwxl.inert import inert
from gwxl.summary.styles import WRAPPED
from gwxl.wording import text
from gwxl.writer.book import Book
from gwxl.writer.book import Page as Cells
from gwxl.writer.measuring import display_width

A3, A4 = 8, 9  # as Excel numbers paper
LINE_HEIGHT = 15.0  # points, of the body size
ROW_HEIGHT = 17.0
_TALLEST = 20  # lines; a longer text is read in the formula bar


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula together with the value it computes."""

    text: str
    value: int | Decimal | None


Content = str | int | Decimal | Formula | None


@dataclass(frozen=True, slots=True)
class Put:
    """What goes into one cell, and the name of its style."""

    value: Content
    style: str


class Page(Cells):
    """A writer of one sheet from the top."""

    def __init__(self, book: Book, title: str, language: str) -> None:
        """Add a sheet to a summary."""
        super().__init__(book, title)
        self.language = language
        self.next_row = 1
        self._widths: dict[int, float] = {}
        self.sheet.set_footer("&C&P / &N")
        self.sheet.set_default_row(ROW_HEIGHT)
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def say(self, key: str, **values: object) -> str:
        """Return a text of the summary's catalogue in its language."""
        return text(f"summary.{key}", self.language, **values)

    def widths(self, *widths: float, first: int = 1) -> None:
        """Set the widths of columns, in characters."""
        for column, width in enumerate(widths, first):
            self._widths[column] = width
            self.columns(column, column, width)

    def hide(self, column: int) -> None:
        """Hide a column that only gwxl reads."""
        self.columns(column, column, None, hidden=True)

    def line(self, *cells: Put | None, height: float | None = None, hidden: bool = False) -> int:
        """Write the next row from column A on and return its number; None leaves a cell out.

        Raises:
            WorkbookError: Excel has no such row or cell.
        """
        row = self.next_row
        if row > limits.LAST_ROW:
            message = f"{self.title}: more than {limits.LAST_ROW} rows; merge fewer files at once"
            raise WorkbookError(message)
        height = height or self._height(cells)
        if height != ROW_HEIGHT or hidden:
            self.height(row, height, hidden=hidden)
        for column, cell in enumerate(cells, 1):
            if cell is not None:
                self._put(row, column, cell)
        self.next_row += 1
        return row

    def _height(self, cells: Sequence[Put | None]) -> float:
        # Programs do not agree on fitting rows to wrapped text when a file is opened, so each row says its height.
        lines = 1
        for column, cell in enumerate(cells, 1):
            if cell and isinstance(cell.value, str) and cell.style in WRAPPED:
                lines = max(lines, lines_of(cell.value, self._widths.get(column, 9)))
        return ROW_HEIGHT + LINE_HEIGHT * (min(lines, _TALLEST) - 1)

    def skip(self, height: float | None = None) -> None:
        """Leave one row empty."""
        self.line(height=height)

    def across(self, cell: Put, *, first: int, last: int) -> None:
        """Write one text over several columns of the next row."""
        row = self.next_row - 1
        words = fitting(str(cell.value), self.language)
        width = sum(self._widths.get(column, 9) for column in range(first, last + 1))
        self.line(height=ROW_HEIGHT + LINE_HEIGHT * (lines_of(words, width) - 1))
        code = self.sheet.merge_range(row, first - 1, row, last - 1, "", self._book.style(cell.style))
        self.checked(code, row + 1, first)
        self._put(row + 1, first, Put(words, cell.style))

    def offer_filter(self, row: int, last: int, width: int, *, frozen: int, paper: int) -> None:
        """Filter rows down to the last by the heads in a row; keep these and some columns in view; print across."""
        self.sheet.freeze_panes(row, frozen)
        self.checked(self.sheet.autofilter(row - 1, 0, last - 1, width - 1), row, 1, "filter")
        self.sheet.set_landscape()
        self.sheet.set_paper(paper)

    def _put(self, row: int, column: int, cell: Put) -> None:
        value = cell.value
        if value is None:
            self.blank(row, column, cell.style)
        elif isinstance(value, str):
            self.text(row, column, fitting(value, self.language), cell.style)
        elif isinstance(value, Formula):
            self.formula(row, column, value.text, cell.style, value=_stored(value.value))
        else:
            self.number(row, column, value, cell.style)


def _stored(value: int | Decimal | None) -> int | Decimal | str:
    if value is None:
        return ""
    return Context(prec=limits.DIGITS).plus(value) if isinstance(value, Decimal) else value


def fits(value: int | Decimal) -> bool:
    """Tell whether a spreadsheet program keeps every digit of a number."""
    digits = str(value) if isinstance(value, int) else "".join(map(str, value.as_tuple().digits))
    return len(digits.lstrip("-0").rstrip("0")) <= limits.DIGITS


def fitting(words: str, language: str) -> str:
    """Return a text made harmless and short enough for a cell; one that had to be cut says so."""
    harmless = inert(words)
    if len(harmless) <= limits.STRING // 2 or limits.is_writable(harmless):
        return harmless
    mark = text("summary.cut", language)
    return harmless[: (limits.STRING - len(mark)) // 2] + mark


def lines_of(words: str, width: float) -> int:
    """Return how many lines a text takes, wrapped in a column of a width in characters."""
    if 2 * len(words) < width and "\n" not in words:
        return 1
    room = max(int(width) - 1, 1)
    return sum(-(-max(display_width(part), 1) // room) for part in words.split("\n"))
