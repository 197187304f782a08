"""Check the types of an expression and compile its tree to a closure.

Numbers are integers and fractions: exact, division included; no float is ever involved.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from gwxl.form.definition import Field, Form
from gwxl.form.parts import Column
from gwxl.records.path import Path
from gwxl.rules.codes.functions import BIRTH_DATE, CHECKS, CODE_FUNCTIONS, PART, read_birth_date, take_part
from gwxl.rules.expression import (
    COUNTING,
    OF_COLUMNS,
    PRESENCE,
    PREVIOUS,
    Arithmetic,
    Call,
    Comparison,
    ExpressionError,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Text,
    names,
)


class Type(StrEnum):
    """What a node gives."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    CONDITION = "condition"
    LIST = "list"
    NUMBERS = "column of numbers"
    DATES = "column of dates"
    COLUMN = "column"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What an expression may look at.

    Attributes:
        values: name → value of what is filled and right; numbers as int or Fraction.
        filled: the names that hold something.
        wrong: the names that hold something unreadable or already reported as an error.
        counts: table, or column of one → how many rows, or cells of it, hold something.
    """

    values: Mapping[str, Any]
    filled: frozenset[str]
    wrong: frozenset[str] = field(default_factory=frozenset)
    counts: Mapping[str, int] = field(default_factory=dict)


Closure = Callable[[Scope], Any]

_ORDERED = frozenset({Type.NUMBER, Type.DATE})
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _divide(left: int | Fraction, right: int | Fraction) -> Fraction:
    return Fraction(left) / right


_CALCULATE: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
}


def exact(value: Any) -> Any:
    """Return a Decimal as a Fraction, so that integers and decimals calculate exactly together."""
    return Fraction(value) if isinstance(value, Decimal) else value


def type_of_name(name: str, form: Form, table: Field | None = None) -> Type:
    """Return the type of a name.

    Args:
        name: the name, as an expression has it.
        form: the form.
        table: the table whose columns are named as fields are, in a relation over its rows.

    Raises:
        ExpressionError: the form has no such field, choice or column.
    """
    path = Path.read(name.removeprefix(PREVIOUS))
    asked: Field | Column | None = form.fields.get(path.field) if path else None
    if table is not None and path and path.field in table.keys_of_columns:
        asked = table.column(path.field)
    elif path and path.part and isinstance(asked, Field) and path.part in asked.keys_of_columns:
        return _type_of_column(name, asked.column(path.part))
    if asked is not None and asked.kind.is_table and name.startswith(PREVIOUS):
        message = f"names {name}: of a table, nothing of last year is known"
        raise ExpressionError(message)
    if path is None or asked is None or (path.part and path.part not in {choice.key for choice in asked.choices}):
        message = f"names {name}, which the form does not have"
        raise ExpressionError(message)
    if path.part or asked.kind.is_yes_no:
        return Type.CONDITION
    if asked.kind.is_number:
        return Type.NUMBER
    if asked.kind.is_list:
        return Type.LIST
    return Type.DATE if asked.kind.is_date else Type.TEXT


def _type_of_column(name: str, column: Column) -> Type:
    if name.startswith(PREVIOUS):
        message = f"names {name}: of a table, nothing of last year is known"
        raise ExpressionError(message)
    return Type.NUMBERS if column.kind.is_number else Type.DATES if column.kind.is_date else Type.COLUMN


def types_in(node: Node, form: Form, table: Field | None = None) -> Mapping[str, Type]:
    """Return the types of the names in a tree that gives true or false; ``table`` as in :func:`type_of_name`.

    Raises:
        ExpressionError: it names an unknown field, mixes types, or gives no condition.
    """
    types = {name: type_of_name(name, form, table) for name in names(node)}
    if not types:
        message = "names no field"
        raise ExpressionError(message)
    if type_of(node, types) is not Type.CONDITION:
        message = "gives no condition: compare something"
        raise ExpressionError(message)
    return types


def type_of(node: Node, types: Mapping[str, Type]) -> Type:  # noqa: PLR0911 - one for each kind of node
    """Return the type a node gives, every node below it checked.

    Raises:
        ExpressionError: types are mixed.
    """
    match node:
        case Number():
            return Type.NUMBER
        case Text():
            return Type.TEXT
        case Name():
            return types[node.name]
        case Call():
            return _type_of_call(node, types)
        case Not():
            return _all_of(Type.CONDITION, (node.operand,), types, "not")
        case Negative():
            return _all_of(Type.NUMBER, (node.operand,), types, "-")
        case Arithmetic():
            return _all_of(Type.NUMBER, (node.left, node.right), types, node.operator)
        case Logic():
            return _all_of(Type.CONDITION, node.operands, types, node.operator)
        case Comparison():
            return _type_of_comparison(node, types)


def _all_of(wanted: Type, parts: tuple[Node, ...], types: Mapping[str, Type], where: str) -> Type:
    for part in parts:
        found = type_of(part, types)
        if found is not wanted:
            message = f"gives {where} a {found} where a {wanted} belongs"
            raise ExpressionError(message)
    return wanted


def _type_of_call(node: Call, types: Mapping[str, Type]) -> Type:
    if node.function in PRESENCE:
        return Type.CONDITION
    if node.function in CODE_FUNCTIONS:
        _all_of(Type.TEXT, node.arguments[:1], types, node.function)
        return {BIRTH_DATE: Type.DATE, PART: Type.TEXT}.get(node.function, Type.CONDITION)
    if node.function in OF_COLUMNS and len(node.arguments) == 1 and isinstance(node.arguments[0], Name):
        given = types[node.arguments[0].name]
        if node.function == COUNTING:
            return _count_of(given, node)
        if given is Type.NUMBERS or (given is Type.DATES and node.function in {"min", "max"}):
            return Type.NUMBER if given is Type.NUMBERS else Type.DATE
    if node.function != "length":
        return _all_of(Type.NUMBER, node.arguments, types, node.function)
    if type_of(node.arguments[0], types) not in {Type.TEXT, Type.LIST}:
        message = "length takes a text, choices or a table"
        raise ExpressionError(message)
    return Type.NUMBER


def _count_of(given: Type, node: Call) -> Type:
    if given not in {Type.NUMBERS, Type.DATES, Type.COLUMN, Type.LIST}:
        message = f"{node.function} takes a table, or a column of one, not a {given}"
        raise ExpressionError(message)
    return Type.NUMBER


def _type_of_comparison(node: Comparison, types: Mapping[str, Type]) -> Type:
    left, right = type_of(node.left, types), type_of(node.right, types)
    dated = {left, right} == {Type.DATE, Type.TEXT} and isinstance(node.right, Text)
    if (left is not right and not dated) or left is Type.LIST:
        message = f"compares a {left} with a {right}"
        raise ExpressionError(message)
    if node.operator not in {"==", "!="} and left not in _ORDERED:
        message = f"puts a {left} in order by {node.operator}"
        raise ExpressionError(message)
    return Type.CONDITION


def compile_node(node: Node) -> Closure:  # noqa: PLR0911 - one for each kind of node
    """Compile a checked tree to a closure over a scope."""
    match node:
        case Number() | Text():
            value = exact(node.value)
            return lambda _scope: value
        case Name():
            name = node.name
            return lambda scope: scope.values[name]
        case Call():
            return _compile_call(node)
        case Not():
            denied = compile_node(node.operand)
            return lambda scope: not denied(scope)
        case Negative():
            negated = compile_node(node.operand)
            return lambda scope: -negated(scope)
        case Arithmetic():
            return _compile_pair(_CALCULATE[node.operator], node.left, node.right)
        case Comparison():
            return _compile_pair(_COMPARE[node.operator], node.left, node.right)
        case Logic():
            return _compile_logic(node)


def _compile_pair(join: Callable[[Any, Any], Any], left: Node, right: Node) -> Closure:
    first, second = compile_node(left), compile_node(right)
    return lambda scope: join(first(scope), second(scope))


def _compile_logic(node: Logic) -> Closure:
    parts = [compile_node(part) for part in node.operands]
    if node.operator == "and":
        return lambda scope: all(part(scope) for part in parts)
    return lambda scope: any(part(scope) for part in parts)


def _compile_call(node: Call) -> Closure:
    if node.function in PRESENCE:
        wanted, name = node.function == "filled", next(iter(names(node)))
        return lambda scope: (name in scope.filled) is wanted
    if node.function in CODE_FUNCTIONS:
        return _compile_code(node)
    if node.function == COUNTING:
        counted = names(node)[0]
        return lambda scope: scope.counts[counted]
    parts = [compile_node(argument) for argument in node.arguments]
    if node.function == "length":
        return lambda scope: len(parts[0](scope))
    if node.function == "abs":
        return lambda scope: abs(parts[0](scope))
    joins: Mapping[str, Callable[[list[Any]], Any]] = {"min": min, "max": max, "sum": sum, "mean": _mean}
    join = joins[node.function]
    return lambda scope: join(_spread([part(scope) for part in parts]))


def _compile_code(node: Call) -> Closure:
    code = compile_node(node.arguments[0])
    if node.function == PART:
        first, count = (int(item.value) for item in node.arguments[1:] if isinstance(item, Number))
        return lambda scope: take_part(code(scope), first, count)
    read: Callable[[str], Any] = read_birth_date if node.function == BIRTH_DATE else CHECKS[node.function]
    return lambda scope: read(code(scope))


def _spread(values: list[Any]) -> list[Any]:
    """Return the numbers of a column that is given whole, else the numbers given."""
    return list(values[0]) if len(values) == 1 and isinstance(values[0], tuple) else values


def _mean(values: list[Any]) -> Fraction:
    return _divide(sum(values), len(values))
