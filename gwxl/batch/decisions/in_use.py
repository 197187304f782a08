"""Tell whether a spreadsheet program has a file open, or somebody made it read-only: then it is not replaced."""

import stat
from collections.abc import Iterator
from pathlib import Path

from gwxl.errors import OutputError
from gwxl.wording import each

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def refuse_in_use(path: Path) -> None:
    """Refuse a file that is open elsewhere or read-only: what is typed there now would meet another file on saving.

    Raises:
        OutputError: it is.
    """
    for lock in _locks(path):
        if lock.exists():
            raise OutputError(each("failure.decisions_locked", path=path, lock=lock.name))
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not mode & _WRITABLE:
        raise OutputError(each("failure.decisions_read_only", path=path))


def _locks(path: Path) -> Iterator[Path]:
    """Yield what LibreOffice, Excel and WPS put beside a file that they have open."""
    for name in (f".~lock.{path.name}#", f"~${path.name}", f".~{path.name}"):
        yield path.with_name(name)
