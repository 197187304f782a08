"""Read the defined names of a binary workbook.

Source: [MS-XLS], 2.4.150 (Lbl), 2.4.105 (ExternSheet), 2.4.271 (SupBook).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gwxl.containers.limits import Limits
from gwxl.errors import RefusedError
from gwxl.records.cell import CellRef, column_letters
from gwxl.spreadsheets.book import DefinedName
from gwxl.spreadsheets.xls.records import Record, Texts

_BUILT_IN = 0x20
_HEAD = struct.Struct("<HBBHHH4x")
_CELL, _AREA, _LOST = 0x3A, 0x3B, frozenset({0x3C, 0x3D})
_CLASSES = 0x60
_SELF = b"\x01\x04"
_ADD_IN = b"\x01\x3a"
_COLUMN = 0x3FFF


@dataclass(kw_only=True)
class Names:
    """The names and what they point through; ``external`` tells whether other workbooks are named."""

    limits: Limits
    external: bool = False
    _books: list[bool] = field(default_factory=list)
    _sheets: list[tuple[int, int, int]] = field(default_factory=list)
    _names: list[bytes] = field(default_factory=list)

    def book(self, record: Record) -> None:
        """Take a SupBook record."""
        own, add_in = record.data[2:] == _SELF, record.data[2:] == _ADD_IN
        self._books.append(own)
        self.external = self.external or not (own or add_in)

    def sheets(self, record: Record) -> None:
        """Take an ExternSheet record."""
        whole = record.whole
        count = min(struct.unpack_from("<H", whole)[0], (len(whole) - 2) // 6)
        self._sheets += struct.iter_unpack("<3H", whole[2 : 2 + 6 * count])

    def name(self, record: Record) -> None:
        """Take a name."""
        self._names.append(record.whole)
        if len(self._names) > self.limits.names:
            raise RefusedError("too_many_names", limit=self.limits.names)

    def read(self, titles: Sequence[str]) -> Iterator[DefinedName]:
        """Yield the names; ``titles`` are those of all sheets, charts included. Names of Excel's own are left out."""
        for data in self._names:
            flags, _, length, size, _, scope = _HEAD.unpack_from(data)
            if flags & _BUILT_IN or scope > len(titles):
                continue
            texts = Texts((data,), _HEAD.size)
            name = texts.characters(length)
            code = data[texts.place : texts.place + size]
            reference, cell = self._target(code, titles)
            yield DefinedName(name=name, reference=reference, cell=cell, scope=titles[scope - 1] if scope else None)

    def _target(self, code: bytes, titles: Sequence[str]) -> tuple[str, CellRef | None]:
        """Return what a name says; other formulas than a reference give an empty text."""
        token = code[0] & ~_CLASSES | 0x20 if code else 0
        if token in _LOST:
            return "#REF!", None
        if (token, len(code)) not in {(_CELL, 7), (_AREA, 11)}:
            return "", None
        title = self._title(struct.unpack_from("<H", code, 1)[0], titles)
        rows = struct.unpack_from("<2H" if token == _AREA else "<H", code, 3)
        columns = struct.unpack_from("<2H" if token == _AREA else "<H", code, 3 + 2 * len(rows))
        places = [(row + 1, (column & _COLUMN) + 1) for row, column in zip(rows, columns, strict=True)]
        shown = ":".join(f"${column_letters(column)}${row}" for row, column in places)
        if title is None:
            return f"[?]!{shown}", None
        reference = "'{}'!{}".format(title.replace("'", "''"), shown)
        return reference, CellRef(title, *places[0]) if len(set(places)) == 1 else None

    def _title(self, number: int, titles: Sequence[str]) -> str | None:
        """Return the sheet a reference points to, None if it is of another workbook, lost, or more than one."""
        if number >= len(self._sheets):
            return None
        book, first, last = self._sheets[number]
        own = book < len(self._books) and self._books[book]
        return titles[first] if own and first == last and first < len(titles) else None
