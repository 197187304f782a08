"""Defined names as the third witness: they alone show that cells moved while keys and labels stayed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from gwxl.records.cell import CellRef
from gwxl.spreadsheets.book import Book

_TOGETHER = 2


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a sheet's defined names say.

    Attributes:
        cells: defined name → the cell it names.
        lost: defined names that name no cell any more, or are gone while others are there.
    """

    cells: Mapping[str, CellRef]
    lost: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Moves:
    """Where names should point, compared with where they do.

    Attributes:
        moved: defined name → (expected cell, named cell).
        lost: names of cells that were found, but name nothing.
        together: two or more moved by one offset, one moved beside a lost one, or one moved onto another's cell.
    """

    moved: Mapping[str, tuple[CellRef, CellRef]]
    lost: frozenset[str]
    together: bool


def names_for(book: Book, expected: frozenset[str], sheet: str, *, alone: bool) -> Names:
    """Return what the names of a layout say about one sheet.

    A name scoped to the sheet comes first, then one that points into it; any other counts only where the sheet is
    the only one of its kind.

    Args:
        book: the workbook.
        expected: the defined names of the layout.
        sheet: the sheet's title.
        alone: no other sheet of the workbook could own the names.
    """
    folded = {name.casefold(): name for name in expected}
    ranked: dict[str, tuple[int, CellRef | None]] = {}
    for entry in book.names:
        name = folded.get(entry.name.casefold())
        rank = _rank(entry.scope, entry.cell, sheet, alone=alone)
        if name is not None and rank and rank > ranked.get(name, (0, None))[0]:
            ranked[name] = rank, entry.cell
    cells = {name: cell for name, (_, cell) in ranked.items() if cell is not None}
    return Names(cells=cells, lost=frozenset(expected - cells.keys()) if cells else frozenset())


def _rank(scope: str | None, cell: CellRef | None, sheet: str, *, alone: bool) -> int:
    inside = cell is not None and cell.sheet == sheet
    if scope == sheet:
        return 4 if cell is not None else 3
    if inside:
        return 2
    return 1 if alone else 0


def compare(names: Names, expected: Mapping[str, CellRef]) -> Moves:
    """Compare names with the cells that key and label give.

    Args:
        names: what the names say.
        expected: defined name → cell, of the cells that were found.
    """
    pairs = {name: (cell, names.cells[name]) for name, cell in expected.items() if name in names.cells}
    moved = {name: (cell, named) for name, (cell, named) in pairs.items() if cell != named}
    lost = frozenset(names.lost & expected.keys())
    offsets = Counter((to.sheet, to.row - at.row, to.column - at.column) for at, to in moved.values())
    # Excel loses the name of a cell that another is dropped on; LibreOffice leaves both names there.
    covered = {named for _, named in moved.values()} & set(expected.values())
    together = any(times >= _TOGETHER for times in offsets.values()) or bool(moved and (lost or covered))
    return Moves(moved=moved, lost=lost, together=together)
