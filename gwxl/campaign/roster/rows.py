"""The rows of a file that a roster may be kept in: any workbook that is read as a return, or CSV."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gwxl.errors import CampaignError, RefusedError
from gwxl.files.csv_bytes import decode, tables
from gwxl.spreadsheets.admission.door import Kind, admit
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.spreadsheets.opening import read_book
from gwxl.wording import each

_TEXTS = frozenset({Kind.CSV, Kind.UNKNOWN})
_VISIBLE = "visible"

Row = Mapping[int, Cell]
"""Place of a column, counted from 1 → its cell."""


@dataclass(frozen=True, kw_only=True)
class RosterTable:
    """One table of rows.

    Attributes:
        title: of its sheet, empty in CSV. rows: number as a program shows it → its cells, blank ones left out.
        date1904: its days count from 1904.
    """

    title: str
    rows: Mapping[int, Row]
    date1904: bool = False

    def place(self, number: int) -> Mapping[str, str]:
        """Return in words where a row stands."""
        return each("roster.row_of_sheet" if self.title else "roster.row", sheet=self.title, number=number)


def read_tables(path: Path, known: Callable[[Sequence[str]], int]) -> tuple[RosterTable, ...]:
    """Return the tables of a file: those of its visible sheets, or the one of CSV.

    Args:
        path: the file.
        known: counts the heads that are known in a row.

    Raises:
        CampaignError: it cannot be read, or costs more than a returned workbook may.
    """
    try:
        admitted = admit(path)
        words = decode(admitted.data) if admitted.kind in _TEXTS else None
        if words is not None:
            table = max(tables(words), key=lambda rows: max(map(known, rows), default=0), default=[])
            return (RosterTable(title="", rows=dict(_lines(table))),)
        book = read_book(admitted)
    except RefusedError as error:
        reason = each(f"refused.{error.reason}", **error.details)
        raise CampaignError([each("roster.unreadable", file=path, reason=reason)]) from error
    sheets = [sheet for sheet in book.sheets if sheet.state == _VISIBLE]
    return tuple(RosterTable(title=one.title, rows=_rows(one.cells), date1904=book.date1904) for one in sheets)


def _lines(table: Sequence[Sequence[str]]) -> Iterator[tuple[int, Row]]:
    for number, cells in enumerate(table, 1):
        yield number, {place: Cell(CellKind.TEXT, text) for place, text in enumerate(cells, 1) if text}


def _rows(cells: Mapping[tuple[int, int], Cell]) -> Mapping[int, Row]:
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sorted(cells.items(), key=lambda item: item[0]):
        if cell.kind is not CellKind.BLANK or cell.formula is not None:
            rows.setdefault(row, {})[column] = cell
    return rows
