"""What ends a run from outside: Ctrl-C, SIGTERM, a terminal that is closed. It cleans up before it goes."""

import _thread
import signal
import sys
import time
from collections.abc import Sequence
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
_SIGNALLED = 128  # what shells add to the number of a signal
_CLEANING = 3.0  # seconds in which a second signal is not heard: cleaning up is not to be interrupted

_SOON = 0.02  # seconds after which an interrupt that was lost is raised again

_heard = [float("-inf")]


class Interrupted(BaseException):
    """An end that was asked for from outside; no net for mistakes catches it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.code = _SIGNALLED + number
        super().__init__(number)


def listen(held: Sequence[int] = ()) -> None:
    """Raise Interrupted at the first signal that asks for an end; what our caller ignores (nohup) stays ignored.

    Raises:
        Interrupted: one was held until now.
    """
    if current_thread() is main_thread():
        sys.unraisablehook = _raise_again
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _interrupt)
    for number in held:
        _interrupt(number, None)


def deafen() -> None:
    """Let nothing more disturb the end of this run."""
    if current_thread() is main_thread():
        for number in _SIGNALS:
            if signal.getsignal(number) is _interrupt:
                signal.signal(number, _ignore)  # no SIG_IGN, which other programs would inherit


def interrupt_behind(error: BaseException | None) -> Interrupted | None:
    """Return the interrupt whose place an error took: a library that catches whatever comes raises one of its own."""
    while error is not None and not isinstance(error, Interrupted):
        error = error.__context__
    return error


def _interrupt(number: int, _frame: object) -> None:
    now = time.monotonic()
    if now - _heard[0] > _CLEANING:
        _heard[0] = now
        raise Interrupted(number)


def _raise_again(lost: "UnraisableHookArgs") -> None:
    """Interrupt once more where Python threw an interrupt away: it arrived while an object was cleared up."""
    if isinstance(lost.exc_value, Interrupted):
        number = signal.Signals(lost.exc_value.number)  # raised here it would be lost as well, so nothing here waits
        _thread.start_new_thread(_interrupt_again, (number,))
    else:
        sys.__unraisablehook__(lost)


def _interrupt_again(number: signal.Signals) -> None:
    time.sleep(_SOON)
    _heard[0] = float("-inf")
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main_thread().ident or 0, number)  # which wakes it, too
    else:
        _thread.interrupt_main(number)


def _ignore(_number: int, _frame: object) -> None:
    pass
