"""Hold the returns of an edition that the form does not accept."""

from collections.abc import Sequence
from dataclasses import replace

from gwxl.batch.batch import ACCEPTED
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status


def hold_other_editions(receipts: Sequence[Receipt], form: Form) -> tuple[Receipt, ...]:
    """Return the receipts with those of an edition held that is neither the current one nor accepted by it."""
    return tuple(_hold(receipt, form) if _is_other(receipt, form) else receipt for receipt in receipts)


def _is_other(receipt: Receipt, form: Form) -> bool:
    if receipt.submission is None or receipt.status not in {*ACCEPTED, Status.HELD}:
        return False
    # One that says no edition has lost its identity, and is told so.
    return receipt.submission.identity.edition not in {"", form.edition, *form.accepts}


def _hold(receipt: Receipt, form: Form) -> Receipt:
    found = inert_line(receipt.submission.identity.edition) if receipt.submission else ""
    reason = form.say("held.other_edition", found=found, expected=form.edition)
    return replace(receipt, status=Status.HELD, reason=" ".join(filter(None, (receipt.reason, reason))))
