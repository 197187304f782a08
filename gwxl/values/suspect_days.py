"""Tell a count that may once have been a date: pasting ``1/2`` leaves the number of a day in a cell for counts."""

from decimal import Decimal

from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.values import dates

_NEAR = 3  # times as much or as little as last year


def day_of_count(cell: Cell, value: object, year: int, *, date1904: bool) -> str | None:
    """Return the day of the year, or of the one after it, whose serial number a stored whole number is."""
    stored = cell.kind is CellKind.NUMBER and not cell.date and not cell.percent
    if not stored or not isinstance(value, int) or isinstance(value, bool):
        return None
    day = dates.from_serial(Decimal(value), date1904=date1904)
    return day if day is not None and int(day[:4]) in {year, year + 1} else None


def is_near(value: object, last_year: str) -> bool:
    """Tell whether a count is about as large as last year's; with none to hold it against it is not."""
    return (
        bool(last_year) and isinstance(value, int) and float(last_year) <= value * _NEAR <= float(last_year) * _NEAR**2
    )
