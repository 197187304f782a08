"""Collecting from real servers: what is there stays as it is, nothing comes twice, a lost line is taken up again."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gwxl.campaign.collecting.entries import Collected, Fetched, Message
from gwxl.campaign.journal import Journal
from gwxl.campaign.starting import start_campaign
from gwxl.errors import SettingsError
from gwxl.mail import imap
from gwxl.mail.imap import Numbered, Server, fetch_new
from gwxl.mail.mail import MailLimits
from gwxl.records.period import Period
from gwxl.terms import Terms
from tests.conftest import demand
from tests.support import imap_servers
from tests.support.command import document, refusal, say
from tests.support.imap_servers import HERE, Dovecot
from tests.support.mail_server import CODE, USER, replying
from tests.support.mails import mail

SITE = "0000000001"
ROSTER = f"code,name,mail\n{SITE},示例市政府门户网站,a@example.org\n"


@pytest.fixture(name="dovecot", scope="module")
def _dovecot() -> Iterator[Dovecot]:
    """Run one Dovecot for the module; without it fail under CI=true, else skip and say why."""
    demand(imap_servers.missing())
    short = tempfile.TemporaryDirectory(prefix="gwxl-", dir="/tmp")
    with short as folder, imap_servers.dovecot(Path(folder)) as running:
        yield running


@pytest.fixture(name="campaign")
def _campaign(tmp_path: Path) -> Path:
    folder = tmp_path / "campaign"
    start_campaign(Terms("website_annual_report", period=Period(2026)), folder)
    (folder / "roster.csv").write_text(ROSTER, "utf-8")
    (folder / "mail.code").write_text(CODE + "\n", "ascii")
    (folder / "mail.code").chmod(0o600)
    return folder


def point(campaign: Path, port: int, **more: str) -> None:
    """Set server and sender of a campaign."""
    file = campaign / "campaign.toml"
    settings = {"imap_host": HERE, "imap_port": str(port), "imap_security": "none", "sender": USER, **more}
    settings["roster"] = "roster.csv"
    lines = file.read_text("utf-8").splitlines()
    names = [line.partition(" =")[0] for line in lines]
    changed = [
        f'{name} = "{settings[name]}"' if name in settings else line for name, line in zip(names, lines, strict=True)
    ]
    file.write_text("\n".join(changed) + "\n", "utf-8")


def brought(number: int) -> bytes:
    """Return a mail with a file of its own."""
    file = f"{number}.xlsx", b"%d" % number * 3_000
    return mail(file, sender="a@example.org", subject=f"report {number}", text="see there")


def held(campaign: Path) -> list[str]:
    """Return the names of the files of the site, as their senders called them."""
    return sorted(path.name.split("-", 2)[2] for path in (campaign / "inbox" / SITE).iterdir())


@pytest.mark.usefixtures("node")
def test_a_server_is_told_who_asks(campaign: Path) -> None:
    """A server that opens its folders to nobody who has not said who he is, as 163 does, opens them to gwxl."""
    with imap_servers.hoodiecrow(*(brought(number) for number in range(3))) as port:
        point(campaign, port)
        told = say("collect", cwd=campaign, GWXL_LANG="en")
        assert told.splitlines()[0] == "collected 3 mails, 3 files → inbox"
    assert held(campaign) == ["0.xlsx", "1.xlsx", "2.xlsx"]
    fetched = Journal(campaign).entries(Fetched)
    assert [(one.mailbox, one.validity, one.uid) for one in fetched] == [
        (f"{USER}@{HERE}/INBOX", 7, uid) for uid in (10, 11, 12)
    ]
    assert {one.mail for one in fetched} == {one.sha256 for one in Journal(campaign).entries(Message)}


def test_nothing_is_changed_and_nothing_fetched_twice(campaign: Path, dovecot: Dovecot) -> None:
    """Over TLS that is verified: mails stay unread on the server, and the next run asks for the new ones alone."""
    dovecot.put(brought(1), brought(2))
    point(campaign, dovecot.secure, imap_security="ssl")
    trust: Mapping[str, Any] = {"SSL_CERT_FILE": str(dovecot.authority)}
    tried = document("collect", "--dry-run", cwd=campaign, **trust)
    assert (len(tried["mails"]), (campaign / "journal.sqlite").exists()) == (2, False)
    assert document("collect", cwd=campaign, **trust) == tried
    assert dovecot.flags() == ["", ""]
    again = document("collect", cwd=campaign, **trust)
    assert (again["known"], again["mails"]) == (0, [])
    dovecot.put(brought(3))
    later = document("collect", cwd=campaign, **trust)
    assert [one["subject"] for one in later["mails"]] == ["report 3"]
    assert held(campaign) == ["1.xlsx", "2.xlsx", "3.xlsx"]
    assert len(Journal(campaign).entries(Collected)) == 3


def test_a_line_that_breaks_is_taken_up_again(campaign: Path, dovecot: Dovecot) -> None:
    """However often a connection is lost, every mail is there once."""
    empty(dovecot)
    dovecot.put(*(brought(number) for number in range(6)))
    with imap_servers.breaking(dovecot.plain, [700, 9_000, 14_000]) as port:
        point(campaign, port)
        assert len(document("collect", cwd=campaign)["mails"]) == 6
    assert held(campaign) == [f"{number}.xlsx" for number in range(6)]


def empty(dovecot: Dovecot) -> None:
    """Take every mail out of the mailbox."""
    for part in ("new", "cur"):
        for path in (dovecot.folder / "mail" / part).iterdir():
            path.unlink()


def test_what_is_wrong_is_said_and_the_code_is_not(campaign: Path, dovecot: Dovecot) -> None:
    """A server that is not trusted, a code that is wrong, a folder that is not there: each by name, with its cure."""
    point(campaign, dovecot.secure, imap_security="ssl")
    assert "no secure connection" in refusal("collect", cwd=campaign, GWXL_LANG="en", SSL_CERT_FILE="/dev/null")
    point(campaign, dovecot.plain, imap_folder="无此文件夹")
    assert "无此文件夹" in refusal("collect", cwd=campaign, GWXL_LANG="en")
    (campaign / "mail.code").write_text("wr0ngc0de\n", "ascii")
    refused = refusal("collect", cwd=campaign, GWXL_LANG="en")
    assert f"{HERE}: {USER} cannot log in" in refused
    assert "wr0ngc0de" not in refused
    (campaign / "mail.code").chmod(0o640)
    assert "chmod 600" in refusal("collect", cwd=campaign, GWXL_LANG="en")
    (campaign / "mail.code").chmod(0o600)
    point(campaign, 993, imap_host="imap.example.org")
    assert "imap_security" in refusal("collect", cwd=campaign, GWXL_LANG="en")
    point(campaign, 993, imap_host="")
    assert "imap_host" in refusal("collect", cwd=campaign, GWXL_LANG="en")


def test_what_a_server_says_instead_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """In its own words, which may be GBK, and without Python's; that it may be tried again is said before."""
    monkeypatch.setattr(imap, "_PAUSE", 0.0)
    with replying(*(["* BYE 用户过多".encode("gbk")] * 9)) as port:
        server = Server(host=HERE, port=port, plain=True, user=USER, code=CODE, folder="INBOX")
        with pytest.raises(SettingsError) as caught:
            list(fetch_new(server, ()))
    assert caught.value.line("zh") == (
        f"{HERE}：服务器这次不给信（服务器原话：* BYE 用户过多）；已经收到的都已存好，过一段时间再运行一次即可接着收"
    )


def test_a_mail_that_is_too_large_is_not_fetched(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number is told, and the others come."""
    empty(dovecot)
    small = brought(1)
    dovecot.put(small, brought(2) * 9)
    monkeypatch.setattr(imap, "LIMITS", MailLimits(mail_bytes=20_000))
    server = Server(host=HERE, port=dovecot.plain, plain=True, user=USER, code=CODE, folder="INBOX")
    found: list[Numbered] = list(fetch_new(server, ()))
    assert [one.refusal.reason if one.refusal else one.data == small for one in found] == [True, "mail_large"]
    assert list(fetch_new(server, {(one.validity, one.uid) for one in found})) == []
