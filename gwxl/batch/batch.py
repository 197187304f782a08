"""A batch: every file of an inbox, accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gwxl.batch.decision import Decision
from gwxl.batch.verdict_tally import Comparison, compare_programs
from gwxl.form.definition import Form
from gwxl.records.natural_order import NaturalKey, natural_key
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.rules.neighbours import is_between
from gwxl.totals.adding import Total, totals_of_parts
from gwxl.totals.figure import countable

Kind = tuple[str, tuple[Receipt, ...]]
"""The key of an answer of the field that divides a batch, and the receipts that give it."""

ACCEPTED = frozenset({Status.OK, Status.FINDINGS})

IDENTICAL, DIFFERENT, SAME_NAME, SAME_SENDER, TWO_SENDERS = "D01", "D02", "D03", "D04", "D05"
NO_CORRECTION = "D06"
SENT_BACK = "D07"
IN_SEVERAL = "D14"
NOT_ASKED = "D26"
OTHER_THAN_LISTED = "D28"
COMPARED = frozenset({IDENTICAL, DIFFERENT, SAME_NAME, SAME_SENDER, TWO_SENDERS, NO_CORRECTION, SENT_BACK})
COMPARED |= {IN_SEVERAL, NOT_ASKED, OTHER_THAN_LISTED}
"""The program's own rules that compare returns with each other, or tell a clerk's word."""

_UNVERIFIED = frozenset({"T06", "T07"})


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Numbers of submissions: received is the sum of accepted, held, rejected, superseded, refused and ignored.

    accepted is the sum of passed, errors (an open error stands) and verify (only open verifies stand).
    """

    received: int
    accepted: int
    passed: int
    errors: int
    verify: int
    held: int
    rejected: int
    superseded: int
    refused: int
    ignored: int


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The account of an inbox.

    Attributes:
        form: the form that was asked.
        period: what the batch is for, none if no return says one.
        receipts: one a submission or file, by file, member and sheet, whatever the order on disk.
        decisions: every row of the file of decisions, open cases included; those that came with a summary too.
        read: the receipts before anything was decided or compared, for the next level.
        vouched: the sha256 of the workbooks whose mark, that they were sent back, was believed.
    """

    form: Form
    period: Period
    receipts: tuple[Receipt, ...]
    decisions: tuple[Decision, ...] = ()
    read: tuple[Receipt, ...] = ()
    vouched: frozenset[str] = frozenset()

    def of(self, *statuses: Status) -> tuple[Receipt, ...]:
        """Return the receipts of these statuses."""
        return tuple(receipt for receipt in self.receipts if receipt.status in statuses)

    @cached_property
    def in_vain(self) -> tuple[tuple[int, Decision], ...]:
        """Return the rows that were filled in and decide nothing, each with its number, from 0."""
        return tuple((number, row) for number, row in enumerate(self.decisions) if row.trouble)

    @cached_property
    def accepted(self) -> tuple[Receipt, ...]:
        """Return the receipts that count, by site code, then by name, then by file."""
        return tuple(sorted(self.of(*ACCEPTED), key=self._site_order))

    @cached_property
    def passed(self) -> tuple[Receipt, ...]:
        """Return the accepted receipts with nothing open."""
        return tuple(receipt for receipt in self.accepted if receipt.passed)

    @cached_property
    def agreement(self) -> Mapping[str, Comparison]:
        """Return program → how the verdicts it stored agree with the checker's."""
        return compare_programs(self.receipts)

    @cached_property
    def totals(self) -> Mapping[Path, Total]:
        """Return the totals over all accepted receipts."""
        return self._totals[0]

    @cached_property
    def totals_passed(self) -> Mapping[Path, Total]:
        """Return the totals over the receipts that passed."""
        return self._totals[1]

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the accepted receipts by the field that divides them, an answer each; nothing where none does.

        Those whose answer is not known come last, if there are any, under an empty key.
        """
        if not self.form.roles.by:
            return ()
        by = self.form.fields[self.form.roles.by]
        told: dict[str, list[Receipt]] = {choice.key: [] for choice in by.choices}
        unknown: list[Receipt] = []
        for one in self.accepted:
            figure = countable(self.form, one, by.path)
            told.get(str(figure.value) if figure.counts else "", unknown).append(one)
        found = [*told.items(), *([("", unknown)] if unknown else [])]
        return tuple((key, tuple(some)) for key, some in found)

    @cached_property
    def totals_of_kinds(self) -> tuple[tuple[Mapping[Path, Total], Mapping[Path, Total]], ...]:
        """Return the totals of each kind: over all of its receipts, and over those of them that passed."""
        return tuple(zip(self._totals[2::2], self._totals[3::2], strict=True))

    @cached_property
    def _totals(self) -> Sequence[Mapping[Path, Total]]:
        parts = [self.accepted, self.passed]
        for _, some in self.kinds:
            parts += [some, tuple(one for one in some if one.passed)]
        return totals_of_parts(self.form, parts)  # in one go, so that each figure is judged once

    def _site_order(self, receipt: Receipt) -> tuple[NaturalKey, ...]:
        name = receipt.submission.text_of(self.form.roles.name) if receipt.submission else ""
        return natural_key(self.site(receipt)), natural_key(name), *file_order(receipt)

    def site(self, receipt: Receipt) -> str:
        """Return the code of a receipt's site, empty when unknown."""
        return site_code(self.form, receipt)

    @cached_property
    def counts(self) -> Counts:
        """Return the counts of the batch."""
        errors = sum(receipt.has_errors for receipt in self.accepted)
        return Counts(
            received=len(self.receipts),
            accepted=len(self.accepted),
            passed=len(self.passed),
            errors=errors,
            verify=len(self.accepted) - len(self.passed) - errors,
            held=len(self.of(Status.HELD)),
            rejected=len(self.of(Status.REJECTED)),
            superseded=len(self.of(Status.SUPERSEDED)),
            refused=len(self.of(Status.REFUSED)),
            ignored=len(self.of(Status.IGNORED)),
        )


def compares(rule: str) -> bool:
    """Tell whether a rule, of the program or of the form, compares returns: what it finds is no filler's to mend."""
    return rule in COMPARED or is_between(rule)


def to_return(receipt: Receipt) -> bool:
    """Tell whether a return that was read has something for its filler to mend.

    What compares it with others is the clerk's.
    """
    if receipt.submission is None:
        return False
    if receipt.status is Status.HELD:
        return not any(compares(finding.id) and finding.open for finding in receipt.findings)
    faulty = any(finding.open and not compares(finding.id) for finding in receipt.findings)
    return receipt.status is Status.REJECTED or (receipt.status in ACCEPTED and faulty)


def file_order(receipt: Receipt) -> tuple[NaturalKey, ...]:
    """Return what to sort a receipt by: the summaries it came by, file, member and sheet."""
    source = receipt.source
    way = "\n".join(source.by)
    return tuple(natural_key(part or "") for part in (way, source.file, source.member, source.sheet))


def site_code(form: Form, receipt: Receipt) -> str:
    """Return the site code of a receipt: the answer, else the identity's; empty when unknown."""
    if receipt.submission is None:
        return ""
    return receipt.submission.text_of(form.roles.code) or receipt.submission.identity.site_code or ""


def is_signed(receipt: Receipt) -> bool:
    """Tell whether the campaign's key was at hand and vouches for a return's identity."""
    signed = receipt.submission is not None and receipt.submission.identity.signature is not None
    return signed and not any(finding.id in _UNVERIFIED for finding in receipt.findings)
