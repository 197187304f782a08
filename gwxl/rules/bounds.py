"""Check the limits of an input: of its kind, possible, and such that a workbook can hold them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gwxl.files.excel_limits import LITERAL, STRING, units
from gwxl.form.kinds import Kind
from gwxl.rules.patterns import unusable
from gwxl.rules.rule_file import RuleFile

NUMBER = (int, Decimal)
BOUND = (int, Decimal, date)
"""What ``min`` and ``max`` are: numbers, of a date field days."""

PATTERNS = frozenset({"regex", "pattern", "avoid"})

_LISTS = frozenset({"allowed", "forbidden"})
_FOR_NUMBERS = frozenset({"min", "max"})
_ORDERED = (("min", "max"), ("minlength", "maxlength"), ("min_length", "max_length"))
_FIRST_YEAR = 1901  # programs do not agree on how the days before are stored
_LARGEST = 10**15 - 1  # a cell stores 15 digits
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def check_limits(file: RuleFile, limits: Mapping[str, Any], kind: Kind, place: str) -> None:
    """Check the limits that stand together in a table.

    Args:
        file: the rule file.
        limits: name → limit, each of the right type.
        kind: of the field or column they limit.
        place: the key of the table.

    Raises:
        RuleError: one does not fit the kind, or is no limit at all.
    """
    for name, limit in limits.items():
        where = f"{place}.{name}"
        bounded = kind.is_number or kind.is_date if name in _FOR_NUMBERS else kind.is_text or kind.is_date
        if name not in _LISTS and not bounded:
            raise file.refuse(where, f"cannot limit a field of kind {kind}")
        if name in PATTERNS:
            _check_pattern(file, limit, where)
        elif name in _LISTS:
            _check_list(file, limit, kind, where)
        elif name in _FOR_NUMBERS:
            _check_bound(file, limit, kind, where)
        elif not 0 <= limit <= STRING:
            raise file.refuse(where, f"{limit} is no number of characters: a cell takes 0 to {STRING}")
    for low, high in _ORDERED:
        if low in limits and high in limits and limits[low] > limits[high]:
            file.tell(
                f"{place}.{low}", f"{limits[low]} is more than {high} = {limits[high]}, so that nothing would pass"
            )


def _check_pattern(file: RuleFile, pattern: str, place: str) -> None:
    if reason := unusable(pattern):
        raise file.refuse(place, reason)


def _check_list(file: RuleFile, entry: list[Any], kind: Kind, place: str) -> None:
    wanted = NUMBER if kind.is_number else bool if kind.is_yes_no else str
    if not entry or not all(isinstance(item, wanted) for item in entry):
        raise file.refuse(place, f"must list values of kind {kind}")
    for item in entry:
        if isinstance(item, str) and units(item) > LITERAL:
            file.tell(place, f"{item[:20]!r}… has {units(item)} characters, {LITERAL} are possible")


def _check_bound(file: RuleFile, limit: int | Decimal | date, kind: Kind, place: str) -> None:
    if isinstance(limit, date) is not kind.is_date:
        wanted = "a day, written 2026-01-31 without quotes" if kind.is_date else "a number"
        raise file.refuse(place, f"{limit} cannot bound a field of kind {kind}; give {wanted}")
    if isinstance(limit, date):
        if type(limit) is not date or limit.year < _FIRST_YEAR:
            raise file.refuse(place, f"{limit} is no day from {_FIRST_YEAR} on; write it without a time")
        return
    _check_number(file, limit, place)


def _check_number(file: RuleFile, limit: int | Decimal, place: str) -> None:
    if not Decimal(limit).is_finite() or not -_LARGEST <= limit <= _LARGEST:
        raise file.refuse(place, f"{limit} is no number a cell can hold: it takes 15 digits")


def is_closed(formula: str) -> bool:
    """Tell whether every bracket and quotation mark of a formula has its other half."""
    bare = _QUOTED.sub("", formula)
    depth = 0
    for char in bare:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0 and '"' not in bare
