"""Where everything stands on a form sheet, known from one that was printed alike: then no label is looked for again.

A form sheet is cut in two: the open places, where every return says something else (inputs, explanations, last year's
figures, what the checks came to, the marker line), and the print, all other cells. A sheet of the same print, title,
names and merged ranges has everything where another had it on which nothing was to be remarked, if nothing in its open
places could be taken for a key, a label or a head, or for something that was added.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gwxl.form.labels import normalise_label
from gwxl.form.layout import CHECKED, HEADS, MARKER_PREFIX, Col, Layout, RowKind
from gwxl.intake.locating.defined_names import Names
from gwxl.intake.locating.grid import Grid, labels_of
from gwxl.intake.locating.landmarks import normal_of, plain_of
from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.spreadsheets.book import Cell, CellKind, Sheet

_MOST = 6  # prints that are kept of one layout, and sheets that are no form's
_LARGEST, _LONGEST = 2_000, 100_000  # cells of one that is kept, and characters in them
_COLUMNS = (Col.INPUT, Col.PREVIOUS, Col.CHECK, Col.REMARK, Col.PENDING)
_OWN = frozenset({Col.INPUT, Col.REMARK})

Place = tuple[int, int]
Cells = Mapping[Place, Cell]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What :class:`gwxl.intake.locating.form_sheets.Located` says of a form sheet by itself."""

    cells: Mapping[Path, CellRef]
    explanations: Mapping[Path, CellRef]
    rows: Mapping[str, int]
    columns: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class Print:
    """A form sheet on which nothing was to be remarked."""

    title: str
    cells: Cells
    locks: tuple[bool | None, ...]
    merges: tuple[tuple[int, int, int, int], ...]
    names: Names
    placed: Placed


class Remembered:
    """What is known of the sheets of one layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._marker = (layout.marker.row, layout.marker.column)
        self._open = dict(_open_places(layout)) | {self._marker: Col.LABEL}
        keys = {row.key for row in layout.rows}
        labels = {label for row in layout.rows for label in labels_of(row)}
        self._landmarks = keys | labels | {normalise_label(layout.form.say(key)) for key in HEADS.values()}
        self._prints: list[Print] = []
        self._others: list[Cells] = []

    def is_other(self, sheet: Sheet) -> bool:
        """Tell whether a sheet holds what another did that is no form sheet."""
        return sheet.cells in self._others

    def keep_other(self, sheet: Sheet) -> None:
        """Keep what stands on a sheet that is no form sheet."""
        if _is_small(sheet) and not self.is_other(sheet):
            self._others[:] = [sheet.cells, *self._others[: _MOST - 1]]

    def find_print(self, sheet: Sheet) -> Print | None:
        """Return a form sheet that was printed as this one is."""
        alike = [one for one in self._prints if (one.title, one.merges) == (sheet.title, sheet.merges)]
        if not alike or not self._is_plain(sheet):
            return None
        printed, locks = self._printed(sheet), self._locks(sheet)
        return next((one for one in alike if one.locks == locks and one.cells == printed), None)

    def keep_print(self, grid: Grid, names: Names, placed: Placed) -> None:
        """Keep a form sheet on which nothing was to be remarked, if everything stands where the layout has it."""
        sheet = grid.sheet
        printed = self._printed(sheet)
        heads = (Col.NUMBER, Col.LABEL, *_COLUMNS)
        rows = {row.key: row.number for row in self.layout.rows if row.key in placed.rows}
        marked = any(cell.text.startswith(MARKER_PREFIX) for cell in printed.values())
        laid_out = (
            placed.rows == rows and all(grid.column(name) == name for name in heads) and grid.key_column == Col.KEY
        )
        if laid_out and not marked and self._is_plain(sheet) and _is_small(sheet):
            kept = Print(
                title=sheet.title,
                cells=printed,
                locks=self._locks(sheet),
                merges=sheet.merges,
                names=names,
                placed=placed,
            )
            self._prints[:] = [kept, *self._prints[: _MOST - 1]]

    def _printed(self, sheet: Sheet) -> Cells:
        return {place: cell for place, cell in sheet.cells.items() if place not in self._open}

    def _locks(self, sheet: Sheet) -> tuple[bool | None, ...]:
        return tuple(None if cell is None else cell.locked for cell in map(sheet.cells.get, self._open))

    def _is_plain(self, sheet: Sheet) -> bool:
        """Tell whether all that stands in the open places is what may stand there, and nothing that is looked for."""
        for place, column in self._open.items():
            cell = sheet.cells.get(place)
            if cell is None or not (cell.text or cell.uncalculated):
                continue
            if not cell.locked and column not in _OWN:
                return False
            if cell.kind is CellKind.TEXT and self._is_landmark(place, cell.text):
                return False
        marker = sheet.cells.get(self._marker)
        return marker is not None and marker.kind is CellKind.TEXT

    def _is_landmark(self, place: Place, words: str) -> bool:
        if words.startswith(MARKER_PREFIX):
            return place != self._marker
        plain = plain_of(words)
        return plain in self._landmarks or normal_of(plain) in self._landmarks


def _is_small(sheet: Sheet) -> bool:
    return len(sheet.cells) <= _LARGEST and sum(map(_measure, sheet.cells.values())) <= _LONGEST


def _measure(cell: Cell) -> int:
    return len(cell.text) + len(cell.formula or "") + (len(cell.look.runs) if cell.look else 0)


def _open_places(layout: Layout) -> Iterator[tuple[Place, Col]]:
    """Yield the places where every return says something else, and what each is for."""
    for row in layout.rows:
        if row.path is not None:
            yield (row.number, Col.INPUT), Col.INPUT
        if row.kind in CHECKED:
            yield from (((row.number, column), column) for column in _COLUMNS if column is not Col.INPUT)
        if row.kind is RowKind.PROGRESS:
            yield (row.number, Col.LABEL), Col.LABEL


_every: list[Remembered] = []


def remember(layout: Layout) -> Remembered:
    """Return what is known of the sheets of a layout."""
    found = next((one for one in _every if one.layout is layout), None)
    if found is None:
        found = Remembered(layout)
        _every[:] = [found, *_every[: _MOST - 1]]
    return found
