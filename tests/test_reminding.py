"""gwxl remind: who is missing and who has not corrected, once a day, and the superiors of both."""

import email
import email.policy
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from gwxl.campaign.issuing import issue_workbooks
from gwxl.campaign.journal import Journal
from gwxl.campaign.mail_draft import MailDraft
from gwxl.campaign.reminding.drafting import MAIL, Reminded
from tests.support.campaigns import begin, terms_of
from tests.support.command import document, refusal, say
from tests.support.inboxes import send, site
from tests.support.mails import report

ROWS = [
    ("0000000001", "某某县第1网站", "a@example.org；a2@example.org", "0000-1", ""),
    ("0000000002", "某某县第2网站", "b@example.org", "0000-2", "0000000001"),
    ("0000000003", "某某县第3网站", "", "0000-3", "0000000001"),
    ("0000000004", "某某县第4网站", "d@example.org", "", ""),
]
DAY = "2027-01-15"
SENT_BACK = "0000000002-某某县第2网站（退回1）.xlsx"


def played(folder: Path, *arguments: str, day: str = DAY, code: int = 0) -> list[str]:
    """Run a command in the folder of a campaign on a day, and return its lines."""
    return say(*arguments, "--lang", "zh", cwd=folder, code=code, GWXL_TODAY=day).splitlines()


def reminded(folder: Path, *arguments: str, day: str = DAY) -> Mapping[str, Any]:
    """Return what a run of gwxl remind tells."""
    return document("remind", *arguments, cwd=folder, GWXL_TODAY=day)


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play a campaign of four: one passed, one has faults and a raw text in it, two are missing."""
    campaign = begin(tmp_path_factory.mktemp("merged") / "年报", ROWS)
    issue_workbooks(terms_of(campaign), campaign)
    send(campaign.inbox, "a.xlsx", **site(1))
    send(campaign.inbox, "b.xlsx", **site(2), service_items_online=999, site_unique_visitors="约1.2万请看<b>")
    played(campaign.folder, "merge", code=1)
    return campaign.folder


@pytest.fixture
def folder(merged: Path, tmp_path: Path) -> Path:
    """Return a copy of the campaign."""
    return shutil.copytree(merged, tmp_path / "年报")


def mail_of(folder: Path, name: str) -> EmailMessage:
    """Read a draft as mail programs do."""
    return email.message_from_bytes((folder / "outbox" / name).read_bytes(), policy=email.policy.default)


def words(mail: EmailMessage) -> str:
    """Return the text of a mail."""
    body = mail.get_body()
    assert body is not None
    return str(body.get_content())


def attached(mail: EmailMessage) -> Sequence[str | None]:
    """Return the names of what is attached."""
    return [one.get_filename() for one in mail.iter_attachments()]


def test_who_is_reminded_of_what(folder: Path) -> None:
    """Missing: with its own workbook; sent back: with what is open and the workbook that went; nobody else."""
    before = reminded(folder, "--dry-run")
    assert [(one["code"], one["about"]) for one in before["mails"]] == [
        ("0000000003", "missing"),
        ("0000000004", "missing"),
    ]
    assert before["not_sent_back"] == ["0000000002"]
    played(folder, "return", code=1)
    lines = played(folder, "remind", day="2027-01-22")
    assert lines == [
        "截止日期 2027年1月20日 已经过了，信里写的是请尽快报送；要延期的，先改截止日期再运行",
        "已生成 3 封催报邮件 → outbox",
        "  0000000002 某某县第2网站：2027-01-15 退回，未改 → 0000000002-某某县第2网站（催报2027-01-22）.eml",
        "  0000000003 某某县第3网站：未报 → 0000000003-某某县第3网站（催报2027-01-22）.eml",
        "  0000000004 某某县第4网站：未报 → 0000000004-某某县第4网站（催报2027-01-22）.eml",
        "0000000003 某某县第3网站 没有邮箱，草稿没有写收件人；电话：0000-3",
        "下一步：用邮件程序打开 outbox 中的 .eml，核对后发送",
    ]
    mail = mail_of(folder, "0000000002-某某县第2网站（催报2027-01-22）.eml")
    assert (mail["To"], mail["X-Unsent"]) == ("b@example.org", "1")
    assert mail["Subject"] == "请改正并重新报送政府网站工作年度报表（2026年度）（某某县第2网站）"
    text = words(mail)
    assert "已于2027年1月15日退回" in text
    assert "报送时间（2027年1月20日）已过" in text
    assert "1. D14 “独立用户访问总量”：数量应为整数\n" in text
    assert "2. D35 “可全程在线办理政务服务事项数量”：可全程在线办理事项不超过事项总数\n" in text
    assert not any(raw in text for raw in ("1.2万", "999", "请看", "<b>"))
    assert attached(mail) == [SENT_BACK]
    (attachment,) = mail.iter_attachments()
    assert attachment.get_content() == (folder / "returns" / SENT_BACK).read_bytes()
    missing = mail_of(folder, "0000000004-某某县第4网站（催报2027-01-22）.eml")
    assert missing["Subject"] == "请尽快报送政府网站工作年度报表（2026年度）（某某县第4网站）"
    assert "已过，请尽快报送" in words(missing)
    assert attached(missing) == ["0000000004-某某县第4网站.xlsx"]


def test_once_a_day(folder: Path) -> None:
    """The journal knows who was reminded; the next day, or aloud, it is done again; a broken run goes on."""
    file = "0000000004-某某县第4网站（催报2027-01-15）.eml"
    first = reminded(folder, "--only", "0000000004")
    assert [one["file"] for one in first["mails"]] == [file]
    data = (folder / "outbox" / file).read_bytes()
    second = reminded(folder)
    assert ([one["code"] for one in second["mails"]], second["earlier"]) == (["0000000003"], 1)
    assert [one["code"] for one in reminded(folder, "--again")["mails"]] == ["0000000003", "0000000004"]
    assert [one["code"] for one in reminded(folder, day="2027-01-16")["mails"]] == ["0000000003", "0000000004"]
    noted = Journal(folder).entries(Reminded)
    assert [(one.code, one.about, one.day, one.mail) for one in noted[:2]] == [
        ("0000000004", "missing", DAY, "d@example.org"),
        ("0000000003", "missing", DAY, ""),
    ]
    with sqlite3.connect(
        Journal(folder).path
    ) as database:  # as a run leaves it that was killed before it noted anything
        database.execute("DELETE FROM reminded")
    database.close()
    assert len(reminded(folder)["mails"]) == 2
    assert (folder / "outbox" / file).read_bytes() == data
    assert "has no code 0000000005; did you mean" in refusal("remind", "--only", "0000000005", cwd=folder)


def test_superiors_are_told_who_is_open(folder: Path) -> None:
    """One mail each, which lists those right below; who has none is named; the day's other mails stay."""
    played(folder, "return", code=1)
    reminded(folder)
    lines = played(folder, "remind", "--escalate")
    assert lines[:3] == [
        "已生成 1 封催报邮件 → outbox",
        "  0000000001 某某县第1网站：所属 2 个单位未完成 → 0000000001-某某县第1网站（督促2027-01-15）.eml",
        "1 个单位名册中没有写上级，无处可转：0000000004",
    ]
    mail = mail_of(folder, "0000000001-某某县第1网站（督促2027-01-15）.eml")
    assert mail["To"] == "a@example.org, a2@example.org"
    text = words(mail)
    assert "1. 某某县第2网站（0000000002）：已退回（2027年1月15日），尚未改正重报\n" in text
    assert "2. 某某县第3网站（0000000003）：未报\n" in text
    assert attached(mail) == []
    assert reminded(folder, "--escalate")["earlier"] == 1


def test_the_office_may_change_the_words(folder: Path) -> None:
    """A template in the folder of the campaign takes the place of the shared one."""
    (folder / MAIL).write_text("{{ about }}\n\n{{ site.name }} {{ items|length }} {{ late }}", "utf-8")
    reminded(folder, "--only", "0000000004")
    mail = mail_of(folder, "0000000004-某某县第4网站（催报2027-01-15）.eml")
    assert (mail["Subject"], words(mail)) == ("missing", "某某县第4网站 0 False\n")


def test_a_log_cannot_send_other_files_out(folder: Path) -> None:
    """The log beside the returns may be anybody's: what it names elsewhere, or by a link, is attached to nothing."""
    played(folder, "return", code=1)
    log = folder / "returns" / "退回记录.csv"
    text = log.read_text("utf-8-sig")
    (folder / "campaign（退回1）.xlsx").write_text("a secret", "utf-8")
    log.write_text(text.replace(SENT_BACK, "../campaign（退回1）.xlsx"), "utf-8-sig")
    assert reminded(folder, "--only", "0000000002")["mails"][0]["attached"] is None
    log.write_text(text, "utf-8-sig")
    (folder / "returns" / SENT_BACK).unlink()
    (folder / "returns" / SENT_BACK).symlink_to(folder / "campaign（退回1）.xlsx")
    assert reminded(folder, "--only", "0000000002", "--again")["mails"][0]["attached"] is None


def test_a_mail_without_an_attachment() -> None:
    """It has a text and nothing else."""
    data = MailDraft(office="办", sender="a@b.cn", to=("c@d.cn",), subject="题", text="文\n").data()
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    assert (words(mail), attached(mail)) == ("文\n", [])


def test_nobody_is_reminded_while_files_wait(folder: Path) -> None:
    """What is missing may lie in the inbox: a merge comes first, and nothing is written."""
    send(folder / "inbox", "c.xlsx", **site(3))
    before = sorted(path.name for path in (folder / "outbox").iterdir())
    line = refusal("remind", cwd=folder, GWXL_LANG="en", GWXL_TODAY=DAY)
    assert "1 files in inbox are not merged yet" in line
    assert sorted(path.name for path in (folder / "outbox").iterdir()) == before


def test_who_is_not_to_be_reminded_is_told_why(folder: Path) -> None:
    """A site that is named says how it stands where nothing is due; nobody at all is said to be so."""
    assert played(folder, "remind", "--only", "0000000001", "--only", "0000000002") == [
        "已生成 0 封催报邮件 → outbox",
        "  0000000001 某某县第1网站：已通过，不用催报",
        "  0000000002 某某县第2网站：已报，有错误，还没有退回：先运行 gwxl return",
    ]
    send(folder / "inbox", "c.xlsx", year=2025, **site(3))
    (folder / "county").mkdir()
    send(folder / "county", "d.xlsx", **site(4), messages_resolved=9999)
    played(folder, "merge", "county", "--year", "2026", "-o", "县汇总.xlsx", code=1)
    played(folder, "merge", "县汇总.xlsx", code=1)
    assert played(folder, "remind", "--only", "0000000003", "--only", "0000000004") == [
        "已生成 0 封催报邮件 → outbox",
        "  0000000003 某某县第3网站：已报，待决：由你填写待决事项，不用催报",
        "  0000000004 某某县第4网站：经 县汇总.xlsx 报来，待核实：请告知下级",
    ]
    assert "另有 1 个单位的报表有问题，还没有退回，先用 gwxl return 退回" in played(folder, "remind")
    (folder / "inbox" / "b.xlsx").unlink()
    send(folder / "inbox", "b.xlsx", **site(2))
    (folder / "inbox" / "c.xlsx").unlink()
    send(folder / "inbox", "c.xlsx", **site(3))
    played(folder, "merge", "县汇总.xlsx", code=1)
    assert played(folder, "remind") == [
        "已生成 0 封催报邮件 → outbox",
        "没有要催的：应报的都已报送，退回的都已改正",
    ]


def test_what_the_clerk_decides_is_not_to_be_sent_back_first(folder: Path) -> None:
    """Two versions of a site that differ are no reason to run gwxl return, which makes nothing of them."""
    (folder / "inbox" / "a.xlsx").unlink()
    send(folder / "inbox", "a.xlsx", **site(1), report_date=date(2027, 1, 5))
    send(folder / "inbox", "a2.xlsx", **site(1), site_page_views=1_300_000, report_date=date(2027, 1, 6))
    (folder / "inbox" / "b.xlsx").unlink()
    played(folder, "merge", code=1)
    assert not [line for line in played(folder, "remind", "--dry-run") if "gwxl return" in line]
    assert played(folder, "remind", "--only", "0000000001")[1:] == [
        "  0000000001 某某县第1网站：已报，与别的报表比对后待核实：由你填写待决事项，不用催报"
    ]


def test_a_blank_workbook_is_called_blank(folder: Path) -> None:
    """What goes along with a scan that could not be read holds no answers, and the mail does not say so."""
    (folder / "inbox" / "0000000004").mkdir()
    (folder / "inbox" / "0000000004" / "扫描.pdf").write_bytes(b"%PDF-1.4 scan")
    played(folder, "merge", code=1)
    played(folder, "return", code=1)
    played(folder, "remind")
    blank = words(mail_of(folder, "0000000004-某某县第4网站（催报2027-01-15）.eml"))
    assert "附件“0000000004（退回1）.xlsx”是空白表，请填好后保存为 .xlsx 格式。" in blank
    assert "已填的内容都在" not in blank
    filled = words(mail_of(folder, "0000000002-某某县第2网站（催报2027-01-15）.eml"))
    assert f"请在附件“{SENT_BACK}”中改正（已填的内容都在，需要改的各格已标出）。" in filled


def test_an_address_that_bounced_is_named(folder: Path, tmp_path: Path) -> None:
    """Another mail there would not arrive either; what another site's did is no matter."""
    failed = ["Final-Recipient: rfc822; D@example.org", "Action: failed", "Status: 5.1.1"]
    (tmp_path / "bounce.eml").write_bytes(report("delivery-status", ["Reporting-MTA: dns; x"], failed))
    say("collect", tmp_path / "bounce.eml", cwd=folder, code=1)
    words = "0000000004 某某县第4网站 的邮箱 d@example.org 退过信：请先核对名册第 5 行；"
    assert [line for line in played(folder, "remind") if "退过信" in line] == [
        f"{words}改正后原来的表没有收到的，用 gwxl issue --again 0000000004 重新下发"
    ]
    assert reminded(folder, "--again")["bounced"] == ["0000000004"]


def test_who_has_no_workbook_is_named(folder: Path) -> None:
    """A reminder goes without one where none was issued, or it is gone."""
    (folder / "outbox" / "0000000004-某某县第4网站.xlsx").unlink()
    lines = played(folder, "remind", "--dry-run")
    assert "1 个单位没有专用表可附（没有用 gwxl issue 下发，或者不在 outbox 中）：0000000004" in lines


def test_a_file_in_the_way_is_named_with_what_helps(folder: Path) -> None:
    """No option of the command replaces it, and none is named."""
    (folder / "outbox" / "0000000004-某某县第4网站（催报2027-01-15）.eml").write_bytes(b"")
    line = refusal("remind", "--only", "0000000004", "--lang", "zh", cwd=folder, GWXL_TODAY=DAY)
    assert line.endswith("已有这个文件，没有覆盖；请先把它移走或改名，再运行一次")


def test_after_the_deadline_letters_ask_for_no_day_that_is_past(folder: Path) -> None:
    """What is issued or sent back then says that it has passed, and so does the terminal."""
    told = "截止日期 2027年1月20日 已经过了"
    issued = played(folder, "issue", "--again", "0000000004", day="2027-01-21")
    assert issued[0].startswith(told)
    text = words(mail_of(folder, "0000000004-某某县第4网站.eml"))
    assert "一、报送时间：2027年1月20日已过，请尽快报送。" in text
    assert played(folder, "return", day="2027-01-21", code=1)[0].startswith(told)
    letter = (folder / "returns" / SENT_BACK).with_suffix(".txt").read_text("utf-8")
    assert "保存为 .xlsx，尽快报送至 report@example.org（报送时间 2027年1月20日 已过）。" in letter
    assert not any(line.startswith(told) for line in played(folder, "return", day="2027-01-21", code=1))
