"""The folders drafts lie in: gone with their writer, and nobody else's."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gwxl.errors import OutputError
from gwxl.files import drafts
from gwxl.files.drafts import discard_drafts, draft_folder, is_draft, sweep
from gwxl.files.folder_lock import refuse_second
from tests.support.command import environment

_WRITER = """
import sys, time
from pathlib import Path
from gwxl.files.drafts import draft_folder
with draft_folder(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half")
    print("written", flush=True)
    time.sleep(600)
"""


@contextmanager
def writer(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Give a process that is writing a draft in a folder."""
    command = [sys.executable, "-c", _WRITER, str(folder)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, encoding="ascii") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        try:
            yield process
        finally:
            process.kill()


def draft_names(folder: Path) -> list[str]:
    """Return the drafts in a folder."""
    return [one.name for one in folder.iterdir() if is_draft(one.name)]


def age(folder: Path, *, days: float) -> Path:
    """Make a folder that nobody has touched for some days."""
    folder.mkdir()
    (folder / "half").write_text("half")
    then = folder.stat().st_mtime - days * 86_400
    os.utime(folder, (then, then))
    return folder


def test_a_draft_goes_with_its_block(tmp_path: Path) -> None:
    """At the end nothing is left, whether it came by itself or by a mistake."""
    with draft_folder(tmp_path) as folder:
        (folder / "half").write_text("half")
        assert draft_names(tmp_path) == [folder.name]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyError), draft_folder(tmp_path):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_the_draft_of_a_killed_writer_is_swept(tmp_path: Path) -> None:
    """One that somebody is writing stays; once its writer was killed it goes, whatever else lies there."""
    (tmp_path / "other").mkdir()
    (tmp_path / ".gwxl-file").write_text("no folder")
    (tmp_path / ".gwxl-notes and more").mkdir()
    with writer(tmp_path) as process:
        (name,) = draft_names(tmp_path)
        sweep(tmp_path)
        assert (tmp_path / name / "half").read_text() == "half"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert draft_names(tmp_path) == [name]
    sweep(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == [".gwxl-file", ".gwxl-notes and more", "other"]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_the_next_draft_sweeps_first(tmp_path: Path) -> None:
    """Whoever writes in a folder removes what was left in it."""
    with writer(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    with draft_folder(tmp_path) as folder:
        assert draft_names(tmp_path) == [folder.name]


def test_what_has_no_lock_is_left_for_a_day(tmp_path: Path) -> None:
    """A folder of an earlier version, or half removed, may be somebody's until it is old."""
    age(tmp_path / ".gwxl-abcd1234", days=0.5)
    age(tmp_path / ".gwxl-abcd5678", days=1.5)
    sweep(tmp_path)
    assert draft_names(tmp_path) == [".gwxl-abcd1234"]


def test_where_the_disk_knows_no_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts are written there too, and age alone tells that nobody writes in one any more."""
    monkeypatch.setattr(drafts, "_hold", lambda _: None)
    with draft_folder(tmp_path) as folder:
        sweep(tmp_path)
        assert draft_names(tmp_path) == [folder.name]
        then = folder.stat().st_mtime - 2 * 86_400
        os.utime(folder, (then, then))
        sweep(tmp_path)
        assert draft_names(tmp_path) == []


def test_a_sweep_in_between_costs_an_attempt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is swept before its writer could lock it is made once more."""
    honest, swept = Path.mkdir, list[Path]()

    def mkdir(path: Path, mode: int = 0o777) -> None:
        honest(path, mode)
        if len(swept) < 3:
            swept.append(path)
            sweep(path.parent)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with draft_folder(tmp_path) as folder:
        assert draft_names(tmp_path) == [folder.name]
        assert folder not in swept
    assert len(swept) == 3


def test_a_link_is_no_draft(tmp_path: Path) -> None:
    """What a link of such a name leads to is never touched."""
    age(tmp_path / "kept", days=9)
    (tmp_path / ".gwxl-abcd1234").symlink_to(tmp_path / "kept")
    sweep(tmp_path)
    assert (tmp_path / "kept" / "half").exists()


def test_a_draft_that_was_left_open_is_discarded(tmp_path: Path) -> None:
    """What an interrupt kept from being removed goes at the end of the run."""
    block = draft_folder(tmp_path)
    folder = block.__enter__()
    assert folder.is_dir()
    discard_drafts()
    assert list(tmp_path.iterdir()) == []
    block.__exit__(None, None, None)


def test_a_folder_that_cannot_be_listed_is_passed_over(tmp_path: Path) -> None:
    """Sweeping is no reason to fail."""
    sweep(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError), draft_folder(tmp_path / "nowhere"):
        pytest.fail("there is no place for it")


_HOLDER = """
import sys, time
from pathlib import Path
from gwxl.files.folder_lock import refuse_second
with refuse_second(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_the_second_is_told_who_makes_the_file(tmp_path: Path) -> None:
    """It is told whose process and which; another file is free, and so is this one once its maker was killed."""
    path = tmp_path / "summary.xlsx"
    command = [sys.executable, "-c", _HOLDER, str(path)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, encoding="ascii") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(OutputError, match=f"@{os.uname().nodename}, process {process.pid}, since 20"):
            refuse_second(path).__enter__()
        sweep(tmp_path)
        with refuse_second(tmp_path / "other.xlsx"):
            assert len(draft_names(tmp_path)) == 2
        process.kill()
    with refuse_second(path):
        assert len(draft_names(tmp_path)) == 1
    assert list(tmp_path.iterdir()) == []


def test_who_cannot_be_kept_out_goes_on(tmp_path: Path) -> None:
    """Where nothing can be written, or a stranger's folder has the name, no process is kept out."""
    with refuse_second(tmp_path / "nowhere" / "summary.xlsx"):
        pass
    with refuse_second(tmp_path / "summary.xlsx"):
        (name,) = draft_names(tmp_path)
    age(tmp_path / name, days=0)
    with refuse_second(tmp_path / "summary.xlsx"):
        assert draft_names(tmp_path) == [name]
