"""Put beside each other what a clerk chooses between: what was written and what is proposed, or several returns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from gwxl.batch.decision import Decision
from gwxl.batch.differences import find_differing
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.records.finding import Finding, field_text
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Submission, Unread
from gwxl.wording.joining import join_clauses, join_words

_Contents = tuple[str, str | None]

_OTHERS = ("other", "other2", "other3")
_MOST = 20  # other returns that are shown: hundreds fit into no cell
_LINES = 8  # differing items that are shown one by one
_LONGEST = 120  # characters of one of them


class Groups:
    """The accepted returns by what a question about several of them covers; what differs is found once a group."""

    def __init__(self, form: Form, receipts: Sequence[Receipt], covers: Mapping[Source, str]) -> None:
        self._form = form
        self._covers = covers
        self._members: dict[str, list[Receipt]] = {}
        for receipt in receipts:
            if receipt.source in covers:
                self._members.setdefault(covers[receipt.source], []).append(receipt)
        self._found: dict[str, tuple[Sequence[Path], Mapping[_Contents, str]]] = {}

    def describe_others(self, receipt: Receipt) -> Mapping[str, str]:
        """Return column → what stands in a return, and in those it is compared with, where they differ.

        A line each, alike in all, a copy once. What there are more of than columns stands below each other in the last
        one, as far as a reader follows.
        """
        keys, told = self._describe_group(self._covers.get(receipt.source, ""))
        own = _contents(receipt)
        count = len(told) - (own in told)
        if not count:
            return {}
        others = [*islice((words for contents, words in told.items() if contents != own), _MOST)]
        columns = dict(zip(("mine", *_OTHERS), (_describe(self._form, receipt, keys), *others), strict=False))
        if count >= len(_OTHERS):
            last = others[len(_OTHERS) - 1 :]
            last += [self._form.say("decision.more_returns", count=count - _MOST)] if count > _MOST else []
            columns[_OTHERS[-1]] = "\n\n".join(last)
        return columns

    def _describe_group(self, cover: str) -> tuple[Sequence[Path], Mapping[_Contents, str]]:
        if cover not in self._found:
            group = {_contents(one): one for one in self._members.get(cover, [])}
            keys = sorted(find_differing([*group.values()]), key=self._form.order) if len(group) > 1 else []
            self._found[cover] = keys, {contents: _describe(self._form, one, keys) for contents, one in group.items()}
        return self._found[cover]


def _contents(receipt: Receipt) -> _Contents:
    return receipt.source.sha256, receipt.source.sheet


def _describe(form: Form, receipt: Receipt, keys: Sequence[Path]) -> str:
    lines = [inert_line(receipt.source.name)]
    submission = receipt.submission
    if submission is not None:
        dated = inert_line(submission.text_of(form.roles.date))
        lines += [form.say("decision.dated", day=dated)] if dated else []
        lines += [_line(form, submission, key) for key in islice(keys, _LINES)]
        lines += [form.say("decision.more", count=len(keys))] if len(keys) > _LINES else []
    return "\n".join(lines)


def _line(form: Form, submission: Submission, key: Path) -> str:
    cell = submission.cells.get(key)
    place = cell.address if cell else ""
    value = inert_line(_value(form, submission, key), _LONGEST) or form.say("decision.blank")
    return form.say("decision.item", cell=place, label=form.label(key), value=value)


def _value(form: Form, submission: Submission, key: Path) -> str:
    value = submission.values.get(str(key))
    if isinstance(value, tuple):
        field = form.fields[str(key)]
        if field.columns:
            rows = (item for item in value if isinstance(item, Mapping))
            listed = (join_words(map(_plain, row.values()), form.language) for row in rows)
            return join_clauses(listed, form.language)
        return join_words((choice.label for choice in field.choices if choice.key in value), form.language)
    return submission.raw_of(str(key)) if key in submission.answers else _plain(value)


def _plain(value: object) -> str:
    return value.raw if isinstance(value, Unread) else "" if value is None else str(value)


def quote_finding(form: Form, receipt: Receipt, finding: Finding) -> Mapping[str, str]:
    """Return column → what a finding is about as it was written, and what is proposed instead."""
    submission = receipt.submission
    paths = dict.fromkeys(finding.operands or ((finding.key,) if finding.key else ()))
    cells = submission.cells if submission else {}
    lines = [field_text(finding, path, form.label(path), cells, form.language) for path in paths]
    return {"mine": "\n".join(lines), "proposal": finding.proposal or ""}


def with_beside(case: Decision, columns: Mapping[str, str]) -> Decision:
    """Return a case with what stands beside it."""
    values: dict[str, Any] = dict(columns)
    return replace(case, **values)
