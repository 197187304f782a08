"""Read a summary in a process of its own: it lay on a disk others write to, and may have been made to hurt."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

from gwxl.engines.engine import run
from gwxl.errors import RefusedError, SettingsError
from gwxl.wording import each

Result = TypeVar("Result")

_DEADLINE = 600.0  # seconds of processor time; a summary of thousands of sites is larger than any return
_MEMORY = 4 << 30


def run_aside(function: Callable[[Path], Result], summary: Path) -> Result:
    """Return what a module-level function reads in a summary; what it raises is raised here.

    Raises:
        SettingsError: the summary takes too long or too much memory, or its reader dies.
        WorkerError: no process can be started.
    """
    ((result,),) = run(function, [summary], _refuse, deadline=_DEADLINE, memory=_MEMORY)
    return result


def _refuse(path: Path, refusal: RefusedError) -> NoReturn:
    raise SettingsError(each("failure.damaged_summary", path=path, reason=refusal.reason))
