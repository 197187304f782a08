"""The JSON documents of the command line; their schemas stand in gwxl/documents/schema/.

Here is what is said of returns. What only one command says stands in a module of its own, ``merge_document`` and so
on, so that no command has to load what another one works with.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from gwxl.form.definition import Form
from gwxl.records.finding import Finding, render_message
from gwxl.records.receipt import Receipt
from gwxl.records.submission import LeftBehind, Status, Submission, Unread
from gwxl.terms import Terms

Document = dict[str, Any]


def check_document(terms: Terms, receipts: Iterable[Receipt]) -> Document:
    """Return ``gwxl.check/1``, each file by the labels of its own form."""
    files = [file_document(terms.form_of(receipt.submission), receipt, values=True) for receipt in receipts]
    return {"schema": "gwxl.check/1", "files": files}


def file_document(form: Form, receipt: Receipt, *, values: bool) -> Document:
    """Return one file of a document: what became of it, what it says, what is wrong with it."""
    submission = receipt.submission
    document: Document = {
        "file": receipt.source.file,
        "member": receipt.source.member,
        "sheet": receipt.source.sheet,
        "by": list(receipt.source.by),
        "status": receipt.status.value,
        "reason": receipt.reason or None,
        "identity": identity_document(submission),
    }
    if values:
        document["values"] = _values(submission)
    document["explanations"] = dict(submission.explanations) if submission else {}
    document["header"] = {key: str(value) for key, value in submission.surround.items()} if submission else {}
    changes = submission.changes if submission else ()
    document["changes"] = [{"key": one.key, "raw": one.raw, "value": one.value} for one in changes]
    document["findings"] = [_finding(form, finding, submission) for finding in receipt.findings]
    return document


def identity_document(submission: Submission | None) -> Document | None:
    """Return what a return says it is, None where it says nothing."""
    if submission is None or not submission.identity.edition:
        return None
    identity = submission.identity
    return {
        "form": identity.form,
        "edition": identity.edition,
        "year": identity.period.year,
        "period": str(identity.period),
        "site_code": identity.site_code,
    }


def _values(submission: Submission | None) -> Document:
    if submission is None:
        return {}
    asked = {key: value for key, value in submission.values.items() if key not in submission.left_out}
    found = {key: _readable(value) for key, value in asked.items() if not isinstance(value, Unread)}
    return {key: value for key, value in found.items() if value != []}


def _readable(value: Any) -> Any:
    """Return a value for JSON; an unreadable cell of a table row is left out, and so are empty rows at its end."""
    if isinstance(value, Mapping):
        return {name: item for name, item in value.items() if not isinstance(item, Unread)}
    if not isinstance(value, tuple):
        return value
    filled = max((place for place, item in enumerate(value, 1) if item), default=0)
    return [_readable(item) for item in value[:filled]]


def _finding(form: Form, finding: Finding, submission: Submission | None) -> Document:
    cells = submission.cells if submission else {}
    return {
        "id": finding.id,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value,
        "settled": finding.settled,
        "key": finding.key,
        "sheet": finding.source.sheet if finding.source else None,
        "cell": finding.source.address if finding.source else None,
        "value": finding.value,
        "expected": finding.expected,
        "message": render_message(finding, form.label, cells, form.language),
        "proposal": finding.proposal,
    }


def leftover_document(one: LeftBehind) -> Document:
    """Return what could not be carried over into a fresh workbook."""
    return {
        "key": one.key,
        "label": one.label,
        "sheet": one.cell.sheet if one.cell else None,
        "cell": one.cell.address if one.cell else None,
        "raw": one.raw,
        "why": one.why,
    }


def needs_action(receipts: Iterable[Receipt]) -> bool:
    """Tell whether somebody has to act: an open error or verify, a held, a rejected or a refused file."""
    return any(
        receipt.status in {Status.HELD, Status.REJECTED, Status.REFUSED}
        or (receipt.status in {Status.OK, Status.FINDINGS} and not receipt.passed)
        for receipt in receipts
    )
