"""How high a row must be and where a page ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwxl.writer.measuring import CLOSERS, count_lines, display_width, fold_text, row_height
from gwxl.writer.printing import page_breaks


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("一二三四五", 10, 1),
        ("一二三四五六", 10, 2),
        ("一二三四五。", 10, 2),
        ("一二三 http://a.cn", 12, 2),
        ("http://www.example.gov.cn/", 13, 2),
        ("甲\n乙\n丙", 10, 3),
    ],
)
def test_lines_break_as_programs_break_them(text: str, width: float, lines: int) -> None:
    """Chinese breaks anywhere but before a closing mark, ASCII words stay together, long ones are cut."""
    assert count_lines(text, width) == lines


@given(st.text(st.sampled_from("一二，。“”（）ab 1."), max_size=80), st.integers(8, 60))
def test_lines_are_never_too_few(text: str, width: int) -> None:
    """The lines hold the text, and fewer fit into a wider column."""
    assert count_lines(text, width) * width >= display_width(text)
    assert count_lines(text, width * 2) <= count_lines(text, width)


@given(st.text(st.sampled_from("一二，。“”（）ab1.\n"), max_size=80), st.integers(6, 60))
def test_a_folded_text_breaks_where_it_is_measured(text: str, column: int) -> None:
    """Nothing but line feeds is added, no line begins with a closing mark, and the row is as high as it was."""
    shown = fold_text(text, column, 11)
    assert shown.replace("\n", "") == text.replace("\n", "")
    added = [line for paragraph in text.split("\n") for line in fold_text(paragraph, column, 11).split("\n")[1:]]
    assert [line for line in added if line and line[0] in CLOSERS] == []
    assert row_height([(shown, column, 11)], 0.0) >= row_height([(text, column, 11)], 0.0)


def test_row_is_as_high_as_its_highest_cell() -> None:
    """Two lines of nine points need more than one of eleven."""
    short, long = ("一", 20.0, 11), ("一" * 30, 40.0, 9)
    assert row_height([short], 20.0) == 21.0
    assert row_height([short, long], 20.0) == row_height([long], 20.0) == 31.25


def test_heading_goes_to_the_page_of_what_it_heads() -> None:
    """A page ends before headings that would stand at its foot."""
    heights = dict.fromkeys(range(1, 12), 100.0)
    assert list(page_breaks(heights, {5}, [100.0])) == [4, 9]
    assert list(page_breaks(heights, set(), [100.0], repeated=50.0)) == [5, 9]
    assert list(page_breaks({1: 100.0}, {1}, [100.0])) == []
    assert list(page_breaks(dict.fromkeys(range(1, 4), 900.0), {1, 2, 3}, [10.0])) == [1, 2]
