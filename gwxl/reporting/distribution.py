"""How the figures of sites are spread: how many lie in each of a few ranges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

_MOST_STEPS = 10
_WIDE = 100  # times the least figure above 0 that the largest is, where ranges grow tenfold
_STEPS = tuple(map(Decimal, (1, 2, 5, 10, 20)))


@dataclass(frozen=True, kw_only=True)
class Range:
    """A range of figures: from ``least`` on, below ``end``; and how many lie in it."""

    least: Decimal
    end: Decimal
    count: int


def ranges(figures: Sequence[Decimal]) -> tuple[Range, ...]:
    """Return the ranges in which figures lie, in their order, empty ones between them too; none where there are none.

    Figures of one order of magnitude lie in ranges of one width, those of several in ranges each ten times the last.
    """
    if not figures:
        return ()
    edges = list(_edges(min(figures), max(figures), figures))
    return tuple(
        Range(least=least, end=end, count=sum(least <= one < end for one in figures)) for least, end in pairwise(edges)
    )


def _edges(least: Decimal, most: Decimal, figures: Sequence[Decimal]) -> Iterator[Decimal]:
    above = min((one for one in figures if one > 0), default=Decimal(1))
    if least >= 0 and most > above * _WIDE:
        yield from _tenfold(least, above, most)
        return
    step = _step(most - least)
    edge = (least / step).to_integral_value(rounding="ROUND_FLOOR") * step
    while edge <= most:
        yield edge
        edge += step
    yield edge


def _tenfold(least: Decimal, above: Decimal, most: Decimal) -> Iterator[Decimal]:
    if not least:
        yield Decimal(0)
    edge = Decimal(10) ** above.adjusted()
    while edge <= most:
        yield edge
        edge *= 10
    yield edge


def _step(room: Decimal) -> Decimal:
    """Return the least of 1, 2, 5, 10, 20 … that makes ten ranges at most; 1 where nothing is below it."""
    power = Decimal(10) ** max((room / _MOST_STEPS).adjusted(), 0) if room else Decimal(1)
    return next(power * one for one in _STEPS if power * one * (_MOST_STEPS - 1) >= room)
