"""Write one sheet of a summary from the top, row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TypeVar

from gwxl.errors import WorkbookError
from gwxl.files import excel_limits as limits
from gwxl.inert import inert
from gwxl.summary.styles import BODY, SIZES, TITLE, WRAPPED
from gwxl.wording import text
from gwxl.writer.book import Book, Drawing
from gwxl.writer.book import Page as Cells
from gwxl.writer.measuring import count_lines, display_width

A3, A4 = 8, 9  # as Excel numbers paper
LINE_HEIGHT = 15.0  # points, of the body size
ROW_HEIGHT = 17.0
_TALLEST = 20  # lines; a longer text is read in the formula bar
_PIXELS, _PADDING = 7, 5  # of a character of column width, and of a column's edges
_WIDER, _GAP = 8, 4  # pixels of a character of column width in the font of a summary, and behind a title
_BUTTON = 14.0  # points, of the button of a filter
_EDGES = 3.0  # characters that stay free in a column: both edges, and what one font is wider than another


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula together with the value it computes."""

    text: str
    value: str | int | Decimal | None


Content = str | int | Decimal | Formula | None


@dataclass(frozen=True, slots=True)
class Put:
    """What goes into one cell, the name of its style and a number format other than the style's."""

    value: Content
    style: str
    number_format: str = ""


class Page(Cells):
    """A writer of one sheet from the top."""

    def __init__(self, book: Book, title: str, language: str) -> None:
        """Add a sheet to a summary."""
        super().__init__(book, title)
        self.language = language
        self.book = book
        self.next_row = 1
        self.heights: dict[int, float] = {}
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
        """Hide a column that only gwxl reads, or that says again what another says."""
        self._widths[column] = 0
        self.columns(column, column, None, hidden=True)

    def fold(self, first: int, last: int, widths: Sequence[float]) -> None:
        """Fold columns away: a button above the sheet shows them, and a printer leaves them out."""
        for column, width in zip(range(first, last + 1), widths, strict=True):
            options = {"level": 1, "hidden": True}
            self.check(self.sheet.set_column(column - 1, column - 1, width, None, options), 1, column, "width")

    def line(self, *cells: Put | None, height: float | None = None, hidden: bool = False) -> int:
        """Write the next row from column A on and return its number; None leaves a cell out.

        Raises:
            WorkbookError: Excel has no such row or cell.
        """
        row = self.next_row
        if row > limits.LAST_ROW:
            message = f"{self.title}: more than {limits.LAST_ROW} rows; merge fewer files at once"
            raise WorkbookError(message)
        self.heights[row] = height = height or self.height_of(cells)
        if height != ROW_HEIGHT or hidden:
            self.height(row, height, hidden=hidden)
        for column, cell in enumerate(cells, 1):
            if cell is not None:
                self.fill(row, column, cell)
        self.next_row += 1
        return row

    def title_line(self, title: str, note: str) -> None:
        """Write the title of a list, and a note in the first column that the title does not reach."""
        used, reach = 0.0, display_width(title) * TITLE * 2 / 3 + _GAP
        for column in sorted(self._widths):
            if used >= reach and self._widths[column]:
                break
            used += self._widths[column] * _WIDER + _PADDING
        else:
            column += 1
        cells: list[Put | None] = [Put(title, "title"), *(None for _ in range(column - 2))]
        self.line(*cells, Put(note, "note"), height=26)

    def heads(self, *heads: str) -> int:
        """Write the heads of a list, with room for the buttons of a filter below their words."""
        cells = [Put(head, "filter_head") for head in heads]
        return self.line(*cells, height=self.height_of(cells) + _BUTTON)

    def height_of(self, cells: Sequence[Put | None]) -> float:
        """Return the height a row needs for its wrapped texts, in points."""
        # Programs do not agree on fitting rows to wrapped text when a file is opened, so each row says its height.
        lines = 1
        for column, cell in enumerate(cells, 1):
            if cell and isinstance(cell.value, str) and cell.style in WRAPPED:
                width = self._widths.get(column, 9)
                seen = cell.value[: int(2 * width) * _TALLEST]  # more lines are not shown
                lines = max(lines, lines_of(seen, width, SIZES[cell.style]))
        return ROW_HEIGHT + LINE_HEIGHT * (min(lines, _TALLEST) - 1)

    def fill(self, row: int, column: int, cell: Put) -> None:
        """Write one cell of a row that is there already."""
        value = cell.value
        if value is None:
            self.blank(row, column, cell.style)
        elif isinstance(value, str):
            self.text(row, column, fit_text(value, self.language), cell.style)
        elif isinstance(value, Formula):
            found = _round_stored("" if value.value is None else value.value)
            self.formula(row, column, value.text, cell.style, value=found, number_format=cell.number_format)
        else:
            self.number(row, column, _round_stored(value), cell.style, cell.number_format)

    def skip(self, height: float | None = None) -> None:
        """Leave one row empty."""
        self.line(height=height)

    def write_across(self, cell: Put, *, first: int, last: int) -> None:
        """Write one text over several columns of the next row."""
        words = fit_text(str(cell.value), self.language)
        width = sum(self._widths.get(column, 9) for column in range(first, last + 1))
        row = self.line(height=ROW_HEIGHT + LINE_HEIGHT * (lines_of(words, width) - 1))
        self.spread(row, Put(words, cell.style), first=first, last=last)

    def spread(self, row: int, cell: Put, *, first: int, last: int) -> None:
        """Write one cell over several columns of a row."""
        if first < last:
            code = self.sheet.merge_range(row - 1, first - 1, row - 1, last - 1, "", self._book.style(cell.style))
            self.check(code, row, first)
        self.fill(row, first, cell)

    def draw(self, chart: Drawing, *, height: float, first: int, last: int) -> None:
        """Put a chart below what is written, over some columns, and go on below it; its height is in pixels."""
        width = sum(self._widths.get(column, 9) * _PIXELS + _PADDING for column in range(first, last + 1))
        chart.set_size({"width": width, "height": height})
        row = self.next_row
        self.check(self.sheet.insert_chart(row - 1, first - 1, chart, {"object_position": 1}), row, first, "chart")
        for _ in range(round(height * 0.75 / ROW_HEIGHT) + 1):
            self.skip()

    def offer_filter(self, row: int, last: int, width: int, *, frozen: int, paper: int) -> None:
        """Filter rows down to the last by the heads in a row; keep these and some columns in view; do not print."""
        self.sheet.freeze_panes(row, frozen)
        self.check(self.sheet.autofilter(row - 1, 0, last - 1, width - 1), row, 1, "filter")
        self.sheet.set_landscape()
        self.sheet.set_paper(paper)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(row - 1)
        # No program has a mark "not to print" that the others know. All drop a page without content: so the area to
        # print is one blank cell beside the list. Who clears the area gets the list, one page wide.
        self.check(self.sheet.print_area(row - 1, width, row - 1, width), row, width + 1, "print area")


Stored = TypeVar("Stored", bound=str | int | Decimal)


def _round_stored(value: Stored) -> Stored | Decimal:
    """Return a number with the digits that programs keep: else saving it once more would change it."""
    return Context(prec=limits.DIGITS).plus(value) if isinstance(value, Decimal) else value


def link(title: str, column: str, row: str, shown: str | int) -> Formula:
    """Return a link into this workbook, a formula so that it outlives what every program does to links.

    Args:
        title: of the sheet.
        column: letters.
        row: a formula that gives the number of the row.
        shown: what the cell shows: the program's own words, never a stranger's.
    """
    target, words = (
        f"#{quote_title(title)}!{column}".replace('"', '""'),
        f'"{shown}"' if isinstance(shown, str) else shown,
    )
    return Formula(f'=HYPERLINK("{target}"&{row},{words})', shown)


def row_of(title: str, column: str, last: int, mark: str) -> str:
    """Return a formula for the row of a sheet where a column holds a mark, wherever somebody sorted it to."""
    return f'MATCH("{mark}",{quote_title(title)}!${column}$1:${column}${last},0)'


def quote_title(title: str) -> str:
    """Return the title of a sheet as formulas name it."""
    return "'" + title.replace("'", "''") + "'"


def fits(value: int | Decimal) -> bool:
    """Tell whether a spreadsheet program keeps every digit of a number."""
    digits = str(value) if isinstance(value, int) else "".join(map(str, value.as_tuple().digits))
    return len(digits.lstrip("-0").rstrip("0")) <= limits.DIGITS


def fit_text(words: str, language: str) -> str:
    """Return a text made harmless and short enough for a cell; one that had to be cut says so."""
    harmless = inert(words)
    if len(harmless) <= limits.STRING // 2 or limits.is_writable(harmless):
        return harmless
    mark = text("summary.cut", language)
    return harmless[: (limits.STRING - len(mark)) // 2] + mark


def lines_of(words: str, width: float, size: float = BODY) -> int:
    """Return how many lines a text takes, wrapped in a column of a width in characters, in a font of a size."""
    if 2 * len(words) + _EDGES < width and "\n" not in words:
        return 1
    return count_lines(words, max((width - _EDGES) * BODY / size, 1))


def width_for(words: Iterable[str], least: float, most: float) -> float:
    """Return the width of a column in which texts need no second line, unless that is wider than the most."""
    return min(max(least, max(map(display_width, words), default=0) + _EDGES + 1), most)
