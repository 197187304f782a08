"""Write what is sent back: for each faulty return a fresh workbook with its answers, and the letter that goes along."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from gwxl.batch.batch import ACCEPTED, COMPARED
from gwxl.engines.engine import run
from gwxl.errors import RefusedError, WorkbookError
from gwxl.files.drafts import sweep
from gwxl.files.outputs import make_folder, refuse_conflicts, refuse_existing, refuse_nothing, replacing
from gwxl.form.shown import shown_form
from gwxl.inert import inert_line
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Identity, Status
from gwxl.rendering import render
from gwxl.returns.output_names import names_of
from gwxl.returns.prefilling import Carried, carry, read_back
from gwxl.returns.reissuing import marked, reissued, vouched_site
from gwxl.returns.reviewing import review_of
from gwxl.rules.ruleset import RuleSet
from gwxl.template import Point, Review, Reviewed, Template, draft_template
from gwxl.terms import Terms
from gwxl.wording import each, text

LETTER = "return_letter.j2"

Job = tuple[Receipt, str]
"""A return to send back, and the name of what is written without its ending."""

_FEW = 3  # returns that are written sooner than a worker starts


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Where returns are sent back to.

    Attributes:
        folder: where the workbooks and letters are written; it is made if it is not there.
        originals: the files that were read; none of them is ever replaced.
        force: replace other existing files.
    """

    folder: Path
    originals: tuple[Path, ...] = ()
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What became of one return.

    Attributes:
        review: what is said of it, None where nothing could be read.
        workbook, letter: what was written, None where nothing was.
        reason: why nothing was written though somebody has to act, else empty.
    """

    receipt: Receipt
    review: Review | None = None
    workbook: Path | None = None
    letter: Path | None = None
    reason: str = ""


def send_receipts(terms: Terms, receipts: Sequence[Receipt], sending: Sending) -> Iterator[Returned]:
    """Yield what became of each return; one that cannot be written does not keep the others from it.

    Args:
        terms: the forms and the period asked for, that of each return where it is none; the key signs what goes out.
        receipts: what was read, in the order the workbooks are named.
        sending: where to.

    Raises:
        OutputError: something stands already where a file is to be written (then nothing was), or cannot be written.
    """
    faulty = [receipt for receipt in receipts if _to_return(receipt)]
    names = list(names_of(faulty, terms.language))
    _make_room(sending, [name + suffix for name in names for suffix in (".xlsx", ".txt")])
    jobs = list(zip(faulty, names, strict=True))
    with closing(_written(jobs, terms, sending)) as written:
        for receipt in receipts:
            yield next(written) if _to_return(receipt) else _untouched(receipt, terms)


def _written(jobs: Sequence[Job], terms: Terms, sending: Sending) -> Generator[Returned, None, None]:
    """Yield what came of each job, in their order: here for a few, in worker processes where that saves time."""
    send = partial(_send, terms=terms, sending=sending)
    if len(jobs) <= _FEW:
        yield from map(send, jobs)
        return
    try:
        with closing(run(send, jobs, partial(_not_written, language=terms.language))) as results:
            for (returned,) in results:
                yield returned
    finally:
        sweep(sending.folder)  # the drafts of workers that were stopped


def _not_written(job: Job, refusal: RefusedError, *, language: str) -> Returned:
    return Returned(receipt=job[0], reason=text(f"refused.{refusal.reason}", language, **refusal.details))


def _rules_of(receipt: Receipt, terms: Terms) -> RuleSet:
    return terms.of(receipt.submission.identity.form if receipt.submission else "")


def _to_return(receipt: Receipt) -> bool:
    """Tell whether a return has something for its filler to mend; what compares it with others is the clerk's."""
    if receipt.submission is None:
        return False
    if receipt.status is Status.HELD:
        return not _compared(receipt)
    faulty = any(finding.open and finding.id not in COMPARED for finding in receipt.findings)
    return receipt.status is Status.REJECTED or (receipt.status in ACCEPTED and faulty)


def _compared(receipt: Receipt) -> bool:
    return any(finding.id in COMPARED and finding.open for finding in receipt.findings)


def _make_room(sending: Sending, names: Sequence[str]) -> None:
    if names:
        make_folder(sending.folder)
        refuse_conflicts([sending.folder / name for name in names], sending.originals, force=sending.force)


def _untouched(receipt: Receipt, terms: Terms) -> Returned:
    """Account for a return that is not sent back: nothing is wrong, nothing was read, or the clerk has to decide."""
    if receipt.submission is None or receipt.status not in ACCEPTED:
        return Returned(receipt=receipt, reason=receipt.reason)
    return Returned(receipt=receipt, review=review_of(receipt, _rules_of(receipt, terms), Carried(), year=terms.year))


def _send(job: Job, *, terms: Terms, sending: Sending) -> Returned:
    receipt, name = job
    rules = _rules_of(receipt, terms)
    terms = replace(terms, named=rules)
    held = _doubt(receipt, terms)
    carried = carry(receipt, rules, trusted=not held)
    review = review_of(receipt, rules, carried, year=terms.year, held=held)
    review = marked(review, receipt, rules.form, carried, terms.key)
    paths = [sending.folder / (name + suffix) for suffix in (".xlsx", ".txt")]
    try:
        _write(receipt, terms, sending, carried=carried, review=review, paths=paths)
    except WorkbookError as error:
        return Returned(receipt=receipt, review=review, reason=error.line(rules.form.language))
    return Returned(receipt=receipt, review=review, workbook=paths[0], letter=paths[1])


def _doubt(receipt: Receipt, terms: Terms) -> str:
    """Return why the answers may not be those of their fields, or not what was asked for; empty where they are.

    An edition that is known is read by its own layout, whether a merge accepts it or not; an unknown one is not.
    """
    found = receipt.submission.identity.year if receipt.submission else None
    # What was read well enough to be compared with others was turned down for what it says, not for where it stands.
    if receipt.status is Status.HELD or (receipt.status is Status.REJECTED and not _compared(receipt)):
        return receipt.reason
    form, year = terms.form, terms.year
    if year is not None and found not in {None, year}:
        return form.say("held.other_year", found=str(found), expected=str(year))
    edition = receipt.submission.identity.edition if receipt.submission else ""
    if edition in {"", form.edition} or form.older_edition(edition) is not None:
        return ""
    return form.say("held.other_edition", found=inert_line(edition), expected=form.edition)


def _write(
    receipt: Receipt, terms: Terms, sending: Sending, *, carried: Carried, review: Review, paths: Sequence[Path]
) -> None:
    """Write workbook and letter, both or neither; the workbook is read back before it gets its name."""
    refuse = refuse_nothing if sending.force else refuse_existing
    identity = _identity(receipt, terms, trusted=not review.held)
    with replacing(paths[1], refuse) as letter, replacing(paths[0], refuse) as draft:
        made = draft_template(
            terms.rules,
            draft,
            identity=identity,
            notice=terms.notice,
            answers=carried.answers,
            explanations=carried.explanations,
            review=review,
        )
        if receipt.submission is not None:
            read_back(draft, terms.rules, carried, receipt.submission)
        letter.write_text(_letter(terms, made, review), "utf-8")


def _identity(receipt: Receipt, terms: Terms, *, trusted: bool) -> Identity:
    """Return what the fresh workbook says it is: of the same site where that is sure, of any site otherwise."""
    found = receipt.submission.identity if receipt.submission else None
    year = terms.year or (found.year if found else None)
    if found is None or year is None:
        raise WorkbookError(each("failure.no_year", file=receipt.source.name))
    identity = reissued(found, terms.during(year), trusted=trusted, vouched=vouched_site(terms.form, receipt))
    if terms.lacking(identity):
        raise WorkbookError(each("failure.unproven"))
    return identity


def _letter(terms: Terms, made: Template, review: Review) -> str:
    form = terms.form
    reviewed = Reviewed(review, made.layout)
    return (
        render(
            LETTER,
            form.folder,
            form=shown_form(form),
            language=form.language,
            title=form.say("template.title", title=form.title, year=made.identity.year),
            notice=asdict(terms.notice),
            review=_reviewed(review),
            counts=reviewed.counts(),
            unasked=reviewed.unasked(),
            points=[_line(reviewed, point) for point in review.points],
        ).strip()
        + "\n"
    )


def _reviewed(review: Review) -> Mapping[str, object]:
    """Return what the letter may see of a review besides its points."""
    return {
        "round": review.round,
        "name": review.name,
        "held": review.held,
        "rejected": review.rejected,
        "done": [{"rule": done.rule, "title": done.title, "state": done.state} for done in review.done],
        "lost": [{"label": lost.label, "raw": inert_line(lost.raw)} for lost in review.lost],
    }


def _line(reviewed: Reviewed, point: Point) -> Mapping[str, str]:
    cell = reviewed.cell(point.finding.key)
    return {
        "severity": reviewed.severity(point),
        "cell": cell.address if cell else "",
        "field": reviewed.label(point.finding.key),
        "message": reviewed.message(point),
        "todo": reviewed.todo(point),
        "example": point.example,
        "state": text(f"review.state.{point.state}", reviewed.language) if point.state else "",
    }
