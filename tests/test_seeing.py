"""What a cell shows, held against what it stores, in every format: struck, raised, hidden, scaled."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwxl.form import kinds
from gwxl.form.definition import Field
from gwxl.records.finding import Severity
from gwxl.records.path import Path
from gwxl.records.submission import Unread
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.spreadsheets.looks import Look, without_struck
from gwxl.spreadsheets.number_formats import number_format
from gwxl.values.shown import agrees
from gwxl.values.value import Reading, read_value
from tests.support.books import first_form
from tests.support.shapes import BOLD, LOWERED, PLAIN, RAISED, STRUCK, SUFFIXES, Run, Shape, cell

COUNT = Field(key="f", label="F", kind=kinds.COUNT, unit="个")
DECIMAL = Field(key="f", label="F", kind=kinds.DECIMAL, unit="天")
TEXT = Field(key="f", label="F", kind=kinds.TEXT)
CODE = Field(key="f", label="F", kind=kinds.CODE)
YES_NO = Field(key="f", label="F", kind=kinds.YES_NO)

each_format = pytest.mark.parametrize("suffix", SUFFIXES)


def digits(least: int = 1, more: str = "", inside: str = "") -> str:
    """Return the element of an OpenDocument number style that the digits stand for."""
    return (
        f'<number:number number:decimal-places="0" number:min-integer-digits="{least}" {more}>{inside}</number:number>'
    )


def words(text: str) -> str:
    """Return the element of an OpenDocument number style for a text."""
    return f"<number:text>{text}</number:text>"


THOUSANDTH = 'number:display-factor="1000"'
POINT = '<number:embedded-text number:position="1">.</number:embedded-text>'
TENTH = digits(more='number:decimal-places="1"').replace('number:decimal-places="0" ', "")

WAN = Shape(code='0"万"', open=digits() + words("万"))
SCALED_WAN = Shape(code='0!.0,"万"', open=digits(2, THOUSANDTH, POINT) + words("万"))
WAN_WHEN_LARGE = Shape(
    code='[>=10000]0\\.0,"万";0', open=digits(), maps={">=10000": digits(2, THOUSANDTH, POINT) + words("万")}
)
YI = Shape(code='0.0"亿"', open=TENTH + words("亿"))
PERCENT_SIGN = Shape(code='0"%"', open=digits() + words("%"))
ABOUT = Shape(code='"约"0"千"', open=words("约") + digits() + words("千"))
BARE = Shape(code="0万", open=digits() + words("万"))
ESCAPED = Shape(code="0\\万", open=digits() + words("万"))
PIECES = Shape(code='#,##0"个"', open=digits(more='number:grouping="true"') + words("个"))
THOUSANDS = Shape(code="#,##0,", open=digits(more=f'number:grouping="true" {THOUSANDTH}'))
THOUSANDS_NAMED = Shape(code='0,"千"', open=digits(more=THOUSANDTH) + words("千"))
THOUSANDS_AS_PIECES = Shape(code='0,"个"', open=digits(more=THOUSANDTH) + words("个"))
HOURS = Shape(code='0"小时"', open=digits() + words("小时"))
DAYS = Shape(code='0.0"天"', open=TENTH + words("天"))
NOTHING = Shape(code=";;;", open=words(""), kind="text-style", maps={">0": words(""), "<0": words(""), "=0": words("")})
NO_ZERO = Shape(
    code="0;-0;;@",
    open="<number:text-content/>",
    kind="text-style",
    maps={">0": digits(), "<0": words("-") + digits(), "=0": words("")},
)
DASH_FOR_ZERO = Shape(code='#,##0;-#,##0;"-"', open=words("-"), maps={">0": digits(), "<0": words("-") + digits()})
STARS = Shape(code='"***"', open=words("***"))
DONE = Shape(code='"已填"', open=words("已填"))
TEN_DIGITS = Shape(code="0000000000", open=digits(10))
PHONE = Shape(
    code="000-0000-0000",
    open=digits(
        11,
        inside='<number:embedded-text number:position="8">-</number:embedded-text>'
        '<number:embedded-text number:position="4">-</number:embedded-text>',
    ),
)
PLATE = Shape(code='"BM"00000000', open=words("BM") + digits(8))
TICK = Shape(code='[=1]"√";[=0]"×";', open=words(""), maps={"=1": words("√"), "=0": words("×")})
WRONG_TICK = Shape(code='[=1]"×";[=0]"√";', open=words(""), maps={"=1": words("×"), "=0": words("√")})
ADDED = Shape(code='@"局"', open="<number:text-content/>" + words("局"), kind="text-style")


def see(field: Field, found: Cell) -> Reading:
    """Return how a field reads a cell."""
    return read_value(found, field, path=Path("f"))


@each_format
@pytest.mark.parametrize(
    ("runs", "kind", "proposal"),
    [
        ([("1200", STRUCK), ("1500", PLAIN)], "struck_part", 1500),
        ([("1500", None), ("1200", STRUCK)], "struck_part", 1500),
        ([("13", STRUCK), ("15", None)], "struck_part", 15),
        ([("321", None), ("1", RAISED)], "raised", 321),
        ([("321", BOLD), ("1", LOWERED)], "raised", 321),
        ([("10", None), ("3", RAISED)], "raised", None),
        ([("1500条", None), ("旧", STRUCK)], "struck_part", None),
        ([("15", None), ("12", STRUCK), ("00", None)], "struck_part", None),
        ([("12", STRUCK), ("15", None), ("00", BOLD), ("13", STRUCK)], "struck_part", 1500),
        ([("1200", STRUCK)], "struck", None),
        ([("1200", STRUCK), ("\u3000", None)], "struck", None),
    ],
)
def test_part_of_a_number(suffix: str, runs: list[Run], kind: str, proposal: int | None) -> None:
    """A number with a part struck out, raised or lowered is not read; what is left is proposed where it is certain."""
    raw = "".join(text for text, _ in runs)
    assert see(COUNT, cell(suffix, runs)).value == Unread(raw=raw, kind=kind, proposal=proposal)


@each_format
def test_part_of_a_text(suffix: str) -> None:
    """A name is never read with its old one before it, wherever in the text the line stands."""
    found = cell(suffix, [("旧𠮷局", STRUCK), ("示例市", None), ("新名称局", BOLD)])
    assert see(TEXT, found).value == Unread(raw="旧𠮷局示例市新名称局", kind="struck_part", proposal="示例市新名称局")
    assert without_struck(found.text, found.look) == "示例市新名称局"


@each_format
@pytest.mark.parametrize(("value", "raw"), [(1234, "1234"), ("1234", "1234")])
def test_a_cell_struck_out(suffix: str, value: float | str, raw: str) -> None:
    """A cell that is struck out whole, by its own style or the one it is made after, is neither read nor blank."""
    found = cell(suffix, value, STRUCK)
    assert see(COUNT, found).value == Unread(raw=raw, kind="struck")
    assert without_struck(found.text, found.look) == ""


@each_format
def test_a_part_without_the_line_of_its_cell(suffix: str) -> None:
    """In a cell that is struck out, the part whose own font has no line is what was meant."""
    found = cell(suffix, [("1200", None), ("1500", PLAIN)], STRUCK)
    assert see(COUNT, found).value == Unread(raw="12001500", kind="struck_part", proposal=1500)


@each_format
@pytest.mark.parametrize("look", [PLAIN, RAISED, LOWERED, BOLD])
def test_looks_alone_change_nothing(suffix: str, look: str) -> None:
    """Bold or coloured parts, blanks that are struck out, and what is small as a whole are read as they stand."""
    assert see(COUNT, cell(suffix, [("15", BOLD), ("00", PLAIN)], look)).value == 1500
    assert see(COUNT, cell(suffix, 1500, look)).value == 1500
    assert see(TEXT, cell(suffix, "示例网", look)).value == "示例网"
    assert see(TEXT, cell(suffix, [("示例", PLAIN), (" ", STRUCK), ("网", PLAIN)])).value == "示例 网"
    assert see(TEXT, cell(suffix, [("The 5", None), ("th", RAISED), (" Site", None)])).value == "The 5th Site"


@each_format
@pytest.mark.parametrize(
    ("shape", "stored", "shown"),
    [
        (WAN, 2, "2万"),
        (BARE, 2, "2万"),
        (ESCAPED, 2, "2万"),
        (YI, 3, "3.0亿"),
        (PERCENT_SIGN, 95, "95%"),
        (ABOUT, 12, "约12千"),
        (THOUSANDS_AS_PIECES, 20017, "20个"),
    ],
)
def test_a_format_that_shows_another_number(suffix: str, shape: Shape, stored: float, shown: str) -> None:
    """The number is read as stored, and told with what the cell shows."""
    reading = see(COUNT, cell(suffix, stored, shape=shape))
    assert reading.value == stored
    (note,) = reading.notes
    assert (note.id, note.severity) == ("W06", Severity.VERIFY)
    assert (note.arguments["seen"], note.arguments["read"]) == (shown, str(stored))


@each_format
@pytest.mark.parametrize(
    ("shape", "stored"),
    [
        (SCALED_WAN, 20017),
        (WAN_WHEN_LARGE, 20017),
        (WAN_WHEN_LARGE, 7),
        (PIECES, 20017),
        (THOUSANDS, 20017),
        (THOUSANDS_NAMED, 20017),
        (NO_ZERO, 20017),
        (DASH_FOR_ZERO, 0),
        (HOURS, 12),
        (WAN, 0),
    ],
)
def test_a_format_that_describes(suffix: str, shape: Shape, stored: int) -> None:
    """Where the figure shown is the number stored, within what is rounded away, nothing is said."""
    assert see(COUNT, cell(suffix, stored, shape=shape)) == Reading(raw=str(stored), value=stored)


@each_format
def test_a_format_of_another_measure(suffix: str) -> None:
    """Hours where days are asked for are another number; days are not, and their rounding is none."""
    assert [note.id for note in see(DECIMAL, cell(suffix, 12, shape=HOURS)).notes] == ["W06"]
    assert see(DECIMAL, cell(suffix, 3.72, shape=DAYS)).notes == ()


@each_format
@pytest.mark.parametrize(
    ("shape", "stored", "proposal"),
    [(NOTHING, 1234, None), (NOTHING, 0, 0), (NO_ZERO, 0, 0), (STARS, 1234, None), (DONE, 1234, None)],
)
def test_a_format_that_hides_a_number(suffix: str, shape: Shape, stored: int, proposal: int | None) -> None:
    """A number of which nothing is shown is not read."""
    expected = Unread(raw=str(stored), kind="hidden", proposal=proposal)
    assert see(COUNT, cell(suffix, stored, shape=shape)).value == expected


@each_format
def test_a_format_that_hides_a_text(suffix: str) -> None:
    """A text of which nothing is shown is not read."""
    assert see(TEXT, cell(suffix, "示例网", shape=NOTHING)).value == Unread(raw="示例网", kind="hidden")
    assert see(TEXT, cell(suffix, "示例网", shape=NO_ZERO)).value == "示例网"


@each_format
def test_a_text_with_more_shown(suffix: str) -> None:
    """What a format adds to a text is proposed with it."""
    expected = Unread(raw="示例", kind="shown_otherwise", proposal="示例局")
    assert see(TEXT, cell(suffix, "示例", shape=ADDED)).value == expected


@each_format
def test_a_code_shown_with_its_zeros(suffix: str) -> None:
    """A code stored as a number is proposed as its format shows it."""
    for shape, stored, shown in ((TEN_DIGITS, 11, "0000000011"), (PLATE, 12345678, "BM12345678")):
        expected = Unread(raw=str(stored), kind="shown_otherwise", proposal=shown)
        assert see(CODE, cell(suffix, stored, shape=shape)).value == expected
    assert see(CODE, cell(suffix, 1100000088, shape=TEN_DIGITS)).value == "1100000088"
    assert see(COUNT, cell(suffix, 11, shape=TEN_DIGITS)).notes == ()
    assert see(TEXT, cell(suffix, 13800000001, shape=PHONE)).value == "13800000001"
    (note,) = see(COUNT, cell(suffix, 13800000001, shape=PHONE)).notes
    assert note.id == "W06"


@each_format
def test_a_tick_that_is_a_number(suffix: str) -> None:
    """A 1 shown as √ is a yes both ways; shown as × it is asked."""
    assert see(YES_NO, cell(suffix, 1, shape=TICK)).value is True
    assert see(YES_NO, cell(suffix, 0, shape=TICK)).value is False
    expected = Unread(raw="1", kind="shown_otherwise", proposal=False)
    assert see(YES_NO, cell(suffix, 1, shape=WRONG_TICK)).value == expected


@pytest.mark.parametrize(
    ("shown", "stored", "unit", "right"),
    [
        ("2.0万元", "2", "万元", True),
        ("20,000元", "2", "万元", True),
        ("2.0万", "20000", "万元", False),
        ("95%", "95", "%", True),
        ("95%", "0.95", "", True),
        ("3个百分点", "3", "", True),
        ("5千人次", "5000", "人次", True),
        ("约120", "120", "条", True),
        ("万元 2", "2", "", False),
        ("第3期共4", "3", "", False),
        ("1.2K", "1234", "", True),
        ("1.2k", "1300", "", False),
        (".2万", "2017", "个", True),
        ("10工作日", "10", "天", True),
        ("10个月", "10", "天", False),
        ("(5)", "-5", "", True),
    ],
)
def test_agreement(shown: str, stored: str, unit: str, right: bool) -> None:  # noqa: FBT001 - the last column
    """A figure shown is read with its unit word and the field's own, within the rounding of its decimals."""
    assert agrees(shown, Decimal(stored), unit) is right


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(SUFFIXES))
def test_a_scaled_format_never_cries_wolf(number: int, suffix: str) -> None:
    """Property: 万 behind a tenth of it is the number stored, however large it is."""
    assert see(COUNT, cell(suffix, number, shape=SCALED_WAN)).notes == ()


@given(
    st.text(alphabet='0#?.,;%@*_"\\\\![]<>=()$Eeg万亿 K-/', max_size=60),
    st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False, places=4),
)
def test_any_code_shows_something(code: str, value: Decimal) -> None:
    """Property: whatever stands in a code, a number and a text are shown somehow, or nobody can tell."""
    found = number_format(code)
    if found is not None:
        shown = found.show(value)
        assert shown is None or isinstance(agrees(shown, value, "万元"), bool)
        assert isinstance(found.show_text("甲"), str)


def test_codes_of_any_length() -> None:
    """The longest code is followed, a longer one none takes; a text stands once in what is shown."""
    longest = number_format("0." + "0" * 250 + '"万"')
    assert longest is not None
    assert longest.show(Decimal(10**30)) == f"1{'0' * 30}.{'0' * 250}万"
    assert longest.show(Decimal(10**50)) is None
    assert number_format("0" * 300 + '"万"') is None
    many = number_format("@" * 250)
    assert many is not None
    assert many.show_text("甲") == "甲"


@pytest.mark.parametrize(
    "found",
    [
        Cell(CellKind.TEXT, '=DISPIMG("ID_A1",1)', '_xlfn.DISPIMG("ID_A1",1)'),
        Cell(CellKind.TEXT, '=DISPIMG("ID_A1",1)'),
        Cell(CellKind.BLANK, "", 'DISPIMG("ID_A1",1)'),
        Cell(CellKind.ERROR, "#NAME?", '_xlfn.IMAGE("https://example.org/a.png")'),
        Cell(CellKind.ERROR, "#VALUE!", look=Look(picture=True)),
        Cell(CellKind.BLANK, look=Look(picture=True)),
    ],
)
@pytest.mark.parametrize("field", [TEXT, COUNT, YES_NO, first_form().fields["site_type"]])
def test_a_picture_is_no_text(found: Cell, field: Field) -> None:
    """A picture in a cell is told as one, whatever the field asks for and whatever its program stored."""
    value = read_value(found, field, path=field.path).value
    assert isinstance(value, Unread)
    assert (value.kind, value.proposal) == ("picture", None)


def test_a_text_about_pictures_is_a_text() -> None:
    """A name with the word in it is read."""
    assert see(TEXT, Cell(CellKind.TEXT, "DISPIMG 是什么")).value == "DISPIMG 是什么"
