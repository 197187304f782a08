"""Measure what a clean return costs, read, located and judged, against the floor: figures of docs/development.md.

Run by hand from a checkout, with the ``dev`` extra and LibreOffice: ``python -m bench.reading``. It makes 300 returns,
all distinct: written by XlsxWriter, and the same opened and saved by LibreOffice and by openpyxl; ``--files 30`` makes
fewer, and ``--folder FOLDER`` keeps them and takes those that are there. The floor is Python opening the zip and
unpacking, with its checksum, every part that a reader needs.
"""

import argparse
import gc
import statistics
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import openpyxl

from gwxl.form.identity import issue_identity
from gwxl.intake import check_file, checking
from gwxl.intake.locating import form_sheets
from gwxl.records.period import Period
from gwxl.spreadsheets.xlsx import workbook
from gwxl.template import write_template
from gwxl.terms import Terms
from samples.make import NOTICE, RULES, YEAR, site
from tests.support.both_ways import RECALLING, strictly
from tests.support.clients.libreoffice import LibreOffice

CLIENTS = ("XlsxWriter", "LibreOffice", "openpyxl")
WARM, ROUNDS = 10, 5
UNREAD = ("xl/theme/", "xl/worksheets/sheet5.xml")  # the hidden sheet of the live checks is the last of five
STAGES = {
    "admit": "the door: read, told by its bytes, sha256",
    "read_book": "cells, names, properties",
    "recognise": "locating",
    "read_answers": "values",
    "judge_reading": "rules",
    "find_tampering": "tampering",
    "stray_findings": "what stands beside",
    "collect_stored": "the sheet's own verdicts",
}


def main() -> None:
    """Print a line for each client, and the stages of the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = make(folder, asked.files // len(CLIENTS))
        terms = Terms(RULES)
        print(f"{'':<12}{'floor':>8}{'strict':>9}{'CPU':>9}{'floors':>8}{'parts met':>11}{'prints met':>12}")
        for client in CLIENTS:
            print_client(client, made[client], terms)
        print_stages(made[CLIENTS[0]], terms)


def make(folder: Path, count: int) -> dict[str, list[Path]]:
    """Return client → its returns."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {client: [folder / f"{client}-{number}.xlsx" for number in range(count)] for client in CLIENTS}
    for number, (path, _, again) in enumerate(zip(*files.values(), strict=True), 1):
        if not path.exists():
            identity = issue_identity(RULES.form, period=Period(YEAR))
            write_template(RULES, path, identity=identity, notice=NOTICE, answers=site(number, f"示例{number}局"))
        if not again.exists():
            openpyxl.load_workbook(path).save(again)
    pairs = [(path, saved) for path, saved in zip(*list(files.values())[:2], strict=True) if not saved.exists()]
    with ExitStack() as stack:
        office = stack.enter_context(LibreOffice()) if pairs else None
        for path, saved in pairs if office else ():
            office.convert(path, saved)
    return files


def print_client(client: str, files: Sequence[Path], terms: Terms) -> None:
    """Print what the returns of a client cost, in the median of rounds in turn, and how much of them was met before."""
    rounds = []
    met: Counter[tuple[str, bool]] = Counter()
    measure(files[:WARM], lambda path: check_file(path, path.name, terms))
    for _ in range(ROUNDS):
        with strictly():
            strict = measure(files[:WARM], lambda path: check_file(path, path.name, terms))
        with count_met(met):
            told = measure(files, lambda path: check_file(path, path.name, terms))
        rounds.append((measure(files, unpack), strict, told))
    floor, strict, told = (statistics.median(one) for one in zip(*rounds, strict=True))
    times = statistics.median(told / floor for floor, _, told in rounds)
    parts, prints = (f"{met[kind, True] / (met[kind, True] + met[kind, False]):.1%}" for kind in ("part", "print"))
    figures = f"{floor:>5.2f} ms{strict:>6.1f} ms{told:>6.1f} ms{times:>8.1f}"
    print(f"{client:<12}{figures}{parts:>11}{prints:>12}")


def measure(files: Sequence[Path], do: Callable[[Path], object]) -> float:
    """Return the milliseconds of CPU a file."""
    gc.collect()
    before = time.process_time()
    for path in files:
        do(path)
    return (time.process_time() - before) / len(files) * 1_000


def unpack(path: Path) -> None:
    """Unpack the parts that a reader needs."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if not name.startswith(UNREAD):
                package.read(name)


@contextmanager
def count_met(met: Counter[tuple[str, bool]]) -> Iterator[None]:
    """Count how many parts and form sheets were met before, and how many were not."""

    def counting(kind: str, do: Callable[..., object]) -> Callable[..., object]:
        def count(*given: object, **more: object) -> object:
            found = do(*given, **more)
            met[kind, found is not None] += 1
            return found

        return count

    with ExitStack() as stack:
        for name in RECALLING:
            stack.enter_context(patch.object(workbook, name, counting("part", getattr(workbook, name))))
        located = vars(form_sheets)["_locate_sheet"]

        def count_print(*given: object, **more: object) -> object:
            met["print", given[2] is not None] += 1
            return located(*given, **more)

        stack.enter_context(patch.object(form_sheets, "_locate_sheet", count_print))
        yield


def print_stages(files: Sequence[Path], terms: Terms) -> None:
    """Print how the time of the returns of a client is spent."""
    spent: Counter[str] = Counter()

    def timing(name: str, do: Callable[..., object]) -> Callable[..., object]:
        def clock(*given: object, **more: object) -> object:
            before = time.process_time()
            found = do(*given, **more)
            found = iter(list(found)) if name == "stray_findings" else found
            spent[name] += time.process_time() - before
            return found

        return clock

    with ExitStack() as stack:
        for name in STAGES:
            stack.enter_context(patch.object(checking, name, timing(name, getattr(checking, name))))
        before = time.process_time()
        for path in files:
            check_file(path, path.name, terms)
        spent["all"] = time.process_time() - before
    spent["rest"] = spent["all"] - sum(spent[name] for name in STAGES)
    for name, words in {**STAGES, "rest": "the rest", "all": "all"}.items():
        print(f"{words:<45}{spent[name] / len(files) * 1_000:>6.2f} ms")


if __name__ == "__main__":
    main()
