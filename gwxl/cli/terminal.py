"""Where somebody looks: colour, tables as wide as the window, a bar that moves."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from gwxl.cli.pipe import Move, Pipe

_PIPE_WIDTH = 120
_MANY = 1_000  # rows
_STYLES = {"error": "bold red", "verify": "yellow", "hint": "cyan", "good": "green", "quiet": "dim"}


class Terminal:
    """A stream with colour."""

    def __init__(self, stream: Any, *, forced: bool | None) -> None:
        no_color = None if forced is None else not forced  # None: as NO_COLOR says
        self._console = Console(
            file=stream, highlight=False, markup=False, emoji=False, force_terminal=forced, no_color=no_color
        )
        if not self._console.is_terminal:
            self._console.width = _PIPE_WIDTH

    def line(self, text: str, style: str = "") -> None:
        """Print one line, wrapped by the terminal alone."""
        self._console.print(Text(text, style=_STYLES.get(style, "")), soft_wrap=True)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], styles: Sequence[str]) -> None:
        """Print rows below heads; a style is that of a row's first cell.

        Rows that nobody reads one by one are not fitted to the window, which would take longer than all else.
        """
        told = list(rows)
        if not self._console.is_terminal or len(told) > _MANY:  # no terminal: forced to have no colour, or told so
            Pipe(self._console.file).table(heads, told, styles)
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            table.add_column(Text(head))
        for place, row in enumerate(told):
            style = _STYLES.get(styles[place], "") if place < len(styles) else ""
            table.add_row(*(Text(cell, style="" if column else style) for column, cell in enumerate(row)))
        self._console.print(table)

    @contextmanager
    def progress(self, titles: Sequence[str], *, still: bool) -> Iterator[Sequence[Move]]:
        """Show bars, each once it moves, and yield the functions that move them; one without an end goes to and fro."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self._console, transient=True, auto_refresh=not still) as bar:
            yield [partial(_move, bar, bar.add_task(title, total=None, visible=title == titles[0])) for title in titles]


def _move(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total or None, visible=True, refresh=not bar.live.auto_refresh)
