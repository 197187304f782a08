"""Corrections: known by the mark of their round and their sender; forged marks replace nothing."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from gwxl.batch.batch import Batch
from gwxl.batch.corrections import Trust, identify_return, ignore_unfilled, replace_corrected, site_to_remember
from gwxl.batch.decision import Decision, State
from gwxl.batch.judging import judge_batch
from gwxl.form.identity import issue_identity
from gwxl.form.layout import lay_out
from gwxl.form.rounds import read_round, round_rows
from gwxl.form.signature import CampaignKey
from gwxl.intake.authenticity import identity_findings
from gwxl.intake.contents import contents, digest
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.signals import why_held
from gwxl.records.submission import Answered, Round, Status
from gwxl.returns.planning import Sending
from gwxl.returns.returning import send_receipts
from gwxl.terms import Terms
from tests.support.batches import YEAR, receipt, report_form, report_rules, site
from tests.support.command import document, say
from tests.support.filling import put
from tests.support.rounds import FORGED, KEY, VICTIM, Forged, correction, identify, mark, mark_of
from tests.support.submissions import GOOD
from tests.support.written import write_template

WRONG = "000000001"  # a digit is missing


def faulty(**cells: object) -> Receipt:
    """Return a return with a fault on its code, as it is when the code is what is wrong with it."""
    code = cells.get("site_code", site(VICTIM))
    fault = Finding(id="A05", severity=Severity.ERROR, message="", key=FormPath("site_code"))
    return receipt(VICTIM, {**cells, "site_code": code}, file="a.xlsx", findings=[fault])  # type: ignore[dict-item]


def hold(one: Receipt, reason: str = "报的是 2023 年度") -> Receipt:
    """Return a receipt as held."""
    return replace(one, status=Status.HELD, reason=reason)


def judge(receipts: Sequence[Receipt], trust: Trust = Trust(), decisions: Sequence[Decision] = ()) -> Batch:  # noqa: B008 - frozen
    """Return the batch of receipts, demanding that their order does not matter."""
    batch = judge_batch(Terms(report_rules(), Period(YEAR)), receipts, decisions, trust)
    shuffled = random.Random(7).sample(list(receipts), len(receipts))
    other = judge_batch(Terms(report_rules(), Period(YEAR)), shuffled, decisions, trust)
    assert fates(other) == fates(batch)
    return batch


def fates(batch: Batch) -> dict[str, str]:
    """Return file → status."""
    return {one.source.file: str(one.status) for one in batch.receipts}


def tell(batch: Batch, file: str) -> list[tuple[str, str]]:
    """Return id and severity of what comparing the returns found about a file."""
    (one,) = [one for one in batch.receipts if one.source.file == file]
    return [(finding.id, str(finding.severity)) for finding in one.findings if finding.id[0] == "D"]


# The table of cases


def the_code_was_corrected() -> list[Receipt]:
    """Make a return whose code is what was wrong, and its correction."""
    old = faulty(site_code=WRONG)
    return [old, correction(old, file="b.xlsx")]


def the_code_was_blank() -> list[Receipt]:
    """Make a return without a code, and its correction."""
    old = faulty(site_code=None)
    return [old, correction(old, file="b.xlsx")]


def the_code_is_another_sites() -> list[Receipt]:
    """Make a return with the code of another site, its correction, and the other site's."""
    old = receipt(VICTIM, {"site_code": site(9)}, file="a.xlsx")
    return [old, correction(old, file="b.xlsx"), receipt(9, file="n.xlsx")]


def the_name_and_address_were_asked_for() -> list[Receipt]:
    """Make a correction whose name and address differ, as both were asked to be corrected."""
    faults = [
        Finding(id="A01", severity=Severity.ERROR, message="", key=FormPath(key)) for key in ("site_name", "site_url")
    ]
    old = receipt(VICTIM, {"site_name": "x", "site_url": "http://y.cn"}, file="a.xlsx", findings=faults)
    return [old, correction(old, file="b.xlsx")]


def the_first_one_was_held() -> list[Receipt]:
    """Make a held return, and its correction."""
    old = hold(receipt(VICTIM, file="a.xlsx"))
    return [old, correction(old, file="b.xlsx")]


def the_first_one_was_held_for_moved_cells() -> list[Receipt]:
    """Make a held return whose answers stand at other fields than their own."""
    moved = Finding(id="L10", severity=Severity.ERROR, message="")
    whole = receipt(VICTIM)
    assert whole.submission is not None
    names = ("site_name", "site_url", "site_sponsor")
    raws = [whole.submission.raw_of(key) for key in names]
    cells = dict(zip(names, (None, *raws), strict=False))
    old = hold(
        receipt(VICTIM, {**cells, "site_icp_number": raws[2], "site_code": None}, file="a.xlsx", findings=[moved])
    )
    return [old, correction(old, file="b.xlsx")]


def a_chain() -> list[Receipt]:
    """Make a return and two rounds, the second of which answers the first correction."""
    old = faulty(site_code=WRONG)
    first = correction(old, {"site_code": "0000000001x"}, file="b.xlsx")
    return [old, first, correction(first, file="c.xlsx")]


def a_chain_whose_middle_is_gone() -> list[Receipt]:
    """Make a chain whose first correction is gone: what that one answered is named all the same."""
    old, _, last = a_chain()
    return [old, last]


def a_chain_whose_middle_was_held() -> list[Receipt]:
    """Make a chain whose first correction is held: what answers it replaces both."""
    old = faulty(site_code=WRONG)
    first = hold(correction(old, file="b.xlsx"))
    return [old, first, correction(first, file="c.xlsx")]


def several_in_one_file() -> list[Receipt]:
    """Make a workbook of two form sheets, one of which was sent back."""
    old = faulty(site_code=WRONG)
    other = receipt(2, file="a2.xlsx")
    other = replace(other, source=replace(other.source, sha256=old.source.sha256, sheet="填报表 (2)"))
    return [old, other, correction(old, file="b.xlsx")]


def the_same_file_twice() -> list[Receipt]:
    """Make two copies of a return, and a correction."""
    old = faulty(site_code=WRONG)
    copy = replace(old, source=replace(old.source, file="a2.xlsx"))
    return [old, copy, correction(old, file="b.xlsx")]


REPLACED: dict[Callable[[], list[Receipt]], dict[str, str]] = {
    the_code_was_corrected: {"a": "superseded", "b": "ok"},
    the_code_was_blank: {"a": "superseded", "b": "ok"},
    the_code_is_another_sites: {"a": "superseded", "b": "ok", "n": "ok"},
    the_name_and_address_were_asked_for: {"a": "superseded", "b": "ok"},
    the_first_one_was_held: {"a": "superseded", "b": "ok"},
    the_first_one_was_held_for_moved_cells: {"a": "superseded", "b": "ok"},
    a_chain: {"a": "superseded", "b": "superseded", "c": "ok"},
    a_chain_whose_middle_is_gone: {"a": "superseded", "c": "ok"},
    a_chain_whose_middle_was_held: {"a": "superseded", "b": "superseded", "c": "ok"},
    several_in_one_file: {"a": "superseded", "a2": "ok", "b": "ok"},
    the_same_file_twice: {"a": "superseded", "a2": "superseded", "b": "ok"},
}


@pytest.mark.parametrize("key", [None, KEY], ids=["no key", "key"])
@pytest.mark.parametrize("case", REPLACED, ids=lambda case: case.__name__)
def test_what_was_answered_is_replaced(case: Callable[[], list[Receipt]], key: CampaignKey | None) -> None:
    """Whatever code was typed, the correction counts, what it answers does not, and nobody has to decide anything."""
    receipts = [
        mark(one, key.sign_round(one.submission.round) if key else one.submission.round)
        if one.submission and one.submission.round
        else one
        for one in case()
    ]
    batch = judge(receipts, Trust(key=key))
    assert fates(batch) == {f"{name}.xlsx": status for name, status in REPLACED[case].items()}
    assert batch.decisions == ()
    last = receipts[-1] if case is not the_code_is_another_sites else receipts[1]
    reasons = {one.reason for one in batch.of(Status.SUPERSEDED)}
    assert all(last.source.file in reason and "更正件" in reason for reason in reasons)


def test_a_held_correction_replaces_nothing() -> None:
    """Until the clerk accepts it, what it answers stands."""
    old = receipt(VICTIM, file="a.xlsx")
    assert fates(judge([old, hold(correction(old, file="b.xlsx"))])) == {"a.xlsx": "ok", "b.xlsx": "held"}


def test_a_held_return_that_was_accepted_is_replaced() -> None:
    """What a clerk decided of the first one does not keep its correction from counting."""
    old = hold(receipt(VICTIM, file="a.xlsx"))
    accepted = Decision(sha256=old.source.sha256, decision="accept", site=site(VICTIM), file="a.xlsx")
    rejected = replace(accepted, decision="reject", reason="旧表")
    for decision in (accepted, rejected):
        batch = judge([old, correction(old, file="b.xlsx")], decisions=[decision])
        assert fates(batch) == {"a.xlsx": "superseded", "b.xlsx": "ok"}


def test_a_blank_correction_replaces_nothing() -> None:
    """A workbook whose answers were all wiped out is no correction."""
    old = receipt(VICTIM, file="a.xlsx")
    new = correction(old, file="b.xlsx")
    assert new.submission is not None
    new = replace(new, submission=replace(new.submission, answers={}, values={}, surround={}, blank=True))
    assert fates(judge([old, new])) == {"a.xlsx": "ok", "b.xlsx": "refused"}


# Several corrections of one round


def save(one: Receipt, day: int) -> Receipt:
    """Return a receipt saved on a day."""
    source = replace(one.source, modified=f"2025-01-{day:02}T08:00:00Z")
    return replace(one, source=source)


@pytest.mark.parametrize("code", [site(VICTIM), WRONG])
def test_the_senders_own_second_correction(code: str) -> None:
    """Two corrections of one round are compared as two returns of one site, though one of them has the code wrong."""
    old = faulty(site_code=WRONG)
    first = correction(old, {"site_code": code}, file="b.xlsx")
    second = correction(old, {"release_total": 1}, file="c.xlsx")
    batch = judge([old, save(first, 2), save(second, 3)])
    assert fates(batch) == {"a.xlsx": "superseded", "b.xlsx": "superseded", "c.xlsx": "findings"}
    assert tell(batch, "c.xlsx") == [("D02", "verify")]
    undated = judge([old, first, second])
    assert fates(undated) == {"a.xlsx": "superseded", "b.xlsx": "held", "c.xlsx": "held"}


def test_two_rounds_open() -> None:
    """A late correction of the first round beside one of the second: only the dates tell which is later."""
    old = faulty(site_code=WRONG)
    first = correction(old, {"site_code": "0000000001x"}, file="b.xlsx")
    first = replace(first, source=replace(first.source, sheet="表二"))
    second = correction(first, file="c.xlsx")
    late = correction(old, {"release_total": 77, "site_code": WRONG}, file="d.xlsx")
    batch = judge([old, first, save(second, 2), save(late, 3)])
    expected = {"a.xlsx": "superseded", "b.xlsx": "superseded", "c.xlsx": "superseded", "d.xlsx": "findings"}
    assert fates(batch) == expected
    undated = judge([old, first, second, late])
    assert fates(undated) == {**expected, "c.xlsx": "held", "d.xlsx": "held"}
    (covers,) = {row.covers for row in undated.decisions}  # one question, though neither code nor round is the same
    assert covers


def test_corrections_of_one_code_are_compared_with_all_of_that_code() -> None:
    """Two corrections of one round that are held do not let a third return of the site count without a word."""
    old = receipt(VICTIM, file="a.xlsx")
    first, second = (correction(old, {"release_total": total}, file=f"{total}.xlsx") for total in (1, 2))
    other = receipt(VICTIM, {"release_total": 3}, file="3.xlsx")
    held = dict.fromkeys(("1.xlsx", "2.xlsx", "3.xlsx"), "held")
    assert fates(judge([old, first, second, other])) == {"a.xlsx": "superseded", **held}


def test_two_copies_of_a_correction() -> None:
    """Sent twice with the same values, a correction counts once."""
    old = faulty(site_code=WRONG)
    batch = judge([old, correction(old, file="b.xlsx"), correction(old, file="c.xlsx")])
    assert fates(batch) == {"a.xlsx": "superseded", "b.xlsx": "findings", "c.xlsx": "superseded"}
    assert tell(batch, "b.xlsx") == [("D01", "hint")]


# What is not believed


def test_a_round_of_another_site() -> None:
    """A workbook that went back to one site, filled in for another: both count, and it is asked whose it is."""
    old = receipt(1, file="a.xlsx")
    batch = judge([old, correction(old, number=2, file="b.xlsx")])
    assert fates(batch) == {"a.xlsx": "ok", "b.xlsx": "findings"}
    assert tell(batch, "b.xlsx") == [("D06", "verify")]
    assert [one.rule for one in batch.decisions] == ["D06"]
    (finding,) = [one for one in batch.receipts[1].findings if one.id == "D06"]
    assert finding.arguments["message"] == (
        "本表带有第 1 次退回的标记，未按更正件处理：标记所指的 a.xlsx 是别的单位的。"
        "两份的政府网站标识码不同，可能都已计入，请核对是否为同一单位所报。"
    )


@pytest.mark.parametrize(
    ("word", "fate", "sent"),
    [("已核实", "findings", None), ("不接受", "rejected", "0000000002-网站名称（示例2）（退回2）.xlsx")],
)
def test_a_mark_that_is_not_believed_is_decided(tmp_path: Path, word: str, fate: str, sent: str | None) -> None:
    """Settled, both count; turned down, the correction goes back and the earlier one stands, whatever the reason."""
    old = receipt(1, file="a.xlsx")
    new = correction(old, number=2, file="b.xlsx")
    (row,) = judge([old, new]).decisions
    assert row.question.endswith(
        "（不是同一单位、两份都应计入的，填：已核实；这一份不应计入的，填：不接受，退回重填，原来那一份照旧）"
    )
    batch = judge([old, new], decisions=[replace(row, decision=word)])
    assert fates(batch) == {"a.xlsx": "ok", "b.xlsx": fate}
    assert [(one.state, one.trouble) for one in batch.decisions] == [(State.DECIDED, "")]
    assert batch.in_vain == ()
    answer = batch.receipts[1]
    (returned,) = send_receipts(Terms(), [answer], Sending(folder=tmp_path))
    assert (returned.workbook and returned.workbook.name) == sent


def test_a_correction_that_was_turned_down_goes_back_alone(tmp_path: Path) -> None:
    """Its sender hears that the mark does not fit, keeps his answers, and answers for his own return alone."""
    old = receipt(1, file="a.xlsx")
    new = correction(old, number=2, file="b.xlsx")
    (row,) = judge([old, new]).decisions
    answer = judge([old, new], decisions=[replace(row, decision="不接受")]).receipts[1]
    words = "本表带有第 1 次退回的标记，与所更正的一份对不上。请用下发或退回给本单位的表填报。"
    assert answer.reason == f"经办人决定不采用。{words}"
    (returned,) = send_receipts(Terms(), [answer], Sending(folder=tmp_path))
    assert returned.review is not None
    assert returned.review.mark is not None
    assert returned.review.mark.answers == (identify_return(answer),)
    assert returned.review.held == ""
    assert [(one.finding.id, one.finding.arguments["message"]) for one in returned.review.points] == [("D06", words)]
    assert returned.letter is not None
    assert "a.xlsx" not in returned.letter.read_text("utf-8")
    again = correction(answer, {"release_total": 9}, number=2, file="c.xlsx")
    again = mark(again, returned.review.mark)
    batch = judge([old, new, again], decisions=[replace(row, decision="不接受")])
    assert fates(batch) == {"a.xlsx": "ok", "b.xlsx": "superseded", "c.xlsx": "ok"}


def test_a_correction_that_was_turned_down_never_replaces_anything() -> None:
    """Though the earlier return is gone, or the mark is vouched for by now, what was turned down stays so."""
    old = receipt(1, file="a.xlsx")
    new = correction(old, number=2, file="b.xlsx")
    (row,) = judge([old, new]).decisions
    rows = judge([old, new], decisions=[replace(row, decision="不接受")]).decisions
    assert fates(judge([new], decisions=rows)) == {"b.xlsx": "rejected"}
    settled = [*rows, replace(row, decision="已核实", covers="x1", line=0)]
    assert fates(judge([old, new], decisions=settled))["b.xlsx"] == "findings"


def test_a_workbook_that_went_back_filled_in_for_a_sister_site() -> None:
    """One unit, two sites: the second one's name and address were typed over the first one's, its code was not."""
    whole = receipt(2)
    assert whole.submission is not None
    cells = {key: whole.submission.raw_of(key) for key in ("site_name", "site_url")}
    old = receipt(VICTIM, file="a.xlsx")
    batch = judge([old, save(correction(old, cells, file="b.xlsx"), 3)])
    assert fates(batch) == {"a.xlsx": "held", "b.xlsx": "held"}
    assert sorted(identifier for identifier, _ in tell(batch, "b.xlsx")) == ["D05", "D06"]


def test_a_mark_of_one_site_on_the_held_return_of_another() -> None:
    """A held return is not lost to a workbook of another sender, though its cells were moved."""
    moved = Finding(id="L10", severity=Severity.ERROR, message="")
    old = hold(receipt(1, file="a.xlsx", findings=[moved]))
    batch = judge([old, correction(old, number=2, file="b.xlsx")])
    assert fates(batch) == {"a.xlsx": "held", "b.xlsx": "findings"}


def test_a_name_that_two_answers_make_together_is_no_answer() -> None:
    """Where cells were moved, each answer is looked for in one of the old ones, not across two of them."""
    moved = Finding(id="L10", severity=Severity.ERROR, message="")
    cells = {"site_sponsor": "某市", "site_type": "portal", "site_name": "旧网站", "site_url": "http://a.gov.cn"}
    old = receipt(VICTIM, cells, file="a.xlsx", findings=[moved])  # 某市, 政府门户网站
    for name, fate in (("市政府门户", "held"), ("政府门户", "superseded")):
        new = correction(old, {**cells, "site_name": name, "site_sponsor": "另一局"}, file="b.xlsx")
        assert fates(judge([old, new]))["a.xlsx"] == fate, name


def test_a_workbook_issued_to_another_site_corrects_nothing() -> None:
    """Whatever is typed into it: the site it was made for tells more, and each stays as it was sent."""
    old = identify(receipt(VICTIM, file="a.xlsx"), None, site(VICTIM))
    for code, fate in ((site(VICTIM), "superseded"), ("", "superseded"), (site(2), "held")):
        new = identify(correction(old, file="b.xlsx"), None, code)
        assert fates(judge([old, new]))["a.xlsx"] == fate, code


def test_a_code_is_remembered_in_a_hundred_characters() -> None:
    """The mark of a round holds no more of a code, and nothing but letters, digits and the signs of codes."""
    for length in (99, 100, 101):
        one = receipt(VICTIM, {"site_code": "7" * length + "（市）"})
        assert site_to_remember(report_form(), one) == "7" * min(length, 100)


def test_the_original_is_gone() -> None:
    """Without a key the last summary vouches for what is gone; with a key the signature does; else it is told."""
    old = receipt(VICTIM, file="a.xlsx")
    new = correction(old, file="b.xlsx")
    signed = mark(new, mark_of(old, KEY))
    listed = Trust(listed=lambda: {old.source.sha256})
    assert tell(judge([new], listed), "b.xlsx") == []
    assert tell(judge([signed], Trust(key=KEY)), "b.xlsx") == []
    batch = judge([new])
    assert tell(batch, "b.xlsx") == [("D06", "hint")]
    assert (batch.counts.passed, batch.decisions) == (1, ())


def test_the_last_summary_is_asked_only_where_it_matters() -> None:
    """A summary of thousands is not read again for corrections whose originals lie here."""

    def list_known() -> frozenset[str]:
        raise AssertionError

    old = faulty(site_code=WRONG)
    judge([old, correction(old, file="b.xlsx"), receipt(3)], Trust(listed=list_known))


def test_the_mark_of_an_earlier_version() -> None:
    """A workbook that was sent back before marks named what they answer is compared as any other return."""
    old = save(receipt(VICTIM, file="a.xlsx"), 2)
    new = save(mark(receipt(VICTIM, {"release_total": 1}, file="b.xlsx"), Round(number=1)), 3)
    batch = judge([old, new])
    assert fates(batch) == {"a.xlsx": "superseded", "b.xlsx": "findings"}
    assert tell(batch, "b.xlsx") == [("D02", "verify"), ("D06", "hint")]


@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: forged.name)
def test_a_forged_round_replaces_nothing(forged: Forged) -> None:
    """Each attempt ends as the table says: the return that is aimed at is never set aside."""
    key = forged.key
    victim = receipt(VICTIM, file="a.xlsx")
    cells = {"release_total": 1, **forged.cells}
    forger = mark(receipt(forged.sender, cells, file="b.xlsx"), forged.sent(victim))
    assert forger.submission is not None
    noticed = tuple(
        one for one in identity_findings(report_form(), forger.submission, Terms(key=key)) if one.id != "T07"
    )
    reason = why_held(noticed, report_form().say)
    forger = hold(replace(forger, findings=noticed), reason) if reason else forger
    batch = judge([victim, forger], Trust(key=key))
    target, answer = batch.receipts
    ids = [one.id for one in answer.findings if one.id[0] in "DT"]
    assert f"{target.status} / {' '.join([answer.status, *sorted(ids)])}" == forged.outcome


def test_rounds_that_name_each_other() -> None:
    """Marks in a circle, and one that names itself: their numbers cannot all follow, and none is lost."""
    one, other = receipt(VICTIM, file="a.xlsx"), receipt(VICTIM, {"release_total": 1}, file="b.xlsx")
    sha = {"a": one.source.sha256, "b": other.source.sha256}
    rounds = {
        name: Round(number=2, answers=(Answered(sha256=digest),), site=site(VICTIM)) for name, digest in sha.items()
    }
    batch = judge([save(mark(one, rounds["b"]), 2), save(mark(other, rounds["a"]), 3)])
    assert fates(batch) == {"a.xlsx": "superseded", "b.xlsx": "findings"}
    assert [identifier for identifier, _ in tell(batch, "b.xlsx")] == ["D02", "D06"]
    alone = judge([mark(one, Round(number=1, answers=(Answered(sha256=sha["a"]),)))])
    assert fates(alone) == {"a.xlsx": "findings"}


# Unsigned beside signed


def test_unsigned_never_outranks_signed() -> None:
    """A later unsigned return of a signed one's site leaves both held; a copy of it is the one set aside."""
    signed = identify(receipt(VICTIM, file="b.xlsx"), KEY)
    plain = receipt(VICTIM, {"release_total": 1}, file="a.xlsx")
    unsigned = Finding(id="T07", severity=Severity.HINT, message="")
    plain = replace(plain, findings=(unsigned,))
    trust = Trust(key=KEY)
    assert fates(judge([save(signed, 2), save(plain, 3)], trust)) == {"a.xlsx": "held", "b.xlsx": "held"}
    assert fates(judge([save(signed, 3), save(plain, 2)], trust)) == {"a.xlsx": "superseded", "b.xlsx": "findings"}
    copy = replace(receipt(VICTIM, file="a.xlsx"), findings=(unsigned,))
    assert fates(judge([save(signed, 2), save(copy, 3)], trust)) == {"a.xlsx": "superseded", "b.xlsx": "findings"}


def test_an_unsigned_workbook_with_a_signed_mark() -> None:
    """The mark copied out of a signed workbook into an unsigned one does not set the signed return aside."""
    signed = identify(receipt(VICTIM, file="a.xlsx"), KEY)
    plain = mark(receipt(VICTIM, {"release_total": 1}, file="b.xlsx"), mark_of(signed, KEY))
    plain = replace(plain, findings=(Finding(id="T07", severity=Severity.HINT, message=""),))
    batch = judge([signed, plain], Trust(key=KEY))
    assert fates(batch) == {"a.xlsx": "held", "b.xlsx": "held"}
    assert ("D06", "hint") in tell(batch, "b.xlsx")


# The rows of the map sheet


def test_a_round_is_read_as_it_was_written() -> None:
    """Number, site, what it answers, contents, signature and faults come back."""
    sent = KEY.sign_round(replace(mark_of(receipt(1)), faults=(("A05", "site_code"), ("L02", ""))))
    rows = [(*row, "", "")[:3] for row in (("", ""), *round_rows(sent))]
    assert read_round(rows) == sent
    assert read_round([*rows, ("#round", "2", "")]) is None


def test_a_round_of_an_earlier_version_is_read() -> None:
    """The number and the faults alone."""
    rows = [("#round", "2", ""), ("A05", "site_code", ""), ("L02", "", "")]
    assert read_round(rows) == Round(number=2, faults=(("A05", "site_code"), ("L02", "")))


def test_more_answers_than_rounds_are_not_read() -> None:
    """A workbook sent back twice answers two returns at most; what is no sha256 is none."""
    rows = [("#round", "2", ""), *[("#answers", f"{place:064x}", "") for place in range(5)], ("#answers", "x", "")]
    found = read_round(rows)
    assert found is not None
    assert [one.sha256 for one in found.answers] == [f"{place:064x}" for place in (0, 1)]


# Work grows with the number of returns


def test_thousands_of_corrections() -> None:
    """Every return of a large inbox has a correction, and one file lies there a thousand times."""
    many = [receipt(number, file=f"{number}a.xlsx") for number in range(1, 801)]
    copies = [replace(many[0], source=replace(many[0].source, file=f"copy{place}.xlsx")) for place in range(1000)]
    new = [correction(old, number=number, file=f"{number}b.xlsx") for number, old in enumerate(many, 1)]
    again = [correction(many[0], {"release_total": place}, file=f"more{place}.xlsx") for place in range(1000)]
    found = replace_corrected(report_form(), [*many, *copies, *new, *again], Trust())
    assert sum(one.status is Status.SUPERSEDED for one in found) == 1800


# The commands


def correct(path: Path, key: str, value: str | int) -> None:
    """Type a value over an answer, as the sender would."""
    book, form = openpyxl.load_workbook(path), report_form()
    put(book, lay_out(form).cells[FormPath.parse(key)], form.field_of(FormPath.parse(key)).kind, value)
    book.save(path)


def test_a_corrected_code_end_to_end(tmp_path: Path) -> None:
    """The code was wrong, the workbook goes back, comes in right: one counts, nothing goes out or is asked again."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    answers = {**GOOD, "site_code": "000000001"}
    rules = report_rules()
    write_template(rules, inbox / "a.xlsx", identity=issue_identity(rules.form, period=Period(2026)), answers=answers)
    say("return", "inbox", "-o", "back", cwd=tmp_path, code=1)
    (path,) = (tmp_path / "back").glob("*.xlsx")
    path.rename(inbox / "b.xlsx")
    untouched = document("merge", "inbox", cwd=tmp_path, code=1)
    assert (untouched["counts"]["accepted"], untouched["counts"]["ignored"]) == (1, 1)
    correct(inbox / "b.xlsx", "site_code", "0000000001")
    late = document("return", "--from", "inbox-汇总.xlsx", "-o", "late", cwd=tmp_path, code=1)
    assert ([one["workbook"] for one in late["files"]], late["not_in_summary"]) == ([None], ["b.xlsx"])
    merged = document("merge", "inbox", cwd=tmp_path)
    assert {one["file"]: one["status"] for one in merged["files"]} == {"a.xlsx": "superseded", "b.xlsx": "ok"}
    assert merged["totals"]["release_total"]["value"] == 702
    for words in (["inbox"], ["--from", "inbox-汇总.xlsx"]):
        back = document("return", *words, "-o", "again", cwd=tmp_path)
        assert [one["workbook"] for one in back["files"]] == [None, None]


def test_the_last_summary_vouches_for_what_is_gone(tmp_path: Path) -> None:
    """The original was put away after the merge: its correction is believed by the summary that lists it."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    rules = report_rules()
    identity = issue_identity(rules.form, period=Period(2026))
    write_template(rules, inbox / "a.xlsx", identity=identity, answers={**GOOD, "service_items_online": 999})
    say("merge", "inbox", cwd=tmp_path, code=1)
    say("return", "--from", "inbox-汇总.xlsx", "-o", "back", cwd=tmp_path, code=1)
    (path,) = (tmp_path / "back").glob("*.xlsx")
    path.rename(inbox / "b.xlsx")
    correct(inbox / "b.xlsx", "service_items_online", 200)
    (inbox / "a.xlsx").unlink()
    for known in (True, False):
        merged = document("merge", "inbox", "-o", f"{known}.xlsx", cwd=tmp_path)
        (one,) = merged["files"]
        assert [finding["id"] for finding in one["findings"]] == ([] if known else ["D06"])
        (tmp_path / "inbox-汇总.xlsx").unlink(missing_ok=True)


def test_what_lies_as_it_was_sent_back_is_known() -> None:
    """An unanswered workbook of ours is ignored beside the return it answers, and counts where that one is gone."""
    old = receipt(1, file="a.xlsx")
    unfilled = mark(receipt(1, file="b.xlsx"), None)
    assert unfilled.submission is not None
    sent = mark_of(old)
    same = digest(contents(unfilled.submission), unfilled.submission.explanations)
    unfilled = mark(unfilled, replace(sent, contents=same))
    found = ignore_unfilled(report_form(), [old, unfilled])
    assert [one.status for one in found] == [Status.OK, Status.IGNORED]
    assert [one.status for one in ignore_unfilled(report_form(), [unfilled])] == [Status.OK]
    touched = mark(correction(old, file="b.xlsx"), replace(sent, contents=same))
    assert [one.status for one in ignore_unfilled(report_form(), [old, touched])] == [Status.OK, Status.OK]
