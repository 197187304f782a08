"""A mail that was read: who sent it, what kind it is, and the files it brings."""

from dataclasses import dataclass, field
from enum import StrEnum

from gwxl.errors import RefusedError

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class MailLimits:
    """The most that one mail may cost; an honest one stays under a tenth of each.

    Attributes:
        mail_bytes: its size, and with it that of all it brings: nothing in a mail is packed.
        parts: those of the mails it forwards counted too. nested: parts that hold others.
        depth: mails in each other. attachments: files it brings.
        headers_bytes: all headers of a mail.
        header_chars: one header that says what a part is; of any other no more is looked at.
        text_chars: of one text, looked through for links.
    """

    mail_bytes: int = 64 * _MEGABYTE
    parts: int = 1_000
    nested: int = 400
    depth: int = 5
    attachments: int = 200
    headers_bytes: int = _MEGABYTE
    header_chars: int = 8_000
    text_chars: int = 200_000


LIMITS = MailLimits()


class Kind(StrEnum):
    """What a mail is: ``reply`` brings files, ``letter`` none; nobody wrote the others.

    ``automatic``: an answering machine or another program. ``receipt``: it was read, or arrived. ``bounce``: it did
    not.
    """

    REPLY = "reply"
    LETTER = "letter"
    AUTOMATIC = "automatic"
    RECEIPT = "receipt"
    BOUNCE = "bounce"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What the headers of a mail say.

    Attributes:
        message_id: without its brackets. answers: ids of the mails it answers, the nearest first.
        sender: an address in lower case. subject: inert, on one line.
        date: when it arrived, else was sent, ISO 8601 in UTC. Each may be empty.
    """

    message_id: str = ""
    answers: tuple[str, ...] = ()
    sender: str = ""
    subject: str = ""
    date: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that came with a mail.

    Attributes:
        name: as its sender called it, inert; empty where it has none. data: its bytes.
        forwarded: the mails it lay in, within the one that came, the outermost first.
    """

    name: str
    data: bytes = field(repr=False)
    forwarded: tuple[Envelope, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail.

    Attributes:
        sha256: hex digest of its bytes. attachments: in their order.
        bounced: the addresses it says were not reached. returned: ids of the mails it brings back.
        links: services at which files lie that it leads to instead of bringing them.
        unread: why something in it could not be read.
    """

    sha256: str
    envelope: Envelope
    kind: Kind
    attachments: tuple[Attachment, ...] = ()
    bounced: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    unread: tuple[RefusedError, ...] = ()
