"""A form of another shape, declared in two folders outside the package: template, check, merge, explain."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from gwxl.records.cell import CellRef
from tests.support.command import document, places, refusal, say
from tests.support.filling import fill
from tests.support.submissions import FORMS, GOOD_DRILL, drill_form

YEAR = 2026
RULES = FORMS.parent / "rules"
REQUIRED = ["drill_code", "drill_kind", "planned_on", "was_announced", "participants"]


@dataclass(frozen=True)
class Desk:
    """A clerk's folder outside the checkout, the form's folder as it is typed there, and the blank template."""

    folder: Path
    form: str
    template: Path
    cells: Mapping[str, CellRef]
    explanations: Mapping[str, CellRef]

    def fill(self, name: str, notes: Mapping[str, str] | None = None, **values: Any) -> Path:
        """Fill the good answers, some of them changed, into a copy of the template; None leaves a field blank."""
        answers = {key: value for key, value in {**GOOD_DRILL, **values}.items() if value is not None}
        path = fill(self.template, self.folder / name, drill_form(), self.cells, answers)
        if notes:
            book = openpyxl.load_workbook(path)
            for key, note in notes.items():
                book[self.explanations[key].sheet][self.explanations[key].address] = note
            book.save(path)
        return path


def desk(folder: Path, form: str) -> Desk:
    """Have the template written by the command line, and take the cells from what it says about it."""
    folder.mkdir(parents=True, exist_ok=True)
    found = document("template", "-o", "演练.xlsx", "--year", YEAR, "--form", form, cwd=folder)
    assert {name: found[name] for name in ("file", "form", "edition", "year", "fingerprint")} == {
        "file": "演练.xlsx",
        "form": "drill_record",
        "edition": "2",
        "year": YEAR,
        "fingerprint": drill_form().fingerprint,
    }
    cells, explanations = (places(found[name]) for name in ("cells", "explanations"))
    return Desk(folder, form, folder / "演练.xlsx", cells, explanations)


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Work in a folder far from the checkout, the form named by its whole path."""
    return desk(tmp_path_factory.mktemp("clerk") / "桌面", str(FORMS / "drill_record"))


@pytest.fixture(scope="module")
def inbox(clerk: Desk) -> Path:
    """Collect six files: two good, one explained, one to verify, one with errors, one of another form."""
    clerk.fill("收件/甲.xlsx")
    clerk.fill(
        "收件/乙.xlsx", drill_code="D0002", drill_kind="flood", was_announced=True, participants=30, evacuated=None
    )
    notes = {"duration_hours": "演练持续一整天"}
    clerk.fill(
        "收件/丙.xlsx", notes, drill_code="D0003", drill_kind="network", duration_hours=Decimal("9.5"), equipment=None
    )
    clerk.fill("收件/丁.xlsx", drill_code="D0004", duration_hours=Decimal("8.25"), participants=10, evacuated=10)
    clerk.fill("收件/戊.xlsx", drill_code="D0005", participants=4, evacuated=6, departments=("office", "outside"))
    say("template", "-o", "收件/年报.xlsx", "--year", YEAR, "-q", cwd=clerk.folder)
    return clerk.folder / "收件"


@pytest.fixture(scope="module")
def merged(clerk: Desk, inbox: Path) -> Any:
    """Merge the inbox."""
    return document("merge", inbox.name, "-o", "汇总.xlsx", "--form", clerk.form, cwd=clerk.folder, code=1)


def list_found(file: Mapping[str, Any]) -> list[tuple[str, str, str | None, str | None]]:
    """Return id, severity, key and address of each finding of a file."""
    return [(one["id"], one["severity"], one["key"], one["cell"]) for one in file["findings"]]


def check(clerk: Desk, path: Path, code: int) -> Mapping[str, Any]:
    """Check one file."""
    (file,) = document("check", path.name, "--form", clerk.form, cwd=clerk.folder, code=code)["files"]
    return file


def clean(path: Path, profile: FileFormat) -> list[str]:
    """Return what an independent validator finds wrong with a workbook."""
    return [str(error) for error in OpenXmlValidator(file_format=profile).validate(str(path)).errors]


def test_a_return_with_one_answer_lacks_what_is_required(clerk: Desk) -> None:
    """Its errors are the required fields, each once at its cell, and there is nothing else to say."""
    only = {key: value if key == "duration_hours" else None for key, value in GOOD_DRILL.items()}
    file = check(clerk, clerk.fill("只填一项.xlsx", **only), 1)
    cells = [clerk.cells[key].address for key in REQUIRED]
    assert list_found(file) == [("K01", "error", key, cell) for key, cell in zip(REQUIRED, cells, strict=True)]
    assert file["values"] == {"duration_hours": GOOD_DRILL["duration_hours"]}
    assert file["identity"] == {
        "form": "drill_record",
        "edition": "2",
        "year": YEAR,
        "period": str(YEAR),
        "site_code": None,
    }


def test_the_blank_template_is_no_return(clerk: Desk) -> None:
    """Nothing is said of its fields: nobody has filled it in."""
    file = check(clerk, clerk.template, 1)
    assert (file["status"], list_found(file)) == ("findings", [("unanswered", "error", None, None)])


def test_a_good_return_passes(clerk: Desk) -> None:
    """Every value is there as it was filled in, and there is no finding at all."""
    file = check(clerk, clerk.fill("好.xlsx"), 0)
    assert (file["status"], file["findings"]) == ("ok", [])
    assert file["values"] == {
        **GOOD_DRILL,
        "departments": ["office", "outside"],
        "equipment": [dict(row) for row in GOOD_DRILL["equipment"]],
    }


def test_a_bad_return_is_told_where(clerk: Desk) -> None:
    """Cell rules, relations and rows of the table are found with their ids and cells, in form order."""
    bad: dict[str, Any] = {
        "drill_code": "X1",
        "held_on": "2026-05-01",
        "evacuated": 121,
        "duration_hours": Decimal("8.5"),
        "departments": ("office",),
        "equipment": ({"item": "绳", "pieces": 1}, {"item": "梯"}),
    }
    file = check(clerk, clerk.fill("坏.xlsx", **bad), 1)
    expected = [
        ("K02", "error", "drill_code"),
        ("R02", "verify", "held_on"),
        ("R01", "error", "evacuated"),
        ("K05", "verify", "duration_hours"),
        ("R05", "error", "departments.outside"),
        ("K06", "verify", "equipment[2].pieces"),
    ]
    assert list_found(file) == [(*one, clerk.cells[one[2]].address) for one in expected]
    assert {one["verdict"] for one in file["findings"]} == {"failed"}


def test_an_unreadable_value_has_a_proposal(clerk: Desk) -> None:
    """A number in words is no value; what it probably means is proposed, never taken, and its relations wait."""
    file = check(clerk, clerk.fill("字.xlsx", participants="三十"), 1)
    cell = clerk.cells["participants"].address
    assert list_found(file)[0] == ("K03", "error", "participants", cell)
    assert [(one["id"], one["verdict"]) for one in file["findings"]] == [
        ("K03", "failed"),
        ("R01", "unjudged"),
        ("R04", "unjudged"),
        ("R06", "unjudged"),
    ]
    assert (file["findings"][0]["proposal"], "participants" in file["values"]) == ("30", False)


def test_merge_accounts_for_every_file(merged: Any) -> None:
    """Six came in: five count, the one of another form is refused by name."""
    assert merged["counts"] == {
        "received": 6,
        "accepted": 5,
        "passed": 3,
        "errors": 1,
        "verify": 1,
        "held": 0,
        "rejected": 0,
        "superseded": 0,
        "refused": 1,
        "ignored": 0,
    }
    files = {file["file"]: file for file in merged["files"]}
    assert {name: file["status"] for name, file in files.items()} == {
        "丁.xlsx": "findings",
        "丙.xlsx": "findings",
        "乙.xlsx": "ok",
        "年报.xlsx": "refused",
        "戊.xlsx": "findings",
        "甲.xlsx": "ok",
    }
    assert [one[0] for one in list_found(files["丙.xlsx"])] == ["K05"]
    assert files["丙.xlsx"]["findings"][0]["settled"] is True
    assert "website_annual_report" in files["年报.xlsx"]["reason"]
    assert merged["year"] == YEAR


def test_merge_adds_up(merged: Any) -> None:
    """Sums, the weighted mean, counts of answers and table columns are those of the five returns."""
    totals = {key: (total["value"], total["n"]) for key, total in merged["totals"].items()}
    # 120, 30, 120, 10 and 4 people; 118, none, 118, 10 and 6 of them taken out; 12 + 3 pieces in four returns
    assert totals["participants"] == (284, 5)
    assert totals["evacuated"] == (252, 4)
    weights, hours = [120, 30, 120, 10, 4], [Decimal(text) for text in ("1.5", "1.5", "9.5", "8.25", "1.5")]
    mean = sum(weight * hour for weight, hour in zip(weights, hours, strict=True)) / sum(weights)
    assert totals["duration_hours"][1] == 5
    assert totals["duration_hours"][0] == pytest.approx(mean, abs=Decimal("1e-12"))
    assert totals["drill_kind"] == ({"fire": 3, "flood": 1, "network": 1}, 5)
    assert totals["was_announced"] == ({"true": 1, "false": 4}, 5)
    assert totals["departments"] == ({"office": 5, "security": 0, "outside": 5}, 5)
    assert totals["equipment"] == (8, 4)
    assert totals["equipment.pieces"] == (60, 4)
    assert totals["equipment.weight"] == (Decimal("194.4"), 4)
    assert {total["of"] for total in merged["totals"].values()} == {5}
    passed = {key: (total["value"], total["n"], total["of"]) for key, total in merged["totals_passed"].items()}
    assert passed["participants"] == (270, 3, 3)
    assert passed["equipment.pieces"] == (30, 2, 3)


def test_merge_on_the_screen(clerk: Desk, inbox: Path, merged: Any) -> None:
    """One screen says what came in, what became of it, where the summary is and what to do next."""
    lines = say("merge", inbox.name, "-o", "汇总.xlsx", "--form", clerk.form, cwd=clerk.folder, code=1).splitlines()
    assert merged["summary"] == "汇总.xlsx"
    assert lines[:3] == [
        "应急演练记录表, 2026",
        "received 6 = accepted 5 + held 0 + rejected 0 + superseded 0 + refused 1 + ignored 0",
        "of 5 accepted: 3 passed, 1 with errors, 1 to verify",
    ]
    assert "summary: 汇总.xlsx" in lines
    assert lines[-1].startswith("Next: ")


def test_explain_a_total_and_an_answer(clerk: Desk, inbox: Path, merged: Any) -> None:
    """A total is told with its addends, an answer with file, sha256, sheet, cell and text."""
    assert merged["counts"]["accepted"] == 5
    total = say("explain", "participants", "汇总.xlsx", cwd=clerk.folder)
    assert "284" in total.splitlines()[0]
    rows = [line.split() for line in total.splitlines() if ".xlsx" in line]
    assert sorted((row[0], row[1], row[-1]) for row in rows) == [
        ("10", "D0004", "丁.xlsx"),
        ("120", "D0001", "甲.xlsx"),
        ("120", "D0003", "丙.xlsx"),
        ("30", "D0002", "乙.xlsx"),
        ("4", "D0005", "戊.xlsx"),
    ]
    one = say("explain", "duration_hours", "--site", "D0003", "汇总.xlsx", cwd=clerk.folder)
    digest = hashlib.sha256((inbox / "丙.xlsx").read_bytes()).hexdigest()
    for fact in ("丙.xlsx", digest, "填报表", clerk.cells["duration_hours"].address, "9.5"):
        assert fact in one
    pieces = say("explain", "equipment[2].pieces", "--site", "D0001", "汇总.xlsx", cwd=clerk.folder)
    assert "演练器材" in pieces
    assert clerk.cells["equipment[2].pieces"].address in pieces


@pytest.mark.parametrize("profile", [FileFormat.OFFICE_2010, FileFormat.MICROSOFT_365])
def test_template_and_summary_are_clean(clerk: Desk, merged: Any, profile: FileFormat) -> None:
    """Both workbooks keep to the schemas of Office."""
    assert clean(clerk.template, profile) == []
    assert clean(clerk.folder / merged["summary"], profile) == []


def test_rules_of_the_form_are_listed(clerk: Desk) -> None:
    """Every rule of both files is in the list; the one that an older edition had is not."""
    lines = say("rules", "--form", clerk.form, cwd=clerk.folder).splitlines()
    ids = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert ids == [*(f"K0{number}" for number in range(1, 8)), *(f"R0{number}" for number in range(1, 8))]


def copy_form(folder: Path, name: str = "x") -> Path:
    """Copy the form and its rules into two folders of another place; return the form's folder."""
    shutil.copytree(FORMS / "drill_record", folder / "templates" / name)
    shutil.copytree(RULES / "drill_record", folder / "rules" / name)
    return folder / "templates" / name


def test_a_copy_elsewhere_is_a_form_as_well(tmp_path: Path) -> None:
    """Copied beside the clerk's files and named relative to the folder it is called from, it works the same."""
    copy_form(tmp_path)
    away = desk(tmp_path / "工作", os.path.join("..", "templates", "x"))  # noqa: PTH118 - as it is typed
    assert check(away, away.fill("好.xlsx"), 0)["status"] == "ok"
    (away.folder / "in").mkdir()
    shutil.move(away.folder / "好.xlsx", away.folder / "in")
    counts = document("merge", "in", "--form", away.form, cwd=away.folder)["counts"]
    assert (counts["received"], counts["passed"]) == (1, 1)


def test_rules_inside_the_folder_of_the_form(tmp_path: Path) -> None:
    """A form may bring its rules in a folder of its own."""
    shutil.copytree(FORMS / "drill_record", tmp_path / "drill")
    shutil.copytree(RULES / "drill_record", tmp_path / "drill" / "rules")
    assert "K01" in say("rules", "--form", "drill", cwd=tmp_path)


BROKEN = {
    "no TOML": ("form.toml", 'id = "drill_record"', "id = drill", "", "is no valid TOML"),
    "unknown kind": (
        "form.toml",
        'kind = "decimal"\nunit = "小时"',
        'kind = "hours"',
        "duration_hours",
        "kind 'hours'",
    ),
    "unknown setting": ("form.toml", 'unit = "小时"', 'units = "小时"', "duration_hours.units", "is no known setting"),
    "key twice": ("form.toml", 'key = "evacuated"', 'key = "participants"', "participants", "stands twice"),
    "no such weight": ("form.toml", 'weight = "participants"', 'weight = "people"', "duration_hours", "weight"),
    "rule without field": ("cells.toml", "held_on = {", "held_at = {", "cells.held_at", "no such field"),
    "unknown rule id": (
        "cells.toml",
        '{ id = "K05", max = 8 }',
        '{ id = "K99", max = 8 }',
        "rules.K05",
        "no cell relies on it",
    ),
    "expression": ("relations.toml", '"evacuated <= participants"', '"evacuated <= __import__"', "R01", "__import__"),
    "call": ("relations.toml", '"evacuated <= participants"', '"open(evacuated)"', "R01", "open"),
    "message": ("relations.toml", "多出 {diff} 人", "多出 {difference} 人", "R01", "difference"),
    "severity": ("relations.toml", 'severity = "hint"', 'severity = "mild"', "R04", "mild"),
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_a_broken_declaration_is_refused_in_one_line(tmp_path: Path, case: str) -> None:
    """The line names the file, the key in it and the reason."""
    name, old, new, key, reason = BROKEN[case]
    folder = copy_form(tmp_path)
    file = (folder if name == "form.toml" else tmp_path / "rules" / "x") / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    line = refusal("rules", "--form", "templates/x", cwd=tmp_path)
    assert line.startswith(f"error: {file}: {key}")
    assert reason in line


@pytest.mark.parametrize("command", ["template -o a.xlsx", "check in", "merge in -o a.xlsx"])
def test_a_broken_declaration_stops_every_command(tmp_path: Path, command: str) -> None:
    """Nothing is read or written by half a set of rules."""
    copy_form(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "rules" / "x" / "relations.toml").write_text("[[relation]]\nid = 1\n", "utf-8")
    line = refusal(*command.split(), "--form", "templates/x", cwd=tmp_path)
    assert "relations.toml" in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "rules", "templates"]


def test_a_form_without_rules_is_refused(tmp_path: Path) -> None:
    """The line names both places where they may stand."""
    shutil.copytree(FORMS / "drill_record", tmp_path / "templates" / "x")
    line = refusal("rules", "--form", "templates/x", cwd=tmp_path)
    assert str(tmp_path / "rules" / "x") in line
    assert str(tmp_path / "templates" / "x" / "rules") in line


def test_a_folder_without_a_form_is_refused(tmp_path: Path) -> None:
    """The line names the folder that was typed, and the forms there are."""
    (tmp_path / "empty").mkdir()
    line = refusal("check", "empty", "--form", "empty", cwd=tmp_path)
    assert "'empty'" in line
    assert "website_annual_report" in line
    assert "form.toml" in line
