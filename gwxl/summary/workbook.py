"""Assemble the summary workbook."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from gwxl.batch.batch import Batch
from gwxl.files.excel_limits import PROPERTY, is_writable
from gwxl.files.outputs import refuse_nothing, replace_file
from gwxl.form.definition import Field
from gwxl.form.identity import DOCUMENT_PROPERTY, SUMMARY
from gwxl.rules.ruleset import RuleSet
from gwxl.summary.levels.carrying import pack_receipts
from gwxl.summary.levels.taking import came_from_below
from gwxl.summary.page import Page
from gwxl.summary.selfcheck import check_level, self_check
from gwxl.summary.sheets.breakdown import write_breakdown
from gwxl.summary.sheets.changes import write_changes
from gwxl.summary.sheets.comparison import name_comparison, write_comparison
from gwxl.summary.sheets.decisions import write_decisions
from gwxl.summary.sheets.dictionary import write_dictionary
from gwxl.summary.sheets.files import write_files
from gwxl.summary.sheets.handing_on import write_level
from gwxl.summary.sheets.matrices import added_matrices, write_matrix
from gwxl.summary.sheets.origin import write_origin
from gwxl.summary.sheets.overview import write_overview
from gwxl.summary.sheets.problems import write_problems
from gwxl.summary.sheets.remembering import Facts
from gwxl.summary.sheets.standings import write_standings
from gwxl.summary.sheets.table import write_table
from gwxl.summary.sheets.tables import write_table_field
from gwxl.summary.sites import Sites
from gwxl.summary.standing.asked import Asked
from gwxl.summary.stored.keeping import keep_edited
from gwxl.summary.stored.listing import read_known_files
from gwxl.summary.stored.recognising import BELOW, INBOX, PREVIOUS, ROSTER, SIGNED, refuse_foreign
from gwxl.summary.stored.seal import SEAL, UNSEALED, seal
from gwxl.summary.styles import BAR, DARK, LINE, NORMAL, RED, STYLES
from gwxl.terms import Terms
from gwxl.wording import text
from gwxl.writer.book import Book, warnings_as_errors

Writer = Callable[[Page, Sites], None]

_FIXED = (
    "overview",
    "standing",
    "table",
    "breakdown",
    "comparison",
    "comparison_short",
    "problems",
    "decisions",
    "files",
    "changes",
    "origin",
    "dictionary",
    "level",
)
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same inputs shall give the same bytes


def write_summary(
    batch: Batch,
    rules: RuleSet,
    path: Path,
    *,
    inbox: Path | None = None,
    terms: Terms = Terms(),  # noqa: B008 - frozen, so that sharing one is safe
    asked: Asked | None = None,
    force: bool = False,
    beside: AbstractContextManager[None] | None = None,
) -> Path | None:
    """Write the summary of a batch, check it against the totals, and only then put it in place.

    Args:
        batch: every receipt of an inbox.
        rules: the rules of the batch's form, for the titles of findings.
        path: where to; a summary that stands there is read for what is new, then replaced.
        inbox: the folder the returns lie in, remembered as seen from the summary.
        terms: what the batch was held against: its day stands on the first page; that signatures were demanded, and
            where last year's figures are, is remembered as the inbox is.
        asked: who was asked to report, None where that is not known.
        force: replace a file even if gwxl did not write it.
        beside: what has to be new together with the summary: entered once the summary is right, before it gets its
            name, and left with the error where it does not get it.

    Returns:
        A copy of what stood there, where somebody typed into it since it was written; None where nobody did.

    Raises:
        OutputError: the path cannot be written, or holds something gwxl did not write.
        WorkbookError: the workbook breaks a limit of Excel, or its figures differ from the totals (D08).
    """
    refuse = refuse_nothing if force else refuse_foreign
    refuse(path)
    last, came = terms.previous, terms.came
    sites = Sites(
        batch=batch, rules=rules, known=read_known_files(path), day=terms.today, last=last, asked=asked, came=came
    )
    with ExitStack() as stack, replace_file(path, refuse) as temporary:
        level = pack_receipts(batch, rules, terms)
        handed = partial(write_level, data=level, key=terms.key)
        _write(sites, temporary, _describe_making(sites, path, inbox, terms), handed)
        stored = self_check(sites, temporary)
        check_level(stored, level)
        seal(temporary, stored.book)
        kept = keep_edited(path, sites.language)
        stack.enter_context(beside or nullcontext())
    return kept


def _describe_making(sites: Sites, path: Path, inbox: Path | None, terms: Terms) -> Mapping[str, str]:
    """Return what a summary remembers of how it was made, by custom property."""
    last = terms.previous.place if terms.previous else None
    below = any(map(came_from_below, sites.batch.receipts))
    return {
        INBOX: _way_from(path, inbox),
        PREVIOUS: _way_from(path, last),
        SIGNED: "yes" if terms.signed else "",
        BELOW: "yes" if below else "",
        ROSTER: sites.asked.roster if sites.asked else "",
    }


def _way_from(path: Path, place: Path | None) -> str:
    """Return the way from a summary to a place; empty where there is none, as between Windows' drives."""
    if place is None:
        return ""
    try:
        return Path(os.path.relpath(place, path.parent)).as_posix()
    except ValueError:
        return ""


def _write(sites: Sites, path: Path, made: Mapping[str, str], handed: Callable[[Page], None]) -> None:
    with warnings_as_errors("; merge fewer files at once"):
        book = Book(STYLES, NORMAL)
        named = text("summary.overview.title", sites.language, heading=sites.heading)
        book.describe({"title": named, "created": _CREATED}, _properties(sites, made))
        for title, colour, write in _sheets(sites):
            page = Page(book, title, sites.language)
            page.sheet.set_tab_color(colour)
            write(page, sites)
        handed(Page(book, sites.title("level"), sites.language))
        path.write_bytes(book.close())


def _properties(sites: Sites, made: Mapping[str, str]) -> Mapping[str, str]:
    form, batch = sites.batch.form, sites.batch
    values = {
        DOCUMENT_PROPERTY: SUMMARY,
        "gwxl_form": form.id,
        "gwxl_edition": form.edition,
        "gwxl_language": sites.language,
        SEAL: UNSEALED,
        **{name: value for name, value in made.items() if is_writable(value, PROPERTY)},
        "gwxl_year": str(batch.period),
    }
    return {name: value for name, value in values.items() if value}


def _sheets(sites: Sites) -> Iterator[tuple[str, str, Writer]]:
    title, facts = sites.title, Facts()
    taken = {title(name) for name in _FIXED}
    yield title("overview"), DARK, write_overview
    if sites.asked is not None:
        yield title("standing"), DARK, write_standings
    yield title("table"), BAR, write_table
    yield title("breakdown"), DARK, write_breakdown
    if sites.last is not None:
        yield title(name_comparison(sites.batch.form.span)), DARK, write_comparison
    for area in added_matrices(sites):
        yield _title_of(area.field, taken), BAR, partial(write_matrix, area=area)
    for field in sites.batch.form.fields.values():
        if field.kind.is_table:
            yield _title_of(field, taken), BAR, partial(write_table_field, field=field, facts=facts)
    yield title("problems"), RED, write_problems
    yield title("decisions"), RED, write_decisions
    yield title("files"), LINE, write_files
    yield title("changes"), LINE, write_changes
    yield title("origin"), LINE, partial(write_origin, entries=facts)
    yield title("dictionary"), LINE, write_dictionary


def _title_of(field: Field, taken: set[str]) -> str:
    title = field.sheet or field.label
    return title if title.casefold() not in {one.casefold() for one in taken} else f"{title[:28]} +"
