"""Inputs that stand side by side under heads: the rows of a list, or the rows and columns of a matrix."""

from collections.abc import Iterator, Mapping, Sequence

from gwxl.drafting.blocks import Block, find_heads, find_left
from gwxl.drafting.draft import Doubt, Head, Question, Shape
from gwxl.drafting.formulas import find_added
from gwxl.drafting.grid import Grid, Spot
from gwxl.drafting.scalars import make_question
from gwxl.drafting.words import is_said_of_numbers, is_sequence, is_unit, read_label

_LISTED = 3  # rows without words of their own that make a list
_OFFERED = 20  # rows of a list whose workbook shows fewer
_NUMBERS = frozenset({"count", "decimal"})

Heads = Mapping[int, tuple[Spot, ...]]


def draft_grid(grid: Grid, block: Block, unit: str) -> list[Question]:
    """Return the questions of inputs under heads: a table, a matrix, or one a cell where it is neither."""
    columns = sorted(block.columns | _find_calculated(grid, block))
    heads = find_heads(grid, block, columns)
    labels = {row: _find_row_labels(grid, block, row) for row in block.rows}
    blank = [row for row, spots in labels.items() if not spots]
    if len(labels) > 1 and (len(blank) >= _LISTED or len(blank) * 2 > len(labels)):
        return [_draft_table(grid, block, heads)]
    kinds = {make_question(grid, spot, "", _unit_of(heads, spot)).kind for spot in _inputs(block)}
    if len(labels) > 1 and (kinds <= _NUMBERS or all(_is_plain(grid, spot) for spot in _inputs(block))):
        return [_draft_matrix(grid, block, heads, unit)]
    return list(_draft_cells(grid, block, heads, labels, unit))


def _inputs(block: Block) -> Iterator[Spot]:
    for spots in block.rows.values():
        yield from spots


def _is_plain(grid: Grid, spot: Spot) -> bool:
    """Tell whether a cell says nothing of what it holds: in rows and columns that is a number."""
    del grid
    return spot.bound is None and spot.format == "General" and not spot.text


def _find_calculated(grid: Grid, block: Block) -> set[int]:
    """Return the columns among, or right of, those of a block in which formulas stand in its rows."""
    last = grid.last[1]
    return {
        column
        for column in range(min(block.columns), last + 1)
        if column not in block.columns
        and any((spot := grid.at(row, column)) and spot.formula and spot.column == column for row in block.rows)
    }


def _find_row_labels(grid: Grid, block: Block, row: int) -> list[Spot]:
    """Return the words on the left of a row, the innermost first; numbers and units are none."""
    return [spot for spot in find_left(grid, row, min(block.columns))
            if not is_sequence(spot.text) and not is_unit(spot.text)]  # fmt: skip


def _label_of(heads: Sequence[Spot]) -> str:
    words = [spot for spot in heads if not is_sequence(spot.text)]
    return read_label(words[-1].text).words if words else ""


def _unit_of(heads: Heads, spot: Spot) -> str:
    return next((unit for one in reversed(heads.get(spot.column, ())) if (unit := read_label(one.text).unit)), "")


def _draft_table(grid: Grid, block: Block, heads: Heads) -> Question:
    first = block.rows[block.first]
    place = f"{grid.title}!{first[0].address}"
    columns: list[Question] = []
    taken: list[int] = []
    for column in sorted(block.columns):
        spot = next(one for one in _inputs(block) if one.column == column)
        words = _label_of(heads.get(column, ()))
        if is_said_of_numbers(words) and spot.text and is_sequence(spot.text):
            continue
        one = make_question(grid, spot, words or spot.address, _unit_of(heads, spot))
        if not words:
            one.doubts.append(Doubt(place=one.place, key="drafting.no_label", said=spot.address))
        columns.append(one)
        taken.append(column)
    _tell_apart(columns, [heads.get(column, ()) for column in taken])
    table = Question(label="", kind="table", place=place, columns=tuple(columns))
    table.rows = max(_OFFERED, block.last - block.first + 1)
    keys = {column: place for place, column in enumerate(taken, 1)}
    table.cells = tuple(
        (spot.address, f"c{keys[spot.column]}", row)
        for row, spots in enumerate(block.rows.values(), 1)
        for spot in spots
        if spot.column in keys
    )
    return table


def _tell_apart(columns: Sequence[Question], heads: Sequence[Sequence[Spot]]) -> None:
    """Put the heads above before labels of which there are two."""
    labels = [one.label for one in columns]
    for one, spots in zip(columns, heads, strict=True):
        above = [read_label(spot.text).words for spot in spots]
        if labels.count(one.label) > 1 and len(above) > 1:
            one.label = "·".join(above)


def _draft_cells(
    grid: Grid, block: Block, heads: Heads, labels: Mapping[int, list[Spot]], unit: str
) -> Iterator[Question]:
    for row, spots in block.rows.items():
        words = read_label(labels[row][0].text).words if labels[row] else ""
        for spot in spots:
            label = "·".join(part for part in (words, _label_of(heads.get(spot.column, ()))) if part) or spot.address
            yield make_question(grid, spot, label, _unit_of(heads, spot), unit)


def _draft_matrix(grid: Grid, block: Block, heads: Heads, unit: str) -> Question:
    lines = _collect_rows(grid, block)
    columns = sorted(heads)
    below = {column: f"c{place}" for place, column in enumerate(columns, 1)}
    across = {row: f"r{place}" for place, row in enumerate(lines, 1)}
    first = block.rows[block.first][0]
    question = make_question(grid, first, "", _unit_of(heads, first))
    if question.kind not in _NUMBERS:
        question.kind = "count"
    decimal = any(make_question(grid, spot, "", _unit_of(heads, spot)).kind == "decimal" for spot in _inputs(block))
    question.kind = "decimal" if decimal else question.kind
    question.unit = question.unit or unit
    question.matrix = Shape(
        rows=_nest(((lines[row], across[row], row) for row in lines), _sums_of_rows(grid, lines, columns)),
        columns=_nest(
            ((heads[column], below[column], column) for column in columns), _sums_of_columns(grid, lines, columns)
        ),
        closed=tuple(_find_closed(grid, block, across, below)),
    )
    question.kind = f"matrix {question.kind}"
    question.cells = tuple(
        (spot.address, below[spot.column], across[spot.row]) for spot in _inputs(block) if spot.row in across
    )
    return question


def _collect_rows(grid: Grid, block: Block) -> dict[int, tuple[Spot, ...]]:
    """Return row → its words, the outermost first, of each row with an input or a formula."""
    found = {}
    for row in range(block.first, _end_of(grid, block) + 1):
        labels = tuple(reversed([one for one in find_left(grid, row, min(block.columns)) if not is_unit(one.text)]))
        labels = tuple(one for one in labels if not is_sequence(one.text))
        cells = [grid.at(row, column) for column in block.columns]
        if labels and any(cell and (row in block.rows or cell.formula) for cell in cells):
            found[row] = labels
    return found


def _end_of(grid: Grid, block: Block) -> int:
    """Return the last row of a block, rows of totals below it included."""
    row = block.last
    while any((spot := grid.at(row + 1, column)) and spot.formula for column in block.columns):
        row += 1
    return row


def _nest(lines: Iterator[tuple[tuple[Spot, ...], str, int]], sums: Mapping[int, frozenset[int]]) -> tuple[Head, ...]:
    """Return the lines under their heads: what covers several of them stands over them."""
    found: list[Head] = []
    keys: dict[int, str] = {}
    open_heads: dict[tuple[int, int], tuple[str, Head]] = {}
    over: dict[str, set[int]] = {}
    for spots, key, place in lines:
        level = found
        for depth, spot in enumerate(spots[:-1]):
            name = f"{key}_{depth}"
            _, head = open_heads.setdefault(spot.place, (name, _head(spot, f"h{name}")))
            if head not in level:
                level.append(head)
            over.setdefault(head.key, set()).add(place)
            level = head.below
        printed = spots[-1] if spots else None
        line = _head(printed, key) if printed else Head(key=key, label=key)
        level.append(line)
        keys[place] = key
    _say_sums(found, keys, sums, over)
    return tuple(found)


def _head(spot: Spot, key: str) -> Head:
    printed = read_label(spot.text)
    return Head(key=key, label=printed.words, number=printed.number)


def _say_sums(
    found: list[Head], keys: Mapping[int, str], sums: Mapping[int, frozenset[int]], over: Mapping[str, set[int]]
) -> None:
    plain = frozenset(keys) - sums.keys()
    named = {key: line for line in _walk(found) for key in (line.key,)}
    for place, parts in sums.items():
        line = named[keys[place]]
        leaves = _leaves_of(parts, sums)
        head = next((key for key, members in over.items() if members - sums.keys() == leaves), "")
        line.sums = (
            "*"
            if leaves == plain
            else f"{head}.*"
            if head
            else tuple(keys[part] for part in sorted(leaves) if part in keys)
        )


def _leaves_of(parts: frozenset[int], sums: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Return what a total adds up, in the place of each total among it what that adds up."""
    found: frozenset[int] = frozenset()
    for part in parts:
        found |= (
            _leaves_of(sums[part], {key: value for key, value in sums.items() if key != part})
            if part in sums
            else {part}
        )
    return found


def _walk(heads: Sequence[Head]) -> Iterator[Head]:
    for head in heads:
        yield head
        yield from _walk(head.below)


def _sums_of_columns(grid: Grid, lines: Mapping[int, object], columns: Sequence[int]) -> Mapping[int, frozenset[int]]:
    """Return column → the columns its formulas add up, the same in each row."""
    found = {}
    for column in columns:
        added = {frozenset(cell[1] for cell in cells if cell[0] == row)
                 for row in lines if (cells := find_added(grid.at(row, column)))}  # fmt: skip
        added.discard(frozenset())
        if len(added) == 1 and (parts := added.pop() & frozenset(columns)) and column not in parts:
            found[column] = parts
    return found


def _sums_of_rows(grid: Grid, lines: Mapping[int, object], columns: Sequence[int]) -> Mapping[int, frozenset[int]]:
    """Return row → the rows its formulas add up, the same in each column."""
    found = {}
    for row in lines:
        added = {frozenset(cell[0] for cell in cells if cell[1] == column)
                 for column in columns if (cells := find_added(grid.at(row, column)))}  # fmt: skip
        added.discard(frozenset())
        added.discard(frozenset({row}))
        if len(added) == 1 and (parts := added.pop() & frozenset(lines)) and row not in parts:
            found[row] = parts
    return found


def _find_closed(grid: Grid, block: Block, across: Mapping[int, str], below: Mapping[int, str]) -> Iterator[str]:
    open_cells = {spot.place for spot in _inputs(block)}
    for row, key in across.items():
        for column, inner in below.items():
            spot = grid.at(row, column)
            if (row, column) not in open_cells and not (spot and spot.formula):
                yield f"{key}.{inner}"
