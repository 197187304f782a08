"""Find the form sheets of a workbook and every field in them; sources must agree, and nothing is guessed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gwxl.findings import Finding
from gwxl.form.layout import Layout, TableArea, defined_name
from gwxl.submission import CellRef, Identity, Round
from gwxl.workbook.beside import beside_findings, merge_findings
from gwxl.workbook.captions import Captions
from gwxl.workbook.cells import Book
from gwxl.workbook.grid import Grid
from gwxl.workbook.identify import (
    contradictions,
    differences,
    is_map_sheet,
    marker_identities,
    sent_round,
    workbook_identities,
)
from gwxl.workbook.naming import names_for
from gwxl.workbook.placing import Placing
from gwxl.workbook.signals import held_reason, signal
from gwxl.workbook.tables import TablePlacing, table_sheets

_ENOUGH = 1 / 3  # of the inputs found by key or label in its place


@dataclass(frozen=True, kw_only=True)
class Located:
    """Say where everything stands on one form sheet.

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
    """

    sheet: str
    identity: Identity | None
    cells: Mapping[str, CellRef] = field(default_factory=dict)
    explanations: Mapping[str, CellRef] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    held: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[int, int] = field(default_factory=dict)
    table_sheets: Mapping[str, str] = field(default_factory=dict)
    lockless: frozenset[str] = frozenset()
    round: Round | None = None


def locate(book: Book, layout: Layout) -> tuple[Located, ...]:
    """Find every form sheet of a workbook by its keys, labels or marker line, whatever its title.

    A sheet whose marker names another form is returned too, with that identity and no cells.
    """
    grids, spare = [], []
    for captions in (Captions(sheet) for sheet in book.sheets if not is_map_sheet(sheet)):
        grid = Grid(captions, layout)
        if _is_form(grid):
            grids.append(grid)
        else:
            spare.append(captions)
    if not grids:
        marked = [(one.sheet.title, marker_identities(one.sheet)) for one in spare]
        return tuple(Located(sheet=title, identity=identities[0]) for title, identities in marked if identities)
    tables = {area.field.key: table_sheets(book, area, spare, layout.form.language) for area in layout.tables}
    return tuple(_locate_sheet(book, grid, place, len(grids), tables) for place, grid in enumerate(grids))


def _is_form(grid: Grid) -> bool:
    ours = any(identity.form == grid.layout.form.id for identity in marker_identities(grid.sheet))
    return grid.score >= _ENOUGH or (ours and grid.score > 0)


def _locate_sheet(
    book: Book,
    grid: Grid,
    place: int,
    sheets: int,
    tables: Mapping[str, tuple[TablePlacing, ...]],
) -> Located:
    layout, title = grid.layout, grid.sheet.title
    language = layout.form.language
    identity, findings = _identify(book, grid, alone=sheets == 1)
    expected = frozenset(defined_name(path) for path in layout.inputs)
    names = names_for(book, expected, title, alone=sheets == 1)
    placing = Placing(grid=grid, names=names, language=language)
    placing.place()
    findings += [*placing.findings, *beside_findings(placing, language)]
    found: dict[str, TablePlacing] = {}
    for area in layout.tables:
        table, notes = _pair(area, tables[area.field.key], place, sheets, language)
        findings += notes
        if table is not None:
            found[area.field.key] = table
    cells = {**placing.cells, **_table_cells(found.values())}
    findings += [
        *_table_findings(found.values(), cells, language),
        *merge_findings(grid.sheet, placing.cells, language),
    ]
    return Located(
        sheet=title,
        identity=identity,
        cells=cells,
        explanations=placing.explanations,
        findings=tuple(_sourced(findings, cells)),
        held=held_reason(findings, language),
        rows=dict(placing.rows),
        columns={name: column for name in grid.heads if (column := grid.column(name)) is not None},
        table_sheets={key: table.sheet.title for key, table in found.items()},
        lockless=frozenset(key for key, table in found.items() if not table.locks.tell),
        round=sent_round(book) if sheets == 1 else None,
    )


def _sourced(findings: Iterable[Finding], cells: Mapping[str, CellRef]) -> Iterator[Finding]:
    for finding in findings:
        yield replace(finding, source=finding.source or cells.get(finding.key or ""))


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


def _pair(
    area: TableArea,
    tables: Sequence[TablePlacing],
    place: int,
    sheets: int,
    language: str,
) -> tuple[TablePlacing | None, list[Finding]]:
    """Return the table sheet that belongs to a form sheet, with what is to be said about the choice."""
    label = area.field.label
    if not tables:
        return None, [signal("L20", language, key=area.field.key, label=label)]
    if sheets == 1 and len(tables) == 1:
        return tables[0], []
    note = signal("L24", language, key=area.field.key, label=label, sheets=sheets, tables=len(tables))
    if sheets == 1:
        named = [table for table in tables if table.names.cells] or [t for t in tables if t.sheet.title == area.sheet]
        return (named[0] if len(named) == 1 else None), [note]
    return (tables[place] if len(tables) == sheets else None), [note]


def _table_cells(tables: Iterable[TablePlacing]) -> Mapping[str, CellRef]:
    cells: dict[str, CellRef] = {}
    for table in tables:
        if not table.columns:
            table.place()
        cells |= table.cells
    return cells


def _table_findings(tables: Iterable[TablePlacing], cells: Mapping[str, CellRef], language: str) -> Iterator[Finding]:
    for table in tables:
        yield from table.findings
        yield from merge_findings(table.sheet, cells, language)
