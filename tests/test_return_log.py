"""What goes back: names that tell whom it is for, rounds side by side, a log, blanks for what cannot be read."""

import csv
import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.returns.addressing import addressee_of
from gwxl.returns.output_names import make_distinct, read_sent_name, stem_of, write_sent_name
from gwxl.returns.planning import Sending
from gwxl.returns.returning import send_receipts
from gwxl.terms import Terms
from tests.support.batches import receipt, site
from tests.support.command import document, run, say
from tests.support.returning import FORM, LAYOUT, YEAR, back, check, make_return, reread
from tests.support.submissions import GOOD, SENT_BACK, make_submission, report_form

LOG = "退回记录.csv"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
BASE = SENT_BACK.removesuffix("（退回1）")


def rows(folder: Path) -> list[list[str]]:
    """Return the rows of the log below its heads."""
    with (folder / LOG).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))[1:]


def workbooks(folder: Path) -> list[str]:
    """Return the names of the workbooks in a folder."""
    return sorted(path.name for path in folder.glob("*.xlsx"))


def faulty(folder: Path, online: int = 999, **answers: Any) -> Receipt:
    """Check a return with one error."""
    return check(make_return(folder / "return.xlsx", service_items_online=online, **answers))


# Names


def name_receipt(file: str, **answers: Any) -> Receipt:
    """Return a receipt of a file that says something of its sender."""
    around = {key: words for key, words in answers.items() if key == "reporting_unit"}
    asked = {key: words for key, words in answers.items() if key not in around}
    submission = replace(make_submission(report_form(), asked, identity={"period": Period(YEAR)}), surround=around)
    return Receipt(source=Source(file=file), status=Status.FINDINGS, submission=submission)


@pytest.mark.parametrize(
    ("answers", "base"),
    [
        ({"site_code": "0000000071", "site_name": "甲局网站"}, "0000000071-甲局网站"),
        ({"site_code": "0000000071"}, "0000000071"),
        ({"site_name": "甲局网站", "reporting_unit": "甲局"}, "甲局网站"),
        ({"reporting_unit": "甲局"}, "甲局"),
        ({"site_code": "7/1", "site_name": 'a<b>:"|?*\\c. '}, "7_1-a_b_______c"),
        ({"site_name": "con"}, "_con"),
        ({"site_name": "=1+1"}, "_=1+1"),
        ({"site_name": "网" * 300}, "网" * 50),
        ({}, "丙"),
    ],
)
def test_named_after_the_sender(answers: Mapping[str, str], base: str) -> None:
    """By code and name, else by the unit, else after the file; fit for every system."""
    assert addressee_of(report_form(), name_receipt("区/丙（退回3）.xlsx", **answers)).base == base


def test_stems_and_rounds() -> None:
    """A name given here is known again in either language and with the number an earlier version wrote behind it."""
    assert [read_sent_name(name) for name in ("甲（退回12）", "甲（退回1） (2)", "a (returned 3)", "甲")] == [
        ("甲", 12),
        ("甲", 1),
        ("a", 3),
        None,
    ]
    assert read_sent_name(write_sent_name("甲（退回1）乙", 2, "zh")) == ("甲（退回1）乙", 2)
    files = [Source(file="包.zip", member='县\\乙<"?>.ods'), Source(file="…" * 100 + ".xlsx"), Source(file=" . .xlsx")]
    assert [stem_of(one) for one in files] == ["乙____", "…" * 50, "_"]
    assert list(make_distinct(["Ab", "aB", "é", "e\u0301"])) == ["Ab", "aB (2)", "é", "e\u0301 (2)"]


def test_two_sites_of_one_name(tmp_path: Path) -> None:
    """Nothing but their codes tells them apart; without codes a number does, the same one in every round."""
    first, second = (faulty(tmp_path, online, site_code=None) for online in (999, 998))
    back(tmp_path / "back", first, second)
    name = GOOD["site_name"]
    assert workbooks(tmp_path / "back") == [f"{name} (2)（退回1）.xlsx", f"{name}（退回1）.xlsx"]
    (again,) = back(tmp_path / "back", replace(second, findings=second.findings[:1]))
    assert again.workbook is not None
    assert again.workbook.name == f"{name} (2)（退回2）.xlsx"


# Rounds and the log


def test_the_same_again_makes_nothing(tmp_path: Path) -> None:
    """The same file with the same findings goes back once; anything else is the next round beside it."""
    folder = tmp_path / "back"
    receipt = faulty(tmp_path)
    back(folder, receipt, today=date(2027, 1, 12))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (same,) = back(folder, receipt)
    assert (same.workbook, same.number) == (None, 1)
    assert same.earlier is not None
    assert same.earlier.workbook == f"{SENT_BACK}.xlsx"
    assert same.earlier.day == "2027-01-12"
    assert same.reason.startswith(f"第 1 次退回（{SENT_BACK}.xlsx，2027-01-12）时已说过同样的意见，还在等更正")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    (other,) = back(folder, faulty(tmp_path, 998))
    assert (other.number, workbooks(folder)) == (2, [f"{BASE}（退回1）.xlsx", f"{BASE}（退回2）.xlsx"])
    assert {name: (folder / name).read_bytes() for name in before if name != LOG} == {
        name: data for name, data in before.items() if name != LOG
    }
    assert [row[:9] for row in rows(folder)] == [
        _row(1, "2027-01-12"),
        _row(2, ""),
    ]
    assert other.letter is not None
    assert "第 2 次退回：错误 1 项" in other.letter.read_text("utf-8")
    assert "与上次退回相比" not in other.letter.read_text("utf-8")
    mark = reread(other).submission
    assert mark is not None
    assert mark.round is not None
    assert mark.round.number == 1  # of the chain of corrections, which begins here


def _row(number: int, day: str) -> list[str]:
    name = f"{BASE}（退回{number}）"
    who = [GOOD["site_code"], GOOD["site_name"], ""]
    return [str(number), *who, f"{name}.xlsx", f"{name}.txt", day, "错误 1，待核实 0", "return.xlsx"]


def test_force_makes_the_same_round_anew(tmp_path: Path) -> None:
    """What was lost or is to be dated anew is made again in its own round."""
    folder = tmp_path / "back"
    receipt = faulty(tmp_path)
    back(folder, receipt)
    (folder / f"{SENT_BACK}.txt").write_text("x", "utf-8")
    (again,) = back(folder, receipt, force=True)
    assert again.letter == folder / f"{SENT_BACK}.txt"
    assert again.letter.read_text("utf-8") != "x"
    assert workbooks(folder) == [f"{SENT_BACK}.xlsx"]


def test_moved_away_files_keep_their_numbers(tmp_path: Path) -> None:
    """The log alone tells what was sent, and so do the files alone."""
    folder = tmp_path / "back"
    back(folder, faulty(tmp_path))
    for path in folder.glob(f"{BASE}*"):
        path.unlink()
    assert back(folder, faulty(tmp_path))[0].workbook is None
    assert back(folder, faulty(tmp_path, 998))[0].number == 2
    (folder / LOG).unlink()
    assert back(folder, faulty(tmp_path, 998))[0].earlier is not None
    assert back(folder, faulty(tmp_path, 997))[0].number == 3
    assert [row[0] for row in rows(folder)] == ["2", "3"]


def test_a_correction_goes_on_counting(tmp_path: Path) -> None:
    """What came back and is sent back once more has the next number, in another folder too."""
    (first,) = back(tmp_path / "back", faulty(tmp_path))
    assert first.workbook is not None
    (second,) = back(tmp_path / "elsewhere", check(first.workbook))
    assert second.workbook is not None
    assert second.workbook.name == f"{BASE}（退回2）.xlsx"
    assert second.letter is not None
    assert "与上次退回相比：已改正 0 项，已说明 0 项，仍存在 1 项" in second.letter.read_text("utf-8")


def _reorder(text: str) -> bytes:
    """Return a log as a spreadsheet may save it: rows and columns in another order, codes as numbers, GBK, notes."""
    table = [row[::-1] for row in csv.reader(text.splitlines())]
    lines = [";".join(cell.lstrip("0") for cell in row) for row in (table[0], *table[:0:-1])]
    return "\r\n".join([*lines, "电话已催;张三"]).encode("gb18030")


def _heads_gone(text: str) -> bytes:
    return "\n".join(text.splitlines()[1:]).encode("utf-16")


def _marks_gone(text: str) -> bytes:
    return "\n".join(line.rpartition(",")[0] for line in text.splitlines()).encode()


@pytest.mark.parametrize("edit", [_reorder, _heads_gone, _marks_gone])
def test_an_edited_log_still_tells(edit: Any, tmp_path: Path) -> None:
    """Whatever a clerk's program did to it: nothing is sent twice, numbers go on, and her words stay."""
    folder = tmp_path / "back"
    back(folder, faulty(tmp_path))
    (folder / LOG).write_bytes(edit((folder / LOG).read_text("utf-8-sig")))
    assert back(folder, faulty(tmp_path))[0].earlier is not None
    assert back(folder, faulty(tmp_path, 998))[0].number == 2
    told = (folder / LOG).read_text("utf-8-sig")
    assert ("电话已催" in told) is (edit is _reorder)
    assert f"{BASE}（退回2）.xlsx" in told


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"PK\x03\x04\xff\xfe\xfd", b'"' + b"x" * 200_000])
def test_a_broken_log_is_kept(data: bytes, tmp_path: Path) -> None:
    """A log that cannot be read is put beside a new one, which is told from the workbooks in the folder."""
    folder = tmp_path / "back"
    back(folder, faulty(tmp_path))
    (folder / LOG).write_bytes(data)
    (same,) = back(folder, faulty(tmp_path))
    (other,) = back(folder, faulty(tmp_path, 998))
    assert (same.workbook, same.number, other.number) == (None, 1, 2)
    assert (folder / "退回记录（原样留存1）.csv").read_bytes() == data
    assert [row[0] for row in rows(folder)] == ["1", "2"]


def test_a_folder_of_an_earlier_version(tmp_path: Path) -> None:
    """What it sent under the name of the sender's file is known by its mark, and stays."""
    folder = tmp_path / "back"
    back(folder, faulty(tmp_path))
    (folder / LOG).unlink()
    for path in folder.glob(f"{BASE}*"):
        path.rename(folder / f"return（退回1）{path.suffix}")
    (same,) = back(folder, faulty(tmp_path))
    assert (same.workbook, same.earlier and same.earlier.workbook) == (None, "return（退回1）.xlsx")
    (other,) = back(folder, faulty(tmp_path, 998))
    assert workbooks(folder) == [f"{SENT_BACK}.xlsx", "return（退回1）.xlsx"]
    assert other.number == 1
    assert [row[4] for row in rows(folder)] == ["return（退回1）.xlsx", f"{SENT_BACK}.xlsx"]


def _send(folder: Path, receipts: Sequence[Receipt]) -> None:
    list(send_receipts(Terms(report_form().folder), receipts, Sending(folder=folder)))


def test_two_at_once(tmp_path: Path) -> None:
    """Two processes that send into one folder wait for each other: nothing is made twice, and the log has it all."""
    receipts = [faulty(tmp_path, online, site_code=f"{code:010}") for online, code in ((999, 1), (998, 2), (997, 3))]
    folder = tmp_path / "back"
    runs = [multiprocessing.Process(target=_send, args=(folder, some)) for some in (receipts[:2], receipts[1:])]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert [one.exitcode for one in runs] == [0, 0]
    names = [f"{code:010}-{GOOD['site_name']}（退回1）.xlsx" for code in (1, 2, 3)]
    assert workbooks(folder) == names
    assert sorted(row[4] for row in rows(folder)) == names


def test_one_file_twice_goes_back_once(tmp_path: Path) -> None:
    """Two copies of one file are one return."""
    receipt = faulty(tmp_path)
    copy = replace(receipt, source=replace(receipt.source, file="copy.xlsx"))
    first, second = back(tmp_path / "back", receipt, copy)
    assert first.workbook is not None
    assert (second.workbook, second.reason) == (None, "与 return.xlsx 是同一份文件，已随它退回。")


def test_whom_the_letter_is_for(tmp_path: Path) -> None:
    """The unit that filled the form in, and the day in words."""
    (one,) = back(tmp_path / "back", faulty(tmp_path, reporting_unit="甲局办公室"), today=date(2027, 1, 8))
    assert one.letter is not None
    letter = one.letter.read_text("utf-8").splitlines()
    assert letter[2] == f"甲局办公室（{GOOD['site_name']}）："
    assert letter[-1] == "2027年1月8日"


# What could not be read


def inbox(folder: Path) -> Path:
    """Make an inbox: a return, and files that are none, some of which say whose they are."""
    place = folder / "inbox"
    for name in ("审计局.pdf", "扫描件.pdf", "丙局/图片1.pdf", "丙局/2026年度报表.xlsx", "0000000077.pdf"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(PDF + name.encode())
    (place / "丁局").mkdir()
    make_return(place / "丁局" / "填报表.xlsx", site_code="0000000009", site_name="丁局网站")
    (place / "丁局" / "附件.zip").write_bytes(b"PK\x03\x04" + b"x" * 100)
    return place


@pytest.mark.parametrize("words", [("--from", "inbox-汇总.xlsx"), ("inbox",)])
def test_a_refused_file_is_answered_with_a_blank(words: Sequence[str], tmp_path: Path) -> None:
    """Whoever can be told by file or folder gets a blank form and why; nobody is told twice, nobody is passed over."""
    inbox(tmp_path)
    say("merge", "inbox", cwd=tmp_path, code=1)
    found = document("return", *words, "-o", "back", cwd=tmp_path, code=1)
    told = {file["file"].removeprefix("inbox/"): file for file in found["files"]}
    assert {name: (file["to"] or {}).get("name") for name, file in told.items()} == {
        "0000000077.pdf": None,
        "丁局/填报表.xlsx": None,
        "丁局/附件.zip": None,
        "丙局/2026年度报表.xlsx": "丙局",
        "丙局/图片1.pdf": "丙局",
        "审计局.pdf": "审计局",
        "扫描件.pdf": None,
    }
    assert told["0000000077.pdf"]["to"]["code"] == "0000000077"
    assert workbooks(tmp_path / "back") == [
        "0000000077（退回1）.xlsx",
        "丙局（退回1）.xlsx",
        "审计局（退回1）.xlsx",
    ]
    assert "从文件名和文件夹看不出是哪个单位的" in told["扫描件.pdf"]["reason"]
    assert "同一单位的" in told["丁局/附件.zip"]["reason"]
    letter = (tmp_path / "back" / "丙局（退回1）.txt").read_text("utf-8")
    assert "丙局：" in letter
    assert all(f"{name}”：文件是 PDF" in letter for name in ("2026年度报表.xlsx", "图片1.pdf"))
    receipt = check(tmp_path / "back" / "审计局（退回1）.xlsx")
    assert receipt.submission is not None
    assert (receipt.submission.identity.year, receipt.submission.values) == (YEAR, {})
    again = document("return", *words, "-o", "back", cwd=tmp_path, code=1)
    assert [file["workbook"] for file in again["files"]] == [None] * 7
    assert [file["sent_before"] for file in again["files"]] == [
        file["workbook"] and Path(file["workbook"]).name for file in found["files"]
    ]


def test_the_blank_that_was_filled_in_ends_it(tmp_path: Path) -> None:
    """Unanswered in the inbox it counts for nothing; filled in it counts, and nothing is asked for once more."""
    place = tmp_path / "inbox"
    place.mkdir()
    (place / "审计局.pdf").write_bytes(PDF)
    found = document("return", "inbox", "-o", "inbox/退回", "--year", str(YEAR), cwd=tmp_path, code=1)
    path = tmp_path / found["files"][0]["workbook"]
    merged = document("merge", "inbox", "--year", str(YEAR), cwd=tmp_path, code=1)
    assert {Path(file["file"]).name: file["status"] for file in merged["files"]} == {
        "审计局.pdf": "refused",
        "审计局（退回1）.txt": "ignored",
        "审计局（退回1）.xlsx": "ignored",
        LOG: "ignored",
    }
    book = openpyxl.load_workbook(path)
    for key in ("site_code", "site_name", "site_url"):
        book[FORM][LAYOUT.cells[FormPath(key)].address].value = GOOD[key]
    book.save(path)
    merged = document("merge", "inbox", "--year", str(YEAR), cwd=tmp_path, code=1)
    assert merged["counts"]["accepted"] == 1
    back_ = document("return", "--from", "inbox-汇总.xlsx", "-o", "again", cwd=tmp_path, code=1)
    (refused,) = (file for file in back_["files"] if file["status"] == "refused")
    assert refused["workbook"] is None
    assert "审计局（退回1）.xlsx 已读出，不另发空白表" in refused["reason"]


def test_without_a_year_no_blank_is_made(tmp_path: Path) -> None:
    """A blank form needs a year; where none is known the file is listed with what to do."""
    place = tmp_path / "inbox"
    place.mkdir()
    (place / "审计局.pdf").write_bytes(PDF)
    (file,) = document("return", "inbox", "-o", "back", cwd=tmp_path, code=1)["files"]
    assert (file["workbook"], file["to"]) == (None, None)
    assert file["reason"].endswith("不知道应填哪张表、哪个年度，无法附空白表；请用 --form 和 --year 写明。")


SAME = "时已说过同样的意见，还在等更正，没有再做一份；确需重做的加 --force。"


def test_what_is_printed_the_second_time(tmp_path: Path) -> None:
    """The clerk is told that nothing was made again, and where the rounds are listed."""
    make_return(tmp_path / "a.xlsx", service_items_online=999)
    say("return", "a.xlsx", "-o", "back", cwd=tmp_path, code=1, GWXL_TODAY="2027-01-12")
    printed = run("return", "a.xlsx", "-o", "back", cwd=tmp_path, LC_ALL="zh_CN.UTF-8")
    assert printed.stdout.splitlines() == [
        f"a.xlsx：第 1 次退回（{SENT_BACK}.xlsx，2027-01-12）{SAME}",
        "共 1 份，退回 0 份 → back",
        "其中 1 份与以前退回的意见相同，没有再做；各轮退回了什么，见该文件夹中的“退回记录.csv”",
    ]


def test_whose_a_return_is_that_does_not_count() -> None:
    """It goes back to the site its workbook was issued to, whatever code was typed; one that counts says it itself."""
    one = receipt(1)
    assert one.submission is not None
    identity = replace(one.submission.identity, site_code="0000000009")
    issued = replace(one, submission=replace(one.submission, identity=identity))
    codes = [addressee_of(report_form(), replace(issued, status=status)).code for status in (Status.HELD, Status.OK)]
    assert codes == ["0000000009", site(1)]
