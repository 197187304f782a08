"""Workbooks with the formulas of a test, their graph read back."""

from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

from tests.support.formula_graph import Formulas

Sheets = Mapping[str, Mapping[str, str | float]]
Names = Mapping[str, str]


def plant(path: Path, sheets: Sheets, names: Names | None = None) -> Formulas:
    """Write and read a workbook: formulas and numbers by sheet and address, a range an array formula; and names."""
    with xlsxwriter.Workbook(path) as book:
        for title, cells in sheets.items():
            sheet = book.add_worksheet(title)
            for address, entry in cells.items():
                (sheet.write_array_formula if ":" in address else sheet.write)(address, entry)
        for name, words in (names or {}).items():
            book.define_name(name, words)
    return Formulas.of(path)


def plant_look(path: Path, kind: str, text: str) -> Formulas:
    """Write a workbook with one conditional format or validation, and names of an own and another sheet."""
    with xlsxwriter.Workbook(path) as book:
        sheet, _ = book.add_worksheet("表"), book.add_worksheet("live")
        book.define_name("own", "=表!$K$1:$K$3")
        book.define_name("other", "=live!$K$1:$K$3")
        if kind == "format":
            sheet.conditional_format("B2:C9", {"type": "formula", "criteria": text, "format": book.add_format()})
        else:
            sheet.data_validation("B2:C9", {"validate": kind, "source" if kind == "list" else "value": text})
    return Formulas.of(path)
