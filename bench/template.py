"""Measure what a template costs, in seconds of CPU time and against merely loading the libraries.

Run by hand from a checkout: ``python bench/template.py``
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.template import write_template

FORM = "website_annual_report"
YEAR = 2026
RUNS = 7

FLOOR = "floor: Python and the libraries, loaded"
LIBRARIES = "import xlsxwriter, openpyxl, cerberus"


def main() -> None:
    """Print a line for each thing measured: median, ratio to the floor of the same round."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "template.xlsx"
        jobs = measure(file, Path(name) / "bytecode")
        for job in jobs.values():
            job()
        rounds = [{label: seconds(job) for label, job in jobs.items()} for _ in range(RUNS)]
        size = file.stat().st_size
    for label in jobs:
        ratio = median(times[label] / times[FLOOR] for times in rounds)
        print(f"{label:<40} {median(times[label] for times in rounds):6.2f} s  {ratio:5.2f} × floor")
    print(f"{'file':<40} {size / 1000:6.1f} kB")


def measure(file: Path, bytecode: Path) -> Mapping[str, Callable[[], object]]:
    """Return what is measured by its label; each run of it writes the file anew."""
    rules = load(FORM)
    identity = issue_identity(rules.form, period=Period(YEAR))
    command = ["-m", "gwxl", "template", "--form", FORM, "--year", str(YEAR), "-o", str(file), "--force"]
    return {
        FLOOR: lambda: python(bytecode, "-c", LIBRARIES),
        "write_template, in a warm process": lambda: write_template(rules, file, identity=identity, force=True),
        "gwxl template, the whole command": lambda: python(bytecode, *command),
    }


def python(bytecode: Path, *arguments: str) -> None:
    """Run Python with compiled modules at hand, as an installed program has them."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)


def seconds(job: Callable[[], object]) -> float:
    """Return the CPU time of a run, that of the programs it starts included; Windows does not tell the latter."""
    before = sum(os.times()[:4])
    job()
    return sum(os.times()[:4]) - before


if __name__ == "__main__":
    main()
