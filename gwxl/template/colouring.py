"""Colour rows by what their check cell says: the first sign of its words, on the same sheet."""

from collections.abc import Mapping, Sequence

from gwxl.records.cell import CellRef, column_letters
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.template.issue import Issue
from gwxl.wording import text
from gwxl.writer.book import Page

_STYLES = {
    "live.error": "row_error",
    "live.verify": "row_verify",
    "live.hint": "row_hint",
    "live.filled": "row_fine",
}


def colour_rows(
    page: Page, rows: Sequence[int], columns: tuple[int, int], language: str, inputs: Sequence[int] = ()
) -> None:
    """Colour number and check of each row; both are locked, so nothing pasted covers them. Faults colour inputs too.

    Args:
        page: the sheet.
        rows: the rows, at least from the first to the last of them.
        columns: the columns of number and check.
        language: of the words.
        inputs: the columns of the inputs.
    """
    if not rows:
        return
    first, last = min(rows), max(rows)
    check = f"${column_letters(columns[1])}{first}"
    for words, style in _STYLES.items():
        where = columns[1:] if style == "row_fine" else columns
        if style in {"row_error", "row_verify"}:
            where = (*where, *inputs)
        page.colour(first, last, where, f"={_begins(check, words, language)}", style)


def dim_rows(page: Page, rows: Sequence[int], columns: tuple[int, ...], told: int, language: str) -> None:
    """Make rows grey, inputs as if they were locked, where the column ``told`` says that they are not asked."""
    first = min(rows)
    words = text("live.left_out", language)
    page.colour(first, max(rows), columns, f'=${column_letters(told)}{first}="{words}"', "row_left_out")


def _begins(check: str, words: str, language: str) -> str:
    return f'LEFT({check},1)="{text(words, language, id="", title="")[0]}"'


def mark_inputs(page: Page, issue: Issue, cells: Mapping[Path, CellRef], said: Sequence[int]) -> None:
    """Mark the inputs in which a return was found wrong or to be verified.

    What the sheet itself can judge is marked until it is put right, anything else for good.

    Args:
        page: the sheet.
        issue: what the workbook is written from.
        cells: path → cell to mark, for the inputs of this sheet.
        said: the column of the checks, and that of what is still to be filled in where the sheet has one.
    """
    language = issue.form.language
    for path, findings in _group_findings(issue).items():
        if path in cells:
            cell = cells[path]
            style = "row_error" if any(one.severity is Severity.ERROR for one in findings) else "row_verify"
            check, *pending = (f"${column_letters(column)}{cell.row}" for column in said)
            wrong = [_begins(check, words, language) for words in ("live.error", "live.verify")]
            wrong += [f'{place}="{text("column.pending", language)}"' for place in pending]
            standing = f"=OR({','.join(wrong)})"
            live = all(_live(issue, one) for one in findings)
            page.colour(cell.row, cell.row, (cell.column,), standing if live else "=TRUE", style)


def _group_findings(issue: Issue) -> Mapping[Path, list[Finding]]:
    """Return path → what was found at it, or names it."""
    found: dict[Path, list[Finding]] = {}
    for point in issue.review.points if issue.review else ():
        for path in filter(None, {point.finding.key, *point.finding.operands}):
            found.setdefault(path, []).append(point.finding)
    return dict(sorted(found.items()))


def _live(issue: Issue, finding: Finding) -> bool:
    """Tell whether the sheet judges the rule of a finding itself."""
    return any(rule.id == finding.id and not rule.clerk_only for rule in issue.rules.rules)
