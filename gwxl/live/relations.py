"""Write relations as worksheet formulas: the same trees that are compiled to closures.

A condition gives 1 (true), 0 (false) or 0.5 (it hangs on something wrong that may be blank once it is corrected):
``and`` is MIN, ``or`` is MAX, ``not`` is 1 minus. Whole numbers compare as they are; where decimals or a division
take part, two sides are equal when their difference is 0 after rounding to nine places, because a sheet calculates
in binary. What would be too deep or too long inside another formula stands in a cell of its own.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from gwxl.form.definition import Form
from gwxl.live.calculation import day_number
from gwxl.live.check_words import NOTHING, WAITS
from gwxl.live.formulas import (
    FALSE,
    NONE,
    ONE,
    Formula,
    any_of,
    calculate,
    call,
    compare,
    derive,
    greatest,
    if_,
    if_error,
    literal,
    minimum,
    total,
)
from gwxl.live.operands import ColumnRange, Operand
from gwxl.live.own_checks import number
from gwxl.live.sheet import LiveSheet
from gwxl.records.path import Path
from gwxl.rules.compiling import Type, type_of, type_of_name
from gwxl.rules.expression import (
    COUNTING,
    PRESENCE,
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Text,
    names,
    operands,
    walk,
)
from gwxl.rules.relations import Condition, Relation
from gwxl.rules.ruleset import RuleSet

PLACES = 9
_PLACES_OF_SUMS = 4  # of thousands of numbers, each a trifle off in binary
_OF_COLUMN = {"sum": "SUM", "min": "MIN", "max": "MAX", "mean": "AVERAGE"}
_UNSURE = Formula("0.5", 0.5)
SIGNS = {"==": "=", "!=": "<>"}


class RelationWriter:
    """A writer of the verdict of one relation."""

    def __init__(self, sheet: LiveSheet, form: Form, operands: Mapping[str, Operand]) -> None:
        """Take the sheet for what stands in cells of its own, and the formulas of every name of the relation."""
        self._sheet, self._form, self._operands = sheet, form, operands
        self._types = {name: type_of_name(name, form) for name in operands}

    def verdict(self, relation: Relation, fails: Formula) -> Formula:
        """Return the formula of the number of what is said, WAITS or NOTHING; ``fails`` is said when it fails."""
        nothing = literal(NOTHING)
        blank = fails if relation.missing_fails else nothing
        inner = self._judge(relation.condition, blank=blank, false=fails, true=nothing)
        if relation.guard is not None:
            inner = self._judge(relation.guard, blank=nothing, false=nothing, true=self._sheet.part(inner))
        return if_error(inner, NOTHING)  # a division by zero cannot be judged

    def applies(self, node: Node, missing: Mapping[str, Formula]) -> Formula:
        """Return 1 where a condition holds, 0 where not, 0.5 where that hangs on what is wrong or still missing.

        Args:
            node: the condition.
            missing: name → a condition: it has no answer, and needs one.
        """
        match node:
            case Not():
                return calculate(ONE, "-", self._sheet.part(self.applies(node.operand, missing)))
            case Logic():
                parts = [self._sheet.part(self.applies(part, missing)) for part in node.operands]
                return minimum(parts) if node.operator == "and" else greatest(parts)
        needs = operands(node)
        awaited = any_of(missing[name] for name in needs if name in missing)
        blank = any_of(self._operands[name].missing for name in needs)
        wrong = any_of(self._operands[name].wrong for name in names(node))
        holds = self._sheet.part(if_error(self._condition(node), _UNSURE))
        filled = if_(self._sheet.part(blank), self._sheet.part(if_(awaited, _UNSURE, 0)), holds)
        return if_(self._sheet.part(wrong), _UNSURE, self._sheet.part(filled))

    def _judge(self, condition: Condition, *, blank: Formula, false: Formula, true: Formula) -> Formula:
        """Return a formula that waits for wrong operands and gives one of three others."""
        verdict = self._sheet.part(self._condition(condition.tree))
        formula = if_(compare(verdict, "=", 1), true, false)
        if condition.asks:
            formula = if_(compare(verdict, "=", _UNSURE), WAITS, formula)
        missing = any_of(self._operands[name].missing for name in condition.needs)
        wrong = any_of(self._operands[name].wrong for name in condition.needs)
        formula = formula if missing is FALSE else if_(self._sheet.part(missing), blank, formula)
        return formula if wrong is FALSE else if_(self._sheet.part(wrong), WAITS, formula)

    def _condition(self, node: Node) -> Formula:
        """Return a formula of a condition."""
        match node:
            case Name():
                return self._operands[node.name].value
            case Call():
                return self._presence(node)
            case Not():
                return calculate(ONE, "-", self._sheet.part(self._condition(node.operand)))
            case Logic():
                parts = [self._sheet.part(self._condition(part)) for part in node.operands]
                return minimum(parts) if node.operator == "and" else greatest(parts)
            case Comparison():
                return self._comparison(node)
        raise TypeError(node)

    def _presence(self, node: Call) -> Formula:
        """Return the formula of ``filled`` or ``blank``."""
        operand = self._operands[names(node)[0]]
        filled, blank = (ONE, NONE) if node.function == "filled" else (NONE, ONE)
        return if_(operand.wrong, _UNSURE, if_(operand.filled, filled, blank))

    def _comparison(self, node: Comparison) -> Formula:
        """Return the formula of a comparison, by the type of its sides."""
        kind, sign = type_of(node.left, self._types), SIGNS.get(node.operator, node.operator)
        if kind is Type.CONDITION:
            left, right = (self._sheet.part(self._condition(side)) for side in (node.left, node.right))
            unsure = any_of([compare(left, "=", _UNSURE), compare(right, "=", _UNSURE)])
            return if_(unsure, _UNSURE, if_(compare(left, sign, right), 1, 0))
        left, right = (self._sheet.part(self._value(side)) for side in (node.left, node.right))
        if kind is Type.TEXT:
            same, other = (ONE, NONE) if sign == "=" else (NONE, ONE)
            return if_(call("EXACT", left, right), same, other)
        if kind is Type.DATE and isinstance(node.right, Text):
            right = day_of(node.right.value)
        if kind is Type.NUMBER and self._fractional(node):
            places = _PLACES_OF_SUMS if any(map(self._is_of_column, walk(node))) else PLACES
            return if_(compare(call("ROUND", calculate(left, "-", right), places), sign, 0), 1, 0)
        return if_(compare(left, sign, right), 1, 0)

    def _fractional(self, node: Node) -> bool:
        """Tell whether fractions can take part in a comparison of numbers."""
        return any(
            (isinstance(part, Number) and isinstance(part.value, Decimal))
            or (isinstance(part, Arithmetic) and part.operator == "/")
            or (isinstance(part, Call) and part.function == "mean")
            or (isinstance(part, Name) and self._form.question_at(Path.parse(part.name)).kind.has_fractions)
            for part in walk(node)
        )

    def _is_of_column(self, node: Node) -> bool:
        return isinstance(node, Call) and self._column(node) is not None

    def _column(self, node: Call) -> ColumnRange | None:
        """Return the column that a function takes whole."""
        given = node.arguments[0]
        return self._operands[given.name].column if isinstance(given, Name) else None

    def _value(self, node: Node) -> Formula:
        """Return the formula of a number, text or day."""
        match node:
            case Number():
                return number(Decimal(node.value))
            case Text():
                return literal(node.value)
            case Name():
                return self._operands[node.name].value
            case Negative():
                return calculate(NONE, "-", self._sheet.part(self._value(node.operand)))
            case Arithmetic():
                left, right = (self._sheet.part(self._value(side)) for side in (node.left, node.right))
                return calculate(left, node.operator, right)
            case Call() if node.function not in PRESENCE:
                return self._function(node)
        raise TypeError(node)

    def _function(self, node: Call) -> Formula:
        """Return the formula of a function of numbers, of a column, or of a length."""
        column = self._column(node)
        if column is not None:
            return column.count() if node.function == COUNTING else column.call(_OF_COLUMN[node.function])
        parts = [self._sheet.part(self._value(argument)) for argument in node.arguments]
        match node.function:
            case "length" | "count":
                # The value of a list is its length already.
                listed = type_of(node.arguments[0], self._types) is Type.LIST
                return parts[0] if listed else call("LEN", parts[0])
            case "abs":
                return call("ABS", *parts)
            case "sum" | "mean":
                added = _bracket(parts)
                return added if node.function == "sum" else calculate(added, "/", literal(len(parts)))
        return minimum(parts) if node.function == "min" else greatest(parts)


def live_relations(rules: RuleSet) -> tuple[Relation, ...]:
    """Return the relations that formulas can judge, in file order."""
    found = (relation for relation in rules.relations if isinstance(relation, Relation))
    return tuple(relation for relation in found if not relation.rule.clerk_only)


def _bracket(parts: Iterable[Formula]) -> Formula:
    added = total(list(parts))
    return derive(f"({added})", lambda value: value, (added,), added.depth)


def day_of(text: str) -> Formula:
    """Return the number of a day."""
    day = date.fromisoformat(text)
    return Formula(f"DATE({day.year},{day.month},{day.day})", day_number(day), 1)
