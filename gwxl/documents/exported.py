"""The JSON document of ``gwxl export``."""

from gwxl.documents.checked import Document
from gwxl.exporting import Exported


def export_document(done: Exported) -> Document:
    """Return ``gwxl.export/1``."""
    return {
        "schema": "gwxl.export/1",
        "file": str(done.path),
        "returns": done.returns,
        "rows": done.rows,
        "not_in_summary": list(done.strangers),
    }
