"""Run Jinja2 templates of strangers: they see texts, numbers, lists and tables, and take bounded time and room.

Jinja2's own sandbox keeps a template from what is underscored; this one says what a template may use, and nothing else:
attributes, functions, filters. What it does is counted while it runs: each block by its length each time it is run
through, each text and list by its size wherever one is compared, joined, filtered or handed on.
"""

from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from decimal import Decimal
from functools import wraps
from types import BuiltinMethodType, MethodType
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Undefined, nodes, pass_context, select_autoescape
from jinja2.compiler import CodeGenerator, Frame, operators
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.tests import TESTS
from jinja2.utils import Namespace

from gwxl.rendering.meter import Meter

_ATTRIBUTES: Mapping[type, frozenset[str]] = {
    str: frozenset({"endswith", "isdigit", "lower", "lstrip", "rstrip", "split", "startswith", "strip", "upper"}),
    dict: frozenset({"get", "items", "keys", "values"}),
    LoopContext: frozenset(
        {"changed", "cycle", "depth", "depth0", "first", "index", "index0", "last", "length"}
        | {"nextitem", "previtem", "revindex", "revindex0"}
    ),
}
"""Kind of value → what a template may ask of it."""

# None that makes much of little (format, center, indent), draws lots, or looks into objects (attr).
_FILTERS = frozenset(
    {"abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "groupby", "items", "last"}
    | {"length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "safe", "select"}
    | {"selectattr", "sort", "string", "title", "truncate", "unique", "upper"}
)
_CALLABLE = (Macro, LoopContext, BlockReference)
_VIEWS = (ItemsView, KeysView, ValuesView)
_BITS, _POWER = 4_096, 64  # of the numbers that are calculated with, and the highest power
_PER_FILE = 500  # steps that a template costs which is taken in
_INSIDE = frozenset({"_loop_vars", "_block_vars"})  # what Jinja2 hands along with a call


class _Generator(CodeGenerator):
    """A code generator that writes the counting into a template."""

    def blockvisit(self, body: Iterable[nodes.Node], frame: Frame) -> None:
        """Count a block by the number of nodes in it, each time it is run through."""
        parts = list(body)
        size = 1 + sum(1 + sum(1 for _ in part.find_all(nodes.Node)) for part in parts)
        self.writeline(f"environment.meter.spend({size})")
        super().blockvisit(parts, frame)

    def _hand(self, to: str, node: nodes.Node, frame: Frame) -> None:
        self.write(f"environment.{to}(")
        self.visit(node, frame)
        self.write(")")

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - Jinja2's interface
        """Count what a loop passes over, too."""
        if node.test is not None:
            size = nodes.Const(1 + sum(1 for _ in node.test.find_all(nodes.Node)))
            counted = nodes.Call(nodes.EnvironmentAttribute("spend"), [size], [], None, None)
            node.test = nodes.And(counted, node.test)
        super().visit_For(node, frame)

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802
        """Weigh what is compared: two lists of lists may take for ever."""
        self.write("(")
        self._hand("weigh", node.expr, frame)
        for part in node.ops:
            self.visit(part, frame)
        self.write(")")

    def visit_Operand(self, node: nodes.Operand, frame: Frame) -> None:  # noqa: N802
        """Weigh what is compared."""
        self.write(f" {operators[node.op]} ")
        self._hand("weigh", node.expr, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        """Weigh what is joined, before it is."""
        parts = [nodes.Call(nodes.EnvironmentAttribute("let_write"), [part], [], None, None) for part in node.nodes]
        super().visit_Concat(nodes.Concat(parts, lineno=node.lineno), frame)

    def visit_Pair(self, node: nodes.Pair, frame: Frame) -> None:  # noqa: N802
        """Let only a text or a number name an entry."""
        self._hand("key", node.key, frame)
        self.write(": ")
        self.visit(node.value, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        """Write a table pair by pair."""
        self.write("{")
        for pair in node.items:
            self.visit(pair, frame)
            self.write(", ")
        self.write("}")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802
        """Weigh a piece that is cut out; Jinja2 asks the environment for single items only."""
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        self.write("environment.weigh(")
        super().visit_Getitem(node, frame)
        self.write(")")


class Sandbox(ImmutableSandboxedEnvironment):
    """The templates of one form; one rendering at a time, each with a meter of its own."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
            finalize=_let_write,
            optimized=False,  # what would be done when it is read is not counted
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.meter = Meter()
        self._functions = (safe_range, Namespace, self.spend, self.let_write)
        self.globals = {"range": safe_range, "namespace": Namespace}
        filters: dict[str, Any] = {name: FILTERS[name] for name in _FILTERS}
        filters |= {"int": _whole, "join": self._join, "replace": self._replace, "trim": _trim}
        self.filters = {name: self._count_calls(function) for name, function in filters.items()}
        tests: dict[str, Any] = dict(TESTS)
        self.tests = {name: self._count_calls(function) for name, function in tests.items()}

    def spend(self, steps: int) -> bool:
        """Take some steps inside a condition."""
        self.meter.spend(steps)
        return True

    def weigh(self, value: Any) -> Any:
        """Return a value that is not too large to be looked through."""
        self.meter.weigh(value)
        return value

    def let_write(self, value: Any) -> Any:
        """Return what can stand in a text: another text, a number, a truth, None."""
        if not isinstance(value, str | int | float | Decimal | Undefined | None):
            raise SecurityError(f"a {type(value).__name__} cannot be written as it is")
        return self.weigh(value)

    def key(self, value: Any) -> Any:
        """Return what may name an entry or a place: a text or a number."""
        if not isinstance(value, str | int | float):
            raise SecurityError(f"a {type(value).__name__} cannot name an entry")
        return value

    def concat(self, pieces: Iterable[str]) -> str:
        """Join the pieces of a text, each counted before the next one is made."""
        return "".join([self.weigh(piece) for piece in pieces])

    def join_path(self, template: str, parent: str) -> str:  # noqa: ARG002 - Jinja2's interface
        """Count a template that is taken in by another one."""
        self.meter.spend(_PER_FILE)
        return template

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an entry of a table, or one of the attributes that are listed."""
        if isinstance(obj, Undefined):
            str(obj)  # says what is not there
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        named = isinstance(obj, Namespace | TemplateModule) and not attribute.startswith("_")
        if named or any(isinstance(obj, kind) and attribute in names for kind, names in _ATTRIBUTES.items()):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        if hasattr(type(obj), attribute):
            return self.unsafe_undefined(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an entry of a table, a list or a text, else a listed attribute of that name."""
        self.key(argument)
        if isinstance(obj, dict | list | tuple | str):
            try:
                return obj[argument]
            except (TypeError, LookupError):
                pass
        return self.getattr(obj, argument) if isinstance(argument, str) else self.undefined(obj=obj, name=argument)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a function, macro or method that is listed."""
        if not self._callable(obj):
            raise SecurityError(f"a {type(obj).__name__} cannot be called")
        given = [*args, *(value for name, value in kwargs.items() if name not in _INSIDE)]
        self.meter.weigh(given)
        if isinstance(obj, BuiltinMethodType) and isinstance(obj.__self__, str):
            self.meter.write(len(obj.__self__) * (1 + sum(map(len, filter(_is_text, given)))))
        result = context.call(obj, *args, **kwargs)
        return self.weigh(list(result) if isinstance(result, _VIEWS) else result)

    def _callable(self, obj: Any) -> bool:
        if isinstance(obj, BuiltinMethodType | MethodType) and obj not in self._functions:
            return any(isinstance(obj.__self__, kind) and obj.__name__ in _ATTRIBUTES[kind] for kind in _ATTRIBUTES)
        return isinstance(obj, _CALLABLE) or obj in self._functions

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers of some digits, and join two texts or two lists."""
        if operator == "+" and isinstance(left, str | list) and isinstance(right, str | list):
            self.meter.weigh([left, right])
        elif operator == "*" and isinstance(left, str) and isinstance(right, int):
            self.meter.write(len(left) * max(right, 0))
        elif not _is_number(left) or not _is_number(right):
            raise SecurityError(f"{operator} is not possible between {type(left).__name__} and {type(right).__name__}")
        elif (operator == "**" and not 0 <= right <= _POWER) or _bits(left) + _bits(right) > _BITS:
            raise SecurityError(f"calculates by {operator} with numbers of too many digits")
        return super().call_binop(context, operator, left, right)

    def _count_calls(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a filter or test that is counted by what it is given and what it gives."""

        @wraps(function)
        def call_counted(*args: Any, **kwargs: Any) -> Any:
            self.meter.weigh([*args, *kwargs.values()])
            result = function(*args, **kwargs)
            return self.weigh(list(result) if isinstance(result, Iterator) else result)

        return call_counted

    def _join(self, value: Iterable[Any], between: str = "", attribute: str | None = None) -> str:
        """Join the texts of a list, with an own text between them."""
        items = list(value) if attribute is None else [self.getitem(item, attribute) for item in value]
        self.meter.write(len(str(between)) * len(items))
        return str(between).join(str(self.weigh(item)) for item in items)

    def _replace(self, value: object, old: str, new: str) -> str:
        """Replace one text by another inside a third."""
        text = str(value)
        self.meter.write((text.count(old) if old else len(text) + 1) * len(new))
        return text.replace(old, new)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal)


def _bits(value: object) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _trim(value: object) -> str:
    """Return a text without the blanks around it."""
    return str(value).strip()


def _whole(value: object, default: int = 0) -> int:
    """Return the whole number a short text says."""
    try:
        return int(str(value)[:20])
    except ValueError:
        return default


@pass_context
def _let_write(context: Context, value: object) -> object:
    """Let only a text or a number be written; a list of lists might take for ever."""
    return context.environment.let_write(value)  # type: ignore[attr-defined]  # it is a Sandbox
