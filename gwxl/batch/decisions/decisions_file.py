"""The file of decisions beside an inbox: CSV in UTF-8 with BOM, so that a spreadsheet opens it.

What a clerk writes in it is never lost: it is read again before it is replaced, and what was saved in between is kept.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from gwxl.batch.decision import Decision, names_of, read_rows, write_rows
from gwxl.characters import trim
from gwxl.errors import OutputError, SettingsError
from gwxl.files.outputs import refuse_nothing, replacing
from gwxl.wording import LANGUAGES, each, text
from gwxl.wording.system import system_words

EARLIER = "decisions.csv"
"""What the file was called when all inboxes of a folder shared one; it is read where an inbox has none of its own."""

# Of each line of a cell: an importer that divides rows at every line break takes it for the beginning of a cell.
_FORMULA_START = r"(?=[^\S\n]*[=+\-@＝＋－＠])"
_BARE = re.compile(rf"^{_FORMULA_START}", re.MULTILINE)
_ESCAPED = re.compile(rf"^'{_FORMULA_START}", re.MULTILINE)
_ENCODINGS = ("utf-8-sig", "gb18030")  # spreadsheets under a Chinese Windows save CSV files in the latter
_LARGEST = 50_000_000
_TRIES = 5


def is_decisions(name: str) -> bool:
    """Tell whether a file is named like one of decisions."""
    ends = tuple(text("decision.file_name", language, folder="").casefold() for language in LANGUAGES)
    return name.casefold() == EARLIER or name.casefold().endswith(ends)


class DecisionsFile:
    """Hold the decisions on one inbox as they were read.

    Attributes:
        path: the file, whether it is there or not.
        rows: what stood in it when it was last read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: tuple[Decision, ...] = ()
        self._data: bytes | None = None
        self.read()

    def read(self) -> tuple[Decision, ...]:
        """Read the file, or, where it is not there, the one all inboxes of the folder once shared.

        Raises:
            SettingsError: it cannot be read, or a column is missing.
        """
        self._data = _bytes(self.path)
        earlier = self.path.with_name(EARLIER)
        shared = _bytes(earlier) if self._data is None and earlier != self.path else None
        self.rows = read_decisions(self.path, self._data) if shared is None else read_decisions(earlier, shared)
        return self.rows

    @contextmanager
    def replaced(self, rows: Sequence[Decision], language: str) -> Iterator[None]:
        """Put rows in place of those that were read, and the old ones back if what follows fails.

        What was saved since the file was read is kept. Nothing is written where there is nothing to say.

        Raises:
            OutputError: it cannot be written, e.g. because a spreadsheet holds it open.
            SettingsError: what was saved since cannot be read.
        """
        before = self._put(rows, language)
        after = _bytes(self.path)
        try:
            yield
        except BaseException:
            if _bytes(self.path) == after != before:
                _restore(self.path, before)
            raise

    def _put(self, rows: Sequence[Decision], language: str) -> bytes | None:
        """Write the rows, those of the file as they are now; return what stood there before."""
        for _ in range(_TRIES):
            now = _bytes(self.path)
            changed = now is not None and now != self._data
            found = newest(rows, self.rows, read_decisions(self.path, now)) if changed else tuple(rows)
            if not found and now is None:
                return None
            try:
                write_decisions(self.path, found, language, partial(_refuse_changed, expected=now))
            except _ChangedError:
                continue
            return now
        raise OutputError(each("failure.busy", path=self.path))


class _ChangedError(Exception):
    """Say that a file was saved by somebody else while it was being replaced."""


def newest(rows: Sequence[Decision], before: Sequence[Decision], now: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return rows that were made from an earlier state of the file, with what a clerk has saved in it since.

    Args:
        rows: what is to be written; ``line`` is that of the row before.
        before: what was read.
        now: what stands there now.
    """
    lines: dict[tuple[str, ...], list[int]] = {}
    for one in before:
        lines.setdefault(_identity(one), []).append(one.line)
    places: dict[object, int] = {_identity(one): place for place, one in enumerate(rows)}
    places |= {one.line: place for place, one in enumerate(rows) if one.line}
    found, added = list(rows), []
    for one in now:
        identity = _identity(one)
        same = lines.get(identity)
        place = places.get(same.pop(0) if same else identity)
        if place is not None:
            found[place] = _rewritten(found[place], one)
        elif one.written:
            added.append(one)
    return (*found, *added)


def _rewritten(row: Decision, saved: Decision) -> Decision:
    words = {name: getattr(saved, name) for name in ("decision", "reason", "who", "when", "notes")}
    return replace(row, **words)


def _identity(row: Decision) -> tuple[str, ...]:
    return row.sha256.casefold(), row.file, row.sheet, row.rule, row.key, row.covers


def read_decisions(path: Path, data: bytes | None) -> tuple[Decision, ...]:
    """Return the rows of a file of decisions from its bytes; None where none is there, on the first merge.

    Raises:
        SettingsError: it is no text, or a column is missing.
    """
    if data is None:
        return ()
    reader = csv.reader(io.StringIO(_text(path, data), newline=""))
    try:
        head, *rows = [*reader] or [[]]
    except csv.Error as error:
        raise SettingsError(each("failure.unreadable", path=path, reason=str(error))) from error
    names = set(names_of(head))
    missing = {"decision", "rule", "key"} - names
    if not missing and "sha256" not in names and not {"file", "question"} <= names:
        missing = {"sha256"}
    if missing:
        raise SettingsError(each("failure.columns", path=path, columns=", ".join(sorted(missing))))
    return tuple(read_rows(head, ([_ESCAPED.sub("", trim(cell)) for cell in row] for row in rows)))


def _bytes(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(each("failure.unreadable", path=path, reason=system_words(error))) from error
    if len(data) > _LARGEST:
        raise SettingsError(each("failure.decisions_too_large", path=path, limit=_LARGEST // 1_000_000))
    return data


def _text(path: Path, data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SettingsError(each("failure.encoding", path=path))


def write_decisions(
    path: Path, rows: Sequence[Decision], language: str, refuse: Callable[[Path], None] = refuse_nothing
) -> None:
    """Write a file of decisions whole, or leave the old one as it is; ``refuse`` as in :func:`replacing`.

    Raises:
        OutputError: it cannot be written, e.g. because a spreadsheet holds it open.
    """
    with replacing(path, refuse) as draft, draft.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([_escaped(cell) for cell in row] for row in write_rows(rows, language))


def _refuse_changed(path: Path, *, expected: bytes | None) -> None:
    refuse_nothing(path)
    if _bytes(path) != expected:
        raise _ChangedError


def _escaped(cell: str) -> str:
    return _BARE.sub("'", cell)


def _restore(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
        return
    with replacing(path, refuse_nothing) as draft:
        draft.write_bytes(data)
