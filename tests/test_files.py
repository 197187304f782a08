"""Listing an inbox, and telling leftovers by name."""

import errno
import os
import re
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from itertools import repeat
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwxl.batch.files import find_files, is_leftover, list_files
from gwxl.errors import SettingsError
from gwxl.files.drafts import draft_folder
from gwxl.inert import inert_line, tell_apart


@pytest.mark.parametrize(
    "name",
    [
        "~$report.xlsx",
        ".~lock.report.xlsx#",
        ".hidden.xlsx",
        "Thumbs.db",
        "DESKTOP.INI",
        "decisions.csv",
        "__MACOSX/report.xlsx",
        ".git/report.xlsx",
        "._a.xlsx.part",
        "sub/~$report.xlsx",
        "lost+found/report.xlsx",
        "System Volume Information/a.xlsx",
        "$RECYCLE.BIN/S-1/a.xlsx",
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
        ".甲局.xlsx.part",
        "甲局.xlsx.tmp",
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


def reasons(folder: Path) -> dict[str, str]:
    """Return the folders of an inbox that stand for what is in them, each with the reason."""
    return {one.name: one.refusal.reason for one in list_files(folder) if one.refusal is not None}


def lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a folder that cannot be opened; who may open everything is refused by hand."""
    folder.mkdir(parents=True)
    (folder / "inside.xlsx").write_bytes(b"")
    folder.chmod(0)
    if os.access(folder, os.R_OK):
        monkeypatch.setattr(os, "scandir", _scandir_but(folder))


def _scandir_but(locked: Path) -> Callable[[Path], Any]:
    honest = os.scandir

    def scandir(folder: Path) -> Any:
        if Path(folder) == locked:
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return honest(folder)

    return scandir


def test_a_folder_that_cannot_be_opened_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files beside it are listed, and it stands there with the reason."""
    put(tmp_path, b"a.xlsx", b"z/b.xlsx")
    lock(tmp_path / "m", monkeypatch)
    assert [one.name for one in list_files(tmp_path)] == ["a.xlsx", "m", "z/b.xlsx"]
    assert reasons(tmp_path) == {"m": "unreadable_folder"}
    (tmp_path / "m").chmod(0o700)


def test_a_hidden_folder_that_cannot_be_opened_is_a_leftover(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What systems keep for themselves is nobody's return, whether it can be opened or not."""
    lock(tmp_path / "lost+found", monkeypatch)
    (found,) = list_files(tmp_path)
    assert (found.name, found.leftover) == ("lost+found", True)
    (tmp_path / "lost+found").chmod(0o700)


def test_an_inbox_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing could be read then; that is no file's fault."""
    lock(tmp_path / "inbox", monkeypatch)
    with pytest.raises(SettingsError, match="inbox: The folder cannot be opened"):
        list_files(tmp_path / "inbox")
    (tmp_path / "inbox").chmod(0o700)


def test_folders_without_end_are_one_line(tmp_path: Path) -> None:
    """Whoever makes folders in folders, beyond what a path can say, costs a line."""
    put(tmp_path, b"a.xlsx")
    (tmp_path / "deep").mkdir()
    place = os.open(tmp_path / "deep", os.O_RDONLY)
    for _ in range(300):
        os.mkdir("0123456789" * 10, dir_fd=place)
        further = os.open("0123456789" * 10, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = further
    os.close(place)
    found = list_files(tmp_path)
    assert [one.name for one in found][:1] == ["a.xlsx"]
    assert [one.refusal.reason for one in found if one.refusal is not None] == ["deep_folder"]
    shutil.rmtree(tmp_path / "deep")


def test_a_listing_without_end_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that never comes to an end, as a broken disk in the network may, is given up; the others are read."""
    put(tmp_path, b"a.xlsx", b"m/b.xlsx", b"z/c.xlsx")
    monkeypatch.setattr(os, "scandir", _endless(tmp_path / "m"))
    assert reasons(tmp_path) == {"m": "endless_folder"}
    assert [one.name for one in list_files(tmp_path)] == ["a.xlsx", "m", "z/c.xlsx"]


def _endless(endless: Path) -> Callable[[Path], Any]:
    honest = os.scandir

    def scandir(folder: Path) -> Any:
        if Path(folder) != endless:
            return honest(folder)
        with honest(folder) as listed:
            (entry,) = listed
        return nullcontext(repeat(entry))

    return scandir


def test_drafts_are_not_listed(tmp_path: Path) -> None:
    """What a run beside this one is writing was not sent by anybody."""
    put(tmp_path, b"a.xlsx")
    with draft_folder(tmp_path) as folder:
        (folder / "summary.xlsx").write_bytes(b"")
        assert [one.name for one in list_files(tmp_path)] == ["a.xlsx"]


def put(folder: Path, *names: bytes) -> None:
    """Put files of these names, in bytes, into a folder."""
    for name in names:
        path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 - names in bytes
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        with open(path, "wb"):  # noqa: PTH123
            pass


def test_names_in_gbk_are_told_as_they_were_meant(tmp_path: Path) -> None:
    """Files and folders from an old system keep their names, and are still found under the bytes on disk."""
    put(tmp_path, "示例市".encode("gbk") + b"/" + "甲局（一）.xlsx".encode("gbk"), "乙局.xlsx".encode())
    found = list_files(tmp_path)
    assert {one.name for one in found} == {"示例市/甲局（一）.xlsx", "乙局.xlsx"}
    assert all(one.path.is_file() for one in found)
    assert {one.name for one in find_files([tmp_path])} == {f"{tmp_path}/{one.name}" for one in found}
    assert [one.name for one in find_files([found[0].path, found[1].path])] == [
        f"{tmp_path}/{one.name}" for one in found
    ]


def test_names_that_differ_only_in_bytes_can_be_told_apart(tmp_path: Path) -> None:
    """Bytes of no encoding are shown, and of two names that were meant alike one shows its bytes."""
    put(
        tmp_path,
        b"a\xff.xlsx",
        b"a\xfe.xlsx",
        "甲局.xlsx".encode(),
        "甲局.xlsx".encode("gbk"),
        "示例市甲局".encode() + b"\xe7",
    )
    assert {one.name for one in list_files(tmp_path)} == {
        "a\\xff.xlsx",
        "a\\xfe.xlsx",
        "甲局.xlsx",
        "\\xbc\\u05fe\\xd6.xlsx",
        "示例市甲局\\xe7",
    }


ALIKE = {
    "an invisible character": ("甲局.xlsx", "甲局\u200b.xlsx", "甲局\\u200b.xlsx"),
    "a mark of direction": ("a.xlsx", "a\u202e.xlsx", "a\\u202e.xlsx"),
    "a composed accent": ("\u00e9.xlsx", "e\u0301.xlsx", "e\\u0301.xlsx"),
    "a variant": ("甲.xlsx", "甲\ufe00.xlsx", "甲\\ufe00.xlsx"),
    "a second blank": ("a b.xlsx", "a  b.xlsx", "a \\x20b.xlsx"),
    "a hard blank": ("a b.xlsx", "a\u00a0b.xlsx", "a\\xa0b.xlsx"),
    "a compatibility character": ("凉.xlsx", "\uf979.xlsx", "\\uf979.xlsx"),
    "syllables in letters": ("\u1100\u1161.xlsx", "\uac00.xlsx", "\uac00.xlsx (2)"),
}


@pytest.mark.parametrize("case", ALIKE)
def test_names_that_look_alike_are_told_apart(tmp_path: Path, case: str) -> None:
    """Of two names that differ in what nobody sees the plain one stays, the other says in what it differs."""
    plain, other, shown = ALIKE[case]
    put(tmp_path, plain.encode(), other.encode())
    told = {one.path.name: one.name for one in list_files(tmp_path)}
    assert told == {plain: plain, other: shown}


def test_names_that_differ_visibly_stay_as_they_are() -> None:
    """Letters of another case or width, and an invisible character that no other name lacks, change nothing."""
    names = ["A.xlsx", "a.xlsx", "Ａ.xlsx", "甲\u200b局.xlsx", "e\u0301.xlsx"]
    assert tell_apart(names) == {name: name for name in names}


def test_a_name_that_spells_the_other_is_numbered() -> None:
    """A name that is written just as another one has to be shown does not take its place."""
    names = ["a\\xff", "a\udcff"]
    assert tell_apart(names) == {"a\\xff": "a\\xff", "a\udcff": "a\\xff (2)"}


def test_named_one_by_one_they_are_told_apart_too(tmp_path: Path) -> None:
    """Files that are typed, alone or with their folder, are told apart as those below one folder are."""
    put(tmp_path, "甲局.xlsx".encode(), "甲局\u200b.xlsx".encode())
    plain, other = sorted(tmp_path.iterdir())
    told = [str(plain), f"{tmp_path}/甲局\\u200b.xlsx"]
    assert [one.name for one in find_files([plain, other])] == told
    assert [one.name for one in find_files([tmp_path, other])] == [*told, told[1]]


@given(st.lists(st.binary(min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
def test_whatever_names_are_they_can_be_shown_and_told_apart(names: list[bytes]) -> None:
    """No name of any bytes keeps one that is no character, and no two are shown alike."""
    told = tell_apart(map(os.fsdecode, names))
    assert not re.search("[\ud800-\udfff]", "".join(told.values()))
    assert len({normalize("NFC", inert_line(name)) for name in told.values()}) == len(names)


def test_folders_that_were_typed_say_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the folder one works in, or below a hidden one that was named, is no leftover; one inside it is."""
    for name in ("a/x.xlsx", "a/.trash/x.xlsx", ".hidden/x.xlsx", "b/.keep"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    monkeypatch.chdir(tmp_path / "b")
    typed = [Path("../a/x.xlsx"), Path("../a"), Path("../.hidden"), tmp_path / ".hidden" / "x.xlsx"]
    assert [(one.name, one.leftover) for one in find_files(typed)] == [
        ("../a/x.xlsx", False),
        ("../a/.trash/x.xlsx", True),
        ("../a/x.xlsx", False),
        ("../.hidden/x.xlsx", False),
        (f"{tmp_path.as_posix()}/.hidden/x.xlsx", False),
    ]
