"""Write decisions as a workbook: a sheet for each kind of case, a list of the words that fit beside each row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from gwxl.batch.decision import FITTING, Choice, Decision, State, word_of
from gwxl.batch.decisions.sheets import FIRST_ROW, SheetKind, sheets_of, title_of
from gwxl.batch.decisions.table import TYPED, columns_of, format_cell, head_of, titles_of, whole
from gwxl.files.excel_limits import check_list
from gwxl.form.identity import DECISIONS, DOCUMENT_PROPERTY
from gwxl.wording import text
from gwxl.writer.book import Book, Page, Styles, warnings_as_errors
from gwxl.writer.look import BODY_SIZE, GREY, LIGHT, LINE, NORMAL, OPEN_FILL, OPEN_TEXT, PALE, SMALL_SIZE
from gwxl.writer.measuring import row_height
from gwxl.writer.printing import set_up_print

Table = tuple[str, tuple[tuple[str, ...], ...]]
"""The title of a sheet that a clerk added, and its rows."""

_CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same decisions shall give the same bytes

_CELL: Mapping[str, Any] = {"border": 1, "border_color": LINE, "num_format": "@", "text_wrap": 1, "valign": "top"}
_SMALL = {"font_size": SMALL_SIZE, "font_color": GREY}
_STYLES: Styles = {
    "head": {**_CELL, "bg_color": LIGHT, "bold": 1, "align": "center", "valign": "vcenter"},
    "head_typed": {**_CELL, "bg_color": "#C9DDF3", "bold": 1, "align": "center", "valign": "vcenter"},
    "text": {**_CELL, "align": "left", "indent": 1},
    "small": {**_CELL, **_SMALL, "align": "left", "indent": 1},
    "typed": {**_CELL, "bg_color": PALE, "align": "left", "indent": 1},
    "word": {**_CELL, "bg_color": PALE, "bold": 1, "align": "center"},
    "centre": {**_CELL, "align": "center"},
    "open": {**_CELL, "align": "center", "bold": 1, "font_color": OPEN_TEXT, "bg_color": OPEN_FILL},
    "settled": {**_CELL, "align": "center", "font_color": "#2E6B34"},
    "vain": {**_CELL, "align": "left", "indent": 1, "font_color": "#9C0006", "bg_color": "#FBE3E4"},
    "done": {**_CELL, "align": "left", "indent": 1, "font_color": "#2E6B34"},
}
_WIDTHS: Mapping[str, float] = {
    "state": 9,
    "file": 24,
    "site": 12.5,
    "name": 18,
    "question": 44,
    "mine": 28,
    "proposal": 13,
    "other": 28,
    "other2": 28,
    "other3": 28,
    "decision": 13,
    "reason": 24,
    "who": 9,
    "when": 12,
    "trouble": 26,
    "sheet": 10,
    "rule": 7,
}
_NOTE_WIDTH = 20.0
_HIDDEN = ("key", "covers", "sha256")
_LAST = ("sheet", "rule")  # what a clerk seldom reads
_HEAD_HEIGHT, _LEAST = 24.0, 20.0
_KEPT_IN_VIEW = 2  # columns


def write_workbook(rows: Sequence[Decision], language: str, added: Sequence[Table] = ()) -> bytes:
    """Return the workbook of decisions.

    Args:
        rows: every row, in any order.
        language: of heads and words.
        added: the sheets that a clerk added, kept as they are.

    Raises:
        WorkbookError: a text is longer than a cell takes.
    """
    with warnings_as_errors():
        book = Book(_STYLES, {**NORMAL, "locked": 1})
        book.describe({"title": text("decision.title", language), "created": _CREATED}, {DOCUMENT_PROPERTY: DECISIONS})
        sheets = sheets_of(rows) or {SheetKind.SINGLE: []}
        for kind, inside in sheets.items():
            _Sheet(book, kind, [row for _, row in inside], language).write()
        for title, table in added:
            _copy(Page(book, title), table)
        return book.close()


class _Sheet:
    """A writer of one sheet."""

    def __init__(self, book: Book, kind: SheetKind, rows: Sequence[Decision], language: str) -> None:
        self._page = Page(book, title_of(kind, language))
        self._rows = rows
        self._language = language
        used = columns_of(rows)
        seen = [name for name in used if name not in {*_HIDDEN, *_LAST}]
        self._names = [*seen, *(name for name in _LAST if name in used)]
        self._titles = titles_of(rows)

    def write(self) -> None:
        """Write heads, rows, lists, widths and print setup."""
        columns = [*self._columns()]
        for column, (head, width, style, _) in enumerate(columns, 1):
            self._page.columns(column, column, width, hidden=width == 0)
            self._page.text(1, column, head, style)
        self._page.height(1, _HEAD_HEIGHT)
        for line, row in enumerate(self._rows, FIRST_ROW):
            self._write_row(line, row, columns)
        last = max(len(self._rows) + 1, FIRST_ROW)
        self._offer()
        self._keep_ours(last)
        self._page.sheet.freeze_panes(1, _KEPT_IN_VIEW)
        seen = len(self._names) + len(self._titles)
        set_up_print(self._page, self._language, (1, self._names.index("trouble") + 1), last, 1)
        self._page.check(self._page.sheet.autofilter(0, 0, last - 1, seen - 1), 1, 1, "filter")
        self._page.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _columns(self) -> Iterator[tuple[str, float, str, Callable[[Decision], str]]]:
        """Yield head, width (0 where it is hidden), style of the head and text of each column, from the left."""
        for name in self._names:
            style = "head_typed" if name in TYPED else "head"
            yield head_of(name, self._language, short=True), _WIDTHS[name], style, self._make_formatter(name)
        for title in self._titles:
            yield title, _NOTE_WIDTH, "head_typed", _make_note_reader(title)
        for name in _HIDDEN:
            yield head_of(name, self._language, short=True), 0, "head", self._make_formatter(name)

    def _make_formatter(self, name: str) -> Callable[[Decision], str]:
        return lambda row: format_cell(row, name, self._language)

    def _write_row(
        self, line: int, row: Decision, columns: Sequence[tuple[str, float, str, Callable[[Decision], str]]]
    ) -> None:
        styles = [*(_style(name, row) for name in self._names), *("typed" for _ in self._titles)]
        styles += ["small"] * len(_HIDDEN)
        cells = [(tell(row), width) for _, width, _, tell in columns]
        for column, ((words, _), style) in enumerate(zip(cells, styles, strict=True), 1):
            self._page.text(line, column, words, style)
        self._page.height(line, row_height(((words, width, BODY_SIZE) for words, width in cells if width), _LEAST))

    def _offer(self) -> None:
        """Offer beside each row the words that fit it; other words are taken too, as what they mean is told."""
        column = self._names.index("decision") + 1
        runs = [(choice, len([*run])) for choice, run in groupby(row.choice for row in self._rows)]
        line = FIRST_ROW
        for choice, length in runs:
            if choice is not None:
                words = _words(choice, self._language)
                place = f"{self._page.title}: {choice}"
                check_list(place, words)
                self._page.validation(line, column, line + length - 1, self._list(words))
            line += length

    def _list(self, words: Sequence[str]) -> Mapping[str, Any]:
        return {
            "validate": "list",
            "source": [*words],
            "input_title": text("decision.prompt_title", self._language),
            "input_message": text("decision.prompt", self._language),
            "show_error": False,
        }

    def _keep_ours(self, last: int) -> None:
        """Let nobody type by accident into what is written anew each time; sorting and moving stay free."""
        refusal = {
            "validate": "custom",
            "value": "=FALSE",
            "ignore_blank": False,
            "error_title": text("decision.ours_title", self._language),
            "error_message": text("decision.ours", self._language),
        }
        for column, name in enumerate(self._names, 1):
            if name not in TYPED:
                self._page.validation(FIRST_ROW, column, last, refusal)


def _words(choice: Choice, language: str) -> list[str]:
    return [word_of(verb, language) for verb in FITTING[choice]]


def _make_note_reader(title: str) -> Callable[[Decision], str]:
    return lambda row: whole(dict(row.notes).get(title, ""))


def _style(name: str, row: Decision) -> str:
    if name == "state":
        return {State.OPEN: "open", State.DEFAULT: "open", State.DECIDED: "settled"}.get(row.state, "centre")
    if name == "trouble":
        return "vain" if row.trouble else "done"
    if name in TYPED:
        return "word" if name == "decision" else "typed"
    return "small" if name in _LAST else "text"


def _copy(page: Page, table: Sequence[Sequence[str]]) -> None:
    for line, cells in enumerate(table, 1):
        for column, words in enumerate(cells, 1):
            if words:
                page.text(line, column, whole(words), "text")
