"""Merge an inbox, and summaries of the level below: read every file, decide which count, write one summary."""

import pathlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from gwxl.batch.batch import Batch
from gwxl.batch.corrections import Trust
from gwxl.batch.decision import Decision
from gwxl.batch.decisions.decisions_file import DecisionsFile
from gwxl.batch.inbox import Inbox, Progress, refuse_empty
from gwxl.batch.judging import judge_batch
from gwxl.batch.peers import tell_changes, tell_strangers
from gwxl.errors import SettingsError
from gwxl.files.folder_lock import refuse_second
from gwxl.files.outputs import refuse_nothing
from gwxl.records.garbage import no_search
from gwxl.records.receipt import Receipt
from gwxl.summary.levels.joining import join_decisions, join_previous, join_vouched
from gwxl.summary.levels.taking import FromBelow, name_form, take_in
from gwxl.summary.merged import Merged, Repeated, find_misplaced, list_ignored
from gwxl.summary.places import decisions_on, default_summary, find_target
from gwxl.summary.standing.asked import Asked
from gwxl.summary.standing.joining import join
from gwxl.summary.standing.received import arrivals_of
from gwxl.summary.stored.comparing import changes_to
from gwxl.summary.stored.keeping import copies_of, copy_of_edited
from gwxl.summary.stored.recognising import holds_lower_levels, refuse_foreign
from gwxl.summary.stored.unchanged import LastMerge, Listed, digest_ground, digest_inputs, digest_merge
from gwxl.summary.workbook import write_summary
from gwxl.terms import Terms
from gwxl.wording import each


def merge(
    terms: Terms,
    folder: pathlib.Path | None,
    summary: pathlib.Path | None = None,
    *,
    asked: Asked | None = None,
    summaries: Sequence[pathlib.Path] = (),
    force: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Merged:
    """Merge every return below a folder, and of summaries of the level below, into a summary.

    Open decisions are asked for beside the folder, or beside the summary where there is no folder.

    Args:
        terms: the form and what its returns are held against; form and period of most returns where they are none.
        folder: the inbox; None where everything comes by summaries.
        summary: the workbook to write; beside the folder when None.
        asked: who was asked to report, and is told of in the summary; None where that is not known.
        summaries: of the level below, of this form, edition and period.
        force: replace a file at ``summary`` even if gwxl did not write it.
        dry_run: write nothing, and say what would change in the summary that stands.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: nothing was sent in, the folder or the decisions file cannot be used, several forms are named,
            it is not said what or where to write, or what came by summaries would be lost.
        OutputError: an output cannot be written, or another process is writing it; the old one is left as it was.
    """
    work = _Merge(terms, folder, summary, asked=asked, summaries=summaries, progress=progress)
    if dry_run:
        return work.try_out(force=force)
    with refuse_second(work.target):
        return work.write(force=force)


def merge_or_repeat(
    terms: Terms,
    folder: pathlib.Path | None,
    summary: pathlib.Path | None = None,
    *,
    asked: Asked | None = None,
    summaries: Sequence[pathlib.Path] = (),
    progress: Progress = lambda _done, _all: None,
) -> Merged | Repeated:
    """Merge as :func:`merge` does; where nothing has changed since the last merge, say what that one told.

    Args:
        terms: as there.
        folder: as there.
        summary: as there.
        asked: as there.
        summaries: as there.
        progress: as there.

    Raises:
        SettingsError: as there.
        OutputError: as there.
    """
    work = _Merge(terms, folder, summary, asked=asked, summaries=summaries, progress=progress)
    with refuse_second(work.target):
        return work.repeat() or work.write(force=False)


class _Merge:
    """One merge into one summary.

    Attributes:
        target: the summary.
    """

    def __init__(
        self,
        terms: Terms,
        folder: pathlib.Path | None,
        summary: pathlib.Path | None,
        *,
        asked: Asked | None,
        summaries: Sequence[pathlib.Path],
        progress: Progress,
    ) -> None:
        self.target = find_target(folder, summary, summaries, terms.language)
        self._terms, self._folder, self._asked = terms, folder, asked
        self._summaries, self._progress = summaries, progress
        self._last = LastMerge(terms.store, self.target)
        earlier = [default_summary(folder, terms.language)] if folder else []
        self._listed = Listed((self.target, *earlier))

    @cached_property
    def _decisions(self) -> DecisionsFile:
        return decisions_on(self._folder or self.target, self._terms.language)

    @cached_property
    def _inbox(self) -> Inbox | None:
        if self._folder is None:
            return None
        ours = (self.target, self._decisions.path, *copies_of(self.target, self._terms.language))
        return Inbox(self._folder, self._terms, ours=ours, elsewhere=self._summaries)

    @cached_property
    def _inputs(self) -> str:
        """Return the digest of all that is read but for the decisions and the files of the last merge."""
        contents = self._inbox.digest(self._progress) if self._inbox else ""
        return digest_inputs(self._ground, contents, self._summaries)

    @cached_property
    def _ground(self) -> str:
        return digest_ground(self._terms, self._folder, self._asked, self._summaries)

    @property
    def _stood(self) -> Sequence[pathlib.Path]:
        """Return the files that the last merge wrote, or may have read beside the inbox."""
        return (*self._listed.places, *self._decisions.siblings)

    def repeat(self) -> Repeated | None:
        """Return what the last merge told, None where another would not tell the same."""
        found = self._last.recall(lambda: self._inputs, self._stood)
        if found is None:
            return None
        return Repeated(
            summary=self.target,
            decisions=self._decisions.path if found.has_decisions else None,
            overlooked=self._find_overlooked(found.misplaced),
            outcome=found,
        )

    def try_out(self, *, force: bool) -> Merged:
        """Return what a merge would do."""
        self._refuse_outputs(force=force, meant=True)
        batch, below = self._judge()
        return self._conclude(
            batch,
            below,
            set_aside=self._decisions.to_set_aside(self._terms.language),
            kept=copy_of_edited(self.target, self._terms.language),
            changes=changes_to(self.target, batch.receipts),
        )

    def write(self, *, force: bool) -> Merged:
        """Write the summary, and the file of decisions beside the inbox, where they would not be the same."""
        self._refuse_outputs(force=force, meant=bool(self._summaries) or force)
        inputs = self._inputs if self._terms.store else ""
        batch, below = self._judge()
        made_of = digest_merge(self._ground, batch) if self._terms.store else ""
        stands = self._last.is_repeated(made_of, (self.target, self._decisions.path))
        if stands and not (force or self._decisions.to_set_aside(self._terms.language)):
            done = self._conclude(batch, below, unchanged=True)
        else:
            kept = self._write(batch, force=force)
            done = self._conclude(batch, below, set_aside=self._decisions.set_aside, kept=kept)
            self._last.note((self.target, self._decisions.path))
        if self._inbox and self._inbox.settled and self._is_settled(done):
            self._last.keep(inputs, self._stood, done.outcome)
        return done

    def _refuse_outputs(self, *, force: bool, meant: bool) -> None:
        """Refuse to replace what gwxl did not write, what is open, or what came by summaries unless that is meant."""
        (refuse_nothing if force else refuse_foreign)(self.target)
        if not meant and holds_lower_levels(self.target):
            raise SettingsError(each("failure.below_left_out", path=self.target))
        self._decisions.refuse_in_use()

    def _judge(self) -> tuple[Batch, tuple[FromBelow, ...]]:
        """Read the inbox, and decide which of its returns, and of those from below, count."""
        self._terms = self._choose_form()
        below = take_in(self._terms, self._summaries)
        if not self._terms.previous:
            self._terms = replace(self._terms, previous=join_previous(self._terms.form, below))
        read = self._inbox.read(self._progress, self._terms) if self._inbox else ()
        receipts = (*read, *(receipt for one in below for receipt in one.receipts))
        refuse_empty(receipts, str(self._folder or self.target))
        trust = Trust(key=self._terms.key, listed=self._listed, vouched=join_vouched(below))
        with no_search():
            batch = judge_batch(self._terms, receipts, join_decisions(self._decisions.read(), below), trust)
        return replace(batch, receipts=self._hold_against_roster(batch.receipts)), below

    def _hold_against_roster(self, receipts: tuple[Receipt, ...]) -> tuple[Receipt, ...]:
        """Return the receipts with what the roster has to say of them, where it is known who was asked."""
        if not (self._asked and self._asked.sites):
            return receipts
        form, codes = self._terms.form, [one.code for one in self._asked.sites]
        return tell_changes(form, tell_strangers(form, receipts, codes), self._asked.known)

    def _choose_form(self) -> Terms:
        """Return the terms with the form of the summaries where none is named, else that of most files."""
        terms = name_form(self._terms, self._summaries)
        return self._inbox.choose_form(self._progress) if self._inbox and terms is self._terms else terms

    def _is_settled(self, done: Merged) -> bool:
        """Tell whether the next merge would find what this one found, beside the inbox and below."""
        wrote = {one.typed for one in self._decisions.read() if one.written}
        used = {one.typed for one in _own(done.batch.decisions) if one.written}
        return wrote == used and all(one.head for one in done.below) and self._listed.is_same()

    def _write(self, batch: Batch, *, force: bool) -> pathlib.Path | None:
        """Write both files, and return the copy of an earlier summary that was kept."""
        beside = self._decisions.replace_rows(_own(batch.decisions), self._terms.language)
        with no_search():
            return write_summary(
                batch,
                self._terms.rules,
                self.target,
                inbox=self._folder,
                terms=self._terms,
                asked=self._asked,
                force=force,
                beside=beside,
            )

    def _find_overlooked(self, misplaced: Iterable[str]) -> tuple[pathlib.Path, ...]:
        """Return the files of decisions beside the inbox that are not read, and those that lie in it."""
        inside = (self._folder / name for name in misplaced) if self._folder else ()
        return (*self._decisions.find_overlooked(), *inside)

    def _conclude(self, batch: Batch, below: tuple[FromBelow, ...], **done: Any) -> Merged:
        """Return what was merged."""
        terms = self._terms
        return Merged(
            batch=batch,
            summary=self.target,
            decisions=self._decisions.path if _own(batch.decisions) else None,
            places=_places(self._decisions, batch.decisions, batch.form.language),
            overlooked=self._find_overlooked(find_misplaced(batch)),
            totals=batch.totals,
            totals_passed=batch.totals_passed,
            last=terms.previous,
            unjudged=frozenset() if terms.previous else terms.rules.looking_back,
            standings=join(self._asked, arrivals_of(batch), terms.today) if self._asked else None,
            below=below,
            left_out=list_ignored(batch, "summary"),
            **done,
        )


def _own(rows: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the rows that stand in the file of this level."""
    return tuple(row for row in rows if not row.by)


def _places(decisions: DecisionsFile, rows: Sequence[Decision], language: str) -> tuple[str, ...]:
    """Return where each row stands: in the file of this level, or in the summary it came with."""
    own = iter(decisions.places(_own(rows), language))
    return tuple(row.by or next(own) for row in rows)
