"""A form of one list: its sheet first, what is asked once in every merged row, and lists on workbooks of one's own."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.authoring import check_form
from gwxl.form.loading import load_form
from gwxl.rules.ruleset import RuleSet, load_rules
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.opening import read_book
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, say
from tests.support.decided import fill_in
from tests.support.listed import fill
from tests.support.submissions import FORMS

FORM = FORMS / "training_roster"
RULES_FOLDER = FORMS.parent / "rules" / "training_roster"
HEADS = ("序号", "姓名", "性别", "手机号码", "身份证号码", "报到日期", "住宿天数")
DAY = "2026-03-01"
PEOPLE: Sequence[Mapping[str, Any]] = tuple(
    {"name": name, "sex": sex, "id_number": number, "mobile": mobile, "arrives": DAY, "nights": nights}
    for name, sex, number, mobile, nights in (
        ("张一", "女", "11010119900307002X", "13800000001", 2),
        ("张二", "男", "110101198501012338", "13800000002", 3),
    )
)
KEYS = ("name", "sex", "mobile", "id_number", "arrives", "nights")


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    """Load the form and its rules."""
    return load_rules(RULES_FOLDER, load_form(FORM))


def write_own(path: Path, rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS) -> Path:
    """Write a list on a workbook of one's own, with the unit above it."""
    path.parent.mkdir(exist_ok=True)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    lines: list[Sequence[Any]] = [
        ["业务培训班报名表"],
        ["单位代码：A3", "", "单位名称", "单位3"],
        ["联系人", "赵六"],
        [],
    ]
    for line in [*lines, list(heads), *rows]:
        sheet.append(list(line))
    book.save(path)
    return path


OWN = [[number, *(person[key] for key in KEYS)] for number, person in enumerate(PEOPLE, 1)]


def check(path: Path, folder: Path, code: int) -> Mapping[str, Any]:
    """Check one file."""
    (file,) = document("check", path, "--form", FORM, cwd=folder, code=code)["files"]
    return file


def test_the_list_is_the_first_sheet(rules: RuleSet, tmp_path: Path) -> None:
    """Whoever opens the workbook sees the list; it is read as any form is."""
    path = fill(rules, tmp_path / "a.xlsx", PEOPLE, unit_code="A1", unit_name="单位1")
    assert openpyxl.load_workbook(path).sheetnames[:2] == ["报名人员", "填报表"]
    file = check(path, tmp_path, 0)
    assert (file["status"], file["findings"]) == ("ok", [])
    assert [row["name"] for row in file["values"]["trainees"]] == ["张一", "张二"]


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_list_of_ones_own_is_read_and_held(soffice: LibreOffice, tmp_path: Path, kind: str) -> None:
    """Same heads in another order, no template: every row is read, what stands above it too, and nothing counts yet."""
    path = write_own(tmp_path / "own.xlsx", OWN)
    if kind != "xlsx":
        path = soffice.convert(path, tmp_path / f"own.{kind}")
    file = check(path, tmp_path, 1)
    assert (file["status"], [one["id"] for one in file["findings"] if one["severity"] == "error"]) == ("held", ["L42"])
    rows = [{key: row[key] for key in ("name", "mobile", "nights")} for row in file["values"]["trainees"]]
    assert rows == [{key: person[key] for key in ("name", "mobile", "nights")} for person in PEOPLE]
    assert file["header"] == {"unit_code": "A3", "unit_name": "单位3", "contact": "赵六"}


@pytest.mark.parametrize(
    ("heads", "rows", "found"),
    [
        (HEADS, [["", "张三", "男"]], ["L42", "Q", "Q"]),
        ((*HEADS[:-1], "住几晚"), OWN, ["L21", "L42"]),
        (HEADS, [*OWN, ["合计", "", "", "", "", "", 5]], ["D11", "L42"]),
    ],
)
def test_what_is_wrong_with_it_is_told(
    tmp_path: Path, heads: Sequence[str], rows: Sequence[Sequence[Any]], found: Sequence[str]
) -> None:
    """Its rows are judged like those of a template; heads that are missing and a total at its foot are named."""
    file = check(write_own(tmp_path / "own.xlsx", rows, heads), tmp_path, 1)
    assert file["status"] == "held"
    assert sorted(one["id"] for one in file["findings"]) == list(found)


@pytest.mark.parametrize("heads", [("姓名", "年龄", "学历"), ("序号", "项目", "金额")])
def test_another_list_is_refused(tmp_path: Path, heads: Sequence[str]) -> None:
    """A workbook that has hardly one of the heads is none of this form."""
    file = check(write_own(tmp_path / "own.xlsx", [["a", "b", "c"]], heads), tmp_path, 1)
    assert file["status"] == "refused"


def test_a_list_of_ones_own_counts_once_it_is_accepted(rules: RuleSet, tmp_path: Path) -> None:
    """The clerk decides; its rows then stand among the others, each with its sender and what was asked once."""
    fill(rules, _folder(tmp_path) / "1.xlsx", PEOPLE[:1], unit_code="A1", unit_name="单位1", contact="王五")
    write_own(_folder(tmp_path) / "3.xlsx", OWN[1:])
    before = document("merge", "in", "--form", FORM, cwd=tmp_path, code=1)
    assert (before["counts"]["accepted"], before["counts"]["held"]) == (1, 1)
    said = {"decision": "接受", "who": "甲", "reason": "已核对"}
    fill_in(tmp_path / before["decisions"], lambda row: {**row, **said})
    after = document("merge", "in", "--form", FORM, cwd=tmp_path)
    assert (after["counts"]["accepted"], after["totals"]["trainees.nights"]["value"]) == (2, 5)
    sheet = read_book(admit(tmp_path / after["summary"])).sheet("报名人员")
    assert sheet is not None
    lines: dict[int, list[str]] = {}
    for (row, _), cell in sorted(sheet.cells.items()):
        lines.setdefault(row, []).append(cell.text)
    assert any({"A1", "单位1", "王五", "张一"} <= set(line) for line in lines.values())
    assert any({"A3", "单位3", "赵六", "张二"} <= set(line) for line in lines.values())
    assert "5" in say("explain", "trainees.nights", after["summary"], cwd=tmp_path)
    say("publish", "in/1.xlsx", "--form", FORM, "-o", "page.html", cwd=tmp_path)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "张一" in page
    assert "13800000001" not in page


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir(exist_ok=True)
    return folder


MORE = """[[section]]
key = "x"
number = "二"
label = "其他"
[[section.field]]
key = "other"
label = "其他"
kind = "text"
[[section]]"""
MISTAKES = [
    ('layout = "list"', 'layout = "table"', "layout", "is none of form, list"),
    ("[[section]]", MORE, "layout", "put what is asked once into [[header]]"),
    ('code = "unit_code"', 'code = "unit"', "roles.code", "no field 'unit' there"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake[2]}: {mistake[3]}")
def test_mistakes_are_told_with_file_key_and_cure(tmp_path: Path, mistake: tuple[str, str, str, str]) -> None:
    """An author sees where it is wrong, and what would be right."""
    old, new, key, reason = mistake
    form = Path(shutil.copytree(FORM, tmp_path / "templates" / "training_roster"))
    shutil.copytree(RULES_FOLDER, tmp_path / "rules" / "training_roster")
    told = (form / "form.toml").read_text("utf-8")
    assert old in told
    (form / "form.toml").write_text(told.replace(old, new, 1), "utf-8")
    mistakes = [(one.key, one.reason) for one in check_form(str(form)).mistakes]
    assert [one for one in mistakes if one[0] == key and reason in one[1]], mistakes
