"""What a merge did: the batch and its figures, where its outputs are, and what is told of it."""

import pathlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gwxl.batch.batch import Batch
from gwxl.batch.decisions.decisions_file import SetAside
from gwxl.records.path import Path
from gwxl.records.previous import Previous
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.summary.levels.taking import FromBelow
from gwxl.summary.outcome import Below, Outcome, count_newcomers, sum_up
from gwxl.summary.standing.joining import Standings
from gwxl.summary.stored.comparing import Changes
from gwxl.totals.adding import Total
from gwxl.wording import text


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a merge did and where its outputs are; after a dry run, what it would do and where they would be.

    Attributes:
        kept: the copy of an earlier summary that somebody had typed into, None where nobody had.
        decisions: None when no case is open or decided.
        set_aside: which earlier files of decisions were kept under another name.
        overlooked: files beside that of decisions that are named after it, or of decisions in the inbox: none is read.
        changes: after a dry run what it would change in the summary that stands, None where it was written.
        unchanged: nothing has changed since the last merge: what it wrote was left as it is.
    """

    summary: pathlib.Path
    kept: pathlib.Path | None = None
    decisions: pathlib.Path | None = None
    set_aside: tuple[SetAside, ...] = ()
    overlooked: tuple[pathlib.Path, ...] = ()
    changes: Changes | None = None
    unchanged: bool = False


@dataclass(frozen=True, kw_only=True)
class Repeated(Told):
    """A merge of what had not changed: what the last one told, and no return was opened."""

    outcome: Outcome
    unchanged: bool = True


@dataclass(frozen=True, kw_only=True)
class Merged(Told):
    """A merge, with all that was read.

    Attributes:
        places: where each row of the batch's decisions stands in that file.
        last: what the sites reported a period earlier, None where nobody said.
        unjudged: the ids of the rules that were not judged for want of it.
        standings: how each one that was asked stands, None where it is not known who was.
        below: the summaries of the level below that were named.
        left_out: summaries that lie in the folder, and were not named.
    """

    batch: Batch
    totals: Mapping[Path, Total]
    totals_passed: Mapping[Path, Total]
    places: tuple[str, ...] = ()
    last: Previous | None = None
    unjudged: frozenset[str] = frozenset()
    standings: Standings | None = None
    below: tuple[FromBelow, ...] = ()
    left_out: tuple[Receipt, ...] = ()

    @cached_property
    def outcome(self) -> Outcome:
        """Return its numbers and first names."""
        told = {name: getattr(self, name) for name in ("places", "last", "left_out", "standings")}
        below, misplaced = tuple(map(_tell_below, self.below)), find_misplaced(self.batch)
        return sum_up(self.batch, unjudged=len(self.unjudged), below=below, misplaced=misplaced, **told)

    @property
    def newcomers(self) -> int:
        """Return how many of the returns that count are of a site that did not report a period earlier."""
        return count_newcomers(self.batch, self.last)


def find_misplaced(batch: Batch) -> tuple[str, ...]:
    """Return the files of decisions that lie in the inbox."""
    return tuple(one.source.file for one in list_ignored(batch, "decisions") if not one.source.by)


def list_ignored(batch: Batch, why: str) -> tuple[Receipt, ...]:
    """Return what was ignored for a reason, a key below ``ignored.`` in the wording catalogue."""
    reason = text(f"ignored.{why}", batch.form.language)
    return tuple(one for one in batch.of(Status.IGNORED) if one.reason == reason)


def _tell_below(one: FromBelow) -> Below:
    counted = one.head is not None
    return Below(file=one.source.name, returns=len(one.receipts) if counted else 0, anew=one.anew, held=not counted)
