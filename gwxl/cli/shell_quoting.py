"""Names as a shell takes them: what is printed can be pasted."""

import os
import re
import shlex

_PLAIN = re.compile(r"[\w@%+=:,./（）《》【】·—\\-]+" if os.name == "nt" else r"[\w@%+=:,./（）《》【】·—-]+")


def quote(path: object) -> str:
    """Return a path so that the shell takes it for one word and no option."""
    word = str(path)
    if word.startswith("-"):
        word = f".{os.sep}{word}"
    if _PLAIN.fullmatch(word):
        return word
    return f'"{word}"' if os.name == "nt" else shlex.quote(word)
