"""Compare what a sheet's live checks say with what the checker says of the same saved file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gwxl.findings import Finding, Severity, Verdict
from gwxl.form.definition import NUMBERS, TABLE_CELL, Kind
from gwxl.form.layout import Helper, lay_out
from gwxl.receipt import Receipt
from gwxl.rules import excel
from gwxl.rules.document import plain
from gwxl.rules.excel_cells import OwnCheck
from gwxl.rules.excel_classes import CellClass, State
from gwxl.rules.relations import shown_at
from gwxl.rules.rule import RuleKind
from gwxl.rules.ruleset import RuleSet
from gwxl.submission import Answer, CellRef, Identity, Unread, column_letters
from gwxl.template.issue import Issue, Notice
from gwxl.template.live_block import Block
from gwxl.template.live_lines import FILLED, PENDING
from gwxl.template.live_plan import Plan
from gwxl.workbook.text import is_blank
from tests.live_forms import ERROR, Drawn, Entry

Cells = Mapping[str, Sequence[Sequence[Any]]]
"""Sheet → rows of values, as a sheet shows them after calculating."""

COERCED = frozenset(
    {"text_number", "thousands", "full_width", "apostrophe", "label", "boolean_spelling", "spaces", "date"}
)
"""Changes by which the checker reads on where the sheet asks for another entry."""


@dataclass
class Tally:
    """Count comparisons and differences; a rule is proven once it was seen failing and passing on both sides."""

    compared: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    passing: set[str] = field(default_factory=set)

    def same(self, what: str, place: str, sheet: object, checker: object) -> bool:
        """Count a comparison; note a difference."""
        self.compared[what] += 1
        if sheet != checker:
            self.differences.append(f"{place}: {what}: sheet {sheet!r}, checker {checker!r}")
        return sheet == checker

    def judged(self, id_: str, *, failed: bool) -> None:
        """Note that a rule was judged alike on both sides."""
        (self.failing if failed else self.passing).add(id_)

    @property
    def total(self) -> int:
        """Return how many comparisons there were."""
        return sum(self.compared.values())


class Parity:
    """Compare forms of one rule set."""

    def __init__(self, rules: RuleSet, tally: Tally) -> None:
        """Take the rules and where to count."""
        form = rules.form
        self.rules, self.tally = rules, tally
        identity = Identity(form=form.id, edition=form.edition, fingerprint=form.fingerprint, year=2026)
        issue = Issue(form=form, rules=rules, layout=lay_out(form), identity=identity, notice=Notice(), answers={})
        self.plan = Plan(issue)
        self.areas = {
            self.plan.layout.sheet: f"A1:{column_letters(self.plan.last_column)}{self.plan.last}",
            **{
                area.sheet: f"A1:{column_letters(rows[0].severity.column)}{area.end_row}"
                for area, rows in self.plan.tables.values()
            },
        }

    def compare(self, drawn: Drawn, cells: Cells, receipt: Receipt, place: str) -> None:
        """Compare one form: every field, every check of its own, every relation, every row."""
        _Form(self, drawn, cells, receipt, place).compare()


class _Form:
    """Hold one form while it is compared."""

    def __init__(self, parity: Parity, drawn: Drawn, cells: Cells, receipt: Receipt, place: str) -> None:
        assert receipt.submission is not None, receipt.reason
        self.plan, self.tally, self.rules = parity.plan, parity.tally, parity.rules
        self.entries, self.cells, self.place = drawn.entries, cells, place
        self.submission, self.findings = receipt.submission, receipt.findings
        self.rows = self._row_numbers()
        self.live = {rule.id for rule in self.rules.rules if not rule.clerk_only}
        self.failed: dict[str | None, list[Finding]] = {}
        for finding in receipt.findings:
            if finding.verdict is Verdict.FAILED:
                self.failed.setdefault(finding.key, []).append(finding)

    def _row_numbers(self) -> Mapping[str, str]:
        """Return path in the sheet → path in the submission, whose table rows are numbered anew."""
        started: dict[str, dict[int, int]] = {}
        for path, answer in self.submission.answers.items():
            match = TABLE_CELL.match(path)
            if match and answer.cell is not None:
                area = self.plan.tables[match["field"]][0]
                started.setdefault(match["field"], {})[answer.cell.row - area.head_row] = int(match["row"])
        paths = {}
        for path in self.plan.layout.cells:
            match = TABLE_CELL.match(path)
            if match is None:
                paths[path] = path
            elif (number := started.get(match["field"], {}).get(int(match["row"]))) is not None:
                paths[path] = f"{match['field']}[{number}].{match['column']}"
        return paths

    def at(self, cell: CellRef) -> Any:
        """Return what a cell shows, whole numbers as such."""
        value = self.cells[cell.sheet][cell.row - 1][cell.column - 1]
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def address(self, sheet: str, address: str) -> Any:
        _, letters, row = address.split("$")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        return self.at(CellRef(sheet, int(row), column))

    def compare(self) -> None:
        """Compare everything."""
        layout = self.plan.layout
        agreed: dict[str, bool] = {}
        for path, block in self.plan.blocks.items():
            agreed[path] = self.input(block, layout.sheet)
        for key, (area, rows) in self.plan.tables.items():
            each = [self.input(block, area.sheet) for row in rows for block in row.blocks]
            agreed[key] = all(each)
        for field_ in self.plan.form.fields.values():
            if field_.kind in {Kind.CHOICES, Kind.TABLE}:
                agreed[field_.key] = self.whole(field_.key) and agreed.get(field_.key, True)
        for relation in self.plan.rules.relations:
            self.relation(relation, agreed)
        for row in self.plan.rows:
            if row.path:
                self.row(row.path, agreed)

    # one input

    def answer(self, path: str) -> Answer | None:
        """Return the answer of a path in the sheet; None in a table's row nobody started."""
        return self.submission.answers.get(self.rows.get(path, ""))

    def input(self, block: Block, sheet: str) -> bool:
        """Compare class, state and first failed check; tell whether both see the same value."""
        entry, answer = self.entries.get(block.path), self.answer(block.path)
        where = f"{self.place} {block.path} {entry!r}"
        kind = self.address(sheet, block.spots.kind)
        if answer is None:
            assert "[" in block.path
            return True
        self.tally.same("class", where, kind, self.class_of(block, entry, answer))
        state = self.state(block, answer)
        if "[" in block.path:
            return self.own(block, sheet, answer, where)
        found = self.at(CellRef(sheet, self.plan.row_of(block.path), Helper.STATE))
        if found != state and self.read_on(block, answer, found, state):
            return False
        return self.tally.same("state", where, found, state) and self.own(block, sheet, answer, where)

    def read_on(self, block: Block, answer: Answer, sheet: int, checker: State) -> bool:
        """Tell whether the sheet asks for another entry where the checker reads on, or cannot judge a text's form."""
        if sheet == State.WRONG and checker is not State.WRONG:
            return self.coerced(block, answer)
        ids = {finding.id for finding in self.failed.get(self.rows[block.path], ())}
        return checker is State.WRONG and sheet == State.GOOD and bool(ids) and not ids & self.live

    def coerced(self, block: Block, answer: Answer) -> bool:
        """Tell whether the checker took a text for something else; a day written out is read without a note."""
        written = block.sorting.kind is Kind.DATE and isinstance(self.entries.get(block.path), str)
        return written or bool({change.kind for change in answer.changes} & COERCED)

    def class_of(self, block: Block, entry: Entry, answer: Answer) -> CellClass:
        """Return the class of an entry as the checker sorted it."""
        value = answer.value
        if entry == ERROR:
            assert isinstance(value, Unread)
            assert value.kind == "error_cell"
            return CellClass.ERROR
        if isinstance(entry, bool):
            return CellClass.LOGICAL
        if entry is None or is_blank(str(entry)):
            assert value is None
            return CellClass.BLANK
        if value is None:
            return CellClass.WORD
        if isinstance(entry, float | int):
            fraction = block.sorting.kind is Kind.COUNT and not isinstance(value, int)
            return CellClass.BAD_NUMBER if isinstance(value, Unread) or fraction else CellClass.NUMBER
        worded = isinstance(value, Unread) and plain(value.raw) in block.sorting.nothing
        return CellClass.WORD if worded else CellClass.TEXT

    def state(self, block: Block, answer: Answer) -> State:
        """Return what the checker's relations see of an answer."""
        if answer.value is None:
            return State.BLANK
        found = self.failed.get(self.rows[block.path], ())
        rules = {one.id: self.rules.rule(one.id) for one in found if one.id in {rule.id for rule in self.rules.rules}}
        errors = [one for one in rules.values() if one.kind is RuleKind.CELL and one.severity is Severity.ERROR]
        if isinstance(answer.value, Unread) or errors:
            return State.WRONG
        zero = block.sorting.zero_is_nothing and answer.value == 0 and not isinstance(answer.value, bool)
        return State.NOTHING if zero else State.GOOD

    def own(self, block: Block, sheet: str, answer: Answer, where: str) -> bool:
        """Compare the first failed check of an input with the findings at it."""
        found = self.address(sheet, block.spots.own)
        if found and self.coerced(block, answer) and not isinstance(answer.value, Unread):
            return False
        judged = self.judged_checks(block, answer)
        ids = {finding.id for finding in self.failed.get(self.rows[block.path], ())} & self.live
        if block.sorting.kind is Kind.CHOICES and isinstance(answer.value, Unread):
            ids = {check.rule.id for check in block.checks}  # the checker tells it once, at the first such choice
        expected = next((check.code for check in judged if check.rule.id in ids), 0)
        if not self.tally.same("own check", where, found, expected):
            return False
        for check in judged:
            if check.code == expected or check.rule.id not in ids:
                self.tally.judged(check.rule.id, failed=check.code == expected)
        if answer.value is not None and block.missing != "0":
            for check in block.checks:
                if check.behind == "required":
                    self.tally.judged(check.rule.id, failed=False)
        return True

    def judged_checks(self, block: Block, answer: Answer) -> list[OwnCheck]:
        """Return the checks a sheet can fail for an answer, the gravest first: by its kind, else by its value."""
        of_kind = {"type", "words"}
        if answer.value is None:
            return [check for check in block.checks if check.behind == "required" and block.missing != "0"]
        if not isinstance(answer.value, Unread) and self.kind_fits(block, answer.value):
            return [check for check in block.checks if check.behind != "required"]
        worded = isinstance(answer.value, Unread) and plain(answer.value.raw) in block.sorting.nothing
        unfit = [check for check in block.checks if check.behind in of_kind]
        return [check for check in unfit if len(unfit) == 1 or (check.behind == "words") is worded]

    def kind_fits(self, block: Block, value: object) -> bool:
        """Tell whether a value is of its field's kind; a count may have been read as a fraction."""
        return isinstance(value, int) or block.sorting.kind not in NUMBERS or block.sorting.kind is Kind.DECIMAL

    # fields of several cells, relations, rows

    def whole(self, key: str) -> bool:
        """Compare the state of a field that has several cells; tell whether it is the same."""
        row = self.plan.row_of(key)
        found = self.at(CellRef(self.plan.layout.sheet, row, Helper.STATE))
        field_ = self.plan.form.fields[key]
        paths = list(field_.paths) or [path for path in self.rows if path.startswith(f"{key}[")]
        answers = [(self.block(path), answer) for path in paths if (answer := self.answer(path)) is not None]
        states = [self.state(block, answer) for block, answer in answers]
        filled = State.GOOD in states
        expected = State.WRONG if State.WRONG in states else State.GOOD if filled else State.BLANK
        coerced = any(self.coerced(block, answer) for block, answer in answers)
        if found != expected and coerced:
            return False
        return self.tally.same("field", f"{self.place} {key}", found, expected)

    def block(self, path: str) -> Block:
        """Return the block of a path in the sheet."""
        match = TABLE_CELL.match(path)
        if match is None:
            return self.plan.blocks[path]
        row = self.plan.tables[match["field"]][1][int(match["row"]) - 1]
        return next(block for block in row.blocks if block.path == path)

    def relation(self, relation: Any, agreed: Mapping[str, bool]) -> None:
        """Compare a relation's verdict where both judges see the same; elsewhere the sheet waits or is silent."""
        id_ = relation.rule.id
        found = self.at(self.plan.place(relation))
        keys = {key for name in relation.names for key in (name.partition(".")[0], name)}
        where = f"{self.place} {id_}"
        if not all(agreed.get(key, True) for key in keys):
            return
        expected = excel.Verdict.NOTHING
        for finding in self.findings:
            if finding.id == id_:
                waits = finding.verdict is Verdict.UNJUDGED
                code = excel.failed_code(finding.severity)
                expected = excel.Verdict.WAITS if waits else excel.Verdict.EXPLAINED if finding.settled else code
        if self.tally.same("relation", where, found, expected) and expected is not excel.Verdict.WAITS:
            self.tally.judged(id_, failed=expected is not excel.Verdict.NOTHING)

    def row(self, path: str, agreed: Mapping[str, bool]) -> None:
        """Compare the severity a row shows with the gravest finding that names it."""
        relations = [
            one for one in self.plan.rules.relations if path in {shown_at(n, self.plan.form) for n in one.names}
        ]
        keys = {key for one in relations for name in one.names for key in (name.partition(".")[0], name)} | {path}
        if not all(agreed.get(key, True) for key in keys):
            return
        block, answer = self.plan.blocks[path], self.answer(path)
        assert answer is not None
        ids = {one.rule.id for one in relations}
        found = [one for one in self.failed.get(path, ()) if one.id in {check.rule.id for check in block.checks}]
        found = [one for one in found if one.id in self.live]
        found += [one for one in self.findings if one.id in ids and one.verdict is Verdict.FAILED]
        if block.sorting.kind is Kind.CHOICES and isinstance(answer.value, Unread):
            found += [one for ones in self.failed.values() for one in ones if one.id == block.checks[0].rule.id]
        blank = self.state(block, answer) is State.BLANK
        if blank and block.item.required:
            found = [one for one in found if self.rules.rule(one.id).kind is RuleKind.RELATION]
        levels = {excel.Verdict.EXPLAINED if one.settled else excel.failed_code(one.severity) for one in found}
        pending = {PENDING} if blank and block.item.required else set()
        order = (excel.Verdict.ERROR, PENDING, excel.Verdict.VERIFY, excel.Verdict.EXPLAINED, excel.Verdict.HINT)
        expected = next((level for level in order if level in levels | pending), 0 if blank else FILLED)
        shown = self.at(CellRef(self.plan.layout.sheet, self.plan.row_of(path), Helper.SEVERITY))
        if self.tally.same("row", f"{self.place} {path}", shown, expected) and block.item.required:
            ids = {check.rule.id for check in block.checks if check.behind == "required"} & self.live
            for id_ in ids:
                self.tally.judged(id_, failed=expected == PENDING)
