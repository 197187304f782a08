"""The reader of the Office Open XML family: every cell, sheet, name and property right."""

import pytest

from gwxl.records.cell import CellRef
from gwxl.spreadsheets.book import Cell, CellKind, DefinedName
from gwxl.spreadsheets.looks import Look, Mark
from tests.support.workbooks import (
    MAIN,
    OFFICE,
    SHEET,
    STRICT,
    STRICT_OFFICE,
    number,
    parts,
    properties,
    read,
    read_cells,
    relations,
    strings,
    styles,
    words,
    workbook,
    zip_parts,
)


def cell(body: str, **more: str) -> Cell:
    """Return the one cell of a sheet."""
    (found,) = read_cells(f"<sheetData><row>{body}</row></sheetData>", **more).values()
    return found


CELLS = {
    "number": ("<c><v>12</v></c>", number("12")),
    "digits as stored": ('<c t="n"><v> 10.199999999999999 </v></c>', number("10.199999999999999")),
    "exponent": ("<c><v>-1E+3</v></c>", number("-1E+3")),
    "no number": ("<c><v>12,5</v></c>", words("12,5")),
    "not a number": ("<c><v>NaN</v></c>", words("NaN")),
    "endless": ("<c><v>1E999</v></c>", words("1E999")),
    "too many digits": (f"<c><v>{'1' * 65}</v></c>", words("1" * 65)),
    "true": ('<c t="b"><v>1</v></c>', Cell(CellKind.BOOLEAN, "TRUE")),
    "false": ('<c t="b"><v>0</v></c>', Cell(CellKind.BOOLEAN, "FALSE")),
    "no boolean": ('<c t="b"><v>2</v></c>', words("2")),
    "error": ('<c t="e"><v>#N/A</v></c>', Cell(CellKind.ERROR, "#N/A")),
    "text of a formula": ('<c t="str"><f>A2</f><v> 甲 </v></c>', Cell(CellKind.TEXT, " 甲 ", "A2")),
    "empty text of a formula": ('<c t="str"><f>A2</f><v></v></c>', Cell(CellKind.TEXT, "", "A2")),
    "formula without a value": ("<c><f>A2+1</f></c>", Cell(CellKind.BLANK, "", "A2+1")),
    "formula with an empty value": ("<c><f>A2+1</f><v/></c>", Cell(CellKind.BLANK, "", "A2+1")),
    "shared formula": ('<c><f t="shared" si="0"/><v>3</v></c>', Cell(CellKind.NUMBER, "3", "")),
    "inline": ('<c t="inlineStr"><is><t>甲</t></is></c>', words("甲")),
    "inline in runs": (
        '<c t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r></is></c>',
        words("甲 乙"),
    ),
    "inline with a guide": ('<c t="inlineStr"><is><t>甲</t><rPh><t>jia</t></rPh></is></c>', words("甲")),
    "inline as a value": ('<c t="inlineStr"><v>甲</v></c>', words("甲")),
    "inline empty": ('<c t="inlineStr"><is/></c>', Cell(CellKind.BLANK)),
    "strict date": ('<c t="d"><v>2024-05-17</v></c>', Cell(CellKind.NUMBER, "45429", date=True)),
    "strict date and time": ('<c t="d"><v>2024-05-17T12:00:00Z</v></c>', Cell(CellKind.NUMBER, "45429.5", date=True)),
    "strict time": ('<c t="d"><v>T06:00:00</v></c>', Cell(CellKind.NUMBER, "0.25", date=True)),
    "strict date that is none": ('<c t="d"><v>2024-13-17</v></c>', Cell(CellKind.TEXT, "2024-13-17", date=True)),
    "unknown type": ('<c t="what"><v>1</v></c>', words("1")),
    "nothing": ("<c/>", Cell(CellKind.BLANK)),
    "split by a comment": ("<c><v>1<!-- x -->2</v></c>", number("12")),
    "entity": ('<c t="str"><v>&lt;&amp;&#x4E2D;</v></c>', words("<&中")),
    "escaped control character": ('<c t="str"><v>a_x000D_b_x0007_</v></c>', words("a\rb\a")),
    "escaped underscore": ('<c t="str"><v>a_x005F_x000D_</v></c>', words("a_x000D_")),
    "what looks like an escape": ('<c t="str"><v>_x4E2D_ _x00_ _x0041_</v></c>', words("_x4E2D_ _x00_ _x0041_")),
}


@pytest.mark.parametrize(("body", "expected"), CELLS.values(), ids=CELLS.keys())
def test_cell(body: str, expected: Cell) -> None:
    """Each way to store a value gives that value, and none is touched."""
    assert cell(body) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<t>甲</t>", "甲"),
        ("<r><rPr><b/></rPr><t>甲</t></r><r><t> 乙</t></r>", "甲 乙"),
        ('<t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh><phoneticPr fontId="1"/>', "甲"),
        ("<t>a_x000A_b</t>", "a\nb"),
        ("<t>&#128512;</t>", "😀"),
    ],
)
def test_shared_string(item: str, expected: str) -> None:
    """A shared string is its runs in a row, without the phonetic guide."""
    assert cell('<c t="s"><v>1</v></c>', strings=strings("<t>x</t>", item)) == words(expected)


def test_the_font_of_a_named_style() -> None:
    """A cell format without a font or a number format of its own has those of the named style it belongs to."""
    fonts = '<fonts><font/><font><strike/></font><font><vertAlign val="superscript"/><strike val="0"/></font></fonts>'
    named = '<cellStyleXfs><xf numFmtId="14" fontId="1"/></cellStyleXfs>'
    own = (
        '<xf xfId="0"/><xf xfId="0" numFmtId="0" fontId="2"/><xf fontId="1" xfId="9"/><xf numFmtId="0"/><xf xfId="9"/>'
    )
    differing = "<dxfs><dxf><font><strike/></font></dxf></dxfs>"
    sheet = "".join(f'<c s="{number}"><v>46024</v></c>' for number in range(5))
    found = read_cells(
        f"<sheetData><row>{sheet}</row></sheetData>",
        styles=f'<styleSheet xmlns="{MAIN}">{fonts}{named}<cellXfs>{own}</cellXfs>{differing}</styleSheet>',
    )
    marks = [look.mark if (look := found[1, column].look) else None for column in range(1, 6)]
    assert marks == [Mark.STRUCK, Mark.RAISED, Mark.STRUCK, None, None]
    assert [found[1, column].date for column in range(1, 6)] == [True, False, False, False, False]


def test_runs_of_inline_and_shared_strings() -> None:
    """Each cell has the runs of its own text: not of the one before it, nor of a text its value stands for."""
    struck = "<r><rPr><strike/></rPr><t>旧_x005F_x0041_</t></r><r><t>新</t></r>"
    rows = (
        f'<c t="inlineStr"><is>{struck}</is></c><c t="inlineStr"><is><t>甲</t></is></c>'
        f'<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c><v>1</v></c><c t="str"><is>{struck}</is><v>乙</v></c>'
        '<c t="s"><v>2</v></c><c t="s"><v>1</v></c>'
    )
    empty = "<r><rPr><strike/></rPr><t></t></r>"
    found = read_cells(f"<sheetData><row>{rows}</row></sheetData>", strings=strings(struck, "<t>丙</t>", empty))
    looks = {column: look for column in range(1, 9) if (look := found[1, column].look) is not None}
    runs = (("旧_x0041_", Mark.STRUCK), ("新", Mark.NONE))
    assert looks == {1: Look(runs=runs), 3: Look(runs=runs)}
    assert [found[1, column].text for column in (1, 3, 6)] == ["旧_x0041_新", "旧_x0041_新", "乙"]


def test_uncalculated() -> None:
    """A formula whose value was never stored can be told from one that gave nothing."""
    assert cell("<c><f>A2</f></c>").uncalculated
    assert not cell('<c t="str"><f>A2</f><v></v></c>').uncalculated


def test_array_formula_marks_its_cells() -> None:
    """Only the first cell of an array carries the formula; the others are no typed values either."""
    sheet = (
        '<sheetData><row><c><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row>'
        "<row><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
    )
    formulas = {place[0]: found.formula for place, found in read_cells(sheet).items()}
    assert formulas == {1: "B1:B2", 2: "", 3: None}


def test_places() -> None:
    """Rows and cells may come without an address or in any order; what the sheet says of its extent is ignored."""
    sheet = (
        '<dimension ref="A1"/><sheetData><row r="5" spans="1:1"><c r="D5"><v>1</v></c><c><v>2</v></c></row>'
        '<row><c><v>3</v></c></row><row r="2"><c r="C2"><v>4</v></c><c r="A2"><v>5</v></c><c><v>6</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'
    )
    assert {place: found.text for place, found in read_cells(sheet).items()} == {
        (5, 4): "1",
        (5, 5): "2",
        (6, 1): "3",
        (2, 3): "4",
        (2, 1): "5",
        (2, 2): "6",
        (1_048_576, 16_384): "7",
    }


def test_cells_outside_the_data_are_none() -> None:
    """Other parts of a sheet use the same element names."""
    assert read_cells('<sheetData/><extLst><ext><row r="1"><c r="A1"><v>1</v></c></row></ext></extLst>') == {}


FORMATS = {
    "General": (False, False),
    "0.00": (False, False),
    "0%": (False, True),
    "0.0\\%": (False, False),
    '0"%"': (False, False),
    "yyyy-mm-dd": (True, False),
    'yyyy"年"m"月"': (True, False),
    "[$-F800]dddd\\,\\ mmmm": (True, False),
    "[h]:00": (True, False),
    "[DBNum1][$-804]General": (False, False),
    "[Red]0.0": (False, False),
    '0" days"': (False, False),
    "0\\d": (False, False),
    "#,##0_);(#,##0_d)": (False, False),
    "*m0": (False, False),
    "0.00E+00": (False, False),
    '"[h]"0': (False, False),
    '0"open': (False, False),
    "@": (False, False),
}


@pytest.mark.parametrize(("code", "expected"), FORMATS.items(), ids=FORMATS.keys())
def test_number_format(code: str, expected: tuple[bool, bool]) -> None:
    """A date or percentage is told by the format's own letters, not by what it quotes."""
    listed = styles('<xf/><xf numFmtId="200"/>', {200: code.replace('"', "&quot;")})
    found = cell('<c s="1"><v>1</v></c>', styles=listed)
    assert (found.date, found.percent) == expected


@pytest.mark.parametrize(
    ("number_id", "expected"),
    [(0, (False, False)), (9, (False, True)), (10, (False, True)), (14, (True, False)), (22, (True, False)),
     (31, (True, False)), (47, (True, False)), (57, (True, False)), (49, (False, False)), (77, (False, False))],
)  # fmt: skip
def test_builtin_number_format(number_id: int, expected: tuple[bool, bool]) -> None:
    """The formats that are never written out, those of Chinese programs included."""
    found = cell('<c s="0"><v>1</v></c>', styles=styles(f'<xf numFmtId="{number_id}"/>'))
    assert (found.date, found.percent) == expected


def test_locks() -> None:
    """A cell is locked where nothing is said."""
    listed = styles('<xf/><xf><protection locked="0"/></xf><xf><protection hidden="1"/></xf>')
    body = '<c s="0"/><c s="1"/><c s="2"/><c s="9"/><c/>'
    found = read_cells(f"<sheetData><row>{body}</row></sheetData>", styles=listed)
    assert [one.locked for one in found.values()] == [True, False, True, True, True]


def test_sheet_properties() -> None:
    """Protection, merges, validations of both namespaces and hidden rows are seen."""
    sheet = (
        '<sheetData><row r="3" hidden="1"/><row r="4" hidden="true"/><row r="5" hidden="0"/></sheetData>'
        '<sheetProtection sheet="1" objects="1"/><mergeCells count="9"><mergeCell ref="B3:A1"/></mergeCells>'
        '<dataValidations count="1"><dataValidation sqref="A1"/></dataValidations>'
        '<extLst><ext><x14:dataValidations xmlns:x14="urn"><x14:dataValidation/></x14:dataValidations></ext></extLst>'
    )
    (found,) = read(zip_parts(parts(sheet))).sheets
    assert found.protected
    assert found.merges == ((1, 1, 3, 2),)
    assert found.validations == 2
    assert found.hidden_rows == {3, 4}
    assert not read(zip_parts(parts('<sheetData/><sheetProtection password="CC1A"/>'))).sheets[0].protected


def test_workbook_properties() -> None:
    """States, dates from 1904, structure lock, macros and external links are seen; chart sheets are left out."""
    listed = (
        '<sheet name="图" sheetId="3" r:id="rId9"/><sheet name="甲" sheetId="1" state="hidden" r:id="rId1"/>'
        '<sheet name="乙&amp;丙" sheetId="2" state="veryHidden" r:id="rId2"/>'
    )
    body = workbook(listed, before='<workbookPr date1904="1"/><workbookProtection lockStructure="1"/>')
    links = relations(
        ("rId1", f"{OFFICE}/worksheet", "/xl/worksheets/sheet1.xml"),
        ("rId2", f"{OFFICE}/worksheet", "worksheets\\sheet%202.xml"),
        ("rId9", f"{OFFICE}/chartsheet", "chart.xml"),
        ("rId8", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
        ("rId7", f"{OFFICE}/externalLink", "externalLinks/externalLink1.xml"),
    )
    more = {"xl/workbook.xml": body, "xl/_rels/workbook.xml.rels": links, "xl/chart.xml": "<chartsheet/>"}
    sheet = '<sheetData><row><c t="d"><v>1904-01-02</v></c></row></sheetData>'
    second = {"xl/worksheets/sheet 2.xml": f'<worksheet xmlns="{MAIN}"/>'}
    book = read(zip_parts(parts(sheet) | more | second))
    assert [(one.title, one.state) for one in book.sheets] == [("甲", "hidden"), ("乙&丙", "veryHidden")]
    assert (book.date1904, book.structure_protected, book.macros, book.external_links) == (True, True, True, True)
    assert book.sheets[0].cells[1, 1] == Cell(CellKind.NUMBER, "1", date=True)
    plain = read(zip_parts(parts()))
    assert (plain.date1904, plain.structure_protected, plain.macros, plain.external_links) == (False,) * 4


@pytest.mark.parametrize(("main", "office", "separator"), [(MAIN, OFFICE, "-"), (STRICT, STRICT_OFFICE, "")])
def test_strict_and_transitional(main: str, office: str, separator: str) -> None:
    """Both dialects give cells and document properties."""
    sheet = '<sheetData><row><c t="s"><v>0</v></c></row></sheetData>'
    more = {"xl/sharedStrings.xml": strings("<t>甲</t>"), **properties(office=office, separator=separator)}
    book = read(zip_parts(parts(sheet, main=main, office=office) | more))
    assert book.sheets[0].cells == {(1, 1): words("甲")}
    assert book.properties == {"gwxl_form": "x_x000D_y", "n": "7"}
    assert (book.modified, book.program) == ("2026-01-05T08:00:00Z", "WPS 表格")


def test_prefixes_and_part_names() -> None:
    """Elements may carry any prefix, parts any name and case, and a part's encoding may be UTF-16."""
    sheet = (
        f'<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1">'
        '<x:c r="A1" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    )
    listed = '<x:sheets><x:sheet name="表" sheetId="1" rel:id="k"/></x:sheets>'
    body = f'<x:workbook xmlns:x="{MAIN}" xmlns:rel="{OFFICE}">{listed}</x:workbook>'
    plain = parts()
    del plain["xl/workbook.xml"], plain["xl/_rels/workbook.xml.rels"], plain[SHEET]
    odd = {
        "[content_types].XML": plain.pop("[Content_Types].xml"),
        "_rels/.rels": relations(("a", f"{OFFICE}/officeDocument", "/Odd/Book.XML")),
        "odd/book.xml": body,
        "odd/_rels/Book.xml.rels": relations(("k", f"{OFFICE}/worksheet", "../tables/First.xml")),
        "Tables/first.XML": sheet.encode("utf-16"),
    }
    parts_read = plain | odd
    parts_read["[content_types].XML"] = str(odd["[content_types].XML"]).replace("/xl/workbook.xml", "/odd/book.xml")
    assert read(zip_parts(parts_read)).sheets[0].cells == {(1, 1): words("甲")}


def test_declared_utf16_but_written_utf8() -> None:
    """A common slip of programs: the bytes decide."""
    body = parts('<sheetData><row><c t="str"><v>甲</v></c></row></sheetData>')
    slip = f'\ufeff<?xml version="1.0" encoding="utf-16"?>{body[SHEET]!s}'
    assert read(zip_parts(body | {SHEET: slip.encode()})).sheets[0].cells == {(1, 1): words("甲")}


def test_package_without_relationships_of_its_own() -> None:
    """The content types still name the workbook."""
    body = parts()
    del body["_rels/.rels"]
    assert [sheet.title for sheet in read(zip_parts(body)).sheets] == ["填报表"]


NAMES = {
    "填报表!$D$8": (8, 4),
    "'填报表'!$D$8": (8, 4),
    "填报表!D8": (8, 4),
    "填报表!$D$8:$D$8": (8, 4),
    "=填报表!$D$8": (8, 4),
    "填报表!$D$8:$D$9": None,
    "填报表!$D:$D": None,
    "填报表!#REF!": None,
    "#REF!": None,
    "[1]填报表!$D$8": None,
    "'[其他.xlsx]填报表'!$D$8": None,
    "'C:\\[其他.xlsx]填报表'!$D$8": None,
    "填报表!$D$8,填报表!$D$9": None,
    "OFFSET(填报表!$D$8,1,0)": None,
    "填报表:填报表!$D$8": None,
    "别的表!$D$8": None,
    "填报表!$XFE$1": None,
    "填报表!$A$0": None,
    "42": None,
    "": None,
}


@pytest.mark.parametrize(("reference", "place"), NAMES.items(), ids=NAMES.keys())
def test_defined_name(reference: str, place: tuple[int, int] | None) -> None:
    """A name is resolved where it names exactly one cell of this workbook."""
    listed = '<sheet name="填报表" sheetId="1" r:id="rId1"/>'
    after = f'<definedNames><definedName name="n">{reference}</definedName></definedNames>'
    (found,) = read(zip_parts(parts() | {"xl/workbook.xml": workbook(listed, after=after)})).names
    cell_named = None if place is None else CellRef("填报表", *place)
    assert found == DefinedName(name="n", reference=reference, cell=cell_named)


def test_names_of_sheets() -> None:
    """Quotes in titles are doubled, titles compared in any case; a sheet-scoped name says which sheet."""
    listed = '<sheet name="It&apos;s" sheetId="1" r:id="rId1"/><sheet name="Two" sheetId="2" r:id="rId1"/>'
    after = (
        "<definedNames><definedName name='a'>'It''s'!$A$1</definedName>"
        '<definedName name="a" localSheetId="1">TWO!$B$2</definedName>'
        '<definedName name="left" localSheetId="2">Two!$B$2</definedName></definedNames>'
    )
    found = read(zip_parts(parts() | {"xl/workbook.xml": workbook(listed, after=after)})).names
    assert found == (
        DefinedName(name="a", reference="'It''s'!$A$1", cell=CellRef("It's", 1, 1)),
        DefinedName(name="a", reference="TWO!$B$2", cell=CellRef("Two", 2, 2), scope="Two"),
    )
