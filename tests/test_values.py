"""Values: what a cell says is read exactly, logged where changed, and never guessed."""

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwxl.form import kinds
from gwxl.form.definition import Field
from gwxl.form.parts import Column
from gwxl.records.cell import CellRef
from gwxl.records.finding import Severity, render_message
from gwxl.records.path import Path
from gwxl.records.submission import Unread
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.spreadsheets.looks import Look
from gwxl.values import numerals
from gwxl.values import value as values
from gwxl.values.value import Reading, read_value
from gwxl.wording import catalogue
from tests.support.books import first_form
from tests.support.draws import draws

FORM = first_form()
KINDS = {
    "count": Field(key="f", label="F", kind=kinds.COUNT, unit="条"),
    "decimal": Field(key="f", label="F", kind=kinds.DECIMAL, unit="天"),
    "text": Field(key="f", label="F", kind=kinds.TEXT),
    "code": Field(key="f", label="F", kind=kinds.CODE),
    "url": Field(key="f", label="F", kind=kinds.URL),
    "date": Field(key="f", label="F", kind=kinds.DATE),
    "yes_no": Field(key="f", label="F", kind=kinds.YES_NO),
    "choice": FORM.fields["site_type"],
    "tick": FORM.fields["innovations"],
}


def read(kind: str, cell: Cell | None, *, date1904: bool = False) -> Reading:
    """Read a cell as a kind of field."""
    path = {"choice": "site_type", "tick": "innovations.multilingual"}.get(kind, "f")
    return read_value(cell, KINDS[kind], path=Path.parse(path), date1904=date1904)


def type_cell(text: str) -> Cell:
    """Return a text cell."""
    return Cell(CellKind.TEXT, text)


def store_cell(text: str, **flags: Any) -> Cell:
    """Return a number cell."""
    return Cell(CellKind.NUMBER, text, **flags)


def formula(formula: str, kind: CellKind = CellKind.BLANK, text: str = "") -> Cell:
    """Return a formula cell with its stored result."""
    return Cell(kind, text, formula)


def kinds_of(reading: Reading) -> list[str]:
    """Return the kinds of the logged changes."""
    return [change.kind for change in reading.changes]


@pytest.mark.parametrize(
    "blank",
    ["", " ", "\u00a0", "\u200b", "\u3000", "\ufeff", "'", "＇", " ' ", "\n\t", "\u3164", "\u2800", "\u2060\u200d"],
)
def test_every_blank_is_not_filled_in(blank: str) -> None:
    """A blank of any kind is None for every kind of field, and logged where a character stands there."""
    for kind in KINDS:
        reading = read(kind, type_cell(blank))
        told = ["blank"] if blank else []
        assert (kind, reading.value, reading.raw, kinds_of(reading)) == (kind, None, blank, told)


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_is_blank(kind: str) -> None:
    """A missing or empty cell reads as None without a word."""
    assert read(kind, None) == read(kind, Cell(CellKind.BLANK)) == Reading(raw="")


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("702", 702),
        ("0", 0),
        ("-0", 0),
        ("1E+3", 1000),
        ("2.2131E6", 2213100),
        ("10.199999999999999", Decimal("10.2")),
        ("0.55000000000000004", Decimal("0.55")),
        ("71.00000000000001", 71),
        ("0.30000000000000004", Decimal("0.3")),
        ("-5", -5),
        ("12.0", 12),
        ("999999999999999", 999999999999999),
    ],
)
@pytest.mark.parametrize("kind", ["count", "decimal"])
def test_stored_number(kind: str, digits: str, value: int | Decimal) -> None:
    """A stored double is taken at 15 digits, whole where that is whole, without a log entry; so it is shown."""
    reading = read(kind, store_cell(digits))
    assert reading == Reading(raw=digits if len(digits) < 15 else str(value), value=value)
    assert type(reading.value) is type(value)


@pytest.mark.parametrize(
    ("text", "value", "changes"),
    [
        ("702", 702, ["text_number"]),
        (" 12 ", 12, ["trimmed", "text_number"]),
        ("'12", 12, ["apostrophe", "text_number"]),
        ("１２３４", 1234, ["full_width", "text_number"]),
        ("12,345", 12345, ["thousands", "text_number"]),
        ("１２，３４５", 12345, ["full_width", "thousands", "text_number"]),
        ("1 234 567", 1234567, ["thousands", "text_number"]),
        ("12\u200b3", 123, ["invisible", "text_number"]),
        ("-5", -5, ["text_number"]),
        ("−5", -5, ["text_number"]),
        ("10.5", Decimal("10.5"), ["text_number"]),
        ("12.0", 12, ["text_number"]),
        ("9007199254740993", 9007199254740993, ["text_number"]),
    ],
)
def test_typed_number(text: str, value: int | Decimal, changes: list[str]) -> None:
    """A number typed as text is read exactly, and each thing taken away is logged."""
    reading = read("count", type_cell(text))
    assert reading.value == value
    assert kinds_of(reading) == changes
    assert all((change.raw, change.value, change.key) == (text, str(value), "f") for change in reading.changes)


@pytest.mark.parametrize(
    ("text", "kind", "proposal"),
    [
        ("1.2万", "magnitude", 12000),
        ("221.31万", "magnitude", 2213100),
        ("869万人次", "magnitude", 8690000),
        ("1.5亿", "magnitude", 150000000),
        ("1.2万亿", "magnitude", 1200000000000),
        ("3万5千", "magnitude", 35000),
        ("3万5", "magnitude", 35000),
        ("5w", "magnitude", 50000),
        ("300条", "unit", 300),
        ("１，２３４ 条", "unit", 1234),
        ("约300", "approximate", 300),
        ("约2.5万", "approximate", 25000),
        ("100余万", "approximate", 1000000),
        ("300多条", "approximate", 300),
        ("300条左右", "approximate", 300),
        ("一百二十", "chinese_numeral", 120),
        ("一百二", "chinese_numeral", 120),
        ("十二", "chinese_numeral", 12),
        ("二十", "chinese_numeral", 20),
        ("两千零五条", "chinese_numeral", 2005),
        ("三万五千", "chinese_numeral", 35000),
        ("一亿零三百万", "chinese_numeral", 103000000),
        ("壹佰贰拾叁", "chinese_numeral", 123),
        ("二〇二五", "chinese_numeral", 2025),
        ("零", "chinese_numeral", 0),
        ("1,2345", "separators", 12345),
        ("无", "dash_or_none", 0),
        ("／", "dash_or_none", 0),
        ("—", "dash_or_none", 0),
        ("——", "dash_or_none", 0),
        ("-", "dash_or_none", 0),
        ("12%", "percent", None),
        ("TRUE", "boolean_in_number", None),
        ("几百", "not_a_number", None),
        ("1,23", "not_a_number", None),
        ("100-200", "not_a_number", None),
        ("10²", "not_a_number", None),
        ("①", "not_a_number", None),
        ("١٢", "not_a_number", None),
        ("NaN", "not_a_number", None),
        ("Infinity", "not_a_number", None),
        ("1E99", "not_a_number", None),
        ("9" * 5000, "not_a_number", None),
        ("万", "not_a_number", None),
        ("三万五万", "not_a_number", None),
        ("1.5万3千", "not_a_number", None),
        ("1.23456万", "magnitude", None),
        ("见附件", "not_a_number", None),
    ],
)
def test_proposed_number(text: str, kind: str, proposal: int | None) -> None:
    """What is no plain number stays unread, with the exact number it probably means, and nothing is logged."""
    reading = read("count", type_cell(text))
    assert reading.value == Unread(raw=text, kind=kind, proposal=proposal)
    assert reading.changes == ()


def test_fraction_proposed_for_a_decimal() -> None:
    """A proposal with a fraction is made where fractions are asked for."""
    assert read("decimal", type_cell("约2.5天")).value == Unread(
        raw="约2.5天", kind="approximate", proposal=Decimal("2.5")
    )


@pytest.mark.parametrize("code", ["#N/A", "#REF!", "#DIV/0!"])
@pytest.mark.parametrize("kind", KINDS)
def test_error_cell(kind: str, code: str) -> None:
    """An error cell is never blank and never 0."""
    assert read(kind, Cell(CellKind.ERROR, code)).value == Unread(raw=code, kind="error_cell")


def test_boolean_in_a_count() -> None:
    """TRUE is no 1, whatever a program stores for it."""
    for text in ("TRUE", "1"):
        assert read("count", Cell(CellKind.BOOLEAN, text)).value == Unread(raw=text, kind="boolean_in_number")


def test_date_in_a_count() -> None:
    """A count that shows as a date is not taken; its stored number is proposed."""
    assert read("count", store_cell("46024", date=True)).value == Unread(
        raw="46024", kind="date_in_number", proposal=46024
    )


@pytest.mark.parametrize(
    ("cell", "id_", "severity", "value"),
    [
        (store_cell("1234567890123456"), "W03", Severity.VERIFY, 1234567890123456),
        (store_cell("1E+20"), "W03", Severity.VERIFY, 10**20),
        (store_cell("12", percent=True), "W04", Severity.VERIFY, 12),
        (formula("SUM(A1:A3)", CellKind.NUMBER, "7"), "W01", Severity.HINT, 7),
        (formula("RAND()*10", CellKind.NUMBER, "7"), "W05", Severity.VERIFY, 7),
    ],
)
def test_notes(cell: Cell, id_: str, severity: Severity, value: object) -> None:
    """What is doubtful about a stored value is said, with the field shown in the message."""
    reading = read("count", cell)
    assert reading.value == value
    (note,) = reading.notes
    assert (note.id, note.severity, note.key, note.operands) == (id_, severity, "f", ("f",))
    message = render_message(note, lambda _path: "项目", {Path("f"): CellRef("表", 4, 4)}, "zh")
    assert message.startswith(f"D4「项目」填 {reading.raw}")


def test_typed_digits_stay_exact() -> None:
    """What was typed as text has the digits that were typed, and says so."""
    reading = read("decimal", type_cell("71.00000000000001"))
    assert (reading.raw, reading.value) == ("71.00000000000001", Decimal("71.00000000000001"))


def test_a_result_nobody_calculated() -> None:
    """In a workbook whose results are stale a formula is doubted; one that changes by itself stays what it is."""
    for text, id_ in (("SUM(A1:A3)", "W07"), ("NOW()", "W05")):
        (note,) = read_value(formula(text, CellKind.NUMBER, "7"), KINDS["count"], path=Path("f"), stale=True).notes
        assert (note.id, note.severity) == (id_, Severity.VERIFY)


@pytest.mark.parametrize(
    ("text", "result", "right"),
    [
        ("12+3", "15", True),
        ("12+3", "0", False),
        ("1200+34-4", "1230", True),
        ("+1200*(3-1)/2", "1200", True),
        ("-7 + 10", "3", True),
        ("10/3", "3.3333333333333335", True),
        ("0.1+0.2", "0.30000000000000004", True),
        ("1.5*2", "2", False),
    ],
)
def test_arithmetic_says_for_certain(text: str, result: str, right: bool) -> None:  # noqa: FBT001 - the last column
    """A sum of plain numbers is added up: its result is trusted or doubted whatever the workbook says of itself."""
    for stale in (True, False):
        (note,) = read_value(formula(text, CellKind.NUMBER, result), KINDS["count"], path=Path("f"), stale=stale).notes
        assert note.id == ("W01" if right else "W07")


@pytest.mark.parametrize(
    "text",
    [
        "2**9",
        "7//2",
        "1/0",
        "007+1",
        "(" * 100,
        "1+",
        "9" * 200,
        "A1+1",
        "",
        "1e5",
        "1..2",
        "3 4",
        "3(4)",
        "()",
        "1 .5",
    ],
)
def test_other_formulas_are_not_added_up(text: str) -> None:
    """What is no sum of plain numbers says nothing by itself."""
    cell = formula(text, CellKind.NUMBER, "7")
    ids = [read_value(cell, KINDS["count"], path=Path("f"), stale=stale).notes[0].id for stale in (True, False)]
    assert ids == ["W07", "W01"]
    assert [one.id for one in read_value(cell, KINDS["count"], path=Path("f")).notes] == ["W01"]


def test_a_formula_without_a_stored_value() -> None:
    """What was never calculated is no answer: unreadable, and said so once, whatever the field asks for."""
    for kind in ("count", "text", "yes_no"):
        reading = read(kind, formula("SUM(A1:A3)"))
        assert reading.value == Unread(raw="=SUM(A1:A3)", kind="uncalculated")
        assert reading.notes == ()


@pytest.mark.parametrize("spelling", ["TRUE()", "TRUE", "of:=TRUE()", "true( )"])
@pytest.mark.parametrize("kind", [CellKind.BLANK, CellKind.BOOLEAN, CellKind.NUMBER])
def test_boolean_formula(spelling: str, kind: CellKind) -> None:
    """TRUE() is a value, however it is stored, and no formula to warn about."""
    cell = formula(spelling, kind, "" if kind is CellKind.BLANK else "1")
    reading = read("yes_no", cell)
    assert reading.value is True
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("text", "value", "changes"),
    [
        ("是", True, []),
        ("否", False, []),
        (" 是", True, ["trimmed"]),
        ("√", True, ["boolean_spelling"]),
        ("✓", True, ["boolean_spelling"]),
        ("☑", True, ["boolean_spelling"]),
        ("Y", True, ["boolean_spelling"]),
        ("ｙ", True, ["full_width", "boolean_spelling"]),
        ("TRUE", True, ["boolean_spelling"]),
        ("false", False, ["boolean_spelling"]),
        ("×", False, ["boolean_spelling"]),
        ("√是", True, ["boolean_spelling"]),
        ("☑是 □否", True, ["boolean_spelling"]),
        ("是□ 否☑", False, ["boolean_spelling"]),
        ("是 √否", False, ["boolean_spelling"]),
    ],
)
def test_yes_no(text: str, value: bool, changes: list[str]) -> None:  # noqa: FBT001 - a table of cases
    """Yes and no are read in every usual spelling, and logged unless written as asked."""
    reading = read("yes_no", type_cell(text))
    assert reading.value is value
    assert kinds_of(reading) == changes


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("有", True),
        ("无", False),
        ("x", None),
        ("是/否", None),
        ("☑是 ☑否", None),
        ("□是 □否", None),
        ("☐", None),
        ("☒", None),
        ("见说明", None),
    ],
)
def test_neither_yes_nor_no(text: str, proposal: bool | None) -> None:  # noqa: FBT001 - a table of cases
    """What may mean either is never taken."""
    assert read("yes_no", type_cell(text)).value == Unread(raw=text, kind="not_yes_no", proposal=proposal)


@pytest.mark.parametrize(
    ("text", "value", "changes"),
    [
        ("政府门户网站", "portal", []),
        ("portal", "portal", ["label"]),
        ("☑政府门户网站", "portal", ["label"]),
        ("☐政府门户网站 ☑部门网站 ☐专项网站", "department", ["label"]),
        ("政府门户网站√", "portal", ["label"]),
        (" 部门网站", "department", ["trimmed"]),
    ],
)
def test_choice(text: str, value: str, changes: list[str]) -> None:
    """A choice is its key, read from label, key or a ticked list."""
    reading = read("choice", type_cell(text))
    assert reading.value == value
    assert kinds_of(reading) == changes


@pytest.mark.parametrize(
    ("cell", "kind", "proposal"),
    [
        (store_cell("2"), "not_a_choice", None),
        (type_cell("门户网站"), "not_a_choice", "portal"),
        (type_cell("网站"), "not_a_choice", None),
        (type_cell("部门网站、专项网站"), "several_choices", None),
        (type_cell("☑政府门户网站 ☑部门网站"), "several_choices", None),
        (type_cell("学校网站"), "not_a_choice", None),
    ],
)
def test_no_choice(cell: Cell, kind: str, proposal: str | None) -> None:
    """A number, a part of a label or several choices are never taken."""
    assert read("choice", cell).value == Unread(raw=cell.text, kind=kind, proposal=proposal)


@pytest.mark.parametrize(
    ("cell", "value", "changes"),
    [
        (type_cell("√"), True, []),
        (type_cell("✔"), True, ["boolean_spelling"]),
        (type_cell("是"), True, ["boolean_spelling"]),
        (type_cell("多语言版本"), True, ["boolean_spelling"]),
        (type_cell("☑多语言版本"), True, ["boolean_spelling"]),
        (store_cell("1"), True, ["boolean_spelling"]),
        (Cell(CellKind.BOOLEAN, "TRUE"), True, ["boolean_spelling"]),
        (Cell(CellKind.BOOLEAN, "FALSE"), None, ["unticked"]),
        (type_cell("否"), None, ["unticked"]),
        (type_cell("□"), None, ["unticked"]),
        (type_cell("×"), None, ["unticked"]),
        (store_cell("0"), None, ["unticked"]),
    ],
)
def test_tick(cell: Cell, value: bool | None, changes: list[str]) -> None:  # noqa: FBT001 - a table of cases
    """A choice of many is ticked or not; every way but the asked one is logged."""
    reading = read("tick", cell)
    assert reading.value is value
    assert kinds_of(reading) == changes


@pytest.mark.parametrize(("text", "proposal"), [("v", True), ("x", True), ("区块链", None), ("2", None)])
def test_no_tick(text: str, proposal: bool | None) -> None:  # noqa: FBT001 - a table of cases
    """A letter or a text is no tick."""
    assert read("tick", type_cell(text)).value == Unread(raw=text, kind="not_a_tick", proposal=proposal)


@pytest.mark.parametrize(
    ("cell", "value", "changes"),
    [
        (type_cell("1100000088"), "1100000088", []),
        (type_cell("０１１０"), "0110", ["full_width"]),
        (type_cell("'0000000001"), "0000000001", ["apostrophe"]),
        (store_cell("1100000088"), "1100000088", ["number_as_text"]),
        (store_cell("1.1E9"), "1100000000", ["number_as_text"]),
        (type_cell("蜀 ICP 备13001288号-3"), "蜀 ICP 备13001288号-3", []),
    ],
)
def test_code(cell: Cell, value: str, changes: list[str]) -> None:
    """A code keeps its digits and its leading zeros."""
    reading = read("code", cell)
    assert reading.value == value
    assert kinds_of(reading) == changes


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (store_cell("11010500072212345"), "digits_lost"),
        (type_cell("1.1E+09"), "digits_lost"),
        (store_cell("1.5"), "not_a_code"),
        (store_cell("46024", date=True), "date_in_text"),
        (Cell(CellKind.BOOLEAN, "TRUE"), "boolean_in_text"),
    ],
)
def test_no_code(cell: Cell, kind: str) -> None:
    """A code that lost digits on the way is never taken."""
    assert read("code", cell).value == Unread(raw=cell.text, kind=kind)


@pytest.mark.parametrize(
    ("text", "value", "changes"),
    [
        ("http://www.beijing.gov.cn", "http://www.beijing.gov.cn", []),
        ("<http://www.beijing.gov.cn>", "http://www.beijing.gov.cn", ["brackets"]),
        ("＜http://a.gov.cn＞", "http://a.gov.cn", ["brackets"]),
        ("‹http://a.gov.cn›", "http://a.gov.cn", ["brackets"]),
        ("〈http://a.gov.cn〉", "http://a.gov.cn", ["brackets"]),
        ("http：//a.gov.cn", "http://a.gov.cn", ["full_width"]),
        ("http:// a.gov.cn", "http://a.gov.cn", ["spaces"]),
        ("http://a.gov.cn http://b.gov.cn", "http://a.gov.cn http://b.gov.cn", []),
    ],
)
def test_url(text: str, value: str, changes: list[str]) -> None:
    """An address loses the brackets and blanks of a mail program, two addresses are never joined."""
    reading = read("url", type_cell(text))
    assert reading.value == value
    assert kinds_of(reading) == changes


@pytest.mark.parametrize(
    ("text", "value", "changes"),
    [
        ("市政府，办公厅：①10²", "市政府，办公厅：①10²", []),
        ("  首行\n次行\u3000", "首行\n次行", ["trimmed"]),
        ("甲\u200b乙\u202e", "甲乙", ["invisible"]),
        ("'甲", "甲", ["apostrophe"]),
        ("'甲'", "'甲'", []),
        ("👨\u200d👩", "👨\u200d👩", []),
        ("䶮\ue000", "䶮\ue000", []),
        ("=1+1", "=1+1", []),
    ],
)
def test_text(text: str, value: str, changes: list[str]) -> None:
    """A free text keeps its own characters; only what nobody sees is taken away."""
    reading = read("text", type_cell(text))
    assert reading.value == value
    assert kinds_of(reading) == changes


@pytest.mark.parametrize(
    ("cell", "date1904", "value", "changes"),
    [
        (type_cell("2026-01-15"), False, "2026-01-15", []),
        (type_cell("2026年1月15日"), False, "2026-01-15", ["date"]),
        (type_cell("2026.1.15"), False, "2026-01-15", ["date"]),
        (type_cell("２０２６/1/15"), False, "2026-01-15", ["full_width", "date"]),
        (type_cell("2026-01-15T00:00:00"), False, "2026-01-15", ["date"]),
        (store_cell("46037", date=True), False, "2026-01-15", ["date"]),
        (store_cell("46037.75", date=True), False, "2026-01-15", ["date"]),
        (store_cell("44575", date=True), True, "2026-01-15", ["date"]),
        (store_cell("59", date=True), False, "1900-02-28", ["date"]),
        (store_cell("61", date=True), False, "1900-03-01", ["date"]),
    ],
)
def test_date(cell: Cell, date1904: bool, value: str, changes: list[str]) -> None:  # noqa: FBT001 - a table of cases
    """A date is read from a stored day or a typed text, in both day counts."""
    reading = read("date", cell, date1904=date1904)
    assert reading.value == value
    assert kinds_of(reading) == changes
    if not date1904:  # most workbooks count from 1900
        assert read_value(cell, KINDS["date"], path=Path("f")) == reading


@pytest.mark.parametrize(
    ("cell", "proposal"),
    [
        (store_cell("46037"), "2026-01-15"),
        (store_cell("20260115"), "2026-01-15"),
        (type_cell("20260115"), "2026-01-15"),
        (store_cell("5"), None),
        (store_cell("60", date=True), None),
        (type_cell("2026-02-30"), None),
        (type_cell("2026年1月"), None),
        (type_cell("元旦"), None),
        (store_cell("1E300", date=True), None),
    ],
)
def test_no_date(cell: Cell, proposal: str | None) -> None:
    """A number without a date's format and a day that never was are not taken."""
    assert read("date", cell).value == Unread(raw=cell.text, kind="not_a_date", proposal=proposal)


HOSTILE = (
    " ",
    "\t",
    "\u3000",
    "1",
    "1 ",
    "1 234",
    "(",
    "( ",
    "是□",
    "√",
    "是√ ",
    "F:",
    ":",
    "1+",
    "1=",
    "'",
    "一",
    "万",
    "F ",
    "政 ",
    " of:=",
)


@pytest.mark.parametrize("part", HOSTILE)
def test_a_long_text_is_read_in_linear_time(part: str) -> None:
    """64,000 characters of anything take a moment, whatever the kind of the field."""
    text = part * (64_000 // len(part))
    seconds = {}
    for kind in KINDS:
        began = time.process_time()
        read(kind, type_cell(f"{text}x"))
        seconds[kind] = time.process_time() - began
    assert {kind: spent for kind, spent in seconds.items() if spent >= 2} == {}


@pytest.mark.parametrize("part", HOSTILE)
def test_a_long_formula_is_read_in_linear_time(part: str) -> None:
    """So does a formula of them, that is looked at for TRUE and for what never stays the same."""
    began = time.process_time()
    for text in (part * (64_000 // len(part)), f"NOW{part * (64_000 // len(part))}"):
        read("text", formula(text, CellKind.TEXT, "x"))
    assert time.process_time() - began < 2


@pytest.mark.parametrize("between", ["\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_whatever_breaks_a_line_parts_figures(between: str) -> None:
    """No control character that begins a new line vanishes between two figures."""
    text = f"100{between}120"
    assert read("count", type_cell(text)).value == Unread(raw=text, kind="several_numbers")


def test_table_column() -> None:
    """A column of a table is read like a field."""
    column = Column(key="posts", label="信息发布量", kind=kinds.COUNT)
    assert read_value(store_cell("3"), column, path=Path.parse("t[1].posts")).value == 3


@settings(max_examples=draws(75, full=300))
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_typed_decimals_are_exact(number: Decimal) -> None:
    """Property: any decimal typed plainly comes back as itself."""
    assert read("decimal", type_cell(f"{number:f}")).value == number


@settings(max_examples=draws(75, full=300))
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_stored_doubles_are_exact(number: float) -> None:
    """Property: a double stored with 17 digits, as Excel does, comes back as its first 15."""
    assert read("decimal", store_cell(f"{number:.17g}")).value == Decimal(f"{number:.15g}")


@settings(max_examples=draws(125, full=500))
@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_numerals(number: int) -> None:
    """Property: a number spelt out in Chinese is proposed as itself."""
    assert read("count", type_cell(spell(number))).value == Unread(
        raw=spell(number), kind="chinese_numeral", proposal=number
    )


@settings(max_examples=draws(125, full=500))
@given(st.text(max_size=40), st.sampled_from(sorted(KINDS)), st.sampled_from(list(CellKind)))
def test_any_text_is_read_or_unread(text: str, kind: str, stored_as: CellKind) -> None:
    """Property: whatever stands in a cell, reading ends with a value or a reason that has words."""
    reading = read(kind, Cell(stored_as, text))
    if isinstance(reading.value, Unread):
        assert catalogue()[f"unread.{reading.value.kind}"].keys() >= {"zh", "en"}
    for change in reading.changes:
        assert catalogue()[f"change.{change.kind}"].keys() >= {"zh", "en"}


def test_every_kind_of_field_has_a_reader() -> None:
    """Each kind but a table and a matrix, which are read cell by cell, has its reader."""
    assert set(values._READERS) == set(kinds.KINDS.values()) - {kinds.TABLE, kinds.MATRIX}  # noqa: SLF001 - the table is the thing under test


def spell(number: int) -> str:
    """Spell a number below 10^12 in Chinese."""
    if number == 0:
        return "零"
    words = ""
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, unit)
        if not part:
            continue
        words += ("零" if words and part < 1000 else "") + _thousands(part) + name
    return words.removeprefix("零")


def _thousands(part: int) -> str:
    words, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, part = divmod(part, unit)
        if digit:
            words += ("零" if gap and words else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return words


def test_numerals_never_take_nonsense() -> None:
    """Units in a wrong order or twice give no number."""
    assert [numerals.propose(text).value for text in ("十百", "百", "万亿", "三千千", "一万二亿")] == [None] * 5


@pytest.mark.parametrize(
    "cell",
    [
        Cell(CellKind.NUMBER, "7", look=Look(picture=True)),
        Cell(CellKind.BLANK, "", look=Look(picture=True)),
        Cell(CellKind.ERROR, "#VALUE!", look=Look(picture=True)),
        formula('DISPIMG("ID_1",1)', CellKind.TEXT, "x"),
        formula('_xlfn.IMAGE("x")', CellKind.NUMBER, "7"),
        Cell(CellKind.TEXT, '=DISPIMG("ID_1",1)'),
    ],
)
def test_a_picture_is_no_answer(cell: Cell) -> None:
    """A picture in a cell, or the function that shows one, is neither blank nor a value of any kind."""
    found = {kind: read(kind, cell).value for kind in KINDS}
    assert {kind: value for kind, value in found.items() if getattr(value, "kind", None) != "picture"} == {}


def test_a_cell_without_a_picture() -> None:
    """A look of another sort, and words that only begin alike, are no picture."""
    assert read("count", Cell(CellKind.NUMBER, "7", look=Look())).value == 7
    assert read("text", Cell(CellKind.TEXT, "IMAGE 网站")).value == "IMAGE 网站"
    assert read("count", Cell(CellKind.BLANK, "", look=Look())) == Reading(raw="")


@pytest.mark.parametrize("words", [" ", "\u3000", "\u200b", "\u3164"])
def test_a_blank_of_another_kind_is_told_as_one(words: str) -> None:
    """What nobody sees is nothing, and what is said of it says so."""
    found = read_value(Cell(kind=CellKind.TEXT, text=words), KINDS["count"], path=Path("f"))
    assert (found.value, [(one.value, one.kind) for one in found.changes]) == (None, [("", "blank")])
