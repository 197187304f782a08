"""Read some columns of a large workbook: what is not asked for is cut out before the XML is parsed.

A part is unpacked piece by piece and no further than what is asked for. What is cut is written as every program writes
it (a cell begins with its address, ``<c r="B7"``); a sheet written in another way is read whole. What is left goes
through the one reader of worksheets; a cell or text in which only a value stands is handed to it without parsing.
"""

import re
from bisect import bisect
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, groupby
from typing import overload

from gwxl.containers.limits import Limits
from gwxl.containers.xml import Markup
from gwxl.containers.zips import Sliceable
from gwxl.errors import RefusedError
from gwxl.records.cell import column_letters
from gwxl.spreadsheets.book import Sheet
from gwxl.spreadsheets.xlsx.strings import Strings, read_strings, unescape
from gwxl.spreadsheets.xlsx.workbook import Ooxml
from gwxl.spreadsheets.xlsx.worksheet import Shared, Told, read_worksheet

_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_NUMBERED = re.compile(rb'r="([0-9]{1,7})"')
_STRING = re.compile(rb'\bt="s"[^>]*><v>([0-9]{1,9})</v>')
_DATA, _DATA_ENDS, _NEXT_ROW, _CELL, _CLOSE = b"<sheetData>", b"</sheetData", b"<row ", b'<c r="', b"</c>"
_PLAIN_CELL = re.compile(rb'([0-9]{1,7})"(?: s="([0-9]{1,9})")?(?: t="([ns])")?><v>([0-9.E+-]{1,64})</v></c>')
_PLAIN_TEXT = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<&\0-\x08\x0b-\x1f]*+)</t></si>')
_STRANGE_CELL = re.compile(rb'<c(?! r=")')
_USUAL, _ANY = b"<si>", b"<si"
_ITEM = re.compile(rb"(?=<si[\s/>])")
_END = b"</sheetData></worksheet>"
_LONGEST_TEXT = 1 << 16  # bytes of one that is not parsed


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

    def open_sheet(self, title: str) -> "Opened":
        """Return a sheet whose columns can be asked for."""
        return Opened(self, self._parts[title], title)

    def pieces(self, part: str) -> Iterator[bytes]:
        """Yield a part as it is unpacked."""
        return self._ooxml.pieces(part)

    def whole(self, part: str, title: str) -> Sheet:
        """Parse a worksheet whole."""
        return self.parse_part(part, self._ooxml.read(part), title, ())

    def parse_part(self, part: str, data: bytes, title: str, cells: Sequence[Told]) -> Sheet:
        """Parse what is left of a worksheet, with the strings it needs; take further cells as they are."""
        if self._texts is None:
            self._texts = _Texts(*self._ooxml.strings_part(), self._limits)
        wanted = {int(number) for number in _STRING.findall(data)}
        wanted.update(int(value) for _, _, kind, value in cells if kind == "s" and value.isdecimal())
        shared = Shared(
            strings=self._texts.of(wanted),
            styles=self._ooxml.styles(),
            date1904=self._ooxml.date1904,
            limits=self._limits,
            markup=Markup(self._limits),
        )
        return read_worksheet(part, data, shared, title=title, state="visible", cells=cells)


class _StrangeError(Exception):
    """A worksheet that is not written as is needed to cut it."""


_Mark = tuple[int, bytes]
"""A column, and how each of its cells begins."""


class Opened:
    """One worksheet, not yet unpacked."""

    def __init__(self, excerpt: Excerpt, part: str, title: str) -> None:
        """Take the part of a worksheet."""
        self._excerpt = excerpt
        self._part = part
        self._title = title

    def read(self, last_row: int, columns: Iterable[int] = (), rows: Container[int] | None = None) -> Sheet:
        """Return the rows down to ``last_row`` whole, and of the others only some columns, counted from 1.

        Args:
            last_row: of those that are wanted whole.
            columns: that are wanted of the rows below it.
            rows: that are wanted of those below it, at least; None for all.
        """
        try:
            marks = [(column, _CELL + column_letters(column).encode()) for column in sorted(set(columns))]
            data, cells = self._cut(last_row, marks, rows)
        except _StrangeError:
            return self._excerpt.whole(self._part, self._title)
        return self._excerpt.parse_part(self._part, data, self._title, cells)

    def _cut(self, last_row: int, marks: Sequence[_Mark], only: Container[int] | None) -> tuple[bytes, list[Told]]:
        """Return what is to be parsed, and the cells of the columns that need not be."""
        pieces = self._excerpt.pieces(self._part)
        head, rest = _head(pieces)
        parse, cells, below = [head], list[Told](), False
        for rows in _rows(rest, pieces):
            start = 0
            if not below and (found := _first_below(rows, last_row)) is not None:
                below, start = True, found
                parse.append(rows[:start])
                if not marks:
                    break
            if below:
                _take(_choose_rows(rows[start:].split(_NEXT_ROW), only), marks, cells, parse)
            else:
                parse.append(rows)
        for _ in pieces if marks else ():
            pass  # to the end, where it is known whether all of it is whole
        return b"".join([*parse, _END]), cells


def _head(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """Return what stands before the rows of a part, and what was unpacked of them."""
    first = next(pieces, b"")
    head, mark, rest = first.partition(_DATA)
    if not mark or b"<!" in head or b"\0" in head[:64]:
        raise _StrangeError
    return head + mark, rest


def _rows(rest: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the rows of a part, whole ones together, and no piece is unpacked before it is asked for."""
    while (end := rest.find(_DATA_ENDS)) < 0:
        cut = max(0, rest.rfind(_NEXT_ROW))
        rows, rest = rest[:cut], rest[cut:]
        yield _usual(rows)
        piece = next(pieces, b"")
        if not piece:
            end = len(rest)
            break
        rest += piece
    yield _usual(rest[:end])


def _usual(rows: bytes) -> bytes:
    if _STRANGE_CELL.search(rows) or (b"!" in rows and b"<!" in rows):
        raise _StrangeError
    return rows


def _first_below(rows: bytes, last_row: int) -> int | None:
    """Return where the first row behind ``last_row`` begins."""
    if rows.count(b"<row") != rows.count(b'<row r="'):
        raise _StrangeError
    return next((found.start() for found in _ROW.finditer(rows) if int(found[1]) > last_row), None)


def _choose_rows(rows: Iterable[bytes], only: Container[int] | None) -> Iterable[bytes]:
    """Return the rows that are wanted, and those that do not say their number as every program does."""
    if only is None:
        return rows
    return (row for row in rows if not (told := _NUMBERED.match(row)) or int(told[1]) in only)


def _take(rows: Iterable[bytes], marks: Sequence[_Mark], cells: list[Told], parse: list[bytes]) -> None:
    """Add the cells of some columns to those that are plain, or to what is to be parsed."""
    for row in rows:
        at = 0
        for column, mark in marks:  # the columns of a row stand in their order: A is not behind AA
            found = row.find(mark, at)
            if found < 0 or not row[(number := found + len(mark)) : number + 1].isdigit():
                continue
            at = found
            if plain := _PLAIN_CELL.match(row, number):
                line, style, kind, value = plain.groups(b"")
                cells.append(((int(line), column), style.decode(), kind.decode(), value.decode()))
            else:
                close = row.find(b">", at)
                if row[close - 1 : close] != b"/":  # else it is blank
                    parse.append(row[at : row.find(_CLOSE, close) + len(_CLOSE)])


class _Texts:
    """Shared strings found by number, the others unread."""

    def __init__(self, part: str, pieces: Iterable[bytes], limits: Limits) -> None:
        self._part = part
        self._chunks = list(_whole_items(pieces))
        self._limits = limits
        self._strange = any(b"!" in chunk and b"<!" in chunk for chunk in self._chunks) or b"\0" in self._chunks[0][:64]
        self._ends = list(accumulate(map(_count_items, self._chunks)))
        self._whole: Strings | None = None

    def of(self, numbers: Iterable[int]) -> Strings:
        if self._strange:
            self._whole = self._whole or self._read(b"".join(self._chunks))
            return self._whole
        texts: dict[int, str] = {}
        parse: dict[int, bytes] = {}
        for number, item in self._items(sorted(one for one in numbers if one < self._ends[-1])):
            plain = _PLAIN_TEXT.match(item) if len(item) < _LONGEST_TEXT else None
            if plain:
                texts[number] = self._decode(plain[1])
            else:
                parse[number] = item
        found = self._read(b"".join([b"<sst>", *parse.values(), b"</sst>"]))
        if len(found.texts) != len(parse):
            raise RefusedError("damaged", part=self._part)
        wanted = list(parse)
        runs = {wanted[number]: parts for number, parts in found.runs.items()}
        return Strings(texts=_Some(texts | dict(zip(wanted, found.texts, strict=True)), self._ends[-1]), runs=runs)

    def _items(self, numbers: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Yield some items by their number."""
        for place, some in groupby(numbers, partial(bisect, self._ends)):
            items = _split(self._chunks[place])
            first = self._ends[place] - len(items)
            for number in some:
                yield number, items[number - first]

    def _decode(self, words: bytes) -> str:
        try:
            return unescape(words.decode())
        except UnicodeDecodeError:
            raise RefusedError("damaged", part=self._part) from None

    def _read(self, data: bytes) -> Strings:
        return read_strings(self._part, data, Markup(self._limits)) if data else Strings()


def _whole_items(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the items of a part of shared strings, whole ones together: in one piece it would be there twice."""
    rest = b""
    for piece in pieces:
        rest += piece
        cut = max(0, rest.rfind(_ANY))
        yield rest[:cut]
        rest = rest[cut:]
    yield rest.partition(b"</sst")[0]


def _count_items(items: bytes) -> int:
    usual = items.count(_USUAL)
    return usual if usual == items.count(_ANY) else len(_split(items))


def _split(items: bytes) -> list[bytes]:
    if items.count(_USUAL) == items.count(_ANY):
        return [_USUAL + item for item in items.split(_USUAL)[1:]]
    return _ITEM.split(items)[1:]


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
