"""Write the form sheet: the one sheet the filler works in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from gwxl.form.layout import CHECKED, HEADS, Col, Row, RowKind
from gwxl.live import LiveChecks
from gwxl.records.cell import CellRef
from gwxl.rules.conditions.words import print_clause
from gwxl.template.calculated import write_calculated
from gwxl.template.colouring import colour_rows, dim_rows, mark_inputs
from gwxl.template.issue import Issue
from gwxl.template.sheets.live_sheet import write_check
from gwxl.template.values import write_value
from gwxl.wording import text
from gwxl.writer.book import Book, Page
from gwxl.writer.locked_page import LockedPage
from gwxl.writer.look import BODY_SIZE, SMALL_SIZE
from gwxl.writer.measuring import display_width, fold_text, row_height
from gwxl.writer.printing import page_breaks, set_up_print, shrinks_to_a_page

WIDTHS: Mapping[int, float] = {
    Col.KEY: 8,
    Col.NUMBER: 6,
    Col.LABEL: 28,
    Col.INPUT: 22,
    Col.UNIT: 5,
    Col.PREVIOUS: 12,
    Col.CHECK: 26,
    Col.REVIEW: 33,
    Col.REMARK: 17,
    Col.PENDING: 5,
    Col.INSTRUCTION: 47,
}
_REVIEWED: Mapping[int, float] = {Col.CHECK: 40, Col.INSTRUCTION: 94}
"""In what is sent back, and lies on its side: a verdict takes one line and a clause two, so that rows are low."""
_LAST_PRINTED = Col.REMARK
_ROW = 20.0
_BAND = 22.0
_TITLE = 34.0
_SEAL = 84.0
_FOOT = 27.0
_GAP = 6.0
_LEAST_LINES, _MOST_LINES, _LONG_TEXT = 2, 3, 60
_INDENT = 2.0  # characters an indent takes
_HEADINGS = frozenset({RowKind.HEADS, RowKind.SECTION, RowKind.GROUP, RowKind.CHOICES, RowKind.FOOTER})
_RIGHT = [column for column in Col if column >= Col.INPUT]


def answer_height(shown: str) -> float:
    """Return the height in points that what shows in an input needs."""
    return row_height([_measure_answer(shown)], _ROW)


def _measure_answer(shown: str) -> tuple[str, float, int]:
    return shown, WIDTHS[Col.INPUT] - _INDENT, BODY_SIZE


def _widths(issue: Issue) -> Mapping[int, float]:
    return WIDTHS if issue.review is None else {**WIDTHS, **_REVIEWED}


def last_height(shown: str) -> float:
    """Return the height in points that what stands in 上年数 needs."""
    return row_height([_measure_last(shown)], _ROW)


def _measure_last(shown: str) -> tuple[str, float, int]:
    return shown, WIDTHS[Col.PREVIOUS] - _INDENT, SMALL_SIZE


def name_last_styles(book: Book, issue: Issue) -> None:
    """Begin with the styles of 上年数, where it is shown: what stands in it numbers no style of another cell anew."""
    if issue.beside:
        for number_format in sorted({item.kind.format for item in issue.inputs if item.kind.is_number}):
            book.number_style("previous_number", number_format)
        for quoted in (False, True):
            book.number_style("previous", "@", quoted=quoted)


def write_form_sheet(book: Book, issue: Issue, live: LiveChecks) -> Mapping[int, float]:
    """Add the form sheet: rows, inputs with their validation, colours, protection, print set-up.

    Returns:
        row → its height in points.
    """
    page = LockedPage(book, issue.layout.sheet)
    page.widths(_widths(issue), _columns_to_hide(issue))
    writer = _Writer(page, issue, live)
    heights = {row.number: writer.row(row) for row in issue.layout.rows}
    for item in issue.inputs:
        if item.cell.sheet == page.title:
            page.validation(item.cell.row, item.cell.column, item.last_row, issue.validations[item.path].options())
    checked = [row.number for row in issue.layout.rows if row.kind in CHECKED]
    colour_rows(page, checked, (Col.NUMBER, Col.CHECK), issue.form.language, (Col.INPUT,))
    if issue.rules.conditions:
        dim_rows(page, checked, (Col.NUMBER, Col.LABEL, Col.INPUT, Col.UNIT), Col.PENDING, issue.form.language)
    rows = {key: CellRef(page.title, cell.row, Col.INPUT) for key, cell in issue.layout.checks.items()}
    mark_inputs(page, issue, rows, (Col.CHECK, Col.PENDING))
    _finish(page, issue)
    if shrinks_to_a_page(*_find_printed(issue, heights), landscape=_lies_down(issue)):
        page.sheet.fit_to_pages(1, 1)
    page.breaks(find_breaks(issue, heights))
    return heights


def _columns_to_hide(issue: Issue) -> tuple[Col, ...]:
    filled = ((Col.PREVIOUS, issue.beside), (Col.REVIEW, issue.review))
    return (Col.KEY, *(column for column, something in filled if not something))


def _lies_down(issue: Issue) -> bool:
    """Tell whether the paper lies on its long side: one more column has room there."""
    return issue.review is not None


def find_breaks(issue: Issue, heights: Mapping[int, float]) -> Iterator[int]:
    """Yield the rows after which a page ends, by the height of each row; none where all is printed on one."""
    layout, lies = issue.layout, _lies_down(issue)
    printed, widths = _find_printed(issue, heights)
    if not shrinks_to_a_page(printed, widths, landscape=lies):
        headings = {row.number for row in layout.rows if row.kind in _HEADINGS}
        yield from page_breaks(printed, headings, widths, repeated=heights[layout.head_row], landscape=lies)


def _find_printed(issue: Issue, heights: Mapping[int, float]) -> tuple[Mapping[int, float], Sequence[float]]:
    """Return the heights of the rows, and the widths of the columns, that are printed."""
    hidden = _columns_to_hide(issue)
    widths = [width for column, width in _widths(issue).items() if column <= _LAST_PRINTED and column not in hidden]
    return {number: height for number, height in heights.items() if number != issue.layout.marker.row}, widths


def _finish(page: Page, issue: Issue) -> None:
    layout = issue.layout
    inputs = [cell.row for cell in layout.cells.values() if cell.sheet == page.title]
    first = min(inputs or [cell.row for cell in layout.anchors.values()])  # a form of tables alone has no input here
    page.sheet.set_selection(first - 1, Col.INPUT - 1, first - 1, Col.INPUT - 1)
    page.sheet.freeze_panes(layout.head_row, Col.INPUT - 1)
    last = layout.rows[-1].number - 1
    page.sheet.ignore_errors({"number_stored_as_text": f"D1:I{last}"})
    options = {"select_locked_cells": False, "format_columns": True, "format_rows": True}
    page.sheet.protect("", options)
    printed = (Col.NUMBER, _LAST_PRINTED)
    set_up_print(page, layout.form.language, printed, last, layout.head_row, landscape=_lies_down(issue))
    if issue.review is None and not issue.form.is_list:
        page.sheet.activate()


class _Writer:
    """A writer of one row after the other, each kind its own way."""

    def __init__(self, page: Page, issue: Issue, live: LiveChecks) -> None:
        self._page = page
        self._live = live
        self._issue = issue
        self._widths = _widths(issue)
        self._language = issue.form.language
        self._inputs = {item.path: item for item in issue.inputs}
        self._beside = issue.reviewed.beside if issue.reviewed else {}
        self._right = [column for column in _RIGHT if issue.review or column is not Col.REVIEW]
        self._kinds: Mapping[RowKind, Callable[[Row], float]] = {
            RowKind.TITLE: self._title,
            RowKind.HEADER: self._write_around,
            RowKind.PROGRESS: self._progress,
            RowKind.NOTICE: self._notice,
            RowKind.HEADS: self._heads,
            RowKind.SECTION: self._section,
            RowKind.GROUP: self._group,
            RowKind.CHOICES: self._question,
            RowKind.INPUT: self._question,
            RowKind.TABLE: self._question,
            RowKind.FOOTER: self._foot,
            RowKind.SEAL: self._seal,
            RowKind.MARKER: self._marker,
        }

    def row(self, row: Row) -> float:
        """Write a row with its key and guidance, and return its height in points."""
        if row.key:
            self._page.text(row.number, Col.KEY, row.key, "key")
        height = self._kinds[row.kind](row)
        self._page.height(row.number, height)
        return height

    def _title(self, row: Row) -> float:
        self._page.text(row.number, Col.NUMBER, self._issue.title, "title")
        for column in range(Col.LABEL, _LAST_PRINTED + 1):
            self._page.blank(row.number, column, "title")
        guide = text("template.guide", self._language)
        self._page.text(row.number, Col.INSTRUCTION, guide, "guide_wrapped")
        return row_height([(guide, self._widths[Col.INSTRUCTION] - _INDENT, SMALL_SIZE)], _TITLE)

    def _notice(self, row: Row) -> float:
        line = self._issue.notice_line
        room = sum(self._widths[column] for column in (Col.LABEL, Col.INPUT, Col.UNIT, Col.CHECK, Col.REMARK)) - _INDENT
        style = "guidance_line" if display_width(line) <= room else "guidance_small"
        self._page.text(row.number, Col.LABEL, line, style)
        return _ROW if line else _GAP

    def _write_around(self, row: Row) -> float:
        self._page.text(row.number, Col.LABEL, row.label, "lead")
        shown = self._input(row)
        return row_height([("\n", self._widths[Col.INPUT], SMALL_SIZE), _measure_answer(shown)], _BAND)

    def _foot(self, row: Row) -> float:
        self._page.text(row.number, Col.LABEL, row.label, "lead")
        self._input(row, "signature")
        footer = self._issue.form.footer
        if row.path == footer[0].key:
            self._page.text(row.number, Col.CHECK, text("template.seal", self._language), "seal")
        else:
            style = "seal_end" if row.path == footer[-1].key else "seal_inside"
            self._page.blank(row.number, Col.CHECK, style)
        return _FOOT

    def _progress(self, row: Row) -> float:
        self._live_cell(row.number, Col.LABEL, "progress")
        return _ROW

    def _heads(self, row: Row) -> float:
        for column, key in HEADS.items():
            if column in {Col.NUMBER, Col.LABEL, *self._right}:
                self._page.text(row.number, column, self._issue.form.say(key), "head")
        return _BAND

    def _section(self, row: Row) -> float:
        self._page.text(row.number, Col.NUMBER, row.label_number, "band_number")
        self._page.text(row.number, Col.LABEL, row.label, "band")
        clause = print_clause(self._issue.form, row)
        for column in self._right:
            self._page.text(row.number, column, clause if column is Col.INSTRUCTION else "", "band_clause")
        return row_height([(clause, self._widths[Col.INSTRUCTION], SMALL_SIZE)], _BAND)

    def _group(self, row: Row) -> float:
        self._page.text(row.number, Col.NUMBER, row.label_number, "group_number")
        self._page.text(row.number, Col.LABEL, row.label, "group")
        clause = print_clause(self._issue.form, row)
        for column in self._right:
            self._page.blank(row.number, column, "group")
        if clause:
            self._page.text(row.number, Col.INSTRUCTION, clause, "group_hint")
        return _ROW

    def _question(self, row: Row) -> float:
        page, field = self._page, row.field
        inner = field is not None and (field.group or row.about.part)
        heads = row.kind is RowKind.CHOICES
        page.text(row.number, Col.NUMBER, row.label_number, "group_number" if heads else "number")
        page.text(row.number, Col.LABEL, row.label, "group" if heads else "label_inner" if inner else "label")
        page.text(row.number, Col.UNIT, field.unit if field else "", "group" if heads else "unit")
        page.text(row.number, Col.INSTRUCTION, print_clause(self._issue.form, row), "clause")
        self._previous(row)
        page.text(row.number, Col.REMARK, self._find_explanation(row), "remark", "@")
        shown = self._input(row) if row.path else self._pointer(row)
        self._live_cell(row.number, Col.CHECK, "check")
        if self._live.has_pending(row):
            self._live_cell(row.number, Col.PENDING, "pending")
        if Col.REVIEW in self._right:
            page.text(row.number, Col.REVIEW, self._fold_findings(row), "review_beside")
        return row_height(self._measure_row(row, shown), _ROW)

    def _find_explanation(self, row: Row) -> str:
        return self._issue.explanations.get(row.about, "")

    def _fold_findings(self, row: Row) -> str:
        return fold_text(self._beside.get(row.about, ""), self._widths[Col.REVIEW] - _INDENT, SMALL_SIZE)

    def _previous(self, row: Row) -> None:
        stood = self._issue.beside.get(row.about, "") if row.path else ""
        if isinstance(stood, Decimal):
            style = self._inputs[row.about].kind.format
            self._page.number(row.number, Col.PREVIOUS, stood, "previous_number", style)
        elif self._issue.beside:
            self._page.text(row.number, Col.PREVIOUS, stood, "previous", "@")

    def _last(self, row: Row) -> str:
        stood = self._issue.beside.get(row.about)
        return stood if isinstance(stood, str) else ""

    def _measure_row(self, row: Row, shown: str) -> Iterator[tuple[str, float, int]]:
        yield self._fold_findings(row), self._widths[Col.REVIEW] - _INDENT, SMALL_SIZE
        yield self._find_explanation(row), self._widths[Col.REMARK], SMALL_SIZE
        yield _measure_last(self._last(row))
        yield row.label, self._widths[Col.LABEL] - 2 * _INDENT, BODY_SIZE
        yield _measure_answer(shown if row.field and row.field.kind.is_long else "")
        yield "\n" * (self._room(row) - 1), self._widths[Col.INPUT], BODY_SIZE
        yield print_clause(self._issue.form, row), self._widths[Col.INSTRUCTION] - _INDENT, SMALL_SIZE
        yield self._live.longest(row), self._widths[Col.CHECK], SMALL_SIZE

    def _room(self, row: Row) -> int:
        # Heights do not follow what is typed in later: a text finds two lines, one that may be long three.
        item = self._inputs.get(row.about)
        if item is None or not item.kind.is_long:
            return 1
        longest = item.limits.max_length if item.limits else None
        return _MOST_LINES if longest and longest > _LONG_TEXT else _LEAST_LINES

    def _pointer(self, row: Row) -> str:
        sheets = {table.field.key: table.sheet for table in self._issue.layout.areas}
        key = row.field.key if row.field else ""
        words = text("template.see_table", self._language, sheet=sheets[key]) if key in sheets else ""
        if row.kind is RowKind.CHOICES:
            words = text("layout.tick_below", self._language)
        self._page.text(row.number, Col.INPUT, words, "group_hint" if row.kind is RowKind.CHOICES else "pointer")
        return words

    def _input(self, row: Row, style: str = "") -> str:
        item = self._inputs[row.about]
        answer = self._issue.answers.get(item.path)
        if item.path in self._issue.fixed:
            style = f"{item.kind.style}_fixed"
        if item.calculated:
            return write_calculated(self._page, self._issue, item)
        return write_value(self._page, item.cell, item, self._issue.form, answer, style=style)

    def _live_cell(self, row: int, column: int, style: str) -> None:
        write_check(self._page, self._live, row, column, style)

    def _seal(self, row: Row) -> float:
        if self._issue.form.footer:  # the room beside the footer rows is where the seal goes
            return _GAP
        self._page.text(row.number, Col.CHECK, text("template.seal", self._language), "seal_box")
        return _SEAL

    def _marker(self, row: Row) -> float:
        self._page.text(row.number, Col.LABEL, self._issue.marker, "marker")
        return _ROW
