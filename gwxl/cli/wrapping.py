"""Text in lines of a terminal, where a Chinese character is as wide as two letters."""

import re
from collections.abc import Iterable
from itertools import chain

import click
from rich.cells import cell_len

from gwxl.cli.language import say

WIDTH = 80
_GAP = 2

_PIECE = re.compile(
    r"\s+"
    r"|[（“‘《「]{0,3}+[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff][，。；：、！？）”’》」…]{0,3}+"
    r"|[^\s\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff（“‘《「]+"
    r"|."
)
"""What stays in one line: a Chinese character with the marks beside it, a word, a run of blanks."""


def wrap(text: str, width: int) -> list[str]:
    """Return a text in lines of so many columns; a piece that is longer has a line of its own."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and cell_len(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


class Formatter(click.HelpFormatter):
    """Help whose columns stand below each other in Chinese as well."""

    def write_heading(self, heading: str) -> None:
        """Write a head of a section."""
        self.write(f"{'':>{self.current_indent}}{heading}{say('colon')}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; one that begins with a backspace stands as it is."""
        for number, paragraph in enumerate(text.split("\n\n")):
            if number:
                self.write_paragraph()
            kept = paragraph.startswith("\b\n")
            lines = (
                paragraph.split("\n")[1:] if kept else wrap(" ".join(paragraph.split()), WIDTH - self.current_indent)
            )
            self._write_lines(lines)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = _GAP) -> None:
        """Write terms and what they mean, a column each."""
        rows = list(rows)
        left = min(max(cell_len(term) for term, _ in rows), col_max) + col_spacing
        self._write_lines(
            chain.from_iterable(_format_definition(*row, left, WIDTH - self.current_indent) for row in rows)
        )

    def _write_lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(f"{'':>{self.current_indent}}{line}".rstrip() + "\n")


def _format_definition(term: str, meaning: str, left: int, width: int) -> list[str]:
    """Return a term and its meaning in lines, the meaning from the column ``left`` on."""
    first, *rest = wrap(meaning, width - left)
    below = [" " * left + line for line in rest]
    if cell_len(term) + _GAP > left:
        return [term, " " * left + first, *below]
    return [term + " " * (left - cell_len(term)) + first, *below]
