"""Read CSV as spreadsheet programs save it: in any encoding of theirs, divided by whatever they divide cells by."""

import csv
import io
from collections.abc import Callable, Sequence

_ENCODINGS = ("utf-8-sig", "gb18030")  # spreadsheets under a Chinese Windows save CSV files in the latter
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # "Unicode text" of Excel
_DELIMITERS = (",", ";", "\t")

Table = list[list[str]]


def read_table(data: bytes, known: Callable[[Sequence[str]], int]) -> Table | None:
    """Return the rows of a CSV file, None where it is no text.

    Args:
        data: its bytes.
        known: counts the heads that are known in a row; the delimiter that gives the row with most of them is taken.
    """
    words = _text(data)
    if words is None:
        return None
    tables = (_divided(words, delimiter) for delimiter in _DELIMITERS)
    return max(tables, key=lambda table: max(map(known, table), default=0))


def _divided(words: str, delimiter: str) -> Table:
    try:
        return [*csv.reader(io.StringIO(words, newline=""), delimiter=delimiter)]
    except csv.Error:
        return []


def _text(data: bytes) -> str | None:
    for encoding in (_WIDE[data[:2]],) if data[:2] in _WIDE else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
