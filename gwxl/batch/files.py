"""List what lies in an inbox, and tell what is never a return by its name alone."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gwxl.errors import SettingsError
from gwxl.wording import each

_LEFTOVER = re.compile(
    r"~\$.*|\.~lock.*|\.(?!.*\.icloud\Z).*|thumbs\.db|desktop\.ini|decisions\.csv|.*\.tmp",
    re.IGNORECASE,
)
_LEFTOVER_FOLDER = re.compile(r"\..*|__macosx", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Name one file of an inbox: its path, and its name relative to the inbox with ``/`` between folders."""

    path: Path
    name: str

    @property
    def leftover(self) -> bool:
        """Tell whether programs leave such a file behind and nobody means to send it."""
        return is_leftover(self.name)


def is_leftover(name: str) -> bool:
    """Tell whether a relative name is that of a lock or system file.

    An unfinished download, a shortcut or what a cloud leaves in a file's place stands for a return: it is read.
    """
    *folders, last = name.split("/")
    return bool(_LEFTOVER.fullmatch(last)) or any(_LEFTOVER_FOLDER.fullmatch(folder) for folder in folders)


def list_files(folder: Path) -> tuple[Found, ...]:
    """List every file below a folder, by name whatever the order on disk; links to folders are not followed.

    Raises:
        SettingsError: the folder is none, or cannot be read.
    """
    if not folder.is_dir():
        raise SettingsError(each("failure.not_a_folder", folder=folder))
    return tuple(sorted(_walk(folder), key=lambda found: found.name))


def find_files(paths: Iterable[Path]) -> Iterator[Found]:
    """Yield the files that paths name, each called as it was typed; a folder stands for every file below it.

    Raises:
        SettingsError: a folder cannot be read.
    """
    for path in paths:
        if path.is_dir():
            yield from (Found(path=one.path, name=(path / one.name).as_posix()) for one in list_files(path))
        else:
            yield Found(path=path, name=str(path))


def _walk(folder: Path) -> Iterator[Found]:
    def refuse(error: OSError) -> None:
        raise SettingsError(each("failure.unreadable", path=error.filename, reason=error.strerror)) from error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders.sort()
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in (*files, *linked):
            path = Path(parent) / name
            yield Found(path=path, name=path.relative_to(folder).as_posix())
