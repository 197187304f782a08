"""What a summary remembers of itself, in hidden cells of 数据来源: where each figure comes from and what was written.

It is read by ``gwxl explain``, which so knows what stood in a cell before somebody typed into it, and needs no other
cell of the sheet. A site's record moves with its row when rows are sorted. The record is long, so it is cut into
pieces, one a column.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any

from gwxl.files import excel_limits as limits
from gwxl.inert import inert
from gwxl.records.path import Path

KEY = "#record"
"""What the column of the record is called that says who a site is; the head's first piece stands in it too."""
ENTRIES = "#entries"
"""What the columns are called that hold the entries of tables, numbered where they are several."""
CHUNK = 8
"""How many columns of 汇总表 one column of the record holds."""

_PIECE = limits.STRING // 2
_RAW = 1_200  # characters of a raw text
_LONGEST = 60  # characters of a text that is remembered word for word
_DIGITS = 32
_NOTE, _ENTRY = 2, 4  # why, raw; shown, place, why, raw


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What was written of one figure.

    Attributes:
        shown: what its cell showed, as :func:`shorten_text` keeps it. why: why it does not count, empty if it does.
        address: its cell in the returned file. raw: the text there, None where it is what is shown.
    """

    shown: str = ""
    address: str = ""
    why: str = ""
    raw: str | None = None

    @property
    def noted(self) -> bool:
        """Tell whether there is more to say of it than what is shown."""
        return bool(self.why) or self.raw is not None


@dataclass(frozen=True, kw_only=True)
class SiteRecord:
    """What was written of one site.

    Attributes:
        id: joins its rows on all sheets. passed: nothing was open. shared: the file holds several returns.
        by: the summaries it came by, in a line.
        row: in which the record stands now, where it is one of some that were chosen; else 0.
        shown, places: what each cell of its row in 汇总表 showed, and the cell in the returned file.
        notes: number of such a column, as a text → why it does not count, and its raw text or None.
        entries: path of a table's cell → shown, place, why, raw.
    """

    id: str
    code: str
    name: str
    passed: bool
    file: str
    member: str
    sheet: str
    sha256: str
    shared: bool
    shown: Mapping[int, str]
    places: Mapping[int, str]
    notes: Mapping[str, Sequence[str | None]]
    entries: Mapping[str, Sequence[str | None]]
    by: str = ""
    row: int = 0

    def fact(self, number: int) -> Fact:
        """Return what was written in a column, counted from 0."""
        why, raw = self.notes.get(str(number), ("", None))
        return Fact(shown=self.shown[number], address=self.places[number], why=why or "", raw=raw)

    def entry(self, path: str) -> Fact:
        """Return what was written in a cell of a table."""
        shown, address, why, raw = self.entries[path]
        return Fact(shown=shown or "", address=address or "", why=why or "", raw=raw)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What was written of a figure over a group of sites, as texts; ``counted`` is ``n / of``."""

    group: str
    value: str
    counted: str
    minimum: str
    median: str
    maximum: str
    passed: str
    passed_counted: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What can be asked of one key.

    Attributes:
        label: its question in words, as a person would type it.
        columns: the paths whose figures belong to it: its own, or its choices'.
        weight: the path that weighs it in a mean.
        table: it stands on a sheet of its own, in rows.
        answer: it is one answer of a field: the figures that show it.
        formula: what it is worked out by, in words; empty where it is filled in.
        parts: all sites first, then each group.
    """

    label: str
    columns: tuple[str, ...]
    weight: str = ""
    table: bool = False
    answer: str = ""
    formula: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HeadRecord:
    """What was written above the sites.

    Attributes:
        keys: the paths of the columns of 汇总表, in their order. asked: key → what it is.
        by: the key of the field that divides the sites into groups, empty where none does.
    """

    keys: tuple[str, ...]
    asked: Mapping[str, Asked]
    by: str = ""


_WHO = ("id", "code", "name", "passed", "file", "member", "sheet", "sha256", "shared", "by")
_EARLIER = len(_WHO) - 1  # what an earlier version wrote
_FLAGS = ("passed", "shared")
_KINDS_OF_WHO = [[bool if name in _FLAGS else str for name in _WHO[:length]] for length in (_EARLIER, len(_WHO))]
_TEXT, _TEXT_OR_NONE, _PATH = map(frozenset, ((str,), (str, type(None)), (Path,)))


def shorten_text(words: str) -> str:
    """Return a text as it is remembered: with single blanks, a long one as its beginning and a digest."""
    plain = " ".join(words.split())
    if len(plain) <= _LONGEST:
        return plain
    return f"{plain[:_LONGEST]}…{sha256(plain.encode('utf-8', 'replace')).hexdigest()[:16]}"


def is_cut(words: str) -> bool:
    """Tell whether a text is remembered by its beginning only."""
    return len(words) > _LONGEST


def number_words(number: str | int | Decimal) -> str:
    """Return a number as it is remembered: with the digits that every program keeps, and no exponent.

    Raises:
        ValueError: it is none.
    """
    return f"{Decimal(f'{float(number):.{limits.DIGITS}g}'):f}"


def site_cells(record: SiteRecord) -> Mapping[str, str]:
    """Return key of a column → what it holds of the record of a site."""
    names = _WHO if record.by else _WHO[:_EARLIER]
    cells = {KEY: _words([getattr(record, name) for name in names])}
    for start in range(0, len(record.shown), CHUNK):
        part = range(start, min(start + CHUNK, len(record.shown)))
        notes = {
            number: [why, raw and raw[:_RAW]] for number, (why, raw) in record.notes.items() if int(number) in part
        }
        places = [record.places[number] for number in part]
        cells[chunk_key(start)] = _words([[record.shown[number] for number in part], places, notes])
    if record.entries:
        cells |= dict(zip(map(_sheet_title, count(1)), pieces(_words(record.entries)), strict=False))
    return cells


def chunk_key(number: int) -> str:
    """Return what the column of the record is called that holds a column of 汇总表, counted from 0."""
    return f"{KEY}.{number // CHUNK}"


def _sheet_title(number: int) -> str:
    return ENTRIES if number == 1 else f"{ENTRIES}{number}"


def read_sites(cells: Mapping[str, Sequence[str]], columns: Sequence[int]) -> tuple[SiteRecord, ...]:
    """Return the records of sites as far as they were read; thousands at once, so they are parsed together.

    Args:
        cells: key → the text of each site, as :func:`site_cells` gave them.
        columns: the columns of 汇总表 that are wanted, counted from 0.

    Raises:
        ValueError: one is none.
    """
    chunks = {chunk: _load(cells[f"{KEY}.{chunk}"]) for chunk in dict.fromkeys(one // CHUNK for one in columns)}
    places = [(number, number // CHUNK, number % CHUNK) for number in columns]
    pieces_of = [cells[key] for key in sorted(cells, key=len_and_text) if key.startswith(ENTRIES)]
    return tuple(
        SiteRecord(
            **_read_who(who),
            **_read_figures({chunk: told[row] for chunk, told in chunks.items()}, places),
            entries=_read_entries("".join(texts[row] for texts in pieces_of)),
        )
        for row, who in enumerate(_load(cells[KEY]))
    )


def _load(words: Sequence[str]) -> list[Any]:
    told: list[Any] = json.loads(f"[{','.join(words)}]")
    if len(told) != len(words):
        raise ValueError(KEY)
    return told


def _read_who(said: Any) -> dict[str, Any]:
    if list(map(type, said)) not in _KINDS_OF_WHO:
        raise ValueError(KEY)
    return dict(zip(_WHO, said, strict=False))


def _read_figures(chunks: Mapping[int, Any], places: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    """Return what a site showed in some columns, where it stood, and what is noted."""
    notes: dict[str, Sequence[str | None]] = {}
    for words, at, more in chunks.values():
        _demand(_TEXT, words, at)
        if more:
            _demand(_TEXT_OR_NONE, *more.values(), length=_NOTE)
            notes |= more
    shown = {number: chunks[chunk][0][place] for number, chunk, place in places}
    return {"shown": shown, "places": {one: chunks[chunk][1][place] for one, chunk, place in places}, "notes": notes}


def _read_entries(words: str) -> Mapping[str, Sequence[str | None]]:
    told: dict[str, Sequence[str | None]] = json.loads(words) if words else {}
    if told:
        _demand(_TEXT_OR_NONE, *told.values(), length=_ENTRY)
        _demand(_PATH, [Path.read(path) for path in told])
    return told


def _demand(kinds: frozenset[type], *lists: object, length: int | None = None) -> None:
    """Demand lists of some kinds, and of a length: whoever has the file could have made up its record.

    Raises:
        ValueError: one is none.
    """
    for one in lists:
        if not isinstance(one, list) or not kinds.issuperset(map(type, one)):
            raise ValueError(KEY)
        if length not in {None, len(one)}:
            raise ValueError(KEY)


def len_and_text(key: str) -> tuple[int, str]:
    """Return by what numbered keys are put into order."""
    return len(key), key


def head_words(record: HeadRecord) -> str:
    """Return the record of what stands above the sites as a text."""
    return _words(asdict(record))


def read_head(words: str) -> HeadRecord:
    """Return the record that :func:`head_words` wrote.

    Raises:
        ValueError: it is none.
    """
    told = json.loads(words)
    asked = {
        key: Asked(
            label=one["label"],
            columns=tuple(one["columns"]),
            weight=one["weight"],
            table=one["table"],
            answer=one["answer"],
            formula=one.get("formula", ""),
            parts=tuple(Part(**part) for part in one["parts"]),
        )
        for key, one in told["asked"].items()
    }
    _demand(_TEXT, told["keys"], *([*asdict(part).values()] for one in asked.values() for part in one.parts))
    _demand(_TEXT, [word for one in asked.values() for word in (one.label, one.answer, one.formula)])
    named = {key for one in asked.values() for key in (one.weight, *(() if one.table else one.columns))}
    if not named | {told["by"]} <= {"", *told["keys"]} or not all(one.columns for one in asked.values()):
        raise ValueError(KEY)
    return HeadRecord(keys=tuple(told["keys"]), asked=asked, by=told["by"])


def pieces(words: str) -> Iterator[str]:
    """Yield a record in pieces that each fit into a cell and neither begin nor end with a blank."""
    for start in range(0, len(words), _PIECE):
        yield words[start : start + _PIECE]


class Digest:
    """A sum of what the records say, in whatever order they come."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._sum = 0

    def add(self, words: str) -> None:
        """Take a record."""
        self._sum += int.from_bytes(sha256("".join(words.split()).encode("utf-8", "replace")).digest()[:16], "big")

    def words(self) -> str:
        """Return the digest of all that was taken."""
        return f"{self._sum % 16**_DIGITS:0{_DIGITS}x}"


def _words(told: object) -> str:
    words = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    # What is written into a cell is made harmless; that must not change a record.
    return words if inert(words) == words else json.dumps(told, separators=(",", ":"))
