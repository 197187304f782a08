"""Write many workbooks of a form that differ in a few answers and in whose they are, each as a copy of one like it.

A copy holds, part by part, what :func:`gwxl.template.making.draft_template` would write: texts take the places of those
in the one it is copied from, and the cells of the live checks that depend on them are calculated anew. Workbooks are
alike where nothing else differs: which inputs are blank, how high rows are, which texts stand in other cells too.
"""

import pathlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from xml.sax.saxutils import escape

from gwxl.files.excel_limits import is_writable
from gwxl.form.identity import issue_identity, marker_line
from gwxl.form.layout import LIVE_SHEET, MAP_SHEET, PROPERTY_PREFIX, Layout, lay_out
from gwxl.inert import begins_a_formula
from gwxl.live import LiveChecks
from gwxl.live.calculation import Scalar as Held
from gwxl.live.inputs import inputs_of
from gwxl.live.replaying import Replay
from gwxl.records.cell import CellRef
from gwxl.records.path import Path
from gwxl.records.submission import Identity, Scalar
from gwxl.rules.ruleset import RuleSet
from gwxl.template.making import draft_template
from gwxl.template.sheets.form_sheet import answer_height
from gwxl.template.values import as_number, value_to_store
from gwxl.terms import Notice
from gwxl.writer.package import Packed

_STRINGS, _PROPERTIES = "xl/sharedStrings.xml", "docProps/custom.xml"
_STRING = re.compile(r"<si><t>([^<]*)</t></si>")
_CELL = re.compile(
    r'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?(?P<type>(?: t="[a-z]+")?)><f>[^<]*</f><v>(?P<value>[^<]*)</v></c>'
)
_PROPERTY = re.compile(rf'name="{PROPERTY_PREFIX}(site_code|signature)"><vt:lpwstr>([^<]*)<')
# What a writer would write otherwise than as it is.
_UNCOMMON = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\s|\s$|^<r>")
_FAULT = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)")

_OWN = "="
"""Stands before the names of what a workbook says of itself, so that none is taken for the path of an answer."""

Shape = tuple[object, ...]
Slot = tuple[str, str]
"""What stands in a place that changes: ``text`` and its name, or ``type`` or ``value`` and a cell."""


class Copies:
    """The workbooks of one form and year that go out with one notice."""

    def __init__(self, rules: RuleSet, notice: Notice, paths: Collection[Path]) -> None:
        """Take the form, what the sheet says on top, and which inputs may hold an answer; none in a table."""
        self._rules, self._notice = rules, notice
        self._layout = lay_out(rules.form)
        self._inputs = {item.path: item for item in inputs_of(self._layout, rules) if item.path in paths}
        live = LiveChecks(rules, self._layout, inputs_of(self._layout, rules), {}, {})
        self._replay = Replay(live, [path for path in self._inputs if path in live.given])
        self._texts: frozenset[str] | None = None
        self._models: dict[Shape, _Model] = {}

    def draft(
        self, draft: pathlib.Path, *, identity: Identity, answers: Mapping[Path, Scalar], fixed: frozenset[Path]
    ) -> None:
        """Write a workbook to a place where nobody looks yet; the arguments are those of ``draft_template``.

        Raises:
            OSError, WorkbookError, FormError: as there.
            KeyError: an answer is to none of the inputs that were named.
        """
        stored = {
            path: value_to_store(self._inputs[path], self._rules.form, answer) for path, answer in answers.items()
        }
        if self._texts is None:
            self._texts = self._find_common_texts(draft, identity)
        changing, shape = self._shape(identity, stored, fixed)
        model = self._models.get(shape)
        if model is None:
            draft_template(self._rules, draft, identity=identity, notice=self._notice, answers=answers, fixed=fixed)
            model = self._models[shape] = _Model(draft.read_bytes(), changing, self._replay.cells, self._layout)
        numbers = {path: as_number(value) for path, value in stored.items()}
        draft.write_bytes(model.copy(changing, self._replay.values(numbers)))

    def _find_common_texts(self, draft: pathlib.Path, identity: Identity) -> frozenset[str]:
        """Return the texts that stand in the cells of every workbook."""
        blank = issue_identity(self._rules.form, period=identity.period)
        draft_template(self._rules, draft, identity=blank, notice=self._notice)
        words = Packed(draft.read_bytes()).parts[_STRINGS].decode("utf-8")
        return frozenset(_STRING.findall(words)) - {escape(marker_line(blank))}

    def _shape(
        self, identity: Identity, stored: Mapping[Path, object], fixed: frozenset[Path]
    ) -> tuple[Mapping[str, str], Shape]:
        """Return name → text of what changes from workbook to workbook, and what has to be alike in those copied."""
        whose = {"marker": marker_line(identity), "site_code": identity.site_code, "signature": identity.signature}
        changing = {f"{_OWN}{name}": words for name, words in whose.items() if words}
        alike: list[object] = [replace(identity, site_code=None, signature=None), fixed]
        for path in self._inputs:
            value = stored.get(path, "")
            if isinstance(value, str) and value and self._is_own(value):
                changing[str(path)] = value
                value = (begins_a_formula(value), answer_height(value))
            alike.append(value)
        texts = list(changing.values())
        return changing, (*alike, *changing, *map(texts.index, texts))

    def _is_own(self, text: str) -> bool:
        """Tell whether a text stands in no cell that every workbook has, and is written as it is."""
        common = is_writable(text) and _UNCOMMON.search(text) is None
        return common and escape(text) not in (self._texts or ())


class _Cut:
    """A part of a workbook, cut where it changes."""

    def __init__(self, text: str, spans: Iterable[tuple[Slot, tuple[int, int]]]) -> None:
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


class _Model:
    """A workbook that others are copied from."""

    def __init__(self, data: bytes, changing: Mapping[str, str], cells: Collection[CellRef], layout: Layout) -> None:
        self._packed = Packed(data)
        names = {escape(text): name for name, text in reversed(list(changing.items()))}
        texts = {name: data.decode("utf-8") for name, data in self._packed.parts.items() if name.endswith(".xml")}
        found = (one for one in _STRING.finditer(texts[_STRINGS]) if one[1] in names)
        strings = [(("text", names[one[1]]), one.span(1)) for one in found]
        properties = [(("text", f"{_OWN}{one[1]}"), one.span(2)) for one in _PROPERTY.finditer(texts[_PROPERTIES])]
        self._texts = {_STRINGS: _Cut(texts[_STRINGS], strings), _PROPERTIES: _Cut(texts[_PROPERTIES], properties)}
        self._sheets = {}
        for part, title in _parts(layout).items():
            wanted = {cell.address: cell for cell in cells if cell.sheet == title}
            spans = [span for one in _CELL.finditer(texts[part]) if one[1] in wanted for span in _spans(one, title)]
            if wanted:
                self._sheets[part] = _Cut(texts[part], spans)

    def copy(self, changing: Mapping[str, str], values: Mapping[CellRef, Held]) -> bytes:
        texts = {("text", name): escape(text) for name, text in changing.items()}
        told = {
            (what, str(cell)): words for cell, value in values.items() for what, words in _tell_value(value).items()
        }
        parts = {part: cut.fill(texts) for part, cut in self._texts.items()}
        return self._packed.with_parts(parts | {part: cut.fill(told) for part, cut in self._sheets.items()})


def _parts(layout: Layout) -> Mapping[str, str]:
    """Return the part of each sheet → its title."""
    titles = (layout.sheet, *(area.sheet for area in layout.areas), layout.instructions_sheet, MAP_SHEET, LIVE_SHEET)
    return {f"xl/worksheets/sheet{number}.xml": title for number, title in enumerate(titles, 1)}


def _spans(cell: re.Match[str], title: str) -> Iterator[tuple[Slot, tuple[int, int]]]:
    for what in ("type", "value"):
        yield (what, f"{title}!{cell[1]}"), cell.span(what)


def _tell_value(value: Held) -> Mapping[str, str]:
    """Return how a cell says the value of its formula, as XlsxWriter does."""
    if isinstance(value, bool):
        return {"type": ' t="b"', "value": str(int(value))}
    if not isinstance(value, str):
        return {"type": "", "value": f"{value}"}
    kind = ' t="e"' if _FAULT.fullmatch(value) else ' t="str"' if value else ""
    return {"type": kind, "value": escape(value)}
