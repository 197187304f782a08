"""The figures of a summary in the files of other programs: every row, typed, whole or not at all."""

import csv
import json
import shutil
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest

from gwxl.errors import OutputError, SettingsError
from gwxl.exporting import export
from gwxl.exporting.formats import FORMATS, NAMES
from gwxl.form.identity import issue_identity
from gwxl.merging import merge
from gwxl.records.period import Period
from gwxl.summary.merged import Merged
from gwxl.terms import Terms
from tests.support.command import document, refusal, say
from tests.support.submissions import FORMS, GOOD, report_form, report_rules
from tests.support.written import write_template

FORM = "website_annual_report"
FORMULA = '=HYPERLINK("http://evil.example";"看")'
RETURNS: Mapping[str, Mapping[str, Any]] = {
    "a.xlsx": {"site_code": "0000000002", "innovation_other": FORMULA, "weibo_posts": 0},
    "b.xlsx": {"site_code": "0000000001", "messages_average_days": Decimal("3.25"), "site_sponsor": "-1+1某某办"},
    "wrong.xlsx": {"site_code": "0000000003", "release_total": -7, "columns_opened": None, "other_media": None},
}


def fill(path: Path, **changes: Any) -> None:
    """Write a return."""
    number = changes["site_code"][-1]
    own = {"site_name": f"示例{number}网站", "site_url": f"http://www{number}.example.gov.cn", "site_sponsor": "某某办"}
    answers = {key: value for key, value in {**GOOD, **own, **changes}.items() if value is not None}
    path.parent.mkdir(exist_ok=True)
    identity = issue_identity(report_rules().form, period=Period(2026))
    write_template(report_rules(), path, identity=identity, answers=answers, force=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Merged]:
    """Make an inbox of three returns, one with an error, and a broken file, and its summary."""
    place = tmp_path_factory.mktemp("made")
    for name, answers in RETURNS.items():
        fill(place / "inbox" / name, **answers)
    (place / "inbox" / "broken.xlsx").write_bytes(b"")
    return place, merge(Terms(FORM), place / "inbox", place / "summary.xlsx")


@pytest.fixture
def clerk(made: tuple[Path, Merged], tmp_path: Path) -> Path:
    """Return a folder with a copy of them."""
    return Path(shutil.copytree(made[0], tmp_path / "clerk"))


def from_csv(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a csv file, typed as its heads are."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows: list[dict[str, Any]] = list(csv.DictReader(stream))
    for row in rows:
        row |= {"submission": int(row["submission"]), "counts": {"true": True, "false": False}[row["counts"]]}
        row["number"] = float(row["number"]) if row["number"] else None
        guarded = {name: text for name, text in row.items() if isinstance(text, str) and text.startswith("'")}
        row |= {name: text[1:] for name, text in guarded.items()}
    return rows


def from_lines(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def from_sqlite(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a database."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute("SELECT * FROM figures")]
    return [{**row, "counts": bool(row["counts"])} for row in rows]


def from_parquet(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file."""
    return list(pyarrow.parquet.read_table(path).to_pylist())


READERS: Mapping[str, Callable[[Path], list[dict[str, Any]]]] = {
    ".csv": from_csv,
    ".jsonl": from_lines,
    ".sqlite": from_sqlite,
    ".parquet": from_parquet,
}


def read_exported(clerk: Path, ending: str = ".jsonl", **more: Any) -> list[dict[str, Any]]:
    """Export the summary and read the file back."""
    export(Terms(), clerk / "summary.xlsx", clerk / f"figures{ending}", **more)
    return READERS[ending](clerk / f"figures{ending}")


def test_every_format_has_a_reader() -> None:
    """What is written is read back below, whatever it is."""
    assert set(READERS) == set(FORMATS)


@pytest.mark.parametrize("ending", FORMATS)
def test_all_formats_hold_the_same(clerk: Path, ending: str) -> None:
    """Columns, types and values are those of the JSON lines, row by row."""
    lines = read_exported(clerk)
    rows = read_exported(clerk, ending, force=True)
    assert [*rows[0]] == [*NAMES]

    def order(row: Mapping[str, Any]) -> tuple[int, str]:
        return row["submission"], row["key"]

    assert sorted(rows, key=order) == sorted(lines, key=order)
    assert len({order(row) for row in rows}) == len(rows)


def test_exact_rows(clerk: Path) -> None:
    """By site, with value, figure, unit and cell; what does not count has no figure but says why."""
    rows = {(row["site"], row["key"]): row for row in read_exported(clerk)}
    assert list(dict.fromkeys(site for site, _ in rows)) == [f"000000000{n}" for n in (1, 2, 3)]

    def tell(site: int, key: str, *names: str) -> list[Any]:
        return [rows[f"000000000{site}", key][name] for name in names]

    days = tell(1, "messages_average_days", "value", "number", "measure", "kind", "label", "file", "status")
    assert days == ["3.25", 3.25, "天", "decimal", "平均办理时间", "b.xlsx", "passed"]
    views = tell(2, "site_page_views", "value", "number", "measure", "sheet", "cell", "counts", "why", "raw")
    assert views == [
        "1203377",
        1203377,
        "次",
        "填报表",
        rows["0000000001", "site_page_views"]["cell"],
        True,
        "",
        "1203377",
    ]
    assert type(rows["0000000002", "site_page_views"]["number"]) is int
    assert tell(2, "weibo_posts", "value", "number", "counts") == ["0", 0, True]
    assert tell(3, "release_total", "value", "number", "counts", "why", "status") == [
        "-7",
        None,
        False,
        "rule",
        "errors",
    ]
    assert tell(3, "columns_opened", "value", "number", "counts", "why", "raw") == ["", None, False, "blank", ""]
    assert tell(1, "has_smart_qa", "value", "number", "kind") == ["否", 0, "yes_no"]
    assert tell(1, "site_type", "value", "number", "kind") == ["政府门户网站", None, "choice"]
    assert tell(1, "innovations.accessible", "value", "number", "kind") == ["是", 1, "choices"]
    assert tell(1, "innovations.multilingual", "value", "number") == ["否", 0]
    posts = tell(1, "other_media[1].posts", "field", "value", "number", "measure", "sheet")
    assert posts == ["other_media.posts", "95", 95, "条", "其他新媒体"]
    assert ("0000000003", "other_media[1].posts") not in rows
    assert tell(1, "report_date", "value", "counts", "why") == ["", False, "blank"]
    assert tell(2, "innovation_other", "value") == [FORMULA]


def test_the_figures_add_up_to_the_totals(clerk: Path, made: tuple[Path, Merged]) -> None:
    """Whoever sums the column ``number`` of a field gets the total of the summary."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for row in read_exported(clerk):
        sums[row["field"]] += Fraction(row["number"] or 0)
    totals = {path: total.value for path, total in made[1].totals.items() if isinstance(total.value, int)}
    summed = {key for key, field in report_form().fields.items() if field.aggregate.value == "sum"}
    assert {str(path) for path in totals} >= summed
    tables = {field.key for field in report_form().fields.values() if field.columns}
    assert {str(path): sums[str(path)] for path in totals if str(path) not in tables} == {
        str(path): value for path, value in totals.items() if str(path) not in tables
    }


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_a_spreadsheet_calculates_nothing(clerk: Path, gnumeric: None) -> None:  # noqa: ARG001 - it has to be there
    """In Gnumeric every cell of the csv file is a value; a text that looks like a formula says what it said."""
    read_exported(clerk, ".csv")
    subprocess.run(["ssconvert", "figures.csv", "figures.xlsx"], cwd=clerk, check=True, capture_output=True)
    cells = [cell for row in openpyxl.load_workbook(clerk / "figures.xlsx").worksheets[0] for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert any(cell.value in {FORMULA, f"'{FORMULA}"} for cell in cells)
    assert any(cell.value == -7 for cell in cells)


def test_the_database_is_typed(clerk: Path) -> None:
    """Numbers are numbers, nothing but a missing figure is null, and return and key name a row."""
    read_exported(clerk, ".sqlite")
    with closing(sqlite3.connect(clerk / "figures.sqlite")) as database:
        told = database.execute("PRAGMA table_info(figures)").fetchall()
        columns = {name: (kind, bool(demanded), key) for _, name, kind, demanded, _, key in told}
        kinds = database.execute("SELECT DISTINCT typeof(number) FROM figures WHERE number IS NOT NULL ORDER BY 1")
        assert [kind for (kind,) in kinds] == ["integer", "real"]
    assert {name for name, (_, demanded, _) in columns.items() if not demanded} == {"number"}
    assert [name for name, (_, _, key) in columns.items() if key] == ["submission", "key"]
    assert [columns[name][0] for name in ("submission", "site", "number")] == ["INTEGER", "TEXT", "NUMERIC"]


def test_parquet_is_typed(clerk: Path) -> None:
    """Its schema says what each column holds."""
    read_exported(clerk, ".parquet")
    schema = pyarrow.parquet.read_schema(clerk / "figures.parquet")
    kinds = {name: str(schema.field(name).type) for name in NAMES}
    typed = {name: kind for name, kind in kinds.items() if kind != "string"}
    assert typed == {"submission": "int64", "number": "double", "counts": "bool"}


def test_without_the_package_it_says_what_to_install(clerk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pyarrow is not installed, one line says so, and nothing is written."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SettingsError, match=r"takes pyarrow.*pip install \"gwxl\[parquet\]\""):
        read_exported(clerk, ".parquet")
    assert not (clerk / "figures.parquet").exists()


def test_nothing_is_replaced_unasked(clerk: Path) -> None:
    """An existing file stays, whatever it is, unless it is to be replaced."""
    target = clerk / "figures.jsonl"
    target.write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        read_exported(clerk)
    assert target.read_text() == "mine"
    assert len(read_exported(clerk, force=True)) > 150


def test_whole_or_not_at_all(clerk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where writing breaks off, what stood there stays and no draft is left."""

    def fail(path: Path, rows: Any) -> None:
        path.write_text(str(next(iter(rows))))
        raise OSError(28, "No space left on device")

    (clerk / "figures.csv").write_text("mine")
    monkeypatch.setitem(FORMATS, ".csv", fail)
    with pytest.raises(OutputError, match="cannot be written"):
        export(Terms(), clerk / "summary.xlsx", clerk / "figures.csv", force=True)
    assert (clerk / "figures.csv").read_text() == "mine"
    assert [path.name for path in clerk.iterdir() if path.name.startswith(".")] == []


def replace_return(clerk: Path) -> None:
    """Change a return after the summary was made."""
    fill(clerk / "inbox" / "a.xlsx", **RETURNS["a.xlsx"], release_total=703)


def take_away(clerk: Path) -> None:
    """Take a return away after the summary was made."""
    (clerk / "inbox" / "a.xlsx").unlink()


@pytest.mark.parametrize("change", [replace_return, take_away])
def test_what_is_not_what_the_summary_says_is_not_exported(clerk: Path, change: Callable[[Path], None]) -> None:
    """Where a return is not what it was, nothing is written, and the line names it."""
    change(clerk)
    with pytest.raises(SettingsError, match=r"a\.xlsx for one.*merge again"):
        read_exported(clerk)
    assert not (clerk / "figures.jsonl").exists()


def test_the_command(clerk: Path) -> None:
    """It says what it wrote; a file that came in later is named; what cannot be is refused in a line."""
    wrote = say("export", "summary.xlsx", "-o", "figures.csv", cwd=clerk)
    rows = len(from_csv(clerk / "figures.csv"))
    assert wrote == f"wrote figures.csv: 3 returns, {rows} rows\n"
    fill(clerk / "inbox" / "late.xlsx", site_code="0000000009")
    found = document("export", "summary.xlsx", "-o", "figures.sqlite", cwd=clerk, code=1)
    del found["schema"]
    assert found == {"file": "figures.sqlite", "returns": 3, "rows": rows, "not_in_summary": ["late.xlsx"]}
    assert ".csv .jsonl .sqlite .parquet" in refusal("export", "summary.xlsx", "-o", "figures.xls", cwd=clerk)
    assert "is no summary that gwxl wrote" in refusal("export", "inbox/a.xlsx", "-o", "x.csv", cwd=clerk)


def test_a_form_without_codes(tmp_path: Path) -> None:
    """Two returns in tables alone: rows by their number, the lines around the form among them."""
    form = FORMS / "course_list"
    (tmp_path / "inbox").mkdir()
    rules = Terms(form).rules
    for number in (1, 2):
        people = ({"name": f"学员{number}", "phone": f"0000{number}", "nights": number},)
        answers: dict[str, Any] = {"course_name": f"第{number}班", "unit_name": f"第{number}局", "trainees": people}
        path = tmp_path / "inbox" / f"{number}.xlsx"
        write_template(rules, path, identity=issue_identity(rules.form, period=Period(2026)), answers=answers)
    merge(Terms(form), tmp_path / "inbox", tmp_path / "summary.xlsx")
    export(Terms(form), tmp_path / "summary.xlsx", tmp_path / "figures.jsonl")
    rows = [(row["submission"], row["key"], row["value"]) for row in from_lines(tmp_path / "figures.jsonl")]
    assert (1, "trainees[1].nights", "1") in rows
    assert (2, "trainees[1].phone", "00002") in rows
    assert (2, "course_name", "第2班") in rows
    assert {row[0] for row in rows} == {1, 2}
