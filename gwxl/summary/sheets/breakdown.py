"""分类汇总: the form again, each field with its sum or mean, counts and spread, for all and by one choice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gwxl.form.definition import Field
from gwxl.form.kinds import Aggregate
from gwxl.form.parts import Column
from gwxl.records.path import Path
from gwxl.summary.columns import decimal_format, plain
from gwxl.summary.groups import Block
from gwxl.summary.page import LINE_HEIGHT, Page, Put, fits, lines_of, width_for
from gwxl.summary.sites import Sites
from gwxl.totals.adding import Total
from gwxl.totals.arithmetic import Number
from gwxl.wording import text
from gwxl.writer.printing import page_breaks, set_up_print

PARTS = ("value", "n", "minimum", "median", "maximum", "passed", "passed_n")
_IN_VIEW = 2  # of the parts of a group
_LABEL_WIDTHS = (8, 33, 6, 15)
_COUNTED = 9
BAND_ROW, HEAD_ROW, _FIRST_ROW = 3, 4, 5
KEY = "#key"
"""What heads the hidden column that says which figure a row holds."""
_WIDEST, _SCALE = 250, 52  # characters that can still be read on a page across, and the scale that makes them fit


@dataclass(frozen=True, kw_only=True)
class Item:
    """One row: a field, one answer of it, or a column of a table."""

    path: Path
    number: str
    label: str
    unit: str
    how: str
    note: str = ""
    mean: bool = False
    spread: bool = False
    answer: str = ""
    choice: bool = False

    @property
    def key(self) -> str:
        """Return what can be asked of a row: the path of a field, a choice or a column."""
        return Path(self.path, self.answer) if self.choice else self.path


def write_breakdown(page: Page, sites: Sites) -> None:
    """Write the sheet: a band a section, a row an item, a block of columns a group of sites.

    Of a group the sum and how many count are in view; the rest of its block is folded away, and not printed.
    """
    groups, parts = sites.blocks, _widths(sites)
    _heads(page, sites, groups, parts)
    headings: set[int] = set()
    wide = len(_LABEL_WIDTHS) + len(groups) * len(PARTS)
    for section in sites.batch.form.sections:
        headings.add(_band(page, section.number, section.label, "band", wide))
        heading = ""
        for field in section.fields:
            if field.group and field.group != heading:
                group = section.group(field.group)
                headings.add(_band(page, group.number, group.label, "group", wide))
            heading = field.group
            for item in items(page, field):
                _line(page, sites, item, groups)
    _print(page, len(groups), parts, headings)


def _widths(sites: Sites) -> tuple[float, ...]:
    """Return the widths of a block's columns, in which its largest numbers are seen whole."""
    found = list(sites.totals.values())
    sums = [one.value for one in found if isinstance(one.value, Number)]
    ends = [end for one in found for end in (one.minimum, one.maximum) if end is not None]
    value, spread = (
        width_for((f"{number:,.0f}" for number in numbers), least, most)
        for numbers, least, most in ((sums, 13, 26), (ends, 10, 24))
    )
    return value, _COUNTED, spread, spread, spread, value, _COUNTED


def _band(page: Page, number: str, label: str, style: str, wide: int) -> int:
    blank = [Put(None, style) for _ in range(wide - 2)]
    return page.line(Put(number, f"{style}_head"), Put(label, style), *blank, height=20 if style == "band" else None)


def _print(page: Page, groups: int, parts: tuple[float, ...], headings: set[int]) -> None:
    """Print one page wide where it can be read so, else as many groups to a page as fit, behind the labels."""
    labels, first, rest = sum(_LABEL_WIDTHS), sum(parts), sum(parts[:_IN_VIEW])
    last = len(_LABEL_WIDTHS) + groups * len(PARTS)
    set_up_print(page, page.language, (1, last), page.next_row - 1)
    page.sheet.freeze_panes(_FIRST_ROW - 1, 2)
    page.sheet.repeat_rows(2, _FIRST_ROW - 2)
    page.sheet.repeat_columns(0, len(_LABEL_WIDTHS) - 1)
    widths = [*_LABEL_WIDTHS, *parts, *parts[:_IN_VIEW] * (groups - 1)]
    if sum(widths) > _WIDEST:
        page.sheet.set_print_scale(_SCALE)  # it ends the fitting to one page's width
        ends, used, widths = [], labels + first, [_WIDEST]
        for group in range(1, groups):
            if used + rest > _WIDEST:
                ends.append(len(_LABEL_WIDTHS) + group * len(PARTS))
                used = labels
            used += rest
        page.sheet.set_v_pagebreaks(ends)
    repeated = sum(page.heights[row] for row in range(3, _FIRST_ROW))
    page.breaks(page_breaks(page.heights, headings, widths, repeated=repeated))


def _heads(page: Page, sites: Sites, groups: tuple[Block, ...], parts: tuple[float, ...]) -> None:
    page.widths(*_LABEL_WIDTHS, *(parts * len(groups)))
    starts = range(len(_LABEL_WIDTHS) + 1, len(_LABEL_WIDTHS) + len(groups) * len(PARTS) + 1, len(PARTS))
    for start in starts[1:]:
        page.fold(start + _IN_VIEW, start + len(PARTS) - 1, parts[_IN_VIEW:])
    page.line(Put(page.say("breakdown.title", heading=sites.heading), "title"), height=26)
    page.line(Put(page.say("breakdown.note") + (page.say("breakdown.folded") if len(groups) > 1 else ""), "note"))
    room = sum(parts[:_IN_VIEW])
    rooms = [sum(parts), *(room for _ in groups[1:])]
    names = [_tell_size(page, block, one) for block, one in zip(groups, rooms, strict=True)]
    height = 8 + LINE_HEIGHT * max(lines_of(name, room) for name in names[1:] or [""])
    row = page.line(*(Put(None, "band") for _ in _LABEL_WIDTHS), height=height)
    for start, name in zip(starts, names, strict=True):
        page.spread(row, Put(name, "band_head"), first=start, last=start + len(PARTS) - 1)
    heads = [page.say(f"head.{name}") for name in ("number", "item", "unit", "how")]
    heads += [page.say(f"part.{part}") for part in PARTS] * len(groups)
    page.line(*(Put(name, "head") for name in heads), Put(KEY, "key"), height=34)
    page.hide(len(heads) + 1)


def _tell_size(page: Page, block: Block, room: float) -> str:
    """Return the name of a block and how many are in it, these on a line of their own where both are not on one."""
    label, size = block.label, page.say("breakdown.block", label="", of=block.of, passed=block.passed_of).strip()
    name = page.say("breakdown.block", label=label, of=block.of, passed=block.passed_of)
    return name if lines_of(name, room) == 1 else f"{label}\n{size}"


def items(page: Page, field: Field) -> Iterator[Item]:
    """Yield the rows of a field: itself where it is added up, its answers, the columns of a table."""
    how = page.say(f"how.{field.aggregate if field.kind.is_written else field.kind}")
    base = Item(path=field.path, number=field.number, label=field.label, unit=field.unit, how=how, note=field.note)
    if field.kind.has_choices and field.aggregate is not Aggregate.NONE:
        yield replace(base, how="", answer="#")
        for choice in field.choices:
            yield replace(
                base,
                number="",
                label=text("mark.indent", page.language) + choice.label,
                how=how,
                note="",
                answer=choice.key,
                choice=True,
            )
    elif field.kind.is_table:
        yield replace(base, unit=page.say("table.rows"))
        for column in field.columns:
            if column.aggregate is not Aggregate.NONE:
                yield _column_item(page, field, column.key)
    elif field.kind.is_yes_no:
        yield replace(base, answer="true")
    elif field.aggregate is not Aggregate.NONE:
        yield replace(base, mean=field.aggregate is Aggregate.MEAN, spread=field.kind.is_number)


def _column_item(page: Page, field: Field, key: str) -> Item:
    column = field.column(key)
    return Item(
        path=Path(field.key, key),
        number="",
        label=text("mark.indent", page.language) + column.label,
        unit=column.unit,
        how=page.say(say_how(column)),
        note=column.note,
        mean=column.aggregate is Aggregate.MEAN,
        spread=True,
    )


def say_how(column: Column) -> str:
    """Return the key of how a column of a table is added up; in a mean every row weighs the same."""
    return "how.mean_of_rows" if column.aggregate is Aggregate.MEAN else f"how.{column.aggregate}"


def _line(page: Page, sites: Sites, item: Item, groups: tuple[Block, ...]) -> None:
    label = item.label + (page.say("note_line", note=item.note) if item.note else "")
    cells = [Put(item.number, "centre"), Put(label, "text"), Put(item.unit, "centre"), Put(item.how, "centre")]
    for block in groups:
        cells += _block_cells(page, sites, item, block)
    page.line(*cells, Put(item.key, "key"))


def _block_cells(page: Page, sites: Sites, item: Item, block: Block) -> list[Put]:
    total, passed = block.all[item.path], block.passed[item.path]
    spread = [total.minimum, total.median, total.maximum] if item.spread else [None] * 3
    return [
        number_put(page, sites, item, value_of(item, total), strong=True),
        Put(_tell_count(item, total), "of"),
        *(number_put(page, sites, item, one) for one in spread),
        number_put(page, sites, item, value_of(item, passed), strong=True),
        Put(_tell_count(item, passed), "of"),
    ]


def _tell_count(item: Item, total: Total) -> str | None:
    """Return how many of how many sites count; an answer says so only where it is not what its question says."""
    n, of = total.choices.get(item.answer, (total.n, total.of))
    if item.answer in {"", "#", "true"} or of != total.of:
        return f"{n} / {of}"
    return None


def value_of(item: Item, total: Total) -> Number | None:
    """Return the one number of an item in a total."""
    return total.value if isinstance(total.value, Number | None) else total.value.get(item.answer)


def number_put(page: Page, sites: Sites, item: Item, value: Number | None, *, strong: bool = False) -> Put:
    """Return the cell of a number with the decimals of its field; a mean has as many digits as a cell holds."""
    plain_style, exact = ("total", "total_exact") if strong else ("number", "exact")
    if value is None:
        return Put(None, plain_style)
    if not fits(value) and not item.mean:
        return Put(page.say("long_number", value=plain(value)), exact)
    form = sites.number_format(item.path)
    if not form and not isinstance(value, int):
        form = decimal_format(2 if item.mean else 1)  # of whole numbers a mean or a median may lie between two
    return Put(value, plain_style, form)
