"""Let a returned file in, or refuse it, before anything in it is read."""

import math
import os
import stat
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.errors import RefusedError
from gwxl.spreadsheets.admission.content import kind_of
from gwxl.spreadsheets.admission.kinds import Kind
from gwxl.wording.system import system_words

__all__ = ["DEFAULT_LIMITS", "Admitted", "Kind", "Limits", "admit", "admit_bytes"]

# Neither follow a link nor wait for a FIFO that takes the file's place after it was looked at.
_OPENING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """A file that was read once.

    Attributes:
        kind: what it is by its content; not every kind can be read.
        sha256: hex digest of ``data``. size: bytes.
    """

    kind: Kind
    data: bytes = field(repr=False)
    sha256: str
    size: int


def admit(path: Path, limits: Limits = DEFAULT_LIMITS) -> Admitted:
    """Read a file once and say what it is.

    Raises:
        RefusedError: ``not_a_file``, ``missing``, ``unreadable`` or ``too_large``.
    """
    try:
        _check(path.lstat(), limits)
        handle = os.open(path, _OPENING)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            _check(status, limits)
            data = file.read(status.st_size + 1)  # the room for a read is taken before it, whatever there is to read
            data += file.read(limits.file_bytes - status.st_size) if len(data) > status.st_size else b""
    except FileNotFoundError:
        raise RefusedError("missing") from None
    except (OSError, ValueError) as error:
        raise RefusedError("unreadable", error=system_words(error)) from None
    return admit_bytes(data, limits)


def admit_bytes(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Admitted:
    """Say what the bytes of a file are, of a member of an archive for instance.

    Raises:
        RefusedError: ``too_large``.
    """
    if len(data) > limits.file_bytes:
        raise _too_large(len(data), limits)
    return Admitted(kind=kind_of(data, limits), data=data, sha256=sha256(data).hexdigest(), size=len(data))


def _check(status: os.stat_result, limits: Limits) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise RefusedError("not_a_file")
    if status.st_size > limits.file_bytes:
        raise _too_large(status.st_size, limits)


def _too_large(size: int, limits: Limits) -> RefusedError:
    return RefusedError("too_large", size=_megabytes(size), limit=_megabytes(limits.file_bytes))


def _megabytes(size: int) -> str:
    # Rounded up: one byte too many must not show as the limit itself.
    return f"{math.ceil(size * 10 / 1024 / 1024) / 10:g}"
