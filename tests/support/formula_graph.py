"""Which formula of a workbook reads which, and whether any of them comes back to itself.

``Formulas.of(path)`` reads an xlsx; ``circle()`` tells one circle in words, ``strangers()`` the conditional formats and
validations that look at another sheet. Ranges, whole columns and rows, sheets from one to another, names and array
formulas are counted whole, whatever function they stand in: ``INDEX(D1:D9,3)`` and ``ROWS(D1:D9)`` read all nine cells,
``OFFSET(D1:D9,1,0)`` these and no others. What cannot be followed is an error: ``INDIRECT``, structured references,
ranges that begin or end in a call.
"""

import re
import warnings
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.formula.translate import Translator
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
LOOKS = {"conditionalFormatting": "conditional format", "dataValidation": "validation"}

_CELL = r"\$?[A-Z]{1,3}\$?[0-9]+"
_PLACE = re.compile(rf"{_CELL}(:{_CELL})?|\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}|\$?[0-9]+:\$?[0-9]+", re.IGNORECASE)
_FORMULAS = frozenset({"formula", "formula1", "formula2", "f"})


class Area(NamedTuple):
    """A rectangle of cells, rows and columns counted from 1; a whole column reaches to the last row."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def at(cls, sheet: str, place: str) -> Self:
        """Return the area of an address such as ``$D$1:$D$88``, ``A:A`` or ``1:10``; past an edge it begins anew."""
        left, top, right, bottom = range_boundaries(place.upper())
        rows = sorted((number - 1) % MOST_ROWS + 1 for number in (top or 1, bottom or MOST_ROWS))
        columns = sorted((number - 1) % MOST_COLUMNS + 1 for number in (left or 1, right or MOST_COLUMNS))
        return cls(sheet, rows[0], columns[0], rows[1], columns[1])

    @property
    def whole(self) -> bool:
        """Tell whether these are whole columns or rows."""
        return self[1::2] == (1, MOST_ROWS) or self[2::2] == (1, MOST_COLUMNS)

    def meets(self, other: "Area") -> bool:
        """Tell whether a cell stands in both."""
        rows = self.top <= other.bottom and other.top <= self.bottom
        return self.sheet == other.sheet and rows and self.left <= other.right and other.left <= self.right

    def __str__(self) -> str:
        first, last = (f"{get_column_letter(c)}{r}" for r, c in ((self.top, self.left), (self.bottom, self.right)))
        return f"{self.sheet}!{first}" if first == last else f"{self.sheet}!{first}:{last}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Formula:
    """One formula: the area it fills or looks at, its text with ``=``, and what it is of.

    ``kind`` is ``cell``, ``conditional format`` or ``validation``.
    """

    area: Area
    text: str
    kind: str = "cell"

    def __str__(self) -> str:
        return str(self.area) if self.kind == "cell" else f"{self.kind} {self.area}"


@dataclass(frozen=True, kw_only=True)
class Name:
    """A defined name as one cell reads it: what is written in it stands relative to that cell."""

    at: Area
    spelled: str
    text: str

    def __str__(self) -> str:
        return f"the name {self.spelled}"


Node = Formula | Name | Area


def operands(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield what is read: references and names, as they are spelled.

    Raises:
        ValueError: a call makes the reference.
    """
    for token in tokens:
        if token.type == Token.FUNC and (":" in token.value or token.value.upper() == "INDIRECT("):
            message = f"{token.value}…) cannot be followed"
            raise ValueError(message)
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            yield token.value


@dataclass(frozen=True, kw_only=True)
class Formulas:
    """Every formula of a workbook: those of cells, and those of conditional formats and validations.

    Attributes:
        titles: the sheets in their order.
        cells: array formulas once, shared ones at each of their cells.
        looks: formulas of conditional formats and validations, their area the first they are for.
        names: scope and name in small letters → formula; the scope of a name for all sheets is empty.
    """

    titles: tuple[str, ...]
    cells: tuple[Formula, ...]
    looks: tuple[Formula, ...]
    names: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read an xlsx."""
        reader = ExcelReader(path)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".* extension is not supported")
            reader.read()
        book, sheets = reader.wb, reader.parser.find_sheets()
        with ZipFile(path) as package:
            parts = {sheet.name: package.read(part.target) for sheet, part in sheets}
        names = {("", name.lower()): f"={one.attr_text}" for name, one in book.defined_names.items()}
        for sheet in book.worksheets:
            names |= {(sheet.title, name.lower()): f"={one.attr_text}" for name, one in sheet.defined_names.items()}
        return cls(
            titles=tuple(book.sheetnames),
            cells=tuple(one for sheet in book.worksheets for one in _cell_formulas(sheet)),
            looks=tuple(one for title, part in parts.items() for one in _looks(title, ET.fromstring(part))),
            names=names,
        )

    def circle(self) -> str:
        """Tell in words one circle of formulas, a short one; empty when there is none."""
        graph = self._graph()
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            start = next((node for node in error.args[1] if isinstance(node, Formula)), error.args[1][0])
            return "".join(_tell_way(_way_back(graph, start)))
        return ""

    def strangers(self) -> tuple[str, ...]:
        """Tell which conditional formats look at another sheet, and which validations do so other than by a name."""
        read = ((look, area) for look in self.looks for area in self._look_at(look))
        return tuple(f"{look} reads {area}" for look, area in read if area.sheet != look.area.sheet)

    def areas(self, text: str, at: Area) -> Iterator[Area]:
        """Yield every area that a formula at a cell reads, those of its names too."""
        for operand in operands(Tokenizer(self.spell_out(text, at)).items):
            yield from (node for node in self._read(operand, at) if isinstance(node, Area))

    def spell_out(self, text: str, at: Area, within: tuple[str, ...] = ()) -> str:
        """Return a formula at a cell with what its names stand for in the place of each, in brackets."""
        tokens = Tokenizer(text).items
        return "=" + "".join(self._spell(token, at, within) for token in tokens)

    def _spell(self, token: Token, at: Area, within: tuple[str, ...]) -> str:
        if token.subtype == Token.RANGE and token.value.lower() not in within:
            for node in self._read(token.value, at):
                if isinstance(node, Name):
                    inner = self.spell_out(node.text, at, (*within, token.value.lower()))
                    return f"({inner.removeprefix('=')})"
        return str(token.value)

    def _look_at(self, look: Formula) -> Iterator[Area]:
        if look.kind == LOOKS["conditionalFormatting"]:
            return self.areas(look.text, look.area)
        read = (node for operand in operands(Tokenizer(look.text).items) for node in self._read(operand, look.area))
        return (node for node in read if isinstance(node, Area))

    def _graph(self) -> dict[Node, list[Node]]:
        graph: dict[Node, list[Node]] = {}
        waiting: list[Node] = list(self.cells)
        while waiting:
            node = waiting.pop()
            if node not in graph:
                graph[node] = list(self._next(node))
                waiting += graph[node]
        return graph

    def _next(self, node: Node) -> Iterator[Node]:
        if isinstance(node, Area):
            yield from self._within(node)
            return
        at = node.area if isinstance(node, Formula) else node.at
        for operand in operands(Tokenizer(node.text).items):
            yield from self._read(operand, at)

    def _read(self, operand: str, at: Area) -> Iterator[Name | Area]:
        """Yield what an operand stands for: areas, several for sheets from one to another, or a name; else nothing.

        Raises:
            ValueError: it is no reference, and no name of the workbook.
        """
        prefix, _, place = operand.rpartition("!")
        if prefix.lstrip("'").startswith("[") or operand.endswith("#REF!"):
            return  # another workbook, or what is gone
        titles = self._titles(prefix) if prefix else (at.sheet,)
        scopes = ((scope, place.lower()) for scope in (titles[0], ""))
        if (key := next((key for key in scopes if key in self.names), None)) is not None:
            first = f"{get_column_letter(at.left)}{at.top}"
            yield Name(at=at, spelled=operand, text=Translator(self.names[key], "A1").translate_formula(first))
        elif _PLACE.fullmatch(place):
            yield from (Area.at(title, place) for title in titles)
        else:
            message = f"{at}: {operand} is neither a reference nor a name"
            raise ValueError(message)

    def _titles(self, prefix: str) -> tuple[str, ...]:
        known = [title.lower() for title in self.titles]
        first, _, last = prefix.removeprefix("'").removesuffix("'").replace("''", "'").lower().partition(":")
        places = sorted((known.index(first), known.index(last or first)))  # ValueError: no such sheet
        return self.titles[places[0] : places[1] + 1]

    def _within(self, area: Area) -> Iterator[Formula]:
        columns = self._columns[area.sheet]
        wide = area.right - area.left > len(columns)
        for column in columns if wide else range(area.left, area.right + 1):
            if area.left <= column <= area.right and (found := columns.get(column)):
                first = bisect_left(found, area.top, key=_row)
                yield from found[first : bisect_right(found, area.bottom, key=_row)]
        yield from (one for one in self._arrays if one.area.meets(area))

    @cached_property
    def _arrays(self) -> tuple[Formula, ...]:
        return tuple(one for one in self.cells if one.area[1:3] != one.area[3:])

    @cached_property
    def _columns(self) -> Mapping[str, Mapping[int, list[Formula]]]:
        """Sort the formulas of single cells by sheet, column and row."""
        sheets: dict[str, dict[int, list[Formula]]] = {title: defaultdict(list) for title in self.titles}
        for one in sorted(set(self.cells) - set(self._arrays), key=_row):
            sheets[one.area.sheet][one.area.left].append(one)
        return sheets


def _row(formula: Formula) -> int:
    return formula.area.top


def _cell_formulas(sheet: Worksheet) -> Iterator[Formula]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                place, text = getattr(cell.value, "ref", cell.coordinate), str(getattr(cell.value, "text", cell.value))
                yield Formula(area=Area.at(sheet.title, place), text=text if text[0] == "=" else f"={text}")


def _looks(title: str, root: ET.Element) -> Iterator[Formula]:
    """Yield the formulas of conditional formats and validations, those of Excel's extensions too."""
    for parent in root.iter():
        if (kind := LOOKS.get(_local(parent.tag))) is not None:
            ranges = [parent.get("sqref"), *(one.text for one in parent.iter() if _local(one.tag) == "sqref")]
            first = next(filter(None, ranges)).split()[0]
            for text in _look_texts(parent):
                yield Formula(area=Area.at(title, first), text=f"={text}", kind=kind)


def _look_texts(parent: ET.Element) -> Iterator[str]:
    for one in parent.iter():
        if _local(one.tag) in _FORMULAS and one.text and one.text.strip():
            yield one.text
        elif _local(one.tag) == "cfvo" and one.get("type") == "formula":
            yield str(one.get("val"))


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _way_back(graph: Mapping[Node, Sequence[Node]], start: Node) -> list[Node]:
    """Return the shortest way from a node back to itself."""
    before: dict[Node, Node] = {}
    waiting = deque([start])
    while start not in before:
        node = waiting.popleft()
        for other in graph[node]:
            if other not in before:
                before[other] = node
                waiting.append(other)
    way = [start]
    while len(way) == 1 or way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]


def _tell_way(way: Sequence[Node]) -> Iterator[str]:
    yield str(way[0])
    for before, node in pairwise(way):
        joint = " → " if isinstance(node, Formula) else " reads " if isinstance(before, Formula) else ", which is "
        yield f"{joint}{node}"
