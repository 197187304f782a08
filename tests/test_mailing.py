"""gwxl issue --send: what is prepared is mailed, each site once, whatever breaks a run off."""

import json
import random
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gwxl.campaign.issuing import issue_workbooks
from gwxl.campaign.journal import Journal, Prepared
from gwxl.campaign.post.posting import Posting
from gwxl.campaign.settings import FILE_NAME, load_campaign
from gwxl.campaign.starting import start_campaign
from gwxl.form.signature import read_key
from gwxl.records.period import Period
from gwxl.terms import Terms
from tests.support.command import COMMAND, document, environment, refusal, run, say
from tests.support.draws import draws, seed
from tests.support.mail_server import USER, Office, mail_server
from tests.support.submissions import report_rules

COUNT = 6
CODES = [f"{number:010d}" for number in range(1, COUNT + 1)]
UNADDRESSED = "bm00000009"
ROSTER = "名册.csv"
FORGED = '"示例6\r\nBcc: thief@example.org"'
NAMES = [*(f"示例{number}" for number in range(1, COUNT)), FORGED]


def begin(folder: Path) -> Path:
    """Issue a campaign: six sites with an address, one without."""
    start_campaign(Terms(report_rules(), period=Period(2026)), folder)
    said = {"sender": USER, "roster": ROSTER, "smtp_host": "127.0.0.1", "smtp_security": "none", "code_file": ""}
    write(folder, **said, per_minute="60000")
    rows = [f"{code},{name},s{code}@example.org" for code, name in zip(CODES, NAMES, strict=True)]
    (folder / ROSTER).write_bytes("\n".join(["标识码,名称,邮箱", *rows, f"{UNADDRESSED},没有邮箱的,"]).encode())
    campaign = load_campaign(folder)
    assert campaign.key is not None
    issue_workbooks(
        Terms(report_rules(), period=campaign.period, key=read_key(campaign.key), notice=campaign.notice), campaign
    )
    return folder


def write(folder: Path, **settings: object) -> None:
    """Change settings."""
    lines = (folder / FILE_NAME).read_text("utf-8").splitlines()
    names = [line.partition(" = ")[0] for line in lines]
    for name, value in settings.items():
        lines[names.index(name)] = f'{name} = "{value}"'
    (folder / FILE_NAME).write_text("\n".join(lines), "utf-8")


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Issue a campaign."""
    return begin(tmp_path_factory.mktemp("issued") / "年报")


@pytest.fixture
def office() -> Iterator[Office]:
    """Run a server."""
    with mail_server(Office()) as running:
        yield running


@pytest.fixture
def folder(issued: Path, tmp_path: Path, office: Office) -> Path:
    """Return a copy of the campaign, with that server."""
    copy = shutil.copytree(issued, tmp_path / "年报")
    write(copy, smtp_port=office.port)
    return copy


def reached(office: Office) -> Counter[str]:
    """Return how often each site was written to, by its code."""
    return Counter(address[1:].partition("@")[0] for one in office.taken for address in one.to)


def in_state(found: Any, state: str) -> Sequence[str]:
    """Return the codes of the messages in a state."""
    return [one["code"] for one in found["sending"]["messages"] if one["state"] == state]


def test_the_command(folder: Path, office: Office) -> None:
    """A dry run says to whom and when; the run sends the workbook of each; the next one has nothing to do."""
    lines = say("issue", "--send", "--dry-run", "--lang", "zh", cwd=folder).splitlines()
    assert lines[0] == "待发 6 封"
    assert lines[1] == f"  {CODES[0]} 示例1 → s{CODES[0]}@example.org"
    assert lines[7].endswith("：6 封")
    assert lines[8:] == [
        "1 个单位没有邮箱，没有发送，请用别的办法送达",
        f"  {UNADDRESSED} 没有邮箱的",
        "下一步：核对无误后，去掉 --dry-run 再运行一次",
    ]
    assert office.taken == []
    assert say("issue", "--send", "--lang", "zh", cwd=folder).splitlines()[0] == "已发送 6 封"
    assert reached(office) == dict.fromkeys(CODES, 1)
    for code, taken in zip(CODES, office.taken, strict=True):
        mail = message_from_bytes(taken.data, policy=policy.default)
        assert (taken.sender, mail["To"], mail["Bcc"]) == (USER, f"s{code}@example.org", None)
        (attachment,) = mail.iter_attachments()
        (workbook,) = folder.glob(f"outbox/{code}-*.xlsx")
        assert attachment.get_content() == workbook.read_bytes()
    found = document("issue", "--send", cwd=folder)
    assert (in_state(found, "sent_before"), found["unaddressed"], found["earlier"]) == (CODES, [UNADDRESSED], 7)
    assert say("issue", "--send", cwd=folder).splitlines()[0] == "sent before and not again: 6"
    assert len(office.taken) == COUNT


def test_a_new_site_and_one_again(folder: Path, office: Office) -> None:
    """What the roster got is prepared and sent at once; one again alone; a mended address is told how to go on."""
    say("issue", "--send", cwd=folder)
    text = (folder / ROSTER).read_text("utf-8").replace(f"s{CODES[1]}@", "sother@")
    (folder / ROSTER).write_text(f"{text}\n0000000008,新的,s0000000008@example.org", "utf-8")
    found = document("issue", "--send", cwd=folder)
    assert ([one["code"] for one in found["sites"]], in_state(found, "sent")) == (["0000000008"], ["0000000008"])
    found = document("issue", "--send", "--again", CODES[1], cwd=folder)
    assert [(one["code"], one["to"], one["state"]) for one in found["sending"]["messages"]] == [
        (CODES[1], ["sother@example.org"], "sent")
    ]
    assert reached(office) == {**dict.fromkeys([*CODES, "0000000008"], 1), "other": 1}
    rounds = [(one.code, one.round) for one in Journal(folder).entries(Posting) if one.state == "sent"]
    assert rounds == [*((code, 1) for code in (*CODES, "0000000008")), (CODES[1], 2)]
    assert len(Journal(folder).entries(Prepared)) == COUNT + 3


MANY, NOBODY = "邮件服务商暂时不再代发：发得太多或太快", "没有这个邮箱地址，请核对名册"


def test_what_is_left_is_said(folder: Path, office: Office) -> None:
    """Refused with its row, quota with when it goes on, a draft that must not go; the exit code says there is more."""
    office.rcpt = lambda address: "550 5.1.1 User not found" if CODES[0] in address else None
    office.data = lambda _data: "554 MI:STC 163" if len(office.taken) == 2 else None
    (draft,) = folder.glob(f"outbox/{CODES[1]}-*.eml")
    draft.unlink()
    lines = say("issue", "--send", "--lang", "zh", cwd=folder, code=1).splitlines()
    assert lines[:9] == [
        "已发送 2 封",
        *(f"  {code} 示例{int(code)} → s{code}@example.org" for code in CODES[2:4]),
        "待发 1 封",
        lines[4],
        "暂时没有发出 1 封，再运行一次时再试",
        f"  {CODES[4]} 示例5（第 6 行）→ s{CODES[4]}@example.org：{MANY}（服务器原话：554 MI:STC 163）",
        "被拒收 1 封，不再自动发送；请改正名册后加 --again 标识码",
        f"  {CODES[0]} 示例1（第 2 行）→ s{CODES[0]}@example.org：{NOBODY}（服务器原话：550 5.1.1 User not found）",
    ]
    assert lines[9] == "草稿有问题 1 封，没有发送"
    assert lines[11].startswith("邮件服务商暂时不再接收（服务器原话：554 MI:STC 163）；")
    assert lines[-1].startswith("下一步：20")
    assert refusal("issue", "--send", "--only", "1", cwd=folder).startswith("error: the roster")


@pytest.mark.workers
def test_a_run_that_is_killed_goes_on(issued: Path, tmp_path: Path) -> None:
    """At whatever moment: nobody is written to twice, and nobody left out but who is listed as unclear."""
    for number in range(draws(1, full=20)):
        chance = random.Random(f"{seed()} send {number}")
        office = Office()
        office.data = partial(linger, chance)
        with mail_server(office):
            folder = shutil.copytree(issued, tmp_path / f"killed{number}")
            write(folder, smtp_port=office.port, per_minute=1200)
            codes = [*CODES, "0000000008"][: COUNT + number % 4 // 3]  # one of which is still to be prepared
            with (folder / ROSTER).open("a", encoding="utf-8") as roster:
                roster.writelines(f"\n{code},新的,s{code}@example.org" for code in codes[COUNT:])
            kill(folder, office, chance)
            found = json.loads(run("issue", "--send", "--json", cwd=folder).stdout)
            unknown, count = set(in_state(found, "unknown")), reached(office)
            assert len(unknown) <= 1
            assert set(count.values()) == {1}
            assert set(count) | unknown == set(codes)
            assert found["sending"]["counts"]["sent"] + found["sending"]["counts"]["sent_before"] == len(codes) - len(
                unknown
            )
            again = run("issue", "--send", "--json", cwd=folder)
            assert (again.returncode, reached(office)) == (int(bool(unknown)), count)


def linger(chance: random.Random, _data: bytes) -> None:
    """Take a moment to take a message."""
    time.sleep(chance.random() / 20)


def kill(folder: Path, office: Office, chance: random.Random) -> None:
    """Run the program, and kill or interrupt it somewhere between its start and its last mail."""
    process = subprocess.Popen([*COMMAND, "issue", "--send"], cwd=folder, env=environment(), stdout=subprocess.PIPE)
    until, begun = time.monotonic() + 60, chance.randint(1, COUNT)
    while office.begun < begun and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(chance.random() / 10)
    process.send_signal(chance.choice([signal.SIGKILL, signal.SIGINT]))
    process.communicate(timeout=60)


@pytest.mark.workers
def test_two_at_once(folder: Path, office: Office) -> None:
    """The second is told that another is sending, and to whom it wrote last."""
    write(folder, per_minute=60)
    process = subprocess.Popen([*COMMAND, "issue", "--send"], cwd=folder, env=environment(), stdout=subprocess.PIPE)
    until = time.monotonic() + 60
    while not office.taken and time.monotonic() < until:
        time.sleep(0.01)
    line = refusal("issue", "--send", cwd=folder)
    process.kill()
    process.communicate()
    assert re.match(r"error: another gwxl is sending the mails of this campaign \(its last: 000000000\d, 20\d\d-", line)
    assert max(reached(office).values()) == 1
