"""When mails may be sent, and how many in a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_WEEK = 7
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The days and hours of an office, and what its provider takes.

    Attributes:
        per_minute, per_day: messages, one at least.
        hours: from which hour to which, 0 to 24. days: of the week, 1 is Monday; one at least.
    """

    per_minute: int
    per_day: int
    hours: tuple[int, int]
    days: frozenset[int]

    def room(self, now: datetime, gone: int) -> int:
        """Return how many may go today from now on, where so many are gone today."""
        if self._opens(now) != now:
            return 0
        minutes = (_midnight(now) + timedelta(hours=self.hours[1]) - now) / _MINUTE
        return max(0, min(self.per_day - gone, int(self.per_minute * minutes) or 1))

    def resumes(self, now: datetime, gone: int) -> datetime:
        """Return from when on one more may go: now, or later."""
        full = gone >= self.per_day
        return self._opens(_midnight(now) + timedelta(days=1) if full else now)

    def plan(self, count: int, now: datetime, gone: int) -> Iterator[tuple[date, int]]:
        """Yield the days on which so many messages go, and how many on each."""
        while count:
            now = self.resumes(now, gone)
            going = min(count, self.room(now, 0 if gone >= self.per_day else gone))
            yield now.date(), going
            count -= going
            now, gone = _midnight(now) + timedelta(days=1), 0

    def _opens(self, now: datetime) -> datetime:
        """Return the first moment from now on that the office is open."""
        opening, closing = (timedelta(hours=hour) for hour in self.hours)
        mornings = (_midnight(now) + timedelta(days=ahead) for ahead in range(_WEEK + 1))
        return next(
            max(now, morning + opening)
            for morning in mornings
            if morning.isoweekday() in self.days and now < morning + closing
        )


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), moment.tzinfo)
