"""Returns sent back: the filler's own answers, what is wrong beside them, and how it stands the time after."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from openpyxl.workbook.workbook import Workbook

from gwxl.errors import WorkbookError
from gwxl.form.identity import issue_identity
from gwxl.form.layout import Col, lay_out
from gwxl.form.signature import CampaignKey
from gwxl.intake import check_file
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status
from gwxl.returns.doubting import plain_reason
from gwxl.returns.planning import Sending
from gwxl.returns.prefilling import Carried, refuse_difference
from gwxl.returns.returning import Returned, send_receipts
from gwxl.rules.ruleset import RuleSet
from gwxl.terms import Notice, Terms
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, refusal, run, say
from tests.support.decided import fill_in
from tests.support.draws import draws
from tests.support.editions import OLD_ANSWERS, desk
from tests.support.filled_forms import LOOKED_AT, Filled, add_types, differences, forms
from tests.support.filling import put
from tests.support.returning import (
    FORM,
    LAYOUT,
    OTHER,
    REVIEW,
    YEAR,
    back,
    check,
    make_return,
    open_returned,
    reread,
    review_rows,
)
from tests.support.submissions import (
    GOOD,
    SENT_BACK,
    drill_rules,
    make_submission,
    report_form,
    report_rules,
)
from tests.support.written import write_template

HELD = "0000000009-九号网（退回1）"


def send(folder: Path, rules: RuleSet | None = None, said: Mapping[str, str] | None = None, **answers: Any) -> Returned:
    """Make a return, send it back, and demand that a workbook was written."""
    (one,) = back(
        folder / "back", check(make_return(folder / "return.xlsx", rules, said, **answers), rules), rules=rules
    )
    assert one.workbook is not None
    return one


def points(one: Returned) -> list[list[Any]]:
    """Return the rows of the list of what is open."""
    rows = review_rows(one)
    start = rows.index(next(row for row in rows if row[:2] == ["序号", "程度"])) + 1
    return [row for row in rows[start:] if len(row) > 2 and row[1] in {"✗ 错误", "! 核实"}]


def assert_same_answers(first: Receipt, second: Receipt) -> None:
    """Demand the same values, words around the form and explanations, types included."""
    assert first.submission is not None
    assert second.submission is not None
    for name in ("values", "surround", "explanations"):
        assert differences(getattr(second.submission, name), getattr(first.submission, name)) == {}


# The answers that went in


@pytest.mark.parametrize("form", ["report", "drill"])
def test_rereading_gives_exactly_the_answers(form: str, tmp_path: Path) -> None:
    """Whatever was filled in, the workbook that goes back reads as the same."""
    rules = {"report": report_rules, "drill": drill_rules}[form]()

    @settings(LOOKED_AT, max_examples=draws(4, full=8))
    @given(forms(rules))
    def holds(some: Filled) -> None:
        path = tmp_path / "填好.xlsx"
        # Left out, so that something is wrong for sure.
        values = {key: value for key, value in some.entered.items() if key not in {"site_code", "drill_code"}}
        identity = issue_identity(rules.form, period=Period(YEAR))
        write_template(rules, path, identity=identity, answers=values, explanations=some.explanations, force=True)
        first = check(path, rules)
        (one,) = back(tmp_path / "back", first, rules=rules, force=True)
        assert one.review is not None
        assert one.review.lost == ()
        assert_same_answers(first, reread(one, rules))

    holds()


def test_what_is_no_answer_goes_back_word_for_word(tmp_path: Path) -> None:
    """A text in a number's place stays where it was, marked; it reads as badly as before."""
    wrong: dict[str, Any] = {
        "release_total": "约300",
        "site_page_views": "1.2万",
        "has_smart_qa": "部分",
        "site_type": "门户或部门",
        "innovations.other": "?",
        "other_media": ({"product_type": "客户端", "posts": "3万"},),
        "messages_average_days": Decimal("-1.5"),
        "security_assessments": Decimal("1.5"),
    }
    one = send(tmp_path, innovations=None, **wrong)
    assert one.review is not None
    assert one.review.lost == ()
    assert_same_answers(one.receipt, reread(one))
    sheet = open_returned(one)[FORM]
    assert sheet[LAYOUT.cells[FormPath("site_page_views")].address].value == "1.2万"
    assert sheet[LAYOUT.cells[FormPath.parse("innovations.other")].address].value == "?"


def test_what_cannot_be_read_is_asked_for_in_plain_words(tmp_path: Path) -> None:
    """What to do about a cell that cannot be read names what belongs there, which no prompt of the form repeats."""
    wrong: dict[str, Any] = {"innovations.other": "?"}
    one = send(tmp_path, innovations=None, **wrong)
    assert [row[5] for row in points(one) if "请在此格中直接填写内容" in row[4]] == ["应填：直接填写的内容。"]
    prompts = [rule.prompt for rule in open_returned(one)[FORM].data_validations.dataValidation]
    assert len(prompts) > 50
    assert not any("直接填写的内容" in words for words in prompts)


def test_what_cannot_be_written_is_listed_with_its_raw_text(tmp_path: Path) -> None:
    """Error cells, formulas without a value, dates in numbers: blank in the fresh workbook, listed in front."""
    path = make_return(tmp_path / "return.xlsx", report_date="2027-01-08")
    book = openpyxl.load_workbook(path)
    sheet = book[FORM]
    error, formula, day = (
        LAYOUT.cells[FormPath.parse(key)].address for key in ("site_page_views", "release_total", "surveys_held")
    )
    sheet[error], sheet[formula] = "#DIV/0!", "=D9+1"
    sheet[error].data_type = "e"
    sheet[day], sheet[day].number_format = 46000, "yyyy-mm-dd"
    sheet[LAYOUT.cells[FormPath("report_date")].address] = "年底"
    book.save(path)
    (one,) = back(tmp_path / "back", check(path))
    assert one.review is not None
    assert [(lost.label, str(lost.cell), lost.raw, lost.kind) for lost in one.review.lost] == [
        ("一、基本信息 › 9.网站总访问量", f"{FORM}!{error}", "#DIV/0!", "error_cell"),
        ("二、信息发布 › 1.总数", f"{FORM}!{formula}", "=D9+1", "uncalculated"),
        ("六、互动交流 › 3.征集调查 › （1）征集调查期数", f"{FORM}!{day}", "46000", "date_in_number"),
    ]
    rows = review_rows(one)
    title = rows.index(["原表中没有移入本表的内容（单元格为原表中的位置）"])
    assert rows[title + 1][2:6] == [
        error,
        "一、基本信息 › 9.网站总访问量",
        "原来填的内容：#DIV/0!",
        "没有移入的原因：读不出来，不能照搬：单元格显示公式错误",
    ]
    again = reread(one).submission
    assert again is not None
    assert not {"site_page_views", "release_total", "surveys_held"} & again.values.keys()
    assert [answer.raw for answer in again.unread] == ["年底"]


def test_characters_no_workbook_can_store_are_listed(tmp_path: Path) -> None:
    """An explanation with a control character is not carried over, and does not keep the rest from it."""
    path = make_return(tmp_path / "return.xlsx", site_code="1")
    book = openpyxl.load_workbook(path)
    book[FORM][LAYOUT.cells[FormPath("weibo_name")].address] = "某县_x0007_发布"
    book[FORM][LAYOUT.explanations[FormPath("weibo_name")].address] = "原_x0001_因"
    book.save(path)
    (one,) = back(tmp_path / "back", check(path))
    assert one.review is not None
    assert [(lost.raw, lost.why) for lost in one.review.lost] == [("原\x01因", "unwritable")]
    assert review_rows(one)[-1][4:6] == ["原来填的内容：原\ufffd因", "没有移入的原因：写入新表后会变样，不能照搬"]
    again = reread(one).submission
    assert again is not None
    assert (again.values["weibo_name"], again.explanations) == ("某县发布", {})


def test_rows_beyond_those_offered_go_back_too(tmp_path: Path) -> None:
    """A table that was made longer stays as long, and its end is where it belongs."""
    rows = tuple({"product_type": f"客户端{number}", "posts": number} for number in range(1, 26))
    path = make_return(tmp_path / "return.xlsx", other_media=rows, site_code="1")
    (one,) = back(tmp_path / "back", check(path))
    again = reread(one)
    assert_same_answers(one.receipt, again)
    assert again.submission is not None
    assert len(again.submission.values["other_media"]) == 25  # type: ignore[arg-type]  # a table
    assert [finding.id for finding in again.findings if finding.id[0] in "LT"] == []


def test_a_table_out_of_all_proportion_goes_back_in_part(tmp_path: Path) -> None:
    """Rows no workbook of ours is written with are listed, and keep nothing else from going back."""
    receipt = check(make_return(tmp_path / "return.xlsx", site_code="1"))
    rows = tuple({"posts": number} for number in range(1, 302))
    submission = make_submission(report_form(), {**GOOD, "other_media": rows}, identity={"period": Period(YEAR)})
    (one,) = back(tmp_path / "back", replace(receipt, submission=submission))
    assert one.review is not None
    assert [(lost.key, lost.raw, lost.why) for lost in one.review.lost] == [("other_media[301].posts", "301", "row")]
    again = reread(one).submission
    assert again is not None
    assert len(again.values["other_media"]) == 300  # type: ignore[arg-type]  # a table


@pytest.mark.parametrize("day", ["1899-12-31", "1899-05-01", "1900-01-01", "1900-02-28", "1900-03-01", "9999-12-31"])
def test_days_no_program_stores_stay_texts(tmp_path: Path, day: str) -> None:
    """A day before March 1900 comes back as the same day."""
    path = make_return(tmp_path / "return.xlsx", site_code="1")
    book = openpyxl.load_workbook(path)
    book[FORM][LAYOUT.cells[FormPath("report_date")].address] = day
    book.save(path)
    (one,) = back(tmp_path / "back", check(path))
    assert_same_answers(one.receipt, reread(one))


def test_a_difference_is_never_written(tmp_path: Path) -> None:
    """A workbook that reads otherwise than its return is refused by name."""
    first = check(make_return(tmp_path / "a.xlsx")).submission
    second = check(make_return(tmp_path / "b.xlsx", site_page_views=7)).submission
    assert first is not None
    assert second is not None
    carried = Carried(answers={key: 0 for key, answer in first.answers.items() if answer.value is not None})
    refuse_difference(report_form(), carried, first, first)
    with pytest.raises(WorkbookError, match="carried over, “网站总访问量” and others \\(1\\) read otherwise"):
        refuse_difference(report_form(), carried, first, second)


# What is said


def test_the_sheet_in_front(tmp_path: Path) -> None:
    """Number, weight, link, field, what was found with this sheet's addresses, what to do, an example, the rule."""
    one = send(tmp_path, service_items_online=999, messages_resolved=520, concern_responses="300条", site_name=None)
    where = {key: LAYOUT.cells[FormPath.parse(key)].address for key in GOOD if key in LAYOUT.cells}
    assert points(one) == [
        [
            1,
            "✗ 错误",
            where["site_name"],
            "一、基本信息 › 1.网站名称",
            f"{where['site_name']}「网站名称」未填。请填写网站的中文名称。",
            "应填：网站的中文名称。",
            "某某县人民政府门户网站",
            "A01",
        ],
        [
            2,
            "✗ 错误",
            where["concern_responses"],
            "四、解读回应 › 2.回应公众关注热点或重大舆情数量",
            (
                f"{where['concern_responses']}「回应公众关注热点或重大舆情数量」填 300条："
                "数字后带单位，请只填数字。此项应填 0 或正整数，请更正。"
            ),
            "应填：0 或正整数，不带单位。",
            "300",
            "A09",
        ],
        [
            3,
            "✗ 错误",
            where["service_items_online"],
            "五、办事服务 › 4.可全程在线办理政务服务事项数量",
            (
                f"{where['service_items_online']}「可全程在线办理政务服务事项数量」填 999，"
                f"大于 {where['service_items']}「政务服务事项数量」填 345，多出 654 项。"
                "可全程在线办理的事项是事项总数的一部分，请核对。"
            ),
            "应填：不大于政务服务事项数量。",
            "政务服务事项数量：12；可全程在线办理政务服务事项数量：12",
            "B08",
        ],
        _row_of(one, "B13", 4),
    ]
    sheet = open_returned(one)[REVIEW]
    links = {cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links[where["service_items_online"]] == f"'{FORM}'!{where['service_items_online']}"
    assert sheet.protection.sheet
    assert open_returned(one).sheetnames[0] == REVIEW
    active = open_returned(one).active
    assert active is not None
    assert active.title == REVIEW


def _row_of(one: Returned, rule: str, number: int) -> list[Any]:
    """Return the row of a verify, and demand that it says how it may be settled."""
    row = points(one)[number - 1]
    assert (row[:2], row[5].endswith("情况属实的，请在该行“情况说明”中写明。")) == ([number, "! 核实"], True)
    assert rule in str(open_returned(one)[FORM].cell(LAYOUT.cells[FormPath("messages_resolved")].row, Col.REVIEW).value)
    return row


def test_messages_name_the_cells_of_the_fresh_workbook(tmp_path: Path) -> None:
    """A return whose rows moved is answered with the addresses of the sheet the filler gets."""
    path = make_return(tmp_path / "return.xlsx", service_items_online=999)
    book = openpyxl.load_workbook(path)
    book[FORM].insert_rows(5, 3)
    book.save(path)
    receipt = check(path)
    finding = next(one for one in receipt.findings if one.id == "B08")
    assert finding.source is not None
    (one,) = back(tmp_path / "back", receipt)
    at = LAYOUT.cells[FormPath("service_items_online")]
    assert finding.source.row == at.row + 3
    assert next(row for row in points(one) if row[2] == at.address)[4].startswith(f"{at.address}「可全程在线")


def test_beside_each_input(tmp_path: Path) -> None:
    """The message stands beside its own input, a pointer beside the other ones it names."""
    one = send(tmp_path, service_items_online=999)
    sheet = open_returned(one)[FORM]
    at, other = LAYOUT.cells[FormPath("service_items_online")], LAYOUT.cells[FormPath("service_items")]
    assert sheet.cell(LAYOUT.head_row, Col.REVIEW).value == "审核意见"
    assert str(sheet.cell(at.row, Col.REVIEW).value).startswith(f"✗ 错误 {at.address}「")
    assert str(sheet.cell(at.row, Col.REVIEW).value).endswith("（B08）")
    assert sheet.cell(other.row, Col.REVIEW).value == f"✗ 错误 见 {at.address} 的意见"
    assert sheet.cell(at.row, Col.REVIEW).protection.locked
    empty = [row for row in range(LAYOUT.head_row + 1, 40) if sheet.cell(row, Col.REVIEW).value]
    assert empty == sorted({at.row, other.row} & set(empty))


def test_marks_of_inputs(tmp_path: Path) -> None:
    """What the sheet judges itself is marked until it is right; what only the clerk's machine judges, for good."""
    one = send(tmp_path, service_items_online=999, site_name="abc")
    sheet = open_returned(one)[FORM]
    marks = {str(area.sqref): [rule.formula[0] for rule in rules] for area, rules in _formats(sheet).items()}
    at, name = LAYOUT.cells[FormPath("service_items_online")], LAYOUT.cells[FormPath("site_name")]
    check = f"$G{at.row}"
    assert marks[at.address] == [f'OR(LEFT({check},1)="✗",LEFT({check},1)="!",$J{at.row}="待填")']
    assert marks[name.address] == ["TRUE"]


def _formats(sheet: Any) -> Mapping[Any, Any]:
    return {area: area.rules for area in sheet.conditional_formatting}


def test_a_table_row_is_answered_on_its_own_sheet(tmp_path: Path) -> None:
    """What is wrong in a table stands beside the row, and the link leads there."""
    rows = ({"product_type": "客户端", "platform_name": "商店", "product_name": "通", "posts": -1},)
    one = send(tmp_path, other_media=rows)
    (area,) = LAYOUT.tables
    row = next(row for row in points(one) if "第 1 行" in row[3])
    sheet = open_returned(one)[OTHER]
    assert row[3] == "八、移动新媒体 › 4.其他 › 第 1 行 › 信息发布量"
    assert sheet.cell(area.head_row, area.review_column).value == "审核意见"
    assert str(sheet.cell(area.first_row, area.review_column).value).startswith("✗ 错误 F5「")
    assert reread(one).submission is not None
    assert [finding.id for finding in reread(one).findings if finding.id[0] in "LT"] == []


def test_the_letter(tmp_path: Path) -> None:
    """The text of the mail lists what the sheet lists, and says by when and where to."""
    notice = Notice(deadline=date(2027, 1, 20), return_to="report@example.org", phone="000-1", office="示例办公室")
    receipt = check(make_return(tmp_path / "return.xlsx", service_items_online=999))
    (one,) = back(tmp_path / "back", receipt, notice=notice)
    assert one.letter is not None
    letter = one.letter.read_text("utf-8")
    (row,) = points(one)
    assert row[4] in letter
    assert "第 1 次退回：错误 1 项，待核实 0 项。" in letter
    assert "于 2027年1月20日 前报送至 report@example.org。" in letter
    assert letter.endswith("示例办公室　电话：000-1\n")
    assert one.letter.with_suffix(".xlsx") == one.workbook


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_said_of_a_password_to_the_clerk_stays_with_the_clerk(language: str) -> None:
    """The reason of a locked file ends with what the office can do; its sender is told the rest alone."""
    form = replace(report_form(), language=language)
    told = plain_reason(form, form.say("refused.encrypted"))
    assert "GWXL" not in told
    assert form.say("refused.encrypted").startswith(told[:-1])


def test_hints_and_settled_verifies_are_not_sent_back(tmp_path: Path) -> None:
    """An explained verify and a hint need nothing more; with nothing else nothing goes back."""
    path = make_return(tmp_path / "return.xlsx", None, {"messages_received": "含上年结转"}, messages_resolved=520)
    (one,) = back(tmp_path / "back", check(path))
    assert (one.workbook, one.reason, (tmp_path / "back").exists()) == (None, "", False)


def test_guidance_is_that_of_the_blank_template(tmp_path: Path) -> None:
    """Locks, validations, clauses and helpers are those of the blank: the same writer made both."""
    one = send(tmp_path, service_items_online=999)
    write_template(report_rules(), tmp_path / "blank.xlsx", identity=issue_identity(report_form(), period=Period(YEAR)))
    blank, fresh = openpyxl.load_workbook(tmp_path / "blank.xlsx"), open_returned(one)
    for title in (FORM, OTHER):
        rules = [_rules(book[title]) for book in (blank, fresh)]
        assert rules[0] == rules[1]
        for row in blank[title].iter_rows(max_col=max(Col)):
            for cell in row:
                twin = fresh[title][cell.coordinate]
                assert cell.protection.locked == twin.protection.locked, cell.coordinate
                if title == FORM and cell.column in {Col.KEY, Col.LABEL, Col.UNIT, Col.INSTRUCTION}:
                    assert cell.value == twin.value


def _rules(sheet: Any) -> list[tuple[str, ...]]:
    found = sheet.data_validations.dataValidation
    return sorted((str(one.sqref), str(one.type), str(one.formula1), str(one.prompt), str(one.error)) for one in found)


def test_nothing_of_a_filler_is_markup(tmp_path: Path) -> None:
    """Texts that look like markup, formulas or links, or hold control characters, stay texts."""
    texts = {
        "site_name": "<r><t>甲</t></r>",
        "site_sponsor": '=HYPERLINK("http://x.example")',
        "weibo_name": "_x0041_\u202e甲",
        "site_code": "<r>1</r>",
    }
    explained = {"site_name": "<r>原因</r>", "weibo_name": "@SUM(A1)"}
    one = send(tmp_path, None, explained, **texts)
    assert_same_answers(one.receipt, reread(one))
    assert one.workbook is not None
    with ZipFile(one.workbook) as package:
        sheets = {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}
    assert "<t>甲</t>" not in "".join(sheets.values())
    assert "\u202e" not in "".join(cell for row in points(one) for cell in map(str, row))


# What cannot be trusted


def test_a_held_return_goes_back_without_its_answers(tmp_path: Path) -> None:
    """What may belong to other fields is not carried over, but listed word for word."""
    path = make_return(tmp_path / "return.xlsx", None, {"site_name": "新改的名"})
    book = openpyxl.load_workbook(path)
    book[FORM].cell(LAYOUT.head_row, Col.INPUT).value = "今年"
    book.save(path)
    receipt = check(path)
    assert receipt.status is Status.HELD
    (one,) = back(tmp_path / "back", receipt)
    assert one.review is not None
    assert one.review.held == "找不到唯一的填报列。"
    again = reread(one).submission
    assert again is not None
    assert (again.values, again.explanations) == ({}, {})
    raws = {lost.label: lost.raw for lost in one.review.lost}
    assert raws["二、信息发布 › 1.总数"] == "702"
    assert raws["一、基本信息 › 1.网站名称 › 情况说明"] == "新改的名"
    filled = [answer for answer in receipt.submission.answers.values() if answer.raw] if receipt.submission else []
    assert len(one.review.lost) == len(filled) + 1
    assert points(one)[0][4].startswith("（原文件）")


def test_another_year_is_not_carried_into_this_one(tmp_path: Path) -> None:
    """Last year's workbook comes back as this year's blank, with what it said listed."""
    receipt = check(make_return(tmp_path / "return.xlsx"), period=Period(2027))
    (one,) = back(tmp_path / "back", receipt, period=Period(2027))
    again = reread(one).submission
    assert again is not None
    assert (again.identity.year, again.values) == (2027, {})
    assert one.review is not None
    assert one.review.held.startswith("报的是 2026 年度，本次汇总的是 2027 年度")


KEY = CampaignKey(secret=b"k" * 32)


@pytest.mark.parametrize(
    ("signed", "site", "expected_site", "genuine"),
    [
        (True, "0000000001", "0000000001", True),
        (False, "0000000001", "0000000001", False),
        (False, None, None, False),
        (True, None, None, True),
    ],
)
def test_a_signature_vouches_only_for_what_was_verified(
    tmp_path: Path, *, signed: bool, site: str | None, expected_site: str | None, genuine: bool
) -> None:
    """An identity that nobody signed is not signed on its way back, whether it names a site or none."""
    path = tmp_path / "return.xlsx"
    identity = issue_identity(report_form(), period=Period(YEAR), site_code=site, key=KEY if signed else None)
    write_template(report_rules(), path, identity=identity, answers={**GOOD, "service_items_online": 999})
    (one,) = back(tmp_path / "back", check(path, key=KEY), key=KEY)
    again = reread(one).submission
    assert again is not None
    assert again.identity == issue_identity(
        report_form(), period=Period(YEAR), site_code=expected_site, key=KEY if genuine else None
    )


def test_a_refuted_identity_is_not_signed_again(tmp_path: Path) -> None:
    """Who passed one site's workbook off as another's gets an unsigned blank for any site."""
    path = tmp_path / "return.xlsx"
    genuine = issue_identity(report_form(), period=Period(YEAR), site_code="0000000001", key=KEY)
    identity = replace(genuine, site_code="0000000002")
    write_template(report_rules(), path, identity=identity, answers={**GOOD, "site_code": "0000000002"})
    (one,) = back(tmp_path / "back", check(path, key=KEY), key=KEY, period=Period(YEAR))
    again = reread(one).submission
    assert again is not None
    assert (again.identity, again.values) == (issue_identity(report_form(), period=Period(YEAR)), {})


def test_a_workbook_stays_bound_to_its_site(tmp_path: Path) -> None:
    """Returned with another site's code it goes back with its answers and its own code, signed for its own site."""
    path = tmp_path / "return.xlsx"
    genuine = issue_identity(report_form(), period=Period(YEAR), site_code="0000000001", key=KEY)
    write_template(report_rules(), path, identity=genuine, answers={**GOOD, "site_code": "0000000002"})
    receipt = check(path, key=KEY)
    (one,) = back(tmp_path / "back", receipt, key=KEY)
    again = reread(one).submission
    assert again is not None
    assert receipt.submission is not None
    assert (again.identity, again.values) == (genuine, {**receipt.submission.values, "site_code": "0000000001"})


# What was noticed about the file


def damage(path: Path, change: Any) -> Receipt:
    """Change a good return as openpyxl would, and check it."""
    book = openpyxl.load_workbook(make_return(path))
    change(book)
    book.save(path)
    return check(path)


def _unit(book: Workbook) -> None:
    book[FORM].cell(LAYOUT.cells[FormPath("service_registered_users")].row, Col.UNIT).value = "万个"


def _percent(book: Workbook) -> None:
    cell = book[FORM][LAYOUT.cells[FormPath("service_registered_users")].address]
    cell.value, cell.number_format = 52.13, "0%"


def _digits(book: Workbook) -> None:
    book[FORM][LAYOUT.cells[FormPath("service_registered_users")].address].value = 12345678901234567


@pytest.mark.parametrize(("change", "rule"), [(_unit, "T03"), (_percent, "W04"), (_digits, "W03")])
def test_an_answer_in_doubt_is_not_made_to_look_sound(tmp_path: Path, change: Any, rule: str) -> None:
    """A changed unit leaves no trace in a fresh workbook: the answer is left blank and listed, never corrected."""
    receipt = damage(tmp_path / "return.xlsx", change)
    assert rule in {finding.id for finding in receipt.findings if finding.open}
    (one,) = back(tmp_path / "back", receipt)
    assert one.review is not None
    assert [(lost.key, lost.why) for lost in one.review.lost] == [("service_registered_users", "doubted")]
    (again,) = back(tmp_path / "again", reread(one))
    found = {"new": ["A10"], "unjudged": [rule]}
    assert {state: [id_ for id_ in ids if id_ in {"A10", rule}] for state, ids in states(again).items()} == found


def test_a_table_that_was_lost_is_listed(tmp_path: Path) -> None:
    """Nothing of it could be read, and nobody is told that all is well."""
    receipt = damage(tmp_path / "return.xlsx", lambda book: book.remove(book[OTHER]))
    (one,) = back(tmp_path / "back", receipt)
    assert one.review is not None
    assert [(lost.key, lost.why) for lost in one.review.lost] == [("other_media", "table")]
    assert one.workbook is not None
    (again,) = back(tmp_path / "again", reread(one))
    assert states(again) == {"unjudged": ["L20"]}


# The time after


def correct(one: Returned, path: Path, **answers: Any) -> Path:
    """Fill in the workbook that went back, as its filler would."""
    book = open_returned(one)
    for key, value in answers.items():
        put(book, LAYOUT.cells[FormPath.parse(key)], report_form().field_of(FormPath.parse(key)).kind, value)
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


def states(one: Returned) -> Mapping[str, list[str]]:
    """Return state → rule ids."""
    assert one.review is not None
    found: dict[str, list[str]] = {}
    for point in one.review.points:
        found.setdefault(str(point.state), []).append(point.finding.id)
    for done in one.review.done:
        found.setdefault(str(done.state), []).append(done.rule)
    return found


def test_the_time_after(tmp_path: Path) -> None:
    """Corrected, explained, still there, new, and what waits for another answer are told apart."""
    first = send(
        tmp_path,
        service_items_online=999,  # B08, corrected
        messages_resolved=520,  # B13, explained
        site_code="12345",  # A05, still there
        security_problems_fixed=99,  # B19, waits for a number that is no number any more
    )
    path = correct(first, tmp_path / "second.xlsx", service_items_online=200, security_problems_found="很多")
    book = openpyxl.load_workbook(path)
    book[FORM].cell(LAYOUT.cells[FormPath("messages_resolved")].row, Col.REMARK).value = "含上年结转"
    book.save(path)
    receipt = check(path)
    assert receipt.submission is not None
    assert receipt.submission.round is not None
    assert receipt.submission.round.number == 1
    assert receipt.submission.round.faults == (
        ("A05", "site_code"),
        ("B08", "service_items_online"),
        ("B13", "messages_resolved"),
        ("B19", "security_problems_fixed"),
    )
    (one,) = back(tmp_path / "again", receipt)
    assert states(one) == {
        "still": ["A05"],
        "new": ["A09"],
        "fixed": ["B08"],
        "explained": ["B13"],
        "unjudged": ["B19"],
    }
    assert one.workbook is not None
    assert one.workbook.name == f"12345-{GOOD['site_name']}（退回2）.xlsx"
    assert [row[7] for row in points(one)] == ["● 仍存在", "＋ 新出现"]
    rows = review_rows(one)
    assert any(
        "与上次退回相比：已改正 1 项，已说明 1 项，仍存在 1 项，新出现 1 项，暂无法核验 1 项。" in row[0]
        for row in rows
        if row
    )
    done = rows[rows.index(["上次退回的意见中已经改正、说明或暂无法核验的"]) + 1 :]
    assert [(row[2], row[4], *row[7:]) for row in done] == [
        (LAYOUT.cells[FormPath("service_items_online")].address, "可全程在线办理事项不超过事项总数", "✓ 已改正", "B08"),
        (LAYOUT.cells[FormPath("messages_resolved")].address, _title("B13"), "✓ 已说明", "B13"),
        (LAYOUT.cells[FormPath("security_problems_fixed")].address, _title("B19"), "○ 暂无法核验", "B19"),
    ]


def _title(rule: str) -> str:
    return report_rules().rule(rule).title


def test_a_blank_does_not_pass_for_a_correction(tmp_path: Path) -> None:
    """A relation one of whose values was wiped out cannot be judged; nothing is called corrected."""
    first = send(tmp_path, service_items_online=999)
    path = correct(first, tmp_path / "second.xlsx", service_items=None)
    (one,) = back(tmp_path / "again", check(path))
    assert states(one) == {"new": ["A10"], "unjudged": ["B08"]}


def test_wiping_out_a_wrong_answer_is_no_correction(tmp_path: Path) -> None:
    """A text in a number's place that is gone now is not corrected; a held return corrects nothing."""
    first = send(tmp_path, concern_responses="约300", service_items_online=999)
    path = correct(first, tmp_path / "second.xlsx", concern_responses=None, service_items_online=200)
    (one,) = back(tmp_path / "again", check(path))
    assert states(one) == {"new": ["A10"], "unjudged": ["A09"], "fixed": ["B08"]}
    book = openpyxl.load_workbook(path)
    book[FORM].cell(LAYOUT.cells[FormPath("release_total")].row, Col.LABEL).value = "别的"
    book.save(path)
    (held,) = back(tmp_path / "held", check(path))
    assert states(held)["unjudged"] == ["A09", "B08"]
    assert "fixed" not in states(held)


def test_all_corrected(tmp_path: Path) -> None:
    """With nothing left, nothing goes back, and what was corrected is counted."""
    first = send(tmp_path, service_items_online=999)
    (one,) = back(tmp_path / "again", check(correct(first, tmp_path / "second.xlsx", service_items_online=200)))
    assert (one.workbook, states(one)) == (None, {"fixed": ["B08"]})


def test_a_third_round_counts_on(tmp_path: Path) -> None:
    """A workbook sent back twice remembers the last time only, and keeps its name."""
    first = send(tmp_path, service_items_online=999)
    (second,) = back(tmp_path / "2", reread(first))
    (third,) = back(tmp_path / "3", reread(second))
    assert (states(second), states(third)) == ({"still": ["B08"]}, {"still": ["B08"]})
    assert third.workbook is not None
    assert third.workbook.name == SENT_BACK.replace("1）", "3）") + ".xlsx"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("B08", "X99"),
        (">service_items_online<", ">no.such[1].path<"),
        ("#round", "#nothing"),
    ],
)
def test_a_memory_that_was_meddled_with_harms_nothing(tmp_path: Path, old: str, new: str) -> None:
    """What the map sheet says of the time before is information from outside: unknown rules and paths are dropped."""
    first = send(tmp_path, service_items_online=999)
    assert first.workbook is not None
    target = tmp_path / "meddled.xlsx"
    with ZipFile(first.workbook) as package, ZipFile(target, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            copy.writestr(name, content.replace(old.encode(), new.encode()) if "sharedStrings" in name else content)
    (one,) = back(tmp_path / "again", check(target))
    assert one.review is not None
    assert set(states(one)) <= {"new", "None", "still"}


def test_corrected_in_libreoffice(soffice: LibreOffice, tmp_path: Path) -> None:
    """A filler corrects the workbook in a real program and saves it in every format: the memory survives."""
    (first,) = back(
        tmp_path / "back",
        check(make_return(tmp_path / "return.xlsx", service_items_online=999, site_code="12345")),
        key=CampaignKey(secret=b"0123456789abcdef" * 2),
    )
    assert first.workbook is not None
    sent_back = reread(first).submission
    assert sent_back is not None
    mark = sent_back.round
    assert mark is not None
    assert mark.signature is not None
    for suffix in (".xlsx", ".xls", ".ods"):
        with soffice.open(first.workbook) as opened_:
            opened_.fill(FORM, {LAYOUT.cells[FormPath("service_items_online")].address: 200})
            opened_.recalculate()
            assert opened_.values(FORM, f"G{LAYOUT.cells[FormPath('service_items_online')].row}")[0][0] == "✓ 已填"
            path = opened_.save(tmp_path / f"second{suffix}")
        again = check(path)
        assert again.submission is not None
        assert again.submission.round == mark, suffix
        (one,) = back(tmp_path / suffix, again)
        assert states(one) == {"still": ["A05"], "fixed": ["B08"]}, suffix
        assert [finding.id for finding in one.receipt.findings if finding.id[0] in "LT"] == [], suffix


# Files and folders


@pytest.mark.workers
def test_many_are_written_by_several_processes(tmp_path: Path) -> None:
    """More than a few are written in worker processes, in the same order and to the same bytes."""
    receipts = [check(make_return(tmp_path / f"{number}.xlsx", site_code=f"{number}")) for number in range(5)]
    together = back(tmp_path / "together", *receipts)
    for receipt, one in zip(receipts, together, strict=True):
        (alone,) = back(tmp_path / "alone", receipt)
        assert alone.workbook is not None
        assert one.workbook is not None
        assert one.receipt == receipt
        assert (one.workbook.name, one.workbook.read_bytes()) == (alone.workbook.name, alone.workbook.read_bytes())


def test_what_was_read_is_never_overwritten(tmp_path: Path) -> None:
    """A correction that lies in the inbox under the name of what went out stays, even with --force."""
    place = tmp_path / "inbox"
    place.mkdir()
    make_return(place / "a.xlsx", service_items_online=999)
    say("return", "inbox", "-o", "inbox", cwd=tmp_path, code=1)
    make_return(place / f"{SENT_BACK}.xlsx", service_items_online=998)
    before = (place / f"{SENT_BACK}.xlsx").read_bytes()
    found = document("return", "inbox", "-o", "inbox", "--force", cwd=tmp_path, code=1)
    assert [file["round"] for file in found["files"] if file["workbook"]] == [1, 2]
    assert (place / f"{SENT_BACK}.xlsx").read_bytes() == before


def test_a_correction_replaces_what_was_sent_back(tmp_path: Path) -> None:
    """The round is over once the correction is in: its own original is no case, and nothing goes out again."""
    place = tmp_path / "inbox"
    place.mkdir()
    make_return(place / "a.xlsx", service_items_online=999)
    say("merge", "inbox", "-o", "summary.xlsx", cwd=tmp_path, code=1)
    say("return", "--from", "summary.xlsx", "-o", "back", cwd=tmp_path, code=1)
    book = openpyxl.load_workbook(tmp_path / "back" / f"{SENT_BACK}.xlsx")
    put(
        book,
        LAYOUT.cells[FormPath("service_items_online")],
        report_form().field_of(FormPath("service_items_online")).kind,
        200,
    )
    book.save(place / "a（退回1）.xlsx")
    merged = document("merge", "inbox", "-o", "summary.xlsx", cwd=tmp_path)
    assert (merged["counts"]["passed"], merged["counts"]["superseded"]) == (1, 1)
    assert merged["totals_passed"]["service_items_online"]["value"] == 200
    found = document("return", "--from", "summary.xlsx", "-o", "again", cwd=tmp_path)
    assert [file["workbook"] for file in found["files"]] == [None, None]


def test_what_only_the_clerk_can_decide_is_not_sent_back(tmp_path: Path) -> None:
    """Two returns of one site, neither the later: both wait for the clerk, and no filler hears of the other."""
    place = tmp_path / "inbox"
    place.mkdir()
    for name, number in (("a", 1), ("b", 2)):
        make_return(place / f"{name}.xlsx", release_total=700 + number)
    say("merge", "inbox", "-o", "summary.xlsx", cwd=tmp_path, code=1)
    found = document("return", "--from", "summary.xlsx", "-o", "back", cwd=tmp_path, code=1)
    assert [(file["status"], file["workbook"]) for file in found["files"]] == [("held", None), ("held", None)]
    reason = "与 {} 是同一政府网站标识码、数据不同，且无法判断哪一份在后，须由经办人选定。"
    assert [file["reason"] for file in found["files"]] == [reason.format("b.xlsx"), reason.format("a.xlsx")]


def test_another_form_goes_the_same_way(tmp_path: Path) -> None:
    """The second form needs nothing of its own."""
    one = send(tmp_path, drill_rules(), {"drill_kind": "照实填写"}, evacuated=999)
    assert_same_answers(one.receipt, reread(one, drill_rules()))
    assert [row[2] for row in points(one)] == [lay_out(drill_rules().form).cells[FormPath("evacuated")].address]


def test_a_return_of_an_older_edition_goes_back_as_the_current_one(tmp_path: Path) -> None:
    """Its answers stand under today's keys; what has no place there any more is listed."""
    clerk = desk(tmp_path)
    answers = {**OLD_ANSWERS, "attendants": 0, "leaders": 2}
    signed = issue_identity(clerk.old_rules.form, period=Period(2025), key=KEY)
    path = clerk.write("a.xlsx", answers, identity=signed, explanations={"attendants": "含来宾"})
    (receipt,) = check_file(path, path.name, Terms(clerk.rules, key=KEY))
    (one,) = send_receipts(Terms(clerk.form, key=KEY), [receipt], Sending(folder=tmp_path / "back"))
    again = reread(one, clerk.rules).submission
    assert one.review is not None
    assert again is not None
    assert again.identity == issue_identity(clerk.rules.form, period=Period(2025), key=KEY)
    assert again.values["participants"] == 0
    assert again.explanations == {"participants": "含来宾"}
    assert [(lost.key, lost.raw, lost.why) for lost in one.review.lost] == [("leaders", "2", "gone")]
    assert len(one.review.unasked) == 5
    assert one.letter is not None
    assert "现行版本另有 5 处需要填写：" in one.letter.read_text("utf-8")


def test_every_fault_of_a_blank(tmp_path: Path) -> None:
    """A blank return comes back with a row for each thing to fill in, and its list is not taken for a form."""
    path = tmp_path / "blank.xlsx"
    write_template(report_rules(), path, identity=issue_identity(report_form(), period=Period(YEAR)))
    (one,) = back(tmp_path / "back", check(path))
    assert len(points(one)) == 45
    assert [finding.id for finding in reread(one).findings if finding.id[0] in "LT"] == []


# The command line


def inbox(folder: Path) -> Path:
    """Make an inbox: a good return, a faulty one, a held one, a duplicate, one that is none."""
    place = folder / "inbox"
    place.mkdir()
    make_return(place / "good.xlsx", site_code="0000000009", site_url="http://nine.gov.cn", site_name="九号网")
    make_return(place / "faulty.xlsx", service_items_online=999)
    held = openpyxl.load_workbook(place / "good.xlsx")
    held[FORM].cell(LAYOUT.cells[FormPath("release_total")].row, Col.LABEL).value = "别的"
    held.save(place / "held.xlsx")
    (place / "none.xlsx").write_bytes(b"nothing")
    return place


def test_from_a_summary(tmp_path: Path) -> None:
    """The faulty and the held of a summary go back; each file is accounted for."""
    inbox(tmp_path)
    say("merge", "inbox", "-o", "summary.xlsx", cwd=tmp_path, code=1)
    found = document("return", "--from", "summary.xlsx", "-o", "back", cwd=tmp_path, code=1)
    assert {file["file"]: (file["status"], file["workbook"]) for file in found["files"]} == {
        "faulty.xlsx": ("findings", str(Path("back", f"{SENT_BACK}.xlsx"))),
        "good.xlsx": ("findings", None),
        "held.xlsx": ("held", str(Path("back", f"{HELD}.xlsx"))),
        "none.xlsx": ("refused", str(Path("back", "none（退回1）.xlsx"))),
    }
    assert (found["not_in_summary"], found["missing"]) == ([], [])
    printed = run("return", "--from", "summary.xlsx", "-o", "again", cwd=tmp_path, LC_ALL="zh_CN.UTF-8")
    assert printed.returncode == 1
    assert printed.stdout.splitlines() == [
        f"faulty.xlsx：第 1 次退回，错误 1，待核实 0 → {SENT_BACK}.xlsx",
        f"held.xlsx：第 1 次退回，错误 1，待核实 0 → {HELD}.xlsx",
        "  未予采用：项目名称被改动。其余内容已移入，存疑的留空",
        f"  有 {len(found['files'][2]['left_behind'])} 处没有移入，列在“审核意见”中",
        "none.xlsx：第 1 次退回，错误 1，待核实 0 → none（退回1）.xlsx",
        "  附空白表：认不出文件格式，不是电子表格。请把内容填入下发的填报表（.xlsx）后重新报送。",
        "共 4 份，退回 3 份 → again",
        "下一步：把每份表随同名的 .txt 通知发给填报单位，收回后放进收件箱，再运行 gwxl merge",
    ]


def test_a_return_that_was_replaced_is_left_alone(tmp_path: Path) -> None:
    """Of two returns of one site only the one that counts goes back."""
    (tmp_path / "inbox").mkdir()
    make_return(tmp_path / "inbox" / "old.xlsx", service_items_online=999, report_date="2027-01-05")
    make_return(tmp_path / "inbox" / "new.xlsx", service_items_online=998, report_date="2027-01-09")
    say("merge", "inbox", "-o", "summary.xlsx", cwd=tmp_path, code=1)
    found = document("return", "--from", "summary.xlsx", "-o", "back", cwd=tmp_path, code=1)
    new, old = found["files"]
    assert [point["id"] for point in new["points"]] == ["B08"]
    assert (old["status"], old["workbook"], old["counts"]) == ("superseded", None, None)
    assert old["reason"]


def test_what_changed_since_the_summary_is_named(tmp_path: Path) -> None:
    """A file that came in, changed or went after the merge is not sent back on old grounds."""
    place = inbox(tmp_path)
    say("merge", "inbox", "-o", "summary.xlsx", cwd=tmp_path, code=1)
    make_return(place / "late.xlsx", site_code="12345")
    make_return(place / "faulty.xlsx", service_items_online=998)
    (place / "none.xlsx").unlink()
    found = document("return", "--from", "summary.xlsx", "-o", "back", cwd=tmp_path, code=1)
    assert [file["file"] for file in found["files"]] == ["good.xlsx", "held.xlsx"]
    assert found["not_in_summary"] == ["faulty.xlsx", "late.xlsx"]
    assert found["missing"] == ["faulty.xlsx", "none.xlsx"]


def test_the_inbox_of_a_summary_may_move(tmp_path: Path) -> None:
    """Summary and inbox are found together from anywhere; one that moved alone is named."""
    inbox(tmp_path)
    say("merge", "inbox", "-o", "summary.xlsx", cwd=tmp_path, code=1)
    (tmp_path / "elsewhere").mkdir()
    found = document("return", "--from", "../summary.xlsx", "-o", "back", cwd=tmp_path / "elsewhere", code=1)
    assert len(found["files"]) == 4
    (tmp_path / "inbox").rename(tmp_path / "moved")
    line = refusal("return", "--from", "summary.xlsx", "-o", "back", cwd=tmp_path)
    assert re.match(r"error: summary\.xlsx: the inbox it was made from is not there \(inbox\)", line)
    found = document("return", "--from", "summary.xlsx", "--inbox", "moved", "-o", "back", cwd=tmp_path, code=1)
    assert len(found["files"]) == 4


def test_settled_by_the_clerk(tmp_path: Path) -> None:
    """A verify that the clerk settled is not sent back."""
    (tmp_path / "inbox").mkdir()
    make_return(tmp_path / "inbox" / "a.xlsx", messages_resolved=520)
    say("merge", "inbox", "-o", "summary.xlsx", cwd=tmp_path, code=1)
    decisions = tmp_path / "inbox-待决.xlsx"
    fill_in(decisions, lambda _: {"decision": "settle"})
    say("merge", "inbox", "-o", "summary.xlsx", cwd=tmp_path)
    found = document("return", "--from", "summary.xlsx", "-o", "back", cwd=tmp_path)
    assert found["files"][0]["workbook"] is None


def test_files_are_named_or_a_summary(tmp_path: Path) -> None:
    """Neither or both cannot be."""
    make_return(tmp_path / "a.xlsx", site_code="1")
    for arguments in ((), ("a.xlsx", "--from", "a.xlsx")):
        line = refusal("return", *arguments, "-o", "back", cwd=tmp_path)
        assert line == "error: name files, or a summary with --from, and not both"
    line = refusal("return", "--from", "a.xlsx", "--year", "2026", "-o", "back", cwd=tmp_path)
    assert line == "error: a summary has a period of its own; leave --period out"
    line = refusal("return", "--from", "a.xlsx", "-o", "back", cwd=tmp_path)
    assert "a.xlsx" in line


def test_files_go_back_one_by_one(tmp_path: Path) -> None:
    """Files and folders named on the command line are sent back, the year they are for given or their own."""
    inbox(tmp_path)
    found = document("return", "inbox", "-o", "back", "--year", "2026", cwd=tmp_path, code=1)
    assert [Path(file["workbook"]).name for file in found["files"] if file["workbook"]] == [
        f"{SENT_BACK}.xlsx",
        f"{HELD}.xlsx",
        "none（退回1）.xlsx",
    ]
    assert add_types(found["files"][0]["counts"]) == add_types(
        {"round": 1, "errors": 1, "verify": 0, "still": 0, "new": 0, "fixed": 0, "explained": 0, "unjudged": 0}
    )


def test_what_can_be_no_return_gets_no_letter(tmp_path: Path) -> None:
    """A text, slides or a picture named after what they tell, damaged or not, but with a known name or code in it."""
    damaged = b"PK\x03\x04broken" * 30
    picture = b"\x89PNG\r\n\x1a\n" + bytes(40)
    nobody = {"会议通知.docx": damaged, "说明.PPTX": damaged, "合影.jpg": picture, "合影.xlsx": picture}
    somebody = {"某某县教育局.xlsx": damaged, "0000000005.docx": damaged, "某县政府网站工作年度报表.docx": damaged}
    for name, data in {**nobody, **somebody}.items():
        (tmp_path / name).write_bytes(data)
    told = document("return", *nobody, *somebody, "--year", "2026", "-o", "back", cwd=tmp_path, code=1)
    written = {one["file"]: one["workbook"] for one in told["files"]}
    assert written == {
        **dict.fromkeys(nobody),
        **{name: str(Path("back", f"{Path(name).stem}（退回1）.xlsx")) for name in somebody},
    }


def test_a_locked_file_goes_back_with_what_its_sender_can_do(tmp_path: Path) -> None:
    """The letter of a file with a password names no package and no setting of the office's."""
    locked = Path("samples/inbox/43-加了密码.xlsx").resolve()
    told = document("return", str(locked), "--year", "2026", "-o", "back", cwd=tmp_path, code=1)
    letter = (tmp_path / told["files"][0]["letter"]).read_text("utf-8")
    assert "读不出内容。请取消密码，另存为 .xlsx 后重新报送。\n" in letter
    assert "GWXL" not in letter
