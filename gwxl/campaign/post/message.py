"""A message that was prepared: its draft as it lies there, checked to be the right one, made ready to be sent."""

import email
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Mail
from email.utils import format_datetime, formataddr, getaddresses
from functools import partial
from hashlib import sha256
from pathlib import Path

from gwxl.campaign.mistakes import refuse_mistakes
from gwxl.errors import CampaignError, GwxlError
from gwxl.files.plain_files import read_plain
from gwxl.inert import inert_line
from gwxl.wording import each

_MOST_BYTES = 30 * 2**20
_MOST_NESTED = 50  # parts that hold parts
_NESTING = re.compile(rb"boundary|rfc822", re.IGNORECASE)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIELD = re.compile(rb"([!-9;-~]{1,200}):")
_END = b"\r\n"
_OWN = frozenset({b"x-unsent", b"date", b"message-id", b"bcc"})
"""Fields of a draft that are not sent as they stand there."""
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
"""How workbooks of any format begin, and archives that may hold some."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message that was prepared for a site.

    Attributes:
        kind, code, round: tell it from every other: what it is (``issue``), whose, the how manieth.
        name: of the site. place: where its row stands in the roster, in words, language → text.
        to: the addresses it goes to. draft: the .eml, None where it is still to be made.
        attached: sha256 → name of each file that it has to carry.
    """

    kind: str
    code: str
    round: int
    name: str
    place: Mapping[str, str]
    to: tuple[str, ...]
    draft: Path | None
    attached: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str, int]:
        """Return what tells it from every other."""
        return self.kind, self.code, self.round


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A draft that may be sent: the fields that go along, and everything below them, byte for byte."""

    fields: bytes
    body: bytes

    def data(self, message_id: str, now: datetime) -> bytes:
        """Return the bytes that are sent."""
        own = f"Message-ID: {message_id}\r\nDate: {format_datetime(now)}\r\n".encode("ascii")
        return own + self.fields + _END + self.body


def read_letter(message: Message, sender: str, office: str = "") -> Letter:
    """Return the draft of a message as it lies there now, whoever changed it since it was made.

    Args:
        message: it goes to the addresses of its site and to nobody else, and carries its files; further workbooks and
            archives may not go along, for they may be those of another site.
        sender: the address it comes from; it is added where the draft was made before one was set.
        office: whose it is.

    Raises:
        CampaignError: it is not there, is no mail, or must not be sent; each mistake is told.
    """
    draft = message.draft
    if draft is None or not os.path.lexists(draft):
        raise CampaignError([each("post.no_draft", file=draft, code=message.code)])
    data = _LINE_END.sub(_END, read_plain(draft, _MOST_BYTES, partial(_unreadable, draft)))
    head, _, body = data.partition(_END + _END)
    fields = list(_fields(head))
    if len(_NESTING.findall(data)) > _MOST_NESTED or not (head.isascii() and all(name for name, _ in fields)):
        raise CampaignError([each("post.no_mail", file=draft)])
    mail = email.message_from_bytes(data)
    refuse_mistakes(draft, [*_find_wrong_addresses(mail, message, sender), *_find_wrong_attachments(mail, message)])
    kept = [lines for name, lines in fields if name not in _OWN]
    if mail["From"] is None:
        kept.insert(0, f"From: {formataddr((office, sender))}\r\n".encode("ascii"))
    return Letter(fields=b"".join(kept), body=body)


def _unreadable(file: Path, reason: str) -> GwxlError:
    return CampaignError([each("post.unreadable", file=file, reason=reason)])


def _fields(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name, in small letters, and lines of each field; the name is empty where a line is none."""
    name, lines = b"", b""
    for line in head.split(_END):
        if line[:1] in (b" ", b"\t") and lines:
            lines += line + _END
            continue
        if lines:
            yield name, lines
        found = _FIELD.match(line)
        name, lines = found[1].lower() if found else b"", line + _END
    yield name, lines


def _find_wrong_addresses(mail: "Mail[str, str]", message: Message, sender: str) -> Iterator[Mapping[str, str]]:
    found, expected = _addresses(mail, "To", "Cc", "Bcc"), {address.lower() for address in message.to}
    if found != expected:
        values = {"found": _join_addresses(found), "expected": _join_addresses(expected), "place": message.place}
        yield each("post.other_recipients", code=message.code, **values)
    if (found := _addresses(mail, "From")) not in (set(), {sender.lower()}):
        yield each("post.other_sender", found=_join_addresses(found), expected=sender)


def _addresses(mail: "Mail[str, str]", *names: str) -> set[str]:
    values = [str(value) for name in names for value in mail.get_all(name, [])]
    return {address.lower() for _, address in getaddresses(values)}


def _join_addresses(addresses: set[str]) -> str:
    return inert_line(", ".join(sorted(addresses)) or "—")


def _find_wrong_attachments(mail: "Mail[str, str]", message: Message) -> Iterator[Mapping[str, str]]:
    found = {}
    for part in mail.walk():
        payload = b"" if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(payload, bytes):
            digest = sha256(payload).hexdigest()
            found[digest] = part
            if digest not in message.attached and payload.startswith(_PACKED):
                yield each("post.stranger", file=inert_line(str(part.get_filename() or "—")), code=message.code)
    for digest, name in message.attached.items():
        if digest not in found:
            yield each("post.not_attached", file=name, code=message.code)
