"""Write the 填写说明 sheet: the whole official text, and how to fill in the form."""

from collections.abc import Iterator

from gwxl.form.rendering_view import show_form
from gwxl.rendering import render
from gwxl.rules.conditions.words import say_clauses
from gwxl.template.issue import Issue
from gwxl.wording import text
from gwxl.writer.book import Book, Page
from gwxl.writer.locked_page import LockedPage
from gwxl.writer.look import BODY_SIZE
from gwxl.writer.measuring import fold_text, row_height
from gwxl.writer.printing import page_breaks, set_up_print

_COLUMN = 2
_INDENT = 2.0
_WIDTHS = {1: 2.0, _COLUMN: 74.0, 3: 2.0}
_ROOM = _WIDTHS[_COLUMN] - _INDENT
_GUIDE = ("fill", "numbers", "paste", "structure", "remarks", "save")
_MARKS = {"# ": ("title_left", 40.0), "## ": ("section_text", 24.0), "### ": ("group_text", 22.0)}


def write_instructions_sheet(book: Book, issue: Issue) -> None:
    """Add the sheet of instructions, rendered by the form's ``instructions.j2`` or the shared one."""
    page = LockedPage(book, issue.layout.instructions_sheet)
    page.widths(_WIDTHS)
    lines = dict(enumerate(instruction_lines(issue), 1))
    heights = {row: _line(page, row, line) for row, line in lines.items()}
    headings = {row for row, line in lines.items() if line.startswith("#")}
    page.breaks(page_breaks(heights, headings, [_WIDTHS[_COLUMN]], landscape=False))
    page.sheet.protect("", {"format_columns": True, "format_rows": True})
    set_up_print(page, issue.form.language, (_COLUMN, _COLUMN), max(lines, default=1), landscape=False)


def instruction_lines(issue: Issue) -> Iterator[str]:
    """Yield the lines of the instructions, marks included, blank ones dropped."""
    language = issue.form.language
    rendered = render(
        "instructions.j2",
        issue.form.folder,
        form=show_form(issue.form, say_clauses(issue.form)),
        title=text("template.instructions_title", language, title=issue.form.title),
        year=issue.year,
        period=issue.period.label(language),
        language=language,
        notice=issue.notice.show(language),
        guide=[*filter(None, issue.guidance), *(text(f"template.guide_{name}", language) for name in _GUIDE)],
    )
    yield from (line.strip() for line in rendered.splitlines() if line.strip())


def _line(page: Page, row: int, line: str) -> float:
    mark = next((mark for mark in _MARKS if line.startswith(mark)), "")
    words = line.removeprefix(mark)
    style, least = _MARKS.get(mark, ("paragraph", 0.0))
    shown = words if mark else fold_text(words, _ROOM, BODY_SIZE)
    page.text(row, _COLUMN, shown, style)
    height = least if mark else row_height([(shown, _ROOM, BODY_SIZE)], 20.0)
    page.height(row, height)
    return height
