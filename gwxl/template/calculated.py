"""Write the locked formula of a cell that is calculated, with what it comes to."""

from gwxl.live.calculated_cells import formula_of
from gwxl.live.inputs import Input
from gwxl.rules.computed.reading import find_computed
from gwxl.template.issue import Issue
from gwxl.template.values import as_number, value_to_store
from gwxl.writer.book import Page


def write_calculated(page: Page, issue: Issue, item: Input, row: int | None = None) -> str:
    """Write the formula, of a column of a table that in a row, and return what it shows."""
    path = item.path if row is None else item.path.in_row(row)
    cell = issue.layout.cells[path]
    value = as_number(value_to_store(item, issue.form, issue.answers.get(path)))
    one = find_computed(issue.form, path)
    places = "" if one is None or not one.decimals else f".{'0' * one.decimals}"
    page.formula(
        cell.row,
        cell.column,
        formula_of(issue.layout, path, issue.required),
        f"{item.kind.style}_fixed",
        value=value,
        about=f"{path} calculated",
        number_format=item.kind.format if one is None else f"#,##0{places}",
    )
    return str(value)
