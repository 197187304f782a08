"""Every file that programs saved, read by three readers: they agree cell by cell, or the difference has its reason."""

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from openpyxl.utils.datetime import to_excel

from gwxl.errors import RefusedError
from gwxl.workbook.cells import Book, Cell, CellKind
from gwxl.workbook.door import admit
from gwxl.workbook.reading import read_book
from tests.clients.workshop import CLIENTS, SEEDS, Workshop
from tests.sources import ROOT

INBOX = ROOT / "samples" / "inbox"

Value = str | float | bool | None
"""What a reader sees: a text, a number, yes or no, nothing. An error is a text that starts with ``#``."""
Sheets = Mapping[str, Mapping[tuple[int, int], Value]]
"""Title → (row, column) → value; blank cells may be absent."""


def ours(book: Book) -> Sheets:
    """Return what gwxl sees."""
    return {sheet.title: {place: _value(cell) for place, cell in sheet.cells.items()} for sheet in book.sheets}


def _value(cell: Cell) -> Value:
    if cell.kind is CellKind.NUMBER:
        return float(cell.text)
    if cell.kind is CellKind.BOOLEAN:
        return cell.text == "TRUE"
    return cell.text or None


def openpyxl_sees(path: Path) -> Sheets:
    """Return what openpyxl sees, stored results for formulas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses a default style in what some programs write
        book = openpyxl.load_workbook(path, data_only=True)
    return {
        sheet.title: {(cell.row, cell.column): _plain(cell.value) for line in sheet.iter_rows() for cell in line}
        for sheet in book.worksheets
    }


def calamine_sees(path: Path) -> Sheets:
    """Return what calamine sees."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    return {
        title: {
            (row, column): _plain(value)
            for row, line in enumerate(book.get_sheet_by_name(title).to_python(skip_empty_area=False), 1)
            for column, value in enumerate(line, 1)
        }
        for title in book.sheet_names
    }


def _plain(value: object) -> Value:
    """Return dates and times as the numbers they are stored as, an empty text as nothing."""
    if isinstance(value, datetime | date | time | timedelta):
        return float(to_excel(value))
    if isinstance(value, bool | str):
        return value if value != "" else None
    return float(value) if isinstance(value, int | float) else None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Say where a reader sees something else, and why ours is right."""

    reader: str
    why: str
    fits: Callable[[Value, Value], bool]


KNOWN: tuple[Difference, ...] = ()

READERS: Mapping[str, tuple[Callable[[Path], Sheets], frozenset[str]]] = {
    "openpyxl": (openpyxl_sees, frozenset({".xlsx", ".xlsm"})),
    "calamine": (calamine_sees, frozenset({".xlsx", ".xlsm", ".xls", ".ods"})),
}


def differences(mine: Sheets, theirs: Sheets) -> Iterator[tuple[str, tuple[int, int], Value, Value]]:
    """Yield sheet, place, what we see and what they see, where that is not the same."""
    for title in mine.keys() | theirs.keys():
        here, there = mine.get(title, {}), theirs.get(title, {})
        for place in sorted(here.keys() | there.keys()):
            one, other = here.get(place), there.get(place)
            if type(one) is not type(other) or one != other:
                yield title, place, one, other


def compared(path: Path, reader: str) -> list[str]:
    """Return the differences on a file that are not on the list, none where the reader does not read its format."""
    see, suffixes = READERS[reader]
    if path.suffix not in suffixes:
        return []
    found = differences(ours(read_book(admit(path))), see(path))
    known = [one for one in KNOWN if one.reader == reader]
    return [f"{path.name} {one}" for one in found if not any(each.fits(one[2], one[3]) for each in known)]
