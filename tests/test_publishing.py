"""The page of one return: what was filled in, escaped, printed, and nothing else."""

import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from gwxl.errors import OutputError
from gwxl.form.identity import issue_identity
from gwxl.publishing import publish, report_page
from gwxl.template import write_template
from gwxl.terms import Terms
from tests.support.command import run
from tests.support.submissions import GOOD, drill_form, good_submission, make_submission, report_form, report_rules


def returned(folder: Path, **changes: Any) -> Path:
    """Write a complete return with some values changed."""
    path = folder / "return.xlsx"
    answers = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    write_template(report_rules(), path, identity=issue_identity(report_form(), year=2026), answers=answers, force=True)
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
    assert ["8", "独立用户访问总量", "182,345", "个"] in page
    assert ["（3）", "平均办理时间", "3.5", "天"] in page
    assert ["1", "是否发布服务事项目录", "是", ""] in page
    assert ["4", "网站类型", "政府门户网站", ""] in page
    assert ["", "创新发展（多选）", "搜索即服务、无障碍浏览、其他", ""] in page
    assert ["（1）", "名称", "", ""] in page
    assert ["移动客户端", "应用商店", "某某通", "95", "7,013"] in page
    asked = [field.label for field in report_form().fields.values() if not field.columns]
    assert [row[1] for row in page if len(row) == 4] == asked


def test_another_form_is_published_too() -> None:
    """A form of another shape needs no template of its own."""
    values = {"drill_code": "D0001", "duration_hours": Decimal("1.50"), "was_announced": False}
    page = rows(report_page(drill_form(), make_submission(drill_form(), values)))
    assert ["3", "演练时长", "1.50", "小时"] in page
    assert ["4", "是否事先通知", "否", ""] in page


def test_nothing_in_a_text_is_markup() -> None:
    """A name full of markup and control characters is shown, never obeyed."""
    name = "<script>alert(1)</script>某县\u202e&amp;\x1b[31m"
    page = report_page(report_form(), good_submission(report_form(), site_name=name))
    assert "<script" not in page
    assert ["1", "网站名称", "<script>alert(1)</script>某县\ufffd&amp;\ufffd[31m", ""] in rows(page)


def test_the_page_loads_nothing() -> None:
    """One file, nothing fetched: no address stands in an attribute, and the policy forbids it."""
    page = report_page(report_form(), good_submission(report_form()))
    assert re.findall(r"\b(?:src|href|action|url)\s*[=(]", page) == []
    assert "default-src 'none'" in page


def test_a_return_with_errors_is_not_published(tmp_path: Path) -> None:
    """An error keeps the page from being written; an open verify does not."""
    page = tmp_path / "page.html"
    assert publish(Terms(), returned(tmp_path, service_items_online=999), page).page is None
    assert not page.exists()
    published = publish(Terms(), returned(tmp_path, messages_resolved=520), page)
    assert ([f.id for f in published.receipt.findings if f.open], published.page) == (["B13"], page)
    assert "政府网站工作年度报表（2026年度）" in (tmp_path / "page.html").read_text("utf-8")


def test_an_existing_page_is_not_replaced(tmp_path: Path) -> None:
    """A page is replaced only when told to."""
    target = tmp_path / "page.html"
    target.write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        publish(Terms(), returned(tmp_path), target)
    assert target.read_text() == "mine"
    publish(Terms(), returned(tmp_path), target, force=True)
    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    """Exit 0 and the file for a good return, 1 and the next step for a faulty one, 2 for what is no return."""
    returned(tmp_path)
    result = run("publish", "return.xlsx", "-o", "page.html", cwd=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "wrote page.html\n", "")
    returned(tmp_path, site_name=None)
    result = run("publish", "return.xlsx", "-o", "other.html", cwd=tmp_path)
    assert result.returncode == 1
    assert "gwxl check return.xlsx lists what is wrong" in result.stdout
    (tmp_path / "noise.xlsx").write_bytes(b"noise")
    result = run("publish", "noise.xlsx", "-o", "other.html", cwd=tmp_path)
    assert (result.returncode, (tmp_path / "other.html").exists()) == (1, False)
