"""Place the inputs of one form sheet: key, label and defined name must agree, and nothing is guessed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gwxl.characters import is_blank
from gwxl.form.labels import normalise_label
from gwxl.form.layout import CHECKED, HEADS, Col, Row, RowKind
from gwxl.intake.locating.defined_names import Moves, Names, compare
from gwxl.intake.locating.grid import HEADINGS, Grid
from gwxl.intake.locating.identity import text_at
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import join_addresses, quotable, signal
from gwxl.rules.conditions.words import print_clause
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.wording import text

_OFFSET = Col.INPUT - Col.LABEL


@dataclass(kw_only=True)
class Placing:
    """A search for row and column of every input of a form sheet, and whatever disagrees.

    Attributes:
        rows: key of each layout row that was found → its row in the sheet.
        input_column: the column of the inputs, None where it cannot be told.
        remark_column: the column of the explanations, None where it cannot be told.
    """

    grid: Grid
    names: Names
    language: str
    rows: dict[str, int] = field(default_factory=dict)
    input_column: int | None = None
    remark_column: int | None = None
    findings: list[Finding] = field(default_factory=list)

    def place(self) -> None:
        """Place every row and the columns."""
        for row in self.grid.layout.rows:
            if row.key and (row.path is not None or row.kind in HEADINGS):
                self._place_row(row)
        self._place_columns()
        if self.input_column is not None:
            self._compare_names()
            self._look_for_strays()

    @property
    def cells(self) -> Mapping[Path, CellRef]:
        """Return path → input cell, of the inputs that were found."""
        column = self.input_column
        if column is None:
            return {}
        return {path: self.grid.ref(self.rows[path], column) for path in self.grid.layout.inputs if path in self.rows}

    @property
    def explanations(self) -> Mapping[Path, CellRef]:
        """Return path → its explanation cell, of the rows that were found."""
        column = self.remark_column
        if column is None:
            return {}
        found = [row for row in self.grid.layout.rows if row.kind in CHECKED and row.key in self.rows]
        return {row.about: self.grid.ref(self.rows[row.key], column) for row in found}

    def _say(self, id_: str, *, key: Path | None = None, cell: CellRef | None = None, **arguments: Any) -> None:
        self.findings.append(signal(id_, self.language, key=key, cell=cell, **arguments))

    # rows

    def _place_row(self, asked: Row) -> None:
        keyed = self.grid.keys.get(asked.key, ())
        if len(keyed) == 1:
            self._take(asked, keyed[0])
        elif keyed:
            self._choose(asked, keyed)
        else:
            self._place_keyless(asked)

    def _take(self, asked: Row, row: int) -> None:
        self.rows[asked.key] = row
        if self.grid.has_label(row, asked):
            return
        found = quotable(self.grid.read_typed_label(row), self.language)
        others = [other for other in self.grid.layout.rows if other.label and self.grid.has_label(row, other)]
        place = self.grid.ref(row, self.grid.label_column or 1)
        self._say("L06" if others else "L05", key=asked.path, cell=place, expected=asked.label, found=found)

    def _choose(self, asked: Row, rows: tuple[int, ...]) -> None:
        """Take the one of several rows with the same key that the defined name points to."""
        places = [self.grid.ref(row, self.grid.key_column or 1) for row in rows]
        named = self._row_by_name(asked)
        if named in rows:
            self._say(
                "L07", key=asked.path, cell=places[rows.index(named)], cells=join_addresses(places, self.language)
            )
            self._take(asked, named)
        elif asked.path is not None:
            self._say(
                "L08", key=asked.path, cell=places[0], label=asked.label, cells=join_addresses(places, self.language)
            )

    def _row_by_name(self, asked: Row) -> int:
        cell = self.names.cells.get(asked.path.defined_name) if asked.path else None
        return cell.row if cell is not None and cell.sheet == self.grid.sheet.title else 0

    def _place_keyless(self, asked: Row) -> None:
        free = [row for row in self.grid.labels.get(asked.key, ()) if row not in self.grid.key_rows]
        named = self._row_by_name(asked)
        known = named and named not in self.grid.key_rows and named not in self.rows.values()
        if len(free) == 1:
            self.rows[asked.key] = free[0]
        elif named in free:
            self.rows[asked.key] = named
        elif not free and known and self.grid.label_at(named):
            self._take(asked, named)
        else:
            self._tell_missing(asked)

    def _tell_missing(self, asked: Row) -> None:
        if asked.path is None:
            self._say("L26", label=asked.label)
        elif asked.path in self.grid.layout.form.surround:
            self._say("L04", label=asked.label)
        else:
            self._say("L03", key=asked.path, label=self.grid.layout.form.label_path(asked.path))

    # columns

    def _place_columns(self) -> None:
        self.input_column = self.grid.column(Col.INPUT)
        self.remark_column = self.grid.column(Col.REMARK)
        if self.input_column is None:
            self.input_column = self._column_by_name()
            self._say_no_head()
        if self.input_column is not None and not self.grid.heads:
            self.remark_column = self.input_column + Col.REMARK - Col.INPUT
        if self.remark_column is None:
            self._say("L27")

    def _say_no_head(self) -> None:
        """Say what stands where the head of the input column belongs, or where it stands twice."""
        row, column = self.grid.head_row, self.input_column
        expected = text(HEADS[Col.INPUT], self.language)
        twice = [self.grid.ref(row, place) for place in self.grid.heads.get(Col.INPUT, ())] if row else []
        if twice:
            state = text("head.twice", self.language, cells=join_addresses(twice, self.language))
        elif row and column:
            found = quotable(self.grid.read_typed(row, column), self.language)
            state = text("head.typed", self.language, cell=self.grid.ref(row, column), found=found)
        else:
            state = text("head.lost", self.language)
        self._say("L14", cell=self.grid.ref(row or 1, column or 1), expected=expected, state=state)

    def _column_by_name(self) -> int | None:
        columns = [cell.column for cell in self.names.cells.values() if cell.sheet == self.grid.sheet.title]
        if columns:
            return max(sorted(set(columns)), key=columns.count)
        return self.grid.label_column + _OFFSET if self.grid.label_column else None

    # names

    def _compare_names(self) -> None:
        expected = {path.defined_name: cell for path, cell in self.cells.items()}
        if not self.names.cells and self.grid.layout.inputs:
            self._say("L12")
            return
        moves = compare(self.names, expected)
        paths = {path.defined_name: path for path in self.cells}
        resorted = bool(moves.moved) and self._is_sorted(moves, expected)
        if resorted and all(self._complete(row) for row in self.grid.layout.inputs.values()):
            self._say("L13", cell=min(at for at, _ in moves.moved.values()), count=len(moves.moved))
        elif resorted or moves.together:
            name, (at, to) = min(moves.moved.items(), key=lambda item: item[1])
            label = self.grid.layout.form.label(paths[name])
            self._say("L10", cell=at, count=len(moves.moved), label=label, named=to, lost=len(moves.lost))
        else:
            for name, (at, to) in moves.moved.items():
                self._say("L09", key=paths[name], cell=at, label=self.grid.layout.form.label(paths[name]), named=to)
            self._tell_lost([(paths[name], expected[name]) for name in sorted(moves.lost, key=expected.__getitem__)])

    def _tell_lost(self, lost: Sequence[tuple[Path, CellRef]]) -> None:
        """Say which inputs have lost their names, each by itself where an input is gone: its answer may lie in one."""
        gone = self.grid.layout.inputs.keys() - self.cells.keys()
        for some in [[one] for one in lost] if gone else filter(None, [lost]):
            paths, cells = zip(*some, strict=True)
            self._say("L11", key=paths[0] if gone else None, operands=paths, cells=join_addresses(cells, self.language))

    def _is_sorted(self, moves: Moves, expected: Mapping[str, CellRef]) -> bool:
        """Tell whether rows changed places under names that stayed in form order, as sorting does."""
        if moves.lost or {cell for _, cell in moves.moved.values()} != {cell for cell, _ in moves.moved.values()}:
            return False
        named = [self.names.cells[name].row for name in expected]
        return named == sorted(named)

    def _complete(self, asked: Row) -> bool:
        """Tell whether unit and clause stand in the same row as the key: they were sorted along.

        The clause has to, though the input stands between key and unit: many rows have one unit. Where first keys and
        labels were sorted among those, then all but the clauses, only the clauses differ from an honest sort.
        """
        number = self.rows.get(asked.key)
        unit, clause = self.grid.column(Col.UNIT), self.grid.column(Col.INSTRUCTION)
        if number is None or asked.kind is not RowKind.INPUT or asked.field is None:
            return True
        if unit is None or clause is None:
            return False
        sheet = self.grid.sheet
        return (
            text_at(sheet, number, unit) == asked.field.unit
            and text_at(sheet, number, clause) == print_clause(self.grid.layout.form, asked).strip()
        )

    # values where no value belongs

    def _look_for_strays(self) -> None:
        strays = sorted(self._strays())
        if strays:
            self._say("L15", cell=strays[0], cells=join_addresses(strays, self.language))
        for row, ref, cell in self._heading_cells():
            if ref not in strays and row.field is not None and self._is_typed_over_pointer(row, cell):
                sheet = row.field.sheet or row.field.label
                self._say("L40", cell=ref, label=row.label, sheet=sheet, found=cell.text)
        if not self.names.cells and (strays or self._locks_shifted()):
            self._say("L16", cell=strays[0] if strays else None, cells=join_addresses(strays, self.language))

    def _heading_cells(self) -> Iterator[tuple[Row, CellRef, Cell]]:
        for row in self.grid.layout.rows:
            if row.kind in HEADINGS and row.key in self.rows and self.input_column is not None:
                ref = self.grid.ref(self.rows[row.key], self.input_column)
                cell = self.grid.sheet.cells.get((ref.row, ref.column))
                if cell is not None:
                    yield row, ref, cell

    def _strays(self) -> Iterator[CellRef]:
        for row, ref, cell in self._heading_cells():
            pointer = row.kind in {RowKind.TABLE, RowKind.CHOICES} and cell.kind is CellKind.TEXT and cell.locked
            printed = pointer or self._points_to_table(row, cell)
            if not printed and not (is_blank(cell.text) and cell.formula is None):
                yield ref

    def _points_to_table(self, row: Row, cell: Cell) -> bool:
        """Tell whether a cell holds the words that point elsewhere; not every program keeps locks."""
        sheets = [
            area.sheet for area in self.grid.layout.areas if row.field is not None and area.field.key == row.field.key
        ]
        words = {normalise_label(text("template.see_table", self.language, sheet=sheet)) for sheet in sheets}
        if row.kind is RowKind.CHOICES:
            words.add(normalise_label(text("layout.tick_below", self.language)))
        return normalise_label(cell.text) in words

    def _is_typed_over_pointer(self, row: Row, cell: Cell) -> bool:
        return row.kind is RowKind.TABLE and not is_blank(cell.text) and not self._points_to_table(row, cell)

    def _locks_shifted(self) -> bool:
        """Tell whether lock flags moved: a heading's cell is open where an input's is locked."""
        open_headings = any(not cell.locked for _, _, cell in self._heading_cells())
        cells = self.grid.sheet.cells
        return open_headings and any(
            cells[ref.row, ref.column].locked for ref in self.cells.values() if (ref.row, ref.column) in cells
        )
