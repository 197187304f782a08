"""The Cerberus subclass: own types, anchored patterns, checks, and that no error vanishes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from gwxl.records.submission import Unread
from gwxl.rules.validator import Fault, SchemaError, build_validator, check_holds


def judge(cells: Mapping[str, Any], values: Mapping[str, Any]) -> list[Fault]:
    """Judge values by a schema."""
    return list(build_validator(cells).judge(values))


def find_failed(cells: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Return the ids of the checks of ``a`` that fail."""
    checks = cells["a"]["checks"]
    return [checks[fault.check]["id"] for fault in judge(cells, values) if fault.check is not None]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", ["x", ""], [1, None, True]),
        ("url", ["x"], [1]),
        ("code", ["0001"], [1]),
        ("date", ["2024-02-29"], ["2023-02-29", "20240229", "2024-2-9", 20240229]),
        ("count", [0, -1, 10**30], [True, False, 1.0, Decimal(1), "1"]),
        (
            "decimal",
            [0, Decimal("0.5"), Decimal(-1)],
            [True, 0.5, Decimal("NaN"), Decimal("Infinity"), Decimal("1E+500")],
        ),
        ("yes_no", [True, False], [0, 1, "是"]),
        ("choice", ["x"], [("x",), 1]),
        ("choices", [["x"], ("x", "y"), []], ["x", [1], ["x", 1]]),
        ("table", [[{"a": 1}], ({},)], [{"a": 1}, ["x"], [{"a": 1}, "x"]]),
    ],
)
def test_types(kind: str, good: list[Any], bad: list[Any]) -> None:
    """Each type takes what it says and nothing that merely looks like it; an unread value is of no type."""
    cells = {"a": {"type": kind}}
    assert [judge(cells, {"a": value}) for value in good] == [[]] * len(good)
    for value in [*bad, Unread(raw="x", kind="not_a_number")]:
        (fault,) = judge(cells, {"a": value})
        assert (fault.path, fault.rule) == (("a",), "type" if value is not None else "nullable")


@pytest.mark.parametrize("text", ["ab\n", "abc", "xab", "ａｂ", ""])
def test_patterns_mean_the_whole_text(text: str) -> None:
    """Alternatives are anchored together and a newline at the end is no end."""
    cells = {"a": {"type": "text", "regex": "ab|cd", "checks": [{"id": "x", "pattern": "ab|cd"}]}}
    assert [fault.rule for fault in judge(cells, {"a": text})] == ["regex"]
    assert judge(cells, {"a": "ab"}) == judge(cells, {"a": "cd"}) == []
    checked = {"a": {"type": "text", "checks": [{"id": "x", "pattern": "ab|cd"}]}}
    assert find_failed(checked, {"a": text}) == ["x"]


@pytest.mark.parametrize(
    ("limits", "good", "bad"),
    [
        ({"min": 3}, [3, 4], [2]),
        ({"max": 3}, [3, 2], [4]),
        ({"min_length": 3}, ["abc", "abcd"], ["ab", ""]),
        ({"max_length": 3}, ["abc", "ab", ""], ["abcd"]),
        ({"min": 2, "max": 5}, [2, 5], [1, 6]),
        ({"min_length": 2, "max_length": 3}, ["某某", "某某县"], ["某", "某某县城"]),
        ({"pattern": "[0-9]+", "max_length": 3}, ["123"], ["1234", "12a", "abcd"]),
        ({"pattern": "[0-9]+", "avoid": "0"}, ["123"], ["103", "12a", "a0"]),
    ],
)
def test_every_limit_of_a_check_holds(limits: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    """A value at a limit passes and one beyond it fails; of several limits each one has to hold."""
    kind = "count" if isinstance(good[0], int) else "text"
    cells = {"a": {"type": kind, "checks": [{"id": "x", **limits}]}}
    assert [judge(cells, {"a": value}) for value in good] == [[]] * len(good)
    assert [find_failed(cells, {"a": value}) for value in bad] == [["x"]] * len(bad)
    assert [check_holds(limits, value) for value in (*good, *bad)] == [True] * len(good) + [False] * len(bad)


@pytest.mark.parametrize(
    ("limits", "good", "bad"),
    [
        ({"maxlength": 3}, "abc", "abcd"),
        ({"minlength": 3}, "abc", "ab"),
        ({"min": 3}, 3, 2),
        ({"max": Decimal("3.5")}, Decimal("3.5"), Decimal("3.51")),
    ],
)
def test_a_limit_of_a_cell_is_itself_possible(limits: dict[str, Any], good: Any, bad: Any) -> None:
    """What is exactly as long or as large as the limit passes, one more is a fault."""
    cells = {"a": {"type": "text" if isinstance(good, str) else "decimal", **limits}}
    assert judge(cells, {"a": good}) == []
    assert [fault.rule for fault in judge(cells, {"a": bad})] == list(limits)


@pytest.mark.parametrize(
    ("number", "taken"), [("1E+400", True), ("1E+401", False), ("-1E-400", True), ("1E-401", False)]
)
def test_a_decimal_of_any_measure(number: str, taken: bool) -> None:  # noqa: FBT001 - an expectation
    """A decimal of 401 places is calculated with; one more would be of no use to anybody."""
    assert (judge({"a": {"type": "decimal"}}, {"a": Decimal(number)}) == []) is taken


def test_checks_go_on_unless_told() -> None:
    """Each check is judged for itself; one that names another is left out where that one failed."""
    steps = [{"id": "far", "max": 9}, {"id": "near", "max": 5, "unless": "far"}, {"id": "even", "min": 20}]
    cells = {"a": {"type": "count", "checks": steps}}
    ids = {value: set(find_failed(cells, {"a": value})) for value in (3, 7, 12, 30)}
    assert ids == {3: {"even"}, 7: {"near", "even"}, 12: {"far", "even"}, 30: {"far"}}


def test_checks_are_silent_where_the_cell_is_already_wrong() -> None:
    """What a plain rule has found is not found again."""
    cells = {"a": {"type": "count", "min": 0, "checks": [{"id": "x", "min": 5}]}}
    assert [fault.rule for fault in judge(cells, {"a": -1})] == ["min"]


def test_checks_are_silent_at_the_wrong_cell_alone() -> None:
    """In a table the same column of another row is checked all the same."""
    row = {"n": {"type": "count", "min": 0, "checks": [{"id": "x", "min": 5}]}}
    cells = {"rows": {"type": "table", "schema": {"type": "dict", "schema": row}}}
    faults = judge(cells, {"rows": [{"n": -1}, {"n": 3}]})
    assert {(fault.path, fault.rule) for fault in faults} == {(("rows", 0, "n"), "min"), (("rows", 1, "n"), "checks")}


def test_a_fault_in_a_table_says_where() -> None:
    """Its path names the row, counted from 0, and the column."""
    cells = {
        "a": {"type": "count"},
        "rows": {"type": "table", "schema": {"type": "dict", "schema": {"n": {"type": "count"}}}},
    }
    faults = judge(cells, {"a": True, "rows": [{"n": 1}, {"n": "x"}]})
    assert faults == [
        Fault(path=("a",), rule="type", value=True),
        Fault(path=("rows", 1, "n"), rule="type", value="x"),
    ]


def test_no_error_vanishes() -> None:
    """Errors Cerberus itself knows no text for, and fields nobody declared, are all handed on."""
    faults = judge({"a": {"type": "count", "required": True}}, {"stranger": 1})
    assert sorted((fault.path, fault.rule) for fault in faults) == [(("a",), "required"), (("stranger",), "")]


def test_the_validator_forgets_the_return_before() -> None:
    """Two returns one after the other have each their own faults."""
    validator = build_validator({"a": {"type": "count"}})
    assert len(validator.judge({"a": "x"})) == 1
    assert validator.judge({"a": 1}) == ()


@pytest.mark.parametrize(
    "cell",
    [
        {"type": "integr"},
        {"type": "count", "minn": 0},
        {"type": "count", "checks": []},
        {"type": "count", "checks": [{"min": 0}]},
        {"type": "count", "checks": [{"id": "x", "most": 0}]},
        {"type": "text", "regex": 1},
    ],
)
def test_cerberus_refuses_mistyped_rules_and_arguments(cell: dict[str, Any]) -> None:
    """The docstring of each rule is the schema of its argument: a mistake fails when the validator is built."""
    with pytest.raises(SchemaError):
        build_validator({"a": cell})


def test_the_schema_given_is_left_alone() -> None:
    """Cerberus changes the schema it is given; ours is a copy."""
    cells = {"a": {"type": "table", "schema": {"type": "dict", "schema": {"n": {"type": "count"}}}}}
    before = repr(cells)
    build_validator(cells)
    assert repr(cells) == before
