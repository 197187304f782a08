"""Codes: the spelling that was probably meant by one that is written otherwise than its pattern asks."""

from collections.abc import Callable

_SIGNS = frozenset("-_.,:/'")
_LONGEST = 100  # characters; no code is longer


def interpret_code(code: str, holds: Callable[[str], bool]) -> str | None:
    """Return a code without blanks or signs, or in the other case, if it is right so: ``BM1234 5678`` is bm12345678.

    Args:
        code: as it was written.
        holds: tells whether a spelling is right.
    """
    if len(code) > _LONGEST:
        return None
    closed = "".join(code.split())
    # Only in plain ASCII: 备0506093-3 is a number and its part, never 备05060933.
    bare = "".join(char for char in closed if char not in _SIGNS) if closed.isascii() else closed
    spellings = (cased for one in (closed, bare) for cased in (one, one.lower(), one.upper()))
    return next((one for one in spellings if one != code and holds(one)), None)
