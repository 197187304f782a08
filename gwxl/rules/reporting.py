"""Turn what the validator found in one return into findings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from gwxl.characters import trim
from gwxl.errors import RuleError
from gwxl.form.definition import Form, Kind
from gwxl.records.finding import Finding, Severity, Verdict
from gwxl.records.path import Path
from gwxl.records.submission import Submission, Unread
from gwxl.rules.case import Outcome, Result
from gwxl.rules.cells_file import READ, REASON, WORDS
from gwxl.rules.codes import meant
from gwxl.rules.document import Document, number_text, plain
from gwxl.rules.patterns import LONGEST, naming
from gwxl.rules.relations import shown_at
from gwxl.rules.rule import Rule, RuleKind
from gwxl.rules.validator import Fault, check_holds
from gwxl.wording import catalogue, fill, text

SHORTEST_EXPLANATION = 2

_TICK = 2  # field key, choice key
_IN_TABLE = 3  # field key, row, column key


def said(words: str) -> str | None:
    """Return what an explanation says, None where it is too short to say anything."""
    bare = trim(words)
    return bare if len(bare) >= SHORTEST_EXPLANATION else None


def _unnumbered(path: tuple[Any, ...]) -> str:
    """Return the path of a fault without the row of a table: ``other.posts``."""
    return ".".join(str(part) for part in path if not isinstance(part, int))


@dataclass(frozen=True, kw_only=True)
class Reporter:
    """Report on one return.

    Attributes:
        schema: field key → Cerberus rules, rule ids in ``meta``.
        rules: rule id → rule.
        document: what was judged.
    """

    form: Form
    schema: Mapping[str, Mapping[str, Any]]
    rules: Mapping[str, Rule]
    submission: Submission
    document: Document

    def report(self, faults: Sequence[Fault]) -> tuple[Finding, ...]:
        """Return the findings in form order, then by severity, then by id; none twice."""
        findings = {(found.id, found.key): found for found in self._findings(self._asked((*faults, *self._ticks())))}
        return tuple(sorted(findings.values(), key=self._place))

    def _place(self, finding: Finding) -> tuple[tuple[int, int, str], int, str]:
        return self.form.order(finding.key), finding.severity.rank, finding.id

    def _asked(self, faults: Iterable[Fault]) -> Sequence[Fault]:
        """Return the faults without the blanks where nothing was asked, or where the answer is one no longer."""
        unasked = self.submission.not_asked | self.submission.retired
        return tuple(fault for fault in faults if fault.rule != "required" or _unnumbered(fault.path) not in unasked)

    def _ticks(self) -> Iterator[Fault]:
        """Yield a fault for each tick that could not be read: the validator sees only those that could."""
        for path, answer in self.submission.answers.items():
            asked = self.form.fields.get(path.field)
            if asked is not None and asked.kind is Kind.CHOICES and isinstance(answer.value, Unread):
                yield Fault(path=(path.field, path.part), rule="type", value=answer.value, info=())

    def _findings(self, faults: Sequence[Fault]) -> Iterator[Finding]:
        roots: Mapping[str, Path] = {}
        for fault in faults:
            if fault.rule == "relations":
                roots = roots or self.wrong(one for one in faults if one.rule != "relations")
                yield self._of_outcome(fault.info[0], fault.info[1], roots)
            else:
                yield self._of_cell(fault)
        yield from self._read()

    def _read(self) -> Iterator[Finding]:
        """Yield a finding for each text that was read as a value, where the cell's rules ask for one."""
        for path, answer in self.submission.answers.items():
            id_ = self._cell(path).get("meta", {}).get(READ)
            if id_ is not None and answer.changes and not isinstance(answer.value, Unread | None):
                read = {READ: answer.changes[-1].value}
                yield self._finding(self.rules[id_], path, (path,), read)

    def _cell(self, path: Path) -> Mapping[str, Any]:
        """Return the rules of the input at a path."""
        cell = self.schema.get(path.field, {})
        return cell if path.row is None else cell["schema"]["schema"][path.part]

    def wrong(self, faults: Iterable[Fault]) -> Mapping[str, Path]:
        """Return field key → path of what is unreadable or reported as an error; blanks are not wrong."""
        paths = [
            self._path(fault)
            for fault in (*self._asked(faults), *self._ticks())
            if fault.path[0] in self.document.values
            and (isinstance(fault.value, Unread) or self._rule_of(fault).severity is Severity.ERROR)
        ]
        return {path.field: path for path in sorted(paths, key=self.form.order, reverse=True)}

    def _rule_of(self, fault: Fault) -> Rule:
        if fault.rule == "checks":
            return self.rules[fault.info[0]["id"]]
        cell = self.schema.get(fault.path[0], {})
        meta = (cell["schema"]["schema"][fault.path[2]] if len(fault.path) == _IN_TABLE else cell).get("meta", {})
        if fault.rule not in meta:
            reason = f"no rule id stands behind {fault.rule or 'an unknown field'}"
            raise RuleError("cells.toml", ".".join(map(str, fault.path)), reason)
        if WORDS in meta and isinstance(fault.value, Unread):
            worded = self.rules[meta[WORDS]]
            if plain(fault.value.raw) in worded.words:
                return worded
        return self.rules[meta[fault.rule]]

    def _of_cell(self, fault: Fault) -> Finding:
        rule = self._rule_of(fault)
        path = self._path(fault)
        reason = {REASON: self._reason(fault, path)} if fault.rule in {"type", "allowed"} else {}
        found = self._finding(rule, path, (path,), reason, proposal=self._proposal(fault, path))
        return replace(found, message=found.message + self._unlooked(fault))

    def _unlooked(self, fault: Fault) -> str:
        """Return what is said, besides, of a text that is too long for the pattern of its rule."""
        check = fault.info[0] if fault.rule == "checks" else {}
        if not isinstance(fault.value, str) or len(fault.value) <= LONGEST:
            return ""
        patterned = fault.rule == "regex" or check.keys() & {"pattern", "avoid"}
        return text("rules.too_long", self.form.language, length=len(fault.value), most=LONGEST) if patterned else ""

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
            return text(f"unread.{fault.value.kind}", self.form.language)
        return text(f"not_of_kind.{self.form.asked_at(path).kind}", self.form.language)

    def _proposal(self, fault: Fault, path: Path) -> str | None:
        if isinstance(fault.value, Unread):
            return None if fault.value.proposal is None else self._value_text(path, fault.value.proposal)
        check = fault.info[0] if fault.rule == "checks" else {}
        if "propose" in check:
            return fill(check["propose"], {"value": fault.value})
        if self.form.asked_at(path).kind is not Kind.CODE or not (fault.rule == "regex" or "pattern" in check):
            return None
        limits = {**check, "pattern": self._cell(path)["regex"]} if fault.rule == "regex" else check
        with naming(self._rule_of(fault).id):
            return meant(fault.value, partial(check_holds, limits))

    def _of_outcome(self, relation: Any, outcome: Outcome, roots: Mapping[str, Path]) -> Finding:
        rule: Rule = relation.rule
        if outcome.result is Result.FAILED:
            key = None if outcome.key is None else shown_at(outcome.key, self.form)
            return self._finding(
                rule, key, tuple(shown_at(name, self.form) for name in outcome.operands), outcome.arguments
            )
        waits_for = min((shown_at(name, self.form) for name in outcome.waits_for), key=self.form.order)
        path = roots.get(waits_for.field, waits_for)
        return Finding(
            id=rule.id,
            severity=Severity.HINT,
            verdict=Verdict.UNJUDGED,
            message=text("rules.waits", self.form.language, title="{title}", field="{field}"),
            arguments={"title": rule.title},
            key=path,
            operands=(path,),
            shown=self._shown((path,)),
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
            shown=self._shown(ordered),
            value=None if key is None else self._raw(key),
            expected=rule.expected or rule.title,
            proposal=proposal,
            source=None if key is None else self.submission.cells.get(key),
        )

    def _explanation(self, rule: Rule, operands: tuple[Path, ...]) -> str | None:
        named = {path.field for path in operands}
        if rule.kind is RuleKind.FUNCTION:
            named |= set(rule.fields)
        for path, words in sorted(self.submission.explanations.items(), key=lambda item: self.form.order(item[0])):
            if path.field in named and (explanation := said(words)):
                return explanation
        return None

    def _shown(self, paths: Iterable[Path]) -> dict[Path, str]:
        return {path: raw for path in paths if (raw := self._raw(path))}

    def _raw(self, path: Path) -> str:
        if path in self.submission.answers:
            return self.submission.answers[path].raw
        value = self.submission.values.get(path)
        return "" if value is None else self._value_text(path, value)

    def _value_text(self, path: Path, value: Any) -> str:
        """Return a value as a filler would write it; choices by their labels, a table by its number of rows."""
        asked, language = self.form.field_of(path), self.form.language
        match value:
            case Unread():
                return value.raw
            case bool():
                return text("answer.yes" if value else "answer.no", language)
            case int() | Decimal():
                return number_text(value)
            case tuple() | list() if asked.kind is Kind.TABLE:
                return text("rules.rows", language, number=sum(map(bool, value)))
            case tuple() | list():
                return "、".join(choice.label for choice in asked.choices if choice.key in value)
        labels = {choice.key: choice.label for choice in asked.choices}
        return labels.get(value, str(value))
