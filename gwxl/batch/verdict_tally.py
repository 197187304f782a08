"""Add up how the verdicts that programs stored in the returns agree with the checker's: evidence of real programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gwxl.records.receipt import Difference, Receipt
from gwxl.records.submission import Source


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How many 核对 cells of a program's returns were compared, and those that differ, each with its file."""

    compared: int = 0
    differences: tuple[tuple[Source, Difference], ...] = ()


def compare_programs(receipts: Sequence[Receipt]) -> Mapping[str, Comparison]:
    """Return program → comparison, by name; a program that no return was saved by is absent."""
    found: dict[str, Comparison] = {}
    for receipt in receipts:
        if (agreement := receipt.agreement) is not None:
            before = found.get(agreement.program, Comparison())
            differences = ((receipt.source, one) for one in agreement.differences)
            found[agreement.program] = Comparison(
                compared=before.compared + agreement.compared,
                differences=(*before.differences, *differences),
            )
    return dict(sorted(found.items()))
