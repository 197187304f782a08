"""The oracle of the mutants: what stands in each cell, read by nothing of gwxl.

A mutant may change what is typed in a cell: then the cell says something else, in every program, and that is to be
read. So an input is *right* when it is what was typed, or when the cell that the template gave it now holds other
digits or another text and exactly those were read. It is *reported* when the return is refused or held, or a finding
names it, or a finding says that places are in doubt. Whatever is neither is silently wrong.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gwxl.form.definition import Form
from gwxl.form.layout import Layout
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.records.submission import Answer, Status, Submission, Unread
from tests.support.hostile.mutants import SHEETS, STRINGS
from tests.support.workbooks import unzip

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Stored = tuple[str, str, bool]
"""Type, text and whether a formula gives it."""

Cells = Mapping[CellRef, Stored]


def look(data: bytes) -> Cells:
    """Return what stands in the cells of the two sheets with inputs; what cannot be parsed has none."""
    try:
        contents = unzip(data)
        strings = _strings(contents.get(STRINGS, b"<sst/>"))
    except Exception:  # noqa: BLE001 - a broken mutant has no cells, whatever the program says about it
        return {}
    found: dict[CellRef, Stored] = {}
    for title, part in SHEETS.items():
        found |= dict(_cells(title, contents.get(part, b""), strings))
    return found


def _strings(data: bytes) -> list[str]:
    return ["".join(text.text or "" for text in item.iter(f"{_MAIN}t")) for item in ET.fromstring(data)]


def _cells(title: str, data: bytes, strings: list[str]) -> Iterator[tuple[CellRef, Stored]]:
    try:
        root = ET.fromstring(data)
    except ET.ParseError:
        return
    for cell in root.iter(f"{_MAIN}c"):
        ref = _ref(title, cell.get("r", ""))
        kind, value = cell.get("t", "n"), cell.find(f"{_MAIN}v")
        text = "" if value is None else value.text or ""
        if kind == "s":
            number = int(text) if text.isdigit() and text.isascii() else -1
            kind, text = ("str", strings[number]) if 0 <= number < len(strings) else ("?", text)
        elif kind == "inlineStr":
            text = "".join(run.text or "" for run in cell.iter(f"{_MAIN}t"))
        if ref is not None:
            yield ref, (kind, text, cell.find(f"{_MAIN}f") is not None)


def _ref(title: str, address: str) -> CellRef | None:
    letters = address.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or not address[len(letters) :]:
        return None
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return CellRef(title, int(address[len(letters) :]), column)


@dataclass(frozen=True, kw_only=True)
class Oracle:
    """What was typed and where, to judge what was read from a mutant."""

    form: Form
    layout: Layout
    good: Receipt
    before: Cells

    def silent(self, receipt: Receipt, data: bytes) -> list[str]:
        """Return the paths of the receipt of a mutant that are silently wrong."""
        if receipt.submission is None or receipt.status is Status.HELD:
            return []
        told = {path for finding in receipt.findings for path in _find_told(finding)}
        if "*" in told:
            return []
        ours = receipt.submission
        if self._is_alike(ours):
            return []
        after = look(data)
        return [*self._values(ours, told, after), *self._words(ours, after), *self._identity(receipt)]

    @property
    def _right(self) -> Submission:
        assert self.good.submission is not None
        return self.good.submission

    def _is_alike(self, ours: Submission) -> bool:
        """Tell whether nothing at all is different, so that nobody has to look into the file."""
        answers, right = ours.answers, self._right.answers
        same = answers.keys() == right.keys() and all(_same(answers[path], right[path]) for path in right)
        return same and (ours.explanations, ours.identity) == (self._right.explanations, self._right.identity)

    def _values(self, ours: Submission, told: set[str], after: Cells) -> Iterator[str]:
        for path in sorted({*self._right.answers, *ours.answers}):
            mine, right = ours.answers.get(path), self._right.answers.get(path)
            home = self._home(path, mine)
            fits = _same(mine, right) or self._is_retyped(home, "" if mine is None else mine.raw, after)
            if not fits and not {path, path.field} & told:
                yield f"{path}: {_show(right)} read as {_show(mine)}"

    def _words(self, ours: Submission, after: Cells) -> Iterator[str]:
        """Yield the explanations that are not what was written; one that is lost counts for nothing and is no harm."""
        for path, words in ours.explanations.items():
            home = self.layout.explanations.get(path)
            if words != self._right.explanations.get(path) and not self._is_retyped(home, words, after):
                yield f"explanation of {path}: {words!r}"

    def _identity(self, receipt: Receipt) -> Iterator[str]:
        """Yield the identity where it is another one and no finding says so."""
        assert receipt.submission is not None
        if receipt.submission.identity == self._right.identity:
            return
        if not {"L01", "L02", "T02"} & {finding.id for finding in receipt.findings}:
            yield f"identity: {receipt.submission.identity}"

    def _is_retyped(self, home: CellRef | None, raw: str, after: Cells) -> bool:
        """Tell whether a cell says something else now, and just that was read."""
        if home is None or after.get(home) == self.before.get(home):
            return False
        kind, text, formula = after.get(home, ("n", "", False))
        spelt = {"b": {"1": "TRUE", "0": "FALSE"}}.get(kind, {}).get(text, text)
        return formula or raw.strip() in {text.strip(), spelt}

    def _home(self, path: Path, mine: Answer | None) -> CellRef | None:
        """Return the cell of a path; rows of a table are numbered as they are filled, so theirs is told by the cell."""
        if not path.number or mine is None or mine.cell is None:
            return self.layout.cells.get(path)
        first = self.layout.cells[path.in_row(1)]
        return mine.cell if (mine.cell.sheet, mine.cell.column) == (first.sheet, first.column) else None


_PLACES = frozenset({"L13", "L15", "L17", "L20", "L21", "L22", "L23", "L24", "L29"})


def _find_told(finding: Finding) -> tuple[str, ...]:
    """Return the paths a finding is about, ``*`` where it says that places are in doubt."""
    if finding.key is None and finding.id in _PLACES:
        return ("*",)
    return finding.operands or ((finding.key,) if finding.key else ())


def _same(mine: Answer | None, right: Answer | None) -> bool:
    values = [None if answer is None else answer.value for answer in (mine, right)]
    return type(values[0]) is type(values[1]) and values[0] == values[1]


def _show(answer: Answer | None) -> str:
    if answer is None or answer.value is None:
        return "nothing"
    if isinstance(answer.value, Unread):
        return f"unread {answer.raw!r}"
    return repr(answer.value)
