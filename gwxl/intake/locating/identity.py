"""Which form a workbook says it is: the copies of its identity in properties, map sheet and marker line."""

from collections.abc import Iterator
from itertools import islice

from gwxl.characters import trim
from gwxl.form.identity import identity_pairs, read_marker, read_pairs, read_properties
from gwxl.form.layout import LAYOUT_PAIR, MAP_SHEET, MARKER_PREFIX, PROPERTY_PREFIX
from gwxl.form.rounds import read_round
from gwxl.records.submission import Identity, Round
from gwxl.spreadsheets.book import Book, CellKind, Sheet

_MAP_ROWS = 12  # the pairs stand on top of the map sheet
_TOP = range(1, _MAP_ROWS + 1)
_COLUMNS = (1, 2, 3)
_LAST_MAP_ROW = 10_000  # more than any form has inputs and faults


def workbook_identities(book: Book) -> tuple[Identity, ...]:
    """Return the copies that belong to the workbook as a whole: of the properties, then of each map sheet."""
    copies = [read_properties(book.properties), *(map_identity(sheet) for sheet in book.sheets)]
    return tuple(copy for copy in copies if copy is not None)


def map_identity(sheet: Sheet) -> Identity | None:
    """Return the identity in the first rows of a map sheet, None if the sheet is none."""
    pairs = {text_at(sheet, row, 1): text_at(sheet, row, 2) for row in _TOP}
    return read_pairs(pairs)


def read_sent_round(book: Book) -> Round | None:
    """Return what a workbook was sent back as, by its map sheet; None where it says nothing of that."""
    for sheet in book.sheets:
        if map_identity(sheet) is not None:
            last = max((row for row, column in sheet.cells if column == 1), default=0)
            rows = range(_MAP_ROWS, min(last, _LAST_MAP_ROW) + 1)
            return read_round([tuple(text_at(sheet, row, column) for column in _COLUMNS) for row in rows])
    return None


def is_laid_out_now(book: Book) -> bool:
    """Tell whether a workbook says on its map sheet that it was written in the layout of today."""
    maps = (sheet for sheet in book.sheets if map_identity(sheet) is not None)
    return any((text_at(sheet, row, 1), text_at(sheet, row, 2)) == LAYOUT_PAIR for sheet in maps for row in _TOP)


def is_map_sheet(sheet: Sheet) -> bool:
    """Tell whether a sheet is a map sheet, whatever its title is now."""
    return sheet.title == MAP_SHEET or map_identity(sheet) is not None


def marker_identities(sheet: Sheet) -> tuple[Identity, ...]:
    """Return the identity of every marker line on a sheet, from the top."""
    return tuple(islice(_markers(sheet), _MAP_ROWS))


def _markers(sheet: Sheet) -> Iterator[Identity]:
    for place in sorted(place for place, cell in sheet.cells.items() if cell.text.startswith(MARKER_PREFIX)):
        identity = read_marker(sheet.cells[place].text)
        if identity is not None:
            yield identity


def differences(copies: tuple[Identity, ...]) -> tuple[str, ...]:
    """Return the names of the parts in which copies of an identity disagree."""
    pairs = [identity_pairs(copy) for copy in copies]
    return tuple(name for name in (pairs[0] if pairs else ()) if len({pair[name] for pair in pairs}) > 1)


def contradictions(book: Book) -> tuple[str, ...]:
    """Return the names of the parts of an identity that the workbook's properties give twice, with different values."""
    return tuple(
        sorted(name[len(PROPERTY_PREFIX) :] for name in book.contradictory if name.startswith(PROPERTY_PREFIX))
    )


def text_at(sheet: Sheet, row: int, column: int) -> str:
    """Return the text a cell holds without blanks around it, empty for a number or an empty cell."""
    cell = sheet.cells.get((row, column))
    return trim(cell.text) if cell is not None and cell.kind is CellKind.TEXT else ""
