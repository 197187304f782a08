"""Fields asked only while something holds: grey on the sheet, not missing, and an answer there is a finding."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl import check_form
from gwxl.form.layout import Col
from gwxl.form.loading import load_form
from gwxl.records.cell import CellRef
from gwxl.records.path import Path as FormPath
from gwxl.rules.conditions.words import say_condition, say_conditions
from gwxl.rules.expression import parse
from tests.support.command import document, places, run, say
from tests.support.filling import fill
from tests.support.submissions import FORMS, GOOD_VISITS
from tests.support.summaries import open_book

FORM = FORMS / "visit_record"
NOT_VISITED = {
    "unit_code": "U2",
    "has_visited": False,
    "way": "phone",
    "topics": ("care",),
    "reason": "下雨",
    "planned": 4,
    "topic": "座谈",
}
NOT_ASKED = ("visited", "first_day", "rooms", "distance", "unseen", "found", "follow_up", "again", "number", "level")


def without(*keys: str) -> dict[str, Any]:
    """Return the complete return without some answers."""
    return {key: value for key, value in GOOD_VISITS.items() if key not in keys}


class Desk:
    """A blank template of the form, and what fills it in."""

    def __init__(self, folder: Path) -> None:
        """Have the template written by the command line."""
        self.folder = folder
        told = document("template", "-o", "blank.xlsx", "--year", 2026, "--form", FORM, cwd=folder)
        self.cells: Mapping[str, CellRef] = places(told["cells"])

    def fill(self, name: str, given: Mapping[str, Any]) -> Path:
        """Fill the template."""
        return fill(self.folder / "blank.xlsx", self.folder / name, load_form(FORM), self.cells, given)

    def check(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Fill and check one file."""
        path = self.fill("a.xlsx", given)
        (file,) = json.loads(run("check", path.name, "--form", FORM, "--json", cwd=self.folder).stdout)["files"]
        return file

    def tell(self, given: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return rule and path of what is found in one file."""
        return [(one["id"], one["key"]) for one in self.check(given)["findings"] if one["verdict"] == "failed"]


def test_nothing_is_missing_where_nothing_is_asked(tmp_path: Path) -> None:
    """Required fields behind a No are no blanks; behind a Yes they are."""
    desk = Desk(tmp_path)
    assert desk.tell(GOOD_VISITS) == []
    assert desk.tell(NOT_VISITED) == []
    visited = {key: value for key, value in NOT_VISITED.items() if key not in {"reason", "topic"}} | {
        "has_visited": True
    }
    assert desk.tell(visited) == [("V3", "visited")]
    assert desk.tell({**visited, "way": "home"}) == [
        ("V3", "visited"), ("V3", "rooms"),
    ]  # fmt: skip


def test_an_answer_that_is_not_asked_for_is_told(tmp_path: Path) -> None:
    """At its cell, with the condition in words; a tick at its own; what else is wrong with it is not told."""
    desk = Desk(tmp_path)
    given = {**NOT_VISITED, "visited": -3, "found": ("house",), "first_day": "2026-05-01"}
    told = [one for one in desk.check(given)["findings"] if one["verdict"] == "failed"]
    assert [(one["id"], one["key"], one["cell"]) for one in told] == [
        ("V1", path, desk.cells[path].address) for path in ("visited", "first_day", "found.house")
    ]
    assert [one["message"] for one in told[:1]] == [
        "D15「走访户数」填 -3。此项仅当「是否开展走访」为“是”时填写；请清空，或者更正前面的答案。"
    ]


def test_a_word_that_says_nothing_is_no_answer(tmp_path: Path) -> None:
    """Where 0 or 无 means blank, it may stand in a field that is not asked, and is no value of it."""
    told = Desk(tmp_path).check({**NOT_VISITED, "rooms": 0})
    assert told["findings"] == []
    assert "rooms" not in told["values"]


def test_a_condition_waits_for_what_is_missing_or_wrong(tmp_path: Path) -> None:
    """The answer it hangs on is told, and nothing behind it: neither as missing nor as too much."""
    desk = Desk(tmp_path)
    assert desk.tell(without("has_visited")) == [("V3", "has_visited")]
    assert desk.tell(without("follow_up")) == [("V3", "follow_up")]
    assert desk.tell({"unit_code": "U3", "way": "home"}) == [("V3", "has_visited")]
    assert desk.tell({**NOT_VISITED, "planned": -8, "number": "B1"}) == [("V4", "planned")]


def test_a_blank_that_may_be_one_makes_a_condition_false(tmp_path: Path) -> None:
    """So what is behind it is not asked; what holds besides is enough where one of two has to."""
    assert Desk(tmp_path).tell({**without("planned"), "level": "a"}) == [("V1", "number")]


def test_conditions_hang_on_each_other(tmp_path: Path) -> None:
    """What is not asked counts as blank for what hangs on it, and is told once where it was answered."""
    desk = Desk(tmp_path)
    given = without("found", "follow_up", "again")
    assert desk.tell(given) == []
    assert desk.tell({**given, "again": 2}) == [("V1", "again")]
    assert desk.tell({**given, "follow_up": True, "again": 2}) == [("V1", "follow_up")]


def test_totals_leave_out_who_was_not_asked(tmp_path: Path) -> None:
    """Summary, figures by site and explain say that it did not apply, and how many were asked."""
    desk = Desk(tmp_path)
    desk.fill("inbox/a.xlsx", GOOD_VISITS)
    desk.fill("inbox/b.xlsx", {**NOT_VISITED, "rooms": 0})
    merged = document("merge", "inbox", "--form", FORM, "-o", "summary.xlsx", cwd=tmp_path)
    found = {key: (merged["totals"][key]["value"], merged["totals"][key]["n"], merged["totals"][key]["of"]) for key in
             ("visited", "rooms", "unseen", "planned")}  # fmt: skip
    assert found == {"visited": (6, 1, 1), "rooms": (12, 1, 1), "unseen": (None, 1, 1), "planned": (12, 2, 2)}
    told = say("explain", "visited", "summary.xlsx", cwd=tmp_path)
    assert "U1" in told
    rows = list(open_book(tmp_path / "summary.xlsx")["汇总表"].iter_rows(values_only=True))
    (row,) = [row for row in rows if "U2" in row]
    assert row.count("不适用") == 11
    assert "按其他答案不必填写" in say("explain", "visited", "summary.xlsx", "--site", "U2", cwd=tmp_path)


def test_no_tick_counts_where_nothing_was_asked(tmp_path: Path) -> None:
    """Neither those that are told nor those left blank beside them, and the return is none of those counted."""
    desk = Desk(tmp_path)
    desk.fill("inbox/a.xlsx", GOOD_VISITS)
    desk.fill("inbox/b.xlsx", {**NOT_VISITED, "found": ("income",)})
    merged = document("merge", "inbox", "--form", FORM, "-o", "summary.xlsx", cwd=tmp_path, code=1)
    found = merged["totals"]["found"]
    assert (found["n"], found["of"], found["value"]) == (1, 2, {"house": 1, "income": 0})


def test_the_sheet_says_so(tmp_path: Path) -> None:
    """Beside each row stands 不适用 from the start where a workbook goes out or back with answers."""
    desk = Desk(tmp_path)
    desk.fill("inbox/b.xlsx", {**NOT_VISITED, "visited": 3})
    say("return", "inbox", "--form", FORM, "-o", "back", cwd=tmp_path, code=1)
    (back,) = (tmp_path / "back").glob("*.xlsx")
    sheet = openpyxl.load_workbook(back, data_only=True)["填报表"]
    rows = {sheet.cell(row, Col.KEY).value: row for row in range(1, sheet.max_row + 1)}
    said = {key: sheet.cell(rows[key], Col.PENDING).value or "" for key in (*NOT_ASKED, "reason") if key in rows}
    assert said == {key: "" if key in {"visited", "reason"} else "不适用" for key in said}
    assert sheet.cell(rows["visited"], Col.CHECK).value == "✗ 错误 不适用的项目不填 V1"


def test_it_is_published(tmp_path: Path) -> None:
    """A line that did not apply says so."""
    desk = Desk(tmp_path)
    desk.fill("b.xlsx", NOT_VISITED)
    say("publish", "b.xlsx", "--form", FORM, "-o", "page.html", cwd=tmp_path)
    assert (tmp_path / "page.html").read_text("utf-8").count("不适用") == len(NOT_ASKED)


def test_the_instructions_say_when(tmp_path: Path) -> None:
    """Beside each input, in its prompt and on the sheet of instructions."""
    Desk(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "blank.xlsx")
    lines = [row[1] for row in book["填写说明"].iter_rows(values_only=True)]
    assert "仅当「是否开展走访」为“是”时填写。" in lines
    assert "备案编号：仅当「计划户数」 / 2大于3时填写。" in lines
    sheet = book["填报表"]
    clauses = {sheet.cell(row, Col.KEY).value: sheet.cell(row, Col.INSTRUCTION).value for row in range(1, 40)}
    assert clauses["visited"] == "填实际走访的户数。"
    assert clauses["again"] == "仅当「是否需要回访」为“是”时填写。"
    prompts = {str(one.sqref): one.prompt for one in sheet.data_validations.dataValidation}
    row = next(row for row in range(1, 40) if sheet.cell(row, Col.KEY).value == "visited")
    assert prompts[f"D{row}"].startswith("仅当「是否开展走访」为“是”时填写。填实际走访的户数。")


WORDS = {
    "has_visited": "「是否开展走访」为“是”",
    "not has_visited": "「是否开展走访」为“否”",
    "way.home": "「联系方式」为“上门”",
    'way != "home"': "「联系方式」不为“上门”",
    "not topics.other": "「走访内容」中未勾选“其他”",
    "not filled(reason)": "未填写「未走访原因」",
    "not (planned < 3)": "不符合“「计划户数」小于3”",
    "length(topics) >= 2": "「走访内容」的字数或项数不小于2",
    "max(planned, visited) == 2.50": "「计划户数」、「走访户数」中的最大值为2.50",
    "sum(planned, visited) - 2 * (visited + 1) <= 7": "「计划户数」 + 「走访户数」 - 2 * (「走访户数」 + 1)不大于7",
    'first_day > "2026-05-01" and (has_visited or way.phone)':
        "「首次走访日期」大于“2026-05-01”，且（「是否开展走访」为“是”，或者「联系方式」为“电话”）",
}  # fmt: skip


@pytest.mark.parametrize("source", WORDS)
def test_conditions_in_words(source: str) -> None:
    """Each is said with the labels of the form."""
    assert say_condition(parse(source), load_form(FORM)) == WORDS[source]


def test_all_conditions_of_a_field_are_said() -> None:
    """Those of its section, of its group and its own."""
    form = load_form(FORM)
    assert say_conditions(form, FormPath("rooms")) == "「是否开展走访」为“是”，且「联系方式」为“上门”"
    assert say_conditions(form, FormPath("planned")) == ""


# Mistakes: what is changed in form.toml, at which key it is told, and what.

TABLE = """number = "四"
label = "表"
[[section.field]]
key = "t"
label = "名单"
kind = "table"
rows = 2
columns = [{ key = "c", label = "列", kind = "text" }]

[[section]]
key = "rest"
"""
MISTAKES = [
    ('when = "follow_up"', 'when = "folow_up"', "again.when", "names folow_up, which the form does not have"),
    ('when = "follow_up"', 'when = "again > 2"', "again.when", "hangs on itself: again → again"),
    ('when = "topics.survey"', 'when = "again > 2"', "again.when", "again → follow_up → found → again"),
    ('when = "has_visited"', 'when = "visited > 2"', "visits.when", "hangs on itself: visited → visited"),
    ('when = "follow_up"', 'when = "way"', "again.when", "say which one: way.home or way.phone"),
    ('when = "follow_up"', 'when = "planned"', "again.when", "gives no condition"),
    ('when = "follow_up"', 'when = "prev.planned > 3"', "again.when", "which the sheet does not know"),
    ('when = "follow_up"', 'when = "luhn(unit_code)"', "again.when", "looks into a code"),
    ('when = "follow_up"', 'when = "1 < 2"', "again.when", "names no field"),
    ('when = "follow_up"', 'when = "follow_up = 1"', "again.when", "is no expression"),
    ('when = "follow_up"', 'when = "sender.a"', "again.when", "names sender.a, which stands around the form"),
    ('when = "follow_up"', "when = true", "again.when", "must be str, not True"),
    ('label = "单位代码"', 'label = "单位代码"\nwhen = "has_visited"', "unit_code.when", "plays the role code"),
    ('label = "填报人"', 'label = "填报人"\nwhen = "has_visited"', "sender.when", "belongs to a section, a group"),
    ('key = "more"', f'key = "more"\nwhen = "way.home"\n{TABLE}', "more.when", "t is a table or a matrix"),
]  # fmt: skip


def copy_form(folder: Path, old: str, new: str, file: str = "form.toml") -> Path:
    """Return a copy of the form, with a line around it and one place of a file changed."""
    form = folder / "visit_record"
    (form / "rules").mkdir(parents=True)
    line = '[[header]]\nkey = "sender"\nlabel = "填报人"\nkind = "text"\n'
    text = (FORM / "form.toml").read_text("utf-8").replace("[[section]]", f"{line}\n[[section]]", 1)
    (form / "form.toml").write_text(text, "utf-8")
    for rules in (FORMS.parent / "rules" / "visit_record").iterdir():
        (form / "rules" / rules.name).write_text(rules.read_text("utf-8"), "utf-8")
    changed = form / file
    assert old in changed.read_text("utf-8")
    changed.write_text(changed.read_text("utf-8").replace(old, new, 1), "utf-8")
    return form


@pytest.mark.parametrize(("old", "new", "key", "reason"), MISTAKES)
def test_mistakes_are_told(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    """Each at its key, with its cure; what only follows from it may be told besides."""
    told = {one.key: one.reason for one in check_form(str(copy_form(tmp_path, old, new))).mistakes}
    assert key in told
    assert reason in told[key]


def test_a_rule_stands_behind_conditions(tmp_path: Path) -> None:
    """Without one a condition is told, and so is a rule without a condition, and a message that shows what is not."""
    (one,) = check_form(str(copy_form(tmp_path / "a", '[when]\nrule = "V1"\n', "", "rules/cells.toml"))).mistakes[:1]
    assert (one.key, one.reason) == (
        "when", 'is missing, but visited has a `when`; [when] rule = "…" names the rule behind it',
    )  # fmt: skip
    told = check_form(str(copy_form(tmp_path / "b", 'rule = "V1"', 'rule = "V10"', "rules/cells.toml"))).mistakes
    assert {("when.rule", "'V10' is no rule of this file")} <= {(one.key, one.reason) for one in told}
    told = check_form(str(copy_form(tmp_path / "c", '必须填写。"', '必须填写{when}。"', "rules/cells.toml"))).mistakes
    assert [one.key for one in told] == ["rules.V3.message"]
