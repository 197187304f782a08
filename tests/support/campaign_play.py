"""One campaign as it is played from its beginning to its end, by real commands and against real servers."""

import json
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from gwxl.campaign.collecting.entries import Collected, Fetched, Message
from gwxl.campaign.journal import Journal, Prepared
from gwxl.campaign.post.posting import Posting, State
from gwxl.form.layout import lay_out
from gwxl.records.cell import CellRef
from tests.support import filling
from tests.support.campaign_mails import FAULTS, LATE, Came, Desk, Site
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import COMMAND, PATIENCE, environment, run, say
from tests.support.imap_servers import HERE, Dovecot
from tests.support.mail_server import CODE, USER, Office
from tests.support.submissions import report_form

_LAYOUT = lay_out(report_form())
_CELLS: Mapping[str, CellRef] = {str(path): cell for path, cell in {**_LAYOUT.anchors, **_LAYOUT.cells}.items()}
_OWN = frozenset({"site_code", "site_name"})  # what is filled in before a workbook goes out
_BY_OFFICE = frozenset({"plain", "error"})
ROSTER = "名册.csv"
SUMMARY = "汇总.xlsx"


@dataclass(kw_only=True)
class Play:
    """A campaign, its servers, and the desks of its sites.

    Attributes:
        folder: the campaign. trust: the file of the authorities by which the servers are known.
        count: how many sites there are. cuts: how often each step is killed before it is run to its end.
        tries: how many kills were meant so far. hits: how many of them found their command running.
        came: the mails that were delivered so far. day: today.
    """

    folder: Path
    office: Office
    dovecot: Dovecot
    soffice: LibreOffice
    trust: Path
    chance: random.Random
    count: int = 0
    cuts: int = 0
    tries: int = 0
    hits: int = 0
    desks: list[Desk] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    day: str = "2027-01-05"

    def of(self, *ways: str) -> list[Desk]:
        """Return the desks of those who answer in some ways."""
        return [desk for desk in self.desks if desk.site.way in ways]

    def run(self, *arguments: object) -> Any:
        """Run a command, and return its document; whether something is left to do is told in it."""
        result = run(*arguments, "--json", cwd=self.folder, **self._settings())
        assert (result.returncode in {0, 1}, result.stderr) == (True, ""), result.stdout + result.stderr
        return json.loads(result.stdout)

    def run_cut(self, *arguments: str) -> Any:
        """Kill a command at moments of its own length, as often as is asked, and then run it to its end."""
        length = self._measure(*arguments) if self.cuts else 0.0
        for _ in range(self.cuts):
            began = time.monotonic()
            with subprocess.Popen(
                [*COMMAND, *arguments],
                cwd=self.folder,
                env=environment(**self._settings()),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as running:
                self._wait(running, self.chance.uniform(0, length))
                self.tries, self.hits = self.tries + 1, self.hits + (running.poll() is None)
                if running.poll() is not None:  # what is left is shorter by what was done before the kills
                    length = min(length, time.monotonic() - began)
                running.send_signal(self.chance.choice([signal.SIGKILL, signal.SIGINT]))
        return self.run(*arguments)

    def _measure(self, *arguments: str) -> float:
        """Return how many seconds a command takes from its start to its end, run in a copy of the campaign.

        There nothing is sent: of ``gwxl issue --send`` the preparing alone is measured.
        """
        with tempfile.TemporaryDirectory() as place:
            copy = shutil.copytree(self.folder, Path(place) / self.folder.name)
            asked = [one for one in arguments if one != "--send"]
            began = time.monotonic()
            result = run(*asked, cwd=copy, cold=True, **self._settings())
            assert result.returncode in {0, 1}, result.stderr
            return time.monotonic() - began

    def _wait(self, running: subprocess.Popen[bytes], seconds: float) -> None:
        """Wait for a moment of a command, or for as many mails as it sends in its turn; no longer than it runs."""
        sent, until = len(self.office.taken), time.monotonic() + PATIENCE
        if "--send" in running.args and sent < self.count and self.chance.random() < 1 / 2:  # type: ignore[operator]
            mark = self.chance.randrange(sent, self.count)
            while running.poll() is None and len(self.office.taken) <= mark and time.monotonic() < until:
                time.sleep(0.001)
            return
        with suppress(subprocess.TimeoutExpired):
            running.wait(seconds)

    def _settings(self) -> Mapping[str, Any]:
        return {"GWXL_TODAY": self.day, "SSL_CERT_FILE": str(self.trust)}

    def start(self, count: int, cuts: int) -> None:
        """Start the campaign, fill in its settings and its roster."""
        self.count, self.cuts = count, cuts
        self.desks = [Desk(Site(number)) for number in range(1, count + 1)]
        say("init", self.folder, cwd=self.folder.parent, GWXL_TODAY=self.day)
        settings = {
            "office": "示例办公室",
            "deadline": "2027-01-20",
            "sender": USER,
            "roster": ROSTER,
            "per_day": 1000,
            "smtp_host": HERE,
            "smtp_port": self.office.port,
            "smtp_security": "starttls",
            "per_minute": 60_000,
            "imap_host": HERE,
            "imap_port": self.dovecot.secure,
        }
        file = self.folder / "campaign.toml"
        lines = file.read_text("utf-8").splitlines()
        names = [line.partition(" = ")[0] for line in lines]
        for name, value in settings.items():
            lines[names.index(name)] = f'{name} = "{value}"'
        file.write_text("\n".join(lines), "utf-8")
        (self.folder / "mail.code").write_text(CODE, "ascii")
        (self.folder / "mail.code").chmod(0o600)
        self.write_roster({})

    def write_roster(self, moved: Mapping[str, str]) -> None:
        """Write the roster; code → address that is another now."""
        rows = [["标识码", "名称", "邮箱", "上级"]]
        for site in (desk.site for desk in self.desks):
            parent = "" if site.parent == site else site.parent.code
            rows.append([site.code, site.name, moved.get(site.code, site.mail), parent])
        (self.folder / ROSTER).write_text("\n".join(map(",".join, rows)), "utf-8")

    def issue(self) -> None:
        """Send each site its workbook; who is unclear after a kill is asked by telephone, and written to again."""
        self.run_cut("issue", "--send")
        last = {one.code: State(one.state) for one in Journal(self.folder).entries(Posting)}
        unclear = {code for code, state in last.items() if state is not State.SENT}
        assert {last[code] for code in unclear} <= {State.SENDING}
        assert len(unclear) <= self.cuts
        missing = [desk.site.code for desk in self.desks if not self.mails_to(desk.site.mail)]
        assert set(missing) <= unclear
        for code in missing:
            self.run("issue", "--send", "--again", code)
        assert Counter(self._reached()) == Counter(desk.site.mail for desk in self.desks)
        prepared = Counter(one.code for one in Journal(self.folder).entries(Prepared))
        assert prepared == Counter([*(desk.site.code for desk in self.desks), *missing])

    def issue_again(self) -> None:
        """Mend the addresses that bounced, and send those sites their workbooks again."""
        bounced = self.of("bounce")
        self.write_roster({desk.site.code: f"new.{desk.site.mail}" for desk in bounced})
        self.run("issue", "--send", *(word for desk in bounced for word in ("--again", desk.site.code)))
        new = [f"new.{desk.site.mail}" for desk in bounced]
        assert Counter(self._reached()) == Counter([*(desk.site.mail for desk in self.desks), *new])

    def mails_to(self, address: str) -> list[bytes]:
        """Return what was sent to an address."""
        return [one.data for one in self.office.taken if address in one.to]

    def _reached(self) -> list[str]:
        return [address for one in self.office.taken for address in one.to]

    def fill_in(self) -> None:
        """Let each open the mail that came to it, and those who report at once fill in the workbook."""
        for desk in self.desks:
            (mail,) = self.mails_to(desk.site.mail)
            desk.open(mail)
            if desk.site.way in FAULTS:
                self._fill(desk, desk.blank, {**desk.site.meant, **FAULTS[desk.site.way]})
        time.sleep(1)  # a workbook says to the second when it was saved: that tells which of two is the later
        for desk in self.desks:
            if desk.site.way not in LATE | {"silent"}:
                self._fill(desk, desk.blank, desk.site.meant)

    def fill_in_later(self, returned: Mapping[str, Path]) -> None:
        """Let the others fill in what they were sent: code → the workbook that went back to them."""
        for desk in self.of("bounce"):
            (mail,) = self.mails_to(f"new.{desk.site.mail}")
            desk.open(mail)
        for desk in self.of(*LATE):
            back = returned.get(desk.site.code)
            self._fill(desk, back.read_bytes() if back else desk.blank, desk.site.meant)

    def _fill(self, desk: Desk, blank: bytes, values: Mapping[str, Any]) -> None:
        place = self.folder.parent / "desk.xlsx"
        place.write_bytes(blank)
        own = frozenset() if desk.site.way == "scan" else _OWN  # a blank one went back, for its own was not read
        answers = {key: value for key, value in values.items() if key not in own}
        if desk.site.way in _BY_OFFICE:
            self._fill_by_office(place, answers)
        else:
            filling.fill(place, place, report_form(), _CELLS, answers)
        desk.filled.append(place.read_bytes())

    def _fill_by_office(self, place: Path, answers: Mapping[str, Any]) -> None:
        entries: dict[str, dict[str, float | str | None]] = {}
        for path, _, entry in filling.entries(report_form(), answers):
            cell = _CELLS[path]
            entries.setdefault(cell.sheet, {})[cell.address] = entry if isinstance(entry, str) else float(entry)
        with self.soffice.open(place) as book:
            for sheet, some in entries.items():
                book.fill(sheet, some)
            book.recalculate()
            book.save(place)

    def deliver(self, *mails: Came) -> None:
        """Put mails into the mailbox."""
        self.came.extend(mails)
        self.dovecot.put(*(one.data for one in mails))

    def collect(self) -> None:
        """Collect what was delivered, and demand that each mail and each file is there and noted once."""
        self.run_cut("collect")
        self._account()
        again = self.run("collect")
        assert (again["known"], again["mails"]) == (0, [])

    def _account(self) -> None:
        journal = Journal(self.folder)
        noted = [(one.sha256, one.kind) for one in journal.entries(Message)]
        assert sorted(noted) == sorted((one.sha256, one.kind) for one in self.came)
        fetched = journal.entries(Fetched)
        assert sorted(one.mail for one in fetched) == sorted(one.sha256 for one in self.came)
        assert len({(one.validity, one.uid) for one in fetched}) == len(fetched)
        found = journal.entries(Collected)
        files = [(mail.sha256, *file[:2], sha256(file[2]).hexdigest()) for mail in self.came for file in mail.files]
        assert sorted((one.mail, one.code, one.name, one.sha256) for one in found) == sorted(files)
        assert _contents(self.folder / "inbox") == {one.file: one.sha256 for one in found}
        assert len({one.file for one in found}) == len(found)

    def merge(self) -> Any:
        """Merge what lies in the inbox."""
        return self.run_cut("merge")

    def send_back(self) -> Mapping[str, Path]:
        """Send back what is faulty; return code → workbook, each there once."""
        returns = self.folder / "returns"
        self.run_cut("return")
        left = _contents(returns)
        again = self.run("return")
        assert _contents(returns) == left
        assert [one["workbook"] for one in again["files"] if one["workbook"]] == []
        back = {one["to"]["code"]: returns / one["sent_before"] for one in again["files"] if one["sent_before"]}
        names = {"退回记录.csv", *(path.name for path in back.values())}
        assert set(left) == names | {path.with_suffix(".txt").name for path in back.values()}
        return back


def _contents(folder: Path) -> Mapping[str, str]:
    """Return path → sha256 of what lies in a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}
