"""Set up a sheet for the printer: A4, one page wide, page numbers, repeated heads."""

from collections.abc import Collection, Iterator, Mapping

from gwxl.files.excel_limits import HEADER_FOOTER, check_length
from gwxl.wording import text
from gwxl.writer.book import Page

_A4 = 9
_MARGIN = 0.45  # inches, as are the others
_TOP, _BOTTOM = 0.5, 0.65
_LONG, _SHORT = 842.0, 595.0  # A4 in points
_CHARACTER = 6.0  # points a character of column width takes in Excel with the Normal font, 8 pixels
_PADDING = 0.75  # characters Excel adds to each column
_INCH = 72.0
_SMALLEST = 0.62  # of its size: smaller print is hard to read


def set_up_print(
    page: Page,
    language: str,
    columns: tuple[int, int],
    last_row: int,
    head_row: int | None = None,
    *,
    landscape: bool = True,
) -> None:
    """Set paper, margins, print area and footer of a sheet.

    What is printed: the columns from the first to the last given, down to last_row; head_row on every page.
    """
    sheet = page.sheet
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_margins(left=_MARGIN, right=_MARGIN, top=_TOP, bottom=_BOTTOM)
    footer = check_length(f"{page.title}: footer", f"&C&9{text('template.footer', language)}", HEADER_FOOTER)
    sheet.set_footer(footer, {"margin": 0.3})
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.print_area(0, columns[0] - 1, last_row - 1, columns[1] - 1)
    if head_row is not None:
        sheet.repeat_rows(head_row - 1)
    sheet.hide_gridlines(2)
    sheet.set_zoom(100)


def page_breaks(
    heights: Mapping[int, float],
    headings: Collection[int],
    widths: Collection[float],
    *,
    repeated: float = 0.0,
    landscape: bool = True,
) -> Iterator[int]:
    """Yield the rows after which a page ends, so that no heading stays behind at its foot.

    Args:
        heights: row → points, in order, all that is printed.
        headings: rows that belong to the row below.
        widths: of the printed columns, in characters.
        repeated: height of the row repeated on every page but the first, points.
        landscape: the paper lies on its long side.
    """
    usable = _find_room(widths, landscape=landscape)
    rows = list(heights)
    start, used, place = 0, 0.0, 0
    while place < len(rows):
        used += heights[rows[place]]
        if used <= usable or place == start:
            place += 1
            continue
        end = place
        while end - 1 > start and rows[end - 1] in headings:
            end -= 1
        if rows[end - 1] not in headings:  # else they fill the page, which ends where it is full
            place = end
        yield rows[place - 1]
        start, used = place, repeated


def shrinks_to_a_page(heights: Mapping[int, float], widths: Collection[float], *, landscape: bool = True) -> bool:
    """Tell whether rows that need more than a page are legible on one; the arguments are those of page_breaks."""
    height, room = sum(heights.values()), _find_room(widths, landscape=landscape)
    return room < height <= room * _scale(widths, _LONG if landscape else _SHORT) / _SMALLEST


def _find_room(widths: Collection[float], *, landscape: bool) -> float:
    """Return the height of the rows on a page, points."""
    across, down = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
    return (down - (_TOP + _BOTTOM) * _INCH) / _scale(widths, across)


def _scale(widths: Collection[float], across: float) -> float:
    width = sum((width + _PADDING) * _CHARACTER for width in widths)
    return min(1.0, (across - 2 * _MARGIN * _INCH) / width)
