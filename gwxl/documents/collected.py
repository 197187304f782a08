"""The JSON document of ``gwxl collect``."""

from gwxl.campaign.collecting.collection import Collection, Filed, Taken
from gwxl.documents.checked import Document
from gwxl.wording import text


def collect_document(done: Collection, language: str) -> Document:
    """Return ``gwxl.collect/1``, reasons in a language."""
    return {
        "schema": "gwxl.collect/1",
        "inbox": str(done.inbox),
        "known": done.known,
        "mails": [_mail(one, language) for one in done.taken],
    }


def _mail(one: Taken, language: str) -> Document:
    return {
        "source": one.source,
        "sha256": one.sha256 or None,
        "message_id": one.envelope.message_id or None,
        "sender": one.envelope.sender or None,
        "date": one.envelope.date or None,
        "subject": one.envelope.subject or None,
        "kind": str(one.kind),
        "site": one.code or None,
        "files": [_file(file) for file in one.files],
        "bounced": [
            {"address": address, "sites": [site.code for site in sites]} for address, sites in one.bounced.items()
        ],
        "links": list(one.links),
        "problems": [
            {"id": error.reason, "message": text(f"refused.{error.reason}", language, **error.details)}
            for error in one.problems
        ],
    }


def _file(one: Filed) -> Document:
    return {
        "name": one.name,
        "file": one.file,
        "sha256": one.sha256,
        "site": one.code or None,
        "sender": one.envelope.sender or None,
        "date": one.envelope.date or None,
        "again": one.again,
        "stranger": one.stranger,
    }
