"""Where the helpers of the live checks stand, what each input is, and what the rules say of it now."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from gwxl.form.definition import Form, Kind
from gwxl.form.layout import Col, Helper, Layout, Row, RowKind, TableArea
from gwxl.rules.excel import Operand, quoted
from gwxl.rules.excel_cells import missing_code
from gwxl.rules.excel_classes import Spots, State
from gwxl.rules.live import LiveRules
from gwxl.rules.relations import Relation
from gwxl.rules.reporting import SHORTEST_EXPLANATION
from gwxl.submission import CellRef, column_letters
from gwxl.template.inputs import Input
from gwxl.template.issue import Issue
from gwxl.template.live_block import Block, clean_text, sort
from gwxl.template.live_judging import Judged, judge
from gwxl.template.live_table import TableRow, table_rows
from gwxl.template.spellings import answers_of
from gwxl.template.values import stored_value

_CHECKED = frozenset({RowKind.INPUT, RowKind.TABLE, RowKind.CHOICES})
_TEXTS = frozenset({Kind.TEXT, Kind.URL, Kind.CODE})


class Plan:
    """Hold the inputs, tables and relations of one workbook with their helpers."""

    def __init__(self, issue: Issue) -> None:
        """Take what the workbook is written from."""
        self.issue = issue
        self.layout: Layout = issue.layout
        self.form: Form = issue.form
        self.rules = LiveRules(rules=issue.rules)
        self.last = issue.layout.rows[-1].number

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows of the form sheet that have a check cell."""
        return tuple(row for row in self.layout.rows if row.kind in _CHECKED)

    def at(self, column: int, row: int) -> str:
        """Return the absolute address of a cell of the form sheet."""
        return f"${column_letters(column)}${row}"

    def own_row(self, column: int) -> str:
        """Return a reference to this row's cell of an open column, which no dragging of cells can move."""
        letters = column_letters(column)
        return f"INDEX(${letters}$1:${letters}${self.last},ROW())"

    def row_of(self, key: str) -> int:
        """Return the row of a path, or of a field that has several."""
        return self.layout.checks[key].row

    def rows_of(self, key: str) -> Iterator[int]:
        """Yield the rows of a field."""
        yield from (row.number for row in self.rows if row.field is not None and row.field.key == key)

    def said(self, keys: tuple[str, ...]) -> str:
        """Return a condition: an explanation stands in a row of these fields."""
        places = [f"{self.at(Helper.SAID, row)}=1" for key in keys for row in self.rows_of(key)]
        return places[0] if len(places) == 1 else f"OR({','.join(places)})"

    def place(self, relation: Relation) -> CellRef:
        """Return the cell of a relation's verdict."""
        order = self.rules.relations.index(relation)
        return CellRef(self.layout.sheet, order % self.last + 1, Helper.RELATIONS + order // self.last)

    @property
    def last_column(self) -> int:
        """Return the last helper column of the form sheet."""
        return Helper.RELATIONS + max(0, len(self.rules.relations) - 1) // self.last

    @cached_property
    def blocks(self) -> Mapping[str, Block]:
        """Return path → input of the form sheet."""
        items = {item.path: item for item in self.issue.inputs}
        return {row.path: self._block(items[row.path], row.number) for row in self.rows if row.path}

    def _block(self, item: Input, row: int) -> Block:
        text = self.at(Helper.TEXT, row)
        spots = Spots(
            raw=self.own_row(Col.INPUT),
            clean=self.at(Helper.CLEAN, row),
            plain=self.at(Helper.PLAIN, row),
            text=text,
            kind=self.at(Helper.CLASS, row),
            value=text if item.kind in _TEXTS else self.at(Helper.VALUE, row),
            own=self.at(Helper.OWN, row),
        )
        sorting = self.rules.sorting(item.path, answers_of(item))
        checks = self.rules.checks(item.path, sorting, spots)
        missing = "0" if item.required else str(missing_code(checks))
        return Block(path=item.path, item=item, sorting=sorting, spots=spots, checks=checks, missing=missing)

    @cached_property
    def tables(self) -> Mapping[str, tuple[TableArea, tuple[TableRow, ...]]]:
        """Return table key → its place and the rows it offers."""
        rules, inputs = self.rules, self.issue.inputs
        return {area.field.key: (area, tuple(table_rows(area, rules, inputs))) for area in self.layout.tables}

    @cached_property
    def judged(self) -> Judged:
        """Return what the rules say of the answers the workbook starts with."""
        in_tables = [block for _, rows in self.tables.values() for row in rows for block in row.blocks]
        blocks = [*self.blocks.values(), *in_tables]
        answers = self.issue.answers
        sorted_ = {
            block.path: sort(block.sorting, stored_value(block.item, self.form, answers.get(block.path)))
            for block in blocks
        }
        return judge(self.rules, blocks, sorted_, self.issue.identity, self.issue.explanations)

    @cached_property
    def explained(self) -> frozenset[str]:
        """Return the paths and field keys whose explanation the formulas take for one."""
        words = self.issue.explanations.items()
        return frozenset(key for key, said in words if len("".join(clean_text(said).split())) >= SHORTEST_EXPLANATION)

    @cached_property
    def fields(self) -> Mapping[str, State]:
        """Return the state of each row that stands for a whole field: a table, or one of many choices."""
        states = self.judged.states
        found = {}
        for row in self.rows:
            if row.path is None and row.field is not None:
                paths = [path for path in states if path.startswith((f"{row.field.key}.", f"{row.field.key}["))]
                found[row.field.key] = _together([states[path] for path in paths])
        return found

    def operand(self, name: str) -> Operand:
        """Return the formulas of a name of a relation."""
        key, _, choice = name.partition(".")
        field = self.form.fields[key]
        state = self.at(Helper.STATE, self.row_of(key))
        value = self.at(Helper.VALUE, self.row_of(key))
        wrong, missing, filled = (f"{state}={one:d}" for one in (State.WRONG, State.BLANK, State.GOOD))
        if not choice:
            text = self.at(Helper.TEXT, self.row_of(key))
            return Operand(wrong=wrong, missing=missing, filled=filled, value=text if field.kind in _TEXTS else value)
        if field.kind is Kind.CHOICES:
            ticked = f"{self.at(Helper.STATE, self.row_of(name))}={State.GOOD:d}"
            return Operand(wrong=wrong, missing="FALSE", filled=ticked, value=f"IF({ticked},1,0)")
        chosen = f"EXACT({value},{quoted(choice)})"
        return Operand(wrong=wrong, missing=missing, filled=chosen, value=f"IF({chosen},1,0)")


def _together(states: list[State]) -> State:
    for state in (State.WRONG, State.GOOD):
        if state in states:
            return state
    return State.BLANK
