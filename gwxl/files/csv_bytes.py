"""CSV as spreadsheet programs save it: in whatever encoding, divided by whatever sign."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

_ENCODINGS = ("utf-8-sig", "gb18030")  # spreadsheets under a Chinese Windows save CSV files in the latter
_WIDE = {b"\xff\xfe", b"\xfe\xff"}  # "Unicode text" of Excel


def decode(data: bytes) -> str | None:
    """Return the text of a file in UTF-8, GBK or, with a mark, UTF-16; None where it is none."""
    for encoding in ("utf-16",) if data[:2] in _WIDE else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def tables(words: str) -> Iterator[list[list[str]]]:
    """Yield the table a text is when comma, semicolon, tab divide its cells; none of a sign by which it is no CSV."""
    for divider in ",;\t":
        try:
            yield [*csv.reader(io.StringIO(words, newline=""), delimiter=divider)]
        except csv.Error:
            continue


def encode(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV in UTF-8 with BOM."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8-sig")
