"""The order in which a reader looks names up: 第2局 stands before 第10局."""

import re
import unicodedata

_DIGITS = re.compile(r"(\d+)")

NaturalKey = tuple[tuple[tuple[int, str], ...], str]


def natural_key(words: str) -> NaturalKey:
    """Return what to sort a name by: digits by their number, letters of any case and width alike; no two are alike."""
    parts = _DIGITS.split(unicodedata.normalize("NFKC", words).casefold())
    return tuple(_part(part) for part in parts), words


def _part(part: str) -> tuple[int, str]:
    if not part.isdecimal():
        return -1, part
    digits = "".join(str(unicodedata.decimal(char)) for char in part).lstrip("0")
    return len(digits), digits  # as a number of any length compares
