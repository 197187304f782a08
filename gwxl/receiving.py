"""Take in files that somebody names, and judge each by itself."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gwxl.batch.corrections import ignore_unfilled
from gwxl.batch.files import find_files
from gwxl.batch.inbox import Progress, read_files, refuse_empty
from gwxl.batch.periods import period_of, say_other_period
from gwxl.batch.unanswered import ignore_letters, refuse_blanks
from gwxl.records.period import Span
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.terms import Terms


def check(terms: Terms, files: Sequence[Path], *, progress: Progress = lambda _done, _all: None) -> tuple[Receipt, ...]:
    """Read and judge single files: one receipt a file, or one a form sheet where a file holds several.

    Args:
        terms: the forms they may be of, and what they are held against.
        files: the files; a folder stands for every file below it.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: a folder cannot be read, or no file stands below it.
    """
    return tuple(_hold_other(_as_read(receipt), terms) for receipt in receive(terms, files, progress))


def _as_read(receipt: Receipt) -> Receipt:
    """Return a blank form as one that was read: whoever checks it may just have made it."""
    unanswered = receipt.status is Status.REFUSED and receipt.submission is not None
    return replace(receipt, status=Status.FINDINGS) if unanswered else receipt


def _hold_other(receipt: Receipt, terms: Terms) -> Receipt:
    """Return a receipt held where it is of another month than the one asked; a rule of the form tells another year."""
    found = period_of(receipt)
    if Span.YEAR in {found.span, terms.period.span} or not found.is_other(terms.period):
        return receipt
    return replace(receipt, status=Status.HELD, reason=say_other_period(found, terms))


def receive(terms: Terms, files: Sequence[Path], progress: Progress) -> tuple[Receipt, ...]:
    """Return what became of each file, as :func:`check` does; a blank form is refused as one that is not filled in.

    Raises:
        SettingsError: a folder cannot be read, or no file stands below it.
    """
    found = find_files(files)
    receipts = [receipt for read in read_files(found, terms, progress) for receipt in read]
    if not receipts:
        refuse_empty(receipts, " ".join(map(str, files)))
    told = ignore_letters(receipts, terms.language)
    for rules in terms.forms:
        told = ignore_unfilled(rules.form, told)
    return refuse_blanks(told, terms.language)
