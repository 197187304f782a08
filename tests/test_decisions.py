"""What a clerk decides, in memory and in decisions.csv."""

from dataclasses import replace
from pathlib import Path

import pytest

from gwxl.batch.batch import Decision
from gwxl.batch.decisions import chosen, decide_held, open_cases, settle, take_proposals
from gwxl.batch.decisions_file import merged_rows, read_decisions, write_decisions
from gwxl.errors import OutputError, SettingsError
from gwxl.findings import Severity
from gwxl.receipt import Receipt
from gwxl.submission import Status, Unread
from tests.batches import YEAR, finding, receipt, report_form, report_rules

HEAD = "sha256,site,key,rule,decision,reason,who,when\n"


def decision(verb: str, of: Receipt, key: str = "", rule: str = "") -> Decision:
    """Build a decision on a receipt."""
    return Decision(
        sha256=of.source.sha256, key=key, rule=rule, decision=verb, reason="电话核实", who="李某", when="1月9日"
    )


def test_a_missing_file_decides_nothing(tmp_path: Path) -> None:
    """The first merge finds no decisions."""
    assert read_decisions(tmp_path / "decisions.csv") == ()


def test_written_rows_are_read_back(tmp_path: Path) -> None:
    """What is written is read back word for word, formula-like texts included."""
    path = tmp_path / "decisions.csv"
    rows = (
        Decision(
            sha256="a" * 64, site="0000000001", rule="D02", decision="use", reason='说,"是"\n二行', file="=x.xlsx"
        ),
        Decision(sha256="b" * 64, key="site_url", rule="A02b", question="@open"),
    )
    write_decisions(path, rows, "zh")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_decisions(path) == (replace(rows[0], reason='说,"是" 二行'), rows[1])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gbk"])
def test_reads_what_spreadsheets_save(tmp_path: Path, encoding: str) -> None:
    """Chinese verbs and both encodings that spreadsheets save are understood."""
    path = tmp_path / "decisions.csv"
    path.write_text(HEAD + "abc,0000000001,messages_resolved,B13,已核实,电话,李某,2027/1/9\n", encoding)
    (read,) = read_decisions(path)
    assert (read.sha256, read.decision, read.reason) == ("abc", "settle", "电话")


def test_an_unknown_verb_names_line_and_choices(tmp_path: Path) -> None:
    """A word that decides nothing stops the merge before it counts wrongly."""
    path = tmp_path / "decisions.csv"
    path.write_text(HEAD + "abc,,,,maybe,,,\n", "utf-8")
    with pytest.raises(SettingsError, match=r"line 2: decision “maybe” is none of 接受 / accept / .*采用 / use"):
        read_decisions(path)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    """A file of another shape is refused, not guessed at."""
    path = tmp_path / "decisions.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(SettingsError, match="columns are missing: decision, key, rule, sha256"):
        read_decisions(path)


def test_a_decision_on_a_row_decides_nothing_about_the_return() -> None:
    """A total row that is not accepted does not keep a held return from being counted, nor the other way round."""
    held = replace(receipt(1), status=Status.HELD, reason="错位")
    row = decision("reject", held, "other_media[3].posts", "D11")
    assert decide_held([held], [row], report_rules()) == (held,)


def test_filled_rows_stay_and_open_ones_are_renewed() -> None:
    """A filled row is kept even when its case is gone; an open row lives as long as its case."""
    filled = Decision(sha256="a", rule="D02", decision="use")
    stale = Decision(sha256="b", rule="B13")
    case = Decision(sha256="c", rule="B05")
    assert merged_rows((filled, stale), (case, Decision(sha256="a", rule="D02"))) == (filled, case)


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """A folder in the way is an output error, and no temporary file stays behind."""
    path = tmp_path / "decisions.csv"
    path.mkdir()
    with pytest.raises(OutputError, match="is a folder; name a file to write to"):
        write_decisions(path, (), "zh")
    assert [entry.name for entry in tmp_path.iterdir()] == ["decisions.csv"]


def test_a_proposal_is_taken_only_when_decided() -> None:
    """The proposed number replaces the unreadable text, is logged, and the return is judged again."""
    wrong = Unread(raw="1.2万", kind="magnitude", proposal=12000)
    one = receipt(
        1, {"site_unique_visitors": wrong}, findings=[finding("A09", "site_unique_visitors", proposal="12000")]
    )
    rules = report_rules()
    assert take_proposals((one,), (), rules, YEAR) == (one,)
    (taken,) = take_proposals((one,), (decision("take", one, "site_unique_visitors", "A09"),), rules, YEAR)
    assert taken.submission is not None
    assert taken.submission.values["site_unique_visitors"] == 12000
    assert [(c.raw, c.value, c.kind) for c in taken.submission.changes] == [("1.2万", "12000", "decided")]
    assert ("A09", "site_unique_visitors") not in {(f.id, f.key) for f in taken.findings}


@pytest.mark.parametrize(("proposal", "ticks"), [(False, ("accessible",)), (True, ("accessible", "other"))])
def test_a_proposed_tick_is_taken_alone(proposal: bool, ticks: tuple[str, ...]) -> None:  # noqa: FBT001 - a table
    """The proposal of one unreadable tick is taken beside the ticks that were read."""
    doubtful = Unread(raw="☒", kind="not_a_tick", proposal=proposal)
    cells = {**dict.fromkeys(report_form().fields["innovations"].paths), "innovations.accessible": True}
    one = receipt(1, {**cells, "innovations.other": doubtful})
    assert one.submission is not None
    one = replace(one, findings=report_rules().judge(one.submission, year=YEAR))
    assert [(f.key, f.proposal) for f in one.findings if f.id == "A09d"] == [
        ("innovations.other", "是" if proposal else "否")
    ]
    (taken,) = take_proposals((one,), (decision("take", one, "innovations.other", "A09d"),), report_rules(), YEAR)
    assert taken.submission is not None
    assert taken.submission.values["innovations"] == ticks
    assert "A09d" not in {f.id for f in taken.findings}


def test_an_accepted_return_counts() -> None:
    """Accepting releases a held return and settles what held it."""
    held = replace(receipt(1, findings=[finding("T01", "site_name")]), status=Status.HELD, reason="项目名称被改动")
    (free,) = decide_held((held,), (decision("accept", held),), report_rules())
    assert (free.status, free.reason, free.has_errors) == (Status.FINDINGS, "", False)
    assert free.findings[0].explanation == "电话核实 李某 1月9日"


def test_a_rejected_return_is_turned_down() -> None:
    """Rejecting keeps a return out, in a status of its own, and says why."""
    held = replace(receipt(1), status=Status.HELD, reason="年度不符")
    (kept,) = decide_held((held,), (decision("reject", held),), report_rules())
    assert (kept.status, kept.reason) == (Status.REJECTED, "经办人决定不采用：电话核实。")


def test_a_verify_is_settled_an_error_is_not() -> None:
    """The clerk can settle a verify by telephone; an error goes back."""
    findings = [
        finding("B13", "messages_resolved", Severity.VERIFY),
        finding("B08", "service_items_online", Severity.ERROR),
    ]
    one = receipt(1, findings=findings)
    decisions = [decision("settle", one, f.key or "", f.id) for f in findings]
    (settled,) = settle((one,), decisions)
    assert [f.settled for f in settled.findings] == [True, False]


def test_a_decision_on_another_file_changes_nothing() -> None:
    """Decisions belong to the bytes of one file."""
    one, other = receipt(1, findings=[finding("B13", "messages_resolved", Severity.VERIFY)]), receipt(2)
    assert settle((one,), [decision("settle", other, "messages_resolved", "B13")]) == (one,)
    assert chosen([decision("use", other)]) == frozenset({other.source.sha256})


def test_open_cases_ask_what_only_a_clerk_can_decide() -> None:
    """Held files, open verifies and errors with a proposal are asked; settled ones and plain errors are not."""
    findings = [
        finding("A09", "site_page_views", proposal="12000"),
        finding("B08", "service_items_online"),
        finding("B13", "messages_resolved", Severity.VERIFY),
        finding("B05", "columns_opened", Severity.VERIFY, settled=True),
        finding("B04", "release_total", Severity.HINT),
    ]
    held = replace(receipt(2), status=Status.HELD, reason="年度不符")
    cases = open_cases(report_form(), (receipt(1, findings=findings), held))
    assert [(case.site, case.key, case.rule, case.decision) for case in cases] == [
        ("0000000001", "site_page_views", "A09", ""),
        ("0000000001", "messages_resolved", "B13", ""),
        ("0000000002", "", "", ""),
    ]
    assert cases[0].question.endswith("建议值：12000。（可填：采纳建议值；否则请退回更正）")
    assert cases[2].question == "年度不符（可填：接受、不接受）"
