"""Try out what a summary hands on, where it cannot hurt: whoever has the file could have made it up."""

from collections.abc import Sequence

from gwxl.batch.batch import ACCEPTED
from gwxl.batch.judging import judge_batch
from gwxl.errors import CodecError
from gwxl.records.finding import render_message
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.summary.levels.level import Head
from gwxl.terms import Terms
from gwxl.totals.adding import totals

_AS_READ = frozenset({*ACCEPTED, Status.HELD, Status.REFUSED, Status.IGNORED})


def try_out(terms: Terms, head: Head, receipts: Sequence[Receipt]) -> None:
    """Judge and add up the returns of one summary; what no merge wrote fails here, and not in the midst of others.

    Raises:
        CodecError: they are no receipts as they were read.
        Exception: whatever they lead to.
    """
    form = terms.form
    for receipt in receipts:
        submission = receipt.submission
        ours = submission is None or submission.identity.form in {"", form.id}
        if receipt.status not in _AS_READ or not ours or (receipt.status in ACCEPTED and submission is None):
            raise CodecError("level: holds what no merge reads; merge again")
        for finding in receipt.findings:
            render_message(finding, form.label, submission.cells if submission else {}, form.language)
    batch = judge_batch(terms, receipts, head.decisions)
    totals(form, batch.accepted)
