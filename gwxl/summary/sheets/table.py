"""汇总表: a row a site, a column a field, totals as live formulas above."""

from collections.abc import Mapping, Sequence

from gwxl.form.definition import Section
from gwxl.form.kinds import Aggregate
from gwxl.records.cell import column_letters
from gwxl.records.path import Path
from gwxl.records.receipt import Receipt
from gwxl.summary.columns import TICK, WEIGHED, Column, plain, put_of
from gwxl.summary.page import A3, Formula, Page, Put, fits, lines_of, link, row_of, width_for
from gwxl.summary.sites import Sites
from gwxl.totals.adding import Total
from gwxl.totals.arithmetic import Number
from gwxl.wording import text
from gwxl.writer.measuring import display_width

# The totals stand above the heads: the rows below the buttons of a filter are those it filters and sorts.
KEY_ROW, TOTAL_ROW, PASSED_ROW, OF_ROW, BAND_ROW, HEAD_ROW, FIRST_ROW = range(2, 9)
LEAD = ("code", "name", "state", "passed", "file", "id")
PASSED_COLUMN, ID_COLUMN = (column_letters(LEAD.index(name) + 1) for name in ("passed", "id"))
_LEAD_WIDTHS = (13, 20, 9, 6, 16, 5)
_MOST_CODE, _MOST_NAME, _MOST_FILE, _MOST_TEXT = 24, 36, 26, 40
_BAND_EDGES = 3
MARKS = {HEAD_ROW: "#head", TOTAL_ROW: "#total", PASSED_ROW: "#passed", OF_ROW: "#of"}
"""What stands in the hidden column of the rows above the sites, so that they are found when the sheet is read back."""
_LEAST, _NOTED, _MOST_TALLIED, _MOST_NUMBER = 13, 36, 56, 26
_MOST_HEAD, _HEAD_LINES = 36, 3


def write_table(page: Page, sites: Sites) -> None:
    """Write the sheet: title, hidden keys, totals, heads, then the sites by code."""
    doubled = _find_doubled(sites)
    set_widths(page, sites)
    page.title_line(page.say("table.title", heading=sites.heading), page.say("table.note") + page.say("no_print"))
    write_keys(page, sites)
    _totals_line(page, sites, passed=False)
    _totals_line(page, sites, passed=True)
    _write_of_line(page, sites)
    write_heads(page, sites, hidden=doubled)
    for column in doubled:
        page.hide(column)
    formats = [sites.number_format(column.path) for column in sites.columns]
    for receipt in sites.batch.accepted:
        figures = [put_of(column, sites.batch.form, receipt)[0] for column in sites.columns]
        shaped = [
            Put(put.value, put.style, form) if form and put.style == "measure" else put
            for put, form in zip(figures, formats, strict=True)
        ]
        page.line(*lead(page, sites, receipt), *shaped)
    finish(page, sites)


def _find_doubled(sites: Sites) -> list[int]:
    """Return the columns that say again, in each row, what code and name in front say."""
    form = sites.batch.form
    said = {form.roles.code: sites.batch.site, form.roles.name: sites.name}
    return [
        number
        for number, column in enumerate(sites.columns, len(LEAD) + 1)
        if (says := said.get(column.path))
        and all(put_of(column, form, one)[0].value == says(one) for one in sites.batch.accepted)
    ]


def set_widths(page: Page, sites: Sites) -> None:
    """Set widths in which numbers, codes, names and the bands of sections are seen whole."""
    accepted, least = sites.batch.accepted, _LEAD_WIDTHS
    lead_widths = (
        width_for(map(sites.batch.site, accepted), least[0], _MOST_CODE),
        width_for(map(sites.name, accepted), least[1], _MOST_NAME),
        *least[2:4],
        width_for((one.source.name for one in accepted), least[4], _MOST_FILE),
        least[5],
    )
    widths = [max(_width(sites, column), _head_width(sites, column)) for column in sites.columns]
    for section in sites.batch.form.sections:
        places = [place for place, column in enumerate(sites.columns) if column.section is section]
        if places:
            missing = display_width(_band(sites, section)) + _BAND_EDGES - sum(widths[place] for place in places)
            widths[places[-1]] += max(missing, 0)
    page.widths(*lead_widths, *widths)
    page.hide(len(LEAD))


def _head_width(sites: Sites, column: Column) -> float:
    """Return a width in which a head takes few lines: on a small screen it is in view as long as the rows below."""
    head = column.head(sites.batch.form, sites.language)
    return next((width for width in range(_LEAST, _MOST_HEAD) if lines_of(head, width) <= _HEAD_LINES), _MOST_HEAD)


def _width(sites: Sites, column: Column) -> float:
    total = sites.totals[column.field.path]
    if not column.added:
        puts = (put_of(column, sites.batch.form, receipt)[0] for receipt in sites.batch.accepted)
        return width_for((str(put.value) for put in puts if put.value is not None), _LEAST, _MOST_TEXT)
    least = _NOTED if column.field.note else _LEAST
    if column.field.kind.is_choice:
        return max(width_for([_tally(sites, column, total) or ""], least, _MOST_TALLIED), least)
    numbers = [one for one in (total.value, total.minimum, total.maximum) if isinstance(one, Number)]
    places = sites.decimals.get(column.path, 0)
    return width_for((f"{one:,.{places}f}  " for one in numbers), least, _MOST_NUMBER)


def write_keys(page: Page, sites: Sites, *, extra: Sequence[str] = ()) -> None:
    """Write the hidden row of keys, by which the sheet is read back."""
    keys = [*(f"#{name}" for name in LEAD), *(_key(column) for column in sites.columns)]
    page.line(*(Put(key, "key") for key in (*keys, *(f"#{name}" for name in extra))), hidden=True)


def write_heads(page: Page, sites: Sites, *, hidden: Sequence[int] = (), extra: Sequence[str] = ()) -> None:
    """Write the rows of bands and heads; the band of a section is named in its first column that is not hidden."""
    bands: list[str] = []
    named: set[Section | None] = {None}
    for number, section in enumerate([None] * len(LEAD) + [column.section for column in sites.columns], 1):
        first = section not in named and number not in hidden
        bands.append(_band(sites, section) if section and first else "")
        named |= {section} if first else set()
    page.line(*(Put(name, "band") for name in (*bands, *("" for _ in extra))), height=20)
    heads = [column.head(sites.batch.form, sites.language) for column in sites.columns]
    names = [MARKS[HEAD_ROW] if name == "id" else page.say(f"head.{name}") for name in LEAD]
    page.heads(*names, *heads, *(page.say(f"head.{name}") for name in extra))


def _band(sites: Sites, section: Section) -> str:
    return text("form.section", sites.batch.form.language, number=section.number, label=section.label)


def _key(column: Column) -> str:
    weight = column.field.weight
    return f"{column.path}{WEIGHED}{weight}" if weight else column.path


def lead(page: Page, sites: Sites, receipt: Receipt) -> list[Put]:
    """Return the cells that name a site: code, name, state, whether it passed, file, hidden number."""
    passed = text("answer.yes" if receipt.passed else "answer.no", page.language)
    return [
        Put(sites.batch.site(receipt), "code"),
        Put(sites.name(receipt), "text"),
        Put(sites.state(receipt), sites.state_style(receipt)),
        Put(passed, "centre"),
        Put(receipt.source.name, "small"),
        Put(sites.id(receipt), "key"),
    ]


def finish(page: Page, sites: Sites, *, extra: int = 0) -> None:
    """Say so when there is no row, freeze code and name, set the filter."""
    if not sites.batch.accepted:
        page.line(Put(page.say("empty.table"), "note"))
    page.offer_filter(HEAD_ROW, last_row(sites), len(LEAD) + len(sites.columns) + extra, frozen=2, paper=A3)


def last_row(sites: Sites) -> int:
    """Return the last row of the sites."""
    return FIRST_ROW - 1 + max(1, len(sites.batch.accepted))


def place_of(sites: Sites, path: Path | None) -> str:
    """Return the letters of the column in which a path is shown; empty where there is none."""
    wanted = {path, path.whole} if path else set()
    found = (number for number, one in enumerate(sites.columns, len(LEAD) + 1) if one.path in wanted)
    return column_letters(place) if (place := next(found, 0)) else ""


def row_link(sites: Sites, receipt: Receipt, letters: str, shown: str) -> Formula:
    """Return a link to a site's row, in a column; it finds the row by its number even after a sort."""
    title = sites.title("table")
    return link(title, letters, row_of(title, ID_COLUMN, last_row(sites), sites.id(receipt)), shown)


def _build_lead(row: int, label: Put, style: str) -> list[Put]:
    """Return the cells in front of a row of totals, with its mark in the hidden column."""
    blank = [Put(None, style) for _ in LEAD[1:-1]]
    return [label, *blank, Put(MARKS[row], "key")]


def _write_of_line(page: Page, sites: Sites) -> None:
    counted = [column.coverage(sites.totals[column.field.path]) for column in sites.columns]
    cells = [Put(f"{n} / {of}", "of") for n, of in counted]
    page.line(*_build_lead(OF_ROW, Put(page.say("table.of"), "of"), "of"), *cells)


def _totals_line(page: Page, sites: Sites, *, passed: bool) -> None:
    totals = sites.totals_passed if passed else sites.totals
    count = len(sites.batch.passed if passed else sites.batch.accepted)
    label = page.say("table.passed" if passed else "table.all", count=count)
    cells = [
        _total_put(page, sites, column, totals[column.field.path], number, passed=passed)
        for number, column in enumerate(sites.columns, len(LEAD) + 1)
    ]
    row = PASSED_ROW if passed else TOTAL_ROW
    page.line(*_build_lead(row, Put(label, "total_label"), "total_label"), *cells)


def _total_put(page: Page, sites: Sites, column: Column, total: Total, number: int, *, passed: bool) -> Put:
    value = total_number(column, total)
    if value is None:
        return Put(_tally(sites, column, total), "total_tally")
    if needs_text(column, total):
        return Put(page.say("long_number", value=plain(value)), "total_exact")
    formula = Formula(_formula(page, sites, column, number, passed=passed), value)
    return Put(formula, _style(column), sites.number_format(column.path))


def _tally(sites: Sites, column: Column, total: Total) -> str | None:
    if not isinstance(total.value, Mapping):
        return None
    return text("summary.tally_joined", sites.language).join(
        f"{choice.label} {total.value[choice.key]}" for choice in column.field.choices
    )


def needs_text(column: Column, total: Total) -> bool:
    """Tell whether a total holds more digits than a formula keeps, in itself or in what it adds up."""
    if column.field.aggregate not in {Aggregate.SUM, Aggregate.MEAN}:
        return False
    parts = [part for one in total.addends for part in (one.value, one.weight)]
    if column.field.aggregate is Aggregate.SUM and isinstance(total.value, Number):
        parts.append(total.value)
    return not all(fits(part) for part in parts if isinstance(part, Number))


def total_number(column: Column, total: Total) -> Number | None:
    """Return the one number that stands below a column: the sum, mean, rows, or how many said yes or ticked."""
    if not isinstance(total.value, Number | None):
        yes = "true" if column.field.kind.is_yes_no else ""
        return total.value.get(column.choice.key if column.choice else yes)
    return total.value


def _style(column: Column) -> str:
    if column.field.aggregate is Aggregate.MEAN:
        return "total_mean"
    return "total_measure" if column.field.kind.has_fractions else "total"


def _formula(page: Page, sites: Sites, column: Column, number: int, *, passed: bool) -> str:
    cells, flags = _range(sites, column_letters(number)), _range(sites, PASSED_COLUMN)
    yes = text("answer.yes", page.language)
    if column.field.aggregate is Aggregate.MEAN:
        return _mean(sites, column, cells, f'--({flags}="{yes}"),' if passed else "")
    if column.field.kind.is_yes_no or column.field.kind.is_choices:
        wanted = TICK if column.choice else yes
        return f'=COUNTIFS({cells},"{wanted}",{flags},"{yes}")' if passed else f'=COUNTIF({cells},"{wanted}")'
    return f'=SUMIFS({cells},{flags},"{yes}")' if passed else f"=SUM({cells})"


def _mean(sites: Sites, column: Column, cells: str, only: str) -> str:
    place = next(n for n, other in enumerate(sites.columns, len(LEAD) + 1) if other.path == column.field.weight)
    weights = _range(sites, column_letters(place))
    read = f"--ISNUMBER({cells}),--ISNUMBER({weights}),"
    return f'=IFERROR(SUMPRODUCT({only}{cells},{weights})/SUMPRODUCT({only}{read}{weights}),"")'


def _range(sites: Sites, letters: str) -> str:
    return f"{letters}${FIRST_ROW}:{letters}${last_row(sites)}"
