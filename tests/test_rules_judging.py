"""Judging whole returns: order, waiting, explanations, blanks that are written out, places and proposals."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwxl.form import kinds
from gwxl.form.kinds import Kind
from gwxl.form.layout import lay_out
from gwxl.records.finding import Finding, Severity, Verdict, render_message
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.submission import Change, Unread
from tests.support.submissions import (
    GOOD,
    GOOD_DRILL,
    drill_form,
    drill_rules,
    good_submission,
    make_submission,
    report_form,
    report_rules,
)

WITHOUT_ERROR_WHEN_BLANK = {
    "weibo_name",
    "weibo_posts",
    "weibo_followers",
    "wechat_name",
    "wechat_posts",
    "wechat_subscribers",
    "other_media",
    "innovations",
    "innovation_other",
    "messages_average_days",
}


def judge(**changes: Any) -> tuple[Finding, ...]:
    """Judge the good return with some values changed."""
    return report_rules().judge(good_submission(report_form(), **changes))


def places(findings: Sequence[Finding]) -> list[tuple[str, str | None]]:
    """Return id and key of each finding."""
    return [(finding.id, finding.key) for finding in findings]


def make_unread(raw: str, kind: str = "not_a_number", proposal: Any = None) -> Unread:
    """Return a value that could not be read."""
    return Unread(raw=raw, kind=kind, proposal=proposal)


def test_what_was_changed_and_still_could_not_be_read_was_not_read() -> None:
    """It is told as unreadable alone."""
    path = Path("release_total")
    change = Change(key=path, raw="若干１", value="若干1", kind="full_width")
    built = good_submission(report_form(), release_total=make_unread("若干１"))
    answers = {**built.answers, path: replace(built.answers[path], changes=(change,))}
    found = report_rules().judge(replace(built, answers=answers))
    assert {"A09", "A09t"} & {one.id for one in found if one.key == path} == {"A09"}


def test_the_good_return_has_no_finding() -> None:
    """A plausible complete return passes every rule, hints included."""
    assert judge() == ()


def test_a_blank_form_has_exactly_45_errors() -> None:
    """One error a key but the ten that may be blank, none twice, and nothing else."""
    found = report_rules().judge(make_submission(report_form(), {}))
    assert [finding.key for finding in found] == [
        key for key in report_form().fields if key not in WITHOUT_ERROR_WHEN_BLANK
    ]
    assert len(found) == 45
    assert {finding.severity for finding in found} == {Severity.ERROR}


def test_the_examples_of_the_instructions_give_no_error() -> None:
    """What the official instructions write as examples passes; the 12 digits are worth a hint."""
    changes = {
        "site_name": "北京市人民政府门户网站",
        "site_url": "http://www.beijing.gov.cn",
        "site_sponsor": "北京市人民政府办公厅",
        "site_code": "1100000088",
        "site_icp_number": "京ICP备05060933",
        "site_psb_number": "京公网安备110105000722",
        "weibo_name": "北京交警",
        "wechat_name": "北京交警",
    }
    assert places(judge(**changes)) == [("A07d", "site_psb_number")]
    assert places(judge(**{**changes, "site_url": "<http://www.beijing.gov.cn>"})) == [("A07d", "site_psb_number")]


def test_a_published_report_is_no_fault() -> None:
    """702 in total with parts of 3, 235 and 305: the kinds are no partition."""
    changes = {"release_total": 702, "release_overview": 3, "release_affairs": 235, "release_catalog": 305}
    assert judge(**changes) == ()


def test_a_long_text_is_told_in_the_words_of_its_rule() -> None:
    """A text beyond the bound of its cell is judged by that bound alone, in the words that the rule says."""
    found, *waiting = judge(innovation_other="长" * 2001)
    (rule,) = [one for one in report_rules().rules if one.id == "B26c"]
    assert (found.id, found.key, found.message) == ("B26c", "innovation_other", rule.message)
    assert {one.verdict for one in waiting} == {Verdict.UNJUDGED}


def test_findings_stand_in_form_order_then_by_severity() -> None:
    """The place in the form comes first, the gravest at one place next."""
    found = judge(
        site_url="www.example.com", service_items=0, cases_total=1, service_items_online=0, messages_received=9
    )
    assert places(found) == [
        ("A02b", "site_url"),
        ("A02c", "site_url"),
        ("B11", "service_items"),
        ("B12a", "service_items"),
        ("B09a", "cases_natural_person"),
        ("B09b", "cases_legal_person"),
        ("B13", "messages_resolved"),
        ("B15b", "messages_published"),
    ]


def test_an_error_carries_its_operands_and_what_was_written() -> None:
    """Value, operands, sides and source are those of the return."""
    (found,) = judge(service_items_online=400)
    cells = lay_out(report_form()).cells
    assert found.id == "B08"
    assert found.operands == ("service_items", "service_items_online")
    assert found.shown == {"service_items": "345", "service_items_online": "400"}
    assert found.value == "400"
    assert found.source == cells[Path("service_items_online")]
    assert {name: found.arguments[name] for name in ("left", "right", "diff")} == {
        "left": "400",
        "right": "345",
        "diff": "55",
    }
    message = render_message(found, report_form().label, cells, "zh")
    assert message == (
        f"{cells[Path('service_items_online')].address}「可全程在线办理政务服务事项数量」填 400，"
        f"大于 {cells[Path('service_items')].address}「政务服务事项数量」填 345，多出 55 项。"
        "可全程在线办理的事项是事项总数的一部分，请核对。"
    )


def test_an_unreadable_number_is_an_error_with_its_proposal() -> None:
    """1.2万 is proposed as 12000 and never taken; the reason is told."""
    found = judge(concern_responses=make_unread("1.2万", "magnitude", 12000))
    assert places(found) == [("A09", "concern_responses")]
    assert found[0].proposal == "12000"
    assert found[0].value == "1.2万"
    assert "万" in found[0].arguments["reason"]


def test_nothing_written_into_a_number_is_verified() -> None:
    """The word 无 in a number asks: 0, or not filled in."""
    found = judge(concern_responses=make_unread("无", "dash_or_none", Decimal(0)))
    assert [(finding.id, finding.severity, finding.proposal) for finding in found] == [("A09c", Severity.VERIFY, "0")]


def test_a_relation_waits_for_what_cannot_be_read() -> None:
    """The root cause is told once on its own cell, each relation that needs it once as a hint that it waits."""
    found = judge(service_items=make_unread("345项", "unit", 345))
    assert [(finding.id, finding.verdict, finding.severity, finding.key) for finding in found] == [
        ("A09", Verdict.FAILED, Severity.ERROR, "service_items"),
        ("B08", Verdict.UNJUDGED, Severity.HINT, "service_items"),
        ("B11", Verdict.UNJUDGED, Severity.HINT, "service_items"),
        ("B12a", Verdict.UNJUDGED, Severity.HINT, "service_items"),
    ]
    cell = lay_out(report_form()).cells[Path("service_items")].address
    message = render_message(found[1], report_form().label, lay_out(report_form()).cells, "zh")
    assert message == f"可全程在线办理事项不超过事项总数：等 {cell}「政务服务事项数量」填 345项 更正后再核验"
    assert not any(finding.open for finding in found[1:])


@pytest.mark.parametrize("order", [("participants", "evacuated"), ("evacuated", "participants")])
def test_of_two_values_the_first_of_the_form_is_waited_for(order: Sequence[str]) -> None:
    """A relation that waits for several is told at the one that stands first, whichever was written first."""
    doubts = {key: make_unread("若干") for key in order}
    found = drill_rules().judge(make_submission(drill_form(), {**GOOD_DRILL, **doubts}))
    assert [one.key for one in found if one.id == "R01"] == ["participants"]


def test_a_relation_waits_for_a_number_that_is_already_wrong() -> None:
    """A negative total is one error; what is compared with it waits."""
    found = judge(columns_maintained=-1)
    assert [(finding.id, finding.verdict) for finding in found] == [
        ("A09b", Verdict.FAILED),
        ("B05", Verdict.UNJUDGED),
    ]


def test_a_verify_at_a_cell_makes_nothing_wait() -> None:
    """Only errors and unreadable values make relations wait."""
    found = judge(messages_average_days=Decimal(400), messages_resolved=0, messages_published=0)
    assert [(finding.id, finding.verdict) for finding in found] == [
        ("A11c", Verdict.FAILED),
        ("B14a", Verdict.FAILED),
    ]


def test_a_relation_is_silent_between_blanks() -> None:
    """A blank operand is told once, by its own cell."""
    assert places(judge(service_items=None)) == [("A10", "service_items")]


def test_a_false_guard_says_nothing() -> None:
    """Where the guard is false, an unreadable operand makes nothing wait."""
    found = judge(messages_resolved=0, messages_published=0, messages_average_days=make_unread("很久"))
    assert [(finding.id, finding.verdict) for finding in found] == [
        ("A11", Verdict.FAILED),
        ("B14a", Verdict.UNJUDGED),
    ]


@pytest.mark.parametrize("words", ["上年结转", "结转", "  结转 "])
@pytest.mark.parametrize("row", ["messages_resolved", "messages_received"])
def test_an_explanation_beside_any_row_settles_a_verify(words: str, row: str) -> None:
    """Two characters beside one of the rows the rule names are enough."""
    submission = good_submission(report_form(), messages_received=400)
    (found,) = report_rules().judge(replace(submission, explanations={Path(row): words}))
    assert (found.id, found.settled, found.explanation, found.open) == ("B13", True, words.strip(), False)


def test_of_two_explanations_the_upper_one_is_told() -> None:
    """Where words stand beside both rows, those that stand first in the form settle it, however they were read."""
    words = {Path("messages_resolved"): "一并办结", Path("messages_received"): "上年结转"}
    (found,) = report_rules().judge(replace(good_submission(report_form(), messages_received=400), explanations=words))
    assert found.explanation == "上年结转"


@pytest.mark.parametrize(
    "explanations", [{}, {"messages_resolved": "是"}, {"messages_resolved": "   "}, {"surveys_held": "上年结转"}]
)
def test_no_words_or_words_elsewhere_settle_nothing(explanations: dict[str, str]) -> None:
    """One character, blanks, or words beside another row leave it open."""
    submission = good_submission(report_form(), messages_received=400)
    (found,) = report_rules().judge(
        replace(submission, explanations={Path(row): words for row, words in explanations.items()})
    )
    assert (found.settled, found.explanation, found.open) == (False, None, True)


def test_an_explanation_settles_no_error() -> None:
    """What is impossible goes back, whatever is written beside it."""
    submission = good_submission(report_form(), service_items_online=400)
    (found,) = report_rules().judge(replace(submission, explanations={Path("service_items"): "确实如此"}))
    assert (found.settled, found.open) == (False, True)


def test_words_that_mean_blank_in_gated_fields() -> None:
    """0, 无, / and — in the fields of new media say nothing stands there."""
    nothing = {
        "has_new_media": False,
        "weibo_name": "无",
        "weibo_posts": 0,
        "weibo_followers": make_unread("—", "dash_or_none"),
        "wechat_name": " / ",
        "wechat_posts": make_unread("无", "dash_or_none"),
        "wechat_subscribers": None,
        "other_media": ({"product_type": "无", "platform_name": "/", "posts": 0},),
    }
    assert judge(**nothing) == ()
    assert places(judge(**{**nothing, "weibo_posts": 1})) == [
        ("B20", "has_new_media"),
        ("B22a", "weibo_name"),
    ]


def test_which_words_say_that_nothing_stands_at_a_path() -> None:
    """A word, read or not, does where blanks mean something; a number never does, nor a word in any other field."""
    rules = report_rules()
    for path in ("weibo_name", "other_media[3].posts"):
        said = [rules.means_blank(Path.parse(path), one) for one in ("无", make_unread("无"), "无数", 0, False)]
        assert said == [True, True, False, False, False]
    assert not rules.means_blank(Path("site_name"), "无")


def test_a_gated_field_is_never_reported_as_missing() -> None:
    """Without new media every gated field may stay blank."""
    nothing = dict.fromkeys(
        ["weibo_name", "weibo_posts", "weibo_followers", "wechat_name", "wechat_posts", "wechat_subscribers"]
    )
    assert judge(has_new_media=False, other_media=None, **nothing) == ()


def test_a_table_cell_is_named_by_its_row() -> None:
    """The second started row keeps its number although the first says nothing."""
    rows = (
        {"product_type": "无"},
        {
            "product_type": "客户端",
            "platform_name": "商店",
            "product_name": "某某通",
            "posts": make_unread("3条", "unit", 3),
        },
    )
    found = judge(other_media=rows)
    assert [(one.id, one.key, one.verdict) for one in found] == [
        ("A09", "other_media[2].posts", Verdict.FAILED),
        ("B21c", "other_media[2].posts", Verdict.UNJUDGED),
        ("B25", "other_media[2].followers_or_downloads", Verdict.FAILED),
    ]
    assert found[0].source == lay_out(report_form()).cells[Path.parse("other_media[2].posts")]
    assert found[0].proposal == "3"


def test_presence_is_tried_both_ways() -> None:
    """An unreadable number may be blank once corrected: a relation waits only where that matters."""
    clear = dict.fromkeys(["weibo_name", "weibo_followers", "wechat_name", "wechat_posts", "wechat_subscribers"])
    found = judge(has_new_media=False, weibo_posts=make_unread("o"), other_media=None, **clear)
    assert [(one.id, one.verdict) for one in found] == [
        ("A09", Verdict.FAILED),
        ("B20", Verdict.UNJUDGED),
        ("B22a", Verdict.UNJUDGED),
        ("B24a", Verdict.UNJUDGED),
    ]
    found = judge(
        has_new_media=False, weibo_posts=make_unread("o"), other_media=None, **{**clear, "wechat_name": "某某发布"}
    )
    assert ("B20", Verdict.FAILED) in [(one.id, one.verdict) for one in found]
    found = judge(weibo_posts=make_unread("o"))
    assert [(one.id, one.verdict) for one in found] == [
        ("A09", Verdict.FAILED),
        ("B22c", Verdict.UNJUDGED),
        ("B24a", Verdict.UNJUDGED),
    ]


def test_an_unreadable_tick_is_shown_at_its_own_row() -> None:
    """A choices field that could not be read points to the choice that could not be read."""
    submission = good_submission(report_form())
    mark = make_unread("？", "ambiguous")
    path = Path("innovations", "accessible")
    answers = {**submission.answers, path: replace(submission.answers[path], value=mark, raw="？")}
    found = report_rules().judge(
        replace(submission, answers=answers, values={**submission.values, "innovations": mark})
    )
    assert places(found)[0] == ("A09d", "innovations.accessible")
    assert {(finding.id, finding.verdict, finding.key) for finding in found[1:]} == {
        ("B26a", Verdict.UNJUDGED, "innovations.accessible"),
        ("B26b", Verdict.UNJUDGED, "innovations.accessible"),
    }


def test_one_unreadable_tick_leaves_the_others() -> None:
    """Each tick that could not be read is told at its own row; what was ticked stays and is judged."""
    submission = good_submission(report_form(), innovations=("multilingual",))
    marks = {Path("innovations", key): make_unread("？", "not_a_tick") for key in ("accessible", "other")}
    answers = {
        **submission.answers,
        **{path: replace(submission.answers[path], value=mark, raw="？") for path, mark in marks.items()},
    }
    found = report_rules().judge(replace(submission, answers=answers))
    assert [(one.id, one.key) for one in found if one.verdict is Verdict.FAILED] == [("A09d", path) for path in marks]
    waiting = {one.id for one in found if one.verdict is Verdict.UNJUDGED}
    assert waiting == {"B26a", "B26b"}


@pytest.mark.parametrize(
    ("key", "code", "proposal"),
    [
        ("site_code", "BM12345678", "bm12345678"),
        ("site_code", "Bm 1234 5678", "bm12345678"),
        ("site_code", "110000 0088", "1100000088"),
        ("site_code", "110000\n0088", "1100000088"),
        ("site_code", "1100-000088", "1100000088"),
        ("site_code", "110000 008", None),
        ("site_code", "1100000088 1100000089", None),
        ("site_code", "1" * 32_767, None),
        ("site_icp_number", "京ICP备0506093-3", None),
        ("site_psb_number", "京公网安备1101050200072 2号", "京公网安备11010502000722号"),
        ("site_name", "abc def", None),
    ],
)
def test_a_code_is_proposed_as_its_pattern_asks(key: str, code: str, proposal: str | None) -> None:
    """Blanks, signs and the other case are taken out of a code if it is right then; of a name never."""
    assert [one.proposal for one in judge(**{key: code}) if one.key == key] == [proposal]


def test_a_missing_scheme_is_proposed() -> None:
    """The completed address is proposed, not taken."""
    (found,) = judge(site_url="www.example.gov.cn/")
    assert (found.id, found.proposal, found.severity) == ("A02b", "http://www.example.gov.cn/", Severity.VERIFY)


def test_one_fault_is_not_told_twice_at_one_cell() -> None:
    """An address without a host is wrong; that it also lacks a scheme is not said."""
    assert places(judge(site_url="某某网")) == [("A02", "site_url")]
    assert places(judge(messages_average_days=Decimal(400))) == [("A11c", "messages_average_days")]


def test_year_and_edition() -> None:
    """A year is compared only when one is expected and known; the edition is that of the form."""
    submission = good_submission(report_form())
    of_2023 = replace(submission, identity=replace(submission.identity, period=Period(2023)))
    assert places(report_rules().judge(of_2023, period=Period(2024))) == [("A12", None)]
    assert report_rules().judge(of_2023, period=Period(2023)) == ()
    assert report_rules().judge(of_2023) == ()
    assert report_rules().judge(submission, period=Period(2024)) == ()
    older = replace(submission, identity=replace(submission.identity, edition="0"))
    assert places(report_rules().judge(older)) == [("A12b", None)]


def test_two_returns_are_judged_alike_one_after_the_other() -> None:
    """Nothing of one return is left for the next."""
    blank, good = make_submission(report_form(), {}), good_submission(report_form())
    first = report_rules().judge(blank)
    assert report_rules().judge(good) == ()
    assert report_rules().judge(blank) == first


def test_fields_of_another_form_are_not_looked_at() -> None:
    """A value whose key the form does not have changes nothing."""
    submission = good_submission(report_form())
    assert report_rules().judge(replace(submission, values={**submission.values, "stranger": 7})) == ()


def test_hostile_texts_are_judged() -> None:
    """Long runs of what patterns repeat, control characters and lone surrogates come to an end."""
    expected = {"site_url": "A02", "site_code": "A05", "site_icp_number": "A06b", "site_psb_number": "A07b"}
    for part in (" ", "a", ".", "a.", "1", "京", "\n", "\ud800", "ICP备"):
        for head in ("", "京ICP备", "http://", "京公网安备"):
            found = judge(**dict.fromkeys(["site_name", *expected], head + part * 30_000 + "!"))
            assert set(expected.items()) <= {(one.key, one.id) for one in found}


def test_numbers_beyond_all_measure_are_refused_not_calculated() -> None:
    """1E+999999 and NaN are no decimals; a relation never sees them."""
    for number in (Decimal("1E+999999"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E-999999")):
        found = judge(messages_average_days=number)
        assert found[0].id == "A11"
        assert {finding.verdict for finding in found[1:]} == {Verdict.UNJUDGED}


SCALARS = st.one_of(
    st.none(),
    st.integers(-5, 10**12),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.text(max_size=12),
    st.sampled_from(
        [make_unread("无", "dash_or_none"), make_unread("1.2万", "magnitude", 12000), make_unread("#N/A", "error_cell")]
    ),
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from([column.key for column in report_form().fields["other_media"].columns]), SCALARS),
    max_size=4,
).map(tuple)
CHOICES = st.lists(st.sampled_from(["multilingual", "other", "stranger"]), unique=True).map(tuple)


def any_value(kind: Kind) -> st.SearchStrategy[Any]:
    """Return what may come from a cell of a kind, well or badly read."""
    return {kinds.TABLE: ROWS, kinds.CHOICES: CHOICES}.get(kind, SCALARS)


@given(st.fixed_dictionaries({}, optional={key: any_value(f.kind) for key, f in report_form().fields.items()}))
def test_any_return_is_judged(values: dict[str, Any]) -> None:
    """Whatever was read, judging ends, in form order, nothing twice, every finding at a cell and renderable."""
    form = report_form()
    found = report_rules().judge(make_submission(form, values))
    assert report_rules().judge(make_submission(form, values)) == found
    assert list(found) == sorted(found, key=lambda one: (form.order(one.key), one.severity.rank, one.id))
    assert len({(one.id, one.key) for one in found}) == len(found)
    for one in found:
        assert "{" not in one.message or render_message(one, form.label, {}, "zh")
        assert one.key is None or one.key in one.operands


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_error_is_there_exactly_when_it_is_true(online: int, items: int) -> None:
    """B08 fails exactly when more items are online than there are."""
    found = judge(service_items_online=online, service_items=items)
    assert any(one.id == "B08" for one in found) is (online > items)


def test_the_second_form_is_judged_without_any_python() -> None:
    """Dates, decimals, a choice, choices and a table of another form: a good record passes, a bad one does not."""
    rules = drill_rules()
    assert rules.judge(make_submission(drill_form(), GOOD_DRILL)) == ()
    bad = {
        **GOOD_DRILL,
        "held_on": "2026-05-01",
        "evacuated": 121,
        "duration_hours": Decimal("8.25"),
        "departments": ("office",),
        "equipment": ({"item": "绳"},),
    }
    found = rules.judge(make_submission(drill_form(), bad, explanations={"planned_on": "提前演练"}))
    assert [(one.id, one.key, one.settled) for one in found] == [
        ("R02", "held_on", True),
        ("R01", "evacuated", False),
        ("K05", "duration_hours", False),
        ("R05", "departments.outside", False),
        ("K06", "equipment[1].pieces", False),
    ]


def test_a_trial_rule_is_only_a_hint() -> None:
    """A rule on trial keeps its severity in the list and reports a hint."""
    found = drill_rules().judge(make_submission(drill_form(), {**GOOD_DRILL, "duration_hours": None}))
    assert [(one.id, one.severity, one.open) for one in found] == [("R07", Severity.HINT, False)]
    assert drill_rules().rule("R07").severity is Severity.VERIFY


def test_a_rule_of_another_edition_is_left_out() -> None:
    """R08 ended with edition 1; the form is edition 2."""
    assert "R08" not in {rule.id for rule in drill_rules().rules}


def test_every_good_value_is_needed_for_the_good_return() -> None:
    """Taking away any value the form asks for is noticed."""
    for key in GOOD:
        if key not in WITHOUT_ERROR_WHEN_BLANK:
            assert [one.key for one in judge(**{key: None}) if one.severity is Severity.ERROR] == [key]


def test_what_waits_for_a_value() -> None:
    """The relations that a blank, an unreadable or a wrong value leaves unjudged are named, and no others."""
    rules, form = report_rules(), report_form()
    assert rules.find_waiting(good_submission(form)) == frozenset()
    assert rules.find_waiting(good_submission(form, messages_received=400)) == frozenset()
    assert rules.find_waiting(good_submission(form, service_items=None)) == {"B08", "B11", "B12a"}
    assert rules.find_waiting(good_submission(form, service_items=make_unread("若干"))) == {"B08", "B11", "B12a"}
    assert rules.find_waiting(good_submission(form, columns_maintained=-1)) == {"B05"}


@pytest.mark.parametrize(
    ("key", "proposal", "words"),
    [
        ("has_new_media", True, "是"),
        ("has_new_media", False, "否"),
        ("site_type", "portal", "政府门户网站"),
        ("release_total", 12000, "12000"),
        ("messages_average_days", Decimal("1.50"), "1.50"),
        ("site_name", "某某网", "某某网"),
        ("release_total", None, None),
    ],
)
def test_a_proposal_is_written_as_a_filler_would(key: str, proposal: Any, words: str | None) -> None:
    """Yes and no in words, choices by their labels, numbers in digits; without a proposal none is made."""
    found = [one for one in judge(**{key: make_unread("？", proposal=proposal)}) if one.key == key]
    assert (found[0].value, found[0].proposal) == ("？", words)


def test_what_is_filled_is_listed() -> None:
    """A message that names what holds something lists its labels, and those alone."""
    clear = dict.fromkeys(["weibo_followers", "wechat_name", "wechat_subscribers"])
    found = judge(has_new_media=False, weibo_name="某某发布", other_media=None, **clear)
    (told,) = [one for one in found if one.id == "B20"]
    assert told.arguments["filled"] == "「微博·名称」、「微博·信息发布量」、「微信·信息发布量」"


def test_what_was_not_asked_is_not_judged() -> None:
    """A relation on a field the return was not asked for, or has answered as nobody can any more, is silent."""
    good = good_submission(report_form(), service_items_online=400, messages_received=400)
    assert places(report_rules().judge(good)) == [("B08", "service_items_online"), ("B13", "messages_resolved")]
    blank = good_submission(report_form(), service_items=None, messages_received=400)
    for unasked in ({"not_asked": frozenset({"service_items"})}, {"retired": frozenset({"service_items"})}):
        assert places(report_rules().judge(replace(blank, **unasked))) == [("B13", "messages_resolved")]  # type: ignore[arg-type]
        assert report_rules().find_waiting(replace(blank, **unasked)) == frozenset()  # type: ignore[arg-type]


def test_a_value_without_its_cell_is_shown_all_the_same() -> None:
    """Where a submission brings values and no cells, findings show the values as a filler would have written them."""
    changes = {"release_total": make_unread("若干"), "service_items_online": 400, "has_new_media": False}
    found = report_rules().judge(replace(good_submission(report_form(), **changes), answers={}))
    shown = {one.id: (one.value, one.shown) for one in found}
    assert shown["A09"] == ("若干", {"release_total": "若干"})
    assert shown["B08"] == ("400", {"service_items": "345", "service_items_online": "400"})
    assert shown["B20"][0] == "否"
    assert shown["B20"][1][Path("other_media")] == "1 行"


def test_what_was_ticked_is_shown_by_its_labels() -> None:
    """A finding on boxes that may be ticked together quotes those that are, in the order of the form."""
    found = judge(innovations=("accessible", "multilingual", "no choice of this form"))
    assert (found[0].id, found[0].key, found[0].value) == ("A09d", "innovations", "多语言版本、无障碍浏览")


def test_what_was_written_is_shown_as_it_was_written() -> None:
    """A finding quotes the text of the cell, not the number that was read from it."""
    raw = {"service_items_online": "４００项", "service_items": " 345"}
    submission = make_submission(report_form(), {**GOOD, "service_items_online": 400}, raw=raw)
    (found,) = report_rules().judge(submission)
    assert (found.id, found.value, found.shown) == ("B08", "４００项", raw)
