"""Read the shared strings of a workbook and the escapes in its texts.

Source: ECMA-376 part 1, 18.4 and 22.9.2.19 (ST_Xstring).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gwxl.containers.xml import Attributes, Markup, flag
from gwxl.spreadsheets.looks import Mark, Run
from gwxl.spreadsheets.xlsx.styles import font_mark

_ESCAPE = re.compile(r"_x(00[0189][0-9A-Fa-f]|007[Ff]|005[Ff])_")


def unescape(text: str) -> str:
    """Replace ``_xHHHH_`` by its character where that is a control character or the underscore.

    No other character needs the escape; text of that look was typed.
    """
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class Runs:
    """The text of a string item: plain or in runs, the phonetic guide left out.

    ``starts`` and ``ends`` are handlers for :meth:`gwxl.containers.xml.Markup.parse`.

    Attributes:
        parts: the runs of the item, empty for a plain text. A run with a font of its own has that font whole.
    """

    def __init__(self) -> None:
        self.parts: tuple[Run, ...] = ()
        self._pieces: list[str] = []
        self._marks: list[Mark | None] = []
        self._open = False
        self._phonetic = 0
        self._mark: Mark | None = None
        self._rich = False
        self.starts: Mapping[str, Callable[[Attributes], None]] = {
            "rPh": self._start_phonetic,
            "r": self._start_run,
            "rPr": self._start_font,
            "strike": self._strike,
            "vertAlign": self._position,
        }
        self.ends: Mapping[str, Callable[[str], None]] = {"rPh": self._end_phonetic, "t": self._text}

    def begin(self) -> None:
        """Start a new item."""
        self._pieces.clear()
        self._marks.clear()
        self._open = True
        self._mark = None
        self._rich = False
        self._phonetic = 0

    def finish(self) -> str:
        """End the item and return its text."""
        self._open = False
        self.parts = tuple(zip(map(unescape, self._pieces), self._marks, strict=True)) if self._rich else ()
        return unescape("".join(self._pieces))

    def _start_phonetic(self, _: Attributes) -> None:
        self._phonetic += 1

    def _end_phonetic(self, _: str) -> None:
        self._phonetic -= 1

    def _start_run(self, _: Attributes) -> None:
        self._mark = None

    def _start_font(self, _: Attributes) -> None:
        self._rich = True
        self._mark = Mark.NONE

    def _strike(self, attributes: Attributes) -> None:
        if flag(attributes, "val", absent=True):
            self._mark = Mark.STRUCK

    def _position(self, attributes: Attributes) -> None:
        if self._mark is not Mark.STRUCK:
            self._mark = font_mark(attributes)

    def _text(self, text: str) -> None:
        if self._open and not self._phonetic:
            self._pieces.append(text)
            self._marks.append(self._mark)


@dataclass(frozen=True, kw_only=True)
class Strings:
    """The shared strings in their order, and by number the runs of those that are made of runs."""

    texts: Sequence[str] = ()
    runs: Mapping[int, tuple[Run, ...]] = field(default_factory=dict)


def read_strings(part: str, data: bytes, markup: Markup) -> Strings:
    """Return the shared strings.

    Raises:
        RefusedError: the part is damaged.
    """
    strings: list[str] = []
    rich: dict[int, tuple[Run, ...]] = {}
    runs = Runs()

    def finish(_: str) -> None:
        strings.append(runs.finish())
        if runs.parts:
            rich[len(strings) - 1] = runs.parts

    starts = {**runs.starts, "si": lambda _: runs.begin()}
    markup.parse(part, data, starts, {**runs.ends, "si": finish})
    return Strings(texts=tuple(strings), runs=rich)
