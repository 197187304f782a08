"""Write relations as worksheet formulas: the same trees that are compiled to closures.

A condition gives 1 (true), 0 (false) or 0.5 (it hangs on something wrong that may be blank once it is corrected):
``and`` is MIN, ``or`` is MAX, ``not`` is 1 minus. Whole numbers compare as they are; where decimals or a division
take part, two sides are equal when their difference is 0 after rounding to nine places, because a sheet calculates
in binary. Functions are those that Excel 2010, WPS and LibreOffice all have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum

from gwxl.findings import Severity
from gwxl.form.definition import Form, Kind
from gwxl.rules.compiling import Type, type_of, type_of_name
from gwxl.rules.expression import (
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
    walk,
)
from gwxl.rules.relations import Condition, Relation

_PLACES = 9
_LOGIC = {"and": "MIN", "or": "MAX"}
_SIGNS = {"==": "=", "!=": "<>"}


class Verdict(IntEnum):
    """Number what a relation's cell says: nothing, how a failed one weighs, or that it waits for a wrong cell."""

    NOTHING = 0
    ERROR = 1
    VERIFY = 2
    EXPLAINED = 3
    HINT = 4
    WAITS = 9


@dataclass(frozen=True, kw_only=True)
class Operand:
    """Hold the formulas of one name: three conditions and the value where there is one.

    Attributes:
        wrong: it holds something unreadable or already reported as an error.
        missing: it has no value. filled: it holds something.
        value: a number, a text, a day's number; 1 or 0 for yes or no.
    """

    wrong: str
    missing: str
    filled: str
    value: str


def quoted(text: str) -> str:
    """Return a text as a literal of a formula."""
    return '"' + text.replace('"', '""') + '"'


def array(items: tuple[str, ...]) -> str:
    """Return texts as an array constant of one row."""
    return "{" + ",".join(quoted(item) for item in items) + "}"


def failed_code(severity: Severity) -> Verdict:
    """Return what a failed relation's cell says, before any explanation."""
    return {Severity.ERROR: Verdict.ERROR, Severity.VERIFY: Verdict.VERIFY, Severity.HINT: Verdict.HINT}[severity]


def relation_formula(relation: Relation, form: Form, operands: Mapping[str, Operand], explained: str) -> str:
    """Return the formula of a relation's verdict, without ``=``; it gives a :class:`Verdict`.

    Args:
        relation: the relation.
        form: its form.
        operands: name → formulas, for every name of the relation.
        explained: a condition: an explanation stands in a row the relation names.
    """
    writer = _Writer(form, operands)
    code = failed_code(relation.rule.reported)
    fails = f"IF({explained},{Verdict.EXPLAINED:d},{code:d})" if code is Verdict.VERIFY else f"{code:d}"
    inner = writer.judged(relation.condition, blank=fails if relation.missing_fails else "0", false=fails, true="0")
    if relation.guard is not None:
        inner = writer.judged(relation.guard, blank="0", false="0", true=inner)
    return f"IFERROR({inner},0)"  # a division by zero cannot be judged


class _Writer:
    """Write the conditions of one relation."""

    def __init__(self, form: Form, operands: Mapping[str, Operand]) -> None:
        self.form = form
        self.operands = operands
        self.types = {name: type_of_name(name, form) for name in operands}

    def judged(self, condition: Condition, *, blank: str, false: str, true: str) -> str:
        """Return a formula that waits for wrong operands and gives one of three others."""
        waits = f"{Verdict.WAITS:d}"
        verdict = self.condition(condition.tree)
        wrong = _any(self.operands[name].wrong for name in condition.needs)
        missing = _any(self.operands[name].missing for name in condition.needs)
        if condition.asks:
            formula = f"CHOOSE(1+2*{verdict},{false},{waits},{true})"
        else:
            formula = f"IF({verdict}=1,{true},{false})"
        if missing:
            formula = f"IF({missing},{blank},{formula})"
        return f"IF({wrong},{waits},{formula})" if wrong else formula

    def condition(self, node: Node) -> str:
        """Return a formula of a condition."""
        match node:
            case Name():
                return self.operands[node.name].value
            case Call():
                return self.presence(node)
            case Not():
                return f"(1-{self.condition(node.operand)})"
            case Logic():
                return f"{_LOGIC[node.operator]}({','.join(self.condition(part) for part in node.operands)})"
            case Comparison():
                return self.comparison(node)
        raise TypeError(node)

    def presence(self, node: Call) -> str:
        """Return the formula of ``filled`` or ``blank``."""
        operand = self.operands[names(node)[0]]
        filled, blank = ("1", "0") if node.function == "filled" else ("0", "1")
        return f"IF({operand.wrong},0.5,IF({operand.filled},{filled},{blank}))"

    def comparison(self, node: Comparison) -> str:
        """Return the formula of a comparison, by the type of its sides."""
        kind = type_of(node.left, self.types)
        sign = _SIGNS.get(node.operator, node.operator)
        if kind is Type.CONDITION:
            left, right = self.condition(node.left), self.condition(node.right)
            return f"IF(OR({left}=0.5,{right}=0.5),0.5,IF({left}{sign}{right},1,0))"
        left, right = self.value(node.left), self.value(node.right)
        if kind is Type.TEXT:
            same, other = ("1", "0") if node.operator == "==" else ("0", "1")
            return f"IF(EXACT({left},{right}),{same},{other})"
        if kind is Type.DATE and isinstance(node.right, Text):
            right = _day(node.right.value)
        if kind is Type.NUMBER and self.fractional(node):
            return f"IF(ROUND(({left})-({right}),{_PLACES}){sign}0,1,0)"
        return f"IF({left}{sign}{right},1,0)"

    def fractional(self, node: Node) -> bool:
        """Tell whether fractions can take part in a comparison of numbers."""
        return any(
            (isinstance(part, Number) and isinstance(part.value, Decimal))
            or (isinstance(part, Arithmetic) and part.operator == "/")
            or (isinstance(part, Name) and self.form.field_of(part.name).kind is Kind.DECIMAL)
            for part in walk(node)
        )

    def value(self, node: Node) -> str:
        """Return the formula of a number, text or day."""
        match node:
            case Number():
                return f"{node.value:f}" if isinstance(node.value, Decimal) else str(node.value)
            case Text():
                return quoted(node.value)
            case Name():
                return self.operands[node.name].value
            case Negative():
                return f"(-{self.value(node.operand)})"
            case Arithmetic():
                return f"({self.value(node.left)}{node.operator}{self.value(node.right)})"
            case Call() if node.function not in PRESENCE:
                return self.call(node)
        raise TypeError(node)

    def call(self, node: Call) -> str:
        """Return the formula of a function of numbers, or of a length."""
        parts = [self.value(argument) for argument in node.arguments]
        if node.function != "length":
            return f"{node.function.upper()}({','.join(parts)})"
        # The value of a list is its length already.
        return parts[0] if type_of(node.arguments[0], self.types) is Type.LIST else f"LEN({parts[0]})"


def _any(conditions: Iterable[str]) -> str:
    parts = [part for part in dict.fromkeys(conditions) if part != "FALSE"]
    return parts[0] if len(parts) == 1 else f"OR({','.join(parts)})" if parts else ""


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"DATE({day.year},{day.month},{day.day})"
