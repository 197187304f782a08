"""Columns of a table that are worked out: a locked formula in each row, worked out anew in each row that came back."""

import random
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl import check_form
from gwxl.form.loading import load_form
from gwxl.intake import check_file
from gwxl.terms import Terms
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, say
from tests.support.computed import Desk
from tests.support.draws import draws, seed
from tests.support.submissions import FORMS

FORM = FORMS / "purchases"
SHEET = "采购明细"
GOOD: Mapping[str, Any] = {
    "unit_code": "U1",
    "budget": 1000,
    "items": [
        {"name": "桌子", "pieces": 3, "price": Decimal("19.99")},
        {"name": "椅子", "pieces": 12},
        {"name": "柜子", "pieces": 2, "price": 105},
    ],
}
ROWS = [
    {"name": "桌子", "pieces": 3, "price": Decimal("19.99"), "amount": Decimal("59.97"), "of_budget": 6},
    {"name": "椅子", "pieces": 12},
    {"name": "柜子", "pieces": 2, "price": 105, "amount": 210, "of_budget": 21},
]


def test_each_row_has_its_formula(tmp_path: Path) -> None:
    """It is locked, and reads its own row and the field of the form."""
    desk = Desk(tmp_path, FORM)
    sheet = openpyxl.load_workbook(tmp_path / "blank.xlsx")[SHEET]
    first = desk.cells["items[1].amount"]
    cells = [sheet.cell(first.row + step, first.column + further) for step in (0, 7) for further in (0, 1)]
    assert [cell.value for cell in cells] == [
        '=IF(COUNT(D5,E5)=2,IFERROR(ROUND((D5*E5),2),""),"")',
        "=IF(COUNT(F5,'填报表'!D7)=2,IFERROR(ROUND(((100*F5)/'填报表'!D7),1),\"\"),\"\")",
        '=IF(COUNT(D12,E12)=2,IFERROR(ROUND((D12*E12),2),""),"")',
        "=IF(COUNT(F12,'填报表'!D7)=2,IFERROR(ROUND(((100*F12)/'填报表'!D7),1),\"\"),\"\")",
    ]
    assert all(cell.protection.locked for cell in cells)


def test_each_row_is_worked_out_anew(tmp_path: Path) -> None:
    """A row of which not all is known has a blank there; rows of formulas alone are none."""
    desk = Desk(tmp_path, FORM)
    desk.fill("a.xlsx", GOOD)
    told = desk.check("a.xlsx")
    assert told["findings"] == []
    assert told["values"]["items"] == ROWS


def test_what_was_changed_is_told(tmp_path: Path) -> None:
    """Typed over, replaced, and typed where nothing else stands; the figures used are its formula's."""
    desk = Desk(tmp_path, FORM)
    book = openpyxl.load_workbook(desk.fill("a.xlsx", GOOD))
    sheet, first = book[SHEET], desk.cells["items[1].amount"]
    sheet.cell(first.row, first.column).value = 5000
    sheet.cell(first.row + 2, first.column).value = f"=D{first.row}*E{first.row}"
    sheet.cell(first.row + 5, first.column).value = 7
    book.save(tmp_path / "b.xlsx")
    told = desk.check("b.xlsx", code=1)
    assert [(one["id"], one["key"], one["cell"]) for one in told["findings"] if one["id"] != "P04"] == [
        ("W11", "items[1].amount", "F5"), ("W13", "items[3].amount", "F7"), ("W11", "items[4].amount", "F10"),
    ]  # fmt: skip
    assert told["values"]["items"][:3] == ROWS


def test_rules_judge_what_it_comes_to(tmp_path: Path) -> None:
    """Of a cell, between the cells of a row, and over the whole column."""
    desk = Desk(tmp_path, FORM)
    rows = [*GOOD["items"], {"name": "楼", "pieces": 2, "price": 600_000}]
    desk.fill("a.xlsx", {**GOOD, "items": rows})
    told = desk.check("a.xlsx", code=1)
    assert [(one["id"], one["key"]) for one in told["findings"]] == [
        ("Q02", "items"), ("P05", "items[4].amount"), ("Q03", "items[4].of_budget"),
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_a_row_that_was_put_in_is_worked_out(soffice: LibreOffice, tmp_path: Path, suffix: str) -> None:
    """It has no formula, and those below it moved: nothing is told."""
    desk = Desk(tmp_path, FORM)
    desk.fill("a.xlsx", GOOD)
    first = desk.cells["items[1].name"]
    with soffice.open(tmp_path / "a.xlsx") as sheet:
        sheet.insert_rows(SHEET, first.row + 1)
        sheet.fill(SHEET, {f"C{first.row + 1}": "灯", f"D{first.row + 1}": 2.0, f"E{first.row + 1}": 4.0})
        sheet.recalculate()
        sheet.save(tmp_path / f"b.{suffix}")
    told = desk.check(f"b.{suffix}")
    assert told["findings"] == []
    assert told["values"]["items"] == [
        ROWS[0],
        {"name": "灯", "pieces": 2, "price": 4, "amount": 8, "of_budget": Decimal("0.8")},
        *ROWS[1:],
    ]


def test_sheet_and_checker_say_the_same(soffice: LibreOffice, tmp_path: Path) -> None:
    """LibreOffice's numbers and verdicts for drawn rows, with what is blank, wrong or too much, are the checker's."""
    desk, chance, terms = Desk(tmp_path, FORM), random.Random(seed()), Terms(str(FORM))
    compared = judged = 0
    first, rows = desk.cells["items[1].name"].row, load_form(FORM).fields["items"].rows
    with soffice.open(tmp_path / "blank.xlsx") as sheet:
        sheet.fill("填报表", {desk.cells["unit_code"].address: "U1", desk.cells["budget"].address: 5000.0})
        for draw in range(draws(4, full=40)):
            for row in range(first, first + rows):
                drawn = {"C": _draw_text(chance), "D": _draw(chance, whole=True), "E": _draw(chance, whole=False)}
                sheet.fill(SHEET, {f"{column}{row}": value for column, value in drawn.items()})
            sheet.recalculate()
            sheet.save(tmp_path / f"{draw}.xlsx")
            (receipt,) = check_file(tmp_path / f"{draw}.xlsx", "a.xlsx", terms)
            assert receipt.submission is not None
            shown = sheet.values(SHEET, f"C{first}:G{first + rows - 1}")
            started = [cells for cells in shown if any(one not in {"", None} for one in cells[:3])]
            items: Any = receipt.submission.values.get("items", ())
            for cells, worked_out in zip(started, items, strict=True):
                for place, key in ((3, "amount"), (4, "of_budget")):
                    value = worked_out.get(key)
                    number = "" if value is None else pytest.approx(float(value), rel=1e-12, abs=1e-9)
                    assert cells[place] == number, (cells, worked_out)
                    compared += 1
            assert receipt.agreement is not None
            assert receipt.agreement.differences == ()
            judged += receipt.agreement.compared
    assert compared >= 40
    assert judged >= 16


def _draw_text(chance: random.Random) -> str | None:
    return None if chance.random() < 0.2 else chance.choice(["桌子", "椅子", "灯"]) + str(chance.randrange(1000))


def _draw(chance: random.Random, *, whole: bool) -> float | str | None:
    drawn = chance.random()
    if drawn < 0.15:
        return None
    if drawn < 0.2:
        return "若干"
    if drawn < 0.25:
        return -1.0
    return float(chance.randrange(0, 2000)) / (1 if whole else 10)


def test_they_are_merged_and_asked(tmp_path: Path) -> None:
    """A column is added up as it says, and each cell stands in the summary with what it comes to."""
    desk = Desk(tmp_path, FORM)
    (tmp_path / "inbox").mkdir()
    desk.fill("inbox/a.xlsx", GOOD)
    desk.fill("inbox/b.xlsx", {**GOOD, "unit_code": "U2"})
    merged = document("merge", "inbox", "--form", FORM, "-o", "summary.xlsx", cwd=tmp_path)
    assert merged["totals"]["items.amount"]["value"] == Decimal("539.94")
    assert merged["totals"]["items.price"]["value"] == Decimal("62.495")
    told = say("explain", "items.amount", "summary.xlsx", cwd=tmp_path)
    assert "worked out as “采购明细·数量” × “采购明细·单价”" in told.splitlines()


def test_a_mean_is_that_of_all_rows(soffice: LibreOffice, tmp_path: Path) -> None:
    """Every row with a number weighs the same, whoever sent it; the sheet calculates it, too."""
    desk = Desk(tmp_path, FORM)
    (tmp_path / "inbox").mkdir()
    desk.fill("inbox/a.xlsx", GOOD)
    desk.fill("inbox/b.xlsx", {**GOOD, "unit_code": "U2", "items": [{"name": "灯", "pieces": 1, "price": 1}]})
    merged = document("merge", "inbox", "--form", FORM, "-o", "summary.xlsx", cwd=tmp_path)
    total = merged["totals"]["items.price"]
    assert abs(total["value"] - Decimal("41.99666666666666666666666666666667")) < Decimal("1e-12")
    assert (total["n"], total["of"]) == (2, 2)
    told = document("explain", "items.price", "summary.xlsx", cwd=tmp_path)
    assert [part["minimum"] for part in told["parts"]] == ["1"]
    assert [part["maximum"] for part in told["parts"]] == ["62.495"]
    with soffice.open(tmp_path / "summary.xlsx") as sheet:
        sheet.recalculate()
        (row,) = (cells for cells in sheet.values(SHEET, "A1:T20") if str(cells[0]) in {"合计", "全部合计", "总计"})
        assert pytest.approx(125.99 / 3) in row


COLUMN = 'formula = "pieces * price" }'
MISTAKES = {
    "names nobody": (
        "items.amount.formula", 'formula = "pieces * cost" }', "names cost, which is no number of the form",
    ),
    "names a text": (
        "items.amount.formula", 'formula = "pieces * name" }', "names items.name, which is no number of the form",
    ),
    "names another table": (
        "items.amount.formula", 'formula = "pieces * others.price" }', "names others.price, which is no number",
    ),
    "names no column": ("items.amount.formula", 'formula = "2 * budget" }', "names no column of its table"),
    "needs itself": (
        "items.amount.formula",
        'formula = "pieces * of_budget" }',
        "needs itself: items.amount → items.of_budget → items.amount",
    ),
    "decimals": ("items.amount.decimals", 'formula = "pieces * price", decimals = -1 }', "is -1; a number has 0 to 9"),
    "empty": ("items.amount.formula", 'formula = "" }', "is empty"),
    "open bracket": ("items.amount.formula", 'formula = "(pieces" }', "a bracket is opened at '(pieces'"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_cannot_be_worked_out_is_refused(tmp_path: Path, mistake: str) -> None:
    """It is told at the key of the column, with its cure."""
    key, said, reason = MISTAKES[mistake]
    told = _tell(tmp_path, "form.toml", (COLUMN, said))
    assert key in told, told
    assert reason in told[key]


def test_a_text_is_not_worked_out(tmp_path: Path) -> None:
    """And what is worked out is not asked for."""
    told = _tell(
        tmp_path, "form.toml", ('label = "名称", kind = "text"', 'label = "名称", kind = "text", formula = "price"')
    )
    assert "gives a number, which no text is" in told["items.name.formula"]
    there = 'amount = { type = "decimal",'
    told = _tell(tmp_path / "b", "cells.toml", (there, 'amount = { type = "decimal", required = true,'))
    assert "this is worked out, so leave it out" in told["cells.items.schema.schema.amount.required"]


def _tell(folder: Path, file: str, change: tuple[str, str]) -> dict[str, Any]:
    form = folder / "purchases"
    shutil.copytree(FORM, form)
    shutil.copytree(FORMS.parent / "rules" / "purchases", form / "rules")
    path = form / file if file == "form.toml" else form / "rules" / file
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), "utf-8")
    return {one.key: one.reason for one in check_form(str(form)).mistakes}
