"""Run a function over many items in worker processes: a hang or a dying worker costs its own item only."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as TooLate
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from gwxl.errors import RefusedError

Item = TypeVar("Item")
Result = TypeVar("Result")

DEADLINE = 60.0  # seconds a file may take; an honest one takes some hundredths


def run(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    deadline: float = DEADLINE,
    workers: int | None = None,
) -> Iterator[Result | RefusedError]:
    """Yield the result of each item, in the order of the items.

    A worker that passes the deadline or dies yields a RefusedError for its item; workers are started afresh,
    never forked, so that the progress bar's thread cannot be copied half-way through its work.

    Args:
        function: a module-level function.
        items: its arguments, one each.
        deadline: seconds one item may take.
        workers: how many processes; as many as there are processors, at most one an item, when None.
    """
    count = max(1, min(workers or os.cpu_count() or 1, len(items)))
    with ProcessPool(max_workers=count, context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.schedule(function, args=(item,), timeout=deadline) for item in items]
        try:
            for future in futures:
                try:
                    yield future.result()
                except TooLate:
                    yield RefusedError("too_slow", seconds=int(deadline))
                except ProcessExpired:
                    yield RefusedError("reader_died")
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise
