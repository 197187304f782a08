"""Forms, rules and workbooks for the tests of what goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile

from gwxl.form.definition import NUMBERS, TABLE_CELL, Form, Kind
from gwxl.form.loading import load_form
from gwxl.resources import form_folder
from gwxl.rules.rule import Limits
from gwxl.rules.ruleset import RuleSet
from gwxl.template import Notice, Template, write_template

YEAR = 2026
NOTICE = Notice(deadline="2027年1月31日", return_to="report@example.gov.cn", phone="000-00000000", office="示例办公室")

VISIT_FORM = """
id = "visit"
title = "Visit record"
edition = "7"
language = "en"

[[section]]
key = "where"
number = "1"
label = "Where"
instruction = "All of it."
group = [{ key = "place", number = "a", label = "Place" }]

[[section.field]]
key = "town"
group = "place"
label = "Town"
kind = "text"
instruction = "The town."

[[section.field]]
key = "day"
label = "Day"
kind = "date"
instruction = "When."

[[section.field]]
key = "ticket"
label = "Ticket"
kind = "code"

[[section.field]]
key = "hours"
label = "Hours"
kind = "decimal"
unit = "h"

[[section.field]]
key = "mood"
label = "Mood"
kind = "choice"
choices = [{ key = "good", label = "good" }, { key = "bad", label = "bad" }]

[[section.field]]
key = "people"
label = "People"
kind = "table"
rows = 3
columns = [
    { key = "name", label = "Name", kind = "text" },
    { key = "page", label = "Page", kind = "url" },
    { key = "age", label = "Age", kind = "count" },
]
"""


@dataclass(frozen=True)
class StubRules:
    """Stand in for the rules of a form: required paths and limits given, numbers never negative."""

    form: Form
    optional: frozenset[str] = frozenset()
    given: Mapping[str, Limits] = field(default_factory=dict)

    def limits(self, path: str) -> Limits:
        """Return what an input may hold."""
        if path in self.given:
            return self.given[path]
        asked = self.form.field_of(path)
        match = TABLE_CELL.match(path)
        kind = asked.column(match["column"]).kind if match else asked.kind
        required = not match and asked.key not in self.optional and kind is not Kind.CHOICES
        return Limits(required=required, minimum=Decimal(0) if kind in NUMBERS else None)


def annual() -> tuple[Form, RuleSet]:
    """Return the first form with rules of the test's own."""
    form = load_form(form_folder("website_annual_report"))
    optional = frozenset(key for key in form.fields if key.startswith(("weibo", "wechat", "innovation", "messages_av")))
    given = {"innovation_other": Limits(max_length=200), "site_page_views": Limits(required=True, maximum=Decimal(99))}
    return form, cast("RuleSet", StubRules(form, optional, given))


def visit(folder: Path, text: str = VISIT_FORM) -> tuple[Form, RuleSet]:
    """Return a small form of another shape, in English, without header and footer."""
    folder.mkdir(exist_ok=True)
    (folder / "form.toml").write_text(text, "utf-8")
    form = load_form(folder)
    return form, cast("RuleSet", StubRules(form))


def issue(path: Path, **arguments: object) -> Template:
    """Write the workbook of the first form."""
    form, rules = annual()
    values = {"year": YEAR, "notice": NOTICE, **arguments}
    return write_template(form, rules, path, **values)  # type: ignore[arg-type]  # passed on as given


def edit(source: Path, target: Path, part: str, old: str, new: str) -> Path:
    """Copy a package with one text of a part replaced; fail when the text is not there."""
    with ZipFile(source) as package, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for name in package.namelist():
            content = package.read(name)
            if name == part:
                assert old in content.decode("utf-8"), f"{old!r} is not in {part}"
                content = content.decode("utf-8").replace(old, new, 1).encode("utf-8")
            copy.writestr(name, content)
    return target
