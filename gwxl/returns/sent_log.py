"""The log beside what was sent back: which file went to whom in which round; CSV in UTF-8 with BOM for a spreadsheet.

A row is known by what stands in it, whatever its order, heads and other cells: the name of a workbook with its round,
and a mark of what it answers. What somebody wrote into the log stays in it; a log that is no text is kept beside a new
one.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gwxl.errors import OutputError
from gwxl.files.csv_bytes import decode, encode, tables
from gwxl.files.outputs import ChangedError, refuse_standing, replace_file, replace_read
from gwxl.form.rounds import MOST_FAULTS
from gwxl.inert import begins_a_formula, inert_line
from gwxl.records.answered import digest_answered, digest_of
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Round
from gwxl.returns.output_names import fold_name, read_sent_name
from gwxl.values import dates
from gwxl.wording import each, text
from gwxl.wording.system import system_words

_HEADS = ("round", "code", "name", "unit", "workbook", "letter", "day", "reason", "file", "mark")
_MARK = re.compile(r"gwxl:([0-9a-f]{16}):([0-9a-f]{16}):([0-9a-f]{8})")
_ANY_REASON = "0" * 8
_LARGEST = 50_000_000  # bytes
_CELL = 1_000  # characters

Cells = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said of which return, by digests, so that nothing is said twice.

    Attributes:
        answered: of the file and its form sheet. faults: of what is open. reason: why it was not taken;
            zeros where that is not known.
    """

    answered: str
    faults: str
    reason: str = _ANY_REASON

    @property
    def mark(self) -> str:
        """Return it as it stands in the log."""
        return f"gwxl:{self.answered}:{self.faults}:{self.reason}"

    def is_same(self, other: "Said") -> bool:
        """Tell whether the same was said of the same return, as far as that is known."""
        reasons = {self.reason, other.reason}
        known = len(reasons) == 1 or _ANY_REASON in reasons
        return known and (self.answered, self.faults) == (other.answered, other.faults)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What was sent in a round.

    Attributes:
        workbook: the name of the file. base: its beginning, which tells the sender. number: the round.
        said: what it said, None where that is not known. day: when it was made, ISO 8601; empty where it is not known.
    """

    workbook: str
    base: str
    number: int
    said: Said | None = None
    day: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the log, on one workbook; each text as it may be shown."""

    number: int
    code: str = ""
    name: str = ""
    unit: str = ""
    workbook: str
    letter: str = ""
    day: str = ""
    reason: str = ""
    file: str = ""
    said: Said

    def cells(self) -> Cells:
        """Return the cells of its row."""
        words = (self.code, self.name, self.unit, self.workbook, self.letter, self.day, self.reason, self.file)
        return (str(self.number), *map(_plain, words), self.said.mark)


def describe_return(receipt: Receipt, faults: Iterable[tuple[str, str]], reason: str) -> Said:
    """Return what is said of a return that goes back: its faults by id and path, and why it was not taken."""
    return Said(answered=digest_answered(receipt.source), faults=_faults(faults), reason=_digest(reason, 8))


def read_said(sent: Round) -> Said | None:
    """Return what a workbook says itself of the return it answers, None in one of an earlier version."""
    return Said(answered=digest_of(sent.answers[0]), faults=_faults(sent.faults)) if sent.answers else None


def _faults(faults: Iterable[tuple[str, str]]) -> str:
    return _digest("\n".join(f"{id_} {path}" for id_, path in list(faults)[:MOST_FAULTS]), 16)


def _digest(words: str, length: int) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:length]


class SentLog:
    """The record of what was sent back into a folder: its log, and the names of what lies there."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self.language = language
        self._sent: list[Sent] = []
        self._answered: dict[str, list[int]] = {}  # digest → the places of what answered it
        self._last: dict[str, int] = {}  # folded base → number of its last round
        for one in _read_known(_read(self._bytes()) or ()):
            self._take(one)
        for name in _names(folder):
            if told := read_sent_name(Path(fold_name(name)).stem):
                self._count(*told)

    def _take(self, one: Sent) -> None:
        if one.said is not None:
            self._answered.setdefault(one.said.answered, []).append(len(self._sent))
        self._sent.append(one)
        self._count(fold_name(one.base), one.number)

    def _count(self, base: str, number: int) -> None:
        self._last[base] = max(number, self._last.get(base, 0))

    @property
    def path(self) -> Path:
        """Return where the log lies."""
        return self.folder / text("sent.file_name", self.language)

    def find_earlier(self, said: Said, bases: Iterable[str] | None = None) -> Sent | None:
        """Return what said the same already, last; of files that anybody may have sent, to one of these alone."""
        known = None if bases is None else {fold_name(base) for base in bases}
        found = [one for one in self._find_answers([said.answered]) if one.said is not None and one.said.is_same(said)]
        return next((one for one in found if known is None or _plain_base(one.base) in known), None)

    def base_of(self, answered: Iterable[str], base: str) -> str | None:
        """Return what files are called that answered one of these returns last, but for a number behind a base."""
        wanted = fold_name(base)
        found = (one.base for one in self._find_answers(answered))
        return next((one for one in found if _plain_base(one) == wanted), None)

    def _find_answers(self, digests: Iterable[str]) -> Iterator[Sent]:
        """Yield what answered one of some returns, the last first."""
        places = {place for digest in digests for place in self._answered.get(digest, ())}
        yield from (self._sent[place] for place in sorted(places, reverse=True))

    def find_awaited(self) -> Mapping[str, Sent]:
        """Return the digest of each return that was sent back → what went last."""
        return {one.said.answered: one for one in self._sent if one.said is not None}

    def last(self, base: str) -> int:
        """Return the number of the last round of a sender, 0 where there was none."""
        return self._last.get(fold_name(base), 0)

    def find_unlisted(self) -> tuple[Path, ...]:
        """Return the workbooks in the folder under a name that was given here that the log does not list."""
        listed = {fold_name(one.workbook) for one in self._sent if one.said is not None}
        found = (name for name in sorted(_names(self.folder)) if name.lower().endswith(".xlsx"))
        return tuple(
            self.folder / name for name in found if fold_name(name) not in listed and read_sent_name(name[:-5])
        )

    def learn(self, workbook: str, sent: Round | None) -> Line | None:
        """Take in a workbook that the log does not list, by its mark; return its row, None where it bears none."""
        told, said = read_sent_name(Path(workbook).stem), read_said(sent) if sent else None
        if told is None or said is None:
            return None
        self._take(Sent(workbook=workbook, base=told[0], number=told[1], said=said))
        return Line(number=told[1], workbook=workbook, reason=text("sent.found", self.language), said=said)

    def add(self, lines: Sequence[Line], heads: Cells) -> None:
        """Write rows behind those of the log, whole; what somebody saved in it meanwhile stays.

        A row that stands there already is of a run that was cut short after it, and is not written twice.

        Raises:
            OutputError: it cannot be written, e.g. because a spreadsheet holds it open.
        """

        def attempt(data: bytes | None, refuse: Callable[[Path], None]) -> None:
            rows = _read(data)
            if rows is None:
                self._keep_aside()
                raise ChangedError
            new = (line.cells() for line in lines)
            with replace_file(self.path, refuse) as draft:
                draft.write_bytes(encode([*(rows or [heads]), *(cells for cells in new if cells not in rows)]))

        if lines:
            replace_read(self.path, self._bytes, attempt)

    def _bytes(self) -> bytes | None:
        try:
            with self.path.open("rb") as file:
                return file.read(_LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            reason = system_words(error)
            raise OutputError(each("failure.unreadable", path=self.path, reason=reason)) from error

    def _keep_aside(self) -> None:
        """Give a log that cannot be read another name, one that nothing has."""
        number = 1
        while (aside := self.path.with_name(text("sent.kept_aside", self.language, number=number))).exists():
            number += 1
        try:
            refuse_standing(aside)
            self.path.rename(aside)
        except OSError as error:
            raise OutputError(each("failure.unwritable", path=aside, reason=system_words(error))) from error


def heads_of(language: str, code: str, name: str, unit: str) -> Cells:
    """Return the heads of the log; what code, name and unit are called is the form's to say."""
    own = {"code": code, "name": name, "unit": unit}
    return tuple(_plain(own.get(one, "")) or text(f"sent.head.{one}", language) for one in _HEADS)


def _names(folder: Path) -> Iterator[str]:
    try:
        yield from (entry.name for entry in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise OutputError(each("failure.unreadable", path=folder, reason=system_words(error))) from error


def _read_known(rows: Iterable[Cells]) -> Iterator[Sent]:
    for row in rows:
        named = [(cell, told) for cell in row if (told := _read_name(cell))]
        marks = [match for cell in row if (match := _MARK.fullmatch(cell.strip()))]
        if named:
            (workbook, (base, number)), said = named[0], None
            if marks:
                said = Said(answered=marks[0][1], faults=marks[0][2], reason=marks[0][3])
            yield Sent(workbook=workbook.strip(), base=base, number=number, said=said, day=_day(row))


def _day(row: Cells) -> str:
    """Return the day in a row, as a spreadsheet program may have written it too; empty where there is none."""
    return next((day for cell in row if (day := dates.from_text(cell.strip()))), "") or ""


def _read_name(cell: str) -> tuple[str, int] | None:
    name = cell.strip().removeprefix("'")
    return read_sent_name(name[:-5]) if name.lower().endswith(".xlsx") else None


def _read(data: bytes | None) -> list[Cells] | None:
    """Return the rows of a log, none where there is none; None where it is no text."""
    words = decode(data or b"")
    if words is None or "\0" in words or len(data or b"") > _LARGEST:
        return None
    divided = max(tables(words), key=_width, default=None)
    return None if divided is None else [tuple(row) for row in divided if any(row)]


def _width(table: Sequence[Sequence[str]]) -> int:
    return len(table[0]) if table else 0


def _plain(words: str) -> str:
    """Return a text that no spreadsheet program takes for a formula."""
    line = inert_line(words, _CELL)
    return f"'{line}" if begins_a_formula(line) else line


def _plain_base(base: str) -> str:
    return re.sub(r" \([0-9]+\)\Z", "", fold_name(base))
