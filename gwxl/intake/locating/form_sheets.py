"""Find the form sheets of a workbook and every field in them; sources must agree, and nothing is guessed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from gwxl.characters import trim
from gwxl.form.definition import Form
from gwxl.form.layout import HEADS_KEY, Layout, TableArea
from gwxl.form.matrices.area import MatrixArea
from gwxl.intake.locating.defined_names import Names, names_for
from gwxl.intake.locating.grid import Grid
from gwxl.intake.locating.identity import (
    contradictions,
    differences,
    is_map_sheet,
    marker_identities,
    read_sent_round,
    workbook_identities,
)
from gwxl.intake.locating.inputs import Placing
from gwxl.intake.locating.landmarks import Captions
from gwxl.intake.locating.matrices import matrix_sheets
from gwxl.intake.locating.pairing import OwnSheet, Paired, Pairing
from gwxl.intake.locating.plain_lists import find_plain_list, place_plain_list
from gwxl.intake.locating.remembered import Placed, Print, remember
from gwxl.intake.locating.tables import TablePlacing, table_sheets
from gwxl.intake.locating.unplaced import find_unplaced, merge_findings
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import signal, why_held
from gwxl.records.submission import Identity, Round
from gwxl.spreadsheets.book import Book
from gwxl.wording.joining import join_words

_ENOUGH = 1 / 3  # of the inputs found by key or label in its place


@dataclass(frozen=True, kw_only=True)
class Located:
    """Where everything stands on one form sheet.

    Attributes:
        sheet: its title.
        identity: the form, edition, year and site it says it is; None when no copy is left.
        cells: path → cell of the inputs that were found; table rows are numbered from 1 over every row from
            the heads to the end row, started or not.
        explanations: path or field key → its explanation cell.
        findings: what was noticed on the way.
        held: one sentence why nothing of it may be counted yet, else empty.
        rows: key of a layout row → its row; columns: name of a head → its column.
        table_sheets: key of a table field → title of its sheet.
        lockless: keys of the table fields whose sheet bears no lock flags any more.
        round: what the workbook was sent back as; None where it says nothing, or holds several form sheets.
        plain: it is a list on a workbook of somebody's own: nothing of ours is on it but the heads.
    """

    sheet: str
    identity: Identity | None
    cells: Mapping[Path, CellRef] = field(default_factory=dict)
    explanations: Mapping[Path, CellRef] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    held: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[int, int] = field(default_factory=dict)
    table_sheets: Mapping[str, str] = field(default_factory=dict)
    lockless: frozenset[str] = frozenset()
    round: Round | None = None
    plain: bool = False


Untouched = Callable[[Located], bool]
"""Tells whether a form sheet says nothing but what it went out with; it has the tables it would have alone."""


def _is_never_untouched(_located: Located) -> bool:
    return False


def locate(book: Book, layout: Layout, untouched: Untouched = _is_never_untouched) -> tuple[Located, ...]:
    """Find every form sheet of a workbook by its keys, labels or marker line, whatever its title.

    A sheet whose marker names another form is returned too, with that identity and no cells. One that nobody filled in
    is left out beside one of the same identity that somebody did.

    Args:
        book: the workbook.
        layout: the form's, or that of an edition of it.
        untouched: tells whether a form sheet was not filled in; without it, every one was.
    """
    grids, spare, plain = [], [], []
    remembered = remember(layout)
    for captions in (Captions(sheet) for sheet in book.sheets if not is_map_sheet(sheet)):
        sheet, grid = captions.sheet, Grid(captions, layout)
        if (listed := find_plain_list(captions, layout)) is not None and not marker_identities(sheet):
            plain.append(listed)
            spare.append(captions)
        elif (known := remembered.find_print(sheet)) or (not remembered.is_other(sheet) and _is_form(grid)):
            grids.append((grid, known))
        else:
            spare.append(captions)
            remembered.keep_other(sheet)
    if not grids:
        marked = [(one.sheet.title, marker_identities(one.sheet)) for one in spare]
        located = [Located(sheet=title, identity=identities[0]) for title, identities in marked if identities]
        return tuple(located or (_locate_plain(one, layout.form) for one in plain))
    forms = _Forms(
        book=book,
        layout=layout,
        every=tuple(_locate_sheet(book, grid, known, alone=len(grids) == 1) for grid, known in grids),
        tables={
            **{area.field.key: table_sheets(book, area, spare, layout.form.language) for area in layout.tables},
            **{area.field.key: matrix_sheets(book, area, spare, layout.form) for area in layout.matrices},
        },
    )
    kept = forms.find_filled_in(untouched)
    titles = {one.sheet for one in kept}
    beside = [one.sheet for one in forms.every if one.sheet not in titles]
    notes = [signal("L28", layout.form.language, sheets=join_words(beside, layout.form.language))] if beside else []
    told = [replace(one, findings=(*one.findings, *notes)) for one in kept]
    return tuple(forms.whole(told))


def _locate_plain(table: TablePlacing, form: Form) -> Located:
    """Return a list on a workbook of somebody's own, held for a look."""
    cells, findings = place_plain_list(table, form)
    return Located(
        sheet=table.sheet.title,
        identity=None,
        cells=cells,
        findings=tuple(findings),
        held=why_held(findings, form.say),
        table_sheets={table.area.field.key: table.sheet.title},
        plain=True,
    )


@dataclass(frozen=True, kw_only=True)
class _Forms:
    """The form sheets of a workbook as they stand without tables, and by the key of each table or matrix its sheets."""

    book: Book
    layout: Layout
    every: tuple[Located, ...]
    tables: Mapping[str, Sequence[OwnSheet]]

    def find_filled_in(self, untouched: Untouched) -> Sequence[Located]:
        """Return the form sheets without the untouched originals of others; all where none, or only one, is there."""
        if len(self.every) == 1:
            return self.every
        filled = {one.sheet: one.identity for one in self.every if not untouched(next(self.whole([one])))}
        identities = [None, *filled.values()]
        kept = [one for one in self.every if one.sheet in filled or one.identity not in identities]
        return kept if filled else self.every

    def whole(self, asked: Sequence[Located]) -> Iterator[Located]:
        """Yield form sheets, those that were filled in, with the tables that are theirs."""
        pairs = {area.field.key: self._build_pairing(area, asked).pairs() for area in self.layout.areas}
        sent = read_sent_round(self.book) if len(asked) == 1 else None
        for one in asked:
            tables = {key: paired[one.sheet] for key, paired in pairs.items()}
            yield replace(_with_tables(one, tables, self.layout.form), round=sent)

    def _build_pairing(self, area: TableArea | MatrixArea, asked: Sequence[Located]) -> Pairing:
        titles = [sheet.title for sheet in self.book.sheets]
        return Pairing(
            area=area,
            order=titles[::-1] if self.layout.form.is_list else titles,
            forms=[one.sheet for one in self.every],
            asked=[one.sheet for one in asked],
            tables=self.tables[area.field.key],
            one_site=self._is_one_site(asked),
            language=self.layout.form.language,
        )

    def _is_one_site(self, forms: Sequence[Located]) -> bool:
        """Tell whether form sheets all give one code, the answer or the one they were issued to."""
        issued = {one.identity.site_code for one in forms if one.identity} - {None}
        codes = {self._code(one) for one in forms}
        return len(codes) == 1 and "" not in codes and len(issued) <= 1

    def _code(self, located: Located) -> str:
        ref = located.cells.get(Path(self.layout.form.roles.code))
        sheet = self.book.sheet(ref.sheet) if ref else None
        cell = sheet.cells.get((ref.row, ref.column)) if sheet and ref else None
        answered = trim(cell.text) if cell else ""
        return answered or (located.identity.site_code if located.identity else None) or ""


def _is_form(grid: Grid) -> bool:
    ours = any(identity.form == grid.layout.form.id for identity in marker_identities(grid.sheet))
    return grid.score >= _ENOUGH or (ours and grid.score > 0)


def _locate_sheet(book: Book, grid: Grid, known: Print | None, *, alone: bool) -> Located:
    """Find what stands on a form sheet; its tables are found when it is known whose they are."""
    layout, title = grid.layout, grid.sheet.title
    identity, findings = _identify(book, grid, alone=alone)
    expected = frozenset(path.defined_name for path in layout.inputs)
    names = names_for(book, expected, title, alone=alone)
    placed = known.placed if known is not None and known.names == names else None
    if placed is None:
        placed, noticed = _place(grid, names, layout.form.language)
        findings += noticed
        if not noticed:
            remember(layout).keep_print(grid, names, placed)
    return Located(
        sheet=title,
        identity=identity,
        cells=placed.cells,
        explanations=placed.explanations,
        findings=tuple(findings),
        rows=placed.rows,
        columns=placed.columns,
    )


def _place(grid: Grid, names: Names, language: str) -> tuple[Placed, tuple[Finding, ...]]:
    """Find the rows and columns of a form sheet, and all that is to be remarked on them."""
    placing = Placing(grid=grid, names=names, language=language)
    placing.place()
    placed = Placed(
        cells=placing.cells,
        explanations=placing.explanations,
        rows=placing.rows | ({HEADS_KEY: grid.head_row} if grid.head_row else {}),
        columns={name: column for name in grid.heads if (column := grid.column(name)) is not None},
    )
    merged = merge_findings(grid.sheet, placed.cells, language)
    return placed, (*placing.findings, *find_unplaced(placing, language), *merged)


def _with_tables(located: Located, pairs: Mapping[str, Paired], form: Form) -> Located:
    """Return a form sheet with the cells of its tables, by the key of each."""
    tables = {key: paired.table for key, paired in pairs.items() if paired.table is not None}
    cells = {**located.cells, **_table_cells(tables.values())}
    findings = [*located.findings, *chain.from_iterable(paired.findings for paired in pairs.values())]
    findings += _table_findings(tables.values(), cells, form.language)
    return replace(
        located,
        cells=cells,
        findings=tuple(_add_sources(findings, cells)),
        held=why_held(findings, form.say),
        table_sheets={key: table.sheet.title for key, table in tables.items()},
        lockless=frozenset(key for key, table in tables.items() if not table.locks.tell),
    )


def _add_sources(findings: Iterable[Finding], cells: Mapping[Path, CellRef]) -> Iterator[Finding]:
    for finding in findings:
        yield replace(finding, source=finding.source or (cells.get(finding.key) if finding.key else None))


def _identify(book: Book, grid: Grid, *, alone: bool) -> tuple[Identity | None, list[Finding]]:
    """Return whose return a sheet is; the workbook's own copies count only for its single form sheet."""
    language = grid.layout.form.language
    marked = marker_identities(grid.sheet)
    copies = (*workbook_identities(book), *marked) if alone or not marked else marked
    if not copies:
        return None, [signal("L01", language)]
    parts = dict.fromkeys((*differences(copies), *contradictions(book)))
    conflict = [signal("L02", language, parts=", ".join(parts))] if parts else []
    ours = [copy for copy in copies if copy.form == grid.layout.form.id]
    return (ours or copies)[0], conflict


def _table_cells(tables: Iterable[OwnSheet]) -> Mapping[Path, CellRef]:
    cells: dict[Path, CellRef] = {}
    for table in tables:
        table.place()
        cells |= table.cells
    return cells


def _table_findings(tables: Iterable[OwnSheet], cells: Mapping[Path, CellRef], language: str) -> Iterator[Finding]:
    for table in tables:
        yield from table.findings
        yield from merge_findings(table.sheet, cells, language)
