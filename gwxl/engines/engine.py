"""What an engine does, and which one works on this system; each is a module, loaded by its name."""

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from typing import Generic, Protocol, TypeVar

from gwxl.errors import RefusedError

Item = TypeVar("Item")
Result = TypeVar("Result")

DEADLINE = 60.0  # seconds of processor time a file may take; an honest one takes some hundredths
MEMORY = 1 << 30  # bytes of address space a worker may take; an honest file needs some sixty million

_ALONE = frozenset({"emscripten", "wasi"})
"""Systems on which no process can start another: a browser."""


@dataclass(frozen=True)
class Parts(Generic[Item]):
    """An item that is several, to be shared among the workers; their results stand in its place."""

    items: Sequence[Item]


class Engine(Protocol):
    """A way to run a function over many items."""

    def run(
        self,
        function: Callable[[Item], Result | Parts[Item]],
        items: Sequence[Item],
        refuse: Callable[[Item, RefusedError], Result],
        *,
        deadline: float = DEADLINE,
        memory: int = MEMORY,
    ) -> Generator[tuple[Result, ...], None, None]:
        """Yield the results of each item, one or those of its parts, in the order of the items.

        Args:
            function: a module-level function; :class:`Parts` say what is to be run instead of an item.
            items: its arguments, one each.
            refuse: makes the result of an item that has none: ``too_slow``, ``too_hungry`` or ``reader_died``.
            deadline: seconds of processor time one item may take.
            memory: bytes a worker may take.

        Raises:
            Exception: what the function raises.
            WorkerError: no worker can be started.
        """
        ...


def run(
    function: Callable[[Item], Result | Parts[Item]],
    items: Sequence[Item],
    refuse: Callable[[Item, RefusedError], Result],
    *,
    deadline: float = DEADLINE,
    memory: int = MEMORY,
) -> Generator[tuple[Result, ...], None, None]:
    """Yield what :meth:`Engine.run` yields, of the engine of this system."""
    return engine().run(function, items, refuse, deadline=deadline, memory=memory)


_CHOSEN: ContextVar[Engine | None] = ContextVar("engine", default=None)


@contextmanager
def use_engine(chosen: Engine) -> Iterator[None]:
    """Have everything that is run within go through an engine."""
    token = _CHOSEN.set(chosen)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def engine() -> Engine:
    """Return the engine that is in use, else that of this system."""
    return _CHOSEN.get() or system_engine()


def system_engine() -> Engine:
    """Return the engine of this system: worker processes, or this very process where there can be no other."""
    found: Engine = import_module(f"gwxl.engines.{'in_process' if sys.platform in _ALONE else 'local'}")
    return found
