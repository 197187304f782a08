"""The groups of sites a summary adds up: all of them, and one an answer of the field that divides it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.totals.adding import Total, totals_of_parts


@dataclass(frozen=True, kw_only=True)
class Block:
    """The totals of one group of sites: all of them, and those that passed, with how many there are of each."""

    label: str
    of: int
    all: Mapping[Path, Total]
    passed_of: int
    passed: Mapping[Path, Total]


def blocks_of(form: Form, groups: Sequence[tuple[str, Sequence[Receipt]]]) -> Iterator[Block]:
    """Yield the totals of groups of sites, each with its label."""
    passed = [tuple(one for one in members if one.passed) for _, members in groups]
    added = totals_of_parts(form, [*(members for _, members in groups), *passed])
    for (label, members), some, whole, of_some in zip(groups, passed, added, added[len(groups) :], strict=False):
        yield Block(label=label, of=len(members), all=whole, passed_of=len(some), passed=of_some)
