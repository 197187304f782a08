"""Keep two processes from writing into one folder at a time."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gwxl.errors import OutputError
from gwxl.wording import each

try:
    import fcntl
except ImportError:  # Windows: there nobody replaces what another has made, and the second is refused by name
    fcntl = None  # type: ignore[assignment]

_PATIENCE = 600.0  # seconds
_PAUSE = 0.1


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process of ours writes into a folder, and keep others waiting until the end.

    Nothing is left behind; a process that was killed keeps nobody waiting. On a system or disk that knows no locks
    nobody waits.

    Raises:
        OutputError: another process is still writing after ten minutes.
    """
    handle = _opened(folder)
    try:
        if handle is not None:
            _wait(handle, folder)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _opened(folder: Path) -> int | None:
    if fcntl is None:
        return None
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return None


def _wait(handle: int, folder: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise OutputError(each("failure.busy_folder", folder=folder)) from None
            time.sleep(_PAUSE)
        except OSError:
            return
        else:
            return
