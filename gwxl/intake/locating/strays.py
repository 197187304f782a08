"""Where an answer went that is not in its input: beside it, over what was printed, in a comment or a text box."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from gwxl.characters import fold_width, is_blank
from gwxl.form.kinds import TEXT
from gwxl.form.labels import normalise_label
from gwxl.form.layout import HEADS, Col, Layout, Row
from gwxl.inert import inert_line
from gwxl.intake.locating.form_sheets import Located
from gwxl.intake.locating.grid import HEADINGS, is_helper_column, may_lack_head
from gwxl.intake.locating.identity import text_at
from gwxl.intake.locating.printed import Added, Printed, holds_check
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import signal
from gwxl.spreadsheets.book import Book, Sheet
from gwxl.spreadsheets.notes import Note, NoteKind
from gwxl.wording import text
from gwxl.wording.joining import join_words

_OVERWRITTEN: Mapping[Col | None, str] = {Col.INSTRUCTION: "S03", Col.CHECK: "S04", Col.PENDING: "S04"}
BESIDE_BLANK = frozenset({"S01", "S02"})
"""The findings on what stands beside a blank: which one, and with what, hangs on whether the answer is missing."""

_NAMED = 5  # places one finding names
_LONGEST = 60
_FIGURE = re.compile(r"[^0-9]{0,8}[0-9][0-9,.]{0,20}[^0-9]{0,8}\Z")
_SHIFTED = frozenset(HEADS.keys() - {Col.INPUT, Col.REVIEW})


def stray_findings(book: Book, located: Located, layout: Layout, missing: Container[Path]) -> Iterator[Finding]:
    """Yield a finding for every input beside which, or over which, something stands that may be its answer.

    None of it is ever taken. What stands beside a blank is told at the blank; anything else in one line a kind.

    Args:
        book: the workbook.
        located: where everything stands on the form sheet.
        layout: the form's.
        missing: the paths that must be filled in and are blank: an explanation there is quoted, too.
    """
    sheet = book.sheet(located.sheet)
    if sheet is None or not located.cells:
        return
    strays = _Strays(sheet, located, layout)
    yield from strays.find_at_inputs(missing)
    yield from strays.find_at_headings()
    yield from _find_lying(sheet, strays.told, layout.form.language)
    listed = {located.table_sheets.get(area.field.key) for area in layout.tables}  # a matrix knows what is beside it
    for title in dict.fromkeys(located.table_sheets.values()):
        table = book.sheet(title)
        if table is not None and title in listed:
            yield from _find_beside_rows(table, [ref for ref in located.cells.values() if ref.sheet == title], layout)
        if table is not None:
            yield from _find_lying(table, (), layout.form.language)


@dataclass
class _Strays:
    """A look through the rows of one form sheet, and what was told already."""

    sheet: Sheet
    located: Located
    layout: Layout
    told: set[Note] = field(default_factory=set)
    _over: dict[str, list[tuple[CellRef, str]]] = field(default_factory=dict)

    @property
    def _language(self) -> str:
        return self.layout.form.language

    @cached_property
    def _printed(self) -> Printed:
        columns = {column: Col(name) for name, column in self.located.columns.items()}
        shift = next((ref.column for path, ref in self._cells), Col.INPUT) - Col.INPUT
        missing = (name for name in _SHIFTED if name not in self.located.columns)
        lost = {name + shift: name for name in missing if may_lack_head(name, self.located.columns)}
        first = {min((*columns, *lost)) - 1: Col.KEY}
        return Printed(self.sheet, self.layout, {**first, **lost, **columns}, self.located.rows)

    @cached_property
    def _cells(self) -> list[tuple[Path, CellRef]]:
        cells = self.located.cells
        return [(path, cells[path]) for path in self.layout.inputs if path in cells]

    def find_at_inputs(self, missing: Container[Path]) -> Iterator[Finding]:
        """Yield what stands in the row of each input."""
        for path, ref in self._cells:
            row, cell = self.layout.inputs[path], self.sheet.cells.get((ref.row, ref.column))
            added = list(self._printed.find_added(row))
            if cell is None or (is_blank(cell.text) and not cell.uncalculated):
                yield from self._find_beside_blank(row, ref, added, asked=path in missing)
            else:
                self._keep(ref.row, added)
                yield from self._find_beside_answer(path, ref, cell.text)

    def _find_beside_blank(self, row: Row, ref: CellRef, added: list[Added], *, asked: bool) -> Iterator[Finding]:
        counted = row.field is not None and row.field.kind.is_number
        added = [one for one in added if one.name is not Col.REMARK or (asked and _may_answer(one, row))]
        # A picture beside an input may be a seal; one that lies on the input stands where the answer belongs.
        notes = [one for one in self._notes(ref.row) if one.kind is not NoteKind.PICTURE or one.column == ref.column]
        self.told.update(notes)
        places = [self._place(ref.row, one) for one in added] + [_quote_note(note, self._language) for note in notes]
        if places:
            said = [one.text for one in added] + [note.text for note in notes]
            figures = counted and any(_FIGURE.match(fold_width(words)) for words in said)
            id_ = "S02" if figures and not asked else "S01"
            cell = CellRef(ref.sheet, ref.row, (added or notes)[0].column)
            yield _tell_places(id_, self._language, places, key=row.path, cell=cell, raw="")

    def _find_beside_answer(self, path: Path, ref: CellRef, raw: str) -> Iterator[Finding]:
        notes = [one for one in self._notes(ref.row) if one.kind is not NoteKind.PICTURE and one not in self.told]
        self.told.update(notes)
        if notes:
            places = [_quote_note(note, self._language) for note in notes]
            cell = CellRef(ref.sheet, notes[0].row, notes[0].column)
            yield _tell_places("S05", self._language, places, key=path, cell=cell, raw=raw)

    def _keep(self, row: int, added: Iterable[Added]) -> None:
        """Keep what was written over a clause or a check; what stands elsewhere beside an answer is told by L17."""
        for one in added:
            if one.name in _OVERWRITTEN:
                ref = CellRef(self.sheet.title, row, one.column)
                self._over.setdefault(_OVERWRITTEN[one.name], []).append((ref, self._place(row, one)))

    def find_at_headings(self) -> Iterator[Finding]:
        """Yield what was written over clauses and checks, those of headings included."""
        for row in self.layout.rows:
            if row.kind in HEADINGS and row.key in self.located.rows:
                self._keep(self.located.rows[row.key], self._printed.find_added(row))
        for id_ in ("S03", "S04"):
            over = sorted(self._over.get(id_, ()))
            if over:
                yield _tell_places(id_, self._language, [words for _, words in over], cell=over[0][0])

    def _notes(self, row: int) -> Iterator[Note]:
        return (note for note in self.sheet.notes if note.row and note.row <= row <= note.last)

    def _place(self, row: int, one: Added) -> str:
        cell = CellRef(self.sheet.title, row, one.column).address
        return text("stray.cell", self._language, cell=cell, words=inert_line(one.text, _LONGEST))


def _find_beside_rows(sheet: Sheet, inputs: list[CellRef], layout: Layout) -> Iterator[Finding]:
    """Yield one finding for what stands to the right of a table's rows, or over their checks."""
    if not inputs:
        return
    language, last = layout.form.language, max(ref.column for ref in inputs)
    first, end = min(ref.row for ref in inputs), max(ref.row for ref in inputs)
    check, review = (normalise_label(text(key, language)) for key in ("column.check", "column.review"))
    found = []
    for (row, column), cell in sheet.cells.items():
        said = cell.text or (f"={cell.formula}" if cell.formula is not None else "")
        if not first <= row <= end or column <= last or is_helper_column(column) or is_blank(said):
            continue
        head = normalise_label(text_at(sheet, first - 1, column))
        if head != review and not (head == check and holds_check(cell)):
            found.append((CellRef(sheet.title, row, column), inert_line(said, _LONGEST)))
    if found:
        places = [text("stray.cell", language, cell=ref.address, words=words) for ref, words in sorted(found)]
        yield _tell_places("S10", language, places, cell=min(found)[0], sheet=sheet.title)


def _may_answer(explained: Added, row: Row) -> bool:
    """Tell whether an explanation may be the answer: where a number is asked, it has to name one; it is no tick."""
    kind = row.field.kind if row.field else TEXT
    return not kind.is_choices and (not kind.is_number or any(char.isdigit() for char in explained.text))


def _find_lying(sheet: Sheet, told: Container[Note], language: str) -> Iterator[Finding]:
    """Yield one finding for the comments and text boxes of a sheet that lie at no input."""
    notes = [note for note in sheet.notes if note.kind is not NoteKind.PICTURE and note not in told]
    if notes:
        placed = next((note for note in notes if note.row and note.column), None)
        cell = CellRef(sheet.title, placed.row, placed.column) if placed else None
        places = [_quote_note(note, language) for note in notes]
        yield _tell_places("S06", language, places, cell=cell, sheet=sheet.title)


def _quote_note(note: Note, language: str) -> str:
    cell = CellRef("", note.row, note.column).address if note.row and note.column else ""
    where = f"stray.{note.kind}" if cell else "stray.loose"
    return text(where, language, cell=cell, words=inert_line(note.text, _LONGEST))


def _tell_places(id_: str, language: str, places: list[str], **about: object) -> Finding:
    """Return a finding that quotes what stands at some places, the first few of many."""
    more = f" …({len(places)})" if len(places) > _NAMED else ""
    finding = signal(id_, language, **about)  # type: ignore[arg-type]  # passed on as given
    return replace(finding, arguments={**finding.arguments, "found": join_words(places[:_NAMED], language) + more})
