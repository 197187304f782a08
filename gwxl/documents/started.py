"""The JSON document of ``gwxl init``."""

from gwxl.campaign.settings import FILE_NAME
from gwxl.campaign.starting import Started
from gwxl.documents.checked import Document


def init_document(started: Started) -> Document:
    """Return ``gwxl.init/1``."""
    found = started.campaign
    places = {name: getattr(found, name) for name in ("roster", "key", "inbox", "outbox", "returns", "summary")}
    return {
        "schema": "gwxl.init/1",
        "folder": str(found.folder),
        "form": started.form.id,
        "year": found.period.year,
        "period": str(found.period),
        "settings": str(found.folder / FILE_NAME),
        **{name: str(place) if place else None for name, place in places.items()},
    }
