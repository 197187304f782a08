"""Measure what readers of spreadsheets make of returns: the figures of docs/why.md.

Run by hand from a checkout: ``python -m bench.readers``. Each file is read in a process of its own, which may take 20
seconds of the processor and 2 GB; what breaks one of these is counted as such.
"""

import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import openpyxl
import python_calamine
import xlrd

from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.opening import read_book
from tests.support.hostile import containers, markup
from tests.support.hostile.case import Case

ROOT = Path(__file__).parent.parent
GOOD = ROOT / "samples" / "inbox" / "01-示例市政府门户网站.xlsx"
SECONDS, MEMORY = 20, 2 * 1024**3


def with_openpyxl(path: Path) -> object:
    """Read values, then formulas: two passes, since one gives either."""
    return [
        [[cell.value for cell in row] for sheet in openpyxl.load_workbook(path, data_only=values) for row in sheet]
        for values in (True, False)
    ]


def with_calamine(path: Path) -> object:
    """Read the values of every sheet."""
    book = python_calamine.load_workbook(path)
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def with_xlrd(path: Path) -> object:
    """Read a binary workbook."""
    book = xlrd.open_workbook(path, formatting_info=True, logfile=io.StringIO())
    return [sheet.row_values(row) for sheet in book.sheets() for row in range(sheet.nrows)]


def with_gwxl(path: Path) -> object:
    """Read it as a return is read."""
    return read_book(admit(path))


READERS: Mapping[str, Callable[[Path], object]] = {
    "gwxl": with_gwxl,
    "openpyxl": with_openpyxl,
    "calamine": with_calamine,
    "xlrd": with_xlrd,
}


def main() -> int:
    """Print, for each reader, what became of the hostile files; or read one file where one is named."""
    if len(sys.argv) == 3:  # noqa: PLR2004 - a reader and a file
        return read(sys.argv[1], Path(sys.argv[2]))
    with tempfile.TemporaryDirectory() as name:
        files = list(made(Path(name)))
        print(f"{len(files)} files")
        for reader in ("gwxl", "openpyxl", "calamine"):
            outcomes = [tried(reader, path) for path in files]
            fates = Counter(outcome["fate"] for outcome in outcomes)
            most = max(outcome["peak"] for outcome in outcomes)
            spent = sum(outcome["seconds"] for outcome in outcomes)
            print(f"{reader}: {dict(fates.most_common())}, at most {most:.0f} MB, {spent:.0f} s in all")
    return 0


def made(folder: Path) -> Iterator[Path]:
    """Make the hostile workbooks in a folder."""
    for number, case in enumerate(cases()):
        inside = folder / str(number)
        inside.mkdir()
        case.build(inside, GOOD.read_bytes())
        yield from sorted(inside.glob("*.xlsx"))


def cases() -> Iterator[Case]:
    """Yield the cases that are one workbook each: bombs, masses, directories, packages, document types, lies."""
    for group in (containers.bombs, markup.masses, containers.directories, containers.packages, markup.doctypes):
        yield from group()


def tried(reader: str, path: Path) -> dict[str, float | str]:
    """Return what became of a file, the seconds it took and the MB at the peak."""
    before = time.monotonic()
    command = [sys.executable, "-m", "bench.readers", reader, str(path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    with contextlib.suppress(ValueError):
        return dict(json.loads(run.stdout))
    return {"fate": "killed", "seconds": time.monotonic() - before, "peak": MEMORY / 1024**2}


def read(reader: str, path: Path) -> int:
    """Read a file within the limits and print what became of it."""
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        READERS[reader](path)
        fate = "read"
    except RefusedError:
        fate = "refused by name"
    except MemoryError:
        fate = "out of memory"
    except BaseException as error:  # noqa: BLE001 - whatever it may be is what is measured
        fate = f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}"
    usage = resource.getrusage(resource.RUSAGE_SELF)
    peak = (usage.ru_maxrss - idle) / 1024
    print(json.dumps({"fate": fate, "seconds": usage.ru_utime + usage.ru_stime, "peak": peak}))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
