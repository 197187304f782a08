"""The client that drives LibreOffice."""

import os
import signal
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.styles import Protection
from openpyxl.worksheet.datavalidation import DataValidation

from tests.support.clients.libreoffice import ClientError, LibreOffice

SHEET = "填报表"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Write a protected sheet: A1 locked, B1 to B4 open, B2 a count, B3 a yes or no, C1 twice B2."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    sheet["A1"] = "标签"
    for address in ("B1", "B2", "B3", "B4"):
        sheet[address].protection = Protection(locked=False)
    for address, rule in (
        ("B2", DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")),
        ("B3", DataValidation(type="list", formula1='"是,否"')),
    ):
        rule.showErrorMessage = True
        sheet.add_data_validation(rule)
        rule.add(address)
    sheet["C1"] = "=B2*2"
    sheet.protection.sheet = True
    path = tmp_path / "表.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("way", ["type", "enter"])
def test_open_cells_take_entries(soffice: LibreOffice, workbook: Path, way: str) -> None:
    """Text, number and choice arrive in the cells, read as a filler's entry."""
    with soffice.open(workbook) as document:
        for address, entry in {"B1": "网站 名称", "B2": "12", "B3": "否", "B4": "0012"}.items():
            assert getattr(document, way)(SHEET, address, entry) is True
        assert document.sheets() == [SHEET]
        assert [document.read(SHEET, address)["text"] for address in ("B1", "B2", "B3", "B4")] == [
            "网站 名称",
            "12",
            "否",
            "12",
        ]
        assert document.read(SHEET, "B2")["type"] == "VALUE"
        assert document.read(SHEET, "C1")["value"] == 24


@pytest.mark.parametrize("way", ["type", "enter"])
def test_locked_cell_refuses(soffice: LibreOffice, workbook: Path, way: str) -> None:
    """A locked cell of a protected sheet keeps what it holds."""
    with soffice.open(workbook) as document:
        assert getattr(document, way)(SHEET, "A1", "改掉") is False
        assert document.read(SHEET, "A1") == {
            "text": "标签",
            "formula": "标签",
            "type": "TEXT",
            "value": 0,
            "error": 0,
            "locked": True,
            "sheet_protected": True,
        }


@pytest.mark.parametrize(("address", "entry"), [("B2", "-1"), ("B2", "1.5"), ("B2", "多"), ("B3", "也许")])
def test_validation_refuses_typing(soffice: LibreOffice, workbook: Path, address: str, entry: str) -> None:
    """A value against the data validation is refused when typed, and passes when entered past it."""
    with soffice.open(workbook) as document:
        assert document.type(SHEET, address, entry) is False
        assert document.read(SHEET, address)["text"] == ""
        assert document.enter(SHEET, address, entry) is True


def test_delete_empties_a_cell(soffice: LibreOffice, workbook: Path) -> None:
    """No keys at all press Delete."""
    with soffice.open(workbook) as document:
        document.type(SHEET, "B2", "7")
        assert document.type(SHEET, "B2", "") is True
        assert document.read(SHEET, "B2")["type"] == "EMPTY"


def test_a_short_entry_is_not_completed(soffice: LibreOffice, workbook: Path) -> None:
    """What was typed above is not completed into the cell below."""
    with soffice.open(workbook) as document:
        document.type(SHEET, "B1", "no fault")
        document.type(SHEET, "B4", "no")
        document.type(SHEET, "B1", "")
        assert document.read(SHEET, "B4")["text"].casefold() == "no"


@pytest.mark.parametrize(
    ("suffix", "start"),
    [("xlsx", b"PK\x03\x04"), ("ods", b"PK\x03\x04"), ("xls", b"\xd0\xcf\x11\xe0"), ("pdf", b"%PDF-")],
)
def test_save(soffice: LibreOffice, workbook: Path, suffix: str, start: bytes) -> None:
    """Each format is written as what it says, with the entry in it."""
    with soffice.open(workbook) as document:
        document.type(SHEET, "B2", "31")
        saved = document.save(workbook.with_name(f"存.{suffix}"))
    assert saved.read_bytes().startswith(start)
    if suffix == "xlsx":
        assert openpyxl.load_workbook(saved)[SHEET]["B2"].value == 31
    elif suffix == "ods":
        assert 'office:value="31"' in ZipFile(saved).read("content.xml").decode()
    elif suffix == "xls":
        with soffice.open(saved) as again:
            assert again.read(SHEET, "B2")["value"] == 31


def test_render(soffice: LibreOffice, workbook: Path, tmp_path: Path) -> None:
    """A one-page sheet prints one picture."""
    pages = soffice.render(workbook, tmp_path / "pages")
    assert [page.name for page in pages] == ["表-1.png"]
    assert pages[0].read_bytes().startswith(b"\x89PNG")


def test_unreadable_file_is_told(soffice: LibreOffice, tmp_path: Path) -> None:
    """A file that is not there is an error, and the office goes on."""
    with pytest.raises(ClientError, match="open"):
        soffice.open(tmp_path / "none.xlsx")


def test_a_dead_office_is_replaced(soffice: LibreOffice, workbook: Path) -> None:
    """After the office died, a call says so and the next one has a new office."""
    document = soffice.open(workbook)
    soffice.stop()
    with pytest.raises(ClientError):
        document.read(SHEET, "A1")
    with soffice.open(workbook) as again:
        assert again.read(SHEET, "A1")["text"] == "标签"


def test_a_killed_office_is_replaced(soffice: LibreOffice, workbook: Path) -> None:
    """After the office was killed, a call says so and the next one has a new office."""
    document = soffice.open(workbook)
    os.killpg(soffice._processes[0].pid, signal.SIGKILL)  # noqa: SLF001 - the death of the program is what is tested
    with pytest.raises(ClientError, match="LibreOffice"):
        document.read(SHEET, "A1")
    with soffice.open(workbook) as again:
        assert again.read(SHEET, "A1")["text"] == "标签"
