"""Jobs for the worker processes: some do their work, the others hang, die or eat, as a file might make a reader do."""

import os
import signal
import time


def job(order: str) -> str:
    """Do what an order says, and return it if that leaves something to return."""
    return _ORDERS.get(order, str)(order)


def _sleep(_: str) -> str:
    while True:
        time.sleep(60)


def _spin(_: str) -> str:
    while True:
        pass


def _kill(_: str) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return _sleep(_)


def _abort(_: str) -> str:
    os.abort()


def _eat(_: str) -> str:
    held = []
    while True:
        held.append(bytearray(64 << 20))


def _large(_: str) -> str:
    return "x" * 8_000_000


def _raise(order: str) -> str:
    raise ValueError(order)


_ORDERS = {
    "sleep": _sleep,
    "spin": _spin,
    "kill": _kill,
    "abort": _abort,
    "eat": _eat,
    "large": _large,
    "raise": _raise,
}
