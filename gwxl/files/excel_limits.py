"""Excel's own limits, held before anything is written: a text that breaks one is refused, never cut.

Lengths count UTF-16 units, as Excel does. Source: Excel specifications and limits; ECMA-376 part 1, 18.3.1.
"""

import re
from collections.abc import Sequence

from gwxl.errors import WorkbookError

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
HEIGHT = 409.0  # of a row, points
DIGITS = 15  # of a number: more are rounded by every program
STRING = 32_767
FORMULA = 8_192
VALIDATION_FORMULA = 255
PROMPT_TITLE = 32
SHEET_TITLE = 31
PROMPT = 255
NAME = 255
PROPERTY = 255
HEADER_FOOTER = 255
NESTING = 64
LITERAL = 255
ARGUMENTS = 30
"""Arguments of a function in .xls; later formats take 255."""

_SHEET = re.compile(r"(?!')[^\[\]:*?/\\\x00-\x1f]{1,31}(?<!')\Z")
_NAME = re.compile(r"[A-Za-z_\\][A-Za-z0-9_.\\]*\Z")
_CELL_LIKE = re.compile(r"(?:[A-Za-z]{1,3}[0-9]{1,7}|[RrCc]|[Rr][0-9]*[Cc][0-9]*)\Z")
_TEXT = re.compile(r'"((?:[^"]|"")*)"')
_SHEET_NAME = re.compile(r"'(?:[^']|'')*'")
_BRACKET = re.compile(r"[A-Z][A-Z0-9.]*+\(?|[()]")
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def units(value: str) -> int:
    """Return the length of a text as Excel counts it: 𠮷 is 2."""
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def is_writable(value: str, most: int = STRING) -> bool:
    """Tell whether a text fits into a cell, or where fewer characters fit, as it is."""
    if len(value) < most and value.isascii() and value.isprintable():  # as most texts are; told without looking through
        return True
    marked = value.startswith("<r>") and value.endswith("</r>")  # the writer has to set a blank after it
    return units(value) + marked <= most and _BAD.search(value) is None


def check_length(place: str, value: str, most: int) -> str:
    """Return a text that fits.

    Raises:
        WorkbookError: it is longer, or holds a character XML cannot carry.
    """
    if units(value) > most:
        message = f"{place}: {units(value)} characters, Excel takes {most}; shorten {value[:40]!r}…"
        raise WorkbookError(message)
    if found := _BAD.search(value):
        message = f"{place}: character U+{ord(found[0]):04X} cannot stand in a workbook; remove it"
        raise WorkbookError(message)
    return value


def check_sheet_title(title: str) -> str:
    """Return a sheet title Excel takes.

    Raises:
        WorkbookError: it is empty, longer than 31, or holds a character Excel refuses there.
    """
    if not _SHEET.match(title) or units(title) > SHEET_TITLE or title.casefold() == "history":
        message = f"sheet {title!r}: not a title Excel takes (1 to 31 characters, none of []:*?/\\, no ' at an end)"
        raise WorkbookError(message)
    return title


def check_name(name: str) -> str:
    """Return a defined name Excel takes.

    Raises:
        WorkbookError: it is too long, holds a character Excel refuses there, or reads like a cell.
    """
    if not _NAME.match(name) or len(name) > NAME or _CELL_LIKE.match(name):
        message = f"defined name {name!r}: not one Excel takes (letters, digits, _ and ., like no cell, at most {NAME})"
        raise WorkbookError(message)
    return name


def is_inline_list(items: Sequence[str]) -> bool:
    """Tell whether items can stand in a validation itself, joined by commas."""
    plain = all(item and "," not in item and '"' not in item and item == item.strip() for item in items)
    return bool(items) and plain and units(",".join(items)) <= VALIDATION_FORMULA


def check_list(place: str, items: Sequence[str]) -> str:
    """Return the inline list of a validation, its items joined by commas.

    Raises:
        WorkbookError: there is none, one holds a comma, a quotation mark or outer blanks, or the list is too long.
    """
    if not is_inline_list(items):
        message = f"{place}: a list in a validation takes {VALIDATION_FORMULA} characters, no comma or quotation mark"
        raise WorkbookError(message)
    return ",".join(items)


def check_formula(place: str, formula: str) -> str:
    """Return a formula Excel takes.

    Raises:
        WorkbookError: it is longer than 8,192, nested deeper than 64 functions, or holds a text longer than 255.
    """
    check_length(place, formula, FORMULA)
    if units(formula) > LITERAL:
        for text in _TEXT.findall(formula):
            if len(text) > LITERAL // 2:  # a shorter one cannot break the limit: a character is two units at most
                check_length(f"{place}: text in a formula", text.replace('""', '"'), LITERAL)
    if formula.count("(") > NESTING:
        _check_nesting(place, _SHEET_NAME.sub("", _TEXT.sub("", formula)))
    return formula


def _check_nesting(place: str, formula: str) -> None:
    """Refuse a formula, texts and sheet names left out, whose functions stand too deep; bare brackets are free."""
    open_functions: list[bool] = []
    for bracket in _BRACKET.finditer(formula):
        if bracket[0] == ")":
            open_functions.pop()
        elif bracket[0].endswith("("):
            open_functions.append(len(bracket[0]) > 1)
        if sum(open_functions) > NESTING:
            message = f"{place}: a formula nested deeper than {NESTING} functions, more than Excel takes"
            raise WorkbookError(message)
