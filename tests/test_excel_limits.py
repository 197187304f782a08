"""Excel's own limits, held before anything is written."""

from collections.abc import Callable

import pytest

from gwxl.errors import WorkbookError
from gwxl.files import excel_limits as limits


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("汉字", 2), ("𠮷", 2), ("", 0)])
def test_units_count_as_excel_does(text: str, length: int) -> None:
    """A character beyond the basic plane counts twice."""
    assert limits.units(text) == length


@pytest.mark.parametrize(
    "call",
    [
        lambda: limits.check_length("A1", "x" * 33, limits.PROMPT_TITLE),
        lambda: limits.check_length("A1", "𠮷" * 17, limits.PROMPT_TITLE),
        lambda: limits.check_length("A1", "a\x00b", limits.STRING),
        lambda: limits.check_length("A1", "a\ud800b", limits.STRING),
        lambda: limits.check_length("A1", "x" * 32_768, limits.STRING),
        lambda: limits.check_sheet_title("x" * 32),
        lambda: limits.check_sheet_title("a/b"),
        lambda: limits.check_sheet_title("'a"),
        lambda: limits.check_sheet_title("History"),
        lambda: limits.check_sheet_title(""),
        lambda: limits.check_name("gwxl a"),
        lambda: limits.check_name("AB12"),
        lambda: limits.check_name("R1C1"),
        lambda: limits.check_name("x" * 256),
        lambda: limits.check_list("A1", ("a,b",)),
        lambda: limits.check_list("A1", ('a"b',)),
        lambda: limits.check_list("A1", ()),
        lambda: limits.check_list("A1", ("x" * 128, "y" * 128)),
    ],
)
def test_what_excel_refuses_is_refused(call: Callable[[], str]) -> None:
    """Each limit of Excel is an error of ours, never a cut text."""
    with pytest.raises(WorkbookError):
        call()


def test_message_names_the_place() -> None:
    """The refusal says where, how long, how long it may be."""
    with pytest.raises(WorkbookError, match=r"^填报表!D8: 40 characters, Excel takes 32; shorten 'xxx"):
        limits.check_length("填报表!D8", "x" * 40, 32)


def test_what_excel_takes_passes() -> None:
    """The longest that Excel takes is taken."""
    assert limits.check_length("A1", "𠮷" * 16, limits.PROMPT_TITLE) == "𠮷" * 16
    assert limits.check_sheet_title("填" * 31) == "填" * 31
    assert limits.check_name("gwxl_site_name") == "gwxl_site_name"
    assert limits.check_list("A1", ("是", "否")) == "是,否"


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("ABS(" * 65 + "1" + ")" * 65, "nested deeper than 64"),
        ('IF(A1="' + "字" * 256 + '",1,2)', "256 characters, Excel takes 255"),
        ("1+" * 4096 + "1", "8193 characters, Excel takes 8192"),
    ],
)
def test_formulas_excel_would_refuse(formula: str, reason: str) -> None:
    """Depth, length and the length of a text are held, and the place is named."""
    with pytest.raises(WorkbookError, match=f"rule B08.*{reason}"):
        limits.check_formula("rule B08", formula)


@pytest.mark.parametrize(
    "formula",
    [
        "ABS(" * 64 + "1" + ")" * 64,
        "(" * 80 + "1" + ")" * 80,
        'IF(A1="' + "((" * 60 + '",1,"say ""no"""&"' + "x" * 200 + '")',
        "+".join(["SUM('a)b''s ABS('!A1)"] * 70),
    ],
)
def test_formulas_excel_takes(formula: str) -> None:
    """Brackets without a function and those inside texts are no nesting."""
    assert limits.check_formula("A1", formula) == formula
