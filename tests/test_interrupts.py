"""What ends a run from outside is heard once, and leaves time to clean up."""

import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest
from openpyxl.descriptors import Bool, Strict

from gwxl.cli import interrupts, invocation
from gwxl.cli.interrupts import Interrupted, deafen, listen

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

NUMBERS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin as a program does, and give back the handlers."""
    monkeypatch.setattr(interrupts, "_heard", [float("-inf")])
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    before = {number: signal.getsignal(number) for number in NUMBERS}
    for number in NUMBERS:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: int) -> None:
    """Send this process a signal; it has arrived when this returns."""
    signal.raise_signal(number)


@pytest.mark.parametrize("number", NUMBERS)
def test_each_signal_has_its_code(number: int) -> None:
    """A shell is told which signal it was."""
    listen()
    with pytest.raises(Interrupted) as interrupted:
        send(number)
    assert interrupted.value.code == NUMBERS[signal.Signals(number)]


def test_cleaning_up_is_not_disturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second signal soon after the first is not heard; one that comes much later is, should the first be lost."""
    listen()
    with pytest.raises(Interrupted):
        send(signal.SIGTERM)
    send(signal.SIGINT)
    send(signal.SIGHUP)
    monkeypatch.setattr(interrupts, "_CLEANING", 0.0)
    with pytest.raises(Interrupted):
        send(signal.SIGINT)


class _Cleared:
    """A signal that comes while it is cleared up, where Python throws away what is raised."""

    def __del__(self) -> None:
        send(signal.SIGTERM)


def test_no_interrupt_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    """One that arrives where nothing can be raised is raised right afterwards, without a word."""
    listen()
    with pytest.raises(Interrupted) as interrupted:
        _clear_up()
    assert interrupted.value.code == NUMBERS[signal.SIGTERM]
    assert capsys.readouterr().err == ""


class _Converted:
    """A signal that comes while openpyxl turns a value into another, where it catches everything."""

    def __bool__(self) -> bool:
        send(signal.SIGHUP)
        return True


class _Holder(Strict):
    held = Bool()


def test_an_error_in_the_place_of_an_interrupt_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run was stopped, and has not failed."""
    listen()
    monkeypatch.setattr(invocation, "_run", lambda _: setattr(_Holder(), "held", _Converted()))
    with pytest.raises(Interrupted) as interrupted:
        invocation.invoke([])
    assert interrupted.value.code == NUMBERS[signal.SIGHUP]


def _clear_up() -> None:
    _Cleared()
    time.sleep(10)
    pytest.fail("nobody was interrupted")


def test_at_the_end_nothing_is_heard() -> None:
    """A run that has done its work ends with its own exit code."""
    listen()
    deafen()
    for number in NUMBERS:
        send(number)


def test_what_the_caller_ignores_stays_ignored() -> None:
    """A run under nohup goes on when the terminal is closed."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    listen()
    send(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
