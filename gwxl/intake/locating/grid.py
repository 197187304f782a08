"""One form sheet as it came back: where its columns are, which keys and labels stand in which row."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from gwxl.characters import trim
from gwxl.form.labels import normalise_label
from gwxl.form.layout import HEADS, Col, Layout, Row, RowKind
from gwxl.intake.locating.landmarks import Captions
from gwxl.records.cell import CellRef
from gwxl.spreadsheets.book import Sheet

HEADINGS = frozenset({RowKind.SECTION, RowKind.GROUP, RowKind.CHOICES, RowKind.TABLE})
_HELPER_FIRST, _HELPER_LAST = 27, 200  # of layout 1; .xls ends at 256
_ENOUGH = 3  # a third of the keys or labels makes a sheet this form's
_Place = tuple[str, str, str]  # keys of section, group and choices field a row stands under


def is_helper_column(column: int) -> bool:
    """Tell whether a column held helpers in layout 1, even where one or two columns were added or taken before it."""
    return _HELPER_FIRST <= column <= _HELPER_LAST


def may_lack_head(name: Col, heads: Collection[int]) -> bool:
    """Tell whether a column that no head is found of may be there; earlier workbooks had no column 待填."""
    return name is not Col.PENDING or not heads


@dataclass(frozen=True)
class Grid:
    """One sheet as a layout reads it; rows and columns count from 1."""

    captions: Captions
    layout: Layout

    @cached_property
    def key_column(self) -> int | None:
        """Return the column that holds most of the layout's keys, None if none holds a third of them."""
        known = {row.key for row in self.layout.rows if row.key}
        return _fullest(self.captions.plain.items(), known, None)

    @cached_property
    def label_column(self) -> int | None:
        """Return the column that holds most of the layout's labels, None if none holds a third of them."""
        known = {label for row in self._labelled for label in labels_of(row)}
        return _fullest(self._normal.items(), known, self.key_column)

    @cached_property
    def _labelled(self) -> tuple[Row, ...]:
        return tuple(row for row in self.layout.rows if row.label and (row.path or row.kind in HEADINGS))

    @property
    def sheet(self) -> Sheet:
        """Return the sheet."""
        return self.captions.sheet

    @property
    def _normal(self) -> Mapping[tuple[int, int], str]:
        return self.captions.normal

    @cached_property
    def keys(self) -> Mapping[str, tuple[int, ...]]:
        """Return key → the rows it stands in."""
        known = {row.key for row in self.layout.rows if row.key}
        rows: dict[str, list[int]] = defaultdict(list)
        for (row, column), key in self.captions.plain.items():
            if column == self.key_column and key in known:
                rows[key].append(row)
        return {key: tuple(sorted(found)) for key, found in rows.items()}

    @cached_property
    def key_rows(self) -> frozenset[int]:
        """Return every row that holds a key."""
        return frozenset(row for rows in self.keys.values() for row in rows)

    def label_at(self, row: int) -> str:
        """Return the normalised label of a row, else what its number column says."""
        if self.label_column is None:
            return ""
        label = self._normal.get((row, self.label_column), "")
        return label or self._normal.get((row, self.label_column - 1), "")

    def read_typed_label(self, row: int) -> str:
        """Return what stands where :meth:`label_at` looks, as it was typed."""
        column = self.label_column or 0
        typed = self.read_typed(row, column)
        return typed if self._normal.get((row, column)) else self.read_typed(row, column - 1) or typed

    def read_typed(self, row: int, column: int) -> str:
        """Return what stands in a cell, whatever it is, without blanks around it."""
        cell = self.sheet.cells.get((row, column))
        return trim(cell.text) if cell is not None else ""

    def has_label(self, row: int, asked: Row) -> bool:
        """Tell whether a row bears the label of a layout row, its number before it or not."""
        return self.label_at(row) in labels_of(asked)

    @cached_property
    def labels(self) -> Mapping[str, tuple[int, ...]]:
        """Return row key → the rows that bear its label under its section, group and choices heading."""
        index: dict[tuple[_Place, str], list[Row]] = defaultdict(list)
        for row, place in _places(self.layout):
            for label in labels_of(row):
                index[place, label].append(row)
        return self._walk(index)

    def _walk(self, index: Mapping[tuple[_Place, str], list[Row]]) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, list[int]] = defaultdict(list)
        under: _Place = ("", "", "")
        for number in sorted({row for row, _ in self._normal}):
            label = self.label_at(number)
            for place in _outward(under):
                for row in self._keep_numbered(index.get((place, label), []), number):
                    found[row.key].append(number)
                    under = _enter_row(row, place) if row.kind in HEADINGS else under
                if (place, label) in index:
                    break
        return {key: tuple(rows) for key, rows in found.items()}

    def _keep_numbered(self, rows: list[Row], number: int) -> list[Row]:
        if len(rows) <= 1 or self.label_column is None:
            return rows
        printed = self._normal.get((number, self.label_column - 1), "")
        return [row for row in rows if normalise_label(row.label_number) == printed]

    @cached_property
    def score(self) -> float:
        """Return which share of the inputs and tables has its key or its label here, the better of the two."""
        asked = [row.key for row in self.layout.rows if row.path is not None or row.kind is RowKind.TABLE]
        keyed, labelled = (sum(key in found for key in asked) for found in (self.keys, self.labels))
        return max(keyed, labelled) / max(1, len(asked))

    @cached_property
    def heads(self) -> Mapping[Col, tuple[int, ...]]:
        """Return column → the sheet columns that bear its head, in the row of the heads."""
        if self.head_row is None:
            return {}
        columns: dict[Col, list[int]] = defaultdict(list)
        for (row, column), normal in self._normal.items():
            if row == self.head_row:
                for name in self._head_names.get(normal, ()):
                    columns[name].append(column)
        return {name: tuple(sorted(found)) for name, found in columns.items()}

    @cached_property
    def _head_names(self) -> Mapping[str, tuple[Col, ...]]:
        texts = {name: normalise_label(self.layout.form.say(key)) for name, key in HEADS.items()}
        return {normal: tuple(name for name in texts if texts[name] == normal) for normal in texts.values()}

    @cached_property
    def head_row(self) -> int | None:
        """Return the row that bears most of the column heads, at least three of them."""
        counts = Counter(row for (row, _), normal in self._normal.items() if normal in self._head_names)
        row, times = max(counts.items(), key=lambda item: (item[1], -item[0]), default=(0, 0))
        return row if times >= _ENOUGH else None

    def column(self, name: Col) -> int | None:
        """Return the sheet column of a head, None where it is lost or stands twice."""
        found = self.heads.get(name, ())
        return found[0] if len(found) == 1 else None

    def ref(self, row: int, column: int) -> CellRef:
        """Return a cell of this sheet."""
        return CellRef(self.sheet.title, row, column)


def labels_of(row: Row) -> frozenset[str]:
    """Return the normalised texts that count as the label of a row: bare, or with its number before it."""
    return frozenset({normalise_label(row.label), normalise_label(f"{row.label_number}、{row.label}")}) - {""}


def _fullest(texts: Iterable[tuple[tuple[int, int], str]], known: set[str], besides: int | None) -> int | None:
    columns: dict[int, set[str]] = defaultdict(set)
    for (_, column), found in texts:
        if found in known and column != besides:
            columns[column].add(found)
    best = max(columns.items(), key=lambda item: (len(item[1]), -item[0]), default=None)
    return best[0] if best and len(best[1]) * _ENOUGH >= len(known) else None


def _places(layout: Layout) -> Iterable[tuple[Row, _Place]]:
    under: _Place = ("", "", "")
    for row in layout.rows:
        if row.kind in HEADINGS:
            place = _home(row, under)
            under = _enter_row(row, place)
            yield row, place
        elif row.path is not None and row.label:
            yield row, _home(row, under)


def _home(row: Row, under: _Place) -> _Place:
    """Return what a layout row stands under: its own declaration tells, not the row above."""
    if row.kind is RowKind.SECTION or (row.section is None and row.kind is not RowKind.GROUP):
        return ("", "", "")
    if row.kind is RowKind.GROUP:
        return (under[0], "", "")
    field = row.field
    inside = row.kind is RowKind.INPUT and row.about.part
    return (row.section.key if row.section else "", field.group if field else "", field.key if field and inside else "")


def _enter_row(row: Row, place: _Place) -> _Place:
    if row.kind is RowKind.SECTION:
        return (row.about, "", "")
    if row.kind is RowKind.GROUP:
        return (place[0], row.about.part, "")
    return (place[0], place[1], row.about) if row.kind is RowKind.CHOICES else place


def _outward(under: _Place) -> Iterable[_Place]:
    section, group, choices = under
    return dict.fromkeys([under, (section, group, ""), (section, "", choices), (section, "", ""), ("", "", "")])
