"""What lies on a sheet beside its cells: comments, texts in drawn shapes, pictures."""

from dataclasses import dataclass, replace
from enum import StrEnum

from gwxl.containers.limits import Limits

MOST_NOTES = 200  # of one sheet; a hostile one has thousands
_LONGEST = 1_024
_MOST_ELEMENTS = 20_000


class NoteKind(StrEnum):
    """What lies there."""

    COMMENT = "comment"
    BOX = "box"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Note:
    """One of them.

    Attributes:
        kind: what it is.
        text: its text, empty for a picture.
        row, column: the cell it is tied to, counted from 1; 0 where it is tied to none.
        last: the last row it reaches into.
    """

    kind: NoteKind
    text: str
    row: int = 0
    column: int = 0
    last: int = 0


class Notes:
    """The notes of one sheet, as many as are read."""

    def __init__(self) -> None:
        self._found: list[Note] = []

    def put(self, kind: NoteKind, text: str, *, row: int = 0, column: int = 0, last: int = 0) -> None:
        """Keep a note; one that says nothing is none."""
        words = text[:_LONGEST].strip()
        if len(self._found) < MOST_NOTES and (words or kind is NoteKind.PICTURE):
            self._found.append(Note(kind, words, row, column, max(row, last)))

    def all(self) -> tuple[Note, ...]:
        """Return the notes; a comment that a thread repeats stands there once."""
        return tuple(dict.fromkeys(self._found))


def note_limits(limits: Limits) -> Limits:
    """Return the limits of the parts that hold notes: no return is refused for them, and none waits for them."""
    return replace(limits, elements=min(limits.elements, _MOST_ELEMENTS))
