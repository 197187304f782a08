"""Say where what an older edition of a form asked stands in the current one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gwxl.form.definition import TABLE_CELL, Choice, Column, Edition, Field, Form, Kind

_TAKEN_APART = frozenset({Kind.CHOICES, Kind.TABLE})  # asked in several inputs, each with a path of its own


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Lead from the paths of an older edition to those of the current one.

    Attributes:
        old: the older edition. new: the current form.
        renamed: path there → path here, where the two differ.
    """

    old: Form
    new: Form
    renamed: Mapping[str, str]

    def to(self, path: str) -> str | None:
        """Return where a path of the older edition stands now, None where nothing of its kind does.

        Args:
            path: a field's key, a choice, a table's column or a cell of it (``other_media[3].posts``).
        """
        match = TABLE_CELL.match(path)
        if match is None:
            return self.ways.get(path)
        column = self.ways.get(f"{match['field']}.{match['column']}")
        if column is None:
            return None
        key, _, inner = column.partition(".")
        return f"{key}[{match['row']}].{inner}"

    def why_not(self, path: str) -> str:
        """Return why a path leads nowhere: a key below ``left_behind.`` in the wording catalogue."""
        asked = self.old.field_of(path)
        if asked.key not in self.ways:
            return "gone" if self._target(asked) is None else "kind"
        match = TABLE_CELL.match(path)
        if match is None:
            return "choice"
        column, target = f"{asked.key}.{match['column']}", self.new.fields[self.ways[asked.key]]
        return "kind" if self._place(column, target) in _inner_paths(target) else "column"

    @cached_property
    def ways(self) -> Mapping[str, str]:
        """Return the path of each field, choice and column that still stands → where."""
        return dict(self._ways())

    @cached_property
    def not_asked(self) -> frozenset[str]:
        """Return the current paths the older edition did not ask.

        They are keys of fields, choices of a field of many, and columns of tables as ``other_media.followers``;
        below the key of a field that was not asked at all, each of these too.
        """
        return frozenset(path for asked in self.new.fields.values() for path in self._not_asked(asked))

    def _not_asked(self, asked: Field) -> Iterator[str]:
        inner = _inner_paths(asked) if asked.kind in _TAKEN_APART else frozenset()
        missing = inner - set(self.ways.values())
        yield from missing
        if asked.key not in self.ways.values() or (inner and missing == inner):
            yield asked.key

    def _ways(self) -> Iterator[tuple[str, str]]:
        for asked in (*self.old.fields.values(), *self.old.surround.values()):
            target = self._target(asked)
            if target is not None and target.kind is asked.kind:
                yield asked.key, target.key
                yield from self._inner_ways(asked, target)

    def _inner_ways(self, asked: Field, target: Field) -> Iterator[tuple[str, str]]:
        there = {f"{target.key}.{part.key}": part for part in target.parts}
        for part in asked.parts:
            path = f"{asked.key}.{part.key}"
            place = self._place(path, target)
            if place in there and _same_kind(part, there[place]):
                yield path, place

    def _place(self, path: str, target: Field) -> str:
        return self.renamed.get(path, f"{target.key}.{path.partition('.')[2]}")

    def _target(self, asked: Field) -> Field | None:
        """Return the field of today, of the form or around it as it was then, whatever its kind."""
        home = self.new.fields if asked.key in self.old.fields else self.new.surround
        return home.get(self.renamed.get(asked.key, asked.key))


def _inner_paths(asked: Field) -> frozenset[str]:
    return frozenset(f"{asked.key}.{part.key}" for part in asked.parts)


def _same_kind(one: Choice | Column, other: Choice | Column) -> bool:
    """Tell whether an answer of one part of a field can be one of another; columns have a kind each."""
    return getattr(one, "kind", None) is getattr(other, "kind", None)


def passage(edition: Edition, form: Form) -> Passage:
    """Return the passage from an older edition to the current one."""
    return Passage(old=edition.form, new=form, renamed=dict(edition.renamed))
