"""Measure what one question to a large summary costs: ``python -m bench.explain``, by hand, from a checkout.

It makes a summary of so many sites (14,000), which takes minutes and 2 GB, and prints processor time and memory of each
question, and how often the floor goes into it: Python unpacking the two sheets and the texts that every question needs,
and parsing their XML with nothing done about it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gwxl.summary.workbook import write_summary
from tests.support.batches import mix_batch, report_rules

SITES = 14_000
ROUNDS = 3

FLOOR = """
import sys, zipfile
from xml.parsers import expat
parts = zipfile.ZipFile(sys.argv[1])
for name in ("worksheets/sheet2.xml", "worksheets/sheet9.xml", "sharedStrings.xml"):
    expat.ParserCreate().Parse(parts.read(f"xl/{name}"), True)
"""

QUESTIONS = {
    "a figure of a site, by code": ("site_page_views", "--site", "0000000015"),
    "… by part of its name": ("网站总访问量", "--site", "（示例7015）"),
    "a cell": ("N12",),
    "an entry of a table": ("other_media[1].posts", "--site", "0000000002"),
    "a figure of a group": ("分类汇总!G9",),
    "a total and all its addends": ("site_page_views",),
    "a question of several answers": ("innovations",),
}


def main() -> None:
    """Print a line for the floor, and one for each question."""
    sites = int(sys.argv[1]) if len(sys.argv) > 1 else SITES
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder) / "summary.xlsx"
        write_summary(mix_batch(sites), report_rules(), summary)
        floor, _ = _least([sys.executable, "-c", FLOOR, summary])
        print(f"{'floor':<30} {floor:5.2f} s")
        for label, (key, *more) in QUESTIONS.items():
            seconds, memory = _least([sys.executable, "-m", "gwxl", "explain", key, summary, *more])
            print(f"{label:<30} {seconds:5.2f} s {memory:4.0f} MB  {seconds / floor:4.2f} times the floor")


def _least(command: list[str | Path]) -> tuple[float, float]:
    """Return processor time and memory of the best of several runs."""
    return min(_measured(command) for _ in range(ROUNDS))


def _measured(command: list[str | Path]) -> tuple[float, float]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
