"""Forms of a month, a quarter, a half or no time, from the template to the merge."""

import random
import shutil
from pathlib import Path

import pytest

from gwxl import merge
from gwxl.errors import FormError, SettingsError
from gwxl.form.identity import identity_pairs, issue_identity, marker_line, read_marker
from gwxl.form.loading import load_form
from gwxl.records.path import Path as FormPath
from gwxl.records.period import ANY, Period, Span
from gwxl.template import write_template
from gwxl.template.making import render_letter
from gwxl.terms import Notice, Terms
from tests.support.command import refusal, say
from tests.support.drills import answers
from tests.support.submissions import FORMS
from tests.support.summaries import open_book

SEPTEMBER = Period.parse("2026-09")


def form_of(kind: str, place: Path) -> Path:
    """Return the folder of the record of a drill, asked for a kind of period."""
    folder = place / "templates/drill_record"
    shutil.copytree(FORMS / "drill_record", folder)
    shutil.copytree(FORMS.parent / "rules/drill_record", place / "rules/drill_record")
    file = folder / "form.toml"
    file.write_text(file.read_text("utf-8").replace("[roles]", f"[period]\n{kind}\n\n[roles]", 1), "utf-8")
    return folder


def fill(terms: Terms, inbox: Path, number: int, *written: str) -> None:
    """Write the returns of a site for some periods, no two alike."""
    inbox.mkdir(exist_ok=True)
    for place, one in enumerate(written, 1):
        identity = issue_identity(terms.form, period=Period.parse(one))
        said = answers(number, random.Random(1)) | {"participants": 100 * number + place}
        write_template(terms.rules, inbox / f"{number}-{one}.xlsx", identity=identity, answers=said)


@pytest.mark.parametrize(
    ("kind", "span"),
    [
        ('kind = "year"', Span.YEAR),
        ('kind = "half"', Span.HALF),
        ('kind = "quarter"', Span.QUARTER),
        ('kind = "month"', Span.MONTH),
        ('kind = "none"', None),
    ],
)
def test_a_form_says_its_kind(tmp_path: Path, kind: str, span: Span | None) -> None:
    """Where it says nothing it asks about a year, and is the same form as before."""
    form, plain = load_form(form_of(kind, tmp_path)), load_form(FORMS / "drill_record")
    assert (form.span, plain.span) == (span, Span.YEAR)
    assert (form.fingerprint == plain.fingerprint) is (span is Span.YEAR)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ('kind = "week"', "period.kind: 'week' is none of year, half, quarter, month, none"),
        ("kind = 12", "period.kind: 12 is none of year, half, quarter, month, none"),
        ("kind = [1]", r"period.kind: \[1\] is none of year"),
        ('kind = "month"\nfirst = 4', "period.first: is no known setting here; known are kind"),
    ],
)
def test_a_kind_that_is_none_is_refused(tmp_path: Path, kind: str, told: str) -> None:
    """With file and key, and what could stand there."""
    with pytest.raises(FormError, match=told):
        load_form(form_of(kind, tmp_path))


@pytest.mark.parametrize("written", ["2026", "2026H2", "2026Q4", "2026-09", ""])
def test_the_period_stands_in_every_copy_of_an_identity(written: str) -> None:
    """Under the name it had when each was a year; what is no period is none."""
    form = load_form(FORMS / "drill_record")
    identity = issue_identity(form, period=Period.parse(written))
    assert identity_pairs(identity)["year"] == written
    assert read_marker(marker_line(identity)) == identity
    damaged = read_marker(marker_line(identity).replace(f"year={written}", "year=2026-13"))
    assert damaged is not None
    assert damaged.period == ANY


def test_months_are_told_apart_in_a_merge(tmp_path: Path) -> None:
    """That of another month is held, whatever came since; none supersedes another, and nothing is added to it."""
    terms = Terms(form_of('kind = "month"', tmp_path), SEPTEMBER)
    fill(terms, tmp_path / "in", 1, "2026-08", "2026-09", "2026-10")
    fill(terms, tmp_path / "in", 2, "2026-09")
    merged = merge(terms, tmp_path / "in", tmp_path / "a.xlsx")
    states = {one.source.file: (one.state, one.reason) for one in merged.batch.receipts if one.reason}
    held = {month: f"报的是 2026年{month}月，本次汇总的是 2026年9月，须由经办人决定是否接受。" for month in (8, 10)}
    assert states == {"1-2026-08.xlsx": ("held", held[8]), "1-2026-10.xlsx": ("held", held[10])}
    assert (merged.batch.counts.accepted, merged.totals[FormPath("participants")].value) == (2, 102 + 201)
    assert merge(terms.for_period(ANY), tmp_path / "in", tmp_path / "b.xlsx").batch.period == SEPTEMBER


def test_the_month_before_is_what_was_previous(tmp_path: Path) -> None:
    """Of January it is December; a folder of many months gives that one."""
    folder = form_of('kind = "month"', tmp_path)
    fill(Terms(folder), tmp_path / "in", 1, "2025-11", "2025-12", "2026-01")
    said = say(
        "merge", "in", "--form", folder, "--period", "2026-01", "--previous", "in", "-o", "a.xlsx", cwd=tmp_path, code=1
    )
    assert "held against December 2025: 1 with figures of last month, 0 without" in said


@pytest.mark.parametrize(
    ("kind", "before", "now", "words"),
    [
        ("year", "2025", "2026", "上年"),
        ("half", "2026H1", "2026H2", "上期"),
        ("quarter", "2025Q4", "2026Q1", "上季度"),
        ("month", "2025-12", "2026-01", "上月"),
    ],
)
def test_the_period_before_is_called_what_it_is(tmp_path: Path, kind: str, before: str, now: str, words: str) -> None:
    """In what is told, in the workbook of a site, the sheet and the page: a figure of last month is not last year's."""
    folder, sheet = form_of(f'kind = "{kind}"', tmp_path), "同比" if kind == "year" else "环比"
    terms = Terms(folder)
    for one in (before, now):
        fill(terms, tmp_path / one, 1, one)
    told = ["--form", str(folder), "--lang", "zh"]
    say("merge", before, *told, "--period", before, "-o", "last.xlsx", cwd=tmp_path)
    beside = [*told, "--period", now, "--previous", "last.xlsx"]
    assert f"：1 份有{words}数，0 份没有" in say("merge", now, *beside, "-o", "this.xlsx", cwd=tmp_path)
    book = open_book(tmp_path / "this.xlsx")
    assert [one for one in book.sheetnames if one in {"同比", "环比"}] == [sheet]
    assert book[sheet]["E3"].value == words
    code = str(answers(1, random.Random(1))[terms.form.roles.code])
    say("template", "-o", "blank.xlsx", *beside, "--site", code, cwd=tmp_path)
    heads = {
        cell.value for row in open_book(tmp_path / "blank.xlsx").worksheets[0].iter_rows(max_row=4) for cell in row
    }
    assert {one for one in heads if str(one).startswith("上")} == {f"{words}数"}
    say("report", "this.xlsx", "-o", "this.html", *told, cwd=tmp_path)
    page = (tmp_path / "this.html").read_text("utf-8")
    assert (f"与{words}相比" in page, "上年" in page) == (True, kind == "year")


def test_a_template_of_a_month(tmp_path: Path) -> None:
    """Its title and letter name the month; a return of another month is told by check."""
    folder = form_of('kind = "month"', tmp_path)
    made = say("template", "--form", folder, "--period", "2026-09", "-o", "a.xlsx", cwd=tmp_path)
    assert made.splitlines()[0] == "wrote a.xlsx (应急演练记录表, September 2026)"
    letter = render_letter(load_form(folder), Notice(), SEPTEMBER)
    assert "应急演练记录表（2026年9月）填报通知" in letter
    fill(Terms(folder), tmp_path / "in", 1, "2026-08")
    checked = say("check", "in", "--form", folder, "--period", "2026-09", cwd=tmp_path, code=1)
    assert "报的是 2026年8月，本次汇总的是 2026年9月" in checked


def test_a_form_of_no_time(tmp_path: Path) -> None:
    """Its title has no period, and a period is refused."""
    terms = Terms(form_of('kind = "none"', tmp_path))
    fill(terms, tmp_path / "in", 1, "")
    merged = merge(terms, tmp_path / "in", tmp_path / "a.xlsx")
    assert (merged.batch.counts.accepted, merged.batch.period, terms.form.entitle(ANY)) == (1, ANY, "应急演练记录表")
    with pytest.raises(SettingsError, match="is of no period and cannot be of 2026; leave --period out"):
        _ = terms.for_period(Period(2026)).forms


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--year", "2026"], "is asked for each month and cannot be of 2026; write a period such as 2026-01"),
        (["--period", "2026Q3"], "cannot be of third quarter of 2026; write a period such as 2026-01"),
        (
            ["--period", "2026-13"],
            "--period: “2026-13” is no period; write one such as 2026, 2026H1, 2026Q3 or 2026-09",
        ),
    ],
)
def test_a_wrong_period_is_told(tmp_path: Path, words: list[str], told: str) -> None:
    """In words, with one that would be right."""
    folder = form_of('kind = "month"', tmp_path)
    assert told in refusal("template", "--form", folder, *words, "-o", "a.xlsx", cwd=tmp_path)
