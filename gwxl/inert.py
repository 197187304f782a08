"""Make texts from strangers harmless before they are shown or written anywhere."""

import re

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Control characters but tab and newline, lone surrogates, noncharacters, and every mark that changes the
# direction of what follows: a file name must not be able to read backwards or to move the cursor.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]",
)


def inert(text: str) -> str:
    """Return a text with each harmful character replaced by U+FFFD, line ends unified to one newline."""
    return _HARMFUL.sub(_REPLACEMENT, text.replace("\r\n", "\n"))


def inert_line(text: str, longest: int = 200) -> str:
    """Return an inert text on one line, cut with ``…`` after ``longest`` characters."""
    line = " ".join(inert(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
