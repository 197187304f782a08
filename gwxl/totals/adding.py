"""Add a batch up: the total of every field, and the figures each total is made of."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gwxl.form.definition import Field, Form
from gwxl.form.kinds import Aggregate
from gwxl.form.parts import Column
from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Value
from gwxl.totals.arithmetic import Number, as_number, exact_sum, mean, spread, weighted_mean
from gwxl.totals.figure import Figure, countable


class Addend(NamedTuple):
    """One figure a total is made of; ``weight`` is None but in a mean."""

    source: Source
    path: Path
    value: Value
    cell: CellRef | None
    weight: Number | None = None


@dataclass(frozen=True, kw_only=True)
class Total:
    """One field added up over sites.

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


def totals(form: Form, receipts: Sequence[Receipt]) -> Mapping[Path, Total]:
    """Add up every field and every column of a table over receipts.

    Args:
        form: the form that was asked.
        receipts: the receipts that count, in the order the addends shall have.

    Returns:
        Path of a field, and that of each column after its table → its total; sums are exact.
    """
    return totals_of_parts(form, [receipts])[0]


def totals_of_parts(form: Form, parts: Sequence[Sequence[Receipt]]) -> Sequence[Mapping[Path, Total]]:
    """Add up as :func:`totals` does for several selections of receipts, in which each figure is judged once."""
    results: list[dict[Path, Total]] = [{} for _ in parts]
    for field in form.fields.values():
        figures = _Figures(form)
        for result, receipts in zip(results, parts, strict=True):
            result[field.path] = _field_total(figures, field, receipts)
            for column in field.columns:
                result[Path(field.key, column.key)] = _column_total(figures, field, column, receipts)
    return results


class _Figures:
    """The figures of a field in receipts, each judged when it is first asked for."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._known: dict[tuple[int, Path], tuple[Receipt, Figure, Addend | None]] = {}

    def at(self, receipt: Receipt, path: Path) -> Figure:
        """Return what a receipt says at a path."""
        return self._look(receipt, path)[1]

    def addend(self, receipt: Receipt, path: Path) -> Addend | None:
        """Return what a receipt adds to a total, None where nothing counts."""
        return self._look(receipt, path)[2]

    def _look(self, receipt: Receipt, path: Path) -> tuple[Receipt, Figure, Addend | None]:
        place = id(receipt), path
        found = self._known.get(place)
        if found is None:
            figure, addend = countable(self._form, receipt, path), None
            if figure.counts and figure.value is not None:
                addend = Addend(source=receipt.source, path=path, value=figure.value, cell=figure.cell)
            found = self._known[place] = receipt, figure, addend
        return found


def _field_total(figures: _Figures, field: Field, receipts: Sequence[Receipt]) -> Total:
    addends = tuple(
        _mean_addends(figures, field, receipts) if field.weight else _addends(figures, field.path, receipts)
    )
    values = [addend.value for addend in addends]
    numbers = [number for value in values if (number := as_number(value)) is not None]
    least, most, middle = spread(numbers)
    return Total(
        key=field.path,
        value=_field_value(field, addends),
        n=len(addends),
        of=len(find_asked(receipts, field.path)),
        minimum=least,
        maximum=most,
        median=middle,
        addends=addends,
        choices=dict(_choices(figures, field, receipts)) if field.kind.is_choices else {},
    )


def find_asked(receipts: Sequence[Receipt], path: Path) -> tuple[Receipt, ...]:
    """Return the receipts whose edition of the form asked for a path."""
    return tuple(one for one in receipts if one.submission is None or one.submission.was_asked(path))


def _choices(figures: _Figures, field: Field, receipts: Sequence[Receipt]) -> Iterator[tuple[str, tuple[int, int]]]:
    counted = [one for one in receipts if figures.at(one, field.path).counts]
    for choice in field.choices:
        path = Path(field.key, choice.key)
        given = [one for one in find_asked(counted, path) if figures.at(one, path).counts]
        yield choice.key, (len(given), len(find_asked(receipts, path)))


def _addends(figures: _Figures, key: Path, receipts: Sequence[Receipt]) -> Iterator[Addend]:
    return (addend for receipt in receipts if (addend := figures.addend(receipt, key)) is not None)


def _mean_addends(figures: _Figures, field: Field, receipts: Sequence[Receipt]) -> Iterator[Addend]:
    for receipt in receipts:
        addend, weight = figures.addend(receipt, field.path), figures.at(receipt, Path(field.weight))
        number = as_number(weight.value)
        if addend is not None and weight.counts and number is not None:
            yield addend._replace(weight=number)


def _field_value(field: Field, addends: Sequence[Addend]) -> Number | Mapping[str, int] | None:
    values = [addend.value for addend in addends]
    if field.kind.is_table:
        return sum(len(value) for value in values if isinstance(value, tuple))
    if field.aggregate is Aggregate.SUM:
        return exact_sum([number for value in values if (number := as_number(value)) is not None])
    if field.aggregate is Aggregate.MEAN:
        return weighted_mean([(as_number(one.value) or 0, one.weight or 0) for one in addends])
    if field.aggregate is Aggregate.COUNT:
        return _counts(field, values)
    return None


def _counts(field: Field, values: Sequence[Value]) -> Mapping[str, int]:
    if field.kind.is_yes_no:
        return {"true": sum(value is True for value in values), "false": sum(value is False for value in values)}
    chosen = [value if isinstance(value, tuple) else (value,) for value in values]
    return {choice.key: sum(choice.key in answer for answer in chosen) for choice in field.choices}


def _column_total(figures: _Figures, field: Field, column: Column, receipts: Sequence[Receipt]) -> Total:
    path = Path(field.key, column.key)
    of_sites = [tuple(_cells(figures, field, column, receipt)) for receipt in receipts]
    filled = [cells for cells in of_sites if cells]
    numeric = [[number for one in cells if (number := as_number(one.value)) is not None] for cells in filled]
    add = mean if column.aggregate is Aggregate.MEAN else exact_sum
    least, most, middle = spread([add(numbers) for numbers in numeric if numbers])
    every = [number for numbers in numeric for number in numbers]
    return Total(
        key=path,
        value=None if column.aggregate is Aggregate.NONE or (add is mean and not every) else add(every),
        n=len(filled),
        of=len(find_asked(receipts, path)),
        minimum=least,
        maximum=most,
        median=middle,
        addends=tuple(addend for cells in filled for addend in cells),
    )


def _cells(figures: _Figures, field: Field, column: Column, receipt: Receipt) -> Iterator[Addend]:
    for number in range(1, row_count(receipt, field.key) + 1):
        yield from _addends(figures, Path(field.key, column.key, number), [receipt])


def row_count(receipt: Receipt, key: str) -> int:
    """Return how many rows of a table field a receipt fills, whether they count or not."""
    rows = receipt.submission.values.get(key) if receipt.submission else None
    return len(rows) if isinstance(rows, tuple) else 0
