"""The workbook of a form: what it holds, what it locks, what it takes, and that it is made whole or not at all."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import digits
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook
from openxml_audit import FileFormat, OpenXmlValidator

from gwxl.errors import GwxlError, OutputError, WorkbookError
from gwxl.files import excel_limits
from gwxl.files.resources import form_folder, rules_folder
from gwxl.form.identity import issue_identity, read_marker, read_pairs, read_properties
from gwxl.form.layout import LIVE_SHEET, MAP_SHEET, Col, Layout, RowKind, lay_out
from gwxl.form.loading import load_form
from gwxl.records.cell import CellRef
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.submission import Identity, Scalar, Unread, Value
from gwxl.rules.ruleset import load_rules
from gwxl.template import render_letter, write_template
from gwxl.terms import Notice
from gwxl.writer.locking import STYLES_PART, explicit_locks
from tests.support.clients.libreoffice import LibreOffice
from tests.support.issuing import NOTICE, YEAR, annual, issue, visit
from tests.support.submissions import report_rules

OFFICIAL = (Path(__file__).parent / "cases" / "official_instructions.txt").read_text("utf-8").splitlines()
GOOD = {"count": "12", "decimal": "1.5", "yes_no": "是", "choices": "√", "url": "http://www.example.gov.cn"}
GOOD |= {"text": "文字", "code": "0000000001", "choice": "部门网站", "date": "2026-12-31"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the first form's workbook once."""
    target = tmp_path_factory.mktemp("template") / "报表.xlsx"
    issue(target)
    return target


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    """Open it with openpyxl."""
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def layout() -> Layout:
    """Lay the first form out."""
    return lay_out(annual()[0])


def squeeze(text: object) -> str:
    """Return a text without blanks, full-width marks as half-width ones."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text)))


def texts(book: Workbook, sheet: str) -> list[str]:
    """Return every text of a sheet, squeezed."""
    return [squeeze(cell.value) for row in book[sheet].iter_rows() for cell in row if cell.value is not None]


def rules_of(book: Workbook) -> Iterator[tuple[str, Any]]:
    """Yield each data validation with its sheet."""
    for sheet in book.worksheets:
        for rule in sheet.data_validations.dataValidation:
            yield sheet.title, rule


def rule_at(book: Workbook, cell: CellRef) -> Any:
    """Return the one data validation of a cell."""
    (found,) = [rule for sheet, rule in rules_of(book) if sheet == cell.sheet and cell.address in rule.sqref]
    return found


def values_of(path: Path, cells: Mapping[FormPath, CellRef], *names: str) -> list[object]:
    """Return what stands in the cells of some paths."""
    book = openpyxl.load_workbook(path)
    return [book[cell.sheet][cell.address].value for cell in (cells[FormPath.parse(name)] for name in names)]


# What it holds


def test_every_official_line_is_in_the_instructions(book: Workbook) -> None:
    """The official instructions stand there line for line; a bare heading may go with its clause."""
    lines = texts(book, "填写说明")
    assert [line for line in OFFICIAL[1:] if not any(squeeze(line) in found for found in lines)] == []


def test_official_text_is_complete() -> None:
    """The text the test compares with is the whole one: nine sections, 77 lines, none broken."""
    assert len(OFFICIAL) == 77
    assert sum(bool(re.match(r"[一二三四五六七八九]、", line)) for line in OFFICIAL) == 9


def test_every_clause_stands_beside_its_input(book: Workbook, layout: Layout) -> None:
    """Each clause stands complete in the instruction column, in the row of the label it explains."""
    sheet = book[layout.sheet]
    labels: dict[str, set[Any]] = {}
    for row in layout.rows:
        explained = squeeze(sheet.cell(row.number, Col.INSTRUCTION).value)
        labels.setdefault(explained, set()).add(sheet.cell(row.number, Col.LABEL).value)
    clauses = [line for line in OFFICIAL if "：" in line or line.startswith(("“", "请", "本项"))]
    assert len(clauses) == 59
    elsewhere = []
    for line in clauses:
        label, _, clause = line.partition("：") if re.match(r"[0-9（(]", line) else ("", "", line)
        bare = re.sub(r"^[（(]?[0-9]+[.）)]\s*", "", label)
        found = labels.get(squeeze(clause), set())
        if not found or (bare and bare not in found):
            elsewhere.append(line)
    assert elsewhere == []


def test_rows_hold_keys_labels_and_units(book: Workbook, layout: Layout) -> None:
    """Hidden key, number, label and unit stand where the layout says."""
    sheet = book[layout.sheet]
    row = layout.inputs[FormPath("messages_received")].number
    assert [sheet.cell(row, column).value for column in (1, 2, 3, 4, 5)] == [
        "messages_received",
        "（1）",
        "收到留言数量",
        None,
        "条",
    ]
    assert sheet.column_dimensions["A"].hidden
    assert sheet.column_dimensions["F"].hidden
    assert sheet["B1"].value == "政府网站工作年度报表（2026年度）"


def test_guidance_and_progress_stand_on_top(book: Workbook) -> None:
    """How far it is filled in stands above the heads, deadline, office, address and phone below them."""
    sheet = book["填报表"]
    assert sheet["C5"].value == (
        "截止日期：2027年1月31日　　收集单位：示例办公室　　报送邮箱：report@example.gov.cn　　联系电话：000-00000000"
    )
    assert re.fullmatch(r"=IF\(COUNTIF\(\$G\$7:\$G\$81,(gwxl_live!R\$\d+)\)>0,\1,gwxl_live!Q\$\d+\)", sheet["C2"].value)
    assert sheet["D2"].value is None
    assert "浅蓝色格" in sheet["K1"].value


def test_notice_may_be_empty(tmp_path: Path) -> None:
    """Without a notice the lines stay blank."""
    issue(tmp_path / "a.xlsx", notice=Notice(deadline=date(2027, 1, 31)))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["填报表"]
    assert sheet["C5"].value == "截止日期：2027年1月31日"


def test_formulas_carry_their_values(path: Path) -> None:
    """A reader that does not calculate sees how many are to fill, and 待填 in each of those rows."""
    sheet = openpyxl.load_workbook(path, data_only=True)["填报表"]
    pending = [row for row in range(7, sheet.max_row + 1) if sheet.cell(row, Col.PENDING).value == "待填"]
    assert sheet["C2"].value == "填报进度　已填 0/45　错误 0　待核实 0"
    assert len(pending) == 45


def test_no_text_is_a_formula(book: Workbook) -> None:
    """Formulas stand in the progress cell, the check columns and on the hidden sheet, nowhere else."""
    for sheet in book.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        if sheet.title != LIVE_SHEET:
            found = {cell.coordinate.rstrip(digits) for cell in cells}
            assert found == {"填报表": {"C", "G", "J"}, "其他新媒体": {"H"}}.get(sheet.title, set())
            progress = [cell.coordinate for cell in cells if cell.coordinate.startswith("C")]
            assert progress == ["C2"] * (sheet.title == "填报表")


def test_rows_are_coloured_in_locked_cells(book: Workbook) -> None:
    """The colour of a row's severity lies on its number and its check, beside the words."""
    formats = book["填报表"].conditional_formatting
    assert {str(entry.sqref) for entry in formats} == {"B7:B81 D7:D81 G7:G81", "B7:B81 G7:G81", "G7:G81"}
    levels = {rule.formula[0] for entry in formats for rule in entry.rules}
    assert levels == {f'LEFT($G7,1)="{sign}"' for sign in "✗!·✓"}


def test_identity_stands_three_times(book: Workbook, layout: Layout) -> None:
    """Properties, map sheet and marker line say the same."""
    form = layout.form
    expected = Identity(form=form.id, edition=form.edition, fingerprint=form.fingerprint, period=Period(YEAR))
    properties = {prop.name: str(prop.value) for prop in book.custom_doc_props.props}  # type: ignore[attr-defined]
    pairs = {str(row[0].value): str(row[1].value or "") for row in book[MAP_SHEET].iter_rows(max_row=6)}
    marker = str(book[layout.sheet][layout.marker.address].value)
    assert [read_properties(properties), read_pairs(pairs), read_marker(marker)] == [expected] * 3
    assert marker.isascii()


def test_site_code_is_part_of_the_identity(tmp_path: Path) -> None:
    """A workbook made for a site says so."""
    issue(tmp_path / "a.xlsx", site_code="0000000001")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert {p.name: p.value for p in book.custom_doc_props.props}["gwxl_site_code"] == "0000000001"  # type: ignore[attr-defined]


def test_map_sheet_lists_every_input(book: Workbook) -> None:
    """After a blank row each input has its path, label path, kind and rule."""
    rows = [[cell.value for cell in row] for row in book[MAP_SHEET].iter_rows()]
    assert rows[6:8] == [["layout", "2", None, None], [None] * 4]
    assert ["messages_received", "六、互动交流 › 2.留言办理 › （1）收到留言数量", "count", "minimum=0;required"] in rows
    assert ["other_media[1].posts", "八、移动新媒体 › 其他 › 信息发布量", "count", "minimum=0"] in rows
    assert book[MAP_SHEET].sheet_state == "veryHidden"


def test_names_lead_to_their_cells(book: Workbook, layout: Layout) -> None:
    """Each defined name means its cell, in the whole workbook."""
    found = {name: defined.attr_text for name, defined in book.defined_names.items() if name.startswith("gwxl_")}
    assert found == {name: f"'{c.sheet}'!${c.address[0]}${c.row}" for name, c in layout.names.items()}


def test_template_describes_what_was_written(tmp_path: Path, layout: Layout) -> None:
    """The result names file, form and every cell."""
    made = issue(tmp_path / "a.xlsx")
    assert (made.path, made.identity) == (tmp_path / "a.xlsx", issue_identity(layout.form, period=Period(YEAR)))
    assert made.identity.fingerprint == layout.form.fingerprint
    assert made.cells == layout.cells
    assert made.layout.explanations[FormPath.parse("innovations.other")].address[0] == "I"
    assert made.layout.checks[FormPath("other_media")].address[0] == "G"


# What it locks


def test_only_inputs_and_remarks_are_open(book: Workbook, layout: Layout) -> None:
    """Every sheet is protected; open are the inputs, the explanations and nothing else."""
    places = {*layout.cells.values(), *layout.explanations.values()}
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        found = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        assert found == {place.address for place in places if place.sheet == sheet.title}
        assert sheet.protection.formatColumns is (sheet.title in {MAP_SHEET, LIVE_SHEET})
        assert not sheet.merged_cells.ranges


def test_cells_outside_are_locked(path: Path) -> None:
    """Columns right of the form have a locked style, although Normal is open for what is pasted."""
    with ZipFile(path) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        stated = explicit_locks(package.read(STYLES_PART).decode())
    columns = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"', sheet)
    outside = [column for column in columns if int(column[0]) > max(Col)]
    assert [column[:2] for column in outside] == [("12", "16384")]
    assert all(stated[int(column[2])] is True for column in outside)
    assert stated[0] is False


def test_every_cell_format_states_its_lock(path: Path) -> None:
    """Each entry of cellXfs says applyProtection and locked."""
    with ZipFile(path) as package:
        styles = package.read(STYLES_PART).decode()
    formats = re.search(r"<cellXfs.*?</cellXfs>", styles, re.DOTALL)
    assert formats is not None
    entries = re.findall(r"<xf .*?</xf>", formats[0])
    assert len(entries) == int(re.findall(r'<cellXfs count="(\d+)"', styles)[0]) > 20
    for entry in entries:
        assert 'applyProtection="1"' in entry
        assert re.search(r'<protection locked="[01]"/>', entry)


def test_formats_name_their_font_and_builtin_numbers(path: Path) -> None:
    """No font hides behind the theme's, and text and count formats carry the numbers every program knows."""
    with ZipFile(path) as package:
        styles = package.read(STYLES_PART).decode()
    assert "<scheme" not in styles
    assert set(re.findall(r'<name val="([^"]+)"', styles)) == {"微软雅黑"}
    assert {"3", "49"} <= set(re.findall(r'<xf numFmtId="(\d+)"', styles))
    assert set(re.findall(r'<sz val="(\d+)"', styles)) == {"9", "11", "18"}


def test_sheets_say_how_far_they_are_used(path: Path) -> None:
    """The locked columns outside do not make a sheet wide for programs that read it whole."""
    with ZipFile(path) as package:
        sheets = [package.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2, 3, 4)]
    assert [re.findall(r'<dimension ref="([^"]+)"', sheet) for sheet in sheets] == [
        ["A1:K88"],
        ["A1:H26"],
        ["A1:C86"],
        ["A1:D77"],
    ]


def test_rows_may_be_inserted_in_tables_only(book: Workbook) -> None:
    """Inserting rows is free in the table sheet and refused in the form."""
    assert book["其他新媒体"].protection.insertRows is False
    assert book["填报表"].protection.insertRows is True
    assert book["填报表"].protection.selectLockedCells is True


# What it takes


def test_each_input_has_a_validation_with_prompt(book: Workbook, layout: Layout) -> None:
    """Every input, table rows included, has one validation; title and texts keep Excel's limits."""
    for cell in layout.cells.values():
        rule = rule_at(book, cell)
        assert rule.promptTitle
        assert rule.prompt
    for _, rule in rules_of(book):
        assert excel_limits.units(rule.promptTitle) <= 32
        assert excel_limits.units(rule.prompt) <= 255
        assert excel_limits.units(rule.error or "") <= 255
        assert excel_limits.units(rule.formula1 or "") <= 257


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        ("release_total", ("whole", "greaterThanOrEqual", "0", "stop")),
        ("site_page_views", ("whole", "between", "-999999999999999", "stop")),
        ("messages_average_days", ("decimal", "greaterThanOrEqual", "0", "stop")),
        ("has_smart_qa", ("list", "between", '"是,否"', "stop")),
        ("site_type", ("list", "between", '"政府门户网站,部门网站,专项网站"', "stop")),
        ("innovations.other", ("list", "between", '"√"', "stop")),
        ("innovation_other", ("textLength", "lessThanOrEqual", "200", "warning")),
        ("site_code", ("custom", "between", "ISTEXT(D11)", "stop")),
        ("site_url", ("custom", "between", 'ISERROR(FIND(" ",TRIM(D8)))', "warning")),
        ("report_date", ("date", "between", "1", "stop")),
        ("site_name", (None, "between", None, "stop")),
        ("other_media[20].posts", ("whole", "greaterThanOrEqual", "0", "stop")),
    ],
)
def test_kinds_have_their_validation(book: Workbook, layout: Layout, key: str, facts: tuple[str, ...]) -> None:
    """Each kind of input has its type, operator, limit and severity."""
    rule = rule_at(book, layout.cells[FormPath.parse(key)])
    found = (rule.type, rule.operator or "between", rule.formula1, rule.errorStyle or "stop")
    assert found == facts


def test_prompt_says_clause_and_hint(book: Workbook, layout: Layout) -> None:
    """A short clause stands whole in the prompt, a long one is shortened, the hint always follows."""
    assert rule_at(book, layout.cells[FormPath("surveys_held")]).prompt == (
        "请填写本年度网站发布的面向公众或有关单位的征集调查的总期数。\n只填整数，不写单位。"
    )


def test_prompt_of_a_text_says_which(book: Workbook, layout: Layout) -> None:
    """Of a text no prompt says only that it is one: its clause is enough; where there is none its name stands there."""
    cells = layout.cells
    told = {key: rule_at(book, cells[FormPath.parse(key)]).prompt for key in ("reporting_unit", "site_sponsor")}
    assert told["reporting_unit"] == "请填写填报单位。"
    assert told["site_sponsor"].endswith("填写“北京市人民政府办公厅”。")


def test_rule_message_is_shown(tmp_path: Path) -> None:
    """What the rules expect stands in prompt and error message."""
    rules = report_rules()
    write_template(rules, tmp_path / "a.xlsx", identity=issue_identity(rules.form, period=Period(YEAR)))
    rule = rule_at(openpyxl.load_workbook(tmp_path / "a.xlsx"), lay_out(rules.form).cells[FormPath("site_code")])
    assert rule.error == "此处应填：10 位数字，或 bm 加 8 位数字。请更正后再填。"
    assert rule.prompt.endswith("开头的 0 不要省略。\n应填：10 位数字，或 bm 加 8 位数字。")


def test_number_formats_follow_the_kind(book: Workbook, layout: Layout) -> None:
    """Codes and texts are text cells, counts have separators, dates are written whole."""
    cells = layout.cells
    found = {
        key: book[layout.sheet][cells[FormPath.parse(key)].address].number_format
        for key in ("site_code", "contact_phone", "release_total", "messages_average_days", "report_date")
    }
    assert found == {
        "site_code": "@",
        "contact_phone": "@",
        "release_total": "#,##0",
        "messages_average_days": "#,##0.0###",
        "report_date": "yyyy-mm-dd",
    }


def test_answers_stand_in_their_inputs(tmp_path: Path) -> None:
    """Answers given by path or field are written as the form shows them; formulas stay texts."""
    rows: tuple[Mapping[str, Scalar | Unread], ...] = ({"product_type": "客户端", "posts": 5}, {"posts": 6})
    answers: dict[str, Value] = {
        "site_name": "=1+1",
        "site_code": "0000000001",
        "site_type": "department",
        "release_total": 1234567,
        "messages_average_days": Decimal("10.2"),
        "has_smart_qa": False,
        "innovations": ("other",),
        "report_date": "2027-01-05",
        "other_media": rows,
        "site_page_views": 12345678901234567,
    }
    made = issue(tmp_path / "a.xlsx", answers=answers)
    names = ("site_name", "site_code", "site_type", "release_total", "messages_average_days", "has_smart_qa")
    assert values_of(made.path, made.cells, *names) == ["=1+1", "0000000001", "部门网站", 1234567, 10.2, "否"]
    more = ("innovations.other", "innovations.multilingual", "other_media[1].product_type", "other_media[2].posts")
    assert values_of(made.path, made.cells, *more, "site_page_views") == ["√", None, "客户端", 6, "12345678901234567"]
    sheet = openpyxl.load_workbook(made.path)["填报表"]
    assert sheet[made.cells[FormPath("site_name")].address].data_type == "s"
    assert str(sheet[made.cells[FormPath("report_date")].address].value) == "2027-01-05 00:00:00"
    assert (
        openpyxl.load_workbook(made.path, data_only=True)["填报表"]["C2"].value
        == "填报进度　已填 6/45　错误 1　待核实 0"
    )


@pytest.mark.parametrize("key", ["nothing", "other_media[2].nothing", "innovations.nothing"])
def test_answer_without_a_cell_is_refused(tmp_path: Path, key: str) -> None:
    """An answer that has no place is never dropped silently."""
    with pytest.raises(WorkbookError, match=re.escape(f"no cell for {key}")):
        issue(tmp_path / "a.xlsx", answers={key: 1})
    assert list(tmp_path.iterdir()) == []


# Made whole or not at all


def test_same_arguments_give_same_bytes(tmp_path: Path) -> None:
    """A workbook can be made again byte for byte."""
    issue(tmp_path / "a.xlsx")
    issue(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_existing_file_is_kept(tmp_path: Path) -> None:
    """Nothing is replaced without force; with it the new workbook stands there alone."""
    target = tmp_path / "a.xlsx"
    target.write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="exists already"):
        issue(target)
    assert target.read_text("utf-8") == "mine"
    issue(target, force=True)
    assert openpyxl.load_workbook(target).sheetnames == ["填报表", "其他新媒体", "填写说明", MAP_SHEET, LIVE_SHEET]
    assert list(tmp_path.iterdir()) == [target]


def test_dangling_link_is_kept(tmp_path: Path) -> None:
    """A link that leads nowhere is an existing name too."""
    target = tmp_path / "a.xlsx"
    target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="exists already"):
        issue(target)


@pytest.mark.parametrize(("name", "reason"), [("a.xls", "ending"), ("no/a.xlsx", "there is no folder")])
def test_unusable_path_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    """Another ending or a folder that is not there is said in one line."""
    with pytest.raises(OutputError, match=reason):
        issue(tmp_path / name)


@pytest.mark.parametrize("prompt", ["{{ 'g' * 260 }}", "a\u0001b"])
def test_failure_leaves_nothing(tmp_path: Path, prompt: str) -> None:
    """What breaks a limit of Excel stops the workbook, names the cell and leaves an older file whole."""
    form, rules = visit(tmp_path / "visit")
    target = tmp_path / "out" / "a.xlsx"
    target.parent.mkdir()
    write_template(rules, target, identity=issue_identity(form, period=Period(YEAR)))
    before = target.read_bytes()
    form, rules = visit(tmp_path / "other")
    (form.folder / "prompt.j2").write_text(prompt, "utf-8")
    with pytest.raises(WorkbookError, match=r"Form!\w+"):
        write_template(rules, target, identity=issue_identity(form, period=Period(YEAR)), force=True)
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target]


def test_bad_template_of_a_form_leaves_nothing(tmp_path: Path) -> None:
    """A mistake in a form's own Jinja2 template stops the workbook too."""
    form, rules = visit(tmp_path / "visit")
    (tmp_path / "visit" / "instructions.j2").write_text("{{ nobody }}", "utf-8")
    with pytest.raises(GwxlError, match="nobody"):
        write_template(rules, tmp_path / "a.xlsx", identity=issue_identity(form, period=Period(YEAR)))
    assert not (tmp_path / "a.xlsx").exists()


# Other eyes


@pytest.mark.parametrize("profile", [FileFormat.OFFICE_2010, FileFormat.MICROSOFT_365])
def test_schema_check_finds_nothing(path: Path, profile: FileFormat) -> None:
    """The package is valid by the schemas of Office."""
    result = OpenXmlValidator(file_format=profile).validate(str(path))
    assert [str(error) for error in result.errors] == []


def test_form_of_another_shape(tmp_path: Path) -> None:
    """A small English form without header and footer goes the same way."""
    form, rules = visit(tmp_path / "visit")
    answers: dict[str, Value] = {"people[1].age": 4, "day": "2026-02-03"}
    made = write_template(
        rules, tmp_path / "a.xlsx", identity=issue_identity(form, period=Period(YEAR)), answers=answers
    )
    book = openpyxl.load_workbook(made.path)
    assert book.sheetnames == ["Form", "People", "Instructions", MAP_SHEET, LIVE_SHEET]
    assert book["Form"]["B1"].value == "Visit record (2026)"
    assert rule_at(book, made.cells[FormPath("mood")]).formula1 == '"good,bad"'
    assert rule_at(book, made.cells[FormPath.parse("people[2].page")]).formula1 == 'ISERROR(FIND(" ",TRIM(D5)))'
    assert rule_at(book, made.cells[FormPath("ticket")]).prompt == "As it is, leading zeros included."
    assert [row.kind for row in lay_out(form).rows][-2:] == [RowKind.SEAL, RowKind.MARKER]
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2010).validate(str(made.path))
    assert [str(error) for error in result.errors] == []


@pytest.mark.parametrize(
    ("folder", "sheets", "pending"),
    [
        (
            form_folder("website_annual_report"),
            ["填报表", "其他新媒体", "填写说明", MAP_SHEET, LIVE_SHEET],
            "填报进度　已填 0/45　错误 0　待核实 0",
        ),
        (Path(__file__).parent / "forms" / "templates" / "drill_record", None, None),
    ],
)
def test_forms_with_their_own_rules(
    tmp_path: Path, folder: Path, sheets: list[str] | None, pending: str | None
) -> None:
    """A form goes out with the rules that belong to it, and is as planned and valid."""
    form = load_form(folder)
    made = write_template(
        load_rules(rules_folder(folder), form),
        tmp_path / "a.xlsx",
        identity=issue_identity(form, period=Period(YEAR)),
        notice=NOTICE,
    )
    book = openpyxl.load_workbook(made.path, data_only=True)
    assert sheets in (None, book.sheetnames)
    assert pending in (None, book["填报表"]["C2"].value)
    for profile in (FileFormat.OFFICE_2010, FileFormat.MICROSOFT_365):
        result = OpenXmlValidator(file_format=profile).validate(str(made.path))
        assert [str(error) for error in result.errors] == []


def test_own_prompt_and_instructions_of_a_form(tmp_path: Path) -> None:
    """A form may bring its own texts."""
    form, rules = visit(tmp_path / "visit")
    (tmp_path / "visit" / "prompt.j2").write_text("{{ label }}!", "utf-8")
    (tmp_path / "visit" / "instructions.j2").write_text("# T\n\nfor {{ year }}", "utf-8")
    made = write_template(rules, tmp_path / "a.xlsx", identity=issue_identity(form, period=Period(YEAR)))
    book = openpyxl.load_workbook(made.path)
    assert rule_at(book, made.cells[FormPath("town")]).prompt == "Town!"
    assert [row[0].value for row in book["Instructions"].iter_rows(min_col=2, max_col=2)] == ["T", "for 2026"]


def test_letter_says_what_when_where_how() -> None:
    """The covering text names form, deadline, address and the ways to fill in and save."""
    letter = render_letter(annual()[0], NOTICE, Period(YEAR))
    for words in (
        "政府网站工作年度报表",
        "2026年度",
        "2027年1月31日",
        "report@example.gov.cn",
        "000-00000000",
        ".xlsx",
    ):
        assert words in letter
    assert "示例办公室" in letter
    assert render_letter(annual()[0], Notice(), Period(YEAR)).count("电话") == 0


def test_libreoffice_holds_locks_and_takes_good_values(soffice: LibreOffice, path: Path, layout: Layout) -> None:
    """Typed in LibreOffice, labels refuse, every input of the form takes a good value, and the progress follows."""
    with soffice.open(path) as document:
        for row in layout.rows:
            if row.label and row.kind is not RowKind.TITLE:
                assert document.enter(layout.sheet, f"C{row.number}", "x") is False
        for name, cell in layout.cells.items():
            kind = layout.form.field_of(name).kind.name
            if cell.sheet == layout.sheet:
                assert document.enter(cell.sheet, cell.address, GOOD[kind]) is True, name
        document.recalculate()
        assert document.read(layout.sheet, "C2")["text"] == "填报进度　已填 45/45　错误 0　待核实 0"
        assert document.read(layout.sheet, layout.checks[FormPath("site_name")].address)["text"] == "✓ 已填"
        assert document.read(layout.sheet, layout.cells[FormPath("site_code")].address)["text"] == "0000000001"


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("release_total", "12", "300条"),
        ("messages_average_days", "1.5", "两天"),
        ("has_smart_qa", "否", "没有"),
        ("site_type", "专项网站", "其他网站"),
        ("innovations.other", "√", "x"),
        ("other_media[20].posts", "3", "-1"),
    ],
)
def test_libreoffice_refuses_wrong_values(
    soffice: LibreOffice, path: Path, layout: Layout, *, key: str, good: str, bad: str
) -> None:
    """A value of the wrong kind is refused as it is typed, a good one taken."""
    cell = layout.cells[FormPath.parse(key)]
    with soffice.open(path) as document:
        assert document.type(cell.sheet, cell.address, good) is True
        assert document.type(cell.sheet, cell.address, bad) is False


def test_libreoffice_prints_a4_pages(soffice: LibreOffice, path: Path, tmp_path: Path) -> None:
    """It prints on eight pages: three of the form, one of the table, four of instructions."""
    pages = soffice.render(path, tmp_path, dpi=30)
    assert len(pages) == 8
