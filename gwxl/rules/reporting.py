"""Turn what was found in one return, in its cells and between them, into findings."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from gwxl.characters import trim
from gwxl.errors import RuleError
from gwxl.form.definition import Form
from gwxl.form.kinds import Kind
from gwxl.records.finding import Finding, Severity, Verdict
from gwxl.records.path import Path
from gwxl.records.submission import Answer, Submission, Unread
from gwxl.rules.case import Outcome, Result
from gwxl.rules.cell_rules import CellRules
from gwxl.rules.cells_file import FIRST, READ, REASON, WORDS
from gwxl.rules.codes import interpret_code
from gwxl.rules.conditions.words import say_conditions
from gwxl.rules.document import Document, number_text, plain
from gwxl.rules.patterns import LONGEST, blame_rule
from gwxl.rules.relations import path_to_show
from gwxl.rules.rule import WHEN, Check, Rule, RuleKind
from gwxl.rules.validator import Fault, check_holds
from gwxl.wording import catalogue, fill, text
from gwxl.wording.joining import join_words

SHORTEST_EXPLANATION = 2

_TICK = 2  # field key, choice key
_STORED = re.compile(r"[0-9]{1,7}(?:\.[0-9]+)?\Z")  # the number of a day, with a time or without
_IN_TABLE = 3  # field key, row, column key


def read_explanation(words: str) -> str | None:
    """Return what an explanation says, None where it is too short to say anything."""
    bare = trim(words)
    return bare if len(bare) >= SHORTEST_EXPLANATION else None


def _drop_row(path: tuple[Any, ...]) -> Path:
    """Return the path of a fault without the row of a table: ``other.posts``."""
    return Path(*(str(part) for part in path if not isinstance(part, int)))


def find_unread_ticks(form: Form, submission: Submission) -> Iterator[Fault]:
    """Yield a fault for each tick that could not be read: the validator sees only those that could."""
    for path, answer in submission.answers.items():
        asked = form.fields.get(path.field)
        if asked is not None and asked.kind.is_choices and isinstance(answer.value, Unread):
            yield Fault(path=(path.field, path.part), rule="type", value=answer.value)


@dataclass(frozen=True, kw_only=True)
class Reporter:
    """The report on one return.

    Attributes:
        rules: rule id → rule.
        document: what was judged. faults: what is wrong with its cells.
    """

    form: Form
    cells: CellRules
    rules: Mapping[str, Rule]
    submission: Submission
    document: Document
    faults: tuple[Fault, ...]

    def report(self, outcomes: Iterable[tuple[Rule, Outcome]]) -> tuple[Finding, ...]:
        """Return the findings in form order, then by severity, then by id; none twice.

        Args:
            outcomes: each rule that stands between the cells, with what came of judging it.
        """
        findings = {(found.id, found.key): found for found in self._findings(outcomes)}
        return tuple(sorted(findings.values(), key=self._place))

    def _place(self, finding: Finding) -> tuple[tuple[int, int, str], int, str]:
        return self.form.order(finding.key), finding.severity.rank, finding.id

    @cached_property
    def _asked(self) -> Sequence[Fault]:
        """Return the faults, but for blanks where nothing was asked, or the answer is one no longer."""
        unasked = self.submission.not_asked | self.submission.retired
        asked = (one for one in self.faults if one.rule != "required" or _drop_row(one.path) not in unasked)
        return tuple(asked)

    def _findings(self, outcomes: Iterable[tuple[Rule, Outcome]]) -> Iterator[Finding]:
        yield from map(self._of_cell, self._asked)
        for rule, outcome in outcomes:
            if outcome.result is Result.FAILED or outcome.waits_for:
                yield self._of_outcome(rule, outcome)
        yield from self._read()

    def _read(self) -> Iterator[Finding]:
        """Yield a finding for each text that was read as a value, where the cell's rules ask for one."""
        for path, answer in self.submission.answers.items():
            id_ = self.cells.at(path).ids.get(READ)
            if id_ is not None and answer.changes and not isinstance(answer.value, Unread | None):
                read = {READ: answer.changes[-1].value}
                yield self._finding(self.rules[id_], path, (path,), read)

    @cached_property
    def wrong(self) -> Mapping[str, Path]:
        """Return field key → the first path of what is wrong in it."""
        return {path.field: path for path in sorted(self.wrong_paths, key=self.form.order, reverse=True)}

    @cached_property
    def wrong_paths(self) -> frozenset[Path]:
        """Return the paths of what is unreadable or reported as an error; blanks are not wrong."""
        return frozenset(
            self._path(fault) for fault in self._asked if fault.path[0] in self.document.values and self.is_grave(fault)
        )

    def is_grave(self, fault: Fault) -> bool:
        """Tell whether an answer with this fault is wrong, or one that is missing has to be there."""
        return isinstance(fault.value, Unread) or self._rule_of(fault).severity is Severity.ERROR

    def _rule_of(self, fault: Fault) -> Rule:
        if check := self._check(fault):
            return self.rules[check.id]
        ids = self.cells.at(_drop_row(fault.path)).ids
        if fault.rule not in ids:
            reason = f"no rule id stands behind {fault.rule or 'an unknown field'}"
            raise RuleError("cells.toml", ".".join(map(str, fault.path)), reason)
        if WORDS in ids and isinstance(fault.value, Unread):
            worded = self.rules[ids[WORDS]]
            if plain(fault.value.raw) in worded.words:
                return worded
        return self.rules[ids[fault.rule]]

    def _check(self, fault: Fault) -> Check | None:
        """Return the check that failed, None where a limit did."""
        return None if fault.check is None else self.cells.at(_drop_row(fault.path)).checks[fault.check]

    def _limits(self, fault: Fault) -> Mapping[str, Any]:
        """Return what a text was held against that fails a check or the pattern of its cell; else nothing."""
        check, cell = self._check(fault), self.cells.at(_drop_row(fault.path))
        return check.limits if check else {"pattern": cell.limits["regex"]} if fault.rule == "regex" else {}

    def _of_cell(self, fault: Fault) -> Finding:
        rule = self._rule_of(fault)
        path = self._path(fault)
        reason = {REASON: self._reason(fault, path)} if fault.rule in {"type", "allowed"} else {}
        reason |= {WHEN: say_conditions(self.form, path.whole)} if fault.rule == WHEN else {}
        if fault.other is not None:
            found = self._finding(rule, path, (path, fault.other), {})
            return replace(found, message=rule.message.replace(f"{{{FIRST}}}", f"{{{fault.other}}}"))
        found = self._finding(rule, path, (path,), reason, proposal=self._proposal(fault, path))
        return replace(found, message=found.message + self._tell_unlooked(fault))

    def _tell_unlooked(self, fault: Fault) -> str:
        """Return what is said, besides, of a text that is too long for the pattern of its rule."""
        if not isinstance(fault.value, str) or len(fault.value) <= LONGEST:
            return ""
        patterned = self._limits(fault).keys() & {"pattern", "avoid"}
        return self.form.say("rules.too_long", length=len(fault.value), most=LONGEST) if patterned else ""

    def _path(self, fault: Fault) -> Path:
        key = str(fault.path[0])
        if len(fault.path) == _IN_TABLE:
            return Path(key, fault.path[2], self.document.rows[key][fault.path[1]])
        if len(fault.path) == _TICK:
            return Path(key, fault.path[1])
        if isinstance(fault.value, Unread):
            paths = (path for path in self.form.fields[key].paths if path in self.submission.answers)
            unread = (path for path in paths if isinstance(self.submission.answers[path].value, Unread))
            return next(unread, Path(key))
        return Path(key)

    def _reason(self, fault: Fault, path: Path) -> str:
        if isinstance(fault.value, Unread) and f"unread.{fault.value.kind}" in catalogue():
            return self.form.say(f"unread.{fault.value.kind}")
        return self.form.say(f"not_of_kind.{self.form.question_at(path).kind}")

    def _proposal(self, fault: Fault, path: Path) -> str | None:
        if isinstance(fault.value, Unread):
            return None if fault.value.proposal is None else self._value_text(path, fault.value.proposal)
        if (check := self._check(fault)) and check.propose:
            return fill(check.propose, {"value": fault.value})
        limits = self._limits(fault)
        if not self.form.question_at(path).kind.is_code or "pattern" not in limits:
            return None
        with blame_rule(self._rule_of(fault).id):
            return interpret_code(fault.value, partial(check_holds, limits))

    def _of_outcome(self, rule: Rule, outcome: Outcome) -> Finding:
        if outcome.result is Result.FAILED:
            key = None if outcome.key is None else path_to_show(outcome.key, self.form)
            operands = tuple(path_to_show(name, self.form) for name in outcome.operands)
            found = self._finding(rule, key, operands, outcome.arguments)
            return replace(found, message=outcome.message) if outcome.message else found
        waits_for = min((path_to_show(name, self.form) for name in outcome.waits_for), key=self.form.order)
        path = self.wrong.get(waits_for.field, waits_for)
        return Finding(
            id=rule.id,
            severity=Severity.HINT,
            verdict=Verdict.UNJUDGED,
            message=self.form.say("rules.waits", title="{title}", field="{field}"),
            arguments={"title": rule.title},
            key=path,
            operands=(path,),
            shown=self._collect_raws((path,)),
            value=self._raw(path),
            source=self.submission.cells.get(path),
        )

    def _finding(
        self,
        rule: Rule,
        key: Path | None,
        operands: tuple[Path, ...],
        arguments: Mapping[str, str],
        *,
        proposal: str | None = None,
    ) -> Finding:
        ordered = tuple(sorted(dict.fromkeys(operands), key=self.form.order))
        explanation = self._explanation(rule, ordered) if rule.reported is Severity.VERIFY else None
        return Finding(
            id=rule.id,
            severity=rule.reported,
            message=rule.message,
            settled=explanation is not None,
            explanation=explanation,
            key=key,
            operands=ordered,
            arguments=arguments,
            shown=self._collect_raws(ordered),
            value=None if key is None else self._raw(key),
            expected=rule.expected or rule.title,
            proposal=proposal,
            source=None if key is None else self.submission.cells.get(key),
        )

    def _explanation(self, rule: Rule, operands: tuple[Path, ...]) -> str | None:
        named = {path.block for path in operands}
        if rule.kind is RuleKind.FUNCTION and not operands:
            named |= set(rule.fields)
        for path, words in sorted(self.submission.explanations.items(), key=lambda item: self.form.order(item[0])):
            if path.block in named and (explanation := read_explanation(words)):
                return explanation
        return None

    def _collect_raws(self, paths: Iterable[Path]) -> dict[Path, str]:
        return {path: raw for path in paths if (raw := self._raw(path))}

    def _raw(self, path: Path) -> str:
        if path in self.submission.answers:
            return tell_raw(self.submission.answers[path], self.form.question_at(path).kind)
        value = self.submission.values.get(path)
        return "" if value is None else self._value_text(path, value)

    def _value_text(self, path: Path, value: Any) -> str:
        """Return a value as a filler would write it; choices by their labels, a table by its number of rows."""
        asked, language = self.form.question_at(path), self.form.language
        match value:
            case Unread():
                return value.raw
            case bool():
                return text("answer.yes" if value else "answer.no", language)
            case int() | Decimal():
                return number_text(value)
            case tuple() | list() if asked.kind.is_table:
                return text("rules.rows", language, number=sum(map(bool, value)))
            case tuple() | list():
                return join_words((choice.label for choice in asked.choices if choice.key in value), language)
        labels = {choice.key: choice.label for choice in asked.choices}
        return labels.get(value, str(value))


def tell_raw(answer: Answer, kind: Kind) -> str:
    """Return what was typed as a person sees it: the day, where the number of a day is stored."""
    is_stored = kind.is_date and isinstance(answer.value, str) and _STORED.match(answer.raw)
    return str(answer.value) if is_stored else answer.raw
