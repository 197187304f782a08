"""Read every file of an inbox into receipts; a bad file becomes a refused one and never a stop."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from gwxl.batch.attachments import with_attachments
from gwxl.batch.files import Found, is_leftover, list_files
from gwxl.batch.unanswered import ignore_letters
from gwxl.engines.engine import Parts, run
from gwxl.errors import RefusedError, SettingsError
from gwxl.inert import inert_line, tell_apart
from gwxl.intake import Member, Members, check_part, refuse_file
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.terms import Terms
from gwxl.wording import each, text

Progress = Callable[[int, int], None]


def read_inbox(
    folder: Path,
    terms: Terms,
    *,
    ours: Sequence[Path] = (),
    elsewhere: Sequence[Path] = (),
    progress: Progress = lambda _done, _all: None,
) -> tuple[Receipt, ...]:
    """Read every file below a folder, of whatever period; nothing is lost: each file or submission has a receipt.

    Args:
        folder: the inbox.
        terms: what they are held against.
        ours: files of ours that may lie in the inbox and are no returns.
        elsewhere: files that may lie in the inbox and are taken in by themselves.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: the folder cannot be listed.
    """
    apart = set(map(os.path.realpath, elsewhere))
    found = [one for one in list_files(folder) if not apart or os.path.realpath(one.path) not in apart]
    own = {os.path.realpath(path) for path in ours}  # pathlib's raises on a link that names itself
    receipts: list[Receipt] = []
    for one, read in zip(found, read_files(found, terms.with_year(None), progress), strict=True):
        receipts += [_ignore(one, "own_output", terms.language)] if os.path.realpath(one.path) in own else read
    return with_attachments(terms.form, ignore_letters(receipts, terms.language))


def refuse_empty(receipts: Sequence[Receipt], place: str) -> None:
    """Demand that something was sent in: what is ignored was not.

    Raises:
        SettingsError: there is no file, or none but such as are ignored.
    """
    if all(receipt.status is Status.IGNORED for receipt in receipts):
        raise SettingsError(each("failure.nothing_sent", place=place, ignored=len(receipts)))


def read_files(
    found: Sequence[Found], terms: Terms, progress: Progress = lambda _done, _all: None
) -> Iterator[tuple[Receipt, ...]]:
    """Yield the receipts of each file, read in worker processes; leftovers of programs are ignored unread."""
    language = terms.language
    read = partial(_read_one, terms=terms)
    units = [_Unit(found=one) for one in found if not one.leftover and one.refusal is None]
    results = run(read, units, partial(_refuse_unit, language=language))
    for done, one in enumerate(found, 1):
        if one.leftover:
            yield (_ignore(one, "leftover", language),)
        elif one.refusal is not None:
            yield _refuse_unit(_Unit(found=one), one.refusal, language=language)
        else:
            receipts = [receipt for part in next(results) for receipt in part]
            yield tuple(_ignore_leftover(one, receipt, language) for receipt in _sheets_apart(receipts))
        progress(done, len(found))


@dataclass(frozen=True, kw_only=True)
class _Unit:
    """What one worker reads at a time: a file, or one member of a zip."""

    found: Found
    member: Member | None = None


def _read_one(unit: _Unit, *, terms: Terms) -> tuple[Receipt, ...] | Parts[_Unit]:
    found, language = unit.found, terms.language
    try:
        read = check_part(found.path, found.name, terms, unit.member)
    except MemoryError:
        raise  # the worker's limit, which ends it
    except Exception as error:  # noqa: BLE001 - the last net: no file may stop a merge, and none may vanish
        name = f"{type(error).__name__}: {inert_line(str(error), 80)}"
        return _refuse_unit(unit, RefusedError("unexpected", error=name), language=language)
    if isinstance(read, Members):
        return Parts([_Unit(found=found, member=member) for member in read.members])
    return read


def _refuse_unit(unit: _Unit, refusal: RefusedError, *, language: str) -> tuple[Receipt, ...]:
    source = Source(file=unit.found.name, member=unit.member.name if unit.member else None)
    return (refuse_file(source, refusal, language),)


def _ignore(found: Found, why: str, language: str) -> Receipt:
    return Receipt(source=Source(file=found.name), status=Status.IGNORED, reason=text(f"ignored.{why}", language))


def _ignore_leftover(found: Found, receipt: Receipt, language: str) -> Receipt:
    """Return a receipt as ignored when it is that of a leftover inside an archive, or of a draft that holds nothing."""
    refused_as = {one.id for one in receipt.findings} if receipt.status is Status.REFUSED else frozenset[str]()
    if not is_leftover(receipt.source.member or found.inner, refused_as):
        return receipt
    return Receipt(source=receipt.source, status=Status.IGNORED, reason=text("ignored.leftover", language))


def _sheets_apart(receipts: Sequence[Receipt]) -> Iterator[Receipt]:
    """Yield the receipts of one file, the titles of its sheets so that no two look alike."""
    titles: dict[str | None, list[str]] = {}
    for one in receipts:
        titles.setdefault(one.source.member, []).append(one.source.sheet or "")
    told = {member: tell_apart(sheets) for member, sheets in titles.items()}
    for one in receipts:
        sheet = told[one.source.member][one.source.sheet or ""] or None
        yield one if sheet == one.source.sheet else replace(one, source=replace(one.source, sheet=sheet))
