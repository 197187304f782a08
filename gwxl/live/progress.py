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

    def words(self, label: str, required: Sequence[Formula], said: Sequence[Formula]) -> Formula:
        """Return the line.

        Args:
            label: what stands before it.
            required: the states of the inputs that must be filled in.
            said: the numbers of what is wrong with cells, and of relations.
        """
        last = self._lines.last
        states, asked = self._column(At.STATE), self._column(At.REQUIRED)
        left = self._sheet.add(At.PART, derive(f"SUMPRODUCT(({states}={State.BLANK:d})*{asked})", _blank, required, 1))
        filled = self._sheet.add(At.PART, derive(f"{len(required)}-{left}", partial(_rest, len(required)), (left,), 0))
        marks = {
            "\x01": filled,
            "\x02": self._count(said, 0, last[Severity.ERROR]),
            "\x03": self._count(said, self._lines.pending, last[Severity.VERIFY]),
        }
        names = dict(zip(("filled", "errors", "verify"), marks, strict=True))
        words = text("live.progress", self._lines.language, required=len(required), **names)
        return _fill_in(label + text("mark.gap", self._lines.language) + words, marks)

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


def _blank(*states: Value) -> Value:
    return sum(state == State.BLANK for state in states)


def _rest(every: int, left: Value) -> Value:
    return every - left if isinstance(left, int | float) else FAULT


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
