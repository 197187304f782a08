"""Reading a summary back: where a figure comes from, and what an earlier merge knew."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwxl.errors import SettingsError
from gwxl.records.path import Path as FormPath
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Status, Unread
from gwxl.summary.sheets.notes import DIVIDER, Note, read_note
from gwxl.summary.sheets.table import FIRST_ROW, KEY_ROW
from gwxl.summary.stored.explaining import explain_figure
from gwxl.summary.stored.listing import previous_files
from gwxl.totals.adding import totals
from tests.support.batches import batch, digest, finding, mix_batch, receipt, refuse, report_rules, site
from tests.support.command import say
from tests.support.written import write_summary

COUNT = "site_page_views"

Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Return a function that writes a summary of receipts."""

    def write(*receipts: Receipt) -> Path:
        write_summary(batch(*receipts), report_rules(), tmp_path / "a.xlsx")
        return tmp_path / "a.xlsx"

    return write


def test_a_figure_of_a_site(written: Write) -> None:
    """File, member, digest, sheet, cell, raw text and value of one figure are told."""
    one = receipt(1, {COUNT: 12345}, raws={COUNT: "１２，３４５"}, file="各县/一.zip｜甲.xlsx")
    found = explain_figure(written(one, receipt(2)), COUNT, site(1))
    assert (found.label, found.value, found.counted) == ("9 网站总访问量（次）", "12345", "")
    [origin] = found.origins
    assert (origin.file, origin.member, origin.sha256) == ("各县/一.zip", "甲.xlsx", digest("各县/一.zip甲.xlsx"))
    assert (origin.sheet, origin.cell, origin.raw, origin.value) == ("填报表", "D15", "１２，３４５", "12345")
    assert (origin.site, origin.name, origin.path, origin.passed) == (site(1), "网站名称（示例1）", COUNT, True)
    assert (origin.counts, origin.reason) == (True, "")


@pytest.mark.parametrize(
    ("one", "raw", "value", "reason"),
    [
        (receipt(1, {COUNT: Unread(raw="约2.5万", kind="x")}), "约2.5万", "约2.5万", "无法识别为规定的内容"),
        (receipt(1, {COUNT: 7}, findings=[finding("A09", COUNT)], raws={COUNT: "0007"}), "0007", "7", "不符合 A09"),
        (receipt(1, {COUNT: None}), "", "", ""),
        (receipt(1, {COUNT: None}, raws={COUNT: "  "}), "  ", "  ", "未填"),
    ],
)
def test_a_figure_that_does_not_count_says_why(written: Write, one: Receipt, raw: str, value: str, reason: str) -> None:
    """What stands there is shown as it is, with the reason."""
    [origin] = explain_figure(written(one), COUNT, site(1)).origins
    assert (origin.raw, origin.value, origin.cell, origin.counts) == (raw, value, "D15", False)
    assert origin.reason.startswith(reason)


def test_a_total_and_its_addends(written: Write) -> None:
    """The addends sum to the total; what does not count is listed, and is none of them."""
    receipts = [
        receipt(2, {COUNT: 20}),
        receipt(1, {COUNT: 7}),
        receipt(3, {COUNT: Unread(raw="无", kind="dash_or_none")}),
        receipt(4, {COUNT: None}),
    ]
    found = explain_figure(written(*receipts), COUNT)
    assert (found.value, found.value_passed, found.counted, found.site) == ("27", "27", "2 / 4", None)
    assert [(one.site, one.file, one.cell, one.value) for one in found.addends] == [
        (site(1), "0000000001.xlsx", "D15", "7"),
        (site(2), "0000000002.xlsx", "D15", "20"),
    ]
    assert [(one.site, one.raw) for one in found.origins if not one.counts] == [(site(3), "无")]


def test_every_total_is_explained(tmp_path: Path) -> None:
    """For each sum of a batch with every kind of fault, the addends give it, exactly."""
    some, path = mix_batch(40), tmp_path / "a.xlsx"
    write_summary(some, report_rules(), path)
    found = totals(some.form, some.accepted)
    for key in ("release_total", COUNT, "weibo_followers", "other_media.posts"):
        explanation = explain_figure(path, key)
        assert Decimal(explanation.value) == found[FormPath.parse(key)].value
        assert sum(Decimal(one.value) for one in explanation.addends) == found[FormPath.parse(key)].value
        assert explanation.counted == f"{found[FormPath.parse(key)].n} / 40"


def test_a_long_number_is_explained_exactly(written: Write) -> None:
    """Digits no spreadsheet program keeps are all there."""
    found = explain_figure(written(receipt(1, {COUNT: 1234567890123456789}), receipt(2, {COUNT: 1})), COUNT)
    assert found.value == "1234567890123456790"
    assert [one.value for one in found.addends] == ["1234567890123456789", "1"]


def test_two_forms_in_one_workbook_are_told_apart(written: Write) -> None:
    """Rows are joined by receipt, not by file name."""
    cells = {"other_media[1].posts": 10}
    one, other = receipt(2, cells, file="同.xlsx"), receipt(5, {"other_media[1].posts": 7}, file="同.xlsx")
    other = replace(other, source=replace(other.source, sheet="填报表2"))
    path = written(one, other)
    found = explain_figure(path, "other_media[1].posts")
    assert [(origin.site, origin.value) for origin in found.origins] == [(site(2), "10"), (site(5), "7")]
    assert explain_figure(path, COUNT, site(5)).origins[0].sheet == "填报表"


def test_the_sheet_is_named_where_a_workbook_holds_several_returns(written: Write) -> None:
    """Addends and what is left out of one workbook differ in their sheet; where a file holds one, none is named."""
    one, zipped = receipt(2, {COUNT: 20}, file="同.xlsx"), receipt(5, {COUNT: 30}, file="包.zip｜同.xlsx")
    unread = receipt(7, {COUNT: Unread(raw="无", kind="dash_or_none")}, file="同.xlsx")
    several = [replace(one, source=replace(one.source, shared=True)) for one in (one, zipped, unread)]
    path = written(*several, receipt(8, {COUNT: 1}))
    assert [one.shared for one in explain_figure(path, COUNT).origins] == [True, True, True, False]
    lines = say("explain", COUNT, path, cwd=path.parent).splitlines()
    assert [" ".join(line.split()[-2:]) for line in lines if "D15" in line][:3] == [
        "D15 同.xlsx｜填报表",
        "D15 包.zip｜同.xlsx｜填报表",
        "D15 0000000008.xlsx",
    ]
    assert "D15   同.xlsx｜填报表" in next(line for line in lines if line.startswith("无"))
    shown = say("explain", COUNT, path, "--site", site(2), cwd=path.parent)
    assert "  file: 同.xlsx\n" in shown
    assert "  sheet: 填报表\n" in shown


def test_a_sorted_summary_still_tells_the_truth(written: Write) -> None:
    """Somebody sorted the sites and saved; each figure keeps its own file."""
    path = written(receipt(1, {COUNT: 7}), receipt(2, {COUNT: 9}, raws={COUNT: "９"}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops data bars and says so
        book = openpyxl.load_workbook(path)
    sheet = book["汇总表"]
    for column in range(1, sheet.max_column + 1):
        first, second = sheet.cell(FIRST_ROW, column), sheet.cell(FIRST_ROW + 1, column)
        first.value, second.value = second.value, first.value
    book.save(path)
    [origin] = explain_figure(path, COUNT, site(2)).origins
    assert (origin.file, origin.raw, origin.value) == ("0000000002.xlsx", "９", "9")
    assert origin.standing is None
    column = next(cell.column for cell in sheet[KEY_ROW] if cell.value == COUNT)
    sheet.cell(FIRST_ROW, column).value = 8  # of the second site, that stands above the first by now
    book.save(path)
    assert [one.standing for number in (1, 2) for one in explain_figure(path, COUNT, site(number)).origins] == [
        None,
        "8",
    ]


def test_a_mean_comes_with_its_weights(written: Write) -> None:
    """Each addend of a weighted mean names its weight."""
    cells = [(Decimal(2), 10), (Decimal("5.5"), 30)]
    receipts = [
        receipt(number, {"messages_average_days": days, "messages_resolved": weight})
        for number, (days, weight) in enumerate(cells, 1)
    ]
    found = explain_figure(written(*receipts), "messages_average_days")
    assert found.value == "4.625"
    assert [(one.value, one.weight) for one in found.addends] == [("2", "10"), ("5.5", "30")]


def test_choices_are_explained_together_and_alone(written: Write) -> None:
    """A field of several choices shows each; a choice shows its own."""
    ticks = {f"innovations.{key}": None for key in ("search_as_service", "multilingual", "accessible", "personalized")}
    path = written(receipt(1, {**ticks, "innovations.other": True}), receipt(2, {**ticks, "innovations.other": True}))
    assert explain_figure(path, "innovations.other").value == "2"
    assert explain_figure(path, "innovations").value.endswith("其他 2")
    assert {one.path for one in explain_figure(path, "innovations").addends} == {"innovations.other"}
    assert explain_figure(path, "innovations.other", site(1)).value == "√"


def test_a_choice_shows_its_counts(written: Write) -> None:
    """The total of a single choice says how often each answer was given."""
    found = explain_figure(
        written(receipt(1, {"site_type": "portal"}), receipt(2, {"site_type": "portal"})), "site_type"
    )
    assert found.value == "政府门户网站 2；部门网站 0；专项网站 0"


def test_table_cells_are_found_on_their_own_sheet(written: Write) -> None:
    """A column of a table gives every entry, a cell's path gives that cell."""
    path = written(
        receipt(2, {"other_media[1].posts": 10, "other_media[2].posts": 5}, raws={"other_media[2].posts": "5条"})
    )
    found = explain_figure(path, "other_media.posts")
    assert (found.value, found.counted) == ("15", "1 / 1")
    assert [(one.path, one.sheet, one.cell, one.raw) for one in found.addends] == [
        ("other_media[1].posts", "其他新媒体", "F5", "10"),
        ("other_media[2].posts", "其他新媒体", "F6", "5条"),
    ]
    assert explain_figure(path, "other_media[2].posts", site(2)).value == "5"
    rows = explain_figure(path, "other_media", site(2))
    assert [(one.value, one.sheet, one.cell) for one in rows.origins if one.path == "other_media"] == [
        ("2", "其他新媒体", "C5:G6")
    ]


@pytest.mark.parametrize(("key", "near"), [("site_page_viewz", "site_page_views"), ("#code", ""), ("@x", ""), ("", "")])
def test_an_unknown_key_is_told(written: Write, key: str, near: str) -> None:
    """With the nearest keys there are, if any are near."""
    with pytest.raises(SettingsError, match=f"no figure.*{near}"):
        explain_figure(written(receipt(1)), key)


def test_a_site_that_does_not_count_is_told(written: Write) -> None:
    """A held return says what became of it; an unknown code says that nothing came."""
    path = written(receipt(1), replace(receipt(2), status=Status.HELD))
    with pytest.raises(SettingsError, match=r"does not count.*0000000002\.xlsx \(待决\)"):
        explain_figure(path, COUNT, site(2))
    with pytest.raises(SettingsError, match="no file of this site came in"):
        explain_figure(path, COUNT, site(9))


def test_only_summaries_are_explained(tmp_path: Path) -> None:
    """Another workbook, no workbook and no file are refused by name."""
    foreign, text, none = tmp_path / "b.xlsx", tmp_path / "c.txt", tmp_path / "d.xlsx"
    openpyxl.Workbook().save(foreign)
    text.write_text("x")
    for path, words in ((foreign, "is no summary"), (text, "cannot be read"), (none, "There is no such file")):
        with pytest.raises(SettingsError, match=words):
            explain_figure(path, COUNT)


def test_previous_files_are_known_by_their_digest(written: Write) -> None:
    """Every file of the list that was read counts as known."""
    path = written(receipt(1), refuse("坏.xlsx"))
    assert previous_files(path) == {digest("0000000001.xlsx"), digest("坏.xlsx")}


TEXTS = st.lists(st.sampled_from(["a", "｜", "原文：", "不计入：", " ", "1"]), max_size=6).map("".join)


@given(st.sampled_from(["", "D41", "其他新媒体!C5:G6"]), st.sampled_from(["", "未填", "不符合 A09"]), st.none() | TEXTS)
def test_notes_come_back_whatever_the_raw_text_holds(address: str, why: str, raw: str | None) -> None:
    """A filler's text can never pass for an address or a reason."""
    note = Note(address=address, why=why, raw=raw)
    assert read_note(note.words("zh"), "zh") == note
    assert DIVIDER not in address + why
