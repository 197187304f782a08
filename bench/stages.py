"""Say where the processor time of a merge goes: ``python -m bench.stages FOLDER`` prints milliseconds a file.

Everything is done in one process, with a clock around the functions named below; what one takes inside another is
counted once. Printed is JSON.
"""

import functools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from gwxl.engines import engine, in_process
from gwxl.records.period import Period
from gwxl.terms import Terms

STAGES: Mapping[str, tuple[str, ...]] = {
    "door: open, sha256, kind": ("gwxl.intake.checking.admit", "gwxl.intake.checking.admit_bytes"),
    "parsing the workbook": ("gwxl.intake.checking.read_book",),
    "locating": ("gwxl.intake.checking.recognise",),
    "values": ("gwxl.intake.checking.read_answers",),
    "what was tampered with, what lies beside": (
        "gwxl.intake.checking.find_tampering",
        "gwxl.intake.checking.stray_findings",
    ),
    "rules": ("gwxl.intake.checking.judge_reading",),
    "duplicates, decisions, peers": ("gwxl.merging.judge_batch",),
    "writing the summary": ("gwxl.summary.workbook._write",),
    "what the next level takes": ("gwxl.summary.workbook.pack_receipts",),
    "self-check": (
        "gwxl.summary.workbook.self_check",
        "gwxl.summary.workbook.check_level",
        "gwxl.summary.workbook.seal",
    ),
    "totals": ("gwxl.batch.batch.totals_of_parts",),
}
READING = tuple(STAGES)[:6]
"""What worker processes do; the rest is the parent's."""


class Clock:
    """Processor time by stage."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._stack: list[str] = []
        self._since = time.process_time()

    @contextmanager
    def at(self, stage: str) -> Iterator[None]:
        """Count for a stage."""
        self._turn()
        self._stack.append(stage)
        try:
            yield
        finally:
            self._turn()
            self._stack.pop()

    def _turn(self) -> None:
        now = time.process_time()
        if self._stack:
            self.spent[self._stack[-1]] = self.spent.get(self._stack[-1], 0) + now - self._since
        self._since = now

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that counts for a stage."""

        @functools.wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            with self.at(stage):
                return function(*given, **named)

        return timed


def main() -> None:
    """Merge a folder and print what each stage took."""
    folder, clock = Path(sys.argv[1]), Clock()
    merging = import_module("gwxl.merging")
    for stage, names in STAGES.items():
        for name in names:
            module, _, function = name.rpartition(".")
            home = import_module(module)
            if hasattr(home, function):
                setattr(home, function, clock.wrap(stage, getattr(home, function)))
    engine.engine = lambda: in_process  # type: ignore[assignment,return-value]
    terms = Terms("website_annual_report", period=Period(2026), today=date(2027, 1, 10))
    with tempfile.TemporaryDirectory() as place, clock.at("everything else"):
        merged = merging.merge(terms, folder, Path(place) / "summary.xlsx")
    files = len(merged.batch.receipts)
    print(json.dumps({stage: seconds * 1000 / files for stage, seconds in clock.spent.items()}, ensure_ascii=False))


if __name__ == "__main__":
    main()
