"""What ends a run from outside: Ctrl-C, SIGTERM, a terminal that is closed. It cleans up before it goes."""

import signal
import time
from threading import current_thread, main_thread

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
_SIGNALLED = 128  # what shells add to the number of a signal
_CLEANING = 3.0  # seconds in which a second signal is not heard: cleaning up is not to be interrupted

_heard = [float("-inf")]


class Interrupted(BaseException):
    """An end that was asked for from outside; no net for mistakes catches it."""

    def __init__(self, number: int) -> None:
        self.code = _SIGNALLED + number
        super().__init__(number)


def listen() -> None:
    """Raise Interrupted at the first signal that asks for an end; what our caller ignores (nohup) stays ignored."""
    if current_thread() is main_thread():
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _interrupt)


def deafen() -> None:
    """Let nothing more disturb the end of this run."""
    if current_thread() is main_thread():
        for number in _SIGNALS:
            if signal.getsignal(number) is _interrupt:
                signal.signal(number, _ignore)  # no SIG_IGN, which other programs would inherit


def _interrupt(number: int, _frame: object) -> None:
    now = time.monotonic()
    if now - _heard[0] > _CLEANING:
        _heard[0] = now
        raise Interrupted(number)


def _ignore(_number: int, _frame: object) -> None:
    pass
