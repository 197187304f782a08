"""Hostile and damaged workbooks of the Office Open XML family: read right, or refused for a named reason."""

import random
import zipfile
from collections.abc import Iterator, Mapping

import pytest

from gwxl.containers.limits import Limits
from gwxl.errors import RefusedError
from gwxl.spreadsheets.book import Book
from gwxl.wording import LANGUAGES, text
from tests.support.draws import draws, seed
from tests.support.workbooks import (
    MAIN,
    OFFICE,
    SHEET,
    Parts,
    parts,
    properties,
    read,
    relations,
    strings,
    styles,
    unzip,
    workbook,
    zip_parts,
)


def sheet_of(body: str) -> Parts:
    """Return parts to replace: the sheet with these cells."""
    return {SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'}


def book_of(listed: str, after: str = "") -> Parts:
    """Return parts to replace: the workbook with this list of sheets."""
    return {"xl/workbook.xml": workbook(listed, after=after)}


_LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_EXTERNAL = '<!DOCTYPE a SYSTEM "file:///etc/passwd">'
_ONE = '<sheet name="表" sheetId="1" r:id="rId1"/>'
HOSTILE: Mapping[str, tuple[Parts, str]] = {
    "entities": ({SHEET: f"{_LAUGHS}<worksheet>&b;</worksheet>"}, "doctype"),
    "external entity": ({"xl/workbook.xml": f"{_EXTERNAL}<workbook/>"}, "doctype"),
    "doctype in the content types": ({"[Content_Types].xml": f"{_EXTERNAL}<Types/>"}, "doctype"),
    "other encoding": ({SHEET: '<?xml version="1.0" encoding="GBK"?><worksheet/>'}, "encoding"),
    "deep": (sheet_of("<x>" * 63 + "</x>" * 63), "overloaded"),
    "attributes": (sheet_of("<x " + " ".join(f"a{n}=''" for n in range(101)) + "/>"), "overloaded"),
    "long text": (sheet_of(f'<row><c t="str"><v>{"长" * 1_100_000}</v></c></row>'), "overloaded"),
    "long attribute": (sheet_of(f'<x a="{"a" * 1_100_000}"/>'), "overloaded"),
    "long comment": (sheet_of(f"<!--{'a' * 1_100_000}-->"), "overloaded"),
    "elements": (sheet_of("<x/>" * 500_000), "overloaded"),
    "not closed": ({SHEET: "<worksheet>"}, "damaged"),
    "no markup": ({SHEET: "hello"}, "damaged"),
    "empty part": ({SHEET: ""}, "damaged"),
    "undeclared entity": (sheet_of("&x;"), "damaged"),
    "invalid utf-8": ({SHEET: b"<worksheet>\xed\xa0\x80</worksheet>"}, "damaged"),
    "character that is none": (sheet_of("<row><c><v>&#xD800;</v></c></row>"), "damaged"),
    "no worksheet": ({SHEET: "<chartsheet/>"}, "damaged"),
    "two values": (sheet_of("<row><c><v>1</v><v>2</v></c></row>"), "damaged"),
    "two formulas": (sheet_of("<row><c><f>1</f><f>2</f></c></row>"), "damaged"),
    "two texts": (sheet_of('<row><c t="inlineStr"><is><t>1</t></is><is><t>2</t></is></c></row>'), "damaged"),
    "text around an element": (sheet_of("<row><c><v>1<x/>2</v></c></row>"), "damaged"),
    "many attributes": (sheet_of("<x " + " ".join(f"a{n}=''" for n in range(120_000)) + "/>"), "overloaded"),
    "cell in a cell": (sheet_of("<row><c><c/></c></row>"), "damaged"),
    "cell twice": (sheet_of('<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), "duplicate_cell"),
    "cell twice, once unnamed": (sheet_of('<row r="1"><c/></row><row r="2"><c r="A1"/></row>'), "duplicate_cell"),
    "far row": (sheet_of('<row r="1048577"/>'), "address"),
    "row zero": (sheet_of('<row r="0"/>'), "address"),
    "row that is none": (sheet_of('<row r="x"/>'), "address"),
    "far cell": (sheet_of('<row r="1"><c r="A1048577"/></row>'), "address"),
    "huge column": (sheet_of('<row r="1"><c r="AAAAAAAAAAAA1"/></row>'), "address"),
    "column after the last": (sheet_of('<row r="1"><c r="XFD1"/><c/></row>'), "address"),
    "cell without a row": (sheet_of("<c/>"), "address"),
    "string that is not there": (sheet_of('<row><c t="s"><v>0</v></c></row>'), "damaged"),
    "negative string": (sheet_of('<row><c t="s"><v>-1</v></c></row>'), "damaged"),
    "style that is none": (sheet_of('<row><c s="x"/></row>'), "damaged"),
    "merge outside": ({SHEET: '<worksheet><mergeCell ref="A1:XFE1"/></worksheet>'}, "address"),
    "merges": ({SHEET: "<worksheet>" + "<mergeCell ref='A1:B2'/>" * 10_001 + "</worksheet>"}, "too_many_merges"),
    "names": (book_of(_ONE, "<definedName/>" * 10_001), "too_many_names"),
    "sheets": (
        book_of("".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(65))),
        "too_many_sheets",
    ),
    "no sheets": (book_of(""), "no_sheet"),
    "two sheets of one name": (book_of(_ONE + _ONE), "damaged"),
    "sheet without a name": (book_of('<sheet sheetId="1" r:id="rId1"/>'), "damaged"),
    "sheet without a part": (book_of('<sheet name="表" sheetId="1" r:id="rId7"/>'), "damaged"),
    "no workbook": ({"xl/workbook.xml": "<x/>"}, "damaged"),
    "sheet outside the package": (
        {"xl/_rels/workbook.xml.rels": relations(("rId1", f"{OFFICE}/worksheet", "../../sheet.xml"))},
        "unsafe_name",
    ),
    "sheet on the web": (
        {
            "xl/_rels/workbook.xml.rels": relations(
                ("rId1", f"{OFFICE}/worksheet", 'http://x" TargetMode="External')
            )
        },
        "damaged",
    ),
    "sheet that is not there": (
        {"xl/_rels/workbook.xml.rels": relations(("rId1", f"{OFFICE}/worksheet", "worksheets/9.xml"))},
        "damaged",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("more", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_workbook_is_refused(more: Parts, reason: str) -> None:
    """Each trick is refused for its own reason, with a text in both languages."""
    # Stored, or the ratio would give it away before it is parsed.
    assert refuse(zip_parts(parts() | more, zipfile.ZIP_STORED)) == reason


def refuse(data: bytes, limits: Limits | None = None) -> str:
    """Return why a workbook is refused."""
    with pytest.raises(RefusedError) as refusal:
        read(data, limits or Limits())
    for language in LANGUAGES:
        assert text(f"refused.{refusal.value.reason}", language, **refusal.value.details)
    return refusal.value.reason


def test_limits_hold_for_all_sheets_together() -> None:
    """Many sheets under a limit each still meet it together."""
    listed = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(4))
    body = {SHEET: '<worksheet><sheetData><row><c/><c/></row></sheetData><mergeCell ref="A1"/></worksheet>'}
    data = zip_parts(parts() | body | book_of(listed))
    assert len(read(data).sheets) == 4
    assert refuse(data, Limits(cells=7)) == "too_many_cells"
    assert refuse(data, Limits(merges=3)) == "too_many_merges"
    assert refuse(data, Limits(elements=30)) == "overloaded"


def test_array_formulas_over_everything_are_refused() -> None:
    """A thousand arrays over a whole sheet of cells would take the square of the time."""
    arrays = "".join(f'<c><f t="array" ref="A1:XFD1048576"/><v>{n}</v></c>' for n in range(1_000))
    data = zip_parts(parts() | sheet_of(f"<row>{arrays}</row>"))
    assert refuse(data) == "too_many_cells"


HARD_TO_MATCH = {
    "format": {"xl/styles.xml": styles('<xf numFmtId="200"/>', {200: "[" * 1_000_000})},
    "elapsed time": {"xl/styles.xml": styles('<xf numFmtId="200"/>', {200: "[h" * 500_000})},
    "name": book_of(_ONE, f"<definedNames><definedName name='n'>{chr(39) * 999_999}</definedName></definedNames>"),
    "escapes": sheet_of(f'<row><c t="str"><v>{"_x000" * 200_000}</v></c></row>'),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("more", HARD_TO_MATCH.values(), ids=HARD_TO_MATCH.keys())
def test_hard_to_match_texts_are_read(more: Parts) -> None:
    """A text made to be tried in every possible way is read once; with the square of the time it takes hours."""
    assert len(read(zip_parts(parts() | more, zipfile.ZIP_STORED)).sheets) == 1


@pytest.fixture(scope="module")
def small() -> bytes:
    """Return a workbook with everything the reader looks at."""
    sheet = (
        '<sheetData><row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
        '<row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t>甲</t></is></c></row></sheetData>'
        '<sheetProtection sheet="1"/><mergeCells><mergeCell ref="A3:B4"/></mergeCells>'
    )
    names = '<definedNames><definedName name="n" localSheetId="0">填报表!$A$1</definedName></definedNames>'
    more = {
        **properties(office=OFFICE, separator="-"),
        **book_of('<sheet name="填报表" sheetId="1" r:id="rId1"/>', names),
        "xl/sharedStrings.xml": strings("<t>甲</t>"),
        "xl/styles.xml": styles('<xf/><xf numFmtId="200"/>', {200: "0%"}),
    }
    return zip_parts(parts(sheet) | more)


def test_mutants_of_the_file(small: bytes) -> None:
    """Whatever happens to the bytes of a file, it is read or refused."""
    for draw in mutations():
        data = bytearray(small)
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(len(data))
            data[place : place + draw.randint(0, 3)] = draw.randbytes(draw.randint(0, 3))
        assert outcome(bytes(data[: draw.choice([len(data), draw.randrange(len(data))])]))


def test_mutants_of_the_parts(small: bytes) -> None:
    """Whatever happens to the XML inside, with all checksums right, it is read or refused."""
    contents = unzip(small)
    for draw in mutations():
        name = draw.choice(sorted(contents))
        part = bytearray(contents[name])
        for _ in range(draw.randint(1, 3)):
            place, source = draw.randrange(len(part)), draw.randrange(len(part))
            piece = draw.choice([part[source : source + 9], draw.randbytes(1), b"\xff", b"9" * 12, b"/>", b""])
            part[place : place + draw.randint(0, 4)] = piece
        assert outcome(zip_parts(contents | {name: bytes(part)}))


def mutations() -> Iterator[random.Random]:
    """Yield what draws each mutant."""
    yield from map(random.Random, range(seed(), seed() + draws(150, full=400)))


def outcome(data: bytes) -> Book | str:
    """Return what was read, or the text of the refusal; anything else is raised."""
    try:
        return read(data)
    except RefusedError as error:
        return text(f"refused.{error.reason}", "zh", **error.details)
