"""Worksheet formulas that carry the value they have now: whoever writes one knows at once what it gives.

Only what Excel 2010, WPS, LibreOffice and Gnumeric calculate alike: over a range or an array constant nothing but
comparison and arithmetic, since Gnumeric does not spread other functions; texts compare without regard to case.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gwxl.files.excel_limits import ARGUMENTS
from gwxl.live.calculation import BY_ZERO, EVALUATE, FAULT, Fault, Scalar, Value, compared, shown

_CALL = re.compile(r'"(?:[^"]|"")*"|[A-Z][A-Z0-9.]*+\(?|[()]')


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without ``=``, the value it has, and how deep its functions are nested."""

    text: str
    value: Value
    depth: int = 0

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Range:
    """The cells of one column, or of one row, with what they hold."""

    text: str
    values: tuple[Scalar, ...]


def nesting(formula: str) -> int:
    """Return how deep functions are nested in a formula; an outermost function counts one."""
    open_: list[bool] = []
    deepest = 0
    for part in _CALL.findall(formula):
        if part == ")":
            open_.pop()
        elif part.endswith("("):
            open_.append(len(part) > 1)
            deepest = max(deepest, sum(open_))
    return deepest


def literal(value: Scalar) -> Formula:
    """Return a constant: a text in quotes, a number, TRUE or FALSE."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, str):
        return Formula(quoted(value), value)
    return Formula(shown(value), value)


def quoted(text: str) -> str:
    """Return a text as a literal of a formula."""
    return '"' + text.replace('"', '""') + '"'


TRUE, FALSE, BLANK = Formula("TRUE", value=True), Formula("FALSE", value=False), Formula('""', "")
NONE, ONE = Formula("0", 0), Formula("1", 1)


# Comparison and arithmetic


def compare(left: Formula, sign: str, right: Formula | Scalar) -> Formula:
    """Return a comparison by ``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=``."""
    other = right if isinstance(right, Formula) else literal(right)
    value = compared(left.value, sign, other.value)
    return Formula(f"{left}{sign}{other}", value, max(left.depth, other.depth))


def calculate(left: Formula, sign: str, right: Formula) -> Formula:
    """Return a sum, difference, product or quotient in brackets."""
    value: Value = _first_fault((left, right)) or FAULT
    if isinstance(left.value, int | float) and isinstance(right.value, int | float):
        one, other = left.value, right.value
        if sign == "/":
            value = one / other if other else BY_ZERO
        else:
            value = {"+": one + other, "-": one - other, "*": one * other}[sign]
    return Formula(f"({left}{sign}{right})", value, max(left.depth, right.depth))


def joined(*parts: Formula) -> Formula:
    """Return texts and numbers one behind the other."""
    value = "".join(shown(part.value) for part in parts if not isinstance(part.value, Fault))
    return Formula("&".join(map(str, parts)), value, max(part.depth for part in parts))


# Functions


def call(name: str, *arguments: Formula | Scalar) -> Formula:
    """Return a function of values; an error among them gives an error."""
    given = [one if isinstance(one, Formula) else literal(one) for one in arguments]
    value = _first_fault(given) or EVALUATE[name](*(one.value for one in given))
    return _function(name, given, value)


def _first_fault(formulas: Iterable[Formula]) -> Fault | None:
    return next((one.value for one in formulas if isinstance(one.value, Fault)), None)


def _function(name: str, arguments: Sequence[Formula], value: Value) -> Formula:
    depth = 1 + max((one.depth for one in arguments), default=0)
    return Formula(f"{name}({','.join(one.text for one in arguments)})", value, depth)


def if_(condition: Formula, then: Formula | Scalar, other: Formula | Scalar) -> Formula:
    """Return IF; only the value of the branch taken counts."""
    yes, no = (one if isinstance(one, Formula) else literal(one) for one in (then, other))
    if condition is FALSE or condition is TRUE:
        return yes if condition is TRUE else no
    taken = yes.value if condition.value else no.value
    value = _first_fault((condition,)) or taken
    return _function("IF", (condition, yes, no), value)


def if_error(formula: Formula, other: Formula | Scalar) -> Formula:
    """Return IFERROR."""
    instead = other if isinstance(other, Formula) else literal(other)
    value = instead.value if isinstance(formula.value, Fault) else formula.value
    return _function("IFERROR", (formula, instead), value)


def is_error(formula: Formula) -> Formula:
    """Return ISERROR."""
    return _function("ISERROR", (formula,), isinstance(formula.value, Fault))


def any_of(conditions: Iterable[Formula]) -> Formula:
    """Return OR, FALSE of none; .xls takes 30 arguments at most."""
    return _all("OR", [one for one in dict.fromkeys(conditions) if one is not FALSE], any, FALSE)


def all_of(conditions: Iterable[Formula]) -> Formula:
    """Return AND, TRUE of none."""
    return _all("AND", [one for one in dict.fromkeys(conditions) if one is not TRUE], all, TRUE)


def _all(name: str, parts: list[Formula], judge: Callable[[Iterable[Value]], bool], none: Formula) -> Formula:
    if len(parts) <= 1:
        return parts[0] if parts else none
    if len(parts) > ARGUMENTS:
        halves = (parts[:ARGUMENTS], parts[ARGUMENTS:])
        parts = [_all(name, half, judge, none) for half in halves]
    return _function(name, parts, _first_fault(parts) or judge(one.value for one in parts))


def negated(condition: Formula) -> Formula:
    """Return NOT."""
    value = _first_fault((condition,)) or not condition.value
    return {"TRUE": FALSE, "FALSE": TRUE}.get(condition.text) or _function("NOT", (condition,), value)


def least(formulas: Sequence[Formula]) -> Formula:
    """Return MIN of numbers."""
    return _numbers("MIN", formulas, min)


def greatest(formulas: Sequence[Formula]) -> Formula:
    """Return MAX of numbers."""
    return _numbers("MAX", formulas, max)


def total(formulas: Sequence[Formula]) -> Formula:
    """Return the sum of formulas by ``+``."""
    value = sum(one.value for one in formulas if isinstance(one.value, int | float))
    text = "+".join(one.text for one in formulas)
    return Formula(text or "0", _first_fault(formulas) or value, max((one.depth for one in formulas), default=0))


def _numbers(name: str, formulas: Sequence[Formula], judge: Callable[[Iterable[float]], float]) -> Formula:
    parts = list(dict.fromkeys(formulas))
    if len(parts) == 1:
        return parts[0]
    if len(parts) > ARGUMENTS:
        parts = [_numbers(name, half, judge) for half in (parts[:ARGUMENTS], parts[ARGUMENTS:])]
    numbers = [one.value for one in parts if isinstance(one.value, int | float)]
    return _function(name, parts, judge(numbers) if len(numbers) == len(parts) else _first_fault(parts) or FAULT)


def opaque(text: str, value: Value) -> Formula:
    """Return a formula that was written by hand, with the value it has."""
    return Formula(text, value, nesting(text))


# Ranges


def found_in(text: Formula, items: Range) -> Formula:
    """Return a condition: a text is one of some cells, whatever its case."""
    value = any(compared(text.value, "=", item) is True for item in items.values)
    return Formula(f"SUMPRODUCT(--(LOWER({text})={items.text}))>0", value, 2 + text.depth)


def place_in(text: Formula, items: Range, numbers: Range) -> Formula:
    """Return the number of the cell that holds a text, whatever its case, 0 for none.

    No two of the cells may hold the same but for its case.
    """
    value = sum(
        number
        for item, number in zip(items.values, numbers.values, strict=True)
        if isinstance(number, int | float) and compared(text.value, "=", item) is True
    )
    return Formula(f"SUMPRODUCT(({text}={items.text})*{numbers.text})", value, 1 + text.depth)


def cell_of(items: Range, number: Formula) -> Formula:
    """Return INDEX: what the cell of a number holds, an error out of range."""
    place = number.value
    inside = isinstance(place, int | float) and 1 <= place <= len(items.values)
    value = items.values[int(place) - 1] if inside and isinstance(place, int | float) else FAULT
    return Formula(f"INDEX({items.text},{number})", value, 1 + number.depth)
