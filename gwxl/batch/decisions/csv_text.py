"""Read and write decisions as CSV: what every spreadsheet program opens, in whatever way one saves it."""

import re
from collections.abc import Iterable, Sequence

from gwxl.batch.decisions.table import names_of
from gwxl.batch.decisions.unread import UnreadError
from gwxl.characters import trim
from gwxl.files.csv_bytes import decode, encode, tables
from gwxl.wording import each

# Of each line of a cell: an importer that divides rows at every line break takes it for the beginning of a cell.
_FORMULA_START = r"(?=[^\S\n]*[=+\-@＝＋－＠])"
_BARE = re.compile(rf"^{_FORMULA_START}", re.MULTILINE)
_ESCAPED = re.compile(rf"^'{_FORMULA_START}", re.MULTILINE)


def read_csv(data: bytes) -> list[list[str]]:
    """Return the table of a CSV file, by whatever its cells are divided: comma, semicolon or tab.

    Raises:
        UnreadError: it is no text.
    """
    words = decode(data)
    if words is None:
        raise UnreadError(each("decision.lacks_encoding"))
    table = max(tables(words), key=_count_known, default=[])
    return [[_ESCAPED.sub("", trim(cell)) for cell in row] for row in table]


def _count_known(table: Sequence[Sequence[str]]) -> int:
    """Return how many heads of ours a row has that may be the head."""
    return max((sum(map(bool, names_of(row))) for row in table), default=0)


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV in UTF-8 with BOM, no line of it a formula."""
    return encode([_BARE.sub("'", cell) for cell in row] for row in rows)
