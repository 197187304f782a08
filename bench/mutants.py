"""Make mutants of a module: the same source with one small fault each, drawn at random."""

import ast
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitOr,
}
_NAMES = {"all": "any", "any": "all", "min": "max", "max": "min"}
_METHODS = {
    "startswith": "endswith",
    "endswith": "startswith",
    "find": "rfind",
    "rfind": "find",
    "partition": "rpartition",
    "rpartition": "partition",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "removeprefix": "removesuffix",
    "removesuffix": "removeprefix",
}
# A text that a method is given or asked for decides something; one in a message or a key does not.
_DECIDED_BY = frozenset({*_METHODS, "count", "join", "replace", "rsplit", "split", "strip"})
_EMPTY = {
    "bool": "False",
    "str": "''",
    "tuple": "()",
    "list": "[]",
    "dict": "{}",
    "Mapping": "{}",
    "Sequence": "()",
    "set": "set()",
    "frozenset": "frozenset()",
}
# Annotations and decorators change nothing that runs, or break everything.
_LEFT_OUT = frozenset({"annotation", "returns", "decorator_list", "format_spec", "type_params"})
_Node = TypeVar("_Node", bound=ast.AST)
_NO_MUTANT = ("pragma: no cover", "pragma: no mutate")


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One fault: where it stands, what it changes, and the source of the whole module with it.

    Attributes:
        line: the line of the module, counted from 1.
        function: the function or class around it, ``<module>`` outside of all.
        change: what stood there → what stands there now.
        source: the module with the fault.
    """

    line: int
    function: str
    change: str
    source: str


@dataclass(frozen=True, kw_only=True, eq=False)
class _Site:
    """A node's place in its parent, what may stand there instead, and the function around it."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    instead: ast.AST
    function: str

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def draw(source: str, count: int, seed: str) -> list[Mutant]:
    """Return so many mutants of a module at most, drawn without repetition, in the order drawn."""
    tree = ast.parse(source)
    lines = source.splitlines()
    sites = [site for site in _sites(tree, "<module>") if not _is_spared(lines[_line(site) - 1])]
    random.Random(seed).shuffle(sites)  # a sample, no secret
    whole, made, seen = ast.unparse(tree), list[Mutant](), set[str]()
    for site in sites:
        if len(made) == count:
            break
        mutant = _mutant(tree, site)
        if mutant.source != whole and mutant.source not in seen:
            seen.add(mutant.source)
            made.append(mutant)
    return made


def _mutant(tree: ast.Module, site: _Site) -> Mutant:
    change = f"{_one_line(site.node)} → {_one_line(site.instead)}"
    site.put(site.instead)
    source = ast.unparse(ast.fix_missing_locations(tree))
    site.put(site.node)
    return Mutant(line=_line(site), function=site.function, change=change, source=source)


def _line(site: _Site) -> int:
    return int(getattr(site.node, "lineno", getattr(site.parent, "lineno", 1)))


def _one_line(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _is_spared(line: str) -> bool:
    return any(word in line for word in _NO_MUTANT)


def _sites(parent: ast.AST, function: str, returns: str = "") -> Iterator[_Site]:
    """Yield every place of a tree where a fault can stand, with each fault."""
    if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        function = parent.name if function == "<module>" else f"{function}.{parent.name}"
        returns = _return_type(parent)
    for name, value in ast.iter_fields(parent):
        if name in _LEFT_OUT or _is_typing(parent, name):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_docstring(node):
                continue
            for instead in _faults(parent, name, node, returns):
                yield _Site(parent=parent, field=name, index=index, node=node, instead=instead, function=function)
            yield from _sites(node, function, returns)


def _return_type(parent: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    annotation = None if isinstance(parent, ast.ClassDef) else parent.returns
    return ast.unparse(annotation).partition("[")[0] if annotation else ""


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_typing(parent: ast.AST, name: str) -> bool:
    """Tell whether a part of a node is there for the type checker, or a setting that changes no result."""
    if isinstance(parent, ast.If) and ast.unparse(parent.test) == "TYPE_CHECKING":
        return True
    if isinstance(parent, ast.Assign) and ast.unparse(parent.targets[0]) in {"__all__", "__slots__"}:
        return True
    return isinstance(parent, ast.keyword) and parent.arg == "strict" and name == "value"


def _faults(parent: ast.AST, field: str, node: ast.AST, returns: str) -> Iterator[ast.AST]:
    """Yield what may stand in a node's place."""
    if isinstance(node, ast.stmt):
        yield from _of_statement(node, returns)
    elif isinstance(node, ast.Constant):
        yield from _of_constant(parent, field, node)
    elif isinstance(node, ast.expr):
        yield from _of_expression(node)
    elif isinstance(node, ast.comprehension):
        for index in range(len(node.ifs)):
            yield ast.comprehension(node.target, node.iter, _leave_out(node.ifs, index), node.is_async)
    if field == "test" and isinstance(node, ast.expr):
        yield from _of_test(parent, node)


def _of_statement(node: ast.stmt, returns: str) -> Iterator[ast.stmt]:
    if isinstance(node, ast.Return) and node.value is not None:
        empty = ast.parse(_EMPTY.get(returns, "None"), mode="eval").body
        if ast.unparse(empty) != ast.unparse(node.value):
            yield ast.copy_location(ast.Return(empty), node)
    elif isinstance(node, ast.Continue):
        yield ast.Break()
        yield ast.Pass()
    elif isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Delete | ast.Break) or _sets_a_part(node):
        yield ast.Pass()
    if isinstance(node, ast.AugAssign) and (other := _ARITHMETIC.get(type(node.op))):
        yield ast.AugAssign(node.target, other(), node.value)


def _sets_a_part(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript)


def _of_test(parent: ast.AST, node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(parent, ast.While | ast.If):
        yield ast.Constant(value=False)
    if isinstance(parent, ast.If):
        yield ast.Constant(value=True)
    if isinstance(parent, ast.If | ast.IfExp) and not isinstance(node, ast.Compare | ast.UnaryOp):
        yield ast.UnaryOp(ast.Not(), node)


def _of_expression(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in _COMPARISONS[type(operator)]:
                yield ast.Compare(node.left, _with(node.ops, index, other()), node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for index in range(len(node.values)):
            rest = _leave_out(node.values, index)
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.BinOp) and not _is_union_of_types(node):
        if swapped := _ARITHMETIC.get(type(node.op)):
            yield ast.BinOp(node.left, swapped(), node.right)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)


def _of_call(node: ast.Call) -> Iterator[ast.expr]:
    function = node.func
    if isinstance(function, ast.Name) and function.id in _NAMES:
        yield ast.Call(ast.Name(_NAMES[function.id], ast.Load()), node.args, node.keywords)
    elif isinstance(function, ast.Attribute) and function.attr in _METHODS:
        other = ast.Attribute(function.value, _METHODS[function.attr], ast.Load())
        yield ast.Call(other, node.args, node.keywords)


def _of_constant(parent: ast.AST, field: str, node: ast.Constant) -> Iterator[ast.expr]:
    if isinstance(node.value, bool):
        yield ast.Constant(value=not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(value=node.value + 1)
        yield ast.Constant(value=node.value - 1)
    elif isinstance(node.value, str) and _decides(parent, field):
        yield ast.Constant(value="" if node.value else "?")


def _decides(parent: ast.AST, field: str) -> bool:
    """Tell whether a text in this place decides something; keys, messages and parts of f-strings do not."""
    if isinstance(parent, ast.Call):
        return field == "args" and isinstance(parent.func, ast.Attribute) and parent.func.attr in _DECIDED_BY
    if isinstance(parent, ast.Attribute):
        return parent.attr in _DECIDED_BY
    return isinstance(parent, ast.Compare | ast.Set | ast.List | ast.Tuple | ast.Return | ast.IfExp)


def _is_union_of_types(node: ast.BinOp) -> bool:
    parts = (node.left, node.right)
    return isinstance(node.op, ast.BitOr) and any(
        isinstance(part, ast.Constant) or ast.unparse(part).rpartition(".")[2][:1].isupper() for part in parts
    )


def _with(nodes: Iterable[_Node], index: int, node: _Node) -> list[_Node]:
    made = list(nodes)
    made[index] = node
    return made


def _leave_out(nodes: Iterable[_Node], index: int) -> list[_Node]:
    return [node for place, node in enumerate(nodes) if place != index]
