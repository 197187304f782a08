"""Read from the styles what a cell's value means: a date, a percentage, and whether it is locked.

Source: ECMA-376 part 1, 18.8.30 (numFmt), 18.8.45 (xf), 18.8.33 (protection).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gwxl.workbook.markup import INDEX, Attributes, Markup, flag

_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_IDS = frozenset({9, 10})
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
# What is not closed goes to the end: so no part of a code is looked at twice.
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?', re.DOTALL)
_DATE_CODE = re.compile("[ymdhs]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """Say how a cell shows its number and whether it is locked."""

    date: bool = False
    percent: bool = False
    locked: bool = True


PLAIN = Style()


def read_styles(part: str, data: bytes, markup: Markup) -> tuple[Style, ...]:
    """Return the style of each cell format, in the order that cells number them.

    Raises:
        RefusedError: the part is damaged.
    """
    return _Styles().read(part, data, markup)


class _Styles:
    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._formats: list[tuple[int, bool]] = []
        self._in_cells = False

    def read(self, part: str, data: bytes, markup: Markup) -> tuple[Style, ...]:
        starts = {
            "numFmt": self._code,
            "cellXfs": lambda _: self._switch(on=True),
            "xf": self._format,
            "protection": self._protection,
        }
        markup.parse(part, data, starts, {"cellXfs": lambda _: self._switch(on=False)})
        known: dict[tuple[int, bool], Style] = {}
        for number, locked in self._formats:
            if (number, locked) not in known:
                known[number, locked] = style_of(number, self._codes, locked=locked)
        return tuple(known[key] for key in self._formats)

    def _switch(self, *, on: bool) -> None:
        self._in_cells = on

    def _code(self, attributes: Attributes) -> None:
        self._codes[_number(attributes, "numFmtId")] = attributes.get("formatCode", "")

    def _format(self, attributes: Attributes) -> None:
        if self._in_cells:
            self._formats.append((_number(attributes, "numFmtId"), True))

    def _protection(self, attributes: Attributes) -> None:
        if self._in_cells and self._formats:
            self._formats[-1] = (self._formats[-1][0], flag(attributes, "locked", absent=True))


def _number(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "0").strip()
    return int(text) if INDEX.match(text) else 0


def style_of(number: int, codes: Mapping[int, str], *, locked: bool) -> Style:
    """Return the style of a number format, one of the workbook's own codes or one that Excel knows."""
    code = codes.get(number)
    if code is None:
        return Style(date=number in _DATE_IDS, percent=number in _PERCENT_IDS, locked=locked)
    return Style(date=shows_date(code), percent=shows_percent(code), locked=locked)


def shows_date(code: str) -> bool:
    """Tell whether a number format shows a date or a time; quoted text and ``[..]`` sections do not count."""
    return bool(_ELAPSED.search(_quoted_out(code)) or _DATE_CODE.search(_LITERAL.sub("", code)))


def shows_percent(code: str) -> bool:
    """Tell whether a number format shows a percentage."""
    return "%" in _LITERAL.sub("", code)


def _quoted_out(code: str) -> str:
    return re.sub(r'"[^"]*"?|\\.', "", code)
