"""Names of received files: no two receipts are shown alike, and no name alone makes a return a leftover."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from gwxl.batch.files import find_files
from gwxl.batch.inbox import Inbox, read_files
from gwxl.form.identity import issue_identity
from gwxl.merging import merge
from gwxl.records.period import Period
from gwxl.records.submission import Status
from gwxl.summary.stored.listing import read_listing
from gwxl.terms import Terms
from tests.support.command import say
from tests.support.submissions import GOOD, report_form, report_rules
from tests.support.workbooks import zip_parts
from tests.support.written import write_template

FORM = "website_annual_report"
SHELL_LINK = bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(300)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Write a complete return and give its bytes."""
    path = tmp_path_factory.mktemp("names") / "a.xlsx"
    write_template(report_rules(), path, identity=issue_identity(report_form(), period=Period(2026)), answers=GOOD)
    return path.read_bytes()


def put(folder: Path, files: Mapping[str | bytes, bytes]) -> Path:
    """Put files of these names, also in bytes, into a folder."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as stream:  # noqa: PTH118, PTH123
            stream.write(data)
    return folder


ODD: dict[str | bytes, str] = {
    "甲局.xlsx": "甲局.xlsx",
    "甲局.xlsx".encode("gbk"): "\\xbc\\u05fe\\xd6.xlsx",
    "甲局\u200b.xlsx": "甲局\\u200b.xlsx",
    "乙局.xlsx".encode("gbk"): "乙局.xlsx",
    b"\xff.xlsx": "\\xff.xlsx",
    b"\xfe.xlsx": "\\xfe.xlsx",
    "\u00e9.xlsx": "\u00e9.xlsx",
    "e\u0301.xlsx": "e\\u0301.xlsx",
    "X.xlsx": "X.xlsx",
    "x.xlsx": "x.xlsx",
}


def test_odd_names_are_told_apart_everywhere(tmp_path: Path) -> None:
    """Terminal, JSON and summary show each of ten files under the one name that is its own."""
    inbox = put(tmp_path / "收件箱", dict.fromkeys(ODD, b"x"))
    wanted = sorted(ODD.values())
    merged = say("merge", inbox, "-o", "s.xlsx", "--json", cwd=tmp_path, code=1)
    assert sorted(one["file"] for one in json.loads(merged)["files"]) == wanted
    screen = say("merge", inbox, "-o", "s.xlsx", cwd=tmp_path, code=1)
    assert sorted(line.split()[0].removesuffix(":") for line in screen.splitlines() if line.startswith("  ")) == wanted
    assert sorted(file for file, _, _ in read_listing(tmp_path / "s.xlsx").files) == wanted
    checked = json.loads(say("check", inbox, "--json", cwd=tmp_path, code=1))["files"]
    assert sorted(one["file"] for one in checked) == sorted(f"{inbox}/{name}" for name in wanted)


def test_members_are_told_apart(tmp_path: Path, whole: bytes) -> None:
    """Members whose names differ in case or in bytes of no encoding are receipts of their own."""
    data = zip_parts({"A.xlsx": whole, "a.xlsx": b"x", "00000.xlsx": b"y", "11111.xlsx": b"z"})
    data = data.replace(b"00000", b"\xff\xfe\xff\xfe1").replace(b"11111", b"\xff\xfe\xff\xfe2")
    read = Inbox(put(tmp_path / "in", {"a.zip": data}), Terms(FORM)).read()
    told = {one.source.member: one.status for one in read}
    assert told == {
        "A.xlsx": Status.OK,
        "a.xlsx": Status.REFUSED,
        "\\xff\\xfe\\xff\\xfe1.xlsx": Status.REFUSED,
        "\\xff\\xfe\\xff\\xfe2.xlsx": Status.REFUSED,
    }


def test_sheets_are_told_apart(tmp_path: Path, whole: bytes) -> None:
    """Two form sheets whose titles differ in what nobody sees alone are named with the difference."""
    path = put(tmp_path / "in", {"a.xlsx": whole}) / "a.xlsx"
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["填报表"]).title = "填报表\u200b"
    book.save(path)
    (read,) = read_files(find_files([path]), Terms(FORM))
    assert sorted(one.source.sheet or "" for one in read) == ["填报表", "填报表\\u200b"]


def fate(folder: Path) -> tuple[str, str]:
    """Return status of the one file of an inbox, and why it was refused."""
    (one,) = Inbox(folder, Terms(FORM)).read()
    assert one.status is not Status.IGNORED or one.reason == "程序或系统留下的临时文件，不是报送材料"
    return str(one.status), "".join(finding.id for finding in one.findings) if one.status is Status.REFUSED else ""


UNFINISHED = [
    "甲局.xlsx.crdownload",
    "甲局.xlsx.part",
    "甲局.xlsx.partial",
    "甲局.xlsx.download",
    "甲局.xlsx.filepart",
    "甲局.xlsx.td",
    ".甲局.xlsx.part",
    "未确认 1234.crdownload",
    "甲局.xlsx.tmp",
    "5A3C1B00.TMP",
]


@pytest.mark.parametrize("name", UNFINISHED)
def test_an_unfinished_name(tmp_path: Path, whole: bytes, name: str) -> None:
    """All of a return is one whatever its name; a part of one is refused as unfinished, never called temporary."""
    assert fate(put(tmp_path / "whole", {name: whole})) == ("ok", "")
    assert fate(put(tmp_path / "half", {name: whole[:9000]})) == ("refused", "unfinished")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("甲局.xlsx.lnk", SHELL_LINK, "shortcut"),
        ("甲局.xlsx.lnk", b"", "shortcut"),
        ("甲局.url", b"[InternetShortcut]\r\nURL=http://example.gov.cn/a.xlsx\r\n", "shortcut"),
        ("甲局.gsheet", b'{"url": "https://example.org"}', "shortcut"),
        (".甲局.xlsx.icloud", b"bplist00\xd3NSURLNameKey", "placeholder"),
        ("甲局.xlsx.crdownload", b"", "unfinished"),
        ("甲局.pdf.tmp", b"%PDF-1.4\n", "pdf"),
    ],
)
def test_what_stands_for_a_return_is_refused(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    """A shortcut, a placeholder, an empty download: the sender is named, with what to do."""
    assert fate(put(tmp_path / "in", {name: data})) == ("refused", reason)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("~$甲局.xlsx", b"\x05user" + bytes(160)),
        ("甲局.tmp", b""),
        ("甲局.tmp", bytes(512)),
        ("~WRL0003.tmp", b"\x01\x02" * 300),
        ("~DF12.tmp", b""),
        ("._甲局.xlsx.part", b"\0\5\x16\7" + bytes(80)),
    ],
)
def test_what_programs_leave_is_ignored(tmp_path: Path, name: str, data: bytes) -> None:
    """Lock files and drafts that hold nothing are nobody's, in a folder and in an archive."""
    assert fate(put(tmp_path / "in", {name: data})) == ("ignored", "")
    assert fate(put(tmp_path / "zip", {"a.zip": zip_parts({name: data})})) == ("ignored", "")


def test_all_of_a_return_in_a_programs_draft_counts(tmp_path: Path, whole: bytes) -> None:
    """A draft that a program did not get to rename holds what was saved."""
    assert fate(put(tmp_path / "in", {"~WRL0003.tmp": whole})) == ("ok", "")
    assert fate(put(tmp_path / "zip", {"a.zip": zip_parts({"甲/甲局.tmp": whole})})) == ("ok", "")


def test_a_scan_in_an_inbox(tmp_path: Path, whole: bytes) -> None:
    """Merged, a scan of the sender is done with; one that says nobody's name keeps the merge open."""
    inbox = put(tmp_path / "收件箱", {"a.xlsx": whole, f"{GOOD['site_name']}（盖章）.pdf": b"%PDF-1.4\n"})
    merged = merge(Terms(FORM), inbox)
    assert (merged.batch.counts.refused, merged.batch.counts.ignored) == (0, 1)
    put(inbox, {"政府网站工作年度报表（2026年度）.pdf": b"%PDF-1.4\n"})
    assert merge(Terms(FORM), inbox).batch.counts.refused == 1
    say("merge", inbox, cwd=tmp_path, code=1)
