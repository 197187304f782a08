"""Parse the expressions of relations: Python syntax, a short whitelist, nothing executed.

A text is parsed once into a tree of small nodes. The same tree is compiled to a closure
(:mod:`gwxl.rules.compiling`), gives the names it involves and can be written as a formula.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from gwxl.errors import GwxlError
from gwxl.rules.codes.functions import CODE_FUNCTIONS, PART
from gwxl.rules.parsing.slips import find_slip

LONGEST = 400
DEEPEST = 20
PREVIOUS = "prev."
PRESENCE = frozenset({"filled", "blank"})
COUNTING = "count"
FUNCTIONS = frozenset({*PRESENCE, COUNTING, "length", "abs", "min", "max", "sum", "mean", *CODE_FUNCTIONS})
OF_COLUMNS = frozenset({COUNTING, "min", "max", "sum", "mean"})
"""The functions that take a column of a table as a whole."""

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?\Z")
_LONGEST_CONSTANT = 100
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class ExpressionError(GwxlError):
    """The reason why an expression cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A constant number, exact."""

    value: int | Decimal


@dataclass(frozen=True, kw_only=True)
class Text:
    """A constant text."""

    value: str


@dataclass(frozen=True, kw_only=True)
class Name:
    """The name of a field (``release_total``), a choice (``innovations.other``) or last year's value (``prev.…``).

    A cell of a matrix is a field: ``requests[new].person``.
    """

    name: str


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call of one of :data:`FUNCTIONS`."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True)
class Not:
    """A condition denied."""

    operand: "Node"


@dataclass(frozen=True, kw_only=True)
class Negative:
    """A number negated."""

    operand: "Node"


@dataclass(frozen=True, kw_only=True)
class Arithmetic:
    """Two numbers joined by ``+ - * /``."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two values compared by ``== != < <= > >=``."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, kw_only=True)
class Logic:
    """Conditions joined by ``and`` or ``or``."""

    operator: str
    operands: tuple["Node", ...]


Node = Number | Text | Name | Call | Not | Negative | Arithmetic | Comparison | Logic


def parse(text: str) -> Node:
    """Parse an expression of at most 400 characters and depth 20.

    Raises:
        ExpressionError: it is too long, too deep, no Python expression, or uses anything off the whitelist.
    """
    if len(text) > LONGEST:
        message = f"is longer than {LONGEST} characters"
        raise ExpressionError(message)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = f"is no expression: {find_slip(text, getattr(error, 'offset', None))}"
        raise ExpressionError(message) from None
    return _Parser(text.strip()).node(tree, 1)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below a node, in the order of the text."""
    match node:
        case Call():
            return node.arguments
        case Not() | Negative():
            return (node.operand,)
        case Arithmetic() | Comparison():
            return node.left, node.right
        case Logic():
            return node.operands
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and every node below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from walk(child)


def names(node: Node) -> tuple[str, ...]:
    """Return every name of a tree once, in the order of the text."""
    return tuple(dict.fromkeys(item.name for item in walk(node) if isinstance(item, Name)))


def operands(node: Node) -> tuple[str, ...]:
    """Return the names whose value is needed: those that stand outside ``filled``, ``blank`` and ``count``."""
    return tuple(dict.fromkeys(_values(node)))


def looks_back(names: Iterable[str]) -> bool:
    """Tell whether any of some names is last year's value."""
    return any(name.startswith(PREVIOUS) for name in names)


def _values(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif not (isinstance(node, Call) and node.function in {*PRESENCE, COUNTING}):
        for child in children(node):
            yield from _values(child)


def _is_of_code(function: str, arguments: tuple[Node, ...]) -> bool:
    """Tell whether a function of a code has the arguments it takes."""
    numbers = [item.value for item in arguments[1:] if isinstance(item, Number)]
    whole = [number for number in numbers if isinstance(number, int) and number > 0]
    return isinstance(arguments[0], Name) and len(arguments) == len(whole) + 1 == (3 if function == PART else 1)


def takes_codes(node: Node) -> bool:
    """Tell whether a function of a code stands anywhere in a tree."""
    return any(isinstance(item, Call) and item.function in CODE_FUNCTIONS for item in walk(node))


def rename(node: Node, names: Mapping[str, str]) -> Node:
    """Return a tree in which some names are others."""
    match node:
        case Name():
            return Name(name=names.get(node.name, node.name))
        case Call():
            return replace(node, arguments=tuple(rename(one, names) for one in node.arguments))
        case Not() | Negative():
            return replace(node, operand=rename(node.operand, names))
        case Arithmetic() | Comparison():
            return replace(node, left=rename(node.left, names), right=rename(node.right, names))
        case Logic():
            return replace(node, operands=tuple(rename(one, names) for one in node.operands))
        case _:
            return node


class _Parser:
    """A parser from Python's syntax tree to ours, refusing whatever is not on the whitelist."""

    def __init__(self, text: str) -> None:
        self.text = text

    def node(self, tree: ast.expr, depth: int) -> Node:  # noqa: PLR0911 - one for each kind of node
        if depth > DEEPEST:
            message = f"is nested deeper than {DEEPEST}"
            raise ExpressionError(message)
        match tree:
            case ast.Constant():
                return self.constant(tree)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return Name(name=self.name(tree))
            case ast.Call():
                return self.call(tree, depth)
            case ast.UnaryOp(op=ast.Not()):
                return Not(operand=self.node(tree.operand, depth + 1))
            case ast.UnaryOp(op=ast.USub()):
                return Negative(operand=self.node(tree.operand, depth + 1))
            case ast.BinOp():
                return self.arithmetic(tree, depth)
            case ast.BoolOp():
                parts = tuple(self.node(part, depth + 1) for part in tree.values)
                return Logic(operator="and" if isinstance(tree.op, ast.And) else "or", operands=parts)
            case ast.Compare():
                return self.comparison(tree, depth)
        raise self.refusal(tree)

    def refusal(self, tree: ast.AST) -> ExpressionError:
        source = ast.get_source_segment(self.text, tree) if isinstance(tree, ast.expr) else None
        return ExpressionError(f"uses {type(tree).__name__}, which is not allowed: {source or self.text}")

    def constant(self, tree: ast.Constant) -> Node:
        # The source is read, not the parsed value: a float literal would no longer be exact.
        source = ast.get_source_segment(self.text, tree) or ""
        if isinstance(tree.value, str) and len(tree.value) <= _LONGEST_CONSTANT:
            return Text(value=tree.value)
        if _NUMBER.match(source):
            return Number(value=Decimal(source) if "." in source else int(source))
        message = f"holds {source}, which is neither a plain number nor a short text"
        raise ExpressionError(message)

    def name(self, tree: ast.expr) -> str:
        if isinstance(tree, ast.Name):
            return tree.id
        if isinstance(tree, ast.Attribute):
            return f"{self.name(tree.value)}.{tree.attr}"
        if isinstance(tree, ast.Subscript) and isinstance(tree.slice, ast.Name):
            return f"{self.name(tree.value)}[{tree.slice.id}]"
        raise self.refusal(tree)

    def call(self, tree: ast.Call, depth: int) -> Node:
        function = tree.func.id if isinstance(tree.func, ast.Name) else ""
        if function not in FUNCTIONS or tree.keywords or not tree.args:
            message = f"calls {ast.unparse(tree)}; known are {', '.join(sorted(FUNCTIONS))}, with plain arguments"
            raise ExpressionError(message)
        arguments = tuple(self.node(argument, depth + 1) for argument in tree.args)
        if function in PRESENCE and not (len(arguments) == 1 and isinstance(arguments[0], Name)):
            message = f"{function} takes one field: {ast.unparse(tree)}"
            raise ExpressionError(message)
        if function in {"length", "abs", COUNTING} and len(arguments) != 1:
            message = f"{function} takes one argument: {ast.unparse(tree)}"
            raise ExpressionError(message)
        if function in CODE_FUNCTIONS and not _is_of_code(function, arguments):
            message = f"{function} takes a code{' and two whole numbers' * (function == PART)}: {ast.unparse(tree)}"
            raise ExpressionError(message)
        if function == COUNTING and not isinstance(arguments[0], Name):
            message = f"count takes a table, or a column of one: {ast.unparse(tree)}"
            raise ExpressionError(message)
        return Call(function=function, arguments=arguments)

    def arithmetic(self, tree: ast.BinOp, depth: int) -> Node:
        if type(tree.op) not in _OPERATORS:
            raise self.refusal(tree)
        left, right = self.node(tree.left, depth + 1), self.node(tree.right, depth + 1)
        return Arithmetic(operator=_OPERATORS[type(tree.op)], left=left, right=right)

    def comparison(self, tree: ast.Compare, depth: int) -> Node:
        if not all(type(operator) in _COMPARISONS for operator in tree.ops):
            raise self.refusal(tree)
        sides = [self.node(side, depth + 1) for side in (tree.left, *tree.comparators)]
        parts = tuple(
            Comparison(operator=_COMPARISONS[type(operator)], left=left, right=right)
            for operator, left, right in zip(tree.ops, sides[:-1], sides[1:], strict=True)
        )
        return parts[0] if len(parts) == 1 else Logic(operator="and", operands=parts)
