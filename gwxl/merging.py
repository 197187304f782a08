"""Merge an inbox: read every file, decide which count, write one summary."""

import pathlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from gwxl.batch.batch import Batch
from gwxl.batch.corrections import Trust
from gwxl.batch.decisions.decisions_file import DecisionsFile, SetAside
from gwxl.batch.inbox import Progress, read_inbox, refuse_empty
from gwxl.batch.judging import judge_batch
from gwxl.files.outputs import refuse_no_folder, refuse_nothing
from gwxl.inert import begins_a_formula
from gwxl.records.path import Path
from gwxl.records.previous import Previous
from gwxl.summary.stored.comparing import Changes, changes_to
from gwxl.summary.stored.keeping import copies_of, copy_of_edited
from gwxl.summary.stored.listing import known_files
from gwxl.summary.stored.recognising import refuse_foreign
from gwxl.summary.workbook import write_summary
from gwxl.terms import Terms
from gwxl.totals.adding import Total, totals
from gwxl.wording import text


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What a merge did and where its outputs are; after a dry run, what it would do and where they would be.

    Attributes:
        kept: the copy of an earlier summary that somebody had typed into, None where nobody had.
        decisions: None when no case is open or decided.
        places: where each row of the batch's decisions stands in that file.
        set_aside: which earlier files of decisions were kept under another name.
        last: what the sites reported a period earlier, None where nobody said.
        unjudged: the ids of the rules that were not judged for want of it.
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
    changes: Changes | None = None
    last: Previous | None = None
    unjudged: frozenset[str] = frozenset()

    @property
    def newcomers(self) -> int:
        """Return how many of the returns that count are of a site that did not report a period earlier."""
        known = self.last.sites if self.last else {}
        return sum(self.batch.site(one) not in known for one in self.batch.accepted)


def default_summary(folder: pathlib.Path, language: str) -> pathlib.Path:
    """Return where a merge writes when nobody says: beside the folder, named after it."""
    place = _named(folder)
    name = f"_{place.name}" if begins_a_formula(place.name) else place.name
    return place.with_name(text("merge.file_name", language, folder=name))


def _named(folder: pathlib.Path) -> pathlib.Path:
    """Return the folder as the clerk typed it, or whole where that, like ``.``, is no name."""
    return folder if folder.name not in {"", ".."} else folder.resolve()


def decisions_on(folder: pathlib.Path, language: str) -> DecisionsFile:
    """Read the decisions on an inbox, which stand beside it.

    Raises:
        SettingsError: a file cannot be read from the disk.
    """
    place = _named(folder)
    return DecisionsFile(place.with_name(text("decision.file_name", language, folder=place.name)))


def _listed(summaries: Iterable[pathlib.Path]) -> frozenset[str]:
    """Return the sha256 of every file that the last summaries list; what is no summary lists none."""
    return frozenset().union(*(known_files(path) or () for path in summaries))


def merge(
    terms: Terms,
    folder: pathlib.Path,
    summary: pathlib.Path | None = None,
    *,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Merged:
    """Merge every return below a folder into a summary, and ask for open decisions beside the folder.

    Args:
        terms: the form and what its returns are held against; the period of most returns where it is none.
        folder: the inbox.
        summary: the workbook to write; beside the folder when None.
        force: replace a file at ``summary`` even if gwxl did not write it.
        dry_run: write nothing, and say what would change in the summary that stands.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: nothing was sent in, the folder or the decisions file cannot be used, or there are several forms
            and none is named.
        OutputError: an output cannot be written; the old one is left as it was.
    """
    rules, language = terms.rules, terms.language
    target = summary or default_summary(folder, language)
    if summary:
        refuse_no_folder(target)  # before time is spent on reading what could not be written
    (refuse_nothing if force else refuse_foreign)(target)
    decisions = decisions_on(folder, language)
    decisions.refuse_in_use()
    batch = _judged(terms, folder, target, decisions, progress)
    if dry_run:
        changes, kept = changes_to(target, batch.receipts), copy_of_edited(target, language)
        set_aside = decisions.to_set_aside(language)
        return _merged(terms, batch, target, decisions, set_aside=set_aside, kept=kept, changes=changes)
    beside = decisions.replaced(batch.decisions, language)
    kept = write_summary(batch, rules, target, inbox=folder, terms=terms, force=force, beside=beside)
    return _merged(terms, batch, target, decisions, set_aside=decisions.set_aside, kept=kept)


def _judged(
    terms: Terms, folder: pathlib.Path, target: pathlib.Path, decisions: DecisionsFile, progress: Progress
) -> Batch:
    """Read the inbox, and decide which of its returns count."""
    ours = (target, decisions.path, *copies_of(target, terms.language))
    receipts = read_inbox(folder, terms, ours=ours, progress=progress)
    refuse_empty(receipts, str(folder))
    earlier = {target, default_summary(folder, terms.language)}
    trust = Trust(key=terms.key, listed=cache(partial(_listed, earlier)))
    return judge_batch(terms, receipts, decisions.read(), trust)


def _merged(
    terms: Terms,
    batch: Batch,
    summary: pathlib.Path,
    decisions: DecisionsFile,
    *,
    set_aside: tuple[SetAside, ...],
    kept: pathlib.Path | None = None,
    changes: Changes | None = None,
) -> Merged:
    return Merged(
        batch=batch,
        summary=summary,
        kept=kept,
        decisions=decisions.path if batch.decisions else None,
        places=decisions.places(batch.decisions, batch.form.language),
        set_aside=set_aside,
        totals=totals(batch.form, batch.accepted),
        totals_passed=totals(batch.form, batch.passed),
        changes=changes,
        last=terms.previous,
        unjudged=frozenset() if terms.previous else terms.rules.looking_back,
    )
