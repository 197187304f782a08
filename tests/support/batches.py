"""Synthetic batches: receipts built straight from a form, without any file."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from hashlib import sha256

from gwxl.batch.batch import Batch
from gwxl.batch.decision import Decision, State
from gwxl.files.resources import form_folder, rules_folder
from gwxl.form import kinds
from gwxl.form.definition import Field, Form
from gwxl.form.kinds import Kind
from gwxl.form.layout import lay_out
from gwxl.form.loading import load_form
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer, Change, Identity, Scalar, Source, Status, Submission, Unread, Value
from gwxl.rules.ruleset import RuleSet, load_rules

YEAR = 2024

Cell = Scalar | Unread | None


@cache
def report_form() -> Form:
    """Load the form that comes with gwxl."""
    return load_form(form_folder("website_annual_report"))


@cache
def report_rules() -> RuleSet:
    """Load the rules of the form that comes with gwxl."""
    form = report_form()
    return load_rules(rules_folder(form.folder), form)


def site(number: int) -> str:
    """Return a synthetic site code."""
    return f"{number:010}"


def receipt(
    number: int,
    cells: Mapping[str, Cell] | None = None,
    *,
    form: Form | None = None,
    findings: Sequence[Finding] = (),
    changes: Sequence[Change] = (),
    raws: Mapping[str, str] | None = None,
    file: str = "",
) -> Receipt:
    """Build the receipt of one return that was read.

    Args:
        number: makes the site's code.
        cells: path → value, None for a blank; what is not named has a value made from the number.
        form: the form, the report by default.
        findings: what was found.
        changes: what was normalised.
        raws: path → text of the cell, where it is not the value's own.
        file: its name, by default the code's; ``a.zip｜b.xlsx`` is a member of an archive.
    """
    asked = form or report_form()
    values = {Path.parse(path): value for path, value in {**dict(sample(asked, number)), **(cells or {})}.items()}
    answers = {path: _answer(asked, path, value, changes, raws or {}) for path, value in values.items()}
    answers = dict(sorted(answers.items(), key=lambda item: asked.order(item[0])))
    name, _, member = (file or f"{site(number)}.xlsx").partition("｜")
    sheet = lay_out(asked).sheet
    source = Source(file=name, member=member or None, sheet=sheet, sha256=digest(name + member), size=20_000 + number)
    submission = Submission(
        identity=Identity(form=asked.id, edition=asked.edition, fingerprint=asked.fingerprint, period=Period(YEAR)),
        source=source,
        answers=answers,
        values=field_values(asked, answers),
        surround={"contact_name": "张某", "contact_phone": "000-00000000"} if form is None else {},
        cells={**lay_out(asked).cells, **{path: answer.cell for path, answer in answers.items() if answer.cell}},
    )
    found = tuple(findings)
    return Receipt(source=source, status=Status.FINDINGS if found else Status.OK, submission=submission, findings=found)


def digest(words: str) -> str:
    """Return a sha256 that stands for a file."""
    return sha256(words.encode()).hexdigest()


def _answer(form: Form, path: Path, value: Cell, changes: Sequence[Change], raws: Mapping[str, str]) -> Answer:
    raw = value.raw if isinstance(value, Unread) else raws.get(path, _raw(form.field_of(path), value))
    return Answer(
        key=path,
        raw=raw,
        value=value,
        cell=lay_out_cells(form)[path],
        changes=tuple(change for change in changes if change.key == path),
    )


def _raw(field: Field, value: Cell) -> str:
    if isinstance(value, bool):
        return ("√" if value else "") if field.kind is kinds.CHOICES else ("是" if value else "否")
    labels = {choice.key: choice.label for choice in field.choices}
    return labels.get(str(value), "" if value is None else str(value))


@cache
def _cells(folder: object) -> Mapping[Path, CellRef]:
    return lay_out(load_form(folder)).cells  # type: ignore[arg-type]


def lay_out_cells(form: Form) -> Mapping[Path, CellRef]:
    """Return the input cells of a form's own template."""
    return _cells(form.folder)


def field_values(form: Form, answers: Mapping[Path, Answer]) -> dict[str, Value | Unread]:
    """Return field key → value, as the reader makes them from the answers."""
    values: dict[str, Value | Unread] = {}
    for field in form.fields.values():
        value = _field_value(field, answers)
        if value is not None and value != ():
            values[field.key] = value
    return values


def _field_value(field: Field, answers: Mapping[Path, Answer]) -> Value | Unread | None:
    if field.kind is kinds.CHOICES:
        return tuple(choice.key for choice in field.choices if _value(answers, Path(field.key, choice.key)) is True)
    if field.kind is kinds.TABLE:
        return tuple(_rows(field, answers))
    return _value(answers, field.path)


def _value(answers: Mapping[Path, Answer], path: Path) -> Cell:
    return answers[path].value if path in answers else None


def _rows(field: Field, answers: Mapping[Path, Answer]) -> Iterator[dict[str, Scalar | Unread]]:
    for row in range(1, field.rows + 1):
        paths = {column.key: Path(field.key, column.key, row) for column in field.columns}
        filled = {key: value for key, path in paths.items() if (value := _value(answers, path)) is not None}
        if filled:
            yield filled


def sample(form: Form, number: int) -> Iterator[tuple[str, Cell]]:
    """Yield path and value for every input of a form, the same for the same number."""
    dice = random.Random(number)
    for field in form.fields.values():
        if field.kind is kinds.TABLE:
            for row in range(1, number % 3 + 1):
                for column in field.columns:
                    yield f"{field.key}[{row}].{column.key}", _scalar(column.kind, column.label, number, dice)
        elif field.kind is kinds.CHOICES:
            for place, choice in enumerate(field.choices):
                yield f"{field.key}.{choice.key}", True if (number + place) % 3 == 0 else None
        elif field.kind is kinds.CHOICE:
            yield field.key, field.choices[number % len(field.choices)].key
        elif field.key == form.roles.code:
            yield field.key, site(number)
        else:
            yield field.key, _scalar(field.kind, field.label, number, dice)


def _scalar(kind: Kind, label: str, number: int, dice: random.Random) -> Cell:
    if kind is kinds.COUNT:
        return dice.choice([0, dice.randint(1, 90), dice.randint(100, 9_000), dice.randint(10_000, 3_000_000)])
    if kind is kinds.DECIMAL:
        return Decimal(dice.randint(0, 300)) / 10
    if kind is kinds.YES_NO:
        return number % 4 != 0
    return f"{label}（示例{number}）"


def finding(rule: str, key: str, severity: Severity = Severity.ERROR, *others: str, **values: object) -> Finding:
    """Build a finding on a path; others are the paths a relation names beside it."""
    path = Path.parse(key)
    base = Finding(
        id=rule,
        severity=severity,
        message="{field}，请核对。",
        key=path,
        operands=(path, *map(Path.parse, others)),
        shown={path: str(values.get("value", ""))},
        source=lay_out_cells(report_form()).get(path),
    )
    return replace(base, **values)  # type: ignore[arg-type]


def refuse(file: str, reason: str = "文件打不开") -> Receipt:
    """Build the receipt of a file that could not be read."""
    return Receipt(source=Source(file=file, sha256=digest(file), size=10), status=Status.REFUSED, reason=reason)


def batch(*receipts: Receipt, form: Form | None = None, decisions: Sequence[Decision] = ()) -> Batch:
    """Build a batch for the synthetic year."""
    return Batch(form=form or report_form(), period=Period(YEAR), receipts=receipts, decisions=tuple(decisions))


def mix_batch(count: int) -> Batch:
    """Build a batch in which every kind of fate and of fault comes up."""
    receipts = [receipt(number) for number in range(1, count + 1)]
    receipts[::5] = [_faulty(int(one.source.file[:10])) for one in receipts[::5]]
    receipts[3::11] = [_doubtful(int(one.source.file[:10])) for one in receipts[3::11]]
    tail = [
        replace(receipt(9001), status=Status.HELD, reason="报的是 2023 年度，本次汇总的是 2024 年度"),
        replace(receipt(9002), status=Status.SUPERSEDED, reason="同一政府网站标识码有更晚的一份"),
        refuse("坏文件.xlsx"),
        Receipt(source=Source(file="~$0000000001.xlsx"), status=Status.IGNORED, reason="临时文件"),
    ]
    open_case = Decision(
        sha256=digest("0000009001.xlsx"), site=site(9001), question="年度不符，是否采用？", file="0000009001.xlsx"
    )
    closed = Decision(
        sha256=digest("x"),
        site=site(2),
        rule="B13",
        decision="已核实",
        state=State.DECIDED,
        reason="电话核实",
        who="李某",
        when="2025-01-20",
    )
    return batch(*receipts, *tail, decisions=[open_case, closed])


def _faulty(number: int) -> Receipt:
    wrong = Unread(raw="约2.5万", kind="not_a_number", proposal=25000)
    findings = [
        finding("A09", "site_page_views", value="约2.5万", expected="0 或正整数", proposal="25000"),
        finding("B08", "service_items_online", Severity.ERROR, "service_items", value="13", expected="不大于事项总数"),
    ]
    return receipt(
        number, {"site_page_views": wrong, "service_items_online": 13, "service_items": 12}, findings=findings
    )


def _doubtful(number: int) -> Receipt:
    open_one = finding(
        "B13", "messages_resolved", Severity.VERIFY, "messages_received", value="900", expected="不大于收到数量"
    )
    settled = finding(
        "B05", "columns_opened", Severity.VERIFY, "columns_maintained", settled=True, explanation="年中合并栏目"
    )
    change = Change(key=Path("site_page_views"), raw="１２，３４５", value="12345", kind="full_width")
    cells: dict[str, Cell] = {"site_page_views": 12345, "other_media[1].posts": 5, "innovations.other": True}
    raws = {"site_page_views": "１２，３４５"}
    return receipt(number, cells, findings=[open_one, settled], changes=[change], raws=raws)
