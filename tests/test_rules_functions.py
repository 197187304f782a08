"""Functions of whole returns: what they count, what they leave out, what they tell."""

from decimal import Decimal
from typing import Any

import pytest

from gwxl.form.definition import Form
from gwxl.rules.case import Case, Outcome, Result
from gwxl.rules.compiling import Scope
from gwxl.rules.functions import Function, build_function
from gwxl.submission import Identity
from tests.submissions import drill_form, report_form

ROUND = {"kind": "count", "multiple_of": 100, "skip_zero": True, "share": Decimal("0.8"), "at_least": 5}
ZERO = {"kind": "count", "multiple_of": 0, "skip_zero": False, "share": 1, "at_least": 2}
PROVINCES = {
    "patterns": {"site_code": "(?P<prefix>[0-9]{2})[0-9]{8}", "site_icp_number": "(?P<prefix>.)ICP.*"},
    "meanings": {"11": "京", "51": "川", "蜀": "川"},
}
COUNTS = ("release_total", "release_overview", "release_affairs", "release_catalog", "columns_opened")


def judge(function: Function, form: Form | None = None, /, **values: Any) -> Outcome:
    """Judge values by key."""
    scope = Scope(values=values, filled=frozenset(values))
    identity = Identity(form="f", edition="1", fingerprint="0", year=2023)
    return function.judge(Case(form=form or report_form(), scope=scope, identity=identity, year=2024))


@pytest.mark.parametrize(
    ("numbers", "result"),
    [
        ((100, 200, 300, 400, 7), Result.FAILED),
        ((100, 200, 300, 8, 7), Result.PASSED),
        ((100, 200, 300, 400, 0), Result.SILENT),
    ],
)
def test_share_counts_what_is_not_zero(numbers: tuple[int, ...], result: Result) -> None:
    """Four of five round hundreds are 80 %; a zero is no number here, and four numbers are too few."""
    outcome = judge(build_function("share_of", ROUND, report_form()), **dict(zip(COUNTS, numbers, strict=True)))
    assert outcome.result is result
    if result is Result.FAILED:
        assert outcome.arguments == {"number": "4", "total": "5", "share": "80"}
        assert outcome.key is None


def test_share_of_zeros() -> None:
    """All zeros fail, one other number passes, a single zero is too little to tell; decimals are no counts."""
    function = build_function("share_of", ZERO, report_form())
    assert judge(function, release_total=0, release_catalog=0).result is Result.FAILED
    assert judge(function, release_total=0, release_catalog=1).result is Result.PASSED
    assert judge(function, release_total=0).result is Result.SILENT
    assert judge(function, release_total=0, messages_average_days=0).result is Result.SILENT


def test_prefixes_mean_the_same() -> None:
    """51 and 蜀 both mean 川; a beginning that means something may be written as that itself."""
    function = build_function("prefixes_agree", PROVINCES, report_form())
    assert judge(function, site_code="5100000001", site_icp_number="蜀ICP备1").result is Result.PASSED
    assert judge(function, site_code="5100000001", site_icp_number="川ICP备1").result is Result.PASSED
    outcome = judge(function, site_code="1100000001", site_icp_number="蜀ICP备1")
    assert outcome.result is Result.FAILED
    assert outcome.key == "site_code"
    assert outcome.operands == ("site_code", "site_icp_number")
    assert outcome.arguments == {"found": "「政府网站标识码」京、「ICP备案号」川"}


@pytest.mark.parametrize(
    ("code", "number"), [("9900000001", "蜀ICP备1"), ("bm00000001", "蜀ICP备1"), ("5100000001", "备1")]
)
def test_prefixes_without_a_meaning_are_left_out(code: str, number: str) -> None:
    """An unknown beginning, or a code of another shape, is compared with nothing."""
    function = build_function("prefixes_agree", PROVINCES, report_form())
    assert judge(function, site_code=code, site_icp_number=number).result is Result.SILENT


def test_identity_tells_both_sides() -> None:
    """The year found and the year wanted are told."""
    outcome = judge(build_function("identity_matches", {"part": "year"}, drill_form()), drill_form())
    assert (outcome.result, outcome.arguments) == (Result.FAILED, {"found": "2023", "wanted": "2024"})
    outcome = judge(build_function("identity_matches", {"part": "edition"}, drill_form()), drill_form())
    assert (outcome.result, outcome.arguments) == (Result.FAILED, {"found": "1", "wanted": "2"})
