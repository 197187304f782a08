"""Put a finished file in place: whole or not at all, and never over what gwxl did not write."""

import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gwxl.errors import OutputError

DOCUMENT_PROPERTY = "gwxl_document"
DOCUMENT = "summary"

_PART = "docprops/custom.xml"
_LARGEST_PART = 65_536
_OURS = re.compile(rb'name="gwxl_document"[^>]*>\s*<[^>]*>\s*summary\s*<')


@contextmanager
def replacing(path: Path, *, force: bool) -> Iterator[Path]:
    """Give a path to write to, in a hidden folder beside the target; put the file in place at the end.

    Whatever goes wrong, what stood at the target stays as it was and nothing else is left behind.

    Raises:
        OutputError: the target is not ours, or cannot be written.
    """
    refuse_foreign(path, force=force)
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".gwxl-") as folder:
            temporary = Path(folder) / path.name
            yield temporary
            _flush(temporary)
            temporary.replace(path)
    except OSError as error:
        remedy = "free some space, close the file where it is open, or name another output"
        message = f"{path}: cannot be written: {error.strerror or error}; {remedy}"
        raise OutputError(message) from error


def refuse_foreign(path: Path, *, force: bool) -> None:
    """Refuse to replace a file that is not a summary of ours.

    Raises:
        OutputError: a folder or a foreign file stands at the path.
    """
    if path.is_dir():
        message = f"{path}: is a folder; name a file to write to"
        raise OutputError(message)
    if not force and os.path.lexists(path) and not is_summary(path):
        remedy = "name another output, or replace it with --force"
        message = f"{path}: stands there already and is no summary that gwxl wrote; {remedy}"
        raise OutputError(message)


def is_summary(path: Path) -> bool:
    """Tell whether a file is a summary that gwxl wrote, by its custom property."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if part.filename.casefold() == _PART]
            return any(part.file_size <= _LARGEST_PART and bool(_OURS.search(archive.read(part))) for part in parts)
    except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile):
        return False


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
