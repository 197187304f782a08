"""Write a workbook with XlsxWriter, with Excel's limits held and every warning and return code an error."""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeAlias

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gwxl.errors import WorkbookError
from gwxl.files import excel_limits as limits
from gwxl.inert import begins_a_formula
from gwxl.records.cell import CellRef, column_letters

Drawing: TypeAlias = Chart
"""A chart, before a sheet takes it in."""

Styles = Mapping[str, Mapping[str, Any]]
"""Name of a style → its properties, as XlsxWriter calls them."""

_BUILT_IN = {"@": 49, "#,##0": 3}  # formats every program knows by number


@contextmanager
def warnings_as_errors(advice: str = "") -> Iterator[None]:
    """Turn what XlsxWriter only warns of, and what it raises, into a WorkbookError, with advice if there is any."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        try:
            yield
        except (UserWarning, XlsxWriterException) as error:
            message = f"the workbook cannot be written: {error}{advice}"
            raise WorkbookError(message) from error


class Book:
    """The sheets of one workbook in memory; :meth:`close` gives its bytes."""

    def __init__(self, styles: Styles, normal: Mapping[str, Any]) -> None:
        """Start an empty workbook.

        Args:
            styles: what its cells may look like.
            normal: what a cell of no style looks like, and every style where it does not say.
        """
        self._buffer = BytesIO()
        # In memory, as XlsxWriter leaves files open when a disk is full; about 20 kB a site of a summary.
        options = {"in_memory": True, "default_format_properties": dict(normal)}
        self._book = xlsxwriter.Workbook(self._buffer, options)
        self._properties = styles
        self._styles: dict[tuple[str, str, bool], Format] = {}

    def style(self, name: str, number_format: str = "", *, quoted: bool = False) -> Format:
        """Return a style, with a number format if one is given.

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
            self._styles[key] = self._book.add_format({**self._properties[name], **extra})
        return self._styles[key]

    def number_style(self, name: str, number_format: str, *, quoted: bool = False) -> None:
        """Give a style its number in the file now, wherever a cell will have it; all others come behind."""
        self.style(name, number_format, quoted=quoted)._get_xf_index()  # noqa: SLF001 - XlsxWriter has no other way

    def sheet(self, title: str, kind: type[Worksheet]) -> Worksheet:
        """Add a sheet."""
        return self._book.add_worksheet(limits.check_sheet_title(title), kind)

    def chart(self, kind: str, subtype: str) -> Drawing:
        """Start a chart; a sheet takes it in."""
        return self._book.add_chart({"type": kind, "subtype": subtype})

    def define(self, name: str, cell: CellRef) -> None:
        """Give a cell a name in the whole workbook."""
        sheet = cell.sheet.replace("'", "''")
        target = f"='{sheet}'!${column_letters(cell.column)}${cell.row}"
        _check(self._book.define_name(limits.check_name(name), target), f"defined name {name}")

    def define_list(self, name: str, title: str, cells: str) -> None:
        """Give the cells of a list a name in the whole workbook."""
        _check(self._book.define_name(limits.check_name(name), f"='{title}'!{cells}"), f"defined name {name}")

    def describe(self, properties: Mapping[str, object], custom: Mapping[str, str]) -> None:
        """Set the document properties and the custom ones; texts only."""
        self._book.set_properties(dict(properties))
        for name, value in custom.items():
            limits.check_length(f"property {name}", value, limits.PROPERTY)
            _check(self._book.set_custom_property(name, value, "text"), f"property {name}")

    def close(self) -> bytes:
        """Finish the workbook and return its bytes."""
        self._book.close()
        return self._buffer.getvalue()


class Page:
    """One sheet being written; rows and columns count from 1."""

    kind: type[Worksheet] = Worksheet

    def __init__(self, book: Book, title: str) -> None:
        """Add a sheet to a book."""
        self.title = title
        self.sheet = book.sheet(title, self.kind)
        self._book = book

    def text(self, row: int, column: int, value: str, style: str, number_format: str = "") -> None:
        """Write a text, never a formula or link; an empty one leaves a styled blank."""
        if not value:
            self.blank(row, column, style, number_format)
            return
        if not limits.is_writable(value):
            limits.check_length(self._place(row, column), value, limits.STRING)
        form = self._book.style(style, number_format, quoted=begins_a_formula(value))
        # XlsxWriter writes a text of this shape into the file as markup, unescaped; blanks at its end are never read.
        plain = f"{value} " if value.startswith("<r>") and value.endswith("</r>") else value
        self.check(self.sheet.write_string(row - 1, column - 1, plain, form), row, column)

    def link(self, row: int, column: int, cell: CellRef, style: str) -> None:
        """Write the address of a cell of this workbook, which takes the reader there."""
        title = cell.sheet.replace("'", "''")
        target = f"internal:'{title}'!{cell.address}"
        form = self._book.style(style)
        self.check(self.sheet.write_url(row - 1, column - 1, target, form, cell.address), row, column)

    def blank(self, row: int, column: int, style: str, number_format: str = "") -> None:
        """Style an empty cell."""
        form = self._book.style(style, number_format)
        self.check(self.sheet.write_blank(row - 1, column - 1, None, form), row, column)

    def number(self, row: int, column: int, value: float | Decimal, style: str, number_format: str = "") -> None:
        """Write a number of at most 15 digits."""
        form = self._book.style(style, number_format)
        self.check(self.sheet.write_number(row - 1, column - 1, value, form), row, column)

    def date(self, row: int, column: int, value: date, style: str, number_format: str) -> None:
        """Write a date."""
        form = self._book.style(style, number_format)
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell holds a date without zone
        self.check(self.sheet.write_datetime(row - 1, column - 1, moment, form), row, column)

    def formula(
        self,
        row: int,
        column: int,
        formula: str,
        style: str,
        *,
        value: str | float | Decimal,
        about: str = "",
        number_format: str = "",
    ) -> None:
        """Write a formula with the value it has now; ``about`` names what it is for where Excel would refuse it."""
        place = self._place(row, column)
        limits.check_formula(f"{place}: {about}" if about else place, formula)
        form = self._book.style(style, number_format)
        code = self.sheet.write_formula(row - 1, column - 1, formula, form, value)
        self.check(code, row, column)

    def merge(self, area: tuple[int, int, int, int], value: str, style: str) -> None:
        """Write a text into cells that are made one: first row and column, last row and column."""
        top, left, bottom, right = (place - 1 for place in area)
        if (top, left) == (bottom, right):
            self.text(area[0], area[1], value, style)
            return
        code = self.sheet.merge_range(top, left, bottom, right, "", self._book.style(style))
        self.check(code, area[0], area[1], "merged cells")
        self.text(area[0], area[1], value, style)

    def validation(self, row: int, column: int, last_row: int, options: Mapping[str, Any]) -> None:
        """Attach a data validation to the cells of a column, from row to last_row."""
        code = self.sheet.data_validation(row - 1, column - 1, last_row - 1, column - 1, dict(options))
        self.check(code, row, column, "data validation")

    def colour(self, row: int, last_row: int, columns: tuple[int, ...], formula: str, style: str) -> None:
        """Colour the cells of some columns where a formula, written for the first row, holds."""
        runs = [f"{column_letters(column)}{row}:{column_letters(column)}{last_row}" for column in columns]
        rule = {"type": "formula", "criteria": formula, "format": self._book.style(style)}
        rule |= {"multi_range": " ".join(runs)} if len(runs) > 1 else {}
        self.condition(row, last_row, columns[0], rule)

    def condition(self, row: int, last_row: int, column: int, rule: Mapping[str, Any]) -> None:
        """Attach a conditional format to the cells of a column, from row to last_row."""
        code = self.sheet.conditional_format(row - 1, column - 1, last_row - 1, column - 1, dict(rule))
        self.check(code, row, column, "conditional format")

    def columns(
        self, first: int, last: int, width: float | None, style: str | None = None, *, hidden: bool = False
    ) -> None:
        """Set the width of columns in characters, None for the usual one, and the style of their empty cells."""
        form = self._book.style(style) if style else None
        self.check(self.sheet.set_column(first - 1, last - 1, width, form, {"hidden": hidden}), 1, first, "width")

    def height(self, row: int, points: float, *, hidden: bool = False) -> None:
        """Set the height of a row, at most Excel's own limit."""
        code = self.sheet.set_row(row - 1, min(points, limits.HEIGHT), None, {"hidden": hidden})
        self.check(code, row, 1, "height")

    def breaks(self, rows: Iterable[int]) -> None:
        """End a printed page after each of some rows."""
        self.sheet.set_h_pagebreaks(list(rows))

    def check(self, code: object, row: int, column: int, what: str = "cell") -> None:
        """Raise where XlsxWriter did not take what goes into a cell, or on it.

        Raises:
            WorkbookError: the code it returned says so.
        """
        if code:  # the place is made where it is needed only: a summary has a million cells
            _check(code, f"{self._place(row, column)}: {what}")

    def _place(self, row: int, column: int) -> str:
        return str(CellRef(self.title, row, column))


def _check(code: object, place: str) -> None:
    # XlsxWriter returns 0 or None where all went well, and a format object from some setters.
    if isinstance(code, int) and code < 0:
        message = f"{place}: XlsxWriter refused it with code {code}"
        raise WorkbookError(message)
