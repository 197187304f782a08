"""Keep two processes from writing into one folder, or making one file, at a time."""

import getpass
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gwxl.errors import OutputError
from gwxl.files.drafts import hold_target
from gwxl.inert import inert_line
from gwxl.wording import each

try:
    import fcntl
except ImportError:  # Windows: there nobody replaces what another has made, and the second is refused by name
    fcntl = None  # type: ignore[assignment]

_PATIENCE = 600.0  # seconds
_PAUSE = 0.1
_SHOWN = 60  # characters of each thing that another process says of itself


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


@contextmanager
def refuse_second(path: Path) -> Iterator[None]:
    """Be the only process of ours that makes a file; a disk that knows no locks keeps nobody out.

    Raises:
        OutputError: another one makes it; it is said whose, and since when.
    """
    with hold_target(path, _introduce()) as other:
        if other:
            who, number, since, *_ = [*(inert_line(one, _SHOWN) for one in other.split("\n")), "?", "?", "?"]
            raise OutputError(each("failure.busy_target", path=path, who=who, number=number, since=since))
        yield


def _introduce() -> str:
    """Return who runs this process and where, its number, and the time."""
    try:
        who = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a system that knows no name for us
        who = "?"
    host = os.uname().nodename if hasattr(os, "uname") else ""
    return "\n".join((f"{who}@{host}", str(os.getpid()), time.strftime("%Y-%m-%d %H:%M")))


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
