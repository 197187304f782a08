"""Compile the regular expressions of rule files so that they always mean the whole text."""

import re
from functools import cache


@cache
def whole(pattern: str) -> re.Pattern[str]:
    """Compile a pattern to match a whole text: alternatives anchored together, no newline let through at the end.

    Raises:
        re.error: the pattern cannot be compiled.
    """
    return re.compile(rf"(?:{pattern})\Z")


@cache
def within(pattern: str) -> re.Pattern[str]:
    """Compile a pattern to be searched for inside a text.

    Raises:
        re.error: the pattern cannot be compiled.
    """
    return re.compile(pattern)
