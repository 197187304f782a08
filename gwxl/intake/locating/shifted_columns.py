"""What shows that cells of one column of a table were pushed up or down: its foot, or its lock flags."""

from collections.abc import Mapping
from dataclasses import dataclass

from gwxl.form.layout import TableArea
from gwxl.spreadsheets.book import Sheet


@dataclass(frozen=True, kw_only=True)
class Feet:
    """Where the keyed foot of each column stands; workbooks of older versions have none.

    A program may drop every lock, but a pushed column takes its foot along.

    Attributes:
        rows: column key → row of its foot, of the columns that still have one.
        places: the cells of the feet.
        columns: how many columns were found.
    """

    rows: Mapping[str, int]
    places: frozenset[tuple[int, int]]
    columns: int

    @staticmethod
    def find(
        area: TableArea, columns: Mapping[str, int], texts: Mapping[tuple[int, int], str], head_row: int
    ) -> "Feet":
        """Find the feet below the heads; of two in one column, the upper one."""
        keys = {(columns[key], area.foot_key(key)): key for key in columns}
        found = sorted((row, column, key) for (row, column), text in texts.items() if (key := keys.get((column, text))))
        below = [(row, column, key) for row, column, key in found if row > head_row]
        rows = {key: row for row, _, key in reversed(below)}
        places = frozenset((row, column) for row, column, _ in below)
        return Feet(rows=rows, places=places, columns=len(columns))

    @property
    def uneven(self) -> bool:
        """Tell whether a foot stands off the others."""
        return len(set(self.rows.values())) > 1

    @property
    def level(self) -> bool:
        """Tell whether every column has its foot, all in one row: no column was pushed by itself."""
        return bool(self.rows) and len(self.rows) == self.columns and not self.uneven


@dataclass(frozen=True, kw_only=True)
class Locks:
    """The lock flags of the last offered row and of the end row."""

    sheet: Sheet
    columns: Mapping[str, int]
    head_row: int
    end_row: int

    @property
    def tell(self) -> bool:
        """Tell whether the flags say anything: a program that keeps no styles leaves every cell locked."""
        places = set(self.columns.values())
        cells = self.sheet.cells.items()
        return any(
            not cell.locked and column in places and self.head_row < row < self.end_row for (row, column), cell in cells
        )

    @property
    def broken(self) -> bool:
        """Tell whether the last rows no longer form lines."""
        end, last = self._row(self.end_row), self._row(self.end_row - 1)
        first = min(self.columns.values(), default=0)
        pushed = True in end.values() and False in end.values()
        pulled = bool(end) and any(flag and column not in end for column, flag in last.items())
        ahead = last.get(first) is False and len(last) > 1 and all(last[column] for column in last if column != first)
        return (pushed or pulled or ahead) and self.tell

    def _row(self, row: int) -> Mapping[int, bool]:
        cells = self.sheet.cells
        return {column: cells[row, column].locked for column in self.columns.values() if (row, column) in cells}
