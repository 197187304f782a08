"""Read what a form says of fields that are worked out: refused where it cannot be, in an order in which it can be."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from gwxl.errors import FormError
from gwxl.files.declarations import Report
from gwxl.form.definition import Field, Form
from gwxl.form.loading import FILE_NAME
from gwxl.records.path import Path
from gwxl.rules.computed.fields import Computed
from gwxl.rules.expression import Arithmetic, Call, ExpressionError, Name, Negative, Node, Number, names, parse, walk

_JOINING = frozenset({"abs", "min", "max", "sum"})
_MOST_DECIMALS = 9
_TAKES = "a formula takes number fields, numbers, + - * / and brackets, abs(), min(), max() and sum()"


@lru_cache(maxsize=64)
def computed_of(form: Form) -> tuple[Computed, ...]:
    """Return the fields of a form that are worked out, each behind those that it needs.

    Raises:
        ExpressionError: a formula cannot be used, which loading the form tells first.
    """
    found = {field.path: _read(field, form) for field in form.fields.values() if field.formula}
    return tuple(_order(found))


def tell_computed(form: Form, report: Report) -> None:
    """Report each formula of a form that cannot be used, with its cure."""
    for field in form.fields.values():
        if not field.formula:
            continue
        try:
            one = _read(field, form)
            loop = _find_loop(one, form)
        except ExpressionError as error:
            report(FormError(form.folder / FILE_NAME, f"{field.key}.formula", str(error)))
            continue
        if loop:
            reason = f"needs itself: {' → '.join(loop)}; leave one of them out"
            report(FormError(form.folder / FILE_NAME, f"{field.key}.formula", reason))


def _read(field: Field, form: Form) -> Computed:
    node = parse(field.formula)
    for part in walk(node):
        if not isinstance(part, Number | Name | Negative | Arithmetic) and not _is_joining(part):
            raise ExpressionError(_TAKES)
    needs = tuple(_find_needs(node, form))
    if not needs:
        message = f"names no field of the form; {_TAKES}"
        raise ExpressionError(message)
    if not 0 <= field.decimals <= _MOST_DECIMALS:
        message = f"is rounded to {field.decimals} decimals; `decimals` is 0 to {_MOST_DECIMALS}"
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


def _find_loop(one: Computed, form: Form, way: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return how a formula comes back to itself; empty where it does not."""
    here = (*way, str(one.path))
    if one.path in way:
        return here if one.path == here[0] else ()
    for path in one.needs:
        field = form.fields[path.field]
        if field.formula and (loop := _find_loop(_read(field, form), form, here)):
            return loop
    return ()


def _order(found: Mapping[Path, Computed]) -> Sequence[Computed]:
    done: dict[Path, Computed] = {}

    def add(one: Computed) -> None:
        for path in one.needs:
            if path in found and path not in done:
                add(found[path])
        done[one.path] = one

    for one in found.values():
        if one.path not in done:
            add(one)
    return tuple(done.values())
