"""Read the tables of an OpenDocument spreadsheet into dicts of cells; repetitions are expanded for what is filled.

Source: OpenDocument 1.3 part 3, 9 and 19.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from gwxl.containers.limits import Limits
from gwxl.containers.xml import INDEX, Attributes, attribute
from gwxl.errors import RefusedError
from gwxl.files.excel_limits import LAST_COLUMN, LAST_ROW
from gwxl.spreadsheets.address import Area, Place
from gwxl.spreadsheets.book import Cell, CellKind, Sheet
from gwxl.spreadsheets.looks import with_picture, with_runs
from gwxl.spreadsheets.ods.notes import OpenNotes
from gwxl.spreadsheets.ods.styles import OpenStyles
from gwxl.spreadsheets.ods.text import Paragraphs
from gwxl.spreadsheets.ods.value import is_filled, read_cell

_OnStart = Callable[[Attributes], None]

_MOST_BLANKS = 1_024  # more blank cells in one go are the rest of a row or of the sheet
_UNSEEN = frozenset({"collapse", "filter"})
# What lies on a table or beside its cells has paragraphs, even tables, of its own.
_BESIDE = (
    *("annotation", "shapes", "forms", "frame", "custom-shape", "g", "rect", "line", "ellipse", "circle", "caption"),
    *("polygon", "polyline", "path", "connector", "measure", "regular-polygon", "control", "scene", "detective"),
    *("tracked-changes", "dde-links", "ruby-text"),
)


@dataclass
class _Table:
    """One table while it is read; ``columns`` are (last column, style) of the columns."""

    title: str
    state: str
    protected: bool
    cells: dict[Place, Cell] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    columns: list[tuple[int, str]] = field(default_factory=list)
    matrices: list[Area] = field(default_factory=list)
    validations: set[str] = field(default_factory=set)
    foreign: bool = False
    notes: OpenNotes = field(default_factory=OpenNotes)

    def sheet(self) -> Sheet:
        """Return the finished sheet; hidden rows below the last cell are left out."""
        last = max((row for row, _ in self.cells), default=0)
        hidden = (row for first, end in self.hidden for row in range(first, min(end, last) + 1))
        return Sheet(
            title=self.title,
            cells=self.cells,
            state=self.state,
            protected=self.protected,
            merges=tuple(self.merges),
            validations=len(self.validations),
            hidden_rows=frozenset(hidden),
            notes=self.notes.all(),
        )


class Tables:
    """The tables of a spreadsheet.

    ``starts`` and ``ends`` are handlers for :meth:`gwxl.containers.xml.Markup.parse`, :meth:`add` its ``loose``.
    """

    def __init__(self, styles: OpenStyles, limits: Limits) -> None:
        self.date1904 = False
        self.sheets: list[Sheet] = []
        self.external = False
        self._styles = styles
        self._limits = limits
        self._paragraphs = Paragraphs(limits.token_chars)
        self._table: _Table | None = None
        self._nested = self._beside = self._unopened = 0
        self._row = self._column = 0
        self._rows = 1
        self._row_style: str | None = None
        self._cell: Attributes | None = None
        self._picture = False
        self._left = limits.cells
        self._blanks_left = limits.cells // 2
        self._spans = self._tables = 0
        beside = {name: partial(self._start_beside, name) for name in _BESIDE}
        self.starts = beside | {
            "table": self._start_table,
            "table-source": self._source,
            "dde-link": self._link,
            "table-column": self._start_column,
            "table-row": self._start_row,
            "table-cell": self._start_cell,
            "covered-table-cell": self._start_cell,
            "p": self._paragraph,
            "span": self._start_span,
            "image": self._image,
            "object": self._handle_beside(OpenNotes.take_object),
            "s": self._handle_in_cell(self._paragraphs.blanks),
            "tab": self._handle_in_cell(self._paragraphs.tab),
            "line-break": self._handle_in_cell(self._paragraphs.line),
        }
        self.ends = dict.fromkeys(_BESIDE, self._end_beside) | {
            "table": self._end_table,
            "table-row": self._end_row,
            "table-cell": self._end_cell,
            "covered-table-cell": self._end_cell,
            "p": self._end_paragraph,
            "span": self._end_span,
        }

    def take_begun(self) -> None:
        """Take the table that is being read as it is."""
        if self._table is not None:
            self.sheets.append(self._table.sheet())

    @property
    def title(self) -> str | None:
        """Return the title of the table that is being read, None outside."""
        return self._table.title if self._table is not None else None

    def add(self, text: str) -> None:
        """Take text of a run."""
        if self._in_cell:
            self._paragraphs.add(text)
        elif self._beside and self._table is not None:
            self._table.notes.add(text)

    @property
    def _in_cell(self) -> bool:
        return self._cell is not None and not self._beside and not self._nested

    def _handle_in_cell(self, handler: _OnStart) -> _OnStart:
        def guard(attributes: Attributes) -> None:
            if self._in_cell:
                handler(attributes)

        return guard

    def _handle_beside(self, handler: Callable[[OpenNotes, Attributes], None]) -> _OnStart:
        def guard(attributes: Attributes) -> None:
            if self._beside and self._table is not None:
                handler(self._table.notes, attributes)

        return guard

    def _start_beside(self, name: str, attributes: Attributes) -> None:
        self._beside += 1
        if self._beside == 1 and self._table is not None:
            place = (self._row, self._column) if self._cell is not None and not self._nested else (0, 0)
            self._table.notes.begin(name, attributes, place)

    def _end_beside(self, _: str) -> None:
        self._beside -= 1
        if not self._beside and self._table is not None:
            self._table.notes.end()

    def _start_table(self, attributes: Attributes) -> None:
        title = attributes.get("table:name", attribute(attributes, "name") or "")
        hidden = self._styles.is_hidden(attribute(attributes, "style-name") or "")
        if self._unopened or (self._table is None and hidden and title in self._limits.unopened):
            self._beside += not self._unopened
            self._unopened += 1
            return
        if self._beside:
            return
        if self._table is not None:
            self._nested += 1
            return
        self._tables += 1
        if self._tables > self._limits.sheets:
            raise RefusedError("too_many_sheets", limit=self._limits.sheets)
        self._table = _Table(
            title=title,
            state="hidden" if hidden else "visible",
            protected=attribute(attributes, "protected") == "true",
        )
        self._row = self._column = 0

    def _end_table(self, _: str) -> None:
        if self._unopened:
            self._unopened -= 1
            self._beside -= not self._unopened
            return
        if self._beside or self._table is None:
            return
        if self._nested:
            self._nested -= 1
            return
        table, self._table = self._table, None
        if table.foreign:
            self.external = True
        else:
            _spread(table, self._limits)
            self.sheets.append(table.sheet())

    def _source(self, _: Attributes) -> None:
        # A copy of a table of another workbook, kept for the formulas that look there.
        if self._table is not None and not self._beside:
            self._table.foreign = True

    def _link(self, _: Attributes) -> None:
        self.external = True

    def _start_column(self, attributes: Attributes) -> None:
        if self._table is None or self._beside or self._nested:
            return
        columns = self._table.columns
        last = (columns[-1][0] if columns else 0) + _count(attributes, "number-columns-repeated", LAST_COLUMN)
        columns.append((last, attribute(attributes, "default-cell-style-name") or ""))

    def _start_row(self, attributes: Attributes) -> None:
        if self._table is None or self._beside or self._nested:
            return
        self._row += 1
        self._rows = _count(attributes, "number-rows-repeated", LAST_ROW)
        self._column = 0
        self._row_style = attribute(attributes, "default-cell-style-name")
        if attribute(attributes, "visibility") in _UNSEEN:
            self._table.hidden.append((self._row, self._row + self._rows - 1))

    def _end_row(self, _: str) -> None:
        if self._table is not None and not self._beside and not self._nested:
            self._row += self._rows - 1

    def _start_cell(self, attributes: Attributes) -> None:
        if self._table is None or self._beside or self._nested:
            return
        if self._cell is not None or not self._row:
            raise RefusedError("damaged", part="content.xml")
        self._cell = attributes
        self._column += 1
        self._paragraphs.clear()
        self._picture = False

    def _paragraph(self, attributes: Attributes) -> None:
        if self._in_cell:
            self._paragraphs.start_run(self._styles.mark("paragraph", attribute(attributes, "style-name") or ""))
            self._paragraphs.start(attributes)
        elif self._beside and self._table is not None:
            self._table.notes.paragraph()

    def _end_paragraph(self, text: str) -> None:
        if self._in_cell:
            self._paragraphs.end(text)
            self._paragraphs.end_run()
        elif self._beside and self._table is not None:
            self._table.notes.end_paragraph(text)

    def _start_span(self, attributes: Attributes) -> None:
        if self._in_cell:
            self._paragraphs.start_run(self._styles.mark("text", attribute(attributes, "style-name") or ""))

    def _end_span(self, text: str) -> None:
        if self._in_cell:
            self._paragraphs.add(text)
            self._paragraphs.end_run()
        else:
            self.add(text)

    def _image(self, attributes: Attributes) -> None:
        self._picture = self._picture or (self._cell is not None and not self._nested)
        self._handle_beside(OpenNotes.picture)(attributes)

    def _end_cell(self, _: str) -> None:
        table, attributes = self._table, self._cell
        if table is None or attributes is None or self._beside or self._nested:
            return
        self._cell = None
        columns = _count(attributes, "number-columns-repeated", LAST_COLUMN)
        own = attribute(attributes, "style-name") or self._row_style
        style = self._styles.style(own or self._column_style(table))
        cell = read_cell(attributes, self._paragraphs.text, style, date1904=self.date1904)
        if cell.kind is CellKind.TEXT and self._paragraphs.runs:
            cell = replace(cell, look=with_runs(cell.look, self._paragraphs.runs))
        if self._picture and not is_filled(cell):
            cell = replace(cell, look=with_picture(cell.look))
        # An empty cell with no style of its own, locked as all are, is nothing: cells that are pulled up leave such.
        told = own is not None or not cell.locked
        if is_filled(cell) or ((told or self._picture) and columns * self._rows <= _MOST_BLANKS):
            self._put(table, cell, columns)
        self._areas(table, attributes)
        self._column += columns - 1

    def _put(self, table: _Table, cell: Cell, columns: int) -> None:
        if not is_filled(cell):
            # What formatting whole rows and columns leaves says nothing: half of the room is enough for it.
            self._blanks_left -= columns * self._rows
            if self._blanks_left < 0:
                return
        self._left -= columns * self._rows
        if self._left < 0:
            raise RefusedError("too_many_cells", limit=self._limits.cells)
        if self._column + columns - 1 > LAST_COLUMN or self._row + self._rows - 1 > LAST_ROW:
            if is_filled(cell):
                raise RefusedError("address", address=f"R{self._row}C{self._column}")
            return
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + columns):
                table.cells[row, column] = cell

    def _areas(self, table: _Table, attributes: Attributes) -> None:
        """Note what one cell says of several: a merge, a matrix formula, a validation."""
        validation = attribute(attributes, "content-validation-name")
        if validation is not None:
            table.validations.add(validation)
        for kind, areas in (("number", table.merges), ("number-matrix", table.matrices)):
            rows = _count(attributes, f"{kind}-rows-spanned", LAST_ROW)
            columns = _count(attributes, f"{kind}-columns-spanned", LAST_COLUMN)
            if rows * columns > 1:
                self._spans += 1
                if self._spans > self._limits.merges:
                    raise RefusedError("too_many_merges", limit=self._limits.merges)
                areas.append((self._row, self._column, self._row + rows - 1, self._column + columns - 1))

    def _column_style(self, table: _Table) -> str:
        number = bisect_left(table.columns, (self._column, ""))
        return (table.columns[number][1] if number < len(table.columns) else "") or "Default"


def _count(attributes: Attributes, name: str, most: int) -> int:
    """Return a number of repetitions or of cells covered, at least one."""
    told = attribute(attributes, name) or "1"
    return max(1, min(int(told), most)) if INDEX.match(told) else 1


def _spread(table: _Table, limits: Limits) -> None:
    """Mark the cells of a matrix formula: only its first cell carries the formula."""
    work = 0
    for area in table.matrices:
        inside = [place for place in table.cells if _lies_within(place, area)]
        work += len(table.cells)
        if work > limits.cells:
            raise RefusedError("too_many_cells", limit=limits.cells)
        for place in inside:
            if table.cells[place].formula is None:
                table.cells[place] = replace(table.cells[place], formula="")


def _lies_within(place: Place, area: Area) -> bool:
    return area[0] <= place[0] <= area[2] and area[1] <= place[1] <= area[3]
