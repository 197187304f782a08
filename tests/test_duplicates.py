"""Several returns of one site: rules D01 and D02."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from gwxl.batch.differences import find_differing
from gwxl.batch.duplicates import resolve_duplicates, set_aside_repeated, settle_earlier
from gwxl.form import kinds
from gwxl.form.layout import lay_out
from gwxl.records.finding import Finding, Severity
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source, Status, Unread
from tests.support.batches import receipt, report_form, site

NONE: frozenset[Source] = frozenset()


def date_return(file: str, *, total: int = 702, reported: str = "", modified: str = "") -> Receipt:
    """Build a return of site 1 with a total and the dates it carries."""
    built = receipt(1, {"release_total": total}, file=file)
    assert built.submission is not None
    surround = {"report_date": reported} if reported else {}
    source = replace(built.source, modified=modified or None)
    return replace(built, source=source, submission=replace(built.submission, surround=surround, source=source))


def resolve(receipts: Sequence[Receipt], chosen: frozenset[Source] = NONE) -> list[tuple[str, Status, list[str]]]:
    """Return file, status and finding ids of each receipt after resolving."""
    resolved = resolve_duplicates(report_form(), receipts, chosen)
    return [(one.source.file, one.status, [finding.id for finding in one.findings]) for one in resolved]


@pytest.mark.parametrize("id_", ["F02", "F03"])
def test_a_day_that_cannot_be_is_not_asked(id_: str) -> None:
    """The date of a report that is too late or too early does not tell which is later; the day it was saved does."""
    doubted = Finding(id=id_, severity=Severity.HINT, message="")
    old = replace(date_return("a.xlsx", reported="2072-01-06", modified="2027-01-06T08:00:00Z"), findings=(doubted,))
    new = date_return("b.xlsx", total=703, reported="2027-01-07", modified="2027-01-07T08:00:00Z")
    assert [status for _, status, _ in resolve([old, new])] == [Status.SUPERSEDED, Status.FINDINGS]


def test_different_sites_are_left_alone() -> None:
    """Returns of different sites have nothing to do with each other."""
    receipts = (receipt(1), receipt(2))
    assert resolve_duplicates(report_form(), receipts, NONE) == receipts


def test_same_values_count_once() -> None:
    """A return sent twice counts once, and says so as a hint."""
    first, second = date_return("a.xlsx"), date_return("b.xlsx")
    resolved = resolve_duplicates(report_form(), (first, second), NONE)
    assert [one.status for one in resolved] == [Status.FINDINGS, Status.SUPERSEDED]
    (finding,) = resolved[0].findings
    assert (finding.id, finding.severity, finding.open) == ("D01", Severity.HINT, False)
    assert resolved[1].reason == "与 a.xlsx 数据相同（重复报送），已计入后者"


def test_of_many_copies_eight_are_named() -> None:
    """Each of them is superseded by the one with the plainest name, which says how many others there are."""
    copies = [date_return(f"a{number:02}.xlsx") for number in range(12)]
    first, *others = resolve_duplicates(report_form(), copies, NONE)
    assert {one.status for one in others} == {Status.SUPERSEDED}
    (finding,) = first.findings
    names = "、".join(f"a{number:02}.xlsx" for number in range(1, 9))
    assert finding.arguments["message"] == report_form().say("D01.message", count=12, others=f"{names} 等 11 份")


def test_of_copies_the_one_that_was_asked_most_counts() -> None:
    """What an older edition did not ask is no reason to leave out what the newer one did, nor is a plainer name."""
    full, old = date_return("a - copy.xlsx"), date_return("a.xlsx")
    assert old.submission is not None
    asked = {key: value for key, value in old.submission.values.items() if key != "site_icp_number"}
    cut = replace(old.submission, values=asked, not_asked=frozenset({Path("site_icp_number")}))
    found = resolve([full, replace(old, submission=cut)])
    assert [(file, status) for file, status, _ in found] == [
        ("a - copy.xlsx", Status.FINDINGS),
        ("a.xlsx", Status.SUPERSEDED),
    ]


def test_a_tick_that_could_not_be_read_differs() -> None:
    """A return with an unreadable tick is no copy of one without it, whatever else is ticked."""
    doubtful = Unread(raw="√（部分）", kind="not_a_tick")
    one, other = (receipt(1, {"innovations.accessible": True, "innovations.other": tick}) for tick in (doubtful, None))
    assert find_differing([one, other]) == find_differing([other, one]) == {"innovations"}
    assert find_differing([one, one]) == frozenset()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"reported": "2027-01-06"}, {"reported": "2027-01-12"}),
        ({"modified": "2027-01-06T08:00:00Z"}, {"modified": "2027-01-06T09:00:00Z"}),
        ({"modified": "2027-01-06T08:30:00+08:00"}, {"modified": "2027-01-06T08:00:00Z"}),
        ({"reported": "2027-01-06"}, {"reported": "2027-01-12", "modified": "2027-01-01T00:00:00Z"}),
        (
            {"reported": "2027-01-06", "modified": "2027-01-06T08:00:00Z"},
            {"reported": "2027-01-06", "modified": "2027-01-07T08:00:00Z"},
        ),
    ],
)
def test_the_later_of_two_counts(old: dict[str, str], new: dict[str, str]) -> None:
    """Every date that both carry and that differs says the same: the later return counts, whatever the order."""
    pair = [date_return("a.xlsx", total=1, **old), date_return("b.xlsx", total=2, **new)]
    wanted = [("a.xlsx", Status.SUPERSEDED, ["D02"]), ("b.xlsx", Status.FINDINGS, ["D02"])]
    assert resolve(pair) == wanted
    assert resolve(pair[::-1]) == wanted[::-1]


def mailed(one: Receipt, day: int) -> Receipt:
    """Return a receipt of a file that came by a mail of that day."""
    source = replace(one.source, sent=f"2027-01-{day:02}T01:30:00+00:00")
    return replace(one, source=source)


def test_the_mails_tell_which_is_later() -> None:
    """Whatever the files say of themselves; where the date of one mail alone is known, the files do."""
    first = date_return("a.xlsx", total=1, reported="2027-01-12", modified="2027-01-12T08:00:00Z")
    second = date_return("b.xlsx", total=2, reported="2027-01-06", modified="2027-01-06T08:00:00Z")
    pair = [mailed(first, 10), mailed(second, 18)]
    assert [status for _, status, _ in resolve(pair)] == [Status.SUPERSEDED, Status.FINDINGS]
    assert [status for _, status, _ in resolve([first, pair[1]])] == [Status.FINDINGS, Status.SUPERSEDED]
    alike = [mailed(first, 10), mailed(second, 10)]  # one mail brought both
    assert [status for _, status, _ in resolve(alike)] == [Status.FINDINGS, Status.SUPERSEDED]


def settled(*receipts: Receipt) -> list[tuple[str, Status]]:
    """Return file and status of each receipt once what counts has settled what came before."""
    return [(one.source.file, one.status) for one in settle_earlier(report_form(), receipts)]


def issue_to(one: Receipt, code: str) -> Receipt:
    """Return a receipt whose workbook was issued to a site."""
    assert one.submission is not None
    identity = replace(one.submission.identity, site_code=code)
    return replace(one, submission=replace(one.submission, identity=identity))


@pytest.mark.parametrize("status", [Status.HELD, Status.REJECTED])
def test_what_counts_settles_what_came_before(status: Status) -> None:
    """Of its site by the same sender and earlier: what was held or turned down is to be decided no more."""
    new = mailed(receipt(1, file="new.xlsx"), 18)
    old = replace(mailed(receipt(1, file="old.xlsx"), 10), status=status, reason="项目名称被改动。")
    (one, _) = settle_earlier(report_form(), [old, new])
    assert (one.status, one.reason) == (Status.SUPERSEDED, "同一单位后来报的 new.xlsx 已经采用，这一份不再处理")
    foreign = issue_to(
        replace(mailed(receipt(1, {"site_code": site(2)}, file="code.xlsx"), 10), status=status), site(1)
    )
    assert settled(foreign, new)[0] == ("code.xlsx", Status.SUPERSEDED)
    other = replace(mailed(receipt(2, {"site_code": site(1)}, file="other.xlsx"), 10), status=status)
    for one in (other, mailed(old, 18), mailed(old, 19), replace(old, source=replace(old.source, sent=""))):
        assert settled(one, new)[0][1] is status
    assert settled(old, replace(new, status=status))[0][1] is status
    doubted = replace(old, findings=(Finding(id="A09", severity=Severity.ERROR, message=""),))
    assert settled(doubted, new)[0][1] is Status.SUPERSEDED
    compared = replace(old, findings=(Finding(id="D02", severity=Severity.ERROR, message=""),))
    assert settled(compared, new)[0][1] is (Status.HELD if status is Status.HELD else Status.SUPERSEDED)


@pytest.mark.parametrize("status", Status)
def test_a_file_whose_summary_came_up_by_two_ways_stands_once(status: Status) -> None:
    """Of one inbox; a copy in another one, or beside it, is a file by itself."""
    here = replace(receipt(1, file="a.xlsx"), status=status)

    def by(*way: str, file: str = "a.xlsx", origin: str = "县甲") -> Receipt:
        return replace(here, source=replace(here.source, by=way, file=file, origin=origin))

    came = [
        by("市甲", "县甲"),
        by("市乙", "县甲"),
        by("市乙", "县乙", origin="县乙"),
        by("市乙", "县甲", file="b.xlsx"),
    ]
    told = set_aside_repeated(report_form(), [*came, by("市甲", "县甲"), here, here])
    assert [one and one.status for one in told] == [None, Status.SUPERSEDED, None, None, None, None, None]
    assert told[1] is not None
    assert told[1].reason == "与 市甲｜县甲｜a.xlsx 是同一份文件，由几份汇总表各报来一次，只按后者处理"


def test_the_site_a_workbook_was_issued_to_settles_nothing_between_two_units() -> None:
    """Only where cells were moved does it stand for what is written; else two of name, host and sponsor tell more."""
    new = issue_to(mailed(receipt(1, file="new.xlsx"), 18), site(1))
    other = receipt(2, {"site_code": site(1)}, file="old.xlsx")
    old = issue_to(replace(mailed(other, 10), status=Status.HELD), site(1))
    assert settled(old, new)[0] == ("old.xlsx", Status.HELD)
    moved = replace(old, findings=(Finding(id="L10", severity=Severity.ERROR, message=""),))
    assert settled(moved, new)[0] == ("old.xlsx", Status.SUPERSEDED)


def test_what_was_read_is_of_the_site_it_names() -> None:
    """Beside a file that could not be read, a held return is of its own site, whatever its file is called."""
    bad = Receipt(source=Source(file="x.xlsx", sha256="0" * 64), status=Status.REFUSED, reason="?")
    old = replace(mailed(receipt(1, file=f"{site(2)}.xlsx"), 10), status=Status.HELD)
    new, other = mailed(receipt(1, file="new.xlsx"), 18), mailed(receipt(2, file="other.xlsx"), 19)
    assert settled(old, new, other, bad)[0] == (f"{site(2)}.xlsx", Status.SUPERSEDED)


def test_what_cannot_be_read_is_settled_by_the_mails_alone() -> None:
    """A file that was refused is of the site it is named after; where no mail tells when it came, it stays."""
    new = mailed(receipt(1, file="new.xlsx"), 18)
    bad = Receipt(source=Source(file=f"{site(1)}.xlsx", sha256="0" * 64), status=Status.REFUSED, reason="?")
    assert [settled(one, new)[0][1] for one in (mailed(bad, 10), mailed(bad, 19), bad)] == [
        Status.SUPERSEDED,
        Status.REFUSED,
        Status.REFUSED,
    ]


def test_the_later_one_lists_the_differing_cells() -> None:
    """The used return carries an open verify that names both files and the cell; the other carries a hint."""
    pair = (
        date_return("a.xlsx", total=1, reported="2027-01-06"),
        date_return("b.xlsx", total=2, reported="2027-01-12"),
    )
    old, new = resolve_duplicates(report_form(), pair, NONE)
    assert (old.findings[0].severity, new.findings[0].severity) == (Severity.HINT, Severity.VERIFY)
    assert new.findings[0].arguments["message"] == (
        "同一政府网站标识码收到数据不同的几份：a.xlsx、b.xlsx。不同之处：D17「信息发布·总数」。"
        "已采用较晚的 b.xlsx，如不对请在待决事项中选定。"
    )
    assert old.reason == "同一政府网站标识码有更晚的一份 b.xlsx，以后者为准"


@pytest.mark.parametrize(("count", "more"), [(8, ""), (9, "等 9 处")])
def test_eight_cells_that_differ_are_listed(count: int, more: str) -> None:
    """Each is named, in the order of the form; of more than eight the first ones, and how many there are."""
    keys = [field.path for field in report_form().fields.values() if field.kind is kinds.COUNT][:count]
    pair = [receipt(1, dict.fromkeys(map(str, keys), number), file=f"{number}.xlsx") for number in (1, 2)]
    held = resolve_duplicates(report_form(), pair, NONE)
    told = held[0].findings[0].arguments["message"].partition("不同之处：")[2].partition("。")[0]
    assert told == "、".join(f"{cell(key)}「{report_form().label(key)}」" for key in keys[:8]) + more


def cell(key: Path) -> str:
    """Return the address of an input."""
    return lay_out(report_form()).cells[key].address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"reported": "2027-01-06"}, {}),
        ({"reported": "2027-01-06"}, {"reported": "2027-01-06"}),
        ({"modified": "yesterday"}, {"modified": "2027-01-06T08:00:00Z"}),
        (
            {"reported": "2027-01-06", "modified": "2027-01-09T08:00:00Z"},
            {"reported": "2027-01-07", "modified": "2027-01-08T08:00:00Z"},
        ),
    ],
)
def test_a_tie_or_contradiction_holds_both(one: dict[str, str], other: dict[str, str]) -> None:
    """Where nothing tells which is later, or two dates contradict each other, neither counts."""
    pair = (date_return("a.xlsx", total=1, **one), date_return("b.xlsx", total=2, **other))
    assert resolve(pair) == [("a.xlsx", Status.HELD, ["D02"]), ("b.xlsx", Status.HELD, ["D02"])]
    held = resolve_duplicates(report_form(), pair, NONE)
    assert [finding.severity for receipt in held for finding in receipt.findings] == [Severity.ERROR, Severity.ERROR]
    assert [receipt.reason for receipt in held] == [
        f"与 {other} 是同一政府网站标识码、数据不同，且无法判断哪一份在后，须由经办人选定。"
        for other in ("b.xlsx", "a.xlsx")
    ]


def sign(one: Receipt) -> Receipt:
    """Return a receipt whose identity the campaign's key signed."""
    assert one.submission is not None
    identity = replace(one.submission.identity, signature="1234")
    return replace(one, submission=replace(one.submission, identity=identity))


def test_a_later_one_that_is_not_signed_is_told() -> None:
    """An unsigned return is later by its dates and cannot replace a signed one: question and finding say so."""
    old, new = (date_return(f"{day}.xlsx", total=day, reported=f"2027-01-{day}") for day in (11, 12))
    held = resolve_duplicates(report_form(), (sign(old), new), NONE)
    told = "日期较晚的 12.xlsx 没有本次的签名，不能据此替代有签名的，"
    assert [one.reason for one in held] == [
        f"与 {other}.xlsx 是同一政府网站标识码、数据不同；{told}须由经办人选定。" for other in (12, 11)
    ]
    outcome = f"{told}均未计入，请在待决事项中选定一份。"
    assert [one.findings[0].arguments["message"].endswith(f"。{outcome}") for one in held] == [True, True]


@pytest.mark.parametrize(("first", "second"), [("", "2027-01-12"), ("2027-01-12", "2027-01-12")])
def test_where_the_dates_tell_nothing_no_signature_is_blamed(first: str, second: str) -> None:
    """One is signed, the other is not, and without dates that differ neither would be later anyway."""
    pair = (sign(date_return("a.xlsx", total=1, reported=first)), date_return("b.xlsx", total=2, reported=second))
    held = resolve_duplicates(report_form(), pair, NONE)
    assert held[0].reason == "与 b.xlsx 是同一政府网站标识码、数据不同，且无法判断哪一份在后，须由经办人选定。"
    assert "签名" not in held[0].findings[0].arguments["message"]


def test_of_three_the_latest_counts_and_copies_fall_together() -> None:
    """Two copies and a later correction: the correction counts, the copies are set aside."""
    group = (
        date_return("a.xlsx", total=1, reported="2027-01-06"),
        date_return("b.xlsx", total=1, reported="2027-01-06"),
        date_return("c.xlsx", total=2, reported="2027-01-12"),
    )
    assert [(file, status) for file, status, _ in resolve(group)] == [
        ("a.xlsx", Status.SUPERSEDED),
        ("b.xlsx", Status.SUPERSEDED),
        ("c.xlsx", Status.FINDINGS),
    ]


def test_of_two_alike_the_later_counts() -> None:
    """Where a copy was dated anew, it is the one that counts, though its name is no plainer."""
    pair = [date_return("a.xlsx", reported="2027-01-06"), date_return("a (2).xlsx", reported="2027-01-12")]
    assert resolve(pair) == [("a.xlsx", Status.SUPERSEDED, []), ("a (2).xlsx", Status.FINDINGS, ["D01"])]


def test_what_is_held_keeps_what_was_said_of_its_copy() -> None:
    """Of two alike one is held beside a different one, and says both."""
    group = [date_return("a.xlsx", total=1), date_return("a (2).xlsx", total=1), date_return("c.xlsx", total=2)]
    assert resolve(group) == [
        ("a.xlsx", Status.HELD, ["D02", "D01"]),
        ("a (2).xlsx", Status.SUPERSEDED, []),
        ("c.xlsx", Status.HELD, ["D02"]),
    ]


def test_a_choice_of_the_clerk_counts() -> None:
    """The return a clerk chose counts, later or not, and no question stays open."""
    pair = (
        date_return("a.xlsx", total=1, reported="2027-01-06"),
        date_return("b.xlsx", total=2, reported="2027-01-12"),
    )
    chosen = frozenset({pair[0].source})
    assert resolve(pair, chosen) == [("a.xlsx", Status.OK, []), ("b.xlsx", Status.SUPERSEDED, [])]


def test_held_and_refused_files_are_no_duplicates() -> None:
    """A held return of a site does not supersede the accepted one."""
    held = replace(date_return("b.xlsx", total=2), status=Status.HELD)
    receipts = (date_return("a.xlsx", total=1), held)
    assert resolve_duplicates(report_form(), receipts, NONE) == receipts


def test_without_a_code_only_the_same_bytes_are_the_same() -> None:
    """Returns whose site is unknown are told apart by their bytes alone."""
    unknown = [receipt(1, {"site_code": None}, file=name) for name in ("a.xlsx", "b.xlsx")]
    same = replace(unknown[1], source=replace(unknown[1].source, sha256=unknown[0].source.sha256))
    assert [status for _, status, _ in resolve(unknown)] == [Status.OK, Status.OK]
    assert [status for _, status, _ in resolve([unknown[0], same])] == [Status.FINDINGS, Status.SUPERSEDED]
