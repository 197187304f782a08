"""A changed label: what key, name and place agree on goes back, the doubtful answers alone are blank and listed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from gwxl.form.layout import Col
from gwxl.records.path import Path as FormPath
from gwxl.records.submission import Status
from tests.support.clients.libreoffice import LibreOffice
from tests.support.returning import FORM, LAYOUT, OTHER, YEAR, back, check, make_return, reread, review_rows

MEDIA = ({"product_type": "客户端", "platform_name": "商店", "product_name": "通", "posts": 17},)
Edit = Callable[[Workbook], None]


def row_of(path: str) -> int:
    """Return the row of an input."""
    return LAYOUT.cells[FormPath.parse(path)].row


def label(path: str, words: str) -> Edit:
    """Return what changes the label beside an input."""
    return lambda book: _put(book, FORM, row_of(path), Col.LABEL, words)


def heading(key: str, words: str) -> Edit:
    """Return what changes the label of a heading."""
    (row,) = (one.number for one in LAYOUT.rows if one.key == key)
    column = Col.LABEL
    return lambda book: _put(book, FORM, row, column, words)


def head(key: str, words: str) -> Edit:
    """Return what changes the head of a column of the table."""
    (area,) = LAYOUT.tables
    return lambda book: _put(book, OTHER, area.head_row, area.columns[key], words)


def _put(book: Workbook, sheet: str, row: int, column: int, words: str) -> None:
    book[sheet].cell(row, column).value = words


def change(folder: Path, *edits: Edit, **answers: Any) -> Path:
    """Make a complete return in which a label was changed."""
    path = make_return(folder / "return.xlsx", None, {"weibo_posts": "含转发"}, other_media=MEDIA, **answers)
    book = openpyxl.load_workbook(path)
    for edit in edits:
        edit(book)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("edit", "blank"),
    [
        (label("release_total", "总数（含外链）"), {"release_total"}),
        (label("weibo_posts", "公众号发布量"), {"weibo_posts"}),
        (label("site_name", "单位名称"), {"site_name"}),
        (head("posts", "浏览量"), {"other_media[1].posts"}),
        (head("posts", LAYOUT.tables[0].field.columns[0].label), {"other_media[1].posts"}),
    ],
)
def test_only_what_stands_at_the_changed_label_is_blank(edit: Edit, blank: set[str], tmp_path: Path) -> None:
    """Every other answer goes back, and the doubtful one is listed with what stood there and why."""
    receipt = check(change(tmp_path, edit))
    assert receipt.status is Status.HELD
    (one,) = back(tmp_path / "back", receipt)
    again = reread(one).submission
    assert one.review is not None
    assert again is not None
    assert receipt.submission is not None
    before = {path: answer.raw for path, answer in receipt.submission.answers.items() if answer.raw}
    after = {path: answer.raw for path, answer in again.answers.items() if answer.raw}
    assert {str(path) for path in before.keys() - after.keys()} == blank
    assert {path: before[path] for path in after} == after
    answers = [lost for lost in one.review.lost if str(lost.key) in blank and lost.raw != "含转发"]
    assert {(str(lost.key), lost.raw, lost.why) for lost in answers} == {
        (path, before[FormPath.parse(path)], "label") for path in blank
    }
    assert (again.explanations == {}) is ("weibo_posts" in blank)
    assert one.letter is not None
    assert all(lost.label in one.letter.read_text("utf-8") for lost in answers)


def test_a_changed_heading_puts_what_stands_below_it_in_doubt(tmp_path: Path) -> None:
    """The answers of that section are blank, those of the others are not."""
    section = LAYOUT.form.sections[1]
    (one,) = back(tmp_path / "back", check(change(tmp_path, heading(f"#{section.key}", "去年信息发布"))))
    assert one.review is not None
    assert one.review.partly
    assert {lost.key.field for lost in one.review.lost} == {field.key for field in section.fields}


def _drop_names(book: Workbook) -> None:
    for name in list(book.defined_names):
        del book.defined_names[name]


def _drop_one_name(book: Workbook) -> None:
    del book.defined_names[FormPath("surveys_held").defined_name]


def _push(book: Workbook) -> None:
    sheet, first, last = book[FORM], row_of("columns_maintained"), row_of("columns_opened")
    sheet.move_range(f"D{first}:D{last}", rows=1)
    for path in ("columns_maintained", "columns_opened"):
        book.defined_names[FormPath(path).defined_name].attr_text = f"'{FORM}'!$D${row_of(path) + 1}"


@pytest.mark.parametrize("edit", [_drop_names, _push])
def test_without_names_that_agree_nothing_is_carried_over(edit: Edit, tmp_path: Path) -> None:
    """A changed label in a workbook whose names are gone or moved puts every answer in doubt."""
    receipt = check(change(tmp_path, label("release_total", "总数（含外链）"), edit))
    (one,) = back(tmp_path / "back", receipt)
    again = reread(one).submission
    assert one.review is not None
    assert again is not None
    assert (one.review.held != "", one.review.partly, again.values) == (True, False, {})


def test_an_answer_whose_own_name_is_lost_is_blank_too(tmp_path: Path) -> None:
    """Key and label alone do not vouch for a place beside a changed label."""
    receipt = check(change(tmp_path, label("release_total", "总数（含外链）"), _drop_one_name))
    (one,) = back(tmp_path / "back", receipt)
    assert one.review is not None
    assert {str(lost.key) for lost in one.review.lost} == {"release_total", "surveys_held"}


def test_what_is_left_blank_is_listed_in_front(tmp_path: Path) -> None:
    """Sheet and letter say why the return was not taken, and what was left blank."""
    (one,) = back(tmp_path / "back", check(change(tmp_path, label("release_total", "总数（含外链）"))))
    said = "\n".join("".join(map(str, row)) for row in review_rows(one))
    assert "只有下面列出的 1 处因项目名称被改动等原因不能确定，留空待填" in said
    assert one.letter is not None
    letter = one.letter.read_text("utf-8")
    assert "二、信息发布 › 1.总数：原填“702”" in letter
    assert "没有移入附表，已逐格列" not in letter


@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_in_other_formats(soffice: LibreOffice, suffix: str, tmp_path: Path) -> None:
    """A label changed and saved by a real program in another format: the same one answer is blank."""
    path = change(tmp_path)
    with soffice.open(path) as opened:
        opened.fill(FORM, {f"C{row_of('release_total')}": "总数（含外链）"})
        saved = opened.save(tmp_path / f"return{suffix}")
    receipt = check(saved)
    assert receipt.status is Status.HELD
    (one,) = back(tmp_path / "back", receipt)
    assert one.review is not None
    assert {str(lost.key) for lost in one.review.lost} == {"release_total"}
    again = reread(one).submission
    assert again is not None
    assert (again.identity.year, again.values["release_affairs"]) == (YEAR, 235)
