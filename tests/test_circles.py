"""Every workbook gwxl writes: no formula comes back to itself, and each program judges and keeps all of them alike.

Excel and WPS may warn of a circle on opening and show zeros, whatever the formulas come to: a range counts whole.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.form.identity import issue_identity
from gwxl.form.loading import load_form
from gwxl.intake import check_file
from gwxl.records.period import Period
from gwxl.returns.migrating import migrate
from gwxl.returns.planning import Sending
from gwxl.returns.returning import send_receipts
from gwxl.rules.ruleset import RuleSet
from gwxl.summary.workbook import write_summary
from gwxl.template import write_template
from gwxl.terms import Terms
from tests.support.batches import mix_batch
from tests.support.editions import NEW_ANSWERS, OLD_ANSWERS, desk
from tests.support.formula_graph import Area, Formulas
from tests.support.formula_measures import Subset
from tests.support.issuing import VISIT_FORM, plain_rules
from tests.support.submissions import FORMS as FOLDERS
from tests.support.submissions import GOOD, GOOD_DRILL, drill_rules, report_rules

YEAR = 2026
ROOM = 400
"""Rows below an input that a formula may count with it."""

TABLE_FORM = """
id = "people"
title = "人员名单"
edition = "1"
language = "zh"

[[section]]
key = "who"
number = "一"
label = "人员"

[[section.field]]
key = "people"
label = "名单"
kind = "table"
rows = 30
instruction = "每人一行。"
columns = [
    { key = "name", label = "姓名", kind = "text" },
    { key = "age", label = "年龄", kind = "count" },
    { key = "joined", label = "入职日期", kind = "date" },
]
"""
PEOPLE: Mapping[str, Any] = {"people": ({"name": "甲", "age": 31, "joined": "2020-01-08"}, {"name": "乙", "age": 42})}


def other_rules(text: str) -> Callable[[Path], RuleSet]:
    """Return what loads a form from its text, with rules of the test's own."""

    def load(folder: Path) -> RuleSet:
        (folder / "form").mkdir()
        (folder / "form" / "form.toml").write_text(text, "utf-8")
        return plain_rules(load_form(folder / "form"))

    return load


FORMS: Mapping[str, tuple[Callable[[Path], RuleSet], Mapping[str, Any]]] = {
    "report": (lambda _: report_rules(), GOOD),
    "drill": (lambda _: drill_rules(), GOOD_DRILL),
    "visit": (other_rules(VISIT_FORM), {"town": "A", "hours": 2, "mood": "good", "people": ({"name": "B", "age": 3},)}),
    "table only": (other_rules(TABLE_FORM), PEOPLE),
    "computed": (
        lambda _: Terms(str(FOLDERS / "training_costs")).rules,
        {"unit_code": "A", "budget": 3, "spent": 2},
    ),
    "computed lines": (
        lambda _: plain_rules(load_form(FOLDERS / "purchases")),
        {
            "unit_code": "A",
            "budget": 3,
            "plan[desks].pieces": 2,
            "items": ({"name": "B", "pieces": 3, "price": 2},),
        },
    ),
    "editions": (lambda folder: desk(folder).rules, NEW_ANSWERS),
}


def template(form: str, folder: Path, *, filled: bool) -> Path:
    """Write a form's workbook."""
    load, answers = FORMS[form]
    rules, path = load(folder), folder / "template.xlsx"
    identity = issue_identity(rules.form, period=Period(YEAR))
    write_template(rules, path, identity=identity, answers=answers if filled else {})
    return path


def send_back(form: str, folder: Path) -> Path:
    """Write the workbook that goes back for the blank template of a form."""
    load, _ = FORMS[form]
    rules = load(folder)
    first = folder / "first.xlsx"
    write_template(rules, first, identity=issue_identity(rules.form, period=Period(YEAR)))
    receipts = check_file(first, first.name, Terms(rules))
    (one,) = send_receipts(Terms(rules.form.folder), receipts, Sending(folder=folder / "back"))
    assert one.workbook is not None
    return one.workbook


def write_migrated(folder: Path) -> Path:
    """Write the workbook of the current edition for a return of an older one."""
    clerk = desk(folder)
    path = clerk.write("old.xlsx", OLD_ANSWERS)
    (one,) = migrate(Terms(clerk.form), [path], folder / "new")
    assert one.path is not None
    return one.path


def summary(folder: Path) -> Path:
    """Write a summary of thirty sites with every kind of fault."""
    write_summary(mix_batch(30), report_rules(), folder / "summary.xlsx")
    return folder / "summary.xlsx"


FILLED_IN: Mapping[str, Callable[[Path], Path]] = {
    **{f"blank {form}": partial(template, form, filled=False) for form in FORMS},
    **{f"filled {form}": partial(template, form, filled=True) for form in FORMS},
    **{f"returned {form}": partial(send_back, form) for form in ("report", "drill")},
    "migrated": write_migrated,
}
WORKBOOKS = {**FILLED_IN, "summary": summary}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what writes a workbook of WORKBOOKS, each once."""
    return cache(lambda name: WORKBOOKS[name](tmp_path_factory.mktemp("written")))


@pytest.mark.parametrize("name", WORKBOOKS)
def test_no_formula_comes_back_to_itself(written: Callable[[str], Path], name: str) -> None:
    """Ranges, names and array formulas counted whole, no formula reads what reads it."""
    formulas = Formulas.of(written(name))
    assert formulas.cells != ()
    assert formulas.circle() == ""


@pytest.mark.parametrize("name", WORKBOOKS)
def test_formats_and_validations_look_at_their_own_sheet(written: Callable[[str], Path], name: str) -> None:
    """In .xls a format that points to another sheet silently points to its own."""
    formulas = Formulas.of(written(name))
    assert formulas.looks != ()
    assert formulas.strangers() == ()


@pytest.mark.parametrize("name", FILLED_IN)
def test_what_is_filled_in_keeps_to_what_every_program_takes(written: Callable[[str], Path], name: str) -> None:
    """No formula of a workbook that goes out is too deep or too long for .xls, or searches for what was typed."""
    path = written(name)
    assert Subset(inputs=find_typed(path)).faults(Formulas.of(path)) == ()


def find_typed(path: Path) -> frozenset[Area]:
    """Return where people type: of every column with an open cell, as much as a formula may count."""
    sheets = openpyxl.load_workbook(path).worksheets
    cells = (cell for sheet in sheets for row in sheet.iter_rows() for cell in row if not cell.protection.locked)
    return frozenset(Area(cell.parent.title, 1, at, ROOM, at) for cell in cells if (at := cell.column))
