"""Find what a form declares and no workbook, rule or merge could work with."""

import pathlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace

from gwxl.errors import FormError, WorkbookError
from gwxl.files import excel_limits as limits
from gwxl.form.definition import Field, Form, Group, Section
from gwxl.form.headings import heading_key
from gwxl.form.headlines import MOST, figures_of
from gwxl.form.kinds import Aggregate, Kind
from gwxl.form.labels import normalise_label
from gwxl.form.layout import MAP_SHEET, end_of, lay_out
from gwxl.form.lists import FORM, LIST
from gwxl.form.matrix import Head, Line
from gwxl.form.parts import Choice, Column
from gwxl.form.roles import Roles
from gwxl.records.path import KEY

_KEY = re.compile(rf"{KEY}\Z")
_EDITION = re.compile(r"[A-Za-z0-9_.\-]{1,40}\Z")  # as it stands in the marker line
_OURS = MAP_SHEET.partition("_")[0]
_PREVIOUS = "prev"
_NAMING = frozenset({"code", "name", "url", "sponsor"})  # the roles that a field around the form may play as well
_MOST_CELLS = 75_000  # of one table, filled; a returned workbook with many more is not opened
_MOST_TABLES = 50  # each has a sheet of its own
_LONGEST = {"instruction": 8_000, "title": 200, "unit": 60, "number": 60}
_LONGEST_TEXT = 255  # any other one: what a list to choose from, a document property, a text in a formula may have

Part = Section | Group | Field | Choice | Column | Line | Head


def lint(form: Form, file: pathlib.Path) -> Iterator[FormError]:
    """Yield every mistake in a form whose settings are all of the right type.

    Args:
        form: the form, whatever its file says about other editions.
        file: the file it was read from.
    """
    for key, reason in _mistakes(form):
        yield FormError(file, key, reason)


Mistakes = Iterator[tuple[str, str]]


def _mistakes(form: Form) -> Mistakes:
    if not form.fields:
        yield "section", "the form has no field"
    if form.layout not in {FORM, LIST}:
        yield "layout", f"{form.layout!r} is none of {FORM}, {LIST}"
    if form.is_list and [field.kind.is_table for field in form.fields.values()] != [True]:
        yield "layout", "a list asks one table and nothing else; put what is asked once into [[header]]"
    yield from _edition(form)
    yield from _keys(form)
    yield from _texts(form)
    for field in {field.path.block: field for field in reversed(tuple(form.fields.values()))}.values():
        yield from _field(field)
        yield from _group(form, field)
        yield from _aggregate(form, field)
    for field in (*form.fields.values(), *form.surround.values()):
        if field.prefill and field.kind.is_list:
            yield field.key, f"a field of kind {field.kind} has no single cell, so a roster cannot say it (prefill)"
    yield from _find_list_mistakes(form)
    yield from _headlines(form)
    for field in form.surround.values():
        if field.formula:
            yield f"{field.key}.formula", "belongs to a field of a section; nothing around the form is worked out"
        if not field.kind.around:
            yield field.key, f"a field around the form cannot be of kind {field.kind}"
    yield from _labels(form)
    yield from _sheets(form)
    yield from _roles(form)


def _find_list_mistakes(form: Form) -> Mistakes:
    asked: list[tuple[str, Field | Column, Field | None]] = [
        (f"{field.key}.{column.key}", column, field) for field, column in _columns(form)
    ]
    asked += [(field.key, field, None) for field in form.fields.values()]
    for place, one, table in asked:
        if (one.list or one.where) and one.list not in form.lists:
            yield f"{place}.list", f"{one.list!r} is no list of the form; known are {', '.join(form.lists) or 'none'}"
        elif one.list and not (one.kind.is_text and not one.kind.is_link):
            yield f"{place}.list", f"a field of kind {one.kind} cannot be chosen from a list; make it a text or a code"
        elif one.where:
            yield from _where(form, one, table, place)
    for key in form.lists.keys() - {one.list for _, one, _ in asked}:
        yield f"lists.{key}", "no field or column is chosen from it"


def _where(form: Form, one: Field | Column, table: Field | None, place: str) -> Mistakes:
    heads = form.lists[one.list].heads[1:]
    if one.where not in heads:
        yield (
            f"{place}.where",
            f"{one.where!r} is no further column of the list; these are {', '.join(heads) or 'none'}",
        )
    columns = {column.key: column for column in table.columns} if table else {}
    beside: Field | Column | None = columns.get(one.where) or form.fields.get(one.where)
    if beside is None or not beside.kind.is_text or beside is one:
        yield f"{place}.where", f"needs a text or code {one.where!r}, a column beside it or a field of the form"


def _headlines(form: Form) -> Mistakes:
    found = [(field.key, len(tuple(figures_of(field)))) for field in form.fields.values() if field.headline]
    for key, count in found:
        if not count:
            yield key, "is not added up, so it cannot be a headline"
    if (count := sum(count for _, count in found)) > MOST:
        yield "headline", f"stands at fields of {count} figures; {MOST} at most come first"


def _edition(form: Form) -> Mistakes:
    if form.edition and not _EDITION.match(form.edition):
        yield "edition", f"{form.edition!r} must be ASCII letters, digits, . _ and -, 40 at most"


def _keys(form: Form) -> Mistakes:
    keys = [section.key for section in form.sections]
    asked = [field.within or field for section in form.sections for field in section.fields]
    keys += [field.key for field in {id(field): field for field in asked}.values()]
    keys += [field.key for field in (*form.header, *form.footer)]
    for key, times in Counter(keys).items():
        if times > 1:
            yield key, "stands twice; section and field keys are unique in a form"
    groups = [group.key for section in form.sections for group in section.groups]
    for section in form.sections:
        for key, times in Counter(group.key for group in section.groups).items():
            if times > 1:
                yield f"{section.key}.{key}", "two groups of a section have this key"
    inner = [part.key for field in form.fields.values() for part in field.parts]
    inner += [choice.key for _, column in _columns(form) for choice in column.choices]
    for key in dict.fromkeys((form.id, *keys, *inner, *groups)):
        if key and not _KEY.match(key):
            yield key, "must be lower-case ASCII letters, digits and _, a letter first, 100 at most"
    if _PREVIOUS in form.fields:
        yield _PREVIOUS, "means last year in a rule's expression; choose another key"
    yield from _places(form)


def _places(form: Form) -> Mistakes:
    """Yield the keys that would give two rows of the form sheet one key, or two cells of the workbook one name."""
    fixed = {row.key for row in lay_out(replace(form, sections=(), header=(), footer=())).rows}
    whole = [field.key for field in (*form.fields.values(), *form.matrices.values()) if field.parts or field.matrix]
    for key in (*(section.key for section in form.sections), *whole):
        if heading_key(key) in fixed:
            yield key, "is the key of a row that every form has; choose another"
    paths = [field.path for field in (*form.fields.values(), *form.surround.values(), *form.matrices.values())]
    paths += [path for field in form.fields.values() for path in field.inner]
    named: set[str] = set()
    ends = [end_of(field) for field in form.fields.values() if field.columns]
    for path in (*dict.fromkeys(paths), *ends):
        if path.defined_name in named:
            yield path, f"would share the name {path.defined_name} with another cell; choose another key"
        named.add(path.defined_name)


def _texts(form: Form) -> Mistakes:
    for place, name, value in _collect_texts(form):
        most = _LONGEST.get(name, _LONGEST_TEXT)
        if limits.units(value) > most:
            yield (
                f"{place}{name}",
                f"has {limits.units(value)} characters, {most} are possible; shorten {value[:20]!r}…",
            )
        if name in {"label", "title"} and not normalise_label(value):
            yield f"{place}{name}", "needs a letter or a digit: the reader finds it by them"


def _collect_texts(form: Form) -> Iterator[tuple[str, str, str]]:
    """Yield place, name and value of every text that stands in the workbook."""
    yield "", "title", form.title
    for section in form.sections:
        yield from _find_texts(section, section.key)
        for group in section.groups:
            yield from _find_texts(group, f"{section.key}.{group.key}")
    for field in (*form.fields.values(), *form.surround.values(), *form.matrices.values()):
        yield from _find_texts(field, field.key)
        for part in field.parts:
            yield from _find_texts(part, f"{field.key}.{part.key}")
        for line in (*field.matrix.rows, *field.matrix.columns) if field.matrix else ():
            for level in line.levels:
                yield from _find_texts(level, f"{field.key}.{level.key}")
    for field, column in _columns(form):
        for choice in column.choices:
            yield from _find_texts(choice, f"{field.key}.{column.key}.{choice.key}")


def _columns(form: Form) -> Iterator[tuple[Field, Column]]:
    """Yield each column of a table after its field."""
    return ((field, column) for field in form.fields.values() for column in field.columns)


def _find_texts(part: Part, place: str) -> Iterator[tuple[str, str, str]]:
    for item in fields(part):
        value = getattr(part, item.name)
        if type(value) is str and item.name not in {"key", "group", "weight", "when"}:
            yield f"{place}.", item.name, value


def _field(field: Field) -> Mistakes:
    asked: list[tuple[str, Field | Column]] = [(f"{field.key}.{one.key}", one) for one in field.columns]
    for place, one in [(field.key, field), *asked]:
        if one.formula and not one.kind.is_number:
            yield f"{place}.formula", f"gives a number, which no {one.kind} is; make it a count or a decimal"
    yield from _choices(field, field.key)
    if field.kind.is_table != bool(field.columns) or field.kind.is_table != (field.rows > 0):
        yield field.key, "columns and rows belong to the kind table, and it needs them"
    yield from _parts(field.kind, field.parts, field.key)
    if (cells := field.rows * len(field.columns)) > _MOST_CELLS:
        yield (
            f"{field.key}.rows",
            f"{cells:,} cells are more than a workbook can be read back with; at most {_MOST_CELLS:,}",
        )
    for column in field.columns:
        if not column.kind.in_column:
            yield field.key, f"column {column.key} cannot be of kind {column.kind}"
            continue
        yield from _choices(column, f"{field.key}.{column.key}")
        yield from _parts(column.kind, column.choices, f"{field.key}.{column.key}")
        if column.aggregate is Aggregate.COUNT:
            yield field.key, f"column {column.key} can only be summed, averaged over its rows or not added up"
        if column.aggregate is Aggregate.MEAN and not column.kind.is_number:
            yield field.key, f"column {column.key} is of kind {column.kind}, of which there is no mean"


def _choices(asked: Field | Column, place: str) -> Mistakes:
    if asked.kind.has_choices != bool(asked.choices):
        yield place, "choices belong to the kinds choice and choices, and they need them"


def _parts(kind: Kind, parts: Sequence[Choice | Column], place: str) -> Mistakes:
    plain = _as_read if kind.is_choice else normalise_label
    if (twice := _find_repeated(part.key for part in parts)) or (twice := _find_alike(parts, plain)):
        yield place, f"choices and columns need keys and labels of their own; {twice!r} stands twice"
    if mixed := {part.key for part in parts} & {part.label for part in parts if part.label != part.key}:
        yield place, f"choices and columns need keys and labels of their own; {min(mixed)!r} is key and label"


def _find_repeated(names: Iterable[str]) -> str:
    return next((name for name, times in Counter(names).items() if times > 1), "")


def _find_alike(parts: Sequence[Field | Choice | Column], plain: Callable[[str], str] = normalise_label) -> str:
    """Return the first label of which there is another that the reader takes for the same; empty where none is."""
    seen: set[str] = set()
    for part in parts:
        if plain(part.label) and plain(part.label) in seen:
            return part.label
        seen.add(plain(part.label))
    return ""


def _as_read(label: str) -> str:
    """Return the label of an answer as it is compared with what was chosen."""
    return "".join(unicodedata.normalize("NFKC", label).casefold().split())


def _group(form: Form, field: Field) -> Mistakes:
    section = form.sections_of[field.key]
    if field.group and field.group not in {group.key for group in section.groups}:
        yield field.key, f"group {field.group!r} is not declared in section {section.key}"
    runs = [member.group for member in section.fields]
    starts = [group for place, group in enumerate(runs) if group and (place == 0 or runs[place - 1] != group)]
    if len(starts) != len(set(starts)) and field is section.fields[0]:
        yield section.key, "the fields of a group must stand together"


def _labels(form: Form) -> Mistakes:
    """Yield the labels that stand twice under one heading: neither reader nor message could tell which is meant."""
    for section in form.sections:
        for group in dict.fromkeys(field.group for field in section.fields):
            under = [field.within or field for field in section.fields if field.group == group]
            together = list({field.key: field for field in under}.values())
            if twice := _find_alike(together):
                yield (
                    f"{section.key}.{group}" if group else section.key,
                    f"the label {twice!r} stands twice under one heading",
                )
    if twice := _find_alike((*form.header, *form.footer)):
        yield "header", f"the label {twice!r} stands twice around the form"


def _aggregate(form: Form, field: Field) -> Mistakes:
    if field.aggregate not in field.kind.aggregates:
        yield field.key, f"a field of kind {field.kind} cannot be added up as {field.aggregate}"
    weight = form.fields.get(field.weight)
    if (field.aggregate is Aggregate.MEAN) != (weight is not None and weight.kind.is_number):
        yield field.key, "a mean needs the key of a number field as its weight, nothing else does"


def _sheets(form: Form) -> Mistakes:
    titles = [form.say(f"sheet.{name}") for name in ("form", "instructions", "review")]
    for field in (*form.fields.values(), *form.matrices.values()):
        if field.kind.is_table or field.kind.is_matrix:
            title = field.sheet or field.label
            titles.append(title)
            try:
                limits.check_sheet_title(title)
            except WorkbookError:
                yield f"{field.key}.sheet", f"{title!r} cannot be the title of a sheet in Excel: {_TITLE_TAKES}"
            if title.casefold().startswith(_OURS):
                yield f"{field.key}.sheet", f"{title!r} begins like the hidden sheets; choose another title"
    if len(titles) > _MOST_TABLES + 3:
        yield "sheet", f"the form has {len(titles) - 3} tables and matrices, {_MOST_TABLES} are possible"
    if len({title.casefold() for title in titles}) != len(titles):
        yield "sheet", f"sheet titles must differ: {', '.join(titles)}"


_TITLE_TAKES = "1 to 31 characters, none of []:*?/\\, no ' at an end, not History"


def _roles(form: Form) -> Mistakes:
    for item in fields(Roles):
        key = getattr(form.roles, item.name)
        homes = [form.fields] if item.name == "by" else [form.surround]
        homes += [form.fields] if item.name in _NAMING else []
        if key and not any(key in home for home in homes):
            yield f"roles.{item.name}", f"no field {key!r} there"
    by = form.fields.get(form.roles.by)
    if by is not None and not by.kind.is_choice:
        yield "roles.by", "must name a field of kind choice"
