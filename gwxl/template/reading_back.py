"""Read a written workbook back by the limits that returned ones are read by."""

from dataclasses import replace
from pathlib import Path

from gwxl.errors import RefusedError, WorkbookError
from gwxl.template.issue import Issue
from gwxl.wording import LANGUAGES, text
from gwxl.workbook.door import DEFAULT_LIMITS, admit
from gwxl.workbook.reading import read_book

_MEGABYTE = 1024 * 1024

HALF = replace(
    DEFAULT_LIMITS,
    file_bytes=DEFAULT_LIMITS.file_bytes // 2,
    part_bytes=DEFAULT_LIMITS.part_bytes // 2,
    total_bytes=DEFAULT_LIMITS.total_bytes // 2,
    elements=DEFAULT_LIMITS.elements // 2,
    cells=DEFAULT_LIMITS.cells // 2,
    names=DEFAULT_LIMITS.names // 2,
)
"""Half of what a returned workbook may cost: the other half is for what people write and their programs add."""


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
    limit = text(
        "failure.read_back_limit",
        language,
        file=HALF.file_bytes // _MEGABYTE,
        part=HALF.part_bytes // _MEGABYTE,
        total=HALF.total_bytes // _MEGABYTE,
        elements=f"{HALF.elements:,}",
        cells=f"{HALF.cells:,}",
        sheets=HALF.sheets,
        names=f"{HALF.names:,}",
    )
    tables = sorted(issue.layout.tables, key=lambda area: -area.field.rows * len(area.field.columns))
    if not tables:
        return text("failure.form_too_large", language, limit=limit, fields=len(issue.form.fields), why=error.reason)
    largest = tables[0].field
    return text(
        "failure.table_too_large",
        language,
        limit=limit,
        why=error.reason,
        field=largest.key,
        label=largest.label,
        rows=f"{largest.rows:,}",
        columns=len(largest.columns),
        cells=f"{largest.rows * len(largest.columns):,}",
    )
