"""The JSON document of ``gwxl remind``."""

from gwxl.campaign.reminding.due import Reminder
from gwxl.campaign.reminding.reminders import Reminders
from gwxl.documents.checked import Document


def remind_document(done: Reminders, *, dry_run: bool) -> Document:
    """Return ``gwxl.remind/1``."""
    return {
        "schema": "gwxl.remind/1",
        "dry_run": dry_run,
        "folder": str(done.folder),
        "mails": [_mail(one, file) for one, file in zip(done.mails, done.files, strict=True)],
        "earlier": done.earlier,
        "not_sent_back": [one.site.code for one in done.unsent],
        "bounced": [site.code for site in done.bounced],
        "without_superior": [site.code for site in done.headless],
    }


def _mail(one: Reminder, file: str) -> Document:
    return {
        "file": file,
        "code": one.to.code,
        "name": one.to.name,
        "to": list(one.to.mail),
        "about": one.about.value,
        "since": one.since or None,
        "items": [
            {"key": item.path or None, "cell": item.cell or None, "id": item.rule or None, "problem": item.title}
            for item in one.items
        ],
        "sites": [each.to.code for each in one.below],
        "attached": one.attached.name if one.attached else None,
    }
