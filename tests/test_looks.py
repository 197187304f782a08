"""How the workbooks look: what is seen side by side, what stays in sight, and what is printed on how many pages."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gwxl.form.identity import issue_identity
from gwxl.form.layout import Col, Layout, RowKind, lay_out
from gwxl.records.cell import column_letters
from gwxl.records.period import Period
from tests.support.clients.libreoffice import LibreOffice
from tests.support.issuing import NOTICE, YEAR
from tests.support.returning import back, check
from tests.support.submissions import GOOD, report_form, report_rules
from tests.support.written import write_template

SCREEN = 1_300
"""Pixels of columns that a screen 1,366 pixels wide shows."""
WRONG: dict[str, Any] = {"site_url": "县政府", "site_code": "123", "service_items_online": 999, "release_affairs": None}
TABLE = "其他新媒体"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the form blank, filled in, with faults, and as it goes back."""
    folder, rules = tmp_path_factory.mktemp("looks"), report_rules()
    answers = {"blank": {}, "right": GOOD, "wrong": {**GOOD, **WRONG}}
    paths = {name: folder / f"{name}.xlsx" for name in answers}
    for name, values in answers.items():
        identity = issue_identity(rules.form, period=Period(YEAR))
        write_template(rules, paths[name], identity=identity, notice=NOTICE, answers=values)
    (one,) = back(folder / "back", check(paths["wrong"]))
    assert one.workbook is not None
    return {**paths, "return": one.workbook}


@pytest.fixture(scope="module")
def layout() -> Layout:
    """Return where everything stands."""
    return lay_out(report_form())


def pixels(sheet: Worksheet, first: int, last: int) -> int:
    """Return how wide the columns are that are seen, in pixels of the Normal font, eight a character."""
    widths = [sheet.column_dimensions[column_letters(column)] for column in range(first, last + 1)]
    return sum(round(one.width * 8) for one in widths if not one.hidden)


def lines(path: Path, folder: Path, office: LibreOffice) -> list[list[str]]:
    """Return the lines of each page that LibreOffice prints, each without what is left of it."""
    printed = office.convert(path, folder / f"{path.stem}.pdf")
    words = subprocess.run(["pdftotext", "-layout", printed, "-"], check=True, capture_output=True)
    pages = words.stdout.decode().split("\f")[:-1]
    return [[part for line in page.split("\n") for part in re.split(r"\s{2,}", line.strip()) if part] for page in pages]


@pytest.mark.parametrize("book", ["blank", "return"])
def test_columns_stand_in_the_order_they_are_read(books: dict[str, Path], layout: Layout, book: str) -> None:
    """Number, item, answer, unit and verdict first, the explanation after them, the clause last."""
    sheet = openpyxl.load_workbook(books[book])[layout.sheet]
    seen = [column for column in Col if not sheet.column_dimensions[column_letters(column)].hidden]
    heads = [sheet.cell(layout.head_row, column).value for column in seen]
    review = ["审核意见"] if book == "return" else []
    assert heads == ["序号", "项目", "填报内容", "单位", "核对", *review, "情况说明", "待填", "填写说明"]
    assert sheet.column_dimensions["F"].hidden


def test_what_is_wrong_is_seen_beside_the_answer(books: dict[str, Path], layout: Layout) -> None:
    """On a small screen a blank form is seen whole, of a return all but the clause, of a table everything."""
    for name, last in (("blank", Col.INSTRUCTION), ("return", Col.PENDING)):
        book = openpyxl.load_workbook(books[name])
        assert pixels(book[layout.sheet], Col.KEY, last) <= SCREEN
        assert pixels(book[TABLE], 1, layout.tables[0].review_column if name == "return" else 8) <= SCREEN


def test_three_rows_stay_in_sight(books: dict[str, Path], layout: Layout) -> None:
    """Title, progress and heads are frozen, and the columns up to the item."""
    for path in books.values():
        assert openpyxl.load_workbook(path)[layout.sheet].freeze_panes == "D4"
    assert [row.kind for row in layout.rows[:3]] == [RowKind.TITLE, RowKind.PROGRESS, RowKind.HEADS]


def test_the_clause_is_not_printed_twice(books: dict[str, Path], layout: Layout) -> None:
    """The form is printed from the number to the explanation; the clauses stand on their own sheet."""
    for path in books.values():
        sheet = openpyxl.load_workbook(path)[layout.sheet]
        assert sheet.print_area == f"'{layout.sheet}'!$B$1:$I${layout.rows[-1].number - 1}"
        assert sheet.print_title_rows == "$3:$3"


def test_the_seal_has_a_box_and_signatures_a_line(books: dict[str, Path], layout: Layout) -> None:
    """Beside the rows at the foot a box stands; what is signed has a line below it and nothing beside it."""
    sheet = openpyxl.load_workbook(books["blank"])[layout.sheet]
    foot = [row.number for row in layout.rows if row.kind is RowKind.FOOTER]
    box = [sheet.cell(row, Col.CHECK).border for row in foot]
    assert all(one.left.style == one.right.style == "thin" for one in box)
    assert (box[0].top.style, box[-1].bottom.style) == ("thin", "thin")
    assert sheet.cell(foot[0], Col.CHECK).value == "单位盖章"
    assert {sheet.cell(row, Col.INPUT).border.bottom.style for row in foot} == {"thin"}
    assert {sheet.cell(row, Col.INPUT).border.left.style for row in foot} == {None}


def pages_of(pages: list[list[str]]) -> Iterator[list[str]]:
    """Yield the pages of form and table, those before the instructions."""
    for page in pages:
        if "政府网站工作年度报表填写说明" in page:
            return
        if not page[0].endswith("审核意见"):
            yield page


@pytest.mark.parametrize(("book", "count"), [("blank", 4), ("right", 4), ("wrong", 4), ("return", 5)])
def test_few_pages_are_printed(  # noqa: PLR0917 - a table and fixtures
    books: dict[str, Path], layout: Layout, soffice: LibreOffice, tmp_path: Path, book: str, count: int
) -> None:
    """Form and table take four pages, what goes back five; no heading is the last of one, and 待填 is not printed."""
    pages = list(pages_of(lines(books[book], tmp_path, soffice)))
    assert len(pages) == count
    headings = {row.label for row in layout.rows if row.kind in {RowKind.SECTION, RowKind.GROUP}}
    feet = [page[-2] for page in pages]
    assert headings.isdisjoint(feet)
    assert not any("待填" in line for page in pages for line in page)


@pytest.mark.parametrize("book", ["blank", "right", "return"])
def test_no_line_begins_with_a_closing_mark(
    books: dict[str, Path], soffice: LibreOffice, tmp_path: Path, book: str
) -> None:
    """Whatever is printed, instructions and findings included, no line begins with 。 or ）."""
    pages = lines(books[book], tmp_path, soffice)
    assert [line for page in pages for line in page if line[0] in "。）"] == []
    assert sum(len(page) for page in pages) > 200


def test_a_fault_is_listed_with_its_rule_last(books: dict[str, Path], layout: Layout) -> None:
    """A fault is told once in front and once beside its input, its rule behind the words; others point there."""
    book = openpyxl.load_workbook(books["return"])
    sheet = book["审核意见"]
    row = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "序号")
    heads = [cell.value for cell in sheet[row]]
    assert heads == ["序号", "程度", "单元格", "项目名称", "发现的问题", "怎样改", "示例", "规则"]
    found = [sheet.cell(at, 8).value for at in range(row + 1, sheet.max_row + 1)]
    assert found == ["A02", "A05", "A10", "B08"]
    beside = [str(book[layout.sheet].cell(one.number, Col.REVIEW).value or "") for one in layout.rows]
    told = [re.findall(r"（([A-Z][0-9]+)）\Z", words) for words in beside[layout.head_row :] if words]
    assert told == [["A02"], ["A05"], ["A10"], [], ["B08"]]
    assert "✗ 错误 见 D35 的意见" in beside


def test_each_page_of_the_findings_has_their_heads(
    books: dict[str, Path], layout: Layout, soffice: LibreOffice, tmp_path: Path
) -> None:
    """The heads stand on each page, also where nothing but what was not carried over is on it."""
    book = openpyxl.load_workbook(books["right"])
    book[layout.sheet].cell(layout.head_row, Col.INPUT).value = "今年"
    book.save(tmp_path / "held.xlsx")
    (one,) = back(tmp_path / "back", check(tmp_path / "held.xlsx"))
    assert one.workbook is not None
    pages = lines(one.workbook, tmp_path, soffice)
    whole = next(number for number, page in enumerate(pages) if page[0] == "政府网站工作年度报表（2026年度）")
    assert whole > 1
    assert [("发现的问题" in page, "怎样改" in page) for page in pages[:whole]] == [(True, True)] * whole
    assert any("没有移入的原因" in line for line in pages[1])
