"""A personal workbook that comes back under another code goes back to its own site, with all it was told."""

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.campaign.issuing import issue_workbooks
from gwxl.campaign.settings import Campaign, load_campaign
from tests.support.campaigns import CELLS, begin, fill_issued, terms_of
from tests.support.command import document, say
from tests.support.submissions import GOOD

ROWS = [(f"000000000{number}", f"某某县第{number}网站", f"{number}@example.org", "", "") for number in (1, 2)]
DAY = "2027-01-15"
BACK = "0000000001-某某县第1网站（退回1）"


@pytest.fixture(scope="module", name="issued")
def _issued(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    campaign = begin(tmp_path_factory.mktemp("issued") / "年报", ROWS, key=True)
    issue_workbooks(terms_of(campaign), campaign)
    return campaign


@pytest.fixture
def campaign(issued: Campaign, tmp_path: Path) -> Campaign:
    """Return a copy of a campaign of two sites whose workbooks went out."""
    shutil.copytree(issued.folder, tmp_path / "年报")
    return load_campaign(tmp_path / "年报")


def played(campaign: Campaign, *arguments: str, code: int) -> Any:
    """Run a command in the folder of a campaign, and return its document."""
    return document(*arguments, cwd=campaign.folder, code=code, GWXL_TODAY=DAY)


def cell(path: Path, key: str) -> tuple[Any, bool]:
    """Return what stands in a field of a workbook, and whether it is locked."""
    place = CELLS[key]
    found = openpyxl.load_workbook(path)[place.sheet].cell(place.row, place.column)
    return found.value, found.protection.locked


@pytest.mark.parametrize("typed", ["0000000002", "00000000011"])
def test_it_keeps_its_answers_and_gets_its_own_code(campaign: Campaign, typed: str) -> None:
    """Another site's, or one with a digit too many: only the code is wrong, and is put right."""
    fill_issued(campaign, 1, "甲.xlsx", site_code=typed)
    played(campaign, "merge", code=1)
    (one,) = played(campaign, "return", code=1)["files"]
    assert (one["to"]["code"], one["to"]["name"]) == ("0000000001", "某某县第1网站")
    workbook = campaign.returns / f"{BACK}.xlsx"
    assert cell(workbook, "site_code") == ("0000000001", True)
    assert cell(workbook, "site_name") == ("某某县第1网站", True)
    assert cell(workbook, "site_page_views") == (GOOD["site_page_views"], False)
    letter = (campaign.returns / f"{BACK}.txt").read_text("utf-8")
    assert f"填 {typed}，而这张表是下发给 0000000001 的，两者应当一致。" in letter
    assert "本表这一格已恢复为下发时的 0000000001，不用再改。" in letter
    assert not any(words in letter for words in ("暂不计入", "再定", "重新填写", "10 位数字"))


def test_it_may_come_back_as_it_was_sent(campaign: Campaign) -> None:
    """Nothing is left to correct: what went back and comes in as it is counts, under its own code."""
    fill_issued(campaign, 1, "甲.xlsx", site_code="0000000002")
    played(campaign, "merge", code=1)
    say("return", cwd=campaign.folder, code=1, GWXL_TODAY=DAY)
    shutil.copy(campaign.returns / f"{BACK}.xlsx", campaign.inbox / "甲改.xlsx")
    merged = played(campaign, "merge", code=0)
    assert [(one["file"], one["status"]) for one in merged["files"]] == [("甲.xlsx", "superseded"), ("甲改.xlsx", "ok")]
    (found, _) = played(campaign, "status", code=1)["sites"]
    assert (found["code"], found["state"]) == ("0000000001", "passed")


def test_another_code_and_name_are_another_site(campaign: Campaign) -> None:
    """Where the name is not the issued one either, nobody knows whose figures they are: none is carried over."""
    fill_issued(campaign, 1, "甲.xlsx", site_code="0000000002", site_name="某某县第2网站")
    played(campaign, "merge", code=1)
    played(campaign, "return", code=1)
    workbook = campaign.returns / f"{BACK}.xlsx"
    assert cell(workbook, "site_code") == ("0000000001", True)
    assert cell(workbook, "site_name") == ("某某县第1网站", True)
    assert cell(workbook, "site_page_views") == (None, False)
    assert "暂不计入" not in (campaign.returns / f"{BACK}.txt").read_text("utf-8")


def test_what_is_right_is_locked_too(campaign: Campaign) -> None:
    """What goes back for another fault keeps code and name as they were issued; a name that was mended stays."""
    fill_issued(campaign, 1, "甲.xlsx", site_unique_visitors=9_999_999)
    fill_issued(campaign, 2, "乙.xlsx", site_unique_visitors=9_999_999, site_name="某某县第二网站")
    played(campaign, "merge", code=1)
    played(campaign, "return", code=1)
    first, second = (campaign.returns / name for name in (f"{BACK}.xlsx", "0000000002-某某县第二网站（退回1）.xlsx"))
    assert [cell(first, key) for key in ("site_code", "site_name")] == [("0000000001", True), ("某某县第1网站", True)]
    assert [cell(second, key) for key in ("site_code", "site_name")] == [
        ("0000000002", True),
        ("某某县第二网站", False),
    ]


def test_a_code_that_was_put_right_is_told_as_corrected(campaign: Campaign) -> None:
    """A workbook filled in anew, its own code in it, has mended that; what is wrong now is told as new."""
    fill_issued(campaign, 1, "甲.xlsx", site_code="0000000002")
    played(campaign, "merge", code=1)
    say("return", cwd=campaign.folder, code=1, GWXL_TODAY=DAY)
    book = openpyxl.load_workbook(campaign.returns / f"{BACK}.xlsx")
    place = CELLS["site_unique_visitors"]
    book[place.sheet].cell(place.row, place.column, 9_999_999)
    book.save(campaign.inbox / "甲改.xlsx")
    played(campaign, "merge", code=1)
    said = say("return", "--lang", "zh", cwd=campaign.folder, code=1, GWXL_TODAY=DAY)
    assert "  与上次相比：已改正 1，已说明 0，仍存在 0，新出现 1，暂无法核验 0" in said.splitlines()
