"""Turn a return down as a clerk decided: it does not count and goes back."""

from dataclasses import replace

from gwxl.batch.batch import ACCEPTED, NO_CORRECTION, SENT_BACK
from gwxl.characters import trim
from gwxl.form.definition import Form
from gwxl.records.finding import Finding, Severity
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status

_ENDS = "。．.；;，,、 "


def reject(form: Form, receipt: Receipt, words: str) -> Receipt:
    """Return a receipt as rejected, with the clerk's reason; without one, with what it was held for."""
    said = trim(words).rstrip(_ENDS)
    if said:
        reason = form.say("rejected.reason", reason=said)
    else:
        reason = form.say("rejected.plain", held=receipt.reason).strip()
    return replace(receipt, status=Status.REJECTED, reason=reason)


def return_to_sender(form: Form, receipt: Receipt, words: str) -> Receipt:
    """Return a receipt as rejected that a clerk sends back, with her reason.

    What counted until then keeps its answers on the way back: nothing doubts where they stand.
    """
    said = trim(words).rstrip(_ENDS)
    reason = form.say("rejected.sent_back", reason=said) if said else form.say("rejected.sent_back_plain")
    if receipt.status not in ACCEPTED:
        held = f"{reason}{receipt.reason}" if not said else reason
        return replace(receipt, status=Status.REJECTED, reason=held)
    finding = Finding(
        id=SENT_BACK,
        severity=Severity.ERROR,
        message="{message}",
        arguments={"message": reason},
        expected=form.say(f"{SENT_BACK}.expected"),
    )
    return replace(receipt, status=Status.REJECTED, reason=reason, findings=(finding, *receipt.findings))


def deny_correction(form: Form, receipt: Receipt, number: int, words: str) -> Receipt:
    """Return a receipt rejected for its mark of a round; its sender is not told whose return the mark names."""
    message = form.say("D06.turned_down", round=number)
    finding = Finding(
        id=NO_CORRECTION,
        severity=Severity.ERROR,
        message="{message}",
        arguments={"message": message},
        expected=form.say("D06.expected"),
    )
    told = replace(receipt, reason=message, findings=(finding, *receipt.findings))
    return reject(form, told, words)
