"""The part of a form's rules that a worksheet can judge, and the same part as a judge of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from gwxl.findings import Finding
from gwxl.form.definition import TABLE_CELL, Field, Form
from gwxl.rules.cells import WORDS
from gwxl.rules.excel_cells import OwnCheck, own_checks
from gwxl.rules.excel_classes import Sorting, Spots
from gwxl.rules.relations import Relation
from gwxl.rules.rule import Rule
from gwxl.rules.ruleset import RuleSet
from gwxl.submission import Submission

_ALWAYS = frozenset({"type", "required", WORDS})


@dataclass(frozen=True, kw_only=True)
class LiveRules:
    """Hold what a worksheet can judge of a rule set."""

    rules: RuleSet

    @property
    def form(self) -> Form:
        """Return the form."""
        return self.rules.form

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """Return the relations that formulas judge, in file order."""
        found = (relation for relation in self.rules.relations if isinstance(relation, Relation))
        return tuple(relation for relation in found if not relation.rule.clerk_only)

    def sorting(self, path: str, answers: tuple[tuple[str, str | bool | None], ...]) -> Sorting:
        """Return how the texts of an input are sorted; ``answers`` are the spellings of its kind."""
        field, cell = self.form.field_of(path), self._cell(path)
        blanks = self.rules.cells.blanks
        words = self.rules.rule(cell["meta"][WORDS]).words if WORDS in cell["meta"] else frozenset()
        return Sorting(
            kind=_asked(field, path).kind,
            gate=blanks.words if field.key in blanks.fields else frozenset(),
            nothing=words,
            answers=answers,
        )

    def checks(self, path: str, sorting: Sorting, spots: Spots) -> tuple[OwnCheck, ...]:
        """Return what can be wrong with an input by itself, the gravest first."""
        match = TABLE_CELL.match(path)
        place = f"{match['field']}.{match['column']}" if match else self.form.field_of(path).key
        formula = self.rules.cells.formulas.get(place, "")
        return own_checks(self._cell(path), self.rules.cells.rules, sorting, spots, formula)

    def rule_behind(self, path: str, limit: str) -> Rule | None:
        """Return the rule behind a limit of an input, None where it has no such limit."""
        id_ = self._cell(path)["meta"].get(limit)
        return self.rules.rule(id_) if id_ else None

    def judge(self, submission: Submission) -> tuple[Finding, ...]:
        """Judge a return by what a worksheet can judge, and by nothing else."""
        return self._judge.judge(submission)

    @cached_property
    def _judge(self) -> RuleSet:
        cells = self.rules.cells
        schema = {key: self._stripped(cell) for key, cell in cells.schema.items()}
        return RuleSet(self.form, replace(cells, schema=schema), self.relations)

    def _stripped(self, cell: Mapping[str, Any]) -> dict[str, Any]:
        """Return the Cerberus rules of a cell without those behind which a clerk-only rule stands."""
        silent = {id_ for id_, rule in self.rules.cells.rules.items() if rule.clerk_only}
        meta = cell.get("meta", {})
        dropped = {name for name, id_ in meta.items() if id_ in silent and name not in _ALWAYS}
        kept = {name: value for name, value in cell.items() if name not in dropped}
        kept["meta"] = {name: id_ for name, id_ in meta.items() if name not in dropped}
        if "schema" in cell:
            columns = cell["schema"]["schema"]
            kept["schema"] = {"type": "dict", "schema": {key: self._stripped(one) for key, one in columns.items()}}
        checks = _live_checks(cell.get("checks", ()), silent)
        kept.pop("checks", None)
        return {**kept, "checks": checks} if checks else kept

    def _cell(self, path: str) -> Mapping[str, Any]:
        cell = self.rules.cells.schema[self.form.field_of(path).key]
        match = TABLE_CELL.match(path)
        return cell["schema"]["schema"][match["column"]] if match else cell


def _live_checks(checks: Sequence[Mapping[str, Any]], silent: set[str]) -> list[Mapping[str, Any]]:
    return [check for check in checks if check["id"] not in silent]


def _asked(field: Field, path: str) -> Any:
    match = TABLE_CELL.match(path)
    return field.column(match["column"]) if match else field
