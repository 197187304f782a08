"""The groups of sites a summary adds up: all of them, and one an answer of the field that divides it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.totals.adding import Total, totals_of_parts

Group = tuple[str, Sequence[Receipt]]
"""A label, and the receipts of the sites it is that of."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """The totals of one group of sites: all of them, and those that passed, with how many there are of each."""

    label: str
    of: int
    all: Mapping[Path, Total]
    passed_of: int
    passed: Mapping[Path, Total]


def make_block(group: Group, totals: tuple[Mapping[Path, Total], Mapping[Path, Total]]) -> Block:
    """Return the totals of a group, over all of its sites and over those that passed, with its label."""
    label, members = group
    passed = sum(one.passed for one in members)
    return Block(label=label, of=len(members), all=totals[0], passed_of=passed, passed=totals[1])


def add_up(form: Form, group: Group) -> Block:
    """Return the totals of a group that is made of several."""
    _, members = group
    every, passed = totals_of_parts(form, [members, tuple(one for one in members if one.passed)])
    return make_block(group, (every, passed))
