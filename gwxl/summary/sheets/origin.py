"""数据来源: the same rows and columns as 汇总表; each cell says where the figure stands in the returned file."""

from dataclasses import dataclass

from gwxl.records.cell import CellRef
from gwxl.records.receipt import Receipt
from gwxl.summary.columns import Column, found, put_of
from gwxl.summary.page import Page, Put
from gwxl.summary.sheets.table import LEAD, OF_ROW, finish, lead, set_widths, write_heads, write_keys
from gwxl.summary.sites import Sites
from gwxl.totals.figure import Figure, Why
from gwxl.wording import text

EXTRA = ("sheet", "file_only", "member", "sha256")
_EXTRA_WIDTHS = (14, 30, 24, 14)
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


def not_asked(language: str) -> str:
    """Return what the note on a figure gives as the reason where the return's edition of the form did not ask."""
    return text("summary.uncounted.not_asked", language)


def write_origin(page: Page, sites: Sites) -> None:
    """Write the sheet, row by row as 汇总表."""
    set_widths(page, sites)
    page.widths(*_EXTRA_WIDTHS, first=len(LEAD) + len(sites.columns) + 1)
    page.title_line(page.say("origin.title", heading=sites.heading), page.say("origin.note") + page.say("no_print"))
    write_keys(page, sites, extra=EXTRA)
    while page.next_row <= OF_ROW:
        page.line(Put(None, "key"), hidden=True)  # where 汇总表 has its totals, so that both sheets have the same rows
    write_heads(page, sites, extra=EXTRA)
    for receipt in sites.batch.accepted:
        notes = [Put(_note(sites, column, receipt).words(sites.language), "small") for column in sites.columns]
        page.line(*lead(page, sites, receipt), *notes, *_extra(receipt))
    finish(page, sites, extra=len(EXTRA))


def _extra(receipt: Receipt) -> list[Put]:
    source = receipt.source
    places = [Put(words, "small") for words in (source.sheet or "", source.file, source.member or "")]
    return [*places, Put(source.sha256, "digest")]


def _note(sites: Sites, column: Column, receipt: Receipt) -> Note:
    put, figure = put_of(column, sites.batch.form, receipt)
    address = _rows_address(column, receipt) or place(figure.cell, receipt)
    if put.value is None and not figure.raw and figure.why is not Why.RETIRED:
        return Note(address=address)
    return note_of(sites, figure, found(column.field, figure, sites.language), address)


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


def _rows_address(column: Column, receipt: Receipt) -> str:
    if not column.field.kind.is_table or receipt.submission is None:
        return ""
    answers = receipt.submission.answers.values()
    cells = [one.cell for one in answers if one.cell and one.key.number and one.key.field == column.path]
    if not cells:
        return ""
    first = CellRef(cells[0].sheet, min(c.row for c in cells), min(c.column for c in cells))
    last = CellRef(cells[0].sheet, max(c.row for c in cells), max(c.column for c in cells))
    return f"{place(first, receipt)}:{last.address}"
