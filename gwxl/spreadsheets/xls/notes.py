"""Read comments, text boxes and pictures from the records of one sheet of a binary workbook.

No return is refused for them: a record that is damaged says nothing.
Source: [MS-XLS], 2.4.179 (Note), 2.4.181 (Obj), 2.4.329 (TxO), 2.5.193; [MS-ODRAW], 2.2.1.
"""

import struct
from collections.abc import Callable, Mapping

from gwxl.errors import RefusedError
from gwxl.spreadsheets.notes import Note, NoteKind, Notes
from gwxl.spreadsheets.xls.records import Record, Texts

NOTE_CODES = frozenset({0x1C, 0x5D, 0xEC, 0x1B6})
_PICTURE, _COMMENT = 0x08, 0x19
_ANCHOR = 0xF010
_CONTAINER = 0x0F
_ATOM = struct.Struct("<HHL")
_CORNERS = struct.Struct("<9H")  # flags, then column, its part, row, its part: first those of the upper left corner
_MOST_ATOMS = 10_000

_Corners = tuple[int, int, int]


class BiffNotes:
    """What lies on one sheet: a shape's anchor, kind and text stand in records of their own."""

    def __init__(self) -> None:
        self._notes = Notes()
        self._anchor: _Corners = (0, 0, 0)
        self._kind = self._object = -1
        self._comments: dict[int, str] = {}
        self._places: dict[int, tuple[int, int]] = {}
        self._atoms = _MOST_ATOMS
        self._takers: Mapping[int, Callable[[Record], None]] = {
            0x1C: self._comment,
            0x5D: self._shape,
            0xEC: self._drawing,
            0x1B6: self._text,
        }

    def take(self, record: Record) -> None:
        """Read one record."""
        try:
            self._takers[record.code](record)
        except (struct.error, IndexError, RefusedError):
            return

    def all(self) -> tuple[Note, ...]:
        """Return the notes; a comment stands at its cell, not where it is drawn."""
        for number, (row, column) in self._places.items():
            self._notes.put(NoteKind.COMMENT, self._comments.get(number, ""), row=row, column=column)
        return self._notes.all()

    def _comment(self, record: Record) -> None:
        row, column, _, number = struct.unpack_from("<4H", record.data)
        self._places[number] = (row + 1, column + 1)

    def _shape(self, record: Record) -> None:
        _, _, self._kind, self._object = struct.unpack_from("<4H", record.data)
        if self._kind == _PICTURE:
            row, column, last = self._anchor
            self._notes.put(NoteKind.PICTURE, "", row=row, column=column, last=last)

    def _text(self, record: Record) -> None:
        (length,) = struct.unpack_from("<H", record.data, 10)
        words = Texts(record.more).characters(length) if length else ""
        if self._kind == _COMMENT:
            self._comments[self._object] = words
        else:
            row, column, last = self._anchor
            self._notes.put(NoteKind.BOX, words, row=row, column=column, last=last)

    def _drawing(self, record: Record) -> None:
        """Keep the anchor of the last shape in a record: its kind and text follow."""
        data, place = record.whole, 0
        while place + _ATOM.size <= len(data) and self._atoms:
            self._atoms -= 1
            head, kind, length = _ATOM.unpack_from(data, place)
            place += _ATOM.size
            if kind == _ANCHOR:
                _, left, _, top, _, _, _, bottom, _ = _CORNERS.unpack_from(data, place)
                self._anchor = (top + 1, left + 1, bottom + 1)
            if head & _CONTAINER != _CONTAINER:
                place += length
