"""A summary as it stands on disk: its sheets, addressed by the keys in their hidden second row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from gwxl.errors import RefusedError, SettingsError, WorkbookError
from gwxl.form.identity import DOCUMENT_PROPERTY, SUMMARY
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.book import Book, Cell, CellKind, Sheet
from gwxl.spreadsheets.opening import read_book
from gwxl.summary.columns import WEIGHED, plain
from gwxl.summary.stored.recognising import SUMMARY_LIMITS
from gwxl.wording import LANGUAGES, each, text
from gwxl.wording.system import refusal_words

KEY_ROW = 2
_MARKED = "#id"  # the key of the column in which rows above the list are marked


def keys_of(sheet: Sheet, row: int) -> Mapping[str, int]:
    """Return what stands in the row of keys → column; the weight of a mean is cut off."""
    heads = sorted((column, cell.text) for (at, column), cell in sheet.cells.items() if at == row)
    return {key.partition(WEIGHED)[0]: column for column, key in heads}


def _place(cell: tuple[tuple[int, int], Cell]) -> tuple[int, int]:
    return cell[0]


@dataclass(frozen=True)
class Grid:
    """One sheet, read by key and row."""

    sheet: Sheet
    first_row: int

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Return key → column; the weight of a mean is cut off."""
        return keys_of(self.sheet, KEY_ROW)

    @cached_property
    def rows(self) -> range:
        """Return the rows that hold something, from the first data row on."""
        last = max((row for row, _ in self.sheet.cells), default=0)
        return range(self.first_row, last + 1)

    @cached_property
    def marked(self) -> Mapping[str, int]:
        """Return the mark of a row above the list (``#head``, ``#total``, ``#passed``, ``#of``) → its number."""
        place = self.columns.get(_MARKED)
        above = range(KEY_ROW + 1, self.first_row)
        cells = {row: self.sheet.cells.get((row, place)) for row in above} if place else {}
        return {cell.text: row for row, cell in cells.items() if cell and cell.text.startswith("#")}

    def line(self, row: int, first: int) -> list[str]:
        """Return the texts of a row from a column on."""
        cells = self.sheet.cells.items()
        return [cell.text for (at, column), cell in sorted(cells, key=_place) if at == row and column >= first]

    def cell(self, row: int, key: str) -> Cell | None:
        """Return the cell of a row in the column of a key."""
        return self.sheet.cells.get((row, self.columns[key])) if key in self.columns else None

    def text(self, row: int, key: str) -> str:
        """Return the text of a cell, every digit of a number; empty for a blank."""
        cell = self.cell(row, key)
        if cell is None:
            return ""
        return plain(Decimal(cell.text)) if cell.kind is CellKind.NUMBER else cell.text

    def number(self, row: int, key: str) -> Decimal | None:
        """Return the number a cell stores, None where it stores none."""
        cell = self.cell(row, key)
        return Decimal(cell.text) if cell and cell.kind is CellKind.NUMBER else None


@dataclass(frozen=True)
class Stored:
    """A summary that was read back."""

    book: Book
    language: str

    def grid(self, name: str, first_row: int) -> Grid:
        """Return the sheet of a name below ``summary.sheet.``.

        Raises:
            WorkbookError: the sheet is gone.
        """
        title = text(f"summary.sheet.{name}", self.language)
        sheet = self.book.sheet(title)
        if sheet is None:
            message = f"the summary has no sheet {title!r} any more; merge again"
            raise WorkbookError(message)
        return Grid(sheet, first_row)

    def entries(self, first_row: int, key: str = "#path") -> Iterator[Grid]:
        """Yield the sheets of table fields: those that key each row by its path; or those with another key."""
        for sheet in self.book.sheets:
            grid = Grid(sheet, first_row)
            if key in grid.columns:
                yield grid


def open_summary(path: Path) -> Stored:
    """Read a summary back.

    Raises:
        SettingsError: the file is no summary that gwxl wrote, or is damaged.
    """
    try:
        book = read_book(admit(path, SUMMARY_LIMITS), SUMMARY_LIMITS)
    except RefusedError as error:
        raise SettingsError(each("failure.damaged_summary", path=path, reason=refusal_words(error))) from error
    return Stored(book, language_of(path, book.properties))


def language_of(path: Path, properties: Mapping[str, str]) -> str:
    """Return the language of a summary by its custom properties.

    Raises:
        SettingsError: it is no summary that gwxl wrote.
    """
    language = properties.get("gwxl_language", "")
    if properties.get(DOCUMENT_PROPERTY) != SUMMARY or language not in LANGUAGES:
        raise SettingsError(each("failure.no_summary", path=path))
    return language
