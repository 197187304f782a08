"""Workbooks that an earlier version wrote: each is read today as it was then.

They stand in ``tests/cases/earlier/``, the larger ones zipped, each beside a JSON of what the version that wrote it
read of it. That version is 0.1.0 before the live checks moved to a sheet of their own: their formulas stand on the form
and table sheets, in columns from AD on, and the map sheet names no layout version. They are never made anew, for no
later version can write them; a layout that changes again gets workbooks of its own beside these.

How they were made, all data synthetic, of the yearly report and of the drill record in ``tests/forms/``:

- ``*-gwxl``: answers and explanations written into the template by gwxl; ``-full``: with every row of the table.
- ``*-libreoffice``: the blank template typed into with LibreOffice 7.4 and saved as the suffix says; ``-signed-full``:
  issued to a site and signed with ``campaign.key``, with every row of the table; ``-wrong``: words, a multiple of ten
  thousand, full-width digits and a negative number pasted past the validation, two fields left blank; ``-rows``: the
  protection taken off, rows inserted on the form and in the table; ``-of-another-site``: returned with another code
  than the signed one, and so held.
- ``report-returned``: a signed return with four faults, sent back by ``gwxl return``; ``-corrected``: the same with the
  faults corrected in LibreOffice.
- ``drill-gnumeric``, ``drill-sheetjs``, ``drill-exceljs``, ``drill-openpyxl-wrong``: the blank template filled by
  these, the last with a wrong code, a word for a number and a blank.

What the rules say of them is theirs to change and is not held here. One text was changed since: a stored
number is shown with the 15 digits it is good for (8.8, not 8.800000000000001).
"""

import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gwxl.form.period import Period
from gwxl.form.signature import read_key
from gwxl.intake import check_file
from gwxl.records.receipt import Receipt
from gwxl.records.signals import is_signal
from gwxl.records.submission import Status, Unread
from gwxl.terms import Terms
from tests.support.submissions import drill_rules, report_rules

EARLIER = Path(__file__).parent / "cases" / "earlier"
KEY = read_key(EARLIER / "campaign.key")
YEAR = 2025
WORKBOOKS = {path.name.removesuffix(".zip"): path for path in EARLIER.iterdir() if path.suffix not in {".json", ".key"}}


def reading(receipt: Receipt) -> Mapping[str, Any]:
    """Return what was read of a workbook, as JSON holds it."""
    read = receipt.submission
    assert read is not None
    return {
        "held": receipt.status is Status.HELD,
        "sheet": receipt.source.sheet,
        "identity": {name: value for name, value in vars(read.identity).items() if value is not None},
        "round": None if read.round is None else [read.round.number, *read.round.faults],
        "values": _plain(read.values),
        "surround": _plain(read.surround),
        "unread": {answer.key: answer.raw for answer in read.unread},
        "raw": {path: answer.raw for path, answer in read.answers.items() if answer.raw},
        "explanations": dict(read.explanations),
        "changes": [[change.key, change.kind, change.raw, change.value] for change in read.changes],
        "cells": {path: str(cell) for path, cell in read.cells.items()},
        "findings": [[one.id, one.severity, one.key, one.source and str(one.source)] for one in receipt.findings],
    }


def _plain(value: object) -> Any:
    """Return a value as JSON, its type told."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Unread):
        return {"unread": value.kind, "raw": value.raw, "proposal": _plain(value.proposal)}
    return {"decimal": str(value)} if isinstance(value, Decimal) else value


def written(said: Mapping[str, Any]) -> str:
    """Return a reading as text, the findings of the form's rules left out; true is not 1 there."""
    findings = [one for one in said["findings"] if is_signal(one[0])]
    return json.dumps({**said, "findings": findings}, ensure_ascii=False, indent=1)


def unpacked(name: str, folder: Path) -> Path:
    """Return the file of a workbook as its program saved it."""
    path = WORKBOOKS[name]
    if path.suffix != ".zip":
        return path
    with zipfile.ZipFile(path) as package:
        return Path(package.extract(name, folder))


@pytest.mark.parametrize("name", sorted(WORKBOOKS))
def test_an_earlier_workbook_is_read_as_it_was(name: str, tmp_path: Path) -> None:
    """Identity, values, texts, cells, explanations, whether it is held and what the reader says are the same."""
    path = unpacked(name, tmp_path)
    (receipt,) = check_file(path, name, Terms((report_rules(), drill_rules()), period=Period(YEAR), key=KEY))
    then = json.loads((EARLIER / f"{name}.json").read_text("utf-8"))
    assert written(reading(receipt)) == written(then)


def test_every_earlier_workbook_is_there() -> None:
    """No workbook was lost, of any format and program, and each has its reading."""
    readings = {path.name.removesuffix(".json") for path in EARLIER.glob("*.json")}
    assert readings == WORKBOOKS.keys()
    assert Counter(name.rpartition(".")[2] for name in WORKBOOKS) == {"xlsx": 8, "xls": 4, "ods": 2, "fods": 1}
