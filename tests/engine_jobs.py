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


def _exit(_: str) -> str:
    os._exit(0)


def _abort(_: str) -> str:
    os.abort()


def _eat(order: str) -> str:
    held = bytearray(2 << 30)
    return order if held else ""


def _large(_: str) -> str:
    return "large" * 2_000_000


def _raise(order: str) -> str:
    raise ValueError(order)


_ORDERS = {
    "sleep": _sleep,
    "spin": _spin,
    "exit": _exit,
    "kill": _kill,
    "abort": _abort,
    "eat": _eat,
    "large": _large,
    "raise": _raise,
}
