"""Read the records of a binary workbook stream (BIFF8) and the texts in them.

Every length is taken from the bytes that are there, never from what a record claims.
Source: [MS-XLS], 2.1.4 and 2.5.293.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gwxl.containers.limits import Limits
from gwxl.errors import RefusedError

BOF, EOF, CONTINUE = 0x809, 0x0A, 0x3C

FontRuns = tuple[tuple[int, int], ...]

_HEAD = struct.Struct("<HH")
_RUN = struct.Struct("<HH")
_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08


class Record(NamedTuple):
    """One record: its number, its bytes, and those of the records that continue it."""

    code: int
    data: bytes
    more: tuple[bytes, ...] = ()

    @property
    def whole(self) -> bytes:
        """Return the bytes with those of the continuing records."""
        return b"".join((self.data, *self.more))


class Stream:
    """The records of the parts of one workbook stream; their number is limited together.

    Args:
        data: the stream.
        limits: ``elements`` bounds the records.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._left = limits.elements

    def records(self, start: int) -> Iterator[Record]:
        """Yield the records from a BOF up to its EOF, which is left out; parts that stand inside are passed over.

        Raises:
            RefusedError: ``truncated``, ``damaged`` or ``overloaded``.
        """
        depth = 0
        code, pieces = -1, list[bytes]()
        for number, data in self._plain(start):
            if number == CONTINUE:
                pieces.append(data)
                continue
            if depth == 1 and pieces:
                yield Record(code, pieces[0], tuple(pieces[1:]))
            if number == BOF:
                depth += 1
            if depth == 0:
                raise RefusedError("damaged", part="Workbook")
            # Only what stands in the part itself is handed on, and no end, not even of a part inside.
            code, pieces = number, [data] if depth == 1 and number != EOF else []
            if number == EOF:
                depth -= 1
                if depth == 0:
                    return
        raise RefusedError("truncated")

    def _plain(self, place: int) -> Iterator[tuple[int, bytes]]:
        data, last, left = self._data, len(self._data) - _HEAD.size, self._left
        try:
            while place <= last:
                code, length = _HEAD.unpack_from(data, place)
                place += _HEAD.size
                if place > len(data) - length:
                    raise RefusedError("truncated")
                left -= 1
                if left < 0:
                    raise RefusedError("overloaded", part="Workbook")
                yield code, data[place : place + length]
                place += length
        finally:
            self._left = left


class Texts:
    """A walk through the texts of a record and the records that continue it."""

    def __init__(self, pieces: Sequence[bytes], place: int = 0) -> None:
        self._pieces = pieces
        self._number = 0
        self._place = place

    @property
    def place(self) -> int:
        """Return where the next byte stands in its record."""
        return self._place

    @property
    def ended(self) -> bool:
        """Tell whether every byte was read."""
        while self._number < len(self._pieces) and self._place >= len(self._pieces[self._number]):
            self._number += 1
            self._place = 0
        return self._number >= len(self._pieces)

    def text(self, *, length_bytes: int = 2) -> str:
        """Return the next text with its length before it, formatting runs and phonetic guide passed over.

        Raises:
            RefusedError: ``damaged``.
        """
        return self.rich_text(length_bytes=length_bytes)[0]

    def rich_text(self, *, length_bytes: int = 2) -> tuple[str, FontRuns]:
        """Return the next text, and of its formatting runs where each begins and its font; the guide is passed over.

        Raises:
            RefusedError: ``damaged``.
        """
        count = int.from_bytes(self._take(length_bytes), "little")
        flags = self._take(1)[0]
        runs = self.number() if flags & _RICH else 0
        extra = int.from_bytes(self._take(4), "little") if flags & _EXTENDED else 0
        found = self._characters(count, wide=bool(flags & _WIDE))
        fonts = self.font_runs(runs)
        self._skip(extra)
        return found, fonts

    def font_runs(self, count: int) -> FontRuns:
        """Return formatting runs: the UTF-16 unit where each begins, and the number of its font."""
        raw = b"".join(self._pieces_of(4 * count))
        return tuple(_RUN.iter_unpack(raw))

    def number(self) -> int:
        """Return the next number of two bytes."""
        return int.from_bytes(self._take(2), "little")

    def characters(self, count: int) -> str:
        """Return the next characters; only the byte that says how wide they are stands before them."""
        return self._characters(count, wide=bool(self._take(1)[0] & _WIDE))

    def _characters(self, count: int, *, wide: bool) -> str:
        found = []
        while count:
            if self._place >= self._here:
                # Where a text goes on in the next record, its width is said anew.
                self._next()
                wide = bool(self._take(1)[0] & _WIDE)
            width = 2 if wide else 1
            size = min(count * width, (self._here - self._place) // width * width)
            if not size:
                raise RefusedError("damaged", part="Workbook")
            raw = self._take(size)
            found.append(raw if wide else raw.decode("latin-1").encode("utf-16-le"))
            count -= size // width
        return b"".join(found).decode("utf-16-le", "replace")

    @property
    def _here(self) -> int:
        return len(self._pieces[self._number]) if self._number < len(self._pieces) else 0

    def _take(self, count: int) -> bytes:
        if self._place >= self._here and self._number < len(self._pieces) - 1:
            self._next()
        found = self._pieces[self._number][self._place : self._place + count] if self._here else b""
        if len(found) < count:
            raise RefusedError("damaged", part="Workbook")
        self._place += count
        return found

    def _skip(self, count: int) -> None:
        for _ in self._pieces_of(count):
            pass

    def _pieces_of(self, count: int) -> Iterator[bytes]:
        """Yield the next bytes, whatever records they stand in."""
        while count:
            if self.ended:
                raise RefusedError("damaged", part="Workbook")
            step = min(count, self._here - self._place)
            yield self._pieces[self._number][self._place : self._place + step]
            self._place += step
            count -= step

    def _next(self) -> None:
        if self._number >= len(self._pieces) - 1:
            raise RefusedError("damaged", part="Workbook")
        self._number += 1
        self._place = 0
