"""Read and write decisions as CSV: what every spreadsheet program opens, in whatever way one saves it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from gwxl.batch.decisions.table import names_of
from gwxl.batch.decisions.unread import UnreadError
from gwxl.characters import trim
from gwxl.wording import each

# Of each line of a cell: an importer that divides rows at every line break takes it for the beginning of a cell.
_FORMULA_START = r"(?=[^\S\n]*[=+\-@＝＋－＠])"
_BARE = re.compile(rf"^{_FORMULA_START}", re.MULTILINE)
_ESCAPED = re.compile(rf"^'{_FORMULA_START}", re.MULTILINE)
_ENCODINGS = ("utf-8-sig", "gb18030")  # spreadsheets under a Chinese Windows save CSV files in the latter
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # "Unicode text" of Excel
_DELIMITERS = (",", ";", "\t")


def read_csv(data: bytes) -> list[list[str]]:
    """Return the table of a CSV file, by whatever its cells are divided: comma, semicolon or tab.

    Raises:
        UnreadError: it is no text, or none that is CSV.
    """
    words = _text(data)
    table = max((_divided(words, delimiter) for delimiter in _DELIMITERS), key=_known)
    return [[_ESCAPED.sub("", trim(cell)) for cell in row] for row in table]


def _known(table: Sequence[Sequence[str]]) -> int:
    """Return how many heads of ours a row has that may be the head."""
    return max((sum(map(bool, names_of(row))) for row in table), default=0)


def _divided(words: str, delimiter: str) -> list[list[str]]:
    try:
        return [*csv.reader(io.StringIO(words, newline=""), delimiter=delimiter)]
    except csv.Error:
        return []


def _text(data: bytes) -> str:
    for encoding in (_WIDE[data[:2]],) if data[:2] in _WIDE else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadError(each("decision.lacks_encoding"))


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV in UTF-8 with BOM, no line of it a formula."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([_BARE.sub("'", cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")
