"""Forms, rules and workbooks for the tests of what goes out."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from gwxl.files.resources import form_folder
from gwxl.form import kinds
from gwxl.form.definition import Form
from gwxl.form.identity import issue_identity
from gwxl.form.kinds import Kind
from gwxl.form.loading import load_form
from gwxl.records.finding import Severity
from gwxl.records.period import Period
from gwxl.rules.cell_rules import CellRules
from gwxl.rules.document import Blanks
from gwxl.rules.rule import Rule, RuleKind
from gwxl.rules.ruleset import RuleSet
from gwxl.template import Template, write_template
from gwxl.terms import Notice

YEAR = 2026
NOTICE = Notice(
    deadline=date(2027, 1, 31), return_to="report@example.gov.cn", phone="000-00000000", office="示例办公室"
)

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


def plain_rules(
    form: Form, optional: frozenset[str] = frozenset(), given: Mapping[str, Mapping[str, Any]] | None = None
) -> RuleSet:
    """Return rules of the test's own: everything required but choices and tables, numbers never negative."""
    every = tuple(form.fields)
    rule = Rule(
        id="T", title="T", severity=Severity.ERROR, basis="T", message="{field}", kind=RuleKind.CELL, fields=every
    )

    def cell(key: str, kind: Kind, *, required: bool) -> dict[str, Any]:
        limits: dict[str, Any] = {"required": True} if required else {}
        limits |= {"min": 0} if kind.is_number else {}
        limits = {name: limit for name, limit in {**limits, **(given or {}).get(key, {})}.items() if limit is not None}
        return {"type": str(kind), **limits, "meta": dict.fromkeys(["type", *limits], "T")}

    schema = {}
    for key, asked in form.fields.items():
        required = key not in optional and asked.kind not in {kinds.CHOICES, kinds.TABLE}
        schema[key] = cell(key, asked.kind, required=required)
        if asked.choices:
            schema[key]["allowed"] = [choice.key for choice in asked.choices]
            schema[key]["meta"]["allowed"] = "T"
        if asked.kind is kinds.TABLE:
            columns = {column.key: cell("", column.kind, required=False) for column in asked.columns}
            schema[key]["schema"] = {"type": "dict", "schema": columns}
    return RuleSet(form, CellRules(schema=schema, rules={"T": rule}, blanks=Blanks(), formulas={}), ())


def annual() -> tuple[Form, RuleSet]:
    """Return the first form with rules of the test's own."""
    form = load_form(form_folder("website_annual_report"))
    optional = frozenset(key for key in form.fields if key.startswith(("weibo", "wechat", "innovation", "messages_av")))
    given: dict[str, dict[str, Any]] = {
        "innovation_other": {"maxlength": 200},
        "site_page_views": {"max": 99, "min": None},
    }
    return form, plain_rules(form, optional, given)


def visit(folder: Path, text: str = VISIT_FORM) -> tuple[Form, RuleSet]:
    """Return a small form of another shape, in English, without header and footer."""
    folder.mkdir(exist_ok=True)
    (folder / "form.toml").write_text(text, "utf-8")
    form = load_form(folder)
    return form, plain_rules(form)


def issue(path: Path, site_code: str | None = None, **arguments: object) -> Template:
    """Write the workbook of the first form."""
    form, rules = annual()
    values = {"identity": issue_identity(form, period=Period(YEAR), site_code=site_code), "notice": NOTICE, **arguments}
    return write_template(rules, path, **values)  # type: ignore[arg-type]  # passed on as given


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
