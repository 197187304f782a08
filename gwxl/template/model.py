"""A workbook that others are copied from, cut where they differ from it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import escape

from gwxl.files.excel_limits import HEIGHT
from gwxl.form.layout import LIVE_SHEET, MAP_SHEET, PROPERTY_PREFIX, Col, Layout
from gwxl.live.calculation import Scalar as Held
from gwxl.records.cell import CellRef, column_letters
from gwxl.writer.package import Packed

OWN = "="
"""Stands before the names of what a workbook says of itself, so that none is taken for the path of an answer."""

Slot = tuple[str, str]
"""What stands in a place that changes: ``text`` and its name, ``type`` or ``value`` and a cell, ``string`` and its
number in the table of texts, ``last`` or ``height`` and a row, or ``breaks``."""

Span = tuple[Slot, tuple[int, int]]

STRINGS, _PROPERTIES = "xl/sharedStrings.xml", "docProps/custom.xml"
STRING = re.compile(r"<si><t>([^<]*)</t></si>")
_ENTRY = re.compile(r"<si>(?:[^<]|<(?!/?si>))*+</si>")
_COUNTS = re.compile(r' count="([0-9]+)" uniqueCount="[0-9]+"')
_CELL = re.compile(
    r'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?(?P<type>(?: t="[a-z]+")?)><f>[^<]*</f><v>(?P<value>[^<]*)</v></c>'
)
_SHARED = re.compile(r'<c r="([A-Z]+)([0-9]+)"(?: s="([0-9]+)")? t="s"><v>([0-9]+)</v></c>')
_NUMBER = re.compile(rf'<c r="{column_letters(Col.PREVIOUS)}([0-9]+)" s="([0-9]+)"><v>')
_HEIGHT = re.compile(r'<row r="([0-9]+)"[^>]*? ht="([0-9.]+)"')
_BREAKS = re.compile(r"<rowBreaks.*?</rowBreaks>", re.DOTALL)
_PROPERTY = re.compile(rf'name="{PROPERTY_PREFIX}(site_code|signature)"><vt:lpwstr>([^<]*)<')
_FAULT = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)")
_PIXEL = 0.75  # points: heights are stored as whole ones


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands in 上年数 of one workbook, and what comes of it.

    Attributes:
        cells: row → number or text. styles: row → the number of its cell's style.
        heights: row → points, where the text makes it higher. breaks: the rows after which a page ends.
    """

    cells: Mapping[int, Decimal | str] = field(default_factory=dict)
    styles: Mapping[int, str] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    breaks: tuple[int, ...] = ()


class _Cut:
    """A part of a workbook, cut where it changes."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self._slots: list[Slot] = []
        self._pieces: list[str] = []
        last = 0
        for slot, (start, end) in spans:
            self._slots.append(slot)
            self._pieces.append(text[last:start])
            last = end
        self._rest = text[last:]

    def fill(self, values: Mapping[Slot, str]) -> bytes:
        pairs = zip(self._pieces, map(values.__getitem__, self._slots), strict=True)
        return ("".join(part for pair in pairs for part in pair) + self._rest).encode("utf-8")


class _Texts:
    """The table of the texts in all cells, each once and in the order in which a writer meets them."""

    def __init__(self, part: str, names: Mapping[str, str], marks: Mapping[str, int]) -> None:
        """Take the part, escaped text → name of what changes, and that of 上年数 → its row."""
        self._before, count, self._between = _COUNTS.split(part[: part.index("<si>")])
        self._count = int(count) - len(marks)
        entries = list(_ENTRY.finditer(part))
        self._behind = part[entries[-1].end() :]
        self._entries = [self._name(one[0], names, marks) for one in entries]

    @staticmethod
    def _name(entry: str, names: Mapping[str, str], marks: Mapping[str, int]) -> str | Slot:
        plain = STRING.fullmatch(entry)
        if plain and plain[1] in marks:
            return "last", str(marks[plain[1]])
        return ("text", names[plain[1]]) if plain and plain[1] in names else entry

    def number(self, texts: Mapping[Slot, str]) -> tuple[bytes, Mapping[Slot, str]]:
        """Return the part with other texts, and the number of each of the old ones, and of those of 上年数, in it.

        A text that is not there, as a number stands in its cell, has none.
        """
        found: dict[str, int] = {}
        numbers: dict[Slot, str] = {}
        beside = 0
        for old, entry in enumerate(self._entries):
            if isinstance(entry, tuple) and entry not in texts:
                continue
            whole = entry if isinstance(entry, str) else f"<si><t>{texts[entry]}</t></si>"
            numbers["string", str(old)] = str(found.setdefault(whole, len(found)))
            if isinstance(entry, tuple) and entry[0] == "last":
                numbers[entry] = numbers["string", str(old)]
                beside += 1
        counts = f' count="{self._count + beside}" uniqueCount="{len(found)}"'
        return f"{self._before}{counts}{self._between}{''.join(found)}{self._behind}".encode(), numbers


class Model:
    """A workbook that others are copied from."""

    def __init__(
        self,
        data: bytes,
        changing: Mapping[str, str],
        cells: Collection[CellRef],
        layout: Layout,
        marks: Mapping[int, str],
    ) -> None:
        """Cut it.

        Args:
            data: the workbook.
            changing: name → text of what changes.
            cells: those of formulas whose values change.
            layout: where everything stands.
            marks: row → the text, met nowhere else, that stands in 上年数; empty where that is not shown.
        """
        self._packed = Packed(data)
        names = {escape(text): name for name, text in reversed(list(changing.items()))}
        parts = {name: data.decode("utf-8") for name, data in self._packed.parts.items() if name.endswith(".xml")}
        self._texts = _Texts(parts[STRINGS], names, {text: row for row, text in marks.items()})
        properties = [(("text", f"{OWN}{one[1]}"), one.span(2)) for one in _PROPERTY.finditer(parts[_PROPERTIES])]
        self._properties = _Cut(parts[_PROPERTIES], properties)
        self._sheets = {}
        self.pages_end = False
        for part, title in _parts(layout).items():
            spans = list(_find_values(parts[part], title, {cell.address for cell in cells if cell.sheet == title}))
            if marks:
                spans += _find_texts(parts[part], marks if title == layout.sheet else {})
            if marks and title == layout.sheet:
                self.pages_end = bool(_BREAKS.search(parts[part]))
                self._heights = {f"{one[1]}": float(one[2]) for one in _HEIGHT.finditer(parts[part])}
            if spans:
                self._sheets[part] = _Cut(parts[part], sorted(spans, key=lambda one: one[1]))

    def copy(self, changing: Mapping[str, str], values: Mapping[CellRef, Held], beside: Beside) -> bytes:
        """Return a workbook with other texts, values of formulas and figures in 上年数."""
        texts = {("text", name): escape(text) for name, text in changing.items()}
        words = {row: text for row, text in beside.cells.items() if isinstance(text, str) and text}
        strings, numbers = self._texts.number(texts | {("last", str(row)): escape(one) for row, one in words.items()})
        told = {
            (what, str(cell)): words for cell, value in values.items() for what, words in _tell_value(value).items()
        }
        told |= numbers
        told |= {("last", str(row)): _tell_cell(row, one, beside, numbers) for row, one in beside.cells.items()}
        told |= self._tell_heights(beside)
        parts = {STRINGS: strings, _PROPERTIES: self._properties.fill(texts)}
        return self._packed.with_parts(parts | {part: cut.fill(told) for part, cut in self._sheets.items()})

    def _tell_heights(self, beside: Beside) -> Mapping[Slot, str]:
        if not beside.cells:
            return {}
        rows = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in beside.breaks)
        count = len(beside.breaks)
        breaks = f'<rowBreaks count="{count}" manualBreakCount="{count}">{rows}</rowBreaks>' if count else ""
        told = {("breaks", ""): breaks}
        for row in beside.cells:
            height = max(self._heights[str(row)], _in_pixels(beside.heights.get(row, 0.0)))
            told["height", str(row)] = f"{height:.16g}"
        return told


def find_number_styles(data: bytes, layout: Layout) -> Mapping[int, str]:
    """Return row → the number of the style of what stands in 上年数 of a workbook, where that is a number."""
    (part,) = (part for part, title in _parts(layout).items() if title == layout.sheet)
    return {int(one[1]): one[2] for one in _NUMBER.finditer(Packed(data).parts[part].decode("utf-8"))}


def find_text_styles(data: bytes, layout: Layout) -> Mapping[int, str]:
    """Return row → the number of the style of what stands in 上年数 of a workbook, where that is a text."""
    (part,) = (part for part, title in _parts(layout).items() if title == layout.sheet)
    found = _SHARED.finditer(Packed(data).parts[part].decode("utf-8"))
    return {int(one[2]): one[3] for one in found if one[1] == column_letters(Col.PREVIOUS)}


def _in_pixels(points: float) -> float:
    """Return a height as it is stored."""
    return int(min(points, HEIGHT) / _PIXEL + 0.5) * _PIXEL


def _parts(layout: Layout) -> Mapping[str, str]:
    """Return the part of each sheet → its title."""
    inputs = [layout.sheet, *(area.sheet for area in layout.areas)]
    titles = (*(reversed(inputs) if layout.form.is_list else inputs), layout.instructions_sheet, MAP_SHEET, LIVE_SHEET)
    return {f"xl/worksheets/sheet{number}.xml": title for number, title in enumerate(titles, 1)}


def _find_values(sheet: str, title: str, wanted: Collection[str]) -> Iterator[Span]:
    for cell in _CELL.finditer(sheet) if wanted else ():
        for what in ("type", "value") if cell[1] in wanted else ():
            yield (what, f"{title}!{cell[1]}"), cell.span(what)


def _find_texts(sheet: str, marks: Mapping[int, str]) -> Iterator[Span]:
    """Yield where texts stand, those of 上年数 with their cells, and what the height of rows depends on."""
    for cell in _SHARED.finditer(sheet):
        if marks and cell[1] == column_letters(Col.PREVIOUS) and int(cell[2]) in marks:
            yield ("last", cell[2]), cell.span()
        else:
            yield ("string", cell[4]), cell.span(4)
    for row in _HEIGHT.finditer(sheet) if marks else ():
        if int(row[1]) in marks:
            yield ("height", row[1]), row.span(2)
    for breaks in _BREAKS.finditer(sheet) if marks else ():
        yield ("breaks", ""), breaks.span()


def _tell_cell(row: int, value: Decimal | str, beside: Beside, numbers: Mapping[Slot, str]) -> str:
    """Return the cell of 上年数, as XlsxWriter writes it."""
    begin = f'<c r="{column_letters(Col.PREVIOUS)}{row}" s="{beside.styles[row]}"'
    if isinstance(value, Decimal):
        return f"{begin}><v>{value:.16G}</v></c>"
    return f'{begin} t="s"><v>{numbers["last", str(row)]}</v></c>' if value else f"{begin}/>"


def _tell_value(value: Held) -> Mapping[str, str]:
    """Return how a cell says the value of its formula, as XlsxWriter does."""
    if isinstance(value, bool):
        return {"type": ' t="b"', "value": str(int(value))}
    if not isinstance(value, str):
        return {"type": "", "value": f"{value}"}
    kind = ' t="e"' if _FAULT.fullmatch(value) else ' t="str"' if value else ""
    return {"type": kind, "value": escape(value)}
