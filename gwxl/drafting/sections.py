"""The title of a form, the texts that stand over its sections, and those over a few questions."""

from collections.abc import Iterator, Mapping, Sequence

from gwxl.drafting.blocks import Block
from gwxl.drafting.grid import Grid, Spot
from gwxl.drafting.inputs import is_closed
from gwxl.drafting.words import begins_section, find_sheet_unit, is_sequence, read_label

_LONG = 60  # characters of a line that explains, not entitles
_ENTITLED = 4  # rows from the top in which a title stands


def find_title(grid: Grid) -> str:
    """Return the largest text of the first rows, the first that stands alone among those alike; empty without one."""
    first = [spot for spot in grid.spots.values() if spot.row <= _ENTITLED and 0 < len(spot.text) <= _LONG]
    first = [spot for spot in first if not is_sequence(spot.text)]
    first.sort(key=lambda spot: (-spot.size, _find_alone(grid, spot.row) is not spot, spot.row))
    return read_label(first[0].text).words if first else ""


def find_sections(grid: Grid, blocks: Sequence[Block], title: str) -> Mapping[int, Spot]:
    """Return row → the text that stands over a section there: alone in its row, and numbered or as wide as the form."""
    width = grid.last[1]
    found = {}
    for row, spot in _find_heads(grid, blocks):
        wide = (spot.right - spot.column + 1) * 2 > width > 1
        if (wide or begins_section(spot.text)) and read_label(spot.text).words != title:
            found[row] = spot
    return found


def find_groups(grid: Grid, blocks: Sequence[Block], sections: Mapping[int, Spot], title: str) -> Mapping[int, Spot]:
    """Return row → the text that stands there over the questions that follow, below a section."""
    first = min((block.first for block in blocks), default=0)
    heads = ((row, spot) for row, spot in _find_heads(grid, blocks) if row not in sections)
    return {row: spot for row, spot in heads if row > min(first, *sections, first) and spot.text != title}


def _find_heads(grid: Grid, blocks: Sequence[Block]) -> Iterator[tuple[int, Spot]]:
    """Yield the rows without an input that hold one text, beside a number before it."""
    rows = {row for block in blocks for row in block.rows}
    inside = {row for block in blocks if block.is_grid for row in range(block.first, block.last + 1)}
    for row in sorted(grid.texts.keys() - rows - inside):
        spot = _find_alone(grid, row)
        if spot is not None and len(spot.text) <= _LONG and not find_sheet_unit(spot.text):
            yield row, spot


def _find_alone(grid: Grid, row: int) -> Spot | None:
    """Return the only text of a row, numbers left out; None where there are several, or none."""
    texts = [spot for spot in grid.texts.get(row, ()) if not is_sequence(spot.text) and not is_closed(spot)]
    return texts[0] if len(texts) == 1 else None
