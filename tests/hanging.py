"""The program itself, but some files make its reader hang, die or eat memory: which, the file's name says."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

from gwxl.batch import engines, reading
from gwxl.cli.main import main
from tests.engine_jobs import job

_honest = reading._read_one  # noqa: SLF001 - what stands between a worker and a file, and nothing else does


def _read_one(unit: Any, **more: Any) -> Any:
    name = Path(unit.member.name if unit.member else unit.found.name).stem
    if name.startswith("hostile-"):
        job(name.removeprefix("hostile-"))
    return _honest(unit, **more)


reading._read_one = _read_one  # noqa: SLF001 - workers import this module too, so it holds for them as well
if __name__ == "__main__":
    deadline = float(sys.argv[1])
    reading.run = partial(engines.run, deadline=deadline, wall=2 * deadline)  # type: ignore[assignment]
    main(sys.argv[2:])
