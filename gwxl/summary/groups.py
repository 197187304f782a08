"""The groups of sites a summary adds up: all of them, and one an answer of the field that divides it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gwxl.form.definition import Form
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.totals.adding import Total, totals


@dataclass(frozen=True, kw_only=True)
class Block:
    """The totals of one group of sites: all of them, and those that passed, with how many there are of each."""

    label: str
    of: int
    all: Mapping[Path, Total]
    passed_of: int
    passed: Mapping[Path, Total]


def block_of(form: Form, label: str, members: Sequence[Receipt]) -> Block:
    """Add up a group of sites."""
    passed = tuple(one for one in members if one.passed)
    added, added_passed = totals(form, members), totals(form, passed)
    return Block(label=label, of=len(members), all=added, passed_of=len(passed), passed=added_passed)
