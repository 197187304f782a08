"""The published pages as Chromium shows and prints them: on a telephone, on a screen, on paper."""

import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gwxl.publishing import report_page
from gwxl.publishing.index import Entry, index_page
from gwxl.publishing.page import Imprint
from gwxl.records.period import Period
from gwxl.records.submission import Submission
from tests.support.clients.chromium import Chromium
from tests.support.submissions import good_submission, report_form

LONG = "某某市" * 60

ROWS = """[...document.querySelectorAll("th[scope=row]")].map(th => {
  const label = document.createRange(), value = document.createRange(), td = th.nextElementSibling
  label.selectNodeContents(th); value.selectNodeContents(td)
  const [a, b, c] = [label.getBoundingClientRect(), value.getBoundingClientRect(), td.getBoundingClientRect()]
  return {text: td.textContent, figure: td.className == "figure", above: a.bottom <= b.top, beside: a.right <= b.left,
          right: c.right - b.right - parseFloat(getComputedStyle(td).paddingRight), height: b.height}})"""


def submission(**changes: Any) -> Submission:
    """Return a return with two rows in its table and lines around it."""
    rows = [
        {"product_type": "短视频", "platform_name": f"平台{n}", "product_name": "某某通", "posts": n} for n in (1, 2)
    ]
    around = {"reporting_unit": "某某办", "report_date": "2027-01-08"}
    return replace(good_submission(report_form(), **({"other_media": tuple(rows)} | changes)), surround=around)


def write_page(folder: Path, **changes: Any) -> Path:
    """Write its page."""
    path = folder / "第1页 a#b.html"
    path.write_text(report_page(report_form(), submission(**changes), Imprint(index="index.html")), "utf-8")
    return path


@pytest.mark.parametrize(("width", "place"), [(390, "above"), (1280, "beside")])
def test_where_a_value_stands(browser: Chromium, tmp_path: Path, width: int, place: str) -> None:
    """On a telephone under its label, on a screen beside it; a number ends at the right with its unit."""
    browser.open(write_page(tmp_path), width=width)
    rows = browser.value(ROWS)
    assert [row["text"] for row in rows if row["height"] and not row[place]] == []
    figures = [row for row in rows if row["figure"]]
    assert len(figures) == 36
    assert [row["text"] for row in figures if abs(row["right"]) > 1] == []
    assert next(row["text"] for row in figures) == "182,345 个"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_cut_and_nothing_fetched(browser: Chromium, tmp_path: Path, width: int) -> None:
    """Texts without a blank and long numbers stay inside the page, and only the page itself is asked for."""
    long = write_page(tmp_path, site_name=LONG, site_url="http://" + "a" * 200, site_page_views=10**60)
    browser.open(long, width=width)
    assert browser.value("document.documentElement.scrollWidth") == width
    assert browser.requests == [long.resolve().as_uri()]


def test_tables_have_heads_and_captions(browser: Chromium, tmp_path: Path) -> None:
    """Each table has a caption, each row a head or each column one; on a telephone a cell says its column."""
    browser.open(write_page(tmp_path), width=390)
    tables = browser.value('[...document.querySelectorAll("table")].map(t => t.caption.innerText)')
    assert [tables[0], tables[-2], len(tables)] == ["一、基本信息", "4 其他", 10]
    heads = browser.value(
        '[...document.querySelectorAll("tr")].filter(r => !r.querySelector("th,[data-label]")).length'
    )
    shown = """getComputedStyle(document.querySelector("td[data-label]"), "::before").content"""
    assert (heads, browser.value(shown)) == (0, '"产品类型"')
    browser.open(write_page(tmp_path), width=1280)
    assert browser.value(shown) == "none"


def test_a_hostile_page_runs_nothing(browser: Chromium, tmp_path: Path) -> None:
    """Markup in every text is shown; no element comes of it and no script runs."""
    hostile = '"><img src=x onerror="document.title=1"><script>document.title=2</script>'
    texts = {key: hostile for key, field in report_form().fields.items() if field.kind.name in {"text", "code", "url"}}
    rows = ({"product_type": hostile, "platform_name": hostile, "product_name": hostile, "posts": 1},)
    page = write_page(tmp_path, **texts, other_media=rows)
    browser.open(page, width=1280)
    assert browser.value('document.querySelectorAll("img,script,iframe").length') == 0
    assert browser.value("document.title").endswith(hostile)
    assert browser.requests == [page.resolve().as_uri()]


def test_print_tears_no_group(browser: Chromium, tmp_path: Path) -> None:
    """On paper every group and every heading stands on one page with what follows it, however far down it begins."""
    form = report_form()
    for lines in (0, 3, 6, 9, 12):
        browser.open(
            write_page(tmp_path, innovation_other="长" * 10, site_name="\n".join("名" * (lines + 1))), width=1280
        )
        browser.print(tmp_path / "page.pdf")
        pages = subprocess.check_output(["pdftotext", "-layout", tmp_path / "page.pdf", "-"], encoding="utf-8")
        lines_of = [[line.split()[:2] for line in page.splitlines() if line.strip()] for page in pages.split("\f")]
        assert len(lines_of) - 1 <= 4
        groups = [(group, section) for section in form.sections for group in section.groups]
        for group, section in groups:
            members = [[field.number, field.label] for field in section.fields if field.group == group.key]
            block = [[group.number, group.label], *members]
            assert any(follow(page, block) for page in lines_of), (lines, group.label)
        heads = [f"{section.number}、{section.label}" for section in form.sections]
        assert [page[-1] for page in lines_of if page and page[-1][0] in heads] == []


def follow(page: list[list[str]], block: list[list[str]]) -> bool:
    """Tell whether the lines of a block stand on a page one after another."""
    runs = [page[at : at + len(block)] for at in range(len(page))]
    return block in runs


def test_the_index_leads_to_its_pages(browser: Chromium, tmp_path: Path) -> None:
    """From a file, at both widths, a link of the index opens the page and the page's link the index."""
    page = write_page(tmp_path)
    entry = Entry(page=page.name, name=LONG, code="1", sponsor="某某市", kind="部门网站", place=1)
    (tmp_path / "index.html").write_text(index_page(report_form(), Period(2026), [entry], Imprint()), "utf-8")
    for width in (390, 1280):
        browser.open(tmp_path / "index.html", width=width)
        assert browser.value("document.documentElement.scrollWidth") == width
        there = browser.value('document.querySelector("a").href')
        assert there == page.resolve().as_uri()
        browser.open(page, width=width)
        assert browser.value('document.querySelector("a").href') == (tmp_path / "index.html").resolve().as_uri()
    tops = browser.value('[...document.querySelectorAll("section")].map(s => s.getBoundingClientRect().top)')
    assert all(above < below for above, below in pairwise(tops))
