"""A summary that somebody typed into is kept beside the new one, once, and one that nobody did is not."""

import warnings
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook.workbook import Workbook

from gwxl.summary.stored.keeping import copies_of, keep_edited
from gwxl.summary.stored.recognising import is_summary, seal_of
from tests.support.batches import Cell, batch, mix_batch, receipt, report_rules
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, say
from tests.support.inboxes import send, site
from tests.support.written import write_summary

WORDS = "请核对第三项（虚构批示）"


@pytest.fixture
def summary(tmp_path: Path) -> Path:
    """Return a summary with every kind of fault."""
    write_summary(mix_batch(12), report_rules(), tmp_path / "汇总.xlsx")
    return tmp_path / "汇总.xlsx"


def edit(path: Path, change: Callable[[Workbook], object]) -> None:
    """Change a workbook with openpyxl and save it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops data bars and says so
        book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def sort(book: Workbook) -> None:
    """Exchange two rows of a list, as sorting does."""
    sheet = book["文件清单"]
    for column in range(1, sheet.max_column + 1):
        one, other = sheet.cell(4, column), sheet.cell(5, column)
        one.value, other.value = other.value, one.value


TYPED: dict[str, Callable[[Workbook], object]] = {
    "a remark on the first sheet": lambda book: book.worksheets[0].cell(1, 8, WORDS),
    "a remark far below": lambda book: book["问题清单"].cell(900, 30, WORDS),
    "a number over a figure": lambda book: book["汇总表"].cell(8, 12, 1),
    "a formula in place of another": lambda book: book["汇总表"].cell(5, 12, "=SUM(L8:L9)"),
    "a cell emptied": lambda book: book["汇总表"].cell(8, 2, None).__setattr__("value", None),
    "a comment": lambda book: setattr(book["汇总表"].cell(8, 2), "comment", Comment(WORDS, "虚构")),
    "a sheet added": lambda book: book.create_sheet("处长用"),
    "a sheet deleted": lambda book: book.remove(book["读数记录"]),
}


@pytest.mark.parametrize("change", TYPED)
def test_what_was_typed_is_kept_once(summary: Path, change: str) -> None:
    """The copy holds every byte, is dated, and a second one of it is not made."""
    edit(summary, TYPED[change])
    kept = keep_edited(summary, "zh")
    assert kept is not None
    assert kept.name.startswith("汇总（改动于 20")
    assert kept.read_bytes() == summary.read_bytes()
    assert keep_edited(summary, "zh") == kept
    edit(summary, lambda _: None)  # the same cells in other bytes
    assert keep_edited(summary, "zh") == kept
    assert list(copies_of(summary, "zh")) == [kept]


def test_another_remark_is_another_copy(summary: Path) -> None:
    """Two changes of the same minute are two copies."""
    edit(summary, TYPED["a remark on the first sheet"])
    first = keep_edited(summary, "zh")
    edit(summary, TYPED["a sheet added"])
    second = keep_edited(summary, "zh")
    assert None not in {first, second}
    assert sorted(copies_of(summary, "zh")) == sorted(one for one in (first, second) if one)
    assert first != second


UNTYPED: dict[str, Callable[[Workbook], object]] = {
    "saved": lambda _: None,
    "coloured": lambda book: setattr(book["汇总表"].cell(8, 2), "fill", PatternFill("solid", fgColor="FFFF00")),
    "made wider": lambda book: setattr(book["汇总表"].column_dimensions["B"], "width", 60),
    "sorted": sort,
}


@pytest.mark.parametrize("change", UNTYPED)
def test_looks_and_order_are_no_words(summary: Path, change: str) -> None:
    """A summary that was saved, coloured, resized or sorted is replaced without a copy."""
    edit(summary, UNTYPED[change])
    assert not seal_of(summary).untouched
    assert keep_edited(summary, "zh") is None


def test_the_very_file_is_not_read(summary: Path) -> None:
    """Of a file that nobody saved since, the directory is enough."""
    assert seal_of(summary).untouched
    assert keep_edited(summary, "zh") is None


def test_libreoffice_changes_nothing(summary: Path, soffice: LibreOffice, tmp_path: Path) -> None:
    """What LibreOffice saved without a word typed is no change; a word typed there is."""
    saved = soffice.convert(summary, tmp_path / "again.xlsx")
    assert (is_summary(saved), seal_of(saved).untouched) == (True, False)
    assert keep_edited(saved, "zh") is None
    edit(saved, TYPED["a remark on the first sheet"])
    assert keep_edited(saved, "zh") is not None


def test_a_summary_of_strange_texts_is_not_changed_by_saving(tmp_path: Path, soffice: LibreOffice) -> None:
    """Blanks, line ends, escapes, formulas that are texts and long numbers come back as they were."""
    words: dict[str, Cell] = {
        "site_name": "  a\tb\n=1+1 _x0041_ <r>甲</r> ",
        "site_sponsor": "'@甲\u3000乙  ",
        "site_page_views": 10**18 + 1,
    }
    path = tmp_path / "s.xlsx"
    write_summary(batch(receipt(1, words), receipt(2)), report_rules(), path)
    assert keep_edited(soffice.convert(path, tmp_path / "again.xlsx"), "zh") is None
    edit(path, lambda _: None)
    assert keep_edited(path, "zh") is None


def test_a_damaged_summary_is_kept(summary: Path) -> None:
    """Whatever may have been typed into it is not thrown away because it cannot be read."""
    edit(summary, TYPED["a remark on the first sheet"])
    data = summary.read_bytes()
    at = data.index(b"xl/worksheets/sheet2.xml") + 2_000
    summary.write_bytes(data[:at] + b"\0" * 200 + data[at + 200 :])
    assert is_summary(summary)
    kept = keep_edited(summary, "zh")
    assert kept is not None
    assert keep_edited(summary, "zh") == kept


def test_a_merge_says_what_it_kept(tmp_path: Path) -> None:
    """On the screen and in JSON; a copy in the inbox is none of the returns."""
    inbox = tmp_path / "inbox"
    send(inbox, "甲.xlsx", **site(91))
    target = inbox / "汇总.xlsx"
    assert document("merge", inbox, "-o", target, cwd=tmp_path)["kept"] is None
    edit(target, TYPED["a remark on the first sheet"])
    told = say("merge", inbox, "-o", target, cwd=tmp_path)
    (kept,) = copies_of(target, "zh")
    assert f"a copy was kept: '{kept}'" in told
    found = document("merge", inbox, "-o", target, cwd=tmp_path)
    assert (found["kept"], found["counts"]["accepted"], found["counts"]["refused"]) == (None, 1, 0)


def test_a_dry_run_foretells_the_copy(tmp_path: Path) -> None:
    """The name that the merge gives it then, or the copy that stands; nothing is written."""
    inbox = tmp_path / "inbox"
    send(inbox, "甲.xlsx", **site(91))
    assert document("merge", inbox, cwd=tmp_path)["kept"] is None
    target = tmp_path / "inbox-汇总.xlsx"
    assert document("merge", inbox, "--dry-run", cwd=tmp_path)["kept"] is None
    edit(target, TYPED["a sheet added"])
    foretold = document("merge", inbox, "--dry-run", cwd=tmp_path)["kept"]
    assert f"a copy would be kept: '{foretold}'\n" in say("merge", inbox, "--dry-run", cwd=tmp_path)
    assert [*copies_of(target, "zh")] == []
    edited = target.read_bytes()
    assert document("merge", inbox, cwd=tmp_path)["kept"] == foretold
    assert Path(foretold).read_bytes() == edited
    target.write_bytes(edited)
    assert document("merge", inbox, "--dry-run", cwd=tmp_path)["kept"] == foretold
    assert f"a copy of that is kept already: '{foretold}'\n" in say("merge", inbox, "--dry-run", cwd=tmp_path)
