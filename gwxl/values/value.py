"""What a cell says, as the kind its field asks for: exact, logged where changed, never guessed.

Only the width of characters is folded (numbers, codes, addresses, dates, yes and no, choices); full NFKC would
turn ``10²`` into 102. A free text keeps its own characters; only what nobody sees is taken away.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gwxl.characters import is_blank
from gwxl.form import kinds
from gwxl.form.kinds import Kind
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.submission import Change, Scalar, Unread
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.values.appearance import check_appearance
from gwxl.values.cell_in_progress import Asked, Work, format_logged
from gwxl.values.choices import read_choice, read_tick, read_yes_no
from gwxl.values.formula_results import is_doubtful
from gwxl.values.numbers import figure, read_number
from gwxl.values.own_label import take_off_label
from gwxl.values.texts import read_code, read_date, read_text, read_url

_BOOLEAN = re.compile(r"\s*+=?(?:of:=)?\s*+(TRUE|FALSE)(?:\(\s*+\))?\s*+\Z", re.IGNORECASE)
_PICTURE = re.compile(r"=?(?:[A-Za-z_]+\.){0,3}(?:DISPIMG|IMAGE)\s*+\(", re.IGNORECASE)
_VOLATILE = re.compile(r"\b(?:NOW|TODAY|RAND|RANDBETWEEN|RANDARRAY|OFFSET|INDIRECT|CELL|INFO)\s*\(", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a cell says.

    Attributes:
        raw: the text as stored.
        value: the typed value, :class:`Unread`, or None for a blank.
        changes: what was normalised, one entry a kind.
        notes: findings on the way the value stands there (a formula, too many digits).
    """

    raw: str
    value: Scalar | Unread | None = None
    changes: tuple[Change, ...] = ()
    notes: tuple[Finding, ...] = ()


def read_value(
    cell: Cell | None,
    field: Asked,
    *,
    path: Path,
    date1904: bool = False,
    language: str = "zh",
    stale: bool = False,
) -> Reading:
    """Read a cell as the kind its field or column asks for.

    A count that is no whole number comes back as a Decimal, for the rules to judge. A choice is its key. In the
    row of one choice of many (path ``key.choice``) ticked is True and not ticked is None. A date is ``YYYY-MM-DD``.

    Args:
        cell: the stored cell, None where nothing stands.
        field: the field, or the column of a table field.
        path: where changes and notes belong to.
        date1904: the workbook counts days from 1904.
        language: ``zh`` or ``en``, of the messages of the notes.
        stale: what formulas came to was not calculated by the program that saved the workbook.
    """
    if cell is None or (cell.kind is CellKind.BLANK and cell.formula is None and not _holds_picture(cell)):
        return Reading(raw="")
    raw = f"={cell.formula}" if cell.uncalculated else cell.text
    if cell.kind is CellKind.NUMBER:
        raw = figure(raw)
    work = Work(cell=cell, asked=field, path=path, date1904=date1904, language=language, raw=raw, text=cell.text)
    value = _read(work, stale=stale)
    final = "" if value is None or isinstance(value, Unread) else format_logged(value)
    kinds = () if isinstance(value, Unread) else work.kinds
    changes = tuple(Change(key=path, raw=raw, value=final, kind=kind) for kind in kinds)
    return Reading(raw=raw, value=value, changes=changes, notes=tuple(work.notes))


def _read(work: Work, *, stale: bool) -> Scalar | Unread | None:
    kind = work.cell.kind
    if _holds_picture(work.cell):
        return work.give_up("picture")
    boolean = _BOOLEAN.match(work.cell.formula or "")
    if boolean:
        work.text, kind = boolean[1].upper(), CellKind.BOOLEAN
    elif work.cell.uncalculated:
        return work.give_up("uncalculated")
    elif work.cell.formula is not None:
        changing = _VOLATILE.search(work.cell.formula)
        work.note("W05" if changing else "W07" if is_doubtful(work.cell, stale=stale) else "W01")
    if kind is CellKind.ERROR:
        return work.give_up("error_cell")
    if kind is CellKind.TEXT:
        take_off_label(work)
    if is_blank(work.text):
        if work.text:
            work.log("blank")
        return None
    doubt = check_appearance(work, kind, _READERS[work.asked.kind]) if work.cell.look is not None else None
    return doubt or _READERS[work.asked.kind](work, kind)


def _holds_picture(cell: Cell) -> bool:
    """Tell whether an office program put a picture into the cell: as a value, or by a function of its own."""
    told = cell.text if cell.kind is CellKind.TEXT else ""
    return (cell.look is not None and cell.look.picture) or any(map(_PICTURE.match, (cell.formula or "", told)))


_READERS: Mapping[Kind, Callable[[Work, CellKind], Scalar | Unread | None]] = {
    kinds.TEXT: read_text,
    kinds.URL: read_url,
    kinds.CODE: read_code,
    kinds.DATE: read_date,
    kinds.COUNT: read_number,
    kinds.DECIMAL: read_number,
    kinds.YES_NO: read_yes_no,
    kinds.CHOICE: read_choice,
    kinds.CHOICES: read_tick,
}
