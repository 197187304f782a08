"""Check a summary before it gets its name: its rows must add up to its totals, and no file may be missing (D08)."""

from collections.abc import Mapping
from decimal import Context, Decimal
from pathlib import Path
from typing import NoReturn

from gwxl.errors import WorkbookError
from gwxl.files.excel_limits import DIGITS
from gwxl.form.kinds import Aggregate
from gwxl.form.matrices.area import MatrixArea
from gwxl.form.matrix import Line
from gwxl.summary.columns import ABSENT, TICK, Column
from gwxl.summary.sheets import handing_on, matrices, table, tables
from gwxl.summary.sheets.notes import absences, read_note
from gwxl.summary.sites import Sites
from gwxl.summary.stored.workbook import Grid, Stored, open_summary
from gwxl.totals.adding import Total
from gwxl.totals.arithmetic import Number, exact_sum, mean, weighted_mean
from gwxl.wording import text


def self_check(sites: Sites, path: Path) -> Stored:
    """Read a written summary back and compare it, exactly, with the totals of its batch; return it.

    Raises:
        WorkbookError: the files do not add up, or a column's rows, total and stored formula differ: our mistake.
    """
    check_counts(sites)
    stored = open_summary(path)
    check = _Check(sites, stored.grid("table", table.FIRST_ROW), stored.grid("origin", table.FIRST_ROW))
    for column in sites.columns:
        check.column(column, sites.totals[column.field.path], passed=False)
        check.column(column, sites.totals_passed[column.field.path], passed=True)
    for grid in stored.entries(tables.FIRST_ROW):
        for total in sites.totals.values():
            if total.key in grid.columns:
                check.entries(grid, total)
    keyed = stored.entries(matrices.FIRST_ROW, matrices.ROW)
    for grid, area in zip(keyed, matrices.added_matrices(sites), strict=True):
        check.matrix(grid, area)
    return stored


def check_counts(sites: Sites) -> None:
    """Check that every received file is accounted for once.

    Raises:
        WorkbookError: received is not accepted + held + rejected + superseded + refused + ignored.
    """
    counts = sites.batch.counts
    outside = (counts.held, counts.rejected, counts.superseded, counts.refused, counts.ignored)
    parts = counts.accepted + sum(outside)
    if counts.received != parts or counts.accepted != counts.passed + counts.errors + counts.verify:
        message = f"D08: {counts} does not add up; the summary was not written; please report this"
        raise WorkbookError(message)


def check_level(stored: Stored, level: bytes) -> None:
    """Check that a summary hands on what it was made of.

    Raises:
        WorkbookError: it hands on something else: our mistake.
    """
    grid = stored.grid("level", handing_on.FIRST_ROW)
    if handing_on.join_pieces(grid.text(row, handing_on.LEVEL) for row in grid.rows) != level:
        message = "D08: what the next level reads is not what was written; not written; please report this"
        raise WorkbookError(message)


class _Check:
    """A comparison of what the rows of a summary say with its totals."""

    def __init__(self, sites: Sites, grid: Grid, notes: Grid) -> None:
        self._sites = sites
        self._grid = grid
        self._notes = notes
        self._yes = text("answer.yes", sites.language)
        self._all = [row for row in grid.rows if grid.text(row, "#file")]
        self._passed = [row for row in self._all if grid.text(row, "#passed") == self._yes]

    def column(self, column: Column, total: Total, *, passed: bool) -> None:
        """Compare one column with its total over all sites, or over those that passed."""
        rows = self._passed if passed else self._all
        asked = sum(self._was_asked(row, column) for row in rows)
        if asked != column.coverage(total)[1]:
            self._differ(column.path, f"{asked} rows", f"{column.coverage(total)[1]} sites")
        if isinstance(total.value, Mapping):
            self._answers(column, total.value, rows)
        elif column.added:
            found = self._recompute(column, rows)
            self._compare(column.path, found, total.value)
        self._check_stored(column, total, table.PASSED_ROW if passed else table.TOTAL_ROW)

    def _was_asked(self, row: int, column: Column) -> bool:
        """Tell whether a site was asked; a filler may write the same words, but not into the sheet of sources."""
        language = self._sites.language
        if self._grid.text(row, column.path) not in {text(key, language) for key in ABSENT.values()}:
            return True
        return read_note(self._notes.text(row, column.path), language).why not in absences(language)

    def entries(self, grid: Grid, total: Total) -> None:
        """Compare a column of a table field's sheet with its total."""
        if total.value is None or not isinstance(total.value, Number):
            return
        numbers = [number for row in grid.rows if (number := self._number(grid, row, total.key)) is not None]
        if self._sites.batch.form.question_at(total.key).aggregate is Aggregate.MEAN:
            self._compare(total.key, mean(numbers), total.value)
            rounded = Context(prec=DIGITS).plus(Decimal(total.value))
            self._compare(total.key, self._number(grid, tables.TOTAL_ROW, total.key), rounded)
            return
        self._compare(total.key, exact_sum(numbers), total.value)
        self._compare(total.key, self._number(grid, tables.TOTAL_ROW, total.key), total.value)

    def matrix(self, grid: Grid, area: MatrixArea) -> None:
        """Compare each figure on the sheet of a matrix with the total it shows."""
        parts = matrices.list_parts(self._sites)
        lines = {area.key_of(line): line for line in area.matrix.rows}
        starts = [row for row in grid.rows if grid.text(row, matrices.ROW) == matrices.PART]
        if len(starts) != len(parts):
            self._differ(area.sheet, f"{len(starts)} selections", f"{len(parts)}")
        for part, start, end in zip(parts, starts, [*starts[1:], grid.rows.stop], strict=True):
            rows = {grid.text(row, matrices.ROW): row for row in range(start, end)}
            for key, line in lines.items():
                self._line(grid, area, part, line, rows[key])

    def _line(self, grid: Grid, area: MatrixArea, part: matrices.Part, line: Line, row: int) -> None:
        for column in (column for one, column in area.matrix.cells if one is line):
            path = area.matrix.path(line, column)
            expected = matrices.number_of(part.totals[path])
            rounded = None if expected is None else Context(prec=DIGITS).plus(Decimal(expected))
            found = self._number(grid, row, column.key)
            if found not in {expected, rounded}:
                self._differ(f"{path}, row {row}", found, expected)

    def _recompute(self, column: Column, rows: list[int]) -> Number | None:
        numbers = {row: number for row in rows if (number := self._number(self._grid, row, column.path)) is not None}
        if column.field.aggregate is not Aggregate.MEAN:
            return exact_sum(list(numbers.values()))
        weights = {row: self._number(self._grid, row, column.field.weight) for row in numbers}
        return weighted_mean(
            [(number, weight) for row, number in numbers.items() if (weight := weights[row]) is not None]
        )

    def _answers(self, column: Column, counts: Mapping[str, int], rows: list[int]) -> None:
        texts = [self._grid.text(row, column.path) for row in rows]
        for key, words in self._words(column).items():
            self._compare(f"{column.path} ({words})", texts.count(words), counts[key])

    def _words(self, column: Column) -> Mapping[str, str]:
        if column.choice:
            return {column.choice.key: TICK}
        if column.field.kind.is_choice:
            return {choice.key: choice.label for choice in column.field.choices}
        return {"true": self._yes, "false": text("answer.no", self._sites.language)}

    def _check_stored(self, column: Column, total: Total, row: int) -> None:
        value = table.total_number(column, total)
        found = self._number(self._grid, row, column.path)
        if value is not None and not table.needs_text(column, total):
            value = Context(prec=DIGITS).plus(Decimal(value))
        self._compare(f"{column.path}, row {row}", found, value)

    def _number(self, grid: Grid, row: int, key: str) -> Decimal | None:
        if (number := grid.number(row, key)) is not None:
            return number
        words = grid.text(row, key)
        before, _, after = text("summary.long_number", self._sites.language, value="\0").partition("\0")
        digits = words.removeprefix(before).removesuffix(after)
        if digits == words or not digits.lstrip("-").replace(".", "", 1).isdecimal():
            return None
        return Decimal(digits)

    def _compare(self, place: str, found: Number | None, expected: Number | None) -> None:
        if (found is None) != (expected is None) or (found is not None and Decimal(found) != expected):
            self._differ(place, found, expected)

    def _differ(self, place: str, found: object, expected: object) -> NoReturn:
        message = (
            f"D08: column {place}: the rows give {found}, the totals say {expected}; not written; please report this"
        )
        raise WorkbookError(message)
