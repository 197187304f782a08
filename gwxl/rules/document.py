"""Turn a submission's values into the document the validator judges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gwxl.characters import bare_words, trim
from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.records.submission import Unread, Value
from gwxl.rules.compiling import Scope, exact
from gwxl.rules.expression import PREVIOUS

Last = Mapping[Path, Value]
"""What a site reported last year: path of a field → value, without what did not count."""


@dataclass(frozen=True, kw_only=True)
class Blanks:
    """The fields in which certain words, and the number 0, say that nothing stands there."""

    fields: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def at(self, key: str) -> "Blanks":
        """Return what means blank in a field: these words, or none."""
        return self if key in self.fields else Blanks()

    def means_blank(self, value: object) -> bool:
        """Tell whether a value, readable or not, is one of the words."""
        if isinstance(value, bool) or not self.words:
            return False
        raw = value.raw if isinstance(value, Unread) else value
        return plain(number_text(raw) if isinstance(raw, (int, Decimal)) else str(raw)) in self.words


@dataclass(frozen=True, kw_only=True)
class Document:
    """A submission for the validator.

    Attributes:
        values: field key → value, filled cells only.
        filled: the keys that hold something; a 0 that means blank has a value but is not filled.
        rows: table key → the number of each row, counted from 1 as in the paths of the submission.
    """

    values: dict[str, Any]
    filled: frozenset[str]
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def numbered_rows(self) -> Mapping[str, Mapping[int, Mapping[str, Any]]]:
        """Return table key → the number of each started row → column key → value."""
        tables = ((key, numbers) for key, numbers in self.rows.items() if numbers)
        return {key: dict(zip(numbers, self.values.get(key, ()), strict=True)) for key, numbers in tables}


def plain(text: str) -> str:
    """Return a text for comparing words: as :func:`bare_words`, no leading apostrophe, case folded."""
    bare = bare_words(text).casefold()
    return trim(bare[1:]) if bare.startswith("'") and (len(bare) == 1 or not bare.endswith("'")) else bare


def number_text(number: int | Decimal | Fraction) -> str:
    """Return a number in digits: whole ones without a point, fractions rounded to four places."""
    if isinstance(number, Decimal):
        if not number.is_finite():
            return str(number)
        integer = number.to_integral_value()
        return format(integer if number == integer else number, "f")
    rounded = round(number * 10000)
    units, places = divmod(abs(rounded), 10000)
    return f"{'-' if rounded < 0 else ''}{units}.{places:04}".rstrip("0").rstrip(".")


def build_document(form: Form, submitted: Mapping[str, Any], blanks: Blanks) -> Document:
    """Return the document of a submission's values: its form's fields only, words that mean blank left out."""
    values: dict[str, Any] = {}
    filled: set[str] = set()
    rows: dict[str, tuple[int, ...]] = {}
    for key, asked in form.fields.items():
        value = submitted.get(key)
        gate = blanks.at(key)
        if asked.kind.is_table and not isinstance(value, Unread):
            kept = _keep_started_rows(value or (), gate)
            value, rows[key] = [row for _, row in kept], tuple(number for number, _ in kept)
        if value is None or value in ("", (), []) or _is_left_out(value, gate):
            continue
        values[key] = value
        if not gate.means_blank(value):
            filled.add(key)
    return Document(values=values, filled=frozenset(filled), rows=rows)


def _keep_started_rows(table: Iterable[Mapping[str, Any]], gate: Blanks) -> list[tuple[int, dict[str, Any]]]:
    kept = []
    for number, cells in enumerate(table, 1):
        row = {
            column: cell for column, cell in cells.items() if cell not in (None, "") and not _is_left_out(cell, gate)
        }
        if not all(map(gate.means_blank, row.values())):
            kept.append((number, row))
    return kept


def _is_left_out(value: object, gate: Blanks) -> bool:
    return isinstance(value, (str, Unread)) and gate.means_blank(value)


def build_scope(
    form: Form, document: Document, names: Iterable[str], wrong: frozenset[str], last: Last | None = None
) -> Scope:
    """Return what expressions may look at.

    Args:
        form: the form.
        document: its values.
        names: every name the expressions use; last year's are absent where that value is not known.
        wrong: keys of the fields that hold something unreadable or already reported as an error.
        last: what the site reported last year, None where that is not known.
    """
    values: dict[str, Any] = {}
    filled: set[str] = set()
    unusable: set[str] = set()
    counts: dict[str, int] = {}
    for name in names:
        if name.startswith(PREVIOUS):
            known = _of_last(Path.parse(name.removeprefix(PREVIOUS)), last or {})
            values |= {name: known} if known is not None else {}
            filled |= {name} & values.keys()
            continue
        path = Path.parse(name)
        key, inner = path.field, path.part
        if form.fields[key].kind.is_table:
            counts[name] = len(cells := _cells(document.values.get(key, ()), inner))
        if key in wrong:
            unusable.add(name)
        elif inner and form.fields[key].kind.is_table:
            if cells and not any(isinstance(cell, Unread) for cell in cells):
                values[name] = tuple(map(exact, cells))
                filled.add(name)
        elif inner:
            ticked = _is_ticked(document.values.get(key), inner)
            if key in document.values or form.fields[key].kind.is_choices:
                values[name] = ticked
            filled |= {name} if ticked else set()
        elif key in document.values:
            values[name] = exact(document.values[key])
            filled |= {name} & document.filled
    return Scope(values=values, filled=frozenset(filled), wrong=frozenset(unusable), counts=counts)


def _cells(rows: object, column: str) -> list[Any]:
    """Return the rows of a table, or what stands in one of its columns."""
    found = rows if isinstance(rows, list | tuple) else ()
    return [row[column] for row in found if column in row] if column else list(found)


def _of_last(path: Path, last: Last) -> Any:
    value = last.get(path.whole)
    return exact(value) if value is None or not path.part else _is_ticked(value, path.part)


def _is_ticked(value: object, choice: str) -> bool:
    return value == choice if isinstance(value, str) else isinstance(value, (tuple, list)) and choice in value
