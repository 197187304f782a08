"""Keep a dated copy of a summary that somebody changed, before it is replaced."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gwxl.errors import RefusedError, SettingsError, WorkbookError
from gwxl.files.outputs import refuse_standing, replace_file
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.opening import read_book
from gwxl.summary.stored.own_process import run_aside
from gwxl.summary.stored.recognising import SUMMARY_LIMITS, is_summary, seal_of
from gwxl.summary.stored.seal import digest_of_cells
from gwxl.wording import text


def keep_edited(summary: Path, language: str) -> Path | None:
    """Keep a copy of a summary beside it, named after when it was changed.

    Returns:
        The copy, as :func:`copy_of_edited` names it.

    Raises:
        OutputError: the copy cannot be written.
    """
    copy = copy_of_edited(summary, language)
    if copy is not None and not copy.exists():
        with replace_file(copy, refuse_standing) as draft:
            shutil.copy2(summary, draft)
    return copy


def copy_of_edited(summary: Path, language: str) -> Path | None:
    """Return where a copy of a summary stands or is to stand, before the summary is replaced.

    Returns:
        An earlier copy where it holds the same; None where nobody typed into the summary since it was written, or no
        summary of ours stands there.
    """
    seal = seal_of(summary) if is_summary(summary) else None
    if seal is None or seal.untouched:
        return None
    found = cells_of(summary)
    if found is not None and found == seal.cells:
        return None
    same = (one for one in copies_of(summary, language) if _is_same(summary, found, one))
    return next(same, None) or _free(summary, language)


def copies_of(summary: Path, language: str) -> Iterator[Path]:
    """Yield the copies of a summary that were kept beside it."""
    before, _, after = _name(summary, language, "\0").partition("\0")
    if summary.parent.is_dir():
        names = sorted(one.name for one in summary.parent.iterdir())
        yield from (summary.with_name(one) for one in names if one.startswith(before) and one.endswith(after))


def cells_of(path: Path) -> str | None:
    """Return the digest of what stands in a workbook, read aside; None where it cannot be read."""
    try:
        return run_aside(_digest, Path(os.path.realpath(path)))
    except (SettingsError, WorkbookError):
        return None


def _digest(path: Path) -> str | None:
    try:
        return digest_of_cells(read_book(admit(path, SUMMARY_LIMITS), SUMMARY_LIMITS))
    except RefusedError:
        return None


def _is_same(summary: Path, found: str | None, copy: Path) -> bool:
    try:
        if summary.stat().st_size == copy.stat().st_size and summary.read_bytes() == copy.read_bytes():
            return True
    except OSError:
        return False
    return found is not None and cells_of(copy) == found


def _free(summary: Path, language: str) -> Path:
    """Return a name for a copy that no file has."""
    when = datetime.fromtimestamp(summary.stat().st_mtime).astimezone()
    number, words = 1, f"{when:%Y-%m-%d %H.%M}"
    while (copy := summary.with_name(_name(summary, language, words))).exists():
        number += 1
        words = f"{when:%Y-%m-%d %H.%M} {number}"
    return copy


def _name(summary: Path, language: str, when: str) -> str:
    return text("merge.kept_name", language, name=summary.stem, when=when)
