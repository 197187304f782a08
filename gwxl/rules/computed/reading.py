"""Read what a form says of fields that are worked out: refused where it cannot be, in an order in which it can be."""

from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from gwxl.errors import FormError
from gwxl.files.declarations import Report
from gwxl.form.definition import Field, Form
from gwxl.form.loading import FILE_NAME
from gwxl.form.parts import Column
from gwxl.records.path import Path
from gwxl.rules.computed.fields import Computed
from gwxl.rules.expression import (
    Arithmetic,
    Call,
    ExpressionError,
    Name,
    Negative,
    Node,
    Number,
    names,
    parse,
    rename,
    walk,
)

_JOINING = frozenset({"abs", "min", "max", "sum"})
_MOST_DECIMALS = 9
_TAKES = "a formula takes number fields, numbers, + - * / and brackets, abs(), min(), max() and sum()"


Calculation = tuple[Field, Computed | None]


@lru_cache(maxsize=64)
def calculations_of(form: Form) -> tuple[Calculation, ...]:
    """Return each total and each field that is worked out, with how where it is by a formula, behind what it needs.

    Raises:
        ExpressionError: a formula cannot be used, which loading the form tells first.
    """
    found = {field.path: _read(field, field.path, form) for field in form.fields.values() if field.formula}
    order = _order(_find_needed(found, form))
    return tuple((form.fields[path.field], found.get(path)) for path in order)


@lru_cache(maxsize=64)
def computed_of(form: Form) -> Mapping[Path, Computed]:
    """Return path → how it is worked out, of the fields that are by a formula, each behind those that it needs.

    Raises:
        ExpressionError: a formula cannot be used, which loading the form tells first.
    """
    return {one.path: one for _, one in calculations_of(form) if one}


@lru_cache(maxsize=64)
def columns_of(form: Form) -> Mapping[str, tuple[Computed, ...]]:
    """Return key of a table → how its columns are worked out in each row, each behind those that it needs.

    Raises:
        ExpressionError: a formula cannot be used, which loading the form tells first.
    """
    found = {path: _read(asked, path, form) for path, asked in _find_columns(form)}
    ordered = _order({path: one.needs for path, one in found.items()})
    keys = dict.fromkeys(path.field for path in ordered)
    return {key: tuple(found[path] for path in ordered if path.field == key) for key in keys}


def list_computed(form: Form) -> tuple[Computed, ...]:
    """Return all that is worked out by a formula."""
    return (*computed_of(form).values(), *(one for columns in columns_of(form).values() for one in columns))


def find_computed(form: Form, path: Path) -> Computed | None:
    """Return how a field, or a cell of a table, is worked out by a formula; None where it is not."""
    if path.part:
        return next((one for one in columns_of(form).get(path.field, ()) if one.path == path.of_every_row), None)
    return computed_of(form).get(path)


def tell_computed(form: Form, report: Report) -> None:
    """Report each formula of a form that cannot be used, with its cure."""
    told = dict(_find_mistakes(form))  # once for all the cells of a row or a column
    for key, reason in told.items():
        report(FormError(form.folder / FILE_NAME, key, reason))


def _find_mistakes(form: Form) -> Iterator[tuple[str, str]]:
    found: dict[Path, Computed] = {}
    asked: list[tuple[Path, Field | Column]] = [(one.path, one) for one in form.fields.values() if one.formula]
    places = {path: _place_of(form, path) for path, _ in [*asked, *_find_columns(form)]}
    for path, one in [*asked, *_find_columns(form)]:
        if not 0 <= one.decimals <= _MOST_DECIMALS:
            yield f"{places[path]}.decimals", f"is {one.decimals}; a number has 0 to {_MOST_DECIMALS} decimals"
        try:
            found[path] = _read(one, path, form)
        except ExpressionError as error:
            yield f"{places[path]}.formula", str(error)
    needs = _find_needed(found, form)
    for path in found:
        if loop := _find_loop(path, needs):
            yield f"{places[path]}.formula", f"needs itself: {' → '.join(loop)}; leave one of them out"


def _find_columns(form: Form) -> Iterator[tuple[Path, Column]]:
    """Yield the columns of tables that are worked out, with their paths."""
    for field in form.fields.values():
        yield from ((Path(field.key, one.key), one) for one in field.columns if one.formula)


def _place_of(form: Form, path: Path) -> str:
    """Return where the formula at a path is declared."""
    field = form.fields[path.field]
    matrix = field.within.matrix if field.within else None
    return f"{matrix.key}.{matrix.place_of(path)}" if matrix else path


def _find_beside(form: Form, path: Path) -> Mapping[str, Path]:
    """Return what a formula may call otherwise than the form does: the cells beside its own, in the same row."""
    field = form.fields[path.field]
    if path.part:
        return {one.key: Path(field.key, one.key) for one in field.columns}
    return field.within.matrix.beside(path) if field.within and field.within.matrix else {}


def _read(asked: Field | Column, path: Path, form: Form) -> Computed:
    beside = _find_beside(form, path)
    node = rename(parse(asked.formula), beside)
    for part in walk(node):
        if not isinstance(part, Number | Name | Negative | Arithmetic) and not _is_joining(part):
            raise ExpressionError(_TAKES)
    needs = tuple(_find_needs(node, form, frozenset(beside.values())))
    if not needs:
        message = f"names no field of the form; {_TAKES}"
        raise ExpressionError(message)
    if path.part and not any(one.part for one in needs):
        message = "names no column of its table, so that every row would say the same; make it a field"
        raise ExpressionError(message)
    decimals = asked.decimals if asked.kind.has_fractions else 0
    return Computed(path=path, node=node, needs=needs, decimals=decimals)


def _is_joining(node: Node) -> bool:
    return isinstance(node, Call) and node.function in _JOINING


def _find_needs(node: Node, form: Form, beside: Container[Path]) -> Iterator[Path]:
    for name in names(node):
        path = Path.read(name)
        asked = form.question_at(path) if path and _has(form, path, beside) else None
        if path is None or asked is None or not asked.kind.is_number:
            message = f"names {name}, which is no number of the form; {_TAKES}"
            raise ExpressionError(message)
        yield path


def _has(form: Form, path: Path, beside: Container[Path]) -> bool:
    """Tell whether a formula may name a path: of a field, or of a column in its own row."""
    return path.field in form.fields and (not path.part or path in beside)


def _order(needs: Mapping[Path, tuple[Path, ...]]) -> list[Path]:
    """Return what is calculated, each behind what it needs."""
    try:
        return [path for path in TopologicalSorter(needs).static_order() if path in needs]
    except CycleError as error:
        message = f"needs itself: {' → '.join(error.args[1])}"
        raise ExpressionError(message) from None


def _find_needed(found: Mapping[Path, Computed], form: Form) -> dict[Path, tuple[Path, ...]]:
    """Return path of what is calculated → the paths it is calculated from."""
    totals = {field.path: field.sums for field in form.fields.values() if field.sums}
    return {**totals, **{path: one.needs for path, one in found.items()}}


def _find_loop(start: Path, needs: Mapping[Path, tuple[Path, ...]]) -> tuple[str, ...]:
    """Return how a formula comes back to itself; empty where it does not."""
    ways: dict[Path, tuple[Path, ...]] = {start: (start,)}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for path in needs.get(here, ()):
            if path == start:
                return (*ways[here], start)
            if path not in ways:
                ways[path] = (*ways[here], path)
                waiting.append(path)
    return ()
