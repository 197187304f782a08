"""Write into a workbook of decisions as a clerk does."""

from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl

from gwxl.batch.decisions.table import names_of

Row = Mapping[str, str]


def fill_in(path: Path, words: Callable[[Row], Row]) -> list[dict[str, str]]:
    """Write into each row what a function of it says, column → text; return the rows as they stand then."""
    book = openpyxl.load_workbook(path)
    found: list[dict[str, str]] = []
    for sheet in book.worksheets:
        names = names_of([str(cell.value or "") for cell in sheet[1]])
        for line in range(2, sheet.max_row + 1):
            cells = {name: sheet.cell(line, place) for place, name in enumerate(names, 1) if name}
            row = {name: str(cell.value or "") for name, cell in cells.items()}
            for name, text in words(row).items():
                cells[name].value = text or None
                row[name] = text
            found.append(row)
    book.save(path)
    return found
