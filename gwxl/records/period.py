"""The time a form asks about: a year, a half, a quarter or a month of one, or none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gwxl.errors import SettingsError
from gwxl.wording import LANGUAGES, each, text

_WRITTEN = re.compile(r"(?P<year>[0-9]{4})(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")
_MONTHS = 12


class Span(StrEnum):
    """How long a period is."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def months(self) -> int:
        """Return how many months it lasts."""
        return {Span.YEAR: _MONTHS, Span.HALF: 6, Span.QUARTER: 3, Span.MONTH: 1}[self]

    @property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """Return what texts call such a period and the one before, by the names of their places: language → words."""
        return {name: each(f"period.{name}.{self}") for name in ("this_period", "last_period", "last_head")}


@dataclass(frozen=True)
class Period:
    """A time that is asked about: ``Period(2026)`` is a year, ``Period()`` is none.

    Attributes:
        year: of four digits, None where no time is named.
        span: how long it is.
        number: which one of the year, from 1.
    """

    year: int | None = None
    span: Span = Span.YEAR
    number: int = 1

    def __post_init__(self) -> None:
        fits = self.number in range(1, _MONTHS // self.span.months + 1)
        named = self.year in range(10_000) if self.year is not None else self.span is Span.YEAR
        if not (fits and named):
            raise SettingsError(each("failure.no_period", found=f"{self.year} {self.span} {self.number}"))

    @classmethod
    def read(cls, written: str) -> "Period":
        """Return the period that stands in a workbook; none where none does, whatever else may."""
        return cls.parse(written) if _WRITTEN.fullmatch(written) else cls()

    @classmethod
    def parse(cls, written: str) -> "Period":
        """Return the period that is written as ``2026``, ``2026H1``, ``2026Q3`` or ``2026-07``; none for nothing.

        Raises:
            SettingsError: it is written otherwise.
        """
        match = _WRITTEN.fullmatch(written)
        if match is None and written:
            raise SettingsError(each("failure.no_period", found=written))
        found = {name: int(digits) for name, digits in match.groupdict().items() if digits} if match else {}
        year = found.pop("year", None)
        return next((cls(year, Span(name), number) for name, number in found.items()), cls(year))

    def __str__(self) -> str:
        written = {Span.HALF: f"H{self.number}", Span.QUARTER: f"Q{self.number}", Span.MONTH: f"-{self.number:02}"}
        return "" if self.year is None else f"{self.year:04}{written.get(self.span, '')}"

    def label(self, language: str) -> str:
        """Return the period in words; empty for none."""
        if self.year is None:
            return ""
        names = "" if self.span is Span.YEAR else text(f"period.{self.span}_names", language)
        return text(f"period.{self.span}", language, year=self.year, name=names.split("|")[self.number - 1])

    @property
    def labels(self) -> Mapping[str, str]:
        """Return language → the period in words."""
        return {language: self.label(language) for language in LANGUAGES}

    def entitle(self, title: str, language: str) -> str:
        """Return a title with the period behind it; the title alone for none."""
        if self.year is None:
            return title
        key = "template.title" if self.span is Span.YEAR else "template.title_of_period"
        return text(key, language, title=title, year=self.year, period=self.label(language))

    @property
    def order(self) -> tuple[int, int, int]:
        """Return a sort key: by the last month, the shorter first; none comes before all."""
        return (0, 0, 0) if self.year is None else (self.year, self.number * self.span.months, self.span.months)

    def is_other(self, asked: "Period") -> bool:
        """Tell whether this one is not what is asked about; none may be any, and of none any is right."""
        return self.year is not None and asked.year is not None and self != asked

    @property
    def first_month(self) -> int:
        """Return the month it begins in."""
        return (self.number - 1) * self.span.months + 1

    @property
    def previous(self) -> "Period":
        """Return the one of the same length that ends where this one begins; none for none."""
        if self.year is None:
            return self
        if self.number > 1:
            return Period(self.year, self.span, self.number - 1)
        return Period(self.year - 1, self.span, _MONTHS // self.span.months)


ANY = Period()
"""No period: that of each return."""


def day_in_words(day: date | None, language: str) -> str:
    """Return a day as it is written in a language; empty where there is none."""
    return text("layout.day", language, year=day.year, month=day.month, day=day.day) if day else ""
