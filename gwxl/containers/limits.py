"""How much of a returned file is looked at before it is refused."""

from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace

from gwxl.errors import RefusedError

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that one returned file may cost.

    A form of a hundred fields stays under a tenth of each. Measured on one processor: a cell costs about 4 µs, any
    other element 1.5 µs, an unpacked part twice its size while it is unpacked. So whatever is refused is refused
    within about a second and 100 MB, and the hundreds of thousands of empty styled cells that somebody leaves behind
    who formats whole columns and rows are still read.

    Attributes:
        file_bytes: size of a file, or of a member of a zip archive.
        parts: entries of a zip.
        part_bytes: one unpacked part.
        total_bytes: all unpacked parts of a zip.
        ratio: unpacked to packed size of a part larger than ``ratio_from_bytes``.
        depth: nested XML elements.
        attributes: attributes of one XML element.
        token_chars: one text, attribute value or comment.
        elements: XML elements of a whole workbook.
        sheets: sheets of a workbook, those left out included.
        cells: cells of a workbook, blank ones included as far as they are kept.
        merges: merged ranges of a workbook.
        names: defined names of a workbook.
        unopened: titles of sheets that are not read where they are hidden: what stands there is no answer.
        beginning: at a limit keep what was read instead of refusing the file; what is damaged then ends there too.
    """

    file_bytes: int = 20 * _MEGABYTE
    parts: int = 1_000
    part_bytes: int = 32 * _MEGABYTE
    total_bytes: int = 96 * _MEGABYTE
    ratio: int = 150
    ratio_from_bytes: int = _MEGABYTE
    depth: int = 64
    attributes: int = 100
    token_chars: int = _MEGABYTE
    elements: int = 500_000
    sheets: int = 64
    cells: int = 150_000
    merges: int = 10_000
    names: int = 10_000
    unopened: frozenset[str] = frozenset()
    beginning: bool = False

    def of_beginning(self) -> "Limits":
        """Return how much is looked at of a workbook that is too large, to tell whose it is."""
        return replace(self, cells=20_000, elements=200_000, beginning=True)

    def tolerance(self) -> AbstractContextManager[None]:
        """Where only the beginning of a workbook is looked at, go on behind whatever is refused."""
        return suppress(RefusedError) if self.beginning else nullcontext()


DEFAULT_LIMITS = Limits()
