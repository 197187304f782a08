"""The fields around the form: read where it is certain what they say, and told where it is not."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from gwxl.characters import fold_width, trim
from gwxl.form.definition import Field, Form
from gwxl.records.finding import Finding
from gwxl.records.signals import signal
from gwxl.records.submission import Answer, Change, Unread
from gwxl.values import dates
from gwxl.wording import catalogue

UNDATED = frozenset({"F02", "F03"})
"""The findings on a date of the report that does not tell which return is later."""


def read_around(asked: Field, answer: Answer, year: int | None) -> Answer:
    """Return the answer of a field around the form; a day that the period makes certain is read, and logged.

    A return is made in the year of its period or the next: of the days that 20270115, 27-1-15 or a number that
    lost its date format may mean, one there is certain. 1月15日 may be of either year.

    Args:
        asked: the field.
        answer: what was read without knowing the period.
        year: the period's, None where it is unknown.
    """
    value = answer.value
    if not asked.kind.is_date or not isinstance(value, Unread) or value.kind != "not_a_date" or year is None:
        return answer
    years = (year, year + 1)
    day = dates.likely(trim(fold_width(answer.raw)), years)
    if day is None and str(value.proposal)[:4] in map(str, years):
        day = str(value.proposal)
    if day is None:
        return answer
    return replace(answer, value=day, changes=(Change(key=answer.key, raw=answer.raw, value=day, kind="date"),))


def judge_around(form: Form, around: Mapping[str, Answer], year: int | None) -> Iterator[Finding]:
    """Yield a finding for every field around the form that cannot be read, and for a date before the period.

    Args:
        form: the edition that was filled in.
        around: key → answer.
        year: the period's, None where it is unknown.
    """
    for answer in around.values():
        if isinstance(answer.value, Unread):
            yield _tell("F01", form, answer, why=_why(form, answer.value))
    dated = around.get(form.roles.date)
    if dated is not None and year is not None and (day := day_of(dated)) and _is_before(day, year):
        yield _tell("F03", form, dated, year=year)


def judge_day(form: Form, dated: Answer | None, year: int | None, today: date | None) -> Iterator[Finding]:
    """Yield a finding for a date of the report that is later than the day it is read.

    Args:
        form: the edition that was filled in.
        dated: the date, None where none is asked.
        year: the period's, None where it is unknown.
        today: the day of checking or merging, None where no day is too late.
    """
    limit = tell_limit(day_of(dated), year, today)
    if dated is not None and limit:
        yield _tell("F02", form, dated, limit=limit)


def day_of(dated: Answer | None) -> str:
    """Return the day that an answer is, empty where it is none."""
    return dated.value if dated is not None and isinstance(dated.value, str) else ""


def tell_limit(day: str, year: int | None, today: date | None) -> str:
    """Return the last day that the date of a report could be of, empty where it is not later than that."""
    if not day or year is None or _is_before(day, year):
        return ""
    limit = _latest(year, today)
    return limit.isoformat() if limit is not None and day > limit.isoformat() else ""


def _is_before(day: str, year: int) -> bool:
    return day < date(year, 1, 1).isoformat()


def _latest(year: int, today: date | None) -> date | None:
    """Return the last day of a return: today or, where a trial runs before the period ended, the next year's last."""
    if today is None:
        return None
    return today if today.year > year else date(year + 1, 12, 31)


def _tell(id_: str, form: Form, answer: Answer, **arguments: Any) -> Finding:
    # A date that a program stored is a number: the cell shows the day.
    raw = day_of(answer) if answer.raw.isdecimal() and day_of(answer) else answer.raw
    return signal(id_, form.language, key=answer.key, cell=answer.cell, raw=raw, **arguments)


def _why(form: Form, value: Unread) -> str:
    key = f"unread.{value.kind}"
    return form.say(key if key in catalogue() else "unread.not_a_date")
