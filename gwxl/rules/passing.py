"""Tell quickly of the cells of a return that nothing is wrong with them; whatever else is so, Cerberus says.

Made of the schema that Cerberus judges by. What it does not know, or what does not hold, is no answer: most returns
have nothing wrong, and walking the schema costs more than looking at the values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from gwxl.rules.patterns import blame_rule, match_whole
from gwxl.rules.validator import TYPES, check_holds

_Holds = Callable[[Any], bool]
_TOLD_APART = frozenset({"type", "meta", "required", "checks"})


@dataclass(frozen=True)
class Passing:
    """What is asked of the values of some fields: those that must be there, and by field what must hold."""

    required: frozenset[str]
    asked: Mapping[str, tuple[_Holds, ...]]

    @classmethod
    def of(cls, schema: Mapping[str, Mapping[str, Any]]) -> "Passing":
        """Return what a schema asks."""
        required = frozenset(key for key, cell in schema.items() if cell.get("required"))
        return cls(required, {key: tuple(_limits(key, cell)) for key, cell in schema.items()})

    def passes(self, values: Mapping[str, Any]) -> bool:
        """Tell whether nothing is wrong with values for sure."""
        if not self.required <= values.keys():
            return False
        return all(
            value is not None and key in self.asked and all(holds(value) for holds in self.asked[key])
            for key, value in values.items()
        )


def _limits(key: str, cell: Mapping[str, Any]) -> Iterator[_Holds]:
    """Yield what must hold of a value, its type first."""
    yield TYPES.get(cell.get("type", ""), _hold_never)
    for name, limit in cell.items():
        if name in _LIMITS:
            yield partial(_LIMITS[name], limit)
        elif name == "regex":
            yield partial(_match, limit, cell.get("meta", {}).get("regex", key))
        elif name == "schema" and limit.keys() == {"type", "schema"} and limit["type"] == "dict":
            yield partial(_pass_rows, Passing.of(limit["schema"]))
        elif name not in _TOLD_APART:
            yield _hold_never
    if "checks" in cell:
        yield partial(_hold_checks, cell["checks"])


def _hold_never(_: object) -> bool:
    return False


def _pass_rows(inner: Passing, rows: Any) -> bool:
    return all(map(inner.passes, rows))


def _hold_checks(checks: Any, value: Any) -> bool:
    for check in checks:
        with blame_rule(check["id"]):
            if not check_holds(check, value):
                return False
    return True


def _match(pattern: str, rule: str, value: Any) -> bool:
    with blame_rule(rule):
        return match_whole(pattern, value) is not None


def _is_allowed(allowed: Any, value: Any) -> bool:
    several = isinstance(value, Iterable) and not isinstance(value, str)
    return all(one in allowed for one in value) if several else value in allowed


_LIMITS: Mapping[str, Callable[[Any, Any], bool]] = {
    "min": lambda limit, value: bool(value >= limit),
    "max": lambda limit, value: bool(value <= limit),
    "minlength": lambda limit, value: len(value) >= limit,
    "maxlength": lambda limit, value: len(value) <= limit,
    "allowed": _is_allowed,
}
