"""Read the document properties of a compound file: custom ones, when it was saved and by which program.

A set that cannot be followed gives what was read of it: nobody loses a return for a broken title.
Source: [MS-OLEPS].
"""

import codecs
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gwxl.spreadsheets.xlsx.properties import Custom, CustomProperties

_CUSTOM = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")
_DICTIONARY, _CODE_PAGE = 0, 1
_SAVED, _PROGRAM = 13, 18
_UTF16 = 1200
_MOST = 1_000
_LONGEST = 4_096
_SHORT, _LONG, _DOUBLE, _BOOLEAN, _NARROW, _WIDE, _TIME = 0x02, 0x03, 0x05, 0x0B, 0x1E, 0x1F, 0x40
_FIRST = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """When a document was saved (ISO, UTC) and by which program, each None if it does not say."""

    modified: str | None = None
    program: str | None = None


def read_summary(data: bytes) -> Summary:
    """Return what a ``SummaryInformation`` stream says."""
    for _, section in _sections(data):
        found = _values(section)
        return Summary(modified=found.get(_SAVED) or None, program=found.get(_PROGRAM) or None)
    return Summary()


def read_custom_set(data: bytes) -> Custom:
    """Return the custom properties in a ``DocumentSummaryInformation`` stream."""
    found = CustomProperties()
    for id_, section in _sections(data):
        if id_ == _CUSTOM:
            values = _values(section)
            for number, name in _names(section).items():
                if number in values:
                    found.add(name, values[number])
            break
    return found.custom


def _sections(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the id and the bytes of each section."""
    for number in range(min(_long(data, 24), 2)):
        start = 28 + number * 20
        if start + 20 <= len(data):
            yield data[start : start + 16], data[_long(data, start + 16) :]


def _offsets(section: bytes) -> dict[int, int]:
    count = min(_long(section, 4), _MOST, max(len(section) - 8, 0) // 8)
    return {_long(section, 8 + 8 * one): _long(section, 12 + 8 * one) for one in range(count)}


def _values(section: bytes) -> dict[int, str]:
    offsets = _offsets(section)
    page = _page(section, offsets)
    found = {}
    for number, offset in offsets.items():
        value = None if number in {_DICTIONARY, _CODE_PAGE} else _value(section, offset, page)
        if value is not None:
            found[number] = value
    return found


def _page(section: bytes, offsets: Mapping[int, int]) -> int:
    offset = offsets.get(_CODE_PAGE)
    return _long(section, offset + 4) & 0xFFFF if offset is not None else _UTF16


def _value(section: bytes, offset: int, page: int) -> str | None:
    """Return one value as text, None where it is of a kind that no program writes here."""
    kind, here = _long(section, offset) & 0xFFFF, offset + 4
    if kind in {_NARROW, _WIDE}:
        length = min(_long(section, here), _LONGEST)
        page, size = (_UTF16, 2 * length) if kind == _WIDE else (page, length)
        return _decode(section[here + 4 : here + 4 + size], page)
    raw = section[here : here + 8].ljust(8, b"\0")
    if kind == _BOOLEAN:
        return "true" if raw[0] else "false"
    if kind in {_SHORT, _LONG}:
        return str(struct.unpack("<h" if kind == _SHORT else "<l", raw[: 2 if kind == _SHORT else 4])[0])
    if kind == _DOUBLE:
        return repr(struct.unpack("<d", raw)[0])
    return _time(struct.unpack("<Q", raw)[0]) if kind == _TIME else None


def _names(section: bytes) -> dict[int, str]:
    """Return number → name of the dictionary."""
    offsets = _offsets(section)
    if _DICTIONARY not in offsets:
        return {}
    page, place = _page(section, offsets), offsets[_DICTIONARY]
    count, place = min(_long(section, place), _MOST), place + 4
    found = {}
    for _ in range(count):
        length = min(_long(section, place + 4), _LONGEST) * (2 if page == _UTF16 else 1)
        found[_long(section, place)] = _decode(section[place + 8 : place + 8 + length], page)
        place += 8 + length
        if page == _UTF16:
            place += -length % 4
    return found


def _decode(raw: bytes, page: int) -> str:
    names = {_UTF16: "utf-16-le", 65001: "utf-8", 10000: "mac_roman", 10008: "gb2312"}
    name = names.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        name = "utf-8"
    return raw.decode(name, "replace").rstrip("\0")


def _time(ticks: int) -> str | None:
    """Return a moment as ISO text; ticks are tenths of a microsecond since 1601."""
    try:
        return (_FIRST + timedelta(microseconds=ticks // 10)).strftime("%Y-%m-%dT%H:%M:%SZ") if ticks else None
    except OverflowError:
        return None


def _long(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 4], "little")
