"""Compare the returns of different senders: D03, D14, D04 where no code tells them apart, and rules of the form."""

import unicodedata
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any, TypeVar

from gwxl.batch.batch import ACCEPTED, IN_SEVERAL, NOT_ASKED, OTHER_THAN_LISTED, SAME_NAME, SAME_SENDER, site_code
from gwxl.form.definition import Form
from gwxl.inert import inert_line
from gwxl.intake import sort_findings
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer, Status, Unread
from gwxl.rules.neighbours import Meeting, Neighbour
from gwxl.rules.ruleset import RuleSet
from gwxl.rules.uniqueness import fold_value
from gwxl.totals.figure import countable
from gwxl.wording.joining import join_words

_NAMED = 8  # other returns that a message names one by one

Key = TypeVar("Key", bound=Hashable)
Others = tuple[Sequence[Receipt], int]
"""The first other returns to be named, and how many there are in all."""

Place = tuple[Receipt, Answer]
"""A value, and the return it stands in."""


def compare_sites(form: Form, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts with a finding on each accepted one that another sender's is too much like.

    D03: its URL or name stands under another code too. D04: neither it nor another has a code, and both have one name,
    and one unit where both say which; a form without a name is compared by the unit alone.
    """
    roles = form.roles
    for key in filter(None, (roles.url, roles.name)):
        receipts = _compare(form, key, SAME_NAME, receipts, _under_other_codes)
    if key := roles.name or roles.unit:
        receipts = _compare(form, key, SAME_SENDER, receipts, _of_one_sender)
    return tuple(receipts)


def tell_strangers(form: Form, receipts: Sequence[Receipt], asked: Collection[str]) -> tuple[Receipt, ...]:
    """Return the receipts with a hint on each that counts or waits under a code that nobody was asked with: D26.

    Args:
        form: the form.
        receipts: the batch, judged.
        asked: the codes of those who were asked.
    """
    known, role = {code.casefold() for code in asked}, form.roles.code
    told: list[Receipt] = []
    for receipt in receipts:
        code, sent = site_code(form, receipt), receipt.submission
        issued = (sent.identity.site_code or "") if sent and receipt.status is Status.HELD else ""
        stands = receipt.status in {*ACCEPTED, Status.HELD} and sent is not None
        if stands and known.isdisjoint({code.casefold(), issued.casefold()}):
            findings = sort_findings(form, [*receipt.findings, _tell_stranger(form, receipt, code, role)])
            status = Status.FINDINGS if receipt.status is Status.OK else receipt.status
            told.append(replace(receipt, status=status, findings=findings))
        else:
            told.append(receipt)
    return tuple(told)


def tell_changes(
    form: Form, receipts: Sequence[Receipt], known: Mapping[str, Mapping[Path, Any]]
) -> tuple[Receipt, ...]:
    """Return the receipts with a hint on each answer, of one that counts, that the roster has otherwise: D28.

    Args:
        form: the form.
        receipts: the batch, judged.
        known: code, folded → path of a field → what the roster says.
    """
    return tuple(_tell_changes(form, one, known.get(site_code(form, one).casefold(), {})) for one in receipts)


def _tell_changes(form: Form, receipt: Receipt, known: Mapping[Path, Any]) -> Receipt:
    sent = receipt.submission
    if sent is None or receipt.status not in ACCEPTED:
        return receipt
    answers = {path: sent.answers[path].value for path in known if path in sent.answers}
    changed = [path for path, value in answers.items() if _is_changed(value, known[path])]
    if not changed:
        return receipt
    found = [_tell_change(form, receipt, path, known[path]) for path in changed]
    return replace(receipt, status=Status.FINDINGS, findings=sort_findings(form, [*receipt.findings, *found]))


def _is_changed(value: Any, listed: Any) -> bool:
    """Tell whether an answer is another than the roster's; one that is blank or cannot be read is told already."""
    return value is not None and not isinstance(value, Unread) and fold_value(value) != fold_value(listed)


def _tell_change(form: Form, receipt: Receipt, path: Path, listed: Any) -> Finding:
    field = form.field_of(path)
    shown = field.choice(str(listed)).label if field.choices and not field.kind.is_choices else str(listed)
    return Finding(
        id=OTHER_THAN_LISTED,
        severity=Severity.HINT,
        message=form.say(f"{OTHER_THAN_LISTED}.message", field=f"{{{path}}}", listed="{listed}"),
        key=path,
        operands=(path,),
        arguments={"listed": inert_line(shown)},
        expected=inert_line(shown),
        source=receipt.submission.cells.get(path) if receipt.submission else None,
    )


def _tell_stranger(form: Form, receipt: Receipt, code: str, role: str) -> Finding:
    key = Path(role) if role else None
    return Finding(
        id=NOT_ASKED,
        severity=Severity.HINT,
        message=form.say(f"{NOT_ASKED}.message", code="{code}"),
        key=key,
        operands=(key,) if key else (),
        arguments={"code": inert_line(code) or form.say("D26.nameless")},
        value=inert_line(code) or None,
        expected=form.say(f"{NOT_ASKED}.expected"),
        source=receipt.submission.cells.get(key) if receipt.submission and key else None,
    )


def _compare(
    form: Form,
    key: str,
    rule: str,
    receipts: Sequence[Receipt],
    others_of: Callable[[Form, Sequence[Receipt]], Iterator[Others]],
) -> list[Receipt]:
    """Return the receipts, a finding of the rule on each that has others among those of one value."""
    accepted = [receipt for receipt in receipts if receipt.status in ACCEPTED]
    told: dict[int, Receipt] = {}
    for value, alike in _group(accepted, lambda receipt: _value(key, receipt)).items():
        if not value or len(alike) == 1:
            continue
        for receipt, (named, count) in zip(alike, others_of(form, alike), strict=True):
            if count:
                told[id(receipt)] = _tell(form, key, rule, receipt, _words(form, named, count))
    return [told.get(id(receipt), receipt) for receipt in receipts]


def _under_other_codes(form: Form, alike: Sequence[Receipt]) -> Iterator[Others]:
    """Yield for each of several returns those under another code than its own."""
    by_code = _group(alike, lambda receipt: site_code(form, receipt))
    for receipt in alike:
        code = site_code(form, receipt)
        others = chain.from_iterable(same for other, same in by_code.items() if other != code)
        yield tuple(islice(others, _NAMED)), len(alike) - len(by_code[code])


def _of_one_sender(form: Form, alike: Sequence[Receipt]) -> Iterator[Others]:
    """Yield for each of several returns without a code the others whose unit is not another one."""
    codeless = [receipt for receipt in alike if not site_code(form, receipt)]
    by_unit = _group(codeless, lambda receipt: _value(form.roles.unit, receipt))
    for receipt in alike:
        unit = _value(form.roles.unit, receipt)
        same = [by_unit.get(unit, ()), by_unit.get("", ())] if unit else [codeless]
        if site_code(form, receipt):
            same = []
        others = (other for other in chain.from_iterable(same) if other is not receipt)
        yield tuple(islice(others, _NAMED)), max(sum(map(len, same)) - 1, 0)


def _group(receipts: Iterable[Receipt], key: Callable[[Receipt], Key]) -> Mapping[Key, list[Receipt]]:
    groups: dict[Key, list[Receipt]] = {}
    for receipt in receipts:
        groups.setdefault(key(receipt), []).append(receipt)
    return groups


def _value(key: str, receipt: Receipt) -> str:
    """Return a URL or name as compared: letters lowered, no scheme, no slash at the end; empty if blank."""
    value = receipt.submission.text_of(key) if receipt.submission else ""
    folded = "".join(unicodedata.normalize("NFKC", value).casefold().split())
    return folded.removeprefix("http://").removeprefix("https://").rstrip("/")


def _tell(form: Form, key: str, rule: str, receipt: Receipt, others: str) -> Receipt:
    if receipt.submission is None:
        return receipt
    raw, path = receipt.submission.raw_of(key), Path(key)
    finding = Finding(
        id=rule,
        severity=Severity.VERIFY,
        message=form.say(f"{rule}.message", field="{field}", others="{others}"),
        key=path,
        operands=(path,),
        arguments={"others": others},
        shown={path: raw},
        value=raw,
        expected=form.say(f"{rule}.expected"),
        source=receipt.submission.cells.get(path),
    )
    return replace(receipt, status=Status.FINDINGS, findings=(*receipt.findings, finding))


def _words(form: Form, others: Sequence[Receipt], count: int) -> str:
    named = join_words((_name(form, other) for other in others), form.language)
    return named + (form.say(f"{SAME_NAME}.more", count=count) if count > len(others) else "")


def _name(form: Form, receipt: Receipt) -> str:
    code = site_code(form, receipt)
    return inert_line(form.say("mark.named", name=receipt.source.name, code=code) if code else receipt.source.name)


def compare_neighbours(rules: RuleSet, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts with a finding on each accepted one that stands out beside the others."""
    accepted = [one for one in receipts if one.status in ACCEPTED and one.submission is not None]
    keys = {key for one in rules.neighbours for key in one.rule.fields}
    returns = [_collect_counted(rules, one, keys) for one in accepted]
    found: dict[int, list[Finding]] = {}
    for rule in rules.neighbours:
        for meeting in rule.comparison.meetings(rules.form, returns):
            receipt = accepted[meeting.index]
            others = [accepted[index] for index in meeting.others]
            found.setdefault(id(receipt), []).append(_finding(rules, rule, receipt, meeting, others))
    return tuple(
        replace(one, status=Status.FINDINGS, findings=(*one.findings, *found[id(one)])) if id(one) in found else one
        for one in receipts
    )


def _collect_counted(rules: RuleSet, receipt: Receipt, keys: Iterable[str]) -> Mapping[str, Any]:
    figures = {key: countable(rules.form, receipt, Path(key)) for key in keys}
    return {key: one.value for key, one in figures.items() if one.counts}


def _finding(
    rules: RuleSet, neighbour: Neighbour, receipt: Receipt, meeting: Meeting, others: Sequence[Receipt]
) -> Finding:
    paths, rule = tuple(map(Path, meeting.keys)), neighbour.rule
    raws = {path: receipt.submission.raw_of(path) for path in paths} if receipt.submission else {}
    told = {"others": _words(rules.form, others, meeting.count)} if others else {}
    return Finding(
        id=rule.id,
        severity=rule.severity,
        message=rule.message,
        key=paths[0] if paths else None,
        operands=paths,
        arguments={**told, **meeting.arguments},
        shown=raws,
        value=raws[paths[0]] if paths else None,
        expected=rule.expected,
        source=receipt.submission.cells.get(paths[0]) if receipt.submission and paths else None,
    )


def compare_repeated(rules: RuleSet, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts with a finding at each value that must be in one return alone and is in another too."""
    wanted = rules.cells.unique_in_form
    if not wanted:
        return tuple(receipts)
    places: dict[tuple[Path, str], list[Place]] = {}
    for receipt in receipts:
        for answer in _answers(receipt):
            if answer.key.of_every_row in wanted and (value := fold_value(answer.value)):
                places.setdefault((answer.key.of_every_row, value), []).append((receipt, answer))
    found: dict[int, list[Finding]] = {}
    for alike in places.values():
        by = {id(receipt) for receipt, _ in alike}
        for receipt, answer in alike if len(by) > 1 else ():
            others = [place for place in alike if place[0] is not receipt]
            found.setdefault(id(receipt), []).append(_tell_repeated(rules.form, answer, others))
    return tuple(
        replace(one, status=Status.FINDINGS, findings=(*one.findings, *found[id(one)])) if id(one) in found else one
        for one in receipts
    )


def _answers(receipt: Receipt) -> Iterator[Answer]:
    if receipt.status in ACCEPTED and receipt.submission is not None:
        yield from (answer for answer in receipt.submission.answers.values() if not answer.left_out)


def _tell_repeated(form: Form, answer: Answer, others: Sequence[Place]) -> Finding:
    named = join_words((_name_place(form, *place) for place in others[:_NAMED]), form.language)
    more = form.say(f"{SAME_NAME}.more", count=len(others)) if len(others) > _NAMED else ""
    return Finding(
        id=IN_SEVERAL,
        severity=Severity.VERIFY,
        message=form.say(f"{IN_SEVERAL}.message", field="{field}", others="{others}"),
        key=answer.key,
        operands=(answer.key,),
        arguments={"others": named + more},
        shown={answer.key: answer.raw},
        value=answer.raw,
        expected=form.say(f"{IN_SEVERAL}.expected"),
        source=answer.cell,
    )


def _name_place(form: Form, receipt: Receipt, answer: Answer) -> str:
    """Return file, sender and cell of a place."""
    return f"{_name(form, receipt)} {answer.cell.address if answer.cell else ''}".strip()
