"""Fields that are worked out: locked formulas on the sheet, worked out anew by the checker, never believed."""

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl import check_form
from gwxl.form.loading import load_form
from gwxl.records.path import Path as FormPath
from gwxl.rules.computed.reading import computed_of
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, say
from tests.support.computed import Desk
from tests.support.draws import draws, seed
from tests.support.submissions import FORMS

FORM = FORMS / "training_costs"
WORKED_OUT = ("balance", "share", "lapsed_share", "each")
GOOD = {"unit_code": "U1", "budget": Decimal("12.5"), "spent": Decimal("10.25"), "trainees": 300}


def test_a_formula_stands_in_its_cell(tmp_path: Path) -> None:
    """It is locked, reads its inputs where they stand, and is blank while one of them is."""
    desk = Desk(tmp_path, FORM)
    sheet = openpyxl.load_workbook(tmp_path / "blank.xlsx")["填报表"]
    found = {key: sheet.cell(desk.cells[key].row, desk.cells[key].column) for key in WORKED_OUT}
    assert {key: cell.value for key, cell in found.items()} == {
        "balance": '=IF(COUNT(D7,D8)=2,IFERROR(ROUND((D7-D8),4),""),"")',
        "share": '=IF(COUNT(D8,D7)=2,IFERROR(ROUND(((100*D8)/D7),1),""),"")',
        "lapsed_share": '=IF(COUNT(D11)=1,IFERROR(ROUND((100-D11),1),""),"")',
        "each": '=IF(COUNT(D8,D9)=2,IFERROR(ROUND(((10000*D8)/D9),0),""),"")',
    }
    assert all(cell.protection.locked for cell in found.values())


def test_it_is_worked_out_anew(tmp_path: Path) -> None:
    """Whatever is stored: a number that is older than the answers is nobody's fault, and is not believed."""
    desk = Desk(tmp_path, FORM)
    desk.fill("a.xlsx", GOOD)
    told = desk.check("a.xlsx")
    assert {key: told["values"][key] for key in WORKED_OUT} == {
        "balance": 2.25, "share": 82, "lapsed_share": 18, "each": 342,
    }  # fmt: skip
    assert told["findings"] == []
    desk.fill("b.xlsx", {**GOOD, "budget": 0, "trainees": 0})
    told = desk.check("b.xlsx")
    assert [key for key in WORKED_OUT if key in told["values"]] == ["balance"]


def test_typed_over_it_is_told(tmp_path: Path) -> None:
    """What its formula comes to is used, and rules judge that; what goes back has the formula again."""
    desk = Desk(tmp_path, FORM)
    path = desk.fill("a.xlsx", {**GOOD, "spent": 13})
    book = openpyxl.load_workbook(path)
    cell = desk.cells["share"]
    book[cell.sheet].cell(cell.row, cell.column).value = 99
    (tmp_path / "inbox").mkdir()
    book.save(tmp_path / "inbox" / "a.xlsx")
    told = desk.check("inbox/a.xlsx", code=1)
    assert [(one["id"], one["key"], one["cell"]) for one in told["findings"]] == [
        ("K04", "share", "D11"), ("W11", "share", "D11"),
    ]  # fmt: skip
    assert told["values"]["share"] == 104
    assert "填报表!D11 填 99），按公式算得的 104 计" in told["findings"][1]["message"]
    say("return", "inbox", "--form", FORM, "-o", "back", cwd=tmp_path, code=1)
    (back,) = (tmp_path / "back").glob("*.xlsx")
    stands = openpyxl.load_workbook(back)[cell.sheet].cell(cell.row, cell.column).value
    assert stands == '=IF(COUNT(D8,D7)=2,IFERROR(ROUND(((100*D8)/D7),1),""),"")'


def test_a_formula_that_is_gone_or_another_is_told(tmp_path: Path) -> None:
    """What it comes to is used; a formula that only moved, or is written otherwise, is the same."""
    desk = Desk(tmp_path, FORM)
    book = openpyxl.load_workbook(desk.fill("a.xlsx", GOOD))
    sheet = book["填报表"]
    at = {key: sheet.cell(desk.cells[key].row, desk.cells[key].column) for key in WORKED_OUT}
    at["balance"].value = None
    at["share"].value = "=100*D7/D8"
    at["lapsed_share"].value = '= IF( count($D$11) = 1 , iferror(round(100 - D11, 1), "") , "")'
    book.save(tmp_path / "b.xlsx")
    told = desk.check("b.xlsx", code=1)
    assert [(one["id"], one["key"], one["cell"]) for one in told["findings"]] == [
        ("W12", "balance", "D10"), ("W13", "share", "D11"),
    ]  # fmt: skip
    assert {key: told["values"][key] for key in WORKED_OUT} == {
        "balance": 2.25, "share": 82, "lapsed_share": 18, "each": 342,
    }  # fmt: skip
    assert "填报表!D10 空白），按公式算得的 2.25 计" in told["findings"][0]["message"]


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_what_a_program_saves_is_the_same_formula(soffice: LibreOffice, tmp_path: Path, suffix: str) -> None:
    """Whatever a program makes of a formula's spelling, also where a row was put in above."""
    desk = Desk(tmp_path, FORM)
    desk.fill("a.xlsx", GOOD)
    with soffice.open(tmp_path / "a.xlsx") as sheet:
        sheet.unprotect("填报表")
        sheet.insert_rows("填报表", desk.cells["spent"].row)
        sheet.rename("填报表", "表 (1)'s")
        sheet.recalculate()
        sheet.save(tmp_path / f"b.{suffix}")
    told = desk.check(f"b.{suffix}")
    assert {one["id"] for one in told["findings"]} == {"T01"}
    assert told["values"]["lapsed_share"] == 18


def test_sheet_and_checker_come_to_the_same(soffice: LibreOffice, tmp_path: Path) -> None:
    """LibreOffice's numbers for drawn answers, blanks and zeros among them, are the checker's."""
    form, desk, chance = load_form(FORM), Desk(tmp_path, FORM), random.Random(seed())
    computed, compared = computed_of(form), 0
    with soffice.open(tmp_path / "blank.xlsx") as sheet:
        for _ in range(draws(60, full=600)):
            given = {key: _draw(chance, whole=key == "trainees") for key in ("budget", "spent", "trainees")}
            sheet.fill("填报表", {desk.cells[key].address: _float(value) for key, value in given.items()})
            sheet.recalculate()
            values: dict[FormPath, Any] = {FormPath(key): value for key, value in given.items()}
            for one in computed.values():
                values[one.path] = one.value(values)
                shown = sheet.values("填报表", desk.cells[one.path].address)[0][0]
                expected = values[one.path]
                matches = shown == "" if expected is None else shown == pytest.approx(float(expected), abs=1e-9)
                assert matches, (given, one, shown)
                compared += 1
    assert compared >= 240


def _draw(chance: random.Random, *, whole: bool) -> Decimal | int | None:
    if chance.random() < 0.1:
        return None
    if chance.random() < 0.1:
        return 0
    if whole:
        return chance.randrange(1, 5000)
    return Decimal(chance.randrange(-(10**5), 10**6)).scaleb(-chance.randrange(0, 4))


def _float(value: Decimal | int | None) -> float | None:
    return None if value is None else float(value)


def test_it_is_merged_and_asked(tmp_path: Path) -> None:
    """A sum is added up where it is declared so; a share has its spread, and every figure its cell."""
    desk = Desk(tmp_path, FORM)
    (tmp_path / "inbox").mkdir()
    desk.fill("inbox/a.xlsx", GOOD)
    desk.fill("inbox/b.xlsx", {**GOOD, "unit_code": "U2", "spent": 5})
    merged = document("merge", "inbox", "--form", FORM, "-o", "summary.xlsx", cwd=tmp_path)
    assert merged["totals"]["balance"]["value"] == 9.75
    assert merged["totals"]["share"]["value"] is None
    told = say("explain", "share", "summary.xlsx", cwd=tmp_path)
    assert "worked out as 100 × “支出” ÷ “预算”" in told.splitlines()
    assert document("explain", "each", "summary.xlsx", cwd=tmp_path)["formula"] == "10000 × “支出” ÷ “参训人次”"
    assert document("explain", "spent", "summary.xlsx", cwd=tmp_path)["formula"] == ""
    assert (
        "  worked out as: 100 × “支出” ÷ “预算”"
        in say("explain", "share", "summary.xlsx", "--site", "U1", cwd=tmp_path).splitlines()
    )
    assert [line[:9] for line in told.splitlines() if line[-7:] in {" a.xlsx", " b.xlsx"}] == ["82     U1", "40     U2"]


MISTAKES = {
    "budget - spend": "names spend, which is no number of the form",
    "budget - unit_code": "names unit_code, which is no number of the form",
    "budget - prev.spent": "names prev.spent, which is no number of the form",
    "budget > spent": "a formula takes number fields",
    "length(unit_code)": "a formula takes number fields",
    "100": "names no field of the form",
    "100 - lapsed_share": "needs itself: share → lapsed_share → share",
    "100 * (spent / budget": "a bracket is opened at '(spent / budget' and never closed; add )",
    "100 * spent) / budget": "a bracket is closed at ') / budget' that was not opened; drop it",
    "spent / budget ×": "'×' begins with a sign that is not known; write + - * /",
    "spent +": "it ends in +, where a name or a number is still missing",
    "spent budget": "'budget' cannot stand there",
    " ": "is empty; write what it is worked out by, or leave the key out",
    "budget ** 2": "uses BinOp, which is not allowed: budget ** 2",
}


@pytest.mark.parametrize("formula", MISTAKES)
def test_what_cannot_be_worked_out_is_refused(tmp_path: Path, formula: str) -> None:
    """A formula is refused at its key, with what it takes."""
    folder = tmp_path / "training_costs"
    (folder / "rules").mkdir(parents=True)
    text = (FORM / "form.toml").read_text("utf-8").replace("100 * spent / budget", formula)
    (folder / "form.toml").write_text(text, "utf-8")
    for file in (FORMS.parent / "rules" / "training_costs").iterdir():
        (folder / "rules" / file.name).write_text(file.read_text("utf-8"), "utf-8")
    told = {one.key: one.reason for one in check_form(str(folder)).mistakes}
    assert "share.formula" in told
    assert MISTAKES[formula] in told["share.formula"]


@pytest.mark.parametrize("decimals", [-1, 10])
def test_decimals_are_told_at_their_key(tmp_path: Path, decimals: int) -> None:
    """And nothing is wrong with the formula."""
    folder = tmp_path / "training_costs"
    (folder / "rules").mkdir(parents=True)
    text = (FORM / "form.toml").read_text("utf-8").replace("decimals = 4", f"decimals = {decimals}")
    (folder / "form.toml").write_text(text, "utf-8")
    for file in (FORMS.parent / "rules" / "training_costs").iterdir():
        (folder / "rules" / file.name).write_text(file.read_text("utf-8"), "utf-8")
    told = {one.key: one.reason for one in check_form(str(folder)).mistakes}
    assert told == {"balance.decimals": f"is {decimals}; a number has 0 to 9 decimals"}


def test_where_no_formula_belongs(tmp_path: Path) -> None:
    """A text is not worked out, nothing around the form is, and what is worked out is not asked for."""
    folder = tmp_path / "training_costs"
    (folder / "rules").mkdir(parents=True)
    text = (FORM / "form.toml").read_text("utf-8")
    text = text.replace('kind = "code"', 'kind = "code"\nformula = "budget"')
    text = text.replace(
        "[[section]]", '[[header]]\nkey = "h"\nlabel = "H"\nkind = "text"\nformula = "budget"\n\n[[section]]', 1
    )
    (folder / "form.toml").write_text(text, "utf-8")
    for file in (FORMS.parent / "rules" / "training_costs").iterdir():
        rules = file.read_text("utf-8").replace("share = { type", "share = { required = true, type", 1)
        (folder / "rules" / file.name).write_text(rules, "utf-8")
    told = {one.key for one in check_form(str(folder)).mistakes}
    assert {"unit_code.formula", "h.formula", "cells.share.required"} <= told
