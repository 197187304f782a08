"""What a workbook that is sent back says of the return it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from gwxl.form.definition import Form
from gwxl.form.layout import Layout
from gwxl.form.rounds import MOST_FAULTS
from gwxl.inert import inert_line
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity, render_message
from gwxl.records.path import Path
from gwxl.records.submission import LeftBehind, Round
from gwxl.wording import catalogue, text

_LONGEST = 1_000  # characters of a message


class State(StrEnum):
    """How a fault stands against the time before, when the workbook was sent back already."""

    STILL = "still"
    NEW = "new"
    FIXED = "fixed"
    EXPLAINED = "explained"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing to correct or to verify.

    Attributes:
        finding: what was found; its message is shown with the cells of the workbook it is written into.
        example: what would be right, in words; empty where nothing can be shown.
        state: how it stands against the time before, None the first time.
        original: it speaks of the file that was sent, not of an answer.
        restored: what stands at its place in this workbook as it was issued, empty where nothing is locked there.
    """

    finding: Finding
    example: str = ""
    state: State | None = None
    original: bool = False
    restored: str = ""


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was asked for the time before and is not open any more."""

    rule: str
    title: str
    path: Path | None
    state: State


@dataclass(frozen=True, kw_only=True)
class Review:
    """What is said of one return.

    Attributes:
        round: how many times something is sent back to its sender, this one counted.
        again: it was sent back before, so that each fault is held against the time before.
        to: whom it is addressed to, empty when unknown.
        refused: nothing of it could be read; a blank form goes along.
        held: why the return was not taken; no answer was carried over then, or only those nobody doubts. Empty where it
            was taken.
        partly: the answers nobody doubts were carried over though it is held.
        rejected: why a clerk turned it down though its answers were carried over, else empty.
        points: what is open, in form order. done: what is not any more. lost: what could not be carried over.
        unasked: labels of what the edition of the return did not ask yet.
        mark: what the workbook remembers for the time after; the round and what is open alone when None.
    """

    round: int
    again: bool = False
    to: str = ""
    refused: bool = False
    held: str = ""
    partly: bool = False
    rejected: str = ""
    points: tuple[Point, ...] = ()
    done: tuple[Done, ...] = ()
    lost: tuple[LeftBehind, ...] = ()
    unasked: tuple[str, ...] = ()
    mark: Round | None = None

    @property
    def sent(self) -> Round:
        """Return what the workbook remembers of it for the time after."""
        faults = tuple((point.finding.id, point.finding.key or "") for point in self.points[:MOST_FAULTS])
        return self.mark or Round(number=self.round, faults=faults)

    @property
    def counted(self) -> Mapping[str, int]:
        """Return the round, and how many errors and points to verify there are."""
        return {"round": self.round, "errors": self.count(Severity.ERROR), "verify": self.count(Severity.VERIFY)}

    def count(self, what: Severity | State) -> int:
        """Return how many points are of a severity, or stand in a state."""
        open_ = [what in {point.finding.severity, point.state} for point in self.points]
        return sum(open_) + sum(done.state is what for done in self.done)


def place_label(form: Form, path: Path) -> str:
    """Return section, group and label of a path, the row of a table with them."""
    if path.row is None:
        return form.label_path(path)
    field, column = form.label_path(path.whole), form.question_at(path).label
    return form.say("review.row", field=field, row=path.row, column=column)


def why_left(one: LeftBehind, language: str) -> str:
    """Return why something was left behind."""
    if one.kind and f"unread.{one.kind}" in catalogue():
        return text("left_behind.unread_as", language, why=text(f"unread.{one.kind}", language))
    return text(f"left_behind.{one.why}", language)


@dataclass(frozen=True)
class Reviewed:
    """A review in words for the workbook it is written into."""

    review: Review
    layout: Layout

    @property
    def form(self) -> Form:
        """Return the form."""
        return self.layout.form

    @property
    def language(self) -> str:
        """Return the language of the form."""
        return self.form.language

    def cell(self, path: Path | None) -> CellRef | None:
        """Return the cell a path is shown at in this workbook, None for the whole file."""
        if path is None:
            return None
        return self.layout.cells.get(path) or self.layout.anchors.get(path)

    def label(self, path: Path | None) -> str:
        """Return section, group and label of a path; a phrase for the whole file."""
        return place_label(self.form, path) if path else text("review.whole", self.language)

    def severity(self, point: Point) -> str:
        """Return a mark and a word for the weight of a point."""
        return text(f"review.severity.{point.finding.severity}", self.language)

    def message(self, point: Point) -> str:
        """Return what was found, with the cells of this workbook."""
        cells = {**self.layout.anchors, **self.layout.cells}
        # It quotes what a filler wrote, however long.
        message = inert_line(render_message(point.finding, self.form.label, cells, self.language), _LONGEST)
        return text("review.original", self.language, message=message) if point.original else message

    def todo(self, point: Point) -> str:
        """Return what to do about a point."""
        expected = point.finding.expected
        if self.review.refused:
            return text("review.refused_todo", self.language)
        if point.restored:
            return text("review.todo.restored", self.language, value=point.restored)
        if self.review.partly and point.original and point.finding.key is not None:
            return text("review.todo.blank", self.language)
        name = f"review.todo.{point.finding.severity}"
        if not expected or point.original:
            return text(f"{name}_plain", self.language)
        return text(name, self.language, expected=expected)

    def say_carried(self) -> str:
        """Return one line that says which answers of the return stand in this workbook."""
        review = self.review
        if review.refused:
            return text("review.refused", self.language)
        if not review.held:
            return text("review.carried", self.language)
        name = "review.partly" if review.partly else "review.held"
        return text(name, self.language, reason=review.held, count=len(review.lost))

    def say_unasked(self) -> str:
        """Return one line that names what is new in the form; empty where nothing is."""
        names = self.review.unasked
        if not names:
            return ""
        items = text("answer.separator", self.language).join(names)
        return text("review.unasked", self.language, count=len(names), items=items)

    def counts(self) -> str:
        """Return one line of counts, and how they changed since the time before."""
        review = self.review
        line = text("review.counts", self.language, **review.counted)
        if not review.again:
            return line
        states = {state.value: review.count(state) for state in State}
        return line + text("review.states", self.language, **states)

    @cached_property
    def beside(self) -> Mapping[Path, str]:
        """Return path → what stands beside its input: each message at its own, a pointer at the others it names."""
        lines: dict[Path, list[str]] = {}
        for point in self.review.points:
            finding, where = point.finding, self.cell(point.finding.key)
            severity = self.severity(point)
            if finding.key is None or where is None:
                continue
            message = text(
                "review.beside", self.language, severity=severity, message=self.message(point), id=finding.id
            )
            lines.setdefault(finding.key, []).append(message)
            for path in finding.operands:
                if path != finding.key and self.cell(path) is not None:
                    related = text("review.related", self.language, severity=severity, cell=where.address)
                    lines.setdefault(path, []).append(related)
        return {path: "\n".join(said) for path, said in lines.items()}
