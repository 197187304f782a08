"""What Outlook wraps mails in: ``winmail.dat`` (TNEF) and ``.msg`` (MS-OXMSG), opened by packages of the extra."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from gwxl.errors import RefusedError
from gwxl.inert import inert_line
from gwxl.mail import headers
from gwxl.mail.extras import extra
from gwxl.mail.mail import Envelope
from gwxl.mail.parts import Wrapped, parse_mail

_RENDERING, _TITLE = 0x9002, 0x8010  # objects of TNEF: where an attachment begins, and its name
_EMBEDDED = "__substg1.0_3701000D"  # the storage of a mail that is attached
_ROOT, _INNER = 32, 24  # bytes in front of the properties of a mail, and of one that is attached
_FILE = 8
_NARROW, _UNTOLD = 0x001E, "iso-8859-15"  # a text of 8-bit characters, and what the package takes them for
_DEEPEST = 6
_SHORT_NAME, _LONG_NAME, _SHOWN_NAME, _DATA, _CID = 0x3704, 0x3707, 0x3001, 0x3701, 0x3712
_CLASS = 0x001A
_HEADERS, _SUBJECT, _SENT, _BODY, _ID, _ANSWERS = 0x007D, 0x0037, 0x0039, 0x1000, 0x1035, 0x1042
_SENDERS = (0x5D01, 0x0C1F, 0x0065)


def from_tnef(data: bytes) -> Wrapped:
    """Return what a ``winmail.dat`` holds.

    Raises:
        RefusedError: ``mail_extra``, or ``mail_wrapping``: it is damaged.
    """
    package = extra("tnefparse")
    return _open(lambda: _tnef(package.TNEF(data)))


def from_msg(data: bytes) -> Wrapped:
    """Return the mail that a ``.msg`` holds.

    Raises:
        RefusedError: ``mail_extra``, or ``mail_wrapping``: it is damaged.
    """
    ole, storages = extra("olefile"), extra("oxmsg.storage")
    extra("oxmsg.properties")

    def read() -> Wrapped:
        found = ole.OleFileIO(data)
        # Short streams count twice, with the stream they lie in; none shares its bytes with another.
        if sum(entry.size for entry in found.direntries if entry) > 2 * len(data):
            raise RefusedError("mail_wrapping")
        return _msg(storages.Storage.from_ole(found), _ROOT, 0)

    return _open(read)


WRAPPINGS: dict[str, Callable[[bytes], Wrapped]] = {"tnef": from_tnef, "msg": from_msg}


def _open(opening: Callable[[], Wrapped]) -> Wrapped:
    try:
        return opening()
    except (MemoryError, RefusedError):
        raise
    except Exception as error:  # these packages raise whatever comes, and what they read was made by strangers
        raise RefusedError("mail_wrapping") from error


def _tnef(found: Any) -> Wrapped:
    if not all(one.good_checksum for one in found.objects):
        raise RefusedError("mail_wrapping")
    titles: list[bytes] = []
    for one in found.objects:
        if one.name == _RENDERING:
            titles.append(b"")
        elif one.name == _TITLE and titles:
            titles[-1] = one.data
    files, inner = [], []
    for title, attachment in zip(titles, found.attachments, strict=True):
        embedded = getattr(attachment, "embed", None)
        if embedded is not None:
            inner.append(_tnef(embedded))
        else:
            files.append((_tnef_name(attachment, title, found.codepage or ""), bytes(attachment.data)))
    return Wrapped(files=files, inner=inner)


def _tnef_name(attachment: Any, title: bytes, charset: str) -> str:
    try:
        long = attachment.long_filename()
    except UnicodeDecodeError:
        long = b""
    if isinstance(long, str) and long:
        return long.strip("\0")
    return headers.in_charset((long or title).strip(b"\0"), charset)


def _msg(storage: Any, offset: int, depth: int) -> Wrapped:
    properties = _properties(storage, offset)
    files, inner = [], []
    for attached in storage.iter_attachment_storages():
        embedded = next((one for one in attached.storages if one.name == _EMBEDDED), None)
        if embedded is not None:
            if depth >= _DEEPEST:
                raise RefusedError("mail_nested", limit=_DEEPEST)
            inner.append(_msg(embedded, _INNER, depth + 1))
            continue
        about = _properties(attached, _FILE)
        data = about.binary_prop_value(_DATA)
        if data:
            names = (_words(about, number) for number in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
            files.append((next(filter(None, names), ""), data))
    told = _words(properties, _HEADERS).encode("utf-8", "replace")
    return Wrapped(
        kind=_words(properties, _CLASS),
        headers=told,
        texts=[_words(properties, _BODY)],
        files=files,
        envelope=_envelope(properties, told),
        inner=inner,
    )


def _properties(storage: Any, offset: int) -> Any:
    return extra("oxmsg.properties").Properties(storage, properties_header_offset=offset)


def _words(properties: Any, number: int) -> str:
    """Return a text; of one in a codepage that is told nowhere near it, as Chinese Windows writes it."""
    found = properties.str_prop_value(number) or ""
    if found.isascii() or not any((one.pid, one.ptyp) == (number, _NARROW) for one in properties):
        return str(found)
    with suppress(UnicodeError):
        return str(found.encode(_UNTOLD).decode("gb18030"))
    return str(found)


def _envelope(properties: Any, told: bytes) -> Envelope:
    """Return what the headers say that a mail came with; of one that was not sent what Outlook knows."""
    if told:
        return headers.envelope(parse_mail(told))
    sent = properties.date_prop_value(_SENT)
    senders = (headers.address(_words(properties, number)) for number in _SENDERS)
    return Envelope(
        message_id=next(iter(headers.ids(_words(properties, _ID))), ""),
        answers=headers.ids(_words(properties, _ANSWERS)),
        sender=next(filter(None, senders), ""),
        subject=inert_line(_words(properties, _SUBJECT), headers.LONGEST_SUBJECT),
        date=headers.iso(sent) if isinstance(sent, datetime) and sent.tzinfo else "",
    )
