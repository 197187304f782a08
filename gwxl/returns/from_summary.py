"""Take up again the returns of a summary: the same files, judged together with the same decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gwxl.batch.corrections import Trust, ignore_unfilled, replace_corrected
from gwxl.batch.inbox import Inbox, Progress
from gwxl.batch.judging import judge_batch
from gwxl.errors import SettingsError
from gwxl.previous import read_previous
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.summary.levels.joining import join_decisions, join_previous, join_vouched
from gwxl.summary.levels.taking import read_taken
from gwxl.summary.places import decisions_on
from gwxl.summary.stored.listing import Entry, Listed, list_receipt, read_listing
from gwxl.summary.stored.own_process import run_aside
from gwxl.terms import Terms
from gwxl.wording import each


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Returns to look at, and those that cannot be.

    Attributes:
        terms: what they were held against, for the year they are for; signatures are demanded where they were for the
            summary. places: the inbox, or files and folders.
        receipts: what the summary lists, judged. strangers: files of the inbox that it does not list as they are.
        missing: names of files that it lists and that are gone or changed.
        listed: what the summary lists, and what became of each when it was made.
    """

    terms: Terms
    places: tuple[Path, ...]
    receipts: tuple[Receipt, ...]
    strangers: tuple[Receipt, ...] = ()
    missing: tuple[str, ...] = ()
    listed: frozenset[Listed] = frozenset()

    def had_passed(self, receipt: Receipt) -> bool:
        """Tell whether a return passed when the summary was made."""
        return replace(list_receipt(receipt), state="passed") in self.listed

    def stands(self, receipt: Receipt) -> bool:
        """Tell whether of a return the same becomes now as when the summary was made."""
        return list_receipt(receipt) in self.listed


def take_up(
    terms: Terms,
    summary: Path,
    *,
    inbox: Path | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Taken:
    """Read and judge the returns of a summary again, so that nothing depends on what stands in its cells.

    Args:
        terms: what they are held against; the form is the one the summary names where none is, the period its own.
        summary: a summary that gwxl wrote.
        inbox: the folder the returns lie in; the one the summary names when None.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: the file is no summary, its inbox or what it was held against is not there, it demands
            signatures and there is no key, or it took in others and is not as it was written.
        ResourceError: there is no such form.
    """
    listing = run_aside(read_listing, summary)
    if listing.signed and terms.key is None:
        raise SettingsError(each("failure.signed_summary", summary=summary))
    folder = inbox or listing.inbox
    if not (folder.is_dir() if folder else listing.below):
        raise SettingsError(each("failure.no_inbox", summary=summary, folder=folder or "?"))
    signed = terms.signed or listing.signed
    terms = replace(terms, named=terms.named or listing.form, period=listing.period, signed=signed)
    terms = _add_previous(terms, listing.previous, summary)
    below = [read_taken(terms, summary)] if listing.below else []
    if terms.previous is None:
        terms = replace(terms, previous=join_previous(terms.form, below))
    decisions = decisions_on(folder or summary, terms.language)
    read = Inbox(folder, terms, ours=(summary, decisions.path)).read(progress) if folder else ()
    found = (*read, *(receipt for one in below for receipt in one.receipts))
    files = frozenset(listing.files)
    known = [receipt for receipt in found if list_receipt(receipt).entry in files]
    trust = Trust(key=terms.key, listed=lambda: listing.digests, vouched=join_vouched(below))
    batch = judge_batch(terms, known, join_decisions(decisions.read_whole(), below), trust)
    strangers = tuple(one for one in ignore_unfilled(terms.form, found) if _is_stranger(one, files))
    # What a late correction answers is not sent back once more.
    receipts = replace_corrected(terms.form, (*batch.receipts, *strangers), trust)[: len(batch.receipts)]
    return Taken(
        terms=terms.for_period(batch.period),
        places=(folder,) if folder else (),
        receipts=receipts,
        strangers=strangers,
        missing=_find_missing(listing.files, found),
        listed=frozenset(listing.returns),
    )


def _add_previous(terms: Terms, place: Path | None, summary: Path) -> Terms:
    """Return the terms with what the returns were held against, unless they know it already."""
    if place is None or terms.previous is not None:
        return terms
    if not place.exists():
        raise SettingsError(each("failure.previous_gone", summary=summary, place=place))
    return replace(terms, previous=read_previous(terms, place))


def _is_stranger(receipt: Receipt, files: frozenset[Entry]) -> bool:
    return receipt.status is not Status.IGNORED and list_receipt(receipt).entry not in files


def _find_missing(files: Sequence[Entry], receipts: Sequence[Receipt]) -> tuple[str, ...]:
    found = {list_receipt(receipt).entry for receipt in receipts}
    gone = (entry for entry in files if entry not in found)
    return tuple(dict.fromkeys(f"{file}｜{member}" if member else file for file, member, _ in gone))
