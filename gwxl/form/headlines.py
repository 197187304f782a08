"""The figures that a form puts first when it is summed up: those it declares, else some of each section."""

from collections.abc import Iterator
from itertools import chain, islice, zip_longest

from gwxl.form.definition import Field, Form
from gwxl.form.kinds import Aggregate
from gwxl.records.path import Path

MOST = 8
"""How many figures stand first."""


def headlines(form: Form) -> tuple[Path, ...]:
    """Return the paths of fields, choices and table columns that come first, in the order of the form; eight at most.

    Where the form declares none, they are the sums of each section, else the rows of its tables, else its answers that
    are counted: one of each section comes before a second of any.
    """
    declared = [path for field in form.fields.values() if field.headline for path in figures_of(field)]
    chosen = declared or list(islice(_choose(form), MOST))
    return tuple(sorted(chosen, key=form.order))


def figures_of(field: Field) -> Iterator[Path]:
    """Yield the paths of what is added up of a field: its choices, its rows and columns, or itself."""
    if field.kind.is_table:
        yield field.path
        yield from (Path(field.key, one.key) for one in field.columns if one.aggregate is not Aggregate.NONE)
    elif field.aggregate is not Aggregate.NONE or field.kind.is_yes_no:
        yield from field.inner if field.kind.has_choices else (field.path,)


def _choose(form: Form) -> Iterator[Path]:
    sections = [[field for field in section.fields if field.key != form.roles.by] for section in form.sections]
    found = [[(_rank(form, path), path) for field in fields for path in figures_of(field)] for fields in sections]
    best = min((rank for section in found for rank, _ in section), default=0)
    rounds = zip_longest(*([path for rank, path in section if rank == best] for section in found))
    return (path for path in chain.from_iterable(rounds) if path is not None)


def _rank(form: Form, path: Path) -> int:
    asked = form.question_at(path)
    if asked.aggregate is Aggregate.SUM:
        return 0
    return 1 if asked.kind.is_table else 2
