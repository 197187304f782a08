"""Where a matrix stands on its sheet: labels and cells, keyed in a hidden column and a hidden row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gwxl.form.definition import Field
from gwxl.form.matrix import Head, Line, Matrix
from gwxl.records.cell import CellRef
from gwxl.records.path import Path

_LABELS = 2  # the first column of row labels; the one before holds the keys
_KEY_ROW = 3


@dataclass(frozen=True, kw_only=True)
class Caption:
    """A label of a matrix and the cells it spans, rows and columns counted from 1."""

    words: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, kw_only=True)
class MatrixArea:
    """The place of a matrix field on a sheet of its own.

    Column A keys the rows, the hidden row 3 the columns. The heads of the rows stand side by side, those of the columns
    one below the other, merged over what stands under them.
    """

    field: Field
    sheet: str

    @property
    def matrix(self) -> Matrix:
        """Return the rows and columns."""
        assert self.field.matrix is not None  # noqa: S101 - the fields of an area are those that have one
        return self.field.matrix

    @cached_property
    def head_depth(self) -> int:
        """Return how many rows the heads of the columns take."""
        return max(len(line.levels) for line in self.matrix.columns)

    @cached_property
    def label_depth(self) -> int:
        """Return how many columns the labels of the rows take."""
        return max(len(line.levels) for line in self.matrix.rows)

    @property
    def key_row(self) -> int:
        """Return the hidden row of the keys of the columns."""
        return _KEY_ROW

    @property
    def head_row(self) -> int:
        """Return the last row of heads."""
        return _KEY_ROW + self.head_depth

    @property
    def first_column(self) -> int:
        """Return the first column of cells."""
        return _LABELS + self.label_depth

    @property
    def last_column(self) -> int:
        """Return the last column of cells."""
        return self.first_column + len(self.matrix.columns) - 1

    @property
    def last_row(self) -> int:
        """Return the last row of cells."""
        return self.head_row + len(self.matrix.rows)

    @property
    def check_column(self) -> int:
        """Return the column of the live check of a row, right of the cells."""
        return self.last_column + 1

    @property
    def review_column(self) -> int:
        """Return the column of what was found in a row, in a workbook that is sent back."""
        return self.check_column + 1

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Return the key of a row → where it stands."""
        return {line.key: number for number, line in enumerate(self.matrix.rows, self.head_row + 1)}

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Return the key of a column → where it stands."""
        return {line.key: number for number, line in enumerate(self.matrix.columns, self.first_column)}

    def key_of(self, line: Line) -> str:
        """Return what keys a row."""
        return Path(self.field.key, row=line.key)

    def row_key(self, path: Path) -> str:
        """Return what keys the row of a cell."""
        return path.rpartition(".")[0]

    @cached_property
    def cells(self) -> Mapping[Path, CellRef]:
        """Return path → cell, row by row; closed ones are left out."""
        return {
            self.matrix.path(row, column): CellRef(self.sheet, self.rows[row.key], self.columns[column.key])
            for row, column in self.matrix.cells
        }

    @property
    def names(self) -> Mapping[str, CellRef]:
        """Return defined name → cell, of every cell."""
        return {path.defined_name: cell for path, cell in self.cells.items()}

    @property
    def closed(self) -> Iterator[tuple[int, int]]:
        """Yield row and column of each cell that is not asked."""
        yield from ((self.rows[row], self.columns[column]) for row, column in sorted(self.matrix.closed))

    @cached_property
    def row_captions(self) -> tuple[Caption, ...]:
        """Return the labels of the rows, a head over all of its rows; the last one of a row fills what is left."""
        found = _captions(self.matrix.rows)
        first, last = self.head_row + 1, self.first_column - 1
        return tuple(
            Caption(
                words=level.words,
                first_row=first + start,
                last_row=first + end,
                first_column=_LABELS + depth,
                last_column=last if isinstance(level, Line) else _LABELS + depth,
            )
            for level, depth, start, end in found
        )

    @cached_property
    def column_captions(self) -> tuple[Caption, ...]:
        """Return the labels of the columns, as those of the rows."""
        found = _captions(self.matrix.columns)
        return tuple(
            Caption(
                words=level.words,
                first_row=_KEY_ROW + 1 + depth,
                last_row=self.head_row if isinstance(level, Line) else _KEY_ROW + 1 + depth,
                first_column=self.first_column + start,
                last_column=self.first_column + end,
            )
            for level, depth, start, end in found
        )


def _captions(lines: tuple[Line, ...]) -> Iterator[tuple[Head | Line, int, int, int]]:
    """Yield each label with its depth and the first and last of the lines it spans."""
    for place, line in enumerate(lines):
        before = lines[place - 1].heads if place else ()
        for depth, head in enumerate(line.heads):
            if depth >= len(before) or before[: depth + 1] != line.heads[: depth + 1]:
                run = [n for n, one in enumerate(lines) if one.heads[: depth + 1] == line.heads[: depth + 1]]
                yield head, depth, place, max(run)
        yield line, len(line.heads), place, place
