"""Cells in which nothing but a value stands, cut from a sheet: what they are the reader of sheets says.

A piece of a sheet is what follows ``<c `` up to the next one. It is plain where all of it is an address, a style, a
type and a number: nothing is left that XML could say otherwise. Each value is read once, however often it stands there.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from gwxl.containers.limits import DEFAULT_LIMITS
from gwxl.containers.xml import Markup
from gwxl.errors import RefusedError
from gwxl.files.excel_limits import LAST_ROW
from gwxl.spreadsheets.address import Place, read_address
from gwxl.spreadsheets.book import Cell
from gwxl.spreadsheets.xlsx.strings import Strings
from gwxl.spreadsheets.xlsx.styles import Style
from gwxl.spreadsheets.xlsx.worksheet import Shared, read_worksheet

_PLAIN = re.compile(
    rb'^r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,9})")?(?: t="([snb])")?'
    rb"(?:/>|></c>|><v>([-+.0-9Ee]{1,32})</v></c>)$",
    re.MULTILINE,
)
_EMPTY = b"<worksheet><sheetData></sheetData></worksheet>"


def read_plain(
    pieces: Sequence[bytes], strings: Strings, styles: tuple[Style, ...], *, date1904: bool
) -> tuple[Mapping[Place, Cell], list[bytes]]:
    """Return the plain cells among some pieces of one sheet, and the other pieces.

    Raises:
        RefusedError: a cell stands nowhere, at the place of another, or says what the reader of sheets refuses.
    """
    joined = b"\n".join(pieces)
    if joined.count(b"\n") != len(pieces) - 1:  # a text with lines: no piece is what a line of these is
        return {}, list(pieces)
    found = _PLAIN.findall(joined)
    others = list(filter(None, _PLAIN.sub(b"", joined).split(b"\n"))) if len(found) < len(pieces) else []
    asked = {(style, kind, value) for _, _, style, kind, value in found}
    values = _read_values(asked, strings, styles, date1904=date1904)
    cells = {(int(row), _column(letters)): values[style, kind, value] for letters, row, style, kind, value in found}
    rows = [row for row, _ in cells]
    if len(cells) != len(found) or (rows and not 1 <= min(rows) <= max(rows) <= LAST_ROW):
        raise RefusedError("address", address="")
    return cells, others


_Value = tuple[bytes, bytes, bytes]
"""Number of the style, type and value, as they are written."""


def _read_values(
    asked: set[_Value], strings: Strings, styles: tuple[Style, ...], *, date1904: bool
) -> Mapping[_Value, Cell]:
    """Return what a cell is that says so, by the reader of sheets: a row each of a sheet of one column."""
    every = list(asked)
    markup = Markup(DEFAULT_LIMITS)
    shared = Shared(strings=strings, styles=styles, date1904=date1904, limits=DEFAULT_LIMITS, markup=markup)
    told = [
        ((at, 1), style.decode(), kind.decode(), value.decode()) for at, (style, kind, value) in enumerate(every, 1)
    ]
    cells = read_worksheet("", _EMPTY, shared, title="", state="", cells=told).cells
    return {one: cells[at, 1] for at, one in enumerate(every, 1)}


@lru_cache(maxsize=1024)
def _column(letters: bytes) -> int:
    place = read_address(f"{letters.decode()}1")
    if place is None:
        raise RefusedError("address", address=letters.decode())
    return place[1]
