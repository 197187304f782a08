"""Run a function over many items in worker processes: a hang or a dying worker costs its own item only."""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as TooLate
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from gwxl.errors import RefusedError

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

Item = TypeVar("Item")
Result = TypeVar("Result")

DEADLINE = 60.0  # seconds a file may take; an honest one takes some hundredths
MEMORY = 1 << 30  # bytes of address space a worker may take; an honest file needs some sixty million


def run(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    deadline: float = DEADLINE,
    workers: int | None = None,
) -> Iterator[Result | RefusedError]:
    """Yield the result of each item, in the order of the items.

    A worker that passes the deadline, dies or takes more than :data:`MEMORY` yields a RefusedError for its item;
    what the function raises is raised here. Workers are started afresh, never forked, so that the progress bar's thread cannot be copied half-way through its work.

    Args:
        function: a module-level function.
        items: its arguments, one each.
        deadline: seconds one item may take.
        workers: how many processes; as many as there are processors, at most one an item, when None.
    """
    count = max(1, min(workers or os.cpu_count() or 1, len(items)))
    context = multiprocessing.get_context("spawn")
    with ProcessPool(max_workers=count, initializer=_confine, context=context) as pool:
        futures = [pool.schedule(function, args=(item,), timeout=deadline) for item in items]
        try:
            for future in futures:
                try:
                    yield future.result()
                except TooLate:
                    yield RefusedError("too_slow", seconds=int(deadline))
                except (ProcessExpired, MemoryError):
                    yield RefusedError("reader_died")
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _confine() -> None:
    """Bound what a worker may take, and leave it to the parent to answer an interrupt: it stops its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if resource is not None:
        with contextlib.suppress(ValueError, OSError):  # a stricter limit stands already, or the system knows none
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
