"""Rows of a table that count something twice, or whose cells may belong to others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Protection

from gwxl.batch.batch import Batch
from gwxl.batch.decision import Decision
from gwxl.batch.judging import judge_batch
from gwxl.documents.checked import file_document
from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.intake import check_file
from gwxl.intake.started_rows import Line, find_moved_columns, totals_in
from gwxl.intake.total_words import denies_total, is_total, plain, says_total
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer
from gwxl.returns.comparing import find_done
from gwxl.returns.planning import Sending
from gwxl.returns.returning import send_receipts
from gwxl.template import State
from gwxl.terms import Terms
from gwxl.totals.adding import totals
from gwxl.totals.figure import Why, countable
from tests.support.clients.libreoffice import LibreOffice
from tests.support.submissions import GOOD, GOOD_DRILL, drill_rules, report_form, report_rules
from tests.support.written import write_template

LAYOUT = lay_out(report_form())
TABLE = LAYOUT.tables[0]
COLUMNS = tuple(TABLE.columns)
APP = ("移动客户端", "应用商店", "某某通", 301, 2003)
MINI = ("小程序", "微信", "某某办", 11, 21)
TAX = ("小程序", "支付宝", "某某查", 13, 40)

Row = Sequence[Any]
YEAR = 2026


def make_rows(path: Path, rows: Sequence[Row], explanation: str = "") -> Path:
    """Write the complete good return with these rows in its table; a text that begins with = is a formula."""
    lines = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    values = {**GOOD, "other_media": ()}
    said = {"other_media": explanation} if explanation else None
    identity = issue_identity(report_form(), period=Period(YEAR))
    write_template(report_rules(), path, identity=identity, answers=values, explanations=said, force=True)
    book = openpyxl.load_workbook(path)
    for number, line in enumerate(lines, TABLE.first_row):
        for key, entry in line.items():
            book[TABLE.sheet].cell(number, TABLE.columns[key]).value = entry
    book.save(path)
    return path


def check(path: Path) -> Receipt:
    """Check a file that holds one return."""
    (receipt,) = check_file(path, path.name, Terms(report_rules()))
    return receipt


def read(folder: Path, *rows: Row, explanation: str = "") -> Receipt:
    """Write a return with these rows and check it."""
    return check(make_rows(folder / "return.xlsx", rows, explanation))


def doubts(receipt: Receipt) -> list[tuple[str, str | None]]:
    """Return id and path of what is doubted about rows and nobody has answered."""
    return [(one.id, one.key) for one in receipt.findings if one.id in {"D11", "D12", "D13"} and one.open]


def add_up(*receipts: Receipt) -> tuple[object, object, object]:
    """Return rows, posts and followers of the table's totals."""
    found = totals(report_form(), receipts)
    return tuple(
        found[FormPath.parse(key)].value
        for key in ("other_media", "other_media.posts", "other_media.followers_or_downloads")
    )  # type: ignore[return-value]


@pytest.mark.parametrize(
    "words",
    [
        "合计",
        "合 计",
        "合　计",
        "总计",
        "小计：",
        "共计",
        "合计（2个）",
        "Total",
        "SUB TOTAL",
        "以上合计",
        "总 和",
        "共计2个",
        "合\u200b计",
    ],
)
def test_what_a_total_is_called(words: str) -> None:
    """Blanks, brackets and colons around the word do not matter."""
    assert is_total(plain(words))


@pytest.mark.parametrize(
    "words", ["合计通", "统计", "总计划", "小计算器", "Totally", "不合计", "", "累计奖励平台", "计"]
)
def test_what_is_not_called_a_total(words: str) -> None:
    """A name that holds the word is a name."""
    assert not is_total(plain(words))


@pytest.mark.parametrize(
    ("words", "says", "denies"),
    [
        ("第3行不是合计，是一个产品", True, True),
        ("不是前面各行的合计", True, True),
        ("并非合 计", True, True),
        ("It is not a total.", True, True),
        ("最后一行是合计", True, False),
        ("不是产品，是合计", True, False),
        ("用户数为下载量", False, False),
    ],
)
def test_what_an_explanation_says(words: str, says: bool, denies: bool) -> None:  # noqa: FBT001 - two answers
    """An explanation may call a row a total, say that it is none, or speak of something else."""
    assert (says_total(words), denies_total(words)) == (says, denies)


TOTALS: Mapping[str, tuple[Sequence[Row], int]] = {
    "word in every column": ((APP, MINI, ("合计", "合计", "合计", 312, 2024)), 3),
    "word in the first column": ((APP, MINI, ("合 计", None, None, 312, 2024)), 3),
    "word in the last text column": ((APP, MINI, (None, None, "总计", 312, 2024)), 3),
    "word over two columns": ((APP, MINI, ("合", "计", None, 312, 2024)), 3),
    "word on top": ((("合计", None, None, 312, 2024), APP, MINI), 1),
    "word with other figures": ((APP, MINI, ("Total", None, None, 1000, None)), 3),
    "one row above": ((APP, ("小计", None, None, 301, 2003)), 2),
    "sums without a name": ((APP, MINI, (None, None, None, 312, 2024)), 3),
    "sums under a name": ((APP, MINI, ("全部", "全部", "全部产品", 312, 2024)), 3),
    "sums in the middle": ((APP, MINI, (None, None, None, 312, 2024), TAX), 3),
    "sums on top": ((("各平台", "各平台", "汇总", 312, 2024), APP, MINI), 1),
    "sums typed as text": ((APP, MINI, (None, None, None, "312", "2,024个")), 3),
    "formulas": ((APP, MINI, (None, None, None, "=SUM(F5:F6)", "=SUM(G5:G6)")), 3),
    "formula over one row": ((APP, ("全部", None, None, "=SUM(F5:F5)", None)), 2),
}


@pytest.mark.parametrize("name", TOTALS)
def test_total_rows(tmp_path: Path, name: str) -> None:
    """A row that adds others up is doubted and in no value and no total; every other row is."""
    rows, at = TOTALS[name]
    receipt = read(tmp_path, *rows)
    assert [(id_, str(key).partition(".")[0]) for id_, key in doubts(receipt)] == [("D11", f"other_media[{at}]")]
    items = [row for number, row in enumerate(rows, 1) if number != at]
    assert add_up(receipt) == (len(items), sum(row[3] for row in items), sum(row[4] for row in items))
    document = file_document(report_form(), receipt, values=True)["values"]["other_media"]
    assert [line["posts"] for line in document if line] == [row[3] for row in items]
    assert receipt.submission is not None
    figure = countable(report_form(), receipt, FormPath.parse(f"other_media[{at}].posts"))
    assert (figure.value, figure.counts) == (None, False)
    if rows[at - 1][3] is not None:
        assert figure.why is Why.ROW


def test_subtotals(tmp_path: Path) -> None:
    """Totals of parts and the total of all are told apart from what they add up."""
    part, rest = (None, None, None, 312, 2024), (None, None, None, 26, 80)
    rows = (APP, MINI, part, TAX, ("小程序", "百度", "某某行", 13, 40), rest, ("总计", None, None, 338, 2104))
    receipt = read(tmp_path, *rows)
    assert [key for _, key in doubts(receipt)] == [
        "other_media[3].posts",
        "other_media[6].posts",
        "other_media[7].product_type",
    ]
    assert add_up(receipt) == (4, 338, 2104)


ITEMS: Mapping[str, Sequence[Row]] = {
    "one product on two platforms": (APP, ("移动客户端", "华为应用市场", "某某通", 301, 1207)),
    "a product called so": (APP, MINI, ("小程序", "微信", "合计通", 5, 6)),
    "sums in one column only": (APP, MINI, ("小程序", "支付宝", "某某查", 312, 5)),
    "nothing to add up": tuple(("小程序", f"平台{place}", f"产品{place}", 0, 0) for place in range(4)),
    "as much as the only one that is not 0": (
        ("小程序", "微信", "甲", 0, 0),
        ("小程序", "微信", "乙", 5, 7),
        ("小程序", "微信", "丙", 5, 7),
    ),
    "one row": (APP,),
    "sum of constants": (APP, ("小程序", "微信", "某某办", "=SUM(10,2)", 21)),
}


@pytest.mark.parametrize("name", ITEMS)
def test_no_total_rows(tmp_path: Path, name: str) -> None:
    """What only resembles a total counts, and is not doubted."""
    rows = ITEMS[name]
    receipt = read(tmp_path, *rows)
    assert doubts(receipt) == []
    assert add_up(receipt)[0] == len(rows)


@given(st.lists(st.integers(0, 6), min_size=2, max_size=8), st.booleans())
def test_the_sums_of_all_rows_above_are_never_an_item(figures: list[int], twice: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever coincidences stand above it, the row that adds all of them up is found."""
    rows = [("小程序", "微信", f"产品{place}", one, one * twice) for place, one in enumerate(figures)]
    total = (None, None, None, sum(figures), sum(figures) * twice)
    found = totals_in(report_form().fields["other_media"], lines(*rows, total))
    assert (len(rows) + 1 in found) is any(figures)


def test_a_total_beside_the_number(tmp_path: Path) -> None:
    """The word may stand over the printed number of the row."""
    path = make_rows(tmp_path / "return.xlsx", [APP, MINI, (None, None, None, 312, 99)])
    book = openpyxl.load_workbook(path)
    book[TABLE.sheet].cell(TABLE.first_row + 2, 2).value = "合计"
    book.save(path)
    assert doubts(check(path)) == [("D11", "other_media[3].posts")]


TOTAL_ROW = ("合计", "合计", "合计", 312, 2024)
COINCIDENCE = ("小程序", "百度", "某某行", 312, 2024)


@pytest.mark.parametrize(
    ("row", "explanation", "rows"),
    [
        (TOTAL_ROW, "最后一行是合计", 2),
        (TOTAL_ROW, "用户数为下载量", 2),
        (TOTAL_ROW, "“合计”不是合计，是一个产品", 3),
        (COINCIDENCE, "最后一行是合计", 2),
        (COINCIDENCE, "某某行是单独的产品", 3),
        ((None, None, None, 312, 2024), "用户数为下载量", 2),
    ],
)
def test_an_explained_row(tmp_path: Path, row: Row, explanation: str, rows: int) -> None:
    """An explanation settles the doubt; the row counts where it says so, or where figures alone made the doubt."""
    receipt = read(tmp_path, APP, MINI, row, explanation=explanation)
    (finding,) = (one for one in receipt.findings if one.id == "D11")
    assert (finding.settled, finding.explanation) == (True, explanation)
    assert add_up(receipt) == ((2, 312, 2024) if rows == 2 else (3, 624, 4048))
    outcome = "不计入" if rows == 2 else "按所作说明计入"
    assert finding.arguments["outcome"] == outcome


def batch(receipt: Receipt, *decisions: Decision) -> Batch:
    """Judge a batch of one return."""
    return judge_batch(Terms(report_rules(), Period(YEAR)), [receipt], decisions)


@pytest.mark.parametrize(
    ("verb", "rows", "effect"),
    [("settle", (3, 624, 4048), "这一行计入"), ("reject", (2, 312, 2024), "这一行是合计，不计入")],
)
def test_a_clerk_decides_about_a_total_row(tmp_path: Path, verb: str, rows: tuple[int, int, int], effect: str) -> None:
    """A row the clerk says to be none counts; one she rejects stays out; either way nothing is left to decide."""
    receipt = read(tmp_path, APP, MINI, TOTAL_ROW)
    (case,) = batch(receipt).decisions
    assert (case.rule, case.key) == ("D11", "other_media[3].product_type")
    assert case.question.endswith("（是合计、不计入的，填：不接受；不是合计、应当计入的，填：已核实）")
    judged = batch(receipt, replace(case, decision=verb, reason="电话核实"))
    assert [(one.decision, one.effect) for one in judged.decisions] == [(verb, f"已照办：{effect}")]
    assert add_up(*judged.accepted) == rows
    (settled,) = (one for one in judged.accepted[0].findings if one.id == "D11")
    assert (settled.settled, settled.explanation) == (True, "电话核实")


REPEATS: Mapping[str, tuple[Sequence[Row], str | None]] = {
    "the same row": ((APP, MINI, APP), "other_media[3].product_type"),
    "written otherwise": ((APP, ("移动 客户端", "应用商店", "某某通 ", "301", 2003)), "other_media[2].product_type"),
    "with other figures": ((APP, ("移动客户端", "应用商店", "某某通", 300, 2000)), "other_media[2].product_type"),
    "on another platform": ((APP, ("移动客户端", "华为", "某某通", 301, 2003)), None),
    "under another name": ((APP, ("移动客户端", "应用商店", "某某达", 301, 2003)), None),
    "unfinished, with other figures": ((("小程序", None, None, 3, 4), ("小程序", None, None, 5, 6)), None),
}


@pytest.mark.parametrize("name", REPEATS)
def test_repeated_rows(tmp_path: Path, name: str) -> None:
    """A row that says what an earlier one says is doubted; it is counted, as a doubt always is."""
    rows, key = REPEATS[name]
    receipt = read(tmp_path, *rows)
    assert doubts(receipt) == ([("D12", key)] if key else [])
    assert add_up(receipt)[0] == len(rows)


def test_a_repetition_names_the_earlier_row(tmp_path: Path) -> None:
    """The message says where the row stands already; an explanation settles it."""
    receipt = read(tmp_path, APP, MINI, APP, explanation="两个版本")
    (finding,) = (one for one in receipt.findings if one.id == "D12")
    assert (finding.arguments["earlier"], finding.severity, finding.settled) == ("C5", Severity.VERIFY, True)


def lines(*rows: Row) -> list[Line]:
    """Return rows of the table as they were read."""
    asked = report_form().fields["other_media"]
    return [
        Line(
            asked=asked,
            number=number,
            answers={
                key: Answer(key=FormPath.parse(key), raw=str(value or ""), value=value, cell=None)
                for key, value in zip(COLUMNS, row, strict=True)
            },
        )
        for number, row in enumerate(rows, 1)
    ]


@pytest.mark.parametrize(
    ("rows", "blanks"),
    [
        ([APP, MINI, (*TAX[:3], None, 40)], [(3, "posts")]),
        ([APP, MINI, (*TAX[:3], None, None)], [(3, "posts"), (3, "followers_or_downloads")]),
        ([APP, (*MINI[:3], None, 21), (*TAX[:3], None, 40)], [(2, "posts"), (3, "posts")]),
        ([(*APP[:3], None, 2003), MINI, TAX, (None, None, None, 13, None)], [(1, "posts")]),
        ([(*APP[:3], None, None)], []),
        ([APP, MINI, TAX], []),
        ([APP, (*MINI[:3], None, 21), TAX], []),
        ([APP, MINI, ("小程序", None, None, None, None)], []),
        ([(*APP[:3], None, 1), (*MINI[:3], None, 2)], []),
        ([], []),
    ],
)
def test_moved_columns(rows: list[Row], blanks: list[tuple[int, str]]) -> None:
    """A column that ends before the others, or after them and has the blank above, may have been pushed."""
    assert [(line.number, key) for line, key in find_moved_columns(lines(*rows))] == blanks


def without_locks(path: Path) -> Path:
    """Save a workbook with every cell locked, as programs do that keep no styles."""
    book = openpyxl.load_workbook(path)
    for row in book[TABLE.sheet].iter_rows():
        for cell in row:
            cell.style = "Normal"
            cell.protection = Protection(locked=True)
    book.save(path)
    return path


def test_a_moved_column_without_locks_doubts_the_whole_table(tmp_path: Path) -> None:
    """Where nothing tells, an unfinished last row makes every row doubtful; where locks tell, only itself."""
    rows = ((*APP[:3], 11, 2003), (*MINI[:3], 13, 21), (*TAX[:3], None, 40))
    path = make_rows(tmp_path / "return.xlsx", rows)
    assert doubts(check(path)) == []
    receipt = check(without_locks(path))
    assert doubts(receipt) == [("D13", "other_media")]
    finding: Finding = next(one for one in receipt.findings if one.id == "D13")
    assert (finding.arguments["columns"], finding.arguments["cells"]) == ("信息发布量", "F7")
    assert ("B25", "other_media[3].posts") in [(one.id, one.key) for one in receipt.findings]
    complete = check(without_locks(make_rows(tmp_path / "complete.xlsx", (APP, MINI, TAX))))
    assert doubts(complete) == []


def test_a_total_row_goes_back(tmp_path: Path) -> None:
    """A return that is sent back shows the row with what is doubted; deleted by the filler, it is corrected."""
    receipt = read(tmp_path, APP, MINI, TOTAL_ROW)
    (sent,) = send_receipts(Terms(report_form().folder), [receipt], Sending(folder=tmp_path / "back"))
    assert sent.workbook is not None
    book = openpyxl.load_workbook(sent.workbook)
    sheet = book[TABLE.sheet]
    assert sheet.cell(TABLE.first_row + 2, 3).value == "合计"
    assert "像是其他各行的合计" in str(sheet.cell(TABLE.first_row + 2, TABLE.review_column).value)
    for column in TABLE.columns.values():
        sheet.cell(TABLE.first_row + 2, column).value = None
    book.save(tmp_path / "again.xlsx")
    again = check(tmp_path / "again.xlsx")
    assert (doubts(again), add_up(again)) == ([], (2, 312, 2024))
    done = [(one.rule, one.state) for one in find_done(again, report_rules(), Period(YEAR))]
    assert done == [("D11", State.FIXED)]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".fods"])
def test_every_format(soffice: LibreOffice, tmp_path: Path, suffix: str) -> None:
    """Totals by word and by formula, and repetitions, are found in whatever format a return was saved."""
    rows = (APP, MINI, APP, (None, None, "合 计", "=SUM(F5:F7)", "=SUM(G5:G7)"))
    source = make_rows(tmp_path / "source.xlsx", rows)
    receipt = check(soffice.convert(source, tmp_path / f"return{suffix}"))
    assert doubts(receipt) == [("D12", "other_media[3].product_type"), ("D11", "other_media[4].product_name")]
    assert add_up(receipt) == (3, 613, 4027)
    pushed = check(soffice.convert(_push(source), tmp_path / f"pushed{suffix}"))
    assert (pushed.status.value, [one.id for one in pushed.findings if one.id == "L25"]) == ("held", ["L25"])


def _push(path: Path) -> Path:
    """Delete one cell of a column, shift the cells below it up, and keep no lock."""
    book = openpyxl.load_workbook(path)
    book[TABLE.sheet].move_range(f"F{TABLE.first_row + 1}:F{TABLE.foot_row}", rows=-1)
    book.save(path)
    return without_locks(path)


def test_another_form(tmp_path: Path) -> None:
    """A table of a form of other shape is looked at the same way, decimals and dates included."""
    lines: list[dict[str, Any]] = [
        {"item": "灭火器", "pieces": 10, "weight": 20, "checked_on": "2026-03-01"},
        {"item": "水带", "pieces": 5, "weight": 7, "checked_on": "2026-03-02"},
        {"item": "水带", "pieces": 5, "weight": 7, "checked_on": "2026-03-02"},
        {"item": "总计", "pieces": 20, "weight": 34},
    ]
    table = next(area for area in lay_out(drill_rules().form).tables)
    path = tmp_path / "drill.xlsx"
    identity = issue_identity(drill_rules().form, period=Period(YEAR))
    values = {**GOOD_DRILL, table.field.key: tuple(lines)}
    write_template(drill_rules(), path, identity=identity, answers=values, force=True)
    (receipt,) = check_file(path, path.name, Terms(drill_rules()))
    assert doubts(receipt) == [("D12", f"{table.field.key}[3].item"), ("D11", f"{table.field.key}[4].item")]
    found = totals(drill_rules().form, [receipt])
    assert found[FormPath.parse(f"{table.field.key}.pieces")].value == 20
