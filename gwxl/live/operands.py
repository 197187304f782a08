"""What a name of a relation is on the sheet: a field, a choice, a table as a whole or one of its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gwxl.form.definition import Form
from gwxl.form.layout import TableArea
from gwxl.live.calculation import BY_ZERO, Scalar, Value
from gwxl.live.formulas import FALSE, Formula, compare, if_
from gwxl.live.helper_cells import Places, State
from gwxl.live.sheet import prefix
from gwxl.records.cell import column_letters
from gwxl.records.path import Path


@dataclass(frozen=True, kw_only=True)
class ColumnRange:
    """The cells of a table's column, from its head to the row that ends it, so that inserted rows are in it.

    Attributes:
        text: the reference. values: what the input cells hold now. words: how many of the others hold a text.
    """

    text: str
    values: Sequence[Scalar]
    words: int

    @classmethod
    def of(cls, area: TableArea, key: str, stored: Mapping[Path, Scalar]) -> "ColumnRange":
        """Return the cells of a column; ``stored`` is what inputs hold."""
        letter = column_letters(area.columns[key])
        values = [stored.get(area.path(number, key), "") for number in range(1, area.field.rows + 1)]
        text = f"{prefix(area.sheet)}${letter}${area.head_row}:${letter}${area.end_row}"
        return cls(text=text, values=values, words=2 if key == area.field.columns[0].key else 1)

    @property
    def numbers(self) -> list[float]:
        """Return the numbers among its values."""
        return [one for one in self.values if isinstance(one, int | float) and not isinstance(one, bool)]

    def call(self, function: str) -> Formula:
        """Return SUM, MIN, MAX, AVERAGE or COUNT of its numbers; a text in it counts for nothing."""
        return Formula(f"{function}({self.text})", _calculate(function, self.numbers), 1)

    def count(self) -> Formula:
        """Return how many of its input cells hold something."""
        value = sum(one != "" for one in self.values)
        return Formula(f'(SUMPRODUCT(--({self.text}<>""))-{self.words})', value, 1)


def _calculate(function: str, numbers: Sequence[float]) -> Value:
    if function == "COUNT":
        return len(numbers)
    if function == "AVERAGE":
        return sum(numbers) / len(numbers) if numbers else BY_ZERO
    if function == "SUM":
        return sum(numbers)
    return min(numbers, default=0) if function == "MIN" else max(numbers, default=0)


@dataclass(frozen=True, kw_only=True)
class Operand:
    """The formulas of one name: three conditions and the value where there is one.

    Attributes:
        wrong: it holds something unreadable or already reported as an error.
        missing: it has no value. filled: it holds something.
        value: a number, a text, a day's number; 1 or 0 for yes or no.
        column: the cells, where it is a column of a table.
    """

    wrong: Formula
    missing: Formula
    filled: Formula
    value: Formula
    column: ColumnRange | None = None


@dataclass(frozen=True, kw_only=True)
class Operands:
    """What the names of relations are made of.

    Attributes:
        states: path → its state. filled: field of several cells → how many of them hold something.
        inputs: path → the helper cells of an input. columns: path of a table's column → its cells.
    """

    form: Form
    states: Mapping[Path, Formula]
    filled: Mapping[Path, Formula]
    inputs: Mapping[Path, Places]
    columns: Mapping[Path, ColumnRange]

    def of(self, name: str) -> Operand:
        """Return the formulas of a name."""
        path = Path.parse(name)
        whole, part = path.whole, path.part
        field, state = self.form.fields[whole], self.states[whole]
        wrong, missing, filled = (compare(state, "=", one) for one in (State.WRONG, State.BLANK, State.GOOD))
        if path in self.columns:
            column = self.columns[path]
            some = compare(column.call("COUNT"), "=", 0)
            return Operand(wrong=wrong, missing=some, filled=filled, value=FALSE, column=column)
        if field.kind.is_table or (field.kind.is_choices and not part):
            return Operand(wrong=wrong, missing=missing, filled=filled, value=self.filled[whole])
        if not part:
            return Operand(wrong=wrong, missing=missing, filled=filled, value=self.inputs[whole].value)
        if field.kind.is_choices:
            ticked = compare(self.states[path], "=", State.GOOD)
            return Operand(wrong=wrong, missing=FALSE, filled=ticked, value=if_(ticked, 1, 0))
        chosen = compare(self.inputs[whole].value, "=", part)
        return Operand(wrong=wrong, missing=missing, filled=chosen, value=if_(chosen, 1, 0))
