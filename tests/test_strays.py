"""Where an answer went: named at the blank input it is missing from, never taken, and nothing said without cause."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from gwxl.form.identity import issue_identity
from gwxl.form.layout import Col, RowKind, lay_out
from gwxl.intake import check_file, rejudge
from gwxl.intake.locating.form_sheets import locate
from gwxl.intake.locating.strays import stray_findings
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity, render_message
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.spreadsheets.book import Book, Cell, CellKind
from gwxl.spreadsheets.notes import Note, NoteKind
from gwxl.terms import Terms
from gwxl.wording import text
from tests.support.books import LAYOUT, Draft, draft, number, words
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import say
from tests.support.submissions import GOOD, report_form, report_rules
from tests.support.written import write_template

FORM = LAYOUT.sheet
KEY = FormPath("site_unique_visitors")
ROW = LAYOUT.inputs[KEY].number
CLAUSE = LAYOUT.inputs[KEY].instruction
OPTIONAL = frozenset[FormPath]()


def find(made: Draft | Book, missing: frozenset[FormPath] = frozenset({KEY})) -> list[Finding]:
    """Return what is said about strays, of a return in which some paths must be filled in and are blank."""
    book = made if isinstance(made, Book) else made.book()
    (located,) = locate(book, LAYOUT)
    return list(stray_findings(book, located, LAYOUT, missing))


def put_notes(made: Draft, *notes: Note, sheet: str = FORM) -> Book:
    """Put notes on a sheet."""
    book = made.book()
    return replace(book, sheets=tuple(replace(one, notes=notes) if one.title == sheet else one for one in book.sheets))


PLACES: dict[str, tuple[int, Cell, str]] = {
    "check": (Col.CHECK, number(1234567), "G14 有“1234567”"),
    "check calculated": (Col.CHECK, Cell(CellKind.NUMBER, "1234", "1200+34"), "G14 有“1234”"),
    "last year": (Col.PREVIOUS, number(1234567), "F14 有“1234567”"),
    "unit": (Col.UNIT, number(1234567), "E14 有“1234567”"),
    "number": (Col.NUMBER, number(1234567), "B14 有“1234567”"),
    "clause overwritten": (Col.INSTRUCTION, number(1234567), "K14 有“1234567”"),
    "clause continued": (Col.INSTRUCTION, words(f"{CLAUSE} 1234567"), "K14 有“1234567”"),
    "explanation": (Col.REMARK, words("共１２３４５６７人"), "I14 有“共１２３４５６７人”"),
    "right of the form": (11, words("1234567"), "K14 有“1234567”"),
    "formula without result": (11, Cell(CellKind.BLANK, "", "A1+1"), "K14 有“=A1+1”"),
}


@pytest.mark.parametrize("place", PLACES)
def test_beside_a_blank_that_must_be_filled_in(place: str) -> None:
    """What stands in its row is quoted with its cell, as a hint: the blank itself is an error already."""
    column, cell, quoted = PLACES[place]
    made = draft()
    made.form[ROW, column] = cell
    (finding,) = find(made)
    assert (finding.id, finding.severity, finding.key) == ("S01", Severity.HINT, KEY)
    assert finding.source == CellRef(FORM, ROW, column)
    assert finding.arguments["found"] == quoted
    assert finding.value == ""


NOTES = {
    "comment on the input": (Note(NoteKind.COMMENT, "1234567", ROW, Col.INPUT, ROW), "D14 的批注写着“1234567”"),
    "comment on the label": (Note(NoteKind.COMMENT, "约\n123", ROW, Col.LABEL, ROW), "C14 的批注写着“约 123”"),
    "box at the row": (Note(NoteKind.BOX, "1234567", ROW, Col.UNIT, ROW), "E14 处的文本框写着“1234567”"),
    "box over the row": (Note(NoteKind.BOX, "1234567", ROW - 1, Col.INPUT, ROW + 1), "D13 处的文本框写着“1234567”"),
    "picture on the input": (Note(NoteKind.PICTURE, "", ROW, Col.INPUT, ROW), "D14 处有图片"),
}


@pytest.mark.parametrize("place", NOTES)
def test_lying_on_a_blank(place: str) -> None:
    """A comment, a text box over the row and a picture on the input are quoted at the blank."""
    note, quoted = NOTES[place]
    made = draft({path: number(5) for path in ("site_page_views", "site_psb_number")})
    at = next(one for one in find(put_notes(made, note)) if one.key == KEY)
    assert (at.id, at.arguments["found"]) == ("S01", quoted)


def test_everything_in_one_finding() -> None:
    """Several places are told together, in the order of the columns; of many the first few."""
    made = draft()
    made.form[ROW, Col.CHECK] = number(1)
    made.form[ROW, 12] = number(2)
    (finding,) = find(put_notes(made, Note(NoteKind.COMMENT, "3", ROW, Col.INPUT, ROW)))
    assert finding.arguments["found"] == "G14 有“1”、L14 有“2”、D14 的批注写着“3”"
    for column in range(13, 21):
        made.form[ROW, column] = number(column)
    (finding,) = find(made)
    assert finding.arguments["found"].endswith("L14 有“2”、M14 有“13”、N14 有“14”、O14 有“15” …(10)")


def test_what_is_quoted_is_harmless() -> None:
    """A long text is cut, and no mark of it turns the line."""
    made = draft()
    made.form[ROW, Col.CHECK] = words("\u202e" + "长" * 500)
    (finding,) = find(made)
    assert finding.arguments["found"] == "G14 有“\N{REPLACEMENT CHARACTER}" + "长" * 58 + "…”"


@pytest.mark.parametrize(
    ("cell", "id_"),
    [(number(1234567), "S02"), (words("共 1,234 人"), "S02"), (words("已和信息中心核对过"), "S01")],
)
def test_beside_a_blank_that_may_stay_blank(cell: Cell, id_: str) -> None:
    """A figure beside the blank input of a number may be lost to the totals: it is to be verified."""
    made = draft()
    made.form[ROW, Col.CHECK] = cell
    (finding,) = find(made, OPTIONAL)
    assert (finding.id, finding.key) == (id_, KEY)
    assert finding.severity is (Severity.VERIFY if id_ == "S02" else Severity.HINT)


def test_a_figure_beside_a_blank_text_is_no_lost_number() -> None:
    """Beside the blank input of a text it is a hint."""
    made = draft()
    made.form[LAYOUT.inputs[FormPath("site_name")].number, Col.CHECK] = number(5)
    assert [(one.id, one.key) for one in find(made, OPTIONAL)] == [("S01", "site_name")]


def test_explanations_are_no_strays() -> None:
    """An explanation is quoted only where an answer is missing that it may hold."""
    made = draft()
    made.form[ROW, Col.REMARK] = words("含无障碍版访问量")
    made.form[LAYOUT.inputs[FormPath.parse("innovations.other")].number, Col.REMARK] = words("第 2 版")
    made.form[LAYOUT.inputs[FormPath("release_total")].number, Col.REMARK] = words("含上年 12 条")
    assert find(made, frozenset({KEY, FormPath.parse("innovations.other")})) == []


def column(made: Draft, name: int, cell: Cell) -> None:
    """Put a cell beside every input."""
    for row in LAYOUT.rows:
        if row.kind is RowKind.INPUT:
            made.form[row.number, name] = cell


def checks(made: Draft, cell: Cell) -> None:
    """Put a cell into every check."""
    for ref in LAYOUT.checks.values():
        made.form[ref.row, ref.column] = cell


def numbers_of_digits(made: Draft) -> None:
    """Make numbers of the printed ones."""
    for row in LAYOUT.rows:
        if row.label_number.isdigit():
            made.form[row.number, Col.NUMBER] = number(f"{row.label_number}.0")


SAVED: Mapping[str, Callable[[Draft], None]] = {
    "as issued": lambda _: None,
    "checks calculated": lambda made: checks(made, Cell(CellKind.TEXT, "✓ 已填", "IF(1,2)")),
    "checks kept as words": lambda made: checks(made, words("✗ 错误 必填项未填 A10")),
    "checks still to fill": lambda made: checks(made, words("待填")),
    "checks in English": lambda made: checks(made, words("! verify B01")),
    "checks not calculated": lambda made: checks(made, Cell(CellKind.BLANK, "", "")),
    "a zero for each formula": lambda made: checks(made, Cell(CellKind.NUMBER, "0", "IF(1,2)")),
    "formulas that a program lacks": lambda made: checks(made, Cell(CellKind.ERROR, "#NAME?", "IF(1,2)")),
    "errors kept without formulas": lambda made: checks(made, Cell(CellKind.ERROR, "#NAME?")),
    "numbers made of digits": numbers_of_digits,
    "last year's figures": lambda made: column(made, Col.PREVIOUS, number(17)),
    "a seal beside the foot": lambda _: None,
}


@pytest.mark.parametrize("saving", SAVED)
def test_harmless_saving(saving: str) -> None:
    """What programs make of checks, numbers and what was printed is not mentioned, filled in or blank."""
    made = draft({KEY: number(5)})
    SAVED[saving](made)
    seal = Note(NoteKind.PICTURE, "", LAYOUT.inputs[FormPath("unit_head")].number, Col.INSTRUCTION, LAYOUT.marker.row)
    every = frozenset(LAYOUT.inputs)
    assert find(put_notes(made, seal) if "seal" in saving else made.book(), every) == []


def test_over_what_is_printed() -> None:
    """Beside answers, what was written over clauses and checks is one hint each, headings included."""
    made = draft({path: number(5) for path in LAYOUT.inputs})
    heading = next(row for row in LAYOUT.rows if row.kind is RowKind.SECTION)
    made.form[ROW, Col.INSTRUCTION] = words("改过的说明")
    made.form[ROW, Col.CHECK] = words("是 12 万")
    made.form[heading.number, Col.CHECK] = number(77)
    clauses, checked = find(made)
    assert (clauses.id, clauses.severity, clauses.key) == ("S03", Severity.HINT, None)
    assert (clauses.source, clauses.arguments["found"]) == (CellRef(FORM, ROW, Col.INSTRUCTION), "K14 有“改过的说明”")
    assert (checked.id, checked.severity) == ("S04", Severity.HINT)
    assert checked.arguments["found"] == f"G{heading.number} 有“77”、G14 有“是 12 万”"


def test_a_clause_set_otherwise_is_the_same() -> None:
    """Line ends, blanks and the width of marks do not make another clause."""
    made = draft({KEY: number(5)})
    made.form[ROW, Col.INSTRUCTION] = words("  " + CLAUSE.replace("，", ",\r\n"))
    assert find(made) == []


def test_notes_beside_answers() -> None:
    """A comment on an input that is filled in is quoted there; what lies elsewhere once for its sheet."""
    made = draft({KEY: number(5)})
    title = Note(NoteKind.COMMENT, "请尽快报送", 1, 7, 1)
    loose, picture = Note(NoteKind.BOX, "另有 3 个"), Note(NoteKind.PICTURE, "", ROW, Col.INPUT, ROW)
    other, here = find(put_notes(made, Note(NoteKind.COMMENT, "去年 4", ROW, Col.INPUT, ROW), title, loose, picture))[
        ::-1
    ]
    assert (here.id, here.severity, here.key) == ("S05", Severity.HINT, KEY)
    assert (here.arguments["found"], here.shown) == ("D14 的批注写着“去年 4”", {KEY: "5"})
    assert (other.id, other.severity, other.key) == ("S06", Severity.HINT, None)
    assert other.arguments["found"] == "G1 的批注写着“请尽快报送”、文本框写着“另有 3 个”"
    assert other.source == CellRef(FORM, 1, 7)


def test_beside_a_table() -> None:
    """What stands to the right of a table's rows and over their checks is told; its own columns are not."""
    table, made = LAYOUT.tables[0], draft()
    sheet = made.cells[table.sheet]
    sheet[table.head_row, table.check_column] = words(text("column.check", "zh"))
    sheet[table.head_row, table.review_column] = words(text("column.review", "zh"))
    for row in range(table.first_row, table.last_row + 1):
        sheet[row, table.check_column] = Cell(CellKind.TEXT, "", "IF(1,2)")
        sheet[row, table.review_column] = words("请核对")
    assert find(made) == []
    sheet[table.first_row, table.check_column] = number(301)
    sheet[table.first_row + 1, table.review_column + 1] = words("抖音 12")
    note = Note(NoteKind.COMMENT, "302", table.first_row, 3, table.first_row)
    beside, comment = find(put_notes(made, note, sheet=table.sheet))
    assert (beside.id, beside.severity, beside.source) == (
        "S10",
        Severity.HINT,
        CellRef(table.sheet, table.first_row, table.check_column),
    )
    assert beside.arguments["found"] == "H5 有“301”、J6 有“抖音 12”"
    assert (comment.id, comment.arguments["found"]) == ("S06", "C5 的批注写着“302”")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a complete return."""
    path = tmp_path_factory.mktemp("strays") / "填好.xlsx"
    write_template(report_rules(), path, identity=issue_identity(report_form(), period=Period(2026)), answers=GOOD)
    return path


def change(template: Path, target: Path) -> Path:
    """Move answers of a return to other places, and comment on others."""
    book, cells = openpyxl.load_workbook(template), lay_out(report_form()).cells
    sheet = book[cells[KEY].sheet]

    def move(path: str, to: Callable[[int], Any]) -> None:
        cell = sheet.cell(cells[FormPath.parse(path)].row, cells[FormPath.parse(path)].column)
        cell.value = None
        to(cells[FormPath.parse(path)].row)

    move(KEY, lambda row: sheet.cell(row, Col.CHECK, 1234567))
    move("site_page_views", lambda row: sheet.cell(row, Col.PREVIOUS, 7654321))
    move("release_total", lambda row: setattr(sheet.cell(row, Col.INPUT), "comment", Comment("702", "张三")))
    move("release_overview", lambda row: sheet.cell(row, Col.REMARK, "3 条"))
    move("release_affairs", lambda row: sheet.cell(row, 12, 235))
    sheet.cell(cells[FormPath("columns_maintained")].row, Col.CHECK, "12 个")
    book.save(target)
    return target


def find_quoted_places(finding: Finding) -> str:
    """Return the places that a finding of the rules quotes."""
    message = render_message(finding, report_form().label, {}, "zh")
    before, after = text("stray.beside", "zh", found="|").split("|")
    assert message.endswith(after)
    return message.partition(before)[2].removesuffix(after)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".fods"])
def test_in_every_format(soffice: LibreOffice, template: Path, tmp_path: Path, suffix: str) -> None:
    """The blank stays an error and unanswered; beside it stands, in every format, where the answer went."""
    path = change(template, tmp_path / "改.xlsx")
    if suffix != ".xlsx":
        path = soffice.convert(path, path.with_suffix(suffix))
    (receipt,) = check_file(path, path.name, Terms(report_rules(), period=Period(2026)))
    assert receipt.submission is not None
    moved = {
        KEY: "G14 有“1234567”",
        "site_page_views": "F15 有“7654321”",
        "release_total": "D17 的批注写着“702”",
        "release_overview": "I18 有“3 条”",
        "release_affairs": "L19 有“235”",
    }
    told = {one.key: one for one in receipt.findings if one.id == "A10"}
    assert {key: find_quoted_places(one) for key, one in told.items()} == moved
    assert [one.id for one in receipt.findings if one.key in moved] == ["A10"] * len(moved)
    assert receipt.submission.values.keys() & moved.keys() == set()
    assert [one.arguments["found"] for one in receipt.findings if one.id == "S04"] == ["G22 有“12 个”"]


def test_the_words_stay_with_the_fault(template: Path, tmp_path: Path) -> None:
    """Judged again, for another year or with an answer, a blank still says what stands beside it, an answer not."""
    path, rules = change(template, tmp_path / "改.xlsx"), report_rules()
    (receipt,) = check_file(path, path.name, Terms(rules, period=Period(2026)))
    assert receipt.submission is not None
    again = rejudge(receipt, receipt.submission, Terms(rules, Period(2025)))
    assert [one for one in again.findings if one.id == "A10"] == [one for one in receipt.findings if one.id == "A10"]
    answered = replace(receipt.submission.answers[KEY], value=5)
    answers = {**receipt.submission.answers, KEY: answered}
    settled = replace(receipt.submission, answers=answers, values={**receipt.submission.values, KEY: 5})
    assert KEY not in {
        one.key for one in rejudge(receipt, settled, Terms(rules, Period(2026))).findings if one.id == "A10"
    }


def test_the_words_go_back(template: Path, tmp_path: Path) -> None:
    """The letter quotes what stands beside the blank: the workbook that goes with it holds it no longer."""
    path = change(template, tmp_path / "改.xlsx")
    say("return", path.name, "-o", "back", cwd=tmp_path, code=1)
    (letter,) = (tmp_path / "back").glob("*.txt")
    assert "G14 有“1234567”" in letter.read_text("utf-8")


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".fods"])
def test_a_complete_return_is_silent(soffice: LibreOffice, template: Path, suffix: str) -> None:
    """Saved by another program in any format, nothing is said about strays."""
    path = template if suffix == ".xlsx" else soffice.convert(template, template.with_suffix(suffix))
    (receipt,) = check_file(path, path.name, Terms(report_rules(), period=Period(2026)))
    assert [one.id for one in receipt.findings if one.id[0] in "SF"] == []
