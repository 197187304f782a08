"""How the summary looks, prints and leads about: heads, links, order, what goes on paper."""

from dataclasses import replace
from pathlib import Path

import pytest

from gwxl.records.natural_order import natural_key
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.previous import Previous
from gwxl.records.submission import Unread
from gwxl.summary.sheets.table import FIRST_ROW, HEAD_ROW, TOTAL_ROW
from gwxl.summary.stored.explaining import explain_figure
from gwxl.summary.workbook import write_summary
from gwxl.terms import Terms
from tests.support.batches import batch, finding, mix_batch, receipt, refuse, report_rules, site
from tests.support.clients.libreoffice import LibreOffice
from tests.support.summaries import open_book

COUNT = FormPath("site_page_views")


@pytest.mark.parametrize(
    "names",
    [
        ["第2局", "第10局"],
        ["第２局", "第10局"],
        ["02", "2", "10"],
        ["a", "第1局", "第1局2"],
        ["A局", "a局", "B局"],
        ["9" * 5000, "1" + "0" * 5000],
    ],
)
def test_names_stand_in_natural_order(names: list[str]) -> None:
    """Digits count as numbers, of any length and width, letters in any case; what reads alike still has one order."""
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == names


def test_only_the_first_page_and_the_totals_are_printed(soffice: LibreOffice, tmp_path: Path) -> None:
    """Every long list has a blank cell as its area to print; LibreOffice prints the rest on a few pages."""
    path = tmp_path / "a.xlsx"
    write_summary(mix_batch(24), report_rules(), path)
    book = open_book(path, formulas=True)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and sheet.title not in {"总览", "分类汇总"}:
            area = str(sheet.print_area).rpartition("!")[2].replace("$", "").partition(":")[0]
            assert sheet[area].value is None
            assert not sheet[area].has_style
    assert len(soffice.render(path, tmp_path / "pages", 40)) == 3


def test_links_lead_to_the_row_wherever_it_was_sorted_to(tmp_path: Path) -> None:
    """A finding leads to its figure, a file to its row and its findings; a file that was refused has no row."""
    path = tmp_path / "a.xlsx"
    odd = finding("A09", COUNT, value="约2.5万")
    faulty = receipt(1, {COUNT: Unread(raw="约2.5万", kind="x"), "site_name": '"a"\'b'}, findings=[odd])
    write_summary(batch(faulty, refuse('"x"\'.xlsx')), report_rules(), path)
    written, stored = open_book(path, formulas=True), open_book(path)
    link = written["问题清单"]["D4"].value
    assert link.startswith("=HYPERLINK(\"#'汇总表'!")
    assert link.endswith('&MATCH("1",\'汇总表\'!$F$1:$F$8,0),"D15")')
    assert (stored["问题清单"]["D4"].value, stored["文件清单"]["C4"].value) == ("D15", "有错误")
    assert written["文件清单"]["C5"].value == "拒收"
    links = [cell for sheet in written for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert not any(".xlsx" in str(cell.value) for cell in links)


def test_code_and_name_stand_once(tmp_path: Path) -> None:
    """The form's own columns are hidden where they only repeat what stands in front, and can still be asked for."""
    path = tmp_path / "a.xlsx"
    write_summary(batch(receipt(1), receipt(2)), report_rules(), path)
    sheet = open_book(path)["汇总表"]
    keys = {str(cell.value): cell.column for cell in sheet[2]}
    hidden = [
        range(one.min, (one.max or one.min) + 1) for one in sheet.column_dimensions.values() if one.hidden and one.min
    ]
    found = [any(keys[key] in columns for columns in hidden) for key in ("site_code", "site_name", "#code")]
    assert found == [True, True, False]
    assert explain_figure(path, "site_code", site(2)).value == site(2)
    assert sheet.cell(HEAD_ROW, 1).value == "标识码"
    assert sheet.cell(FIRST_ROW, 1).value == site(1)


def test_what_stays_in_view_leaves_room_for_the_rows(tmp_path: Path) -> None:
    """Of 汇总表 the lines of totals take a line each and the heads three, whatever stands in them; files are narrow."""
    path = tmp_path / "a.xlsx"
    write_summary(mix_batch(24), report_rules(), path)
    sheet = open_book(path, formulas=True)["汇总表"]
    assert [sheet.row_dimensions[row].height for row in range(TOTAL_ROW, FIRST_ROW)] == [
        17.25,
        17.25,
        17.25,
        20.25,
        60.75,
    ]
    assert sheet.column_dimensions["E"].width < 20


def test_a_percentage_keeps_off_the_edge_of_its_cell(tmp_path: Path) -> None:
    """The format ends with a blank: LibreOffice leaves out the indent of a percentage."""
    path = tmp_path / "a.xlsx"
    now, before = batch(receipt(1, {COUNT: 11})), {site(1): {COUNT: 10}}
    last = Previous(form=report_rules().form.id, period=Period(2023), sites=before, place=Path("2023.xlsx"))
    write_summary(now, report_rules(), path, terms=Terms(previous=last))
    sheet = open_book(path)["同比"]
    [share] = [row[6] for row in sheet.iter_rows(min_row=4) if row[1].value == "网站总访问量" and row[3].value == 11]
    assert (share.value, share.number_format) == (0.1, "0.0%_)")


def test_rows_of_lists_are_as_low_as_what_they_say_allows(tmp_path: Path) -> None:
    """A column grows with its texts up to a width; a digest, which nobody reads, makes no row higher."""
    path, mixed, first = tmp_path / "a.xlsx", mix_batch(24), receipt(1)
    assert first.submission is not None
    unit = replace(first.submission, surround={"reporting_unit": "示例市人民政府门户办公室（虚构）"})
    write_summary(
        batch(replace(first, submission=unit), *mixed.receipts[1:], decisions=mixed.decisions), report_rules(), path
    )
    book = open_book(path)
    for title in ("文件清单", "待决事项", "读数记录"):
        sheet = book[title]
        assert {sheet.row_dimensions[row].height for row in range(4, sheet.max_row + 1)} == {17.25}, title
