"""How numbers stand on a page: their thousands divided, as shares, as bars."""

from decimal import Decimal, InvalidOperation

_DECIMALS = 2  # of a mean
_PERCENT = Decimal(100)

Values = dict[str, object]
"""What the template names: texts, numbers, lists and tables of these."""


def bar_of(number: Decimal | int, of: Decimal | int) -> float:
    """Return how much of 100 a number is, as a bar is drawn."""
    return round(float(Decimal(number) / of * 100), 2) if of else 0.0


def read_decimal(words: str) -> Decimal | None:
    """Return the number a text is, None where it is none."""
    try:
        return Decimal(words)
    except InvalidOperation:
        return None


def format_number(words: str, *, fractions: bool = False) -> str:
    """Return a number with its thousands divided; a text that is none as it is."""
    number = read_decimal(words)
    if number is None:
        return words
    if number == number.to_integral_value():
        return f"{int(number):,}"
    return f"{round(number, _DECIMALS) if fractions else number.normalize():,f}"


def format_percent(words: str) -> str:
    """Return a share in percent with its sign, empty for none."""
    number = read_decimal(words)
    return "" if number is None else f"{number * _PERCENT:+.1f}%".replace("+0.0%", "0.0%").replace("-0.0%", "0.0%")
