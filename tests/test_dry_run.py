"""A dry run says what a run would do, and leaves the disk as it is, byte for byte."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gwxl
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.summary.stored.comparing import Changes, changes_to
from gwxl.summary.workbook import write_summary
from tests.support.batches import batch, digest, receipt, report_rules
from tests.support.command import document, refusal, run, say
from tests.support.inboxes import FORM, decide, merge, send, site
from tests.support.summaries import open_book

TERMS = gwxl.Terms(FORM)
NOTHING = "这是试运行，没有写任何文件；去掉 --dry-run 再运行一次即生效"


def disk(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return everything below a folder, hidden files too: when it was changed, and what it holds."""
    return {
        str(path): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in (folder, *folder.rglob("*"))
    }


def replace_return(inbox: Path, name: str, **changes: Any) -> None:
    """Put another return in the place of one."""
    (inbox / name).unlink()
    send(inbox, name, **changes)


def change(file: str, before: str | None, after: str | None, *, other: bool = False) -> dict[str, Any]:
    """Return a change as a document has it."""
    names = {"file": file, "member": None, "sheet": "填报表"}
    return {**names, "before": before, "after": after, "other_content": other}


# Merging


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Return an inbox that has changed in every way since it was merged."""
    inbox = tmp_path / "收件箱"
    for number in range(1, 6):
        send(inbox, f"{number}.xlsx", **site(number))
    (inbox / "6.xlsx").write_bytes(b"")
    merge(inbox)
    (inbox / "1.xlsx").unlink()
    replace_return(inbox, "2.xlsx", **site(2), site_page_views=1_777_000)
    replace_return(inbox, "3.xlsx", **site(3), site_page_views="12.3377万")
    send(inbox, "4另一份.xlsx", **site(4), release_total=711)
    replace_return(inbox, "6.xlsx", **site(6))
    return inbox


def test_what_a_merge_would_change(inbox: Path, tmp_path: Path) -> None:
    """Added, changed in content or state, dropped: by name, with the states; the merge then does just that."""
    before = disk(tmp_path)
    found = document("merge", inbox.name, "--dry-run", cwd=tmp_path, code=1)
    assert disk(tmp_path) == before
    changed = [
        change("2.xlsx", "passed", "passed", other=True),
        change("3.xlsx", "passed", "errors", other=True),
        change("4.xlsx", "passed", "held"),
        change("6.xlsx", "refused", "passed", other=True),
    ]
    assert found["changes"] == {
        "unread": None,
        "counts": {"added": 1, "changed": 4, "dropped": 1, "unchanged": 1},
        "added": [change("4另一份.xlsx", None, "held")],
        "changed": changed,
        "dropped": [change("1.xlsx", "passed", None)],
    }
    done = document("merge", inbox.name, cwd=tmp_path, code=1)
    assert {**found, "changes": None} == done
    assert done["decisions"] == "收件箱-待决.xlsx"


def test_what_is_printed_of_a_merge(inbox: Path, tmp_path: Path) -> None:
    """Counts come first, then names, and at the end that nothing was written."""
    lines = say("merge", inbox.name, "--dry-run", cwd=tmp_path, code=1, GWXL_LANG="zh").splitlines()
    assert lines == [
        "政府网站工作年度报表　2026 年度",
        "收到 6 = 采用 4 + 待决 2 + 不采用 0 + 被替代 0 + 拒收 0 + 忽略 0",
        "采用的 4 份中：通过 3，有错误 1，待核实 0",
        "收件箱-汇总.xlsx 将有的变化：增加 1，变化 4，减少 1，不变 1",
        "增加（1 份）：",
        "  4另一份.xlsx：待决",
        "变化（4 份）：",
        "  2.xlsx：通过，内容不同",
        "  3.xlsx：通过 → 有错误，内容不同",
        "  4.xlsx：通过 → 待决",
        "  6.xlsx：拒收 → 通过，内容不同",
        "减少（1 份）：",
        "  1.xlsx：通过",
        NOTHING,
    ]


def test_without_a_summary_all_is_added(tmp_path: Path) -> None:
    """Ten are named, the others counted; neither summary nor decisions come to be, wherever they were to stand."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(12):
        (inbox / f"{number}.xlsx").write_bytes(b"")
    before = disk(tmp_path)
    output = say("merge", "inbox", "-o", "new.xlsx", "--dry-run", cwd=tmp_path, code=1, GWXL_LANG="en")
    assert disk(tmp_path) == before
    assert output.splitlines()[3:] == [
        "what would change in new.xlsx: added 12, changed 0, dropped 0, unchanged 0",
        "added (12):",
        *(f"  {number}.xlsx: refused" for number in range(10)),
        "  … and 2 more, --json lists all of them",
        "Dry run, nothing was written; run it again without --dry-run",
    ]


def test_what_was_decided_counts(tmp_path: Path) -> None:
    """The decisions that stand are applied, and the file that holds them is not touched."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx", release_total=702)
    send(inbox, "b.xlsx", release_total=711)
    decide(merge(inbox), {"b.xlsx": "采用"})
    before = disk(tmp_path)
    merged = gwxl.merge(TERMS, inbox, dry_run=True)
    assert disk(tmp_path) == before
    assert merged.changes is not None
    assert [(one.source.name, one.before, one.after, one.other_content) for one in merged.changes.changed] == [
        ("a.xlsx", "held", "superseded", False),
        ("b.xlsx", "held", "passed", False),
    ]
    assert (merged.kept, merged.decisions, merged.changes.unchanged) == (None, tmp_path / "inbox-待决.xlsx", 0)
    assert gwxl.merge(TERMS, inbox).changes is None


def test_decisions_that_cannot_be_understood(tmp_path: Path) -> None:
    """They stay where they are, and the run says and ends as the merge does."""
    send(tmp_path / "inbox", "a.xlsx")
    (tmp_path / "inbox-待决.csv").write_text("x,y\n1,2\n", "utf-8")
    before = disk(tmp_path)
    dry = run("merge", "inbox", "--dry-run", cwd=tmp_path)
    assert disk(tmp_path) == before
    done = run("merge", "inbox", cwd=tmp_path)
    assert (dry.returncode, dry.stderr) == (1, done.stderr)
    assert done.returncode == 1
    assert "inbox-待决（" in dry.stderr


@pytest.mark.parametrize("options", [("s.xlsx",), ("nowhere/s.xlsx",), ("inbox", "--force")])
def test_what_could_not_be_written_is_refused_as_ever(options: Sequence[str], tmp_path: Path) -> None:
    """Where the merge would refuse to write, its dry run refuses in the same words."""
    send(tmp_path / "inbox", "a.xlsx")
    (tmp_path / "s.xlsx").write_bytes(b"mine")
    asked = ("merge", "inbox", "-o", *options)
    assert refusal(*asked, "--dry-run", cwd=tmp_path) == refusal(*asked, cwd=tmp_path)


def test_a_summary_that_cannot_be_read(tmp_path: Path) -> None:
    """It is said that nothing is known of it, why, and nothing is compared."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx")
    summary = merge(inbox).summary
    book = open_book(summary)
    book.remove(book["文件清单"])
    book.save(summary)
    before = disk(tmp_path)
    reason = "inbox-汇总.xlsx：汇总表里的工作表“文件清单”不见了；请重新汇总"
    told = document("merge", "inbox", "--dry-run", cwd=tmp_path)
    found, kept = told["changes"], told["kept"]
    lines = say("merge", "inbox", "--dry-run", cwd=tmp_path, GWXL_LANG="zh").splitlines()
    assert lines[3:] == [
        f"无法与现有的汇总表比较：{reason}",
        f"上一份汇总表生成后有人改动过，汇总时会先另存一份：'{kept}'",
        NOTHING,
    ]
    assert disk(tmp_path) == before
    assert (found["unread"], found["added"]) == (reason, [])
    assert found["counts"] == {"added": 0, "changed": 0, "dropped": 0, "unchanged": 0}


def test_a_state_that_somebody_typed_over(tmp_path: Path) -> None:
    """It is shown as it stands."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx")
    summary = merge(inbox).summary
    book = open_book(summary, formulas=True)
    (place,) = (cell for cell in book["文件清单"][2] if cell.value == "#state")
    book["文件清单"].cell(4, place.column).value = "已看"
    book.save(summary)
    lines = say("merge", "inbox", "--dry-run", cwd=tmp_path, GWXL_LANG="zh").splitlines()
    assert lines[4:6] == ["变化（1 份）：", "  a.xlsx：已看 → 通过"]


def test_returns_of_one_workbook(tmp_path: Path) -> None:
    """They are told apart by their sheets; one whose sheet has another title, or was none, is the same return."""

    def list_one(file: str, sheet: str | None, content: str, status: Status = Status.OK) -> Receipt:
        one = receipt(1, file=file)
        return replace(one, source=replace(one.source, sheet=sheet, sha256=digest(content)), status=status)

    summary = tmp_path / "s.xlsx"
    stood = [
        list_one("a.xlsx", "甲", "1"),
        list_one("a.xlsx", "乙", "1"),
        list_one("b.zip｜c.xlsx", None, "2", Status.REFUSED),
    ]
    write_summary(batch(*stood), report_rules(), summary)
    assert changes_to(summary, stood) == Changes(unchanged=3)
    now = [list_one("a.xlsx", "甲", "3"), list_one("a.xlsx", "丙", "3"), list_one("b.zip｜c.xlsx", "甲", "2")]
    changed = changes_to(summary, now).changed
    assert [(one.source.name, one.before, one.after, one.other_content) for one in changed] == [
        ("a.xlsx｜甲", "passed", "passed", True),
        ("a.xlsx｜丙", "passed", "passed", True),
        ("b.zip｜c.xlsx", "refused", "passed", False),
    ]
    fewer = changes_to(summary, stood[1:])
    assert [one.source.name for one in fewer.dropped] == ["a.xlsx｜甲"]
    assert fewer == Changes(dropped=fewer.dropped, unchanged=2)


# Sending back


def faulty(inbox: Path, *numbers: int) -> None:
    """Put returns with an error into an inbox."""
    for number in numbers:
        send(inbox, f"{number}.xlsx", **site(number), site_page_views="12.3377万")


def test_what_would_be_sent_back(tmp_path: Path) -> None:
    """To whom, in which round and under which names, of a summary or of files; the real run writes just that."""
    inbox = tmp_path / "inbox"
    faulty(inbox, *range(1, 6))
    (inbox / "6.xlsx").write_bytes(b"")
    send(inbox, "7.xlsx", **site(7))
    merge(inbox)
    asked = ("return", "--from", "inbox-汇总.xlsx", "-o", "back")
    before = disk(tmp_path)
    dry = document(*asked, "--dry-run", cwd=tmp_path, code=1)
    assert disk(tmp_path) == before
    name = "0000000001-某某县第1网站（退回1）"
    told = {key: dry["files"][0][key] for key in ("file", "to", "round", "workbook", "letter")}
    assert told == {
        "file": "1.xlsx",
        "to": {"code": "0000000001", "name": "某某县第1网站", "unit": None},
        "round": 1,
        "workbook": f"back/{name}.xlsx",
        "letter": f"back/{name}.txt",
    }
    done = document(*asked, cwd=tmp_path, code=1)
    assert (dry["dry_run"], done["dry_run"]) == (True, False)
    assert {**dry, "dry_run": False} == done
    written = {path.name for path in (tmp_path / "back").iterdir()} - {"退回记录.csv"}
    assert written == {Path(one[key]).name for one in dry["files"] for key in ("workbook", "letter") if one[key]}
    assert len(written) == 10


def test_the_next_round(tmp_path: Path) -> None:
    """What lies in the folder counts, what its log does not list too, and neither is touched."""
    faulty(tmp_path, 1, 2)
    say("return", "1.xlsx", "2.xlsx", "-o", "back", cwd=tmp_path, code=1)
    (tmp_path / "back" / "退回记录.csv").unlink()
    replace_return(tmp_path, "2.xlsx", **site(2), site_page_views="13万")
    before = disk(tmp_path)
    asked = ("return", "1.xlsx", "2.xlsx", "-o", "back", "--dry-run")
    lines = say(*asked, cwd=tmp_path, code=1, GWXL_LANG="zh").splitlines()
    assert disk(tmp_path) == before
    name = "0000000002-某某县第2网站（退回2）"
    first = "0000000001-某某县第1网站（退回1）.xlsx"
    assert lines == [
        f"1.xlsx：第 1 次退回（{first}）时已说过同样的意见，没有再做一份；确需重做的加 --force。",
        f"2.xlsx：第 2 次退回，错误 1，待核实 0 → {name}.xlsx",
        f"  收件人：某某县第2网站；通知：{name}.txt",
        "共 2 份，退回 1 份 → back",
        "其中 1 份与以前退回的意见相同，没有再做；各轮退回了什么，见该文件夹中的“退回记录.csv”",
        NOTHING,
    ]


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    """It is refused in the same words."""
    faulty(tmp_path, 1)
    (tmp_path / "back").write_bytes(b"mine")
    asked = ("return", "1.xlsx", "-o", "back")
    assert refusal(*asked, "--dry-run", cwd=tmp_path) == refusal(*asked, cwd=tmp_path)


def test_nothing_to_send_back(tmp_path: Path) -> None:
    """A folder that is not needed is neither made nor asked for."""
    send(tmp_path, "1.xlsx")
    sent = gwxl.send_back(TERMS, [tmp_path / "1.xlsx"], tmp_path / "back", dry_run=True)
    assert (sent.dry_run, [one.workbook for one in sent.returned]) == (True, [None])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.xlsx"]
