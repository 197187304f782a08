"""Read what the fonts of a binary workbook do to the meaning of a text: struck out, raised or lowered.

Source: [MS-XLS], 2.4.122 (Font), 2.5.129 (FontIndex), 2.5.132 (FormatRun).
"""

import struct
from itertools import accumulate, pairwise

from gwxl.spreadsheets.looks import Mark, Run, mark_of
from gwxl.spreadsheets.xls.records import FontRuns, Record

_STRUCK = 0x08
_RAISED, _LOWERED = 1, 2
_NEVER = 4  # no font has this number; those behind are counted as if one had


class Fonts:
    """The fonts of a workbook."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []

    def add(self, record: Record) -> None:
        """Take a font."""
        flags, position = struct.unpack_from("<2xH4xH", record.data)
        self._marks.append(
            mark_of(struck=bool(flags & _STRUCK), raised=position == _RAISED, lowered=position == _LOWERED)
        )

    @property
    def marked(self) -> bool:
        """Tell whether any font does something to the meaning of a text."""
        return any(mark is not Mark.NONE for mark in self._marks)

    def mark(self, number: int) -> Mark:
        """Return the mark of a font."""
        place = number - (number > _NEVER)
        return self._marks[place] if place < len(self._marks) else Mark.NONE

    def runs(self, text: str, runs: FontRuns) -> tuple[Run, ...]:
        """Return the parts of a text; what stands before the first run has the font of the cell."""
        units = text.encode("utf-16-le")
        # One that begins before the one ahead of it begins with it: no part of a text is taken twice.
        begins = accumulate((start for start, _ in runs), max)
        marks = (self.mark(font) for _, font in runs)
        starts = [(0, None), *zip(begins, marks, strict=True), (len(units) // 2, None)]
        parts = ((units[2 * start : 2 * end], mark) for (start, mark), (end, _) in pairwise(starts))
        return tuple((raw.decode("utf-16-le", "replace"), mark) for raw, mark in parts if raw)
