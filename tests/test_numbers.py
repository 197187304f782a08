"""Numbers as programs store them: the digits a program shows, whole ones whole, and how many they need."""

from decimal import Decimal

import pytest

from gwxl.form import kinds
from gwxl.form.definition import Field
from gwxl.records.path import Path
from gwxl.records.submission import Unread
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.values.numbers import digits, double, figure, whole
from gwxl.values.numerals import plain, propose
from gwxl.values.value import Reading, read_value

COUNT = Field(key="f", label="F", kind=kinds.COUNT, unit="条")
DECIMAL = Field(key="f", label="F", kind=kinds.DECIMAL, unit="条")


def read_stored(text: str, field: Field = DECIMAL, *, percent: bool = False) -> Reading:
    """Return what a stored number says."""
    return read_value(Cell(CellKind.NUMBER, text, percent=percent), field, path=Path("f"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("71.00000000000001", "71"),
        ("10.199999999999999", "10.2"),
        ("0.30000000000000004", "0.3"),
        ("1.23456789012345", "1.23456789012345"),
        ("1.234567890123456", "1.23456789012346"),
        ("999999999999999", "999999999999999"),
        ("1000000000000000", "1000000000000000"),
        ("1000000000000001", "1000000000000001"),
        ("1234567890123456", "1234567890123456"),
        ("-1234567890123456", "-1234567890123456"),
        ("123456789012345.6", "123456789012346"),
        ("1000000000000000.5", "1000000000000000"),
        ("1E-5", "0.00001"),
        ("1E+20", "100000000000000000000"),
        ("-0.5", "-0.5"),
    ],
)
def test_a_double_at_the_digits_shown(text: str, number: str) -> None:
    """Fifteen digits are shown, the noise behind them is none; a long whole number keeps what it has."""
    assert double(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("300000000000000", "300000000000000"),
        ("999999999999999", "999999999999999"),
        ("1000000000000000", "1000000000000000.0"),
        ("-1000000000000000", "-1000000000000000.0"),
    ],
)
def test_which_whole_numbers_keep_what_they_have(text: str, digits: str) -> None:
    """Those of more than fifteen digits are taken as they are stored, with the point that says so."""
    assert str(double(text)) == digits


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-inf", "1,000", "1E+400"])
def test_no_double(text: str) -> None:
    """What no program stores as a number is none."""
    assert double(text) is None


@pytest.mark.parametrize(
    ("number", "needed"),
    [
        ("7", 1),
        ("70", 2),
        ("999999999999999", 15),
        ("1000000000000000", 16),
        ("0.5", 1),
        ("0.50", 1),
        ("12.25", 4),
        ("0.001", 1),
        ("-12.5", 3),
        ("5.0", 1),
    ],
)
def test_digits_that_are_needed(number: str, needed: int) -> None:
    """A whole number needs all its places, zeros too; another one none of its outer zeros."""
    assert digits(Decimal(number)) == needed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("71.00000000000001", "71"),
        ("10.199999999999999", "10.2"),
        ("12.50", "12.50"),
        ("1.5000000000000", "1.5000000000000"),
        ("1.50000000000000", "1.5"),
        ("1234567890123456", "1234567890123456"),
        ("0.1234567890123", "0.1234567890123"),
        ("0.12345678901234", "0.12345678901234"),
        ("0.123456789012345001", "0.123456789012345"),
        ("x" * 20, "x" * 20),
    ],
)
def test_digits_in_messages(text: str, told: str) -> None:
    """A message shows what the cell shows: no noise, and else the text as it is stored."""
    assert figure(text) == told


@pytest.mark.parametrize(("number", "kept"), [("3.0", 3), ("3.5", Decimal("3.5")), ("0", 0), ("1E+2", 100)])
def test_whole_numbers_are_whole(number: str, kept: int | Decimal) -> None:
    """A number without places is an integer, any other stays what it is."""
    assert (whole(Decimal(number)), type(whole(Decimal(number)))) == (kept, type(kept))


@pytest.mark.parametrize(
    ("text", "value", "notes"),
    [
        ("999999999999999", 999999999999999, []),
        ("1000000000000000", 1000000000000000, ["W03"]),
        ("1E+24", 10**24, ["W03"]),
        ("1E+25", None, []),
        ("0.1", Decimal("0.1"), []),
        ("-7", -7, []),
    ],
)
def test_more_digits_than_a_program_keeps(text: str, value: object, notes: list[str]) -> None:
    """Fifteen digits are taken without a word, sixteen are doubted, twenty-six are no number of anything."""
    reading = read_stored(text)
    expected = Unread(raw=reading.raw, kind="not_a_number") if value is None else value
    assert (reading.value, [note.id for note in reading.notes]) == (expected, notes)


@pytest.mark.parametrize(("text", "notes"), [("0.12", ["W04"]), ("0", []), ("1", ["W04"])])
def test_a_percentage_is_doubted(text: str, notes: list[str]) -> None:
    """12 % is stored as 0.12 and may be meant as 12; of nothing there is no doubt."""
    assert [note.id for note in read_stored(text, percent=True).notes] == notes


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1" + "0" * 24, 10**24),
        ("1" + "0" * 25, None),
        ("0." + "1" * 46, Decimal("0." + "1" * 46)),
        ("0." + "1" * 47, None),
        ("1e24", 10**24),
        ("1e25", None),
    ],
)
def test_the_longest_number_that_is_typed(text: str, number: object) -> None:
    """Twenty-five digits, or forty-eight signs in all, are taken; one more is no number of anything."""
    found = plain(text)
    assert (found and found[0]) == number


@pytest.mark.parametrize(("length", "kind"), [(47, "unit"), (48, "not_a_number")])
def test_the_longest_text_that_is_proposed(length: int, kind: str) -> None:
    """A longer text means no number, whatever it says."""
    assert propose("0." + "1" * (length - 2) + "条", "条").kind == kind


@pytest.mark.parametrize(
    ("text", "field", "proposal"),
    [
        ("1.2万", COUNT, 12000),
        ("12.5条", COUNT, None),
        ("12.5条", DECIMAL, Decimal("12.5")),
        ("12条", COUNT, 12),
        ("无", COUNT, 0),
        ("12.0条", COUNT, 12),
    ],
)
def test_what_is_proposed_fits_the_field(text: str, field: Field, proposal: object) -> None:
    """For a count only a whole number is proposed."""
    value = read_value(Cell(CellKind.TEXT, text), field, path=Path("f")).value
    assert isinstance(value, Unread)
    assert (value.proposal, type(value.proposal)) == (proposal, type(proposal))


@pytest.mark.parametrize(
    ("text", "value", "changes"),
    [
        ("12", 12, ["text_number"]),
        ("1,234", 1234, ["thousands", "text_number"]),
        ("−5", -5, ["text_number"]),
        ("１２", 12, ["full_width", "text_number"]),
        (" 12 ", 12, ["trimmed", "text_number"]),
        ("12.0", 12, ["text_number"]),
    ],
)
def test_a_number_typed_as_text(text: str, value: object, changes: list[str]) -> None:
    """It is read where it is written exactly, and every change of its text is logged."""
    reading = read_value(Cell(CellKind.TEXT, text), COUNT, path=Path("f"))
    assert (reading.value, [change.kind for change in reading.changes]) == (value, changes)


DOLLARS = Field(key="f", label="F", kind=kinds.DECIMAL, unit="USD")


@pytest.mark.parametrize(
    ("text", "value", "changes"),
    [
        ("$1,234.50", Decimal("1234.50"), ["currency", "thousands", "text_number"]),
        ("-$5", -5, ["currency", "text_number"]),
        ("$ 5", 5, ["currency", "text_number"]),
        ("(500)", -500, ["loss", "text_number"]),
        ("( 1,500 )", -1500, ["loss", "thousands", "text_number"]),
        ("($1,234.50)", Decimal("-1234.50"), ["loss", "currency", "thousands", "text_number"]),
    ],
)
def test_an_english_figure_as_accountants_write_it(text: str, value: object, changes: list[str]) -> None:
    """Brackets are a loss, the sign of the unit's own currency goes; in a Chinese form neither is read."""
    reading = read_value(Cell(CellKind.TEXT, text), DOLLARS, path=Path("f"), language="en")
    assert (reading.value, [change.kind for change in reading.changes]) == (value, changes)
    assert isinstance(read_value(Cell(CellKind.TEXT, text), DOLLARS, path=Path("f")).value, Unread)


@pytest.mark.parametrize("text", ["€5", "(5", "5)", "-(5)", "($5", "(-5)", "$", "()", "$1,23", "$5k", "$$5", "5$"])
def test_what_is_no_figure_of_an_accountant(text: str) -> None:
    """Another currency than the unit's, half a bracket, a sign too many: nobody can tell what is meant."""
    assert isinstance(read_value(Cell(CellKind.TEXT, text), DOLLARS, path=Path("f"), language="en").value, Unread)


@pytest.mark.parametrize("unit", ["", "thousand USD", "$1,000", "GBP", "%"])
def test_a_sign_is_read_by_the_unit_alone(unit: str) -> None:
    """A figure in dollars is none in thousands of them, nor in a unit that says nothing of money."""
    asked = Field(key="f", label="F", kind=kinds.DECIMAL, unit=unit)
    assert isinstance(read_value(Cell(CellKind.TEXT, "$5"), asked, path=Path("f"), language="en").value, Unread)
