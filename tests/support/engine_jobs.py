"""Jobs for the worker processes: some do their work, the others hang, die or eat, as a file might make a reader do."""

import os
import signal
import time
from pathlib import Path

from gwxl.engines.engine import Parts


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


def split_order(order: str) -> str | Parts[str]:
    """Do what an order says; one with commas is several."""
    return Parts(order.split(",")) if "," in order else job(order)


def note(order: str) -> str:
    """Write down who works from when to when; die the first time where the order is ``once``, always where ``kill``."""
    name, folder = order.split("@")
    notes = Path(folder)
    readings = len(list(notes.glob(f"{name}.*")))
    began, note = time.monotonic(), notes / f"{name}.{readings}"
    note.write_text(f"{os.getpid()} {began} {began}")
    if name.startswith("kill") or (name.startswith("once") and readings == 0):
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.3)
    note.write_text(f"{os.getpid()} {began} {time.monotonic()}")
    return name


def share_order(order: str) -> str | Parts[str]:
    """Write down who works; an order with commas is several."""
    return Parts(order.split(",")) if "," in order else note(order)


def compute(seconds: str) -> str:
    """Burn so many seconds of processor time, sharing the processor with whoever else wants it."""
    until = time.process_time() + float(seconds)
    while time.process_time() < until:
        pass
    return seconds


def wait(seconds: str) -> str:
    """Wait so many seconds without any processor time."""
    time.sleep(float(seconds))
    return seconds


MARKS: list[str] = []
"""What a test wrote into its own process: only a copy of it finds that."""


def tell_marks(order: str) -> str:
    """Tell whether this process is a copy of one with marks; die of it where the order is ``kill``."""
    if MARKS and order == "kill":
        _kill(order)
    return "copy" if MARKS else "fresh"


def ballast(size: str) -> str:
    """Take so many bytes of memory."""
    return "fits" if bytearray(int(size)) else ""


class _Stuck:
    """A trap that keeps a worker from ever taking an item: it dies while the function is handed over to it."""

    def __call__(self, order: str) -> str:
        return order

    def __setstate__(self, state: object) -> None:
        os._exit(3)

    def __getstate__(self) -> str:
        return "anything"


stuck = _Stuck()


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

FATES = {
    "sleep": "too_slow",
    "spin": "too_slow",
    "kill": "reader_died",
    "exit": "reader_died",
    "abort": "reader_died",
    "eat": "too_hungry",
}
"""Which orders leave nothing → why their item is refused."""
