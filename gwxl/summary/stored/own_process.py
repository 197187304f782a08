"""Read a summary in a process of its own: it lay on a disk others write to, and may have been made to hurt."""

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

from gwxl.engines.engine import run
from gwxl.errors import RefusedError, SettingsError
from gwxl.wording import each

Result = TypeVar("Result")

_DEADLINE = 600.0  # seconds of processor time; a summary of thousands of sites is larger than any return
_MEMORY = 4 << 30
_RARELY = 100_000


def run_aside(function: Callable[[Path], Result], summary: Path) -> Result:
    """Return what a module-level function reads in a summary; what it raises is raised here.

    Raises:
        SettingsError: the summary takes too long or too much memory, or its reader dies.
        WorkerError: no process can be started.
    """
    ((result,),) = run(partial(_read, function), [summary], _refuse, deadline=_DEADLINE, memory=_MEMORY)
    return result


def _refuse(path: Path, refusal: RefusedError) -> NoReturn:
    raise SettingsError(each("failure.damaged_summary", path=path, reason=refusal.reason))


def _read(function: Callable[[Path], Result], summary: Path) -> Result:
    """Return what a function reads, searching rarely for circles: it makes hardly any."""
    usual = gc.get_threshold()
    gc.set_threshold(_RARELY)
    try:
        return function(summary)
    finally:
        gc.set_threshold(*usual)
