"""A form with an older edition, written into a scratch folder, and returns of either edition."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl

from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.form.loading import load_form
from gwxl.intake import check_file
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Identity
from gwxl.rules.ruleset import RuleSet, load_rules
from gwxl.terms import Terms
from tests.support.written import write_template

YEAR = 2026

HEAD = """
id = "visit_record"
title = "走访记录表"
edition = "{edition}"
language = "zh"
"""

ABOUT = """
accepts = ["1"]
"""

RENAMED = """
[renamed.1]
attendants = "participants"
"visit_kind.flood" = "visit_kind.water"
"departments.security" = "departments.guards"
"equipment.weight" = "equipment.mass"
contact = "contact_name"
"""

AROUND = """
[roles]
code = "visit_code"
by = "visit_kind"
contact = "{contact}"
date = "report_date"

[[header]]
key = "reporting_unit"
label = "填报单位"
kind = "text"

[[footer]]
key = "{contact}"
label = "填报人"
kind = "text"

[[footer]]
key = "report_date"
label = "填报日期"
kind = "date"
"""

OLD_FIELDS = """
[[footer]]
key = "fax"
label = "传真"
kind = "text"

[[section]]
key = "main"
number = "一"
label = "走访情况"

[[section.field]]
key = "visit_code"
label = "编号"
kind = "code"

[[section.field]]
key = "visit_kind"
label = "类型"
kind = "choice"
aggregate = "count"
choices = [
    { key = "fire", label = "消防" },
    { key = "flood", label = "防洪走访" },
    { key = "storm", label = "防台走访" },
]

[[section.field]]
key = "attendants"
label = "出席人数"
kind = "count"
unit = "人"
aggregate = "sum"

[[section.field]]
key = "leaders"
label = "带队人数"
kind = "count"
unit = "人"
aggregate = "sum"

[[section.field]]
key = "hours"
label = "时长"
kind = "decimal"
unit = "小时"
aggregate = "sum"

[[section.field]]
key = "duration"
label = "历时"
kind = "text"

[[section.field]]
key = "departments"
label = "部门"
kind = "choices"
aggregate = "count"
choices = [
    { key = "office", label = "办公室" },
    { key = "security", label = "保卫处" },
    { key = "kitchen", label = "食堂" },
]

[[section.field]]
key = "equipment"
label = "器材"
kind = "table"
rows = 4
columns = [
    { key = "item", label = "名称", kind = "text" },
    { key = "pieces", label = "件数", kind = "count", aggregate = "sum" },
    { key = "weight", label = "重量", kind = "decimal", aggregate = "sum" },
    { key = "color", label = "颜色", kind = "text" },
]
"""

NEW_FIELDS = """
[[section]]
key = "main"
number = "一"
label = "走访情况"

[[section.field]]
key = "visit_code"
label = "编号"
kind = "code"

[[section.field]]
key = "visit_kind"
label = "走访类型"
kind = "choice"
aggregate = "count"
choices = [
    { key = "fire", label = "消防" },
    { key = "water", label = "防汛" },
    { key = "network", label = "网络安全" },
]

[[section.field]]
key = "participants"
label = "参加人数"
kind = "count"
unit = "人"
aggregate = "sum"

[[section.field]]
key = "evacuated"
label = "疏散人数"
kind = "count"
unit = "人"
aggregate = "sum"

[[section.field]]
key = "hours"
label = "时长"
kind = "decimal"
unit = "小时"
aggregate = "mean"
weight = "participants"

[[section.field]]
key = "duration"
label = "历时"
kind = "count"
unit = "分钟"
aggregate = "sum"

[[section.field]]
key = "has_plan"
label = "是否有预案"
kind = "yes_no"
aggregate = "count"

[[section.field]]
key = "departments"
label = "部门"
kind = "choices"
aggregate = "count"
choices = [
    { key = "office", label = "办公室" },
    { key = "guards", label = "保卫部" },
    { key = "outside", label = "外单位" },
]

[[section.field]]
key = "equipment"
label = "器材"
kind = "table"
rows = 3
columns = [
    { key = "item", label = "名称", kind = "text" },
    { key = "mass", label = "质量", kind = "decimal", aggregate = "sum" },
    { key = "pieces", label = "件数", kind = "count", aggregate = "sum" },
    { key = "places", label = "存放处数", kind = "count", aggregate = "sum" },
]
"""

REQUIRED = """
[rules.K01]
title = "必填"
severity = "error"
basis = "填表要求"
message = "{field}。请填写。"
ok = [{ visit_code = "V0001" }]
bad = [{}]
"""

READ = """
[rules.K02]
title = "读不出来"
severity = "error"
basis = "填表要求"
message = "{field}，{reason}。"
ok = [{ hours = 1 }]
bad = [{ hours = { unread = "许久", kind = "not_a_number" } }]
"""

_CELL = '{{ type = "{kind}", required = true, meta = {{ type = "K02", required = "K01" }} }}'


def cells(fields: Mapping[str, str], columns: Mapping[str, str]) -> str:
    """Return cells.toml: every field and column is required."""
    lines = [f"{key} = {_CELL.format(kind=kind)}" for key, kind in fields.items()]
    inner = [f"{key} = {_CELL.format(kind=kind)}" for key, kind in columns.items()]
    table = '[cells.equipment]\ntype = "table"\nmeta = { type = "K02" }\n[cells.equipment.schema]\ntype = "dict"\n'
    parts = [REQUIRED, READ, "[cells]", *lines, table, "[cells.equipment.schema.schema]", *inner]
    return "\n".join(parts) + "\n"


OLD_CELLS = cells(
    {
        "visit_code": "code",
        "visit_kind": "choice",
        "attendants": "count",
        "leaders": "count",
        "hours": "decimal",
        "duration": "text",
        "departments": "choices",
    },
    {"item": "text", "pieces": "count", "weight": "decimal", "color": "text"},
)
NEW_CELLS = cells(
    {
        "visit_code": "code",
        "visit_kind": "choice",
        "participants": "count",
        "evacuated": "count",
        "hours": "decimal",
        "duration": "count",
        "has_plan": "yes_no",
        "departments": "choices",
    },
    {"item": "text", "mass": "decimal", "pieces": "count", "places": "count"},
)

RELATIONS = """
[[relation]]
id = "N01"
title = "疏散不多于参加"
expr = "evacuated <= participants"
severity = "error"
basis = "一"
message = "{evacuated}，大于 {participants}。"
missing = "fail"
ok = { evacuated = 1, participants = 2 }
bad = { evacuated = 3, participants = 2 }

[[relation]]
id = "N02"
title = "参加不少于两人"
expr = "participants >= 2"
severity = "error"
basis = "一"
message = "{participants}，少于 2 人。"
ok = { participants = 2 }
bad = { participants = 1 }

[[relation]]
id = "N03"
title = "外单位参加须有预案"
expr = "has_plan"
when = "not departments.outside"
severity = "error"
basis = "一"
message = "{has_plan}，部门 {departments.outside}。"
ok = { has_plan = true }
bad = { has_plan = false }

[[relation]]
id = "N04"
title = "时长不超过八小时"
expr = "hours <= 8"
since = "2"
severity = "error"
basis = "第 2 版新增"
message = "{hours}，超过 8 小时。"
ok = { hours = 8 }
bad = { hours = 9 }

[[relation]]
id = "N05"
title = "不是网络安全演练的须有人参加"
expr = "participants > 0"
when = "not visit_kind.network"
missing = "fail"
severity = "error"
basis = "一"
message = "{participants}，{visit_kind}。"
ok = { participants = 1 }
bad = { participants = 0 }

[[relation]]
id = "N07"
title = "都是三的倍数"
function = "share_of"
settings = { kind = "count", multiple_of = 3, skip_zero = true, share = 1, at_least = 3 }
since = "2"
severity = "hint"
basis = "第 2 版新增"
message = "{number} 个数都是三的倍数。"
ok = { participants = 11 }
bad = { participants = 12, evacuated = 3, duration = 6 }

[[relation]]
id = "N06"
since = "2"
title = "版本相符"
function = "identity_matches"
settings = { part = "edition" }
severity = "error"
basis = "版本"
message = "本表是第 {found} 版，现行为第 {wanted} 版。"
ok = [{ _identity = { edition = "2" } }]
bad = [{ _identity = { edition = "9" } }]
"""

OLD_FORM = HEAD.format(edition="1") + AROUND.format(contact="contact") + OLD_FIELDS
NEW_FORM = HEAD.format(edition="2") + ABOUT + RENAMED + AROUND.format(contact="contact_name") + NEW_FIELDS

OLD_ANSWERS: Mapping[str, Any] = {
    "visit_code": "V0001",
    "visit_kind": "flood",
    "attendants": 12,
    "hours": 9,
    "departments": ("office", "security"),
    "equipment": ({"item": "绳", "pieces": 3, "weight": 2}, {"item": "梯", "pieces": 1, "weight": 7}),
    "reporting_unit": "某某局",
    "contact": "张某",
    "report_date": "2027-01-05",
}
"""A return of the old edition of which everything can move."""

NEW_ANSWERS: Mapping[str, Any] = {
    "visit_code": "V0002",
    "visit_kind": "fire",
    "participants": 30,
    "evacuated": 20,
    "hours": 2,
    "duration": 90,
    "has_plan": True,
    "departments": ("guards", "outside"),
    "equipment": ({"item": "灯", "pieces": 4, "mass": 5, "places": 2},),
    "report_date": "2027-01-06",
}
"""A return of the current edition without any fault."""


@dataclass(frozen=True)
class Desk:
    """A folder with the form, its rules, and the old edition once more as a form of its own."""

    folder: Path

    @property
    def form(self) -> str:
        """Return the form as ``--form`` takes it."""
        return str(self.folder / "templates" / "visit_record")

    @cached_property
    def rules(self) -> RuleSet:
        """Load the current edition."""
        return load_rules(self.folder / "rules" / "visit_record", load_form(Path(self.form)))

    @cached_property
    def old_rules(self) -> RuleSet:
        """Load the old edition as its clerks had it."""
        folder = self.folder / "old"
        return load_rules(folder / "rules" / "visit_record", load_form(folder / "templates" / "visit_record"))

    def write(
        self,
        name: str,
        answers: Mapping[str, Any],
        *,
        edition: str = "1",
        raw: Mapping[str, str] | None = None,
        explanations: Mapping[str, str] | None = None,
        identity: Identity | None = None,
    ) -> Path:
        """Write a filled workbook; ``raw`` are texts typed into inputs, whatever these ask for."""
        rules = self.old_rules if edition == "1" else self.rules
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        issued = identity or issue_identity(rules.form, period=Period(YEAR))
        write_template(rules, path, identity=issued, answers=answers, explanations=explanations, force=True)
        if raw:
            book = openpyxl.load_workbook(path)
            for place, words in raw.items():
                cell = lay_out(rules.form).cells[FormPath.parse(place)]
                book[cell.sheet][cell.address] = words
            book.save(path)
        return path

    def check(self, path: Path) -> Receipt:
        """Read and judge one workbook by the current edition."""
        (receipt,) = check_file(path, path.name, Terms(self.rules))
        return receipt

    def address(self, path: str, edition: str = "1") -> str:
        """Return the address of an input in the workbook of an edition."""
        rules = self.old_rules if edition == "1" else self.rules
        return lay_out(rules.form).cells[FormPath.parse(path)].address


def desk(folder: Path, *, form: str = NEW_FORM, old: str = OLD_FORM, old_name: str = "1.toml") -> Desk:
    """Write the form with its older edition, and that edition once more on its own."""
    texts = {
        "templates/visit_record/form.toml": form,
        f"templates/visit_record/editions/{old_name}": old,
        "rules/visit_record/cells.toml": NEW_CELLS,
        "rules/visit_record/relations.toml": RELATIONS,
        "old/templates/visit_record/form.toml": OLD_FORM,
        "old/rules/visit_record/cells.toml": OLD_CELLS,
        "old/rules/visit_record/relations.toml": "",
    }
    for name, words in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, "utf-8")
    return Desk(folder)


def copy_to(desk: Desk, *names: str, to: str) -> Path:
    """Copy workbooks into an inbox."""
    inbox = desk.folder / to
    inbox.mkdir(exist_ok=True)
    for name in names:
        shutil.copy(desk.folder / name, inbox / name)
    return inbox
