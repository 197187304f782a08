"""Signals at any moment, full disks and killed workers: the old output or the new one, and nothing left behind."""

import os
import random
from pathlib import Path

import pytest

from tests.support.draws import draws, seed
from tests.support.hostile import kills, table

pytestmark = pytest.mark.skipif(os.name != "posix", reason="this system has no signals")

WRITES = os.environ.get("GWXL_WRITE_DOCS") == "1"
RUNS = 20 if WRITES else 1

CASES = [
    *((command, by) for command in kills.COMMANDS for by in kills.SIGNALS),
    *((command, kills.FULL) for command in kills.WRITING),
    *((command, kills.DEAD) for command in kills.READING),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that every run begins with."""
    folder = tmp_path_factory.mktemp("base")
    kills.stage(folder)
    return folder


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("command", kills.COMMANDS)
def test_cut_short(command: str, base: Path, tmp_path: Path) -> None:
    """Whatever ends a run, nothing is half and nothing stays behind; the moments are drawn anew in each test run."""
    bench = kills.Bench(command, base, tmp_path / "work")
    chance = random.Random(f"{seed()} {command}")
    spared = chance.sample(kills.SIGNALS[:-1], draws(2, full=0))  # a program hears them all alike: test_interrupts
    rows = [bench.row(by, RUNS, chance) for name, by in CASES if name == command and by not in spared]
    ROWS.extend(rows)
    assert [fault for row in rows for fault in row.faults] == []


ROWS: list[kills.Row] = []


def test_page() -> None:
    """The page of hostile files lists every command with every way to cut it short, without a fault."""
    if WRITES:
        assert len(ROWS) == len(CASES)
        kept = table.PAGE.read_text("utf-8").partition(kills.HEADING)[0]
        table.PAGE.write_text(kept + kills.section(ROWS), "utf-8")
    written = kills.read_promised(table.PAGE.read_text("utf-8"))
    assert sorted(written) == sorted((command, by, "0") for command, by in CASES)
