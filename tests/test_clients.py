"""The real template, filled in and saved by real programs: what was typed comes back, and saving tells on nobody."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
ANSWERS, NOTES = 114, 6
"""How many values and explanations the returns of SEEDS hold together."""
FIELDS = 328
"""Input cells of the two templates, table cells included."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """Hold what came back of one client and format, over the returns of SEEDS."""

    right: int = ANSWERS + NOTES
    copies: str = "properties, map, marker"
    fields: int = FIELDS
    findings: tuple[str, ...] = ()


COMPLETE = Line()
WITHOUT_NOTES = Line(right=ANSWERS)
# What each program does by itself:
# SheetJS drops the protection of the sheets, and says "open" where it should say "locked".
UNPROTECTED = {"findings": ("T01", "T01")}
# ExcelJS drops custom properties; so does Gnumeric with those that openpyxl wrote.
NO_PROPERTIES = {"copies": "map, marker"}
# xlsx-populate turns every text of digits into a number, so that the map sheet says nothing certain any more.
NO_MAP = {"copies": "properties, marker"}

LINES: Mapping[tuple[str, str], Line] = {
    ("gwxl", ".xlsx"): WITHOUT_NOTES,
    ("openpyxl", ".xlsx"): COMPLETE,
    ("LibreOffice, typed", ".xlsx"): COMPLETE,
    ("LibreOffice, typed", ".xls"): COMPLETE,
    ("LibreOffice, typed", ".ods"): COMPLETE,
    ("LibreOffice, typed", ".fods"): COMPLETE,
    ("LibreOffice, typed, xls saved as xlsx", ".xlsx"): COMPLETE,
    ("LibreOffice, typed, ods saved as xlsx", ".xlsx"): COMPLETE,
    ("LibreOffice, saved again", ".xlsx"): WITHOUT_NOTES,
    ("LibreOffice, saved again", ".xls"): WITHOUT_NOTES,
    ("LibreOffice, saved again", ".ods"): WITHOUT_NOTES,
    ("LibreOffice, saved again", ".fods"): WITHOUT_NOTES,
    ("Gnumeric, typed", ".xlsx"): COMPLETE,
    ("Gnumeric, typed", ".xls"): COMPLETE,
    ("Gnumeric, typed", ".ods"): COMPLETE,
    ("Gnumeric, saved again", ".xlsx"): WITHOUT_NOTES,
    ("Gnumeric, saved again", ".xls"): WITHOUT_NOTES,
    ("Gnumeric, saved again", ".ods"): WITHOUT_NOTES,
    ("openpyxl, then Gnumeric", ".xlsx"): replace(COMPLETE, **NO_PROPERTIES),
    ("openpyxl, then Gnumeric", ".xls"): replace(COMPLETE, **NO_PROPERTIES),
    ("openpyxl, then Gnumeric", ".ods"): replace(COMPLETE, **NO_PROPERTIES),
    ("SheetJS", ".xlsx"): replace(COMPLETE, **UNPROTECTED),
    ("SheetJS", ".xls"): replace(COMPLETE, **UNPROTECTED),
    ("SheetJS", ".ods"): replace(COMPLETE, **UNPROTECTED),
    ("SheetJS", ".fods"): replace(COMPLETE, **UNPROTECTED),
    ("SheetJS, saved again", ".xlsx"): replace(WITHOUT_NOTES, **UNPROTECTED),
    ("ExcelJS", ".xlsx"): replace(COMPLETE, **NO_PROPERTIES),
    ("ExcelJS, saved again", ".xlsx"): replace(WITHOUT_NOTES, **NO_PROPERTIES),
    ("xlsx-populate", ".xlsx"): replace(COMPLETE, **NO_MAP),
    ("xlsx-populate, saved again", ".xlsx"): replace(WITHOUT_NOTES, **NO_MAP),
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
        expected, said = workshop.expected(client, seed), checked(workshop, client)[path]
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
        expected = workshop.expected(client, seed)
        assert {path: (expected.get(path), found.get(path)) for path in differing(expected, found)} == {}
        assert said["identity"] == {"form": "website_annual_report", "edition": "1", "year": 2026, "site_code": None}


def test_every_client_has_its_lines(workshop: Workshop) -> None:
    """The matrix leaves out no client, and both returns together hold as much as is counted."""
    assert {client for client, _ in LINES} == set(CLIENTS)
    assert sum(len(workshop.expected("gwxl", seed)) for seed in SEEDS) == ANSWERS
    assert sum(len(workshop.typed(seed).explanations) for seed in SEEDS) == NOTES
    assert len(workshop.layout.cells) * len(SEEDS) == FIELDS
