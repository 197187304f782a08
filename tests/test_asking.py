"""Asking a summary by label, cell, name or file, and hearing what somebody changed in it."""

import json
import warnings
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, get_column_letter

from gwxl.errors import SettingsError
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Source
from gwxl.summary.record import ENTRIES, KEY, Digest, pieces
from gwxl.summary.sheets.origin import DIGEST_ROW, HEAD_DIGEST_ROW, HEAD_RECORD_ROW
from gwxl.summary.sheets.table import FIRST_ROW, KEY_ROW, LEAD, PASSED_ROW, TOTAL_ROW
from gwxl.summary.stored.explaining import explain_figure
from gwxl.summary.stored.files import read_returned_cell
from tests.support import inboxes
from tests.support.batches import batch, finding, receipt, report_rules, site
from tests.support.command import say
from tests.support.written import write_summary

COUNT = "site_page_views"
ENTRY = "other_media[1].posts"

Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Return a function that writes a summary of receipts."""

    def write(*receipts: Receipt) -> Path:
        write_summary(batch(*receipts), report_rules(), tmp_path / "a.xlsx")
        return tmp_path / "a.xlsx"

    return write


def open_book(path: Path) -> openpyxl.Workbook:
    """Open a workbook with openpyxl."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops data bars and says so
        return openpyxl.load_workbook(path)


def edit(path: Path, change: Callable[[openpyxl.Workbook], object]) -> None:
    """Change a workbook and save it."""
    book = open_book(path)
    change(book)
    book.save(path)


def put(path: Path, title: str, address: str, value: object) -> None:
    """Type into one cell."""
    edit(path, lambda book: setattr(book[title][address], "value", value))


def head_key(path: Path) -> str:
    """Return the key of the first figure of 汇总表."""
    return str(open_book(path)["汇总表"].cell(KEY_ROW, len(LEAD) + 1).value)


def letters(path: Path, title: str, key: str) -> str:
    """Return the column of a key."""
    keys = [cell.value for cell in open_book(path)[title][2]]
    return get_column_letter(keys.index(key) + 1)


def test_a_figure_that_was_typed_over_says_so(written: Write) -> None:
    """What stands there, what was written and where it comes from are all told; the total is that of the files."""
    path = written(receipt(1, {COUNT: 7}), receipt(2, {COUNT: 9}))
    put(path, "汇总表", f"{letters(path, '汇总表', COUNT)}{FIRST_ROW}", 8)
    [origin] = explain_figure(path, COUNT, site(1)).origins
    assert (origin.standing, origin.value, origin.file, origin.cell) == ("8", "7", "0000000001.xlsx", "D15")
    found = explain_figure(path, COUNT)
    assert (found.changed, found.value, [one.standing for one in found.origins]) == (True, "16", ["8", None])
    assert not explain_figure(path, "release_total").changed
    told = say("explain", COUNT, path, code=1, cwd=path.parent)
    assert "changed: 8 stands in the summary, 7 was written, from 0000000001.xlsx, 填报表 D15\n" in told


def test_an_entry_that_was_typed_over_says_so(written: Write) -> None:
    """A cell of a table too."""
    path = written(receipt(2, {ENTRY: 10}))
    put(path, "其他新媒体", f"{letters(path, '其他新媒体', 'other_media.posts')}6", 11)
    [entry] = explain_figure(path, ENTRY, site(2)).origins
    assert (entry.standing, entry.value, entry.path) == ("11", "10", ENTRY)


@pytest.mark.parametrize(
    ("value", "standing"), [(None, ""), ("七", "七"), ("7 ", None), (7.0, None), ("=3+4", "=3+4"), (0, "0")]
)
def test_every_way_to_change_a_figure(written: Write, value: object, standing: str | None) -> None:
    """Emptied, made a word or a formula, it is changed; the same number written otherwise is the same."""
    path = written(receipt(1, {COUNT: 7}))
    put(path, "汇总表", f"{letters(path, '汇总表', COUNT)}{FIRST_ROW}", value)
    [origin] = explain_figure(path, COUNT, site(1)).origins
    assert (origin.standing, origin.value.strip()) == (standing, "7")


def test_a_total_that_was_typed_over_says_so(written: Write) -> None:
    """The sum and the sum of what passed are told apart."""
    path = written(receipt(1, {COUNT: 7}), receipt(2, {COUNT: 9}))
    column = letters(path, "汇总表", COUNT)
    put(path, "汇总表", f"{column}{TOTAL_ROW}", 17)
    found = explain_figure(path, COUNT)
    assert (found.value, found.standing, found.standing_passed, found.changed) == ("16", "17", None, True)
    put(path, "汇总表", f"{column}{PASSED_ROW}", "（另报）")
    assert explain_figure(path, COUNT).standing_passed == "（另报）"


def test_what_nobody_asks_for_may_be_changed(written: Write) -> None:
    """Notes beside the columns, on other sheets and over the visible sources change no answer."""
    path = written(receipt(1, {COUNT: 7}))
    source = f"{letters(path, '数据来源', COUNT)}{FIRST_ROW}"
    for title, address in (("汇总表", "ZZ9"), ("文件清单", "D4"), ("总览", "H1"), ("数据来源", source)):
        put(path, title, address, "已核")
    found = explain_figure(path, COUNT, site(1))
    assert (found.value, found.changed, found.origins[0].cell) == ("7", False, "D15")


def test_a_record_that_was_changed_tells_nothing(written: Write) -> None:
    """A hidden record that somebody typed over is no source."""
    path = written(receipt(1, {COUNT: 7}))
    put(path, "数据来源", f"{letters(path, '数据来源', '#record')}{FIRST_ROW}", "[]")
    with pytest.raises(SettingsError, match="the hidden record of sources in 数据来源 was changed"):
        explain_figure(path, COUNT)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("#record", "[]"),
        ("#record", "{"),
        ("#record", '["1",["x"],"","是","","","","",false]'),
        ("#record.0", "[[],[],{}]"),
        ("#record.0", '[[1,2,3,4,5,6,7,8],["","","","","","","",""],{}]'),
        ("#record.0", '[["","","","","","","",""],["","","","","","","",""],{"0":[""]}]'),
        ("#record.0", "[" * 20_000),
        ("#entries", '{"other media":["","","",""]}'),
    ],
)
def test_a_record_that_was_made_up_tells_nothing(written: Write, key: str, words: str) -> None:
    """Not even with its digest: it ends as any other that was changed."""
    path = written(receipt(1, {ENTRY: 7}))
    digest = Digest()
    digest.add(words)
    column = letters(path, "数据来源", key)
    put(path, "数据来源", f"{column}{DIGEST_ROW}", digest.words())
    put(path, "数据来源", f"{column}{FIRST_ROW}", words)
    with pytest.raises(SettingsError, match="the hidden record of sources in 数据来源 was changed"):
        explain_figure(path, ENTRY if key == ENTRIES else head_key(path))


@pytest.mark.parametrize("change", [{"asked": {}}, {"keys": [1]}, {"by": "no_such"}, {"keys": []}, {"asked": 7}])
def test_a_head_that_was_made_up_tells_nothing(written: Write, change: Mapping[str, object]) -> None:
    """What can be asked is only what the columns hold."""
    path = written(receipt(1, {COUNT: 7}))
    column = letters(path, "数据来源", KEY)
    sheet = open_book(path)["数据来源"]
    first = column_index_from_string(column)
    told = "".join(str(cell.value) for cell in sheet[HEAD_RECORD_ROW][first - 1 :] if cell.value)
    words = json.dumps({**json.loads(told), **change}, ensure_ascii=False)
    digest = Digest()
    digest.add(words)

    def forge(book: openpyxl.Workbook) -> None:
        for cell in book["数据来源"][HEAD_RECORD_ROW][first - 1 :]:
            cell.value = None
        for number, piece in enumerate(pieces(words)):
            book["数据来源"].cell(HEAD_RECORD_ROW, first + number, piece)
        book["数据来源"][f"{column}{HEAD_DIGEST_ROW}"] = digest.words()

    edit(path, forge)
    with pytest.raises(SettingsError):
        explain_figure(path, COUNT)


def test_a_row_that_was_deleted_is_missed(written: Write) -> None:
    """Its figure is told as written, and that nothing stands there."""
    path = written(receipt(1, {COUNT: 7}), receipt(2, {COUNT: 9}))
    edit(path, lambda book: book["汇总表"].delete_rows(FIRST_ROW))
    assert [(one.value, one.standing) for one in explain_figure(path, COUNT).origins] == [("7", ""), ("9", None)]


@pytest.mark.parametrize(
    ("asked", "who", "key"),
    [
        ("网站总访问量", "", COUNT),
        ("9 网站总访问量（次）", "", COUNT),
        ("总访问量", "", COUNT),
        ("page_views", "", COUNT),
        ("创新发展（多选）", "", "innovations"),
        ("千人千网", "", "innovations.personalized"),
        (ENTRY, site(2), ENTRY),
        (COUNT, "示例2", COUNT),
        (COUNT, "甲局/乙.xlsx", COUNT),
        (COUNT, "乙.xlsx", COUNT),
        (COUNT, "0002", COUNT),
    ],
)
def test_a_figure_is_asked_in_many_ways(written: Write, asked: str, who: str, key: str) -> None:
    """By label, part of one, part of a key; a site by code, name, file, or part of them."""
    path = written(receipt(1), receipt(2, {ENTRY: 3}, file="甲局/乙.xlsx"))
    found = explain_figure(path, asked, who or None)
    assert (found.key, found.site) == (key, site(2) if who else None)


@pytest.fixture
def grouped(written: Write) -> Path:
    """Return a summary of three sites, two of them portals."""
    return written(
        receipt(1, {COUNT: 7, "site_type": "portal"}),
        receipt(2, {COUNT: 10, "site_type": "portal", ENTRY: 3}),
        receipt(3, {COUNT: 90, "site_type": "special"}),
    )


def test_a_cell_of_a_site_is_asked(grouped: Path) -> None:
    """On 汇总表 and on 数据来源, however the address is written."""
    column = letters(grouped, "汇总表", COUNT)
    for place in (f"{column}9", f"汇总表!${column}$9", f"数据来源!{column}9", f"'汇总表'!{column.lower()}9"):
        found = explain_figure(grouped, place)
        assert (found.key, found.site, found.value) == (COUNT, site(2), "10")


def test_a_cell_of_the_totals_is_asked(grouped: Path) -> None:
    """The one of all, and the one of what passed."""
    column = letters(grouped, "汇总表", COUNT)
    for row in (TOTAL_ROW, PASSED_ROW):
        found = explain_figure(grouped, f"{column}{row}")
        assert (found.key, found.site, found.value, found.changed) == (COUNT, None, "107", False)


def test_a_cell_of_a_table_is_asked(grouped: Path) -> None:
    """It is one entry of one site."""
    sheet = open_book(grouped)["其他新媒体"]
    column = letters(grouped, "其他新媒体", "other_media.posts")
    row = next(row for row in range(6, sheet.max_row + 1) if sheet[f"{column}{row}"].value == 3)
    found = explain_figure(grouped, f"其他新媒体!{column}{row}")
    assert (found.key, found.site, found.value) == (ENTRY, site(2), "3")


def test_the_figures_of_a_group_are_told(grouped: Path) -> None:
    """Sum, least, median and most over all sites and over each group."""
    groups = {part.group: part for part in explain_figure(grouped, COUNT).parts}
    portals = groups["政府门户网站"]
    assert (portals.value, portals.minimum, portals.median, portals.maximum) == ("17", "7", "8.5", "10")
    assert (groups[""].median, groups["专项网站"].counted) == ("10", "1 / 1")


@pytest.mark.parametrize(
    ("more", "part", "value"),
    [
        (0, "value", "17"),
        (1, "counted", "2 / 2"),
        (2, "minimum", "7"),
        (3, "median", "8.5"),
        (4, "maximum", "10"),
        (5, "passed", "17"),
        (6, "passed_counted", "2 / 2"),
    ],
)
def test_a_cell_of_a_group_is_asked(grouped: Path, more: int, part: str, value: str) -> None:
    """Each cell of 分类汇总 names its figure, its group and the sites behind it; typed over, it says so."""
    sheet = open_book(grouped)["分类汇总"]
    row = next(cell.row for cell in sheet[get_column_letter(sheet.max_column)] if cell.value == COUNT)
    first = next(n for n, cell in enumerate(sheet[3], 1) if str(cell.value).startswith("政府门户网站"))
    place = f"{get_column_letter(first + more)}{row}"
    found = explain_figure(grouped, f"分类汇总!{place}")
    assert (found.key, found.group, found.part, found.value) == (COUNT, "政府门户网站", part, value)
    assert ([one.site for one in found.origins], found.changed) == ([site(1), site(2)], False)
    put(grouped, "分类汇总", place, 4711)
    assert explain_figure(grouped, f"分类汇总!{place}").standing == "4711"


@pytest.mark.parametrize("place", ["A9", "总览!B2", "没有!B2", "分类汇总!A1", "XFD1048576"])
def test_a_cell_without_figure_is_told(written: Write, place: str) -> None:
    """A code, a heading, a sheet that is not there and a blank hold none."""
    with pytest.raises(SettingsError, match="holds no figure"):
        explain_figure(written(receipt(1)), place)


def test_what_fits_several_lists_ten_at_most(written: Write) -> None:
    """Figures and returns that fit are named, so that one of them can be asked."""
    path = written(*(receipt(number) for number in range(1, 15)))
    with pytest.raises(SettingsError, match=r"may be any of \d+ figures.*\(weibo_name\).*\(weibo_posts\)"):
        explain_figure(path, "weibo")
    with pytest.raises(SettingsError, match=r"may be any of 14 returns") as told:
        explain_figure(path, COUNT, "示例")
    assert str(told.value).count("0.xlsx") + str(told.value).count("（示例") == 1 + 10


def test_a_tick_question_is_headed_by_itself(written: Write) -> None:
    """The head is the question, not the labels of its options."""
    assert explain_figure(written(receipt(1)), "innovations").label == "创新发展（多选）"


def test_a_column_of_a_table_has_both_figures(written: Write) -> None:
    """The sum over all, and that over the sites that passed."""
    doubted = receipt(2, {ENTRY: 5}, findings=[finding("B01", COUNT)])
    found = explain_figure(written(receipt(1, {ENTRY: 10}), doubted), "other_media.posts")
    values = {
        one.site: sum(int(each.value) for each in found.origins if each.site == one.site) for one in found.origins
    }
    assert (found.value, found.value_passed) == (str(values[site(1)] + values[site(2)]), str(values[site(1)]))
    assert values[site(2)] >= 5


def test_the_file_itself_is_looked_into(tmp_path: Path) -> None:
    """What its cell holds is told; of a file that is another by now, or gone, it is not."""
    returned = inboxes.send(tmp_path / "inbox", "甲.xlsx", **inboxes.site(91), site_page_views=90740)
    path = inboxes.merge(tmp_path / "inbox").summary
    put(path, "汇总表", f"{letters(path, '汇总表', COUNT)}{FIRST_ROW}", 1)
    found = explain_figure(path, COUNT, "甲.xlsx")
    assert [(one.standing, one.value, one.found) for one in found.origins] == [("1", "90740", "90740")]
    put(returned, "填报表", "D15", 5)
    assert explain_figure(path, COUNT, "甲.xlsx").origins[0].found is None
    returned.unlink()
    assert explain_figure(path, COUNT, "甲.xlsx").origins[0].found is None


def test_no_file_outside_the_inbox_is_opened(tmp_path: Path) -> None:
    """A name that climbs out, or is absolute, leads nowhere."""
    outside = inboxes.send(tmp_path, "外.xlsx")
    (tmp_path / "inbox").mkdir()
    digest = sha256(outside.read_bytes()).hexdigest()
    for name in ("../外.xlsx", str(outside)):
        assert read_returned_cell(tmp_path / "inbox", Source(file=name, sha256=digest), "填报表", "D15") is None
    assert read_returned_cell(tmp_path, Source(file="外.xlsx", sha256=digest), "填报表", "D15")
