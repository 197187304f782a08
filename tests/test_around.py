"""The fields around the form: read where it is certain what they say, told where not, and carried everywhere."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.intake import check_file
from gwxl.intake.around import judge_around, judge_day, read_around
from gwxl.merging import merge
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer, Status, Unread
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.terms import Terms
from gwxl.values.value import read_value
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, refusal
from tests.support.submissions import GOOD, report_form, report_rules
from tests.support.workbooks import unzip, zip_parts
from tests.support.written import write_template

YEAR = 2026
DATE = report_form().surround["report_date"]
CELLS = lay_out(report_form()).cells


def read(cell: Cell, year: int | None = YEAR) -> Answer:
    """Return what the date of the report says."""
    reading = read_value(cell, DATE, path=DATE.path)
    return read_around(DATE, Answer(key=DATE.path, raw=reading.raw, value=reading.value, cell=None), year)


def type_cell(words: str) -> Cell:
    """Return a text cell."""
    return Cell(CellKind.TEXT, words)


@pytest.mark.parametrize(
    "words",
    [
        "2027-01-08",
        "2027.1.8",
        "2027/1/8",
        "2027年1月8日",
        "二〇二七年一月八日",
        "二零二七年一月八号",
        "二○二七年一月八日",
        "20270108",
        "２０２７０１０８",
        "27-1-8",
        "27.1.8",
        "27年1月8日",
    ],
)
def test_dates_that_are_certain(words: str) -> None:
    """However a day is written, it is read where the period leaves one day."""
    assert read(type_cell(words)).value == "2027-01-08"


@pytest.mark.parametrize("words", ["27-1-15", "15-1-27", "1/15/27"])
def test_short_years(words: str) -> None:
    """Where only one order of year, month and day gives a day of the period, it is that day."""
    assert read(type_cell(words)).value == "2027-01-15"


@pytest.mark.parametrize(
    ("words", "day"),
    [("二〇二六年十二月二十一日", "21"), ("二〇二六年十二月廿九日", "29"), ("二〇二六年十二月三十日", "30")],
)
def test_spelled_tens(words: str, day: str) -> None:
    """Chinese numerals are read past ten."""
    assert read(type_cell(words)).value == f"2026-12-{day}"


@pytest.mark.parametrize(
    "words",
    [
        "1月8日",
        "1-8",
        "1.8",
        "27-1-26",
        "8-1-27",
        "1/8/27",
        "25-1-8",
        "20280108",
        "20271301",
        "27-13-8",
        "年底",
        "二〇二七年十三月八日",
        "2027",
        "八日",
    ],
)
def test_dates_that_are_not(words: str) -> None:
    """A day without a year may be of two years, and another may be no day of the period: it is not guessed."""
    assert isinstance(read(type_cell(words)).value, Unread)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (Cell(CellKind.NUMBER, "46395", date=True), "2027-01-08"),
        (Cell(CellKind.NUMBER, "46395"), "2027-01-08"),
        (Cell(CellKind.NUMBER, "20270108"), "2027-01-08"),
        (Cell(CellKind.NUMBER, "40000", date=True), "2009-07-06"),
        (Cell(CellKind.NUMBER, "40000"), None),
        (Cell(CellKind.NUMBER, "2027"), None),
        (Cell(CellKind.NUMBER, "2027.1"), None),
        (Cell(CellKind.ERROR, "#VALUE!"), None),
        (Cell(CellKind.BOOLEAN, "TRUE"), None),
    ],
)
def test_stored_dates(cell: Cell, day: str | None) -> None:
    """A number is a day by its format, or where it can be none but one of the period or the year after."""
    value = read(cell).value
    assert (None if isinstance(value, Unread) else value) == day


def test_without_a_period_nothing_is_certain() -> None:
    """Where the year of the form is lost, a day has to be written out."""
    assert isinstance(read(type_cell("20270108"), None).value, Unread)
    assert read(type_cell("2027-01-08"), None).value == "2027-01-08"


def test_what_the_period_made_certain_is_logged() -> None:
    """Raw text and day stand in the log of changes."""
    (change,) = read(type_cell("27-1-8")).changes
    assert (change.key, change.raw, change.value, change.kind) == ("report_date", "27-1-8", "2027-01-08", "date")


def tell(day: str, today: date | None, year: int | None = YEAR) -> list[tuple[str, Severity, str | None]]:
    """Return what is said about the day of a report."""
    answer = Answer(key=DATE.path, raw=day, value=day, cell=None)
    form = report_form()
    findings = [*judge_around(form, {DATE.key: answer}, year), *judge_day(form, answer, year, today)]
    return [(one.id, one.severity, one.key) for one in findings]


LATE = [("F02", Severity.HINT, "report_date")]
EARLY = [("F03", Severity.HINT, "report_date")]


@pytest.mark.parametrize(
    ("day", "today", "said"),
    [
        ("2027-01-08", date(2027, 1, 8), []),
        ("2027-01-09", date(2027, 1, 8), LATE),
        ("2027-11-08", date(2027, 1, 15), LATE),
        ("2072-01-08", date(2027, 1, 15), LATE),
        ("2027-01-08", date(2026, 11, 26), []),
        ("2027-12-31", date(2026, 11, 26), []),
        ("2028-01-01", date(2026, 11, 26), LATE),
        ("2028-01-01", None, []),
        ("2026-01-01", date(2027, 1, 15), []),
        ("2025-12-31", date(2027, 1, 15), EARLY),
        ("2025-12-31", None, EARLY),
    ],
)
def test_days_that_cannot_be(day: str, today: date | None, said: list[tuple[str, Severity, str]]) -> None:
    """A report is made after its period began and by the day of merging, in a trial by the year after."""
    assert tell(day, today) == said


@pytest.mark.parametrize(("raw", "shown"), [("46395", "2027-01-08"), ("2027年1月8日", "2027年1月8日")])
def test_a_day_is_told_as_its_cell_shows_it(raw: str, shown: str) -> None:
    """A date that a program stored as a number is no number to who looks at it."""
    answer = Answer(key=DATE.path, raw=raw, value="2027-01-08", cell=None)
    (found,) = judge_day(report_form(), answer, YEAR, date(2027, 1, 2))
    assert (found.value, found.shown) == (shown, {"report_date": shown})


def test_an_unknown_period_judges_no_day() -> None:
    """Without the year of the form nothing is too early or too late."""
    assert tell("2072-01-08", date(2027, 1, 15), None) == []


def send(path: Path, around: Mapping[str, Any], **changes: Any) -> Path:
    """Write a return with some cells around the form filled in."""
    path.parent.mkdir(exist_ok=True)
    identity = issue_identity(report_form(), period=Period(YEAR))
    write_template(report_rules(), path, identity=identity, answers={**GOOD, **changes})
    book = openpyxl.load_workbook(path)
    for key, value in around.items():
        ref = CELLS[FormPath.parse(key)]
        cell = book[ref.sheet].cell(ref.row, ref.column)
        cell.value, cell.number_format = value, "General"
    book.save(path)
    return path


def find_noticed(receipt: Receipt) -> list[Finding]:
    """Return the findings on the fields around the form."""
    return [one for one in receipt.findings if one.key in report_form().surround]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".fods"])
def test_what_cannot_be_read_is_told(soffice: LibreOffice, tmp_path: Path, suffix: str) -> None:
    """In every format an error, a truth value and a day without a year are hints at their cells, the rest is read."""
    around = {"reporting_unit": "某局", "reviewer": "=1/0", "contact_name": True, "report_date": "1月8日"}
    path = send(tmp_path / "a.xlsx", around)
    path = soffice.convert(path, tmp_path / f"b{suffix}")
    (receipt,) = check_file(path, path.name, Terms(report_rules(), period=Period(YEAR)))
    assert receipt.submission is not None
    assert receipt.submission.surround == {"reporting_unit": "某局"}
    assert [(one.id, one.severity, one.key, one.source) for one in find_noticed(receipt) if one.id != "W01"] == [
        ("F01", Severity.HINT, key, CELLS[FormPath.parse(key)]) for key in ("reviewer", "contact_name", "report_date")
    ]
    assert (receipt.status, receipt.passed) == (Status.FINDINGS, True)


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_everything_around_is_in_the_documents(tmp_path: Path) -> None:
    """``check`` and ``merge`` tell every field around the form, and the summary lists it, as typed where unread."""
    around = {"reporting_unit": "某局", "unit_head": "赵某", "reviewer": "钱某", "report_date": "20270108"}
    send(tmp_path / "in" / "a.xlsx", around)
    send(tmp_path / "in" / "b.xlsx", {"report_date": "年底"}, site_code="0000000002", site_name="某某县第二网站")
    first, second = document("check", "in", cwd=tmp_path, code=0)["files"]
    assert first["header"] == {**around, "report_date": "2027-01-08"}
    assert first["changes"] == [{"key": "report_date", "raw": "20270108", "value": "2027-01-08"}]
    assert second["header"] == {}
    merged = document("merge", "in", "-o", "s.xlsx", "--exit-zero", cwd=tmp_path)
    assert [one["header"] for one in merged["files"]] == [first["header"], {}]
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["文件清单"]
    heads = {sheet.cell(2, column).value: column for column in range(1, sheet.max_column + 1)}
    assert [sheet.cell(3, heads[f"#{key}"]).value for key in around] == ["填报单位", "单位负责人", "审核人", "填报日期"]
    assert [sheet.cell(4, heads[f"#{key}"]).value for key in around] == ["某局", "赵某", "钱某", "2027-01-08"]
    assert sheet.cell(5, heads["#report_date"]).value == "年底"


def set_saved(path: Path, moment: str) -> None:
    """Say when a workbook was saved."""
    kept = unzip(path.read_bytes())
    core = kept["docProps/core.xml"].decode()
    kept["docProps/core.xml"] = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{moment}", core).encode()
    path.write_bytes(zip_parts(kept))


@pytest.mark.parametrize(
    ("day", "moment", "counted"),
    [
        ("2027-11-08", "2027-01-05T08:00:00Z", "b.xlsx"),
        ("2072-01-08", "2027-01-05T08:00:00Z", "b.xlsx"),
        ("2025-12-01", "2027-01-11T08:00:00Z", "a.xlsx"),
        ("2027-01-12", "2027-01-11T08:00:00Z", "a.xlsx"),
    ],
)
def test_a_day_that_cannot_be_decides_nothing(tmp_path: Path, day: str, moment: str, counted: str) -> None:
    """Of two returns the one saved later counts where the day of one cannot be; a day that can be decides, too."""
    first = send(tmp_path / "in" / "a.xlsx", {"report_date": date.fromisoformat(day)})
    second = send(tmp_path / "in" / "b.xlsx", {"report_date": date(2027, 1, 9)}, service_items_online=200)
    set_saved(first, moment)
    set_saved(second, "2027-01-10T08:00:00Z")
    merged = merge(Terms("website_annual_report", today=date(2027, 1, 15)), tmp_path / "in", tmp_path / "s.xlsx")
    assert [one.source.file for one in merged.batch.accepted] == [counted]
    assert len(merged.batch.of(Status.SUPERSEDED)) == 1


def test_the_day_is_named(tmp_path: Path) -> None:
    """``GWXL_TODAY`` gives the day of merging, so that a run can be repeated; what is no day is refused."""
    send(tmp_path / "a.xlsx", {"report_date": date(2027, 6, 1)})
    (late,) = document("check", "a.xlsx", cwd=tmp_path, GWXL_TODAY="2027-02-01")["files"]
    (right,) = document("check", "a.xlsx", cwd=tmp_path, GWXL_TODAY="2027-07-01")["files"]
    assert [[one["id"] for one in file["findings"]] for file in (late, right)] == [["F02"], []]
    assert "GWXL_TODAY" in refusal("check", "a.xlsx", cwd=tmp_path, GWXL_TODAY="soon")
