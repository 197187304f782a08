"""Apply a clerk's decisions to a batch: each to the case it was made about, and to no other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gwxl.batch.batch import ACCEPTED, COMPARED, DIFFERENT, NO_CORRECTION, TWO_SENDERS
from gwxl.batch.decision import Decision, Verb
from gwxl.batch.decisions.cases import Covers, covers_finding, covers_reason
from gwxl.batch.decisions.docket import Docket
from gwxl.batch.rejecting import deny_correction, reject, return_to_sender
from gwxl.form.definition import Form
from gwxl.intake import rejudge
from gwxl.intake.answers import field_values
from gwxl.intake.doubtful_rows import TOTAL, count_row, note_decision
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer, Change, Scalar, Source, Status, Submission, Unread
from gwxl.rules.ruleset import RuleSet
from gwxl.terms import Terms
from gwxl.wording.joining import join_clauses


def take_proposals(receipts: Sequence[Receipt], docket: Docket, terms: Terms) -> tuple[Receipt, ...]:
    """Return the receipts with the proposals a clerk took in place of what was written, judged again."""
    return tuple(_take_proposals(receipt, docket, terms) for receipt in receipts)


def _take_proposals(receipt: Receipt, docket: Docket, terms: Terms) -> Receipt:
    for rule, key in docket.find_cases(receipt):
        finding = next((one for one in receipt.findings if (one.key, one.id) == (key, rule) and one.proposal), None)
        row = docket.find(receipt, rule, key, {Verb.TAKE}) if finding else None
        if finding is not None and row is not None and receipt.submission is not None:
            docket.use(row)
            submission = _with_proposal(receipt.submission, finding, terms.form)
            receipt = rejudge(receipt, submission, terms)
    return receipt


def _with_proposal(submission: Submission, finding: Finding, form: Form) -> Submission:
    path, proposal = Path(finding.key or ""), str(finding.proposal)
    old = submission.answers[path]
    unread = old.value if isinstance(old.value, Unread) else None
    value: Scalar = proposal if unread is None or unread.proposal is None else unread.proposal
    change = Change(key=path, raw=old.raw, value=proposal, kind="decided")
    return replace_answers(submission, {path: replace(old, value=value, changes=(*old.changes, change))}, form)


def replace_answers(submission: Submission, answers: Mapping[Path, Answer], form: Form) -> Submission:
    """Return a submission with some answers in place of its own."""
    every = {**submission.answers, **answers}
    return replace(submission, answers=every, values=field_values(form, every))


def decide_rows(receipts: Sequence[Receipt], docket: Docket, terms: Terms) -> tuple[Receipt, ...]:
    """Return the receipts with the rows that look like totals counted, or left out for good, as a clerk decided."""
    return tuple(_with_rows(receipt, docket, terms) for receipt in receipts)


def _with_rows(receipt: Receipt, docket: Docket, terms: Terms) -> Receipt:
    for rule, key in docket.find_cases(receipt):
        finding = next((one for one in receipt.findings if (one.key, one.id) == (key, rule) and rule == TOTAL), None)
        row = docket.find(receipt, rule, key, {Verb.SETTLE, Verb.REJECT}) if finding and finding.open else None
        if finding and finding.key and row is not None and receipt.submission is not None:
            docket.use(row)
            counted = row.verb is Verb.SETTLE
            answers = count_row(receipt.submission.answers, finding.key, counted=counted)
            answered = _answer(note_decision(finding, terms.form, counted=counted), row)
            findings = tuple(answered if one is finding else one for one in receipt.findings)
            submission = replace_answers(receipt.submission, answers, terms.form)
            receipt = rejudge(replace(receipt, findings=findings), submission, terms)
    return receipt


def decide_held(receipts: Sequence[Receipt], docket: Docket, rules: RuleSet) -> tuple[Receipt, ...]:
    """Return the receipts with the held ones accepted, or rejected, as a clerk decided."""
    ruled = {rule.id for rule in rules.rules}
    return tuple(
        _release(receipt, docket, ruled, rules.form) if _is_undecided(receipt) else receipt for receipt in receipts
    )


def _is_undecided(receipt: Receipt) -> bool:
    """Tell whether a clerk can decide about a return that is held; a summary that is held as a whole is none."""
    return receipt.status is Status.HELD and receipt.submission is not None


def _release(receipt: Receipt, docket: Docket, ruled: set[str], form: Form) -> Receipt:
    covers = covers_reason(receipt)
    row = docket.find(receipt, "", "", {Verb.ACCEPT, Verb.REJECT}, covers)
    if row is None:
        return receipt
    docket.use(row, covers)
    if row.verb is Verb.REJECT:
        return reject(form, receipt, row.reason)
    findings = tuple(_answer(one, row) if _holds(one, ruled) else one for one in receipt.findings)
    return replace(receipt, status=Status.FINDINGS, reason="", findings=findings)


def send_back(receipts: Sequence[Receipt], docket: Docket, form: Form) -> tuple[Receipt, ...]:
    """Return the receipts with those rejected that a clerk sends back, whatever she was asked about them."""
    return tuple(
        _send_one_back(receipt, docket, form) if docket.find_cases(receipt) else receipt for receipt in receipts
    )


def _send_one_back(receipt: Receipt, docket: Docket, form: Form) -> Receipt:
    if receipt.submission is None or receipt.status not in {*ACCEPTED, Status.HELD}:
        return receipt
    rows = docket.find_sent_back(receipt)
    for row in rows:
        docket.use(row, row.covers)
    reasons = dict.fromkeys(row.reason for row in rows if row.reason)
    return return_to_sender(form, receipt, join_clauses(reasons, form.language)) if rows else receipt


def hold_turned_down(
    receipts: Sequence[Receipt], docket: Docket, covers: Covers, rules: RuleSet
) -> tuple[Receipt, ...]:
    """Return the receipts with those held that a clerk turned down for what nothing asks any more.

    The other return of the code was taken away, or signatures are not demanded this time: what was turned down once
    never counts again without a word.
    """
    ruled = {rule.id for rule in rules.rules}
    return tuple(_doubt_anew(receipt, docket, covers, ruled, rules.form) for receipt in receipts)


def _doubt_anew(receipt: Receipt, docket: Docket, covers: Covers, ruled: set[str], form: Form) -> Receipt:
    asked = ("",) if receipt.source in covers else ("", TWO_SENDERS)
    if receipt.status not in ACCEPTED or not any(docket.find(receipt, rule, "", {Verb.REJECT}) for rule in asked):
        return receipt
    held = replace(receipt, status=Status.HELD, reason=form.say("held.turned_down"))
    return _release(held, docket, ruled, form)


def turn_down_corrections(receipts: Sequence[Receipt], docket: Docket, form: Form) -> tuple[Receipt, ...]:
    """Return the receipts with those rejected that bear the mark of a return they are no correction of, as decided.

    Whatever becomes of the return the mark names: a workbook that was turned down once counts no more.
    """
    return tuple(
        _deny_correction(receipt, docket, form) if docket.find_cases(receipt) else receipt for receipt in receipts
    )


def _deny_correction(receipt: Receipt, docket: Docket, form: Form) -> Receipt:
    sent = receipt.submission.round if receipt.submission else None
    if sent is None or receipt.status not in ACCEPTED:
        return receipt
    row = docket.find(receipt, NO_CORRECTION, "", {Verb.SETTLE, Verb.REJECT})
    if row is None or row.verb is not Verb.REJECT:
        return receipt
    docket.use(row, row.covers)
    return deny_correction(form, receipt, sent.number, row.reason)


def _holds(finding: Finding, ruled: set[str]) -> bool:
    """Tell whether a finding speaks of the file and not of an answer in it."""
    return finding.open and (finding.id not in ruled or finding.key is None)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a clerk said about several returns of one code.

    Attributes:
        used: the returns that are to count.
        turned_down: the returns whose code is another's → the reason given.
        contradicted: the returns of which several are to count that cannot.
    """

    used: frozenset[Source]
    turned_down: Mapping[Source, str]
    contradicted: frozenset[Source] = frozenset()


def choose(receipts: Sequence[Receipt], docket: Docket, covers: Covers) -> Choices:
    """Return which returns of a code a clerk chose and which she turned down; two chosen at once choose none."""
    used: dict[tuple[str, str], list[tuple[Receipt, Decision]]] = {}
    turned_down: dict[Source, str] = {}
    for receipt in receipts:
        for row in _decisions_on_code(receipt, docket, covers):
            if row.verb is Verb.USE:
                asked = covers.get(receipt.source, receipt.source.sha256)
                used.setdefault((row.rule, asked), []).append((receipt, row))
            elif row.rule == TWO_SENDERS and receipt.source in covers:
                docket.use(row, covers[receipt.source])
                turned_down[receipt.source] = row.reason
    chosen: set[Source] = set()
    contradicted: set[Source] = set()
    for told in used.values():
        if len({docket.place(receipt) for receipt, _ in told}) > 1:
            docket.contradict([row for _, row in told])
            contradicted |= {receipt.source for receipt, _ in told}
            continue
        for receipt, row in told:
            docket.use(row, covers.get(receipt.source, row.covers))
            chosen.add(receipt.source)
    return Choices(used=frozenset(chosen), turned_down=turned_down, contradicted=frozenset(contradicted))


def _decisions_on_code(receipt: Receipt, docket: Docket, covers: Covers) -> Iterator[Decision]:
    """Yield what was decided about a return and the others of its code."""
    for rule in (DIFFERENT, TWO_SENDERS) if receipt.status in ACCEPTED else ():
        row = docket.find(receipt, rule, "", {Verb.USE, Verb.REJECT}, covers.get(receipt.source))
        if row is not None:
            yield row


def settle(receipts: Sequence[Receipt], docket: Docket, covers: Covers) -> tuple[Receipt, ...]:
    """Return the receipts with the verifies settled that a clerk settled, by telephone for example."""
    return tuple(_settle(receipt, docket, covers) if docket.find_cases(receipt) else receipt for receipt in receipts)


def _settle(receipt: Receipt, docket: Docket, covers: Covers) -> Receipt:
    asked = set(docket.find_cases(receipt))
    findings = tuple(
        _settle_finding(one, receipt, docket, covers) if (one.id, one.key or "") in asked else one
        for one in receipt.findings
    )
    return replace(receipt, findings=findings)


def _settle_finding(finding: Finding, receipt: Receipt, docket: Docket, covers: Covers) -> Finding:
    if not finding.open or finding.severity is not Severity.VERIFY:
        return finding
    rests = covers_finding(finding, receipt, covers)
    row = docket.find(receipt, finding.id, finding.key or "", {Verb.SETTLE}, rests if finding.id in COMPARED else None)
    if row is None:
        return finding
    docket.use(row, rests)
    return _answer(finding, row)


def _answer(finding: Finding, decision: Decision) -> Finding:
    words = " ".join(part for part in (decision.reason, decision.who, decision.when) if part)
    return replace(finding, settled=True, explanation=words or decision.decision)
