"""Hold what a cell shows against what it stores.

A number format may scale a number or name a unit: ``0"万"`` shows a stored 2 as 2万. Where the figure shown, read with
its unit, is not the number stored (within the rounding of the shown decimals), it is told.
"""

import re
from decimal import Decimal

from gwxl.characters import fold_width, without_spaces
from gwxl.spreadsheets.looks import Look

_FIGURE = re.compile(r"(?<![A-Za-z0-9.])(?:[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)")
_SCALES = {
    sign: scale
    for signs, scale in (
        (("十", "拾"), 10),
        (("百", "佰"), 100),
        (("千", "仟", "k", "thousand"), 1000),
        (("万", "萬", "w"), 10**4),
        (("m", "million"), 10**6),
        (("亿", "億"), 10**8),
    )
    for sign in signs
}
_SCALE = re.compile(r"[十拾百佰千仟万萬亿億]+(?!分点)|(?:thousand|million|[kwm])(?![a-z])", re.IGNORECASE)
_PER_CENT = {"%": Decimal(100), "‰": Decimal(1000)}
_MEASURES = (
    ("分钟",),
    ("小时", "时"),
    ("天", "日", "工作日"),
    ("周", "星期"),
    ("月", "个月"),
    ("季度",),
    ("年",),
    ("元", "人民币"),
    ("美元",),
)
_NAUGHT = re.compile(r"[\s()¥￥$€£]*+(?:-|—|–|－|/|无|零)?[\s()]*+\Z")


def show_number(look: Look | None, number: Decimal) -> str | None:
    """Return what a stored number looks like, None where it looks like its digits or that cannot be told."""
    return look.format.show(number) if look is not None and look.format is not None else None


def show_text(look: Look | None, text: str) -> str:
    """Return what a stored text looks like."""
    return look.format.show_text(text) if look is not None and look.format is not None else text


def shows_figure(shown: str, number: Decimal) -> bool:
    """Tell whether anything of a number is shown; a dash or the word for none shows a zero."""
    text = without_spaces(fold_width(shown))
    return any(char.isdigit() for char in text) or (not number and bool(text) and _NAUGHT.match(text) is not None)


def agrees(shown: str, number: Decimal, unit: str) -> bool:
    """Tell whether a figure that is shown with its unit word is the number that is stored.

    Args:
        shown: what the cell shows.
        number: what it stores.
        unit: the unit the field asks for.
    """
    text = without_spaces(fold_width(shown))
    found = list(_FIGURE.finditer(text))
    if len(found) != 1:
        return not found and not number
    before, after = text[: found[0].start()], text[found[0].end() :]
    factor = _factor(after, unit)
    if factor is None or _SCALE.search(before) or any(sign in before for sign in _PER_CENT):
        return False
    figure = Decimal(found[0][0].replace(",", ""))
    step = Decimal(1).scaleb(-len(found[0][0].partition(".")[2]))
    # A sign may be a colour or brackets; how large the number is cannot.
    return abs(figure * factor - abs(number)) * 2 <= step * factor


def _factor(word: str, unit: str) -> Decimal | None:
    """Return how many of the field's unit a unit word stands for, None where it is another measure."""
    if unit and word.startswith(unit):
        return Decimal(1)
    if word[:1] in _PER_CENT:
        return 1 / _PER_CENT[word[:1]] if not unit.startswith(word[:1]) else Decimal(1)
    mine, theirs = _measure(word), _measure(unit)
    if mine is not None and theirs is not None and mine != theirs:
        return None
    return _scale(word) / _scale(unit)


def _scale(word: str) -> Decimal:
    match = _SCALE.search(word)
    if match is None:
        return Decimal(1)
    signs = [match[0].lower()] if match[0].isascii() else list(match[0])
    value = Decimal(1)
    for sign in signs:
        value *= _SCALES[sign]
    return value


def _measure(word: str) -> int | None:
    bare = _SCALE.sub("", word).removeprefix("个") or word
    return next((number for number, names in enumerate(_MEASURES) if bare in names or word in names), None)
