"""The quick look before Cerberus: it passes what is right, and never what Cerberus finds a fault in."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from gwxl.records.submission import Unread
from gwxl.rules.available_forms import load
from gwxl.rules.passing import Passing
from gwxl.rules.validator import build_validator
from tests.support.clients.typed import draw
from tests.support.draws import draws, seed

RULES = load("website_annual_report")
SCHEMA = RULES.cells.schema
PASSING, VALIDATOR = Passing.of(SCHEMA), build_validator(SCHEMA)
ROW = {"product_type": "客户端", "platform_name": "甲", "product_name": "乙", "posts": 1, "followers_or_downloads": 2}
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, Decimal("0.5"), Decimal(-1), "", "x", "10", "无", "http://a.gov.cn", "0123456789"),
    *("portal", ("accessible",), ("accessible", "x"), (), [], {}, (ROW,), (ROW | {"posts": -1},), (ROW | {"more": 1},)),
    *(({"posts": 1},), (None,), (ROW | {"posts": None},), "a" * 5_000, Unread(raw="?", kind="not_a_number")),
)


@pytest.mark.parametrize("number", range(6))
def test_what_is_right_passes(number: int) -> None:
    """A return without faults is passed, and Cerberus finds none."""
    values = dict(draw(RULES.form, number).values)
    assert VALIDATOR.judge(values) == ()
    assert PASSING.passes(values)
    assert PASSING.passes(values | {"other_media": (ROW, ROW)})


def test_nothing_wrong_is_passed() -> None:
    """Whatever stands where, what is passed has no fault, and much is not passed."""
    random, passed = Random(seed()), 0
    tried = draws(600, full=6_000)
    for number in range(tried):
        values: dict[str, Any] = dict(draw(RULES.form, number % 12).values)
        for key in random.sample([*SCHEMA, "unheard_of"], random.randint(1, 2)):
            values.pop(key, None)
            if random.random() < 0.9:
                values[key] = random.choice(ODD)
        if PASSING.passes(values):
            passed += 1
            assert VALIDATOR.judge(values) == (), values
    assert 0 < passed < tried


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ({"min": 3}, 2),
        ({"max": 3}, 4),
        ({"minlength": 2}, "a"),
        ({"maxlength": 2}, "abc"),
        ({"allowed": ["a"]}, "b"),
        ({"allowed": [1, 2]}, 3),
        ({"regex": "a+"}, "ab"),
        ({"checks": [{"id": "A", "pattern": "a+"}]}, "b"),
        ({"forbidden": ["b"]}, "a"),
        ({"type": "table", "schema": {"type": "list", "schema": {}}}, ({},)),
        ({"type": "table", "schema": {"type": "dict"}}, ({},)),
        ({"type": "table", "schema": {"type": "dict", "schema": {"y": {"type": "count", "required": True}}}}, ({},)),
    ],
)
def test_a_limit(limit: dict[str, Any], value: object) -> None:
    """What breaks a limit is not passed, nor what the look knows no rule for."""
    kind = "text" if isinstance(value, str) else "table" if isinstance(value, tuple) else "count"
    assert not Passing.of({"x": {"type": kind, **limit}}).passes({"x": value})
    assert Passing.of({"x": {"type": kind}}).passes({"x": value})
    assert not Passing.of({"x": {"type": kind}, "y": {"type": kind, "required": True}}).passes({"x": value})


def test_a_number_of_a_list_passes() -> None:
    """A list may hold numbers: one of them is no list itself."""
    schema = {"x": {"type": "count", "allowed": [1, 2]}}
    assert Passing.of(schema).passes({"x": 2})
    assert build_validator(schema).judge({"x": 2}) == ()
