"""Resolve defined names to the cell they name."""

import re
from collections.abc import Mapping
from functools import lru_cache

from gwxl.records.cell import CellRef
from gwxl.spreadsheets.address import Place, read_area

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
    named = _read_reference(reference) if len(reference) <= _LONGEST else None
    title = titles.get(named[0]) if named is not None else None
    return CellRef(title, *named[1]) if named is not None and title is not None else None


@lru_cache(maxsize=512)  # the workbooks of one form have the same names
def _read_reference(reference: str) -> tuple[str, Place] | None:
    """Return the title in folded case and the place of the one cell that a reference names."""
    match = _REFERENCE.match(reference.strip())
    area = read_area(match[3]) if match is not None else None
    if match is None or area is None or area[:2] != area[2:]:
        return None
    return (match[2] or match[1].replace("''", "'")).casefold(), area[:2]
