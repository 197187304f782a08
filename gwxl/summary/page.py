"""Write one sheet of a summary from the top, row by row."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from gwxl.errors import WorkbookError
from gwxl.files.excel_limits import check_formula
from gwxl.inert import begins_a_formula, inert
from gwxl.records.submission import column_letters
from gwxl.summary.styles import WRAPPED, quoted
from gwxl.wording import text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767  # Excel's own limit, in UTF-16 units
DIGITS = 15  # more are rounded by every spreadsheet program
LAST_ROW = 1_048_576
LINE_HEIGHT = 15.0  # points, of the body size
ROW_HEIGHT = 17.0
_TALLEST = 20  # lines; a longer text is read in the formula bar


@dataclass(frozen=True, slots=True)
class Formula:
    """Hold a formula together with the value it computes."""

    text: str
    value: int | Decimal | None


Content = str | int | Decimal | Formula | None


@dataclass(frozen=True, slots=True)
class Put:
    """Hold what goes into one cell, and the name of its style."""

    value: Content
    style: str


class Page:
    """Write one sheet; rows and columns are counted from 1."""

    def __init__(self, sheet: "Worksheet", formats: "dict[str, Format]", language: str) -> None:
        self.sheet: Any = sheet  # XlsxWriter has no type marker
        self.language = language
        self.next_row = 1
        self._widths: dict[int, float] = {}
        self._formats = formats

    @property
    def title(self) -> str:
        """Return the sheet's title."""
        return str(self.sheet.get_name())

    def say(self, key: str, **values: object) -> str:
        """Return a text of the summary's catalogue in its language."""
        return text(f"summary.{key}", self.language, **values)

    def widths(self, *widths: float, first: int = 1) -> None:
        """Set the widths of columns, in characters."""
        for column, width in enumerate(widths, first):
            self._widths[column] = width
            self.sheet.set_column(column - 1, column - 1, width)

    def hide(self, column: int) -> None:
        """Hide a column that only gwxl reads."""
        self.sheet.set_column(column - 1, column - 1, None, None, {"hidden": True})

    def line(self, *cells: Put | None, height: float | None = None, hidden: bool = False) -> int:
        """Write the next row from column A on and return its number; None leaves a cell out.

        Raises:
            WorkbookError: Excel has no such row or cell.
        """
        row = self.next_row
        if row > LAST_ROW:
            message = f"{self.title}: more than {LAST_ROW} rows; merge fewer files at once"
            raise WorkbookError(message)
        height = height or self._height(cells)
        if height != ROW_HEIGHT or hidden:
            self.sheet.set_row(row - 1, height, None, {"hidden": True} if hidden else None)
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
        code = self.sheet.merge_range(row, first - 1, row, last - 1, "", self._formats[cell.style])
        if code:
            self.fail(f"{column_letters(first)}{row + 1}", code)
        self._put(row + 1, first, Put(words, cell.style))

    def fail(self, address: str, code: int) -> None:
        """Raise for a cell XlsxWriter did not write.

        Raises:
            WorkbookError: always.
        """
        message = f"{self.title}!{address}: XlsxWriter refused the cell (code {code})"
        raise WorkbookError(message)

    def _put(self, row: int, column: int, cell: Put) -> None:
        place, style = (row - 1, column - 1), self._formats[cell.style]
        value = cell.value
        if value is None or value == "":
            code = self.sheet.write_blank(*place, None, style)
        elif isinstance(value, Formula):
            code = self.sheet.write_formula(*place, check_formula(self.title, value.text), style, _stored(value.value))
        elif isinstance(value, str):
            words = fitting(value, self.language)
            style = self._formats[quoted(cell.style)] if begins_a_formula(words) else style
            code = self.sheet.write_string(*place, words, style)
        else:
            code = self.sheet.write_number(*place, value, style)
        if code:
            self.fail(f"{column_letters(column)}{row}", code)


def _stored(value: int | Decimal | None) -> int | Decimal | str:
    if value is None:
        return ""
    return Context(prec=DIGITS).plus(value) if isinstance(value, Decimal) else value


def fits(value: int | Decimal) -> bool:
    """Tell whether a spreadsheet program keeps every digit of a number."""
    digits = str(value) if isinstance(value, int) else "".join(map(str, value.as_tuple().digits))
    return len(digits.lstrip("-0").rstrip("0")) <= DIGITS


def fitting(words: str, language: str) -> str:
    """Return a text made harmless and short enough for a cell; one that had to be cut says so."""
    harmless = inert(words)
    if len(harmless.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        mark = text("summary.cut", language)
        harmless = harmless[: (LONGEST_TEXT - len(mark)) // 2] + mark
    # XlsxWriter writes a text of this shape into the file as markup, unescaped.
    return f"{harmless} " if harmless.startswith("<r>") and harmless.endswith("</r>") else harmless


def width_of(words: str) -> int:
    """Return the width of a text in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in words)


def lines_of(words: str, width: float) -> int:
    """Return how many lines a text takes, wrapped in a column of a width in characters."""
    if 2 * len(words) < width and "\n" not in words:
        return 1
    room = max(int(width) - 1, 1)
    return sum(-(-max(width_of(part), 1) // room) for part in words.split("\n"))
