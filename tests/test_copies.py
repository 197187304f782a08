"""Several sheets of the form in one workbook, blank forms, and what gwxl itself wrote: whose return is what."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from gwxl.batch.unanswered import ignore_letters, refuse_blanks
from gwxl.form.identity import issue_identity, marker_line
from gwxl.form.layout import Col, lay_out
from gwxl.records.cell import CellRef
from gwxl.records.path import Path as FormPath
from gwxl.records.period import Period
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Round, Status
from tests.support.batches import receipt, refuse
from tests.support.clients.libreoffice import LibreOffice
from tests.support.command import document, say
from tests.support.filling import entries, put
from tests.support.inboxes import merge, send, site, statuses
from tests.support.rounds import mark
from tests.support.submissions import GOOD, SENT_BACK, report_form, report_rules
from tests.support.written import write_template

LAYOUT = lay_out(report_form())
FORM, TABLE = LAYOUT.sheet, LAYOUT.tables[0].sheet
COPY, TABLE_COPY = f"{FORM} (2)", f"{TABLE} (2)"
FORMATS = (".xlsx", ".xls", ".ods", ".fods")


def answers(number: int, posts: int | None = None) -> dict[str, Any]:
    """Return the answers of one site, its table with so many posts; none without."""
    table = ({**GOOD["other_media"][0], "product_name": f"第{number}通", "posts": posts},) if posts is not None else ()
    return {**GOOD, **site(number), "release_total": 702 + number, "other_media": table}


class Copies:
    """An open workbook with sheets of the form and of its table, in an order of one's own."""

    def __init__(self, template: Path, order: Sequence[str]) -> None:
        self.book: Workbook = openpyxl.load_workbook(template)
        for title in order:
            if title not in self.book.sheetnames:
                self.book.copy_worksheet(self.book[title.removesuffix(" (2)")]).title = title
        rest = [sheet for sheet in self.book.worksheets if sheet.title not in order]
        vars(self.book)["_sheets"] = [*(self.book[title] for title in order), *rest]  # openpyxl has no other way

    def fill(self, values: Mapping[str, Any], form: str, table: str = TABLE) -> None:
        """Fill answers in."""
        for path, kind, entry in entries(report_form(), values):
            cell = LAYOUT.cells[FormPath.parse(path)]
            put(self.book, CellRef({FORM: form, TABLE: table}[cell.sheet], cell.row, cell.column), kind, entry)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the blank template."""
    path = tmp_path_factory.mktemp("template") / "blank.xlsx"
    write_template(report_rules(), path, identity=issue_identity(report_form(), period=Period(2026)))
    return path


def check(path: Path, code: int | None = None) -> list[Mapping[str, Any]]:
    """Return what ``gwxl check`` says of a file."""
    acted = 1 if code is None else code
    files: list[Mapping[str, Any]] = document("check", path.name, cwd=path.parent, code=acted)["files"]
    return files


def ids(file: Mapping[str, Any]) -> list[str]:
    """Return the ids of what is said of the sheets of a file."""
    return sorted(one["id"] for one in file["findings"] if one["id"][0] == "L")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("order", [(FORM, TABLE, COPY), (COPY, FORM, TABLE), (FORM, COPY, TABLE)])
def test_an_untouched_original_is_no_return(
    soffice: LibreOffice, template: Path, tmp_path: Path, order: Sequence[str], suffix: str
) -> None:
    """The filled copy is one return, with the only table; a hint names the blank sheet; nothing is to be done."""
    copies = Copies(template, order)
    copies.fill(answers(1, 301), COPY)
    path = tmp_path / "a.xlsx"
    copies.book.save(path)
    path = path if suffix == ".xlsx" else soffice.convert(path, path.with_suffix(suffix))
    (file,) = check(path, 0)
    assert (file["sheet"], file["values"]["release_total"], file["values"]["other_media"][0]["posts"]) == (
        COPY,
        703,
        301,
    )
    (hint,) = (one for one in file["findings"] if one["id"] == "L28")
    assert (hint["severity"], f"（{FORM}）" in hint["message"]) == ("hint", True)


def test_a_table_alone_is_taken_where_it_was_filled_in(template: Path, tmp_path: Path) -> None:
    """Of two tables, one blank, the filled form sheet takes the one that somebody filled in, wherever it stands."""
    for place, table in enumerate((TABLE, TABLE_COPY)):
        copies = Copies(template, (FORM, TABLE, COPY, TABLE_COPY))
        copies.fill(answers(1, 301), COPY, table)
        copies.book.save(tmp_path / f"{place}.xlsx")
        (file,) = check(tmp_path / f"{place}.xlsx", 0)
        assert [row["posts"] for row in file["values"]["other_media"]] == [301]


def test_one_answer_makes_a_sheet_a_return(template: Path, tmp_path: Path) -> None:
    """A sheet with a single word in it is somebody's: it is read, and told."""
    copies = Copies(template, (FORM, TABLE, COPY))
    copies.fill(answers(1), COPY)
    copies.fill({"site_sponsor": "乙局"}, FORM)
    copies.book.save(tmp_path / "a.xlsx")
    first, second = check(tmp_path / "a.xlsx")
    assert [file["sheet"] for file in (first, second)] == [FORM, COPY]
    errors = [sum(one["severity"] == "error" for one in file["findings"]) for file in (first, second)]
    assert (errors[0] > 30, errors[1]) == (True, 0)


def test_a_blank_sheet_of_another_site_is_named(template: Path, tmp_path: Path) -> None:
    """A blank sheet that was issued to another site is a sender who has not answered."""
    copies = Copies(template, (FORM, TABLE, COPY))
    copies.fill(answers(1), COPY)
    for title, code in ((FORM, "0000000002"), (COPY, "0000000001")):
        identity = issue_identity(report_form(), period=Period(2026), site_code=code)
        marker = copies.book[title].cell(LAYOUT.marker.row, LAYOUT.marker.column)
        marker.value = marker_line(identity)
    copies.book.save(tmp_path / "a.xlsx")
    first, second = check(tmp_path / "a.xlsx")
    assert (first["status"], first["identity"]["site_code"], "0000000002" in first["reason"]) == (
        "findings",
        "0000000002",
        True,
    )
    assert second["sheet"] == COPY


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("order", "certain"),
    [
        ((FORM, TABLE, COPY, TABLE_COPY), True),
        ((TABLE_COPY, FORM, TABLE, COPY), False),
        ((FORM, COPY, TABLE, TABLE_COPY), False),
        ((TABLE, FORM, TABLE_COPY, COPY), False),
    ],
)
def test_two_sites_take_the_table_behind_them_or_none(  # noqa: PLR0917 - fixtures
    soffice: LibreOffice,
    template: Path,
    tmp_path: Path,
    order: Sequence[str],
    certain: bool,  # noqa: FBT001
    suffix: str,
) -> None:
    """Each has its own table, told in a hint, or both are held without any."""
    copies = Copies(template, order)
    copies.fill(answers(1, 301), FORM, TABLE)
    copies.fill(answers(2, 77), COPY, TABLE_COPY)
    path = tmp_path / "两局.xlsx"
    copies.book.save(path)
    path = path if suffix == ".xlsx" else soffice.convert(path, path.with_suffix(suffix))
    files = {file["values"]["release_total"]: file for file in check(path, 0 if certain else 1)}
    posts = {total: [row["posts"] for row in file["values"].get("other_media", ())] for total, file in files.items()}
    assert posts == ({703: [301], 704: [77]} if certain else {703: [], 704: []})
    assert {file["status"] == "held" for file in files.values()} == {not certain}
    assert {id_ for file in files.values() for id_ in ids(file) if id_ in {"L24", "L29", "L30"}} == {
        "L30" if certain else "L29"
    }


def test_fewer_tables_than_sites_are_given_to_none(template: Path, tmp_path: Path) -> None:
    """One table and two sites: both are held."""
    copies = Copies(template, (FORM, TABLE, COPY))
    copies.fill(answers(1, 301), FORM)
    copies.fill(answers(2), COPY)
    copies.book.save(tmp_path / "a.xlsx")
    assert [(file["status"], file["values"].get("other_media")) for file in check(tmp_path / "a.xlsx")] == [
        ("held", None)
    ] * 2


def test_blank_tables_hold_nothing(template: Path, tmp_path: Path) -> None:
    """Two sites and no table filled in: nothing can be mistaken."""
    copies = Copies(template, (FORM, COPY, TABLE))
    copies.fill(answers(1), FORM)
    copies.fill(answers(2), COPY)
    copies.book.save(tmp_path / "a.xlsx")
    files = check(tmp_path / "a.xlsx", 0)
    assert [file["sheet"] for file in files] == [FORM, COPY]
    assert not {id_ for file in files for id_ in ids(file)} & {"L20", "L24", "L29", "L30"}


def test_draft_and_final_of_one_site_share_the_table(template: Path, tmp_path: Path) -> None:
    """The table is that site's, whichever sheet counts; the clerk is asked which, each by its sheet."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    copies = Copies(template, (FORM, TABLE, COPY))
    copies.fill(answers(1, 301), FORM)
    copies.fill({**answers(1), "release_total": 999}, COPY)
    copies.book.save(inbox / "a.xlsx")
    merged = document("merge", "inbox", cwd=tmp_path, code=1)
    assert [(file["sheet"], file["status"]) for file in merged["files"]] == [(FORM, "held"), (COPY, "held")]
    assert f"a.xlsx｜{COPY}" in merged["files"][0]["reason"]
    assert f"a.xlsx｜{FORM}" in merged["files"][1]["reason"]
    lines = say("merge", "inbox", cwd=tmp_path, code=1).splitlines()
    assert [line.split(": ")[0] for line in lines if line.startswith("  a.xlsx")] == [
        f"  a.xlsx｜{FORM}",
        f"  a.xlsx｜{COPY}",
    ]


def test_the_terminal_names_the_sheet(template: Path, tmp_path: Path) -> None:
    """Of several returns in one file each is headed by its sheet; of one the file is enough."""
    copies = Copies(template, (FORM, COPY, TABLE))
    copies.fill(answers(1), FORM)
    copies.fill({**answers(2), "service_items_online": 9999}, COPY)
    copies.book.save(tmp_path / "a.xlsx")
    heads = [line for line in say("check", "a.xlsx", cwd=tmp_path, code=1).splitlines() if line.startswith("a.xlsx")]
    assert heads == [f"a.xlsx｜{FORM}: passed, with hints (as of 2026)", f"a.xlsx｜{COPY}: errors (as of 2026)"]
    send(tmp_path, "b.xlsx")
    assert say("check", "b.xlsx", cwd=tmp_path).splitlines()[0] == "b.xlsx: passed (as of 2026)"


# Blank forms


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_blank_template_is_one_line(soffice: LibreOffice, template: Path, tmp_path: Path, suffix: str) -> None:
    """It is a sender who has not answered: named, to be acted on, no site and no errors, whatever saved it."""
    path = tmp_path / f"甲{suffix}"
    if suffix == ".xlsx":
        shutil.copy(template, path)
    else:
        soffice.convert(template, path)
    (file,) = check(path)
    assert (file["status"], [one["id"] for one in file["findings"]], file["values"]) == ("findings", ["unanswered"], {})
    assert file["reason"] == "没有填写：表中没有任何答复。请填好后重新报送。"
    lines = say("check", path.name, cwd=tmp_path, code=1).splitlines()
    assert lines == [f"{path.name}: errors (as of 2026)", f"  {file['reason']}", "", "1 in all, 1 to act on"]


def test_a_blank_template_is_no_site(tmp_path: Path) -> None:
    """In a merge it is refused; that of a year before does not make the year, nor is it held for it."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx", **site(1))
    for name in ("b.xlsx", "c.xlsx"):
        write_template(
            report_rules(), inbox / name, identity=issue_identity(report_form(), period=Period(2025), site_code=None)
        )
    write_template(
        report_rules(),
        inbox / "d.xlsx",
        identity=issue_identity(report_form(), period=Period(2026), site_code="0000000004"),
    )
    merged = merge(inbox)
    assert statuses(merged) == {"a.xlsx": "ok", "b.xlsx": "refused", "c.xlsx": "refused", "d.xlsx": "refused"}
    assert (merged.batch.period.year, merged.batch.counts.accepted, merged.decisions) == (2026, 1, None)
    last = merged.batch.receipts[-1]
    assert (merged.batch.site(last), "0000000004" in last.reason) == ("0000000004", True)


def test_two_blank_sheets_of_one_workbook_are_one_line() -> None:
    """As many as a site left untouched, it has not answered once; those of two sites are two that have not."""

    def blank(sheet: str, code: str) -> Receipt:
        built = receipt(1, file="a.xlsx")
        assert built.submission is not None
        identity = replace(built.submission.identity, site_code=code)
        source = replace(built.source, sheet=sheet)
        return replace(built, source=source, submission=replace(built.submission, blank=True, identity=identity))

    told = refuse_blanks([blank("表", "01"), blank("表 (2)", "01"), blank("表 (3)", "02")], "zh")
    assert [(one.status, one.source.sheet) for one in told] == [(Status.REFUSED, "表"), (Status.REFUSED, "表 (3)")]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (LAYOUT.cells[FormPath("site_name")].row, LAYOUT.cells[FormPath("site_name")].column, "甲局网站"),
        (LAYOUT.cells[FormPath("release_total")].row, LAYOUT.cells[FormPath("release_total")].column, "无"),
        (LAYOUT.cells[FormPath("release_total")].row, Col.REMARK, "见附件"),
        (LAYOUT.cells[FormPath("release_total")].row, Col.UNIT, 1234),
        (LAYOUT.cells[FormPath("release_total")].row, Col.CHECK, 1234567),
        (LAYOUT.cells[FormPath("contact_name")].row, LAYOUT.cells[FormPath("contact_name")].column, "张三"),
    ],
)
def test_anything_typed_is_an_answer(template: Path, tmp_path: Path, row: int, column: int, value: Any) -> None:
    """In an input, beside it, over a check or around the form: then the faults are told as ever."""
    book = openpyxl.load_workbook(template)
    book[FORM].cell(row, column).value = value
    book.save(tmp_path / "a.xlsx")
    (file,) = check(tmp_path / "a.xlsx")
    assert file["status"] in {"findings", "held"}
    assert len(file["findings"]) > 30


def test_a_table_filled_in_is_an_answer(template: Path, tmp_path: Path) -> None:
    """The form sheet may be blank: the row of the table is somebody's."""
    copies = Copies(template, (FORM, TABLE))
    copies.fill({"other_media": answers(1, 301)["other_media"]}, FORM)
    copies.book.save(tmp_path / "a.xlsx")
    (file,) = check(tmp_path / "a.xlsx")
    assert (file["status"], len(file["values"]["other_media"])) == ("findings", 1)


# What gwxl wrote itself


def test_own_returns_in_the_inbox_supersede_nothing(tmp_path: Path) -> None:
    """Workbook and letter that gwxl return wrote into the inbox are known; the workbook counts when it is answered."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx", service_items_online=9999)
    (sent,) = document("return", "inbox", "-o", "inbox/退回", cwd=tmp_path, code=1)["files"]
    merged = merge(inbox)
    assert {one.source.file: one.status.value for one in merged.batch.receipts} == {
        "a.xlsx": "findings",
        f"退回/{SENT_BACK}.txt": "ignored",
        f"退回/{SENT_BACK}.xlsx": "ignored",
        "退回/退回记录.csv": "ignored",
    }
    assert merged.batch.receipts[1].reason == f"本工具随 退回/{SENT_BACK}.xlsx 写的退回通知，不是报送材料"
    assert [file["status"] for file in document("check", "inbox", cwd=tmp_path, code=1)["files"]] == [
        "findings",
        "ignored",
        "ignored",
        "ignored",
    ]
    back = document("return", "--from", "inbox-汇总.xlsx", "-o", "again", cwd=tmp_path, code=1)
    assert (back["not_in_summary"], [file["workbook"] is not None for file in back["files"]]) == (
        [],
        [True, False, False, False],
    )
    path = tmp_path / sent["workbook"]
    book = openpyxl.load_workbook(path)
    cell = LAYOUT.cells[FormPath("service_items_online")]
    book[cell.sheet].cell(cell.row, cell.column).value = GOOD["service_items_online"]
    book.save(path)
    assert {one.source.file: one.status.value for one in merge(inbox).batch.receipts} == {
        "a.xlsx": "superseded",
        f"退回/{SENT_BACK}.txt": "ignored",
        f"退回/{SENT_BACK}.xlsx": "ok",
        "退回/退回记录.csv": "ignored",
    }


@pytest.mark.parametrize(
    ("workbook", "text", "fate"),
    [
        ("退回/b.xlsx", "退回/b.txt", "ignored"),
        ("b.xlsx", "b.TXT", "ignored"),
        ("z.zip｜b.xlsx", "z.zip｜b.txt", "ignored"),
        ("b.xlsx", "z.zip｜b.txt", "refused"),
        ("z.zip｜b.xlsx", "b.txt", "refused"),
        ("z.zip｜b.xlsx", "y.zip｜b.txt", "refused"),
        ("退回/b.xlsx", "b.txt", "refused"),
        ("b.xlsx", "c.txt", "refused"),
        ("b.xlsx", "b.pdf", "refused"),
    ],
)
def test_a_letter_lies_beside_its_workbook(workbook: str, text: str, fate: str) -> None:
    """It is a text of the same name in the same place, an archive or a folder."""
    sent = mark(receipt(1, file=workbook), Round(number=1))
    name, _, member = text.partition("｜")
    other = refuse(name)
    other = replace(other, source=replace(other.source, member=member or None))
    assert [one.status.value for one in ignore_letters([sent, other], "zh")] == ["ok", fate]


def test_a_workbook_named_like_a_letter_is_read() -> None:
    """What can be read is no letter, whatever its name says."""
    sent, other = receipt(1, file="a（退回1）.xlsx"), receipt(2, file="a（退回1）.txt")
    assert sent.submission is not None
    sent = replace(sent, submission=replace(sent.submission, round=Round(number=1)))
    assert ignore_letters([sent, other], "zh") == (sent, other)


def test_an_unanswered_one_alone_is_a_return(tmp_path: Path) -> None:
    """Where what it answers is not here, nobody is lost: its faults are told again."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx", service_items_online=9999)
    document("return", "inbox", "-o", "back", cwd=tmp_path, code=1)
    (inbox / "a.xlsx").unlink()
    shutil.copy(tmp_path / "back" / f"{SENT_BACK}.xlsx", inbox)
    merged = merge(inbox)
    assert (merged.batch.counts.received, merged.batch.counts.errors) == (1, 1)


def test_a_text_of_a_sender_is_no_letter(tmp_path: Path) -> None:
    """A text file beside a workbook that was never sent back is refused as ever."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx")
    (inbox / "a.txt").write_text("请查收", "utf-8")
    assert statuses(merge(inbox)) == {"a.txt": "refused", "a.xlsx": "ok"}


def test_a_corrected_copy_beside_the_workbook_as_it_was_sent_back(tmp_path: Path) -> None:
    """The filler copies the sheet of a workbook that came back and corrects the copy: the copy is the correction."""
    inbox = tmp_path / "inbox"
    send(inbox, "a.xlsx", service_items_online=9999)
    (sent,) = document("return", "inbox", "-o", "back", cwd=tmp_path, code=1)["files"]
    book = openpyxl.load_workbook(tmp_path / sent["workbook"])
    twin = book.copy_worksheet(book[FORM])
    twin.title = COPY
    cell = LAYOUT.cells[FormPath("service_items_online")]
    twin.cell(cell.row, cell.column).value = GOOD["service_items_online"]
    book.save(inbox / "b.xlsx")
    merged = merge(inbox)
    assert statuses(merged) == {"a.xlsx": "superseded", "b.xlsx": "findings"}
    assert merged.batch.counts.accepted == merged.batch.counts.passed == 1
    assert merged.totals[FormPath("service_items_online")].value == GOOD["service_items_online"]
