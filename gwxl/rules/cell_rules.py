"""What every input of a form may hold, as cells.toml says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from gwxl.records.path import Path
from gwxl.rules.document import Blanks
from gwxl.rules.rule import IN_FORM, LISTED, WHEN, Check, InputRules, Rule

LIMITS = ("min", "max", "minlength", "maxlength", "regex", "allowed", "forbidden")
CHECK_LIMITS = ("pattern", "avoid", "min", "max", "min_length", "max_length")
_NO_RULES = InputRules()


@dataclass(frozen=True, kw_only=True)
class CellRules:
    """What cells.toml says.

    Attributes:
        schema: field key → Cerberus rules, ``meta`` naming the rule id behind each; ``checks`` stands last.
        rules: rule id → rule.
        blanks: which words mean blank in which fields.
        formulas: field key, or ``key.column`` in a table → what the worksheet says for its ``regex``.
        entries: the same → what the validation asks of a text as it is typed.
        unique: the same → over what its value must be unique.
    """

    schema: Mapping[str, Mapping[str, Any]]
    rules: Mapping[str, Rule]
    blanks: Blanks
    formulas: Mapping[str, str]
    entries: Mapping[str, str] = field(default_factory=dict)
    unique: Mapping[str, str] = field(default_factory=dict)

    @property
    def unique_columns(self) -> tuple[Path, ...]:
        """Return the columns in which no two rows may say the same; what is unique over all returns is so in one."""
        paths = map(Path.parse, self.unique)
        return tuple(path for path in paths if path.part and path.field in self.schema)

    @cached_property
    def unique_in_form(self) -> frozenset[Path]:
        """Return the fields and columns whose value may stand in one return alone."""
        return frozenset(Path.parse(path) for path, over in self.unique.items() if over == IN_FORM)

    @cached_property
    def inputs(self) -> Mapping[str, InputRules]:
        """Return the path of a field, or of a column in any row → what it may hold."""
        found = {Path(key): cell for key, cell in self.schema.items()}
        for key, table in self.schema.items():
            row = table["schema"]["schema"] if "schema" in table else {}
            found |= {Path(key, column): cell for column, cell in row.items()}
        return {path: self._input(path, cell) for path, cell in found.items()}

    def _input(self, path: Path, cell: Mapping[str, Any]) -> InputRules:
        return InputRules(
            ids=cell.get("meta", {}),
            limits={name: cell[name] for name in LIMITS if name in cell},
            checks=tuple(map(_check, cell.get("checks", ()))),
            formula=self.formulas.get(path, ""),
            entry=self.entries.get(path, ""),
            listed=cell.get(LISTED),
        )

    def at(self, path: Path) -> InputRules:
        """Return what an input may hold, ``other[1].posts`` and ``other.posts`` alike; an unknown one may anything."""
        return self.inputs.get(path.of_every_row) or self.inputs.get(path.field, _NO_RULES)

    def without_required(self) -> "CellRules":
        """Return the same with no field that must be filled."""
        asked = self.schema.items()
        schema = {key: {name: limit for name, limit in cell.items() if name != "required"} for key, cell in asked}
        return replace(self, schema=schema)

    def always_asked(self) -> "CellRules":
        """Return the same with every field asked, whatever its conditions."""
        schema = {key: {**cell, "meta": _without_when(cell.get("meta", {}))} for key, cell in self.schema.items()}
        return replace(self, schema=schema)


def _without_when(meta: Mapping[str, str]) -> Mapping[str, str]:
    return {name: id_ for name, id_ in meta.items() if name != WHEN}


def _check(check: Mapping[str, Any]) -> Check:
    limits = {name: limit for name, limit in check.items() if name in CHECK_LIMITS}
    return Check(limits=limits, **{name: said for name, said in check.items() if name not in limits})
