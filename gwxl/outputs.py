"""Put a finished file in place: whole or not at all, and never over what must not be replaced."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gwxl.errors import OutputError


@contextmanager
def replacing(path: Path, refuse: Callable[[Path], None]) -> Iterator[Path]:
    """Give a path to write to, in a hidden folder beside the target; put the file in place at the end.

    Whatever goes wrong, what stood at the target stays as it was and nothing else is left behind.

    Args:
        path: the target.
        refuse: raises OutputError where the target must not be replaced; asked first and once more at the end.

    Raises:
        OutputError: the target must not be replaced, or cannot be written.
    """
    refuse(path)
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".gwxl-") as folder:
            draft = Path(folder) / path.name
            yield draft
            _flush(draft)
            refuse(path)
            draft.replace(path)
    except OSError as error:
        reason = error.strerror or error
        message = f"{path}: cannot be written: {reason}; free space, close the file elsewhere, or name another output"
        raise OutputError(message) from error


def refuse_existing(path: Path) -> None:
    """Refuse any file that stands at a path.

    Raises:
        OutputError: something stands there.
    """
    if os.path.lexists(path):
        message = f"{path}: exists already; give another name, or replace it with --force"
        raise OutputError(message)


def refuse_nothing(path: Path) -> None:
    """Refuse nothing but a folder in the way.

    Raises:
        OutputError: a folder stands there.
    """
    if path.is_dir():
        message = f"{path}: is a folder; name a file to write to"
        raise OutputError(message)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
