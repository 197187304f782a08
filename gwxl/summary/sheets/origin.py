"""数据来源: the same rows and columns as 汇总表; each cell says where the figure stands in the returned file."""

from collections.abc import Mapping

from gwxl.records.cell import CellRef
from gwxl.records.receipt import Receipt
from gwxl.summary.columns import Column, figure_words, put_of
from gwxl.summary.page import Page, Put
from gwxl.summary.record import KEY, Digest, head_words, pieces, site_cells
from gwxl.summary.sheets.notes import Note, note_of, place
from gwxl.summary.sheets.remembering import Facts, fact, head_record, site_record
from gwxl.summary.sheets.table import (
    KEY_ROW,
    LEAD,
    OF_ROW,
    PASSED_ROW,
    TOTAL_ROW,
    finish,
    lead,
    set_widths,
    write_heads,
    write_keys,
)
from gwxl.summary.sites import Sites
from gwxl.totals.figure import Why

HEAD_RECORD_ROW, DIGEST_ROW, HEAD_DIGEST_ROW = TOTAL_ROW, PASSED_ROW, OF_ROW
EXTRA = ("sheet", "file_only", "member", "sha256")
_EXTRA_WIDTHS = (14, 30, 24, 14)
_GAP = 1  # a blank column between the list and the record, so that who sorts the list leaves the record whole


def write_origin(page: Page, sites: Sites, *, entries: Facts) -> None:
    """Write the sheet, row by row as 汇总表; in hidden columns what the summary remembers, its entries too."""
    set_widths(page, sites)
    page.widths(*_EXTRA_WIDTHS, first=len(LEAD) + len(sites.columns) + 1)
    page.title_line(page.say("origin.title", heading=sites.heading), page.say("origin.note") + page.say("no_print"))
    write_keys(page, sites, extra=EXTRA)
    while page.next_row <= OF_ROW:
        page.line(Put(None, "key"), hidden=True)  # where 汇总表 has its totals, so that both sheets have the same rows
    write_heads(page, sites, extra=EXTRA)
    record = _Record(page, len(LEAD) + len(sites.columns) + len(EXTRA) + _GAP)
    for receipt in sites.batch.accepted:
        noted = [(column, *_note(sites, column, receipt)) for column in sites.columns]
        facts = {column.path: fact(put, note, sites.language) for column, put, note in noted}
        notes = [Put(note.words(sites.language), "small") for _, _, note in noted]
        row = page.line(*lead(page, sites, receipt), *notes, *_extra(receipt))
        record.put(row, site_cells(site_record(sites, receipt, facts, entries.get(sites.id(receipt), {}))))
    record.finish(head_words(head_record(sites)))
    finish(page, sites, extra=len(EXTRA))


class _Record:
    """A writer of records into hidden columns behind a number of others, a digest above each."""

    def __init__(self, page: Page, before: int) -> None:
        self._page = page
        self._before = before
        self._digests: dict[str, Digest] = {}
        self._columns: dict[str, int] = {}

    def put(self, row: int, cells: Mapping[str, str]) -> None:
        """Put a record into a row that is written already."""
        for key, words in cells.items():
            self._digests.setdefault(key, Digest()).add(words)
            self._page.fill(row, self._column(key), Put(words, "small"))

    def _column(self, key: str) -> int:
        return self._columns.setdefault(key, self._before + len(self._columns) + 1)

    def finish(self, head: str) -> None:
        """Put the record of the head, the keys of the columns, and the digest of each; hide the columns."""
        parts = list(pieces(head))
        digest = Digest()
        digest.add(head)
        self._page.fill(HEAD_DIGEST_ROW, self._column(KEY), Put(digest.words(), "key"))
        for number, piece in enumerate(parts, 1):
            self._page.fill(HEAD_RECORD_ROW, self._before + number, Put(piece, "key"))
        for key, column in self._columns.items():
            self._page.fill(KEY_ROW, column, Put(key, "key"))
            self._page.fill(DIGEST_ROW, column, Put(self._digests.get(key, Digest()).words(), "key"))
        for number in range(1, max(len(parts), len(self._columns)) + 1):
            self._page.hide(self._before + number)


def _extra(receipt: Receipt) -> list[Put]:
    source = receipt.source
    places = [Put(words, "small") for words in (source.sheet or "", source.file, source.member or "")]
    return [*places, Put(source.sha256, "digest")]


def _note(sites: Sites, column: Column, receipt: Receipt) -> tuple[Put, Note]:
    put, figure = put_of(column, sites.batch.form, receipt)
    address = _rows_address(column, receipt) or place(figure.cell, receipt)
    if put.value is None and not figure.raw and figure.why is not Why.RETIRED:
        return put, Note(address=address)
    return put, note_of(sites, figure, figure_words(column.field, figure, sites.language), address)


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
