"""Codes that were spelled otherwise than their pattern asks."""

import re
from collections.abc import Callable

import pytest

from gwxl.rules.codes import interpret_code


def like(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a whole text is like a pattern."""
    return lambda text: re.fullmatch(pattern, text) is not None


@pytest.mark.parametrize(
    ("code", "pattern", "spelling"),
    [
        ("BM1234 5678", "bm[0-9]{8}", "bm12345678"),
        ("ab-1", "AB-[0-9]", "AB-1"),
        ("AB 1", "AB[0-9]", "AB1"),
        ("11.00_00/00:88", "[0-9]{10}", "1100000088"),
        ("11,00'00'00'88", "[0-9]{10}", "1100000088"),
        ("备0506093-3", "备[0-9]+", None),
        ("备 0506093", "备[0-9]+", "备0506093"),
        ("AB1", "AB[0-9]", None),  # right as it is: there is nothing else to propose
        ("Ab1", "[Aa]b[0-9]", "ab1"),
        ("12", "[0-9]{3}", None),
        ("", "", None),
    ],
)
def test_the_spelling_that_was_meant(code: str, pattern: str, spelling: str | None) -> None:
    """Blanks, signs in plain codes, and the case may differ; a code is never its own correction."""
    assert interpret_code(code, like(pattern)) == spelling


@pytest.mark.parametrize(("length", "found"), [(100, True), (101, False)])
def test_no_code_is_that_long(length: int, found: bool) -> None:  # noqa: FBT001 - an expectation
    """A hundred characters, blanks included, are looked at; one more is no code."""
    code = "1" * (length - 1) + " "
    assert (interpret_code(code, like("1+")) == "1" * (length - 1)) is found
