"""The page of one return: what was filled in, escaped, printed, and nothing else."""

import html
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from gwxl.errors import OutputError
from gwxl.form.definition import Field, Form
from gwxl.form.identity import issue_identity
from gwxl.publishing import publish, report_page
from gwxl.publishing.page import Imprint
from gwxl.records.period import Period
from gwxl.terms import Terms
from tests.support.command import document, run
from tests.support.submissions import GOOD, drill_form, good_submission, make_submission, report_form, report_rules
from tests.support.written import write_template


def write_return(folder: Path, **changes: Any) -> Path:
    """Write a complete return with some values changed."""
    path = folder / "return.xlsx"
    answers = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    write_template(
        report_rules(), path, identity=issue_identity(report_form(), period=Period(2026)), answers=answers, force=True
    )
    return path


class _Cells(HTMLParser):
    """The texts of table cells, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self._in_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data


def rows(page: str) -> list[list[str]]:
    """Return the rows of the page's tables."""
    parser = _Cells()
    parser.feed(page)
    return parser.rows


def test_every_answer_stands_beside_its_question() -> None:
    """Numbers, labels, answers and units stand as in the form, empty answers included."""
    page = rows(report_page(report_form(), good_submission(report_form(), weibo_name=None)))
    assert ["8 独立用户访问总量", "182,345 个"] in page
    assert ["（3） 平均办理时间", "3.5 天"] in page
    assert ["1 是否发布服务事项目录", "是"] in page
    assert ["4 网站类型", "政府门户网站"] in page
    assert ["创新发展（多选）", "搜索即服务、无障碍浏览、其他"] in page
    assert ["（1） 名称", ""] in page
    assert ["移动客户端", "应用商店", "某某通", "95 条", "7,013 个"] in page
    asked = [f"{one.number} {one.label}".strip() for one in report_form().fields.values() if not one.columns]
    assert [row[0] for row in page if len(row) == 2] == asked


def test_a_table_nobody_filled_in_is_a_blank_line() -> None:
    """Its number and label stand where they do in the form, without an answer."""
    page = rows(report_page(report_form(), good_submission(report_form(), other_media=None)))
    assert ["4 其他", ""] in page
    assert [row for row in page if len(row) > 2] == []


def test_another_form_is_published_too() -> None:
    """A form of another shape needs no template of its own."""
    values = {"drill_code": "D0001", "duration_hours": Decimal("1.50"), "was_announced": False}
    page = rows(report_page(drill_form(), make_submission(drill_form(), values)))
    assert ["3 演练时长", "1.50 小时"] in page
    assert ["4 是否事先通知", "否"] in page


def test_nothing_in_a_text_is_markup() -> None:
    """A name full of markup and control characters is shown, never obeyed."""
    name = "<script>alert(1)</script>某县\u202e&amp;\x1b[31m"
    page = report_page(report_form(), good_submission(report_form(), site_name=name), Imprint(publisher=name))
    assert "<script" not in page
    assert ["1 网站名称", "<script>alert(1)</script>某县\ufffd&amp;\ufffd[31m"] in rows(page)


ADDRESSES = [
    ("http://www.example.gov.cn", True),
    ("https://示例.中国/index.html?a=1&b=2", True),
    ("javascript:alert(1)", False),
    ("JaVaScRiPt://www.example.gov.cn/%0aalert(1)", False),
    ("data:text/html,x", False),
    ("http://", False),
    ("http://[", False),
    ("http://www.example.gov.cn@evil.example/", False),
    ('http://www.example.gov.cn/" onclick="alert(1)', False),
    ("www.example.gov.cn", False),
]


@pytest.mark.parametrize(("address", "safe"), ADDRESSES)
def test_only_an_address_of_the_web_is_a_link(address: str, safe: bool) -> None:  # noqa: FBT001 - a column of the table
    """The home page is a link back and in its row; what could be anything else is text."""
    page = report_page(report_form(), good_submission(report_form(), site_url=address))
    links = [html.unescape(link) for link in re.findall(r'<a href="([^"]*)"', page)]
    assert links == [address, address] * safe
    assert ["2 首页网址", address] in rows(page)


def test_the_page_loads_nothing() -> None:
    """One file, nothing fetched: no address stands in an attribute but those of links, and the policy forbids it."""
    page = report_page(report_form(), good_submission(report_form()), Imprint(index="index.html"))
    assert re.findall(r"\b(?:src|action|url|import)\b\s*[=(]", page) == []
    assert re.findall(r"<(\w+)[^>]* href=", page) == ["a", "a", "a"]
    assert "default-src 'none'" in page


def test_it_says_who_publishes_it_and_when() -> None:
    """The sponsor unless somebody else is named, the day, and the way back to index and website."""
    submission = good_submission(report_form())
    page = report_page(report_form(), submission, Imprint(day=date(2027, 1, 20), index="index.html"))
    assert "<dt>发布单位</dt><dd>某某县人民政府办公室</dd>" in page
    assert "<dt>发布日期</dt><dd>2027-01-20</dd>" in page
    assert '<a href="index.html" rel="noopener noreferrer">返回目录</a>' in page
    assert '<a href="http://www.example.gov.cn" rel="noopener noreferrer">返回首页</a>' in page
    page = report_page(report_form(), submission, Imprint(publisher="某某市政府"))
    assert "<dt>发布单位</dt><dd>某某市政府</dd>" in page
    assert "发布日期" not in page


def test_persons_are_not_published() -> None:
    """Of the lines around the form only the unit and the day stand on the page of the first form."""
    around = {
        "reporting_unit": "某某办",
        "unit_head": "赵一",
        "reviewer": "钱二",
        "contact_name": "孙三",
        "contact_phone": "010-12345678",
        "report_date": "2027-01-08",
    }
    page = report_page(report_form(), replace(good_submission(report_form()), surround=around))
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)[1:] == [("填报单位", "某某办"), ("填报日期", "2027-01-08")]
    assert [name for name in ("赵一", "钱二", "孙三", "12345678", "单位负责人", "联系电话") if name in page] == []


def test_what_is_not_to_be_published_is_left_out() -> None:
    """A field, the last one of a group, a whole section, a column, and name and sponsor wherever they stand."""
    form, hidden = report_form(), {"site_name", "site_sponsor", "site_url", "weibo_name", "weibo_posts"}
    hidden |= {"weibo_followers", "columns_maintained", "columns_opened"}
    page = report_page(keep_back(form, hidden, column="posts"), good_submission(form))
    hidden_words = ("某某县人民政府", "http:", "微博", "发布单位", "专栏专题", "95 条")
    assert [word for word in hidden_words if word in page] == []
    assert ["产品类型", "平台名称", "产品名称", "用户关注量/下载量"] in rows(page)
    assert ["移动客户端", "应用商店", "某某通", "7,013 个"] in rows(page)
    assert "<title>政府网站工作年度报表</title>" in page


def keep_back(form: Form, hidden: set[str], column: str) -> Form:
    """Return a form with some fields, and a column of each table, that are not to be published."""

    def keep(field: Field) -> Field:
        columns = tuple(replace(one, publish=one.key != column) for one in field.columns)
        return replace(field, publish=field.key not in hidden, columns=columns)

    return replace(form, sections=tuple(replace(one, fields=tuple(map(keep, one.fields))) for one in form.sections))


def test_a_return_with_errors_is_not_published(tmp_path: Path) -> None:
    """An error keeps the page from being written; an open verify does not."""
    page = tmp_path / "page.html"
    assert publish(Terms(), write_return(tmp_path, service_items_online=999), page).page is None
    assert not page.exists()
    published = publish(Terms(), write_return(tmp_path, messages_resolved=520), page)
    assert ([f.id for f in published.receipt.findings if f.open], published.page) == (["B13"], page)
    assert "政府网站工作年度报表（2026年度）" in (tmp_path / "page.html").read_text("utf-8")


def test_an_existing_page_is_not_replaced(tmp_path: Path) -> None:
    """A page is replaced only when told to."""
    target = tmp_path / "page.html"
    target.write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        publish(Terms(), write_return(tmp_path), target)
    assert target.read_text() == "mine"
    publish(Terms(), write_return(tmp_path), target, force=True)
    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    """Exit 0 and the file for a good return, 1 and the next step for a faulty one, 2 for what is no return."""
    write_return(tmp_path)
    result = run("publish", "return.xlsx", "-o", "page.html", cwd=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "wrote page.html\n", "")
    written = document("publish", "return.xlsx", "-o", "page.html", "--force", cwd=tmp_path)
    assert [(one["page"], one["state"], one["reason"]) for one in written["files"]] == [("page.html", "passed", None)]
    write_return(tmp_path, site_name=None)
    assert document("publish", "return.xlsx", "-o", "o.html", cwd=tmp_path, code=1)["files"][0]["state"] == "errors"
    result = run("publish", "return.xlsx", "-o", "other.html", cwd=tmp_path)
    assert result.returncode == 1
    assert "gwxl check return.xlsx lists what is wrong" in result.stdout
    (tmp_path / "noise.xlsx").write_bytes(b"noise")
    result = run("publish", "noise.xlsx", "-o", "other.html", cwd=tmp_path)
    assert (result.returncode, (tmp_path / "other.html").exists()) == (1, False)
