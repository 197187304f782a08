"""The second form that comes along, 政府信息公开工作年度报告: from its template to the page that is published."""

import filecmp
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.files.resources import OWN_FORMS
from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.rules.available_forms import find_form, find_only_form, load
from gwxl.template import write_template
from samples import make_openness
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, say
from tests.support.sources import ROOT
from tests.support.submissions import FORMS

FORM = make_openness.FORM
FIRST = "website_annual_report"
SAMPLES = ROOT / "samples"
RETURNS = sorted((SAMPLES / "openness").iterdir())
NAME = "示例市政府办公室"


@pytest.fixture(name="inbox")
def _inbox(tmp_path: Path) -> Path:
    """Return an inbox with the samples."""
    return Path(shutil.copytree(SAMPLES / "openness", tmp_path / "inbox"))


def told(file: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return id, path and cell of each finding."""
    return [(one["id"], one["key"], one["cell"]) for one in file["findings"]]


def test_it_prints_on_three_pages(tmp_path: Path, soffice: LibreOffice) -> None:
    """Report, table and instructions have a page each; so says the check of the form, too."""
    document("template", "-o", "blank.xlsx", "--form", FORM, "--year", 2026, cwd=tmp_path)
    assert len(soffice.render(tmp_path / "blank.xlsx", tmp_path / "pages")) == 3
    pages = {"填报表": 1, "申请情况": 1, "填写说明": 1}
    assert document("forms", "--check", ROOT / "templates" / FORM, cwd=tmp_path)["blank"]["pages"] == pages


def test_what_libreoffice_saves_says_the_same(tmp_path: Path, soffice: LibreOffice) -> None:
    """Answers and totals come back as they were filled in, and nothing is wrong."""
    saved = soffice.convert(RETURNS[0], tmp_path / "saved.xlsx")
    (file,) = document("check", saved, cwd=tmp_path)["files"]
    given = make_openness.answer(1, NAME)
    assert {key: file["values"][key] for key in given if key != "report_date"} == {
        key: value for key, value in given.items() if key != "report_date"
    }
    totals = ("requests[new].all", "requests[done].person", "review_all")
    assert [file["values"][key] for key in totals] == [336, 126, 9]
    assert (file["status"], file["findings"]) == ("ok", [])


def test_the_printed_rule_is_held_in_each_column(tmp_path: Path) -> None:
    """One request too many is told in its column, and in that of the totals, at the first cell of each."""
    (file,) = document("check", RETURNS[2], cwd=tmp_path, code=1)["files"]
    assert told(file) == [("Q01", "requests[new].person", "E6"), ("Q01", "requests[new].all", "K6")]


def test_from_an_inbox_to_what_goes_back_and_online(inbox: Path, tmp_path: Path) -> None:
    """No command has to be told the form: the files say it."""
    merged = document("merge", inbox, "-o", "sum.xlsx", cwd=tmp_path, code=1)
    assert {key: merged["counts"][key] for key in ("received", "passed", "errors")} == {
        "received": 3,
        "passed": 2,
        "errors": 1,
    }
    assert (merged["totals"]["requests[new].all"]["value"], merged["totals"]["review_all"]["value"]) == (1134, 33)
    assert merged["totals_passed"]["requests[new].all"]["value"] == 714
    assert "1134" in say("explain", "requests[new].all", "sum.xlsx", cwd=tmp_path).splitlines()[0]
    files = document("return", "--from", "sum.xlsx", "-o", "back", cwd=tmp_path, code=1)["files"]
    (sent,) = [one for one in files if one["workbook"]]
    assert told(document("check", sent["workbook"], cwd=tmp_path, code=1)["files"][0]) == [
        ("Q01", "requests[new].person", "E6"),
        ("Q01", "requests[new].all", "K6"),
    ]
    say("publish", RETURNS[0], "-o", "page.html", cwd=tmp_path)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert all(words in page for words in (NAME, "法人或其他组织", "政府信息公开工作年度报告（2026年度）"))
    document("report", "sum.xlsx", "-o", "report.html", cwd=tmp_path)
    document("export", "sum.xlsx", "-o", "rows.csv", cwd=tmp_path)
    say("publish", "--from", "sum.xlsx", "-o", "pages", cwd=tmp_path, code=1)
    assert (tmp_path / "pages" / "index.html").exists()


def test_last_year_is_held_against_this_one(inbox: Path, tmp_path: Path) -> None:
    """What was carried over is what last year's report said was pending."""
    document("template", "-o", "blank.xlsx", "--form", FORM, "--year", 2027, cwd=tmp_path)
    say("merge", inbox, "-o", "last.xlsx", cwd=tmp_path, code=1)
    next_year = tmp_path / "next"
    next_year.mkdir()
    rules = load(FORM)
    answers = make_openness.answer(1, NAME)
    identity = issue_identity(rules.form, period=Period(2027))
    write_template(rules, next_year / "a.xlsx", identity=identity, answers=answers)
    given = document("check", next_year / "a.xlsx", "--previous", "last.xlsx", cwd=tmp_path)["files"][0]
    assert [one for one in told(given) if one[0] == "Q03"] == []
    answers["requests[carried].person"] = int(str(answers["requests[carried].person"])) + 1
    answers["requests[new].person"] = int(str(answers["requests[new].person"])) - 1
    write_template(rules, next_year / "b.xlsx", identity=identity, answers=answers)
    given = document("check", next_year / "b.xlsx", "--previous", "last.xlsx", cwd=tmp_path, code=1)["files"][0]
    assert [one for one in told(given) if one[0] == "Q03"] == [("Q03", "requests[carried].all", "K7")]


def test_the_samples_are_what_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cell by cell, the files in the folder say what the script writes."""
    monkeypatch.setattr(make_openness, "FOLDER", tmp_path / "openness")
    make_openness.main()
    assert filecmp.dircmp(tmp_path / "openness", SAMPLES / "openness").left_only == []
    for made in (tmp_path / "openness").iterdir():
        kept = SAMPLES / "openness" / made.name
        assert cells(made) == cells(kept)


def cells(path: Path) -> list[tuple[str, str, object]]:
    """Return sheet, address and content of every cell."""
    book = openpyxl.load_workbook(path)
    return [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def test_files_say_which_form_they_are_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of them decide; where none says, the first form is meant, unless there are some of the user's own."""
    others = sorted((SAMPLES / "inbox").glob("0*.xlsx"))
    note = tmp_path / "note.xlsx"
    note.write_bytes(b"PK\3\4")
    assert find_form(RETURNS) == find_only_form(RETURNS) == FORM
    assert find_form([*RETURNS, *others]) == FIRST
    assert find_form([*RETURNS, others[0], note]) == FORM
    assert find_only_form([*RETURNS, note]) is None
    assert find_only_form([*others * 20, RETURNS[0]]) is None
    assert find_only_form([*RETURNS, others[0]]) is None
    assert (find_form([note]), find_form()) == (FIRST, FIRST)
    drill = tmp_path / "drill.xlsx"
    say("template", "--form", FORMS / "drill_record", "-o", drill, "--year", 2026, cwd=tmp_path)
    assert find_form([drill]) == FIRST
    monkeypatch.setenv(OWN_FORMS, str(FORMS.parent))
    assert (find_form([drill]), find_form()) == ("drill_record", None)


def test_files_of_two_forms_are_checked_each_by_its_own(tmp_path: Path) -> None:
    """Whatever stands first, the findings are told in the words of the form they are of."""
    other = next((SAMPLES / "inbox").glob("12-*.xlsx"))
    for files in ((RETURNS[2], other), (other, RETURNS[2])):
        found = document("check", *files, cwd=tmp_path, code=1)["files"]
        by_form = {one["identity"]["form"]: [finding["id"] for finding in one["findings"]] for one in found}
        assert by_form == {FORM: ["Q01", "Q01"], FIRST: ["B08", "B21c"]}
        assert "可全程在线办理政务服务事项数量" in say("check", *files, cwd=tmp_path, code=1)
