"""Reading an inbox in workers: a zip's members each by itself, and what lies there that cannot be read."""

import json
import os
import shutil
import socket
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from gwxl.batch.files import find_files, list_files
from gwxl.batch.inbox import read_files
from gwxl.errors import RefusedError
from gwxl.form.identity import issue_identity
from gwxl.intake import Member, Members, check_file, read_part
from gwxl.publishing import publish
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.spreadsheets import archive
from gwxl.spreadsheets.admission.door import admit
from gwxl.terms import Terms
from tests.support.clients.typed import draw
from tests.support.hanging import start
from tests.support.sources import ROOT
from tests.support.workbooks import zip_parts
from tests.support.written import write_template

FORM = "website_annual_report"


@pytest.fixture(scope="module")
def forms() -> RuleSet:
    """Return the form that comes with gwxl, and its rules."""
    return load(FORM)


@pytest.fixture(scope="module")
def returns(forms: RuleSet, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return three good returns."""
    folder = tmp_path_factory.mktemp("returns")
    made = []
    for number in range(3):
        answers = {**draw(forms.form, 3).values, "site_code": f"{number:010}"}
        path = folder / f"{number}.xlsx"
        write_template(forms, path, identity=issue_identity(forms.form, period=Period(2026)), answers=answers)
        made.append(path.read_bytes())
    return made


def read(folder: Path) -> list[Receipt]:
    """Return what workers make of every file of a folder."""
    return [receipt for receipts in read_files(list_files(folder), Terms(FORM)) for receipt in receipts]


def test_a_zip_is_read_member_by_member(forms: RuleSet, returns: list[bytes], tmp_path: Path) -> None:
    """In workers as in one process: the same receipts in the same order, whatever lies in the zip."""
    inside = {
        "b.xlsx": returns[0],
        "a.xlsx": returns[1],
        "again.zip": zip_parts({"c.xlsx": returns[2]}),
        "d.xlsx": b"PK",
    }
    (tmp_path / "m.zip").write_bytes(zip_parts(inside))
    (tmp_path / "z.xlsx").write_bytes(returns[2])
    (tmp_path / "a.zip").write_bytes(zip_parts({}))
    found = read(tmp_path)
    expected = [receipt for one in list_files(tmp_path) for receipt in check_file(one.path, one.name, Terms(forms))]
    assert found == expected
    assert [(one.source.name, str(one.status)) for one in found] == [
        ("a.zip", "refused"),
        ("m.zip｜a.xlsx", "ok"),
        ("m.zip｜again.zip", "refused"),
        ("m.zip｜b.xlsx", "ok"),
        ("m.zip｜d.xlsx", "refused"),
        ("z.xlsx", "ok"),
    ]


def test_a_zip_is_read_once(
    forms: RuleSet, returns: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many members there are, the archive is not opened for each."""
    opened = []
    monkeypatch.setattr(archive, "admit", lambda path: (opened.append(path), admit(path))[1])
    archive.reopen.cache_clear()
    path = tmp_path / "m.zip"
    path.write_bytes(zip_parts({f"{number:02}.csv": b"a,b" for number in range(40)} | {"z.xlsx": returns[0]}))
    assert [receipt.status for receipt in check_file(path, path.name, Terms(forms))][-2:] == [Status.REFUSED, Status.OK]
    assert opened == [path]


def test_a_zip_that_changes_is_not_mixed(forms: RuleSet, returns: list[bytes], tmp_path: Path) -> None:
    """A member is never taken out of another archive than the one that was looked into."""
    path = tmp_path / "m.zip"
    path.write_bytes(zip_parts({"a.xlsx": returns[0]}))
    member = Member(name="a.xlsx", archive="0" * 64)
    found = read_part(path, path.name, Terms(forms), member)
    assert not isinstance(found, Members)
    (receipt,) = found.judge(Terms(forms))
    assert (receipt.source.name, receipt.findings[0].id) == ("m.zip｜a.xlsx", "changed")


@pytest.mark.skipif(os.name != "posix", reason="this system has no limits of memory for a process")
def test_a_hostile_member_costs_itself(returns: list[bytes], tmp_path: Path) -> None:
    """The reader dies of two members, hangs on one: the others of the zip count."""
    names = ["a.xlsx", "hostile-abort.xlsx", "hostile-eat.xlsx", "hostile-spin.xlsx", "k.xlsx", "z.xlsx"]
    contents = dict(zip(names, [*returns, *returns], strict=True))
    (tmp_path / "m.zip").write_bytes(zip_parts(contents))
    with start("check", tmp_path / "m.zip", "--json", deadline=2) as process:
        found = json.loads(process.communicate()[0])["files"]
    assert {one["member"]: (one["status"], [finding["id"] for finding in one["findings"]]) for one in found} == {
        "a.xlsx": ("ok", []),
        "hostile-abort.xlsx": ("refused", ["reader_died"]),
        "hostile-eat.xlsx": ("refused", ["too_hungry"]),
        "hostile-spin.xlsx": ("refused", ["too_slow"]),
        "k.xlsx": ("ok", []),
        "z.xlsx": ("ok", []),
    }


@pytest.mark.skipif(os.name != "posix", reason="this system has no limits of memory for a process")
def test_a_return_is_published_by_a_worker(returns: list[bytes], tmp_path: Path) -> None:
    """A file made to hurt ends in a reason, not in the end of the program."""
    path = tmp_path / "hostile-abort.xlsx"
    path.write_bytes(returns[0])
    with start("publish", path, "-o", tmp_path / "page.html", deadline=2) as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (1, "")
    assert "读取该文件的程序两次意外中止" in out
    assert not (tmp_path / "page.html").exists()
    path = path.rename(tmp_path / "good.xlsx")
    assert publish(Terms(FORM), path, tmp_path / "page.html").receipt.source.file == str(path)


def test_a_form_that_changes_does_not_split_a_batch(returns: list[bytes], tmp_path: Path) -> None:
    """Every worker goes by what was loaded at the beginning, whatever the folder of the form says by now."""
    for home in ("templates", "rules"):
        shutil.copytree(ROOT / home / FORM, tmp_path / home / FORM)
    terms = Terms(tmp_path / "templates" / FORM)
    before = terms.rules.rules
    shutil.rmtree(tmp_path / "rules")
    (tmp_path / "templates" / FORM / "form.toml").write_text("")
    (tmp_path / "in").mkdir()
    for number, data in enumerate(returns):
        (tmp_path / "in" / f"{number}.xlsx").write_bytes(data)
    read = [receipt for part in read_files(list_files(tmp_path / "in"), terms) for receipt in part]
    assert [receipt.status for receipt in read] == [Status.OK] * len(returns)
    assert terms.rules.rules == before


@pytest.mark.skipif(os.name != "posix", reason="files of POSIX")
def test_what_is_no_file_is_refused(returns: list[bytes], tmp_path: Path) -> None:
    """A pipe, a socket, a device, a link and a folder that cannot be opened cost a line each."""
    (tmp_path / "a.xlsx").write_bytes(returns[0])
    os.mkfifo(tmp_path / "fifo.xlsx")
    (tmp_path / "null.xlsx").symlink_to("/dev/null")
    (tmp_path / "loop.xlsx").symlink_to("loop.xlsx")
    (tmp_path / "up").symlink_to("..")
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(tmp_path)  # the name of a socket is short
        listening.bind("socket.xlsx")
        os.chdir(before)
        found = {one.source.file: one for one in read(tmp_path)}
    assert found.pop("a.xlsx").status is Status.OK
    assert {name: one.findings[0].id for name, one in found.items()} == {
        "fifo.xlsx": "not_a_file",
        "loop.xlsx": "not_a_file",
        "null.xlsx": "not_a_file",
        "socket.xlsx": "not_a_file",
        "up": "not_a_file",
    }


def test_a_folder_that_cannot_be_listed_is_refused(returns: list[bytes], tmp_path: Path) -> None:
    """It is one line with what to do, and the files beside it are read."""
    (tmp_path / "a.xlsx").write_bytes(returns[0])
    (tmp_path / "m").mkdir()
    found = list(find_files([tmp_path / "a.xlsx", tmp_path / "m"]))
    refusal = RefusedError("unreadable_folder", error="Permission denied")
    locked = replace(found[0], path=tmp_path / "m", name="m", refusal=refusal)
    (good,), (refused,) = read_files([*found, locked], Terms(FORM))
    assert (good.status, refused.status, refused.source.file) == (Status.OK, Status.REFUSED, "m")
    assert refused.reason.startswith("文件夹打不开（Permission denied），其中的文件均未读取。")


def test_names_of_members_lead_nowhere(tmp_path: Path, returns: list[bytes]) -> None:
    """Members that differ in case alone are read each by itself; two of one name and other content are refused."""
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as made:
        for name, data in (("a.xlsx", returns[0]), ("A.xlsx", returns[1]), ("b.xlsx", returns[2])):
            made.writestr(name, data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zipfile's own, of a name that stands twice
            made.writestr("b.xlsx", returns[0])
    assert [(one.source.member, str(one.status)) for one in read(tmp_path)] == [
        ("A.xlsx", "ok"),
        ("a.xlsx", "ok"),
        ("b.xlsx", "refused"),
    ]
