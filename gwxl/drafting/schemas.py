"""What editors of a form's files go by (JSON Schema): every setting with its type, none that is not known."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any

from gwxl.form.definition import Field as Question
from gwxl.form.definition import Form, Group, Section
from gwxl.form.kinds import KINDS, Aggregate, Kind
from gwxl.form.lists import FORM, LIST
from gwxl.form.matrix import OVER_TOTALS
from gwxl.form.parts import Choice, Column
from gwxl.form.roles import Roles
from gwxl.records.finding import Severity
from gwxl.records.period import Span
from gwxl.rules.cells_file import CHECK, ENTRY, RULE
from gwxl.rules.matrices.cells import EXCEPT
from gwxl.rules.neighbours.neighbours_file import NEEDED as NEIGHBOUR
from gwxl.rules.relations_file import FUNCTION, NEEDED, RELATION
from gwxl.rules.rule import WHEN
from gwxl.rules.rule_file import METADATA
from gwxl.wording import LANGUAGES

Schema = dict[str, Any]

_NOT_SAID = frozenset({"matrix", "within", "sums", "typed", "folder", "older"})
"""Attributes of a definition that no file says."""
_KEY = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_TYPES: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    list: {"type": "array"},
    dict: {"type": "object"},
    Decimal: {"type": "number"},
    date: {},
    Kind: {"enum": list(KINDS)},
    Aggregate: {"enum": [str(one) for one in Aggregate]},
}
_ENUMS: Mapping[str, list[str]] = {
    "severity": [str(one) for one in Severity],
    "language": list(LANGUAGES),
    "layout": [FORM, LIST],
}


def write_schemas() -> Mapping[str, Schema]:
    """Return file name → schema of each kind of declaration (JSON Schema draft 7, which editors of TOML know)."""
    return {
        "form.json": _form(),
        "cells.json": _cells(),
        "relations.json": _relations(),
        "neighbours.json": _neighbours(),
    }


def _form() -> Schema:
    question = _table(_said(Question), columns=_many("column"), choices=_many("choice"))
    lines = _many("line")
    question["properties"] |= {"columns": _many("column"), "rows": {}, "cell": {"$ref": "#/definitions/cell"}}
    question["properties"] |= {"closed": {"type": "array", "items": {"type": "string"}}}
    question["properties"]["rows"] = {"anyOf": [{"type": "integer"}, lines]}
    question["properties"]["columns"] = {"anyOf": [_many("column"), lines]}
    cell = {name: one for name, one in _said(Column).items() if name in {"kind", "unit", "aggregate"}}
    line = {
        "key": _KEY,
        "label": _TYPES[str],
        "number": _TYPES[str],
        "sum": {"anyOf": [_TYPES[str], {"type": "array", "items": _TYPES[str]}]},
        "typed": _TYPES[bool],
        "formula": _TYPES[str],
        "decimals": _TYPES[int],
        "totals": {"enum": [*OVER_TOTALS]},
        "aggregate": {"enum": ["none", "sum"]},
    }
    lists = {"type": "object", "additionalProperties": _closed({"file": _TYPES[str]}, ["file"])}
    return {
        **_head("form.toml"),
        **_table(
            _said(Form),
            section=_many("section"),
            header=_many("question"),
            footer=_many("question"),
            roles=_table(_said(Roles)),
            period=_closed({"kind": {"enum": [*map(str, Span), "none"]}}, []),
            lists=lists,
            accepts={"type": "array", "items": _TYPES[str]},
            renamed={"type": "object"},
        ),
        "definitions": {
            "section": _table(_said(Section), group=_many("group"), field=_many("question")),
            "group": _table(_said(Group)),
            "question": question,
            "column": _table(_said(Column), choices=_many("choice")),
            "choice": _table(_said(Choice)),
            "cell": _closed({**cell, "choices": _many("choice")}, ["kind"]),
            "line": _closed({**line, "rows": lines, "columns": lines}, ["key", "label"]),
        },
    }


def _said(noun: type) -> dict[str, Schema]:
    """Return the settings of a definition that are texts, numbers or of a few; those without a default are needed."""
    told = _describe(noun)
    return {item.name: _setting(item, told.get(item.name, "")) for item in fields(noun)
            if item.name not in _NOT_SAID and item.type in _TYPES}  # fmt: skip


def _setting(item: Field[Any], told: str) -> Schema:
    found = dict(_KEY if item.name == "key" else _TYPES[item.type])
    found |= {"enum": _ENUMS[item.name]} if item.name in _ENUMS else {}
    found |= {"description": told} if told else {}
    needed = item.default is MISSING and item.default_factory is MISSING
    return {**found, "needed": True} if needed else found


def _describe(noun: type) -> Mapping[str, str]:
    """Return name → what its docstring says of it."""
    lines = re.findall(r"^\s*(\w+): (.+(?:\n {12,}.+)*)", noun.__doc__ or "", re.MULTILINE)
    return {name: " ".join(told.split()) for name, told in lines}


def _table(settings: Mapping[str, Schema], **more: Schema) -> Schema:
    needed = [name for name, one in settings.items() if "needed" in one]
    plain = {name: {key: value for key, value in one.items() if key != "needed"} for name, one in settings.items()}
    return _closed({**plain, **more}, needed)


def _closed(properties: Mapping[str, Schema], needed: list[str]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": needed, "additionalProperties": False}


def _many(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/definitions/{name}"}}


def _head(name: str) -> Schema:
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": name}


def _typed(settings: Mapping[str, Any]) -> dict[str, Schema]:
    return {
        name: _of_types(wanted) if name not in _ENUMS else {"enum": _ENUMS[name]} for name, wanted in settings.items()
    }


def _of_types(wanted: Any) -> Schema:
    """Return the schema of a setting that may be of one type, or of several."""
    if isinstance(wanted, UnionType | type):
        return dict(_TYPES[wanted])
    return {} if date in wanted else {"anyOf": [_TYPES[one] for one in wanted]}


def _cells() -> Schema:
    entry = _closed(
        {
            **_typed({"type": str, **ENTRY}),
            "type": {"enum": list(KINDS)},
            "meta": {"type": "object", "additionalProperties": _TYPES[str]},
            "checks": {"type": "array", "items": _closed(_typed({"id": str, **CHECK}), ["id"])},
            EXCEPT: {"type": "object", "additionalProperties": {"type": "object"}},
        },
        ["type", "meta"],
    )
    rule = _closed(_typed({**METADATA, "ok": (dict, list), "bad": (dict, list), **RULE}), [*METADATA, "ok", "bad"])
    return {
        **_head("cells.toml"),
        **_closed(
            {
                "rules": {"type": "object", "additionalProperties": rule},
                "cells": {"type": "object", "additionalProperties": entry},
                "blanks": _closed(_typed({"fields": list, "words": list}), ["fields", "words"]),
                WHEN: _closed(_typed({"rule": str}), ["rule"]),
            },
            ["rules", "cells"],
        ),
    }


def _relations() -> Schema:
    settings = _typed({**NEEDED, "expr": str, "function": str, **RELATION, **FUNCTION})
    one = {**_closed(settings, list(NEEDED)), "oneOf": [{"required": ["expr"]}, {"required": ["function"]}]}
    return {**_head("relations.toml"), **_closed({"relation": {"type": "array", "items": one}}, [])}


def _neighbours() -> Schema:
    one = _closed(_typed({**NEIGHBOUR, "settings": dict}), list(NEIGHBOUR))
    return {**_head("neighbours.toml"), **_closed({"neighbour": {"type": "array", "items": one}}, [])}
