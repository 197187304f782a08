"""A whole campaign against real servers: each site in the right list, each number in its cell, each mail noted once.

That a run may be killed at any moment of one command is proven in test_mailing, test_collecting and test_kills, that a
server is told who asks in test_imap; here all of it is played at once, one command after the other.
"""

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import trustme
from openpyxl.worksheet.worksheet import Worksheet

from gwxl.form.kinds import Aggregate
from gwxl.summary.sheets.table import FIRST_ROW, KEY_ROW, TOTAL_ROW
from tests.conftest import demand
from tests.support import filling, imap_servers
from tests.support.campaign_mails import SCAN, Site, first_mails, later_mails
from tests.support.campaign_play import SUMMARY, Play
from tests.support.clients.libreoffice import LibreOffice
from tests.support.decided import fill_in
from tests.support.draws import draws, seed
from tests.support.mail_server import Office, certified, mail_server
from tests.support.submissions import report_form
from tests.support.summaries import open_book

AT_FIRST: Mapping[str, Sequence[str]] = {
    "twice": ("findings", "superseded"),
    "scanned": ("ignored", "ok"),
    "scan": ("refused",),
    "error": ("findings",),
    "verify": ("findings",),
    **dict.fromkeys(("cloud", "bounce", "silent"), ()),
}
"""Way → status of each file of a site after the first merge; one that is good where nothing is said."""

IN_THE_END: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("twice", "error", "verify"), ("ok", "superseded")),
    **dict.fromkeys(("scan", "scanned"), ("ignored", "ok")),
    "silent": (),
}
STATES: Mapping[str, str] = {
    **dict.fromkeys(("cloud", "bounce", "silent"), "missing"),
    "twice": "verify",
    "scan": "errors",
    "error": "errors",
    "verify": "verify",
}
"""Way → state of a site after the first merge; passed where nothing is said."""

ADDED = {key for key, asked in report_form().fields.items() if asked.aggregate is Aggregate.SUM}
MEDIA_ROW = 6


@pytest.fixture(name="play")
def _play(tmp_path: Path, soffice: LibreOffice) -> Iterator[Play]:
    """Run the servers: mail goes out over TLS and with a login, and comes in so."""
    demand(imap_servers.missing())
    context, authority = certified(trustme.CA(), tmp_path, imap_servers.HERE)
    short = tempfile.TemporaryDirectory(prefix="gwxl-", dir="/tmp")
    with (
        mail_server(Office(), starttls=context, login=True) as office,
        short as folder,
        imap_servers.dovecot(Path(folder)) as dovecot,
    ):
        trust = tmp_path / "trust.pem"
        trust.write_bytes(authority.read_bytes() + dovecot.authority.read_bytes())
        servers: dict[str, Any] = {"office": office, "dovecot": dovecot, "soffice": soffice, "trust": trust}
        yield Play(folder=tmp_path / "年报", chance=random.Random(seed()), **servers)


@pytest.mark.timeout(1800)
def test_a_campaign_is_played(play: Play) -> None:
    """From gwxl init to gwxl report, each step killed once before it is run."""
    play_out(play, draws(15, full=300), cuts=1)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_a_campaign_is_killed_again_and_again(play: Play) -> None:
    """Each step is killed twenty times before it is run."""
    play_out(play, 15, cuts=20)
    assert play.hits >= 0.8 * play.tries, f"{play.hits} of {play.tries} kills found their command running"


def play_out(play: Play, count: int, *, cuts: int) -> None:
    """Play a campaign of some sites out, and look at each list on the way."""
    play.start(count, cuts)
    play.issue()
    play.fill_in()
    play.deliver(*first_mails(play.desks))
    play.collect()
    assert statuses(play.merge()) == due_statuses(play, AT_FIRST, "refused")
    back = play.send_back()
    assert set(back) == {desk.site.code for desk in play.of("scan", "error", "verify")}
    remind(play, back)
    decide(play)
    play.issue_again()
    play.fill_in_later(back)
    play.deliver(*later_mails(play.desks))
    play.collect()
    assert statuses(play.merge()) == due_statuses(play, IN_THE_END, "ignored")
    assert [one["workbook"] for one in play.run("return")["files"] if one["workbook"]] == []
    look_at_the_end(play)


def statuses(merged: Any) -> Mapping[str, Sequence[str]]:
    """Return the folder a file was filed in, the code it is named by in an archive → status of each file."""
    found: dict[str, list[str]] = {}
    for one in merged["files"]:
        code = (one["member"] or "").partition("-")[0] or one["file"].partition("/")[0]
        found.setdefault(code, []).append(one["status"])
    return {code: tuple(sorted(some)) for code, some in found.items()}


def due_statuses(play: Play, ways: Mapping[str, Sequence[str]], scan: str) -> Mapping[str, Sequence[str]]:
    """Return what :func:`statuses` has to be; ``scan`` is the status of one that nobody knows whose it is."""
    found = {desk.site.code: tuple(ways.get(desk.site.way, ("ok",))) for desk in play.desks}
    return {code: some for code, some in found.items() if some} | {"unknown": (scan,) * len(play.of("scanned"))}


def remind(play: Play, back: Mapping[str, Path]) -> None:
    """Ask how each site stands, and remind who is missing or has a return to correct: each once."""
    found = play.run("status")
    awaited = {one["code"] for one in found["sites"] if "awaited" in one["marks"]}
    assert {one["code"]: one["state"] for one in found["sites"]} == {
        desk.site.code: STATES.get(desk.site.way, "passed") for desk in play.desks
    }
    assert (awaited, len(found["outside"])) == (set(back), len(play.of("scanned")))  # whose scans are nobody's yet
    missing = {desk.site.code for desk in play.desks if STATES.get(desk.site.way) == "missing"}
    mails = play.run("remind")["mails"]
    about = dict.fromkeys(missing, "missing") | dict.fromkeys(back, "open")
    assert {one["code"]: one["about"] for one in mails} == about
    assert len(mails) == len(about)
    again = play.run("remind")
    assert (again["mails"], again["earlier"]) == ([], len(mails))


def decide(play: Play) -> None:
    """Fill in the open decisions: of two versions the later one counts, a scan belongs to whom it names."""

    def words(row: Mapping[str, str]) -> Mapping[str, str]:
        file = row["file"]
        if row["rule"] == "D02" and "/20270118T" in file:
            return {"decision": "采用", "who": "李某"}
        if row["rule"] == "pdf" and file.startswith("unknown/"):
            code = (play.folder / "inbox" / file).read_bytes().removeprefix(SCAN).decode()
            return {"decision": f"附件（{code}）", "who": "李某"}
        return {}

    fill_in(play.folder / "inbox-待决.xlsx", words)


def look_at_the_end(play: Play) -> None:
    """Demand that all but the silent passed, with every number they meant in its cell, and a report that says so."""
    silent = {desk.site.code for desk in play.of("silent")}
    reported = [desk.site for desk in play.desks if desk.site.code not in silent]
    found = play.run("status")
    assert {one["code"] for one in found["sites"] if one["state"] == "missing"} == silent
    assert (found["counts"]["asked"], found["counts"]["passed"]) == (play.count, len(reported))
    assert found["outside"] == []
    book = open_book(play.folder / SUMMARY)
    assert dict(lines(book["汇总表"], FIRST_ROW)) == {site.code: cells(site) for site in reported}
    assert dict(lines(book["其他新媒体"], MEDIA_ROW)) == {site.code: media(site) for site in reported}
    assert totals(book["汇总表"]) == {key: sum(site.meant[key] for site in reported) for key in ADDED}
    report = play.run("report", SUMMARY, "-o", "报告.html")
    assert (report["accepted"], report["passed"]) == (len(reported), len(reported))


def lines(sheet: Worksheet, first: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield code → key of the hidden row → what stands below it, of each site; what is told of its file is left out."""
    keys = [str(cell.value).partition("*")[0] for cell in sheet[KEY_ROW]]
    for row in sheet.iter_rows(min_row=first, values_only=True):
        found = dict(zip(keys, row, strict=True))
        code = str(found["#code"])
        yield (
            code,
            {key: exact_number(value) for key, value in found.items() if key[0] not in "#@" and value is not None},
        )


def exact_number(value: Any) -> Any:
    """Return a number as it was meant, not as a cell holds it."""
    return Decimal(str(value)) if isinstance(value, int | float) else value


def totals(sheet: Worksheet) -> Mapping[str, Any]:
    """Return the totals of the fields that are added up."""
    pairs = zip(sheet[KEY_ROW], sheet[TOTAL_ROW], strict=True)
    return {str(key.value): total.value for key, total in pairs if key.value in ADDED}


def cells(site: Site) -> Mapping[str, Any]:
    """Return what the row of a site has to hold."""
    found = {
        path: exact_number(entry) for path, _, entry in filling.entries(report_form(), site.meant) if "[" not in path
    }
    return {**found, "other_media": Decimal(len(site.meant["other_media"]))}


def media(site: Site) -> Mapping[str, Any]:
    """Return what the row of a site has to hold in the sheet of its media."""
    (row,) = site.meant["other_media"]
    return {f"other_media.{key}": exact_number(value) for key, value in row.items()}
