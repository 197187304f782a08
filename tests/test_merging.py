"""Merging real files: folder in, summary and open decisions out, again and again."""

import hashlib
import os
from contextlib import AbstractContextManager
from pathlib import Path
from zipfile import ZipFile

import pytest

from gwxl import merging
from gwxl.batch.decision import State
from gwxl.batch.decisions import decisions_file
from gwxl.errors import OutputError, SettingsError
from gwxl.records.path import Path as FormPath
from gwxl.summary import selfcheck, workbook
from gwxl.summary.places import default_summary
from gwxl.summary.stored import listing
from gwxl.summary.stored.looking import Looked, open_summary
from gwxl.summary.stored.recognising import refuse_foreign
from gwxl.summary.stored.unchanged import Listed
from gwxl.terms import Terms
from tests.support.inboxes import FORM, decide, merge, send, site, statuses


def test_a_missing_inbox_is_named(tmp_path: Path) -> None:
    """A folder that is not there is a setting that cannot be used."""
    with pytest.raises(SettingsError, match="nowhere: is no folder"):
        merge(tmp_path / "nowhere")


def test_decisions_are_asked_once_and_kept(tmp_path: Path) -> None:
    """Two returns that nothing tells apart are held; the clerk's choice counts from then on, unchanged by us."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx", release_total=702)
    send(inbox, "b.xlsx", release_total=711)
    first = merge(inbox)
    assert statuses(first) == {"a.xlsx": "held", "b.xlsx": "held"}
    assert [(one.file, one.rule, one.decision) for one in first.batch.decisions] == [
        ("a.xlsx", "D02", ""),
        ("b.xlsx", "D02", ""),
    ]
    decide(first, {"b.xlsx": "采用"})
    second = merge(inbox)
    assert statuses(second) == {"a.xlsx": "superseded", "b.xlsx": "ok"}
    assert second.totals[FormPath("release_total")].value == 711
    assert [(one.file, one.decision, one.who, one.state) for one in second.batch.decisions] == [
        ("a.xlsx", "", "李某", State.VOID),
        ("b.xlsx", "采用", "李某", State.DECIDED),
    ]
    written = second.decisions.read_bytes() if second.decisions else b""
    assert merge(inbox).decisions == second.decisions
    assert (tmp_path / "inbox-待决.xlsx").read_bytes() == written


def test_each_inbox_has_decisions_of_its_own(tmp_path: Path) -> None:
    """Two inboxes in one folder: neither merge touches what the clerk wrote for the other."""
    for number, name in enumerate(("第一批", "第二批"), 1):
        send(tmp_path / name, "a.xlsx", **site(number), site_page_views="12.3377万")
    first, _ = merge(tmp_path / "第一批"), merge(tmp_path / "第二批")
    decide(first, {})
    before = (tmp_path / "第一批-待决.xlsx").read_bytes()
    assert merge(tmp_path / "第二批").decisions == tmp_path / "第二批-待决.xlsx"
    assert (tmp_path / "第一批-待决.xlsx").read_bytes() == before


@pytest.mark.parametrize("late", [False, True])
def test_what_is_saved_while_a_merge_runs_is_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    late: bool,  # noqa: FBT001 - a table
) -> None:
    """What is saved while files are read counts at once; what is saved while the summary is written is kept."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx", site_page_views="120.3377万")
    first = merge(inbox)
    if late:
        told = selfcheck.self_check
        monkeypatch.setattr(
            workbook, "self_check", lambda *given: (decide(first, {"a.xlsx": "采纳建议值"}), told(*given))[1]
        )
        merged = merge(inbox)
    else:

        def progress(*_: int) -> None:
            decide(first, {"a.xlsx": "采纳建议值"})

        merged = merging.merge(Terms(FORM), inbox, progress=progress)
    assert merged.totals[FormPath("site_page_views")].n == (0 if late else 1)
    monkeypatch.undo()
    again = merge(inbox)
    assert (again.totals[FormPath("site_page_views")].value, again.batch.decisions[0].who) == (1203377, "李某")


def test_decisions_and_summary_are_new_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one of the two cannot be written, the other one stays as it was."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx", site_page_views="120.3377万")
    merged = merge(inbox)
    assert merged.decisions is not None
    before = merged.summary.read_bytes(), merged.decisions.read_bytes()
    send(inbox, "b.xlsx", **site(2), site_page_views="7万")
    monkeypatch.setattr(decisions_file, "write_decisions", unwritable)
    with pytest.raises(OutputError, match="held open"):
        merge(inbox)
    assert (merged.summary.read_bytes(), merged.decisions.read_bytes()) == before
    monkeypatch.undo()
    calls: list[Path] = []
    monkeypatch.setattr(workbook, "refuse_foreign", lambda path: unwritable() if calls[1:] else calls.append(path))
    with pytest.raises(OutputError, match="held open"):
        merge(inbox)
    assert (merged.summary.read_bytes(), merged.decisions.read_bytes()) == before
    monkeypatch.setattr(workbook, "refuse_foreign", refuse_foreign)
    assert len(merge(inbox).batch.decisions) > len(merged.batch.decisions)


def unwritable(*_: object, **__: object) -> None:
    """Fail as a disk does."""
    raise OutputError("held open")


def test_a_proposal_counts_once_taken(tmp_path: Path) -> None:
    """12万 counts for nothing until the clerk takes 120000; then it counts as that."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx", site_page_views="120.3377万")
    first = merge(inbox)
    assert (first.totals[FormPath("site_page_views")].value, first.totals[FormPath("site_page_views")].n) == (0, 0)
    assert [(one.key, one.rule) for one in first.batch.decisions] == [("site_page_views", "A09")]
    decide(first, {"a.xlsx": "采纳建议值"})
    second = merge(inbox)
    assert (second.totals[FormPath("site_page_views")].value, second.totals[FormPath("site_page_views")].n) == (
        1203377,
        1,
    )
    assert second.batch.counts.passed == 1


def test_another_year_counts_once_accepted(tmp_path: Path) -> None:
    """A return of last year is held; accepted, it counts and is settled."""
    inbox = tmp_path / "inbox"
    for number in (1, 2):
        send(inbox, f"{number}.xlsx", **site(number))
    send(inbox, "3.xlsx", year=2025, **site(3))
    first = merge(inbox)
    assert (first.batch.period.year, statuses(first)["3.xlsx"]) == (2026, "held")
    decide(first, {"3.xlsx": "接受"})
    second = merge(inbox)
    assert second.batch.counts.passed == 3


def test_sites_that_look_alike_are_doubted(tmp_path: Path) -> None:
    """One URL under two codes is a verify on both, until the clerk settles it."""
    inbox = tmp_path / "inbox"
    send(inbox, "1.xlsx", **site(1))
    send(inbox, "2.xlsx", **{**site(2), "site_url": "HTTP://site1.example.gov.cn/"})
    first = merge(inbox)
    found = [(f.id, f.key) for receipt in first.batch.receipts for f in receipt.findings if f.id == "D03"]
    assert (found, first.batch.counts.verify) == ([("D03", "site_url")] * 2, 2)
    decide(first, {"1.xlsx": "已核实", "2.xlsx": "已核实"})
    assert merge(inbox).batch.counts.passed == 2


def test_our_own_outputs_are_no_returns(tmp_path: Path) -> None:
    """A summary and a decisions file that lie in the inbox are ignored and listed."""
    inbox = tmp_path / "inbox"
    send(inbox, "1.xlsx", **site(1))
    merging.merge(Terms(FORM), inbox, inbox / "汇总.xlsx")
    (inbox / "decisions.csv").write_bytes(b"")
    (inbox / "旧汇总.xlsx").write_bytes((inbox / "汇总.xlsx").read_bytes())
    merged = merging.merge(Terms(FORM), inbox, inbox / "汇总.xlsx")
    assert statuses(merged) == {
        "1.xlsx": "ok",
        "decisions.csv": "ignored",
        "旧汇总.xlsx": "ignored",
        "汇总.xlsx": "ignored",
    }


def test_a_foreign_file_is_not_replaced(tmp_path: Path) -> None:
    """A summary never takes the place of a file that gwxl did not write; nothing else changes either."""
    inbox = tmp_path / "inbox"
    send(inbox, "1.xlsx", **site(1))
    foreign = tmp_path / "inbox-汇总.xlsx"
    foreign.write_bytes(b"mine")
    with pytest.raises(OutputError, match="was not written by gwxl"):
        merge(inbox)
    assert foreign.read_bytes() == b"mine"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["inbox", "inbox-汇总.xlsx"]


def test_the_order_on_disk_does_not_matter(tmp_path: Path) -> None:
    """The same files, written in another order, give the same summary byte for byte."""
    names = ["1.xlsx", "2.xlsx", "3.xlsx"]
    for place, order in (("one", names), ("two", names[::-1])):
        (tmp_path / place).mkdir()
        for name in order:
            send(tmp_path / place / "inbox", name, **site(int(name[0])))
        merge(tmp_path / place / "inbox")
    one, two = ((tmp_path / place / "inbox-汇总.xlsx").read_bytes() for place in ("one", "two"))
    assert one == two


@pytest.mark.parametrize("folder", ["inbox", "a/inbox", "./inbox/"])
def test_the_default_place_is_beside_the_folder(folder: str) -> None:
    """The summary is named after the inbox and stands beside it, as the clerk typed the path."""
    assert default_summary(Path(folder), "zh") == Path(folder).parent / "inbox-汇总.xlsx"


def test_a_folder_without_a_name_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``.`` stands for the folder it is."""
    (tmp_path / "inbox").mkdir()
    monkeypatch.chdir(tmp_path / "inbox")
    assert default_summary(Path(), "en") == tmp_path / "inbox-summary.xlsx"


@pytest.mark.workers
def test_the_last_summary_is_read_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies where it is looked for is no business of this process, and keeps no merge from its end."""
    inbox = tmp_path / "inbox"
    sent = send(inbox, "a.xlsx")
    summary = merge(inbox).summary
    damaged, foreign = tmp_path / "damaged.xlsx", tmp_path / "foreign.xlsx"
    with ZipFile(summary) as package, ZipFile(damaged, "w") as copy:
        for name in package.namelist():
            copy.writestr(name, package.read(name).replace("文件清单".encode(), "别的".encode()))
    foreign.write_bytes(b"PK\3\4")

    ours = os.getpid()

    def look_elsewhere(path: Path) -> AbstractContextManager[Looked]:
        assert os.getpid() != ours
        return open_summary(path)

    monkeypatch.setattr(listing, "open_summary", look_elsewhere)
    digest = hashlib.sha256(sent.read_bytes()).hexdigest()
    assert Listed([summary, damaged, foreign, tmp_path / "gone.xlsx"])() == {digest}
