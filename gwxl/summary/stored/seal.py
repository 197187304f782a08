"""Tell whether somebody typed into a summary: a digest of the cells that say where a figure comes from.

A row has one digest and the order of rows none, so that a sheet may be sorted and filtered. What is noted beside the
columns of gwxl's own changes nothing. It tells a slip of the hand, and is no signature.
"""

import zipfile
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.summary.sheets import table, tables
from gwxl.summary.stored.workbook import KEY_ROW, Grid, Stored
from gwxl.wording import each

SEAL = "gwxl_seal"
"""The custom property that holds the digests of 汇总表, 数据来源 and the sheets of tables, in this order."""

_DIGITS = 32
_PART = "docProps/custom.xml"

UNSEALED = ".".join("0" * _DIGITS for _ in range(3))


def seal(path: Path, stored: Stored) -> None:
    """Write the digests of a summary's cells into it, as they are read back.

    Args:
        path: the summary, just written.
        stored: what was read back of it.
    """
    buffer, found = BytesIO(), ".".join(_digests(stored))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part, data.replace(UNSEALED.encode(), found.encode()) if part.filename == _PART else data)
    path.write_bytes(buffer.getbuffer())


def refuse_edited(path: Path, stored: Stored) -> None:
    """Refuse a summary whose figures or sources were changed since it was written.

    Raises:
        SettingsError: they were; names the sheets.
    """
    sealed = stored.book.properties.get(SEAL, "").split(".")
    if len(sealed) != len(UNSEALED.split(".")):
        return  # written before there was a seal
    parts = zip(_sheets(stored), _digests(stored), sealed, strict=True)
    edited = [grid.sheet.title for grids, found, expected in parts if found != expected for grid in grids]
    if edited:
        raise SettingsError(each("failure.edited_summary", path=path, sheets=", ".join(edited)))


def _sheets(stored: Stored) -> tuple[tuple[Grid, ...], ...]:
    figures, sources = (stored.grid(name, table.FIRST_ROW) for name in ("table", "origin"))
    return (figures,), (sources,), tuple(stored.entries(tables.FIRST_ROW))


def _digests(stored: Stored) -> Iterator[str]:
    for grids in _sheets(stored):
        total = sum(_row(row) for grid in grids for row in _rows(grid))
        yield f"{total % 16**_DIGITS:0{_DIGITS}x}"


def _rows(grid: Grid) -> Iterator[list[tuple[str, str]]]:
    names = {column: key for key, column in grid.columns.items()}
    rows: dict[int, list[tuple[str, str]]] = {}
    for (row, column), cell in grid.sheet.cells.items():
        if row > KEY_ROW and column in names and (words := _words(cell)):
            rows.setdefault(row, []).append((names[column], words))
    yield from (sorted(row) for row in rows.values())


def _words(cell: Cell) -> str:
    """Return what a cell holds, a number as any program stores it; a formula, whose result may be gone, as one."""
    if cell.formula is not None:
        return "="
    return f"{float(cell.text):.15g}" if cell.kind is CellKind.NUMBER else cell.text


def _row(row: list[tuple[str, str]]) -> int:
    return int(sha256("\x1e".join("\x1f".join(cell) for cell in row).encode("utf-8", "replace")).hexdigest(), 16)
