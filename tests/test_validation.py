"""What a cell refuses as it is typed: what its rule calls an error, and nothing that the checker reads without one."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from gwxl.form.layout import lay_out
from gwxl.records.finding import Severity
from gwxl.records.path import Path as FormPath
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.values.value import read_value
from tests.support.clients.libreoffice import LibreOffice
from tests.support.draws import draws, seed
from tests.support.returning import make_return
from tests.support.submissions import good_submission, report_form, report_rules

REFUSED: Mapping[str, tuple[str, ...]] = {
    "site_code": ("110000008", "11000000881", "bm1", "x110000008", "没有", "ab12345678", "bm123456789"),
    "site_name": ("www.example.gov.cn", "123", "Example County", "—"),
    "site_url": ("某某县政府网", "http://", "http:\\\\www.example.gov.cn", "https:www.example.gov.cn", "无"),
}
TAKEN: Mapping[str, tuple[str, ...]] = {
    "site_code": ("1100000088", "bm00000001", " 1100000088 ", "１１００００００８８", "'1100000088"),
    "site_name": ("某某县人民政府门户网站", "12345 热线网", "㐀县"),
    "site_url": ("www.example.gov.cn", "HTTPS://www.example.gov.cn", "<http://www.beijing.gov.cn>", "ｗｗｗ．ａ．ｃｎ"),
}
PIECES: Mapping[str, tuple[str, ...]] = {
    "site_code": ("0", "12", "345", "bm", "Ｂ", "ｂｍ", "０", " ", "\u3000", "'", "x", "年", "-", "1234567890"),
    "site_name": ("县", "网", "a", "Ａ", "1", " ", "。", "㐀", "ㄅ", "한", "é"),
    "site_url": (
        "http://",
        "https:",
        "http:",
        "//",
        "www",
        ".",
        "．",
        "cn",
        "县",
        ":80",
        "/",
        "\\",
        " ",
        "<",
        ">",
        "?",
    ),
}


def is_error(key: str, text: str) -> bool:
    """Tell whether the checker calls a text in an input an error."""
    path = FormPath(key)
    reading = read_value(Cell(CellKind.TEXT, text), report_form().field_of(path), path=path)
    found = report_rules().judge(good_submission(report_form(), **{key: reading.value}))
    return any(one.key == key and one.severity is Severity.ERROR for one in found)


@pytest.mark.parametrize("key", REFUSED)
def test_the_cell_refuses_what_its_message_says(soffice: LibreOffice, tmp_path: Path, key: str) -> None:
    """Typed in LibreOffice, what is no code, name or address is not taken; what is one is, however it is spelled."""
    cell = lay_out(report_form()).cells[FormPath(key)]
    with soffice.open(make_return(tmp_path / "blank.xlsx", **{key: None})) as document:
        assert [text for text in REFUSED[key] if document.type(cell.sheet, cell.address, text)] == []
        assert [text for text in TAKEN[key] if not document.type(cell.sheet, cell.address, text)] == []
    assert all(is_error(key, text) for text in REFUSED[key])
    assert not any(is_error(key, text) for text in TAKEN[key])


@pytest.mark.parametrize("key", PIECES)
def test_nothing_is_refused_that_is_no_error(soffice: LibreOffice, tmp_path: Path, key: str) -> None:
    """Whatever is put together of pieces of codes, names and addresses: what the checker takes, the cell takes."""
    cell, rng = lay_out(report_form()).cells[FormPath(key)], Random(f"{seed()} {key}")
    texts = {"".join(rng.choices(PIECES[key], k=rng.randint(1, 7))) for _ in range(draws(60, full=600))}
    fine = sorted(text for text in texts if text.strip() and not is_error(key, text))
    with soffice.open(make_return(tmp_path / "blank.xlsx", **{key: None})) as document:
        assert [text for text in fine if not document.type(cell.sheet, cell.address, text)] == []
