"""Reading in worker processes: what hangs, dies or eats costs itself and nothing else."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gwxl.engines import engine, in_process
from gwxl.engines import local as engines
from gwxl.engines.engine import Parts
from gwxl.engines.local import run
from gwxl.engines.worker import work
from gwxl.errors import RefusedError, WorkerError
from tests.support.command import PATIENCE, environment
from tests.support.engine_jobs import FATES, ballast, compute, job, note, share_order, split_order, stuck, wait
from tests.support.groups import members, wait_until

pytestmark = pytest.mark.workers

posix = pytest.mark.skipif(os.name != "posix", reason="this system has no limits of memory for a process")
copies = pytest.mark.skipif(sys.platform != "linux", reason="a copy of a process is bounded on Linux alone")
ORDERS = ("one", "sleep", "two", "kill", "exit", "three", "abort", "four", "spin", "five", "eat", "large", "six")


def take_refusal(_: str, refusal: RefusedError) -> RefusedError:
    """Take a refusal for a result."""
    return refusal


def tell(results: Iterable[Sequence[Any]]) -> list[list[str]]:
    """Return what became of each order: its own name, or the reason of a refusal."""
    return [[one.reason if isinstance(one, RefusedError) else one[:5] for one in parts] for parts in results]


def fates(orders: Sequence[str], *, workers: int) -> list[str]:
    """Return what became of each order."""
    return [fate for (fate,) in tell(run(job, orders, take_refusal, deadline=1, wall=3, workers=workers))]


@posix
@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.full), 3])
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
        "too_hungry",
    ]


def small(script: str) -> list[str]:
    """Return the lines a program prints that has loaded little: one the size of the suite makes no copy of itself."""
    command = [sys.executable, "-c", _PREPARED + script]
    return subprocess.run(
        command, env=environment(), stdout=subprocess.PIPE, encoding="utf-8", timeout=PATIENCE, check=True
    ).stdout.split()


_PREPARED = """
import threading
from gwxl.engines.local import run
from tests.support.engine_jobs import MARKS, job, tell_marks

def told(function, *orders, **limits):
    MARKS[:] = ["here"]
    for (one,) in run(function, orders, lambda _, refusal: refusal.reason, **limits):
        print(one[:5])
"""


@copies
def test_a_copy_shields_like_a_fresh_worker() -> None:
    """A single item is read in a copy of this process; whatever it does to it, it ends as it does among others."""
    expected = [FATES.get(order, order)[:5] for order in ORDERS]
    assert small(f"for order in {ORDERS}: told(job, order, deadline=1, wall=3)") == expected


@copies
def test_who_reads_in_a_copy() -> None:
    """The first reader of a single item, where nothing hinders a copy; nobody else."""
    assert small("told(tell_marks, 'one')") == ["copy"]
    assert small("told(tell_marks, 'one', 'two')") == ["fresh", "fresh"]
    assert small("told(tell_marks, 'kill')") == ["fresh"]
    assert small("held = bytearray(1 << 28); told(tell_marks, 'one', memory=1 << 29)") == ["fresh"]
    thread = "over = threading.Event(); threading.Thread(target=over.wait).start(); told(tell_marks, 'one'); over.set()"
    assert small(thread) == ["fresh"]


@copies
def test_what_this_process_holds_is_no_files_fault() -> None:
    """A file that needs little memory is read, however much its reader's parent has taken."""
    held = bytearray(600 << 20)
    results = run(
        ballast, [str(1400 << 20)], take_refusal, memory=2 << 30
    )  # too much for a copy, not for a fresh worker
    assert (list(results), len(held)) == ([("fits",)], 600 << 20)


@posix
def test_parts_stand_in_the_place_of_their_item() -> None:
    """What an item is made of is shared among the workers; one that dies costs itself alone."""
    results = run(split_order, ["a", "b,kill,c", "d,sleep", "e"], take_refusal, deadline=60, wall=3, workers=2)
    assert tell(results) == [["a"], ["b", "reader_died", "c"], ["d", "too_slow"], ["e"]]


def test_parts_are_shared(tmp_path: Path) -> None:
    """One item of many parts keeps every worker busy."""
    (parts,) = run(share_order, [",".join(f"{number}@{tmp_path}" for number in range(12))], take_refusal, workers=3)
    assert parts == tuple(map(str, range(12)))
    assert len({note.read_text().split()[0] for note in tmp_path.iterdir()}) == 3


def test_a_part_may_have_parts() -> None:
    """Nothing is lost and nothing changes its place."""
    many = ",".join(f"{number:05}" for number in range(300))
    assert tell(run(split_order, ["x", many], take_refusal, workers=2)) == [["x"], many.split(",")]


@posix
def test_a_deadline_counts_the_work_and_the_clock() -> None:
    """More workers than processors lose nobody to the clock; one that burns or waits too long is told which way."""
    assert fates_of(compute, ["0.5"] * 6, deadline=1, workers=6) == ["0.5"] * 6
    assert fates_of(compute, ["30", "0.1"], deadline=1, wall=600) == ["too_slow 1", "0.1"]
    assert fates_of(wait, ["1.5", "600"], deadline=1, wall=3) == ["1.5", "too_slow 3"]


def fates_of(
    function: Callable[[str], Any],
    orders: Sequence[str],
    *,
    deadline: float,
    wall: float | None = None,
    workers: int = 2,
) -> list[str]:
    """Return what became of each order, with the seconds that were too many."""
    results = run(function, orders, take_refusal, deadline=deadline, wall=wall, workers=workers)
    return [f"{one.reason} {one.details['seconds']}" if isinstance(one, RefusedError) else one for (one,) in results]


@posix
def test_the_clock_stands_where_nobody_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that was stopped as a whole (Ctrl-Z, a laptop that sleeps) does not blame its files."""
    monkeypatch.setattr(engines, "_GLANCE", 0.5)
    results = run(wait, ["0.1", "2"], take_refusal, deadline=1, wall=3, workers=1)
    assert next(results) == ("0.1",)
    time.sleep(4)  # longer than the second item may take, and nobody listened
    assert next(results) == ("2",)


@posix
def test_where_the_system_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a timer of the system the worker itself looks at its clock."""
    monkeypatch.setattr(engines, "work", without_timer)
    assert fates_of(compute, ["30", "0.1"], deadline=1, wall=600) == ["too_slow 1", "0.1"]


def without_timer(*arguments: Any) -> None:
    """Work as on a system that cannot count the time of a process."""
    del signal.setitimer
    work(*arguments)


@posix
def test_a_killed_worker_is_nobodys_fault(tmp_path: Path) -> None:
    """Its item is read once more, in another process and with nobody beside it; a second death is told."""
    orders = [f"{name}@{tmp_path}" for name in ("a", "once-1", "b", "kill", "c", "once-2", "d")]
    results = tell(run(note, orders, take_refusal, workers=3))
    assert [fate for (fate,) in results] == ["a", "once-"[:5], "b", "reader_died", "c", "once-"[:5], "d"]
    notes = {path.name: path.read_text().split() for path in tmp_path.iterdir()}
    assert len([name for name in notes if name.startswith("kill")]) == 2
    for again in ("once-1.1", "once-2.1"):
        assert notes[again][0] != notes[again.replace(".1", ".0")][0]
        began, ended = map(float, notes[again][1:])
        others = [tuple(map(float, note[1:])) for name, note in notes.items() if name != again]
        assert not [other for other in others if other[0] < ended and other[1] > began]


@posix
def test_workers_killed_from_outside(tmp_path: Path) -> None:
    """Every worker killed at once, in the middle of its file, costs no file."""
    orders = [f"{number}@{tmp_path}" for number in range(6)]
    results = run(note, orders, take_refusal, workers=2)
    assert next(results) == ("0",)
    for child in multiprocessing.active_children():
        child.kill()
    assert list(results) == [(str(number),) for number in range(1, 6)]


def test_no_worker_can_be_started() -> None:
    """What dies before it takes a file says nothing of the file, and is told once."""
    with pytest.raises(WorkerError, match="close other programs, free memory"):
        list(run(stuck, ["a", "b"], take_refusal, workers=2))


@posix
def test_workers_go_with_their_parent() -> None:
    """A program that is killed leaves nobody behind, whatever its workers are at."""
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], env=environment(), start_new_session=True, stdout=subprocess.PIPE
    ) as parent:
        wait_until(lambda: len(members(parent.pid)) > 3, "no worker was started")
        time.sleep(1)
        parent.kill()
    wait_until(lambda: members(parent.pid) == [], "a worker goes on")


_PARENT = """
from gwxl.engines.local import run
from tests.support.engine_jobs import job
if __name__ == "__main__":
    list(run(job, ["sleep", "spin"], print, deadline=1000, workers=2))
"""


def test_mistakes_of_ours_are_raised() -> None:
    """An exception of the function itself is no file's fault and is not hidden."""
    results = run(job, ["one", "raise"], take_refusal, workers=1)
    assert next(results) == ("one",)
    with pytest.raises(ValueError, match="raise"):
        next(results)


def test_nothing_to_do() -> None:
    """No items, no workers, no results."""
    assert list(run(job, [], take_refusal)) == []


def test_leaving_early_stops_the_workers() -> None:
    """Whoever takes the first result and goes does not wait for the item that hangs."""
    results = run(job, ["one", "sleep"], take_refusal, deadline=100_000, workers=2)
    assert next(results) == ("one",)
    results.close()


# In this very process


def in_this(function: Callable[..., Any], items: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the results of an engine that starts no process."""
    return list(in_process.run(function, items, take_refusal, memory=5 << 20))


def test_in_process() -> None:
    """The same results in the same order, parts of parts included; what is raised goes through."""
    assert in_this(split_order, ["a", "b,c", "d"]) == [("a",), ("b", "c"), ("d",)]
    assert in_this(job, []) == []
    with pytest.raises(ValueError, match="raise"):
        in_this(job, ["one", "raise"])


def test_in_process_too_hungry() -> None:
    """What runs out of memory costs itself alone."""
    (good,), (hungry,), (part, other) = in_this(starve, ["a", "eat", "b,eat"])
    assert (good, part) == ("a", "b")
    assert [(one.reason, one.details) for one in (hungry, other)] == [("too_hungry", {"limit": 5})] * 2


def starve(order: str) -> str | Parts[str]:
    """Run out of memory where the order says so."""
    if order == "eat":
        raise MemoryError
    return split_order(order)


@pytest.mark.parametrize(("platform", "name"), [("linux", "local"), ("win32", "local"), ("emscripten", "in_process")])
def test_the_engine_of_a_system(monkeypatch: pytest.MonkeyPatch, platform: str, name: str) -> None:
    """A browser starts no processes."""
    monkeypatch.setattr(sys, "platform", platform)
    assert engine.engine() is import_module(f"gwxl.engines.{name}")


def test_no_process_is_thought_of_before_it_is_needed() -> None:
    """What checks a file, engine included, loads nothing that a browser does not have."""
    needed = "gwxl.batch.inbox, gwxl.engines.in_process, gwxl.documents.checked"
    asked = f"import sys, {needed}; print(*{{'multiprocessing', 'subprocess'}} & sys.modules.keys())"
    printed = subprocess.run([sys.executable, "-c", asked], env=environment(), capture_output=True, check=True)
    assert printed.stdout.split() == []
