"""Write a sheet that is locked as far as it goes, but where the style of a cell says otherwise."""

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from gwxl.files.excel_limits import LAST_COLUMN
from gwxl.writer.book import Page


class _Sheet(Worksheet):  # type: ignore[misc]  # ships no types
    """A sheet that takes formulas as they are, the last column as all after it, and rows of the usual height as such.

    XlsxWriter would look each formula through for some thirty functions newer than ours, keep and compare each of a
    sheet's 16,384 columns, and say in each row how high a row is that says nothing of it.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 - XlsxWriter's interface
        return formula.removeprefix("=")

    def _write_col_info(self, col_min: int, col_max: int, col_info: object) -> None:
        to_the_end = col_max == max(self.col_info)
        super()._write_col_info(col_min, LAST_COLUMN - 1 if to_the_end else col_max, col_info)

    def _write_row(self, row: int, spans: str | None, row_info: object = None, empty_row: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - XlsxWriter's interface
        height: int = self.original_row_height  # type: ignore[has-type]  # ships no types
        if row_info is None:
            self.original_row_height = self.default_row_height
        super()._write_row(row, None, row_info, empty_row)
        self.original_row_height = height


class LockedPage(Page):
    """One sheet being written whose empty cells are locked and plain."""

    kind = _Sheet

    def widths(self, widths: Mapping[int, float], hidden: tuple[int, ...] = ()) -> None:
        """Set column widths in characters; every other column of the sheet is locked and plain."""
        for column, width in widths.items():
            self.columns(column, column, width, "outside", hidden=column in hidden)
        last = max(widths)
        self.columns(last + 1, last + 1, None, "outside")  # stands for all that follow
        # A styled column counts as used for XlsxWriter: it would say the sheet is wider than what is written.
        self.sheet.dim_colmax = last - 1
