"""Streams that are closed or whose reader has gone: the run does its work, its exit code says what it always says."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.summary.stored.recognising import is_summary
from tests.support.command import COMMAND, PATIENCE, environment
from tests.support.written import write_template

pytestmark = pytest.mark.skipif(os.name != "posix", reason="descriptors of POSIX")

RUNS = {
    0: ("forms",),
    1: ("check", "inbox"),
    2: ("check", "nowhere.xlsx"),
}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an inbox of one faulty return."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "inbox").mkdir()
    form = load("website_annual_report")
    answers = {"site_code": "0000000001"}
    write_template(
        form, folder / "inbox/a.xlsx", identity=issue_identity(form.form, period=Period(2026)), answers=answers
    )
    return folder


@pytest.fixture(scope="module")
def usual(work: Path) -> Mapping[int, "subprocess.CompletedProcess[str]"]:
    """Return what each run says where nothing is closed."""
    return {code: start(work, arguments, subprocess.PIPE, subprocess.PIPE) for code, arguments in RUNS.items()}


@contextmanager
def open_unread() -> Iterator[int]:
    """Give a pipe whose reader has gone."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        yield write_end
    finally:
        os.close(write_end)


def close_before(*numbers: int) -> Callable[[], None]:
    """Return what closes descriptors before a program starts, as ``>&-`` does."""

    def close() -> None:
        for number in numbers:
            os.close(number)

    return close


def start(work: Path, arguments: Sequence[str], out: int, err: int, *closed: int) -> "subprocess.CompletedProcess[str]":
    """Run the program with its streams as they are given."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=work,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        encoding="utf-8",
        timeout=PATIENCE,
        preexec_fn=close_before(*closed),
        check=False,
    )


@pytest.mark.parametrize("code", RUNS)
@pytest.mark.parametrize("closed", [(1,), (2,), (0,), (1, 2), (0, 1, 2)], ids=str)
def test_closed_streams(
    work: Path, usual: Mapping[int, "subprocess.CompletedProcess[str]"], code: int, closed: Sequence[int]
) -> None:
    """Whatever the caller closed, the run ends as it would, and says in what is left what it always says there."""
    found = start(work, RUNS[code], subprocess.PIPE, subprocess.PIPE, *closed)
    said = ((1, usual[code].stdout), (2, usual[code].stderr))
    expected = ["" if number in closed else text for number, text in said]
    assert usual[code].returncode == code
    assert (found.returncode, [found.stdout, found.stderr]) == (code, expected)


@pytest.mark.parametrize("code", RUNS)
def test_a_reader_that_has_gone(work: Path, code: int) -> None:
    """A pipe that nobody reads any more changes no exit code, and nobody complains."""
    with open_unread() as pipe:
        found = start(work, RUNS[code], pipe, subprocess.PIPE)
        assert found.returncode == code
        assert ("Traceback" in found.stderr, len(found.stderr.splitlines())) == (False, int(code == 2))
        found = start(work, RUNS[code], pipe, pipe)
        assert found.returncode == code


def test_no_file_takes_the_place_of_a_stream(work: Path) -> None:
    """What is printed into a stream that was closed never gets into a file that is written meanwhile."""
    found = start(work, ("merge", "inbox", "-o", "s.xlsx"), subprocess.PIPE, subprocess.PIPE, 0, 1, 2)
    assert (found.returncode, is_summary(work / "s.xlsx")) == (1, True)
    found = start(work, ("explain", "site_page_views", "s.xlsx"), subprocess.PIPE, subprocess.PIPE, 1)
    assert (found.returncode, found.stderr) == (0, "")
