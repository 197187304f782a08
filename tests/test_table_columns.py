"""Tables with yes and no, choices and bounded days in their columns; relations over rows and over columns."""

import random
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.authoring import check_form
from gwxl.form.layout import lay_out
from gwxl.form.loading import load_form
from gwxl.intake import check_file
from gwxl.live import LiveChecks
from gwxl.live.inputs import inputs_of
from gwxl.records.finding import Verdict
from gwxl.records.path import Path as FormPath
from gwxl.records.receipt import Receipt
from gwxl.rules.proving import contradictions
from gwxl.rules.ruleset import RuleSet, load_rules
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.opening import read_book
from gwxl.terms import Terms
from gwxl.wording import text
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, say
from tests.support.draws import draws, seed
from tests.support.listed import fill
from tests.support.submissions import FORMS

FORM = FORMS / "staff_list"
RULES_FOLDER = FORMS.parent / "rules" / "staff_list"
GOOD: Mapping[str, Any] = {
    "name": "甲乙",
    "party": "是",
    "rank": "中级 二等",
    "joined": date(2020, 1, 1),
    "left": date(2020, 1, 1),
    "days": 2,
    "absent": 1,
    "pay": 20.1,
}
READ = {
    "name": "甲乙",
    "party": True,
    "rank": "mid",
    "joined": "2020-01-01",
    "left": "2020-01-01",
    "days": 2,
    "absent": 1,
    "pay": Decimal("20.1"),
}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    """Load the form and its rules."""
    return load_rules(RULES_FOLDER, load_form(FORM))


def check(rules: RuleSet, path: Path) -> Receipt:
    """Check one file."""
    (receipt,) = check_file(path, path.name, Terms(rules))
    return receipt


def found(receipt: Receipt) -> list[tuple[str, str]]:
    """Return rule and place of what was found."""
    return [(one.id, str(one.key)) for one in receipt.findings if one.verdict is Verdict.FAILED]


def sheet_rows(path: Path, title: str) -> list[list[str]]:
    """Return the words of each row of a sheet."""
    sheet = read_book(admit(path)).sheet(title)
    assert sheet is not None
    rows: dict[int, list[str]] = {}
    for (row, _), cell in sorted(sheet.cells.items()):
        rows.setdefault(row, []).append(cell.text)
    return list(rows.values())


def test_each_kind_of_column_is_read(rules: RuleSet, tmp_path: Path) -> None:
    """Yes and no, a choice by its label or key, and a day come back as what they mean."""
    rows = [GOOD, {**GOOD, "name": "丙丁", "party": "否", "rank": "low"}]
    receipt = check(rules, fill(rules, tmp_path / "a.xlsx", rows, total=2))
    assert receipt.submission is not None
    assert receipt.submission.values["people"] == (READ, {**READ, "name": "丙丁", "party": False, "rank": "low"})
    assert found(receipt) == []


def test_an_example_is_a_row_or_a_table_with_some(tmp_path: Path) -> None:
    """One row stands for a return with this row alone; fields of the form, if the rule names any, stay beside it."""
    copy = Path(shutil.copytree(RULES_FOLDER, tmp_path / "rules"))
    file = copy / "relations.toml"
    old, new = (
        "ok = { absent = 1, days = 2 }",
        "ok = [{ absent = 1, days = 2 }, { people = [{ days = 0 }, { days = 2 }] }]",
    )
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    changed = load_rules(copy, load_form(FORM))
    assert changed.rule("R1").ok == ({"people": ({"absent": 1, "days": 2},)}, {"people": ({"days": 0}, {"days": 2})})
    assert list(contradictions(changed, copy)) == []


WRONG = [
    ({"party": "也许"}, [("T", "party")]),
    ({"rank": "特级"}, [("T", "rank")]),
    ({"joined": date(1989, 12, 31)}, [("D", "joined")]),
    ({"joined": date(2027, 1, 1), "left": None}, [("D", "joined")]),
    ({"name": "甲"}, [("M", "name")]),
    ({"absent": 21}, [("R1", "absent")]),
    ({"absent": 21, "days": "二十"}, [("T", "days")]),
    ({"absent": 21, "days": None}, []),
    ({"left": date(2019, 12, 31)}, [("R3", "left")]),
    ({"pay": 20.11}, [("R3", "left")]),
    ({"rank": "高级", "pay": None}, [("R2", "pay")]),
    ({"rank": "高级", "pay": None, "party": "否"}, []),
    ({"rank": "高级", "pay": "若干"}, [("T", "pay")]),
    ({"days": 30}, [("R4", "days")]),
]


@pytest.mark.parametrize(
    ("day", "told"), [(date(1980, 1, 1), "1980-01-01"), (29221.5, "1980-01-01"), ("1980年1月1日",) * 2]
)
def test_a_day_is_told_as_a_day(rules: RuleSet, tmp_path: Path, day: Any, told: str) -> None:
    """Not as the number that a sheet stores of it; a day that was written is told as it was written."""
    receipt = check(rules, fill(rules, tmp_path / "a.xlsx", [{**GOOD, "joined": day}], total=25))
    first = next(one for one in receipt.findings if one.id == "D")
    assert (first.value, dict(first.shown)) == (told, {FormPath("people[1].joined"): told})


@pytest.mark.parametrize(("change", "expected"), WRONG, ids=lambda value: str(value)[:50])
def test_a_row_is_judged_by_itself(
    rules: RuleSet, tmp_path: Path, change: Mapping[str, Any], expected: Sequence[tuple[str, str]]
) -> None:
    """What is wrong in one row is told at its cell, by the row's number; a relation waits for a cell that is wrong."""
    rows = [{**GOOD, "name": "丙丁"}, {**GOOD, **change}]
    receipt = check(rules, fill(rules, tmp_path / "a.xlsx", rows, total=25))
    rest = [one for one in found(receipt) if one[0] not in {"S1", "S2"}]
    assert rest == [(id_, f"people[2].{key}") for id_, key in expected]


def test_a_message_names_the_cells_of_its_row(rules: RuleSet, tmp_path: Path) -> None:
    """Whoever reads it sees which row is meant, and by how much it is wrong."""
    path = fill(rules, tmp_path / "a.xlsx", [{**GOOD, "name": "丙丁"}, {**GOOD, "absent": 5}], total=2)
    said = say("check", path, "--form", FORM, cwd=tmp_path, code=1)
    assert "I6「人员[2]·缺勤天数」填 5 多于 H6「人员[2]·天数」填 2，多出 3 天。" in said


TOTALS = [
    ([GOOD], 1, []),
    ([GOOD], 2, [("S1", "total")]),
    ([GOOD] * 1 + [{**GOOD, "name": f"丙{number}丁", "pay": 19.99} for number in range(14)], 15, []),
    ([GOOD] * 1 + [{**GOOD, "name": f"丙{number}丁", "pay": 19.993} for number in range(14)], 15, [("S2", "people")]),
    ([{**GOOD, "left": date(1979, 12, 31), "joined": None}], 1, [("S3", "people")]),
]


@pytest.mark.parametrize(("rows", "total", "expected"), TOTALS)
def test_a_column_is_judged_as_a_whole(
    rules: RuleSet, tmp_path: Path, rows: Sequence[Mapping[str, Any]], total: int, expected: Sequence[tuple[str, str]]
) -> None:
    """Count, sum, mean and least of a column are exact, and told at the table, or at the field beside it."""
    rows = [{**row, "pay": Decimal(str(row["pay"]))} for row in rows]
    receipt = check(rules, fill(rules, tmp_path / "a.xlsx", rows, total=total))
    assert [one for one in found(receipt) if one[0].startswith("S")] == list(expected)


ENTRIES: Mapping[str, Sequence[Any]] = {
    "name": ["甲乙", "甲", "丙丁", "A B"],
    "party": ["是", "否", "Y", "yes", "也许", True, False, 1, 0, 7, "√", "×", "No", "ｙ", "无"],
    "rank": ["高级", "中级 二等", "中级二等", "low", "LOW", "特级", 3],
    "joined": [date(2026, 12, 31), date(2027, 1, 1), date(1989, 12, 31), 46387.54, "去年", 33.5],
    "left": [date(2026, 12, 31), date(2025, 1, 1), date(1950, 1, 1), date(2020, 1, 1)],
    "days": [1, 2, 3, 40, 2.5, "三"],
    "absent": [1, 2, 3, 50, 0],
    "pay": [1.5, 20.25, 3, 0.1, 20.1, 30.3],
}
SIGNS = {"✗": "error", "!": "verify", "·": "hint"}


def test_sheet_and_checker_agree_on_rows(rules: RuleSet, soffice: LibreOffice, tmp_path: Path) -> None:
    """Whatever is typed into the rows of a table, LibreOffice and the checker find it as grave."""
    layout = lay_out(rules.form)
    area, compared, differences = layout.tables[0], 0, []
    for number in range(draws(2, full=60)):
        dice = random.Random(seed() + number)
        drawn = {key: entries[: dice.choice([2, len(entries)])] for key, entries in ENTRIES.items()}
        rows = [
            {key: dice.choice(entries) for key, entries in drawn.items() if dice.random() < 0.85}
            for _ in range(area.field.rows)
        ]
        source = fill(rules, tmp_path / f"{number}.xlsx", rows, total=dice.choice([20, None]))
        saved = soffice.convert(source, tmp_path / f"saved{number}.xlsx")
        receipt = check(rules, saved)
        sheet = openpyxl.load_workbook(saved, data_only=True)[area.sheet]
        assert receipt.submission is not None
        of_row: dict[int, int] = {}
        for path, answer in receipt.submission.answers.items():
            if path.number and answer.cell and answer.value is not None:
                of_row[path.number] = answer.cell.row
        judged = LiveChecks(rules, layout, inputs_of(layout, rules), {}, {}).tables["people"].judged
        for row, place in of_row.items():
            levels = {
                str(one.severity)
                for one in receipt.findings
                if one.key and one.key.number == row and one.id in judged and one.verdict is Verdict.FAILED
            }
            expected = next((level for level in ("error", "verify", "hint") if level in levels), "filled")
            words = str(sheet.cell(place, area.check_column).value).strip()
            shown = "filled" if words == text("live.filled", "zh") else SIGNS.get(words[:1], words)
            compared += 1
            if shown != expected:
                differences.append((number, place, words, expected))
        assert {"D", "M", "Q", "R1", "R3", "T"} <= judged
    assert differences == []
    assert compared > area.field.rows


def test_through_every_command(tmp_path: Path) -> None:
    """Template, check, merge, explain, return and publish take such a table as any other."""
    rules = load_rules(RULES_FOLDER, load_form(FORM))
    (tmp_path / "in").mkdir()
    for number in (1, 2):
        rows = [{**GOOD, "name": f"人{number}{row}", "rank": "高级"} for row in range(3)]
        fill(rules, tmp_path / "in" / f"{number}.xlsx", rows, total=3 if number == 1 else 4, unit_code=f"A{number}")
    merged = document("merge", "in", "--form", FORM, cwd=tmp_path, code=1)
    assert merged["totals"]["people.days"]["value"] == 12
    table = sheet_rows(tmp_path / merged["summary"], "人员")
    assert sum("高级" in row and "是" in row for row in table) == 6
    assert "12" in say("explain", "people.days", merged["summary"], cwd=tmp_path)
    sent = document("return", "in", "--form", FORM, "-o", "back", cwd=tmp_path, code=1)
    (path,) = [tmp_path / one["workbook"] for one in sent["files"] if one["workbook"]]
    again = check(rules, path)
    assert again.submission is not None
    assert again.submission.answers[FormPath.parse("people[1].rank")].value == "high"
    say("publish", "in/1.xlsx", "--form", FORM, "-o", "page.html", cwd=tmp_path)
    assert "高级" in (tmp_path / "page.html").read_text("utf-8")


FORM_FILE, CELLS, RELATIONS = "form.toml", "cells.toml", "relations.toml"
JOINED, RANK = "cells.people.schema.schema.joined.min", "cells.people.schema.schema.rank.allowed"
R1, S1 = '"absent <= days"', '"total == count(people)"'
MISTAKES = [
    (FORM_FILE, 'kind = "yes_no"', 'kind = "choices"', "people", "column party cannot be of kind choices"),
    (FORM_FILE, 'kind = "choice", choices', 'kind = "text", choices', "people.rank", "choices belong to"),
    (FORM_FILE, 'label = "初级"', 'label = "高级"', "people.rank", "'高级' stands twice"),
    (FORM_FILE, 'key = "low"', 'key = "Low"', "Low", "must be lower-case"),
    (CELLS, "min = 1990-01-01", "min = 1990", JOINED, "give a day"),
    (CELLS, "min = 1990-01-01", "min = 1800-01-01", JOINED, "is no day from"),
    (CELLS, "min = 1990-01-01", "min = 2027-01-01", JOINED, "is more than max"),
    (CELLS, 'rank = { type = "choice"', 'rank = { allowed = ["high"], type = "choice"', RANK, "stands in the form"),
    (RELATIONS, 'for = "people.rows"', 'for = "people.columns"', "R1.for", "is none of: people.rows"),
    (RELATIONS, 'for = "people.rows"', 'for = "staff.rows"', "R1.for", "is none of: people.rows"),
    (RELATIONS, R1, f'{R1}\nmissing = "pass"', "R1.missing", "'pass': the only setting is \"fail\""),
    (RELATIONS, R1, '"total <= 3"', "R1.expr", "has to name a column"),
    (RELATIONS, R1, '"prev.total <= days"', "R1.expr", "nothing of last year"),
    (RELATIONS, R1, '"absent <= name"', "R1.expr", "compares a number with a text"),
    (RELATIONS, R1, '"absents <= days"', "R1.expr", "names absents, which the form does not have"),
    (RELATIONS, "absent = 3, days = 2", "absent = 1, days = 2", "R1.bad[0]", "passes the rule it should break"),
    (RELATIONS, S1, '"total == count(unit_code)"', "S1.expr", "count takes a table"),
    (RELATIONS, S1, '"total == count(people.nobody)"', "S1.expr", "people.nobody"),
    (RELATIONS, "sum(people.pay)", "sum(people.name)", "S2.expr", "gives sum a column"),
    (RELATIONS, "sum(people.pay)", "people.pay", "S2.expr", "compares a column of numbers with a number"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake[3]}: {mistake[4]}")
def test_mistakes_are_told_with_file_key_and_cure(tmp_path: Path, mistake: tuple[str, str, str, str, str]) -> None:
    """An author sees where it is wrong, and what would be right."""
    file, old, new, key, reason = mistake
    form = Path(shutil.copytree(FORM, tmp_path / "templates" / "staff_list"))
    rules = Path(shutil.copytree(RULES_FOLDER, tmp_path / "rules" / "staff_list"))
    path = (form if file == "form.toml" else rules) / file
    told = path.read_text("utf-8")
    assert old in told
    path.write_text(told.replace(old, new, 1), "utf-8")
    mistakes = [(Path(one.file).name, one.key, one.reason) for one in check_form(str(form)).mistakes]
    assert [one for one in mistakes if one[:2] == (file, key) and reason in one[2]], mistakes
