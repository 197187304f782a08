"""The page that needs no installation, in a browser: what it says of files, and what this Python says of them."""

import json
import time
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from gwxl import Terms, check
from gwxl.documents.checked import check_document
from gwxl.documents.writing import write_document

PATIENCE = 120
"""Seconds after which something is stuck."""


class Browser(Protocol):
    """What a browser does for the tests."""

    def value(self, script: str) -> Any:
        """Return what a JavaScript expression gives in the page."""

    def choose(self, place: str, files: Iterable[Path]) -> None:
        """Choose files in the input of an id."""


def wait_for(browser: Browser, script: str) -> None:
    """Wait until an expression is true in the page."""
    until = time.monotonic() + PATIENCE
    while not browser.value(script):
        assert time.monotonic() < until, (script, browser.value("document.body.innerText.slice(0, 2000)"))
        time.sleep(0.2)


def today(browser: Browser) -> Terms:
    """Return the terms of a check on the day the browser takes for today."""
    return Terms(today=date.fromisoformat(browser.value("today()")))


def told_there(browser: Browser, files: Sequence[Path]) -> list[Any]:
    """Return what the page says of each of some files; of one that cost its worker, nothing."""
    browser.value("clearChecked()")
    browser.choose("check-files", files)
    wait_for(browser, f"checked.length === {len(files)} && find('check-progress').hidden")
    told = "JSON.stringify(checked.map((one) => one.told?.done?.document ?? one.told?.failed ?? null).reverse())"
    return list(json.loads(browser.value(told)))


def told_here(browser: Browser, files: Sequence[Path]) -> list[Any]:
    """Return what this Python says of each of some files, called by its name alone."""
    documents = []
    for file in files:
        document = check_document(today(browser), check(today(browser), [file]))
        documents.append(json.loads(write_document(document)))
        for one in documents[-1]["files"]:
            one["file"] = file.name
    return documents
