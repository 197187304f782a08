"""Where everything stands in a form workbook: the only knowledge that writer and reader share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from functools import cached_property, lru_cache
from types import MappingProxyType

from gwxl.form.definition import Field, Form, Section
from gwxl.form.headings import HEADING, heading_key
from gwxl.form.matrices.area import MatrixArea
from gwxl.records.cell import CellRef
from gwxl.records.path import Path

MAP_SHEET = "gwxl_map"
LAYOUT_PAIR = ("layout", "2")
"""1, which did not say so: the helpers of the live checks stood on the form sheet and on those of the tables."""
LIVE_SHEET = "gwxl_live"
LIST_PREFIX = "gwxlist_"
"""Before the names of lists to choose from: they are no names of inputs."""
MARKER_PREFIX = "gwxl;"
PROPERTY_PREFIX = "gwxl_"
HEADS_KEY = "#heads"

TITLE_ROW = 1


class Col(IntEnum):
    """The columns of the form sheet, numbered from 1."""

    KEY = 1
    NUMBER = 2
    LABEL = 3
    INPUT = 4
    UNIT = 5
    PREVIOUS = 6
    CHECK = 7
    REVIEW = 8  # only in a workbook that is sent back
    REMARK = 9
    PENDING = 10
    INSTRUCTION = 11


HEADS = {column: f"column.{column.name.lower()}" for column in Col if column is not Col.KEY}
"""The columns with a head → the key of its text."""


class RowKind(StrEnum):
    """What a row of the form sheet is for."""

    TITLE = "title"
    HEADER = "header"
    PROGRESS = "progress"
    NOTICE = "notice"
    HEADS = "heads"
    SECTION = "section"
    GROUP = "group"
    CHOICES = "choices"
    INPUT = "input"
    TABLE = "table"
    CELL = "cell"
    FOOTER = "footer"
    SEAL = "seal"
    MARKER = "marker"


CHECKED = frozenset({RowKind.INPUT, RowKind.TABLE, RowKind.CHOICES})
"""The kinds of rows with a check and an explanation of their own."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the form sheet.

    Attributes:
        number: counted from 1.
        key: what stands in the hidden key column: a path for inputs, a heading's key for headings, else empty.
        path: the input's path, None where nothing is filled in.
    """

    number: int
    kind: RowKind
    key: str = ""
    label_number: str = ""
    label: str = ""
    path: Path | None = None
    section: Section | None = None
    field: Field | None = None

    @property
    def about(self) -> Path:
        """Return the path of the input, of the field that the row heads, or the keys of section and group."""
        return self.path or Path(self.key.removeprefix(HEADING))

    @property
    def instruction(self) -> str:
        """Return the clause that stands beside this row's input."""
        if self.field is None:
            return self.section.instruction if self.section else ""
        if self.kind is RowKind.INPUT and self.about.part:
            return self.field.choice(self.about.part).instruction
        return self.field.instruction


@dataclass(frozen=True, kw_only=True)
class TableArea:
    """The place of a table field on a sheet of its own, columns keyed in a hidden row above the heads.

    ``first_row`` to ``last_row`` are the empty rows offered, each keyed in the hidden column; ``end_row`` is the locked
    last row, and a hidden row below it, ``foot_row``, keys the foot of each column: where cells of one column were
    pushed up or down, its foot stands beside those of the others.
    """

    field: Field
    sheet: str
    key_row: int = 3
    head_row: int = 4

    @property
    def first_row(self) -> int:
        """Return the first input row."""
        return self.head_row + 1

    @property
    def last_row(self) -> int:
        """Return the last input row that the template offers."""
        return self.head_row + self.field.rows

    @property
    def end_row(self) -> int:
        """Return the locked row that ends the table."""
        return self.last_row + 1

    @property
    def foot_row(self) -> int:
        """Return the hidden row that keys the foot of each column."""
        return self.end_row + 1

    def path(self, number: int, column: str = "") -> Path:
        """Return the path of a row, counted from 1, or of its cell in a column; that of a row is its key too."""
        return Path(self.field.key, column, number)

    def is_row_key(self, words: str) -> bool:
        """Tell whether a text is the key of a row."""
        path = Path.read(words)
        return path is not None and path == self.path(path.number)

    def foot_key(self, column: str) -> str:
        """Return what stands at the foot of a column."""
        return heading_key(f"{self.field.key}.{column}.end")

    @property
    def names(self) -> Mapping[str, CellRef]:
        """Return defined name → cell: of the column heads by their keys, and of the end row."""
        places = zip(self.field.inner, self.columns.values(), strict=True)
        cells = {path.defined_name: CellRef(self.sheet, self.head_row, place) for path, place in places}
        return {**cells, end_of(self.field).defined_name: CellRef(self.sheet, self.end_row, 3)}

    @property
    def columns(self) -> Mapping[str, int]:
        """Return column key → sheet column; the first two hold the hidden key and the row's number."""
        return {column.key: place for place, column in enumerate(self.field.columns, 3)}

    @property
    def check_column(self) -> int:
        """Return the column of the row's live check, right of the inputs."""
        return 3 + len(self.field.columns)

    @property
    def review_column(self) -> int:
        """Return the column of what was found in the row, in a workbook that is sent back."""
        return self.check_column + 1


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The places of a form in a workbook."""

    form: Form
    sheet: str
    instructions_sheet: str
    review_sheet: str
    rows: tuple[Row, ...]
    tables: tuple[TableArea, ...]
    matrices: tuple[MatrixArea, ...] = ()

    @property
    def areas(self) -> tuple[TableArea | MatrixArea, ...]:
        """Return what has a sheet of its own, in the order of the sheets."""
        return (*self.tables, *self.matrices)

    @cached_property
    def inputs(self) -> Mapping[Path, Row]:
        """Return path → row, for every input of the form sheet, surround included."""
        return {row.path: row for row in self.rows if row.path is not None}

    @cached_property
    def cells(self) -> Mapping[Path, CellRef]:
        """Return path → input cell, table cells included."""
        cells = {path: CellRef(self.sheet, row.number, Col.INPUT) for path, row in self.inputs.items()}
        for table in self.tables:
            for number, row in enumerate(range(table.first_row, table.last_row + 1), 1):
                for key, column in table.columns.items():
                    cells[table.path(number, key)] = CellRef(table.sheet, row, column)
        for matrix in self.matrices:
            cells |= matrix.cells
        return cells

    @cached_property
    def anchors(self) -> Mapping[Path, CellRef]:
        """Return path of a whole field → the cell a finding on it is shown at."""
        anchors: dict[Path, CellRef] = {}
        for row in self.rows:
            if row.field is not None:
                anchors.setdefault(row.field.path, CellRef(self.sheet, row.number, Col.INPUT))
        return anchors

    @cached_property
    def explanations(self) -> Mapping[Path, CellRef]:
        """Return path → its 情况说明 cell; a choices field has one a choice and one of its own."""
        return self._column(Col.REMARK)

    @cached_property
    def checks(self) -> Mapping[Path, CellRef]:
        """Return path → its 核对 cell."""
        return self._column(Col.CHECK)

    @cached_property
    def pending(self) -> Mapping[Path, CellRef]:
        """Return path → the cell that says whether its input is still to be filled in."""
        return self._column(Col.PENDING)

    def _column(self, column: Col) -> Mapping[Path, CellRef]:
        return {row.about: CellRef(self.sheet, row.number, column) for row in self.rows if row.kind in CHECKED}

    @cached_property
    def names(self) -> Mapping[str, CellRef]:
        """Return defined name → cell: every input but those of tables, every table's heads and end row."""
        names = {path.defined_name: self.cells[path] for path in self.inputs}
        for area in self.areas:
            names |= area.names
        return names

    @property
    def head_row(self) -> int:
        """Return the row of the column heads."""
        return next(row.number for row in self.rows if row.kind is RowKind.HEADS)

    @property
    def marker(self) -> CellRef:
        """Return the cell of the marker line."""
        return CellRef(self.sheet, self.rows[-1].number, Col.LABEL)


def end_of(field: Field) -> Path:
    """Return what the locked last row of a table is named and keyed by, as if it were a column."""
    return Path(field.key, "end")


def lay_out(form: Form, started: Mapping[str, int] = MappingProxyType({})) -> Layout:
    """Place a form's rows and tables, once a form.

    Args:
        form: the form.
        started: table key → how many rows are filled already; a table offers as many, where the form offers less.
    """
    return _build_layout(form, frozenset(started.items()))


@lru_cache(maxsize=16)
def _build_layout(form: Form, started: frozenset[tuple[str, int]]) -> Layout:
    filled = dict(started)
    tables = (field for field in form.fields.values() if field.kind.is_table)
    return Layout(
        form=form,
        sheet=form.say("sheet.form"),
        instructions_sheet=form.say("sheet.instructions"),
        review_sheet=form.say("sheet.review"),
        rows=tuple(replace(row, number=number) for number, row in enumerate(_rows(form), TITLE_ROW)),
        tables=tuple(
            TableArea(field=replace(one, rows=max(one.rows, filled.get(one.key, 0))), sheet=one.sheet or one.label)
            for one in tables
        ),
        matrices=tuple(MatrixArea(field=one, sheet=one.sheet or one.label) for one in form.matrices.values()),
    )


def _rows(form: Form) -> Iterator[Row]:
    yield Row(number=0, kind=RowKind.TITLE, label=form.title)
    yield Row(number=0, kind=RowKind.PROGRESS, key="#progress", label=form.say("row.progress"))
    yield Row(number=0, kind=RowKind.HEADS, key=HEADS_KEY, label=form.say("column.label"))
    for field in form.header:
        yield _input(RowKind.HEADER, field, field.path, field.label)
    yield Row(number=0, kind=RowKind.NOTICE, key="#notice")
    for section in form.sections:
        yield from _section_rows(section)
    for field in form.footer:
        yield _input(RowKind.FOOTER, field, field.path, field.label)
    yield Row(number=0, kind=RowKind.SEAL, key="#seal")
    yield Row(number=0, kind=RowKind.MARKER, key="#marker")


def _section_rows(section: Section) -> Iterator[Row]:
    yield Row(
        number=0,
        kind=RowKind.SECTION,
        key=heading_key(section.key),
        label_number=section.number,
        label=section.label,
        section=section,
    )
    heading, matrix = "", None
    for field in section.fields:
        if field.group and field.group != heading:
            group = section.group(field.group)
            key = heading_key(Path(section.key, group.key))
            yield Row(number=0, kind=RowKind.GROUP, key=key, label_number=group.number, label=group.label)
        heading = field.group
        if field.within is None or field.within is not matrix:
            matrix = field.within
            yield from _field_rows(section, field.within or field)


def _field_rows(section: Section, field: Field) -> Iterator[Row]:
    if not (field.kind.is_list or field.matrix):
        yield _input(RowKind.INPUT, field, field.path, field.label, section=section, number=field.number)
        return
    yield Row(
        number=0,
        kind=RowKind.CHOICES if field.kind.is_choices else RowKind.TABLE,
        key=heading_key(field.key),
        label_number=field.number,
        label=field.label,
        section=section,
        field=field,
    )
    for choice in field.choices if field.kind.is_choices else ():
        yield _input(RowKind.INPUT, field, Path(field.key, choice.key), choice.label, section=section)


def _input(
    kind: RowKind,
    field: Field,
    path: Path,
    label: str,
    *,
    section: Section | None = None,
    number: str = "",
) -> Row:
    return Row(number=0, kind=kind, key=path, path=path, label_number=number, label=label, section=section, field=field)
