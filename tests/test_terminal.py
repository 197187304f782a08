"""The command line on a terminal: colour, progress and Ctrl-C, each as the keyboard and the screen have it."""

import os
import re
import select
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.wording import text
from tests.support.command import COMMAND, PATIENCE, environment, say
from tests.support.submissions import GOOD, report_rules
from tests.support.written import write_template

pty = pytest.importorskip("pty", reason="there are no such terminals here")

ESCAPE = "\x1b"
MANY = 400
"""Copies in an inbox: enough to be interrupted while they are read."""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a good return."""
    rules = report_rules()
    path = tmp_path_factory.mktemp("good") / "好.xlsx"
    write_template(rules, path, identity=issue_identity(rules.form, period=Period(2026)), answers=GOOD)
    return path


@pytest.fixture
def inbox(good: Path, tmp_path: Path) -> Path:
    """Make an inbox of one return that is there many times."""
    folder = tmp_path / "in"
    folder.mkdir()
    send(folder, good, range(MANY))
    return folder


def send(folder: Path, good: Path, numbers: range) -> None:
    """Put copies of a return into an inbox."""
    for number in numbers:
        os.link(good, folder / f"{number}.xlsx")


def on_a_terminal(arguments: Sequence[str], folder: Path, press: str = "", **more: str) -> tuple[int, str]:
    """Run gwxl on a terminal of its own; press a key once the progress bar counts; return exit code and screen."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a suite in the background would hand on that it is ignored
        os.execve(sys.executable, [*COMMAND, *arguments], environment(TERM="xterm-256color", **more))  # noqa: S606 - no shell is wanted
    shown = b""
    pressed = not press
    while piece := _read(terminal):
        shown += piece
        if not pressed and re.search(rb"[1-9][0-9]*/[0-9]+", shown):
            os.write(terminal, press.encode())
            pressed = True
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode("utf-8", "replace")


def _read(terminal: int) -> bytes:
    ready, _, _ = select.select([terminal], [], [], PATIENCE)
    assert ready, "nothing came any more"
    try:
        return os.read(terminal, 65_536)
    except OSError:  # how Linux says that the other end is closed
        return b""


@pytest.mark.parametrize(
    ("variables", "arguments", "coloured"),
    [({}, [], True), ({"NO_COLOR": "1"}, [], False), ({}, ["--color", "never", "-q"], False)],
)
def test_colour_and_bar(good: Path, variables: dict[str, str], arguments: Sequence[str], *, coloured: bool) -> None:
    """A terminal gets colour unless NO_COLOR or the flag refuses it, and a bar that wipes itself off at the end."""
    code, shown = on_a_terminal(["check", good.name, *arguments], good.parent, **variables)
    assert code == 0
    assert bool(re.search(rf"{ESCAPE}\[[0-9;]*3[0-9]m", shown)) is coloured
    assert "1 in all, 0 to act on" in shown
    assert ("1/1" in shown) is ("-q" not in arguments)
    assert "1/1" not in shown.rpartition(f"{ESCAPE}[2K")[2]


def test_ctrl_c_leaves_nothing_behind(inbox: Path) -> None:
    """Ctrl-C while files are read: exit code 130, no traceback, no result, no summary and no draft of one."""
    code, shown = on_a_terminal(["merge", "in", "-o", "s.xlsx"], inbox.parent, press="\x03")
    assert code == 130
    assert "^C" in shown
    assert "Traceback" not in shown
    assert "received" not in shown
    assert shown.rstrip().endswith(text("cli.stopped", "en"))
    assert [path.name for path in inbox.parent.iterdir()] == ["in"]


def test_ctrl_c_keeps_the_old_summary(good: Path, tmp_path: Path) -> None:
    """A summary that stands there is whole and unchanged after a merge of what came in since was interrupted."""
    folder = tmp_path
    (folder / "in").mkdir()
    send(folder / "in", good, range(2))
    say("merge", "in", "-o", "s.xlsx", "--exit-zero", cwd=folder)
    before = (folder / "s.xlsx").read_bytes()
    send(folder / "in", good, range(2, MANY))
    code, shown = on_a_terminal(["merge", "in", "-o", "s.xlsx"], folder, press="\x03")
    assert (code, "Traceback" in shown) == (130, False)
    assert (folder / "s.xlsx").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["in", "s.xlsx"]


def test_a_bar_moves_while_the_summary_is_written(good: Path, tmp_path: Path) -> None:
    """Once all files are read a second bar goes to and fro, until the summary is there."""
    (tmp_path / "in").mkdir()
    send(tmp_path / "in", good, range(12))
    code, shown = on_a_terminal(["merge", "in", "--lang", "en"], tmp_path)
    assert (code, shown.count(text("cli.writing", "en")) > 1) == (0, True)
