"""Where the journal of a campaign is gone nobody is written to twice: gwxl issue says so, and begins anew if told."""

from pathlib import Path

import pytest

from gwxl.campaign.issuing import issue_workbooks
from gwxl.campaign.journal import Journal, Prepared
from gwxl.campaign.post.posting import Posting
from gwxl.campaign.settings import Campaign
from tests.support.campaigns import begin, fill_issued, terms_of
from tests.support.command import document, refusal

ROWS = [(f"000000000{number}", f"某某县第{number}网站", f"{number}@example.org", "", "") for number in (1, 2, 3)]
LOST = "里没有下发的记录（可能是文件丢失或换过），而 {} 个单位的专用表看来已经下发过"


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """Return a campaign whose workbooks went out and whose journal was deleted."""
    found = begin(tmp_path / "年报", ROWS)
    issue_workbooks(terms_of(found), found)
    (found.folder / "journal.sqlite").unlink()
    return found


def issue(campaign: Campaign, *arguments: str) -> list[str]:
    """Run gwxl issue and return whom it prepared a workbook for."""
    return [one["code"] for one in document("issue", *arguments, cwd=campaign.folder)["sites"]]


def refuse(campaign: Campaign, *arguments: str) -> str:
    """Run gwxl issue where it says no, and return what it says."""
    return refusal("issue", *arguments, "--lang", "zh", cwd=campaign.folder)


def test_it_is_said_and_begun_anew_on_demand(campaign: Campaign) -> None:
    """Whose workbook lies there is unclear from then on; whoever has none gets one; the journal is there again."""
    (campaign.outbox / "0000000003-某某县第3网站.xlsx").unlink()
    (campaign.outbox / "0000000003-某某县第3网站.eml").unlink()
    for arguments in ([], ["--again", "0000000001"], ["--dry-run"]):
        assert LOST.format(2) in refuse(campaign, *arguments)
    assert not (campaign.folder / "journal.sqlite").exists() or Journal(campaign.folder).entries(Prepared) == ()
    assert issue(campaign, "--new-journal", "--dry-run") == ["0000000003"]
    assert issue(campaign, "--new-journal") == ["0000000003"]
    noted = Journal(campaign.folder)
    assert sorted(one.code for one in noted.entries(Prepared)) == [row[0] for row in ROWS]
    assert [(one.code, one.state) for one in noted.entries(Posting)] == [
        ("0000000001", "sending"),
        ("0000000002", "sending"),
    ]
    assert issue(campaign) == []
    assert "还在，不用重新开始" in refuse(campaign, "--new-journal")


def test_returns_tell_that_something_was_issued(campaign: Campaign) -> None:
    """Though the outbox was cleared, a summary knows whose workbook came back."""
    fill_issued(campaign, 2, "乙.xlsx")
    document("merge", cwd=campaign.folder)
    for path in campaign.outbox.iterdir():
        path.unlink()
    assert LOST.format(1) in refuse(campaign)
    assert issue(campaign, "--new-journal") == [row[0] for row in ROWS]
    (posting,) = Journal(campaign.folder).entries(Posting)
    assert (posting.code, posting.state, posting.round) == ("0000000002", "sending", 1)


def test_a_run_that_was_broken_off_goes_on(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """That a journal was begun is noted before anything is written, so that no kill looks like a loss."""
    for path in campaign.outbox.iterdir():
        path.unlink()
    with monkeypatch.context() as broken:
        broken.setattr("gwxl.campaign.issuing._Writer.write", _break)
        with pytest.raises(KeyboardInterrupt):
            issue_workbooks(terms_of(campaign), campaign)
    (campaign.outbox / "0000000001-某某县第1网站.xlsx").write_bytes(b"")
    assert "已有这个文件，没有覆盖" in refuse(campaign)
    (campaign.outbox / "0000000001-某某县第1网站.xlsx").unlink()
    assert issue(campaign) == [row[0] for row in ROWS]


def _break(*_arguments: object, **_more: object) -> None:
    raise KeyboardInterrupt
