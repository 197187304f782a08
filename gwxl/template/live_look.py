"""Put the live checks on a sheet: helpers out of sight, rows coloured by severity beside the words."""

from collections.abc import Mapping, Sequence

from gwxl.findings import Finding, Severity
from gwxl.form.layout import Col, RowKind
from gwxl.rules.excel import Verdict
from gwxl.submission import CellRef, column_letters
from gwxl.template.issue import Issue
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


def mark_inputs(page: Page, issue: Issue, cells: Mapping[str, CellRef], severity: int) -> None:
    """Mark the inputs in which a return was found wrong or to be verified.

    What the sheet itself can judge is marked until it is put right, anything else for good.

    Args:
        page: the sheet.
        issue: what the workbook is written from.
        cells: path → cell to mark, for the inputs of this sheet.
        severity: the helper column of the rows' severities.
    """
    for path, findings in _found(issue).items():
        if path in cells:
            cell = cells[path]
            style = "row_error" if any(one.severity is Severity.ERROR for one in findings) else "row_verify"
            levels = (f"${column_letters(severity)}{cell.row}={level:d}" for level in _STANDING)
            formula = f"=OR({','.join(levels)})" if all(_live(issue, one) for one in findings) else "=TRUE"
            page.colour(cell.row, cell.row, (cell.column,), formula, style)


_STANDING = (Verdict.ERROR, Verdict.VERIFY, PENDING)


def _found(issue: Issue) -> Mapping[str, list[Finding]]:
    """Return path → what was found at it, or names it."""
    found: dict[str, list[Finding]] = {}
    for point in issue.review.points if issue.review else ():
        for path in {point.finding.key, *point.finding.operands} - {None}:
            found.setdefault(str(path), []).append(point.finding)
    return dict(sorted(found.items()))


def _live(issue: Issue, finding: Finding) -> bool:
    """Tell whether the sheet judges the rule of a finding itself."""
    return any(rule.id == finding.id and not rule.clerk_only for rule in issue.rules.rules)
