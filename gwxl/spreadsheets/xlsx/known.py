"""What was read before need not be parsed again: pieces of a workbook that others hold byte for byte.

The returns of one form repeat each other: their cells, texts and row tags, their styles, and what stands around the
rows. A part is cut at the start tags of its cells or texts. A piece that was met before gives what the strict reader
made of it then; the others go through that reader, all in one small part. A piece ends with the only end tag of its
kind in it, so that XML itself says it is balanced, and is read as deep as it stands. What cannot be cut so, or goes
wrong in any way, is told by None: it is read the strict way, which alone decides what is refused.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Generic, TypeVar

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.containers.xml import Markup, encoding_of
from gwxl.errors import RefusedError
from gwxl.spreadsheets.address import Place, read_address
from gwxl.spreadsheets.book import Cell, Sheet
from gwxl.spreadsheets.looks import Run
from gwxl.spreadsheets.xlsx.plain_cells import read_plain
from gwxl.spreadsheets.xlsx.strings import Strings, read_strings
from gwxl.spreadsheets.xlsx.styles import Style, read_styles
from gwxl.spreadsheets.xlsx.worksheet import Shared, count_cells, read_worksheet

_MOST = 3 << 18  # bytes of the pieces that are kept of one kind, those included that keeping a short one takes
_KEEPING = 64
_MOST_TEXTS, _LONGEST_TEXT = 2_000, 300
_LONGEST_FRAME = 1 << 17
_ADDRESS = re.compile(rb'r="([A-Z]{1,3}[0-9]{1,7})"')
_ROW = re.compile(rb'r="([0-9]{1,7})"')
_MANY = 4_000  # cells of a sheet that is no form: few of them are met again
_NUMBERED = re.compile(rb'r="([A-Z]{1,3}[0-9]{1,7})"(?: s="([0-9]{1,9})")? t="s"><v>([0-9]{1,9})</v></c>')
_DECLARATION = re.compile(rb"\A<\?xml\s[^<>]*\?>")
_TEXTS_BEGIN = re.compile(rb"(?:<\?xml\s[^<>]*\?>\s*)?<sst[^<>]*>")
_TEXTS_END = b"</sst>"
_BEGIN, _END = b"<worksheet><sheetData>", b"</sheetData></worksheet>"
_DEEP = DEFAULT_LIMITS.depth - 2  # below worksheet and sheetData
_DEEPEST = b"<sheetData>" + b"<x>" * _DEEP + b"</x>" * _DEEP + b"</sheetData>"


Found = TypeVar("Found")


class _Pieces(dict[bytes, Found], Generic[Found]):
    """Pieces and what was read of each; where they become too many, all are forgotten."""

    _held = 0

    def find_missing(self, pieces: Collection[bytes]) -> list[bytes]:
        """Return which of some pieces have to be read; room is made for them."""
        missing = list({piece for piece in pieces if piece not in self})
        if self._held + _measure(missing) > _MOST:
            self.clear()
            missing, self._held = list(set(pieces)), 0
        self._held += _measure(missing)
        return missing


def _measure(pieces: Collection[bytes]) -> int:
    return sum(map(len, pieces)) + _KEEPING * len(pieces)


_Item = tuple[str, tuple[Run, ...]]  # a shared text and its runs, none where it is plain
_Numbered = tuple[str, int]
_Text = tuple[str, str, tuple[Run, ...]]
_NO_TEXTS = Strings()
_items: _Pieces[_Item] = _Pieces()


@dataclass(frozen=True, eq=False)
class Known:
    """The styles of a workbook, and what was read in any workbook that had the same.

    Attributes:
        rows: the start tag of a row → its number where it is hidden, else 0.
        cells: a cell → its place and what it is; of one that holds a shared text, the numbers of style and text.
        texts: number of a style, a shared text and its runs → the cell that holds it.
    """

    styles: tuple[Style, ...]
    date1904: bool
    rows: _Pieces[int] = field(default_factory=_Pieces)
    cells: _Pieces[tuple[Place, Cell | _Numbered]] = field(default_factory=_Pieces)
    texts: dict[_Text, Cell] = field(default_factory=dict)


class _UnusualError(Exception):
    """Something that is read the strict way."""


_NOT_MET = (_UnusualError, RefusedError, KeyError)  # the last where another thread forgot what this one looked for


def know_styles(part: str, data: bytes, limits: Limits, markup: Markup, *, date1904: bool) -> Known | None:
    """Return the styles in a part and what is known of cells that have them; None where they are read the strict way.

    Raises:
        RefusedError: ``overloaded``.
    """
    known = _know(data, date1904) if _is_usual(data, limits) else None
    if known:
        markup.count(part, data)
    return known


@lru_cache(maxsize=4)
def _know(data: bytes, date1904: bool) -> Known | None:  # noqa: FBT001 - a key of the cache
    try:
        return Known(read_styles("", data, Markup(DEFAULT_LIMITS)), date1904)
    except RefusedError:
        return None


def _is_usual(data: bytes, limits: Limits, pieces: Iterable[bytes] = ()) -> bool:
    """Tell whether a part is held to the bounds that pieces were read under, and no token in it can be long.

    A token goes over no end of a piece: none is longer than the longest piece of a part that was cut.
    """
    longest = max(map(len, pieces), default=len(data))
    bounds = limits.depth >= DEFAULT_LIMITS.depth and limits.attributes >= DEFAULT_LIMITS.attributes
    short = longest <= min(limits.token_chars, DEFAULT_LIMITS.token_chars)
    return bounds and short and not limits.beginning and encoding_of(data) == "utf-8"  # else no byte is what it seems


def _refuse_markup(pieces: Iterable[bytes], *marks: bytes) -> None:
    """Refuse pieces with markup that could hide other pieces: comments, instructions, CDATA, and what is named."""
    if any(mark in piece for piece in pieces for mark in (b"<!", b"<?", *marks)):
        raise _UnusualError


def recall_strings(part: str, data: bytes, limits: Limits, markup: Markup) -> Strings | None:
    """Return shared strings, None where they are to be read the strict way.

    Raises:
        RefusedError: ``overloaded``.
    """
    begin = _TEXTS_BEGIN.match(data)
    if begin is None or not data.endswith(_TEXTS_END) or not _is_usual(data, limits):
        return None
    first, *pieces = data[begin.end() : -len(_TEXTS_END)].split(b"<si>")
    if first:
        return None
    try:
        _learn_items(begin[0], _items.find_missing(pieces))
        items = [_items[piece] for piece in pieces]
    except _NOT_MET:
        return None
    markup.count(part, data)
    return Strings(
        texts=tuple(text for text, _ in items), runs={at: runs for at, (_, runs) in enumerate(items) if runs}
    )


def _learn_items(begin: bytes, missing: list[bytes]) -> None:
    """Read texts, and what stands before all of them."""
    _refuse_markup(missing, b"<si")
    if not all(piece.endswith(b"</si>") and piece.count(b"</si") == 1 for piece in missing):
        raise _UnusualError
    found = read_strings(
        "", begin + b"".join(b"<si>" + piece for piece in missing) + _TEXTS_END, Markup(DEFAULT_LIMITS)
    )
    if len(found.texts) != len(missing):
        raise _UnusualError
    _items.update((piece, (found.texts[at], found.runs.get(at, ()))) for at, piece in enumerate(missing))


def recall_worksheet(part: str, data: bytes, shared: Shared, known: Known) -> Sheet | None:
    """Return a worksheet without its title, None where it is to be read the strict way.

    Raises:
        RefusedError: ``overloaded``.
    """
    head, _, rest = data.partition(b"<sheetData>")
    rows, end, tail = rest.partition(b"</sheetData>")
    room, mergeable = shared.limits.cells - shared.cells, shared.limits.merges - shared.merges
    if not end or count_cells(data) > room:
        return None
    try:
        frame, merges = _read_frame(head, tail)
        tags, pieces = _cut(rows)
        if not _is_usual(data, shared.limits, (head, tail, *tags, *pieces)):
            return None
        hidden = frozenset(_learn_rows(known, tags))
        cells = dict(_recall_cells(known, pieces, shared.strings))
    except _NOT_MET:
        return None
    if len(cells) != len(pieces) or merges > mergeable:
        return None
    shared.markup.count(part, data)
    shared.cells, shared.merges = shared.cells + len(cells), shared.merges + merges
    return replace(frame, cells=cells, hidden_rows=hidden)


def _scratch(strings: Strings, styles: tuple[Style, ...], *, date1904: bool = False) -> Shared:
    """Return what a sheet shares of which nothing is known yet; no text, above all."""
    markup = Markup(DEFAULT_LIMITS)
    return Shared(strings=strings, styles=styles, date1904=date1904, limits=DEFAULT_LIMITS, markup=markup)


@lru_cache(maxsize=32)
def _read_frame(head: bytes, tail: bytes) -> tuple[Sheet, int]:
    """Return a worksheet without its rows, and how many merged ranges it names, those included that are none."""
    _refuse_markup((_DECLARATION.sub(b"", head), tail), b"sheetData")
    if len(head) + len(tail) > _LONGEST_FRAME:
        raise _UnusualError
    shared = _scratch(_NO_TEXTS, ())
    return read_worksheet("", head + _DEEPEST + tail, shared, title="", state=""), shared.merges


def _cut(rows: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return what follows ``<row `` and what follows ``<c `` in the start tags of rows and in cells."""
    first, *chunks = rows.split(b"<row ")
    if first:
        raise _UnusualError
    tags, cells = [], []
    for chunk in chunks:
        if chunk.endswith(b"</row>"):
            tag, *pieces = chunk[:-6].split(b"<c ")
            tags.append(tag)
            cells += pieces
        elif chunk.endswith(b"/>"):
            tags.append(chunk[:-2] + b">")
        else:
            raise _UnusualError
    return tags, cells


def _learn_rows(known: Known, tags: list[bytes]) -> Iterator[int]:
    """Yield the numbers of the rows that are hidden."""
    missing = known.rows.find_missing(tags)
    if missing:
        numbers = [int(_match(_ROW, tag)[1]) for tag in missing]
        _refuse_markup(missing, b"<", b"sheetData")
        whole = all(tag.find(b">") == len(tag) - 1 for tag in missing)
        if not whole or len(set(numbers)) != len(numbers):
            raise _UnusualError
        sheet = _read_rows(known, b"".join(b"<row " + tag + b"</row>" for tag in missing))
        known.rows.update((tag, at if at in sheet.hidden_rows else 0) for tag, at in zip(missing, numbers, strict=True))
    return filter(None, map(known.rows.__getitem__, tags))


def _recall_cells(known: Known, pieces: list[bytes], strings: Strings) -> Iterator[tuple[Place, Cell]]:
    """Yield places and cells; of many, those in which nothing but a value stands are read without keeping them."""
    if len(pieces) > _MANY:
        plain, pieces = read_plain(pieces, strings, known.styles, date1904=known.date1904)
        yield from plain.items()
    _learn_cells(known, known.cells.find_missing(pieces))
    told = [known.cells[piece] for piece in pieces]
    numbered = {held for _, held in told if type(held) is tuple}  # quicker than isinstance, a thousand times a file
    if any(number >= len(strings.texts) for _, number in numbered):
        raise _UnusualError
    texts, runs = strings.texts, strings.runs
    asked = {held: (held[0], texts[held[1]], runs.get(held[1], ())) for held in numbered}
    cells = _find_text_cells(known, set(asked.values()))
    for place, held in told:
        yield place, held if isinstance(held, Cell) else cells[asked[held]]


def _learn_cells(known: Known, missing: list[bytes]) -> None:
    """Read cells; those that name a text by its number are read where the text is known."""
    _refuse_markup(missing, b"sheetData", b"<row", b":row")
    places = {piece: _read_place(piece) for piece in missing}
    numbered = {piece: found for piece in missing if (found := _NUMBERED.fullmatch(piece))}
    rest = [piece for piece in missing if piece not in numbered]
    plain, others = read_plain(rest, _NO_TEXTS, known.styles, date1904=known.date1904)
    if not all(map(_is_whole, others)):
        raise _UnusualError
    read = _read_rows(known, b'<row r="1">' + b"".join(b"<c " + piece for piece in others) + b"</row>").cells
    cells = {**plain, **read}
    if len(cells) != len(rest) or not all(places[piece] in cells for piece in rest):
        raise _UnusualError
    known.cells.update((piece, (places[piece], cells[places[piece]])) for piece in rest)
    known.cells.update(
        (piece, (places[piece], ((one[2] or b"0").decode(), int(one[3])))) for piece, one in numbered.items()
    )


def _read_place(piece: bytes) -> Place:
    place = read_address(_match(_ADDRESS, piece)[1].decode())
    if place is None:
        raise _UnusualError
    return place


def _is_whole(piece: bytes) -> bool:
    """Tell whether what follows ``<c `` ends with the end of the cell."""
    return piece.count(b"</c") == 1 if piece.endswith(b"</c>") else piece.endswith(b"/>") and b"<" not in piece


def _read_rows(known: Known, rows: bytes) -> Sheet:
    """Return a sheet of some rows in which nothing stands that tells of more than its own cell."""
    shared = _scratch(_NO_TEXTS, known.styles, date1904=known.date1904)
    sheet = read_worksheet("", _BEGIN + rows + _END, shared, title="", state="")
    if shared.array_work or shared.merges or sheet.validations or sheet.protected:
        raise _UnusualError
    return sheet


def _find_text_cells(known: Known, asked: set[_Text]) -> Mapping[_Text, Cell]:
    """Return the cells of texts."""
    found = {one: known.texts[one] for one in asked if one in known.texts}
    missing = [one for one in asked if one not in found]
    if missing:
        shared = _scratch(
            Strings(texts=[text for _, text, _ in missing], runs={at: runs for at, (_, _, runs) in enumerate(missing)}),
            known.styles,
        )
        told = [((at + 1, 1), style, "s", str(at)) for at, (style, _, _) in enumerate(missing)]
        cells = read_worksheet("", _BEGIN + _END, shared, title="", state="", cells=told).cells
        made = {one: cells[at + 1, 1] for at, one in enumerate(missing)}
        found |= made
        if len(known.texts) + len(made) > _MOST_TEXTS:
            known.texts.clear()
        known.texts.update((one, cell) for one, cell in made.items() if len(cell.text) + len(one[2]) <= _LONGEST_TEXT)
    return found


def _match(pattern: re.Pattern[bytes], piece: bytes) -> re.Match[bytes]:
    found = pattern.match(piece)
    if found is None:
        raise _UnusualError
    return found
