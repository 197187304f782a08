"""What a run prints: results on standard output, progress and warnings on standard error; values as data."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, Protocol

from gwxl.cli.pipe import Move, Pipe
from gwxl.documents.writing import write_document
from gwxl.inert import inert

_LOOKED_AT = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables that may make a terminal of a pipe."""


class Outlet(Protocol):
    """What a console prints on."""

    def line(self, text: str, style: str = "") -> None:
        """Print one line."""

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], styles: Sequence[str]) -> None:
        """Print rows below heads."""

    def progress(self, titles: Sequence[str], *, still: bool) -> AbstractContextManager[Sequence[Move]]:
        """Show bars and yield the functions that move them."""
        ...


class Console:
    """A printer of lines, tables and JSON; colour and progress only where somebody looks."""

    def __init__(self, *, color: str = "auto", quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self._out = _outlet(sys.stdout, color)
        self._notes = _outlet(sys.stderr, color)

    def line(self, text: str = "", style: str = "") -> None:
        """Print one line of the result, wrapped by the terminal alone; a line break inside it becomes a blank."""
        self._out.line(_one_line(text), style)

    def advice(self, text: str) -> None:
        """Print what to do next below the result, unless the run is quiet."""
        if not self.quiet:
            self.line(text, style="quiet")

    def note(self, text: str) -> None:
        """Print one line on standard error, unless the run is quiet."""
        if not self.quiet:
            self._notes.line(_one_line(text))

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], styles: Sequence[str] = ()) -> None:
        """Print rows below heads, one line each into a pipe; ``styles`` gives each row's, by name."""
        self._out.table(heads, [[_one_line(cell) for cell in row] for row in rows], styles)

    def json(self, document: Mapping[str, Any]) -> None:
        """Print a JSON document, every text in it inert."""
        sys.stdout.write(write_document(document, indent=1) + "\n")

    def progress(self, *titles: str, still: bool = False) -> AbstractContextManager[Sequence[Move]]:
        """Show bars on a terminal, each once it moves, and yield the functions that move them by (done, all).

        Where nobody knows how much there is to do, all is 0, and the bar moves by itself.

        Those that stand still until they are moved start no thread.
        """
        hidden = self.quiet or not sys.stderr.isatty()  # forced colour makes a log file no terminal
        return (Pipe(sys.stderr) if hidden else self._notes).progress(titles, still=still)


def _outlet(stream: Any, color: str) -> Outlet:
    """Return what prints on a stream; a terminal takes long to load, and is looked at by somebody or forced."""
    if color != "always" and not stream.isatty() and not any(map(os.environ.get, _LOOKED_AT)):
        return Pipe(stream)
    forced = {"always": True, "never": False}.get(color)
    terminal: Outlet = import_module("gwxl.cli.terminal").Terminal(stream, forced=forced)
    return terminal


def _one_line(text: str) -> str:
    return inert(text).replace("\n", " ")


_console: list[Console] = []


def console() -> Console:
    """Return the console of this run."""
    if not _console:
        _console.append(Console())
    return _console[0]


def set_console(new: Console) -> None:
    """Set the console of this run."""
    _console[:] = [new]


def stderr_line(text: str) -> None:
    """Print one line on standard error, whatever the settings."""
    sys.stderr.write(_one_line(text) + "\n")
