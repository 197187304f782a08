"""Measure wrapped text, so that a row is as high as its longest cell needs, in Excel and LibreOffice both."""

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from gwxl.writer.look import BODY_SIZE

_LINE = 1.45  # points of line height a point of font: what Noto Sans CJK needs; 微软雅黑 needs 1.32
_MARGIN = 5.0  # points above and below the text
_WIDER = 1.05  # a Chinese character is 15 pixels wide where two characters of column width are 16
_PADDING = 1.0  # characters of a column its cells keep free at their edges
CLOSERS = "，。、；：？！”’）》」』】〉％…,.;:?!)]}%"
_OPENERS = "“‘（《「『【〈([{"
_TOKEN = re.compile(
    rf"[{re.escape(_OPENERS)}]*(?:[\x21-\x7e]+|[^\x00-\x7f]|\s)[{re.escape(CLOSERS)}]*",
)


def display_width(text: str) -> int:
    """Return the width of a text in half-width characters."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


@lru_cache(maxsize=8192)  # a summary measures the same few thousand characters a million times
def _char_width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def count_lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a cell of a width, in half-width characters of its own font.

    Runs of ASCII stay together, closing marks stay with what they close, as the programs break lines.
    """
    lines = (line for paragraph in text.split("\n") for line in _lines_of(paragraph, width))
    return sum(max(1, math.ceil(display_width(line) / width)) for line in lines)


def fold_text(text: str, column: float, size: int) -> str:
    """Return a text with a line feed where a line ends in a column, so that no program begins one with 。 or ）.

    Args:
        text: the text.
        column: its width, as :func:`row_height` takes it.
        size: of the font, points.
    """
    width = _room(column, size)
    paragraphs = ("\n".join(_lines_of(paragraph, width)) for paragraph in text.split("\n"))
    return "\n".join(paragraph.replace("\n ", " \n") for paragraph in paragraphs)


def row_height(cells: Iterable[tuple[str, float, int]], least: float) -> float:
    """Return the height in points that a row needs for its cells.

    Args:
        cells: text, column width in characters of the Normal style, font size in points.
        least: the height a row of one line has.
    """
    heights = [least]
    for text, column, size in cells:
        lines = count_lines(text, _room(column, size))
        heights.append(lines * size * _LINE + _MARGIN)
    return math.ceil(max(heights) * 4) / 4


def _room(column: float, size: int) -> float:
    return (column - _PADDING) * _WIDER * BODY_SIZE / size


def _lines_of(paragraph: str, width: float) -> list[str]:
    """Return the lines of a paragraph; one that cannot be broken may be wider."""
    if display_width(paragraph) <= width:
        return [paragraph]
    lines, used = [""], 0
    for token in _TOKEN.findall(paragraph):
        size = display_width(token)
        if used and used + size > width:
            lines.append("")
            used = 0
        lines[-1] += token
        used += size
    return lines
