"""OpenDocument spreadsheets, packed and flat: every kind of cell read, hostile ones read right or refused."""

import random
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from gwxl.containers.limits import Limits
from gwxl.errors import RefusedError
from gwxl.form.identity import issue_identity
from gwxl.form.layout import Col
from gwxl.records.cell import CellRef
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.spreadsheets.admission.door import Kind, admit_bytes
from gwxl.spreadsheets.book import Book, Cell, CellKind, DefinedName
from gwxl.spreadsheets.looks import Look
from gwxl.spreadsheets.opening import read_book
from gwxl.wording import LANGUAGES, text
from tests.support.clients.libreoffice import LibreOffice
from tests.support.draws import draws, seed
from tests.support.formats import answers_seen, fill, see
from tests.support.ods import SPACES, TYPE, parts, row, say_cell, table, type_cell
from tests.support.workbooks import Parts, number, read, words, zip_parts
from tests.support.written import write_template


def cells_of(*rows: str, **more: str) -> Mapping[tuple[int, int], Cell]:
    """Return the cells of a table of rows."""
    return read(zip_parts(parts(table("".join(rows)), **more))).sheets[0].cells


def test_values() -> None:
    """Every type gives the stored value, not what is shown."""
    found = cells_of(
        row(type_cell("float", 'office:value="10.199999999999999"', "<text:p>10.20</text:p>")),
        row(type_cell("percentage", 'office:value="0.055"', "<text:p>5.5%</text:p>")),
        row(type_cell("currency", 'office:value="1E+3"')),
        row(type_cell("date", 'office:date-value="2026-01-15"', "<text:p>2026年1月15日</text:p>")),
        row(type_cell("date", 'office:date-value="2026-01-15T12:00:00"')),
        row(type_cell("time", 'office:time-value="PT30H30M00S"')),
        row(type_cell("boolean", 'office:boolean-value="true"')),
        row(type_cell("string", 'office:string-value="整"', "<text:p>其他</text:p>")),
        row(type_cell("string", 'table:style-name="plain"')),
        row("<table:table-cell><text:p>没有类型</text:p></table:table-cell>"),
        row(type_cell("float", 'office:value="x"', "<text:p>shown</text:p>")),
        row(type_cell("date", 'office:date-value="no"', "<text:p>某日</text:p>")),
    )
    assert [found[at, 1] for at in range(1, 13)] == [
        number("10.199999999999999"),
        Cell(CellKind.NUMBER, "0.055", percent=True),
        number("1E+3"),
        Cell(CellKind.NUMBER, "46037", date=True),
        Cell(CellKind.NUMBER, "46037.5", date=True),
        Cell(CellKind.NUMBER, "1.2708333333333333", date=True),
        Cell(CellKind.BOOLEAN, "TRUE"),
        words("整"),
        Cell(CellKind.BLANK),
        words("没有类型"),
        words("x"),
        Cell(CellKind.TEXT, "某日", date=True),
    ]


def test_formulas_and_errors() -> None:
    """A formula comes without the name of its language; an error is one however a program stores it."""
    error = 'calcext:value-type="error"'
    found = cells_of(
        row(type_cell("float", 'table:formula="of:=SUM([.A1])" office:value="2"')),
        row('<table:table-cell table:formula="of:=NOW()"/>'),
        row('<table:table-cell table:formula="of:=IF(1;2)"><text:p/></table:table-cell>'),
        row(type_cell("string", f'table:formula="of:=1/0" {error}', "<text:p>#DIV/0!</text:p>")),
        row(type_cell("float", 'table:formula="oooc:=X" office:value="0"', "<text:p>Err:502</text:p>")),
        row(say_cell("#N/A")),
        row(type_cell("string", 'table:formula="=A1=&quot;&quot;"')),
        row(type_cell("float", 'table:formula="of:={1}" table:number-matrix-rows-spanned="2" office:value="1"')),
        row(type_cell("float", 'office:value="3"')),
    )
    assert list(found.values()) == [
        Cell(CellKind.NUMBER, "2", "SUM([.A1])"),
        Cell(CellKind.BLANK, "", "NOW()"),
        Cell(CellKind.TEXT, "", "IF(1;2)"),
        Cell(CellKind.ERROR, "#DIV/0!", "1/0"),
        Cell(CellKind.ERROR, "Err:502", "X"),
        words("#N/A"),
        Cell(CellKind.TEXT, "", 'A1=""'),
        Cell(CellKind.NUMBER, "1", "{1}"),
        Cell(CellKind.NUMBER, "3", ""),
    ]
    assert found[2, 1].uncalculated


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("  a \n b  ", "a b"),
        ('a<text:s text:c="3"/>b', "a   b"),
        ("a<text:s/> b", "a  b"),
        ("a<text:tab/>b<text:line-break/>c", "a\tb\nc"),
        ('x<text:span>填<text:a href="http://x">报</text:a> </text:span> 表', "x填报 表"),
        ("<text:date>2026年</text:date>度", "2026年度"),
        ("a</text:p><text:p>b</text:p><text:p>", "a\nb\n"),
        ("<office:annotation><text:p>批注</text:p></office:annotation>a", "a"),
        ("a<text:ruby><text:ruby-base>填</text:ruby-base><text:ruby-text>tián</text:ruby-text></text:ruby>", "a填"),
        ("<draw:frame><table:table><table:table-row/></table:table><text:p>x</text:p></draw:frame>b", "b"),
    ],
)
def test_texts(inside: str, expected: str) -> None:
    """Runs, counted blanks, breaks and paragraphs make one text; notes and pictures none."""
    assert cells_of(row(say_cell(inside)))[1, 1] == words(expected)


def test_repetitions() -> None:
    """Filled cells are repeated, blank ones only where few and of a style; what follows stands where it should."""
    found = cells_of(
        row('<table:table-cell table:number-columns-repeated="2000"/>', say_cell("far")),
        row(
            type_cell("float", 'office:value="1" table:number-columns-repeated="2"'),
            '<table:covered-table-cell table:style-name="plain" table:number-columns-repeated="2"/>',
            say_cell("b"),
            '<table:table-cell table:number-columns-repeated="2"/>',
            more='table:number-rows-repeated="2"',
        ),
        row('<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="1048573"'),
    )
    assert {at: cell.text for at, cell in found.items()} == {
        (1, 2001): "far",
        **{(at, column): "1" for at in (2, 3) for column in (1, 2)},
        **{(at, column): "" for at in (2, 3) for column in (3, 4)},
        (2, 5): "b",
        (3, 5): "b",
    }


STYLES = """
<number:date-style style:name="N1"/><number:percentage-style style:name="N2"/>
<style:style style:name="open" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="N1">
<style:table-cell-properties style:cell-protect="none"/></style:style>
<style:style style:name="child" style:family="table-cell" style:parent-style-name="open" style:data-style-name="N2"/>
<style:style style:name="shut" style:family="table-cell" style:parent-style-name="open">
<style:table-cell-properties style:cell-protect="protected"/></style:style>
<style:style style:name="loop" style:family="table-cell" style:parent-style-name="loop"/>
<style:style style:name="ta" style:family="table"><style:table-properties table:display="false"/></style:style>
"""


def test_styles() -> None:
    """Locks and kinds of numbers are inherited; a cell without a style takes its row's or its column's."""
    rows = [
        '<table:table-column table:number-columns-repeated="3"/>',
        '<table:table-column table:default-cell-style-name="open"/>',
        row(
            *(type_cell("float", f'office:value="1" table:style-name="{name}"') for name in ("open", "child", "shut")),
            type_cell("float", 'office:value="1"'),
            type_cell("float", 'office:value="1"'),
            type_cell("float", 'office:value="1" table:style-name="loop"'),
        ),
        row(type_cell("float", 'office:value="1"'), more='table:default-cell-style-name="child"'),
    ]
    open_cells = '<style:table-cell-properties style:cell-protect="none"/>'
    default = f'<style:default-style style:family="table-cell">{open_cells}</style:default-style>'
    found = cells_of(*rows, styles=STYLES)
    assert {at: (cell.date, cell.percent, cell.locked) for at, cell in found.items()} == {
        (1, 1): (True, False, False),
        (1, 2): (False, True, False),
        (1, 3): (True, False, True),
        (1, 4): (True, False, False),
        (1, 5): (False, False, True),
        (1, 6): (False, False, True),
        (2, 1): (False, True, False),
    }
    assert not cells_of(*rows, styles=STYLES + default)[1, 5].locked


def test_a_picture_in_a_cell() -> None:
    """A picture that hangs in a blank cell is told; over a text, in a comment or on the table it says nothing."""
    picture = '<draw:frame draw:name="a"><draw:image><text:p>x</text:p></draw:image></draw:frame>'
    found = cells_of(
        row(f"<table:table-cell>{picture}</table:table-cell>", "<table:table-cell/>"),
        row(type_cell("string", inside=f"<text:p>章</text:p>{picture}")),
        row(
            "<table:table-cell><draw:frame><draw:text-box><text:p>y</text:p></draw:text-box></draw:frame></table:table-cell>"
        ),
    )
    assert {at: cell for at, cell in found.items() if cell.look is not None} == {
        (1, 1): Cell(CellKind.BLANK, look=Look(picture=True))
    }
    assert found[2, 1] == words("章")


def test_runs_inside_runs() -> None:
    """A run has the line of the one around it and of its paragraph, until a style of its own says otherwise."""
    lines = {"on": "single", "off": "none"}
    styles = "".join(
        f'<style:style style:name="{name}" style:family="{family}">'
        f'<style:text-properties style:text-line-through-type="{line}"/></style:style>'
        for name, line in lines.items()
        for family in ("text", "paragraph")
    )
    inner = '<text:span text:style-name="off">新</text:span>'
    found = cells_of(
        row(
            say_cell(
                f'<text:span text:style-name="on">旧<text:span text:style-name="x">旧</text:span>{inner}</text:span>尾'
            )
        ),
        row(type_cell("string", inside=f'<text:p text:style-name="on">旧<text:s/>{inner}</text:p><text:p>二</text:p>')),
        styles=styles,
    )
    looks = [found[at, 1].look for at in (1, 2)]
    assert [look and look.unmarked for look in looks] == ["新尾", "新\n二"]
    assert [found[at, 1].text for at in (1, 2)] == ["旧旧新尾", "旧 新\n二"]


def test_number_styles_of_any_writer() -> None:
    """Places between digits, elements of a program's own and a style that says almost nothing are followed."""
    styles = """
<number:number-style style:name="N1"><number:number number:decimal-places="0" number:min-integer-digits="0">
<number:embedded-text number:position="4">万</number:embedded-text></number:number></number:number-style>
<number:number-style style:name="N2"><number:text>共 <x:y xmlns:x="urn"/>约</number:text><number:number/>
</number:number-style>
<number:number-style style:name="N3"><number:number number:min-integer-digits="1"/></number:number-style>
<number:currency-style style:name="N4"><number:currency-symbol>￥</number:currency-symbol>
<number:number number:decimal-places="2" number:min-integer-digits="1"/></number:currency-style>
<number:number-style style:name="N5"><number:scientific-number number:min-integer-digits="1"/>
<number:text>万</number:text></number:number-style>
"""
    names = "".join(
        f'<style:style style:name="c{n}" style:family="table-cell" style:data-style-name="N{n}"/>' for n in range(1, 6)
    )
    cells = (type_cell("float", f'office:value="20017" table:style-name="c{n}"') for n in range(1, 6))
    found = cells_of(row(*cells), styles=styles + names)
    formats = [look.format if (look := found[1, column].look) else None for column in range(1, 6)]
    assert [one and one.show(Decimal(20017)) for one in formats] == ["2万0017", "共 约20017", None, None, None]
    assert [one is not None for one in formats] == [True, True, False, False, True]


def test_sheets() -> None:
    """State, protection, merges, hidden rows, validations, names, properties and dates of 1904 are read."""
    rows = (
        row('<table:table-cell table:number-columns-spanned="3" table:number-rows-spanned="2"/>'),
        row(
            type_cell("float", 'office:value="1" table:content-validation-name="v"'), more='table:visibility="collapse"'
        ),
        "<table:table-row-group>",
        row(type_cell("date", 'office:date-value="1904-01-03"'), more='table:visibility="filter"'),
        "</table:table-row-group>",
        row("<table:table-cell/>", more='table:visibility="collapse" table:number-rows-repeated="1048573"'),
        "<table:named-expressions>",
        '<table:named-range table:name="own" table:cell-range-address="$b.$A$1"/>',
        "</table:named-expressions>",
    )
    names = {
        "one": "$填报表.$D$8",
        "quoted": "$'b ''x.y'''.D8:.D8",
        "area": "$填报表.$A$1:.$B$2",
        "outside": "'file:///tmp/x.ods'#$填报表.$A$1",
        "lost": "$#REF!.$A$1",
    }
    listed = "".join(
        f'<table:named-range table:name="{name}" table:cell-range-address="{says}"/>' for name, says in names.items()
    )
    book = read(
        zip_parts(
            parts(
                table("".join(rows), more='table:protected="true"')
                + table("", "b 'x.y'", 'table:style-name="ta"')
                + table("<table:table-source/>" + row(say_cell("kept")), "'file:///x'#a"),
                before='<table:null-date table:date-value="1904-01-01"/>',
                after=f'{listed}<table:named-expression table:name="f" table:expression="1+1"/>',
                styles=STYLES,
                sheet='table:structure-protected="true"',
            )
            | {
                "meta.xml": f"<office:document-meta {SPACES}><office:meta><meta:generator>WPS</meta:generator>"
                "<dc:date>2026-01-05T08:00:00</dc:date>"
                '<meta:user-defined meta:name="gwxl_form">0110</meta:user-defined>'
                '<meta:user-defined meta:name="twice">1</meta:user-defined>'
                '<meta:user-defined meta:name="twice">2</meta:user-defined>'
                "</office:meta></office:document-meta>",
                "Basic/Standard/Module1.xml": "<x/>",
            }
        )
    )
    first, second = book.sheets
    assert (first.protected, first.merges, first.hidden_rows, first.validations) == (True, ((1, 1, 2, 3),), {2, 3}, 1)
    assert first.cells[3, 1] == Cell(CellKind.NUMBER, "2", date=True)
    assert (second.title, second.state, second.protected) == ("b 'x.y'", "hidden", False)
    assert book.names == (
        DefinedName(name="own", reference="$b.$A$1", scope="填报表"),
        DefinedName(name="one", reference=names["one"], cell=CellRef("填报表", 8, 4)),
        DefinedName(name="quoted", reference=names["quoted"], cell=CellRef("b 'x.y'", 8, 4)),
        *(DefinedName(name=name, reference=names[name]) for name in ("area", "outside", "lost")),
        DefinedName(name="f", reference="1+1"),
    )
    assert (book.properties, book.contradictory) == ({"gwxl_form": "0110", "twice": "1"}, {"twice"})
    assert (book.program, book.modified) == ("WPS", "2026-01-05T08:00:00")
    assert (book.kind, book.date1904, book.structure_protected, book.macros, book.external_links) == (
        "ods",
        True,
        True,
        True,
        True,
    )


_LOCKED = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
MANIFEST = f"<manifest:manifest {SPACES}>{_LOCKED}</manifest:manifest>"
MATRIX = '<table:table-cell table:number-matrix-rows-spanned="9"/>'
WIDE = '<table:table-cell table:number-columns-repeated="16384"/>'
MILLION = 'table:number-rows-repeated="1048576"'
FILLED = say_cell("x")
HOSTILE: Mapping[str, tuple[Parts, str]] = {
    "no content": ({"mimetype": TYPE}, "damaged"),
    "content that is none": ({"mimetype": TYPE, "content.xml": "<x/>"}, "damaged"),
    "lying mimetype": ({"mimetype": TYPE, "content.xml": f"<office:text {SPACES}/>"}, "damaged"),
    "no tables": (parts(), "no_sheet"),
    "encrypted": (parts() | {"META-INF/manifest.xml": MANIFEST, "content.xml": b"\x93\x01"}, "encrypted"),
    "doctype": ({"mimetype": TYPE, "content.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, "doctype"),
    "external entity in the styles": (
        parts(table("")) | {"styles.xml": '<!DOCTYPE x SYSTEM "/etc/passwd"><x/>'},
        "doctype",
    ),
    "entities in the manifest": (parts(table("")) | {"META-INF/manifest.xml": "<!DOCTYPE x><x/>"}, "doctype"),
    "columns": (
        parts(
            table(
                row(type_cell("string", 'table:number-columns-repeated="16385"', "<text:p>x</text:p>"), say_cell("y"))
            )
        ),
        "address",
    ),
    "columns and rows": (
        parts(table(row(type_cell("float", 'office:value="1" table:number-columns-repeated="1048576"'), more=MILLION))),
        "too_many_cells",
    ),
    "rows": (parts(table(row(FILLED, more='table:number-rows-repeated="600000"'))), "too_many_cells"),
    "beyond the last row": (parts(table(row("", more=MILLION) + row(FILLED))), "address"),
    "beyond the last column": (parts(table(row(WIDE, FILLED))), "address"),
    "many filled cells": (
        parts(table(row(type_cell("float", 'office:value="1" table:number-columns-repeated="1000"')) * 501)),
        "too_many_cells",
    ),
    "deep": (parts(table(row(say_cell("<text:span>" * 60 + "</text:span>" * 60)))), "overloaded"),
    "deep tables": (parts("<table:table>" * 64 + "</table:table>" * 64), "overloaded"),
    "blanks": (parts(table(row(say_cell('<text:s text:c="999999999"/>' * 2)))), "overloaded"),
    "cell in a cell": (parts(table(row("<table:table-cell><table:table-cell/></table:table-cell>"))), "damaged"),
    "cell without a row": (parts(table("<table:table-cell/>")), "damaged"),
    "tables": (parts("".join(table("", f"t{at}") for at in range(65))), "too_many_sheets"),
    "two tables of one name": (parts(table("") * 2), "damaged"),
    "table without a name": (parts(table("", "")), "damaged"),
    "names": (parts(table("") + "<table:named-range/>" * 10_001), "too_many_names"),
    "merges": (parts(table(row('<table:table-cell table:number-rows-spanned="2"/>' * 10_001))), "too_many_merges"),
    "matrices": (
        parts(table(row(FILLED, more='table:number-rows-repeated="5000"') + row(MATRIX * 200))),
        "too_many_cells",
    ),
    "elements": (parts(table(row("<table:table-cell/>" * 500_000))), "overloaded"),
    "path outside": (parts(table("")) | {"../x": ""}, "unsafe_name"),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("contents", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_spreadsheet_is_refused(contents: Parts, reason: str) -> None:
    """Each trick is refused for its own reason, with a text in both languages."""
    with pytest.raises(RefusedError) as refusal:
        read(zip_parts(contents, zipfile.ZIP_STORED))
    assert refusal.value.reason == reason
    assert all(text(f"refused.{reason}", language, **refusal.value.details) for language in LANGUAGES)


@pytest.mark.timeout(20)
def test_hidden_rows_to_the_end_cost_nothing() -> None:
    """Ten thousand runs of hidden rows below the last cell are not counted out."""
    hidden = row("", more='table:visibility="collapse" table:number-rows-repeated="1048576"') * 10_000
    assert read(zip_parts(parts(table(row(FILLED) + hidden)))).sheets[0].hidden_rows == frozenset()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the filled template."""
    path = tmp_path_factory.mktemp("ods") / "return.xlsx"
    rules = load("website_annual_report")
    write_template(rules, path, identity=issue_identity(rules.form, period=Period(2026)), answers=fill())
    return path


@pytest.fixture(scope="module")
def saved(soffice: LibreOffice, template: Path) -> Mapping[str, Path]:
    """Return the filled template as LibreOffice saves it, by suffix."""
    with soffice.open(template) as document:
        return {kind: document.save(template.with_name(f"saved.{kind}")) for kind in ("xlsx", "ods", "fods")}


@pytest.mark.parametrize("kind", ["ods", "fods"])
def test_libreoffice_saves_what_the_xlsx_holds(template: Path, saved: Mapping[str, Path], kind: str) -> None:
    """Values, names, identity, locks, protection and findings are those of the xlsx; formulas in their own spelling."""
    assert admit_bytes(saved[kind].read_bytes()).kind is Kind(kind)
    assert see(saved[kind]) == see(saved["xlsx"])
    assert answers_seen(saved[kind]) == answers_seen(template)
    spelled, other = (read(saved[one].read_bytes()).sheets[0].cells[7, Col.CHECK].formula for one in (kind, "xlsx"))
    assert spelled is not None
    bare = re.sub(r"\[([^]]*)\]", lambda found: found[1].replace(":.", ":").removeprefix("."), spelled)
    assert re.sub(r"\$(gwxl_live)\.", r"\1!", bare).replace(";", ",") == other


def test_name_does_not_decide(saved: Mapping[str, Path], tmp_path: Path) -> None:
    """A flat file called .ods and a packed one called .fods are read as what they are."""
    for kind, name in (("fods", "a.ods"), ("ods", "b.fods")):
        target = tmp_path / name
        target.write_bytes(saved[kind].read_bytes())
        assert see(target) == see(saved[kind])


def outcome(data: bytes) -> str:
    """Return ``read`` or why bytes are refused; anything else is an error of the test."""
    try:
        book = read_book(admit_bytes(data))
    except RefusedError as error:
        return error.reason
    assert isinstance(book, Book)
    return "read"


@pytest.mark.timeout(300)
def test_mutants(saved: Mapping[str, Path]) -> None:
    """Mutants of the flat file, pieces of it moved, doubled or lost: read or refused, nothing else."""
    random_, count = random.Random(seed()), draws(50, full=200)
    data = saved["fods"].read_bytes()
    start = data.index(b"<office:spreadsheet")
    found: dict[str, int] = {}
    for _ in range(count):
        at, there = random_.randrange(start, len(data)), random_.randrange(start, len(data))
        piece = data[there : there + random_.choice((1, 8, 300))]
        mutant = data[:at] + piece + data[at + random_.choice((0, len(piece))) :]
        reason = outcome(mutant)
        found[reason] = found.get(reason, 0) + 1
    assert found.keys() >= {"read", "damaged"}
    assert sum(found.values()) == count


@pytest.mark.timeout(60)
def test_cut_off_anywhere(saved: Mapping[str, Path]) -> None:
    """A file cut off at any kilobyte, or a flat one at any thirty, is refused."""
    packed, flat = saved["ods"].read_bytes(), saved["fods"].read_bytes()
    assert {outcome(packed[:end]) for end in range(1024, len(packed) - 1, 1024)} == {"truncated"}
    assert {outcome(flat[:end]) for end in range(4096, len(flat) - 1, 30 * 1024)} == {"damaged"}


def test_limits_are_settings() -> None:
    """A limit given is held."""
    with pytest.raises(RefusedError, match="too_many_cells"):
        read(zip_parts(parts(table(row(FILLED, FILLED)))), Limits(cells=1))
