"""Periods: written, in words, in order, the one before."""

import pytest

from gwxl.errors import SettingsError
from gwxl.records.period import ANY, Period, Span

PERIODS = [
    ("2026", Period(2026), "2026 年度", "2026", "2025"),
    ("2026H1", Period(2026, Span.HALF, 1), "2026年上半年", "first half of 2026", "2025H2"),
    ("2026Q3", Period(2026, Span.QUARTER, 3), "2026年第三季度", "third quarter of 2026", "2026Q2"),
    ("2026-07", Period(2026, Span.MONTH, 7), "2026年7月", "July 2026", "2026-06"),
    ("2026-01", Period(2026, Span.MONTH, 1), "2026年1月", "January 2026", "2025-12"),
    ("0000", Period(0), "0 年度", "0", None),
    ("", ANY, "", "", ""),
]


@pytest.mark.parametrize(("written", "period", "zh", "en", "before"), PERIODS)
def test_a_period(written: str, period: Period, zh: str, en: str, before: str | None) -> None:
    """It reads as it is written, has a label in both languages and one before it."""
    assert (Period.parse(written), str(period)) == (period, written)
    assert (period.label("zh"), period.label("en")) == (zh, en)
    assert before is None or str(period.previous) == before


@pytest.mark.parametrize(
    "written", ["26", "2026H3", "2026Q0", "2026-13", "2026-1", "2026 ", "２０２６", "2026年", "Q3"]
)
def test_what_is_no_period(written: str) -> None:
    """The line says what was found and what would be right."""
    with pytest.raises(SettingsError) as caught:
        Period.parse(written)
    expected = f"'{written}' is no period: expected one like 2026, 2026H1, 2026Q3 or 2026-07"
    assert caught.value.line("en") == expected


@pytest.mark.parametrize(
    ("year", "span", "number"),
    [(20260, Span.YEAR, 1), (-1, Span.YEAR, 1), (2026, Span.YEAR, 2), (2026, Span.QUARTER, 5), (None, Span.MONTH, 1)],
)
def test_a_period_that_cannot_be(year: int | None, span: Span, number: int) -> None:
    """None is made that could not be written."""
    with pytest.raises(SettingsError):
        Period(year, span, number)


def test_the_order() -> None:
    """By the last month, the shorter first; none before all."""
    written = ["", "2025", "2026-03", "2026Q1", "2026-06", "2026Q2", "2026H1", "2026-12", "2026Q4", "2026H2", "2026"]
    by_name = [Period.parse(one) for one in sorted(written)]
    assert [str(one) for one in sorted(by_name, key=lambda one: one.order)] == written
