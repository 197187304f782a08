"""The sheet of a matrix field: the form's own shape again, once for each selection of sites."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gwxl.form.kinds import Aggregate
from gwxl.form.layout import lay_out
from gwxl.form.matrices.area import Caption, MatrixArea
from gwxl.form.matrix import Line
from gwxl.records.path import Path
from gwxl.summary.groups import Block
from gwxl.summary.page import LINE_HEIGHT, ROW_HEIGHT, Page, Put, lines_of, width_for
from gwxl.summary.sheets.breakdown import Item, number_put
from gwxl.summary.sites import Sites
from gwxl.summary.styles import COUNT, EDGE
from gwxl.totals.adding import Total
from gwxl.totals.arithmetic import Number
from gwxl.wording import text
from gwxl.writer.printing import page_breaks, set_up_print

ROW = "#row"
"""What heads the hidden column that keys the rows."""
FIRST_ROW = 3
INCOMPLETE = '"*"'
"""What the number format of a figure ends with that not all who were asked gave: parts and total may then differ."""
PART = "#part"
"""What stands in it above the rows of each selection of sites."""
_KEY, _LABEL, _LAST_LABEL = 8.0, 14.0, 30.0
_LEAST, _MOST = 11.0, 26.0
_HEAD_EDGE = 8.0  # points above and below the words of a head
_PORTRAIT = 130.0  # characters of columns beyond which a page lies on its long side


@dataclass(frozen=True, kw_only=True)
class Part:
    """The totals of one selection of sites: all, those that passed, or one kind."""

    name: str
    totals: Mapping[Path, Total]


def added_matrices(sites: Sites) -> Iterator[MatrixArea]:
    """Yield where each matrix stands whose cells are added up, in the order of the form."""
    areas = lay_out(sites.batch.form).matrices
    yield from (area for area in areas if area.matrix.aggregate is not Aggregate.NONE)


def list_parts(sites: Sites) -> tuple[Part, ...]:
    """Return the selections of sites: all, those that passed, each kind of the field that divides the summary."""
    every, *groups = sites.blocks
    every_name = text("summary.table.all", sites.language, count=every.of)
    passed_name = text("summary.table.passed", sites.language, count=every.passed_of)
    return (
        Part(name=every_name, totals=every.all),
        Part(name=passed_name, totals=every.passed),
        *(Part(name=_tell_size(sites, block), totals=block.all) for block in groups),
    )


def _tell_size(sites: Sites, block: Block) -> str:
    return text("summary.breakdown.block", sites.language, label=block.label, of=block.of, passed=block.passed_of)


def write_matrix(page: Page, sites: Sites, area: MatrixArea) -> None:
    """Write the sheet: heads merged as in the form, closed cells grey, a figure in each other cell."""
    parts = list_parts(sites)
    widths = _find_widths(sites, area, parts)
    page.widths(*widths.values())
    page.hide(1)
    unit = page.say("unit", unit=area.matrix.unit) if area.matrix.unit else ""
    page.line(None, Put(page.say("matrix.title", heading=sites.heading, label=area.field.label + unit), "title"))
    page.height(1, 26)
    keys = [Put(line.key, "key") for line in area.matrix.columns]
    page.line(Put(ROW, "key"), *([None] * area.label_depth), *keys, hidden=True)
    page.write_across(Put(page.say("matrix.note"), "note"), first=2, last=area.last_column)
    together: set[int] = set()
    for part in parts:
        start = page.next_row
        _write_part(page, sites, area, part, widths)
        together |= set(range(start, page.next_row - 1))
    across = sum(widths.values()) > _PORTRAIT
    set_up_print(page, page.language, (2, area.last_column), page.next_row - 1, landscape=across)
    page.sheet.freeze_panes(1, area.first_column - 1)
    printed = {row: height for row, height in page.heights.items() if row != FIRST_ROW - 1}
    page.breaks(page_breaks(printed, together, list(widths.values())[1:], landscape=across))


def _find_widths(sites: Sites, area: MatrixArea, parts: tuple[Part, ...]) -> Mapping[int, float]:
    """Return column → the width in which its figures, and the words of its answers, are seen whole."""
    widths = {1: _KEY, **dict.fromkeys(range(2, area.first_column), _LABEL), area.first_column - 1: _LAST_LABEL}
    for column in area.matrix.columns:
        cells = [area.matrix.path(row, column) for row, one in area.matrix.cells if one is column]
        words = [_say(sites, path, part.totals[path]) for path in cells for part in parts]
        widths[area.columns[column.key]] = width_for((line for one in words for line in one.split("\n")), _LEAST, _MOST)
    return widths


def _say(sites: Sites, path: Path, total: Total) -> str:
    if isinstance(total.value, Mapping):
        return _tally(sites, path, total.value)
    return f"{total.value:,.{sites.decimals.get(path, 0)}f}" if total.value is not None else ""


def _tally(sites: Sites, path: Path, counts: Mapping[str, int]) -> str:
    """Return how often each answer was given, one a line; of yes and no, how often yes."""
    choices = sites.batch.form.fields[path].choices
    return "\n".join(f"{one.label} {counts[one.key]}" for one in choices) if choices else str(counts["true"])


def _write_part(page: Page, sites: Sites, area: MatrixArea, part: Part, widths: Mapping[int, float]) -> None:
    page.skip()
    blank = [Put(None, "band") for _ in range(2, area.last_column)]
    page.line(Put(PART, "key"), Put(part.name, "band"), *blank, height=20)
    down = page.next_row - (area.key_row + 1)
    for row in range(area.key_row + 1, area.head_row + 1):
        page.line(height=_measure(row, area.column_captions, widths))
    corner = (area.key_row + 1 + down, 2, area.head_row + down, area.first_column - 1)
    page.merge(corner, sites.batch.form.say("column.label"), "head")
    for one in area.column_captions:
        _merge(page, one, down, "head")
    for line in area.matrix.rows:
        puts = [_put(page, sites, area, part, (line, column)) for column in area.matrix.columns]
        cells = [Put(area.key_of(line), "key"), *([None] * area.label_depth), *puts]
        page.line(*cells, height=max(page.height_of(cells), _measure(area.rows[line.key], area.row_captions, widths)))
    for one in area.row_captions:
        _merge(page, one, down, "text")


def _measure(row: int, captions: tuple[Caption, ...], widths: Mapping[int, float]) -> float:
    """Return the height a row needs for the labels that stand in it alone or end in it."""
    ending = [one for one in captions if one.last_row == row and one.words]
    rooms = [sum(widths[at] for at in range(one.first_column, one.last_column + 1)) for one in ending]
    rows = [one.last_row - one.first_row + 1 for one in ending]
    lines = [lines_of(one.words, room) - (n - 1) for one, room, n in zip(ending, rooms, rows, strict=True)]
    return max(ROW_HEIGHT, LINE_HEIGHT * max([1, *lines]) + _HEAD_EDGE)


def _merge(page: Page, one: Caption, down: int, style: str) -> None:
    page.merge((one.first_row + down, one.first_column, one.last_row + down, one.last_column), one.words, style)


def _put(page: Page, sites: Sites, area: MatrixArea, part: Part, pair: tuple[Line, Line]) -> Put:
    row, column = pair
    if (row.key, column.key) in area.matrix.closed:
        return Put(None, "closed")
    path = area.matrix.path(row, column)
    total, asked = part.totals[path], sites.batch.form.fields[path]
    if isinstance(total.value, Mapping) and asked.choices:
        return Put(_tally(sites, path, total.value), "centre")
    item = Item(path=path, number="", label="", unit="", how="", mean=asked.aggregate is Aggregate.MEAN)
    put = number_put(page, sites, item, number_of(total), strong=bool(asked.sums))
    if total.n == total.of or not isinstance(put.value, Number):
        return put
    return replace(put, number_format=(put.number_format or COUNT).removesuffix(EDGE) + INCOMPLETE)


def number_of(total: Total) -> Number | None:
    """Return the one number of a cell: the sum, the mean, or how many said yes; None of a choice."""
    return total.value.get("true") if isinstance(total.value, Mapping) else total.value
