"""Fields that nobody fills in: worked out from numbers of the form by a formula of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeGuard

from gwxl.records.path import Path
from gwxl.rules.compiling import Scope, compile_node
from gwxl.rules.expression import Node


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A field that is worked out.

    Attributes:
        path: its place. node: its formula. needs: the fields it is worked out from.
        decimals: to how many it is rounded, half away from zero as a worksheet does.
    """

    path: Path
    node: Node
    needs: tuple[Path, ...]
    decimals: int

    def value(self, values: Mapping[Path, object]) -> int | Decimal | None:
        """Return what it comes to; None while one of its numbers is not known, and where it would divide by 0."""
        asked = {path: values.get(path) for path in self.needs}
        found = {path: Fraction(one) for path, one in asked.items() if _is_number(one)}
        if len(found) < len(asked):
            return None
        scope = Scope(values={str(path): one for path, one in found.items()}, filled=frozenset())
        try:
            return _round(Fraction(compile_node(self.node)(scope)), self.decimals)
        except ZeroDivisionError:
            return None


def _is_number(value: object) -> TypeGuard[int | Decimal]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _round(exact: Fraction, decimals: int) -> int | Decimal:
    scaled = abs(exact) * 10**decimals
    whole = int(scaled) + (scaled - int(scaled) >= Fraction(1, 2))
    signed = -whole if exact < 0 else whole
    rounded = Decimal(signed).scaleb(-decimals)
    return int(rounded) if rounded == rounded.to_integral_value() else rounded.normalize()
