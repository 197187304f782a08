"""The year of a batch, and returns of another one."""

from dataclasses import replace

from gwxl.batch.years import batch_year, hold_other_years
from gwxl.form.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.terms import Terms
from tests.support.batches import YEAR, receipt, report_rules


def of_year(number: int, year: int | None) -> Receipt:
    """Build a return that says it is of a year."""
    one = receipt(number)
    assert one.submission is not None
    return replace(one, submission=replace(one.submission, identity=replace(one.submission.identity, year=year)))


def test_the_year_asked_for_wins() -> None:
    """A clerk who names a year gets that year."""
    assert batch_year([of_year(1, 2026), of_year(2, 2026)], 2025) == 2025


def test_else_the_majority_decides() -> None:
    """Without a year asked for, most returns decide; of two as frequent the later; none says none."""
    assert batch_year([of_year(1, 2025), of_year(2, 2026), of_year(3, 2026), of_year(4, None)], None) == 2026
    assert batch_year([of_year(1, 2025), of_year(2, 2026)], None) == 2026
    assert batch_year([], None) is None


def test_other_years_are_held() -> None:
    """A return of another year is held with both years named and an A12 error; the others are left alone."""
    other, same, silent = of_year(1, YEAR - 1), of_year(2, YEAR), of_year(3, None)
    held, *rest = hold_other_years((other, same, silent), Terms(report_rules(), Period(YEAR)))
    assert (held.status, held.reason) == (
        Status.HELD,
        f"年度是 {YEAR - 1}，本次汇总的是 {YEAR} 年度，须由经办人决定是否接受。",
    )
    assert "A12" in {finding.id for finding in held.findings}
    assert rest == [same, silent]
