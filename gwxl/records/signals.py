"""What a reader of a returned workbook can notice: every finding of this layer, by id.

Each id has its message below ``signal.`` in the wording catalogue, and, where the return is held for it,
the reason below ``held.``. The titles:

=====  ========  =====================================================================
id     severity  title
=====  ========  =====================================================================
W01    hint      a formula stands in a field; its stored value is used
W03    verify    more than 15 digits in a stored number
W04    verify    the number shows as a percentage
W05    verify    the formula gives another value each day or each time
W06    verify    the number format shows another number than the one stored
W07    verify    a formula stands in a field, and no program has calculated it since it was written
W08    hint      a count is also the serial number of a day of the period
W09    verify    a total was typed over: it is added up anew
W10    verify    a total that is filled in is not what its cells come to
W11    verify    a field that is worked out was typed over: it is worked out anew
W12    verify    the formula of a total or of a field that is worked out is gone: it is worked out anew
W13    verify    another formula stands in its place: it is worked out anew
L01    verify    no identity in properties, map sheet or marker line
L02    error !   the copies of the identity disagree
L03    error     a field was not found
L04    hint      a field around the form was not found
L05    error !   a label was changed
L06    error !   key and label of a row or column disagree
L07    verify    a row stands twice; the defined name says which counts
L08    error     a row stands twice and nothing says which counts
L09    verify    one defined name points beside its field: the cell was moved
L10    error !   several names moved together, or one moved beside a lost one: values shifted
L11    hint      some defined names are lost
L12    hint      all defined names are lost: key and label alone give the place
L13    verify    rows were sorted
L14    error !   the head of the input column is gone or stands twice
L15    verify    something stands in the input column beside a heading
L16    error !   the input column looks shifted, and no name can tell
L17    hint      something was typed beside the fields
L18    verify    several inputs are merged, or one is swallowed by a merge
L19    hint      an input is merged with a cell to its right
L20    verify    a table was not found
L21    error     a column of a table was not found
L22    verify    the end row of a table is lost: read up to the last filled row
L23    verify    something stands in or below the end row of a table
L24    verify    several sheets of a table were filled in: the one named for it is read, or none
L25    error !   a column of a table looks shifted
L26    hint      a heading row is missing
L27    hint      the column of the explanations was not found
L28    hint      a sheet of the form beside this one was not filled in: it is no return
L29    error !   several form sheets, and nothing tells which table is whose
L30    hint      several form sheets: which table was read for this one
L40    verify    something was typed into the cell that points to a table's sheet
L41    verify    something stands in a hidden row of a table, or on its hidden sheet
L42    error !   a list with the heads of the form, on a workbook that is none of ours
L43    verify    something was typed into a cell of a matrix that is not asked
T01    hint      the protection of a sheet is off
T02    error !   the fingerprint is not the form's
T03    verify    a unit was changed
T04    hint      the workbook carries a macro project
T05    hint      the workbook points to other workbooks
T06    error !   the campaign's key refutes the signature: the identity was changed
T07    hint      the signature was not verified: none, another campaign's, or no key at hand
T08    error !   issued to one site, returned with the code of another
T09    error !   the campaign's key refutes the mark of a workbook that was sent back: it was changed
T10    error !   signatures are demanded: this one bears none of the campaign's, or is bound to no site
S01    hint      something stands beside a blank input: in its row, in a comment, in a text box
S02    verify    a figure stands beside the blank input of a number that need not be filled in
S03    hint      something was written over a clause of the instructions
S04    hint      something was written over a check
S05    hint      a comment or a text box lies at an input that is filled in
S06    hint      a comment or a text box lies elsewhere on a sheet
S07    verify    the title names another year
S08    hint      the form sheet is hidden
S09    hint      something was written into the hidden formulas of the checks
S10    hint      something stands beside the rows of a table, or over their checks
F01    hint      a field around the form cannot be read
F02    hint      the date of the report is after the day of merging: it does not tell which return is later
F03    hint      the date of the report is before the period: it does not tell which return is later
E01    hint      a return of an older edition says what has no place in the current one
=====  ========  =====================================================================

``!`` marks what holds a return until the clerk decides.
"""

from collections.abc import Callable, Iterable
from typing import Any

from gwxl.inert import inert_line
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.wording import catalogue, text
from gwxl.wording.joining import join_words

HOLDING = frozenset({"L02", "L05", "L06", "L10", "L14", "L16", "L25", "L29", "L42", "T02", "T06", "T08", "T09", "T10"})

MISPLACING = HOLDING & frozenset({"L05", "L06", "L10", "L14", "L16", "L25", "T02"})
"""Those that say that answers may stand at other fields than their own."""

_VERIFY = frozenset({"W03", "W04", "W05", "W06", "W07", "W09", "W10", "W11", "W12", "W13"})
_VERIFY |= {
    "L01",
    "L07",
    "L09",
    "L13",
    "L15",
    "L18",
    "L20",
    "L22",
    "L23",
    "L24",
    "L40",
    "L41",
    "L43",
    "S02",
    "S07",
    "T03",
}
_ERROR = HOLDING | {"L03", "L08", "L21"}
_LISTED = 5
_LONGEST = 80
_QUOTED = 50


def severity_of(id_: str) -> Severity:
    """Return how much a signal weighs."""
    if id_ in _ERROR:
        return Severity.ERROR
    return Severity.VERIFY if id_ in _VERIFY else Severity.HINT


def is_signal(id_: str) -> bool:
    """Tell whether an id is one of the table above."""
    return f"signal.{id_}" in catalogue()


def signal(
    id_: str,
    language: str,
    *,
    key: Path | None = None,
    cell: CellRef | None = None,
    raw: str | None = None,
    operands: Iterable[Path] = (),
    **arguments: Any,
) -> Finding:
    """Return the finding of a signal.

    Args:
        id_: an id of the table above.
        language: ``zh`` or ``en``.
        key: the path of the field it is about, None for the whole sheet.
        cell: where it was seen; its address is the argument ``cell``.
        raw: what stands in the field, where the message shows the field.
        operands: further paths it is about, where it is shown at none of them.
        arguments: the other values of the message; texts of the workbook are made fit to show.
    """
    values = {name: as_told(str(value)) for name, value in arguments.items()}
    if cell is not None:
        values["cell"] = as_told(str(cell))
    return Finding(
        id=id_,
        severity=severity_of(id_),
        message=catalogue()[f"signal.{id_}"][language],
        key=key,
        operands=(key,) if key else tuple(operands),
        arguments=values,
        shown={key: as_told(raw)} if key and raw is not None else {},
        value=raw,
        source=cell,
    )


def as_told(words: str) -> str:
    """Return a text as the message of a signal tells it: on one line, not too long."""
    return inert_line(words, _LONGEST)


def why_held(findings: Iterable[Finding], say: Callable[[str], str]) -> str:
    """Return one sentence why a return with these findings is held, as its form says it; empty when it is not."""
    for finding in findings:
        if finding.id in HOLDING:
            return say(f"held.{finding.id}")
    return ""


def quotable(typed: str, language: str) -> str:
    """Return what was typed, fit to be quoted in a message: on one line, not too long, a word where it is nothing."""
    return inert_line(typed, _QUOTED) or text("found.blank", language)


def join_addresses(cells: Iterable[CellRef], language: str) -> str:
    """Return addresses for a message, the first few of many."""
    addresses = [cell.address for cell in cells]
    shown = join_words(addresses[:_LISTED], language)
    return f"{shown} …({len(addresses)})" if len(addresses) > _LISTED else shown
