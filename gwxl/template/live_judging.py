"""What the rules say of the answers a workbook starts with: the values its live formulas are written with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gwxl.findings import Finding, Verdict
from gwxl.form.definition import TABLE_CELL, Form, Kind
from gwxl.rules import excel
from gwxl.rules.excel_classes import State
from gwxl.rules.live import LiveRules
from gwxl.submission import Answer, Identity, Source, Submission, Unread
from gwxl.template.live_block import Block, Sorted, clean_text, own_code, state_of


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Hold what was found for the inputs (by path) and the relations (by id)."""

    sorted: Mapping[str, Sorted]
    own: Mapping[str, int]
    states: Mapping[str, State]
    relations: Mapping[str, excel.Verdict]


def judge(
    rules: LiveRules,
    blocks: Sequence[Block],
    sorted_: Mapping[str, Sorted],
    identity: Identity,
    explanations: Mapping[str, str],
) -> Judged:
    """Judge what the inputs hold by what a sheet can judge; explanations are by path or field key."""
    findings = rules.judge(_submission(rules.form, sorted_, identity, explanations))
    failed: dict[str, set[str]] = {}
    for finding in findings:
        if finding.verdict is Verdict.FAILED and finding.key is not None:
            failed.setdefault(finding.key, set()).add(finding.id)
    own = {block.path: own_code(block, sorted_[block.path], frozenset(failed.get(block.path, ()))) for block in blocks}
    return Judged(
        sorted=sorted_,
        own=own,
        states={block.path: state_of(block, sorted_[block.path], own[block.path]) for block in blocks},
        relations={relation.rule.id: _verdict(relation.rule.id, findings) for relation in rules.relations},
    )


def _verdict(id_: str, findings: Sequence[Finding]) -> excel.Verdict:
    for finding in findings:
        if finding.id == id_:
            if finding.verdict is Verdict.UNJUDGED:
                return excel.Verdict.WAITS
            return excel.Verdict.EXPLAINED if finding.settled else excel.failed_code(finding.severity)
    return excel.Verdict.NOTHING


def _submission(
    form: Form, sorted_: Mapping[str, Sorted], identity: Identity, explanations: Mapping[str, str]
) -> Submission:
    answers = {path: Answer(key=path, raw=one.text, value=one.typed, cell=None) for path, one in sorted_.items()}
    values = {key: value for key in form.fields if (value := _value(form, key, sorted_)) is not None}
    return Submission(
        identity=identity,
        source=Source(file=""),
        answers=answers,
        values=values,
        explanations={key: clean_text(said).strip(" \n") for key, said in explanations.items()},
    )


def _value(form: Form, key: str, sorted_: Mapping[str, Sorted]) -> Any:
    asked = form.fields[key]
    if asked.kind is Kind.TABLE:
        return tuple(_rows(key, sorted_)) or None
    if asked.kind is not Kind.CHOICES:
        return sorted_[key].typed
    ticks = {path.partition(".")[2]: sorted_[path].typed for path in asked.paths}
    unread = next((value for value in ticks.values() if isinstance(value, Unread)), None)
    return unread or tuple(choice for choice, value in ticks.items() if value) or None


def _rows(key: str, sorted_: Mapping[str, Sorted]) -> Iterator[Mapping[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for path, one in sorted_.items():
        match = TABLE_CELL.match(path)
        if match and match["field"] == key:
            row = rows.setdefault(int(match["row"]), {})
            if one.typed is not None:
                row[match["column"]] = one.typed
    last = max((number for number, row in rows.items() if row), default=0)
    yield from (rows.get(number, {}) for number in range(1, last + 1))
