"""gwxl collect: each file that came by mail once into the inbox, filed by site, each mail accounted for."""

import mailbox
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from gwxl.campaign.collecting import filing
from gwxl.campaign.collecting.collection import Collection
from gwxl.campaign.collecting.entries import Collected, Message
from gwxl.campaign.collecting.mails import collect_mails
from gwxl.campaign.journal import Journal, Prepared
from gwxl.campaign.post.posting import Posting, State
from gwxl.campaign.settings import load_campaign
from gwxl.campaign.starting import start_campaign
from gwxl.form.identity import issue_identity
from gwxl.mail.mail import LIMITS
from gwxl.records.period import Period
from gwxl.template import write_template
from gwxl.terms import Terms
from tests.support.binaries import compound_file
from tests.support.command import COMMAND, document, environment, refusal, say
from tests.support.draws import draws, seed
from tests.support.mails import WORKBOOK, mail, message, msg, raw, report, tnef
from tests.support.sources import ROOT
from tests.support.submissions import GOOD, report_rules

CITY, OFFICE, COUNTY = "0000000001", "bm00000002", "0000000003"
ROSTER = f"""标识码,名称,邮箱,上级
{CITY},示例市政府门户网站,a@example.org；b@example.org,
{OFFICE},示例市教育局网站,C@example.org,{CITY}
{COUNTY},示例县政府网站,c@example.org；d@example.org,{CITY}
"""
HOUR = "20270115T013000"


def begin(folder: Path, roster: str = ROSTER) -> Path:
    """Start a campaign with a roster."""
    start_campaign(Terms("website_annual_report", period=Period(2026)), folder)
    (folder / "roster.csv").write_text(roster, "utf-8")
    settings = folder / "campaign.toml"
    settings.write_text(settings.read_text("utf-8").replace('"roster.xlsx"', '"roster.csv"'), "utf-8")
    return folder


@pytest.fixture(name="started", scope="module")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begin(tmp_path_factory.mktemp("started") / "campaign")


@pytest.fixture(name="campaign")
def _campaign(started: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(started, tmp_path / "campaign"))


@pytest.fixture(name="mails")
def _mails(tmp_path: Path) -> Path:
    folder = tmp_path / "mails"
    folder.mkdir()
    return folder


def lay(folder: Path, *mails: bytes) -> Path:
    """Put mails into a folder, and return it."""
    for number, data in enumerate(mails):
        (folder / f"{number}.eml").write_bytes(data)
    return folder


def collect(campaign: Path, *sources: Path) -> Collection:
    """Collect mails into a campaign."""
    found = load_campaign(campaign)
    return collect_mails(Terms(report_rules(), period=found.period), found, sources)


def sent(campaign: Path, code: str, mail: str, message_id: str = "<ours@example.org>") -> Posting:
    """Note that a mail was sent to a site."""
    posting = Posting(
        kind="issue",
        code=code,
        round=1,
        attempt=1,
        state=State.SENT,
        mail=mail,
        file="",
        message_id=message_id,
        reply="",
        time="2027-01-10T00:00:00+00:00",
    )
    Journal(campaign).note([posting])
    return posting


def held(campaign: Path) -> Mapping[str, bytes]:
    """Return path → bytes of what lies in the inbox."""
    inbox = campaign / "inbox"
    return {str(path.relative_to(inbox)): path.read_bytes() for path in sorted(inbox.rglob("*")) if path.is_file()}


def stamp(data: bytes, hour: str = HOUR) -> str:
    """Return what stands in front of the name of a file."""
    return f"{hour}-{sha256(data).hexdigest()[:8]}-"


def filed(collection: Collection) -> list[tuple[str, str]]:
    """Return name and site of each file."""
    return [(file.name, file.code) for one in collection.taken for file in one.files]


def test_a_file_is_put_into_the_inbox_and_noted(campaign: Path, mails: Path) -> None:
    """Its bytes are as they came, its folder is its site's, and the journal says where it is from."""
    lay(mails, mail(("年报.xlsx", WORKBOOK), sender="b@example.org", Message_ID="<one@example.org>"))
    told = say("collect", mails, cwd=campaign, GWXL_LANG="en")
    assert told.splitlines()[:2] == ["collected 1 mails, 1 files → inbox", "  replies with files 1"]
    file = f"{CITY}/{stamp(WORKBOOK)}年报.xlsx"
    assert held(campaign) == {file: WORKBOOK}
    (noted,) = Journal(campaign).entries(Collected)
    (seen,) = Journal(campaign).entries(Message)
    assert (noted.code, noted.file, noted.name, noted.sender) == (CITY, file, "年报.xlsx", "b@example.org")
    assert (noted.message_id, noted.subject, noted.date) == ("one@example.org", "年报", "2027-01-15T01:30:00+00:00")
    assert (noted.sha256, noted.mail) == (sha256(WORKBOOK).hexdigest(), seen.sha256)
    assert (seen.kind, seen.code, seen.problem, seen.source) == ("reply", CITY, "", str(mails / "0.eml"))
    assert seen.sha256 == sha256((mails / "0.eml").read_bytes()).hexdigest()


def test_a_second_run_takes_nothing_twice(campaign: Path, mails: Path) -> None:
    """What was collected is passed over, wherever it lies now; nothing is read or written again."""
    lay(mails, mail(("a.xlsx", b"a"), sender="a@example.org"), mail(sender="b@example.org"))
    assert document("collect", mails, cwd=campaign)["known"] == 0
    before, noted = held(campaign), Journal(campaign).entries(Message)
    (mails / "0.eml").rename(mails / "moved.eml")
    again = document("collect", mails, cwd=campaign)
    assert (again["known"], again["mails"]) == (2, [])
    assert (held(campaign), Journal(campaign).entries(Message)) == (before, noted)


def test_a_trial_writes_nothing(campaign: Path, mails: Path) -> None:
    """--dry-run says the same and leaves inbox and journal as they were."""
    lay(mails, mail(("a.xlsx", b"a"), sender="a@example.org"))
    tried = document("collect", mails, "--dry-run", cwd=campaign)
    assert (held(campaign), (campaign / "journal.sqlite").exists()) == ({}, False)
    assert document("collect", mails, cwd=campaign) == tried


PLACES = {
    "by its name": (mail((f"{CITY}-年报.xlsx", b"x")), CITY),
    "by the name of its site": (mail(("示例市教育局网站年报.xlsx", b"x"), sender="x@example.org"), OFFICE),
    "by a sender of one site": (mail(("年报.xlsx", b"x"), sender="D@Example.org"), COUNTY),
    "a sender of two sites": (mail(("年报.xlsx", b"x"), sender="c@example.org"), ""),
    "by what it answers": (mail(("年报.xlsx", b"x"), sender="c@example.org", In_Reply_To="<ours@example.org>"), COUNTY),
    "by its thread": (mail(("x.xlsx", b"x"), References="<ours@example.org> <theirs@example.org>"), COUNTY),
    "by its subject": (mail(("年报.xlsx", b"x"), sender="c@example.org", subject=f"回复：{OFFICE}"), OFFICE),
    "two sites in one name": (mail((f"{CITY} {COUNTY}.xlsx", b"x"), sender="a@example.org"), ""),
    "nothing says": (mail(("年报.xlsx", b"x"), sender="x@example.org"), ""),
}


BESIDE = {
    "of one site": ([(f"{CITY}.xlsx", b"x"), ("盖章.pdf", b"y")], [CITY, CITY]),
    "of two sites": ([(f"{CITY}.xlsx", b"x"), (f"{COUNTY}.xlsx", b"z"), ("盖章.pdf", b"y")], [CITY, COUNTY, ""]),
    "named after another": ([(f"{CITY}.xlsx", b"x"), (f"{COUNTY}.pdf", b"y")], [CITY, COUNTY]),
    "a workbook": ([(f"{CITY}.xlsx", b"x"), ("年报.xlsx", b"y")], [CITY, ""]),
}


@pytest.mark.parametrize("case", BESIDE)
def test_a_scan_is_filed_with_the_workbook_beside_it(case: str, campaign: Path, mails: Path) -> None:
    """Where nothing says whose it is, and all that is known of its mail is of one site."""
    files, codes = BESIDE[case]
    lay(mails, mail(*files, sender="x@example.org"))
    assert [code for _, code in filed(collect(campaign, mails))] == codes


@pytest.mark.parametrize("case", PLACES)
def test_a_file_is_filed_by_what_speaks_for_its_site(case: str, campaign: Path, mails: Path) -> None:
    """Its name comes first, then what its mail answers, the subject, the sender; where several are meant, none is."""
    data, code = PLACES[case]
    sent(campaign, COUNTY, "d@example.org")
    collection = collect(campaign, lay(mails, data))
    assert [code for _, code in filed(collection)] == [code]
    assert [path.partition("/")[0] for path in held(campaign)] == [code or "unknown"]


def test_a_bounce_is_noted_of_the_message_it_is_about(campaign: Path, mails: Path) -> None:
    """By the mail that came back, else by the address; a message that reached another address did arrive."""
    posting = sent(campaign, COUNTY, "d@example.org")
    sent(campaign, CITY, "a@example.org; b@example.org", "<other@example.org>")
    failed = ["Final-Recipient: rfc822; D@example.org", "Action: failed"]
    one_of_two = ["Final-Recipient: rfc822; a@example.org", "Action: failed"]
    lay(mails, report("delivery-status", ["X: y"], failed), report("delivery-status", ["X: z"], one_of_two))
    collect(campaign, mails)
    *_, last = Journal(campaign).entries(Posting)
    assert len(Journal(campaign).entries(Posting)) == 3
    assert replace(last, reply="", time="") == replace(posting, state=State.BOUNCED, time="")


def test_a_reply_is_known_by_what_it_answers() -> None:
    """The nearest mail of ours counts; none of ours says nothing."""
    sent = {"a@x": "1", "b@x": "2"}
    assert [filing.reply_to(answers, sent) for answers in (("z@x", "b@x", "a@x"), ("a@x",), ("z@x",), ())] == [
        *("2", "1", "", "")
    ]


def test_what_a_superior_forwards_is_filed_by_its_own_evidence(campaign: Path, mails: Path) -> None:
    """Each file goes to its own site: by its name, or by the mail that was forwarded, never by who forwards it."""
    outer = message((f"{OFFICE}.xlsx", b"1"), sender="a@example.org", subject="转发：年报")
    outer.add_attachment(message(("年报.xlsx", b"2"), sender="d@example.org"))
    outer.add_attachment(message(("年报.xlsx", b"3"), sender="stranger@example.org"))
    collection = collect(campaign, lay(mails, bytes(outer)))
    assert filed(collection) == [(f"{OFFICE}.xlsx", OFFICE), ("年报.xlsx", COUNTY), ("年报.xlsx", "")]
    assert [file.stranger for one in collection.taken for file in one.files] == [False, False, False]
    assert [one.sender for one in Journal(campaign).entries(Collected)] == [
        *("a@example.org", "d@example.org", "stranger@example.org")
    ]
    assert [one.code for one in Journal(campaign).entries(Message)] == [""]


def test_a_stranger_is_told(campaign: Path, mails: Path) -> None:
    """A file of a site that nobody sent whom the roster names for it is filed, and told."""
    told = say("collect", lay(mails, mail((f"{COUNTY}.xlsx", b"x"), sender="x@mail.example")), cwd=campaign)
    assert f"  {COUNTY}: {COUNTY}.xlsx (x@mail.example)" in told.splitlines()


def test_two_versions_in_one_thread_stand_in_their_order(campaign: Path, mails: Path) -> None:
    """Both are kept; sorted by name they stand in the order they were sent in."""
    late = "Sat, 16 Jan 2027 09:30:00 +0800"
    lay(
        mails,
        mail(("年报.xlsx", b"2"), sender="d@example.org", Date=late),
        mail(("年报.xlsx", b"1"), sender="d@example.org"),
    )
    collect(campaign, mails)
    assert list(held(campaign).values()) == [b"1", b"2"]


def test_the_same_bytes_are_stored_once_a_site_and_both_mails_are_noted(campaign: Path, mails: Path) -> None:
    """Of one site a file lies once; of two sites twice, as it may be either's; every mail has its lines."""
    same = ("年报.xlsx", WORKBOOK)
    lay(
        mails,
        mail(same, sender="a@example.org"),
        mail(same, sender="b@example.org", Date="Sat, 16 Jan 2027 09:30:00 +0800"),
        mail(same, sender="d@example.org"),
    )
    collection = collect(campaign, mails)
    assert sorted(held(campaign)) == [f"{code}/{stamp(WORKBOOK)}年报.xlsx" for code in (CITY, COUNTY)]
    assert [file.again for one in collection.taken for file in one.files] == [False, True, False]
    noted = Journal(campaign).entries(Collected)
    assert [(one.sender, one.file.partition("/")[0]) for one in noted] == [
        *(("a@example.org", CITY), ("b@example.org", CITY), ("d@example.org", COUNTY))
    ]


def test_a_file_that_was_removed_comes_again_with_a_new_mail(campaign: Path, mails: Path) -> None:
    """Who lost it asks for it again: another mail with the same bytes puts it back."""
    collect(campaign, lay(mails, mail(("年报.xlsx", WORKBOOK), sender="a@example.org")))
    (campaign / "inbox" / CITY / f"{stamp(WORKBOOK)}年报.xlsx").unlink()
    later = mail(("年报.xlsx", WORKBOOK), sender="a@example.org", Date="Sat, 16 Jan 2027 09:30:00 +0800")
    collect(campaign, lay(mails, later))
    assert list(held(campaign)) == [f"{CITY}/{stamp(WORKBOOK, '20270116T013000')}年报.xlsx"]


NAMES = {
    "../../../etc/passwd.xlsx": "passwd.xlsx",
    "CON.xlsx": "_CON.xlsx",
    "=cmd|a.xlsx": "_=cmd_a.xlsx",
    "a:b*?.xlsx ": "a_b__.xlsx",
    "": "附件",
    "示" * 200 + ".xlsx": "示" * 51 + ".xlsx",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_made_safe(name: str, campaign: Path, mails: Path) -> None:
    """What a file is called leads nowhere else, and is one that every system takes."""
    header = f'Content-Disposition: attachment; filename="{name}"'.encode() if name else b"Content-Type: x/y"
    collect(campaign, lay(mails, raw(header, b"x").replace(b"c@example.org", b"a@example.org")))
    assert list(held(campaign)) == [f"{CITY}/{stamp(b'x')}{NAMES[name]}"]


def boxes(folder: Path, mails: Sequence[bytes]) -> Iterable[Path]:
    """Write mails into each kind of source."""
    box = mailbox.mbox(folder / "box.mbox")
    tree = mailbox.Maildir(folder / "Maildir")
    for data in mails:
        box.add(data)
        tree.add(data)
    box.close()
    (folder / "Maildir" / "dovecot.index").write_bytes(b"the server's")
    with ZipFile(folder / "all.zip", "w") as archive:
        for number, data in enumerate(mails):
            archive.writestr(f"导出/{number}.eml", data)
        archive.writestr("__MACOSX/导出/._0.eml", b"x")
    return folder / "box.mbox", folder / "Maildir", folder / "all.zip"


def test_every_kind_of_source_is_read(started: Path, mails: Path) -> None:
    """A mailbox, a Maildir and an archive hold the same mails; a line that begins with From divides none."""
    some = [
        mail(("a.xlsx", b"a"), sender="a@example.org", text="甲\n\nFrom here on it is different\n\nFrom: x\n"),
        mail(("winmail.dat", tnef((f"{OFFICE}.xlsx", b"b"))), sender="x@example.org"),
        mail(("c.xlsx", b"c"), sender="d@example.org"),
    ]
    for source in boxes(mails, some):
        folder = Path(shutil.copytree(started, mails / f"campaign-{source.name}"))
        collection = collect(folder, source)
        assert sorted(filed(collection)) == [("a.xlsx", CITY), (f"{OFFICE}.xlsx", OFFICE), ("c.xlsx", COUNTY)], source
        assert (collection.known, collection.acted) == (0, ()), source
        assert collect(folder, source).known == 3


def test_a_mail_of_outlooks_is_read(campaign: Path, mails: Path) -> None:
    """What Outlook saved is filed as any other mail."""
    (mails / "a.msg").write_bytes(compound_file(msg(("年报.xlsx", WORKBOOK), sender="d@example.org")))
    assert filed(collect(campaign, mails / "a.msg")) == [("年报.xlsx", COUNTY)]
    assert list(held(campaign)) == [f"{COUNTY}/undated-{sha256(WORKBOOK).hexdigest()[:8]}-年报.xlsx"]


def test_what_programs_send_is_told_and_files_nothing(campaign: Path, mails: Path) -> None:
    """A receipt and an answering machine are no replies; a bounce names the row of the roster to mend."""
    failed = ["Final-Recipient: rfc822; D@example.org", "Action: failed"]
    lay(
        mails,
        mail(sender="a@example.org", subject="自动回复：年报"),
        report("disposition-notification", ["Final-Recipient: rfc822; a@example.org"], sender="a@example.org"),
        report("delivery-status", ["Reporting-MTA: dns; x"], failed),
    )
    told = say("collect", mails, cwd=campaign, code=1, GWXL_LANG="zh").splitlines()
    assert told[:2] == ["新收 3 封邮件，存入 0 个文件 → inbox", "  自动回复 1，回执 1，退信 1"]
    assert f"  d@example.org（{COUNTY} 示例县政府网站, 第 4 行）" in told
    assert held(campaign) == {}
    assert [(one.kind, one.bounced) for one in Journal(campaign).entries(Message)] == [
        *(("automatic", ""), ("receipt", ""), ("bounce", "d@example.org"))
    ]


def test_a_copy_of_what_went_out_is_no_reply(campaign: Path, mails: Path) -> None:
    """A mail of ours in the mailbox is known by its id, or by what it brings; what else we forward is filed."""
    settings = campaign / "campaign.toml"
    settings.write_text(settings.read_text("utf-8").replace('sender = ""', 'sender = "me@example.org"'), "utf-8")
    issued = Prepared(code=CITY, name="", mail="", file="a.xlsx", sha256=sha256(b"blank").hexdigest(), time="")
    Journal(campaign).note([issued])
    lay(
        mails,
        mail(("年报.xlsx", b"blank"), sender="Me@example.org"),
        mail(("年报.xlsx", b"y"), sender="me@example.org", Message_ID="<ours@example.org>"),
        mail((f"{CITY}.xlsx", b"z"), sender="me@example.org", subject="补收"),
    )
    sent(campaign, COUNTY, "d@example.org")
    collection = collect(campaign, mails)
    assert [str(one.kind) for one in collection.taken] == ["own", "own", "reply"]
    assert filed(collection) == [(f"{CITY}.xlsx", CITY)]


def test_what_takes_the_extra_is_left_for_the_next_time(campaign: Path, mails: Path, tmp_path: Path) -> None:
    """Without the extra a mail that needs it is named and not noted; with it, it is collected."""
    lay(mails, mail(("winmail.dat", tnef(("年报.xlsx", b"x"))), sender="a@example.org"))
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "tnefparse.py").write_text("raise ImportError(__name__)", "utf-8")
    without = os.pathsep.join((str(hidden), str(ROOT)))
    (left,) = document("collect", mails, cwd=campaign, code=1, PYTHONPATH=without)["mails"]
    assert [one["id"] for one in left["problems"]] == ["mail_extra"]
    assert Journal(campaign).entries(Message) == ()
    assert filed(collect(campaign, mails)) == [("年报.xlsx", CITY)]


def test_a_letter_and_a_cloud_are_told(campaign: Path, mails: Path) -> None:
    """Who writes without a file is to be read; a link to a file is named, and the run ends in 1."""
    lay(mails, mail(sender="a@example.org", subject="请问"))
    assert "请问" in say("collect", mails, cwd=campaign)
    link = "https://wx.mail.qq.com/ftn/download?func=3&k=1"
    told = say(
        "collect",
        lay(mails, mail(sender="a@example.org", text=link)),
        cwd=campaign,
        code=1,
        GWXL_LANG="zh",
        TZ="Asia/Shanghai",
    )
    assert "附件是云链接，已不可取，请对方作为普通附件重新发送（1）：" in told
    assert "  2027-01-15 09:30 a@example.org “年报”：wx.mail.qq.com" in told.splitlines()


def crowd() -> bytes:
    """Return a mail of ten thousand parts."""
    head = b"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
    return head + b"--c\r\n\r\nx\r\n" * 10_000 + b"--c--\r\n"


def test_what_is_hostile_is_named_and_the_rest_is_collected(campaign: Path, mails: Path) -> None:
    """A mail beyond the limits stops no other; it is noted, stays where it lies, and is told once."""
    lay(mails, crowd(), mail(("a.xlsx", b"a"), sender="a@example.org"))
    (mails / "2.eml").write_bytes(b"From: a@b.cn\r\n\r\n")
    with (mails / "2.eml").open("r+b") as file:
        file.truncate(LIMITS.mail_bytes + 1)
    with ZipFile(mails / "年报.xlsx", "w") as workbook:
        workbook.writestr("[Content_Types].xml", "")
    found = document("collect", mails, cwd=campaign, code=1)
    assert [[one["id"] for one in mail["problems"]] for mail in found["mails"]] == [
        *(["mail_parts"], [], ["mail_large"], ["mail_none"])
    ]
    assert [file["file"].partition("/")[0] for mail in found["mails"] for file in mail["files"]] == [CITY]
    assert (mails / "0.eml").read_bytes() == crowd()
    assert [(one.kind, one.problem) for one in Journal(campaign).entries(Message)] == [
        *(("refused", "mail_parts"), ("reply", ""))
    ]
    again = document("collect", mails, cwd=campaign, code=1)
    assert (again["known"], len(again["mails"])) == (2, 2)


def test_a_merge_reads_what_was_collected_and_says_by_which_mail_it_came(campaign: Path, mails: Path) -> None:
    """The summary names date, sender and subject beside each file; the files themselves are read as any other."""
    workbook = filled(mails / "return.xlsx")
    lay(mails, mail(("年报.xlsx", workbook), ("盖章.pdf", b"%PDF-1.4"), sender="d@example.org"))
    say("collect", mails / "0.eml", cwd=campaign)
    merged = document("merge", "-o", "summary.xlsx", cwd=campaign, TZ="Asia/Shanghai")
    assert (merged["counts"]["accepted"], merged["counts"]["ignored"]) == (1, 1)
    rows = list(
        openpyxl.load_workbook(campaign / "summary.xlsx", read_only=True)["文件清单"].iter_rows(values_only=True)
    )
    heads = next(row for row in rows if "来信（时间、发件人、主题）" in row)
    place = heads.index("来信（时间、发件人、主题）")
    told = {str(row[0]): row[place] for row in rows[rows.index(heads) + 1 :]}
    assert told[f"{COUNTY}/{stamp(workbook)}年报.xlsx"] == "2027-01-15 09:30:00 d@example.org 年报"
    assert told[f"{COUNTY}/{stamp(b'%PDF-1.4')}盖章.pdf"] == "2027-01-15 09:30:00 d@example.org 年报"


def test_a_scan_goes_with_the_workbook_of_its_mail(campaign: Path, mails: Path) -> None:
    """Though neither's name says whose it is: the workbook does, which the merge reads."""
    both = mail(("年报.xlsx", filled(mails / "return.xlsx")), ("盖章.pdf", b"%PDF-1.4"), sender="x@example.org")
    alone = mail(("扫描.pdf", b"%PDF-1.4 other"), sender="x@example.org", Message_ID="<two@own>")
    (mails / "return.xlsx").unlink()
    say("collect", lay(mails, both, alone), cwd=campaign)
    merged = document("merge", "-o", "summary.xlsx", cwd=campaign, code=1)
    assert sorted((one["file"].rpartition("-")[2], one["status"]) for one in merged["files"]) == [
        ("年报.xlsx", "findings"),
        ("扫描.pdf", "refused"),
        ("盖章.pdf", "ignored"),
    ]


def filled(path: Path) -> bytes:
    """Return the bytes of a return of the county."""
    rules = report_rules()
    identity = issue_identity(rules.form, period=Period(2026))
    write_template(rules, path, identity=identity, answers={**GOOD, "site_code": COUNTY})
    return path.read_bytes()


def test_a_source_is_read_from_wherever_it_is_named(campaign: Path, mails: Path) -> None:
    """A way through hidden folders and upwards leaves nothing out; where nothing lies, that is said."""
    lay(mails, mail(("a.xlsx", b"a"), sender="a@example.org"))
    hidden = Path(shutil.copytree(mails, campaign / ".mail" / "box"))
    (hidden / ".DS_Store").write_bytes(b"x")
    assert document("collect", Path("..") / "mails", cwd=campaign)["mails"][0]["source"] == "../mails/0.eml"
    assert document("collect", hidden, cwd=campaign)["known"] == 1
    (hidden / "0.eml").unlink()
    assert f"{hidden}: " in refusal("collect", hidden, cwd=campaign)


def test_without_a_source_and_a_mailbox_it_says_what_to_set(campaign: Path) -> None:
    """A campaign whose mailbox nobody has set is told so, and that mails in files do as well."""
    told = refusal("collect", cwd=campaign, GWXL_LANG="en")
    assert "takes imap_host, user, code_file below [mail] in campaign.toml" in told


def test_outside_of_a_campaign_nothing_is_collected(tmp_path: Path) -> None:
    """Without a campaign there is no inbox, and without a source nothing to collect."""
    assert "gwxl init" in refusal("collect", tmp_path, cwd=tmp_path)


@pytest.mark.workers
def test_a_mail_is_read_by_a_worker(campaign: Path, mails: Path) -> None:
    """Mails are read in processes of their own, within limits of time and memory, and stand in their order."""
    lay(mails, *(mail((f"{number}.xlsx", b"%d" % number), sender="a@example.org") for number in range(4)))
    collection = collect(campaign, mails)
    assert [name for name, _ in filed(collection)] == [f"{number}.xlsx" for number in range(4)]


def test_a_run_that_is_killed_goes_on(campaign: Path, mails: Path) -> None:
    """Killed at any moment and run again, it has each file once and each mail noted once."""
    count, random_moment = 40, random.Random(seed())
    for number in range(count):
        data = mail((f"{number}.xlsx", b"%d" % number * 1000), sender="a@example.org", subject=f"第{number}封")
        (mails / f"{number:03}.eml").write_bytes(data)
    for _ in range(draws(2, full=20)):
        with subprocess.Popen([*COMMAND, "collect", mails], cwd=campaign, env=environment(), **SILENT) as running:
            time.sleep(random_moment.uniform(0.3, 2.0))
            running.send_signal(signal.SIGKILL)
    say("collect", mails, cwd=campaign)
    assert sorted(held(campaign).values()) == sorted(b"%d" % number * 1000 for number in range(count))
    noted = [one.file for one in Journal(campaign).entries(Collected)]
    assert sorted(noted) == sorted(held(campaign))
    assert len({one.sha256 for one in Journal(campaign).entries(Message)}) == count
    assert len(Journal(campaign).entries(Message)) == count


SILENT: Mapping[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
