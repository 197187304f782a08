"""Read the shared strings of a workbook and the escapes in its texts.

Source: ECMA-376 part 1, 18.4 and 22.9.2.19 (ST_Xstring).
"""

import re
from collections.abc import Callable, Mapping

from gwxl.workbook.markup import Attributes, Markup

_ESCAPE = re.compile(r"_x(00[0189][0-9A-Fa-f]|007[Ff]|005[Ff])_")


def unescape(text: str) -> str:
    """Replace ``_xHHHH_`` by its character where that is a control character or the underscore.

    No other character needs the escape; text of that look was typed.
    """
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class Runs:
    """Collect the text of a string item: plain or in runs, the phonetic guide left out.

    ``starts`` and ``ends`` are handlers for :meth:`gwxl.workbook.markup.Markup.parse`.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._open = False
        self._phonetic = 0
        self.starts: Mapping[str, Callable[[Attributes], None]] = {"rPh": self._start_phonetic}
        self.ends: Mapping[str, Callable[[str], None]] = {"rPh": self._end_phonetic, "t": self._text}

    def begin(self) -> None:
        """Start a new item."""
        self._pieces.clear()
        self._open = True
        self._phonetic = 0

    def finish(self) -> str:
        """End the item and return its text."""
        self._open = False
        return unescape("".join(self._pieces))

    def _start_phonetic(self, _: Attributes) -> None:
        self._phonetic += 1

    def _end_phonetic(self, _: str) -> None:
        self._phonetic -= 1

    def _text(self, text: str) -> None:
        if self._open and not self._phonetic:
            self._pieces.append(text)


def read_strings(part: str, data: bytes, markup: Markup) -> tuple[str, ...]:
    """Return the shared strings in their order.

    Raises:
        RefusedError: the part is damaged.
    """
    strings: list[str] = []
    runs = Runs()
    starts = {**runs.starts, "si": lambda _: runs.begin()}
    ends = {**runs.ends, "si": lambda _: strings.append(runs.finish())}
    markup.parse(part, data, starts, ends)
    return tuple(strings)
