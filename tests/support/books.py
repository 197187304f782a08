"""Fill a layout into a Book by hand: what a reader would give for a workbook of ours, with accidents to order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gwxl.files.resources import form_folder
from gwxl.form.definition import Form
from gwxl.form.identity import identity_pairs, identity_properties, marker_line
from gwxl.form.layout import HEADS, MAP_SHEET, Col, Layout, RowKind, TableArea, lay_out
from gwxl.form.loading import load_form
from gwxl.intake.locating.grid import HEADINGS
from gwxl.records.cell import CellRef, column_letters
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.submission import Identity
from gwxl.spreadsheets.book import Book, Cell, CellKind, DefinedName, Sheet
from gwxl.wording import text

Place = tuple[int, int]


def first_form() -> Form:
    """Return the form that comes with gwxl."""
    return load_form(form_folder("website_annual_report"))


LAYOUT = lay_out(first_form())


def words(value: str, *, locked: bool = True) -> Cell:
    """Return a text cell."""
    return Cell(CellKind.TEXT, value, locked=locked)


def number(value: str | int, **flags: Any) -> Cell:
    """Return a number cell, open for filling in."""
    return Cell(CellKind.NUMBER, str(value), locked=False, **flags)


@dataclass
class Draft:
    """A workbook that accidents may still happen to: cells by place, names by name, one sheet each."""

    layout: Layout
    cells: dict[str, dict[Place, Cell]]
    names: dict[str, CellRef | None]
    identity: Identity
    properties: dict[str, str] = field(default_factory=dict)
    merges: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    protected: bool = True

    @property
    def form(self) -> dict[Place, Cell]:
        """Return the cells of the form sheet."""
        return self.cells[self.layout.sheet]

    def book(self) -> Book:
        """Return the workbook as it is now."""
        sheets = tuple(
            Sheet(title=title, cells=cells, protected=self.protected, merges=tuple(self.merges.get(title, ())))
            for title, cells in self.cells.items()
        )
        names = tuple(
            DefinedName(name=name, reference=str(cell or "#REF!"), cell=cell) for name, cell in self.names.items()
        )
        return Book(kind="xlsx", sheets=sheets, names=names, properties=self.properties)

    def move(self, sheet: str, place: Callable[[Place], Place | None], *, names: bool = True) -> None:
        """Send every cell of a sheet, and the names with them, to another place; None deletes it."""
        old = self.cells[sheet]
        self.cells[sheet] = {to: cell for at, cell in old.items() if (to := place(at)) is not None}
        if names:
            for name, ref in self.names.items():
                if ref is not None and ref.sheet == sheet:
                    to = place((ref.row, ref.column))
                    self.names[name] = None if to is None else CellRef(sheet, *to)

    def insert_row(self, sheet: str, row: int) -> None:
        """Insert a whole row before a row."""
        self.move(sheet, lambda at: (at[0] + 1, at[1]) if at[0] >= row else at)

    def delete_row(self, sheet: str, row: int) -> None:
        """Delete a whole row."""
        self.move(sheet, lambda at: None if at[0] == row else (at[0] - 1, at[1]) if at[0] > row else at)

    def insert_column(self, sheet: str, column: int) -> None:
        """Insert a whole column before a column."""
        self.move(sheet, lambda at: (at[0], at[1] + 1) if at[1] >= column else at)

    def push_down(self, sheet: str, column: int, row: int, *, names: bool = True) -> None:
        """Insert one cell in a column, as "shift cells down" does."""
        self.move(sheet, lambda at: (at[0] + 1, at[1]) if at[1] == column and at[0] >= row else at, names=names)

    def pull_up(self, sheet: str, column: int, row: int) -> None:
        """Delete one cell of a column, as "shift cells up" does."""

        def place(at: Place) -> Place | None:
            if at[1] != column or at[0] < row:
                return at
            return None if at[0] == row else (at[0] - 1, at[1])

        self.move(sheet, place)

    def sort_rows(self, sheet: str, order: Mapping[int, int], columns: range) -> None:
        """Sort rows as a program does: contents move, defined names stay."""
        self.move(sheet, lambda at: (order.get(at[0], at[0]), at[1]) if at[1] in columns else at, names=False)


def identity_of(form: Form, **parts: Any) -> Identity:
    """Return the identity a template of a form bears."""
    values: dict[str, Any] = {
        "form": form.id,
        "edition": form.edition,
        "fingerprint": form.fingerprint,
        "period": Period(2025),
        **parts,
    }
    return Identity(**values)


def draft(answers: Mapping[str, Cell] | None = None, layout: Layout = LAYOUT) -> Draft:
    """Return the workbook of a layout, filled with answers by path."""
    identity = identity_of(layout.form)
    cells = {layout.sheet: _form_cells(layout, identity)}
    cells |= {table.sheet: _table_cells(table, layout.form.language) for table in layout.tables}
    cells[MAP_SHEET] = _map_cells(layout, identity)
    for path, cell in (answers or {}).items():
        ref = layout.cells[FormPath.parse(path)]
        cells[ref.sheet][ref.row, ref.column] = cell
    return Draft(
        layout=layout,
        cells=cells,
        names=dict(layout.names),
        identity=identity,
        properties=dict(identity_properties(identity)),
    )


def _form_cells(layout: Layout, identity: Identity) -> dict[Place, Cell]:
    cells: dict[Place, Cell] = {}
    for row in layout.rows:
        printed = {Col.KEY: row.key, Col.NUMBER: row.label_number, Col.LABEL: row.label}
        if row.kind is RowKind.HEADS:
            printed |= {column: layout.form.say(key) for column, key in HEADS.items()}
        if row.kind is RowKind.MARKER:
            printed[Col.LABEL] = marker_line(identity)
        if row.kind is RowKind.SEAL:
            printed[Col.LABEL] = "seal"
        if row.kind in HEADINGS or row.kind is RowKind.INPUT:
            printed |= {Col.INSTRUCTION: row.instruction, Col.UNIT: row.field.unit if row.field else ""}
            cells[row.number, Col.INPUT] = Cell(CellKind.BLANK)
        if row.path is not None:
            cells[row.number, Col.INPUT] = Cell(CellKind.BLANK, locked=False)
        cells |= {(row.number, column): words(value) for column, value in printed.items() if value}
    return cells


def _table_cells(table: TableArea, language: str) -> dict[Place, Cell]:
    cells: dict[Place, Cell] = {(1, 1): words(f"#{table.field.key}"), (1, 2): words(table.sheet)}
    cells |= {(table.head_row + n, 1): words(table.path(n)) for n in range(1, table.field.rows + 1)}
    for key, column in table.columns.items():
        cells[table.foot_row, column] = words(table.foot_key(key))
        cells[table.key_row, column] = words(key)
        cells[table.head_row, column] = words(table.field.column(key).label)
        for row in range(table.first_row, table.last_row + 1):
            cells[row, column] = Cell(CellKind.BLANK, locked=False)
        cells[table.end_row, column] = Cell(CellKind.BLANK)
    cells[table.end_row, 1] = words(f"#{table.field.key}.end")
    cells[table.end_row, 3] = words(text("table.end", language))
    return cells


def _map_cells(layout: Layout, identity: Identity) -> dict[Place, Cell]:
    rows = [*identity_pairs(identity).items(), (), *((path, layout.form.label_path(path)) for path in layout.inputs)]
    return {(row, column): words(value) for row, line in enumerate(rows, 1) for column, value in enumerate(line, 1)}


def address(row: int, column: int) -> str:
    """Return an address such as ``D41``."""
    return f"{column_letters(column)}{row}"


def write_form(folder: Path, content: str) -> Form:
    """Load a form from the text of its form.toml."""
    (folder / "form.toml").write_text(content, "utf-8")
    return load_form(folder)
