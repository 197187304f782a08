"""Load the rules of a form and judge returns by them."""

import pathlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from gwxl.errors import RuleError
from gwxl.files.declarations import Report, catch_mistake, refuse
from gwxl.files.excel_limits import units
from gwxl.files.plain_files import refuse_link
from gwxl.form.definition import Form
from gwxl.form.kinds import Kind
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.period import ANY, Period
from gwxl.records.submission import Submission, Unread
from gwxl.rules.case import Case, Outcome, Result
from gwxl.rules.cell_rules import CellRules
from gwxl.rules.cells_file import FILE_NAME as CELLS_FILE
from gwxl.rules.cells_file import read_cells
from gwxl.rules.computed.reading import tell_computed
from gwxl.rules.conditions.applying import apply_conditions
from gwxl.rules.conditions.reading import Conditions, conditions_of, tell_conditions
from gwxl.rules.document import Last, build_document, build_scope
from gwxl.rules.expression import PREVIOUS, looks_back
from gwxl.rules.neighbours import Neighbour, read_neighbours
from gwxl.rules.passing import Passing
from gwxl.rules.relations import path_to_show
from gwxl.rules.relations_file import FILE_NAME as RELATIONS_FILE
from gwxl.rules.relations_file import AnyRelation, read_relations
from gwxl.rules.reporting import Reporter, find_unread_ticks
from gwxl.rules.rule import WHEN, InputRules, Limits, Rule
from gwxl.rules.uniqueness import find_repeated
from gwxl.rules.validator import build_validator
from gwxl.wording.joining import join_clauses

_LONGEST_EXPECTED = 180  # of the 255 units that a prompt and an error message take
_JUDGED = frozenset({Result.PASSED, Result.FAILED})
_NOT_EXPECTED = frozenset({"required", "words", WHEN})


def load_rules(folder: pathlib.Path, form: Form, report: Report = refuse) -> "RuleSet":
    """Load cells.toml, relations.toml and neighbours.toml of a rules folder, checked against each other and the form.

    Args:
        folder: the rules folder.
        form: the form.
        report: what is done with a mistake. Where it returns, loading goes on with what is right.

    Raises:
        RuleError: a file is missing or no TOML, or ``report`` raises that its keys do not fit the form, or that a
            rule cannot work.
    """
    if folder.is_symlink():
        raise refuse_link(partial(RuleError, folder, ""))
    relations: tuple[AnyRelation, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    with catch_mistake(report):
        relations = read_relations(folder, form, report)
        neighbours = read_neighbours(folder, form, report)
    cells = read_cells(folder, form, report)
    for relation in (*relations, *neighbours):
        if relation.rule.id in cells.rules:
            report(RuleError(folder / RELATIONS_FILE, relation.rule.id, "is the id of a cell rule too"))
    ids = {relation.rule.id for relation in relations}
    for rule in (relation.rule for relation in relations):
        if rule.replaces and rule.replaces not in ids - {rule.id}:
            report(RuleError(folder / RELATIONS_FILE, rule.id, f"replaces {rule.replaces}, which is no other relation"))
    for edition in (form, *(one.form for one in form.older)):
        tell_computed(edition, report)
        tell_conditions(edition, report)
    rules = RuleSet(form, cells, relations, neighbours)
    for mistake in _long_prompts(rules, folder):
        report(mistake)
    return rules


def _long_prompts(rules: "RuleSet", folder: pathlib.Path) -> Iterator[RuleError]:
    """Yield the inputs whose rules expect more, in words, than the prompt beside an input takes."""
    for key, asked in rules.form.fields.items():
        paths = [Path(key, column.key, 1) for column in asked.columns] or [asked.path]
        for path in paths if rules.cells.inputs[key].ids else ():
            length = units(rules.limits(path).expected)
            if length > _LONGEST_EXPECTED:
                place = f"cells.{path.of_every_row}"
                most = f"{_LONGEST_EXPECTED} are possible beside the input"
                reason = f"`expected` of its rules has {length} characters in all, {most}; shorten it"
                yield RuleError(folder / CELLS_FILE, place, reason)


class RuleSet:
    """The rules of a form, ready to judge, one thread at a time; sent to another process, they are got ready there.

    Attributes:
        form: the form.
        rules: every rule in the order of the list.
        relations: what must hold between the cells, neighbours: between returns, in file order.
        cells: what each cell may hold.
        conditions: of the fields that are not always asked, as far as they are judged.
    """

    def __init__(
        self,
        form: Form,
        cells: CellRules,
        relations: Sequence[AnyRelation],
        neighbours: Sequence[Neighbour] = (),
    ) -> None:
        self.form = form
        self.relations = tuple(relations)
        self.neighbours = tuple(neighbours)
        self.cells = cells
        between = [item.rule for item in (*self.relations, *self.neighbours)]  # of those of a matrix the first counts
        self._by_id: Mapping[str, Rule] = {**cells.rules, **{rule.id: rule for rule in reversed(between)}}
        self.rules: tuple[Rule, ...] = tuple(self._by_id[id_] for id_ in sorted(self._by_id))
        self._names = tuple(dict.fromkeys(name for item in relations for name in item.names))
        asked = conditions_of(form).items()
        self.conditions: Conditions = {path: one for path, one in asked if WHEN in cells.at(path).ids}
        self._validator = build_validator(cells.schema)
        self._passing = Passing.of(cells.schema)

    def __reduce__(self) -> tuple[object, ...]:
        return RuleSet, (self.form, self.cells, self.relations, self.neighbours)

    @property
    def looking_back(self) -> frozenset[str]:
        """Return the ids of the rules that hold a return against last year's."""
        return frozenset(item.rule.id for item in self.relations if looks_back(item.names))

    def rule(self, id_: str) -> Rule:
        """Return the rule of an id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id[id_]

    def narrow(self, keys: Collection[str]) -> "RuleSet":
        """Return the rules of some fields, each by itself: of another nothing is asked."""
        schema = {key: cell for key, cell in self.cells.schema.items() if key in keys}
        return RuleSet(self.form, replace(self.cells, schema=schema).always_asked(), ())

    def judge(self, submission: Submission, *, period: Period = ANY, last: Last | None = None) -> tuple[Finding, ...]:
        """Judge one return.

        Args:
            submission: what was read.
            period: what its reader expects, none when every period will do.
            last: what its site reported last year; without it nothing that looks back is judged.

        Returns:
            Findings in form order, then by severity, then by id; the same fault never twice.
        """
        reporter = self._reporter(submission)
        return reporter.report(self._outcomes(reporter, period, last))

    def find_waiting(self, submission: Submission, *, period: Period = ANY) -> frozenset[str]:
        """Return the ids of the relations that cannot be judged: a value they need is blank, unreadable or wrong."""
        outcomes = self._outcomes(self._reporter(submission), period)
        return frozenset(rule.id for rule, outcome in outcomes if outcome.result is Result.UNJUDGED)

    def find_unasked(self, submission: Submission) -> frozenset[Path]:
        """Return the fields of a return that its other answers leave out, and in which nothing stands."""
        return self._judge_cells(submission)[1] if self.conditions else frozenset()

    def _reporter(self, submission: Submission) -> Reporter:
        """Judge the cells of a return, and return who reports on it."""
        return self._judge_cells(submission)[0]

    def _judge_cells(self, submission: Submission) -> tuple[Reporter, frozenset[Path]]:
        document = build_document(self.form, submission.values, self.cells.blanks)
        faults = () if self._passing.passes(document.values) else self._validator.judge(document.values)
        repeated = find_repeated(document, self.cells.unique_columns)
        reporter = Reporter(
            form=self.form,
            cells=self.cells,
            rules=self._by_id,
            submission=submission,
            document=document,
            faults=(*faults, *repeated, *find_unread_ticks(self.form, submission)),
        )
        if not self.conditions:
            return reporter, frozenset()
        left = apply_conditions(self.form, self.conditions, document, reporter.faults, reporter.is_grave)
        return replace(reporter, document=left.document, faults=left.faults), left.unasked

    def _outcomes(self, reporter: Reporter, period: Period, last: Last | None = None) -> list[tuple[Rule, Outcome]]:
        """Judge what stands between the cells, of which those that are wrong are known.

        A rule that was judged leaves out the one it replaces.
        """
        submission = reporter.submission
        older = self.form.older_edition(submission.identity.edition)
        case = Case(
            form=self.form,
            scope=build_scope(self.form, reporter.document, self._names, frozenset(reporter.wrong), last),
            identity=submission.identity,
            period=period,
            edition=older.form.edition if older else self.form.edition,
            unasked=self._find_unasked(submission.not_asked | submission.retired),
            not_asked=submission.not_asked | submission.retired,
            rows=reporter.document.numbered_rows,
            wrong=reporter.wrong_paths,
        )
        judged = [(item.rule, outcome) for item in self.relations for outcome in item.judge_all(case)]
        replaced = {rule.replaces for rule, outcome in judged if outcome.result in _JUDGED}
        return [(rule, outcome) for rule, outcome in judged if rule.id not in replaced]

    def _find_unasked(self, paths: frozenset[Path]) -> frozenset[str]:
        """Return the names that stand for one of some paths; an answer of a choice field stands for the field."""
        ours = (name for name in self._names if not name.startswith(PREVIOUS)) if paths else ()
        return frozenset(name for name in ours if path_to_show(name, self.form) in paths)

    def means_blank(self, path: Path, value: object) -> bool:
        """Tell whether a text, readable or not, is a word that says nothing stands at this path; 0 stays a value."""
        return isinstance(value, (str, Unread)) and self.cells.blanks.at(path.field).means_blank(value)

    def limits(self, path: Path) -> Limits:
        """Return what the input of a path may hold; a table's cell is named in any row, ``other[1].posts``.

        Raises:
            KeyError: the form has no such path.
        """
        asked = self.form.field_of(path)
        if path.row is not None:
            return self._limits(self.cells.inputs[path.of_every_row])
        if path not in {asked.path, *asked.paths}:
            raise KeyError(path)
        return self._limits(self.cells.inputs[path]) if path in self.cells.inputs else Limits()

    @cached_property
    def _general(self) -> frozenset[str]:
        """Return the ids of the rules that ask inputs of several kinds to be readable: they tell none what it takes."""
        kinds: dict[str, set[Kind]] = {}
        for path, cell in self.cells.inputs.items():
            kinds.setdefault(cell.ids.get("type", ""), set()).add(self.form.question_at(Path.parse(path)).kind)
        return frozenset(id_ for id_, found in kinds.items() if len(found) > 1)

    def _is_error(self, id_: str) -> bool:
        return id_ in self._by_id and self._by_id[id_].severity is Severity.ERROR

    def _limits(self, cell: InputRules) -> Limits:
        limits = cell.limits
        asked = [id_ for behind, id_ in cell.ids.items() if behind not in _NOT_EXPECTED]
        ids = [id_ for id_ in asked if id_ not in self._general]
        expected = join_clauses(
            dict.fromkeys(rule.expected for id_ in ids if (rule := self._by_id[id_]).expected), self.form.language
        )
        return Limits(
            required=self._is_error(cell.ids.get("required", "")),
            **_bounds(limits),
            min_length=limits.get("minlength"),
            max_length=limits.get("maxlength"),
            pattern=limits.get("regex"),
            entry=cell.entry if self._is_error(cell.ids.get("regex", "")) else "",
            message=self.form.say("rules.refused_entry", expected=expected) if expected else "",
            expected=expected,
        )


def _bounds(limits: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bounds of a number, or of a date, which are kept as dates are read."""
    found: dict[str, Any] = {}
    for name, number, day in (("min", "minimum", "earliest"), ("max", "maximum", "latest")):
        if isinstance(limit := limits.get(name), str):
            found[day] = date.fromisoformat(limit)
        elif limit is not None:
            found[number] = Decimal(limit)
    return found
