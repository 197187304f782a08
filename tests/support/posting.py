"""Campaigns with messages that lie prepared, as the tests of sending need them: no form, and small attachments."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from gwxl.campaign.mail_draft import MailDraft
from gwxl.campaign.post.message import Message
from gwxl.campaign.settings import FILE_NAME, Campaign, load_campaign
from tests.support.mail_server import USER

FAST = 60_000
"""Messages a minute: nobody waits."""


def campaign_at(folder: Path, port: int, **settings: object) -> Campaign:
    """Return a campaign whose mails a server on this machine takes; ``settings`` are those below [mail]."""
    folder.mkdir(exist_ok=True)
    said = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "per_minute": FAST, "per_day": 1000}
    lines = [f'{name} = "{value}"' for name, value in (said | settings).items()]
    head = ['form = "website_annual_report"', 'period = "2026"', f'sender = "{USER}"', "[mail]"]
    (folder / FILE_NAME).write_text("\n".join([*head, *lines]), "utf-8")
    return load_campaign(folder)


def workbook(code: str) -> bytes:
    """Return what stands for the workbook of a site."""
    return b"PK\x03\x04 the workbook of " + code.encode()


def prepared(campaign: Campaign, to: Mapping[str, Sequence[str]], *, kind: str = "issue") -> list[Message]:
    """Put drafts into the outbox, and return the messages: code → addresses."""
    campaign.outbox.mkdir(exist_ok=True)
    return [_message(campaign, code, addresses, kind) for code, addresses in to.items()]


def _message(campaign: Campaign, code: str, to: Sequence[str], kind: str) -> Message:
    data, path = workbook(code), campaign.outbox / f"{code}.eml"
    values = {"office": "示例市政务公开办", "sender": campaign.sender, "subject": f"请填报 {code}"}
    draft = MailDraft(**values, to=to, text=f"{code}：\n.一行\n", file=f"{code}-示例.xlsx", attachment=data)
    path.write_bytes(draft.data())
    return Message(
        kind=kind,
        code=code,
        round=1,
        name=f"示例{code}",
        place={"zh": f"第 {code} 行", "en": f"row {code}"},
        to=tuple(to),
        draft=path,
        attached={sha256(data).hexdigest(): f"{code}-示例.xlsx"},
    )
