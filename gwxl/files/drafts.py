"""The folder in which a file is written until it is whole: it goes with its writer, even one that was killed."""

import errno
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows, where nobody can remove a file that is open
    fcntl = None  # type: ignore[assignment]

_PREFIX = ".gwxl-"
_NAME = re.compile(rf"{re.escape(_PREFIX)}\w{{8,16}}")
_LOCK = f"{_PREFIX}lock"
_ABANDONED = 24 * 3600.0  # seconds after which a folder without a lock belongs to nobody
_ATTEMPTS = 100
_LONGEST = 400  # bytes of what a holder says

_OPEN: set[Path] = set()
_SWEPT: set[str] = set()


def is_draft(name: str) -> bool:
    """Tell whether a folder's name is that of a draft folder."""
    return bool(_NAME.fullmatch(name))


@contextmanager
def draft_folder(parent: Path) -> Iterator[Path]:
    """Give a hidden folder of our own in a folder; it is removed at the end, whatever happens.

    It holds a lock for as long as its writer lives, by which :func:`sweep` knows the drafts of those that were killed;
    they are removed before the first draft is made in a folder.

    Raises:
        OSError: it cannot be made.
    """
    if (place := os.path.realpath(parent)) not in _SWEPT:
        _SWEPT.add(place)
        sweep(parent)
    for _ in range(_ATTEMPTS):
        folder = parent / (_PREFIX + secrets.token_hex(8))
        _OPEN.add(folder)  # before it is there: an interrupt may come at any moment
        try:
            folder.mkdir(mode=0o700)
            lock = _lock(folder)
            if lock is not None:
                with lock:
                    yield folder
                return
        finally:
            _remove(folder)
            _OPEN.discard(folder)
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(parent))


@contextmanager
def hold_target(path: Path, who: str) -> Iterator[str]:
    """Be the only process that makes a file, from its first question to its last byte; yield who else does, else "".

    What tells is a draft folder named after the file, which goes as any other does. Where a folder or a disk takes
    none, or knows no locks, nobody is kept out.

    Args:
        path: the file.
        who: what another process is told that asks meanwhile.
    """
    name = hashlib.sha256(ascii(path.name).encode("ascii")).hexdigest()[:16]
    folder = Path(os.path.realpath(path.parent), _PREFIX + name)
    with suppress(OSError):
        _sweep_one(folder)
    with ExitStack() as stack:
        other = ""
        with suppress(OSError):
            other = _take(folder, who, stack)
        yield other


def _take(folder: Path, who: str, stack: ExitStack) -> str:
    """Make the folder ours, and return ""; or return what its holder says."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return _ask_holder(folder)
    stack.callback(_OPEN.discard, folder)
    stack.callback(_remove, folder)
    _OPEN.add(folder)
    lock = _lock(folder)
    if lock is not None:
        stack.enter_context(lock)
        lock.write(who.encode("utf-8"))
        lock.flush()
    return ""


def _ask_holder(folder: Path) -> str:
    """Return what the holder of a folder says, "" where it is not held, or nobody can tell."""
    with (folder / _LOCK).open("rb") as lock:
        return lock.read(_LONGEST).decode("utf-8", "replace") or "?" if _hold(lock) is False else ""


def discard_drafts() -> None:
    """Remove the draft folders that an interrupt kept this process from removing."""
    for folder in tuple(_OPEN):
        _remove(folder)


def sweep(parent: Path) -> None:
    """Remove the draft folders in a folder whose writers are gone; one that somebody is writing in stays."""
    with suppress(OSError), os.scandir(parent) as entries:
        drafts = [Path(one.path) for one in entries if is_draft(one.name) and one.is_dir(follow_symlinks=False)]
        for folder in drafts:
            with suppress(OSError):
                _sweep_one(folder)


def _sweep_one(folder: Path) -> None:
    lock = folder / _LOCK
    if fcntl is None:
        lock.unlink(missing_ok=True)  # refused while its writer has it open
        _remove(folder)
        return
    with suppress(OSError):
        folder.rmdir()  # not locked yet, or not any more: whoever was about to lock it makes another
        return
    try:
        with lock.open("rb+") as stream:
            held = _hold(stream)
            if held or (held is None and _is_old(folder)):
                _remove(folder)
    except FileNotFoundError:
        if _is_old(folder):
            _remove(folder)


def _lock(folder: Path) -> IO[bytes] | None:
    """Return the lock of a new folder, held; None where a sweep was quicker."""
    path = folder / _LOCK
    try:
        lock = path.open("xb")
        if _hold(lock) is not False and os.path.samestat(os.fstat(lock.fileno()), path.stat()):
            return lock
        lock.close()
    except FileNotFoundError:
        pass
    return None


def _hold(lock: IO[bytes]) -> bool | None:
    """Try to hold a lock until the file is closed; None where the system or the disk knows no such locks."""
    try:
        if fcntl is None:
            return None
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _is_old(folder: Path) -> bool:
    return time.time() - folder.stat().st_mtime > _ABANDONED


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
