"""What every request of the page says: the form, the period, the day, whom a faulty return goes back to."""

from datetime import date

from gwxl.documents.checked import Document
from gwxl.records.period import Period
from gwxl.terms import Notice, Terms


def terms_of(asked: Document) -> Terms:
    """Return the terms of a request."""
    notice = {name: str(asked.get(name) or "") for name in ("return_to", "phone", "office")}
    deadline = date.fromisoformat(asked["deadline"]) if asked.get("deadline") else None
    return Terms(
        asked.get("form") or None,
        period=Period.parse(str(asked.get("year") or "")),
        notice=Notice(deadline=deadline, **notice),
        today=date.fromisoformat(asked["today"]),
    )
