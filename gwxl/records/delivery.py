"""By which mails a file came."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The mails that brought one file.

    Attributes:
        words: when each was sent, here, by whom, and its subject; of many the last ones.
        sent: when the first was sent, ISO 8601 in UTC; empty where that is not known.
        mails: what tells each of them from any other.
    """

    words: str
    sent: str = ""
    mails: frozenset[str] = frozenset()


def in_local_time(moment: str) -> str:
    """Return a moment, ISO 8601 with its zone, as the clock of this office shows it; empty where there is none."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}" if moment else ""


def local_day(moment: str) -> date:
    """Return the day of a moment, ISO 8601 with its zone, as the calendar of this office shows it."""
    return datetime.fromisoformat(moment).astimezone().date()
