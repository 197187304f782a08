"""What a workbook holds, whatever format it came in: sheets of cells in a dict, never a grid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gwxl.records.cell import CellRef
from gwxl.spreadsheets.looks import Look
from gwxl.spreadsheets.notes import Note


class CellKind(StrEnum):
    """What a cell stores."""

    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cell:
    """One stored cell.

    Attributes:
        kind: what is stored; BLANK for a formula without a stored value and for an empty cell that is listed.
        text: the text; a number's stored digits, untouched (``10.199999999999999``, ``1E+3``); ``TRUE`` or
            ``FALSE``; an error's code (``#N/A``).
        formula: the formula without ``=``, None when there is none; a cell inside a shared or array formula
            holds at least an empty string.
        date: the number format shows a date or a time.
        percent: the number format shows a percentage.
        locked: the cell's lock flag; True where nothing is said.
        look: what its look says about the value, None where nothing.
    """

    kind: CellKind
    text: str = ""
    formula: str | None = None
    date: bool = False
    percent: bool = False
    locked: bool = True
    look: Look | None = None

    @property
    def uncalculated(self) -> bool:
        """Tell whether a formula stands here whose value was never stored."""
        return self.formula is not None and self.kind is CellKind.BLANK


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One worksheet.

    Attributes:
        cells: (row, column), counted from 1 → cell; blank cells may be absent.
        state: ``visible``, ``hidden`` or ``veryHidden``.
        protected: the sheet's protection is on.
        merges: merged ranges as (first row, first column, last row, last column).
        validations: how many data validations stand on the sheet.
        hidden_rows: numbers of the hidden rows, filtered ones included.
        notes: what lies on it beside its cells.
    """

    title: str
    cells: Mapping[tuple[int, int], Cell]
    state: str = "visible"
    protected: bool = False
    merges: tuple[tuple[int, int, int, int], ...] = ()
    validations: int = 0
    hidden_rows: frozenset[int] = frozenset()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DefinedName:
    """One defined name: ``cell`` is None when it does not name exactly one cell of this workbook."""

    name: str
    reference: str
    cell: CellRef | None = None
    scope: str | None = None


@dataclass(frozen=True, kw_only=True)
class Book:
    """One workbook.

    Attributes:
        kind: the format, a value of :class:`gwxl.spreadsheets.admission.door.Kind`.
        sheets: worksheets in workbook order; chart and macro sheets are left out.
        names: defined names, sheet-scoped ones included (the same name may stand there twice).
        properties: custom document properties as text.
        contradictory: names of the custom properties that stand twice with different values; the first counts.
        date1904: dates count from 1904.
        modified: dcterms:modified as written, None if absent.
        program: the program that saved it, None if it does not say.
        structure_protected: sheets cannot be added or renamed.
        macros: it carries a macro project. external_links: it points to other workbooks.
        calculation_chain: it says in which order its cells were calculated.
        to_calculate: it asks to be calculated anew, so that what its formulas came to may be out of date.
    """

    kind: str
    sheets: tuple[Sheet, ...]
    names: tuple[DefinedName, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    contradictory: frozenset[str] = frozenset()
    date1904: bool = False
    modified: str | None = None
    program: str | None = None
    structure_protected: bool = False
    macros: bool = False
    external_links: bool = False
    calculation_chain: bool = False
    to_calculate: bool = False

    def sheet(self, title: str) -> Sheet | None:
        """Return the sheet of a title, None if there is none."""
        return next((sheet for sheet in self.sheets if sheet.title == title), None)
