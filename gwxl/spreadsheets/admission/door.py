"""Let a returned file in, or refuse it, before anything in it is read."""

import math
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

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
    with _refuse_unreadable(), _open(path, limits) as file:
        size = os.fstat(file.fileno()).st_size
        data = file.read(size + 1)  # the room for a read is taken before it, whatever there is to read
        data += file.read(limits.file_bytes - size) if len(data) > size else b""
    return admit_bytes(data, limits)


class FileParts:
    """The bytes of an open file, read where they are asked for."""

    def __init__(self, file: BinaryIO) -> None:
        """Take a file as it is now."""
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    def __len__(self) -> int:
        """Return the size of the file."""
        return self._size

    def __getitem__(self, part: slice, /) -> bytes:
        """Return the bytes between two places.

        Raises:
            RefusedError: ``unreadable``, or ``truncated``: somebody made the file shorter meanwhile.
        """
        first, last, _ = part.indices(self._size)
        with _refuse_unreadable():
            self._file.seek(first)
            found = self._file.read(max(0, last - first))
        if len(found) < last - first:
            raise RefusedError("truncated")
        return found


@contextmanager
def parts_of(path: Path, limits: Limits) -> Iterator[FileParts]:
    """Give the bytes of a file that is too large to be read whole for the little that is wanted of it.

    Raises:
        RefusedError: as :func:`admit` does.
    """
    with _refuse_unreadable():
        file = _open(path, limits)
    with file:
        yield FileParts(file)


def _open(path: Path, limits: Limits) -> BinaryIO:
    _check(path.lstat(), limits)
    file = os.fdopen(os.open(path, _OPENING), "rb")
    try:
        _check(os.fstat(file.fileno()), limits)
    except RefusedError:
        file.close()
        raise
    return file


@contextmanager
def _refuse_unreadable() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise RefusedError("missing") from None
    except (OSError, ValueError) as error:
        raise RefusedError("unreadable", error=system_words(error)) from None


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
