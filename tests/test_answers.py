"""What people type comes back alike from every format: as one answer, or as none."""

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from gwxl.form import kinds
from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.intake import check_file
from gwxl.records.finding import Finding
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Submission, Unread
from gwxl.terms import Terms
from tests.support.clients.libreoffice import LibreOffice
from tests.support.filling import put
from tests.support.submissions import GOOD, report_form, report_rules
from tests.support.written import write_template

FORMATS = (".xlsx", ".xls", ".ods", ".fods")
TYPED = {
    "site_name": "网站名称：示例市人民政府门户网站",
    "site_code": "BM12345678",
    "site_type": "政府门户网站√ 部门网站",
    "site_unique_visitors": "120 150",
    "site_page_views": "1 234 567",
    "release_total": "100\n120",
    "release_overview": "概况类信息更新量（条）：1,200",
    "release_affairs": "100+20",
    "release_catalog": "604封（72+519+13）",
    "interpretation_total": "100\t120",
    "messages_average_days": "1个工作日",
    "has_service_catalog": "是√ 否",
    "has_unified_platform": "是√否",
    "has_smart_qa": "是(√)否( )",
    "innovations.multilingual": "√",
    "innovations.accessible": "√（部分）",
    "innovations.other": "无",
    "contact_name": "填报人：张某",
    "report_date": "填报日期：2027年1月8日",
    "other_media[1].product_type": "产品类型：客户端",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a template and type into it."""
    path = tmp_path_factory.mktemp("typed") / "return.xlsx"
    form = report_form()
    write_template(report_rules(), path, identity=issue_identity(form, period=Period(2026)), answers=GOOD)
    book = openpyxl.load_workbook(path)
    for place, text in TYPED.items():
        put(book, lay_out(form).cells[FormPath.parse(place)], kinds.TEXT, text)
    book.save(path)
    return path


@pytest.fixture(scope="module", params=FORMATS)
def receipt(request: pytest.FixtureRequest, filled: Path) -> Receipt:
    """Return the receipt of the return in one format."""
    path = filled
    if request.param != ".xlsx":
        soffice: LibreOffice = request.getfixturevalue("soffice")
        path = soffice.convert(filled, filled.with_suffix(request.param))
    (found,) = check_file(path, path.name, Terms(report_rules(), period=Period(2026)))
    return found


def read_submission(receipt: Receipt) -> Submission:
    """Return what was read."""
    assert receipt.submission is not None
    return receipt.submission


def findings(receipt: Receipt) -> Mapping[str, Finding]:
    """Return the open findings on the inputs typed into, by path."""
    return {str(one.key): one for one in receipt.findings if one.open and one.key in TYPED}


def test_what_is_understood_is_read(receipt: Receipt) -> None:
    """A label is taken off, groups of digits are one number, a mark belongs to the answer it touches."""
    submission = read_submission(receipt)
    values = submission.values
    assert values["site_name"] == "示例市人民政府门户网站"
    assert values["site_type"] == "portal"
    assert (values["site_page_views"], values["release_overview"]) == (1234567, 1200)
    assert (values["has_service_catalog"], values["has_smart_qa"]) == (True, True)
    assert values["innovations"] == ("search_as_service", "multilingual")
    assert submission.surround["contact_name"] == "张某"
    assert submission.surround["report_date"] == "2027-01-08"
    assert submission.answers[FormPath.parse("other_media[1].product_type")].value == "客户端"
    changes = {(change.key, change.kind) for change in submission.changes}
    labelled = ("site_name", "release_overview", "other_media[1].product_type")
    assert {(key, "own_label") for key in labelled} <= changes
    assert ("innovations.other", "unticked") in changes


def test_what_may_mean_two_things_is_asked(receipt: Receipt) -> None:
    """Two figures, a sum and a mark between two answers are not read, and nothing joined is proposed."""
    answers = read_submission(receipt).answers
    assert {path: one.value.kind for path, one in answers.items() if isinstance(one.value, Unread)} == {
        "site_unique_visitors": "several_numbers",
        "release_total": "several_numbers",
        "release_affairs": "not_a_number",
        "release_catalog": "worked_out",
        "interpretation_total": "several_numbers",
        "messages_average_days": "unit",
        "has_unified_platform": "unclear_mark",
        "innovations.accessible": "not_a_tick",
    }
    proposed = {path: one.proposal for path, one in findings(receipt).items() if one.proposal}
    assert proposed == {"site_code": "bm12345678", "release_catalog": "604", "messages_average_days": "1"}


def test_each_of_them_is_told_at_its_cell(receipt: Receipt) -> None:
    """What was not read has an open finding at its own cell."""
    told = {(path, one.id) for path, one in findings(receipt).items()}
    expected = {
        *((path, "A09") for path in ("site_unique_visitors", "release_total", "release_affairs", "release_catalog")),
        ("interpretation_total", "A09"),
        ("messages_average_days", "A11"),
        ("site_code", "A05"),
        ("has_unified_platform", "A10b"),
        ("innovations.accessible", "A09d"),
    }
    assert told == expected
    cells = lay_out(report_form()).cells
    assert all(one.source == cells[FormPath.parse(path)] for path, one in findings(receipt).items())
