"""Keep two processes from writing into one folder at a time."""

import os
import time
from collections.abc import Iterator, Mapping
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
def wait_for_others(
    folder: Path, refusal: Mapping[str, str] | None = None, *, patience: float = _PATIENCE
) -> Iterator[None]:
    """Wait until no other process of ours writes into a folder, and keep others waiting until the end.

    Nothing is left behind; a process that was killed keeps nobody waiting. On a system or disk that knows no locks
    nobody waits.

    Args:
        folder: the folder.
        refusal: what is said where another is there for longer, language → text.
        patience: how many seconds it is waited for.

    Raises:
        OutputError: another process is still writing after that.
    """
    handle = _open(folder)
    try:
        if handle is not None:
            _wait(handle, time.monotonic() + patience, refusal or each("failure.busy_folder", folder=folder))
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _open(folder: Path) -> int | None:
    if fcntl is None:
        return None
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return None


def _wait(handle: int, until: float, refusal: Mapping[str, str]) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise OutputError(refusal) from None
            time.sleep(_PAUSE)
        except OSError:
            return
        else:
            return
