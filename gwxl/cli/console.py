"""What a run prints: results on standard output, progress and warnings on standard error; values as data."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console as Terminal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from gwxl.inert import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PIPE_WIDTH = 120
STYLES = {"error": "bold red", "verify": "yellow", "hint": "cyan", "good": "green", "quiet": "dim"}


class Console:
    """Print lines, tables and JSON; colour and progress only where somebody looks."""

    def __init__(self, *, color: str = "auto", quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        forced = {"always": True, "never": False}.get(color)
        self._out = _terminal(sys.stdout, forced=forced)
        self._progress = _terminal(sys.stderr, forced=forced)

    def line(self, text: str = "", style: str = "") -> None:
        """Print one line of the result, wrapped by the terminal alone; a line break inside it becomes a blank."""
        self._out.print(Text(_one_line(text), style=STYLES.get(style, "")), soft_wrap=True)

    def note(self, text: str) -> None:
        """Print one line on standard error, unless the run is quiet."""
        if not self.quiet:
            self._progress.print(Text(_one_line(text)), soft_wrap=True)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], styles: Sequence[str] = ()) -> None:
        """Print rows below heads, one line each into a pipe; ``styles`` gives each row's, by name."""
        told = [list(row) for row in rows]
        if not self._out.is_terminal:
            self._plain_table([list(heads), *told])
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            table.add_column(Text(head))
        for place, row in enumerate(told):
            style = STYLES.get(styles[place], "") if place < len(styles) else ""
            table.add_row(*(Text(_one_line(cell), style="" if column else style) for column, cell in enumerate(row)))
        self._out.print(table)

    def _plain_table(self, rows: Sequence[Sequence[str]]) -> None:
        widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            padded = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
            self.line("  ".join(padded).rstrip())

    def json(self, document: Mapping[str, Any]) -> None:
        """Print a JSON document, every text in it inert."""
        sys.stdout.write(json.dumps(_inert_json(document), ensure_ascii=False, indent=1) + "\n")

    @contextmanager
    def progress(self, *titles: str) -> "Iterator[list[Callable[[int, int], None]]]":
        """Show bars on a terminal, each once it moves, and yield the functions that move them by (done, all)."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        hidden = self.quiet or not sys.stderr.isatty()  # forced colour makes a log file no terminal
        with Progress(*columns, console=self._progress, transient=True, disable=hidden) as bar:
            yield [partial(_move, bar, bar.add_task(title, total=None, visible=title == titles[0])) for title in titles]


def _move(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total, visible=True)


def _terminal(stream: Any, *, forced: bool | None) -> Terminal:
    no_color = None if forced is None else not forced  # None: as NO_COLOR says
    terminal = Terminal(
        file=stream, highlight=False, markup=False, emoji=False, force_terminal=forced, no_color=no_color
    )
    if not terminal.is_terminal:
        terminal.width = _PIPE_WIDTH
    return terminal


def _one_line(text: str) -> str:
    return inert(text).replace("\n", " ")


def _inert_json(value: Any) -> Any:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {name: _inert_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_inert_json(item) for item in value]
    return value


_console = [Console()]


def console() -> Console:
    """Return the console of this run."""
    return _console[0]


def set_console(new: Console) -> None:
    """Set the console of this run."""
    _console[0] = new


def stderr_line(text: str) -> None:
    """Print one line on standard error, whatever the settings."""
    sys.stderr.write(_one_line(text) + "\n")
