"""Put together the text of a cell of an OpenDocument table: paragraphs, runs, counted blanks, line breaks.

Source: OpenDocument 1.3 part 3, 6.1.2 (white space).
"""

import re

from gwxl.containers.xml import INDEX, Attributes, attribute
from gwxl.errors import RefusedError
from gwxl.spreadsheets.looks import Mark, Run

_BLANKS = re.compile(r"[ \t\r\n]+")


class Paragraphs:
    """The paragraphs of one cell; ``longest`` bounds their characters.

    ``starts`` and ``ends`` are handlers for :meth:`gwxl.containers.xml.Markup.parse`, :meth:`add` its ``loose``.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._pieces: list[str] = []
        self._length = 0
        self._paragraphs = 0
        self._inside = False
        self._after_blank = True
        self._marks: list[Mark | None] = []
        self._marked: dict[int, Mark] = {}

    def clear(self) -> None:
        """Begin a new cell."""
        self._pieces.clear()
        self._marks.clear()
        self._marked.clear()
        self._length = self._paragraphs = 0
        self._inside = False

    @property
    def text(self) -> str | None:
        """Return the text of the cell, None if it has no paragraph."""
        return "".join(self._pieces) if self._paragraphs else None

    @property
    def runs(self) -> tuple[Run, ...]:
        """Return the parts of the text and their marks, empty where no style marks one."""
        if not self._marked:
            return ()
        return tuple((piece, self._marked.get(number)) for number, piece in enumerate(self._pieces))

    def start_run(self, mark: Mark | None) -> None:
        """Begin a paragraph's or run's style, inside that of the one around it."""
        self._marks.append(mark if mark is not None or not self._marks else self._marks[-1])

    def end_run(self) -> None:
        """End a paragraph's or run's style."""
        if self._marks:
            self._marks.pop()

    def start(self, _: Attributes) -> None:
        """Begin a paragraph."""
        if self._paragraphs:
            self._put("\n")
        self._paragraphs += 1
        self._inside = self._after_blank = True

    def end(self, text: str) -> None:
        """End a paragraph; a blank before its end is layout."""
        self.add(text)
        if self._after_blank and self._pieces and self._pieces[-1] == " ":
            self._pieces.pop()
            self._marked.pop(len(self._pieces), None)
        self._inside = False

    def add(self, text: str) -> None:
        """Add a run; blanks in a row are one, at the beginning none."""
        if not self._inside or not text:
            return
        text = _BLANKS.sub(" ", text)
        if self._after_blank and text.startswith(" "):
            text = text[1:]
        if text:
            self._put(text.removesuffix(" "))
            self._after_blank = text.endswith(" ")
            if self._after_blank:
                self._put(" ")

    def blanks(self, attributes: Attributes) -> None:
        """Add counted blanks."""
        count = attribute(attributes, "c") or "1"
        self._exact(" " * min(int(count), self._longest) if INDEX.match(count) else " ")

    def tab(self, _: Attributes) -> None:
        """Add a tab."""
        self._exact("\t")

    def line(self, _: Attributes) -> None:
        """Add a line break."""
        self._exact("\n")

    def _exact(self, text: str) -> None:
        if self._inside:
            self._put(text)
            self._after_blank = False

    def _put(self, text: str) -> None:
        self._length += len(text)
        if self._length > self._longest:
            raise RefusedError("overloaded", part="content.xml")
        if self._marks and self._marks[-1] is not None:
            self._marked[len(self._pieces)] = self._marks[-1]
        self._pieces.append(text)
