"""Read cell addresses."""

import re
from functools import lru_cache

from gwxl.files.excel_limits import LAST_COLUMN, LAST_ROW

Place = tuple[int, int]
Area = tuple[int, int, int, int]

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")


def read_address(text: str) -> Place | None:
    """Return (row, column) counted from 1 of ``D41`` or ``$D$41``, None if it names no cell of a sheet."""
    match = _ADDRESS.match(text)
    if match is None:
        return None
    column, row = _column(match[1]), int(match[2])
    return (row, column) if 1 <= row <= LAST_ROW and column <= LAST_COLUMN else None


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def read_area(text: str) -> Area | None:
    """Return (first row, first column, last row, last column) of ``A1:B2`` or ``A1``, None if it names none."""
    first, _, last = text.strip().partition(":")
    one, other = read_address(first), read_address(last or first)
    if one is None or other is None:
        return None
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])
