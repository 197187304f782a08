"""The workbook of decisions: saved by any program, sorted, moved about, it decides the same, and loses no word."""

import stat
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from gwxl.batch.decision import FITTING, Choice, Decision, State, word_of
from gwxl.batch.decisions.decisions_file import DecisionsFile, write_decisions
from gwxl.batch.decisions.reading import read_stood
from gwxl.batch.decisions.table import names_of
from gwxl.errors import OutputError, SettingsError
from gwxl.records.cell import column_letters
from gwxl.records.path import Path as FormPath
from gwxl.summary.merged import Merged
from gwxl.wording import text
from tests.support.clients import gnumeric
from tests.support.clients.libreoffice import LibreOffice
from tests.support.decided import fill_in
from tests.support.inboxes import merge, send, site, statuses
from tests.support.workbooks import compound

ASKED = Decision(
    file="=甲.xlsx",
    sheet="填报表",
    site="0000000007",
    name="甲局",
    question="填 1.2万。建议值：12000。",
    mine="D14「总量」填 1.2万",
    proposal="12000",
    rule="A09",
    key="site_unique_visitors",
    sha256="a" * 64,
    choice=Choice.TAKE,
)
TWO = replace(
    ASKED, file="乙.xlsx", rule="D02", key="", covers="x12", choice=Choice.USE, mine="x\ny", other="x\nz", proposal=""
)
OLD = Decision(file="丙.xlsx", sha256="c" * 64, rule="B13", decision="已核实", reason="+1\n=2", state=State.GONE)
ROWS = (ASKED, TWO, OLD)


def put(path: Path, *rows: Decision) -> Path:
    """Write a workbook of decisions."""
    write_decisions(path, rows, "zh")
    return path


def stand(path: Path) -> tuple[Decision, ...]:
    """Return what stands in a file."""
    return read_stood(path.read_bytes()).rows


def column(sheet: Any, name: str) -> int:
    """Return the number of a column."""
    return names_of([str(cell.value or "") for cell in sheet[1]]).index(name) + 1


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    """Every text is read back, those that look like formulas included; hashes and keys are hidden."""
    noted = replace(ASKED, reason="电话\n=1", who="李某", when="1月9日", notes=(("科室", "二科"),))
    path = put(tmp_path / "a.xlsx", noted, TWO, OLD)
    read = [replace(one, line=0, choice=None) for one in stand(path)]
    assert read == [replace(one, choice=None, state=State.OPEN) for one in (noted, TWO, OLD)]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["逐份确认", "几份取舍", "备查"]
    sheet = book["逐份确认"]
    hidden = [one for one in sheet.column_dimensions.values() if one.hidden]
    places = {place for one in hidden for place in range(one.min or 0, (one.max or 0) + 1)}
    assert places == {column(sheet, name) for name in ("key", "covers", "sha256")}
    assert sheet.freeze_panes == "C2"


def test_just_the_words_that_fit_are_offered(tmp_path: Path) -> None:
    """Each row has a list of its own verbs; what the program writes refuses to be typed over."""
    sheet = openpyxl.load_workbook(put(tmp_path / "a.xlsx", ASKED, replace(ASKED, choice=Choice.HELD)))["逐份确认"]
    letters = column_letters(column(sheet, "decision"))
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"}
    assert lists == {
        f"{letters}{line}": f'"{",".join(word_of(verb, "zh") for verb in FITTING[choice])}"'
        for line, choice in ((2, Choice.TAKE), (3, Choice.HELD))
    }
    ours = {str(one.sqref)[0] for one in sheet.data_validations.dataValidation if one.type == "custom"}
    typed = {column_letters(column(sheet, name)) for name in ("decision", "reason", "who", "when")}
    assert column_letters(column(sheet, "question")) in ours
    assert not ours & typed


def test_typed_cells_are_read_as_what_they_show(tmp_path: Path) -> None:
    """Numbers, dates, percentages, booleans, rich text, what is struck out, and a comment."""
    path = put(tmp_path / "a.xlsx", *[replace(ASKED, sha256=digit * 64) for digit in "123456"])
    book = openpyxl.load_workbook(path)
    sheet = book["逐份确认"]
    when, reason, decision = (column(sheet, name) for name in ("when", "reason", "decision"))
    value: Any
    for line, value in enumerate((date(2027, 1, 12), datetime(2027, 1, 12, 9, 5), 20270112, "1月"), 2):  # noqa: DTZ001
        sheet.cell(line, when).value = value
    sheet.cell(4, when).number_format = "General"
    for line, (value, form) in enumerate(((0.1 + 0.2, "General"), (0.5, "0%"), (41, "0000000000"), (True, "@")), 2):
        sheet.cell(line, reason).value = value
        sheet.cell(line, reason).number_format = form
    sheet.cell(2, decision).value = CellRichText("采纳", TextBlock(InlineFont(b=True), "建议值"))
    sheet.cell(3, decision).value = CellRichText(TextBlock(InlineFont(strike=True), "采纳建议值"))
    sheet.cell(4, decision).comment = Comment("科长同意", "x")
    book.save(path)
    read = stand(path)
    assert [one.when for one in read[:4]] == ["2027-01-12", "2027-01-12 09:05", "20270112", "1月"]
    assert [one.reason for one in read[:4]] == ["0.3", "50%", "0000000041", "TRUE"]
    assert [one.decision for one in read[:2]] == ["采纳建议值", "（已划去）采纳建议值"]
    assert read[1].verb is None
    assert [one.notes for one in read[:4]] == [(), (), (("批注", "科长同意"),), ()]


def test_a_word_over_merged_rows_is_said_of_each(tmp_path: Path) -> None:
    """Of decision and reason that stand in one cell over two rows each row has both; the third row has its own."""
    path = put(tmp_path / "a.xlsx", *[replace(ASKED, sha256=digit * 64) for digit in "123"])
    book = openpyxl.load_workbook(path)
    sheet = book["逐份确认"]
    for name, word in (("decision", "暂缓"), ("reason", "都等电话")):
        letters = column_letters(column(sheet, name))
        sheet[f"{letters}2"] = word
        sheet.merge_cells(f"{letters}2:{letters}3")
    sheet.merge_cells(f"{column_letters(column(sheet, 'who'))}4:{column_letters(column(sheet, 'who'))}40")
    book.save(path)
    assert [(one.decision, one.reason) for one in stand(path)] == [("暂缓", "都等电话")] * 2 + [("", "")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_words_in_columns_of_ours_stay(tmp_path: Path, language: str) -> None:
    """What is written above the heads, below the rows, or over what the program says, stays as a note."""
    vain = replace(
        ASKED, sha256="2" * 64, trouble=text("decision.trouble_unknown", language, word="“以”", choices="（x）")
    )
    done = replace(OLD, effect=text("decision.effect_attach", language, value="0000000031"))
    path = tmp_path / "a-待决.xlsx"
    write_decisions(path, (ASKED, vain, done), language)
    assert [one.notes for one in stand(path)] == [(), (), ()]
    book = openpyxl.load_workbook(path)
    sheet: Any = book.worksheets[0]
    sheet.cell(2, column(sheet, "trouble")).value = "电话打过了"
    sheet.cell(3, column(sheet, "trouble")).value += "，科长知道"
    sheet.cell(9, column(sheet, "state")).value = "以上已核"
    sheet.insert_rows(1)
    sheet["A1"] = "请局长批"
    book.save(path)
    file = DecisionsFile(tmp_path / "a-待决")
    for _ in range(2):
        with file.replace_rows(file.rows, language):
            pass
        words = [word for one in stand(path) for _, word in one.notes]
        assert sorted(words) == sorted(["请局长批", "电话打过了", f"{vain.trouble}，科长知道", "以上已核"])


def test_what_is_typed_over_a_case_stays_as_a_note(tmp_path: Path) -> None:
    """Question, name or differing cells pasted over or added to are written anew, the words kept, each once."""
    send(tmp_path / "inbox", "甲.xlsx", **site(1), site_page_views="1.2万")
    first = merge(tmp_path / "inbox")
    assert first.decisions is not None
    (asked,) = first.batch.decisions
    typed = {"question": "问过王科长", "name": "改叫县政务网", "mine": f"{asked.mine}\n应为 12000"}
    fill_in(first.decisions, lambda _: typed)
    for _ in range(2):
        (row,) = merge(tmp_path / "inbox").batch.decisions
        assert (row.question, row.name, row.mine, row.state) == (asked.question, asked.name, asked.mine, State.OPEN)
        assert row.notes == (
            ("写在“待决事项”栏的话", "问过王科长"),
            ("写在“名称”栏的话", "改叫县政务网"),
            ("写在“这一份”栏的话", "应为 12000"),
        )
    fill_in(first.decisions, lambda row: {"question": f"急：{row['question']}"})
    (row,) = merge(tmp_path / "inbox").batch.decisions
    assert dict(row.notes)["写在“待决事项”栏的话"] == f"问过王科长 急：{asked.question}"
    (tmp_path / "inbox" / "甲.xlsx").unlink()
    send(tmp_path / "inbox", "乙.xlsx", **site(2))
    assert [one.notes for one in merge(tmp_path / "inbox").batch.decisions] == [row.notes]


@pytest.mark.parametrize("name", ["state", "trouble", "question"])
def test_a_verb_in_another_column_is_answered(tmp_path: Path, name: str) -> None:
    """It decides nothing, is kept, and the row says where it belongs until it stands there."""
    send(tmp_path / "inbox", "甲.xlsx", **site(1), site_page_views="1.2万")
    decisions = merge(tmp_path / "inbox").decisions
    assert decisions is not None
    fill_in(decisions, lambda _: {name: "采纳"})
    said = "“采纳”没有写在“决定”一栏，没有起作用，请写到那一栏（可填：采纳建议值、退回、暂缓）；这一条仍为待决"
    for _ in range(2):
        merged = merge(tmp_path / "inbox")
        assert [(row.trouble, row.state) for row in merged.batch.decisions] == [(said, State.OPEN)]
        assert [number for number, _ in merged.batch.in_vain] == [0]
    fill_in(decisions, lambda _: {"decision": "采纳"})
    (row,) = merge(tmp_path / "inbox").batch.decisions
    assert (row.state, row.trouble) == (State.DECIDED, "")


def test_a_file_of_decisions_in_the_inbox_is_named(tmp_path: Path) -> None:
    """Workbook or CSV, what was decided in it has no effect, and that is told beside the list of files."""
    inbox = tmp_path / "inbox"
    send(inbox, "甲.xlsx", **site(1), site_page_views="1.2万")
    decisions = merge(inbox).decisions
    assert decisions is not None
    (inbox / "填好.xlsx").write_bytes(decisions.read_bytes())
    write_decisions(inbox / "inbox-待决.csv", stand(decisions), "zh")
    merged = merge(inbox)
    assert merged.overlooked == (inbox / "inbox-待决.csv", inbox / "填好.xlsx")
    reasons = {one.source.file: one.reason for one in merged.batch.receipts if one.source.file != "甲.xlsx"}
    why = "待决事项的文件，不是报送材料；放在收件文件夹里的不读，其中填的决定没有起作用"
    assert reasons == dict.fromkeys(["inbox-待决.csv", "填好.xlsx"], why)


def test_a_locked_file_of_decisions_asks_nobody_to_send_it_again(tmp_path: Path) -> None:
    """It is the clerk's own: she is told what is wrong with it, in no filler's words."""
    (tmp_path / "a-待决.xlsx").write_bytes(compound("EncryptionInfo", "EncryptedPackage"))
    (reason,) = DecisionsFile(tmp_path / "a-待决").unread.values()
    assert reason == {
        "zh": "文件设有打开密码，读不出内容",
        "en": "The file needs a password to open",
    }


def test_a_copy_beside_it_is_named(tmp_path: Path) -> None:
    """A workbook named after that of decisions is not read, and that is told."""
    send(tmp_path / "inbox", "甲.xlsx", **site(1), site_page_views="1.2万")
    assert merge(tmp_path / "inbox").overlooked == ()
    told = ("inbox-待决 - 副本.xlsx", "inbox-待决(1).XLSX", "复件 inbox-待决.csv")
    for name in (
        *told,
        "inbox-待决（已并入 2）.csv",
        "inbox-待决（未能读取）.xlsx",
        "inbox-待决.pdf",
        "~$inbox-待决(1).xlsx",
    ):
        (tmp_path / name).write_bytes(b"x")
    assert {one.name for one in merge(tmp_path / "inbox").overlooked} == {*told}


def test_what_a_clerk_adds_to_the_workbook_stays(tmp_path: Path) -> None:
    """A column, a sheet of her own, and a note on an open row."""
    path = put(tmp_path / "a-待决.xlsx", ASKED)
    book = openpyxl.load_workbook(path)
    sheet = book["逐份确认"]
    sheet.cell(1, sheet.max_column + 1).value = "科室"
    sheet.cell(2, sheet.max_column).value = "二科"
    book.create_sheet("电话记录")["B3"] = "周五再打"
    book.save(path)
    file = DecisionsFile(tmp_path / "a-待决")
    with file.replace_rows(file.rows, "zh"):
        pass
    (row,) = stand(path)
    assert row.notes == (("科室", "二科"),)
    again = openpyxl.load_workbook(path)
    assert [cell.value for line in again["电话记录"] for cell in line if cell.value] == ["周五再打"]


@pytest.mark.parametrize("lock", [".~lock.a-待决.xlsx#", "~$a-待决.xlsx", ".~a-待决.xlsx"])
def test_a_workbook_that_is_open_elsewhere_is_left_alone(tmp_path: Path, lock: str) -> None:
    """Nothing is written; the error says what to do."""
    path = put(tmp_path / "a-待决.xlsx", ASKED)
    before = path.read_bytes()
    (tmp_path / lock).touch()
    file = DecisionsFile(tmp_path / "a-待决")
    with pytest.raises(OutputError, match=r"is open in a spreadsheet program.*save and close it, then run again"):
        file.refuse_in_use()
    with pytest.raises(OutputError, match="is open"), file.replace_rows((TWO,), "zh"):
        pass
    assert path.read_bytes() == before


def test_a_read_only_workbook_is_left_alone(tmp_path: Path) -> None:
    """Nothing is written; the error says what to do."""
    path = put(tmp_path / "a-待决.xlsx", ASKED)
    path.chmod(stat.S_IRUSR)
    with pytest.raises(OutputError, match="is read-only; nothing was written or changed: make it writable"):
        DecisionsFile(tmp_path / "a-待决").refuse_in_use()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a-待决.xlsx", b"PK\x03\x04 half a workbook", "damaged|broken|unfinished|truncated|incomplete|whole|zip"),
        ("a-待决.csv", b"a,b\r\n1,2\r\n", "no heads found, columns are missing: decision, rule, key, sha256"),
        ("a-待决.csv", b"rule,key,decision\r\n1,2,3\r\n", "columns are missing: sha256"),
        ("a-待决.csv", b"", "it is empty"),
        ("a-待决.csv", b"\xff\xff\xff", "neither UTF-8, GBK nor UTF-16"),
    ],
)
def test_what_cannot_be_understood_is_kept_beside_the_new_one(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    """Its bytes stay under another name, twice where it happens twice; a command that writes nothing refuses it."""
    path = tmp_path / name
    for number in ("", " 2"):
        path.write_bytes(data)
        file = DecisionsFile(tmp_path / "a-待决")
        with pytest.raises(SettingsError, match=told):
            file.read_whole()
        with file.replace_rows((ASKED,), "zh"):
            pass
        kept = path.with_name(f"a-待决（未能读取{number}）{path.suffix}")
        assert kept.read_bytes() == data
        assert [(one.path, one.kept) for one in file.set_aside] == [(path, kept)]
        assert [one.rule for one in stand(path)] == ["A09"]


def test_what_cannot_be_understood_comes_back_where_the_merge_fails(tmp_path: Path) -> None:
    """Nothing is new then, and nothing has another name."""
    path = tmp_path / "a-待决.xlsx"
    path.write_bytes(b"PK\x03\x04 half")
    file = DecisionsFile(tmp_path / "a-待决")

    def fail() -> None:
        with file.replace_rows((ASKED,), "zh"):
            raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        fail()
    assert file.set_aside == ()
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a-待决.xlsx", b"PK\x03\x04 half")]


def test_where_both_lie_both_are_read(tmp_path: Path) -> None:
    """The workbook is written; the other is kept under another name, and is not read twice."""
    put(tmp_path / "a-待决.xlsx", ASKED, replace(TWO, reason="周五"))
    put(tmp_path / "a-待决.csv", replace(ASKED, decision="采纳建议值"), replace(TWO, reason="周六"))
    file = DecisionsFile(tmp_path / "a-待决")
    assert [(one.rule, one.decision, one.reason) for one in file.rows] == [
        ("A09", "采纳建议值", ""),
        ("D02", "", "周五"),
        ("D02", "", "周六"),
    ]
    with file.replace_rows(file.rows, "zh"):
        pass
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a-待决.xlsx", "a-待决（已并入）.csv"]
    assert DecisionsFile(tmp_path / "a-待决").rows == file.rows


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "gbk"), ("\t", "utf-16"), (",", "utf-16-be")])
def test_a_csv_file_may_be_divided_by_anything(tmp_path: Path, delimiter: str, encoding: str) -> None:
    """Semicolons, tabs, UTF-16; a title above the head, and the columns in another order."""
    head = ["决定", "rule", "key", "site", "sha256", "file"]
    rows = [["清单"], head, ["采纳;建议值，", "A09", "k", "7", "ab", "甲.xlsx"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    path = tmp_path / "a-待决.csv"
    path.write_bytes((b"\xfe\xff" if encoding == "utf-16-be" else b"") + text.encode(encoding))
    title, row = DecisionsFile(tmp_path / "a-待决").rows
    assert title.decision == "清单"
    assert (row.decision, row.rule, row.site, row.file) == ("采纳;建议值，", "A09", "7", "甲.xlsx")


def test_sheets_saved_in_one_text_have_heads_of_their_own(tmp_path: Path) -> None:
    """Below each row of heads the columns are those that it names; the heads themselves are no rows."""
    tables = (
        [["文件", "决定", "理由", "规则", "字段"], ["甲.xlsx", "退回", "因一", "A09", "k"]],
        [["文件", "理由", "另一份", "决定", "规则", "字段"], ["乙.xlsx", "因二", "丙.xlsx", "采用", "D02", ""]],
    )
    path = tmp_path / "a-待决.csv"
    path.write_text("\n".join(";".join(row) for table in tables for row in table), "gbk")
    read = [(one.file, one.decision, one.reason, one.rule) for one in DecisionsFile(tmp_path / "a-待决").rows]
    assert read == [("甲.xlsx", "退回", "因一", "A09"), ("乙.xlsx", "采用", "因二", "D02")]


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".xls"])
@pytest.mark.usefixtures("gnumeric")
def test_saved_in_gnumeric_it_decides_the_same(asked: Merged, tmp_path: Path, suffix: str) -> None:
    """All its sheets filled in, and saved in any format."""
    assert asked.decisions is not None
    said = {"甲.xlsx": "同意", "乙.xlsx": "暂缓", "丁.xlsx": "采用。"}
    fill_in(asked.decisions, lambda row: {"decision": said.get(row["file"], "")})
    saved = gnumeric.fill(asked.decisions, tmp_path / f"saved{suffix}")
    asked.decisions.unlink()
    saved.rename(asked.decisions.with_suffix(suffix))
    hold_decided(merge(tmp_path / "inbox"))


@pytest.fixture
def asked(tmp_path: Path) -> Merged:
    """Merge an inbox with two proposals and two returns of one site between which nothing decides."""
    inbox = tmp_path / "inbox"
    send(inbox, "甲.xlsx", **site(1), site_page_views="1.2万")
    send(inbox, "乙.xlsx", **site(2), site_page_views="1.3万")
    send(inbox, "丙.xlsx", **site(3), site_page_views=702000)
    send(inbox, "丁.xlsx", **site(3), site_page_views=711000)
    merged = merge(inbox)
    assert statuses(merged) == {"甲.xlsx": "findings", "乙.xlsx": "findings", "丙.xlsx": "held", "丁.xlsx": "held"}
    return merged


def answers(merged: Merged) -> dict[str, dict[str, str]]:
    """Return address → entry of what the clerk says, by sheet."""
    assert merged.decisions is not None
    said = {"甲.xlsx": "同意", "乙.xlsx": "暂缓", "丁.xlsx": "采用。"}
    found: dict[str, dict[str, str]] = {}
    for sheet in openpyxl.load_workbook(merged.decisions).worksheets:
        file, decision = column_letters(column(sheet, "file")), column_letters(column(sheet, "decision"))
        words = {line: said.get(str(sheet[f"{file}{line}"].value)) for line in range(2, sheet.max_row + 1)}
        found[sheet.title] = {f"{decision}{line}": word for line, word in words.items() if word}
    return found


def hold_decided(merged: Merged) -> None:
    """Hold that what the clerk said was done, and what she put off is open."""
    assert merged.totals[FormPath("site_page_views")].value == 12_000 + 711_000
    told = {one.file: (one.decision, one.state, one.answer) for one in merged.batch.decisions if one.decision}
    assert told == {
        "甲.xlsx": ("同意", State.DECIDED, "已照办：按建议值计"),
        "乙.xlsx": ("暂缓", State.OPEN, "已记下：暂缓，仍为待决"),
        "丁.xlsx": ("采用。", State.DECIDED, "已照办：以这一份为准"),
    }
    assert statuses(merged)["丙.xlsx"] == "superseded"


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".xls"])
def test_edited_sorted_and_moved_in_libreoffice_it_decides_the_same(
    soffice: LibreOffice, asked: Merged, tmp_path: Path, suffix: str
) -> None:
    """Filled in, its rows sorted, a column moved and another added, the hash deleted, and saved in any format."""
    assert asked.decisions is not None
    with soffice.open(asked.decisions) as book:
        for title, entries in answers(asked).items():
            book.fill(title, entries)
            book.do("sort", title, area="A1:T3", column=2)
            book.do("insert_columns", title, column=1, count=1)
        saved = book.save(tmp_path / f"saved{suffix}")
    asked.decisions.unlink()
    saved.rename(asked.decisions.with_suffix(suffix))
    hold_decided(merge(tmp_path / "inbox"))
    assert (tmp_path / "inbox-待决.xlsx").is_file()
    hold_decided(merge(tmp_path / "inbox"))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-16"])
def test_its_sheets_saved_as_csv_decide_the_same(
    soffice: LibreOffice, asked: Merged, tmp_path: Path, encoding: str
) -> None:
    """One sheet is saved as CSV beside the workbook, as programs do: the other one's words count from the workbook."""
    assert asked.decisions is not None
    said = answers(asked)
    with soffice.open(asked.decisions) as book:
        for title, entries in said.items():
            book.fill(title, entries)
        text = book.save(tmp_path / "first.csv").read_text("utf-8")
        book.fill("逐份确认", dict.fromkeys(said["逐份确认"]))
        whole = book.save(tmp_path / "rest.xlsx")
    whole.rename(asked.decisions)
    (tmp_path / "inbox-待决.csv").write_text(text, encoding)
    merged = merge(tmp_path / "inbox")
    hold_decided(merged)
    assert [one.kept.name for one in merged.set_aside] == ["inbox-待决（已并入）.csv"]
    hold_decided(merge(tmp_path / "inbox"))


def test_a_column_deleted_with_the_hash_leaves_file_sheet_and_site(asked: Merged, tmp_path: Path) -> None:
    """Without hash, rule, key and what the question rests on, the words of a row still tell its case."""
    assert asked.decisions is not None
    fill_in(asked.decisions, lambda row: {"decision": {"甲.xlsx": "同意", "乙.xlsx": "暂缓"}.get(row["file"], "")})
    book = openpyxl.load_workbook(asked.decisions)
    for sheet in book.worksheets:
        for name in ("sha256", "covers", "key", "rule"):
            sheet.delete_cols(column(sheet, name))
    book.save(asked.decisions)
    merged = merge(tmp_path / "inbox")
    assert merged.totals[FormPath("site_page_views")].value == 12_000
    assert {one.file: one.state for one in merged.batch.decisions if one.decision} == {
        "甲.xlsx": State.DECIDED,
        "乙.xlsx": State.OPEN,
    }
