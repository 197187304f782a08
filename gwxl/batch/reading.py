"""Read every file of an inbox into receipts; a bad file becomes a refused one and never a stop."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from gwxl.batch.attachments import with_attachments
from gwxl.batch.engines import run
from gwxl.batch.files import Found, is_leftover, list_files
from gwxl.batch.unanswered import ignore_letters
from gwxl.errors import RefusedError
from gwxl.form.signature import CampaignKey
from gwxl.inert import inert_line, told_apart
from gwxl.intake import check_file, refused
from gwxl.receipt import Receipt
from gwxl.rules.shelf import load_all
from gwxl.submission import Source, Status
from gwxl.wording import text

Progress = Callable[[int, int], None]


def read_inbox(
    folder: Path,
    form_name: str,
    *,
    ours: Sequence[Path] = (),
    key: CampaignKey | None = None,
    today: date | None = None,
    progress: Progress = lambda _done, _all: None,
) -> tuple[Receipt, ...]:
    """Read every file below a folder; nothing is lost: each file or submission has a receipt.

    Args:
        folder: the inbox.
        form_name: id or folder of the form that was asked, as worker processes load it again.
        ours: files of ours that may lie in the inbox and are no returns.
        key: the campaign's key, None where signatures cannot be verified.
        today: the day of reading, None where no date of the report is too late.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: the folder cannot be listed.
    """
    found = list_files(folder)
    own = {os.path.realpath(path) for path in ours}  # pathlib's raises on a link that names itself
    language = load_all(form_name)[0].form.language
    receipts: list[Receipt] = []
    for done, (one, read) in enumerate(zip(found, read_files(found, form_name, key=key, today=today), strict=True), 1):
        receipts += [_ignored(one, "own_output", language)] if os.path.realpath(one.path) in own else read
        progress(done, len(found))
    return with_attachments(load_all(form_name)[0].form, ignore_letters(receipts, language))


def read_files(
    found: Sequence[Found],
    form_name: str | None,
    *,
    year: int | None = None,
    key: CampaignKey | None = None,
    today: date | None = None,
) -> Iterator[tuple[Receipt, ...]]:
    """Yield the receipts of each file, read in worker processes; leftovers of programs are ignored unread."""
    language = load_all(form_name)[0].form.language
    to_read = [one for one in found if not one.leftover]
    results = run(partial(_read_one, form_name=form_name, year=year, key=key, today=today), to_read)
    for one in found:
        if one.leftover:
            yield (_ignored(one, "leftover", language),)
            continue
        result = next(results)
        if isinstance(result, RefusedError):
            yield (refused(Source(file=one.name), result, language),)
        else:
            yield tuple(_without_leftover(receipt, language) for receipt in _sheets_apart(result))


def _read_one(
    found: Found, *, form_name: str | None, year: int | None, key: CampaignKey | None, today: date | None
) -> tuple[Receipt, ...]:
    forms = load_all(form_name)
    try:
        return check_file(found.path, found.name, forms, year=year, key=key, today=today)
    except MemoryError:
        raise  # the worker's limit: told as a worker that died
    except Exception as error:  # noqa: BLE001 - the last net: no file may stop a merge, and none may vanish
        name = f"{type(error).__name__}: {inert_line(str(error), 80)}"
        unexpected = RefusedError("unexpected", error=name)
        return (refused(Source(file=found.name), unexpected, forms[0].form.language),)


def _ignored(found: Found, why: str, language: str) -> Receipt:
    return Receipt(source=Source(file=found.name), status=Status.IGNORED, reason=text(f"ignored.{why}", language))


def _without_leftover(receipt: Receipt, language: str) -> Receipt:
    """Return a receipt as ignored when it is that of a leftover inside an archive, or of a draft that holds nothing."""
    refused_as = {one.id for one in receipt.findings} if receipt.status is Status.REFUSED else frozenset[str]()
    if not is_leftover(receipt.source.member or receipt.source.file, refused_as):
        return receipt
    return Receipt(source=receipt.source, status=Status.IGNORED, reason=text("ignored.leftover", language))


def _sheets_apart(receipts: Sequence[Receipt]) -> Iterator[Receipt]:
    """Yield the receipts of one file, the titles of its sheets so that no two look alike."""
    titles: dict[str | None, list[str]] = {}
    for one in receipts:
        titles.setdefault(one.source.member, []).append(one.source.sheet or "")
    told = {member: told_apart(sheets) for member, sheets in titles.items()}
    for one in receipts:
        sheet = told[one.source.member][one.source.sheet or ""] or None
        yield one if sheet == one.source.sheet else replace(one, source=replace(one.source, sheet=sheet))
