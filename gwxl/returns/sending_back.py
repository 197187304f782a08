"""Send back what is wrong: the returns of a summary, or files that somebody names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gwxl.batch.corrections import Trust, replace_corrected
from gwxl.batch.files import find_files
from gwxl.batch.inbox import Progress
from gwxl.receiving import receive
from gwxl.returns.from_summary import Taken, take_up
from gwxl.returns.planning import Sending
from gwxl.returns.returning import Returned, send_receipts
from gwxl.terms import Terms


@dataclass(frozen=True, kw_only=True)
class SentBack:
    """What became of the returns.

    Attributes:
        returned: one a return, in the order they were read.
        strangers: names of files of the inbox that the summary does not list as they are.
        missing: names of files that the summary lists and that are gone or changed.
        dry_run: nothing was written.
    """

    returned: tuple[Returned, ...]
    strangers: tuple[str, ...]
    missing: tuple[str, ...]
    dry_run: bool = False


def send_back(
    terms: Terms,
    source: Path | Sequence[Path],
    folder: Path,
    *,
    inbox: Path | None = None,
    force: bool = False,
    dry_run: bool = False,
    reading: Progress = lambda _done, _all: None,
    writing: Progress = lambda _done, _all: None,
) -> SentBack:
    """Write a workbook with its own answers, and a letter, for each return that its filler has to mend.

    For a file that could not be read it is a blank form, where its name or folder tells who sent it.

    Args:
        terms: the forms and what is asked; the form and the period are those of the summary where there is one.
        source: the summary of a merge, whose inbox is read and judged again; or the files, of which a folder stands
            for every file below it.
        folder: where the workbooks and letters are written; it is made if it is not there.
        inbox: the folder the returns of the summary lie in; the one it names when None.
        force: make anew what was sent already, in place of the files of its round, but of none of the returns.
        dry_run: write nothing, and say what would be written.
        reading: called with (files done, files in all).
        writing: called with (returns done, returns in all).

    Raises:
        SettingsError: the file is no summary, or a folder cannot be read.
        OutputError: a file cannot be written.
    """
    if isinstance(source, Path):
        taken = take_up(terms, source, inbox=inbox, progress=reading)
    else:
        taken = _from_files(terms, source, reading)
    originals = tuple(one.path for one in find_files(taken.places))
    places = () if isinstance(source, Path) else tuple(one.as_posix() for one in source if one.is_dir())
    sending = Sending(folder=folder, originals=originals, places=places, force=force, dry_run=dry_run)
    returned = []
    for done, one in enumerate(send_receipts(taken.terms, taken.receipts, sending), 1):
        returned.append(one)
        writing(done, len(taken.receipts))
    strangers = tuple(receipt.source.name for receipt in taken.strangers)
    return SentBack(returned=tuple(returned), strangers=strangers, missing=taken.missing, dry_run=dry_run)


def _from_files(terms: Terms, files: Sequence[Path], reading: Progress) -> Taken:
    receipts = receive(terms, files, reading)
    for rules in terms.forms:
        receipts = replace_corrected(rules.form, receipts, Trust(key=terms.key))
    return Taken(terms=terms, places=tuple(files), receipts=receipts)
