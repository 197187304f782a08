"""The sheet of a matrix as it came back: its rows by key and label, its columns by key and head, its cells by name."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gwxl.characters import is_blank
from gwxl.form.definition import Form
from gwxl.form.headings import heading_key
from gwxl.form.labels import normalise_label
from gwxl.form.matrices.area import MatrixArea
from gwxl.form.matrix import Line
from gwxl.intake.locating.defined_names import Names, compare, names_for
from gwxl.intake.locating.identity import text_at
from gwxl.intake.locating.landmarks import Captions
from gwxl.intake.locating.shifted_columns import Locks
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import join_addresses, quotable, signal
from gwxl.spreadsheets.book import Book, Sheet
from gwxl.wording import text

_Seen = Mapping[str, tuple[int, ...]]  # key of a row, or of a column → where it was seen


@dataclass(kw_only=True)
class MatrixPlacing:
    """A search for the cells of one matrix on one sheet.

    Attributes:
        rows, columns: key → where it stands, of those that were found.
    """

    area: MatrixArea
    form: Form
    captions: Captions
    names: Names
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _placed: bool = False

    @property
    def sheet(self) -> Sheet:
        """Return the sheet."""
        return self.captions.sheet

    @property
    def locks(self) -> Locks:
        """Return the lock flags, of which a matrix asks nothing."""
        return Locks(sheet=self.sheet, columns={}, head_row=0, end_row=0)

    @cached_property
    def score(self) -> int:
        """Return how many rows and columns of the matrix this sheet has by key or by label, the better of the two."""
        return max(len(self._row_keys) + len(self._column_keys), len(self._row_labels) + len(self._column_labels))

    @property
    def fits(self) -> bool:
        """Tell whether at least half of the rows and columns are here."""
        return self.score * 2 >= len(self.area.matrix.rows) + len(self.area.matrix.columns)

    @cached_property
    def rank(self) -> tuple[bool, int]:
        """Return how surely this is the sheet of the matrix: it bears its own key, and so many rows and columns."""
        return heading_key(self.area.field.key) in self.captions.plain.values(), self.score

    def place(self) -> None:
        """Place every row and column, then compare names and look beside the cells; once is enough."""
        if self._placed:
            return
        self._placed = True
        for line in self.area.matrix.columns:
            self._place(line, self.columns, self._column_keys, self._column_labels, across=True)
        for line in self.area.matrix.rows:
            self._place(line, self.rows, self._row_keys, self._row_labels, across=False)
        self._tell_missing()
        self._compare_names()
        self._look_around()

    @cached_property
    def touched(self) -> bool:
        """Tell whether something was typed into the matrix."""
        self.place()
        asked = [ref for path, ref in self.cells.items() if not self.form.fields[path].is_calculated]
        return any(self._is_filled(ref.row, ref.column) for ref in asked)

    @property
    def cells(self) -> Mapping[Path, CellRef]:
        """Return path → cell, of the rows and columns that were found."""
        return {
            self.area.matrix.path(row, column): self._ref(self.rows[row.key], self.columns[column.key])
            for row, column in self.area.matrix.cells
            if row.key in self.rows and column.key in self.columns
        }

    def _ref(self, row: int, column: int) -> CellRef:
        return CellRef(self.sheet.title, row, column)

    def _say(self, id_: str, *, key: Path | None = None, cell: CellRef | None = None, **arguments: Any) -> None:
        self.findings.append(signal(id_, self.form.language, key=key, cell=cell, **arguments))

    # where keys and labels stand

    @cached_property
    def _row_keys(self) -> _Seen:
        spellings = {self.area.key_of(line): line.key for line in self.area.matrix.rows}
        return _fullest(self.captions.plain, spellings, across=False)

    @cached_property
    def _column_keys(self) -> _Seen:
        spellings = {line.key: line.key for line in self.area.matrix.columns}
        return _fullest(self.captions.plain, spellings, across=True)

    @cached_property
    def _row_labels(self) -> _Seen:
        """Return the key of each row → the rows that bear its label, under its heads where others bear it too."""
        return self._labelled(self.area.matrix.rows, across=False)

    @cached_property
    def _column_labels(self) -> _Seen:
        return self._labelled(self.area.matrix.columns, across=True)

    def _labelled(self, lines: Sequence[Line], *, across: bool) -> _Seen:
        """Return the key of each line → where its label stands; heads stand before what they are over."""
        found: dict[str, tuple[int, ...]] = {}
        for line in lines:
            places = self._find(line.words, across=across) or self._find(line.label, across=across)
            for level in reversed(line.heads) if len(places) > 1 else ():
                before = self._find(level.words, across=across)
                last = max((place for place in before if place <= min(places)), default=None)
                between = [one for one in places if last is not None and one >= last]
                places = tuple(between[:1]) or places
            if places:
                found[line.key] = places
        return found

    def _find(self, words: str, *, across: bool) -> tuple[int, ...]:
        return self._places_of[across].get(normalise_label(words), ())

    @cached_property
    def _places_of(self) -> tuple[Mapping[str, tuple[int, ...]], Mapping[str, tuple[int, ...]]]:
        """Return label → the rows, and the columns, that it stands in."""
        rows: dict[str, set[int]] = {}
        columns: dict[str, set[int]] = {}
        for (row, column), words in self.captions.normal.items():
            rows.setdefault(words, set()).add(row)
            columns.setdefault(words, set()).add(column)
        return (
            {words: tuple(sorted(found)) for words, found in rows.items()},
            {words: tuple(sorted(found)) for words, found in columns.items()},
        )

    # rows and columns

    def _place(self, line: Line, placed: dict[str, int], keyed: _Seen, labelled: _Seen, *, across: bool) -> None:
        keys, labels, named = keyed.get(line.key, ()), labelled.get(line.key, ()), self._named(line, across=across)
        taken = {place for places in keyed.values() for place in places}
        free = [place for place in labels if place not in taken and place not in placed.values()]
        if len(keys) == 1:
            placed[line.key] = keys[0]
            self._check_label(line, keys[0], across=across)
        elif keys and named in keys:
            placed[line.key] = named
        elif not keys and len(free) == 1:
            placed[line.key] = free[0]
        elif not keys and named in free:
            placed[line.key] = named
        elif keys:
            places = [self._ref(1, place) if across else self._ref(place, 1) for place in keys]
            self._say(
                "L08",
                key=self._first(line, across=across),
                label=line.label,
                cells=join_addresses(places, self.form.language),
            )

    def _cells_of(self, line: Line, *, across: bool) -> list[Path]:
        return [self.area.matrix.path(*pair) for pair in self.area.matrix.cells if pair[across] is line]

    def _first(self, line: Line, *, across: bool) -> Path | None:
        return next(iter(self._cells_of(line, across=across)), None)

    def _named(self, line: Line, *, across: bool) -> int:
        """Return where most of the names of a line's cells stand, 0 for nowhere."""
        cells = (self.names.cells.get(path.defined_name) for path in self._cells_of(line, across=across))
        places = [one.column if across else one.row for one in cells if one and one.sheet == self.sheet.title]
        return Counter(places).most_common(1)[0][0] if places else 0

    def _check_label(self, line: Line, place: int, *, across: bool) -> None:
        """Say where a line that is found by its key bears another label, or that of another line."""
        words = {normalise_label(line.words), normalise_label(line.label)}
        here = {
            at: label
            for at, label in self.captions.normal.items()
            if at[across] == place and self._is_label(at, across)
        }
        if words & set(here.values()):
            return
        lines = self.area.matrix.columns if across else self.area.matrix.rows
        others = {normalise_label(one.words) for one in lines if one is not line} & set(here.values())
        at = max(here, default=(self._head_row, place) if across else (place, self._first_column - 1))
        found = quotable(text_at(self.sheet, *at), self.form.language)
        key = self._first(line, across=across)
        self._say("L06" if others else "L05", key=key, cell=self._ref(*at), expected=line.label, found=found)

    def _is_label(self, at: tuple[int, int], across: bool) -> bool:  # noqa: FBT001 - as an index above
        """Tell whether a place is among the labels of the columns, or of the rows."""
        return at[0] <= self._head_row if across else at[1] < self._first_column and at[0] > self._head_row

    @cached_property
    def _head_row(self) -> int:
        """Return the last row above the cells."""
        rows = [row for rows in (self._row_keys or self._row_labels).values() for row in rows]
        return min(rows, default=1) - 1

    @cached_property
    def _first_column(self) -> int:
        columns = [one for found in (self._column_keys or self._column_labels).values() for one in found]
        return min(columns, default=1)

    def _tell_missing(self) -> None:
        for path in self.area.cells.keys() - self.cells.keys():
            self._say("L03", key=path, label=self.form.label_path(path))

    # names and what stands beside

    def _compare_names(self) -> None:
        if not self.names.cells:
            return
        cells = self.cells
        paths = {path.defined_name: path for path in cells}
        moves = compare(self.names, {path.defined_name: cell for path, cell in cells.items()})
        if moves.together:
            name, (at, to) = min(moves.moved.items(), key=lambda item: item[1])
            label = self.form.label(paths[name])
            self._say("L10", cell=at, count=len(moves.moved), label=label, named=to, lost=len(moves.lost))
            return
        for name, (at, to) in moves.moved.items():
            self._say("L09", key=paths[name], cell=at, label=self.form.label(paths[name]), named=to)
        if moves.lost:
            lost = sorted(cells[paths[name]] for name in moves.lost)
            self._say("L11", cells=join_addresses(lost, self.form.language))

    def _look_around(self) -> None:
        closed = sorted(
            self._ref(self.rows[row], self.columns[column])
            for row, column in self.area.matrix.closed
            if row in self.rows and column in self.columns and self._is_filled(self.rows[row], self.columns[column])
        )
        if closed:
            self._say(
                "L43", cell=closed[0], label=self.area.field.label, cells=join_addresses(closed, self.form.language)
            )
        if beside := sorted(self._find_beside()):
            self._say("L17", cell=beside[0], cells=join_addresses(beside, self.form.language))
        every = self.sheet.state != "visible"
        cells = [ref for ref in self.cells.values() if every or ref.row in self.sheet.hidden_rows]
        if hidden := sorted(ref for ref in cells if self._is_filled(ref.row, ref.column)):
            self._say(
                "L41", cell=hidden[0], label=self.area.field.label, cells=join_addresses(hidden, self.form.language)
            )

    def _is_filled(self, row: int, column: int) -> bool:
        cell = self.sheet.cells.get((row, column))
        return cell is not None and (not is_blank(cell.text) or cell.formula is not None)

    def _find_beside(self) -> Iterator[CellRef]:
        """Yield the cells, from the first row of the matrix down, that are none of ours."""
        heads = {normalise_label(text(f"column.{name}", self.form.language)) for name in ("check", "review")}
        printed = {at[1] for at, words in self.captions.normal.items() if words in heads and at[0] <= self._head_row}
        rows, columns = set(self.rows.values()), set(self.columns.values())
        if not rows or not columns:
            return
        for row, column in self.sheet.cells:
            label = column < min(columns) and row <= max(rows)
            ours = (row in rows and column in columns) or column in printed or label
            if row > self._head_row and not ours and self._is_filled(row, column):
                yield self._ref(row, column)


def _fullest(texts: Mapping[tuple[int, int], str], spellings: Mapping[str, str], *, across: bool) -> _Seen:
    """Return where keys stand in the one row, or column, that has most of them."""
    lines: dict[int, dict[str, list[int]]] = {}
    for at, found in texts.items():
        if found in spellings:
            line, place = (at[0], at[1]) if across else (at[1], at[0])
            lines.setdefault(line, {}).setdefault(spellings[found], []).append(place)
    best = max(lines.items(), key=lambda item: (len(item[1]), -item[0]), default=(0, {}))
    return {key: tuple(sorted(places)) for key, places in best[1].items()}


def matrix_sheets(book: Book, area: MatrixArea, sheets: Iterable[Captions], form: Form) -> tuple[MatrixPlacing, ...]:
    """Return a placing for each sheet that bears most of a matrix's rows and columns, in workbook order."""

    def place(captions: Captions, *, alone: bool) -> MatrixPlacing:
        names = names_for(book, frozenset(area.names), captions.sheet.title, alone=alone)
        return MatrixPlacing(area=area, form=form, captions=captions, names=names)

    found = [one for one in (place(captions, alone=False) for captions in sheets) if one.fits]
    best = max((one.rank for one in found), default=None)
    found = [one for one in found if one.rank == best]
    return (place(found[0].captions, alone=True),) if len(found) == 1 else tuple(found)
