"""Worksheet formulas that carry the value they have now: whoever writes one knows at once what it gives.

Only what Excel 2010, WPS, LibreOffice and Gnumeric calculate alike: over a range or an array constant nothing but
comparison and arithmetic, since Gnumeric does not spread other functions; texts compare without regard to case.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from gwxl.files.excel_limits import ARGUMENTS
from gwxl.live.calculation import (
    BY_ZERO,
    EVALUATE,
    FAULT,
    Fault,
    Rank,
    Scalar,
    Value,
    compare_values,
    format_scalar,
    rank_of,
)

_CALL = re.compile(r'"(?:[^"]|"")*"|[A-Z][A-Z0-9.]*+\(?|[()]')


@dataclass(slots=True, unsafe_hash=True)  # nobody changes one; frozen, the 20,000 of a workbook take longer to make
class Formula:
    """A formula without ``=``, the value it has, and how deep its functions are nested.

    Attributes:
        how: gives the value from those of the parts, None where it stands for itself: a constant, a cell that is filled
            in, a formula written by hand.
    """

    text: str
    value: Value
    depth: int = 0
    how: Callable[..., Value] | None = field(default=None, compare=False, repr=False)
    parts: tuple["Formula", ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Range:
    """The cells of one column, or of one row, with what they hold."""

    text: str
    values: tuple[Scalar, ...]

    @cached_property
    def ranks(self) -> Mapping[Rank, int]:
        """Return what a comparison sees of each cell → its place, counted from 0."""
        return {rank_of(value): place for place, value in enumerate(self.values)}


def derive(text: str, how: Callable[..., Value], parts: Sequence[Formula], depth: int) -> Formula:
    """Return a formula with the value that comes of those of its parts."""
    return Formula(text, how(*[part.value for part in parts]), depth, how, tuple(parts))


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


@lru_cache(maxsize=4096, typed=True)  # a form repeats some hundred of them thousands of times
def literal(value: Scalar) -> Formula:
    """Return a constant: a text in quotes, a number, TRUE or FALSE."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, str):
        return Formula(quote(value), value)
    return Formula(format_scalar(value), value)


def quote(text: str) -> str:
    """Return a text as a literal of a formula."""
    return '"' + text.replace('"', '""') + '"'


TRUE, FALSE, BLANK = Formula("TRUE", value=True), Formula("FALSE", value=False), Formula('""', "")
NONE, ONE = Formula("0", 0), Formula("1", 1)


# Comparison and arithmetic


def compare(left: Formula, sign: str, right: Formula | Scalar) -> Formula:
    """Return a comparison by ``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=``."""
    other = right if isinstance(right, Formula) else literal(right)
    return derive(f"{left}{sign}{other}", _make_comparison(sign), (left, other), max(left.depth, other.depth))


@cache
def _make_comparison(sign: str) -> Callable[[Value, Value], Value]:
    return lambda left, right: compare_values(left, sign, right)


def calculate(left: Formula, sign: str, right: Formula) -> Formula:
    """Return a sum, difference, product or quotient in brackets."""
    return derive(f"({left}{sign}{right})", _make_calculation(sign), (left, right), max(left.depth, right.depth))


@cache
def _make_calculation(sign: str) -> Callable[[Value, Value], Value]:
    def apply_sign(left: Value, right: Value) -> Value:
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            return _fault(left, right) or FAULT
        if sign == "/":
            return left / right if right else BY_ZERO
        return {"+": left + right, "-": left - right, "*": left * right}[sign]

    return apply_sign


def join(*parts: Formula) -> Formula:
    """Return texts and numbers one behind the other."""
    return derive("&".join(map(str, parts)), _join, parts, max(part.depth for part in parts))


def _join(*values: Value) -> Value:
    return "".join(format_scalar(value) for value in values if not isinstance(value, Fault))


# Functions


def call(name: str, *arguments: Formula | Scalar) -> Formula:
    """Return a function of values; an error among them gives an error."""
    given = [one if isinstance(one, Formula) else literal(one) for one in arguments]
    return _function(name, given, _make_evaluation(name))


@cache
def _make_evaluation(name: str) -> Callable[..., Value]:
    return lambda *values: _fault(*values) or EVALUATE[name](*values)


def _fault(*values: Value) -> Fault | None:
    for value in values:
        if isinstance(value, Fault):
            return value
    return None


def _function(name: str, arguments: Sequence[Formula], how: Callable[..., Value]) -> Formula:
    depth = 1 + max([one.depth for one in arguments], default=0)
    return derive(f"{name}({','.join([one.text for one in arguments])})", how, arguments, depth)


def if_(condition: Formula, then: Formula | Scalar, other: Formula | Scalar) -> Formula:
    """Return IF; only the value of the branch taken counts."""
    yes, no = (one if isinstance(one, Formula) else literal(one) for one in (then, other))
    if condition is FALSE or condition is TRUE:
        return yes if condition is TRUE else no
    return _function("IF", (condition, yes, no), _choose)


def _choose(condition: Value, yes: Value, no: Value) -> Value:
    return _fault(condition) or (yes if condition else no)


def if_error(formula: Formula, other: Formula | Scalar) -> Formula:
    """Return IFERROR."""
    instead = other if isinstance(other, Formula) else literal(other)
    return _function("IFERROR", (formula, instead), lambda value, other: other if isinstance(value, Fault) else value)


def is_error(formula: Formula) -> Formula:
    """Return ISERROR."""
    return _function("ISERROR", (formula,), lambda value: isinstance(value, Fault))


def any_of(conditions: Iterable[Formula]) -> Formula:
    """Return OR, FALSE of none; .xls takes 30 arguments at most."""
    return _apply_to_all("OR", [one for one in dict.fromkeys(conditions) if one is not FALSE], any, FALSE)


def all_of(conditions: Iterable[Formula]) -> Formula:
    """Return AND, TRUE of none."""
    return _apply_to_all("AND", [one for one in dict.fromkeys(conditions) if one is not TRUE], all, TRUE)


def _apply_to_all(name: str, parts: list[Formula], judge: Callable[[Iterable[Value]], bool], none: Formula) -> Formula:
    if len(parts) <= 1:
        return parts[0] if parts else none
    if len(parts) > ARGUMENTS:
        halves = (parts[:ARGUMENTS], parts[ARGUMENTS:])
        parts = [_apply_to_all(name, half, judge, none) for half in halves]
    return _function(name, parts, lambda *values: _fault(*values) or judge(values))


def negate(condition: Formula) -> Formula:
    """Return NOT."""
    constant = {"TRUE": FALSE, "FALSE": TRUE}.get(condition.text)
    return constant or _function("NOT", (condition,), lambda value: _fault(value) or not value)


def minimum(formulas: Sequence[Formula]) -> Formula:
    """Return MIN of numbers."""
    return _numbers("MIN", formulas, min)


def greatest(formulas: Sequence[Formula]) -> Formula:
    """Return MAX of numbers."""
    return _numbers("MAX", formulas, max)


def total(formulas: Sequence[Formula]) -> Formula:
    """Return the sum of formulas by ``+``."""
    text = "+".join(one.text for one in formulas)
    return derive(text or "0", _add, formulas, max((one.depth for one in formulas), default=0))


def _add(*values: Value) -> Value:
    return _fault(*values) or sum(value for value in values if isinstance(value, int | float))


def _numbers(name: str, formulas: Sequence[Formula], judge: Callable[[Iterable[float]], float]) -> Formula:
    parts = list(dict.fromkeys(formulas))
    if len(parts) == 1:
        return parts[0]
    if len(parts) > ARGUMENTS:
        parts = [_numbers(name, half, judge) for half in (parts[:ARGUMENTS], parts[ARGUMENTS:])]

    def judge_numbers(*values: Value) -> Value:
        numbers = [value for value in values if isinstance(value, int | float)]
        return judge(numbers) if len(numbers) == len(values) else _fault(*values) or FAULT

    return _function(name, parts, judge_numbers)


def opaque(text: str, how: Callable[..., Value], parts: Sequence[Formula] = ()) -> Formula:
    """Return a formula that was written by hand, with the value that comes of those of its parts."""
    return derive(text, how, parts, nesting(text))


# Ranges


def is_in(text: Formula, items: Range) -> Formula:
    """Return a condition: a text is one of some cells, whatever its case."""
    ranks = items.ranks

    def find(text: Value) -> Value:
        return not isinstance(text, Fault) and rank_of(text) in ranks

    return derive(f"SUMPRODUCT(--(LOWER({text})={items.text}))>0", find, (text,), 2 + text.depth)


def place_in(text: Formula, items: Range, numbers: Range) -> Formula:
    """Return the number of the cell that holds a text, whatever its case, 0 for none.

    No two of the cells may hold the same but for its case.
    """
    ranks, values = items.ranks, numbers.values

    def add_numbers(text: Value) -> Value:
        place = None if isinstance(text, Fault) else ranks.get(rank_of(text))
        return 0 if place is None else values[place]

    return derive(f"SUMPRODUCT(({text}={items.text})*{numbers.text})", add_numbers, (text,), 1 + text.depth)


def cell_of(items: Range, number: Formula) -> Formula:
    """Return INDEX: what the cell of a number holds, an error out of range."""
    values = items.values

    def look_up(place: Value) -> Value:
        inside = isinstance(place, int | float) and 1 <= place <= len(values)
        return values[int(place) - 1] if inside and isinstance(place, int | float) else FAULT

    return derive(f"INDEX({items.text},{number})", look_up, (number,), 1 + number.depth)
