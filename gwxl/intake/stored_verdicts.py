"""Compare the verdicts a calculating program stored in the 核对 cells with those of the checker.

Every return that Excel, WPS or LibreOffice saved shows what that program made of the live checks. Compared is only
what both saw alike: where a value was read on, is a formula, or is doubted for what the sheet cannot see, its row and
the rows that hang on it are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from gwxl.form.definition import Field, Form
from gwxl.form.layout import LIVE_SHEET, Col, Layout, RowKind, lay_out
from gwxl.form.parts import Column
from gwxl.inert import inert_line
from gwxl.intake.locating.form_sheets import Located
from gwxl.intake.locating.identity import is_laid_out_now
from gwxl.intake.locating.printed import CALCULATED
from gwxl.live import LiveChecks
from gwxl.live.inputs import inputs_of
from gwxl.live.relations import live_relations
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Verdict
from gwxl.records.path import Path
from gwxl.records.reading import Stored
from gwxl.records.receipt import Agreement, Difference
from gwxl.records.submission import Answer, Submission, Unread
from gwxl.rules.conditions.reading import fields_in
from gwxl.rules.relations import path_to_show
from gwxl.rules.ruleset import RuleSet
from gwxl.spreadsheets.book import Book, Cell, CellKind
from gwxl.values.formula_results import find_calculating_program
from gwxl.wording import text

_SIGNS = {"✗": "error", "!": "verify", "·": "hint", "✓": "explained"}
_GRAVEST = ("error", "pending", "verify", "explained", "hint")
_SEEN = frozenset({"error_cell", "not_a_number", "not_a_choice"})
"""Why a value is unread that the sheet cannot read either, by the keys of :class:`gwxl.records.submission.Unread`."""

_UNTOUCHED = frozenset({"pending", "nothing"})
_LONGEST = 120


def collect_stored(book: Book, located: Located, form: Form, submission: Submission) -> Stored | None:
    """Return what a calculating program stored in the 核对 cells of a return; None where none did.

    Args:
        book: the workbook, of the current layout.
        located: where its form sheet has what.
        form: the form.
        submission: what was read.
    """
    program = find_calculating_program(book)
    if program is None or not is_laid_out_now(book):
        return None
    layout = lay_out(form)
    cells = {sheet.title: sheet.cells for sheet in book.sheets}
    columns = tuple(int(located.columns[name]) for name in CALCULATED if name in located.columns)
    words: dict[str, tuple[str, str | None]] = {}
    for place in _verdict_cells(layout, submission, columns):
        cell = cells.get(place.sheet, {}).get((place.row, place.column))
        level = _read_level(cell, form.language)
        if cell is not None and (level is not None or cell.text.strip()):
            words[str(place)] = (cell.text, level)
    answers = submission.answers.items()
    unlike = frozenset(path for path, one in answers if _is_seen_otherwise(cells, form.question_at(path), one))
    checked = columns if Col.CHECK in located.columns else ()
    return Stored(program=program, columns=checked, words=words, unlike=unlike)


def _verdict_cells(layout: Layout, submission: Submission, columns: Sequence[int]) -> Iterator[CellRef]:
    """Yield the cells in which a verdict on an answer may stand."""
    tables = {area.field.key: area.check_column for area in layout.tables}
    places = {(one.cell.sheet, one.cell.row, path.field) for path, one in submission.answers.items() if one.cell}
    for sheet, row, key in sorted(places):
        yield from (CellRef(sheet, row, column) for column in ((tables[key],) if key in tables else columns))


def _is_seen_otherwise(
    cells: Mapping[str, Mapping[tuple[int, int], Cell]], asked: Field | Column, answer: Answer
) -> bool:
    """Tell whether a sheet sees something else in a cell than the checker read, or worked out, there."""
    cell = cells.get(answer.cell.sheet, {}).get((answer.cell.row, answer.cell.column)) if answer.cell else None
    if cell is None:
        return False
    if asked.is_calculated:
        return cell.formula is None
    written = asked.kind.is_date and cell.kind is CellKind.TEXT
    unlike = cell.kind is CellKind.TEXT and answer.value is None  # blanks, or a word that says nothing
    return cell.formula is not None or cell.kind is CellKind.BOOLEAN or written or unlike


def _read_level(cell: Cell | None, language: str) -> str | None:
    """Return the level that stored words have; None where they are no verdict, an error's code where that is."""
    if cell is None or cell.formula is None or cell.uncalculated:
        return None
    if cell.kind is CellKind.ERROR:
        return cell.text
    said = cell.text.strip()
    calm = {
        "": "nothing",
        text("live.filled", language): "filled",
        text("column.pending", language): "pending",
        text("live.left_out", language): "nothing",
    }
    level = calm.get(said) or _SIGNS.get(said[:1])
    if level is None and LIVE_SHEET in cell.formula and said != text("live.copy", language):
        return said
    return level


def compare(stored: Stored, rules: RuleSet, submission: Submission, findings: Sequence[Finding]) -> Agreement | None:
    """Return how the stored verdicts of a return agree; None where nothing was calculated since it was answered.

    Args:
        stored: the verdicts.
        rules: the rules both judge by.
        submission: what was read.
        findings: what was found.
    """
    seen = _Seen(stored, submission, _sheet_judge(rules), findings)
    rows = [*_form_rows(seen), *_table_rows(seen)]
    filled = [row for row in rows if row.filled]
    if not rows or (filled and all(row.shown in _UNTOUCHED for row in filled)):
        return None  # what is shown is older than the answers: nothing was calculated since
    differences = tuple(seen.difference(row) for row in rows if row.shown != row.checker)
    return Agreement(program=stored.program, compared=len(rows), differences=differences)


@dataclass(frozen=True, kw_only=True)
class _Row:
    """What both say of one row: ``shown`` and ``checker`` are levels, ``error`` to ``hint`` or a calm one."""

    place: CellRef
    filled: bool
    words: str
    shown: str
    checker: str
    finding: Finding | None


@dataclass(frozen=True)
class _SheetJudge:
    """What the live checks of a form judge, and of what each row hangs."""

    rules: RuleSet
    layout: Layout
    live: LiveChecks

    @cached_property
    def relations(self) -> Mapping[Path, tuple[str, ...]]:
        """Return path → the ids of the relations that its row shows."""
        found: dict[Path, tuple[str, ...]] = {}
        for one in live_relations(self.rules):
            for path in {path_to_show(name, self.rules.form) for name in one.names}:
                found[path] = (*found.get(path, ()), one.rule.id)
        return found

    @cached_property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Return the id of a relation → the keys of the fields it reads."""
        relations = live_relations(self.rules)
        return {one.rule.id: frozenset(Path.parse(name).field for name in one.names) for one in relations}

    @cached_property
    def gates(self) -> Mapping[Path, frozenset[Path]]:
        """Return the path of a field under conditions → the fields it hangs on, near and far."""
        found: dict[Path, frozenset[Path]] = {}
        for path, conditions in self.rules.conditions.items():
            near = {gate for one in conditions for gate in fields_in(one)}
            found[path] = frozenset(near).union(*(found.get(gate, ()) for gate in near))
        return found

    @cached_property
    def required(self) -> frozenset[Path]:
        """Return the paths whose blank is an error."""
        return frozenset(one.path for one in inputs_of(self.layout, self.rules) if one.required)

    def own(self, path: Path) -> frozenset[str]:
        """Return the ids of the rules that the sheet judges a cell of its own by."""
        if path.row is not None:
            return self.live.tables[path.field].judged & self.said
        return frozenset(check.rule.id for check in self.live.checks[path]) & self.said

    @cached_property
    def known(self) -> frozenset[str]:
        """Return the ids of the form's rules; what else is found speaks of what no sheet sees."""
        return frozenset(rule.id for rule in self.rules.rules)

    @cached_property
    def said(self) -> frozenset[str]:
        """Return the ids of the rules of which the sheet judges all; some it has only a part of."""
        return frozenset(rule.id for rule in self.rules.rules if not rule.clerk_only)


@lru_cache(maxsize=8)
def _sheet_judge(rules: RuleSet) -> _SheetJudge:
    layout = lay_out(rules.form)
    return _SheetJudge(rules, layout, LiveChecks(rules, layout, inputs_of(layout, rules), {}, {}))


class _Seen:
    """What both judges see alike in one return, and what each says of it."""

    def __init__(self, stored: Stored, submission: Submission, judge: _SheetJudge, findings: Sequence[Finding]) -> None:
        self.stored, self.submission, self.judge = stored, submission, judge
        self._at: dict[Path | None, list[Finding]] = {}
        self._by_id: dict[str, list[Finding]] = {}
        for one in findings:
            self._at.setdefault(one.key, []).append(one)
            self._by_id.setdefault(one.id, []).append(one)
        self.answers: dict[str, list[Answer]] = {}
        for path, answer in submission.answers.items():
            self.answers.setdefault(path.field, []).append(answer)
        self._plain: dict[str, bool] = {}

    def plain(self, key: str) -> bool:
        """Tell whether both see the same in every cell of a field."""
        if key not in self._plain:
            answers = self.answers.get(key, [])
            self._plain[key] = bool(answers) and all(map(self.is_sure, answers)) and not self._is_doubted(Path(key))
        return self._plain[key]

    def _is_doubted(self, path: Path) -> bool:
        return any(one.id not in self.judge.known for one in self._at.get(path, ()))

    def is_sure(self, answer: Answer) -> bool:
        """Tell whether both see the same in a cell: it was typed, and is read as it stands."""
        if answer.cell is None or answer.changes or answer.left_out or self._is_unjudged(answer):
            return False
        kind = self.judge.rules.form.question_at(answer.key).kind
        if isinstance(answer.value, Unread) and (answer.value.kind not in _SEEN or kind.is_choices):
            return False
        return answer.key not in self.stored.unlike

    def _is_unjudged(self, answer: Answer) -> bool:
        """Tell whether a finding in a cell is one that the sheet has no formula for."""
        judged = self.judge.own(answer.key)
        relations = self.judge.names
        return any(one.id not in judged and one.id not in relations for one in self._at.get(answer.key, ()))

    def findings(self, path: Path) -> list[Finding]:
        """Return what fails in a cell by itself."""
        judged = self.judge.own(path)
        return [one for one in self._at.get(path, ()) if one.id in judged and one.verdict is Verdict.FAILED]

    def is_awaited(self, path: Path) -> bool:
        """Tell whether an answer has to stand at a path; of one under conditions, the rule behind it says so."""
        ids = self.judge.rules.cells.at(path).ids
        told = any(one.id == ids.get("required") for one in self.findings(path))
        return path in self.judge.required and (told or path.whole not in self.judge.rules.conditions)

    def find_relations(self, path: Path) -> list[Finding]:
        """Return what a row shows of the relations, those that wait included."""
        return [one for id_ in self.judge.relations.get(path, ()) for one in self._by_id.get(id_, ())]

    def find_speaking(self, places: Sequence[CellRef]) -> CellRef:
        """Return the first of a row's calculated cells that says something, the first where none does."""
        return next((place for place in places if self.words_in(place)[0].strip()), places[0])

    def words_in(self, place: CellRef) -> tuple[str, str | None]:
        """Return the words that are stored in a cell, and the level they stand for."""
        return self.stored.words.get(str(place), ("", None))

    def difference(self, row: _Row) -> Difference:
        """Return a row on which the two differ, in the words of each."""
        return Difference(cell=row.place, sheet=inert_line(row.words, _LONGEST), checker=self._words(row))

    def _words(self, row: _Row) -> str:
        if row.finding is not None and row.checker != "pending":
            rule = self.judge.rules.rule(row.finding.id)
            lines = self.judge.live.lines
            return lines.explanation(rule) if row.finding.settled else lines.failure_words(rule)
        key = {"pending": "column.pending", "filled": "live.filled"}.get(row.checker, "agreement.nothing")
        return self.judge.rules.form.say(key)


def _form_rows(seen: _Seen) -> Iterator[_Row]:
    """Yield the rows of the form sheet that both see alike."""
    judge, columns = seen.judge, seen.stored.columns
    for path, row in judge.layout.inputs.items() if columns else ():
        answer = seen.submission.answers.get(path)
        keys = {key for id_ in judge.relations.get(path, ()) for key in judge.names[id_]}
        keys |= {gate for key in (*keys, path.field) for gate in judge.gates.get(Path(key), ())} | {path.field}
        if row.kind is not RowKind.INPUT or answer is None or answer.cell is None or not all(map(seen.plain, keys)):
            continue
        place = seen.find_speaking([CellRef(answer.cell.sheet, answer.cell.row, column) for column in columns])
        left_out = path.whole in seen.submission.left_out
        blank, between = answer.value is None or left_out, seen.find_relations(path)
        pending = blank and seen.is_awaited(path)
        if any(one.verdict is Verdict.UNJUDGED for one in between):
            continue
        failed = between if pending else [*seen.findings(path), *between]
        calm = "pending" if pending else "nothing" if blank else "filled"
        yield from _compare(seen, place, failed, calm=calm, filled=not blank)


def _table_rows(seen: _Seen) -> Iterator[_Row]:
    """Yield the started rows of tables that both see alike."""
    for area in seen.judge.layout.tables:
        gate = seen.judge.rules.cells.blanks.at(area.field.key)
        rows: dict[tuple[str, int], list[Answer]] = {}
        for answer in seen.answers.get(area.field.key, ()):
            if answer.cell is not None:
                rows.setdefault((answer.cell.sheet, answer.cell.row), []).append(answer)
        for (sheet, row), answers in rows.items():
            started = any(one.value is not None and not gate.means_blank(one.value) for one in answers)
            if started and all(map(seen.is_sure, answers)):
                failed = [one for answer in answers for one in seen.findings(answer.key)]
                yield from _compare(seen, CellRef(sheet, row, area.check_column), failed, calm="filled", filled=True)


def _compare(seen: _Seen, place: CellRef, failed: Sequence[Finding], *, calm: str, filled: bool) -> Iterator[_Row]:
    """Yield what both say, where a verdict stands there."""
    words, shown = seen.words_in(place)
    if shown is None:
        return
    levels = [*((_level(one), one) for one in failed), *([("pending", None)] if calm == "pending" else [])]
    level, gravest = min(levels, key=lambda pair: _GRAVEST.index(pair[0]), default=(calm, None))
    yield _Row(place=place, filled=filled, words=words, shown=shown, checker=level, finding=gravest)


def _level(finding: Finding) -> str:
    return "explained" if finding.settled else str(finding.severity)
