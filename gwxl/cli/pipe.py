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
        self._write([text])

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], styles: Sequence[str]) -> None:
        """Print rows below heads."""
        del styles
        told = [heads, *rows]
        lengths = [list(map(_measure, row)) for row in told]
        widths = list(map(max, zip(*lengths, strict=True)))
        self._write(
            "  ".join(
                cell + " " * (width - length) for cell, width, length in zip(row, widths, taken, strict=True)
            ).rstrip()
            for row, taken in zip(told, lengths, strict=True)
        )

    def _write(self, lines: Iterable[str]) -> None:
        self._stream.write("".join(f"{_expand_tabs(line)}\n" for line in lines))
        self._stream.flush()

    @contextmanager
    def progress(self, titles: Sequence[str], *, still: bool) -> Iterator[Sequence[Move]]:
        """Yield functions that move nothing."""
        del still
        yield [lambda _done, _total: None for _ in titles]


def _measure(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() and text.isprintable() else cell_len(text)


def _expand_tabs(line: str) -> str:
    shown, *behind_tabs = line.split("\t")
    for piece in behind_tabs:
        shown += " " * (_TAB - cell_len(shown) % _TAB) + piece
    return shown
