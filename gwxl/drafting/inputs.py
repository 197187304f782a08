"""Which cells of a sheet are filled in: by its locks first, then by its validations, then by its borders."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gwxl.characters import ROW_SPACES
from gwxl.drafting.grid import Grid, Spot

_CLOSED = re.compile(r"[-—–－/／×xX*＊]+")
BOXES = frozenset("□☐○◯■☑")
_BOX = re.compile(f"[{''.join(BOXES)}]")
_MOST_INPUTS = 20_000


class Clue(StrEnum):
    """What says that a cell is filled in, the surest first."""

    LOCK = "lock"
    BOUND = "bound"
    BORDER = "border"


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is filled in on a sheet, row by row; ``clue`` says by what it is known."""

    clue: Clue
    spots: tuple[Spot, ...]


def find_inputs(grid: Grid) -> Inputs:
    """Return what is filled in on a sheet."""
    if grid.protected and (found := tuple(_find_unlocked(grid))):
        return Inputs(clue=Clue.LOCK, spots=_sort(found))
    bound = [spot for spot in grid.spots.values() if spot.bound and not spot.formula and _is_open(spot)]
    framed = [spot for spot in grid.spots.values() if spot.framed and not spot.formula and _is_open(spot)]
    every = {spot.place: spot for spot in (*bound, *framed)}
    return Inputs(clue=Clue.BOUND if bound else Clue.BORDER, spots=_sort(every.values()))


def is_closed(spot: Spot) -> bool:
    """Tell whether a cell says that nothing is filled in there: a dash, a stroke, a cross."""
    return bool(_CLOSED.fullmatch(spot.text))


def find_boxes(text: str) -> tuple[str, ...]:
    """Return the words beside the boxes to tick in a text."""
    parts = _BOX.split(text)[1:]
    return tuple(part.strip(f"{ROW_SPACES}、,，；;/／") for part in parts) if len(parts) > 1 else ()


def _sort(spots: object) -> tuple[Spot, ...]:
    return tuple(sorted(spots, key=lambda spot: spot.place))[:_MOST_INPUTS]  # type: ignore[call-overload]


def _is_open(spot: Spot) -> bool:
    return not spot.text or bool(find_boxes(spot.text))


def _find_unlocked(grid: Grid) -> Iterator[Spot]:
    """Yield what is unlocked and looks like a place to write: framed, bound, or beside a text; not a blank margin."""
    for spot in grid.spots.values():
        if spot.locked or spot.formula or is_closed(spot):
            continue
        beside = grid.at(spot.row, spot.column - 1)
        if spot.framed or spot.bound or spot.filled or (beside is not None and beside.is_written and beside.locked):
            yield spot
