"""Fill the table of a template as a person would."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.records.period import Period
from gwxl.rules.ruleset import RuleSet
from tests.support.written import write_template


def fill(rules: RuleSet, path: Path, rows: Sequence[Mapping[str, Any]], **fields: Any) -> Path:
    """Write a template with some rows typed into its table, and fields into its form."""
    layout = lay_out(rules.form)
    write_template(rules, path, identity=issue_identity(rules.form, period=Period(2026)), force=True)
    book = openpyxl.load_workbook(path)
    area = layout.tables[0]
    for number, row in enumerate(rows, area.first_row):
        for key, value in row.items():
            book[area.sheet].cell(number, area.columns[key]).value = value
    for key, value in fields.items():
        cell = next(cell for path_, cell in layout.cells.items() if path_ == key)
        book[cell.sheet].cell(cell.row, cell.column).value = value
    book.save(path)
    return path
