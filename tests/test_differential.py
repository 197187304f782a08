"""Every file that programs saved, read by three readers: they agree cell by cell, or the difference has its reason."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from openpyxl.utils.datetime import to_excel

from gwxl.errors import RefusedError
from gwxl.form.layout import LIVE_SHEET
from gwxl.spreadsheets.book import Book, Cell, CellKind
from tests.support.clients.workshop import CLIENTS, SEEDS, Workshop
from tests.support.sources import ROOT
from tests.support.workbooks import read_return

INBOX = ROOT / "samples" / "inbox"

Value = str | float | bool | None
"""What a reader sees: a text, a number, yes or no, nothing. An error is a text that starts with ``#``."""
Sheets = Mapping[str, Mapping[tuple[int, int], Value]]
"""Title → (row, column) → value; blank cells may be absent."""


def ours(book: Book) -> Sheets:
    """Return what gwxl sees."""
    return {
        sheet.title: {place: _value(cell) for place, cell in sheet.cells.items()}
        for sheet in book.sheets
        if sheet.title != LIVE_SHEET
    }


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
        sheet.title: {
            (row, column): _plain(value)
            for row, line in enumerate(sheet.iter_rows(values_only=True), 1)
            for column, value in enumerate(line, 1)
        }
        for sheet in book.worksheets
        if sheet.title != LIVE_SHEET
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
        if title != LIVE_SHEET
    }


def _plain(value: object) -> Value:
    """Return dates and times as the numbers they are stored as, an empty text as nothing."""
    if isinstance(value, datetime | date | time | timedelta):
        return float(to_excel(value))  # type: ignore[no-untyped-call]  # openpyxl has no types of its own
    if isinstance(value, bool | str):
        return value if value != "" else None
    return float(value) if isinstance(value, int | float) else None


SUFFIXES: Mapping[str, frozenset[str]] = {
    "openpyxl": frozenset({".xlsx"}),
    "calamine": frozenset({".xlsx", ".xls", ".ods"}),
}
READERS: Mapping[str, Callable[[Path], Sheets]] = {"openpyxl": openpyxl_sees, "calamine": calamine_sees}

# What the other readers cannot read at all, and why; that they still cannot is tested too.
UNREAD: Mapping[tuple[str, str, str], str] = {
    ("calamine", client, ".ods"): "it stops at the white space between the cells of an indented content.xml"
    for client in ("Gnumeric, typed", "Gnumeric, saved again", "openpyxl, then Gnumeric", "SheetJS")
}


# The cells our two readings of one client's formats do not share, and why.
FORMULAS_APART: Mapping[tuple[str, str], str] = {
    (
        "LibreOffice, saved again",
        ".xls",
    ): "it writes 0 for the text of a formula that it has not calculated since opening",
}


def differences(mine: Sheets, theirs: Sheets) -> list[str]:
    """Return sheet and place of the cells that are not the same, with what we and they see."""
    found = []
    for title in sorted(mine.keys() | theirs.keys()):
        here, there = mine.get(title, {}), theirs.get(title, {})
        for place in sorted(here.keys() | there.keys()):
            one, other = here.get(place), there.get(place)
            if type(one) is not type(other) or one != other:
                found.append(f"{title} {place}: {one!r}, not {other!r}")
    return found


def see(path: Path) -> Sheets:
    """Return what gwxl sees of a file."""
    return ours(read_return(path))


def without_formulas(book: Book) -> Book:
    """Return a workbook without the cells that calculate."""
    return replace(
        book,
        sheets=tuple(
            replace(sheet, cells={place: cell for place, cell in sheet.cells.items() if cell.formula is None})
            for sheet in book.sheets
        ),
    )


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("client", CLIENTS)
def test_readers_agree_on_what_programs_saved(workshop: Workshop, client: str, reader: str) -> None:
    """Every cell of every sheet that a program saved is the same to both readers."""
    for suffix, path in workshop.files(client, SEEDS[0]).items():
        if suffix not in SUFFIXES[reader]:
            continue
        if (reader, client, suffix) in UNREAD:
            with pytest.raises(python_calamine.CalamineError):
                READERS[reader](path)
        else:
            assert differences(see(path), READERS[reader](path)) == []


@pytest.mark.parametrize("client", CLIENTS)
def test_formats_of_one_client_agree(workshop: Workshop, client: str) -> None:
    """The same workbook saved as xls, ods or fods is to us what it is as xlsx."""
    files = workshop.files(client, SEEDS[0])
    for suffix, path in files.items():
        book, other = read_return(path), read_return(files[".xlsx"])
        if (client, suffix) in FORMULAS_APART:
            book, other = without_formulas(book), without_formulas(other)
        assert differences(ours(book), ours(other)) == []


SAMPLES = sorted(path.relative_to(INBOX).as_posix() for path in INBOX.rglob("*.xlsx") if path.is_file())
REFUSED = {
    "42-没有传完.xlsx": "truncated",
    "43-加了密码.xlsx": "encrypted",
    "44-空文件.xlsx": "empty",
    "~$01-示例市政府门户网站.xlsx": "unknown",
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in REFUSED])
def test_readers_agree_on_the_samples(name: str, reader: str) -> None:
    """Every cell of every sheet of a sample is the same to both readers."""
    assert differences(see(INBOX / name), READERS[reader](INBOX / name)) == []


@pytest.mark.parametrize("name", REFUSED)
def test_samples_that_cannot_be_read(name: str) -> None:
    """What we refuse, and is left out above, is nothing that could be compared."""
    with pytest.raises(RefusedError) as caught:
        see(INBOX / name)
    assert caught.value.reason == REFUSED[name]


def test_a_difference_is_seen(tmp_path: Path) -> None:
    """The comparison is not blind: a changed number, a number as text and a lost cell are told."""
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].append([1, "2", 3.5, True])
    book.save(path)
    there = openpyxl_sees(path)
    assert differences(see(path), there) == []
    assert differences(
        see(path), {"Sheet": {**there["Sheet"], (1, 1): 2.0, (1, 2): 2.0, (1, 4): 1.0, (2, 1): "x"}}
    ) == [
        "Sheet (1, 1): 1.0, not 2.0",
        "Sheet (1, 2): '2', not 2.0",
        "Sheet (1, 4): True, not 1.0",
        "Sheet (2, 1): None, not 'x'",
    ]
