"""What a merge tells the clerk at its end: kept in the store, it is told again without a return being opened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gwxl.batch.batch import Batch, Counts
from gwxl.batch.decision import Decision, State
from gwxl.batch.verdict_tally import Comparison
from gwxl.records.codec import coder
from gwxl.records.finding import Severity
from gwxl.records.period import Period
from gwxl.records.previous import Previous
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.summary.standing.joining import Standings

LISTED = 10
"""Files named one by one; the summary lists them all."""

_DIFFERENCES = 3


@dataclass(frozen=True, kw_only=True)
class Named:
    """A file, and the reason for what became of it or how many errors and verifies are open."""

    file: str
    reason: str = ""
    errors: int = 0
    verify: int = 0


@dataclass(frozen=True, kw_only=True)
class Listing:
    """How many files something became of, and the first of them."""

    count: int
    first: tuple[Named, ...]


@dataclass(frozen=True, kw_only=True)
class Differing:
    """A 核对 cell that a program calculated otherwise than the checker."""

    file: str
    cell: str
    sheet: str
    checker: str


@dataclass(frozen=True, kw_only=True)
class Compared:
    """How the checks of one program agree with the checker's, and where first not."""

    program: str
    compared: int
    differing: int
    first: tuple[Differing, ...]


@dataclass(frozen=True, kw_only=True)
class Below:
    """A summary of the level below, and how many returns it brought; none where it is held as a whole."""

    file: str
    returns: int
    anew: bool
    held: bool


@dataclass(frozen=True, kw_only=True)
class InVain:
    """A filled row that decides nothing."""

    place: str
    file: str
    trouble: str
    gone: bool


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """Against which period the returns were held, how many sites had reported then, and what of it was not used."""

    period: Period
    found: int
    newcomers: int
    unused: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The numbers and the first names of a merge.

    Attributes:
        twice: how many files came by two ways.
        listings: a status, ``errors`` or ``left_out`` → its files.
        open_cases: how many cases wait for the clerk.
        in_vain: rows that were filled in and decide nothing.
        asked: how many were asked, have reported, passed, and came from nobody; empty where it is not known who was.
        earlier: None where nobody said what was reported a period earlier.
        unjudged: how many rules were not judged for want of it.
        has_decisions: a case is open or decided.
        misplaced: the files of decisions that lie in the inbox.
    """

    title: str
    period: Period
    counts: Counts
    twice: int
    listings: Mapping[str, Listing]
    agreement: tuple[Compared, ...]
    below: tuple[Below, ...]
    open_cases: int
    in_vain: tuple[InVain, ...]
    asked: Mapping[str, int]
    earlier: Earlier | None
    unjudged: int
    has_decisions: bool
    misplaced: tuple[str, ...]

    @property
    def needs_action(self) -> bool:
        """Tell whether somebody has to act: an open error or verify, a held, a rejected or a refused file."""
        counts = self.counts
        return any((counts.errors, counts.verify, counts.held, counts.rejected, counts.refused))

    def encode(self) -> bytes:
        """Return it as JSON."""
        return json.dumps(_CODER.pack(self)).encode("ascii")

    @classmethod
    def decode(cls, data: bytes) -> "Outcome":
        """Return what :meth:`encode` wrote."""
        found: Outcome = _CODER.unpack(json.loads(data))
        return found


_CODER = coder(Outcome)


def sum_up(
    batch: Batch,
    *,
    places: Sequence[str],
    last: Previous | None,
    unjudged: int,
    below: tuple[Below, ...],
    left_out: Sequence[Receipt],
    standings: Standings | None,
    misplaced: tuple[str, ...],
) -> Outcome:
    """Return what is told of a merge.

    Args:
        batch: what became of everything.
        places: where each row of its decisions stands.
        last: what the sites reported a period earlier, None where nobody said.
        unjudged: how many rules were not judged for want of it.
        below: the summaries of the level below that were named.
        left_out: summaries that lie in the folder, and were not named.
        standings: how each one that was asked stands, None where it is not known who was.
        misplaced: the files of decisions that lie in the inbox.
    """
    statuses = (Status.REFUSED, Status.HELD, Status.REJECTED)
    listings = {str(status): _list(batch.of(status)) for status in statuses}
    faulty = [one for one in batch.accepted if one.has_errors]
    return Outcome(
        title=batch.form.title,
        period=batch.period,
        counts=batch.counts,
        twice=_count_twice(batch),
        listings={**listings, "errors": _list(faulty), "left_out": _list(left_out)},
        agreement=tuple(_compare(*one) for one in batch.agreement.items()),
        below=below,
        open_cases=sum(one.state is State.OPEN for one in batch.decisions),
        in_vain=tuple(_tell_vain(places[number], row) for number, row in batch.in_vain),
        asked=standings.told if standings else {},
        earlier=_look_back(batch, last) if last else None,
        unjudged=unjudged,
        has_decisions=any(not row.by for row in batch.decisions),
        misplaced=misplaced,
    )


def _list(receipts: Sequence[Receipt]) -> Listing:
    return Listing(count=len(receipts), first=tuple(map(_name, receipts[:LISTED])))


def _name(receipt: Receipt) -> Named:
    wrong = [one.severity for one in receipt.findings if one.open]
    errors, verify = wrong.count(Severity.ERROR), wrong.count(Severity.VERIFY)
    return Named(file=receipt.source.name, reason=receipt.reason, errors=errors, verify=verify)


def _compare(program: str, found: Comparison) -> Compared:
    first = tuple(
        Differing(file=source.name, cell=str(one.cell), sheet=one.sheet, checker=one.checker)
        for source, one in found.differences[:_DIFFERENCES]
    )
    return Compared(program=program, compared=found.compared, differing=len(found.differences), first=first)


def _tell_vain(place: str, row: Decision) -> InVain:
    return InVain(place=place, file=row.file, trouble=row.trouble, gone=row.state is State.GONE)


def _look_back(batch: Batch, last: Previous) -> Earlier:
    newcomers = count_newcomers(batch, last)
    found = len(batch.accepted) - newcomers
    return Earlier(period=last.period, found=found, newcomers=newcomers, unused=last.unused)


def count_newcomers(batch: Batch, last: Previous | None) -> int:
    """Return how many of the returns that count are of a site that did not report a period earlier."""
    known = last.sites if last else {}
    return sum(batch.site(one) not in known for one in batch.accepted)


def _count_twice(batch: Batch) -> int:
    """Return how many files are set aside as the very file stands for them that came by another way."""
    aside = [one.source for one in batch.of(Status.SUPERSEDED)]
    standing = (one.source for one in batch.receipts if one.status is not Status.SUPERSEDED)
    used = {one.sha256: one.by for one in standing}
    return sum(one.sha256 in used and used[one.sha256] != one.by for one in aside)
