"""The live checks of a table: helpers and a check cell for each row offered, and what the form sheet asks of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gwxl.form.definition import NUMBERS
from gwxl.form.layout import Helper, Layout, TableArea
from gwxl.rules import excel_classes as classes
from gwxl.rules.excel import array
from gwxl.rules.excel_cells import missing_code
from gwxl.rules.excel_classes import Sorting, Spots
from gwxl.rules.live import LiveRules
from gwxl.submission import CellRef, column_letters
from gwxl.template.inputs import Input
from gwxl.template.live_block import Block
from gwxl.template.spellings import answers_of

_BLOCK = 5  # clean, plain, text, class, first failed check


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """Hold one row offered: its inputs, its check cell and the helpers of the row as a whole."""

    number: int
    blocks: tuple[Block, ...]
    started: CellRef
    severity: CellRef
    check: CellRef

    @property
    def started_condition(self) -> str:
        """Return a condition: something stands in the row."""
        filled = (classes.filled_condition(block.sorting, block.spots) for block in self.blocks)
        return f"OR({','.join(filled)})"


def prefix(sheet: str) -> str:
    """Return what stands before an address on another sheet."""
    return "'" + sheet.replace("'", "''") + "'!"


def table_rows(area: TableArea, rules: LiveRules, inputs: Sequence[Input]) -> Iterator[TableRow]:
    """Yield the rows a table offers."""
    columns = [item for item in inputs if item.cell.sheet == area.sheet]
    after = _first(area) + _BLOCK * len(columns)
    for number, row in enumerate(range(area.first_row, area.last_row + 1), 1):
        started = CellRef(area.sheet, row, after)
        blocks = tuple(
            _block(area, rules, item, place=(row, number, _first(area) + _BLOCK * order))
            for order, item in enumerate(columns)
        )
        yield TableRow(
            number=number,
            blocks=blocks,
            started=started,
            severity=CellRef(area.sheet, row, after + 1),
            check=CellRef(area.sheet, row, area.check_column),
        )


def _first(area: TableArea) -> int:
    return max(Helper.FIRST, area.check_column + 2)


def _block(area: TableArea, rules: LiveRules, item: Input, *, place: tuple[int, int, int]) -> Block:
    row, number, first = place
    letters = column_letters(item.cell.column)
    raw = f"INDEX(${letters}$1:${letters}${area.end_row},ROW())"
    clean, plain, text, kind, own = (f"${column_letters(first + step)}${row}" for step in range(_BLOCK))
    spots = Spots(raw=raw, clean=clean, plain=plain, text=text, kind=kind, value=raw, own=own)
    path = f"{area.field.key}[{number}].{item.path.rpartition('.')[2]}"
    sorting = rules.sorting(path, answers_of(item))
    checks = rules.checks(path, sorting, spots)
    missing = str(missing_code(checks))
    started = f"${column_letters(_first(area) + _BLOCK * len(area.columns))}${row}"
    return Block(path=path, item=item, sorting=sorting, spots=spots, checks=checks, missing=missing, started=started)


class TableSums:
    """Write what the form sheet asks of a whole table, rows inserted by the filler included."""

    def __init__(self, area: TableArea, rows: Sequence[TableRow]) -> None:
        """Take the rows a table offers; every one has the same columns."""
        self._area = area
        self._rows = rows
        self._sheet = prefix(area.sheet)
        first, last = area.head_row, area.end_row
        whole = f"{self._sheet}$C${first}:$C${last}"
        inside = f"(ROW({whole})>ROW({self._sheet}$C${first}))*(ROW({whole})<ROW({self._sheet}$C${last}))"
        self._inside = inside
        self._columns = {block.item.cell.column: block.sorting for block in rows[0].blocks} if rows else {}

    def _range(self, column: int) -> str:
        letters = column_letters(column)
        return f"{self._sheet}${letters}${self._area.head_row}:${letters}${self._area.end_row}"

    def _errors(self) -> str:
        return "+".join(f"SUMPRODUCT(--ISERROR({self._range(column)}))" for column in self._columns)

    def _clean(self, column: int) -> str:
        return classes.trimmed(classes.cleaned(self._range(column)))

    def _filled(self, column: int, sorting: Sorting) -> str:
        """Return an array: 1 for each row whose cell is filled."""
        return f"((LEN({self._clean(column)})>0)-{self._worded(column, sorting.gate)})"

    def _worded(self, column: int, words: Iterable[str], *more: str) -> str:
        """Return an array: 1 for each row whose cell holds one of some words, a leading apostrophe or not."""
        forms = classes.spelled(words)
        either = (*more, *(apostrophe + form for apostrophe in "'＇" for form in ("", *forms)), *forms)
        ones = ";".join("1" for _ in either)
        return f"MMULT(--EXACT(LOWER({self._clean(column)}),{array(either)}),{{{ones}}})"

    def started(self) -> str:
        """Return the formula of how many rows hold something; an error cell counts as one."""
        filled = "+".join(self._filled(column, sorting) for column, sorting in self._columns.items())
        return f"IF({self._errors()}>0,1,SUMPRODUCT(--({self._inside}*({filled})>0)))"

    def wrong(self) -> str:
        """Return the formula of how many cells are unreadable or reported as errors."""
        parts = [self._errors()]
        for column, sorting in self._columns.items():
            cells, inside = self._range(column), self._inside
            parts.append(f"SUMPRODUCT({inside}*ISLOGICAL({cells}))")
            if sorting.kind in NUMBERS:
                worded = self._worded(column, (word for word in sorting.gate if not word.isdigit()), "")
                parts.append(f"IFERROR(SUMPRODUCT({inside}*ISTEXT({cells})*(1-{worded})),0)")
        parts += [f'COUNTIFS({place},">=100",{place},"<200")' for place in self._own_columns()]
        return "+".join(parts)

    def _own_columns(self) -> Iterator[str]:
        for block in self._rows[0].blocks:
            column = block.spots.own.split("$")[1]
            yield f"{self._sheet}${column}${self._area.first_row}:${column}${self._area.last_row}"

    @property
    def severities(self) -> str:
        """Return the range of the rows' severities."""
        column = column_letters(self._rows[0].severity.column)
        return f"{self._sheet}${column}${self._area.first_row}:${column}${self._area.last_row}"


def remark(layout: Layout, area: TableArea) -> str:
    """Return a condition: the form sheet's row of the table holds an explanation."""
    row = layout.explanations[area.field.key].row
    return f"{prefix(layout.sheet)}${column_letters(Helper.SAID)}${row}=1"
