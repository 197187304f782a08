"""The files of decisions beside an inbox: a workbook, or a CSV file where one lies there.

What a clerk writes in them is never lost: they are read again before one is replaced, and what was saved in between is
kept; one that is not written any more, or cannot be understood, is kept under another name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from glob import escape
from itertools import count
from pathlib import Path

from gwxl.batch.decision import Decision
from gwxl.batch.decisions.csv_text import write_csv
from gwxl.batch.decisions.in_use import refuse_in_use
from gwxl.batch.decisions.joining import join_rows, newest
from gwxl.batch.decisions.reading import Stood, read_stood
from gwxl.batch.decisions.sheets import places_in_lines, places_in_workbook
from gwxl.batch.decisions.table import write_rows
from gwxl.batch.decisions.unread import UnreadError
from gwxl.batch.decisions.workbook import Table, write_workbook
from gwxl.batch.file_names import EARLIER
from gwxl.errors import OutputError, SettingsError
from gwxl.files.outputs import refuse_nothing, replace_file, replace_read
from gwxl.wording import LANGUAGES, each, text
from gwxl.wording.system import system_words

_BOOK, _CSV = ".xlsx", ".csv"
_SAVED = (_BOOK, _CSV, ".ods", ".xls", ".et", ".xlsm", ".fods", ".txt", ".tsv")
"""What spreadsheet programs save a workbook or a CSV file as."""

_KEPT = ("decision.joined_name", "decision.unread_name")
_LOCKS = ("~$", ".")
_LARGEST = 50_000_000

Bytes = Mapping[Path, bytes]


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """Of a file of decisions that it was kept under another name, and why where it could not be understood."""

    path: Path
    kept: Path
    reason: Mapping[str, str] | None = None


class DecisionsFile:
    """The decisions on one inbox as they were read.

    Attributes:
        path: the file that is written, whether it is there or not: the workbook, or the CSV file where only that lies.
        rows: what stood there when it was last read.
        unread: the files that could not be understood, each with the reason.
        set_aside: the files that got another name when the rows were written.
    """

    def __init__(self, place: Path) -> None:
        """Read what lies there.

        Args:
            place: the path of each of the files, without its suffix.
        """
        self._place = place
        self._data: Bytes = {}
        self._languages = LANGUAGES
        self.path = self._name_sibling(_BOOK)
        self.rows: tuple[Decision, ...] = ()
        self.unread: dict[Path, Mapping[str, str]] = {}
        self.set_aside: tuple[SetAside, ...] = ()
        self.read()

    def _name_sibling(self, suffix: str) -> Path:
        return self._place.with_name(self._place.name + suffix)

    @property
    def siblings(self) -> tuple[Path, ...]:
        """Return where files may lie that are read: every way it may be saved, and what inboxes once shared."""
        return (*map(self._name_sibling, _SAVED), self._place.with_name(EARLIER))

    def read(self) -> tuple[Decision, ...]:
        """Read the files, or, where there is none, the one all inboxes of the folder once shared.

        Raises:
            SettingsError: one cannot be read from the disk.
        """
        now = self._bytes()
        if now != self._data or not now:
            self._data = now
            earlier = self._place.with_name(EARLIER)
            shared = bytes_of(earlier) if not now else None
            self.rows = self._read_all(now if shared is None else {earlier: shared}).rows
        return self.rows

    def read_whole(self) -> tuple[Decision, ...]:
        """Return what was read.

        Raises:
            SettingsError: a file could not be understood: what was decided in it would have no effect.
        """
        for path, reason in self.unread.items():
            raise SettingsError(each("failure.decisions_unread", path=path, reason=reason))
        return self.rows

    def places(self, rows: Sequence[Decision], language: str) -> tuple[str, ...]:
        """Return where each of the rows stands in the file that was written of them."""
        return (places_in_workbook if self.path.suffix == _BOOK else places_in_lines)(rows, language)

    def find_overlooked(self) -> tuple[Path, ...]:
        """Return files beside it that are named after it and are not read: copies a clerk may have filled in."""
        kept = [
            text(key, language, stem=self._place.name, number="\0").partition("\0")[0]
            for key in _KEPT
            for language in LANGUAGES
        ]
        named = self._place.parent.glob(f"*{escape(self._place.name)}*")
        return tuple(
            path
            for path in sorted(named)
            if path.suffix.casefold() in _SAVED
            and path not in map(self._name_sibling, _SAVED)
            and not path.name.startswith((*kept, *_LOCKS))
        )

    def refuse_in_use(self) -> None:
        """Refuse to go on where what would be replaced is open in a program, or read-only.

        Raises:
            OutputError: it is.
        """
        for path in self._bytes():
            refuse_in_use(path)

    def _bytes(self) -> dict[Path, bytes]:
        """Return what each file holds, the one that is written first."""
        read = ((path, bytes_of(path)) for path in map(self._name_sibling, _SAVED))
        found = {path: data for path, data in read if data is not None}
        book, table = self._name_sibling(_BOOK), self._name_sibling(_CSV)
        self.path = table if table in found and len(found) == 1 else book
        return found

    def _read_all(self, files: Bytes) -> Stood:
        """Return the rows of all files, those of the one that is written first."""
        self.unread = {}
        read: list[Stood] = []
        for path, data in files.items():
            try:
                read.append(read_stood(data))
            except UnreadError as error:
                self.unread[path] = error.reason
        rows: tuple[Decision, ...] = ()
        for one in read:
            rows = join_rows(rows, one.rows)
        return Stood(rows=rows, added=tuple(table for one in read for table in one.added)).number_rows()

    @contextmanager
    def replace_rows(self, rows: Sequence[Decision], language: str) -> Iterator[None]:
        """Put rows in place of those that were read, and the old ones back if what follows fails.

        What was saved since the files were read is kept. Nothing is written where there is nothing to say.

        Raises:
            OutputError: it cannot be written, e.g. because a spreadsheet holds it open.
            SettingsError: what was saved since cannot be read.
        """
        before = self._put(rows, language)
        after = self._bytes()
        try:
            yield
        except BaseException:
            if self._bytes() == after != before:
                self._restore(before)
            raise

    def _put(self, rows: Sequence[Decision], language: str) -> Bytes:
        """Write the rows, those of the files as they are now; return what stood there before."""

        def attempt(now: Bytes, refuse: Callable[[Path], None]) -> None:
            stood = self._read_all(now)
            found = newest(rows, self.rows, stood.rows) if now and now != self._data else tuple(rows)
            if found or now:
                for path in now:
                    refuse_in_use(path)
                self._write(Stood(rows=found, added=stood.added), now, language, refuse)

        return replace_read(self.path, self._bytes, attempt)

    def _write(self, stood: Stood, now: Bytes, language: str, refuse: Callable[[Path], None]) -> None:
        """Write the rows, and give every other file, or one that could not be understood, another name."""
        kept = self._plan_renames(now, language)
        try:
            for one in kept:
                with replace_file(one.kept, refuse_nothing) as draft:
                    draft.write_bytes(now[one.path])
            write_decisions(self.path, stood.rows, language, refuse, added=stood.added)
        except BaseException:
            for one in kept:
                one.kept.unlink(missing_ok=True)
            raise
        for one in kept:
            if one.path != self.path:
                _unlink(one.path)
        self.set_aside = kept

    def to_set_aside(self, language: str) -> tuple[SetAside, ...]:
        """Return which of the files that were read get another name when rows are written."""
        return self._plan_renames(self._data, language)

    def _plan_renames(self, files: Iterable[Path], language: str) -> tuple[SetAside, ...]:
        """Return which files get another name: all but the one that is written, and that too if it was not read."""
        return tuple(self._plan_rename(path, language) for path in files if path != self.path or path in self.unread)

    def _plan_rename(self, path: Path, language: str) -> SetAside:
        reason = self.unread.get(path)
        key = _KEPT[reason is not None]
        return SetAside(path=path, kept=_find_free(path, partial(text, key, language)), reason=reason)

    def _restore(self, before: Bytes) -> None:
        for path in self._bytes().keys() - before.keys():
            path.unlink(missing_ok=True)
        for path, data in before.items():
            with replace_file(path, refuse_nothing) as draft:
                draft.write_bytes(data)
        for one in self.set_aside:
            one.kept.unlink(missing_ok=True)
        self.set_aside = ()


def _find_free(path: Path, named: Callable[..., str]) -> Path:
    """Return a name beside a path that nothing has."""
    names = (named(stem=path.stem, number=f" {number}" if number > 1 else "") + path.suffix for number in count(1))
    return next(one for one in map(path.with_name, names) if not one.exists())


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:  # it stays, and is read once more at the next merge
        raise OutputError(each("failure.unwritable", path=path, reason=system_words(error))) from error


def bytes_of(path: Path) -> bytes | None:
    """Return what a file holds, None where there is none.

    Raises:
        SettingsError: it cannot be read, or is larger than any file of decisions.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        return None  # the writer says so
    except OSError as error:
        raise SettingsError(each("failure.unreadable", path=path, reason=system_words(error))) from error
    if len(data) > _LARGEST:
        raise SettingsError(each("failure.decisions_too_large", path=path, limit=_LARGEST // 1_000_000))
    return data


def write_decisions(
    path: Path,
    rows: Sequence[Decision],
    language: str,
    refuse: Callable[[Path], None] = refuse_nothing,
    *,
    added: Sequence[Table] = (),
) -> None:
    """Write a file of decisions whole, or leave the old one as it is.

    Args:
        path: its suffix says whether a workbook or CSV is written.
        rows: every row.
        language: of heads and words.
        refuse: as in :func:`replace_file`.
        added: the sheets that a clerk added to a workbook.

    Raises:
        OutputError: it cannot be written, e.g. because a spreadsheet holds it open.
        WorkbookError: a text is longer than a cell takes.
    """
    data = write_workbook(rows, language, added) if path.suffix == _BOOK else write_csv(write_rows(rows, language))
    with replace_file(path, refuse) as draft:
        draft.write_bytes(data)
