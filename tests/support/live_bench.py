"""One open workbook filled again and again, its live checks compared with the checker."""

import warnings
from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any
from unicodedata import normalize

import openpyxl
from openpyxl.utils.datetime import to_excel

from gwxl.form.identity import issue_identity
from gwxl.intake import check_file
from gwxl.records.period import Period
from gwxl.rules.ruleset import RuleSet
from gwxl.template import write_template
from gwxl.terms import Terms
from tests.support.clients import gnumeric
from tests.support.clients.libreoffice import Document
from tests.support.live_forms import Drawn, Entry
from tests.support.live_parity import SEEN_BY_THE_CHECKER, Parity

YEAR = 2026


def make(rules: RuleSet, path: Path, explanations: Mapping[str, str] | None = None, **answers: Any) -> Path:
    """Write the workbook of a form."""
    identity = issue_identity(rules.form, period=Period(YEAR))
    write_template(rules, path, identity=identity, answers=answers, explanations=explanations)
    return path


class Bench:
    """A bench that fills one open workbook again and again, and checks each file it saves."""

    def __init__(self, document: Document, rules: RuleSet, parity: Parity, folder: Path) -> None:
        """Take an open template."""
        self.document, self.rules, self.parity, self.folder = document, rules, parity, folder
        self._stands: dict[tuple[str, str], Entry] = {}

    def compare(self, drawn: Drawn, place: str) -> None:
        """Put a form in, calculate, save, check the file, and compare."""
        cells, saved = self._calculate(drawn)
        (receipt,) = check_file(saved, saved.name, Terms(self.rules))
        self.parity.compare(drawn, cells, receipt, place)

    def compare_engines(self, drawn: Drawn, place: str) -> None:
        """Put a form in, and compare what LibreOffice and Gnumeric calculate in every cell."""
        cells, saved = self._calculate(keep_alike(drawn))
        self.parity.compare_engines(cells, calculate(saved, self.folder / "gnumeric.xlsx"), place)

    def _calculate(self, drawn: Drawn) -> tuple[Mapping[str, list[list[float | str | None]]], Path]:
        """Return the cells of a filled form, calculated, and the file it is saved as."""
        for sheet, entries in drawn.by_sheet(self.parity.layout).items():
            changed = {address: entry for address, entry in entries.items() if self._differs(sheet, address, entry)}
            self.document.fill(sheet, changed)
            self._stands |= {(sheet, address): entry for address, entry in entries.items()}
        self.document.recalculate()
        cells = {sheet: self.document.values(sheet, area) for sheet, area in self.parity.areas.items()}
        return cells, self.document.save(self.folder / "return.xlsx")

    def _differs(self, sheet: str, address: str, entry: Entry) -> bool:
        stands = self._stands.get((sheet, address))
        return type(stands) is not type(entry) or stands != entry


def calculate(saved: Path, target: Path) -> Mapping[str, Mapping[str, object]]:
    """Return sheet → address → what Gnumeric calculates anew."""
    gnumeric.recalculate(saved, target)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Gnumeric writes no default style
        book = openpyxl.load_workbook(target, data_only=True)
    return {
        sheet.title: {cell.coordinate: as_number(cell.value) for row in sheet.iter_rows() for cell in row}
        for sheet in book.worksheets
    }


def as_number(value: object) -> object:
    """Return a day as a cell holds it."""
    return to_excel(value) if isinstance(value, datetime | time) else value  # type: ignore[no-untyped-call]  # openpyxl


def keep_alike(drawn: Drawn) -> Drawn:
    """Return a form without what programs do not hold alike: logicals, full width, characters of no width in tables.

    To Gnumeric a digit of full width equals its narrow one; the checker reads it so, the sheet asks for another entry.
    """

    def differs(path: str, entry: Entry) -> bool:
        wide = isinstance(entry, str) and normalize("NFKC", entry) != entry
        return isinstance(entry, bool) or wide or ("[" in path and entry in SEEN_BY_THE_CHECKER)

    entries = {path: None if differs(path, entry) else entry for path, entry in drawn.entries.items()}
    return Drawn(entries=entries, remarks=drawn.remarks)
