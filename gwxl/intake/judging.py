"""Judge the reading of a form sheet by the rules, the campaign's key and what is known besides."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gwxl.form.definition import Form
from gwxl.form.edition_mapping import Passage, passage
from gwxl.intake.around import day_of, judge_day, tell_limit
from gwxl.intake.authenticity import identity_findings
from gwxl.intake.missing import collect_beside, find_missing_keys, say_beside, tell_beside
from gwxl.intake.older_editions import move_findings
from gwxl.intake.stored_verdicts import compare
from gwxl.intake.unanswered import is_unanswered
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.reading import Grounds, Reading, Verdict
from gwxl.records.receipt import Receipt
from gwxl.records.signals import why_held
from gwxl.records.submission import Status, Submission
from gwxl.rules.ruleset import RuleSet
from gwxl.terms import Terms


def judge_reading(reading: Reading, terms: Terms) -> Receipt:
    """Return the receipt of a form sheet that was read."""
    read, grounds = reading.submission, reading.grounds
    rules = terms.of(grounds.form)
    way = _find_way(grounds, rules.form)
    marks = (*grounds.marks, *identity_findings(rules.form, read, terms))
    reason = grounds.held or why_held(marks, rules.form.say)
    last = terms.last(rules.form, read)
    judged = rules.judge(read, period=terms.period, last=last)
    ruled = tuple(_skip_told(judged, read))
    missing = find_missing_keys(ruled, read)
    strays = tuple(_choose_strays(grounds, missing))
    beside = say_beside(strays, missing, rules.form.language)
    faulty = {finding.key for finding in judged}
    moved = (one.finding for one in grounds.moved if any(path in faulty for path in one.blanks))
    apart = (one for one in strays if one.key not in beside)
    noticed = (*marks, *apart, *grounds.notes, *_judge_day(grounds, read, terms, way), *moved)
    submission = replace(
        read, blank=is_unanswered(read, (*marks, *strays), rules.form), left_out=rules.find_unasked(read)
    )
    findings = _sort_findings(rules, (*noticed, *tell_beside(ruled, beside, submission)), submission)
    status = Status.HELD if reason else Status.FINDINGS if findings else Status.OK
    seen = findings if last is None else (*findings, *rules.judge(read, period=terms.period))
    stored = None if reason else grounds.stored
    return Receipt(
        source=read.source,
        status=status,
        reason=reason,
        submission=submission,
        findings=findings,
        agreement=None if stored is None else compare(stored, rules, submission, seen),
    )


def verdict_of(reading: Reading, receipt: Receipt, terms: Terms) -> Verdict:
    """Return what of a receipt the rules and the key have made."""
    day, year = day_of(reading.grounds.dated), reading.submission.identity.year
    return Verdict(
        status=receipt.status,
        reason=receipt.reason,
        findings=receipt.findings,
        agreement=receipt.agreement,
        blank=receipt.submission is not None and receipt.submission.blank,
        left_out=receipt.submission.left_out if receipt.submission else frozenset(),
        dated=day,
        year=year,
        limit=tell_limit(day, year, terms.today),
    )


def pass_verdict(submission: Submission, verdict: Verdict) -> Receipt:
    """Return the receipt of a submission, as its verdict says."""
    return Receipt(
        source=submission.source,
        status=verdict.status,
        reason=verdict.reason,
        submission=replace(submission, blank=verdict.blank, left_out=verdict.left_out),
        findings=verdict.findings,
        agreement=verdict.agreement,
    )


def still_holds(verdict: Verdict, terms: Terms) -> bool:
    """Tell whether a verdict is the same today."""
    return verdict.limit == tell_limit(verdict.dated, verdict.year, terms.today)


def _find_way(grounds: Grounds, form: Form) -> Passage | None:
    older = form.older_edition(grounds.edition) if grounds.edition else None
    return None if older is None else passage(older, form)


def _judge_day(grounds: Grounds, read: Submission, terms: Terms, way: Passage | None) -> Iterable[Finding]:
    form = terms.of(grounds.form).form if way is None else way.old
    late = judge_day(form, grounds.dated, read.identity.year, terms.today)
    return late if way is None else move_findings(late, way)


def _choose_strays(grounds: Grounds, missing: frozenset[Path]) -> Iterator[Finding]:
    for one in grounds.strays:
        found = one.asked if one.path in missing else one.unasked
        if found is not None:
            yield found
    yield from grounds.lying


def _skip_told(ruled: Iterable[Finding], submission: Submission) -> Iterator[Finding]:
    """Yield the findings of the rules, without those on a field that was not found: that is told already."""
    lost = {path for path, answer in submission.answers.items() if answer.cell is None}
    yield from (finding for finding in ruled if finding.key not in lost or set(finding.operands) - {finding.key})


def rejudge(receipt: Receipt, submission: Submission, terms: Terms) -> Receipt:
    """Return a receipt judged again by the only form: its submission has changed, or the period it is judged for.

    What was noticed about the file stays; only the findings of the form's rules are made anew.
    """
    rules = terms.rules
    ruled = {rule.id for rule in rules.rules}
    noticed = tuple(finding for finding in receipt.findings if finding.id not in ruled)
    submission = replace(submission, left_out=rules.find_unasked(submission))
    found = rules.judge(submission, period=terms.period, last=terms.last(rules.form, submission))
    judged = tuple(_skip_told(found, submission))
    told = tell_beside(judged, collect_beside(receipt.findings), submission)
    findings = _sort_findings(rules, (*noticed, *told), submission)
    status = receipt.status
    if status in {Status.OK, Status.FINDINGS}:
        status = Status.FINDINGS if findings else Status.OK
    return replace(receipt, status=status, submission=submission, findings=findings)


def _sort_findings(rules: RuleSet, findings: Sequence[Finding], submission: Submission) -> tuple[Finding, ...]:
    placed = [
        replace(one, source=one.source or (submission.cells.get(one.key) if one.key else None)) for one in findings
    ]
    return sort_findings(rules.form, placed)


def sort_findings(form: Form, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by place in the form, those on the whole file first, then by severity and id."""
    return tuple(sorted(findings, key=lambda one: (form.order(one.key), one.severity.rank, one.id)))
