"""Tell which answers of a return may not be those of their fields: all, those at a changed label, or none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gwxl.batch.batch import compares
from gwxl.batch.senders import fold_words
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.signals import HOLDING, as_told
from gwxl.records.submission import Status, Submission
from gwxl.terms import Terms

_LABELS = frozenset({"L05", "L06"})
"""What is said of one label: what stands at others is vouched for by their own key, label and defined name."""

_PLACES = HOLDING - _LABELS | {"L12", "L13", "L15"}
"""What puts the place of every answer in doubt, once a label was changed; without names nobody tells a moved cell."""

_LOST_NAMES = "L11"

OTHER_CODE = "T08"
"""Its answers stand where they belong: the code alone is not the one its workbook was issued with."""

_CLERKS = ("held.waiting", "held.deciding", "held.knowing")
"""What is said behind a reason to the clerk, and is nothing for a filler to do."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """What keeps the answers of a return from being carried over.

    Attributes:
        reason: why the return was not taken, empty where nothing of that kind is known.
        whole: no answer is known to belong to its field.
        paths: the answers that may not be those of their fields, where the others are.
    """

    reason: str = ""
    whole: bool = False
    paths: frozenset[Path] = frozenset()


NO_DOUBT = Doubt()


def doubt_of(receipt: Receipt, terms: Terms, name: str = "") -> Doubt:
    """Return what is to be doubted of a return that goes back.

    An edition that is known is read by its own layout, whether a merge accepts it or not; an unknown one is not.

    Args:
        receipt: the return.
        terms: what it was held against.
        name: what the site is called that its workbook was issued to, empty where nobody knows.
    """
    form, submission = terms.form, receipt.submission
    if submission is None:
        return Doubt(reason=receipt.reason, whole=True)
    reason = plain_reason(form, receipt.reason)
    if other := _why_other(form, submission, terms.period):
        turned = receipt.status in {Status.HELD, Status.REJECTED}
        return Doubt(reason=reason if turned else other, whole=True)
    doubtful = [one for one in receipt.findings if not one.settled]
    found = {one.id for one in doubtful}
    if found & HOLDING == {OTHER_CODE} and is_called(form, submission, name):
        return NO_DOUBT
    if found & _LABELS and not found & _PLACES and _are_known(form, submission, doubtful):
        paths = frozenset(_find_doubted(form, submission, doubtful))
        return Doubt(reason=reason, paths=paths)
    compared = any(one.open and compares(one.id) for one in receipt.findings)
    # What was read well enough to be compared with others was turned down for what it says, not for where it stands.
    if receipt.status is Status.HELD or (receipt.status is Status.REJECTED and not compared):
        return Doubt(reason=reason, whole=True)
    return NO_DOUBT


def is_called(form: Form, submission: Submission, name: str) -> bool:
    """Tell whether a return bears the name of a site, as far as either is known."""
    said = submission.text_of(form.roles.name) if form.roles.name else ""
    return not said or not name or fold_words(said) == fold_words(name)


def plain_reason(form: Form, reason: str) -> str:
    """Return a reason without what it asks the clerk to do."""
    for tail in map(form.say, _CLERKS):
        reason = reason.replace(tail, form.say("held.end"))
    return reason


def _why_other(form: Form, submission: Submission, period: Period) -> str:
    """Return why a return is not what was asked for: of another period, or of an edition nobody knows."""
    identity = submission.identity
    if identity.period.is_other(period):
        found, expected = (one.label(form.language) for one in (identity.period, period))
        return plain_reason(form, form.say("held.other_period", found=found, expected=expected))
    if identity.edition in {"", form.edition} or form.older_edition(identity.edition) is not None:
        return ""
    edition = inert_line(identity.edition)
    return plain_reason(form, form.say("held.other_edition", found=edition, expected=form.edition))


def _are_known(form: Form, submission: Submission, findings: Iterable[Finding]) -> bool:
    """Tell whether each finding doubts paths of the current form; only there does one without a key."""
    current = submission.identity.edition in {"", form.edition}
    return current or not any(one.key is None and one.id in {*_LABELS, _LOST_NAMES} for one in findings)


def _find_doubted(form: Form, submission: Submission, findings: Iterable[Finding]) -> Iterator[Path]:
    """Yield the answers at a changed label or below a changed heading, and those whose own name is lost."""
    places: set[Path] = set()
    for one in findings:
        if one.id in _LABELS:
            places |= {one.key} if one.key else set(_find_below(form, one, submission.source.sheet))
        elif one.id == _LOST_NAMES:
            places.update(one.operands)
    asked = [*submission.answers, *map(Path, submission.surround), *(one.key for one in submission.unread)]
    yield from (path for path in asked if {path, path.whole, path.of_every_row} & places)


def _find_below(form: Form, finding: Finding, form_sheet: str | None) -> Iterator[Path]:
    """Yield the fields below a heading of the form sheet, or the columns of a table, whose label was changed."""
    label = finding.arguments.get("expected", "")
    in_table = finding.source is not None and finding.source.sheet != form_sheet
    for section in form.sections:
        groups = {group.key for group in section.groups if as_told(group.label) == label}
        for field in section.fields:
            heads = [section.label, field.label if field.kind.is_choices or field.kind.is_table else ""]
            if in_table:
                yield from (Path(field.key, one.key) for one in field.columns if as_told(one.label) == label)
            elif field.group in groups or label in map(as_told, heads):
                yield field.path
