"""The one table of what prints as nothing, in groups, and what a text is without it.

Who looks for such characters names a group or a set from here, so that the reader, the rules, the formulas of the
sheet and the values stored with them take the same for nothing.
"""

import unicodedata
from functools import lru_cache


def _span(first: str, last: str) -> str:
    return "".join(map(chr, range(ord(first), ord(last) + 1)))


# The groups

CONTROLS = _span("\x00", "\x1f") + _span("\x7f", "\x9f")
SPACES = " \u00a0\u1680" + _span("\u2000", "\u200a") + "\u2028\u2029\u202f\u205f\u3000"
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that print as nothing."""
JOINERS = "\u200c\u200d"
STYLES = "\ufe0e\ufe0f"
"""With the joiners, they shape emoji and some scripts inside a text."""
ZERO_WIDTH = "\u00ad\u180e\u200b" + _span("\u2060", "\u2064") + _span("\u206a", "\u206f") + "\ufeff"
DIRECTIONS = "\u061c\u200e\u200f" + _span("\u202a", "\u202e") + _span("\u2066", "\u2069")
TAGS = _span("\ufff9", "\ufffb") + _span("\U000e0000", "\U000e007f")
"""Annotations and languages, which no program shows."""
VARIANTS = "\u034f\u17b4\u17b5" + _span("\u180b", "\u180d") + "\u180f" + _span("\ufe00", "\ufe0f")
VARIANTS += _span("\U000e0100", "\U000e01ef")
"""Marks that choose a variant of the letter before."""

# What for

FORMULA_SPACES = "\t" + SPACES.replace(" ", "") + FILLERS
"""What a formula takes for a space."""
FORMULA_NOTHING = "\r" + JOINERS + STYLES + ZERO_WIDTH + DIRECTIONS
"""What a formula drops: of these two sets each character costs a call for each input."""
ROW_SPACES = " \u00a0\u3000"
"""What the formula of a table's row takes for a space: it has a list of words, and no room to drop a character."""
DIGIT_SPACES = " \u00a0\u2009\u202f"
"""What groups the digits of a number."""
APOSTROPHES = "'＇"

_SHAPING = frozenset(JOINERS + STYLES)
_BREAKS = dict.fromkeys(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x1f\x85"), "\n")


def strip_invisible(text: str) -> str:
    """Return a text without control, zero-width and direction characters; line breaks and tabs stay.

    Every control character that breaks a line does: what stands on two lines is not written in one.
    """
    unified = text.replace("\r\n", "\n").translate(_BREAKS)
    return "".join(char for char in unified if char in "\n\t" or char in _SHAPING or not _is_invisible(char))


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs"}


def trim(text: str) -> str:
    """Return a text without blanks of any kind at its ends."""
    start, end = 0, len(text)
    while start < end and is_blank_char(text[start]):
        start += 1
    while end > start and is_blank_char(text[end - 1]):
        end -= 1
    return text[start:end]


@lru_cache(maxsize=1 << 12)  # asked of the ends of every text, and few characters stand there
def is_blank_char(char: str) -> bool:
    """Tell whether a character prints as nothing: every space, zero-width and filler character."""
    return is_space(char) or char in _SHAPING or _is_invisible(char)


def is_space(char: str) -> bool:
    """Tell whether a character prints as nothing and stands between others: a blank or a filler."""
    return char.isspace() or char in FILLERS


def is_blank(text: str) -> bool:
    """Tell whether a text says nothing: empty, only blanks of any kind, or a lone apostrophe."""
    bare = trim(text)
    return not bare or (bare[0] in APOSTROPHES and not trim(bare[1:]))


def without_spaces(text: str) -> str:
    """Return a text without any blank, inside or at its ends."""
    return "".join(char for char in text if not is_blank_char(char))


def bare_words(text: str) -> str:
    """Return a text for comparing words: NFKC, no blanks around it, nothing inside that nobody sees."""
    folded = unicodedata.normalize("NFKC", text)
    return trim("".join(char for char in folded if is_space(char) or not is_blank_char(char)))


def fold_width(text: str) -> str:
    """Return a text with full-width characters as the usual ones: ``１，２`` is ``1,2``.

    NFKC would also turn ``10²`` into 102 and ``①`` into 1: only the width is folded.
    """
    return "".join(_narrow_char(char) for char in text)


def _narrow_char(char: str) -> str:
    decomposition = unicodedata.decomposition(char)
    if decomposition.startswith(("<wide>", "<narrow>")):
        return unicodedata.normalize("NFKC", char)
    return char
