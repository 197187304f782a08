"""Know a summary that gwxl wrote: only such a file is replaced without being asked."""

import os
import re
import zipfile
from pathlib import Path

from gwxl.errors import OutputError
from gwxl.files.outputs import refuse_nothing
from gwxl.form.identity import DOCUMENT_PROPERTY
from gwxl.wording import each

DOCUMENT = "summary"
INBOX = "gwxl_inbox"
"""The custom property of a summary that names the inbox, as seen from the summary's folder."""

_PART = "docprops/custom.xml"
_LARGEST_PART = 65_536
_OURS = re.compile(rf'name="{DOCUMENT_PROPERTY}"[^>]*>\s*<[^>]*>\s*{DOCUMENT}\s*<'.encode())


def refuse_foreign(path: Path) -> None:
    """Refuse to replace a file that is not a summary of ours.

    Raises:
        OutputError: a folder or a foreign file stands at the path.
    """
    refuse_nothing(path)
    if os.path.lexists(path) and not is_summary(path):
        raise OutputError(each("failure.foreign", path=path))


def is_summary(path: Path) -> bool:
    """Tell whether a file is a summary that gwxl wrote, by its custom property."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if part.filename.casefold() == _PART]
            return any(part.file_size <= _LARGEST_PART and bool(_OURS.search(archive.read(part))) for part in parts)
    except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile):
        return False
