"""The live checks of a workbook: every formula with the value it has for the answers the workbook starts with."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from gwxl.form.definition import Form
from gwxl.form.layout import CHECKED, Col, Layout, Row, RowKind
from gwxl.live.applying import NO, YES, Applying, blame_answer, sort_rows
from gwxl.live.calculation import Scalar
from gwxl.live.check_cells import Check, CheckCells
from gwxl.live.check_words import NOTHING, Lines
from gwxl.live.formulas import BLANK, Formula, all_of, any_of, cell_of, compare, derive, if_, literal, minimum, quote
from gwxl.live.helper_cells import CellClass, Places, Sorting, State, remark, says_something
from gwxl.live.inputs import Input
from gwxl.live.matrix_checks import MatrixChecks, cell_rows, least, look_up
from gwxl.live.operands import ColumnRange, Operands
from gwxl.live.own_checks import OF_KIND, OwnCheck, OwnChecks
from gwxl.live.progress import Progress
from gwxl.live.relations import RelationWriter, live_relations
from gwxl.live.sheet import At, LiveSheet, prefix, qualify
from gwxl.live.spellings import answers_of
from gwxl.live.tables.faults import TableColumn, TableFaults
from gwxl.live.tables.row_faults import find_row_faults, find_unlisted
from gwxl.live.tables.rows import TableCheck
from gwxl.records.cell import CellRef, column_letters
from gwxl.records.finding import Severity
from gwxl.records.path import Path
from gwxl.rules.cells_file import WORDS
from gwxl.rules.relations import Relation
from gwxl.rules.reporting import SHORTEST_EXPLANATION
from gwxl.rules.row_relations import RowRelation
from gwxl.rules.rule import WHEN
from gwxl.rules.ruleset import RuleSet

_ROOM = 400  # rows of the form sheet that are looked through at least: some may be inserted below


class LiveChecks:
    """The live checks of one workbook.

    Attributes:
        sheet: the very hidden sheet with what the checks are made of.
        cells: the 核对 cells of all sheets, and the progress of the form.
        given: path → the reference to its input, of the form sheet.
        inputs: path → the helper cells of an input of the form sheet. states, owns: path → the state
            and the number of what is wrong. tables: field key → its check. relations: name → its verdict.
    """

    def __init__(
        self,
        rules: RuleSet,
        layout: Layout,
        inputs: Sequence[Input],
        stored: Mapping[Path, Scalar],
        explanations: Mapping[Path, str],
    ) -> None:
        """Take the rules, where everything stands, and what the cells start with.

        Args:
            rules: the rules of the form.
            layout: where everything stands.
            inputs: every input cell of the form sheet and every column of a table.
            stored: path → what its cell stores, days as numbers; a path that is not there is blank.
            explanations: path → the explanation its row starts with.
        """
        self._rules, self._layout, self._stored, self._explanations = rules, layout, stored, explanations
        self._form: Form = layout.form
        self._inputs = {item.path: item for item in inputs}
        self._rows = tuple(row for row in layout.rows if row.kind in CHECKED)
        self._cells = tuple(cell_rows(layout))
        self._numbered = tuple(enumerate((*self._rows, *self._cells), 1))
        self._last = max(_ROOM, layout.rows[-1].number + _ROOM // 2)
        spoken = [rule for rule in rules.rules if rule.id in rules.cells.rules]
        self._relations = live_relations(rules)
        self._told_at = self._assign_relations()
        self.lines = Lines(self._form, [*spoken, *{one.rule.id: one.rule for one in self._relations}.values()])
        self.sheet = LiveSheet()
        self._words = self.sheet.run(At.WORDS, [*self.lines.words, self._form.say("live.copy")])
        copied = qualify(f"${column_letters(At.WORDS)}${len(self._words.values)}")
        self._beside = CheckCells(layout, self._rows, self._last, copied)
        self._said = {row.about: self._remark(number, row) for number, row in enumerate(self._rows, 1)}
        self.given: dict[Path, Formula] = {}
        self.inputs: dict[Path, Places] = {}
        self.checks: dict[Path, tuple[OwnCheck, ...]] = {}
        self.states: dict[Path, Formula] = {}
        self.owns: dict[Path, Formula] = {}
        self.tables: dict[str, TableCheck] = {}
        self.relations: dict[str, Formula] = {}
        self.shown: dict[Path, Formula] = {}
        self.awaited: dict[Path, Formula] = {}  # required input → 待填, where nothing but its answer is wanting
        self._numbers: dict[Path, Formula] = {}  # what a row is about → the number of what it says
        self._filled: dict[Path, Formula] = {}  # field of several cells → how many of them hold something
        self.cells: dict[CellRef, Check] = {}
        self._build()

    def _build(self) -> None:
        columns = {
            path: ColumnRange.of(area, path.part, self._stored)
            for area in self._layout.tables
            for path in area.field.inner
        }
        states, filled, inputs = self.states, self._filled, self.inputs
        operands = Operands(form=self._form, states=states, filled=filled, inputs=inputs, columns=columns)
        self._applying = Applying(self.sheet, self._rules.conditions, operands)
        for number, row in sort_rows(self._numbered, self._rules.conditions):
            self._input(number, row) if row.path else self._field(number, row)
        for relation in self._relations:
            self._relation(relation, operands)
        for number, row in sorted(self._numbered, key=lambda one: one[1].kind is not RowKind.CELL):
            self._line(number, row)
        for row in self._rows:
            raw = self.inputs[row.about].raw if row.path else None
            self.cells[self._layout.checks[row.about]] = self._beside.write_check(row, self.shown[row.about], raw)
            if self.has_pending(row):
                pending = self._beside.write_pending(row, self.awaited[row.about])
                self.cells[self._layout.pending[row.about]] = pending
        for area in self._layout.matrices:
            made = MatrixChecks(self.sheet, self.lines, self._words, area).rows(self._numbers, self.inputs)
            self.cells |= {ref: Check(formula=one, value=str(said.value), source=said) for ref, one, said in made}
        self._progress()

    # the rows of the form sheet

    def _column(self, column: int, number: int, value: Scalar) -> Formula:
        """Return the cell of the form sheet in the row that the key of a row of ours stands in."""
        letter, place = column_letters(column), prefix(self._layout.sheet)
        return Formula(f"INDEX({place}${letter}$1:${letter}${self._last},${column_letters(At.ROW)}{number})", value, 1)

    def _remark(self, number: int, row: Row) -> Formula:
        """Put place and explanation of a row, and return where stands whether it is explained."""
        keys = f"{prefix(self._layout.sheet)}$A$1:$A${self._last}"
        self.sheet.put(number, At.ROW, Formula(f"MATCH({quote(row.key)},{keys},0)", row.number, 1))
        words = self._explanations.get(row.about, "")
        whole = self.sheet.put(number, At.REMARK, remark(self._column(Col.REMARK, number, words)))
        return self.sheet.put(number, At.SAID, says_something(self.sheet, whole, SHORTEST_EXPLANATION))

    def check_explained(self, keys: Sequence[str]) -> Formula:
        """Return a condition: an explanation stands in a row of these fields."""
        rows = (row for key in keys for row in self._rows if row.field and row.field.key == Path(key).block)
        return self.sheet.part(any_of(compare(self._said[row.about], "=", 1) for row in rows))

    def _sort(self, item: Input) -> Sorting:
        cells = self._rules.cells
        ids = cells.at(item.path).ids
        return Sorting(
            kind=item.kind,
            gate=cells.blanks.at(item.path.field).words,
            nothing=self._rules.rule(ids[WORDS]).words if WORDS in ids else frozenset(),
            answers=answers_of(item),
        )

    def _input(self, number: int, row: Row) -> None:
        path = row.about
        item, cell = self._inputs[path], self._rules.cells.at(path)
        stored = self._stored.get(path, "")
        ids = dict.fromkeys((*cell.ids.values(), *(check.id for check in cell.checks)))
        self.sheet.about = f"{path} {', '.join(ids)}"
        inside = row.kind is RowKind.CELL
        found = look_up(self.sheet, self._layout, row, number, stored) if inside else None
        self.given[path] = found or self._column(Col.INPUT, number, stored)
        places = Places(self.sheet, number, self.given[path], self._sort(item))
        checks = OwnChecks(self.sheet, cell, places).checks(self._rules.cells.rules)
        if item.calculated:
            checks = tuple(check for check in checks if check.behind != WHEN)  # nobody answers there
        said, asked = self.check_explained([path.field]), self._applying.of(path.whole)
        own = self._own(places, checks, said, asked, required=item.required)
        self.inputs[path], self.checks[path] = places, checks
        self.owns[path] = self.sheet.put(number, At.OWN, own)
        state = places.state(self.owns[path], self.lines.last[Severity.ERROR])
        wanted: Formula = literal(int(item.required))
        if asked:
            left_out = all_of([compare(asked, "=", NO), compare(self.owns[path], ">=", NOTHING)])
            state = if_(left_out, State.BLANK, self.sheet.part(state))
            wanted = if_(compare(asked, "=", YES), wanted, 0)
        self.states[path] = self.sheet.put(number, At.STATE, state)
        wanted = self.sheet.put(number, At.REQUIRED, wanted if asked else int(item.required))
        if item.required:
            self._applying.awaited[path] = wanted
        self.sheet.about = ""

    def _own(
        self, places: Places, checks: Sequence[OwnCheck], said: Formula, asked: Formula | None, *, required: bool
    ) -> Formula:
        """Return the formula of the number of the gravest thing wrong with a cell by itself."""
        rules = {check.behind: check.rule for check in checks if check.behind in OF_KIND}
        numbers = [(check, self.lines.number(check.rule, said)) for check in checks if check.behind not in OF_KIND]
        judged = [if_(self.sheet.part(check.fails), number, NOTHING) for check, number in numbers]
        unusable = self._unusable(places, rules, said)
        missing = literal(NOTHING)
        if "required" in rules and not required:
            missing = self.lines.number(rules["required"], said)
            missing = missing if asked is None else if_(compare(asked, "=", YES), missing, NOTHING)
        usable = minimum(judged) if judged else literal(NOTHING)
        own = if_(places.blank, missing, if_(places.usable, usable, self.sheet.part(unusable)))
        if asked is None:
            return own
        number = self.lines.number(rules[WHEN], said) if WHEN in rules else literal(NOTHING)
        return blame_answer(places, asked, self.sheet.part(own), self.sheet.part(number))

    def _unusable(self, places: Places, rules: Mapping[str, Any], said: Formula) -> Formula:
        number = self.lines.number(rules["type"], said)
        if places.sorting.kind.is_number:
            text_here = compare(places.kind, "=", CellClass.TEXT)
            number = if_(text_here, self.lines.number(rules["type"], said, "not_a_number"), number)
        if WORDS in rules:
            number = if_(compare(places.kind, "=", CellClass.WORD), self.lines.number(rules[WORDS], said), number)
        return number

    def _field(self, number: int, row: Row) -> None:
        """Put the helpers of a row that stands for a field of several cells."""
        field, path = row.field, row.about
        if field is None:
            return
        if field.kind.is_table:
            filled, wrong, own = self._table(field.key)
        else:
            inside = (row.about for row in self._cells if row.about.block == field.key)
            states = [self.states[one] for one in (inside if field.matrix else field.paths)]
            filled, wrong = (self._states(states, one) for one in (State.GOOD, State.WRONG))
            own = literal(NOTHING)
        self.owns[path] = self.sheet.put(number, At.OWN, own, path)
        self._filled[path] = value = self.sheet.put(number, At.VALUE, filled)
        some = if_(compare(value, ">", 0), State.GOOD, State.BLANK)
        self.states[path] = self.sheet.put(number, At.STATE, if_(compare(wrong, ">", 0), State.WRONG, some))
        self.sheet.put(number, At.REQUIRED, 0)

    def _states(self, states: Sequence[Formula], wanted: State) -> Formula:
        """Return the formula of how many cells are in a state; they stand one below the other."""
        text = f"COUNTIF({states[0]}:{states[-1]},{wanted:d})"
        return derive(text, lambda *values: sum(value == wanted for value in values), states, 1)

    def _table(self, key: str) -> tuple[Formula, Formula, Formula]:
        area = next(area for area in self._layout.tables if area.field.key == key)
        items = [item for item in self._inputs.values() if item.cell.sheet == area.sheet]
        columns = [
            TableColumn(item=item, cell=self._rules.cells.at(item.path), sorting=self._sort(item)) for item in items
        ]
        faults = TableFaults(columns, self._rules.cells.rules, self.lines)
        between = [one for one in self._rules.relations if isinstance(one, RowRelation) and one.table.key == key]
        row_faults = [
            *find_row_faults(between, columns, self.sheet, self.lines),
            *find_unlisted(columns, self._rules.cells.rules, self.sheet, self.lines),
        ]
        table = TableCheck(self.sheet, area, faults, row_faults, self.check_explained([key]))
        self.tables[key] = table
        offered = range(area.first_row, area.last_row + 1)
        paths = [[area.path(row - area.head_row, key) for key in area.columns] for row in offered]
        stood = [[self._stored.get(path, "") for path in row] for row in paths]
        rows = list(map(table.row, offered, stood))
        for row, formula in zip(offered, rows, strict=True):
            check = Check(formula=formula.text, value=str(formula.value), source=formula)
            self.cells[CellRef(area.sheet, row, area.check_column)] = check
        return table.whole(rows)

    # between the cells

    def _relation(self, relation: Relation, operands: Operands) -> None:
        named = {name: operands.of(name) for name in relation.names}
        fails = self.lines.number(relation.rule, self.check_explained(relation.rule.fields))
        verdict = RelationWriter(self.sheet, self._form, named).verdict(relation, fails)
        self.relations[relation.name] = self.sheet.add(At.RELATION, verdict, f"rule {relation.rule.id}")

    # what is said

    def _line(self, number: int, row: Row) -> None:
        """Put the number of what a row says, and the words."""
        path = row.about
        blank, required = compare(self.states[path], "=", State.BLANK), self.is_required(row)
        asked = self._applying.of(path.whole)
        pending: Formula | int = self.lines.pending if required else NOTHING
        if asked and required:
            pending = if_(compare(asked, "=", YES), pending, NOTHING)
        calm = if_(blank, pending, self.lines.filled)
        between = [self.relations[relation.name] for relation in self._told_at.get(row.about, ())]
        inner = [self._numbers[one] for one in self._numbers if one.block == path and one != path]
        number_said = least(inner) if inner else minimum([self.owns[path], *between, self.sheet.part(calm)])
        line = self._numbers[path] = self.sheet.put(number, At.LINE, number_said)
        silent = compare(line, ">=", NOTHING)
        words, unsaid = BLANK, silent
        if required:
            awaited = compare(line, "=", self.lines.pending)
            words = if_(awaited, cell_of(self._words, literal(self.lines.pending)), BLANK)
            silent = any_of([awaited, silent])
        if asked:
            words = if_(all_of([compare(asked, "=", NO), unsaid]), self._form.say("live.left_out"), words)
        if self.has_pending(row):
            self.awaited[path] = self.sheet.put(number, At.AWAITED, words)
        self.shown[path] = self.sheet.put(number, At.SHOWN, if_(silent, BLANK, cell_of(self._words, line)))

    def is_required(self, row: Row) -> bool:
        """Tell whether an answer is wanted in a row of the form sheet whatever else is filled in."""
        return row.path is not None and self._inputs[row.path].required

    def has_pending(self, row: Row) -> bool:
        """Tell whether it is said beside a row of the form sheet that its answer is wanted, or not asked for."""
        return self.is_required(row) or row.about.whole in self._rules.conditions

    def _assign_relations(self) -> Mapping[Path, Sequence[Relation]]:
        """Return what a row is about → the relations that are told beside it."""
        told: dict[Path, list[Relation]] = {}
        for relation in self._relations:
            paths, checks = map(Path.parse, relation.names), self._layout.checks
            for about in dict.fromkeys(path if path in checks else path.whole for path in paths):
                told.setdefault(about, []).append(relation)
        return told

    def longest(self, row: Row) -> str:
        """Return the longest words the check cell of a row can show."""
        rules = [check.rule for check in self.checks.get(row.about, ()) if check.behind != "required"]
        rules += [relation.rule for relation in self._told_at.get(row.about, ())] if row.kind in CHECKED else []
        return max(map(self.lines.failure_words, rules), key=len, default="")

    # the whole form

    def _progress(self) -> None:
        place = next((row for row in self._layout.rows if row.kind is RowKind.PROGRESS), None)
        if place is None:
            return
        required = [self.states[row.about] for _, row in self._numbered if self.is_required(row)]
        wanted = self._applying.awaited if self._rules.conditions else {}
        progress = Progress(self.sheet, self.lines, rows=len(self._numbered), relations=len(self._relations))
        said = (*self.owns.values(), *self.relations.values())
        words = self.sheet.add(At.PART, progress.words(place.label, required, said, list(wanted.values())))
        letter, copy = column_letters(Col.CHECK), self._beside.copied
        checks = f"${letter}${self._rows[0].number}:${letter}${self._rows[-1].number}"
        formula = f"IF(COUNTIF({checks},{copy})>0,{copy},{qualify(words.text)})"
        check = Check(formula=formula, value=str(words.value), source=words)
        self.cells[CellRef(self._layout.sheet, place.number, Col.LABEL)] = check

    # lists to choose from

    @cached_property
    def lists(self) -> Mapping[str, str]:
        """Return name → its cells, for the lists that are too long to stand in a validation."""
        named = [item for item in self._inputs.values() if item.list_name]
        found = {item.list_name: self.sheet.put_list(item.offered).text for item in named}
        narrowed = {item.groups_name: item.listed.groups for item in named if item.listed and item.groups_name}
        return found | {name: self.sheet.put_list(groups).text for name, groups in narrowed.items()}
