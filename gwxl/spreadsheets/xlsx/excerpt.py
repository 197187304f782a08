"""Read some columns of a large workbook: what is not asked for is cut out before the XML is parsed.

What is cut is written as every program writes it (a cell begins with its address, ``<c r="B7"``); a sheet written in
another way is read whole. What is left goes through the one reader of worksheets.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

from gwxl.containers.limits import Limits
from gwxl.containers.xml import Markup
from gwxl.containers.zips import Sliceable
from gwxl.errors import RefusedError
from gwxl.records.cell import column_letters
from gwxl.spreadsheets.book import Sheet
from gwxl.spreadsheets.xlsx.strings import Strings, read_strings
from gwxl.spreadsheets.xlsx.workbook import Ooxml
from gwxl.spreadsheets.xlsx.worksheet import Shared, read_worksheet

_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_STRING = re.compile(rb'\bt="s"[^>]*><v>([0-9]{1,9})</v>')
_ITEM = re.compile(rb"<si[\s/>]")
_FIGURES = b"0123456789"
_END = b"</sheetData></worksheet>"


class Excerpt:
    """The sheets of a workbook of the Office Open XML family, as far as they are asked for.

    Raises:
        RefusedError: as :func:`~gwxl.spreadsheets.xlsx.workbook.read_ooxml` does, here or when a sheet is read.
    """

    def __init__(self, data: Sliceable, limits: Limits) -> None:
        """Read which sheets there are."""
        self._limits = limits
        self._ooxml = Ooxml(data, "xlsx", limits)
        self._texts: _Texts | None = None
        self._parts = self._ooxml.worksheets()

    @property
    def properties(self) -> Mapping[str, str]:
        """Return the custom document properties as text."""
        return self._ooxml.custom().values

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles of the worksheets, in their order."""
        return tuple(self._parts)

    def opened(self, title: str) -> "Opened":
        """Return a sheet whose columns can be asked for; its part stays unpacked as long as it is held."""
        part = self._parts[title]
        return Opened(self, part, self._ooxml.read(part), title)

    def parsed(self, part: str, data: bytes, title: str) -> Sheet:
        """Parse what is left of a worksheet, with the strings it needs."""
        if self._texts is None:
            self._texts = _Texts(*self._ooxml.strings_part(), self._limits)
        shared = Shared(
            strings=self._texts.of({int(number) for number in _STRING.findall(data)}),
            styles=self._ooxml.styles(),
            date1904=self._ooxml.date1904,
            limits=self._limits,
            markup=Markup(self._limits),
        )
        return read_worksheet(part, data, shared, title=title, state="visible")


class Opened:
    """One worksheet, unpacked and not yet parsed."""

    def __init__(self, excerpt: Excerpt, part: str, data: bytes, title: str) -> None:
        """Take the part of a worksheet."""
        self._excerpt = excerpt
        self._part = part
        self._data = data
        self._title = title
        self._start = _start(data)

    def read(self, last_row: int, columns: Iterable[int] = ()) -> Sheet:
        """Return the rows down to ``last_row`` whole, and of all others only some columns, counted from 1."""
        if not self._start:
            return self._excerpt.parsed(self._part, self._data, self._title)
        body = self._below(last_row)
        cells = [cell for column in sorted(set(columns)) for cell in _cells(self._data, column, body)]
        return self._excerpt.parsed(self._part, b"".join([self._data[:body], *cells, _END]), self._title)

    def _below(self, last_row: int) -> int:
        """Return where the first row behind ``last_row`` begins, or where the last row ends."""
        for found in _ROW.finditer(self._data, self._start):
            if int(found[1]) > last_row:
                return found.start()
        end = self._data.find(b"</sheetData", self._start)
        return end if end >= 0 else len(self._data)


def _start(data: bytes) -> int:
    """Return where the rows of a part begin; 0 where it is not written as is needed to cut it."""
    usual = data.count(b'<c r="'), data.count(b'<row r="')
    if not all(usual) or usual != (data.count(b"<c ") + data.count(b"<c>"), data.count(b"<row") - data.count(b"<rowB")):
        return 0
    strange = b"<!" in data or b"\0" in data[:64]
    return 0 if strange or b"<sheetData>" not in data else data.index(b"<sheetData>") + len(b"<sheetData>")


def _cells(data: bytes, column: int, start: int) -> Iterator[bytes]:
    mark = b'<c r="' + column_letters(column).encode()
    at = data.find(mark, start)
    while at >= 0:
        if data[at + len(mark) : at + len(mark) + 1] in _FIGURES:
            close = data.find(b">", at)
            yield data[at : close + 1 if data[close - 1 : close] == b"/" else data.find(b"</c>", close) + len(b"</c>")]
        # The columns of a row stand in their order: A is not behind AA.
        row = data.find(b"<row ", at)
        at = data.find(mark, row) if row >= 0 else -1


class _Texts:
    """Shared strings found by number, the others unread."""

    def __init__(self, part: str, data: bytes, limits: Limits) -> None:
        self._part = part
        self._data = data
        self._limits = limits
        strange = b"<!" in data or b"\0" in data[:64]
        self._starts = array("Q", () if strange else (found.start() for found in _ITEM.finditer(data)))
        self._whole: Strings | None = None

    def of(self, numbers: Iterable[int]) -> Strings:
        if not self._starts:
            self._whole = self._whole or self._read(self._data)
            return self._whole
        wanted = sorted(number for number in numbers if number < len(self._starts))
        end = self._data.rfind(b"</sst")
        places = [(self._starts[one], self._starts[one + 1] if one + 1 < len(self._starts) else end) for one in wanted]
        found = self._read(b"".join([b"<sst>", *(self._data[first:last] for first, last in places), b"</sst>"]))
        if len(found.texts) != len(wanted):
            raise RefusedError("damaged", part=self._part)
        runs = {wanted[number]: parts for number, parts in found.runs.items()}
        return Strings(texts=_Some(dict(zip(wanted, found.texts, strict=True)), len(self._starts)), runs=runs)

    def _read(self, data: bytes) -> Strings:
        return read_strings(self._part, data, Markup(self._limits)) if data else Strings()


class _Some(Sequence[str]):
    """A list of texts of which some are there."""

    def __init__(self, texts: Mapping[int, str], length: int) -> None:
        self._texts = texts
        self._length = length

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[str]: ...
    def __getitem__(self, number: int | slice) -> str | Sequence[str]:
        if isinstance(number, slice):
            return [self._texts[one] for one in range(*number.indices(self._length))]
        return self._texts[number]
