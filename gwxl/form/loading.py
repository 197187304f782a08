"""Read the files of a form and refuse every mistake in them, with file, key and reason."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from gwxl.declaration import read_declaration
from gwxl.errors import FormError
from gwxl.form.definition import NUMBERS, Aggregate, Choice, Column, Field, Form, Group, Kind, Roles, Section
from gwxl.form.editions import ABOUT_EDITIONS, with_editions
from gwxl.form.layout import MAP_SHEET, SHEET_TITLE
from gwxl.wording import LANGUAGES, text

FILE_NAME = "form.toml"
EDITIONS = "editions"

Noun = TypeVar("Noun", bound="Form | Section | Group | Field | Choice | Column | Roles")

_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
_SURROUND_KINDS = frozenset({Kind.TEXT, Kind.CODE, Kind.DATE})
_COLUMN_KINDS = frozenset({Kind.TEXT, Kind.URL, Kind.CODE, Kind.DATE, Kind.COUNT, Kind.DECIMAL})


def load_form(folder: Path) -> Form:
    """Load and check ``form.toml`` of a form's folder and every older edition in ``editions/``.

    Raises:
        FormError: a file is missing, is no TOML, or declares something that cannot work.
    """
    file = folder / FILE_NAME
    table = _read(file)
    older = {path: _form(path, _read(path), folder) for path in sorted((folder / EDITIONS).glob("*.toml"))}
    return with_editions(_form(file, table, folder), file, table, older)


def _read(file: Path) -> dict[str, Any]:
    return read_declaration(file, partial(FormError, file, ""))


def _form(file: Path, table: Mapping[str, Any], folder: Path) -> Form:
    """Return the form a file declares; what it says about other editions is left to the caller."""
    form = _Loader(file).form({name: value for name, value in table.items() if name not in ABOUT_EDITIONS}, folder)
    _lint(form, file)
    return form


class _Loader:
    """Turn tables into definitions, knowing the file for messages."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def form(self, table: Mapping[str, Any], folder: Path) -> Form:
        values = dict(table)
        sections = tuple(self.section(entry) for entry in self._tables(values.pop("section", []), "section"))
        header = tuple(self.field(entry) for entry in self._tables(values.pop("header", []), "header"))
        footer = tuple(self.field(entry) for entry in self._tables(values.pop("footer", []), "footer"))
        roles = self._build(Roles, values.pop("roles", {}), "roles")
        parts = {"sections": sections, "header": header, "footer": footer, "roles": roles, "folder": folder}
        return self._build(Form, values, "form", **parts, older=(), accepts=())

    def section(self, table: Mapping[str, Any]) -> Section:
        values = dict(table)
        place = str(values.get("key", "section"))
        groups = tuple(self._build(Group, entry, place) for entry in self._tables(values.pop("group", []), place))
        members = tuple(self.field(entry) for entry in self._tables(values.pop("field", []), place))
        return self._build(Section, values, place, groups=groups, fields=members)

    def field(self, table: Mapping[str, Any]) -> Field:
        values = dict(table)
        place = str(values.get("key", "field"))
        choices = tuple(self._build(Choice, entry, place) for entry in self._tables(values.pop("choices", []), place))
        columns = tuple(self.column(entry, place) for entry in self._tables(values.pop("columns", []), place))
        self._enumerations(values, place)
        return self._build(Field, values, place, choices=choices, columns=columns)

    def column(self, table: Mapping[str, Any], place: str) -> Column:
        values = dict(table)
        self._enumerations(values, f"{place}.{values.get('key', '')}")
        return self._build(Column, values, place)

    def _enumerations(self, values: dict[str, Any], place: str) -> None:
        for name, enumeration in (("kind", Kind), ("aggregate", Aggregate)):
            if name in values:
                try:
                    values[name] = enumeration(values[name])
                except ValueError:
                    known = ", ".join(enumeration)
                    raise FormError(self.file, place, f"{name} {values[name]!r} is none of {known}") from None

    def _tables(self, entry: object, place: str) -> Sequence[Mapping[str, Any]]:
        if not isinstance(entry, list) or not all(isinstance(item, Mapping) for item in entry):
            raise FormError(self.file, place, "must be a list of tables")
        return entry

    def _build(self, noun: type[Noun], values: Mapping[str, Any], place: str, **extra: Any) -> Noun:
        known = {item.name: item for item in fields(noun)}
        for name, value in values.items():
            if name not in known or name in extra:
                raise FormError(self.file, f"{place}.{name}", "is no known setting here")
            expected = int if known[name].type is int else str
            if not isinstance(value, expected):
                raise FormError(self.file, f"{place}.{name}", f"must be {expected.__name__}, not {value!r}")
        for name, item in known.items():
            if item.default is MISSING and item.default_factory is MISSING and name not in values and name not in extra:
                raise FormError(self.file, f"{place}.{name}", "is missing")
        return noun(**values, **extra)


def _lint(form: Form, file: Path) -> None:
    if form.language not in LANGUAGES:
        raise FormError(file, "language", f"{form.language!r} is none of {', '.join(LANGUAGES)}")
    _lint_keys(form, file)
    for field in form.fields.values():
        _lint_field(form, field, file)
    for field in form.surround.values():
        if field.kind not in _SURROUND_KINDS:
            raise FormError(file, field.key, f"a field around the form cannot be of kind {field.kind}")
    _lint_sheets(form, file)
    _lint_roles(form, file)


def _lint_sheets(form: Form, file: Path) -> None:
    titles = [text("sheet.form", form.language), text("sheet.instructions", form.language), MAP_SHEET]
    titles.append(text("sheet.review", form.language))
    for field in form.fields.values():
        if field.kind is Kind.TABLE:
            titles.append(field.sheet or field.label)
            if not SHEET_TITLE.match(titles[-1]):
                raise FormError(file, f"{field.key}.sheet", f"{titles[-1]!r} cannot be the title of a sheet in Excel")
    if len({title.casefold() for title in titles}) != len(titles):
        raise FormError(file, "sheet", f"sheet titles must differ: {', '.join(titles)}")


def _lint_keys(form: Form, file: Path) -> None:
    if not form.fields:
        raise FormError(file, "section", "the form has no field")
    keys = [section.key for section in form.sections]
    keys += [field.key for section in form.sections for field in section.fields]
    keys += [field.key for field in (*form.header, *form.footer)]
    for key, times in Counter(keys).items():
        if times > 1:
            raise FormError(file, key, "stands twice; section and field keys are unique in a form")
    inner = [part.key for field in form.fields.values() for part in field.parts]
    groups = [group.key for section in form.sections for group in section.groups]
    for key in (form.id, *keys, *inner, *groups):
        if not _KEY.match(key):
            raise FormError(file, key, "must be lower-case ASCII letters, digits and _, a letter first")


def _lint_field(form: Form, field: Field, file: Path) -> None:
    def refuse(reason: str) -> FormError:
        return FormError(file, field.key, reason)

    if (field.kind in {Kind.CHOICE, Kind.CHOICES}) != bool(field.choices):
        raise refuse("choices belong to the kinds choice and choices, and they need them")
    if (field.kind is Kind.TABLE) != bool(field.columns) or (field.kind is Kind.TABLE) != (field.rows > 0):
        raise refuse("columns and rows belong to the kind table, and it needs them")
    names = [name for part in field.parts for name in {part.key, part.label}]
    if len(names) != len(set(names)):
        raise refuse("choices and columns need keys and labels of their own")
    for column in field.columns:
        if column.kind not in _COLUMN_KINDS:
            raise refuse(f"column {column.key} cannot be of kind {column.kind}")
        if column.aggregate not in {Aggregate.NONE, Aggregate.SUM}:
            raise refuse(f"column {column.key} can only be summed or not added up")
    _lint_group(form, field, file)
    _lint_aggregate(form, field, file)


def _lint_group(form: Form, field: Field, file: Path) -> None:
    section = form.sections_of[field.key]
    if field.group and field.group not in {group.key for group in section.groups}:
        raise FormError(file, field.key, f"group {field.group!r} is not declared in section {section.key}")
    runs = [member.group for member in section.fields]
    starts = [group for place, group in enumerate(runs) if group and (place == 0 or runs[place - 1] != group)]
    if len(starts) != len(set(starts)):
        raise FormError(file, section.key, "the fields of a group must stand together")


def _lint_aggregate(form: Form, field: Field, file: Path) -> None:
    allowed = {Aggregate.NONE: True, Aggregate.SUM: field.kind in NUMBERS, Aggregate.MEAN: field.kind in NUMBERS}
    counted = field.kind in {Kind.YES_NO, Kind.CHOICE, Kind.CHOICES}
    if not allowed.get(field.aggregate, counted):
        raise FormError(file, field.key, f"a field of kind {field.kind} cannot be added up as {field.aggregate}")
    weight = form.fields.get(field.weight)
    if (field.aggregate is Aggregate.MEAN) != (weight is not None and weight.kind in NUMBERS):
        raise FormError(file, field.key, "a mean needs the key of a number field as its weight, nothing else does")


def _lint_roles(form: Form, file: Path) -> None:
    for item in fields(Roles):
        key = getattr(form.roles, item.name)
        home = form.fields if item.name in {"code", "name", "url", "by"} else form.surround
        if key and key not in home:
            raise FormError(file, f"roles.{item.name}", f"no field {key!r} there")
    if form.roles.by and form.fields[form.roles.by].kind is not Kind.CHOICE:
        raise FormError(file, "roles.by", "must name a field of kind choice")
