"""Returns of two editions in one batch: what was not asked lowers the number of sites, and is no blank to chase."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gwxl.batch.differences import find_differing
from gwxl.batch.duplicates import resolve_duplicates
from gwxl.batch.judging import judge_batch
from gwxl.form.identity import issue_identity
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.terms import Terms
from gwxl.totals.adding import find_asked, totals
from gwxl.totals.figure import Why, countable
from tests.support.command import document, run, say
from tests.support.decided import fill_in
from tests.support.editions import NEW_ANSWERS, NEW_FORM, OLD_ANSWERS, YEAR, Desk, copy_to, desk
from tests.support.summaries import open_book

SHEETS = ("汇总表", "数据来源", "分类汇总", "器材", "文件清单", "问题清单")
TWO = {**OLD_ANSWERS, "visit_code": "V0003", "visit_kind": "storm", "departments": ("office", "kitchen")}
"""A second return of the old edition: its kind is no choice any more, and one of its ticks."""


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Collect two returns of the old edition and one of the current."""
    clerk = desk(tmp_path_factory.mktemp("mixed"))
    clerk.write("in/a.xlsx", OLD_ANSWERS)
    clerk.write("in/b.xlsx", NEW_ANSWERS, edition="2")
    clerk.write("in/c.xlsx", TWO)
    return clerk


@pytest.fixture(scope="module")
def merged(clerk: Desk) -> Any:
    """Merge them."""
    return document("merge", "in", "-o", "summary.xlsx", "--form", clerk.form, cwd=clerk.folder)


@pytest.fixture(scope="module")
def sheets(clerk: Desk, merged: Any) -> Mapping[str, Worksheet]:
    """Read the summary with other eyes."""
    assert merged["summary"] == "summary.xlsx"
    book = open_book(clerk.folder / "summary.xlsx")
    return {title: book[title] for title in SHEETS}


def column(sheet: Worksheet, key: str, *rows: int) -> list[Any]:
    """Return cells of the column whose hidden key is given."""
    (place,) = [cell.column for cell in sheet[2] if str(cell.value or "").partition("*")[0] == key]
    assert place is not None
    return [sheet.cell(row, place).value for row in rows]


def test_all_three_count(merged: Any) -> None:
    """Every return passes: nothing that was not asked is held against it."""
    assert {name: merged["counts"][name] for name in ("received", "accepted", "passed", "held")} == {
        "received": 3,
        "accepted": 3,
        "passed": 3,
        "held": 0,
    }
    editions = [one["identity"]["edition"] for one in merged["files"]]
    assert editions == ["1", "2", "1"]
    assert [[found["id"] for found in one["findings"]] for one in merged["files"]] == [[], [], ["E01"]]


def test_totals_are_exact_over_those_that_were_asked(merged: Any) -> None:
    """Each total says how many of how many asked sites it holds; a retired answer was asked and does not count."""
    assert merged["totals"] == {
        "visit_code": {"value": None, "n": 3, "of": 3},
        "visit_kind": {"value": {"fire": 1, "water": 1, "network": 0}, "n": 2, "of": 3},
        "participants": {"value": 54, "n": 3, "of": 3},
        "evacuated": {"value": 20, "n": 1, "of": 1},
        "hours": {"value": Decimal("5.111111111111111"), "n": 3, "of": 3},
        "duration": {"value": 90, "n": 1, "of": 1},
        "has_plan": {"value": {"true": 1, "false": 0}, "n": 1, "of": 1},
        "departments": {"value": {"office": 2, "guards": 2, "outside": 1}, "n": 3, "of": 3},
        "equipment": {"value": 5, "n": 3, "of": 3},
        "equipment.item": {"value": None, "n": 3, "of": 3},
        "equipment.mass": {"value": 23, "n": 3, "of": 3},
        "equipment.pieces": {"value": 12, "n": 3, "of": 3},
        "equipment.places": {"value": 2, "n": 1, "of": 1},
    }
    assert merged["totals_passed"] == merged["totals"]


def test_each_choice_knows_who_was_offered_it(clerk: Desk) -> None:
    """A choice that is new has fewer sites than its question."""
    receipts = [clerk.check(clerk.folder / "in" / name) for name in ("a.xlsx", "b.xlsx", "c.xlsx")]
    total = totals(clerk.rules.form, receipts)[FormPath("departments")]
    assert total.choices == {"office": (3, 3), "guards": (3, 3), "outside": (1, 1)}
    assert [
        len(find_asked(receipts, FormPath.parse(path))) for path in ("departments", "departments.outside", "has_plan")
    ] == [3, 1, 1]


@pytest.mark.parametrize(
    ("name", "key", "why"),
    [
        ("a.xlsx", "evacuated", Why.NOT_ASKED),
        ("a.xlsx", "departments.outside", Why.NOT_ASKED),
        ("a.xlsx", "equipment[1].places", Why.NOT_ASKED),
        ("a.xlsx", "participants", None),
        ("a.xlsx", "departments.office", None),
        ("b.xlsx", "evacuated", None),
        ("c.xlsx", "visit_kind", Why.RETIRED),
        ("c.xlsx", "departments.guards", None),
    ],
)
def test_a_figure_says_why_it_does_not_count(clerk: Desk, name: str, key: str, why: Why | None) -> None:
    """What was not asked and what is no answer any more are told apart, and neither is a blank."""
    assert countable(clerk.rules.form, clerk.check(clerk.folder / "in" / name), FormPath.parse(key)).why is why


@pytest.mark.parametrize(
    ("key", "cells", "of"),
    [
        ("evacuated", ["未设此项", 20, "未设此项"], "1 / 1"),
        ("duration", ["未设此项", 90, "未设此项"], "1 / 1"),
        ("has_plan", ["未设此项", "是", "未设此项"], "1 / 1"),
        ("departments.outside", ["未设此项", "√", "未设此项"], "1 / 1"),
        ("departments.office", ["√", None, "√"], "3 / 3"),
        ("visit_kind", ["防汛", "消防", "防台走访（不计入）"], "2 / 3"),
        ("participants", [12, 30, 12], "3 / 3"),
    ],
)
def test_the_summary_says_so_in_words(sheets: Mapping[str, Worksheet], key: str, cells: list[object], of: str) -> None:
    """A cell that was not asked says it, quietly; the line of sites counts those that were."""
    assert column(sheets["汇总表"], key, 8, 9, 10) == cells
    assert column(sheets["汇总表"], key, 5) == [of]


def test_not_asked_is_quiet(clerk: Desk, merged: Any) -> None:
    """It is small and grey: neither the colour of a mistake nor that of a figure."""
    assert merged["summary"]
    sheet = open_book(clerk.folder / "summary.xlsx")["汇总表"]
    (place,) = [cell.column for cell in sheet[2] if cell.value == "evacuated"]
    cell = sheet.cell(8, place)
    assert (cell.value, cell.font.sz, cell.font.color.rgb, cell.fill.fill_type) == ("未设此项", 9, "FF5F6873", None)


def test_the_sources_give_the_reason(sheets: Mapping[str, Worksheet]) -> None:
    """The same cell of 数据来源 says why there is no figure."""
    reason = "｜不计入：所用版本的表未设此项"
    assert column(sheets["数据来源"], "evacuated", 8, 10) == [reason, reason]
    (retired,) = column(sheets["数据来源"], "visit_kind", 10)
    assert retired.endswith("｜不计入：所填选项现行版本已取消")


def test_a_new_column_of_a_table_says_so_in_each_row(sheets: Mapping[str, Worksheet]) -> None:
    """Rows of the old edition have the words and the reason, and the sites are those that were asked."""
    absent = "未设此项"
    assert column(sheets["器材"], "equipment.places", 6, 7, 8, 9, 10) == [absent, absent, 2, absent, absent]
    assert column(sheets["器材"], "@equipment.places", 6) == ["｜不计入：所用版本的表未设此项"]
    assert column(sheets["器材"], "equipment.places", 3, 4) == [2, "1 / 1"]


def test_the_breakdown_counts_the_asked(sheets: Mapping[str, Worksheet]) -> None:
    """The heads count all sites, each item those that were asked, a new choice its own."""
    sheet = sheets["分类汇总"]
    rows = {str(row[1].value).strip("　"): row for row in sheet.iter_rows(min_row=5)}
    assert sheet.cell(3, 5).value == "全部（3 个，通过 3 个）"
    shown = {label: rows[label][5].value for label in ("疏散人数", "参加人数", "部门", "外单位", "保卫部", "存放处数")}
    assert shown == {
        "疏散人数": "1 / 1",
        "参加人数": "3 / 3",
        "部门": "3 / 3",
        "外单位": "1 / 1",
        "保卫部": None,
        "存放处数": "1 / 1",
    }


def test_the_list_of_files_shows_the_edition(sheets: Mapping[str, Worksheet]) -> None:
    """Each file has the edition it was filled in on."""
    assert column(sheets["文件清单"], "#edition", 4, 5, 6) == ["1", "2", "1"]


def test_what_could_not_move_stands_among_the_findings(sheets: Mapping[str, Worksheet], clerk: Desk) -> None:
    """The one finding of the batch is the hint, with the cells of the old file."""
    sheet = sheets["问题清单"]
    assert column(sheet, "#rule", 4, 5) == ["E01", None]
    (message,) = column(sheet, "#message", 4)
    assert message == (
        "本表按第 1 版填报，其中 2 处内容在现行版本中没有对应的位置，未采用："
        f"{clerk.address('visit_kind')}「类型」填 防台走访；{clerk.address('departments.kitchen')}「部门·食堂」填 √。"
    )


def test_explain_gives_the_reason(clerk: Desk, merged: Any) -> None:
    """For one site and for the total, what was not asked is told with its reason and without any value."""
    assert merged["summary"]
    (origin,) = document("explain", "evacuated", "summary.xlsx", "--site", "V0001", cwd=clerk.folder)["origins"]
    told = {name: origin[name] for name in ("value", "raw", "cell", "counts", "reason", "file")}
    assert told == {
        "value": "",
        "raw": "",
        "cell": "",
        "counts": False,
        "reason": "所用版本的表未设此项",
        "file": "a.xlsx",
    }
    total = document("explain", "evacuated", "summary.xlsx", cwd=clerk.folder)
    assert (total["value"], total["counted"]) == ("20", "1 / 1")
    assert [(one["site"], one["counts"]) for one in total["origins"]] == [
        ("V0001", False),
        ("V0002", True),
        ("V0003", False),
    ]
    assert "所用版本的表未设此项" in say("explain", "equipment[1].places", "summary.xlsx", cwd=clerk.folder)
    (retired,) = document("explain", "visit_kind", "summary.xlsx", "--site", "V0003", cwd=clerk.folder)["origins"]
    assert (retired["value"], retired["raw"], retired["counts"]) == ("防台走访", "防台走访", False)


def test_the_very_words_as_an_answer_are_an_answer(tmp_path: Path) -> None:
    """A filler who writes 未设此项 was asked: the self-check is not led astray, and explain shows what stands there."""
    clerk = desk(tmp_path)
    clerk.write("in/a.xlsx", {**OLD_ANSWERS, "visit_code": "未设此项"})
    document("merge", "in", "-o", "s.xlsx", "--form", clerk.form, cwd=tmp_path)
    (origin,) = document("explain", "visit_code", "s.xlsx", "--site", "未设此项", cwd=tmp_path)["origins"]
    assert (origin["value"], origin["counts"]) == ("未设此项", True)


def test_only_old_returns_give_empty_totals(tmp_path: Path) -> None:
    """Nobody was asked: none of none, and the summary still passes its own check."""
    clerk = desk(tmp_path)
    clerk.write("in/a.xlsx", OLD_ANSWERS)
    found = document("merge", "in", "-o", "s.xlsx", "--form", clerk.form, cwd=tmp_path)["totals"]
    assert found["evacuated"] == {"value": 0, "n": 0, "of": 0}
    assert found["has_plan"] == {"value": {"true": 0, "false": 0}, "n": 0, "of": 0}


def test_a_known_edition_that_is_not_accepted_is_held(tmp_path: Path) -> None:
    """Nothing of it is counted until the clerk accepts it; then it is counted like any other."""
    clerk = desk(tmp_path, form=NEW_FORM.replace('accepts = ["1"]', "accepts = []"))
    clerk.write("in/a.xlsx", OLD_ANSWERS)
    clerk.write("in/b.xlsx", NEW_ANSWERS, edition="2")
    found = document("merge", "in", "-o", "s.xlsx", "--form", clerk.form, cwd=tmp_path, code=1)
    assert (found["counts"]["held"], found["counts"]["accepted"]) == (1, 1)
    assert found["files"][0]["reason"] == (
        "是第 1 版的表，现行的是第 2 版，未列入可采用的版本，须由经办人决定是否接受。"
    )
    assert [one["id"] for one in found["files"][0]["findings"]] == ["N06"]
    assert found["totals"]["participants"] == {"value": 30, "n": 1, "of": 1}
    decisions = tmp_path / "in-待决.xlsx"
    fill_in(decisions, lambda _: {"decision": "accept"})
    found = document("merge", "in", "-o", "s.xlsx", "--form", clerk.form, cwd=tmp_path)
    assert found["totals"]["participants"] == {"value": 42, "n": 2, "of": 2}


def test_an_unknown_edition_is_held_and_never_carried_over(tmp_path: Path) -> None:
    """Nobody knows what its questions were: not counted, and sent back without its answers."""
    clerk = desk(tmp_path)
    unknown = replace(issue_identity(clerk.rules.form, period=Period(YEAR)), edition="9")
    clerk.write("in/a.xlsx", NEW_ANSWERS, edition="2", identity=unknown)
    found = document("merge", "in", "-o", "s.xlsx", "--form", clerk.form, cwd=tmp_path, code=1)
    assert (found["counts"]["held"], found["counts"]["accepted"]) == (1, 0)
    found = document("return", "in", "-o", "back", "--form", clerk.form, cwd=tmp_path, code=1)
    (file,) = found["files"]
    assert file["reason"].startswith("是第 9 版的表")
    assert read_values(clerk, tmp_path / file["workbook"]) == {}


def read_values(clerk: Desk, path: Path) -> Mapping[str, Any]:
    """Return what a workbook says."""
    submission = clerk.check(path).submission
    assert submission is not None
    return submission.values


def both(clerk: Desk, old: Mapping[str, Any] | None = None, new: Mapping[str, Any] | None = None) -> list[Receipt]:
    """Return one site's return of either edition, the same in what both were asked but for some answers."""
    same = {
        "visit_code": "V0001",
        "visit_kind": "water",
        "participants": 12,
        "hours": 9,
        "departments": ("office", "guards"),
        "equipment": ({"item": "绳", "pieces": 3, "mass": 2, "places": 1}, {"item": "梯", "pieces": 1, "mass": 7}),
        "report_date": "2027-01-06",
    }
    first = clerk.check(clerk.write("first.xlsx", {**OLD_ANSWERS, **(old or {})}))
    answers = {**same, "evacuated": 5, "has_plan": True, **(new or {})}
    second = clerk.check(clerk.write("second.xlsx", answers, edition="2"))
    return [first, second]


def fates(receipts: tuple[Receipt, ...]) -> list[tuple[str, Status, list[str]]]:
    """Return file, status and the duplicate findings of each receipt."""
    found = [[one.id for one in receipt.findings if one.id.startswith("D")] for receipt in receipts]
    return [(one.source.file, one.status, ids) for one, ids in zip(receipts, found, strict=True)]


def test_duplicates_of_two_editions_are_compared_in_what_both_were_asked(clerk: Desk) -> None:
    """What only one of them was asked is no difference; the return that was asked more is the one that counts."""
    receipts = both(clerk, new={"departments": ("office", "guards", "outside")})
    assert find_differing(receipts) == frozenset()
    wanted = [("first.xlsx", Status.SUPERSEDED, []), ("second.xlsx", Status.FINDINGS, ["D01"])]
    assert fates(resolve_duplicates(clerk.rules.form, receipts, frozenset())) == wanted
    assert fates(resolve_duplicates(clerk.rules.form, receipts[::-1], frozenset())) == wanted[::-1]


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ({"attendants": 13}, {}, {"participants"}),
        ({"departments": ("office",)}, {}, {"departments"}),
        ({"departments": ("office", "security", "kitchen")}, {}, frozenset()),
        ({"visit_kind": "storm"}, {}, frozenset()),
        ({"equipment": ({"item": "绳", "pieces": 4, "weight": 2},)}, {}, {"equipment"}),
        ({"leaders": 5, "duration": "一天"}, {"duration": 5}, frozenset()),
        ({}, {"equipment": ({"places": 3},)}, {"equipment"}),
    ],
)
def test_differences_are_those_both_can_have(
    clerk: Desk, old: Mapping[str, Any], new: Mapping[str, Any], keys: set[str]
) -> None:
    """Values, ticks and rows are compared by what both editions ask; retired answers are not."""
    assert find_differing(both(clerk, old, new)) == keys


def test_the_later_of_two_editions_counts_where_they_differ(clerk: Desk) -> None:
    """The edition does not matter then; the message names the differing cell alone."""
    for day, used in (("2027-01-05", "second.xlsx"), ("2027-01-09", "first.xlsx")):
        receipts = both(clerk, {"attendants": 13, "report_date": day})
        resolved = {one.source.file: one for one in resolve_duplicates(clerk.rules.form, receipts, frozenset())}
        assert [name for name, one in resolved.items() if one.status is not Status.SUPERSEDED] == [used]
        (told,) = [one for one in resolved[used].findings if one.id == "D02"]
        address = clerk.address("attendants") if used == "first.xlsx" else clerk.address("participants", "2")
        assert f"不同之处：{address}「参加人数」。" in told.arguments["message"]


def test_an_old_return_never_hides_a_difference_of_two_new_ones(clerk: Desk) -> None:
    """It is like both of them; these differ in a new field and are still told apart."""
    first, second = both(clerk)
    third = clerk.check(clerk.folder / "second.xlsx")
    assert third.submission is not None
    submission = replace(
        third.submission,
        values={**third.submission.values, "evacuated": 6},
        source=replace(third.source, file="third.xlsx"),
        surround={"report_date": "2027-01-08"},
    )
    third = replace(third, submission=submission, source=submission.source)
    resolved = resolve_duplicates(clerk.rules.form, [first, second, third], frozenset())
    assert fates(resolved) == [
        ("first.xlsx", Status.SUPERSEDED, []),
        ("second.xlsx", Status.SUPERSEDED, ["D02"]),
        ("third.xlsx", Status.FINDINGS, ["D02"]),
    ]


def test_decisions_keep_what_was_not_asked(clerk: Desk) -> None:
    """A proposal that was taken leaves the rest of an old return as it was."""
    receipt = clerk.check(clerk.write("about.xlsx", OLD_ANSWERS, raw={"attendants": "约20"}))
    batch = judge_batch(Terms(clerk.rules), [receipt], ())
    (open_case,) = [one for one in batch.decisions if one.key == "participants"]
    taken = judge_batch(Terms(clerk.rules), [receipt], [replace(open_case, decision="take")])
    (judged,) = taken.receipts
    assert (judged.status, judged.findings) == (Status.OK, ())
    assert judged.submission is not None
    assert judged.submission.values["participants"] == 20
    assert receipt.submission is not None
    assert judged.submission.not_asked == receipt.submission.not_asked != frozenset()


def test_publish_asks_to_migrate_first(clerk: Desk) -> None:
    """A good return of an older edition gets no page of the current form."""
    result = run("publish", "in/a.xlsx", "-o", "a.html", "--form", clerk.form, cwd=clerk.folder)
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "in/a.xlsx: not to be published yet, it has errors or cannot be used",
        "  本表按第 1 版填报，现行为第 2 版，不能按现行版本公布。",
        "Next: gwxl migrate in/a.xlsx -o FOLDER/ moves it to the current edition; fill in what is new, then publish",
    ]
    assert not (clerk.folder / "a.html").exists()
    say("publish", "in/b.xlsx", "-o", "b.html", "--form", clerk.form, cwd=clerk.folder)


def test_forms_shows_the_editions(clerk: Desk, tmp_path: Path) -> None:
    """An accepted edition is marked; a form without older ones has a dash."""
    (_, row) = say("forms", "--form", clerk.form, cwd=clerk.folder).splitlines()
    assert row.split() == ["visit_record", "走访记录表", "2", "1", "(accepted)", "9", "9"]
    other = desk(tmp_path, form=NEW_FORM.replace('accepts = ["1"]', ""))
    assert say("forms", "--form", other.form, cwd=tmp_path).splitlines()[1].split()[3] == "1"


def test_an_inbox_of_copies_is_merged_alike(clerk: Desk) -> None:
    """The same files in another folder give the same totals."""
    inbox = copy_to(replace(clerk, folder=clerk.folder / "in"), "a.xlsx", "b.xlsx", to="copy")
    found = document("merge", inbox, "-o", "copy.xlsx", "--form", clerk.form, cwd=clerk.folder)
    assert found["totals"]["evacuated"] == {"value": 20, "n": 1, "of": 1}
