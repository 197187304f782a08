"""Tell whether somebody typed into a summary since it was written, and keep what they typed.

A summary bears two digests of itself: one of its parts, by which it is known that nobody saved it since, and one of
what stands in its cells, by which it is known that whoever saved it changed nothing. A row has no number in the second,
so that sheets may be sorted and filtered, coloured and resized. It tells a slip of the hand, and is no signature.
"""

import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from gwxl.spreadsheets.book import Book, Cell, CellKind, Sheet

SEAL = "gwxl_seal"
"""The custom property that holds the digest of the cells and that of the parts, with a point between them."""

PART = "docProps/custom.xml"
_DIGITS = 32

UNSEALED = ".".join("0" * _DIGITS for _ in range(2))


def seal(path: Path, book: Book) -> None:
    """Write the two digests of a summary into it.

    Args:
        path: the summary, just written.
        book: what was read back of it.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        found = f"{digest_of_cells(book)}.{digest_of_parts((one.filename, one.CRC) for one in old.infolist())}"
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part, data.replace(UNSEALED.encode(), found.encode()) if part.filename == PART else data)
    path.write_bytes(buffer.getbuffer())


def digest_of_parts(parts: Iterable[tuple[str, int]]) -> str:
    """Return the digest of the parts of a package, (name, checksum) each, but for the one that holds the digest."""
    lines = sorted(f"{name} {checksum:08x}" for name, checksum in parts if name != PART)
    return sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:_DIGITS]


def digest_of_cells(book: Book) -> str:
    """Return the digest of what stands in a workbook, comments and text boxes too, whatever the order of its rows."""
    total = sum(_number(row) for sheet in book.sheets for row in _rows(sheet))
    return f"{total % 16**_DIGITS:0{_DIGITS}x}"


def _rows(sheet: Sheet) -> Iterator[list[str]]:
    rows: dict[int, list[str]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        if words := _words(cell):
            rows.setdefault(row, []).append(f"{column}\x1f{words}")
    yield [sheet.title]
    yield from ([sheet.title, *row] for row in rows.values())
    yield from ([sheet.title, note.kind, note.text] for note in sheet.notes)


def _words(cell: Cell) -> str:
    """Return what a cell holds as any program stores it: a number, a text, or a formula, whose result may be gone."""
    if cell.formula is not None:
        return "=" + "".join(cell.formula.replace("'", "").split()).upper()  # programs quote titles as they like
    return f"{float(cell.text):.15g}" if cell.kind is CellKind.NUMBER else " ".join(cell.text.split())


def _number(row: list[str]) -> int:
    return int(sha256("\x1e".join(row).encode("utf-8", "replace")).hexdigest(), 16)
