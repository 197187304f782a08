"""A matrix of a form: rows and columns, which may stand under heads, and in each cell an answer of one kind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gwxl.form.kinds import Aggregate, Kind
from gwxl.records.path import Path

OVER_TOTALS = ("sum", "formula")
"""What may stand where a total crosses a row or column that is worked out."""

EVERY = "*"
"""In ``sum``: every row, or every column, that is no total itself; after a head and a dot, those under it."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row or one column of a matrix.

    Attributes:
        heads: the number and label of each head it stands under, the outermost first, with its key.
        sums: the keys of the rows, or columns, it adds up; empty for one that is no total.
        typed: a total that is filled in and compared, not calculated.
        formula: what its cells are worked out by, from the cells beside them, rounded to ``decimals``.
        totals: what stands where a total crosses it: ``sum`` of its cells, or its ``formula`` over the totals.
        aggregate: how its cells are added up over sites, where they are worked out.
    """

    key: str
    label: str
    number: str = ""
    heads: tuple["Head", ...] = ()
    sums: tuple[str, ...] = ()
    typed: bool = False
    formula: str = ""
    decimals: int = 2
    totals: str = ""
    aggregate: Aggregate = Aggregate.NONE

    @property
    def words(self) -> str:
        """Return number and label as they stand in the form."""
        return self.number + self.label

    @property
    def levels(self) -> tuple["Head | Line", ...]:
        """Return its heads and itself."""
        return (*self.heads, self)


@dataclass(frozen=True, kw_only=True)
class Head:
    """A head over some rows or columns."""

    key: str
    label: str
    number: str = ""

    @property
    def words(self) -> str:
        """Return number and label as they stand in the form."""
        return self.number + self.label


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The rows and columns of a matrix field and what its cells hold.

    Attributes:
        closed: row and column of each cell that is not asked.
    """

    key: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    kind: Kind
    unit: str = ""
    aggregate: Aggregate = Aggregate.NONE
    closed: frozenset[tuple[str, str]] = frozenset()

    def path(self, row: Line, column: Line) -> Path:
        """Return the path of a cell."""
        return Path(self.key, column.key, row.key)

    def named(self, place: str) -> tuple[tuple[Line, Line], ...]:
        """Return row and column of each cell, closed or not, that ``row.column`` names; ``*`` is every one."""
        keys = place.split(".")
        pairs = ((row, column) for row in self.rows for column in self.columns)
        return tuple(
            pair
            for pair in pairs
            if len(keys) == len(pair) and all(key in {EVERY, line.key} for key, line in zip(keys, pair, strict=True))
        )

    @cached_property
    def cells(self) -> tuple[tuple[Line, Line], ...]:
        """Return row and column of each cell that is asked or calculated, row by row."""
        pairs = ((row, column) for row in self.rows for column in self.columns)
        return tuple((row, column) for row, column in pairs if (row.key, column.key) not in self.closed)

    def operands(self, row: Line, column: Line) -> tuple[Path, ...]:
        """Return the cells that a cell adds up, none of them a total; empty for a cell that is no total."""
        if (not row.sums and not column.sums) or self.working(row, column):
            return ()
        rows = set(row.sums or (row.key,))
        columns = set(column.sums or (column.key,))
        found = (pair for pair in self.cells if pair[0].key in rows and pair[1].key in columns)
        return tuple(self.path(*pair) for pair in found)

    def working(self, row: Line, column: Line) -> Line | None:
        """Return the column, or else the row, by whose formula a cell is worked out; None where it is not."""
        for line, other in ((column, row), (row, column)):
            if line.formula and not (other.sums and line.totals == OVER_TOTALS[0]):
                return line
        return None

    def beside(self, path: Path) -> Mapping[str, Path]:
        """Return what the formula of a cell calls the cells beside it: key of their column, or row → their path."""
        row, column = self._places[path]
        if self.working(row, column) is column:
            return {one.key: self.path(row, one) for one in self.columns}
        return {one.key: self.path(one, column) for one in self.rows}

    def place_of(self, path: Path) -> str:
        """Return where the formula of a cell is declared, below the matrix: ``columns.share``."""
        row, column = self._places[path]
        return f"columns.{column.key}" if self.working(row, column) is column else f"rows.{row.key}"

    @cached_property
    def _places(self) -> Mapping[Path, tuple[Line, Line]]:
        return {self.path(*pair): pair for pair in self.cells}

    def label(self, row: Line, column: Line) -> str:
        """Return how a cell is called: row and column, each by as many heads as tell it from the others."""
        return f"{self.row_label(row)}·{self.column_label(column)}"

    def row_label(self, row: Line) -> str:
        """Return a label of a row that no other row of the matrix has."""
        return _tell_apart(row, self.rows)

    def column_label(self, column: Line) -> str:
        """Return a label of a column that no other column of the matrix has."""
        return _tell_apart(column, self.columns)


def _tell_apart(line: Line, every: Sequence[Line]) -> str:
    others = [one for one in every if one is not line]
    for depth in range(1, len(line.levels) + 1):
        label = _join(line, depth)
        if all(_join(one, depth) != label for one in others):
            return label
    return f"{line.number}{_join(line, len(line.levels))}"


def _join(line: Line, depth: int) -> str:
    return "-".join(level.label for level in line.levels[-depth:])


def under(lines: Sequence[Line], key: str) -> Iterator[Line]:
    """Yield the lines that are no totals: all of them, or those under the head of a key."""
    yield from (one for one in lines if not one.sums and (not key or key in {head.key for head in one.heads}))
