"""The file of decisions on disk: read in every encoding a spreadsheet saves, replaced without losing a word."""

import csv
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from gwxl.batch.decision import Decision
from gwxl.batch.decisions.decisions_file import DecisionsFile, _unlink, write_decisions
from gwxl.batch.decisions.joining import newest
from gwxl.batch.decisions.reading import read_stood
from gwxl.batch.file_names import is_decisions
from gwxl.errors import OutputError, SettingsError

HEAD = "sha256,site,key,rule,decision,reason,who,when\n"
FIRST = Decision(
    sha256="a" * 64, site="0000000001", rule="D02", decision="采用", reason='说,"是"\n二行', file="=x.xlsx"
)
SECOND = Decision(sha256="b" * 64, key="site_url", rule="A02b", question="@open")


def stand(path: Path) -> tuple[Decision, ...]:
    """Return what stands in a file."""
    return read_stood(path.read_bytes()).number_rows().rows


def test_a_missing_file_decides_nothing(tmp_path: Path) -> None:
    """The first merge finds no decisions, and writes none where nothing is open."""
    file = DecisionsFile(tmp_path / "a-待决")
    with file.replace_rows((), "zh"):
        pass
    assert (file.rows, list(tmp_path.iterdir())) == ((), [])


def test_written_rows_are_read_back(tmp_path: Path) -> None:
    """What is written is read back word for word, formula-like texts included."""
    path = tmp_path / "a-待决.csv"
    write_decisions(path, (FIRST, SECOND), "zh")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert stand(path) == (replace(FIRST, line=2), replace(SECOND, line=3))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("说\n=1+1\n- 二", "说\n'=1+1\n'- 二"),
        ("说\n \u3000＠x", "说\n' \u3000＠x"),
        ("'t is\n'quoted'", "'t is\n'quoted'"),
        ("1-2\n\n3+4", "1-2\n\n3+4"),
    ],
)
def test_no_line_of_a_note_is_a_formula(tmp_path: Path, typed: str, written: str) -> None:
    """A line that a program could take for a formula has an apostrophe in the file; what was typed is read back."""
    path = tmp_path / "a-待决.csv"
    row = Decision(sha256="a" * 64, reason=typed, notes=(("备注", typed),))
    for _ in range(2):
        write_decisions(path, (row,), "zh")
        (row,) = stand(path)
        assert (row.reason, row.notes) == (typed, (("备注", typed),))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, cells = csv.reader(stream)
    assert (cells[head.index("reason 理由")], cells[head.index("备注")]) == (written, written)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gbk"])
def test_reads_what_spreadsheets_save(tmp_path: Path, encoding: str) -> None:
    """Both encodings that spreadsheets save are understood."""
    path = tmp_path / "a-待决.csv"
    path.write_text(HEAD + "abc,0000000001,messages_resolved,B13,已核实,电话,李某,2027/1/9\n", encoding)
    (read,) = stand(path)
    assert (read.sha256, read.verb, read.reason) == ("abc", "settle", "电话")


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """A folder in the way is an output error, and no temporary file stays behind."""
    path = tmp_path / "a-待决.csv"
    path.mkdir()
    with pytest.raises(OutputError, match="is a folder; name a file to write to"):
        write_decisions(path, (), "zh")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a-待决.csv"]


@pytest.mark.skipif(os.name != "posix", reason="a link to itself needs no rights here")
@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".ods", ".xls", ".et", ".xlsm", ".fods", ".txt", ".tsv"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, suffix: str) -> None:
    """Whatever it was saved as, nothing goes on without what may be decided in it; a folder is the writer's to tell."""
    path = tmp_path / f"a-待决{suffix}"
    path.symlink_to(path)
    with pytest.raises(SettingsError, match=r"a-待决\.\w+: cannot be read"):
        DecisionsFile(tmp_path / "a-待决")
    path.unlink()
    path.mkdir()
    assert DecisionsFile(tmp_path / "a-待决").rows == ()


def test_where_a_row_stands_in_the_file_that_is_written(tmp_path: Path) -> None:
    """In a workbook by sheet and row, in a CSV file, where that alone lies there, by its line."""
    rows, place = (FIRST, SECOND), tmp_path / "a-待决"
    in_book = DecisionsFile(place).places(rows, "zh")
    write_decisions(tmp_path / "a-待决.csv", rows, "zh")
    file = DecisionsFile(place)
    assert file.places(file.rows, "zh") == ("第 2 行", "第 3 行")
    assert in_book == ("“几份取舍”第 2 行", "“逐份确认”第 2 行")


def test_a_file_that_stays_is_told(tmp_path: Path) -> None:
    """What was joined into another file and cannot be taken away would be read once more: that is said."""
    with pytest.raises(OutputError, match=re.escape(str(tmp_path))):
        _unlink(tmp_path)
    _unlink(tmp_path / "gone.csv")


def test_the_file_all_inboxes_shared_is_read_once_and_kept(tmp_path: Path) -> None:
    """An inbox without a file of its own takes over the rows of decisions.csv, which stays as it is."""
    shared, path = tmp_path / "decisions.csv", tmp_path / "a-待决.csv"
    write_decisions(shared, (FIRST,), "zh")
    old = shared.read_bytes()
    file = DecisionsFile(path.with_suffix(""))
    assert [row.decision for row in file.rows] == ["采用"]
    with file.replace_rows(file.rows, "zh"):
        pass
    write_decisions(shared, (SECOND,), "zh")
    assert [row.rule for row in DecisionsFile(path.with_suffix("")).rows] == ["D02"]
    assert stand(path.with_suffix(".xlsx"))[0].reason == '说,"是"\n二行'
    write_decisions(shared, (FIRST,), "zh")
    assert shared.read_bytes() == old


def test_what_is_saved_meanwhile_is_kept(tmp_path: Path) -> None:
    """A word, a note in a new column and a row of the clerk's own survive rows that were made before."""
    path = tmp_path / "a-待决.csv"
    write_decisions(path, (FIRST, SECOND), "zh")
    file = DecisionsFile(path.with_suffix(""))
    first, second = file.rows
    case = Decision(sha256="c" * 64, rule="B13", file="c.xlsx")
    mine = Decision(reason="问科长")
    write_decisions(
        path, (replace(first, decision=""), replace(second, who="李某", notes=(("备注", "周五"),)), mine), "zh"
    )
    with file.replace_rows((first, replace(second, covers="x1"), case), "zh"):
        pass
    told = stand(path)
    assert [(row.decision, row.who, row.notes, row.reason) for row in told] == [
        ("", "", (), '说,"是"\n二行'),
        ("", "李某", (("备注", "周五"),), ""),
        ("", "", (), ""),
        ("", "", (), "问科长"),
    ]
    assert [row.covers for row in told] == ["", "x1", "", ""]


def test_two_merges_of_one_inbox_ask_once() -> None:
    """What another merge has asked meanwhile is not asked twice, and what was written into it stays."""
    rows = (FIRST, SECOND)
    assert newest(rows, (), (replace(SECOND, decision="采用"),)) == (FIRST, replace(SECOND, decision="采用"))
    assert newest((), (), (SECOND,)) == ()


def test_two_rows_of_one_case_keep_their_words() -> None:
    """A row that a clerk copied is a second one: what was saved into either since stays in it."""
    before = (replace(FIRST, line=2), replace(FIRST, line=3))
    now = (replace(before[0], who="李某"), replace(before[1], who="王某"))
    assert [one.who for one in newest(before, before, now)] == ["李某", "王某"]


def test_both_are_new_or_neither(tmp_path: Path) -> None:
    """Where what follows fails, the file is as it was before, there or not; what was saved since stays."""
    path = tmp_path / "a-待决.csv"

    def fail(saved: bytes | None = None) -> None:
        def write() -> None:
            with DecisionsFile(path.with_suffix("")).replace_rows((SECOND,), "zh"):
                if saved:
                    path.write_bytes(saved)
                raise RuntimeError("disk full")

        with pytest.raises(RuntimeError, match="disk full"):
            write()

    fail()
    assert not [*tmp_path.iterdir()]
    write_decisions(path, (FIRST,), "zh")
    before = path.read_bytes()
    fail()
    assert path.read_bytes() == before
    fail(b"mine")
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("decisions.csv", True),
        ("第一批-待决.csv", True),
        ("inbox-Decisions.CSV", True),
        ("待决.csv", False),
        ("a.csv", False),
    ],
)
def test_a_copy_in_the_inbox_is_known_by_its_name(name: str, ours: bool) -> None:  # noqa: FBT001 - a table
    """A file of decisions that was moved into an inbox is no return."""
    assert is_decisions(name) is ours
