"""What a summary on disk says of the inbox it was made from: which form and year, and every file."""

from dataclasses import dataclass
from pathlib import Path

from gwxl.errors import SettingsError, WorkbookError
from gwxl.summary.sheets import lists
from gwxl.summary.stored.aside import aside
from gwxl.summary.stored.looking import looking_into
from gwxl.summary.stored.recognising import INBOX, PREVIOUS, SIGNED
from gwxl.wording import each, text

Entry = tuple[str, str, str]
"""File, member and sha256 of one received workbook."""

_STATE = ("#file_only", "#member", "#sha256", "#sheet", "#state")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a summary lists.

    Attributes:
        form: the form's id. year: the year it is for, None if it says none.
        inbox: the folder the returns lay in, None if it does not say.
        previous: the summary or folder of the period it was held against, None where it was against none.
        signed: signatures were demanded when it was made.
        files: every file that was found, in the summary's order.
        passed: of each return that passed its file, member, sha256 and the title of its form sheet.
        states: of each file or return the same, and in a word what became of it.
    """

    form: str
    year: int | None
    inbox: Path | None
    previous: Path | None
    signed: bool
    files: tuple[Entry, ...]
    passed: frozenset[tuple[str, str, str, str]] = frozenset()
    states: frozenset[tuple[str, ...]] = frozenset()


def read_listing(path: Path) -> Listing:
    """Read what a summary lists.

    Raises:
        SettingsError: the file is no summary that gwxl wrote.
    """
    with looking_into(path) as looked:
        properties, title = looked.properties, looked.title("files")
        if not looked.has(title):
            raise WorkbookError(each("failure.sheet_gone", path=path, sheet=title))
        files = looked.grid(title, lists.FIRST_ROW, _STATE)
        word = text("summary.state.passed", looked.language)
    rows = [
        (files.text(row, "#file_only"), files.text(row, "#member"), files.text(row, "#sha256")) for row in files.rows
    ]
    passed = [
        (*entry, files.text(row, "#sheet"))
        for entry, row in zip(rows, files.rows, strict=True)
        if files.text(row, "#state") == word
    ]
    year = properties.get("gwxl_year", "")
    inbox, previous = (path.parent / place if (place := properties.get(key)) else None for key in (INBOX, PREVIOUS))
    return Listing(
        form=properties.get("gwxl_form", ""),
        year=int(year) if year.isdecimal() else None,
        inbox=inbox,
        previous=previous,
        signed=SIGNED in properties,
        files=tuple((file, member, digest) for file, member, digest in rows if file),
        passed=frozenset(one for one in passed if one[-1]),
        states=frozenset(tuple(files.text(row, key) for key in _STATE) for row in files.rows),
    )


def previous_files(path: Path) -> frozenset[str]:
    """Return the sha256 of every file an earlier summary lists.

    Raises:
        SettingsError: the file is no summary that gwxl wrote.
    """
    return frozenset(digest for _, _, digest in read_listing(path).files if digest)


def known_files(summary: Path) -> frozenset[str] | None:
    """Return what :func:`previous_files` does, read aside; None where no summary stands that can be read."""
    try:
        return aside(previous_files, summary) if summary.exists() else None
    except (SettingsError, WorkbookError):
        return None  # foreign or damaged: nothing is known about earlier files
