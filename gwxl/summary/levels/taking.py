"""Take in the summaries of the level below: what each hands on, or why it is held as a whole."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from gwxl.batch.batch import ACCEPTED
from gwxl.batch.periods import most_frequent
from gwxl.engines.engine import run
from gwxl.errors import CodecError, GwxlError, RefusedError, SettingsError
from gwxl.form.signature import Standing
from gwxl.inert import inert_line, tell_apart
from gwxl.intake import rejudge
from gwxl.records.finding import Finding, Severity
from gwxl.records.period import ANY, Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.opening import read_book
from gwxl.summary.levels.carrying import digest_of_rules
from gwxl.summary.levels.level import Head, receipt_of, unpack
from gwxl.summary.levels.trying_out import try_out
from gwxl.summary.sheets.handing_on import DIGEST, FIRST_ROW, LEVEL, SIGNATURE, digest_of, join_pieces
from gwxl.summary.stored.listing import read_listing
from gwxl.summary.stored.looking import Looked, open_summary
from gwxl.summary.stored.own_process import run_aside
from gwxl.summary.stored.recognising import SUMMARY_LIMITS, is_summary, seal_of
from gwxl.summary.stored.seal import digest_of_cells
from gwxl.terms import Terms
from gwxl.wording import LANGUAGES, text

_DEADLINE = 600.0  # seconds of processor time; as for any summary
_MEMORY = 4 << 30


class _HeldError(Exception):
    """Nothing of a summary is counted: a key below ``level.`` in the wording catalogue, and what fills it."""

    def __init__(self, why: str, **details: object) -> None:
        super().__init__(why)
        self.why, self.details = why, details

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.why, self.details)


def _again(why: str, details: dict[str, object]) -> _HeldError:
    return _HeldError(why, **details)


@dataclass(frozen=True, kw_only=True)
class FromBelow:
    """A summary of the level below.

    Attributes:
        path: the file. source: it, named as it was typed.
        receipts: its returns, each with the summary in front of its way; of one that is held as a whole the one that
            says why.
        head: what it says of its batch, None where nothing of it is counted.
        anew: its returns were judged anew, as other rules hold here, or other figures of last year.
    """

    path: Path
    source: Source
    receipts: tuple[Receipt, ...]
    head: Head | None = None
    anew: bool = False

    @property
    def held(self) -> str:
        """Return why nothing of it is counted; empty where it is."""
        return "" if self.head else self.receipts[0].reason


def take_in(terms: Terms, summaries: Sequence[Path]) -> tuple[FromBelow, ...]:
    """Read summaries of the level below, each in a process of its own within bounds; a bad one is held, never a stop.

    Args:
        terms: what their returns are held against; the period of most returns where it is none.
        summaries: the files; one that is named twice is read once.
    """
    summaries = list({os.path.realpath(path): path for path in summaries}.values())
    names = tell_apart(path.as_posix() for path in summaries)
    read = partial(_read, terms=terms.for_period(ANY))
    results = run(read, summaries, partial(_hold_unread, terms=terms), deadline=_DEADLINE, memory=_MEMORY)
    found = [_put_name_before(one, names[path.as_posix()]) for path, (one,) in zip(summaries, results, strict=True)]
    period = terms.period if terms.year is not None else _choose_period(found)
    return tuple(_hold_other_period(one, period, terms) for one in found)


def name_form(terms: Terms, summaries: Sequence[Path]) -> Terms:
    """Return the terms with the form that the first of some summaries is of, where none is named."""
    known = {rules.form.id: rules for rules in terms.forms} if terms.named is None else {}
    for summary in summaries if len(known) > 1 else ():
        try:
            rules = known.get(run_aside(read_listing, summary).form)
        except GwxlError:
            continue  # why it cannot be read is told where it is taken in
        if rules is not None:
            return replace(terms, named=rules)
    return terms


def came_from_below(receipt: Receipt) -> bool:
    """Tell whether a receipt is of a return that came by a summary, or of a summary that is held as a whole."""
    return bool(receipt.source.by) or (receipt.status is Status.HELD and receipt.submission is None)


def read_taken(terms: Terms, summary: Path) -> FromBelow:
    """Return what a summary took in when it was made: it holds that itself, whatever became of those below.

    Raises:
        SettingsError: the summary is not as it was written, or cannot be read.
    """
    read = partial(_read, terms=terms.for_period(ANY))
    ((one,),) = run(read, [summary], partial(_hold_unread, terms=terms), deadline=_DEADLINE, memory=_MEMORY)
    if one.head is None:
        raise SettingsError(dict.fromkeys(LANGUAGES, f"{summary}: {one.held}"))
    head = replace(one.head, decisions=tuple(row for row in one.head.decisions if row.by))
    return replace(one, head=head, receipts=tuple(filter(came_from_below, one.receipts)))


def _choose_period(found: Sequence[FromBelow]) -> Period:
    """Return the period of most returns, the later of two as frequent."""
    periods: Counter[Period] = Counter()
    for one in found:
        if one.head is not None and one.head.period.year is not None:
            periods[one.head.period] += len(one.receipts)
    return most_frequent(periods)


def _hold_other_period(one: FromBelow, period: Period, terms: Terms) -> FromBelow:
    if one.head is None or not one.head.period.is_other(period):
        return one
    found, expected = (named.label(terms.language) for named in (one.head.period, period))
    return _hold(one.path, one.source, _HeldError("other_period", found=found, expected=expected), terms)


def _put_name_before(one: FromBelow, name: str) -> FromBelow:
    """Return what was read with the summary's name in front of the way of each of its returns."""
    source = replace(one.source, file=name)
    if one.head is None:
        return replace(one, source=source, receipts=tuple(replace(held, source=source) for held in one.receipts))
    rows = (replace(row, by=name, file=f"{name}｜{row.file}") for row in one.head.decisions)
    head = replace(one.head, decisions=tuple(rows))
    return replace(one, source=source, head=head, receipts=tuple(_by(receipt, name) for receipt in one.receipts))


def _by(receipt: Receipt, name: str) -> Receipt:
    return _with_source(receipt, replace(receipt.source, by=(name, *receipt.source.by)))


def _note_origin(receipt: Receipt, digest: str) -> Receipt:
    """Return a receipt of a summary that hands on what has this digest; that of a lower level came from there."""
    return receipt if receipt.source.origin else _with_source(receipt, replace(receipt.source, origin=digest))


def _with_source(receipt: Receipt, source: Source) -> Receipt:
    submission = receipt.submission and replace(receipt.submission, source=source)
    return replace(receipt, source=source, submission=submission)


def _hold(path: Path, source: Source, why: _HeldError, terms: Terms) -> FromBelow:
    details = {name: inert_line(str(value)) for name, value in why.details.items()}
    reason = text(f"level.{why.why}", terms.language, **details)
    finding = Finding(id=f"level_{why.why}", severity=Severity.ERROR, message="{reason}", arguments={"reason": reason})
    held = Receipt(source=source, status=Status.HELD, reason=reason, findings=(finding,))
    return FromBelow(path=path, source=source, receipts=(held,))


def _hold_unread(path: Path, refusal: RefusedError, *, terms: Terms) -> FromBelow:
    return _hold(path, Source(file=path.as_posix()), _explain_refusal(refusal, terms), terms)


def _explain_refusal(refusal: RefusedError, terms: Terms) -> _HeldError:
    return _HeldError("unreadable", reason=text(f"refused.{refusal.reason}", terms.language, **refusal.details))


def _read(path: Path, *, terms: Terms) -> FromBelow:
    """Read a summary, in a worker."""
    source = Source(file=path.as_posix())
    try:
        path = Path(os.path.realpath(path))  # whoever names a link means what it leads to
        admitted = admit(path, SUMMARY_LIMITS)
        source = replace(source, sha256=admitted.sha256, size=admitted.size)
        del admitted
        head, lines, digest = _open(path, terms)
        receipts = [_note_origin(receipt_of(line, terms.form), digest) for line in lines]
        anew = head.rules != digest_of_rules(terms.form) or terms.previous is not None
        told = list(_anew(receipts, head, terms) if anew else receipts)
        try_out(terms, head, told)
    except _HeldError as why:
        return _hold(path, source, why, terms)
    except RefusedError as refusal:
        return _hold(path, source, _explain_refusal(refusal, terms), terms)
    except CodecError:
        return _hold(path, source, _HeldError("undecodable"), terms)
    except GwxlError as error:
        return _hold(path, source, _HeldError("unreadable", reason=error.line(terms.language)), terms)
    except MemoryError:
        raise  # the worker's limit, which ends it
    except Exception as error:  # noqa: BLE001 - the last net: no summary may stop a merge, and none may vanish
        name = f"{type(error).__name__}: {inert_line(str(error), 80)}"
        return _hold(path, source, _explain_refusal(RefusedError("unexpected", error=name), terms), terms)
    return FromBelow(path=path, source=source, head=head, receipts=tuple(told), anew=anew)


def _anew(receipts: Sequence[Receipt], head: Head, terms: Terms) -> Iterator[Receipt]:
    """Yield the receipts judged by the rules of this level."""
    ruled = frozenset(head.ruled)
    for receipt in receipts:
        if receipt.submission is None or receipt.status not in {*ACCEPTED, Status.HELD}:
            yield receipt
            continue
        kept = tuple(one for one in receipt.findings if one.id not in ruled)
        yield rejudge(replace(receipt, findings=kept), receipt.submission, terms)


def _open(path: Path, terms: Terms) -> tuple[Head, Iterator[bytes], str]:
    """Return the head of what a summary hands on, its receipts as lines, and the digest of all.

    Raises:
        _HeldError: it is no summary, or not as gwxl wrote it, or not of this form.
        RefusedError, GwxlError: it cannot be read.
    """
    if not is_summary(path):
        raise _HeldError("no_summary")
    _demand_untouched(path)
    with open_summary(path) as looked:
        data, signature = _read_handed(looked)
    _demand_signature(data, signature, terms)
    head, lines = unpack(data)
    _demand_form(head, terms)
    return head, lines, digest_of(data)


def _demand_untouched(path: Path) -> None:
    seal = seal_of(path)
    if not seal.untouched and digest_of_cells(read_book(admit(path, SUMMARY_LIMITS), SUMMARY_LIMITS)) != seal.cells:
        raise _HeldError("edited" if seal.cells else "unsealed")


def _read_handed(looked: Looked) -> tuple[bytes, str]:
    """Return what a summary hands on, and its signature, empty for none."""
    title = looked.title("level")
    if not looked.has(title):
        raise _HeldError("early")
    grid = looked.grid(title, FIRST_ROW, (LEVEL, DIGEST, SIGNATURE))
    try:
        data = join_pieces(grid.text(row, LEVEL) for row in grid.rows)
    except ValueError:
        raise _HeldError("edited") from None
    if digest_of(data) != grid.text(FIRST_ROW, DIGEST):
        raise _HeldError("edited")
    return data, grid.text(FIRST_ROW, SIGNATURE)


def _demand_signature(data: bytes, signature: str, terms: Terms) -> None:
    if terms.key is None:
        return
    standing = terms.key.digest_standing(signature, digest_of(data))
    if standing is Standing.REFUTED:
        raise _HeldError("edited")
    if terms.signed and standing is not Standing.GENUINE:
        raise _HeldError("unsigned")


def _demand_form(head: Head, terms: Terms) -> None:
    form = terms.form
    if head.form != form.id:
        raise _HeldError("other_form", found=head.form, expected=form.title)
    if head.edition != form.edition:
        raise _HeldError("other_edition", found=head.edition, expected=form.edition)
    if terms.signed and not head.signed:
        raise _HeldError("unsigned")
