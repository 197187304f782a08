"""Ticks beside words: a mark belongs to the answer it touches; where it touches two or none, nothing is chosen."""

from itertools import product
from typing import Any

import pytest

from gwxl.form import kinds
from gwxl.form.definition import Field
from gwxl.form.parts import Choice
from gwxl.records.path import Path
from gwxl.records.submission import Unread
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.values.ticks import line_of
from gwxl.values.value import read_value

LABELS = ("政府门户网站", "部门网站", "专项网站")
MARKS = ("√", "✓", "✔", "✔\ufe0f", "☑", "✅", "■", "●", "(√)", "（✓）", "[x]", "[X]", "【√】", "( √ )", "(v)", "（■）")
BOXES = ("□", "☐", "○", "( )", "()", "（　）", "[ ]", "【】", "×", "(×)")
YES_NO = Field(key="f", label="F", kind=kinds.YES_NO)
CHOICE = Field(
    key="c",
    label="网站类型",
    kind=kinds.CHOICE,
    choices=tuple(Choice(key=f"c{number}", label=label) for number, label in enumerate(LABELS)),
)
TICKS = Field(key="t", label="创新", kind=kinds.CHOICES, choices=(Choice(key="a", label="多语言版本"),))


def read_answer(text: str, field: Field = YES_NO, path: str = "f", kind: CellKind = CellKind.TEXT) -> Any:
    """Return what a cell says to a field: its value, or why there is none and what is proposed."""
    value = read_value(Cell(kind, text), field, path=Path.parse(path)).value
    return (value.kind, value.proposal) if isinstance(value, Unread) else value


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_that_touches_one_answer(mark: str) -> None:
    """Before or behind, drawn or in brackets: the answer the mark touches is chosen, in any place of the line."""
    assert read_answer(f"是{mark} 否") is True
    assert read_answer(f"是 否{mark}") is False
    assert read_answer(f"{mark}是 否") is True
    assert read_answer(f"是 {mark}否") is False
    assert read_answer(f"是{mark}/否") is True
    assert read_answer(f"是{mark}\n否") is True
    for number, chosen in enumerate(LABELS):
        behind = " ".join(f"{label}{mark}" if label == chosen else label for label in LABELS)
        before = "、".join(f"{mark}{label}" if label == chosen else label for label in LABELS)
        assert read_answer(behind, CHOICE) == read_answer(before, CHOICE) == f"c{number}"


def test_letters_for_yes_and_no() -> None:
    """One letter or a word, in any case."""
    assert [read_answer(word) for word in ("y", "T", "Yes", "true")] == [True] * 4
    assert [read_answer(word) for word in ("n", "F", "No", "false")] == [False] * 4


@pytest.mark.parametrize("mark", MARKS)
def test_an_order_that_touch_contradicts(mark: str) -> None:
    """The marks stand behind their answers by number, but one touches the answer after it alone: none is taken."""
    for box in BOXES:
        assert read_answer(f"{LABELS[0]} {mark}{LABELS[1]}{box}{LABELS[2]} {box}", CHOICE) == ("unclear_mark", None)


@pytest.mark.parametrize("mark", MARKS)
def test_every_answer_has_its_mark(mark: str) -> None:
    """Where each answer has a mark, their order tells which belongs to which, touching or not."""
    for box, between, gap in product(BOXES, ("", " "), ("", "  ", "\n")):
        assert read_answer(f"是{between}{mark}{gap or between}否{between}{box}") is True
        assert read_answer(f"{box}{between}是{gap or between}{mark}{between}否") is False
        assert read_answer(f"{LABELS[0]}{box}{LABELS[1]}{mark}{LABELS[2]}{box}", CHOICE) == "c1"


@pytest.mark.parametrize("line", ["是{0}否", "是 {0} 否", "是、{0}、否", "是 {0}否 {0}", "{0} 是{0} 否"])
def test_a_mark_that_touches_both_or_neither(line: str) -> None:
    """Where a mark may belong to either answer, none is taken: a value would be a silent choice."""
    assert {mark: read_answer(line.format(mark)) for mark in MARKS} == dict.fromkeys(MARKS, ("unclear_mark", None))


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_beside_a_printed_box(mark: str) -> None:
    """The box that is printed before or behind an answer stays; the mark beside it counts."""
    for line in ("□是{0} □否", "是{0}□ 否□", "{0}□是 □否", "是□{0} 否□", "□是{0}、□否", "{0}是{0} 否", "是{0}"):
        assert read_answer(line.format(mark)) is True
    assert read_answer(f"□是 □否{mark}") is False
    assert read_answer(f"□是{mark}□否") == ("unclear_mark", None)
    assert read_answer(f"×是{mark} 否") == ("unclear_mark", None)


@pytest.mark.parametrize("line", ["政府门户网站√部门网站", "政府门户网站 √ 部门网站", "1、政府门户网站√ 2、部门网站"])
def test_a_choice_between_two_labels(line: str) -> None:
    """The same of choices with any label."""
    assert read_answer(line, CHOICE) == ("unclear_mark", None)


@pytest.mark.parametrize("line", ["是√ 否√", "√是√否", "☑是 ☑否", "是(√)否(√)"])
def test_several_marks(line: str) -> None:
    """Two ticks are no answer."""
    assert read_answer(line) == ("not_yes_no", None)
    assert read_answer("政府门户网站√ 部门网站√", CHOICE) == ("several_choices", None)


@pytest.mark.parametrize(
    ("line", "proposal"),
    [
        ("□是 □否", None),
        ("是× 否", None),
        ("☒是 ☐否", True),
        ("☐是 ☒否", False),
        ("☒是 ☑否", None),
        ("是√ 否 是", None),
    ],
)
def test_no_mark_says_yes(line: str, proposal: object) -> None:
    """Empty boxes choose nothing; the one crossed box of Word's is proposed, never taken."""
    assert read_answer(line) == ("not_yes_no", proposal)


def test_a_crossed_box_of_a_choice_is_proposed() -> None:
    """The same of choices: proposed, never taken."""
    assert read_answer("☒政府门户网站 ☐部门网站", CHOICE) == ("not_a_choice", "c0")


def test_a_colon_holds_label_and_mark_together() -> None:
    """是：√ 否： is yes."""
    assert read_answer("是：√ 否：") is True
    assert read_answer("是：√否：") == ("unclear_mark", None)
    assert read_answer("是 ：√ 否") == ("unclear_mark", None)


@pytest.mark.parametrize(
    "text", ["√", "(√)", "【✓】", "[x]", "多语言版本√", "多语言版本（√）", "√ 多语言版本", "多语言版本：√", "■"]
)
def test_ticked(text: str) -> None:
    """A box of its own is ticked by any mark, with its own label or without."""
    assert read_answer(text, TICKS, "t.a") is True


@pytest.mark.parametrize(
    "text",
    ["无", "-", "—", "/", "未", "没有", "不", "×", "□", "( )", "[ ]", "□多语言版本", "多语言版本×", "多语言版本：无"],
)
def test_not_ticked(text: str) -> None:
    """Words and signs that say no leave the box unticked."""
    assert read_answer(text, TICKS, "t.a") is None


@pytest.mark.parametrize(
    ("text", "proposal"), [("☒", False), ("x", True), ("√（部分）", None), ("√√", None), ("(x)", None)]
)
def test_no_tick_at_all(text: str, proposal: object) -> None:
    """What may be either is asked, the crossed box with a proposal."""
    assert read_answer(text, TICKS, "t.a") == ("not_a_tick", proposal)


NUMBERED = Field(
    key="n",
    label="N",
    kind=kinds.CHOICE,
    choices=tuple(Choice(key=f"k{label}", label=label) for label in ("1", "2", "12", "03")),
)
WORDED = Field(
    key="w",
    label="W",
    kind=kinds.CHOICE,
    choices=tuple(
        Choice(key=f"w{number}", label=label)
        for number, label in enumerate(
            ("Local government", "甲，乙 “丙”", "'quoted", "其他（请注明）", "A", "a", "是/否都有", "○○局", "p*")
        )
    ),
)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1", CellKind.NUMBER, "k1"),
        ("1.0", CellKind.NUMBER, "k1"),
        ("1E0", CellKind.NUMBER, "k1"),
        ("12", CellKind.NUMBER, "k12"),
        ("1", CellKind.TEXT, "k1"),
        ("１２", CellKind.TEXT, "k12"),
        ("1√ 2 12", CellKind.TEXT, "k1"),
        ("1 2√", CellKind.TEXT, "k2"),
        ("3", CellKind.NUMBER, ("not_a_choice", "k03")),
        ("1.0", CellKind.TEXT, ("not_a_choice", "k1")),
        ("4", CellKind.NUMBER, ("not_a_choice", None)),
        ("1.5", CellKind.NUMBER, ("not_a_choice", None)),
        ("TRUE", CellKind.BOOLEAN, ("not_a_choice", None)),
    ],
)
def test_labels_of_digits(text: str, kind: CellKind, value: object) -> None:
    """A number, stored or typed, is the choice whose label it is; an equal one written otherwise is proposed."""
    assert read_answer(text, NUMBERED, "n", kind) == value


@pytest.mark.parametrize("flag", ["date", "percent"])
def test_a_number_that_shows_as_something_else_is_no_choice(flag: str) -> None:
    """1 that shows as a day or as 100% is not the answer 1."""
    cell = Cell(CellKind.NUMBER, "1", **dict[str, Any]({flag: True}))
    assert read_value(cell, NUMBERED, path=Path("n")).value == Unread(raw="1", kind="not_a_choice")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("local  government", "w0"),
        ("Local\u00a0government", "w0"),
        ("Local government√", "w0"),
        ("甲,乙“丙”", "w1"),
        ("'quoted", "w2"),
        ("其他(请注明)", "w3"),
        ("其他（请注明）√ Local government", "w3"),
        ("A", "w4"),
        ("a", "w5"),
        ("Ａ", ("not_a_choice", None)),
        ("是/否都有√", "w6"),
        ("○○局", "w7"),
        ("p*", "w8"),
        ("px", ("not_a_choice", None)),
    ],
)
def test_labels_with_blanks_signs_and_quotes(text: str, value: object) -> None:
    """Both sides are compared alike; labels that differ by case alone are told apart by it."""
    assert read_answer(text, WORDED, "w") == value


@pytest.mark.parametrize("text", ["", "是", "√", "见说明√", "是√否√见说明", "√√√"])
def test_no_line(text: str) -> None:
    """Anything but answers and marks is no line."""
    assert line_of(text, ("是", "否")) is None


def test_no_answers_no_line() -> None:
    """Without answers there is no line."""
    assert line_of("√", ()) is None


@pytest.mark.parametrize(
    ("line", "ticked"),
    [
        ("甲1√ 乙22", ("甲1",)),
        ("甲 1√ 乙22", ("甲1",)),
        ("甲1 乙 22√", ("乙22",)),
        ("甲1 乙2 2√", None),
        ("3丙√ 甲1", ("3丙",)),
        ("3 丙√ 甲1", ("3丙",)),
    ],
)
def test_blanks_inside_an_answer(line: str, ticked: tuple[str, ...] | None) -> None:
    """A blank may stand beside a digit of an answer, but never between two: 2 2 is not 22."""
    found = line_of(line, ("甲1", "乙22", "3丙"))
    assert (found and found.ticked) == ticked
