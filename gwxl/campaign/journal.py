"""The journal of a campaign: what was prepared for whom and when, in one SQLite file in its folder."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.wording import each

FILE_NAME = "journal.sqlite"
_VERSION = 1
_PATIENCE = 60.0  # seconds another process may be writing

_MADE = """
CREATE TABLE prepared (
    number INTEGER PRIMARY KEY,
    code TEXT NOT NULL, name TEXT NOT NULL, mail TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
    time TEXT NOT NULL
)
"""


@dataclass(frozen=True, kw_only=True)
class Prepared:
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

    def prepared(self) -> tuple[Prepared, ...]:
        """Return what was prepared, the earliest first.

        Raises:
            SettingsError: the file cannot be read, or is none of this version.
        """
        if not self.path.exists():
            return ()
        names = [one.name for one in fields(Prepared)]
        with self._open() as database:
            rows = database.execute(f"SELECT {', '.join(names)} FROM prepared ORDER BY number").fetchall()  # noqa: S608
        return tuple(Prepared(**dict(zip(names, row, strict=True))) for row in rows)

    def note(self, entries: Sequence[Prepared]) -> None:
        """Write down what was prepared, all of it or nothing.

        Raises:
            SettingsError: the file cannot be written, or is none of this version.
        """
        with self._open() as database:
            names = ", ".join(one.name for one in fields(Prepared))
            places = ", ".join("?" for _ in fields(Prepared))
            database.executemany(f"INSERT INTO prepared ({names}) VALUES ({places})", map(astuple, entries))  # noqa: S608

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE)) as database, database:
                self._check(database)
                yield database
        except sqlite3.Error as error:
            raise SettingsError(each("journal.unusable", path=self.path, reason=error)) from error

    def _check(self, database: sqlite3.Connection) -> None:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == 0 and not database.execute("SELECT name FROM sqlite_master").fetchall():
            database.execute("BEGIN IMMEDIATE")
            database.execute(_MADE)
            database.execute(f"PRAGMA user_version = {_VERSION}")
        elif version != _VERSION:
            raise SettingsError(each("journal.other_version", path=self.path, found=version, expected=_VERSION))
