"""Turn ISO dates, as Strict workbooks may store them, into the serial numbers all others store."""

from datetime import datetime, time, timedelta

_FIRST_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - cells know no time zone
_FIRST_1900 = datetime(1899, 12, 31)  # noqa: DTZ001
_LEAP_DAY = datetime(1900, 3, 1)  # noqa: DTZ001
_DAY = timedelta(days=1)


def serial(text: str, *, date1904: bool) -> str | None:
    """Return the digits of the serial number of an ISO date, date and time, or time; None if it is none.

    The 1900 system counts a 29 February 1900 that never was; so does this.
    """
    first = _FIRST_1904 if date1904 else _FIRST_1900
    moment = _moment(text, first)
    if moment is None or moment < first:
        return None
    days = (moment - first) / _DAY
    if not date1904 and moment >= _LEAP_DAY:
        days += 1
    return str(int(days)) if days == int(days) else repr(days)


def _moment(text: str, first: datetime) -> datetime | None:
    try:
        if ":" in text and "-" not in text:
            return datetime.combine(first, time.fromisoformat(text).replace(tzinfo=None))
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
