"""Run a command and say what it took: wall clock, processor time and memory of it and all processes it started."""

import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
_GLANCE = 0.1  # seconds between two looks at the memory
_PAGE = os.sysconf("SC_PAGE_SIZE")
_GROUP, _RESIDENT = 2, 21  # fields of /proc/PID/stat behind the name of the command


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a run took: seconds by the clock and of the processor, megabytes of the parent and of all its processes."""

    wall: float
    cpu: float
    memory: float
    tree: float


def median_of(runs: Sequence[Taken]) -> Taken:
    """Return the median of each figure."""
    return Taken(**{name: median(getattr(run, name) for run in runs) for name in Taken.__dataclass_fields__})


def measure(command: Sequence[str | Path], codes: Sequence[int] = (0,)) -> tuple[Taken, str]:
    """Run a command in a group of processes of its own; return what it took and what it printed.

    Raises:
        RuntimeError: it ended with another code.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once
    begun, peaks, done = time.monotonic(), [0.0, 0.0], threading.Event()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True, start_new_session=True
    ) as process:
        watcher = threading.Thread(target=_watch, args=(process.pid, peaks, done))
        watcher.start()
        printed = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - begun
        done.set()
        watcher.join()
    if process.returncode not in codes:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Taken(wall=wall, cpu=used.ru_utime + used.ru_stime, memory=peaks[0], tree=peaks[1]), printed


def _watch(group: int, peaks: list[float], done: threading.Event) -> None:
    while not done.wait(_GLANCE):
        found = dict(_resident(group))
        peaks[0] = max(peaks[0], found.get(group, 0.0))
        peaks[1] = max(peaks[1], sum(found.values()))


def _resident(group: int) -> list[tuple[int, float]]:
    """Return process → megabytes, pages that several share counted in each."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                words = Path(entry.path, "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[_GROUP]) == group:
                found.append((int(entry.name), int(words[_RESIDENT]) * _PAGE / 2**20))
    return found


def describe_machine() -> Mapping[str, str]:
    """Return what a figure hangs on besides the program."""
    info = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in info if line.startswith("model name")), platform.machine())
    return {
        "processors": f"{os.cpu_count()} × {model}",
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load": f"{os.getloadavg()[0]:.1f}",
        "executable": sys.executable,
    }
