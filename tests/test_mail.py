"""Mails as they are read: names however they are written, wrappings, what programs send, and what is hostile."""

import base64
import importlib
import random
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from gwxl.errors import RefusedError
from gwxl.mail.mail import LIMITS, Kind, Mail
from gwxl.mail.reading import read_mail
from gwxl.wording import LANGUAGES, catalogue, text
from tests.support import mails
from tests.support.binaries import compound_file
from tests.support.draws import draws, seed
from tests.support.mails import WORKBOOK, encoded, mail, message, raw, report

NAME = "示例市教育局网站—年报（盖章）.xlsx"


def names(found: Mail) -> list[str]:
    """Return what the files of a mail are called."""
    return [one.name for one in found.attachments]


def quoted(name: str, charset: str) -> bytes:
    """Return a name as RFC 2231 writes it."""
    return "".join(f"%{byte:02X}" for byte in name.encode(charset)).encode()


GBK = NAME.encode("gbk")
LONG = "示例市经济和信息化委员会" * 8 + ".xlsx"
PERCENT = quoted(LONG, "utf-8")
FOLD = "\r\n "


def attached(parameters: bytes | str) -> bytes:
    """Return the header of a file with parameters."""
    return b"Content-Disposition: attachment; " + (parameters if isinstance(parameters, bytes) else parameters.encode())


NAMES = {
    "raw GBK": (attached(b'filename="' + GBK + b'"'), NAME),
    "raw GBK, not quoted": (attached(b"filename=" + GBK), NAME),
    "raw GBK with a backslash in it": (attached(b'filename="' + "誠報.xlsx".encode("gbk") + b'"'), "誠報.xlsx"),
    "raw UTF-8": (attached(f'filename="{NAME}"'), NAME),
    "RFC 2047 in filename": (attached(f'filename="{encoded(NAME, "gbk")}"'), NAME),
    "RFC 2047, Q": (attached(f'filename="{encoded(NAME, method="q")}"'), NAME),
    "called GB2312, with more": (attached(f'filename="{encoded(NAME, "gb18030").replace("gb18030", "gb2312")}"'), NAME),
    "a character divided": (attached(f'filename="{encoded(NAME, "utf-8", at=7)}"'), NAME),
    "folded": (attached(f'{FOLD}filename="{encoded(NAME, "utf-8", at=12).replace(" ", FOLD)}"'), NAME),
    "RFC 2231": (attached(b"filename*=gb18030''" + quoted(NAME, "gb18030")), NAME),
    "RFC 2231 in pieces": (attached(b"filename*1*=" + PERCENT[90:] + b"; filename*0*=utf-8''" + PERCENT[:90]), LONG),
    "both ways": (attached(b"filename=\"a.xlsx\"; filename*=utf-8''" + quoted(NAME, "utf-8")), NAME),
    "in Content-Type alone": (f'Content-Type: application/octet-stream; name="{encoded(NAME)}"'.encode(), NAME),
    "a path": (attached(r'filename="C:\\data\\..\\a.xlsx"'), "a.xlsx"),
    "what reads backwards": (attached('filename="a\u202excls.exe"'), "a\ufffdxcls.exe"),
    "none": (b"Content-Type: application/octet-stream", ""),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_name_is_read(case: str) -> None:
    """However a program writes the name of a file, it is read, and the bytes are as they were."""
    header, name = NAMES[case]
    found = read_mail(raw(header))
    assert [(one.name, one.data) for one in found.attachments] == [(name, WORKBOOK)]
    assert (found.kind, found.unread) == (Kind.REPLY, ())


@pytest.mark.parametrize("way", ["binary", "8bit", ""])
def test_a_file_that_was_not_encoded_is_as_it_came(way: str) -> None:
    """Not a byte of it is another, whatever charset its part claims."""
    data = bytes(range(256)) * 3 + "年报".encode("gbk")
    head = b'Content-Type: text/csv; charset=gbk; name="a.csv"\r\nContent-Disposition: attachment'
    came = raw(head, b"x").replace(b"eA==", data)
    came = came.replace(b"base64", way.encode()) if way else came.replace(b"Content-Transfer-Encoding: base64\r\n", b"")
    assert [one.data for one in read_mail(came).attachments] == [data]


def test_an_envelope_is_read() -> None:
    """Sender, subject, ids and date are read from headers of any kind."""
    head = b"Subject: " + "回复：年报".encode("gbk") + b"\r\nMessage-ID: <a@b>\r\nIn-Reply-To: <ours@x>"
    head += b"\r\nReferences: <first@x>\r\n <ours@x>"
    envelope = read_mail(raw(b"Content-Type: x/y", head=head)).envelope
    assert (envelope.message_id, envelope.answers) == ("a@b", ("ours@x", "first@x"))
    assert (envelope.sender, envelope.subject, envelope.date) == (
        "c@example.org",
        "回复：年报",
        "2027-01-15T01:30:00+00:00",
    )


def test_the_hour_of_arrival_counts() -> None:
    """The server's clock comes before the sender's, and no date at all is told as none."""
    came = "from a by b; Sat, 16 Jan 2027 08:00:00 +0800"
    assert read_mail(mail(Received=came)).envelope.date == "2027-01-16T00:00:00+00:00"
    assert read_mail(mail(Date="yesterday")).envelope.date == ""
    assert read_mail(mail(Date="Fri, 15 Jan 9027 09:30:00 +0800")).envelope.date == ""


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        (encoded("张三 <chief@example.org>") + " <C@Example.org>", "c@example.org"),
        ("c@example.org (某人)", "c@example.org"),
        ("nobody", ""),
    ],
)
def test_a_sender_is_whom_the_address_names(sender: str, address: str) -> None:
    """An address that is only shown, in an encoded word, is nobody's."""
    data = raw(b"Content-Type: x/y").replace(b"From: c@example.org", f"From: {sender}".encode())
    assert read_mail(data).envelope.sender == address


def test_what_is_forwarded_is_walked() -> None:
    """Mails in mails are opened, as parts, as files and as files of Outlook's, with what each said of itself."""
    inner = message((NAME, WORKBOOK), sender="county@example.org", subject="县报表")
    middle = message(sender="city@example.org", subject="转发：县报表")
    middle.add_attachment(inner)
    found = read_mail(mail(("转发.eml", bytes(middle)), ("b.xlsx", b"b"), sender="province@example.org"))
    first, second = found.attachments
    assert (first.name, first.data, second.name) == (NAME, WORKBOOK, "b.xlsx")
    assert [one.sender for one in first.forwarded] == ["city@example.org", "county@example.org"]
    assert first.forwarded[1].subject == "县报表"
    assert second.forwarded == ()


def test_a_forwarded_mail_that_was_encoded_is_walked() -> None:
    """A mail may lie in another in base64, though it should not."""
    inner = base64.encodebytes(mail((NAME, WORKBOOK), sender="county@example.org"))
    part = b"Content-Type: message/rfc822"
    found = read_mail(raw(part).replace(base64.encodebytes(WORKBOOK).rstrip(), inner))
    assert [(one.name, one.forwarded[0].sender) for one in found.attachments] == [(NAME, "county@example.org")]


def test_a_digest_is_walked() -> None:
    """The parts of a digest are mails without being called so."""
    inner = mail((NAME, WORKBOOK))
    head = b"From: c@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/digest; boundary=d\r\n\r\n"
    assert names(read_mail(head + b"--d\r\n\r\n" + inner + b"\r\n--d--\r\n")) == [NAME]


def test_winmail_is_opened() -> None:
    """What Outlook wraps is unwrapped; its names are in the codepage it tells."""
    found = read_mail(mail(("winmail.dat", mails.tnef((NAME, WORKBOOK), ("b.pdf", b"%PDF")))))
    assert [(one.name, one.data) for one in found.attachments] == [(NAME, WORKBOOK), ("b.pdf", b"%PDF")]
    damaged = read_mail(mail(("winmail.dat", mails.tnef((NAME, WORKBOOK))[:-9]), ("a.xlsx", b"a")))
    assert [one.reason for one in damaged.unread] == ["mail_wrapping"]
    assert names(damaged) == ["winmail.dat", "a.xlsx"]


def sealed(data: bytes) -> bytes:
    """Return a mail of S/MIME."""
    made = EmailMessage(policy=SMTP)
    made["From"] = "c@example.org"
    made.set_content(data, maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    return bytes(made)


@pytest.mark.parametrize("pieces", [1, 3])
def test_what_is_signed_is_read(pieces: int) -> None:
    """A signature around a mail hides none of it; what is encrypted is named."""
    found = read_mail(sealed(mails.signed(mail((NAME, WORKBOOK)), pieces=pieces)))
    assert [(one.name, one.data) for one in found.attachments] == [(NAME, WORKBOOK)]
    closed = read_mail(sealed(b"\x30\x03\x06\x01\x2a"))
    assert (closed.kind, [one.reason for one in closed.unread]) == (Kind.LETTER, ["mail_encrypted"])


def test_a_signature_is_no_file() -> None:
    """Of a mail that is signed beside its text the signature, a card and an invitation are left out."""
    inner = message((NAME, WORKBOOK))
    for main, sub in (("application", "pkcs7-signature"), ("text", "vcard"), ("text", "calendar")):
        inner.add_attachment(b"x", maintype=main, subtype=sub, filename=f"a.{sub}")
    assert names(read_mail(bytes(inner).replace(b"multipart/mixed", b"multipart/signed"))) == [NAME]


def test_a_logo_is_no_file_and_a_scan_is() -> None:
    """A small picture that the text shows is left out; a large one, and one that is attached, are scans."""
    made = message()
    made.add_alternative('<p>见<img src="cid:logo@x"><img src="cid:scan@x"></p>', subtype="html")
    html = made.get_payload()[1]  # type: ignore[index]  # it was just added
    for name, size in (("logo", 3_000), ("scan", 300_000)):
        html.add_related(b"x" * size, maintype="image", subtype="png", cid=f"<{name}@x>", filename=f"{name}.png")  # type: ignore[union-attr]
    made.add_attachment(b"y" * 3_000, maintype="image", subtype="jpeg", filename="盖章.jpg")
    assert names(read_mail(bytes(made))) == ["scan.png", "盖章.jpg"]
    alone = message()
    alone.add_attachment(b"y", maintype="image", subtype="jpeg", filename="盖章.jpg", cid="<nobody@x>")
    assert names(read_mail(bytes(alone))) == ["盖章.jpg"]


AUTOMATIC = {
    "answered by a machine": mail(Auto_Submitted="auto-replied"),
    "by another header": mail(X_Autoreply="yes"),
    "by its precedence": mail(Precedence="auto_reply"),
    "by its subject": mail(subject="自动回复：年报"),
    "in English": mail(subject="Automatic reply: report"),
}


@pytest.mark.parametrize("case", AUTOMATIC)
def test_what_a_machine_answers_is_no_reply(case: str) -> None:
    """An answering machine is known by its headers or its subject."""
    assert read_mail(AUTOMATIC[case]).kind is Kind.AUTOMATIC


def test_what_somebody_wrote_is_no_machines() -> None:
    """A subject alone makes no machine of somebody who sends a file; who says no machine wrote is believed."""
    assert read_mail(mail((NAME, WORKBOOK), subject="自动回复：年报")).kind is Kind.REPLY
    assert read_mail(mail((NAME, WORKBOOK), Auto_Submitted="no")).kind is Kind.REPLY
    assert read_mail(mail(subject="关于自动回复")).kind is Kind.LETTER
    sent = read_mail(mail((NAME, WORKBOOK), Auto_Submitted="auto-generated"))
    assert (sent.kind, names(sent)) == (Kind.AUTOMATIC, [NAME])


def test_a_receipt_is_no_reply() -> None:
    """That a mail was read, or arrived, brings nothing, though it may bring our own mail back."""
    read = report("disposition-notification", ["Final-Recipient: rfc822; a@example.org", "Disposition: x; displayed"])
    arrived = report(
        "delivery-status", ["Reporting-MTA: dns; x"], ["Final-Recipient: rfc822; a@example.org", "Action: delivered"]
    )
    for data in (read, arrived, mail(subject="已读：年报")):
        found = read_mail(data)
        assert (found.kind, found.attachments) == (Kind.RECEIPT, ())


POSTFIX = """This is the mail system at host mx.example.org.

<gone@example.org>: host mx.example.org said: 550 5.1.1 User unknown

"""
NETEASE = """抱歉，您的邮件被退回来了……
原邮件信息：
时间 2027-01-15
收件人 gone@example.org
退信原因：
您可能写了外星人的邮件地址
"""
LATE = ["Final-Recipient: rfc822; gone@example.org", "Action: delayed"]
FAILED = [
    "Original-Recipient: rfc822;gone@example.org",
    "Final-Recipient: rfc822;x@relay.example.org",
    "Action: failed",
]
BOUNCES = {
    "a report": (report("delivery-status", ["Reporting-MTA: dns; x"], FAILED), ("gone@example.org",)),
    "a report that it is late": (report("delivery-status", ["Reporting-MTA: dns; x"], LATE), ()),
    "Postfix without a report": (
        mail(sender="MAILER-DAEMON@mx.example.org", subject="Undelivered Mail Returned to Sender", text=POSTFIX),
        ("gone@example.org",),
    ),
    "163": (
        mail(sender="Postmaster@163.com", subject="系统退信/The email is returned", text=NETEASE),
        ("gone@example.org",),
    ),
    "nobody named": (mail(sender="postmaster@qq.com", subject="系统退信", text="地址不对"), ()),
}


@pytest.mark.parametrize("case", BOUNCES)
def test_a_bounce_says_who_was_not_reached(case: str) -> None:
    """What came back is no reply, whatever it brings; who was not reached is told."""
    data, addresses = BOUNCES[case]
    found = read_mail(data)
    assert (found.kind, found.bounced, found.attachments) == (Kind.BOUNCE, addresses, ())


def test_a_postmaster_may_write_a_letter() -> None:
    """Neither the sender alone nor the subject alone makes a bounce of a mail that brings a file."""
    assert read_mail(mail((NAME, WORKBOOK), sender="postmaster@example.org", subject="年报")).kind is Kind.REPLY
    assert read_mail(mail((NAME, WORKBOOK), subject="退信")).kind is Kind.REPLY


@pytest.mark.parametrize(
    ("link", "service"),
    [
        ("https://wx.mail.qq.com/ftn/download?func=3&k=1", "wx.mail.qq.com"),
        ("http://mail.qq.com/cgi-bin/ftnExs_download?k=1", "mail.qq.com"),
        ("https://mail.163.com/large-attachment-download/index.html?p=1", "mail.163.com"),
        ("https://dashi.163.com/html/cloud-attachment-download/?key=1", "dashi.163.com"),
    ],
)
def test_a_link_to_a_cloud_is_named(link: str, service: str) -> None:
    """A file that lies at a service is named, in text and in HTML; nothing is fetched."""
    assert read_mail(mail(text=f"从{link}下载")).links == (service,)
    assert read_mail(
        raw(b"Content-Type: x/y").replace("见附件".encode("gbk"), f"从{link}下载".encode("gbk"))
    ).links == (service,)
    made = message(text="")
    made.add_alternative(f'<a href="{link}">年报.xlsx</a>', subtype="html")
    assert read_mail(bytes(made)).links == (service,)
    assert read_mail(mail(text="https://mail.qq.com.example.org/cgi-bin/ftnExs_x http://mail.qq.com/")).links == ()


def nested(depth: int) -> bytes:
    """Return a mail in a mail in a mail."""
    found = message((NAME, WORKBOOK))
    for _ in range(depth):
        outer = message()
        outer.add_attachment(found)
        found = outer
    return bytes(found)


def crowd(count: int, part: bytes) -> bytes:
    """Return a mail of many parts."""
    head = b"From: c@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
    return head + (b"--c\r\n" + part + b"\r\n") * count + b"--c--\r\n"


HOSTILE = {
    "nested": (nested(6), "mail_nested"),
    "10,000 parts": (crowd(10_000, b"\r\nx"), "mail_parts"),
    "10,000 mails": (crowd(10_000, b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n"), "mail_parts"),
    "too many files": (crowd(201, b'Content-Disposition: attachment; filename="a"\r\n\r\nx'), "mail_attachments"),
    "huge": (b"From: a@b.cn\r\n\r\n" + b"x" * LIMITS.mail_bytes, "mail_large"),
    "endless headers": (b"From: a@b.cn\r\n" + b"X: y\r\n" * 200_000 + b"\r\nx", "mail_header"),
    "a long header": (raw(b"Content-Disposition: attachment; filename=" + b"x;" * 9_000), "mail_header"),
    "multiparts in each other": (
        b"From: a@b.cn\r\nContent-Type: multipart/mixed; boundary=0\r\n\r\n"
        + b"".join(b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (at, at + 1) for at in range(5_000)),
        "mail_parts",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_hostile_is_refused(case: str) -> None:
    """Each limit is told by name, in every language."""
    data, reason = HOSTILE[case]
    with pytest.raises(RefusedError) as refusal:
        read_mail(data)
    assert refusal.value.reason == reason
    assert all(text(f"refused.{reason}", language, **refusal.value.details) for language in LANGUAGES)


def test_what_stays_within_the_limits_is_read() -> None:
    """Mails in each other to the depth that is allowed, and a superior's hundred mails, are read."""
    assert len(read_mail(nested(5)).attachments[0].forwarded) == 5
    outer = message(sender="city@example.org")
    for number in range(100):
        outer.add_attachment(message((f"{number}.xlsx", b"x"), sender=f"{number}@example.org"))
    assert [one.forwarded[0].sender for one in read_mail(bytes(outer)).attachments] == [
        f"{n}@example.org" for n in range(100)
    ]


def test_what_is_broken_is_named() -> None:
    """A mail whose parts cannot be told apart is named; one that ends too early gives what arrived."""
    broken = read_mail(raw(b"Content-Type: x/y").replace(b'boundary="b"', b'boundary="other"'))
    assert (broken.kind, [one.reason for one in broken.unread]) == (Kind.LETTER, ["mail_broken"])
    data = raw(b'Content-Disposition: attachment; filename="a.xlsx"', b"0123456789" * 100)
    cut = read_mail(data[: len(data) - 200])
    assert names(cut) == ["a.xlsx"]
    assert (b"0123456789" * 100).startswith(cut.attachments[0].data)
    assert len(cut.attachments[0].data) > 800


def test_what_is_damaged_is_read_or_named() -> None:
    """Whatever became of a mail on its way, it is read or refused by name, and no limit is passed."""
    some = [data for data, _ in BOUNCES.values()] + [raw(header) for header, _ in NAMES.values()] + [nested(2)]
    some.append(sealed(mails.signed(mail((NAME, WORKBOOK)), pieces=3)))
    some.append(mail(("winmail.dat", mails.tnef((NAME, WORKBOOK)))))
    some.append(compound_file(mails.msg((NAME, WORKBOOK), inner=mails.msg(("a", b"b"), subject="x"))))
    drawn = random.Random(seed())
    for _ in range(draws(400, full=5_000)):
        reason = refusal_of(damaged(drawn, drawn.choice(some)))
        assert f"refused.{reason}" in catalogue() or not reason


def damaged(drawn: random.Random, data: bytes) -> bytes:
    """Return a mail with pieces of it lost, doubled or replaced."""
    found = bytearray(data)
    for _ in range(drawn.randint(1, 6)):
        start = drawn.randrange(len(found) + 1)
        end = start + drawn.randrange(60)
        pieces = [b"", bytes(found[start:end]) * 2, drawn.randbytes(3), b"=?", b'"', b"\r\n\r\n", b"--b"]
        found[start:end] = drawn.choice(pieces)
    return bytes(found)


def refusal_of(data: bytes) -> str:
    """Return why a mail is refused, empty where it is read."""
    try:
        read_mail(data)
    except RefusedError as refusal:
        return refusal.reason
    return ""


def test_html_alone_brings_nothing() -> None:
    """A mail of HTML alone is a letter, whatever its text would load."""
    made = EmailMessage(policy=SMTP)
    made["From"] = "c@example.org"
    made.set_content('<img src="http://tracker.example.org/x"><script src="//x"></script>', subtype="html")
    found = read_mail(bytes(made))
    assert (found.kind, found.attachments, found.links) == (Kind.LETTER, (), ())


def test_a_draft_of_ours_is_no_mail_that_came() -> None:
    """What gwxl issue wrote and nobody sent is refused by name."""
    with pytest.raises(RefusedError, match="mail_unsent"):
        read_mail(mail((NAME, WORKBOOK), X_Unsent="1"))


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra a mail that needs it says what to install."""
    monkeypatch.setattr(importlib, "import_module", refuse_to_load)
    with pytest.raises(RefusedError) as refusal:
        read_mail(mail(("winmail.dat", mails.tnef((NAME, WORKBOOK)))))
    assert 'pip install "gwxl[mail]"' in text("refused.mail_extra", "zh", **refusal.value.details)
    assert read_mail(mail((NAME, WORKBOOK))).kind is Kind.REPLY


def refuse_to_load(name: str) -> None:
    """Fail as Python does where a package is not there."""
    raise ImportError(name)


@pytest.mark.parametrize("wide", [True, False])
def test_an_msg_is_read(*, wide: bool) -> None:
    """A mail that Outlook saved gives sender, subject, date and files; one that is attached to it is walked."""
    told = "From: =?utf-8?B?5p+Q?= <C@example.org>\r\nDate: Fri, 15 Jan 2027 09:30:00 +0800\r\nMessage-ID: <a@b>\r\n"
    inner = mails.msg(("内.xlsx", b"inner"), wide=wide, sender="county@example.org", subject="县报表")
    found = read_mail(compound_file(mails.msg((NAME, WORKBOOK), wide=wide, inner=inner, headers=told)))
    assert (found.kind, found.envelope.sender, found.envelope.message_id) == (Kind.REPLY, "c@example.org", "a@b")
    assert found.envelope.date == "2027-01-15T01:30:00+00:00"
    assert [(one.name, one.data) for one in found.attachments] == [(NAME, WORKBOOK), ("内.xlsx", b"inner")]
    (envelope,) = found.attachments[1].forwarded
    assert (envelope.sender, envelope.subject) == ("county@example.org", "县报表")


def test_an_msg_in_a_mail_is_walked_and_a_damaged_one_is_named() -> None:
    """What Outlook saved may be attached to a mail; damaged, it is filed as it is and named."""
    saved = compound_file(mails.msg((NAME, WORKBOOK), sender="county@example.org"))
    found = read_mail(mail(("转发.msg", saved), sender="city@example.org"))
    assert [(one.name, one.forwarded[0].sender) for one in found.attachments] == [(NAME, "county@example.org")]
    damaged = read_mail(mail(("转发.msg", saved[:600])))
    assert ([one.reason for one in damaged.unread], names(damaged)) == (["mail_wrapping"], ["转发.msg"])


def test_a_report_that_outlook_saved_brings_nothing() -> None:
    """A bounce and a receipt are known by what Outlook calls them."""
    bounce = compound_file(mails.msg((NAME, WORKBOOK), kind="REPORT.IPM.Note.NDR"))
    receipt = compound_file(mails.msg((NAME, WORKBOOK), kind="REPORT.IPM.Note.IPNRN"))
    assert [(one.kind, one.attachments) for one in map(read_mail, (bounce, receipt))] == [
        (Kind.BOUNCE, ()),
        (Kind.RECEIPT, ()),
    ]
