"""Dates: a stored serial or a typed text, as ``YYYY-MM-DD``."""

import re
from datetime import date, timedelta
from decimal import Decimal

_TYPED = re.compile(r"([0-9]{4})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*[日号]?(?:[ T][0-9:.]+Z?)?\Z")
_RUN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})\Z")
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_LAST = {False: 2_958_465, True: 2_957_003}  # 9999-12-31
_LEAP_BUG = 60  # serial of 1900-02-29, a day that never was


def from_serial(serial: Decimal, *, date1904: bool) -> str | None:
    """Return the day of a stored date, None outside 1900 to 9999; the time of day is dropped."""
    days = int(serial)
    if serial < 0 or days > _LAST[date1904] or (not date1904 and days in {0, _LEAP_BUG}):
        return None
    early = 1 if not date1904 and days < _LEAP_BUG else 0
    return (_EPOCHS[date1904] + timedelta(days=days + early)).isoformat()


def from_text(text: str) -> str | None:
    """Return the day of 2026-01-15, 2026年1月15日, 2026.1.15 or 2026/1/15, None for anything else."""
    return _day(_TYPED.match(text))


def from_run(text: str) -> str | None:
    """Return the day that eight digits such as 20260115 probably mean."""
    return _day(_RUN.match(text))


def _day(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        return None
