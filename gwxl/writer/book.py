"""Write a workbook with XlsxWriter, with Excel's limits held and every warning and return code an error."""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gwxl.errors import WorkbookError
from gwxl.files import excel_limits as limits
from gwxl.inert import begins_a_formula
from gwxl.records.submission import CellRef, column_letters
from gwxl.writer.look import NORMAL, STYLES

LAST_COLUMN = 16_384
_BUILT_IN = {"@": 49, "#,##0": 3}  # formats every program knows by number
_TALLEST = 409.0  # Excel's own limit of a row's height, points


@contextmanager
def warnings_as_errors() -> Iterator[None]:
    """Turn what XlsxWriter only warns of, and what it raises, into a WorkbookError."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            yield
        except (UserWarning, XlsxWriterException) as error:
            message = f"the workbook cannot be written: {error}"
            raise WorkbookError(message) from error


class _Sheet(Worksheet):  # type: ignore[misc]  # ships no types
    """Take formulas as they are, the last column set as what all after it are, and rows of the usual height as such.

    XlsxWriter would look each formula through for some thirty functions newer than ours, keep and compare each of a
    sheet's 16,384 columns, and say in each row how high a row is that says nothing of it.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 - XlsxWriter's interface
        return formula.removeprefix("=")

    def _write_col_info(self, col_min: int, col_max: int, col_info: object) -> None:
        to_the_end = col_max == max(self.col_info)
        super()._write_col_info(col_min, LAST_COLUMN - 1 if to_the_end else col_max, col_info)

    def _write_row(self, row: int, spans: str | None, row_info: object = None, empty_row: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - XlsxWriter's interface
        height: int = self.original_row_height  # type: ignore[has-type]  # ships no types
        if row_info is None:
            self.original_row_height = self.default_row_height
        super()._write_row(row, None, row_info, empty_row)
        self.original_row_height = height


class Book:
    """Collect the sheets of one workbook in memory; :meth:`close` gives its bytes."""

    def __init__(self) -> None:
        """Start an empty workbook."""
        self._buffer = BytesIO()
        options = {"in_memory": True, "default_format_properties": dict(NORMAL)}
        self._book = xlsxwriter.Workbook(self._buffer, options)
        self._book.set_calc_mode("auto")
        self._styles: dict[tuple[str, str, bool], Format] = {}

    def style(self, name: str, number_format: str = "", *, quoted: bool = False) -> Format:
        """Return a style of :mod:`gwxl.writer.look`, with a number format if one is given.

        Args:
            name: of the style.
            number_format: the format's code, or empty.
            quoted: the text stays a text when its cell is edited, though it begins as a formula does.
        """
        key = name, number_format, quoted
        if key not in self._styles:
            extra: dict[str, object] = {"quote_prefix": True} if quoted else {}
            if number_format:
                extra["num_format"] = _BUILT_IN.get(number_format, number_format)
            self._styles[key] = self._book.add_format({**STYLES[name], **extra})
        return self._styles[key]

    def page(self, title: str) -> "Page":
        """Add a sheet."""
        return Page(self, self._book.add_worksheet(limits.check_sheet_title(title), _Sheet), title)

    def define(self, name: str, cell: CellRef) -> None:
        """Give a cell a name in the whole workbook."""
        sheet = cell.sheet.replace("'", "''")
        target = f"='{sheet}'!${column_letters(cell.column)}${cell.row}"
        _checked(self._book.define_name(limits.check_name(name), target), f"defined name {name}")

    def define_list(self, name: str, title: str, cells: str) -> None:
        """Give the cells of a list a name in the whole workbook."""
        _checked(self._book.define_name(limits.check_name(name), f"='{title}'!{cells}"), f"defined name {name}")

    def describe(self, properties: Mapping[str, object], custom: Mapping[str, str]) -> None:
        """Set the document properties and the custom ones; texts only."""
        self._book.set_properties(dict(properties))
        for name, value in custom.items():
            limits.check_length(f"property {name}", value, limits.PROPERTY)
            _checked(self._book.set_custom_property(name, value, "text"), f"property {name}")

    def close(self) -> bytes:
        """Finish the workbook and return its bytes."""
        self._book.close()
        return self._buffer.getvalue()


class Page:
    """Write one sheet; rows and columns count from 1."""

    def __init__(self, book: Book, sheet: Worksheet, title: str) -> None:
        """Wrap a sheet of a book."""
        self.title = title
        self.sheet = sheet
        self._book = book

    def text(self, row: int, column: int, value: str, style: str, number_format: str = "") -> None:
        """Write a text, never a formula or link; an empty one leaves a styled blank."""
        if not value:
            self.blank(row, column, style, number_format)
            return
        place = self._place(row, column)
        limits.check_length(place, value, limits.STRING)
        form = self._book.style(style, number_format, quoted=begins_a_formula(value))
        # XlsxWriter writes a text of this shape into the file as markup, unescaped; blanks at its end are never read.
        plain = f"{value} " if value.startswith("<r>") and value.endswith("</r>") else value
        _checked(self.sheet.write_string(row - 1, column - 1, plain, form), place)

    def link(self, row: int, column: int, cell: CellRef, style: str) -> None:
        """Write the address of a cell of this workbook, which takes the reader there."""
        title = cell.sheet.replace("'", "''")
        target = f"internal:'{title}'!{cell.address}"
        form = self._book.style(style)
        code = self.sheet.write_url(row - 1, column - 1, target, form, cell.address)
        _checked(code, self._place(row, column))

    def blank(self, row: int, column: int, style: str, number_format: str = "") -> None:
        """Style an empty cell."""
        form = self._book.style(style, number_format)
        _checked(self.sheet.write_blank(row - 1, column - 1, None, form), self._place(row, column))

    def number(self, row: int, column: int, value: float, style: str, number_format: str = "") -> None:
        """Write a number of at most 15 digits."""
        form = self._book.style(style, number_format)
        _checked(self.sheet.write_number(row - 1, column - 1, value, form), self._place(row, column))

    def date(self, row: int, column: int, value: date, style: str, number_format: str) -> None:
        """Write a date."""
        form = self._book.style(style, number_format)
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell holds a date without zone
        _checked(self.sheet.write_datetime(row - 1, column - 1, moment, form), self._place(row, column))

    def formula(
        self,
        row: int,
        column: int,
        formula: str,
        style: str,
        *,
        value: str | float,
        number_format: str = "",
        about: str = "",
    ) -> None:
        """Write a formula with the value it has now; ``about`` names what it is for where Excel would refuse it."""
        place = self._place(row, column)
        limits.check_formula(place if not about else f"{place}: {about}", formula)
        form = self._book.style(style, number_format)
        _checked(self.sheet.write_formula(row - 1, column - 1, formula, form, value), place)

    def validation(self, row: int, column: int, last_row: int, options: Mapping[str, Any]) -> None:
        """Attach a data validation to the cells of a column, from row to last_row."""
        place = self._place(row, column)
        code = self.sheet.data_validation(row - 1, column - 1, last_row - 1, column - 1, dict(options))
        _checked(code, f"{place}: data validation")

    def colour(self, row: int, last_row: int, columns: tuple[int, ...], formula: str, style: str) -> None:
        """Colour the cells of some columns where a formula, written for the first row, holds."""
        runs = [f"{column_letters(column)}{row}:{column_letters(column)}{last_row}" for column in columns]
        options = {"type": "formula", "criteria": formula, "format": self._book.style(style)}
        options |= {"multi_range": " ".join(runs)} if len(runs) > 1 else {}
        code = self.sheet.conditional_format(row - 1, columns[0] - 1, last_row - 1, columns[0] - 1, options)
        _checked(code, f"{self._place(row, columns[0])}: conditional format")

    def hide(self, first: int, last: int) -> None:
        """Hide columns right of those with a width; they stay locked and plain."""
        self._outside(last)
        locked = self._book.style("outside")
        code = self.sheet.set_column(first - 1, last - 1, None, locked, {"hidden": True})
        _checked(code, f"columns {first} to {last}")

    def widths(self, widths: Mapping[int, float], hidden: tuple[int, ...] = ()) -> None:
        """Set column widths in characters; every other column of the sheet is locked and plain."""
        locked = self._book.style("outside")
        for column, width in widths.items():
            options = {"hidden": column in hidden}
            _checked(self.sheet.set_column(column - 1, column - 1, width, locked, options), f"column {column}")
        self._outside(max(widths))

    def _outside(self, last: int) -> None:
        """Lock what is not set yet of the columns up to last, and the one after, which stands for all that follow."""
        locked = self._book.style("outside")
        first = max(self.sheet.col_info) + 1
        _checked(self.sheet.set_column(first, last, None, locked), f"columns after {last}")
        # A styled column counts as used for XlsxWriter: it would say the sheet is wider than what is written.
        self.sheet.dim_colmax = last - 1

    def height(self, row: int, points: float, *, hidden: bool = False) -> None:
        """Set the height of a row, at most Excel's own limit."""
        options = {"hidden": hidden}
        _checked(self.sheet.set_row(row - 1, min(points, _TALLEST), None, options), f"row {row}")

    def breaks(self, rows: Iterable[int]) -> None:
        """End a printed page after each of some rows."""
        self.sheet.set_h_pagebreaks(list(rows))

    def _place(self, row: int, column: int) -> str:
        return str(CellRef(self.title, row, column))


def _checked(code: object, place: str) -> None:
    # XlsxWriter returns 0 or None where all went well, and a format object from some setters.
    if isinstance(code, int) and code < 0:
        message = f"{place}: XlsxWriter refused it with code {code}"
        raise WorkbookError(message)
