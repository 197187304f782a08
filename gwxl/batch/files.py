"""List what lies in an inbox, and tell what is never a return by its name alone."""

import os
import posixpath
import re
import time
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from gwxl.batch.file_names import is_decisions, is_sent_log
from gwxl.containers.limits import DEFAULT_LIMITS
from gwxl.errors import RefusedError, SettingsError
from gwxl.files.drafts import is_draft
from gwxl.inert import tell_apart
from gwxl.spreadsheets.admission.door import parts_of
from gwxl.wording import LANGUAGES, each, text
from gwxl.wording.system import system_words

_LEFTOVER = re.compile(
    r"~\$.*|\.~lock.*|\._.*|\.(?!.*\.(?:icloud|part(?:ial)?|\w*download|te?mp)\Z).*"
    r"|thumbs\.db|desktop\.ini",
    re.IGNORECASE,
)
_DRAFT = re.compile(r".*\.te?mp", re.IGNORECASE)
_PROGRAMS_DRAFT = re.compile(r"[~.].*\.te?mp", re.IGNORECASE)
_LEFTOVER_FOLDER = re.compile(r"\..*|__macosx|lost\+found|system volume information|\$recycle\.bin", re.IGNORECASE)

_MOST = 100_000  # entries of one folder, and files of an inbox; a country has fewer sites
_DEEPEST = 40  # folders in each other
_LISTING = 60.0  # seconds that listing one folder may take


@dataclass(frozen=True, kw_only=True)
class Found:
    """One file of an inbox: its path, and its name relative to the inbox with ``/`` between folders.

    The name is as it was meant, whatever encoding it has on disk. A folder that cannot be listed stands for what is
    in it, with the reason. ``above`` is how many folders in front of the name were typed: they say nothing of the file.
    """

    path: Path
    name: str
    refusal: RefusedError | None = None
    above: int = 0

    @cached_property
    def sha256(self) -> str:
        """Return the digest of its bytes, empty where it cannot be let in."""
        try:
            with parts_of(self.path, DEFAULT_LIMITS) as parts:
                return sha256(parts[: len(parts)]).hexdigest()
        except RefusedError:
            return ""

    @property
    def inner(self) -> str:
        """Return its name below what was typed."""
        return self.name.split("/", self.above)[-1]

    @property
    def leftover(self) -> bool:
        """Tell whether programs leave such a file behind and nobody means to send it."""
        return is_leftover(self.inner if self.refusal is None else f"{self.inner}/")


def is_leftover(name: str, refused_as: Collection[str] = ()) -> bool:
    """Tell whether a relative name is that of a lock or system file.

    An unfinished download, a shortcut or what a cloud leaves in a file's place stands for a return: it is read. So is
    a program's draft, ``.tmp``, which may hold all of one.

    Args:
        name: with ``/`` between folders.
        refused_as: why the file was refused, once it has been read: an empty draft holds nothing.
    """
    *folders, last = name.split("/")
    ours = is_decisions(last) or is_sent_log(last)
    if ours or _LEFTOVER.fullmatch(last) or any(_LEFTOVER_FOLDER.fullmatch(folder) for folder in folders):
        return True
    drafts = _DRAFT if "empty" in refused_as else _PROGRAMS_DRAFT
    return bool(refused_as and drafts.fullmatch(last))


def list_files(folder: Path) -> tuple[Found, ...]:
    """List every file below a folder, by name whatever the order on disk; links to folders are not followed.

    Raises:
        SettingsError: the folder is none, or cannot be read.
    """
    if not folder.is_dir():
        raise SettingsError(each("failure.not_a_folder", folder=folder))
    return _tell_apart(_list_files(folder))


def find_files(paths: Iterable[Path]) -> tuple[Found, ...]:
    """Return the files that paths name, each called as it was typed; a folder stands for every file below it.

    Raises:
        SettingsError: a folder cannot be read.
    """
    found: list[Found] = []
    for path in paths:
        if path.is_dir():
            place = posixpath.join(path.as_posix(), "")
            found += [replace(one, name=place + one.name, above=place.count("/")) for one in _list_files(path)]
        else:
            found.append(name_file(path))
    return _tell_apart(found)


def find_paths(places: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files that paths name, or that lie below them, as far as they may be returns.

    Raises:
        SettingsError: a folder cannot be read.
    """
    return tuple(one.path for one in find_files(places) if one.refusal is None and not one.leftover)


def name_file(path: Path) -> Found:
    """Return a file that is called as it was typed."""
    return Found(path=path, name=str(path), above=str(path).count("/"))


def _list_files(folder: Path) -> list[Found]:
    return sorted(_walk(folder), key=lambda found: found.name)


def _tell_apart(files: Sequence[Found]) -> tuple[Found, ...]:
    """Return files with their names as they were meant, no two of them alike."""
    told = tell_apart(one.name for one in files)
    return tuple(replace(one, name=told[one.name]) for one in files)


def _walk(folder: Path) -> Iterator[Found]:
    """Yield every file below a folder, and in place of a folder that cannot be listed the folder with the reason.

    Raises:
        SettingsError: the folder itself cannot be listed.
    """
    waiting, left = deque([(folder, 0)]), _MOST
    while waiting:
        place, depth = waiting.popleft()
        try:
            entries = list(_entries(place, depth, left))
        except RefusedError as refusal:
            if place == folder:
                raise SettingsError(_line(folder, refusal)) from refusal
            yield Found(path=place, name=place.relative_to(folder).as_posix(), refusal=refusal)
            continue
        left -= len(entries)
        for path, inside in entries:
            if inside:
                waiting.append((path, depth + 1))
            else:
                yield Found(path=path, name=path.relative_to(folder).as_posix())


def _entries(folder: Path, depth: int, left: int) -> Iterator[tuple[Path, bool]]:
    """Yield what lies in a folder, and whether it is a folder; links and the drafts of a running program are none.

    Raises:
        RefusedError: the folder cannot be listed, or not within reason.
    """
    if depth > _DEEPEST:
        raise RefusedError("deep_folder", limit=_DEEPEST)
    until = time.monotonic() + _LISTING
    try:
        with os.scandir(folder) as listed:
            for number, entry in enumerate(listed):
                if number >= left or time.monotonic() > until:
                    raise RefusedError("endless_folder", limit=_MOST)
                inside = entry.is_dir(follow_symlinks=False)
                if not (inside and is_draft(entry.name)):
                    yield Path(entry.path), inside
    except OSError as error:
        raise RefusedError("unreadable_folder", error=system_words(error)) from error


def _line(folder: Path, refusal: RefusedError) -> dict[str, str]:
    reason = f"refused.{refusal.reason}"
    return {language: f"{folder}: {text(reason, language, **refusal.details)}" for language in LANGUAGES}
