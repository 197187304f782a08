"""One declaration, two judges: what a sheet's live checks say is what the checker says of the same file.

Every run draws new forms, by its seed and those that follow.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from gwxl.errors import RuleError, WorkbookError
from gwxl.files.resources import rules_folder
from gwxl.form.layout import LIVE_SHEET, lay_out
from gwxl.intake import check_file
from gwxl.live.formulas import Formula, literal
from gwxl.live.operands import Operand
from gwxl.live.relations import RelationWriter
from gwxl.live.sheet import LiveSheet
from gwxl.records.cell import column_letters
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.submission import Status
from gwxl.rules.relations import Relation
from gwxl.rules.ruleset import RuleSet, load_rules
from gwxl.terms import Terms
from tests.support.clients.libreoffice import LibreOffice
from tests.support.draws import draws, seed
from tests.support.formula_graph import Formulas
from tests.support.formula_measures import nesting
from tests.support.live_bench import YEAR, Bench, calculate, make
from tests.support.live_forms import Drawer, Drawn
from tests.support.live_parity import ERRORS, Parity, Tally
from tests.support.sources import ROOT
from tests.support.submissions import (
    GOOD,
    GOOD_DRILL,
    GOOD_LABELS,
    GOOD_VISITS,
    drill_rules,
    label_rules,
    report_rules,
    visit_rules,
)

FORMS = draws(18, full=90)
SEED = seed()
PAGE = ROOT / "docs" / "parity.md"
LEAST = 100
"""Comparisons of classes and verdicts that each form of the report is good for."""
EACH = 3
"""Of how many forms one is calculated by Gnumeric too."""

KNOWN = frozenset(
    [
        "ABS",
        "AND",
        "CHAR",
        "COUNT",
        "COUNTIF",
        "DATE",
        "EXACT",
        "FIND",
        "IF",
        "IFERROR",
        "INDEX",
        "INT",
        "ISBLANK",
        "ISERROR",
        "ISLOGICAL",
        "ISNUMBER",
        "LEFT",
        "LEN",
        "LOOKUP",
    ]
)
KNOWN |= {
    "LOWER",
    "MATCH",
    "MAX",
    "MID",
    "MIN",
    "MOD",
    "NOT",
    "OR",
    "RIGHT",
    "ROUND",
    "ROW",
    "SUBSTITUTE",
    "SUM",
    "SUMPRODUCT",
    "TEXT",
    "TRIM",
    "VALUE",
}
"""Functions that Excel 2010, WPS and LibreOffice all have."""


def examples(rules: RuleSet, drawer: Drawer, tally: Tally) -> Iterator[tuple[str, Drawn]]:
    """Yield the rules' own examples for what no drawn form has proven."""
    for rule in rules.rules:
        for example in (*rule.ok, *rule.bad):
            if not rule.clerk_only and not (rule.id in tally.failing and rule.id in tally.passing):
                yield f"{rule.id} {example}", drawer.example(rule, example)


def figures_row(rules: RuleSet, tally: Tally, forms: int) -> str:
    """Return the line of docs/parity.md about a form."""
    live = [rule for rule in rules.rules if not rule.clerk_only]
    compared = [
        tally.compared[what]
        for what in ("class", "state", "field", "own check", "relation", "row", "table row", "engine")
    ]
    seeds = f"{SEED} to {SEED + forms - 1}"
    figures = (rules.form.id, seeds, *compared, tally.total, len(tally.differences), f"{len(live)} of {len(live)}")
    return "| " + " | ".join(map(str, figures)) + " |"


def write_row(rules: RuleSet, row: str) -> None:
    """Put the line of a form into docs/parity.md in place of the one that stands there."""
    lines = PAGE.read_text("utf-8").splitlines()
    kept = [row if line.startswith(f"| {rules.form.id} |") else line for line in lines]
    PAGE.write_text("\n".join(kept) + "\n", "utf-8")


@pytest.mark.timeout(0 if FORMS > 18 else 600)
@pytest.mark.parametrize(
    ("rules", "good", "forms", "least"),
    [
        pytest.param(report_rules(), GOOD, FORMS, LEAST * FORMS, id="report"),
        pytest.param(drill_rules(), GOOD_DRILL, FORMS // 3, LEAST * FORMS // 20, id="drill"),
        pytest.param(label_rules(), GOOD_LABELS, FORMS // 2, LEAST * FORMS // 60, id="labels"),
        pytest.param(visit_rules(), GOOD_VISITS, FORMS, LEAST * FORMS // 10, id="visits"),
    ],
)
def test_sheet_and_checker_agree(
    soffice: LibreOffice,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    rules: RuleSet,
    good: Mapping[str, Any],
    forms: int,
    least: int,
) -> None:
    """Random forms, filled in through LibreOffice: the same class, the same verdict, and every rule proven."""
    tally = Tally()
    parity, drawer = Parity(rules, tally), Drawer(rules, good)
    with soffice.open(make(rules, tmp_path / "template.xlsx")) as document:
        bench = Bench(document, rules, parity, tmp_path)
        for number in range(SEED, SEED + forms):
            bench.compare(drawer.draw(number), f"seed {number}")
            if number % EACH == 0:
                bench.compare_engines(drawer.draw(number), f"seed {number}")
        for place, drawn in examples(rules, drawer, tally):
            bench.compare(drawn, place)
    counts = ", ".join(f"{number} {what}" for what, number in sorted(tally.compared.items()))
    said = f"{rules.form.id}: seeds {SEED} to {SEED + forms - 1}, {tally.total} comparisons ({counts})"
    with capsys.disabled():
        sys.stdout.write(f"\n{said}, {len(tally.differences)} differences\n")
    if os.environ.get("GWXL_WRITE_DOCS"):
        write_row(rules, figures_row(rules, tally, forms))
    assert any(line.startswith(f"| {rules.form.id} |") for line in PAGE.read_text("utf-8").splitlines())
    assert tally.differences[:20] == []
    assert tally.compared["class"] + tally.compared["relation"] >= least
    live = {rule.id for rule in rules.rules if not rule.clerk_only}
    assert (live - tally.failing, live - tally.passing) == (set(), set())


# What is written


def formulas(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield sheet, address and formula of a workbook."""
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            yield from ((sheet.title, cell.coordinate, str(cell.value)) for cell in row if cell.data_type == "f")


@pytest.mark.parametrize(
    ("rules", "answers"),
    [
        pytest.param(report_rules(), {}, id="blank"),
        pytest.param(report_rules(), GOOD, id="good"),
        pytest.param(
            report_rules(),
            {
                **GOOD,
                "site_code": "12345",
                "site_icp_number": " 无 ",
                "site_name": "甲\u3000乙\n",
                "release_total": "约300",
                "concern_responses": "无",
                "messages_average_days": Decimal("400.5"),
                "service_items_online": 999,
                "site_unique_visitors": Decimal("1.5"),
                "has_new_media": False,
                "has_smart_qa": "部分",
                "weibo_posts": 0,
                "wechat_name": "/",
                "innovations.other": "?",
                "innovations.accessible": "×",
                "other_media": ({"product_type": "客户端"}, {"posts": -1, "platform_name": "无"}, {"posts": "3万"}),
            },
            id="wrong",
        ),
        pytest.param(
            report_rules(),
            {
                **GOOD,
                "messages_resolved": 520,
                "concern_responses": "无",
                "columns_opened": 99,
                "weibo_name": "甲发布、乙发布",
                "other_media": ({"product_type": "客户端"}, {"posts": 3, "platform_name": "商店"}),
                "said": {
                    "messages_received": "含上年　结转",
                    "concern_responses": "\u00a0确实没有\n",
                    "columns_opened": "是 \u200b",
                    "weibo_name": "=1+1",
                    "other_media": "已停用",
                    "innovations.other": "说明",
                    "site_name": " ",
                    "site_code": "\u3164\u200c\u2800\u00ad",
                },
            },
            id="explained",
        ),
        pytest.param(drill_rules(), GOOD_DRILL, id="drill"),
        pytest.param(visit_rules(), GOOD_VISITS, id="visits"),
        pytest.param(visit_rules(), {**GOOD_VISITS, "has_visited": False, "topics": ()}, id="visits not asked"),
        pytest.param(visit_rules(), {**GOOD_VISITS, "has_visited": "?", "planned": None}, id="visits unsure"),
        pytest.param(drill_rules(), {**GOOD_DRILL, "held_on": "2026-05-01", "planned_on": "明天"}, id="drill wrong"),
    ],
)
def test_stored_values_are_what_the_formulas_give(
    soffice: LibreOffice, tmp_path: Path, rules: RuleSet, answers: Mapping[str, Any]
) -> None:
    """A program that does not calculate sees what LibreOffice calculates, in every helper and check cell."""
    filled = {key: value for key, value in answers.items() if key not in {"innovations", "said"}}
    path = make(rules, tmp_path / "a.xlsx", explanations=answers.get("said"), **filled)
    stored = openpyxl.load_workbook(path, data_only=True)
    written = list(formulas(path))
    with soffice.open(path) as document:
        document.recalculate()
        shown = {
            title: document.values(title, f"A1:{column_letters(sheet.max_column)}{sheet.max_row}")
            for title, sheet in ((sheet.title, sheet) for sheet in stored.worksheets)
            if any(place[0] == title for place in written)
        }
    for title, address, _ in written:
        cell = stored[title][address]
        value = None if cell.value in ERRORS else "" if cell.value is None else cell.value
        assert shown[title][cell.row - 1][cell.column - 1] == value, f"{title}!{address}"


@pytest.mark.parametrize(
    "rules", [report_rules(), drill_rules(), label_rules(), visit_rules()], ids=["report", "drill", "labels", "visits"]
)
def test_formulas_use_what_every_program_has(tmp_path: Path, rules: RuleSet) -> None:
    """No function is newer than Excel 2010, and a table's row is judged by one formula of at most 400 characters."""
    path = make(rules, tmp_path / "a.xlsx")
    found = list(formulas(path))
    assert len(found) > 100
    for title, address, formula in found:
        bare = re.sub(r'"(?:[^"]|"")*"', "", formula)
        assert set(re.findall(r"([A-Z][A-Z0-9.]*)\(", bare)) <= KNOWN, address
        if title in {area.sheet for area in lay_out(rules.form).tables}:
            assert len(formula) <= 400, address


def test_no_formula_of_a_seen_sheet_points_to_one_cell_that_can_be_dragged(tmp_path: Path) -> None:
    """Dragging a cell takes the references to it along: inputs are named by ranges of several cells."""
    path = make(report_rules(), tmp_path / "a.xlsx")
    layout = lay_out(report_rules().form)
    inputs = {(cell.sheet, cell.row, cell.column) for cell in (*layout.cells.values(), *layout.explanations.values())}
    graph = Formulas.of(path)
    for formula in graph.cells:
        for area in graph.areas(formula.text, formula.area):
            single = (area.top, area.left) == (area.bottom, area.right)
            assert not single or (area.sheet, area.top, area.left) not in inputs, formula


def test_helpers_are_out_of_sight_and_locked(tmp_path: Path) -> None:
    """Every formula is locked; those that are not seen stand on one very hidden sheet."""
    book = openpyxl.load_workbook(make(report_rules(), tmp_path / "a.xlsx"))
    assert book[LIVE_SHEET].sheet_state == "veryHidden"
    for title, address, _ in formulas(tmp_path / "a.xlsx"):
        assert book[title][address].protection.locked
        assert title == LIVE_SHEET or book[title][address].column_letter in {"C", "G", "H", "J"}


def test_the_sheets_that_are_read_stay_small(tmp_path: Path) -> None:
    """A reader of answers opens form and table sheet, which hold a fourth and less of what they once did."""
    with ZipFile(make(report_rules(), tmp_path / "a.xlsx")) as package:
        sizes = [package.getinfo(f"xl/worksheets/sheet{number}.xml").file_size for number in (1, 2)]
    assert sizes[0] < 67_600
    assert sizes[1] < 15_000


def test_size_and_time_stay_small(tmp_path: Path) -> None:
    """The template stays under 120 kB."""
    assert make(report_rules(), tmp_path / "a.xlsx").stat().st_size < 120_000


# What the filler sees


@pytest.fixture
def layout() -> Any:
    """Return where everything stands."""
    return lay_out(report_rules().form)


@pytest.mark.parametrize(
    ("entries", "remarks", "key", "shown"),
    [
        ({}, {}, "release_total", "待填"),
        ({"release_total": 5.0}, {}, "release_total", "✓ 已填"),
        ({"release_total": "5"}, {}, "release_total", "✗ 错误 不是数字，请重新输入 A09"),
        ({"release_total": "无"}, {}, "release_total", "! 核实 数量填了“无”：是 0，还是没有填报？ A09c"),
        ({"release_total": "无"}, {"release_total": "无法统计"}, "release_total", "✓ 已说明 A09c"),
        ({"release_total": 1.5}, {}, "release_total", "✗ 错误 数量应为整数 A09"),
        ({}, {}, "weibo_name", ""),
        ({"weibo_name": "无"}, {}, "weibo_name", ""),
        ({"weibo_name": "示例发布"}, {}, "weibo_name", "! 核实 微博填了名称，没有填数量 B22c"),
        ({"messages_resolved": 3.0}, {}, "messages_average_days", "✗ 错误 有办结留言时应填平均办理时间 A10c"),
        (
            {"messages_resolved": 6.0, "messages_received": 5.0},
            {},
            "messages_received",
            "! 核实 办结留言一般不超过收到留言 B13",
        ),
        (
            {"messages_resolved": 6.0, "messages_received": 5.0},
            {"messages_resolved": "上年结转"},
            "messages_received",
            "✓ 已说明 B13",
        ),
        ({"site_code": "0000000001", "site_name": "甲"}, {}, "innovations", "· 提示 创新发展一项都没有勾选 B27a"),
        ({"other_media[1].posts": -1.0}, {}, "other_media", "✗ 错误 请看工作表“其他新媒体”"),
        ({"other_media[1].product_type": "客户端"}, {}, "other_media", "! 核实 请看工作表“其他新媒体”"),
        ({"other_media[1].product_type": "客户端"}, {"other_media": "没有其他"}, "other_media", "✓ 已说明"),
    ],
)
def test_rows_say_what_is_wrong(
    soffice: LibreOffice, blank: Path, layout: Any, *, entries: Any, remarks: Any, key: str, shown: str
) -> None:
    """A row shows 待填 in its own column, or the first trouble with severity and rule, 已说明, ✓ or nothing."""
    with soffice.open(blank) as document:
        for sheet, cells in Drawn(entries=entries, remarks=remarks).by_sheet(layout).items():
            document.fill(sheet, {address: entry for address, entry in cells.items() if entry is not None})
        document.recalculate()
        places = (layout.checks[key], layout.pending[key])
        assert "".join(document.read(layout.sheet, place.address)["text"] for place in places) == shown


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the blank template once."""
    return make(report_rules(), tmp_path_factory.mktemp("live") / "blank.xlsx")


def test_dragging_an_input_does_not_move_what_is_judged(soffice: LibreOffice, blank: Path, layout: Any) -> None:
    """After D8 is dragged to D9, row 8 is judged as empty and row 9 by what stands there now."""
    upper, lower = layout.cells["messages_received"], layout.cells["messages_resolved"]
    assert lower.row == upper.row + 1
    with soffice.open(blank) as document:
        document.fill(layout.sheet, {upper.address: 5.0, lower.address: 6.0})
        document.fill(layout.sheet, {layout.cells["messages_average_days"].address: 2.0})
        document.recalculate()
        assert document.read(layout.sheet, layout.checks["messages_resolved"].address)["text"].endswith(" B13")
        document.unprotect(layout.sheet)
        document.do("drag", layout.sheet, area=upper.address, to=lower.address)
        document.recalculate()
        shown = [
            document.read(layout.sheet, layout.checks[key].address)["text"]
            for key in ("messages_received", "messages_resolved")
        ]
        assert shown == ["", "✓ 已填"]
        assert document.read(layout.sheet, layout.pending["messages_received"].address)["text"] == "待填"


def test_typing_is_judged_at_once(soffice: LibreOffice, blank: Path, layout: Any) -> None:
    """What is typed is judged without saving or recalculating, and the progress counts it."""
    with soffice.open(blank) as document:
        assert document.type(layout.sheet, layout.cells["service_items_online"].address, "13")
        assert document.type(layout.sheet, layout.cells["service_items"].address, "12")
        shown = document.read(layout.sheet, layout.checks["service_items"].address)["text"]
        assert shown == "✗ 错误 可全程在线办理事项不超过事项总数 B08"
        assert document.read(layout.sheet, "C2")["text"] == "填报进度　已填 2/45　错误 1　待核实 0"


def test_rows_inserted_into_a_table_count(soffice: LibreOffice, blank: Path, layout: Any) -> None:
    """A table filled only in a row the filler inserted counts as filled."""
    (table,) = layout.tables
    with soffice.open(blank) as document:
        document.unprotect(table.sheet)
        document.insert_rows(table.sheet, table.end_row)
        document.fill(table.sheet, {f"C{table.end_row}": "客户端"})
        document.fill(layout.sheet, {layout.cells["has_new_media"].address: "否"})
        document.recalculate()
        shown = document.read(layout.sheet, layout.checks["has_new_media"].address)["text"]
        assert shown == "✗ 错误 没有移动新媒体时，微博、微信、其他应为空 B20"


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_each_format_is_judged_alike(
    soffice: LibreOffice, blank: Path, layout: Any, tmp_path: Path, suffix: str
) -> None:
    """Saved in another format and calculated anew by LibreOffice and by Gnumeric, every check says what it said."""
    entries: dict[str, float | str | None] = {
        layout.cells["site_name"].address: "示例网",
        layout.cells["release_total"].address: "300条",
        layout.cells["service_items"].address: 12.0,
        layout.cells["service_items_online"].address: 13.0,
        layout.cells["messages_resolved"].address: 6.0,
    }
    areas = {layout.sheet: f"G1:G{layout.rows[-1].number}", layout.tables[0].sheet: "H1:H26"}
    with soffice.open(blank) as document:
        document.fill(layout.sheet, entries)
        document.fill(layout.tables[0].sheet, {"C5": "客户端", "F5": 1.5, "C6": "小程序", "F6": 3.0})
        document.recalculate()
        said = {sheet: document.values(sheet, area) for sheet, area in areas.items()}
        saved = document.save(tmp_path / f"saved{suffix}")
    assert said[layout.tables[0].sheet][4] == ["✗ 错误 数量应为整数 A09"]
    with soffice.open(saved) as document:
        document.recalculate()
        assert {sheet: document.values(sheet, area) for sheet, area in areas.items()} == said
    other = calculate(saved, tmp_path / "gnumeric.xlsx")
    for sheet, rows in said.items():
        assert [[other[sheet].get(f"{areas[sheet][0]}{row}") or ""] for row in range(1, len(rows) + 1)] == rows


def test_the_reader_is_not_disturbed(blank: Path, tmp_path: Path) -> None:
    """A blank and a good workbook come back with no finding about the file itself."""
    rules = report_rules()
    ids = {rule.id for rule in rules.rules}
    (receipt,) = check_file(blank, "a.xlsx", Terms(rules, period=Period(YEAR)))
    assert {finding.id for finding in receipt.findings} <= ids
    (receipt,) = check_file(make(rules, tmp_path / "good.xlsx", **GOOD), "a.xlsx", Terms(rules, period=Period(YEAR)))
    assert (receipt.status, receipt.findings) == (Status.OK, ())


# What formulas cannot say


def test_exactly_the_rules_without_a_formula_say_why() -> None:
    """A rule either speaks in the sheet or has a reason why only the clerk's machine judges it."""
    for rules in (report_rules(), drill_rules()):
        live = Parity(rules, Tally()).live
        checks = [check for one in live.checks.values() for check in one]
        spoken = {check.rule.id for check in checks} | set(live.relations)
        for area in live.tables:
            columns = [rules.cells.at(FormPath(area, column.key)) for column in rules.form.fields[area].columns]
            spoken |= {id_ for cell in columns for limit, id_ in cell.ids.items() if limit != "read"}
        silent = {rule.id for rule in rules.rules if rule.clerk_only}
        assert spoken | silent == {rule.id for rule in rules.rules}
        # What only a pattern hinders still marks a blank as to be filled in.
        assert spoken & silent <= {check.rule.id for check in checks if check.behind == "required"}


def operands(relation: Relation) -> Mapping[str, Operand]:
    """Return short formulas for the names of a relation."""
    return {
        name: Operand(
            wrong=Formula(f"W{name}", value=False),
            missing=Formula(f"M{name}", value=False),
            filled=Formula(f"F{name}", value=True),
            value=Formula(f"V{name}", value=1),
        )
        for name in relation.names
    }


@pytest.mark.parametrize(
    ("id_", "formula"),
    [
        (
            "R01",
            (
                "IFERROR(IF(OR(Wevacuated,Wparticipants),10000,IF(OR(Mevacuated,Mparticipants),9999,"
                "IF(IF(Vevacuated<=Vparticipants,1,0)=1,9999,7))),9999)"
            ),
        ),
        (
            "R02",
            (
                "IFERROR(IF(OR(Wheld_on,Wplanned_on),10000,IF(OR(Mheld_on,Mplanned_on),9999,"
                "IF(IF(Vheld_on>=Vplanned_on,1,0)=1,9999,7))),9999)"
            ),
        ),
    ],
)
def test_relations_as_formulas(id_: str, formula: str) -> None:
    """A relation waits for what is wrong, is silent about blanks, and says the number of its words."""
    rules = drill_rules()
    relation = next(one for one in rules.relations if isinstance(one, Relation) and one.rule.id == id_)
    writer = RelationWriter(LiveSheet(), rules.form, operands(relation))
    assert writer.verdict(relation, literal(7)).text == formula


def own(folder: Path, rules: RuleSet, file: str, old: str, new: str) -> RuleSet:
    """Load the rules of a form with one text replaced."""
    folder.mkdir(exist_ok=True)
    for source in rules_folder(rules.form.folder).glob("*.toml"):
        text = source.read_text("utf-8")
        assert source.name != file or old in text
        (folder / source.name).write_text(text.replace(old, new) if source.name == file else text, "utf-8")
    return load_rules(folder, rules.form)


def test_a_deep_expression_is_spread_over_cells(tmp_path: Path) -> None:
    """What would nest too deep for .xls in one formula stands in several cells."""
    old = '"departments.outside == filled(outside_name)"'
    twice = "(filled(outside_name) == " * 12 + "departments.outside" + ")" * 12
    rules = own(tmp_path / "rules", drill_rules(), "relations.toml", old, f'"{twice}"')
    path = make(rules, tmp_path / "a.xlsx")
    assert max(nesting(formula) for _, _, formula in formulas(path)) <= 7
    assert max(len(formula) for _, _, formula in formulas(path)) <= 1024


def test_a_literal_too_long_for_excel_names_its_rule(tmp_path: Path) -> None:
    """A formula declared beside a pattern is held to Excel's limits too."""
    long = "字" * 256
    rules = own(
        tmp_path / "rules",
        drill_rules(),
        "cells.toml",
        'regex = "D[0-9]{4}"',
        f"regex = 'D[0-9]{{4}}', excel = 'EXACT({{value}},\"{long}\")'",
    )
    with pytest.raises(WorkbookError, match=r"drill_code.*K02.*256 characters"):
        make(rules, tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("regex = 'D[0-9]{4}', excel = 'TRUE'", "is a condition on {value}"),
        ("regex = 'D[0-9]{4}', excel = '=LEN({value})=5'", "without ="),
        ("excel = 'LEN({value})=5'", "there is none, or two"),
    ],
)
def test_declared_formulas_are_checked(tmp_path: Path, new: str, reason: str) -> None:
    """A formula stands beside a pattern and speaks about the text."""
    with pytest.raises(RuleError, match=re.escape(reason)):
        own(tmp_path / "rules", drill_rules(), "cells.toml", 'regex = "D[0-9]{4}"', new)


def test_a_declared_formula_makes_a_rule_live(tmp_path: Path) -> None:
    """With a formula beside its pattern a rule is judged by both."""
    new = """regex = "D[0-9]{4}", excel = 'AND(LEN({value})=5,EXACT(LEFT({value},1),"D"))'"""
    rules = own(tmp_path / "rules", drill_rules(), "cells.toml", 'regex = "D[0-9]{4}"', new)
    assert drill_rules().rule("K02").clerk_only
    assert rules.rule("K02").clerk_only == ""
