"""Rules that hold a return against last year's: what they compare, pass over and replace."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from gwxl.form.layout import lay_out
from gwxl.records.finding import Finding, render_message
from gwxl.records.path import Path
from gwxl.rules.expression import ExpressionError
from gwxl.rules.functions import build_function
from gwxl.rules.relations import last_words
from tests.support.submissions import GOOD, make_submission, report_form, report_rules

Values = Mapping[str, Any]


def judge(this: Values, last: Values | None, notes: Mapping[str, str] | None = None) -> dict[str, Finding]:
    """Return rule id → finding of a good return with some other answers."""
    submission = make_submission(report_form(), {**GOOD, **this}, explanations=notes)
    known = None if last is None else {Path(key): value for key, value in last.items()}
    return {one.id: one for one in report_rules().judge(submission, last=known)}


def backward(this: Values, last: Values | None) -> list[str]:
    """Return the ids of the findings of rules that look back."""
    return sorted(judge(this, last).keys() & report_rules().looking_back)


def test_nothing_is_said_without_last_year() -> None:
    """Nor is anything said of what is not known of last year."""
    assert backward({}, None) == []
    assert backward({}, {}) == []
    assert backward({"wechat_posts": 1000}, {"weibo_posts": 1}) == ["C07a"]


@pytest.mark.parametrize(
    ("key", "this", "last", "found"),
    [
        ("wechat_subscribers", 8, 10, []),
        ("wechat_subscribers", 7, 10, ["C02c"]),
        ("site_unique_visitors", 60000, 12000, []),
        ("site_unique_visitors", 60001, 12000, ["C03a"]),
        ("site_unique_visitors", 12000, 60001, ["C03a"]),
        # the floor: 9,999 and 10,000 apart
        ("site_unique_visitors", 9999, 0, []),
        ("site_unique_visitors", 10000, 0, ["C03a"]),
        # within 3 % of a power of ten, either way; 1 is none
        ("weibo_followers", 1030, 100, ["C04"]),
        ("weibo_followers", 1031, 100, []),
        ("weibo_followers", 970, 100, ["C04"]),
        ("weibo_followers", 969, 100, []),
        ("service_registered_users", 100100, 100000, []),
        ("service_registered_users", 1, 100000, ["C02a", "C04"]),
        ("service_registered_users", 0, 100000, ["C02a"]),
        ("has_smart_qa", False, True, ["C08b"]),
        ("has_smart_qa", True, False, []),
    ],
)
def test_where_the_limits_lie(key: str, this: Any, last: Any, found: list[str]) -> None:
    """Each limit passes itself, and the next number fails."""
    assert backward({key: this}, {key: last}) == found


def test_what_is_told_of_last_year() -> None:
    """Both figures stand in the message, with the label of each field that is named."""
    last = {"release_total": 100, "messages_received": 4000, "site_type": "department", "weibo_posts": 2}
    found, form = judge({}, last), report_form()
    layout = lay_out(form)
    said = {
        id_: render_message(one, form.label, {**layout.anchors, **layout.cells}, "zh") for id_, one in found.items()
    }
    assert said["C03b"] == (
        "「信息发布·总数」702（上年 100）、「收到留言数量」511（上年 4000）：与上年相差五倍以上，请核对是否填错。"
    )
    assert said["C01d"] == "D10「网站类型」填 政府门户网站，上年填“部门网站”。标识码没有变，请核对是否确已变更。"
    assert said["C07a"].endswith("上年为 2，超过三倍。这里只填本年度发布的条数，请核对是否填成了账号开通以来的累计数。")
    assert found["C03b"].operands == ("release_total", "messages_received")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("prev.has_smart_qa", True, "是"),
        ("prev.has_smart_qa", False, "否"),
        ("prev.release_total", 702, "702"),
        ("prev.messages_average_days", Fraction(5, 2), "2.5"),
        ("prev.site_name", "某市教育局", "某市教育局"),
        ("prev.site_type", "portal", "政府门户网站"),
        ("prev.innovations", ("multilingual", "other"), "多语言版本、其他"),
    ],
)
def test_the_words_of_last_year(name: str, value: Any, words: str) -> None:
    """A figure, a yes, a choice and several of them are told as the form writes them."""
    assert last_words(name, value, report_form()) == words


def test_backlog_of_last_year_takes_the_place_of_the_guess() -> None:
    """B13 asks whether messages were carried over; with last year known C06 knows, and B13 is not asked."""
    more = {"messages_received": 10, "messages_resolved": 14}
    left = {"messages_received": 30, "messages_resolved": 26}
    assert judge(more, None).keys() & {"B13", "C06"} == {"B13"}
    assert judge(more, left).keys() & {"B13", "C06"} == set()
    over = judge({**more, "messages_resolved": 15}, left)
    assert over.keys() & {"B13", "C06"} == {"C06"}
    told = {"left": "15", "right": "14", "diff": "1", "filled": ""}
    assert over["C06"].arguments == {**told, "prev.messages_received": "30", "prev.messages_resolved": "26"}
    assert judge(more, {"messages_received": 30}).keys() & {"B13", "C06"} == {"B13"}


def test_an_explanation_beside_one_that_is_named_settles() -> None:
    """Of a rule over many fields only the named ones count; one that names none is settled beside any."""
    this, last = {"cases_total": 81210}, {"cases_total": 8121}
    assert not judge(this, last, {"messages_resolved": "含上年结转"})["C04"].settled
    assert judge(this, last, {"cases_total": "上年按半年统计"})["C04"].settled
    same = {key: value for key, value in GOOD.items() if isinstance(value, int) and not isinstance(value, bool)}
    assert judge({}, same)["C05"].arguments == {"number": "35", "total": "35", "share": "100"}
    assert judge({}, same, {"release_total": "确与上年相同"})["C05"].settled


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("within_factor", {"fields": ["release_total"], "floor": 1, "factor": 1}, "factor is above 1"),
        (
            "within_factor",
            {"fields": ["nobody"], "floor": 1, "factor": 2},
            "names nobody, which the form does not have",
        ),
        ("within_factor", {"fields": ["site_name"], "floor": 1, "factor": 2}, "site_name is no number"),
        ("within_factor", {"fields": [1], "floor": 1, "factor": 2}, "fields must be list, not [1]"),
        ("no_power_of_ten", {"fields": [], "floor": 1, "within": 1}, "within is a part, from 0 and below 1"),
        (
            "share_as_before",
            {"kind": "text", "share": Decimal("0.8"), "at_least": 1},
            "kind is count or decimal, share between 0 and 1, at_least from 1",
        ),
    ],
)
def test_settings_are_checked(name: str, settings: Values, said: str) -> None:
    """A setting that makes no sense is refused with what would."""
    with pytest.raises(ExpressionError) as caught:
        build_function(name, settings, report_form())
    assert str(caught.value) == said
