"""Hold the returns of another period than the batch is for."""

from collections import Counter
from collections.abc import Sequence

from gwxl.intake import rejudge
from gwxl.records.period import ANY, Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.terms import Terms
from gwxl.wording import text


def choose_period(receipts: Sequence[Receipt], terms: Terms) -> Period:
    """Return the period asked for, else that of most returns (the later one of two as frequent), else none.

    Blank ones are asked where no other says a period; what is no period of the form is not asked.
    """
    if terms.year is not None:
        return terms.period
    found = _count_periods(receipts, terms, blank=False) or _count_periods(receipts, terms, blank=True)
    return most_frequent(found)


def most_frequent(found: Counter[Period]) -> Period:
    """Return the most frequent of some periods, the later one of two as frequent; none of none."""
    return max(found, key=lambda period: (found[period], period.order), default=ANY)


def _count_periods(receipts: Sequence[Receipt], terms: Terms, *, blank: bool) -> Counter[Period]:
    read = (one for one in receipts if one.submission is not None and one.submission.blank is blank)
    return Counter(period for one in read if terms.form.asks_of(period := period_of(one)))


def period_of(receipt: Receipt) -> Period:
    """Return the period a return says it is for; none where it does not."""
    return receipt.submission.identity.period if receipt.submission else ANY


def hold_other_periods(receipts: Sequence[Receipt], terms: Terms) -> tuple[Receipt, ...]:
    """Return the receipts with those of another period judged for the one asked and held."""
    return tuple(
        _hold(receipt, terms) if period_of(receipt).is_other(terms.period) else receipt for receipt in receipts
    )


def say_other_period(found: Period, terms: Terms) -> str:
    """Return the reason why a return of another period than the one asked is held."""
    found_words, expected = (period.label(terms.language) for period in (found, terms.period))
    return text("held.other_period", terms.language, found=found_words, expected=expected)


def _hold(receipt: Receipt, terms: Terms) -> Receipt:
    assert receipt.submission is not None  # noqa: S101 - what has a period has one
    judged = rejudge(receipt, receipt.submission, terms)
    reason = say_other_period(period_of(receipt), terms)
    return Receipt(
        source=judged.source,
        status=Status.HELD,
        reason=" ".join(filter(None, (receipt.reason, reason))),  # each is asked: one word accepts no other fault
        submission=judged.submission,
        findings=judged.findings,
    )
