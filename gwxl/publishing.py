"""Publish one return: its form as a page to put on the website and to print."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path

from gwxl.batch.files import Found
from gwxl.batch.inbox import read_files
from gwxl.errors import OutputError
from gwxl.files.outputs import refuse_existing, refuse_nothing, replacing
from gwxl.form.definition import Column, Field, Form, Section
from gwxl.inert import inert
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Scalar, Submission, Unread
from gwxl.rendering import render
from gwxl.terms import Terms
from gwxl.wording import each, text

TEMPLATE = "report.html.j2"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the page: a group's heading where ``value`` is None, else a question with its answer."""

    number: str
    label: str
    unit: str = ""
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """The filled rows of a table field."""

    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of the page."""

    number: str
    label: str
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, kw_only=True)
class Published:
    """What became of a return.

    Attributes:
        receipt: what was read; its reason says why an older edition is not published.
        page: the page that was written, None where something is wrong.
        outdated: the return was filled in on an older edition of its form.
    """

    receipt: Receipt
    page: Path | None
    outdated: bool


def publish(terms: Terms, path: Path, page: Path, *, force: bool = False) -> Published:
    """Write the page of a return that nothing is wrong with; the receipt tells what is, and then nothing is written.

    An open verify does not keep a return from being published: only errors do, and what holds or refuses it, and
    that it was filled in on an older edition of the form.

    Args:
        terms: the forms it may be of, and what it is held against.
        path: the filled workbook; it must hold one form sheet.
        page: the HTML file to write.
        force: replace an existing file.

    Raises:
        OutputError: the file exists, cannot be written, or the workbook holds several returns.
        FormError: the form's page template cannot be rendered.
    """
    (receipts,) = read_files([Found(path=path, name=str(path))], terms)
    if len(receipts) != 1:
        raise OutputError(each("failure.several", path=path, count=len(receipts)))
    receipt = receipts[0]
    submission = receipt.submission
    if submission is None:
        return Published(receipt=receipt, page=None, outdated=False)
    form, edition = terms.of(submission.identity.form).form, submission.identity.edition
    outdated = form.older_edition(edition) is not None
    if outdated and not receipt.reason:
        reason = form.say("publish.outdated", found=edition, current=form.edition)
        receipt = replace(receipt, reason=reason)
    if receipt.reason or receipt.has_errors:
        return Published(receipt=receipt, page=None, outdated=outdated)
    words = report_page(form, submission)
    with replacing(page, refuse_nothing if force else refuse_existing) as draft:
        draft.write_text(words, "utf-8")
    return Published(receipt=receipt, page=page, outdated=outdated)


def report_page(form: Form, submission: Submission) -> str:
    """Return the page as HTML: self-contained, nothing loaded from elsewhere, every text escaped."""
    year = submission.identity.year
    title = form.title if year is None else form.say("template.title", title=form.title, year=year)
    name = submission.text_of(form.roles.name)
    return render(
        TEMPLATE,
        form.folder,
        language=form.language,
        title=title,
        name=inert(name),
        parts=[asdict(_part(form, section, submission)) for section in form.sections],
        header=[asdict(line) for line in _around(form.header, submission)],
        footer=[asdict(line) for line in _around(form.footer, submission)],
    )


def _around(fields: tuple[Field, ...], submission: Submission) -> Iterator[Line]:
    for asked in fields:
        value = submission.surround.get(asked.key)
        if value is not None:
            yield Line(number="", label=asked.label, value=inert(str(value)))


def _part(form: Form, section: Section, submission: Submission) -> Part:
    tables = [field for field in section.fields if field.kind.is_table]
    return Part(
        number=section.number,
        label=section.label,
        lines=tuple(_lines(form, section, submission)),
        tables=tuple(_table(form, field, submission) for field in tables),
    )


def _lines(form: Form, section: Section, submission: Submission) -> Iterator[Line]:
    heading = ""
    for field in section.fields:
        if field.group and field.group != heading:
            group = section.group(field.group)
            yield Line(number=group.number, label=group.label)
        heading = field.group
        if not field.kind.is_table:
            shown = _shown(form, field, submission)
            yield Line(number=field.number, label=field.label, unit=field.unit, value=shown)


def _shown(form: Form, field: Field, submission: Submission) -> str:
    value = submission.values.get(field.key)
    if value is None or isinstance(value, Unread):
        return ""
    labels = {choice.key: choice.label for choice in field.choices}
    if isinstance(value, tuple):
        return form.say("answer.separator").join(labels[key] for key in value if isinstance(key, str))
    if isinstance(value, str):
        return inert(labels.get(value, value))
    return _scalar_text(value, form.language)


def _scalar_text(value: Scalar, language: str) -> str:
    if isinstance(value, bool):
        return text("answer.yes" if value else "answer.no", language)
    if isinstance(value, str):
        return inert(value)
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def _table(form: Form, field: Field, submission: Submission) -> Table:
    rows = submission.values.get(field.key)
    filled = rows if isinstance(rows, tuple) else ()
    return Table(
        label=field.label,
        heads=tuple(_head(column) for column in field.columns),
        rows=tuple(
            tuple(_cell(row, column, form) for column in field.columns)
            for row in filled
            if isinstance(row, Mapping) and row  # one that is left out is empty
        ),
    )


def _head(column: Column) -> str:
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _cell(row: Mapping[str, Scalar | Unread], column: Column, form: Form) -> str:
    value = row.get(column.key)
    return "" if value is None or isinstance(value, Unread) else _scalar_text(value, form.language)
