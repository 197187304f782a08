"""Run the real command line in a process of its own, as a clerk's shell does."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from jsonschema import Draft202012Validator

from gwxl.records.cell import CellRef
from tests.support import warm
from tests.support.draws import is_drawn
from tests.support.sources import ROOT

PATIENCE = 240
"""Seconds after which a run is stuck."""

SCHEMAS = ROOT / "gwxl" / "documents" / "schema"

COMMAND = (sys.executable, "-m", "gwxl")

_LANGUAGE = ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE", "GWXL_LANG", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE")


def environment(**more: str) -> dict[str, str]:
    """Return an environment without language and colour settings but those given."""
    plain = {name: value for name, value in os.environ.items() if name not in _LANGUAGE}
    return plain | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | more


def run(*arguments: object, cwd: Path, cold: bool = False, **more: str) -> subprocess.CompletedProcess[str]:
    """Run gwxl with arguments in a folder; ``more`` are environment variables.

    The full profile starts it anew each time, the short one where it has to be ``cold``, or has settings of Python.
    """
    given = [str(argument) for argument in arguments]
    if (
        cold
        or is_drawn(os.environ.get("PYTEST_CURRENT_TEST", ""))
        or not hasattr(os, "fork")
        or any(name.startswith("PYTHON") for name in more)
    ):
        return subprocess.run(
            [*COMMAND, *given],
            cwd=cwd,
            env=environment(**more),
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    return warm.run(given, cwd=cwd, environment=environment(**more), patience=PATIENCE)


def say(*arguments: object, cwd: Path, code: int = 0, cold: bool = False, **more: str) -> str:
    """Run gwxl, demand its exit code and a silent standard error, and return what it printed."""
    result = run(*arguments, cwd=cwd, cold=cold, **more)
    assert (result.returncode, result.stderr) == (code, ""), result.stdout + result.stderr
    return result.stdout


def document(*arguments: object, cwd: Path, code: int = 0, cold: bool = False, **more: str) -> Any:
    """Run gwxl with ``--json``, demand a document valid against its schema, and return it, numbers exact."""
    found = json.loads(say(*arguments, "--json", cwd=cwd, code=code, cold=cold, **more), parse_float=Decimal)
    name, _, version = found["schema"].removeprefix("gwxl.").partition("/")
    assert version == "1"
    assert [error.message for error in Draft202012Validator(schema(name)).iter_errors(found)] == []
    return found


def schema(name: str) -> Mapping[str, Any]:
    """Return the committed schema of a document."""
    return json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))


def refusal(*arguments: object, cwd: Path, **more: Any) -> str:
    """Run gwxl, demand that it could not run and says so in one line alone, and return that line."""
    result = run(*arguments, cwd=cwd, **more)
    assert (result.returncode, result.stdout) == (2, ""), result.stdout + result.stderr
    (line,) = result.stderr.splitlines()
    assert "Traceback" not in line
    return line


def places(cells: Mapping[str, Mapping[str, str]]) -> Mapping[str, CellRef]:
    """Return the cells of a document."""
    sheet = openpyxl.Workbook().worksheets[0]
    found = {path: (place["sheet"], sheet[place["cell"]]) for path, place in cells.items()}
    return {path: CellRef(title, cell.row, cell.column) for path, (title, cell) in found.items()}
