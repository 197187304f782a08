"""Watch the processes of a group, as patiently as a busy machine needs."""

import subprocess
import time
from collections.abc import Callable

import pytest

from tests.support.command import PATIENCE


def wait_until(holds: Callable[[], bool], otherwise: str) -> None:
    """Wait until something holds, as long as a busy machine may need."""
    for _ in range(PATIENCE * 4):
        if holds():
            return
        time.sleep(0.25)  # each look lists every process there is
    pytest.fail(otherwise)


def members(group: int) -> list[int]:
    """Return the processes of a group."""
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, encoding="ascii", check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, pgid, state in rows if int(pgid) == group and not state.startswith("Z")]


def count_burnt(group: int) -> int:
    """Return the seconds of processor time that a group has used."""
    listed = subprocess.run(["ps", "-eo", "pgid=,times="], capture_output=True, encoding="ascii", check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return sum(int(seconds) for pgid, seconds in rows if int(pgid) == group)
