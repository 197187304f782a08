"""Putting files in place: whole or not at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gwxl.errors import OutputError
from gwxl.files.outputs import refuse_existing, refuse_nothing, replace_file, replace_read


def names(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return sorted(entry.name for entry in folder.iterdir())


def test_a_finished_file_gets_its_name(tmp_path: Path) -> None:
    """Nothing stands at the target until the file is whole."""
    target = tmp_path / "out.txt"
    with replace_file(target, refuse_existing) as draft:
        draft.write_text("whole")
        assert not target.exists()
    assert (names(tmp_path), target.read_text()) == (["out.txt"], "whole")


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    """Whatever goes wrong half-way, the old file stays and the draft goes."""
    target = tmp_path / "out.txt"
    target.write_text("old")
    with pytest.raises(KeyError):
        _write_half(target)
    assert (names(tmp_path), target.read_text()) == (["out.txt"], "old")


def _write_half(target: Path) -> None:
    with replace_file(target, refuse_nothing) as draft:
        draft.write_text("half")
        raise KeyError


def _write_while_another_comes(target: Path) -> None:
    with replace_file(target, refuse_existing) as draft:
        draft.write_text("ours")
        target.write_text("theirs")


def test_a_full_disk_is_an_output_error(tmp_path: Path) -> None:
    """A write that the system refuses leaves the old file whole; /dev/full is always full."""
    target = tmp_path / "out.txt"
    target.write_text("old")
    with pytest.raises(OutputError, match="No space left on device; free space"), replace_file(target, refuse_nothing):
        Path("/dev/full").write_text("half")
    assert (names(tmp_path), target.read_text()) == (["out.txt"], "old")


def test_an_existing_file_is_refused_even_when_it_comes_late(tmp_path: Path) -> None:
    """A file that comes into being while ours is written is not replaced either."""
    target = tmp_path / "out.txt"
    with pytest.raises(OutputError, match="exists already; give another name"):
        _write_while_another_comes(target)
    assert (names(tmp_path), target.read_text()) == (["out.txt"], "theirs")
    with pytest.raises(OutputError, match="exists already"), replace_file(target, refuse_existing):
        pytest.fail("a refused target is never written to")


def test_a_missing_folder_is_an_output_error(tmp_path: Path) -> None:
    """The folder of an output is not made up."""
    target = tmp_path / "nowhere" / "out.txt"
    refusal = "there is no folder .*nowhere; make it, or name another place"
    with pytest.raises(OutputError, match=refusal), replace_file(target, refuse_existing):
        pytest.fail("there is no place to write to")


@pytest.mark.parametrize("times", [0, 1, 4, 5])
def test_what_was_saved_meanwhile_is_read_again(times: int, tmp_path: Path) -> None:
    """What is replaced is what was read last; where it changes each of five times, it stays as somebody saved it."""
    target, tried = tmp_path / "out.txt", list[str]()
    target.write_text("0")

    def attempt(stood: str, refuse: Callable[[Path], None]) -> None:
        tried.append(stood)
        with replace_file(target, refuse) as draft:
            draft.write_text(f"made of {stood}")
            if len(tried) <= times:
                target.write_text(str(len(tried)))

    if times < 5:
        assert replace_read(target, target.read_text, attempt) == str(times)
    else:
        with pytest.raises(OutputError, match="another program keeps writing to it"):
            replace_read(target, target.read_text, attempt)
    assert tried == ["0", "1", "2", "3", "4"][: times + 1]
    assert (names(tmp_path), target.read_text()) == (["out.txt"], f"made of {times}" if times < 5 else "5")
