"""A form for its author to go on with: a small one, and drafts out of offices' own workbooks."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gwxl import GwxlError, Terms, check_form, draft_form, start_form
from gwxl.drafting.schemas import write_schemas
from gwxl.errors import OutputError, RefusedError, ResourceError
from gwxl.form.definition import Field
from gwxl.rules.cells_file import ENTRY
from gwxl.wording import LANGUAGES
from tests.support import office_forms
from tests.support.command import document, refusal, run, say
from tests.support.sources import ROOT

Writer = Callable[[Path], Mapping[str, str]]
WRITERS: tuple[Writer, ...] = (
    office_forms.write_survey,
    office_forms.write_matrix,
    office_forms.write_list,
    office_forms.write_stacked,
    office_forms.write_plain,
    office_forms.write_budget,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_form_has_no_mistake(tmp_path: Path, language: str) -> None:
    """What is written to start from is a whole form in the language of the run, called as its folder."""
    folder = tmp_path / "training"
    start_form(folder, language)
    checked = check_form(str(folder))
    assert checked.mistakes == ()
    assert checked.form is not None
    assert (checked.form.id, checked.form.language) == ("training", language)
    assert sorted(rule.id for rule in Terms(str(folder)).rules.rules if rule.id[0] in "AB") == [
        "A01", "A02", "A03", "A04", "B01",
    ]  # fmt: skip


def test_nothing_that_stands_is_written_over(tmp_path: Path) -> None:
    """A folder that is there is refused and stays as it was, and so is a name that is no id."""
    start_form(tmp_path / "mine", "zh")
    before = {file: file.read_bytes() for file in (tmp_path / "mine").rglob("*.toml")}
    with pytest.raises(OutputError, match="mine"):
        start_form(tmp_path / "mine", "en")
    assert {file: file.read_bytes() for file in (tmp_path / "mine").rglob("*.toml")} == before
    for name in ("培训", "My-form", "9lives"):
        with pytest.raises(OutputError, match="id"):
            start_form(tmp_path / name, "zh")
        assert not (tmp_path / name).exists()


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
def test_each_input_has_its_label(tmp_path: Path, writer: Writer) -> None:
    """Every cell that is filled in is found, no other, each with the words that stand for it in the workbook."""
    labels = writer(tmp_path / "office.xlsx")
    drafted = draft_form(tmp_path / "office.xlsx", tmp_path / "drafted")
    found = {cell: drafted.form.label(path) for cell, path in drafted.inputs.items()}
    found = {cell if cell in labels else cell.rpartition("!")[2]: label for cell, label in found.items()}
    assert {cell: label for cell, label in found.items() if not label.endswith(labels[cell])} == {}
    assert found.keys() == labels.keys()
    assert check_form(str(drafted.folder)).mistakes == ()


def test_locks_drop_downs_totals_and_units_are_said(tmp_path: Path) -> None:
    """What the workbook says stands in the draft: choices, units, totals under their heads, closed cells."""
    office_forms.write_survey(tmp_path / "a.xlsx")
    office_forms.write_matrix(tmp_path / "b.xlsx")
    survey = draft_form(tmp_path / "a.xlsx", tmp_path / "survey").form
    assert survey.title == "2026年基层站所基本情况调查表"
    assert [(section.number, section.label) for section in survey.sections] == [
        ("一", "基本情况"), ("二", "经费情况（单位：万元）"), ("三", "人员构成"),
    ]  # fmt: skip
    asked = {field.label: field for field in survey.fields.values()}
    assert [choice.label for choice in asked["站所类型"].choices] == ["司法所", "派出所", "供电所"]
    assert (asked["编制人数"].kind.name, asked["编制人数"].unit) == ("count", "人")
    assert (asked["财政拨款"].kind.name, asked["财政拨款"].unit) == ("decimal", "万元")
    assert asked["是否独立核算"].kind.name == "yes_no"
    (staff,) = survey.matrices.values()
    assert staff.matrix is not None
    assert [(row.label, row.sums) for row in staff.matrix.rows] == [
        ("管理人员", ()), ("专业技术人员", ()), ("工勤人员", ()), ("合计", ("r1", "r2", "r3")),
    ]  # fmt: skip
    assert [(one.label, one.sums) for one in staff.matrix.columns][-1] == ("合计", ("c1", "c2", "c3"))
    cases = draft_form(tmp_path / "b.xlsx", tmp_path / "cases").form
    (matrix,) = (field.matrix for field in cases.matrices.values())
    assert matrix is not None
    assert [[head.label for head in one.heads] for one in matrix.columns][2:4] == [
        ["案件来源", "群众"], ["案件来源", "机关"],
    ]  # fmt: skip
    assert [(row.heads[0].number, row.heads[0].label) for row in matrix.rows][::4] == [("一", "受理"), ("二", "办理")]
    assert matrix.closed == {("r1", "c6"), ("r5", "c5")}
    assert matrix.unit == "件"


def test_formulas_become_fields_that_are_worked_out(tmp_path: Path) -> None:
    """Sums, differences and shares of inputs are said as form.toml says them; what it cannot say is a doubt."""
    office_forms.write_budget(tmp_path / "office.xlsx")
    drafted = draft_form(tmp_path / "office.xlsx", tmp_path / "budget")
    found = {field.label: (field.kind.name, field.formula, field.decimals, field.unit)
             for field in drafted.form.fields.values() if field.formula}  # fmt: skip
    assert found == {
        "合计": ("decimal", "(s1_1 + s1_2 + s1_3)", 2, "万元"),
        "结余": ("decimal", "s1_4 - s1_4w6_2", 2, "万元"),
        "执行率": ("decimal", "s1_4w6_2 / s1_4 * 100", 1, "%"),
    }
    assert [(one.place, one.said) for one in drafted.doubts if one.key == "drafting.calculated"] == [
        ("预算表!B9", '=TEXT(B5,"0")'),
    ]  # fmt: skip
    assert check_form(str(drafted.folder)).mistakes == ()


def test_what_is_unsure_is_said(tmp_path: Path) -> None:
    """Inputs told by borders, kinds told by words: each doubt stands in answer and file."""
    office_forms.write_plain(tmp_path / "plain.xlsx")
    drafted = document("forms", "--from", "plain.xlsx", "plain", cwd=tmp_path)
    assert len(drafted["inputs"]) == 38
    assert drafted["inputs"][0] == {"cell": "Sheet!E2", "path": "sender_code", "label": "统一社会信用代码"}
    assert {"place": "Sheet!B5", "reason": "请核对：“检查方式”的类型是按文字猜的"} in drafted["doubts"]
    assert drafted["doubts"][0]["place"] == "Sheet"
    assert "# 请核对：“检查方式”的类型是按文字猜的" in (tmp_path / "plain" / "form.toml").read_text("utf-8")
    assert tomllib.loads((tmp_path / "plain" / "form.toml").read_text("utf-8"))["section"][1]["field"][0]["rows"] == 20


def test_the_command_says_what_to_do_next(tmp_path: Path) -> None:
    """Both commands name the folder and the check, and the workbook stays as it is."""
    office_forms.write_list(tmp_path / "office.xlsx")
    before = (tmp_path / "office.xlsx").read_bytes()
    assert "gwxl forms --check grants" in say("forms", "--from", "office.xlsx", "grants", cwd=tmp_path)
    assert "gwxl forms --check small" in say("forms", "--new", "small", cwd=tmp_path)
    assert run("forms", "--check", "grants", cwd=tmp_path).returncode == 0
    assert (tmp_path / "office.xlsx").read_bytes() == before
    assert "grants" in refusal("forms", "--from", "office.xlsx", "grants", cwd=tmp_path)


def test_what_is_no_form_is_refused(tmp_path: Path) -> None:
    """A file that is no workbook, one of a kind that is not read, one with nothing to fill in: no folder is made."""
    (tmp_path / "notes.xlsx").write_text("not a workbook", "utf-8")
    (tmp_path / "list.csv").write_text("a,b\n1,2\n", "utf-8")
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    book.active["A1"] = "words"
    book.save(tmp_path / "words.xlsx")
    expected: dict[str, type[GwxlError]] = {
        "notes.xlsx": ResourceError,
        "list.csv": ResourceError,
        "words.xlsx": ResourceError,
        "missing.xlsx": RefusedError,
    }
    for name, error in expected.items():
        with pytest.raises(error):
            draft_form(tmp_path / name, tmp_path / "draft")
        assert not (tmp_path / "draft").exists()


def test_forms_of_ones_own_are_known_by_their_ids(tmp_path: Path) -> None:
    """GWXL_FORMS names folders of forms; a workbook of one is recognised without naming it."""
    start_form(tmp_path / "mine" / "training", "zh")
    own = str(tmp_path / "mine")
    assert "training" in [one["id"] for one in document("forms", cwd=tmp_path, GWXL_FORMS=own)["forms"]]
    say("template", "--form", "training", "--year", "2026", "-o", "blank.xlsx", cwd=tmp_path, GWXL_FORMS=own)
    (checked,) = document("check", "blank.xlsx", cwd=tmp_path, code=1, GWXL_FORMS=own)["files"]
    assert checked["identity"]["form"] == "training"
    assert "training" not in [one["id"] for one in document("forms", cwd=tmp_path)["forms"]]


def test_two_forms_of_one_id_are_refused(tmp_path: Path) -> None:
    """Which of them is meant nobody could say; a folder that is not there is named as well."""
    start_form(tmp_path / "one" / "training", "zh")
    start_form(tmp_path / "other" / "training", "en")
    told = refusal("forms", cwd=tmp_path, GWXL_FORMS=os.pathsep.join([str(tmp_path / "one"), str(tmp_path / "other")]))
    assert "training" in told
    assert str(tmp_path / "one" / "training") in told
    assert "nowhere" in refusal("forms", cwd=tmp_path, GWXL_FORMS="nowhere")


DECLARATIONS = ("form", "cells", "relations", "neighbours")


def test_every_form_fits_the_schemas() -> None:
    """What editors go by has nothing against any form here."""
    schemas = {name.removesuffix(".json"): schema for name, schema in write_schemas().items()}
    assert tuple(schemas) == DECLARATIONS
    faults = {}
    for name, schema in schemas.items():
        Draft7Validator.check_schema(schema)
        for home in (ROOT / "templates", ROOT / "rules", ROOT / "tests" / "forms"):
            for file in home.rglob(f"{name}.toml"):
                told = Draft7Validator(schema).iter_errors(tomllib.loads(file.read_text("utf-8")))
                faults[file] = [(list(one.absolute_path), one.message) for one in told]
    assert {file: told for file, told in faults.items() if told} == {}
    assert len(faults) > 20


def test_the_schemas_know_what_is_known() -> None:
    """A setting that is refused by name is none of the schema's, and each that the refusal lists is."""
    form = write_schemas()["form.json"]
    known = {name for name in form["definitions"]["question"]["properties"] if name not in {"cell", "closed"}}
    told = {item.name for item in fields(Field)} - {"matrix", "within", "sums", "typed"}
    assert known == told
    entry = write_schemas()["cells.json"]["properties"]["cells"]["additionalProperties"]["properties"]
    assert entry.keys() == {"type", "meta", "except", *ENTRY}


def test_an_editor_underlines_what_is_wrong(tmp_path: Path) -> None:
    """Taplo finds the schemas beside a new form: nothing against it, and a wrong word at its line."""
    start_form(tmp_path / "training", "en")
    assert lint(tmp_path / "training") == (0, "")
    file = tmp_path / "training" / "form.toml"
    file.write_text(file.read_text("utf-8").replace('kind = "yes_no"', 'kind = "yesno"'), "utf-8")
    code, told = lint(tmp_path / "training")
    assert code != 0
    assert '"yesno" is not one of' in told


def lint(folder: Path) -> tuple[int, str]:
    """Return the exit code of Taplo on the files of a form, and what it says is wrong."""
    files = [str(file.relative_to(folder)) for file in sorted(folder.rglob("*.toml"))]
    taplo = str(Path(sys.executable).with_name("taplo"))
    done = subprocess.run([taplo, "lint", *files], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, "\n".join(line for line in done.stderr.splitlines() if "error" in line)
