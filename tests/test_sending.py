"""Mailing what was prepared: each message once, as it lies there, whatever a server answers."""

import email
import email.policy
import imaplib
import os
import smtplib
import socket
import ssl
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

import pytest
import trustme

from gwxl.campaign.journal import Journal
from gwxl.campaign.post.calendar import Calendar
from gwxl.campaign.post.message import Message, read_letter
from gwxl.campaign.post.posting import Ledger, Posting, State
from gwxl.campaign.post.replies import explain_reply, judge
from gwxl.campaign.sending import Fate, Sending, send_messages
from gwxl.campaign.settings import Campaign
from gwxl.errors import CampaignError, OutputError, SettingsError
from gwxl.files.folder_lock import wait_for_others
from gwxl.wording.network import network_words
from tests.support.mail_server import CODE, USER, Office, certified, mail_server, replying
from tests.support.posting import campaign_at, prepared, workbook

TO = {code: (f"s{code}@example.org",) for code in "123"}


@pytest.fixture
def office() -> Iterator[Office]:
    """Run a server."""
    with mail_server(Office()) as running:
        yield running


@pytest.fixture
def campaign(office: Office, tmp_path: Path) -> Campaign:
    """Return a campaign with that server."""
    return campaign_at(tmp_path / "c", office.port)


def fates(sending: Sending) -> Mapping[str, str]:
    """Return code → what became of its message."""
    return {one.message.code: one.fate.value for one in sending.posted}


def states(campaign: Campaign) -> list[tuple[str, int, str]]:
    """Return what the journal says, step by step."""
    return [(one.code, one.attempt, one.state) for one in Journal(campaign.folder).entries(Posting)]


def refuses(campaign: Campaign, messages: list[Message]) -> str:
    """Return why nothing can be sent."""
    with pytest.raises(SettingsError) as caught:
        send_messages(campaign, messages)
    return caught.value.line("en")


def parsed(data: bytes) -> EmailMessage:
    """Read a mail as programs do."""
    return email.message_from_bytes(data, policy=email.policy.default)


def words(mail: EmailMessage) -> str:
    """Return what a mail says."""
    body = mail.get_body()
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


# Each once


def test_each_goes_once(office: Office, campaign: Campaign) -> None:
    """With envelope, Message-ID and Date, byte for byte below them; the journal says so before and after."""
    messages = prepared(campaign, {**TO, "2": ("a@example.org", "b@example.org")})
    moves: list[tuple[int, int]] = []
    sending = send_messages(campaign, messages, progress=lambda done, count: moves.append((done, count)))
    assert (fates(sending), sending.halt, sending.resumes) == (dict.fromkeys("123", "sent"), None, None)
    assert moves == [(1, 3), (2, 3), (3, 3)]
    assert [(one.sender, one.to) for one in office.taken] == [
        (USER, ("s1@example.org",)),
        (USER, ("a@example.org", "b@example.org")),
        (USER, ("s3@example.org",)),
    ]
    assert states(campaign) == [(code, 1, state) for code in "123" for state in ("sending", "sent")]
    entries = Journal(campaign.folder).entries(Posting)
    for taken, message in zip(office.taken, messages, strict=True):
        mail = parsed(taken.data)
        assert [len(mail.get_all(name, [])) for name in ("X-Unsent", "Date", "Message-ID")] == [0, 1, 1]
        assert {mail["Message-ID"]} == {one.message_id for one in entries if one.code == message.code}
        assert mail["Message-ID"].endswith("@example.org>")
        assert abs(mail["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)
        assert words(mail) == f"{message.code}：\n.一行\n"
        assert message.draft is not None
        below = message.draft.read_bytes().partition(b"\r\n\r\n")[2]
        assert taken.data.rstrip().endswith(below.rstrip())
    again = send_messages(campaign, messages)
    assert (fates(again), len(office.taken)) == (dict.fromkeys("123", "sent_before"), 3)


def test_any_kind_of_message_is_sent(office: Office, campaign: Campaign) -> None:
    """A return is another message than the issue of the same site; a later round is another one, too."""
    messages = [*prepared(campaign, {"1": TO["1"]}), *prepared(campaign, {"1": TO["1"]}, kind="return")]
    later = replace(messages[0], round=2)
    bare = replace(messages[1], kind="remind", attached={})
    assert {one.fate for one in send_messages(campaign, [*messages, later]).posted} == {Fate.SENT}
    faulty = send_messages(campaign, [bare]).posted[0]  # which may carry no workbook
    assert (faulty.fate, len(office.taken)) == (Fate.FAULTY, 3)


def test_it_is_no_faster_than_it_may_be(office: Office, tmp_path: Path) -> None:
    """Between two messages lies the time that the settings say."""
    campaign = campaign_at(tmp_path / "c", office.port, per_minute=300)
    send_messages(campaign, prepared(campaign, TO))
    times = [one.time for one in office.taken]
    assert all(later - earlier > 0.2 for earlier, later in pairwise(times))


# What a server answers


def test_a_refusal_for_now_is_tried_again(office: Office, campaign: Campaign) -> None:
    """Later in the run, after the others; and where it stands, in the next run."""
    answers = iter(["451 4.3.0 try again later", None])
    office.rcpt = lambda address: next(answers) if address == "s1@example.org" else None
    assert fates(send_messages(campaign, prepared(campaign, TO))) == dict.fromkeys("123", "sent")
    assert [one.to[0] for one in office.taken] == ["s2@example.org", "s3@example.org", "s1@example.org"]
    office.data = lambda _data: "452 4.2.2 mailbox full"
    more = prepared(campaign, {"4": ("s4@example.org",)})
    sending = send_messages(campaign, more)
    assert [(one.fate, one.why["en"]) for one in sending.posted] == [
        (
            Fate.DEFERRED,
            "the mailbox is full: call the site (the server's words: 452 4.2.2 mailbox full)",
        )
    ]
    assert sending.resumes is not None
    office.data = lambda _data: None
    assert fates(send_messages(campaign, more)) == {"4": "sent"}
    assert states(campaign)[-8:] == [
        *(("4", attempt, state) for attempt in (1, 2, 3) for state in ("sending", "deferred")),
        ("4", 4, "sending"),
        ("4", 4, "sent"),
    ]
    assert Counter(one.to[0] for one in office.taken) == {f"s{code}@example.org": 1 for code in "1234"}


NOBODY = "there is no such address: check the roster (the server's words: 550 5.1.1 User not found)"


def test_a_refusal_for_good_is_named(office: Office, campaign: Campaign) -> None:
    """With the reply; the others go, and it is not tried again, of several recipients the good ones get it."""
    office.rcpt = lambda address: "550 5.1.1 User not found" if address.startswith("x") else None
    to = {**TO, "2": ("x@example.org",), "3": ("x@example.org", "s3@example.org")}
    messages = prepared(campaign, to)
    sending = send_messages(campaign, messages)
    assert fates(sending) == {"1": "sent", "2": "refused", "3": "sent"}
    assert [one.why.get("en") for one in sending.posted] == [
        None,
        NOBODY,
        f"sent, but not to all: x@example.org: {NOBODY}; mend the roster, row 3",
    ]
    assert [one.done for one in sending.posted] == [True, False, False]
    assert [one.to for one in office.taken] == [("s1@example.org",), ("s3@example.org",)]
    office.rcpt = lambda _address: None
    assert fates(send_messages(campaign, messages)) == {"1": "sent_before", "2": "refused", "3": "sent_before"}
    office.data = lambda _data: "554 5.6.0 not this one"
    assert fates(send_messages(campaign, prepared(campaign, {"5": ("s5@example.org",)}))) == {"5": "refused"}


@pytest.mark.parametrize(
    "reply",
    [
        "554 MI:STC,163 smtp1,abc",
        "451 MI:SFQ 163 smtp1",
        "550 RP:TRC 163",
        "554 DT:SPM 163 smtp1",
        "550 Sender frequency limited",
        "550 Mail content denied. http://service.mail.qq.com",
        "554 Reject by behaviour spam: too frequently sending",
        "554 5.7.1 sending quota exceeded",
        "550 5.4.5 Daily user sending limit exceeded",
    ],
)
def test_a_quota_ends_the_run_politely(reply: str, office: Office, campaign: Campaign) -> None:
    """Nothing more is tried, what is open is not lost, and it is said when it goes on."""
    office.data = lambda _data: reply if len(office.taken) else None
    messages = prepared(campaign, TO)
    before = datetime.now(UTC)
    sending = send_messages(campaign, messages)
    assert fates(sending) == {"1": "sent", "2": "deferred", "3": "waiting"}
    assert sending.halt is not None
    assert sending.halt["en"].startswith(f"the provider takes no more for now (the server's words: {reply})")
    assert sending.resumes is not None
    assert timedelta(minutes=59) < sending.resumes - before < timedelta(minutes=70)
    assert sum(count for _, count in sending.plan) == 2
    office.data = lambda _data: None
    assert fates(send_messages(campaign, messages)) == {"1": "sent_before", "2": "sent", "3": "sent"}
    assert [one.to[0] for one in office.taken] == ["s1@example.org", "s3@example.org", "s2@example.org"]


@pytest.mark.parametrize(
    ("code", "reply", "meant"),
    [
        (552, "Quota exceeded", "never"),  # of the recipient
        (452, "4.2.2 user is over quota", "later"),
        (451, "DT:SPM ,please try again", "later"),
        (450, "MI:DMC", "later"),
        (550, "Mailbox not found", "never"),
    ],
)
def test_what_is_no_quota_of_ours(code: int, reply: str, meant: str) -> None:
    """A full mailbox is its owner's matter."""
    assert judge(code, reply) == meant


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        ("550 <a@b.cn>: Recipient address rejected: User unknown", "没有这个邮箱地址，请核对名册"),
        ("550 User not found: a@163.com", "没有这个邮箱地址，请核对名册"),
        ("550 Mailbox not found. http://service.mail.qq.com", "没有这个邮箱地址，请核对名册"),
        ("550 5.1.2 Host or domain name not found", "没有这个邮箱域名（@ 后面的部分），请核对名册"),
        ("550 5.2.1 The email account is disabled", "对方的邮箱已停用，请向该单位问新的邮箱"),
        ("552 5.2.2 Quota exceeded (mailbox for user is full)", "对方的邮箱已满，请用电话告知该单位"),
        ("552 5.3.4 Message size exceeds fixed limit", "邮件太大，对方不收"),
        ("554 DT:SPM 163 smtp1", "被当作垃圾邮件，没有收下；请与邮件服务商联系"),
        ("554 5.7.1 Relay access denied", "发信服务器不往这个地址转发；请与邮件服务商联系"),
        ("451 MI:SFQ 163", "邮件服务商暂时不再代发：发得太多或太快"),
        ("450 4.7.1 <a@b.cn>: Recipient address rejected: Greylisted", "对方暂时没有收下"),
        ("550 用户不存在", "对方没有收下"),  # which says it in Chinese already
        ("554 no", "对方没有收下"),
        ("354 go on", "对方的答复看不懂"),
    ],
)
def test_what_a_reply_means_is_said_before_its_words(reply: str, meaning: str) -> None:
    """In the clerk's language; the server's own words stand behind, marked as such, for the provider to be asked."""
    assert explain_reply(reply)["zh"] == f"{meaning}（服务器原话：{reply}）"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "找不到这个服务器名"),
        (ConnectionRefusedError(111, "Connection refused"), "对方没有开放这个端口"),
        (TimeoutError("timed out"), "等待超时，对方没有应答"),
        (OSError(101, "Network is unreachable"), "网络不通"),
        (ConnectionResetError(104, "Connection reset by peer"), "对方中断了连接"),
        (imaplib.IMAP4.abort("socket error: EOF"), "对方中断了连接"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "对方没有按加密方式应答"),
        (OSError(28, "No space left on device"), "磁盘已满"),
        (smtplib.SMTPResponseException(500, "Line too long."), "对方的答复不像邮件服务器的"),
        (
            smtplib.SMTPException("No suitable authentication method found."),
            "对方不能用授权码登录；不用登录的服务器，code_file 请留空",
        ),
    ],
)
def test_why_a_connection_is_not_there_is_said_in_chinese(error: Exception, words: str) -> None:
    """Whatever library found it; nothing of it stays English."""
    assert network_words(error)["zh"] == words


def test_a_closed_connection_is_made_again(office: Office, campaign: Campaign) -> None:
    """After 421 the next message gets another one; a server that is gone ends the run, and what is open waits."""
    office.data = lambda _data: "421 4.4.5 closing" if office.begun == 1 else None
    messages = prepared(campaign, TO)
    assert fates(send_messages(campaign, messages)) == dict.fromkeys("123", "sent")
    gone = campaign_at(campaign.folder, 9)
    assert "127.0.0.1:9 cannot be reached" in refuses(gone, prepared(gone, {"4": ("s4@example.org",)}))
    assert states(campaign)[0] == ("1", 1, "sending")


def test_a_connection_that_is_lost_before_the_message(office: Office, campaign: Campaign) -> None:
    """Is made again, and the message handed over, for nobody has it; after six of them the run ends, and it waits."""
    cuts = iter([True, False, False, False])
    office.cuts = lambda: next(cuts)
    messages = prepared(campaign, TO)
    assert fates(send_messages(campaign, messages)) == dict.fromkeys("123", "sent")
    assert [state for _, _, state in states(campaign)[:4]] == ["sending", "deferred", "sending", "sent"]
    office.cuts = lambda: True
    sending = send_messages(campaign, prepared(campaign, {"4": ("s4@example.org",), "5": ("s5@example.org",)}))
    assert fates(sending) == {"4": "waiting", "5": "waiting"}
    assert sending.halt is not None
    assert sending.halt["en"].startswith("the connection was lost and several times not made again (the server ended")
    assert (len(office.taken), states(campaign)[-1]) == (3, ("4", 6, "deferred"))


def test_a_sender_that_is_refused_ends_the_run(office: Office, campaign: Campaign) -> None:
    """It is no matter of one site: nothing is noted of any."""
    office.mail = lambda _address: "553 Mail from must equal authorized user"
    sending = send_messages(campaign, prepared(campaign, TO))
    assert (set(fates(sending).values()), states(campaign)) == ({"waiting"}, [])
    assert sending.halt is not None
    assert sending.halt["en"].startswith(
        "the server takes no mail from report@example.org (the server's words: 553 Mail"
    )


def test_one_that_bounced_is_not_sent_again(office: Office, campaign: Campaign) -> None:
    """What a collecting run notes of it is its last word."""
    messages = prepared(campaign, TO)
    send_messages(campaign, messages)
    journal = Journal(campaign.folder)
    journal.note([replace(journal.entries(Posting)[1], state=State.BOUNCED, reply="user unknown")])
    posted = send_messages(campaign, messages).posted
    assert [(one.fate, one.why.get("en"), one.done) for one in posted[:2]] == [
        (Fate.BOUNCED, "the subject of the bounce: user unknown", False),
        (Fate.EARLIER, None, True),
    ]
    assert len(office.taken) == 3


def test_one_that_was_broken_off_is_never_sent_again(office: Office, campaign: Campaign) -> None:
    """Where the connection is lost after the message was handed over, nobody knows; the others go."""
    office.loses = lambda number: number == 2
    messages = prepared(campaign, TO)
    sending = send_messages(campaign, messages)
    assert fates(sending) == {"1": "sent", "2": "unknown", "3": "sent"}
    assert sending.of(Fate.UNKNOWN)[0].why == {"zh": "对方中断了连接", "en": "the server ended the connection"}
    assert fates(send_messages(campaign, messages)) == {"1": "sent_before", "2": "unknown", "3": "sent_before"}
    assert states(campaign)[2:4] == [("2", 1, "sending"), ("3", 1, "sending")]
    assert len(office.taken) == 3


@pytest.mark.parametrize(("reply", "fate"), [("252 queued", "sent"), ("354 go on", "unknown"), ("soon", "unknown")])
def test_what_a_server_says_at_the_end(reply: str, fate: str, office: Office, campaign: Campaign) -> None:
    """Any 2xx is a yes; what is no answer at all leaves it open whether the message is on its way."""
    office.data = lambda _data: reply
    messages = prepared(campaign, {"1": TO["1"]})
    assert fates(send_messages(campaign, messages)) == {"1": fate}
    send_messages(campaign, messages)
    assert office.begun == 1


def test_a_server_that_never_answers_is_given_three(office: Office, campaign: Campaign) -> None:
    """Of no more than that it is unknown whether they arrived; one answer between them, and it goes on."""
    office.loses = lambda number: number in {1, 2, 4, 5, 6}
    messages = prepared(campaign, {str(number): (f"s{number}@example.org",) for number in range(1, 9)})
    sending = send_messages(campaign, messages)
    assert "".join(fate[0] for fate in fates(sending).values()) == "uusuuuww"
    assert sending.halt is not None
    assert sending.halt["zh"].startswith("连续 3 封交给发信服务器后没有得到答复（对方中断了连接），不知道是否收到，")
    office.loses = lambda _number: False
    assert fates(send_messages(campaign, messages))["8"] == "sent"


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        (["HTTP/1.1 400 Bad Request"], "连不上发信服务器 {where}（对方的答复不像邮件服务器的）；"),
        (["220 " + "x" * 20_000], "连不上发信服务器 {where}（对方的答复不像邮件服务器的）；"),
        (["554 从这里来的不收"], "发信服务器 {where} 拒绝连接（服务器原话：554 从这里来的不收）；"),
        (
            ["220 hi", "250-hi\r\n250 AUTH PLAIN", "535 授权码不对"],
            "邮箱 {user} 登录不了（服务器原话：535 授权码不对）；",
        ),
        (["220 hi", "250-hi\r\n250 AUTH PLAIN", "454 later"], "发信服务器 {where} 拒绝连接（服务器原话：454 later）；"),
        (["220 hi", "250-hi\r\n250 AUTH XOAUTH2"], "发信服务器 {where} 不提供需要的功能（对方不能用授权码登录；"),
    ],
)
def test_whoever_takes_no_connection_is_told_in_chinese(replies: list[str], words: str, tmp_path: Path) -> None:
    """What no mail server says is not shown as its words; what a Chinese server says in GBK can be read."""
    code = tmp_path / "code"
    code.write_text(CODE, "utf-8")
    code.chmod(0o600)
    with replying(*(reply.encode("gbk") for reply in replies)) as port:
        campaign = campaign_at(tmp_path / "c", port, code_file=code)
        with pytest.raises(SettingsError) as caught:
            send_messages(campaign, prepared(campaign, TO))
    where = f"127.0.0.1:{port}"
    assert f"{caught.value.line('zh')}".startswith(words.format(where=where, user=USER))


def test_two_never_send_at_once(office: Office, campaign: Campaign) -> None:
    """The second is told what the first did last; where a disk knows no locks, the journal lets one of them begin."""
    messages = prepared(campaign, TO)
    with wait_for_others(campaign.outbox), pytest.raises(OutputError, match="another gwxl is sending the mails"):
        send_messages(campaign, messages)
    first, second = (Ledger(Journal(campaign.folder)) for _ in range(2))
    first.begin(messages[0], "<a@b>")
    with pytest.raises(OutputError, match=r"another gwxl is sending the mails of this campaign \(its last: 1, 20"):
        second.begin(messages[0], "<a@b>")
    with wait_for_others(campaign.outbox), pytest.raises(OutputError, match="its last: 1, "):
        send_messages(campaign, messages)
    assert fates(send_messages(campaign, messages)) == {"1": "unknown", "2": "sent", "3": "sent"}
    assert len(office.taken) == 2


# What is sent


def change(message: Message, old: bytes, new: bytes) -> None:
    """Edit a draft."""
    assert message.draft is not None
    data = message.draft.read_bytes()
    assert old in data
    message.draft.write_bytes(data.replace(old, new, 1))


def told(message: Message) -> list[str]:
    """Return what is wrong with a draft, the name of the file left out."""
    with pytest.raises(CampaignError) as caught:
        read_letter(message, USER)
    return [line.removeprefix(f"{message.draft}: ") for line in caught.value.lines("en")]


def test_a_draft_may_be_edited(office: Office, campaign: Campaign) -> None:
    """Words, a further paper as PDF, line ends of Notepad: what lies there is sent; Date and Message-ID are ours."""
    (message,) = prepared(campaign, {"1": TO["1"]})
    assert message.draft is not None
    mail = parsed(message.draft.read_bytes())
    body = mail.get_body()
    assert body is not None
    body.set_content("改过的话\n")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="通知.pdf")
    mail["Date"], mail["Message-ID"] = "Thu, 01 Jan 2026 00:00:00 +0000", "<old@example.org>"
    message.draft.write_bytes(mail.as_bytes(policy=email.policy.default).replace(b"\r\n", b"\n"))
    assert fates(send_messages(campaign, [message])) == {"1": "sent"}
    (taken,) = office.taken
    sent = parsed(taken.data)
    assert words(sent) == "改过的话\n"
    assert [one.get_content() for one in sent.iter_attachments()] == [workbook("1"), b"%PDF-1.7"]
    assert b"\n" not in taken.data.replace(b"\r\n", b"")
    dates = sent.get_all("Date", [])
    assert ("old" in sent["Message-ID"], [one.datetime.date() for one in dates]) == (False, [datetime.now(UTC).date()])


def test_a_draft_that_was_made_before_a_sender_was_set(office: Office, campaign: Campaign) -> None:
    """It gets one, by the name of the office."""
    (message,) = prepared(campaign, {"1": TO["1"]})
    assert message.draft is not None
    lines = message.draft.read_bytes().split(b"\r\n")
    message.draft.write_bytes(b"\r\n".join(line for line in lines if not line.startswith(b"From:")))
    assert fates(send_messages(replace(campaign, office="某市\u201c办公室\u201d"), [message])) == {"1": "sent"}
    (found,) = parsed(office.taken[0].data)["From"].addresses
    assert (found.display_name, found.addr_spec) == ("某市\u201c办公室\u201d", USER)


def test_two_workbooks_are_never_mixed_up(office: Office, campaign: Campaign) -> None:
    """Drafts whose attachments were swapped stay where they are, the others go; a second workbook is none of theirs."""
    messages = prepared(campaign, TO)
    first, second = messages[0].draft, messages[1].draft
    assert first is not None
    assert second is not None
    own, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(own.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + other.partition(b"\r\n\r\n")[2])
    second.write_bytes(other.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + own.partition(b"\r\n\r\n")[2])
    assert fates(send_messages(campaign, messages)) == {"1": "faulty", "2": "faulty", "3": "sent"}
    mail = parsed(own)
    mail.add_attachment(workbook("2"), maintype="text", subtype="x-note", filename="a.txt")
    first.write_bytes(mail.as_bytes())
    assert told(messages[0]) == [
        "carries a.txt, which was not made for 1; take it out (other papers go as PDF), or make the draft anew with --again"  # noqa: E501
    ]
    first.unlink()
    assert told(messages[0]) == [
        "the draft is gone; where it was sent by hand all is well, else run gwxl issue --send --again 1"
    ]
    assert [one.to for one in office.taken] == [("s3@example.org",)]


def test_nobody_else_is_written_to(campaign: Campaign) -> None:
    """To, Cc and Bcc together are whom the roster names, and it comes from the sender of the settings."""
    (message,) = prepared(campaign, {"1": TO["1"]})
    change(message, b"To: s1@example.org", b"To: s1@example.org\r\nCc: Boss <BOSS@example.org>\r\nbcc: x@example.org")
    change(message, b"report@example.org", b"me@example.org")
    assert told(message) == [
        "goes to boss@example.org, s1@example.org, x@example.org, and the roster says s1@example.org (row 1); make them agree, or run gwxl issue --send --again 1",  # noqa: E501
        "comes from me@example.org, and campaign.toml says report@example.org; make them agree, or make it anew with --again",  # noqa: E501
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"Subject:", b"no field\r\nSubject:", "is no mail"),
        (b"Subject:", "Subject: 原文\r\nX:".encode(), "is no mail"),
        (b"Subject:", b"X: boundary\r\n" * 60 + b"Subject:", "is no mail"),
        (b"X-Unsent: 1\r\n", b"\r\n", "goes to —"),
    ],
)
def test_what_is_no_mail_is_not_sent(old: bytes, new: bytes, why: str, campaign: Campaign) -> None:
    """It is told, and nothing else is stopped by it."""
    (message,) = prepared(campaign, {"1": TO["1"]})
    change(message, old, new)
    assert any(why in line for line in told(message))


# When


def test_a_send_is_spread_over_days(office: Office, tmp_path: Path) -> None:
    """As many a day as the settings say; a dry run tells the days, and sends nothing."""
    campaign = campaign_at(tmp_path / "c", office.port, per_day=2)
    messages = prepared(campaign, {str(code): (f"s{code}@example.org",) for code in range(5)})
    plan = send_messages(campaign, messages, dry_run=True)
    assert (len(office.taken), [count for _, count in plan.plan], plan.halt) == (0, [2, 2, 1], None)
    assert (set(fates(plan).values()), Journal(campaign.folder).path.exists()) == ({"waiting"}, False)
    sending = send_messages(campaign, messages)
    assert Counter(fates(sending).values()) == {"sent": 2, "waiting": 3}
    assert (len(office.taken), [count for _, count in sending.plan]) == (2, [2, 1])
    assert sending.halt is not None
    assert sending.halt["en"].startswith("2 were sent today, and no more may go now")
    assert Counter(fates(send_messages(campaign, messages)).values()) == {"sent_before": 2, "waiting": 3}


CHINA = timezone(timedelta(hours=8))
FRIDAY = datetime(2026, 11, 27, 17, 55, tzinfo=CHINA)


def test_the_calendar_of_an_office() -> None:
    """Within its hours, on its days, as many as it may; what is left of a day counts by the minute."""
    calendar = Calendar(per_minute=20, per_day=200, hours=(8, 18), days=frozenset(range(1, 6)))
    assert [calendar.room(FRIDAY, gone) for gone in (0, 150, 200, 300)] == [100, 50, 0, 0]
    assert [calendar.room(FRIDAY.replace(hour=hour), 0) for hour in (7, 18)] == [0, 0]
    monday = datetime(2026, 11, 30, 8, tzinfo=CHINA)
    assert [calendar.resumes(FRIDAY, gone) for gone in (0, 200)] == [FRIDAY, monday]
    assert calendar.resumes(FRIDAY.replace(hour=6), 0) == FRIDAY.replace(hour=8, minute=0)
    assert list(calendar.plan(401, FRIDAY, 0)) == [
        (date(2026, 11, 27), 100),
        (date(2026, 11, 30), 200),
        (date(2026, 12, 1), 101),
    ]
    whole = Calendar(per_minute=1, per_day=5, hours=(0, 24), days=frozenset(range(1, 8)))
    assert list(whole.plan(6, FRIDAY, 3)) == [(date(2026, 11, 27), 2), (date(2026, 11, 28), 4)]


# The server


def test_certificates_are_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that nobody vouches for, or for another name, is refused before anything is said; a trusted one is taken."""
    context, authority = certified(trustme.CA(), tmp_path, "localhost")
    office = Office()
    with mail_server(office, tls=context) as server:
        campaign = campaign_at(tmp_path / "c", server.port, smtp_security="ssl", smtp_host="localhost")
        messages = prepared(campaign, TO)
        assert "does not hold (this machine does not know who issued" in refuses(campaign, messages)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        other = campaign_at(tmp_path / "c", server.port, smtp_security="ssl")
        assert "does not hold (the server's certificate is for another name)" in refuses(other, messages)
        assert (office.taken, states(campaign)) == ([], [])
        assert fates(send_messages(campaign, messages)) == dict.fromkeys("123", "sent")


def test_a_login_is_never_in_the_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """STARTTLS comes first, and a server without it gets neither code nor mail; a wrong code is told, never shown."""
    context, authority = certified(trustme.CA(), tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    code = tmp_path / "code"
    code.write_text(f"{CODE}\n", "utf-8")
    code.chmod(0o600)
    settings = {"smtp_security": "starttls", "smtp_host": "localhost", "code_file": code}
    with mail_server(Office(), starttls=context, login=True) as office:
        campaign = campaign_at(tmp_path / "c", office.port, **settings)
        messages = prepared(campaign, TO)
        code.write_text("wrong", "utf-8")
        assert refuses(campaign, messages).startswith("report@example.org cannot log in (the server's words: 535 ")
        assert "wrong" not in refuses(campaign, messages)
        code.write_text(f"\ufeff{CODE}\n", "utf-8")
        before = office.logins
        assert fates(send_messages(campaign, messages)) == dict.fromkeys("123", "sent")
        assert office.logins == before + 1
    with mail_server(Office()) as bare:
        campaign = campaign_at(tmp_path / "d", bare.port, **settings)
        assert "lacks what is needed (it offers no STARTTLS)" in refuses(campaign, prepared(campaign, TO))
        assert (bare.logins, bare.taken) == (0, [])


def test_settings_that_cannot_work(tmp_path: Path) -> None:
    """No server, an open way to another machine, a code that others may read: told before anything is written."""
    campaign = campaign_at(tmp_path / "c", 25, smtp_host="")
    assert refuses(campaign, []).startswith("campaign.toml does not say smtp_host")
    assert refuses(campaign_at(tmp_path / "c", 25, smtp_host="mail.example.org"), []).startswith(
        "the server mail.example.org is another machine"
    )
    code = tmp_path / "code"
    campaign = campaign_at(tmp_path / "c", 25, code_file="../code")
    assert "cannot be read" in refuses(campaign, [])
    code.write_text("\n", "utf-8")
    code.chmod(0o600)
    assert "holds no authorisation code" in refuses(campaign, [])
    if os.name == "posix":
        code.write_text(CODE, "utf-8")
        code.chmod(0o640)
        assert "others than its owner may open" in refuses(campaign, [])
    assert campaign.service.hours == (0, 24)
    wrong = {
        "smtp_host": "a b",
        "smtp_security": "tls",
        "user": "张三",
        "per_day": "0",
        "hours": "18-8",
        "days": "0-5",
    }
    with pytest.raises(CampaignError) as caught:
        campaign_at(tmp_path / "c", 99_999, **wrong)
    assert [line.split("mail.")[1].split(":")[0] for line in caught.value.lines("en")] == [
        *("smtp_host", "smtp_port", "smtp_security", "per_day", "user", "hours", "days")
    ]


def test_a_stuck_message_holds_up_nobody(office: Office, campaign: Campaign) -> None:
    """What was refused in an earlier run comes last, so that a reply that ends a run cannot end each run at once."""
    office.data = lambda data: "550 rate limit for this one" if b"s1@example.org" in data else None
    messages = prepared(campaign, TO)
    assert fates(send_messages(campaign, messages)) == {"1": "deferred", "2": "waiting", "3": "waiting"}
    assert fates(send_messages(campaign, messages)) == {"1": "deferred", "2": "sent", "3": "sent"}
    assert [one.state for one in Journal(campaign.folder).entries(Posting)].count(State.SENDING) == 4
