"""Binary workbooks: every kind of cell, names and properties read, hostile ones read right or refused."""

import io
import random
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import xlrd

from gwxl.containers.limits import Limits
from gwxl.errors import RefusedError
from gwxl.form.identity import issue_identity
from gwxl.form.layout import LIVE_SHEET
from gwxl.records.cell import CellRef
from gwxl.records.period import Period
from gwxl.rules.available_forms import load
from gwxl.spreadsheets.admission.door import Kind, admit_bytes
from gwxl.spreadsheets.book import Book, Cell, CellKind, DefinedName, Sheet
from gwxl.spreadsheets.looks import Mark
from gwxl.spreadsheets.opening import read_book
from gwxl.spreadsheets.xls.formula import find_known_calls
from gwxl.wording import LANGUAGES, text
from tests.support import binaries as biff
from tests.support.clients.libreoffice import LibreOffice
from tests.support.draws import draws, seed
from tests.support.formats import answers_seen, fill, see
from tests.support.workbooks import OF_RETURNS, number, read, words
from tests.support.written import write_template

ZERO, EMPTY = bytes(8), b"\x03\0\0\0\0\0\xff\xff"
CALL_TRUE, CALL_NOW = b"\x21\x22\x00", b"\x21\x4a\x00"
VOLATILE = b"\x19\x01\x00\x00"


def cells(*records: bytes, shared: bytes = b"") -> Mapping[tuple[int, int], Cell]:
    """Return the cells of a sheet of records."""
    return read(biff.xls(b"".join(records), shared=shared)).sheets[0].cells


def test_runs_that_lie() -> None:
    """Runs that go backwards, begin behind the text or name no font take no part of a text twice."""
    struck = biff.record(0x31, struct.pack("<5H4B", 200, 8, 8, 400, 0, 0, 0, 0, 0) + b"\0\0")
    runs = ((3, 9), (1, 5), (2, 0), (99, 5), (0, 5))
    item = struct.pack("<HBH", 4, 0x08, len(runs)) + b"1500" + b"".join(struct.pack("<HH", *run) for run in runs)
    found = cells(biff.cell(0xFD, 1, 1, struct.pack("<L", 0)), shared=struck * 6 + biff.look() + biff.strings(item))[
        1, 1
    ]
    assert found.text == "1500"
    assert found.look is not None
    assert "".join(text for text, _ in found.look.runs) == "1500"


def test_a_rich_label() -> None:
    """A text that stands in its cell with its runs is read with them; one that ends before them has none."""
    fonts = b"".join(
        biff.record(0x31, struct.pack("<5H4B", 200, flags, 8, 400, 0, 0, 0, 0, 0) + b"\0\0") for flags in (0, 8)
    )
    runs = struct.pack("<3H", 1, 2, 1)
    found = cells(
        biff.cell(0xD6, 1, 1, biff.narrow("1500") + runs),
        biff.cell(0xD6, 2, 1, biff.narrow("1500")),
        shared=fonts + biff.look(),
    )
    look = found[1, 1].look
    assert look is not None
    assert (look.unmarked, look.mark_of_text) == ("15", Mark.STRUCK)
    assert found[2, 1] == words("1500")


def test_a_sheet_saved_without_calculating() -> None:
    """A sheet that says so makes the results of the workbook doubtful."""
    assert read(biff.xls(biff.record(0x5E, b"\0\0"), b"")).to_calculate
    assert not read(biff.xls(b"")).to_calculate


def test_properties_that_stand_twice() -> None:
    """Two numbers of one name contradict each other where their values differ."""
    names = [(2, "gwxl_year", "2026"), (3, "gwxl_year", "2025"), (4, "x", "1"), (5, "x", "1")]
    dictionary = struct.pack("<L", len(names)) + b"".join(
        struct.pack("<LL", number, len(name) + 1) + name.encode() + b"\0" for number, name, _ in names
    )
    values = [(1, struct.pack("<LL", 2, 65001)), (0, dictionary)]
    values += [(number, struct.pack("<LL", 0x1E, len(text) + 1) + text.encode() + b"\0") for number, _, text in names]
    place, listed, body = 8 + 8 * len(values), b"", b""
    for at, data in values:
        listed += struct.pack("<LL", at, place + len(body))
        body += data
    section = struct.pack("<LL", place + len(body), len(values)) + listed + body
    head = bytes(24) + struct.pack("<L", 1) + bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae") + struct.pack("<L", 48)
    book = read(biff.compound_file({"Workbook": biff.stream(b""), "\5DocumentSummaryInformation": head + section}))
    assert (book.properties, book.contradictory) == ({"gwxl_year": "2026", "x": "1"}, {"gwxl_year"})


def test_numbers() -> None:
    """Doubles, packed numbers and rows of packed numbers give the digits of the stored double."""
    many = struct.pack("<HHHLHLHLH", 4, 0, 0, 1 << 2 | 2, 0, 0x3FF80000, 0, -7 << 2 & 0xFFFFFFFF | 2, 2)
    found = cells(
        biff.number(1, 1, 10.199999999999999),
        biff.number(1, 2, 1e300),
        biff.cell(0x27E, 2, 1, struct.pack("<L", 55 << 2 | 3)),
        biff.cell(0x27E, 2, 2, struct.pack("<L", 0x3FF00000)),
        biff.record(0xBD, many),
        biff.number(6, 1, float("nan")),
    )
    assert {place: cell.text for place, cell in found.items() if cell.kind is CellKind.NUMBER} == {
        (1, 1): "10.2",
        (1, 2): "1e+300",
        (2, 1): "0.55",
        (2, 2): "1",
        (5, 1): "1",
        (5, 2): "1.5",
        (5, 3): "-7",
    }
    assert found[6, 1] == Cell(CellKind.ERROR, "#NUM!")


def test_texts_truths_errors_and_blanks() -> None:
    """Shared and own texts, booleans, errors and blanks; an empty text is nothing filled in."""
    found = cells(
        biff.cell(0xFD, 1, 1, struct.pack("<L", 1)),
        biff.cell(0xFD, 1, 2, struct.pack("<L", 2)),
        biff.cell(0x204, 2, 1, biff.wide("标识码")),
        biff.cell(0x205, 3, 1, b"\1\0"),
        biff.cell(0x205, 3, 2, b"\x2a\1"),
        biff.cell(0x201, 4, 1),
        biff.record(0xBE, struct.pack("<5H", 4, 1, 0, 0, 2)),
        shared=biff.strings(biff.narrow("a"), biff.wide("填报"), biff.narrow("")),
    )
    assert found == {
        (1, 1): words("填报"),
        (1, 2): Cell(CellKind.BLANK),
        (2, 1): words("标识码"),
        (3, 1): Cell(CellKind.BOOLEAN, "TRUE"),
        (3, 2): Cell(CellKind.ERROR, "#N/A"),
        (4, 1): Cell(CellKind.BLANK),
        (5, 2): Cell(CellKind.BLANK),
        (5, 3): Cell(CellKind.BLANK),
    }


def test_texts_over_several_records() -> None:
    """A text goes on in the next record, narrow or wide anew, even between the halves of one character."""
    head = struct.pack("<LL", 4, 4)
    first = head + struct.pack("<HB", 6, 0) + b"abc"
    second = b"\1" + "填报".encode("utf-16-le") + "𠮷".encode("utf-16-le")[:2]
    broken = struct.pack("<HB", 2, 1) + "𠮷".encode("utf-16-le")[:2]
    third = (
        b"\1" + "𠮷".encode("utf-16-le")[2:] + struct.pack("<HBHL", 1, 0x0D, 2, 3) + "表".encode("utf-16-le") + b"runs"
    )
    fourth = b"run2pho" + biff.narrow("z")
    # The first text has six units: abc, two characters, and half of one; the second begins with the other half.
    record = biff.record(0xFC, first) + biff.record(0x3C, second + broken) + biff.record(0x3C, third)
    shared = record + biff.record(0x3C, fourth)
    found = cells(*(biff.cell(0xFD, 1, at, struct.pack("<L", at - 1)) for at in range(1, 5)), shared=shared)
    assert [cell.text for cell in found.values()] == ["abc填报\ufffd", "𠮷", "表", "z"]


def test_formulas() -> None:
    """The stored result counts; a zero that was to be calculated on opening is none."""
    truth, error, words_follow = b"\1\0\1\0\0\0\xff\xff", b"\2\0\x07\0\0\0\xff\xff", b"\0\0\0\0\0\0\xff\xff"
    found = cells(
        biff.formula(1, 1, struct.pack("<d", 2.5), b"\x1e\x05\x00"),
        biff.formula(2, 1, truth, CALL_TRUE),
        biff.formula(3, 1, error),
        biff.formula(4, 1, words_follow),
        biff.record(0x207, biff.wide("甲")),
        biff.formula(5, 1, EMPTY),
        biff.formula(6, 1, ZERO, flags=2),
        biff.formula(7, 1, ZERO),
        biff.formula(8, 1, struct.pack("<d", 46000.5), VOLATILE + CALL_NOW),
    )
    assert found == {
        (1, 1): Cell(CellKind.NUMBER, "2.5", ""),
        (2, 1): Cell(CellKind.BOOLEAN, "TRUE", "TRUE()"),
        (3, 1): Cell(CellKind.ERROR, "#DIV/0!", ""),
        (4, 1): Cell(CellKind.TEXT, "甲", ""),
        (5, 1): Cell(CellKind.TEXT, "", ""),
        (6, 1): Cell(CellKind.BLANK, "", ""),
        (7, 1): Cell(CellKind.NUMBER, "0", ""),
        (8, 1): Cell(CellKind.NUMBER, "46000.5", "NOW()"),
    }
    assert found[6, 1].uncalculated


@pytest.mark.parametrize(
    ("code", "known"),
    [
        (b"", ""),
        (b"\x1d\x00", "FALSE()"),
        (b"\x41\x23\x00", "FALSE()"),
        (CALL_TRUE + b"\x1e\x01\x00\x03", ""),
        (b"\x17\x02\x01NOWx" + CALL_NOW + b"\x08", "NOW()"),
        (b"\x24\0\0\0\0\x1e\1\0\x1e\1\0\x42\3\x4e\0", "OFFSET()"),
        (b"\x18\xff" + CALL_NOW, ""),
        (b"\x21", ""),
    ],
)
def test_known_calls(code: bytes, known: str) -> None:
    """Truth values and volatile calls are told; code that cannot be followed tells nothing."""
    assert find_known_calls(code) == known


def test_sheets_and_looks() -> None:
    """State, protection, hidden rows, merges, validations, dates, percentages and locks are read."""
    shared = b"".join(
        [
            biff.record(0x12, b"\1\0"),
            biff.record(0x22, b"\1\0"),
            biff.record(0x41E, struct.pack("<H", 164) + biff.wide('yyyy"年"')),
            *(biff.look(0), biff.look(9, locked=False), biff.look(14), biff.look(164)),
        ]
    )
    first = b"".join(
        [
            biff.record(0x12, b"\1\0"),
            biff.record(0x208, struct.pack("<6HL", 2, 0, 3, 300, 0, 0, 0x20)),
            *(biff.number(1, style + 1, 1, style) for style in range(5)),
            biff.record(0xE5, struct.pack("<5H", 1, 0, 1, 2, 3)),
            biff.record(0x1BE, bytes(4)),
            # A chart on the sheet has a part of its own inside.
            biff.begin(0x20) + biff.number(9, 9, 9) + biff.record(0x0A),
        ]
    )
    book = read(biff.xls(first, b"", b"", shared=shared, titles=("填报表", "b", "c"), states=(0, 1, 2)))
    sheet = book.sheets[0]
    assert [one.state for one in book.sheets] == ["visible", "hidden", "veryHidden"]
    assert (sheet.title, sheet.protected, sheet.merges, sheet.validations) == ("填报表", True, ((1, 3, 2, 4),), 1)
    assert sheet.hidden_rows == {3}
    assert [(cell.date, cell.percent, cell.locked) for cell in sheet.cells.values()] == [
        (False, False, True),
        (False, True, False),
        (True, False, True),
        (True, False, True),
        (False, False, True),
    ]
    assert (book.kind, book.date1904, book.structure_protected, book.macros) == ("xls", True, True, False)


def test_names() -> None:
    """A name resolves to one cell of this workbook or to none; names of Excel's own are left out."""
    other = biff.record(0x1AE, struct.pack("<H", 1) + biff.wide("\1book.xls"))
    shared = b"".join(
        [
            biff.OWN_BOOK + other + biff.pointers((0, 0, 0), (0, 0, 1), (1, 0, 0)),
            biff.name("one", struct.pack("<B3H", 0x3A, 0, 7, 3)),
            biff.name("area", struct.pack("<B5H", 0x3B, 0, 0, 1, 0, 0), scope=2),
            biff.name("same", struct.pack("<B5H", 0x3B, 0, 4, 4, 2, 2)),
            biff.name("several", struct.pack("<B3H", 0x3A, 1, 0, 0)),
            biff.name("outside", struct.pack("<B3H", 0x3A, 2, 0, 0)),
            biff.name("lost", struct.pack("<B3H", 0x3C, 0, 0, 0)),
            biff.name("sum", b"\x1e\1\0"),
            biff.name("\6", struct.pack("<B3H", 0x3A, 0, 0, 0), flags=0x20),
        ]
    )
    book = read(biff.xls(b"", b"", shared=shared, titles=("填 'x'", "b")))
    assert book.names == (
        DefinedName(name="one", reference="'填 ''x'''!$D$8", cell=CellRef("填 'x'", 8, 4)),
        DefinedName(name="area", reference="'填 ''x'''!$A$1:$A$2", scope="b"),
        DefinedName(name="same", reference="'填 ''x'''!$C$5:$C$5", cell=CellRef("填 'x'", 5, 3)),
        DefinedName(name="several", reference="[?]!$A$1"),
        DefinedName(name="outside", reference="[?]!$A$1"),
        DefinedName(name="lost", reference="#REF!"),
        DefinedName(name="sum", reference=""),
    )
    assert book.external_links


def globals_of(*records: bytes) -> bytes:
    """Return a workbook of nothing but these records for the whole of it."""
    return biff.compound_file({"Workbook": biff.begin(biff.GLOBALS) + b"".join(records) + biff.record(0x0A)})


_SHEET_LINE = struct.pack("<LBB", 0, 0, 0) + biff.narrow("a", length_bytes=1)
HOSTILE: Mapping[str, tuple[bytes, str]] = {
    "no stream": (biff.compound_file({"Workbook": b""}), "truncated"),
    "excel 95 in a stream of the newer name": (
        biff.compound_file({"Workbook": biff.begin(biff.GLOBALS, 0x0500) + biff.record(0x0A)}),
        "excel95",
    ),
    "version that is none": (
        biff.compound_file({"Workbook": biff.begin(biff.GLOBALS, 0x0700) + biff.record(0x0A)}),
        "damaged",
    ),
    "a worksheet alone": (biff.compound_file({"Workbook": biff.begin(biff.WORKSHEET) + biff.record(0x0A)}), "damaged"),
    "no begin": (biff.compound_file({"Workbook": biff.record(0x0A)}), "damaged"),
    "no end": (biff.compound_file({"Workbook": biff.begin(biff.GLOBALS)}), "truncated"),
    "record beyond the end": (
        biff.compound_file({"Workbook": biff.begin(biff.GLOBALS) + b"\x85\0\xff\xff"}),
        "truncated",
    ),
    "no sheets": (globals_of(), "no_sheet"),
    "sheet that begins in the list": (globals_of(biff.record(0x85, _SHEET_LINE)), "damaged"),
    "sheet beyond the end": (globals_of(biff.record(0x85, b"\xff" * 4 + _SHEET_LINE[4:])), "truncated"),
    "two sheets of one name": (globals_of(biff.record(0x85, _SHEET_LINE) * 2), "damaged"),
    "65 sheets": (globals_of(*[biff.record(0x85, _SHEET_LINE)] * 65), "too_many_sheets"),
    "names": (globals_of(biff.name("a", b"") * 10_001), "too_many_names"),
    "short record": (biff.xls(biff.record(0x203, b"\0\0")), "damaged"),
    "text that is not there": (biff.xls(biff.cell(0xFD, 1, 1, struct.pack("<L", 0))), "damaged"),
    "text longer than its record": (biff.xls(biff.cell(0x204, 1, 1, b"\xff\xff\0a")), "damaged"),
    "guide longer than the texts": (globals_of(biff.strings(struct.pack("<HBL", 1, 4, 0xFFFFFFF0) + b"a")), "damaged"),
    "cell twice": (biff.xls(biff.number(1, 1, 1) + biff.number(1, 1, 2)), "duplicate_cell"),
    "far column": (biff.xls(biff.number(1, 20_000, 1)), "damaged"),
    "result of no kind": (biff.xls(biff.formula(1, 1, b"\x09\0\0\0\0\0\xff\xff")), "damaged"),
    "merges": (biff.xls(biff.record(0xE5, struct.pack("<H", 1_000) + bytes(8_000)) * 11), "too_many_merges"),
    "records": (biff.xls(biff.record(0x99) * 500_001), "overloaded"),
    "cells": (
        biff.xls(b"".join(biff.record(0xBD, struct.pack("<2H", row, 0) + bytes(8_000)) for row in range(130))),
        "too_many_cells",
    ),
    "texts": (globals_of(*[biff.record(0xFC, bytes(8)), *[biff.record(0x3C, bytes(8_190))] * 190]), "overloaded"),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_workbook_is_refused(data: bytes, reason: str) -> None:
    """Each trick is refused for its own reason, with a text in both languages."""
    with pytest.raises(RefusedError) as refusal:
        read(data)
    assert refusal.value.reason == reason
    assert all(text(f"refused.{reason}", language, **refusal.value.details) for language in LANGUAGES)


def test_blank_beside_a_value_is_no_second_cell() -> None:
    """A cell that is listed as blank too keeps its value."""
    assert cells(biff.number(1, 1, 7), biff.cell(0x201, 1, 1)) == {(1, 1): number("7")}
    assert cells(biff.cell(0x201, 1, 1), biff.number(1, 1, 7)) == {(1, 1): number("7")}


@pytest.mark.timeout(20)
def test_far_cells_cost_nothing() -> None:
    """The last column of every row holds a cell: as many cells as there are, never a grid."""
    found = cells(*(biff.cell(0x201, row, 256) for row in range(1, 65_537)))
    assert len(found) == 65_536


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the filled template."""
    path = tmp_path_factory.mktemp("xls") / "return.xlsx"
    rules = load("website_annual_report")
    write_template(rules, path, identity=issue_identity(rules.form, period=Period(2026)), answers=fill())
    return path


@pytest.fixture(scope="module")
def saved(soffice: LibreOffice, template: Path) -> Path:
    """Return the filled template as LibreOffice saves it."""
    return soffice.convert(template, template.with_suffix(".xls"))


@pytest.fixture(scope="module")
def resaved(soffice: LibreOffice, template: Path) -> Path:
    """Return the filled template as LibreOffice saves it in the format it had."""
    return soffice.convert(template, template.with_name("again.xlsx"))


def test_libreoffice_saves_what_the_xlsx_holds(template: Path, resaved: Path, saved: Path) -> None:
    """Values, names, identity, locks, protection and findings are those of the xlsx.

    Known differences: what a formula says, which is not stored as text; that the program does not name itself; and
    that it stores a zero for some formulas beside the form that it has not shown yet. The program merges the cells of
    a line that is centred across them, in either format.
    """
    assert admit_bytes(saved.read_bytes()).kind is Kind.XLS
    assert see(saved, results=False) == see(resaved, results=False)
    assert answers_seen(saved) == answers_seen(template)


def test_name_does_not_decide(resaved: Path, saved: Path, tmp_path: Path) -> None:
    """An xls called .xlsx and an xlsx called .xls are read as what they are."""
    for source, name in ((saved, "a.xlsx"), (resaved, "b.xls")):
        target = tmp_path / name
        target.write_bytes(source.read_bytes())
        assert see(target, results=False) == see(resaved, results=False)


def test_xlrd_reads_the_same(saved: Path) -> None:
    """Every cell that xlrd sees is seen the same: value, lock and whether it is a date."""
    assert list(differences(saved.read_bytes())) == []


def differences(data: bytes) -> Iterator[str]:
    """Yield where xlrd and the reader see different cells."""
    book = read(data, OF_RETURNS)
    other = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    opened = [sheet for sheet in other.sheets() if sheet.name != LIVE_SHEET]
    assert [sheet.name for sheet in opened] == [sheet.title for sheet in book.sheets]
    for theirs, ours in zip(opened, book.sheets, strict=True):
        for row in range(theirs.nrows):
            for column in range(theirs.ncols):
                mine = ours.cells.get((row + 1, column + 1), Cell(CellKind.BLANK))
                if not same(other, theirs.cell(row, column), mine):
                    yield f"{ours.title}!R{row + 1}C{column + 1}: {theirs.cell(row, column)} {mine}"


def same(book: xlrd.Book, theirs: xlrd.sheet.Cell, mine: Cell) -> bool:
    """Tell whether a cell of xlrd is what the reader saw."""
    if theirs.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
        return mine.kind is CellKind.BLANK
    locked = bool(book.xf_list[theirs.xf_index].protection.cell_locked)
    if theirs.ctype == xlrd.XL_CELL_TEXT:
        return (theirs.value, locked) == (mine.text, mine.locked)
    if theirs.ctype == xlrd.XL_CELL_ERROR:
        return mine == Cell(CellKind.ERROR, xlrd.error_text_from_code[theirs.value], mine.formula, locked=locked)
    dated = theirs.ctype == xlrd.XL_CELL_DATE
    return (float(theirs.value), dated, locked) == (float(mine.text), mine.date, mine.locked)


def outcome(data: bytes) -> str:
    """Return ``read`` or why bytes are refused; anything else is an error of the test."""
    try:
        book = read_book(admit_bytes(data))
    except RefusedError as error:
        return error.reason
    assert isinstance(book, Book)
    assert all(isinstance(sheet, Sheet) for sheet in book.sheets)
    return "read"


@pytest.mark.timeout(120)
def test_cut_off_anywhere(saved: Path) -> None:
    """A file cut off at any kilobyte is refused."""
    data = saved.read_bytes()
    found = {outcome(data[:end]) for end in range(0, len(data) - 1024, 1024)}
    assert found <= {"truncated", "damaged", "empty"}


@pytest.mark.timeout(300)
def test_mutants(saved: Path) -> None:
    """Mutants of a real file, some bytes changed each: read or refused, nothing else."""
    random_, count = random.Random(seed()), draws(100, full=400)
    data = saved.read_bytes()
    found: dict[str, int] = {}
    for _ in range(count):
        mutant = bytearray(data)
        for _ in range(random_.choice((1, 3, 20))):
            # Half of the changes where the structure stands.
            mutant[random_.randrange(len(mutant) if random_.random() < 0.5 else 4096)] = random_.randrange(256)
        reason = outcome(bytes(mutant))
        found[reason] = found.get(reason, 0) + 1
    assert "read" in found
    assert len(found) > 1
    assert sum(found.values()) == count


def test_limits_are_settings() -> None:
    """A limit given is held."""
    with pytest.raises(RefusedError, match="too_many_cells"):
        read(biff.xls(biff.number(1, 1, 1) + biff.number(1, 2, 1)), Limits(cells=1))
