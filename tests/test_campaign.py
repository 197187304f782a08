"""A whole campaign against real servers: each site in the right list, each number in its cell, each mail noted once."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.conftest import demand
from tests.support import imap_servers
from tests.support.campaign_mails import WAYS, first_mails, later_mails
from tests.support.campaign_play import Play
from tests.support.clients.libreoffice import LibreOffice
from tests.support.draws import draws, seed
from tests.support.imap_servers import Dovecot
from tests.support.mail_server import Office, certified, mail_server


@pytest.fixture(name="dovecot")
def _dovecot() -> Iterator[Dovecot]:
    demand(imap_servers.missing())
    short = tempfile.TemporaryDirectory(prefix="gwxl-", dir="/tmp")
    with short as folder, imap_servers.dovecot(Path(folder)) as running:
        yield running


@pytest.fixture(name="office")
def _office(tmp_path):
    context, _ = certified(trustme.CA(), tmp_path, imap_servers.HERE)
    with mail_server(Office(), starttls=context, login=True) as running:
        yield running


def test_x(tmp_path, office, dovecot, soffice):
        import time, os
        trust = tmp_path / "trust.pem"
        trust.write_bytes((tmp_path / "authority.pem").read_bytes() + dovecot.authority.read_bytes())
        play = Play(folder=tmp_path / "年报", office=office, dovecot=dovecot, soffice=soffice, trust=trust, count=draws(15, full=300), cuts=1, chance=random.Random(seed()))
        a = time.time()
        def lap(n):
            nonlocal a
            print(n, round(time.time()-a, 2)); a=time.time()
        play.start(); lap("start")
        play.issue(); lap("issue")
        play.fill_in(); lap("fill")
        play.deliver(*first_mails(play.desks))
        play.collect(code=1); lap("collect")
        d = play.merge(); lap("merge")
        print(d["counts"])
        for f in d["files"]: print(f["file"], f["member"], f["status"], f["reason"], [(x["id"],x["severity"]) for x in f["findings"]])
        back = play.send_back(); print(back); lap("return")
        play.issue_again(); lap("again")
        play.fill_in_later(back); lap("fill")
        from tests.support.decided import fill_in
        def words(row):
            print(row)
            if row["rule"] == "pdf" and row["file"].startswith("unknown"): return {"decision": "附件（0000000010）", "who": "李某"}
            if row["rule"] == "D02" and "20270118" in row["file"]: return {"decision": "采用", "who": "李某"}
            return {}
        fill_in(play.folder/"inbox-待决.xlsx", words)
        play.deliver(*later_mails(play.desks))
        play.collect(code=0); lap("collect")
        d = play.merge(); lap("merge")
        print(d["counts"])
        for f in d["files"]: print(f["file"], f["member"], f["status"], f["reason"], [(x["id"],x["severity"]) for x in f["findings"]])
        for c in d["cases"]: print(c)
        print(play.send_back())
        print(play.run("report", "汇总.xlsx", "-o", "报告.html"))
        import shutil; shutil.copy(play.folder/"汇总.xlsx", "/tmp/play/c/汇总.xlsx"); shutil.copy(play.folder/"报告.html", "/tmp/play/")
        1/0
