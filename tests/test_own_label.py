"""The label of an input typed before its answer is taken off and logged; nothing else is."""

from decimal import Decimal

import pytest

from gwxl.form import kinds
from gwxl.form.definition import Field
from gwxl.form.parts import Choice, Column
from gwxl.records.path import Path
from gwxl.records.submission import Change, Unread
from gwxl.spreadsheets.book import Cell, CellKind
from gwxl.values.cell_in_progress import Asked
from gwxl.values.value import read_value

NAME = Field(key="f", label="网站名称", number="1", kind=kinds.TEXT)


def read(text: str, asked: Asked, path: str = "f", kind: CellKind = CellKind.TEXT) -> tuple[object, list[str]]:
    """Return value and kinds of changes of a text."""
    reading = read_value(Cell(kind, text), asked, path=Path.parse(path))
    return reading.value, [change.kind for change in reading.changes]


@pytest.mark.parametrize(
    "before",
    [
        "网站名称：",
        "网站名称:",
        "网站名称 ：　",
        "网 站 名 称：",
        "网站名称：\n",
        "１网站名称：",
        "1.网站名称：",
        "1、网站名称∶",
        "\u200b网站名称﹕",
        "【网站名称】：",
    ],
)
def test_the_label_is_taken_off(before: str) -> None:
    """Whatever colon, blanks or number: what stands behind is the answer."""
    value, changes = read(f"{before}示例市人民政府门户网站", NAME)
    assert value == "示例市人民政府门户网站"
    assert changes == ["own_label"]


@pytest.mark.parametrize(
    "text",
    [
        "网站名称",
        "网站名称示例网",
        "网站名称 示例网",
        "网站：示例网",
        "主办单位：示例局",
        "示例市网站名称：示例网",
        "：示例网",
        "示例网（网站名称：甲）",
    ],
)
def test_an_answer_that_begins_so_stays(text: str) -> None:
    """Without a colon, or behind other words, it is part of the answer."""
    assert read(text, NAME) == (text, [])


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        (Field(key="f", label="总数", number="（1）", unit="条", kind=kinds.COUNT), "总数：123", 123),
        (Field(key="f", label="总数", number="（1）", unit="条", kind=kinds.COUNT), "（1）总数（条）：1,234", 1234),
        (Column(key="posts", label="信息发布量", unit="条", kind=kinds.COUNT), "信息发布量:5", 5),
        (Column(key="name", label="名称", kind=kinds.TEXT), "名称：甲：乙", "甲：乙"),
        (Field(key="f", label="平均时间", kind=kinds.DECIMAL), "平均时间：2.5", Decimal("2.5")),
        (Field(key="f", label="标识码", kind=kinds.CODE), "标识码：1100000088", "1100000088"),
        (Field(key="f", label="首页网址", kind=kinds.URL), "首页网址：http://a.gov.cn", "http://a.gov.cn"),
        (Field(key="f", label="填报日期", kind=kinds.DATE), "填报日期：2027年1月8日", "2027-01-08"),
        (Field(key="f", label="是否有平台", kind=kinds.YES_NO), "是否有平台：是√ 否", True),
        (Field(key="f", label="其中：转载", kind=kinds.COUNT), "其中：转载：7", 7),
        (Field(key="f", label="Site name", kind=kinds.TEXT), "site  name: Example", "Example"),
        (
            Field(key="f", label="类型（单选）", kind=kinds.CHOICE, choices=(Choice(key="a", label="部门网站"),)),
            "类型：部门网站",
            "a",
        ),
    ],
)
def test_every_kind_of_input(asked: Asked, text: str, value: object) -> None:
    """Numbers, codes, dates, choices and columns of a table lose their label before they are read."""
    found, changes = read(text, asked)
    assert found == value
    assert "own_label" in changes


def test_the_box_of_one_answer_has_two_labels() -> None:
    """Before a tick, the answer's own label and the question's are taken off."""
    asked = Field(key="f", label="创新", kind=kinds.CHOICES, choices=(Choice(key="a", label="多语言版本"),))
    assert read("多语言版本：√", asked, "f.a")[0] is True
    assert read("创新：√", asked, "f.a")[0] is True


def test_nothing_behind_the_label_is_a_blank() -> None:
    """A label alone is no answer, and logged."""
    reading = read_value(Cell(CellKind.TEXT, "网站名称： "), NAME, path=Path("f"))
    assert reading.value is None
    assert reading.changes == (Change(key=Path("f"), raw="网站名称： ", value="", kind="own_label"),)


def test_only_a_typed_text_has_a_label() -> None:
    """An error value and an unreadable rest keep what stood there; a label of digits is none."""
    assert read_value(
        Cell(CellKind.TEXT, "网站名称：#"), Field(key="f", label="网站名称", kind=kinds.COUNT), path=Path("f")
    ).value == (Unread(raw="网站名称：#", kind="not_a_number"))
    assert read("12：30", Field(key="f", label="12", kind=kinds.TEXT)) == ("12：30", [])
