"""Whether the fields of a form are asked: the conditions of the form as formulas, and the order that they need."""

from collections.abc import Iterator, Sequence

from gwxl.form.layout import Row
from gwxl.live.check_words import NOTHING
from gwxl.live.formulas import Formula, all_of, any_of, compare, if_, minimum
from gwxl.live.helper_cells import Places, State
from gwxl.live.operands import Operands
from gwxl.live.relations import RelationWriter
from gwxl.live.sheet import At, LiveSheet
from gwxl.records.path import Path
from gwxl.rules.conditions.reading import Conditions, fields_in
from gwxl.rules.relations import Condition

YES, NO = 1, 0  # what lies between hangs on an answer that is wrong or missing


class Applying:
    """The formulas of what is asked.

    Attributes:
        asked: path of a field under conditions → 1, 0, or 0.5 where that is not known yet.
        awaited: path of a required input → 1 where its answer is wanted.
    """

    def __init__(self, sheet: LiveSheet, conditions: Conditions, operands: Operands) -> None:
        """Take the sheet, the conditions, and what their names are made of, as far as it stands already."""
        self._sheet, self._conditions, self._operands = sheet, conditions, operands
        self._judged: dict[Condition, Formula] = {}
        self.asked: dict[Path, Formula] = {}
        self.awaited: dict[Path, Formula] = {}

    def of(self, field: Path) -> Formula | None:
        """Return whether a field is asked, None where it always is."""
        if field in self._conditions and field not in self.asked:
            every = minimum([self._judge(one) for one in self._conditions[field]])
            self.asked[field] = self._sheet.add(At.PART, every, f"{field} when")
        return self.asked.get(field)

    def _judge(self, condition: Condition) -> Formula:
        if condition not in self._judged:
            named = {name: self._operands.of(name) for name in condition.names}
            fields = {name: Path.parse(name).whole for name in condition.names}
            missing = {name: self._is_missing(path) for name, path in fields.items() if path in self.awaited}
            writer = RelationWriter(self._sheet, self._operands.form, named)
            self._judged[condition] = self._sheet.add(At.PART, writer.applies(condition.tree, missing))
        return self._judged[condition]

    def _is_missing(self, path: Path) -> Formula:
        blank = compare(self._operands.states[path], "=", State.BLANK)
        return all_of([blank, compare(self.awaited[path], "=", YES)])


def blame_answer(places: Places, asked: Formula, own: Formula, number: Formula) -> Formula:
    """Return the number of what is wrong with a cell: where it is not asked, ``number`` for any answer."""
    nothing = places.blank
    if places.sorting.zero_is_nothing:
        nothing = any_of([nothing, all_of([places.usable, compare(places.value, "=", 0)])])
    if places.sorting.kind.is_choices:
        nothing = any_of([nothing, all_of([places.usable, compare(places.value, "<>", 1)])])
    return if_(compare(asked, "=", NO), if_(nothing, NOTHING, number), own)


def sort_rows(rows: Sequence[tuple[int, Row]], conditions: Conditions) -> Iterator[tuple[int, Row]]:
    """Yield inputs, then what stands for several; each behind the rows of the fields that its conditions name."""
    ordered = sorted(rows, key=lambda one: one[1].path is None)
    by_field: dict[str, list[tuple[int, Row]]] = {}
    for one in ordered:
        by_field.setdefault(one[1].about.field, []).append(one)
    done: set[int] = set()

    def give(one: tuple[int, Row]) -> Iterator[tuple[int, Row]]:
        number, row = one
        if number in done:
            return
        done.add(number)
        for condition in conditions.get(row.about.whole, ()):
            for path in fields_in(condition):
                for other in by_field[path.field]:
                    yield from give(other)
        yield one

    for one in ordered:
        yield from give(one)
