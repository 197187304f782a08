"""What is calculated as it came back: worked out anew, and what differs from what stands there told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from gwxl.form.definition import Field, Form
from gwxl.form.layout import lay_out
from gwxl.form.parts import Column
from gwxl.intake.own_formulas import Places, Sign
from gwxl.live.calculated_cells import formula_of
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import signal
from gwxl.records.submission import Answer, Unread
from gwxl.rules.computed.working import Worked, work_out, work_out_rows
from gwxl.rules.document import number_text

FormulaAt = Callable[[CellRef | None], str | None]


@dataclass(frozen=True, kw_only=True)
class Calculating:
    """What a sheet's calculated cells are held against.

    Attributes:
        form: the form. required: the paths whose blank leaves a total unknown.
        cells: path → cell of the inputs that were found. formula_at: gives the formula in a cell, None where none is.
        issued: the sheet is one of ours, so that each formula went out with it.
    """

    form: Form
    required: frozenset[Path]
    cells: Mapping[Path, CellRef]
    formula_at: FormulaAt
    issued: bool

    def work_out(self, answers: Mapping[Path, Answer]) -> tuple[dict[Path, Answer], list[Finding]]:
        """Return the answers with all that is calculated as it comes to, and what is to be said of it.

        Args:
            answers: as they were read, of what is calculated what stands in its cell.
        """
        values = {path: answer.value for path, answer in answers.items()}
        whole = {path: value for path, value in values.items() if path.row is None}
        worked_out = work_out(self.form, whole, self.required)
        worked_out |= work_out_rows(self.form, values, {**whole, **worked_out})
        found: dict[Path, Answer] = {}
        told: list[Finding] = []
        for path, answer in answers.items():
            if path not in worked_out:
                found[path] = answer
                continue
            asked, value = self.form.question_at(path), worked_out[path]
            told += self._compare(asked, answer, value)
            shown = "" if value is None else number_text(value)
            found[path] = replace(answer, raw=shown, value=value, changes=()) if asked.is_calculated else answer
        return found, told

    def _compare(self, asked: Field | Column, answer: Answer, value: Worked) -> Iterator[Finding]:
        """Yield what is to be said of a cell that is not as it went out, or does not say what it comes to."""
        id_ = self._changed(asked, answer, value) if asked.is_calculated else self._typed(answer, value)
        if id_:
            shown = "—" if value is None else number_text(value)
            label = self.form.label(answer.key)
            facts: dict[str, Any] = {"key": answer.key, "cell": answer.cell, "raw": answer.raw}
            yield signal(id_, self.form.language, **facts, label=label, total=shown, found=answer.raw)

    def _typed(self, answer: Answer, value: Worked) -> str:
        stands = answer.value
        return "" if stands in {None, value} or value is None or isinstance(stands, Unread) else "W10"

    def _changed(self, asked: Field | Column, answer: Answer, value: Worked) -> str:
        """Return the id of what became of a formula: typed over, another, gone; empty where it is there."""
        formula = self.formula_at(answer.cell)
        if formula is not None:  # what it came to may be older than the answers; nobody typed that
            return "W13" if self.issued and self._is_other(answer, formula) else ""
        if answer.value is not None:
            return "" if answer.value == value else "W11" if asked.formula else "W09"
        is_gone = self.issued and answer.cell is not None and not answer.raw and value is not None
        is_gone = is_gone and answer.key.row is None  # a row that was put in has no formulas
        return "W12" if is_gone else ""

    def _is_other(self, answer: Answer, formula: str) -> bool:
        if answer.cell is None:
            return False
        place = self._placed_at.get(answer.cell, answer.key)  # rows that were left blank have no number
        written, expected = _find_formula(self.form, self.required, place)
        if formula == written or expected is None or self._lacks(expected):
            return False
        signs = self._places.take_apart(formula, answer.cell.sheet)
        return signs is not None and signs != expected

    def _lacks(self, expected: tuple[Sign, ...]) -> bool:
        """Tell whether something that a formula reads was not found: it cannot be as it went out."""
        return any(isinstance(sign, frozenset) and not sign <= self.cells.keys() for sign in expected)

    @cached_property
    def _placed_at(self) -> Mapping[CellRef, Path]:
        return {cell: path for path, cell in self.cells.items() if path.row is not None}

    @cached_property
    def _places(self) -> Places:
        return Places(self.cells)


@lru_cache(maxsize=1 << 14)
def _find_formula(form: Form, required: frozenset[Path], path: Path) -> tuple[str, tuple[Sign, ...] | None]:
    """Return the formula of what is calculated as it went out, and that sign by sign; nothing of a row put in."""
    layout = lay_out(form)
    if path not in layout.cells:
        return "", None
    written = formula_of(layout, path, required).removeprefix("=")
    return written, _issued(form).take_apart(written, layout.cells[path].sheet)


@lru_cache(maxsize=8)
def _issued(form: Form) -> Places:
    return Places(lay_out(form).cells)
