"""Read cells.toml: what each cell may hold, and the rule that stands behind each limit."""

import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gwxl.files.declarations import Report, catch_mistake, refuse
from gwxl.files.excel_limits import FORMULA, VALIDATION_FORMULA, units
from gwxl.form.definition import Field, Form
from gwxl.form.kinds import Kind
from gwxl.form.lists import find_listed
from gwxl.form.parts import Column
from gwxl.records.path import Path
from gwxl.rules.bounds import BOUND, NUMBER, PATTERNS, check_limits, is_closed
from gwxl.rules.cell_rules import CellRules
from gwxl.rules.conditions.reading import conditions_of, fields_in
from gwxl.rules.document import Blanks, plain
from gwxl.rules.matrices.cells import spread_cells, tell_once
from gwxl.rules.rule import IN_FORM, IN_TABLE, LISTED, UNIQUE, WHEN, Rule, RuleKind
from gwxl.rules.rule_file import METADATA, RuleFile
from gwxl.wording import placeholders

FILE_NAME = "cells.toml"
REASON = "reason"
WORDS = "words"
FORMULA_VALUE = "{value}"  # stands for the cell's text in a worksheet formula
READ = "read"  # the rule that says: this was typed as text and read as a value

_LIMITS: Mapping[str, Any] = {
    "min": BOUND,
    "max": BOUND,
    "minlength": int,
    "maxlength": int,
    "regex": str,
    "allowed": list,
    "forbidden": list,
}
_FORMULAS = {"excel": FORMULA, "entry": VALIDATION_FORMULA}  # the most characters of each
FIRST = "first"
"""Stands in the message of a rule behind ``unique`` for the cell above that says the same."""

ENTRY = {**_LIMITS, UNIQUE: str, "required": bool, "schema": dict, "checks": list, **dict.fromkeys(_FORMULAS, str)}
_CHECK_LIMITS: Mapping[str, Any] = {
    "pattern": str,
    "avoid": str,
    "min": NUMBER,
    "max": NUMBER,
    "min_length": int,
    "max_length": int,
}
CHECK = {**_CHECK_LIMITS, "unless": str, "propose": str, "excel": str}
RULE = {"expected": str, "words": list}
"""The settings of an entry of ``[cells]``, of one of its checks and of a rule, besides those needed: name → type."""
_SUPPLIED: Mapping[tuple[str, ...], tuple[str, ...]] = {(UNIQUE,): (FIRST,), (WHEN,): (WHEN,)}
"""What a rule stands behind, and nothing else → what its message may show besides."""
_ID = re.compile(r"\S{1,20}\Z")


def _faults(formula: str, most: int, *, beside: int) -> Iterator[str]:
    """Yield what is wrong with a formula that stands beside some patterns."""
    if beside != 1:
        yield "says in a formula what one pattern says; there is none, or two"
    if FORMULA_VALUE not in formula or formula.startswith("="):
        yield f"is a condition on {FORMULA_VALUE}, written without ="
    if (length := units(formula)) > most:
        yield f"has {length:,} characters, Excel takes {most:,} in a formula; shorten it"
    if not is_closed(formula):
        yield "has a bracket or a quotation mark too many or too few"


@dataclass(frozen=True, kw_only=True)
class _Use:
    """Where a rule id stands: at which field, behind which Cerberus rule, and whether a formula can say it."""

    id: str
    key: str
    behind: str
    place: str
    live: bool = True


def read_cells(folder: pathlib.Path, form: Form, report: Report = refuse) -> CellRules:
    """Read and check cells.toml of a rules folder.

    Where ``report`` returns, what it was told of is left out: a field whose entry cannot be used takes anything of its
    kind.

    Raises:
        RuleError: it does not fit the form, or says something that cannot be.
    """
    return _Reader(RuleFile(folder / FILE_NAME, tell_once(report)), form).cells()


class _Reader:
    """A reader of the file for a form."""

    def __init__(self, file: RuleFile, form: Form) -> None:
        self.file = file
        self.form = form
        self.uses: list[_Use] = []
        self.said: dict[str, dict[str, str]] = {name: {} for name in _FORMULAS}
        self.unique: dict[str, str] = {}
        self.broken: set[str] = set()

    def cells(self) -> CellRules:
        known = {"blanks": dict, WHEN: dict}
        tables = self.file.settings(self.file.load(), "file", {"rules": dict, "cells": dict}, known)
        cells = spread_cells(self.file, self.form, tables["cells"])
        self.match_keys(cells, self.form.fields, "cells")
        schema = dict(self.entries(cells))
        schema |= self.conditional(tables.get(WHEN), schema)
        rules: dict[str, Rule] = {}
        for id_, table in tables["rules"].items():
            with catch_mistake(self.file.report):
                rules[id_] = self.rule(id_, table)
        self.check_uses(tables["rules"])
        self.broken |= {use.key for use in self.uses if use.id not in rules}
        blanks = Blanks()
        with catch_mistake(self.file.report):
            blanks = self.blanks(tables.get("blanks"))
        whole = {
            key: lift_limits(asked) if key in self.broken else schema[key] for key, asked in self.form.fields.items()
        }
        return CellRules(
            schema=whole,
            rules=rules,
            blanks=blanks,
            formulas=self.said["excel"],
            entries=self.said["entry"],
            unique=self.unique,
        )

    def entries(self, tables: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        self.broken = set(self.form.fields)
        for key, asked in self.form.fields.items():
            with catch_mistake(self.file.report):
                if key in tables:
                    entry = self.cell(tables[key], asked)
                    self.broken.discard(key)
                    yield key, entry

    def conditional(self, table: Any, schema: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the entries of the fields that are not always asked, with the rule that an answer there breaks."""
        asked = conditions_of(self.form)
        if table is None:
            for path in tuple(asked)[:1]:
                self.file.tell(WHEN, f'is missing, but {path} has a `when`; [when] rule = "…" names the rule behind it')
            return
        id_ = self.file.settings(table, WHEN, {"rule": str}, {})["rule"]
        if not asked:
            self.file.tell(WHEN, "stands for nothing: no field of the form has a `when`")
        for path in asked:
            self.uses.append(_Use(id=id_, key=str(path), behind=WHEN, place=f"{WHEN}.rule"))
            if path in schema:
                yield path, {**schema[path], "meta": {**schema[path]["meta"], WHEN: id_}}

    def check_uses(self, rules: Mapping[str, Any]) -> None:
        for use in self.uses:
            table = rules.get(use.id)
            if table is None:
                self.file.tell(use.place, f"{use.id!r} is no rule of this file")
            elif use.behind == WORDS and isinstance(table, dict) and not table.get("words"):
                self.file.tell(f"rules.{use.id}.words", f"is missing, but {use.place} relies on it")

    def match_keys(self, found: Mapping[str, Any], wanted: Mapping[str, Any], place: str) -> None:
        for key in sorted(found.keys() - wanted.keys()):
            self.file.tell(f"{place}.{key}", "the form has no such field")
        for key in wanted:
            if key not in found:
                self.file.tell(f"{place}.{Path(key).block}", "is missing: every field of the form needs an entry")

    def blanks(self, table: Any) -> Blanks:
        if table is None:
            return Blanks()
        table = self.file.settings(table, "blanks", {"fields": list, "words": list}, {})
        for key in table["fields"]:
            if not isinstance(key, str) or key not in self.form.fields:
                raise self.file.refuse("blanks.fields", f"{key!r} is no field of the form")
        return Blanks(fields=frozenset(table["fields"]), words=self.words(table["words"], "blanks.words"))

    def words(self, entry: list[Any], place: str) -> frozenset[str]:
        if not all(isinstance(word, str) for word in entry):
            raise self.file.refuse(place, "must be a list of texts")
        return frozenset(plain(word) for word in entry)

    def rule(self, id_: str, table: Any) -> Rule:
        place = f"rules.{id_}"
        if not _ID.match(id_):
            self.file.tell(place, "is no id: up to 20 characters without blanks")
        table = self.file.settings(table, place, {**METADATA, "ok": (dict, list), "bad": (dict, list)}, RULE)
        uses = [use for use in self.uses if use.id == id_]
        if not uses and not self.broken:
            self.file.tell(place, "no cell relies on it")
        keys = sorted({use.key for use in uses}, key=lambda key: self.form.order(Path(key)))
        behind = {use.behind for use in uses}
        if REASON in placeholders(table["message"]) and not behind <= {"type", WORDS, "allowed"}:
            self.file.tell(f"{place}.message", "names {reason}, which only a rule behind type or words has")
        if READ in placeholders(table["message"]) and behind != {READ}:
            self.file.tell(f"{place}.message", "names {read}, which only a rule behind read has")
        beside = self.named_in_conditions(keys) if behind == {WHEN} else ()
        ok, bad = self.file.examples(table, place, {*keys, *beside, *self.broken})
        return Rule(
            id=id_,
            title=table["title"],
            severity=self.file.severity(table, place),
            basis=table["basis"],
            message=self.file.message(table, place, {"field", REASON, READ, *_SUPPLIED.get(tuple(behind), ())}),
            kind=RuleKind.CELL,
            fields=tuple(keys),
            expected=table.get("expected", ""),
            clerk_only=self.clerk_only(uses),
            words=self.words(table.get("words", []), f"{place}.words"),
            ok=ok,
            bad=bad,
        )

    def named_in_conditions(self, keys: Sequence[str]) -> Iterator[str]:
        """Yield the fields on which some fields hang."""
        conditions = conditions_of(self.form)
        return (str(path) for key in keys for one in conditions[Path(key)] for path in fields_in(one))

    def clerk_only(self, uses: Sequence[_Use]) -> str:
        if all(use.live for use in uses):
            return ""
        silent = {use.behind for use in uses if not use.live}
        named = {READ: "read", UNIQUE: UNIQUE, LISTED: LISTED}
        reason = named[min(silent)] if len(silent) == 1 and silent <= named.keys() else "pattern"
        return self.form.say(f"clerk_only.{reason}")

    def cell(self, table: Any, asked: Field) -> dict[str, Any]:
        place = f"cells.{asked.path.block}"
        schema = self.schema(table, asked, asked.key, place)
        if asked.kind.is_table:
            schema["schema"] = {"type": "dict", "schema": self.row(table, asked, place)}
        # Checks look for what failed before them, so they come last; Cerberus keeps the order of the mapping.
        checks = schema.pop("checks", None)
        return {**schema, "checks": checks} if checks else schema

    def row(self, table: Any, asked: Field, place: str) -> dict[str, Any]:
        row = table.get("schema")
        where = f"{place}.schema"
        if not isinstance(row, dict) or row.keys() != {"type", "schema"} or row["type"] != "dict":
            raise self.file.refuse(where, 'must hold type = "dict" and a schema of the columns')
        columns = {column.key: column for column in asked.columns}
        self.match_keys(row["schema"], columns, f"{where}.schema")
        return {
            key: self.schema(row["schema"][key], column, asked.key, f"{where}.schema.{key}")
            if key in row["schema"]
            else {"type": column.kind.name}
            for key, column in columns.items()
        }

    def schema(self, table: Any, asked: Field | Column, key: str, place: str) -> dict[str, Any]:
        """Check the Cerberus rules of a field or column and note the rule ids behind them."""
        if isinstance(table, dict) and "allowed" in table and asked.choices:
            raise self.file.refuse(f"{place}.allowed", "stands in the form: its choices")
        table = self.file.settings(table, place, {"type": str, "meta": dict}, ENTRY)
        if table["type"] != asked.kind.name:
            raise self.file.refuse(f"{place}.type", f"{table['type']!r}, but the form declares {asked.kind}")
        if "schema" in table and not asked.kind.is_table:
            self.file.tell(f"{place}.schema", "belongs to tables only")
        check_limits(self.file, {name: table[name] for name in _LIMITS if name in table}, asked.kind, place)
        self.formula(table, place)
        behind = {"type", *(name for name in (*_LIMITS, UNIQUE) if name in table)}
        behind |= {"required"} if table.get("required") else set()
        listed = find_listed(self.form.lists, asked.list, asked.where)
        behind |= {LISTED} if listed else set()
        self.note_unique(table, asked, key, place)
        live = "regex" not in table or "excel" in table
        narrowed = {LISTED} if listed and listed.where else set()
        self.meta(table["meta"], behind, key, place, silent={*narrowed, *(() if live else ("regex",))})
        checks = [
            self.check(check, asked.kind, key, f"{place}.checks[{number}]", live=live)
            for number, check in enumerate(table.get("checks", []))
        ]
        for name in _FORMULAS.keys() & table.keys():
            self.said[name][key if asked.key == key else f"{key}.{asked.key}"] = table[name]
        kept = {name: value for name, value in table.items() if name not in {"schema", "checks", UNIQUE, *_FORMULAS}}
        days = {name: kept[name].isoformat() for name in ("min", "max") if isinstance(kept.get(name), date)}
        kept |= days  # as dates are read
        if listed:
            kept[LISTED] = listed
        if asked.choices:
            kept["allowed"] = [choice.key for choice in asked.choices]
            kept["meta"] = {**kept["meta"], "allowed": kept["meta"].get("type", "")}
        return {**kept, "checks": checks} if checks else kept

    def note_unique(self, table: Mapping[str, Any], asked: Field | Column, key: str, place: str) -> None:
        """Note over what a value must be unique."""
        if UNIQUE not in table:
            return
        known = (IN_TABLE, IN_FORM) if isinstance(asked, Column) else (IN_FORM,)
        if table[UNIQUE] not in known:
            raise self.file.refuse(f"{place}.{UNIQUE}", f"{table[UNIQUE]!r} is none of {', '.join(known)}")
        if not (asked.kind.is_text or asked.kind.is_number or asked.kind.is_date):
            raise self.file.refuse(f"{place}.{UNIQUE}", f"a field of kind {asked.kind} has few answers to repeat")
        self.unique[key if asked.key == key else f"{key}.{asked.key}"] = table[UNIQUE]

    def formula(self, table: Mapping[str, Any], place: str) -> None:
        """Check that a formula stands beside one pattern, names the text, and fits where it will stand."""
        for name, most in _FORMULAS.items():
            if name in table:
                for reason in _faults(table[name], most, beside=len(PATTERNS & table.keys())):
                    self.file.tell(f"{place}.{name}", reason)

    def meta(self, meta: Mapping[str, Any], behind: set[str], key: str, place: str, *, silent: set[str]) -> None:
        for name, id_ in meta.items():
            if name not in behind | {WORDS, READ}:
                self.file.tell(f"{place}.meta.{name}", f"names a rule, but there is no {name} here")
                continue
            if not isinstance(id_, str):
                raise self.file.refuse(f"{place}.meta.{name}", f"must be the id of a rule, not {id_!r}")
            said = name not in {READ, UNIQUE, *silent}
            self.uses.append(_Use(id=id_, key=key, behind=name, place=f"{place}.meta.{name}", live=said))
        for name in sorted(behind - meta.keys()):
            raise self.file.refuse(f"{place}.meta.{name}", "is missing: which rule stands behind it?")

    def check(self, entry: Any, kind: Kind, key: str, place: str, *, live: bool) -> dict[str, Any]:
        check = self.file.settings(entry, place, {"id": str}, CHECK)
        limits = {name: check[name] for name in _CHECK_LIMITS if name in check}
        if not limits:
            raise self.file.refuse(place, f"checks nothing; known are {', '.join(_CHECK_LIMITS)}")
        check_limits(self.file, limits, kind, place)
        self.formula(check, place)
        if placeholders(check.get("propose", "")) - {"value"}:
            self.file.tell(f"{place}.propose", "can only name {value}")
        earlier = {use.id for use in self.uses if use.key == key}
        if check.get("unless", check["id"]) not in {*earlier, check["id"]}:
            self.file.tell(f"{place}.unless", f"{check['unless']!r} is no check before this one")
        # What is only asked where another check passed can be said in the sheet only if that one can.
        silent = {use.id for use in self.uses if use.key == key and not use.live}
        live = live and ("excel" in check or not limits.keys() & PATTERNS) and check.get("unless") not in silent
        for name in limits:
            self.uses.append(_Use(id=check["id"], key=key, behind=name, place=f"{place}.id", live=live))
        return check


def lift_limits(asked: Field) -> dict[str, Any]:
    """Return what stands for an entry that cannot be used: no limit, and no rule behind it."""
    row = {column.key: {"type": column.kind.name} for column in asked.columns}
    return {"type": asked.kind.name, **({"schema": {"type": "dict", "schema": row}} if row else {})}
