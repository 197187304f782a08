"""What a worker process does: answer one item after the other, within its limits, until nobody asks any more."""

import contextlib
import math
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

OUT_OF_MEMORY, OUT_OF_TIME = 71, 72
"""How a worker exits that ran into its own limit; where the system counts its time, it dies of SIGPROF instead."""

_GLANCE = 1.0  # seconds between two looks at the clock, where the system does not count


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that one item may take.

    Attributes:
        cpu: seconds of processor time. wall: seconds by the clock.
        memory: bytes of address space of a worker.
    """

    cpu: float
    wall: float
    memory: int


def work(function: Callable[[Any], Any], pipe: Connection, limits: Limits) -> None:
    """Answer items until nobody asks any more."""
    _confine(limits.memory)
    clock = _Clock(limits.cpu)
    Thread(target=clock.watch, daemon=True).start()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send(("ready", None))
        while True:
            item = pipe.recv()
            clock.start()
            answer = _answer(function, item)
            clock.stop()
            _send(pipe, answer)


def _answer(function: Callable[[Any], Any], item: Any) -> tuple[str, Any]:
    try:
        return "done", function(item)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # whatever is left of this process cannot be relied on
    except Exception as error:  # noqa: BLE001 - it is raised again by the parent
        return "raised", error


def _send(pipe: Connection, answer: tuple[str, Any]) -> None:
    try:
        pipe.send(answer)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (BrokenPipeError, ConnectionResetError):
        raise
    except Exception as error:  # noqa: BLE001 - an answer that cannot be sent
        pipe.send(("raised", RuntimeError(f"{type(error).__name__}: {error}: {answer[1]!r:.200}")))


class _Clock:
    """What ends this process when an item takes more processor time than it may, or when the parent is gone."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = math.inf

    def start(self) -> None:
        """Count from now on; the system's own timer ends even what never comes back to Python."""
        self._until = time.process_time() + self._seconds
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def stop(self) -> None:
        """Count no longer."""
        self._until = math.inf
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)

    def watch(self) -> None:
        """Look at the clock now and then, and end with the parent."""
        parent = multiprocessing.parent_process()
        while parent is not None and not wait([parent.sentinel], _GLANCE):
            if time.process_time() > self._until:
                os._exit(OUT_OF_TIME)
        os._exit(1)


def _confine(memory: int) -> None:
    """Bound what a worker may take, and leave it to the parent to answer an interrupt: it stops its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if resource is None:
        return
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if callable(signal.getsignal(number)):  # in a copy of a process that listened to it
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF, signal.SIGTERM, signal.SIGHUP})
    with contextlib.suppress(ValueError, OSError):  # a stricter limit stands already, or the system knows none
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
