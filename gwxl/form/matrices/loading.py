"""Read what a form says of a matrix: its rows and columns, under heads or not, their totals and its closed cells."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import UnionType
from typing import Any

from gwxl.files.declarations import stranger, tidy_line
from gwxl.form.definition import Field
from gwxl.form.kinds import Aggregate
from gwxl.form.matrix import EVERY, OVER_TOTALS, Head, Line, Matrix, under
from gwxl.form.parts import Column
from gwxl.records.path import KEY

_KEY = re.compile(rf"{KEY}\Z")
_MOST_CELLS = 2_000
_MOST_DIGITS = 40
_ADDED = (Aggregate.NONE, Aggregate.SUM)
_DEEPEST = 4
_OF_LINE = ("sum", "typed", "formula", "decimals", "totals", "aggregate")
_SETTINGS: Mapping[str, type | UnionType] = {
    "key": str,
    "label": str,
    "number": str,
    "sum": str | list,
    "typed": bool,
    "formula": str,
    "decimals": int,
    "totals": str,
    "aggregate": str,
}

Refuse = Callable[[str, str], None]
"""What is done with a mistake: a key below the field's, and the reason with its cure."""


def read_matrix(key: str, table: Mapping[str, Any], cell: Column, refuse: Refuse) -> Matrix:
    """Return the matrix that ``rows``, ``columns``, ``cell`` and ``closed`` of a field declare."""
    rows = _Axis("rows", refuse).lines(table.get("rows"))
    columns = _Axis("columns", refuse).lines(table.get("columns"))
    if len(rows) * len(columns) > _MOST_CELLS:
        refuse("rows", f"{len(rows) * len(columns):,} cells are more than one sheet shows; at most {_MOST_CELLS:,}")
    if not (cell.kind.is_number or cell.kind.is_choice or cell.kind.is_yes_no):
        refuse("cell.kind", f"a cell cannot be of kind {cell.kind}; take count, decimal, choice or yes_no")
    if any(line.sums for line in (*rows, *columns)) and not cell.kind.is_number:
        refuse("cell.kind", f"totals of {cell.kind} cells cannot be added up; take count or decimal, or drop sum")
    matrix = Matrix(key=key, rows=rows, columns=columns, kind=cell.kind, unit=cell.unit, aggregate=cell.aggregate)
    matrix = replace(matrix, closed=frozenset(_closed(table.get("closed", []), matrix, refuse)))
    for place, reason in _formula_mistakes(matrix):
        refuse(place, reason)
    return replace(matrix, closed=matrix.closed | frozenset(_without_parts(matrix)))


def _formula_mistakes(matrix: Matrix) -> Iterator[tuple[str, str]]:
    """Yield where it cannot be told by what a cell is worked out, with the cure."""
    for axis, lines in (("rows", matrix.rows), ("columns", matrix.columns)):
        for line in lines:
            if line.formula and not matrix.kind.is_number:
                yield f"{axis}.{line.key}.formula", f"gives a number, which no {matrix.kind} is; take count or decimal"
            if line.formula and line.sums:
                yield f"{axis}.{line.key}.formula", "is added up by `sum` already; drop one of the two"
    for row, column in matrix.cells:
        if row.formula and column.formula:
            yield "closed", f"two formulas meet in {row.key}.{column.key}; close that cell, or drop one of them"
        for axis, line, other in (("rows", row, column), ("columns", column, row)):
            if line.formula and other.sums and line.totals not in OVER_TOTALS:
                cell = f"{row.key}.{column.key}"
                reason = (
                    f'is missing, as {other.key} is a total: "sum" adds up its cells there, as of amounts, "formula"'
                )
                reason = f"{reason} works it out from the totals, as of shares; or close {cell}"
                yield f"{axis}.{line.key}.totals", reason


def cells_of(field: Field) -> Iterator[Field]:
    """Yield a field, of a matrix each of its cells as a field."""
    matrix = field.matrix
    if matrix is None:
        yield field
        return
    for row, column in matrix.cells:
        working = matrix.working(row, column)
        declared = next((line for line in (column, row) if line.formula), matrix)
        yield Field(
            key=matrix.path(row, column),
            label=matrix.label(row, column),
            kind=matrix.kind,
            group=field.group,
            unit=matrix.unit,
            instruction=field.instruction,
            choices=field.choices,
            aggregate=declared.aggregate,
            note=field.note,
            caution=field.caution,
            publish=field.publish,
            within=field,
            sums=matrix.operands(row, column),
            typed=(row.typed or column.typed) and not working,
            formula=working.formula if working else "",
            decimals=working.decimals if working else Line.decimals,
        )


def _without_parts(matrix: Matrix) -> Iterator[tuple[str, str]]:
    """Yield the totals of which all parts are closed: there is nothing to add up."""
    for row, column in matrix.cells:
        added_up = (row.sums or column.sums) and not matrix.working(row, column)
        if added_up and not matrix.operands(row, column):
            yield row.key, column.key


def _closed(entry: object, matrix: Matrix, refuse: Refuse) -> Iterator[tuple[str, str]]:
    if not isinstance(entry, list) or not all(isinstance(one, str) for one in entry):
        refuse("closed", 'must be a list of texts: "row.column", "row.*" or "*.column"')
        return
    for place in entry:
        found = [(row.key, column.key) for row, column in matrix.named(place)]
        if not found:
            refuse("closed", f'{place!r} is no cell; write "row.column" with the keys of both, * for every one')
        yield from found


@dataclass(frozen=True)
class _Axis:
    """A reader of the rows, or of the columns."""

    name: str
    refuse: Refuse

    def lines(self, entry: object) -> tuple[Line, ...]:
        """Return the rows, or the columns, in their order."""
        found = tuple(self._walk(entry, ()))
        if not found:
            self.refuse(self.name, "is missing: a list of { key, label }, which may hold such a list itself")
        keys = [line.key for line, _ in found]
        keys += list(dict.fromkeys(head.key for line, _ in found for head in line.heads))
        for key, times in Counter(keys).items():
            if times > 1:
                self.refuse(f"{self.name}.{key}", "stands twice; each row, column and head has a key of its own")
        plain = [line if not asked else replace(line, sums=(EVERY,)) for line, asked in found]
        return tuple(self._add_up(line, asked, plain) for line, asked in found)

    def _add_up(self, line: Line, asked: str | list[object], every: Sequence[Line]) -> Line:
        if asked == "":
            if line.typed:
                self.refuse(f"{self.name}.{line.key}.typed", 'belongs to a total: say what it adds up, as sum = "*"')
            return replace(line, typed=False)
        parts = _name_parts(asked, every)
        if not parts:
            heads = sorted({head.key for one in every for head in one.heads})
            known = ", ".join(f'"{key}.*"' for key in heads)
            self.refuse(
                f"{self.name}.{line.key}.sum",
                f'{asked!r} adds up nothing; write "*"{known and f" or {known}"}, or a list of keys that are no totals',
            )
        return replace(line, sums=parts)

    def _walk(self, entry: object, heads: tuple[Head, ...]) -> Iterator[tuple[Line, str | list[object]]]:
        if not isinstance(entry, list) or not all(isinstance(one, Mapping) for one in entry):
            if entry is not None:
                self.refuse(self.name, "must be a list of tables { key, label }")
            return
        if len(heads) >= _DEEPEST:
            self.refuse(self.name, f"stands under more than {_DEEPEST} heads; leave some out")
            return
        for table in entry:
            said = self._said(table)
            inner = table.get(self.name)
            if inner is None:
                sums = said.pop("sum", "")
                yield Line(**said, heads=heads), sums
                continue
            if stray := next((name for name in _OF_LINE if name in said), ""):
                place = f"{self.name}.{said['key']}.{stray}"
                self.refuse(place, f"belongs to one of its {self.name}, not to a head; put it there")
            head = Head(key=said["key"], label=said["label"], number=said.get("number", ""))
            yield from self._walk(inner, (*heads, head))

    def _said(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings of a row, a column or a head that are known and of the right type."""
        place = f"{self.name}.{table.get('key', table.get('label', ''))}"
        said: dict[str, Any] = {"key": "", "label": ""}
        for name, value in table.items():
            if name == self.name:
                continue
            if name not in _SETTINGS:
                known = ", ".join(sorted((*_SETTINGS, self.name)))
                self.refuse(f"{place}.{name}", f"is no known setting here; known are {known}")
            elif not isinstance(value, _SETTINGS[name]) or (isinstance(value, bool) and _SETTINGS[name] is int):
                wanted = getattr(_SETTINGS[name], "__name__", "a text, or a list of texts")
                self.refuse(f"{place}.{name}", f"must be {wanted}, not {value!r}")
            elif isinstance(value, str) and (found := stranger(value)):
                self.refuse(f"{place}.{name}", f"holds {found}, which cannot stand in a workbook; remove it")
            else:
                said[name] = tidy_line(value) if isinstance(value, str) else value
        self._check_formula(said, place)
        for name in ("key", "label"):
            if not said[name]:
                self.refuse(f"{place}.{name}", "is missing")
        if said["key"] and not _KEY.match(said["key"]):
            self.refuse(f"{place}.key", "must be lower-case ASCII letters, digits and _, a letter first, 100 at most")
            said["key"] = f"x{said['key'].encode().hex()[:_MOST_DIGITS]}"  # so that the rest can be looked at
        return said

    def _check_formula(self, said: dict[str, Any], place: str) -> None:
        """Refuse what is said beside no formula, or is none of what may be said beside one."""
        if not said.get("formula", "?"):
            self.refuse(f"{place}.formula", "is empty; write what it is worked out by, or leave the key out")
        added = said.get("aggregate", Aggregate.NONE)
        if added not in _ADDED:
            self.refuse(f"{place}.aggregate", f"{added!r} is none of {', '.join(_ADDED)}")
        told = set(said)
        if "aggregate" in told:
            said["aggregate"] = Aggregate(added) if added in _ADDED else Aggregate.NONE
        if said.get("totals", OVER_TOTALS[0]) not in OVER_TOTALS:
            self.refuse(f"{place}.totals", f"{said['totals']!r} is none of {', '.join(OVER_TOTALS)}")
        stray = next((name for name in ("decimals", "totals", "aggregate") if name in told), "")
        if stray and "formula" not in told:
            self.refuse(f"{place}.{stray}", "belongs to a row or column that is worked out: give it a formula too")


def _name_parts(asked: str | list[object], every: Sequence[Line]) -> tuple[str, ...]:
    """Return the keys of what a total adds up: every line, those under a head, or those that are named; else none."""
    if isinstance(asked, list):
        plain = [one.key for one in under(every, "")]
        named = tuple(key for key in plain if key in asked)
        return named if len(named) == len(asked) else ()
    head = asked.removesuffix(EVERY).removesuffix(".")
    return tuple(one.key for one in under(every, head)) if asked in {EVERY, f"{head}.{EVERY}"} else ()
