"""Listing an inbox, and telling leftovers by name."""

from pathlib import Path

import pytest

from gwxl.batch.files import is_leftover, list_files
from gwxl.errors import SettingsError


@pytest.mark.parametrize(
    "name",
    [
        "~$report.xlsx",
        ".~lock.report.xlsx#",
        ".hidden.xlsx",
        "Thumbs.db",
        "DESKTOP.INI",
        "x.tmp",
        "decisions.csv",
        "__MACOSX/report.xlsx",
        ".git/report.xlsx",
        "sub/~$report.xlsx",
    ],
)
def test_leftovers_are_known_by_name(name: str) -> None:
    """What programs leave behind is nobody's return."""
    assert is_leftover(name)


@pytest.mark.parametrize(
    "name",
    [
        "report.xlsx",
        "sub/报表.xls",
        "tmp.xlsx",
        "a~$.xlsx",
        "template.pdf",
        "half.xlsx.crdownload",
        "a.xlsx.part",
        "甲局.xlsx.lnk",
        ".甲局.xlsx.icloud",
    ],
)
def test_returns_are_no_leftovers(name: str) -> None:
    """A name that merely resembles a leftover's is read, and so is what stands for a return that did not come."""
    assert not is_leftover(name)


def test_lists_every_file_below_by_name(tmp_path: Path) -> None:
    """Files are listed recursively in the order of their names, whatever the order on disk."""
    for name in ("b.xlsx", "a/c.xlsx", "a.xlsx", "~$a.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = list_files(tmp_path)
    assert [one.name for one in found] == ["a.xlsx", "a/c.xlsx", "b.xlsx", "~$a.xlsx"]
    assert [one.leftover for one in found] == [False, False, False, True]


def test_links_to_folders_are_listed_not_followed(tmp_path: Path) -> None:
    """A link to a folder is a file of its own: it cannot lead out of the inbox or in a circle."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "loop").symlink_to(tmp_path)
    assert [one.name for one in list_files(tmp_path / "inbox")] == ["loop"]


def test_no_folder_is_refused(tmp_path: Path) -> None:
    """A missing inbox is our caller's mistake, said with what to name instead."""
    with pytest.raises(SettingsError, match="is no folder; name the folder that holds the returned workbooks"):
        list_files(tmp_path / "nowhere")
