"""Export the figures of a summary into a file for other programs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gwxl.batch.inbox import Progress
from gwxl.errors import SettingsError
from gwxl.exporting.formats import FORMATS
from gwxl.exporting.rows import Row, find_accepted, rows_of
from gwxl.files.outputs import refuse_existing, refuse_nothing, replace_file
from gwxl.returns.from_summary import Taken, take_up
from gwxl.terms import Terms
from gwxl.wording import each


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was exported.

    Attributes:
        path: the file. returns, rows: how many it holds.
        strangers: names of files of the inbox that the summary does not list as they are.
    """

    path: Path
    returns: int
    rows: int
    strangers: tuple[str, ...] = ()


def export(
    terms: Terms,
    summary: Path,
    path: Path,
    *,
    inbox: Path | None = None,
    force: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Exported:
    """Write each figure of the returns that a summary counts, with the cell it comes from, a row each.

    The returns are read and judged again; where what becomes of one is not what the summary says, nothing is written.

    Args:
        terms: what they are held against; the form is the one the summary names where none is, the period its own.
        summary: a summary that gwxl wrote.
        path: ends in ``.csv``, ``.jsonl``, ``.sqlite`` or ``.parquet``.
        inbox: the folder the returns lie in; the one the summary names when None.
        force: replace an existing file.
        progress: called with (files done, files in all).

    Raises:
        SettingsError: the file is no summary, its inbox is not there or has changed since, it demands signatures and
            there is no key, the ending is none of these, or Parquet's package is not installed.
        OutputError: the file exists or cannot be written.
    """
    write = FORMATS.get(path.suffix.lower())
    if write is None:
        raise SettingsError(each("failure.export_ending", path=path, endings=" ".join(FORMATS)))
    refuse = refuse_nothing if force else refuse_existing
    refuse(path)  # before time is spent on reading
    taken = take_up(terms, summary, inbox=inbox, progress=progress)
    _refuse_changed(taken, summary)
    form = taken.terms.form
    receipts, count = find_accepted(form, taken.receipts), [0]
    with replace_file(path, refuse) as draft:
        write(draft, _count(rows_of(form, receipts), count))
    strangers = tuple(receipt.source.name for receipt in taken.strangers)
    return Exported(path=path, returns=len(receipts), rows=count[0], strangers=strangers)


def _refuse_changed(taken: Taken, summary: Path) -> None:
    """Refuse to export what is not what the summary says.

    Raises:
        SettingsError: a file is gone or changed, or another thing becomes of a return than when it was written.
    """
    changed = [receipt.source.name for receipt in taken.receipts if not taken.stands(receipt)]
    if names := [*taken.missing, *changed]:
        raise SettingsError(each("failure.summary_outdated", summary=summary, count=len(names), file=names[0]))


def _count(rows: Iterable[Row], count: list[int]) -> Iterator[Row]:
    for count[0], row in enumerate(rows, 1):
        yield row
