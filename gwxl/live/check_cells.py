"""The cells of the form sheet that are seen: what is said beside a row, which knows when the sheet is a copy."""

from collections.abc import Sequence
from dataclasses import dataclass

from gwxl.form.layout import Col, Layout, Row, RowKind
from gwxl.live.formulas import Formula
from gwxl.live.sheet import qualify
from gwxl.records.cell import column_letters


@dataclass(frozen=True, kw_only=True)
class Check:
    """The formula of a cell that is seen, and the words it shows now, with what they come of."""

    formula: str
    value: str
    source: Formula


class CheckCells:
    """A writer of the cells beside the rows of the form sheet."""

    def __init__(self, layout: Layout, rows: Sequence[Row], last: int, copied: str) -> None:
        """Take where everything stands, the rows that are checked, the last row looked at, and what a copy says."""
        self._layout, self._rows, self._last, self.copied = layout, rows, last, copied

    def write_check(self, row: Row, shown: Formula, raw: Formula | None) -> Check:
        """Return the check cell of a row: what is said of the original only where the same stands beside it."""
        words = qualify(shown.text)
        if raw is not None:
            letter = column_letters(Col.INPUT)
            own = f"INDEX({letter}$1:{letter}${self._last},ROW())"  # a reference to one cell goes with it when dragged
            same = f'IFERROR(IF(ISBLANK({own}),"",{own}),"#")={qualify(raw.text)}'
            formula = f"IF({same},{words},{self.copied})"
        else:
            places = [self._layout.checks[one.about] for one in self._find_neighbours(row)]
            copied = [f"${column_letters(place.column)}${place.row}={self.copied}" for place in places]
            formula = f"IF(OR({','.join(copied)}),{self.copied},{words})" if copied else words
        return Check(formula=formula, value=str(shown.value), source=shown)

    def write_pending(self, row: Row, words: Formula) -> Check:
        """Return the cell that says 待填, and nothing where the check has something to say, as on a copy."""
        check = self._layout.checks[row.about].address
        return Check(formula=f'IF({check}="",{qualify(words.text)},"")', value=str(words.value), source=words)

    def _find_neighbours(self, row: Row) -> list[Row]:
        """Return the inputs by which a row without one tells a copy: its choices, or the rows around it."""
        if row.kind is RowKind.CHOICES:
            return [one for one in self._rows if one.path and one.field is row.field][:20]
        place = self._rows.index(row)
        inputs = [(abs(place - number), one) for number, one in enumerate(self._rows) if one.path]
        return [one for _, one in sorted(inputs, key=lambda pair: pair[0])[:8]]
