"""The declared form: sections, groups, fields, choices, table columns."""

import hashlib
import pathlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property

from gwxl.form.kinds import Aggregate, Kind
from gwxl.form.labels import normalise_label
from gwxl.form.lists import LIST, CodeList
from gwxl.form.matrix import Matrix
from gwxl.form.parts import Choice, Column
from gwxl.form.roles import Roles
from gwxl.records.path import Path
from gwxl.records.period import Period, Span
from gwxl.wording import text


@dataclass(frozen=True, kw_only=True)
class Group:
    """The head of a run of fields inside a section.

    Attributes:
        when: the condition under which they are asked, empty for always.
    """

    key: str
    number: str
    label: str
    when: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question.

    Attributes:
        key: ASCII, unique in the form.
        label: as printed in the form; not unique by itself.
        number: as printed before the label, e.g. ``1`` or ``（1）``.
        group: key of its group, empty when it stands directly in the section.
        instruction: the clause of the official instructions, complete.
        choices: the answers of a choice or choices field.
        columns: of a table field; rows is how many the template offers, sheet the title of its sheet, else its label.
        aggregate: how it is added up; weight names the field that weighs a mean.
        note: words that stand wherever it is added up. caution: what it is easily taken for, in its prompt.
        publish: it stands on the page that is published. prefill: the roster of a campaign may say it.
        headline: it is one of the figures that come first when returns are summed up.
        list: the key of the list it is chosen from; where: the column of it, and the field beside it, that narrow it.
        matrix: of a matrix field, which is in no section itself: each of its cells is, ``within`` it.
        sums: the cells it adds up, of a total in a matrix; ``typed`` where it is filled in and compared.
        formula: what it is worked out by, of a field that nobody fills in, rounded to ``decimals``.
        when: the condition under which it is asked, empty for always.
    """

    key: str
    label: str
    kind: Kind
    number: str = ""
    group: str = ""
    unit: str = ""
    instruction: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: int = 0
    sheet: str = ""
    aggregate: Aggregate = Aggregate.NONE
    weight: str = ""
    note: str = ""
    caution: str = ""
    publish: bool = True
    prefill: bool = False
    headline: bool = False
    list: str = ""
    where: str = ""
    matrix: Matrix | None = None
    within: "Field | None" = None
    sums: tuple[Path, ...] = ()
    typed: bool = False
    formula: str = ""
    decimals: int = 2
    when: str = ""

    @property
    def is_calculated(self) -> bool:
        """Tell whether nobody fills it in: it is added up from others, or worked out."""
        return bool(self.formula) or (bool(self.sums) and not self.typed)

    @property
    def path(self) -> Path:
        """Return the path of the whole field."""
        return Path(self.key)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return the path of each input row: one a choice of a choices field, none for a table."""
        if self.kind.is_choices:
            return self.inner
        return () if self.kind.is_table else (self.path,)

    @property
    def inner(self) -> tuple[Path, ...]:
        """Return the path of each choice of a choice field, of each column of a table."""
        return tuple(Path(self.key, part.key) for part in self.parts)

    @property
    def parts(self) -> tuple[Choice | Column, ...]:
        """Return the choices of a choice field, the columns of a table, nothing of any other."""
        return self.choices or self.columns

    def choice(self, key: str) -> Choice:
        """Return the choice of a key."""
        return next(choice for choice in self.choices if choice.key == key)

    @cached_property
    def keys_of_columns(self) -> frozenset[str]:
        """Return the keys of the columns of a table."""
        return frozenset(column.key for column in self.columns)

    def column(self, key: str) -> Column:
        """Return the column of a key."""
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the form, with its head.

    Attributes:
        when: the condition under which its fields are asked, empty for always.
    """

    key: str
    number: str
    label: str
    instruction: str = ""
    when: str = ""
    groups: tuple[Group, ...] = ()
    fields: tuple[Field, ...]

    def group(self, key: str) -> Group:
        """Return the group of a key."""
        return next(group for group in self.groups if group.key == key)


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An older edition of a form beside the current one.

    Attributes:
        form: the form as it was, complete.
        renamed: pairs of a path there and its path in the current edition: a field's key, a choice
            (``innovations.other``) or a table's column (``other_media.posts``).
    """

    form: "Form"
    renamed: tuple[tuple[Path, Path], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Form:
    """One declared form.

    Attributes:
        id: ASCII, the name of its folder.
        folder: where it was loaded from, with its Jinja2 templates.
        header: fields above the sections, footer: below them; optional, never part of the fields.
        older: its older editions, the oldest first; accepts: those whose returns count in a merge.
        span: how long its period is, None for no time; layout: ``form``, or ``list`` of one table; lists: by key.
    """

    id: str
    title: str
    edition: str
    language: str
    sections: tuple[Section, ...]
    folder: pathlib.Path
    roles: Roles = Roles()  # noqa: RUF009 - frozen, so that sharing one is safe
    header: tuple[Field, ...] = ()
    footer: tuple[Field, ...] = ()
    older: tuple[Edition, ...] = ()
    accepts: tuple[str, ...] = ()
    span: Span | None = Span.YEAR
    layout: str = "form"
    lists: Mapping[str, CodeList] = dataclass_field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.id, self.edition))  # quick: a form is looked up for every file

    def say(self, key: str, **values: object) -> str:
        """Return a text of the program in the language of the form, its ``{name}`` places filled.

        ``{code_label}`` is what the form calls the code that tells its returns apart; ``{last_period}`` and the like
        are as :attr:`Span.words` has them.
        """
        return text(key, self.language, code_label=self._code_label, **self._period_words, **values)

    def asks_of(self, period: Period) -> bool:
        """Tell whether a period is one that the form can be of."""
        return period.year is not None and period.span is self.span

    def entitle(self, period: Period) -> str:
        """Return the title with a period."""
        return period.entitle(self.title, self.language)

    @cached_property
    def _period_words(self) -> Mapping[str, Mapping[str, str]]:
        return (self.span or Span.YEAR).words

    @cached_property
    def _code_label(self) -> str:
        code = {**self.surround, **self.fields}.get(self.roles.code)
        return code.label if code else text("form.code", self.language)

    def older_edition(self, edition: str) -> Edition | None:
        """Return the older edition of a name, None for the current one and for those nobody declared."""
        return next((one for one in self.older if one.form.edition == edition), None)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Return the fields of the sections by key, in form order."""
        return {field.key: field for section in self.sections for field in section.fields}

    @cached_property
    def matrices(self) -> Mapping[str, Field]:
        """Return the matrix fields by key, in form order; their cells are among :attr:`fields`."""
        return {field.within.key: field.within for field in self.fields.values() if field.within}

    @property
    def questions(self) -> int:
        """Return how many fields are declared, a matrix one of them."""
        return len({(field.within or field).key for field in self.fields.values()})

    @cached_property
    def surround(self) -> Mapping[str, Field]:
        """Return the fields around the form by key, header first."""
        return {field.key: field for field in (*self.header, *self.footer)}

    @cached_property
    def prefilled(self) -> tuple[Field, ...]:
        """Return the fields a roster may say beside code and name, in the order of the form."""
        every = (*self.header, *self.fields.values(), *self.footer)
        return tuple(field for field in every if field.prefill and field.key not in {self.roles.code, self.roles.name})

    @cached_property
    def sections_of(self) -> Mapping[str, Section]:
        """Return the section of each field key."""
        return {key: sec for sec in self.sections for field in sec.fields for key in (field.key, field.path.block)}

    @cached_property
    def _short_labels(self) -> Mapping[str, str]:
        labels = Counter(field.label for field in self.fields.values())
        return {
            field.key: field.label if labels[field.label] == 1 else f"{self.heading(field)}·{field.label}"
            for field in self.fields.values()
        }

    def field_of(self, path: Path) -> Field:
        """Return the field a path belongs to: of the form or around it.

        Raises:
            KeyError: no field has this path.
        """
        key = path.field
        return {**self.surround, **self.matrices}[key] if key not in self.fields else self.fields[key]

    def question_at(self, path: Path) -> Field | Column:
        """Return what is asked at a path: the column of a table's cell, else the field.

        Raises:
            KeyError: no field has this path.
        """
        field = self.field_of(path)
        return field.column(path.part) if path.part and field.kind.is_table else field

    @property
    def is_list(self) -> bool:
        """Tell whether one table is all it asks: its sheet comes first."""
        return self.layout == LIST

    def heading(self, field: Field) -> str:
        """Return the label of the matrix, else of the group, else of the section, a field stands under."""
        section = self.sections_of[field.key]
        return (field.within or (section.group(field.group) if field.group else section)).label

    def label(self, path: Path) -> str:
        """Return a label that is unique in the form: with its heading where the bare one is not.

        Raises:
            KeyError: no field has this path.
        """
        field = self.field_of(path)
        base = self._short_labels.get(field.key, field.label)
        if path.row is not None:
            return f"{base}[{path.row}]·{field.column(path.part).label}"
        if path.part and field.kind.is_list:
            return f"{base}·{next(part.label for part in field.parts if part.key == path.part)}"
        return base

    def label_path(self, path: Path) -> str:
        """Return section, group, number and label of a path, joined by ``›``."""
        field = self.field_of(path)
        section = self.sections_of.get(field.key)
        parts = [text("form.section", self.language, number=section.number, label=section.label)] if section else []
        if section and field.group:
            group = section.group(field.group)
            parts.append(f"{group.number}.{group.label}")
        parts += [field.within.label] if field.within else []
        if path == field.key:
            point = "." if field.number.isdigit() else ""
            parts.append(f"{field.number}{point}{field.label}")
        else:
            parts += [field.label, self.label(path).rpartition("·")[2]]
        return " › ".join(parts)

    def order(self, path: Path | None) -> tuple[int, int, str]:
        """Return a sort key: None, the whole file, then unknown paths, then paths in form order."""
        if path is None:
            return -2, 0, ""
        field, part = self.fields.get(path.field), path.part
        inner_keys = [one.key for one in field.parts] if field and part else []
        inner = f"{inner_keys.index(part):03}" if part in inner_keys else part
        return self._places.get(path.field, -1), path.number, inner

    @cached_property
    def _places(self) -> Mapping[str, int]:
        inner = (key for f in self.fields.values() for key in dict.fromkeys((f.path.block, f.key)))
        keys = dict.fromkeys((*(f.key for f in self.header), *inner, *(f.key for f in self.footer)))
        return {key: place for place, key in enumerate(keys)}

    @cached_property
    def fingerprint(self) -> str:
        """Return a hash over what the form asks: keys, sections, labels, kinds, choices; no rules."""
        lines = sorted(_identity_lines(self))
        lines += [] if self.span is Span.YEAR else [f"period={self.span}"]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _identity_lines(form: Form) -> Iterator[str]:
    for section in form.sections:
        for field in section.fields:
            inner = [f"{part.key}={normalise_label(part.label)}" for part in field.parts]
            pairs = ((column.key, choice) for column in field.columns for choice in column.choices)
            inner += [f"{key}.{choice.key}={normalise_label(choice.label)}" for key, choice in pairs]
            yield "|".join([field.key, section.key, normalise_label(field.label), field.kind.name, *inner])
