"""A rule's own examples: which of them contradict it, and how the contradiction is told."""

import shutil
from pathlib import Path

import pytest

from gwxl.errors import RuleError
from gwxl.files.resources import rules_folder
from gwxl.rules.proving import contradictions, prove
from gwxl.rules.ruleset import load_rules
from tests.support.submissions import drill_form, drill_rules, report_form, report_rules

CURE = "; correct the rule or the example, or exchange ok and bad"


def tell(folder: Path, file: str, old: str, new: str) -> list[str]:
    """Return what is said of the second form's rules with one place changed, without the path of the folder."""
    copy = Path(shutil.copytree(rules_folder(drill_form().folder), folder / "rules"))
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), "utf-8")
    found = contradictions(load_rules(copy, drill_form()), copy)
    return [str(one).removeprefix(f"{copy}/") for one in found]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # a cell rule is asked at the inputs its example names, a blank among them as a blank
        ("bad = [{}]", 'bad = [{ participants = "" }]', []),
        ("bad = [{}]", 'bad = [{ participants = "", drill_code = "D0001" }]', []),
        ("bad = [{}]", "bad = [{ participants = 3 }]", ["cells.toml: rules.K01.bad[0]: participants = 3 passes"]),
        ("ok = [{ drill_code", 'ok = [{ participants = "" }, { drill_code',
         ["cells.toml: rules.K01.ok[0]: participants = '' breaks"]),
        ("ok = [{ drill_code", "ok = [{}, { drill_code", ["cells.toml: rules.K01.ok[0]: the blank form breaks"]),
        ('bad = [{ drill_code = "0001" }', 'bad = [{ drill_code = "D0009" }',
         ["cells.toml: rules.K02.bad[0]: drill_code = 'D0009' passes"]),
        ("bad = [{ duration_hours = 8.1 }]", "bad = [{ duration_hours = 8.1 }, { duration_hours = 8 }]",
         ["cells.toml: rules.K05.bad[1]: duration_hours = 8 passes"]),
        ("ok = [{ duration_hours = 8 }]", "ok = [{ duration_hours = 8 }, { duration_hours = 8.01 }]",
         ["cells.toml: rules.K05.ok[1]: duration_hours = 8.01 breaks"]),
        # an unread value, a list, a table and a yes are told as they were written
        ("ok = [{ participants = 3, planned_on",
         """ok = [{ was_announced = true, participants = { unread = "三十", kind = "chinese_numeral" } },
         { participants = 3, planned_on""",
         ["cells.toml: rules.K03.ok[0]: was_announced = true, participants = '三十' breaks"]),
        ('{ departments = ["kitchen"] }', '{ departments = ["office"] }',
         ["cells.toml: rules.K03.bad[4]: departments = ['office'] passes"]),
        ("ok = [{ participants = 0, duration_hours = 0 }]", "ok = [{ equipment = [{ item = '绳', weight = -1 }] }]",
         ["cells.toml: rules.K04.ok[0]: equipment = [{item = '绳', weight = -1}] breaks"]),
    ],
)  # fmt: skip
def test_examples_of_cells(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    """An example that contradicts its rule is named with its place and its values; the others are not spoken of."""
    side = {"breaks": "the rule it should pass", "passes": "the rule it should break"}
    expected = [f"{one} {side[one.rpartition(' ')[2]]}{CURE}" for one in said]
    assert tell(tmp_path, "cells.toml", old, new) == expected


def test_examples_of_what_a_workbook_says_about_itself(tmp_path: Path) -> None:
    """An example of an identity is held against its rule as well."""
    file = rules_folder(report_form().folder)
    copy = Path(shutil.copytree(file, tmp_path / "rules"))
    text = (copy / "relations.toml").read_text("utf-8")
    bad = "bad = [{ _identity = { year = 2023 }, _expected = { year = 2024 } }]"
    assert bad in text
    (copy / "relations.toml").write_text(text.replace(bad, bad.replace("2023", "2024")), "utf-8")
    found = [str(one) for one in contradictions(load_rules(copy, report_form()), copy)]
    assert [one.partition("relations.toml: ")[2].partition(" ")[0] for one in found] == ["A12.bad[0]:"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wechat_posts = READ", 'other_media = [{ product_type = "客户端", posts = READ }]', []),
        ("ok = [{ release_total = 12 }]", "ok = [{ release_total = READ }]",
         ["rules.A09t.ok[0]: release_total = '1,234' read as 1234 breaks the rule it should pass"]),
    ],
)  # fmt: skip
def test_examples_of_what_was_read(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    """What was typed as text and read as a number is an example of its rule, in a table too, and is told as both."""
    copy = Path(shutil.copytree(rules_folder(report_form().folder), tmp_path / "rules"))
    text = (copy / "cells.toml").read_text("utf-8")
    old, new = (words.replace("READ", '{ read = "1,234", as = 1234 }') for words in (old, new))
    assert old in text
    (copy / "cells.toml").write_text(text.replace(old, new, 1), "utf-8")
    found = [str(one).partition("cells.toml: ")[2] for one in contradictions(load_rules(copy, report_form()), copy)]
    assert found == [f"{one}{CURE}" for one in said]


def test_rules_whose_examples_agree() -> None:
    """The forms that come with the program, and the second one, prove themselves and are handed on."""
    for rules in (report_rules(), drill_rules()):
        assert prove(rules, rules_folder(rules.form.folder)) is rules


def test_the_first_contradiction_is_raised(tmp_path: Path) -> None:
    """Who asks for proven rules gets the refusal instead."""
    copy = Path(shutil.copytree(rules_folder(drill_form().folder), tmp_path / "rules"))
    text = (copy / "cells.toml").read_text("utf-8")
    (copy / "cells.toml").write_text(text.replace("bad = [{}]", "bad = [{ participants = 3 }]", 1), "utf-8")
    with pytest.raises(RuleError, match=r"rules\.K01\.bad\[0\]"):
        prove(load_rules(copy, drill_form()), copy)


@pytest.mark.parametrize("name", ["title", "basis", "message", "ok", "bad"])
def test_what_is_missing_is_one_mistake(tmp_path: Path, name: str) -> None:
    """What a rule does not say is told alone, and reading goes on; no blank form is judged for a missing example."""
    copy = Path(shutil.copytree(rules_folder(drill_form().folder), tmp_path / "rules"))
    lines = (copy / "cells.toml").read_text("utf-8").splitlines()
    (copy / "cells.toml").write_text("\n".join(line for line in lines if line != SAID[name]), "utf-8")
    mistakes: list[RuleError] = []
    rules = load_rules(copy, drill_form(), mistakes.append)  # type: ignore[arg-type]
    told_of = [*mistakes, *contradictions(rules, copy)]
    assert [str(one).removeprefix(f"{copy}/") for one in told_of] == [f"cells.toml: rules.K05.{name}: is missing"]


SAID = {
    "title": 'title = "演练超过 8 小时"',
    "basis": 'basis = "乙、3"',
    "message": 'message = "{field}，超过 8 小时，请核对或说明。"',
    "ok": "ok = [{ duration_hours = 8 }]",
    "bad": "bad = [{ duration_hours = 8.1 }]",
}
