"""Numbers as people write them: read as one number only where they can be nothing else, proposed only as a whole."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwxl.values.numerals import Written, plain, propose
from tests.support.draws import draws

GROUPING = (" ", "\u00a0", "\u2009", "\u202f")
APART = (" ", "  ", "\t", "\n", "\r\n", "\u3000", "\u00a0", "\u2009", "\u202f", " \n ")


@pytest.mark.parametrize("blank", GROUPING)
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234 567", 1234567),
        ("12 345 678", 12345678),
        ("-1 234 567", -1234567),
        ("1 234 567.5", Decimal("1234567.5")),
        ("1 000", 1000),
        ("120 000", 120000),
        ("12 045", 12045),
        ("100 000 000", 100000000),
    ],
)
def test_blanks_that_can_only_group(text: str, number: int | Decimal, blank: str) -> None:
    """Several short groups, or groups that begin with 0, are one number."""
    assert plain(text.replace(" ", blank)) == (number, True)


@pytest.mark.parametrize(
    "text",
    [
        "120 150",
        "1 234",
        "12 345",
        "100 120",
        "120 150 180",
        "120 150 000",
        "12 34",
        "0 000",
        "120 150条",
        "约120 150",
        "3万 5千",
    ],
)
def test_figures_side_by_side(text: str) -> None:
    """What may be two figures is none, whatever parts them, and they are never joined."""
    for parted in (text.replace(" ", blank) for blank in APART):
        written = propose(parted)
        assert (parted, plain(parted), written.kind, written.value) == (parted, None, "several_numbers", None)


@pytest.mark.parametrize("blank", ["\n", "\t", "  ", "\u2003"])
def test_what_never_groups(blank: str) -> None:
    """A new line, a tab and a wide gap part figures even where blanks would group them."""
    assert plain("1 234 567".replace(" ", blank)) is None
    assert propose("1 234 567".replace(" ", blank)).kind == "several_numbers"


@pytest.mark.parametrize("text", ["0,123", "1,234 567", "1 234,567", "1, 234", "12 ,345", "3. 14"])
def test_mixed_and_broken_groups(text: str) -> None:
    """Signs of two sorts, a sign beside a blank, and a group that begins with 0 prove nothing."""
    assert plain(text) is None
    assert propose(text).value is None


@pytest.mark.parametrize(
    "text",
    [
        "100+20",
        "100 + 20",
        "100多20",
        "100多 20",
        "2000余30",
        "3万余5",
        "3万万",
        "三万万",
        "3万10000",
        "3万10千",
        "3百千",
        "一二百",
        "一二千",
        "3万万5",
        "1亿亿",
        "3亿万",
        "2千千",
        "5百百",
        "100百",
        "10十",
        "3万5千万",
        "三千五万",
        "1.5万3",
        "100000000万",
        "1000000000000亿",
        "20以上30以下",
        "100左右200",
        "100或120",
        "100、120",
        "100/120",
        "100至120",
        "5个6",
        "3天2",
        "1条 2条",
        "2024,2025",
        "1200,1500",
        "100十五",
        "60(72)4",
        "5月1日",
        "上年120本年150",
    ],
)
def test_joined_digits_are_never_proposed(text: str) -> None:
    """A text that is not understood to its end means nothing."""
    assert propose(text, "条").value is None


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("100+", 100, "approximate"),
        ("3万多", 30000, "approximate"),
        ("100余万人次", 1000000, "approximate"),
        ("869万人次", 8690000, "magnitude"),
        ("1 234 567次", 1234567, "unit"),
        ("1.2 万", 12000, "magnitude"),
        ("1个工作日", 1, "unit"),
        ("2.5工作日", Decimal("2.5"), "unit"),
        ("604封", 604, "unit"),
        ("604封(72+519+13)", 604, "worked_out"),
        ("604(72+519+13)封", 604, "worked_out"),
        ("12项(10+2)", 12, "worked_out"),
        ("12项【10项+2项】", 12, "worked_out"),
        ("12(10、2)", 12, "worked_out"),
        ("12(=10+2)", 12, "worked_out"),
        ("12(十二)", 12, "worked_out"),
        ("1,204(1,000+204)", 1204, "worked_out"),
        ("10+2=12", 12, "worked_out"),
        ("12=10+2=12", 12, "worked_out"),
        ("约300(100+200)", 300, "approximate"),
        ("12345万", 123450000, "magnitude"),
        ("1200千", 1200000, "magnitude"),
        ("99999999万", 999999990000, "magnitude"),
        ("3万5", 35000, "magnitude"),
        ("一百二", 120, "chinese_numeral"),
        ("一万零五", 10005, "chinese_numeral"),
        ("三千万", 30000000, "chinese_numeral"),
        ("2亿3万", 200030000, "magnitude"),
        ("十五", 15, "chinese_numeral"),
        ("9百", 900, "magnitude"),
        ("3万35", 30035, "magnitude"),
        ("3万500", 30500, "magnitude"),
        ("3万9999", 39999, "magnitude"),
        ("2十5", 25, "magnitude"),
        ("100000000亿", 10**16, "magnitude"),
        ("999999999999亿", 999999999999 * 10**8, "magnitude"),
        ("99百", 9900, "magnitude"),
        ("9十", 90, "magnitude"),
        ("1.2万(12000)", 12000, "magnitude"),
    ],
)
def test_understood_as_a_whole(text: str, number: int | Decimal, kind: str) -> None:
    """A number with its unit, its size or the sum it is made of is proposed."""
    written = propose(text, "次")
    assert (written.value, written.kind) == (number, kind)


@pytest.mark.parametrize(
    "text",
    [
        "无",
        "/",
        "\\",
        "-",
        "--",
        "—",
        "——",
        "–",
        "−",
        "―",
        "没有",
        "暂无",
        "无数据",
        "不涉及",
        "n/a",
        "N/A",
        "na",
        "None",
    ],
)
def test_words_for_nothing(text: str) -> None:
    """Each of them, blanks in it or not, proposes 0; a text that is empty does not."""
    assert propose(text) == propose(f" {' '.join(text)} ") == Written(value=Decimal(0), kind="dash_or_none")
    assert propose("").value is None


@pytest.mark.parametrize(
    "text",
    [
        "12项(10+3)",
        "604封(72+519)",
        "120(150)",
        "12(含上年)",
        "12(10+甲)",
        "12=10+3",
        "12=13=12",
        "12=",
        "(12)",
        "12()",
        "12(12)3",
    ],
)
def test_brackets_that_prove_nothing(text: str) -> None:
    """A sum that gives another number, or words, leave open what is meant."""
    assert propose(text, "条").value is None


@settings(max_examples=draws(75, full=300))
@given(st.integers(min_value=0, max_value=10**7), st.integers(min_value=1, max_value=10**7), st.sampled_from(APART))
def test_two_figures_are_never_joined(one: int, other: int, blank: str) -> None:
    """Property: no two figures, the second written without a leading 0, are read or proposed as one."""
    text = f"{one}{blank}{other}"
    assert plain(text) is None
    assert propose(text).value is None


@settings(max_examples=draws(75, full=300))
@given(
    st.integers(min_value=1, max_value=10**6),
    st.integers(min_value=1, max_value=10**6),
    st.sampled_from("+多余、/~至或和-"),
)
def test_no_sign_between_figures_joins_them(one: int, other: int, sign: str) -> None:
    """Property: figures with a sign or a word between them are never proposed as their digits."""
    assert propose(f"{one}{sign}{other}").value is None


@settings(max_examples=draws(50, full=200))
@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=2, max_size=4), st.integers(-1, 1))
def test_a_sum_in_brackets(parts: list[int], off: int) -> None:
    """Property: the sum in brackets proposes its number, and no other."""
    text = f"{sum(parts) + off}条({'+'.join(map(str, parts))})" if sum(parts) + off >= 0 else "条"
    assert propose(text, "条").value == (sum(parts) if off == 0 else None)


@pytest.mark.parametrize("text", ["1.2万", "12000元", "1.2亿", "1.2亿元", "1.2亿万元", "3千", "12千万元", "1.2w"])
def test_another_size_than_that_of_the_unit(text: str) -> None:
    """In a field of 万元 a text with another size may mean two figures, ten thousandfold apart: none is proposed."""
    assert propose(text, "万元") == Written(value=None, kind="not_a_number")


def test_the_size_of_the_unit_itself() -> None:
    """Behind the number it says nothing new."""
    assert [propose(text, "万元").value for text in ("1.2万元", "约3万元", "12")] == [Decimal("1.2"), 3, 12]
