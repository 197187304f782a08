"""Which form is meant: the one that is named, else the one that a summary or most returns are of, else the first."""

import random
from collections import Counter
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import gwxl
from gwxl import Terms
from gwxl.form.identity import issue_identity
from gwxl.records.period import Period
from gwxl.template import write_template
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, refusal, say
from tests.support.drills import answers
from tests.support.inboxes import site
from tests.support.sources import ROOT
from tests.support.submissions import FORMS, GOOD, drill_rules, report_rules

REPORT, DRILL = "website_annual_report", "drill_record"
OWN: dict[str, Any] = {"GWXL_FORMS": str(FORMS)}


def put(inbox: Path, *, reports: int = 0, drills: int = 0, year: int = 2026) -> Path:
    """Write returns of both forms into a folder."""
    inbox.mkdir(exist_ok=True)
    period = Period(year)
    for number in range(reports):
        rules = report_rules()
        identity = issue_identity(rules.form, period=period)
        write_template(rules, inbox / f"报表{number}.xlsx", identity=identity, answers={**GOOD, **site(number + 1)})
    for number in range(drills):
        rules = drill_rules()
        said = answers(number, random.Random(1))
        identity = issue_identity(rules.form, period=period)
        write_template(rules, inbox / f"演练{number}.xlsx", identity=identity, answers=said)
    return inbox


def merge(folder: Path, *arguments: object) -> Any:
    """Merge without naming a form, where a second one is known."""
    return document("merge", *arguments, "-o", "summary.xlsx", "--force", "--exit-zero", cwd=folder, **OWN)


@pytest.mark.parametrize(
    ("reports", "drills", "form"),
    [(2, 0, REPORT), (0, 2, DRILL), (1, 2, DRILL), (2, 1, REPORT), (1, 1, REPORT)],
)
def test_a_merge_is_of_the_form_of_most_returns(tmp_path: Path, reports: int, drills: int, form: str) -> None:
    """The first form of two as frequent; a return of another form is refused by name, and none is lost."""
    put(tmp_path / "in", reports=reports, drills=drills)
    told = merge(tmp_path, "in")
    states = Counter(one["status"] for one in told["files"])
    mine = max(reports, drills)
    assert told["form"] == form
    assert (states["ok"] + states["findings"], states["refused"]) == (mine, reports + drills - mine)
    again = document("return", "summary.xlsx", "-o", "back", "--dry-run", cwd=tmp_path, **OWN)
    assert (again["missing"], again["not_in_summary"]) == ([], [])


def test_blank_forms_have_no_say(tmp_path: Path) -> None:
    """A folder of blank ones of another form beside one return is merged for the return."""
    inbox = put(tmp_path / "in", reports=1)
    for name in ("a.xlsx", "b.xlsx"):
        say("template", "--form", DRILL, "--year", 2026, "-o", inbox / name, cwd=tmp_path, **OWN)
    assert merge(tmp_path, "in")["form"] == REPORT


def test_what_names_its_form_is_taken_at_its_word(tmp_path: Path) -> None:
    """Summaries of the level below and of last year name it, and so does --form."""
    put(tmp_path / "last", drills=2, year=2025)
    put(tmp_path / "in", reports=2, drills=1)
    merge(tmp_path, "last")
    (tmp_path / "summary.xlsx").rename(tmp_path / "2025.xlsx")
    assert merge(tmp_path, "in", "--previous", "2025.xlsx")["form"] == DRILL
    assert merge(tmp_path, "in", "--previous", "last")["form"] == DRILL
    assert merge(tmp_path, "in", "--form", DRILL)["form"] == DRILL
    assert merge(tmp_path, "2025.xlsx")["form"] == DRILL


def test_what_goes_out_is_of_the_first_form(tmp_path: Path) -> None:
    """Where nothing says which; who has forms of their own is asked to name one."""
    assert document("template", "--year", 2026, "-o", "blank.xlsx", cwd=tmp_path)["form"] == REPORT
    assert (document("rules", cwd=tmp_path)["form"], Terms().form.id) == (REPORT, REPORT)
    assert document("forms", cwd=tmp_path, **OWN)["forms"][0]["id"] == REPORT
    assert "name one with --form" in refusal("template", "-o", "x.xlsx", cwd=tmp_path, **OWN)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("something else", "utf-8")
    assert "name one with --form" in refusal("merge", "in", cwd=tmp_path, **OWN)


@pytest.mark.parametrize("ending", ["xls", "ods", "zip"])
def test_returns_of_any_format_are_heard(tmp_path: Path, ending: str, soffice: LibreOffice) -> None:
    """What a program saves anew, or is packed, may have lost the name of its form, and is known by what is in it."""
    (tmp_path / "in").mkdir()
    first = min((ROOT / "samples" / "openness").iterdir())
    if ending == "zip":
        with ZipFile(tmp_path / "in" / "a.zip", "w") as packed:
            packed.write(first, first.name)
    else:
        soffice.convert(first, tmp_path / "in" / f"a.{ending}")
    assert gwxl.merge(Terms(), tmp_path / "in").batch.form.id == "openness_annual_report"
