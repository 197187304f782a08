"""Reading in worker processes: what hangs, dies or eats costs itself and nothing else."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from gwxl.batch.engines import run
from gwxl.errors import RefusedError
from gwxl.form.identity import issue_identity
from gwxl.rules.shelf import load
from gwxl.template import write_template
from tests.clients.typed import draw
from tests.command import PATIENCE, environment
from tests.engine_jobs import job
from tests.sources import ROOT

posix = pytest.mark.skipif(os.name != "posix", reason="this system has no limits of memory for a process")
ORDERS = ("one", "sleep", "two", "kill", "exit", "three", "abort", "four", "spin", "five", "eat", "large", "six")
FATES = {
    "sleep": "too_slow",
    "spin": "too_slow",
    "kill": "reader_died",
    "exit": "reader_died",
    "abort": "reader_died",
    "eat": "reader_died",
}


def fates(orders: Sequence[str], *, workers: int) -> list[str]:
    """Return what became of each order: its own name, or the reason of a refusal."""
    results = run(job, orders, deadline=2, workers=workers)
    return [result.reason if isinstance(result, RefusedError) else result[:5] for result in results]


@posix
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_hanging_and_dying_workers_cost_their_own_item(workers: int) -> None:
    """However many workers there are, every other item has its result, in the order of the items."""
    assert fates(ORDERS, workers=workers) == [FATES.get(order, order) for order in ORDERS]


@posix
def test_only_trouble() -> None:
    """A run in which no item has a result ends too."""
    assert fates(("abort", "sleep", "kill", "eat"), workers=2) == [
        "reader_died",
        "too_slow",
        "reader_died",
        "reader_died",
    ]


def test_deadline_is_told() -> None:
    """The message names the deadline that was passed."""
    (refusal,) = run(job, ["sleep"], deadline=1)
    assert isinstance(refusal, RefusedError)
    assert (refusal.reason, refusal.details) == ("too_slow", {"seconds": 1})


def test_mistakes_of_ours_are_raised() -> None:
    """An exception of the function itself is no file's fault and is not hidden."""
    results = run(job, ["one", "raise"], workers=1)
    assert next(results) == "one"
    with pytest.raises(ValueError, match="raise"):
        next(results)


def test_nothing_to_do() -> None:
    """No items, no workers, no results."""
    assert list(run(job, [])) == []


def test_leaving_early_stops_the_workers() -> None:
    """Whoever takes the first result and goes does not wait for the item that hangs."""
    results = run(job, ["one", "sleep"], deadline=100_000, workers=2)
    assert next(results) == "one"
    results.close()


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with three good returns, and files on which the reader breaks."""
    folder = tmp_path_factory.mktemp("work") / "inbox"
    folder.mkdir()
    rules = load("website_annual_report")
    for number, place in enumerate(("a", "k", "z"), 1):
        answers = {**draw(rules.form, 3).values, "site_code": f"{number:010}"}
        write_template(rules, folder / f"{place}.xlsx", identity=issue_identity(rules.form, year=2026), answers=answers)
    for order in FATES:
        shutil.copy(folder / "a.xlsx", folder / f"hostile-{order}.xlsx")
    return folder


def _started(*arguments: object, deadline: float) -> "subprocess.Popen[str]":
    """Start the program whose reader breaks on some files, at the head of a process group as in a shell."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "hanging.py"), str(deadline), *map(str, arguments)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=_listening,  # noqa: PLW1509 - no thread of ours holds a lock the child needs
    )


def _listening() -> None:
    """Let the program hear SIGINT; a suite in the background would hand on that it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@posix
def test_merge_goes_on(inbox: Path, tmp_path: Path) -> None:
    """A merge with such files counts the three good ones and refuses the others by name."""
    with _started("merge", inbox, "-o", tmp_path / "s.xlsx", "--json", deadline=5) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (1, "")
    found = json.loads(out)
    assert found["counts"]["received"] == 3 + len(FATES)
    assert (found["counts"]["accepted"], found["counts"]["refused"]) == (3, len(FATES))
    reasons = {one["file"]: one["findings"][0]["id"] for one in found["files"] if one["status"] == "refused"}
    assert reasons == {f"hostile-{order}.xlsx": fate for order, fate in FATES.items()}


@posix
def test_check_goes_on(inbox: Path) -> None:
    """Checking single files goes through the same workers, in the order they were named."""
    names = ["z.xlsx", "hostile-abort.xlsx", "a.xlsx", "hostile-sleep.xlsx", "k.xlsx"]
    with _started("check", *(inbox / name for name in names), "--json", deadline=5) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (1, "")
    found = json.loads(out)["files"]
    assert [Path(one["file"]).name for one in found] == names
    assert [one["status"] for one in found] == ["ok", "refused", "ok", "refused", "ok"]


@posix
@pytest.mark.parametrize("everybody", [True, False], ids=["to the group", "to the program"])
def test_interrupt_ends_at_once(inbox: Path, tmp_path: Path, *, everybody: bool) -> None:
    """Ctrl-C in the middle of a hanging file ends the program and its workers, silently, and writes nothing."""
    with _started("merge", inbox, "-o", tmp_path / "s.xlsx", deadline=100_000) as process:
        _until_workers_hang(process.pid)
        (os.killpg if everybody else os.kill)(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err.strip()) == (130, "", "")
    assert _members(process.pid) == []
    assert list(tmp_path.iterdir()) == []


def _until_workers_hang(group: int) -> None:
    """Wait until a worker spins or sleeps in its file: two children of a program that reads one, of which one burns."""
    for _ in range(PATIENCE * 10):
        if len(_members(group)) > 2 and _burnt(group) > 3:
            return
        time.sleep(0.1)
    pytest.fail("no worker was started")


def _members(group: int) -> list[int]:
    """Return the processes of a group."""
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, encoding="ascii", check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, pgid, state in rows if int(pgid) == group and not state.startswith("Z")]


def _burnt(group: int) -> int:
    """Return the seconds of processor time that a group has used."""
    listed = subprocess.run(["ps", "-eo", "pgid=,times="], capture_output=True, encoding="ascii", check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return sum(int(seconds) for pgid, seconds in rows if int(pgid) == group)
