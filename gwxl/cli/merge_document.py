"""The JSON document of ``gwxl merge``."""

from collections.abc import Mapping

from gwxl.batch.totals import Total
from gwxl.cli.documents import Document, file_document
from gwxl.merging import Merged


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
