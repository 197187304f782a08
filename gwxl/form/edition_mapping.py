"""Say where what an older edition of a form asked stands in the current one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gwxl.form.definition import Edition, Field, Form
from gwxl.form.parts import Choice, Column
from gwxl.records.path import Path


@dataclass(frozen=True, kw_only=True)
class Passage:
    """The way from the paths of an older edition to those of the current one.

    Attributes:
        old: the older edition. new: the current form.
        renamed: path there → path here, where the two differ.
    """

    old: Form
    new: Form
    renamed: Mapping[Path, Path]

    def to(self, path: Path) -> Path | None:
        """Return where a path of the older edition stands now, None where nothing of its kind does.

        Args:
            path: a field's key, a choice, a table's column or a cell of it (``other_media[3].posts``).
        """
        place = self.ways.get(path.of_every_row)
        return place if place is None or path.row is None else place.in_row(path.row)

    def why_not(self, path: Path) -> str:
        """Return why a path leads nowhere: a key below ``left_behind.`` in the wording catalogue."""
        asked = self.old.field_of(path)
        if asked.path not in self.ways:
            return "gone" if self._target(asked) is None else "kind"
        if path.row is None:
            return "choice"
        target = self.new.fields[self.ways[asked.path]]
        return "kind" if self._place(path.of_every_row, target) in target.inner else "column"

    @cached_property
    def ways(self) -> Mapping[Path, Path]:
        """Return the path of each field, choice and column that still stands → where."""
        return dict(self._ways())

    @cached_property
    def not_asked(self) -> frozenset[Path]:
        """Return the current paths the older edition did not ask.

        They are keys of fields, choices of a field of many, and columns of tables as ``other_media.followers``;
        below the key of a field that was not asked at all, each of these too.
        """
        return frozenset(path for asked in self.new.fields.values() for path in self._not_asked(asked))

    def _not_asked(self, asked: Field) -> Iterator[Path]:
        inner = frozenset(asked.inner if asked.kind.is_list else ())
        missing = inner - set(self.ways.values())
        yield from missing
        if asked.path not in self.ways.values() or (inner and missing == inner):
            yield asked.path

    def _ways(self) -> Iterator[tuple[Path, Path]]:
        for asked in (*self.old.fields.values(), *self.old.surround.values(), *self.old.matrices.values()):
            target = self._target(asked)
            if target is not None and target.kind is asked.kind:
                yield asked.path, target.path
                yield from self._inner_ways(asked, target)

    def _inner_ways(self, asked: Field, target: Field) -> Iterator[tuple[Path, Path]]:
        there = dict(zip(target.inner, target.parts, strict=True))
        for path, part in zip(asked.inner, asked.parts, strict=True):
            place = self._place(path, target)
            if place in there and _same_kind(part, there[place]):
                yield path, place

    def _place(self, path: Path, target: Field) -> Path:
        return self.renamed.get(path, Path(target.key, path.part))

    def _target(self, asked: Field) -> Field | None:
        """Return the field of today, of the form or around it as it was then, whatever its kind."""
        home = self.new.fields if asked.key in self.old.fields else {**self.new.surround, **self.new.matrices}
        return home.get(self.renamed.get(asked.path, asked.path))


def _same_kind(one: Choice | Column, other: Choice | Column) -> bool:
    """Tell whether an answer of one part of a field can be one of another; columns have a kind each."""
    return getattr(one, "kind", None) is getattr(other, "kind", None)


def passage(edition: Edition, form: Form) -> Passage:
    """Return the passage from an older edition to the current one."""
    return Passage(old=edition.form, new=form, renamed=dict(edition.renamed))
