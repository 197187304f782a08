"""An English form shows no Chinese character and no Chinese mark, whatever is made of it or said of its returns."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl

from gwxl import start_form
from gwxl.form.loading import load_form
from gwxl.records.cell import CellRef
from tests.support.command import document, places, run
from tests.support.english import CHINESE, find_chinese
from tests.support.filling import fill

GOOD: Mapping[str, Any] = {
    "unit_code": "0001",
    "unit_name": "Office A",
    "was_held": True,
    "invited": 5,
    "attended": 4,
    "way": "online",
}
RETURNS: Mapping[str, Mapping[str, Any]] = {
    "a.xlsx": GOOD,
    "b.xlsx": {**GOOD, "unit_code": "0002", "attended": 9},
    "c.xlsx": {**GOOD, "unit_code": "12", "unit_name": ""},
    "d.xlsx": {**GOOD, "attended": 3},
    "e.xlsx": {**GOOD, "unit_name": "Office Z"},
    "f.xlsx": {**GOOD, "unit_code": "0004", "invited": 900_000, "attended": 0},
}


def put(path: Path, place: CellRef, words: str) -> None:
    """Type words into a cell of a workbook."""
    book = openpyxl.load_workbook(path)
    book[place.sheet].cell(place.row, place.column).value = words
    book.save(path)


def test_nothing_chinese_is_shown(tmp_path: Path) -> None:
    """Template, letter, findings, summary, decisions, returns, pages, answers: all of it is English."""
    form = start_form(tmp_path / "training", "en")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "scan.pdf").write_bytes(b"%PDF-1.4\n")
    english = {"GWXL_LANG": "en"}
    made = ("--form", "training", "--year", "2026", "-o", "blank.xlsx", "--letter", "letter.txt")
    cells = places(document("template", *made, cwd=tmp_path)["cells"])
    for name, given in RETURNS.items():
        path = fill(tmp_path / "blank.xlsx", tmp_path / "inbox" / name, load_form(form), cells, given)
        put(path, cells["was_held"], "Yes")
    put(tmp_path / "inbox" / "f.xlsx", cells["attended"], "about 5")
    book = openpyxl.load_workbook(tmp_path / "inbox" / "f.xlsx")
    book.create_sheet("Notes")["B2"] = "see below"
    book.save(tmp_path / "inbox" / "f.xlsx")
    told = [
        run(*arguments, cwd=tmp_path, **english)  # type: ignore[arg-type]
        for arguments in (
            ("check", "--form", "training", *(f"inbox/{name}" for name in RETURNS)),
            ("merge", "inbox", "--form", "training", "-o", "summary.xlsx"),
            ("return", "--from", "summary.xlsx", "--form", "training", "-o", "back"),
            ("publish", "--form", "training", "inbox/a.xlsx", "-o", "page.html"),
            ("report", "summary.xlsx", "--form", "training", "-o", "report.html"),
            ("explain", "attended", "summary.xlsx"),
            ("explain", "way", "summary.xlsx"),
            ("export", "summary.xlsx", "--form", "training", "-o", "rows.csv"),
        )
    ]
    assert [one.returncode for one in told] == [1, 1, 1, 0, 0, 0, 0, 0]
    lines = [line for one in told for line in (one.stdout + one.stderr).splitlines()]
    assert [line for line in lines if CHINESE.search(line)] == []
    assert list(find_chinese(tmp_path)) == []
    assert len(list((tmp_path / "back").glob("*.xlsx"))) >= 2
