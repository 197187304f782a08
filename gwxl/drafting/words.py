"""What the words of an office's form say: numbers before labels, units, who fills in, kinds."""

import re
from dataclasses import dataclass
from functools import cache

from gwxl.characters import ROW_SPACES
from gwxl.drafting.grid import Spot
from gwxl.wording import each

_NUMBER = re.compile(
    r"\s*+((?:第[一二三四五六七八九十]{1,4}(?:部分|项|章)|[（(][一二三四五六七八九十\d]{1,4}[)）]|[一二三四五六七八九十]{1,4}[、.．]|"
    r"\d{1,3}(?:\.\d{1,3}){0,4}[、.．)）]|[A-Z][.)]|(?:Part|Section)\s{1,3}[A-Z\d]{1,4}[.:]?|[①-⑳]))\s*+(.+)",
    re.DOTALL,
)
_UNIT = re.compile(r"[（(]\s{0,5}(?:单位[:：]\s{0,5})?([^（()）]{1,8})[)）]\s{0,5}[:：]?$")
_SEQUENCE = re.compile(
    r"\s*+(?:\d{1,3}|[甲乙丙丁戊]|[（(]?[一二三四五六七八九十]{1,3}[)）]?|…++|\.{3,20}|[ivx]{1,4})\s*+[.、]?\s*+"
)
_SECTION = re.compile(r"[一二三四五六七八九十]{1,4}[、.．]|第.{1,6}(?:部分|章)|(?:Part|Section)\b|[IVX]{1,6}\.")
_OF_SHEET = re.compile(r"(?:计量)?(?:单位|Unit)\s*[:：]\s*(\S{1,6})", re.IGNORECASE)

_ENDING = 40  # characters in which a unit stands at the end of a label
_LONGEST = 2_000  # characters of a label, or of a number format, that are looked at
_UNITS = frozenset(
    [
        "个",
        "人",
        "名",
        "次",
        "人次",
        "条",
        "件",
        "项",
        "份",
        "家",
        "户",
        "台",
        "套",
        "辆",
        "篇",
        "期",
        "场",
        "部",
        "间",
        "处",
        "栋",
        "册",
        "张",
        "只",
        "头",
        "亩",
        "吨",
        "公里",
        "千米",
        "米",
        "平方米",
        "立方米",
        "天",
        "小时",
        "分钟",
        "岁",
        "字",
        "元",
        "千元",
        "万元",
        "亿元",
        "persons",
        "people",
        "hours",
        "days",
        "months",
        "years",
        "usd",
        "eur",
        "pcs",
        "units",
    ]
)
_OF_FRACTIONS = frozenset(
    ["元", "千元", "万元", "亿元", "%", "％", "吨", "公里", "千米", "亩", "平方米", "立方米", "usd", "eur", "$"]
)
_UNIT_HEADS = frozenset(["单位", "计量单位", "unit", "units"])
_NUMBER_HEADS = frozenset(["序号", "行次", "编号", "代码", "代号", "行号", "no.", "no", "line", "item", "#"])
_ROLES = {
    "code": "drafting.code_labels",
    "phone": "drafting.phone_labels",
    "date": "drafting.date_labels",
    "contact": "drafting.contact_labels",
    "unit": "drafting.unit_labels",
}
_OF_BOUNDS = {"whole": "count", "decimal": "decimal", "date": "date"}
_PLAIN = frozenset({"General", "Standard", "@"})
_DATE_WORDS = ("日期", "年月日", "时间", "date")
_CODE_WORDS = (
    "代码",
    "编码",
    "编号",
    "号码",
    "证号",
    "电话",
    "手机",
    "邮编",
    "账号",
    "phone",
    "tel.",
    "code",
    "number",
)
_COUNT_WORDS = ("数", "数量", "人数", "次数", "件数", "个数", "总数", "合计", "count", "total")


@dataclass(frozen=True)
class Label:
    """A label as printed, with the number before it and the unit behind it taken off."""

    number: str
    words: str
    unit: str = ""


def read_label(printed: str) -> Label:
    """Take a printed label apart."""
    joint = "" if re.search(r"[\u4e00-\u9fff]", printed) else " "
    flat = joint.join(line.strip() for line in printed[:_LONGEST].splitlines()).strip()
    found = _NUMBER.fullmatch(flat)
    number, words = (found[1].rstrip("、.．:"), found[2]) if found else ("", flat)
    unit = _UNIT.search(words[-_ENDING:])
    words = words.rstrip(f"{ROW_SPACES}_＿").rstrip(f"{ROW_SPACES}:：").lstrip("*＊ ") or words
    return Label(number, words, unit[1].strip() if unit and is_unit(unit[1].strip()) else "")


def is_unit(word: str) -> bool:
    """Tell whether a word is a unit that is written beside a number."""
    return word.strip().casefold() in _UNITS | _OF_FRACTIONS


def find_sheet_unit(text: str) -> str:
    """Return the unit that a text gives for a whole sheet, as ``单位：万元`` does; empty where it gives none."""
    found = _OF_SHEET.fullmatch(text.strip(f"{ROW_SPACES}（()）"))
    return found[1] if found and is_unit(found[1]) else ""


def is_sequence(text: str) -> bool:
    """Tell whether a text only counts rows or columns."""
    return bool(_SEQUENCE.fullmatch(text))


def is_head_of_units(text: str) -> bool:
    """Tell whether a head stands over the units of the rows."""
    return "".join(text.split()).casefold() in _UNIT_HEADS


def is_said_of_numbers(text: str) -> bool:
    """Tell whether a head stands over the numbers of the rows."""
    return "".join(text.split()).casefold() in _NUMBER_HEADS


def begins_section(text: str) -> bool:
    """Tell whether a text is numbered as the sections of a form are."""
    return bool(_SECTION.match(text))


def find_role(label: str) -> str:
    """Return the role in merging that a label tells of; empty where it tells of none."""
    plain = "".join(re.sub(r"[（(][^（()）]*+[)）]", "", label).split()).casefold()
    return next((role for role, key in _ROLES.items() if plain in _collect_words(key)), "")


def guess_kind(spot: Spot, label: str, unit: str) -> tuple[str, bool]:
    """Return the kind of an input, and whether that is sure: by its validation, its number format, its words."""
    bound = spot.bound
    if bound and bound.kind in _OF_BOUNDS:
        return _OF_BOUNDS[bound.kind], True
    if bound and bound.kind == "list":
        return ("yes_no" if is_yes_no(bound.entries) else "choice"), True
    shown = "" if spot.format in _PLAIN else re.sub(r'"[^"]*+"|\[[^]\[]*+\]', "", spot.format[:_LONGEST])
    if re.search(r"[yd年月日]", shown):
        return "date", True
    if unit in _OF_FRACTIONS or "%" in shown:
        return "decimal", bool(re.search(r"0\.0", shown))
    if re.search(r"[0#]", shown):
        return ("decimal" if re.search(r"0\.0", shown) else "count"), True
    return _guess_by_words("".join(label.split()).casefold(), unit, spot.format)


def _guess_by_words(plain: str, unit: str, shown: str) -> tuple[str, bool]:
    if plain.endswith(_DATE_WORDS):
        return "date", False
    if plain.endswith(_CODE_WORDS):
        return "code", False
    if unit or plain.endswith(_COUNT_WORDS):
        return "count", False
    return "text", shown == "@"


def is_yes_no(entries: tuple[str, ...]) -> bool:
    """Tell whether a drop-down offers yes and no."""
    return {entry.casefold() for entry in entries} in ({"是", "否"}, {"yes", "no"}, {"y", "n"})


@cache
def _collect_words(key: str) -> frozenset[str]:
    """Return the words of a text in every language: a workbook is met before its language is known."""
    return frozenset(word for one in each(key).values() for word in one.split())
