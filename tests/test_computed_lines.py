"""Rows and columns of a matrix that are worked out: a formula is said once, and holds in each cell of the line."""

import random
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl import check_form
from gwxl.form.loading import load_form
from gwxl.records.path import Path as FormPath
from gwxl.rules.computed.working import work_out
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, say
from tests.support.computed import Desk
from tests.support.draws import draws, seed
from tests.support.submissions import FORMS

FORM = FORMS / "purchases"
GOOD = {
    "unit_code": "U1",
    "budget": 1000,
    "plan[desks].pieces": 3,
    "plan[desks].price": Decimal("19.99"),
    "plan[desks].paid": 30,
    "plan[services].pieces": 1,
    "plan[services].price": 200,
    "plan[services].paid": 50,
}
WORKED_OUT = {
    "plan[desks].amount": Decimal("59.97"),
    "plan[desks].share": 50,
    "plan[desks].of_budget": 6,
    "plan[goods_all].pieces": 3,
    "plan[goods_all].amount": Decimal("59.97"),
    "plan[goods_all].paid": 30,
    "plan[goods_all].share": 50,
    "plan[goods_all].of_budget": 6,
    "plan[services].amount": 200,
    "plan[services].share": 25,
    "plan[services].of_budget": 20,
    "plan[all].pieces": 4,
    "plan[all].amount": Decimal("259.97"),
    "plan[all].paid": 80,
    "plan[all].share": Decimal("30.8"),
    "plan[all].of_budget": 26,
}


def test_each_cell_of_a_line_is_worked_out(tmp_path: Path) -> None:
    """Totals add up what is worked out, or are worked out themselves, as the line says."""
    desk = Desk(tmp_path, FORM)
    desk.fill("a.xlsx", GOOD)
    told = desk.check("a.xlsx")
    assert told["findings"] == []
    assert {key: value for key, value in told["values"].items() if key not in GOOD} == WORKED_OUT


def test_a_total_waits_for_a_part_that_is_half_known(tmp_path: Path) -> None:
    """A part none of whose numbers is known is left out of it, as a blank is."""
    desk = Desk(tmp_path, FORM)
    desk.fill("a.xlsx", {**GOOD, "plan[others].pieces": 5})
    told = desk.check("a.xlsx")
    assert told["values"]["plan[all].pieces"] == 9
    assert "plan[goods_all].amount" not in told["values"]
    assert "plan[all].amount" not in told["values"]


def test_a_cell_that_was_typed_over_is_told(tmp_path: Path) -> None:
    """The total above it stands on what the formula comes to."""
    desk = Desk(tmp_path, FORM)
    book = openpyxl.load_workbook(desk.fill("a.xlsx", GOOD))
    cell = desk.cells["plan[desks].amount"]
    book[cell.sheet].cell(cell.row, cell.column).value = 5000
    book.save(tmp_path / "b.xlsx")
    told = desk.check("b.xlsx", code=1)
    assert [(one["id"], one["key"]) for one in told["findings"]] == [("W11", "plan[desks].amount")]
    assert told["values"]["plan[all].amount"] == Decimal("259.97")


def test_they_are_merged_and_asked(tmp_path: Path) -> None:
    """Amounts are added up as the line says, shares are not; a figure says by what it is worked out."""
    desk = Desk(tmp_path, FORM)
    (tmp_path / "inbox").mkdir()
    desk.fill("inbox/a.xlsx", GOOD)
    desk.fill("inbox/b.xlsx", {**GOOD, "unit_code": "U2", "plan[desks].pieces": 4})
    merged = document("merge", "inbox", "--form", FORM, "-o", "summary.xlsx", cwd=tmp_path)
    assert merged["totals"]["plan[all].amount"]["value"] == Decimal("539.93")
    assert merged["totals"]["plan[desks].share"]["value"] is None
    told = say("explain", "plan[desks].amount", "summary.xlsx", cwd=tmp_path)
    assert "worked out as “家具·数量” × “家具·单价”" in told.splitlines()


def test_sheet_and_checker_come_to_the_same(soffice: LibreOffice, tmp_path: Path) -> None:
    """LibreOffice's numbers for drawn cells, blanks, zeros and words among them, are the checker's."""
    form, desk, chance = load_form(FORM), Desk(tmp_path, FORM), random.Random(seed())
    asked = [key for key, field in form.fields.items() if field.kind.is_number and not field.is_calculated]
    compared = 0
    with soffice.open(tmp_path / "blank.xlsx") as sheet:
        for _ in range(draws(20, full=200)):
            given = {key: _draw(chance) for key in asked}
            for title in {desk.cells[key].sheet for key in asked}:
                here = {key: value for key, value in given.items() if desk.cells[key].sheet == title}
                sheet.fill(title, {desk.cells[key].address: _float(value) for key, value in here.items()})
            sheet.recalculate()
            found = work_out(
                form, {FormPath(key): value for key, value in given.items()}, frozenset({FormPath("budget")})
            )
            for path, expected in found.items():
                shown = sheet.values(desk.cells[path].sheet, desk.cells[path].address)[0][0]
                matches = (
                    str(shown).strip() == ""
                    if expected is None
                    else shown == pytest.approx(float(expected), rel=1e-12, abs=1e-9)
                )
                assert matches, (given, path, expected, shown)
                compared += 1
    assert compared >= 440


def _draw(chance: random.Random) -> Decimal | int | str | None:
    drawn = chance.random()
    if drawn < 0.25:
        return None
    if drawn < 0.35:
        return 0
    if drawn < 0.38:
        return "约十"
    return Decimal(chance.randrange(1, 10**5)).scaleb(-chance.randrange(0, 3))


def _float(value: Decimal | int | str | None) -> float | str | None:
    return value if value is None or isinstance(value, str) else float(value)


COLUMN = 'formula = "pieces * price", decimals = 2, totals = "sum", aggregate = "sum"'
MISTAKES = {
    "names nobody": (
        "plan.columns.amount.formula",
        'formula = "pieces * cost", totals = "sum"',
        "names cost, which is no number of the form",
    ),
    "says not what a total is": (
        "plan.columns.amount.totals",
        'formula = "pieces * price"',
        'is missing, as goods_all is a total: "sum" adds up its cells there',
    ),
    "no such total": ("plan.columns.amount.totals", 'formula = "pieces * price", totals = "mean"', "'mean' is none of"),
    "names a closed cell": (
        "plan.columns.amount.formula",
        'formula = "pieces * price", totals = "formula"',
        "names plan[all].price, which is no number of the form",
    ),
    "adds up, too": (
        "plan.columns.amount.formula",
        'formula = "paid", sum = "*", totals = "sum"',
        "drop one of the two",
    ),
    "needs itself": (
        "plan.columns.amount.formula",
        'formula = "pieces * share", totals = "sum"',
        "needs itself: plan[services].amount → plan[services].share → plan[services].amount; leave",
    ),
    "decimals": (
        "plan.columns.amount.decimals",
        'formula = "pieces * price", totals = "sum", decimals = 12',
        "is 12; a number has 0 to 9 decimals",
    ),
    "empty": ("plan.columns.amount.formula", 'formula = " ", totals = "sum"', "is empty"),
    "no formula": ("plan.columns.amount.aggregate", 'aggregate = "sum"', "give it a formula too"),
    "a mean": (
        "plan.columns.amount.aggregate",
        'formula = "pieces * price", totals = "sum", aggregate = "mean"',
        "'mean' is none of none, sum",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_cannot_be_worked_out_is_refused(tmp_path: Path, mistake: str) -> None:
    """It is told once, at the key of the line, with its cure."""
    key, said, reason = MISTAKES[mistake]
    told = _tell(tmp_path, (COLUMN, said))
    assert key in told, told
    assert reason in told[key]


def test_two_formulas_that_meet_are_refused(tmp_path: Path) -> None:
    """Nobody could tell which of them holds in the cell."""
    row = '{ key = "services", label = "服务" }'
    told = _tell(tmp_path, (row, '{ key = "services", label = "服务", formula = "desks / 2" }'))
    assert "two formulas meet in services.amount; close that cell" in told["plan.closed"]


def _tell(folder: Path, change: tuple[str, str]) -> dict[str, Any]:
    form = folder / "purchases"
    shutil.copytree(FORM, form)
    shutil.copytree(FORMS.parent / "rules" / "purchases", form / "rules")
    text = (form / "form.toml").read_text("utf-8")
    assert change[0] in text
    (form / "form.toml").write_text(text.replace(*change), "utf-8")
    return {one.key: one.reason for one in check_form(str(form)).mistakes}
