"""Tell what a cell of an OpenDocument table stores.

Source: OpenDocument 1.3 part 3, 19.385 (office:value-type).
"""

import re
from decimal import Decimal

from gwxl.containers.xml import Attributes, attribute
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.spreadsheets.serials import serial
from gwxl.spreadsheets.xlsx.styles import Style
from gwxl.spreadsheets.xlsx.worksheet import is_number

_NUMBERS = frozenset({"float", "percentage", "currency"})
_PREFIX = re.compile(r"\A[A-Za-z][\w.-]*+:(?==)")
_ERROR = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)\Z|Err:[0-9]{3}\Z")
_DURATION = re.compile(
    r"(-?)P(?:([0-9]{1,7})D)?T?(?:([0-9]{1,7})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,7}(?:[.,][0-9]{1,9})?)S)?\Z"
)
_DAY = 86_400


def read_cell(attributes: Attributes, text: str | None, style: Style, *, date1904: bool) -> Cell:
    """Return a cell from its attributes and the text of its paragraphs."""
    formula = attribute(attributes, "formula")
    if formula is not None:
        formula = _PREFIX.sub("", formula, count=1).removeprefix("=")
    kind, stored, date = _content(attributes, text, formula, date1904=date1904)
    percent = style.percent or attribute(attributes, "value-type") == "percentage"
    return Cell(kind, stored, formula, style.date or date, percent, style.locked, style.look)


def is_filled(cell: Cell) -> bool:
    """Tell whether a cell holds anything but its look."""
    return cell.kind is not CellKind.BLANK or cell.formula is not None


def _content(
    attributes: Attributes, text: str | None, formula: str | None, *, date1904: bool
) -> tuple[CellKind, str, bool]:
    """Return kind, text and whether it is stored as a date or time."""
    kinds = {value for name, value in attributes.items() if name.rpartition(":")[2] == "value-type"}
    shown = text or ""
    # Where errors have no type of their own, the value beside them is a zero.
    if "error" in kinds or (formula is not None and _ERROR.match(shown)):
        return CellKind.ERROR, shown, False
    if not kinds:
        # LibreOffice gives no type to a formula that came to no text, but a paragraph; without one nothing is stored.
        stored = shown or (formula is not None and text is not None)
        return (CellKind.TEXT if stored else CellKind.BLANK), shown, False
    if kinds & _NUMBERS:
        return *_number(attribute(attributes, "value"), shown), False
    if kinds & {"date", "time"}:
        day, duration = attribute(attributes, "date-value"), attribute(attributes, "time-value")
        return _moment(_days(duration or "") if day is None else serial(day, date1904=date1904), shown)
    if "boolean" in kinds:
        return CellKind.BOOLEAN, "TRUE" if attribute(attributes, "boolean-value") == "true" else "FALSE", False
    told = attribute(attributes, "string-value")
    shown = shown if told is None else told
    return (CellKind.TEXT if shown or formula is not None else CellKind.BLANK), shown, False


def _number(value: str | None, shown: str) -> tuple[CellKind, str]:
    value = (value or "").strip()
    if is_number(value):
        return CellKind.NUMBER, value
    # A number that is none is not guessed at: what people saw stands for it.
    return (CellKind.TEXT, value or shown) if value or shown else (CellKind.BLANK, "")


def _moment(number: str | None, shown: str) -> tuple[CellKind, str, bool]:
    return (CellKind.TEXT, shown, True) if number is None else (CellKind.NUMBER, number, True)


def _days(duration: str) -> str | None:
    """Return the digits of the days of an ISO duration, None if it is none."""
    match = _DURATION.match(duration)
    if match is None or not any(match.groups()[1:]):
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups()[1:4])
    seconds = Decimal((match[5] or "0").replace(",", ".")) + 60 * (minutes + 60 * hours)
    total = float(days + seconds / _DAY) * (-1 if match[1] else 1)
    return str(int(total)) if total.is_integer() else repr(total)
