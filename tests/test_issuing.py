"""gwxl issue: each site its workbook and mail, once, whatever breaks a run off."""

import email
import email.policy
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.campaign import issuing
from gwxl.campaign.issuing import MAIL, Wanted, issue_workbooks
from gwxl.campaign.journal import Journal, Prepared
from gwxl.campaign.lost_journal import Begun
from gwxl.campaign.mail_draft import MailDraft
from gwxl.campaign.settings import FILE_NAME, Campaign, load_campaign
from gwxl.campaign.starting import start_campaign
from gwxl.errors import FormError, OutputError, SettingsError
from gwxl.form.layout import Col, lay_out
from gwxl.form.signature import Standing, read_key
from gwxl.intake import check_file
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.submission import Status
from gwxl.terms import Terms
from tests.support.command import COMMAND, document, environment, refusal, run, say
from tests.support.draws import draws, seed
from tests.support.filling import fill
from tests.support.inboxes import send
from tests.support.submissions import GOOD, report_rules

FIRST, SECOND, THIRD = "0000000001", "bm00000002", "0000000003"
ROWS = [
    ["标识码", "名称", "邮箱", "上级", "首页网址", "网站类型"],
    [FIRST, "示例市政府门户网站", "a@example.org；b@example.org", "", "http://a.gov.cn", "政府门户网站"],
    [SECOND, "示例市教育局网站", "c@example.org", FIRST, "", ""],
    [THIRD, "示例县政府网站", "", "示例市政府门户网站", "", ""],
]


def begin(folder: Path, rows: Sequence[Sequence[str]] = ROWS) -> Path:
    """Start a campaign with a roster and settings."""
    start_campaign(Terms("website_annual_report", period=Period(2026)), folder)
    changes = {'deadline = ""': 'deadline = "2027-01-20"', 'office = ""': 'office = "示例市政务公开办"'}
    changes |= {'sender = ""': 'sender = "report@example.org"', '"roster.xlsx"': '"名册.csv"'}
    text = (folder / FILE_NAME).read_text("utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    (folder / FILE_NAME).write_text(text, "utf-8")
    list_sites(folder, rows)
    return folder


def list_sites(folder: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write the roster."""
    (folder / "名册.csv").write_text("\n".join(",".join(row) for row in rows), "utf-8")


def terms_of(campaign: Campaign) -> Terms:
    """Return what a campaign issues by."""
    key = read_key(campaign.key) if campaign.key else None
    return Terms(report_rules(), period=campaign.period, key=key, notice=campaign.notice)


def issue(folder: Path, **options: Any) -> issuing.Issued:
    """Issue a campaign."""
    campaign = load_campaign(folder)
    return issue_workbooks(terms_of(campaign), campaign, Wanted(**options))


def read_outbox(folder: Path) -> Mapping[str, bytes]:
    """Return name → bytes of what lies in an outbox."""
    return {path.name: path.read_bytes() for path in sorted((folder / "outbox").iterdir())}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Issue a campaign of three sites."""
    folder = begin(tmp_path_factory.mktemp("issued") / "年报")
    issue(folder)
    return folder


@pytest.fixture
def again(issued: Path, tmp_path: Path) -> Path:
    """Return a copy of the campaign that was issued."""
    return shutil.copytree(issued, tmp_path / "年报")


# Workbooks


def test_a_personal_workbook_is_the_sites_alone(issued: Path) -> None:
    """Code and name stand in it, locked; what else is known is filled in and open; it is bound and signed."""
    layout = lay_out(report_rules().form)
    book = openpyxl.load_workbook(issued / "outbox" / f"{FIRST}-示例市政府门户网站.xlsx")
    cells = {
        key: layout.cells[FormPath(key)] for key in ("site_code", "site_name", "site_url", "site_type", "site_sponsor")
    }
    found = {key: book[cell.sheet].cell(cell.row, cell.column) for key, cell in cells.items()}
    assert {key: (cell.value, cell.protection.locked) for key, cell in found.items()} == {
        "site_code": (FIRST, True),
        "site_name": ("示例市政府门户网站", True),
        "site_url": ("http://a.gov.cn", False),
        "site_type": ("政府门户网站", False),
        "site_sponsor": (None, False),
    }
    texts = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if isinstance(cell, str)]
    assert any("2027年1月20日" in text for text in texts)
    (receipt,) = check_file(
        issued / "outbox" / f"{SECOND}-示例市教育局网站.xlsx", "x.xlsx", terms_of(load_campaign(issued))
    )
    assert receipt.submission is not None
    identity = receipt.submission.identity
    assert (identity.site_code, identity.year) == (SECOND, 2026)
    assert read_key(issued / "campaign.key").judge_identity(identity) is Standing.GENUINE


def test_what_comes_back_is_taken(issued: Path, tmp_path: Path) -> None:
    """Filled in, it passes; with another code it is held, though its cell had to be unlocked for that."""
    layout = lay_out(report_rules().form)
    source = issued / "outbox" / f"{FIRST}-示例市政府门户网站.xlsx"
    cells = {str(path): cell for path, cell in layout.cells.items()}
    terms = replace(terms_of(load_campaign(issued)), signed=True)
    own = {**GOOD, "site_code": FIRST, "site_name": "示例市政府门户网站", "site_url": "http://a.gov.cn"}
    good = fill(source, tmp_path / "a.xlsx", report_rules().form, cells, own)
    bad = fill(source, tmp_path / "b.xlsx", report_rules().form, cells, {**own, "site_code": THIRD})
    told = [check_file(path, path.name, terms)[0] for path in (good, bad)]
    assert [one.status for one in told] == [Status.OK, Status.HELD]
    assert [one.id for one in told[0].findings if one.open] == []
    assert "T08" in [one.id for one in told[1].findings]


# Mails


def test_a_mail_carries_it(issued: Path) -> None:
    """From, to whom, what it is about, and the workbook as it lies beside it; a draft that a program opens to send."""
    name = f"{FIRST}-示例市政府门户网站"
    mail = parse((issued / "outbox" / f"{name}.eml").read_bytes())
    assert (mail["X-Unsent"], mail["To"], mail["Date"]) == ("1", "a@example.org, b@example.org", None)
    assert mail["From"] == "示例市政务公开办 <report@example.org>"
    assert mail["Subject"] == "请填报政府网站工作年度报表（2026年度）（示例市政府门户网站）"
    body = mail.get_body()
    assert body is not None
    text = body.get_content()
    assert text.startswith("示例市政府门户网站：\n")
    assert all(words in text for words in (FIRST, "请于2027年1月20日前报送。", "report@example.org", f"“{name}.xlsx”"))
    (attachment,) = mail.iter_attachments()
    assert attachment.get_content() == (issued / "outbox" / f"{name}.xlsx").read_bytes()
    assert parse((issued / "outbox" / f"{THIRD}-示例县政府网站.eml").read_bytes())["To"] is None


def parse(data: bytes) -> EmailMessage:
    """Read a mail as programs do."""
    return email.message_from_bytes(data, policy=email.policy.default)


NAMES = ["a.xlsx", "示例市政府门户网站.xlsx", "长" * 66 + ".xlsx", 'a "b"; c=d.xlsx', "𠮷é．xlsx"]


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_an_attachment_is_told_in_both_ways(name: str) -> None:
    """By RFC 2231 and by RFC 2047, in lines that mail takes, ASCII throughout: each way gives the whole name."""
    draft = MailDraft(office="办", sender="a@b.cn", to=(), subject="题" * 90, text="文\n", file=name, attachment=b"PK")
    data = draft.data()
    assert max(map(len, data.split(b"\r\n"))) < 998
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    (attachment,) = parse(data).iter_attachments()
    assert attachment.get_filename() == name
    head = data[data.index(b"Content-Type: application") :].decode("ascii")
    for parameter in ("name", "filename"):
        words = re.search(rf'[ ;]{parameter}="([^"]*)"', head)
        assert words is not None
        decoded = email.header.decode_header(words[1].replace("\r\n", ""))
        assert (
            "".join(part.decode(code or "ascii") if isinstance(part, bytes) else part for part, code in decoded) == name
        )
    assert parse(data)["Subject"] == "题" * 90


def test_the_office_may_change_the_words(again: Path) -> None:
    """A template in the folder of the campaign takes the place of the shared one; a mistake in it is told."""
    (again / MAIL).write_text("{{ site.name }}的表\n\n上级：{{ site.parent }}，{{ file }}", "utf-8")
    issue(again, again=frozenset({SECOND}))
    mail = parse((again / "outbox" / f"{SECOND}-示例市教育局网站.eml").read_bytes())
    body = mail.get_body()
    assert body is not None
    assert (mail["Subject"], body.get_content()) == (
        "示例市教育局网站的表",
        f"上级：示例市政府门户网站，{SECOND}-示例市教育局网站.xlsx\n",
    )
    (again / MAIL).write_text("{{ nobody }}", "utf-8")
    before = read_outbox(again)
    with pytest.raises(FormError, match="nobody"):
        issue(again, again=frozenset({SECOND}))
    assert read_outbox(again) == before


# Who is issued to


def test_nobody_is_issued_to_twice(again: Path) -> None:
    """A second run makes nothing, a new row of the roster is made alone, and again once more what is asked for."""
    before, journal = read_outbox(again), Journal(again)
    assert (issue(again).sites, issue(again).earlier) == ((), 3)
    list_sites(again, [*ROWS, ["0000000004", "新网站", "d@example.org"]])
    found = issue(again, new=True)
    assert ([site.code for site in found.sites], found.earlier) == (["0000000004"], 3)
    list_sites(again, [*ROWS[:2], [SECOND, "示例市教育局新网站", "e@example.org"], ROWS[3]])
    assert [site.code for site in issue(again, again=frozenset({SECOND})).sites] == [SECOND]
    assert {name: data for name, data in read_outbox(again).items() if name in before} == before
    assert [(one.code, one.name, one.mail) for one in journal.entries(Prepared)] == [
        (FIRST, "示例市政府门户网站", "a@example.org; b@example.org"),
        (SECOND, "示例市教育局网站", "c@example.org"),
        (THIRD, "示例县政府网站", ""),
        ("0000000004", "新网站", "d@example.org"),
        (SECOND, "示例市教育局新网站", "e@example.org"),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", one.time) for one in journal.entries(Prepared))


def test_only_those_who_are_named(tmp_path: Path) -> None:
    """The others are issued to later; a code that the roster lacks is told with the one that was meant."""
    folder = begin(tmp_path / "a")
    with pytest.raises(SettingsError, match="nothing was issued yet"):
        issue(folder, new=True)
    with pytest.raises(SettingsError, match="has no code bm00000003; did you mean bm00000002"):
        issue(folder, only=frozenset({FIRST, "bm00000003"}))
    assert [site.code for site in issue(folder, only=frozenset({THIRD})).sites] == [THIRD]
    found = issue(folder)
    assert ([site.code for site in found.sites], found.earlier) == ([FIRST, SECOND], 1)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """It says what would be made."""
    folder = begin(tmp_path / "a")
    campaign = load_campaign(folder)
    found = issue_workbooks(terms_of(campaign), campaign, dry_run=True)
    assert found.files == (
        f"{FIRST}-示例市政府门户网站.xlsx",
        f"{SECOND}-示例市教育局网站.xlsx",
        f"{THIRD}-示例县政府网站.xlsx",
    )
    assert [site.code for site in found.unaddressed] == [THIRD]
    assert (read_outbox(folder), Journal(folder).path.exists()) == ({}, False)


def test_files_of_others_stay(again: Path) -> None:
    """What lies under a name and is not what would be written there stops the run; nothing is replaced."""
    Journal(again).path.unlink()
    Journal(again).note([Begun(time="2027-01-05T01:30:00+00:00")])  # and the run was broken off before it noted more
    (again / "outbox" / f"{SECOND}-示例市教育局网站.eml").write_text("mine", "utf-8")
    before = read_outbox(again)
    with pytest.raises(OutputError, match=SECOND):
        issue(again)
    assert read_outbox(again) == before
    assert [one.code for one in Journal(again).entries(Prepared)] == [FIRST]  # which lay there as it would be written


def test_two_sites_never_share_a_file(tmp_path: Path) -> None:
    """A pattern that gives two of them one name is refused, and a name is as long as systems take."""
    folder = begin(tmp_path / "a", [ROWS[0], [FIRST, "长" * 200, ""], [THIRD, "短", ""]])
    assert len(issue(folder).files[0].encode()) <= 205
    text = (folder / FILE_NAME).read_text("utf-8")
    (folder / FILE_NAME).write_text(text.replace('"{code}-{name}"', '"{name}{code}"'), "utf-8")
    list_sites(folder, [ROWS[0], [FIRST, "长" * 200, ""], [THIRD, "长" * 199 + "短", ""]])
    with pytest.raises(SettingsError, match=f"the codes {FIRST}, {THIRD} would all get the file 长+.xlsx"):
        issue(folder)


# The journal


def test_a_journal_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """One of a later version, and a file that is none; neither is touched."""
    journal = Journal(tmp_path)
    assert journal.entries(Prepared) == ()
    entry = Prepared(code="1", name="甲", mail="", file="a", sha256="b", time="c")
    journal.note([entry, entry])
    assert journal.entries(Prepared) == (entry, entry)
    database = sqlite3.connect(journal.path)
    database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(SettingsError, match="the journal is of version 9, this program takes 1"):
        journal.entries(Prepared)
    journal.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(SettingsError, match="the journal cannot be used: it is no journal"):
        journal.note([entry])
    assert journal.path.read_bytes() == b"no database at all" * 100


# The command


def test_the_command(tmp_path: Path) -> None:
    """What was made for whom, who has no address, what comes next; outside of a campaign it says how to get there."""
    folder = begin(tmp_path / "a")
    lines = say("issue", "--only", THIRD, "--lang", "zh", cwd=folder).splitlines()
    assert lines == [
        "已生成 1 个单位的表和邮件 → outbox",
        f"  {THIRD} 示例县政府网站：{THIRD}-示例县政府网站.xlsx → （没有邮箱）",
        "1 个单位没有邮箱：邮件草稿没有写收件人",
        "下一步：核对 outbox 中的 .eml，用邮件程序逐封发送，或者运行 gwxl issue --send 一并发送；收到的邮件用 gwxl collect 收进 inbox，再运行 gwxl merge",  # noqa: E501
    ]
    assert say("issue", "--dry-run", cwd=folder).splitlines()[-2:] == [
        "1 made before and not made again (--again CODE does)",
        "Next: run it again without --dry-run",
    ]
    assert refusal("issue", cwd=tmp_path).startswith("error: this is no folder of a campaign")


def test_last_years_figures_stand_in_the_workbook(tmp_path: Path) -> None:
    """Of the site alone that reported them, whose code and name stay locked; who reported none is counted."""
    folder, last = begin(tmp_path / "a"), tmp_path / "2025"
    send(last, "1.xlsx", 2025, site_code=FIRST, site_name="示例市政府门户网站", site_page_views=4000000)
    said = run("issue", "--previous", last, "--lang", "zh", cwd=folder).stderr
    assert f"2025 年度没有报送的 2 个单位，表中不显示“上年数”一栏（如 {SECOND}）" in said
    cells = lay_out(report_rules().form).cells
    row = cells[FormPath("site_page_views")].row
    sheets = {
        path.name[:10]: openpyxl.load_workbook(path)["填报表"] for path in sorted((folder / "outbox").glob("*.xlsx"))
    }
    assert {code: (sheet.cell(row, Col.PREVIOUS).value) for code, sheet in sheets.items()} == {
        FIRST: 4000000,
        SECOND: None,
        THIRD: None,
    }
    assert sheets[SECOND].column_dimensions["F"].hidden
    code = cells[FormPath("site_code")]
    own = sheets[FIRST].cell(code.row, code.column)
    assert (own.value, own.protection.locked) == (FIRST, True)
    (made,) = (folder / "outbox").glob(f"{FIRST}*.xlsx")
    (receipt,) = check_file(made, "x.xlsx", terms_of(load_campaign(folder)))
    assert not {one.id for one in receipt.findings if one.id.startswith("T")}
    assert receipt.submission is not None
    assert receipt.submission.identity.site_code == FIRST


@pytest.mark.workers
def test_a_run_that_is_killed_goes_on(tmp_path: Path) -> None:
    """At whatever moment: what is there is whole, and a second run leaves what an undisturbed one would."""
    whole = begin(tmp_path / "whole")
    for number in range(draws(1, full=20)):
        folder = shutil.copytree(whole, tmp_path / f"killed{number}")
        process = subprocess.Popen([*COMMAND, "issue"], cwd=folder, env=environment(), stdout=subprocess.PIPE)
        chance = random.Random(f"{seed()} {number}")
        wait_for(folder, chance.randint(1, 3))
        time.sleep(chance.random())
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for path in (folder / "outbox").glob("*.xlsx"):
            openpyxl.load_workbook(path, read_only=True).close()
        issue(folder)
        if not read_outbox(whole):
            issue(whole)
        assert read_outbox(folder) == read_outbox(whole)
        assert [one.code for one in Journal(folder).entries(Prepared)] == [FIRST, SECOND, THIRD]
        assert not list(folder.rglob(".gwxl-*"))


def wait_for(folder: Path, files: int) -> None:
    """Wait until a run has written some files."""
    until = time.monotonic() + 60
    while len(list((folder / "outbox").glob("*.*"))) < files and time.monotonic() < until:
        time.sleep(0.01)


def test_a_merge_takes_them_as_blank_forms(issued: Path) -> None:
    """What was never filled in is no return, and counts for nobody."""
    shutil.copy(issued / "outbox" / f"{FIRST}-示例市政府门户网站.xlsx", issued / "inbox")
    found = document("check", cwd=issued, code=1)
    assert [one["identity"]["site_code"] for one in found["files"]] == [FIRST]
