"""What was met before is not read or looked for again: what comes of it is what the strict way gives, of any file."""

import re
from collections.abc import Callable
from contextlib import suppress
from random import Random
from xml.sax.saxutils import escape

import pytest

from gwxl.containers.limits import DEFAULT_LIMITS
from gwxl.containers.xml import Markup
from gwxl.errors import RefusedError
from gwxl.form.identity import issue_identity, marker_line
from gwxl.form.layout import HEADS, lay_out
from gwxl.intake.locating.remembered import Remembered
from gwxl.records.period import Period
from gwxl.records.submission import Source
from gwxl.rules.available_forms import load
from gwxl.spreadsheets.admission.door import admit, admit_bytes
from gwxl.spreadsheets.book import Cell, CellKind, Sheet
from gwxl.spreadsheets.looks import Look, Mark
from gwxl.spreadsheets.xlsx import workbook
from gwxl.spreadsheets.xlsx.known import know_styles, recall_worksheet
from gwxl.spreadsheets.xlsx.strings import Strings
from gwxl.spreadsheets.xlsx.worksheet import Shared
from gwxl.terms import Terms
from tests.support.both_ways import check_twice, read_twice
from tests.support.clients.workshop import CLIENTS, SEEDS, Workshop
from tests.support.draws import draws, seed
from tests.support.hostile.mutants import mutant
from tests.support.sources import ROOT
from tests.support.workbooks import unzip, zip_parts

INBOX = ROOT / "samples" / "inbox"
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
BASES = ("gwxl", "openpyxl", "LibreOffice, saved again")
CELL = '<c r="B1" s="2" t="s"><v>0</v></c>'

ASCII = b'<sheetData><row r="9"><c r="B9"><v>77</v></c></row></sheetData> '
"""What is Chinese in UTF-16."""

DEEP = "<z>" * 62 + r"\1" + "</z>" * 62

RULES = load("website_annual_report")
TERMS = Terms(RULES)
_LAYOUT = lay_out(RULES.form)
_WORDS = sorted(
    {row.key for row in _LAYOUT.rows}
    | {row.label for row in _LAYOUT.rows}
    | {RULES.form.say(key) for key in HEADS.values()}
    | {"", " ", "7", "√", "已填", "2025", "x" * 400, "'", marker_line(issue_identity(RULES.form, period=Period(2025)))}
)
_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"[^>]*?(?:/>|>.*?</c>)')

Change = Callable[[str], str | bytes]


def hide_in_utf16(part: str) -> bytes:
    """Return a worksheet in UTF-16, of numbers alone, with text whose bytes are rows."""
    words = ASCII.decode("utf-16-le")
    part = part.replace("UTF-8", "UTF-16").replace(' t="s"', "")
    return ("\ufeff" + part.replace("</worksheet>", f"<x>{words}</x></worksheet>")).encode("utf-16-le")


def swap(old: str, new: str) -> Change:
    """Return what puts a text in the place of the first other."""

    def change(part: str) -> str:
        assert old in part, old
        return part.replace(old, new, 1)

    return change


TRICKS: dict[str, tuple[str, Change]] = {
    "no address": (SHEET, swap('<c r="B1" ', "<c ")),
    "single quotes": (SHEET, swap('<c r="B1" ', "<c r='B1' ")),
    "type first": (SHEET, swap(CELL, '<c t="s" r="B1" s="2"><v>0</v></c>')),
    "type before style": (SHEET, swap(CELL, '<c r="B1" t="s" s="2"><v>0</v></c>')),
    "a prefix": (SHEET, lambda part: re.sub("<(/?)([A-Za-z])", r"<\1x:\2", part).replace("xmlns=", "xmlns:x=")),
    "a cell of a prefix": (SHEET, swap(CELL, '<x:c r="B1" s="2" t="s"><x:v>0</x:v></x:c>')),
    "a comment in a cell": (SHEET, swap("<v>0</v>", "<v><!-- 1 -->0</v>")),
    "a comment over a cell": (SHEET, swap(CELL, f"<!--{CELL}-->")),
    "an instruction": (SHEET, swap("<v>0</v>", "<v><?x y?>0</v>")),
    "CDATA": (SHEET, swap("<v>0</v>", "<v><![CDATA[0]]></v>")),
    "an entity": (SHEET, swap("<v>0</v>", "<v>&#48;</v>")),
    "an entity in an attribute": (SHEET, swap('t="s"><v>0', 't="&#115;"><v>0')),
    "a hidden array": (SHEET, swap("<v>0</v>", '<f t="&#97;rray" ref="B1:D9">1</f><v>0</v>')),
    "an array": (SHEET, swap('<c r="C1" s="2"/>', '<c r="C1" s="2"><f t="array" ref="B1:K30">1</f><v>0</v></c>')),
    "lines in a tag": (SHEET, swap('<c r="B1" s="2" ', '<c r="B1"\n s="2"\n ')),
    "a line behind the name": (SHEET, swap("<c r=", "<c\nr=")),
    "twice the same": (SHEET, swap(CELL, CELL + CELL)),
    "one address twice": (SHEET, swap(CELL, CELL + '<c r="B1" s="2"/>')),
    "a row twice": (SHEET, swap('<row r="2"', '<row r="1"><c r="Z1"><v>1</v></c></row><row r="2"')),
    "a row without a number": (SHEET, swap('<row r="2"', "<row")),
    "a row that is no row": (SHEET, swap('<row r="2"', '<row r="0"')),
    "a row that shows and hides": (SHEET, swap('<row r="1"', '<row r="1" hidden="1"/><row r="1"')),
    "a cell beyond the last": (SHEET, swap('r="B1"', 'r="XFE1"')),
    "a cell in a cell": (SHEET, swap(CELL, '<c r="B1"><c r="Z9"><v>1</v></c></c>')),
    "an open cell": (SHEET, swap(CELL, '<c r="B1"><v>1</v>')),
    "an end too many": (SHEET, swap(CELL, f"{CELL}</c>")),
    "crossing": (SHEET, swap(CELL, '<c r="B1"><v>1</c></v>')),
    "open behind a cell": (SHEET, swap(CELL, f"{CELL}<y>")),
    "text behind a row tag": (SHEET, lambda part: re.sub('(<row r="9"[^>]*>)', r"\1x>", part, count=1)),
    "text in a row": (SHEET, swap("<sheetData>", '<sheetData><row r="900">x/></row>')),
    "a hidden row in a cell": (SHEET, swap(CELL, '<c r="B1"><row\nr="5" hidden="1"/><v>1</v></c>')),
    "a hidden row of a prefix": (SHEET, swap(CELL, '<c r="B1"><x:row r="5" hidden="1"/><v>1</v></c>')),
    "rows beyond the last in a cell": (SHEET, swap(CELL, '<c r="B1"><row\nr="1048576"/><row\n/><v>1</v></c>')),
    "rows in a comment before all": (SHEET, lambda _: f"<!--{ASCII.decode()}--><worksheet/>"),
    "rows in an instruction before all": (SHEET, lambda _: f"<?x {ASCII.decode()}?><worksheet/>"),
    "rows in an instruction like a declaration": (SHEET, lambda _: f"<?xml-x {ASCII.decode()}?><worksheet/>"),
    "rows in UTF-16": (SHEET, hide_in_utf16),
    "two values": (SHEET, swap("<v>0</v>", "<v>0</v><v>1</v>")),
    "text beside a value": (SHEET, swap("<v>0</v>", "x<v>0</v>")),
    "text between cells": (SHEET, swap(CELL, f"x{CELL}")),
    "blanks between cells": (SHEET, swap(CELL, f" \n{CELL}")),
    "a text beyond the last": (SHEET, swap("<v>0</v>", "<v>999999</v>")),
    "a style beyond the last": (SHEET, swap('r="B1" s="2"', 'r="B1" s="9999"')),
    "a style in words": (SHEET, swap('r="B1" s="2"', 'r="B1" s="x"')),
    "an attribute twice": (SHEET, swap('r="B1" s="2"', 'r="B1" s="2" s="3"')),
    "a merge in a row": (SHEET, swap(CELL, f'{CELL}<mergeCell ref="B1:C2"/>')),
    "a merge in a cell": (SHEET, swap("<v>0</v>", '<v>0</v><mergeCell ref="B1:C2"/>')),
    "a protection in a row": (SHEET, swap('<row r="2"', '<sheetProtection sheet="1"/><row r="2"')),
    "a validation in a cell": (SHEET, swap("<v>0</v>", "<v>0</v><dataValidation/>")),
    "rows twice": (SHEET, swap("</sheetData>", '</sheetData><sheetData><row r="900"/></sheetData>')),
    "rows in a comment": (SHEET, swap("<sheetData>", "<!--<sheetData>-->")),
    "blanks that count": (SHEET, swap("<sheetData>", '<sheetData xml:space="preserve">')),
    "a document type": (SHEET, swap("<worksheet", "<!DOCTYPE x><worksheet")),
    "another encoding": (SHEET, swap('encoding="UTF-8"', 'encoding="GBK"')),
    "no character": (SHEET, swap("<v>0</v>", "<v>\ufffe</v>")),
    "deep": (SHEET, swap("<sheetData>", "<z>" * 61 + "<sheetData>")),
    "deep and closed": (SHEET, lambda part: re.sub("(<sheetData>.*</sheetData>)", DEEP, part)),
    "a rich text": (STRINGS, swap("<si><t>", "<si><r><rPr><strike/></rPr><t>9</t></r><r><t>1</t></r></si><si><t>")),
    "a guide": (STRINGS, swap("</t></si>", "</t><rPh><t>x</t></rPh></si>")),
    "a text in a text": (STRINGS, swap("<si><t>", "<si><si><t>")),
    "a text of a prefix": (STRINGS, swap("</t></si>", "</t><x:si><x:t>9</x:t></x:si></si>")),
    "an open text": (STRINGS, swap("</t></si>", "</t><y></si>")),
    "words between texts": (STRINGS, swap("<si>", "x<si>")),
    "a text in CDATA": (STRINGS, swap("<si><t>", "<si><t><![CDATA[<si>]]>")),
    "an attribute of a text": (STRINGS, swap("<si>", '<si x="1">')),
    "texts without an end": (STRINGS, lambda part: part.removesuffix("</sst>")),
    "no texts": (STRINGS, lambda _: '<sst xmlns="x"/>'),
    "everything open": (STYLES, lambda part: part.replace('locked="1"', 'locked="0"')),
    "styles of another order": (STYLES, swap('<xf numFmtId="0" fontId="1"', '<xf numFmtId="9" fontId="1"')),
    "broken styles": (STYLES, lambda part: part.replace("</cellXfs>", "", 1)),
}  # fmt: skip
"""Name → part and what is done to it: ways of writing XML that a cut must not be taken in by."""


@pytest.fixture(scope="module")
def good(workshop: Workshop) -> bytes:
    """Return a return as gwxl writes it."""
    return workshop.files("gwxl", SEEDS[0])[".xlsx"].read_bytes()


def check(data: bytes) -> None:
    """Read and judge a workbook both ways."""
    admitted = admit_bytes(data)
    with suppress(RefusedError):
        read_twice(admitted)
        check_twice(admitted, Source(file="return.xlsx"), TERMS)


def scribble(base: bytes, number: int) -> bytes:
    """Return a return with something written into a few cells of its form sheet, whatever they are."""
    random, contents = Random(number), unzip(base)
    part = contents[SHEET].decode()
    for _ in range(random.randint(1, 4)):
        cell = random.choice(list(_CELL.finditer(part)))
        style = f' s="{random.choice([cell[2], cell[2], random.randint(0, 39)])}"'
        words = escape(random.choice(_WORDS))
        text = f' t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'
        held = random.choice([text, text, f"><v>{random.randint(0, 3000)}</v></c>", "/>"])
        there = random.choice([cell[1], cell[1], f"{random.choice('ABCDEFGHIJKL')}{random.randint(1, 95)}"])
        if there == cell[1] or f'r="{there}"' not in part:
            part = part.replace(cell[0], f'<c r="{there}"{style}{held}', 1)
    return zip_parts(contents | {SHEET: part})


@pytest.mark.parametrize("client", CLIENTS)
def test_what_programs_save(client: str, workshop: Workshop) -> None:
    """Each file that a program saved is read alike, new and met before."""
    for number in SEEDS:
        path = workshop.files(client, number).get(".xlsx")
        if path:
            for _ in range(2):
                check(path.read_bytes())


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick(name: str, good: bytes) -> None:
    """Ways of writing that a cut could be taken in by are read, or refused, as the strict way does."""
    part, change = TRICKS[name]
    contents = unzip(good)
    changed = change(contents[part].decode())
    assert changed not in (contents[part], contents[part].decode())
    check(good)
    for _ in range(2):
        check(zip_parts(contents | {part: changed}))
    check(good)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("client", BASES)
def test_mutants(client: str, workshop: Workshop) -> None:
    """Returns with bytes or tokens changed are read, or refused, as the strict way does."""
    base = workshop.files(client, SEEDS[0])[".xlsx"].read_bytes()
    check(base)
    for number in range(seed(), seed() + draws(15, full=850)):
        check(mutant(base, number).data)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("client", BASES)
def test_scribbled_over(client: str, workshop: Workshop) -> None:
    """Returns in which labels, keys, heads, marks and numbers stand anywhere are judged as the strict way does."""
    base = workshop.files(client, SEEDS[1])[".xlsx"].read_bytes()
    check(base)
    for number in range(seed(), seed() + draws(15, full=850)):
        check(scribble(base, number))


def test_that_pieces_are_met(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what three programs save every sheet, style and text is read by its pieces: the comparison has two sides."""
    told = []
    for name in ("know_styles", "recall_strings", "recall_worksheet"):
        recall = getattr(workbook, name)

        def note(*given: object, recall: Callable[..., object] = recall, **more: object) -> object:
            told.append(recall(*given, **more))
            return told[-1]

        monkeypatch.setattr(workbook, name, note)
    for client in BASES:
        read_twice(admit(workshop.files(client, SEEDS[0])[".xlsx"]))
    assert len(told) > 15
    assert None not in told


def test_what_is_long_is_not_kept() -> None:
    """A sheet of long texts, formulas or runs is looked at again: so hostile files leave no more than usual ones."""
    remembered, much = Remembered(_LAYOUT), "7" * 200_000
    look = Look(runs=((("", Mark.STRUCK),) * 200_000))
    short = Cell(CellKind.TEXT, "7")
    cells = [Cell(CellKind.TEXT, much), Cell(CellKind.NUMBER, "7", much), Cell(CellKind.TEXT, "7", look=look), short]
    sheets = [Sheet(title="", cells={(1, 1): cell}) for cell in cells]
    for sheet in sheets:
        remembered.keep_other(sheet)
    assert [remembered.is_other(sheet) for sheet in sheets] == [False, False, False, True]


@pytest.mark.parametrize(("runs", "kept"), [(1, 1), (30_000, 0)])
def test_a_text_of_many_runs_is_not_kept(runs: int, kept: int, good: bytes) -> None:
    """However short a text is, the runs it is made of are measured too."""
    styles = unzip(good)[STYLES]
    known = know_styles(STYLES, styles, DEFAULT_LIMITS, Markup(DEFAULT_LIMITS), date1904=False)
    assert known is not None
    known.texts.clear()
    strings = Strings(texts=("7",), runs={0: (("7", None), *[("", Mark.STRUCK)] * runs)})
    shared = Shared(
        strings=strings, styles=known.styles, date1904=False, limits=DEFAULT_LIMITS, markup=Markup(DEFAULT_LIMITS)
    )
    part = b'<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
    assert recall_worksheet(SHEET, part, shared, known) is not None
    assert len(known.texts) == kept


def test_samples() -> None:
    """Every sample is read alike."""
    for path in sorted(INBOX.rglob("*.xlsx")):
        check(path.read_bytes())
