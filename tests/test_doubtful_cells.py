"""Returns whose cells do not show what they store, through intake: asked about, and never counted as they stand."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell as OpenCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, NamedStyle

from gwxl.form.identity import issue_identity
from gwxl.form.layout import Col, lay_out
from gwxl.intake import check_file
from gwxl.intake.answers import Read, read_answers
from gwxl.intake.locating.form_sheets import locate
from gwxl.records.finding import Finding
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Unread
from gwxl.spreadsheets.book import Book, Cell, CellKind, Sheet
from gwxl.spreadsheets.looks import Look, Mark
from gwxl.terms import Terms
from gwxl.values.formula_results import results_are_stale
from tests.support.books import LAYOUT, draft, number
from tests.support.clients.libreoffice import LibreOffice
from tests.support.shapes import SUFFIXES
from tests.support.submissions import GOOD, report_form, report_rules
from tests.support.workbooks import parts, read, read_cells, unzip, zip_parts
from tests.support.written import write_template

YEAR = 2026
CELLS = lay_out(report_form()).cells
STRUCK = InlineFont(strike=True)

each_format = pytest.mark.parametrize("suffix", SUFFIXES)


def change(cells: Mapping[str, OpenCell]) -> None:
    """Leave in some inputs what people leave there."""
    cells["release_total"].value = CellRichText(TextBlock(STRUCK, "1200"), TextBlock(InlineFont(), "1500"))
    cells["site_name"].value = CellRichText(TextBlock(STRUCK, "旧局"), TextBlock(InlineFont(), "示例市网站"))
    cells["columns_maintained"].value = CellRichText("321", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    cells["columns_opened"].font = Font(strike=True)
    cells["service_items"].style = NamedStyle("Struck out", font=Font(strike=True))
    cells["site_unique_visitors"].number_format = '0.0"万"'
    cells["site_page_views"].number_format = '#,##0"次"'
    cells["cases_total"].number_format = ";;;"
    cells["site_code"].value, cells["site_code"].number_format = 11, "0000000000"
    cells["concern_responses"].value = 71.00000000000001
    cells["service_registered_users"].value = 46024
    cells["site_sponsor"].value = CellRichText(TextBlock(InlineFont(b=True), "示例市"), "教育局")


@pytest.fixture(scope="module")
def receipts(soffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Receipt]:
    """Return the receipt of one return as LibreOffice saves it, by suffix."""
    folder = tmp_path_factory.mktemp("doubtful")
    blank, path = folder / "blank.xlsx", folder / "return.xlsx"
    identity = issue_identity(report_form(), period=Period(YEAR))
    write_template(report_rules(), blank, identity=identity, answers=GOOD)
    book = openpyxl.load_workbook(blank)
    change({key: book[cell.sheet][cell.address] for key, cell in CELLS.items()})
    book.save(path)
    with soffice.open(path) as document:
        saved = {suffix: document.save(folder / f"saved.{suffix}") for suffix in SUFFIXES}
    found = {suffix: check_file(file, file.name, Terms(report_rules())) for suffix, file in saved.items()}
    return {suffix: receipt for suffix, (receipt,) in found.items()}


@each_format
def test_what_a_cell_shows(receipts: Mapping[str, Receipt], suffix: str) -> None:
    """Whatever format a return is saved in, the same cells are asked about, and the others are read."""
    receipt = receipts[suffix]
    assert receipt.submission is not None
    answers = receipt.submission.answers
    kinds = {key: (one.value.kind, one.value.proposal) for key, one in answers.items() if isinstance(one.value, Unread)}
    assert kinds == {
        "release_total": ("struck_part", 1500),
        "site_name": ("struck_part", "示例市网站"),
        "columns_maintained": ("raised", 321),
        "columns_opened": ("struck", None),
        "service_items": ("struck", None),
        "cases_total": ("hidden", None),
        "site_code": ("shown_otherwise", "0000000011"),
    }
    assert (answers[FormPath("concern_responses")].raw, answers[FormPath("concern_responses")].value) == ("71", 71)
    assert answers[FormPath("site_sponsor")].value == "示例市教育局"
    told = {finding.id: finding for finding in receipt.findings if finding.id[0] == "W"}
    assert {id_: one.key for id_, one in told.items()} == {
        "W06": "site_unique_visitors",
        "W08": "service_registered_users",
    }
    stored = GOOD["site_unique_visitors"]
    assert told["W06"].arguments["seen"] == f"{stored}.0万"
    assert told["W08"].arguments["day"] == "2026-01-02"


# Read by hand


def read_draft(book: Book) -> Read:
    """Read the answers of a workbook by hand."""
    (located,) = locate(book, LAYOUT)
    return read_answers(book, located, LAYOUT.form, lambda _path, _value: False, Source(file="a.xlsx"))


def notes(answers: Mapping[str, Cell], **more: Cell) -> list[Finding]:
    """Return what is noticed about some answers, with cells beside them by key."""
    made = draft(answers)
    for key, cell in more.items():
        made.form[LAYOUT.cells[FormPath.parse(key)].row, Col.PREVIOUS] = cell
    return [*read_draft(made.book()).notes]


@pytest.mark.parametrize(("stored", "day"), [("45658", "2025-01-01"), ("46024", "2026-01-02"), ("46387", "2026-12-31")])
def test_a_count_that_is_a_day(stored: str, day: str) -> None:
    """A count that is the number of a day of the period, or of the year after it, is shown as that day."""
    (note,) = notes({"release_total": number(stored)})
    assert (note.id, note.severity, note.key, note.arguments["day"]) == ("W08", "hint", "release_total", day)


@pytest.mark.parametrize(
    "answer",
    [
        number("45657"),
        number("46388"),
        number("46024.5"),
        Cell(CellKind.TEXT, "46024", locked=False),
        Cell(CellKind.NUMBER, "46024", "SUM(A1)", locked=False),
        number("46024", date=True),
    ],
)
def test_a_count_that_is_no_day(answer: Cell) -> None:
    """Days of other years, what was typed or calculated, and what is a date already, are no hint."""
    assert "W08" not in {note.id for note in notes({"release_total": answer})}


@pytest.mark.parametrize(
    ("last_year", "told"), [("40000", False), ("15342", False), ("15341", True), ("138073", True), ("0", True)]
)
def test_a_count_like_last_years(last_year: str, told: bool) -> None:  # noqa: FBT001 - the last column
    """A count within a factor of 3 of last year's is none that a program made of a date."""
    found = notes({"release_total": number("46024")}, release_total=number(last_year))
    assert [note.id for note in found] == (["W08"] if told else [])


def test_only_counts_are_days() -> None:
    """A decimal, a text or a code may be any number."""
    answers = {"messages_average_days": number("46024"), "contact_phone": number("46024")}
    assert "W08" not in {note.id for note in notes(answers)}


def test_an_explanation_that_was_struck_out() -> None:
    """What is struck out of an explanation explains nothing."""
    made = draft({"release_total": number(3)})
    place = LAYOUT.explanations[FormPath("release_total")]
    made.form[place.row, place.column] = Cell(CellKind.TEXT, "原因甲", look=Look(mark=Mark.STRUCK))
    assert read_draft(made.book()).submission.explanations == {}
    runs = (("原因甲", Mark.STRUCK), ("，原因乙如下", Mark.NONE))
    made.form[place.row, place.column] = Cell(CellKind.TEXT, "原因甲，原因乙如下", look=Look(runs=runs))
    assert read_draft(made.book()).submission.explanations == {"release_total": "，原因乙如下"}


# Results nobody calculated

RESULT = Cell(CellKind.NUMBER, "1214", "1200+14")
ZERO = Cell(CellKind.NUMBER, "0", "12+3")
VALUELESS = Cell(CellKind.BLANK, "", "A1")


def book_of(*cells: Cell, **more: Any) -> Book:
    """Return a workbook of cells in a row."""
    sheet = Sheet(title="S", cells={(1, column): cell for column, cell in enumerate(cells, 1)})
    return replace(Book(kind="xlsx", sheets=(sheet,)), **more)


@pytest.mark.parametrize(
    ("book", "stale"),
    [
        (book_of(RESULT), False),
        (book_of(RESULT, to_calculate=True), True),
        (book_of(RESULT, to_calculate=True, program="Microsoft Excel"), True),
        (book_of(RESULT, to_calculate=True, program="WPS 表格"), False),
        (book_of(RESULT, to_calculate=True, program="LibreOffice/25.2"), False),
        (book_of(ZERO, ZERO), True),
        (book_of(ZERO, VALUELESS), True),
        (book_of(ZERO, ZERO, program="WPS 表格"), True),
        (book_of(ZERO), False),
        (book_of(ZERO, ZERO, RESULT), False),
        (book_of(ZERO, Cell(CellKind.TEXT, "0", "T(A1)")), False),
        (book_of(VALUELESS, VALUELESS), False),
        (book_of(number("0"), number("0")), False),
    ],
)
def test_stale_results(book: Book, stale: bool) -> None:  # noqa: FBT001 - the last column
    """A wish to be calculated that no calculating program took out, and zeros everywhere, are no results."""
    assert results_are_stale(book) is stale


@pytest.mark.parametrize(
    ("told", "wish"),
    [
        ('<calcPr calcId="191029"/>', False),
        ("", False),
        ('<calcPr fullCalcOnLoad="1"/>', True),
        ('<calcPr calcMode="manual" calcCompleted="0"/>', True),
        ('<calcPr fullCalcOnLoad="0" calcCompleted="1"/>', False),
    ],
)
def test_a_workbook_that_asks_to_be_calculated(told: str, wish: bool) -> None:  # noqa: FBT001 - the last column
    """Both ways of saying that results were not calculated are read."""
    contents = parts()
    contents["xl/workbook.xml"] = str(contents["xl/workbook.xml"]).replace("</workbook>", f"{told}</workbook>")
    assert read(zip_parts(contents)).to_calculate is wish


def test_a_formula_in_a_stale_workbook() -> None:
    """The result of a formula is doubted there and counted nowhere silently; a number beside it is not."""
    made = draft({"release_total": Cell(CellKind.NUMBER, "12", "A1+A2", locked=False), "release_affairs": number(3)})
    found = read_draft(replace(made.book(), to_calculate=True))
    assert [(note.id, note.key) for note in found.notes] == [("W07", "release_total")]
    assert [note.id for note in read_draft(made.book()).notes] == ["W01"]


# Pictures and properties


def test_a_picture_value() -> None:
    """A picture put into a cell is an error with a value of its own; an error that a formula came to is one."""
    cells = read_cells(
        '<sheetData><row r="1"><c r="A1" t="e" vm="1"><v>#VALUE!</v></c><c r="B1" t="e"><v>#VALUE!</v></c>'
        '<c r="C1" t="e" vm="2"><f>SEQUENCE(3)</f><v>#VALUE!</v></c><c r="D1" vm="1"><v>5</v></c></row></sheetData>'
    )
    assert [cells[1, column].look for column in range(1, 5)] == [Look(picture=True), None, None, None]


@pytest.mark.parametrize("second", ["2025", "2026"])
def test_a_property_that_stands_twice(tmp_path: Path, second: str) -> None:
    """Two values of one property contradict each other, whichever comes first; twice the same is no contradiction."""
    path = tmp_path / "return.xlsx"
    write_template(report_rules(), path, identity=issue_identity(report_form(), period=Period(YEAR)), answers=GOOD)
    contents = unzip(path.read_bytes())
    custom = contents["docProps/custom.xml"].decode()
    start = custom.index("<property", custom.index('name="gwxl_year"') - 120)
    one = custom[start : custom.index("</property>", start) + len("</property>")]
    assert "gwxl_year" in one
    contents["docProps/custom.xml"] = custom.replace(one, one + one.replace("2026", second)).encode()
    path.write_bytes(zip_parts(contents))
    (receipt,) = check_file(path, path.name, Terms(report_rules()))
    told = [finding.arguments["parts"] for finding in receipt.findings if finding.id == "L02"]
    assert told == (["year"] if second == "2025" else [])


def test_a_foreign_property_that_stands_twice() -> None:
    """What another program says twice of itself is nothing of ours."""
    made = draft()
    assert read_draft(replace(made.book(), contradictory=frozenset({"KSOProductBuildVer"}))).notes == ()
    (located,) = locate(replace(made.book(), contradictory=frozenset({"KSOProductBuildVer"})), LAYOUT)
    assert located.held == ""
