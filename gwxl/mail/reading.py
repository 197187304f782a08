"""Read one mail from its bytes."""

from hashlib import sha256

from gwxl.errors import RefusedError
from gwxl.mail import headers
from gwxl.mail.kinds import REPORTS, find_bounced, find_returned, kind_of, report_of
from gwxl.mail.links import services
from gwxl.mail.mail import LIMITS, Envelope, Kind, Mail
from gwxl.mail.parts import Contents, parse_mail
from gwxl.mail.wrappings import WRAPPINGS, from_msg

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a ``.msg`` begins."""


def read_mail(data: bytes) -> Mail:
    """Read a mail: RFC 5322, or a ``.msg`` of Outlook's.

    Raises:
        RefusedError: it is beyond the limits (``mail_large``, ``mail_nested``, ``mail_parts``, ``mail_attachments``,
            ``mail_header``), a draft that nobody sent (``mail_unsent``), takes the extra ``mail`` (``mail_extra``), or
            cannot be opened (``mail_wrapping``).
    """
    if len(data) > LIMITS.mail_bytes:
        raise RefusedError("mail_large", limit=LIMITS.mail_bytes >> 20)
    digest = sha256(data).hexdigest()
    return _outlook(data, digest) if data.startswith(OLE) else _internet(data, digest)


def _internet(data: bytes, digest: str) -> Mail:
    message = parse_mail(data)
    if headers.raw(message, "x-unsent") == "1":
        raise RefusedError("mail_unsent")
    envelope = headers.envelope(message)
    lost = find_bounced(message)
    if lost is not None:
        returned = find_returned(message)
        return Mail(sha256=digest, envelope=envelope, kind=Kind.BOUNCE, bounced=lost, returned=returned)
    if report_of(message) in REPORTS:
        return Mail(sha256=digest, envelope=envelope, kind=Kind.RECEIPT)
    contents = Contents(WRAPPINGS)
    contents.add_mail(message)
    return _mail(digest, envelope, contents, kind_of(message, files=bool(contents.attachments)))


def _outlook(data: bytes, digest: str) -> Mail:
    wrapped = from_msg(data)
    envelope = wrapped.envelope or Envelope()
    report = _report(wrapped.kind)
    if report is not None:
        return Mail(sha256=digest, envelope=envelope, kind=report)
    contents = Contents(WRAPPINGS)
    contents.add_wrapped(wrapped, ())
    return _mail(digest, envelope, contents, kind_of(parse_mail(wrapped.headers), files=bool(contents.attachments)))


def _report(kind: str) -> Kind | None:
    """Return what a report is that Outlook keeps in a form of its own (MS-OXOMSG 2.2.2.1)."""
    if not kind.upper().startswith("REPORT."):
        return None
    return Kind.BOUNCE if kind.upper().endswith(".NDR") else Kind.RECEIPT


def _mail(digest: str, envelope: Envelope, contents: Contents, kind: Kind) -> Mail:
    return Mail(
        sha256=digest,
        envelope=envelope,
        kind=kind,
        attachments=tuple(contents.attachments),
        links=services(contents.texts),
        unread=tuple(contents.unread),
    )
