"""What the formulas of an office's form add up."""

import re
from collections.abc import Iterator

from gwxl.drafting.grid import Place, Spot
from gwxl.spreadsheets.address import read_area

_SUM = re.compile(r"SUM\(([^()]*)\)", re.IGNORECASE)
_CELL = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?")
_MOST_CELLS = 5_000


def find_added(spot: Spot | None) -> frozenset[Place]:
    """Return the cells of its own sheet that a formula adds up; none where it does anything else."""
    if spot is None or not spot.formula:
        return frozenset()
    terms = _SUM.sub(lambda found: found[1].replace(",", "+"), spot.formula.replace(" ", ""))
    parts = terms.split("+")
    if not all(_CELL.fullmatch(part) for part in parts):
        return frozenset()
    return frozenset(place for part in parts for place in _expand(part))


def _expand(reference: str) -> Iterator[Place]:
    area = read_area(reference)
    if area is None:
        return
    top, left, bottom, right = area
    if (right - left + 1) * (bottom - top + 1) <= _MOST_CELLS:
        yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
