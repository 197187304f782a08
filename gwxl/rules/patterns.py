"""Run the regular expressions of rule files: they mean the whole text, and take bounded time whatever the text says."""

import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined]  # ships no types
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from gwxl.errors import RefusedError

LONGEST = 2_000
"""Characters of a text that a pattern looks at; a longer one does not fit it."""

_SECONDS = 2.0  # of processor time that a pattern may take for one text; a good one takes some microseconds
_BACKTRACKING = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT})

_NESTED = (
    "has a repeat inside a repeat, which may never come to an end; write the inner one with a fixed number, as {3}, "
    "or as one that gives nothing back, such as ++, or put all its characters into one class: [a-z.]+ for ([a-z]+[.]?)+"
)

Found = re.Match[str] | None


@cache
def whole(pattern: str) -> re.Pattern[str]:
    """Compile a pattern to match a whole text: alternatives anchored together, no newline let through at the end.

    Raises:
        re.error: the pattern cannot be compiled.
    """
    return re.compile(rf"(?:{pattern})\Z")


@cache
def compile_within(pattern: str) -> re.Pattern[str]:
    """Compile a pattern to be searched for inside a text.

    Raises:
        re.error: the pattern cannot be compiled.
    """
    return re.compile(pattern)


def match_whole(pattern: str, text: str) -> Found:
    """Return how a whole text fits a pattern, None where it does not or is too long for any.

    Raises:
        TimeoutError: it takes too long.
    """
    return None if len(text) > LONGEST else _search_in_time(whole(pattern).match, text)


def is_free_of(pattern: str, text: str) -> bool:
    """Tell whether nothing in a text fits a pattern; one that is too long to be looked through is not free of it.

    Raises:
        TimeoutError: it takes too long.
    """
    return len(text) <= LONGEST and _search_in_time(compile_within(pattern).search, text) is None


@contextmanager
def blame_rule(rule: str) -> Iterator[None]:
    """Let a pattern that takes too long be told as the fault of its rule, never of the sender of the text.

    Raises:
        RefusedError: it took too long.
    """
    try:
        yield
    except TimeoutError as error:
        raise RefusedError("slow_rule", rule=rule, seconds=f"{_SECONDS:g}") from error


def _search_in_time(search: Callable[[str], Found], text: str) -> Found:
    """Search with a deadline of processor time, where the system has one: elsewhere a worker's own ends it."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return search(text)
    before = signal.signal(signal.SIGVTALRM, _raise_timeout)
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
    try:
        return search(text)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _raise_timeout(*_: object) -> None:
    raise TimeoutError


def unusable(pattern: str) -> str:
    """Return why a pattern cannot be used, and what to write instead; empty where it can.

    A repeat must not stand inside a repeat: a text that nearly fits can be split between the two in countless ways.
    What is repeated by a number, ``(?:[0-9]{3},)*``, is split in one way; so is what gives nothing back,
    ``(?:[a-z]++,)*``.
    """
    shown = f"{pattern[:60]}…" if len(pattern) > 60 else pattern  # noqa: PLR2004 - of a line
    try:
        tree = parser.parse(pattern)  # by itself first: of what is put around it a message would say nothing
        whole(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"{shown!r} is no regular expression: {error}"
    return f"{shown!r} {_NESTED}" if _explosive(tree, inside=False) else ""


def _explosive(tree: Any, *, inside: bool) -> bool:
    """Look through a parse tree of Python's re: operations, each with its argument."""
    return any(_explodes(code, argument, inside=inside) for code, argument in tree)


def _explodes(code: Any, argument: Any, *, inside: bool) -> bool:
    if code in _BACKTRACKING or code is codes.POSSESSIVE_REPEAT:
        least, most, repeated = argument
        varies = least != most and code in _BACKTRACKING
        return (inside and varies) or _explosive(repeated, inside=inside or most > 1)
    if code is codes.BRANCH:
        branches = argument[1]
        optional = inside and any(branch.getwidth()[0] == 0 for branch in branches)
        return optional or any(_explosive(branch, inside=inside) for branch in branches)
    if code is codes.SUBPATTERN:
        return _explosive(argument[-1], inside=inside)
    if code is codes.GROUPREF_EXISTS:
        return any(_explosive(part, inside=inside) for part in argument[1:] if part is not None)
    if code is codes.ATOMIC_GROUP:
        return _explosive(argument, inside=False)
    return code in {codes.ASSERT, codes.ASSERT_NOT} and _explosive(argument[1], inside=False)
