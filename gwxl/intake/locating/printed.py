"""What stands printed in the row of an input, column by column, and what stands there instead."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from gwxl.characters import is_blank, trim
from gwxl.form.labels import normalise_label
from gwxl.form.layout import Col, Layout, Row, RowKind
from gwxl.intake.locating.grid import is_helper_column
from gwxl.rules.conditions.words import print_clause
from gwxl.spreadsheets.book import Cell, CellKind, Sheet
from gwxl.wording import LANGUAGES, catalogue, text

_ASKED = frozenset({RowKind.INPUT, RowKind.CHOICES, RowKind.TABLE})
_EXPLAINED = frozenset({*_ASKED, RowKind.SECTION})
_PASSED_OVER = frozenset({Col.KEY, Col.LABEL, Col.INPUT, Col.REVIEW})
CALCULATED = (Col.CHECK, Col.PENDING)
_SAID_BY_CHECKS = ("live.", "column.pending")


@dataclass(frozen=True, slots=True)
class Added:
    """What a cell says that was not printed there; ``name`` is None right or left of the form's columns."""

    column: int
    name: Col | None
    text: str


@dataclass(frozen=True)
class Printed:
    """What was printed on a form sheet, told from what was added.

    Attributes:
        columns: sheet column → what it is for.
        rows: key of a layout row → its row on the sheet.
    """

    sheet: Sheet
    layout: Layout
    columns: Mapping[int, Col]
    rows: Mapping[str, int]

    def find_added(self, row: Row) -> Iterator[Added]:
        """Yield what was added in the row of an input or a heading; an explanation is the filler's own, too."""
        for column, cell in self._by_row.get(self.rows.get(row.key, 0), ()):
            name = self.columns.get(column)
            if name not in _PASSED_OVER and not is_helper_column(column):
                words = self._foreign(row, name, cell)
                if words:
                    yield Added(column, name, words)

    @cached_property
    def _by_row(self) -> Mapping[int, list[tuple[int, Cell]]]:
        rows: dict[int, list[tuple[int, Cell]]] = defaultdict(list)
        wanted = set(self.rows.values())
        for (row, column), cell in self.sheet.cells.items():
            if row in wanted and not (is_blank(cell.text) and not cell.uncalculated):
                rows[row].append((column, cell))
        return {row: sorted(cells, key=lambda one: one[0]) for row, cells in rows.items()}

    def _foreign(self, row: Row, name: Col | None, cell: Cell) -> str:
        found = cell.text or f"={cell.formula}"
        if name in CALCULATED and holds_check(cell, asked=row.kind in _ASKED):
            return ""
        if name is Col.INSTRUCTION:
            return _find_added_words(print_clause(self.layout.form, row), found) if row.kind in _EXPLAINED else ""
        if name is Col.PREVIOUS and self._has_previous:
            return ""
        seal = text("template.seal", self.layout.form.language) if row.kind is RowKind.FOOTER else ""
        unit = row.field.unit if row.field else ""
        printed = {Col.NUMBER: row.label_number, Col.UNIT: unit, Col.CHECK: seal}
        known = {printed.get(name, ""), row.key} if name else {row.key}
        if found in known:
            return ""
        # A program may make a number of a text of digits, and write 1 as 1.0.
        bare = {normalise_label(found), normalise_label(found.removesuffix(".0"))}
        return found if bare.isdisjoint(normalise_label(one) for one in known) else ""

    @cached_property
    def _has_previous(self) -> bool:
        """Tell whether last year's figures were issued with the form: then most of its inputs have one."""
        column = next((column for column, name in self.columns.items() if name is Col.PREVIOUS), 0)
        asked = [self.rows[row.key] for row in self.layout.rows if row.kind is RowKind.INPUT and row.key in self.rows]
        filled = sum(any(at == column for at, _ in self._by_row.get(number, ())) for number in asked)
        return filled * 2 > len(asked)


def holds_check(cell: Cell, *, asked: bool = True) -> bool:
    """Tell whether a 核对 cell holds what it may: a formula that gives words, or the words without it.

    Programs drop formulas and keep what they came to; one that cannot calculate keeps an error, or a zero.

    Args:
        cell: the cell.
        asked: something is asked in its row, so that there are words.
    """
    if cell.kind is CellKind.ERROR or not asked:
        return cell.kind is CellKind.ERROR or cell.formula is not None
    if cell.formula is not None:
        return cell.kind is not CellKind.NUMBER or not cell.text.strip("0.")
    return cell.kind is CellKind.TEXT and cell.text.startswith(_sayings())


def _find_added_words(printed: str, found: str) -> str:
    """Return what a clause says more than was printed, all of it where it is another; empty where it is the same."""
    if found == printed or normalise_label(found) == normalise_label(printed):
        return ""
    before, between, after = found.partition(printed) if printed else (found, "", "")
    return trim(f"{trim(before)} {trim(after)}") if between else found


@cache
def _sayings() -> tuple[str, ...]:
    """Return how the texts begin that the live checks can say, in every language."""
    keys = [key for key in catalogue() if key.startswith(_SAID_BY_CHECKS)]
    return tuple(filter(None, (catalogue()[key][language].partition("{")[0] for key in keys for language in LANGUAGES)))
