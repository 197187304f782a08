"""Divide decisions into the sheets of a workbook, one for each kind of case, and say where each row stands."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from gwxl.batch.attachments import KINDS
from gwxl.batch.batch import compares
from gwxl.batch.decision import Decision, State
from gwxl.wording import text


class SheetKind(StrEnum):
    """The name of a sheet; its title stands below ``decision.sheet_``."""

    SINGLE = "single"
    """What is asked about one return alone."""
    SEVERAL = "several"
    """Which of several returns counts, and whose a code is."""
    SCAN = "scan"
    """Whose a scan is."""
    PAST = "past"
    """What no case belongs to (any more)."""


FIRST_ROW = 2
"""Of the rows below the head, on a sheet as in a CSV file."""

_ORDER = tuple(State)  # what is open comes first


def sheets_of(rows: Sequence[Decision]) -> dict[SheetKind, list[tuple[int, Decision]]]:
    """Return the sheets that have rows, each with its rows and their numbers: open ones first, else as they came."""
    found: dict[SheetKind, list[tuple[int, Decision]]] = {}
    for number, row in enumerate(rows):
        found.setdefault(_kind(row), []).append((number, row))
    return {
        kind: sorted(found[kind], key=lambda item: _ORDER.index(item[1].state)) for kind in SheetKind if kind in found
    }


def _kind(row: Decision) -> SheetKind:
    if row.state in {State.VOID, State.GONE}:
        return SheetKind.PAST
    if compares(row.rule):
        return SheetKind.SEVERAL
    return SheetKind.SCAN if row.rule in KINDS else SheetKind.SINGLE


def title_of(kind: SheetKind, language: str) -> str:
    """Return the title of a sheet."""
    return text(f"decision.sheet_{kind}", language)


def places_in_workbook(rows: Sequence[Decision], language: str) -> tuple[str, ...]:
    """Return where each row stands in the workbook that is written of them, in their order."""
    places = dict(_places(rows, language))
    return tuple(places[number] for number in range(len(rows)))


def _places(rows: Sequence[Decision], language: str) -> Iterator[tuple[int, str]]:
    for kind, inside in sheets_of(rows).items():
        for line, (number, _) in enumerate(inside, FIRST_ROW):
            yield number, text("decision.place_sheet", language, sheet=title_of(kind, language), line=line)


def places_in_lines(rows: Sequence[Decision], language: str) -> tuple[str, ...]:
    """Return where each row stands in a CSV file."""
    return tuple(text("decision.place_line", language, line=line) for line, _ in enumerate(rows, FIRST_ROW))
