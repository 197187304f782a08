"""How far a form is filled in, in one line on top of it."""

from collections.abc import Mapping, Sequence
from functools import partial

from gwxl.live.calculation import FAULT, Value
from gwxl.live.check_words import Lines
from gwxl.live.formulas import Formula, derive, join, literal
from gwxl.live.helper_cells import State
from gwxl.live.sheet import At, LiveSheet
from gwxl.records.cell import column_letters
from gwxl.records.finding import Severity
from gwxl.wording import text


class Progress:
    """The line and the counts in it."""

    def __init__(self, sheet: LiveSheet, lines: Lines, *, rows: int, relations: int) -> None:
        """Take the sheet, the words, and how many rows and relations stand on it."""
        self._sheet, self._lines, self._rows, self._relations = sheet, lines, rows, relations

    def words(
        self, label: str, required: Sequence[Formula], said: Sequence[Formula], wanted: Sequence[Formula] = ()
    ) -> Formula:
        """Return the line.

        Args:
            label: what stands before it.
            required: the states of the inputs that must be filled in.
            said: the numbers of what is wrong with cells, and of relations.
            wanted: where that depends on other answers, which of the inputs must be filled in, 1 or 0.
        """
        last = self._lines.last
        states, asked = self._column(At.STATE), self._column(At.REQUIRED)
        blank = f"SUMPRODUCT(({states}={State.BLANK:d})*{asked})"
        left = self._sheet.add(At.PART, derive(blank, partial(_blank, len(required)), (*required, *wanted), 1))
        every = literal(len(required))
        if wanted:
            every = self._sheet.add(At.PART, derive(f"SUM({asked})", _sum, wanted, 1))
        filled = self._sheet.add(At.PART, derive(f"{every}-{left}", _rest, (every, left), 0))
        marks = {
            "\x01": filled,
            "\x02": self._count(said, 0, last[Severity.ERROR]),
            "\x03": self._count(said, self._lines.pending, last[Severity.VERIFY]),
        }
        names = dict(zip(("filled", "errors", "verify"), marks, strict=True))
        whole = "\x04" if wanted else str(len(required))
        words = text("live.progress", self._lines.language, required=whole, **names)
        return _fill_in(label + text("mark.gap", self._lines.language) + words, marks | {"\x04": every})

    def _column(self, column: int) -> str:
        letter = column_letters(column)
        return f"${letter}$1:${letter}${self._rows}"

    def _count(self, said: Sequence[Formula], above: int, last: int) -> Formula:
        """Return the cell with the number of cells and relations whose words are among some."""
        areas = [self._column(At.OWN)]
        if self._relations:
            letter = column_letters(At.RELATION)
            areas.append(f"${letter}$1:${letter}${self._relations}")
        formula = "+".join(f'COUNTIF({area},"<={last}")' for area in areas)
        formula += "".join(f'-COUNTIF({area},"<={above}")' for area in areas if above)
        return self._sheet.add(At.PART, derive(formula, partial(_count_between, above, last), said, 1))


def _blank(count: int, *states: Value) -> Value:
    """Return how many of the first states are blank, of which what follows says whether they are wanted."""
    wanted = states[count:] or (1,) * count
    return sum(state == State.BLANK and one == 1 for state, one in zip(states[:count], wanted, strict=True))


def _sum(*numbers: Value) -> Value:
    return sum(one for one in numbers if isinstance(one, int | float))


def _rest(every: Value, left: Value) -> Value:
    return every - left if isinstance(every, int | float) and isinstance(left, int | float) else FAULT


def _count_between(above: int, last: int, *numbers: Value) -> Value:
    return sum(isinstance(one, int | float) and above < one <= last for one in numbers)


def _fill_in(words: str, parts: Mapping[str, Formula]) -> Formula:
    """Return a text with formulas in the place of some characters."""
    found: list[Formula] = []
    for char in words:
        if char in parts:
            found.append(parts[char])
        elif found and found[-1].text.startswith('"'):
            found[-1] = literal(f"{found[-1].value}{char}")
        else:
            found.append(literal(char))
    return join(*found)
