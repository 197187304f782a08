"""A return that a clerk turned down: a status of its own, sent back, in every count."""

from dataclasses import replace
from pathlib import Path

import pytest

from gwxl.batch.rejecting import reject, return_to_sender
from gwxl.records.finding import Severity
from gwxl.records.submission import Status
from gwxl.summary.stored.workbook import open_summary
from tests.support.batches import batch, receipt, report_form
from tests.support.command import document, say
from tests.support.decided import fill_in
from tests.support.inboxes import decide, merge, send, site


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("表填错了", "经办人决定不采用：表填错了。"),
        (" 表填错了。 ", "经办人决定不采用：表填错了。"),
        ("", "经办人决定不采用。年度不符。"),
        ("。", "经办人决定不采用。年度不符。"),
    ],
)
def test_the_reason_is_a_whole_sentence(words: str, reason: str) -> None:
    """Without a reason of the clerk's it says what the return was held for; no mark dangles."""
    held = replace(receipt(1), status=Status.HELD, reason="年度不符。")
    down = reject(report_form(), held, words)
    assert (down.status, down.reason, down.submission) == (Status.REJECTED, reason, held.submission)


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        (" 总数相差太多。 ", Status.OK, "经办人退回：总数相差太多。"),
        ("总数相差太多；", Status.FINDINGS, "经办人退回：总数相差太多。"),
        ("。", Status.OK, "经办人退回，请核对改正后重新报送。"),
        ("总数相差太多。", Status.HELD, "经办人退回：总数相差太多。"),
        ("", Status.HELD, "经办人退回，请核对改正后重新报送。年度不符。"),
    ],
)
def test_what_is_sent_back_says_why(words: str, status: Status, reason: str) -> None:
    """One that counted bears the reason as an error of its own; of one that was held, what held it is told as well."""
    old = replace(receipt(1), status=status, reason="年度不符。" if status is Status.HELD else "")
    back = return_to_sender(report_form(), old, words)
    assert (back.status, back.reason, back.submission) == (Status.REJECTED, reason, old.submission)
    told = [(one.id, one.severity, one.arguments["message"]) for one in back.findings if one not in old.findings]
    assert told == ([] if status is Status.HELD else [("D07", Severity.ERROR, reason)])


def test_it_counts_as_received_and_as_nothing_else() -> None:
    """Received is accepted + held + rejected + superseded + refused + ignored."""
    down = reject(report_form(), replace(receipt(2), status=Status.HELD), "")
    counts = batch(receipt(1), down).counts
    assert (counts.received, counts.accepted, counts.held, counts.rejected) == (2, 1, 0, 1)


def test_a_rejected_return_goes_back_with_the_reason(tmp_path: Path) -> None:
    """It is held, turned down, told in terminal, JSON and summary, and sent back; nothing of it is open any more."""
    inbox = tmp_path / "inbox"
    for number in (1, 2):
        send(inbox, f"{number}.xlsx", **site(number))
    send(inbox, "3.xlsx", year=2025, **site(3))
    decide(merge(inbox), {"3.xlsx": "不接受"})
    merged = document("merge", "inbox", cwd=tmp_path, code=1)
    (told,) = (file for file in merged["files"] if file["file"] == "3.xlsx")
    assert (told["status"], told["sheet"]) == ("rejected", "填报表")
    assert told["reason"].startswith("经办人决定不采用。报的是 2025 年度")
    assert {name: merged["counts"][name] for name in ("received", "accepted", "held", "rejected")} == {
        "received": 3,
        "accepted": 2,
        "held": 0,
        "rejected": 1,
    }
    lines = say("merge", "inbox", cwd=tmp_path, code=1).splitlines()
    assert "received 3 = accepted 2 + held 0 + rejected 1 + superseded 0 + refused 0 + ignored 0" in lines
    assert lines[lines.index("rejected (1):") + 1].startswith("  3.xlsx: ")
    cells = {
        cell.text for sheet in open_summary(tmp_path / "inbox-汇总.xlsx").book.sheets for cell in sheet.cells.values()
    }
    assert {"收到 3 = 采用 2 + 待决 0 + 不采用 1 + 被替代 0 + 拒收 0 + 忽略 0", "不采用"} <= cells
    back = document("return", "--from", "inbox-汇总.xlsx", "-o", "back", cwd=tmp_path, code=1)
    (sent,) = (file for file in back["files"] if file["workbook"])
    assert (sent["file"], sent["status"]) == ("3.xlsx", "rejected")
    letter = (tmp_path / sent["letter"]).read_text("utf-8")
    assert "经办人决定不采用" in letter
    assert "：。" not in letter


def test_what_a_clerk_sends_back_keeps_its_answers(tmp_path: Path) -> None:
    """One that counted until then goes back with her reason in its letter, every value in its place."""
    inbox = tmp_path / "inbox"
    send(inbox, "1.xlsx", **site(1), site_page_views="12.3万", release_total=702)
    merged = merge(inbox)
    assert merged.decisions is not None
    fill_in(merged.decisions, lambda _: {"decision": "退回", "reason": "总数与去年相差太多"})
    after = document("merge", "inbox", cwd=tmp_path, code=1)
    assert (after["counts"]["accepted"], after["counts"]["rejected"]) == (0, 1)
    assert {(one["verb"], one["effect"]) for one in after["cases"]} == {
        ("return", "已照办：不计入，由 gwxl return 退回")
    }
    back = document("return", "--from", "inbox-汇总.xlsx", "-o", "back", cwd=tmp_path, code=1)
    (sent,) = back["files"]
    assert "经办人退回：总数与去年相差太多。" in (tmp_path / sent["letter"]).read_text("utf-8")
    (again,) = document("check", sent["workbook"], cwd=tmp_path, code=1)["files"]
    assert again["values"]["release_total"] == 702
