"""Write what is sent back: for each faulty return a fresh workbook with its answers, and the letter that goes along."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gwxl.errors import OutputError, WorkbookError
from gwxl.form.identity import issue_identity
from gwxl.form.signature import CampaignKey, Standing
from gwxl.intake import check_file
from gwxl.outputs import refuse_existing, refuse_nothing, replacing
from gwxl.receipt import Receipt
from gwxl.rendering import render
from gwxl.returns.carrying import Carried, carry, refuse_difference
from gwxl.returns.naming import names_of
from gwxl.returns.reviewing import review_of
from gwxl.rules.ruleset import RuleSet
from gwxl.submission import Identity, Status
from gwxl.template import Notice, Point, Review, Reviewed, Template, write_template
from gwxl.wording import each, text

LETTER = "return_letter.j2"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Say how returns are sent back.

    Attributes:
        folder: where the workbooks and letters are written; it is made if it is not there.
        year: the year that is asked for; that of each return when None.
        key: the campaign's key, which signs what goes out; None for none.
        notice: by when and where to they are returned.
        force: replace existing files.
    """

    folder: Path
    year: int | None = None
    key: CampaignKey | None = None
    notice: Notice = field(default_factory=Notice)
    force: bool = False


@dataclass(frozen=True, kw_only=True)
class Returned:
    """Say what became of one return.

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


def send_back(receipts: Sequence[Receipt], forms: Sequence[RuleSet], sending: Sending) -> Iterator[Returned]:
    """Yield what became of each return; one that cannot be written does not keep the others from it.

    Args:
        receipts: what was read, in the order the workbooks are named.
        forms: the forms the returns may be of.
        sending: where to, for which year, and how.

    Raises:
        OutputError: something stands already where a file is to be written (then nothing was), or cannot be written.
    """
    faulty = [receipt for receipt in receipts if _to_return(receipt)]
    targets = dict(zip(map(id, faulty), names_of(faulty, forms[0].form.language), strict=True))
    _make_room(sending, [name + suffix for name in targets.values() for suffix in (".xlsx", ".txt")])
    for receipt in receipts:
        rules = _rules_of(receipt, forms)
        if id(receipt) in targets:
            yield _send(receipt, rules, sending, targets[id(receipt)])
        else:
            yield _untouched(receipt, rules, sending)


def _rules_of(receipt: Receipt, forms: Sequence[RuleSet]) -> RuleSet:
    form = receipt.submission.identity.form if receipt.submission else ""
    return next((rules for rules in forms if rules.form.id == form), forms[0])


def _to_return(receipt: Receipt) -> bool:
    doubtful = receipt.status in {Status.OK, Status.FINDINGS} and not receipt.passed
    return receipt.submission is not None and (doubtful or receipt.status is Status.HELD)


def _make_room(sending: Sending, names: Sequence[str]) -> None:
    if not names:
        return
    try:
        sending.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(each("failure.unwritable", path=sending.folder, reason=error.strerror or error)) from error
    refuse = refuse_nothing if sending.force else refuse_existing
    for name in names:
        refuse(sending.folder / name)


def _untouched(receipt: Receipt, rules: RuleSet, sending: Sending) -> Returned:
    """Account for a return that is not sent back: nothing is wrong with it, or nothing could be read."""
    review = review_of(receipt, rules, Carried(), year=sending.year) if receipt.submission else None
    reason = receipt.reason if receipt.status is Status.REFUSED else ""
    return Returned(receipt=receipt, review=review, reason=reason)


def _send(receipt: Receipt, rules: RuleSet, sending: Sending, name: str) -> Returned:
    held = _doubt(receipt, rules, sending.year)
    carried = carry(receipt, rules, trusted=not held)
    review = review_of(receipt, rules, carried, year=sending.year, held=held)
    paths = [sending.folder / (name + suffix) for suffix in (".xlsx", ".txt")]
    try:
        _write(receipt, rules, sending, carried=carried, review=review, paths=paths)
    except WorkbookError as error:
        return Returned(receipt=receipt, review=review, reason=error.line(rules.form.language))
    return Returned(receipt=receipt, review=review, workbook=paths[0], letter=paths[1])


def _doubt(receipt: Receipt, rules: RuleSet, year: int | None) -> str:
    """Return why the answers may not be those of their fields, or not of the year asked for; empty where they are."""
    found = receipt.submission.identity.year if receipt.submission else None
    if receipt.status is Status.HELD:
        return receipt.reason
    if year is None or found in {None, year}:
        return ""
    return text("held.other_year", rules.form.language, found=str(found), expected=str(year))


def _write(
    receipt: Receipt, rules: RuleSet, sending: Sending, *, carried: Carried, review: Review, paths: Sequence[Path]
) -> None:
    """Write workbook and letter, both or neither; the workbook is read back before it gets its name."""
    refuse = refuse_nothing if sending.force else refuse_existing
    identity = _identity(receipt, rules, sending, trusted=not review.held)
    with replacing(paths[1], refuse) as letter, replacing(paths[0], refuse) as draft:
        made = write_template(
            rules,
            draft,
            identity=identity,
            notice=sending.notice,
            answers=carried.answers,
            explanations=carried.explanations,
            review=review,
        )
        _read_back(receipt, rules, made, carried)
        letter.write_text(_letter(rules, sending, made, review), "utf-8")


def _identity(receipt: Receipt, rules: RuleSet, sending: Sending, *, trusted: bool) -> Identity:
    """Return what the fresh workbook says it is: of the same site where that is sure, of any site otherwise."""
    found = receipt.submission.identity if receipt.submission else None
    year = sending.year or (found.year if found else None)
    if found is None or year is None:
        raise WorkbookError(each("failure.no_year", file=receipt.source.name))
    site = found.site_code if trusted else None
    return issue_identity(rules.form, year=year, site_code=site, key=_key(found, sending, trusted=trusted))


def _key(found: Identity, sending: Sending, *, trusted: bool) -> CampaignKey | None:
    """Return the key to sign with, None where a signature would vouch for what was never verified."""
    if sending.key is None:
        return None
    standing = sending.key.standing(found)
    if trusted:
        sure = found.site_code is None or standing is Standing.GENUINE
    else:
        sure = sending.year is not None or standing is not Standing.REFUTED
    return sending.key if sure else None


def _read_back(receipt: Receipt, rules: RuleSet, made: Template, carried: Carried) -> None:
    (reread,) = check_file(made.path, made.path.name, [rules])
    if receipt.submission is not None and reread.submission is not None:
        refuse_difference(rules.form, carried, receipt.submission, reread.submission)


def _letter(rules: RuleSet, sending: Sending, made: Template, review: Review) -> str:
    form = rules.form
    reviewed = Reviewed(review, made.layout)
    return (
        render(
            LETTER,
            form.folder,
            form=form,
            language=form.language,
            title=text("template.title", form.language, title=form.title, year=made.identity.year),
            notice=sending.notice,
            review=review,
            counts=reviewed.counts(),
            points=[_line(reviewed, point) for point in review.points],
        ).strip()
        + "\n"
    )


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
