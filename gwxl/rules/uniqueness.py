"""Find what stands twice in a column of a table that must not."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gwxl.records.path import Path
from gwxl.rules.document import Document, number_text
from gwxl.rules.rule import UNIQUE
from gwxl.rules.validator import Fault


def fold_value(value: object) -> str:
    """Return a value as it is compared: a number in digits, a text whatever its case, width and blanks."""
    if isinstance(value, int | Decimal):
        return number_text(value)
    return "".join(unicodedata.normalize("NFKC", value).casefold().split()) if isinstance(value, str) else ""


def find_repeated(document: Document, columns: Iterable[Path]) -> Iterator[Fault]:
    """Yield a fault for each cell of some columns that says what one above it says."""
    for column in columns:
        first: dict[str, int] = {}
        rows: Sequence[Mapping[str, Any]] = document.values.get(column.field, ())
        for place, row in enumerate(rows):
            value = row.get(column.part)
            key = fold_value(value)
            if key and first.setdefault(key, place) != place:
                number = document.rows[column.field][first[key]]
                path = (column.field, place, column.part)
                yield Fault(path=path, rule=UNIQUE, value=value, other=column.in_row(number))
