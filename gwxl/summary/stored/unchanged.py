"""Tell whether a merge would write what stands already, by what the store remembers of the last one."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from gwxl.batch.batch import Batch
from gwxl.store.fingerprint import digest_of, program_digest
from gwxl.store.store import Store
from gwxl.summary.outcome import Outcome
from gwxl.summary.standing.asked import Asked
from gwxl.summary.stored.listing import read_known_files
from gwxl.terms import Terms

_BLOCK = 1 << 20
_WRITTEN, _TOLD = "summary", "outcome"


class LastMerge:
    """What the last merge into a summary was made of, the files it left, and what it told.

    Nothing has changed where the first two are the same, to the byte: returns and what became of them, rules, key,
    period, day, last year's figures, roster, mails, decisions, summaries of the level below, the program, and what it
    wrote. Where the files themselves are the same, none has to be read to know that.
    """

    def __init__(self, store: Store | None, summary: Path) -> None:
        self._store = store
        self._place = ascii(os.path.realpath(summary))
        self._made_of = ""

    def is_repeated(self, made_of: str, files: Sequence[Path]) -> bool:
        """Tell whether the next merge would be made of the same, and its files stand as they were left."""
        self._made_of = made_of
        return self._get(_WRITTEN) == self._note(made_of, files)

    def note(self, files: Sequence[Path]) -> None:
        """Remember what was written of what."""
        self._put(_WRITTEN, self._note(self._made_of, files))

    def recall(self, inputs: Callable[[], str], files: Sequence[Path]) -> Outcome | None:
        """Return what was told when the same was read, and the same files stood; None where that was never.

        Args:
            inputs: gives the digest of all that would be read; asked only where the files stand.
            files: what was written, or may have been read beside the inbox.
        """
        known, _, told = (self._get(_TOLD) or b"").partition(b"\n")
        if not told:
            return None
        read, stood = json.loads(known)
        return Outcome.decode(told) if stood == _digest_files(files) and read == inputs() else None

    def keep(self, inputs: str, files: Sequence[Path], outcome: Outcome) -> None:
        """Remember what was told of what was read."""
        self._put(_TOLD, self._note(inputs, files) + b"\n" + outcome.encode())

    def _note(self, made_of: str, files: Sequence[Path]) -> bytes:
        return json.dumps([made_of, _digest_files(files)]).encode("ascii")

    def _get(self, what: str) -> bytes | None:
        id_ = self._store.make_id(what, self._place) if self._store is not None else None
        return None if self._store is None or id_ is None else self._store.get(id_)

    def _put(self, what: str, record: bytes) -> None:
        id_ = self._store.make_id(what, self._place) if self._store is not None else None
        if self._store is not None and id_ is not None:
            self._store.put(id_, record)
            self._store.flush()


class Listed:
    """The sha256 of every file that the last summaries list; what is no summary lists none.

    Attributes:
        places: where those summaries stand.
    """

    def __init__(self, places: Sequence[Path]) -> None:
        self.places = tuple(dict.fromkeys(places))
        self._found: frozenset[str] | None = None

    def __call__(self) -> frozenset[str]:
        """Return them as they were when they were first asked for."""
        if self._found is None:
            self._found = self._read()
        return self._found

    def is_same(self) -> bool:
        """Tell whether nobody asked, or would get the same answer now."""
        return self._found is None or self._found == self._read()

    def _read(self) -> frozenset[str]:
        return frozenset().union(*(read_known_files(path) or () for path in self.places))


def digest_ground(terms: Terms, folder: Path | None, asked: Asked | None, below: Iterable[Path]) -> str:
    """Return the digest of all that returns are held against, and of who reads them.

    Args:
        terms: as they are given: what a merge adds to them comes of what it reads.
        folder: the inbox.
        asked: who was asked.
        below: the summaries of the level below.
    """
    key, last = terms.key, terms.previous
    held_by = [terms.forms, key and key.secret, terms.signed, terms.period, terms.today, terms.came, terms.issued]
    earlier = last and [last.form, last.period, last.sites, last.unused, last.place]
    inbox = folder and os.path.realpath(folder)
    return digest_of([program_digest(), held_by, earlier, inbox, asked, [_digest_file(path) for path in below]])


def digest_inputs(ground: str, contents: str, below: Iterable[Path]) -> str:
    """Return the digest of all that a merge reads but for what it has written itself.

    Args:
        ground: the digest of what returns are held against.
        contents: that of what lies in the inbox.
        below: the summaries of the level below, called as they were.
    """
    return digest_of([ground, [str(path) for path in below], contents])


def digest_merge(ground: str, batch: Batch) -> str:
    """Return the digest of all that a summary is made of; ``ground`` as there."""
    receipts = [
        [one.source, one.status, one.reason, [finding.id for finding in one.findings]] for one in batch.receipts
    ]
    rows = frozenset(replace(one, line=0) for one in batch.decisions)  # written for the first time, they had no lines
    return digest_of([ground, batch.form.id, receipts, rows])


def _digest_files(files: Sequence[Path]) -> list[list[str]]:
    return [[ascii(path.name), _digest_file(path)] for path in files]


def _digest_file(path: Path) -> str:
    """Return the sha256 of a file, empty where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()
