"""Say a formula in the words of its form."""

from decimal import Decimal

from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.rules.computed.fields import Computed
from gwxl.rules.expression import Arithmetic, Call, Name, Negative, Node, Number

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_WEIGHTS = {"+": 1, "-": 1, "*": 2, "/": 2}
_NEGATIVE = 3


def describe(one: Computed, form: Form) -> str:
    """Return what is worked out as a sum on paper, the labels of its fields in quotes."""
    return _say(one.node, form, 0)


def _say(node: Node, form: Form, weight: int) -> str:
    """Return a part of a formula, in brackets where what stands around it binds closer than ``weight`` allows."""
    match node:
        case Number():
            return f"{Decimal(node.value):f}"
        case Name():
            return f"“{form.label(Path(node.name))}”"
        case Negative():
            return _enclose(f"−{_say(node.operand, form, _NEGATIVE)}", weight > 0)
        case Arithmetic():
            own = _WEIGHTS[node.operator]
            closer = own + (node.operator in "-/")
            words = f"{_say(node.left, form, own)} {_SIGNS[node.operator]} {_say(node.right, form, closer)}"
            return _enclose(words, weight > own)
        case Call():
            return f"{node.function}({', '.join(_say(part, form, 0) for part in node.arguments)})"
    message = f"{node} is no part of a formula"
    raise TypeError(message)


def _enclose(words: str, apart: object) -> str:
    return f"({words})" if apart else words
