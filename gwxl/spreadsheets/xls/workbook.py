"""Read binary workbooks of Excel 97 to 2003 (BIFF8): ``.xls``, and ``.et`` of WPS.

What a formula says is not stored as text; only a few calls are told, see
:func:`gwxl.spreadsheets.xls.formula.find_known_calls`. Source: [MS-XLS].
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.containers.ole import read_stream, stream_names
from gwxl.containers.zips import tolerate_damage
from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.door import Admitted
from gwxl.spreadsheets.book import Book, Sheet
from gwxl.spreadsheets.xls.fonts import Fonts
from gwxl.spreadsheets.xls.names import Names
from gwxl.spreadsheets.xls.properties import Summary, read_custom_set, read_summary
from gwxl.spreadsheets.xls.records import BOF, FontRuns, Record, Stream, Texts
from gwxl.spreadsheets.xls.sheet import SharedParts, read_sheet
from gwxl.spreadsheets.xlsx.properties import Custom
from gwxl.spreadsheets.xlsx.styles import Style, style_of

_PART = "Workbook"
_BIFF8 = 0x0600
_GLOBALS, _WORKSHEET = 0x0005, 0x0010
_FILE_PASS = 0x2F
_STATES = ("visible", "hidden", "veryHidden")
_MACRO_SHEETS = frozenset({1, 6})
_LOCKED = 0x01


def read_xls(admitted: Admitted, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Return a binary workbook.

    Raises:
        RefusedError: ``excel95``, ``encrypted``, ``damaged``, ``truncated`` or one of the limits.
    """
    try:
        return _Reader(admitted, limits).book()
    except (struct.error, IndexError):
        # A record shorter than what it must hold.
        raise RefusedError("damaged", part=_PART) from None


def is_locked(data: bytes, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Tell whether a binary workbook needs a password.

    Raises:
        RefusedError: it cannot be looked into.
    """
    stream = Stream(read_stream(data, _PART) or b"", limits)
    return any(record.code == _FILE_PASS for record in stream.records(0))


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """One line of the workbook's list of sheets; ``start`` is a place in the stream."""

    title: str
    state: str
    kind: int
    start: int


class _Reader:
    """A reader of the part for the whole workbook, then of its sheets."""

    def __init__(self, admitted: Admitted, limits: Limits) -> None:
        self._data = admitted.data
        self._kind = admitted.kind.value
        self._limits = limits
        self._stream = Stream(read_stream(admitted.data, _PART) or b"", limits)
        self._names = Names(limits=limits)
        self._listed: list[_Listed] = []
        self._fonts = Fonts()
        self._formats: list[tuple[int, int, bool]] = []
        self._codes: dict[int, str] = {}
        self._strings: tuple[str, ...] = ()
        self._runs: dict[int, FontRuns] = {}
        self._uncalculated = False
        self._date1904 = False
        self._structure = False
        self._macros = False

    def book(self) -> Book:
        """Return the workbook."""
        self._globals()
        sheets = self._sheets()
        if not sheets:
            raise RefusedError("no_sheet")
        summary, custom = self._summary(), self._custom()
        return Book(
            kind=self._kind,
            sheets=sheets,
            names=tuple(self._names.read([listed.title for listed in self._listed])),
            properties=custom.values,
            contradictory=custom.contradictory,
            to_calculate=self._uncalculated,
            date1904=self._date1904,
            modified=summary.modified,
            program=summary.program,
            structure_protected=self._structure,
            macros=self._macros or "_vba_project_cur" in stream_names(self._data),
            external_links=self._names.external,
        )

    def _globals(self) -> None:
        takers: Mapping[int, Callable[[Record], None]] = {
            0x12: self._protection,
            0x17: self._names.sheets,
            0x18: self._names.name,
            0x22: self._date_system,
            0x31: self._fonts.add,
            0x85: self._sheet,
            0xE0: self._format,
            0xFC: self._texts,
            0x1AE: self._names.book,
            0x41E: self._code,
            BOF: self._begin,
            _FILE_PASS: self._refuse_locked,
        }
        for record in self._stream.records(0):
            taker = takers.get(record.code)
            if taker is not None:
                with self._limits.tolerance():
                    taker(record)
        titles = {listed.title.casefold() for listed in self._listed}
        if len(titles) != len(self._listed) or "" in titles:
            raise RefusedError("damaged", part=_PART)

    def _begin(self, record: Record) -> None:
        version, kind = struct.unpack_from("<2H", record.data)
        if version < _BIFF8:
            raise RefusedError("excel95")
        if version > _BIFF8 or kind != _GLOBALS:
            raise RefusedError("damaged", part=_PART)

    def _refuse_locked(self, _: Record) -> None:
        raise RefusedError("encrypted")

    def _protection(self, record: Record) -> None:
        self._structure = self._structure or any(record.data)

    def _date_system(self, record: Record) -> None:
        self._date1904 = any(record.data)

    def _sheet(self, record: Record) -> None:
        start, state, kind = struct.unpack_from("<LBB", record.data)
        title = Texts((record.data,), 6).text(length_bytes=1)
        self._macros = self._macros or kind in _MACRO_SHEETS
        if len(self._listed) >= self._limits.sheets:
            raise RefusedError("too_many_sheets", limit=self._limits.sheets)
        self._listed.append(_Listed(title=title, state=_STATES[min(state & 3, 2)], kind=kind, start=start))

    def _format(self, record: Record) -> None:
        font, code, flags = struct.unpack_from("<3H", record.data)
        self._formats.append((font, code, bool(flags & _LOCKED)))

    def _code(self, record: Record) -> None:
        self._codes[struct.unpack_from("<H", record.data)[0]] = Texts((record.data, *record.more), 2).text()

    def _texts(self, record: Record) -> None:
        """Read the shared texts to their end; how many there should be is not believed."""
        texts = Texts((record.data, *record.more), 8)
        found: list[str] = []
        with self._limits.tolerance():
            while not texts.ended:
                if len(found) >= self._limits.elements:
                    raise RefusedError("overloaded", part=_PART)
                text, runs = texts.rich_text()
                if runs and self._fonts.marked:
                    self._runs[len(found)] = runs
                found.append(text)
        self._strings = tuple(found)

    def _sheets(self) -> tuple[Sheet, ...]:
        shared = SharedParts(
            strings=self._strings, styles=self._styles(), fonts=self._fonts, runs=self._runs, limits=self._limits
        )
        worksheets = (one for one in self._listed if one.kind == 0 and self._is_opened(one))
        sheets = tuple(self._read(listed, shared) for listed in worksheets)
        self._uncalculated = shared.uncalculated
        return sheets

    def _is_opened(self, listed: _Listed) -> bool:
        """Tell whether a sheet is read; one that somebody has brought to light is, whatever its title."""
        return listed.state == "visible" or listed.title not in self._limits.unopened

    def _read(self, listed: _Listed, shared: SharedParts) -> Sheet:
        if self._limits.beginning:
            shared.cells = 0
        records = self._stream.records(listed.start)
        first = next(records)
        if struct.unpack_from("<2H", first.data) != (_BIFF8, _WORKSHEET):
            raise RefusedError("damaged", part=listed.title)
        return read_sheet(records, shared, title=listed.title, state=listed.state)

    def _styles(self) -> tuple[Style, ...]:
        known = {
            (font, code, locked): style_of(code, self._codes, locked=locked, mark=self._fonts.mark(font))
            for font, code, locked in dict.fromkeys(self._formats)
        }
        return tuple(known[key] for key in self._formats)

    def _summary(self) -> Summary:
        return read_summary(self._set("SummaryInformation"))

    def _custom(self) -> Custom:
        return read_custom_set(self._set("DocumentSummaryInformation"))

    def _set(self, name: str) -> bytes:
        """Return a stream of properties, empty where it is absent or damaged: it only adds something."""
        with tolerate_damage():
            return read_stream(self._data, f"\5{name}") or b""
        return b""
