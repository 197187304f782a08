"""Read the inputs of a located form sheet into a submission."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from gwxl.characters import trim
from gwxl.form.definition import Field, Form
from gwxl.form.headings import heading_key
from gwxl.form.layout import Col
from gwxl.form.parts import Column
from gwxl.intake.around import judge_around, read_around
from gwxl.intake.calculated import Calculating
from gwxl.intake.doubtful_rows import Rows
from gwxl.intake.locating.form_sheets import Located
from gwxl.intake.locating.identity import is_laid_out_now
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import signal
from gwxl.records.submission import Answer, Change, Identity, Scalar, Source, Submission, Unread, Value
from gwxl.spreadsheets.book import Book, Cell, CellKind
from gwxl.spreadsheets.looks import without_struck
from gwxl.values.formula_results import results_are_stale
from gwxl.values.suspect_days import day_of_count, is_near
from gwxl.values.value import Reading, read_value


@dataclass(frozen=True, kw_only=True)
class Read:
    """A submission and what was noticed while its values were read.

    Attributes:
        around: the answers around the form. rows: the rows of its tables, as they were read.
    """

    submission: Submission
    notes: tuple[Finding, ...]
    around: Mapping[str, Answer]
    rows: Rows


_NOTHING = Reading(raw="")
MeansBlank = Callable[[Path, Value | Unread | None], bool]


def read_answers(
    book: Book,
    located: Located,
    form: Form,
    means_blank: MeansBlank,
    source: Source,
    *,
    required: frozenset[Path] = frozenset(),
) -> Read:
    """Read every input of a form sheet.

    A table's rows are numbered anew, started rows only, so that ``other[1]`` is the first row with something in it.

    Args:
        book: the workbook.
        located: where everything stands on the sheet.
        form: the edition of the form the sheet is of.
        means_blank: tells whether a text at a path is a word that says nothing stands there.
        source: the file, member and sheet.
        required: the paths whose blank leaves a total unknown.
    """
    year = located.identity.year if located.identity else None
    reader = _Reader(book, located, form.language, means_blank)
    answers = {path: reader.answer(path, asked) for asked in form.fields.values() for path in asked.paths}
    for asked in form.fields.values():
        if asked.kind.is_table:
            answers |= reader.rows(asked)
    answers, calculated = _hold_calculated(reader, form, required).work_out(answers)
    answers = dict(sorted(answers.items(), key=lambda item: form.order(item[0])))
    explanations = {path: words for path, ref in located.explanations.items() if (words := reader.words(ref))}
    rows = Rows(book=book, form=form, answers=answers, explanations=explanations)
    answers, doubts = rows.doubt_rows()
    stored = {key: reader.answer(asked.path, asked) for key, asked in form.surround.items()}
    around = {key: read_around(form.surround[key], answer, year) for key, answer in stored.items()}
    reader.notes += judge_around(form, around, year)
    submission = Submission(
        identity=located.identity or Identity(form=form.id, edition="", fingerprint=""),
        source=source,
        answers=answers,
        values=field_values(form, answers),
        surround=readable(around),
        unread=tuple(one for one in around.values() if isinstance(one.value, Unread)),
        reread=tuple(one for key, one in around.items() if one is not stored[key]),
        explanations=explanations,
        cells={**_anchors(located, form), **located.cells, **_places(answers)},
        round=located.round,
    )
    return Read(submission=submission, notes=(*reader.notes, *calculated, *doubts), around=around, rows=rows)


def _hold_calculated(reader: "_Reader", form: Form, required: frozenset[Path]) -> Calculating:
    located = reader.located
    return Calculating(
        form=form,
        required=required,
        cells=located.cells,
        formula_at=reader.find_formula,
        issued=not located.plain and is_laid_out_now(reader.book),
    )


def readable(answers: Mapping[str, Answer]) -> Mapping[str, Scalar]:
    """Return key → value of the answers that are filled and were read."""
    found = {key: answer.value for key, answer in answers.items()}
    return {key: value for key, value in found.items() if value is not None and not isinstance(value, Unread)}


def _places(answers: Mapping[Path, Answer]) -> Mapping[Path, CellRef]:
    return {path: answer.cell for path, answer in answers.items() if answer.cell}


def _anchors(located: Located, form: Form) -> Mapping[Path, CellRef]:
    """Return path of a whole field → the cell a finding on a whole table or choices field is shown at."""
    column = located.columns.get(Col.INPUT)
    rows = {asked.path: located.rows.get(heading_key(key)) for key, asked in form.fields.items()}
    return {path: CellRef(located.sheet, row, column) for path, row in rows.items() if row and column}


def field_values(form: Form, answers: Mapping[Path, Answer]) -> Mapping[str, Value | Unread]:
    """Return field key → value of the filled fields, from the answers by path; what was not asked has none."""
    return {key: value for key, asked in form.fields.items() if (value := _value(asked, answers)) is not None}


def _value(asked: Field, answers: Mapping[Path, Answer]) -> Value | Unread | None:
    if asked.kind.is_table:
        return tuple(_table_rows(asked, answers)) or None
    if not asked.kind.is_choices:
        return answers[asked.path].value if asked.path in answers else None
    ticks = {path.part: answers[path].value for path in asked.paths if path in answers}
    unread = [value for value in ticks.values() if isinstance(value, Unread)]
    ticked = tuple(key for key, value in ticks.items() if value is True)
    return ticked or (unread[0] if unread else None)  # what could not be read is no reason to drop the others


def _table_rows(asked: Field, answers: Mapping[Path, Answer]) -> Iterator[Mapping[str, Scalar | Unread]]:
    rows: dict[int, dict[str, Scalar | Unread]] = {}
    for path, answer in answers.items():
        if path.number and path.field == asked.key:
            row = rows.setdefault(path.number, {})
            if answer.value is not None and not answer.left_out:
                row[path.part] = answer.value
    yield from (rows[number] for number in sorted(rows))


@dataclass
class _Reader:
    """A reader of one workbook's cells, and what was noticed on the way."""

    book: Book
    located: Located
    language: str
    means_blank: MeansBlank
    notes: list[Finding] = field(default_factory=list)

    def answer(self, path: Path, asked: Field | Column, place: Path | None = None) -> Answer:
        """Read the input of a path; ``place`` is its path in the sheet where that differs."""
        ref = self.located.cells.get(place or path)
        reading = self._read_cell(ref, path, asked)
        if asked.is_calculated:
            return Answer(key=path, raw=reading.raw, value=reading.value, cell=ref)
        self.notes += [replace(note, source=note.source or ref) for note in reading.notes]
        self.notes += self._day(ref, path, asked, reading)
        return Answer(key=path, raw=reading.raw, value=reading.value, cell=ref, changes=reading.changes)

    def find_formula(self, ref: CellRef | None) -> str | None:
        """Return the formula in a cell, None where none stands there."""
        cell = self._cell(ref)
        return None if cell is None else cell.formula

    def rows(self, asked: Field) -> dict[Path, Answer]:
        """Read the started rows of a table field."""
        numbers = sorted({path.number for path in self.located.cells if path.number and path.field == asked.key})
        started = [number for number in numbers if any(self._is_filled(asked, number, c) for c in asked.columns)]
        answers: dict[Path, Answer] = {}
        for number, place in enumerate(started, 1):
            for column in asked.columns:
                path = Path(asked.key, column.key, number)
                answers[path] = self.answer(path, column, path.in_row(place))
        return answers

    def words(self, ref: CellRef) -> str:
        """Return the text of a cell, blanks around it dropped; an error value says nothing, nor what is struck out."""
        cell = self._cell(ref)
        if cell is None or not cell.text or cell.kind is CellKind.ERROR:
            return ""
        return trim(without_struck(cell.text, cell.look))

    def _is_filled(self, asked: Field, number: int, column: Column) -> bool:
        path = Path(asked.key, column.key, number)
        ref = self.located.cells.get(path)
        if column.is_calculated and self.find_formula(ref) is not None:
            return False
        return self._read_cell(ref, path, column).value is not None

    def _read_cell(self, ref: CellRef | None, path: Path, asked: Field | Column) -> Reading:
        """Return what a cell says; a word that means blank in this field is a blank, and logged."""
        cell = self._cell(ref)
        if cell is None:
            return _NOTHING
        stale = cell.formula is not None and self._stale
        reading = read_value(cell, asked, path=path, date1904=self.book.date1904, language=self.language, stale=stale)
        if not self.means_blank(path, reading.value):
            return reading
        return Reading(raw=reading.raw, value=None, changes=(Change(key=path, raw=reading.raw, value="", kind="none"),))

    def _day(self, ref: CellRef | None, path: Path, asked: Field | Column, reading: Reading) -> Iterator[Finding]:
        """Yield a hint where a count is the number of a day of the period: a program may have made it of a date."""
        year = self.located.identity.year if self.located.identity else None
        cell, value = self._cell(ref), reading.value
        if ref is None or cell is None or year is None or not asked.kind.is_whole or cell.formula is not None:
            return
        day = day_of_count(cell, value, year, date1904=self.book.date1904)
        if day is not None and not is_near(value, self._last_year(ref)):
            yield signal("W08", self.language, key=path, cell=ref, raw=reading.raw, day=day)

    def _last_year(self, ref: CellRef) -> str:
        """Return the stored digits of last year's figure beside an input, empty where none stands there."""
        column = self.located.columns.get(Col.PREVIOUS)
        cell = self._cell(CellRef(ref.sheet, ref.row, column)) if column is not None else None
        return cell.text if cell is not None and cell.kind is CellKind.NUMBER else ""

    @cached_property
    def _stale(self) -> bool:
        return results_are_stale(self.book)

    def _cell(self, ref: CellRef | None) -> Cell | None:
        return self._cells.get(ref.sheet, {}).get((ref.row, ref.column)) if ref else None

    @cached_property
    def _cells(self) -> Mapping[str, Mapping[tuple[int, int], Cell]]:
        return {sheet.title: sheet.cells for sheet in reversed(self.book.sheets)}  # of one title the first counts
