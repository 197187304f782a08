"""Write the very hidden map sheet: the identity, and what every input is and takes."""

from collections.abc import Iterator

from gwxl.form.identity import identity_pairs
from gwxl.form.layout import LAYOUT_PAIR, MAP_SHEET
from gwxl.form.rounds import round_rows
from gwxl.live.inputs import Input
from gwxl.template.issue import Issue
from gwxl.writer.book import Book
from gwxl.writer.locked_page import LockedPage

_WIDTHS = {1: 34.0, 2: 60.0, 3: 12.0, 4: 60.0}


def write_map_sheet(book: Book, issue: Issue) -> None:
    """Add the map sheet: identity pairs, a blank row, then path, label path, kind and rule of every input."""
    page = LockedPage(book, MAP_SHEET)
    page.widths(_WIDTHS)
    for row, cells in enumerate(map_rows(issue), 1):
        for column, value in enumerate(cells, 1):
            page.text(row, column, value, "outside")
    page.sheet.protect("")
    page.sheet.very_hidden()


def map_rows(issue: Issue) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the map sheet: identity, layout version, inputs, round; a blank row is an empty tuple."""
    yield from identity_pairs(issue.identity).items()
    yield LAYOUT_PAIR
    yield ()
    for item in issue.inputs:
        yield item.path, issue.form.label_path(item.path), str(item.kind), normalise_rule(item)
    if issue.review is not None:
        yield ()
        yield from round_rows(issue.review.sent)


def normalise_rule(item: Input) -> str:
    """Return the limits of an input as ``name=value`` pairs, sorted; empty where nothing limits it."""
    if item.limits is None:
        return ""
    names = ("earliest", "latest", "max_length", "maximum", "min_length", "minimum", "pattern")
    values = {name: getattr(item.limits, name) for name in names}
    pairs = [f"{name}={value}" for name, value in values.items() if value is not None]
    return ";".join([*pairs, *(["required"] if item.limits.required else [])])
