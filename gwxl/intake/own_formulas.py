"""Tell whether the formula of the form still stands in a calculated cell, however the workbook was saved.

Programs write one formula in several ways, and rows that are inserted move what it names. So it is taken apart: what
it names is compared by what stands there in the form, the rest sign by sign, brackets aside.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.spreadsheets.address import read_area

_LONGEST = 2_000
_ADDRESS = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_SHEET = r"\$?(?:'(?:[^']|''){1,31}'|[^\s'\[\]!.,;:()+*/<>=&\"-]{1,31})"  # no title of a sheet is longer
_PART = re.compile(
    rf"\[(?P<title>{_SHEET})?\.(?P<from>{_ADDRESS})(?::(?:{_SHEET})?\.(?P<to>{_ADDRESS}))?\]"
    rf"|(?:(?P<sheet>{_SHEET})!)?(?P<first>{_ADDRESS})(?::(?P<last>{_ADDRESS}))?(?![\w.(])"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<sign><=|>=|<>|[-+*/=<>&,;{}^%])"
    r"|(?P<none>[\s()]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
Sign = str | Decimal | frozenset[Path]


class Places:
    """What stands in the cells of a workbook, by path."""

    def __init__(self, cells: Mapping[Path, CellRef]) -> None:
        """Take path → cell."""
        self._sheets: dict[str, dict[tuple[int, int], Path]] = {}
        for path, cell in cells.items():
            self._sheets.setdefault(cell.sheet, {})[cell.row, cell.column] = path

    def take_apart(self, formula: str, sheet: str) -> tuple[Sign, ...] | None:
        """Return a formula on a sheet sign by sign; None where it cannot be told what it says."""
        if not formula.strip() or len(formula) > _LONGEST:
            return None
        signs = tuple(self._signs(formula, sheet))
        return None if "" in signs else signs

    def _signs(self, formula: str, sheet: str) -> Iterator[Sign]:
        for found in _PART.finditer(formula):
            part = found.groupdict()
            if first := part["from"] or part["first"]:
                title = _read_title(part["title"] or part["sheet"] or "") or sheet
                yield self._between(title, first, part["to"] or part["last"] or first)
            elif part["number"]:
                yield Decimal(part["number"])
            elif part["name"]:
                yield part["name"].rpartition(".")[2].upper()
            elif not part["none"]:
                yield _read_sign(part)

    def _between(self, title: str, first: str, last: str) -> Sign:
        """Return what the form has between two cells; an empty text where that is nothing."""
        area = read_area(f"{first}:{last}")
        if area is None:
            return ""
        top, left, bottom, right = area
        places = self._sheets.get(title, {})
        if (top, left) == (bottom, right):
            found = places.get((top, left))
            return frozenset([found]) if found else f"{title}!{top},{left}"
        return frozenset(
            path for (row, column), path in places.items() if top <= row <= bottom and left <= column <= right
        )


def _read_title(title: str) -> str:
    bare = title.removeprefix("$")
    return bare[1:-1].replace("''", "'") if bare.startswith("'") else bare


def _read_sign(part: Mapping[str, str | None]) -> str:
    """Return a sign as every program means it; an empty text for one that is none of a formula of ours."""
    sign = part["text"] or part["sign"] or ""
    return "," if sign == ";" else sign
