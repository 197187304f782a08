"""The sample inbox, merged by the real command: nothing lost, and said what is expected."""

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gwxl.batch.files import list_files
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.opening import read_book
from tests.support.command import run
from tests.support.sources import ROOT

INBOX = ROOT / "samples" / "inbox"
EXPECTED = ROOT / "samples" / "expected" / "merge.json"


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Merge a copy of the inbox and return the JSON document."""
    folder = tmp_path_factory.mktemp("samples")
    shutil.copytree(INBOX, folder / "inbox")
    result = run("merge", "inbox", "-o", "summary.xlsx", "--json", cwd=folder, cold=True, GWXL_TODAY="2027-02-01")
    assert (result.returncode, result.stderr) == (1, "")
    assert (folder / "summary.xlsx").is_file()
    assert (folder / "inbox-待决.xlsx").is_file()
    document: dict[str, Any] = json.loads(result.stdout)
    return document


@cache
def read_expected() -> dict[str, Any]:
    """Return what the committed expectation says."""
    document: dict[str, Any] = json.loads(EXPECTED.read_text("utf-8"))
    return document


def test_merge_says_what_is_expected(merged: dict[str, Any]) -> None:
    """The whole document, place of the outputs apart, is the committed one."""
    assert {name: value for name, value in merged.items() if name not in {"summary", "decisions"}} == read_expected()


def test_every_file_is_accounted_for(merged: dict[str, Any]) -> None:
    """Each file of the inbox stands in the document, and the counts add up."""
    assert {one["file"] for one in merged["files"]} == {found.name for found in list_files(INBOX)}
    counts = merged["counts"]
    fates = ("accepted", "held", "rejected", "superseded", "refused", "ignored")
    assert counts["received"] == len(merged["files"]) == sum(counts[fate] for fate in fates)
    assert counts["accepted"] == counts["passed"] + counts["errors"] + counts["verify"]


@pytest.mark.parametrize(
    ("name", "status", "ids"),
    [
        ("01-示例市政府门户网站.xlsx", "ok", []),
        ("11-漏填四项.xlsx", "findings", ["A06", "A10", "A10", "A10"]),
        ("12-全程在线大于事项总数.xlsx", "findings", ["B08"]),
        ("13-访客大于点击.xlsx", "findings", ["B01a"]),
        ("14-数字写成1.2万.xlsx", "findings", ["A09"]),
        ("16-无新媒体却填了微博.xlsx", "findings", ["B20"]),
        ("18-办结大于收到（未说明）.xlsx", "findings", ["B13"]),
        ("19-勾选其他未注明.xlsx", "findings", ["B26a"]),
        ("20-标识码位数不对.xlsx", "findings", ["A05"]),
        ("21-示例市审计局.xlsx", "superseded", []),
        ("22-示例市体育局 - 副本.xlsx", "superseded", []),
        ("26-公式没有存值.xlsx", "findings", ["A09"]),
        ("27-改了项目名称.xlsx", "held", ["L05"]),
        ("28-报成上一年度.xlsx", "held", ["A12"]),
        ("41-发错的表.xlsx", "refused", ["no_form"]),
        ("42-没有传完.xlsx", "refused", ["truncated"]),
        ("43-加了密码.xlsx", "refused", ["encrypted"]),
        ("44-空文件.xlsx", "refused", ["empty"]),
        ("45-其实是网页.xls", "refused", ["html"]),
        ("46-只有扫描件.pdf", "refused", ["pdf"]),
        ("31-示例市地震局（盖章扫描件）.pdf", "ignored", []),
        ("~$01-示例市政府门户网站.xlsx", "ignored", []),
    ],
)
def test_each_common_mistake_is_named(merged: dict[str, Any], name: str, status: str, ids: list[str]) -> None:
    """What needs somebody to act is found, and nothing beside it."""
    (one,) = [entry for entry in merged["files"] if entry["file"] == name]
    to_do = [one["id"] for one in one["findings"] if one["severity"] != "hint" and not one["settled"]]
    assert (one["status"], [] if status == "superseded" else to_do) == (status, ids)


@pytest.mark.parametrize("name", ["24-插入了一行.xlsx", "23-工作表改名.xlsx", "25-粘贴到新工作簿.xlsx"])
def test_accidents_lose_no_value(merged: dict[str, Any], name: str) -> None:
    """A moved or renamed form is read as if nothing had happened: no error, every total takes part."""
    (one,) = [entry for entry in merged["files"] if entry["file"] == name]
    assert one["status"] == "findings"
    assert [finding["id"] for finding in one["findings"] if finding["severity"] == "error"] == []


def test_archive_members_have_their_chinese_names(merged: dict[str, Any]) -> None:
    """Names packed as GBK are read as GBK; the archive itself does not count."""
    members = [one["member"] for one in merged["files"] if one["file"].endswith(".zip")]
    assert members == ["示例市外事局.xlsx", "示例市物价局.xlsx"]


def test_totals_can_be_added_up_by_hand(merged: dict[str, Any]) -> None:
    """A total is the sum over the accepted returns whose figure counts: 1.2万 does not."""
    total = merged["totals"]["site_unique_visitors"]
    assert (total["n"], total["of"]) == (merged["counts"]["accepted"] - 1, merged["counts"]["accepted"])


def test_four_samples_were_saved_by_libreoffice() -> None:
    """Some of the samples come from a real spreadsheet program."""
    saved = [path.name for path in sorted(INBOX.glob("*.xlsx")) if _program(path).startswith("LibreOffice")]
    assert len(saved) >= 4


def _program(path: Path) -> str:
    try:
        return read_book(admit(path)).program or ""
    except Exception:  # noqa: BLE001 - the samples that cannot be read have no program
        return ""
