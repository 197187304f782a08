"""Tell what a number format makes of a number or a text, as far as it says more than the digits.

Source: ECMA-376 part 1, 18.8.31 (number format codes); ``!`` escapes a character in East Asian programs.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]?'
    r"|(?P<general>General|G/通用格式)|(?P<power>[eE][+-])|(?P<sign>[0#?.,%@/;])|(?P<bare>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*([+-]?[0-9]+(?:\.[0-9]+)?)\Z")
_MEANINGLESS = re.compile(r"[\s()+\-¥￥$€£]*\Z")  # signs of accounts and currencies, brackets of minus
_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda value, limit: value < limit,
    ">": lambda value, limit: value > limit,
    "=": lambda value, limit: value == limit,
    "<=": lambda value, limit: value <= limit,
    ">=": lambda value, limit: value >= limit,
    "<>": lambda value, limit: value != limit,
}
_PLACES = "0#?"
_LONGEST = 255  # as long a code Excel takes
_MOST_DIGITS = 40
_EXACT = Context(prec=2 * _LONGEST + _MOST_DIGITS, rounding=ROUND_HALF_UP)
_TEXT_SECTION = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of a format: its tokens, each a kind and a text, and when it is taken."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None

    @property
    def literal(self) -> str:
        """Return the text that stands in it beside the digits."""
        return "".join(text for kind, text in self.tokens if kind == "literal")

    @property
    def shows_digits(self) -> bool:
        """Tell whether it shows the number at all, zero included."""
        return any(kind == "general" or (kind == "place" and text == "0") for kind, text in self.tokens)

    @property
    def has_digits(self) -> bool:
        """Tell whether it has a place for a digit."""
        return any(kind in {"general", "place"} for kind, _ in self.tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """What a number format that is more than digits shows."""

    sections: tuple[Section, ...]

    def show(self, value: Decimal) -> str | None:
        """Return what a number looks like, None where that cannot be told (fractions, powers of ten)."""
        section = self._section(value)
        return None if section is None or value.adjusted() > _MOST_DIGITS else _render(section, abs(value))

    def show_text(self, text: str) -> str:
        """Return what a text looks like."""
        last = self.sections[-1]
        places = [number for number, (kind, _) in enumerate(last.tokens) if kind == "text"]
        if not places and len(self.sections) <= _TEXT_SECTION:
            return text
        # Once: a code of many places would make a book of a page.
        return "".join(text if number in places[:1] else piece for number, (_, piece) in enumerate(last.tokens))

    def _section(self, value: Decimal) -> Section | None:
        numeric = [one for one in self.sections[:_TEXT_SECTION] if not any(kind == "text" for kind, _ in one.tokens)]
        if not numeric:
            return None
        if any(one.condition for one in numeric):
            return next((one for one in numeric if _holds(one, value)), None)
        if len(numeric) == 1:
            return numeric[0]
        if value < 0:
            return numeric[1]
        return numeric[2] if value == 0 and len(numeric) > 2 else numeric[0]  # noqa: PLR2004 - the third is for zero


def _holds(section: Section, value: Decimal) -> bool:
    return section.condition is None or _HOLDS[section.condition[0]](value, section.condition[1])


@lru_cache(maxsize=256)
def number_format(code: str) -> NumberFormat | None:
    """Return the format of a code, None where it shows a number just as its digits, or a date."""
    sections = tuple(_sections(code)) if code and len(code) <= _LONGEST else ()
    numeric = [one for one in sections[:_TEXT_SECTION] if one.tokens != (("text", ""),)]
    texts = sections[_TEXT_SECTION:]
    plain = all(one.shows_digits and _is_plain(one) for one in numeric) and all(
        one.tokens == (("text", ""),) for one in texts
    )
    return None if plain else NumberFormat(sections=sections)


def _is_plain(section: Section) -> bool:
    """Tell whether digits are shown as they are: nothing named beside them, no zeros before them."""
    zeros = "".join(text for kind, text in section.tokens if kind in {"place", "point"}).partition(".")[0]
    return bool(_MEANINGLESS.match(section.literal)) and zeros.count("0") <= 1


def _sections(code: str) -> Iterator[Section]:
    tokens: list[tuple[str, str]] = []
    condition: tuple[str, Decimal] | None = None
    for match in _TOKEN.finditer(code):
        if match["sign"] == ";":
            yield Section(tokens=tuple(tokens), condition=condition)
            tokens, condition = [], None
        elif match["bracket"] is not None:
            told = _CONDITION.match(match["bracket"])
            condition = (told[1], Decimal(told[2])) if told else condition
            tokens += [("literal", match["bracket"][1:].partition("-")[0])] if match["bracket"].startswith("$") else []
        elif match["blank"] is None:
            tokens.append(_token(match))
    yield Section(tokens=tuple(tokens), condition=condition)


def _token(match: re.Match[str]) -> tuple[str, str]:
    sign = match["sign"]
    if sign is not None:
        kinds = {".": "point", ",": "comma", "%": "percent", "@": "text", "/": "fraction"}
        return ("place", sign) if sign in _PLACES else (kinds[sign], "" if sign == "@" else sign)
    for kind in ("general", "power", "fill"):
        if match[kind] is not None:
            return kind, match[kind]
    return "literal", match["quoted"] or match["escaped"] or match["bare"] or ""


def _render(section: Section, value: Decimal) -> str | None:
    kinds = {kind for kind, _ in section.tokens}
    if kinds & {"fraction", "power"} and section.has_digits:
        return None
    if not section.has_digits:
        return "".join(text * 3 if kind == "fill" else text for kind, text in section.tokens if text != ",")
    if "general" in kinds:
        return "".join(f"{value.normalize():f}" if kind == "general" else text for kind, text in section.tokens)
    return _place_digits(section.tokens, value)


def _place_digits(tokens: Sequence[tuple[str, str]], value: Decimal) -> str:
    """Return the digits of a number in their places, literals between them."""
    last = max(number for number, (kind, _) in enumerate(tokens) if kind == "place")
    point = next((number for number, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    whole = [number for number, (kind, _) in enumerate(tokens) if kind == "place" and number < point]
    parts = [number for number, (kind, _) in enumerate(tokens) if kind == "place" and number > point]
    behind = max(whole, default=-1)
    commas = [number for number, (kind, _) in enumerate(tokens) if kind == "comma"]
    scale = sum(number > last or behind < number < point for number in commas)
    grouped = len(commas) > scale
    percents = sum(kind == "percent" for kind, _ in tokens)
    scaled = _EXACT.quantize(value.scaleb(2 * percents - 3 * scale), Decimal(1).scaleb(-len(parts)))
    digits, _, decimals = f"{scaled:f}".partition(".")
    put = _whole_places(tokens, whole, "" if digits == "0" else digits, grouped=grouped)
    put |= _decimal_places(tokens, parts, decimals)
    shown = {"point": ".", "percent": "%"}
    return "".join(
        put.get(number, "") if kind == "place" else text if kind == "literal" else shown.get(kind, "")
        for number, (kind, text) in enumerate(tokens)
    )


def _whole_places(
    tokens: Sequence[tuple[str, str]], places: Sequence[int], digits: str, *, grouped: bool
) -> dict[int, str]:
    """Return place → digits from the right; what has no place stands in the first one."""
    put: dict[int, str] = {}
    left = digits
    for number, place in enumerate(reversed(places), 1):
        if number == len(places) and left:
            put[place], left = left, ""
        elif left:
            put[place], left = left[-1], left[:-1]
        else:
            put[place] = "0" if tokens[place][1] == "0" else ""
    if grouped and places:
        joined = "".join(put[place] for place in places)
        put = dict.fromkeys(places, "") | {places[-1]: f"{int(joined):,}" if joined else ""}
    return put


def _decimal_places(tokens: Sequence[tuple[str, str]], places: Sequence[int], decimals: str) -> dict[int, str]:
    needed = max((number for number, digit in enumerate(decimals, 1) if digit != "0"), default=0)
    return {
        place: digit if tokens[place][1] == "0" or number <= needed else ""
        for number, (place, digit) in enumerate(zip(places, decimals, strict=False), 1)
    }
