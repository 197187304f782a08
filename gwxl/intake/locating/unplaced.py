"""What stands on a form sheet and belongs to no field: typed beside the inputs, or merged over them."""

from collections.abc import Iterator, Mapping

from gwxl.characters import is_blank
from gwxl.form.layout import Col, RowKind
from gwxl.intake.locating.grid import HEADINGS, is_helper_column, may_lack_head
from gwxl.intake.locating.inputs import Placing
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import join_addresses, signal
from gwxl.spreadsheets.book import Cell, CellKind, Sheet

_PRINTED = (Col.NUMBER, Col.LABEL, Col.UNIT, Col.PREVIOUS, Col.CHECK, Col.PENDING, Col.INSTRUCTION)
_NEVER_NUMBERS = frozenset({Col.UNIT, Col.INSTRUCTION})
_FOOT = frozenset({Col.LABEL, Col.CHECK, Col.INSTRUCTION})


def find_unplaced(placing: Placing, language: str) -> Iterator[Finding]:
    """Yield a finding naming every cell that holds something and belongs to no field."""
    cells = sorted(_Beside(placing).cells())
    if cells:
        yield signal("L17", language, cell=cells[0], cells=join_addresses(cells, language))


class _Beside:
    """Printed cells, inputs and remarks of a form sheet, told from what was added."""

    def __init__(self, placing: Placing) -> None:
        grid = placing.grid
        self._sheet = grid.sheet
        self._key_column = grid.key_column
        self._input = placing.input_column
        shift = (self._input or Col.INPUT) - Col.INPUT
        printed = [name for name in _PRINTED if grid.column(name) or may_lack_head(name, grid.heads)]
        self._columns = {grid.column(name) or name + shift: name for name in printed}
        if (review := grid.column(Col.REVIEW)) is not None:  # only a workbook that was sent back has it
            self._columns[review] = Col.REVIEW
        kinds = {row.key: row.kind for row in grid.layout.rows}
        self._kinds: Mapping[int, RowKind] = {row: kinds[key] for key, row in placing.rows.items()}
        self._owned = {(ref.row, ref.column) for ref in (*placing.cells.values(), *placing.explanations.values())}
        self._heads = grid.head_row or 0
        asked = [row for row, kind in self._kinds.items() if kind in HEADINGS or kind is RowKind.INPUT]
        self._first, self._last = min(asked, default=0), max(self._kinds, default=0)
        self._copies = {row for key in placing.rows for row in grid.keys.get(key, ())} - self._kinds.keys()
        # Some programs open printed cells that another one saved: then an open cell says nothing.
        labels = [self._sheet.cells.get((row, grid.label_column or 0)) for row in self._kinds]
        self._locks_tell = sum(cell is not None and cell.locked for cell in labels) * 2 > len(labels)
        self._remark = placing.remark_column

    def cells(self) -> Iterator[CellRef]:
        """Yield each such cell."""
        for (row, column), cell in self._sheet.cells.items():
            if (row, column) in self._owned or column == self._key_column or is_helper_column(column):
                continue
            if is_blank(cell.text) and not cell.uncalculated:
                continue
            if self._is_added(row, column, cell):
                yield CellRef(self._sheet.title, row, column)

    def _is_added(self, row: int, column: int, cell: Cell) -> bool:
        kind = self._kinds.get(row)
        if column == self._input and kind in HEADINGS:
            return False  # reported as something in the input column
        opened = self._locks_tell and not cell.locked
        if kind is not None:
            return opened or column not in self._columns or self._number_in_words(column, cell)
        if self._first <= row <= self._last or row in self._copies:
            return True
        known = column in self._columns or column in {self._input, self._remark}
        return opened or not known or (row > self._last and not self._foot_text(row, column, cell))

    def _number_in_words(self, column: int, cell: Cell) -> bool:
        return cell.kind is CellKind.NUMBER and cell.formula is None and self._columns.get(column) in _NEVER_NUMBERS

    def _foot_text(self, row: int, column: int, cell: Cell) -> bool:
        """Tell whether a cell below the form is the seal's or the marker's line."""
        return cell.kind is CellKind.TEXT and self._columns.get(column) in _FOOT and row <= self._last + 2


def merge_findings(sheet: Sheet, cells: Mapping[Path, CellRef], language: str) -> Iterator[Finding]:
    """Yield a finding for every merged range that touches an input.

    Args:
        sheet: the sheet.
        cells: path → input cell; those of other sheets are passed over.
        language: ``zh`` or ``en``.
    """
    inputs = {(ref.row, ref.column): path for path, ref in cells.items() if ref.sheet == sheet.title}
    for first_row, first_column, last_row, last_column in sheet.merges:
        touched = [
            (place, path)
            for place, path in inputs.items()
            if first_row <= place[0] <= last_row and first_column <= place[1] <= last_column
        ]
        if not touched or (first_row, first_column) == (last_row, last_column):
            continue
        refs = [CellRef(sheet.title, *place) for place, _ in touched]
        harmless = len(touched) == 1 and touched[0][0] == (first_row, first_column)
        yield signal(
            "L19" if harmless else "L18",
            language,
            key=touched[0][1],
            cell=refs[0],
            cells=join_addresses(refs, language),
        )
