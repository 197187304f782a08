"""Read a file of decisions, CSV or a workbook of any format: its content says which, not its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gwxl.batch.decision import Decision
from gwxl.batch.decisions.csv_text import read_csv
from gwxl.batch.decisions.table import read_table
from gwxl.batch.decisions.unread import UnreadError
from gwxl.batch.decisions.workbook import Table
from gwxl.batch.decisions.workbook_reading import ReadSheet, read_workbook
from gwxl.engines.engine import run
from gwxl.errors import RefusedError
from gwxl.wording import each

_PACKED = (b"PK", b"\xd0\xcf\x11\xe0", b"<?xml")  # how zip, OLE and flat XML begin; no table in CSV does

_ENDS: Mapping[str, str] = {"zh": "。", "en": ". "}  # of a sentence


@dataclass(frozen=True, kw_only=True)
class Stood:
    """What stood in files of decisions: the rows, and the sheets that a clerk added."""

    rows: tuple[Decision, ...] = ()
    added: tuple[Table, ...] = ()

    def number_rows(self) -> "Stood":
        """Return the same, each row with a line of its own, whatever files and sheets they come from."""
        return replace(self, rows=tuple(replace(row, line=line) for line, row in enumerate(self.rows, 2)))


def read_stood(data: bytes) -> Stood:
    """Return what stands in a file of decisions from its bytes.

    Raises:
        UnreadError: it is neither text nor a workbook that can be read, or no row tells its columns.
        WorkerError: no process can be started.
    """
    if not data.strip():
        raise UnreadError(each("decision.lacks_content"))
    if not data.lstrip().startswith(_PACKED):
        return Stood(rows=tuple(read_table(read_csv(data))))
    # In a process of its own, with a deadline: it may be anything that has the name.
    found: list[tuple[ReadSheet, ...] | RefusedError] = [one for (one,) in run(read_workbook, [data], _refusal)]
    (sheets,) = found
    if isinstance(sheets, RefusedError):
        raise UnreadError(_why_unread(sheets))
    return _of_sheets(sheets)


def _why_unread(refusal: RefusedError) -> Mapping[str, str]:
    """Return what is wrong with a file; what a filler is asked to do about it is said to nobody here."""
    told = each(f"refused.{refusal.reason}", **refusal.details)
    return {language: words.partition(_ENDS[language])[0] for language, words in told.items()}


def _refusal(_: bytes, refusal: RefusedError) -> tuple[ReadSheet, ...] | RefusedError:
    return refusal


def _of_sheets(sheets: Sequence[ReadSheet]) -> Stood:
    """Return the rows of all sheets that have the heads; what stands on the others is the clerk's own."""
    rows: list[Decision] = []
    added: list[Table] = []
    reason: UnreadError | None = None
    for sheet in sheets:
        if not sheet.rows:
            continue
        try:
            rows += read_table(sheet.rows, sheet.comments)
        except UnreadError as error:
            reason = reason or error
            added.append((sheet.title, sheet.rows))
    if reason is not None and len(added) == sum(bool(sheet.rows) for sheet in sheets):
        raise reason
    return Stood(rows=tuple(rows), added=tuple(added))
