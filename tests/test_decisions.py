"""What a clerk decides, and that it decides nothing else: two sites in one workbook, two sheets, later returns."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from gwxl.batch.batch import Batch
from gwxl.batch.decision import Decision, State
from gwxl.batch.judging import judge_batch
from gwxl.form.layout import lay_out
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status, Unread
from gwxl.terms import Terms
from tests.support.batches import YEAR, digest, finding, receipt, refuse, report_form, report_rules, site

VISITORS = "site_unique_visitors"
CHOICES = "（可填：采纳建议值、退回、暂缓）"
CHOICES = "（可填：采纳建议值、退回、暂缓）"
OPEN, DEFAULT, DECIDED, VOID, GONE = State
OTHER_RULES = frozenset(rule.id for rule in report_rules().rules) - {"A09", "B08", "B13"}


def judge(receipts: Sequence[Receipt], *rows: Decision) -> Batch:
    """Judge a batch of returns with rows."""
    return judge_batch(Terms(report_rules(), Period(YEAR)), receipts, rows)


def answer(receipts: Sequence[Receipt], **answers: str) -> list[Decision]:
    """Return the open rows, each answered by the word of its file's first letter."""
    return [replace(row, decision=answers.get(row.file[0], "")) for row in judge(receipts).decisions]


def in_sheet(one: Receipt, sheet: str, file: str = "a.xlsx") -> Receipt:
    """Return a receipt as that of a sheet of a workbook that holds several."""
    source = replace(one.source, file=file, sheet=sheet, sha256=digest(file))
    assert one.submission is not None
    return replace(one, source=source, submission=replace(one.submission, source=source))


def doubtful(number: int, file: str = "") -> Receipt:
    """Build a return with 1.2万 visitors."""
    wrong = Unread(raw="1.2万", kind="magnitude", proposal=12000)
    return receipt(number, {VISITORS: wrong}, findings=[finding("A09", VISITORS, proposal="12000")], file=file)


def hold(one: Receipt, reason: str = "项目名称被改动。") -> Receipt:
    """Return a receipt as held."""
    return replace(one, status=Status.HELD, reason=reason)


def visitors(batch: Batch) -> list[object]:
    """Return what was read as the visitors of each return."""
    return [one.submission.values.get(VISITORS) for one in batch.receipts if one.submission]


def states(batch: Batch) -> list[tuple[str, State, str]]:
    """Return file and state of each row, and what is told of it; made-up figures break rules once they are judged."""
    told = [row for row in batch.decisions if row.rule not in OTHER_RULES]
    return [(row.file, row.state, row.trouble) for row in told]


def fates(batch: Batch) -> dict[str, str]:
    """Return file (with sheet where there are several) → status."""
    return {f"{one.source.file}": one.status.value for one in batch.receipts}


def test_a_proposal_is_taken_for_one_sheet_alone() -> None:
    """Two sites in one workbook: what is taken for one leaves the other as it was, whatever the case of the hash."""
    pair = [in_sheet(doubtful(1), "填报表"), in_sheet(doubtful(2), "填报表 (2)")]
    rows = judge(pair).decisions
    place = lay_out(report_form()).cells[Path(VISITORS)].address
    assert rows[0].question == f"{place}「独立用户访问总量」未填，请核对。建议值：12000。{CHOICES}"
    assert [(row.sheet, row.site, row.name, row.rule) for row in rows] == [
        ("填报表", site(1), "网站名称（示例1）", "A09"),
        ("填报表 (2)", site(2), "网站名称（示例2）", "A09"),
    ]
    assert [(row.mine, row.proposal, row.other) for row in rows] == [
        (f"{place}「独立用户访问总量」未填", "12000", ""),
    ] * 2
    taken = judge(pair, replace(rows[0], decision="采纳建议值", sha256=rows[0].sha256.upper()), rows[1])
    assert [isinstance(value, Unread) for value in visitors(taken)] == [False, True]
    assert [row.state for row in taken.decisions if row.rule == "A09"] == [DECIDED, OPEN]
    (change,) = taken.receipts[0].submission.changes if taken.receipts[0].submission else ()
    assert (change.raw, change.value, change.kind) == ("1.2万", "12000", "decided")


@pytest.mark.parametrize(("proposal", "ticks"), [(False, ("accessible",)), (True, ("accessible", "other"))])
def test_a_proposed_tick_is_taken_alone(proposal: bool, ticks: tuple[str, ...]) -> None:  # noqa: FBT001 - a table
    """The proposal of one unreadable tick is taken beside the ticks that were read."""
    doubt = Unread(raw="☒", kind="not_a_tick", proposal=proposal)
    cells = {**dict.fromkeys(map(str, report_form().fields["innovations"].paths)), "innovations.accessible": True}
    one = receipt(1, {**cells, "innovations.other": doubt})
    assert one.submission is not None
    one = replace(one, findings=report_rules().judge(one.submission, period=Period(YEAR)))
    (row,) = [row for row in judge([one]).decisions if row.rule == "A09d"]
    taken = judge([one], replace(row, decision="采纳建议值")).receipts[0]
    assert taken.submission is not None
    assert taken.submission.values["innovations"] == ticks
    assert "A09d" not in {found.id for found in taken.findings}


def test_one_of_two_held_sheets_is_accepted() -> None:
    """Accepting one form of a workbook accepts no other; it settles what held it."""
    first, second = (in_sheet(receipt(n, findings=[finding("T01", "site_name")]), f"表{n}") for n in (1, 2))
    pair = [hold(first), hold(second)]
    row, other = judge(pair).decisions
    batch = judge(pair, replace(row, decision="接受", reason="电话核实", who="李某"), other)
    assert [one.status.value for one in batch.receipts] == ["findings", "held"]
    assert batch.receipts[0].findings[0].explanation == "电话核实 李某"
    assert [one.state for one in batch.decisions] == [DECIDED, OPEN]


def test_an_acceptance_is_of_what_it_was_held_for() -> None:
    """A return accepted for one reason is held again for another; both reasons are asked where there are two."""
    one = receipt(1)
    (row,) = answer([hold(one)], **{"0": "接受"})
    again = judge([hold(one, "年度不符。")], row)
    assert fates(again) == {one.source.file: "held"}
    assert [(told[1], told[2][:9]) for told in states(again)] == [(VOID, "作出这项决定以后情"), (OPEN, "")]
    years = judge_batch(Terms(report_rules(), Period(YEAR + 1)), [hold(one)], (row,))
    assert years.receipts[0].reason.startswith("项目名称被改动。 报的是 2024 年度，")


def test_what_nobody_read_is_not_accepted() -> None:
    """A summary that is held as a whole is no return: a word beside it decides nothing."""
    held = replace(refuse("s.xlsx", "?"), status=Status.HELD, reason="下级的汇总表。")
    row = Decision(sha256=held.source.sha256, file="s.xlsx", decision="接受", line=2)
    batch = judge([held], row)
    assert fates(batch) == {"s.xlsx": "held"}
    assert [one.state for one in batch.decisions if one.decision] == [VOID]


def test_a_rejected_return_is_turned_down() -> None:
    """Rejecting keeps a return out, in a status of its own, and says why; nothing is left to decide."""
    one = hold(receipt(1))
    (row,) = answer([one], **{"0": "不接受。"})
    batch = judge([one], replace(row, reason="口径不同"))
    assert (batch.receipts[0].status, batch.receipts[0].reason) == (Status.REJECTED, "经办人决定不采用：口径不同。")
    assert [state for _, state, _ in states(batch)] == [DECIDED]


def pair_of_one_site(*more: int) -> list[Receipt]:
    """Build returns of one site that differ, and that nothing tells which is later."""
    return [
        receipt(1, {"release_total": total}, file=f"{name}.xlsx")
        for name, total in zip("abcd", (7, 8, *more), strict=False)
    ]


def test_a_choice_covers_the_returns_it_was_made_between() -> None:
    """A third return opens the case again: it is not thrown away, and the old row is kept."""
    rows = answer(pair_of_one_site(), b="采用")
    batch = judge(pair_of_one_site(), *rows)
    assert fates(batch) == {"a.xlsx": "superseded", "b.xlsx": "ok"}
    assert states(batch) == [("b.xlsx", DECIDED, "")]
    third = judge(pair_of_one_site(9), *batch.decisions)
    assert set(fates(third).values()) == {"held"}
    assert [(file, state) for file, state, _ in states(third)] == [
        *[("b.xlsx", VOID), ("a.xlsx", OPEN), ("b.xlsx", OPEN), ("c.xlsx", OPEN)]
    ]
    assert third.in_vain[0][0] == 0
    final = judge(
        pair_of_one_site(9),
        *(replace(row, decision="采用") if row.file == "c.xlsx" else row for row in third.decisions),
    )
    assert (fates(final)["c.xlsx"], final.in_vain) == ("ok", ())
    assert [(file, state) for file, state, _ in states(final)] == [("b.xlsx", VOID), ("c.xlsx", DECIDED)]


def test_a_choice_stands_where_a_copy_comes_in_or_the_other_one_goes() -> None:
    """A byte for byte copy is no new return; where one is left there is nothing to choose."""
    rows = answer(pair_of_one_site(), b="采用")
    copy = in_sheet(pair_of_one_site()[1], pair_of_one_site()[1].source.sheet or "", "b2.xlsx")
    copy = replace(copy, source=replace(copy.source, sha256=digest("b.xlsx")))
    batch = judge([*pair_of_one_site(), copy], *rows)
    assert sorted(fates(batch).values()) == ["ok", "superseded", "superseded"]
    alone = judge(pair_of_one_site()[1:], *rows)
    assert states(alone) == [("b.xlsx", DECIDED, "")]


def test_the_marked_sheet_of_two_counts() -> None:
    """One workbook, two sheets of one site: the sheet that was chosen is used."""
    pair = [in_sheet(one, f"表{n}") for n, one in enumerate(pair_of_one_site())]
    rows = judge(pair).decisions
    batch = judge(pair, rows[0], replace(rows[1], decision="采用"))
    assert [one.status.value for one in batch.receipts] == ["superseded", "ok"]


def test_two_chosen_of_one_site_choose_none() -> None:
    """Each is told the line of the other, and all stay held."""
    batch = judge(pair_of_one_site(), *answer(pair_of_one_site(), a="采用", b="采用"))
    assert set(fates(batch).values()) == {"held"}
    assert states(batch) == [
        ("a.xlsx", OPEN, "与“b.xlsx”的决定互相矛盾，这几条仍为待决"),
        ("b.xlsx", OPEN, "与“a.xlsx”的决定互相矛盾，这几条仍为待决"),
    ]


def test_of_many_that_are_chosen_eight_are_named() -> None:
    """Each row names the first eight other returns and says how many there are; beside it the clerk sees twenty."""
    many = [receipt(1, {VISITORS: number}, file=f"a{number:02}.xlsx") for number in range(22)]
    rows = answer(many, a="采用")
    assert rows[0].other3.split("\n")[-1] == "……另有 1 份"
    told = [row.trouble for _, row in judge(many, *rows).in_vain]
    names = [f"“a{number:02}.xlsx”" for number in range(9)]
    assert told[0] == f"与{'、'.join(names[1:])} 等 21 份的决定互相矛盾，这几条仍为待决"
    assert told[21] == f"与{'、'.join(names[:8])} 等 21 份的决定互相矛盾，这几条仍为待决"
    few = many[:9]
    told = [row.trouble for _, row in judge(few, *answer(few, a="采用")).in_vain]
    assert told[8] == f"与{'、'.join(names[:8])}的决定互相矛盾，这几条仍为待决"


def test_accept_beside_reject_decides_nothing() -> None:
    """Two rows of one case that say otherwise contradict each other; two that say the same are one."""
    one = hold(receipt(1))
    (row,) = answer([one], **{"0": "接受"})
    batch = judge([one], row, replace(row, decision="不接受"))
    assert (fates(batch), [told[:2] for told in states(batch)]) == (
        {one.source.file: "held"},
        [(one.source.file, OPEN)] * 2,
    )
    same = judge([one], row, row)
    assert fates(same) == {one.source.file: "ok"} or fates(same) == {one.source.file: "findings"}
    assert [told[1:] for told in states(same)] == [(DECIDED, ""), (VOID, "与同一份的另一行重复，以那一行为准")]
    renamed = judge([one], replace(row, file="x.xlsx"), *[row] * 2)
    assert [told[2] for told in states(renamed)] == ["", *["与“x.xlsx”重复，以那一行为准"] * 2]


@pytest.mark.parametrize("word", ["", "暂缓"])
def test_a_row_that_decides_nothing_contradicts_none(word: str) -> None:
    """Beside one that is blank, or says that it can wait, the row that was answered counts."""
    one = doubtful(1)
    (row,) = answer([one], **{"0": "采纳建议值"})
    for rows in ([row, replace(row, decision=word)], [replace(row, decision=word), row]):
        batch = judge([one], *rows)
        assert visitors(batch) == [12000]
        assert [told.trouble for told in batch.decisions if told.state is DECIDED] == [""]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("接受", "“接受”不适用于这一条（可填：采纳建议值、退回、暂缓），这一条仍为待决"),
        ("也许", "“也许”不是可填的决定（可填：采纳建议值、退回、暂缓），这一条仍为待决"),
        ("也" * 40, f"“{'也' * 40}”不是可填的决定（可填：采纳建议值、退回、暂缓），这一条仍为待决"),
        ("也" * 41, f"“{'也' * 39}…”不是可填的决定（可填：采纳建议值、退回、暂缓），这一条仍为待决"),
        ("附件（）", "“附件（）”不适用于这一条（可填：采纳建议值、退回、暂缓），这一条仍为待决"),
    ],
)
def test_a_word_that_does_not_fit_leaves_the_case_open(word: str, told: str) -> None:
    """The row is named with what may be filled in, and keeps what stands in it."""
    one = doubtful(1)
    (row,) = answer([one], **{"0": word})
    batch = judge([one], replace(row, reason="问过"))
    assert [(row.state, row.decision, row.reason, row.trouble) for row in batch.decisions] == [
        (OPEN, word, "问过", told)
    ]
    assert isinstance(visitors(batch)[0], Unread)


def test_rows_that_meet_nothing_are_named() -> None:
    """A key no case has is named beside the case, a row whose file is gone is known as such, and both are kept."""
    one = doubtful(1)
    (row,) = answer([one], **{"0": "采纳建议值"})
    batch = judge([one], replace(row, key="release_total"), replace(row, sha256=digest("gone")))
    assert [state for _, state, _ in states(batch)] == [VOID, GONE, OPEN]
    assert [number for number, _ in batch.in_vain] == [0, 1]
    assert batch.in_vain[0][1].trouble.startswith("没有与这一行对应的待决事项")


def test_notes_without_a_decision_are_kept() -> None:
    """Who was rung up stands in the open row, and is kept when the case is gone."""
    one = doubtful(1)
    (row,) = judge([one]).decisions
    earlier = f"旧的{row.question[row.question.index('（可填') :]}"  # as another version asked it
    noted = replace(row, reason="周五答复", who="李某", when="1月9日", notes=(("备注", "忙"),), question=earlier)
    (kept,) = judge([one], noted).decisions
    assert (kept.reason, kept.who, kept.when, kept.notes) == ("周五答复", "李某", "1月9日", (("备注", "忙"),))
    assert (kept.state, kept.question) == (OPEN, row.question)
    assert states(judge([receipt(1)], kept))[0][1:] == (GONE if row.sha256 != receipt(1).source.sha256 else VOID, "")
    assert judge([receipt(1)], row).decisions == ()


def test_a_later_return_counts_by_default() -> None:
    """Where one is later nothing waits for the clerk, though she may choose; what she chooses counts."""
    early, late = pair_of_one_site()
    pair = [date_report(early, "2025-01-05"), date_report(late, "2025-01-06")]
    batch = judge(pair)
    assert fates(batch) == {"a.xlsx": "superseded", "b.xlsx": "findings"}
    assert [state for _, state, _ in states(batch)] == [DEFAULT, DEFAULT]
    other = judge(pair, *answer(pair, a="采用"))
    assert fates(other) == {"a.xlsx": "ok", "b.xlsx": "superseded"}
    settled = judge(pair, *answer(pair, b="已核实"))
    assert (settled.counts.passed, [told[1] for told in states(settled)]) == (1, [DECIDED])


def date_report(one: Receipt, day: str) -> Receipt:
    """Return a receipt with a date of the report."""
    assert one.submission is not None
    return replace(one, submission=replace(one.submission, surround={"report_date": day}))


def test_a_verify_is_settled_an_error_is_not() -> None:
    """The clerk can settle a verify by telephone; an error goes back, and the row says so."""
    findings = [finding("B13", "messages_resolved", Severity.VERIFY), finding("B08", "service_items_online")]
    one = receipt(1, findings=findings)
    (row,) = answer([one], **{"0": "已核实"})
    batch = judge([one], row, replace(row, rule="B08", key="service_items_online"))
    assert {found.id: found.settled for found in batch.receipts[0].findings} == {"B13": True, "B08": False}
    assert [told[1] for told in states(batch)] == [DECIDED, VOID]


def test_what_the_filler_explained_stays_explained_by_the_filler() -> None:
    """A word beside a doubt that is settled already decides nothing, and takes no words away."""
    settled = replace(finding("B13", "messages_resolved", Severity.VERIFY), settled=True, explanation="含上年结转")
    open_ = finding("B13", "messages_resolved", Severity.VERIFY)
    (row,) = answer([receipt(1, findings=[open_])], **{"0": "已核实"})
    batch = judge([receipt(1, findings=[settled])], replace(row, reason="电话核实"))
    assert [one.explanation for one in batch.receipts[0].findings if one.id == "B13"] == ["含上年结转"]
    assert [told[1] for told in states(batch)] == [VOID]


def test_a_doubt_about_two_sites_covers_both() -> None:
    """One name under two codes, settled for one: a third site with it opens the case again."""
    sites = [receipt(n, {"site_name": "同名网站"}, file=f"{n}.xlsx") for n in (1, 2, 3)]
    rows = answer(sites[:2], **{"1": "已核实", "2": "已核实"})
    assert judge(sites[:2], *rows).counts.verify == 0
    assert judge(sites, *rows).counts.verify == 3


def test_a_code_is_given_to_one_of_two_senders() -> None:
    """The right code is read instead of the one that is another's; a code the form does not allow is told."""
    pair = two_senders()
    rows = answer(pair, b="改标识码（0000000041）")
    batch = judge(pair, *rows)
    assert [
        (one.source.file, batch.site(one), one.status in {Status.OK, Status.FINDINGS}) for one in batch.receipts
    ] == [
        ("a.xlsx", site(1), True),
        ("b.xlsx", site(41), True),
    ]
    changes = batch.receipts[1].submission.changes if batch.receipts[1].submission else ()
    assert [(change.raw, change.value, change.kind) for change in changes] == [(site(1), site(41), "recoded")]
    assert [told[:2] for told in states(batch)] == [("b.xlsx", DECIDED)]
    wrong = judge(pair, *answer(pair, b="改标识码（4）"))
    assert fates(wrong) == {"a.xlsx": "held", "b.xlsx": "held"}
    assert states(wrong)[1][2] == "“改标识码（4）”：不符合政府网站标识码的填写要求，这一条仍为待决"


def test_what_was_turned_down_never_counts_without_a_word() -> None:
    """Where nothing asks any more why it was turned down, it is held until the clerk decides anew; her word stands."""
    pair = two_senders()
    rows = [replace(row, reason="码不是他们的") for row in answer(pair, a="采用", b="不接受")]
    assert fates(judge(pair, *rows)) == {"a.xlsx": "ok", "b.xlsx": "rejected"}
    alone = judge(pair[1:], *judge(pair, *rows).decisions)
    assert fates(alone) == {"b.xlsx": "held"}
    assert alone.receipts[0].reason.startswith("经办人曾定为不接受（见原来那一行），当时的缘由这次已不在")
    assert [row.state for row in alone.decisions] == [GONE, VOID, OPEN]
    for word, fate in (("接受", "findings"), ("不接受", "rejected")):
        again = [replace(row, decision=word) if row.state is OPEN else row for row in alone.decisions]
        anew = judge(pair[1:], *again)
        assert fates(anew) == {"b.xlsx": fate}
        assert fates(judge(pair[1:], *anew.decisions)) == {"b.xlsx": fate}


def test_what_was_turned_down_as_held_does_not_come_back_unheld() -> None:
    """A return that was turned down when signatures were demanded supersedes nothing when they are not."""
    one, other = receipt(1, {"release_total": 7}, file="a.xlsx"), receipt(1, {"release_total": 9}, file="b.xlsx")
    rows = answer([one, hold(other, "没有签名。")], b="不接受")
    assert fates(judge([one, hold(other, "没有签名。")], *rows)) == {"a.xlsx": "ok", "b.xlsx": "rejected"}
    assert fates(judge([one, other], *rows)) == {"a.xlsx": "ok", "b.xlsx": "held"}


def test_a_code_that_has_a_return_is_asked_about_once_more() -> None:
    """The corrected code may be a third sender's; that is a case of its own, and can be decided in turn."""
    pair, third = (
        two_senders(),
        receipt(41, {"site_name": "丙", "site_url": "http://c.cn", "site_sponsor": "丙局"}, file="c.xlsx"),
    )
    batch = judge([*pair, third], *answer([*pair, third], b="改标识码（0000000041）"))
    assert fates(batch)["b.xlsx"] == fates(batch)["c.xlsx"] == "held"
    assert [told[:2] for told in states(batch)] == [("b.xlsx", DECIDED), ("b.xlsx", OPEN), ("c.xlsx", OPEN)]
    rows = [replace(row, decision="采用") if row.file == "c.xlsx" else row for row in batch.decisions]
    final = judge([*pair, third], *rows)
    assert (fates(final)["b.xlsx"], final.in_vain) == ("rejected", ())


def two_senders() -> list[Receipt]:
    """Build two returns of one code from two units."""
    said = ({"site_name": f"{n}网站", "site_url": f"http://{n}.cn", "site_sponsor": f"{n}局"} for n in ("甲", "乙"))
    return [receipt(1, cells, file=f"{name}.xlsx") for name, cells in zip("ab", said, strict=True)]


def scan(file: str, content: str = "") -> Receipt:
    """Build the receipt of a refused PDF."""
    one = refuse(file, "是 PDF。")
    fault = Finding(id="pdf", severity=Severity.ERROR, message="{reason}", arguments={"reason": "是 PDF。"})
    return replace(one, findings=(fault,), source=replace(one.source, sha256=digest(content or file)))


def test_a_scan_is_given_to_a_site() -> None:
    """It is ignored with the reason; a code that no site has is named. The same scan of another sender stays."""
    files = [receipt(31, file="a.xlsx"), scan("s.pdf", "stamp"), scan("t.pdf", "stamp")]
    rows = answer(files, s="附件（0000000031）")
    assert [(row.file, row.rule) for row in rows] == [("s.pdf", "pdf"), ("t.pdf", "pdf")]
    batch = judge(files, *rows)
    assert fates(batch) == {"a.xlsx": "ok", "s.pdf": "ignored", "t.pdf": "refused"}
    assert batch.receipts[1].reason == f"附件，经办人定为随 a.xlsx 报送（{site(31)}）"
    assert [told[:2] for told in states(batch)] == [("s.pdf", DECIDED), ("t.pdf", OPEN)]
    nobody = judge(files, *answer(files, s="附件（9）"))
    assert states(nobody)[0][1:] == (OPEN, "“附件（9）”：没有收到这个政府网站标识码的报表，这一条仍为待决")


def test_an_old_row_knows_no_sheet() -> None:
    """A row of before there were sheets is met where it can mean one sheet alone, by its site; then it names it."""
    pair = [in_sheet(doubtful(1), "填报表"), in_sheet(doubtful(2), "填报表 (2)")]
    row = replace(judge(pair).decisions[1], decision="采纳建议值", sheet="", covers="")
    assert [isinstance(value, Unread) for value in visitors(judge(pair, row))] == [True, False]
    assert judge(pair, row).decisions[0].sheet == "填报表 (2)"
    unsure = judge(pair, replace(row, site=""))
    assert [isinstance(value, Unread) for value in visitors(unsure)] == [True, True]
    assert states(unsure)[0][2].startswith("分不清这一行指的是哪一张工作表")


def test_a_row_of_a_sheet_or_a_copy_that_was_renamed() -> None:
    """The only sheet, and the only scan, of a file are met under any name; of several, one that is not there is not."""
    one = doubtful(1)
    (row,) = answer([one], **{"0": "采纳建议值"})
    assert visitors(judge([one], replace(row, sheet="旧名"))) == [12000]
    pair = [in_sheet(doubtful(1), "填报表"), in_sheet(doubtful(2), "填报表 (2)")]
    gone = judge(pair, replace(judge(pair).decisions[0], decision="采纳建议值", sheet="填报表 (9)"))
    assert [isinstance(value, Unread) for value in visitors(gone)] == [True, True]
    (void,) = (row for row in gone.decisions if row.sheet == "填报表 (9)")
    assert (void.state, void.trouble[:13]) == (VOID, "没有与这一行对应的待决事项")
    files = [receipt(31, file="a.xlsx"), scan("s.pdf", "stamp")]
    (row,) = (replace(row, file="u.pdf") for row in answer(files, s="附件（0000000031）"))
    assert fates(judge(files, row)) == {"a.xlsx": "ok", "s.pdf": "ignored"}
    copies = [*files, scan("t.pdf", "stamp")]
    assert fates(judge(copies, row)) == {"a.xlsx": "ok", "s.pdf": "refused", "t.pdf": "refused"}
    assert [one.state for one in judge(copies, row).decisions if one.file == "u.pdf"] == [GONE]


def test_what_a_row_did_names_forty_characters_of_its_value() -> None:
    """A code that long is cut in what the row is said to have done, not in what it does."""
    for length, shown in ((40, "9" * 40), (41, "9" * 39 + "…")):
        files = [receipt(31, {"site_code": "9" * length}, file="a.xlsx"), scan("s.pdf")]
        batch = judge(files, *answer(files, s=f"附件（{'9' * length}）"))
        (effect,) = (row.effect for row in batch.decisions if row.file == "s.pdf")
        assert effect == f"已照办：作为 {shown} 的附件"


def test_a_row_without_a_hash_is_met_by_its_words() -> None:
    """Where the clerk deleted the hash, file, rule and question tell the case; another question does not."""
    one = doubtful(1)
    (row,) = answer([one], **{"0": "采纳建议值"})
    assert visitors(judge([one], replace(row, sha256="", covers="", sheet=""))) == [12000]
    other = judge([one], replace(row, sha256="", question="别的"))
    assert isinstance(visitors(other)[0], Unread)
    assert [told[1] for told in states(other)] == [VOID, OPEN]


@pytest.mark.parametrize("word", ["同意", "是。", "采纳", "y", "Yes."])
def test_yes_is_understood_where_it_can_mean_one_thing(word: str) -> None:
    """A proposal is taken, a held return accepted; of a row that may be a total nothing is guessed."""
    one = doubtful(1)
    batch = judge([one], *answer([one], **{"0": word}))
    assert visitors(batch) == [12000]
    assert [(row.effect, row.verb) for row in batch.decisions if row.rule == "A09"] == [("已照办：按建议值计", "take")]
    kept = hold(receipt(2, file="b.xlsx"))
    assert fates(judge([kept], *answer([kept], b=word)))["b.xlsx"] in {"ok", "findings"}
    pair = two_senders()
    told = judge(pair, *answer(pair, a=word))
    assert fates(told) == {"a.xlsx": "held", "b.xlsx": "held"}
    assert told.in_vain[0][1].trouble.startswith(f"“{word}”不适用于这一条")


def test_what_is_put_off_stays_open() -> None:
    """The row keeps the note, says that it was understood, and nothing counts."""
    one = doubtful(1)
    (row,) = answer([one], **{"0": "暂缓。"})
    batch = judge([one], replace(row, reason="周五再问"))
    (told,) = [row for row in batch.decisions if row.rule == "A09"]
    assert (told.state, told.effect, told.trouble, told.reason) == (OPEN, "已记下：暂缓，仍为待决", "", "周五再问")
    assert (batch.in_vain, isinstance(visitors(batch)[0], Unread)) == ((), True)


def test_what_is_sent_back_counts_no_more() -> None:
    """Whatever was asked: a proposal, one of two returns, a held one; the reason is said, and it stays so."""
    one = doubtful(1)
    back = judge([one], *[replace(row, reason="总数不对") for row in answer([one], **{"0": "退回"})])
    assert (back.receipts[0].status, back.receipts[0].reason) == (Status.REJECTED, "经办人退回：总数不对。")
    assert [row.effect for row in back.decisions if row.rule == "A09"] == ["已照办：不计入，由 gwxl return 退回"]
    assert fates(judge([one], *back.decisions)) == {one.source.file: "rejected"}
    pair = pair_of_one_site()
    decided = judge(pair, *answer(pair, a="退回"))
    assert fates(decided)["a.xlsx"] == "rejected"
    assert fates(decided)["b.xlsx"] in {"ok", "findings"}
    kept = hold(receipt(2, file="b.xlsx"))
    turned = judge([kept], *answer([kept], b="退回"))
    assert turned.receipts[0].reason == "经办人退回，请核对改正后重新报送。项目名称被改动。"
    contrary = judge([one], *answer([one], **{"0": "退回"}), *answer([one], **{"0": "采纳建议值"}))
    assert fates(contrary) == {one.source.file: "findings"}
    assert all("互相矛盾" in row.trouble for _, row in contrary.in_vain)


def test_two_chosen_of_one_site_count_neither_though_one_is_later() -> None:
    """What dates would decide is undone by a clerk who says two things: both wait, and both rows say why."""
    dated = [
        replace(one, source=replace(one.source, modified=f"2027-01-0{day}T08:00:00Z"))
        for day, one in enumerate(pair_of_one_site(), 1)
    ]
    assert fates(judge(dated))["a.xlsx"] == "superseded"
    batch = judge(dated, *answer(dated, a="采用", b="采用"))
    assert fates(batch) == {"a.xlsx": "held", "b.xlsx": "held"}
    reason = "是同一政府网站标识码、数据不同，待决事项中选定了不止一份，须由经办人只选定一份。"
    assert [one.reason for one in batch.receipts] == [f"与 b.xlsx {reason}", f"与 a.xlsx {reason}"]
    assert [("互相矛盾" in row.trouble, row.state) for _, row in batch.in_vain] == [(True, OPEN)] * 2
