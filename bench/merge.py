"""Measure a merge beside the loops people write instead: ``python -m bench.merge [COUNT …]``, on Linux.

It makes inboxes of so many returns (:mod:`bench.inbox`) and runs, in turn and several times, ``gwxl merge``, the floor
and the readers of :mod:`bench.contenders`; then a second merge with the store: nothing changed, one file, a rule. All
that can read the returns have to give the same sums. Printed are medians; ``--write`` makes ``docs/performance.md`` of
them, ``--hold`` ends with 1 where a ratio that is held is worse than half of what it must be. It needs the
extra ``bench``.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.contenders import CONTENDERS, FIGURES_FILE
from bench.inbox import FIGURES, FORM, YEAR, Bases, Inbox, make_inbox
from bench.measuring import ROOT, Taken, measure, median_of
from bench.page import write_page
from bench.stages import READING

AGAIN, ONE, RULE = "again, nothing changed", "again, one file changed", "again, a rule changed"
FIRST, MERGE = "merge, the store empty", "gwxl merge"
MOST_COMPARED = 3_000
"""Of more returns gwxl alone is run: the others take as long a file, whatever their number."""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """A ratio that is held: of ``over`` to ``of``, at least so much, or at most where ``most``; in wall or cpu time."""

    label: str
    over: str
    of: str
    must: float
    reach: float
    most: bool = False
    by: str = "wall"
    held: bool = True

    def value(self, figures: Mapping[str, Taken]) -> float:
        """Return what was measured."""
        return float(getattr(figures[self.over], self.by) / getattr(figures[self.of], self.by))

    def is_missed_by_far(self, figures: Mapping[str, Taken]) -> bool:
        """Tell whether it is worse than half of what it must be, as ``--hold`` demands."""
        value = self.value(figures)
        return self.held and (value > 2 * self.must if self.most else value < self.must / 2)


AIMS = (
    Aim(label="times quicker than a loop with openpyxl", over="openpyxl", of=MERGE, must=7, reach=25, held=False),
    Aim(label="times quicker than pandas", over="pandas", of=MERGE, must=7, reach=25, held=False),
    Aim(
        label="times quicker than pandas with calamine", over="pandas calamine", of=MERGE, must=2.5, reach=7, held=False
    ),
    Aim(
        label="processor time, times the floor",
        over=MERGE,
        of="floor",
        must=20,
        reach=8,
        most=True,
        by="cpu",
        held=True,
    ),
    *(
        Aim(
            label=f"{label}, of the first merge, {'processor time' if by == 'cpu' else 'by the clock'}",
            over=over,
            of=FIRST,
            must=must,
            reach=reach,
            most=True,
            by=by,
            held=False,
        )
        for label, over, must, reach in (
            ("nothing changed", AGAIN, 0.1, 0.02),
            ("one file changed", ONE, 0.35, 0.15),
            ("a rule changed", RULE, 0.4, 0.2),
        )
        for by in ("wall", "cpu")
    ),
)


@dataclass(kw_only=True)
class Bench:
    """The runs over one inbox."""

    folder: Path
    inbox: Inbox
    compared: bool
    runs: dict[str, list[Taken]] = field(default_factory=dict)

    def run(self) -> None:
        """Run everything once."""
        command = [sys.executable, "-m", "gwxl", "--lang", "en"]
        merge = [*command, "merge", self.folder / "inbox", "--year", str(YEAR)]
        self._measure(MERGE, [*merge, "--no-store", "-o", self._fresh("alone")])
        self._compare_totals(self.folder / "alone")
        for name in CONTENDERS if self.compared else ("floor",):
            printed = self._measure(name, [sys.executable, "-m", "bench.contenders", name, self.folder / "inbox"])
            if name != "floor" and json.loads(printed) != self.inbox.totals():
                raise AssertionError(f"{name} reads other figures")
        self._merge_again(merge)

    def _merge_again(self, merge: list[str | Path]) -> None:
        form = self._copy_form()
        shutil.rmtree(self.folder / "store", ignore_errors=True)
        kept = [*merge, "--form", form, "--store", self.folder / "store", "-o", self._fresh("kept")]
        self._measure(FIRST, kept)
        self._measure(AGAIN, kept)
        name = Random().choice(sorted(name for name in self.inbox.good if (self.folder / "inbox" / name).exists()))
        path = self.folder / "inbox" / name
        before = path.read_bytes()
        path.write_bytes(before + b"\0" * 4)  # a trailing byte or two: another file, and the same answers
        self._measure(ONE, kept)
        path.write_bytes(before)
        relations = next(form.parent.parent.rglob("relations.toml"))
        words = relations.read_text("utf-8")
        relations.write_text(words.replace('severity = "verify"', 'severity = "hint"', 1), "utf-8")
        self._measure(RULE, kept)

    def _measure(self, name: str, command: list[str | Path]) -> str:
        taken, printed = measure(command, codes=(0, 1))
        self.runs.setdefault(name, []).append(taken)
        return printed

    def _fresh(self, name: str) -> Path:
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder / "summary.xlsx"

    def _copy_form(self) -> Path:
        home = self.folder / "declared"
        shutil.rmtree(home, ignore_errors=True)
        for kind in ("templates", "rules"):
            shutil.copytree(ROOT / kind / FORM, home / kind / FORM)
        return home / "templates" / FORM

    def _compare_totals(self, folder: Path) -> None:
        """Hold the sums of the summary against what was written into the returns; a bad one may count besides."""
        rows = measure([sys.executable, "-m", "gwxl", "export", folder / "summary.xlsx", "-o", folder / "rows.jsonl"])
        del rows
        totals = dict.fromkeys(FIGURES.values(), 0)
        for line in (folder / "rows.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            bad = "坏" in row["file"]
            if row["key"] in totals and row["number"] is not None and not bad:
                totals[row["key"]] += int(row["number"])
        if totals != self.inbox.totals():
            raise AssertionError("gwxl reads other figures")

    def medians(self) -> dict[str, Taken]:
        """Return the median of each."""
        return {name: median_of(runs) for name, runs in self.runs.items()}


def main() -> int:
    """Make the inboxes, run everything over them, print and hold."""
    given = read_arguments()
    results: dict[int, dict[str, Taken]] = {}
    with tempfile.TemporaryDirectory(dir=given.folder) as place:
        stages: dict[str, float] = {}
        for count in given.counts:
            folder = Path(place) / str(count)
            folder.mkdir()
            bases = Bases(
                given.folder / "bases" if given.folder else Path(place) / "bases", min(48, max(6, count // 40))
            )
            inbox = make_inbox(count, folder / "inbox", bases)
            (folder / FIGURES_FILE).write_text(json.dumps(FIGURES), "utf-8")
            bench = Bench(folder=folder, inbox=inbox, compared=count <= MOST_COMPARED)
            for _ in range(given.rounds if count <= MOST_COMPARED else 1):
                bench.run()
            results[count] = bench.medians()
            print("\n".join(describe(count, results[count])), flush=True)
            if not stages and given.stages:
                _, printed = measure([sys.executable, "-m", "bench.stages", folder / "inbox"])
                stages = json.loads(printed)
                print("\n".join(describe_stages(stages, results[count]["floor"].cpu * 1000 / count)), flush=True)
            shutil.rmtree(folder)
    if given.write:
        write_page(results, stages, AIMS, given.rounds)
    missed = [
        aim for figures in results.values() for aim in AIMS if aim.over in figures and aim.is_missed_by_far(figures)
    ]
    for aim in missed if given.hold else ():
        print(f"missed by far: {aim.label}")
    return int(given.hold and bool(missed))


def read_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", nargs="*", type=int, default=[300, 2_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where inboxes are made, and what programs saved is kept")
    parser.add_argument("--stages", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--hold", action="store_true")
    return parser.parse_args()


def describe(count: int, figures: Mapping[str, Taken]) -> Iterator[str]:
    """Yield the lines of one inbox."""
    yield f"{count:,} returns{'':<19}   wall    files/s   CPU ms a file   parent   all processes"
    for name, taken in figures.items():
        rate, each = count / taken.wall, taken.cpu * 1000 / count
        yield f"  {name:<26}{taken.wall:8.2f} s{rate:10.1f}{each:14.2f}{taken.memory:11.0f} MB{taken.tree:11.0f} MB"
    for aim in AIMS:
        if aim.over in figures:
            bound = f"must {'≤' if aim.most else '≥'} {aim.must:g}, reach {aim.reach:g}"
            yield f"  {aim.label:<56}{aim.value(figures):8.2f}   {bound}"


def describe_stages(stages: Mapping[str, float], floor: float) -> Iterator[str]:
    """Yield a line a stage, and those two by which a merge is judged; ``floor``: milliseconds a file."""
    for name, spent in stages.items():
        yield f"  {name:<56}{spent:8.2f} ms a file"
    reading = sum(stages[name] for name in READING)
    parent = sum(spent for name, spent in stages.items() if name not in READING)
    yield f"  {'read, located and judged, times the floor':<56}{reading / floor:8.2f}   must ≤ 20, reach 8"
    yield f"  {'the parent':<56}{parent:8.2f} ms a file   must ≤ 2, reach 0.7"


if __name__ == "__main__":
    sys.exit(main())
