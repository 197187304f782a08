"""Run hostile cases each in a process of its own, and write what they cost into the documentation."""

import multiprocessing
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from gwxl.records.receipt import Receipt
from gwxl.rules.available_forms import load
from tests.support.hostile import containers, contents, folders, markup, places
from tests.support.hostile.case import Case, outcome, receipts
from tests.support.rounds import FORGED
from tests.support.sources import ROOT

PAGE = ROOT / "docs" / "hostile.md"

HEAD = """# Hostile files

What becomes of files that are made to hurt. Every line is a test; the files are made by `tests/support/hostile/`, none
is stored. A word such as `bomb` is the reason for which a file is refused, `read right` means that every answer came
back as it was typed, `read` that the case typed another answer and that one came back; what follows a comma is why an
answer cannot be read, or the id of what the reader noticed. What is refused in a form's folder
is named with its file and, where there is one, its key.

Seconds are those of one processor, MB the memory above that of an idle process, both of the whole case; they were
measured once (`GWXL_WRITE_DOCS=1 pytest tests/test_hostile.py`) and depend on the machine.
"""
FORGED_HEAD = """## Forged rounds

A workbook that is sent back bears a mark of the return it answers, and what comes back with it replaces that return.
Somebody forges such a mark to replace another site's. Behind each attempt: what becomes of the return that is aimed at,
then of the forger's, with the ids of what was noticed on it. None is set aside (`tests/support/rounds.py`).
"""
_COLUMNS = "| case | outcome | seconds | MB |\n|---|---|---:|---:|"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one case came to; ``peak`` in MB above an idle process."""

    outcome: str
    seconds: float
    peak: float


def cases() -> tuple[Case, ...]:
    """Return every case there is, by group."""
    return tuple(
        case
        for made in (
            containers.bombs,
            markup.masses,
            containers.directories,
            containers.packages,
            markup.doctypes,
            markup.lies,
            contents.injections,
            contents.figures,
            contents.active,
            contents.archives,
            contents.mix_kinds,
            places.places,
            places.names,
            folders.cases,
        )
        for case in made()
    )


def measure(case: Case, folder: Path, base: bytes, good: Receipt) -> Cost:
    """Run a case in a process that did nothing before, and return what it came to and cost."""
    context = multiprocessing.get_context("spawn")
    folder.mkdir()
    case.build(folder, base)
    here, there = context.Pipe(duplex=False)
    runner = context.Process(target=_run, args=(folder, good, case.fate, there))
    runner.start()
    cost: Cost = here.recv()
    runner.join()
    shutil.rmtree(folder)
    return cost


def _run(
    folder: Path,
    good: Receipt,
    told: Callable[[Path], str] | None,
    pipe: "multiprocessing.connection.Connection",
) -> None:
    forms = load("website_annual_report")
    idle, began = _highest(), time.process_time()
    fate = told(folder) if told else outcome(receipts(folder, forms), good)
    peak = _highest() - idle
    pipe.send(Cost(outcome=fate, seconds=time.process_time() - began, peak=peak / 1024))


def _highest() -> int:
    """Return the most memory this process has held, in KB; what getrusage says it takes over from the parent."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def page(costs: Iterable[tuple[Case, Cost]]) -> str:
    """Return the table of all cases."""
    lines = [HEAD]
    for group, members in groupby(costs, key=lambda pair: pair[0].group):
        lines += [f"## {group}\n", _COLUMNS]
        lines += [_line(case, f"{cost.seconds:.2f}", f"{cost.peak:.0f}") for case, cost in members]
        lines.append("")
    return "\n".join([*lines, *_tell_forged_rounds()])


def _tell_forged_rounds() -> Iterator[str]:
    """Yield the table of marks that somebody forged; what they cost is nothing to speak of."""
    yield FORGED_HEAD
    yield "| case | outcome |\n|---|---|"
    yield from (f"| {_cell(one.name)} | {_cell(one.outcome)} |" for one in FORGED)
    yield ""


def _line(case: Case, seconds: str, peak: str) -> str:
    return f"| {_cell(case.name)} | {_cell(case.outcome)} | {seconds} | {peak} |"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[").replace("\t", "\\t")


def read_promised(text: str) -> Iterator[tuple[str, str]]:
    """Yield case and outcome of every line of a page as it is written."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| case |"):
            case, outcome, *_ = line.split(" | ")
            yield case, outcome
