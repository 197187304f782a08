"""The short texts of a sheet, among which its keys, labels and heads stand: read once, compared often."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from gwxl.characters import strip_invisible, trim
from gwxl.form.labels import normalise_label
from gwxl.spreadsheets.book import CellKind, Sheet

_LONGEST = 300  # characters; no label is longer, a hostile cell holds 32,767
_MOST = 1 << 12  # texts of which it is kept
normal_of = lru_cache(maxsize=_MOST)(normalise_label)


@dataclass(frozen=True)
class Captions:
    """The short texts of one sheet by their places."""

    sheet: Sheet

    @cached_property
    def plain(self) -> Mapping[tuple[int, int], str]:
        """Return place → text without what nobody sees."""
        cells = self.sheet.cells.items()
        return {
            place: plain_of(cell.text)
            for place, cell in cells
            if cell.kind is CellKind.TEXT and len(cell.text) <= _LONGEST
        }

    @cached_property
    def normal(self) -> Mapping[tuple[int, int], str]:
        """Return place → text normalised as a label; what has no letter and no digit is left out."""
        return {place: normal for place, text in self.plain.items() if (normal := normal_of(text))}


@lru_cache(maxsize=_MOST)
def plain_of(text: str) -> str:
    """Return a text without what nobody sees."""
    return trim(strip_invisible(text))
