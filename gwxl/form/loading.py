"""Read the files of a form; every mistake in them is told with file, key and reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from gwxl.errors import FormError
from gwxl.files.declarations import Report, catch_mistake, read_declaration, refuse, stranger, tidy_line, tidy_lines
from gwxl.files.plain_files import refuse_link
from gwxl.form.definition import Field, Form, Group, Section
from gwxl.form.editions import ABOUT_EDITIONS, with_editions
from gwxl.form.kinds import KINDS, MATRIX, TEXT, Aggregate, Kind
from gwxl.form.lint import lint
from gwxl.form.lists import CodeList, read_lists
from gwxl.form.matrices.loading import cells_of, read_matrix
from gwxl.form.parts import Choice, Column
from gwxl.form.roles import Roles
from gwxl.records.period import Span
from gwxl.wording import LANGUAGES

FILE_NAME = "form.toml"
EDITIONS = "editions"
_MOST_EDITIONS = 100

Noun = TypeVar("Noun", bound="Form | Section | Group | Field | Choice | Column | Roles")
Keyed = TypeVar("Keyed", bound="Section | Group | Field | Choice | Column")

_OF_MATRIX = frozenset({"rows", "columns", "cell", "closed"})
_NO_MATRIX: Mapping[str, Any] = {"matrix": None, "within": None, "sums": (), "typed": False}
_LINES = "instruction"  # the one text that may have several lines
_NAMED: Mapping[str, Mapping[str, Kind | Aggregate]] = {
    "kind": KINDS,
    "aggregate": {str(one): one for one in Aggregate},
}
_NO_PERIOD = "none"
_FORMULA = "formula"
_NOT_TEXT: Mapping[Any, type] = {int: int, bool: bool}


def load_form(folder: Path, report: Report = refuse) -> Form:
    """Load and check ``form.toml`` of a form's folder and every older edition in ``editions/``.

    Args:
        folder: the form's folder.
        report: what is done with a mistake. Where it returns, loading goes on with what is right.

    Raises:
        FormError: form.toml is missing or no TOML, or ``report`` raises what a file says that cannot work.
    """
    file = folder / FILE_NAME
    table = _read(file)
    form = _form(file, table, folder, report)
    older: dict[Path, Form] = {}
    for path in _editions(folder / EDITIONS):
        with catch_mistake(report):
            older[path] = _form(path, _read(path), folder, report)
    with catch_mistake(report):
        return with_editions(form, file, table, older, report)
    return form


def _editions(folder: Path) -> list[Path]:
    if folder.is_symlink():
        raise refuse_link(partial(FormError, folder, ""))
    paths = sorted(islice(folder.glob("*.toml"), _MOST_EDITIONS + 1))
    if len(paths) > _MOST_EDITIONS:
        raise FormError(folder, "", f"holds more than {_MOST_EDITIONS} editions; take out those nobody has any more")
    return paths


def _read(file: Path) -> dict[str, Any]:
    return read_declaration(file, partial(FormError, file))


def _form(file: Path, table: Mapping[str, Any], folder: Path, report: Report) -> Form:
    """Return the form a file declares; what it says about other editions is left to the caller."""
    own = {name: value for name, value in table.items() if name not in ABOUT_EDITIONS}
    form = _Loader(file, report).form(own, folder)
    for mistake in lint(form, file):
        report(mistake)
    return form


class _Loader:
    """A builder of definitions; what is wrong is told and left out, what is missing told and left blank."""

    def __init__(self, file: Path, report: Report) -> None:
        self.file = file
        self.report = report

    def refuse(self, key: str, reason: str) -> None:
        self.report(FormError(self.file, key, reason))

    def form(self, table: Mapping[str, Any], folder: Path) -> Form:
        values = dict(table)
        if values.get("language", LANGUAGES[0]) not in LANGUAGES:
            self.refuse("language", f"{values['language']!r} is none of {', '.join(LANGUAGES)}")
            values["language"] = LANGUAGES[0]
        sections = _drop_keyless(self.section(entry) for entry in self._tables(values.pop("section", []), "section"))
        header = _drop_keyless(self.field(entry) for entry in self._tables(values.pop("header", []), "header"))
        footer = _drop_keyless(self.field(entry) for entry in self._tables(values.pop("footer", []), "footer"))
        span = self.span(self._table(values.pop("period", {}), "period"))
        lists = {one.key: one for one in self.lists(values.pop("lists", {}), folder)}
        roles = self._build(Roles, self._table(values.pop("roles", {}), "roles"), "roles")
        parts = {
            "sections": sections,
            "header": header,
            "footer": footer,
            "roles": roles,
            "folder": folder,
            "lists": lists,
            "span": span,
        }
        return self._build(Form, values, "form", **parts, older=(), accepts=())

    def span(self, table: Mapping[str, Any]) -> Span | None:
        """Return how long the period is that a form asks about; a year where it says nothing."""
        for name in table.keys() - {"kind"}:
            self.refuse(f"period.{name}", "is no known setting here; known are kind")
        told = table.get("kind", Span.YEAR)
        if told not in [*Span, _NO_PERIOD]:
            self.refuse("period.kind", f"{told!r} is none of {', '.join([*Span, _NO_PERIOD])}")
            return Span.YEAR
        return None if told == _NO_PERIOD else Span(told)

    def lists(self, tables: object, folder: Path) -> Iterator[CodeList]:
        for one in read_lists(self._table(tables, "lists"), folder, self.file):
            if isinstance(one, CodeList):
                yield one
            else:
                self.report(one)

    def section(self, table: Mapping[str, Any]) -> Section:
        values = dict(table)
        place = _place(values, "section")
        groups = _drop_keyless(
            self._build(Group, entry, place) for entry in self._tables(values.pop("group", []), place)
        )
        members = _drop_keyless(self.field(entry) for entry in self._tables(values.pop("field", []), place))
        return self._build(Section, values, place, groups=groups, fields=tuple(chain(*map(cells_of, members))))

    def field(self, table: Mapping[str, Any]) -> Field:
        values = dict(table)
        place = _place(values, "field")
        if values.get("kind") == MATRIX.name:
            return self.matrix(values, place)
        self._refuse_empty_formula(values, place)
        choices = self.choices(values, place)
        columns = _drop_keyless(self.column(entry, place) for entry in self._tables(values.pop("columns", []), place))
        self._enumerations(values, place)
        return self._build(Field, values, place, choices=choices, columns=columns, **_NO_MATRIX)

    def matrix(self, values: dict[str, Any], place: str) -> Field:
        """Return a matrix field; what it says of rows, columns and cells is taken apart by its own reader."""
        own = {name: values.pop(name) for name in _OF_MATRIX & values.keys()}
        if _FORMULA in values:
            self.refuse(f"{place}.{_FORMULA}", "belongs to one of its rows or columns; put it there")
        cell = dict(self._table(own.pop("cell", {}), f"{place}.cell"))
        choices = _drop_keyless(
            self._build(Choice, entry, place) for entry in self._tables(cell.pop("choices", []), place)
        )
        self._enumerations(cell, f"{place}.cell")
        held = self._build(Column, {**cell, "key": "cell", "label": "cell"}, f"{place}.cell")
        matrix = read_matrix(str(values.get("key", "")), own, held, lambda key, why: self.refuse(f"{place}.{key}", why))
        self._enumerations(values, place)
        return self._build(Field, values, place, **{**_NO_MATRIX, "matrix": matrix, "choices": choices, "columns": ()})

    def column(self, table: Mapping[str, Any], place: str) -> Column:
        values = dict(table)
        place = f"{place}.{values.get('key', '')}"
        self._refuse_empty_formula(values, place)
        self._enumerations(values, place)
        return self._build(Column, values, place, choices=self.choices(values, place))

    def choices(self, values: dict[str, Any], place: str) -> tuple[Choice, ...]:
        entries = self._tables(values.pop("choices", []), place)
        return _drop_keyless(self._build(Choice, entry, place) for entry in entries)

    def _refuse_empty_formula(self, values: Mapping[str, Any], place: str) -> None:
        if not str(values.get(_FORMULA, _FORMULA)).strip():
            self.refuse(f"{place}.{_FORMULA}", "is empty; write what it is worked out by, or leave the key out")

    def _enumerations(self, values: dict[str, Any], place: str) -> None:
        for name, known in _NAMED.items():
            if name in values:
                told = values[name]
                if not isinstance(told, str) or told not in known:
                    self.refuse(place, f"{name} {told!r} is none of {', '.join(known)}")
                    told = next(iter(known))
                values[name] = known[told]

    def _tables(self, entry: object, place: str) -> Sequence[Mapping[str, Any]]:
        if isinstance(entry, list) and all(isinstance(item, Mapping) for item in entry):
            return entry
        self.refuse(place, "must be a list of tables")
        return []

    def _table(self, entry: object, place: str) -> Mapping[str, Any]:
        if isinstance(entry, Mapping):
            return entry
        self.refuse(place, "must be a table")
        return {}

    def _build(self, noun: type[Noun], values: Mapping[str, Any], place: str, **extra: Any) -> Noun:
        known = {item.name: item for item in fields(noun) if item.name not in extra}
        for name in (name for name in values if name not in known):
            self.refuse(f"{place}.{name}", f"is no known setting here; known are {', '.join(sorted(known))}")
        taken = {
            name: self._value(values[name], _NOT_TEXT.get(known[name].type, str), f"{place}.{name}")
            for name in values
            if name in known
        }
        for name, item in known.items():
            if name not in taken and item.default is MISSING and item.default_factory is MISSING:
                self.refuse(f"{place}.{name}", "is missing")
                taken[name] = TEXT if item.type is Kind else ""
        return noun(**taken, **extra)

    def _value(self, value: Any, expected: type, place: str) -> Any:
        if isinstance(value, Kind | Aggregate):
            return value
        if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            self.refuse(place, f"must be {expected.__name__}, not {value!r}")
            return "" if expected is str else expected(1)
        if not isinstance(value, str):
            return value
        if found := stranger(tidy_lines(value)):
            self.refuse(place, f"holds {found}, which cannot stand in a workbook; remove it")
        return tidy_lines(value) if place.endswith(f".{_LINES}") else tidy_line(value)


def _place(values: Mapping[str, Any], noun: str) -> str:
    """Return the key of a table, else what tells best which one it is."""
    return str(values.get("key", values.get("label", noun)))


def _drop_keyless(nouns: Iterator[Keyed]) -> tuple[Keyed, ...]:
    """Return the definitions that have a key; that of any other was told to be missing."""
    return tuple(noun for noun in nouns if noun.key)
