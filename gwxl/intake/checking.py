"""Check one file: a receipt for each form sheet in it, whatever is wrong with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gwxl.containers.limits import DEFAULT_LIMITS
from gwxl.errors import RefusedError
from gwxl.form.definition import Form
from gwxl.form.edition_mapping import Passage, passage
from gwxl.form.identity import DOCUMENT_PROPERTY, SUMMARY
from gwxl.form.layout import LIVE_SHEET, lay_out
from gwxl.inert import inert_line
from gwxl.intake.answers import MeansBlank, read_answers
from gwxl.intake.authenticity import identity_findings
from gwxl.intake.locating.strays import stray_findings
from gwxl.intake.locating.tampering import find_tampering
from gwxl.intake.missing import collect_beside, find_missing_keys, say_beside, tell_beside
from gwxl.intake.older_editions import carry, move_findings
from gwxl.intake.recognition import Recognised, recognise, refuse_foreign
from gwxl.intake.stored_verdicts import compare
from gwxl.intake.unanswered import is_unanswered
from gwxl.records.finding import Finding, Severity
from gwxl.records.receipt import Receipt
from gwxl.records.signals import why_held
from gwxl.records.submission import Source, Status, Submission
from gwxl.rules.ruleset import RuleSet
from gwxl.spreadsheets.admission.door import Admitted, Kind, admit, admit_bytes
from gwxl.spreadsheets.admission.file_name import refine_refusal
from gwxl.spreadsheets.archive import Archive, reopen
from gwxl.spreadsheets.book import Book
from gwxl.spreadsheets.opening import EXCESSES, glimpse, read_book
from gwxl.terms import Terms
from gwxl.wording import in_language, text

_WHOLE = {"damaged": "refused.damaged_whole", "bomb": "refused.bomb_whole"}
"""What is said where no part of a file is to be named."""

_NAMELESS = "—"
_LIMITS = replace(DEFAULT_LIMITS, unopened=frozenset({LIVE_SHEET}))


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file inside a zip; ``archive`` is the sha256 of the zip it was seen in."""

    name: str
    archive: str


@dataclass(frozen=True, kw_only=True)
class Members:
    """A zip, whose files are checked each by itself."""

    members: tuple[Member, ...]


def check_file(path: Path, name: str, terms: Terms) -> tuple[Receipt, ...]:
    """Read and judge one file, a zip with all in it; whatever is wrong ends as a receipt, never as an exception.

    Args:
        path: the file.
        name: how the clerk calls it, for receipts.
        terms: what it is held against.
    """
    found = check_part(path, name, terms)
    if isinstance(found, Members):
        inside = [check_part(path, name, terms, member) for member in found.members]
        return tuple(receipt for read in inside if not isinstance(read, Members) for receipt in read)
    return found


def check_part(path: Path, name: str, terms: Terms, member: Member | None = None) -> tuple[Receipt, ...] | Members:
    """Read and judge one file or one member of a zip, as :func:`check_file` does; of a zip say what is in it."""
    source = Source(file=name, member=member.name if member else None)
    try:
        if member is None:
            admitted = admit(path)
        else:
            data = reopen(path, member.archive).read(member.name)
            source = replace(source, size=len(data))
            admitted = admit_bytes(data)
        source = replace(source, sha256=admitted.sha256, size=admitted.size)
        if admitted.kind is Kind.ZIP and member is None:
            return _members(admitted)
        return tuple(_check_book(admitted, source, terms))
    except RefusedError as error:
        return (refuse_file(source, error, terms.language),)


def _members(archive: Admitted) -> Members:
    names = Archive(archive.data).names
    if not names:
        raise RefusedError("empty_archive")
    return Members(members=tuple(Member(name=name, archive=archive.sha256) for name in names))


def refuse_file(source: Source, error: RefusedError, language: str) -> Receipt:
    """Return the receipt of a refused file: one finding whose id is the reason."""
    error = refine_refusal(error, source.member or source.file)
    told = {name: str(in_language(value, language)) for name, value in error.details.items()}
    details = {name: inert_line(words) or _NAMELESS for name, words in told.items()}
    whole = _WHOLE.get(error.reason) if error.details.get("part") == "" else None
    message = text(whole or f"refused.{error.reason}", language, **details)
    finding = Finding(id=error.reason, severity=Severity.ERROR, message="{reason}", arguments={"reason": message})
    return Receipt(source=source, status=Status.REFUSED, reason=message, findings=(finding,))


def _check_book(admitted: Admitted, source: Source, terms: Terms) -> Iterator[Receipt]:
    book = _read(admitted, terms)
    if DOCUMENT_PROPERTY in book.properties:
        why = "summary" if book.properties[DOCUMENT_PROPERTY] == SUMMARY else "own_output"
        reason = text(f"ignored.{why}", terms.language)
        yield Receipt(source=source, status=Status.IGNORED, reason=reason)
        return
    source = replace(source, modified=book.modified, program=book.program)
    every = recognise(book, terms.forms)
    for found in every:
        place = replace(source, sheet=found.located.sheet, shared=len(every) > 1)
        yield _judge(book, found, place, terms)


def _read(admitted: Admitted, terms: Terms) -> Book:
    """Return a workbook; what is too large is first of all a workbook of ours, or none."""
    try:
        return read_book(admitted, _LIMITS)
    except RefusedError as error:
        if error.reason not in EXCESSES:
            raise
        excess = error.with_traceback(None)  # which would keep all that was read
    beginning = glimpse(admitted, _LIMITS)
    if beginning is not None and DOCUMENT_PROPERTY in beginning.properties:
        return beginning
    if beginning is not None:
        refuse_foreign(beginning, terms.forms)
    raise excess


def _judge(book: Book, found: Recognised, source: Source, terms: Terms) -> Receipt:
    located, rules = found.located, found.rules
    way = passage(found.edition, rules.form) if found.edition else None
    read = read_answers(book, located, found.form, _means_blank(rules, way), source, today=terms.today)
    layout = lay_out(found.form)
    marks = (*located.findings, *find_tampering(book, located, layout))
    if way is not None:
        marks, read = move_findings(marks, way), carry(read, located.explanations, way)
    marks = (*marks, *identity_findings(rules.form, read.submission, terms))
    reason = located.held or why_held(marks, rules.form.say)
    last = terms.last(rules.form, read.submission)
    judged = rules.judge(read.submission, year=terms.year, last=last)
    moved = tuple(read.rows.find_moved(located.lockless, judged))
    moved = move_findings(moved, way) if way is not None else moved
    ruled = tuple(_skip_told(judged, read.submission))
    missing = find_missing_keys(ruled, read.submission)
    asked = frozenset(path for path in layout.inputs if (way.to(path) if way else path) in missing)
    strays = tuple(stray_findings(book, located, layout, asked))
    strays = strays if way is None else move_findings(strays, way)
    beside = say_beside(strays, missing, rules.form.language)
    noticed = (*marks, *(one for one in strays if one.key not in beside), *read.notes, *moved)
    submission = replace(read.submission, blank=is_unanswered(read.submission, (*marks, *strays), rules.form))
    findings = _sort_findings(rules, (*noticed, *tell_beside(ruled, beside, submission)), submission)
    status = Status.HELD if reason else Status.FINDINGS if findings else Status.OK
    seen = findings if last is None else (*findings, *rules.judge(read.submission, year=terms.year))
    agreement = compare(book, located, rules, submission, seen) if way is None and not reason else None
    return Receipt(
        source=source,
        status=status,
        reason=reason,
        submission=submission,
        findings=findings,
        agreement=agreement,
    )


def _means_blank(rules: RuleSet, way: Passage | None) -> MeansBlank:
    """Return what tells a word that says nothing, asked with the paths of the edition that is read."""
    if way is None:
        return rules.means_blank
    return lambda path, value: (place := way.to(path)) is not None and rules.means_blank(place, value)


def _skip_told(ruled: Iterable[Finding], submission: Submission) -> Iterator[Finding]:
    """Yield the findings of the rules, without those on a field that was not found: that is told already."""
    lost = {path for path, answer in submission.answers.items() if answer.cell is None}
    yield from (finding for finding in ruled if finding.key not in lost or set(finding.operands) - {finding.key})


def rejudge(receipt: Receipt, submission: Submission, terms: Terms) -> Receipt:
    """Return a receipt judged again by the only form: its submission has changed, or the year it is judged for.

    What was noticed about the file stays; only the findings of the form's rules are made anew.
    """
    rules = terms.rules
    ruled = {rule.id for rule in rules.rules}
    noticed = tuple(finding for finding in receipt.findings if finding.id not in ruled)
    found = rules.judge(submission, year=terms.year, last=terms.last(rules.form, submission))
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
