"""The model of a decision: what may be written, and how its rows become cells and cells its rows."""

from dataclasses import replace
from typing import Any

import pytest

from gwxl.batch.decision import (
    FITTING,
    VALUED,
    Choice,
    Decision,
    Verb,
    read_word,
    resolve_yes,
    word_of,
)
from gwxl.batch.decisions.table import COLUMNS, names_of, read_table, write_rows
from gwxl.wording import LANGUAGES


@pytest.mark.parametrize(
    ("written", "verb", "value"),
    [
        ("不接受。", Verb.REJECT, ""),
        (" 不 接受！", Verb.REJECT, ""),
        ("「采用」", Verb.USE, ""),
        ("Take.", Verb.TAKE, ""),
        ("ＡＣＣＥＰＴ", Verb.ACCEPT, ""),
        ("改标识码（0000000041）", Verb.RECODE, "0000000041"),
        ("改标识码(0000000041)。", Verb.RECODE, "0000000041"),
        ("改标识码：００００００００４１", Verb.RECODE, "0000000041"),
        ("附件 0000000041", Verb.ATTACH, "0000000041"),
        ("附件（）", Verb.ATTACH, ""),
        ("附件 ()", Verb.ATTACH, ""),
        ("同意。", Verb.AGREE, ""),
        ("是", Verb.AGREE, ""),
        ("采纳", Verb.AGREE, ""),
        ("Ｙ", Verb.AGREE, ""),
        ("y.", Verb.AGREE, ""),
        ("退回", Verb.RETURN, ""),
        ("退回改正。", Verb.RETURN, ""),
        ("暂缓", Verb.DEFER, ""),
        ("不同意", None, ""),
        ("否", None, ""),
        ("附件", Verb.ATTACH, ""),
        ("接受（待定）", None, ""),
        ("不", None, ""),
        ("maybe", None, ""),
        ("", None, ""),
    ],
)
def test_a_word_is_understood_as_it_is_written(written: str, verb: Verb | None, value: str) -> None:
    """Width, case, blanks, quotes and full stops do not matter; a word with a proviso is not taken for the word."""
    assert read_word(written) == (verb, value)


def test_every_verb_has_words_and_fits_somewhere() -> None:
    """Each verb is offered by a case, in both languages; those with a value take it in brackets."""
    assert {verb for verbs in FITTING.values() for verb in verbs} | {Verb.AGREE} == set(Verb)
    assert set(FITTING) == set(Choice)
    for language in LANGUAGES:
        for verb in Verb:
            offered = word_of(verb, language)
            assert read_word(offered)[0] is verb
            assert (read_word(offered.replace("（）", "（7）").replace("()", "(7)"))[1] == "7") is (verb in VALUED)


@pytest.mark.parametrize(
    ("verbs", "meant"),
    [
        ((Verb.ACCEPT, Verb.REJECT), Verb.ACCEPT),
        ((Verb.TAKE,), Verb.TAKE),
        ((Verb.SETTLE, Verb.REJECT), Verb.SETTLE),
        ((Verb.TAKE, Verb.SETTLE), None),
        ((Verb.RECODE,), None),
    ],
)
def test_yes_means_the_one_verb_that_says_so(verbs: tuple[Verb, ...], meant: Verb | None) -> None:
    """Where several could be meant, none is."""
    assert resolve_yes(verbs) is meant


ROW = Decision(
    file="=x.xlsx",
    sheet="填报表 (2)",
    site="0000000001",
    question="采用？",
    decision="采用。",
    reason='说,"是"',
    who="李某",
    when="1月9日",
    rule="D02",
    key="",
    covers="x123",
    sha256="a" * 64,
    notes=(("备注", "已打电话"),),
    line=2,
)


@pytest.mark.parametrize(("trouble", "effect", "told"), [("x", "y", "x"), ("", "y", "y"), ("x", "", "x"), ("", "", "")])
def test_what_a_clerk_is_told_of_a_row(trouble: str, effect: str, told: str) -> None:
    """Why it decides nothing comes before what it does."""
    assert replace(ROW, trouble=trouble, effect=effect).answer == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_come_back_as_they_were_written(language: str) -> None:
    """Every column is read back, and those that a clerk added."""
    head, *rows = write_rows([ROW, replace(ROW, notes=(), line=3)], language)
    assert head[-1] == "备注"
    assert list(read_table([head, *rows])) == [ROW, replace(ROW, notes=(), line=3)]


def test_columns_are_found_by_either_word() -> None:
    """Heads may lose one of their words, change places, and stand twice: the second is the clerk's own."""
    assert names_of(["决定", "SHA256", "文件 file", "决定", "随便"]) == ("decision", "sha256", "file", "", "")
    (row,) = read_table([["决定", "file", "决定", ""], ["采用", "a.xlsx", "再想想", "x", "behind"]])
    assert (row.decision, row.notes) == ("采用", (("决定", "再想想"), ("", "x behind")))
    assert set(COLUMNS) >= {"sheet", "covers"}


def test_a_note_stays_as_it_was_typed() -> None:
    """Line breaks, tabs and runs of blanks stay, whatever the system ends lines with; what nobody sees does not."""
    typed = "一行\r\n二行\r三行\n\n五行\t完  了\x00"
    head, row = write_rows([replace(ROW, reason=typed, notes=(("备注", typed),))], "zh")
    (read,) = read_table([head, row])
    kept = "一行\n二行\n三行\n\n五行\t完  了\N{REPLACEMENT CHARACTER}"
    assert (read.reason, read.notes) == (kept, (("备注", kept),))


@pytest.mark.parametrize("column", ["decision", "reason", "who", "when"])
def test_no_note_is_cut(column: str) -> None:
    """What a clerk typed, ten thousand characters of it, is written whole."""
    changes: dict[str, Any] = {column: "长" * 10_000}
    _, row = write_rows([replace(ROW, **changes)], "zh")
    assert "长" * 10_000 in row
