"""Every regular expression of the package, and texts that are hard for it, timed: run as a program of its own.

``python -m tests.support.patterns`` prints a line for each pattern that takes more than its share; a process of its
own, since nothing else can end a pattern that never comes to an end.
"""

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from re import _constants as codes  # type: ignore[attr-defined]  # ships no types
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from tests.support.sources import Module, modules

LONGEST = 64_000
STEPS = (16, 125, 1_000, 8_000, 32_000, LONGEST)
"""Lengths a text grows through, so that the first one that takes too long ends it."""

_AT_ONCE = 0.04  # seconds that say nothing of growth
_ENDLESS = 2.0  # seconds that no linear pattern takes on the longest text
_SHARE = 1.0  # seconds that one pattern is looked at: what is likely comes first
_FACTOR = 3.0  # the same for double the length: 2 where it is linear, 4 where it is not
_METHODS = frozenset({"match", "search", "fullmatch", "sub", "findall", "finditer", "split"})
_FREE = "\t\n 0915,.-_:;/|'\"()（）[]{}=+*%年月日万亿aAeEzZ中号�\u200b"


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands and how it is used."""

    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def find_used() -> Iterator[Used]:
    """Yield every pattern of every module: those with a name, those in a list or table, those written in place."""
    public = {name: found for name, found in _methods(modules()).items() if not name.startswith("_")}
    for module in modules():
        loaded = importlib.import_module(module.name)
        methods = {**public, **_methods([module])}
        for name, value in vars(loaded).items():
            for pattern in _find_inside(value):
                if name in _find_assigned(module):
                    yield Used(f"{module.name}.{name}", pattern, methods.get(name) or _find_called(module))
        yield from _find_written(module)


def _find_inside(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from (found for part in value.values() for found in _find_inside(part))
    elif isinstance(value, tuple | list | frozenset):
        yield from (found for part in value for found in _find_inside(part))


def _find_assigned(module: Module) -> frozenset[str]:
    """Return the names a module gives itself, not those it imports."""
    targets = (
        node.targets if isinstance(node, ast.Assign) else [node.target]
        for node in module.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
    )
    return frozenset(target.id for some in targets for target in some if isinstance(target, ast.Name))


def _find_called(module: Module) -> frozenset[str]:
    """Return what a module calls of any pattern: of one in a table, what it is used for is not seen."""
    called = {node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    return frozenset(called & {"match", "search", "fullmatch"}) or frozenset({"match"})


def _methods(some: Iterable[Module]) -> Mapping[str, frozenset[str]]:
    """Return name → what is called of it, ``map(_NAME.match, …)`` included."""
    found: dict[str, set[str]] = {}
    for module in some:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _METHODS:
                found.setdefault(node.value.id, set()).add(node.attr)
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.args
                and isinstance(node.args[0], ast.Name)
            ):
                found.setdefault(node.args[0].id, set()).update({node.func.attr} & _METHODS)
    return {name: frozenset(methods) for name, methods in found.items()}


def _find_written(module: Module) -> Iterator[Used]:
    """Yield the patterns that a function writes into a call of re."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        first, method = node.args[0], node.func.attr
        if ast.unparse(node.func.value) == "re" and method in _METHODS and isinstance(first, ast.Constant):
            yield Used(f"{module.name}:{node.lineno}", re.compile(first.value), frozenset({method}))


def hard(pattern: re.Pattern[Any]) -> Iterator[str]:
    """Yield units of text: a text that repeats one, with anything before or after it, may take a pattern long."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    chars = list(dict.fromkeys((*_letters(parser.parse(source, pattern.flags & ~re.UNICODE & ~re.LOCALE)), *_FREE)))
    yield from chars
    own = chars[:4]
    yield from (one + other for one in own for other in own if one != other)
    yield "".join(own)


def _letters(tree: Iterable[Any]) -> Iterator[str]:
    """Yield a letter for each literal and class of a parse tree."""
    for code, argument in tree:
        if code in {codes.LITERAL, codes.NOT_LITERAL}:
            yield chr(argument)
        elif code is codes.RANGE:
            yield chr(argument[0])
        elif code is codes.IN:
            yield from _letters(argument)
        elif isinstance(argument, tuple | list | parser.SubPattern):
            yield from _deeper(argument)


def _deeper(argument: Any) -> Iterator[str]:
    for part in argument:
        if isinstance(part, parser.SubPattern):
            yield from _letters(part)
        elif isinstance(part, list | tuple):
            yield from _deeper(part)


def slow(one: Used) -> str:
    """Return on which text a pattern takes more than its share, empty where there is none."""
    is_bytes = isinstance(one.pattern.pattern, bytes)
    until = time.process_time() + _SHARE
    for unit in hard(one.pattern):
        if time.process_time() > until:
            return ""
        for method in sorted(one.methods):
            for before, after in (("", ""), ("", "\x01"), ("1", "\x01")):
                run = _runner(one.pattern, method)

                def text(length: int, unit: str = unit, before: str = before, after: str = after) -> Any:
                    whole = before + unit * (length // len(unit)) + after
                    return whole.encode("utf-8", "surrogatepass") if is_bytes else whole

                if grown := _growth(run, text):
                    return f"{one.place}.{method} on {before!r} + {unit!r} * n + {after!r}: {grown}"
    return ""


def _runner(pattern: re.Pattern[Any], method: str) -> Callable[[Any], object]:
    if method == "sub":
        return lambda text: pattern.sub(b"" if isinstance(text, bytes) else "", text)
    if method == "finditer":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    return getattr(pattern, method)


def _growth(run: Callable[[Any], object], text: Callable[[int], Any]) -> str:
    """Return how the time grew, empty where a text of eight times the length would still be read at once."""
    last = 0.0
    for length in STEPS:
        given = text(length)
        took = _time(run, given)
        if _AT_ONCE < took < 2 * _ENDLESS:  # what would count is looked at again: a machine may be busy
            took = min(took, _time(run, given), _time(run, given))
        if took < _AT_ONCE / 10 and length >= STEPS[3]:
            return ""
        if took > _ENDLESS or (length == LONGEST and took > _AT_ONCE and took > _FACTOR * last):
            return f"{last:.3f} s, then {took:.3f} s for {length:,} characters"
        last = took
    return ""


def _time(run: Callable[[Any], object], given: Any) -> float:
    began = time.process_time()
    run(given)
    return time.process_time() - began


if __name__ == "__main__":
    every = list(find_used())
    print(len(every))  # noqa: T201 - what the test reads
    for one in every:
        if found := slow(one):
            print(found, flush=True)  # noqa: T201
