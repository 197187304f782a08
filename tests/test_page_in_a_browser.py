"""The published page as Chromium shows and prints it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gwxl.publishing.page import report_page
from tests.support.clients.chromium import Chromium
from tests.support.submissions import good_submission, report_form

PLACES = """[...document.querySelectorAll("tr")]
  .map(row => [row.querySelector("th[scope=row]"), row.querySelector("td")])
  .filter(([label, value]) => label && value && value.innerText.trim())
  .map(([label, value]) => [label, value].map(one => {
    const box = one.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom].map(Math.round);
  }))"""
"""Of each row with a value: left, top, right and bottom of label and value."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of a good return."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(report_page(report_form(), good_submission(report_form())), "utf-8")
    return path


def places(browser: Chromium, page: Path, width: int) -> list[Any]:
    """Open the page, demand that nothing is asked for and nothing stands outside, and return where rows stand."""
    browser.open(page, width=width)
    assert browser.requests == [page.resolve().as_uri()]
    assert browser.value("document.documentElement.scrollWidth") == width
    found: list[Any] = browser.value(PLACES)
    assert len(found) > 40
    return found


def test_on_a_telephone_the_value_stands_under_its_label(browser: Chromium, page: Path) -> None:
    """At 390 px each value begins where or below its label ends, and nothing has to be moved sideways."""
    assert [pair for pair in places(browser, page, 390) if pair[1][1] < pair[0][3] - 1] == []


def test_on_a_screen_the_value_stands_beside_its_label(browser: Chromium, page: Path) -> None:
    """At 1280 px both stand in one line, and all numbers end in one column."""
    found = places(browser, page, 1280)
    assert [pair for pair in found if pair[1][0] < pair[0][2] - 1] == []
    assert browser.value('getComputedStyle(document.querySelector("td.figure")).textAlign') == "right"


def test_in_print_no_group_is_torn(browser: Chromium, page: Path, tmp_path: Path) -> None:
    """Every section's head stands on the page of its first row, and the page is A4."""
    places(browser, page, 1280)
    browser.print(tmp_path / "page.pdf")
    printed = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    sheets = [[line for line in sheet.splitlines() if line.strip()] for sheet in printed.split("\f")]
    assert [sheet[-1] for sheet in sheets if sheet and re.match(r"\s*[一二三四五六七八九]、", sheet[-1])] == []
