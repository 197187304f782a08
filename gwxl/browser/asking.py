"""What every request of the page says: the form, the period, the day, whom a faulty return goes back to."""

from datetime import date
from pathlib import Path

from gwxl.batch.files import find_paths
from gwxl.documents.checked import Document
from gwxl.records.period import Period
from gwxl.rules.available_forms import find_form
from gwxl.terms import Notice, Terms


def terms_of(asked: Document, place: str = "") -> Terms:
    """Return the terms of a request; one about a folder or a summary is about the form that is found there."""
    notice = {name: str(asked.get(name) or "") for name in ("return_to", "phone", "office")}
    deadline = date.fromisoformat(asked["deadline"]) if asked.get("deadline") else None
    return Terms(
        asked.get("form") or (find_form(find_paths([Path(asked[place])])) if place else None),
        period=Period.parse(str(asked.get("year") or "")),
        notice=Notice(deadline=deadline, **notice),
        today=date.fromisoformat(asked["today"]),
    )
