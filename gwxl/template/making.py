"""Make a form workbook: written in memory, verified on disk, named last."""

import pathlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from gwxl.errors import OutputError
from gwxl.files.outputs import refuse_existing, refuse_nothing, replace_file
from gwxl.form.asked_period import refuse_period
from gwxl.form.definition import Form
from gwxl.form.identity import identity_properties, issue_identity
from gwxl.form.layout import LIVE_SHEET, Layout, lay_out
from gwxl.form.rendering_view import show_form
from gwxl.live import LiveChecks
from gwxl.live.calculated_answers import with_totals
from gwxl.live.inputs import count_started_rows, scalars
from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.submission import Identity, Value
from gwxl.rendering import render
from gwxl.rules.ruleset import RuleSet
from gwxl.template.issue import Issue, check_paths, show_last
from gwxl.template.reading_back import check_readable
from gwxl.template.review import Review
from gwxl.template.sheets.form_sheet import name_last_styles, write_form_sheet
from gwxl.template.sheets.instructions import write_instructions_sheet
from gwxl.template.sheets.live_sheet import write_live_sheet
from gwxl.template.sheets.map_sheet import write_map_sheet
from gwxl.template.sheets.matrix_sheet import write_matrix_sheet
from gwxl.template.sheets.review_sheet import write_review_sheet
from gwxl.template.sheets.table_sheet import write_table_sheet
from gwxl.template.site_binding import site_answers
from gwxl.template.verification import verify
from gwxl.terms import Notice, Terms
from gwxl.wording import each
from gwxl.writer.book import Book, warnings_as_errors
from gwxl.writer.locking import state_locks
from gwxl.writer.look import NORMAL, STYLES

_YEARS = range(1900, 10_000)


@dataclass(frozen=True, kw_only=True)
class Template:
    """A workbook that was written.

    Attributes:
        path: the file.
        identity: what it says it is.
        layout: where everything stands in it.
    """

    path: pathlib.Path
    identity: Identity
    layout: Layout

    @property
    def cells(self) -> Mapping[Path, CellRef]:
        """Return path → input cell, table cells included."""
        return self.layout.cells


def make_template(
    terms: Terms,
    path: pathlib.Path,
    *,
    site: str | None = None,
    letter: pathlib.Path | None = None,
    force: bool = False,
) -> Template:
    """Write the blank workbook that is mailed out, and the text of the mail; both or neither.

    Args:
        terms: the form, the period it asks about, what the sheet says on top, and the key that signs it.
        path: ends in ``.xlsx``.
        site: the code of the site it is issued to, None for a workbook that any site may fill in; what it reported a
            period earlier, where the terms know it, stands beside its inputs.
        letter: where the text of the covering mail is written, None for none.
        force: replace existing files.

    Raises:
        SettingsError: there are several forms and none is named, the form asks for no code, or this is none.
        OutputError, WorkbookError, FormError: as :func:`write_template`.
        RuleError: an example of a rule contradicts it.
    """
    rules = terms.prove_rules()
    if letter is not None:
        (refuse_nothing if force else refuse_existing)(letter)
        words = render_letter(rules.form, terms.notice, terms.period)
    answers = {} if site is None else site_answers(rules, site)
    identity = issue_identity(rules.form, period=terms.period, site_code=site, key=terms.key)
    last = terms.previous.of(site, terms.period) if terms.previous and site else None
    _check_ending(path)
    with replace_file(path, refuse_nothing if force else refuse_existing) as draft:
        made = draft_template(rules, draft, identity=identity, notice=terms.notice, answers=answers, last=last)
    if letter is not None:
        with replace_file(letter, refuse_nothing if force else refuse_existing) as draft:
            draft.write_text(words, "utf-8")
    return replace(made, path=path)


def write_template(
    rules: RuleSet,
    path: pathlib.Path,
    *,
    identity: Identity,
    notice: Notice = Notice(),  # noqa: B008 - frozen, so that sharing one is safe
    force: bool = False,
    answers: Mapping[str, Value] | Mapping[Path, Value] | None = None,
    explanations: Mapping[str, str] | Mapping[Path, str] | None = None,
    review: Review | None = None,
) -> Template:
    """Write the workbook of a form, named last: the arguments are those of :func:`draft_template`.

    Args:
        rules: as there, like all that is not listed here.
        path: ends in ``.xlsx``; nothing stands there afterwards unless the workbook was verified.
        identity: what the workbook says it is.
        notice: by when and where to it is returned.
        force: replace an existing file.
        answers: what its inputs start with.
        explanations: what its explanation cells start with.
        review: what is said of the return it answers.

    Raises:
        OutputError: the file exists and is not to be replaced, or cannot be written.
        WorkbookError, FormError: as there.
    """
    _check_ending(path)
    with replace_file(path, refuse_nothing if force else refuse_existing) as draft:
        made = draft_template(
            rules,
            draft,
            identity=identity,
            notice=notice,
            answers=answers,
            explanations=explanations,
            review=review,
        )
    return replace(made, path=path)


def draft_template(  # noqa: PLR0913 - what a workbook says, each by its name
    rules: RuleSet,
    draft: pathlib.Path,
    *,
    identity: Identity,
    notice: Notice = Notice(),  # noqa: B008 - frozen, so that sharing one is safe
    answers: Mapping[str, Value] | Mapping[Path, Value] | None = None,
    explanations: Mapping[str, str] | Mapping[Path, str] | None = None,
    review: Review | None = None,
    last: Mapping[Path, Value] | None = None,
    fixed: frozenset[Path] = frozenset(),
) -> Template:
    """Write the workbook of a form to a place where nobody looks yet; the same arguments give the same bytes.

    Args:
        rules: the form, what each cell takes, and which must be filled.
        draft: where to; whoever gives it its name tells what the system says against it.
        identity: what the workbook says it is, with the period it asks about
            (:func:`gwxl.form.identity.issue_identity`).
        notice: by when and where to it is returned.
        answers: path, or its text → value its input starts with.
        explanations: path, or its text → text its explanation cell starts with.
        review: what is said of the return this workbook answers: a sheet in front, and beside each input.
        last: what its site reported a period earlier, which stands in 上年数; without it the column is hidden.
        fixed: the paths whose inputs are locked with their answers.

    Raises:
        OSError: the draft cannot be written.
        WorkbookError: a limit of Excel is broken, an answer or explanation has no cell, or the written file is not
            as planned, or so large that it would be refused when it comes back.
        FormError: a Jinja2 template of the form cannot be rendered.
    """
    issue = make_issue(rules, identity, notice, answers or {})
    said = {Path(path): words for path, words in (explanations or {}).items()}
    beside = show_last(rules.form, issue.inputs, last or {})
    draft_issue(draft, replace(issue, explanations=said, review=review, fixed=fixed, beside=beside))
    return Template(path=draft, identity=identity, layout=issue.layout)


def draft_issue(draft: pathlib.Path, issue: Issue) -> Mapping[int, float]:
    """Write a workbook to a place where nobody looks yet, and return row of the form sheet → its height in points.

    Raises:
        OSError, WorkbookError, FormError: as :func:`draft_template`.
    """
    check_paths(issue)
    package, heights = _write_book(issue)
    draft.write_bytes(state_locks(package))
    check_readable(draft, issue)
    verify(draft, issue)
    return heights


def render_letter(form: Form, notice: Notice, period: Period) -> str:
    """Return the text of the covering mail, by the form's ``letter.j2`` or the shared one."""
    said = {"title": form.entitle(period), "year": period.year, "period": period.label(form.language)}
    values = {"form": show_form(form), "notice": notice.show(form.language), **said}
    return render("letter.j2", form.folder, **values, language=form.language).strip() + "\n"


def _check_ending(path: pathlib.Path) -> None:
    if path.suffix.lower() != ".xlsx":
        raise OutputError(each("failure.ending", path=path))


def make_issue(
    rules: RuleSet, identity: Identity, notice: Notice, answers: Mapping[str, Value] | Mapping[Path, Value]
) -> Issue:
    """Return what a workbook is written from.

    Raises:
        SettingsError: the form does not ask about this period.
    """
    expected = (
        rules.form.asks_of(identity.period) and identity.year in _YEARS if rules.form.span else identity.year is None
    )
    if not expected:
        raise refuse_period(rules.form, identity.period)
    whole = with_totals(rules, scalars(answers))
    layout = lay_out(rules.form, count_started_rows(rules.form, whole))
    return Issue(form=rules.form, rules=rules, layout=layout, identity=identity, notice=notice, answers=whole)


def _write_book(issue: Issue) -> tuple[bytes, Mapping[int, float]]:
    """Return the bytes of a workbook, and the heights of the rows of its form sheet."""
    with warnings_as_errors():
        book = Book(STYLES, NORMAL)
        name_last_styles(book, issue)
        live = LiveChecks(issue.rules, issue.layout, issue.inputs, issue.stored, issue.explanations)
        if issue.reviewed is not None:
            write_review_sheet(book, issue, issue.reviewed)
        first, behind = (issue.layout.tables, ()) if issue.form.is_list else ((), issue.layout.tables)
        for table in first:
            write_table_sheet(book, issue, table, live)
        heights = write_form_sheet(book, issue, live)
        for table in behind:
            write_table_sheet(book, issue, table, live)
        for matrix in issue.layout.matrices:
            write_matrix_sheet(book, issue, matrix, live)
        write_instructions_sheet(book, issue)
        write_map_sheet(book, issue)
        write_live_sheet(book, live.sheet)
        for name, cell in issue.layout.names.items():
            book.define(name, cell)
        for name, cells in live.lists.items():
            book.define_list(name, LIVE_SHEET, cells)
        book.describe(_properties(issue), identity_properties(issue.identity))
        return book.close(), heights


def _properties(issue: Issue) -> Mapping[str, object]:
    # The date is fixed by the period, so that a workbook can be made again byte for byte.
    created = datetime(issue.year, issue.period.first_month, 1, tzinfo=UTC).replace(tzinfo=None)
    return {"title": issue.title, "company": issue.notice.office, "author": "gwxl", "created": created}
