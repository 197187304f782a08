"""Who has reported: one state a site, which add up, in the summary, in Python and on the command line."""

import hashlib
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import gwxl
from gwxl.errors import SettingsError
from gwxl.form.identity import issue_identity
from gwxl.records.answered import digest_answered
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.summary.standing.arrivals import Arrival
from gwxl.summary.standing.asked import Asked, AskedSite
from gwxl.summary.standing.joining import Mark, Standing, State, join
from gwxl.summary.standing.record import read_record, record_cells
from gwxl.summary.stored.stood import read_stood
from gwxl.summary.workbook import write_summary
from tests.support import batches
from tests.support.campaigns import begin, list_sites
from tests.support.command import document, refusal, run, say
from tests.support.decided import fill_in
from tests.support.inboxes import send, site
from tests.support.submissions import GOOD, report_form, report_rules
from tests.support.summaries import open_book
from tests.support.written import write_template

DUE = date(2027, 1, 20)
LATE = date(2027, 1, 21)


def arrival(code: str, state: str, file: str = "", issued: str = "") -> Arrival:
    """Return what came in from a site."""
    name = file or f"{code}.xlsx"
    return Arrival(source=Source(file=name, sha256=batches.digest(name)), state=state, code=code, issued=issued)


def asked(*codes: str, **more: Any) -> Asked:
    """Return who is asked: the first is the superior of the others."""
    sites = tuple(AskedSite(code=code, name=f"第{code}", parent=codes[0] if code != codes[0] else "") for code in codes)
    return Asked(sites=sites, deadline=DUE, **more)


def told(sites: Sequence[Standing]) -> Mapping[str, tuple[str, ...]]:
    """Return code → state and marks."""
    return {one.site.code: (one.state.value, *(mark.value for mark in one.marks)) for one in sites}


# Joining


def test_each_site_has_one_state() -> None:
    """What counts stands for it before what does not; they add up, in total and by superior."""
    came = [
        *(arrival("1", "passed"), arrival("1", "superseded", "1-old.xlsx"), arrival("1", "held", "1-other.xlsx")),
        *(arrival("2", "errors"), arrival("3", "verify"), arrival("4", "held"), arrival("5", "rejected")),
        *(arrival("", "refused", "6/a.pdf"), arrival("7", "ignored"), arrival("99", "passed")),
    ]
    found = join(asked("1", "2", "3", "4", "5", "6", "7", "8"), came, DUE)
    assert told(found.sites) == {
        "1": ("passed",),
        "2": ("errors",),
        "3": ("verify",),
        "4": ("held",),
        "5": ("errors",),
        "6": ("errors",),
        "7": ("missing",),
        "8": ("missing",),
    }
    assert dict(found.counts) == {"missing": 2, "held": 1, "errors": 3, "verify": 1, "passed": 1}
    assert (sum(found.counts.values()), found.reported) == (8, 6)
    assert {code: len(sites) for code, sites in found.by_parent.items()} == {"1": 7, "": 1}
    assert [one.source.file for one in found.outside] == ["99.xlsx"]
    assert found.sites[0].arrival == came[0]


def test_who_is_late() -> None:
    """Who has sent nothing is, from the day after the last one on; nobody is where there is none."""
    one = asked("1")
    assert [told(join(one, (), day).sites)["1"] for day in (DUE, LATE, None)] == [
        ("missing",),
        ("missing", "overdue"),
        ("missing",),
    ]
    assert told(join(replace(one, deadline=None), (), LATE).sites) == {"1": ("missing",)}


def test_who_was_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has reported is late where the first mail was sent after the last day, by the calendar of this office."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    in_time, late = "2027-01-20T15:59:00+00:00", "2027-01-20T16:01:00+00:00"

    def marks(*sent: str) -> tuple[str, ...]:
        files = [arrival("1", "passed" if place == 0 else "superseded", f"{place}.xlsx") for place in range(len(sent))]
        came = [replace(one, source=replace(one.source, sent=day)) for one, day in zip(files, sent, strict=True)]
        return told(join(asked("1"), came, LATE).sites)["1"][1:]

    assert [marks(in_time), marks(late), marks(""), marks(late, in_time), marks(late, late)] == [
        (),
        ("overdue",),
        (),
        (),
        ("overdue",),
    ]
    monkeypatch.undo()
    time.tzset()


def test_what_was_sent_back_is_awaited() -> None:
    """Until anything else comes; what passed since is not."""
    first, second = arrival("1", "errors", "a.xlsx"), arrival("1", "errors", "b.xlsx")
    sent_back = {digest_answered(first.source): "2027-01-12"}
    one = asked("1", sent_back=sent_back)
    found = join(one, [first], DUE).sites[0]
    assert (found.marks, found.since, found.awaited) == ((Mark.AWAITED,), "2027-01-12", True)
    replaced = replace(first, state="superseded")
    for came in ([replaced, second], [first, second], [replace(first, state="passed")]):
        assert join(one, came, DUE).sites[0].marks == ()


def test_another_code_than_that_of_the_workbook() -> None:
    """It is held for the site whose workbook it is; once a clerk accepts it, it is of the site it names."""
    held = arrival("2", "held", issued="1")
    found = join(asked("1", "2"), [held], DUE)
    assert told(found.sites) == {"1": ("held", "other_code"), "2": ("missing",)}
    taken = join(asked("1", "2"), [replace(held, state="passed")], DUE)
    assert told(taken.sites) == {"1": ("missing",), "2": ("passed",)}
    assert told(join(asked("BM00000001"), [arrival("bm00000001", "passed", issued="BM00000001")], DUE).sites) == {
        "BM00000001": ("passed",)
    }


def test_what_counts_for_another_than_its_folder_is_told() -> None:
    """Its sender may have filled in the workbook of somebody else; a superior may send what is its own or below it."""
    places = {"2": "2/a.xlsx", "3": "1/b.xlsx", "4": "5/c.xlsx", "1": "d.xlsx", "5": "unknown/e.xlsx"}
    came = [arrival(code, "passed", file) for code, file in places.items()]
    assert [one.site.code for one in join(asked("1", "2", "3", "4", "5"), came, None).astray] == ["4"]
    held = [arrival("4", "held", "5/c.xlsx", issued="4"), arrival("1", "passed", "2/d.xlsx")]
    assert [one.site.code for one in join(asked("1", "2", "4", "5"), held, None).astray] == ["1"]


def test_a_site_that_filled_in_the_workbook_of_another_is_named(tmp_path: Path) -> None:
    """By status, which says for whom it counts."""
    folder = tmp_path / "年报"
    begin(folder, ROWS)
    send(folder / "inbox" / "0000000003", "表.xlsx", **site(2))
    played(folder, "merge")
    lines = played(folder, "status", code=1)
    at = lines.index("放在别的单位的文件夹里、按表中的标识码计入的，请核对是不是填错了表（1）：")
    assert lines[at + 1] == "  0000000003/表.xlsx：计入 0000000002 某某县第2网站"
    assert status(folder)["astray"] == ["0000000002"]


def test_a_file_without_a_code_is_known_by_its_place() -> None:
    """The folder, the archive or the name has the code of one site; of two it is nobody's, and a code in it is told."""
    codes = ("0000000001", "0000000002")
    names = ["0000000001/a.pdf", "甲（0000000002）.pdf", "0000000001/0000000002.pdf", "x/0000000003.pdf"]
    assert [arrival("", "refused", name).whose(codes) for name in names] == ["0000000001", "0000000002", "", ""]
    assert arrival("0000000009", "passed", "0000000001/a.xlsx").whose(codes) == ""


def test_a_record_takes_any_text() -> None:
    """What stands in the cells is read back as it was, however much came and whatever it is called; nothing else is."""
    many = [arrival(str(n), "held", "\u202e" * 90 + f"{n}.xlsx") for n in range(300)]
    many.append(replace(many[0], source=replace(many[0].source, by=("市.xlsx", "县.xlsx"))))
    mine = AskedSite(code="1", name='甲"\n', parent="2")
    cells = list(record_cells(mine, many))
    assert len(cells) > 2
    assert max(map(len, cells)) < 32_767
    found = [read_record(words) for words in cells]
    assert [one.site for one in found] == [mine, *[None] * (len(cells) - 1)]
    assert [one for each in found for one in each.arrivals] == many
    for words in (
        '[["1","a"],[]]',
        '[[],[["a","","","","x","","","",1]]]',
        '[[],[["a"]]]',
        '[[],[["a","","","","","","","","1"]]]',
        "[]",
        "{",
    ):
        with pytest.raises((ValueError, TypeError, KeyError)):
            read_record(words)


# In the summary


def written(path: Path, given: Asked | None) -> openpyxl.Workbook:
    """Write the summary of four returns, one held and one refused, and open it."""
    receipts: list[Receipt] = [
        batches.receipt(1),
        batches.receipt(2, findings=[batches.finding("B08", "service_items_online")]),
        replace(batches.receipt(3), status=Status.HELD, reason="年度不符"),
        batches.refuse("0000000004/扫描件.pdf"),
        batches.receipt(9),
    ]
    some = batches.batch(*receipts)
    write_summary(some, batches.report_rules(), path, terms=gwxl.Terms(batches.report_rules(), today=LATE), asked=given)
    return open_book(path)


def named(*numbers: int) -> tuple[AskedSite, ...]:
    """Return sites as a roster names them, the first the superior of the others."""
    first = batches.site(numbers[0])
    return tuple(
        AskedSite(code=batches.site(number), name=f"第{number}网站", parent="" if number == numbers[0] else first)
        for number in numbers
    )


def test_the_sheet(tmp_path: Path) -> None:
    """A row a site with state, marks and day, what is below it, and at the end who was not asked."""
    digest = digest_answered(batches.receipt(2).source)
    given = Asked(sites=named(1, 2, 3, 4, 5), deadline=DUE, sent_back={digest: "2027-01-12"}, roster="ab")
    book = written(tmp_path / "a.xlsx", given)
    sheet = book["报送情况"]
    heads = [cell.value for cell in sheet[3]]
    assert heads[:7] == ["状态", "标识码", "名称", "上级", "标记", "退回日期", "文件"]
    assert [str(head).replace("\n", "") for head in heads[7:13]] == [
        *("下级应报", "下级未报", "下级待决", "下级有错误", "下级待核实", "下级通过")
    ]
    rows = [[cell.value for cell in row][:7] for row in sheet.iter_rows(min_row=4, max_row=9)]
    assert rows == [
        ["通过", "0000000001", "第1网站", None, None, None, "0000000001.xlsx"],
        ["有错误", "0000000002", "第2网站", "第1网站", "退回未改", "2027-01-12", "0000000002.xlsx"],
        ["待决", "0000000003", "第3网站", "第1网站", None, None, "0000000003.xlsx"],
        ["有错误", "0000000004", "第4网站", "第1网站", None, None, "0000000004/扫描件.pdf"],
        ["未报", "0000000005", "第5网站", "第1网站", "逾期", None, None],
        ["名单之外", "0000000009", "网站名称（示例9）", None, "通过", None, "0000000009.xlsx"],
    ]
    assert [cell.value for cell in sheet[4]][7:13] == [4, 1, 1, 2, 0, 0]
    words = [cell.value for row in sheet.iter_rows(max_row=1) for cell in row if cell.value]
    assert "应报 5 = 未报 1 + 待决 1 + 有错误 2 + 待核实 0 + 通过 1；名单之外 1 份。" in str(words[1])
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("D4", "A3:N9")
    overview = [cell.value for row in book["总览"].iter_rows() for cell in row]
    assert "应报 5，已报 4，通过 1；名单之外 1 份（逐个见“报送情况”）" in overview
    assert [words for words in overview if str(words)[:2] in {"4.", "5."}] == [
        "4. 1 个单位未报：逐个见“报送情况”，用 gwxl remind 催报。",
        "5. 1 份在名单之外：见“报送情况”末尾，核对是标识码填错，还是名册缺了单位。",
    ]
    assert "报送情况" not in written(tmp_path / "b.xlsx", None).sheetnames


def test_a_summary_remembers_it(tmp_path: Path) -> None:
    """It is read back as it was, also after sorting; where a row was deleted, nothing is told any more."""
    given = Asked(sites=named(1, 2, 3, 4, 5), roster="ab")
    path = tmp_path / "a.xlsx"
    written(path, given)
    found = read_stood(path)
    assert found is not None
    assert (found.roster, found.sites) == ("ab", given.sites)
    assert [(one.code, one.state, one.entry) for one in found.arrivals] == [
        ("0000000001", "passed", "1"),
        ("0000000002", "errors", "2"),
        ("0000000003", "held", "3"),
        ("", "refused", "4"),
        ("0000000009", "passed", "5"),
    ]
    book = open_book(path, formulas=True)
    sheet = book["报送情况"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=5)]
    for number, row in zip((5, 4), rows, strict=True):
        for place, value in enumerate(row, 1):
            sheet.cell(number, place).value = value
    book.save(tmp_path / "sorted.xlsx")
    again = read_stood(tmp_path / "sorted.xlsx")
    assert again is not None
    assert set(again.sites) == set(given.sites)
    sheet.delete_rows(6)
    book.save(tmp_path / "deleted.xlsx")
    with pytest.raises(SettingsError, match="rows of 报送情况 were deleted after it was written"):
        read_stood(tmp_path / "deleted.xlsx")
    assert "报送情况" not in written(tmp_path / "b.xlsx", None).sheetnames
    assert read_stood(tmp_path / "b.xlsx") is None


# The command

ROWS = [
    ("0000000001", "某某县第1网站", "a@example.org", "0000-1", ""),
    ("0000000002", "某某县第2网站", "b@example.org", "0000-2", "0000000001"),
    ("0000000003", "某某县第3网站", "", "0000-3", "0000000001"),
]
FAULT = {"service_items_online": 999}


def played(folder: Path, *arguments: str, day: str = "2027-01-15", code: int = 0) -> list[str]:
    """Run a command in the folder of a campaign on a day, and return its lines."""
    return say(*arguments, "--lang", "zh", cwd=folder, code=code, GWXL_TODAY=day).splitlines()


def test_a_campaign_is_told_from_first_to_last(tmp_path: Path) -> None:
    """Before a merge, after one, sent back, late, corrected, with a stranger, and when all is done."""
    folder = tmp_path / "年报"
    begin(folder, ROWS)
    lines = played(folder, "status", code=1)
    assert lines[:4] == [
        "政府网站工作年度报表，2026 年度，截止 2027年1月20日（还有 5 天）",
        "应报 3 = 未报 3 + 待决 0 + 有错误 0 + 待核实 0 + 通过 0",
        "其中逾期 0，退回未改 0，标识码不符 0；名单之外 0",
        "还没有按名册汇总过：已收到的要先运行 gwxl merge 才知道",
    ]
    send(folder / "inbox", "a.xlsx", **site(1))
    send(folder / "inbox", "b.xlsx", **site(2), **FAULT)
    send(folder / "inbox", "x.xlsx", **site(9))
    assert played(folder, "status", code=1)[4] == "其后收到或改动、尚未汇总的文件：3 个"
    merge = played(folder, "merge", code=1)
    assert merge[-1] == "下一步：谁报了、谁没报、接着要做什么，用 gwxl status 看"
    assert merge[3] == "按名册：应报 3，已报 2，通过 1；名单之外 1 份"
    found = status(folder)
    assert found["counts"] == counts(asked=3, missing=1, errors=1, passed=1)
    assert [(one["file"], one["code"], one["state"]) for one in found["outside"]] == [
        ("x.xlsx", "0000000009", "passed")
    ]
    played(folder, "return", code=1)
    found = status(folder, day="2027-01-21")
    assert found["counts"] == counts(asked=3, missing=1, errors=1, passed=1, overdue=1, awaited=1)
    assert [(one["state"], one["marks"], one["since"]) for one in found["sites"]] == [
        ("passed", [], None),
        ("errors", ["awaited"], "2027-01-15"),
        ("missing", ["overdue"], None),
    ]
    assert [(one["code"], one["counts"]["asked"], one["counts"]["missing"]) for one in found["by_parent"]] == [
        ("0000000001", 2, 1),
        (None, 1, 0),
    ]
    again = played(folder, "return", code=1)
    assert "2027-01-15）时已说过同样的意见，还在等更正，没有再做一份" in "".join(again)
    for name in ("b.xlsx", "x.xlsx"):
        (folder / "inbox" / name).unlink()
    send(folder / "inbox", "b.xlsx", **site(2))
    send(folder / "inbox", "c.xlsx", **site(3))
    assert status(folder)["later"] == 2
    played(folder, "merge")
    lines = played(folder, "status")
    assert lines[1:3] == [
        "应报 3 = 未报 0 + 待决 0 + 有错误 0 + 待核实 0 + 通过 3",
        "其中逾期 0，退回未改 0，标识码不符 0；名单之外 0",
    ]
    assert lines[-1] == "全部通过；打开 汇总.xlsx 核对“总览”，即可上报"
    list_sites(folder, [*ROWS, ("0000000004", "某某县第4网站", "", "", "")])
    assert status(folder)["counts"] == counts(asked=4, missing=1, passed=3)
    assert played(folder, "merge")[-1] == "下一步：有单位未报，用 gwxl status 看是哪些，用 gwxl remind 催报"


def test_a_code_that_nobody_was_asked_with_is_a_hint(tmp_path: Path) -> None:
    """Where the clerk looks for what is wrong, and only in a campaign; it is nothing for a filler to mend."""
    inbox = tmp_path / "inbox"
    for number in (1, 9):
        send(inbox, f"{number}.xlsx", **site(number))
    told = {}
    for given in (Asked(sites=named(1)), None):
        receipts = gwxl.merge(
            gwxl.Terms("website_annual_report"), inbox, tmp_path / "s.xlsx", asked=given
        ).batch.receipts
        told[given is not None] = [
            (one.source.file, found.id, found.value) for one in receipts for found in one.findings
        ]
        assert all(one.passed for one in receipts)
    assert told == {True: [("9.xlsx", "D26", "0000000009")], False: []}


def test_an_answer_that_the_roster_has_otherwise_is_a_hint(tmp_path: Path) -> None:
    """Both are told, for the clerk alone; case, width and blanks are no difference, and a blank one is told already."""
    inbox = tmp_path / "inbox"
    for number in (1, 2, 3):
        send(inbox, f"{number}.xlsx", **site(number))
    known = {
        site(1)["site_code"]: {FormPath("site_url"): "http://old.example.gov.cn", FormPath("site_type"): "portal"},
        site(2)["site_code"]: {FormPath("site_url"): "HTTP://site2.example.gov.cn "},
    }
    asked = Asked(sites=named(1, 2, 3), known=known)
    batch = gwxl.merge(gwxl.Terms("website_annual_report"), inbox, tmp_path / "s.xlsx", asked=asked).batch
    told = {one.source.file: [found for found in one.findings if found.id == "D28"] for one in batch.receipts}
    assert {file: [str(found.key) for found in some] for file, some in told.items()} == {
        "1.xlsx": ["site_url"],
        "2.xlsx": [],
        "3.xlsx": [],
    }
    (found,) = told["1.xlsx"]
    assert found.source is not None
    assert (found.expected, found.severity, found.source.address) == ("http://old.example.gov.cn", "hint", "D8")
    assert all(one.passed for one in batch.receipts)


def test_a_faulty_roster_stops_no_merge(tmp_path: Path) -> None:
    """What is wrong with it is told beside the result; gwxl status demands that it is put right."""
    folder = tmp_path / "年报"
    begin(folder, [*ROWS, ("0000000003", "某某县第5网站", "", "", "")])
    send(folder / "inbox", "a.xlsx", **site(1))
    found = run("merge", cwd=folder)
    assert (found.returncode, found.stdout.splitlines()[1][:24]) == (0, "received 1 = accepted 1 ")
    first, second = found.stderr.splitlines()
    assert first.endswith(
        "名册.csv: row 5: 政府网站标识码 0000000003 stands in row 4 too; check both, a site has one row"
    )
    assert second.startswith("the roster 名册.csv cannot be used, so that the summary does not tell who has reported")
    assert "row 5" in refusal("status", cwd=folder)


def status(folder: Path, day: str = "2027-01-15") -> Mapping[str, Any]:
    """Return what is told of a campaign that is not done."""
    return document("status", cwd=folder, code=1, GWXL_TODAY=day)


def counts(**some: int) -> dict[str, int]:
    """Return the counts of a document, those that are not named 0."""
    return {**dict.fromkeys(["asked", *map(str, State), *map(str, Mark)], 0), **some}


def test_the_receipt_of_a_site(tmp_path: Path) -> None:
    """A page with file, digest and every answer, those of persons too, and marked what does not count."""
    folder = tmp_path / "年报"
    begin(folder, ROWS)
    path = send(folder / "inbox", "0000000002-b.xlsx", **site(2), site_unique_visitors="1.2万")
    played(folder, "merge", code=1)
    lines = played(folder, "status", "--receipt", "0000000002", "-o", "回执.html")
    assert lines == ["已写 回执.html（0000000002-b.xlsx）", "其中 1 项不计入：独立用户访问总量"]
    page = (folder / "回执.html").read_text("utf-8")
    for words in ("计入回执", "某某县第2网站", path.name, sha(path), "1.2万（不计入）", "Content-Security-Policy"):
        assert words in page, words
    assert "<script" not in page
    none = refusal("status", "--receipt", "0000000003", cwd=folder)
    assert none.startswith("error: 汇总.xlsx has no return of 0000000003")
    path.unlink()
    send(folder / "inbox", path.name, **site(2))
    assert "is gone from inbox, or is another file by now" in refusal(
        "status", "--receipt", "0000000002", "-o", "b.html", cwd=folder
    )
    assert refusal("status", "-o", "b.html", cwd=folder).startswith(
        "error: -o and --force go with --receipt CODE alone"
    )
    assert refusal("status", cwd=tmp_path).startswith("error: this is no folder of a campaign")


def sha(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_receipt_of_what_came_by_a_summary(tmp_path: Path) -> None:
    """It says by which summary the return came, and takes its answers from what that handed on."""
    folder, county = tmp_path / "年报", tmp_path / "县"
    begin(folder, ROWS)
    path = send(county, "0000000002-b.xlsx", **site(2), **FAULT)
    played(tmp_path, "merge", "县", "--year", "2026", "-o", "年报/县汇总.xlsx", code=1)
    played(folder, "merge", "县汇总.xlsx", code=1)
    digest = sha(path)
    shutil.rmtree(county)
    assert played(folder, "status", "--receipt", "0000000002", "-o", "回执.html") == [
        "已写 回执.html（县汇总.xlsx｜0000000002-b.xlsx）"
    ]
    page = (folder / "回执.html").read_text("utf-8")
    told = ("状态", "有错误"), ("经由汇总表", "县汇总.xlsx"), ("文件", path.name), ("文件指纹（SHA-256）", digest)
    for label, value in told:
        assert f"<dt>{label}</dt><dd>{value}</dd>" in page, label
    assert f"http://site{2}.example.gov.cn" in page


def test_why_there_is_no_receipt(tmp_path: Path) -> None:
    """Each state says what came, why it does not count and what to do; who is not asked is said to be so."""
    folder = tmp_path / "年报"
    begin(folder, [*ROWS, ("0000000004", "某某县第4网站", "", "", "")])
    send(folder / "inbox", "0000000001.xlsx", year=2025, **site(1))
    (folder / "inbox" / "0000000002.pdf").write_bytes(b"%PDF-1.4")
    nothing = "error: nothing of {} counts, so that there is no receipt. ".format
    own = issue_identity(report_form(), period=Period(2026), site_code="0000000004")
    write_template(report_rules(), folder / "inbox" / "c.xlsx", identity=own, answers={**GOOD, **site(9)})
    played(folder, "merge", code=1)
    for code, words in {
        "0000000001": f"{nothing('0000000001')}What came, 0000000001.xlsx: held. Fill in the decisions",
        "0000000002": f"{nothing('0000000002')}What came, 0000000002.pdf: refused. Ask for it again",
        "0000000003": "error: 汇总.xlsx has no return of 0000000003: nothing had come in when it was merged",
        "0000000004": f"{nothing('0000000004')}What came, c.xlsx: held",
        "0000000008": "error: the roster has no code 0000000008, and 汇总.xlsx no return of it; check the code",
    }.items():
        assert refusal("status", "--receipt", code, cwd=folder).startswith(words)
    fill_in(
        folder / "inbox-待决.xlsx", lambda row: {"decision": "接受", "who": "李某"} if row["file"] == "c.xlsx" else {}
    )
    played(folder, "merge", code=1)
    assert refusal("status", "--receipt", "0000000004", cwd=folder).startswith(
        f"{nothing('0000000004')}The workbook it was issued, c.xlsx, counts for 0000000009"
    )
    assert played(folder, "status", "--receipt", "0000000009") == ["已写 outbox/0000000009（回执）.html（c.xlsx）"]


def test_before_the_first_merge(tmp_path: Path) -> None:
    """What goes by the summary says that there is none yet, and names files as seen from the folder it is run in."""
    folder = tmp_path / "年报"
    begin(folder, ROWS)
    there_is_none = "error: there is no summary {}汇总.xlsx yet; run gwxl merge first"
    for words in (["report"], ["return"], ["publish", "-o", "x"], ["explain", "x"], ["export", "-o", "a.csv"]):
        assert refusal(*words, cwd=folder) == there_is_none.format("")
    assert refusal("status", "--receipt", "0000000001", cwd=folder / "inbox") == there_is_none.format("../")
    list_sites(folder, [*ROWS, (ROWS[0][0], "某某县第5网站", "", "", "")])
    assert refusal("status", cwd=folder / "inbox").startswith("error: ../名册.csv: row 5: ")


def steps(folder: Path, *arguments: str) -> list[str]:
    """Return what gwxl status says is to be done next."""
    lines = played(folder, "status", *arguments, code=1)
    return [line.strip() for line in lines[lines.index("下一步：") + 1 :]]


def test_what_is_to_be_done_next(tmp_path: Path) -> None:
    """Only what there is to do, with the file to open and the command to paste, summaries of the level below named."""
    folder = tmp_path / "年报"
    begin(folder, [*ROWS, ("0000000004", "某某县第4网站", "", "", "")])
    assert steps(folder) == ["还没有下发：用 gwxl issue 给各单位生成表和邮件"]
    played(folder, "issue")
    assert steps(folder) == ["还没有收到文件：把收到的放进 inbox，或者用 gwxl collect 从邮箱收取，再运行 gwxl merge"]
    send(folder / "inbox", "a.xlsx", year=2025, **site(1))
    send(folder / "inbox", "b.xlsx", **site(2), **FAULT)
    send(folder / "inbox", "x.xlsx", **site(9))
    (folder / "inbox" / "通知.pdf").write_bytes(b"%PDF-1.4")
    send(tmp_path / "县", "d.xlsx", **site(4), **FAULT)
    played(tmp_path, "merge", "县", "--year", "2026", "-o", "年报/县 汇总.xlsx", code=1)
    assert steps(folder) == ["有 4 个文件还没有汇总：运行 gwxl merge"]
    played(folder, "merge", "县 汇总.xlsx", code=1)
    strange = "标识码不在名册中的 1 份：是名册缺了单位的，补进 名册.csv；是填错的，请对方改正后重报；再运行 {}"
    whose = "认不出是哪个单位的 1 份：逐份看一看，不是报表的从 {0} 移走；是扫描件的，在 {1} 中写明是谁的；再运行 {2}"
    assert steps(folder) == [
        "1 个单位待决：打开 inbox-待决.xlsx，填“决定”一栏，保存后运行 gwxl merge '县 汇总.xlsx'",
        strange.format("gwxl merge '县 汇总.xlsx'"),
        whose.format("inbox", "inbox-待决.xlsx", "gwxl merge '县 汇总.xlsx'"),
        "经下级汇总表报来、还没有通过的 1 个单位：告知下级处理，收到新的 '县 汇总.xlsx' 后再汇总",
        "1 个单位的报表有问题、还没有退回：运行 gwxl return",
        "未报的、退回未改的 1 个单位：运行 gwxl remind 催报",
    ]
    send(folder / "inbox", "c.xlsx", **site(3))
    assert steps(folder) == ["有 1 个文件还没有汇总：运行 gwxl merge '县 汇总.xlsx'"]
    (folder / "汇总.xlsx").unlink()
    for path in (folder / "inbox").iterdir():
        path.unlink()
    played(tmp_path, "merge", "县", "--year", "2026", "-o", "年报/汇总.xlsx", code=1)
    assert steps(folder) == ["汇总表不是按名册做的：再运行一次 gwxl merge"]


def test_what_compares_returns_is_not_sent_back(tmp_path: Path) -> None:
    """Answered anew with other values from a blank workbook: the clerk says which counts, gwxl return is no step."""
    folder = tmp_path / "年报"
    begin(folder, ROWS[:1])
    views = GOOD["site_page_views"] + 1000
    send(folder / "inbox", "a.xlsx", **site(1), report_date=date(2027, 1, 5))
    send(folder / "inbox", "b.xlsx", **{**site(1), "site_page_views": views}, report_date=date(2027, 1, 6))
    played(folder, "merge", code=1)
    assert steps(folder) == [
        "1 个单位的报表与别的报表比对后待核实，不用退回：打开 inbox-待决.xlsx，采用的一份如无误，填“采用”或“已核实”，保存后运行 gwxl merge"  # noqa: E501
    ]
    assert played(folder, "return", code=1)[-2:] == [
        (
            "b.xlsx：没有生成退回的表。有 1 个事项是与别的报表比对得出的，不用退回单位："
            "请在待决事项中填写决定，再运行 gwxl merge。"
        ),
        "共 2 份，退回 0 份 → returns",
    ]
    (folder / "inbox" / "b.xlsx").unlink()
    send(folder / "inbox", "b.xlsx", **{**site(1), **FAULT}, report_date=date(2027, 1, 6))
    played(folder, "merge", code=1)
    assert steps(folder)[-1] == "1 个单位的报表有问题、还没有退回：运行 gwxl return"
