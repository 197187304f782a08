"""The folder of the store and the key in it: the user's own, closed to everybody else."""

import os
import secrets
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gwxl.wording import each
from gwxl.wording.system import system_words

KEY_BYTES = 32

_KEY = "store.key"
_NAME = "gwxl"
_READING = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
_MAKING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_BINARY"))


class UnusableError(Exception):
    """The end of a store for this run, with the reason, language → text."""

    def __init__(self, reason: Mapping[str, str]) -> None:
        super().__init__(reason["en"])
        self.reason = reason


def default_folder(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path | None:
    """Return where programs of this user keep what can be made again; None where the system does not say."""
    if system == "win32":
        told = environment.get("LOCALAPPDATA", "")
        return Path(told) / _NAME / "Cache" if told else None
    told = environment.get("XDG_CACHE_HOME", "")
    if system != "darwin" and Path(told).is_absolute():
        return Path(told) / _NAME
    with suppress(RuntimeError):
        return Path.home() / ("Library/Caches" if system == "darwin" else ".cache") / _NAME
    return None


def open_folder(folder: Path) -> bytes:
    """Make the folder where it is not there, and return the key that lies in it.

    Raises:
        UnusableError: somebody else may look into it, or it cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_shared(folder, folder.stat())
        key = folder / _KEY
        if not os.path.lexists(key):
            _make_key(key)
        return _read_key(key)
    except OSError as error:
        raise UnusableError(system_words(error)) from error


def _make_key(key: Path) -> None:
    """Put a new key in place, whole; where another run was quicker, its key stays."""
    draft = key.with_name(f".{secrets.token_hex(8)}")
    handle = os.open(draft, _MAKING, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        try:
            os.link(draft, key)
        except FileExistsError:
            return
        except OSError:  # a disk that knows no links
            draft.replace(key)
    finally:
        draft.unlink(missing_ok=True)


def _read_key(key: Path) -> bytes:
    handle = os.open(key, _READING)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        found = file.read(KEY_BYTES + 1) if stat.S_ISREG(status.st_mode) else b""
    _refuse_shared(key, status)
    if len(found) != KEY_BYTES:
        raise UnusableError(each("store.no_key", file=key))
    return found


def _refuse_shared(place: Path, status: os.stat_result) -> None:
    """Refuse what others may have written or may read; elsewhere than on POSIX its bits say nothing of that."""
    if os.name != "posix":
        return
    if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnusableError(each("store.shared", place=place))
