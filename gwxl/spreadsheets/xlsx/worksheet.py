"""Read one worksheet part into a dict of cells.

What a part says about its own extent (``dimension``, ``spans``, counts) is never used.
Source: ECMA-376 part 1, 18.3.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from gwxl.containers.limits import Limits
from gwxl.containers.xml import INDEX, Attributes, Markup, attribute, flag
from gwxl.errors import RefusedError
from gwxl.files.excel_limits import LAST_COLUMN, LAST_ROW
from gwxl.records.cell import column_letters
from gwxl.spreadsheets.address import Area, Place, read_address, read_area
from gwxl.spreadsheets.book import Cell, CellKind, Sheet
from gwxl.spreadsheets.looks import Run, with_picture, with_runs
from gwxl.spreadsheets.serials import serial
from gwxl.spreadsheets.xlsx.strings import Runs, Strings, unescape
from gwxl.spreadsheets.xlsx.styles import PLAIN, Style

_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]{1,3})?\Z")
_LONGEST_NUMBER = 64  # no program stores more than 25 characters
# What is left of formatting whole columns and rows: blank cells beyond column Z or row 999, as programs write them.
_FAR = rb"[A-Z]{2,3}[0-9]+|[A-Z][0-9]{4,7}"
_FAR_BLANK = re.compile(rb'<(?:[a-z]+:)?c r="(?:%s)"(?: s="[0-9]+")?(?: t="[a-z]+")?\s*(?:/>|></(?:[a-z]+:)?c>)' % _FAR)
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}

Told = tuple[Place, str, str, str]
"""A cell in which nothing but a value stands: its place, the number of its style, its type, its value."""


@dataclass(kw_only=True)
class Shared:
    """What the worksheets of one workbook share, their limits included."""

    strings: Strings
    styles: tuple[Style, ...]
    date1904: bool
    limits: Limits
    markup: Markup
    cells: int = 0
    merges: int = 0
    array_work: int = 0


def read_worksheet(
    part: str,
    data: bytes,
    shared: Shared,
    *,
    title: str,
    state: str,
    cells: Iterable[Told] = (),
) -> Sheet:
    """Return a worksheet.

    Args:
        part: its name.
        data: its content.
        shared: what it shares with others.
        title: of the sheet.
        state: of the sheet.
        cells: more of it, which need no parsing.

    Raises:
        RefusedError: ``damaged``, ``duplicate_cell``, ``address``, ``too_many_cells``, ``too_many_merges`` or
            one of those of :class:`~gwxl.containers.xml.Markup`.
    """
    if shared.limits.beginning:
        shared.cells = 0
    room = shared.limits.cells - shared.cells
    if room < count_cells(data) <= shared.limits.elements:
        data = _FAR_BLANK.sub(b"", data)
    if count_cells(data) > room and not shared.limits.beginning:
        raise RefusedError("too_many_cells", limit=shared.limits.cells)
    reader = _Worksheet(part, shared)
    with shared.limits.tolerance():
        shared.markup.parse(part, data, reader.starts, reader.ends)
        for told in cells:
            reader.take(told)
    return reader.sheet(title, state)


def count_cells(data: bytes) -> int:
    """Count the cells of a part as most programs write them; counted before it is parsed, too many cost nothing."""
    return sum(data.count(start) for start in (b"<c ", b"<c>", b"<c/>", b":c r="))


class _Worksheet:
    """The state of a pass through a worksheet."""

    def __init__(self, part: str, shared: Shared) -> None:
        self._part = part
        self._shared = shared
        self._cells: dict[Place, Cell] = {}
        self._room = shared.limits.cells - shared.cells
        self._known: dict[str, Style] = {}
        self._blanks: dict[str, Cell] = {}
        self._merges: list[Area] = []
        self._arrays: list[Area] = []
        self._hidden: set[int] = set()
        self._validations = 0
        self._protected = False
        self._is_worksheet = False
        self._in_data = False
        self._row = 0
        self._column = 0
        self._place: Place | None = None
        self._attributes: Attributes = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._inline: str | None = None
        self._runs = Runs()
        self._parts: tuple[Run, ...] = ()
        self.starts = {
            **self._runs.starts,
            "worksheet": self._start_worksheet,
            "sheetData": self._start_data,
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "is": self._start_inline,
            "mergeCell": self._merge,
            "sheetProtection": self._protection,
            "dataValidation": self._validation,
        }
        self.ends = {
            **self._runs.ends,
            "sheetData": self._end_data,
            "c": self._end_cell,
            "v": self._end_value,
            "f": self._end_formula,
            "is": self._end_inline,
        }

    def sheet(self, title: str, state: str) -> Sheet:
        """Return what was read."""
        if not self._is_worksheet:
            raise RefusedError("damaged", part=self._part)
        self._shared.cells += len(self._cells)
        for area in self._arrays:
            self._spread(area)
        return Sheet(
            title=title,
            cells=self._cells,
            state=state,
            protected=self._protected,
            merges=tuple(self._merges),
            validations=self._validations,
            hidden_rows=frozenset(self._hidden),
        )

    def take(self, told: Told) -> None:
        """Take a cell in which nothing but a value stands."""
        place, number, kind, value = told
        if not 1 <= place[0] <= LAST_ROW:
            raise RefusedError("address", address=f"{column_letters(place[1])}{place[0]}")
        self._formula, self._parts = None, ()
        self._add(place, number or "0", *(self._read_typed(kind or "n", value) if value else (CellKind.BLANK, "")))

    def _start_worksheet(self, _: Attributes) -> None:
        self._is_worksheet = True

    def _start_data(self, _: Attributes) -> None:
        self._in_data = True

    def _end_data(self, _: str) -> None:
        self._in_data = False

    def _start_row(self, attributes: Attributes) -> None:
        if not self._in_data:
            return
        told = attributes.get("r")
        self._row = _row_number(told) if told else self._row + 1
        self._column = 0
        if not 1 <= self._row <= LAST_ROW:
            raise RefusedError("address", address=told or str(self._row))
        if flag(attributes, "hidden"):
            self._hidden.add(self._row)

    def _start_cell(self, attributes: Attributes) -> None:
        if not self._in_data:
            return
        if self._place is not None:
            raise RefusedError("damaged", part=self._part)
        told = attributes.get("r")
        place = read_address(told) if told else (self._row, self._column + 1)
        if place is None or place[0] < 1 or place[1] > LAST_COLUMN:
            raise RefusedError("address", address=told or "")
        self._place, self._column = place, place[1]
        self._attributes = attributes
        self._value = self._formula = self._inline = None
        self._parts = ()

    def _start_formula(self, attributes: Attributes) -> None:
        if self._place is None:
            return
        self._refuse_twice(self._formula)
        self._formula = ""
        area = read_area(attributes.get("ref", "")) if attributes.get("t") in {"array", "dataTable"} else None
        if area is not None:
            self._arrays.append(area)

    def _end_formula(self, text: str) -> None:
        if self._place is not None:
            self._formula = text

    def _end_value(self, text: str) -> None:
        if self._place is not None:
            self._refuse_twice(self._value)
            self._value = text

    def _refuse_twice(self, earlier: str | None) -> None:
        """Refuse a cell that says a thing twice: programs would differ on which counts."""
        if earlier is not None:
            raise RefusedError("damaged", part=self._part)

    def _start_inline(self, _: Attributes) -> None:
        if self._place is not None:
            self._refuse_twice(self._inline)
            self._runs.begin()

    def _end_inline(self, _: str) -> None:
        if self._place is not None:
            self._inline = self._runs.finish()

    def _end_cell(self, _: str) -> None:
        place, self._place = self._place, None
        if place is None:
            return
        kind, text, iso = self._content()
        picture = kind is CellKind.ERROR and self._formula is None and attribute(self._attributes, "vm") is not None
        self._add(place, self._attributes.get("s", "0"), kind, text, iso=iso, picture=picture)

    def _add(
        self, place: Place, number: str, kind: CellKind, text: str, *, iso: bool = False, picture: bool = False
    ) -> None:
        if place in self._cells:
            raise RefusedError("duplicate_cell", address=f"{column_letters(place[1])}{place[0]}")
        if len(self._cells) >= self._room:
            raise RefusedError("too_many_cells", limit=self._shared.limits.cells)
        if kind is CellKind.BLANK and self._formula is None:
            self._cells[place] = self._blanks.get(number) or self._blank(number)
            return
        style = self._known.get(number) or self._style(number)
        look = style.look
        if self._parts:
            look = with_runs(look, self._parts)
        if picture:  # a value that is none of the old kinds, kept beside the cells; here stands an error
            look = with_picture(look)
        self._cells[place] = Cell(kind, text, self._formula, style.date or iso, style.percent, style.locked, look)

    def _blank(self, number: str) -> Cell:
        """Return the one blank cell of a style: most cells of a form are blank."""
        style = self._known.get(number) or self._style(number)
        self._blanks[number] = Cell(CellKind.BLANK, date=style.date, percent=style.percent, locked=style.locked)
        return self._blanks[number]

    def _style(self, number: str) -> Style:
        styles, told = self._shared.styles, number.strip() or "0"  # s="" is no style
        if not INDEX.match(told):
            raise RefusedError("damaged", part=self._part)
        self._known[number] = styles[int(told)] if int(told) < len(styles) else PLAIN
        return self._known[number]

    def _content(self) -> tuple[CellKind, str, bool]:
        """Return kind, text and whether it was stored as an ISO date."""
        told = self._attributes.get("t") or "n"
        if self._inline is not None and (told == "inlineStr" or self._value is None):
            self._parts = self._runs.parts
            return *self._text(self._inline), False
        if self._value is None:
            return CellKind.BLANK, "", False
        if told in {"str", "inlineStr"}:
            return *self._text(unescape(self._value)), False
        value = self._value.strip()
        if not value:
            return CellKind.BLANK, "", False
        if told == "d":
            return _iso(value, date1904=self._shared.date1904)
        return *self._read_typed(told, value), False

    def _text(self, text: str) -> tuple[CellKind, str]:
        # An empty text is a value only where a formula gave it; else nothing was filled in.
        return (CellKind.TEXT if text or self._formula is not None else CellKind.BLANK), text

    def _read_typed(self, told: str, value: str) -> tuple[CellKind, str]:
        if told == "s":
            strings = self._shared.strings
            if not INDEX.match(value) or (number := int(value)) >= len(strings.texts):
                raise RefusedError("damaged", part=self._part)
            self._parts = strings.runs.get(number, ())
            return self._text(strings.texts[number])
        if told == "b" and value.lower() in _BOOLEANS:
            return CellKind.BOOLEAN, _BOOLEANS[value.lower()]
        if told == "e":
            return CellKind.ERROR, value
        if told == "n" and is_number(value):
            return CellKind.NUMBER, value
        return CellKind.TEXT, unescape(value)

    def _merge(self, attributes: Attributes) -> None:
        self._shared.merges += 1
        if self._shared.merges > self._shared.limits.merges:
            raise RefusedError("too_many_merges", limit=self._shared.limits.merges)
        told = attributes.get("ref", "").strip()
        area = read_area(told)
        if area is not None:
            self._merges.append(area)
        elif told:
            raise RefusedError("address", address=told)

    def _protection(self, attributes: Attributes) -> None:
        self._protected = self._protected or flag(attributes, "sheet")

    def _validation(self, _: Attributes) -> None:
        self._validations += 1

    def _spread(self, area: Area) -> None:
        """Mark the cells of an array formula: only its first cell carries the formula."""
        top, left, bottom, right = area
        size = (bottom - top + 1) * (right - left + 1)
        self._shared.array_work += min(size, len(self._cells))
        if self._shared.array_work > self._shared.limits.cells:
            raise RefusedError("too_many_cells", limit=self._shared.limits.cells)
        if size < len(self._cells):
            inside = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        else:
            inside = [place for place in self._cells if top <= place[0] <= bottom and left <= place[1] <= right]
        for place in inside:
            cell = self._cells.get(place)
            if cell is not None and cell.formula is None:
                self._cells[place] = replace(cell, formula="")


def _row_number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,7}", text.strip()) else 0


def is_number(text: str) -> bool:
    """Tell whether a stored value is a number that a double can hold."""
    return len(text) <= _LONGEST_NUMBER and bool(_NUMBER.match(text)) and math.isfinite(float(text))


def _iso(text: str, *, date1904: bool) -> tuple[CellKind, str, bool]:
    number = serial(text, date1904=date1904)
    return (CellKind.TEXT, text, True) if number is None else (CellKind.NUMBER, number, True)
