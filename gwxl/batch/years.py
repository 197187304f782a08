"""Hold the returns of another year than the batch is for."""

from collections import Counter
from collections.abc import Sequence

from gwxl.intake import rejudge
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.terms import Terms
from gwxl.wording import text


def batch_year(receipts: Sequence[Receipt], asked: int | None) -> int | None:
    """Return the year asked for, else that of most returns (the later one of two as frequent), else None.

    Blank ones are asked where no other says a year.
    """
    if asked is not None:
        return asked
    years = _years(receipts, blank=False) or _years(receipts, blank=True)
    return max(years, key=lambda year: (years[year], year), default=None)


def _years(receipts: Sequence[Receipt], *, blank: bool) -> Counter[int]:
    read = (one for one in receipts if one.submission is not None and one.submission.blank is blank)
    return Counter(year for one in read if (year := year_of(one)) is not None)


def year_of(receipt: Receipt) -> int | None:
    """Return the year a return says it is for, None when it does not."""
    return receipt.submission.identity.year if receipt.submission else None


def hold_other_years(receipts: Sequence[Receipt], terms: Terms) -> tuple[Receipt, ...]:
    """Return the receipts with those of another year judged for the one asked and held."""
    return tuple(_hold(receipt, terms) if _is_other(receipt, terms.year) else receipt for receipt in receipts)


def _is_other(receipt: Receipt, year: int | None) -> bool:
    return year is not None and receipt.submission is not None and year_of(receipt) not in {None, year}


def _hold(receipt: Receipt, terms: Terms) -> Receipt:
    assert receipt.submission is not None  # noqa: S101 - _is_other has seen it
    judged = rejudge(receipt, receipt.submission, terms)
    reason = text("held.other_year", terms.language, found=str(year_of(receipt)), expected=str(terms.year))
    return Receipt(
        source=judged.source,
        status=Status.HELD,
        reason=" ".join(filter(None, (receipt.reason, reason))),  # each is asked: one word accepts no other fault
        submission=judged.submission,
        findings=judged.findings,
    )
