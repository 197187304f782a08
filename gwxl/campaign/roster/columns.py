"""The columns of a roster: what it says of each site, for writing it and for reading it back."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gwxl.form import kinds
from gwxl.form.definition import Field, Form
from gwxl.form.labels import normalise_label
from gwxl.wording import LANGUAGES, text

OWN = ("code", "name", "mail", "phone", "parent")
"""The columns that the roster of any form has."""
NEEDED = ("code", "name", "mail")
"""Those that may not be left out."""


@dataclass(frozen=True, kw_only=True)
class RosterColumn:
    """One column.

    Attributes:
        name: ``code``, ``name``, ``mail``, ``phone``, ``parent``, or the key of a field that is prefilled.
        head: what stands on top. heads: what else may stand there, each as labels are compared.
        field: what the form asks there, or one like it where the form asks no such thing.
        asked: the form asks it.
    """

    name: str
    head: str
    heads: frozenset[str]
    field: Field
    asked: bool


def columns_of(form: Form) -> tuple[RosterColumn, ...]:
    """Return the columns of a form's roster, in their order."""
    every = {**form.fields, **form.surround}
    roles = {"code": form.roles.code, "name": form.roles.name}
    own = [_column(form, name, every.get(roles.get(name, ""))) for name in OWN]
    return (*own, *(_column(form, field.key, field) for field in form.prefilled))


def _column(form: Form, name: str, field: Field | None) -> RosterColumn:
    own = (
        () if field is not None and field.key == name else [text(f"roster.{name}", language) for language in LANGUAGES]
    )
    said = [word for words in own for word in words.split("|")]
    head = form.label(field.path) if field else text(f"roster.{name}", form.language).split("|")[0]
    heads = {head, name, *said, *([field.key, field.label] if field else [])}
    kind = kinds.TEXT if name == "name" else kinds.CODE
    return RosterColumn(
        name=name,
        head=head,
        heads=frozenset(map(normalise_label, heads)),
        field=field or Field(key=name, label=head, kind=kind),
        asked=field is not None,
    )


def match_columns(columns: Sequence[RosterColumn], head: Mapping[int, str]) -> Mapping[int, RosterColumn]:
    """Return place → column of a row that may be the heads; what stands twice counts where it stands first."""
    found: dict[int, RosterColumn] = {}
    for place, words in head.items():
        plain = normalise_label(words)
        column = next((one for one in columns if plain in one.heads), None)
        if column is not None and column not in found.values():
            found[place] = column
    return found


def is_example(code: str) -> bool:
    """Tell whether a row is the example by its code: no code of a site begins so, as no workbook could bear it."""
    begun = unicodedata.normalize("NFKC", code).strip()
    return begun.startswith(tuple(unicodedata.normalize("NFKC", text("roster.example", one)) for one in LANGUAGES))
