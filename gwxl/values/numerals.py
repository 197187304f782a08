"""Numbers as people write them: read when exact, proposed when they need a second look."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from gwxl.characters import DIGIT_SPACES, is_blank_char, without_spaces

NOTHING = frozenset(
    {"无", "/", "\\", "-", "--", "—", "——", "–", "−", "―", "没有", "暂无", "无数据", "不涉及", "n/a", "na", "none"}
)
LONGEST = 24  # digits; a count of anything has fewer

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?\Z")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([,'’])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?\Z")
_GROUPING_BLANK = f"[{DIGIT_SPACES}]"
# Blanks that can only group digits: 1 234 567 and 120 000, never 120 150.
_SPACED = re.compile(
    rf"[+-]?(?:[1-9][0-9]{{0,2}}({_GROUPING_BLANK})0[0-9]{{2}}(?:\1[0][0-9]{{2}})*"
    rf"|[1-9][0-9]?({_GROUPING_BLANK})[0-9]{{3}}(?:\2[0-9]{{3}})+)(?:\.[0-9]+)?\Z"
)
_SPACED_RUN = re.compile(rf"(?<![0-9])[0-9]++(?:{_GROUPING_BLANK}[0-9]++)+(?:\.[0-9]+)?")
_SEPARATORS = f"[,'{DIGIT_SPACES}’]"
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?\Z")
# 1,2345 is 12345; 2024,2025 may be two years
_WRONGLY_GROUPED = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{4})+|[1-9][0-9]{3}(?:,0[0-9]{3})+)\Z")
_BEFORE = re.compile(r"(?:大约|大概|将近|接近|超过|共计|合计|约|近|超|逾|共|>|≈|~)")
_AFTER = re.compile(r"(?:左右|上下|以上|[余多许+])(?=(?:万亿|[亿億万萬wW千仟kK百佰])?\Z)")
_COUNTING_WORDS = re.compile(
    r"[个条次件项篇期天人户家部份台套名位页回起日元封则张场种类幅集本册处所例宗批组门款座只辆间]{1,3}\Z"
)
_WORKING_DAYS = re.compile(r"个?工作[日天]\Z")
_ACCOUNTED = re.compile(
    r"(?P<minus>-)?(?P<open>\()?\s*+(?:(?P<sign>[$£€])\s*+)?(?P<figure>[0-9.][0-9.,]{0,40})\s*+(?P<close>\))?\Z"
)
_CURRENCIES = {
    "$": frozenset({"$", "us$", "usd", "dollars", "us dollars"}),
    "£": frozenset({"£", "gbp", "pounds", "pounds sterling"}),
    "€": frozenset({"€", "eur", "euros", "euro"}),
}
"""Sign of a currency → the units that mean it."""

_BRACKETED = re.compile(r"([^()\[\]【】]+)[(\[【]([^()\[\]【】]+)[)\]】]([^()\[\]【】]*)\Z")
_LISTED = re.compile(r"[、,;/和及]")
_DIGITS = {
    char: value
    for value, chars in enumerate(("零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars
}
_WAN, _YI = 10**4, 10**8
_UNITS = (("亿億", _YI), ("万萬wW", _WAN), ("千仟kK", 1000), ("百佰", 100), ("十拾", 10))
_SIZES = tuple("".join(signs for signs, _ in _UNITS))
_ZEROS = "零〇"
_UNIT_SIGNS = frozenset("".join(chars for chars, _ in _UNITS))
_ENDS_A_FIGURE = frozenset("0123456789.,'’%") | _UNIT_SIGNS | frozenset(_DIGITS)
_BEGINS_A_FIGURE = frozenset("0123456789.,'’十拾") | frozenset(_DIGITS)
_TEN = 10
_SMALL_UNITS = frozenset({10, 100})
_SHORTENED = re.compile(
    r"[百佰千仟kK万萬wW][0-9一二三四五六七八九壹贰叁肆伍陆柒捌玖两]\Z"
)  # 三千五, never before another unit


@dataclass(frozen=True, kw_only=True)
class Written:
    """A number a text probably means, and what stands in the way of taking it.

    ``kind`` is a key below ``unread.`` in the wording catalogue.
    """

    value: Decimal | None
    kind: str


def drop_accounting(text: str, unit: str) -> tuple[str, tuple[str, ...]]:
    """Return an English figure without the brackets of a loss and the sign of its currency, and what was dropped.

    A sign goes only where the unit says the same currency, and no thousands of it.
    """
    found = _ACCOUNTED.match(text)
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["open"] and found["minus"]):
        return text, ()
    if found["sign"] and unit.strip().casefold() not in _CURRENCIES[found["sign"]]:
        return text, ()
    dropped = (("loss",) if found["open"] else ()) + (("currency",) if found["sign"] else ())
    return ("-" if found["open"] or found["minus"] else "") + found["figure"], dropped


def plain(text: str) -> tuple[Decimal, bool] | None:
    """Return a number written exactly and whether it had thousands separators, None if it is none."""
    if _NUMBER.match(text):
        number, grouped = Decimal(text), False
    elif _GROUPED.match(text) or _SPACED.match(text):
        number, grouped = Decimal(re.sub(_SEPARATORS, "", text)), True
    else:
        return None
    return None if number.adjusted() > LONGEST or len(text) > 2 * LONGEST else (number, grouped)


def propose(text: str, unit: str = "") -> Written:
    """Return what a text that is no plain number probably means.

    Only a text that is understood as a whole means something; figures that stand side by side are never joined.

    Args:
        text: full-width characters folded, trimmed.
        unit: the field's own unit, allowed behind the number.
    """
    bare = without_spaces(text)
    if bare.casefold() in NOTHING:
        return Written(value=Decimal(0), kind="dash_or_none")
    if (kind := _why_none(text, bare)) is not None:
        return Written(value=None, kind=kind)
    if _names_another_size(bare, unit):
        return Written(value=None, kind="not_a_number")
    if _WRONGLY_GROUPED.match(bare):
        return Written(value=Decimal(bare.replace(",", "")), kind="separators")
    return _work_out(bare, unit) or _with_words(bare, unit)


def _why_none(text: str, bare: str) -> str | None:
    """Return why a text can mean no number at all, None where it may."""
    if bare.casefold() in {"true", "false"}:
        return "boolean_in_number"
    if len(bare) > 2 * LONGEST:
        return "not_a_number"
    if _holds_several(text):
        return "several_numbers"
    return "percent" if bare.endswith(("%", "‰")) else None


def _names_another_size(bare: str, unit: str) -> bool:
    """Tell whether a text names a size where the unit has one, ``1.2万`` for 万元: whose it is nobody knows."""
    return unit.startswith(_SIZES) and any(size in bare.removesuffix(unit) for size in (*_SIZES, unit[1:]) if size)


def _holds_several(text: str) -> bool:
    """Tell whether a blank, a tab or a new line parts two figures."""
    grouped = _SPACED_RUN.sub(lambda run: without_spaces(run[0]) if _SPACED.match(run[0]) else run[0], text)
    words = "".join(" " if is_blank_char(char) else char for char in grouped).split()
    return any(one[-1] in _ENDS_A_FIGURE and other[0] in _BEGINS_A_FIGURE for one, other in pairwise(words))


def _work_out(bare: str, unit: str) -> Written | None:
    """Return a number with the sum it is made of, ``12项(10+2)`` or ``10+2=12``; None for any other text.

    A sum that gives another number leaves open which of them is right.
    """
    match = _BRACKETED.match(bare)
    if match is None and "=" not in bare:
        return None
    shown, made_of, behind = match.groups() if match else (bare.partition("=")[0], bare.partition("=")[2], "")
    number = _with_words(shown, unit) if match else Written(value=_sum(shown, unit), kind="unit")
    sums = {_sum(part, unit) for part in made_of.split("=") if part}
    if number.value is None or sums != {number.value} or _without_unit(behind, unit):
        return Written(value=None, kind="not_a_number")
    return replace(number, kind="worked_out") if number.kind == "unit" else number


def _sum(text: str, unit: str) -> Decimal | None:
    """Return the sum of ``72+519+13`` or ``72、519、13``, each with its unit; None if a part is no number."""
    alone = _compound(_without_unit(text, unit))
    if alone is not None:
        return alone
    parts = text.split("+") if "+" in text else _LISTED.split(text)
    numbers = [_compound(_without_unit(part, unit)) for part in parts]
    return None if None in numbers else sum((number for number in numbers if number is not None), Decimal(0))


def _with_words(bare: str, unit: str) -> Written:
    exact = _BEFORE.sub("", bare, count=1) if _BEFORE.match(bare) else bare
    exact = _AFTER.sub("", exact)
    named = _without_unit(exact, unit)
    core = _AFTER.sub("", named)  # 300多条, 100余万人次
    value = _compound(core)
    if value is None:
        return Written(value=None, kind="not_a_number")
    if exact != bare or core != named:
        return Written(value=value, kind="approximate")
    if _is_chinese(core):
        return Written(value=value, kind="chinese_numeral")
    return Written(value=value, kind="magnitude" if not plain(core) else "unit")


def _without_unit(text: str, unit: str) -> str:
    worded = _WORKING_DAYS.sub("", text)
    return worded if worded != text else _COUNTING_WORDS.sub("", text.removesuffix(unit))


def _is_chinese(text: str) -> bool:
    return not any(char in "0123456789" for char in text)


def _compound(text: str, ceiling: int | None = None) -> Decimal | None:
    """Return the number of digits and units; ``ceiling`` is the unit it stands behind."""
    for chars, unit in _UNITS:
        cut = max(text.rfind(char) for char in chars)
        if cut >= 0:
            value = _split(text[:cut], text[cut + 1 :], unit)
            return value if value is None or ceiling is None or value < ceiling else None
    value = _simple(text, lone=ceiling is None)
    return value if value is None or ceiling is None or value < ceiling else None


def _split(left: str, right: str, unit: int) -> Decimal | None:
    head = Decimal(1) if not left and unit == _TEN else _head(left, unit)
    tail = _tail(right, unit)
    if head is None or tail is None or (right and head != head.to_integral_value()):
        return None
    if unit in _SMALL_UNITS and head >= unit:
        return None  # 100十五 is no number
    return head * unit + tail


def _head(left: str, unit: int) -> Decimal | None:
    if any(char in left for chars, other in _UNITS if other >= unit for char in chars):
        return None
    if unit < _WAN:
        return _simple(left, lone=False)
    return None if _SHORTENED.search(left) else _compound(left, _YI if unit < _YI else _YI * _WAN)


def _tail(right: str, unit: int) -> Decimal | None:
    if not right:
        return Decimal(0)
    if right[0] in _ZEROS:
        return _compound(right[1:], unit)
    lone = _simple(right, lone=False)
    if lone is not None and len(right) == 1:
        return lone * unit / 10  # 一百二 is 120, 3万5 is 35000
    return _compound(right, unit)


def _simple(text: str, *, lone: bool) -> Decimal | None:
    if _PLAIN.match(text):
        return Decimal(text)
    if _GROUPED.match(text) and text[0] not in "+-":
        return Decimal(re.sub(_SEPARATORS, "", text))
    digits = [_DIGITS.get(char) for char in text]
    if None in digits or not digits or (len(digits) > 1 and not lone):
        return None
    return Decimal("".join(map(str, digits)))
