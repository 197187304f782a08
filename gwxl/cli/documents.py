"""The JSON documents of the command line; their schemas stand in docs/schema/."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gwxl.batch.totals import Total
from gwxl.findings import Finding, render_message
from gwxl.form.definition import Form
from gwxl.merging import Merged
from gwxl.receipt import Receipt
from gwxl.returns.returning import Returned
from gwxl.submission import CellRef, Status, Submission, Unread
from gwxl.summary.reading import Explanation
from gwxl.template import Point, State, Template

Document = dict[str, Any]


def template_document(template: Template) -> Document:
    """Return ``gwxl.template/1``."""
    return {
        "schema": "gwxl.template/1",
        "file": str(template.path),
        "form": template.identity.form,
        "edition": template.identity.edition,
        "year": template.identity.year,
        "fingerprint": template.identity.fingerprint,
        "cells": _cells(template.layout.cells),
        "explanations": _cells(template.layout.explanations),
        "checks": _cells(template.layout.checks),
    }


def _cells(cells: Mapping[str, CellRef]) -> Document:
    return {path: {"sheet": cell.sheet, "cell": cell.address} for path, cell in cells.items()}


def check_document(form: Form, receipts: Iterable[Receipt]) -> Document:
    """Return ``gwxl.check/1``."""
    return {"schema": "gwxl.check/1", "files": [file_document(form, receipt, values=True) for receipt in receipts]}


def file_document(form: Form, receipt: Receipt, *, values: bool) -> Document:
    """Return one file of a document: what became of it, what it says, what is wrong with it."""
    submission = receipt.submission
    document: Document = {
        "file": receipt.source.file,
        "member": receipt.source.member,
        "status": receipt.status.value,
        "reason": receipt.reason or None,
        "identity": _identity(submission),
    }
    if values:
        document["values"] = _values(submission)
    document["explanations"] = dict(submission.explanations) if submission else {}
    changes = submission.changes if submission else ()
    document["changes"] = [{"key": one.key, "raw": one.raw, "value": one.value} for one in changes]
    document["findings"] = [_finding(form, finding, submission) for finding in receipt.findings]
    return document


def _identity(submission: Submission | None) -> Document | None:
    if submission is None or not submission.identity.edition:
        return None
    identity = submission.identity
    return {
        "form": identity.form,
        "edition": identity.edition,
        "year": identity.year,
        "site_code": identity.site_code,
    }


def _values(submission: Submission | None) -> Document:
    if submission is None:
        return {}
    return {key: _readable(value) for key, value in submission.values.items() if not isinstance(value, Unread)}


def _readable(value: Any) -> Any:
    """Return a value for JSON; an unreadable cell of a table row is left out."""
    if isinstance(value, Mapping):
        return {name: item for name, item in value.items() if not isinstance(item, Unread)}
    return [_readable(item) for item in value] if isinstance(value, tuple) else value


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


def merge_document(merged: Merged) -> Document:
    """Return ``gwxl.merge/1``."""
    batch = merged.batch
    return {
        "schema": "gwxl.merge/1",
        "summary": str(merged.summary),
        "decisions": str(merged.decisions) if merged.decisions else None,
        "year": batch.year,
        "counts": {name: getattr(batch.counts, name) for name in batch.counts.__dataclass_fields__},
        "files": [file_document(batch.form, receipt, values=False) for receipt in batch.receipts],
        "totals": _totals(merged.totals),
        "totals_passed": _totals(merged.totals_passed),
    }


def _totals(totals: Mapping[str, Total]) -> Document:
    return {key: {"value": total.value, "n": total.n, "of": total.of} for key, total in totals.items()}


def return_document(
    folder: Path, returned: Iterable[Returned], strangers: Iterable[str], missing: Iterable[str]
) -> Document:
    """Return ``gwxl.return/1``."""
    return {
        "schema": "gwxl.return/1",
        "folder": str(folder),
        "files": [_returned(one) for one in returned],
        "not_in_summary": list(strangers),
        "missing": list(missing),
    }


def _returned(one: Returned) -> Document:
    review = one.review
    return {
        "file": one.receipt.source.file,
        "member": one.receipt.source.member,
        "status": one.receipt.status.value,
        "workbook": str(one.workbook) if one.workbook else None,
        "letter": str(one.letter) if one.letter else None,
        "reason": one.reason or (review.held if review else "") or None,
        "counts": {**review.counted, **{state.value: review.count(state) for state in State}} if review else None,
        "points": [_point(point) for point in review.points] if review else [],
        "done": [{"id": d.rule, "key": d.path or None, "state": d.state.value} for d in review.done] if review else [],
        "lost": [asdict(lost) for lost in review.lost] if review else [],
    }


def _point(point: Point) -> Document:
    finding = point.finding
    state = point.state.value if point.state else None
    return {"id": finding.id, "severity": finding.severity.value, "key": finding.key, "state": state}


def needs_action(receipts: Iterable[Receipt]) -> bool:
    """Tell whether somebody has to act: an open error or verify, a held or a refused file."""
    return any(
        receipt.status in {Status.HELD, Status.REFUSED}
        or (receipt.status in {Status.OK, Status.FINDINGS} and not receipt.passed)
        for receipt in receipts
    )


def explain_document(explanation: Explanation) -> Document:
    """Return ``gwxl.explain/1``."""
    document = asdict(explanation)
    return {"schema": "gwxl.explain/1", **document, "origins": [asdict(one) for one in explanation.origins]}
