"""The sheet of a table field as it came back: its columns by key, head and name, its rows from head to end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gwxl.characters import is_blank
from gwxl.form.headings import heading_key
from gwxl.form.labels import normalise_label
from gwxl.form.layout import TableArea, end_of
from gwxl.form.parts import Column
from gwxl.intake.locating.defined_names import Names, compare, names_for
from gwxl.intake.locating.grid import is_helper_column
from gwxl.intake.locating.identity import text_at
from gwxl.intake.locating.landmarks import Captions
from gwxl.intake.locating.shifted_columns import Feet, Locks
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import join_addresses, quotable, signal
from gwxl.spreadsheets.book import Book, Sheet
from gwxl.wording import text

_ROOMY = 1000  # rows; beyond them only filled ones are numbered, so that a far end row costs nothing
_Line = Mapping[str, tuple[int, ...]]  # column key → the sheet columns it was seen in, in one row


@dataclass(kw_only=True)
class TablePlacing:
    """A search for the cells of one table field on one sheet."""

    area: TableArea
    captions: Captions
    names: Names
    language: str
    columns: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _placed: bool = False

    @property
    def sheet(self) -> Sheet:
        """Return the sheet."""
        return self.captions.sheet

    @cached_property
    def score(self) -> int:
        """Return how many columns of the table this sheet has by key or by head, the better of the two."""
        return max(len(self._key_line[1]), len(self._head_line[1]))

    @property
    def heads_found(self) -> int:
        """Return how many of the table's heads stand in one row."""
        return len(self._head_line[1])

    @property
    def fits(self) -> bool:
        """Tell whether at least half of the table's columns are here."""
        return self.score * 2 >= len(self.area.field.columns)

    @cached_property
    def rank(self) -> tuple[bool, int]:
        """Return how surely this is the table's sheet: it bears the table's own key, and so many of its columns.

        Tables of one form may have columns of the same keys and heads.
        """
        return heading_key(self.area.field.key) in self.captions.plain.values(), self.score

    def place(self) -> None:
        """Place every column, then compare names and look below the end row; once is enough."""
        if self._placed:
            return
        self._placed = True
        for column in self.area.field.columns:
            self._place_column(column)
        self._compare_names()
        self._look_around()

    @cached_property
    def touched(self) -> bool:
        """Tell whether something was typed into the table or beside it."""
        self.place()
        return any(map(self._is_typed, self._filled)) or next(self._find_beside(), None) is not None

    @property
    def cells(self) -> Mapping[Path, CellRef]:
        """Return path → cell of every row from head to end, rows counted from 1."""
        return {
            self.area.path(number, key): self._ref(row, column)
            for number, row in enumerate(self._rows, 1)
            for key, column in self.columns.items()
        }

    def _ref(self, row: int, column: int) -> CellRef:
        return CellRef(self.sheet.title, row, column)

    def _say(self, id_: str, *, cell: CellRef | None = None, **arguments: Any) -> None:
        label = {"label": self.area.field.label, **arguments}
        self.findings.append(signal(id_, self.language, cell=cell, **label))

    @cached_property
    def _key_line(self) -> tuple[int, _Line]:
        spellings = {column.key: column.key for column in self.area.field.columns}
        spellings |= {path: path.part for path in self.area.field.inner}
        return self._choose_line(spellings, self.captions.plain)

    @cached_property
    def _head_line(self) -> tuple[int, _Line]:
        spellings = {label: column.key for column in self.area.field.columns for label in _labels(column)}
        line = self._choose_line(spellings, self.captions.normal, besides=self._key_line[0])
        return line if line[1] else self._choose_line(spellings, self.captions.normal)

    def _choose_line(
        self,
        spellings: Mapping[str, str],
        texts: Mapping[tuple[int, int], str],
        besides: int = 0,
    ) -> tuple[int, _Line]:
        lines: dict[int, dict[str, list[int]]] = {}
        for (row, column), found in texts.items():
            key = spellings.get(found)
            if key is not None and row != besides:
                lines.setdefault(row, {}).setdefault(key, []).append(column)
        best = max(lines.items(), key=lambda item: (len(item[1]), -item[0]), default=(0, {}))
        return best[0], {key: tuple(sorted(columns)) for key, columns in best[1].items()}

    def _name_of(self, key: str) -> str:
        return Path(self.area.field.key, key).defined_name

    def _place_column(self, column: Column) -> None:
        keyed, headed = self._key_line[1].get(column.key, ()), self._head_line[1].get(column.key, ())
        named = self.names.cells.get(self._name_of(column.key))
        if len(keyed) == 1:
            self.columns[column.key] = keyed[0]
            self._check_head(column, keyed[0])
        elif len(headed) == 1 and not self._has_other_key(headed[0]):
            self.columns[column.key] = headed[0]
        elif named is not None and named.sheet == self.sheet.title and named.column in (keyed or headed):
            self.columns[column.key] = named.column
        else:
            self._say("L21", column=column.label)

    def _has_other_key(self, column: int) -> bool:
        return any(column in found for found in self._key_line[1].values())

    def _check_head(self, column: Column, place: int) -> None:
        cell = self._ref(self.head_row, place)
        if normalise_label(text_at(self.sheet, cell.row, place)) in _labels(column):
            return
        others = [other for other, found in self._head_line[1].items() if place in found]
        typed = self.sheet.cells.get((cell.row, place))
        found = quotable(typed.text if typed is not None else "", self.language)
        self._say("L06" if others else "L05", cell=cell, expected=column.label, found=found)

    @cached_property
    def head_row(self) -> int:
        """Return the row of the heads; where no head is left, the row the names or the key row give."""
        if self._head_line[1]:
            return self._head_line[0]
        named = [self.names.cells.get(self._name_of(column.key)) for column in self.area.field.columns]
        rows = [cell.row for cell in named if cell is not None and cell.sheet == self.sheet.title]
        return max(rows, key=rows.count) if rows else self._key_line[0] + 1

    @cached_property
    def _end_rows(self) -> tuple[int, ...]:
        """Return the first row that bears the end's key and the first that bears its words."""
        key, words = heading_key(end_of(self.area.field)), normalise_label(text("table.end", self.language))
        keyed = [row for (row, _), found in self.captions.plain.items() if found == key and row > self.head_row]
        worded = [row for (row, _), found in self.captions.normal.items() if found == words and row > self.head_row]
        return tuple(min(rows) for rows in (keyed, worded) if rows)

    @cached_property
    def end_row(self) -> int | None:
        """Return the locked row that ends the table, None where it is lost."""
        named = self.names.cells.get(end_of(self.area.field).defined_name)
        if not self._end_rows and named is not None and named.sheet == self.sheet.title and named.row > self.head_row:
            return named.row
        # Where all inputs moved together, their own end counts and not that of the hidden keys beside them.
        return self._end_rows[-1] if self._end_rows and self._feet.level else min(self._end_rows, default=None)

    @cached_property
    def _feet(self) -> Feet:
        return Feet.find(self.area, self.columns, self.captions.plain, self.head_row)

    @cached_property
    def locks(self) -> Locks:
        """Return the lock flags of the last rows."""
        return Locks(sheet=self.sheet, columns=self._filled_in, head_row=self.head_row, end_row=self.end_row or 0)

    @cached_property
    def _filled_in(self) -> Mapping[str, int]:
        """Return the columns that are not calculated."""
        asked = self.area.field
        return {key: place for key, place in self.columns.items() if not asked.column(key).is_calculated}

    @cached_property
    def _filled(self) -> tuple[tuple[int, int], ...]:
        places = set(self.columns.values())
        calculated = places - set(self._filled_in.values())
        return tuple(
            sorted(
                (row, column)
                for (row, column), cell in self.sheet.cells.items()
                if column in places and row > self.head_row and (row, column) not in self._feet.places
                if not is_blank(cell.text) or cell.formula is not None
                if cell.formula is None or column not in calculated
            )
        )

    @cached_property
    def _rows(self) -> tuple[int, ...]:
        filled = sorted({row for row, _ in self._filled})
        end = self.end_row or (filled[-1] + 1 if filled else self.head_row + 1)
        every = range(self.head_row + 1, end)
        return tuple(every) if len(every) <= _ROOMY else tuple(row for row in filled if row < end)

    def _compare_names(self) -> None:
        if not self.names.cells:
            return
        expected = {self._name_of(key): self._ref(self.head_row, column) for key, column in self.columns.items()}
        moves = compare(self.names, expected)
        if moves.together:
            at, to = min(moves.moved.values())
            self._say("L10", cell=at, count=len(moves.moved), named=to, lost=len(moves.lost))
        else:
            for at, to in moves.moved.values():
                self._say("L09", cell=at, named=to)

    def _look_around(self) -> None:
        self._look_for_hidden()
        if self.end_row is None:
            self._say("L22", cell=self._ref(self._rows[-1] if self._rows else self.head_row, 1))
            return
        first = min(self.columns.values(), default=0)
        below = [self._ref(*place) for place in self._filled if place[0] >= self.end_row and self._is_typed(place)]
        if below:
            self._say("L23", cell=below[0], cells=join_addresses(below, self.language))
        if beside := sorted(self._find_beside()):
            self._say("L17", cell=beside[0], cells=join_addresses(beside, self.language))
        if self._column_shifted():
            self._say("L25", cell=self._ref(self.end_row, first))

    def _is_typed(self, place: tuple[int, int]) -> bool:
        """Tell whether what stands at a place is not the printed end of the table."""
        return self.captions.normal.get(place) != normalise_label(text("table.end", self.language))

    def _find_beside(self) -> Iterator[CellRef]:
        """Yield the cells from the heads down that stand under no head of ours."""
        heads = {normalise_label(text(f"column.{name}", self.language)) for name in ("number", "check", "review")}
        captions = self.captions.normal.items()
        printed = {column for (row, column), found in captions if row == self.head_row and found in heads}
        known = printed | set(self.columns.values())
        for (row, column), cell in self.sheet.cells.items():
            ours = column in known or is_helper_column(column)
            outside = row >= self.head_row and row not in self._end_rows and not ours
            if outside and not is_blank(cell.text) and not self.area.is_row_key(cell.text):
                yield self._ref(row, column)

    def _look_for_hidden(self) -> None:
        """Say what stands where nobody sees it: in hidden rows, or on a hidden sheet."""
        every = self.sheet.state != "visible"
        hidden = [self._ref(*place) for place in self._filled if every or place[0] in self.sheet.hidden_rows]
        if inside := [ref for ref in hidden if self.end_row is None or ref.row < self.end_row]:
            self._say("L41", cell=inside[0], cells=join_addresses(inside, self.language))

    def _column_shifted(self) -> bool:
        """Tell whether cells of one column were pushed or pulled: its foot or its locks stand off the others'."""
        apart = len(set(self._end_rows)) > 1 and not self._feet.level
        return self._feet.uneven or self.locks.broken or apart


def _labels(column: Column) -> frozenset[str]:
    return frozenset({normalise_label(column.label), normalise_label(column.label + column.unit)})


def table_sheets(book: Book, area: TableArea, sheets: Iterable[Captions], language: str) -> tuple[TablePlacing, ...]:
    """Return a placing for each sheet that bears most of a table's columns, in workbook order."""

    def place(captions: Captions, *, alone: bool) -> TablePlacing:
        names = names_for(book, frozenset(area.names), captions.sheet.title, alone=alone)
        return TablePlacing(area=area, captions=captions, names=names, language=language)

    found = [one for one in (place(captions, alone=False) for captions in sheets) if one.fits]
    best = max((one.rank for one in found), default=None)
    found = [one for one in found if one.rank == best]
    return (place(found[0].captions, alone=True),) if len(found) == 1 else tuple(found)
