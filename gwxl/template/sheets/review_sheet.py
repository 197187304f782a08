"""Write the sheet in front of a workbook that is sent back: what was found, where, and what to do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gwxl.inert import inert_line
from gwxl.records.cell import CellRef
from gwxl.records.finding import Severity
from gwxl.records.submission import LeftBehind
from gwxl.template.issue import Issue
from gwxl.template.review import Done, Point, Reviewed, why_left
from gwxl.template.validation import shorten
from gwxl.wording import text
from gwxl.writer.book import Book, Page
from gwxl.writer.locked_page import LockedPage
from gwxl.writer.look import BODY_SIZE, SMALL_SIZE
from gwxl.writer.measuring import CLOSERS, display_width, fold_text, row_height
from gwxl.writer.printing import set_up_print

_INDENT = 2.0
_LONGEST = 2_000  # characters that are shown of what was left behind
_LONGEST_EXAMPLE = 60
_ROW, _HEAD, _TITLE = 22.0, 24.0, 36.0
_MARKS = {Severity.ERROR: "review_error", Severity.VERIFY: "review_verify"}


@dataclass(frozen=True)
class _Column:
    """A column of the list: the key of its head, its width, the style of its cells."""

    name: str
    width: float
    style: str

    @property
    def size(self) -> int:
        return SMALL_SIZE if self.style == "review_small" else BODY_SIZE

    @property
    def room(self) -> float:
        return self.width - _INDENT

    def fold(self, words: str) -> str:
        return fold_text(words, self.room, self.size)


_COLUMNS = (
    _Column("number", 6, "number"),
    _Column("severity", 9, "review"),
    _Column("cell", 9, "review"),
    _Column("field", 28, "label"),
    _Column("message", 54, "label"),
    _Column("todo", 32, "label"),
    _Column("example", 22, "review_small"),
)
_STATE = _Column("state", 13, "review")
_RULE = _Column("rule", 7, "review_small")


def write_review_sheet(book: Book, issue: Issue, reviewed: Reviewed) -> None:
    """Add the sheet in front of all others."""
    page = LockedPage(book, issue.layout.review_sheet)
    columns = (*_COLUMNS, *([_STATE] if reviewed.review.again else []), _RULE)
    page.widths({place: column.width for place, column in enumerate(columns, 1)})
    last, head_row = _Writer(page, issue, reviewed, columns).write()
    page.sheet.protect("", {"format_columns": True, "format_rows": True})
    set_up_print(page, issue.form.language, (1, len(columns)), last, head_row)
    page.sheet.activate()


class _Writer:
    """A writer of the sheet from the top, row by row."""

    def __init__(self, page: Page, issue: Issue, reviewed: Reviewed, columns: tuple[_Column, ...]) -> None:
        self._page = page
        self._issue = issue
        self._reviewed = reviewed
        self._columns = columns
        self._row = 0

    def write(self) -> tuple[int, int]:
        """Write everything; return the last row, and the row of the heads."""
        review = self._reviewed.review
        self._lead()
        self._heads()
        head_row = self._row
        for number, point in enumerate(review.points, 1):
            self._point(number, point)
        if not review.points:
            self._line(self._word("nothing_open"))
        if review.done:
            self._section("done_title")
            for number, done in enumerate(review.done, 1):
                self._write_done(number, done)
        if review.lost:
            self._section("lost_title")
            for number, lost in enumerate(review.lost, 1):
                self._write_lost(number, lost)
        return self._row, head_row

    def _word(self, name: str, **values: object) -> str:
        return text(f"review.{name}", self._reviewed.language, **values)

    def _lead(self) -> None:
        review = self._reviewed.review
        self._next(_TITLE)
        self._page.text(self._row, 1, self._word("title", title=self._issue.title), "title_left")
        for words in (review.to, *self._issue.guidance, self._reviewed.counts()):
            self._line(words, "lead")
        if review.rejected:
            self._line(self._word("rejected", reason=review.rejected), "lead")
        self._line(self._reviewed.say_carried())
        self._line(self._reviewed.say_unasked(), "lead")
        if not review.refused:
            self._line(self._word("guide", sheet=self._issue.layout.sheet))
        self._next(_ROW / 2)

    def _section(self, title: str) -> None:
        """Begin another list under the same heads: a printed page repeats one row of them, whatever list is on it."""
        self._next(_ROW / 2)
        self._line(self._word(title), "lead")

    def _heads(self) -> None:
        self._next(_HEAD)
        for place, column in enumerate(self._columns, 1):
            self._page.text(self._row, place, self._word(f"head.{column.name}"), "head")

    def _line(self, words: str, style: str = "plain") -> None:
        """Write one text over the empty cells beside it, on as many rows as it takes."""
        for part in _break(words, sum(column.width for column in self._columns) - _INDENT):
            self._next(_ROW)
            self._page.text(self._row, 1, part, style)

    def _next(self, height: float) -> None:
        self._row += 1
        self._page.height(self._row, height)

    def _point(self, number: int, point: Point) -> None:
        reviewed, finding = self._reviewed, point.finding
        words = {
            "severity": reviewed.severity(point),
            "field": reviewed.label(finding.key),
            "message": reviewed.message(point),
            "todo": reviewed.todo(point),
            "example": shorten(point.example, _LONGEST_EXAMPLE),
            "rule": finding.id,
            "state": self._word(f"state.{point.state}") if point.state else "",
        }
        self._cells(number, words, reviewed.cell(finding.key))
        self._page.text(self._row, 2, words["severity"], _MARKS[finding.severity])

    def _write_done(self, number: int, done: Done) -> None:
        words = {
            "field": self._reviewed.label(done.path),
            "message": done.title,
            "rule": done.rule,
            "state": self._word(f"state.{done.state}"),
        }
        self._cells(number, words, self._reviewed.cell(done.path))

    def _write_lost(self, number: int, lost: LeftBehind) -> None:
        cell = lost.cell.address if lost.cell else ""
        raw = self._word("lost_raw", raw=inert_line(lost.raw, _LONGEST))
        why = self._word("lost_why", why=why_left(lost, self._reviewed.language))
        self._cells(number, {"cell": cell, "field": lost.label, "message": raw, "todo": why})

    def _cells(self, number: int, words: Mapping[str, str], link: CellRef | None = None) -> None:
        shown = {column.name: column.fold(words.get(column.name, "")) for column in self._columns}
        self._next(row_height([(shown[column.name], column.room, column.size) for column in self._columns], _ROW))
        self._page.number(self._row, 1, number, "number")
        for place, column in enumerate(self._columns[1:], 2):
            if column.name == "cell" and link is not None:
                self._page.link(self._row, place, link, "review_link")
            else:
                self._page.text(self._row, place, shown[column.name], column.style)


def _break(words: str, width: float) -> Iterator[str]:
    """Yield a text in pieces that fit a width, in half-width characters; nothing of an empty one."""
    piece = ""
    for char in words:
        if piece and char not in CLOSERS and display_width(piece + char) > width:
            yield piece
            piece = ""
        piece = (piece + char).lstrip()
    if piece:
        yield piece
