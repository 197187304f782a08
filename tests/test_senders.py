"""One code from several senders: rule D05."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from gwxl.batch.differences import find_differing, group_alike
from gwxl.batch.duplicates import resolve_duplicates
from gwxl.batch.judging import judge_batch
from gwxl.batch.senders import host, read_sender, senders_of
from gwxl.records.path import Path as FormPath
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status
from gwxl.returns.planning import Sending
from gwxl.returns.returning import send_receipts
from gwxl.terms import Terms
from tests.support.batches import receipt, report_form, report_rules, site
from tests.support.command import document
from tests.support.inboxes import decide, merge, send, statuses
from tests.support.inboxes import site as told_of

NONE: frozenset[Source] = frozenset()
HELD, REJECTED, SUPERSEDED = Status.HELD, Status.REJECTED, Status.SUPERSEDED

OWN: dict[str, Any] = {
    "site_name": "示例市人民政府门户网站",
    "site_url": "http://www.a.gov.cn",
    "site_sponsor": "示例市人民政府办公室",
}
OTHER: dict[str, Any] = {
    "site_name": "示例市审计局网站",
    "site_url": "http://sj.a.gov.cn",
    "site_sponsor": "示例市审计局",
}


def one(file: str, said: Mapping[str, Any] = OWN, *, total: int = 702, day: str = "", issued: str = "") -> Receipt:
    """Build a return of code 1."""
    built = receipt(1, {**said, "release_total": total}, file=file)
    assert built.submission is not None
    identity = replace(built.submission.identity, site_code=issued or None)
    surround = {"report_date": day} if day else {}
    return replace(built, submission=replace(built.submission, surround=surround, identity=identity))


def resolve(
    receipts: Sequence[Receipt], chosen: str = "", turned_down: Mapping[str, str] | None = None
) -> list[Receipt]:
    """Resolve returns; choices are made by file."""
    by_file = {each.source.file: each.source for each in receipts}
    picked = frozenset({by_file[chosen]}) if chosen else NONE
    rejected = {by_file[file]: words for file, words in (turned_down or {}).items()}
    return list(resolve_duplicates(report_form(), receipts, picked, rejected))


def fates(receipts: Sequence[Receipt]) -> dict[str, tuple[Status, list[str]]]:
    """Return file → status and finding ids."""
    return {each.source.file: (each.status, [finding.id for finding in each.findings]) for each in receipts}


@pytest.mark.parametrize(
    ("said", "apart"),
    [
        ({}, False),
        ({"site_name": OTHER["site_name"]}, False),
        ({"site_url": OTHER["site_url"]}, False),
        ({"site_sponsor": OTHER["site_sponsor"]}, False),
        ({"site_name": OTHER["site_name"], "site_url": OTHER["site_url"]}, True),
        ({"site_name": OTHER["site_name"], "site_sponsor": OTHER["site_sponsor"]}, True),
        ({"site_url": OTHER["site_url"], "site_sponsor": OTHER["site_sponsor"]}, True),
        ({"site_name": OTHER["site_name"], "site_url": None}, False),
        ({"site_name": OTHER["site_name"], "site_url": "—", "site_sponsor": None}, False),
        ({"site_name": "示例市人民政府（门户）网站", "site_sponsor": "示例市·人民政府办公室。"}, False),
        ({"site_name": "示例市 人民政府（门户）网站", "site_url": "HTTPS://a.gov.cn:8080/index.html?a=1"}, False),
        (
            {
                "site_name": "示例市人民政府门户网站。",
                "site_url": "ｗｗｗ.ａ.gov.cn/",
                "site_sponsor": "示例市\u200b人民政府办公室",
            },
            False,
        ),
    ],
)
def test_two_of_name_host_and_sponsor_tell_two_senders(said: dict[str, Any], apart: bool) -> None:  # noqa: FBT001
    """One that differs may be a correction, two may not; a blank, and how it is written, says nothing."""
    pair = [one("a.xlsx", day="2027-01-08"), one("b.xlsx", {**OWN, **said}, total=9, day="2027-01-09")]
    wanted = (HELD, ["D05"]) if apart else (SUPERSEDED, ["D02"])
    assert fates(resolve(pair))["a.xlsx"] == wanted
    assert fates(resolve(pair[::-1]))["a.xlsx"] == wanted


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [("01", "02", True), ("01", "01", False), ("01", "", False), ("", "01", False), ("", "", False)],
)
def test_two_sites_the_workbooks_were_issued_to_are_two_senders(first: str, second: str, apart: bool) -> None:  # noqa: FBT001
    """The code a workbook was issued to tells more than anything typed."""
    pair = [one("a.xlsx", day="2027-01-08", issued=first), one("b.xlsx", total=9, day="2027-01-09", issued=second)]
    assert fates(resolve(pair))["a.xlsx"] == ((HELD, ["D05"]) if apart else (SUPERSEDED, ["D02"]))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://www.a.gov.cn/x/y.html", "a.gov.cn"),
        ("https://A.gov.cn:443", "a.gov.cn"),
        ("a.gov.cn", "a.gov.cn"),
        ("//a.gov.cn/", "a.gov.cn"),
        ("http://user@a-b.gov.cn./", "a-b.gov.cn"),
        ("http：／／ｗｗｗ.a。gov.cn", "a.gov.cn"),
        ("", ""),
        ("http://", ""),
    ],
)
def test_the_host_of_a_url(url: str, found: str) -> None:
    """Scheme, port, path, ``www.`` and width do not matter."""
    assert host(url) == found


def test_a_finding_names_the_others_and_what_differs() -> None:
    """It stands at the code, is open, and says who else gave it; the reason asks the clerk."""
    held, _ = resolve([one("门户.xlsx"), one("审计局.xlsx", OTHER)])
    (finding,) = held.findings
    assert (finding.key, finding.value, finding.severity.value, finding.open) == ("site_code", site(1), "error", True)
    assert finding.source is not None
    assert finding.arguments == {"others": "审计局.xlsx", "what": "网站名称、首页网址、主办单位"}
    assert held.reason == "与 审计局.xlsx 的政府网站标识码相同，而不像是同一个单位，须由经办人认定它是哪一份的。"


def test_within_one_sender_the_later_counts_and_copies_fall_together() -> None:
    """What one sender sent again is set aside before the senders are held."""
    group = [
        one("a1.xlsx", day="2027-01-08"),
        one("a2.xlsx", day="2027-01-09", total=9),
        one("b1.xlsx", OTHER),
        one("b2.xlsx", OTHER),
        one("b3.xlsx", {**OTHER, "site_name": "示例市审计局"}),
    ]
    found = fates(resolve(group))
    assert [found[name][0] for name in ("a1.xlsx", "a2.xlsx", "b1.xlsx", "b2.xlsx", "b3.xlsx")] == [
        SUPERSEDED,
        HELD,
        HELD,
        SUPERSEDED,
        HELD,
    ]
    assert found["a2.xlsx"][1] == ["D05", "D02"]


def test_a_return_like_two_senders_makes_nobody_later() -> None:
    """It is like either of two that are not one: nothing supersedes anything, whatever the order."""
    a = one("a.xlsx", day="2027-01-08")
    between = one("b.xlsx", {**OWN, "site_name": OTHER["site_name"]}, day="2027-01-09", total=9)
    c = one("c.xlsx", {**OTHER, "site_sponsor": OWN["site_sponsor"]}, day="2027-01-10", total=10)
    for order in permutations([a, between, c]):
        assert {status for status, _ in fates(resolve(order)).values()} == {HELD}


def test_a_blank_that_is_like_two_senders_is_held_with_them() -> None:
    """What says nothing of its sender may be anybody's."""
    nothing = one("c.xlsx", dict.fromkeys(OWN), day="2027-02-01", total=5)
    found = fates(resolve([one("a.xlsx"), one("b.xlsx", OTHER), nothing]))
    assert {name: status for name, (status, _) in found.items()} == dict.fromkeys(("a.xlsx", "b.xlsx", "c.xlsx"), HELD)


def test_many_senders_are_told_apart_in_one_go() -> None:
    """More than are compared in pairs: all of one sponsor and host are one sender, all different ones are held."""
    same = [one(f"{number}.xlsx", {**OWN, "site_name": f"名{number}"}, total=number) for number in range(40)]
    assert len(senders_of(report_form(), same)) == 1
    varied = [
        one(f"{number}.xlsx", {**OWN, "site_name": f"名{number}", "site_url": f"http://h{number}.cn"})
        for number in range(40)
    ]
    assert len(senders_of(report_form(), varied)) == 40
    alternating = [
        one(f"{number}.xlsx", {**OWN, "site_name": f"名{number % 2}", "site_url": f"http://h{number}.cn"})
        for number in range(40)
    ]
    assert len(senders_of(report_form(), alternating)) == 40
    held = resolve(varied)
    assert {each.status for each in held} == {HELD}
    others = {each.findings[0].arguments["others"] for each in held}
    assert all(words.count("、") == 7 and words.endswith(" 等 39 份") for words in others)


def test_the_chosen_one_counts_and_the_others_are_rejected() -> None:
    """What the other sender sent before stays superseded; its last one is rejected for the code, which is another's."""
    group = [one("a.xlsx"), one("b1.xlsx", OTHER, day="2027-01-08"), one("b2.xlsx", OTHER, day="2027-01-09", total=9)]
    own, old, last = resolve(group, "a.xlsx")
    assert (own.status, own.findings) == (Status.OK, ())
    assert (old.status, last.status) == (SUPERSEDED, REJECTED)
    assert last.reason == f"政府网站标识码 {site(1)} 已认定不是这一份的，请核对并改填自己的政府网站标识码。"
    assert [(finding.id, finding.key) for finding in last.findings] == [("D05", "site_code")]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("电话核实过。", "经办人决定不采用：电话核实过。"),
        ("", f"政府网站标识码 {site(1)} 已认定不是这一份的，请核对并改填自己的政府网站标识码。"),
    ],
)
def test_turning_one_of_two_down_leaves_the_other(words: str, reason: str) -> None:
    """With one sender left, the code is that one's."""
    own, other = resolve([one("a.xlsx"), one("b.xlsx", OTHER)], turned_down={"b.xlsx": words})
    assert (own.status, other.status, other.reason) == (Status.OK, REJECTED, reason)


def test_what_replaced_a_return_is_turned_down_with_it() -> None:
    """An earlier return of the one that is turned down does not come back: the other one's code it is."""
    group = [one("a.xlsx"), one("b1.xlsx", OTHER, day="2027-01-08"), one("b2.xlsx", OTHER, day="2027-01-09", total=9)]
    assert [each.status for each in resolve(group, turned_down={"b2.xlsx": ""})] == [Status.OK, SUPERSEDED, REJECTED]


def test_the_sender_who_is_left_may_have_corrected() -> None:
    """The earlier of two returns of the owner stays replaced, and takes nothing from the other."""
    group = [one("a1.xlsx", day="2027-01-08"), one("a2.xlsx", day="2027-01-09", total=9), one("b.xlsx", OTHER)]
    fate = [each.status for each in resolve(group, turned_down={"b.xlsx": ""})]
    assert fate == [SUPERSEDED, Status.FINDINGS, REJECTED]


def test_turning_one_of_three_down_leaves_two_held() -> None:
    """Who of the others it is, is still to be said."""
    third = {"site_name": "丙", "site_url": "http://c.cn", "site_sponsor": "丙局"}
    found = resolve([one("a.xlsx"), one("b.xlsx", OTHER), one("c.xlsx", third)], turned_down={"b.xlsx": ""})
    assert [each.status for each in found] == [HELD, REJECTED, HELD]


def test_two_chosen_senders_decide_nothing() -> None:
    """A code belongs to one: both stay held."""
    pair = [one("a.xlsx"), one("b.xlsx", OTHER)]
    chosen = frozenset(each.source for each in pair)
    assert {each.status for each in resolve_duplicates(report_form(), pair, chosen)} == {HELD}


@pytest.mark.parametrize(("verb", "wanted"), [("use", Status.OK), ("reject", REJECTED)])
def test_each_held_one_asks_and_is_answered(verb: str, wanted: Status) -> None:
    """Each return has a row of its own under D05; choosing and rejecting both settle the other one too."""
    pair = [one("a.xlsx"), one("b.xlsx", OTHER)]
    asked = judge_batch(Terms(report_rules()), pair, ()).decisions
    assert [(case.file, case.rule, case.site) for case in asked] == [
        ("a.xlsx", "D05", site(1)),
        ("b.xlsx", "D05", site(1)),
    ]
    batch = judge_batch(Terms(report_rules()), pair, (replace(asked[0], decision=verb), asked[1]))
    assert {each.source.file: each.status for each in batch.receipts}["a.xlsx"] is wanted
    assert sum(each.status is REJECTED for each in batch.receipts) == 1
    assert [case for case in batch.decisions if not case.decision] == []


def test_the_order_of_files_does_not_matter() -> None:
    """Any order of the same returns ends in the same fates and the same words."""
    group = [one("a.xlsx"), one("b.xlsx", OTHER), one("c.xlsx", OTHER, total=9, day="2027-01-09")]
    every = [
        sorted((each.source.file, each.status, each.reason) for each in resolve(order)) for order in permutations(group)
    ]
    assert {tuple((file, status) for file, status, _ in found) for found in every} == {
        (("a.xlsx", HELD), ("b.xlsx", HELD), ("c.xlsx", HELD))
    }


def test_a_unit_stands_for_a_sponsor_where_none_is_asked() -> None:
    """A form without the role compares who reported it."""
    form = report_form()
    plain = replace(form, roles=replace(form.roles, sponsor=""))
    filed = one("a.xlsx")
    assert filed.submission is not None
    filed = replace(filed, submission=replace(filed.submission, surround={"reporting_unit": "甲 局"}))
    assert dict(read_sender(plain, filed).told)["reporting_unit"] == "甲局"


def test_where_no_code_is_asked_the_one_it_was_issued_to_is_named() -> None:
    """The finding stands at no cell, and says the code in the place of one."""
    form = report_form()
    codeless = replace(form, roles=replace(form.roles, code=""))
    pair = [one("a.xlsx", issued="bm01"), one("b.xlsx", OTHER, issued="bm01")]
    (found, *_), _ = (each.findings for each in resolve_duplicates(codeless, pair, NONE))
    assert (found.id, found.key, found.operands, found.shown, found.value) == ("D05", None, (), {}, None)
    assert found.arguments["field"] == "bm01"


def test_alike_and_differing_of_many() -> None:
    """Groups are told by what they say, and the cells that differ are named once, whatever the number."""
    many = [one(f"{number}.xlsx", total=number % 3) for number in range(60)]
    assert [len(same) for same in group_alike(many)] == [20, 20, 20]
    assert [same[0].source.file for same in group_alike(many)] == ["0.xlsx", "1.xlsx", "2.xlsx"]
    assert find_differing(many) == {"release_total"}
    held = resolve_duplicates(report_form(), many, NONE)
    ten = resolve([one(f"{number}.xlsx", total=number) for number in range(10)])
    assert ten[9].reason.startswith("与 0.xlsx、1.xlsx、2.xlsx、3.xlsx、4.xlsx、5.xlsx、6.xlsx、7.xlsx 等 9 份 是")
    longest = max(len(finding.arguments["message"]) for each in held for finding in each.findings)
    assert longest < 400


def test_one_that_differs_leaves_the_others_together() -> None:
    """What a third return says is no reason to take two of one sender apart."""
    partly = {"site_name": OWN["site_name"], "site_url": None, "site_sponsor": OWN["site_sponsor"]}
    group = [one("a.xlsx"), one("b.xlsx", partly), one("c.xlsx", OTHER)]
    assert [[each.source.file for each in sender] for sender in senders_of(report_form(), group)] == [
        ["a.xlsx", "b.xlsx"],
        ["c.xlsx"],
    ]


@pytest.mark.parametrize(("others", "senders"), [(30, 31), (31, 33)])
def test_up_to_32_are_compared_one_by_one(others: int, senders: int) -> None:
    """Two of one sender who say it differently are one as long as so many are compared; beyond, all are told apart."""
    partly = {"site_name": OWN["site_name"], "site_url": None, "site_sponsor": OWN["site_sponsor"]}
    strangers = [
        one(
            f"{number}.xlsx",
            {key: f"{number}号{value}" for key, value in OTHER.items() if key != "site_url"}
            | {"site_url": f"http://s{number}.a.gov.cn"},
        )
        for number in range(others)
    ]
    assert len(senders_of(report_form(), [one("a.xlsx"), one("b.xlsx", partly), *strangers])) == senders


# Through the real files


def test_of_two_real_senders_neither_is_superseded(tmp_path: Path) -> None:
    """Equal dates, one saved later: both are held; the chosen one counts and the other goes back with its answers."""
    inbox = tmp_path / "inbox"
    send(inbox, "门户.xlsx", **OWN)
    send(inbox, "审计局.xlsx", **{**told_of(1), **OTHER, "release_total": 711})
    first = merge(inbox)
    assert statuses(first) == {"门户.xlsx": "held", "审计局.xlsx": "held"}
    assert "D05" in decide(first, {"门户.xlsx": "采用"})
    second = merge(inbox)
    assert statuses(second) == {"门户.xlsx": "ok", "审计局.xlsx": "rejected"}
    assert (second.batch.counts.accepted, second.batch.counts.rejected) == (1, 1)
    assert second.totals[FormPath("release_total")].value == 702
    back = document("return", "--from", second.summary.name, "-o", "back", cwd=tmp_path, code=1)
    (told,) = (file for file in back["files"] if file["workbook"])
    assert (told["file"], told["status"], told["left_behind"]) == ("审计局.xlsx", "rejected", [])
    assert told["points"] == [{"id": "D05", "severity": "error", "key": "site_code", "state": None}]
    letter = (tmp_path / told["letter"]).read_text("utf-8")
    assert "已认定不是这一份的，一个政府网站标识码只能用于一份报表" in letter
    assert "门户" not in letter


def test_a_held_code_goes_back_to_nobody(tmp_path: Path) -> None:
    """Before the clerk has said whose code it is, nobody is told anything."""
    inbox = tmp_path / "inbox"
    send(inbox, "门户.xlsx", **OWN)
    send(inbox, "审计局.xlsx", **OTHER)
    sending = Sending(folder=tmp_path / "back")
    returned = list(send_receipts(Terms("website_annual_report"), merge(inbox).batch.receipts, sending))
    assert [(each.receipt.status, each.workbook) for each in returned] == [(HELD, None), (HELD, None)]
