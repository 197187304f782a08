"""Read neighbours.toml: what must hold between the returns of different senders."""

import os
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gwxl.files.declarations import Report, catch_mistake, refuse
from gwxl.form.definition import Form
from gwxl.rules.expression import ExpressionError
from gwxl.rules.functions.building import build
from gwxl.rules.neighbours.alike import MostlyEqual, SameText
from gwxl.rules.neighbours.apart import NearMedian
from gwxl.rules.neighbours.comparison import Comparison
from gwxl.rules.rule import Example, Rule, RuleKind
from gwxl.rules.rule_file import METADATA, RuleFile

FILE_NAME = "neighbours.toml"

COMPARISONS: Mapping[str, type[Comparison]] = {
    "same_text": SameText,
    "mostly_equal": MostlyEqual,
    "near_median": NearMedian,
}

NEEDED = {**METADATA, "id": str, "function": str, "expected": str, "ok": list, "bad": list}
_ID = re.compile(r"D2[0-9][a-z]?")

Together = tuple[Example, ...]
"""An example: what several returns say."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Neighbour:
    """A rule between the returns of different senders.

    Attributes:
        ok, bad: returns of which none, and of which the first stands out.
    """

    rule: Rule
    comparison: Comparison
    ok: tuple[Together, ...]
    bad: tuple[Together, ...]


def is_between(rule: str) -> bool:
    """Tell by its id whether a rule of a form holds returns against each other."""
    return _ID.fullmatch(rule) is not None


def read_neighbours(folder: pathlib.Path, form: Form, report: Report = refuse) -> tuple[Neighbour, ...]:
    """Read and check neighbours.toml of a rules folder; without the file there is no such rule.

    Raises:
        RuleError: it does not fit the form, or says something that cannot be.
    """
    path = folder / FILE_NAME
    return tuple(_read(RuleFile(path, report), form)) if os.path.lexists(path) else ()


def _read(file: RuleFile, form: Form) -> Iterator[Neighbour]:
    tables = file.settings(file.load(), "file", {}, {"neighbour": list})
    seen: set[str] = set()
    for number, table in enumerate(tables.get("neighbour", []), 1):
        place = str(table.get("id", f"neighbour[{number}]")) if isinstance(table, dict) else f"neighbour[{number}]"
        with catch_mistake(file.report):
            if place in seen:
                raise file.refuse(place, "stands twice; every rule needs an id of its own")
            seen.add(place)
            yield _neighbour(file, form, table, place)


def _neighbour(file: RuleFile, form: Form, table: Any, place: str) -> Neighbour:
    table = file.settings(table, place, NEEDED, {"settings": dict})
    if not is_between(table["id"]):
        file.tell(f"{place}.id", "is no id of a rule between returns, which is D20 to D29, perhaps with a letter")
    try:
        comparison = build(table["function"], table.get("settings", {}), form, COMPARISONS)
    except ExpressionError as error:
        raise file.refuse(f"{place}.function", error) from None
    involved = comparison.keys_involved(form)
    ok, bad = (tuple(_examples(file, table[name], f"{place}.{name}", involved)) for name in ("ok", "bad"))
    rule = Rule(
        id=table["id"],
        title=table["title"],
        severity=file.severity(table, place),
        basis=table["basis"],
        message=file.message(table, place, comparison.SUPPLIES),
        kind=RuleKind.FUNCTION,
        fields=involved,
        expected=table["expected"],
        clerk_only=form.say("clerk_only.neighbours"),
    )
    return Neighbour(rule=rule, comparison=comparison, ok=ok, bad=bad)


def _examples(file: RuleFile, entries: Sequence[Any], place: str, keys: Sequence[str]) -> Iterator[Together]:
    for number, returns in enumerate(entries):
        yield tuple(file.read_examples(returns, f"{place}[{number}]", set(keys), set()))
