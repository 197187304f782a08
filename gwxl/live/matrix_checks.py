"""The live checks of a matrix: each cell is judged as an input of the form sheet is, and each row says the gravest."""

from collections.abc import Iterator, Mapping, Sequence

from gwxl.form.layout import Layout, Row, RowKind
from gwxl.form.matrices.area import MatrixArea
from gwxl.live.calculation import Value
from gwxl.live.check_words import NOTHING, Lines
from gwxl.live.formulas import BLANK, Formula, Range, any_of, cell_of, compare, derive, if_, join, literal, quote
from gwxl.live.helper_cells import Places
from gwxl.live.sheet import At, LiveSheet, prefix, qualify
from gwxl.records.cell import CellRef, column_letters
from gwxl.records.path import Path
from gwxl.wording import text

_MARK = "\x01"
_ROOM = 200  # rows below a matrix that are looked through: some may be inserted above


def cell_rows(layout: Layout) -> Iterator[Row]:
    """Yield a row for each cell of each matrix, as if it stood on the form sheet; ``number`` is that of its sheet."""
    for area in layout.matrices:
        for path, ref in area.cells.items():
            yield Row(
                number=ref.row, kind=RowKind.CELL, key=area.row_key(path), path=path, field=layout.form.fields[path]
            )


def look_up(hidden: LiveSheet, layout: Layout, row: Row, number: int, value: Value) -> Formula:
    """Return a cell of a matrix by the key of its row, whose place is put into a row of the hidden sheet."""
    path, area = row.about, next(area for area in layout.matrices if area.field.key == row.about.block)
    keys = f"{prefix(area.sheet)}$A$1:$A${area.last_row + _ROOM}"
    hidden.put(number, At.ROW, Formula(f"MATCH({quote(row.key)},{keys},0)", row.number, 1))
    letter, sheet = column_letters(area.cells[path].column), prefix(area.sheet)
    return Formula(
        f"INDEX({sheet}${letter}$1:${letter}${area.last_row + _ROOM},${column_letters(At.ROW)}{number})", value, 1
    )


def least(numbers: Sequence[Formula]) -> Formula:
    """Return the least of numbers that stand one below the other."""
    return derive(f"MIN({numbers[0]}:{numbers[-1]})", lambda *found: min(found, key=_as_number), numbers, 1)


def _as_number(value: Value) -> float:
    return value if isinstance(value, int | float) else NOTHING


class MatrixChecks:
    """The check cells of the rows of a matrix."""

    def __init__(self, sheet: LiveSheet, lines: Lines, words: Range, area: MatrixArea) -> None:
        """Take the sheet for what is made on the way, all that can be said, last that it is a copy, and the matrix."""
        self._sheet, self._lines, self._words, self._area = sheet, lines, words, area

    def rows(
        self, said: Mapping[Path, Formula], places: Mapping[Path, Places]
    ) -> Iterator[tuple[CellRef, str, Formula]]:
        """Yield the check cell of each row, its formula, and the words in it.

        Args:
            said: path → the number of what is said of a cell.
            places: path → its helper cells.
        """
        area = self._area
        for row in area.matrix.rows:
            paths = [path for path, ref in area.cells.items() if ref.row == area.rows[row.key]]
            if paths:
                columns = [area.matrix.columns[area.cells[path].column - area.first_column] for path in paths]
                ours = list(map(area.matrix.column_label, columns))
                ref = CellRef(area.sheet, area.rows[row.key], area.check_column)
                words = self._row([said[path] for path in paths], ours)
                yield ref, self._guard(paths[0], places[paths[0]].raw, words), words

    def _row(self, numbers: Sequence[Formula], labels: Sequence[str]) -> Formula:
        """Return the words of a row: the gravest of what is said of its cells, and of which column."""
        gravest = self._sheet.add(At.PART, least(numbers))
        place = self._sheet.add(At.PART, _place_of(gravest, numbers))
        label = cell_of(self._sheet.put_list(labels), place)
        before, after = text("live.of_column", self._lines.language, label=_MARK).split(_MARK)
        words = cell_of(self._words, gravest)
        named = self._sheet.part(join(words, literal(before), label, literal(after)))
        silent = compare(gravest, ">=", NOTHING)
        calm = any_of([silent, compare(gravest, "=", self._lines.filled)])
        return self._sheet.add(At.PART, if_(calm, self._sheet.part(if_(silent, BLANK, words)), named))

    def _guard(self, first: Path, raw: Formula, words: Formula) -> str:
        """Return the formula of a check cell that speaks only where the same stands in the first cell of its row."""
        letter = column_letters(self._area.cells[first].column)
        own = f"INDEX({letter}$1:{letter}${self._area.last_row + _ROOM},ROW())"
        same = f'IFERROR(IF(ISBLANK({own}),"",{own}),"#")={qualify(raw.text)}'
        copied = qualify(f"${column_letters(At.WORDS)}${len(self._words.values)}")
        return f"IF({same},{qualify(words.text)},{copied})"


def _place_of(number: Formula, numbers: Sequence[Formula]) -> Formula:
    """Return which of some numbers, one below the other, is the first that equals one."""

    def find(wanted: Value, *found: Value) -> Value:
        return 1 + found.index(wanted)

    return derive(f"MATCH({number},{numbers[0]}:{numbers[-1]},0)", find, (number, *numbers), 1 + number.depth)
