"""A command that cannot write names what it was told to write, never the draft nobody has heard of."""

import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from tests.support.clients.typed import draw
from tests.support.command import COMMAND, PATIENCE, environment
from tests.support.written import write_template

FORM = "website_annual_report"
ROOM = 3_000  # bytes that a file may have: less than any workbook, more than a letter

COMMANDS = {
    "template": ("template", "-o", "out/new.xlsx", "--year", "2026"),
    "letter": ("template", "-o", "out/new.xlsx", "--year", "2026", "--letter", "out/letter.txt"),
    "merge": ("merge", "inbox", "-o", "out/all.xlsx", "--year", "2026"),
    "return": ("return", "inbox", "-o", "out"),
    "publish": ("publish", "inbox/good.xlsx", "-o", "out/page.html"),
    "forms": ("forms", "--check", FORM),
}
"""Command → its arguments, in a folder with an inbox and an empty folder for what is written."""
DUMB = {"forms", "publish"}
"""Those that print no JSON here."""


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    """Return the form that comes with gwxl."""
    return load(FORM)


@pytest.fixture
def place(rules: RuleSet, tmp_path: Path) -> Path:
    """Return a folder with an inbox of a good return and a faulty one."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "out").mkdir()
    identity = issue_identity(rules.form, period=Period(2026))
    answers = dict(draw(rules.form, 3).values)
    write_template(rules, tmp_path / "inbox" / "good.xlsx", identity=identity, answers=answers)
    write_template(rules, tmp_path / "inbox" / "faulty.xlsx", identity=identity, answers={"site_code": "12"})
    return tmp_path


def limit(most: int) -> Callable[[], None]:
    """Return what lets a process write no longer files than so many bytes, as a full disk would."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def run(place: Path, *arguments: str, most: int = ROOM) -> subprocess.CompletedProcess[str]:
    """Run a command that has no room to write."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=place,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
        preexec_fn=limit(most),
    )


@pytest.mark.parametrize(
    ("command", "as_json"),
    [*((command, False) for command in COMMANDS), *((command, True) for command in COMMANDS if command not in DUMB)],
)
def test_no_draft_is_named(command: str, place: Path, *, as_json: bool) -> None:
    """With no room for a file, each ends in one line that names the target, and leaves nothing of its own."""
    before = sorted(place.rglob("*"))
    more = ("--json",) if as_json else ()
    done = run(place, *COMMANDS[command], *more)
    told = done.stdout + done.stderr
    assert done.returncode == 2, told
    assert ".gwxl-" not in told
    named = told.replace(str(place), "").replace(os.environ["XDG_CACHE_HOME"], "")  # the store has no room either
    assert "/tmp/" not in named  # noqa: S108 - where drafts of a trial lie
    assert "Traceback" not in told
    assert sorted(place.rglob("*")) == before
    if command != "forms":
        assert "out" in done.stderr


@pytest.mark.parametrize("command", ["template", "merge", "publish"])
def test_a_folder_that_is_not_there(command: str, place: Path) -> None:
    """A target in a folder that is not there is told with that folder."""
    arguments = [argument.replace("out/", "nowhere/") for argument in COMMANDS[command]]
    done = run(place, *arguments, most=1 << 30)
    assert done.returncode == 2
    assert ".gwxl-" not in done.stdout + done.stderr
    assert "nowhere" in done.stderr
