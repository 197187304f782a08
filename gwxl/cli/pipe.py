"""Where nobody looks: a pipe or a file takes the bare text, each row on one line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.cells import cell_len

Move = Callable[[int, int], None]
"""What moves a bar, called with (done, all)."""

_TAB = 8


class Pipe:
    """A stream without colour, written as :class:`gwxl.cli.terminal.Terminal` would, which takes long to load."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def line(self, text: str, style: str = "") -> None:
        """Print one line."""
        del style
        shown, *behind_tabs = text.split("\t")
        for piece in behind_tabs:
            shown += " " * (_TAB - cell_len(shown) % _TAB) + piece
        self._stream.write(shown + "\n")
        self._stream.flush()

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], styles: Sequence[str]) -> None:
        """Print rows below heads."""
        del styles
        told = [heads, *rows]
        widths = [max(map(cell_len, column)) for column in zip(*told, strict=True)]
        for row in told:
            padded = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
            self.line("  ".join(padded).rstrip())

    @contextmanager
    def progress(self, titles: Sequence[str], *, still: bool) -> Iterator[Sequence[Move]]:
        """Yield functions that move nothing."""
        del still
        yield [lambda _done, _total: None for _ in titles]
