"""The document that is judged: words that mean blank, numbers as messages write them, what an expression may see."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwxl.records.submission import Unread
from gwxl.rules.document import Blanks, build_document, build_scope, number_text, plain
from tests.support.submissions import drill_form, report_form

GATED = Blanks(fields=frozenset({"weibo_posts", "weibo_name", "other_media"}), words=frozenset({"无", "0", "false"}))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (120, "120"),
        (-7, "-7"),
        (10**20, "1" + "0" * 20),
        (Decimal("3.50"), "3.50"),
        (Decimal("3.00"), "3"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("NaN"), "NaN"),
        (Decimal("sNaN"), "sNaN"),
        (Decimal("-Infinity"), "-Infinity"),
        (Fraction(6, 2), "3"),
        (Fraction(-40), "-40"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(3, 2), "1.5"),
        (Fraction(1, 3), "0.3333"),
        (Fraction(2, 3), "0.6667"),
        (Fraction(-2, 3), "-0.6667"),
        (Fraction(100, 3), "33.3333"),
        (Fraction(1, 10000), "0.0001"),
        (Fraction(1, 16), "0.0625"),
        (Fraction(10, 4), "2.5"),
        (Fraction(201, 2), "100.5"),
        # what rounds to a whole number, or to nothing, keeps its own zeros
        (Fraction(99_999_999, 10_000_000), "10"),
        (Fraction(2_000_000_001, 20_000_000), "100"),
        (Fraction(1, 30_000), "0"),
        (Fraction(-1, 30_000), "0"),
        (Fraction(10**30 + 1, 2), "5" + "0" * 29 + ".5"),
    ],
)
def test_numbers_in_messages(number: int | Decimal | Fraction, text: str) -> None:
    """Whole numbers have no point; of a fraction four places are told, and no zero that means something is lost."""
    assert number_text(number) == text


@given(st.fractions())
def test_a_fraction_is_told_within_half_of_the_last_place(number: Fraction) -> None:
    """Property: what a message says of a fraction is that fraction, rounded to four places."""
    assert abs(Fraction(number_text(number)) - number) <= Fraction(1, 20_000)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("  无 ", "无"),
        ("Ｎ／Ａ", "n/a"),
        ("无\u200b", "无"),
        ("'0", "0"),
        ("' 无", "无"),
        ("'", ""),
        ("'无'", "'无'"),
        ("''", "''"),
        ("无'", "无'"),
    ],
)
def test_words_are_compared_bare(text: str, bare: str) -> None:
    """Width, case, blanks and the apostrophe that marks a text do not matter; quotation marks do."""
    assert plain(text) == bare


@pytest.mark.parametrize(
    ("value", "blank"),
    [
        ("无", True),
        (" 无 ", True),
        ("无数", False),
        (0, True),
        (Decimal("0.0"), True),
        (1, False),
        (Unread(raw="无", kind="dash_or_none"), True),
        (Unread(raw="若干", kind="not_a_number"), False),
        ("false", True),
        (False, False),
    ],
)
def test_words_that_mean_blank(value: object, blank: bool) -> None:  # noqa: FBT001 - an expectation
    """A word or number of the list says that nothing stands there, read or unread; the answer no never does."""
    assert GATED.means_blank(value) is blank


def test_what_is_left_out_of_a_document() -> None:
    """A word goes, a 0 stays without filling its field; a field whose blanks mean nothing keeps both."""
    values = {
        "weibo_name": "无",
        "weibo_posts": 0,
        "wechat_name": "无",
        "wechat_posts": 0,
        "site_name": "",
        "stranger": 7,
    }
    document = build_document(report_form(), values, GATED)
    assert document.values == {"weibo_posts": 0, "wechat_name": "无", "wechat_posts": 0}
    assert document.filled == {"wechat_name", "wechat_posts"}


def test_rows_that_say_nothing_are_left_out() -> None:
    """A row of words that mean blank is none; those that stay keep their numbers and what they say."""
    rows = (
        {"product_type": "无", "platform_name": "", "posts": 0},
        {"product_type": "客户端", "platform_name": "无", "product_name": None, "posts": 0},
    )
    document = build_document(report_form(), {"other_media": rows}, GATED)
    assert document.values == {"other_media": [{"product_type": "客户端", "posts": 0}]}
    assert document.rows == {"other_media": (2,)}
    unread = Unread(raw="见附件", kind="not_a_number")
    assert build_document(report_form(), {"other_media": unread}, GATED).values == {"other_media": unread}


def scope_of(values: dict[str, Any], *names: str, wrong: frozenset[str] = frozenset()) -> Any:
    """Return what expressions see of values of the drill record."""
    document = build_document(drill_form(), values, Blanks())
    return build_scope(drill_form(), document, names, wrong)


def test_what_an_expression_sees() -> None:
    """Numbers are exact, ticks are yes or no, a blank is absent, what is wrong is unusable, last year's unknown."""
    values = {"duration_hours": Decimal("1.5"), "departments": ("office",), "drill_kind": "fire"}
    names = ("duration_hours", "departments.office", "departments.outside", "drill_kind.fire", "participants")
    scope = scope_of(values, *names, "prev.participants")
    assert scope.values == {
        "duration_hours": Fraction(3, 2),
        "departments.office": True,
        "departments.outside": False,
        "drill_kind.fire": True,
    }
    assert scope.filled == {"duration_hours", "departments.office", "drill_kind.fire"}
    assert scope.wrong == frozenset()
    scope = scope_of(values, *names, wrong=frozenset({"duration_hours", "departments"}))
    assert scope.wrong == {"duration_hours", "departments.office", "departments.outside"}
    assert scope.values == {"drill_kind.fire": True}


def test_ticks_of_a_field_left_blank() -> None:
    """Choices nobody ticked are all no; a choice nobody made is unknown."""
    scope = scope_of({}, "departments.office", "drill_kind.fire")
    assert (scope.values, scope.filled) == ({"departments.office": False}, frozenset())
