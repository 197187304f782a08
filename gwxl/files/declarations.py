"""What form files and rule files share: how they are read, their mistakes told, and their texts tidied."""

import codecs
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from gwxl.errors import DeclarationError, GwxlError
from gwxl.files.plain_files import read_plain
from gwxl.files.toml_bounds import find_out_of_bounds

Report = Callable[[DeclarationError], None]
"""What is done with a mistake: raised where the form is to be used, kept where all of them are looked for."""

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, lone surrogates, noncharacters, and what a workbook writes in place of one: _x000D_.
_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_CURE = "save it as UTF-8 (in Notepad: Save As, Encoding, UTF-8)"
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONGEST = 1 << 19  # bytes of a form or rule file; the longest that comes with gwxl has 36,000


def read_declaration(
    file: Path, refuse: Callable[[str, str], GwxlError], parse_float: Callable[[str], Any] = float
) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Args:
        file: the file.
        refuse: makes the exception for a key, empty where it is the file's, and a reason.
        parse_float: what decimals become.

    Raises:
        GwxlError: what ``refuse`` made: it cannot be read, is a link, too long, in another encoding (named), nested too
            deep, holds a number of too many digits, or is no TOML.
    """
    text = read_text(file, _LONGEST, partial(refuse, ""))
    if found := find_out_of_bounds(text):
        raise refuse(*found)
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except (ValueError, RecursionError) as error:
        raise refuse("", f"is no valid TOML: {error}") from error


def read_text(file: Path, most: int, refuse: Callable[[str], GwxlError]) -> str:
    """Return the text of a file in UTF-8; the byte order mark some editors put before it is passed over.

    Args:
        file: the file.
        most: how many bytes it may have.
        refuse: makes the exception for a reason.

    Raises:
        GwxlError: what ``refuse`` made: it cannot be read, is a link, too long, or in another encoding (named).
    """
    data = read_plain(file, most, refuse)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(_other_encoding(data, error)) from error
    if "\0" in text:  # valid UTF-8, as long as it holds nothing but ASCII
        raise refuse(_other_encoding(data))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _other_encoding(data: bytes, error: UnicodeDecodeError | None = None) -> str:
    """Return which encoding a file is in that is no UTF-8, and what to do."""
    if data.startswith(_UTF_32):
        return f"is in UTF-32; {_CURE}"
    if data.startswith(_UTF_16) or b"\0" in data:
        return f"is in UTF-16 (Notepad calls it Unicode); {_CURE}"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        line = data.count(b"\n", 0, error.start) + 1 if error else 1
        return f"is no UTF-8 in line {line}; {_CURE}"
    return f"is in GBK (Notepad calls it ANSI); {_CURE}"


def refuse(mistake: DeclarationError) -> None:
    """Raise a mistake: the report of whoever uses the form."""
    raise mistake


@contextmanager
def catch_mistake(report: Report) -> Iterator[None]:
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
