"""Make the review of one return: what is open, with an example of what would be right, and how it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.period import ANY, Period
from gwxl.records.receipt import Receipt
from gwxl.records.signals import is_signal
from gwxl.records.submission import Change, Status, Submission, Unread
from gwxl.returns.comparing import find_done, state_of
from gwxl.returns.doubting import NO_DOUBT, OTHER_CODE, Doubt, plain_reason
from gwxl.returns.planning import findings_to_tell
from gwxl.returns.prefilling import Carried
from gwxl.rules.ruleset import RuleSet
from gwxl.template import Point, Review, place_label


def review_of(
    receipt: Receipt,
    rules: RuleSet,
    carried: Carried,
    *,
    period: Period = ANY,
    doubt: Doubt = NO_DOUBT,
    number: int | None = None,
    to: str = "",
) -> Review:
    """Return what is said of a return.

    Args:
        receipt: a return that was read.
        rules: the form and its rules.
        carried: what goes into the fresh workbook.
        period: what its reader expects, none when every period will do.
        doubt: what is not carried over, and why.
        number: the round; one more than the return itself says when None.
        to: whom it is addressed to.
    """
    submission = receipt.submission
    sent = submission.round if submission else None
    return Review(
        round=number or (1 if sent is None else sent.number + 1),
        again=sent is not None,
        to=to,
        held=doubt.reason,
        partly=bool(doubt.reason) and not doubt.whole,
        rejected=plain_reason(rules.form, receipt.reason)
        if receipt.status is Status.REJECTED and not doubt.reason
        else "",
        points=tuple(
            Point(
                finding=finding,
                example=example_of(finding, rules),
                state=state_of(finding, sent),
                original=is_signal(finding.id),
                restored=carried.issued.get(finding.key, "") if finding.key else "",
            )
            for finding in findings_to_tell(receipt)
            if finding.key not in carried.issued or finding.id == OTHER_CODE
        ),
        done=tuple(find_done(receipt, rules, period, trusted=not doubt.reason)),
        lost=carried.lost,
        unasked=tuple(place_label(rules.form, path) for path in to_fill(rules.form, submission)),
    )


def review_of_refused(receipts: Sequence[Receipt], form: Form, number: int, to: str) -> Review:
    """Return what is said of files that could not be read: of each its name, and why."""
    points = [Point(finding=_name_file(one, finding, form)) for one in receipts for finding in findings_to_tell(one)]
    return Review(round=number, to=to, refused=True, points=tuple(points))


def _name_file(receipt: Receipt, finding: Finding, form: Form) -> Finding:
    name = PurePosixPath(receipt.source.member or receipt.source.file).name  # where the clerk keeps it is not theirs
    words = form.say("review.refused_file", file=inert_line(name), reason=plain_reason(form, receipt.reason))
    return replace(finding, message="{message}", arguments={"message": words})


def to_fill(form: Form, submission: Submission | None) -> tuple[Path, ...]:
    """Return what an older edition did not ask, in form order; of a field it did not ask at all, its key alone.

    What was answered with a choice that is gone is to be filled in too.
    """
    if submission is None:
        return ()
    paths = submission.not_asked | submission.retired
    alone = (path for path in paths if not path.part or path.whole not in paths)
    return tuple(sorted(alone, key=form.order))


def example_of(finding: Finding, rules: RuleSet) -> str:
    """Return what would be right: the proposal, else the values of the rule's own example; empty where none fits."""
    form = rules.form
    if finding.proposal is not None:
        return finding.proposal
    rule = next((one for one in rules.rules if one.id == finding.id), None)
    for example in rule.ok if rule else ():
        parts = list(_parts(form, example, finding))
        if parts:
            return form.say("review.example_joined").join(parts)
    return ""


def _parts(form: Form, example: Mapping[str, Any], finding: Finding) -> Iterator[str]:
    """Yield the values an example gives the fields of a finding; with their labels where there are several."""
    asked = {path.field for path in finding.operands}
    named = [key for key in form.fields if key in asked]
    values = {key: words for key in named if (words := _words(form, key, example.get(key)))}
    for key, words in values.items():
        alone = len(named) == 1
        label = form.label(Path(key))
        yield words if alone else form.say("review.example_part", label=label, value=words)


def _words(form: Form, key: str, value: object) -> str:
    """Return a value as a filler would write it; empty for a table, and for what has to be read first."""
    field = form.fields[key]
    if value is None or isinstance(value, Unread | Change) or field.kind.is_table:
        return ""
    if isinstance(value, bool):
        return form.say("answer.yes" if value else "answer.no")
    labels = {choice.key: choice.label for choice in field.choices}
    if isinstance(value, tuple):
        return form.say("answer.separator").join(labels.get(str(one), str(one)) for one in value)
    return labels.get(str(value), str(value))
