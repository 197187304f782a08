"""Calculate live checks again for other answers: what depends on some inputs, and nothing else."""

from collections.abc import Callable, Collection, Iterator, Mapping

from gwxl.form.layout import LIVE_SHEET
from gwxl.live.calculation import Scalar, Value
from gwxl.live.checks import LiveChecks
from gwxl.live.formulas import Formula
from gwxl.live.sheet import value_to_store
from gwxl.records.cell import CellRef
from gwxl.records.path import Path

_Step = tuple[int, Callable[..., Value], tuple[int, ...]]


class Replay:
    """The cells of live checks that depend on some inputs of the form sheet.

    Attributes:
        cells: which cells these are, on whatever sheet.
    """

    def __init__(self, live: LiveChecks, paths: Collection[Path]) -> None:
        """Look through the checks of one workbook once."""
        self._values: list[Value] = []
        self._steps: list[_Step] = []
        self._places: dict[int, int] = {}
        self._given = {path: self._place(live.given[path]) for path in paths}
        self._kept: list[Formula] = []  # so that no two ever have one id
        self._depends = {id(live.given[path]): True for path in paths}
        places: dict[CellRef, int] = {}
        for cell, source in _sources(live):
            if self._look(source):
                places[cell] = self._places[id(source)]
        self.cells = tuple(places)
        self._shown = tuple(places.items())

    def values(self, answers: Mapping[Path, Scalar]) -> Mapping[CellRef, Scalar]:
        """Return what each of the cells stores for the answers of the inputs; what is not there is blank."""
        values = self._values[:]
        for path, place in self._given.items():
            values[place] = answers.get(path, "")
        for place, how, parts in self._steps:
            values[place] = how(*[values[part] for part in parts])
        return {cell: _value_in_cell(cell, values[place]) for cell, place in self._shown}

    def _look(self, formula: Formula) -> bool:
        """Tell whether a formula depends on the inputs; those it consists of that do come before it."""
        found = self._depends.get(id(formula))
        if found is None:
            self._kept.append(formula)
            depending = [self._look(part) for part in formula.parts]
            found = self._depends[id(formula)] = any(depending)
            if found and formula.how is not None:
                parts = tuple(self._place(part) for part in formula.parts)
                self._steps.append((self._place(formula), formula.how, parts))
        return found

    def _place(self, formula: Formula) -> int:
        place = self._places.get(id(formula))
        if place is None:
            place = self._places[id(formula)] = len(self._values)
            self._values.append(formula.value)
        return place


def _sources(live: LiveChecks) -> Iterator[tuple[CellRef, Formula]]:
    for cell in live.sheet.cells:
        yield CellRef(LIVE_SHEET, cell.row, cell.column), cell.source
    for place, check in live.cells.items():
        yield place, check.source


def _value_in_cell(cell: CellRef, value: Value) -> Scalar:
    """Return what a cell stores; one that is seen a text, whatever it comes of."""
    return value_to_store(value) if cell.sheet == LIVE_SHEET else str(value)
