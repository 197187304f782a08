"""The real template, filled in and saved by real programs: what was typed comes back, and saving tells on nobody."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gwxl.form.identity import read_properties
from gwxl.intake import check_file
from gwxl.intake.locating.form_sheets import locate
from gwxl.intake.locating.identity import map_identity, marker_identities
from gwxl.records.path import Path as FormPath
from gwxl.records.submission import Unread
from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.book import Book, CellKind
from gwxl.spreadsheets.opening import read_book
from gwxl.terms import Terms
from gwxl.values.numbers import figure
from tests.support.clients import gnumeric, libreoffice, node
from tests.support.clients.typed import Entry, find_differing, leaves
from tests.support.clients.workshop import CLIENTS, SEEDS, Workshop
from tests.support.command import document
from tests.support.sources import ROOT
from tests.support.workbooks import read_return

DOCUMENT = ROOT / "docs" / "clients.md"
ANSWERS, NOTES = 119, 6
"""How many values and explanations the returns of SEEDS hold together."""
FIELDS = 328
"""Input cells of the two templates, table cells included."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What came back of one client and format, over the returns of SEEDS."""

    right: int = ANSWERS + NOTES
    copies: str = "properties, map, marker"
    fields: int = FIELDS
    findings: tuple[str, ...] = ()


COMPLETE = Line()
WITHOUT_NOTES = Line(right=ANSWERS)
# What each program does by itself:
# SheetJS drops the protection of the sheets; so does Gnumeric in ods.
UNPROTECTED: dict[str, Any] = {"findings": ("T01", "T01")}
# SheetJS drops the defined names in xls and ods, and in ods the properties.
NO_NAMES: dict[str, Any] = {"findings": ("L12", "L12", "T01", "T01")}
# ExcelJS drops custom properties; so does Gnumeric with those that openpyxl wrote.
NO_PROPERTIES: dict[str, Any] = {"copies": "map, marker"}
# xlsx-populate turns every text of digits into a number, so that the map sheet says nothing certain any more.
NO_MAP: dict[str, Any] = {"copies": "properties, marker"}

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
    ("Gnumeric, typed", ".ods"): replace(COMPLETE, **UNPROTECTED),
    ("Gnumeric, saved again", ".xlsx"): WITHOUT_NOTES,
    ("Gnumeric, saved again", ".xls"): WITHOUT_NOTES,
    ("Gnumeric, saved again", ".ods"): replace(WITHOUT_NOTES, **UNPROTECTED),
    ("openpyxl, then Gnumeric", ".xlsx"): replace(COMPLETE, **NO_PROPERTIES),
    ("openpyxl, then Gnumeric", ".xls"): replace(COMPLETE, **NO_PROPERTIES),
    ("openpyxl, then Gnumeric", ".ods"): replace(COMPLETE, **NO_PROPERTIES, **UNPROTECTED),
    ("SheetJS", ".xlsx"): replace(COMPLETE, **UNPROTECTED),
    ("SheetJS", ".xls"): replace(COMPLETE, **NO_NAMES),
    ("SheetJS", ".ods"): replace(COMPLETE, **NO_NAMES, **NO_PROPERTIES),
    ("SheetJS", ".fods"): replace(COMPLETE, **NO_NAMES, **NO_PROPERTIES),
    ("SheetJS, saved again", ".xlsx"): replace(WITHOUT_NOTES, **UNPROTECTED),
    ("ExcelJS", ".xlsx"): replace(COMPLETE, **NO_PROPERTIES),
    ("ExcelJS, saved again", ".xlsx"): replace(WITHOUT_NOTES, **NO_PROPERTIES),
    ("xlsx-populate", ".xlsx"): replace(COMPLETE, **NO_MAP),
    ("xlsx-populate, saved again", ".xlsx"): replace(WITHOUT_NOTES, **NO_MAP),
}

each_line = pytest.mark.parametrize(("client", "suffix"), LINES, ids=lambda part: part.replace(", ", " "))


@cache
def check(workshop: Workshop, client: str) -> Mapping[Path, Any]:
    """Return what ``gwxl check --json`` says of every file of a client, by file."""
    paths = [path for seed in SEEDS for path in workshop.files(client, seed).values()]
    found = document("check", *paths, "--exit-zero", cwd=workshop.folder)
    return {Path(one["file"]): one for one in found["files"]}


@cache
def measure(workshop: Workshop, client: str, suffix: str) -> Line:
    """Return what came back of a client and format."""
    right, fields = 0, 0
    copies: dict[str, None] = {}
    findings: list[str] = []
    for seed in SEEDS:
        path = workshop.files(client, seed)[suffix]
        expected, said = workshop.find_expected(client, seed), check(workshop, client)[path]
        wrong = find_differing(expected, leaves(said["values"], said["explanations"]))
        right += len(expected) - len(wrong)
        findings += [finding["id"] for finding in said["findings"]]
        book = read_return(path)
        fields += _fields(workshop, book)
        copies |= dict.fromkeys([_copies(book)])
    return Line(right=right, copies=" / ".join(copies), fields=fields, findings=tuple(sorted(findings)))


def _fields(workshop: Workshop, book: Book) -> int:
    found = locate(book, workshop.layout)
    return sum(len(one.cells.keys() & workshop.layout.cells.keys()) for one in found)


def _copies(book: Book) -> str:
    found = {
        "properties": read_properties(book.properties),
        "map": next(filter(None, map(map_identity, book.sheets)), None),
        "marker": next((one for sheet in book.sheets for one in marker_identities(sheet)), None),
    }
    return ", ".join(name for name, identity in found.items() if identity is not None)


@each_line
def test_what_was_typed_comes_back(workshop: Workshop, client: str, suffix: str) -> None:
    """Every value, every copy of the identity and every field is found again, with no word about the saving."""
    assert measure(workshop, client, suffix) == LINES[client, suffix]


@each_line
def test_values_right_to_the_last(workshop: Workshop, client: str, suffix: str) -> None:
    """No value differs, is missing or comes from nowhere."""
    for seed in SEEDS:
        said = check(workshop, client)[workshop.files(client, seed)[suffix]]
        found = leaves(said["values"], said["explanations"])
        expected = workshop.find_expected(client, seed)
        assert {path: (expected.get(path), found.get(path)) for path in find_differing(expected, found)} == {}
        assert said["identity"] == {
            "form": "website_annual_report",
            "edition": "1",
            "year": 2026,
            "period": "2026",
            "site_code": None,
        }


def test_every_client_has_its_lines(workshop: Workshop) -> None:
    """The matrix leaves out no client, and both returns together hold as much as is counted."""
    assert {client for client, _ in LINES} == set(CLIENTS)
    assert sum(len(workshop.find_expected("gwxl", seed)) for seed in SEEDS) == ANSWERS
    assert sum(len(workshop.draw_typed(seed).explanations) for seed in SEEDS) == NOTES
    assert len(workshop.layout.cells) * len(SEEDS) == FIELDS


# What programs make of an entry by themselves. It is no mistake of a reader, and the clerk is told what matters.


@dataclass(frozen=True, kw_only=True)
class Habit:
    """What a program makes of an entry, what is read, and why.

    Attributes:
        way: ``keys`` pressed at the keyboard, or the ``line`` past validation, as pasting does.
        stored: what stands in the cell; None where the validation refused the entry.
        read: the value that is read.
        told: the ids of the findings on the field.
    """

    program: str
    way: str
    path: str
    entry: str
    stored: str | None
    read: str | None
    told: tuple[str, ...] = ()
    why: str


HABITS: tuple[Habit, ...] = (
    Habit(
        program="LibreOffice",
        way="keys",
        path="site_icp_number",
        entry="'京ICP备05060933",
        stored="'京ICP备05060933",
        read="京ICP备05060933",
        why="keeps an apostrophe typed into a text cell",
    ),
    Habit(
        program="LibreOffice",
        way="keys",
        path="weibo_name",
        entry='"示例"',
        stored="“示例”",
        read="“示例”",
        why="makes typed quotation marks typographic",
    ),
    Habit(
        program="LibreOffice",
        way="keys",
        path="columns_opened",
        entry="007",
        stored="7",
        read="7",
        why="reads a number",
    ),
    Habit(
        program="LibreOffice",
        way="keys",
        path="columns_maintained",
        entry="1e3",
        stored="1000",
        read="1000",
        why="reads a power of ten",
    ),
    Habit(
        program="LibreOffice",
        way="keys",
        path="service_registered_users",
        entry="12345678901234567",
        stored="12345678901234600",
        read="12345678901234600",
        told=("W03",),
        why="writes 15 digits of a number",
    ),
    *(
        Habit(
            program="LibreOffice",
            way="keys",
            path=path,
            entry=entry,
            stored=None,
            read=None,
            told=told,
            why=f"the template's validation refuses {what}",
        )
        for path, entry, told, what in (
            ("has_smart_qa", "TRUE", ("A10",), "what is neither 是 nor 否"),
            ("release_total", "1/2", ("A10",), "a date"),
            ("release_overview", "１２", ("A10",), "a text"),
            ("release_affairs", "1.2万", ("A10",), "a text"),
            ("cases_total", "=1200+34", ("A10",), "a formula"),
            ("concern_responses", "12%", ("A10",), "a fraction"),
        )
    ),
    Habit(
        program="LibreOffice",
        way="line",
        path="has_smart_qa",
        entry="TRUE",
        stored="TRUE",
        read="True",
        why="keeps the word as text in a text cell",
    ),
    Habit(
        program="LibreOffice",
        way="line",
        path="release_affairs",
        entry="1.2万",
        stored="1.2万",
        read=None,
        told=("A09",),
        why="keeps a text; 12000 is proposed",
    ),
    Habit(
        program="LibreOffice",
        way="line",
        path="cases_total",
        entry="=1200+34",
        stored="1234",
        read="1234",
        told=("W01",),
        why="calculates; the stored result is read",
    ),
    Habit(
        program="LibreOffice",
        way="line",
        path="concern_responses",
        entry="12%",
        stored="0.12",
        read="0.12",
        told=("A09",),
        why="makes a fraction of a percentage",
    ),
    Habit(
        program="Gnumeric",
        way="line",
        path="site_icp_number",
        entry="'京ICP备05060933",
        stored="京ICP备05060933",
        read="京ICP备05060933",
        why="takes the apostrophe as the sign of a text",
    ),
    Habit(
        program="Gnumeric",
        way="line",
        path="release_total",
        entry="1/2",
        stored="1/2",
        read=None,
        told=("A09",),
        why="sees no date in it",
    ),
    Habit(
        program="Gnumeric",
        way="line",
        path="concern_responses",
        entry="12%",
        stored="0.119999999999999999998",
        read="0.12",
        told=("A09",),
        why="writes more digits than a number has",
    ),
    Habit(
        program="Gnumeric",
        way="line",
        path="service_registered_users",
        entry="12345678901234567",
        stored="12345678901234567",
        read="12345678901234568",
        told=("W03",),
        why="writes more digits than a number has",
    ),
)


def habit_id(habit: Habit) -> str:
    """Return a name for a habit."""
    return f"{habit.program}-{habit.way}-{habit.path}"


@pytest.mark.parametrize("habit", HABITS, ids=habit_id)
def test_habits(workshop: Workshop, tmp_path: Path, habit: Habit) -> None:
    """What a program makes of an entry is read as it stands there, and told where it is not what was meant."""
    path, cell = tmp_path / "return.xlsx", workshop.layout.cells[FormPath.parse(habit.path)]
    if habit.program == "Gnumeric":
        workshop.require("gnumeric")
        gnumeric.fill(workshop.template(), path, [Entry(sheet=cell.sheet, cell=cell.address, value=habit.entry)])
    else:
        with workshop.require("soffice").open(workshop.template()) as book:
            way = book.type if habit.way == "keys" else book.enter
            assert way(cell.sheet, cell.address, habit.entry) is (habit.stored is not None)
            book.save(path)
    (receipt,) = check_file(path, path.name, Terms(workshop.rules))
    assert receipt.submission is not None
    answer = receipt.submission.answers[FormPath.parse(habit.path)]
    assert answer.raw == figure(habit.stored or "")
    assert (None if isinstance(answer.value, Unread | None) else str(answer.value)) == habit.read
    ids = {one.id for one in receipt.findings if one.key == habit.path and one.id[0] in "AWLT"}
    assert tuple(sorted(ids)) == habit.told


def test_a_date_past_the_validation_leaves_no_trace(workshop: Workshop, tmp_path: Path) -> None:
    """LibreOffice makes 1/2 the number of a day and keeps the cell's own format: nothing in the file tells."""
    cell = workshop.layout.cells[FormPath("release_total")]
    with workshop.require("soffice").open(workshop.template()) as book:
        book.enter(cell.sheet, cell.address, "1/2")
        path = book.save(tmp_path / "return.xlsx")
    stored = read_book(admit(path)).sheets[0].cells[cell.row, cell.column]
    assert (stored.kind, stored.date) == (CellKind.NUMBER, False)
    assert int(stored.text) > 40_000


# The document


def versions() -> str:
    """Return the programs measured, with their versions."""
    libraries = {"SheetJS": "xlsx", "ExcelJS": "exceljs", "xlsx-populate": "xlsx-populate"}
    named = {
        "LibreOffice": libreoffice.version(),
        "Gnumeric": gnumeric.version(),
        **{name: node.version(package) for name, package in libraries.items()},
        "openpyxl": openpyxl.__version__,
    }
    return f"Measured with {', '.join(f'{name} {number}' for name, number in named.items())}."


def render(workshop: Workshop) -> str:
    """Return the text of docs/clients.md."""
    lines = [
        "# What spreadsheet programs do to a return",
        "",
        "Written by `tests/test_clients.py` from what it measures; `GWXL_WRITE_DOCS=1` writes it anew.",
        "The programs fill in the template of the yearly report twice, once with new media and once without, and",
        "`gwxl check --json` has to give back what was typed. The identity stands three times in a workbook: in its",
        "properties, on the hidden map sheet, in a marker line on the form sheet.",
        "",
        versions(),
        "",
        "| program | format | values right | identity found | fields found | findings of the saving |",
        "|---|---|---|---|---|---|",
    ]
    for client, suffix in LINES:
        line = measure(workshop, client, suffix)
        of = sum(len(workshop.find_expected(client, seed)) for seed in SEEDS)
        told = ", ".join(sorted(set(line.findings))) or "none"
        lines.append(
            f"| {client} | {suffix[1:]} | {line.right} of {of} | {line.copies} | {line.fields} of {FIELDS} | {told} |"
        )
    lines += [
        "",
        "`T01`: the protection of the sheets is gone. `L12`: the defined names are gone; key and label give the place.",
        "",
        "## What programs make of an entry",
        "",
        "Typed at the keyboard an entry has to pass the template's validation; pasted it does not.",
        "",
        "| program | entered | entry | stored | read | findings | because it |",
        "|---|---|---|---|---|---|---|",
    ]
    ways = {"keys": "typed", "line": "pasted"}
    for habit in HABITS:
        stored = f"`{habit.stored}`" if habit.stored else "refused"
        read = f"`{habit.read}`" if habit.read else "nothing"
        told = ", ".join(habit.told) or "none"
        lines.append(
            f"| {habit.program} | {ways[habit.way]} | `{habit.entry}` | {stored} | {read} | {told} | {habit.why} |"
        )
    return "\n".join(lines) + "\n"


def test_document_is_what_was_measured(workshop: Workshop) -> None:
    """docs/clients.md says what the programs on this machine do; only their versions may differ."""
    for program in ("soffice", "gnumeric", "node"):
        workshop.require(program)
    text = render(workshop)
    if os.environ.get("GWXL_WRITE_DOCS") == "1":
        DOCUMENT.write_text(text, "utf-8")
    assert _drop_versions(DOCUMENT.read_text("utf-8")) == _drop_versions(text)


def _drop_versions(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("Measured with ")]
