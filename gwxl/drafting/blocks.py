"""How the inputs of a sheet stand together: one by one beside their labels, or in a grid under heads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gwxl.drafting.grid import Grid, Spot
from gwxl.drafting.inputs import is_closed
from gwxl.drafting.words import is_sequence

_ALIKE = 0.5  # of the columns of two rows, that they share where they are of one grid
_GAP = 2  # rows without an input between two of one grid: a head over some rows, a line of totals


@dataclass
class Block:
    """Rows of inputs under the same heads: row → its inputs; one row alone where they stand beside their labels."""

    rows: dict[int, tuple[Spot, ...]] = field(default_factory=dict)
    columns: set[int] = field(default_factory=set)
    spans: set[tuple[int, int]] = field(default_factory=set)
    is_grid: bool = False

    def add(self, row: int, spots: Sequence[Spot]) -> None:
        """Take in a row."""
        self.rows[row] = tuple(spots)
        self.columns |= {spot.column for spot in spots}
        self.spans |= {(spot.column, spot.right) for spot in spots}

    @property
    def first(self) -> int:
        """Return its first row."""
        return min(self.rows)

    @property
    def last(self) -> int:
        """Return its last row."""
        return max(self.rows)


def find_blocks(grid: Grid, inputs: Sequence[Spot]) -> tuple[Block, ...]:
    """Return the blocks of a sheet from its top."""
    rows: dict[int, list[Spot]] = {}
    for spot in inputs:
        rows.setdefault(spot.row, []).append(spot)
    blocks: list[Block] = []
    for row, spots in sorted(rows.items()):
        grown = blocks[-1] if blocks else None
        if grown and grown.is_grid and _goes_on(grid, grown, row, spots):
            grown.add(row, spots)
            continue
        blocks.append(Block(is_grid=_is_grid_row(grid, spots)))
        blocks[-1].add(row, spots)
    return tuple(blocks)


def _is_grid_row(grid: Grid, spots: Sequence[Spot]) -> bool:
    """Tell whether inputs stand side by side under heads: not each has a text of its own on its left."""
    return any(not _has_own_label(grid, spot) for spot in spots[1:])


def _has_own_label(grid: Grid, spot: Spot) -> bool:
    beside = grid.at(spot.row, spot.column - 1)
    return beside is not None and beside.is_written and not is_closed(beside) and not is_sequence(beside.text)


def _goes_on(grid: Grid, block: Block, row: int, spots: Sequence[Spot]) -> bool:
    if row - block.last > _GAP + 1 or any(_has_own_label(grid, spot) for spot in spots[1:]):
        return False
    spans = {(spot.column, spot.right) for spot in spots}
    shared = len(spans & block.spans) / max(1, min(len(spans), len(block.spans)))
    between = range(block.last + 1, row)
    return shared >= _ALIKE and not any(_has_heads(grid, one, block.columns) for one in between)


def _has_heads(grid: Grid, row: int, columns: set[int]) -> bool:
    """Tell whether a row has texts over the columns of a grid: another one begins."""
    texts = {spot.place for column in columns if (spot := grid.at(row, column)) and spot.is_written
             and not spot.formula and not is_closed(spot)}  # fmt: skip
    return len(texts) > 1


def find_heads(grid: Grid, block: Block, columns: Sequence[int]) -> Mapping[int, tuple[Spot, ...]]:
    """Return column → the texts above it, the outermost first, as far up as they are heads of these columns."""
    found: dict[int, list[Spot]] = {column: [] for column in columns}
    row = block.first - 1
    while row > 0:
        spots = {column: grid.at(row, column) for column in columns}
        if not _is_head_row(grid, row, spots, columns):
            break
        for column, spot in spots.items():
            if spot and spot.is_written and spot not in found[column]:
                found[column].insert(0, spot)
        row = min((spot.row for spot in spots.values() if spot), default=row) - 1 if _spans(spots, row) else row - 1
    return {column: tuple(_drop_counts(texts)) for column, texts in found.items()}


def _drop_counts(texts: Sequence[Spot]) -> Sequence[Spot]:
    """Return the heads without a line that only counts the columns."""
    return [one for one in texts if not is_sequence(one.text)] or texts


def _spans(spots: Mapping[int, Spot | None], row: int) -> bool:
    return all(spot is not None and spot.row < row for spot in spots.values())


def _is_head_row(grid: Grid, row: int, spots: Mapping[int, Spot | None], columns: Sequence[int]) -> bool:
    written = [spot for spot in spots.values() if spot and spot.is_written]
    if not written or any(spot and (spot.formula or (not spot.locked and grid.protected)) for spot in spots.values()):
        return False
    first = grid.at(row, 1)
    whole = first is not None and first.right >= max(columns)
    return not whole and not any(spot.column < min(columns) and spot.right >= max(columns) for spot in written)


def find_left(grid: Grid, row: int, before: int, after: int = 0) -> Iterator[Spot]:
    """Yield the texts of a row between two columns, the nearest to the right one first."""
    column = before - 1
    while column > after:
        spot = grid.at(row, column)
        if spot is None:
            column -= 1
            continue
        if spot.is_written:
            yield spot
        column = spot.column - 1
