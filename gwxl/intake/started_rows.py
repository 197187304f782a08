"""The started rows of a table as they came back: which adds others up, which repeats another, which columns moved."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from gwxl.form.definition import Field
from gwxl.intake.total_words import is_total, plain
from gwxl.records.path import Path
from gwxl.records.submission import Answer, Unread

_FEWEST = 2  # rows that make a sum
_LONGEST = 200  # characters; nothing is called so, and a hostile cell holds 32,767
_SUM = re.compile(r"\s*+=?(?:of:=)?\s*+(?:SUM|SUBTOTAL|AGGREGATE)\s*+\(", re.IGNORECASE)
_OTHER_SHEET = re.compile(r"!|\[\$?[^\[\].]+\.")
_ROW_OF_REFERENCE = re.compile(r"(?<![A-Za-z0-9])\$?[A-Za-z]{1,3}\$?([0-9]{1,7})(?![0-9(])")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One started row.

    Attributes:
        number: counted from 1 over the started rows, as in the paths of its answers.
        answers: column key → what stands there.
        beside: texts of the row outside its inputs.
        formulas: column key → formula, of the inputs that hold one.
    """

    asked: Field
    number: int
    answers: Mapping[str, Answer]
    beside: Sequence[str] = ()
    formulas: Mapping[str, str] = field(default_factory=dict)

    def path(self, column: str) -> Path:
        """Return the path of an input of the row."""
        return Path(self.asked.key, column, self.number)

    @property
    def blanks(self) -> frozenset[str]:
        """Return the keys of the columns that are to be filled in and are blank."""
        calculated = {column.key for column in self.asked.columns if column.is_calculated}
        return frozenset(key for key, one in self.answers.items() if one.value is None and key not in calculated)

    @property
    def first(self) -> Path:
        """Return the path of the first input that is filled."""
        return self.path(next(key for key in self.answers if key not in self.blanks))

    @cached_property
    def texts(self) -> Sequence[str]:
        """Return what its columns that are no numbers say, in their order; a long text is left as it is."""
        numbers = {column.key for column in self.asked.columns if column.kind.is_number}
        raws = [answer.raw for key, answer in self.answers.items() if key not in numbers]
        return [plain(raw) if len(raw) <= _LONGEST else raw for raw in raws]

    @property
    def named(self) -> bool:
        """Tell whether every column that is no number is filled."""
        return all(self.texts)

    @property
    def is_entry(self) -> bool:
        """Tell whether it holds what no total has: a code, a day, yes or no, or a choice."""
        kinds = (column.kind for column in self.asked.columns if column.key not in self.blanks)
        return any(kind.is_code or kind.is_date or kind.is_yes_no or kind.is_choice for kind in kinds)

    @property
    def calls_itself_total(self) -> bool:
        """Tell whether a word says it, alone in a cell or spread over several, or formulas add up other rows."""
        words = [*self.texts, *map(plain, self.beside)]
        return any(map(is_total, [*words, "".join(self.texts)])) or self._adds_rows()

    def _adds_rows(self) -> bool:
        filled = [key for key in _numbers(self.asked) if key not in self.blanks]
        return bool(filled) and all(self._adds_other_rows(key) for key in filled)

    def _adds_other_rows(self, key: str) -> bool:
        cell, formula = self.answers[key].cell, self.formulas.get(key, "")
        if cell is None or not _SUM.match(formula) or _OTHER_SHEET.search(formula):
            return False
        rows = {int(row) for row in _ROW_OF_REFERENCE.findall(formula)}
        return bool(rows - {cell.row}) and cell.row not in rows

    def figure(self, key: str) -> Fraction | None:
        """Return the number in a column, or the one it probably means; a blank is 0, None where nobody can tell."""
        value = self.answers[key].value
        meant = value.proposal if isinstance(value, Unread) else value or 0
        return Fraction(meant) if isinstance(meant, int | Decimal) and not isinstance(meant, bool) else None

    @property
    def identity(self) -> tuple[str, ...] | None:
        """Return what no other row should say: its texts, and its numbers unless several texts name it."""
        if len(self.texts) > 1 and self.named:
            return tuple(self.texts)
        figures = [plain(str(_value_said(self.answers[key]))) for key in _numbers(self.asked)]
        return (*self.texts, *figures) if any(self.texts) else None


def totals_in(asked: Field, lines: Sequence[Line]) -> Mapping[int, bool]:
    """Return number of each row that adds others up → whether it says so itself, by a word or a formula.

    A row without a word adds up the rows above it, with or without those that look like totals only by their figures,
    those since the last total, or, where two columns of numbers say so, all the others.
    """
    found = {line.number: True for line in lines if line.calls_itself_total}
    if all(line.is_entry for line in lines if line.number not in found):
        return found
    whole, every, above, since = (_Sums(asked) for _ in range(4))
    for line in lines:
        if line.number not in found:
            whole.add(line)
    for line in lines:
        if line.number not in found:
            adds = any(sums.give(line) for sums in (above, every, since)) or whole.give(line, others=True)
            if adds and not line.is_entry:
                found[line.number] = False
            every.add(line)
        if line.number in found:
            since = _Sums(asked)
        else:
            above.add(line)
            since.add(line)
    return found


class _Sums:
    """The sums of rows, column by column."""

    def __init__(self, asked: Field) -> None:
        self._sums = {key: Fraction(0) for key in _numbers(asked)}
        self._rows = self._adding = 0
        self._unsure = False

    def add(self, line: Line) -> None:
        """Add a row."""
        figures = {key: line.figure(key) for key in self._sums}
        for key, figure in figures.items():
            self._sums[key] += figure or 0
        self._unsure |= None in figures.values()
        self._rows += 1
        self._adding += any(figures.values())

    def give(self, line: Line, *, others: bool = False) -> bool:
        """Tell whether the sums are the row's own figures; ``others``: the row is one of those that were added."""
        times, fewest = (2, _FEWEST + 1) if others else (1, _FEWEST)
        adding = self._adding if any(line.texts) else self._rows
        telling = sum(bool(total) for total in self._sums.values())
        if self._unsure or adding < fewest or telling < (_FEWEST if others else 1):
            return False
        return all((own := line.figure(key)) is not None and own * times == total for key, total in self._sums.items())


def repetitions(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Yield each row that says what an earlier one says, and the first such row."""
    first: dict[tuple[str, ...], Line] = {}
    for line in lines:
        if line.identity is not None and first.setdefault(line.identity, line) is not line:
            yield line, first[line.identity]


def find_moved_columns(lines: Sequence[Line]) -> Sequence[tuple[Line, str]]:
    """Return the blanks that a column whose cells were pushed up or down would leave; none where they say nothing.

    A few columns end earlier than all the others, which have no blank; or they end later and have the blank above.
    """
    blanks = Counter(line.blanks for line in lines if line.blanks)
    if not lines or not lines[-1].blanks:
        return ()
    every, last = frozenset(lines[-1].answers), lines[-1].blanks
    down = len(last) * 2 > len(every)
    moved = every - last if down else last
    run = [line for line in lines if line.blanks == moved]
    ends = run == list(lines[-len(run) :]) if run else False
    usual = len(blanks) == 1 and ends and len(run) < len(lines)
    pushed = down and blanks == Counter({last: len(run), moved: len(run)}) and len(moved) * 2 <= len(every)
    if not (pushed or (usual and not down)):
        return ()
    return [(line, key) for line in run for key in line.answers if key in moved]


def _numbers(asked: Field) -> Sequence[str]:
    """Return the keys of the columns of numbers that are filled in."""
    return [column.key for column in asked.columns if column.kind.is_number and not column.is_calculated]


def _value_said(answer: Answer) -> object:
    return answer.raw if isinstance(answer.value, Unread) else answer.value
