"""Counts and decimals: a stored double or a typed text, exact."""

from decimal import Decimal, InvalidOperation

from gwxl.form.definition import Kind
from gwxl.submission import Scalar, Unread
from gwxl.workbook import numerals
from gwxl.workbook.cells import CellKind
from gwxl.workbook.work import Work, fold, shown, tidy

SPREADSHEET_DIGITS = 15  # as many a program keeps of a number


def read_number(work: Work, kind: CellKind) -> Scalar | Unread:
    """Read a count or a decimal."""
    if kind is CellKind.BOOLEAN:
        return work.unread("boolean_in_number")
    return _stored_number(work) if kind is CellKind.NUMBER else _typed_number(work)


def _stored_number(work: Work) -> Scalar | Unread:
    number = double(work.text)
    if number is None or number.adjusted() > numerals.LONGEST:
        return work.unread("not_a_number")
    value = whole(number)
    if work.cell.date:
        return work.unread("date_in_number", value)
    if digits(number) > SPREADSHEET_DIGITS:
        work.note("W03", read=shown(value))
    if work.cell.percent and number:
        work.note("W04", read=shown(value))
    return value


def double(text: str) -> Decimal | None:
    """Return the exact shortest decimal of a stored double: 10.199999999999999 is 10.2."""
    try:
        number = Decimal(repr(float(text)))
    except (ValueError, InvalidOperation):
        return None
    return number if number.is_finite() else None


def digits(number: Decimal) -> int:
    """Return how many significant digits a number needs."""
    if number == number.to_integral_value():
        return number.adjusted() + 1
    return len(number.normalize().as_tuple().digits)


def whole(number: Decimal) -> int | Decimal:
    """Return a number as an int where it is whole."""
    return int(number) if number == number.to_integral_value() else number


def _typed_number(work: Work) -> Scalar | Unread:
    tidy(work)
    fold(work)
    plain = numerals.plain(work.text.replace("−", "-", 1))
    if plain is None:
        written = numerals.proposed(work.text, work.asked.unit)
        value = None if written.value is None else whole(written.value)
        fits = value is not None and (isinstance(value, int) or work.asked.kind is Kind.DECIMAL)
        return work.unread(written.kind, value if fits else None)
    if plain[1]:
        work.log("thousands")
    work.log("text_number")
    return whole(plain[0])
