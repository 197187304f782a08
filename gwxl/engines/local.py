"""Run a function over many items in worker processes: a hang or a dying worker costs its own item only."""

import contextlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic

from gwxl.engines.engine import DEADLINE, MEMORY, Item, Parts, Result
from gwxl.engines.worker import OUT_OF_MEMORY, OUT_OF_TIME, Limits, work
from gwxl.errors import RefusedError, WorkerError
from gwxl.wording import each

PATIENCE = 10.0  # times as long it may take by the clock: a machine that is busy is no file's fault

_STARTING = 600.0  # seconds a worker may need until it takes its first item, on a machine that is busy
_STILLBORN = 3  # times that every worker is started anew, none of which takes an item
_GLANCE = 5.0  # seconds this process waits at most without a look at the clock
_READINGS = 2  # an item whose worker was killed is given to another, once
_COPY, _AFRESH = "fork", "spawn"
_BLOCKED = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}
_OF_ITSELF = {OUT_OF_TIME: "too_slow", OUT_OF_MEMORY: "too_hungry"}
_OF_ITSELF |= {-signal.SIGPROF: "too_slow"} if hasattr(signal, "SIGPROF") else {}
"""How a worker ends that ran into a limit of its own → why its item is refused."""


def run(
    function: Callable[[Item], Result | Parts[Item]],
    items: Sequence[Item],
    refuse: Callable[[Item, RefusedError], Result],
    *,
    deadline: float = DEADLINE,
    wall: float | None = None,
    memory: int = MEMORY,
    workers: int | None = None,
) -> Generator[tuple[Result, ...], None, None]:
    """Yield the results of each item as :meth:`gwxl.engines.engine.Engine.run` does.

    A worker that passes a deadline or takes more memory than it may costs its item. One that is killed may have been
    killed by anybody: at the end its item is read once more, in a fresh worker with no other beside it, and refused
    when that dies too. Workers are started afresh, so that no thread is copied half-way through its work; only for a
    single item, and where there is no thread, the first is a copy of this process, which has no start to pay.

    Args:
        function: as there.
        items: as there.
        refuse: as there.
        deadline: as there.
        memory: as there.
        wall: seconds by the clock, ten times the deadline when None.
        workers: how many processes; as many as there are processors, at most one an item, when None.
    """
    limits = Limits(cpu=deadline, wall=deadline * PATIENCE if wall is None else wall, memory=memory)
    tasks: list[_Task[Item, Result]] = [_Task(item) for item in items]
    crew = _Crew(function, tasks, limits, max(1, workers or os.cpu_count() or 1))
    try:
        for task in tasks:
            yield tuple(crew.results(task, refuse))
            task.answer = None
    finally:
        crew.stop()


@dataclass(eq=False)
class _Task(Generic[Item, Result]):
    """One item, how often its worker was killed, and what came of it."""

    item: Item
    killed: int = 0
    answer: Result | Parts[Item] | RefusedError | None = None
    done: bool = False

    def close(self, answer: Result | Parts[Item] | RefusedError) -> None:
        self.answer, self.done = answer, True


class _Crew(Generic[Item, Result]):
    """The workers that share the tasks."""

    def __init__(
        self,
        function: Callable[[Item], Result | Parts[Item]],
        tasks: Sequence[_Task[Item, Result]],
        limits: Limits,
        most: int,
    ) -> None:
        self._function, self._limits, self._most = function, limits, most
        self._todo = deque(tasks)
        self._again: deque[_Task[Item, Result]] = deque()
        self._workers: list[_Worker[Item, Result]] = []
        self._start = _COPY if len(tasks) == 1 and _can_be_copied(limits.memory) else _AFRESH
        self._stillborn = 0
        self._seen = time.monotonic()

    def results(self, task: _Task[Item, Result], refuse: Callable[[Item, RefusedError], Result]) -> Iterator[Result]:
        """Yield the result of a task, or those of its parts."""
        while not task.done:
            self._hand_out()
            for worker in self._wait_for_workers():
                self._take(worker)
        if isinstance(task.answer, Parts):
            parts: list[_Task[Item, Result]] = [_Task(item) for item in task.answer.items]
            self._todo.extendleft(reversed(parts))
            for part in parts:
                yield from self.results(part, refuse)
        elif isinstance(task.answer, RefusedError):
            yield refuse(task.item, task.answer)
        else:
            yield task.answer  # type: ignore[misc]  # a result may be None

    def stop(self) -> None:
        """End every worker, whatever it is at."""
        for worker in self._workers:
            worker.stop()

    def _hand_out(self) -> None:
        """Give tasks to the workers that have none; what is read once more is read last, and alone."""
        self._workers = [worker for worker in self._workers if worker.alive]
        idle = [worker for worker in self._workers if worker.task is None]
        busy = len(self._workers) - len(idle)
        for _ in range(min(self._most - busy, len(self._todo))):
            (idle.pop() if idle else self._start_worker()).give(self._todo.popleft())
            busy += 1
        if self._again and not busy:
            self._start_worker().give(self._again.popleft())

    def _start_worker(self) -> "_Worker[Item, Result]":
        worker = _Worker[Item, Result](self._function, self._limits, self._start)
        self._start = _AFRESH
        self._workers.append(worker)
        return worker

    def _wait_for_workers(self) -> list["_Worker[Item, Result]"]:
        """Wait until a worker answers, dies or passes its deadline; return those that did.

        Time in which this process did not run either (Ctrl-Z, a laptop that sleeps) is no worker's.
        """
        patience = min(_GLANCE, *(worker.until - self._seen for worker in self._workers))
        answered = wait([worker.pipe for worker in self._workers], max(0.0, patience))
        now = time.monotonic()
        lost = now - self._seen - patience
        self._seen = now
        for worker in self._workers:
            worker.until += lost if lost > _GLANCE else 0
        return [worker for worker in self._workers if worker.pipe in answered or worker.until <= now]

    def _take(self, worker: "_Worker[Item, Result]") -> None:
        """Take what a worker has to say, or note that it says nothing any more."""
        kind, answer = worker.hear()
        if kind == "ready":
            self._stillborn = 0
            return
        task, worker.task = worker.task, None
        if kind == "raised":
            raise answer
        if kind == "stillborn":
            self._count_stillborn()
        if task is None:
            return
        if kind == "stillborn":
            self._todo.appendleft(task)
        elif kind == "killed" and task.killed + 1 < _READINGS:
            task.killed += 1
            self._again.append(task)
        else:
            task.close(RefusedError("reader_died") if kind == "killed" else answer)

    def _count_stillborn(self) -> None:
        self._stillborn += 1
        if self._stillborn >= _STILLBORN * self._most:
            raise WorkerError(each("failure.no_workers"))


def _can_be_copied(memory: int) -> bool:
    """Tell whether a copy of this process works and is bounded: on Linux, without threads, with room left to read."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    with contextlib.suppress(OSError):  # a system that hides its processes
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE") < memory // 2
    return False


@contextlib.contextmanager
def _block_signals(start: str) -> Iterator[None]:
    """Start a process whole, and one that never hears Ctrl-C, not even in its first moments: it inherits the mask."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    if start == _AFRESH:
        resource_tracker.ensure_running()  # started on the way, it would let the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker(Generic[Item, Result]):
    """One process, the pipe to it and the task it is at."""

    def __init__(self, function: Callable[[Item], Result | Parts[Item]], limits: Limits, start: str) -> None:
        context = multiprocessing.get_context(start)
        self.pipe, there = context.Pipe()
        self._process: BaseProcess = context.Process(  # type: ignore[attr-defined]  # every context has one of its own
            target=work, args=(function, there, limits), daemon=True
        )
        with _block_signals(start):
            self._process.start()
        there.close()
        self._limits = limits
        self._copied = start == _COPY
        self._ready = False
        self.task: _Task[Item, Result] | None = None
        self.until = time.monotonic() + _STARTING
        self.alive = True

    def give(self, task: _Task[Item, Result]) -> None:
        """Hand over a task; a worker that is gone will be noticed when its answer is awaited."""
        self.task = task
        if self._ready:
            self.until = time.monotonic() + self._limits.wall
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(task.item)

    def hear(self) -> tuple[str, Any]:
        """Return ``ready``, ``done`` or ``raised`` with what was said; else what became of the worker.

        That is ``stillborn``, ``killed``, or ``lost`` with the RefusedError of its item.
        """
        try:
            if not self.pipe.poll():
                return self._give_up("too_slow", self._limits.wall)
            kind, answer = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join(_GLANCE)  # it may be at its last breath: how it ends is told then
            return self._give_up(_OF_ITSELF.get(self._process.exitcode or 0, ""), self._limits.cpu)
        if kind == "ready":
            self._ready = True
        self.until = math.inf if kind != "ready" or self.task is None else time.monotonic() + self._limits.wall
        return kind, answer

    def _give_up(self, reason: str, seconds: float) -> tuple[str, Any]:
        self.stop()
        if not self._ready:
            return "stillborn", None
        if reason == "too_hungry" and self._copied:
            return "killed", None  # what this process holds counts in a copy: a fresh one tells
        details = {"too_slow": {"seconds": int(seconds)}, "too_hungry": {"limit": self._limits.memory >> 20}}
        return ("lost", RefusedError(reason, **details[reason])) if reason else ("killed", None)

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self.alive = False
        self._process.kill()
        self._process.join()
        self.pipe.close()
