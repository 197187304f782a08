"""Read relations.toml: what must hold between the cells of one return."""

import pathlib
from collections.abc import Collection, Iterator
from typing import Any

from gwxl.files.declarations import Report, catch_mistake, refuse
from gwxl.form.definition import Field, Form
from gwxl.form.editions import edition_order
from gwxl.records.path import Path
from gwxl.rules.expression import PREVIOUS, ExpressionError, parse, rename, takes_codes
from gwxl.rules.expression import names as names_of
from gwxl.rules.functions import FunctionRule, build_function
from gwxl.rules.matrices.relations import FOR, NOWHERE, Place, known_axes, places
from gwxl.rules.relations import FILLED, SIDES, Condition, Relation, build_condition, path_to_show
from gwxl.rules.row_relations import RowRelation
from gwxl.rules.rule import Rule, RuleKind
from gwxl.rules.rule_file import EXPECTED, IDENTITY, METADATA, RuleFile

FILE_NAME = "relations.toml"

NEEDED = {**METADATA, "id": str, "ok": (dict, list), "bad": (dict, list)}
_COMMON = {"expected": str, "since": str, "until": str, "trial": bool}
RELATION = {**_COMMON, FOR: str, "when": str, "missing": str, "replaces": str}
_ROWS = ".rows"
FUNCTION = {**_COMMON, "settings": dict}
"""The settings of a relation, of any, of one with an expression and of one with a function: name → type."""


AnyRelation = Relation | RowRelation | FunctionRule


def read_relations(folder: pathlib.Path, form: Form, report: Report = refuse) -> tuple[AnyRelation, ...]:
    """Read and check relations.toml of a rules folder; those of other editions, or with a mistake told, are left out.

    Raises:
        RuleError: it does not fit the form, or says something that cannot be.
    """
    return tuple(_Reader(RuleFile(folder / FILE_NAME, report), form).relations())


def _list(examples: Any) -> list[Any]:
    return examples if isinstance(examples, list) else [examples]


def _as_return(example: Any, table: str, columns: Collection[str]) -> Any:
    """Return an example of one row as that of a return with this row alone; fields of the form stay beside it."""
    if not isinstance(example, dict) or table in example:
        return example
    row = {key: value for key, value in example.items() if key in columns}
    return {table: [row], **{key: value for key, value in example.items() if key not in columns}}


class _Reader:
    """A reader of the file for a form."""

    def __init__(self, file: RuleFile, form: Form) -> None:
        self.file = file
        self.form = form

    def relations(self) -> Iterator[AnyRelation]:
        tables = self.file.settings(self.file.load(), "file", {}, {"relation": list})
        seen: set[str] = set()
        for number, table in enumerate(tables.get("relation", []), 1):
            place = str(table.get("id", f"relation[{number}]")) if isinstance(table, dict) else f"relation[{number}]"
            with catch_mistake(self.file.report):
                if place in seen:
                    raise self.file.refuse(place, "stands twice; every rule needs an id of its own")
                seen.add(place)
                if "function" in table:
                    judged = self.function(table, place)
                    yield from () if judged is None else (judged,)
                else:
                    yield from self.stated(table, place)

    def stated(self, table: Any, place: str) -> Iterator[AnyRelation]:
        """Yield a relation in force, once for each row or column of a matrix that it is said for."""
        table = self.file.settings(table, place, {**NEEDED, "expr": str}, RELATION)
        if not self.in_force(table, place):
            return
        if FOR not in table:
            yield self.relation(table, place, NOWHERE)
            return
        every = tuple(places(table[FOR], self.form))
        if not every:
            yield self.of_rows(table, place)
            return
        named = {name for part in ("expr", "when") for name in self.parsed(table.get(part, "x"), f"{place}.{part}")}
        asked = [where for where in every if where.asks(named)]
        if not asked or not named & {name for one in (asked[0].names, asked[0].renamed) for name in one}:
            raise self.file.refuse(
                f"{place}.expr", f"names no cell that is asked; known here are {', '.join(every[0].names)}"
            )
        yield from (self.relation(table, place, where, first=where is asked[0]) for where in asked)

    def parsed(self, source: str, place: str) -> tuple[str, ...]:
        try:
            return names_of(parse(source))
        except ExpressionError as error:
            raise self.file.refuse(place, error) from None

    def relation(self, table: dict[str, Any], place: str, where: Place, *, first: bool = True) -> Relation:
        """Return a relation; of those of a matrix the first alone has the examples."""
        table = {
            **table,
            "message": where.message(table["message"]),
            **{name: where.example(table[name]) if first else [] for name in ("ok", "bad")},
        }
        if table.get("missing", "fail") != "fail":
            self.file.tell(f"{place}.missing", f'{table["missing"]!r}: the only setting is "fail"')
        condition = self.condition(table["expr"], f"{place}.expr", where=where)
        guard = self.condition(table["when"], f"{place}.when", where=where) if "when" in table else None
        fails = "missing" in table
        names = (*condition.names, *(guard.names if guard else ()))
        ours = [name for name in names if not name.startswith(PREVIOUS)]
        last = {name for name in names if name.startswith(PREVIOUS)}
        known = {Path.parse(name.removeprefix(PREVIOUS)).field for name in last}
        fields = tuple(dict.fromkeys(Path.parse(name).field for name in ours))
        if not fields:
            raise self.file.refuse(f"{place}.expr", "names no field of this year, so there is no cell to show it at")
        shown: set[str] = {path_to_show(name, self.form) for name in ours} | last | {"field"}
        shown |= SIDES if condition.sides and not fails else frozenset()
        shown |= {FILLED} if condition.asks else frozenset()
        reason = self.form.say("clerk_only.previous") if last else self.reason_of_codes(condition, guard)
        rule = self.rule(
            table, place, kind=RuleKind.RELATION, fields=fields, shown=shown, clerk_only=reason, last=known
        )
        return Relation(rule=rule, condition=condition, guard=guard, missing_fails=fails, where=where.key)

    def of_rows(self, table: dict[str, Any], place: str) -> RowRelation:
        """Return a relation over the rows of a table; its examples are rows, or a table with some."""
        key = table[FOR].removesuffix(_ROWS)
        asked = self.form.fields.get(key)
        if not table[FOR].endswith(_ROWS) or asked is None or not asked.kind.is_table:
            rows = (f"{one.key}{_ROWS}" for one in self.form.fields.values() if one.kind.is_table)
            known = ", ".join((*rows, *known_axes(self.form)))
            reason = f"{table[FOR]!r} is none of: {known or 'the form has no table and no matrix'}"
            raise self.file.refuse(f"{place}.{FOR}", reason)
        if table.get("missing", "fail") != "fail":
            self.file.tell(f"{place}.missing", f'{table["missing"]!r}: the only setting is "fail"')
        condition = self.condition(table["expr"], f"{place}.expr", asked)
        guard = self.condition(table["when"], f"{place}.when", asked) if "when" in table else None
        fails = "missing" in table
        names = (*condition.names, *(guard.names if guard else ()))
        columns = {Path.parse(name).field for name in names if Path.parse(name).field in asked.keys_of_columns}
        beside = tuple(dict.fromkeys(name for name in names if Path.parse(name).field not in columns))
        if not columns or any(name.startswith(PREVIOUS) for name in names):
            raise self.file.refuse(f"{place}.expr", f"has to name a column of {key}, and nothing of last year")
        fields = (key, *dict.fromkeys(Path.parse(name).field for name in beside))
        shown = {*columns, *(path_to_show(name, self.form) for name in beside), "field"}
        shown |= SIDES if condition.sides and not fails else frozenset()
        for name in ("ok", "bad"):
            table[name] = [_as_return(one, key, columns) for one in _list(table[name])]
        codes = any(takes_codes(one.tree) for one in (condition, guard) if one)
        reason = (
            self.form.say("clerk_only.beside_rows") if beside else self.form.say("clerk_only.code") if codes else ""
        )
        rule = self.rule(table, place, kind=RuleKind.RELATION, fields=fields, shown=shown, clerk_only=reason)
        return RowRelation(
            rule=rule, form=self.form, table=asked, condition=condition, guard=guard, missing_fails=fails
        )

    def reason_of_codes(self, *conditions: Condition | None) -> str:
        """Return why a sheet does not judge a relation that looks into a code, empty where none does."""
        looks = any(takes_codes(one.tree) for one in conditions if one)
        return self.form.say("clerk_only.code") if looks else ""

    def condition(self, source: str, place: str, rows: Field | None = None, *, where: Place = NOWHERE) -> Condition:
        try:
            return build_condition(rename(parse(source), where.renamed), self.form, rows)
        except ExpressionError as error:
            raise self.file.refuse(place, error) from None

    def function(self, table: Any, place: str) -> FunctionRule | None:
        table = self.file.settings(table, place, {**NEEDED, "function": str}, FUNCTION)
        if not self.in_force(table, place):
            return None
        try:
            function = build_function(table["function"], table.get("settings", {}), self.form)
        except ExpressionError as error:
            raise self.file.refuse(f"{place}.function", error) from None
        involved = function.keys_involved(self.form)
        why = "previous" if function.LOOKS_BACK else table["function"]
        reason = self.form.say(f"clerk_only.{why}")
        shown = {*involved, *function.SUPPLIES}
        last = involved if function.LOOKS_BACK else ()
        rule = self.rule(
            table, place, kind=RuleKind.FUNCTION, fields=involved, shown=shown, clerk_only=reason, last=last
        )
        return FunctionRule(rule=rule, function=function)

    def rule(
        self,
        table: dict[str, Any],
        place: str,
        *,
        kind: RuleKind,
        fields: tuple[str, ...],
        shown: set[str],
        clerk_only: str,
        last: Collection[str] = (),
    ) -> Rule:
        around = {IDENTITY, EXPECTED} if kind is RuleKind.FUNCTION else set()
        ok, bad = self.file.examples(table, place, {*fields, *around}, last)
        return Rule(
            id=table["id"],
            title=table["title"],
            severity=self.file.severity(table, place),
            basis=table["basis"],
            message=self.file.message(table, place, shown),
            kind=kind,
            fields=fields,
            expected=table.get("expected", ""),
            clerk_only=clerk_only,
            trial=table.get("trial", False),
            since=table.get("since", ""),
            replaces=table.get("replaces", ""),
            ok=ok,
            bad=bad,
        )

    def in_force(self, table: dict[str, Any], place: str) -> bool:
        """Tell whether a relation holds for the edition of the form."""
        edition = edition_order(self.form.edition)
        bounds = {name: edition_order(table[name]) for name in ("since", "until") if name in table}
        for name, bound in bounds.items():
            if not bound:
                raise self.file.refuse(f"{place}.{name}", f"{table[name]!r} is no edition: it holds no number")
        return bounds.get("since", edition) <= edition <= bounds.get("until", edition)
