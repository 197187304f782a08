"""The period of a batch, and returns of another one."""

from dataclasses import replace

from gwxl.batch.periods import choose_period, hold_other_periods
from gwxl.records.period import ANY, Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.terms import Terms
from tests.support.batches import YEAR, receipt, report_rules


def of_year(number: int, year: int | None) -> Receipt:
    """Build a return that says it is of a year."""
    one = receipt(number)
    assert one.submission is not None
    return replace(
        one, submission=replace(one.submission, identity=replace(one.submission.identity, period=Period(year)))
    )


def test_the_year_asked_for_wins() -> None:
    """A clerk who names a year gets that year."""
    assert choose_period([of_year(1, 2026), of_year(2, 2026)], Terms(report_rules(), Period(2025))) == Period(2025)


def test_else_the_majority_decides() -> None:
    """Without a year asked for, most returns decide; of two as frequent the later; none says none."""
    terms = Terms(report_rules())
    most = [of_year(1, 2025), of_year(2, 2026), of_year(3, 2026), of_year(4, None)]
    assert choose_period(most, terms) == Period(2026)
    assert choose_period([of_year(1, 2025), of_year(2, 2026)], terms) == Period(2026)
    assert choose_period([], terms) == ANY


def test_other_years_are_held() -> None:
    """A return of another year is held with both years named and an A12 error; the others are left alone."""
    other, same, silent = of_year(1, YEAR - 1), of_year(2, YEAR), of_year(3, None)
    held, *rest = hold_other_periods((other, same, silent), Terms(report_rules(), Period(YEAR)))
    assert (held.status, held.reason) == (
        Status.HELD,
        f"报的是 {YEAR - 1} 年度，本次汇总的是 {YEAR} 年度，须由经办人决定是否接受。",
    )
    assert "A12" in {finding.id for finding in held.findings}
    assert rest == [same, silent]
