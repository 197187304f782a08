"""Write the checks of one cell as a worksheet formula: the limits of cells.toml, by the rule behind each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gwxl.form.definition import NUMBERS, Kind
from gwxl.rules.cells import FORMULA_VALUE, WORDS
from gwxl.rules.excel import array, failed_code
from gwxl.rules.excel_classes import CellClass, Sorting, Spots, usable
from gwxl.rules.rule import Rule

_PATTERNS = frozenset({"regex", "pattern", "avoid"})
_STEP = 100  # between the codes of two severities
_PLACES = 9


@dataclass(frozen=True, kw_only=True)
class OwnCheck:
    """Hold one thing that can be wrong with a cell by itself.

    Attributes:
        code: its number among the cell's checks: 101 and up for errors, 201 for what to verify, 401 for hints.
        fails: a condition, for a cell that is filled and of its kind.
        behind: the limit it comes from; ``type`` and ``words`` are for what is not of its kind.
    """

    rule: Rule
    code: int
    fails: str
    behind: str


def own_checks(
    cell: Mapping[str, Any],
    rules: Mapping[str, Rule],
    sorting: Sorting,
    spots: Spots,
    formula: str = "",
) -> tuple[OwnCheck, ...]:
    """Return the checks of a cell that a sheet can judge, the gravest first.

    Args:
        cell: its Cerberus rules.
        rules: rule id → rule.
        sorting: how its texts are sorted.
        spots: where it is.
        formula: what stands beside its ``regex`` for the worksheet.
    """
    found: dict[tuple[str, str], str] = {}
    for id_, behind, fails in _conditions(cell, sorting, spots, formula):
        if not rules[id_].clerk_only or behind in {"type", "required"}:
            earlier = found.get((id_, behind))
            found[id_, behind] = f"OR({earlier},{fails})" if earlier else fails
    ordered = sorted(found, key=lambda key: (rules[key[0]].reported.rank, *key))
    return tuple(
        OwnCheck(
            rule=rules[id_],
            code=_STEP * failed_code(rules[id_].reported) + number,
            fails=found[id_, behind],
            behind=behind,
        )
        for number, (id_, behind) in enumerate(ordered, 1)
    )


def missing_code(checks: Sequence[OwnCheck]) -> int:
    """Return the code of the check that a blank fails, 0 where none does."""
    return next((check.code for check in checks if check.behind == "required"), 0)


def own_formula(checks: tuple[OwnCheck, ...], sorting: Sorting, spots: Spots, blank: str, missing: str = "0") -> str:
    """Return the formula of the code of the first failed check, 0 where none fails.

    Args:
        checks: what can be wrong.
        sorting: how its texts are sorted.
        spots: where it is.
        blank: a condition: nothing stands here.
        missing: what a blank gives.
    """
    by_kind = {check.behind: check.code for check in checks}
    judged = "0"
    for check in reversed(checks):
        if check.behind not in {"type", "required", WORDS}:
            judged = f"IF({check.fails},{check.code},{judged})"
    unusable = str(by_kind.get("type", 0))
    if WORDS in by_kind:
        unusable = f"IF({spots.kind}={CellClass.WORD:d},{by_kind[WORDS]},{unusable})"
    return f"IF({blank},{missing},IF({usable(sorting, spots)},{judged},{unusable}))"


def _conditions(
    cell: Mapping[str, Any],
    sorting: Sorting,
    spots: Spots,
    formula: str,
) -> Iterator[tuple[str, str, str]]:
    """Yield rule id, limit and condition of failing of everything a cell's rules say."""
    meta = cell["meta"]
    yield meta["type"], "type", "FALSE"
    if cell.get("required"):
        yield meta["required"], "required", "FALSE"
    if WORDS in meta:
        yield meta[WORDS], WORDS, "FALSE"
    before = []
    for name in ("min", "max", "minlength", "maxlength", "regex", "allowed", "forbidden"):
        if name in cell and not (name == "allowed" and sorting.answers) and (name != "regex" or formula):
            fails = _fails(name, cell[name], sorting.kind, spots, formula)
            before.append(fails)
            yield meta[name], name, fails
    yield from _checks(cell.get("checks", ()), before, sorting.kind, spots)


def _checks(
    checks: tuple[Mapping[str, Any], ...], before: list[str], kind: Kind, spots: Spots
) -> Iterator[tuple[str, str, str]]:
    failed: dict[str, str] = {}
    for check in checks:
        limits = {name: limit for name, limit in check.items() if name not in {"id", "unless", "propose", "excel"}}
        if limits.keys() & _PATTERNS and "excel" not in check:
            continue
        fails = _or([_fails(name, limit, kind, spots, check.get("excel", "")) for name, limit in limits.items()])
        waits = [*before, failed.get(check.get("unless", ""), "")]
        unless = _or([condition for condition in waits if condition])
        failed[check["id"]] = f"AND(NOT({unless}),{fails})" if unless else fails
        yield check["id"], f"checks.{check['id']}", failed[check["id"]]


def _or(conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"OR({','.join(conditions)})" if conditions else ""


def _fails(name: str, limit: Any, kind: Kind, spots: Spots, formula: str) -> str:
    if name in _PATTERNS:
        return f"NOT({formula.replace(FORMULA_VALUE, spots.text)})"
    if name in {"allowed", "forbidden"}:
        among = _among(limit, kind, spots)
        return f"NOT({among})" if name == "allowed" else among
    sign = "<" if name.startswith("min") else ">"
    if name not in {"min", "max"}:
        return f"LEN({spots.text}){sign}{limit}"
    number = f"{Decimal(limit):f}"
    return f"{spots.value}{sign}{number}" if kind is Kind.COUNT else f"ROUND({spots.value}-{number},{_PLACES}){sign}0"


def _among(items: list[Any], kind: Kind, spots: Spots) -> str:
    if kind in NUMBERS:
        return _or([f"{spots.value}={Decimal(item):f}" for item in items])
    return f"SUMPRODUCT(--EXACT({spots.text},{array(tuple(items))}))>0"
