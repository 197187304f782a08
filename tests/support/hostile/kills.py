"""Runs that are cut short: by a signal at any moment, by a full disk, by the death of a worker; and what they leave."""

import csv
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from gwxl.campaign import journal
from gwxl.campaign.journal import Journal, Prepared
from gwxl.wording import text
from tests.support.command import COMMAND, PATIENCE, environment
from tests.support.editions import NEW_ANSWERS, OLD_ANSWERS, desk
from tests.support.groups import members
from tests.support.office_forms import write_survey

HEADING = "## Runs that are cut short"

_HEAD = f"""{HEADING}

What commands leave that are cut short at random moments. A fault is a file under its final name that is neither the
old nor the new one, an input that changed, a draft that stays (after KILL: longer than until the next run), a process
that goes on, another exit code, a traceback; a worker that was killed must not be noticed at all. `issue` and `return`
write one site after the other: each is whole or not there, and journal and log name none whose files are not there.
After KILL the same command is run again and has to leave what an undisturbed run leaves: nothing lost, half or
twice. Written with `GWXL_WRITE_DOCS=1 pytest tests/test_kills.py --full`.

| command | cut short by | runs | faults |
|---|---|---:|---:|
"""

_FORM = ("--form", "templates/visit_record")
_PROVEN = "old/templates/visit_record"
COMMANDS: Mapping[str, Sequence[str]] = {
    "template": ("template", "-o", "made.xlsx", "--letter", "made.txt", "--year", "2026", "--force", "--form", _PROVEN),
    "check": ("check", "inbox", *_FORM),
    "merge": ("merge", "inbox", "-o", "summary.xlsx", *_FORM),
    "return": ("return", "inbox", "-o", "back", "--deadline", "2027-01-31", "--force", *_FORM),
    "migrate": ("migrate", "inbox", "-o", "moved", "--force", *_FORM),
    "publish": ("publish", "inbox/full.xlsx", "-o", "page.html", "--force", *_FORM),
    "report": ("report", "summary.xlsx", "-o", "report.html", "--force", *_FORM),
    "export": ("export", "summary.xlsx", "-o", "rows.csv", "--force", *_FORM),
    "forms": ("forms", "--check", _PROVEN),
    "init": ("init", "started", "--form", _PROVEN),
    "issue": ("issue",),
    "collect": ("collect", "../mails"),
    "remind": ("remind",),
    "status": ("status",),
    "explain": ("explain", "visit_code", "summary.xlsx"),
    "forms --from": ("forms", "--from", "office.xlsx", "drafted"),
}
"""Every command that writes or reads for long; each but the two that start something writes over an earlier run's."""

READING = ("check", "merge", "return", "migrate", "publish", "export")
WRITING = (
    *("template", "merge", "return", "migrate", "publish", "report", "export", "forms", "init", "issue"),
    *("collect", "remind", "forms --from"),
)
SIGNALS = ("TERM", "HUP", "INT", "KILL")

FULL, DEAD = "a full disk", "a killed worker"

_CAMPAIGN = "campaign"
_LOG = text("sent.file_name", "zh")
_WORKBOOK = 4  # the column of the log
_ROSTER = "编号,名称,邮箱\n" + "".join(f"V000{number},示例{number},\n" for number in range(1, 9))
_AGAIN = {"init": {0, 2}, "forms --from": {0, 2}}  # what stands there is not started once more
_IN_CAMPAIGN = frozenset({"issue", "collect", "remind", "status"})

Contents = Mapping[str, str]
"""Path → digest of everything below a folder."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """How often a command was cut short by what, and what was wrong afterwards."""

    command: str
    by: str
    runs: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """What a run left and said."""

    code: int
    out: str
    err: str
    seconds: float


def stage(folder: Path) -> None:
    """Write a form with two editions, an inbox, a campaign of eight sites, and outputs of an earlier run."""
    clerk = desk(folder)
    clerk.write("inbox/full.xlsx", NEW_ANSWERS, edition="2")
    for number in range(2):
        clerk.write(f"inbox/old{number}.xlsx", {**OLD_ANSWERS, "visit_code": f"V{number}001"})
        clerk.write(f"inbox/few{number}.xlsx", {"visit_code": f"V{number}002"}, edition="2")
    (folder / "tmp").mkdir()
    (folder / "back").mkdir()
    (folder / "moved").mkdir()
    _finish(folder, COMMANDS["merge"])
    for name in ("made.xlsx", "made.txt", "page.html", "report.html", "rows.csv", "moved/old0.xlsx"):
        (folder / name).write_text("of an earlier run")
    _finish(folder, ("init", _CAMPAIGN, "--form", _PROVEN))
    settings = folder / _CAMPAIGN / "campaign.toml"
    settings.write_text(settings.read_text("utf-8").replace('"roster.xlsx"', '"roster.csv"'), "utf-8")
    (folder / _CAMPAIGN / "roster.csv").write_text(_ROSTER, "utf-8")
    _finish(folder, ("issue", "--only", "V0001"))
    _post(folder)
    write_survey(folder / "office.xlsx")


def _post(folder: Path) -> None:
    """Write mails of three sites, each with a workbook."""
    (folder / "mails").mkdir()
    for number in range(1, 4):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = f"site{number}@example.org", "office@example.org", "报送"
        mail["Message-ID"], mail["Date"] = f"<{number}@example.org>", "Mon, 04 Jan 2027 09:00:00 +0800"
        mail.set_content("见附件")
        data = (folder / "inbox" / "full.xlsx").read_bytes() if number == 1 else b"scan %d" % number
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=f"V000{number}.xlsx")
        (folder / "mails" / f"{number}.eml").write_bytes(mail.as_bytes())


class Bench:
    """A bench that runs one command again and again from the same beginning, cut short each time."""

    def __init__(self, command: str, base: Path, folder: Path) -> None:
        self._command, self._base, self._folder = command, base, folder
        self._before = contents(base)
        self._whole = _finish(self._refresh(), COMMANDS[command])
        self._after = contents(folder)

    def row(self, by: str, runs: int, chance: random.Random) -> Row:
        """Return what a number of runs came to."""
        cut = {FULL: self._full, DEAD: self._without_worker}.get(by, lambda one: self._signal(by, one))
        faults = tuple(f"{by} {number}: {fault}" for number in range(runs) for fault in cut(chance))
        return Row(command=self._command, by=by, runs=runs, faults=faults)

    def _refresh(self) -> Path:
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._base, self._folder)
        return self._folder

    def _signal(self, name: str, chance: random.Random) -> Iterator[str]:
        number = getattr(signal, f"SIG{name}")
        process = _start(self._refresh(), COMMANDS[self._command])
        moment = chance.random() * self._whole.seconds
        time.sleep(moment)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
        where = f"after {moment:.3f} s"
        yield from (f"{fault} {where}" for fault in _find_outlived(process.pid))
        ended_by = {-number, 128 + number, self._whole.code}  # before it listens, a program dies of the signal itself
        early = "Could not import runpy" in err  # Python's own end, before it runs anything
        if process.returncode not in ended_by and not early:
            yield f"exit {process.returncode} {where}: {out}{err}"
        # Python's own words are none of ours: before it runs us, and in a worker whose parent was killed at its start.
        orphan = name == "KILL" and "spawn_main" in err
        if "Traceback" in err and not orphan and not err.rstrip().endswith("KeyboardInterrupt"):
            yield f"{err} {where}"
        yield from (f"{fault} {where}" for fault in self._find_left(drafts=name == "KILL"))
        if name == "KILL":
            _finish(self._folder, COMMANDS[self._command], _AGAIN.get(self._command, {0, 1}))
            yield from (f"{fault} {where}, run again" for fault in self._find_left(whole=True))

    def _full(self, chance: random.Random) -> Iterator[str]:
        limit = chance.choice((0, 100, 2_000))
        process = _start(self._refresh(), COMMANDS[self._command], lambda: _limit(limit))
        out, err = process.communicate(timeout=PATIENCE)
        if process.returncode != 2 or "Traceback" in err or len(err.splitlines()) != 1:
            yield f"exit {process.returncode} at {limit} bytes: {out}{err}"
        yield from (f"{fault} at {limit} bytes" for fault in self._find_left(drafts=False, only_before=limit < 2_000))

    def _without_worker(self, chance: random.Random) -> Iterator[str]:
        process = _start(self._refresh(), COMMANDS[self._command])
        moment = chance.random() * self._whole.seconds
        time.sleep(moment)
        workers = [pid for pid in members(process.pid) if "spawn_main" in _line(pid)]
        if workers:
            with suppress(ProcessLookupError):  # it had done its work
                os.kill(chance.choice(workers), signal.SIGKILL)
        out, err = process.communicate(timeout=PATIENCE)
        if (process.returncode, out, err) != (self._whole.code, self._whole.out, self._whole.err):
            yield f"exit {process.returncode} after {moment:.3f} s: {out}{err}"
        yield from (f"{fault} after {moment:.3f} s" for fault in self._find_left(whole=True))

    def _find_left(self, *, drafts: bool = False, whole: bool = False, only_before: bool = False) -> Iterator[str]:
        """Yield what lies there that must not, or is not what it was or should be."""
        found = contents(self._folder)
        for name in sorted({*found, *self._before, *self._after}):
            if ".gwxl-" in name or name.endswith(f"{journal.FILE_NAME}-journal"):  # SQLite goes back by it
                if not drafts:
                    yield f"a draft: {name}"
                continue
            if not self._may_be(name, found.get(name, ""), whole=whole, only_before=only_before):
                yield f"{name} is neither old nor new"
        yield from _unkept(found)

    def _may_be(self, name: str, found: str, *, whole: bool, only_before: bool) -> bool:
        """Tell whether a file or folder may be as it was found; a journal or log may have grown by some lines."""
        before, after = self._before.get(name, ""), self._after.get(name, "")
        if name.endswith((journal.FILE_NAME, _LOG)) and not whole:
            return found.startswith(before) and (before if only_before else after).startswith(found)
        return found in {*(() if whole else (before,)), *(() if only_before else (after,))}


def _unkept(found: Contents) -> Iterator[str]:
    """Yield the workbooks that a journal or a log of returns names and that are not there as it names them."""
    for name, lines in found.items():
        if name.endswith(_LOG):
            folder = name.removesuffix(_LOG)
            named = [row[_WORKBOOK] for row in csv.reader(lines.splitlines()[1:])]
            yield from (f"{file} is lost" for file in named if folder + file not in found)
        if name.endswith(journal.FILE_NAME):
            outbox = name.removesuffix(journal.FILE_NAME) + "outbox/"
            noted = [line.split(" ") for line in lines.splitlines()]
            yield from (f"{file} is lost" for _, digest, file in noted if found.get(outbox + file) != digest)


def section(rows: Sequence[Row]) -> str:
    """Return the rows as a section of the page."""
    return _HEAD + "".join(f"| {one.command} | {one.by} | {one.runs} | {len(one.faults)} |\n" for one in rows)


def read_promised(page: str) -> list[tuple[str, str, str]]:
    """Return command, cause and faults of every row of the page."""
    rows = (line.split(" | ") for line in page.partition(HEADING)[2].splitlines() if line.startswith("| "))
    return [(row[0].removeprefix("| "), row[1], row[3].rstrip(" |")) for row in rows if row[0] != "| command"]


def contents(folder: Path) -> Contents:
    """Return what lies below a folder, folders included; what a journal holds is what the next run would find there."""
    kept = {path: _lines(path.parent) for path in folder.rglob(journal.FILE_NAME)}
    return {one.relative_to(folder).as_posix(): kept.get(one) or _shown(one) for one in sorted(folder.rglob("*"))}


def _lines(folder: Path) -> str:
    """Return a line for each site of a journal; the time, which no two runs have alike, is left out."""
    return "".join(f"{one.code} {one.sha256} {one.file}\n" for one in Journal(folder).entries(Prepared))


def _shown(path: Path) -> str:
    """Return the digest of a file; one and the same of a new key, 32 bytes in hex that its owner alone may read."""
    if path.is_dir():
        return "a folder"
    data = path.read_bytes()
    if path.name == _LOG:
        return data.decode("utf-8-sig")
    if path.parts[-2:] == ("started", "campaign.key") and path.stat().st_mode & 0o777 == 0o600:
        data = re.sub(rb"[0-9a-f]{64}\n", b"a key", data)
    return sha256(data).hexdigest()


def _finish(folder: Path, arguments: Sequence[str], codes: Collection[int] = (0, 1)) -> Run:
    """Run a command to its end, which has to have one of some exit codes."""
    began = time.monotonic()
    process = _start(folder, arguments)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in codes, out + err
    return Run(process.returncode, out, err, time.monotonic() - began)


def _start(
    folder: Path, arguments: Sequence[str], prepare: Callable[[], None] = lambda: None
) -> "subprocess.Popen[str]":
    """Start a command at the head of a process group, deaf to nothing."""

    def listen() -> None:
        for name in SIGNALS[:-1]:
            signal.signal(getattr(signal, f"SIG{name}"), signal.SIG_DFL)
        prepare()

    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder / _CAMPAIGN if arguments[0] in _IN_CAMPAIGN else folder,
        env=environment(GWXL_TODAY="2027-01-05", TMPDIR=str(folder / "tmp"), PYTHONDONTWRITEBYTECODE="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=listen,  # noqa: PLW1509 - no thread of ours holds a lock the child needs
    )


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _find_outlived(group: int) -> Iterator[str]:
    """Yield the processes of a group that are still there when a busy machine, too, should be done with them."""
    for _ in range(150):
        if not members(group):
            return
        time.sleep(0.1)
    yield f"still running: {[_line(pid) for pid in members(group)]}"


def _line(pid: int) -> str:
    found = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, encoding="utf-8", check=False)
    return found.stdout.strip()
