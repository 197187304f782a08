"""Relations: what they wait for, when they are silent, and what a violated one tells."""

from dataclasses import replace
from typing import Any

import pytest

from gwxl.records.submission import Identity
from gwxl.rules.case import Case, Outcome, Result
from gwxl.rules.compiling import Scope, exact
from gwxl.rules.expression import parse
from gwxl.rules.relations import Relation, build_condition, join_filled_labels, path_to_show
from tests.support.submissions import drill_form, drill_rules, report_form

IDENTITY = Identity(form="f", edition="2", fingerprint="0")
UNSURE = [key for key in drill_form().fields if key != "drill_code"][:9]


def relation(text: str, when: str = "", *, missing_fails: bool = False) -> Relation:
    """Return a relation of the drill record."""
    guard = build_condition(parse(when), drill_form()) if when else None
    condition = build_condition(parse(text), drill_form())
    return Relation(rule=drill_rules().rule("R01"), condition=condition, guard=guard, missing_fails=missing_fails)


def judge(
    text: str, when: str = "", *, wrong: tuple[str, ...] = (), missing_fails: bool = False, **values: Any
) -> Outcome:
    """Judge values by name; those that are wrong have none."""
    scope = Scope(
        values={name: exact(value) for name, value in values.items()},
        filled=frozenset(values),
        wrong=frozenset(wrong),
    )
    case = Case(form=drill_form(), scope=scope, identity=IDENTITY, edition="2")
    return relation(text, when, missing_fails=missing_fails).judge(case)


def wait_for(*names: str) -> Outcome:
    """Return the outcome of a relation that waits for names."""
    return Outcome(result=Result.UNJUDGED, waits_for=names)


PASSED, SILENT = Outcome(result=Result.PASSED), Outcome(result=Result.SILENT)


def test_a_violated_comparison_tells_both_sides() -> None:
    """Left, right and what is between them, never negative; shown at the first name of this year."""
    outcome = judge("evacuated + 1 <= participants / 2", evacuated=5, participants=9)
    assert outcome == Outcome(
        result=Result.FAILED,
        arguments={"filled": "", "left": "6", "right": "4.5", "diff": "1.5"},
        key="evacuated",
        operands=("evacuated", "participants"),
    )
    assert judge("evacuated > participants", evacuated=5, participants=9).arguments["diff"] == "4"
    assert judge("evacuated + 1 <= participants / 2", evacuated=5, participants=12) == PASSED


def test_what_is_no_comparison_of_numbers_has_no_sides() -> None:
    """A comparison of texts, or several conditions joined, tell what is filled and nothing of sides."""
    for text in ("drill_code == 'x'", "evacuated < 1 and participants < 1"):
        outcome = judge(text, drill_code="D0001", evacuated=3, participants=4)
        assert (outcome.result, outcome.arguments) == (Result.FAILED, {"filled": ""})


def test_a_guard() -> None:
    """A false guard says nothing, an unknown one waits; a true one lets the relation be judged and is named with it."""
    assert judge("evacuated < 3", "participants > 5", evacuated=9, participants=5) == SILENT
    assert judge("evacuated < 3", "participants > 5", evacuated=9) == wait_for()
    assert judge("evacuated < 3", "participants > 5", wrong=("participants",), evacuated=9) == wait_for("participants")
    outcome = judge("evacuated < 3", "participants > 5", evacuated=9, participants=6)
    assert (outcome.result, outcome.key, outcome.operands) == (
        Result.FAILED,
        "evacuated",
        ("evacuated", "participants"),
    )
    assert judge("evacuated < 3", "participants > 5", evacuated=2, participants=6) == PASSED
    assert judge("evacuated < 3", "participants > 5", wrong=("evacuated",), participants=5) == SILENT
    assert judge("evacuated < 3", "filled(participants)", wrong=("participants",), evacuated=9) == wait_for(
        "participants"
    )


def test_blanks_and_what_is_wrong() -> None:
    """A blank leaves a relation unjudged and is not waited for; what is wrong is; a blank fails where that is asked."""
    assert judge("evacuated < participants", evacuated=9) == wait_for()
    assert judge("evacuated < participants", wrong=("participants",), evacuated=9) == wait_for("participants")
    failed = judge("evacuated < participants", missing_fails=True, evacuated=9)
    assert (failed.result, failed.arguments) == (Result.FAILED, {"filled": ""})
    outcome = judge("evacuated < participants", missing_fails=True, wrong=("participants",), evacuated=9)
    assert outcome == wait_for("participants")
    assert judge("evacuated < participants", missing_fails=True, evacuated=1, participants=2) == PASSED


def test_nothing_is_divided_by_nothing() -> None:
    """A quotient of nothing leaves the relation unjudged, in the guard too."""
    assert judge("evacuated / participants < 1", evacuated=9, participants=0) == wait_for()
    assert judge("evacuated < 1", "evacuated / participants < 1", evacuated=9, participants=0) == wait_for()


def test_what_may_be_blank_once_it_is_corrected() -> None:
    """Both are tried: where they give the same, it is the verdict; else the relation waits."""
    assert judge("filled(held_on) or evacuated < 3", wrong=("held_on",), evacuated=9) == wait_for("held_on")
    assert judge("filled(held_on) or evacuated < 3", wrong=("held_on",), evacuated=1) == PASSED
    assert judge("blank(held_on) and evacuated < 3", wrong=("held_on",), evacuated=9).result is Result.FAILED


@pytest.mark.parametrize(("unsure", "outcome"), [(8, PASSED), (9, wait_for(*UNSURE))])
def test_so_many_that_may_be_blank(unsure: int, outcome: Outcome) -> None:
    """Up to eight are tried in every combination; beyond that the relation waits for all of them."""
    text = " or ".join(f"filled({name})" for name in UNSURE) + f" or blank({UNSURE[0]})"
    assert judge(text, wrong=tuple(UNSURE[:unsure])) == outcome


def test_what_was_not_asked_or_is_not_known_says_nothing() -> None:
    """A name the return was not asked about, last year's without one, and a later rule are silent."""
    values: dict[str, Any] = {"evacuated": 9, "participants": 3}
    scope = Scope(values=values, filled=frozenset(values))
    case = Case(form=drill_form(), scope=scope, identity=IDENTITY, edition="2")
    one = relation("evacuated < participants")
    assert one.judge(case).result is Result.FAILED
    assert one.judge(replace(case, unasked=frozenset({"participants"}))) == SILENT
    assert one.judge(replace(case, unasked=frozenset({"held_on"}))).result is Result.FAILED
    later = replace(one, rule=replace(one.rule, since="3"))
    assert later.judge(case) == SILENT
    assert later.judge(replace(case, edition="3")).result is Result.FAILED
    before = relation("prev.participants > evacuated")
    assert before.judge(case) == SILENT
    known = replace(case, scope=replace(scope, values={**values, "prev.participants": 4}))
    assert before.judge(known).key == "evacuated"
    assert before.judge(known).result is Result.FAILED


def test_where_a_name_is_shown() -> None:
    """One answer of a choice field is shown at the field, a tick of many at its own row."""
    assert path_to_show("site_type.portal", report_form()) == "site_type"
    assert path_to_show("innovations.other", report_form()) == "innovations.other"
    assert path_to_show("site_name", report_form()) == "site_name"
    assert path_to_show("other_media.posts", report_form()) == "other_media"
    assert path_to_show("other_media[2].posts", report_form()) == "other_media[2].posts"


def test_labels_of_what_is_filled() -> None:
    """Only what holds something is named, in the order it was asked about."""
    scope = Scope(values={}, filled=frozenset({"evacuated", "participants"}))
    found = join_filled_labels(("participants", "held_on", "evacuated"), scope, drill_form())
    assert found == "「参加人数」、「疏散人数」"
