"""Drive the spreadsheet libraries of Node.js: SheetJS, ExcelJS, xlsx-populate."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tests.support.clients.typed import Entry

HOME = Path(__file__).with_name("node")
PATIENCE = 300
"""Seconds after which a run is stuck."""

_STAMP = HOME / "node_modules" / ".gwxl-installed"


class NodeError(Exception):
    """What Node.js could not do."""


def why_missing() -> str:
    """Install the libraries where they are not yet; say what stands in the way, empty when they are there."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return f"{program} is not installed (apt install nodejs npm)"
    wanted = hashlib.sha256((HOME / "package-lock.json").read_bytes()).hexdigest()
    if _STAMP.is_file() and _STAMP.read_text("utf-8") == wanted:
        return ""
    result = _run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    if result.returncode:
        return f"npm cannot install the libraries: {result.stderr.strip()[-400:]}"
    _STAMP.write_text(wanted, "utf-8")
    return ""


def axe() -> str:
    """Return the script that looks for what keeps people out of a page; it has to be installed."""
    return (HOME / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def version(package: str) -> str:
    """Return the version of an installed library."""
    described = json.loads((HOME / "node_modules" / package / "package.json").read_text("utf-8"))
    return str(described["version"])


def fill(library: str, source: Path, target: Path, entries: Iterable[Entry] = ()) -> Path:
    """Put entries into cells and save; the suffix of the target says the format.

    Args:
        library: ``sheetjs``, ``exceljs`` or ``xlsx-populate``.
        source: the workbook to fill in.
        target: the workbook to write.
        entries: texts stay texts, numbers are stored as numbers.

    Raises:
        NodeError: no file came out.
    """
    job = {
        "source": str(source.resolve()),
        "target": str(target.resolve()),
        "entries": [asdict(entry) for entry in entries],
    }
    target.unlink(missing_ok=True)
    result = _run("node", f"{library}.js", stdin=json.dumps(job))
    if result.returncode or not target.is_file() or not target.stat().st_size:
        message = f"{library} wrote no {target.name}: {result.stderr.strip()[-400:]}"
        raise NodeError(message)
    return target


def _run(*command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=HOME, input=stdin, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False
    )
