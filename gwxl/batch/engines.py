"""Run a function over many items in worker processes: a hang or a dying worker costs its own item only."""

import contextlib
import math
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from gwxl.errors import RefusedError

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

Item = TypeVar("Item")
Result = TypeVar("Result")

DEADLINE = 60.0  # seconds a file may take; an honest one takes some hundredths
MEMORY = 1 << 30  # bytes of address space a worker may take; an honest file needs some sixty million

_STARTING = 120.0  # seconds a worker may need until it takes its first item, on a machine that is busy
_CONTEXT = multiprocessing.get_context("spawn")


def run(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    deadline: float = DEADLINE,
    workers: int | None = None,
) -> Iterator[Result | RefusedError]:
    """Yield the result of each item, in the order of the items.

    A worker that passes the deadline, dies or takes more than :data:`MEMORY` yields a RefusedError for its item;
    what the function raises is raised here. Workers are started afresh, never forked, so that the progress bar's
    thread cannot be copied half-way through its work.

    Args:
        function: a module-level function.
        items: its arguments, one each.
        deadline: seconds one item may take.
        workers: how many processes; as many as there are processors, at most one an item, when None.
    """
    todo = deque(enumerate(items))
    done: dict[int, Result | RefusedError] = {}
    crew: list[_Worker[Item, Result]] = []
    most = max(1, workers or os.cpu_count() or 1)
    try:
        for number in range(len(items)):
            while number not in done:
                crew = [worker for worker in crew if worker.alive]
                crew += [_Worker(function, deadline) for _ in range(min(most - len(crew), len(todo) - _idle(crew)))]
                for worker in crew:
                    if worker.number is None and todo:
                        worker.give(*todo.popleft())
                for worker in _heard(crew):
                    done |= worker.take()
            yield done.pop(number)
    finally:
        for worker in crew:
            worker.stop()


@contextlib.contextmanager
def _interrupts_waiting() -> Iterator[None]:
    """Start a process that never hears Ctrl-C, not even in its first moments: it inherits the signal blocked."""
    if resource is None:
        yield
        return
    resource_tracker.ensure_running()  # started on the way, it would let the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker(Generic[Item, Result]):
    """Hold one process, the pipe to it and the item it is at."""

    def __init__(self, function: Callable[[Item], Result], deadline: float) -> None:
        self.pipe, there = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(function, there), daemon=True)
        with _interrupts_waiting():
            self._process.start()
        there.close()
        self._deadline = deadline
        self._ready = False
        self.number: int | None = None
        self.until = math.inf
        self.alive = True

    def give(self, number: int, item: Item) -> None:
        """Hand over an item; a worker that is gone will be noticed when its answer is awaited."""
        self.number = number
        self.until = time.monotonic() + (self._deadline if self._ready else _STARTING)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(item)

    def take(self) -> dict[int, Result | RefusedError]:
        """Return number and result of the item, nothing if there is none yet; raise what the function raised."""
        if not self.pipe.poll():
            return self._lost(RefusedError("too_slow", seconds=int(self._deadline)))
        try:
            kind, answer = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            return self._lost(RefusedError("reader_died"))
        if kind == "ready":
            self._ready, self.until = True, time.monotonic() + self._deadline
            return {}
        if kind == "raised":
            raise answer
        return self._answered(answer)

    def _lost(self, refusal: RefusedError) -> dict[int, Result | RefusedError]:
        self.stop()
        return self._answered(refusal)

    def _answered(self, answer: Result | RefusedError) -> dict[int, Result | RefusedError]:
        number, self.number, self.until = self.number, None, math.inf
        return {} if number is None else {number: answer}

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self.alive = False
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _idle(crew: Sequence[_Worker[Any, Any]]) -> int:
    return sum(worker.number is None for worker in crew)


def _heard(crew: Sequence[_Worker[Item, Result]]) -> list[_Worker[Item, Result]]:
    """Wait until a worker answers, dies or passes its deadline; return those that did."""
    patience = max(0.0, min(worker.until for worker in crew) - time.monotonic())
    answered = wait([worker.pipe for worker in crew], None if patience == math.inf else patience)
    now = time.monotonic()
    return [worker for worker in crew if worker.pipe in answered or worker.until <= now]


def _work(function: Callable[[Any], Any], pipe: Connection) -> None:
    """Answer items until nobody asks any more."""
    _confine()
    pipe.send(("ready", None))
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            _answer(function, pipe.recv(), pipe)


def _answer(function: Callable[[Any], Any], item: Any, pipe: Connection) -> None:
    try:
        pipe.send(("done", function(item)))
    except MemoryError:
        os._exit(1)  # whatever is left of this process cannot be relied on
    except (BrokenPipeError, ConnectionResetError):
        raise
    except Exception as error:  # noqa: BLE001 - it is raised again by the parent
        try:
            pipe.send(("raised", error))
        except Exception:  # noqa: BLE001 - an exception that cannot be sent
            pipe.send(("raised", RuntimeError(f"{type(error).__name__}: {error}")))


def _confine() -> None:
    """Bound what a worker may take, and leave it to the parent to answer an interrupt: it stops its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if resource is not None:
        with contextlib.suppress(ValueError, OSError):  # a stricter limit stands already, or the system knows none
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
