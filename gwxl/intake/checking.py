"""Check one file: a receipt for each form sheet in it, whatever is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gwxl.containers.limits import DEFAULT_LIMITS
from gwxl.errors import RefusedError
from gwxl.form.edition_mapping import Passage, passage
from gwxl.form.identity import DECISIONS, DOCUMENT_PROPERTY, SUMMARY
from gwxl.form.layout import LIVE_SHEET, Layout, lay_out
from gwxl.inert import inert_line
from gwxl.intake.answers import MeansBlank, read_answers
from gwxl.intake.judging import judge_reading
from gwxl.intake.locating.form_sheets import Located
from gwxl.intake.locating.strays import BESIDE_BLANK, stray_findings
from gwxl.intake.locating.tampering import find_tampering
from gwxl.intake.older_editions import carry, move_findings
from gwxl.intake.recognition import Recognised, recognise, refuse_foreign
from gwxl.intake.stored_verdicts import collect_stored
from gwxl.live.calculated_answers import required_paths
from gwxl.records.finding import Finding, Severity
from gwxl.records.reading import Grounds, Reading, Stray
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.rules.ruleset import RuleSet
from gwxl.spreadsheets.admission.door import Admitted, Kind, admit, admit_bytes
from gwxl.spreadsheets.admission.file_name import refine_refusal
from gwxl.spreadsheets.archive import Archive, reopen
from gwxl.spreadsheets.book import Book
from gwxl.spreadsheets.opening import EXCESSES, glimpse, read_book
from gwxl.spreadsheets.xls.workbook import is_locked
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


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What is read of one file or member as far as no rule and no key is needed.

    Attributes:
        read: each form sheet, or the receipt of a file that is none whatever the rules are.
        sha256: of the file or the zip, where the same bytes always give the same; empty where something else had a
            say, a password for instance.
    """

    read: tuple[Reading | Receipt, ...]
    sha256: str = ""

    def judge(self, terms: Terms) -> tuple[Receipt, ...]:
        """Return the receipts."""
        return tuple(judge_reading(one, terms) if isinstance(one, Reading) else one for one in self.read)


def check_file(path: Path, name: str, terms: Terms) -> tuple[Receipt, ...]:
    """Read and judge one file, a zip with all in it; whatever is wrong ends as a receipt, never as an exception.

    Args:
        path: the file.
        name: how the clerk calls it, for receipts.
        terms: what it is held against.
    """
    found = read_part(path, name, terms)
    if isinstance(found, Taken):
        return found.judge(terms)
    inside = [read_part(path, name, terms, member) for member in found.members]
    return tuple(receipt for read in inside if isinstance(read, Taken) for receipt in read.judge(terms))


def read_part(path: Path, name: str, terms: Terms, member: Member | None = None) -> Taken | Members:
    """Read one file or one member of a zip, whatever is wrong with it; of a zip say what is in it."""
    source = Source(file=name, member=member.name if member else None)
    lasting = ""
    try:
        if member is None:
            admitted = admit(path)
        else:
            data = reopen(path, member.archive).read(member.name)
            source = replace(source, size=len(data))
            admitted = admit_bytes(data)
        source = replace(source, sha256=admitted.sha256, size=admitted.size)
        lasting = "" if _is_locked(admitted) else member.archive if member else admitted.sha256
        if admitted.kind is Kind.ZIP and member is None:
            return _members(admitted)
        return Taken(read=tuple(_read_book(admitted, source, terms)), sha256=lasting)
    except RefusedError as error:
        return Taken(read=(refuse_file(source, error, terms.language),), sha256=lasting)


def _is_locked(admitted: Admitted) -> bool:
    return admitted.kind is Kind.ENCRYPTED or (admitted.kind is Kind.XLS and is_locked(admitted.data, _LIMITS))


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


def _read_book(admitted: Admitted, source: Source, terms: Terms) -> Iterator[Reading | Receipt]:
    book = _open(admitted, terms)
    if DOCUMENT_PROPERTY in book.properties:
        said = book.properties[DOCUMENT_PROPERTY]
        why = said if said in {SUMMARY, DECISIONS} else "own_output"
        reason = text(f"ignored.{why}", terms.language)
        yield Receipt(source=source, status=Status.IGNORED, reason=reason)
        return
    source = replace(source, modified=book.modified, program=book.program)
    every = recognise(book, terms.forms)
    for found in every:
        place = replace(source, sheet=found.located.sheet, shared=len(every) > 1)
        yield _read_sheet(book, found, place)


def _open(admitted: Admitted, terms: Terms) -> Book:
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


def _read_sheet(book: Book, found: Recognised, source: Source) -> Reading:
    """Return what a form sheet says, whatever the rules are."""
    located, rules = found.located, found.rules
    way = passage(found.edition, rules.form) if found.edition else None
    required = required_paths(rules)
    read = read_answers(book, located, found.form, _means_blank(rules, way), source, required=required)
    layout, dated = lay_out(found.form), read.around.get(found.form.roles.date)
    marks = (*located.findings, *(() if located.plain else find_tampering(book, located, layout)))
    moved = tuple(read.rows.find_moved(located.lockless))
    strays, lying = ((), ()) if located.plain else _collect_strays(book, located, layout)
    if way is not None:
        marks, read = move_findings(marks, way), carry(read, located.explanations, way)
        moved = tuple(replace(one, finding=_move(one.finding, way)) for one in moved)
        strays = tuple(_move_stray(one, way) for one in strays)
        lying = move_findings(lying, way)
    calculated = way is None and not located.plain
    stored = collect_stored(book, located, rules.form, read.submission) if calculated else None
    grounds = Grounds(
        form=rules.form.id,
        edition=found.edition.form.edition if found.edition else "",
        held=located.held,
        marks=marks,
        notes=read.notes,
        dated=dated,
        moved=moved,
        strays=strays,
        lying=lying,
        stored=stored,
    )
    return Reading(submission=read.submission, grounds=grounds)


def _collect_strays(book: Book, located: Located, layout: Layout) -> tuple[tuple[Stray, ...], tuple[Finding, ...]]:
    """Return what stands beside each blank, for when its answer is missing and when not, and what stands elsewhere."""
    asked = tuple(stray_findings(book, located, layout, layout.inputs))
    lying = tuple(one for one in asked if one.id not in BESIDE_BLANK)
    if len(lying) == len(asked):
        return (), lying
    unasked = {one.key: one for one in stray_findings(book, located, layout, ()) if one.id in BESIDE_BLANK}
    found = {one.key: one for one in asked if one.id in BESIDE_BLANK}
    paths = (path for path in layout.inputs if path in found or path in unasked)
    return tuple(Stray(path=path, asked=found.get(path), unasked=unasked.get(path)) for path in paths), lying


def _move_stray(stray: Stray, way: Passage) -> Stray:
    asked, unasked = (None if one is None else _move(one, way) for one in (stray.asked, stray.unasked))
    return Stray(path=way.to(stray.path) if stray.path else None, asked=asked, unasked=unasked)


def _move(finding: Finding, way: Passage) -> Finding:
    (moved,) = move_findings((finding,), way)
    return moved


def _means_blank(rules: RuleSet, way: Passage | None) -> MeansBlank:
    """Return what tells a word that says nothing, asked with the paths of the edition that is read."""
    if way is None:
        return rules.means_blank
    return lambda path, value: (place := way.to(path)) is not None and rules.means_blank(place, value)
