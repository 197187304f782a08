"""Expressions: what the whitelist lets through, what it refuses, and that they calculate exactly."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwxl.form.definition import Form
from gwxl.rules.compiling import Scope, compile_node, exact, types_in
from gwxl.rules.expression import (
    Arithmetic,
    Call,
    Comparison,
    ExpressionError,
    Logic,
    Name,
    Number,
    Text,
    names,
    operands,
    parse,
)
from tests.support.submissions import drill_form, report_form


def holds(text: str, form: Form | None = None, /, **values: Any) -> bool:
    """Return what an expression gives for values by name, all of them filled."""
    scope = Scope(values={name: exact(value) for name, value in values.items()}, filled=frozenset(values))
    tree = parse(text)
    types_in(tree, form or drill_form())
    return bool(compile_node(tree)(scope))


def test_a_tree_is_made_of_our_nodes() -> None:
    """A comparison with a call and a constant becomes three kinds of node, nothing of Python's."""
    assert parse("sum(participants, evacuated) + 0.5 <= 10") == Comparison(
        operator="<=",
        left=Arithmetic(
            operator="+",
            left=Call(function="sum", arguments=(Name(name="participants"), Name(name="evacuated"))),
            right=Number(value=Decimal("0.5")),
        ),
        right=Number(value=10),
    )


def test_a_chain_of_comparisons_is_joined_by_and() -> None:
    """``a < b < c`` is two comparisons."""
    left = Comparison(operator="<", left=Number(value=0), right=Name(name="a"))
    right = Comparison(operator="<", left=Name(name="a"), right=Name(name="b"))
    assert parse("0 < a < b") == Logic(operator="and", operands=(left, right))


def test_names_and_operands() -> None:
    """Every name is given once, in order; those only asked about need no value."""
    tree = parse("filled(b) and prev.a > 0 and innovations.other or a == 1 and filled(a)")
    assert names(tree) == ("b", "prev.a", "innovations.other", "a")
    assert operands(tree) == ("prev.a", "innovations.other", "a")


def test_a_text_constant() -> None:
    """Texts of up to 100 characters are constants."""
    assert parse("a == '是'") == Comparison(operator="==", left=Name(name="a"), right=Text(value="是"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "a = 1",
        "a; b",
        "lambda: a",
        "a if b else c",
        "[a for a in b]",
        "a[0] > 1",
        "a ** 2 > 1",
        "a % 2 == 0",
        "a // 2 == 0",
        "a in b",
        "a is b",
        "+a > 1",
        "~a > 1",
        "f'{a}' == 'x'",
        "b'x' == a",
        "a == None",
        "a == True",
        "a > 1e3",
        "a > 0x10",
        "a > 1_000",
        "a > 1j",
        "a > 1234567890123456",
        "open(a) > 1",
        "a.b() > 1",
        "filled(1)",
        "filled(a, b)",
        "filled(a + b)",
        "filled()",
        "length(a, b) > 1",
        "part(a, b, 2) == 'x'",
        "part(a, '1', 2) == 'x'",
        "part('x', 1, 2) == a",
        "abs() > 1",
        "max(*a) > 1",
        "max(a, key=b) > 1",
        "().__class__ == a",
        "(a := 1) > 0",
        "a == '" + "x" * 101 + "'",
        "a" * 401,
        "\0",
        "not " * 25 + "a",
        "-" * 390 + "a",
    ],
)
def test_what_is_not_on_the_whitelist_is_refused(text: str) -> None:
    """Anything else is refused when it is parsed, however it is written."""
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize(
    ("fits", "too_much", "reason"),
    [
        ("a" * 400, "a" * 401, "longer than 400 characters"),
        ("not " * 19 + "a", "not " * 20 + "a", "nested deeper than 20"),
        ("-" * 19 + "a", "-" * 20 + "a", "nested deeper than 20"),
        ("abs(" * 19 + "a" + ")" * 19, "abs(" * 20 + "a" + ")" * 20, "nested deeper than 20"),
        ("+".join("a" * 20), "+".join("a" * 21), "nested deeper than 20"),
        ("not " * 18 + "a < b", "not " * 19 + "a < b", "nested deeper than 20"),
        ("not " * 18 + "(a and b)", "not " * 19 + "(a and b)", "nested deeper than 20"),
        (f"a == '{'x' * 100}'", f"a == '{'x' * 101}'", "neither a plain number nor a short text"),
        ("a > 999999999999999", "a > 1000000000000000", "neither a plain number nor a short text"),
    ],
)
def test_the_longest_and_the_deepest_expression(fits: str, too_much: str, reason: str) -> None:
    """What is exactly as long or as deep as possible is parsed, one more is refused and said."""
    parse(fits)
    with pytest.raises(ExpressionError, match=reason):
        parse(too_much)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("length(drill_code, outside_name) > 1", "length takes one argument"),
        ("abs(participants, evacuated) > 1", "abs takes one argument"),
        ("length() > 1", "with plain arguments"),
        ("filled(participants, evacuated)", "filled takes one field"),
        ("blank(participants + 1)", "blank takes one field"),
        ("a ** 2 > 1", "uses BinOp, which is not allowed: a \\*\\* 2"),
        (
            "a.b() > 1",
            (
                "calls a.b\\(\\); known are abs, birth_date, blank, count, filled, gb11643, gb32100, is_male, "
                "length, luhn, max, mean, min, mod97, part, sum, with plain arguments"
            ),
        ),
    ],
)
def test_a_refusal_says_what_is_wrong(text: str, reason: str) -> None:
    """The part that is not allowed is quoted, with what would be."""
    with pytest.raises(ExpressionError, match=reason):
        parse(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nobody > 1", "names nobody"),
        ("drill_kind.storm", "names drill_kind.storm"),
        ("participants.x > 1", "names participants.x"),
        ("participants", "no condition"),
        ("1 < 2", "names no field"),
        ("participants == 'x'", "compares a number with a text"),
        ("participants and was_announced", "a number where a condition belongs"),
        ("was_announced + 1 > 0", "a condition where a number belongs"),
        ("was_announced > participants", "compares a condition with a number"),
        ("drill_code < outside_name", "puts a text in order"),
        ("departments == equipment", "compares a list with a list"),
        ("sum(equipment) > 1", "a list where a number belongs"),
        ("length(participants) > 1", "length takes"),
        ("-was_announced > 1", "a condition where a number belongs"),
        ("not participants", "a number where a condition belongs"),
        ("equipment.pieces > 1", "compares a column of numbers with a number"),
    ],
)
def test_types_are_checked_when_compiled(text: str, reason: str) -> None:
    """A mistake shows when the rule is loaded, not when a return happens to reach it."""
    with pytest.raises(ExpressionError, match=reason):
        types_in(parse(text), drill_form())


def test_every_operator_and_function() -> None:
    """Operators and functions give what they say."""
    values: dict[str, Any] = {"participants": 7, "evacuated": 3, "duration_hours": Decimal("1.5")}
    assert holds("participants - evacuated == 4 and participants * 2 == 14", **values)
    assert holds("participants / evacuated > 2.3 and participants / evacuated < 2.4", **values)
    assert holds("-participants == 0 - 7 and abs(evacuated - participants) == 4", **values)
    assert holds("min(participants, evacuated, 2) == 2 and max(participants, 9) == 9", **values)
    assert holds("sum(participants, evacuated, duration_hours) == 11.5", **values)
    assert holds("not participants < evacuated and (participants != 7 or evacuated >= 3)", **values)
    assert holds("filled(participants) and blank(held_on)", **values)
    assert holds("length(drill_code) == 5 and drill_code == 'D0001'", drill_code="D0001")
    assert holds("length(departments) == 2", departments=("office", "security"))
    assert holds("planned_on < held_on and planned_on >= '2026-01-01'", planned_on="2026-05-12", held_on="2026-06-01")
    assert not holds("participants < 7", **values)


@pytest.mark.parametrize(
    ("function", "number", "day"),
    [("min", 1, "2026-01-02"), ("max", 7, "2026-03-04"), ("sum", 12, ""), ("mean", 4, ""), ("count", 3, "")],
)
def test_functions_of_a_whole_column(function: str, number: int, day: str) -> None:
    """Each takes a column of numbers as one; of days there is a first and a last alone."""
    column: dict[str, Any] = {"equipment.pieces": (4, 1, 7), "equipment.checked_on": ("2026-03-04", "2026-01-02")}
    tree = parse(f"{function}(equipment.pieces) == {number}")
    types_in(tree, drill_form())
    values = {name: tuple(map(exact, cells)) for name, cells in column.items()}
    scope = Scope(values=values, filled=frozenset(column), counts={"equipment.pieces": 3})
    assert compile_node(tree)(scope) is True
    tree = parse(f"{function}(equipment.checked_on) == '{day}'")
    if day:
        types_in(tree, drill_form())
        assert compile_node(tree)(scope) is True
    else:
        with pytest.raises(ExpressionError):
            types_in(tree, drill_form())


def test_decimals_are_exact() -> None:
    """A tenth taken three times is three tenths, also when divided: no float is involved."""
    assert holds("duration_hours * 3 == 0.3", duration_hours=Decimal("0.1"))
    assert holds("duration_hours / 3 * 3 == duration_hours", duration_hours=Decimal("0.1"))
    assert holds("participants + duration_hours > participants", participants=10**40, duration_hours=Decimal("1E-9"))
    assert exact(Decimal("0.1")) == Fraction(1, 10)


@given(st.lists(st.integers(0, 10**15), min_size=3, max_size=3), st.sampled_from(["<", "<=", "==", "!=", ">", ">="]))
def test_comparisons_agree_with_arithmetic(numbers: list[int], operator: str) -> None:
    """A sum compared with a number gives what Python's own integers give."""
    first, second, third = numbers
    compare = {
        "<": first + second < third,
        "<=": first + second <= third,
        "==": first + second == third,
        "!=": first + second != third,
        ">": first + second > third,
        ">=": first + second >= third,
    }
    values: dict[str, Any] = {"participants": first, "evacuated": second, "duration_hours": Decimal(third)}
    assert holds(f"participants + evacuated {operator} duration_hours", **values) is compare[operator]


@given(st.text(max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    """Whatever is written, it is a tree of ours or an ExpressionError."""
    try:
        tree = parse(text)
    except ExpressionError:
        return
    assert all(isinstance(name, str) for name in names(tree))


def test_names_of_the_report_are_known() -> None:
    """A choice of a choice field and of a choices field are conditions."""
    ticks: dict[str, Any] = {"site_type.portal": True, "innovations.other": True}
    assert holds("site_type.portal and innovations.other", report_form(), **ticks)
