"""What stands on the sheets of an office's own workbook: texts, locks, borders, validations; it is only read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gwxl.errors import ResourceError
from gwxl.records.cell import column_letters
from gwxl.spreadsheets.address import read_area
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.admission.kinds import Kind
from gwxl.spreadsheets.opening import read_book
from gwxl.wording import each

Place = tuple[int, int]
"""Row and column, counted from 1; of merged cells the first."""

_READ = frozenset({Kind.XLSX, Kind.XLSM, Kind.XLTX, Kind.XLTM})
_MOST_LISTED = 500  # entries of a drop-down that become choices


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What a data validation lets in.

    Attributes:
        kind: as the format calls it: ``whole``, ``decimal``, ``list``, ``date``, ``textLength``, ``custom``.
        entries: of a list; operator, first, second: as they stand.
    """

    kind: str
    entries: tuple[str, ...] = ()
    operator: str = ""
    first: str = ""
    second: str = ""
    prompt: str = ""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One cell, or several that are merged.

    Attributes:
        row, column: of its first cell. bottom, right: of its last.
        text: what is written there, tidied; empty for a formula.
        formula: without ``=``.
        framed: it has a line on every side. filled: it has a colour of its own.
        size: of its letters, in points. wraps: long answers are meant.
    """

    row: int
    column: int
    bottom: int
    right: int
    text: str = ""
    formula: str = ""
    locked: bool = True
    framed: bool = False
    filled: bool = False
    format: str = "General"
    size: float = 11.0
    bound: Bound | None = None

    @property
    def place(self) -> Place:
        """Return row and column of its first cell."""
        return self.row, self.column

    @property
    def address(self) -> str:
        """Return the address of its first cell."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def is_written(self) -> bool:
        """Tell whether something stands there that is no formula."""
        return bool(self.text)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """One visible sheet; ``spots`` by their first cell, ``covers`` each cell of a merged range to that."""

    title: str
    protected: bool
    spots: Mapping[Place, Spot]
    covers: Mapping[Place, Place]

    def at(self, row: int, column: int) -> Spot | None:
        """Return what covers a cell."""
        return self.spots.get(self.covers.get((row, column), (row, column)))

    @cached_property
    def texts(self) -> Mapping[int, tuple[Spot, ...]]:
        """Return row → the texts that begin in it, from the left."""
        found: dict[int, list[Spot]] = {}
        for spot in sorted(self.spots.values(), key=lambda one: one.place):
            if spot.is_written:
                found.setdefault(spot.row, []).append(spot)
        return {row: tuple(spots) for row, spots in found.items()}

    @cached_property
    def last(self) -> Place:
        """Return the last row and column in which something stands."""
        return max((spot.bottom for spot in self.spots.values()), default=0), max(
            (spot.right for spot in self.spots.values()), default=0
        )


def read_grids(file: Path) -> tuple[Grid, ...]:
    """Return the visible sheets of a workbook, past the door of returned files.

    Raises:
        RefusedError: it is not let in.
        ResourceError: it is of a kind whose borders and locks are not read.
    """
    admitted = admit(file)
    if admitted.kind not in _READ:
        raise ResourceError(each("failure.no_office_form", file=file))
    read_book(admitted)  # its bounds hold before another library sees the file
    book = load_workbook(BytesIO(admitted.data), keep_links=False)
    return tuple(_grid(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible")


def _grid(sheet: Worksheet) -> Grid:
    covers: dict[Place, Place] = {}
    ends: dict[Place, Place] = {}
    for merged in sheet.merged_cells.ranges:
        first = merged.min_row, merged.min_col
        ends[first] = merged.max_row, merged.max_col
        covers |= {(row, column): first for row in range(merged.min_row, merged.max_row + 1)
                   for column in range(merged.min_col, merged.max_col + 1)}  # fmt: skip
    bounds = dict(_read_bounds(sheet))
    cells = {place: cell for place, cell in sheet._cells.items() if isinstance(cell, Cell)}  # noqa: SLF001
    for place in bounds.keys() - cells.keys():
        if covers.get(place, place) == place:
            made = sheet.cell(*place)
            cells |= {place: made} if isinstance(made, Cell) else {}
    hidden = _find_hidden(sheet)
    spots = {
        place: _spot(sheet, cell, ends.get(place, place), bounds.get(place))
        for place, cell in cells.items()
        if covers.get(place, place) == place and place[0] not in hidden[0] and place[1] not in hidden[1]
    }
    return Grid(title=sheet.title, protected=bool(sheet.protection.sheet), spots=spots, covers=covers)


def _find_hidden(sheet: Worksheet) -> tuple[frozenset[int], frozenset[int]]:
    """Return the rows and the columns that nobody sees."""
    rows = frozenset(number for number, one in sheet.row_dimensions.items() if one.hidden)
    hidden = (one for one in sheet.column_dimensions.values() if one.hidden)
    return rows, frozenset(number for one in hidden for number in range(one.min or 0, (one.max or 0) + 1))


def _spot(sheet: Worksheet, cell: Cell, end: Place, bound: Bound | None) -> Spot:
    value = cell.value
    formula = _formula(value)
    return Spot(
        row=cell.row,
        column=cell.column,
        bottom=end[0],
        right=end[1],
        text="" if value is None or formula else str(value).strip(),
        formula=formula,
        locked=cell.protection.locked is not False,
        framed=_is_framed(sheet, (cell.row, cell.column), end),
        filled=cell.fill.fill_type == "solid",
        format=cell.number_format or "General",
        size=cell.font.sz or 11.0,
        bound=bound,
    )


def _formula(value: Any) -> str:
    text = getattr(value, "text", value)  # an array formula is an object
    return text[1:] if isinstance(text, str) and text.startswith("=") else ""


def _is_framed(sheet: Worksheet, first: Place, last: Place) -> bool:
    def lines(row: int, column: int, side: str) -> bool:
        cell = sheet._cells.get((row, column))  # noqa: SLF001 - asking for a cell makes one
        return cell is not None and getattr(cell.border, side) is not None and bool(getattr(cell.border, side).style)

    (top, left), (bottom, right) = first, last
    return (
        (lines(top, left, "top") or lines(top - 1, left, "bottom"))
        and (lines(top, left, "left") or lines(top, left - 1, "right"))
        and (lines(bottom, right, "bottom") or lines(bottom, left, "bottom") or lines(bottom + 1, left, "top"))
        and (lines(bottom, right, "right") or lines(top, right, "right") or lines(top, right + 1, "left"))
    )


def _read_bounds(sheet: Worksheet) -> Iterator[tuple[Place, Bound]]:
    last = sheet.max_row, sheet.max_column
    for one in sheet.data_validations.dataValidation:
        bound = _bound(sheet, one)
        for held in one.sqref.ranges:
            rows = range(held.min_row, min(held.max_row, max(last[0], held.min_row)) + 1)
            columns = range(held.min_col, min(held.max_col, max(last[1], held.min_col)) + 1)
            yield from (((row, column), bound) for row in rows for column in columns)


def _bound(sheet: Worksheet, one: DataValidation) -> Bound:
    kind = one.type or ""
    return Bound(
        kind=kind,
        entries=tuple(_find_entries(sheet, one.formula1 or "")) if kind == "list" else (),
        operator=one.operator or "between",
        first=str(one.formula1 or ""),
        second=str(one.formula2 or ""),
        prompt=one.prompt or "",
    )


def _find_entries(sheet: Worksheet, formula: str) -> Iterator[str]:
    """Yield the entries of a drop-down: written in it, in a range, or in one that has a name."""
    if formula.startswith('"'):
        yield from (entry.strip() for entry in formula.strip('"').split(",") if entry.strip())
        return
    book = sheet.parent
    if book is None:
        return
    names = {**book.defined_names, **sheet.defined_names}
    target = names[formula].attr_text if formula in names else formula
    title, _, place = (target or "").lstrip("=").rpartition("!")
    home = title.strip("'").replace("''", "'") or sheet.title
    area = read_area(place)
    if area is None or home not in book.sheetnames:
        return
    top, left, bottom, right = area
    cells = book[home].iter_rows(top, min(bottom, top + _MOST_LISTED), left, right, values_only=True)
    yield from (str(value).strip() for row in cells for value in row if value is not None and str(value).strip())
