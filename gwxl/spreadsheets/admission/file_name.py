"""What a file's name adds to why its content cannot be read; a content that can be read needs no name."""

import re

from gwxl.errors import RefusedError

_UNCLEAR = frozenset({"unknown", "scrambled", "truncated", "damaged", "empty", "csv"})
_PACKED = frozenset({"zip", "rar", "7z", "gzip"})
_UNFINISHED = re.compile(r".*\.(?:\w{0,2}download(?:ing)?|(?:file)?part|partial|td|xltd|aria2|!ut|!qb|bc!)")
_DRAFT = re.compile(r".*\.te?mp")
_PIECE = re.compile(r".*\.(?:z\d\d|r\d\d|\d{3}|part\d+\.(?:rar|zip|7z|exe))")
_SHORTCUT = re.compile(r".*\.(?:lnk|url|website|webloc|desktop|gsheet)")
_PLACEHOLDER = re.compile(r".*\.icloud")


def refine_refusal(error: RefusedError, name: str) -> RefusedError:
    """Return the refusal that a name explains better than the content: an unfinished download, a piece, a shortcut."""
    last = name.rpartition("/")[2].lower()
    if error.reason in _PACKED | _UNCLEAR and _PIECE.fullmatch(last):
        return RefusedError("split")
    if error.reason in _UNCLEAR:
        for pattern, reason in (
            (_UNFINISHED, "unfinished"),
            (_DRAFT, error.reason if error.reason == "empty" else "unfinished"),
            (_SHORTCUT, "shortcut"),
            (_PLACEHOLDER, "placeholder"),
        ):
            if pattern.fullmatch(last):
                return RefusedError(reason)
    return error
