"""The very hidden sheet of the live checks: cells that are put one after the other, lists, and formulas cut to size."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from gwxl.form.layout import LIVE_SHEET
from gwxl.live.calculation import Fault, Scalar, Value
from gwxl.live.formulas import Formula, Range, derive
from gwxl.records.cell import column_letters

_COLUMN = re.compile(r"\$([A-Z]+)")

SHALLOW, SHORT = 2, 160
"""What a formula may be, at most, to stand inside another one: deeper or longer ones get a cell of their own."""


class At(IntEnum):
    """The columns of the sheet: one row for each row of the form sheet that is checked, then the lists."""

    ROW = 1
    RAW = 2
    CLASS = 3
    CLEAN = 4
    BARE = 5
    PLAIN = 6
    TEXT = 7
    VALUE = 8
    STATE = 9
    OWN = 10
    REMARK = 11
    SAID = 12
    LINE = 13
    SHOWN = 14
    REQUIRED = 15
    RELATION = 16
    PART = 17
    WORDS = 18
    ITEM = 19
    NUMBER = 20
    AWAITED = 21
    TABLE = 22  # and those right of it


@dataclass(frozen=True, kw_only=True)
class LiveCell:
    """One cell: a formula with its value, or, where ``formula`` is empty, a constant.

    Attributes:
        source: what gives the value.
    """

    row: int
    column: int
    formula: str
    value: Scalar
    source: Formula
    about: str = ""


class LiveSheet:
    """The cells of the sheet while they are planned.

    Attributes:
        about: what the cells that are put next are for, where Excel would refuse one.
    """

    def __init__(self) -> None:
        """Start an empty sheet."""
        self.about = ""
        self.cells: list[LiveCell] = []
        self._used: dict[int, int] = {}
        self._lists: dict[tuple[Scalar, ...], Range] = {}
        self._numbers = 0

    def put(self, row: int, column: int, content: Formula | Scalar, about: str = "") -> Formula:
        """Put a formula or a constant into a cell, and return the reference to it."""
        formula = content.text if isinstance(content, Formula) else ""
        value = content.value if isinstance(content, Formula) else content
        source = content if isinstance(content, Formula) else Formula("", value)
        self.cells.append(
            LiveCell(
                row=row,
                column=column,
                formula=formula,
                value=value_to_store(value),
                source=source,
                about=about or self.about,
            )
        )
        self._used[column] = max(self._used.get(column, 0), row)
        return derive(f"${column_letters(column)}${row}", _same, (source,), 0)

    def add(self, column: int, content: Formula | Scalar, about: str = "") -> Formula:
        """Put a formula or a constant below what stands in a column already, and return the reference to it."""
        return self.put(self._used.get(column, 0) + 1, column, content, about)

    def part(self, formula: Formula) -> Formula:
        """Return a formula that may stand inside another one: itself, or the reference to its own cell."""
        if formula.depth <= SHALLOW and len(formula.text) <= SHORT:
            return formula
        return self.add(At.PART, formula)

    def put_list(self, items: Iterable[Scalar]) -> Range:
        """Return a list that stands in cells of its own; equal lists stand there once."""
        key = tuple(items)
        if key not in self._lists:
            self._lists[key] = self.run(At.ITEM, key)
        return self._lists[key]

    def numbers(self, count: int) -> Range:
        """Return the cells with the numbers from 1 on."""
        while self._numbers < count:
            self._numbers += 1
            self.put(self._numbers, At.NUMBER, self._numbers)
        letter = column_letters(At.NUMBER)
        return Range(f"${letter}$1:${letter}${count}", tuple(range(1, count + 1)))

    def run(self, column: int, items: Sequence[Scalar]) -> Range:
        """Put constants one below the other, below what stands in a column already."""
        first = self._used.get(column, 0) + 1
        for row, item in enumerate(items, first):
            self.put(row, column, item)
        letter = column_letters(column)
        return Range(f"${letter}${first}:${letter}${first + len(items) - 1}", tuple(items))

    def next_row(self, first: int, last: int) -> int:
        """Return the first row in which some columns are all free, and all below."""
        return 1 + max(self._used.get(column, 0) for column in range(first, last + 1))


def value_to_store(value: Value) -> Scalar:
    """Return what a cell stores of a value: of an error its code."""
    return value.code if isinstance(value, Fault) else value


def _same(value: Value) -> Value:
    return value


def prefix(title: str) -> str:
    """Return what stands before an address on another sheet."""
    return "'" + title.replace("'", "''") + "'!"


def qualify(reference: str) -> str:
    """Return a reference to this sheet as it stands on another one; its rows stay the same when those there move."""
    return LIVE_SHEET + "!" + _COLUMN.sub(r"\1", reference)
