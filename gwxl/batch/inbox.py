"""Read every file of an inbox into receipts; a bad file becomes a refused one and never a stop."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Self

from gwxl.batch.attachments import with_attachments
from gwxl.batch.file_names import is_decisions
from gwxl.batch.files import Found, is_leftover, list_files
from gwxl.batch.unanswered import ignore_letters
from gwxl.engines.engine import Parts, run
from gwxl.errors import RefusedError, SettingsError
from gwxl.inert import inert_line, tell_apart
from gwxl.intake import Member, Members, read_part, refuse_file
from gwxl.intake.keeping import Keeper, Kept, Packed, Part, pack_members, pack_part
from gwxl.records.period import ANY
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.rules.available_forms import find_form
from gwxl.terms import Terms
from gwxl.wording import each, text

Progress = Callable[[int, int], None]

_REASONS = 5  # for which files were ignored, told where nothing else came
_FOREIGN = frozenset({"other_form", "no_form"})
"""The refusals of a workbook that may be of another form."""


class Inbox:
    """The files below a folder, as they were when it was listed.

    Attributes:
        settled: every file was read, and the same bytes give the same under the same terms; known once it was read.
    """

    def __init__(
        self, folder: Path, terms: Terms, *, ours: Sequence[Path] = (), elsewhere: Sequence[Path] = ()
    ) -> None:
        """List it.

        Args:
            folder: the inbox.
            terms: what the files are held against.
            ours: files of ours that may lie in the inbox and are no returns.
            elsewhere: files that may lie in the inbox and are taken in by themselves.

        Raises:
            SettingsError: the folder cannot be listed.
        """
        apart = set(map(os.path.realpath, elsewhere))
        self._terms = terms
        self._found = [one for one in list_files(folder) if not apart or os.path.realpath(one.path) not in apart]
        self._own = {os.path.realpath(path) for path in ours}  # pathlib's raises on a link that names itself
        self._read: tuple[Terms, tuple[Receipt, ...]] | None = None
        self.settled = False

    def digest(self, progress: Progress = lambda _done, _all: None) -> str:
        """Return the digest of the names and bytes of all files, but of ours the names alone."""
        if self._found:
            progress(0, len(self._found))
        told = [[ascii(one.name), "" if self._is_own(one) else one.sha256] for one in self._found]
        return sha256(json.dumps(told).encode("ascii")).hexdigest()

    def read(self, progress: Progress = lambda _done, _all: None, terms: Terms | None = None) -> tuple[Receipt, ...]:
        """Read every file, of whatever period; nothing is lost: each file or submission has a receipt.

        Args:
            progress: called with (files done, files in all).
            terms: what they are held against, where more is known of it than when the folder was listed.
        """
        terms, receipts = terms or self._terms, list[Receipt]()
        if self._read is not None and self._read[0] == terms:
            return self._read[1]
        with _Reader(terms.for_period(ANY)) as reader:
            for one, read in zip(self._found, reader.read(self._found, progress), strict=True):
                told = [_ignore(one, "own_output", terms.language)] if self._is_own(one) else read
                receipts += [_date(receipt, terms) for receipt in told]
            self.settled = reader.settled
        told = with_attachments(terms.form, ignore_letters(receipts, terms.language), terms.came or {})
        self._read = terms, told
        return told

    def choose_form(self, progress: Progress = lambda _done, _all: None) -> Terms:
        """Return the terms with the form of most files where none is named, the first of those as frequent.

        Args:
            progress: called with (files done, files in all).

        Raises:
            SettingsError: no file is of a form that is known, and none is meant.
        """
        forms = {rules.form.id: replace(self._terms, named=rules) for rules in self._terms.forms}
        if self._terms.named is not None or len(forms) == 1:
            return self._terms
        named = find_form([one.path for one in self._found if one.refusal is None and not one.leftover])
        first = named or next(iter(forms))  # what files say of themselves saves reading them twice
        read = self.read(progress, forms[first])
        foreign = {one.source.file for one in read if any(fault.id in _FOREIGN for fault in one.findings)}
        asked = [one for one in self._found if one.name in foreign]
        counts = {first: _count_files(read)}
        for other in forms.keys() - {first} if asked else ():
            counts[other] = _count_files(chain.from_iterable(read_files(asked, forms[other])))
        chosen = max(forms, key=lambda form: counts.get(form, 0))
        return forms[chosen] if counts.get(chosen) else replace(self._terms, named=self._terms.rules)

    def _is_own(self, found: Found) -> bool:
        return os.path.realpath(found.path) in self._own


def _count_files(receipts: Iterable[Receipt]) -> int:
    """Return how many files hold a return that somebody filled in."""
    filled = (one.source for one in receipts if one.submission is not None and not one.submission.blank)
    return len({(source.file, source.member) for source in filled})


def _date(receipt: Receipt, terms: Terms) -> Receipt:
    """Return a receipt that knows when the mail was sent by which its file came."""
    came = (terms.came or {}).get(receipt.source.file)
    if came is None or not came.sent:
        return receipt
    source, submission = replace(receipt.source, sent=came.sent), receipt.submission
    return replace(receipt, source=source, submission=submission and replace(submission, source=source))


def refuse_empty(receipts: Sequence[Receipt], place: str) -> None:
    """Demand that something was sent in: what is ignored was not.

    Raises:
        SettingsError: there is no file, or none but such as are ignored.
    """
    if all(receipt.status is Status.IGNORED for receipt in receipts):
        if not receipts:
            raise SettingsError(each("failure.nothing_sent", place=place))
        first = {one.reason: inert_line(one.source.name) for one in reversed(receipts)}
        told = " · ".join(f"{name} ({reason})" for reason, name in list(first.items())[:_REASONS])
        raise SettingsError(each("failure.nothing_but_ignored", place=place, ignored=len(receipts), told=told))


def read_files(
    found: Sequence[Found], terms: Terms, progress: Progress = lambda _done, _all: None
) -> Iterator[tuple[Receipt, ...]]:
    """Yield the receipts of each file, read in worker processes; leftovers of programs are ignored unread.

    What the store of the terms holds is not read again.
    """
    with _Reader(terms) as reader:
        yield from reader.read(found, progress)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What one worker reads at a time: a file, or one member of a zip; or what the store holds of it.

    Attributes:
        part: what is asked of the store, None where it is not asked.
        judged: the store holds the receipts. kept: it holds what they can be made of.
    """

    found: Found
    member: Member | None = None
    part: Part | None = None
    judged: bool = False
    kept: Kept | None = None


_Answer = tuple[tuple[Receipt, ...], Packed | None]
"""Receipts, and what is to be kept for the next run."""


class _Reader:
    """A reader of files that reads none of which the store knows what it says.

    Attributes:
        settled: so far all was in the store, or is now.
    """

    def __init__(self, terms: Terms) -> None:
        self.settled = terms.store is not None
        self._terms = terms
        self._keeper = Keeper(terms.store, terms) if terms.store is not None else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._terms.store is not None:
            self._terms.store.flush()

    def read(self, found: Sequence[Found], progress: Progress) -> Iterator[tuple[Receipt, ...]]:
        """Yield the receipts of each file."""
        language = self._terms.language
        plans = [() if one.leftover or one.refusal is not None else tuple(self._plan(one)) for one in found]
        results = self._run([unit for plan in plans for unit in plan])
        for done, (one, plan) in enumerate(zip(found, plans, strict=True), 1):
            if one.leftover:
                yield (_ignore(one, "decisions" if is_decisions(one.path.name) else "leftover", language),)
            elif one.refusal is not None:
                self.settled = False
                yield _refuse_unit(Unit(found=one), one.refusal, language=language)
            else:
                receipts = [receipt for unit in plan for receipt in self._receipts(unit, results)]
                yield tuple(_ignore_leftover(one, receipt, language) for receipt in _sheets_apart(receipts))
            progress(done, len(found))

    def _plan(self, found: Found) -> Iterator[Unit]:
        """Yield what is to be read of a file, and what is kept of it."""
        if self._keeper is None or not found.sha256:
            yield Unit(found=found)
            return
        whole = Part(sha256=found.sha256, name=found.name)
        members = self._keeper.members(whole)
        for member in members or (None,):
            part = replace(whole, member=member.name) if member else whole
            judged = self._keeper.is_judged(part)
            kept = None if judged else self._keeper.kept(part)
            yield Unit(found=found, member=member, part=part, judged=judged, kept=kept)

    def _run(self, units: Sequence[Unit]) -> Iterator[tuple[_Answer, ...]]:
        """Yield the answers of the units that are not judged yet, read in worker processes."""
        read = partial(_read_one, terms=self._terms, keeps=self._keeper is not None)
        refuse = partial(_refuse_answer, language=self._terms.language)
        return run(read, [unit for unit in units if not unit.judged], refuse)

    def _receipts(self, unit: Unit, results: Iterator[tuple[_Answer, ...]]) -> Iterator[Receipt]:
        """Yield the receipts of a unit: those that are kept, or the next of the results."""
        if unit.judged and self._keeper is not None and unit.part is not None:
            found = self._keeper.receipts(unit.part)
            if found is not None:
                yield from found
                return
            results = self._run([replace(unit, judged=False)])  # somebody emptied the store meanwhile
        answers = next(results)
        if self._keeper is not None:
            self._keep(self._keeper, answers)
        self.settled &= all(packed is not None and packed.part.sha256 == unit.found.sha256 for _, packed in answers)
        yield from (receipt for receipts, _ in answers for receipt in receipts)

    def _keep(self, keeper: Keeper, answers: Sequence[_Answer]) -> None:
        """Keep what was read of a file; of a zip also what is in it."""
        kept = [packed for _, packed in answers if packed is not None]
        for packed in kept:
            keeper.keep(packed)
        inside = [one.source.member for receipts, _ in answers for one in receipts if one.source.member is not None]
        if kept and inside and kept[0].said:
            whole = replace(kept[0].part, member=None)
            keeper.keep(pack_members(whole, list(dict.fromkeys(inside))))


def _read_one(unit: Unit, *, terms: Terms, keeps: bool) -> _Answer | Parts[Unit]:
    found, language = unit.found, terms.language
    try:
        if unit.kept is not None:
            return unit.kept.judge(terms)
        read = read_part(found.path, found.name, terms, unit.member)
        if isinstance(read, Members):
            return Parts([Unit(found=found, member=member) for member in read.members])
        receipts = read.judge(terms)
        if not (keeps and read.sha256):
            return receipts, None
        part = Part(sha256=read.sha256, name=found.name, member=unit.member.name if unit.member else None)
        return receipts, pack_part(part, read.read, receipts, terms)
    except MemoryError:
        raise  # the worker's limit, which ends it
    except Exception as error:  # noqa: BLE001 - the last net: no file may stop a merge, and none may vanish
        name = f"{type(error).__name__}: {inert_line(str(error), 80)}"
        return _refuse_answer(unit, RefusedError("unexpected", error=name), language=language)


def _refuse_answer(unit: Unit, refusal: RefusedError, *, language: str) -> _Answer:
    return _refuse_unit(unit, refusal, language=language), None


def _refuse_unit(unit: Unit, refusal: RefusedError, *, language: str) -> tuple[Receipt, ...]:
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
