"""Give a finished workbook its name: written beside its place, verified, then renamed; whole or nothing."""

import os
from collections.abc import Callable
from pathlib import Path

from gwxl.errors import OutputError


def save(package: bytes, path: Path, verify: Callable[[Path], None], *, force: bool) -> None:
    """Write the bytes of a workbook to a path, after they were verified on disk.

    Raises:
        OutputError: the folder or file cannot be written, or a file has come into being there meanwhile.
        GwxlError: whatever verify raises; nothing is left then.
    """
    draft = path.with_name(f".{path.stem}.{os.getpid()}.xlsx")
    try:
        with draft.open("xb") as file:
            file.write(package)
            file.flush()
            os.fsync(file.fileno())
        verify(draft)
        _name(draft, path, force=force)
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror or error}"
        raise OutputError(message) from error
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, path: Path, *, force: bool) -> None:
    if force:
        draft.replace(path)
        return
    if path.exists() or path.is_symlink():
        message = f"{path}: a file of that name has come into being; nothing was replaced"
        raise OutputError(message)
    draft.replace(path)
