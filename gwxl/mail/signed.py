"""What a signature of S/MIME lies around: the content of CMS signed data (RFC 5652), read from its BER.

No signature is verified here: whose a return is, its own identity says.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_SEQUENCE, _OID, _OCTETS, _CONSTRUCTED, _EXPLICIT = 0x30, 0x06, 0x04, 0x24, 0xA0
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_LONG = 0x80  # from here on a length says how many bytes it has itself; none: until two zeros
_DEEPEST = 16


@dataclass(frozen=True)
class _Value:
    """One value: its tag, and its bytes without it."""

    tag: int
    body: bytes
    rest: int


def extract_signed(data: bytes) -> bytes | None:
    """Return the mail that was signed; None where the bytes hold none, being encrypted or damaged."""
    try:
        oid, wrapped = _children(_one(data, _SEQUENCE), 2)
        if (oid.tag, oid.body) != (_OID, _SIGNED_DATA) or wrapped.tag != _EXPLICIT:
            return None
        _version, _digests, encapsulated = _children(_one(wrapped.body, _SEQUENCE), 3)
        _type, content = _children(encapsulated.body, 2)
        return b"".join(_octets(content.body, 0)) if content.tag == _EXPLICIT else None
    except (IndexError, ValueError):
        return None


def _one(data: bytes, tag: int) -> bytes:
    value = _value(data, 0, 0)
    if value.tag != tag:
        raise ValueError
    return value.body


def _children(data: bytes, count: int) -> list[_Value]:
    """Return the first values of some bytes."""
    found, at = [], 0
    for _ in range(count):
        value = _value(data, at, 0)
        found.append(value)
        at = value.rest
    return found


def _octets(data: bytes, depth: int) -> Iterator[bytes]:
    """Yield the pieces of an octet string, which may be told in several."""
    at = 0
    while at < len(data) and data[at : at + 2] != b"\0\0":
        value = _value(data, at, 0)
        at = value.rest
        if value.tag == _OCTETS:
            yield value.body
        elif value.tag == _CONSTRUCTED and depth < _DEEPEST:
            yield from _octets(value.body, depth + 1)
        else:
            raise ValueError


def _value(data: bytes, at: int, depth: int) -> _Value:
    """Return the value that begins at a place; raises IndexError or ValueError where there is none."""
    tag, length = data[at], data[at + 1]
    at += 2
    if length == _LONG:  # without a length: it ends where two zeros stand in a value's place
        start = at
        while data[at : at + 2] != b"\0\0":
            if depth > _DEEPEST:
                raise ValueError
            at = _value(data, at, depth + 1).rest
        return _Value(tag, data[start:at], at + 2)
    if length > _LONG:
        size = length - _LONG
        length = int.from_bytes(data[at : at + size], "big")
        at += size
    if at + length > len(data):
        raise ValueError
    return _Value(tag, data[at : at + length], at + length)
