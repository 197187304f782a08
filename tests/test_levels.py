"""Level by level: summaries of summaries say what one merge of all returns says."""

import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gwxl import merging
from gwxl.batch.batch import ACCEPTED
from gwxl.records.receipt import Receipt
from gwxl.summary.merged import Merged
from tests.support.draws import draws, seed
from tests.support.drills import TERMS, answers, fill
from tests.support.inboxes import decide

SUMMARY = "汇总.xlsx"
LONG = "与某某消防救援站共同进行，" * 12
FAULTS: Sequence[Mapping[str, Any]] = (
    {},
    {"participants": None},
    {"participants": "约３０人"},
    {"evacuated": 10**6},
    {"duration_hours": Decimal("9.25")},
    {"outside_name": LONG},
    {"drill_kind": "fire", "equipment[1].item": "绳"},
    {"participants": 10**16},
)


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return a dozen files as they are sent in: right, faulty, of another year, twice, blank, no workbook."""
    folder, dice = tmp_path_factory.mktemp("pool"), random.Random(f"{seed()} pool")
    found = [
        fill(folder / f"{number}.xlsx", {**answers(number, dice), **fault}) for number, fault in enumerate(FAULTS, 1)
    ]
    found.append(fill(folder / "9-去年.xlsx", answers(9, dice), year=2025))
    found.append(fill(folder / "1-再报.xlsx", {**answers(1, dice), "participants": 31}))
    found.append(fill(folder / "空表.xlsx", {}))
    junk = folder / "扫描.pdf"
    junk.write_bytes(b"%PDF-1.7\n")
    leftover = folder / "~$1.xlsx"
    leftover.write_bytes(b"x" * 165)
    return [*found, junk, leftover]


@dataclass
class Office:
    """A level: what is sent to it, what is below it, and what of another branch reports to it besides."""

    folder: Path
    name: str = ""
    files: list[Path] = field(default_factory=list)
    below: list["Office"] = field(default_factory=list)
    besides: list["Office"] = field(default_factory=list)

    def offices(self) -> Iterator["Office"]:
        """Yield it and all below."""
        yield self
        for one in self.below:
            yield from one.offices()

    def merged(self, accepted: str) -> Merged:
        """Merge what is below, then this level; accept the held return of a name."""
        summaries = [one.merged(accepted).summary for one in self.below]
        summaries += [one.folder / SUMMARY for one in self.besides]
        inbox = self.folder / "收件箱"
        collect(inbox / self.name, self.files)  # a folder tells whose a scan is, in the flat merge too
        own = f"{self.name}/{accepted}"
        return decided(inbox if self.files else None, self.folder / SUMMARY, own, summaries)


def collect(folder: Path, files: Sequence[Path]) -> None:
    """Put copies of files into a folder of an inbox."""
    folder.mkdir(parents=True)
    for file in files:
        shutil.copy2(file, folder / file.name)


def decided(inbox: Path | None, summary: Path, accepted: str, summaries: Sequence[Path] = ()) -> Merged:
    """Merge, accept the held return of a name if it lies in this inbox, and merge again."""
    merged = merging.merge(TERMS, inbox, summary, summaries=summaries)
    if inbox is None or merged.decisions is None or not (inbox / accepted).is_file():
        return merged  # a level below may have accepted the same file already
    decide(merged, {accepted: "接受"})
    return merging.merge(TERMS, inbox, summary, summaries=summaries)


def plant(folder: Path, files: Sequence[Path], dice: random.Random, depth: int) -> Office:
    """Return a tree of levels over which files are strewn, some into several of its branches."""
    root = Office(folder)
    grow(root, dice, depth)
    places = list(root.offices())
    for number, place in enumerate(places):
        place.name = f"第{number}处"
    for file in files:
        for place in dice.sample(places, min(len(places), 1 + (dice.random() < 0.25))):
            place.files.append(file)
    prune(root)
    report_twice(root, dice)
    return root


def grow(office: Office, dice: random.Random, depth: int) -> None:
    """Give a level others below it."""
    for number in range(dice.randint(1, 3) if depth else 0):
        office.below.append(Office(office.folder / f"下级{number}"))
        grow(office.below[-1], dice, depth - 1)


def prune(office: Office) -> None:
    """Cut off what holds no file: nobody merges nothing."""
    for one in office.below:
        prune(one)
    office.below = [one for one in office.below if any(sent(file) for each in one.offices() for file in each.files)]


def report_twice(root: Office, dice: random.Random) -> None:
    """Let some levels report to a second one too, which is merged after them."""
    order: list[Office] = []
    finish(root, order)
    for place, one in enumerate(order[:-1]):
        other = dice.choice(order[place + 1 :])
        if dice.random() < 0.4 and all(one is not each for each in other.below):
            other.besides.append(one)


def finish(office: Office, order: list[Office]) -> None:
    """Note the levels in the order in which they are merged."""
    for one in office.below:
        finish(one, order)
    order.append(office)


def sent(file: Path) -> bool:
    """Tell whether a file is a return, and not what a program left behind."""
    return not file.name.startswith("~$")


def told(receipt: Receipt) -> Any:
    """Return what a summary says of a return, but for names of files."""
    submission = receipt.submission
    assert submission is not None
    plain = replace(submission, source=replace(submission.source, by=(), origin="", file="", modified=None))
    findings = [
        (one.id, one.severity, one.verdict, one.key, one.settled, one.value, one.proposal, one.source)
        for one in receipt.findings
    ]
    return plain, findings, receipt.agreement


def figures(merged: Merged) -> Any:
    """Return every total of a merge."""
    both = (merged.totals, merged.totals_passed)
    return [{key: replace(one, addends=()) for key, one in each.items()} for each in both]


@pytest.mark.parametrize("number", range(draws(4, full=40)))
def test_levels_say_what_one_merge_says(pool: list[Path], tmp_path: Path, number: int) -> None:
    """Over any tree of levels totals, rows, findings and what became of each return are those of a flat merge.

    A summary that goes up by two ways adds nothing but what is set aside as it came before.
    """
    dice = random.Random(f"{seed()} tree {number}")
    files = [pool[0], *dice.sample(pool[1:], dice.randint(4, len(pool) - 1))]
    root = plant(tmp_path / "树", files, dice, depth=1 + number % 3)
    accepted = "9-去年.xlsx" if dice.random() < 0.7 else "没有.xlsx"
    tree = root.merged(accepted)
    everything = [file for office in root.offices() for file in office.files]
    inbox = tmp_path / "全部"
    for place, office in enumerate(root.offices()):
        collect(inbox / str(place), office.files)
    flat = merging.merge(TERMS, inbox)
    if accepted in {file.name for file in everything}:
        decide(flat, {one.source.file: "接受" for one in flat.batch.receipts if one.source.file.endswith(accepted)})
        flat = merging.merge(TERMS, inbox)
    once = [one for one in tree.batch.receipts if "由几份汇总表各报来一次" not in one.reason]
    again = len(tree.batch.receipts) - len(once)
    counts = tree.batch.counts
    counts = replace(counts, received=counts.received - again, superseded=counts.superseded - again)
    assert counts == flat.batch.counts
    assert counts.received == len(everything)
    assert figures(tree) == figures(flat)
    states = [Counter((one.source.sha256, one.state) for one in each) for each in (once, flat.batch.receipts)]
    assert states[0] == states[1]
    rows = [{one.source.sha256: told(one) for one in each.batch.accepted} for each in (tree, flat)]
    assert rows[0] == rows[1]
    assert all(one.status in ACCEPTED for one in tree.batch.accepted)
