"""What can be wrong with a cell of a table, as a condition over the cells of its row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gwxl.form.kinds import Kind
from gwxl.live.calculation import Scalar, Value, compare_values, day_number
from gwxl.live.check_words import Lines
from gwxl.live.helper_cells import Sorting
from gwxl.live.inputs import Input
from gwxl.rules.rule import InputRules, Rule


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """One column: its input, what its rules say, and how its texts are sorted."""

    item: Input
    cell: InputRules
    sorting: Sorting


@dataclass(frozen=True, kw_only=True)
class TableFault:
    """One thing that can be wrong with cells of a row.

    Attributes:
        columns: the columns it is looked for in, counted from 0.
        test: a condition on ``{cells}``, the whole row, or on ``{cell}``, one cell. found: the same of a value.
    """

    rule: Rule
    words: str
    columns: tuple[int, ...]
    test: str
    found: Callable[[Value], bool]


@dataclass(frozen=True, kw_only=True)
class RowFault:
    """One thing that can be wrong between the cells of a row.

    Attributes:
        columns: none of its own: it weighs once a row.
        formula: is 1 where it fails; ``{cells}`` stands for the row with its number, ``found`` tells so of its values.
    """

    rule: Rule
    words: str
    formula: str
    found: Callable[[Sequence[Scalar]], bool]
    columns: tuple[int, ...] = ()


class TableFaults:
    """Everything a row's formula could look for.

    Attributes:
        columns: the columns in order. rules: rule id → rule. lines: the words.
    """

    def __init__(self, columns: Sequence[TableColumn], rules: Mapping[str, Rule], lines: Lines) -> None:
        """Take the columns in order, the rules by id, and the words."""
        self.columns, self.rules, self.lines = columns, rules, lines

    def find_all(self) -> Iterator[TableFault]:
        """Yield everything a row's formula could look for."""
        yield from self._lengths("maxlength", ">")
        yield from self._lengths("minlength", "<")
        yield from self._numbers("min", "<")
        yield from self._numbers("max", ">")
        yield from self._days()
        for rule, columns in self._by_rule("type", lambda kind: kind.is_yes_no or kind.is_choice):
            words = self.lines.failure_words(rule)
            yield TableFault(rule=rule, words=words, columns=columns, test='{cells}<>""', found=is_filled)
        for rule, columns in self._by_rule("type", lambda kind: kind.is_whole):
            test = "MOD(SUM({cell}),1)"
            yield TableFault(
                rule=rule, words=self.lines.failure_words(rule), columns=columns, test=test, found=_is_fraction
            )
        for rule, columns in self._by_rule("type", lambda kind: kind.is_date):
            yield TableFault(
                rule=rule, words=self.lines.failure_words(rule), columns=columns, test='{cells}>""', found=is_text
            )
        for rule, columns in self._by_rule("type", lambda kind: kind.is_number):
            words = self.lines.not_a_number(rule)
            yield TableFault(rule=rule, words=words, columns=columns, test='{cells}>""', found=is_text)

    def _by_rule(self, limit: str, wanted: Callable[[Kind], bool]) -> Iterator[tuple[Rule, tuple[int, ...]]]:
        places: dict[str, list[int]] = {}
        for place, column in enumerate(self.columns):
            rule = rule_of(self.rules, column, limit)
            if rule is not None and wanted(column.sorting.kind) and (limit == "type" or not rule.clerk_only):
                places.setdefault(rule.id, []).append(place)
        yield from ((self.rules[id_], tuple(found)) for id_, found in places.items())

    def _by_bound(self, limit: str, wanted: Callable[[Kind], bool]) -> Iterator[tuple[Rule, Decimal, tuple[int, ...]]]:
        for rule, columns in self._by_rule(limit, wanted):
            bounds = {place: _number(self.columns[place].cell.limits[limit]) for place in columns}
            for bound in sorted(set(bounds.values())):
                yield rule, bound, tuple(place for place in columns if bounds[place] == bound)

    def _lengths(self, limit: str, sign: str) -> Iterator[TableFault]:
        for rule, bound, columns in self._by_bound(limit, lambda kind: kind.is_text):
            yield TableFault(
                rule=rule,
                words=self.lines.failure_words(rule),
                columns=columns,
                test=f'AND({{cell}}<>"",LEN(TRIM({{cell}})){sign}{bound})',
                found=lambda value, sign=sign, bound=int(bound): _has_length(value, sign, bound),  # type: ignore[misc]  # bound for this limit
            )

    def _days(self) -> Iterator[TableFault]:
        """Yield the bounds of dates; the last day is one to its end."""
        for limit, sign, more in (("min", "<", 0), ("max", ">=", 1)):
            for rule, bound, columns in self._by_bound(limit, lambda kind: kind.is_date):
                day = int(bound) + more
                yield TableFault(
                    rule=rule,
                    words=self.lines.failure_words(rule),
                    columns=columns,
                    test=f'({{cells}}{sign}{day})*({{cells}}<"")',
                    found=lambda value, sign=sign, day=day: _is_beyond(value, sign, day),  # type: ignore[misc]  # for this limit
                )

    def _numbers(self, limit: str, sign: str) -> Iterator[TableFault]:
        for rule, bound, columns in self._by_bound(limit, lambda kind: kind.is_number):
            alone = sign == "<" and bound <= 0  # a blank counts as 0, and a text is above every number
            test = f"{{cells}}{sign}{bound:f}"
            yield TableFault(
                rule=rule,
                words=self.lines.failure_words(rule),
                columns=columns,
                test=test if alone else f'({test})*({{cells}}<"")',
                found=lambda value, bound=float(bound): _is_beyond(value, sign, bound),  # type: ignore[misc]  # as above
            )


def rule_of(rules: Mapping[str, Rule], column: TableColumn, limit: str) -> Rule | None:
    """Return the rule behind a limit of a column, None where it has no such limit."""
    id_ = column.cell.ids.get(limit)
    return rules[id_] if id_ else None


def is_text(value: Value) -> bool:
    """Tell whether a cell holds a text that is not empty."""
    return isinstance(value, str) and value != ""


def is_filled(value: Value) -> bool:
    """Tell whether anything stands in a cell."""
    return value != ""


def _number(limit: int | Decimal | str) -> Decimal:
    """Return the number of a limit, of a day that which a cell stores."""
    return Decimal(day_number(date.fromisoformat(limit)) if isinstance(limit, str) else limit)


def _is_fraction(value: Value) -> bool:
    return isinstance(value, float) and not value.is_integer()


def _is_beyond(value: Value, sign: str, bound: float) -> bool:
    return isinstance(value, int | float) and compare_values(value, sign, bound) is True


def _has_length(value: Value, sign: str, bound: int) -> bool:
    return isinstance(value, str) and value != "" and compare_values(len(value.strip(" ")), sign, bound) is True
