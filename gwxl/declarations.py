"""What form files and rule files share: how their mistakes are told, and how their texts are tidied."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gwxl.errors import DeclarationError

Report = Callable[[DeclarationError], None]
"""What is done with a mistake: raised where the form is to be used, kept where all of them are looked for."""

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, lone surrogates, noncharacters, and what a workbook writes in place of one: _x000D_.
_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def refuse(mistake: DeclarationError) -> None:
    """Raise a mistake: the report of whoever uses the form."""
    raise mistake


@contextmanager
def reporting(report: Report) -> Iterator[None]:
    """Hand the mistake that ends the block to a report, so that what follows is looked at too."""
    try:
        yield
    except DeclarationError as mistake:
        report(mistake)


def tidy_lines(text: str) -> str:
    """Return a text as a cell takes it: its lines kept, tabs made blanks, nothing around them.

    What is pasted from a document brings tabs, vertical tabs and line ends of its own, which a program that saves the
    workbook would change.
    """
    lines = (line.replace("\t", " ").strip() for line in _LINE_ENDS.sub("\n", text).split("\n"))
    return "\n".join(lines).strip()


def tidy_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(part for part in tidy_lines(text).split("\n") if part)


def stranger(text: str) -> str:
    """Return what no workbook can hold as it is, by name, e.g. ``U+0007``; empty where everything fits."""
    found = _NEVER.search(text)
    if found is None:
        return ""
    return f"U+{ord(found[0]):04X}" if len(found[0]) == 1 else found[0]
