"""What can be wrong with one cell by itself: the limits of cells.toml as conditions of a worksheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from gwxl.form.kinds import Kind
from gwxl.live.calculation import FAULT, Fault, Value, day_number, rank_of
from gwxl.live.formulas import FALSE, Formula, all_of, any_of, call, compare, derive, if_, literal, negate, opaque
from gwxl.live.helper_cells import Places, find_chosen, split_spellings
from gwxl.live.sheet import At, LiveSheet
from gwxl.rules.cells_file import FORMULA_VALUE, WORDS
from gwxl.rules.patterns import LONGEST, is_free_of, match_whole
from gwxl.rules.rule import LISTED, WHEN, Check, InputRules, Rule

PATTERNS = frozenset({"regex", "pattern", "avoid"})
OF_KIND = frozenset({"type", "required", WORDS, WHEN})
_PLACES = 9


@dataclass(frozen=True, kw_only=True)
class OwnCheck:
    """One thing that can be wrong with a cell.

    Attributes:
        fails: a condition, for a cell that is filled and of its kind.
        behind: the limit it comes from; ``type``, ``required`` and ``words`` are for what is not.
    """

    rule: Rule
    fails: Formula
    behind: str


class OwnChecks:
    """A writer of the checks of one input of the form sheet."""

    def __init__(self, sheet: LiveSheet, cell: InputRules, places: Places) -> None:
        """Take what the input may hold, and where its helpers are."""
        self._sheet, self._cell, self._places = sheet, cell, places

    def checks(self, rules: Mapping[str, Rule]) -> tuple[OwnCheck, ...]:
        """Return what a sheet can judge, the gravest first."""
        found: dict[tuple[str, str], list[Formula]] = {}
        for id_, behind, fails in self._conditions():
            if not rules[id_].clerk_only or behind in {"type", "required"}:
                found.setdefault((id_, behind), []).append(fails)
        ordered = sorted(found, key=lambda key: (rules[key[0]].reported.rank, *key))
        return tuple(
            OwnCheck(rule=rules[id_], fails=any_of(found[id_, behind]), behind=behind) for id_, behind in ordered
        )

    def _conditions(self) -> Iterator[tuple[str, str, Formula]]:
        """Yield rule id, limit and condition of failing of everything the cell's rules say."""
        cell = self._cell
        for name in ("type", "required", WORDS, WHEN):
            if name in cell.ids:
                yield cell.ids[name], name, FALSE
        before = []
        for name, limit in cell.limits.items():
            answered = name == "allowed" and self._places.sorting.answers
            if not answered and (name != "regex" or cell.formula):
                fails = self._sheet.part(self._fails(name, limit, cell.formula))
                before.append(fails)
                yield cell.ids[name], name, fails
        if cell.listed is not None and not cell.listed.where:
            fails = self._sheet.part(self._is_unlisted(cell.listed.entries))
            before.append(fails)
            yield cell.ids[LISTED], LISTED, fails
        yield from self._several(cell.checks, before)

    def _is_unlisted(self, entries: Sequence[str]) -> Formula:
        listed, text = self._sheet.put_list(entries), self._places.text
        ranks = frozenset(map(rank_of, entries))

        def is_none(value: Value) -> Value:
            return isinstance(value, Fault) or rank_of(value) not in ranks

        return derive(f"SUMPRODUCT(--({text}={listed.text}))=0", is_none, (text,), text.depth + 1)

    def _several(self, checks: Sequence[Check], before: list[Formula]) -> Iterator[tuple[str, str, Formula]]:
        failed: dict[str, Formula] = {}
        for check in checks:
            if check.limits.keys() & PATTERNS and not check.excel:
                continue
            fails = any_of(self._fails(name, limit, check.excel) for name, limit in check.limits.items())
            unless = any_of([*before, failed.get(check.unless, FALSE)])
            alone = fails if unless is FALSE else all_of([negate(unless), self._sheet.part(fails)])
            failed[check.id] = self._sheet.part(alone)
            yield check.id, f"checks.{check.id}", failed[check.id]

    def _fails(self, name: str, limit: Any, formula: str) -> Formula:
        places = self._places
        if name in PATTERNS:
            return negate(self._sheet.part(self._build_by_hand(name, limit, formula)))
        if name in {"allowed", "forbidden"}:
            among = self._is_among(limit)
            return negate(among) if name == "allowed" else among
        sign = "<" if name.startswith("min") else ">"
        if name not in {"min", "max"}:
            return compare(call("LEN", places.text), sign, int(limit))
        if places.sorting.kind.is_date:
            return compare(places.value, sign, day_number(date.fromisoformat(limit)))
        return exceed(places.value, sign, Decimal(limit), places.sorting.kind)

    def _build_by_hand(self, name: str, pattern: str, formula: str) -> Formula:
        """Return a formula written by hand; its value is what the pattern beside it says."""

        def passes(text: Value) -> Value:
            return is_free_of(pattern, str(text)) if name == "avoid" else match_whole(pattern, str(text)) is not None

        short = compare(call("LEN", self._places.text), "<=", LONGEST)  # no pattern looks at more
        judged = opaque(formula.replace(FORMULA_VALUE, self._places.text.text), passes, (self._places.text,))
        fits = self._sheet.add(At.PART, if_(compare(self._places.text, "=", ""), FALSE, judged))
        return all_of([fits, short])

    def _is_among(self, items: Sequence[Any]) -> Formula:
        if self._places.sorting.kind.is_number:
            return any_of(compare(self._places.value, "=", number(Decimal(item))) for item in items)
        parts = split_spellings((item, item) for item in items)
        found = (find_chosen(self._sheet, self._places.text, tuple(part), exact=True) for part in parts)
        return any_of(compare(self._sheet.part(one), ">", 0) for one in found)


def exceed(value: Formula, sign: str, limit: Decimal, kind: Kind) -> Formula:
    """Return a condition: a number is below or above a limit; fractions are compared as a sheet can."""
    if kind.is_whole:
        return compare(value, sign, number(limit))
    difference = derive(f"{value}-{limit:f}", partial(_difference, limit), (value,), value.depth)
    return compare(call("ROUND", difference, _PLACES), sign, 0)


def _difference(limit: Decimal, value: Value) -> Value:
    return value - float(limit) if isinstance(value, int | float) else FAULT


def number(value: Decimal) -> Formula:
    """Return a number as a constant, in all its digits."""
    plain = literal(int(value)) if value == value.to_integral_value() else literal(float(value))
    return Formula(f"{value:f}", plain.value)
