"""What stands in a cell of 数据来源: where a figure stands in the returned file, and what became of it."""

from dataclasses import dataclass

from gwxl.records.cell import CellRef
from gwxl.records.receipt import Receipt
from gwxl.summary.columns import ABSENT
from gwxl.summary.sites import Sites
from gwxl.totals.figure import Figure
from gwxl.wording import text

DIVIDER = "｜"


@dataclass(frozen=True, kw_only=True)
class Note:
    """What a cell of the sheet says: address, why the figure does not count, raw text where it differs."""

    address: str = ""
    why: str = ""
    raw: str | None = None

    def words(self, language: str) -> str:
        """Return the note as one text; the raw text comes last, as it may hold anything."""
        parts = [self.address]
        if self.why:
            parts.append(text("summary.origin.why", language) + self.why)
        if self.raw is not None:
            parts.append(text("summary.origin.raw", language) + self.raw)
        return DIVIDER.join(parts) if any(parts) else ""


def read_note(words: str, language: str) -> Note:
    """Return the note that :meth:`Note.words` wrote."""
    address, _, rest = words.partition(DIVIDER)
    why_mark, raw_mark = text("summary.origin.why", language), text("summary.origin.raw", language)
    why = ""
    if rest.startswith(why_mark):
        why, _, rest = rest.removeprefix(why_mark).partition(DIVIDER)
    return Note(address=address, why=why, raw=rest.removeprefix(raw_mark) if rest.startswith(raw_mark) else None)


def absences(language: str) -> frozenset[str]:
    """Return what the note on a figure gives as the reason where the return was not asked for it."""
    return frozenset(text(f"summary.uncounted.{why}", language) for why in ABSENT)


def note_of(sites: Sites, figure: Figure, shown: str, address: str) -> Note:
    """Return the note on a figure that is shown as a text."""
    why = sites.reason(figure.why, figure.rule) if figure.why else ""
    changed = bool(figure.raw) and figure.raw != shown
    return Note(address=address, why=why, raw=figure.raw if changed else None)


def place(cell: CellRef | None, receipt: Receipt) -> str:
    """Return an address, with its sheet where that is not the form's."""
    if cell is None:
        return ""
    return cell.address if cell.sheet == receipt.source.sheet else str(cell).replace(DIVIDER, "|")
