"""Open a zip of returns, and take one file at a time out of it."""

from functools import lru_cache
from pathlib import Path

from gwxl.errors import RefusedError
from gwxl.workbook.door import admit
from gwxl.workbook.limits import DEFAULT_LIMITS, Limits
from gwxl.workbook.package import Package


def member_names(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """Return the names of the files in a zip, in their order.

    Raises:
        RefusedError: the archive as a whole cannot be trusted.
    """
    return tuple(sorted(Package(data, limits).names))


@lru_cache(maxsize=1)  # the members of an archive come one after the other: it is read once
def reopened(path: Path, sha256: str) -> Package:
    """Open an archive again that was looked into before.

    Raises:
        RefusedError: ``changed``, or the archive cannot be read any more.
    """
    admitted = admit(path)
    if admitted.sha256 != sha256:
        raise RefusedError("changed")
    return Package(admitted.data, DEFAULT_LIMITS)
