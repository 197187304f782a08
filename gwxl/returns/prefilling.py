"""Carry the answers of a return over into a fresh workbook, and name what cannot be."""

import pathlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from gwxl.characters import trim
from gwxl.errors import WorkbookError
from gwxl.files.excel_limits import is_writable
from gwxl.form.definition import Form
from gwxl.intake import check_file
from gwxl.intake.contents import Values, contents
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.signals import is_signal
from gwxl.records.submission import Answer, LeftBehind, Scalar, Submission, Unread
from gwxl.rules.ruleset import RuleSet
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.template import MOST_ROWS, place_label
from gwxl.terms import Terms
from gwxl.values.value import read_value
from gwxl.wording import each


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What goes into the fresh workbook.

    Attributes:
        answers: path → what its input starts with. explanations: path → text.
        lost: what stood in the return and cannot be written so that it reads the same.
        issued: those of the answers that tell whose workbook it is, as it was issued; nobody has to type them again.
    """

    answers: Mapping[Path, Scalar] = field(default_factory=dict)
    explanations: Mapping[Path, str] = field(default_factory=dict)
    lost: tuple[LeftBehind, ...] = ()
    issued: Mapping[Path, str] = field(default_factory=dict)


def carry(
    receipt: Receipt,
    rules: RuleSet,
    *,
    trusted: bool = True,
    doubted: Collection[Path] = frozenset(),
    issued: Mapping[Path, str] = MappingProxyType({}),
) -> Carried:
    """Return what is carried over of a return.

    Args:
        receipt: a return that was read.
        rules: the form and its rules.
        trusted: its answers are known to belong to their fields; else none is carried over, and all are listed.
        doubted: the answers of which that is not known where the others are; they are listed.
        issued: what the workbook says of its site in place of the return.
    """
    submission = receipt.submission
    if submission is None:
        return Carried(answers=issued, issued=issued)
    carrier = _Carrier(rules, submission, doubts(receipt), doubted)
    if not trusted:
        lost = tuple(one for one in carrier.list_everything() if issued.get(one.key) != trim(one.raw))
        return Carried(answers=issued, lost=lost, issued=issued)
    answers = {**dict(carrier.answers()), **issued}
    said = submission.explanations.items()
    explanations = {key: words for key, words in said if is_writable(words) and key not in doubted}
    lost = tuple(carrier.find_lost(answers, explanations))
    return Carried(answers=answers, explanations=explanations, lost=lost, issued=issued)


def doubts(receipt: Receipt) -> tuple[Finding, ...]:
    """Return what was noticed about the file that nobody has answered yet: a moved cell, a changed unit, a lost table.

    A fresh workbook shows no trace of it, so an answer it speaks of is never carried over.
    """
    return tuple(finding for finding in receipt.findings if finding.open and is_signal(finding.id))


class _Carrier:
    """The answers of one return on their way into a fresh workbook."""

    def __init__(
        self, rules: RuleSet, submission: Submission, doubts: Sequence[Finding], labels: Collection[Path]
    ) -> None:
        self._rules = rules
        self._labels = labels
        self._form: Form = rules.form
        told = [one.key for one in doubts if one.key and not self._is_worked_out(one.key)]
        self._doubted = dict.fromkeys([*told, *labels])
        self._submission = submission

    def answers(self) -> Iterator[tuple[Path, Scalar]]:
        """Yield path and what to write, of every answer that reads the same again."""
        for answer in self._list_answers():
            written = self._value_to_write(answer)
            if written is not None:
                yield answer.key, written

    def _value_to_write(self, answer: Answer) -> Scalar | None:
        """Return what to write so that it reads the same again; None where nothing does, or nothing stands there."""
        value = answer.value
        if value is None or answer.key in self._doubted or self._is_beyond(answer.key):
            return None
        if not isinstance(value, Unread) and not self._form.question_at(answer.key).kind.is_text:
            return value
        texts = [value.raw] if isinstance(value, Unread) else [str(value), answer.raw]
        fitting = (words for words in texts if is_writable(words))
        return next((words for words in fitting if self._reread(answer.key, words) == value), None)

    def _is_worked_out(self, path: Path) -> bool:
        """Tell whether a path is that of a total, which the fresh workbook adds up anew whatever was typed over it."""
        return path.field in self._form.fields and self._form.question_at(path).is_calculated

    def _is_beyond(self, path: Path) -> bool:
        """Tell whether a path stands in a row that no table of ours has."""
        return path.number > max(MOST_ROWS, self._form.field_of(path).rows)

    def _reread(self, path: Path, words: str) -> Scalar | Unread | None:
        """Return what a cell with these words says."""
        cell = Cell(kind=CellKind.TEXT, text=words)
        value = read_value(cell, self._form.question_at(path), path=path, language=self._form.language).value
        in_form = path.field in self._form.fields
        return None if in_form and self._rules.means_blank(path, value) else value

    def find_lost(self, answers: Mapping[Path, Scalar], explanations: Mapping[Path, str]) -> Iterator[LeftBehind]:
        """Yield the answers and explanations that are not carried over, those of an older edition first."""
        yield from self._submission.left_behind
        for answer in self._list_answers():
            if answer.value is not None and answer.key not in answers:
                yield self._leave(answer, *self._why(answer))
        yield from self._tables()
        for path, words in self._submission.explanations.items():
            if path not in explanations:
                yield self._explanation(path, words, "label" if path in self._labels else "unwritable")

    def _why(self, answer: Answer) -> tuple[str, str]:
        if answer.key in self._doubted:
            return ("label" if answer.key in self._labels else "doubted"), ""
        if self._is_beyond(answer.key):
            return "row", ""
        return ("unread", answer.value.kind) if isinstance(answer.value, Unread) else ("unwritable", "")

    def _tables(self) -> Iterator[LeftBehind]:
        """Yield the tables of which nothing could be read."""
        for key in self._doubted:
            if key in self._form.fields and self._form.fields[key].kind.is_table:
                label = self._form.label_path(key)
                yield LeftBehind(key=key, label=label, raw="", cell=None, why="table")

    def list_everything(self) -> Iterator[LeftBehind]:
        """Yield every text that was found, as nothing is carried over."""
        yield from self._submission.left_behind
        for answer in self._list_answers():
            if trim(answer.raw):
                yield self._leave(answer, "held")
        for path, words in self._submission.explanations.items():
            yield self._explanation(path, words, "held")

    def _list_answers(self) -> Iterator[Answer]:
        yield from self._submission.answers.values()
        for key, value in self._submission.surround.items():
            path = Path(key)
            yield Answer(key=path, raw=str(value), value=value, cell=self._submission.cells.get(path))
        yield from self._submission.unread

    def _leave(self, answer: Answer, why: str, kind: str = "") -> LeftBehind:
        label = place_label(self._form, answer.key)
        return LeftBehind(key=answer.key, label=label, raw=answer.raw, cell=answer.cell, why=why, kind=kind)

    def _explanation(self, path: Path, words: str, why: str) -> LeftBehind:
        label = f"{self._form.label_path(path)} › {self._form.say('column.remark')}"
        return LeftBehind(key=path, label=label, raw=words, cell=None, why=why)


def read_back(path: pathlib.Path, rules: RuleSet, carried: Carried, original: Submission) -> None:
    """Read a workbook that was just written, and compare it with what was carried over into it.

    Raises:
        WorkbookError: it cannot be read, or an answer or explanation reads otherwise.
    """
    (receipt,) = check_file(path, path.name, Terms(rules))
    if receipt.submission is None:
        raise WorkbookError(each("failure.not_read_back", path=path.name, reason=receipt.reason))
    refuse_difference(rules.form, carried, original, receipt.submission)


def refuse_difference(form: Form, carried: Carried, original: Submission, reread: Submission) -> None:
    """Compare what was carried over with what the fresh workbook reads as.

    Raises:
        WorkbookError: an answer or explanation reads otherwise; the first of them is named.
    """
    expected, after = contents_to_carry(carried, original), contents(reread)
    differing = [path for path in {**expected, **after} if expected.get(path) != after.get(path)]
    said = {**carried.explanations, **reread.explanations}
    differing += [key for key in said if carried.explanations.get(key) != reread.explanations.get(key)]
    if differing:
        label = form.label(differing[0])
        raise WorkbookError(each("failure.carried", label=label, count=len(differing)))


def contents_to_carry(carried: Carried, original: Submission) -> Values:
    """Return what the fresh workbook holds when it is read back."""
    before = contents(original) | {path: (object, value) for path, value in carried.issued.items()}
    return _dense({path: before[path] for path in carried.answers})


def _dense(values: Values) -> Values:
    """Return the values with table rows numbered without gaps, as a reader numbers them."""
    rows: dict[str, list[int]] = {}
    for path in values:
        if path.number:
            numbers = rows.setdefault(path.field, [])
            numbers += [] if path.number in numbers else [path.number]
    return {_renumber(path, rows): value for path, value in values.items()}


def _renumber(path: Path, rows: Mapping[str, list[int]]) -> Path:
    return path.in_row(sorted(rows[path.field]).index(path.number) + 1) if path.number else path
