"""Tell whether what formulas came to can be trusted: some writers never calculate, and say so or store a zero."""

from fractions import Fraction

from gwxl.spreadsheets.book import Book, Cell, CellKind
from gwxl.values.arithmetic import calculate

_CALCULATING = (
    "WPS",
    "LibreOffice",
    "Collabora",
    "ONLYOFFICE",
    "Yozo",
    "Gnumeric",
)  # they calculate before they save, whatever the workbook asks for
_CALCULATED = ("LibreOffice", "WPS")
"""Programs that say their names and store what their own formulas came to."""

_FEWEST = 2  # formulas; a single one may well come to 0
_NEAR = Fraction(1, 10**9)


def is_doubtful(cell: Cell, *, stale: bool) -> bool:
    """Tell whether the stored result of a formula may be another than it comes to.

    Args:
        cell: the cell of the formula.
        stale: as of :func:`results_are_stale`; the arithmetic of a formula of numbers alone says it for certain.
    """
    result = calculate(cell.formula or "") if cell.kind is CellKind.NUMBER else None
    if result is None:
        return stale
    return abs(result - Fraction(float(cell.text))) > _NEAR * max(abs(result), Fraction(1))


def results_are_stale(book: Book) -> bool:
    """Tell whether the stored results of a workbook's formulas may be other than what they come to.

    Excel takes the wish to be calculated anew out of a workbook when it saves it: one that is still there was put in,
    or left, by a writer that does not calculate.
    """
    asks = book.to_calculate and not any(name in (book.program or "") for name in _CALCULATING)
    return asks or _is_all_zero(book)


def _is_all_zero(book: Book) -> bool:
    """Tell whether every stored result of the workbook is a zero."""
    formulas = zeros = 0
    for sheet in book.sheets:
        for cell in sheet.cells.values():
            if cell.formula is not None:
                formulas += 1
                zeros += _is_zero(cell)
                if cell.kind is not CellKind.BLANK and not _is_zero(cell):
                    return False
    return bool(zeros) and formulas >= _FEWEST


def _is_zero(cell: Cell) -> bool:
    return cell.kind is CellKind.NUMBER and float(cell.text) == 0


def find_calculating_program(book: Book) -> str | None:
    """Return the program that calculated the formulas of a workbook; None where none did, or nothing proves it.

    Many libraries call themselves Excel; none of them writes the order in which Excel has calculated the cells.
    Source: ECMA-376, part 1, 12.3.1 (calculation chain).
    """
    program = book.program or ""
    named = next((name for name in _CALCULATED if name in program), None)
    proven = "Excel" in program and book.calculation_chain and not book.to_calculate
    return named or ("Excel" if proven else None)
