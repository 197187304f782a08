"""Write a sheet that is one plain list: title, heads, rows, a filter, or one line when it is empty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gwxl.records.cell import column_letters
from gwxl.summary.page import A3, A4, Page, Put, width_for

_WIDEST_A4 = 180  # characters

KEY_ROW, HEAD_ROW, FIRST_ROW = 2, 3, 4


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of one column of a list: a key below ``summary.head.``, its width and the style of its cells.

    A column is wider than its width where its texts need it, up to ``most``. ``words`` are the head where it is none
    of the program's own; a hidden column is only there to be found by.
    """

    key: str
    width: float
    most: float = 0
    style: str = "text"
    words: str = ""
    hidden: bool = False


def write_list(
    page: Page,
    title: str,
    heads: Sequence[Head],
    rows: Sequence[Sequence[Put | str | int]],
    *,
    empty: str,
    frozen: int = 0,
    note: str = "",
) -> None:
    """Write a list; a bare text or number takes the style of its column.

    Args:
        page: the sheet.
        title: the line on top.
        heads: the columns.
        rows: their cells, as many as heads.
        empty: the line to show when there are no rows.
        frozen: how many columns stay in view.
        note: what is said beside the title.
    """
    widths = [_width(head, (row[place] for row in rows)) for place, head in enumerate(heads)]
    page.widths(*widths)
    for column, head in enumerate(heads, 1):
        if head.hidden:
            page.hide(column)
    page.title_line(title, note + page.say("no_print"))
    page.line(*(Put(f"#{head.key}", "key") for head in heads), hidden=True)
    page.heads(*(head.words or page.say(f"head.{head.key}") for head in heads))
    for row in rows:
        page.line(*(_cell(cell, head) for cell, head in zip(row, heads, strict=True)))
    if not rows:
        page.line(Put(empty, "note"))
    paper = A3 if sum(widths) > _WIDEST_A4 else A4
    page.offer_filter(HEAD_ROW, HEAD_ROW + max(len(rows), 1), len(heads), frozen=frozen, paper=paper)


def letters_of(heads: Sequence[Head], key: str) -> str:
    """Return the letters of the column of a key."""
    return column_letters([head.key for head in heads].index(key) + 1)


def _width(head: Head, cells: Iterable[Put | str | int]) -> float:
    return max(head.width, width_for((cell for cell in cells if isinstance(cell, str)), head.width, head.most))


def _cell(cell: Put | str | int, head: Head) -> Put:
    return cell if isinstance(cell, Put) else Put(cell, head.style)
