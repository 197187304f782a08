"""The clerk's room of the page without an installation: a merge gives what Python gives, with decisions and forms."""

import base64
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from gwxl import Terms, merge
from gwxl.documents.merged import merge_document
from gwxl.documents.writing import write_document
from gwxl.summary.merged import Merged
from tests.support.clients.chromium import Chromium
from tests.support.clients.firefox import Firefox
from tests.support.decided import fill_in
from tests.support.draws import draws
from tests.support.inboxes import FORM, send, site
from tests.support.page_alone import Browser, today, wait_for
from tests.support.sources import ROOT

SAMPLES = ROOT / "samples" / "inbox"
MERGED = ("01", "12", "18", "29", "31", "42")
INBOX = Path("收件箱")

pytestmark = pytest.mark.timeout(3600)


@pytest.fixture
def opened(request: pytest.FixtureRequest, program: str, page_alone: Path) -> Browser:
    """Return the page opened in a browser, at the clerk's door."""
    browser: Chromium | Firefox = request.getfixturevalue(program)
    browser.open(page_alone, width=1280)
    browser.value("openDoor('merge')")
    return browser


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an inbox with a few samples, called as the page calls it."""
    monkeypatch.chdir(tmp_path)
    INBOX.mkdir()
    for file in SAMPLES.iterdir():
        if file.name.startswith(MERGED):
            shutil.copy(file, INBOX)
    return INBOX


def terms(browser: Browser) -> Terms:
    """Return the terms of a merge, on the day the browser takes for today."""
    return replace(today(browser), named=FORM)


def merge_there(browser: Browser) -> Any:
    """Merge what was put into the page; return the document that it tells."""
    browser.value("merged = null, find('merge-start').click()")
    return wait_for_merge(browser)


def wait_for_merge(browser: Browser) -> Any:
    """Wait until a merge has ended; return the document that it tells."""
    wait_for(browser, "find('merge-progress').hidden && (merged !== null || !find('merge-trouble').hidden)")
    assert browser.value("find('merge-trouble').innerText") == ""
    return json.loads(browser.value("JSON.stringify(merged.document)"))


def take(browser: Browser, what: str, target: Path) -> Path:
    """Write the summary or the decisions of the page into a file."""
    read = f"clerk.hand.ask('read', {{path: merged.document.{what}}})"
    packed = "new Promise((done) => { const reader = new FileReader(); reader.onload = () => done(reader.result);"
    url = browser.value(f"{read}.then((data) => {packed} reader.readAsDataURL(new Blob([data])) }}))")
    target.write_bytes(base64.b64decode(url.partition(",")[2]))
    return target


def hold(browser: Browser, told: Any, merged: Merged, folder: Path) -> None:
    """Hold what the page told of a merge, and its summary part by part, against a merge here."""
    assert told == json.loads(write_document(merge_document(merged)))
    assert parts_of(take(browser, "summary", folder / "theirs.xlsx")) == parts_of(merged.summary)


def parts_of(workbook: Path) -> dict[str, bytes]:
    """Return the parts of a workbook; of what says where and when it was made only that it is there."""
    with ZipFile(workbook) as packed:
        return {name: b"" if name.startswith("docProps/") else packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("program", ["browser", "firefox"])
def test_a_merge_is_the_same(opened: Browser, inbox: Path, tmp_path: Path) -> None:
    """Samples and returns, 300 in the full profile, give the document and the summary, part by part, of this Python."""
    for number in range(1, draws(4, full=300 if isinstance(opened, Chromium) else 30)):
        send(inbox, f"{number}.xlsx", **site(number))
    choose(opened, sorted(inbox.iterdir()))
    told = merge_there(opened)
    merged = merge(terms(opened), inbox)
    hold(opened, told, merged, tmp_path)
    assert opened.value("find('file-rows').rows.length") == min(100, len(merged.batch.receipts))


def choose(browser: Browser, files: Sequence[Path]) -> None:
    """Put files into the page, in Chromium with the folder that holds them: nobody can choose a folder for Firefox."""
    if isinstance(browser, Chromium):
        browser.choose("merge-folder", [files[0].parent])
    else:
        browser.choose("merge-files", files)
    wait_for(browser, f"inbox.size === {len(files)}")


@pytest.mark.parametrize("program", ["browser"])
def test_decisions_are_brought(opened: Browser, inbox: Path, tmp_path: Path) -> None:
    """A decisions workbook that was taken from the page and filled in decides as one beside the inbox does."""
    choose(opened, sorted(inbox.iterdir()))
    merge_there(opened)
    filled = take(opened, "decisions", tmp_path / "填好的.xlsx")
    rows = fill_in(filled, lambda row: {"decision": "已核实" if row["file"].startswith("18") else "", "who": "李某"})
    assert [row["decision"] for row in rows].count("已核实") == 1
    opened.value("merged = null")
    opened.choose("bring-decisions", [filled])
    told = wait_for_merge(opened)
    first = merge(terms(opened), inbox)
    assert first.decisions is not None
    shutil.copy(filled, first.decisions)
    hold(opened, told, merge(terms(opened), inbox, force=True), tmp_path)
    assert [case["state"] for case in told["cases"] if case["file"].startswith("18")] == ["decided"]


@pytest.mark.parametrize("program", ["browser"])
def test_a_form_folder_is_brought(opened: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a form folder that is put in the page reads and merges returns of a form it did not come with."""
    own = tmp_path / "我的表"
    for kind in ("templates", "rules"):
        shutil.copytree(ROOT / kind / FORM, own / kind / FORM)
    declared = own / "templates" / FORM / "form.toml"
    declared.write_text(declared.read_text("utf-8").replace("政府网站工作年度报表", "某某网站年度报表"), "utf-8")
    monkeypatch.chdir(tmp_path)
    send(INBOX, "1.xlsx", **site(1))
    opened.choose("own-form", [own])
    wait_for(opened, "ownForm !== null || !find('merge-trouble').hidden")
    assert opened.value("find('own-form-in').textContent") == "使用放入的表格：某某网站年度报表"
    choose(opened, sorted(INBOX.iterdir()))
    told = merge_there(opened)
    hold(opened, told, merge(replace(today(opened), named=str(declared.parent)), INBOX), tmp_path)


def test_a_folder_is_dropped(browser: Chromium, page_alone: Path, tmp_path: Path) -> None:
    """What stands in a folder that is dropped is put in by its path below it, however deep."""
    browser.open(page_alone, width=1280)
    for name in ("甲.xlsx", "区县/乙.xlsx", "区县/更深/丙.xlsx"):
        (tmp_path / "收到 的" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "收到 的" / name).write_bytes(name.encode())
    browser.value("openDoor('merge')")
    browser.drop("drop-merge", [tmp_path / "收到 的"])
    wait_for(browser, "inbox.size === 3")
    assert sorted(browser.value("[...inbox.keys()]")) == ["区县/乙.xlsx", "区县/更深/丙.xlsx", "甲.xlsx"]
    assert browser.value("find('put-in').innerText") == "已放入 3 个文件"
