"""Tell whether a merge would write what stands already, by what the store remembers of the last one."""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from gwxl.batch.batch import Batch
from gwxl.store.fingerprint import digest_of, program_digest
from gwxl.store.store import Store
from gwxl.summary.standing.asked import Asked
from gwxl.terms import Terms

_BLOCK = 1 << 20


class LastMerge:
    """What the last merge into a summary was made of, and the files it left.

    Nothing has changed where both are the same, to the byte: returns and what became of them, rules, key, period, day,
    last year's figures, roster, mails, decisions, summaries of the level below, the program, and what it wrote.
    """

    def __init__(self, store: Store | None, summary: Path) -> None:
        self._store = store
        self._id = store.make_id("summary", ascii(os.path.realpath(summary))) if store is not None else None
        self._made_of = ""

    def is_repeated(self, made_of: str, files: Sequence[Path]) -> bool:
        """Tell whether the next merge would be made of the same, and its files stand as they were left."""
        self._made_of = made_of
        found = self._store.get(self._id) if self._store is not None and self._id is not None else None
        return found is not None and found == self._note(files)

    def note(self, files: Sequence[Path]) -> None:
        """Remember what was written of what."""
        if self._store is not None and self._id is not None:
            self._store.put(self._id, self._note(files))
            self._store.flush()

    def _note(self, files: Sequence[Path]) -> bytes:
        return json.dumps([self._made_of, [[ascii(path.name), _digest_file(path)] for path in files]]).encode("ascii")


def digest_merge(terms: Terms, batch: Batch, folder: Path | None, asked: Asked | None, below: Iterable[Path]) -> str:
    """Return the digest of all that a summary is made of."""
    key, last = terms.key, terms.previous
    held_by = [terms.forms, key and key.secret, terms.signed, terms.period, terms.today, terms.came]
    earlier = last and [last.form, last.period, last.sites, last.unused, last.place]
    receipts = [
        [one.source, one.status, one.reason, [finding.id for finding in one.findings]] for one in batch.receipts
    ]
    inbox = folder and os.path.realpath(folder)
    lower = [_digest_file(path) for path in below]
    rows = frozenset(replace(one, line=0) for one in batch.decisions)  # written for the first time, they had no lines
    return digest_of([program_digest(), held_by, earlier, receipts, rows, inbox, asked, lower])


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
