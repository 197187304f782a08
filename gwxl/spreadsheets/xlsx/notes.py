"""Read comments, text boxes and pictures of a worksheet of the Office Open XML family.

No return is refused for them: of a part that is damaged or too large, nothing is read.
Source: ECMA-376 part 1, 18.7 (comments) and 20.5 (drawings); [MS-XLSX] 2.1.27 (threads).
"""

from collections.abc import Callable
from functools import partial

from gwxl.containers.limits import Limits
from gwxl.containers.opc import relationships
from gwxl.containers.xml import INDEX, Attributes, Markup
from gwxl.containers.zips import Package
from gwxl.errors import RefusedError
from gwxl.spreadsheets.address import read_address
from gwxl.spreadsheets.notes import Note, NoteKind, Notes, note_limits

_THREADS, _COMMENTS, _DRAWING = "threadedcomment", "comments", "drawing"
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


class SheetNotes:
    """A reader of the notes of one package's worksheets; together they are limited, and no part is read twice."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._markup = Markup(note_limits(limits))
        self._seen: set[str] = set()

    def of(self, worksheet: str) -> tuple[Note, ...]:
        """Return what lies on a worksheet, by the name of its part."""
        notes = Notes()
        parts = self._parts(worksheet)
        threads = _Comments(Notes(), frozenset())
        for part in parts.get(_THREADS, []):
            self._read(part, threads)
        # Beside a thread, Excel keeps a comment that only says that older programs do not show threads.
        comments = _Comments(notes, threads.places)
        for note in threads.notes.all():
            notes.put(note.kind, note.text, row=note.row, column=note.column)
        for part in parts.get(_COMMENTS, []):
            self._read(part, comments)
        for part in parts.get(_DRAWING, []):
            self._read(part, _Drawing(notes))
        return notes.all()

    def _parts(self, worksheet: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        if worksheet.casefold() in self._seen:
            return found  # listed twice, it is one sheet
        self._seen.add(worksheet.casefold())
        try:
            for link in relationships(self._package, self._markup, worksheet):
                if link.target and link.target in self._package:
                    found.setdefault(link.type, []).append(link.target)
        except RefusedError:
            return {}
        return found

    def _read(self, part: str, reader: "_Comments | _Drawing") -> None:
        if part.casefold() in self._seen:
            return
        self._seen.add(part.casefold())
        try:
            self._markup.parse(part, self._package.read(part), reader.starts, reader.ends, lambda _: None)
        except RefusedError:
            return


class _Comments:
    """The comments of one part, or its threads."""

    def __init__(self, notes: Notes, besides: frozenset[tuple[int, int]]) -> None:
        self.notes = notes
        self._besides = besides
        self._places: set[tuple[int, int]] = set()
        self._place: tuple[int, int] | None = None
        self._pieces: list[str] = []
        self.starts: dict[str, Callable[[Attributes], None]] = dict.fromkeys(
            ("comment", "threadedComment"), self._start
        )
        self.ends: dict[str, Callable[[str], None]] = {
            **dict.fromkeys(("t", "text"), self._pieces.append),
            **dict.fromkeys(("comment", "threadedComment"), self._end),
        }

    @property
    def places(self) -> frozenset[tuple[int, int]]:
        """Return the cells that have one."""
        return frozenset(self._places)

    def _start(self, attributes: Attributes) -> None:
        self._place = read_address(attributes.get("ref", ""))
        self._pieces.clear()

    def _end(self, _: str) -> None:
        place, self._place = self._place, None
        if place is not None and place not in self._besides:
            self._places.add(place)
            self.notes.put(NoteKind.COMMENT, "".join(self._pieces), row=place[0], column=place[1])


class _Drawing:
    """The shapes and pictures of one part, each where it is anchored."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._corner = ""
        self._at: dict[str, int] = {}
        self._pieces: list[str] = []
        self._picture = False
        self._spare = 0
        self.starts: dict[str, Callable[[Attributes], None]] = {
            **dict.fromkeys(_ANCHORS, self._start),
            "from": partial(self._turn, "from"),
            "to": partial(self._turn, "to"),
            "pic": self._start_picture,
            "Fallback": self._start_spare,
        }
        self.ends: dict[str, Callable[[str], None]] = {
            **dict.fromkeys(_ANCHORS, self._end),
            "row": partial(self._number, "row"),
            "col": partial(self._number, "column"),
            "t": self._add,
            "p": lambda _: self._add("\n"),
            "Fallback": self._end_spare,
        }

    def _start(self, _: Attributes) -> None:
        self._at = {}
        self._pieces.clear()
        self._picture = False

    def _turn(self, corner: str, _: Attributes) -> None:
        self._corner = corner

    def _number(self, name: str, text: str) -> None:
        if INDEX.match(text.strip()):
            self._at[f"{self._corner} {name}"] = int(text) + 1

    def _start_picture(self, _: Attributes) -> None:
        self._picture = True

    def _start_spare(self, _: Attributes) -> None:
        self._spare += 1  # the same again, for programs that do not know the first way to say it

    def _end_spare(self, _: str) -> None:
        self._spare -= 1

    def _add(self, text: str) -> None:
        if not self._spare:
            self._pieces.append(text)

    def _end(self, _: str) -> None:
        words = "".join(self._pieces).strip()
        kind = NoteKind.PICTURE if self._picture and not words else NoteKind.BOX
        row, column = self._at.get("from row", 0), self._at.get("from column", 0)
        self._notes.put(kind, words, row=row, column=column, last=self._at.get("to row", 0))
