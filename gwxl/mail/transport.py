"""Bytes as they were before they were encoded for the way of a mail."""

import binascii
import quopri
import re
from base64 import b64decode
from email.message import Message
from typing import Any

from gwxl.mail import headers

_PADDING = re.compile(rb"=++")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


class Part(Message):
    """A part of a mail that gives what it holds as it came: what Python gives is decoded by what a part claims."""

    def read_held(self) -> "list[Part] | str":
        """Return the parts it holds, or its text, bytes of no ASCII as Python keeps them (PEP 383)."""
        found: Any = vars(self).get("_payload")
        return found if isinstance(found, list | str) else ""


def decode_transport(part: Part, told_by: Part | None = None) -> bytes:
    """Return the bytes of a part that holds no others; what is cut off ends where it was cut.

    Args:
        part: the part.
        told_by: the part whose headers say how it was encoded, this one where there is none.
    """
    payload = part.read_held()
    if not isinstance(payload, str):
        return b""
    data = payload.encode("utf-8", "surrogateescape")
    encoding = headers.raw(told_by or part, "content-transfer-encoding").lower()
    if encoding == "base64":
        return _from_base64(data)
    if encoding == "quoted-printable":
        return quopri.decodestring(data)
    if encoding in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        return _from_uuencode(data)
    return data


def _from_base64(data: bytes) -> bytes:
    """Return what was encoded; where programs set several pieces in a row, all of them."""
    return b"".join(_piece(_NO_BASE64.sub(b"", piece)) for piece in _PADDING.split(data))


def _piece(clean: bytes) -> bytes:
    clean = clean[:-1] if len(clean) % 4 == 1 else clean  # cut off in the middle of a byte
    return b64decode(clean + b"=" * (-len(clean) % 4))


def _from_uuencode(data: bytes) -> bytes:
    lines = data.splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith(b"begin ")), len(lines))
    found = b""
    for line in lines[start + 1 :]:
        if line.strip() == b"end":
            break
        try:
            found += binascii.a2b_uu(line)
        except binascii.Error:
            break
    return found
