"""Compare what a sheet's live checks say with what the checker says of the same saved file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gwxl.characters import is_blank
from gwxl.form import kinds
from gwxl.form.layout import LIVE_SHEET, Col, lay_out
from gwxl.live import LiveChecks
from gwxl.live.check_words import NOTHING, WAITS
from gwxl.live.helper_cells import CellClass, Places, State
from gwxl.live.inputs import Input, inputs_of
from gwxl.live.own_checks import OwnCheck
from gwxl.live.relations import live_relations
from gwxl.live.sheet import At
from gwxl.records.cell import CellRef, column_letters
from gwxl.records.finding import Finding, Severity, Verdict
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer, Unread
from gwxl.rules.computed.reading import computed_of
from gwxl.rules.conditions.reading import fields_in
from gwxl.rules.document import plain
from gwxl.rules.relations import path_to_show
from gwxl.rules.rule import WHEN, RuleKind
from gwxl.rules.ruleset import RuleSet
from gwxl.wording import text
from tests.support.live_forms import ERROR, Drawn, Entry

Cells = Mapping[str, Sequence[Sequence[Any]]]
"""Sheet → rows of values, as a sheet shows them after calculating."""

COERCED = frozenset(
    {
        "text_number",
        "thousands",
        "loss",
        "currency",
        "full_width",
        "apostrophe",
        "label",
        "boolean_spelling",
        "spaces",
        "date",
    }
)
"""Changes by which the checker reads on where the sheet asks for another entry."""


ERRORS = frozenset({"#VALUE!", "#DIV/0!", "#REF!", "#N/A", "#NAME?", "#NUM!", "#NULL!"})

NO_DAY = 2_958_466
"""The serial number of the day after 9999-12-31, the last one a program shows."""

LEVELS = ("error", "verify", "explained", "hint")

SEEN_BY_THE_CHECKER = frozenset(
    {"\n", " \t", "\u200b", "\ufeff\u00a0", "\u3164\u3164", "\u200c\u00ad", "\u2800 ", " 无 "}
)
"""What a table's row may take for a text where the checker sees through: rare blanks, a word in blanks."""


@dataclass
class Tally:
    """Numbers of comparisons and differences; a rule is proven once it was seen failing and passing on both sides."""

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

    def note_judged(self, id_: str, *, failed: bool) -> None:
        """Note that a rule was judged alike on both sides."""
        (self.failing if failed else self.passing).add(id_)

    @property
    def total(self) -> int:
        """Return how many comparisons there were."""
        return sum(self.compared.values())


class Parity:
    """A comparison of forms of one rule set."""

    def __init__(self, rules: RuleSet, tally: Tally) -> None:
        """Take the rules and where to count."""
        self.rules, self.tally = rules, tally
        self.layout = lay_out(rules.form)
        self.inputs = {item.path: item for item in inputs_of(self.layout, rules)}
        self.live = LiveChecks(rules, self.layout, tuple(self.inputs.values()), {}, {})
        self.relations = live_relations(rules)
        last = max(cell.row for cell in self.live.sheet.cells)
        right = max(cell.column for cell in self.live.sheet.cells)
        self.areas = {
            LIVE_SHEET: f"A1:{column_letters(right)}{last}",
            self.layout.sheet: f"A1:{column_letters(Col.PENDING)}{self.layout.rows[-1].number}",
            **{area.sheet: f"A1:{column_letters(area.check_column)}{area.end_row}" for area in self.layout.tables},
        }

    def compare_engines(self, cells: Cells, other: Mapping[str, Mapping[str, object]], place: str) -> None:
        """Compare what two programs calculate in every cell that holds a formula."""
        # How many of the words of a table are alike is for each program to say.
        told = (cell for cell in self.live.sheet.cells if cell.formula and cell.column < At.TABLE)
        formulas = [CellRef(LIVE_SHEET, cell.row, cell.column) for cell in told]
        for cell in (*formulas, *self.live.cells):
            one, two = cells[cell.sheet][cell.row - 1][cell.column - 1], other[cell.sheet].get(cell.address)
            fault = isinstance(two, str) and two in ERRORS
            if fault and isinstance(one, float) and one >= NO_DAY:
                continue  # openpyxl reads a number in a cell of days as an error where no calendar has such a day
            two = None if fault else "" if two is None else two
            one, two = (float(f"{it:.15g}") if isinstance(it, float) else it for it in (one, two))  # as many are kept
            self.tally.same("engine", f"{place} {cell}", one, two)

    def compare(self, drawn: Drawn, cells: Cells, receipt: Receipt, place: str) -> None:
        """Compare one form: every field, every check of its own, every relation, every row."""
        _Form(self, drawn, cells, receipt, place).compare()


class _Form:
    """One form while it is compared."""

    def __init__(self, parity: Parity, drawn: Drawn, cells: Cells, receipt: Receipt, place: str) -> None:
        assert receipt.submission is not None, receipt.reason
        self.parity, self.live, self.lines = parity, parity.live, parity.live.lines
        self.layout, self.form, self.tally, self.rules = parity.layout, parity.rules.form, parity.tally, parity.rules
        self.entries, self.cells, self.place = drawn.entries, cells, place
        self.submission, self.findings = receipt.submission, receipt.findings
        self.rows = self._row_numbers()
        self.live_ids = {rule.id for rule in self.rules.rules if not rule.clerk_only}
        self.failed: dict[Path | None, list[Finding]] = {}
        for finding in receipt.findings:
            if finding.verdict is Verdict.FAILED:
                self.failed.setdefault(finding.key, []).append(finding)

    def _row_numbers(self) -> Mapping[Path, Path]:
        """Return path in the sheet → path in the submission, whose table rows are numbered anew."""
        started: dict[str, dict[int, int]] = {}
        areas = {area.field.key: area for area in self.layout.tables}
        for path, answer in self.submission.answers.items():
            if path.number and answer.cell is not None:
                row = answer.cell.row - areas[path.field].head_row
                started.setdefault(path.field, {})[row] = path.number
        paths = {}
        for path in self.layout.cells:
            if not path.number:
                paths[path] = path
            elif (number := started.get(path.field, {}).get(path.number)) is not None:
                paths[path] = path.in_row(number)
        return paths

    def at(self, cell: CellRef) -> Any:
        """Return what a cell shows, whole numbers as such."""
        value = self.cells[cell.sheet][cell.row - 1][cell.column - 1]
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def helper(self, formula: Any) -> Any:
        """Return what a cell of the live sheet shows."""
        _, letters, row = formula.text.split("$")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        return self.at(CellRef(LIVE_SHEET, int(row), column))

    def compare(self) -> None:
        """Compare everything."""
        agreed: dict[Path, bool] = {}
        for path, places in self.live.inputs.items():
            agreed[path] = self.sees_gates(path, agreed) and self.input(path, places)
        for area in self.layout.tables:
            rows = range(area.first_row, area.last_row + 1)
            same = [self.table_row(area, row) for row in rows]
            agreed[area.field.path] = all(same)
        for field_ in self.form.fields.values():
            if field_.kind in {kinds.CHOICES, kinds.TABLE}:
                agreed[field_.path] = self.whole(field_.path) and agreed.get(field_.path, True)
        for relation in self.parity.relations:
            self.relation(relation, agreed)
        for path in self.live.inputs:
            self.row(path, agreed)

    def sees_gates(self, path: Path, agreed: Mapping[Path, bool]) -> bool:
        """Tell whether both see the same in what a field hangs on, and in what it is worked out from."""
        gates = {gate for held in self.rules.conditions.get(path.whole, ()) for gate in fields_in(held)}
        one = computed_of(self.form).get(path)
        gates |= set(one.needs) if one else set()
        if one and any(isinstance(self.entries.get(need), bool) for need in one.needs):
            return False  # LibreOffice calculates with a logical
        return all(same for other, same in agreed.items() if other.whole in gates)

    def is_left_out(self, path: Path) -> bool:
        """Tell whether the checker did not ask for a field."""
        told = [one for ones in self.failed.values() for one in ones if one.key and one.key.whole == path.whole]
        ids = self.rules.cells.at(path).ids
        return path.whole in self.submission.left_out or any(one.id == ids.get(WHEN) for one in told)

    def is_awaited(self, path: Path) -> bool:
        """Tell whether an answer has to stand at a path."""
        ids = self.rules.cells.at(path).ids
        told = any(one.id == ids.get("required") for one in self.failed.get(path, ()))
        return self.item(path).required and (told or path.whole not in self.rules.conditions)

    # one input

    def answer(self, path: Path) -> Answer | None:
        """Return the answer of a path in the sheet; None in a table's row nobody started."""
        return self.submission.answers.get(self.rows[path]) if path in self.rows else None

    def input(self, path: Path, places: Places) -> bool:
        """Compare class, state and first failed check; tell whether both see the same value."""
        entry, answer = self.entries.get(path), self.answer(path)
        assert answer is not None
        if self.item(path).calculated and isinstance(answer.value, int | Decimal):
            entry = float(answer.value)
        where = f"{self.place} {path} {entry!r}"
        self.tally.same("class", where, self.helper(places.kind), self.class_of(places, entry, answer))
        state, found = self.state(path, answer), self.helper(self.live.states[path])
        if found != state and self.read_on(path, answer, found, state):
            return False
        return self.tally.same("state", where, found, state) and self.own(path, places, answer, where)

    def read_on(self, path: Path, answer: Answer, sheet: int, checker: State) -> bool:
        """Tell whether the sheet asks for another entry where the checker reads on, or cannot judge a text's form."""
        if sheet == State.WRONG and checker is not State.WRONG:
            return self.is_coerced(path, answer)
        ids = {finding.id for finding in self.failed.get(self.rows[path], ())}
        return checker is State.WRONG and sheet == State.GOOD and bool(ids) and not ids & self.live_ids

    def is_coerced(self, path: Path, answer: Answer) -> bool:
        """Tell whether the checker took a text for something else; a day written out is read without a note."""
        written = self.item(path).kind is kinds.DATE and isinstance(self.entries.get(path), str)
        return written or bool({change.kind for change in answer.changes} & COERCED)

    def item(self, path: Path) -> Input:
        """Return the input of a path."""
        return self.parity.inputs[path.in_row(1) if path.number else path]

    def class_of(self, places: Places, entry: Entry, answer: Answer) -> CellClass:
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
            fraction = places.sorting.kind is kinds.COUNT and not isinstance(value, int)
            return CellClass.BAD_NUMBER if isinstance(value, Unread) or fraction else CellClass.NUMBER
        worded = isinstance(value, Unread) and plain(value.raw) in places.sorting.nothing
        return CellClass.WORD if worded else CellClass.TEXT

    def state(self, path: Path, answer: Answer) -> State:
        """Return what the checker's relations see of an answer."""
        if answer.value is None or path.whole in self.submission.left_out:
            return State.BLANK
        found = self.failed.get(self.rows[path], ())
        rules = {one.id: self.rules.rule(one.id) for one in found if one.id in {rule.id for rule in self.rules.rules}}
        errors = [one for one in rules.values() if one.kind is RuleKind.CELL and one.severity is Severity.ERROR]
        if isinstance(answer.value, Unread) or errors:
            return State.WRONG
        zero = self.zero_is_nothing(path) and answer.value == 0 and not isinstance(answer.value, bool)
        return State.NOTHING if zero else State.GOOD

    def zero_is_nothing(self, path: Path) -> bool:
        """Tell whether 0 counts as not filled."""
        blanks = self.rules.cells.blanks
        return self.item(path).kind.is_number and path.field in blanks.fields and "0" in blanks.words

    def own(self, path: Path, places: Places, answer: Answer, where: str) -> bool:
        """Compare the first failed check of an input with the findings at it."""
        found = self.helper(self.live.owns[path])
        if found < NOTHING and self.is_coerced(path, answer) and not isinstance(answer.value, Unread):
            return False
        checks = self.live.checks[path]
        judged = self.find_judged_checks(path, places, answer)
        ids = {finding.id for finding in self.failed.get(self.rows[path], ())} & self.live_ids
        if places.sorting.kind is kinds.CHOICES and isinstance(answer.value, Unread):
            ids = {check.rule.id for check in checks}  # the checker tells it once, at the first such choice
        settled = {one.id for one in self.failed.get(self.rows[path], ()) if one.settled}
        expected = min(
            (self.number(check, settled, answer) for check in judged if check.rule.id in ids), default=NOTHING
        )
        if not self.tally.same("own check", where, found, expected):
            return False
        for check in judged:
            number = self.number(check, settled, answer)
            if number == expected or check.rule.id not in ids:
                self.tally.note_judged(check.rule.id, failed=number == expected)
        if answer.value is not None and not self.item(path).required:
            for check in checks:
                if check.behind == "required":
                    self.tally.note_judged(check.rule.id, failed=False)
        return True

    def number(self, check: OwnCheck, settled: set[str], answer: Answer) -> int:
        """Return the number of what the sheet should say of a failed check."""
        words = self.lines.failure_words(check.rule)
        if check.behind == "type" and isinstance(answer.value, Unread) and answer.value.kind != "error_cell":
            numeric = self.item(answer.key).kind.is_number and not isinstance(self.entries.get(answer.key), bool)
            words = self.lines.not_a_number(check.rule) if numeric else words
        if check.rule.id in settled:
            words = self.lines.explanation(check.rule)
        return self.lines.words.index(words) + 1

    def find_judged_checks(self, path: Path, places: Places, answer: Answer) -> list[OwnCheck]:
        """Return the checks a sheet can fail for an answer, the gravest first: by its kind, else by its value."""
        checks = self.live.checks[path]
        if answer.value is None:
            return [check for check in checks if check.behind == "required" and not self.item(path).required]
        if self.is_left_out(path):
            return [check for check in checks if check.behind == WHEN]
        if not isinstance(answer.value, Unread) and self.kind_fits(places, answer.value):
            return [check for check in checks if check.behind != "required"]
        worded = isinstance(answer.value, Unread) and plain(answer.value.raw) in places.sorting.nothing
        unfit = [check for check in checks if check.behind in {"type", "words"}]
        return [check for check in unfit if len(unfit) == 1 or (check.behind == "words") is worded]

    def kind_fits(self, places: Places, value: object) -> bool:
        """Tell whether a value is of its field's kind; a count may have been read as a fraction."""
        kind = places.sorting.kind
        return isinstance(value, int) or not kind.is_number or kind is kinds.DECIMAL

    # rows of tables, fields of several cells, relations, rows

    def table_row(self, area: Any, row: int) -> bool:
        """Compare what the check of a table's row says with the gravest finding in it."""
        number, key = row - area.head_row, area.field.key
        paths = [area.path(number, column) for column in area.columns]
        entries = [self.entries.get(path) for path in paths]
        answers = {path: answer for path in paths if (answer := self.answer(path)) is not None}
        if any(entry in SEEN_BY_THE_CHECKER or isinstance(entry, bool) for entry in entries):
            return False
        if any(self.is_coerced(path, answer) for path, answer in answers.items()):
            return False
        if any(answer.left_out for answer in answers.values()):
            return False  # a total row, which the checker alone can tell, is judged by nothing else
        found = [one for path in answers for one in self.failed.get(self.rows[path], ()) if one.id in self.live_ids]
        levels = {"explained" if one.settled else str(one.severity) for one in found}
        started = any(self.state(path, answer) in {State.GOOD, State.WRONG} for path, answer in answers.items())
        gravest = next((level for level in LEVELS if level in levels), "filled" if started else "nothing")
        shown = self.at(CellRef(area.sheet, row, area.check_column))
        same = self.tally.same("table row", f"{self.place} {key}[{number}] {entries!r}", self.level(shown), gravest)
        for one in found if same else ():
            self.tally.note_judged(one.id, failed=True)
        for column in area.columns if same and gravest == "filled" else ():
            ids = self.rules.cells.at(Path(key, column)).ids
            for id_ in set(ids.values()) & self.live_ids:
                self.tally.note_judged(id_, failed=False)
        return same

    def level(self, words: object) -> str:
        """Return the level of what a check says."""
        said = str(words or "").strip()
        if not said:
            return "nothing"
        if said == text("live.filled", self.form.language):
            return "filled"
        return {"✗": "error", "!": "verify", "·": "hint", "✓": "explained"}[said[0]]

    def whole(self, key: Path) -> bool:
        """Compare the state of a field that has several cells; tell whether it is the same."""
        found = self.helper(self.live.states[key])
        field_ = self.form.fields[key]
        paths = list(field_.paths) or [path for path in self.rows if path.number and path.field == key]
        answers = {path: answer for path in paths if (answer := self.answer(path)) is not None}
        states = [self.state(path, answer) for path, answer in answers.items()]
        errors = any(one.severity is Severity.ERROR for path in answers for one in self.failed.get(self.rows[path], ()))
        wrong = State.WRONG in states or (field_.kind is kinds.TABLE and errors)
        expected = State.WRONG if wrong else State.GOOD if State.GOOD in states else State.BLANK
        entries = [entry for path, entry in self.entries.items() if path.startswith(f"{key}[")]
        unseen = any(entry in SEEN_BY_THE_CHECKER or isinstance(entry, bool) for entry in entries)
        if found != expected and (unseen or any(self.is_coerced(path, one) for path, one in answers.items())):
            return False
        return self.tally.same("field", f"{self.place} {key}", found, expected)

    def relation(self, relation: Any, agreed: Mapping[Path, bool]) -> None:
        """Compare a relation's verdict where both judges see the same; elsewhere the sheet waits or is silent."""
        id_ = relation.rule.id
        found = self.helper(self.live.relations[id_])
        keys = {key for path in map(Path.parse, relation.names) for key in (path.whole, path)}
        where = f"{self.place} {id_}"
        if not all(agreed.get(key, True) for key in keys):
            return
        expected = NOTHING
        for finding in self.findings:
            if finding.id == id_:
                said = self.lines.explanation if finding.settled else self.lines.failure_words
                waits = finding.verdict is Verdict.UNJUDGED
                expected = WAITS if waits else self.lines.words.index(said(relation.rule)) + 1
        if self.tally.same("relation", where, found, expected) and expected != WAITS:
            self.tally.note_judged(id_, failed=expected != NOTHING)

    def row(self, path: Path, agreed: Mapping[Path, bool]) -> None:
        """Compare what a row shows with the gravest finding that names it."""
        relations = [one for one in self.parity.relations if path in {path_to_show(n, self.form) for n in one.names}]
        named = [Path.parse(name) for one in relations for name in one.names]
        keys = {key for one in named for key in (one.whole, one)} | {path}
        if not all(agreed.get(key, True) for key in keys):
            return
        answer, item, checks = self.answer(path), self.item(path), self.live.checks[path]
        assert answer is not None
        ids = {one.rule.id for one in relations}
        found = [one for one in self.failed.get(path, ()) if one.id in {check.rule.id for check in checks}]
        found = [one for one in found if one.id in self.live_ids]
        found += [one for one in self.findings if one.id in ids and one.verdict is Verdict.FAILED]
        if item.kind is kinds.CHOICES and isinstance(answer.value, Unread):
            found += [one for ones in self.failed.values() for one in ones if one.id == checks[0].rule.id]
        blank = self.state(path, answer) is State.BLANK
        if blank and self.is_awaited(path):
            found = [one for one in found if self.rules.rule(one.id).kind is RuleKind.RELATION]
        levels = {"explained" if one.settled else str(one.severity) for one in found}
        levels |= {"pending"} if blank and self.is_awaited(path) else set()
        calm = "nothing" if blank else "filled"
        expected = next((level for level in ("error", "pending", *LEVELS[1:]) if level in levels), calm)
        shown = self.at(self.layout.checks[path])
        pending = item.required and self.at(self.layout.pending[path]) == text("column.pending", self.form.language)
        level = "pending" if pending and not shown else self.level(shown)
        if path.whole in self.rules.conditions and not shown:
            told = self.at(self.layout.pending[path]) == text("live.left_out", self.form.language)
            self.tally.same("asked", f"{self.place} {path}", told, self.is_left_out(path))
        if self.tally.same("row", f"{self.place} {path}", level, expected) and item.required:
            ids = {check.rule.id for check in checks if check.behind == "required"} & self.live_ids
            for id_ in ids:
                self.tally.note_judged(id_, failed=expected == "pending")
