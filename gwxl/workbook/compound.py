"""List what an OLE compound file holds, to tell its kinds apart without unpacking it.

Source: [MS-CFB], Compound File Binary File Format.
"""

import struct
from collections.abc import Iterator

from gwxl.errors import RefusedError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER_SIZE = 512
_SHIFTS = frozenset({9, 12})
_LAST_SECTOR = 0xFFFFFFFA
_NO_STREAM = 0xFFFFFFFF
_ENTRY_SIZE = 128
_HEADER_TABLES = 109
_MOST_SECTORS = 4_096


def stream_names(data: bytes) -> frozenset[str]:
    """Return the names of the streams and storages at the top of a compound file, in lower case.

    Raises:
        RefusedError: ``truncated`` or ``damaged``.
    """
    directory = b"".join(_chain(data, _long(data, 48)))
    names = []
    waiting, seen = [_field(directory, 0, 76)], {_NO_STREAM}
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        names.append(_name(directory, number))
        waiting += [_field(directory, number, 68), _field(directory, number, 72)]
    return frozenset(names)


def _chain(data: bytes, sector: int) -> Iterator[bytes]:
    """Yield the sectors of a chain, from the allocation table."""
    size = _sector_size(data)
    tables = _tables(data, size)
    for _ in range(_MOST_SECTORS):
        if sector >= _LAST_SECTOR:
            return
        yield _sector(data, sector, size)
        table, place = divmod(sector, size // 4)
        if table >= len(tables):
            raise RefusedError("damaged", part="")
        sector = _long(_sector(data, tables[table], size), place * 4)
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
        *more, following = struct.unpack(f"<{size // 4}L", _sector(data, following, size))
        tables += more
    raise RefusedError("damaged", part="")


def _sector_size(data: bytes) -> int:
    shift = _long(data, 30) & 0xFFFF
    if shift not in _SHIFTS:
        raise RefusedError("damaged", part="")
    return 1 << int(shift)


def _sector(data: bytes, number: int, size: int) -> bytes:
    start = (number + 1) * size
    sector = data[start : start + size]
    if len(sector) < size:
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
