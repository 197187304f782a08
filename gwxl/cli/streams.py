"""The standard streams: always there, Chinese on every console, no complaint where nobody reads any more."""

import errno
import io
import os
import sys
from collections.abc import Set as AbstractSet
from typing import Any, TextIO

_UNREAD = {errno.EPIPE, errno.ESHUTDOWN} | ({errno.EINVAL} if os.name == "nt" else set())
"""What the systems say of a pipe whose reader has gone."""

_STDERR = 2


def prepare_streams() -> None:
    """Give this run three streams that can be used, whatever the caller closed or where they lead to."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, _open_nowhere(number))
        elif number and stream is getattr(sys, f"__{name}__"):
            setattr(sys, name, _outlet(number, stream))


def _open_nowhere(number: int) -> TextIO:
    """Return a stream in place of one that was closed; its number must not become that of a file we write."""
    handle = os.open(os.devnull, os.O_RDWR)
    os.set_inheritable(handle, True)  # noqa: FBT003 - its only argument
    return os.fdopen(handle, "w" if number else "r", encoding="utf-8")


def _outlet(number: int, stream: TextIO) -> TextIO:
    if os.name == "nt" and stream.isatty():  # a console takes characters, no bytes
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        return stream
    outlet = _Outlet(stream.fileno(), "wb", closefd=False)
    outlet.unread = _UNREAD | ({errno.EIO} if stream.isatty() else set())  # a terminal that was closed
    at_once = number == _STDERR or stream.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(outlet), encoding="utf-8", errors="backslashreplace", line_buffering=at_once
    )


class _Outlet(io.FileIO):
    """A stream that takes for written what nobody reads any more, and what follows a mistake that was told once."""

    unread: AbstractSet[int] = frozenset()
    _lost = False

    def write(self, data: Any, /) -> int:
        size = memoryview(data).nbytes
        if self._lost:
            return size
        try:
            return super().write(data)
        except OSError as error:
            self._lost = True
            if error.errno in self.unread:
                return size
            raise
