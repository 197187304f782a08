"""What is calculated as it came back: worked out anew, and what differs from what stands there told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from gwxl.form.definition import Field, Form
from gwxl.form.layout import lay_out
from gwxl.intake.own_formulas import Places, Sign
from gwxl.live.calculated_cells import formula_of
from gwxl.records.cell import CellRef
from gwxl.records.finding import Finding
from gwxl.records.path import Path
from gwxl.records.signals import signal
from gwxl.records.submission import Answer, Unread
from gwxl.rules.computed.working import Worked, work_out
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
        worked_out = work_out(self.form, values, self.required)
        found: dict[Path, Answer] = {}
        told: list[Finding] = []
        for path, answer in answers.items():
            if path not in worked_out:
                found[path] = answer
                continue
            asked, value = self.form.field_of(path), worked_out[path]
            told += self._compare(asked, answer, value)
            shown = "" if value is None else number_text(value)
            found[path] = answer if asked.typed else replace(answer, raw=shown, value=value, changes=())
        return found, told

    def _compare(self, asked: Field, answer: Answer, value: Worked) -> Iterator[Finding]:
        """Yield what is to be said of a cell that is not as it went out, or does not say what it comes to."""
        id_ = self._typed(answer, value) if asked.typed else self._changed(asked, answer, value)
        if id_:
            shown = "—" if value is None else number_text(value)
            label = self.form.label(asked.path)
            facts: dict[str, Any] = {"key": asked.path, "cell": answer.cell, "raw": answer.raw}
            yield signal(id_, self.form.language, **facts, label=label, total=shown, found=answer.raw)

    def _typed(self, answer: Answer, value: Worked) -> str:
        stands = answer.value
        return "" if stands in {None, value} or value is None or isinstance(stands, Unread) else "W10"

    def _changed(self, asked: Field, answer: Answer, value: Worked) -> str:
        """Return the id of what became of a formula: typed over, another, gone; empty where it is there."""
        formula = self.formula_at(answer.cell)
        if formula is not None:  # what it came to may be older than the answers; nobody typed that
            return "W13" if self.issued and self._is_other(asked.path, answer, formula) else ""
        if answer.value is not None:
            return "" if answer.value == value else "W11" if asked.formula else "W09"
        is_gone = self.issued and answer.cell is not None and not answer.raw and value is not None
        return "W12" if is_gone else ""

    def _is_other(self, path: Path, answer: Answer, formula: str) -> bool:
        written, expected = _formulas(self.form, self.required).get(path, ("", None))
        if formula == written or answer.cell is None or expected is None or self._lacks(expected):
            return False
        signs = self._places.take_apart(formula, answer.cell.sheet)
        return signs is not None and signs != expected

    def _lacks(self, expected: tuple[Sign, ...]) -> bool:
        """Tell whether something that a formula reads was not found: it cannot be as it went out."""
        return any(isinstance(sign, frozenset) and not sign <= self.cells.keys() for sign in expected)

    @cached_property
    def _places(self) -> Places:
        return Places(self.cells)


@lru_cache(maxsize=8)
def _formulas(form: Form, required: frozenset[Path]) -> Mapping[Path, tuple[str, tuple[Sign, ...] | None]]:
    """Return path of what is calculated → its formula as it went out, and that sign by sign."""
    layout = lay_out(form)
    places, found = Places(layout.cells), {}
    for asked in form.fields.values():
        if asked.is_calculated:
            written = formula_of(layout, asked.path, required).removeprefix("=")
            found[asked.path] = written, places.take_apart(written, layout.cells[asked.path].sheet)
    return found
