"""Dates: a stored serial or a typed text, as ``YYYY-MM-DD``."""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal

_TYPED = re.compile(r"([0-9]{4})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*[日号]?(?:[ T][0-9:.]+Z?)?\Z")
_SPELLED = re.compile(
    r"([〇○零一二三四五六七八九]{4})\s*年\s*([一二三四五六七八九十]{1,2})\s*月\s*([一二三四五六七八九十廿卅]{1,3})\s*[日号]?\Z"
)
_SHORT = re.compile(r"([0-9]{1,2})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*[日号]?\Z")
_NO_YEAR = re.compile(r"([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*[日号]?\Z")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_TENS = {"廿": "二十", "卅": "三十"}
_CENTURY = 2000
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
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
    """Return the day of 2026-01-15, 2026年1月15日, 2026.1.15, 2026/1/15 or 二〇二六年一月十五日, else None."""
    return _day(_TYPED.match(text)) or _read_spelled(text)


def from_run(text: str) -> str | None:
    """Return the day that eight digits such as 20260115 probably mean."""
    return _day(_RUN.match(text))


def years_in(text: str) -> frozenset[int]:
    """Return the years of four digits, of either script, that a text names."""
    return frozenset(map(int, _YEAR.findall(text.translate(_DIGITS))))


def likely(text: str, years: Collection[int]) -> str | None:
    """Return the one day of some years that a text may mean, None where it may mean none of them or several.

    Known are eight digits, 27-1-15, 15-1-27 and 1-15-27 with a year of two digits, and 1月15日 without one.
    """
    days = {day for day in (from_run(text), *_short(text), *_without_year(text, years)) if day}
    inside = [day for day in days if int(day[:4]) in years]
    return inside[0] if len(inside) == 1 else None


def _short(text: str) -> Iterator[str | None]:
    match = _SHORT.match(text)
    if match is not None:
        first, second, last = map(int, match.groups())
        yield _day_of(_CENTURY + first, second, last)
        yield _day_of(_CENTURY + last, second, first)
        yield _day_of(_CENTURY + last, first, second)


def _without_year(text: str, years: Collection[int]) -> Iterator[str | None]:
    match = _NO_YEAR.match(text)
    if match is not None:
        yield from (_day_of(year, int(match[1]), int(match[2])) for year in years)


def _read_spelled(text: str) -> str | None:
    match = _SPELLED.match(text)
    if match is None:
        return None
    month, day = _read_spelled_number(match[2]), _read_spelled_number(match[3])
    return _day_of(int(match[1].translate(_DIGITS)), month, day)


def _read_spelled_number(words: str) -> int:
    """Return a number up to 99 such as 十二 or 二十一, 0 for what is none."""
    for short, long in _TENS.items():
        words = words.replace(short, long)
    tens, ten, ones = words.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (int(tens.translate(_DIGITS) or "1") * 10 if ten else 0) + int(ones.translate(_DIGITS) or "0")


def _day(match: re.Match[str] | None) -> str | None:
    return None if match is None else _day_of(*(int(part) for part in match.groups()))


def _day_of(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
