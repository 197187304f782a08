"""What the text templates of a form may see of it: texts, numbers, and lists and tables of these."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from gwxl.form.definition import Field, Form, Group, Section
from gwxl.form.parts import Choice, Column

Shown = dict[str, Any]


def show_form(form: Form, clauses: Mapping[str, str] = MappingProxyType({})) -> Shown:
    """Return a form as its templates see it; where it was loaded from is nothing of theirs.

    Args:
        form: the form.
        clauses: key of a section or field, or ``section.group`` → what is shown as its instruction instead.
    """
    return {
        **_texts(form, "id", "title", "edition", "language"),
        "sections": [_section(section, clauses) for section in form.sections],
        "header": [_field(field) for field in form.header],
        "footer": [_field(field) for field in form.footer],
    }


def _section(section: Section, clauses: Mapping[str, str]) -> Shown:
    fields = [_field(field) for field in _asked(section)]
    groups = [
        {**_texts(group, "key", "number", "label"), "instruction": clauses.get(f"{section.key}.{group.key}", "")}
        for group in section.groups
    ]
    return {
        **_texts(section, "key", "number", "label"),
        "instruction": clauses.get(section.key, section.instruction),
        "groups": groups,
        "fields": [{**field, "instruction": clauses.get(field["key"], field["instruction"])} for field in fields],
    }


def _asked(section: Section) -> Iterable[Field]:
    """Return the fields of a section, a matrix in place of its cells."""
    fields = (field.within or field for field in section.fields)
    return {field.key: field for field in fields}.values()


def _field(field: Field) -> Shown:
    return {
        **_texts(field, "key", "label", "number", "group", "unit", "instruction", "rows", "sheet", "note"),
        "kind": field.kind.name,
        "choices": [_texts(choice, "key", "label", "instruction") for choice in field.choices],
        "columns": [_column(column) for column in field.columns],
    }


def _column(column: Column) -> Shown:
    return {
        **_texts(column, "key", "label", "unit", "note"),
        "kind": column.kind.name,
        "choices": [_texts(choice, "key", "label", "instruction") for choice in column.choices],
    }


def _texts(noun: Form | Section | Group | Field | Choice | Column, *names: str) -> Mapping[str, Any]:
    return {name: getattr(noun, name) for name in names}
