"""Tie a form to its older editions, and refuse what its file must not say about them."""

import pathlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from gwxl.errors import FormError
from gwxl.files.declarations import Report, catch_mistake, refuse
from gwxl.form.definition import Edition, Field, Form
from gwxl.form.edition_mapping import passage
from gwxl.form.parts import Choice, Column
from gwxl.records.path import Path

ACCEPTS, RENAMED = "accepts", "renamed"
Pairs = tuple[tuple[Path, Path], ...]
"""Path in an older edition, path in the current one."""

ABOUT_EDITIONS = frozenset({ACCEPTS, RENAMED})
"""What a form file says about other editions; in the file of an older edition it is passed over."""


@lru_cache
def edition_order(name: str) -> tuple[int, ...]:
    """Return a sort key that puts edition ``2`` before ``10``: the numbers in its name."""
    return tuple(int(part) for part in re.findall(r"[0-9]+", name))


def with_editions(
    form: Form,
    file: pathlib.Path,
    table: Mapping[str, Any],
    older: Mapping[pathlib.Path, Form],
    report: Report = refuse,
) -> Form:
    """Return a form that knows its older editions, which of them it accepts, and what was renamed since.

    Args:
        form: the current edition.
        file: its file.
        table: what stands in that file.
        older: file → form of each older edition.
        report: what is done with a mistake.

    Raises:
        FormError: an older edition or what is said about it does not fit.
    """
    for path, one in older.items():
        with catch_mistake(report):
            _lint_older(form, one, path)
    known = {
        one.edition: one for one in sorted(older.values(), key=lambda one: (edition_order(one.edition), one.edition))
    }
    tables = _Tables(form=form, file=file, known=known, report=report)
    renamed = tables.read_renamed(table.get(RENAMED, {}))
    editions = tuple(Edition(form=one, renamed=renamed.get(name, ())) for name, one in known.items())
    return replace(form, older=editions, accepts=tables.accepts(table.get(ACCEPTS, [])))


def _lint_older(form: Form, older: Form, file: pathlib.Path) -> None:
    for name, wanted in (("id", form.id), ("language", form.language), ("edition", file.stem)):
        found = getattr(older, name)
        if found != wanted:
            raise FormError(file, name, f"is {found!r}, expected {wanted!r}")
    if older.edition == form.edition:
        raise FormError(file, "edition", f"{older.edition!r} is the edition of form.toml itself")


@dataclass(frozen=True, kw_only=True)
class _Tables:
    """A reader of what a form file says about older editions."""

    form: Form
    file: pathlib.Path
    known: Mapping[str, Form]
    report: Report

    def accepts(self, entry: object) -> tuple[str, ...]:
        if not isinstance(entry, list) or not all(isinstance(name, str) for name in entry):
            raise self.refuse(ACCEPTS, "must be a list of editions")
        for name in entry:
            if name not in self.known:
                raise self.refuse(ACCEPTS, f"{name!r} has no file in editions/; there are {self.listed}")
        return tuple(dict.fromkeys(entry))

    def read_renamed(self, entry: object) -> Mapping[str, Pairs]:
        if not isinstance(entry, Mapping):
            raise self.refuse(RENAMED, "must hold a table an edition, old key = new key")
        return {name: self.pairs(name, table) for name, table in entry.items()}

    def pairs(self, name: str, table: object) -> Pairs:
        place = f"{RENAMED}.{name}"
        if name not in self.known:
            raise self.refuse(place, f"no such edition in editions/; there are {self.listed}")
        if not isinstance(table, Mapping) or not all(isinstance(to, str) for to in table.values()):
            raise self.refuse(place, "must be a table of old key = new key; a dotted key stands in quotes")
        pairs = tuple((Path(old), Path(new)) for old, new in table.items())
        edition = Edition(form=self.known[name], renamed=pairs)
        for old, new in edition.renamed:
            with catch_mistake(self.report):
                self.check(edition, old, new, f"{place}.{old}")
        self.check_apart(edition, place)
        return edition.renamed

    def check(self, edition: Edition, old: Path, new: Path, place: str) -> None:
        """Check that both paths are there, of one level and kind, and the field of a part leads to the same field."""
        here, there = _parts(edition.form).get(old), _parts(self.form).get(new)
        if here is None:
            raise self.refuse(place, f"edition {edition.form.edition} has no {old!r}")
        if there is None:
            raise self.refuse(place, f"the current edition has no {new!r}")
        homes = [path.field in form.surround for path, form in ((old, edition.form), (new, self.form))]
        if type(here) is not type(there) or homes[0] is not homes[1]:
            raise self.refuse(
                place, f"{new!r} is no place for it: a field, a choice, a column and a line around differ"
            )
        if not _is_alike(here, there):
            raise self.refuse(place, f"{old!r} and {new!r} are of different kinds, so no answer could move")
        way = passage(edition, self.form).ways.get(old.whole)
        if old.part and way != new.field:
            raise self.refuse(place, f"its field {'leads nowhere' if way is None else f'is now {way!r}'}")

    def check_apart(self, edition: Edition, place: str) -> None:
        """Check that no two paths lead to one."""
        taken: dict[Path, Path] = {}
        for old, new in passage(edition, self.form).ways.items():
            if new in taken:
                kept = old if old == new else taken[new]
                also = f"{taken[new]!r} and {old!r} would both become {new!r}"
                hint = f"; {kept!r} keeps its name" if kept == new else ""
                raise self.refuse(f"{place}.{old if kept != old else taken[new]}", also + hint)
            taken[new] = old

    def refuse(self, key: str, reason: str) -> FormError:
        return FormError(self.file, key, reason)

    @property
    def listed(self) -> str:
        return ", ".join(self.known) or "none"


Part = Field | Choice | Column


def _parts(form: Form) -> Mapping[Path, Part]:
    """Return path → field, choice or column: everything that can be renamed."""
    return dict(_walk(form))


def _walk(form: Form) -> Iterator[tuple[Path, Part]]:
    for asked in (*form.fields.values(), *form.surround.values()):
        yield asked.path, asked
        yield from zip(asked.inner, asked.parts, strict=True)


def _is_alike(one: Part, other: Part) -> bool:
    return getattr(one, "kind", None) is getattr(other, "kind", None)
