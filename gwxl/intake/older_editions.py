"""Carry what a return of an older edition says over to the paths of the current one; nothing is lost silently."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from gwxl.form.edition_mapping import Passage
from gwxl.inert import inert_line
from gwxl.intake.answers import Read, field_values, readable
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, field_text
from gwxl.records.path import Path
from gwxl.records.signals import signal
from gwxl.records.submission import Answer, LeftBehind, Scalar, Submission, Unread
from gwxl.wording import text

Way = Callable[[Path], Path | None]

_NAMED = 20  # items one finding names; the submission holds them all
_LONGEST = 40


def carry(read: Read, explanations: Mapping[Path, CellRef], passage: Passage) -> Read:
    """Return what was read of an older edition under the paths of the current one.

    A last note tells what was filled in and has no place there.

    Args:
        read: the return under its own paths.
        explanations: path there → the cell of its explanation.
        passage: the way from there to here.
    """
    carrier = _Carrier(read=read, passage=passage)
    submission = carrier.submission(explanations)
    notes = move_findings(read.notes, passage, carrier.to)
    if submission.left_behind:
        notes = (*notes, _tell_left(submission, passage))
    return Read(submission=submission, notes=notes, around={}, rows=read.rows)


@dataclass(kw_only=True)
class _Carrier:
    """One return on its way to the current edition, and what stays behind."""

    read: Read
    passage: Passage
    left: list[LeftBehind] = field(default_factory=list)
    retired: set[Path] = field(default_factory=set)

    def submission(self, explanations: Mapping[Path, CellRef]) -> Submission:
        old, new = self.read.submission, self.passage.new
        answers = dict(sorted(self._answers(), key=lambda item: new.order(item[0])))
        surround = readable(dict(self._surround()))
        words = dict(self._explanations(explanations))
        cells = {to: cell for path, cell in old.cells.items() if (to := self.passage.to(path))}
        return replace(
            old,
            answers=answers,
            values=field_values(new, answers),
            surround=surround,
            unread=(),
            reread=tuple(self._move(one, to) for one in old.reread if (to := self.passage.to(one.key))),
            explanations=words,
            cells={**cells, **{path: answer.cell for path, answer in answers.items() if answer.cell}},
            not_asked=self.passage.not_asked,
            retired=frozenset(self.retired),
            left_behind=tuple(sorted(self.left, key=lambda one: self.passage.old.order(one.key))),
        )

    def to(self, path: Path) -> Path | None:
        """Return the current path of an answer; the rows of a table are counted anew, as some may now be empty."""
        place = self.passage.to(path)
        if place is None or not path.number:
            return place
        row = self._rows.get((path.field, path.number))
        return None if row is None else place.in_row(row)

    @cached_property
    def _rows(self) -> Mapping[tuple[str, int], int]:
        filled = [
            (path.field, path.number)
            for path, answer in self.read.submission.answers.items()
            if path.number and answer.value is not None and self.passage.to(path)
        ]
        tables = groupby(dict.fromkeys(filled), key=lambda place: place[0])
        return {place: number for _, places in tables for number, place in enumerate(places, 1)}

    def _answers(self) -> Iterator[tuple[Path, Answer]]:
        for path, answer in self.read.submission.answers.items():
            place = self.to(path)
            if place is not None:
                yield place, self._move(answer, place)
            elif answer.value is not None:
                self._leave(answer, self.passage.why_not(path))

    def _move(self, answer: Answer, place: Path) -> Answer:
        """Return an answer under its new path; a choice the form has no longer leaves it without a value."""
        changes = tuple(replace(change, key=place) for change in answer.changes)
        moved = replace(answer, key=place, changes=changes)
        if not self.passage.new.field_of(place).kind.is_choice:
            return moved
        if isinstance(answer.value, Unread):
            return replace(moved, value=replace(answer.value, proposal=self._choice(answer.key, answer.value.proposal)))
        if answer.value is None:
            return moved
        choice = self._choice(answer.key, answer.value)
        if choice is None:
            self._leave(answer, "choice")
            return replace(moved, value=None, changes=())
        renamed = (replace(one, value=choice) if one.value == answer.value else one for one in changes)
        return replace(moved, value=choice, changes=tuple(renamed))

    def _choice(self, path: Path, key: Scalar | None) -> str | None:
        place = self.passage.to(Path(path, str(key)))
        return place.part if place else None

    def _surround(self) -> Iterator[tuple[str, Answer]]:
        for answer in self.read.around.values():
            place = self.passage.to(answer.key)
            if isinstance(answer.value, Unread):
                self._leave(answer, "unread")
            elif place is not None:
                yield place, answer
            elif answer.value is not None:
                self._leave(answer, self.passage.why_not(answer.key))

    def _explanations(self, cells: Mapping[Path, CellRef]) -> Iterator[tuple[Path, str]]:
        for path, words in self.read.submission.explanations.items():
            place = self.passage.to(path)
            if place is not None:
                yield place, words
            else:
                self._leave(Answer(key=path, raw=words, value=words, cell=cells.get(path)), "explanation")

    def _leave(self, answer: Answer, why: str) -> None:
        path = answer.key
        label = self.passage.old.label(path)
        self.left.append(LeftBehind(key=path, label=label, raw=answer.raw, cell=answer.cell, why=why))
        place = self.passage.ways.get(path.whole)
        if why == "choice" and place is not None:
            self.retired.add(place)


def move_findings(findings: Iterable[Finding], passage: Passage, to: Way | None = None) -> tuple[Finding, ...]:
    """Return findings on an older edition with the paths of the current one.

    One on what has no place any more becomes one on the whole file; its text still names the item.

    Args:
        findings: as they were made.
        passage: from there to here.
        to: path → current path, where that is more than the passage's own.
    """
    return tuple(_move_finding(one, passage, to or passage.to) for one in findings)


def _move_finding(finding: Finding, passage: Passage, to: Way) -> Finding:
    if finding.key is None:
        return finding
    places = {path: place for path in finding.operands if (place := to(path))}
    arguments = finding.arguments
    if to(finding.key) is None:
        cells = {finding.key: finding.source} if finding.source else {}
        label = passage.old.label(finding.key)
        arguments = {"field": field_text(finding, finding.key, label, cells, passage.old.language), **arguments}
    return replace(
        finding,
        key=to(finding.key),
        operands=tuple(places.values()),
        arguments=arguments,
        shown={places[path]: raw for path, raw in finding.shown.items() if path in places},
    )


def _tell_left(submission: Submission, passage: Passage) -> Finding:
    """Return the one finding that names what was filled in and has no place in the current edition."""
    language, left = passage.new.language, submission.left_behind
    finding = signal("E01", language, edition=passage.old.edition, count=len(left))
    return replace(finding, arguments={**finding.arguments, "items": _list_items(left, language)})


def _list_items(left: Sequence[LeftBehind], language: str) -> str:
    items = [_item(one, language) for one in left[:_NAMED]]
    more = text("left_behind.more", language, count=len(left) - _NAMED) if len(left) > _NAMED else ""
    return text("left_behind.separator", language).join(items) + more


def _item(one: LeftBehind, language: str) -> str:
    cell = one.cell.address if one.cell else text("finding.nowhere", language)
    words = text("finding.field", language, cell=cell, label=one.label, value=inert_line(one.raw, _LONGEST))
    return words if one.why != "explanation" else text("left_behind.explained", language, item=words)
