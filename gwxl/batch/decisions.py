"""Apply the clerk's decisions to a batch, and ask for those still open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from gwxl.batch.batch import ACCEPTED, DIFFERENT, TWO_SENDERS, Decision, site_code
from gwxl.batch.rejecting import rejected
from gwxl.findings import Finding, Severity, Verdict, render_message
from gwxl.form.definition import Form
from gwxl.intake import rejudge
from gwxl.intake.answers import field_values
from gwxl.intake.rows import TOTAL, count_row, decided
from gwxl.receipt import Receipt
from gwxl.rules.ruleset import RuleSet
from gwxl.submission import Answer, Change, Scalar, Status, Submission, Unread
from gwxl.wording import text


class Verb(StrEnum):
    """Say what a clerk can decide."""

    ACCEPT = "accept"
    REJECT = "reject"
    USE = "use"
    TAKE = "take"
    SETTLE = "settle"


def take_proposals(
    receipts: Sequence[Receipt], decisions: Sequence[Decision], rules: RuleSet, year: int | None
) -> tuple[Receipt, ...]:
    """Return the receipts with the proposals a clerk took in place of what was written, judged again."""
    taken = [one for one in decisions if one.decision == Verb.TAKE]
    return tuple(_taken(receipt, [one for one in taken if _meant(one, receipt)], rules, year) for receipt in receipts)


def _taken(receipt: Receipt, decisions: Sequence[Decision], rules: RuleSet, year: int | None) -> Receipt:
    for decision in decisions:
        wanted = (decision.key, decision.rule)
        finding = next((one for one in receipt.findings if (one.key, one.id) == wanted and one.proposal), None)
        if finding is not None and receipt.submission is not None:
            submission = _with_proposal(receipt.submission, finding, rules.form)
            receipt = rejudge(receipt, submission, rules, year)
    return receipt


def _with_proposal(submission: Submission, finding: Finding, form: Form) -> Submission:
    path, proposal = str(finding.key), str(finding.proposal)
    old = submission.answers[path]
    unread = old.value if isinstance(old.value, Unread) else None
    value: Scalar = proposal if unread is None or unread.proposal is None else unread.proposal
    change = Change(key=path, raw=old.raw, value=proposal, kind="decided")
    answer = replace(old, value=value, changes=(*old.changes, change))
    return _answering(submission, {**submission.answers, path: answer}, form)


def _answering(submission: Submission, answers: Mapping[str, Answer], form: Form) -> Submission:
    return replace(submission, answers=answers, values=field_values(form, answers))


def decide_rows(
    receipts: Sequence[Receipt], decisions: Sequence[Decision], rules: RuleSet, year: int | None
) -> tuple[Receipt, ...]:
    """Return the receipts with the rows that look like totals counted, or left out for good, as a clerk decided."""
    told = [one for one in decisions if one.rule == TOTAL and one.decision in {Verb.SETTLE, Verb.REJECT}]
    return tuple(
        _with_rows(receipt, [one for one in told if _meant(one, receipt)], rules, year) for receipt in receipts
    )


def _with_rows(receipt: Receipt, decisions: Sequence[Decision], rules: RuleSet, year: int | None) -> Receipt:
    for decision in decisions:
        finding = next((one for one in receipt.findings if (one.key, one.id) == (decision.key, TOTAL)), None)
        if finding is not None and receipt.submission is not None:
            counted = decision.decision == Verb.SETTLE
            answers = count_row(receipt.submission.answers, decision.key, counted=counted)
            answered = _answered(decided(finding, rules.form, counted=counted), decision)
            findings = tuple(answered if one is finding else one for one in receipt.findings)
            submission = _answering(receipt.submission, answers, rules.form)
            receipt = rejudge(replace(receipt, findings=findings), submission, rules, year)
    return receipt


def chosen(decisions: Sequence[Decision]) -> frozenset[str]:
    """Return the sha256 of every return a clerk decided to use."""
    accepted = {one.sha256 for one in decisions if (one.rule, one.decision) == (TWO_SENDERS, Verb.ACCEPT)}
    return frozenset({one.sha256 for one in decisions if one.decision == Verb.USE} | accepted)


def turned_down(decisions: Sequence[Decision]) -> Mapping[str, str]:
    """Return sha256 → reason of every return of which a clerk said that its code is another's."""
    return {one.sha256: one.reason for one in decisions if (one.rule, one.decision) == (TWO_SENDERS, Verb.REJECT)}


def decide_held(receipts: Sequence[Receipt], decisions: Sequence[Decision], rules: RuleSet) -> tuple[Receipt, ...]:
    """Return the receipts with the held ones accepted, or rejected, as a clerk decided."""
    ruled = {rule.id for rule in rules.rules}
    return tuple(_decided(receipt, decisions, ruled, rules.form) for receipt in receipts)


def _decided(receipt: Receipt, decisions: Sequence[Decision], ruled: set[str], form: Form) -> Receipt:
    if receipt.status is not Status.HELD:
        return receipt
    for decision in decisions:
        if decision.rule in {TOTAL, TWO_SENDERS}:
            continue  # it speaks of one row, or of the code, not of the return
        if _meant(decision, receipt) and decision.decision == Verb.ACCEPT:
            findings = tuple(_answered(one, decision) if _holds(one, ruled) else one for one in receipt.findings)
            return replace(receipt, status=Status.FINDINGS, reason="", findings=findings)
        if _meant(decision, receipt) and decision.decision == Verb.REJECT:
            return rejected(form, receipt, decision.reason)
    return receipt


def _holds(finding: Finding, ruled: set[str]) -> bool:
    """Tell whether a finding speaks of the file and not of an answer in it."""
    return finding.open and (finding.id not in ruled or finding.key is None)


def settle(receipts: Sequence[Receipt], decisions: Sequence[Decision]) -> tuple[Receipt, ...]:
    """Return the receipts with the verifies settled that a clerk settled, by telephone for example."""
    settled = [one for one in decisions if one.decision == Verb.SETTLE]
    return tuple(_settled(receipt, [one for one in settled if _meant(one, receipt)]) for receipt in receipts)


def _settled(receipt: Receipt, decisions: Sequence[Decision]) -> Receipt:
    by_place = {(one.key, one.rule): one for one in decisions}
    if not by_place:
        return receipt
    findings = tuple(_settled_finding(one, by_place.get((one.key or "", one.id))) for one in receipt.findings)
    return replace(receipt, findings=findings)


def _settled_finding(finding: Finding, decision: Decision | None) -> Finding:
    if decision is None or not finding.open or finding.severity is not Severity.VERIFY:
        return finding
    return _answered(finding, decision)


def _answered(finding: Finding, decision: Decision) -> Finding:
    words = " ".join(part for part in (decision.reason, decision.who, decision.when) if part)
    return replace(finding, settled=True, explanation=words or decision.decision)


def _meant(decision: Decision, receipt: Receipt) -> bool:
    return bool(decision.sha256) and decision.sha256 == receipt.source.sha256


def open_cases(form: Form, receipts: Sequence[Receipt]) -> tuple[Decision, ...]:
    """Return a row to fill in for each case only a clerk can decide."""
    disputed = {
        site_code(form, receipt)
        for receipt in receipts
        if any(finding.id == DIFFERENT and finding.open for finding in receipt.findings)
    }
    return tuple(case for receipt in receipts for case in _cases(form, receipt, disputed))


def _cases(form: Form, receipt: Receipt, disputed: set[str]) -> Iterator[Decision]:
    site = site_code(form, receipt)
    dispute = next((finding for finding in receipt.findings if finding.id == DIFFERENT), None)
    if receipt.status is Status.HELD and any(finding.id == TWO_SENDERS for finding in receipt.findings):
        yield _case(form, receipt, receipt.reason, "sender", rule=TWO_SENDERS)
    elif dispute is not None and site in disputed:
        yield _case(form, receipt, receipt.reason or _message(form, receipt, dispute), "use", rule=DIFFERENT)
    elif receipt.status is Status.HELD:
        yield _case(form, receipt, receipt.reason, "held")
    if receipt.status in ACCEPTED:
        for finding in receipt.findings:
            verbs = _verbs(finding)
            if verbs and finding is not dispute:
                question = _message(form, receipt, finding)
                yield _case(form, receipt, question, verbs, key=finding.key or "", rule=finding.id)


def _verbs(finding: Finding) -> str:
    """Return which choice of words a finding leaves the clerk; empty when it leaves none."""
    if not finding.open or finding.verdict is not Verdict.FAILED:
        return ""
    if finding.id == TOTAL:
        return "row"
    if finding.severity is Severity.VERIFY:
        return "take_or_settle" if finding.proposal else "settle"
    return "take" if finding.proposal else ""


def _message(form: Form, receipt: Receipt, finding: Finding) -> str:
    cells = receipt.submission.cells if receipt.submission else {}
    words = render_message(finding, form.label, cells, form.language)
    if finding.proposal:
        words += text("decision.proposal", form.language, proposal=finding.proposal)
    return words


def _case(form: Form, receipt: Receipt, question: str, verbs: str, *, key: str = "", rule: str = "") -> Decision:
    return Decision(
        sha256=receipt.source.sha256,
        site=site_code(form, receipt),
        key=key,
        rule=rule,
        file=receipt.source.name,
        question=question + text(f"decision.choices_{verbs}", form.language),
    )
