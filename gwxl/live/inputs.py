"""What is filled in: every input cell and table column with its limits and the answer it starts with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gwxl.errors import WorkbookError
from gwxl.files.excel_limits import is_inline_list
from gwxl.form.definition import Form
from gwxl.form.kinds import Kind
from gwxl.form.layout import LIST_PREFIX, Layout, RowKind, TableArea
from gwxl.form.lists import Listed, find_listed
from gwxl.form.parts import Choice, Column
from gwxl.records.cell import CellRef, column_letters
from gwxl.records.path import NAME_PREFIX, Path
from gwxl.records.submission import Scalar, Unread, Value
from gwxl.rules.conditions.words import precede_clause
from gwxl.rules.rule import Limits
from gwxl.rules.ruleset import RuleSet

_GROUPS = "__by"  # no key ends like this with a choice behind it
MOST_ROWS = 300  # each row of a table has live checks of its own


@dataclass(frozen=True, kw_only=True)
class Input:
    """A cell, or the cells of a table column, that takes one kind of answer.

    Attributes:
        path: the path of the cell, of the column's first cell in a table.
        cell: where it is; last_row is the column's last row in a table, else its own row.
        label: unique in the form. limits: None where no rule limits it. calculated: a formula stands there.
        listed: the list it is chosen from; beside: what narrows it, as the validation refers to it.
    """

    path: Path
    cell: CellRef
    last_row: int
    label: str
    kind: Kind
    unit: str
    clause: str
    caution: str = ""
    choices: tuple[Choice, ...] = ()
    limits: Limits | None = None
    listed: Listed | None = None
    beside: str = ""
    calculated: bool = False

    @property
    def choice_label(self) -> str:
        """Return the label of the choice this row ticks; empty where it ticks none."""
        return next((choice.label for choice in self.choices if choice.key == self.path.part), "")

    @property
    def list_name(self) -> str:
        """Return the defined name of the choices, empty where they are none or short enough for a validation."""
        if self.listed:
            return LIST_PREFIX + self.path.of_every_row
        if not self.kind.is_choice or is_inline_list([choice.label for choice in self.choices]):
            return ""
        path = self.path.of_every_row
        return LIST_PREFIX + (path.defined_name.removeprefix(NAME_PREFIX) if path.block != path.field else path)

    @property
    def groups_name(self) -> str:
        """Return the defined name of what narrows a list, beside its entries; empty where nothing does."""
        return f"{self.list_name}{_GROUPS}" if self.listed and self.listed.where else ""

    @property
    def offered(self) -> tuple[str, ...]:
        """Return what is offered in a list of its own."""
        return self.listed.entries if self.listed else tuple(choice.label for choice in self.choices)

    @property
    def required(self) -> bool:
        """Tell whether a blank is an error."""
        return self.limits is not None and self.limits.required


def inputs_of(layout: Layout, rules: RuleSet) -> tuple[Input, ...]:
    """Return the inputs of a form: rows of the form sheet, the columns of each table, the cells of each matrix."""
    columns = (item for table in layout.tables for item in _columns(layout, table, rules))
    return (*_row_inputs(layout, rules), *columns, *_cell_inputs(layout, rules))


def _cell_inputs(layout: Layout, rules: RuleSet) -> Iterator[Input]:
    for path, cell in ((path, cell) for area in layout.matrices for path, cell in area.cells.items()):
        field = layout.form.fields[path]
        yield Input(
            path=path,
            cell=cell,
            last_row=cell.row,
            label=layout.form.label(path),
            kind=field.kind,
            unit=field.unit,
            clause=field.instruction,
            caution=field.caution,
            choices=field.choices,
            calculated=field.is_calculated,
            limits=None if field.is_calculated else rules.limits(path),
        )


def _row_inputs(layout: Layout, rules: RuleSet) -> Iterator[Input]:
    for path, row in layout.inputs.items():
        field = layout.form.field_of(path)
        limited = row.kind is RowKind.INPUT and not field.kind.is_choices
        yield Input(
            path=path,
            cell=layout.cells[path],
            last_row=row.number,
            label=layout.form.label(path),
            kind=field.kind,
            unit=field.unit,
            clause=precede_clause(layout.form, path.whole, row.instruction),
            caution=field.caution,
            choices=field.choices,
            calculated=field.is_calculated,
            limits=rules.limits(path) if limited else None,
            listed=find_listed(layout.form.lists, field.list, field.where),
            beside=Path(field.where).defined_name if field.where else "",
        )


def _columns(layout: Layout, table: TableArea, rules: RuleSet) -> Iterator[Input]:
    for column in table.field.columns:
        path = table.path(1, column.key)
        yield Input(
            path=path,
            cell=layout.cells[path],
            last_row=table.last_row,
            label=column.label,
            kind=column.kind,
            unit=column.unit,
            clause=table.field.instruction,
            choices=column.choices,
            calculated=column.is_calculated,
            limits=None if column.is_calculated else rules.limits(path),
            listed=find_listed(layout.form.lists, column.list, column.where),
            beside=_refer_to(table, column),
        )


def _refer_to(table: TableArea, column: Column) -> str:
    """Return the reference to what narrows the list of a column: a cell of its first row, or the name of an input."""
    if column.where in table.columns:
        return f"${column_letters(table.columns[column.where])}{table.first_row}"
    return Path(column.where).defined_name if column.where else ""


def scalars(answers: Mapping[str, Value] | Mapping[Path, Value]) -> Mapping[Path, Scalar]:
    """Return path → scalar of answers given by path or its text, choices and tables taken apart."""
    flat: dict[Path, Scalar] = {}
    for key, value in answers.items():
        path = Path(key)  # whoever writes refuses what has no cell
        if not isinstance(value, tuple):
            flat[path] = value
            continue
        for number, item in enumerate(value, 1):
            if isinstance(item, Mapping):
                flat.update({Path(path, column, number): _read(inner) for column, inner in item.items()})
            else:
                flat[Path(path, str(item))] = True
    return flat


def _read(value: Scalar | Unread) -> Scalar:
    return value.raw if isinstance(value, Unread) else value


def count_started_rows(form: Form, answers: Mapping[Path, Scalar]) -> Mapping[str, int]:
    """Return table key → the number of the last row that answers stand in.

    Raises:
        WorkbookError: a table has more rows than 300 and more than the form offers.
    """
    rows: dict[str, int] = {}
    for path in answers:
        if path.number:
            rows[path.field] = max(rows.get(path.field, 0), path.number)
    for key, last in rows.items():
        if key in form.fields and last > max(MOST_ROWS, form.fields[key].rows):
            message = f"{key}: {last} rows are filled, at most {MOST_ROWS} can be written"
            raise WorkbookError(message)
    return rows
