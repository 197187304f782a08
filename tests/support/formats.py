"""What a reader sees in a filled template, to hold one format against another."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gwxl.form import kinds
from gwxl.intake import check_file
from gwxl.intake.locating.identity import marker_identities, workbook_identities
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.spreadsheets.book import Cell, CellKind, Sheet
from gwxl.spreadsheets.ods.value import is_filled
from gwxl.terms import Terms
from tests.support.submissions import GOOD
from tests.support.workbooks import read_return

FORM = "website_annual_report"
TABLES_AND_CHOICES = frozenset({kinds.TABLE, kinds.CHOICES})


def fill() -> Mapping[str, Any]:
    """Return answers for the template: texts, numbers, yes and no, a choice, a table; one number wrong."""
    return {**GOOD, "release_total": 7, "messages_average_days": GOOD["messages_average_days"]}


def see(path: Path, *, results: bool = True) -> Mapping[str, Any]:
    """Return what a file says to gwxl, in a shape that compares.

    Args:
        path: the file.
        results: with what formulas came to, not only where they stand.
    """
    book = read_return(path)
    rules = load(FORM)
    (receipt,) = check_file(path, path.name, Terms(rules, period=Period(2026)))
    assert receipt.submission is not None
    return {
        "sheets": [sheet_seen(sheet, results=results) for sheet in book.sheets],
        "names": sorted((one.name, str(one.cell), one.scope) for one in book.names if one.name.startswith("gwxl")),
        "properties": {name: value for name, value in book.properties.items() if name.startswith("gwxl")},
        "identities": [workbook_identities(book), *(marker_identities(sheet) for sheet in book.sheets)],
        "flags": (book.date1904, book.macros, book.external_links),
        "values": {
            key: (answer.value, answer.raw, str(answer.cell)) for key, answer in receipt.submission.answers.items()
        },
        "status": receipt.status,
        "findings": [(one.id, one.severity, one.key, str(one.source)) for one in receipt.findings],
    }


def answers_seen(path: Path) -> Mapping[str, Any]:
    """Return what the form's answers come to: identity, values, status and findings."""
    found = see(path)
    return {name: found[name] for name in ("identities", "values", "status", "findings")}


def sheet_seen(sheet: Sheet, *, results: bool) -> Mapping[str, Any]:
    """Return what a sheet holds; a blank cell is there for its lock only."""
    return {
        "title": sheet.title,
        "state": sheet.state.lower().removeprefix("very"),
        "protected": sheet.protected,
        "merges": sorted(sheet.merges),
        "hidden": sorted(sheet.hidden_rows),
        "cells": {at: cell_seen(cell, results=results) for at, cell in sheet.cells.items() if is_filled(cell)},
        "open": sorted(at for at, cell in sheet.cells.items() if not cell.locked),
    }


def cell_seen(cell: Cell, *, results: bool) -> tuple[object, ...]:
    """Return a cell; a number by its value, for 1 and 1.0 are one; a formula without its text, spelled differently."""
    if cell.formula is not None and not results:
        return "formula", cell.locked
    text = float(cell.text) if cell.kind is CellKind.NUMBER else cell.text
    return cell.kind, text, cell.formula is None, cell.date, cell.percent, cell.locked
