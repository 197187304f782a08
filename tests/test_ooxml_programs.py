"""Workbooks of openpyxl and XlsxWriter: read as openpyxl reads them."""

import io
from datetime import datetime, timedelta
from typing import Any

import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula

from gwxl.records.cell import CellRef
from gwxl.spreadsheets.book import Cell, CellKind, DefinedName
from tests.support.workbooks import read, save_bytes, words

_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - cells know no time zone
_DAY = datetime(2024, 5, 17)  # noqa: DTZ001
_NOON = datetime(2024, 5, 17, 12)  # noqa: DTZ001


def differences(data: bytes) -> list[str]:
    """Return where openpyxl and the reader see different cells."""
    book = read(data)
    other = load_workbook(io.BytesIO(data), data_only=True)
    found = []
    for sheet in other.worksheets:
        ours = book.sheet(sheet.title)
        assert ours is not None
        for row, line in enumerate(sheet.iter_rows(), 1):
            for column, one in enumerate(line, 1):
                mine = ours.cells.get((row, column), Cell(CellKind.BLANK))
                if not same(one.value, mine):
                    found.append(f"{sheet.title}!{one.coordinate}: {one.value!r} {mine!r}")
    return found


def same(value: object, mine: Cell) -> bool:
    """Tell whether a value of openpyxl is what the reader saw."""
    if value is None:
        return mine.kind is CellKind.BLANK or (mine.kind is CellKind.TEXT and not mine.text)
    if isinstance(value, bool):
        return (mine.kind, mine.text) == (CellKind.BOOLEAN, str(value).upper())
    if isinstance(value, datetime):
        return mine.date and _DAY_ZERO + timedelta(days=float(mine.text)) == value
    if isinstance(value, int | float):
        return mine.kind is CellKind.NUMBER and float(mine.text) == value
    return mine.kind in {CellKind.TEXT, CellKind.ERROR} and mine.text == value


def test_openpyxl_workbook() -> None:
    """What openpyxl writes is read back, locks, validations, names and states included."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "填报表"
    values: list[Any] = ["甲", 1, 2.5, True, _DAY, "=A1", " x ", "#N/A", "0110", "=1"]
    for row, value in enumerate(values, 1):
        sheet.cell(row, 4, value)
    sheet["D10"].data_type = "s"
    sheet["D2"].protection = Protection(locked=False)
    sheet["D3"].number_format = "0.0%"
    sheet["E1"] = ArrayFormula("E1:E2", "=D2:D3")
    sheet.merge_cells("F1:G2")
    sheet.row_dimensions[3].hidden = True
    sheet.protection.sheet = True
    validation = DataValidation(type="whole", formula1="0")
    validation.add("D2")
    sheet.add_data_validation(validation)
    book.create_sheet("second").sheet_state = "veryHidden"
    data = save_bytes(book)
    assert differences(data) == []
    first, second = read(data).sheets
    assert first.cells[2, 4] == Cell(CellKind.NUMBER, "1", locked=False)
    assert first.cells[3, 4] == Cell(CellKind.NUMBER, "2.5", percent=True)
    assert first.cells[5, 4].date
    assert first.cells[6, 4] == Cell(CellKind.BLANK, "", "A1")
    assert first.cells[8, 4] == Cell(CellKind.ERROR, "#N/A")
    assert first.cells[10, 4] == words("=1")
    assert (first.merges, first.hidden_rows, first.protected, first.validations) == (((1, 6, 2, 7),), {3}, True, 1)
    assert (second.title, second.state) == ("second", "veryHidden")


def test_xlsxwriter_workbook() -> None:
    """What XlsxWriter writes is read back: shared, rich and constant-memory texts, names, properties."""
    for options in ({}, {"constant_memory": True}, {"in_memory": True, "strings_to_numbers": False}):
        target = io.BytesIO()
        book = xlsxwriter.Workbook(target, options)
        sheet = book.add_worksheet("填报表")
        sheet.write_string("A1", "a_x000D_b")
        sheet.write_string("A2", "x\ty\nz")
        sheet.write_rich_string("A3", "甲", book.add_format({"bold": True}), "乙")
        sheet.write_number("A4", 0.55)
        sheet.write_number("A5", 1e300)
        sheet.write_formula("A6", "=1+1", None, 2)
        sheet.write_formula("A7", '=""', None, "")
        sheet.write_boolean("A8", boolean=True)
        sheet.write_datetime("A9", _NOON, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_blank("A10", None, book.add_format({"locked": False}))
        sheet.protect("secret")
        book.define_name("gwxl_a", "=填报表!$A$4")
        book.set_custom_property("gwxl_form", "0110")
        book.close()
        data = target.getvalue()
        found = read(data)
        cells = found.sheets[0].cells
        assert [cells[row, 1].text for row in range(1, 5)] == ["a_x000D_b", "x\ty\nz", "甲乙", "0.55"]
        assert cells[6, 1] == Cell(CellKind.NUMBER, "2", "1+1")
        assert cells[7, 1].uncalculated  # XlsxWriter stores an empty text as no value
        assert (cells[9, 1].text, cells[9, 1].date) == ("45429.5", True)
        assert cells[10, 1] == Cell(CellKind.BLANK, locked=False)
        assert found.sheets[0].protected
        assert found.names == (DefinedName(name="gwxl_a", reference="填报表!$A$4", cell=CellRef("填报表", 4, 1)),)
        assert found.properties == {"gwxl_form": "0110"}
        assert found.program == "Microsoft Excel"
        # openpyxl does not undo the escape of an underscore.
        assert [line for line in differences(data) if "A1:" not in line] == []


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufffe\uffff"), max_size=40)
# XlsxWriter writes 16 digits, so no more go in.
numbers = st.floats(-1e300, 1e300).map(lambda value: float(f"{value:.15G}"))
values = st.one_of(
    texts,
    st.integers(-(10**15), 10**15),
    numbers,
    st.booleans(),
)


@given(st.dictionaries(st.tuples(st.integers(1, 300), st.integers(1, 16_384)), values, max_size=12))
def test_whatever_is_written_is_read(filled: dict[tuple[int, int], str | float | bool]) -> None:
    """Every text and number that XlsxWriter stores comes back, wherever it stands."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for (row, column), value in filled.items():
        if isinstance(value, bool):
            sheet.write_boolean(row - 1, column - 1, value)
        elif isinstance(value, str):
            sheet.write_string(row - 1, column - 1, value)
        else:
            sheet.write_number(row - 1, column - 1, value)
    book.close()
    cells = read(target.getvalue()).sheets[0].cells
    expected = {place: value for place, value in filled.items() if value != ""}
    assert {place: value_of(one) for place, one in cells.items() if one.kind is not CellKind.BLANK} == expected


def value_of(one: Cell) -> str | float | bool:
    """Return the value of a cell."""
    if one.kind is CellKind.TEXT:
        return one.text
    return one.text == "TRUE" if one.kind is CellKind.BOOLEAN else float(one.text)
