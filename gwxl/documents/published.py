"""The JSON document of ``gwxl publish``."""

from gwxl.documents.checked import Document
from gwxl.publishing import Published, PublishedSummary


def publish_document(one: Published) -> Document:
    """Return ``gwxl.publish/1`` for one return."""
    return _document(None, [one])


def publish_summary_document(done: PublishedSummary) -> Document:
    """Return ``gwxl.publish/1`` for the returns of a summary."""
    return _document(done, [*done.returns])


def _document(done: PublishedSummary | None, returns: list[Published]) -> Document:
    return {
        "schema": "gwxl.publish/1",
        "index": str(done.index) if done and done.index else None,
        "files": [_file(one) for one in returns],
        "stale": [str(path) for path in done.stale] if done else [],
        "not_in_summary": [*done.strangers] if done else [],
        "missing": [*done.missing] if done else [],
    }


def _file(one: Published) -> Document:
    source = one.receipt.source
    return {
        "file": source.file,
        "member": source.member,
        "sheet": source.sheet,
        "status": one.receipt.status.value,
        "page": str(one.page) if one.page else None,
        "state": one.receipt.state,
        "outdated": one.outdated,
        "reason": one.receipt.reason or None,
    }
