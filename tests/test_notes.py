"""Comments, text boxes and pictures: found at their cells in every format, and never a reason to refuse a file."""

import io
import struct
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from gwxl.spreadsheets.admission.door import admit
from gwxl.spreadsheets.notes import MOST_NOTES, Note, NoteKind
from gwxl.spreadsheets.opening import read_book
from tests.support import binaries as biff
from tests.support.clients.libreoffice import LibreOffice
from tests.support.ods import content
from tests.support.workbooks import OFFICE, SHEET, Parts, parts, read, relations, zip_parts

COMMENT = Note(NoteKind.COMMENT, "张三:\n1234567", 3, 4, 3)
RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"


def dot() -> io.BytesIO:
    """Return a picture of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head, pixel = struct.pack(">2L5B", 1, 1, 8, 2, 0, 0, 0), zlib.compress(b"\0\xff\0\0")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b""))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Write a comment on D3, a box from E5, a picture on D7, and a box of two paragraphs from C10."""
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("填报表")
        sheet.write("B2", "项目")
        sheet.write_comment("D3", "张三:\n1234567")
        sheet.insert_textbox("E5", "写在框里 777", {"width": 100, "height": 15})
        sheet.insert_image("D7", "dot.png", {"image_data": dot()})
        sheet.insert_textbox("C10", "两行\n文字", {"width": 100, "height": 60})
    return path


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".fods"])
def test_every_format(soffice: LibreOffice, workbook: Path, suffix: str) -> None:
    """What lies on a sheet is found with its text where it lies, whatever program and format it went through."""
    path = workbook if suffix == ".xlsx" else soffice.convert(workbook, workbook.with_suffix(suffix))
    notes = {(one.kind, one.text, one.row, one.column) for one in read_book(admit(path)).sheets[0].notes}
    assert notes == {
        (COMMENT.kind, COMMENT.text, 3, 4),
        (NoteKind.BOX, "写在框里 777", 5, 5),
        (NoteKind.PICTURE, "", 7, 4),
        (NoteKind.BOX, "两行\n文字", 10, 3),
    }


def test_a_box_reaches_over_rows(workbook: Path) -> None:
    """The last row under a box is known."""
    (box,) = (one for one in read_book(admit(workbook)).sheets[0].notes if one.text.startswith("两行"))
    assert (box.row, box.last) == (10, 13)


def link(**more: str) -> Parts:
    """Return a workbook whose sheet has parts of some kinds beside it."""
    links = [(f"rId{number}", f"{OFFICE}/{kind}", f"/xl/{kind}.xml") for number, kind in enumerate(more)]
    return parts() | {RELATIONS: relations(*links)} | {f"xl/{kind}.xml": part for kind, part in more.items()}


def comments(*listed: str) -> str:
    """Return a part of comments."""
    return f"<comments><authors/><commentList>{''.join(listed)}</commentList></comments>"


def comment(place: str, words: str) -> str:
    """Return a comment in two runs."""
    return f'<comment ref="{place}"><text><r><t>{words[:2]}</t></r><r><t>{words[2:]}</t></r></text></comment>'


def test_threads() -> None:
    """Of a thread every remark is read, and not the comment that stands in for it; others stay."""
    thread = "".join(
        f'<threadedComment ref="D14"><text>{words}</text></threadedComment>' for words in ("是多少？", "12345")
    )
    made = link(
        comments=comments(comment("D14", "[线程批注] 本程序不能显示"), comment("D15", "另一个")),
        threadedComment=f"<ThreadedComments>{thread}</ThreadedComments>",
    )
    assert [(one.text, one.row) for one in read(zip_parts(made)).sheets[0].notes] == [
        ("是多少？", 14),
        ("12345", 14),
        ("另一个", 15),
    ]


def test_a_shape_said_twice_is_one() -> None:
    """What stands once more for older programs is not read again; a box tied to no cell has no row."""
    shape = "<sp><txBody><p><r><t>写在框里</t></r></p></txBody></sp>"
    drawing = f"<wsDr><absoluteAnchor><AlternateContent><Choice>{shape}</Choice><Fallback>{shape}</Fallback>"
    drawing += "</AlternateContent></absoluteAnchor></wsDr>"
    assert read(zip_parts(link(drawing=drawing))).sheets[0].notes == (Note(NoteKind.BOX, "写在框里"),)


@pytest.mark.parametrize(
    "damaged",
    [
        link(comments="<comments><commentList>"),
        link(comments='<!DOCTYPE x [<!ENTITY e "e">]>' + comments(comment("D3", "&e;"))),
        link(comments=comments(comment("nowhere", "12345"))),
        link(comments="<c/>" * 100_000),
        link(drawing="no markup"),
        parts() | {RELATIONS: "<Relationships"},
        parts() | {RELATIONS: relations(("rId1", f"{OFFICE}/comments", "../../../outside.xml"))},
        parts() | {RELATIONS: relations(("rId1", f"{OFFICE}/comments", "../comments1.xml"))},
    ],
)
def test_damaged_parts_refuse_nothing(damaged: Parts) -> None:
    """A part that no answer stands in may be damaged, hostile, too large or gone: the sheet is read without it."""
    damaged = damaged | {
        SHEET: str(damaged[SHEET]).replace("<sheetData/>", "<sheetData><row><c><v>1</v></c></row></sheetData>")
    }
    (sheet,) = read(zip_parts(damaged)).sheets
    assert (sheet.cells[1, 1].text, sheet.notes) == ("1", ())


def test_few_of_many() -> None:
    """A hostile number of comments costs nothing, and a long text is cut."""
    many = comments(*(comment(f"A{row}", "x" * 2_000) for row in range(1, 400)))
    notes = read(zip_parts(link(comments=many))).sheets[0].notes
    assert (len(notes), len(notes[0].text)) == (MOST_NOTES, 1_024)


def obj(kind: int, number: int) -> bytes:
    """Return the record of a shape."""
    return biff.record(0x5D, struct.pack("<4H", 0x15, 0x12, kind, number) + bytes(14))


def txo(words: str) -> bytes:
    """Return the records of a shape's text."""
    head = struct.pack("<6HLL", 0, 0, 0, 0, 0, len(words), 16, 0)
    return biff.record(0x1B6, head[:18]) + biff.record(0x3C, b"\1" + words.encode("utf-16-le"))


def draw_anchor(row: int, column: int, last: int) -> bytes:
    """Return the record of a shape's place: a container with an anchor in it."""
    anchor = struct.pack("<HHL9H", 0, 0xF010, 18, 0, column - 1, 0, row - 1, 0, column, 0, last - 1, 0)
    return biff.record(0xEC, struct.pack("<HHL", 0x0F, 0xF004, len(anchor)) + anchor)


def test_binary_records() -> None:
    """A comment stands at the cell its own record names, whatever place it is drawn at; a box where it is drawn."""
    remark = biff.record(0x1C, struct.pack("<4H", 2, 3, 0, 7))
    records = draw_anchor(9, 9, 9) + obj(0x19, 7) + txo("12345") + draw_anchor(5, 5, 6) + obj(6, 8) + txo("框") + remark
    assert read(biff.xls(records)).sheets[0].notes == (
        Note(NoteKind.BOX, "框", 5, 5, 6),
        Note(NoteKind.COMMENT, "12345", 3, 4, 3),
    )


@pytest.mark.parametrize(
    "records",
    [
        biff.record(0x1C, b"\1"),
        biff.record(0x5D, b""),
        biff.record(0x1B6, b"\0" * 4),
        biff.record(0xEC, struct.pack("<HHL", 0, 0xF010, 18)),
        biff.record(0xEC, struct.pack("<HHL", 0, 0xF00A, 0xFFFFFFFF)),
        obj(6, 1) + biff.record(0x1B6, struct.pack("<6H", 0, 0, 0, 0, 0, 9) + bytes(6)),
    ],
)
def test_damaged_records_refuse_nothing(records: bytes) -> None:
    """A record of a shape that holds less than it says is passed over."""
    (sheet,) = read(biff.xls(records + biff.number(1, 1, 5.0))).sheets
    assert (sheet.cells[1, 1].text, sheet.notes) == ("5", ())


def test_open_document() -> None:
    """A comment's date and author are no text of it, blanks and lines stay apart, and what is tracked is no note."""
    inside = (
        "<office:annotation><dc:creator>张三</dc:creator><dc:date>2027-01-08</dc:date>"
        "<text:p>去年<text:span>1234</text:span></text:p><text:p>今年</text:p></office:annotation><text:p>5</text:p>"
    )
    cells = f'<table:table-cell office:value-type="float" office:value="5">{inside}</table:table-cell>'
    tracked = "<table:tracked-changes><text:p>从前的</text:p></table:tracked-changes>"
    loose = (
        "<table:shapes><draw:frame><draw:text-box><text:p>页上的框</text:p></draw:text-box></draw:frame></table:shapes>"
    )
    rows = f"{loose}<table:table-row/><table:table-row>{cells}</table:table-row>"
    document = content(f'<table:table table:name="填报表">{rows}</table:table>', before=tracked)
    made = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": document}
    (sheet,) = read(zip_parts(made)).sheets
    assert sheet.cells[2, 1].text == "5"
    assert sheet.notes == (
        Note(NoteKind.BOX, "页上的框"),
        Note(NoteKind.COMMENT, "去年1234\n今年", 2, 1, 2),
    )
