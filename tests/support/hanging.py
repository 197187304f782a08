"""The program itself, but some files make its reader hang, die or eat memory: which, the file's name says."""

import multiprocessing
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from gwxl.batch import inbox
from gwxl.cli import main
from gwxl.engines import local as engines
from tests.support.command import environment
from tests.support.engine_jobs import job

_honest = inbox._read_one  # noqa: SLF001 - what stands between a worker and a file, and nothing else does


def _read_one(unit: Any, **more: Any) -> Any:
    name = Path(unit.member.name if unit.member else unit.found.name).stem
    if name.startswith("hostile-"):
        job(name.removeprefix("hostile-"))
    return _honest(unit, **more)


def start(*arguments: object, deadline: float) -> "subprocess.Popen[str]":
    """Start the program, at the head of a process group as in a shell."""
    return subprocess.Popen(
        [sys.executable, __file__, str(deadline), *map(str, arguments)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=_listen,  # noqa: PLW1509 - no thread of ours holds a lock the child needs
    )


def _listen() -> None:
    """Let the program hear SIGINT; a suite in the background would hand on that it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def hang() -> None:
    """Let the reader of this process break on files of such names."""
    inbox._read_one = _read_one  # noqa: SLF001


if multiprocessing.parent_process() is not None:
    hang()  # a worker of this program, which imports this module too
if __name__ == "__main__":
    hang()
    deadline = float(sys.argv[1])
    inbox.run = partial(engines.run, deadline=deadline, wall=2 * deadline)  # type: ignore[attr-defined]
    main(sys.argv[2:])
