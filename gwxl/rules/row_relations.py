"""Judge how the cells of one row of a table must agree, in every started row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gwxl.form.definition import Field, Form
from gwxl.records.path import Path
from gwxl.rules.case import Case, Outcome, Result
from gwxl.rules.compiling import Scope, Type, exact, type_of_name
from gwxl.rules.relations import Condition, Relation
from gwxl.rules.rule import Rule
from gwxl.wording import fill, placeholders


@dataclass(frozen=True, kw_only=True, eq=False)
class RowRelation:
    """A relation over the rows of a table; its columns are named as fields are, those of the form beside them.

    Attributes:
        rule: what it says about itself. form, table: the form, and the table.
        condition, guard, missing_fails: as in a relation between fields.
    """

    rule: Rule
    form: Form
    table: Field
    condition: Condition
    guard: Condition | None = None
    missing_fails: bool = False

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the names that stand for a column or, in it, for one answer of a choice."""
        return tuple(name for name in self.as_relation.names if self._is_column(name))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of fields of the form; whether one is asked tells the form, not the row."""
        return tuple(name for name in self.as_relation.names if not self._is_column(name))

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """Return the path of each column it looks at, in any row."""
        keys = dict.fromkeys(Path.parse(name).field for name in self.columns)
        return tuple(Path(self.table.key, key) for key in keys)

    @cached_property
    def as_relation(self) -> Relation:
        """Return the relation of one row, its columns named as fields."""
        return Relation(rule=self.rule, condition=self.condition, guard=self.guard, missing_fails=self.missing_fails)

    def _is_column(self, name: str) -> bool:
        return Path.parse(name).field in self.table.keys_of_columns

    @cached_property
    def types(self) -> Mapping[str, Type]:
        """Return the type of each name."""
        return {name: type_of_name(name, self.form, self.table) for name in self.as_relation.names}

    @property
    def is_in_place(self) -> bool:
        """Tell whether a row of the sheet can judge it: it looks at nothing outside the row."""
        return not self.names

    def judge_all(self, case: Case) -> Iterator[Outcome]:
        """Judge every started row of a return; yield what failed."""
        if not case.not_asked.isdisjoint(self.paths):
            return
        for number, row in case.rows.get(self.table.key, {}).items():
            outcome = self.as_relation.judge(case.within(self._scope(case, number, row)))
            if outcome.result is Result.FAILED:
                yield self._place(outcome, number)

    def _scope(self, case: Case, number: int, row: Mapping[str, Any]) -> Scope:
        values = {name: case.scope.values[name] for name in self.names if name in case.scope.values}
        filled, wrong = set(case.scope.filled), set(case.scope.wrong)
        for name in self.columns:
            path = Path.parse(name)
            value = row.get(path.field)
            if Path(self.table.key, path.field, number) in case.wrong:
                wrong.add(name)
            elif value is not None:
                values[name] = value == path.part if path.part else exact(value)
                filled |= {name} if not path.part or value == path.part else set()
        return Scope(values=values, filled=frozenset(filled), wrong=frozenset(wrong))

    def _place(self, outcome: Outcome, number: int) -> Outcome:
        """Return an outcome whose names are cells of its row, as is what its message names."""
        cells = {name: Path(self.table.key, Path.parse(name).field, number) for name in self.columns}
        shown = {Path.parse(name).field: str(path) for name, path in cells.items()}
        message = fill(
            self.rule.message, {name: f"{{{shown.get(name, name)}}}" for name in placeholders(self.rule.message)}
        )
        operands = tuple(dict.fromkeys(cells.get(name, name) for name in outcome.operands))
        first = next(cells[name] for name in self.as_relation.names if name in cells)
        return Outcome(result=Result.FAILED, arguments=outcome.arguments, key=first, operands=operands, message=message)
