"""Where somebody looks: colour, tables as wide as the window, a bar that moves."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from gwxl.cli.pipe import Pipe

_PIPE_WIDTH = 120
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
        """Print rows below heads; a style is that of a row's first cell."""
        if not self._console.is_terminal:  # forced to have no colour, or told so by the environment
            Pipe(self._console.file).table(heads, rows, styles)
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            table.add_column(Text(head))
        for place, row in enumerate(rows):
            style = _STYLES.get(styles[place], "") if place < len(styles) else ""
            table.add_row(*(Text(cell, style="" if column else style) for column, cell in enumerate(row)))
        self._console.print(table)

    @contextmanager
    def progress(self, title: str, *, still: bool) -> Iterator[Callable[[int, int], None]]:
        """Show a bar and yield the function that moves it; one that stands still between has no thread."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self._console, transient=True, auto_refresh=not still) as bar:
            task = bar.add_task(title, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total, refresh=still)
