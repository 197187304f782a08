"""Dates as people write them: read where they say day, month and year; proposed where only one day can be meant."""

from decimal import Decimal

import pytest

from gwxl.values.dates import from_run, from_serial, from_text, likely, years_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-15", "2026-01-15"),
        ("2026-1-5", "2026-01-05"),
        ("2026年1月15日", "2026-01-15"),
        ("2026年1月15号", "2026-01-15"),
        ("2026 年 1 月 15 日", "2026-01-15"),
        ("2026.1.15", "2026-01-15"),
        ("2026/1/15", "2026-01-15"),
        ("2026-01-15 08:30:00", "2026-01-15"),
        ("2026-01-15T08:30:00Z", "2026-01-15"),
        ("二〇二六年一月八日", "2026-01-08"),
        ("二○二七年三月五日", "2027-03-05"),
        ("二零二六年十月二十号", "2026-10-20"),
        ("二〇二六年十二月三十一日", "2026-12-31"),
        ("二〇二六年十一月廿九日", "2026-11-29"),
        ("二〇二六年五月卅一日", "2026-05-31"),
        ("二〇二六年二月十日", "2026-02-10"),
        ("二〇二六年二月十九日", "2026-02-19"),
        ("2024-02-29", "2024-02-29"),
        ("2026-02-29", None),
        ("2026-13-01", None),
        ("2026-00-10", None),
        ("二〇二六年二月三十日", None),
        ("二〇二六年二二月三日", None),
        ("二〇二六年二月三四日", None),
        ("二〇二六年二月三十四五日", None),
        ("二〇二六年十二十月一日", None),
        ("二〇二六年一月十二十日", None),
        ("二〇二六年一月十一一日", None),
        ("二〇二六年十一一月一日", None),
        ("2026-1-15起", None),
        ("26-1-15", None),
        ("20260115", None),
        ("", None),
    ],
)
def test_days_in_words_and_digits(text: str, day: str | None) -> None:
    """A year of four digits, a month and a day, in either script, are a day if there is such a day."""
    assert from_text(text) == day


@pytest.mark.parametrize(
    ("serial", "date1904", "day"),
    [
        ("0", False, None),
        ("1", False, "1900-01-01"),
        ("58", False, "1900-02-27"),
        ("59", False, "1900-02-28"),
        ("60", False, None),
        ("61", False, "1900-03-01"),
        ("46037", False, "2026-01-15"),
        ("46037.99", False, "2026-01-15"),
        ("2958465", False, "9999-12-31"),
        ("2958465.5", False, "9999-12-31"),
        ("2958466", False, None),
        ("-1", False, None),
        ("-0.5", False, None),
        ("0.5", False, None),
        ("0", True, "1904-01-01"),
        ("59", True, "1904-02-29"),
        ("60", True, "1904-03-01"),
        ("2957003", True, "9999-12-31"),
        ("2957004", True, None),
    ],
)
def test_stored_days(serial: str, date1904: bool, day: str | None) -> None:  # noqa: FBT001 - a table of cases
    """Both day counts from their first to their last day; the day that never was is none."""
    assert from_serial(Decimal(serial), date1904=date1904) == day


@pytest.mark.parametrize(
    ("text", "years", "day"),
    [
        ("20260115", {2026}, "2026-01-15"),
        ("20260115", {2025}, None),
        ("27-1-8", {2027}, "2027-01-08"),
        ("8-1-27", {2027}, None),  # 8 January or 1 August
        ("27-3-27", {2027}, "2027-03-27"),
        ("15-1-27", {2027}, "2027-01-15"),
        ("1-15-27", {2027}, "2027-01-15"),
        ("1-15-27", {2026}, None),
        ("1月15日", {2026}, "2026-01-15"),
        ("1月15日", {2026, 2027}, None),
        ("2月29日", {2027, 2028}, "2028-02-29"),
        ("1-15", {2026}, "2026-01-15"),
        ("15-1", {2026}, None),
        ("2026011", {2026}, None),
        ("202601155", {2026}, None),
        ("某日", {2026}, None),
        ("20260115", set(), None),
    ],
)
def test_days_that_are_likely(text: str, years: set[int], day: str | None) -> None:
    """What is short of a year, or of signs, is a day only where one day of the period alone can be meant."""
    assert likely(text, years) == day


@pytest.mark.parametrize(
    ("text", "day"), [("20260115", "2026-01-15"), ("20261315", None), ("2026-115", None), ("120260115", None)]
)
def test_eight_digits(text: str, day: str | None) -> None:
    """Eight digits in a row are year, month and day."""
    assert from_run(text) == day


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2025年度", {2025}),
        ("二〇二五年度，上年2024", {2025, 2024}),
        ("1999、2100", {1999}),
        ("12025", set()),
        ("20255", set()),
        ("一九九九年", {1999}),
        ("无", set()),
    ],
)
def test_years_that_a_text_names(text: str, years: set[int]) -> None:
    """Four digits that stand alone are a year of the last or of this century."""
    assert years_in(text) == years
