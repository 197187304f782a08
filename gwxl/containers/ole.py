"""Look into an OLE compound file without trusting it: what it holds, and the bytes of one stream.

Source: [MS-CFB], Compound File Binary File Format.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from gwxl.errors import RefusedError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER_SIZE = 512
_SHIFTS = frozenset({9, 12})
_LAST_SECTOR = 0xFFFFFFFA
_NO_STREAM = 0xFFFFFFFF
_ENTRY_SIZE = 128
_HEADER_TABLES = 109
_MOST_SECTORS = 4_096
_MINI_SIZE = 64


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the directory: name in lower case, first sector, size in bytes."""

    name: str
    start: int
    size: int


def stream_names(data: bytes) -> frozenset[str]:
    """Return the names of the streams and storages at the top of a compound file, in lower case.

    Raises:
        RefusedError: ``truncated`` or ``damaged``.
    """
    return frozenset(entry.name for entry in _entries(_directory(data)))


def read_stream(data: bytes, name: str) -> bytes | None:
    """Return the bytes of a stream at the top of a compound file, None if there is none of this name.

    Raises:
        RefusedError: ``truncated`` or ``damaged``.
    """
    directory = _directory(data)
    entry = next((one for one in _entries(directory) if one.name == name.lower()), None)
    if entry is None:
        return None
    if entry.size > len(data):
        raise RefusedError("truncated")
    short = entry.size < _long(data, 56)
    found = _short_stream(data, directory, entry) if short else _join_chain(data, entry.start, entry.size)
    if len(found) < entry.size:
        raise RefusedError("truncated")
    return found[: entry.size]


def _directory(data: bytes) -> bytes:
    return b"".join(_chain(data, _long(data, 48), _MOST_SECTORS))


def _entries(directory: bytes) -> Iterator[_Entry]:
    """Yield what stands at the top, whatever its order in the tree."""
    waiting, seen = [_field(directory, 0, 76)], {_NO_STREAM}
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        yield _Entry(_name(directory, number), _field(directory, number, 116), _field(directory, number, 120))
        waiting += [_field(directory, number, 68), _field(directory, number, 72)]


def _join_chain(data: bytes, start: int, size: int) -> bytes:
    if not size:
        return b""
    return b"".join(_chain(data, start, -(-size // _sector_size(data))))


def _short_stream(data: bytes, directory: bytes, entry: _Entry) -> bytes:
    """Return a stream of small sectors, which lie in the stream of the root and have a table of their own."""
    container = _join_chain(data, _field(directory, 0, 116), min(_field(directory, 0, 120), len(data)))
    table = b"".join(_chain(data, _long(data, 60), _MOST_SECTORS))
    pieces = []
    sector = entry.start
    for _ in range(-(-entry.size // _MINI_SIZE)):
        if sector >= _LAST_SECTOR:
            break
        pieces.append(container[sector * _MINI_SIZE : (sector + 1) * _MINI_SIZE])
        sector = _long(table, sector * 4)
    return b"".join(pieces)


def _chain(data: bytes, sector: int, most: int) -> Iterator[bytes]:
    """Yield the sectors of a chain, from the allocation table.

    What is asked for by its length ends there; a chain without a length has to end by itself.
    """
    size = _sector_size(data)
    tables = _tables(data, size)
    short = False
    for _ in range(most):
        if sector >= _LAST_SECTOR:
            return
        if short:
            raise RefusedError("truncated")
        found = _sector(data, sector, size)
        short = len(found) < size
        yield found
        table, place = divmod(sector, size // 4)
        if table >= len(tables):
            raise RefusedError("damaged", part="")
        sector = _long(_sector(data, tables[table], size), place * 4)
    if most == _MOST_SECTORS:
        raise RefusedError("damaged", part="")


def _tables(data: bytes, size: int) -> list[int]:
    """Return the sectors of the allocation table: some in the header, the others in a chain of their own."""
    if len(data) < _HEADER_SIZE:
        raise RefusedError("truncated")
    tables = list(struct.unpack_from(f"<{_HEADER_TABLES}L", data, 76))
    following = _long(data, 68)
    for _ in range(_MOST_SECTORS):
        if following >= _LAST_SECTOR:
            return tables
        more = _sector(data, following, size)
        if len(more) < size:
            raise RefusedError("truncated")
        *more_tables, following = struct.unpack(f"<{size // 4}L", more)
        tables += more_tables
    raise RefusedError("damaged", part="")


def _sector_size(data: bytes) -> int:
    shift = _long(data, 30) & 0xFFFF
    if shift not in _SHIFTS:
        raise RefusedError("damaged", part="")
    return 1 << int(shift)


def _sector(data: bytes, number: int, size: int) -> bytes:
    """Return a sector; the last one of a file may be short, as some writers do not fill it up."""
    start = (number + 1) * size
    sector = data[start : start + size]
    if not sector:
        raise RefusedError("truncated")
    return sector


def _field(directory: bytes, number: int, offset: int) -> int:
    return _long(directory, number * _ENTRY_SIZE + offset)


def _name(directory: bytes, number: int) -> str:
    start = number * _ENTRY_SIZE
    length = min(_long(directory, start + 64) & 0xFFFF, 64)
    return directory[start : start + length].decode("utf-16-le", "replace").rstrip("\0").lower()


def _long(data: bytes, place: int) -> int:
    if place + 4 > len(data):
        raise RefusedError("truncated")
    return int.from_bytes(data[place : place + 4], "little")
