"""What the journal holds of mails that came in: each mail that was seen, each file that was put into the inbox."""

from dataclasses import dataclass

from gwxl.campaign.journal import Entry

REFUSED = "refused"
"""The kind of a mail that was not read, beside those of :class:`gwxl.mail.mail.Kind`."""


OWN = "own"
"""The kind of a mail of ours, a copy of what went out for instance: it brings nothing back."""


@dataclass(frozen=True, kw_only=True)
class Message(Entry):
    """A mail that was seen; none is seen twice.

    Attributes:
        sha256: hex digest of its bytes, empty where they stayed on a server. message_id, sender, date, subject: as its
            headers say, the date in ISO 8601.
        kind: of :class:`gwxl.mail.mail.Kind`, ``own`` or ``refused``.
        code: the site it is from, empty where that is not known.
        bounced: addresses it says were not reached, divided by blanks. problem: why it, or something in it, was not
            read, keys below ``refused.`` divided by blanks.
        source: where it was read. time: when, ISO 8601 in UTC.
    """

    sha256: str
    message_id: str
    sender: str
    date: str
    subject: str
    kind: str
    code: str
    bounced: str
    problem: str
    source: str
    time: str


@dataclass(frozen=True, kw_only=True)
class Collected(Entry):
    """A file that came with a mail; of equal bytes from one site one file lies in the inbox, and each mail is noted.

    Attributes:
        mail: the sha256 of the mail. message_id, sender, date, subject: of the mail it lay in, a forwarded one for
            instance. code: the site it was filed under, empty where that is not known.
        file: its path below the inbox, ``/`` between the steps. name: as its sender called it.
        sha256: hex digest of its bytes. time: when it was put there, ISO 8601 in UTC.
    """

    mail: str
    message_id: str
    sender: str
    date: str
    subject: str
    code: str
    file: str
    name: str
    sha256: str
    time: str


@dataclass(frozen=True, kw_only=True)
class Fetched(Entry):
    """A mail that was fetched from a server, where it has this number for good.

    Attributes:
        mailbox: user, host and folder. validity, uid: what IMAP knows it by. mail: its sha256, empty where it could not
            be read.
    """

    mailbox: str
    validity: int
    uid: int
    mail: str
