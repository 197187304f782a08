"""A matrix goes out in its own shape, and each of its cells is read, judged and told as any other field."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.form.definition import Form
from gwxl.form.layout import lay_out
from gwxl.form.loading import load_form
from gwxl.records.path import Path as FormPath
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, places, refusal, run, say
from tests.support.filling import fill
from tests.support.matrices import FORM, SHEET, Desk, answers
from tests.support.submissions import FORMS

TOTALS = {
    "requests[new].all": 30,
    "requests[carried].all": 6,
    "requests[granted].all": 15,
    "requests[secret].all": 6,
    "requests[other_reason].all": 9,
    "requests[done].person": 10,
    "requests[done].company": 10,
    "requests[done].other": 10,
    "requests[done].all": 30,
    "requests[pending].all": 6,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Make the template of the form as it is."""
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def form() -> Form:
    """Return the form."""
    return load_form(FORM)


def told(file: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return id, path and cell of each finding."""
    return [(one["id"], one["key"], one["cell"]) for one in file["findings"]]


def test_the_table_of_an_official_report_prints_on_one_page(tmp_path: Path, soffice: LibreOffice) -> None:
    """25 rows under heads and 7 columns stand on one of three pages; the instructions name the matrix once."""
    desk = Desk(tmp_path, FORMS / "openness_report")
    assert sum(path.startswith("requests") for path in desk.cells) == 25 * 7
    pages = soffice.render(tmp_path / "blank.xlsx", tmp_path / "pages")
    assert len(pages) == 3


def test_each_cell_is_a_field_with_a_label_of_its_own(form: Form) -> None:
    """A closed cell is none; a label that two rows bear is told by its head."""
    paths = [path for path in form.fields if path.startswith("requests")]
    assert len(paths) == 7 * 4 - 1
    assert "requests[secret].other" not in paths
    assert form.label(FormPath("requests[granted].company")) == "予以公开·商业企业"
    assert len({form.label(FormPath(path)) for path in paths}) == len(paths)
    assert form.label_path(FormPath("requests[new].person")).endswith("申请办理情况 › 本年新收·自然人")
    assert FormPath("requests", "person", "new").defined_name == "gwxl_requests__new__person"


def test_the_sheet_has_the_shape_of_the_form(desk: Desk, form: Form) -> None:
    """Heads are merged over what stands under them; totals and closed cells are locked, and it prints on one page."""
    sheet = openpyxl.load_workbook(desk.folder / "blank.xlsx")[SHEET]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B4:D5", "E4:E5", "F4:G4", "H4:H5", "B6:D6", "B8:B11", "C9:C10", "C11:D11"} <= merged
    assert (sheet["B8"].value, sheet["C9"].value, sheet["D9"].value) == (
        "三、本年度办理结果",
        "（二）不予公开",
        "1.属于国家秘密",
    )
    area = lay_out(form).matrices[0]
    for path, cell in area.cells.items():
        assert sheet.cell(cell.row, cell.column).protection.locked is form.fields[path].is_calculated, path
    assert sheet["G9"].protection.locked
    parts = "E8:G8,E9:F9,E10:G10"
    adds = f'=IF(AND(COUNT({parts})=8,COUNTA({parts})=COUNT({parts})),SUM({parts}),"")'
    assert sheet["H11"].value == adds
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize("kind", ["xlsx", "ods", "fods", "xls"])
def test_it_is_read_in_every_format(desk: Desk, soffice: LibreOffice, kind: str) -> None:
    """Cells come back with what was typed, totals with what they come to, whatever program saved them."""
    path = desk.fill("filled.xlsx")
    path = soffice.convert(path, desk.folder / f"saved.{kind}")
    file = desk.check(path)
    assert file["findings"] == []
    assert file["values"] == answers() | TOTALS


def test_a_total_that_no_program_calculated_is_added_up(desk: Desk) -> None:
    """A library that wrote the file left no result of the formulas."""
    file = desk.check(desk.fill("library.xlsx"))
    assert (file["findings"], file["values"]) == ([], answers() | TOTALS)


def test_a_total_that_was_typed_over_is_told_and_never_taken(desk: Desk) -> None:
    """What its cells come to counts; the same number typed is no fault."""
    path = desk.fill("over.xlsx", {"requests[new].all": 77, "requests[carried].all": 6})
    file = desk.check(path, 1)
    assert told(file) == [("W09", "requests[new].all", "H6")]
    assert file["values"]["requests[new].all"] == 30


def test_a_total_waits_for_what_must_be_filled_in(desk: Desk) -> None:
    """One blank is told once, at its cell: its totals are unknown, and relations between them wait."""
    file = desk.check(desk.fill("blank_cell.xlsx", {"requests[granted].person": None}), 1)
    assert told(file) == [("K02", "requests[granted].person", "E8")]
    assert {"requests[granted].all", "requests[done].person", "requests[done].all"}.isdisjoint(file["values"])


def test_what_stands_in_a_closed_cell_is_told(desk: Desk) -> None:
    """It is read into no value."""
    path = desk.fill("closed.xlsx")
    book = openpyxl.load_workbook(path)
    book[SHEET]["G9"] = 4
    book.save(path)
    file = desk.check(path, 1)
    assert [(one["id"], one["cell"]) for one in file["findings"]] == [("L43", "G9")]
    assert file["values"] == answers() | TOTALS


def test_a_relation_is_judged_in_each_column(desk: Desk, soffice: LibreOffice) -> None:
    """It names the column that failed; the sheet says the same beside the row, and in the row of the form."""
    path = soffice.convert(desk.fill("unequal.xlsx", {"requests[new].company": 99}), desk.folder / "unequal_saved.xlsx")
    file = desk.check(path, 1)
    assert told(file) == [("M01", "requests[new].company", "F6"), ("M01", "requests[new].all", "H6")]
    assert file["findings"][0]["message"].startswith("商业企业：F6「本年新收·商业企业」填 99")
    book = openpyxl.load_workbook(path, data_only=True)
    shown = [book[SHEET].cell(row, 9).value for row in range(6, 13)]
    wrong = "✗ 错误 第一项加第二项之和，等于第三项加第四项之和 M01（商业企业）"
    assert shown == [wrong, wrong, "✓ 已填", "✓ 已填", "✓ 已填", wrong, wrong]
    assert book["填报表"]["G10"].value == wrong.removesuffix("（商业企业）")


def test_rows_that_moved_are_found_by_key_and_label(desk: Desk, soffice: LibreOffice) -> None:
    """A row put in, and another program, change nothing; nor does the loss of every key, name and number."""
    path = desk.fill("moved.xlsx")
    with soffice.open(path) as sheet:
        sheet.unprotect(SHEET)
        sheet.insert_rows(SHEET, 6)
        moved = sheet.save(desk.folder / "moved_saved.xlsx")
    assert desk.check(moved)["values"] == answers() | TOTALS
    book = openpyxl.load_workbook(path)
    for cell in (*book[SHEET]["A"], *book[SHEET][3]):
        cell.value = None
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.save(desk.folder / "keyless.xlsx")
    file = desk.check(desk.folder / "keyless.xlsx")
    assert file["values"] == answers() | TOTALS


def test_cells_that_were_shifted_hold_the_return(desk: Desk) -> None:
    """Where cells of a column were pushed down, keys and labels agree and only the names show it."""
    book = openpyxl.load_workbook(desk.fill("shifted.xlsx"))
    for name, defined in book.defined_names.items():
        if name.startswith("gwxl_requests__") and name.endswith("__person"):
            title, _, place = defined.attr_text.partition("!")
            defined.attr_text = f"{title}!$E${int(place.rpartition('$')[2]) + 1}"
    book.save(desk.folder / "shifted.xlsx")
    file = desk.check(desk.folder / "shifted.xlsx", 1)
    assert (file["status"], "L10" in {one["id"] for one in file["findings"]}) == ("held", True)


def test_a_faulty_return_goes_back_with_its_answers(desk: Desk) -> None:
    """The workbook that goes back has the same faults at the same cells, and every answer."""
    path = desk.fill("wrong/a.xlsx", {"requests[new].company": "若干", "letters": 4})
    first = desk.check(path, 1)
    assert [one[0] for one in told(first)] == ["K01", "M01"]
    sent = document("return", "wrong", "--form", FORM, "-o", "back", cwd=desk.folder, code=1)
    (workbook,) = [desk.folder / one["workbook"] for one in sent["files"]]
    assert told(desk.check(workbook, 1)) == told(first)
    beside = openpyxl.load_workbook(workbook)[SHEET]["J6"].value
    assert beside.endswith("（K01）")


def test_a_merge_adds_up_each_cell(tmp_path: Path) -> None:
    """Each figure is there and can be explained; what was sent is published."""
    desk = Desk(tmp_path)
    desk.fill("inbox/1.xlsx")
    desk.fill(
        "inbox/2.xlsx",
        {"org_code": "A2", "org_name": "示例市乙局", "requests[new].person": 11, "requests[pending].person": 3},
    )
    merged = document("merge", "inbox", "--form", FORM, cwd=tmp_path)
    assert merged["counts"]["passed"] == 2
    found = {key: merged["totals"][key]["value"] for key in ("requests[new].person", "requests[new].all")}
    assert found == {"requests[new].person": 21, "requests[new].all": 61}
    assert "21" in say("explain", "requests[new].person", merged["summary"], cwd=tmp_path)
    say("publish", "inbox/1.xlsx", "--form", FORM, "-o", "page.html", cwd=tmp_path)
    assert "予以公开" in (tmp_path / "page.html").read_text("utf-8")


MISTAKES = [
    ('kind = "matrix"', 'kind = "matrix"\nrow = 3', "requests.row", "is no known setting"),
    (
        'cell = { kind = "count"',
        'cell = { kind = "text"',
        "requests.cell.kind",
        "take count, decimal, choice or yes_no",
    ),
    (
        'label = "总计", sum = "*" },\n]',
        'label = "总计", sum = "all" },\n]',
        "requests.columns.all.sum",
        'write "*" or "bodies.*"',
    ),
    ('sum = "results.*"', 'sum = "result.*"', "requests.rows.done.sum", '"results.*"'),
    ('key = "carried"', 'key = "new"', "requests.rows.new", "stands twice"),
    ('closed = ["secret.other"]', 'closed = ["secret.others"]', "requests.closed", "row.column"),
    ('closed = ["secret.other"]', 'closed = "secret.other"', "requests.closed", "must be a list"),
    ('key = "pending", number', 'key = "pending", typed = true, number', "requests.rows.pending.typed", 'sum = "*"'),
    (
        '{ key = "company", label = "商业企业" }',
        '{ label = "商业企业" }',
        "requests.columns.商业企业.key",
        "is missing",
    ),
    ('key = "pending", number', 'key = "Pending", number', "Pending", "lower-case ASCII"),
]
RULES = [
    (
        "cells.toml",
        "\nrequests = {",
        '\nrequests = { except = { "new.all2" = {} }, ',
        "requests.except.new.all2",
        "row.column",
    ),
    ("cells.toml", "\nrequests =", "\nrequest =", "cells.request", "no such field"),
    ("relations.toml", '"requests.columns"', '"requests.column"', "M01.for", "requests.columns, requests.rows"),
    ("relations.toml", "carried ==", "carryed ==", "M01.expr", "carryed"),
    ("relations.toml", "{column}", "{row}", "M01.message", "{row}"),
]


def change(folder: Path, file: str, there: str, then: str) -> Path:
    """Copy the form with one text in one file replaced."""
    form = Path(shutil.copytree(FORM, folder / "templates" / FORM.name))
    rules = Path(shutil.copytree(FORM.parents[1] / "rules" / FORM.name, folder / "rules" / FORM.name))
    path = form / file if file == "form.toml" else rules / file
    words = path.read_text("utf-8")
    assert words.count(there) == 1
    path.write_text(words.replace(there, then), "utf-8")
    return form


@pytest.mark.parametrize("mistake", [("form.toml", *one) for one in MISTAKES] + RULES)
def test_a_mistake_is_refused_with_file_key_and_cure(tmp_path: Path, mistake: tuple[str, str, str, str, str]) -> None:
    """Each once, whatever the number of cells it is wrong for."""
    file, there, then, key, cure = mistake
    form = change(tmp_path, file, there, then)
    line = refusal("template", "--form", form, "-o", "x.xlsx", "--year", 2026, cwd=tmp_path)
    assert file in line
    assert key in line
    assert cure in line
    listed = run("forms", "--check", form, cwd=tmp_path).stdout
    assert listed.count(cure) == 1


def test_a_total_that_is_filled_in_is_compared(tmp_path: Path) -> None:
    """It is open, counts as typed, and what differs is to be verified."""
    form = change(
        tmp_path, "form.toml", 'label = "总计", sum = "results.*"', 'label = "总计", sum = "results.*", typed = true'
    )
    desk = Desk(tmp_path / "desk", form)
    right = {"requests[done].person": 10, "requests[done].company": 10, "requests[done].other": 10}
    assert desk.check(desk.fill("right.xlsx", {**right, "requests[done].all": 30}))["findings"] == []
    wrong = {**right, "requests[done].all": 30, "requests[done].company": 11, "requests[pending].company": 1}
    file = desk.check(desk.fill("wrong.xlsx", wrong), 1)
    assert ("W10", "requests[done].company", "F11") in told(file)
    assert file["values"]["requests[done].company"] == 11


def test_an_exception_holds_in_its_cells_alone(tmp_path: Path) -> None:
    """Of a row, a column or a cell something else is asked."""
    form = change(
        tmp_path,
        "cells.toml",
        "\nrequests = {",
        '\nrequests = { except = { "secret.*" = { required = false, max = 3 } }, ',
    )
    cells = tmp_path / "rules" / FORM.name / "cells.toml"
    cells.write_text(cells.read_text("utf-8").replace("max = 3 }", 'max = 3, meta = { max = "K01" } }'), "utf-8")
    desk = Desk(tmp_path / "desk", form)
    blank = {"requests[secret].person": None, "requests[other_reason].person": 5}
    assert desk.check(desk.fill("blank_row.xlsx", blank))["findings"] == []
    file = desk.check(desk.fill("more.xlsx", {"requests[secret].person": 4, "requests[other_reason].person": 1}), 1)
    assert told(file) == [("K01", "requests[secret].person", "E9")]


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_the_summary_shows_the_matrix_in_its_own_shape(tmp_path: Path) -> None:
    """All, passed and by kind, each figure as in the row of totals; what not every return gave bears a mark."""
    form = change(tmp_path, "form.toml", 'name = "org_name"', 'name = "org_name"\nby = "level"')
    for path, then in ((form / "form.toml", LEVEL), (tmp_path / "rules" / FORM.name / "cells.toml", LEVEL_CELL)):
        there = '\n[[section]]\nkey = "work"' if path.parent == form else "\n[cells]"
        words = path.read_text("utf-8")
        assert words.count(there) == 1
        path.write_text(words.replace(there, then + there if path.parent == form else there + then), "utf-8")
    desk = Desk(tmp_path, form)
    desk.fill("inbox/1.xlsx", {"level": "city"})
    other = {"org_code": "A2", "org_name": "示例市乙局", "requests[new].person": 11, "requests[pending].person": 3}
    desk.fill("inbox/2.xlsx", {"level": "county", **other})
    third = {"org_code": "A3", "org_name": "示例市丙局", "letters": 2}
    desk.fill("inbox/3.xlsx", {"level": "city", **third, "requests[pending].company": None})
    summary = document("merge", "inbox", "--form", form, cwd=tmp_path, code=1)["summary"]
    book: Any = openpyxl.load_workbook(tmp_path / summary, data_only=True)
    sheet, table = book[SHEET], book["汇总表"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"B6:D7", "F6:G6", "B10:B13", "C11:C12", "H6:H7"} <= merged
    bands = [cell.row for cell in sheet["A"] if cell.value == "#part"]
    assert [sheet.cell(row, 2).value for row in bands] == [
        "全部 3 个",
        "通过 2 个",
        "市级（2 个，通过 1 个）",
        "县级（1 个，通过 1 个）",
    ]
    keys = {cell.value: cell.column for cell in table[2]}
    totals = {table.cell(row, keys["#id"]).value: row for row in range(3, 8)}
    columns = {cell.value: cell.column for cell in sheet[2] if cell.column > 4}
    found = [read_part(sheet, start, columns) for start in bands]
    for part, mark in zip(found, ("#total", "#passed"), strict=False):
        assert len(part) == 27
        assert part == {path: table.cell(totals[mark], keys[path]).value for path in part}
    assert found[0] == {path: found[2][path] + found[3][path] for path in found[0]}
    assert (found[0]["requests[new].person"], found[1]["requests[new].person"]) == (31, 21)
    incomplete = sheet.cell(bands[0] + 9, columns["company"])
    assert (incomplete.value, incomplete.number_format) == (4, '#,##0"*"')
    assert sheet.cell(bands[1] + 9, columns["company"]).number_format == "#,##0_)"
    closed = sheet.cell(bands[0] + 6, columns["other"])
    assert (closed.value, closed.fill.fgColor.rgb) == (None, "FFBFC5CD")
    assert "31" in say("explain", "requests[new].person", summary, cwd=tmp_path)


LEVEL = """
[[section.field]]
key = "level"
label = "级别"
kind = "choice"
choices = [{ key = "city", label = "市级" }, { key = "county", label = "县级" }]
aggregate = "count"
"""
LEVEL_CELL = '\nlevel = { type = "choice", meta = { type = "K00" } }'


def read_part(sheet: Any, start: int, columns: Mapping[str, int]) -> dict[str, Any]:
    """Return path → figure of the rows of one selection."""
    rows: dict[str, Any] = {}
    for row in range(start + 1, sheet.max_row + 1):
        key = str(sheet.cell(row, 1).value or "")
        if key == "#part":
            break
        if key:
            rows |= {f"{key}.{name}": sheet.cell(row, at).value for name, at in columns.items()}
    return {path: value for path, value in rows.items() if path != "requests[secret].other"}


def test_the_published_page_shows_the_matrix_as_a_table(desk: Desk) -> None:
    """Heads span what stands under them, each says what it heads; closed cells are grey, and figures bear no unit."""
    desk.fill("page.xlsx", {"requests[new].person": 1234, "requests[pending].person": 1226})
    say("publish", "page.xlsx", "--form", FORM, "-o", "matrix.html", cwd=desk.folder)
    page = (desk.folder / "matrix.html").read_text("utf-8")
    table = page[page.index('<table class="matrix">') :].partition("</table>")[0]
    assert '<h3>申请办理情况 <span class="unit">单位：件</span></h3>' in table
    rows = [line for line in table.splitlines() if line.startswith("<tr>")]
    assert rows[0] == (
        '<tr><th scope="col" rowspan="2" colspan="3">项目</th><th scope="col" rowspan="2">自然人</th>'
        '<th scope="colgroup" colspan="2">法人或其他组织</th><th scope="col" rowspan="2">总计</th></tr>'
    )
    assert rows[1] == '<tr><th scope="col">商业企业</th><th scope="col">其他</th></tr>'
    assert rows[2] == (
        '<tr><th scope="row" colspan="3">一、本年新收</th><td class="figure">1,234</td><td class="figure">10</td>'
        '<td class="figure">10</td><td class="figure">1,254</td></tr>'
    )
    assert rows[3].startswith('<tr><th scope="row" colspan="3">二、上年结转</th><td class="figure">2</td>')
    assert rows[4].startswith('<tr><th scope="rowgroup" rowspan="4">三、本年度办理结果</th>')
    assert '<td class="closed"></td>' in rows[5]
    assert len(rows) == 2 + 7
    assert page.count("予以公开") == 1


LIKERT = """id = "survey"
title = "满意度"
edition = "1"
language = "zh"
[roles]
code = "org_code"
name = "org_name"
[[section]]
key = "org"
number = "一"
label = "单位"
[[section.field]]
key = "org_name"
label = "名称"
kind = "text"
[[section.field]]
key = "org_code"
label = "代码"
kind = "code"
[[section]]
key = "asked"
number = "二"
label = "看法"
[[section.field]]
key = "views"
label = "看法"
kind = "matrix"
cell = { kind = "choice", aggregate = "count", choices = [
    { key = "good", label = "满意" },
    { key = "bad", label = "不满意" },
] }
columns = [{ key = "staff", label = "人员" }, { key = "site", label = "场所" }]
rows = [{ key = "speed", label = "速度" }, { key = "words", label = "态度" }]
"""
LIKERT_CELLS = """[rules.K01]
title = "选一项"
severity = "error"
basis = "填表要求"
message = "{field}。请选择。"
ok = [{ org_name = "甲", org_code = "A1", "views[speed].staff" = "good" }]
bad = [{ "views[speed].staff" = { unread = "还行", kind = "not_a_choice" } }]
[cells]
org_name = { type = "text", meta = { type = "K01" } }
org_code = { type = "code", meta = { type = "K01" } }
views = { type = "choice", required = true, meta = { type = "K01", required = "K01" } }
"""


def test_a_matrix_of_choices_is_asked_and_read(tmp_path: Path) -> None:
    """Each cell is chosen from the list, and its answer is the key of the choice."""
    form, rules = tmp_path / "templates" / "survey", tmp_path / "rules" / "survey"
    for path, name, words in ((form, "form.toml", LIKERT), (rules, "cells.toml", LIKERT_CELLS)):
        path.mkdir(parents=True)
        (path / name).write_text(words, "utf-8")
    (rules / "relations.toml").write_text("", "utf-8")
    told_cells = document("template", "-o", "blank.xlsx", "--year", 2026, "--form", form, cwd=tmp_path)["cells"]
    cells, loaded = places(told_cells), load_form(form)
    given = {f"views[{row}].{column}": "good" for row in ("speed", "words") for column in ("staff", "site")}
    given |= {"views[words].site": "bad"}
    fill(tmp_path / "blank.xlsx", tmp_path / "1.xlsx", loaded, cells, {"org_name": "甲", "org_code": "A1", **given})
    (file,) = document("check", "1.xlsx", "--form", form, cwd=tmp_path)["files"]
    assert file["findings"] == []
    assert {key: file["values"][key] for key in given} == given


def test_a_return_with_a_total_typed_over_goes_back(tmp_path: Path) -> None:
    """Its total is a formula again, the parts stand as they were typed, and the review says what was typed over."""
    desk = Desk(tmp_path)
    (tmp_path / "inbox").mkdir()
    path = desk.fill("typed.xlsx", {"requests[new].person": 11})
    book = openpyxl.load_workbook(path)
    total = desk.cells["requests[new].all"]
    book[total.sheet].cell(total.row, total.column).value = 999
    book.save(tmp_path / "inbox" / "typed.xlsx")
    say("return", "inbox", "--form", FORM, "-o", "back", cwd=tmp_path, code=1)
    (back,) = (tmp_path / "back").glob("*.xlsx")
    sent = openpyxl.load_workbook(back)
    assert str(sent[total.sheet].cell(total.row, total.column).value).startswith("=")
    typed = desk.cells["requests[new].person"]
    assert sent[typed.sheet].cell(typed.row, typed.column).value == 11
    assert "W09" not in [id_ for id_, _, _ in told(desk.check(back, code=1))]


def test_a_matrix_of_choices_is_merged_and_asked(tmp_path: Path) -> None:
    """Each cell is a choice: counted by answer, explained by its cell and by a choice of it."""
    form = FORMS / "service_opinion"
    cells = places(document("template", "-o", "blank.xlsx", "--year", 2026, "--form", form, cwd=tmp_path)["cells"])
    (tmp_path / "inbox").mkdir()
    for number, answer in enumerate(("good", "good", "fair"), 1):
        given = {"unit_code": f"U{number}", **{path: answer for path in cells if path.startswith("views[")}}
        fill(tmp_path / "blank.xlsx", tmp_path / "inbox" / f"{number}.xlsx", load_form(form), cells, given)
    merged = document("merge", "inbox", "--form", form, "-o", "summary.xlsx", cwd=tmp_path)
    assert merged["totals"]["views[speed].staff"]["value"] == {"good": 2, "fair": 1, "poor": 0}
    told = say("explain", "views[speed].staff.good", "summary.xlsx", cwd=tmp_path)
    assert told.splitlines()[0] == "办理速度·窗口人员·满意: 2 (counted 3 / 3; passed only 2)"
    assert "一般 1" in say("explain", "views[speed].staff", "summary.xlsx", cwd=tmp_path).splitlines()[0]
    say("export", "summary.xlsx", "--form", form, "-o", "rows.csv", cwd=tmp_path)
    assert (tmp_path / "rows.csv").read_text("utf-8-sig").count("办理速度·窗口人员,choice,满意") == 2


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ('["granted", "secret"]', ("granted", "secret")),
        ('["secret", "granted"]', ("granted", "secret")),
        ('["granted", "done"]', None),
        ('["granted", "nothing"]', None),
        ("[]", None),
    ],
)
def test_a_total_adds_up_what_it_names(tmp_path: Path, said: str, parts: tuple[str, ...] | None) -> None:
    """Keys in a list are what a total adds up; a total, an unknown key and an empty list are refused at it."""
    folder = Path(shutil.copytree(FORM, tmp_path / "request_record"))
    text = (folder / "form.toml").read_text("utf-8")
    assert 'sum = "results.*"' in text
    (folder / "form.toml").write_text(text.replace('sum = "results.*"', f"sum = {said}"), "utf-8")
    mistakes: list[str] = []
    form = load_form(folder, lambda one: mistakes.append(one.key))
    matrix = form.matrices["requests"].matrix
    assert matrix is not None
    (done,) = (row for row in matrix.rows if row.key == "done")
    if parts is None:
        assert [key for key in mistakes if key.endswith("rows.done.sum")] == mistakes[:1] != []
    else:
        assert (done.sums, mistakes) == (parts, [])
