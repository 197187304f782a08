"""Tell a form that nobody has filled in from one that somebody has: a blank sent back, an original beside its copy."""

from collections.abc import Iterable

from gwxl.characters import is_blank, trim
from gwxl.form.definition import Form
from gwxl.intake.locating.form_sheets import Located
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.submission import Submission
from gwxl.spreadsheets.book import Book

_HARMLESS = frozenset(
    {"L01", "L04", "L11", "L12", "L20", "L22", "L24", "L26", "L27", "L28", "L30"}
    | {"S07", "S08", "T01", "T04", "T05", "T07", "T10"}
)
"""What may be noticed on a form that nobody has filled in; anything else may stand for an answer, or hide one."""


def is_blank_sheet(book: Book, located: Located, code: str) -> bool:
    """Tell whether nobody typed anything on a form sheet, its tables aside.

    Args:
        book: the workbook.
        located: the sheet.
        code: the path of the site's code, which may have been filled in for the site; empty where there is none.
    """
    issued = located.identity.site_code if located.identity else None
    places = [*located.cells.items(), *located.explanations.items()]
    asked = [(path, ref) for path, ref in places if ref.sheet == located.sheet]
    filled = any((words := _words(book, ref)) and (path, words) != (code, issued) for path, ref in asked)
    noticed = (one for one in located.findings if one.source is None or one.source.sheet == located.sheet)
    return bool(asked) and not filled and _is_harmless(noticed)


def is_unanswered(submission: Submission, noticed: Iterable[Finding], form: Form) -> bool:
    """Tell whether a return says nothing at all.

    Args:
        submission: what was read.
        noticed: what was noticed about the file.
        form: the form.
    """
    code = Path(form.roles.code)
    answers = {path: trim(answer.raw) for path, answer in submission.answers.items()}
    if answers.get(code) == submission.identity.site_code:
        answers.pop(code, None)
    said = [*answers.values(), *submission.explanations.values(), *submission.surround.values(), *submission.unread]
    found = any(answer.cell is not None for answer in submission.answers.values())
    return found and not any(said) and _is_harmless(noticed)


def _is_harmless(findings: Iterable[Finding]) -> bool:
    return all(finding.id in _HARMLESS for finding in findings)


def _words(book: Book, ref: CellRef) -> str:
    sheet = book.sheet(ref.sheet)
    cell = sheet.cells.get((ref.row, ref.column)) if sheet else None
    if cell is None or (is_blank(cell.text) and cell.formula is None):
        return ""
    return trim(cell.text) or "="
