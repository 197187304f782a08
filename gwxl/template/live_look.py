"""Put the live checks on a sheet: helpers out of sight, rows coloured by severity beside the words."""

from collections.abc import Sequence

from gwxl.form.layout import Col, RowKind
from gwxl.rules.excel import Verdict
from gwxl.submission import column_letters
from gwxl.template.live import LiveChecks
from gwxl.template.live_lines import FILLED, PENDING
from gwxl.template.writing import Page

CHECKED = frozenset({RowKind.INPUT, RowKind.TABLE, RowKind.CHOICES})
_STYLES = {
    Verdict.ERROR: "row_error",
    Verdict.VERIFY: "row_verify",
    Verdict.EXPLAINED: "row_fine",
    Verdict.HINT: "row_hint",
    PENDING: "pending",
    FILLED: "row_fine",
}


def write_helpers(page: Page, live: LiveChecks) -> None:
    """Write the formulas of a sheet's hidden columns, locked, and hide the columns."""
    first, last = live.columns(page.title)
    if first > last:
        return
    page.hide(first, last)
    for one in live.formulas.values():
        if one.cell.sheet == page.title and first <= one.cell.column <= last:
            page.formula(one.cell.row, one.cell.column, one.formula, "outside", value=one.value, about=one.about)


def colour_rows(
    page: Page, rows: Sequence[int], severity: int, columns: tuple[int, int] = (Col.NUMBER, Col.CHECK)
) -> None:
    """Colour number and check of each row by its severity; both are locked, so nothing pasted covers them."""
    if not rows:
        return
    first, last = min(rows), max(rows)
    for level, style in _STYLES.items():
        where = columns[1:] if style == "row_fine" else columns
        page.colour(first, last, where, f"=${column_letters(severity)}{first}={level:d}", style)
