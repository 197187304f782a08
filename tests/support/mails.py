"""Mails as programs write them, as bytes, for the tests of what comes in."""

import base64
import struct
from collections.abc import Mapping, Sequence
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK = b"PK\x03\x04 a workbook"


def mail(
    *files: tuple[str, bytes],
    sender: str = "c@example.org",
    subject: str = "年报",
    text: str = "见附件。",
    **headers: str,
) -> bytes:
    """Return a mail as Python's own library writes it; an underscore in a header's name stands for a dash."""
    return bytes(message(*files, sender=sender, subject=subject, text=text, **headers))


def message(
    *files: tuple[str, bytes],
    sender: str = "c@example.org",
    subject: str = "年报",
    text: str = "见附件。",
    **headers: str,
) -> EmailMessage:
    """Return what :func:`mail` makes bytes of."""
    made = EmailMessage(policy=SMTP)
    made["From"] = f"某人 <{sender}>"
    made["To"] = "report@example.org"
    made["Subject"] = subject
    told = {"Date": "Fri, 15 Jan 2027 09:30:00 +0800", "Message-ID": f"<{abs(hash_of(subject, sender))}@example.org>"}
    for name, value in (told | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        made[name] = value
    made.set_content(text)
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def hash_of(*words: str) -> int:
    """Return a number that tells texts apart, the same in every run."""
    return int.from_bytes(base64.b16encode("/".join(words).encode())[-12:], "big")


def raw(part: bytes, data: bytes = WORKBOOK, *, head: bytes = b"Subject: x") -> bytes:
    """Return a mail with one attachment whose headers are given as bytes."""
    lines = [
        head,
        b"From: c@example.org",
        b"Date: Fri, 15 Jan 2027 09:30:00 +0800",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="b"',
        b"",
        b"--b",
        b"Content-Type: text/plain; charset=gbk",
        b"",
        "见附件".encode("gbk"),
        b"--b",
        part,
        b"Content-Transfer-Encoding: base64",
        b"",
        base64.encodebytes(data).rstrip(),
        b"--b--",
        b"",
    ]
    return b"\r\n".join(lines)


def encoded(text: str, charset: str = "utf-8", method: str = "b", at: int | None = None) -> str:
    """Return a text in encoded words of RFC 2047; with ``at`` in two, divided at that byte."""
    data = text.encode(charset)
    pieces = [data] if at is None else [data[:at], data[at:]]
    if method == "q":
        return Header(text, charset).encode(maxlinelen=900)
    return " ".join(f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def tnef(*files: tuple[str, bytes], charset: str = "gbk") -> bytes:
    """Return a ``winmail.dat`` with files in it (MS-OXTNEF)."""

    def told(level: int, number: int, kind: int, data: bytes) -> bytes:
        return struct.pack("<BHHI", level, number, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    found = struct.pack("<IH", 0x223E9F78, 1)
    found += told(1, 0x9006, 8, struct.pack("<I", 0x10000)) + told(1, 0x9007, 6, struct.pack("<II", 936, 0))
    for name, data in files:
        found += told(2, 0x9002, 6, bytes(14)) + told(2, 0x8010, 1, name.encode(charset) + b"\0")
        found += told(2, 0x800F, 6, data)
    return found


def msg(
    *files: tuple[str, bytes], wide: bool = True, inner: Mapping[str, bytes] | None = None, **told: str
) -> Mapping[str, bytes]:
    """Return the streams of a mail as Outlook saves it (MS-OXMSG), for ``compound_file``.

    Args:
        files: what it brings.
        wide: its texts are UTF-16, else GBK.
        inner: the streams of a mail attached to it.
        told: ``headers``, ``sender``, ``subject``, ``kind``.
    """
    numbers = {"headers": 0x007D, "sender": 0x0C1F, "subject": 0x0037, "kind": 0x001A}
    streams = _properties("", 32, {numbers[name]: value for name, value in told.items()}, wide=wide)
    for number, (name, data) in enumerate(files):
        streams |= _properties(f"__attach_version1.0_#{number:08X}/", 8, {0x3707: name, 0x3701: data}, wide=wide)
    if inner is not None:
        home = f"__attach_version1.0_#{len(files):08X}/"
        streams |= _properties(home, 8, {}, wide=wide)
        streams |= {f"{home}__substg1.0_3701000D/{name}": data for name, data in inner.items()}
        told_of = f"{home}__substg1.0_3701000D/__properties_version1.0"
        streams[told_of] = streams[told_of][8:]  # a mail that is attached has eight bytes less in front
    return streams


def _properties(home: str, room: int, values: Mapping[int, str | bytes], *, wide: bool) -> dict[str, bytes]:
    streams, lines = {}, b""
    for number, value in values.items():
        kind = 0x0102 if isinstance(value, bytes) else 0x001F if wide else 0x001E
        data = value if isinstance(value, bytes) else value.encode("utf-16-le" if wide else "gbk")
        streams[f"{home}__substg1.0_{number:04X}{kind:04X}"] = data
        lines += struct.pack("<HHIQ", kind, number, 6, len(data))
    return streams | {f"{home}__properties_version1.0": bytes(room) + lines}


def signed(data: bytes, *, pieces: int = 1) -> bytes:
    """Return CMS signed data around a mail, without certificates and signatures; in pieces as BER may tell it."""

    def value(tag: int, body: bytes) -> bytes:
        size = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
        return bytes([tag]) + (bytes([len(body)]) if len(body) < 0x80 else bytes([0x80 | len(size)]) + size) + body

    oid = bytes.fromhex("06092a864886f70d0107")
    step = -(-len(data) // pieces)
    octets = [value(0x04, data[at : at + step]) for at in range(0, len(data), step)]
    content = octets[0] if pieces == 1 else b"\x24\x80" + b"".join(octets) + b"\0\0"
    inside = value(0x30, oid + b"\x01" + value(0xA0, content))
    body = value(0x02, b"\x01") + value(0x31, b"") + inside + value(0x31, b"")
    return value(0x30, oid + b"\x02" + value(0xA0, value(0x30, body)))


def report(kind: str, *blocks: Sequence[str], sender: str = "postmaster@example.net") -> bytes:
    """Return a report about a mail of ours, which it brings back whole."""
    lines = [
        f"From: {sender}",
        "Subject: report",
        "Date: Fri, 15 Jan 2027 09:30:00 +0800",
        "Message-ID: <report@example.net>",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={kind}; boundary="r"',
        "",
        "--r",
        "Content-Type: text/plain",
        "",
        "see below",
        "--r",
        f"Content-Type: message/{kind}",
        "",
        *("\r\n".join(block) + "\r\n" for block in blocks),
        "--r",
        "Content-Type: message/rfc822",
        "",
    ]
    ours = mail(("年报.xlsx", WORKBOOK), sender="report@example.org")
    return "\r\n".join(lines).encode() + b"\r\n" + ours + b"\r\n--r--\r\n"
