"""Read comments, shapes and pictures of the tables of an OpenDocument spreadsheet.

Source: OpenDocument 1.3 part 3, 10 and 14.1.
"""

from gwxl.containers.xml import Attributes, attribute
from gwxl.spreadsheets.address import Place, read_address
from gwxl.spreadsheets.notes import Note, NoteKind, Notes

_COMMENT = "annotation"
# Their paragraphs are no notes: earlier contents, names of controls, readings of characters.
_SILENT = frozenset({"tracked-changes", "dde-links", "ruby-text", "forms", "control", "detective"})


class OpenNotes:
    """What lies on one table; texts come while an element that lies there is open."""

    def __init__(self) -> None:
        self._notes = Notes()
        self._name = ""
        self._place: Place = (0, 0)
        self._last = 0
        self._pieces: list[str] = []
        self._inside = self._picture = self._object = False

    def begin(self, name: str, attributes: Attributes, place: Place) -> None:
        """Begin what lies on a cell, on (0, 0) where it lies on the table."""
        self._name, self._place = name, place
        end = read_address((attribute(attributes, "end-cell-address") or "").rpartition(".")[2])
        self._last = end[0] if end else 0
        self._pieces.clear()
        self._inside = self._picture = self._object = False

    def paragraph(self) -> None:
        """Begin a paragraph."""
        self._inside = True

    def add(self, text: str) -> None:
        """Take a run of a paragraph."""
        if self._inside:
            self._pieces.append(text)

    def end_paragraph(self, text: str) -> None:
        """End a paragraph."""
        self.add(f"{text}\n")
        self._inside = False

    def picture(self, _: Attributes) -> None:
        """Take a picture."""
        self._picture = True

    def take_object(self, _: Attributes) -> None:
        """Take an object, such as a chart: the picture beside it only stands in for it."""
        self._object = True

    def end(self) -> None:
        """End what was begun."""
        words = "".join(self._pieces).strip()
        if self._name in _SILENT or (not words and (self._object or not self._picture)):
            return
        kind = NoteKind.COMMENT if self._name == _COMMENT else NoteKind.BOX if words else NoteKind.PICTURE
        self._notes.put(kind, words, row=self._place[0], column=self._place[1], last=self._last)

    def all(self) -> tuple[Note, ...]:
        """Return the notes."""
        return self._notes.all()
