"""Open a zip of returns, and take one file at a time out of it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from gwxl.containers.limits import DEFAULT_LIMITS, Limits
from gwxl.containers.zips import Entry, Package
from gwxl.errors import RefusedError
from gwxl.inert import tell_apart
from gwxl.spreadsheets.admission.door import admit


class Archive:
    """A zip whose files are called so that no two look alike."""

    def __init__(self, data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
        """Open an archive.

        Raises:
            RefusedError: the archive as a whole cannot be trusted.
        """
        self._package = Package(data, limits)
        files = self._package.files
        told = tell_apart(sorted(files))
        self._entries: Mapping[str, Sequence[Entry]] = {told[name]: files[name] for name in told}

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the files, in the order of those in the archive."""
        return tuple(self._entries)

    def read(self, name: str) -> bytes:
        """Unpack a file.

        Raises:
            RefusedError: it is damaged, which costs none of the others.
        """
        return self._package.unpack(self._entries[name])


@lru_cache(maxsize=1)  # the members of an archive come one after the other: it is read once
def reopen(path: Path, sha256: str) -> Archive:
    """Open an archive again that was looked into before.

    Raises:
        RefusedError: ``changed``, or the archive cannot be read any more.
    """
    admitted = admit(path)
    if admitted.sha256 != sha256:
        raise RefusedError("changed")
    return Archive(admitted.data)
