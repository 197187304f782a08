"""Know a summary that gwxl wrote: only such a file is replaced without being asked."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from gwxl.containers.limits import Limits
from gwxl.containers.zips import Package
from gwxl.errors import OutputError, RefusedError
from gwxl.files.outputs import refuse_nothing
from gwxl.form.identity import DOCUMENT_PROPERTY, SUMMARY
from gwxl.spreadsheets.admission.door import parts_of
from gwxl.summary.stored.seal import PART, SEAL, digest_of_parts
from gwxl.wording import each

INBOX = "gwxl_inbox"
"""The custom property of a summary that names the inbox, as seen from the summary's folder."""
SIGNED = "gwxl_signed"
"""The custom property of a summary for which signatures were demanded."""
ROSTER = "gwxl_roster"
"""The custom property of a summary that tells one state of the roster from another."""
BELOW = "gwxl_below"
"""The custom property of a summary that took in others."""
PREVIOUS = "gwxl_previous"
"""The custom property of a summary that names what it was held against, as seen from the summary's folder."""

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

_LARGEST_PART = 65_536
_OURS = re.compile(rf'name="{DOCUMENT_PROPERTY}"[^>]*>\s*<[^>]*>\s*{SUMMARY}\s*<'.encode())
_SEAL = re.compile(rf'name="{SEAL}"[^>]*>\s*<[^>]*>\s*([0-9a-f]*)\.([0-9a-f]*)\s*<'.encode())


@dataclass(frozen=True, kw_only=True)
class Seal:
    """Of a summary what its cells were when it was written, and whether it is the very file still."""

    cells: str = ""
    untouched: bool = False


def refuse_foreign(path: Path) -> None:
    """Refuse to replace a file that is not a summary of ours.

    Raises:
        OutputError: a folder or a foreign file stands at the path.
    """
    refuse_nothing(path)
    if os.path.lexists(path) and not is_summary(path):
        raise OutputError(each("failure.foreign", path=path))


def is_summary(path: Path) -> bool:
    """Tell whether a file is a summary that gwxl wrote, by its custom property; nothing else in it is read."""
    return any(_OURS.search(part) for part in _custom(path)[1])


def seal_of(path: Path) -> Seal:
    """Return the seal of a summary, an empty one where it has none or was written before there was one."""
    package, parts = _custom(path)
    for part in parts:
        if package is not None and (found := _SEAL.search(part)):
            lines = ((name, entry.crc) for name, same in package.files.items() for entry in same)
            cells, whole = found[1].decode(), found[2].decode()
            return Seal(cells=cells, untouched=whole == digest_of_parts(lines))
    return Seal()


def _custom(path: Path) -> tuple[Package | None, list[bytes]]:
    """Return the package a file is, and its custom properties as they are written; nothing where it is none."""
    try:
        with parts_of(Path(os.path.realpath(path)), SUMMARY_LIMITS) as data:
            package = Package(data, SUMMARY_LIMITS)
            parts = [same for name, same in package.files.items() if name.casefold() == PART.casefold()]
            small = [same for same in parts if all(entry.size <= _LARGEST_PART for entry in same)]
            return package, [package.unpack(same) for same in small]
    except RefusedError:
        return None, []
