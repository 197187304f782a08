"""Turn a return down as a clerk decided: it does not count and goes back."""

from dataclasses import replace

from gwxl.characters import trim
from gwxl.form.definition import Form
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.wording import text

_ENDS = "。．.；;，,、 "


def rejected(form: Form, receipt: Receipt, words: str) -> Receipt:
    """Return a receipt as rejected, with the clerk's reason; without one, with what it was held for."""
    said = trim(words).rstrip(_ENDS)
    if said:
        reason = text("rejected.reason", form.language, reason=said)
    else:
        reason = text("rejected.plain", form.language, held=receipt.reason).strip()
    return replace(receipt, status=Status.REJECTED, reason=reason)
