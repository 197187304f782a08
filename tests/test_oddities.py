"""Harmless oddities of real writers, in every format: read as if they were not there."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gwxl.errors import RefusedError
from gwxl.form.identity import issue_identity
from gwxl.intake import check_file
from gwxl.records.period import Period
from gwxl.records.submission import Status
from gwxl.rules.available_forms import load
from gwxl.rules.ruleset import RuleSet
from gwxl.spreadsheets.book import Cell
from gwxl.terms import Terms
from tests.support import binaries as biff
from tests.support import ods
from tests.support.clients.typed import draw
from tests.support.workbooks import SHEET, number, parts, read, read_cells, relations, styles, unzip, words, zip_parts
from tests.support.written import write_template

Contents = dict[str, bytes]
FORM, BOOK, RELS, ROOT = SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"
TYPES, APP, CUSTOM, THEME = "[Content_Types].xml", "docProps/app.xml", "docProps/custom.xml", "xl/theme/theme1.xml"
_END = b"</Relationships>"


@pytest.fixture(scope="module")
def forms() -> RuleSet:
    """Return the form that comes with gwxl, and its rules."""
    return load("website_annual_report")


@pytest.fixture(scope="module")
def base(forms: RuleSet, tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """Return the parts of a filled return that breaks no rule."""
    path = tmp_path_factory.mktemp("base") / "return.xlsx"
    write_template(
        forms, path, identity=issue_identity(forms.form, period=Period(2026)), answers=draw(forms.form, 5).values
    )
    return unzip(path.read_bytes())


def outcome(data: bytes, tmp_path: Path, forms: RuleSet, name: str = "return.xlsx") -> tuple[str, str, int]:
    """Return status, reason and the answers that were read of one file."""
    (tmp_path / name).write_bytes(data)
    (receipt,) = check_file(tmp_path / name, name, Terms(forms, period=Period(2026)))
    read_answers = len(receipt.submission.values) if receipt.submission else 0
    found = ", ".join(finding.id for finding in receipt.findings)
    return receipt.status, found, read_answers


def add_link(target: str, kind: str = "thumbnail", part: str = ROOT) -> Callable[[Contents], Contents]:
    """Return a change that adds a relationship."""
    link = f'<Relationship Id="rId90" Type="http://example/{kind}" Target="{target}"/>'.encode()
    return lambda kept: kept | {part: kept[part].replace(_END, link + _END)}


def swap(part: str, old: str, new: str) -> Callable[[Contents], Contents]:
    """Return a change of every occurrence of a pattern in a part."""

    def change(kept: Contents) -> Contents:
        text, times = re.subn(old, new, kept[part].decode())
        assert times, old
        return kept | {part: text.encode()}

    return change


def leave_out(*names: str) -> Callable[[Contents], Contents]:
    """Return a change that leaves parts out."""
    return lambda kept: {name: data for name, data in kept.items() if name not in names}


def rename_parts(rename: Callable[[str], str]) -> Callable[[Contents], Contents]:
    """Return a change of the names of all parts."""
    return lambda kept: {rename(name): data for name, data in kept.items()}


def put(part: str, data: bytes) -> Callable[[Contents], Contents]:
    """Return a change that puts a part there."""
    return lambda kept: kept | {part: data}


BROKEN = b"<a><b></a>"
FORMATTED = "".join(
    f'<row r="{row}">' + "".join(f'<c r="A{column}{row}" s="1"/>' for column in "ABCDEFGHIJKLMNOPQRST") + "</row>"
    for row in range(1_000, 11_000)
)
PREFIXED = FORMATTED.replace("<c ", "<x:c ")
XLSX: Mapping[str, Callable[[Contents], Contents]] = {
    "no properties at all": leave_out("docProps/core.xml", APP, CUSTOM),
    "no theme": leave_out(THEME),
    "broken properties of the program": put(APP, BROKEN),
    "broken core properties": put("docProps/core.xml", BROKEN),
    "broken own properties": put(CUSTOM, BROKEN),
    "own properties in GBK": put(CUSTOM, '<?xml version="1.0" encoding="GBK"?><a>表</a>'.encode("gbk")),
    "a broken theme": put(THEME, BROKEN),
    "a broken calculation chain": put("xl/calcChain.xml", BROKEN),
    "broken printer settings": put("xl/printerSettings/printerSettings1.bin", b"\0"),
    "a broken comment": put("xl/comments1.xml", BROKEN),
    "a broken drawing": put("xl/drawings/drawing1.xml", BROKEN),
    "a thumbnail that is gone": add_link("docProps/thumbnail.jpeg"),
    "customXml beside the root": add_link("../customXml/item1.xml", "customXml"),
    "a link that leads nowhere": add_link("../../etc/passwd", "customXml"),
    "a blank link": add_link("", "customXml"),
    "a link of the workbook above the root": add_link("../../../theme.xml", "theme", RELS),
    "targets from the root": swap(RELS, 'Target="', 'Target="/xl/'),
    "targets around corners": swap(RELS, 'Target="', 'Target="../xl/./'),
    "targets with backslashes": swap(RELS, 'Target="worksheets/', r'Target="worksheets\\'),
    "targets in percent": swap(RELS, 'Target="worksheets/sheet', 'Target="work%73heets/%73heet'),
    "targets in capitals": swap(RELS, 'Target="worksheets/sheet', 'Target="WorkSheets/SHEET'),
    "parts in capitals": rename_parts(str.upper),
    "parts with backslashes": rename_parts(lambda name: name.replace("/", "\\")),
    "parts around corners": rename_parts(lambda name: f"./{name}"),
    "no relationships of the package": leave_out(ROOT),
    "blank relationships of the package": put(ROOT, b""),
    "broken relationships of the package": put(ROOT, BROKEN),
    "no content types": leave_out(TYPES),
    "broken content types": put(TYPES, BROKEN),
    "content types said twice": swap(TYPES, "(<Override [^>]*>)", r"\1\1"),
    "content types with a charset": swap(TYPES, r"main\+xml", "main+xml; charset=utf-8"),
    "neither content types nor relationships that work": lambda kept: kept | {TYPES: BROKEN, ROOT: BROKEN},
    "blank styles": swap(FORM, r'(<c r="D1\d") s="\d+"', r'\1 s=""'),
    "blank types": swap(FORM, r'(<c r="[A-Z]+\d+" s="\d+")><v>', r'\1 t=""><v>'),
    "blank addresses of rows": swap(FORM, r'<row r="1"', '<row r=""'),
    "a blank merge": swap(FORM, "</sheetData>", '</sheetData><mergeCells><mergeCell ref=""/></mergeCells>'),
    "a blank state": swap(BOOK, '<sheet name="填报表"', '<sheet state="" name="填报表"'),
    "a name that belongs to no sheet": swap(
        BOOK, "<definedName ", '<definedName localSheetId="" name="x">1</definedName><definedName '
    ),
    "200,000 formatted cells": swap(FORM, "</sheetData>", f"{FORMATTED}</sheetData>"),
    "200,000 formatted cells with a prefix": lambda kept: swap(FORM, "<worksheet ", '<worksheet xmlns:x="y" ')(
        swap(FORM, "</sheetData>", f"{PREFIXED}</sheetData>")(kept)
    ),
}


@pytest.mark.parametrize("change", XLSX.values(), ids=XLSX.keys())
def test_oddities_of_xlsx_are_read(
    change: Callable[[Contents], Contents], base: Contents, tmp_path: Path, forms: RuleSet
) -> None:
    """A package that says odd things about what nobody needs is read, with every answer."""
    expected = outcome(zip_parts(base), tmp_path, forms)
    assert expected[0] == Status.OK
    assert outcome(zip_parts(change(dict(base)), 0), tmp_path, forms) == expected


@pytest.mark.parametrize(
    ("sheet", "more", "expected"),
    [
        ('<sheetData><row r="7"><c r="B7" s="" t="">\n<v>5</v></c></row></sheetData>', {}, {(7, 2): number("5")}),
        ('<sheetData><row r=""><c r="" s=" "><v>5</v></c></row></sheetData>', {}, {(1, 1): number("5")}),
        (
            '<sheetData><row><c s="9"><v>5</v></c></row></sheetData>',
            {"styles": styles('<xf numFmtId=""/>')},
            {(1, 1): number("5")},
        ),
        (
            '<sheetData><row><c t="inlineStr"><is><t>a</t></is></c></row></sheetData>',
            {"strings": "<sst><si>"},
            {(1, 1): words("a")},
        ),
    ],
)
def test_empty_attributes_say_nothing(
    sheet: str, more: Mapping[str, str], expected: Mapping[tuple[int, int], Cell]
) -> None:
    """An attribute without a value is one that is not there; strings nobody uses may be damaged."""
    assert read_cells(sheet, **more) == expected


def test_strings_that_are_needed_may_not_be_damaged() -> None:
    """A cell whose text cannot be found refuses the file: nothing is left out silently."""
    with pytest.raises(RefusedError, match="damaged"):
        read_cells('<sheetData><row><c t="s"><v>0</v></c></row></sheetData>', strings="<sst><si><t>a</t></si>")


@pytest.mark.parametrize("target", ["../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..\\..\\x.xml", "/../../x.xml"])
@pytest.mark.parametrize("kind", ["worksheet", "sharedStrings", "styles"])
def test_what_climbs_out_and_is_needed_is_refused(kind: str, target: str) -> None:
    """A part that has to be read is never looked for outside, however its way is written."""
    links = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = [(f"rId{n}", f"{office}/{one}", to) for n, (one, to) in enumerate((links | {kind: target}).items(), 1)]
    with pytest.raises(RefusedError, match="unsafe_name" if target[0] != "/" else "unsafe_name|damaged"):
        read(zip_parts(parts() | {RELS: relations(*listed)}))


ODS_ROWS = ods.table(ods.row(ods.say_cell("甲"), ods.type_cell("float", 'office:value="7"')))
ODS_MANIFEST = f'<manifest:manifest xmlns:manifest="x"><a media-type="{ods.TYPE}" full-path="/"/></manifest:manifest>'
ODS: Mapping[str, Mapping[str, bytes | str]] = {
    "no type in front": {"content.xml": ods.content(ODS_ROWS), "META-INF/manifest.xml": ODS_MANIFEST},
    "a type in capitals": {"mimetype": ods.TYPE.upper(), "content.xml": ods.content(ODS_ROWS)},
    "a line behind the type": {"mimetype": f"\ufeff{ods.TYPE}\r\n", "content.xml": ods.content(ODS_ROWS)},
    "broken meta": ods.parts(ODS_ROWS) | {"meta.xml": BROKEN},
    "a broken list of parts": ods.parts(ODS_ROWS) | {"META-INF/manifest.xml": BROKEN},
    "broken settings and picture": ods.parts(ODS_ROWS) | {"settings.xml": BROKEN, "Thumbnails/thumbnail.png": b""},
    "empty attributes": ods.parts(ODS_ROWS.replace("<table:table-cell ", '<table:table-cell table:style-name="" ')),
    "empty repetitions": ods.parts(
        ODS_ROWS.replace("<table:table-row ", '<table:table-row table:number-rows-repeated="" ')
    ),
    "1,000 formatted columns in 300 rows": ods.parts(
        ODS_ROWS.replace(
            "</table:table>",
            ods.row('<table:table-cell table:style-name="x" table:number-columns-repeated="1000"/>') * 300
            + "</table:table>",
        )
    ),
}


@pytest.mark.parametrize("contents", ODS.values(), ids=ODS.keys())
def test_oddities_of_ods_are_read(contents: Mapping[str, bytes | str]) -> None:
    """An OpenDocument package is known and read without what only adds something."""
    cells = read(zip_parts(dict(contents))).sheets[0].cells
    assert {place: cell for place, cell in cells.items() if cell.text} == {(1, 1): words("甲"), (1, 2): number("7")}


XLS_CELLS = biff.number(1, 2, 7.0)


XLS: Mapping[str, bytes] = {
    "unknown records": biff.xls(biff.record(0x7FFE, b"abc") + XLS_CELLS + biff.record(0x1234)),
    "bytes behind the end": biff.xls(XLS_CELLS) + b"<html>" * 99,
    "a last sector that is not full": biff.xls(XLS_CELLS).rstrip(b"\xff"),
    "broken properties": biff.compound_file(
        {"Workbook": biff.stream(XLS_CELLS), "\5SummaryInformation": b"\xfe\xff" + bytes(9), "\5x": b"x" * 5_000}
    ),
    "a style that is not there": biff.xls(biff.number(1, 2, 7.0, style=4_000)),
    "256 formatted columns in 700 rows": biff.xls(
        XLS_CELLS + b"".join(biff.record(0xBE, row.to_bytes(2, "little") + bytes(2 + 512 + 2)) for row in range(1, 700))
    ),
}


@pytest.mark.parametrize("data", XLS.values(), ids=XLS.keys())
def test_oddities_of_xls_are_read(data: bytes) -> None:
    """A binary workbook is read up to its end, whatever else lies in the file."""
    cells = read(data).sheets[0].cells
    assert {place: cell for place, cell in cells.items() if cell.text} == {(1, 2): number("7")}


def test_a_stream_of_properties_that_is_cut_off_costs_its_properties_alone() -> None:
    """A binary workbook is read where the stream of its properties leads behind the end of the file."""
    title = "\5SummaryInformation"
    data = bytearray(biff.compound_file({"Workbook": biff.stream(XLS_CELLS), title: b"x" * 9_000}))
    place = data.index(title.encode("utf-16-le")) + 116
    data[place : place + 4] = b"\xff\xff\0\0"
    assert read(bytes(data)).sheets[0].cells[1, 2] == number("7")
