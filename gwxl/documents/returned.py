"""The JSON document of ``gwxl return``."""

from pathlib import Path

from gwxl.documents.checked import Document, leftover_document
from gwxl.returns.addressing import Addressee
from gwxl.returns.returning import Returned
from gwxl.returns.sending_back import SentBack
from gwxl.template import Point, State


def return_document(folder: Path, sent: SentBack) -> Document:
    """Return ``gwxl.return/1``."""
    return {
        "schema": "gwxl.return/1",
        "dry_run": sent.dry_run,
        "folder": str(folder),
        "files": [_return_document(one) for one in sent.returned],
        "not_in_summary": list(sent.strangers),
        "missing": list(sent.missing),
    }


def _return_document(one: Returned) -> Document:
    review = one.review
    return {
        "file": one.receipt.source.file,
        "member": one.receipt.source.member,
        "sheet": one.receipt.source.sheet,
        "by": list(one.receipt.source.by),
        "status": one.receipt.status.value,
        "to": _addressee(one.to),
        "round": one.number,
        "sent_before": one.earlier.workbook if one.earlier else None,
        "sent_on": one.earlier.day or None if one.earlier else None,
        "workbook": str(one.workbook) if one.workbook else None,
        "letter": str(one.letter) if one.letter else None,
        "reason": one.reason or (review.held or review.rejected if review else "") or None,
        "counts": {**review.counted, **{state.value: review.count(state) for state in State}} if review else None,
        "points": [_point(point) for point in review.points] if review else [],
        "done": [{"id": d.rule, "key": d.path or None, "state": d.state.value} for d in review.done] if review else [],
        "left_behind": [leftover_document(lost) for lost in review.lost] if review else [],
    }


def _addressee(to: Addressee | None) -> Document | None:
    return {"code": to.code or None, "name": to.name or None, "unit": to.unit or None} if to else None


def _point(point: Point) -> Document:
    finding = point.finding
    state = point.state.value if point.state else None
    return {"id": finding.id, "severity": finding.severity.value, "key": finding.key, "state": state}
