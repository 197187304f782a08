"""Doubt rows of a table, whatever its form: totals of other rows, repetitions, columns that moved.

A total row is in no value and no total until a clerk decides (:func:`count_row`), or an explanation says that it is
none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gwxl.form.definition import Field, Form
from gwxl.inert import inert_line
from gwxl.intake.locating.grid import is_helper_column
from gwxl.intake.started_rows import Line, find_moved_columns, repetitions, totals_in
from gwxl.intake.total_words import denies_total, says_total
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.reading import Moved
from gwxl.records.signals import join_addresses
from gwxl.records.submission import Answer
from gwxl.rules.reporting import read_explanation, tell_raw
from gwxl.spreadsheets.book import Book, Cell, CellKind
from gwxl.wording import text
from gwxl.wording.joining import join_words

TOTAL, REPEATED, MOVED = "D11", "D12", "D13"
DOUBTS = (TOTAL, REPEATED)
"""The ids of the doubts that a workbook sent back still shows, so that it can be told whether they were met."""

_LONGEST = 200
_LONGEST_WORD = 40


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of one return's tables, looked at.

    Attributes:
        answers: path → answer, of every input that was read.
        explanations: path → the words in its 情况说明 cell.
    """

    book: Book
    form: Form
    answers: Mapping[Path, Answer]
    explanations: Mapping[Path, str]

    def doubt_rows(self) -> tuple[dict[Path, Answer], tuple[Finding, ...]]:
        """Return the answers, those of total rows left out of the values, and a finding for each doubted row."""
        answers, findings = dict(self.answers), []
        for asked in self._tables():
            lines = self._lines(asked)
            found = totals_in(asked, lines)
            for line in lines:
                if line.number in found:
                    counted = self._is_explained(line, worded=found[line.number])
                    findings.append(self._total(line, counted=counted))
                    answers |= {line.path(key): replace(one, left_out=not counted) for key, one in line.answers.items()}
            items = [line for line in lines if line.number not in found]
            findings += [self._tell_repeated(line, earlier) for line, earlier in repetitions(items)]
        return answers, tuple(findings)

    def find_moved(self, lockless: frozenset[str]) -> Iterator[Moved]:
        """Yield a doubt about each table of which a column looks moved, where no lock can tell.

        Args:
            lockless: keys of the tables that bear no lock flags.
        """
        for asked in self._tables():
            blanks = find_moved_columns(self._lines(asked)) if asked.key in lockless else ()
            if blanks:
                paths = tuple(line.path(key) for line, key in blanks)
                yield Moved(finding=self._tell_moved(asked, blanks), blanks=paths)

    def _tables(self) -> Iterator[Field]:
        return (asked for asked in self.form.fields.values() if asked.kind.is_table)

    def _lines(self, asked: Field) -> Sequence[Line]:
        rows: dict[int, dict[str, Answer]] = {}
        for path, answer in self.answers.items():
            if path.number and path.field == asked.key:
                rows.setdefault(path.number, {})[path.part] = answer
        places = {place for row in rows.values() if (place := _place(row))}
        beside = self._collect_beside(asked, places)
        return [
            Line(
                asked=asked,
                number=number,
                answers=row,
                beside=beside.get(_place(row), ()),
                formulas={key: formula for key, one in row.items() if (formula := self._formula(one.cell)) is not None},
            )
            for number, row in sorted(rows.items())
        ]

    def _collect_beside(
        self, asked: Field, places: set[tuple[str, int]]
    ) -> Mapping[tuple[str, int] | None, Sequence[str]]:
        """Return (sheet, row) → the short texts typed in it outside the inputs, the row's number included."""
        ours = {one.cell for path, one in self.answers.items() if path.number and path.field == asked.key}
        found: dict[tuple[str, int] | None, list[str]] = {}
        for title in {sheet for sheet, _ in places}:
            sheet = self.book.sheet(title)
            for (row, column), cell in sheet.cells.items() if sheet else ():
                outside = (title, row) in places and CellRef(title, row, column) not in ours
                if outside and not is_helper_column(column) and _is_word(cell):
                    found.setdefault((title, row), []).append(cell.text)
        return found

    def _formula(self, ref: CellRef | None) -> str | None:
        sheet = self.book.sheet(ref.sheet) if ref else None
        cell = sheet.cells.get((ref.row, ref.column)) if sheet and ref else None
        return cell.formula if cell else None

    def _words(self, asked: Field) -> str | None:
        return read_explanation(self.explanations.get(asked.path, ""))

    def _is_explained(self, line: Line, *, worded: bool) -> bool:
        """Tell whether the explanation beside the table makes the row count.

        One that says it is no total does. Any other may speak of something else in the table: it does only where
        nothing but the figures makes the row look like a total, and every text of an item stands in it.
        """
        words = self._words(line.asked) or ""
        return denies_total(words) or (bool(words) and not worded and line.named and not says_total(words))

    def _total(self, line: Line, *, counted: bool) -> Finding:
        columns = [column for column in line.asked.columns if column.kind.is_number and column.key in line.answers]
        said = (f"{column.label} {inert_line(line.answers[column.key].raw, 40)}" for column in columns)
        figures = join_words(said, self.form.language)
        state = "counted" if counted else "out" if self._words(line.asked) is not None else "left_out"
        arguments = {"figures": figures, "outcome": _outcome(state, self.form)}
        return self._finding(TOTAL, line.first, line.asked, arguments)

    def _tell_repeated(self, line: Line, earlier: Line) -> Finding:
        return self._finding(REPEATED, line.first, line.asked, {"earlier": self._address(earlier.first)})

    def _tell_moved(self, asked: Field, blanks: Sequence[tuple[Line, str]]) -> Finding:
        labels = dict.fromkeys(asked.column(key).label for _, key in blanks)
        columns = join_words(labels, self.form.language)
        cells = join_addresses([cell for line, key in blanks if (cell := line.answers[key].cell)], self.form.language)
        finding = self._finding(MOVED, asked.path, asked, {"columns": columns, "cells": cells})
        number = len({line.number for line in self._lines(asked)})
        return replace(finding, shown={asked.path: self.form.say("rules.rows", number=number)})

    def _address(self, path: Path) -> str:
        cell = self.answers[path].cell
        return cell.address if cell else path

    def _finding(self, id_: str, path: Path, asked: Field, arguments: Mapping[str, str]) -> Finding:
        language, words = self.form.language, self._words(asked)
        told = tell_raw(self.answers[path], self.form.question_at(path).kind) if path in self.answers else ""
        raw = inert_line(told, _LONGEST)
        places = {name: "{" + name + "}" for name in ("field", *arguments)}
        return Finding(
            id=id_,
            severity=Severity.VERIFY,
            message=text(f"{id_}.message", language, **places),
            key=path,
            operands=(path,),
            settled=words is not None,
            explanation=words,
            arguments={name: inert_line(value, _LONGEST) for name, value in arguments.items()},
            shown={path: raw} if raw else {},
            value=raw or None,
            expected=text(f"{id_}.expected", language),
        )


def note_decision(finding: Finding, form: Form, *, counted: bool) -> Finding:
    """Return the finding on a total row that a clerk has decided about."""
    return replace(finding, arguments={**finding.arguments, "outcome": _outcome("counted" if counted else "out", form)})


def count_row(answers: Mapping[Path, Answer], path: Path, *, counted: bool) -> Mapping[Path, Answer]:
    """Return the answers with those of a row among the values, or left out of them."""
    of_row = {one for one in answers if (one.field, one.row) == (path.field, path.row)}
    return {one: replace(answer, left_out=not counted) if one in of_row else answer for one, answer in answers.items()}


def _outcome(state: str, form: Form) -> str:
    return form.say(f"total_row.{state}")


def _place(row: Mapping[str, Answer]) -> tuple[str, int] | None:
    cell = next((answer.cell for answer in row.values() if answer.cell), None)
    return (cell.sheet, cell.row) if cell else None


def _is_word(cell: Cell) -> bool:
    return cell.kind is CellKind.TEXT and cell.formula is None and len(cell.text) <= _LONGEST_WORD
