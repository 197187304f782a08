"""Write the locked formula of a cell that is calculated, with what it comes to."""

from gwxl.live.calculated_cells import formula_of
from gwxl.live.inputs import Input
from gwxl.rules.computed.reading import computed_of
from gwxl.template.issue import Issue
from gwxl.template.values import as_number, value_to_store
from gwxl.writer.book import Page


def write_calculated(page: Page, issue: Issue, item: Input) -> str:
    """Write the formula, and return what it shows."""
    value = as_number(value_to_store(item, issue.form, issue.answers.get(item.path)))
    one = computed_of(issue.form).get(item.path)
    places = "" if one is None or not one.decimals else f".{'0' * one.decimals}"
    page.formula(
        item.cell.row,
        item.cell.column,
        formula_of(issue.layout, item.path, issue.required),
        f"{item.kind.style}_fixed",
        value=value,
        about=f"{item.path} calculated",
        number_format=item.kind.format if one is None else f"#,##0{places}",
    )
    return str(value)
