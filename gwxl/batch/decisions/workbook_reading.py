"""Read a workbook of decisions, whatever program saved it and in whatever format, as tables of what it shows."""

from bisect import bisect
from dataclasses import dataclass
from decimal import Decimal

from gwxl.containers.limits import DEFAULT_LIMITS
from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.door import admit_bytes
from gwxl.spreadsheets.book import Book, Cell, CellKind, Sheet
from gwxl.spreadsheets.looks import without_struck
from gwxl.spreadsheets.notes import NoteKind
from gwxl.spreadsheets.opening import read_book
from gwxl.values.dates import from_serial
from gwxl.wording import text

_DIGITS = ".15g"  # what every program shows of a number


@dataclass(frozen=True, kw_only=True)
class ReadSheet:
    """What a sheet shows.

    Attributes:
        rows: the texts of each row that is not empty; columns that are empty in all rows are left out.
        comments: the comment of each of these rows, empty where there is none.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    comments: tuple[str, ...]


def read_workbook(data: bytes) -> tuple[ReadSheet, ...] | RefusedError:
    """Return the sheets of a workbook from its bytes, or why it cannot be read."""
    try:
        book = read_book(admit_bytes(data, DEFAULT_LIMITS))
    except RefusedError as refusal:
        return refusal
    return tuple(_read(book, sheet) for sheet in book.sheets)


def _read(book: Book, sheet: Sheet) -> ReadSheet:
    cells = {place: words for place, cell in sheet.cells.items() if (words := _read_shown(book, cell))}
    comments: dict[int, str] = {}
    for note in sheet.notes:
        if note.kind is NoteKind.COMMENT and note.row:
            comments[note.row] = "\n".join(filter(None, (comments.get(note.row), note.text)))
    rows = sorted({row for row, _ in cells} | comments.keys())
    for top, left, bottom, _ in sheet.merges:  # one word over several rows is said of each
        if said := cells.get((top, left)):
            cells |= {(row, left): said for row in rows[bisect(rows, top) : bisect(rows, bottom)]}
    columns = sorted({column for _, column in cells})
    table = tuple(tuple(cells.get((row, column), "") for column in columns) for row in rows)
    return ReadSheet(title=sheet.title, rows=table, comments=tuple(comments.get(row, "") for row in rows))


def _read_shown(book: Book, cell: Cell) -> str:
    if cell.uncalculated:
        return f"={cell.formula}"
    if cell.kind is CellKind.NUMBER:
        return _number(book, cell)
    kept = without_struck(cell.text, cell.look)
    return cell.text if kept == cell.text else text("decision.struck", "zh", words=cell.text)


def _number(book: Book, cell: Cell) -> str:
    number = Decimal(cell.text)
    day = from_serial(number, date1904=book.date1904) if cell.date else None
    if day is not None:
        minutes = round(number % 1 * 24 * 60)
        return f"{day} {minutes // 60:02}:{minutes % 60:02}" if 0 < minutes < 24 * 60 else day
    plain = format(float(number), _DIGITS)
    looks = cell.look.format if cell.look else None
    shown = looks.show(Decimal(plain)) if looks else None
    return shown or (f"{(Decimal(plain) * 100).normalize():f}%" if cell.percent else f"{Decimal(plain):f}")
