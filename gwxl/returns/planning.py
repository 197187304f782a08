"""Decide what is written for which return: under what name, in which round, and what was sent already."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from gwxl.batch.batch import ACCEPTED, NO_CORRECTION, TWO_SENDERS, compares, to_return
from gwxl.inert import inert_line
from gwxl.records.answered import digest_answered, digest_of
from gwxl.records.finding import Finding, Severity
from gwxl.records.period import ANY
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.returns.addressing import Addressee, Unread, addressee_of
from gwxl.returns.output_names import fold_name, make_unlike, write_sent_name
from gwxl.returns.sent_log import Said, Sent, SentLog, describe_return
from gwxl.terms import Terms
from gwxl.wording import text

ENDINGS = (".xlsx", ".txt")


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Where returns are sent back to.

    Attributes:
        folder: where the workbooks and letters are written; it is made if it is not there.
        originals: the files that were read; none of them is ever replaced.
        places: the folders that were read, as the names of the files begin.
        force: make anew what was sent already, in place of the files of its round.
        dry_run: write nothing, and say what would be written.
    """

    folder: Path
    originals: tuple[Path, ...] = ()
    places: tuple[str, ...] = ()
    force: bool = False
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class Job:
    """A return to send back.

    Attributes:
        receipt: the return. also: further files of its sender that could not be read either.
        to: whom it goes to. base: what its files are called, without the round. number: the round.
        said: what is said of it, by digests.
    """

    receipt: Receipt
    to: Addressee
    base: str
    number: int
    said: Said
    also: tuple[Receipt, ...] = ()

    def paths(self, folder: Path, language: str) -> tuple[Path, Path]:
        """Return where the workbook and the letter are written."""
        name = write_sent_name(self.base, self.number, language)
        workbook, letter = (folder / f"{name}{ending}" for ending in ENDINGS)
        return workbook, letter


@dataclass(frozen=True, kw_only=True)
class NoJob:
    """The reason why nothing is written for a return.

    Attributes:
        to: whom it would go to, None where that is not known.
        reason: in the form's language; empty where nothing is wrong with it.
        earlier: what was sent already and said the same, None where nothing did.
    """

    receipt: Receipt
    to: Addressee | None = None
    reason: str = ""
    earlier: Sent | None = None


Plan = Job | NoJob


def findings_to_tell(receipt: Receipt) -> tuple[Finding, ...]:
    """Return the findings that are the filler's to mend: a code or a mark that a clerk found to be another's is."""
    return tuple(one for one in receipt.findings if one.open and _is_told(one, receipt))


def _is_told(finding: Finding, receipt: Receipt) -> bool:
    turned_down = receipt.status is Status.REJECTED and finding.severity is Severity.ERROR
    return not compares(finding.id) or (turned_down and finding.id in {TWO_SENDERS, NO_CORRECTION})


def blank_terms(terms: Terms, receipts: Sequence[Receipt]) -> Terms | None:
    """Return the form and the period a blank one is to be of: those asked for, else those of most returns."""
    said = [one.submission.identity for one in receipts if one.submission and one.status is not Status.IGNORED]
    forms = {rules.form.id for rules in terms.forms}
    if len(forms) > 1:
        forms &= {one.form for one in said}
    periods = Counter(one.period for one in said if one.year is not None).most_common(2)
    alone = len(periods) == 1 or (len(periods) > 1 and periods[0][1] > periods[1][1])
    period = terms.period if terms.year or not alone else periods[0][0]
    if len(forms) != 1:
        return None
    rules = terms.of(next(iter(forms)))
    known = rules.form.asks_of(period) or rules.form.span is None
    return replace(terms.for_period(period if rules.form.span else ANY), named=rules) if known else None


@dataclass
class Planner:
    """Plan one run: names are given in the order of the returns, no two alike."""

    terms: Terms
    receipts: Sequence[Receipt]
    sending: Sending
    log: SentLog
    _bases: set[str] = field(default_factory=set)
    _made: dict[tuple[str, str], Job] = field(default_factory=dict)

    def plans(self) -> Iterator[Plan]:
        """Yield what becomes of each return, in their order."""
        refused = self._plan_refused()
        for receipt in self.receipts:
            if receipt.source.by and (to_return(receipt) or receipt.status is Status.REFUSED):
                yield self._below(receipt)
            elif to_return(receipt):
                yield self._plan(receipt, self._find_addressee(receipt))
            elif receipt.status is Status.REFUSED:
                yield refused[id(receipt)]
            elif receipt.submission is None or receipt.status not in ACCEPTED:
                yield NoJob(receipt=receipt, reason=receipt.reason)
            else:
                yield NoJob(receipt=receipt, reason=self._tell_compared(receipt))

    def _tell_compared(self, receipt: Receipt) -> str:
        count = sum(one.open for one in receipt.findings)
        return text("sent.compared", self.terms.language, count=count) if count else ""

    def _plan(self, receipt: Receipt, to: Addressee, also: tuple[Receipt, ...] = ()) -> Plan:
        every = (receipt, *also)
        faults = [(one.id, one.key or "") for each in every for one in findings_to_tell(each)]
        turned_down = receipt.status in {Status.HELD, Status.REJECTED}
        said = describe_return(receipt, faults, receipt.reason if turned_down else "")
        twin = self._made.get((said.answered, fold_name(to.base)))
        if twin is not None:
            reason = text("sent.twice", self.terms.language, file=inert_line(twin.receipt.source.name))
            return NoJob(receipt=receipt, to=to, reason=reason)
        earlier = self.log.find_earlier(said, None if receipt.submission else (to.base,))
        if earlier is not None and not self.sending.force:
            values = {"round": earlier.number, "workbook": inert_line(earlier.workbook), "day": earlier.day}
            reason = text("sent.same_since" if earlier.day else "sent.same", self.terms.language, **values)
            return NoJob(receipt=receipt, to=to, reason=reason, earlier=earlier)
        job = self._job(receipt, to, said, earlier)
        job = replace(job, also=also)
        self._made[said.answered, fold_name(to.base)] = job
        return job

    def _job(self, receipt: Receipt, to: Addressee, said: Said, earlier: Sent | None) -> Job:
        known = self._find_base(receipt, to)
        base = make_unlike(known or to.base, self._bases if known else self._bases | self._reserved)
        self._bases.add(fold_name(base))
        job = Job(
            receipt=receipt, to=to, base=base, number=1 + max(self.log.last(base), _count_rounds(receipt)), said=said
        )
        if earlier is None or fold_name(earlier.base) != fold_name(base):
            return job
        again = replace(job, number=earlier.number)
        kept = {path.resolve() for path in self.sending.originals}
        targets = again.paths(self.sending.folder, self.terms.language)
        return job if any(path.resolve() in kept for path in targets) else again

    def _find_base(self, receipt: Receipt, to: Addressee) -> str | None:
        """Return what files are called that went to a sender before, the number that tells two apart with it."""
        sent = receipt.submission.round if receipt.submission else None
        digests = [digest_answered(receipt.source), *(digest_of(one) for one in (sent.answers if sent else ()))]
        return self.log.base_of(digests, to.base)

    def _find_addressee(self, receipt: Receipt) -> Addressee:
        return addressee_of(self.terms.form_of(receipt.submission), receipt, self.terms.issued)

    @cached_property
    def _reserved(self) -> set[str]:
        """Return what was sent before to the senders of this run is called: nobody else gets these names."""
        every = (one for one in self.receipts if to_return(one))
        known = (self._find_base(one, self._find_addressee(one)) for one in every)
        return {fold_name(base) for base in known if base is not None}

    def _below(self, receipt: Receipt) -> NoJob:
        """Return why a return that came by a summary is not sent back here: its file, and its sender, are below."""
        rules = self.terms.rules_of(receipt.submission)
        to = addressee_of(rules.form, receipt, self.terms.issued) if receipt.submission else None
        return NoJob(receipt=receipt, to=to, reason=rules.form.say("sent.below", by=inert_line(receipt.source.by[0])))

    # what could not be read

    def _plan_refused(self) -> Mapping[int, Plan]:
        """Return the plan for each refused file: one blank form for all of a sender's."""
        found = [one for one in self.receipts if one.status is Status.REFUSED and not one.source.by]
        if not found:
            return {}
        blank = blank_terms(self.terms, self.receipts)
        if blank is None:
            why = text("sent.which_form", self.terms.language)
            return {id(one): NoJob(receipt=one, reason=f"{one.reason}{why}") for one in found}
        unread = Unread(blank.rules, self.receipts, self.sending.places, self.terms.issued)
        plans: dict[int, Plan] = {}
        senders: dict[str, list[tuple[Receipt, Addressee]]] = {}
        for one in found:
            reason, to = self._whom(one, unread)
            if to is None:
                plans[id(one)] = NoJob(receipt=one, reason=f"{one.reason}{reason}")
            else:
                senders.setdefault(fold_name(to.base), []).append((one, to))
        for (first, to), *others in senders.values():
            plans[id(first)] = self._plan(first, to, tuple(one for one, _ in others))
            words = text("sent.together", self.terms.language, file=inert_line(first.source.name))
            plans |= {id(one): NoJob(receipt=one, to=to, reason=f"{one.reason}{words}") for one, to in others}
        return plans

    def _whom(self, receipt: Receipt, unread: Unread) -> tuple[str, Addressee | None]:
        """Return whom a refused file goes back to; else why to nobody."""
        workbook = self._answer_to(receipt) or unread.workbook_of(receipt)
        if workbook is not None:
            words = text("sent.beside", self.terms.language, workbook=inert_line(workbook.source.name))
            return words, None
        return text("sent.nobody", self.terms.language), unread.addressee(receipt)

    def _answer_to(self, receipt: Receipt) -> Receipt | None:
        """Return the workbook that was filled in instead of a refused file, None where none came."""
        digest = receipt.source.sha256
        return self._answers.get(digest) if digest else None

    @cached_property
    def _answers(self) -> Mapping[str, Receipt]:
        return {
            answered.sha256: one
            for one in self.receipts
            if one.status is not Status.REFUSED and one.submission is not None and one.submission.round is not None
            for answered in one.submission.round.answers
        }


def _count_rounds(receipt: Receipt) -> int:
    """Return how many times a return says that it was sent back."""
    sent = receipt.submission.round if receipt.submission else None
    return sent.number if sent else 0
