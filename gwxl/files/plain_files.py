"""Read a file that a form's folder brings along: a plain one of bounded size, never what a link leads to."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from gwxl.errors import GwxlError

# A pipe that nobody writes to must not be waited for; systems without links of this kind do not know the flag.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


def read_plain(file: Path, most: int, refuse: Callable[[str], GwxlError]) -> bytes:
    """Return the bytes of a file.

    Args:
        file: the file; what stands above it is followed.
        most: how many bytes it may have.
        refuse: makes the exception for a reason.

    Raises:
        GwxlError: what ``refuse`` made: it is a link, a folder, a pipe or a device, too long, or cannot be read.
    """
    if file.is_symlink():
        raise refuse_link(refuse)
    try:
        descriptor = os.open(file, _FLAGS)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise refuse("is no plain file (a folder, a pipe or a device); put a file there")
            with os.fdopen(descriptor, "rb", closefd=False) as opened:
                data = opened.read(most + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}") from error
    if len(data) > most:
        raise refuse(f"has more than {most:,} bytes; shorten it")
    return data


def refuse_link(refuse: Callable[[str], GwxlError]) -> GwxlError:
    """Return the refusal of a link: whoever made a form must not choose what is read on another's machine."""
    return refuse("is a link, and links are not followed; put what it leads to in its place")


def is_shared(file: Path) -> bool:
    """Tell whether others than its owner may open a file; elsewhere than on POSIX its bits say nothing of that.

    Raises:
        OSError: it is not there.
    """
    return os.name == "posix" and bool(file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
