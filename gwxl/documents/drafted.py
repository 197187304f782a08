"""The JSON document of ``gwxl forms --from``: a draft of a form."""

from gwxl.documents.checked import Document
from gwxl.drafting import Drafted


def draft_document(drafted: Drafted) -> Document:
    """Return ``gwxl.draft/1``."""
    form = drafted.form
    return {
        "schema": "gwxl.draft/1",
        "folder": str(drafted.folder),
        "form": form.id,
        "inputs": [
            {"cell": cell, "path": str(path), "label": form.label(path)} for cell, path in drafted.inputs.items()
        ],
        "doubts": [{"place": one.place, "reason": one.say(form.language)} for one in drafted.doubts],
    }
