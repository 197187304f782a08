"""Hold every rule against its own examples: ``ok`` must pass it, ``bad`` must fail it."""

import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from gwxl.errors import RefusedError, RuleError
from gwxl.form.definition import Form
from gwxl.records.finding import Finding, Verdict
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.submission import Answer, Change, Identity, Source, Submission, Unread
from gwxl.rules.cells_file import FILE_NAME as CELLS_FILE
from gwxl.rules.neighbours.neighbours_file import FILE_NAME as NEIGHBOURS_FILE
from gwxl.rules.relations_file import FILE_NAME as RELATIONS_FILE
from gwxl.rules.rule import WHEN, Example, Rule, RuleKind
from gwxl.rules.rule_file import EXPECTED, IDENTITY, LAST
from gwxl.rules.ruleset import RuleSet


def contradictions(rules: RuleSet, folder: pathlib.Path) -> Iterator[RuleError]:
    """Yield a refusal for each example that contradicts its rule.

    Args:
        rules: the form and its rules.
        folder: the folder of its rule files.
    """
    asked = _Asked(rules)
    usable = {key for key, cell in rules.cells.inputs.items() if cell.ids}
    usable |= _BESIDE
    for rule in (rule for rule in rules.rules if usable.issuperset(_collect_keys(rule))):
        file = folder / (CELLS_FILE if rule.kind is RuleKind.CELL else RELATIONS_FILE)
        place = f"rules.{rule.id}" if rule.kind is RuleKind.CELL else rule.id
        for name, breaks in (("ok", False), ("bad", True)):
            for number, example in enumerate(getattr(rule, name)):
                if reason := asked.contradicts(rule, example, breaks=breaks):
                    yield RuleError(file, f"{place}.{name}[{number}]", reason)
    yield from _prove_neighbours(rules, folder / NEIGHBOURS_FILE)


def _prove_neighbours(rules: RuleSet, file: pathlib.Path) -> Iterator[RuleError]:
    """Yield a refusal for each example of several returns that contradicts its rule."""
    for one in rules.neighbours:
        for name, breaks, examples in (("ok", False, one.ok), ("bad", True, one.bad)):
            for number, returns in enumerate(examples):
                found = {meeting.index for meeting in one.comparison.meetings(rules.form, returns)}
                if (0 in found) is not breaks or (found and not breaks):
                    does = "none stands out" if breaks else "one stands out"
                    told = "; ".join(map(_format_example, returns))
                    yield RuleError(file, f"{one.rule.id}.{name}[{number}]", f"{told}: {does}{_CURE}")


_BESIDE = frozenset({IDENTITY, EXPECTED, LAST})
"""What stands in an example beside answers."""
_CURE = "; correct the rule or the example, or exchange ok and bad"


def _collect_keys(rule: Rule) -> set[str]:
    return {*rule.fields, *(key for example in (*rule.ok, *rule.bad) for key in example)}


def prove(rules: RuleSet, folder: pathlib.Path) -> RuleSet:
    """Return the rules when every example agrees with its rule.

    Raises:
        RuleError: one does not.
    """
    for contradiction in contradictions(rules, folder):
        raise contradiction
    return rules


class _Asked:
    """The rules as they are, with no field that must be filled, and those of cells alone, every field asked.

    Cerberus sorts its errors anew with each one: on a form that is blank but for one example, the blanks cost more
    than all the rest.
    """

    def __init__(self, rules: RuleSet) -> None:
        cells = rules.cells.always_asked() if rules.conditions else rules.cells
        given = cells.without_required()
        self._whole = RuleSet(rules.form, cells, rules.relations) if rules.conditions else rules
        self._given = RuleSet(rules.form, given, rules.relations)
        self._cells = RuleSet(rules.form, given, ())
        self._left_out = {rules.cells.at(path).ids[WHEN] for path in rules.conditions}
        self._conditional = RuleSet(rules.form, rules.cells.without_required(), ()) if rules.conditions else rules

    def contradicts(self, rule: Rule, example: Example, *, breaks: bool) -> str:
        """Return how an example contradicts its rule, empty where it does not."""
        try:
            fails = self.fails(rule, example)
        except RuleError as error:  # it names a column the table does not have
            return f"{_format_example(example)}: {error.key}: {error.reason}"
        except RefusedError as error:
            return f"{_format_example(example)} takes rule {error.details['rule']} too long; write its pattern anew"
        if fails is breaks:
            return ""
        does = "breaks the rule it should pass" if fails else "passes the rule it should break"
        return f"{_format_example(example)} {does}{_CURE}"

    def fails(self, rule: Rule, example: Example) -> bool:
        """Tell whether an example breaks its rule; a cell rule is asked only at the inputs the example names.

        An example of no input at all is the blank form.
        """
        blank = not example or any(value in ("", ()) for value in example.values())
        given = self._cells if rule.kind is RuleKind.CELL else self._given
        rules = self._conditional if rule.id in self._left_out else self._whole if blank else given
        last = {Path(key): value for key, value in example.get(LAST, {}).items()}
        found = rules.judge(
            _submission(rules.form, example), period=Period(example.get(EXPECTED, {}).get("year")), last=last
        )
        broken = [one for one in found if one.id == rule.id and one.verdict is Verdict.FAILED]
        anywhere = rule.kind is not RuleKind.CELL or not example
        return any(anywhere or _key(one) in example for one in broken)


def _key(finding: Finding) -> str:
    return finding.key.field if finding.key else ""


def _format_example(example: Example) -> str:
    return ", ".join(f"{key} = {_value(value)}" for key, value in example.items()) or "the blank form"


def _value(value: Any) -> str:
    if isinstance(value, Unread):
        return repr(value.raw)
    if isinstance(value, Change):
        return f"{value.raw!r} read as {value.value}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)


def _submission(form: Form, example: Example) -> Submission:
    """Return the submission of an example: typed values by field key, of no workbook."""
    told = {key: value for key, value in example.items() if key not in _BESIDE}
    said = dict(example.get(IDENTITY, {}))
    own = {
        "form": form.id,
        "edition": form.edition,
        "fingerprint": form.fingerprint,
        "period": Period(said.pop("year", None)),
    }
    answers = {path: _answer(path, value) for key, value in told.items() for path, value in _inputs(key, value)}
    values = {key: int(value.value) if isinstance(value, Change) else value for key, value in told.items()}
    return Submission(
        identity=Identity(**{**own, **said}),
        source=Source(file=""),
        answers=answers,
        values={key: value for key, value in values.items() if value not in ("", ())},
    )


def _answer(path: Path, value: Any) -> Answer:
    if isinstance(value, Change):
        return Answer(key=path, raw=value.raw, value=int(value.value), cell=None, changes=(replace(value, key=path),))
    return Answer(key=path, raw=value.raw if isinstance(value, Unread) else str(value), value=value, cell=None)


def _inputs(key: str, value: Any) -> Iterator[tuple[Path, Any]]:
    """Yield path and value of each input an example fills; ticks can all be read, and are the field's value alone."""
    if not isinstance(value, tuple):
        yield Path(key), value
    else:
        for number, row in enumerate(value, 1):
            if isinstance(row, Mapping):
                yield from ((Path(key, column, number), cell) for column, cell in row.items())
