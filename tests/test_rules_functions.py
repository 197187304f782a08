"""Functions of whole returns: what they count, what they leave out, what they tell."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gwxl.form.definition import Form
from gwxl.records.period import Period
from gwxl.records.submission import Identity
from gwxl.rules.case import Case, Outcome, Result
from gwxl.rules.compiling import Scope
from gwxl.rules.expression import ExpressionError
from gwxl.rules.functions import Function, build_function
from tests.support.submissions import drill_form, report_form

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
    identity = Identity(form="f", edition="1", fingerprint="0", period=Period(2023))
    return function.judge(Case(form=form or report_form(), scope=scope, identity=identity, period=Period(2024)))


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


def tell(settings: Mapping[str, Any], *numbers: Any) -> tuple[Result, Mapping[str, str]]:
    """Return what becomes of counts, None for a blank, with what the message is told."""
    filled = {key: number for key, number in zip(COUNTS, numbers, strict=False) if number is not None}
    outcome = judge(build_function("share_of", {**ROUND, **settings}, report_form()), **filled)
    return outcome.result, outcome.arguments


@pytest.mark.parametrize(
    ("share", "result"),
    [(Decimal("0.59"), Result.FAILED), (Decimal("0.6"), Result.FAILED), (Decimal("0.61"), Result.PASSED)],
)
def test_the_share_itself_fails(share: Decimal, result: Result) -> None:
    """Three of five are 60 %: they fail from a share of exactly that, and pass just above it."""
    assert tell({"share": share}, 100, 200, 300, 4, 5)[0] is result


def test_a_whole_share() -> None:
    """A share of 1 fails where all are of the sort, and passes where one is not."""
    assert tell({"share": 1}, 100, 200, 300, 400, 500) == (
        Result.FAILED,
        {"number": "5", "total": "5", "share": "100"},
    )
    assert tell({"share": 1}, 100, 200, 300, 400, 501)[0] is Result.PASSED


@pytest.mark.parametrize(
    ("at_least", "result"), [(2, Result.FAILED), (3, Result.FAILED), (4, Result.SILENT), (5, Result.SILENT)]
)
def test_enough_numbers_to_tell(at_least: int, result: Result) -> None:
    """Three numbers are judged where three are enough, and not where four are asked for; blanks count as none."""
    assert tell({"at_least": at_least}, 100, None, 200, None, 300)[0] is result


def test_zeros_among_the_numbers() -> None:
    """Zeros are multiples of 100 like any other unless they are left out; then nothing but zeros is nothing to tell."""
    assert tell({"skip_zero": False}, 0, 0, 0, 0, 7) == (Result.FAILED, {"number": "4", "total": "5", "share": "80"})
    assert tell({"skip_zero": False}, 0, 0, 0, 0, 0)[1]["share"] == "100"
    assert tell({"at_least": 1}, 0, 0, 0, 0, 0)[0] is Result.SILENT
    assert tell({"at_least": 1}, 0, 0, 0, 0, 300)[1] == {"number": "1", "total": "1", "share": "100"}


def test_nothing_filled_is_nothing_to_tell() -> None:
    """A return without any number is silent, whatever the settings: there is no share of nothing."""
    assert tell({"at_least": 1, "skip_zero": False}) == (Result.SILENT, {})


def test_the_share_told_is_never_more_than_there_is() -> None:
    """Two of three are told as 66 %, not as 67 %."""
    assert tell({"at_least": 3, "share": Decimal("0.5")}, 100, 200, 7)[1] == {
        "number": "2",
        "total": "3",
        "share": "66",
    }


@pytest.mark.parametrize(
    "settings",
    [
        {"share": 0},
        {"share": Decimal("-0.1")},
        {"share": Decimal("1.01")},
        {"multiple_of": -1},
        {"at_least": 0},
        {"kind": "text"},
    ],
)
def test_a_share_that_makes_no_sense(settings: dict[str, Any]) -> None:
    """A share of nothing or of more than all, a negative multiple, and no numbers at all are refused."""
    with pytest.raises(ExpressionError, match="share between 0 and 1"):
        build_function("share_of", {**ROUND, **settings}, report_form())


def test_the_least_and_the_most_a_share_can_be() -> None:
    """The smallest settings that make sense are taken: any part above 0, the number 0 itself, one number."""
    function = build_function(
        "share_of", {**ROUND, "share": Decimal("0.001"), "multiple_of": 0, "at_least": 1}, report_form()
    )
    assert judge(function, release_total=5).result is Result.PASSED
    assert judge(build_function("share_of", {**ROUND, "share": 1, "multiple_of": 1, "at_least": 1}, report_form())) == (
        Outcome(result=Result.SILENT)
    )


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


def test_one_code_alone_is_compared_with_nothing() -> None:
    """A single code with a meaning is silent; a code that is missing is as one without a meaning."""
    function = build_function("prefixes_agree", PROVINCES, report_form())
    assert judge(function, site_code="5100000001").result is Result.SILENT
    assert judge(function).result is Result.SILENT


def test_an_identity_that_fits() -> None:
    """The same year passes, and so does an older edition that the form accepts; an unknown year is no other year."""
    year = build_function("identity_matches", {"part": "year"}, drill_form())
    case = Case(
        form=drill_form(),
        scope=Scope(values={}, filled=frozenset()),
        identity=Identity(form="f", edition=drill_form().edition, fingerprint="0", period=Period(2024)),
        period=Period(2024),
    )
    assert year.judge(case).result is Result.PASSED
    assert year.judge(replace(case, period=Period(None))).result is Result.SILENT
    assert year.judge(replace(case, identity=replace(case.identity, period=Period(None)))).result is Result.SILENT
    edition = build_function("identity_matches", {"part": "edition"}, drill_form())
    assert edition.judge(case).result is Result.PASSED
    old = replace(case, identity=replace(case.identity, edition="0"))
    assert edition.judge(old).result is Result.FAILED
    assert edition.judge(replace(old, form=replace(drill_form(), accepts=("0",)))).result is Result.PASSED
    accepted_year = replace(old, period=Period(2025), form=replace(drill_form(), accepts=("0", "2024")))
    assert year.judge(accepted_year).result is Result.FAILED


def test_identity_tells_both_sides() -> None:
    """The year found and the year wanted are told."""
    outcome = judge(build_function("identity_matches", {"part": "year"}, drill_form()), drill_form())
    assert (outcome.result, outcome.arguments) == (Result.FAILED, {"found": "2023", "wanted": "2024"})
    outcome = judge(build_function("identity_matches", {"part": "edition"}, drill_form()), drill_form())
    assert (outcome.result, outcome.arguments) == (Result.FAILED, {"found": "1", "wanted": "2"})
