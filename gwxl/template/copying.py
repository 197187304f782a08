"""Write many workbooks of a form that differ in a few answers and in whose they are, each as a copy of one like it.

A copy holds, part by part, what :func:`gwxl.template.making.draft_template` would write: texts take the places of those
in the one it is copied from, and the cells of the live checks that depend on them are calculated anew. Workbooks are
alike where nothing else differs: which inputs are blank, how high rows are, which texts stand in other cells too.
"""

import pathlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from gwxl.files.excel_limits import is_writable
from gwxl.form.identity import issue_identity, marker_line
from gwxl.form.layout import CHECKED, lay_out
from gwxl.inert import begins_a_formula
from gwxl.live import LiveChecks
from gwxl.live.inputs import inputs_of
from gwxl.live.replaying import Replay
from gwxl.records.path import Path
from gwxl.records.submission import Identity, Scalar, Value
from gwxl.rules.computed.reading import calculations_of, columns_of
from gwxl.rules.ruleset import RuleSet
from gwxl.template.issue import Issue, show_last
from gwxl.template.making import draft_issue, draft_template, make_issue
from gwxl.template.model import OWN, STRING, STRINGS, Beside, Model, find_number_styles, find_text_styles
from gwxl.template.sheets.form_sheet import answer_height, find_breaks, last_height
from gwxl.template.values import as_number, value_to_store
from gwxl.terms import Notice
from gwxl.writer.package import Packed

# What a writer would write otherwise than as it is.
_UNCOMMON = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\s|\s$|^<r>")
_MARK = "\ue000"  # in 上年数 of what others are copied from

Shape = tuple[object, ...]


class Copies:
    """The workbooks of one form and year that go out with one notice."""

    def __init__(self, rules: RuleSet, notice: Notice, paths: Collection[Path]) -> None:
        """Take the form, what the sheet says on top, and which inputs may hold an answer; none in a table."""
        self._rules, self._notice = rules, notice
        self._layout = lay_out(rules.form)
        every = inputs_of(self._layout, rules)
        self._inputs = {item.path: item for item in every if item.path in paths}
        rows = (row for row in self._layout.rows if row.kind in CHECKED and row.path)
        self._rows = {row.about: row.number for row in rows}
        self._beside = tuple(item for item in every if item.path in self._rows)
        live = LiveChecks(rules, self._layout, every, {}, {})
        self._replay = Replay(live, [path for path in self._inputs if path in live.given])
        needed = [one.needs if one else asked.sums for asked, one in calculations_of(rules.form)]
        needed += [one.needs for columns in columns_of(rules.form).values() for one in columns]
        self._feeding = frozenset(path for paths in needed for path in paths)
        self._texts: frozenset[str] | None = None
        self._models: dict[Shape, _Copied] = {}
        self._styles: dict[str, Mapping[int, str]] = {}

    def draft(
        self,
        draft: pathlib.Path,
        *,
        identity: Identity,
        answers: Mapping[Path, Scalar],
        fixed: frozenset[Path],
        last: Mapping[Path, Value] | None = None,
    ) -> None:
        """Write a workbook to a place where nobody looks yet; the arguments are those of ``draft_template``.

        Raises:
            OSError, WorkbookError, FormError: as there.
            KeyError: an answer is to none of the inputs that were named.
        """
        given: Mapping[str, Any] = {"identity": identity, "notice": self._notice, "answers": answers}
        if answers.keys() & self._feeding:  # other cells hold what comes of it
            draft_template(self._rules, draft, **given, last=last, fixed=fixed)
            return
        stored = {
            path: value_to_store(self._inputs[path], self._rules.form, answer) for path, answer in answers.items()
        }
        if self._texts is None:
            self._texts = self._find_common_texts(draft, identity)
        changing, shape = self._shape(identity, stored, fixed)
        shown = {self._rows[path]: one for path, one in show_last(self._rules.form, self._beside, last or {}).items()}
        shape = bool(shown), *shape
        if shape not in self._models:
            issue = replace(make_issue(self._rules, identity, self._notice, answers), fixed=fixed)
            self._models[shape] = self._write(draft, issue, changing, shown)
        copied = self._models[shape]
        beside = self._tell_beside(draft, copied, shown)
        if beside is None:
            draft_template(self._rules, draft, **given, last=last, fixed=fixed)
            return
        numbers = {path: as_number(value) for path, value in stored.items()}
        draft.write_bytes(copied.model.copy(changing, self._replay.values(numbers), beside))

    def _write(
        self, draft: pathlib.Path, issue: Issue, changing: Mapping[str, str], shown: Collection[int]
    ) -> "_Copied":
        """Return what others are copied from, a mark in each row of 上年数 where that is shown."""
        marks = {row: f"{_MARK}{row}" for row in shown}
        marked = self._put_beside(issue, marks)
        heights = draft_issue(draft, marked)
        model = Model(draft.read_bytes(), changing, self._replay.cells, self._layout, marks)
        return _Copied(issue=marked, model=model, heights=heights)

    def _put_beside(self, issue: Issue, told: Mapping[int, Decimal | str]) -> Issue:
        return replace(issue, beside={path: told[row] for path, row in self._rows.items() if row in told})

    def _tell_beside(self, draft: pathlib.Path, copied: "_Copied", shown: Mapping[int, Decimal | str]) -> Beside | None:
        """Return what stands in 上年数, None where no copy can tell it."""
        if not shown:
            return Beside()
        words = {row: text for row, text in shown.items() if isinstance(text, str)}
        if not all(is_writable(text) and _UNCOMMON.search(text) is None for text in words.values()):
            return None
        styles = {row: self._find_styles(draft, copied, one)[row] for row, one in shown.items()}
        higher = {row: last_height(text) for row, text in words.items()}
        heights = {row: max(points, higher.get(row, 0.0)) for row, points in copied.heights.items()}
        breaks = tuple(find_breaks(copied.issue, heights))
        if breaks and not copied.model.pages_end:
            return None
        return Beside(cells=shown, styles=styles, heights=higher, breaks=breaks)

    def _find_styles(self, draft: pathlib.Path, copied: "_Copied", value: Decimal | str) -> Mapping[int, str]:
        """Return row → the number of the style that a value of a kind has in 上年数 of every workbook."""
        kind = "number" if isinstance(value, Decimal) else "quoted" if begins_a_formula(value) else "text"
        if kind not in self._styles:
            values: Mapping[str, Decimal | str] = {"number": Decimal(1), "quoted": f"={_MARK}", "text": _MARK}
            issue = self._put_beside(copied.issue, dict.fromkeys(self._rows.values(), values[kind]))
            draft_issue(draft, issue)
            find = find_number_styles if kind == "number" else find_text_styles
            self._styles[kind] = find(draft.read_bytes(), self._layout)
        return self._styles[kind]

    def _find_common_texts(self, draft: pathlib.Path, identity: Identity) -> frozenset[str]:
        """Return the texts that stand in the cells of every workbook."""
        blank = issue_identity(self._rules.form, period=identity.period)
        draft_template(self._rules, draft, identity=blank, notice=self._notice)
        words = Packed(draft.read_bytes()).parts[STRINGS].decode("utf-8")
        return frozenset(STRING.findall(words)) - {escape(marker_line(blank))}

    def _shape(
        self, identity: Identity, stored: Mapping[Path, object], fixed: frozenset[Path]
    ) -> tuple[Mapping[str, str], Shape]:
        """Return name → text of what changes from workbook to workbook, and what has to be alike in those copied."""
        whose = {"marker": marker_line(identity), "site_code": identity.site_code, "signature": identity.signature}
        changing = {f"{OWN}{name}": words for name, words in whose.items() if words}
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


@dataclass(frozen=True, kw_only=True)
class _Copied:
    """A workbook that others are copied from, what it was written from, and row → the height it has there."""

    issue: Issue
    model: Model
    heights: Mapping[int, float]
