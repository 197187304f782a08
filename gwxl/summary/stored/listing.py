"""What a summary on disk says of the inbox it was made from: which form and year, and every file."""

from dataclasses import dataclass
from pathlib import Path

from gwxl.errors import SettingsError, WorkbookError
from gwxl.inert import inert
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.summary.sheets import lists
from gwxl.summary.sheets.files import way
from gwxl.summary.stored.looking import Looked, open_summary
from gwxl.summary.stored.own_process import run_aside
from gwxl.summary.stored.recognising import BELOW, INBOX, PREVIOUS, SIGNED
from gwxl.wording import catalogue, each

Entry = tuple[str, str, str]
"""File, the summaries it came by in front of it, member and sha256 of one received workbook."""

_COLUMNS = {
    "file": "#file_only",
    "member": "#member",
    "sheet": "#sheet",
    "sha256": "#sha256",
    "state": "#state",
    "by": "#by",
}
_STATE = "summary.state."


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A file or return as a summary lists it.

    Attributes:
        file, member, sheet: its names as they may be shown, empty where it has none. sha256: of the workbook.
        state: what became of it, a key below ``summary.state.``. by: the summaries it came by, in a line.
    """

    file: str
    member: str
    sheet: str
    sha256: str
    state: str
    by: str = ""

    @property
    def entry(self) -> Entry:
        """Return the workbook alone."""
        return f"{self.by}｜{self.file}" if self.by else self.file, self.member, self.sha256


def list_receipt(receipt: Receipt) -> Listed:
    """Return how a summary lists a receipt."""
    source = receipt.source
    names = {name: inert(getattr(source, name) or "") for name in ("file", "member", "sheet")}
    return Listed(**names, sha256=source.sha256, state=receipt.state, by=inert(way(source)))


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a summary lists.

    Attributes:
        form: the form's id. period: what it is for, none if it says none.
        inbox: the folder the returns lay in, None if it does not say.
        previous: the summary or folder of the period it was held against, None where it was against none.
        signed: signatures were demanded when it was made. below: others were taken in.
        returns: every file or return that was found, in the summary's order.
    """

    form: str
    period: Period
    inbox: Path | None
    previous: Path | None
    signed: bool
    returns: tuple[Listed, ...]
    below: bool = False

    @property
    def files(self) -> tuple[Entry, ...]:
        """Return every file that was found, one that holds several returns once for each."""
        return tuple(one.entry for one in self.returns)

    @property
    def digests(self) -> frozenset[str]:
        """Return the sha256 of every file."""
        return frozenset(digest for _, _, digest in self.files if digest)


def read_listing(path: Path) -> Listing:
    """Read what a summary lists.

    Raises:
        SettingsError: the file is no summary that gwxl wrote.
    """
    with open_summary(path) as looked:
        return listing_of(path, looked)


def listing_of(path: Path, looked: Looked) -> Listing:
    """Return what a summary lists that is being looked into.

    Raises:
        WorkbookError: the sheet of files is gone.
    """
    properties, title = looked.properties, looked.title("files")
    if not looked.has(title):
        raise WorkbookError(each("failure.sheet_gone", path=path, sheet=title))
    files = looked.grid(title, lists.FIRST_ROW, _COLUMNS.values())
    states = {one[looked.language]: key.removeprefix(_STATE) for key, one in catalogue().items() if _STATE in key}
    rows = [{name: files.text(row, key) for name, key in _COLUMNS.items()} for row in files.rows]
    inbox, previous = (path.parent / place if (place := properties.get(key)) else None for key in (INBOX, PREVIOUS))
    return Listing(
        form=properties.get("gwxl_form", ""),
        period=Period.read(properties.get("gwxl_year", "")),
        inbox=inbox,
        previous=previous,
        signed=SIGNED in properties,
        returns=tuple(
            Listed(**{**row, "state": states.get(row["state"], row["state"])}) for row in rows if row["file"]
        ),
        below=BELOW in properties,
    )


def previous_files(path: Path) -> frozenset[str]:
    """Return the sha256 of every file an earlier summary lists.

    Raises:
        SettingsError: the file is no summary that gwxl wrote.
    """
    return read_listing(path).digests


def read_known_files(summary: Path) -> frozenset[str] | None:
    """Return what :func:`previous_files` does, read aside; None where no summary stands that can be read."""
    try:
        return run_aside(previous_files, summary) if summary.exists() else None
    except (SettingsError, WorkbookError):
        return None  # foreign or damaged: nothing is known about earlier files
