"""Loading rule files: every mistake in them is refused with file, key and reason; limits are given to the template."""

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gwxl.errors import RuleError
from gwxl.files.resources import form_ids, rules_folder
from gwxl.records.path import Path as FormPath
from gwxl.rules.available_forms import load_all
from gwxl.rules.bounds import is_closed
from gwxl.rules.rule import Limits
from gwxl.rules.ruleset import RuleSet, load_rules
from tests.support.submissions import drill_form, drill_rules, report_form, report_rules

CELLS = "cells.toml"
RELATIONS = "relations.toml"


def load_changed(folder: Path, file: str, old: str, new: str) -> RuleSet:
    """Load the second form's rules with one place of one file changed."""
    copy = Path(shutil.copytree(rules_folder(drill_form().folder), folder / "rules"))
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), "utf-8")
    return load_rules(copy, drill_form())


MISTAKES = [
    # the two files as such
    (CELLS, "[rules.K01]", "[rules.K01", "", "no valid TOML"),
    (CELLS, "[cells]", "[cels]", "file.cels", "no known setting"),
    (RELATIONS, "[[relation]]", "[[relations]]", "file.relations", "no known setting"),
    (RELATIONS, '[[relation]]\nid = "R01"', '[relation]\nid = "R01"', "", "no valid TOML"),
    # keys that must match both ways
    (CELLS, "\nparticipants = {", "\nparticipant = {", "cells.participant", "no such field"),
    (CELLS, "outside_name = {", "# outside_name = {", "cells.outside_name", "is missing"),
    (CELLS, "checked_on = {", "checked = {", "cells.equipment.schema.schema.checked", "no such field"),
    (
        CELLS,
        'weight = { type = "decimal"',
        '# weight = { type = "decimal"',
        "cells.equipment.schema.schema.weight",
        "is missing",
    ),
    # the rules and settings of a cell, their types
    (CELLS, 'held_on = { type = "date"', 'held_on = { type = "text"', "cells.held_on.type", "declares date"),
    (
        CELLS,
        'held_on = { type = "date"',
        'held_on = { type = "date", minimum = 1',
        "cells.held_on.minimum",
        "no known setting",
    ),
    (
        CELLS,
        'held_on = { type = "date"',
        'held_on = { type = "date", dependencies = ["x"]',
        "cells.held_on.dependencies",
        "no known setting",
    ),
    (
        CELLS,
        'held_on = { type = "date"',
        'held_on = { type = "date", required = 1',
        "cells.held_on.required",
        "must be true or false",
    ),
    (CELLS, 'held_on = { type = "date"', 'held_on = { type = "date", min = 0', "cells.held_on.min", "cannot bound"),
    (
        CELLS,
        'held_on = { type = "date"',
        'held_on = { type = "date", max = 2026-01-31T10:00:00',
        "cells.held_on.max",
        "2026-01-31 10:00:00 is no day from 1901 on; write it without a time",
    ),
    (
        CELLS,
        'held_on = { type = "date"',
        'held_on = { type = "date", min = 1900-12-31',
        "cells.held_on.min",
        "1900-12-31 is no day from 1901 on",
    ),
    (
        CELLS,
        'held_on = { type = "date", meta = { type = "K03" }',
        'held_on = { type = "date"',
        "cells.held_on.meta",
        "is missing",
    ),
    (
        CELLS,
        'held_on = { type = "date", meta = { type = "K03" }',
        'held_on = { type = "date", meta = { type = "K99" }',
        "cells.held_on.meta.type",
        "no rule of this file",
    ),
    (
        CELLS,
        'held_on = { type = "date", meta = { type = "K03" }',
        'held_on = { type = "date", meta = { type = "K03", min = "K04" }',
        "cells.held_on.meta.min",
        "there is no min here",
    ),
    (
        CELLS,
        'held_on = { type = "date", meta = { type = "K03" }',
        'held_on = { type = "date", meta = { type = "K03", words = "K04" }',
        "rules.K04.words",
        "is missing",
    ),
    (CELLS, 'required = "K01", regex = "K02"', 'required = "K01"', "cells.drill_code.meta.regex", "is missing"),
    (CELLS, 'regex = "D[0-9]{4}"', 'regex = "D[0-9"', "cells.drill_code.regex", "no regular expression"),
    (
        CELLS,
        'drill_kind = { type = "choice"',
        'drill_kind = { type = "choice", allowed = ["fire"]',
        "cells.drill_kind.allowed",
        "stands in the form",
    ),
    (CELLS, 'type = "dict"', 'type = "list"', "cells.equipment.schema", "must hold type"),
    (
        CELLS,
        'type = "text", maxlength = 20',
        'type = "text", schema = {}, maxlength = 20',
        "cells.outside_name.schema",
        "tables only",
    ),
    # the checks of a cell
    (CELLS, '{ id = "K05", max = 8 }', '{ id = "K05" }', "cells.duration_hours.checks[0]", "checks nothing"),
    (
        CELLS,
        '{ id = "K05", max = 8 }',
        '{ id = "K05", maximum = 8 }',
        "cells.duration_hours.checks[0].maximum",
        "no known setting",
    ),
    (CELLS, '{ id = "K05", max = 8 }', "{ max = 8 }", "cells.duration_hours.checks[0].id", "is missing"),
    (
        CELLS,
        '{ id = "K05", max = 8 }',
        '{ id = "K05", pattern = "8" }',
        "cells.duration_hours.checks[0].pattern",
        "cannot limit",
    ),
    (
        CELLS,
        '{ id = "K05", max = 8 }',
        '{ id = "K05", max = 8, unless = "K02" }',  # which is one of another field
        "cells.duration_hours.checks[0].unless",
        "no check before",
    ),
    (
        CELLS,
        '{ id = "K05", max = 8 }',
        '{ id = "K05", max = 8, propose = "{other}" }',
        "cells.duration_hours.checks[0].propose",
        "can only name",
    ),
    # what a rule says about itself
    (CELLS, 'severity = "error"', 'severity = "grave"', "rules.K01.severity", "none of error, verify, hint"),
    (CELLS, 'title = "必填项未填"', 'title = ""', "rules.K01.title", "is missing"),
    (CELLS, 'basis = "填表要求"\n', "", "rules.K01.basis", "is missing"),
    (CELLS, 'message = "{field}。请填写。"\n', "", "rules.K01.message", "is missing"),
    (CELLS, 'message = "{field}。请填写。"', 'message = "{reason}。请填写。"', "rules.K01.message", "names {reason}"),
    (
        CELLS,
        'message = "{field}。请填写。"',
        'message = "{participants}。请填写。"',
        "rules.K01.message",
        "names {participants}",
    ),
    (CELLS, "bad = [{}]\n", "", "rules.K01.bad", "is missing"),
    (
        CELLS,
        'ok = [{ drill_code = "D0001" }]',
        "ok = [{ participants = 1 }]",
        "rules.K02.ok",
        "'participants' is no field of this rule",
    ),
    (CELLS, 'ok = [{ drill_code = "D0001" }]', 'ok = ["D0001"]', "rules.K02.ok", "must be a table"),
    (
        CELLS,
        "[cells]\n",
        '[rules.K08]\ntitle = "t"\nseverity = "hint"\nbasis = "b"\nmessage = "m"\nok = [{}]\nbad = [{}]\n[cells]\n',
        "rules.K08",
        "no cell relies on it",
    ),
    (
        CELLS,
        "[cells]\n",
        '[blanks]\nwords = ["无"]\nfields = ["nobody"]\n[cells]\n',
        "blanks.fields",
        "'nobody' is no field",
    ),
    (
        CELLS,
        "[cells]\n",
        '[blanks]\nwords = [0]\nfields = ["participants"]\n[cells]\n',
        "blanks.words",
        "list of texts",
    ),
    # what no workbook could hold, or nothing could pass
    (CELLS, "min = 0, meta", "min = 0, max = -1, meta", "cells.participants.min", "0 is more than max = -1"),
    (CELLS, "max = 8 }", "max = 8, min = 9 }", "cells.duration_hours.checks[0].min", "9 is more than max = 8"),
    (CELLS, "maxlength = 20", "minlength = 21, maxlength = 20", "cells.outside_name.minlength", "21 is more than"),
    (CELLS, "maxlength = 20", "maxlength = 40000", "cells.outside_name.maxlength", "a cell takes 0 to 32767"),
    (CELLS, "maxlength = 20", "maxlength = -1", "cells.outside_name.maxlength", "a cell takes 0 to 32767"),
    (CELLS, "max = 8 }", "max = nan }", "cells.duration_hours.checks[0].max", "NaN is no number"),
    (CELLS, "max = 8 }", "max = 1000000000000000 }", "cells.duration_hours.checks[0].max", "15 digits"),
    (CELLS, "maxlength = 20", "allowed = [1]", "cells.outside_name.allowed", "values of kind text"),
    (CELLS, "maxlength = 20", "allowed = []", "cells.outside_name.allowed", "values of kind text"),
    (CELLS, "maxlength = 20", f'allowed = ["{"x" * 256}"]', "cells.outside_name.allowed", "has 256 characters"),
    (
        CELLS,
        'held_on = { type = "date", meta = { type = "K03" }',
        'held_on = { type = "date", meta = { type = 3 }',
        "cells.held_on.meta.type",
        "must be the id of a rule",
    ),
    (
        CELLS,
        'regex = "D[0-9]{4}"',
        'regex = "D[0-9]{4}", excel = "LEN({value}=5"',
        "cells.drill_code.excel",
        "a bracket or a quotation mark",
    ),
    (CELLS, 'title = "必填项未填"', f'title = "{"长" * 201}"', "rules.K01.title", "has 201 characters"),
    (CELLS, 'title = "必填项未填"', 'title = "必填\\u0007"', "rules.K01.title", "holds U+0007"),
    (
        CELLS,
        'expected = "字母 D 加 4 位数字"',
        f'expected = "{"长" * 181}"',
        "cells.drill_code",
        "has 181 characters in all, 180 are possible",
    ),
    (
        RELATIONS,
        "ok = { evacuated = 5",
        "ok = { _expected = { month = 5 }, evacuated = 5",
        "R01.ok",
        "no field of this rule",
    ),
    # relations
    (RELATIONS, 'id = "R02"', 'id = "R01"', "R01", "stands twice"),
    (RELATIONS, 'id = "R02"', 'id = "K01"', "K01", "id of a cell rule too"),
    (RELATIONS, 'id = "R02"\n', "", "relation[2].id", "is missing"),
    (RELATIONS, "evacuated <= participants", "evacuated <= nobody", "R01.expr", "names nobody"),
    (RELATIONS, "evacuated <= participants", "evacuated =< participants", "R01.expr", "is no expression"),
    (
        RELATIONS,
        "evacuated <= participants",
        "prev.evacuated <= prev.participants",
        "R01.expr",
        "no field of this year",
    ),
    (RELATIONS, "evacuated <= participants", "evacuated <= length(prev.equipment)", "R01.expr", "of a table, nothing"),
    (RELATIONS, "evacuated <= participants", "evacuated <= prev.nobody", "R01.expr", "names prev.nobody"),
    (RELATIONS, 'id = "R02"', 'id = "R02"\nreplaces = "R09"', "R02", "replaces R09, which is no other relation"),
    (RELATIONS, 'id = "R02"', 'id = "R02"\nreplaces = "R02"', "R02", "replaces R02, which is no other relation"),
    (RELATIONS, 'when = "drill_kind.fire"', 'when = "drill_kind.storm"', "R03.when", "names drill_kind.storm"),
    (RELATIONS, 'when = "drill_kind.fire"', 'guard = "drill_kind.fire"', "R03.guard", "no known setting"),
    (RELATIONS, "多出 {diff} 人", "多出 {count} 人", "R01.message", "names {count}"),
    (RELATIONS, "{equipment}，而 {drill_kind}", "{left}，而 {drill_kind}", "R03.message", "names {left}"),
    (RELATIONS, "人均 {left} 小时", "{filled}", "R06.message", "names {filled}"),
    (RELATIONS, "{duration_hours}，而 {held_on}", "{left}，而 {held_on}", "R07.message", "names {left}"),
    (RELATIONS, 'missing = "fail"', 'missing = "pass"', "R07.missing", "the only setting"),
    (RELATIONS, "trial = true", 'trial = "yes"', "R07.trial", "must be true or false"),
    (RELATIONS, 'until = "1"', 'until = "first"', "R08.until", "no edition"),
    (RELATIONS, "ok = { evacuated = 5", "ok = { held_on = 5", "R01.ok", "'held_on' is no field of this rule"),
    (
        RELATIONS,
        'expr = "evacuated <= participants"',
        'function = "no_such"',
        "R01.function",
        "'no_such' is no function",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake[3]}: {mistake[4]}")
def test_a_mistake_is_refused(tmp_path: Path, mistake: tuple[str, str, str, str, str]) -> None:
    """Each mistake names its file, its key and what is wrong with it, before any workbook is touched."""
    file, old, new, key, reason = mistake
    with pytest.raises(RuleError) as refusal:
        load_changed(tmp_path, file, old, new)
    assert Path(refusal.value.file).name == file
    assert refusal.value.key == key
    assert reason in refusal.value.reason


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """Rules lead nowhere else."""
    link = tmp_path / "rules"
    link.symlink_to(rules_folder(drill_form().folder), target_is_directory=True)
    with pytest.raises(RuleError, match="link") as refusal:
        load_rules(link, drill_form())
    assert refusal.value.file == str(link)


@pytest.mark.parametrize("file", [CELLS, RELATIONS])
def test_a_missing_file_is_refused(tmp_path: Path, file: str) -> None:
    """Both files must be there."""
    copy = Path(shutil.copytree(rules_folder(drill_form().folder), tmp_path / "rules"))
    (copy / file).unlink()
    with pytest.raises(RuleError, match="cannot be read"):
        load_rules(copy, drill_form())


TOO_LARGE_A_SHARE = """
function = "share_of"
settings = { kind = "count", multiple_of = 0, skip_zero = false, share = 2, at_least = 1 }
"""

FUNCTION = """
[[relation]]
id = "R09"
title = "试"
severity = "hint"
basis = "试"
message = "试"
ok = [{}]
bad = [{}]
"""


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (
            'function = "share_of"\nsettings = { kind = "count" }',
            "share_of needs multiple_of, skip_zero, share, at_least",
        ),
        ('function = "share_of"\nsettings = { sort = "count" }', "'sort' is no setting of it"),
        ('function = "share_of"\nsettings = { kind = 1 }', "kind must be str"),
        (
            TOO_LARGE_A_SHARE,
            "share between 0 and 1",
        ),
        ('function = "identity_matches"\nsettings = { part = "month" }', "neither year nor edition"),
        ('function = "prefixes_agree"\nsettings = { patterns = { nobody = "x" }, meanings = {} }', "names nobody"),
        (
            'function = "prefixes_agree"\nsettings = { patterns = { participants = "x" }, meanings = {} }',
            "participants is no text",
        ),
        ('function = "prefixes_agree"\nsettings = { patterns = { drill_code = "x" }, meanings = {} }', "no group"),
        (
            'function = "prefixes_agree"\nsettings = { patterns = { drill_code = "(" }, meanings = {} }',
            "no regular expression",
        ),
        (
            'function = "prefixes_agree"\nsettings = { patterns = { drill_code = 1 }, meanings = {} }',
            "patterns must be dict",
        ),
    ],
)
def test_a_mistake_in_a_function_is_refused(tmp_path: Path, settings: str, reason: str) -> None:
    """A function's settings are checked like everything else."""
    with pytest.raises(RuleError) as refusal:
        load_changed(tmp_path, RELATIONS, "# What", FUNCTION + settings + "\n# What")
    assert refusal.value.key == "R09.function"
    assert reason in refusal.value.reason


def test_a_long_list_of_codes_loads(tmp_path: Path) -> None:
    """As many texts may be allowed as there are; commas and quotation marks are letters like others."""
    codes = [f"A{number:05}" for number in range(1500)] + ["a,b", 'a"b', "a b", "2024"]
    old = 'maxlength = 20, meta = { type = "K03", maxlength = "K07" }'
    new = f"""allowed = [{", ".join(f"'{code}'" for code in codes)}], meta = {{ type = "K03", allowed = "K07" }}"""
    rules = load_changed(tmp_path, CELLS, old, new)
    assert rules.cells.schema["outside_name"]["allowed"] == codes


def test_what_an_input_may_hold_is_asked_by_its_path() -> None:
    """The row of a table makes no difference; a choice of many has the rules of its field, an unknown path has none."""
    cells = drill_rules().cells
    assert cells.at(FormPath("outside_name")).limits == {"maxlength": 20}
    assert cells.at(FormPath("outside_name")).ids == {"type": "K03", "maxlength": "K07"}
    weight = FormPath("equipment", "weight")
    assert cells.at(weight.in_row(7)) is cells.at(weight) is cells.inputs["equipment.weight"]
    assert cells.at(FormPath("outside_name", "some_choice")) is cells.inputs["outside_name"]
    assert cells.at(FormPath("unknown")).ids == cells.at(FormPath("unknown")).limits == {}


def test_texts_are_one_line(tmp_path: Path) -> None:
    """What a rule says stands in one cell: tabs and line ends that were pasted along are blanks."""
    rules = load_changed(tmp_path, CELLS, 'expected = "已填写"', 'expected = " 已\\t填\\r\\n写"')
    assert rules.rule("K01").expected == "已 填 写"


def test_editions_bound_a_relation(tmp_path: Path) -> None:
    """A relation holds from ``since`` to ``until``, both included."""
    rules = load_changed(tmp_path, RELATIONS, 'until = "1"', 'since = "2"\nuntil = "2.1"')
    assert "R08" in {rule.id for rule in rules.rules}


def test_last_year_is_silent_without_one(tmp_path: Path) -> None:
    """A relation that names last year's value loads and says nothing while no last year is known."""
    rules = load_changed(
        tmp_path, RELATIONS, "evacuated <= participants", "evacuated <= prev.participants + participants"
    )
    assert rules.rule("R01").fields == ("evacuated", "participants")


def test_a_form_may_have_no_relations(tmp_path: Path) -> None:
    """A relations file without any relation is fine."""
    copy = Path(shutil.copytree(rules_folder(drill_form().folder), tmp_path / "rules"))
    (copy / RELATIONS).write_text("", "utf-8")
    assert {rule.kind for rule in load_rules(copy, drill_form()).rules} == {"cell"}


def test_limits_of_inputs() -> None:
    """What a cell may hold is what the rule file says, with one sentence for a refused entry."""
    assert report_rules().limits(FormPath("release_total")) == Limits(
        required=True,
        minimum=Decimal(0),
        expected="0 或正整数，不带单位",
        message="此处应填：0 或正整数，不带单位。请更正后再填。",
    )
    assert report_rules().limits(FormPath("weibo_posts")).required is False
    assert report_rules().limits(FormPath("site_code")).pattern == "[0-9]{10}|bm[0-9]{8}"
    assert report_rules().limits(FormPath("site_code")).required is True
    assert report_rules().limits(FormPath("innovation_other")).max_length == 200
    assert report_rules().limits(FormPath("messages_average_days")).minimum == Decimal(0)


LIMITS = 'minlength = 2, maxlength = 20, regex = "[a-c]+", allowed = ["ab", "abc"], forbidden = ["cc"]'
BEHIND = ", ".join(f'{name} = "K07"' for name in ("minlength", "maxlength", "regex", "allowed", "forbidden"))
CHECK = '{ id = "K05", pattern = "a.*", avoid = "b$", min_length = 3, max_length = 9, propose = "x" }'


def test_each_limit_of_a_cell_is_handed_on(tmp_path: Path) -> None:
    """What a cell is limited by stands in what its input may hold, and so does what each check limits."""
    old = 'type = "text", maxlength = 20, meta = { type = "K03", maxlength = "K07" }'
    new = f'type = "text", {LIMITS}, meta = {{ type = "K03", {BEHIND} }}, checks = [{CHECK}]'
    cell = load_changed(tmp_path / "text", CELLS, old, new).cells.at(FormPath("outside_name"))
    assert cell.limits == {
        "minlength": 2,
        "maxlength": 20,
        "regex": "[a-c]+",
        "allowed": ["ab", "abc"],
        "forbidden": ["cc"],
    }
    (check,) = cell.checks
    assert check.limits == {"pattern": "a.*", "avoid": "b$", "min_length": 3, "max_length": 9}
    assert (check.id, check.propose) == ("K05", "x")
    old, new = (
        'meta = { type = "K03", min = "K04" }, checks = [{ id',
        'max = 9, meta = { type = "K03", min = "K04", max = "K04" }, checks = [{ min = 1, id',
    )
    cell = load_changed(tmp_path / "number", CELLS, old, new).cells.at(FormPath("duration_hours"))
    assert (cell.limits, cell.checks[0].limits) == ({"min": 0, "max": 9}, {"min": 1, "max": 8})


def test_a_rule_that_is_no_table_is_told_once(tmp_path: Path) -> None:
    """A cell that relies on it, and on its words, is no second mistake."""
    copy = Path(shutil.copytree(rules_folder(drill_form().folder), tmp_path / "rules"))
    text = (copy / CELLS).read_text("utf-8").replace("[rules.K01]", "[rules]\nK99 = 3\n[rules.K01]", 1)
    old = 'held_on = { type = "date", meta = { type = "K03"'
    assert old in text
    (copy / CELLS).write_text(text.replace(old, f'{old}, words = "K99"'), "utf-8")
    mistakes: list[RuleError] = []
    load_rules(copy, drill_form(), mistakes.append)  # type: ignore[arg-type]
    assert [(one.key, one.reason) for one in mistakes] == [("rules.K99", "must be a table")]


def test_what_belongs_to_tables_only_is_left_out(tmp_path: Path) -> None:
    """A mistake that is told costs the cell nothing else of what it says."""
    copy = Path(shutil.copytree(rules_folder(drill_form().folder), tmp_path / "rules"))
    text = (copy / CELLS).read_text("utf-8")
    (copy / CELLS).write_text(text.replace("maxlength = 20,", 'maxlength = 20, schema = { type = "dict" },'), "utf-8")
    mistakes: list[RuleError] = []
    rules = load_rules(copy, drill_form(), mistakes.append)  # type: ignore[arg-type]
    assert [(one.key, one.reason) for one in mistakes] == [("cells.outside_name.schema", "belongs to tables only")]
    assert rules.cells.schema["outside_name"] == drill_rules().cells.schema["outside_name"]


def test_both_bounds_of_numbers_and_days_are_limits(tmp_path: Path) -> None:
    """A number has its least and most, a day its earliest and latest; what no rule bounds has none."""
    rules = load_changed(tmp_path / "number", CELLS, "min = 0, meta = {", 'min = 1, max = 500, meta = { max = "K04",')
    limits = rules.limits(FormPath("participants"))
    assert (limits.minimum, limits.maximum, limits.earliest, limits.latest) == (Decimal(1), Decimal(500), None, None)
    days = 'held_on = { type = "date", min = 1901-01-01, max = 2026-12-31, meta = { min = "K04", max = "K04",'
    rules = load_changed(tmp_path / "day", CELLS, 'held_on = { type = "date", meta = {', days)
    limits = rules.limits(FormPath("held_on"))
    assert (limits.minimum, limits.maximum) == (None, None)
    assert (limits.earliest, limits.latest) == (date(1901, 1, 1), date(2026, 12, 31))


def test_limits_of_table_cells_choices_and_the_surround() -> None:
    """Any row of a table has the limits of its column; a tick and a field around the form have none."""
    first, far = (report_rules().limits(FormPath.parse(f"other_media[{row}].posts")) for row in (1, 999))
    assert first == far
    assert (first.minimum, first.required) == (Decimal(0), False)
    assert report_rules().limits(FormPath.parse("innovations.other")) == Limits()
    assert report_rules().limits(FormPath("report_date")) == Limits()
    assert drill_rules().limits(FormPath.parse("equipment[2].weight")).minimum == Decimal(0)


def test_every_input_has_limits_and_texts_fit_a_validation() -> None:
    """Every input can be asked for its limits; the texts fit into Excel's 255 characters."""
    for form, rules in ((report_form(), report_rules()), (drill_form(), drill_rules())):
        paths = [*form.fields, *form.surround, *(path for field in form.fields.values() for path in field.paths)]
        paths += [f"{key}[1].{column.key}" for key, field in form.fields.items() for column in field.columns]
        limits = {path: rules.limits(FormPath.parse(path)) for path in paths}
        assert max(len(one.message) for one in limits.values()) <= 255
        assert sum(one.required for one in limits.values()) == (45 if form is report_form() else 5)


@pytest.mark.parametrize("path", ["nobody", "innovations.stranger", "site_name.x", "other_media[1].stranger"])
def test_limits_of_an_unknown_path(path: str) -> None:
    """A path the form does not have is a mistake of ours."""
    with pytest.raises(KeyError):
        report_rules().limits(FormPath.parse(path))


def test_a_long_item_is_named_by_its_beginning(tmp_path: Path) -> None:
    """An item of a list that is too long for a formula is quoted with its first twenty characters."""
    long = "abcdefghijklmnopqrstuvwxyz" * 10
    new = f"""allowed = ['{long}'], meta = {{ type = "K03", allowed = "K07" }}"""
    with pytest.raises(RuleError, match=r"'abcdefghijklmnopqrst'… has 260 characters, 255 are possible"):
        load_changed(tmp_path, CELLS, 'maxlength = 20, meta = { type = "K03", maxlength = "K07" }', new)


def test_the_forms_a_workbook_may_be_of() -> None:
    """A form that is named is the only one; else it may be any that comes with gwxl."""
    assert [rules.form.folder for rules in load_all(str(drill_form().folder))] == [drill_form().folder]
    assert [rules.form.id for rules in load_all(None)] == list(form_ids())
    assert "website_annual_report" in form_ids()


WHOLE = 'participants = { type = "count", required = true, min = 0'
NAME = "maxlength = 20"
HOURS = 'checks = [{ id = "K05", max = 8 }]'


@pytest.mark.parametrize(
    ("old", "fits", "too_much", "reason"),
    [
        (WHOLE, f"{WHOLE[:-1]}-999999999999999", f"{WHOLE[:-1]}-1000000000000000", "is no number a cell can hold"),
        (WHOLE, f"{WHOLE[:-1]}999999999999999", f"{WHOLE[:-1]}1000000000000000", "is no number a cell can hold"),
        (NAME, "maxlength = 32767", "maxlength = 32768", "32768 is no number of characters: a cell takes 0 to 32767"),
        (NAME, "maxlength = 0", "maxlength = -1", "-1 is no number of characters"),
        (NAME, 'checks = [{ id = "K07", min_length = 3, max_length = 3 }], maxlength = 20',
         'checks = [{ id = "K07", min_length = 4, max_length = 3 }], maxlength = 20', "4 is more than max_length = 3"),
        (HOURS, 'checks = [{ id = "K05", min = 8, max = 8 }]', 'checks = [{ id = "K05", min = 9, max = 8 }]',
         "9 is more than max = 8"),
    ],
)  # fmt: skip
def test_the_last_limit_that_is_possible(tmp_path: Path, old: str, fits: str, too_much: str, reason: str) -> None:
    """A limit that a cell can just hold, or that lets one value pass, is taken; one more is refused and said."""
    assert load_changed(tmp_path / "fits", CELLS, old, fits).rules
    with pytest.raises(RuleError, match=reason):
        load_changed(tmp_path / "more", CELLS, old, too_much)


@pytest.mark.parametrize(("setting", "most"), [("title", 200), ("basis", 1000), ("message", 1000), ("expected", 200)])
def test_the_longest_text_of_a_rule(tmp_path: Path, setting: str, most: int) -> None:
    """A text of exactly as many characters as the workbook shows is taken; one more is quoted and refused."""
    start = "[rules.K01]\n"
    text = (rules_folder(drill_form().folder) / CELLS).read_text("utf-8")
    table = text[text.index(start) :].split("\n\n")[0]
    (line,) = [line for line in table.splitlines() if line.startswith(f"{setting} = ")] or [""]
    for length, taken in ((most, True), (most + 1, False)):
        new = f'{setting} = "{"x" * length}"'
        changed = table.replace(line, new) if line else table.replace(start, f"{start}{new}\n")
        if taken:
            assert load_changed(tmp_path / str(length), CELLS, table, changed).rule("K01").id == "K01"
        else:
            with pytest.raises(
                RuleError, match=f"has {most + 1} characters, {most} are possible; shorten '{'x' * 20}'…"
            ):
                load_changed(tmp_path / str(length), CELLS, table, changed)


@pytest.mark.parametrize(
    ("formula", "closed"),
    [
        ("LEN({value})=3", True),
        ("(({value}))", True),
        ('{value}="("', True),
        ('{value}="a""("', True),
        ("LEN({value}", False),
        ("LEN{value})", False),
        (")({value}", False),
        ('{value}="a', False),
        ('{value}="', False),
    ],
)
def test_brackets_of_a_formula(formula: str, closed: bool) -> None:  # noqa: FBT001 - an expectation
    """Every bracket and quotation mark has its other half, in order; what stands in quotation marks is a text."""
    assert is_closed(formula) is closed


@pytest.mark.parametrize(("length", "taken"), [(180, True), (181, False)])
def test_the_longest_prompt(tmp_path: Path, length: int, taken: bool) -> None:  # noqa: FBT001 - an expectation
    """What the rules of an input expect fits beside it up to 180 characters in all; one more is refused and counted."""
    new = f'expected = "{"x" * length}"'
    if taken:
        rules = load_changed(tmp_path, CELLS, 'expected = "不超过 20 字"', new)
        assert len(rules.limits(FormPath("outside_name")).expected) == length
    else:
        with pytest.raises(RuleError, match=r"cells\.outside_name: .* has 181 characters in all, 180 are possible"):
            load_changed(tmp_path, CELLS, 'expected = "不超过 20 字"', new)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("", "clerk_only.pattern"),
        (', excel = "LEN({value})=5"', ""),
        (', entry = "LEN({value})=5"', "clerk_only.pattern"),
    ],
)
def test_a_pattern_is_asked_by_the_sheet_where_a_formula_says_it(tmp_path: Path, new: str, reason: str) -> None:
    """Without one the clerk's program alone judges it, and the list of rules says why."""
    rules = load_changed(tmp_path, CELLS, 'regex = "D[0-9]{4}"', f'regex = "D[0-9]{{4}}"{new}')
    assert rules.rule("K02").clerk_only == (drill_form().say(reason) if reason else "")
    assert [rules.rule(id_).clerk_only for id_ in ("K01", "R01", "R03")] == ["", "", ""]


def test_an_id_is_used_once(tmp_path: Path) -> None:
    """A relation that bears the id of a cell rule is refused by name."""
    with pytest.raises(RuleError, match="K01: is the id of a cell rule too"):
        load_changed(tmp_path, RELATIONS, 'id = "R01"', 'id = "K01"')


def test_limits_say_what_is_expected_once() -> None:
    """Severity, words and repetitions count: what only a verify asks for is not required, and nothing is said twice."""
    assert drill_rules().limits(FormPath("outside_name")).max_length == 20
    assert drill_rules().limits(FormPath.parse("equipment[1].item")).required is False
    assert drill_rules().limits(FormPath("duration_hours")).maximum is None
    assert drill_rules().limits(FormPath("participants")).expected == "0 或正数"


def test_limits_say_what_their_own_input_takes() -> None:
    """That inputs of several kinds can be read tells none of them what it takes; what all numbers are tells each."""
    expected = {
        key: report_rules().limits(FormPath(key)).expected for key in ("site_code", "weibo_name", "weibo_posts")
    }
    assert expected == {
        "site_code": "10 位数字，或 bm 加 8 位数字",
        "weibo_name": "",
        "weibo_posts": "0 或正整数，不带单位",
    }
    assert report_rules().rule("A09d").expected == "直接填写的内容"


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("min_length = 1, excel = 'LEN({value})<9'", "says in a formula what one pattern says; there is none, or two"),
        ("pattern = 'a', avoid = 'b', excel = 'LEN({value})<9'", "what one pattern says; there is none, or two"),
        ("pattern = 'a', excel = 'LEN(A1)<9'", "is a condition on {value}, written without ="),
        ("pattern = 'a', excel = '=LEN({value})<9'", "is a condition on {value}, written without ="),
        ("pattern = 'a', excel = 'LEN({value}<9'", "has a bracket or a quotation mark too many or too few"),
    ],
)
def test_a_formula_says_what_one_pattern_says(tmp_path: Path, new: str, reason: str) -> None:
    """Beside no pattern, or two, without the text, with a sign of equality or an open bracket it is refused."""
    with pytest.raises(RuleError, match=re.escape(reason)):
        load_changed(tmp_path, CELLS, NAME, f"checks = [{{ id = 'K07', {new} }}], {NAME}")


@pytest.mark.parametrize(
    ("before", "entry", "reason"),
    [
        ('outside_name = { type = "text"', "LEN({value})>1", "says in a formula what one pattern says"),
        ('drill_code = { type = "code"', "LEN(A1)>1", "is a condition on {value}, written without ="),
        ('drill_code = { type = "code"', "=LEN({value})>1", "is a condition on {value}, written without ="),
        ('drill_code = { type = "code"', "LEN({value}>1", "has a bracket or a quotation mark too many or too few"),
        ('drill_code = { type = "code"', f'{{value}}<>"{"x" * 247}"', "has 258 characters, Excel takes 255"),
    ],
)
def test_what_is_typed_is_asked_beside_a_pattern(tmp_path: Path, before: str, entry: str, reason: str) -> None:
    """Without a pattern, without the text, open or longer than a validation takes, a formula is refused."""
    with pytest.raises(RuleError, match=re.escape(reason)):
        load_changed(tmp_path, CELLS, before, f"{before}, entry = '{entry}'")


def test_the_longest_that_is_typed_is_taken(tmp_path: Path) -> None:
    """A formula of 255 characters is what a validation takes."""
    before, entry = 'drill_code = { type = "code"', f'{{value}}<>"{"x" * 244}"'
    load_changed(tmp_path, CELLS, before, f"{before}, entry = '{entry}'")


def test_the_rows_of_a_table_are_a_dict_and_its_columns(tmp_path: Path) -> None:
    """Another setting beside them is refused, and what may be named is listed."""
    dict_, more = 'type = "dict"\n', 'type = "dict"\nallow_unknown = true\n'
    with pytest.raises(RuleError, match=r'must hold type = "dict" and a schema of the columns'):
        load_changed(tmp_path / "row", CELLS, dict_, more)
    with pytest.raises(RuleError, match=r"names \{x\}, but only \{?field, read, reason"):
        load_changed(tmp_path / "message", CELLS, 'message = "{field}。请填写。"', 'message = "{field}{x}"')
