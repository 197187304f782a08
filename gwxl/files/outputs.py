"""Put a finished file in place: whole or not at all, and never over what must not be replaced."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from gwxl.errors import OutputError
from gwxl.files.drafts import draft_folder
from gwxl.wording import each
from gwxl.wording.system import system_words

State = TypeVar("State")

_TRIES = 5


@contextmanager
def replace_file(path: Path, refuse: Callable[[Path], None]) -> Iterator[Path]:
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
        with draft_folder(path.parent) as folder:
            draft = folder / path.name
            yield draft
            _flush(draft)
            refuse(path)
            draft.replace(path)
    except OSError as error:
        refuse_no_folder(path)
        raise OutputError(each("failure.unwritable", path=path, reason=system_words(error))) from error


@contextmanager
def fill_folder(folder: Path, names: Sequence[str], refuse: Callable[[Path], None]) -> Iterator[Path]:
    """Give a folder to write files to; they are put in place at the end, those of a new folder all at once.

    In a folder that is there already each of them is whole or as it was, and the last name comes last; whatever else
    lies there stays.

    Args:
        folder: the target; it is made if it is not there, and those above it.
        names: the files that are written.
        refuse: raises OutputError where a file must not be replaced; asked for each first and once more at the end.

    Raises:
        OutputError: a file must not be replaced or cannot be written, or the folder cannot be made.
    """
    _refuse_each(folder, names, refuse)
    fresh = not os.path.lexists(folder)
    make_folder(folder.parent if fresh else folder)
    try:
        with draft_folder(folder.parent if fresh else folder) as place:
            draft = place / "files"
            draft.mkdir()
            yield draft
            for name in names:
                _flush(draft / name)
            _refuse_each(folder, names, refuse)
            if fresh and not os.path.lexists(folder):
                draft.replace(folder)
                return
            for name in names:
                (draft / name).replace(folder / name)
    except OSError as error:
        raise OutputError(each("failure.unwritable", path=folder, reason=system_words(error))) from error


def _refuse_each(folder: Path, names: Sequence[str], refuse: Callable[[Path], None]) -> None:
    for name in names:
        refuse(folder / name)


class ChangedError(Exception):
    """The end of an attempt to replace what was read: something else stands there by now."""


def replace_read(
    path: Path, read: Callable[[], State], attempt: Callable[[State, Callable[[Path], None]], object]
) -> State:
    """Replace what was read by what is made of it; where somebody else saved it meanwhile, begin anew.

    Args:
        path: the file, for who has to be told.
        read: returns what stands there.
        attempt: makes the new one and puts it in place, with what :func:`replace_file` is to ask.

    Returns:
        What was replaced.

    Raises:
        OutputError: it changed each time.
    """
    for _ in range(_TRIES):
        stood = read()
        with suppress(ChangedError):
            attempt(stood, partial(_refuse_changed, read, stood))
            return stood
    raise OutputError(each("failure.busy", path=path))


def _refuse_changed(read: Callable[[], State], stood: State, path: Path) -> None:
    refuse_nothing(path)
    if read() != stood:
        raise ChangedError


def refuse_standing(path: Path) -> None:
    """Refuse a path where something stands that no option of the command replaces.

    Raises:
        OutputError: something stands there.
    """
    if os.path.lexists(path):
        raise OutputError(each("failure.stands", path=path))


def refuse_existing(path: Path) -> None:
    """Refuse any file that stands at a path.

    Raises:
        OutputError: something stands there.
    """
    if os.path.lexists(path):
        raise OutputError(each("failure.exists", path=path))


def refuse_nothing(path: Path) -> None:
    """Refuse nothing but a folder in the way.

    Raises:
        OutputError: a folder stands there.
    """
    if path.is_dir():
        raise OutputError(each("failure.is_folder", path=path))


def refuse_conflicts(targets: Sequence[Path], originals: Iterable[Path], *, force: bool) -> None:
    """Refuse to write where something stands that must not be replaced, before the first of many is written.

    Args:
        targets: what is to be written.
        originals: files that are never replaced, whatever they are called on the way.
        force: anything else that stands there may be replaced, but no folder.

    Raises:
        OutputError: one of the originals, or a file or folder, stands at a target.
    """
    kept = {os.path.realpath(path) for path in originals}
    for target in targets:
        if os.path.realpath(target) in kept:
            raise OutputError(each("failure.is_return", path=target))
        (refuse_nothing if force else refuse_existing)(target)


def refuse_no_folder(path: Path) -> None:
    """Refuse a file for which there is no folder.

    Raises:
        OutputError: there is none.
    """
    if not path.parent.is_dir():
        raise OutputError(each("failure.no_folder", path=path, folder=path.parent))


def refuse_in_the_way(folder: Path) -> None:
    """Refuse a file where a folder is to be.

    Raises:
        OutputError: a file is in the way.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise OutputError(each("failure.in_the_way", path=folder))


def make_folder(folder: Path) -> None:
    """Make a folder if it is not there, and those above it.

    Raises:
        OutputError: a file is in the way, or it cannot be made.
    """
    refuse_in_the_way(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(each("failure.unmakeable", path=folder, reason=system_words(error))) from error


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
