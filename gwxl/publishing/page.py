"""The page of one return: its form with the answers, to put on the website and to print."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from urllib.parse import urlsplit

from gwxl.form.definition import Field, Form, Section
from gwxl.form.layout import lay_out
from gwxl.form.matrices.area import Caption, MatrixArea
from gwxl.form.parts import Column
from gwxl.inert import inert, inert_line
from gwxl.records.path import Path
from gwxl.records.submission import Scalar, Submission, Unread
from gwxl.rendering import render
from gwxl.wording import text

TEMPLATE = "report.html.j2"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What stands in one place of the page.

    Attributes:
        text: empty for a blank. unit: stands behind a number, empty for any other.
        figure: a number, which is aligned by its last digit.
        link: the address a text leads to, empty for none.
    """

    text: str = ""
    unit: str = ""
    figure: bool = False
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A question with its answer; the key is that of the field."""

    key: str
    number: str
    label: str
    answer: Answer


@dataclass(frozen=True, kw_only=True)
class Block:
    """The lines of a group, or a run of lines that stand in none; then number and label are empty."""

    number: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """The filled rows of a table field."""

    number: str
    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Answer, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Head:
    """A label of a matrix: how many rows and columns it spans, and what it heads, as HTML says it (``scope``)."""

    text: str
    rows: int
    columns: int
    scope: str


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """The labels that begin in a row of a matrix, and its answers; one that is not asked is None."""

    heads: tuple[Head, ...]
    cells: tuple[Line | None, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """A matrix field in the shape of the form; the unit is that of all its cells."""

    label: str
    unit: str
    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of the page."""

    number: str
    label: str
    blocks: tuple[Block, ...]
    matrices: tuple[Matrix, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, kw_only=True)
class Link:
    """A way to another page."""

    address: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """Who publishes a page, and when.

    Attributes:
        publisher: who publishes; where empty, a return's own sponsor, else its unit.
        day: the day of publishing, None where it is left out.
        index: the address of the index, empty where there is none.
    """

    publisher: str = ""
    day: date | None = None
    index: str = ""


def report_page(form: Form, submission: Submission, imprint: Imprint = Imprint()) -> str:
    """Return the page as HTML: self-contained, nothing loaded from elsewhere, every text escaped."""
    publisher = imprint.publisher or public_text(form, submission, "sponsor") or public_text(form, submission, "unit")
    return render(
        TEMPLATE,
        form.folder,
        language=form.language,
        title=form.entitle(submission.identity.period),
        name=public_text(form, submission, "name"),
        links=[asdict(link) for link in _links(form, submission, imprint)],
        parts=[asdict(part) for part in parts_of(form, submission)],
        imprint=imprint_lines(form, publisher, imprint.day),
        header=around(form.header, submission),
        footer=around(form.footer, submission),
    )


def parts_of(form: Form, submission: Submission, *, every: bool = False) -> tuple[Part, ...]:
    """Return the sections of a page: what is to be published of a return, or every answer."""
    parts = (_part(form, section, submission, every=every) for section in form.sections)
    return tuple(part for part in parts if part.blocks or part.matrices or part.tables)


def imprint_lines(form: Form, publisher: str, day: date | None) -> list[dict[str, str]]:
    """Return label and value of who published a page and when, as far as that is known."""
    said = {"publisher": inert_line(publisher), "day": day.isoformat() if day else ""}
    return [{"label": form.say(f"publish.{name}"), "value": value} for name, value in said.items() if value]


def public_text(form: Form, submission: Submission, role: str) -> str:
    """Return what the field of a role says as it may be shown; empty where it is blank or not to be published."""
    key = getattr(form.roles, role)
    asked = form.fields.get(key) or form.surround.get(key)
    return inert_line(submission.text_of(key)) if asked is not None and asked.publish else ""


def _links(form: Form, submission: Submission, imprint: Imprint) -> Iterator[Link]:
    if imprint.index:
        yield Link(address=imprint.index, text=form.say("publish.to_index"))
    if home := _address(public_text(form, submission, "url")):
        yield Link(address=home, text=form.say("publish.to_site"))


def _address(text: str) -> str:
    """Return a text that is the address of a page in the web and nothing else; empty for any other."""
    try:
        parts = urlsplit(text)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    plain = text.isprintable() and not any(sign in text for sign in ' \\"<>@\ufffd')
    return text if known and plain else ""


def around(fields: tuple[Field, ...], submission: Submission, *, every: bool = False) -> list[dict[str, str]]:
    """Return label and value of what stands around the form: what is to be published, or all."""
    public = {field.label: submission.surround.get(field.key) for field in fields if field.publish or every}
    return [{"label": label, "value": inert(str(value))} for label, value in public.items() if value is not None]


def _part(form: Form, section: Section, submission: Submission, *, every: bool) -> Part:
    asked = [field for field in section.fields if every or field.publish]
    found = {field.key: _table(form, field, submission, every=every) for field in asked if field.kind.is_table}
    filled = {key: table for key, table in found.items() if table.heads and table.rows}
    lines = [field for field in asked if field.key not in filled and field.within is None]
    within = {field.within.key for field in asked if field.within}
    areas = [area for area in lay_out(form).matrices if area.field.key in within] if within else []
    return Part(
        number=section.number,
        label=section.label,
        blocks=tuple(_blocks(form, section, submission, lines)),
        matrices=tuple(_matrix(form, area, submission) for area in areas),
        tables=tuple(filled.values()),
    )


def _blocks(form: Form, section: Section, submission: Submission, asked: list[Field]) -> Iterator[Block]:
    """Yield the groups of a section; a table nobody filled in is a line without an answer."""
    for key, fields in groupby(asked, key=lambda field: field.group):
        lines = tuple(_line(form, field, submission) for field in fields)
        group = section.group(key) if key else None
        yield Block(number=group.number if group else "", label=group.label if group else "", lines=lines)


def _line(form: Form, field: Field, submission: Submission) -> Line:
    left_out = field.path in submission.left_out
    answer = _answer(form, field, None if left_out else submission.values.get(field.key))
    answer = replace(answer, text=form.say("live.left_out")) if left_out else answer
    return Line(key=field.key, number=field.number, label=field.label, answer=answer)


def _answer(form: Form, asked: Field | Column, value: object) -> Answer:
    if value is None or isinstance(value, Unread) or asked.kind.is_table:
        return Answer()
    if asked.kind.is_number and isinstance(value, int | Decimal):
        return Answer(text=_number(value), unit=asked.unit, figure=True)
    words = _words(form, asked, value)
    return Answer(text=words, link=_address(words) if asked.kind.is_link else "")


def _words(form: Form, asked: Field | Column, value: object) -> str:
    labels = {choice.key: choice.label for choice in asked.choices}
    if isinstance(value, tuple):
        return form.say("answer.separator").join(labels[key] for key in value)
    if isinstance(value, str):
        return inert(labels.get(value, value))
    return text("answer.yes" if value else "answer.no", form.language)


def _number(value: int | Decimal) -> str:
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def _matrix(form: Form, area: MatrixArea, submission: Submission) -> Matrix:
    corner = Head(text=form.say("column.label"), rows=area.head_depth, columns=area.label_depth, scope="col")
    heads = [tuple(_heads(area.column_captions, row, "col")) for row in range(area.key_row + 1, area.head_row + 1)]
    return Matrix(
        label=area.field.label,
        unit=form.say("template.matrix_unit", unit=area.matrix.unit) if area.matrix.unit else "",
        heads=((corner, *heads[0]), *heads[1:]),
        rows=tuple(
            MatrixRow(
                heads=tuple(_heads(area.row_captions, area.rows[row.key], "row")),
                cells=tuple(_cell(form, area, (row.key, column.key), submission) for column in area.matrix.columns),
            )
            for row in area.matrix.rows
        ),
    )


def _heads(captions: Iterable[Caption], row: int, scope: str) -> Iterator[Head]:
    """Yield the labels that begin in a row; one that heads several rows or columns is the head of a group."""
    for one in captions:
        if one.first_row == row:
            rows, columns = one.last_row - one.first_row + 1, one.last_column - one.first_column + 1
            several = (rows if scope == "row" else columns) > 1
            yield Head(text=one.words, rows=rows, columns=columns, scope=f"{scope}group" if several else scope)


def _cell(form: Form, area: MatrixArea, place: tuple[str, str], submission: Submission) -> Line | None:
    if place in area.matrix.closed:
        return None
    line = _line(form, form.fields[Path(area.field.key, place[1], place[0])], submission)
    return replace(line, answer=replace(line.answer, unit=""))


def _table(form: Form, field: Field, submission: Submission, *, every: bool) -> Table:
    found = submission.values.get(field.key)
    columns = [column for column in field.columns if every or column.publish]
    rows = _rows(form, columns, found if isinstance(found, tuple) else ())
    return Table(
        number=field.number,
        label=field.label,
        heads=tuple(column.label for column in columns),
        rows=tuple(row for row in rows if any(answer.text for answer in row)),
    )


def _rows(form: Form, columns: list[Column], rows: Iterable[object]) -> Iterator[tuple[Answer, ...]]:
    for row in rows:
        cells: Mapping[str, Scalar | Unread] = row if isinstance(row, Mapping) else {}
        yield tuple(_answer(form, column, cells.get(column.key)) for column in columns)
