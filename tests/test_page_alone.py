"""The page that needs no installation, in Chromium, opened from the disk: it says what the command line says."""

import random
import re
from pathlib import Path

import pytest

from page import build
from tests.support.clients import node
from tests.support.clients.chromium import Chromium
from tests.support.draws import draws, seed
from tests.support.page_alone import told_here, told_there, wait_for
from tests.support.sources import ROOT

SAMPLES = ROOT / "samples" / "inbox"
LARGEST = 12_000_000
MERGED = ("01", "12", "18", "29", "31", "42")

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def page(browser: Chromium, page_alone: Path) -> Path:
    """Open the page once."""
    browser.open(page_alone, width=1280)
    return page_alone


def test_findings_are_the_same(browser: Chromium, page: Path) -> None:
    """Of drawn samples the page says, value by value, what this Python says; nothing is asked for on the way."""
    files = [file for file in sorted(SAMPLES.iterdir()) if file.is_file() and "加了密码" not in file.name]
    drawn = random.Random(seed()).sample(files, draws(3, full=len(files)))
    told = told_there(browser, drawn)
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
    browser.choose("check-files", [next(SAMPLES.glob("12-*"))])
    wait_for(browser, "checked.length === 1")
    assert browser.value("checked[0].lost") is True
    assert "12-全程在线大于事项总数.xlsx" in browser.value("find('checked').innerText")
    browser.choose("check-files", [next(SAMPLES.glob("01-*"))])
    wait_for(browser, "checked.length === 2")
    assert browser.value("checked[0].told.done.states") == ["passed"]


def test_an_error_of_ours_is_told_as_ours(browser: Chromium, page: Path) -> None:
    """Where the program fails on a file, nobody is told to save the file anew."""
    assert page.is_file()
    browser.value("clearChecked()")
    browser.value(FAIL)
    browser.choose("check-files", [next(SAMPLES.glob("12-*"))])
    wait_for(browser, "checked.length === 1")
    shown = browser.value("find('checked').innerText")
    assert "程序自己出错" in shown
    assert "ValueError: broken" in shown
    assert "另存为" not in shown


def test_nothing_can_be_asked_for(browser: Chromium, page: Path) -> None:
    """A request for an address outside is stopped by the policy of the page before it is made."""
    assert page.is_file()
    ask = "fetch('https://example.org/').then(() => 'made', () => 'stopped')"
    heard = "addEventListener('securitypolicyviolation', (one) => tell(one.blockedURI), {once: true})"
    assert browser.value(f"Promise.all([new Promise((tell) => {heard}), {ask}])") == ["https://example.org/", "stopped"]


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
@pytest.mark.usefixtures("node")
def test_nothing_keeps_anybody_out(browser: Chromium, page: Path, width: int) -> None:
    """Both rooms fit the window with what was told in them; axe finds nothing against them, in the light or dark."""
    assert page.is_file()
    told_there(browser, [next(SAMPLES.glob("12-*"))])
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
    browser.value(node.axe())
    for scheme in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        for door in ("check", "merge"):
            browser.value(f"openDoor('{door}')")
            found = browser.value("axe.run().then(told => told.violations.map(one => [one.id, one.impact]))")
            assert (door, browser.value("document.documentElement.scrollWidth"), found) == (door, width, [])
    browser.call("Emulation.setEmulatedMedia", features=[])
