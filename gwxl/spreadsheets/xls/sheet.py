"""Read the records of one sheet of a binary workbook into a dict of cells.

Source: [MS-XLS], 2.4.
"""

import math
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from gwxl.containers.limits import Limits
from gwxl.errors import RefusedError
from gwxl.files.excel_limits import LAST_COLUMN, LAST_ROW
from gwxl.spreadsheets.address import Area, Place
from gwxl.spreadsheets.book import Cell, CellKind, Sheet
from gwxl.spreadsheets.looks import with_runs
from gwxl.spreadsheets.xls.fonts import Fonts
from gwxl.spreadsheets.xls.formula import find_known_calls
from gwxl.spreadsheets.xls.notes import NOTE_CODES, BiffNotes
from gwxl.spreadsheets.xls.records import FontRuns, Record, Texts
from gwxl.spreadsheets.xlsx.styles import PLAIN, Style

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_ROW_HIDDEN = 0x20
_TEXT_RESULT, _BOOLEAN_RESULT, _ERROR_RESULT, _EMPTY_RESULT = range(4)
_CALCULATE_ON_LOAD = 0x02
_ZERO = bytes(8)
_PLACE = struct.Struct("<3H")
_AREA = struct.Struct("<4H")
_CODE_AT = 22
_EXACT = 1e15  # below, a whole double has all its digits


@dataclass(kw_only=True)
class SharedParts:
    """What the sheets of one workbook share, their limits included.

    ``runs`` are those of the shared texts that have some, by number; ``uncalculated``: a sheet says of itself that it
    was saved without its formulas being calculated.
    """

    strings: tuple[str, ...]
    styles: tuple[Style, ...]
    fonts: Fonts
    runs: Mapping[int, FontRuns]
    limits: Limits
    uncalculated: bool = False
    cells: int = 0
    merges: int = 0
    blanks_left: int = field(init=False)

    def __post_init__(self) -> None:
        self.blanks_left = self.limits.cells // 2


def read_sheet(records: Iterable[Record], shared: SharedParts, *, title: str, state: str) -> Sheet:
    """Return a sheet.

    Raises:
        RefusedError: ``damaged``, ``duplicate_cell``, ``too_many_cells`` or ``too_many_merges``.
    """
    reader = _Sheet(shared)
    with shared.limits.tolerance():
        for record in records:
            reader.take(record)
    return reader.sheet(title, state)


class _Sheet:
    """The state of a pass through a sheet."""

    def __init__(self, shared: SharedParts) -> None:
        self._shared = shared
        self._cells: dict[Place, Cell] = {}
        self._merges: list[Area] = []
        self._hidden: set[int] = set()
        self._protected = False
        self._validations = 0
        self._awaiting: tuple[Place, int, str] | None = None
        self._notes = BiffNotes()
        self._takers: Mapping[int, Callable[[Record], None]] = {
            **dict.fromkeys(NOTE_CODES, self._notes.take),
            0x06: self._formula,
            0x12: self._protection,
            0x5E: self._note_uncalculated,
            0xBD: self._read_numbers,
            0xBE: self._read_blanks,
            0xD6: self._rich_label,
            0xE5: self._merge,
            0xFD: self._read_shared_text,
            0x1BE: self._validation,
            0x201: self._blank,
            0x203: self._number,
            0x204: self._label,
            0x205: self._truth,
            0x207: self._result_text,
            0x208: self._row,
            0x27E: self._read_packed_number,
        }

    def take(self, record: Record) -> None:
        """Read one record; those that say nothing about cells are passed over."""
        taker = self._takers.get(record.code)
        if taker is not None:
            taker(record)

    def sheet(self, title: str, state: str) -> Sheet:
        """Return what was read."""
        return Sheet(
            title=title,
            cells=self._cells,
            state=state,
            protected=self._protected,
            merges=tuple(self._merges),
            validations=self._validations,
            hidden_rows=frozenset(self._hidden),
            notes=self._notes.all(),
        )

    def _put(
        self,
        place: Place,
        style: int,
        kind: CellKind,
        text: str = "",
        formula: str | None = None,
        *,
        runs: FontRuns = (),
    ) -> None:
        earlier = self._cells.get(place)
        if earlier is None:
            if kind is CellKind.BLANK and formula is None:
                if not self._shared.blanks_left:
                    return  # what formatting whole rows and columns leaves
                self._shared.blanks_left -= 1
            self._shared.cells += 1
            if self._shared.cells > self._shared.limits.cells:
                raise RefusedError("too_many_cells", limit=self._shared.limits.cells)
        elif earlier.kind is not CellKind.BLANK or earlier.formula is not None:
            if kind is CellKind.BLANK and formula is None:
                return
            raise RefusedError("duplicate_cell", address=f"R{place[0]}C{place[1]}")
        look = self._shared.styles[style] if style < len(self._shared.styles) else PLAIN
        if kind is CellKind.BLANK and formula is None:
            self._cells[place] = _blank(look)
        else:
            seen = with_runs(look.look, self._shared.fonts.runs(text, runs)) if runs else look.look
            self._cells[place] = Cell(kind, text, formula, look.date, look.percent, look.locked, seen)

    def _head(self, record: Record) -> tuple[Place, int]:
        row, column, style = _PLACE.unpack_from(record.data)
        if row >= LAST_ROW or column >= LAST_COLUMN:
            raise RefusedError("damaged", part="Workbook")
        return (row + 1, column + 1), style

    def _blank(self, record: Record) -> None:
        self._put(*self._head(record), CellKind.BLANK)

    def _read_blanks(self, record: Record) -> None:
        (row, column), _ = self._head(record)
        for number in range(min((len(record.data) - 6) // 2, self._shared.blanks_left)):
            (style,) = struct.unpack_from("<H", record.data, 4 + 2 * number)
            self._put((row, column + number), style, CellKind.BLANK)

    def _number(self, record: Record) -> None:
        self._put(*self._head(record), *_number_cell(struct.unpack_from("<d", record.data, 6)[0]))

    def _read_packed_number(self, record: Record) -> None:
        self._put(*self._head(record), *_number_cell(_unpack_number(record.data[6:10])))

    def _read_numbers(self, record: Record) -> None:
        (row, column), _ = self._head(record)
        for number in range((len(record.data) - 6) // 6):
            (style,) = struct.unpack_from("<H", record.data, 4 + 6 * number)
            value = _unpack_number(record.data[6 + 6 * number : 10 + 6 * number])
            self._put((row, column + number), style, *_number_cell(value))

    def _read_shared_text(self, record: Record) -> None:
        (number,) = struct.unpack_from("<L", record.data, 6)
        if number >= len(self._shared.strings):
            raise RefusedError("damaged", part="Workbook")
        self._text(record, self._shared.strings[number], self._shared.runs.get(number, ()))

    def _label(self, record: Record) -> None:
        self._text(record, Texts((record.data, *record.more), 6).text())

    def _rich_label(self, record: Record) -> None:
        texts = Texts((record.data, *record.more), 6)
        text = texts.text()
        self._text(record, text, () if texts.ended else texts.font_runs(texts.number()))

    def _text(self, record: Record, text: str, runs: FontRuns = ()) -> None:
        self._put(*self._head(record), CellKind.TEXT if text else CellKind.BLANK, text, runs=runs)

    def _truth(self, record: Record) -> None:
        value, is_error = struct.unpack_from("<2B", record.data, 6)
        self._put(*self._head(record), *(_error_cell(value) if is_error else _truth_cell(value)))

    def _formula(self, record: Record) -> None:
        place, style = self._head(record)
        result, flags = record.data[6:14], struct.unpack_from("<H", record.data, 14)[0]
        (length,) = struct.unpack_from("<H", record.data, 20)
        formula = find_known_calls(record.data[_CODE_AT : _CODE_AT + length])
        self._awaiting = None
        if result[6:] != b"\xff\xff":
            # Programs that do not calculate store a zero and ask for it to be calculated.
            empty = result == _ZERO and flags & _CALCULATE_ON_LOAD
            kind, text = (CellKind.BLANK, "") if empty else _number_cell(struct.unpack("<d", result)[0])
        elif result[0] == _TEXT_RESULT:
            self._awaiting = (place, style, formula)
            return
        elif result[0] == _EMPTY_RESULT:
            kind, text = CellKind.TEXT, ""
        elif result[0] in {_BOOLEAN_RESULT, _ERROR_RESULT}:
            kind, text = (_truth_cell if result[0] == _BOOLEAN_RESULT else _error_cell)(result[2])
        else:
            raise RefusedError("damaged", part="Workbook")
        self._put(place, style, kind, text, formula)

    def _result_text(self, record: Record) -> None:
        if self._awaiting is not None:
            place, style, formula = self._awaiting
            self._awaiting = None
            self._put(place, style, CellKind.TEXT, Texts((record.data, *record.more)).text(), formula)

    def _row(self, record: Record) -> None:
        (row,) = struct.unpack_from("<H", record.data)
        if struct.unpack_from("<H", record.data, 12)[0] & _ROW_HIDDEN:
            self._hidden.add(row + 1)

    def _merge(self, record: Record) -> None:
        for number in range((len(record.data) - 2) // _AREA.size):
            first, last, left, right = _AREA.unpack_from(record.data, 2 + number * _AREA.size)
            self._shared.merges += 1
            if self._shared.merges > self._shared.limits.merges:
                raise RefusedError("too_many_merges", limit=self._shared.limits.merges)
            self._merges.append((first + 1, left + 1, last + 1, right + 1))

    def _protection(self, record: Record) -> None:
        self._protected = self._protected or any(record.data)

    def _validation(self, _: Record) -> None:
        self._validations += 1

    def _note_uncalculated(self, _: Record) -> None:
        self._shared.uncalculated = True


@lru_cache(maxsize=256)
def _blank(style: Style) -> Cell:
    """Return the one blank cell of a style: most cells of a form are blank."""
    return Cell(CellKind.BLANK, date=style.date, percent=style.percent, locked=style.locked)


def _number_cell(value: float) -> tuple[CellKind, str]:
    if not math.isfinite(value):
        return CellKind.ERROR, "#NUM!"
    return CellKind.NUMBER, str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def _truth_cell(value: int) -> tuple[CellKind, str]:
    return CellKind.BOOLEAN, "TRUE" if value else "FALSE"


def _error_cell(code: int) -> tuple[CellKind, str]:
    return CellKind.ERROR, _ERRORS.get(code, f"#{code}")


def _unpack_number(data: bytes) -> float:
    """Return a number of four bytes: a whole one or the upper half of a double, either perhaps of hundredths."""
    (raw,) = struct.unpack("<l", data)
    value = float(raw >> 2) if raw & 2 else struct.unpack("<d", bytes(4) + struct.pack("<L", raw & 0xFFFFFFFC))[0]
    return float(value / 100 if raw & 1 else value)
