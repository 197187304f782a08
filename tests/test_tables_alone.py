"""A form whose only inputs are tables, its sender named in lines around it, goes through every command."""

import shutil
from collections.abc import Mapping
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gwxl.form.loading import load_form
from gwxl.records.cell import CellRef
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, places, say
from tests.support.filling import fill
from tests.support.submissions import FORMS

YEAR = 2026
PEOPLE: Mapping[str, Any] = {
    "unit_name": "示例市甲局",
    "course_name": "公文写作班",
    "trainees": ({"name": "张三", "phone": "00001", "nights": 2}, {"name": "李四", "nights": 3}),
    "teachers": ({"name": "王五", "phone": "00002", "hours": Decimal("1.5")},),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work in a folder of the clerk's."""
    return tmp_path_factory.mktemp("clerk")


def form_of(folder: Path, roles: str = "") -> Path:
    """Copy the form below a folder, its roles replaced by others if some are given."""
    form = Path(shutil.copytree(FORMS / "course_list", folder / "templates" / "course_list"))
    shutil.copytree(FORMS.parent / "rules" / "course_list", folder / "rules" / "course_list")
    if roles:
        file = form / "form.toml"
        own = 'name = "course_name"\nunit = "unit_name"\n'
        text = file.read_text("utf-8")
        assert own in text
        file.write_text(text.replace(own, roles), "utf-8")
    return form


class Desk:
    """A blank template of the form, and what fills it in."""

    def __init__(self, folder: Path, form: Path) -> None:
        """Have the template written by the command line."""
        self.folder, self.form = folder, form
        folder.mkdir(parents=True, exist_ok=True)
        told = document("template", "-o", "blank.xlsx", "--year", YEAR, "--form", form, cwd=folder)
        self.cells: Mapping[str, CellRef] = places(told["cells"])

    def fill(self, name: str, **changes: Any) -> Path:
        """Fill the template; None leaves a field blank."""
        values = {key: value for key, value in {**PEOPLE, **changes}.items() if value is not None}
        return fill(self.folder / "blank.xlsx", self.folder / name, load_form(self.form), self.cells, values)

    def check(self, path: Path, code: int = 0) -> Mapping[str, Any]:
        """Check one file."""
        (file,) = document("check", path, "--form", self.form, cwd=self.folder, code=code)["files"]
        return file

    def merge(self, code: int = 0) -> Mapping[str, Any]:
        """Merge what lies in the inbox."""
        return document("merge", "inbox", "--form", self.form, cwd=self.folder, code=code)


@pytest.fixture(scope="module")
def desk(folder: Path) -> Desk:
    """Make the template of the form as it is."""
    return Desk(folder / "desk", FORMS / "course_list")


def test_the_blank_template_is_read(desk: Desk) -> None:
    """Nothing is missing in it and nothing about it is doubted: the tables are told apart by their own keys."""
    file = desk.check(desk.folder / "blank.xlsx")
    assert (file["status"], file["findings"], file["values"]) == ("ok", [], {})


@pytest.mark.parametrize("kind", ["xlsx", "ods", "fods", "xls"])
def test_every_row_is_read_in_every_format(desk: Desk, soffice: LibreOffice, kind: str) -> None:
    """Both tables come back with their own rows, though their columns have the same keys and heads."""
    path = desk.fill("filled.xlsx")
    if kind != "xlsx":
        path = soffice.convert(path, path.with_suffix(f".{kind}"))
    file = desk.check(path)
    assert file["findings"] == []
    assert file["values"] == {key: [dict(row) for row in PEOPLE[key]] for key in ("trainees", "teachers")}


def test_a_wrong_row_is_found_and_sent_back(desk: Desk) -> None:
    """A fault in a table is an error at its cell, and the return goes back with the row in it."""
    path = desk.fill("wrong/a.xlsx", trainees=({"name": "张三", "nights": "若干"}, {"nights": 3}))
    found = [(one["id"], one["key"]) for one in desk.check(path, 1)["findings"]]
    assert found == [("C02", "trainees[1].nights"), ("C01", "trainees[2].name")]
    sent = document("return", "wrong", "--form", desk.form, "-o", "back", cwd=desk.folder, code=1)
    (workbook,) = [desk.folder / one["workbook"] for one in sent["files"]]
    again = desk.check(workbook, 1)
    assert [(one["id"], one["key"]) for one in again["findings"]] == found


def test_a_merge_adds_the_tables_up(tmp_path: Path) -> None:
    """Each total is there and can be explained; what was sent is published."""
    desk = Desk(tmp_path, FORMS / "course_list")
    for number in (1, 2):
        desk.fill(f"inbox/{number}.xlsx", course_name=f"第{number}班")
    merged = desk.merge()
    assert merged["counts"]["passed"] == 2
    assert {key: merged["totals"][key]["value"] for key in ("trainees.nights", "teachers.hours")} == {
        "trainees.nights": 10,
        "teachers.hours": 3,
    }
    assert "10" in say("explain", "trainees.nights", merged["summary"], cwd=tmp_path)
    say("publish", "inbox/1.xlsx", "--form", desk.form, "-o", "page.html", cwd=tmp_path)
    assert "第1班" in (tmp_path / "page.html").read_text("utf-8")


SENDERS = [
    ({}, {}, 2),
    ({}, {"course_name": " 公文写作 班"}, 2),
    ({}, {"unit_name": None}, 2),
    ({}, {"unit_name": "示例市乙局"}, 0),
    ({}, {"course_name": "财务班"}, 0),
    ({"course_name": None}, {"course_name": None}, 0),
]


@pytest.mark.parametrize(("one", "other", "doubted"), SENDERS)
def test_one_name_and_unit_in_two_returns_is_doubted(
    tmp_path: Path, one: dict[str, Any], other: dict[str, Any], doubted: int
) -> None:
    """Without a code, two different returns of one name, and of no two units, are to be verified at the name."""
    desk = Desk(tmp_path, FORMS / "course_list")
    desk.fill("inbox/1.xlsx", **one)
    desk.fill("inbox/2.xlsx", teachers=None, **other)
    merged = desk.merge(1 if doubted else 0)
    found = [(f["id"], f["severity"], f["key"], f["cell"]) for file in merged["files"] for f in file["findings"]]
    assert found == [("D04", "verify", "course_name", desk.cells["course_name"].address)] * doubted
    assert merged["counts"]["accepted"] == 2


def test_a_form_without_a_name_is_compared_by_its_unit(tmp_path: Path) -> None:
    """Where only the unit is declared, two returns of one unit are to be verified."""
    desk = Desk(tmp_path, form_of(tmp_path, 'unit = "unit_name"\n'))
    desk.fill("inbox/1.xlsx")
    desk.fill("inbox/2.xlsx", course_name="财务班")
    desk.fill("inbox/3.xlsx", unit_name="示例市乙局")
    found = [[f["id"] for f in file["findings"]] for file in desk.merge(1)["files"]]
    assert found == [["D04"], ["D04"], []]


def test_a_line_around_the_form_is_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two returns with one code in the header are of one sender, and differ; each sender has a row by its code."""
    moment = SimpleNamespace(now=lambda tz: datetime(2026, 1, 5, 8, tzinfo=tz))
    monkeypatch.setattr("openpyxl.writer.excel.datetime", SimpleNamespace(datetime=moment, timezone=timezone))
    desk = Desk(tmp_path, form_of(tmp_path, 'code = "unit_name"\nname = "course_name"\n'))
    desk.fill("inbox/1.xlsx", unit_name="A1")
    desk.fill("inbox/2.xlsx", unit_name="A1", teachers=None)
    desk.fill("inbox/3.xlsx", unit_name="A2", course_name="财务班")
    merged = desk.merge(1)
    assert [(file["status"], [f["id"] for f in file["findings"]]) for file in merged["files"]] == [
        ("held", ["D02"]),
        ("held", ["D02"]),
        ("ok", []),
    ]
    told = document("explain", "trainees.nights", "--site", "A2", merged["summary"], cwd=tmp_path)
    assert {(one["site"], one["name"], one["file"]) for one in told["origins"]} == {("A2", "财务班", "3.xlsx")}
