"""The program itself, but some files make its reader hang, die or eat memory: which, the file's name says."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

from gwxl.batch import engines, reading
from gwxl.batch.files import Found
from gwxl.cli.main import main
from gwxl.receipt import Receipt
from tests.engine_jobs import job

_honest = reading._read_one  # noqa: SLF001 - what stands between a worker and a file, and nothing else does


def _read_one(found: Found, **more: Any) -> tuple[Receipt, ...]:
    name = Path(found.name).stem
    if name.startswith("hostile-"):
        job(name.removeprefix("hostile-"))
    return _honest(found, **more)


reading._read_one = _read_one  # noqa: SLF001 - workers import this module too, so it holds for them as well
if __name__ == "__main__":
    reading.run = partial(engines.run, deadline=float(sys.argv[1]))
    main(sys.argv[2:])
