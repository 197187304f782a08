"""Take a mail apart: every file it brings, whatever it is wrapped in."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.errors import (
    MultipartInvariantViolationDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.parser import BytesParser
from email.policy import compat32
from typing import cast

from gwxl.errors import RefusedError
from gwxl.mail import headers
from gwxl.mail.mail import LIMITS, Attachment, Envelope
from gwxl.mail.signed import extract_signed
from gwxl.mail.transport import Part, decode_transport

_NESTING = (b"multipart/", b"message/")
_BROKEN = (MultipartInvariantViolationDefect, NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect)
_HEADERS_END = re.compile(rb"\n\r?\n")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SIGNATURES = frozenset({"pkcs7-signature", "x-pkcs7-signature", "pgp-signature", "pgp-keys"})
_SEALED = frozenset({"pkcs7-mime", "x-pkcs7-mime"})
_CARDS = frozenset({"vcard", "x-vcard", "directory", "calendar"})
_LOGO = 100_000  # bytes; a scan has more
_CID = re.compile(r"""cid:([^"'\s>)]{1,250})""", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Wrapped:
    """What lay in a wrapping that is no MIME: texts, files with their names, and mails.

    Attributes:
        kind: what Outlook calls such an item, e.g. ``IPM.Note``. headers: those a mail came with, where they are kept.
    """

    kind: str = ""
    headers: bytes = b""
    texts: Sequence[str] = ()
    files: Sequence[tuple[str, bytes]] = ()
    envelope: Envelope | None = None
    inner: Sequence["Wrapped"] = ()


Unwrap = Callable[[bytes], Wrapped]


def parse_mail(data: bytes) -> Part:
    """Return the parts of a mail.

    Raises:
        RefusedError: ``mail_nested``: they lie deeper in each other than any honest mail's; ``mail_parts``,
            ``mail_header`` or ``mail_large``.
    """
    if len(data) > LIMITS.mail_bytes:
        raise RefusedError("mail_large", limit=LIMITS.mail_bytes >> 20)
    if _HEADERS_END.search(data, 0, LIMITS.headers_bytes) is None and len(data) > LIMITS.headers_bytes:
        raise RefusedError("mail_header", name="header", limit=LIMITS.headers_bytes)
    lower = data.lower()
    if sum(map(lower.count, _NESTING)) > LIMITS.nested:
        raise RefusedError("mail_parts", limit=LIMITS.parts)
    try:
        return cast("Part", BytesParser(Part, policy=compat32).parsebytes(data))
    except RecursionError:
        raise RefusedError("mail_nested", limit=LIMITS.depth) from None


@dataclass
class Contents:
    """What a mail holds, gathered part by part.

    Attributes:
        unwrap: what opens a wrapping that is no MIME, by its name: ``tnef``, ``msg``.
        texts: to be read by people, of the mail and those it forwards, HTML as it stands.
    """

    unwrap: Mapping[str, Unwrap]
    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    unread: list[RefusedError] = field(default_factory=list)
    _parts: int = 0

    def add_mail(self, message: Part, forwarded: tuple[Envelope, ...] = ()) -> None:
        """Add what a mail holds.

        Raises:
            RefusedError: ``mail_nested``, ``mail_parts``, ``mail_attachments`` or ``mail_header``.
        """
        if len(forwarded) > LIMITS.depth:
            raise RefusedError("mail_nested", limit=LIMITS.depth)
        first = len(self.texts)
        pictures: list[tuple[str, Attachment]] = []
        for part in _leaves(message):
            self._count()
            self._add_part(part, forwarded, pictures)
        shown = frozenset(found for text in self.texts[first:] for found in _CID.findall(text))
        for cid, picture in pictures:
            if cid not in shown:
                self._attach(picture)

    def _count(self) -> None:
        self._parts += 1
        if self._parts > LIMITS.parts:
            raise RefusedError("mail_parts", limit=LIMITS.parts)

    def _attach(self, attachment: Attachment) -> None:
        self.attachments.append(attachment)
        if len(self.attachments) > LIMITS.attachments:
            raise RefusedError("mail_attachments", limit=LIMITS.attachments)

    def _add_part(self, part: Part, forwarded: tuple[Envelope, ...], pictures: list[tuple[str, Attachment]]) -> None:
        if any(isinstance(defect, _BROKEN) for defect in part.defects):
            self.unread.append(RefusedError("mail_broken"))
            return
        main, _, sub = (headers.content(part, "content-type")[0] or part.get_default_type()).partition("/")
        if main == "message":
            self._add_message(part, sub, forwarded)
            return
        name = headers.file_name(part)
        placed = headers.content(part, "content-disposition")[0]
        if sub in _SIGNATURES or (main == "text" and sub in _CARDS):
            return
        if main == "text" and not name and placed != "attachment":
            self.texts.append(_text(part)[: LIMITS.text_chars])
            return
        data = decode_transport(part)
        if sub in _SEALED:
            self._add_sealed(data, forwarded)
        elif main == "image" and len(data) <= _LOGO and (cid := headers.raw(part, "content-id").strip("<>")):
            pictures.append((cid, Attachment(name=name, data=data, forwarded=forwarded)))
        else:
            self.add_file(name, data, forwarded, tnef="ms-tnef" in sub)

    def _add_message(self, part: Part, sub: str, forwarded: tuple[Envelope, ...]) -> None:
        """Add a mail that lies in another; what is only said of one adds nothing."""
        if sub in {"external-body", "partial"}:
            self.unread.append(RefusedError("mail_elsewhere"))
        elif sub in {"rfc822", "global", "news"}:
            held = part.read_held()
            inner = held[0] if isinstance(held, list) and held else None
            if inner is not None and not is_transported_apart(part):
                self.add_mail(inner, (*forwarded, headers.envelope(inner)))
            else:
                self._add_bytes(decode_transport(part if inner is None else inner, part), forwarded)

    def _add_bytes(self, data: bytes, forwarded: tuple[Envelope, ...]) -> None:
        inner = parse_mail(data)
        self.add_mail(inner, (*forwarded, headers.envelope(inner)))

    def _add_sealed(self, data: bytes, forwarded: tuple[Envelope, ...]) -> None:
        """Add what a signature lies around; what is encrypted stays closed."""
        inner = extract_signed(data)
        if inner is None:
            self.unread.append(RefusedError("mail_encrypted"))
        else:
            self.add_mail(parse_mail(inner), forwarded)

    def add_file(self, name: str, data: bytes, forwarded: tuple[Envelope, ...], *, tnef: bool = False) -> None:
        """Add a file, or what lies in it where it is a wrapping of mails.

        Raises:
            RefusedError: as :meth:`add_mail` does.
        """
        ending = name.lower().rpartition(".")[2]
        if not name and not data.strip():
            return
        if tnef or name.lower() == "winmail.dat":
            self._add_unwrapped("tnef", name, data, forwarded)
        elif ending == "msg" and data.startswith(_OLE):
            self._add_unwrapped("msg", name, data, forwarded)
        elif ending == "eml":
            self._add_bytes(data, forwarded)
        else:
            self._attach(Attachment(name=name, data=data, forwarded=forwarded))

    def _add_unwrapped(self, kind: str, name: str, data: bytes, forwarded: tuple[Envelope, ...]) -> None:
        try:
            wrapped = self.unwrap[kind](data)
        except RefusedError as error:
            if error.reason == "mail_extra":
                raise
            self.unread.append(error)
            self._attach(Attachment(name=name, data=data, forwarded=forwarded))
            return
        inner = () if wrapped.envelope is None else (wrapped.envelope,)
        self.add_wrapped(wrapped, (*forwarded, *inner))

    def add_wrapped(self, wrapped: Wrapped, forwarded: tuple[Envelope, ...]) -> None:
        """Add what lay in a wrapping that is no MIME.

        Raises:
            RefusedError: as :meth:`add_mail` does.
        """
        if len(forwarded) > LIMITS.depth:
            raise RefusedError("mail_nested", limit=LIMITS.depth)
        self.texts += [text[: LIMITS.text_chars] for text in wrapped.texts]
        for name, data in wrapped.files:
            self._count()
            self.add_file(headers.safe_name(name), data, forwarded)
        for inner in wrapped.inner:
            self._count()
            self.add_wrapped(inner, (*forwarded, inner.envelope or Envelope()))


def _leaves(message: Part) -> Iterator[Part]:
    """Yield the parts that hold no others; a mail that lies in another is one."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        held = part.read_held()
        if isinstance(held, list) and part.get_content_maintype() != "message":
            waiting += reversed(held)
        else:
            yield part


def is_transported_apart(part: Part) -> bool:
    """Tell whether a mail that lies in another was encoded for its way, which it should not be."""
    return headers.raw(part, "content-transfer-encoding").lower() in {"base64", "quoted-printable"}


def _text(part: Part) -> str:
    charset = headers.content(part, "content-type")[1].get("charset", "")
    return headers.in_charset(decode_transport(part), charset)
