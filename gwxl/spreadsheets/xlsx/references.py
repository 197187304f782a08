"""Resolve defined names to the cell they name."""

import re
from collections.abc import Mapping

from gwxl.records.cell import CellRef
from gwxl.spreadsheets.address import read_area

# A quoted title doubles its quotes; brackets mean another workbook, a colon several sheets.
_REFERENCE = re.compile(r"=?(?:'((?:[^'\[\]]|'')+)'|([^'!\s,:()\[\]]+))!([$A-Za-z0-9:]+)\Z")
_LONGEST = 8_192  # Excel's limit for a formula


def resolve(reference: str, titles: Mapping[str, str]) -> CellRef | None:
    """Return the one cell a reference such as ``'Sheet 1'!$D$8`` names.

    Args:
        reference: the text of a defined name.
        titles: sheet title in folded case → sheet title, of this workbook.

    Returns:
        None for ``#REF!``, another workbook, several cells or areas, a formula, an unknown sheet.
    """
    match = _REFERENCE.match(reference.strip()) if len(reference) <= _LONGEST else None
    if match is None:
        return None
    title = titles.get((match[2] or match[1].replace("''", "'")).casefold())
    area = read_area(match[3])
    if title is None or area is None or area[:2] != area[2:]:
        return None
    return CellRef(title, area[0], area[1])
