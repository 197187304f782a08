"""The JSON documents of the command line; their schemas stand in docs/schema/."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gwxl.batch.totals import Total
from gwxl.findings import Finding, render_message
from gwxl.form.definition import Form
from gwxl.merging import Merged
from gwxl.migrating import Migration
from gwxl.receipt import Receipt
from gwxl.submission import CellRef, LeftBehind, Status, Submission, Unread
from gwxl.summary.reading import Explanation
from gwxl.template import Template

Document = dict[str, Any]


def template_document(template: Template) -> Document:
    """Return ``gwxl.template/1``."""
    return {
        "schema": "gwxl.template/1",
        "file": str(template.path),
        "form": template.form,
        "edition": template.edition,
        "year": template.year,
        "fingerprint": template.fingerprint,
        "cells": _cells(template.cells),
        "explanations": _cells(template.explanations),
        "checks": _cells(template.checks),
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


def migrate_document(folder: Path, migrations: Iterable[Migration]) -> Document:
    """Return ``gwxl.migrate/1``."""
    return {
        "schema": "gwxl.migrate/1",
        "folder": str(folder),
        "files": [_migration(migration) for migration in migrations],
    }


def _migration(migration: Migration) -> Document:
    source = migration.receipt.source
    return {
        "file": source.file,
        "member": source.member,
        "outcome": migration.outcome.value,
        "reason": migration.reason or None,
        "identity": _identity(migration.receipt.submission),
        "edition": migration.form.edition if migration.form else None,
        "written": str(migration.path) if migration.path else None,
        "moved": migration.moved,
        "left_behind": [_left_behind(one) for one in migration.left_behind],
        "to_fill": list(migration.to_fill),
    }


def _left_behind(one: LeftBehind) -> Document:
    return {
        "key": one.key,
        "label": one.label,
        "sheet": one.cell.sheet if one.cell else None,
        "cell": one.cell.address if one.cell else None,
        "raw": one.raw,
        "why": one.why,
    }


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
