"""A campaign as it is played: the sites, what each says, and the mails by which that comes, in every way there is."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256
from typing import Any
from zipfile import ZipFile

from tests.support import inboxes
from tests.support.mails import mail, message, raw, report, tnef
from tests.support.submissions import GOOD

WAYS = (
    *("plain", "superior", "gbk", "quoted", "winmail", "zip", "zip", "cloud"),
    *("twice", "scanned", "scan", "bounce", "error", "verify", "silent"),
)
"""How a site answers; each group of sites has each once, and its first is the superior of the others."""

LATE = frozenset({"cloud", "scan", "bounce", "error", "verify"})
"""Who reports, or reports right, only when asked again."""

LINK = "https://wx.mail.qq.com/ftn/download?func=3&k=1"
SCAN = b"%PDF-1.4 scan of "
LATER = "Mon, 18 Jan 2027 09:30:00 +0800"
FAULTS: Mapping[str, Mapping[str, Any]] = {
    "error": {"site_unique_visitors": 9_999_999},
    "verify": {"release_total": 5},
    "twice": {"weibo_posts": 17},
}
"""What a site says at first where that is not what it means."""


@dataclass(frozen=True)
class Site:
    """One site, by its number from 1 on."""

    number: int

    @property
    def code(self) -> str:
        """Return what the roster calls it by."""
        return f"{self.number:010}"

    @property
    def name(self) -> str:
        """Return its name."""
        return str(inboxes.site(self.number)["site_name"])

    @property
    def mail(self) -> str:
        """Return the address of its contact."""
        return f"s{self.number}@example.org"

    @property
    def way(self) -> str:
        """Return how it answers."""
        return WAYS[(self.number - 1) % len(WAYS)]

    @property
    def parent(self) -> "Site":
        """Return its superior, which is its own."""
        return Site((self.number - 1) // len(WAYS) * len(WAYS) + 1)

    @property
    def meant(self) -> dict[str, Any]:
        """Return what it has to say, by field key."""
        number = self.number
        (media,) = GOOD["other_media"]
        changes = {
            "site_page_views": 2_000_000 + 7 * number,
            "weibo_posts": 5_000 + number,
            "wechat_posts": 1_000 + 3 * number,
            "messages_average_days": Decimal(number % 9) / 4 + 1,
            "other_media": ({**media, "posts": 100 + number},),
        }
        return {**GOOD, **inboxes.site(number), **changes}


@dataclass(frozen=True)
class Came:
    """A mail that is delivered, and what has to become of it.

    Attributes:
        data: its bytes. kind: as the journal has to call it.
        files: code of the site each file is filed under, name, bytes.
    """

    data: bytes
    kind: str = "reply"
    files: Sequence[tuple[str, str, bytes]] = ()

    def __post_init__(self) -> None:
        """End every line as mail servers do."""
        object.__setattr__(self, "data", self.data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    @property
    def sha256(self) -> str:
        """Return its digest."""
        return sha256(self.data).hexdigest()


@dataclass
class Desk:
    """The desk of a site's filler: the mail that came, and the workbook once it is filled in.

    Attributes:
        site: whose desk. received: the mail with its workbook, None before it is opened.
        filled: the workbook each time it was filled in.
    """

    site: Site
    received: EmailMessage | None = None
    filled: list[bytes] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what the workbook is called that came."""
        return self._attachment.get_filename() or ""

    @property
    def blank(self) -> bytes:
        """Return the workbook that came."""
        data = self._attachment.get_content()
        assert isinstance(data, bytes)
        return data

    @property
    def _attachment(self) -> EmailMessage:
        assert self.received is not None
        (found,) = self.received.iter_attachments()
        assert isinstance(found, EmailMessage)
        return found

    def open(self, mail: bytes) -> None:
        """Open the mail that came."""
        received = message_from_bytes(mail, policy=policy.default)
        assert isinstance(received, EmailMessage)
        self.received = received

    def reply(self, *files: tuple[str, bytes], word: str = "年报", **headers: str) -> bytes:
        """Return an answer to the mail that came."""
        assert self.received is not None
        thread = str(self.received["Message-ID"])
        return mail(*files, sender=self.site.mail, subject=f"回复：{word}", In_Reply_To=thread, **headers)

    def came(self, *files: tuple[str, bytes], **headers: str) -> Came:
        """Return an answer that brings files of this site."""
        return Came(self.reply(*files, **headers), files=[(self.site.code, name, data) for name, data in files])


def _percent_signs(text: str, charset: str) -> bytes:
    return "".join(f"%{byte:02X}" for byte in text.encode(charset)).encode()


def _mail_of_header(desk: Desk, parameters: bytes, name: str) -> Came:
    """Return a mail whose file is named by raw bytes, and is known by its sender alone."""
    part = b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; " + parameters
    head = f"Subject: x\r\nMessage-ID: <{desk.site.code}-{desk.site.way}@own>".encode()
    data = raw(part, desk.filled[0], head=head).replace(b"From: c@example.org", f"From: {desk.site.mail}".encode())
    return Came(data, files=[(desk.site.code, name, desk.filled[0])])


def _plain(desk: Desk) -> Iterator[Came]:
    yield Came(desk.reply(word="自动回复", Auto_Submitted="auto-replied"), "automatic")
    yield desk.came((desk.name, desk.filled[0]))


def _superior(desk: Desk) -> Iterator[Came]:
    """Yield what a superior forwards: the mail it got lies in its own."""
    inner = message(("年报.xlsx", desk.filled[0]), sender=desk.site.mail, subject="报表")
    outer = message(sender=desk.site.parent.mail, subject="转发：报表", Message_ID=f"<{desk.site.code}-fw@own>")
    outer.add_attachment(inner)
    yield Came(bytes(outer), files=[(desk.site.code, "年报.xlsx", desk.filled[0])])


def _gbk(desk: Desk) -> Iterator[Came]:
    name = "年报（盖章）.xlsx"
    displayed = [f"Final-Recipient: rfc822; {desk.site.mail}", "Disposition: x; displayed"]
    yield Came(report("disposition-notification", displayed, sender=desk.site.mail), "receipt")
    yield _mail_of_header(desk, b'filename="' + name.encode("gbk") + b'"', name)


def _by_rfc2231(desk: Desk) -> Iterator[Came]:
    name = "示例市年报—最终.xlsx"
    yield _mail_of_header(desk, b"filename*=gb18030''" + _percent_signs(name, "gb18030"), name)


def _winmail(desk: Desk) -> Iterator[Came]:
    wrapped = desk.reply(("winmail.dat", tnef(("年报.xlsx", desk.filled[0]))))
    yield Came(wrapped, files=[(desk.site.code, "年报.xlsx", desk.filled[0])])


def _cloud(desk: Desk) -> Iterator[Came]:
    assert desk.received is not None
    thread = str(desk.received["Message-ID"])
    yield Came(mail(sender=desk.site.mail, subject="年报", text=LINK, In_Reply_To=thread), "letter")


def _twice(desk: Desk) -> Iterator[Came]:
    yield desk.came((desk.name, desk.filled[0]))
    yield desk.came((desk.name, desk.filled[1]), word="回复：年报", Date=LATER)


def _workbook_and_scan(desk: Desk) -> Iterator[Came]:
    """Yield a workbook and a scan beside it, and one alone, from a private mailbox that the roster does not know."""
    private, code = f"p{desk.site.number}@mail.example", desk.site.code
    form, beside = (desk.name, desk.filled[0]), ("盖章.pdf", b"%PDF-1.4 beside " + code.encode())
    yield Came(mail(form, beside, sender=private, subject="年报"), files=[(code, *form), (code, *beside)])
    alone = "盖章扫描.pdf", SCAN + code.encode()
    yield Came(mail(alone, sender=private, subject="补件"), files=[("", *alone)])  # whose it is nothing says


def _scan(desk: Desk) -> Iterator[Came]:
    yield desk.came(("盖章扫描.pdf", SCAN + desk.site.code.encode()))


def _bounce(desk: Desk) -> Iterator[Came]:
    failed = [f"Final-Recipient: rfc822; {desk.site.mail}", "Action: failed", "Status: 5.1.1"]
    yield Came(report("delivery-status", ["Reporting-MTA: dns; x"], failed), "bounce")


def _workbook(desk: Desk) -> Iterator[Came]:
    yield desk.came((desk.name, desk.filled[0]))


_FIRST: Mapping[str, Callable[[Desk], Iterator[Came]]] = {
    "plain": _plain,
    "superior": _superior,
    "gbk": _gbk,
    "quoted": _by_rfc2231,
    "winmail": _winmail,
    "cloud": _cloud,
    "twice": _twice,
    "scanned": _workbook_and_scan,
    "scan": _scan,
    "bounce": _bounce,
    "error": _workbook,
    "verify": _workbook,
}


def first_mails(desks: Sequence[Desk]) -> Iterator[Came]:
    """Yield what comes in before anything goes back."""
    for desk in desks:
        if desk.site.way in _FIRST:
            yield from _FIRST[desk.site.way](desk)
    for superior in desks:
        below = [desk for desk in desks if desk.site.way == "zip" and desk.site.parent == superior.site]
        if superior.site.way == "plain" and below:
            yield superior.came(("下级报表.zip", _archive(below)), word="下级报表")


def _archive(desks: Sequence[Desk]) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for desk in desks:
            archive.writestr(desk.name, desk.filled[0])
    return packed.getvalue()


def later_mails(desks: Sequence[Desk]) -> Iterator[Came]:
    """Yield what comes in of those who have still to report, once they filled in what they were sent."""
    for desk in desks:
        if desk.site.way in LATE:
            yield desk.came((f"{desk.site.code}改.xlsx", desk.filled[-1]), word="补报", Date=LATER)
