"""The real template, filled in and saved by real programs: what was typed comes back, and saving tells on nobody."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from gwxl.workbook.door import admit
from gwxl.workbook.identify import map_identity, marker_identities
from gwxl.form.identity import read_properties
from gwxl.workbook.locate import locate
from gwxl.workbook.reading import read_book
from tests.clients import gnumeric, node
from tests.clients.libreoffice import LibreOffice
from tests.clients.typed import Entry, differing, leaves
from tests.clients.workshop import CLIENTS, SEEDS, Workshop
from tests.command import document
from tests.sources import ROOT

DOCUMENT = ROOT / "docs" / "clients.md"
ANSWERS = 120
"""Values and explanations in the returns of SEEDS together."""
FIELDS = 328
"""Input cells of the two templates, table cells included."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """Hold what came back of one client and format, over the returns of SEEDS."""

    right: int = ANSWERS
    copies: str = "properties, map, marker"
    fields: int = FIELDS
    findings: tuple[str, ...] = ()


COMPLETE = Line()
# SheetJS writes no sheet protection into xlsx from what it read.
UNPROTECTED = Line(findings=("T01", "T01"))

LINES: Mapping[tuple[str, str], Line] = {
    ("gwxl", ".xlsx"): COMPLETE,
    ("openpyxl", ".xlsx"): COMPLETE,
    ("LibreOffice, typed", ".xlsx"): COMPLETE,
    ("LibreOffice, typed", ".xls"): COMPLETE,
    ("LibreOffice, typed", ".ods"): COMPLETE,
    ("LibreOffice, typed", ".fods"): COMPLETE,
    ("LibreOffice, saved again", ".xlsx"): COMPLETE,
    ("LibreOffice, saved again", ".xls"): COMPLETE,
    ("LibreOffice, saved again", ".ods"): COMPLETE,
    ("LibreOffice, saved again", ".fods"): COMPLETE,
    ("LibreOffice, typed, xls saved as xlsx", ".xlsx"): COMPLETE,
    ("LibreOffice, typed, ods saved as xlsx", ".xlsx"): COMPLETE,
    ("Gnumeric, typed", ".xlsx"): COMPLETE,
    ("Gnumeric, typed", ".xls"): COMPLETE,
    ("Gnumeric, typed", ".ods"): COMPLETE,
    ("Gnumeric, saved again", ".xlsx"): COMPLETE,
    ("Gnumeric, saved again", ".xls"): COMPLETE,
    ("Gnumeric, saved again", ".ods"): COMPLETE,
    ("SheetJS", ".xlsx"): UNPROTECTED,
    ("SheetJS", ".xls"): UNPROTECTED,
    ("SheetJS", ".ods"): UNPROTECTED,
    ("SheetJS", ".fods"): UNPROTECTED,
    ("ExcelJS", ".xlsx"): COMPLETE,
    ("xlsx-populate", ".xlsx"): COMPLETE,
}

each_line = pytest.mark.parametrize(("client", "suffix"), LINES, ids=lambda part: part.replace(", ", " "))


@cache
def checked(workshop: Workshop, client: str) -> Mapping[Path, Any]:
    """Return what ``gwxl check --json`` says of every file of a client, by file."""
    paths = [path for seed in SEEDS for path in workshop.files(client, seed).values()]
    found = document("check", *paths, "--exit-zero", cwd=workshop.folder)
    return {Path(one["file"]): one for one in found["files"]}


def measured(workshop: Workshop, client: str, suffix: str) -> Line:
    """Return what came back of a client and format."""
    right, fields = 0, 0
    copies: dict[str, None] = {}
    findings: list[str] = []
    for seed in SEEDS:
        path = workshop.files(client, seed)[suffix]
        expected, said = workshop.typed(seed).leaves(), checked(workshop, client)[path]
        wrong = differing(expected, leaves(said["values"], said["explanations"]))
        right += len(expected) - len(wrong)
        findings += [finding["id"] for finding in said["findings"]]
        fields += _fields(workshop, path)
        copies |= dict.fromkeys([_copies(path)])
    return Line(right=right, copies=" / ".join(copies), fields=fields, findings=tuple(sorted(findings)))


def _fields(workshop: Workshop, path: Path) -> int:
    found = locate(read_book(admit(path)), workshop.layout)
    return sum(len(one.cells.keys() & workshop.layout.cells.keys()) for one in found)


def _copies(path: Path) -> str:
    book = read_book(admit(path))
    found = {
        "properties": read_properties(book.properties),
        "map": next(filter(None, map(map_identity, book.sheets)), None),
        "marker": next((one for sheet in book.sheets for one in marker_identities(sheet)), None),
    }
    return ", ".join(name for name, identity in found.items() if identity is not None)


@each_line
def test_what_was_typed_comes_back(workshop: Workshop, client: str, suffix: str) -> None:
    """Every value, every copy of the identity and every field is found again, with no word about the saving."""
    assert measured(workshop, client, suffix) == LINES[client, suffix]


@each_line
def test_values_right_to_the_last(workshop: Workshop, client: str, suffix: str) -> None:
    """No value differs, is missing or comes from nowhere."""
    for seed in SEEDS:
        said = checked(workshop, client)[workshop.files(client, seed)[suffix]]
        found = leaves(said["values"], said["explanations"])
        expected = workshop.typed(seed).leaves()
        assert {path: (expected.get(path), found.get(path)) for path in differing(expected, found)} == {}
        assert said["identity"] == {"form": "website_annual_report", "edition": "1", "year": 2026, "site_code": None}


def test_every_client_has_its_lines(workshop: Workshop) -> None:
    """The matrix leaves out no client, and both returns together hold as much as is counted."""
    assert {client for client, _ in LINES} == set(CLIENTS)
    assert sum(len(workshop.typed(seed).leaves()) for seed in SEEDS) == ANSWERS
    assert len(workshop.layout.cells) * len(SEEDS) == FIELDS
