"""What a return says at a path, and whether it counts: if not, why."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from gwxl.form.definition import Form
from gwxl.form.kinds import Kind
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Submission, Unread, Value
from gwxl.totals.arithmetic import as_number

_CONDITION = "when"  # what only a finding on an answer that is not asked for says besides
_LARGEST = 60  # places before or after the point; a longer number is nobody's answer, and adding it costs time


class Why(StrEnum):
    """Why a figure is not counted."""

    BLANK = "blank"
    UNREAD = "unread"
    RULE = "rule"
    ROW = "row"
    SIZE = "size"
    NOT_ASKED = "not_asked"
    RETIRED = "retired"
    LEFT_OUT = "left_out"


class Figure(NamedTuple):
    """What a return says at a path, and whether it counts.

    Attributes:
        value: the typed value, None where none could be read.
        raw: the text as the filler wrote it.
        cell: where it stands in the returned file.
        why: why it does not count, None if it does.
        rule: the id of the cell rule it breaks, else empty.
    """

    value: Value | None
    raw: str = ""
    cell: CellRef | None = None
    why: Why | None = None
    rule: str = ""

    @property
    def counts(self) -> bool:
        """Tell whether the figure takes part in totals."""
        return self.why is None


def countable(form: Form, receipt: Receipt, key: Path) -> Figure:
    """Return what a receipt says at a path, and whether it counts.

    A blank, what could not be read, a value of another kind than was asked, a value that breaks a rule of its own
    cell, a number of more than 60 places and a row that is left out do not count. What the return's edition did not
    ask, or its other answers leave out, is no blank.

    Args:
        form: the form that was asked.
        receipt: one receipt.
        key: the path of a field, a choice or a table's cell.
    """
    submission = receipt.submission
    if submission is None or not submission.was_asked(key):
        return Figure(value=None, why=_why_unasked(submission, key))
    value = _value(submission, key)
    answer = submission.answers.get(key)
    cell = answer.cell if answer else submission.cells.get(key)
    raw = answer.raw if answer else ""
    if value is None or (answer is not None and answer.left_out):
        return Figure(value=None, raw=raw, cell=cell, why=_why_absent(submission, key))
    if isinstance(value, Unread):
        return Figure(value=None, raw=value.raw or raw, cell=cell, why=Why.UNREAD)
    if not _is_of_kind(form, key, value):
        return Figure(value=None, raw=raw or str(value), cell=cell, why=Why.UNREAD)
    if not _sizeable(value):
        return Figure(value=None, raw=raw, cell=cell, why=Why.SIZE)
    rule = _find_broken_rule(receipt.findings, key)
    return Figure(value=value, raw=raw, cell=cell, why=Why.RULE if rule else None, rule=rule)


def _why_unasked(submission: Submission | None, key: Path) -> Why:
    if submission is None:
        return Why.BLANK
    return Why.LEFT_OUT if key.whole in submission.left_out else Why.NOT_ASKED


def _why_absent(submission: Submission, key: Path) -> Why:
    answer = submission.answers.get(key)
    if answer is not None and answer.left_out and answer.value is not None:
        return Why.ROW
    return Why.RETIRED if key.whole in submission.retired else Why.BLANK


def _value(submission: Submission, key: Path) -> Value | Unread | None:
    if key in submission.values:
        value = submission.values[key]
        if not isinstance(value, tuple) or {} not in value:
            return value
        return tuple(row for row in value if isinstance(row, Mapping) and row) or None  # one left out is empty
    answer = submission.answers.get(key)
    if key.row is not None:
        return answer.value if answer else None
    ticked = submission.values.get(key.field)
    if answer and isinstance(answer.value, Unread):
        return answer.value
    return key.part in ticked if isinstance(ticked, tuple) else None


def _is_of_kind(form: Form, key: Path, value: Value) -> bool:
    kind, choices, ticked = _look_up(form, key.field, key.part)
    if ticked:
        return isinstance(value, bool)
    if kind.is_number:
        return as_number(value) is not None
    if kind.is_choice:
        return value in choices
    return isinstance(value, tuple) == kind.is_list


@lru_cache(maxsize=4096)
def _look_up(form: Form, field: str, part: str) -> tuple[Kind, tuple[str, ...], bool]:
    """Return what is asked in a field, or at a choice or in a column: its kind, its choices, whether it is ticked."""
    path = Path(field, part)
    asked = form.question_at(path)
    ticked = asked.kind.is_yes_no or bool(part and form.field_of(path).choices)
    return asked.kind, tuple(choice.key for choice in asked.choices), ticked


def _sizeable(value: Value) -> bool:
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return isinstance(exponent, int) and exponent >= -_LARGEST and value.adjusted() < _LARGEST
    return not isinstance(value, int) or abs(value) < 10**_LARGEST


def _find_broken_rule(findings: Sequence[Finding], key: Path) -> str:
    if not findings:
        return ""
    paths = {key, key.whole}
    return next((f.id for f in findings if (f.key in paths or _is_unasked(f, key)) and _breaks_cell(f)), "")


def _is_unasked(finding: Finding, key: Path) -> bool:
    """Tell whether a field is answered that is not asked: then no tick of it counts, whichever is told."""
    return _CONDITION in finding.arguments and finding.key is not None and finding.key.whole == key.whole


def _breaks_cell(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.open and set(finding.operands) <= {finding.key}
