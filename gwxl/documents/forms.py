"""The JSON document of ``gwxl forms --check``."""

from gwxl.authoring import Checked
from gwxl.documents.checked import Document


def forms_document(checked: Checked) -> Document:
    """Return ``gwxl.forms/1``."""
    return {
        "schema": "gwxl.forms/1",
        "folder": str(checked.folder),
        "form": checked.form.id if checked.form else None,
        "mistakes": [{"file": one.file, "key": one.key, "reason": one.reason} for one in checked.mistakes],
    }
