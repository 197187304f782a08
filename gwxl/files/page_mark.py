"""The last line of a page: what made it, of what, and a digest by which one that was changed since is known."""

import os
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from gwxl.errors import OutputError
from gwxl.wording import each

_MARK = re.compile(rb"\n<!-- gwxl ([A-Za-z0-9_. -]+) ([0-9a-f]{64}) -->\n\Z")
_LARGEST = 1 << 26  # bytes; no page we write is larger


def mark_page(page: str, owner: str) -> bytes:
    """Return the bytes of a page with its mark; the owner says what made it, in letters, digits, blanks and ``_.-``."""
    text = page.rstrip("\n").encode()
    return text + f"\n<!-- gwxl {owner} {_digest(text)} -->\n".encode()


def refuse_strange(owner: str) -> Callable[[Path], None]:
    """Return what refuses to replace anything but an unchanged page of an owner.

    Raises:
        OutputError: by what is returned, where anything else stands at a path.
    """

    def refuse(path: Path) -> None:
        if os.path.lexists(path) and not is_ours(path, owner):
            raise OutputError(each("failure.strange_page", path=path))

    return refuse


def is_ours(path: Path, owner: str) -> bool:
    """Tell whether a file is a page of an owner that nobody has changed; its line ends may have been."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            return False
        data = path.read_bytes().replace(b"\r\n", b"\n")
    except OSError:
        return False
    mark = _MARK.search(data)
    return mark is not None and mark[1].decode() == owner and mark[2].decode() == _digest(data[: mark.start()])


def _digest(text: bytes) -> str:
    return sha256(text).hexdigest()
