"""The JSON document of ``gwxl issue``."""

from gwxl.campaign.issuing import Issued
from gwxl.campaign.mailing import Mailed
from gwxl.campaign.sending import Fate, Posted, Sending
from gwxl.documents.checked import Document


def issue_document(issued: Issued, mailed: Mailed | None, language: str, *, dry_run: bool) -> Document:
    """Return ``gwxl.issue/1``; what is said in words is said in a language."""
    return {
        "schema": "gwxl.issue/1",
        "dry_run": dry_run,
        "folder": str(issued.folder),
        "sites": [
            {"code": site.code, "name": site.name, "file": file, "mail": list(site.mail)}
            for site, file in zip(issued.sites, issued.files, strict=True)
        ],
        "earlier": issued.earlier,
        "unaddressed": [site.code for site in (mailed or issued).unaddressed],
        "sending": _sending_document(mailed.sending, language) if mailed else None,
    }


def _sending_document(sending: Sending, language: str) -> Document:
    return {
        "counts": {fate.value: len(sending.of(fate)) for fate in Fate},
        "messages": [_message(one, language) for one in sending.posted],
        "halt": sending.halt[language] if sending.halt else None,
        "resumes": sending.resumes.isoformat(timespec="seconds") if sending.resumes else None,
        "plan": [{"day": day.isoformat(), "count": count} for day, count in sending.plan],
    }


def _message(one: Posted, language: str) -> Document:
    message = one.message
    return {
        "code": message.code,
        "name": message.name,
        "to": list(message.to),
        "draft": message.draft.name if message.draft else None,
        "state": one.fate.value,
        "why": one.why.get(language),
    }
