"""Measure what readers of spreadsheets make of three returns that are made to hurt: figures of docs/why.md.

Run by hand from a checkout, on Linux: ``python -m bench.readers``. Each file is read in a process of its own, which may
take 20 seconds of the processor and 2 GB.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import python_calamine

from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.opening import read_book

ROOT = Path(__file__).parent.parent
GOOD = ROOT / "samples" / "inbox" / "01-示例市政府门户网站.xlsx"
SHEET, END = "xl/worksheets/sheet1.xml", b"</sheetData>"
SECONDS, MEMORY = 20, 2 << 30

FILES: Mapping[str, Callable[[], bytes]] = {
    "one cell in the last row and column": lambda: b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "1 GB of blanks": lambda: b" " * (1 << 30),
    "900,000 rows of one cell": lambda: b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(1_000, 901_000)
    ),
}
READERS: Mapping[str, Callable[[Path], object]] = {
    "gwxl": lambda path: read_book(admit(path)),
    "openpyxl": lambda path: [len(row) for sheet in openpyxl.load_workbook(path) for row in sheet],
    "calamine": lambda path: [sheet.to_python() for sheet in sheets(path)],
}


def sheets(path: Path) -> list[python_calamine.CalamineSheet]:
    """Return the sheets as calamine reads them."""
    book = python_calamine.load_workbook(path)
    return [book.get_sheet_by_name(name) for name in book.sheet_names]


def main() -> int:
    """Print a line for each file and reader; or read one file where one is named."""
    if sys.argv[1:]:
        return read(*sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        for name, more in FILES.items():
            path = make(Path(folder) / "return.xlsx", more())
            print(f"{name} ({path.stat().st_size >> 10:,} kB)")
            for reader in READERS:
                command = [sys.executable, "-m", "bench.readers", reader, str(path)]
                run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
                print(f"  {reader:<9} {run.stdout.strip() or f'the process dies ({run.returncode})'}")
    return 0


def make(path: Path, more: bytes) -> Path:
    """Write a good return with more in its form sheet."""
    with zipfile.ZipFile(GOOD) as good, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in good.namelist():
            data = good.read(name)
            package.writestr(name, data.replace(END, more + END) if name == SHEET else data)
    return path


def read(reader: str, path: str) -> int:
    """Read a file within the limits and print what became of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    before = time.process_time()
    try:
        READERS[reader](Path(path))
        fate = "read"
    except RefusedError as error:
        fate = f"refused: {error.reason}"
    except MemoryError:
        fate = "out of memory"
    status = dict(line.split(":\t") for line in Path("/proc/self/status").read_text("utf-8").splitlines())
    peak = int(status["VmHWM"].removesuffix("kB")) >> 10  # getrusage tells the parent's, where that was larger
    print(f"{fate}, {time.process_time() - before:.2f} s, {peak:,} MB", flush=True)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
