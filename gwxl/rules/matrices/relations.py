"""Say a relation once for all rows, or all columns, of a matrix: ``for = "requests.columns"``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gwxl.form.definition import Form
from gwxl.form.matrix import Line, Matrix
from gwxl.records.path import Path
from gwxl.rules.expression import PREVIOUS
from gwxl.rules.rule_file import LAST
from gwxl.wording import fill, placeholders

FOR = "for"
_AXES = {"columns": "column", "rows": "row"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """The row or column of a matrix that a relation is about.

    Attributes:
        key, label: of the row or column.
        shown: what the message calls it by, ``row`` or ``column``.
        names: the keys that the relation may name → the cells they stand for here; None for one that is closed.
    """

    key: str = ""
    label: str = ""
    shown: str = ""
    names: Mapping[str, Path | None] = field(default_factory=dict)

    @property
    def renamed(self) -> Mapping[str, str]:
        """Return each name → the name of its cell, for this year and the last."""
        cells = {name: path for name, path in self.names.items() if path is not None}
        return {**cells, **{f"{PREVIOUS}{name}": f"{PREVIOUS}{path}" for name, path in cells.items()}}

    def asks(self, names: set[str]) -> bool:
        """Tell whether every cell that some names stand for is asked."""
        return all(self.names.get(name.removeprefix(PREVIOUS), Path("x")) is not None for name in names)

    def message(self, words: str) -> str:
        """Return a message with the names of cells, and the label of the row or column."""
        known = {name: f"{{{path}}}" for name, path in self.renamed.items()} | {self.shown: self.label}
        return fill(words, {name: known.get(name, f"{{{name}}}") for name in placeholders(words)})

    def example(self, entry: Any) -> Any:
        """Return an example, or a list of them, with the names of cells; what it says of last year too."""
        if isinstance(entry, list):
            return [self.example(one) for one in entry]
        if not isinstance(entry, dict):
            return entry
        renamed = self.renamed
        return {renamed.get(key, key): self.example(one) if key == LAST else one for key, one in entry.items()}


NOWHERE = Place()
"""That of a relation which is said once."""


def places(asked: str, form: Form) -> Iterator[Place]:
    """Yield each row or column that ``for`` names; none where the form has no such matrix."""
    path = Path.read(asked)
    home = form.matrices.get(path.field) if path else None
    if path is None or home is None or home.matrix is None or path.part not in _AXES:
        return
    matrix, axis = home.matrix, path.part
    lines, others = (matrix.columns, matrix.rows) if axis == "columns" else (matrix.rows, matrix.columns)
    for line in lines:
        label = matrix.column_label(line) if axis == "columns" else matrix.row_label(line)
        names = {other.key: _path(matrix, line, other, axis) for other in others}
        yield Place(key=line.key, label=label, shown=_AXES[axis], names=names)


def _path(matrix: Matrix, line: Line, other: Line, axis: str) -> Path | None:
    row, column = (other, line) if axis == "columns" else (line, other)
    return None if (row.key, column.key) in matrix.closed else matrix.path(row, column)


def known_axes(form: Form) -> tuple[str, ...]:
    """Return what ``for`` may say of matrices."""
    return tuple(f"{key}.{axis}" for key in form.matrices for axis in _AXES)
