"""Merge an inbox, and summaries of the level below: read every file, decide which count, write one summary."""

import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache

from gwxl.batch.batch import Batch
from gwxl.batch.corrections import Trust
from gwxl.batch.decision import Decision
from gwxl.batch.decisions.decisions_file import DecisionsFile, SetAside
from gwxl.batch.file_names import place_decisions
from gwxl.batch.inbox import Progress, read_inbox, refuse_empty
from gwxl.batch.judging import judge_batch
from gwxl.batch.peers import tell_strangers
from gwxl.errors import SettingsError
from gwxl.files.folder_lock import refuse_second
from gwxl.files.outputs import refuse_no_folder, refuse_nothing
from gwxl.inert import begins_a_formula
from gwxl.records.garbage import no_search
from gwxl.records.path import Path
from gwxl.records.previous import Previous
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.summary.levels.joining import join_decisions, join_previous, join_vouched
from gwxl.summary.levels.taking import FromBelow, take_in
from gwxl.summary.standing.asked import Asked
from gwxl.summary.standing.joining import Standings, join
from gwxl.summary.standing.received import arrivals_of
from gwxl.summary.stored.comparing import Changes, changes_to
from gwxl.summary.stored.keeping import copies_of, copy_of_edited
from gwxl.summary.stored.listing import read_known_files
from gwxl.summary.stored.recognising import holds_lower_levels, is_summary, refuse_foreign
from gwxl.summary.stored.unchanged import LastMerge, digest_merge
from gwxl.summary.workbook import write_summary
from gwxl.terms import Terms
from gwxl.totals.adding import Total
from gwxl.wording import each, text


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What a merge did and where its outputs are; after a dry run, what it would do and where they would be.

    Attributes:
        kept: the copy of an earlier summary that somebody had typed into, None where nobody had.
        decisions: None when no case is open or decided.
        places: where each row of the batch's decisions stands in that file.
        set_aside: which earlier files of decisions were kept under another name.
        overlooked: files beside that of decisions that are named after it, or of decisions in the inbox: none is read.
        last: what the sites reported a period earlier, None where nobody said.
        unjudged: the ids of the rules that were not judged for want of it.
        standings: how each one that was asked stands, None where it is not known who was.
        below: the summaries of the level below that were named.
        left_out: summaries that lie in the folder, and were not named.
        unchanged: nothing has changed since the last merge: what it wrote was left as it is.
        changes: after a dry run what it would change in the summary that stands, None where it was written.
    """

    batch: Batch
    summary: pathlib.Path
    kept: pathlib.Path | None
    decisions: pathlib.Path | None
    totals: Mapping[Path, Total]
    totals_passed: Mapping[Path, Total]
    places: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    overlooked: tuple[pathlib.Path, ...] = ()
    changes: Changes | None = None
    last: Previous | None = None
    unjudged: frozenset[str] = frozenset()
    standings: Standings | None = None
    below: tuple[FromBelow, ...] = ()
    left_out: tuple[Receipt, ...] = ()
    unchanged: bool = False

    @property
    def twice(self) -> int:
        """Return how many files are set aside as the very file stands for them that came by another way."""
        aside = [one.source for one in self.batch.of(Status.SUPERSEDED)]
        standing = (one.source for one in self.batch.receipts if one.status is not Status.SUPERSEDED)
        used = {one.sha256: one.by for one in standing}
        return sum(one.sha256 in used and used[one.sha256] != one.by for one in aside)

    @property
    def newcomers(self) -> int:
        """Return how many of the returns that count are of a site that did not report a period earlier."""
        known = self.last.sites if self.last else {}
        return sum(self.batch.site(one) not in known for one in self.batch.accepted)


def default_summary(folder: pathlib.Path, language: str) -> pathlib.Path:
    """Return where a merge writes when nobody says: beside the folder, named after it."""
    place = _resolve_name(folder)
    name = f"_{place.name}" if begins_a_formula(place.name) else place.name
    return place.with_name(text("merge.file_name", language, folder=name))


def _resolve_name(folder: pathlib.Path) -> pathlib.Path:
    """Return the folder as the clerk typed it, or whole where that, like ``.``, is no name."""
    return folder if folder.name not in {"", ".."} else folder.resolve()


def decisions_on(folder: pathlib.Path, language: str) -> DecisionsFile:
    """Read the decisions on an inbox, which stand beside it; those on a summary alone beside that.

    Raises:
        SettingsError: a file cannot be read from the disk.
    """
    place = _resolve_name(folder) if folder.is_dir() else folder.with_suffix("")
    return DecisionsFile(place_decisions(place, language))


def _collect_listed(summaries: Iterable[pathlib.Path]) -> frozenset[str]:
    """Return the sha256 of every file that the last summaries list; what is no summary lists none."""
    return frozenset().union(*(read_known_files(path) or () for path in summaries))


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
        terms: the form and what its returns are held against; the period of most returns where it is none.
        folder: the inbox; None where everything comes by summaries.
        summary: the workbook to write; beside the folder when None.
        asked: who was asked to report, and is told of in the summary; None where that is not known.
        summaries: of the level below, of this form, edition and period.
        force: replace a file at ``summary`` even if gwxl did not write it.
        dry_run: write nothing, and say what would change in the summary that stands.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: nothing was sent in, the folder or the decisions file cannot be used, there are several forms
            and none is named, it is not said what or where to write, or what came by summaries would be lost.
        OutputError: an output cannot be written, or another process is writing it; the old one is left as it was.
    """
    target = _find_target(folder, summary, summaries, terms.language)
    with nullcontext() if dry_run else refuse_second(target):
        return _merge_into(
            target, terms, folder, asked=asked, summaries=summaries, force=force, dry_run=dry_run, progress=progress
        )


def _merge_into(
    target: pathlib.Path,
    terms: Terms,
    folder: pathlib.Path | None,
    *,
    asked: Asked | None,
    summaries: Sequence[pathlib.Path],
    force: bool,
    dry_run: bool,
    progress: Progress,
) -> Merged:
    """Merge as :func:`merge` does, while nobody else writes the summary."""
    (refuse_nothing if force else refuse_foreign)(target)
    _refuse_loss(target, meant=bool(summaries) or force or dry_run)
    decisions = decisions_on(folder or target, terms.language)
    decisions.refuse_in_use()
    below = take_in(terms, summaries)
    terms = terms if terms.previous else replace(terms, previous=join_previous(terms.form, below))
    batch = _judge_inbox(terms, folder, target, decisions, asked=asked, below=below, progress=progress)
    if dry_run:
        return _add_misplaced(_try_out(terms, batch, target, decisions, below), folder)
    last = LastMerge(terms.store, target)
    made_of = digest_merge(terms, batch, folder, asked, summaries) if terms.store else ""
    stands = last.is_repeated(made_of, (target, decisions.path))
    if stands and not (force or decisions.to_set_aside(terms.language)):
        done = replace(_build_merged(terms, batch, target, decisions, below=below), unchanged=True)
    else:
        done = _write(terms, batch, target, decisions, below=below, folder=folder, asked=asked, force=force)
        last.note((target, decisions.path))
    done = _add_misplaced(done, folder)
    return replace(done, standings=join(asked, arrivals_of(batch), terms.today)) if asked else done


def _try_out(
    terms: Terms, batch: Batch, target: pathlib.Path, decisions: DecisionsFile, below: tuple[FromBelow, ...]
) -> Merged:
    """Return what a merge would do."""
    changes, kept = changes_to(target, batch.receipts), copy_of_edited(target, terms.language)
    aside = decisions.to_set_aside(terms.language)
    return _build_merged(terms, batch, target, decisions, below=below, set_aside=aside, kept=kept, changes=changes)


def _write(
    terms: Terms,
    batch: Batch,
    target: pathlib.Path,
    decisions: DecisionsFile,
    *,
    below: tuple[FromBelow, ...],
    folder: pathlib.Path | None,
    asked: Asked | None,
    force: bool,
) -> Merged:
    """Write the summary, and the file of decisions beside the inbox."""
    beside = decisions.replace_rows(_own(batch.decisions), terms.language)
    with no_search():
        kept = write_summary(
            batch, terms.rules, target, inbox=folder, terms=terms, asked=asked, force=force, beside=beside
        )
    return _build_merged(terms, batch, target, decisions, below=below, set_aside=decisions.set_aside, kept=kept)


def _refuse_loss(target: pathlib.Path, *, meant: bool) -> None:
    """Refuse to leave out all that came by summaries of the level below, unless that is meant."""
    if not meant and holds_lower_levels(target):
        raise SettingsError(each("failure.below_left_out", path=target))


def _find_target(
    folder: pathlib.Path | None, summary: pathlib.Path | None, summaries: Sequence[pathlib.Path], language: str
) -> pathlib.Path:
    """Return where the summary is written.

    Raises:
        SettingsError: it is not said, one of those that are read stands there, or there is nothing to write.
        OutputError: there is no folder for it.
    """
    if summary is None and folder is None:
        raise SettingsError(each("failure.no_target"))
    target = summary or default_summary(folder or pathlib.Path(), language)
    if folder is None and summaries and not any(map(is_summary, summaries)):
        raise SettingsError(each("failure.no_summaries", file=summaries[0]))
    if os.path.realpath(target) in map(os.path.realpath, summaries):
        raise SettingsError(each("failure.own_target", path=target))
    if summary:
        refuse_no_folder(target)  # before time is spent on reading what could not be written
    return target


def _judge_inbox(
    terms: Terms,
    folder: pathlib.Path | None,
    target: pathlib.Path,
    decisions: DecisionsFile,
    *,
    asked: Asked | None,
    below: Sequence[FromBelow],
    progress: Progress,
) -> Batch:
    """Read the inbox, and decide which of its returns, and of those from below, count."""
    ours = (target, decisions.path, *copies_of(target, terms.language))
    named = [one.path for one in below]
    read = read_inbox(folder, terms, ours=ours, elsewhere=named, progress=progress) if folder else ()
    receipts = (*read, *(receipt for one in below for receipt in one.receipts))
    refuse_empty(receipts, str(folder or target))
    earlier = {target, *([default_summary(folder, terms.language)] if folder else ())}
    trust = Trust(key=terms.key, listed=cache(lambda: _collect_listed(earlier)), vouched=join_vouched(below))
    with no_search():
        batch = judge_batch(terms, receipts, join_decisions(decisions.read(), below), trust)
    codes = [one.code for one in asked.sites] if asked else None
    return replace(batch, receipts=tell_strangers(terms.form, batch.receipts, codes)) if codes else batch


def _own(rows: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the rows that stand in the file of this level."""
    return tuple(row for row in rows if not row.by)


def _places(decisions: DecisionsFile, rows: Sequence[Decision], language: str) -> tuple[str, ...]:
    """Return where each row stands: in the file of this level, or in the summary it came with."""
    own = iter(decisions.places(_own(rows), language))
    return tuple(row.by or next(own) for row in rows)


def _build_merged(
    terms: Terms,
    batch: Batch,
    summary: pathlib.Path,
    decisions: DecisionsFile,
    *,
    below: tuple[FromBelow, ...],
    set_aside: tuple[SetAside, ...] = (),
    kept: pathlib.Path | None = None,
    changes: Changes | None = None,
) -> Merged:
    return Merged(
        batch=batch,
        summary=summary,
        kept=kept,
        decisions=decisions.path if _own(batch.decisions) else None,
        places=_places(decisions, batch.decisions, batch.form.language),
        set_aside=set_aside,
        overlooked=decisions.find_overlooked(),
        totals=batch.totals,
        totals_passed=batch.totals_passed,
        changes=changes,
        last=terms.previous,
        unjudged=frozenset() if terms.previous else terms.rules.looking_back,
        below=below,
        left_out=_find_left_out(batch.receipts, terms.language),
    )


def _add_misplaced(merged: Merged, folder: pathlib.Path | None) -> Merged:
    """Return what was merged, the files of decisions that lie in the inbox among those that were not read."""
    why = text("ignored.decisions", merged.batch.form.language)
    found = (one.source for one in merged.batch.of(Status.IGNORED) if one.reason == why and not one.source.by)
    inside = (folder / one.file for one in found) if folder else ()
    return replace(merged, overlooked=(*merged.overlooked, *inside))


def _find_left_out(receipts: Iterable[Receipt], language: str) -> tuple[Receipt, ...]:
    """Return the summaries that were found and not named."""
    why = text("ignored.summary", language)
    return tuple(one for one in receipts if one.status is Status.IGNORED and one.reason == why)
