"""The JSON document of ``gwxl explain``."""

from dataclasses import asdict

from gwxl.documents.checked import Document
from gwxl.summary.stored.explanation import Explanation


def explain_document(explanation: Explanation) -> Document:
    """Return ``gwxl.explain/1``."""
    document = asdict(explanation)
    return {"schema": "gwxl.explain/1", **document, "changed": explanation.changed}
