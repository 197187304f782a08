"""Read the styles of an OpenDocument spreadsheet: what is locked, a date, a percentage, hidden.

Source: OpenDocument 1.3 part 3, 16 and 20.
"""

from dataclasses import dataclass, replace

from gwxl.workbook.markup import Attributes, attribute
from gwxl.workbook.styles import PLAIN, Style

_CELL, _TABLE = "table-cell", "table"
_OPEN = frozenset({"none", "formula-hidden"})
_DEEPEST = 32  # styles inherit from styles; no program goes beyond three


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """Hold what one cell style says by itself."""

    parent: str | None = None
    data: str | None = None
    locked: bool | None = None


class OpenStyles:
    """Collect styles; ``starts`` and ``ends`` are handlers for :meth:`gwxl.workbook.markup.Markup.parse`."""

    def __init__(self) -> None:
        self._cells: dict[str, _Cell] = {}
        self._dates: set[str] = set()
        self._percents: set[str] = set()
        self._hidden: set[str] = set()
        self._known: dict[str, Style] = {}
        self._family = ""
        self._name = ""
        self.starts = {
            "style": self._start,
            "default-style": self._start_default,
            "table-cell-properties": self._cell_properties,
            "table-properties": self._table_properties,
            "date-style": lambda attributes: self._dates.add(_name(attributes)),
            "time-style": lambda attributes: self._dates.add(_name(attributes)),
            "percentage-style": lambda attributes: self._percents.add(_name(attributes)),
        }
        self.ends = {"style": self._end, "default-style": self._end}

    def style(self, name: str) -> Style:
        """Return the style of a name, inherited parts included."""
        if name not in self._known:
            self._known[name] = self._resolved(name)
        return self._known[name]

    def hidden(self, name: str) -> bool:
        """Tell whether tables of a style are not shown."""
        return name in self._hidden

    def _resolved(self, name: str) -> Style:
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
        return replace(PLAIN, date=data in self._dates, percent=data in self._percents, locked=locked is not False)

    def _start(self, attributes: Attributes) -> None:
        self._family, self._name = attribute(attributes, "family") or "", _name(attributes)
        if self._family == _CELL:
            parent, data = attribute(attributes, "parent-style-name"), attribute(attributes, "data-style-name")
            self._cells[self._name] = _Cell(parent=parent, data=data)

    def _start_default(self, attributes: Attributes) -> None:
        self._start(attributes | {"name": ""})

    def _end(self, _: str) -> None:
        self._family = ""

    def _cell_properties(self, attributes: Attributes) -> None:
        told = attribute(attributes, "cell-protect")
        # Those inside a map of conditions say it again for another style.
        if self._family == _CELL and told is not None:
            self._cells[self._name] = replace(self._cells[self._name], locked=told.strip() not in _OPEN)

    def _table_properties(self, attributes: Attributes) -> None:
        if self._family == _TABLE and attribute(attributes, "display") == "false":
            self._hidden.add(self._name)


def _name(attributes: Attributes) -> str:
    # By its last part: a style's own name and the name shown to people differ in more than the prefix.
    return attribute(attributes, "name") or ""
