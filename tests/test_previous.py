"""Last year's figures: where they are read from, what they are held against, and where they stand."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import gwxl
from gwxl.errors import SettingsError
from gwxl.form.identity import issue_identity
from gwxl.form.layout import Col, lay_out
from gwxl.merging import merge
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.previous import Previous
from gwxl.template import draft_template
from gwxl.terms import Terms
from tests.support.command import document, refusal, say
from tests.support.editions import OLD_ANSWERS, YEAR, desk
from tests.support.inboxes import FORM, send, site
from tests.support.submissions import GOOD, report_form
from tests.support.summaries import open_book

SITES = {number: site(number)["site_code"] for number in range(1, 9)}


def of_site(number: int, **changes: Any) -> dict[str, Any]:
    """Return the answers of a site that differ from a good return."""
    return {**site(number), **changes}


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with last year's inbox of four sites and its summary."""
    folder = tmp_path_factory.mktemp("past")
    inbox = folder / "2025"
    blank = dict.fromkeys(("weibo_name", "weibo_posts", "weibo_followers"))
    send(inbox, "1.xlsx", 2025, **of_site(1, site_page_views=4000000, messages_received=530, innovations=("other",)))
    send(inbox, "2.xlsx", 2025, **of_site(2, **blank, site_sponsor="某某" * 40))
    send(inbox, "3.xlsx", 2025, **of_site(3, service_items_online=999999, has_smart_qa=True))
    send(inbox, "4.xlsx", 2025, **of_site(4))
    merge(Terms(FORM), inbox, folder / "2025.xlsx")
    return folder


def test_a_summary_and_its_folder_tell_the_same(past: Path) -> None:
    """Numbers, answers, ticks and texts are those that counted; a text the summary has cut is left out."""
    terms = Terms(FORM, period=gwxl.Period(2026))
    summary, folder = (gwxl.read_previous(terms, past / name) for name in ("2025.xlsx", "2025"))
    assert (summary.form, summary.period, summary.unused, summary.place) == (FORM, Period(2025), 0, past / "2025.xlsx")
    assert (folder.form, folder.period, folder.unused, folder.place) == (FORM, Period(2025), 0, past / "2025")
    assert list(summary.sites) == [SITES[number] for number in (1, 2, 3, 4)]
    one = summary.sites[SITES[1]]
    assert one[FormPath("site_page_views")] == 4000000
    assert one[FormPath("messages_average_days")] == Decimal("3.5")
    assert (one[FormPath("has_new_media")], one[FormPath("has_smart_qa")]) == (True, False)
    assert (one[FormPath("site_type")], one[FormPath("innovations")]) == ("portal", ("other",))
    assert FormPath("other_media") not in one
    assert FormPath("weibo_posts") not in summary.sites[SITES[2]]
    sponsor = FormPath("site_sponsor")
    assert (sponsor in summary.sites[SITES[2]], folder.sites[SITES[2]][sponsor]) == (False, "某某" * 40)
    cut = {code: {key: value for key, value in told.items() if key != sponsor} for code, told in folder.sites.items()}
    assert {code: {key: told[key] for key in told if key != sponsor} for code, told in summary.sites.items()} == cut


def test_a_return_without_a_code_is_of_no_use(tmp_path: Path) -> None:
    """It counts, but nobody knows which return follows it; it is counted as unused."""
    send(tmp_path / "2025", "1.xlsx", 2025, **of_site(1))
    send(tmp_path / "2025", "2.xlsx", 2025, **of_site(2, site_code=None))
    send(tmp_path / "2025", "3.xlsx", 2025, **of_site(3))
    known = gwxl.read_previous(Terms(FORM), tmp_path / "2025")
    assert (list(known.sites), known.unused) == ([SITES[1], SITES[3]], 1)


@pytest.mark.parametrize(
    ("year", "known"),
    [(2026, True), (2030, True), (None, True), (2025, False), (2024, False)],
)
def test_only_an_earlier_year_is_known(year: int | None, *, known: bool) -> None:
    """A return of the same year or an earlier one is held against nothing."""
    told = Previous(form=FORM, period=Period(2025), sites={"1": {FormPath("release_total"): 3}}, place=Path("2025"))
    assert (told.of("1", Period(year)) is not None) is known
    assert told.of("2", Period(year)) is None


def test_what_cannot_be_last_year_is_refused(past: Path, tmp_path: Path) -> None:
    """A file that is no summary, the same year, another form, an edition nobody knows, a summary without a year."""
    inbox = past / "2025"
    line = refusal("merge", inbox, "-o", tmp_path / "x.xlsx", "--previous", inbox / "1.xlsx", cwd=tmp_path)
    assert "1.xlsx: is no summary that gwxl wrote" in line
    line = refusal("merge", inbox, "-o", tmp_path / "x.xlsx", "--previous", past / "2025.xlsx", cwd=tmp_path)
    assert "2025.xlsx: is of 2025, which is not before 2025;" in line
    line = refusal("check", inbox, "--year", 2024, "--previous", past / "2025.xlsx", cwd=tmp_path)
    assert "2025.xlsx: is of 2025, which is not before 2024;" in line
    line = refusal("template", "-o", "t.xlsx", "--previous", past / "2025.xlsx", cwd=tmp_path)
    assert "--previous goes with --site" in line
    assert not (tmp_path / "x.xlsx").exists()
    for name, value, said_of_it in (
        ("gwxl_form", "drill_record", "adds up the form 'drill_record', not 'website_annual_report'"),
        ("gwxl_edition", "0", "was made with edition 0 of the form, which is not among its older editions"),
        ("gwxl_year", "", "says no period, so it cannot be the one before"),
    ):
        book = open_book(past / "2025.xlsx", formulas=True)
        book.custom_doc_props[name].value = value  # type: ignore[attr-defined]  # the stubs do not know it
        book.save(tmp_path / "other.xlsx")
        with pytest.raises(SettingsError, match=said_of_it):
            gwxl.read_previous(Terms(FORM), tmp_path / "other.xlsx")


def test_values_of_an_older_edition_stand_under_the_current_paths(tmp_path: Path) -> None:
    """What was renamed is found by its new name; what has no place any more is left out."""
    made = desk(tmp_path)
    identity = issue_identity(made.old_rules.form, period=Period(YEAR - 1))
    made.write("old/1.xlsx", OLD_ANSWERS, identity=identity)
    merge(Terms(made.old_rules), tmp_path / "old", tmp_path / "old.xlsx")
    expected = {
        "visit_code": "V0001",
        "visit_kind": "water",
        "participants": 12,
        "departments": ("office", "guards"),
    }
    for place in ("old", "old.xlsx"):
        told = gwxl.read_previous(Terms(made.rules), tmp_path / place)
        found = told.sites["V0001"]
        assert {key: found.get(FormPath(key)) for key in expected} == expected
        assert FormPath("attendants") not in found


def test_a_merge_says_what_it_was_held_against(past: Path, tmp_path: Path) -> None:
    """How many rules were not judged, or how many returns have figures of last year; a summary knows the place."""
    inbox = tmp_path / "2026"
    send(inbox, "1.xlsx", 2026, **of_site(1, site_page_views=40000000, messages_resolved=540, messages_received=520))
    send(inbox, "5.xlsx", 2026, **of_site(5))
    alone = say("merge", inbox, "-o", "a.xlsx", cwd=tmp_path, code=1, GWXL_LANG="zh")
    assert "没有上年数据，19 条规则未判（上年的汇总表用 --previous 指明）" in alone.splitlines()
    assert "同比" not in open_book(tmp_path / "a.xlsx").sheetnames
    told = document("merge", inbox, "-o", "a.xlsx", cwd=tmp_path, code=1)
    assert (told["previous"], len(told["unjudged"])) == (None, 19)
    beside = say("merge", inbox, "-o", "b.xlsx", "--previous", past / "2025.xlsx", cwd=tmp_path, code=1, GWXL_LANG="zh")
    assert "与 2025 年度比对：1 份有上年数，1 份没有" in beside.splitlines()
    assert "未判" not in beside
    told = document("merge", inbox, "-o", "b.xlsx", "--previous", past / "2025", cwd=tmp_path, code=1)
    assert {key: told["previous"][key] for key in ("year", "sites", "unused", "newcomers")} == {
        "year": 2025,
        "sites": 4,
        "unused": 0,
        "newcomers": 1,
    }
    assert told["unjudged"] == []
    found = {one["file"]: {each["id"] for each in one["findings"]} for one in told["files"]}
    assert found["1.xlsx"] >= {"C03a", "C04", "C05"}
    assert found["1.xlsx"].isdisjoint({"B13", "C06"})
    assert {id_ for id_ in found["5.xlsx"] if id_.startswith("C")} == set()
    back = document("return", "--from", "b.xlsx", "-o", "back", cwd=tmp_path, code=1)
    assert [one["file"] for one in back["files"] if one["workbook"]] == ["1.xlsx"]
    (workbook,) = (tmp_path / "back").glob("*.xlsx")
    sheet = openpyxl.load_workbook(workbook)["填报表"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "site_page_views")
    assert (sheet.cell(row, Col.PREVIOUS).value, sheet.cell(row, Col.PREVIOUS).protection.locked) == (4000000, True)


def test_a_summary_whose_last_year_is_gone_is_not_taken_up(past: Path, tmp_path: Path) -> None:
    """Judged without it, its returns would not be what the summary says."""
    inbox, last = tmp_path / "2026", tmp_path / "last.xlsx"
    last.write_bytes((past / "2025.xlsx").read_bytes())
    send(inbox, "1.xlsx", 2026, **of_site(1))
    say("merge", inbox, "-o", "b.xlsx", "--previous", "last.xlsx", cwd=tmp_path, code=1)
    last.unlink()
    line = refusal("return", "--from", "b.xlsx", "-o", "back", cwd=tmp_path)
    assert "b.xlsx: was held against figures in last.xlsx, which are not there any more" in line


def test_last_year_stands_beside_the_inputs_of_a_personal_workbook(past: Path, tmp_path: Path) -> None:
    """Each input has a number, words or a dash; filled in and returned, none of it is taken for something typed."""
    previous = ("--previous", past / "2025.xlsx", "--year", 2026)
    say("template", "-o", "t.xlsx", "--site", SITES[2], *previous, cwd=tmp_path)
    layout = lay_out(report_form())
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["填报表"]
    shown = {key: sheet.cell(layout.cells[FormPath.parse(key)].row, Col.PREVIOUS).value for key in SHOWN}
    assert shown == SHOWN
    assert not sheet.column_dimensions["F"].hidden
    unknown = gwxl.make_template(Terms(FORM, period=gwxl.Period(2026)), tmp_path / "u.xlsx", site=SITES[2])
    assert openpyxl.load_workbook(unknown.path)["填报表"].column_dimensions["F"].hidden
    terms = Terms(FORM, period=gwxl.Period(2026), previous=gwxl.read_previous(Terms(FORM), past / "2025.xlsx"))
    last = terms.previous.sites[SITES[2]] if terms.previous else {}
    identity = issue_identity(report_form(), period=Period(2026), site_code=SITES[2])
    draft_template(terms.rules, tmp_path / "f.xlsx", identity=identity, answers={**GOOD, **site(2)}, last=last)
    (receipt,) = gwxl.check(Terms(FORM), [tmp_path / "f.xlsx"])
    assert receipt.findings == ()


SHOWN = {
    "site_code": SITES[2],
    "site_type": "政府门户网站",
    "site_sponsor": "—",
    "site_page_views": 1203377,
    "messages_average_days": 3.5,
    "has_smart_qa": "否",
    "weibo_posts": "—",
    "innovations.personalized": "—",
    "innovations.other": "√",
}


def test_the_sheet_compares_what_both_years_have(past: Path, tmp_path: Path) -> None:
    """Sums over the sites with a figure in both years, the mean weighted by each year's weights, and who stands out."""
    inbox = tmp_path / "2026"
    send(inbox, "1.xlsx", 2026, **of_site(1, site_page_views=40000000, messages_average_days=5, messages_resolved=100))
    send(inbox, "2.xlsx", 2026, **of_site(2, weibo_posts=3000))
    send(inbox, "4.xlsx", 2026, **of_site(4, weibo_posts=3000))
    send(inbox, "5.xlsx", 2026, **of_site(5))
    previous = gwxl.read_previous(Terms(FORM), past / "2025.xlsx")
    merge(Terms(FORM, previous=previous), inbox, tmp_path / "s.xlsx")
    sheet = open_book(tmp_path / "s.xlsx")["同比"]
    rows = {row[8]: row[3:8] for row in sheet.iter_rows(values_only=True) if row[8]}
    assert rows["#key"] == ("本年", "上年", "增减", "增减幅度", "可比")
    assert rows["site_page_views"][:3] == (42406754, 6406754, 36000000)
    assert rows["site_page_views"][3:] == (pytest.approx(36000000 / 6406754, abs=1e-14), "3 / 4")
    assert rows["weibo_posts"] == (3821, 1642, 2179, pytest.approx(2179 / 1642, abs=1e-14), "2 / 4")
    mean = (5 * 100 + 2 * 498 * Decimal("3.5")) / (100 + 2 * 498)
    assert rows["messages_average_days"][:2] == (pytest.approx(float(mean), abs=1e-12), 3.5)
    assert "other_media" not in rows
    table = list(sheet.iter_rows(values_only=True))
    start = next(number for number, row in enumerate(table) if row[0] == "标识码")
    assert [row[:8] for row in table[start + 1 :]] == [
        (SITES[1], "某某县第1网站：网站总访问量", "! 核实", 40000000, 4000000, 36000000, 9, "C04 C03a"),
        (SITES[4], "某某县第4网站：微博·信息发布量", "· 提示", 3000, 821, 2179,
         pytest.approx(2179 / 821, abs=1e-14), "C07a"),
    ]  # fmt: skip
    assert (sheet.print_title_rows, sheet.print_area) == ("$3:$3", f"'同比'!$A$1:$H${len(table)}")
