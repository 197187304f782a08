"""Read what a form says of fields that are worked out: refused where it cannot be, in an order in which it can be."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from gwxl.errors import FormError
from gwxl.files.declarations import Report
from gwxl.form.definition import Field, Form
from gwxl.form.loading import FILE_NAME
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
    found = {field.path: _read(field, form) for field in form.fields.values() if field.formula}
    needs = _find_needed(found, form)
    try:
        order = [path for path in TopologicalSorter(needs).static_order() if path in needs]
    except CycleError as error:
        message = f"needs itself: {' → '.join(error.args[1])}"
        raise ExpressionError(message) from None
    return tuple((form.fields[path.field], found.get(path)) for path in order)


@lru_cache(maxsize=64)
def computed_of(form: Form) -> Mapping[Path, Computed]:
    """Return path → how it is worked out, of the fields that are by a formula, each behind those that it needs.

    Raises:
        ExpressionError: a formula cannot be used, which loading the form tells first.
    """
    return {one.path: one for _, one in calculations_of(form) if one}


def tell_computed(form: Form, report: Report) -> None:
    """Report each formula of a form that cannot be used, with its cure."""
    told = dict(_find_mistakes(form))  # once for all the cells of a row or a column
    for key, reason in told.items():
        report(FormError(form.folder / FILE_NAME, key, reason))


def _find_mistakes(form: Form) -> Iterator[tuple[str, str]]:
    found: dict[Path, Computed] = {}
    asked = [field for field in form.fields.values() if field.formula]
    for field in asked:
        if not 0 <= field.decimals <= _MOST_DECIMALS:
            yield f"{_place_of(field)}.decimals", f"is {field.decimals}; a number has 0 to {_MOST_DECIMALS} decimals"
        try:
            found[field.path] = _read(field, form)
        except ExpressionError as error:
            yield f"{_place_of(field)}.formula", str(error)
    needs = _find_needed(found, form)
    for path in found:
        if loop := _find_loop(path, needs):
            yield (
                f"{_place_of(form.fields[path.field])}.formula",
                f"needs itself: {' → '.join(loop)}; leave one of them out",
            )


def _place_of(field: Field) -> str:
    """Return where the formula of a field is declared."""
    matrix = field.within.matrix if field.within else None
    return f"{matrix.key}.{matrix.place_of(field.path)}" if matrix else field.key


def _read(field: Field, form: Form) -> Computed:
    node = parse(field.formula)
    if field.within and field.within.matrix:
        node = rename(node, field.within.matrix.beside(field.path))
    for part in walk(node):
        if not isinstance(part, Number | Name | Negative | Arithmetic) and not _is_joining(part):
            raise ExpressionError(_TAKES)
    needs = tuple(_find_needs(node, form))
    if not needs:
        message = f"names no field of the form; {_TAKES}"
        raise ExpressionError(message)
    decimals = field.decimals if field.kind.has_fractions else 0
    return Computed(path=field.path, node=node, needs=needs, decimals=decimals)


def _is_joining(node: Node) -> bool:
    return isinstance(node, Call) and node.function in _JOINING


def _find_needs(node: Node, form: Form) -> Iterator[Path]:
    for name in names(node):
        path = Path.read(name)
        asked = form.fields.get(path.field) if path and not path.part else None
        if path is None or asked is None or not asked.kind.is_number:
            message = f"names {name}, which is no number of the form; {_TAKES}"
            raise ExpressionError(message)
        yield path


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
