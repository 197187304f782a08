"""Read the styles of an OpenDocument spreadsheet: what is locked, a date, a percentage, hidden, struck out.

Source: OpenDocument 1.3 part 3, 16 and 20.
"""

import re
from dataclasses import dataclass, replace

from gwxl.containers.xml import Attributes, Ends, Starts, attribute
from gwxl.spreadsheets.looks import Mark, look_of, mark_of
from gwxl.spreadsheets.ods.number_formats import OpenFormats
from gwxl.spreadsheets.xlsx.styles import Style

_CELL, _TABLE = "table-cell", "table"
_OPEN = frozenset({"none", "formula-hidden"})
_FONTS = frozenset({_CELL, "text", "paragraph"})
_SHIFTS = {"super": 1.0, "sub": -1.0}
_PERCENT = re.compile(r"(-?[0-9]{1,4}(?:\.[0-9]{0,4})?)%\Z")
_DEEPEST = 32  # styles inherit from styles; no program goes beyond three


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """What one cell style says by itself."""

    parent: str | None = None
    data: str | None = None
    locked: bool | None = None


@dataclass(frozen=True, kw_only=True)
class _Font:
    """What a style of a text, paragraph or cell says of its font by itself; None is what its parent says."""

    parent: str | None = None
    struck: bool | None = None
    shift: float | None = None


class OpenStyles:
    """The styles; ``starts`` and ``ends`` are handlers for :meth:`gwxl.containers.xml.Markup.parse`."""

    def __init__(self) -> None:
        self._cells: dict[str, _Cell] = {}
        self._fonts: dict[tuple[str, str], _Font] = {}
        self._marks: dict[tuple[str, str], Mark | None] = {}
        self._formats = OpenFormats()
        self._dates: set[str] = set()
        self._percents: set[str] = set()
        self._hidden: set[str] = set()
        self._known: dict[str, Style] = {}
        self._family = ""
        self._name = ""
        self.starts: Starts = {
            **self._formats.starts,
            "style": self._start,
            "text-properties": self._text_properties,
            "default-style": self._start_default,
            "table-cell-properties": self._cell_properties,
            "table-properties": self._table_properties,
            "date-style": lambda attributes: self._dates.add(_name(attributes)),
            "time-style": lambda attributes: self._dates.add(_name(attributes)),
            "percentage-style": self._percentage,
        }
        self.ends: Ends = {**self._formats.ends, "style": self._end, "default-style": self._end}

    def add(self, text: str) -> None:
        """Take text that stands between the elements of a style."""
        self._formats.add(text)

    def style(self, name: str) -> Style:
        """Return the style of a name, inherited parts included."""
        if name not in self._known:
            self._known[name] = self._resolve(name)
        return self._known[name]

    def mark(self, family: str, name: str) -> Mark | None:
        """Return the mark of a style of a text or paragraph, None where it has the font of what is around it."""
        if (family, name) not in self._marks:
            self._marks[family, name] = self._mark(family, name)
        return self._marks[family, name]

    def is_hidden(self, name: str) -> bool:
        """Tell whether tables of a style are not shown."""
        return name in self._hidden

    def _resolve(self, name: str) -> Style:
        locked: bool | None = None
        data: str | None = None
        following: str | None = name
        for _ in range(_DEEPEST):
            own = self._cells.get(following) if following is not None else None
            if own is None:
                break
            locked = own.locked if locked is None else locked
            data = data or own.data
            following = own.parent
        default = self._cells.get("", _Cell())
        locked = default.locked if locked is None else locked
        data = data or default.data
        date, mark = data in self._dates, self._mark(_CELL, name) or self._mark(_CELL, "") or Mark.NONE
        look = look_of(self._formats.format(data) if data and not date else None, mark)
        return Style(date=date, percent=data in self._percents, locked=locked is not False, look=look)

    def _mark(self, family: str, name: str) -> Mark | None:
        struck: bool | None = None
        shift: float | None = None
        following: str | None = name
        for _ in range(_DEEPEST):
            own = self._fonts.get((family, following)) if following is not None else None
            if own is None:
                break
            struck = own.struck if struck is None else struck
            shift = own.shift if shift is None else shift
            following = own.parent
        if struck is None and shift is None:
            return None
        return mark_of(struck=bool(struck), raised=(shift or 0) > 0, lowered=(shift or 0) < 0)

    def _start(self, attributes: Attributes) -> None:
        self._family, self._name = attribute(attributes, "family") or "", _name(attributes)
        parent, data = attribute(attributes, "parent-style-name"), attribute(attributes, "data-style-name")
        if self._family == _CELL:
            self._cells[self._name] = _Cell(parent=parent, data=data)
        if self._family in _FONTS:
            self._fonts[self._family, self._name] = _Font(parent=parent)

    def _start_default(self, attributes: Attributes) -> None:
        self._start(attributes | {"name": ""})

    def _end(self, _: str) -> None:
        self._family = ""

    def _cell_properties(self, attributes: Attributes) -> None:
        told = attribute(attributes, "cell-protect")
        # Those inside a map of conditions say it again for another style.
        if self._family == _CELL and told is not None:
            self._cells[self._name] = replace(self._cells[self._name], locked=told.strip() not in _OPEN)

    def _text_properties(self, attributes: Attributes) -> None:
        if self._family in _FONTS:
            style = self._fonts[self._family, self._name]
            self._fonts[self._family, self._name] = replace(
                style, struck=_is_struck(attributes), shift=_shift(attributes)
            )

    def _percentage(self, attributes: Attributes) -> None:
        self._percents.add(_name(attributes))
        self._formats.starts["percentage-style"](attributes)

    def _table_properties(self, attributes: Attributes) -> None:
        if self._family == _TABLE and attribute(attributes, "display") == "false":
            self._hidden.add(self._name)


def _is_struck(attributes: Attributes) -> bool | None:
    told = [attribute(attributes, name) for name in ("text-line-through-style", "text-line-through-type")]
    return None if told == [None, None] else any(one not in {None, "none"} for one in told)


def _shift(attributes: Attributes) -> float | None:
    """Return how far text is shifted: above 0 it is raised, below it is lowered."""
    told = (attribute(attributes, "text-position") or "").split()
    if not told:
        return None
    if told[0] in _SHIFTS:
        return _SHIFTS[told[0]]
    match = _PERCENT.match(told[0])
    return float(match[1]) if match else 0


def _name(attributes: Attributes) -> str:
    # By its last part: a style's own name and the name shown to people differ in more than the prefix.
    return attribute(attributes, "name") or ""
