"""Read a written workbook back by the limits that returned ones are read by."""

from dataclasses import asdict, replace
from pathlib import Path

from gwxl.errors import RefusedError, WorkbookError
from gwxl.form.layout import LIVE_SHEET
from gwxl.spreadsheets.admission.door import DEFAULT_LIMITS, admit
from gwxl.spreadsheets.opening import read_book
from gwxl.template.issue import Issue
from gwxl.wording import LANGUAGES, catalogue, text

_MEGABYTE = 1024 * 1024

HALF = replace(
    DEFAULT_LIMITS,
    unopened=frozenset({LIVE_SHEET}),
    file_bytes=DEFAULT_LIMITS.file_bytes // 2,
    part_bytes=DEFAULT_LIMITS.part_bytes // 2,
    total_bytes=DEFAULT_LIMITS.total_bytes // 2,
    elements=DEFAULT_LIMITS.elements // 2,
    cells=DEFAULT_LIMITS.cells * 2 // 3,  # a table that is filled to its last cell goes back, too
    names=DEFAULT_LIMITS.names // 2,
)
"""Half of what a returned workbook may cost, two thirds of its cells: the rest is for what people and programs add."""


def check_readable(path: Path, issue: Issue) -> None:
    """Check that a workbook will be let in when it comes back filled.

    Raises:
        WorkbookError: it breaks a limit, with the limit, the largest table and what to do about it.
    """
    try:
        read_book(admit(path, HALF), HALF)
    except RefusedError as error:
        raise WorkbookError({language: _line(error, issue, language) for language in LANGUAGES}) from None


def _line(error: RefusedError, issue: Issue, language: str) -> str:
    limit = _limit(error, language)
    tables = sorted(issue.layout.tables, key=lambda area: -area.field.rows * len(area.field.columns))
    if not tables:
        return text("failure.form_too_large", language, limit=limit, fields=len(issue.form.fields))
    largest, sheet = tables[0].field, tables[0].sheet
    return text(
        "failure.table_too_large",
        language,
        limit=limit,
        field=largest.key,
        sheet=sheet,
        rows=f"{largest.rows:,}",
        columns=len(largest.columns),
        cells=f"{largest.rows * len(largest.columns):,}",
    )


def _limit(error: RefusedError, language: str) -> str:
    """Return the limit that was broken; any other refusal of a workbook of ours as it is told of a return."""
    numbers = {name: value for name, value in asdict(HALF).items() if isinstance(value, int)}
    limits = {name: f"{value // _MEGABYTE if name.endswith('_bytes') else value:,}" for name, value in numbers.items()}
    key = f"failure.limit.{error.reason}"
    return (
        text(key, language, **limits)
        if key in catalogue()
        else text(f"refused.{error.reason}", language, **error.details)
    )
