"""What a text is without the characters nobody sees and the forms an input method gives it."""

import unicodedata

APOSTROPHES = "'＇"
_BLANKS = frozenset("\u115f\u1160\u180e\u2800\u3164\uffa0")  # letters and symbols that print as nothing
_BREAKS = dict.fromkeys(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x1f\x85"), "\n")
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")  # they shape emoji and some scripts inside a text


def strip_invisible(text: str) -> str:
    """Return a text without control, zero-width and direction characters; line breaks and tabs stay.

    Every control character that breaks a line does: what stands on two lines is not written in one.
    """
    unified = text.replace("\r\n", "\n").translate(_BREAKS)
    return "".join(char for char in unified if char in "\n\t" or char in _JOINERS or not _is_invisible(char))


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


def is_blank_char(char: str) -> bool:
    """Tell whether a character prints as nothing: every space, zero-width and filler character."""
    return char.isspace() or char in _BLANKS or char in _JOINERS or _is_invisible(char)


def is_blank(text: str) -> bool:
    """Tell whether a text says nothing: empty, only blanks of any kind, or a lone apostrophe."""
    bare = trim(text)
    return not bare or (bare[0] in APOSTROPHES and not trim(bare[1:]))


def without_spaces(text: str) -> str:
    """Return a text without any blank, inside or at its ends."""
    return "".join(char for char in text if not is_blank_char(char))


def fold_width(text: str) -> str:
    """Return a text with full-width characters as the usual ones: ``１，２`` is ``1,2``.

    NFKC would also turn ``10²`` into 102 and ``①`` into 1: only the width is folded.
    """
    return "".join(_narrow(char) for char in text)


def _narrow(char: str) -> str:
    decomposition = unicodedata.decomposition(char)
    if decomposition.startswith(("<wide>", "<narrow>")):
        return unicodedata.normalize("NFKC", char)
    return char
