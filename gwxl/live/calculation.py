"""What a worksheet calculates: the values of cells, how they compare, and what the functions give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import floor
from operator import eq, ge, gt, le, lt, ne
from typing import Any

Scalar = str | bool | float
"""What a cell can hold besides an error: a text, a logical, a number."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The value of a formula that gives an error."""

    code: str


FAULT, BY_ZERO = Fault("#VALUE!"), Fault("#DIV/0!")
Value = Scalar | Fault
Rank = tuple[int, float, str]


def format_scalar(value: Scalar) -> str:
    """Return a value as a formula turns it into text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(int(value))
    return f"{Decimal(repr(value)).normalize():f}" if value else "0"


def compare_values(left: Value, sign: str, right: Value) -> Value:
    """Return what a comparison gives: numbers come before texts, texts before logicals."""
    if isinstance(left, Fault) or isinstance(right, Fault):
        return left if isinstance(left, Fault) else right
    return bool(_SIGNS[sign](rank_of(left), rank_of(right)))


_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def rank_of(value: Scalar) -> Rank:
    """Return what a comparison sees of a value: the case of texts is none of it."""
    if isinstance(value, bool):
        return 2, float(value), ""
    return (1, 0.0, value.casefold()) if isinstance(value, str) else (0, value, "")


def day_number(day: date) -> int:
    """Return the number a cell stores of a day."""
    return (day - _DAY_ZERO).days


_DAY_ZERO = date(1899, 12, 30)


def _substitute(text: Scalar, old: Scalar, new: Scalar, number: Scalar = 0) -> Scalar:
    whole, old, new = format_scalar(text), format_scalar(old), format_scalar(new)
    if not old:
        return whole
    if not number:
        return whole.replace(old, new)
    parts = whole.split(old)
    place = int(number)
    if len(parts) <= place:
        return whole
    return old.join(parts[:place]) + new + old.join(parts[place:])


def _find(part: Scalar, text: Scalar) -> Value:
    place = format_scalar(text).find(format_scalar(part))
    return place + 1 if place >= 0 else FAULT


def _mid(text: Scalar, start: Scalar, count: Scalar) -> Value:
    first = int(start) - 1
    return format_scalar(text)[first : first + int(count)] if first >= 0 else FAULT


def _right(text: Scalar, count: Scalar) -> Scalar:
    whole = format_scalar(text)
    return whole[max(0, len(whole) - int(count)) :]


def _round(number: Scalar, places: Scalar) -> Value:
    if isinstance(number, str):
        return FAULT
    step = Decimal(1).scaleb(-int(places))
    return float(Decimal(repr(number)).quantize(step, ROUND_HALF_UP)) if abs(number) < 1e15 else number  # noqa: PLR2004 - digits a double has


def _whole(number: Scalar) -> Value:
    return FAULT if isinstance(number, str) else floor(number)


def _magnitude(number: Scalar) -> Value:
    return FAULT if isinstance(number, str) else abs(number)


def _trim_spaces(text: Scalar) -> Scalar:
    return " ".join(part for part in format_scalar(text).split(" ") if part)


EVALUATE: Mapping[str, Callable[..., Value]] = {
    "ABS": _magnitude,
    "CHAR": lambda number: chr(int(number)),
    "EXACT": lambda left, right: format_scalar(left) == format_scalar(right),
    "FIND": _find,
    "INT": _whole,
    "ISLOGICAL": lambda value: isinstance(value, bool),
    "ISNUMBER": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "LEFT": lambda text, count: format_scalar(text)[: int(count)],
    "LEN": lambda text: len(format_scalar(text)),
    "LOWER": lambda text: format_scalar(text).lower(),
    "MID": _mid,
    "RIGHT": _right,
    "ROUND": _round,
    "SUBSTITUTE": _substitute,
    "TRIM": _trim_spaces,
}
