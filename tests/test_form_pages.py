"""The page on declaring forms shows declarations that work."""

import re
from pathlib import Path

import pytest

from gwxl.errors import FormError, RuleError
from gwxl.form.edition_mapping import passage
from gwxl.form.loading import load_form
from gwxl.records.path import Path as FormPath
from gwxl.rules.ruleset import RuleSet, load_rules
from tests.support.sources import ROOT
from tests.support.submissions import make_submission

BLOCKS = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "forms.md").read_text("utf-8"), re.DOTALL)


def find_block(start: str) -> str:
    """Return the one block of the page that begins so."""
    (found,) = (block for block in BLOCKS if block.startswith(start))
    return found


# What the page's excerpts mention and do not show.
MORE_FIELDS = """
[[section.field]]
key = "evacuated"
label = "疏散人数"
kind = "count"

[[section.field]]
key = "drill_code"
label = "编号"
kind = "code"

[[section.field]]
key = "unit_name"
label = "单位名称"
kind = "text"

[[section.field]]
key = "weibo_name"
label = "微博名称"
kind = "text"

[[section.field]]
key = "drill_kind"
label = "类型"
kind = "choice"
choices = [{ key = "fire", label = "消防" }, { key = "flood", label = "防汛" }]
"""
MORE_FOOT = "".join(
    f'\n[[footer]]\nkey = "{key}"\nlabel = "{key}"\nkind = "text"\n'
    for key in ("contact_name", "contact_phone", "report_date")
)
MORE_RULES = """
[rules.K02]
title = "必填"
severity = "error"
basis = "填表要求"
message = "{field}。请填写。"
ok = [{ participants = 1 }]
bad = [{}]
"""
MORE_CELLS = """
evacuated = { type = "count", meta = { type = "K01" } }
drill_code = { type = "code", meta = { type = "K01" } }
unit_name = { type = "text", meta = { type = "K01" } }
weibo_name = { type = "text", meta = { type = "K01" } }
drill_kind = { type = "choice", meta = { type = "K01" } }
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Write the page's four files, completed, as the page lays them out."""
    form, cells, relations, neighbours = map(
        find_block, ('id = "drill"', "[rules.K01]", '[[relation]]\nid = "M01"\ntitle = "疏散', "[[neighbour]]")
    )
    templates, rules = tmp_path / "templates" / "drill", tmp_path / "rules" / "drill"
    templates.mkdir(parents=True)
    rules.mkdir(parents=True)
    (templates / "form.toml").write_text(form + MORE_FIELDS + MORE_FOOT, "utf-8")
    (rules / "cells.toml").write_text(MORE_RULES + cells + MORE_CELLS, "utf-8")
    (rules / "relations.toml").write_text(relations, "utf-8")
    (rules / "neighbours.toml").write_text(neighbours, "utf-8")
    return templates, rules


def load(folders: tuple[Path, Path]) -> RuleSet:
    """Load the page's form with its rules."""
    templates, rules = folders
    return load_rules(rules, load_form(templates))


def test_the_shown_form_works(folders: tuple[Path, Path]) -> None:
    """The page's declarations load, and its rule judges as the page says."""
    rules = load(folders)
    values = {"evacuated": 13, "participants": 12, "drill_kind": "flood"}
    assert [one.id for one in rules.judge(make_submission(rules.form, values))] == ["M01"]
    assert rules.judge(make_submission(rules.form, {**values, "drill_kind": "fire"})) == ()


def test_a_missing_entry_is_refused_as_shown(folders: tuple[Path, Path]) -> None:
    """A field without an entry in cells.toml is refused with the words the page shows."""
    file = folders[1] / "cells.toml"
    file.write_text(re.sub(r"(?m)^participants = .*\n", "", file.read_text("utf-8")), "utf-8")
    shown = "cells.participants: is missing: every field of the form needs an entry"
    with pytest.raises(RuleError, match=shown):
        load(folders)
    assert shown in (ROOT / "docs" / "forms.md").read_text("utf-8")


@pytest.fixture
def two_editions(folders: tuple[Path, Path]) -> tuple[Path, Path]:
    """Turn the page's form into its second edition as the page shows it, the first one kept beside it."""
    file = folders[0] / "form.toml"
    second = file.read_text("utf-8")
    (folders[0] / "editions").mkdir()
    flood = '{ key = "flood", label = "防汛" }'
    assert flood in second
    first = second.replace('key = "participants"', 'key = "attendants"')
    first = first.replace(flood, '{ key = "flooding", label = "防洪" }').replace('key = "evacuated"', 'key = "leaders"')
    (folders[0] / "editions" / "1.toml").write_text(first, "utf-8")
    about, renamed = find_block('edition = "2"').split("\n\n", 1)
    (was,) = re.findall(r"(?m)^edition = .*$", second)
    file.write_text(second.replace(was, about) + renamed, "utf-8")
    return folders


def test_the_shown_editions_work(two_editions: tuple[Path, Path]) -> None:
    """The page's renames lead from the first edition to the second, and what is new was not asked."""
    form = load(two_editions).form
    way = passage(form.older[0], form)
    assert (form.edition, form.accepts) == ("2", ("1",))
    assert [way.to(FormPath.parse(path)) for path in ("attendants", "drill_kind.flooding", "unit_name", "leaders")] == [
        "participants",
        "drill_kind.flood",
        "unit_name",
        None,
    ]
    assert way.not_asked == {"evacuated"}


def test_a_rename_that_leads_nowhere_is_refused_as_shown(two_editions: tuple[Path, Path]) -> None:
    """The words the page shows are those of the refusal."""
    file = two_editions[0] / "form.toml"
    file.write_text(file.read_text("utf-8").replace("attendants = ", "attendees = "), "utf-8")
    shown = "renamed.1.attendees: edition 1 has no 'attendees'"
    with pytest.raises(FormError, match=shown):
        load(two_editions)
    assert shown in (ROOT / "docs" / "forms.md").read_text("utf-8")
