"""The main figures of a form as its own declaration gives them, by kind of site, with a chart."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gwxl.form.headlines import headlines
from gwxl.summary.groups import Block, add_up
from gwxl.summary.page import Page, Put
from gwxl.summary.sheets.breakdown import Item, items, number_put, value_of
from gwxl.summary.sites import Sites
from gwxl.summary.styles import FONT, LINE, SERIES
from gwxl.totals.arithmetic import Number
from gwxl.wording import text

MOST_GROUPS = 4
_BAR, _MARGIN = 26, 60  # pixels of a bar with its room, and of the axis and legend of the chart


def main_items(page: Page, sites: Sites) -> list[Item]:
    """Return the rows of the figures that a form puts first."""
    form = sites.batch.form
    found = {item.key: item for field in form.fields.values() for item in items(page, field) if item.answer != "#"}
    return [replace(found[path], label=_label(sites, found[path])) for path in headlines(form)]


def _label(sites: Sites, item: Item) -> str:
    form = sites.batch.form
    choices = {choice.key: choice.label for choice in form.field_of(item.path).choices}
    label = form.label(item.path) + (f"·{choices[item.answer]}" if item.answer in choices else "")
    return label + text("summary.unit", sites.language, unit=item.unit) if item.unit else label


def main_groups(page: Page, sites: Sites) -> list[Block]:
    """Return the kinds of sites, the most frequent ones where there are many, and what is left of them together."""
    groups = sites.blocks[1:]
    if len(groups) <= MOST_GROUPS:
        return list(groups)
    most = sorted(range(len(groups)), key=lambda number: -groups[number].of)[: MOST_GROUPS - 1]
    others = [members for number, (_, members) in enumerate(sites.groups) if number not in most]
    label = page.say("overview.others", count=len(others))
    kept = [group for number, group in enumerate(groups) if number in most]
    rest = tuple(one for members in others for one in members)
    return [*kept, add_up(sites.batch.form, (label, rest))]


def figure_rows(page: Page, sites: Sites, groups: Sequence[Block], *, passed_too: bool) -> Iterator[list[Put]]:
    """Yield a row a main figure: label, total, how many count, then each group, or what passed and the spread."""
    for item in main_items(page, sites):
        total, passed = sites.totals[item.path], sites.totals_passed[item.path]
        label = item.label + (page.say("note_line", note=item.note) if item.note else "")
        if groups:
            values: list[Number | None] = [value_of(item, block.all[item.path]) for block in groups]
            values[:0] = [value_of(item, passed)] if passed_too else []
        else:
            values = [value_of(item, passed), *((total.minimum, total.median, total.maximum) if item.spread else ())]
        n, of = total.choices.get(item.answer, (total.n, total.of))
        yield [
            Put(label, "text"),
            number_put(page, sites, item, value_of(item, total), strong=True),
            Put(f"{n} / {of}", "of"),
            *(number_put(page, sites, item, value) for value in values),
        ]


def draw_shares(page: Page, groups: Sequence[Block], rows: range, columns: range) -> None:
    """Draw each main figure as one bar, divided by kind of site: figures of any size stand beside each other.

    Args:
        page: the sheet that holds the figures.
        groups: the kinds.
        rows: the heads and the rows below them.
        columns: of the kinds, to the last of the page.
    """
    head_row, first, last = rows[0], rows[1], rows[-1]
    start, last_column = columns[0], columns[-1]
    chart = page.book.chart("bar", "percent_stacked")
    for number in range(len(groups)):
        column = start + number - 1
        chart.add_series(
            {
                "name": [page.title, head_row - 1, column],
                "categories": [page.title, first - 1, 1, last - 1, 1],
                "values": [page.title, first - 1, column, last - 1, column],
                "fill": {"color": SERIES[number]},
                "gap": 45,
            }
        )
    font = {"name": FONT, "size": 8}
    chart.set_title({"none": True})
    chart.set_legend({"position": "bottom", "font": font})
    lines = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    chart.set_x_axis({"num_font": font, "num_format": "0%", "major_gridlines": lines, "line": {"none": True}})
    chart.set_y_axis({"num_font": font, "reverse": True, "crossing": "max", "interval_unit": 1})
    chart.set_chartarea({"border": {"none": True}})
    page.draw(chart, height=_MARGIN + _BAR * (last - first + 1), first=2, last=last_column)
