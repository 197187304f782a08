"""Know a summary that gwxl wrote: only such a file is replaced without being asked."""

import os
import re
from pathlib import Path

from gwxl.containers.limits import Limits
from gwxl.containers.zips import Package
from gwxl.errors import OutputError, RefusedError
from gwxl.files.outputs import refuse_nothing
from gwxl.form.identity import DOCUMENT_PROPERTY
from gwxl.spreadsheets.admission.door import admit
from gwxl.wording import each

DOCUMENT = "summary"
INBOX = "gwxl_inbox"
"""The custom property of a summary that names the inbox, as seen from the summary's folder."""
SIGNED = "gwxl_signed"
"""The custom property of a summary for which signatures were demanded."""

_GIGABYTE = 1024**3
SUMMARY_LIMITS = Limits(
    file_bytes=_GIGABYTE,
    part_bytes=4 * _GIGABYTE,
    total_bytes=8 * _GIGABYTE,
    ratio=10_000,
    elements=200_000_000,
    cells=50_000_000,
)
"""What a summary may cost: one of thousands of sites is larger than any return, and it is our own."""

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
    """Tell whether a file is a summary that gwxl wrote, by its custom property; nothing else in it is unpacked."""
    try:
        package = Package(admit(Path(os.path.realpath(path)), SUMMARY_LIMITS).data, SUMMARY_LIMITS)
        parts = [same for name, same in package.files.items() if name.casefold() == _PART]
        small = [same for same in parts if all(entry.size <= _LARGEST_PART for entry in same)]
        return any(_OURS.search(package.unpack(same)) for same in small)
    except RefusedError:
        return False
