"""The page of a summary: its figures, what it refuses, and how a browser shows it."""

import json
import shutil
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

import gwxl
from gwxl.errors import OutputError, SettingsError
from gwxl.form.headlines import headlines
from gwxl.merging import merge
from gwxl.records.delivery import Delivery
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.previous import Previous
from gwxl.reporting.distribution import ranges
from gwxl.summary.standing.asked import Asked, AskedSite
from gwxl.terms import Notice, Terms
from tests.support.clients import node
from tests.support.clients.chromium import Chromium
from tests.support.command import document, say
from tests.support.draws import seed
from tests.support.inboxes import FORM, send, site
from tests.support.submissions import drill_rules, report_form
from tests.support.summaries import open_book

HOSTILE = '"><img src=x onerror="document.title=1"><script>document.title=2</script>'
ROWS = """Object.fromEntries([...document.querySelectorAll("#%s ~ .scroll tbody tr")].map(
  row => [row.querySelector("th").innerText, [...row.querySelectorAll("td")].map(cell => cell.innerText)]))"""


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the summary of four returns, two of them with last year's figures, two wrong, and of a broken file."""
    folder = tmp_path_factory.mktemp("report")
    inbox = folder / "inbox"
    send(inbox, "1.xlsx", **{**site(1), "site_page_views": 4_000_000, "site_type": "portal"})
    send(inbox, "2.xlsx", **{**site(2), "site_page_views": 2_000_000, "site_type": "department", "site_name": HOSTILE})
    send(inbox, "3.xlsx", **{**site(3), "site_page_views": 1_000_000, "site_type": "department"})
    few = {"site_page_views": 1, "site_unique_visitors": 1, "messages_received": None, "site_type": "special"}
    send(inbox, "4.xlsx", **{**site(4), **few})
    (inbox / "5.xlsx").write_bytes(b"no workbook")
    views = FormPath("site_page_views")
    last = {site(1)["site_code"]: {views: 1_000_000}, site(2)["site_code"]: {views: 2_000_000}}
    previous = Previous(form=FORM, period=Period(2025), sites=last, place=Path("2025"))
    merge(Terms(FORM, previous=previous), inbox, folder / "s.xlsx")
    return folder / "s.xlsx"


@pytest.fixture(scope="module")
def page(summary: Path) -> Path:
    """Return its page."""
    return gwxl.write_report(Terms(), summary, summary.with_name("r.html"), publisher="某某办").page


def test_what_stands_on_the_page(browser: Chromium, page: Path) -> None:
    """Counts, main figures, kinds, this year beside the last, findings and spread are those of the summary."""
    browser.open(page, width=1280)
    cards = browser.value('[...document.querySelectorAll(".cards li")].map(card => card.innerText.split(/\\n+/))')
    assert cards[:4] == [["收到文件", "5"], ["采用报表", "4"], ["其中通过", "2"], ["尚未办结", "3"]]
    assert cards[5] == [
        "网站总访问量",
        "7,000,001 次",
        "计入 4 / 4 份",
        "其中通过的各份：5,000,000",
        "比上年 +100.0%（2 / 4 份可比）",
    ]
    kinds = browser.value(ROWS % "kinds")
    assert kinds["采用份数"][:3] == ["1", "2", "1"]
    assert kinds["网站总访问量 次"][:3] == ["4,000,000", "3,000,000", "1"]
    bars = (
        '[...document.querySelectorAll("#kinds ~ .scroll tr:nth-child(4) rect")].map(one => +one.getAttribute("width"))'
    )
    assert browser.value(bars) == [57.14, 42.86, 0.0]
    grown = browser.value(ROWS % "grown")
    assert grown["网站总访问量 次"] == ["6,000,000", "3,000,000", "3,000,000", "+100.0%", "2 / 4"]
    assert browser.value(ROWS % "findings")["必填项未填"] == ["✗ 错误", "1", "25.0%", "", "A10"]
    spread = 'document.querySelector("#spread-2").parentElement.innerText.split(/[\\n\\t]+/)'
    assert browser.value(spread) == [
        "网站总访问量 次",
        *("1～9", "1", "10～99", "0", "100～999", "0", "1,000～9,999", "0", "10,000～99,999", "0"),
        *("100,000～999,999", "0", "1,000,000～9,999,999", "3"),
        "最小 1　中位 1,500,000　最大 4,000,000",
    ]
    assert browser.value(ROWS % "states")["拒收"] == ["1", "", "无法读取，未计入"]


def test_who_replied_and_when(browser: Chromium, tmp_path: Path) -> None:
    """Those that were asked by direct superior, files by day with what came late, and who is missing, by name."""
    inbox = tmp_path / "inbox"
    for number in (1, 2):
        send(inbox, f"{number}.xlsx", **site(number))
    codes = [site(number)["site_code"] for number in range(1, 5)]
    sites = tuple(
        AskedSite(code=code, name=f"站{code[-1]}", parent=codes[0] if code != codes[0] else "") for code in codes
    )
    words = {"1.xlsx": "2027-01-05 04:00:00 a@example.org 报表", "2.xlsx": "2027-01-12 04:00:00 b@example.org"}
    came = {file: Delivery(words=told) for file, told in words.items()}
    merge(Terms(FORM, came=came), inbox, tmp_path / "s.xlsx", asked=Asked(sites=sites))
    terms = Terms(notice=Notice(deadline=date(2027, 1, 10)))
    browser.open(gwxl.write_report(terms, tmp_path / "s.xlsx", tmp_path / "r.html").page, width=1280)
    marks = browser.value('[...document.querySelectorAll(".marks li")].map(one => one.innerText.split(/\\n+/))')
    assert marks[:3] == [["应报", "4"], ["已报", "2"], ["收到文件", "2"]]
    parents = browser.value(ROWS % "by-parent")
    assert {name: cells for name, cells in parents.items() if len(cells) == 5} == {
        "站1": ["3", "1", "33.3%", "", "1"],
        "（没有上级单位）": ["1", "1", "100.0%", "", "1"],
        "合计": ["4", "2", "50.0%", "", "2"],
    }
    days = {name: cells for name, cells in browser.value(ROWS % "by-day").items() if name.startswith("2027")}
    assert days == {"2027-01-05": ["1", "", "1"], "2027-01-12 期限后": ["1", "", "2"]}
    names = browser.value('[...document.querySelectorAll("ul.names li")].map(one => one.innerText)')
    assert names == ["0000000003 站3", "0000000004 站4"]


def test_texts_of_fillers_run_nothing(browser: Chromium, page: Path) -> None:
    """Markup in the name of a site comes to no element; the page asks for nothing but itself."""
    browser.open(page, width=1280)
    assert browser.value('document.querySelectorAll("img,iframe").length') == 0
    assert browser.value("document.title") == "政府网站工作年度报表（2026年度）汇总情况"
    assert browser.requests == [page.resolve().as_uri()]


def test_a_table_is_sorted_by_its_heads(browser: Chromium, page: Path) -> None:
    """By number from the largest, then from the least; a head tells which way."""
    browser.open(page, width=1280)
    click = 'document.querySelector("#grown ~ .scroll thead th:nth-child(2) button").click()'
    told = """(() => {%s; const table = document.querySelector("#grown ~ .scroll table");
      const [head, row] = [table.tHead.rows[0].cells[1], table.tBodies[0].rows[0]];
      return [head.getAttribute("aria-sort"), row.cells[0].innerText]})()"""
    assert browser.value(told % click) == ["descending", "网站总访问量 次"]
    assert browser.value(told % click)[0] == "ascending"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.usefixtures("node")
def test_nothing_keeps_anybody_out(browser: Chromium, page: Path, width: int) -> None:
    """The page is no wider than the screen, and axe finds nothing against it, in the light and in the dark."""
    for scheme in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.open(page, width=width)
        browser.value(node.axe())
        found = browser.value("axe.run().then(told => told.violations.map(one => [one.id, one.impact]))")
        assert (browser.value("document.documentElement.scrollWidth"), found) == (width, [])
    browser.call("Emulation.setEmulatedMedia", features=[])


def test_a_summary_that_was_changed_gets_none(summary: Path, tmp_path: Path) -> None:
    """A figure typed over is refused; a summary that was only saved by another program is not."""
    book = open_book(summary, formulas=True)
    book.save(tmp_path / "saved.xlsx")
    gwxl.write_report(Terms(), tmp_path / "saved.xlsx", tmp_path / "saved.html")
    sheet = book["汇总表"]
    sheet.cell(sheet.max_row, 12).value = 999
    book.save(tmp_path / "edited.xlsx")
    with pytest.raises(SettingsError, match="changed since it was written"):
        gwxl.write_report(Terms(), tmp_path / "edited.xlsx", tmp_path / "edited.html")
    assert not (tmp_path / "edited.html").exists()


def test_a_page_stands_beside_its_summary(summary: Path, tmp_path: Path) -> None:
    """Made again it takes its own place, but not that of a page that somebody changed, or of another kind."""
    mine = Path(shutil.copy(summary, tmp_path / "年报.xlsx"))
    page = gwxl.write_report(Terms(), mine).page
    assert page == tmp_path / "年报情况.html"
    written = page.read_bytes()
    assert gwxl.write_report(Terms(), mine, publisher="某某办").page.read_bytes() != written
    for strange in (written.replace(b"</h1>", b"!</h1>"), written.replace(b"gwxl report", b"gwxl publish"), b""):
        page.write_bytes(strange)
        with pytest.raises(OutputError, match=r"年报情况\.html: exists already"):
            gwxl.write_report(Terms(), mine)
        assert page.read_bytes() == strange
    assert gwxl.write_report(Terms(), mine, force=True).page.read_bytes() == written


def test_what_else_is_refused(summary: Path, page: Path, tmp_path: Path) -> None:
    """A summary of another form, a file that is none."""
    with pytest.raises(SettingsError, match="a summary of website_annual_report, not of"):
        gwxl.write_report(Terms(drill_rules()), summary, tmp_path / "r.html")
    with pytest.raises(SettingsError):
        gwxl.write_report(Terms(), page, tmp_path / "r.html")


def test_the_command(summary: Path, tmp_path: Path) -> None:
    """It says what it wrote, and as JSON what stands there."""
    assert say("report", summary, "-o", "r.html", cwd=tmp_path) == "wrote r.html\n"
    told = document("report", summary, "-o", "r.html", "--force", cwd=tmp_path)
    assert json.dumps(told, sort_keys=True) == json.dumps(
        {
            "schema": "gwxl.report/1",
            "file": "r.html",
            "form": FORM,
            "year": 2026,
            "period": "2026",
            "received": 5,
            "accepted": 4,
            "passed": 2,
        },
        sort_keys=True,
    )


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([], []),
        ([0, 0], [(0, 1, 2)]),
        ([702] * 3, [(702, 703, 3)]),
        ([1, 2, 4], [(1, 2, 1), (2, 3, 1), (3, 4, 0), (4, 5, 1)]),
        ([0, 3, 5000], [(0, 1, 1), (1, 10, 1), (10, 100, 0), (100, 1000, 0), (1000, 10000, 1)]),
        (
            [20, 95],
            [(20, 30, 1), (30, 40, 0), (40, 50, 0), (50, 60, 0), (60, 70, 0), (70, 80, 0), (80, 90, 0), (90, 100, 1)],
        ),
        ([-5, 900], [(-200, 0, 1), *((edge, edge + 200, 0) for edge in range(0, 800, 200)), (800, 1000, 1)]),
        (["0.5", "2.5"], [(0, 1, 1), (1, 2, 0), (2, 3, 1)]),
    ],
)
def test_ranges(figures: list[Any], expected: list[tuple[int, int, int]]) -> None:
    """One width where the figures are of one size, tenfold where they are not; each figure lies in one range."""
    found = ranges([Decimal(str(figure)) for figure in figures])
    assert [(int(one.least), int(one.end), one.count) for one in found] == expected


def test_every_figure_lies_in_one_range() -> None:
    """Of any figures there are at most eleven ranges of one width, or as many as they have digits."""
    drawn = Random(f"{seed()} ranges")
    for _ in range(300):
        least, room = drawn.choice((0, 1, -7, 95)), 10 ** drawn.uniform(0, 15)
        figures = [Decimal(round(least + drawn.random() * room, 2)) for _ in range(drawn.randint(1, 9))]
        found = ranges(figures)
        assert sum(one.count for one in found) == len(figures)
        assert len(found) <= 16
        assert all(one.end == other.least for one, other in pairwise(found))


def test_which_figures_come_first() -> None:
    """Those that the form declares, in its order."""
    assert headlines(report_form()) == (
        "site_unique_visitors",
        "site_page_views",
        "release_total",
        "interpretation_total",
        "service_items_online",
        "cases_total",
        "messages_received",
        "messages_resolved",
    )
