"""Files on which the reader hangs or dies, in the program itself: the others count, and Ctrl-C ends it at once."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.wording import text
from tests.support.clients.typed import draw
from tests.support.command import PATIENCE
from tests.support.engine_jobs import FATES
from tests.support.groups import count_burnt, members, wait_until
from tests.support.hanging import start
from tests.support.written import write_template

posix = pytest.mark.skipif(os.name != "posix", reason="this system has no limits of memory for a process")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with three good returns, and files on which the reader breaks."""
    folder = tmp_path_factory.mktemp("work") / "inbox"
    folder.mkdir()
    rules = load("website_annual_report")
    for number, place in enumerate(("a", "k", "z"), 1):
        answers = {**draw(rules.form, 3).values, "site_code": f"{number:010}"}
        write_template(
            rules, folder / f"{place}.xlsx", identity=issue_identity(rules.form, period=Period(2026)), answers=answers
        )
    for order in FATES:
        shutil.copy(folder / "a.xlsx", folder / f"hostile-{order}.xlsx")
    return folder


@posix
def test_merge_goes_on(inbox: Path, tmp_path: Path) -> None:
    """A merge with such files counts the three good ones and refuses the others by name."""
    with start("merge", inbox, "-o", tmp_path / "s.xlsx", "--json", deadline=3) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (1, "")
    found = json.loads(out)
    assert found["counts"]["received"] == 3 + len(FATES)
    assert (found["counts"]["accepted"], found["counts"]["refused"]) == (3, len(FATES))
    reasons = {one["file"]: one["findings"][0]["id"] for one in found["files"] if one["status"] == "refused"}
    assert reasons == {f"hostile-{order}.xlsx": fate for order, fate in FATES.items()}


@posix
def test_check_goes_on(inbox: Path) -> None:
    """Checking single files goes through the same workers, in the order they were named."""
    names = ["z.xlsx", "hostile-abort.xlsx", "a.xlsx", "hostile-sleep.xlsx", "k.xlsx"]
    with start("check", *(inbox / name for name in names), "--json", deadline=3) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (1, "")
    found = json.loads(out)["files"]
    assert [Path(one["file"]).name for one in found] == names
    assert [one["status"] for one in found] == ["ok", "refused", "ok", "refused", "ok"]


@posix
@pytest.mark.parametrize("order", FATES)
def test_check_of_one_file(inbox: Path, order: str) -> None:
    """A single file that makes its reader hang, die or eat is refused with one line and exit code 1."""
    with start("check", inbox / f"hostile-{order}.xlsx", "--json", deadline=3) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (1, "")
    ((finding,),) = (one["findings"] for one in json.loads(out)["files"])
    assert finding["id"] == FATES[order]


@posix
@pytest.mark.parametrize("everybody", [True, False], ids=["to the group", "to the program"])
def test_interrupt_ends_at_once(inbox: Path, tmp_path: Path, *, everybody: bool) -> None:
    """Ctrl-C in the middle of a hanging file ends the program and its workers, in one line, and writes nothing."""
    with start("merge", inbox, "-o", tmp_path / "s.xlsx", deadline=100_000) as process:
        _until_workers_hang(process.pid)
        (os.killpg if everybody else os.kill)(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (130, "", f"{text('cli.stopped', 'en')}\n")
    wait_until(lambda: members(process.pid) == [], "a worker goes on")
    assert list(tmp_path.iterdir()) == []


def _until_workers_hang(group: int) -> None:
    """Wait until a worker spins or sleeps in its file: two children of a program that reads one, of which one burns."""
    wait_until(lambda: len(members(group)) > 2 and count_burnt(group) > 2, "no worker was started")
