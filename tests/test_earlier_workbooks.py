"""Workbooks that an earlier version wrote: each is read today as it was then.

They stand in ``tests/cases/earlier/``, the larger ones zipped, each beside a JSON of what the version that wrote it
read of it. They are never made anew, for no later version can write them; a layout that changes again gets workbooks of
its own beside these.

Most are of 0.1.0 before the live checks moved to a sheet of their own: their formulas stand on the form and table
sheets, in columns from AD on, and the map sheet names no layout version.

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

``report-2-*`` are of 0.1.0 before the verdict moved beside the answer, whose columns ran unit, clause, explanation,
verdict; the map sheet says layout 2, as it does today: ``-libreoffice`` was typed into with LibreOffice 7.4, one answer
greater than it may be; ``-corrected`` is what ``gwxl return`` made of it then, corrected in LibreOffice.

What the rules say of them is theirs to change and is not held here. One text was changed since: a stored
number is shown with the 15 digits it is good for (8.8, not 8.800000000000001).
"""

import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gwxl.form.signature import read_key
from gwxl.intake import check_file
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.signals import is_signal
from gwxl.records.submission import Identity, Status, Unread
from gwxl.terms import Terms
from tests.support.command import document
from tests.support.submissions import drill_rules, report_rules

EARLIER = Path(__file__).parent / "cases" / "earlier"
KEY = read_key(EARLIER / "campaign.key")
YEAR = 2025
WORKBOOKS = {path.name.removesuffix(".zip"): path for path in EARLIER.iterdir() if path.suffix not in {".json", ".key"}}


def show_reading(receipt: Receipt) -> Mapping[str, Any]:
    """Return what was read of a workbook, as JSON holds it."""
    read = receipt.submission
    assert read is not None
    return {
        "held": receipt.status is Status.HELD,
        "sheet": receipt.source.sheet,
        "identity": _show_identity(read.identity),
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


def _show_identity(identity: Identity) -> Mapping[str, Any]:
    """Return what an identity says, its year as a number: those forms are asked for each year."""
    said = {**vars(identity), "period": identity.period.year}
    return {{"period": "year"}.get(name, name): value for name, value in said.items() if value is not None}


def _plain(value: object) -> Any:
    """Return a value as JSON, its type told."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Unread):
        return {"unread": value.kind, "raw": value.raw, "proposal": _plain(value.proposal)}
    return {"decimal": str(value)} if isinstance(value, Decimal) else value


def write_reading(said: Mapping[str, Any]) -> str:
    """Return a reading as text, the findings of the form's rules left out; true is not 1 there."""
    findings = [one for one in said["findings"] if is_signal(one[0])]
    return json.dumps({**said, "findings": findings}, ensure_ascii=False, indent=1)


def unpack(name: str, folder: Path) -> Path:
    """Return the file of a workbook as its program saved it."""
    path = WORKBOOKS[name]
    if path.suffix != ".zip":
        return path
    with zipfile.ZipFile(path) as package:
        return Path(package.extract(name, folder))


@pytest.mark.parametrize("name", sorted(WORKBOOKS))
def test_an_earlier_workbook_is_read_as_it_was(name: str, tmp_path: Path) -> None:
    """Identity, values, texts, cells, explanations, whether it is held and what the reader says are the same."""
    path = unpack(name, tmp_path)
    (receipt,) = check_file(path, name, Terms((report_rules(), drill_rules()), period=Period(YEAR), key=KEY))
    then = json.loads((EARLIER / f"{name}.json").read_text("utf-8"))
    assert write_reading(show_reading(receipt)) == write_reading(then)


def test_every_earlier_workbook_is_there() -> None:
    """No workbook was lost, of any format and program, and each has its reading."""
    readings = {path.name.removesuffix(".json") for path in EARLIER.glob("*.json")}
    assert readings == WORKBOOKS.keys()
    assert Counter(name.rpartition(".")[2] for name in WORKBOOKS) == {"xlsx": 10, "xls": 4, "ods": 2, "fods": 1}


FAULTY, CORRECTED = "report-2-libreoffice.xlsx", "report-2-corrected.xlsx"
ONLINE, ITEMS = "service_items_online", "service_items"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Return an inbox with a return whose columns stand in another order than today."""
    (tmp_path / "inbox").mkdir()
    shutil.copy(EARLIER / FAULTY, tmp_path / "inbox")
    return tmp_path / "inbox"


def test_the_order_of_columns_is_that_of_the_workbook(inbox: Path, tmp_path: Path) -> None:
    """It is merged with its explanations, its own verdicts are held against the checker's, its figures can be asked."""
    read = json.loads((EARLIER / f"{FAULTY}.json").read_text("utf-8"))
    merged = document("merge", inbox, "--year", YEAR, cwd=tmp_path, code=1)
    assert (merged["counts"]["accepted"], merged["counts"]["errors"]) == (1, 1)
    (agreement,) = merged["agreement"].values()
    assert (agreement["compared"] > 30, agreement["differ"]) == (True, 0)
    (checked,) = document("check", inbox / FAULTY, "--year", YEAR, cwd=tmp_path, code=1)["files"]
    assert (checked["values"][ONLINE], checked["explanations"]) == (read["values"][ONLINE], read["explanations"])
    (told,) = document("explain", ONLINE, "inbox-汇总.xlsx", "--site", "0000000031", cwd=tmp_path)["origins"]
    assert (told["value"], told["found"]) == (str(read["values"][ONLINE]),) * 2
    assert f"填报表!{told['cell']}" == read["cells"][ONLINE]


def test_its_correction_counts_and_it_goes_back_in_the_order_of_today(inbox: Path, tmp_path: Path) -> None:
    """What goes back holds all its answers and explanations; what comes back in the old order replaces it."""
    read = json.loads((EARLIER / f"{FAULTY}.json").read_text("utf-8"))
    document("merge", inbox, "--year", YEAR, cwd=tmp_path, code=1)
    (sent,) = document("return", "--from", "inbox-汇总.xlsx", "-o", "back", cwd=tmp_path, code=1)["files"]
    workbook = tmp_path / sent["workbook"]
    (again,) = check_file(workbook, workbook.name, Terms((report_rules(),), period=Period(YEAR)))
    assert again.submission is not None
    assert _plain(again.submission.values) == read["values"]
    assert dict(again.submission.explanations) == read["explanations"]
    shutil.copy(EARLIER / CORRECTED, inbox)
    merged = document("merge", inbox, "--year", YEAR, cwd=tmp_path)
    assert {one["file"]: one["status"] for one in merged["files"]} == {CORRECTED: "ok", FAULTY: "superseded"}
    corrected = json.loads((EARLIER / f"{CORRECTED}.json").read_text("utf-8"))["values"][ONLINE]
    assert (merged["totals"][ONLINE]["value"], corrected) == (corrected, read["values"][ITEMS] - 1)
