"""Drive Gnumeric's ssconvert: fill in cells of the first sheet and save, as its cell editor and its menu do."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.support.clients.typed import Entry

PATIENCE = 120
"""Seconds after which a run is stuck."""

EXPORTERS = {
    ".xlsx": "Gnumeric_Excel:xlsx2",
    ".xls": "Gnumeric_Excel:excel_biff8",
    ".ods": "Gnumeric_OpenCalc:odf",
}


class GnumericError(Exception):
    """What ssconvert could not do."""


def why_missing() -> str:
    """Say that the program is missing; empty when it is there."""
    return "" if shutil.which("ssconvert") else "ssconvert is not installed (apt install gnumeric)"


def version() -> str:
    """Return the version of the program."""
    return _run("--version").split("'")[1]


def fill(source: Path, target: Path, entries: Iterable[Entry] = ()) -> Path:
    """Type entries into the first sheet and save; the suffix of the target says the format: xlsx, xls or ods.

    Entries are read as typed (``12`` a number). The entries of other sheets cannot be typed this way.

    Raises:
        GnumericError: no file came out.
    """
    typed = [f"--set={entry.cell}={entry.value}" for entry in entries]
    target.unlink(missing_ok=True)
    said = _run(*typed, f"--export-type={EXPORTERS[target.suffix]}", str(source), str(target))
    if not target.is_file() or not target.stat().st_size:
        message = f"ssconvert wrote no {target.name}: {said}"
        raise GnumericError(message)
    return target


def recalculate(source: Path, target: Path) -> Path:
    """Calculate every formula anew and save as xlsx.

    Raises:
        GnumericError: no file came out.
    """
    target.unlink(missing_ok=True)
    said = _run("--recalc", f"--export-type={EXPORTERS['.xlsx']}", str(source), str(target))
    if not target.is_file() or not target.stat().st_size:
        message = f"ssconvert wrote no {target.name}: {said}"
        raise GnumericError(message)
    return target


def _run(*arguments: str) -> str:
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    result = subprocess.run(
        ["ssconvert", *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        timeout=PATIENCE,
        check=False,
    )
    return result.stdout + result.stderr
