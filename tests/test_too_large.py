"""Workbooks that are too large: another form before they are too large, ours before they are another form."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from gwxl.form.identity import issue_identity, marker_line
from gwxl.intake import check_file
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.template import write_template
from gwxl.terms import Terms
from tests.support import binaries as biff
from tests.support import ods
from tests.support.workbooks import save_bytes, unzip, zip_parts

ROWS, COLUMNS = 8_000, 25
CUSTOM = "docProps/custom.xml"


@pytest.fixture(scope="module")
def forms() -> RuleSet:
    """Return the form that comes with gwxl, and its rules."""
    return load("website_annual_report")


@pytest.fixture(scope="module")
def base(forms: RuleSet, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a blank workbook of the form."""
    path = tmp_path_factory.mktemp("base") / "form.xlsx"
    write_template(forms, path, identity=issue_identity(forms.form, period=Period(2026)))
    return path.read_bytes()


def check(data: bytes, tmp_path: Path, forms: RuleSet) -> Receipt:
    """Return the receipt of one file."""
    (tmp_path / "a.xlsx").write_bytes(data)
    return check_file(tmp_path / "a.xlsx", "a.xlsx", Terms(forms))[0]


def flat(rows: str) -> bytes:
    """Return a flat OpenDocument spreadsheet of one table."""
    body = ods.content(ods.table(rows)).replace("document-content", "document")
    return body.replace("<office:document ", f'<office:document office:mimetype="{ods.TYPE}" ', 1).encode()


def make_crowded() -> bytes:
    """Return a workbook of somebody else's with 200,000 cells."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    for row in range(ROWS):
        sheet.append([f"x{row}" if column % 2 else row for column in range(COLUMNS)])
    return save_bytes(book)


def many_sheets(count: int) -> bytes:
    """Return a workbook of somebody else's with so many sheets."""
    book = Workbook()
    for number in range(count - 1):
        book.create_sheet(f"s{number}")["A1"] = number
    return save_bytes(book)


_ROW = ods.row(*[ods.type_cell("float", 'office:value="7"')] * COLUMNS)
FOREIGN: Mapping[str, Callable[[], bytes]] = {
    "xlsx, 200,000 cells": make_crowded,
    "xlsx, 80 sheets": lambda: many_sheets(80),
    "ods, 200,000 cells": lambda: zip_parts(dict(ods.parts(ods.table(_ROW * ROWS))), 0),
    "ods, 80 sheets": lambda: zip_parts(dict(ods.parts("".join(ods.table(_ROW, f"s{n}") for n in range(80))))),
    "fods, 200,000 cells": lambda: flat(_ROW * ROWS),
    "xls, 200,000 cells": lambda: biff.xls(
        *[b"".join(biff.number(row, column, 7.0) for row in range(1, ROWS + 1) for column in range(1, COLUMNS + 1))]
    ),
    "xls, 80 sheets": lambda: biff.xls(*[biff.number(1, 1, 7.0)] * 80, titles=tuple(f"s{n}" for n in range(80))),
}


@pytest.mark.parametrize("made", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_workbook_of_another_kind_is_no_form_of_ours(
    made: Callable[[], bytes], tmp_path: Path, forms: RuleSet
) -> None:
    """What was sent by mistake is named as that, however large it is."""
    receipt = check(made(), tmp_path, forms)
    assert (receipt.status, receipt.findings[0].id) == (Status.REFUSED, "no_form")
    assert forms.form.title in receipt.reason


def crowd(book: Workbook, sheet: str, first: int) -> None:
    """Put 200,000 cells below a row of a sheet."""
    for row in range(first, first + ROWS):
        for column in range(1, COLUMNS + 1):
            book[sheet].cell(row, column, row)


@pytest.mark.parametrize("where", ["填报表", "前面", "后面"])
@pytest.mark.parametrize("known", [True, False])
def test_a_form_of_ours_is_too_large(*, where: str, known: bool, base: bytes, tmp_path: Path, forms: RuleSet) -> None:
    """Our form is known by its identity or by its labels, whatever lies before it, and told what to remove."""
    book = openpyxl.load_workbook(BytesIO(base))
    if where != "填报表":
        book.create_sheet(where, 0 if where == "前面" else None)
    crowd(book, where, 300 if where == "填报表" else 1)
    contents = unzip(save_bytes(book))
    receipt = check(zip_parts(contents if known else contents | {CUSTOM: b"<x"}), tmp_path, forms)
    assert (receipt.status, receipt.findings[0].id) == (Status.REFUSED, "too_many_cells")


def test_a_form_of_ours_with_many_sheets_is_told_so(base: bytes, tmp_path: Path, forms: RuleSet) -> None:
    """Sheets in front of the form do not make it another form."""
    book = openpyxl.load_workbook(BytesIO(base))
    for number in range(80):
        book.create_sheet(f"s{number}", 0)
    assert check(save_bytes(book), tmp_path, forms).findings[0].id == "too_many_sheets"


def test_another_form_of_gwxl_is_named(tmp_path: Path, forms: RuleSet) -> None:
    """A marker line of another form says which, before anything is counted."""
    book = Workbook()
    sheet = str(book.active.title) if book.active else ""
    book[sheet]["A1"] = marker_line(replace(issue_identity(forms.form, period=Period(2026)), form="another_report"))
    crowd(book, sheet, 2)
    receipt = check(save_bytes(book), tmp_path, forms)
    assert receipt.findings[0].id == "other_form"
    assert "another_report" in receipt.reason
