"""Look into a zip without trusting it: every claim is checked before anything is unpacked.

Source: PKWARE APPNOTE 6.3.10. ``zipfile`` is not used: it reads a directory of any length and believes it.
"""

import posixpath
import re
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Protocol

from gwxl.containers.limits import Limits
from gwxl.errors import RefusedError
from gwxl.inert import readable_name

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8
_STRONG = 0x2040
_STORED, _DEFLATED = 0, 8
_ZIP64_EXTRA = 1
_FED, _PIECE = 1 << 18, 1 << 20  # bytes that are unpacked at a time, and that come of it
_DAMAGE = frozenset({"damaged", "truncated", "packing", "encoding"})
_BACKSLASH = re.compile(rb"([\x81-\xfe][\x40-\xfe])|\\")  # in GBK it is also the second half of a character
_UNSAFE = re.compile(r"\A/|\A[A-Za-z]:|\A\.\.(/|\Z)|[\x00-\x1f]|\A\.?\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the central directory of a zip.

    Attributes:
        stored: the name with ``/`` between its steps, bytes that are no UTF-8 as Python keeps them (PEP 383).
        name: as it was meant. raw: as bytes.
        packed, size: in bytes.
    """

    stored: str
    name: str
    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class Sliceable(Protocol):
    """Bytes that are taken by slices: ``bytes``, or a file of which only what is asked for is read."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def __getitem__(self, part: slice, /) -> bytes:
        """Return some of them."""
        ...


@contextmanager
def tolerate_damage() -> Iterator[None]:
    """Pass over damage of a part that only adds something; what is hostile in it still refuses the file."""
    try:
        yield
    except RefusedError as error:
        if error.reason not in _DAMAGE:
            raise


class Package:
    """The parts of a zip by name, whatever its case.

    What is wrong with one part is told when it is read: a part nobody needs refuses nothing.

    Args:
        data: the whole file; of a file on a disk only the directory and the parts that are asked for are read.
        limits: parts, sizes and ratio.

    Raises:
        RefusedError: ``truncated``, ``damaged``, ``split``, ``bomb``, ``too_many_parts``, ``unsafe_name`` or
            ``locked_archive``.
    """

    def __init__(self, data: Sliceable, limits: Limits) -> None:
        self._data = data
        entries = tuple(_directory(data, limits))
        for entry in entries:
            _check(entry, limits)
        _check_together(entries, limits)
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._entries[entry.name.casefold()].append(entry)

    @property
    def files(self) -> Mapping[str, Sequence[Entry]]:
        """Return the lines of the directory by :attr:`Entry.stored`, whose case counts, without those of folders."""
        files: dict[str, list[Entry]] = defaultdict(list)
        for entry in chain.from_iterable(self._entries.values()):
            if not entry.name.endswith("/"):
                files[entry.stored].append(entry)
        return files

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all parts in the order of the directory, without those of folders."""
        return tuple(same[0].name for same in self._entries.values() if not same[0].name.endswith("/"))

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part of this name."""
        return name.casefold() in self._entries

    def read(self, name: str) -> bytes:
        """Return an unpacked part, its length and checksum verified.

        Raises:
            RefusedError: ``damaged``, ``truncated``, ``packing`` or ``duplicate_part``.
        """
        same = self._entries.get(name.casefold(), ())
        if not same:
            raise RefusedError("damaged", part=name)
        return self.unpack(same)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part as it is unpacked; raises as :meth:`read` does, at its end for what shows only there."""
        same = self._entries.get(name.casefold(), ())
        if not same:
            raise RefusedError("damaged", part=name)
        yield from self._pieces(_find_only(same))

    def unpack(self, same: Sequence[Entry]) -> bytes:
        """Return the unpacked part that lines of one name stand for; raises as :meth:`read` does."""
        return b"".join(self._pieces(_find_only(same)))

    def _pieces(self, entry: Entry) -> Iterator[bytes]:
        if entry.method not in {_STORED, _DEFLATED}:
            raise RefusedError("packing", part=entry.name)
        packed = self._read_packed(entry)
        size = checksum = 0
        for piece in _inflate(entry, packed) if entry.method == _DEFLATED else (packed,):
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
            yield piece
        if (size, checksum) != (entry.size, entry.crc):
            raise RefusedError("damaged", part=entry.name)

    def _read_packed(self, entry: Entry) -> bytes:
        start = entry.offset + _LOCAL.size
        if start > len(self._data):
            raise RefusedError("truncated")
        signature, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack(
            self._data[entry.offset : start]
        )
        raw = self._data[start : start + name]
        if (signature, flags & _ENCRYPTED, method, raw) != (b"PK\3\4", 0, entry.method, entry.raw):
            raise RefusedError("damaged", part=entry.name)
        told = (crc, packed, size) if not flags & _DESCRIPTOR and _FULL32 not in (packed, size) else None
        if told not in (None, (0, 0, 0), (entry.crc, entry.packed, entry.size)):
            raise RefusedError("damaged", part=entry.name)
        start += name + extra
        if start + entry.packed > len(self._data):
            raise RefusedError("truncated")
        return self._data[start : start + entry.packed]


def _inflate(entry: Entry, packed: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    left = entry.size + 1  # one byte more than promised is enough to know that the promise was a lie
    try:
        for start in range(0, len(packed), _FED):
            rest, more = packed[start : start + _FED], True
            while more and left and not unpacker.eof:
                most = min(_PIECE, left)
                piece = unpacker.decompress(rest, most)
                left, rest = left - len(piece), unpacker.unconsumed_tail
                more = bool(rest) or len(piece) == most
                yield piece
    except zlib.error:
        raise RefusedError("damaged", part=entry.name) from None
    if left and not unpacker.eof:
        raise RefusedError("damaged", part=entry.name)


def _directory(data: Sliceable, limits: Limits) -> Iterator[Entry]:
    count, start, end = _directory_span(data)
    if count > limits.parts:
        raise RefusedError("too_many_parts", count=count, limit=limits.parts)
    lines, place = data[start:end], 0
    for _ in range(count):
        if place + _ENTRY.size > len(lines):
            raise RefusedError("damaged", part="")
        entry, place = _entry(lines, place)
        yield entry
    if place != len(lines):
        raise RefusedError("damaged", part="")


def _directory_span(data: Sliceable) -> tuple[int, int, int]:
    """Return how many entries the directory has, where it starts and where it ends."""
    before = max(0, len(data) - _END.size - _LONGEST_COMMENT)
    tail = data[before : len(data)]
    found = tail.rfind(b"PK\5\6")
    if found < 0 or found + _END.size > len(tail):
        raise RefusedError("truncated")
    _, disk, first_disk, here, count, size, start, _ = _END.unpack_from(tail, found)
    at = before + found
    if _FULL16 in (here, count) or _FULL32 in (size, start):
        disk, first_disk, here, count, size, start = _end64(data, at)
    if disk or first_disk:
        raise RefusedError("split")
    if here != count or start + size > at:
        raise RefusedError("damaged", part="")
    return count, start, start + size


def _end64(data: Sliceable, end: int) -> tuple[int, int, int, int, int, int]:
    place = end - _LOCATOR.size
    if place < 0:
        raise RefusedError("damaged", part="")
    signature, _, at, _ = _LOCATOR.unpack(data[place:end])
    if signature != b"PK\6\7" or at + _END64.size > place or data[at : at + 4] != b"PK\6\6":
        raise RefusedError("damaged", part="")
    _, _, _, _, disk, first_disk, here, count, size, start = _END64.unpack(data[at : at + _END64.size])
    return disk, first_disk, here, count, size, start


def _entry(data: bytes, place: int) -> tuple[Entry, int]:
    fields = _ENTRY.unpack_from(data, place)
    signature, _, _, flags, method, _, _, crc, packed, size, name, extra, comment, _, _, _, offset = fields
    if signature != b"PK\1\2":
        raise RefusedError("damaged", part="")
    place += _ENTRY.size
    raw = data[place : place + name]
    size, packed, offset = _wide(data[place + name : place + name + extra], (size, packed, offset))
    stored = _resolve_steps(_decode_name(raw))
    entry = Entry(
        stored=stored,
        name=readable_name(stored),
        raw=raw,
        flags=flags,
        method=method,
        crc=crc,
        packed=packed,
        size=size,
        offset=offset,
    )
    return entry, place + name + extra + comment


def _wide(extra: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Replace every value that did not fit 32 bits by the next one of the zip64 field."""
    place = 0
    while place + 4 <= len(extra) and _FULL32 in values:
        tag, length = struct.unpack_from("<2H", extra, place)
        field = extra[place + 4 : place + 4 + length]
        place += 4 + length
        if tag == _ZIP64_EXTRA:
            wide = iter(struct.unpack_from(f"<{len(field) // 8}Q", field))
            size, packed, offset = (next(wide, value) if value == _FULL32 else value for value in values)
            return size, packed, offset
    return values


def _decode_name(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").replace("\\", "/")
    except UnicodeDecodeError:
        return _BACKSLASH.sub(lambda found: found[1] or b"/", raw).decode("utf-8", "surrogateescape")


def _check(entry: Entry, limits: Limits) -> None:
    if entry.flags & (_ENCRYPTED | _STRONG):
        raise RefusedError("locked_archive")
    if _UNSAFE.search(entry.name):
        raise RefusedError("unsafe_name", part=entry.name)
    if entry.size > limits.part_bytes:
        raise RefusedError("bomb", part=entry.name)
    if entry.size > limits.ratio_from_bytes and entry.size > limits.ratio * entry.packed:
        raise RefusedError("bomb", part=entry.name)


def _check_together(entries: tuple[Entry, ...], limits: Limits) -> None:
    if sum(entry.size for entry in entries) > limits.total_bytes:
        raise RefusedError("bomb", part="")
    in_order = sorted(entries, key=lambda entry: entry.offset)
    for entry, following in pairwise(in_order):
        # Parts that share their bytes unpack to any size without a suspicious ratio.
        if entry.offset + _LOCAL.size + len(entry.raw) + entry.packed > following.offset:
            raise RefusedError("bomb", part=entry.name)


def _find_only(same: Sequence[Entry]) -> Entry:
    """Return the one part of a name; some writers add the same content twice."""
    if len({(entry.crc, entry.size) for entry in same}) > 1:
        raise RefusedError("duplicate_part", part=same[0].name)
    return same[0]


def _resolve_steps(name: str) -> str:
    """Return a name without its steps ``.`` and ``..``; one that climbs out still begins with ``..``."""
    if not any(step in {".", ".."} for step in name.split("/")) or _UNSAFE.search(name):
        return name
    return posixpath.normpath(name) + ("/" if name.endswith("/") else "")
