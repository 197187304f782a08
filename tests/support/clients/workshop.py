"""The real template filled in and saved by every program, each file made once for a whole test run.

The processes of a run share the folder: whoever needs a file first makes it, the others wait for it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from gwxl.form.identity import issue_identity
from gwxl.form.layout import Layout, lay_out
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.template import write_template
from tests.support.clients import gnumeric, node
from tests.support.clients.libreoffice import LibreOffice
from tests.support.clients.typed import Leaves, Typed, draw, leaves

try:
    import fcntl
except ImportError:  # Windows, where each process makes its own
    fcntl = None  # type: ignore[assignment]

FORM = "website_annual_report"
YEAR = 2026
SEEDS = (19, 4)
"""One return with new media and one without."""

Files = Mapping[str, Path]
"""Suffix → file."""


@dataclass(kw_only=True, eq=False)
class Workshop:
    """The files of a client, made when they are first asked for.

    Attributes:
        folder: where everything is made.
        require: returns the program of a name, ``soffice``, ``gnumeric`` or ``node``; skips where it is missing.
    """

    folder: Path
    require: Callable[[str], Any]
    rules: RuleSet = field(default_factory=lambda: load(FORM))

    @property
    def layout(self) -> Layout:
        """Return where everything stands in the template."""
        return lay_out(self.rules.form)

    def draw_typed(self, seed: int) -> Typed:
        """Return what is filled in."""
        return draw(self.rules.form, seed)

    def find_expected(self, client: str, seed: int) -> Leaves:
        """Return what has to come back: gwxl writes answers into a workbook, and no explanations."""
        typed = self.draw_typed(seed)
        return leaves(typed.values, {} if client in WRITTEN else typed.explanations)

    def template(self, **answers: Any) -> Path:
        """Return the template, blank or with answers."""
        path = self.folder / ("-".join(["template", *sorted(answers)]) + ".xlsx")
        with self._alone(path.name):
            if not path.exists():
                write_template(
                    self.rules, path, identity=issue_identity(self.rules.form, period=Period(YEAR)), answers=answers
                )
        return path

    def files(self, client: str, seed: int) -> Files:
        """Return what a client of CLIENTS saved of the return of a seed, by suffix."""
        return by_suffix(self.make_once(f"{client}-{seed}", lambda place: CLIENTS[client](self, seed, place)))

    def make_once(self, name: str, make: Callable[[Path], object]) -> Path:
        """Return a folder that is filled when its name is first asked for."""
        place = self.folder / name.replace(" ", "-")
        done = place / "done"
        with self._alone(place.name):
            if not done.exists():
                place.mkdir(exist_ok=True)
                make(place)
                done.touch()
        return place

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """Keep the other processes of the run from making the same."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def by_suffix(folder: Path) -> Files:
    """Return the files ``return.*`` of a folder by suffix."""
    return {path.suffix: path for path in sorted(folder.glob("return.*"))}


def _write(workshop: Workshop, seed: int, place: Path) -> Files:
    path = place / "return.xlsx"
    write_template(
        workshop.rules,
        path,
        identity=issue_identity(workshop.rules.form, period=Period(YEAR)),
        answers=workshop.draw_typed(seed).values,
    )
    return {".xlsx": path}


def _fill_by_openpyxl(workshop: Workshop, seed: int, place: Path) -> Files:
    book = openpyxl.load_workbook(workshop.template())
    for entry in workshop.draw_typed(seed).entries(workshop.layout):
        cell = book[entry.sheet][entry.cell]
        cell.value = entry.value
        if isinstance(entry.value, str):
            cell.data_type = "s"
    book.save(place / "return.xlsx")
    return {".xlsx": place / "return.xlsx"}


def _type_in_libreoffice(workshop: Workshop, seed: int, place: Path) -> Files:
    office: LibreOffice = workshop.require("soffice")
    with office.open(workshop.template()) as document:
        for entry in workshop.draw_typed(seed).entries(workshop.layout):
            # A key press is one UTF-16 unit: what needs two goes through the input line.
            way = document.type if max(str(entry.value)) <= "\uffff" else document.enter
            assert way(entry.sheet, entry.cell, f"{entry.value}"), entry
        return {suffix: document.save(place / f"return{suffix}") for suffix in (".xlsx", ".xls", ".ods", ".fods")}


def _save_by_libreoffice(workshop: Workshop, seed: int, place: Path) -> Files:
    office: LibreOffice = workshop.require("soffice")
    with office.open(workshop.files("gwxl", seed)[".xlsx"]) as document:
        return {suffix: document.save(place / f"return{suffix}") for suffix in (".xlsx", ".xls", ".ods", ".fods")}


def _there_and_back(suffix: str) -> Callable[[Workshop, int, Path], Files]:
    def make(workshop: Workshop, seed: int, place: Path) -> Files:
        office: LibreOffice = workshop.require("soffice")
        return {".xlsx": office.convert(workshop.files("LibreOffice, typed", seed)[suffix], place / "return.xlsx")}

    return make


def _type_in_gnumeric(workshop: Workshop, seed: int, place: Path) -> Files:
    """Type into the form sheet; tables, on sheets that ssconvert cannot type into, are there already."""
    workshop.require("gnumeric")
    typed = workshop.draw_typed(seed)
    fields = workshop.rules.form.fields
    tables = {key: value for key, value in typed.values.items() if fields[key].kind.is_table}
    entries = [entry for entry in typed.entries(workshop.layout) if entry.sheet == workshop.layout.sheet]
    source = workshop.template(**tables)
    return {suffix: gnumeric.fill(source, place / f"return{suffix}", entries) for suffix in gnumeric.EXPORTERS}


def _save_by_gnumeric(client: str) -> Callable[[Workshop, int, Path], Files]:
    def make(workshop: Workshop, seed: int, place: Path) -> Files:
        workshop.require("gnumeric")
        source = workshop.files(client, seed)[".xlsx"]
        return {suffix: gnumeric.fill(source, place / f"return{suffix}") for suffix in gnumeric.EXPORTERS}

    return make


def _fill_by(library: str, *suffixes: str) -> Callable[[Workshop, int, Path], Files]:
    def make(workshop: Workshop, seed: int, place: Path) -> Files:
        workshop.require("node")
        source, entries = workshop.template(), workshop.draw_typed(seed).entries(workshop.layout)
        return {suffix: node.fill(library, source, place / f"return{suffix}", entries) for suffix in suffixes}

    return make


def _save_by(library: str) -> Callable[[Workshop, int, Path], Files]:
    def make(workshop: Workshop, seed: int, place: Path) -> Files:
        workshop.require("node")
        return {".xlsx": node.fill(library, workshop.files("gwxl", seed)[".xlsx"], place / "return.xlsx")}

    return make


CLIENTS: Mapping[str, Callable[[Workshop, int, Path], Files]] = {
    "gwxl": _write,
    "openpyxl": _fill_by_openpyxl,
    "LibreOffice, typed": _type_in_libreoffice,
    "LibreOffice, typed, xls saved as xlsx": _there_and_back(".xls"),
    "LibreOffice, typed, ods saved as xlsx": _there_and_back(".ods"),
    "LibreOffice, saved again": _save_by_libreoffice,
    "Gnumeric, typed": _type_in_gnumeric,
    "Gnumeric, saved again": _save_by_gnumeric("gwxl"),
    "openpyxl, then Gnumeric": _save_by_gnumeric("openpyxl"),
    "SheetJS": _fill_by("sheetjs", ".xlsx", ".xls", ".ods", ".fods"),
    "SheetJS, saved again": _save_by("sheetjs"),
    "ExcelJS": _fill_by("exceljs", ".xlsx"),
    "ExcelJS, saved again": _save_by("exceljs"),
    "xlsx-populate": _fill_by("xlsx-populate", ".xlsx"),
    "xlsx-populate, saved again": _save_by("xlsx-populate"),
}

WRITTEN = frozenset(client for client in CLIENTS if client == "gwxl" or client.endswith(", saved again"))
"""Clients whose files hold the answers as gwxl wrote them."""
