"""Measure what ``gwxl status`` costs in a campaign of so many sites: CPU time of the whole command, and of its merge.

Run by hand from a checkout: ``python -m bench.status`` (14,000 sites), or with another number. Nine sites of ten have
reported, each into a folder of its own, one in five with faults; the returns are made in memory, their files are as
large and hold nothing, for no return is read.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gwxl
from gwxl.batch.batch import Batch
from gwxl.campaign.settings import FILE_NAME, load_campaign
from gwxl.records.period import Period
from gwxl.summary.workbook import write_summary
from tests.support.batches import mix_batch, report_rules, site

SITES = 14_000
ROUNDS = 5
YEAR = 2026
BELOW = 100  # sites of a superior
DAY = "2027-01-21"


def main() -> None:
    """Print a line for each thing measured."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SITES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "campaign"
        begun = time.process_time()
        _make(folder, count)
        print(f"{'made: roster read, summary written':<40} {time.process_time() - begun:7.2f} s")
        for arguments in (["status"], ["status", "--json"]):
            least = min(_seconds(folder, arguments) for _ in range(ROUNDS))
            label = f"gwxl {' '.join(arguments)}, {count:,} sites"
            print(f"{label:<40} {least:7.2f} s (least of {ROUNDS})")


def _make(folder: Path, count: int) -> None:
    """Start a campaign, and write its summary and its inbox."""
    gwxl.start_campaign(gwxl.Terms("website_annual_report", period=gwxl.Period(YEAR)), folder)
    settings = (folder / FILE_NAME).read_text("utf-8")
    settings = settings.replace('deadline = ""', 'deadline = "2027-01-20"').replace("roster.xlsx", "roster.csv")
    (folder / FILE_NAME).write_text(settings, "utf-8")
    with (folder / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_roster(count))
    campaign, rules = load_campaign(folder), report_rules()
    some = mix_batch(count * 9 // 10)
    receipts = tuple(
        replace(one, source=replace(one.source, file=f"{one.source.file[:10]}/{one.source.file}"))
        for one in some.receipts
    )
    for one in receipts:
        path = campaign.inbox / one.source.file
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            file.truncate(one.source.size)
    asked = gwxl.read_asked(gwxl.Terms(rules), campaign)
    batch = Batch(form=some.form, period=Period(YEAR), receipts=receipts)
    write_summary(batch, rules, campaign.summary, inbox=campaign.inbox, asked=asked)


def _roster(count: int) -> Iterator[tuple[str, ...]]:
    yield "code", "name", "mail", "parent"
    for number in range(1, count + 1):
        above = 1 if number <= count // BELOW else (number - 1) // BELOW + 1
        yield site(number), f"示例市第{number}网站", f"u{number}@example.org", site(above) if number > 1 else ""


def _seconds(folder: Path, arguments: list[str]) -> float:
    """Return the CPU time of a command, that of its own processes too."""
    environment = {**os.environ, "GWXL_TODAY": DAY, "PYTHONPATH": str(Path(__file__).parent.parent)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "gwxl", *arguments]
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    main()
