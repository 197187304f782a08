"""What ends a run from outside is heard once, and leaves time to clean up."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl.descriptors import Bool, Strict

from gwxl.cli import interrupts, invocation
from gwxl.cli.interrupts import Interrupted, deafen, listen
from gwxl.wording import text
from tests.support.command import COMMAND, PATIENCE, environment
from tests.support.draws import draws, seed

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

NUMBERS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
STOPPED = f"{text('cli.stopped', 'en')}\n"

WAYS = {"module": COMMAND, "command": (sys.executable, "-c", "from gwxl.__main__ import run; run()")}
"""How the program is started: by its name, and as the command that an installation makes of its entry point."""

LOADED = (
    "gwxl.cli",
    "gwxl.cli.interrupts",
    "click",
    "gwxl.cli.streams",
    "gwxl.cli.root",
    "gwxl.cli.commands.rules_command",
)
"""Modules in the order in which a command needs them, from the first one on."""

AT_MODULES = """
import os, sys

class Signals:
    def find_spec(self, name, path=None, target=None):
        if name in os.environ["AT_MODULES"].split():
            os.kill(os.getpid(), int(os.environ["SIGNAL"]))

sys.meta_path.insert(0, Signals())
"""
"""What Python runs before the program: it sends this process a signal once a module is asked for."""


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


def started(way: str, **more: str) -> "subprocess.Popen[str]":
    """Start a command that hears signals, however the tests were started."""
    return subprocess.Popen(
        [*WAYS[way], "rules", "website_annual_report"],
        env=environment(GWXL_LANG="en", **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=_hearing,  # noqa: PLW1509 - no thread of ours holds a lock the child needs
    )


def _hearing() -> None:
    for number in NUMBERS:
        signal.signal(number, signal.SIG_DFL)


def stopped_at(way: str, modules: str, number: int, folder: Path) -> tuple[int, str, str]:
    """Return exit code, output and errors of a command that is sent a signal at each of some modules."""
    (folder / "sitecustomize.py").write_text(AT_MODULES, "utf-8")
    path = os.pathsep.join([str(folder), environment()["PYTHONPATH"]])
    with started(way, PYTHONPATH=path, AT_MODULES=modules, SIGNAL=str(int(number))) as process:
        out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


@pytest.mark.parametrize("number", NUMBERS)
def test_an_end_while_the_program_is_loaded(number: int, tmp_path: Path) -> None:
    """From the first module of ours on a signal is held, heard once there are words for it, and told in one line."""
    for module in random.Random(f"{seed()} {number}").sample(LOADED, draws(2, full=len(LOADED))):
        for way in WAYS:
            found = stopped_at(way, module, number, tmp_path)
            assert found == (NUMBERS[signal.Signals(number)], "", STOPPED), (way, module)


def test_a_second_end_while_the_program_is_loaded(tmp_path: Path) -> None:
    """Where loading takes so long that somebody asks again, it ends at once, without a word."""
    assert stopped_at("module", "gwxl.cli click", signal.SIGINT, tmp_path) == (130, "", "")


@pytest.mark.parametrize("milliseconds", [5, 20, 50, 100])
@pytest.mark.parametrize("way", WAYS)
def test_an_end_at_any_time(way: str, milliseconds: int) -> None:
    """Ctrl-C after a time: before our first line it is the system's or Python's to answer, then it is one line."""
    with started(way) as process:
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert "gwxl/cli" not in err  # no frame of a traceback, but perhaps of Python's own start
    if STOPPED in err:
        assert (process.returncode, out, err) == (130, "", STOPPED)
