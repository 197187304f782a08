"""The page that needs no installation, in Chromium, opened from the disk: it says what the command line says."""

import json
import random
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from gwxl import Terms, check, merge
from gwxl.documents.checked import check_document
from gwxl.documents.merged import merge_document
from gwxl.documents.writing import write_document
from page import build
from tests.conftest import demand
from tests.support.clients.chromium import Chromium
from tests.support.draws import draws, seed
from tests.support.inboxes import FORM
from tests.support.sources import ROOT

SAMPLES = ROOT / "samples" / "inbox"
LARGEST = 12_000_000
PATIENCE = 120
MERGED = ("01", "12", "18", "29", "31", "42")

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def page(browser: Chromium) -> Path:
    """Build the page once, and open it."""
    demand("" if shutil.which("npm") and shutil.which("node") else "npm is not installed (apt install nodejs npm)")
    build.main()
    browser.open(build.PAGE, width=1280)
    return build.PAGE


def choose(browser: Chromium, place: str, files: Iterable[Path]) -> None:
    """Choose files in one of the page's inputs."""
    root = browser.call("DOM.getDocument")["root"]["nodeId"]
    node = browser.call("DOM.querySelector", nodeId=root, selector=f"#{place}")["nodeId"]
    browser.call("DOM.setFileInputFiles", nodeId=node, files=[str(file.resolve()) for file in files])


def wait_for(browser: Chromium, script: str) -> None:
    """Wait until an expression is true in the page."""
    until = time.monotonic() + PATIENCE
    while not browser.value(script):
        assert time.monotonic() < until, (script, browser.value("document.body.innerText.slice(0, 2000)"))
        time.sleep(0.2)


def today(browser: Chromium) -> Terms:
    """Return the terms of a check on the day the browser takes for today."""
    return Terms(today=date.fromisoformat(browser.value("today()")))


def told_here(browser: Chromium, files: Sequence[Path]) -> list[Any]:
    """Return what this Python says of each of some files, called by its name alone."""
    documents = []
    for file in files:
        document = check_document(today(browser), check(today(browser), [file]))
        documents.append(json.loads(write_document(document)))
        for one in documents[-1]["files"]:
            one["file"] = file.name
    return documents


def test_findings_are_the_same(browser: Chromium, page: Path) -> None:
    """Of drawn samples the page says, value by value, what this Python says; nothing is asked for on the way."""
    files = [file for file in sorted(SAMPLES.iterdir()) if file.is_file() and "加了密码" not in file.name]
    drawn = random.Random(seed()).sample(files, draws(3, full=len(files)))
    choose(browser, "check-files", drawn)
    wait_for(browser, f"checked.length === {len(drawn)}")
    told = json.loads(browser.value("JSON.stringify(checked.map((one) => one.told.done.document).reverse())"))
    assert told == told_here(browser, drawn)
    shown = browser.value("find('checked').innerText")
    assert [one["message"] for document in told for file in document["files"] for one in file["findings"]
            if one["verdict"] == "failed" and one["message"] not in shown] == []  # fmt: skip
    assert {request.split(":")[0] for request in browser.requests} == {"file", "blob"}
    assert [request for request in browser.requests if request.startswith("file")] == [page.resolve().as_uri()]


GO_WRONG = """(() => {
    const ask = Hand.prototype.ask;
    Hand.prototype.ask = function (verb, ...rest) {
        const answer = ask.call(this, verb, ...rest);
        if (verb === 'alone') { Hand.prototype.ask = ask; %s; }
        return answer;
    };
    return true;
})()"""
"""Lets the next reader that is given a file go wrong in some way."""
END_AT_ONCE = GO_WRONG % "this.end('too_slow')"
FAIL = GO_WRONG % "this.hear({ number: this.number, error: 'Traceback (most recent call last):\\nValueError: broken' })"


def test_a_file_that_costs_its_worker_is_named(browser: Chromium, page: Path) -> None:
    """A worker is ended at its deadline; the file is named as lost, and the next is checked by a fresh one."""
    assert page.is_file()
    browser.value("clearChecked()")
    browser.value(END_AT_ONCE)
    choose(browser, "check-files", [next(SAMPLES.glob("12-*"))])
    wait_for(browser, "checked.length === 1")
    assert browser.value("checked[0].lost") is True
    assert "12-全程在线大于事项总数.xlsx" in browser.value("find('checked').innerText")
    choose(browser, "check-files", [next(SAMPLES.glob("01-*"))])
    wait_for(browser, "checked.length === 2")
    assert browser.value("checked[0].told.done.states") == ["passed"]


def test_an_error_of_ours_is_told_as_ours(browser: Chromium, page: Path) -> None:
    """Where the program fails on a file, nobody is told to save the file anew."""
    assert page.is_file()
    browser.value("clearChecked()")
    browser.value(FAIL)
    choose(browser, "check-files", [next(SAMPLES.glob("12-*"))])
    wait_for(browser, "checked.length === 1")
    shown = browser.value("find('checked').innerText")
    assert "程序自己出错" in shown
    assert "ValueError: broken" in shown
    assert "另存为" not in shown


def test_a_merge_is_the_same(browser: Chromium, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder gives the document and the summary, part by part, that this Python gives."""
    assert page.is_file()
    folder = tmp_path / "收件箱"
    folder.mkdir()
    for file in SAMPLES.iterdir():
        if file.name.startswith(MERGED):
            shutil.copy(file, folder)
    browser.value("openDoor('merge')")
    choose(browser, "merge-folder", [folder])
    wait_for(browser, "inbox.size > 0")
    browser.value("find('merge-start').click()")
    wait_for(browser, "merged !== null && find('merge-progress').hidden")
    monkeypatch.chdir(tmp_path)
    merged = merge(replace(today(browser), named=FORM), Path("收件箱"))
    assert json.loads(browser.value("JSON.stringify(merged.document)")) == json.loads(
        write_document(merge_document(merged))
    )
    read = "clerk.hand.ask('read', {path: merged.document.summary}).then((data) => [...data])"
    theirs = tmp_path / "theirs.xlsx"
    theirs.write_bytes(bytes(browser.value(read)))
    assert parts_of(theirs) == parts_of(merged.summary)
    rows = browser.value("find('file-rows').rows.length")
    assert rows == len(merged.batch.receipts)


def parts_of(workbook: Path) -> dict[str, bytes]:
    """Return the parts of a workbook; of what says where and when it was made only that it is there."""
    with ZipFile(workbook) as packed:
        return {name: b"" if name.startswith("docProps/") else packed.read(name) for name in packed.namelist()}


def test_the_page_is_small_and_asks_for_nothing(page: Path) -> None:
    """It is of a size that is mailed, its policy names no address, and its parts are listed with their hashes."""
    assert page.stat().st_size <= LARGEST
    head = page.read_text("utf-8")[:100_000]
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', head)
    assert policy is not None
    rest = re.sub(r"'sha256-[^']+'", "", policy[1])
    assert rest.split() == ["default-src", "'none';", "script-src", "'wasm-unsafe-eval';", "worker-src", "blob:;",
                            "style-src", ";", "base-uri", "'none';", "form-action", "'none'"]  # fmt: skip
    listed = dict(line.split("  ")[::-1] for line in page.with_name("gwxl.html.sha256").read_text("utf-8").splitlines())
    assert listed["gwxl.html"] == build.digest(page.read_bytes())
    assert sorted(listed) == ["gwxl.html", "gwxl.zip", "library.zip", "packages.zip", "pyodide.asm.wasm", "worker.js"]


@pytest.mark.parametrize("width", [390, 1280, 2560])
def test_nothing_is_cut(browser: Chromium, page: Path, width: int) -> None:
    """Both rooms fit the window, with what was told before in them."""
    assert page.is_file()
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
    for door in ("check", "merge"):
        browser.value(f"openDoor('{door}')")
        assert browser.value("document.documentElement.scrollWidth") == width
