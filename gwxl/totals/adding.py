"""Add a batch up: what counts, the total of every field, and the figures each total is made of."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from enum import StrEnum
from fractions import Fraction

from gwxl.form.definition import NUMBERS, Aggregate, Column, Field, Form, Kind
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import CellRef, Source, Submission, Unread, Value

Number = int | Decimal

_DIGITS = 34  # of a quotient; every program that shows it rounds to less
_LARGEST = 60  # places before or after the point; a longer number is nobody's answer, and adding it costs time
_LONGEST = 400  # digits of an exact sum
_EXACT = Context(prec=_LONGEST, Emax=_LONGEST, Emin=-_LONGEST, traps=[Inexact])


class Why(StrEnum):
    """Say why a figure is not counted."""

    BLANK = "blank"
    UNREAD = "unread"
    RULE = "rule"
    ROW = "row"
    SIZE = "size"
    NOT_ASKED = "not_asked"
    RETIRED = "retired"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Hold what a return says at a path, and whether it counts.

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


@dataclass(frozen=True, kw_only=True)
class Addend:
    """Hold one figure a total is made of; ``weight`` is None but in a mean."""

    source: Source
    path: Path
    value: Value
    cell: CellRef | None
    weight: Number | None = None


@dataclass(frozen=True, kw_only=True)
class Total:
    """Hold one field added up over sites.

    Attributes:
        key: the path of the field, or of a table's column.
        value: the sum, the weighted mean or a table's number of rows; answer → count for yes/no (``true``,
            ``false``) and choices; None where the field is not added up or nothing can be.
        n: how many sites gave a figure that counts. of: how many sites were asked for one.
        choices: choice of a field of many → its own n and of, as an edition may have had fewer choices.
        minimum, maximum, median: over sites, of numbers only; a table column's are of each site's sum.
        addends: every figure that counts, in the order of the receipts.
    """

    key: Path
    value: Number | Mapping[str, int] | None
    n: int
    of: int
    minimum: Number | None = None
    maximum: Number | None = None
    median: Number | None = None
    addends: tuple[Addend, ...] = ()
    choices: Mapping[str, tuple[int, int]] = dataclasses.field(default_factory=dict)


def countable(form: Form, receipt: Receipt, key: Path) -> Figure:
    """Return what a receipt says at a path, and whether it counts.

    A blank, what could not be read, a value of another kind than was asked, a value that breaks a rule of its own
    cell, a number of more than 60 places and a row that is left out do not count. What the return's edition did not
    ask is no blank.

    Args:
        form: the form that was asked.
        receipt: one receipt.
        key: the path of a field, a choice or a table's cell.
    """
    submission = receipt.submission
    if submission is None or not submission.asked(key):
        return Figure(value=None, why=Why.BLANK if submission is None else Why.NOT_ASKED)
    value = _value(submission, key)
    answer = submission.answers.get(key)
    cell = answer.cell if answer else submission.cells.get(key)
    raw = answer.raw if answer else ""
    if value is None or (answer is not None and answer.left_out):
        return Figure(value=None, raw=raw, cell=cell, why=_why_absent(submission, key))
    if isinstance(value, Unread):
        return Figure(value=None, raw=value.raw or raw, cell=cell, why=Why.UNREAD)
    if not _of_kind(form, key, value):
        return Figure(value=None, raw=raw or str(value), cell=cell, why=Why.UNREAD)
    if not _sizeable(value):
        return Figure(value=None, raw=raw, cell=cell, why=Why.SIZE)
    rule = _broken_rule(receipt.findings, key)
    return Figure(value=value, raw=raw, cell=cell, why=Why.RULE if rule else None, rule=rule)


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
    return key.part in ticked if key.part and isinstance(ticked, tuple) else None


def _of_kind(form: Form, key: Path, value: Value) -> bool:
    field = form.field_of(key)
    kind = Kind.YES_NO if key.part and field.choices else form.asked_at(key).kind  # a choice is ticked or not
    if kind in NUMBERS:
        return as_number(value) is not None
    if kind is Kind.YES_NO:
        return isinstance(value, bool)
    if kind is Kind.CHOICE:
        return any(value == choice.key for choice in field.choices)
    return isinstance(value, tuple) == (kind in {Kind.CHOICES, Kind.TABLE})


def _sizeable(value: Value) -> bool:
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return isinstance(exponent, int) and exponent >= -_LARGEST and value.adjusted() < _LARGEST
    return not isinstance(value, int) or abs(value) < 10**_LARGEST


def _broken_rule(findings: Sequence[Finding], key: Path) -> str:
    if not findings:
        return ""
    paths = {key, key.whole}
    return next((f.id for f in findings if _breaks_cell(f) and f.key in paths), "")


def _breaks_cell(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.open and set(finding.operands) <= {finding.key}


def totals(form: Form, receipts: Sequence[Receipt]) -> Mapping[Path, Total]:
    """Add up every field and every column of a table over receipts.

    Args:
        form: the form that was asked.
        receipts: the receipts that count, in the order the addends shall have.

    Returns:
        Path of a field, and that of each column after its table → its total; sums are exact.
    """
    result: dict[Path, Total] = {}
    for field in form.fields.values():
        result[field.path] = _field_total(form, field, receipts)
        for column in field.columns:
            result[Path(field.key, column.key)] = _column_total(form, field, column, receipts)
    return result


def _field_total(form: Form, field: Field, receipts: Sequence[Receipt]) -> Total:
    addends = tuple(_mean_addends(form, field, receipts) if field.weight else _addends(form, field.path, receipts))
    values = [addend.value for addend in addends]
    numbers = [number for value in values if (number := as_number(value)) is not None]
    least, most, middle = _spread(numbers)
    return Total(
        key=field.path,
        value=_field_value(field, addends),
        n=len(addends),
        of=len(asked(receipts, field.path)),
        minimum=least,
        maximum=most,
        median=middle,
        addends=addends,
        choices=dict(_choices(form, field, receipts)) if field.kind is Kind.CHOICES else {},
    )


def asked(receipts: Sequence[Receipt], path: Path) -> tuple[Receipt, ...]:
    """Return the receipts whose edition of the form asked for a path."""
    return tuple(one for one in receipts if one.submission is None or one.submission.asked(path))


def _choices(form: Form, field: Field, receipts: Sequence[Receipt]) -> Iterator[tuple[str, tuple[int, int]]]:
    counted = [one for one in receipts if countable(form, one, field.path).counts]
    for choice in field.choices:
        path = Path(field.key, choice.key)
        given = [one for one in asked(counted, path) if countable(form, one, path).counts]
        yield choice.key, (len(given), len(asked(receipts, path)))


def _addends(form: Form, key: Path, receipts: Sequence[Receipt]) -> Iterator[Addend]:
    for receipt in receipts:
        figure = countable(form, receipt, key)
        if figure.counts and figure.value is not None:
            yield Addend(source=receipt.source, path=key, value=figure.value, cell=figure.cell)


def _mean_addends(form: Form, field: Field, receipts: Sequence[Receipt]) -> Iterator[Addend]:
    for receipt in receipts:
        figure, weight = countable(form, receipt, field.path), countable(form, receipt, Path(field.weight))
        number = as_number(weight.value)
        if figure.counts and weight.counts and figure.value is not None and number is not None:
            yield Addend(source=receipt.source, path=field.path, value=figure.value, cell=figure.cell, weight=number)


def _field_value(field: Field, addends: Sequence[Addend]) -> Number | Mapping[str, int] | None:
    values = [addend.value for addend in addends]
    if field.kind is Kind.TABLE:
        return sum(len(value) for value in values if isinstance(value, tuple))
    if field.aggregate is Aggregate.SUM:
        return exact_sum([number for value in values if (number := as_number(value)) is not None])
    if field.aggregate is Aggregate.MEAN:
        return weighted_mean([(as_number(one.value) or 0, one.weight or 0) for one in addends])
    if field.aggregate is Aggregate.COUNT:
        return _counts(field, values)
    return None


def _counts(field: Field, values: Sequence[Value]) -> Mapping[str, int]:
    if field.kind is Kind.YES_NO:
        return {"true": sum(value is True for value in values), "false": sum(value is False for value in values)}
    chosen = [value if isinstance(value, tuple) else (value,) for value in values]
    return {choice.key: sum(choice.key in answer for answer in chosen) for choice in field.choices}


def _column_total(form: Form, field: Field, column: Column, receipts: Sequence[Receipt]) -> Total:
    path = Path(field.key, column.key)
    of_sites = [tuple(_cells(form, field, column, receipt)) for receipt in receipts]
    filled = [cells for cells in of_sites if cells]
    numeric = [[number for one in cells if (number := as_number(one.value)) is not None] for cells in filled]
    sums = [exact_sum(numbers) for numbers in numeric if numbers]
    least, most, middle = _spread(sums)
    return Total(
        key=path,
        value=exact_sum(sums) if column.aggregate is Aggregate.SUM else None,
        n=len(filled),
        of=len(asked(receipts, path)),
        minimum=least,
        maximum=most,
        median=middle,
        addends=tuple(addend for cells in filled for addend in cells),
    )


def _cells(form: Form, field: Field, column: Column, receipt: Receipt) -> Iterator[Addend]:
    for number in range(1, row_count(receipt, field.key) + 1):
        yield from _addends(form, Path(field.key, column.key, number), [receipt])


def row_count(receipt: Receipt, key: str) -> int:
    """Return how many rows of a table field a receipt fills, whether they count or not."""
    rows = receipt.submission.values.get(key) if receipt.submission else None
    return len(rows) if isinstance(rows, tuple) else 0


def as_number(value: Value | None) -> Number | None:
    """Return a value that can be added up, None for anything else."""
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def exact_sum(numbers: Sequence[Number]) -> Number:
    """Return a sum without rounding: an integer where every addend is one, else a decimal."""
    whole = sum(number for number in numbers if isinstance(number, int))
    total: Number = whole
    for number in numbers:
        if isinstance(number, Decimal):
            total = _EXACT.add(Decimal(total), number)
    return total


def weighted_mean(pairs: Sequence[tuple[Number, Number]]) -> Decimal | None:
    """Return Σ value·weight / Σ weight over (value, weight), to 34 digits; None where the weights sum to 0."""
    weights = sum((Fraction(weight) for _, weight in pairs), Fraction(0))
    if not weights:
        return None
    return _decimal(sum((Fraction(value) * Fraction(weight) for value, weight in pairs), Fraction(0)) / weights)


def _spread(numbers: Sequence[Number]) -> tuple[Number | None, Number | None, Number | None]:
    if not numbers:
        return None, None, None
    ordered = sorted(numbers)
    lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    middle = _decimal((Fraction(lower) + Fraction(upper)) / 2)
    whole = middle == middle.to_integral_value()
    return ordered[0], ordered[-1], int(middle) if whole else middle


def _decimal(quotient: Fraction) -> Decimal:
    return Context(prec=_DIGITS).divide(Decimal(quotient.numerator), Decimal(quotient.denominator))
