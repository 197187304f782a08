"""The summary workbook: its figures, its texts, its file."""

import io
import re
import resource
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import FileFormat, OpenXmlValidator

from gwxl.batch.batch import Batch
from gwxl.batch.decision import Decision, State
from gwxl.errors import OutputError, WorkbookError
from gwxl.files.excel_limits import STRING
from gwxl.form.definition import Form
from gwxl.form.loading import load_form
from gwxl.records.cell import column_letters
from gwxl.records.path import Path as FormPath
from gwxl.records.submission import Change, Unread
from gwxl.summary.page import fit_text, fits
from gwxl.summary.selfcheck import self_check
from gwxl.summary.sheets.table import FIRST_ROW, HEAD_ROW, KEY_ROW, OF_ROW, PASSED_ROW, TOTAL_ROW
from gwxl.summary.sites import Sites
from gwxl.summary.stored.recognising import INBOX
from gwxl.summary.stored.workbook import open_summary
from gwxl.summary.workbook import write_summary
from gwxl.totals.adding import totals
from tests.support.batches import (
    Cell,
    batch,
    digest,
    finding,
    mix_batch,
    receipt,
    refuse,
    report_form,
    report_rules,
    site,
)
from tests.support.clients.libreoffice import LibreOffice
from tests.support.summaries import open_book

SHEETS = [
    "总览",
    "汇总表",
    "分类汇总",
    "其他新媒体",
    "问题清单",
    "待决事项",
    "文件清单",
    "读数记录",
    "数据来源",
    "字段说明",
    "上报数据",
]
COUNT = FormPath("site_page_views")


def write(some: Batch, path: Path) -> openpyxl.Workbook:
    """Write a summary and open what it stores: values, not formulas."""
    write_summary(some, report_rules(), path)
    return open_book(path)


def column_of(sheet: Worksheet, key: str) -> int:
    """Return the column of a key in the hidden row."""
    keys = [str(cell.value).partition("*")[0] for cell in sheet[KEY_ROW]]
    return keys.index(key) + 1


def at(sheet: Worksheet, row: int, key: str) -> object:
    """Return what stands in a row under a key."""
    return sheet.cell(row, column_of(sheet, key)).value


def texts(sheet: Worksheet) -> list[str]:
    """Return every text of a sheet."""
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    """Open the summary of thirty sites with every kind of fault."""
    return write(mix_batch(30), tmp_path_factory.mktemp("summary") / "汇总.xlsx")


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the summary of thirty sites, for whoever reads its formulas."""
    path = tmp_path_factory.mktemp("formulas") / "汇总.xlsx"
    write_summary(mix_batch(30), report_rules(), path)
    return path


def test_the_sheets_stand_in_order(book: openpyxl.Workbook) -> None:
    """What a superior reads comes first, what an auditor reads last."""
    assert book.sheetnames == SHEETS


def test_the_overview_shows_the_equation(book: openpyxl.Workbook) -> None:
    """Received is the sum of its parts, in words and numbers."""
    found = texts(book["总览"])
    assert "收到 34 = 采用 30 + 待决 1 + 不采用 0 + 被替代 1 + 拒收 1 + 忽略 1" in found
    assert "采用 30 = 通过 22 + 有错误 5 + 待核实 3".replace("22 + 有错误 5", _split()) in found


def _split() -> str:
    counts = mix_batch(30).counts
    return f"{counts.passed} + 有错误 {counts.errors}"


def test_the_overview_names_the_next_steps(book: openpyxl.Workbook) -> None:
    """Each kind of open case has its line, with the number of returns."""
    found = "\n".join(texts(book["总览"]))
    assert "份有错误" in found
    assert "1 份待决" in found
    assert "1 份无法读取" in found
    assert "全部通过" not in found


def test_a_clean_batch_can_be_sent_upward(tmp_path: Path) -> None:
    """Without anything open the overview says so."""
    found = texts(write(batch(receipt(1)), tmp_path / "a.xlsx")["总览"])
    assert "1. 全部通过，可以上报。" in found
    assert "没有待办问题。" in found


def test_sites_stand_by_code(tmp_path: Path) -> None:
    """Rows come by site code, whatever the order of the receipts."""
    sheet = write(batch(receipt(3), receipt(1), receipt(2)), tmp_path / "a.xlsx")["汇总表"]
    assert [at(sheet, row, "#code") for row in range(FIRST_ROW, FIRST_ROW + 3)] == [site(1), site(2), site(3)]
    assert sheet.max_row == FIRST_ROW + 2


def test_a_row_holds_every_answer(tmp_path: Path) -> None:
    """Numbers are numbers, answers are worded as in the form, ticks and rows are counted."""
    cells: dict[str, Cell] = {
        "site_type": "portal",
        "has_new_media": False,
        COUNT: 12345,
        "messages_average_days": Decimal("2.5"),
    }
    ticks: dict[str, Cell] = {"innovations.other": True, "innovations.accessible": None}
    sheet = write(batch(receipt(2, cells | ticks)), tmp_path / "a.xlsx")["汇总表"]
    keys = ["site_type", "has_new_media", COUNT, "messages_average_days", *ticks, "other_media", "#passed", "#file"]
    found = [at(sheet, FIRST_ROW, key) for key in keys]
    assert found == ["政府门户网站", "否", 12345, 2.5, "√", None, 2, "是", "0000000002.xlsx"]


def test_heads_name_label_unit_and_note(book: openpyxl.Workbook) -> None:
    """What is added up over sites without deduplication says so at its head."""
    sheet = book["汇总表"]
    assert at(sheet, HEAD_ROW, "site_unique_visitors") == "8 独立用户访问总量（个）\n〔各站合计，未跨站去重〕"
    assert at(sheet, HEAD_ROW, "interpretation_total") == "（1） 解读信息发布·总数（条）"


def test_totals_stand_above_with_n_of_n(book: openpyxl.Workbook) -> None:
    """The stored values are the totals, for all and for those that passed."""
    sheet, some = book["汇总表"], mix_batch(30)
    everything, passed = totals(some.form, some.accepted), totals(some.form, some.passed)
    for key in (COUNT, FormPath("release_total"), FormPath("other_media")):
        assert at(sheet, TOTAL_ROW, key) == everything[key].value
        assert at(sheet, PASSED_ROW, key) == passed[key].value
        assert at(sheet, OF_ROW, key) == f"{everything[key].n} / 30"
    yes = everything[FormPath("has_new_media")].value
    assert isinstance(yes, dict)
    assert at(sheet, TOTAL_ROW, "has_new_media") == yes["true"]


def test_a_value_that_does_not_count_is_a_marked_text(tmp_path: Path) -> None:
    """What is unread or breaks its cell rule is shown, and no formula can add it."""
    unread = receipt(1, {COUNT: Unread(raw="约2.5万", kind="approximate")})
    broken = receipt(
        2, {COUNT: 99, "has_new_media": True}, findings=[finding("A09", COUNT), finding("A10", "has_new_media")]
    )
    sheet = write(batch(unread, broken, receipt(3, {COUNT: 7})), tmp_path / "a.xlsx")["汇总表"]
    found = [at(sheet, row, COUNT) for row in range(FIRST_ROW, FIRST_ROW + 3)]
    assert found == ["约2.5万（不计入）", "99（不计入）", 7]
    assert (at(sheet, TOTAL_ROW, COUNT), at(sheet, OF_ROW, COUNT)) == (7, "1 / 3")
    assert at(sheet, FIRST_ROW + 1, "has_new_media") == "是（不计入）"


@pytest.mark.parametrize(
    ("value", "exact"), [(10**15 - 1, True), (10**20, True), (10**15 + 1, False), (123456789 * 10**9 + 1, False)]
)
def test_digits_no_program_keeps_are_found(value: int, *, exact: bool) -> None:
    """Fifteen significant digits are kept, a sixteenth is not."""
    assert fits(value) is exact
    assert fits(Decimal(value) / 1000) is exact


def test_a_long_number_is_never_rounded(tmp_path: Path) -> None:
    """It stands as text with a mark, and the total of its column as well, exact to the last digit."""
    sheet = write(batch(receipt(1, {COUNT: 1234567890123456789}), receipt(2, {COUNT: 2})), tmp_path / "a.xlsx")[
        "汇总表"
    ]
    mark = "（超过15位，按文本列示）"
    assert at(sheet, FIRST_ROW, COUNT) == f"1234567890123456789{mark}"
    assert at(sheet, TOTAL_ROW, COUNT) == f"1234567890123456791{mark}"


def test_totals_are_live_formulas(formulas: Path) -> None:
    """Every number that is added up has a formula, for all and for those that passed."""
    sheet = open_book(formulas, formulas=True)["汇总表"]
    last = FIRST_ROW + 29
    letters = column_letters(column_of(sheet, COUNT))
    assert at(sheet, TOTAL_ROW, COUNT) == f"=SUM({letters}${FIRST_ROW}:{letters}${last})"
    assert (
        at(sheet, PASSED_ROW, COUNT) == f'=SUMIFS({letters}${FIRST_ROW}:{letters}${last},D${FIRST_ROW}:D${last},"是")'
    )
    starts = {
        key: str(at(sheet, TOTAL_ROW, key)).partition("(")[0] for key in ("messages_average_days", "has_new_media")
    }
    assert starts == {"messages_average_days": "=IFERROR", "has_new_media": "=COUNTIF"}


def test_libreoffice_computes_what_is_stored(soffice: LibreOffice, formulas: Path) -> None:
    """Each formula of the summary, calculated anew, gives the value gwxl stored."""
    written, stored = open_book(formulas, formulas=True), open_book(formulas)
    found = 0
    with soffice.open(formulas) as document:
        document.recalculate()
        for title in ("汇总表", "其他新媒体"):
            for cell in (cell for row in written[title].iter_rows() for cell in row if cell.data_type == "f"):
                value = stored[title][cell.coordinate].value
                assert document.read(title, cell.coordinate)["value"] == pytest.approx(value, rel=1e-14), (
                    cell.coordinate
                )
                found += 1
    assert found == 100


def test_filters_and_panes(formulas: Path) -> None:
    """Sites can be filtered; code, name and heads stay in view; keys are hidden."""
    sheet = open_book(formulas, formulas=True)["汇总表"]
    assert sheet.freeze_panes == f"C{FIRST_ROW}"
    assert str(sheet.auto_filter.ref).startswith(f"A{HEAD_ROW}:")
    assert str(sheet.auto_filter.ref).endswith(str(FIRST_ROW + 29))
    assert sheet.row_dimensions[KEY_ROW].hidden is True


def test_sources_mirror_the_table(book: openpyxl.Workbook) -> None:
    """The same cell of 数据来源 names the cell in the returned file, with the raw text where it was changed."""
    sheet, sources = book["汇总表"], book["数据来源"]
    for row in (FIRST_ROW, FIRST_ROW + 3, FIRST_ROW + 29):
        assert [sheet.cell(row, column).value for column in range(1, 6)] == [
            sources.cell(row, column).value for column in range(1, 6)
        ]
    assert column_of(sheet, COUNT) == column_of(sources, COUNT)
    assert at(sources, FIRST_ROW, COUNT) == "D15｜不计入：无法识别为规定的内容"
    assert at(sources, FIRST_ROW + 3, COUNT) == "D15｜原文：１２，３４５"
    assert at(sources, FIRST_ROW + 1, COUNT) == "D15"
    assert at(sources, FIRST_ROW, "#sha256") == digest(f"{site(1)}.xlsx")


def test_the_breakdown_divides_by_the_declared_choice(tmp_path: Path) -> None:
    """The block of each answer adds up its own sites; the blocks together give the whole."""
    receipts = [receipt(1, {"site_type": "portal", COUNT: 10}), receipt(2, {"site_type": "special", COUNT: 5})]
    receipts.append(receipt(3, {"site_type": None, COUNT: 1}))
    sheet = write(batch(*receipts), tmp_path / "a.xlsx")["分类汇总"]
    bands = [cell.value for cell in sheet[3] if cell.value]
    assert bands == [
        "全部（3 个，通过 3 个）",
        "政府门户网站\n（1 个，通过 1 个）",
        "部门网站\n（0 个，通过 0 个）",
        "专项网站\n（1 个，通过 1 个）",
        "网站类型不明\n（1 个，通过 1 个）",
    ]
    row = next(row for row in sheet.iter_rows(min_row=5) if row[1].value == "网站总访问量")
    assert [row[4 + 7 * block].value for block in range(5)] == [16, 10, 0, 5, 1]
    assert [cell.value for cell in row[4:11]] == [16, "3 / 3", 1, 5, 10, 16, "3 / 3"]


def test_the_breakdown_has_the_shape_of_the_form(book: openpyxl.Workbook) -> None:
    """Every field that is added up has its row, with the note that belongs to its sum."""
    labels = [str(row[1].value) for row in book["分类汇总"].iter_rows(min_row=5)]
    assert "独立用户访问总量\n〔各站合计，未跨站去重〕" in labels
    assert "　无障碍浏览" in labels
    assert "　信息发布量" in labels
    assert "网站名称" not in labels


def test_tables_have_a_row_an_entry(tmp_path: Path) -> None:
    """Entries stand with their site, place and total; two sites filled rows."""
    cells = {"other_media[1].posts": 10, "other_media[2].posts": 5}
    sheet = write(batch(receipt(2, cells), receipt(1, {"other_media[1].posts": 1}), receipt(3)), tmp_path / "a.xlsx")[
        "其他新媒体"
    ]
    assert [at(sheet, row, "#code") for row in (6, 7, 8)] == [site(1), site(2), site(2)]
    assert [at(sheet, row, "other_media.posts") for row in (3, 4, 6, 7, 8)] == [16, "2 / 3", 1, 10, 5]
    assert at(sheet, 8, "@other_media.posts") == "其他新媒体!F6"


def test_findings_are_listed_with_place_and_message(book: openpyxl.Workbook) -> None:
    """A finding has severity, rule, site, cell, value, message, expectation and proposal."""
    sheet = book["问题清单"]
    first = {str(head.value): cell.value for head, cell in zip(sheet[KEY_ROW], sheet[4], strict=True)}
    assert first["#severity"] == "✗ 错误"
    assert (first["#rule"], first["#code"], first["#cell"], first["#sheet"]) == ("A09", site(1), "D15", "填报表")
    assert first["#message"] == "D15「网站总访问量」填 约2.5万，请核对。"
    assert (first["#found"], first["#expected"], first["#proposal"]) == ("约2.5万", "0 或正整数", "25000")
    assert "已说明：年中合并栏目" in texts(sheet)
    assert sheet.max_row == 3 + sum(len(one.findings) for one in mix_batch(30).receipts)


def test_readings_say_what_was_read_and_why(tmp_path: Path) -> None:
    """A change shows raw text, value, cell and reason."""
    doubtful = Change(key=COUNT, raw="无", value="", kind="none")
    plain = Change(key=FormPath("release_total"), raw="１２", value="12", kind="full_width")
    sheet = write(batch(receipt(1, changes=[doubtful, plain])), tmp_path / "a.xlsx")["读数记录"]
    row = [cell.value for cell in sheet[4]]
    assert [row[0], *row[2:5]] == [site(1), "网站总访问量", "无", None]
    assert (row[7], sheet.max_row) == ("D15", 4)


def test_every_file_is_listed(book: openpyxl.Workbook) -> None:
    """Counted or not, each receipt has its row with what became of it and why."""
    sheet = book["文件清单"]
    rows = {at(sheet, row, "#file_only"): at(sheet, row, "#state") for row in range(4, sheet.max_row + 1)}
    assert len(rows) == 34
    assert [rows[name] for name in ("0000009001.xlsx", "0000009002.xlsx", "坏文件.xlsx", "~$0000000001.xlsx")] == [
        "待决",
        "被替代",
        "拒收",
        "忽略",
    ]
    assert "文件打不开" in texts(sheet)
    assert [at(sheet, 4, f"#{key}") for key in ("reporting_unit", "contact_phone")] == [None, "000-00000000"]


def test_new_files_are_marked_on_the_second_merge(tmp_path: Path) -> None:
    """Against the summary that is replaced; the first time nothing is known."""
    path = tmp_path / "a.xlsx"
    sheet = write(batch(receipt(1)), path)["文件清单"]
    assert at(sheet, 4, "#new") == "—"
    sheet = write(batch(receipt(1), receipt(2)), path)["文件清单"]
    assert [at(sheet, row, "#new") for row in (4, 5)] == [None, "新"]


def test_decisions_are_listed_open_ones_first(tmp_path: Path) -> None:
    """What waits for the clerk comes before what was decided."""
    effect = "已照办：作为已核实"
    done = Decision(
        sha256="b", decision="已核实。", who="李某", key=COUNT, rule="B01", state=State.DECIDED, effect=effect
    )
    odd = Decision(sha256="c", decision="whatever", key="no_such", state=State.VOID, trouble="没有这一条")
    sheet = write(
        batch(receipt(1), decisions=[done, odd, Decision(sha256="a", question="采用？")]), tmp_path / "a.xlsx"
    )["待决事项"]
    assert [at(sheet, row, "#decision_state") for row in (4, 5, 6)] == ["待决", "已决", "备查"]
    assert [at(sheet, row, "#decision") for row in (4, 5, 6)] == [None, "已核实。", "whatever"]
    assert [at(sheet, row, "#item") for row in (4, 5, 6)] == [None, "网站总访问量", "no_such"]
    assert [at(sheet, row, "#question") for row in (4, 5, 6)] == ["采用？", None, None]
    assert [at(sheet, row, "#decision_effect") for row in (4, 5, 6)] == [None, effect, "没有这一条"]


def test_fields_are_explained(book: openpyxl.Workbook) -> None:
    """Each field has label, unit, how it is added up, its note and the whole instruction."""
    sheet = book["字段说明"]
    rows = {at(sheet, row, "#key"): row for row in range(4, sheet.max_row + 1)}
    form = report_form()
    assert rows.keys() >= form.fields.keys() | {"innovations.other", "other_media.posts"}
    assert at(sheet, rows["messages_average_days"], "#how") == "按“办结留言数量”加权平均"
    assert all(
        at(sheet, rows[key], "#instruction") == (field.instruction or None) for key, field in form.fields.items()
    )


def test_an_empty_batch_has_every_sheet(tmp_path: Path) -> None:
    """Sheets without rows say so in one line."""
    book = write(batch(), tmp_path / "a.xlsx")
    assert book.sheetnames == SHEETS
    lines = {"汇总表": "没有可以计入的报表。", "其他新媒体": "没有填报内容。", "问题清单": "没有发现问题。"}
    lines |= {
        "读数记录": "没有需要核对的改读。",
        "文件清单": "没有收到文件。",
        "待决事项": "没有需要决定的事项。",
    }
    assert {title: line in texts(book[title]) for title, line in lines.items()} == dict.fromkeys(lines, True)
    assert "收到 0 = 采用 0 + 待决 0 + 不采用 0 + 被替代 0 + 拒收 0 + 忽略 0" in texts(book["总览"])


HOSTILE = (
    "=1+1",
    "@SUM(1)",
    "+1",
    "-1",
    "http://x.example/",
    "external:\\\\h\\a",
    "internal:a!A1",
    "{=1}",
    "<r><t>x</t></r>",
    "_x0041_",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_texts_stay_texts(tmp_path: Path, words: str) -> None:
    """Whatever a filler writes, no cell of the summary is a formula or a link because of it."""
    path = tmp_path / "a.xlsx"
    odd = [finding("X01", "site_name", value=words, expected=words, proposal=words, explanation=words)]
    change = Change(key=FormPath("site_url"), raw=words, value=words, kind="full_width")
    cells: dict[str, Cell] = {"site_name": words, "site_url": words, COUNT: Unread(raw=words, kind="not_a_number")}
    cells |= {"other_media[1].product_name": words}
    one = receipt(1, cells, findings=odd, changes=[change], file=f"{words}.xlsx".replace("\\", "").replace("/", ""))
    write_summary(batch(one, refuse(f"{words}")), report_rules(), path)
    book = open_book(path, formulas=True)
    formulas = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    assert {str(formula).partition("(")[0] for formula in formulas} <= {
        "=SUM",
        "=SUMIFS",
        "=COUNTIF",
        "=COUNTIFS",
        "=IFERROR",
        "=HYPERLINK",
    }
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "xl/externalLinks" not in " ".join(zipfile.ZipFile(path).namelist())
    found = open_summary(path).grid("table", FIRST_ROW).text(FIRST_ROW, "site_name")
    assert found.strip() == words


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\x00b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("a\u202eb", "a\ufffdb"),
        ("a\x1b[31mb", "a\ufffd[31mb"),
        ("a\nb", "a\nb"),
    ],
)
def test_harmful_characters_are_replaced(tmp_path: Path, words: str, shown: str) -> None:
    """Controls, lone surrogates and marks that turn the text round never reach the workbook."""
    sheet = write(batch(receipt(1, {"site_name": words})), tmp_path / "a.xlsx")["汇总表"]
    assert at(sheet, FIRST_ROW, "#name") == shown


@pytest.mark.parametrize("character", ["字", "𠮷"])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(character: str) -> None:
    """Excel counts UTF-16 units."""
    whole = character * (STRING // (len(character.encode("utf-16-le")) // 2))
    assert fit_text(whole, "zh") == whole
    cut = fit_text(whole + character, "zh")
    assert cut.endswith("……（过长，已截断，全文见原文件）")
    assert len(cut.encode("utf-16-le")) // 2 <= STRING


def test_a_text_of_all_the_room_that_looks_like_markup(tmp_path: Path) -> None:
    """One that needs a blank behind it to be written, and has no room for it, is cut as a longer one is."""
    words = f"<r>{'字' * (STRING - 7)}</r>"
    sheet = write(batch(receipt(1, {"site_name": words})), tmp_path / "a.xlsx")["汇总表"]
    assert at(sheet, FIRST_ROW, "#name") == fit_text(words, "zh")
    assert fit_text(words, "zh").endswith("……（过长，已截断，全文见原文件）")


@pytest.mark.parametrize(
    ("name", "remembered"), [("收件", "收件"), ("a\udcff", None), ("𠮷" * 127, "𠮷" * 127), ("𠮷" * 128, None)]
)
def test_the_inbox_is_remembered_where_its_name_can_be_written(
    tmp_path: Path, name: str, remembered: str | None
) -> None:
    """A name of bytes that are no text, or too long for a property, is left out; the summary is written even so."""
    path = tmp_path / "a.xlsx"
    write_summary(batch(), report_rules(), path, inbox=tmp_path / name)
    assert open_summary(path).book.properties.get(INBOX) == remembered


@pytest.mark.parametrize("profile", [FileFormat.OFFICE_2010, FileFormat.MICROSOFT_365])
@pytest.mark.parametrize("count", [0, 1, 30])
def test_the_workbook_keeps_the_standard(tmp_path: Path, count: int, profile: FileFormat) -> None:
    """An independent judge of the file format finds nothing to object to."""
    path = tmp_path / "a.xlsx"
    write_summary(mix_batch(count) if count else batch(), report_rules(), path)
    result = OpenXmlValidator(file_format=profile).validate(str(path))
    assert [str(error) for error in result.errors] == []


def test_three_hundred_sites(tmp_path: Path) -> None:
    """Every one has its row, and the totals are theirs."""
    some = batch(*(receipt(number) for number in range(300, 0, -1)))
    sheet = write(some, tmp_path / "a.xlsx")["汇总表"]
    assert sheet.max_row == FIRST_ROW + 299
    assert at(sheet, TOTAL_ROW, COUNT) == totals(some.form, some.accepted)[COUNT].value


def test_the_same_batch_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the file depends on when or where it was written."""
    paths = [tmp_path / "a.xlsx", tmp_path / "b" / "c.xlsx"]
    paths[1].parent.mkdir()
    for path in paths:
        write_summary(mix_batch(12), report_rules(), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_foreign_file_is_not_replaced(tmp_path: Path) -> None:
    """A workbook, text or folder gwxl did not write stays as it is, unless told otherwise."""
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="exists already and was not written by gwxl"):
        write_summary(batch(), report_rules(), path)
    assert path.read_bytes() == before
    write_summary(batch(), report_rules(), path, force=True)
    write_summary(batch(receipt(1)), report_rules(), path)
    with pytest.raises(OutputError, match="is a folder"):
        write_summary(batch(), report_rules(), tmp_path, force=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    """A missing folder is told, and none is made."""
    with pytest.raises(OutputError, match=r"there is no folder .*; make it, or name another place"):
        write_summary(batch(), report_rules(), tmp_path / "no" / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as a disk without space does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 5_000, 60_000])
def test_a_full_disk_leaves_the_old_summary(tmp_path: Path, size: int) -> None:
    """Whether the first rows or the finished file find no room, the old file is whole and alone."""
    path = tmp_path / "a.xlsx"
    write_summary(batch(receipt(1)), report_rules(), path)
    before = path.read_bytes()
    with full_disk(size), pytest.raises(OutputError, match="cannot be written: File too large"):
        write_summary(mix_batch(60), report_rules(), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_summary_that_contradicts_itself_is_not_written(tmp_path: Path) -> None:
    """A crash on the way leaves the old file: here a finding whose message names nothing."""
    path = tmp_path / "a.xlsx"
    write_summary(batch(receipt(1)), report_rules(), path)
    before = path.read_bytes()
    broken = replace(finding("X01", COUNT), message="{no_such}")
    with pytest.raises(Exception, match="no_such"):
        write_summary(batch(receipt(1, findings=[broken])), report_rules(), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize(
    ("part", "old", "new", "named"),
    [
        ("sheet2", "<v>4711</v>", "<v>4712</v>", COUNT),
        ("sheet2", "<v>4713</v>", "<v>4714</v>", COUNT),
        ("sheet2", "<v>4715</v>", "<v>4715.5</v>", "service_items"),
        ("sheet4", "<v>1234</v>", "<v>1235</v>", "other_media.posts"),
    ],
)
def test_the_self_check_compares_rows_and_totals(tmp_path: Path, part: str, old: str, new: str, named: str) -> None:
    """A row, a stored total, an answer or a table cell that was written wrong is found, and its column named."""
    path = tmp_path / "a.xlsx"
    some = batch(
        receipt(1, {COUNT: 4711, "service_items": 4715, "other_media[1].posts": 1234}),
        receipt(3, {COUNT: 2, "service_items": None}),
    )
    write_summary(some, report_rules(), path)
    sites = Sites(batch=some, rules=report_rules())
    self_check(sites, path)
    path.write_bytes(edit(path.read_bytes(), f"xl/worksheets/{part}.xml", old, new))
    with pytest.raises(WorkbookError, match=f"D08.*({named})"):
        self_check(sites, path)


def edit(data: bytes, part: str, old: str, new: str) -> bytes:
    """Return a workbook with the last occurrence of a piece of a part replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                assert old.encode() in text
                head, _, tail = text.rpartition(old.encode())
                text = head + new.encode() + tail
            copy.writestr(name, text)
    return target.getvalue()


OTHER = """
id = "visits"
title = "Visits"
edition = "2"
language = "en"

[[section]]
key = "first"
number = "A"
label = "First"

[[section.field]]
key = "distance"
label = "Distance"
kind = "decimal"
unit = "km"
aggregate = "sum"

[[section.field]]
key = "Overview_less"
label = "x"
kind = "text"
"""


def other_form(folder: Path) -> Form:
    """Load a small English form without roles, whose table has the name of a sheet of the summary."""
    table = '[[section.field]]\nkey = "stops"\nlabel = "Overview"\nkind = "table"\nrows = 3\n'
    table += 'columns = [{ key = "fee", label = "Fee", kind = "decimal", aggregate = "sum" }]\n'
    (folder / "form.toml").write_text(OTHER.partition('[[section.field]]\nkey = "Over')[0] + table, "utf-8")
    return load_form(folder)


def test_a_form_of_another_shape(tmp_path: Path) -> None:
    """No role, no choice, decimals only, another language: the sheets are the same."""
    form = other_form(tmp_path)
    cells = {"distance": Decimal("0.1"), "stops[1].fee": Decimal("1.25"), "stops[2].fee": Decimal("2.5")}
    some = batch(*(receipt(number, cells, form=form) for number in (1, 2, 3)), form=form)
    book = write(some, tmp_path / "a.xlsx")
    assert book.sheetnames[:4] == ["Overview", "Sites", "Totals", "Overview +"]
    assert at(book["Sites"], TOTAL_ROW, "distance") == 0.3
    assert at(book["Overview +"], 3, "stops.fee") == 11.25
    equation = "received 3 = accepted 3 + held 0 + rejected 0 + superseded 0 + refused 0 + ignored 0"
    assert equation in texts(book["Overview"])
    shown = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    assert "A. First" in shown
    assert "Distance (km)" in shown
    assert re.findall(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]", shown) == []
