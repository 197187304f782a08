"""Calculate a formula of plain numbers and the four signs: ``1200+34``, as people type it into a cell."""

import ast
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

_PLAIN = re.compile(r"[-+*/() .0-9]{1,120}\Z")
_SIGNS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}


def calculate(formula: str) -> Fraction | None:
    """Return what a formula comes to, None where more than numbers and the four signs stands in it."""
    if not _PLAIN.match(formula):
        return None
    try:
        return _value(ast.parse(formula.strip(), mode="eval").body)
    except (SyntaxError, ZeroDivisionError):
        return None


def _value(node: ast.expr) -> Fraction | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(repr(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _value(operand)
            return None if value is None else -value
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            first, second = _value(left), _value(right)
            return None if first is None or second is None else _SIGNS[type(sign)](first, second)
    return None
