"""The cases only a clerk can decide: what is asked, what may be answered, and what the question rests on."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from gwxl.batch.attachments import may_attach
from gwxl.batch.batch import ACCEPTED, DIFFERENT, NO_CORRECTION, TWO_SENDERS, compares, site_code
from gwxl.batch.decision import Choice, Decision, State
from gwxl.batch.decisions.candidates import Groups, quote_finding, with_beside
from gwxl.batch.decisions.docket import Docket
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.intake.doubtful_rows import TOTAL
from gwxl.records.finding import Finding, Severity, Verdict, render_message
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.wording import text

Covers = Mapping[Source, str]
"""The digest of all returns of one code, for each of them."""


def covers_of(form: Form, receipts: Sequence[Receipt], docket: Docket) -> Covers:
    """Return what a question about an accepted return and others rests on: the contents of all it is compared with.

    Those are the returns that give its code, and other corrections of what it corrects. One that is alone has none.
    """
    accepted = [(receipt, tuple(_ties(form, receipt))) for receipt in receipts if receipt.status in ACCEPTED]
    joined: dict[str, str] = {}
    for _, (first, *others) in accepted:
        for tie in others:
            joined[_first(joined, tie)] = _first(joined, first)
    groups: dict[str, list[Receipt]] = {}
    for receipt, (first, *_) in accepted:
        groups.setdefault(_first(joined, first), []).append(receipt)
    found: dict[Source, str] = {}
    for group in groups.values():
        contents = {docket.place(receipt) for receipt in group}
        if len(contents) > 1:
            digest = _digest(*("|".join(one) for one in sorted(contents)))
            found |= dict.fromkeys((receipt.source for receipt in group), digest)
    return found


def _ties(form: Form, receipt: Receipt) -> Iterator[str]:
    """Yield what ties a return to those it is compared with."""
    yield f"code {code}" if (code := site_code(form, receipt)) else f"file {receipt.source.sha256}"
    sent = receipt.submission.round if receipt.submission else None
    if sent is not None and sent.answers:
        yield f"first {sent.answers[-1].sha256} {sent.answers[-1].sheet}"


def _first(joined: dict[str, str], tie: str) -> str:
    """Return the tie that stands for all that are joined with one, shortening the way there for the next time."""
    while (further := joined.get(tie, tie)) != tie:
        joined[tie] = joined.get(further, further)
        tie = further
    return tie


def covers_reason(receipt: Receipt) -> str:
    """Return what the question about a held return rests on: why it is held."""
    return _digest(receipt.reason)


def covers_finding(finding: Finding, receipt: Receipt, covers: Covers) -> str:
    """Return what the question about a finding rests on beside the return: the others it was compared with."""
    if finding.id in {DIFFERENT, TWO_SENDERS}:
        return covers.get(receipt.source, "")
    return _digest(*finding.arguments.values()) if compares(finding.id) else ""


def _digest(*parts: str) -> str:
    # The letter in front keeps a spreadsheet from reading it as a number.
    return "x" + sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def open_cases(
    form: Form, receipts: Sequence[Receipt], docket: Docket, covers: Covers
) -> Iterator[tuple[Receipt, Decision]]:
    """Yield a row to fill in for each case only a clerk can decide, with the receipt it is about."""
    disputed = {
        site_code(form, receipt)
        for receipt in receipts
        if any(finding.id == DIFFERENT and finding.open for finding in receipt.findings)
    }
    groups = Groups(form, receipts, covers)
    for receipt in receipts:
        asking = _Asking(form, receipt, docket, covers, groups)
        for case in asking.cases(disputed=site_code(form, receipt) in disputed):
            yield receipt, case


class _Asking:
    """The questions that are open about one receipt."""

    def __init__(self, form: Form, receipt: Receipt, docket: Docket, covers: Covers, groups: Groups) -> None:
        self._form = form
        self._receipt = receipt
        self._docket = docket
        self._covers = covers
        self._groups = groups

    def cases(self, *, disputed: bool) -> Iterator[Decision]:
        receipt = self._receipt
        dispute = next((finding for finding in receipt.findings if finding.id == DIFFERENT), None)
        claimed = next((finding for finding in receipt.findings if finding.id == TWO_SENDERS), None)
        if claimed is not None and receipt.status is Status.HELD:
            yield self._ask_on_code(claimed, Choice.SENDER)
        elif dispute is not None and disputed:
            yield self._ask_on_code(dispute, Choice.LATER if receipt.status in ACCEPTED else Choice.USE)
        elif receipt.status is Status.HELD and receipt.submission is not None:
            yield self._case(receipt.reason, Choice.HELD, covers=covers_reason(receipt))
        elif may_attach(receipt):
            yield self._case(receipt.reason, Choice.SCAN, rule=receipt.findings[0].id)
        if receipt.status in ACCEPTED:
            for finding in receipt.findings:
                choice = choice_of(finding)
                if choice and finding is not dispute:
                    yield self._ask_on_finding(finding, choice)

    def _ask_on_finding(self, finding: Finding, choice: Choice) -> Decision:
        covers = covers_finding(finding, self._receipt, self._covers)
        case = self._case(self._message(finding), choice, key=finding.key or "", rule=finding.id, covers=covers)
        if compares(finding.id):
            return with_beside(case, self._groups.describe_others(self._receipt))
        return with_beside(case, quote_finding(self._form, self._receipt, finding))

    def _ask_on_code(self, finding: Finding, choice: Choice) -> Decision:
        question = self._receipt.reason or self._message(finding)
        covers = covers_finding(finding, self._receipt, self._covers)
        settled = self._receipt.status is not Status.HELD  # one of them counts until somebody chooses another
        case = self._case(question, choice, rule=finding.id, covers=covers, state=State.DEFAULT if settled else None)
        return with_beside(case, self._groups.describe_others(self._receipt))

    def _message(self, finding: Finding) -> str:
        language, submission = self._form.language, self._receipt.submission
        words = render_message(finding, self._form.label, submission.cells if submission else {}, language)
        if finding.proposal:
            words += text("decision.proposal", language, proposal=finding.proposal)
        return words

    def _case(
        self,
        question: str,
        choice: Choice,
        *,
        key: str = "",
        rule: str = "",
        covers: str = "",
        state: State | None = None,
    ) -> Decision:
        digest, sheet, _ = self._docket.place(self._receipt)
        return Decision(
            file=inert_line(self._receipt.source.name, 2_000),
            sheet=sheet,
            site=site_code(self._form, self._receipt),
            name=self._name(),
            question=question + self._form.say(f"decision.choices_{choice}"),
            rule=rule,
            key=key,
            covers=covers,
            sha256=digest,
            choice=choice,
            state=state or State.OPEN,
        )

    def _name(self) -> str:
        submission = self._receipt.submission
        return inert_line(submission.text_of(self._form.roles.name)) if submission else ""


def choice_of(finding: Finding) -> Choice | None:
    """Return what a finding leaves the clerk; None where it leaves nothing."""
    if not finding.open or finding.verdict is not Verdict.FAILED:
        return None
    if finding.id == TOTAL:
        return Choice.ROW
    if finding.id == NO_CORRECTION:
        return Choice.CORRECTION
    if finding.severity is Severity.VERIFY:
        return Choice.TAKE_OR_SETTLE if finding.proposal else Choice.SETTLE
    return Choice.TAKE if finding.proposal else None
