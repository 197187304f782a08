"""Reckon without rounding: sums, weighted means, the least, the greatest and the median."""

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction

from gwxl.records.submission import Value

Number = int | Decimal

_DIGITS = 34  # of a quotient; every program that shows it rounds to less
_LONGEST = 400  # digits of an exact sum
_EXACT = Context(prec=_LONGEST, Emax=_LONGEST, Emin=-_LONGEST, traps=[Inexact])


def as_number(value: Value | None) -> Number | None:
    """Return a value that can be added up, None for anything else."""
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def exact_sum(numbers: Sequence[Number]) -> Number:
    """Return a sum without rounding: an integer where every addend is one, else a decimal."""
    whole = sum(number for number in numbers if isinstance(number, int))
    total: Number = whole
    for number in numbers:
        if isinstance(number, Decimal):
            total = _EXACT.add(Decimal(total), number)
    return total


def weighted_mean(pairs: Sequence[tuple[Number, Number]]) -> Decimal | None:
    """Return Σ value·weight / Σ weight over (value, weight), to 34 digits; None where the weights sum to 0."""
    weights = sum((Fraction(weight) for _, weight in pairs), Fraction(0))
    if not weights:
        return None
    return _decimal(sum((Fraction(value) * Fraction(weight) for value, weight in pairs), Fraction(0)) / weights)


def mean(numbers: Sequence[Number]) -> Number:
    """Return the mean of some numbers, at least one, to 34 digits."""
    found = _decimal(sum(map(Fraction, numbers), Fraction(0)) / len(numbers))
    return int(found) if found == found.to_integral_value() else found


def spread(numbers: Sequence[Number]) -> tuple[Number | None, Number | None, Number | None]:
    """Return the least, the greatest and the median, None where there is no number."""
    if not numbers:
        return None, None, None
    ordered = sorted(numbers)
    lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    middle = _decimal((Fraction(lower) + Fraction(upper)) / 2)
    whole = middle == middle.to_integral_value()
    return ordered[0], ordered[-1], int(middle) if whole else middle


def _decimal(quotient: Fraction) -> Decimal:
    return Context(prec=_DIGITS).divide(Decimal(quotient.numerator), Decimal(quotient.denominator))
