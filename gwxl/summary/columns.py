"""The columns of a row a site: one a field, one a choice, one for the number of rows of a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gwxl.form.definition import Field, Form, Section
from gwxl.form.kinds import Aggregate
from gwxl.form.parts import Choice
from gwxl.form.parts import Column as TableColumn
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Value
from gwxl.summary.page import Put, fits
from gwxl.summary.styles import COUNT, EDGE
from gwxl.totals.adding import Total
from gwxl.totals.arithmetic import as_number
from gwxl.totals.figure import Figure, Why, countable
from gwxl.wording import text

TICK = "√"
ABSENT: Mapping[Why, str] = {Why.NOT_ASKED: "summary.not_asked", Why.LEFT_OUT: "summary.left_out"}
"""Why a return was not asked for a figure → the text that stands in its place."""
WEIGHED = "*"  # in a key: what follows is the key of the weight

Asked = Field | TableColumn


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of figures.

    Attributes:
        path: the field's key, a choice's path, or a table's key.
        choice: the choice the column is for, None but for a choices field.
    """

    path: Path
    field: Field
    section: Section
    choice: Choice | None = None

    @property
    def added(self) -> bool:
        """Tell whether the column has a total."""
        return self.field.kind.is_table or self.field.aggregate is not Aggregate.NONE

    def coverage(self, total: Total) -> tuple[int, int]:
        """Return how many of how many asked sites give a figure here, from the total of the column's field."""
        return total.choices[self.choice.key] if self.choice else (total.n, total.of)

    def head(self, form: Form, language: str) -> str:
        """Return label, unit and note as they stand above the column."""
        field = self.field
        number = field.number if self.choice is None else ""
        unit = text("summary.table.rows", language) if field.kind.is_table else field.unit
        label = self.choice.label if self.choice else field.label
        if self.choice is None and field.group:
            label = form.label(field.path)
        words = f"{number} {label}".strip() + (text("summary.unit", language, unit=unit) if unit else "")
        note = field.note
        return f"{words}\n{text('summary.note', language, note=note)}" if note else words


def columns(form: Form) -> tuple[Column, ...]:
    """Return the columns of a form, in form order."""
    return tuple(column for section in form.sections for field in section.fields for column in _of(section, field))


def _of(section: Section, field: Field) -> Iterator[Column]:
    if field.kind.is_choices:
        for choice in field.choices:
            yield Column(path=Path(field.key, choice.key), field=field, section=section, choice=choice)
    else:
        yield Column(path=field.path, field=field, section=section)


def put_of(column: Column, form: Form, receipt: Receipt) -> tuple[Put, Figure]:
    """Return what stands in a site's row in a column, together with the figure behind it."""
    figure = countable(form, receipt, column.path)
    return figure_put(column.field, figure, form.language, added=column.added), figure


def figure_put(asked: Asked, figure: Figure, language: str, *, added: bool) -> Put:
    """Return the cell of a figure; one that does not count is a marked text, so that no formula adds it."""
    if figure.counts and figure.value is not None:
        return put_counted(asked, figure.value, language)
    if figure.why and figure.why in ABSENT:
        return Put(text(ABSENT[figure.why], language), "absent")
    words = figure_words(asked, figure, language)
    if not words:
        return Put(None, asked.kind.shown)
    return Put(text("summary.uncounted.mark", language, value=words), "mark") if added else Put(words, "wrong")


def figure_words(asked: Asked, figure: Figure, language: str) -> str:
    """Return in words what a figure holds, whether it counts or not."""
    if isinstance(figure.value, tuple):
        return str(len(figure.value))
    return figure.raw if figure.value is None else answer_words(asked, figure.value, language)


def put_counted(asked: Asked, value: Value, language: str) -> Put:
    """Return the cell of a value that counts; a number no program can hold is written as a marked text."""
    number = len(value) if asked.kind.is_table and isinstance(value, tuple) else as_number(value)
    if number is None:
        return Put(answer_words(asked, value, language), asked.kind.shown)
    if not fits(number):
        return Put(text("summary.long_number", language, value=plain(number)), "exact")
    return Put(number, "measure" if asked.kind.has_fractions else "number")


def answer_words(asked: Asked, value: Value, language: str) -> str:
    """Return an answer as the form words it: 是, a choice's label, √ for a ticked choice, digits."""
    if asked.kind.is_choices:
        return TICK if value is True else ""
    if isinstance(value, bool):
        return text("answer.yes" if value else "answer.no", language)
    if asked.kind.is_choice:
        labels = {choice.key: choice.label for choice in asked.choices}
        return labels.get(str(value), str(value))
    number = as_number(value)
    return str(value) if number is None else plain(number)


def decimal_format(places: int) -> str:
    """Return the number format that shows so many decimals."""
    return f"#,##0.{'0' * places}{EDGE}" if places else COUNT


def plain(number: int | Decimal) -> str:
    """Return every digit of a number, without an exponent."""
    return f"{number:f}" if isinstance(number, Decimal) else str(number)
