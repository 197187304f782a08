"""The journal of a campaign: what was done for whom and when, in one SQLite file in its folder, only ever added to."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from gwxl.errors import SettingsError
from gwxl.wording import each

FILE_NAME = "journal.sqlite"
_VERSION = 1
_KNOWN = frozenset({"NOTADB", "CORRUPT", "BUSY", "LOCKED", "READONLY", "CANTOPEN", "FULL", "IOERR"})
"""The errors of a database that have a text below ``journal.``."""
_PATIENCE = 60.0  # seconds another process may be writing
_TYPES: dict[Any, str] = {str: "TEXT", int: "INTEGER"}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the journal holds: texts and whole numbers; each kind has a table of its own."""


AnEntry = TypeVar("AnEntry", bound=Entry)


@dataclass(frozen=True, kw_only=True)
class Prepared(Entry):
    """A personal workbook that was prepared.

    Attributes:
        code, name: the site. mail: where it is to be mailed to, divided by ``;``.
        file: its name in the outbox. sha256: hex digest of its bytes. time: ISO 8601, in UTC.
    """

    code: str
    name: str
    mail: str
    file: str
    sha256: str
    time: str


class Journal:
    """The journal of one campaign; it is made when something is first written into it."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of a campaign."""
        self.path = folder / FILE_NAME

    def entries(self, kind: type[AnEntry]) -> tuple[AnEntry, ...]:
        """Return what was noted of a kind, the earliest first.

        Raises:
            SettingsError: the file cannot be read, or is none of this version.
        """
        if not self.path.exists():
            return ()
        with self._open() as database:
            _make(database, kind)
            names = [one.name for one in fields(kind)]
            rows = database.execute(f"SELECT {', '.join(names)} FROM {_table(kind)} ORDER BY number").fetchall()  # noqa: S608
        return tuple(kind(**dict(zip(names, row, strict=True))) for row in rows)

    def note(self, entries: Sequence[Entry]) -> None:
        """Write down entries, all of them or none.

        Raises:
            SettingsError: the file cannot be written, or is none of this version.
        """
        with self._open() as database:
            for entry in entries:
                _insert(database, entry)

    def claim(self, entry: Entry, names: Sequence[str]) -> bool:
        """Write down an entry unless there is one of its kind that says the same under some names.

        Returns:
            Whether it was written: of several processes one is told so.

        Raises:
            SettingsError: as for :meth:`note`.
        """
        with self._open() as database:
            return _insert(database, entry, names)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE)) as database, database:
                self._check(database)
                yield database
        except sqlite3.Error as error:
            raise SettingsError(each("journal.unusable", path=self.path, reason=_explain(error))) from error

    def _check(self, database: sqlite3.Connection) -> None:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == 0 and not database.execute("SELECT name FROM sqlite_master").fetchall():
            database.execute("BEGIN IMMEDIATE")
            database.execute(f"PRAGMA user_version = {_VERSION}")
        elif version != _VERSION:
            raise SettingsError(each("journal.other_version", path=self.path, found=version, expected=_VERSION))


def _explain(error: sqlite3.Error) -> Mapping[str, str]:
    """Return language → why a journal cannot be used, in the database's own words where the catalogue has none."""
    name = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
    return each(f"journal.{name}") if name in _KNOWN else each("system.other", words=error)


def _table(kind: type[Entry]) -> str:
    return kind.__name__.lower()


def _insert(database: sqlite3.Connection, entry: Entry, alone: Sequence[str] = ()) -> bool:
    """Insert an entry, where names are given only if no other says the same under them, and tell whether it was."""
    kind, names = type(entry), [one.name for one in fields(entry)]
    _make(database, kind)
    places = ", ".join("?" for _ in names)
    line = f"INSERT INTO {_table(kind)} ({', '.join(names)}) SELECT {places}"
    if alone:
        same = " AND ".join(f"{name} = ?" for name in alone)
        line += f" WHERE NOT EXISTS (SELECT 1 FROM {_table(kind)} WHERE {same})"  # noqa: S608
    return database.execute(line, (*astuple(entry), *(getattr(entry, name) for name in alone))).rowcount == 1


def _make(database: sqlite3.Connection, kind: type[Entry]) -> None:
    columns = ", ".join(f"{one.name} {_TYPES[one.type]} NOT NULL" for one in fields(kind))
    database.execute(f"CREATE TABLE IF NOT EXISTS {_table(kind)} (number INTEGER PRIMARY KEY, {columns})")
