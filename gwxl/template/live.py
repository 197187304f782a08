"""The live checks of a workbook: every formula with the value it has for the answers the workbook starts with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from gwxl.form.layout import Col, Helper, Row, RowKind, TableArea
from gwxl.rules.excel import Verdict, relation_formula
from gwxl.rules.excel_classes import State, cleaned, state_formula
from gwxl.rules.reporting import SHORTEST_EXPLANATION, field_key
from gwxl.submission import CellRef, column_letters
from gwxl.template.issue import Issue
from gwxl.template.live_block import Block
from gwxl.template.live_lines import (
    Codes,
    Line,
    own_lines,
    relation_line,
    severity_formula,
    severity_of,
    summary_code,
    summary_formula,
    summary_lines,
    text_formula,
    text_of,
)
from gwxl.template.live_plan import Plan
from gwxl.template.live_table import TableRow, TableSums, remark
from gwxl.wording import text


@dataclass(frozen=True, kw_only=True)
class LiveFormula:
    """Hold a formula, its cell, the value it has now, and what it is for where Excel would refuse it."""

    cell: CellRef
    formula: str
    value: str | float
    about: str


class LiveChecks:
    """Write the live checks of one workbook."""

    def __init__(self, issue: Issue) -> None:
        """Take what the workbook is written from."""
        self._plan = Plan(issue)
        self._language = issue.form.language
        self._sheet = issue.layout.sheet

    @cached_property
    def formulas(self) -> Mapping[CellRef, LiveFormula]:
        """Return the formula of every helper and check cell, on all sheets."""
        every = (*self._rows(), *self._relations(), *self._tables(), *self._progress())
        return {one.cell: one for one in every}

    def columns(self, sheet: str) -> tuple[int, int]:
        """Return the first and last helper column of a sheet; on a sheet of no helpers the last comes first."""
        places = [cell.column for cell in self.formulas if cell.sheet == sheet and cell.column >= Helper.FIRST]
        return min(places, default=1), max(places, default=0)

    def severity_column(self, table: TableArea) -> int:
        """Return the helper column of a table's row severities."""
        return self._plan.tables[table.field.key][1][0].severity.column

    @cached_property
    def _lines(self) -> Mapping[str, tuple[Line, ...]]:
        return {row.key: tuple(self._lines_of(row)) for row in self._plan.rows}

    def longest(self, row: Row) -> str:
        """Return the longest words the check cell of a row can show."""
        return max((line.words for line in self._lines.get(row.key, ())), key=len, default="")

    def _lines_of(self, row: Row) -> Iterator[Line]:
        plan, field = self._plan, row.field
        if field is None:
            return
        said = plan.said((field.key,))
        if row.path:
            yield from own_lines(plan.blocks[row.path], said, self._language)
        elif row.kind is RowKind.TABLE:
            title = plan.tables[field.key][0].sheet
            yield from summary_lines(field.key, plan.at(Helper.OWN, row.number), said, title, self._language)
        here = {row.path} if row.path else {field.key}
        for relation in plan.rules.relations:
            shown = {name if name in plan.layout.checks else name.partition(".")[0] for name in relation.names}
            if shown & here:
                yield relation_line(relation, _absolute(plan.place(relation)), self._language)

    # the rows of the form sheet

    def _rows(self) -> Iterator[LiveFormula]:
        for row in self._plan.rows:
            if row.path:
                yield from self._input(row)
            else:
                yield from self._field(row)
            raw = self._plan.own_row(Col.REMARK)
            bare = f'SUBSTITUTE(SUBSTITUTE({cleaned(raw)}," ",""),CHAR(10),"")'
            said = f"IF(ISERROR({raw}),0,IF(LEN({bare})>={SHORTEST_EXPLANATION},1,0))"
            yield self._helper(row.number, Helper.SAID, said, int(row.key.lstrip("#") in self._plan.explained))
            yield from self._check(row)

    def _helper(self, row: int, column: int, formula: str, value: str | float, about: str = "") -> LiveFormula:
        return LiveFormula(cell=CellRef(self._sheet, row, column), formula=f"={formula}", value=value, about=about)

    def _input(self, row: Row) -> Iterator[LiveFormula]:
        block = self._plan.blocks[str(row.path)]
        yield from self._block(block, self._sheet)
        from_block = state_formula(block.sorting, block.spots)
        yield self._helper(row.number, Helper.STATE, from_block, self._plan.judged.states[block.path])

    def _block(self, block: Block, sheet: str) -> Iterator[LiveFormula]:
        judged = self._plan.judged
        found, spots = judged.sorted[block.path], block.spots
        values: Mapping[str, str | float] = {
            spots.own: judged.own[block.path],
            spots.value: found.value,
            spots.kind: found.kind,
            spots.text: found.text,
            spots.plain: found.plain,
            spots.clean: found.clean,
        }
        for address, formula in block.formulas():
            about = ", ".join(dict.fromkeys(check.rule.id for check in block.checks)) if address == spots.own else ""
            yield LiveFormula(
                cell=_cell(sheet, address), formula=f"={formula}", value=values[address], about=f"{block.path} {about}"
            )

    def _field(self, row: Row) -> Iterator[LiveFormula]:
        """Yield the helpers of a row that stands for a field of several cells."""
        plan, field = self._plan, row.field
        if field is None:
            return
        states, state = plan.judged.states, plan.fields[field.key]
        if row.kind is RowKind.TABLE:
            area, rows = plan.tables[field.key]
            sums = TableSums(area, rows)
            wrong, filled = sums.wrong(), sums.started()
            count = sum(_started(one, states) for one in rows)
            formula = summary_formula(sums.severities, plan.at(Helper.STATE, row.number))
            yield self._helper(row.number, Helper.OWN, formula, self._codes.own[field.key], field.key)
        else:
            places = [plan.at(Helper.STATE, plan.row_of(path)) for path in field.paths]
            whole = f"{places[0]}:{places[-1]}"
            wrong, filled = (f"COUNTIF({whole},{one:d})" for one in (State.WRONG, State.GOOD))
            count = sum(states[path] is State.GOOD for path in field.paths)
        value = plan.at(Helper.VALUE, row.number)
        yield self._helper(row.number, Helper.VALUE, filled, count, field.key)
        formula = f"IF({wrong}>0,{State.WRONG:d},IF({value}>0,{State.GOOD:d},{State.BLANK:d}))"
        yield self._helper(row.number, Helper.STATE, formula, state, field.key)

    def _check(self, row: Row) -> Iterator[LiveFormula]:
        plan, lines = self._plan, self._lines[row.key]
        state_at, severity_at = plan.at(Helper.STATE, row.number), plan.at(Helper.SEVERITY, row.number)
        required = row.path is not None and plan.blocks[row.path].item.required
        pending = f"{state_at}={State.BLANK:d}" if required else ""
        key = row.key.lstrip("#")
        state = plan.judged.states[row.path] if row.path else plan.fields[key]
        codes = self._codes
        severity = severity_of(lines, codes, pending=required and state is State.BLANK, state=state)
        formula = severity_formula(lines, pending, state_at)
        yield self._helper(row.number, Helper.SEVERITY, formula, severity, key)
        shown = text_of(lines, codes, severity, self._language)
        yield self._helper(row.number, Col.CHECK, text_formula(lines, severity_at, self._language), shown, key)

    @cached_property
    def _codes(self) -> Codes:
        plan, judged = self._plan, self._plan.judged
        codes = Codes(
            own=judged.own,
            kinds={path: one.kind for path, one in judged.sorted.items()},
            relations=judged.relations,
            said=frozenset(map(field_key, plan.explained)),
        )
        own = dict(judged.own)
        for key, (_, rows) in plan.tables.items():
            levels = [self._level(row, codes) for row in rows]
            own[key] = summary_code(levels, wrong=plan.fields[key] is State.WRONG)
        return replace(codes, own=own)

    def _level(self, row: TableRow, codes: Codes) -> int:
        state = State.GOOD if _started(row, self._plan.judged.states) else State.BLANK
        return severity_of(self._table_lines[row.check], codes, pending=False, state=state)

    # between the cells

    def _relations(self) -> Iterator[LiveFormula]:
        plan = self._plan
        for relation in plan.rules.relations:
            operands = {name: plan.operand(name) for name in relation.names}
            formula = relation_formula(relation, plan.form, operands, plan.said(relation.rule.fields))
            value, about = plan.judged.relations[relation.rule.id], f"rule {relation.rule.id}"
            yield LiveFormula(cell=plan.place(relation), formula=f"={formula}", value=value, about=about)

    # tables

    def _tables(self) -> Iterator[LiveFormula]:
        for area, rows in self._plan.tables.values():
            for row in rows:
                yield from self._table_row(area, row)

    @cached_property
    def _table_lines(self) -> Mapping[CellRef, tuple[Line, ...]]:
        """Return what each check cell of a table's rows can say."""
        lines = {}
        for area, rows in self._plan.tables.values():
            said = remark(self._plan.layout, area)
            for row in rows:
                every = (line for block in row.blocks for line in own_lines(block, said, self._language))
                lines[row.check] = tuple(every)
        return lines

    def _table_row(self, area: TableArea, row: TableRow) -> Iterator[LiveFormula]:
        for block in row.blocks:
            yield from self._block(block, area.sheet)
        started = 1 if _started(row, self._plan.judged.states) else 0
        about = f"{area.field.key}[{row.number}]"
        formula = f"=IF({row.started_condition},1,0)"
        yield LiveFormula(cell=row.started, formula=formula, value=started, about=about)
        lines, level = self._table_lines[row.check], self._level(row, self._codes)
        severity = severity_formula(lines, "", _absolute(row.started))
        yield LiveFormula(cell=row.severity, formula=f"={severity}", value=level, about=about)
        shown = text_of(lines, self._codes, level, self._language)
        formula = text_formula(lines, _absolute(row.severity), self._language)
        yield LiveFormula(cell=row.check, formula=f"={formula}", value=shown, about=about)

    # the whole form

    def _progress(self) -> Iterator[LiveFormula]:
        plan = self._plan
        place = next((row.number for row in plan.layout.rows if row.kind is RowKind.PROGRESS), None)
        if place is None:
            return
        required = [row for row in plan.rows if row.path and plan.blocks[row.path].item.required]
        blank = "+".join(self._count(Helper.STATE, run, f"{State.BLANK:d}") for run in _runs(required)) or "0"
        left = sum(plan.judged.states[str(row.path)] is State.BLANK for row in required)
        counts = [self._level_count(level) for level in (Verdict.ERROR, Verdict.VERIFY)]
        formula = text(
            "live.progress_formula",
            self._language,
            filled=f'"&({len(required)}-({blank}))&"',
            required=len(required),
            errors=f'"&({counts[0][0]})&"',
            verify=f'"&({counts[1][0]})&"',
        )
        value = text(
            "live.progress_formula",
            self._language,
            filled=len(required) - left,
            required=len(required),
            errors=counts[0][1],
            verify=counts[1][1],
        )
        yield self._helper(place, Col.INPUT, f'"{formula}"', value, "progress")

    def _count(self, column: int, rows: tuple[int, int], criterion: str) -> str:
        return f"COUNTIF({self._plan.at(column, rows[0])}:{self._plan.at(column, rows[1])},{criterion})"

    def _level_count(self, level: Verdict) -> tuple[str, int]:
        """Return the formula and the value of how many cells and relations weigh as much."""
        plan, codes = self._plan, self._codes
        parts, value = [], 0
        whole = (plan.rows[0].number, plan.rows[-1].number)
        low, high = level * 100, level * 100 + 100
        own = f"{plan.at(Helper.OWN, whole[0])}:{plan.at(Helper.OWN, whole[1])}"
        said = f"{plan.at(Helper.SAID, whole[0])}:{plan.at(Helper.SAID, whole[1])}"
        count = f'COUNTIFS({own},">={low}",{own},"<{high}"'
        parts.append(f"{count},{said},0)" if level is Verdict.VERIFY else f"{count})")
        silent = plan.explained if level is Verdict.VERIFY else frozenset()
        value += sum(low <= code < high for path, code in codes.own.items() if "[" not in path and path not in silent)
        if plan.rules.relations:
            column = column_letters
            places = [plan.place(relation) for relation in plan.rules.relations]
            first, last = column(Helper.RELATIONS), column(plan.last_column)
            bottom = max(cell.row for cell in places)
            parts.append(f"COUNTIF(${first}$1:${last}${bottom},{level:d})")
            value += sum(verdict is level for verdict in codes.relations.values())
        return "+".join(parts), value


def _started(row: TableRow, states: Mapping[str, State]) -> bool:
    return any(states[block.path] in {State.GOOD, State.WRONG} for block in row.blocks)


def _runs(rows: list[Row]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] + 1 == row.number:
            runs[-1] = (runs[-1][0], row.number)
        else:
            runs.append((row.number, row.number))
    return runs


def _absolute(cell: CellRef) -> str:
    return f"${column_letters(cell.column)}${cell.row}"


def _cell(sheet: str, address: str) -> CellRef:
    _, letters, row = address.split("$")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return CellRef(sheet, int(row), column)
