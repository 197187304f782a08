"""Counts and decimals: a stored double at the digits a program shows, or a typed text, exact."""

import math
from decimal import Decimal

from gwxl.files.excel_limits import DIGITS
from gwxl.records.submission import Scalar, Unread
from gwxl.spreadsheets.book import CellKind
from gwxl.values import numerals
from gwxl.values.cell_in_progress import Work, fold, format_logged, tidy
from gwxl.values.shown import agrees, show_number


def read_number(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read a count or a decimal."""
    if kind is CellKind.BOOLEAN:
        return work.give_up("boolean_in_number")
    return _read_stored(work) if kind is CellKind.NUMBER else _read_typed(work)


def _read_stored(work: Work) -> Scalar | Unread:
    number = double(work.text)
    if number is None or number.adjusted() > numerals.LONGEST:
        return work.give_up("not_a_number")
    value = whole(number)
    if work.cell.date:
        return work.give_up("date_in_number", value)
    if digits(number) > DIGITS:
        work.note("W03", read=format_logged(value))
    if work.cell.percent and number:
        work.note("W04", read=format_logged(value))
    else:
        _note_shown(work, number)
    return value


def _note_shown(work: Work, number: Decimal) -> None:
    """Say so where the cell shows another number than it stores."""
    seen = show_number(work.cell.look, number)
    if seen is not None and not agrees(seen, number, work.asked.unit):
        work.note("W06", seen=seen.strip(), read=format_logged(whole(number)))


def double(text: str) -> Decimal | None:
    """Return a stored double at 15 digits, as programs show it: 71.00000000000001 is 71, 10.199999999999999 is 10.2.

    A whole number keeps the digits it has beyond, so that they are told.
    """
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    whole_and_long = number.is_integer() and abs(number) >= 10**DIGITS
    return Decimal(repr(number) if whole_and_long else f"{number:.{DIGITS}g}")


def figure(text: str) -> str:
    """Return the stored digits of a number as messages show them, without the noise behind the last digit kept."""
    number = double(text) if len(text) > DIGITS else None
    return text if number is None or digits(number) > DIGITS else format_logged(whole(number))


def digits(number: Decimal) -> int:
    """Return how many significant digits a number needs."""
    if number == number.to_integral_value():
        return number.adjusted() + 1
    return len(number.normalize().as_tuple().digits)


def whole(number: Decimal) -> int | Decimal:
    """Return a number as an int where it is whole."""
    return int(number) if number == number.to_integral_value() else number


def _read_typed(work: Work) -> Scalar | Unread:
    tidy(work)
    fold(work)
    dropped: tuple[str, ...] = ()
    text = work.text.replace("−", "-")
    if work.language == "en":
        text, dropped = numerals.drop_accounting(text, work.asked.unit)
    plain = numerals.plain(text)
    if plain is None:
        written = numerals.propose(work.text, work.asked.unit)
        value = None if written.value is None else whole(written.value)
        fits = isinstance(value, int) or work.asked.kind.has_fractions
        return work.give_up(written.kind, value if fits else None)
    for kind in (*dropped, *(("thousands",) if plain[1] else ())):
        work.log(kind)
    work.log("text_number")
    return whole(plain[0])
