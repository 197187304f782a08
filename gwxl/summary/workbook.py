"""Assemble the summary workbook."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException

from gwxl.batch.batch import Batch
from gwxl.errors import SettingsError, WorkbookError
from gwxl.files.excel_limits import PROPERTY
from gwxl.files.outputs import refuse_nothing, replacing
from gwxl.form.definition import Field, Kind
from gwxl.form.identity import DOCUMENT_PROPERTY
from gwxl.rules.ruleset import RuleSet
from gwxl.summary.page import ROW_HEIGHT, Page
from gwxl.summary.selfcheck import self_check
from gwxl.summary.sheets.breakdown import write_breakdown
from gwxl.summary.sheets.changes import write_changes
from gwxl.summary.sheets.decisions import write_decisions
from gwxl.summary.sheets.dictionary import write_dictionary
from gwxl.summary.sheets.files import write_files
from gwxl.summary.sheets.origin import write_origin
from gwxl.summary.sheets.overview import write_overview
from gwxl.summary.sheets.problems import write_problems
from gwxl.summary.sheets.table import write_table
from gwxl.summary.sheets.tables import write_table_field
from gwxl.summary.sites import Sites
from gwxl.summary.stored.aside import aside
from gwxl.summary.stored.listing import previous_files
from gwxl.summary.stored.recognising import DOCUMENT, INBOX, refuse_foreign
from gwxl.summary.stored.seal import SEAL, UNSEALED, seal
from gwxl.summary.styles import BODY, FONT, STYLES, quoted
from gwxl.wording import text

Writer = Callable[[Page, Sites], None]

_FIXED = ("overview", "table", "breakdown", "problems", "decisions", "files", "changes", "origin", "dictionary")
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same inputs shall give the same bytes


def write_summary(
    batch: Batch,
    rules: RuleSet,
    path: Path,
    *,
    inbox: Path | None = None,
    force: bool = False,
    beside: AbstractContextManager[None] | None = None,
) -> None:
    """Write the summary of a batch, check it against the totals, and only then put it in place.

    Args:
        batch: every receipt of an inbox.
        rules: the rules of the batch's form, for the titles of findings.
        path: where to; a summary that stands there is read for what is new, then replaced.
        inbox: the folder the returns lie in, remembered as seen from the summary.
        force: replace a file even if gwxl did not write it.
        beside: what has to be new together with the summary: entered once the summary is right, before it gets its
            name, and left with the error where it does not get it.

    Raises:
        OutputError: the path cannot be written, or holds something gwxl did not write.
        WorkbookError: the workbook breaks a limit of Excel, or its figures differ from the totals (D08).
    """
    refuse = refuse_nothing if force else refuse_foreign
    refuse(path)
    sites = Sites(batch=batch, rules=rules, previous=_previous(path))
    with ExitStack() as stack, replacing(path, refuse) as temporary:
        _write(sites, temporary, _seen_from(path, inbox))
        seal(temporary, self_check(sites, temporary))
        stack.enter_context(beside or nullcontext())


def _previous(path: Path) -> frozenset[str] | None:
    try:
        return aside(previous_files, path) if path.exists() else None
    except (SettingsError, WorkbookError):
        return None  # foreign or damaged, and allowed to be replaced: nothing is known about earlier files


def _seen_from(path: Path, inbox: Path | None) -> str:
    """Return the way from a summary to the inbox; empty where there is none, as between Windows' drives."""
    if inbox is None:
        return ""
    try:
        return Path(os.path.relpath(inbox, path.parent)).as_posix()
    except ValueError:
        return ""


def _write(sites: Sites, path: Path, inbox: str) -> None:
    # In memory, as XlsxWriter leaves files open when a disk is full; about 20 kB a site.
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    _properties(book, sites, inbox)
    formats = {name: book.add_format(dict(properties)) for name, properties in STYLES.items()}
    formats |= {
        quoted(name): book.add_format({**properties, "quote_prefix": True}) for name, properties in STYLES.items()
    }
    for title, write in _sheets(sites):
        _sheet(book, formats, sites, title, write)
    _close(book)
    path.write_bytes(buffer.getbuffer())


def _sheet(book: Any, formats: dict[str, Any], sites: Sites, title: str, write: Writer) -> None:
    page = Page(book.add_worksheet(title), formats, sites.language)
    page.sheet.set_footer("&C&P / &N")
    page.sheet.set_default_row(ROW_HEIGHT)
    page.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    write(page, sites)


def _close(book: Any) -> None:
    try:
        book.close()
    except XlsxWriterException as error:
        message = f"the summary cannot be written: {error}; merge fewer files at once"
        raise WorkbookError(message) from error


def _properties(book: Any, sites: Sites, inbox: str) -> None:
    form, batch = sites.batch.form, sites.batch
    book.set_properties(
        {"title": text("summary.overview.title", sites.language, heading=sites.heading), "created": _CREATED}
    )
    values = {
        DOCUMENT_PROPERTY: DOCUMENT,
        "gwxl_form": form.id,
        "gwxl_edition": form.edition,
        "gwxl_language": sites.language,
        SEAL: UNSEALED,
    }
    values[INBOX] = inbox if len(inbox) <= PROPERTY else ""
    values["gwxl_year"] = "" if batch.year is None else str(batch.year)
    for name, value in values.items():
        if value:
            book.set_custom_property(name, value, "text")
    book.formats[0].set_font_name(FONT)
    book.formats[0].set_font_size(BODY)


def _sheets(sites: Sites) -> Iterator[tuple[str, Writer]]:
    def title(name: str) -> str:
        return text(f"summary.sheet.{name}", sites.language)

    yield title("overview"), write_overview
    yield title("table"), write_table
    yield title("breakdown"), write_breakdown
    for field in sites.batch.form.fields.values():
        if field.kind is Kind.TABLE:
            yield _table_title(field, {title(name) for name in _FIXED}), partial(write_table_field, field=field)
    yield title("problems"), write_problems
    yield title("decisions"), write_decisions
    yield title("files"), write_files
    yield title("changes"), write_changes
    yield title("origin"), write_origin
    yield title("dictionary"), write_dictionary


def _table_title(field: Field, taken: set[str]) -> str:
    title = field.sheet or field.label
    return title if title.casefold() not in {one.casefold() for one in taken} else f"{title[:28]} +"
