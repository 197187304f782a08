"""Read from the styles what a cell's value means: a date, a percentage, its look, and whether it is locked.

Source: ECMA-376 part 1, 18.8.22 (font), 18.8.30 (numFmt), 18.8.45 (xf), 18.8.33 (protection).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from gwxl.containers.xml import INDEX, Attributes, Markup, Starts, flag
from gwxl.spreadsheets.looks import Look, Mark, look_of, mark_of
from gwxl.spreadsheets.number_formats import number_format

_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_IDS = frozenset({9, 10})
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
# What is not closed goes to the end: so no part of a code is looked at twice.
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?', re.DOTALL)
_DATE_CODE = re.compile("[ymdhs]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell shows its number and whether it is locked; ``look`` as of a cell."""

    date: bool = False
    percent: bool = False
    locked: bool = True
    look: Look | None = None


PLAIN = Style()


def read_styles(part: str, data: bytes, markup: Markup) -> tuple[Style, ...]:
    """Return the style of each cell format, in the order that cells number them.

    Raises:
        RefusedError: the part is damaged.
    """
    return _Styles().read(part, data, markup)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    """One cell format: numbers of its number format and its font, and its lock."""

    code: int
    font: int
    locked: bool = True


class _Styles:
    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._fonts: list[Mark] = []
        self._parents: list[_Format] = []
        self._formats: list[_Format] = []
        self._within = ""

    def read(self, part: str, data: bytes, markup: Markup) -> tuple[Style, ...]:
        starts: Starts = {
            "numFmt": self._code,
            **{name: partial(self._enter, name) for name in ("fonts", "cellStyleXfs", "cellXfs")},
            "font": self._font,
            "strike": self._strike,
            "vertAlign": self._position,
            "xf": self._format,
            "protection": self._protection,
        }
        markup.parse(part, data, starts, dict.fromkeys(("fonts", "cellStyleXfs", "cellXfs"), self._leave))
        known = {one: self._style(one) for one in dict.fromkeys(self._formats)}
        return tuple(known[one] for one in self._formats)

    def _style(self, one: _Format) -> Style:
        mark = self._fonts[one.font] if one.font < len(self._fonts) else Mark.NONE
        return style_of(one.code, self._codes, locked=one.locked, mark=mark)

    def _enter(self, name: str, _: Attributes) -> None:
        self._within = name

    def _leave(self, _: str) -> None:
        self._within = ""

    def _code(self, attributes: Attributes) -> None:
        self._codes[_number(attributes, "numFmtId")] = attributes.get("formatCode", "")

    def _font(self, _: Attributes) -> None:
        if self._within == "fonts":
            self._fonts.append(Mark.NONE)

    def _strike(self, attributes: Attributes) -> None:
        if self._within == "fonts" and self._fonts and flag(attributes, "val", absent=True):
            self._fonts[-1] = Mark.STRUCK

    def _position(self, attributes: Attributes) -> None:
        if self._within == "fonts" and self._fonts and self._fonts[-1] is not Mark.STRUCK:
            self._fonts[-1] = font_mark(attributes)

    def _format(self, attributes: Attributes) -> None:
        if self._within == "cellStyleXfs":
            self._parents.append(_Format(code=_number(attributes, "numFmtId"), font=_number(attributes, "fontId")))
        elif self._within == "cellXfs":
            code, font = self._inherit(attributes, "numFmtId"), self._inherit(attributes, "fontId")
            self._formats.append(_Format(code=code, font=font))

    def _inherit(self, attributes: Attributes, name: str) -> int:
        """Return a number of a cell format, that of the named style it belongs to where it says nothing itself."""
        if name in attributes or "xfId" not in attributes:
            return _number(attributes, name)
        parent = _number(attributes, "xfId")
        if parent >= len(self._parents):
            return 0
        return self._parents[parent].code if name == "numFmtId" else self._parents[parent].font

    def _protection(self, attributes: Attributes) -> None:
        if self._within == "cellXfs" and self._formats:
            self._formats[-1] = replace(self._formats[-1], locked=flag(attributes, "locked", absent=True))


def font_mark(attributes: Attributes) -> Mark:
    """Return the mark of a ``vertAlign`` element."""
    told = attributes.get("val")
    return mark_of(struck=False, raised=told == "superscript", lowered=told == "subscript")


def _number(attributes: Attributes, name: str) -> int:
    text = attributes.get(name, "0").strip()
    return int(text) if INDEX.match(text) else 0


def style_of(number: int, codes: Mapping[int, str], *, locked: bool, mark: Mark = Mark.NONE) -> Style:
    """Return the style of a number format, one of the workbook's own codes or one that Excel knows, and a font."""
    code = codes.get(number)
    if code is None:
        look = look_of(None, mark)
        return Style(date=number in _DATE_IDS, percent=number in _PERCENT_IDS, locked=locked, look=look)
    date = shows_date(code)
    look = look_of(None if date else number_format(code), mark)
    return Style(date=date, percent=shows_percent(code), locked=locked, look=look)


def shows_date(code: str) -> bool:
    """Tell whether a number format shows a date or a time; quoted text and ``[..]`` sections do not count."""
    return bool(_ELAPSED.search(_strip_quoted(code)) or _DATE_CODE.search(_LITERAL.sub("", code)))


def shows_percent(code: str) -> bool:
    """Tell whether a number format shows a percentage."""
    return "%" in _LITERAL.sub("", code)


def _strip_quoted(code: str) -> str:
    return re.sub(r'"[^"]*"?|\\.', "", code)
