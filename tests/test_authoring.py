"""A form checked for its author: every mistake at once, rules against their examples, the workbook read back."""

import errno
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gwxl import Terms, authoring, make_template
from gwxl.authoring import check_form
from gwxl.errors import OutputError
from gwxl.files import drafts
from gwxl.files.resources import rules_folder
from gwxl.form.asked_period import example_period
from gwxl.template import count_pages, reading_back
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, refusal, run, say
from tests.support.submissions import FORMS, drill_form

FORM, CELLS, RELATIONS = "form.toml", "cells.toml", "relations.toml"
Edit = tuple[str, str, str]
"""A file, what stands in it, and what is put in its place."""


def copy_form(folder: Path, edits: Sequence[Edit] = (), name: str = "drill_record") -> Path:
    """Copy the second form with some places changed, and return its folder."""
    form = Path(shutil.copytree(FORMS / "drill_record", folder / "templates" / name))
    rules = Path(shutil.copytree(rules_folder(drill_form().folder), folder / "rules" / name))
    for file, old, new in edits:
        path = (form if file == FORM else rules) / file
        text = path.read_text("utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), "utf-8")
    return form


def find(form: Path) -> list[tuple[str, str]]:
    """Return file and key of each mistake."""
    return [(Path(one.file).name, one.key) for one in check_form(str(form)).mistakes]


def test_a_good_form_has_no_mistakes(tmp_path: Path) -> None:
    """Nothing is told of a form whose workbook is made and read back; the exit code is 0."""
    form = copy_form(tmp_path)
    assert find(form) == []
    assert "drill_record" in say("forms", "--check", form, cwd=tmp_path)
    told = document("forms", "--check", form, cwd=tmp_path)
    blank = told.pop("blank")
    assert told == {
        "schema": "gwxl.forms/1",
        "folder": str(form.resolve()),
        "form": "drill_record",
        "mistakes": [],
    }
    assert blank["pages"] == {"填报表": 1, "演练器材": 1, "填写说明": 1}
    assert 20_000 < blank["size"] < 60_000
    assert "打印 3 页：填报表 1、演练器材 1、填写说明 1" in say("forms", "--check", form, cwd=tmp_path, GWXL_LANG="zh")


@pytest.mark.parametrize("name", ["staff_list", "training_roster", "openness_report", "drill_record"])
def test_pages_are_those_a_printer_prints(soffice: LibreOffice, tmp_path: Path, name: str) -> None:
    """What is said of a form's pages is what LibreOffice makes of its workbook."""
    terms = Terms(str(FORMS / name))
    terms = Terms(str(FORMS / name), period=example_period(terms.forms[0].form))
    made = make_template(terms, tmp_path / "blank.xlsx")
    printed = soffice.render(made.path, tmp_path)
    assert sum(count_pages(made.path).values()) == len(printed)


def test_mistakes_are_told_with_their_lines(tmp_path: Path) -> None:
    """Each stands at the line of its key; a setting that is missing, at that of its table."""
    form = copy_form(tmp_path, AT_ONCE, name="drill")
    checked = check_form(str(form))
    assert len(checked.lines) == len(checked.mistakes) > 10
    for mistake, line in zip(checked.mistakes, checked.lines, strict=True):
        assert line is not None, mistake
        text = Path(mistake.file).read_text("utf-8").splitlines()
        parts = [part for part in re.split(r"[.\[\]]+", mistake.key) if part]
        assert any(part in text[line - 1] for part in parts), (mistake, text[line - 1])
    assert f"{form / FORM}:5: edition: " in say("forms", "--check", form, cwd=tmp_path, code=1)


AT_ONCE = [
    (FORM, 'edition = "2"', 'edition = "第2版"'),
    (FORM, 'title = "应急演练记录表"', 'title = "应急演练记录表"\ndeadline = "none"'),
    (FORM, 'label = "防汛演练"', 'label = "消防 演练"'),
    (FORM, 'label = "疏散人数"', 'label = "参加人数："'),
    (FORM, "请填写小时数", "请填写\\u0007小时数"),
    (FORM, "rows = 8", "rows = true"),
    (
        CELLS,
        'weight = { type = "decimal", min = 0, meta = {',
        'weight = { type = "decimal", min = 0, max = -1, largest = 1, meta = { max = "K04",',
    ),
    (CELLS, "bad = [{ duration_hours = 8.1 }]", "bad = [{ duration_hours = 7.9 }]"),
    (CELLS, 'regex = "D[0-9]{4}"', 'regex = "D[0-9"'),
    (RELATIONS, 'expr = "held_on >= planned_on"', 'expr = "held_at >= planned_on"'),
    (RELATIONS, "ok = { evacuated = 5, participants = 5 }", "ok = { evacuated = 7, participants = 5 }"),
]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Mistakes of every kind, in all three files, each once; what only follows from one is not told."""
    assert sorted(find(copy_form(tmp_path, AT_ONCE, name="drill"))) == sorted(
        [
            (FORM, "edition"),
            (FORM, "form.deadline"),
            (FORM, "drill_kind"),
            (FORM, "conduct.people"),
            (FORM, "duration_hours.instruction"),
            (FORM, "equipment.rows"),
            (FORM, "id"),
            (CELLS, "cells.equipment.schema.schema.weight.largest"),
            (CELLS, "cells.equipment.schema.schema.weight.min"),
            (CELLS, "cells.drill_code.regex"),
            (CELLS, "rules.K05.bad[0]"),
            (RELATIONS, "R02.expr"),
            (RELATIONS, "R01.ok[0]"),
        ]
    )


def test_mistakes_are_printed_with_file_key_and_reason(tmp_path: Path) -> None:
    """Each is one line, their number the last; the exit code is 1, in both kinds of output."""
    form = copy_form(tmp_path, [(RELATIONS, "bad = { evacuated = 6", "bad = { evacuated = 4")])
    file = (tmp_path / "rules" / "drill_record" / RELATIONS).resolve()
    reason = (
        "evacuated = 4, participants = 5 passes the rule it should break; "
        "correct the rule or the example, or exchange ok and bad"
    )
    lines = say("forms", "--check", form, cwd=tmp_path, code=1, GWXL_LANG="en").splitlines()
    assert lines == [f"{file}:12: R01.bad[0]: {reason}", "drill_record: 1 to correct"]
    told = document("forms", "--check", form, cwd=tmp_path, code=1)
    assert told["mistakes"] == [{"file": str(file), "line": 12, "key": "R01.bad[0]", "reason": reason}]


def test_the_limit_of_a_day_is_told_as_a_day(tmp_path: Path) -> None:
    """A day between quotation marks is a text: what belongs there is named once, the day among it."""
    form = copy_form(tmp_path, [(CELLS, "participants = { type", 'participants = { max = "2026-01-01", type')])
    told = {one.key: one.reason for one in check_form(str(form)).mistakes}
    expected = "must be a whole number or a number or a day without quotation marks, not '2026-01-01'"
    assert told["cells.participants.max"] == expected


@pytest.mark.parametrize("command", [("rules",), ("template", "-o", "x.xlsx", "--year", 2026)])
def test_contradicting_examples_are_refused(tmp_path: Path, command: tuple[object, ...]) -> None:
    """A rule whose ok and bad are exchanged gives neither a list nor a template."""
    ok, bad = 'ok = [{ drill_code = "D0001" }]', 'bad = [{ drill_code = "0001" }, { drill_code = "D00011" }'
    form = copy_form(tmp_path, [(CELLS, ok, "o" + ok), (CELLS, bad, "ok" + bad[3:]), (CELLS, "ook =", "bad =")])
    line = refusal(*command, "--form", form, cwd=tmp_path)
    assert "cells.toml: rules.K02.ok[0]: drill_code = '0001' breaks the rule" in line
    assert not (tmp_path / "x.xlsx").exists()


def test_a_rule_on_last_year_is_held_against_its_examples(tmp_path: Path) -> None:
    """An example says in ``prev`` what was last year; one that says nothing of it breaks no such rule."""
    changed = (RELATIONS, "evacuated <= participants", "evacuated <= prev.participants + participants")
    assert find(copy_form(tmp_path / "1", [changed])) == [(RELATIONS, "R01.bad[0]")]
    bad = "bad = { evacuated = 6, participants = 5"
    known = [changed, (RELATIONS, bad, f"{bad}, prev.participants = 0")]
    assert find(copy_form(tmp_path / "2", known)) == []
    passes = [changed, (RELATIONS, bad, f"{bad}, prev.participants = 1")]
    assert find(copy_form(tmp_path / "3", passes)) == [(RELATIONS, "R01.bad[0]")]
    stranger = [changed, (RELATIONS, bad, f"{bad}, prev.evacuated = 1")]
    assert find(copy_form(tmp_path / "4", stranger)) == [(RELATIONS, "R01.bad")]


@pytest.mark.parametrize("file", [FORM, CELLS, RELATIONS])
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, file: str) -> None:
    """The file is named, and the others are looked at as far as they can be."""
    form = copy_form(
        tmp_path, [(file, "title =", "title"), (RELATIONS, "evacuated <= participants", "evacuated <= nobody")]
    )
    expected = {FORM: [(FORM, "")], CELLS: [(RELATIONS, "R01.expr"), (CELLS, "")], RELATIONS: [(RELATIONS, "")]}
    assert find(form) == expected[file]


def test_a_form_without_rules_is_told(tmp_path: Path) -> None:
    """There are rules to every form; a folder without form.toml is no form."""
    form = copy_form(tmp_path)
    shutil.rmtree(tmp_path / "rules")
    (mistake,) = check_form(str(form)).mistakes
    assert (mistake.file, mistake.key) == (str(form.resolve()), "")
    assert "cells.toml" in mistake.reason
    assert run("forms", "--check", tmp_path, cwd=tmp_path).returncode == 2


def test_an_id_of_the_program_is_taken(tmp_path: Path) -> None:
    """A rule cannot bear the id of a finding of the reader or of the merge."""
    assert find(
        copy_form(tmp_path, [(RELATIONS, 'id = "R01"', 'id = "D04"'), (RELATIONS, 'id = "R02"', 'id = "L05"')])
    ) == [
        ("drill_record", "D04"),
        ("drill_record", "L05"),
    ]


def test_a_workbook_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """What only shows when the workbook is written is told as a mistake of the form, not as an end of the check."""
    form = copy_form(tmp_path)
    (form / "prompt.j2").write_text("{{ nothing }}", "utf-8")
    (mistake,) = check_form(str(form)).mistakes
    assert mistake.reason.startswith("makes no workbook: ")


def test_older_editions_are_checked_too(tmp_path: Path) -> None:
    """Their own mistakes and those of the renames are told together."""
    form = copy_form(tmp_path)
    text = (form / FORM).read_text("utf-8")
    (form / "editions").mkdir()
    older = text.replace('edition = "2"', 'edition = "1"').replace('kind = "url"', "").replace("rows = 8", "rows = 0")
    (form / "editions" / "1.toml").write_text(older, "utf-8")
    renamed = '\n[renamed.1]\nnobody = "participants"\nno_one = "evacuated"\n'
    (form / FORM).write_text(text.replace("\n[roles]", renamed + "\n[roles]", 1), "utf-8")
    assert find(form) == [("1.toml", "equipment"), (FORM, "renamed.1.nobody"), (FORM, "renamed.1.no_one")]


def test_a_workbook_too_large_to_read_back_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it would be refused when it comes back, the check says which limit it breaks and by which table."""
    monkeypatch.setattr(reading_back, "HALF", replace(reading_back.HALF, cells=200))
    (mistake,) = check_form(str(copy_form(tmp_path))).mistakes
    assert mistake.key == ""
    assert "a blank form may have 200 cells" in mistake.reason
    assert "equipment on sheet “演练器材”: 8 rows × 4 columns, 32 cells" in mistake.reason


def test_the_list_of_forms_is_a_document(tmp_path: Path) -> None:
    """Every form that comes along, with its editions; where none is named, the first of them is meant."""
    told = {one["id"]: one for one in document("forms", cwd=tmp_path)["forms"]}
    titles = {id_: (one["title"], one["fields"]) for id_, one in told.items()}
    assert titles == {
        "website_annual_report": ("政府网站工作年度报表", 55),
        "openness_annual_report": ("政府信息公开工作年度报告", 31),
    }
    rules = document("rules", cwd=tmp_path)["rules"]
    assert told["website_annual_report"]["rules"] == len(rules)
    assert rules[0]["fields"] == ["site_name"]


def _no_folder() -> str:
    raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/trial']")


def _no_room(path: Path, _data: bytes) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


@pytest.mark.parametrize(
    ("owner", "name", "stand_in", "why"),
    [
        (authoring, "gettempdir", _no_folder, "没有这个文件或文件夹"),
        (authoring, "gettempdir", lambda: "/trial", "没有这个文件或文件夹"),
        (Path, "write_bytes", _no_room, "磁盘已满"),
        (drafts, "_lock", lambda _: None, "已有同名的文件或文件夹"),
    ],
)
def test_where_no_workbook_can_be_tried_the_form_is_named(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, stand_in: object, why: str
) -> None:
    """A full disk is told with the form; the folder of the trial is nobody's."""
    monkeypatch.setattr(owner, name, stand_in)
    with pytest.raises(OutputError) as failed:
        check_form("website_annual_report")
    assert failed.value.line("zh") == (
        f"website_annual_report：未能试做空白表，临时文件夹不能写入（{why}）；请清理磁盘或核对权限后重试"
    )
    assert failed.value.line("en").startswith("website_annual_report: its blank workbook cannot be tried, ")
