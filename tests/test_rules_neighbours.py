"""Rules between the returns of different senders: who is named, what is passed over, how a mistake is told."""

import shutil
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gwxl.batch.batch import compares, to_return
from gwxl.batch.peers import compare_neighbours
from gwxl.errors import RuleError
from gwxl.files.resources import rules_folder
from gwxl.rules.neighbours import Comparison, Meeting
from gwxl.rules.proving import contradictions
from gwxl.rules.ruleset import load_rules
from tests.support.batches import receipt
from tests.support.submissions import report_form, report_rules

RULES = {one.rule.id: one.comparison for one in report_rules().neighbours}
TEN = tuple(key for key, asked in report_form().fields.items() if asked.kind.name == "count")[:10]


def meetings(comparison: Comparison, returns: Sequence[Mapping[str, Any]]) -> list[Meeting]:
    """Return what stands out among returns of the form."""
    return list(comparison.meetings(report_form(), returns))


def test_one_account_names_eight_others_and_counts_all() -> None:
    """Width, case and blanks do not matter; blanks are no account."""
    found = meetings(
        RULES["D24"], [*({"weibo_name": f"Ａb 发布{' ' * n}"} for n in range(10)), {}, {"weibo_name": "ab"}]
    )
    assert [(one.index, one.keys, one.count) for one in found] == [(n, ("weibo_name",), 9) for n in range(10)]
    assert found[2].others == (0, 1, 3, 4, 5, 6, 7, 8)


def test_mostly_equal_needs_the_share_of_either_return() -> None:
    """Nine of ten are enough, nine of eleven are not; nine numbers are too few to tell, and zeros are none."""
    base = {key: 100 + number for number, key in enumerate(TEN)}
    nine = {**base, TEN[0]: 7}
    assert [(one.index, one.others, one.arguments) for one in meetings(RULES["D25"], [base, nine])] == [
        (0, (1,), {"number": "9", "total": "10", "share": "90"}),
        (1, (0,), {"number": "9", "total": "10", "share": "90"}),
    ]
    assert meetings(RULES["D25"], [base, {**nine, "surveys_held": 3}]) == []
    few = {**base, TEN[0]: 0}
    assert meetings(RULES["D25"], [few, few]) == []
    assert [(one.index, one.others, one.count) for one in meetings(RULES["D25"], [base, base, base])] == [
        (0, (1, 2), 2),
        (1, (0, 2), 2),
        (2, (0, 1), 2),
    ]


def test_a_number_is_held_against_the_median_of_its_kind() -> None:
    """A thousand times is still fine, and so is a thousandth; ten returns of a kind are needed."""
    rest = [{"site_type": "portal", "cases_total": 2000}] * 9

    def far(number: Any) -> list[Meeting]:
        return meetings(RULES["D27"], [{"site_type": "portal", "cases_total": number}, *rest])

    assert [far(2000000), far(2)] == [[], []]
    assert far(2000001)[0].arguments == {"found": "「办件量·总数」2000001（中位数 2000）"}
    assert [(one.index, one.keys) for one in far(1)] == [(0, ("cases_total",))]
    assert meetings(RULES["D27"], [{"site_type": "portal", "cases_total": 1}, *rest[1:]]) == []
    assert meetings(RULES["D27"], [{"site_type": "special", "cases_total": 1}, *rest]) == []
    assert far(Decimal("1.99"))[0].keys == ("cases_total",)


def test_what_stands_out_is_the_clerks() -> None:
    """The others are named with their codes; nothing of it goes back to a filler, whose report the other's is not."""
    pair = [receipt(number, {"wechat_name": "某某发布"}, file=f"{number}.xlsx") for number in (1, 2)]
    told = compare_neighbours(report_rules(), pair)
    (finding,) = (one for one in told[0].findings if one.id == "D24" and one.key == "wechat_name")
    assert finding.arguments == {"others": "2.xlsx（0000000002）"}
    alike = [one for one in told[0].findings if one.id == "D25"]
    assert all(compares(one.id) for one in told[0].findings)
    assert [to_return(one) for one in told] == [False, False]
    assert len(alike) <= 1


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('id = "D24"', 'id = "C09"', "C09.id", "is no id of a rule between returns"),
        ('id = "D24"', 'id = "D25"', "D25", "stands twice"),
        (
            'function = "same_text"',
            'function = "share_of"',
            "D24.function",
            "'share_of' is no function; known are same",
        ),
        ('"weibo_name", "wechat_name"]', '"weibo_posts"]', "D24.function", "weibo_posts is no text"),
        ("share = 0.9", "share = 0.5", "D25.function", "share above 0.5"),
        ('by = "site_type"', 'by = "site_name"', "D27.function", "site_name is no choice"),
        ("{field}，与 {others} 相同", "{number}，与 {others} 相同", "D24.message", "names {number}"),
        ('{ weibo_name = "甲 发布" }', '{ site_name = "甲" }', "D24.bad[0]", "'site_name' is no field of this rule"),
    ],
)
def test_mistakes_of_the_file_are_told(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    """Each is named by the rule and what is wrong."""
    with pytest.raises(RuleError) as caught:
        load_rules(change(tmp_path, old, new), report_form())
    assert str(caught.value).partition("neighbours.toml: ")[2].startswith(f"{key}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '{ weibo_name = "甲 发布" }',
            '{ weibo_name = "乙发布" }',
            "D24.bad[0]: weibo_name = '甲发布'; weibo_name = '乙发布': none stands out",
        ),
        (
            '{ weibo_name = "乙发布" }, {',
            '{ weibo_name = "甲发布" }, {',
            "D24.ok[0]: weibo_name = '甲发布'; weibo_name = '甲发布'; wechat_name = '甲发布': one stands out",
        ),
        (  # the first of them is none of those that do
            '{ weibo_name = "乙发布" }, {',
            '{ weibo_name = "乙发布" }, { weibo_name = "丙发布" }, { weibo_name = "丙发布" }, {',
            "D24.ok[0]: weibo_name = '甲发布'; weibo_name = '乙发布'; weibo_name = '丙发布'; weibo_name = '丙发布'",
        ),
    ],
)
def test_examples_are_held_against_the_rule(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Of several returns that are fine none may stand out, of the others the first has to."""
    copy = change(tmp_path, old, new)
    found = [
        str(one).partition("neighbours.toml: ")[2] for one in contradictions(load_rules(copy, report_form()), copy)
    ]
    assert [one[: len(said)] for one in found] == [said]


def change(folder: Path, old: str, new: str) -> Path:
    """Return a copy of the rules with one place of the file changed."""
    copy = Path(shutil.copytree(rules_folder(report_form().folder), folder / "rules"))
    text = (copy / "neighbours.toml").read_text("utf-8")
    assert old in text
    (copy / "neighbours.toml").write_text(text.replace(old, new, 1), "utf-8")
    return copy
