"""Where a merge reads and writes beside an inbox: the summary, the decisions."""

import os
from collections.abc import Sequence
from pathlib import Path

from gwxl.batch.decisions.decisions_file import DecisionsFile
from gwxl.batch.file_names import place_decisions
from gwxl.errors import SettingsError
from gwxl.files.outputs import refuse_no_folder
from gwxl.inert import begins_a_formula
from gwxl.summary.stored.recognising import is_summary
from gwxl.wording import each, text


def default_summary(folder: Path, language: str) -> Path:
    """Return where a merge writes when nobody says: beside the folder, named after it."""
    place = _resolve_name(folder)
    name = f"_{place.name}" if begins_a_formula(place.name) else place.name
    return place.with_name(text("merge.file_name", language, folder=name))


def _resolve_name(folder: Path) -> Path:
    """Return the folder as the clerk typed it, or whole where that, like ``.``, is no name."""
    return folder if folder.name not in {"", ".."} else folder.resolve()


def decisions_on(folder: Path, language: str) -> DecisionsFile:
    """Read the decisions on an inbox, which stand beside it; those on a summary alone beside that.

    Raises:
        SettingsError: a file cannot be read from the disk.
    """
    place = _resolve_name(folder) if folder.is_dir() else folder.with_suffix("")
    return DecisionsFile(place_decisions(place, language))


def find_target(folder: Path | None, summary: Path | None, summaries: Sequence[Path], language: str) -> Path:
    """Return where the summary is written.

    Args:
        folder: the inbox, None where everything comes by summaries.
        summary: where it is said to be written, None where nobody says.
        summaries: those of the level below.
        language: of the name that nobody says.

    Raises:
        SettingsError: it is not said, one of those that are read stands there, or there is nothing to write.
        OutputError: there is no folder for it.
    """
    if summary is None and folder is None:
        raise SettingsError(each("failure.no_target"))
    target = summary or default_summary(folder or Path(), language)
    if folder is None and summaries and not any(map(is_summary, summaries)):
        raise SettingsError(each("failure.no_summaries", file=summaries[0]))
    if os.path.realpath(target) in map(os.path.realpath, summaries):
        raise SettingsError(each("failure.own_target", path=target))
    if summary:
        refuse_no_folder(target)  # before time is spent on reading what could not be written
    return target
