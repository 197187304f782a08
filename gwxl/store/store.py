"""Records that a stranger can neither forge nor exchange; whatever is wrong with the store, it only holds nothing."""

import hmac
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from gwxl.store.place import UnusableError, open_folder
from gwxl.wording import each
from gwxl.wording.system import system_words

FILE = "answers.sqlite"

_FORMAT = 1
_MARK = 0x6777786C  # "gwxl": by which SQLite's file says whose it is
_HASH = "sha256"
_LARGEST = 32 << 20  # bytes of one record
_MOST = 512 << 20  # bytes of the file: the records of some hundred thousand returns
_FULL, _EVICTED = 0.95, 0.25
_PATIENCE = 5.0  # seconds another run may hold the file
_ROUND = 2_000  # records written in one go; a run that is killed loses no more
_DAY = 24 * 3600

_TABLE = """
CREATE TABLE records (
    id BLOB PRIMARY KEY, used INTEGER NOT NULL, data BLOB NOT NULL, proof BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX by_use ON records (used);
"""


class Store:
    """One file of records below ids; it is opened when it is first asked.

    Attributes:
        folder: where it lies.
        trouble: why it was not used, or why some of its records were not, language → text; None where all is well.
    """

    def __init__(self, folder: Path, *, most: int = _MOST) -> None:
        self.folder = folder
        self.trouble: Mapping[str, str] | None = None
        self._most = most
        self._key: bytes | None = None
        self._file: Any = None
        self._closed = False
        self._waiting: dict[bytes, bytes] = {}
        self._touched: set[bytes] = set()

    def make_id(self, *parts: str) -> bytes | None:
        """Return the id that stands for some texts; None where the store cannot be used."""
        if self._key is None and not self._closed:
            self._guard(self._open)
        if self._key is None:
            return None
        return hmac.digest(self._key, json.dumps(["id", *parts]).encode("ascii"), _HASH)

    def get(self, id_: bytes) -> bytes | None:
        """Return a record; None where there is none, or none that this store has written."""
        if id_ in self._waiting:
            return self._waiting[id_]
        return self._guard(lambda: self._get(id_))

    def put(self, id_: bytes, data: bytes) -> None:
        """Keep a record; it is written with others, at the end at the latest."""
        if self._file is None or len(data) > _LARGEST:
            return
        self._waiting[id_] = data
        if len(self._waiting) >= _ROUND:
            self.flush()

    def flush(self) -> None:
        """Write what was kept, and drop what was used least recently where the file would grow too large."""
        if self._file is not None and (self._waiting or self._touched):
            self._guard(self._write)
        self._waiting.clear()
        self._touched.clear()

    def close(self) -> None:
        """Write what was kept and let go of the file."""
        self.flush()
        self._close()

    def _close(self) -> None:
        self._closed = True
        self._key = None
        if self._file is not None:
            with suppress(Exception):
                self._file.close()
            self._file = None

    def _guard(self, work: Callable[[], bytes | None]) -> bytes | None:
        """Do something with the file; where that fails, there is no store any more in this run."""
        if self._closed:
            return None
        sqlite = import_module("sqlite3")
        try:
            return work()
        except UnusableError as error:
            reason = error.reason
        except OSError as error:
            reason = system_words(error)
        except (sqlite.Error, sqlite.Warning, OverflowError, UnicodeError) as error:
            reason = each("store.damaged", reason=str(error))
        self.trouble = each("store.unused", folder=self.folder, reason=reason)
        self._close()
        return None

    def _open(self) -> None:
        key = open_folder(self.folder)
        sqlite = import_module("sqlite3")  # a browser has none
        path = self.folder / FILE
        self._file = sqlite.connect(path, timeout=_PATIENCE, isolation_level=None)
        if self._tell("application_id") == self._tell("user_version") == 0 and not self._tell("schema_version"):
            self._make()
        if (self._tell("application_id"), self._tell("user_version")) != (_MARK, _FORMAT):
            raise UnusableError(each("store.foreign", file=path))
        self._tell("trusted_schema=OFF")
        self._tell("synchronous=NORMAL")
        self._tell(f"max_page_count={self._most // self._tell('page_size')}")
        self._key = key

    def _make(self) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        if not self._tell("schema_version"):  # another run may have been quicker
            for statement in _TABLE.split(";"):
                self._file.execute(statement)
            self._tell(f"application_id={_MARK}")
            self._tell(f"user_version={_FORMAT}")
        self._file.execute("COMMIT")

    def _tell(self, pragma: str) -> int:
        found = self._file.execute(f"PRAGMA {pragma}").fetchone()
        return int(found[0]) if found else 0

    def _get(self, id_: bytes) -> bytes | None:
        asked = "SELECT used, data, proof FROM records WHERE id = ? AND length(data) <= ?"
        found = self._file.execute(asked, (id_, _LARGEST)).fetchone()
        if found is None:
            return None
        used, data, proof = found
        if not (isinstance(data, bytes) and isinstance(proof, bytes) and self._is_ours(id_, data, proof)):
            self.trouble = each("store.forged", folder=self.folder)
            return None
        if not isinstance(used, int) or used + _DAY < time.time():
            self._touched.add(id_)
        return data

    def _is_ours(self, id_: bytes, data: bytes, proof: bytes) -> bool:
        return hmac.compare_digest(proof, self._prove(id_, data))

    def _prove(self, id_: bytes, data: bytes) -> bytes:
        return hmac.digest(self._key or b"", b"record" + id_ + data, _HASH)

    def _write(self) -> None:
        now = int(time.time())
        rows = [(id_, now, data, self._prove(id_, data)) for id_, data in self._waiting.items()]
        touched = [(now, id_) for id_ in self._touched]
        self._file.execute("BEGIN IMMEDIATE")
        try:
            self._make_room(sum(map(len, self._waiting.values())))
            self._file.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", rows)
            self._file.executemany("UPDATE records SET used = ? WHERE id = ?", touched)
            self._file.execute("COMMIT")
        except BaseException:
            with suppress(Exception):
                self._file.execute("ROLLBACK")
            raise

    def _make_room(self, size: int) -> None:
        used = (self._tell("page_count") - self._tell("freelist_count")) * self._tell("page_size")
        if used + 2 * size > _FULL * self._most:
            count = self._file.execute("SELECT count(*) FROM records").fetchone()[0]
            oldest = "DELETE FROM records WHERE id IN (SELECT id FROM records ORDER BY used LIMIT ?)"
            self._file.execute(oldest, (int(count * _EVICTED) + 1,))
