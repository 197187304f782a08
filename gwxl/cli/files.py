"""Take the files a command names; a folder stands for every file below it."""

from collections.abc import Sequence
from pathlib import Path

from gwxl.batch.files import Found, list_files


def found_files(paths: Sequence[Path]) -> tuple[Found, ...]:
    """Return the files that are named, each as the clerk would type it.

    Raises:
        SettingsError: a folder cannot be read.
    """
    return tuple(found for path in paths for found in _found(path))


def _found(path: Path) -> Sequence[Found]:
    if not path.is_dir():
        return (Found(path=path, name=str(path)),)
    return [Found(path=one.path, name=(path / one.name).as_posix()) for one in list_files(path)]
