"""Loading form.toml: texts are tidied, and every mistake is refused with file, key and reason."""

import shutil
from pathlib import Path

import pytest

from gwxl.errors import FormError
from gwxl.files.resources import form_folder
from gwxl.form.definition import Form
from gwxl.form.loading import load_form
from gwxl.records.path import Path as FormPath
from tests.support.submissions import FORMS

HEADER = '[[section]]\nkey = "plan"'


def load_changed(folder: Path, old: str, new: str) -> Form:
    """Load the second form with one place of its file changed."""
    form = Path(shutil.copytree(FORMS / "drill_record", folder / "drill_record"))
    text = (form / "form.toml").read_text("utf-8")
    assert old in text
    (form / "form.toml").write_text(text.replace(old, new, 1), "utf-8")
    return load_form(form)


def put_above(label: str) -> str:
    """Return a line above the form, then the first section."""
    return f'[[header]]\nkey = "unit"\nlabel = "{label}"\nkind = "text"\n\n{HEADER}'


MISTAKES = [
    ('title = "应急演练记录表"', "title = true", "form.title", "must be str"),
    ("rows = 8", "rows = true", "equipment.rows", "must be int"),
    ("rows = 8", "rows = 20000", "equipment.rows", "80,000 cells"),
    ('label = "演练编号"', 'label = "演练编号"\npublish = "no"', "drill_code.publish", "must be bool, not 'no'"),
    ('label = "演练编号"', 'label = "演练编号"\npublish = 0', "drill_code.publish", "must be bool, not 0"),
    (
        '{ key = "checked_on"',
        '{ publish = 1, key = "checked_on"',
        "equipment.checked_on.publish",
        "must be bool, not 1",
    ),
    ('{ key = "flood"', '{ publish = false, key = "flood"', "drill_kind.publish", "is no known setting here"),
    ("rows = 8", "rows = 8\nprefill = true", "equipment", "has no single cell, so a roster cannot say it (prefill)"),
    ('edition = "2"', 'edition = "第二版"', "edition", "must be ASCII"),
    ('language = "zh"', 'language = "fr"', "language", "none of zh, en"),
    ('label = "演练编号"', 'label = "＊＊"', "drill_code.label", "needs a letter or a digit"),
    ('label = "演练编号"', f'label = "{"长" * 256}"', "drill_code.label", "256 characters, 255 are possible"),
    ('label = "演练编号"', 'label = "演练\\u0000编号"', "drill_code.label", "holds U+0000"),
    ('label = "演练编号"', 'label = "演练_x000D_编号"', "drill_code.label", "holds _x000D_"),
    ("请填写字母 D 加", "请填写\\u001b字母 D 加", "drill_code.instruction", "holds U+001B"),
    ('label = "防汛演练"', 'label = "消防 演练"', "drill_kind", "'消防 演练' stands twice"),
    ('label = "防汛演练"', 'label = "消防演练　"', "drill_kind", "'消防演练' stands twice"),
    ('label = "保卫处"', 'label = "办公室。"', "departments", "'办公室。' stands twice"),
    ('label = "件数"', 'label = "器材名称"', "equipment", "'器材名称' stands twice"),
    ('key = "flood", label', 'key = "fire", label', "drill_kind", "'fire' stands twice"),
    ('label = "疏散人数"', 'label = "参加人数"', "conduct.people", "stands twice under one heading"),
    ('label = "实施日期"', 'label = "演练时长："', "conduct", "stands twice under one heading"),
    ('key = "checked_on"', 'key = "end"', "equipment.end", "gwxl_equipment__end"),
    ('key = "outside_name"', 'key = "departments__office"', "departments.office", "gwxl_departments__office"),
    ('key = "outside_name"', f'key = "{"k" * 101}"', "k" * 101, "100 at most"),
    ('key = "equipment"', 'key = "heads"', "heads", "every form has"),
    ('key = "plan"', 'key = "progress"', "progress", "every form has"),
    ('key = "outside_name"', 'key = "prev"', "prev", "last year"),
    ('label = "演练器材"', 'label = "演练/器材"', "equipment.sheet", "cannot be the title of a sheet"),
    ('label = "演练器材"', 'label = "History"', "equipment.sheet", "cannot be the title of a sheet"),
    ('label = "演练器材"', f'label = "{"😀" * 15}器材"', "equipment.sheet", "cannot be the title of a sheet"),
    ('label = "演练器材"', 'label = "GWXL_live"', "equipment.sheet", "hidden sheets"),
    ('label = "演练器材"', 'label = "填报表"', "sheet", "must differ"),
    ('code = "drill_code"', 'code = "unit"', "roles.code", "no field 'unit' there"),
    ('code = "drill_code"', 'by = "unit"', "roles.by", "no field 'unit' there"),
    ('[roles]\ncode = "drill_code"', 'roles = "drill_code"', "roles", "must be a table"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake[2][:30]}: {mistake[3]}")
def test_a_mistake_is_refused(tmp_path: Path, mistake: tuple[str, str, str, str]) -> None:
    """Each mistake names its file, its key and what is wrong with it."""
    old, new, key, reason = mistake
    with pytest.raises(FormError) as refusal:
        load_changed(tmp_path, old, new)
    assert Path(refusal.value.file).name == "form.toml"
    assert refusal.value.key == key
    assert reason in refusal.value.reason


def test_what_is_not_to_be_published(tmp_path: Path) -> None:
    """A field and a column say so each for itself; whatever says nothing is published."""
    form = load_changed(tmp_path, '{ key = "checked_on"', '{ publish = false, key = "checked_on"')
    columns = form.fields["equipment"].columns
    assert [column.key for column in columns if not column.publish] == ["checked_on"]
    assert all(field.publish for field in form.fields.values())


def test_what_a_roster_says(tmp_path: Path) -> None:
    """A field is prefilled where it says so; code and name always are, and are not among these."""
    form = load_changed(tmp_path, 'label = "演练编号"', 'label = "演练编号"\nprefill = true')
    assert form.prefilled == ()
    keys = [field.key for field in load_form(form_folder("website_annual_report")).prefilled]
    assert keys == ["site_url", "site_sponsor", "site_type", "site_icp_number", "site_psb_number"]


def test_lines_are_kept_and_tabs_are_not(tmp_path: Path) -> None:
    """An instruction keeps its lines, whatever ended them; tabs and blanks around them are gone."""
    form = load_changed(tmp_path, "请选一项。", "\\t请选\\t一项：\\r\\n  甲\\u2028乙\\u000b丙\\r\\n")
    assert form.fields["drill_kind"].instruction == "请选 一项：\n甲\n乙\n丙"


def test_a_label_is_one_line(tmp_path: Path) -> None:
    """A label that was pasted on two lines is one; blanks inside a line stay as they are."""
    form = load_changed(tmp_path, 'label = "演练编号"', 'label = " 演练\\r\\n\\t编　号 "')
    assert form.fields["drill_code"].label == "演练 编　号"


@pytest.mark.parametrize("label", ["Local government", "a,b", 'say "yes"', "2024", "é's; {x}", "<5 万", "是"])
def test_choices_of_any_text_load(tmp_path: Path, label: str) -> None:
    """Blanks, commas, quotation marks and digits make a choice like any other."""
    form = load_changed(tmp_path, 'label = "防汛演练"', f"label = '''{label}'''")
    assert form.fields["drill_kind"].choice("flood").label == label


def test_choices_that_differ_by_a_mark_load(tmp_path: Path) -> None:
    """An answer of one is compared with every mark in it, so that A and A+ are two answers."""
    form = load_changed(tmp_path, 'label = "防汛演练"', 'label = "消防演练-"')
    assert [choice.label for choice in form.fields["drill_kind"].choices[:2]] == ["消防演练", "消防演练-"]


def test_many_choices_load(tmp_path: Path) -> None:
    """There may be as many as a list has, whatever their length together."""
    more = "".join(f'{{ key = "s{n}", label = "示例市第{n}街道办事处" }}, ' for n in range(300))
    form = load_changed(tmp_path, '{ key = "flood"', f'{more}{{ key = "flood"')
    assert len(form.fields["drill_kind"].choices) == 303


@pytest.mark.parametrize("role", ["code", "name", "url"])
def test_a_line_around_the_form_may_name_the_sender(tmp_path: Path, role: str) -> None:
    """Code, name and address may stand above the form."""
    folder = tmp_path / "drill_record"
    shutil.copytree(FORMS / "drill_record", folder)
    text = (folder / "form.toml").read_text("utf-8")
    text = text.replace('code = "drill_code"', f'{role} = "unit"').replace(HEADER, put_above("填报单位"), 1)
    (folder / "form.toml").write_text(text, "utf-8")
    assert getattr(load_form(folder).roles, role) == "unit"


def test_one_label_under_two_headings_is_fine(tmp_path: Path) -> None:
    """A label need not differ from those in another section."""
    form = load_changed(tmp_path, 'label = "实施日期"', 'label = "计划日期"')
    assert form.label(FormPath("held_on")) == "演练实施·计划日期"
