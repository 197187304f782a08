"""A merge of what has not changed: it tells what the last one told, opens no return, and is never wrong about that."""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gwxl.batch import inbox
from gwxl.merging import merge, merge_or_repeat
from gwxl.records.period import Period
from gwxl.store.store import Store
from gwxl.summary.merged import Merged, Repeated
from gwxl.summary.outcome import Named, Outcome
from gwxl.terms import Terms
from tests.support.decided import fill_in
from tests.support.draws import draws, seed
from tests.support.inboxes import FORM
from tests.support.sources import ROOT

TAKEN = ("01", "02", "03", "11", "22", "27", "28", "31", "44", "45")
LOCKED = "43-加了密码.xlsx"


@pytest.fixture(name="terms")
def _terms(tmp_path: Path) -> Terms:
    """Return terms with a store of their own."""
    return Terms(FORM, period=Period(2026), today=date(2027, 1, 10), store=Store(tmp_path / "store"))


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """Lay some of the samples into an inbox."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for path in (ROOT / "samples" / "inbox").iterdir():
        if path.name[:2] in TAKEN:
            shutil.copy2(path, folder / path.name)
    return folder


def refuse_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing of a return be read, nor asked of the store."""

    def refuse(*_given: object) -> None:
        raise AssertionError

    for name in ("read_part", "Keeper"):
        monkeypatch.setattr(inbox, name, refuse)


def test_no_return_is_opened(terms: Terms, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second merge tells all that the first one told; names and numbers are the same."""
    first = merge_or_repeat(terms, folder)
    assert isinstance(first, Merged)
    refuse_reading(monkeypatch)
    again = merge_or_repeat(terms, folder)
    assert isinstance(again, Repeated)
    assert (again.outcome, again.summary, again.decisions) == (first.outcome, first.summary, first.decisions)
    assert (again.unchanged, first.unchanged) == (True, False)
    assert again.outcome.counts == first.batch.counts
    assert again.outcome.listings["errors"].first == (Named(file="11-漏填四项.xlsx", errors=4),)


def test_after_a_merge_by_another_way(terms: Terms, folder: Path) -> None:
    """What the verb of the library wrote is known, too."""
    merged = merge(terms, folder)
    again = merge_or_repeat(terms, folder)
    assert isinstance(again, Repeated)
    assert again.outcome == merged.outcome


@pytest.mark.parametrize(
    "other",
    [
        lambda terms: replace(terms, today=date(2027, 1, 11)),
        lambda terms: replace(terms, period=Period(2025)),
        lambda terms: replace(terms, signed=False, issued={"0000000001": "某网站"}),
        lambda terms: replace(terms, store=None),
    ],
)
def test_other_terms_are_merged_anew(other: Callable[[Terms], Terms], terms: Terms, folder: Path) -> None:
    """Another day, period or list of what was issued is another merge, and so is one without a store."""
    merge(terms, folder)
    assert isinstance(merge_or_repeat(other(terms), folder), Merged)


def test_what_is_locked_is_tried_each_time(terms: Terms, folder: Path) -> None:
    """The password may be there by now."""
    shutil.copy2(ROOT / "samples" / "inbox" / LOCKED, folder / LOCKED)
    merge(terms, folder)
    assert isinstance(merge_or_repeat(terms, folder), Merged)


def test_a_record_that_is_none_of_ours_tells_nothing(terms: Terms, folder: Path) -> None:
    """What another version of the program kept is passed over."""
    merge(terms, folder)
    assert terms.store is not None
    terms.store.close()
    path = terms.store.folder / "answers.sqlite"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    fresh = replace(terms, store=Store(terms.store.folder))
    assert isinstance(merge_or_repeat(fresh, folder), Merged)


def test_an_outcome_comes_back_as_it_was(terms: Terms, folder: Path) -> None:
    """Every name, number and text of it."""
    outcome = merge(terms, folder).outcome
    assert Outcome.decode(outcome.encode()) == outcome


def come_in(folder: Path, rng: random.Random) -> None:
    """Let a file come in, a copy of one that is there or a bad one."""
    data = rng.choice([b"", b"PK\3\4", rng.choice(list(folder.iterdir())).read_bytes()])
    (folder / f"{rng.randrange(100)}.xlsx").write_bytes(data)


def go(folder: Path, rng: random.Random) -> None:
    """Take a file away."""
    rng.choice(sorted(folder.iterdir())).unlink()


def call_otherwise(folder: Path, rng: random.Random) -> None:
    """Rename a file."""
    path = rng.choice(sorted(folder.iterdir()))
    path.rename(path.with_name(f"改名{rng.randrange(1_000)}-{path.name}"))


def change_a_byte(folder: Path, rng: random.Random) -> None:
    """Change a file, its length and its times as they were."""
    path = rng.choice(sorted(folder.iterdir()))
    data, times = bytearray(path.read_bytes()), path.stat()
    if data:
        data[rng.randrange(len(data))] ^= 1
    path.write_bytes(data)
    path.touch()
    assert path.stat().st_size == times.st_size


def decide(folder: Path, rng: random.Random) -> None:
    """Fill in some rows, fitting or not."""
    path = folder.with_name("inbox-待决.xlsx")
    if path.exists():
        words = ("", "采用", "不采用", "退回", "暂缓", "按此确认", "胡写")
        fill_in(path, lambda _row: {"decision": rng.choice(words), "who": rng.choice(("", "李某"))})


def forget(folder: Path, rng: random.Random) -> None:
    """Delete what was written."""
    name = rng.choice(("inbox-待决.xlsx", "inbox-汇总.xlsx"))
    folder.with_name(name).unlink(missing_ok=True)


def sort_rows(outcome: Outcome) -> Outcome:
    """Return an outcome, its rows by where they stand: they are read back in another order than they were asked in."""
    return replace(outcome, in_vain=tuple(sorted(outcome.in_vain, key=lambda row: (row.place, row.file))))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("draw", range(draws(1, full=12)))
def test_it_is_never_wrong(draw: int, terms: Terms, folder: Path) -> None:
    """Whatever happens in and beside the inbox, what is repeated is what a whole merge would tell."""
    rng = random.Random(f"{seed()} {draw}")
    repeated = 0
    for _ in range(6):
        rng.choice((come_in, go, call_otherwise, change_a_byte, decide, forget))(folder, rng)
        for _ in range(3):
            told = merge_or_repeat(terms, folder)
            fresh = merge(replace(terms, store=None), folder, dry_run=True)
            assert sort_rows(told.outcome) == sort_rows(fresh.outcome)
            assert told.decisions == fresh.decisions
            repeated += isinstance(told, Repeated)
    assert repeated > 3
