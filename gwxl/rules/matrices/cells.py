"""Spread the one entry of a matrix in cells.toml over its cells, with what it says of some rows, columns or cells."""

from collections.abc import Iterator, Mapping
from typing import Any

from gwxl.errors import DeclarationError
from gwxl.files.declarations import Report
from gwxl.form.definition import Form
from gwxl.form.matrix import Matrix
from gwxl.records.path import Path
from gwxl.rules.rule_file import RuleFile

EXCEPT = "except"
_REQUIRED = "required"


def tell_once(report: Report) -> Report:
    """Return a report that hears a mistake once: what is wrong with a matrix is wrong with each of its cells."""
    told: set[str] = set()

    def tell(mistake: DeclarationError) -> None:
        if str(mistake) not in told:
            report(mistake)  # may raise it, and is told again on the way out
            told.add(str(mistake))

    return tell


def spread_cells(file: RuleFile, form: Form, entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of cells.toml with one for each cell of each matrix in place of the matrix's own."""
    spread = {key: entry for key, entry in entries.items() if key not in form.matrices}
    for key, asked in form.matrices.items():
        if asked.matrix is not None and key in entries:
            spread |= _spread(file, form, asked.matrix, entries[key])
    for key, asked in form.fields.items():
        if asked.formula and isinstance(entry := spread.get(key), dict):
            spread[key] = _calculated(file, entry, f"cells.{key}")
        for column in asked.columns:
            row = _row_of(spread.get(key)) if column.formula else {}
            if isinstance(entry := row.get(column.key), dict):
                row = {**row, column.key: _calculated(file, entry, f"cells.{key}.schema.schema.{column.key}")}
                spread[key] = {**spread[key], "schema": {**spread[key]["schema"], "schema": row}}
    return spread


def _row_of(entry: object) -> Mapping[str, Any]:
    """Return the entries of the columns of a table; none where they cannot be told, which is refused elsewhere."""
    schema = entry.get("schema") if isinstance(entry, dict) else None
    row = schema.get("schema") if isinstance(schema, dict) else None
    return row if isinstance(row, dict) else {}


def _calculated(file: RuleFile, entry: Mapping[str, Any], place: str) -> dict[str, Any]:
    if entry.get(_REQUIRED):
        file.tell(f"{place}.{_REQUIRED}", "belongs to what is filled in; this is worked out, so leave it out")
    return _without_required(entry)


def _spread(file: RuleFile, form: Form, matrix: Matrix, entry: Any) -> Iterator[tuple[str, Any]]:
    place = f"cells.{matrix.key}"
    if not isinstance(entry, dict):
        raise file.refuse(place, "must be a table")
    whole = {name: value for name, value in entry.items() if name != EXCEPT}
    others = dict(_exceptions(file, matrix, entry.get(EXCEPT, {}), f"{place}.{EXCEPT}"))
    for row, column in matrix.cells:
        path = matrix.path(row, column)
        calculated = form.fields[path].is_calculated
        said = _of_total(whole) if calculated else whole
        for where, other in others.items():
            if where == {path} or (path in where and not calculated):
                said = _join(said, other)
        yield path, _without_required(said) if calculated else said


def _exceptions(
    file: RuleFile, matrix: Matrix, entry: Any, place: str
) -> Iterator[tuple[frozenset[Path], dict[str, Any]]]:
    if not isinstance(entry, dict):
        raise file.refuse(place, 'must be a table: "row.column" = { … }, * for every row or column')
    for where, other in entry.items():
        asked = set(matrix.cells)
        found = frozenset(matrix.path(*pair) for pair in matrix.named(where) if pair in asked)
        if not found:
            file.tell(f"{place}.{where}", 'is no cell that is asked; write "row.column" with the keys of both, or *')
        elif not isinstance(other, dict):
            file.tell(f"{place}.{where}", "must be a table of what is different there")
        else:
            yield found, other


def _of_total(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what holds for a total that is calculated: its kind; the limits of its parts are not its own."""
    meta = said.get("meta", {})
    kept = {name: value for name, value in said.items() if name == "type"}
    return {**kept, "meta": {name: id_ for name, id_ in meta.items() if name == "type"}} if meta else kept


def _join(said: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    meta = {**said.get("meta", {}), **other.get("meta", {})}
    joined = {**said, **other, "meta": meta}
    return joined if joined.get(_REQUIRED) else _without_required(joined)


def _without_required(said: Mapping[str, Any]) -> dict[str, Any]:
    meta = said.get("meta", {})
    kept = {name: value for name, value in said.items() if name != _REQUIRED}
    return {**kept, "meta": {name: id_ for name, id_ in meta.items() if name != _REQUIRED}} if meta else kept
