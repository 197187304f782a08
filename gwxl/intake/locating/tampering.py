"""Tell a changed form from a harmlessly saved one.

Harmless, and never mentioned: lost validation rules, the structure lock, visible or deleted map sheets, look, the
program that saved it. Labels, keys and names are compared while the fields are found
(:mod:`gwxl.intake.locating.form_sheets`); here stands what concerns the workbook. The ids T01 to T05 and S07 to S09 are
described in :mod:`gwxl.records.signals`.
"""

from collections import defaultdict
from collections.abc import Iterator

from gwxl.characters import fold_width
from gwxl.form.labels import normalise_label
from gwxl.form.layout import Col, Layout, RowKind
from gwxl.intake.locating.form_sheets import Located
from gwxl.intake.locating.grid import is_helper_column
from gwxl.intake.locating.identity import is_map_sheet, text_at
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.signals import join_addresses, signal
from gwxl.spreadsheets.book import Book, Sheet
from gwxl.values.dates import years_in
from gwxl.wording.joining import join_words

_LONGEST_TITLE = 300
_FEW = 10  # formulas there have to be for each that was written over


def find_tampering(book: Book, located: Located, layout: Layout) -> tuple[Finding, ...]:
    """Return what was changed on one form sheet and its tables beyond filling it in.

    Those that hold a return are named in :data:`gwxl.records.signals.HOLDING`; the sentence for the clerk is
    :func:`gwxl.records.signals.why_held`.
    """
    return (
        *_fingerprint(located, layout),
        *_units(book, located, layout),
        *_protection(book, located, layout),
        *_foreign_parts(book, layout),
        *_title(book, located, layout),
        *_check_hidden(book, located, layout),
        *_helpers(book, located, layout),
    )


def _fingerprint(located: Located, layout: Layout) -> Iterator[Finding]:
    identity, form = located.identity, layout.form
    if identity is None or (identity.form, identity.edition) != (form.id, form.edition):
        return  # another form or edition has another fingerprint; the rules say what that means
    if identity.fingerprint != form.fingerprint:
        yield signal("T02", form.language, found=identity.fingerprint, expected=form.fingerprint)


def _units(book: Book, located: Located, layout: Layout) -> Iterator[Finding]:
    sheet, column = book.sheet(located.sheet), located.columns.get(Col.UNIT)
    if sheet is None or column is None:
        return
    for path, row in layout.inputs.items():
        number = located.rows.get(path)
        if row.kind is not RowKind.INPUT or row.field is None or number is None:
            continue
        found = text_at(sheet, number, column)
        if found and normalise_label(found) != normalise_label(row.field.unit):
            ref = CellRef(sheet.title, number, column)
            yield signal(
                "T03",
                layout.form.language,
                key=path,
                cell=ref,
                label=layout.form.label(path),
                found=found,
                expected=row.field.unit,
            )


def _protection(book: Book, located: Located, layout: Layout) -> Iterator[Finding]:
    titles = [located.sheet, *located.table_sheets.values()]
    sheets: list[Sheet] = [sheet for title in titles if (sheet := book.sheet(title)) is not None]
    opened = [sheet.title for sheet in sheets if not sheet.protected]
    if opened:
        yield signal("T01", layout.form.language, sheets=join_words(opened, layout.form.language))


def _foreign_parts(book: Book, layout: Layout) -> Iterator[Finding]:
    if book.macros:
        yield signal("T04", layout.form.language)
    if book.external_links:
        yield signal("T05", layout.form.language)


def _title(book: Book, located: Located, layout: Layout) -> Iterator[Finding]:
    """Yield a finding where the title, above all that is asked, names a year that is not the form's."""
    sheet, year = book.sheet(located.sheet), located.identity.year if located.identity else None
    if sheet is None or year is None or not located.rows:
        return
    first, clause = min(located.rows.values()), located.columns.get(Col.INSTRUCTION, Col.INSTRUCTION)
    inputs = {(ref.row, ref.column) for ref in located.cells.values()}
    own = _years(layout.form.title)
    # Beside the title stand the deadline and whom to ask.
    above = {at: cell for at, cell in sheet.cells.items() if at[0] < first and at[1] < clause and at not in inputs}
    for at, cell in sorted(above.items()):
        named = _years(cell.text) - own
        if named and year not in named:
            yield signal("S07", layout.form.language, cell=CellRef(sheet.title, *at), found=cell.text, year=year)


def _years(text: str) -> frozenset[int]:
    return years_in(fold_width(text[:_LONGEST_TITLE]))


def _check_hidden(book: Book, located: Located, layout: Layout) -> Iterator[Finding]:
    sheet = book.sheet(located.sheet)
    if sheet is not None and sheet.state != "visible":
        yield signal("S08", layout.form.language, sheet=sheet.title)


def _helpers(book: Book, located: Located, layout: Layout) -> Iterator[Finding]:
    """Yield a finding where somebody wrote into the hidden formulas; a program that drops them drops many."""
    ours = {located.sheet, *located.table_sheets.values()}
    for sheet in book.sheets:
        if sheet.title in ours or (sheet.state != "visible" and not is_map_sheet(sheet)):
            over = sorted(_find_overwritten(sheet, hidden=sheet.title not in ours))
            if over:
                cells = join_addresses((CellRef(sheet.title, *at) for at in over), layout.form.language)
                yield signal("S09", layout.form.language, cell=CellRef(sheet.title, *over[0]), cells=cells)


def _find_overwritten(sheet: Sheet, *, hidden: bool) -> Iterator[tuple[int, int]]:
    """Yield the few cells that hold no formula amid a column of formulas."""
    formulas: dict[int, list[int]] = defaultdict(list)
    others: dict[int, list[int]] = defaultdict(list)
    for (row, column), cell in sheet.cells.items():
        if (hidden or is_helper_column(column)) and (cell.text or cell.formula is not None):
            (others if cell.formula is None else formulas)[column].append(row)
    for column, rows in others.items():
        judged = formulas.get(column, [])
        inside = [row for row in rows if judged and min(judged) < row < max(judged)]
        if len(inside) * _FEW <= len(judged):
            yield from ((row, column) for row in inside)
