"""The live check of a table: one short formula a row, read in place, and what the form sheet asks of the whole.

A row is added up to one number: each cell gives the weight of what is wrong with it, the gravest the heaviest, and
the words stand in a list under the numbers from which they hold. Over the row's cells nothing but comparison and
arithmetic is used, so that Excel, WPS, LibreOffice and Gnumeric calculate alike; that is why a cell which holds a
blank alone that is none of the row's (ods would lose a tab or line break from the list) or blanks around a word for
nothing is a text to the sheet, though nothing to the checker.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gwxl.form.layout import TableArea
from gwxl.live.calculation import Rank, Scalar, Value, compare_values, rank_of
from gwxl.live.check_words import NOTHING
from gwxl.live.formulas import Formula, compare, derive, greatest, if_, if_error, literal, nesting, total
from gwxl.live.sheet import At, LiveSheet, prefix, qualify
from gwxl.live.tables.faults import RowFault, TableFault, TableFaults, is_filled, is_text, rule_of
from gwxl.live.tables.words import BLANKS, list_answers, list_spellings, make_constant
from gwxl.records.cell import column_letters
from gwxl.records.finding import Severity
from gwxl.rules.rule import Rule
from gwxl.wording import text

LONGEST = 1_000
"""Characters of a row's formula; a check for which there is no room is left to the checker."""

NOT_STARTED = "\u00a0"
"""What a row says where nothing stands: a blank that no program takes away. An inserted row has no check at all."""

_LIMITS, _SAID, _WORDS, _ALIKE, _WEIGHTS = (At.TABLE + step for step in range(5))
_MOST_EXACT = 2**50  # a number is exact up to 2**53, and a part of one may be added
_HALF = 0.5  # below a sum of parts that may not be whole by a trifle
_ROW = "\0"  # stands for the number of a row
_LONG = "gwxl_live!AA$100:AZ$100"  # no reference to a list is longer


@dataclass(frozen=True, kw_only=True)
class _Step:
    """The sum from which a row says certain words."""

    limit: int
    words: Formula
    severity: Severity | None


@dataclass(frozen=True, kw_only=True)
class _Lists:
    """What a row's formula looks up on the live sheet, as references from another sheet."""

    words: str
    weights: str
    faults: tuple[str, ...]
    steps: str
    error: str


class TableCheck:
    """The checks of one table."""

    def __init__(
        self, sheet: LiveSheet, area: TableArea, faults: TableFaults, between: Sequence[RowFault], said: Formula
    ) -> None:
        """Take where the table stands, what can be wrong in its cells and between them, and whether it is explained."""
        self._sheet, self._area, self._said = sheet, area, said
        self._columns, self._rules, self._lines = faults.columns, faults.rules, faults.lines
        self._missing = self._gravest_missing()
        # Of one severity what is wrong with a cell outweighs what is wrong between cells: that waits for it.
        every: list[TableFault | RowFault] = [*between, *faults.find_all()]
        self._faults = tuple(sorted(every, key=lambda fault: -fault.rule.reported.rank))
        self._digits = self._collect_digits()
        while self._faults and self._is_too_much(area):
            self._faults = self._faults[1:]  # the calmest check is left to the checker
            self._digits = self._collect_digits()
        self._steps = tuple(self._thresholds())
        self._words = self._word_weights()
        self._weighed: dict[Rank, list[Sequence[int]]] = {}
        for word, weights in self._words.items():
            self._weighed.setdefault(rank_of(word), []).append(weights)
        self._lists = self._put_lists()

    def _is_too_much(self, area: TableArea) -> bool:
        """Tell whether the formula of a row is too long, or its sum too large to be exact."""
        too_long = len(self._formula(area.last_row, self._longest_lists())) > LONGEST
        return too_long or self._weight(self._digits[-1]) * (len(self._columns) + 2) > _MOST_EXACT

    # what can be wrong

    def _gravest_missing(self) -> Rule | None:
        rules = [rule for column in self._columns if (rule := rule_of(self._rules, column, "required"))]
        return min(rules, key=lambda rule: rule.reported.rank, default=None)

    @property
    def judged(self) -> frozenset[str]:
        """Return the ids of the rules a row is judged by; the checker alone judges by the others."""
        missing = {
            rule.id
            for column in self._columns
            if (rule := rule_of(self._rules, column, "required"))
            and self._missing is not None
            and rule.reported is self._missing.reported
        }
        return frozenset(missing | {fault.rule.id for fault in self._faults})

    # what a row adds up to

    def _collect_digits(self) -> tuple[Rule | TableFault | RowFault, ...]:
        """Return what has a digit of its own in the sum of a row, the calmest first."""
        found: list[Rule | TableFault | RowFault] = list(self._faults)
        if self._missing is not None:
            rank = self._missing.reported.rank
            found.insert(sum(fault.rule.reported.rank > rank for fault in self._faults), self._missing)
        return tuple(found)

    def _weight(self, digit: Rule | TableFault | RowFault) -> int:
        base = len(self._columns) + 2
        return int(base ** (1 + self._digits.index(digit)))

    def _thresholds(self) -> Iterator[_Step]:
        """Yield the sums from which a row says something else; a row of nothing but blanks says nothing."""
        count, filled = len(self._columns), literal(self._lines.words[self._lines.filled - 1])
        yield _Step(limit=0, words=filled, severity=None)
        yield _Step(limit=count, words=literal(NOT_STARTED), severity=None)
        yield _Step(limit=count + 1, words=filled, severity=None)
        for digit in self._digits:
            words, severity = self._words_of(digit)
            weight = self._weight(digit)
            yield _Step(limit=weight, words=words, severity=severity)
            for missing in range(1, count + 1) if isinstance(digit, Rule) else ():
                yield _Step(limit=missing * weight + count, words=literal(NOT_STARTED), severity=None)
                yield _Step(limit=missing * weight + count + 1, words=words, severity=severity)

    def _words_of(self, digit: Rule | TableFault | RowFault) -> tuple[Formula, Severity]:
        rule, words = (
            (digit, self._lines.failure_words(digit)) if isinstance(digit, Rule) else (digit.rule, digit.words)
        )
        if rule.reported is not Severity.VERIFY:
            return literal(words), rule.reported
        return self._sheet.add(At.PART, if_(self._said, self._lines.explanation(rule), words)), rule.reported

    def _word_weights(self) -> Mapping[Scalar, tuple[int, ...]]:
        """Return word that says nothing → its weight in each column; a blank cell is both a blank text and 0."""
        found: dict[Scalar, list[int]] = {}
        for place in range(len(self._columns)):
            for word, weight in self._column_weights(place):
                found.setdefault(word, [0] * len(self._columns))[place] = weight
        zeros = list(found.get(0, [0] * len(self._columns)))
        for place, column in enumerate(self._columns):
            zeros[place] *= not column.item.calculated  # what a formula leaves blank is a text alone
        found[""] = [blank - zero for blank, zero in zip(found[""], zeros, strict=True)]
        return {word: tuple(weights) for word, weights in found.items()}

    def _column_weights(self, place: int) -> Iterator[tuple[Scalar, int]]:
        sorting = self._columns[place].sorting
        nothing = 1
        if self._missing is not None and rule_of(self._rules, self._columns[place], "required") is not None:
            nothing += self._weight(self._missing)
        texts = self._weigh_faults(place, is_text) + self._weigh_faults(place, is_filled)
        yield "", nothing
        for word in (*BLANKS, *list_spellings(word for word in sorting.words if word in sorting.gate)):
            yield word, nothing - texts
        if "0" in sorting.gate:
            yield 0, 1 if sorting.kind.is_number else nothing
        if sorting.answers:
            for answer in list_answers(self._columns[place]):
                yield answer, -self._weigh_faults(place, is_filled)

    def _weigh_faults(self, place: int, found: Callable[[Value], bool]) -> int:
        """Return what a column adds for all that is found in a certain way."""
        return sum(self._weight(one) for one in self._faults if place in one.columns and one.found is found)

    # what stands on the live sheet

    def _longest_lists(self) -> _Lists:
        faults = (_LONG,) * len(self._faults)
        return _Lists(words=_LONG, weights=_LONG, faults=faults, steps=_LONG, error=_LONG)

    def _put_lists(self) -> _Lists:
        """Put the lists of the table on the live sheet."""
        sheet, width = self._sheet, len(self._columns)
        first = sheet.next_row(At.TABLE, _WEIGHTS + width)
        for row, step in enumerate(self._steps, first):
            sheet.put(row, _LIMITS, step.limit - _HALF)
            sheet.put(row, _SAID, step.words)
        last = first + len(self._steps) - 1
        bottom = first + len(self._words)
        error = sheet.put(last + 1, _SAID, text("live.error_cell", self._lines.language))
        for row, (word, weights) in enumerate(self._words.items(), first):
            place = sheet.put(row, _WORDS, make_constant(word))
            # Some programs take ／ for /, or a wide blank for a narrow one: what meets several words counts once.
            every = _area(first, bottom - 1, _WORDS)
            alike = sheet.put(row, _ALIKE, Formula(f"SUMPRODUCT(--({every}={place}))", 1, 1))
            self._weigh(row, [Formula(f"{weight}/{alike}", weight) for weight in weights])
        faults = tuple(
            "" if isinstance(one, RowFault) else qualify(self._weigh(row, self._weights(one)))
            for row, one in enumerate(self._faults, bottom)
        )
        return _Lists(
            words=qualify(_area(first, bottom - 1, _WORDS)),
            weights=qualify(_area(first, bottom - 1, _WEIGHTS, _WEIGHTS + width)),
            faults=faults,
            steps=qualify(_area(first, last, _LIMITS, _SAID)),
            error=qualify(error.text),
        )

    def _weigh(self, row: int, weights: Sequence[int | Formula]) -> str:
        """Put the weights of the columns into a row, and return it; the row's own number weighs nothing."""
        for column, weight in enumerate((0, *weights), _WEIGHTS):
            self._sheet.put(row, column, weight)
        return _area(row, row, _WEIGHTS, _WEIGHTS + len(weights))

    def _weights(self, fault: TableFault) -> list[int]:
        return [self._weight(fault) if place in fault.columns else 0 for place in range(len(self._columns))]

    # the formula of a row

    def _formula(self, row: int | str, lists: _Lists) -> str:
        """Return the formula of a row, without ``=``.

        At least two cells are named at a time, since a reference to one goes with it when it is dragged elsewhere.
        """
        cells = self._cells(row, range(len(self._columns)), first=2)
        ranged, single, shapes = [], [], set()
        for fault, weights in zip(self._faults, lists.faults, strict=True):
            weight = self._weight(fault)
            if isinstance(fault, RowFault):
                single.append(f"({fault.formula.replace('{cells}', cells)}=1)*{weight}")
            elif "{cells}" in fault.test:
                ranged.append(f"({self._test(fault, row)})*{weight if self._adjoin(fault) else weights}")
                shapes.add(fault.columns if self._adjoin(fault) else ())
            else:
                tests = [fault.test.format(cell=f"INDEX({cells},1,{place + 2})") for place in fault.columns]
                single.append(f"({'+'.join(tests)}>0)*{weight}")
        parts = [f"SUMPRODUCT(({cells}={lists.words})*{lists.weights})"]
        parts += [f"SUMPRODUCT({'+'.join(ranged)})"] if len(shapes) == 1 else [f"SUMPRODUCT({one})" for one in ranged]
        return f"IFERROR(LOOKUP({'+'.join(parts + single)},{lists.steps}),{lists.error})"

    def _test(self, fault: TableFault, row: int | str) -> str:
        """Return a test of the columns it is about where they stand side by side, else of all."""
        columns = fault.columns if self._adjoin(fault) else range(len(self._columns))
        return fault.test.format(cells=self._cells(row, columns, first=3 if self._adjoin(fault) else 2))

    @staticmethod
    def _adjoin(fault: TableFault) -> bool:
        columns = fault.columns
        return len(columns) > 1 and columns == tuple(range(columns[0], columns[-1] + 1))

    @staticmethod
    def _cells(row: int | str, columns: Sequence[int], *, first: int) -> str:
        """Return some columns of a row; ``first`` is 2 to take in the row's own number before them."""
        return f"{column_letters(columns[0] + first)}{row}:{column_letters(columns[-1] + 3)}{row}"

    def row(self, row: int, stored: Sequence[Scalar]) -> Formula:
        """Return the formula of a row; ``stored`` is what its cells hold now, an empty text for a blank."""
        step = self._step_of(stored) if any(map(is_filled, stored)) else self._blank
        return derive(self._shape.replace(_ROW, str(row)), _same, (step.words,), self._depth)

    @cached_property
    def _blank(self) -> _Step:
        return self._step_of([""] * len(self._columns))

    def _step_of(self, stored: Sequence[Scalar]) -> _Step:
        score = sum(self._score(place, value) for place, value in enumerate(stored))
        between = (fault for fault in self._faults if isinstance(fault, RowFault))
        score += sum(self._weight(fault) for fault in between if fault.found(stored))
        return max((step for step in self._steps if step.limit <= score), key=lambda step: step.limit)

    @cached_property
    def _shape(self) -> str:
        """Return the formula of a row, its number left open."""
        return self._formula(_ROW, self._lists)

    @cached_property
    def _depth(self) -> int:
        return nesting(self._shape)

    def _score(self, place: int, value: Scalar) -> int:
        is_blank = value == "" and not self._columns[place].item.calculated
        held: Iterable[Scalar] = ("", 0) if is_blank else (value,)
        equal = (weights[place] for one in held for weights in self._weighed.get(rank_of(one), ()))
        own = (one for one in self._faults if isinstance(one, TableFault) and place in one.columns)
        return sum(equal) + sum(self._weight(fault) for fault in own if fault.found(value))

    # what the form sheet asks

    def whole(self, rows: Sequence[Formula]) -> tuple[Formula, Formula, Formula]:
        """Return how much is filled in, the state of the table, and the number of what is said of it."""
        counts = {severity: self._counts(severity, rows) for severity in reversed(Severity)}
        fine = self._count(literal(self._lines.words[self._lines.filled - 1]), rows)
        error = self._count(literal(text("live.error_cell", self._lines.language)), rows)
        wrong = self._sheet.part(total([*counts[Severity.ERROR], error]))
        started = self._sheet.add(At.PART, total([fine, error, *(one for each in counts.values() for one in each)]))
        filled = if_error(greatest([started, self._count_inserted()]), 1)
        return filled, wrong, self._line(wrong, counts)

    def _line(self, wrong: Formula, counts: Mapping[Severity, Sequence[Formula]]) -> Formula:
        key, lines = self._area.field.key, self._lines
        said: Formula = literal(NOTHING)
        for severity in (Severity.HINT, Severity.VERIFY):
            some = compare(self._sheet.part(total(counts[severity])), ">", 0)
            said = if_(some, lines.of_table(key, severity, self._said), said) if counts[severity] else said
        return if_(compare(wrong, ">", 0), lines.of_table(key, Severity.ERROR), said)

    def _counts(self, severity: Severity, rows: Sequence[Formula]) -> list[Formula]:
        words = dict.fromkeys(step.words for step in self._steps if step.severity is severity)
        return [self._count(one, rows) for one in words]

    def _count(self, words: Formula, rows: Sequence[Formula]) -> Formula:
        """Return the cell with the number of rows that say certain words."""
        number = sum(compare_values(row.value, "=", words.value) is True for row in rows)
        formula = f"SUMPRODUCT(--({self._checks}={self._sheet.part(words)}))"
        return self._sheet.add(At.PART, Formula(formula, number, 1))

    @property
    def _checks(self) -> str:
        area = self._area
        return prefix(area.sheet) + _area(area.head_row, area.end_row, area.check_column)

    def _count_inserted(self) -> Formula:
        """Return how many cells are filled in rows that the filler inserted: those that have no check."""
        area, title = self._area, prefix(self._area.sheet)
        inputs = (3, area.check_column - 1)
        cells = title + _area(area.head_row, area.end_row, *inputs)
        last = title + _area(area.end_row, area.end_row, *inputs)
        formula = f'SUMPRODUCT(({self._checks}="")*({cells}<>""))-SUMPRODUCT(--({last}<>""))'
        return self._sheet.add(At.PART, Formula(formula, 0, 1))


def _same(value: Value) -> Value:
    return value


def _area(first_row: int, last_row: int, first: int, last: int | None = None) -> str:
    return f"${column_letters(first)}${first_row}:${column_letters(last or first)}${last_row}"
